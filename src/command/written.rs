//! A line as it was written beside the form in which commands are looked for, so that what is kept
//! (notes, names) stays as its author wrote it while smart quotes, NBSP and odd hyphens do not
//! matter to the grammar.

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::reference::scan::{fold_char, is_invisible};

/// A line in both forms.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    /// As written: blanks folded to single spaces, invisible characters gone.
    clean: String,
    /// NFKC, every hyphen `-`, straight quotes.
    folded: String,
    /// For each byte of `folded`, and its end, the byte of `clean` it comes from.
    origin: Vec<usize>,
}

impl Written {
    /// Both forms of `raw`; line breaks in it are blanks.
    pub(super) fn new(raw: &str) -> Self {
        // So are most lines written, and stay as they are.
        if raw.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !raw.contains("  ") {
            let clean = raw.trim_matches(' ').to_owned();
            return Self { folded: clean.clone(), origin: (0..=clean.len()).collect(), clean };
        }
        let mut clean = String::with_capacity(raw.len());
        let take = |c: char| {
            if is_invisible(c) {
                return;
            }
            if !c.is_whitespace() {
                if !c.is_control() {
                    clean.push(c);
                }
            } else if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        };
        // ASCII is normal in every form.
        if raw.is_ascii() {
            raw.chars().for_each(take)
        } else {
            raw.nfc().for_each(take)
        }
        clean.truncate(clean.trim_end().len());
        let mut folded = String::with_capacity(clean.len());
        let mut origin = Vec::with_capacity(clean.len() + 1);
        for (at, c) in clean.char_indices() {
            if c.is_ascii() {
                folded.push(c);
                origin.push(at);
                continue;
            }
            for c in std::iter::once(c).nfkc().map(fold_char).map(straight) {
                folded.push(c);
                origin.resize(folded.len(), at);
            }
        }
        origin.push(clean.len());
        Self { clean, folded, origin }
    }

    /// The whole line as written.
    pub(super) fn clean(&self) -> &str {
        &self.clean
    }

    /// All of the line, to read from.
    pub(super) fn rest(&self) -> Rest<'_> {
        Rest { line: self, from: 0, to: self.folded.len() }.trimmed()
    }
}

/// Straight quotes for the smart ones that word processors put in their place.
pub(super) const fn straight(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201B}' | '\u{2032}' | '\u{FF07}' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{2033}' | '\u{00AB}' | '\u{00BB}' | '\u{FF02}' => '"',
        c => c,
    }
}

/// What is left of a line to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest<'a> {
    line: &'a Written,
    from: usize,
    to: usize,
}

impl<'a> Rest<'a> {
    /// The folded text.
    pub(super) fn text(self) -> &'a str {
        self.line.folded.get(self.from..self.to).unwrap_or_default()
    }

    /// The text as it was written.
    pub(super) fn original(self) -> &'a str {
        let at = |folded: usize| self.line.origin.get(folded).copied().unwrap_or(self.line.clean.len());
        self.line.clean.get(at(self.from)..at(self.to)).unwrap_or_default().trim()
    }

    /// Nothing is left.
    pub(super) fn is_empty(self) -> bool {
        self.text().is_empty()
    }

    /// What is left after `length` bytes, without blanks around it.
    pub(super) fn after(self, length: usize) -> Self {
        Self { from: (self.from + length).min(self.to), ..self }.trimmed()
    }

    /// Only the first `length` bytes.
    pub(super) fn first(self, length: usize) -> Self {
        Self { to: (self.from + length).min(self.to), ..self }.trimmed()
    }

    /// What is left up to the end of the line, courtesies and full stops included: free text.
    pub(super) fn to_end_of_line(self) -> Self {
        Self { to: self.line.folded.len(), ..self }.trimmed()
    }

    fn trimmed(self) -> Self {
        let text = self.text();
        let from = self.from + (text.len() - text.trim_start().len());
        Self { from, to: (self.from + text.trim_end().len()).max(from), ..self }
    }

    /// What follows the word (or words) `word`, in any letter case.
    pub(super) fn word(self, word: &str) -> Option<Self> {
        let text = self.text();
        // Most words are others, which is seen by their first letter.
        let begins =
            text.as_bytes().first().zip(word.as_bytes().first()).is_none_or(|(a, b)| a.eq_ignore_ascii_case(b));
        let start = text.get(..word.len()).filter(|start| begins && start.eq_ignore_ascii_case(word))?;
        let next = text.get(start.len()..)?.chars().next();
        let ends = next.is_none_or(|c| c.is_whitespace() || ":,;().!?\"".contains(c));
        ends.then(|| self.after(word.len()))
    }

    /// What follows the first of `words` that stands here, in any letter case, and which it was.
    pub(super) fn any<'w>(self, words: &[&'w str]) -> Option<(&'w str, Self)> {
        words.iter().find_map(|word| self.word(word).map(|rest| (*word, rest)))
    }

    /// What follows any of these words; this, where none stands here.
    pub(super) fn skip(self, words: &[&str]) -> Self {
        self.any(words).map_or(self, |(_, rest)| rest)
    }

    /// What follows the punctuation mark `mark`.
    pub(super) fn mark(self, mark: char) -> Option<Self> {
        self.text().starts_with(mark).then(|| self.after(mark.len_utf8()))
    }

    /// The first word, up to a blank.
    pub(super) fn first_word(self) -> &'a str {
        self.text().split(char::is_whitespace).next().unwrap_or_default()
    }
}
