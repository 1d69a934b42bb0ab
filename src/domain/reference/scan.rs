//! Finding references in what people write (PRODUCT.md, section 3).
//!
//! [`fold`] brings a text into the form in which references are looked for, [`scan`] finds them.
//! Everything that is the group's own comes from the [`ReferenceScheme`]; what other bodies write
//! is known by its shape and kept as [`Reference::Foreign`], so that no part of it is
//! ever taken for one of ours. Both are linear in the text.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use super::Reference;
use crate::domain::ReferenceScheme;

mod alike;
mod foreign;
mod group;
mod own;
mod text;

pub use alike::begins_like_one;

/// So many documents or action items a range may stand for.
pub const LONGEST_RANGE: u16 = 50;

/// So many references are found in one text at most: a mail of nothing but ranges must not fill the
/// memory.
const MOST_FOUND: usize = 20_000;

/// A reference, and where it stands in the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the text as [`fold`] gave it. References of one list, range or chain may share one.
    pub span: Range<usize>,
    /// What it is.
    pub reference: Reference,
}

/// References that stand together: one alone, or a list, range or chain of which only the first is
/// written out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// The references, in order.
    pub found: Vec<Found>,
    /// Where the group ends in the folded text.
    pub end: usize,
    /// A range in it that descends or is longer than [`LONGEST_RANGE`], as it is written: only its
    /// ends were found.
    pub bad_range: Option<String>,
}

/// A text in the form in which references are looked for: NFKC, every hyphen `-`, soft hyphens and
/// zero-width characters gone, line ends `\n`, a break after a hyphen before a digit joined.
#[must_use]
pub fn fold(text: &str) -> String {
    // ASCII is normal in every form.
    if text.is_ascii() {
        return join_after_hyphens(&text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    let mut folded = String::with_capacity(text.len());
    let mut chars = text.chars().filter(|c| !is_invisible(*c)).nfkc().map(fold_char).peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => folded.push('\n'),
            c => folded.push(c),
        }
    }
    join_after_hyphens(&folded)
}

/// Every character that people use as a hyphen is `-`, every line separator `\n`.
pub(crate) const fn fold_char(c: char) -> char {
    match c {
        '\u{058A}'
        | '\u{05BE}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{02D7}'
        | '\u{2E17}'
        | '\u{2E1A}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '\u{30A0}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{FF0D}' => '-',
        '\u{2028}' | '\u{2029}' | '\u{0085}' => '\n',
        c => c,
    }
}

/// Soft hyphens, zero-width characters, direction marks and variation selectors: nobody sees them,
/// and word processors and mailers put them inside references.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
    )
}

/// `SEC-2014-⏎0243` is `SEC-2014-0243`: mailers break lines after hyphens. A hyphen that stands
/// apart is a bullet or a dash and joins nothing.
fn join_after_hyphens(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('-') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let glued =
            before.chars().next_back().or_else(|| joined.chars().next_back()).is_some_and(char::is_alphanumeric);
        joined.push_str(before);
        joined.push('-');
        rest = after;
        if !glued {
            continue;
        }
        let line_end = after.trim_start_matches([' ', '\t']);
        if let Some(next_line) = line_end.strip_prefix('\n') {
            let next = next_line.trim_start_matches([' ', '\t']);
            if next.starts_with(|c: char| c.is_ascii_digit()) {
                rest = next;
            }
        }
    }
    joined.push_str(rest);
    joined
}

/// The references in a folded text, in order.
#[must_use]
pub fn scan(folded: &str, scheme: &ReferenceScheme) -> Vec<Found> {
    let scanner = Scanner::new(folded, scheme);
    scanner.all(scanner.has_plain_words())
}

/// The group of references with which a folded text begins; `bare` lets it begin with a number
/// alone (`0243`), as the subject or object of a command may. Only the first reference and what is
/// abbreviated after it belong to the group.
#[must_use]
pub fn leading(folded: &str, scheme: &ReferenceScheme, bare: bool) -> Option<Group> {
    let scanner = Scanner::new(folded, scheme);
    folded.starts_with(|c: char| c.is_ascii_alphanumeric()).then(|| scanner.group(0, bare)).flatten()
}

/// What the range from `first` to `last` holds between them, both written out; `None` where it
/// descends, is longer than [`LONGEST_RANGE`], or its ends are not of one series.
#[must_use]
pub fn between(first: &Reference, last: &Reference) -> Option<Vec<Reference>> {
    group::between(first, last)
}

/// A folded text, and how the group writes references.
#[derive(Clone, Copy)]
struct Scanner<'a> {
    text: &'a str,
    scheme: &'a ReferenceScheme,
    /// The group's own patterns are not the usual ones: they may have the shape of another body's numbers,
    /// and are looked for before these.
    own_first: bool,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, scheme: &'a ReferenceScheme) -> Self {
        Self { text, scheme, own_first: !scheme.patterns.is_usual() }
    }

    /// Every reference in the text; `at_a_glance` passes over what can be none.
    fn all(&self, at_a_glance: bool) -> Vec<Found> {
        let mut found = Vec::new();
        let mut at = 0;
        let mut bare_at = None;
        while let Some(start) = self.next_token(at) {
            if at_a_glance && !self.may_begin(start) {
                // Most words are of no interest.
            } else if let Some(group) = self.group(start, bare_at == Some(start)) {
                at = group.end.max(start + 1);
                found.extend(group.found);
                if found.len() >= MOST_FOUND {
                    found.truncate(MOST_FOUND);
                    break;
                }
                continue;
            }
            at = self.token_end(start);
            // "see 0243": the number after it may stand bare.
            if self.text[start..at].eq_ignore_ascii_case("see") {
                let blanks = self.skip_blanks(at);
                bare_at = (blanks > at).then_some(blanks);
            }
        }
        found
    }
}

/// What stands to the left of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// Nothing that it could belong to.
    Free,
    /// A slash, or the point of a number: a whole reference may begin there, a short one may not.
    Joined,
    /// A word that it is the end of.
    Inside,
}

#[cfg(test)]
mod tests;
