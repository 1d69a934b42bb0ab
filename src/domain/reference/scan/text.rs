//! Reading a folded text by tokens: where words begin and end, and what may stand next to a
//! reference.

use super::{Left, Scanner};

/// Whether a character next to a reference would make it part of a longer word. Scripts written
/// without spaces (Han, Kana, Hangul) put their words right beside it.
pub(super) fn is_word(c: char) -> bool {
    let unspaced = matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}');
    c.is_alphanumeric() && !unspaced
}

/// Whether a number alone is rather a year than a contribution.
pub(super) const fn is_year(number: u32) -> bool {
    matches!(number, 1990..=2099)
}

impl<'a> Scanner<'a> {
    /// The byte at `at`; 0 past the end.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// The text from `at`; empty where that is no place in it.
    pub(super) fn from(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    /// Where the next run of ASCII letters and digits begins that is not inside one.
    pub(super) fn next_token(&self, at: usize) -> Option<usize> {
        let offset = self.from(at).find(|c: char| c.is_ascii_alphanumeric())?;
        Some(at + offset)
    }

    /// Where the run of ASCII letters and digits at `start` ends.
    pub(super) fn token_end(&self, start: usize) -> usize {
        let rest = self.from(start);
        start + rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())
    }

    /// Whether the group's own words are of ASCII letters and digits alone, each one token.
    pub(super) fn has_plain_words(&self) -> bool {
        let scheme = self.scheme;
        let one = [&scheme.body, &scheme.group, &scheme.prefix, &scheme.plenary].into_iter();
        let many = [&scheme.contributions, &scheme.group_aliases, &scheme.deliverables].into_iter().flatten();
        one.chain(many).all(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    }

    /// Whether the token at `start` may be the beginning of a reference, as far as can be seen at a glance:
    /// it has a digit, or one may follow it where the group's words are plain.
    pub(super) fn may_begin(&self, start: usize) -> bool {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
        match rest.get(length) {
            Some(b'0'..=b'9' | b'-' | b'_' | b'#' | b'(' | 0x80..) => true,
            Some(b'/') => self.own_first,
            Some(b' ' | b'\t' | b'\n') => {
                let next = self.byte(self.skip_blanks(start + length));
                next.is_ascii_digit() || next == b'#'
            }
            _ => false,
        }
    }

    /// What stands to the left of `at`.
    pub(super) fn left(&self, at: usize) -> Left {
        let mut before = self.text.get(..at).unwrap_or_default().chars().rev();
        let Some(last) = before.next() else { return Left::Free };
        let before = before.next();
        let glued = before.is_some_and(is_word);
        match last {
            '@' => Left::Inside,
            '-' | '_' if glued => Left::Inside,
            '.' | '\\' if glued => Left::Joined,
            ':' if before.is_some_and(|c| c.is_ascii_digit()) => Left::Joined,
            '/' => Left::Joined,
            c if is_word(c) => Left::Inside,
            _ => Left::Free,
        }
    }

    /// How many ASCII digits stand at `at`.
    pub(super) fn digits(&self, at: usize) -> usize {
        // Nothing that is looked for has more than seven; a mail of digits is not read over and over.
        self.text.as_bytes().iter().skip(at).take(12).take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// The number of exactly `length` digits at `at`.
    pub(super) fn number<N: std::str::FromStr>(&self, at: usize, length: usize) -> Option<N> {
        (self.digits(at) == length).then(|| self.text.get(at..at + length)?.parse().ok()).flatten()
    }

    /// The longest of `words` that stands at `at` in any letter case, as it is configured, and where
    /// it ends.
    pub(super) fn word_of<'w>(&self, at: usize, words: impl Iterator<Item = &'w str>) -> Option<(&'w str, usize)> {
        let longest = words
            .filter(|word| !word.is_empty())
            .filter(|word| self.text.get(at..at + word.len()).is_some_and(|written| written.eq_ignore_ascii_case(word)))
            .max_by_key(|word| word.len())?;
        Some((longest, at + longest.len()))
    }

    /// Whether the word `word` stands at `at`, in any letter case, and ends there.
    pub(super) fn is_word_at(&self, at: usize, word: &str) -> bool {
        self.text.get(at..at + word.len()).is_some_and(|written| written.eq_ignore_ascii_case(word))
            && !self.from(at + word.len()).starts_with(is_word)
    }

    /// Past blanks, and one line break at most.
    pub(super) fn skip_blanks(&self, at: usize) -> usize {
        let line = self.skip_spaces(at);
        if self.byte(line) == b'\n' { self.skip_spaces(line + 1) } else { line }
    }

    /// Past blanks in the line.
    pub(super) fn skip_spaces(&self, at: usize) -> usize {
        let rest = self.from(at);
        at + (rest.len() - rest.trim_start_matches([' ', '\t']).len())
    }

    /// Where a reference that ends at `end` ends with the rest of its file name
    /// (`…-Overview_of_Frameworks.docx`); `None` where it is only the beginning of a longer word or
    /// number.
    pub(super) fn edge(&self, end: usize) -> Option<usize> {
        let mut rest = self.from(end).chars();
        match rest.next() {
            Some('-' | '_') => {
                let run = self.token_end(end + 1);
                let word = self.text.get(end + 1..run).unwrap_or_default();
                if word.is_empty() {
                    Some(end)
                } else if word.bytes().all(|byte| byte.is_ascii_digit()) && self.byte(run) != b'_' {
                    None
                } else {
                    Some(self.title_end(run))
                }
            }
            Some('.') => {
                let run = self.token_end(end + 1);
                let word = self.text.get(end + 1..run).unwrap_or_default();
                let uniform = word.bytes().all(|byte| !byte.is_ascii_uppercase())
                    || word.bytes().all(|byte| !byte.is_ascii_lowercase());
                match word.as_bytes() {
                    [first, ..] if first.is_ascii_digit() => None,
                    word if (2..=5).contains(&word.len()) && uniform => Some(run),
                    _ => Some(end),
                }
            }
            Some('@') => None,
            Some(c) if is_word(c) => None,
            _ => Some(end),
        }
    }

    /// Whether a number or word that ends at `end` ends there, and is no part of a longer one.
    pub(super) fn ends(&self, end: usize) -> bool {
        let mut rest = self.from(end).chars();
        match (rest.next(), rest.next()) {
            (Some('-' | '_' | '.' | ':' | '/'), Some(next)) => !next.is_ascii_digit(),
            (Some('@' | '%'), _) => false,
            (Some(c), _) => !is_word(c),
            (None, _) => true,
        }
    }

    /// Where the title in a file name that `at` is in ends.
    fn title_end(&self, at: usize) -> usize {
        let rest = self.from(at);
        let ends = |c: char| c.is_whitespace() || ",;:<>\"'()[]{}|?!*\u{201C}\u{201D}\u{2019}".contains(c);
        let title = &rest[..rest.find(ends).unwrap_or(rest.len())];
        at + title.trim_end_matches(['.', '-', '_']).len()
    }
}
