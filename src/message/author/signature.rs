//! The signature: below `-- `, below a closing, what a phone adds, a block of contact data.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::super::lines::Mark;
use super::super::words::{CLOSINGS, MOBILE, POSTSCRIPTS, THANKS, TITLES};
use super::Own;
use super::attribution::{Pattern, has, has_address, has_date, has_time};
use super::footer::last_paragraphs;

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
    if let Some(begin) = lines.iter().position(Own::is_signature_mark) {
        lines.truncate(begin);
    }
    lines.retain(|line| line.mark() != Mark::Signature);
    drop_contacts_below_names(&mut lines);
    while let Some(begin) = dashes(&lines)
        .or_else(|| mobile(&lines))
        .or_else(|| closing(&lines))
        .or_else(|| contact(&lines))
        .or_else(|| last_line(&lines))
    {
        lines.truncate(begin);
    }
    lines
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
            && (words <= 9 || words <= 16 && has(&LINK, line))
            && !(line.contains(", ") && line.ends_with('.'))
    })
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
    let begin = written.iter().copied().find(|&at| {
        closing_line(lines[at].text()).is_some()
            && lines
                .iter()
                .skip(at + 1)
                .filter(|line| !line.is_blank())
                .enumerate()
                .all(|(index, line)| is_signatures(line.text(), index))
    })?;
    // The closing and the name under it are the sender's words; what stands below is not.
    let name = lines.iter().enumerate().skip(begin + 1).find(|(_, line)| !line.is_blank());
    let end = match name {
        _ if is_signed(lines[begin].text()) => begin + 1,
        Some((at, line)) if is_bare_name(line.text()) => at + 1,
        // "Thanks!" with an answer below it closes nothing.
        Some((_, line)) if is_contact(line.text()) => begin + 1,
        // A company's name.
        Some((_, line)) if TITLES.found(line.text()) && line.text().split_whitespace().count() <= 6 => begin + 1,
        _ => return None,
    };
    (written_from(lines, end, 1) > 0).then_some(end)
}

/// One to four words without a digit, the first with a capital where its script has any: what
/// people write under "Regards".
fn is_bare_name(line: &str) -> bool {
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
    if !(2..=LONGEST).contains(&block.len()) || !all_short || whole || appoints || is_directory(lines, &last) {
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
        (7..=15).contains(&digits)
            && (divided || digits <= 11)
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
    if line.ends_with('?') || tagged || POSTSCRIPTS.found(line) {
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
