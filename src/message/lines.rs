//! The one form that plain text and HTML become: lines with a depth of quotation. The rules of
//! [`super::author`] work on it and know nothing of where it came from.

use std::borrow::Cow;

/// Text beyond this many bytes is not examined.
pub(super) const LONGEST: usize = 1024 * 1024;
/// Lines beyond this number are not examined.
pub(super) const MOST_LINES: usize = 50_000;

/// A line of a message's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The text without quote marks, line break and trailing white space.
    pub text: String,
    /// How deep it is quoted; 0 is the sender's own level.
    pub depth: u16,
    /// What the HTML said of it.
    pub mark: Mark,
    /// The sender's program marked where a signature begins by exactly `-- ` (RFC 3676, section 4.3).
    pub signature_mark: bool,
    /// The text with its control characters, where it has some and stands at the sender's level. No rule
    /// looks at it.
    pub written: Option<Box<str>>,
}

/// What markup says of a line that its words may not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mark {
    /// Nothing.
    #[default]
    Text,
    /// Another mail begins here.
    Earlier,
    /// It introduces a quote.
    Attribution,
    /// It is of a signature.
    Signature,
    /// A rule across the page; the text is empty.
    Rule,
}

impl Line {
    /// A line that nothing but its text is known of.
    pub fn new(text: &str, depth: u16) -> Self {
        let signature_mark = text == "-- ";
        Self { text: text.trim_end().to_owned(), depth, mark: Mark::Text, signature_mark, written: None }
    }

    /// There is nothing to read in it.
    pub fn is_blank(&self) -> bool {
        self.text.trim_start().is_empty() && self.mark != Mark::Rule
    }
}

/// The text with one form of line break and of space, without what cannot be seen, at most
/// [`LONGEST`] bytes of it.
///
/// Every break is `\n`; no-break and figure spaces are spaces; byte order marks, NULs and the marks
/// that direct text, which mail programs put around names, vanish. Joiners and soft hyphens stay:
/// they are the words' own.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST && length_of(text.as_bytes(), |byte| is_plain(byte) | (byte == b'\r')) == text.len() {
        return with_line_feeds(text);
    }
    Cow::Owned(cleaned(text, is_never_kept))
}

/// The text as [`clean`] leaves it, but with the control characters that stand in it: old mail programs
/// have them where others have quotation marks.
pub(super) fn clean_but_controls(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| is_kept(byte.into())) {
        return clean(text);
    }
    Cow::Owned(cleaned(text, is_kept))
}

/// A control character that is part of a text as it was written; none that a terminal obeys by itself.
pub(super) const fn is_kept(c: char) -> bool {
    matches!(c, '\u{1}'..='\u{8}' | '\u{e}'..='\u{1a}' | '\u{1c}'..='\u{1f}')
}

const fn is_never_kept(_: char) -> bool {
    false
}

/// A text's lines. As `split('\n')` gives them, and faster.
pub(super) fn divided(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some(at) = memchr::memchr(b'\n', text.as_bytes()) else { return Some(text) };
        rest = text.get(at + 1..);
        text.get(..at)
    })
}

/// The text with `\n` alone as line break.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut from = 0;
    for at in memchr::memchr_iter(b'\r', text.as_bytes()) {
        if clean.is_empty() {
            clean.reserve(text.len());
        }
        let (line, rest) = (text.get(from..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        clean.push_str(line);
        if !rest.starts_with('\n') {
            clean.push('\n');
        }
        from = at + 1;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    clean.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(clean)
}

/// A character that stays as it is, but for line feeds and what stands around them. No branches: many
/// bytes are looked at at once.
const fn is_plain(byte: u8) -> bool {
    (byte.wrapping_sub(b' ') < 95) | (byte == b'\n') | (byte == b'\t')
}

/// How many bytes at the start are all of a kind.
fn length_of(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let (blocks, _) = bytes.as_chunks::<32>();
    let whole = |block: &&[u8; 32]| block.iter().fold(true, |all, byte| all & is(*byte));
    let same = blocks.iter().take_while(whole).count() * 32;
    same + bytes.iter().skip(same).take_while(|byte| is(**byte)).count()
}

/// The text character by character.
fn cleaned(text: &str, keeps: fn(char) -> bool) -> String {
    let mut clean = String::with_capacity(text.len().min(LONGEST));
    let mut rest = text;
    while clean.len() < LONGEST {
        // Most of most mails stays as it is, and goes over in one piece.
        let plain = length_of(rest.as_bytes(), is_plain);
        let (same, other) = rest.split_at_checked(plain.min(LONGEST - clean.len())).unwrap_or((rest, ""));
        clean.push_str(same);
        let mut characters = other.chars();
        let Some(c) = characters.next() else { break };
        rest = characters.as_str();
        match c {
            '\r' => {
                if !rest.starts_with('\n') {
                    clean.push('\n');
                }
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\n' | '\t' => clean.push(c),
            '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' | '\u{0b}' | '\u{0c}' => clean.push(' '),
            '\u{feff}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() && !keeps(c) => {}
            c => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn plain_text_is_cleaned_as_any_other(text in "([ -~]{0,40}(\r|\n|\r\n|\t|é|\u{a0}|\u{200b}|\u{1})){0,6}[ -~]{0,3}") {
            prop_assert_eq!(&*clean(&text), cleaned(&text, is_never_kept));
            prop_assert!(divided(&text).eq(text.split('\n')));
        }
    }
}
