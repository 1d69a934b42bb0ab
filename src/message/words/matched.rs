//! Where phrases stand in a text.

use std::ops::Range;

use super::fold::{fold, is_letter, is_of_word};
use super::{Behind, Phrase, Phrases, Place};

/// A list's tag in a subject has at most this many characters.
const LONGEST_TAG: usize = 40;

impl Phrases {
    /// A phrase of the list is in the text, at the place where the list counts.
    pub fn found(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// How often phrases of the list are in the text, up to `most`.
    pub fn count(&self, text: &str, most: usize) -> usize {
        let (mut count, mut from) = (0, 0);
        while count < most
            && let Some(found) = self.find(text, from)
        {
            count += 1;
            from = found.end;
        }
        count
    }

    /// Where the first phrase of the list ends in the text.
    pub fn end(&self, text: &str) -> Option<usize> {
        self.find(text, 0).map(|found| found.end)
    }

    /// The first phrase in the text that begins at `from` or behind it.
    fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        match self.place {
            Place::Anywhere => self.first(text, from, Some),
            Place::End => self.first(text, from, |end| (end == text.len()).then_some(end)),
            Place::Start | Place::Whole | Place::Prefix if from > 0 => None,
            Place::Start => self.at(text, 0, Some),
            Place::Whole => self.at(text, 0, |end| (end == text.len()).then_some(end)),
            Place::Prefix => {
                let rest = without_tags(text.trim_start());
                let colon = |end: usize| text.get(end..)?.trim_start().strip_prefix([':', '：']);
                self.at(text, text.len() - rest.len(), |end| colon(end).map(|rest| text.len() - rest.len()))
            }
        }
    }

    /// The first phrase that begins at `from` or behind it and that `accepts` gives an end for.
    fn first(&self, text: &str, from: usize, accepts: impl Fn(usize) -> Option<usize>) -> Option<Range<usize>> {
        let bytes = text.as_bytes();
        let mut in_word = before(bytes, from).is_some_and(is_of_ascii_word);
        for (at, &byte) in bytes.iter().enumerate().skip(from) {
            // Within a word of ASCII letters no phrase begins.
            let within = in_word && byte.is_ascii_alphanumeric();
            in_word = is_of_ascii_word(byte);
            if !within
                && self.may_begin(byte)
                && let Some(found) = self.at(text, at, &accepts)
            {
                return Some(found);
            }
        }
        None
    }

    /// A look at one byte: a character may begin with it, and a phrase with that.
    fn may_begin(&self, byte: u8) -> bool {
        match self.ascii.get(usize::from(byte.to_ascii_lowercase())) {
            Some(range) => range.from < range.to,
            // What goes on with a character begins none.
            None => byte >= 0xC0,
        }
    }

    /// The first phrase of the list that begins at `at` and that `accepts` gives an end for.
    fn at(&self, text: &str, at: usize, accepts: impl Fn(usize) -> Option<usize>) -> Option<Range<usize>> {
        let first = text.get(at..)?.chars().next().map(fold)?;
        let range = match self.ascii.get(first as usize) {
            Some(range) => *range,
            None => {
                let found = self.others.binary_search_by_key(&first, |(first, _)| *first).ok()?;
                self.others.get(found)?.1
            }
        };
        let group = self.phrases.get(range.from..range.to)?;
        let next = text.as_bytes().get(at + 1).map(u8::to_ascii_lowercase);
        // What is not ASCII may differ by case alone from what is.
        let may_be = |phrase: &&Phrase| phrase.second.is_none() || next == phrase.second || next >= Some(0x80);
        group.iter().filter(may_be).find_map(|phrase| accepts(phrase.end(text, at)?)).map(|end| at..end)
    }
}

impl Phrase {
    /// Where the phrase ends that begins at `at`.
    fn end(&self, text: &str, at: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        if self.begins_word && !is_boundary(bytes, at) {
            return None;
        }
        let rest = behind(&self.text, text.get(at..)?)?;
        let end = text.len() - rest.len();
        match self.behind {
            Behind::Any => Some(end),
            Behind::Boundary => is_boundary(bytes, end).then_some(end),
            Behind::NoLetter => match rest.chars().next() {
                Some(c) => (!is_letter(c)).then_some(end + c.len_utf8()),
                None => Some(end),
            },
        }
    }
}

/// What stands behind a phrase that the text begins with.
fn behind<'t>(phrase: &str, text: &'t str) -> Option<&'t str> {
    let (mut phrase, mut rest) = (phrase.chars(), text);
    while let Some(c) = phrase.next() {
        rest = match c {
            ' ' => {
                let word = rest.trim_start();
                if word.len() == rest.len() {
                    return None;
                }
                if let Some(after) = phrase.as_str().strip_prefix("* ") {
                    return behind_any_word(after, rest, word);
                }
                word
            }
            '\'' => rest.strip_prefix(['\'', '’', '´', '`'])?,
            '*' => rest.trim_start_matches(is_of_word),
            c => {
                let mut written = rest.chars();
                written.next().filter(|written| fold(*written) == c)?;
                written.as_str()
            }
        };
    }
    Some(rest)
}

/// What stands behind the rest of a phrase that any word with white space around it goes before. The
/// word may be none: then two white spaces stand there. `word` is the text behind the first ones.
fn behind_any_word<'t>(phrase: &str, text: &'t str, word: &'t str) -> Option<&'t str> {
    let rest = word.trim_start_matches(is_of_word);
    let next = rest.trim_start();
    let found = if next.len() < rest.len() { behind(phrase, next) } else { None };
    found.or_else(|| {
        let spaces = text.chars().take(2).filter(|c| c.is_whitespace()).count();
        if spaces == 2 { behind(phrase, word) } else { None }
    })
}

/// A subject without the list's tags that it begins with: `[WG4] [SEC] Away` -> `Away`.
fn without_tags(mut subject: &str) -> &str {
    let after_tag = |subject: &str| {
        let inner = subject.strip_prefix('[')?;
        let (at, _) = inner.char_indices().take(LONGEST_TAG + 1).find(|(_, c)| *c == ']')?;
        (at > 0).then(|| subject.get(1 + at + 1..))?.map(|rest| subject.len() - rest.trim_start().len())
    };
    while let Some(rest) = after_tag(subject).and_then(|at| subject.get(at..)) {
        subject = rest;
    }
    subject
}

/// One of the bytes around is of a word and the other is not. ASCII only: those of other scripts
/// stand in words without spaces between.
fn is_boundary(bytes: &[u8], at: usize) -> bool {
    before(bytes, at).is_some_and(is_of_ascii_word) != bytes.get(at).copied().is_some_and(is_of_ascii_word)
}

fn before(bytes: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).and_then(|before| bytes.get(before)).copied()
}

fn is_of_ascii_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
