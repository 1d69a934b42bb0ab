//! Where an earlier mail begins that is not marked by `>`: below an attribution, a header block, a
//! separator, or where the HTML says so. All below it is another's.

use std::sync::LazyLock;

use regex::Regex;

use super::super::lines::{Line, Mark};
use super::super::words::{FORWARDS, NOTES_FIELDS, PROCESSED, SEPARATORS};
use super::attribution::{Attribution, Pattern, has, has_address};
use super::{attribution, header_block};

/// Where an earlier mail begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Begin<'l> {
    /// Its first line.
    pub line: usize,
    /// The sender's own text in that line, before it.
    pub before: Option<&'l str>,
}

/// `Kim Park/ORG on 05/30/2001 03:02 PM`, `"Kim" <kim@example.org> on 05/30/2001`, as Lotus Notes writes it.
static NOTES: Pattern = LazyLock::new(|| {
    Regex::new(r"^.{2,80}(?-u:\b)on\s+\d{1,2}/\d{1,2}/\d{2,4}(?:\s+\d{1,2}:\d{2}(?::\d{2})?\s*[AP]M)?\s*$").ok()
});
/// `05/30/2001 03:02 PM`, or the time alone where the date ends the line above.
static NOTES_DATE: Pattern = LazyLock::new(|| {
    Regex::new(r"^\d{1,2}:\d{2}(?::\d{2})?\s*[AP]M$|^(?:.{1,60}\s)?\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?:,)?\s+\d{1,2}:\d{2}(?::\d{2})?\s*(?:[AP]M)?(?:\s+\(?[A-Z]{2,4}\)?)?$").ok()
});
/// `text--- On Wed, Apr 4, 2012 at 3:59 PM, kim@example.org wrote:`, as Yahoo ran it together.
static RUN_TOGETHER: Pattern = LazyLock::new(|| Regex::new(r"---\s+On\s.{4,120}(?-u:\b)wrote:\s*$").ok());

/// The first line of an earlier mail, where there is one.
pub(super) fn begins<'l>(lines: &'l [Line], attributions: &[Attribution]) -> Option<Begin<'l>> {
    let mut unquoted = attributions.iter().filter(|one| !one.quotes).peekable();
    lines.iter().enumerate().find_map(|(index, line)| {
        if line.depth > 0 {
            return is_groupwise(line).then_some(Begin { line: index, before: None });
        }
        if line.mark == Mark::Earlier {
            return Some(Begin { line: extended(lines, index), before: None });
        }
        if line.is_blank() {
            return None;
        }
        if introduces_quote(lines, index) {
            return None;
        }
        if is_separator(&line.text)
            || header_block::begins(lines, index)
            || line.text.len() <= 120
                && is_date_alone(line.text.trim())
                && has(&NOTES_DATE, line.text.trim())
                && header_block::is_notes_table(lines, index)
            || attribution::is_dated_sender(lines, index)
            || attribution::is_torn(lines, index) && !is_of_one(attributions, index)
        {
            return Some(Begin { line: extended(lines, index), before: None });
        }
        if let Some(found) = unquoted.next_if(|one| one.first == index)
            && line.mark != Mark::Attribution
        {
            return Some(Begin { line: extended(lines, found.first), before: None });
        }
        if line.text.contains("---") && has(&RUN_TOGETHER, &line.text) {
            let before = line.text.split("---").next().map(str::trim).filter(|before| !before.is_empty());
            return Some(Begin { line: index, before });
        }
        before_separator(&line.text).map(|before| Begin { line: index, before: Some(before) })
    })
}

/// The line stands in an attribution.
fn is_of_one(attributions: &[Attribution], line: usize) -> bool {
    let at = attributions.partition_point(|one| one.after <= line);
    attributions.get(at).is_some_and(|one| one.first <= line)
}

/// `>>> <kim@example.org> 2/16/01 10:41:43 am >>>`: GroupWise, which marks no line below it.
fn is_groupwise(line: &Line) -> bool {
    line.text.len() <= 200
        && line.text.ends_with(">>>")
        && (attribution::has_date(&line.text) && (has_address(&line.text) || attribution::has_time(&line.text)))
}

/// A separator, or a day with a sender, directly above quoted lines: it belongs to them, and what
/// stands below them is the sender's again.
pub(super) fn introduces_quote(lines: &[Line], at: usize) -> bool {
    let next = lines.iter().skip(at + 1).take(3).find(|line| !line.is_blank());
    next.is_some_and(|next| next.depth > 0)
        && lines.get(at).is_some_and(|line| line.depth == 0 && line.mark == Mark::Text && is_separator(&line.text))
        || next.is_some_and(|next| next.depth > 0) && attribution::is_dated_sender(lines, at)
}

/// A line that says by its words that another mail follows: `-----Original Message-----`.
pub(super) fn is_separator(line: &str) -> bool {
    let line = line.trim();
    // Samsung's has a header in it.
    if line.len() > 300 && !line.starts_with("-----") || line.len() > 2_000 {
        return false;
    }
    let rule = |c: char| {
        matches!(c, '-' | '–' | '—' | '_' | '=' | '*' | '#' | '~' | '+' | '<' | '>' | '|') || c.is_whitespace()
    };
    let inner = line.trim_start_matches(rule);
    let dashes = line[..line.len() - inner.len()].chars().filter(|c| !c.is_whitespace()).count();
    let words = inner.trim_end_matches(rule);
    if dashes >= 2
        && let Some(end) = SEPARATORS.end(words)
    {
        // "--- Forwarded by Kim, for your information" in a sentence has no rule behind it. Samsung's
        // program writes the whole header behind it, in one line.
        let is_closed = words.get(end..).is_some_and(|rest| rest.trim_start().starts_with("--"));
        return is_closed || inner.len() - words.len() >= 2 || words.split_whitespace().count() <= 12;
    }
    // Some write no rules around it.
    if PROCESSED.found(line) {
        return true;
    }
    let whole = words.trim_end_matches([':', '：', ' ', '.']);
    line.ends_with([':', '：']) && FORWARDS.found(whole)
}

/// `text -----Original Message----- From: Kim`: what stands before a separator in its line.
fn before_separator(line: &str) -> Option<&str> {
    let at = line.find("----").filter(|_| line.len() <= 2_000)?;
    let (before, rest) = line.split_at(at);
    let words = rest.trim_start_matches(['-', ' ']);
    let behind = SEPARATORS.end(words).and_then(|end| words.get(end..))?;
    (!before.trim().is_empty() && behind.trim_start().starts_with("----")).then_some(before.trim())
}

/// The first line of all that belongs to the beginning: rules, blank lines and the name and date
/// that Lotus Notes writes above its fields.
fn extended(lines: &[Line], index: usize) -> usize {
    let mut first = index;
    // A date alone may itself be where it begins.
    let date = lines.get(index).is_some_and(|line| is_date_alone(&line.text) && has(&NOTES_DATE, line.text.trim()));
    let (mut names, mut complete, mut strangers) = (usize::from(date), false, 0);
    // No program writes names and dates above a separator; the sender may.
    let is_separated = lines.get(index).is_some_and(|line| line.mark == Mark::Text && is_separator(&line.text));
    for at in (index.saturating_sub(10)..index).rev() {
        let line = &lines[at];
        if line.depth > 0 {
            break;
        }
        if line.is_blank() || line.mark == Mark::Rule || is_rule(&line.text) {
            if (line.mark == Mark::Rule || !line.is_blank()) && strangers == 0 {
                first = at;
            }
            continue;
        }
        if is_separated {
            break;
        }
        let directly = lines.get(at + 1).is_some_and(|below| !below.is_blank()) || at + 1 == index;
        let text = line.text.trim();
        let dated = text.len() <= 120
            && (text.contains('/') && has(&NOTES, text) || text.contains(':') && has(&NOTES_DATE, text));
        let adds = NOTES_FIELDS.found(text);
        let named = directly
            && first <= at + 1 + strangers
            && names > 0
            && !complete
            && text.starts_with(|c: char| !c.is_lowercase())
            && text.len() <= 60
            && !text.ends_with(['.', '?', '!', ','])
            && text.split_whitespace().count() <= 6;
        // Notes indents all of it.
        let indented =
            line.text.starts_with('\t') && lines.get(first).is_some_and(|below| below.text.starts_with('\t'));
        let sender = directly && has_address(text) && text.ends_with('>') && text.split_whitespace().count() <= 8;
        if dated
            || adds
            || named
            || indented
            || sender && (names > 0 || header_block::field(&lines[index].text).is_some())
        {
            // A date alone stands below a name; every other of them has one.
            complete |= named || sender || dated && text.contains(char::is_alphabetic) && !is_date_alone(text);
            names += 1;
            strangers = 0;
            first = at;
            continue;
        }
        // A line between those that Notes writes is none of the sender's.
        strangers += 1;
        if strangers > 1 {
            break;
        }
    }
    first
}

/// `05/30/2001 03:02 PM CDT`.
fn is_date_alone(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// A rule of one character drawn across the page.
pub(super) fn is_rule(line: &str) -> bool {
    let mut characters = line.chars().filter(|c| !c.is_whitespace());
    let Some(first) = characters.next() else { return false };
    matches!(first, '-' | '_' | '=' | '*' | '~' | '–' | '—' | '#' | '+' | '─' | '━')
        && characters.all(|c| c == first)
        && line.trim().len() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert!(NOTES.is_some() && NOTES_DATE.is_some() && RUN_TOGETHER.is_some());
    }
}
