//! Who is forgotten: the addresses and names of a person, and what stands in their place.

use super::EmailAddress;

mod spelled;

use spelled::{Spelled, spellings};

/// The domain of the addresses that stand in the place of a forgotten person's: no mail can go there (RFC 2606).
pub const FORGOTTEN_DOMAIN: &str = "forgotten.invalid";

/// What stands in the place of a person's addresses and names. Each of them has one of its own, so that what was
/// told apart by them still is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pseudonyms {
    addresses: Vec<(EmailAddress, String)>,
    /// Every form in which texts have an address, and what stands in its place.
    spelled: Vec<(Spelled, String)>,
    names: Vec<(Vec<String>, String)>,
    name: String,
    /// Names of others that one of these is a part of: where those stand, none of these does.
    longer: Vec<Vec<String>>,
}

impl Pseudonyms {
    /// Those of the `number`th person who is forgotten. They are made of nothing but the number. The first of the
    /// names is how the group knows the person. `longer` are names of others that have one of these in them.
    #[must_use]
    pub fn new(number: u64, addresses: &[EmailAddress], names: &[String], longer: &[String]) -> Self {
        let of = |at: usize, plain: String, more: &dyn Fn(usize) -> String| if at == 0 { plain } else { more(at + 1) };
        let name = format!("Former member {number}");
        let addresses = addresses.iter().enumerate().map(|(at, address)| {
            let plain = format!("forgotten-{number}@{FORGOTTEN_DOMAIN}");
            (address.clone(), of(at, plain, &|n| format!("forgotten-{number}-{n}@{FORGOTTEN_DOMAIN}")))
        });
        let addresses: Vec<(EmailAddress, String)> = addresses.collect();
        let spelled = addresses.iter().flat_map(|(address, instead)| spellings(address, instead)).collect();
        let words = |written: &String| written.split_whitespace().map(ToOwned::to_owned).collect::<Vec<String>>();
        let names = names
            .iter()
            .enumerate()
            .map(|(at, written)| (words(written), of(at, name.clone(), &|n| format!("{name} ({n})"))));
        let mut names: Vec<(Vec<String>, String)> = names.collect();
        // A name that another one begins with comes after that one.
        names.sort_by_key(|(words, _)| std::cmp::Reverse(words.iter().map(String::len).sum::<usize>()));
        let longer = longer.iter().map(words).collect();
        Self { addresses, spelled, names, name, longer }
    }

    /// What stands in the place of the name as the group knows it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What stands in the place of an address of the person's; `None` for another's.
    #[must_use]
    pub fn address(&self, address: &str) -> Option<&str> {
        self.addresses.iter().find(|(known, _)| known.as_str() == address).map(|(_, instead)| instead.as_str())
    }

    /// The text with every address and name replaced; `None` where there is none. A name of one word may be a word
    /// of the language, too: it is one only where it stands alone, or among owners.
    #[must_use]
    pub fn replaced(&self, text: &str) -> Option<String> {
        let mut replaced: Option<String> = None;
        for (spelled, instead) in &self.spelled {
            replace(text, &mut replaced, instead, |text, from| spelled.find(text, from));
        }
        for (words, instead) in &self.names {
            replace(text, &mut replaced, instead, |text, from| self.find(text, words, from));
        }
        replaced
    }

    /// Where a name of the person's stands in a text from a place on, and not as a part of somebody else's.
    fn find(&self, text: &str, words: &[String], from: usize) -> Option<(usize, usize)> {
        let mut from = from;
        loop {
            let (start, end) = find_name(text, words, from)?;
            let is_alone = words.len() > 1 || stands_alone(&text[..start], &text[end..]);
            if is_alone && !self.longer.iter().any(|longer| is_within(text, longer, start, end)) {
                return Some((start, end));
            }
            from = end;
        }
    }

    /// The JSON with every address and name in its texts replaced, and else letter by letter the same; `None`
    /// where there is none.
    #[must_use]
    pub fn replaced_in_json(&self, json: &str) -> Option<String> {
        let mut out = String::with_capacity(json.len());
        let (mut rest, mut changed) = (json, false);
        while let Some(start) = rest.find('"') {
            let Some(length) = literal(&rest[start..]) else { break };
            let (before, after) = rest.split_at(start + length);
            out.push_str(&before[..start]);
            let literal = &before[start..];
            let text = serde_json::from_str::<String>(literal).ok();
            let new = text.and_then(|text| self.replaced(&text)).and_then(|new| serde_json::to_string(&new).ok());
            changed |= new.is_some();
            out.push_str(new.as_deref().unwrap_or(literal));
            rest = after;
        }
        out.push_str(rest);
        changed.then_some(out)
    }

    /// Whether a text names the person: by an address, or by a name of more than one word.
    #[must_use]
    pub fn are_needed_in(&self, text: &str) -> bool {
        self.spelled.iter().any(|(spelled, _)| spelled.find(text, 0).is_some())
            || self.names.iter().any(|(words, _)| words.len() > 1 && self.find(text, words, 0).is_some())
    }
}

/// How long the JSON string is that a text begins with.
fn literal(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().enumerate().skip(1).find_map(|(at, byte)| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends.then_some(at + 1)
    })
}

fn replace(
    text: &str,
    replaced: &mut Option<String>,
    instead: &str,
    found: impl Fn(&str, usize) -> Option<(usize, usize)>,
) {
    let whole = replaced.as_deref().unwrap_or(text);
    let (mut out, mut from) = (String::new(), 0);
    while let Some((start, end)) = found(whole, from) {
        out.push_str(&whole[from..start]);
        out.push_str(instead);
        from = end;
    }
    if from > 0 {
        out.push_str(&whole[from..]);
        *replaced = Some(out);
    }
}

/// Whether what stands at that place is a part of a longer name that stands there.
fn is_within(text: &str, longer: &[String], start: usize, end: usize) -> bool {
    // White space between its words may be longer than that of the name: as much as texts have.
    let reach = longer.iter().map(|word| word.len() + 8).sum::<usize>();
    let mut from = start.saturating_sub(reach);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while let Some((_, ends)) = find_name(text, longer, from).filter(|(begins, _)| *begins <= start) {
        if end <= ends {
            return true;
        }
        from = ends;
    }
    false
}

/// Where a name's words stand one after the other in a text from a place on. Of several words, letter case and the
/// white space between them do not matter.
fn find_name(text: &str, words: &[String], from: usize) -> Option<(usize, usize)> {
    let (first, others) = words.split_first()?;
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let starts = text.get(from..)?.char_indices().map(|(at, _)| from + at);
    for start in starts {
        if is_word(text[..start].chars().next_back()) {
            continue;
        }
        let Some(mut end) = begins(&text[start..], first, others.is_empty()).map(|length| start + length) else {
            continue;
        };
        let all = others.iter().all(|word| {
            let rest = &text[end..];
            let gap = rest.len() - rest.trim_start().len();
            let length = (gap > 0).then(|| begins(&rest[gap..], word, false)).flatten();
            end += length.map_or(0, |length| gap + length);
            length.is_some()
        });
        if all && !is_word(text[end..].chars().next()) {
            return Some((start, end));
        }
    }
    None
}

/// How much of a text a word is that it begins with.
fn begins(text: &str, word: &str, exactly: bool) -> Option<usize> {
    if exactly {
        return text.starts_with(word).then_some(word.len());
    }
    let mut letters = text.char_indices();
    for wanted in word.chars() {
        let (_, letter) = letters.next()?;
        if letter != wanted && !letter.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    Some(letters.next().map_or(text.len(), |(at, _)| at))
}

/// Whether what stands between these is a whole value, or an owner of several.
fn stands_alone(before: &str, after: &str) -> bool {
    let (before, after) = (before.trim_end(), after.trim_start());
    let parts = [',', '+', ';', '/'];
    (before.is_empty() || before.ends_with(parts) || before == "Lead") && (after.is_empty() || after.starts_with(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pseudonyms(names: &[&str]) -> Pseudonyms {
        let addresses = ["ann@example.org".parse().unwrap(), "ann@home.example".parse().unwrap()];
        Pseudonyms::new(3, &addresses, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), &[])
    }

    #[test]
    fn a_name_that_is_a_part_of_anothers_is_replaced_where_it_is_none() {
        let of = Pseudonyms::new(1, &[], &["Wei Li".to_owned()], &["Wei Li Chen".to_owned(), "Bo Wei Li".to_owned()]);
        for (text, expected) in [
            ("Wei Li", "Former member 1"),
            ("Lead Wei Li, Wei Li Chen", "Lead Former member 1, Wei Li Chen"),
            ("Wei Li Chen and Wei  Li", "Wei Li Chen and Former member 1"),
            ("Bo Wei Li asked Wei Li.", "Bo Wei Li asked Former member 1."),
            ("Wei Li Chens", "Former member 1 Chens"),
        ] {
            assert_eq!(of.replaced(text).as_deref(), Some(expected));
        }
        for text in ["Wei Li Chen", "wei li\n chen", "Bo Wei Li Chen"] {
            assert_eq!(of.replaced(text), None, "{text}");
            assert!(!of.are_needed_in(text), "{text}");
        }
    }

    #[test]
    fn addresses_are_known_in_links_in_envelopes_and_with_other_hyphens() {
        let of = Pseudonyms::new(2, &["ann-marie+x@mail.example.org".parse().unwrap()], &[], &[]);
        for (text, expected) in [
            ("mailto:ann-marie%2Bx%40mail.example.org?subject=x", "mailto:forgotten-2%40forgotten.invalid?subject=x"),
            ("q=%3Cann-marie+x%40Mail.Example.org%3E", "q=%3Cforgotten-2%40forgotten.invalid%3E"),
            (
                "wg4-bounces+ann-marie+x=mail.example.org@example.org",
                "wg4-bounces+forgotten-2=forgotten.invalid@example.org",
            ),
            (
                "<bounces-ann-marie+x=mail.example.org@l.example.org>",
                "<bounces-forgotten-2=forgotten.invalid@l.example.org>",
            ),
            ("ann\u{2011}marie+x@mail.example.org", "forgotten-2@forgotten.invalid"),
            ("ann-\n  marie+x@mail.example.org", "forgotten-2@forgotten.invalid"),
            ("ann\u{ad}-marie+x@mail.exam\u{ad}ple.org", "forgotten-2@forgotten.invalid"),
            ("ann-marie+x at mail.example.org", "forgotten-2 at forgotten.invalid"),
            ("ann-marie+x(at)mail.example.org", "forgotten-2(at)forgotten.invalid"),
            ("ann-marie+x--at--mail.example.org", "forgotten-2--at--forgotten.invalid"),
        ] {
            assert_eq!(of.replaced(text).as_deref(), Some(expected), "{text}");
            assert!(of.are_needed_in(text), "{text}");
        }
        for text in [
            "jo-ann-marie+x=mail.example.org",
            "ann-marie+x%40mail.example.org.uk",
            "ann-marie+xmail.example.org",
            "joann-marie%2Bx%40mail.example.org",
            "ann - marie+x@mail.example.org",
        ] {
            assert_eq!(of.replaced(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_are_replaced_where_they_are_whole() {
        let of = pseudonyms(&[]);
        for (text, expected) in [
            ("Ann@Example.org", "forgotten-3@forgotten.invalid"),
            ("to <ann@home.example>.", "to <forgotten-3-2@forgotten.invalid>."),
            (
                "smtp.mailfrom=ann@example.org; ann@example.org.",
                "smtp.mailfrom=forgotten-3@forgotten.invalid; forgotten-3@forgotten.invalid.",
            ),
        ] {
            assert_eq!(of.replaced(text).as_deref(), Some(expected));
        }
        for text in
            ["joann@example.org", "x.ann@example.org", "ann@example.org.uk", "ann@example.organic", "ann+x@example.org"]
        {
            assert_eq!(of.replaced(text), None, "{text}");
        }
    }

    #[test]
    fn names_are_replaced_as_words() {
        let of = pseudonyms(&["Editor Äbc", "ABC Editor", "May"]);
        for (text, expected) in [
            ("Lead Editor Äbc, Gemalto", "Lead Former member 3, Gemalto"),
            ("editor\n  äbc wrote", "Former member 3 wrote"),
            ("by ABC Editor.", "by Former member 3 (2)."),
            ("Lead May + Gemalto", "Lead Former member 3 (3) + Gemalto"),
        ] {
            assert_eq!(of.replaced(text).as_deref(), Some(expected));
        }
        for text in ["until 2 May 2014", "may", "Editor Äbcd", "CoEditor Äbc", "Editor of Äbc"] {
            assert_eq!(of.replaced(text), None, "{text}");
        }
    }

    #[test]
    fn json_stays_as_it_is_but_for_its_texts() {
        let of = pseudonyms(&["Ann Editor"]);
        let json = r#"{"a":[1.50,"x\nAnn Editor\"","\\"], "b" : "é"}"#;
        let expected = r#"{"a":[1.50,"x\nFormer member 3\"","\\"], "b" : "é"}"#;
        assert_eq!(of.replaced_in_json(json).as_deref(), Some(expected));
        assert_eq!(of.replaced_in_json(r#"{"a":"\\\"b"}"#), None);
    }
}
