//! The line that introduces a quote: "On Monday, Kim wrote:", in any language.
//!
//! Shape first: a date, an address, a verb, a colon at the end, in one to five lines. The words of
//! a language only add to it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::super::lines::Line;
use super::super::words::{CALENDAR, LAST_VERBS, OPENERS, QUOTERS, VERBS, phrases};

/// An attribution is wrapped into at most this many lines.
const MOST_LINES: usize = 5;
/// A longer line is no attribution's.
const LONGEST: usize = 400;

/// A compiled pattern of this module; a test looks at each.
pub(super) type Pattern = LazyLock<Option<Regex>>;

/// `2014-06-02`, `2.6.2014`, `6/2/14`, `2014年6月2日`, `02-Jun-14`.
static DATE: Pattern = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)\d{4}\s?[-/.년年]\s?\d{1,2}|(?-u:\b)\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}(?-u:\b)|(?-u:\b)\d{1,2}-[A-Za-z]{3}-\d{2,4}(?-u:\b)").ok()
});
/// `10:00`, `10.00`, `10h30`, `10 h 30`.
static TIME: Pattern = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)\d{1,2}\s?[:.hH時时]\s?[0-5]\d(?-u:\b)|(?-u:\b)\d{1,2}\s?(?i:[ap]\.?m(?-u:\b))").ok()
});
/// `kim@example.org`, which most addresses are; it is asked first, for the other takes long to compile.
static ADDRESS: Pattern = LazyLock::new(|| Regex::new(r"\S@\S+\.\w").ok());
/// `<kim@host>`, `[mailto:kim@host]`, also without a domain.
static BRACKETED: Pattern =
    LazyLock::new(|| Regex::new(r"[<\[(]\s*(?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{1,255}\s*[>\])]").ok());

/// `2013/7/20 Kim Park <kim@example.org>`: Gmail's in some languages, without a verb and a colon.
static DATED_SENDER: Pattern = LazyLock::new(|| {
    Regex::new(r"^\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}\s.{2,100}<[^\s<>@]{1,64}@[^\s<>@]{1,255}>:?$").ok()
});
/// `2014-06-02 9:12 GMT+02:00 Kim Park`: the same, whose address was taken out. No one else writes the
/// zone so.
static ZONED_SENDER: Pattern = LazyLock::new(|| {
    Regex::new(r"^\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}\s+\d{1,2}:\d{2}\s+(?:GMT|UTC)[+-]\d{1,2}:\d{2}\s+\p{L}[^\d:]{1,80}:?$").ok()
});
/// `On Tue, Apr 11, 2017 at 10:07 PM Kim Park`, complete but for the address, which Polymail and some
/// web interfaces write lines below.
static DATED_NAME: Pattern =
    LazyLock::new(|| Regex::new(r"^On\s.{6,40}\d{4}.{0,6}\s\d{1,2}:\d{2}(?:\s?[AaPp][Mm])?(?:,|\s\S).{2,60}$").ok());
/// `… On Wed, Apr 4, 2012 at 3:59 PM, kim@example.org wrote:`, run together with the text before it.
static RUN_ON: Pattern =
    LazyLock::new(|| Regex::new(r"\sOn\s(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s.{4,120}(?-u:\b)wrote:\s*$").ok());

/// The sender's own text in the only line of an attribution, before it.
pub(super) fn own_before(line: &str) -> Option<&str> {
    // A look before the pattern: most attributions begin with the line.
    if !line.match_indices("On").any(|(at, _)| at > 0) {
        return None;
    }
    let found = RUN_ON.as_ref()?.find(line)?;
    line.get(..found.start()).map(str::trim).filter(|before| !before.is_empty() && !before.starts_with("On "))
}

/// The line names a day and a sender, and quoted lines stand a little below it; or it names them as
/// nobody but Gmail does.
pub(super) fn is_dated_sender(lines: &[Line], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let starts = line.text.starts_with(|c: char| c.is_ascii_digit()) && line.text.len() <= LONGEST;
    starts
        && (has(&DATED_SENDER, line.text.trim())
            && lines.iter().skip(at + 1).take(6).any(|line| line.depth > 0 && !line.is_blank())
            || has(&ZONED_SENDER, line.text.trim()))
}

/// The line is an attribution but for its end, which stands a little below it after other lines.
pub(super) fn is_torn(lines: &[Line], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    line.text.starts_with("On ")
        && line.text.len() <= LONGEST
        && !line.text.ends_with([':', '.', '?', '!'])
        && has(&DATED_NAME, line.text.trim())
        && lines.iter().skip(at + 1).take(9).any(|line| {
            let end = line.text.trim_start_matches(['>', ' ']);
            end.split_whitespace().count() <= 4 && end.ends_with(':') && LAST_VERBS.found(end.trim_end_matches(':'))
        })
}

/// There is a match of the pattern in the text.
pub(super) fn has(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// There is a date in the text, in digits or by a month's or day's name with a number.
pub(super) fn has_date(text: &str) -> bool {
    let text = &*with_ascii_digits(text);
    text.bytes().any(|byte| byte.is_ascii_digit()) && (has(&DATE, text) || CALENDAR.found(text))
}

/// There is a time of day in the text.
pub(super) fn has_time(text: &str) -> bool {
    let text = &*with_ascii_digits(text);
    text.bytes().any(|byte| byte.is_ascii_digit()) && has(&TIME, text)
}

/// The text with `7` for every seven: `٧`, `۷`, `७`.
fn with_ascii_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|c| zero_of(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let digit = |c: char| zero_of(c).and_then(|zero| char::from_digit(c as u32 - zero, 10));
    Cow::Owned(text.chars().map(|c| digit(c).unwrap_or(c)).collect())
}

/// The zero of the digits that a character is one of, where mail programs write with them.
fn zero_of(c: char) -> Option<u32> {
    // Arabic, Persian, Devanagari, Bengali, Burmese.
    [0x660, 0x6f0, 0x966, 0x9e6, 0x1040].into_iter().find(|zero| (*zero..*zero + 10).contains(&(c as u32)))
}

/// There is an e-mail address in the text.
pub(super) fn has_address(text: &str) -> bool {
    text.contains('@') && (has(&ADDRESS, text) || text.contains(['<', '[', '(']) && has(&BRACKETED, text))
}

/// There is an e-mail address in brackets in the text.
fn has_bracketed_address(text: &str) -> bool {
    text.contains('@') && has(&BRACKETED, text)
}

/// The last words of the verbs' phrases, to look at a line cheaply.
static LAST_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let verbs = phrases(include_str!("../words/verbs.txt"));
    verbs.filter_map(|phrase| phrase.split_whitespace().next_back()).map(str::to_lowercase).collect()
});

/// An attribution: its first line, and the one after its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribution {
    pub first: usize,
    pub after: usize,
    /// `>`-quoted lines follow: what stands below them is the sender's again.
    pub quotes: bool,
}

/// Every attribution in the lines, in order. None overlaps another.
pub(super) fn all(lines: &[Line]) -> Vec<Attribution> {
    let mut found: Vec<Attribution> = Vec::new();
    for last in 0..lines.len() {
        if let Some(one) = ends_here(lines, last, found.last().map_or(0, |before| before.after)) {
            found.push(one);
        }
    }
    found
}

/// The attribution whose last line is `last` and that begins no earlier than `from`.
fn ends_here(lines: &[Line], last: usize, from: usize) -> Option<Attribution> {
    let line = lines.get(last).filter(|line| line.text.len() <= LONGEST)?;
    if !(line.depth == 0 || is_tail(lines, last)) || !may_end(&line.text) {
        return None;
    }
    let next = lines.iter().skip(last + 1).take(4).find(|line| !line.is_blank());
    let quotes = next.is_some_and(|line| line.depth > 0);
    let mut joined = String::new();
    let (mut accepted, mut addressed, mut torn) = (None, false, false);
    for count in 0..MOST_LINES {
        let Some(first) = last.checked_sub(count).filter(|first| *first >= from) else { break };
        let line = &lines[first];
        let outside = line.depth > 0 && count > 0 || line.is_blank() || line.text.len() > LONGEST;
        if outside || count > 0 && line.text.ends_with([':', '：']) {
            break;
        }
        joined = if joined.is_empty() { line.text.trim().to_owned() } else { format!("{} {joined}", line.text.trim()) };
        let shape = Shape::of(&joined, quotes);
        if shape.introduces()
            && (accepted.is_none() || torn && !closes_more(&joined) || shape.opens || shape.address && !addressed)
        {
            accepted = Some(first);
            addressed = shape.address;
            torn = closes_more(&joined);
            // "at 10:18, Kim wrote:" opens too, but its date stands a line above.
            if shape.opens && has_date(&joined) {
                break;
            }
        }
    }
    let accepted = accepted.or_else(|| next.and_then(|_| bare(lines, last, from)));
    Some(Attribution { first: accepted?, after: last + 1, quotes })
}

/// A bracket closes in the text that opens above it: an address stands in two lines.
fn closes_more(text: &str) -> bool {
    [('<', '>'), ('(', ')')].into_iter().any(|(open, close)| text.matches(close).count() > text.matches(open).count())
}

/// The first line of an attribution that has neither date nor address: in one line, or begun in
/// the line above by the words that attributions begin with.
fn bare(lines: &[Line], last: usize, from: usize) -> Option<usize> {
    let line = lines.get(last)?.text.trim();
    let above = last.checked_sub(1).filter(|above| *above >= from).and_then(|above| lines.get(above));
    let wrapped = above.is_some_and(|above| {
        let text = without_ornament(&above.text);
        above.depth == 0
            && text.len() <= LONGEST
            && !text.ends_with([':', '：'])
            && OPENERS.found(text)
            && names_somebody(&format!("{text} {line}"))
    });
    if wrapped { last.checked_sub(1) } else { names_somebody(line).then_some(last) }
}

/// `Kim Park wrote:`, `Quoting Kim Park:`, `Am Mittwoch schrieb Kim Park:`. It has no date and no
/// address, and what stands below it has no quote marks; but to obey somebody else's words is worse
/// than to miss the sender's, and so it is one, unless its sender speaks of himself or herself.
fn names_somebody(line: &str) -> bool {
    let line = without_ornament(line);
    let Some(text) = line.strip_suffix([':', '：']).map(str::trim_end) else { return false };
    let words = text.split_whitespace().count();
    let few = (2..=8).contains(&words) || words == 1 && !text.is_ascii();
    // "In the last meeting the convenor said": nobody has a name in it.
    let nameless = words > 4
        && text.chars().any(char::is_lowercase)
        && !text.split_whitespace().skip(1).any(|word| word.chars().any(|c| c.is_uppercase() || !c.is_ascii()));
    few && !nameless
        && !speaks_of_oneself(text)
        && (LAST_VERBS.found(last_part(text)) || QUOTERS.found(text) || verb_before_a_name(text))
}

/// "I wrote one of my own:", "j'ai écrit".
fn speaks_of_oneself(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(|word| word.to_lowercase().replace('’', "'")).collect();
    words.iter().enumerate().any(|(at, word)| match word.as_str() {
        "i" | "we" | "ich" | "wir" | "nous" | "yo" | "ik" | "jag" | "io" => true,
        // In Croatian, Serbian and Slovene it is "has": "Kim je napisala".
        "je" => at == 0 || words.get(at + 1).is_some_and(|next| matches!(next.as_str(), "ai" | "vous" | "te" | "lui")),
        word => word.starts_with("j'"),
    })
}

/// `Op woensdag schreef Kim van Park`: in some languages the verb stands before the name. A day or
/// an attribution's first word goes before it, and only a name behind it.
fn verb_before_a_name(text: &str) -> bool {
    let Some(rest) = VERBS.end(text).and_then(|end| text.get(end..)) else { return false };
    let capital = |word: &str| word.chars().any(char::is_uppercase);
    (1..=5).contains(&rest.split_whitespace().count())
        && rest.split_whitespace().all(|word| capital(word) || word.chars().count() <= 3)
        && rest.split_whitespace().any(capital)
        && (OPENERS.found(text) || CALENDAR.found(text))
}

/// `> wrote:`: Gmail breaks the line before the bracket that closes the address, and the bracket
/// then looks like a quote mark.
fn is_tail(lines: &[Line], at: usize) -> bool {
    let above = at.checked_sub(1).and_then(|above| lines.get(above));
    lines[at].depth == 1
        && lines[at].text.len() <= 60
        && above.is_some_and(|above| above.depth == 0 && above.text.rfind('<') > above.text.rfind('>'))
}

/// A cheap look at a line: could an attribution end with it?
fn may_end(line: &str) -> bool {
    let line = without_ornament(line);
    match line.chars().next_back() {
        Some(':' | '：') => true,
        // Scripts without spaces between words have no last word to look up.
        Some(c) if c as u32 >= 0x0E00 => LAST_VERBS.found(last_part(line)),
        Some(_) => {
            let word = line.rsplit(char::is_whitespace).next().unwrap_or_default();
            word.len() <= 40 && LAST_WORDS.contains(&word.to_lowercase())
        }
        None => false,
    }
}

fn last_part(line: &str) -> &str {
    let start = line.char_indices().rev().nth(30).map_or(0, |(at, _)| at);
    &line[start..]
}

/// Stars and underscores, which stand for bold and italic, and dashes, which some put before it.
fn without_ornament(line: &str) -> &str {
    line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '*' | '_' | '-' | '–' | '—' | '|' | '=' | '"' | '“' | '”' | '~')
    })
}

/// A date stands at the start: "2 June 2014, 9:12, Kim Park". In "2002, said the other" none does.
fn begins_with_date(text: &str) -> bool {
    let start = text.char_indices().nth(30).and_then(|(at, _)| text.get(..at)).unwrap_or(text);
    start.starts_with(|c: char| c.is_ascii_digit()) && has_date(start)
}

struct Shape<'t> {
    text: &'t str,
    /// It stands between dashes: `---- Kim wrote ----`.
    dashed: bool,
    quotes: bool,
    colon: bool,
    verb: bool,
    opens: bool,
    date: bool,
    address: bool,
}

impl<'t> Shape<'t> {
    fn of(text: &'t str, quotes: bool) -> Self {
        let dashed = text.starts_with("--") && text.ends_with("--");
        let text = without_ornament(text);
        let date = has_date(text);
        Self {
            text,
            dashed,
            quotes,
            colon: text.ends_with([':', '：']),
            verb: VERBS.found(text),
            opens: OPENERS.found(text) || begins_with_date(text),
            date: date || has_time(text),
            address: has_address(text) || text.contains("@...") || text.contains("(a)"),
        }
    }

    fn introduces(&self) -> bool {
        let words = self.text.split_whitespace().count();
        // Who quotes with a sentence of one's own marks the quote, or names an address.
        let may_speak = self.quotes || self.address && self.verb;
        if words > 45 || !may_speak && speaks_of_oneself(self.text) {
            return false;
        }
        if self.colon {
            // Whatever it says in whatever language.
            if self.date && words <= 15 && has_bracketed_address(self.text) {
                return true;
            }
            return self.verb && (self.date || self.address)
                || self.verb && self.quotes && words <= 12
                || self.quotes && (self.address || self.opens && self.date)
                || self.quotes && words <= 8 && has_date(self.text) && has_time(self.text)
                || self.date && self.address && (self.opens || self.text.trim_end_matches([':', ' ']).ends_with('>'));
        }
        let verb_ends = LAST_VERBS.found(last_part(self.text));
        verb_ends && self.dashed
            || verb_ends && self.date && (self.address || self.opens || self.quotes)
            || verb_ends && self.quotes && self.address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(
            DATED_SENDER.is_some()
                && ZONED_SENDER.is_some()
                && DATED_NAME.is_some()
                && RUN_ON.is_some()
                && DATE.is_some()
                && TIME.is_some()
                && ADDRESS.is_some()
                && BRACKETED.is_some()
        );
    }
}
