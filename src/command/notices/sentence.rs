//! One sentence of a notice: its words, the documents between them, and what it says of which.

use crate::domain::reference::scan::Found;
use crate::domain::{Reference, Revision};

use super::Noticed;

/// Words that say of a document that it is there.
const THERE: [&str; 4] = ["uploaded", "posted", "published", "available"];

/// What such a word is joined to a document by: `has now been uploaded`.
const JOINED_BY: [&str; 20] = [
    "was",
    "were",
    "is",
    "are",
    "has",
    "have",
    "been",
    "now",
    "just",
    "newly",
    "recently",
    "successfully",
    "already",
    "also",
    "today",
    "made",
    "and",
    "uploaded",
    "posted",
    "published",
];

/// What begins a list of what is there: `New uploads`, `Newly uploaded documents:`.
const LISTED: [&str; 14] = [
    "new",
    "newly",
    "recently",
    "just",
    "now",
    "following",
    "the",
    "document",
    "documents",
    "contribution",
    "contributions",
    "revision",
    "revisions",
    "files",
];

/// Words of a sentence that does not say it, wherever in it they stand.
const DENIED: [&str; 40] = [
    "not",
    "no",
    "never",
    "cannot",
    "nothing",
    "yet",
    "soon",
    "tomorrow",
    "later",
    "make",
    "making",
    "reminder",
    "deadline",
    "expected",
    "awaited",
    "pending",
    "missing",
    "reserved",
    "requested",
    "planned",
    "scheduled",
    "tbd",
    "tbp",
    "tbposted",
    "tbuploaded",
    "failed",
    "fails",
    "failure",
    "error",
    "rejected",
    "refused",
    "withdrawn",
    "removed",
    "deleted",
    "cancelled",
    "canceled",
    "corrupt",
    "damaged",
    "unavailable",
    "incomplete",
];

/// Words before it that make it a condition.
const CONDITIONS: [&str; 9] = ["if", "when", "once", "unless", "until", "after", "before", "whenever", "whether"];

/// What stands before a document that another one is told to be about.
const RELATED: [&str; 30] = [
    "of",
    "to",
    "on",
    "for",
    "from",
    "in",
    "into",
    "with",
    "by",
    "than",
    "see",
    "about",
    "under",
    "replaces",
    "replacing",
    "replaced",
    "revises",
    "revising",
    "supersedes",
    "superseding",
    "updates",
    "updating",
    "previous",
    "previously",
    "old",
    "older",
    "former",
    "earlier",
    "merges",
    "merging",
];

/// What a file is that is about a document, and not the document.
const ABOUT: [&str; 7] = ["comment", "cmt", "review", "markup", "marked", "feedback", "minutes"];

/// What is said of documents, and of which: by their places in what was found. Of none, where it is said of what
/// follows.
pub(super) struct Said {
    pub(super) noticed: Noticed,
    pub(super) of: Vec<usize>,
}

/// A piece of a sentence.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// A word.
    Word(&'a str),
    /// What was found, by its place.
    Found(usize),
    /// A mark between words.
    Mark(char),
}

/// A sentence, its words in lower case.
pub(super) struct Sentence<'a> {
    lower: String,
    found: &'a [Found],
}

impl<'a> Sentence<'a> {
    pub(super) fn new(text: &str, found: &'a [Found]) -> Self {
        // Byte for byte as long, so that what was found stands where it stood.
        Self { lower: without_quotes(text, found).to_ascii_lowercase(), found }
    }

    fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(c) = self.lower.get(at..).and_then(|rest| rest.chars().next()) {
            if let Some(place) = self.found.iter().position(|found| found.span.start <= at && at < found.span.end) {
                let end = self.found.get(place).map_or(at + 1, |found| found.span.end);
                let here = |found: &Found| found.span.start < end && found.span.end > at;
                let places = self.found.iter().enumerate().filter(|(_, found)| here(found));
                pieces.extend(places.map(|(place, _)| Piece::Found(place)));
                at = end;
            } else if c.is_alphanumeric() {
                let rest = &self.lower[at..];
                let is_end = |c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’'));
                let end = rest.find(is_end).map_or(self.lower.len(), |end| at + end);
                let next = self.found.iter().map(|found| found.span.start).find(|start| (at + 1..end).contains(start));
                let end = next.unwrap_or(end);
                pieces.push(Piece::Word(&self.lower[at..end]));
                at = end;
            } else {
                if !c.is_whitespace() {
                    pieces.push(Piece::Mark(c));
                }
                at += c.len_utf8();
            }
        }
        pieces
    }

    /// What it says of being there, where it says anything of that.
    pub(super) fn says(&self) -> Option<Said> {
        let pieces = self.pieces();
        let is_there = |piece: &Piece<'_>| matches!(piece, Piece::Word(word) if THERE.contains(word));
        let (at, of) = (0..pieces.len())
            .filter(|at| pieces.get(*at).is_some_and(is_there))
            .find_map(|at| self.of(&pieces, at).map(|of| (at, of)))
            .or_else(|| uploads(&pieces).map(|at| (at, self.behind(&pieces, at))))?;
        let conditions = pieces.get(..at).unwrap_or_default();
        let has = |pieces: &[Piece<'_>], words: &[&str]| {
            pieces.iter().any(|piece| matches!(piece, Piece::Word(word) if words.contains(word)))
        };
        let is_doubtful = self.is_doubtful() || has(conditions, &CONDITIONS) || is_to_come(conditions);
        Some(Said { noticed: if is_doubtful { Noticed::Doubtful } else { Noticed::Uploaded }, of })
    }

    /// It asks, denies, or speaks of the future.
    pub(super) fn is_doubtful(&self) -> bool {
        let denies = |word: &str| DENIED.contains(&word) || word.ends_with("n't") || word.ends_with("n’t");
        self.pieces().iter().any(|piece| match piece {
            Piece::Word(word) => denies(word),
            Piece::Mark(mark) => *mark == '?',
            Piece::Found(_) => false,
        })
    }

    /// The documents of which the word at that place is said; `None` where it is no more than a word.
    fn of(&self, pieces: &[Piece<'_>], at: usize) -> Option<Vec<usize>> {
        let before = pieces.get(..at)?;
        let joined = before.iter().rev().take_while(|it| matches!(it, Piece::Word(word) if JOINED_BY.contains(word)));
        let joined = joined.count();
        let start = at - joined;
        let of_before = self.among(pieces, 0..start);
        let verb = before.iter().rev().take(joined).any(|it| matches!(it, Piece::Word(word) if *word != "and"));
        let is_last = pieces.get(at + 1..)?.iter().all(|it| matches!(it, Piece::Mark(_)));
        let is_behind = matches!(before.last(), Some(Piece::Found(_)));
        let future = is_to_come(before) || matches!(before.last(), Some(Piece::Word("not" | "yet")));
        let names = before.iter().any(|it| matches!(it, Piece::Found(_)));
        if names && (verb || future || is_behind || is_last) {
            return Some(of_before);
        }
        let is_listed =
            |it: &Piece<'_>| matches!(it, Piece::Word(word) if LISTED.contains(word) || JOINED_BY.contains(word));
        let begins = before.iter().all(|it| is_listed(it) || matches!(it, Piece::Mark(_)));
        (!names && (verb || future || begins)).then(|| self.behind(pieces, at))
    }

    /// The documents that stand behind the word at that place, where nothing else is said of them.
    fn behind(&self, pieces: &[Piece<'_>], at: usize) -> Vec<usize> {
        self.among(pieces, at + 1..pieces.len())
    }

    /// The documents among these pieces that are told of themselves.
    fn among(&self, pieces: &[Piece<'_>], range: std::ops::Range<usize>) -> Vec<usize> {
        let mut told: Vec<usize> = Vec::new();
        let mut is_related = false;
        for at in range {
            let Some(Piece::Found(place)) = pieces.get(at) else { continue };
            let before = at.checked_sub(1).and_then(|at| pieces.get(at));
            let next = pieces.get(at + 1);
            is_related = match before {
                Some(Piece::Word(word)) if RELATED.contains(word) => true,
                // What is said of the first of a list is said of the others.
                Some(Piece::Word("and" | "or") | Piece::Mark(',' | '&')) => is_related,
                // "SEC-2014-0243R01 > R02": the text goes on in the last.
                Some(Piece::Mark('>' | '→')) => {
                    told.pop();
                    is_related
                }
                _ => false,
            };
            if !is_related && !self.is_about(*place) && !is_of_comments(next) && !self.lacks_revision(*place, next) {
                told.push(*place);
            }
        }
        told
    }

    /// The name of a file with comments on it.
    fn is_about(&self, place: usize) -> bool {
        let Some(found) = self.found.get(place) else { return true };
        if !matches!(found.reference, Reference::Document(_)) {
            return true;
        }
        let start = self.lower[..found.span.start].rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let end =
            self.lower[found.span.end..].find(char::is_whitespace).map_or(self.lower.len(), |at| found.span.end + at);
        let name = self.lower.get(start..end).unwrap_or_default();
        name.split(|c: char| !c.is_alphanumeric()).any(|word| ABOUT.iter().any(|about| word.starts_with(about)))
    }

    /// Its revision is told in another way: `SEC-2014-0243 revision 2`.
    fn lacks_revision(&self, place: usize, next: Option<&Piece<'_>>) -> bool {
        let named = self.found.get(place).and_then(|found| match &found.reference {
            Reference::Document(document) => document.revision,
            _ => None,
        });
        named.is_none_or(|revision: Revision| revision.number == 0)
            && matches!(next, Some(Piece::Word(word)) if ["rev", "version", "v"].iter().any(|it| word.starts_with(it)))
    }
}

/// What stands before the word ends in an infinitive: `is to be made (available)`.
fn is_to_come(before: &[Piece<'_>]) -> bool {
    let is_joining = |it: &&Piece<'_>| matches!(it, Piece::Word(word) if JOINED_BY.contains(word));
    matches!(before.iter().rev().find(|it| !is_joining(it)), Some(Piece::Word("be" | "being" | "get" | "become")))
}

/// `SEC-2014-0243R02 comments`.
fn is_of_comments(next: Option<&Piece<'_>>) -> bool {
    matches!(next, Some(Piece::Word(word)) if ABOUT.iter().any(|about| word.starts_with(about)))
}

/// Where the word stands of a heading like `New uploads`, `Upload notification`.
fn uploads(pieces: &[Piece<'_>]) -> Option<usize> {
    let word = |at: usize| match pieces.get(at) {
        Some(Piece::Word(word)) => *word,
        _ => "",
    };
    let first =
        pieces.iter().position(|piece| matches!(piece, Piece::Word(word) if matches!(*word, "upload" | "uploads")))?;
    let is_new = first.checked_sub(1).is_some_and(|before| word(before) == "new");
    let is_notice = matches!(word(first + 1), "notice" | "notification" | "confirmation");
    match (is_new, is_notice) {
        (_, true) => Some(first + 1),
        (true, false) => Some(first),
        _ => None,
    }
}

/// The sentences of a paragraph.
pub(super) fn split(paragraph: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in paragraph.char_indices() {
        let end = at + c.len_utf8();
        let is_end = matches!(c, '.' | '!' | '?' | ';') && paragraph[end..].starts_with(char::is_whitespace);
        if is_end {
            sentences.push(paragraph.get(start..end).unwrap_or_default());
            start = end;
        }
    }
    sentences.push(paragraph.get(start..).unwrap_or_default());
    sentences.retain(|sentence| !sentence.trim().is_empty());
    sentences
}

/// A text without what is quoted in it, blanks in its place: a title may have any words. References stay.
fn without_quotes(text: &str, found: &[Found]) -> String {
    let mut kept: Vec<u8> = text.as_bytes().to_vec();
    let mut rest = 0;
    while let Some(open) = text[rest..].find(['"', '“', '„']).map(|at| rest + at) {
        let inside = open + text[open..].chars().next().map_or(1, char::len_utf8);
        let Some(close) = text[inside..].find(['"', '”', '“']).map(|at| inside + at) else { break };
        let end = close + text[close..].chars().next().map_or(1, char::len_utf8);
        if !found.iter().any(|found| found.span.start < end && found.span.end > open) {
            kept[open..end].fill(b' ');
        }
        rest = end;
    }
    // Whole characters were replaced.
    String::from_utf8(kept).unwrap_or_else(|_| text.to_owned())
}

/// A text without its links, whose words are no words of the sentence.
pub(super) fn without_links(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let start = rest[..at]
            .rfind(|c: char| !c.is_ascii_alphanumeric())
            .map_or(0, |before| before + rest[before..].chars().next().map_or(1, char::len_utf8));
        kept.push_str(&rest[..start]);
        let link = &rest[at..];
        let end = link.find(|c: char| c.is_whitespace() || matches!(c, '>' | '"')).unwrap_or(link.len());
        // The full stop behind it is the sentence's.
        let end = end - usize::from(link[..end].ends_with(['.', ',', ';']));
        kept.push_str("link");
        rest = &link[end..];
    }
    kept.push_str(rest);
    kept
}
