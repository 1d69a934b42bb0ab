//! Text -> phrase: clauses one after the other, and what is none of them kept as it is.

use super::clauses::{COME, Found, Pieces};
use super::tokens::{Kind, Token, tokens};
use super::{Clause, Phrase};
use crate::domain::reference::scan::fold;
use crate::domain::{ReferenceScheme, Revision};

/// So many octets of a text are read; a cell that is longer is no status, and its rest is kept as not
/// understood.
pub const LONGEST: usize = 4096;

/// Words that make doubtful what stands beside them.
const LIMITS: [&str; 58] = [
    "not",
    "no",
    "never",
    "non",
    "none",
    "partly",
    "partially",
    "almost",
    "nearly",
    "except",
    "but",
    "only",
    "unless",
    "until",
    "once",
    "if",
    "when",
    "whether",
    "after",
    "pending",
    "subject",
    "provided",
    "maybe",
    "perhaps",
    "possibly",
    "probably",
    "should",
    "would",
    "could",
    "may",
    "might",
    "will",
    "shall",
    "or",
    "proposed",
    "unclear",
    "tbc",
    "objection",
    "objections",
    "noted",
    "agreed",
    "approved",
    "endorsed",
    "postponed",
    "revised",
    "merged",
    "rejected",
    "withdrawn",
    "pursued",
    "open",
    "agreement",
    "agree",
    "approve",
    "approval",
    "conditions",
    "condition",
    "cannot",
    "isn",
];

/// Words between two clauses.
const BETWEEN: [&str; 5] = ["and", "but", "also", "with", "then"];

/// Whether a text that is not understood takes back, asks about or limits what stands beside it, or
/// may: a decision beside it is not taken for one.
pub(super) fn limits(text: &str) -> bool {
    let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_limit = |word: &str| LIMITS.iter().any(|limit| word.eq_ignore_ascii_case(limit));
    let is_revision = |word: &str| {
        word.strip_prefix(['R', 'r'])
            .is_some_and(|digits| (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    text.contains('?') || text.to_lowercase().contains("n't") || words().any(|word| is_limit(word) || is_revision(word))
}

/// Reads a phrase.
pub(super) fn read(text: &str, scheme: &ReferenceScheme) -> Phrase {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let folded = fold(&text[..end]);
    let tokens = tokens(&folded, scheme);
    let mut reader = Reader {
        pieces: Pieces { text: &folded, tokens: &tokens, own: &scheme.patterns.status_words },
        read: Vec::new(),
        segment: 0,
    };
    reader.read(0, tokens.len());
    let mut clauses: Vec<Clause> = reader.read.into_iter().map(|(clause, _)| clause).collect();
    if !text[end..].trim().is_empty() {
        clauses.push(Clause::NotUnderstood(text[end..].trim().to_owned()));
    }
    Phrase { clauses: joined(clauses) }
}

/// Whether a text begins with a clause that says where something stands.
pub(super) fn begins(text: &str, scheme: &ReferenceScheme) -> bool {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let folded = fold(&text[..end]);
    let tokens = tokens(&folded, scheme);
    let pieces = Pieces { text: &folded, tokens: &tokens, own: &scheme.patterns.status_words };
    matches!(pieces.found(pieces.behind_breaks(0)), Some(Found::Clause(clause, _)) if clause.is_status())
}

/// Texts that are not understood and stand together are one.
fn joined(clauses: Vec<Clause>) -> Vec<Clause> {
    let mut joined: Vec<Clause> = Vec::with_capacity(clauses.len());
    for clause in clauses {
        match (joined.last_mut(), clause) {
            (Some(Clause::NotUnderstood(before)), Clause::NotUnderstood(text)) => {
                before.push('\n');
                before.push_str(&text);
            }
            (_, clause) => joined.push(clause),
        }
    }
    joined
}

struct Reader<'a> {
    pieces: Pieces<'a>,
    /// What was read, with the token at which each begins.
    read: Vec<(Clause, usize)>,
    /// The first of them that nothing divides from what is read next.
    segment: usize,
}

impl Reader<'_> {
    fn tokens(&self) -> &[Token] {
        self.pieces.tokens
    }

    fn kind(&self, at: usize) -> Option<&Kind> {
        self.tokens().get(at).map(|token| &token.kind)
    }

    /// Reads the pieces from `at` to `end`.
    fn read(&mut self, mut at: usize, end: usize) {
        let mut semicolon = false;
        while at < end {
            match self.kind(at) {
                Some(Kind::Break | Kind::Close) => {
                    self.segment = self.read.len();
                    at += 1;
                }
                Some(Kind::Semicolon) => {
                    self.segment = self.read.len();
                    semicolon = true;
                    at += 1;
                    continue;
                }
                Some(Kind::Open) => at = self.parenthesis(at, end),
                _ => at = self.clause_or_text(at, end, semicolon),
            }
            if !matches!(self.kind(at.saturating_sub(1)), Some(Kind::Break)) {
                semicolon = false;
            }
        }
    }

    /// What stands at a place, perhaps behind a word that only joins it to what is before.
    fn found(&self, at: usize) -> Option<Found> {
        let behind = |at| self.pieces.any(at, &BETWEEN).filter(|at| self.kind(*at) != Some(&Kind::Break));
        let found = self.pieces.found(at).or_else(|| self.pieces.found(behind(at)?));
        // A question decides nothing.
        found.filter(|found| match found {
            Found::Clause(_, end) => self.kind(*end) != Some(&Kind::Question),
            Found::Action(_) | Found::Because(_) => true,
        })
    }

    fn clause_or_text(&mut self, at: usize, end: usize, semicolon: bool) -> usize {
        match self.found(at) {
            Some(Found::Clause(clause, behind)) if behind <= end => {
                let clause = self.of_the_same(clause);
                self.read.push((clause, at));
                behind
            }
            Some(Found::Action(from)) if from < end && !self.reads_on(from) => {
                let behind = self.text_end(from, end);
                let text = self.text(from, behind);
                if text.is_empty() || limits_action(&text) {
                    return self.not_understood(at, end);
                }
                self.read.push((Clause::Action(text), at));
                self.segment = self.read.len();
                behind
            }
            Some(Found::Because(from)) if from < end => {
                let text = self.text(from, end);
                if text.is_empty() {
                    return self.not_understood(at, end);
                }
                self.read.push((Clause::Because(text), at));
                end
            }
            _ if semicolon && !self.read.is_empty() => {
                let behind = self.text_end(at, end);
                let text = self.text(at, behind);
                let clause = if limits(&text) { Clause::NotUnderstood(text) } else { Clause::Remark(text) };
                self.read.push((clause, at));
                self.segment = self.read.len();
                behind
            }
            _ => self.not_understood(at, end),
        }
    }

    /// A clause; a decision of the revision that is named right before it: "R01 TBPosted agreed".
    fn of_the_same(&self, clause: Clause) -> Clause {
        let before = self.read.get(self.segment..).and_then(<[_]>::last).map(|(before, _)| before);
        match (before, clause) {
            (Some(Clause::ToBePosted(named)), Clause::Decided { revision: None, outcome }) => {
                Clause::Decided { revision: *named, outcome }
            }
            (_, clause) => clause,
        }
    }

    /// The revision that was decided last, where a parenthesis says that it has come: "R01 agreed (posted)".
    fn has_come(&self, at: usize, close: usize) -> Option<Revision> {
        let (last, _) = self.read.last()?;
        let (revision, _) = last.decision()?;
        (self.pieces.any(at + 1, &COME) == Some(close)).then_some(revision).flatten()
    }

    /// Whether a clause stands where the text of an action would begin, be it behind a mark.
    fn reads_on(&self, mut at: usize) -> bool {
        while matches!(self.kind(at), Some(Kind::Break | Kind::Semicolon | Kind::Open | Kind::Close)) {
            at += 1;
        }
        matches!(self.pieces.found(at), Some(Found::Clause(..)))
    }

    /// Puts down what is not understood, with all that it is not divided from.
    fn not_understood(&mut self, at: usize, end: usize) -> usize {
        let mut from = self.read.get(self.segment).map_or(at, |(_, from)| *from);
        self.read.truncate(self.segment);
        while from > 0 && self.is_quote(from - 1) {
            from -= 1;
        }
        let behind = self.text_end(at, end);
        let text = self.text(from, behind);
        if !text.is_empty() {
            self.read.push((Clause::NotUnderstood(text), from));
        }
        self.segment = self.read.len();
        behind
    }

    /// A mark that belongs to the text behind it.
    fn is_quote(&self, at: usize) -> bool {
        let mark = self.tokens().get(at).map(|token| &self.pieces.text[token.span.clone()]);
        mark.is_some_and(|mark| {
            mark.starts_with(['"', '\'', '\u{201c}', '\u{201e}', '\u{2018}', '\u{ab}', '#', '@', '*'])
        })
    }

    /// Where free text ends that goes through `at`: before a mark behind which a clause stands.
    fn text_end(&self, at: usize, end: usize) -> usize {
        let mut at = at + 1;
        while at < end {
            let is_end = match self.kind(at) {
                Some(Kind::Break | Kind::Semicolon) => {
                    let next = self.pieces.behind_breaks(at + 1);
                    next < end && self.kind(next) != Some(&Kind::Open) && self.begins(next)
                }
                Some(Kind::Open) => self.is_understood(at, end),
                _ => false,
            };
            if is_end {
                return at;
            }
            at += 1;
        }
        end
    }

    fn begins(&self, at: usize) -> bool {
        matches!(self.found(at), Some(Found::Clause(..) | Found::Action(_)))
    }

    /// The place of the parenthesis that closes the one at `at`, or the end.
    fn close(&self, at: usize, end: usize) -> usize {
        (at + 1..end).take(MOST_IN_PARENTHESES).find(|at| self.kind(*at) == Some(&Kind::Close)).unwrap_or(end)
    }

    /// Whether all that a parenthesis holds is one clause.
    fn is_understood(&self, at: usize, end: usize) -> bool {
        let close = self.close(at, end);
        matches!(self.found(at + 1), Some(Found::Clause(_, behind)) if self.pieces.behind_breaks(behind) == close)
    }

    /// A parenthesis: clauses, or a remark on the clause before it.
    fn parenthesis(&mut self, at: usize, end: usize) -> usize {
        let close = self.close(at, end);
        if close == end {
            // One that nothing closes only divides.
            self.segment = self.read.len();
            return at + 1;
        }
        let behind = (close + 1).min(end);
        let asked = self.kind(behind) == Some(&Kind::Question);
        let text = self.text(at + 1, close);
        if let Some(revision) = self.has_come(at, close).filter(|_| !asked) {
            self.read.push((Clause::Posted(revision), at));
            self.segment = self.read.len();
            return behind;
        }
        if self.is_understood(at, end) && !asked {
            self.segment = self.read.len();
            self.read(at + 1, close);
            self.segment = self.read.len();
            return behind;
        }
        let on_a_clause = self.read.last().is_some_and(|(before, _)| {
            !matches!(before, Clause::NotUnderstood(_) | Clause::Action(_) | Clause::Remark(_) | Clause::Because(_))
        });
        if on_a_clause && !asked && !text.is_empty() && !limits(&text) && !text.contains(['(', '[']) {
            self.read.push((Clause::Remark(text), at));
            self.segment = self.read.len();
            return behind;
        }
        self.segment = self.read.len();
        self.not_understood(at, end)
    }

    /// The text from one place to another, blanks folded, a line under the other.
    fn text(&self, from: usize, to: usize) -> String {
        let start = self.tokens().get(from).map_or(self.pieces.text.len(), |token| token.span.start);
        let mut end = self.tokens().get(to).map_or(self.pieces.text.len(), |token| token.span.start);
        end = end.max(start);
        let lines = self.pieces.text[start..end].lines();
        let lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let text = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
        let is_mark = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | '-' | '/');
        let text = text.trim_start_matches(|c| is_mark(c) || matches!(c, ')' | ']'));
        let text = text.trim_end_matches(|c| is_mark(c) || matches!(c, '(' | '['));
        // Marks alone say nothing, but that something is asked.
        if text.contains(|c: char| c.is_alphanumeric() || c == '?') { text.to_owned() } else { String::new() }
    }
}

/// A remark is no longer than so many words and marks.
const MOST_IN_PARENTHESES: usize = 64;

/// Whether the text of an action may be none: a question.
fn limits_action(text: &str) -> bool {
    text.contains('?')
}
