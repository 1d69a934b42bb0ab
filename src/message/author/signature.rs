//! The signature: below `-- `, below a closing, what a phone adds, a block of contact data.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::super::lines::{Line, Mark};
use super::super::words::{CLOSINGS, MOBILE, POSTSCRIPTS, THANKS, TITLES};
use super::Own;
use super::attribution::{Pattern, has, has_address, has_date, has_time};
use super::footer::{is_attached_name, last_paragraphs, paragraphs};

/// A signature that no exact mark begins has at most this many written lines.
const LONGEST: usize = 12;

/// `+49 30 1234567`, `(713) 853-5746`, `503.464.5066`; and what only looks like one, see [`has_phone`].
static PHONE: Pattern = LazyLock::new(|| Regex::new(r"\+?\(?\d[\d \t().\-/]{5,20}\d").ok());
/// An extension at the end of a mail: `x8321`, `Ext. 35614`, `3-7060`.
static EXTENSION: Pattern =
    LazyLock::new(|| Regex::new(r"(?i)(?:^|\s)(?:x|ext\.?\s?)\d{3,6}\.?$|(?:^|\s)\d-\d{4}\.?$").ok());
/// `Falls Church, VA 22042`, `7008 Aronow Drive`.
static PLACE: Pattern = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[A-Z]{2}\s+\d{5}(?-u:\b)|^#?\d+\S*\s.{2,40}(?-u:\b)(?:Street|St|Road|Rd|Avenue|Ave|Drive|Dr|Boulevard|Blvd|Lane|Suite|Floor)(?-u:\b)").ok()
});
/// A web address, also without its scheme.
static LINK: Pattern = LazyLock::new(|| Regex::new(r"(?i)(?-u:\b)https?://|(?-u:\b)www\.").ok());
/// `Tel:`, `Phone`, `Mobile`, `Fax`, and their short forms.
static LABEL: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:tel|phone|ph|mobile|mob|cell|fax|email|e-mail|mail|web|skype|direct|office|telefon|handy|tél|gsm|móvil|blog|website|url|skypeid|linkedin|twitter|t|m|p|f|w|e)\.?\s*[:.|]\s*\S|(?-u:\b)(?:fax|phone|mobile|cell|tel)(?-u:\b)").ok()
});

/// The lines without the signature at their end.
pub(super) fn without(mut lines: Vec<Own<'_>>) -> Vec<Own<'_>> {
    // HTML that marks a signature says where it ends, too.
    if let Some(begin) = lines.iter().position(|line| line.is_signature_mark() && line.mark() != Mark::Signature) {
        lines.truncate(begin);
    }
    lines.retain(|line| line.mark() != Mark::Signature);
    drop_contacts_below_names(&mut lines);
    loop {
        if let Some(begin) = dashes(&lines) {
            lines.truncate(begin);
        } else if let Some(begin) = mobile(&lines).or_else(|| closing(&lines)) {
            let signature = lines.split_off(begin);
            lines.extend(answers_below(&signature));
        } else if let Some(begin) = contact(&lines).or_else(|| last_line(&lines)) {
            lines.truncate(begin);
        } else {
            return lines;
        }
    }
}

/// What is left of lines that begin with a signature. It ends at the next quote: below that the sender
/// answers, piece by piece. A piece that touches a quote may be words of it that lost their mark, but not
/// below the row of a table: that ends where it ends.
fn answers_below<'l>(signature: &[Own<'l>]) -> Vec<Own<'l>> {
    let Some(quote) = signature.iter().position(|line| line.quote().is_some()) else { return Vec::new() };
    let mut lines = signature.get(quote..).unwrap_or_default().to_vec();
    let quote = |at: usize| lines.get(at).and_then(Own::quote);
    let is_row = |quote: &[Line]| quote.last().is_some_and(|line| line.text.contains('|'));
    let may_be_torn = |(from, to): &(usize, usize)| match quote(from.saturating_sub(1)) {
        Some(above) => !is_row(above),
        None => quote(*to).is_some(),
    };
    let torn: Vec<(usize, usize)> = paragraphs(&lines).into_iter().filter(may_be_torn).collect();
    for (from, to) in torn.into_iter().rev() {
        lines.drain(from..to);
    }
    lines
}

/// The first quote that stands at `from` or below it, or the end.
fn next_quote(lines: &[Own<'_>], from: usize) -> usize {
    lines.iter().skip(from).position(|line| line.quote().is_some()).map_or(lines.len(), |length| from + length)
}

/// How many written lines stand from `from` on, up to `most`.
fn written_from(lines: &[Own<'_>], from: usize, most: usize) -> usize {
    lines.iter().skip(from).filter(|line| !line.is_blank()).take(most).count()
}

/// A bare `--`, `__` or `—` with little below it.
fn dashes(lines: &[Own<'_>]) -> Option<usize> {
    let written: Vec<usize> = last_written(lines, LONGEST + 1);
    written.into_iter().find(|at| {
        let line = lines[*at].text().trim();
        let rule = line.chars().all(|c| matches!(c, '-' | '_' | '–' | '—' | '=' | '*' | '~' | '#' | '+' | '.' | '─'));
        let below = written_from(lines, at + 1, LONGEST + 1);
        matches!(line, "--" | "—" | "––" | "- --" | "__") && below <= LONGEST
            || rule && line.chars().count() >= 2 && (below == 0 || below <= 6 && is_contact_block(&lines[at + 1..]))
            // Free services and webmail draw their own rule above a line or two.
            || below <= 2 && line.len() >= 20 && line.bytes().all(|byte| byte == b'_')
            // Streak writes this letter below what its user wrote.
            || line == "ᐧ"
    })
}

/// The indices of the last `most` written lines, first one first.
fn last_written(lines: &[Own<'_>], most: usize) -> Vec<usize> {
    let mut last: Vec<usize> =
        lines.iter().enumerate().rev().filter(|(_, line)| !line.is_blank()).take(most).map(|(at, _)| at).collect();
    last.reverse();
    last
}

/// "Sent from my phone" with little below it.
fn mobile(lines: &[Own<'_>]) -> Option<usize> {
    last_written(lines, 8).into_iter().find(|at| {
        let line = lines[*at]
            .text()
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '_' | '<' | '[' | '~'));
        let words = line.split_whitespace().count();
        // "Sent from my desk, which is easier than my phone." is a sentence.
        MOBILE.found(line)
            && (words <= 11 || words <= 16 && has(&LINK, line))
            && !(line.contains(", ") && line.ends_with('.'))
            // "Sent from my side: nothing new." is one, too, where a text goes on below it.
            && (!line.ends_with(['.', ':']) && !line.contains(": ") || ends_text(lines, *at))
    })
}

/// Below the line stands nothing, up to the next quote, but its paragraph or what a signature has.
fn ends_text(lines: &[Own<'_>], at: usize) -> bool {
    let end = next_quote(lines, at);
    let below = lines.get(at..end).unwrap_or_default();
    let paragraph = below.iter().position(Own::is_blank).unwrap_or(below.len());
    written_from(below, paragraph, 1) == 0 || goes_on_as_signature(below, paragraph)
}

/// Takes out what stands directly below a closing and a name, where a way to reach somebody is among
/// it: the text may go on below a signature, with what it announced or with a postscript.
fn drop_contacts_below_names(lines: &mut Vec<Own<'_>>) {
    let mut kept = Vec::with_capacity(lines.len());
    let mut rest = lines.as_slice();
    while let Some((line, below)) = rest.split_first() {
        kept.push(*line);
        rest = below;
        if let Some((name, below)) = rest.split_first().filter(|(name, _)| is_bare_name(name.text()))
            && closing_line(line.text()) == Some("")
            && let Some(length) = contacts_at_start(below)
        {
            kept.push(*name);
            rest = below.get(length..).unwrap_or_default();
        }
    }
    *lines = kept;
}

/// How many lines directly at the start are a signature's, where one of them says how to reach somebody.
fn contacts_at_start(lines: &[Own<'_>]) -> Option<usize> {
    let block = || lines.iter().take_while(|line| !line.is_blank()).take(LONGEST + 1).map(Own::text);
    let reaches = block().any(|line| is_contact(line) || has(&EXTENSION, line.trim()));
    let length = block().count();
    (reaches && length <= LONGEST && block().all(|line| is_signatures(line, 1))).then_some(length)
}

/// What stands behind the words that close a letter, where a line is one that closes it.
fn closing_line(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches(['-', '–', '—', '*', ' ']);
    let rest = line.get(CLOSINGS.end(line)?..)?;
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
    (rest.split_whitespace().count() <= 4).then_some(rest)
}

/// "Your pal, Kim.": the name stands in the line that closes the letter. Of "Thanks, Kim." it is not
/// known whether Kim says it or hears it.
fn is_signed(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['-', '–', '—', '*', ' ']);
    let Some(rest) = CLOSINGS.end(line).and_then(|end| line.get(end..)) else { return false };
    let name = rest.strip_prefix([',', '，']).unwrap_or_default().trim().trim_end_matches('.');
    !THANKS.found(line)
        && (1..=3).contains(&name.split_whitespace().count())
        && name.split_whitespace().all(|word| word.starts_with(char::is_uppercase))
        && is_bare_name(name)
}

/// "Best regards," with names, titles and contact data below it.
fn closing(lines: &[Own<'_>]) -> Option<usize> {
    let written = last_written(lines, LONGEST);
    let is_closing = |at: &usize| closing_line(lines[*at].text()).is_some() && goes_on_as_signature(lines, at + 1);
    let closings = written.into_iter().filter(is_closing);
    closings.filter_map(|at| Some((at, below_closing(lines, at)?))).find_map(|(at, end)| {
        let below = lines.get(end..).unwrap_or_default();
        let is_cut = written_from(&answers_below(below), 0, LONGEST) < written_from(below, 0, LONGEST);
        (is_cut && (!may_only_thank(lines[at].text()) || below.iter().any(is_evident))).then_some(end)
    })
}

/// From `from` on there is nothing but what a signature has.
fn goes_on_as_signature(lines: &[Own<'_>], from: usize) -> bool {
    let written = (from..lines.len()).filter(|at| !lines[*at].is_blank());
    written.enumerate().all(|(index, at)| is_signatures(lines[at].text(), index) && !begins_with_command(lines, at))
}

/// A paragraph begins that has the shape of a command: so text goes on, and no signature.
pub(super) fn begins_with_command(lines: &[Own<'_>], at: usize) -> bool {
    let is_first = at.checked_sub(1).and_then(|above| lines.get(above)).is_none_or(Own::is_blank);
    is_first && is_command_shaped(lines[at].text())
}

/// `done A-WG4-TP8-003`: a word or two, and a reference. Postal codes (`D-10115`) have one dash.
fn is_command_shaped(line: &str) -> bool {
    let is_reference = |word: &str| {
        let word = word.trim_end_matches(['.', ',', ':', ';']);
        word.matches('-').count() >= 2
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.ends_with(|c: char| c.is_ascii_digit())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let mut words = line.split_whitespace().skip_while(|word| matches!(*word, "-" | "*" | "\u{2022}"));
    words.next().is_some_and(|word| word.chars().all(char::is_alphabetic)) && words.take(2).any(is_reference)
}

/// "Thanks Kim", "All the best for the new year!": without a comma behind it, it may close nothing.
fn may_only_thank(line: &str) -> bool {
    let line = line.trim();
    let goes_on = closing_line(line).is_some_and(|rest| rest.starts_with(char::is_lowercase));
    (THANKS.found(line) || goes_on) && !line.ends_with([',', '，'])
}

/// It is of a signature and of nothing else.
fn is_evident(line: &Own<'_>) -> bool {
    let text = line.text().trim();
    // An office's extension.
    (4..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        || is_contact(text)
        || is_number(text)
        || has(&PLACE, text)
        || TITLES.found(text)
        || has(&EXTENSION, text)
}

/// Where the signature begins below the closing in line `begin`, and the name under that.
fn below_closing(lines: &[Own<'_>], begin: usize) -> Option<usize> {
    // The closing and the name under it are the sender's words; what stands below is not.
    let end = next_quote(lines, begin);
    let name = lines.iter().enumerate().take(end).skip(begin + 1).find(|(_, line)| !line.is_blank());
    match name {
        _ if is_signed(lines[begin].text()) => Some(begin + 1),
        Some((at, line)) if is_bare_name(line.text()) => Some(at + 1),
        // "Thanks!" with an answer below it closes nothing.
        Some((_, line)) if is_contact(line.text()) => Some(begin + 1),
        // A company's name.
        Some((_, line)) if TITLES.found(line.text()) && line.text().split_whitespace().count() <= 6 => Some(begin + 1),
        _ => None,
    }
}

/// One to four words without a digit, the first with a capital where its script has any: what
/// people write under "Regards".
fn is_bare_name(line: &str) -> bool {
    let line = without_authority(line);
    let first = line.trim_start_matches(|c: char| !c.is_alphanumeric()).chars().next();
    line.split_whitespace().count() <= 4
        && first.is_some_and(|c| !c.is_lowercase())
        && !line.contains(|c: char| c.is_ascii_digit() || matches!(c, '@' | '|' | ':'))
}

/// A block of contact data at the very end, or of a name and a title.
fn contact(lines: &[Own<'_>]) -> Option<usize> {
    let last: Vec<(usize, usize)> = last_paragraphs(lines).take(3).collect();
    let &(from, to) = last.first()?;
    let block = &lines[from..to];
    // The office stood in the paragraph above, as in a signature that is set with spaces.
    let goes_on = last.get(1).is_some_and(|&(from, to)| {
        let above = &lines[from..to];
        above.len() <= 4 && is_name(above[0].text()) && above.iter().skip(1).any(|line| TITLES.found(line.text()))
    });
    let is_way = |line: &Own<'_>| is_contact(line.text()) || has(&PLACE, line.text());
    let contacts = block.iter().filter(|line| is_way(line)).count();
    let places = block.iter().filter(|line| has(&PLACE, line.text())).count();
    let all_short = block.iter().enumerate().all(|(index, line)| is_signatures(line.text(), index));
    // Nothing but a signature is left where a mail is only forwarded.
    let whole = from == 0 && !(contacts >= 3 && is_name(block.first()?.text()));
    // No signature says when.
    let appoints = block.iter().any(|line| has_date(line.text()) && has_time(line.text()));
    // "Please call me at one of these:"
    let is_announced = last.get(1).and_then(|&(_, end)| lines.get(end - 1)).is_some_and(|above| {
        let above = above.text().trim_end();
        above.ends_with([':', '：']) && closing_line(above).is_none()
    });
    let is_other = whole || appoints || is_announced || is_directory(lines, &last);
    if !(2..=LONGEST).contains(&block.len()) || !all_short || is_other {
        return None;
    }
    // A directory has many numbers; a signature has its owner's.
    let is_one_persons =
        addresses(block) <= 1 && block.iter().filter(|line| has_phone(line.text())).count() <= 4 && places <= 2;
    let first = block.first()?.text().trim();
    // `-Kim`
    let signed = first
        .strip_prefix(['-', '–', '—'])
        .is_some_and(|name| name.starts_with(char::is_uppercase) && is_bare_name(name));
    let named = is_name(first) || signed;
    let titled = block.len() <= 6 && block.iter().skip(1).any(|line| TITLES.found(line.text()));
    // A desk with its number.
    let desk = block.len() <= 4 && is_heading(first) && block.last().is_some_and(|line| is_number(line.text()));
    (is_one_persons && contacts >= 2 || (named || goes_on) && (contacts >= 1 || titled) || desk).then_some(from)
}

/// The last three paragraphs are each a name with a place: a list of them, and no signature.
fn is_directory(lines: &[Own<'_>], last: &[(usize, usize)]) -> bool {
    let is_entry = |&(from, to): &(usize, usize)| {
        let entry = &lines[from..to];
        (2..=6).contains(&entry.len()) && entry.iter().skip(1).any(|line| has(&PLACE, line.text()))
    };
    last.len() == 3 && last.iter().all(is_entry)
}

/// Nothing but a number or an extension.
fn is_number(line: &str) -> bool {
    let line = line.trim();
    line.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(' | 'x' | 'X'))
        && (has(&EXTENSION, line) || has_phone(line))
        && line.chars().filter(|c| c.is_alphabetic()).count() <= 3
}

/// A number or an extension that ends the mail in a line of its own or behind a name, and a name
/// directly above it.
fn last_line(lines: &[Own<'_>]) -> Option<usize> {
    let written = last_written(lines, 4);
    (1..written.len()).find_map(|place| {
        let (above, rest) = written.split_at(place);
        let (last, end) = (*rest.first()?, *rest.last()?);
        // What stands directly below it, without a blank line, belongs to it.
        let apart = rest.len() > 2 || end + 1 - last != rest.len();
        (!apart).then(|| number_begins(lines, above, last)).flatten()
    })
}

/// Where the number in line `last` begins with the name above it; `above` are written lines before it.
fn number_begins(lines: &[Own<'_>], above: &[usize], last: usize) -> Option<usize> {
    let line = lines[last].text().trim();
    let numbered = has(&EXTENSION, line) || has_phone(line);
    let rest = line.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    // Beside the number, nothing but names and labels.
    let only = rest.clone().count() <= 4
        && rest.clone().all(|word| word.chars().next().is_some_and(char::is_uppercase) || matches!(word, "x" | "ext"))
        && !line.contains('?')
        && !line.get(1..).is_some_and(|after| after.contains('#'));
    let before = lines[*above.last()?].text().trim();
    // "My number is", "at these numbers:": the text goes on with it.
    let goes_on = has_phone(before)
        || !(is_bare_name(before) && before.split_whitespace().count() <= 2
            || is_heading(before)
            || before.ends_with(['.', '!', '?', ',']))
        || before.ends_with("..");
    if !numbered || !only || goes_on {
        return None;
    }
    let name = above.last().filter(|at| **at + 1 == last && is_heading(lines[**at].text()));
    // The name is kept where it would be all that is left.
    Some(name.filter(|_| above.len() > 1).copied().unwrap_or(last))
}

/// Two to six words that begin with capitals, but for the small ones between: a name, a title, a desk.
fn is_heading(line: &str) -> bool {
    let line = line.trim();
    let words: Vec<&str> = line.split_whitespace().take(7).collect();
    let capital =
        |word: &&str| word.chars().next().is_some_and(char::is_uppercase) || matches!(*word, "&" | "of" | "and");
    (2..=6).contains(&words.len())
        && words.iter().all(capital)
        && !line.contains(|c: char| c.is_ascii_digit())
        && !line.ends_with(['.', '!', '?', ':'])
}

/// A telephone number. No date, no document's number and no long key is one.
fn has_phone(line: &str) -> bool {
    // A look before the pattern: a number has seven digits.
    if line.bytes().filter(u8::is_ascii_digit).count() < 7 {
        return false;
    }
    let Some(pattern) = PHONE.as_ref() else { return false };
    pattern.find_iter(line).take(4).any(|found| {
        let before = line[..found.start()].chars().next_back();
        let after = line[found.end()..].chars().next();
        let text = found.as_str();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let divided = text.starts_with('+') || text.bytes().any(|byte| !byte.is_ascii_digit());
        let free =
            |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '$' | '.' | '/'));
        let ends =
            |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '$' | '%'));
        // 2014-0243 is a document, 2014-06-02 a day.
        let numbered = text.len() == 9 && text.starts_with("20") && text.as_bytes().get(4) == Some(&b'-');
        // Short and undivided it may be anything's number, but for what its label says.
        (7..=15).contains(&digits)
            && (divided || digits == 10 || digits == 11 || digits < 10 && has(&LABEL, line))
            && free(before)
            && ends(after)
            && !numbered
            && !(digits <= 12 && has_date(text))
    })
}

/// How many different e-mail addresses stand in a block: a signature has its owner's alone.
fn addresses(block: &[Own<'_>]) -> usize {
    let words = block.iter().flat_map(|line| line.text().split_whitespace()).filter(|word| word.contains('@'));
    let bare = words.map(|word| {
        let word = word.split("<mailto:").next().unwrap_or_default();
        word.trim_matches(|c: char| !c.is_alphanumeric()).trim_start_matches("mailto:").to_lowercase()
    });
    bare.collect::<HashSet<_>>().len()
}

/// A line that a signature has: a name, a title, a place, a number; no sentence.
fn is_signatures(line: &str, index: usize) -> bool {
    let line = line.trim();
    let tagged = line.strip_prefix('#').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    let listed = line.starts_with("- ") || line.starts_with("* ") || line.starts_with("\u{2022} ");
    let listed = listed && !is_contact(line) && !is_attached_name(line);
    if line.ends_with('?') || tagged || listed || POSTSCRIPTS.found(line) {
        return false;
    }
    let words = line.split_whitespace().count();
    (is_contact(line) || has(&PLACE, line)) && words <= 16
        || words <= 8 && line.chars().count() <= 80 && !(line.ends_with('.') && words > 5)
        || index == 0 && is_name(line)
}

/// Short lines that hold a way to reach somebody.
fn is_contact_block(lines: &[Own<'_>]) -> bool {
    let mut written = lines.iter().map(Own::text).filter(|line| !line.trim().is_empty());
    written.clone().all(|line| line.split_whitespace().count() <= 8 && line.chars().count() <= 80)
        && written.any(is_contact)
}

/// A telephone number, an address or a link.
fn is_contact(line: &str) -> bool {
    line.len() <= 200 && (has_phone(line) || has_address(line) || has(&LINK, line) || has(&LABEL, line))
}

/// A name without what German offices put before it: by order, by proxy.
fn without_authority(name: &str) -> &str {
    let name = name.trim_start();
    let rest = ["i. A.", "i.A.", "i. V.", "i.V.", "ppa."].into_iter().find_map(|short| {
        name.get(..short.len()).filter(|start| start.eq_ignore_ascii_case(short)).and(name.get(short.len()..))
    });
    rest.unwrap_or(name)
}

/// Two to four words without a digit that each begin with a capital.
fn is_name(line: &str) -> bool {
    let words: Vec<&str> = line.trim().trim_end_matches(',').split_whitespace().take(5).collect();
    (2..=4).contains(&words.len())
        && !line.contains(|c: char| c.is_ascii_digit())
        && words.iter().all(|word| word.chars().next().is_some_and(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(EXTENSION.is_some() && PLACE.is_some() && PHONE.is_some() && LINK.is_some() && LABEL.is_some());
    }
}
