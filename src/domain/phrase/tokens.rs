//! A status phrase as words, revisions, references and the marks between them.

use std::ops::Range;

use crate::domain::reference::scan::{Group, leading};
use crate::domain::{Reference, ReferenceScheme, Revision};

/// What a piece of a phrase is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word or a number.
    Word,
    /// A revision of the phrase's own contribution.
    Revision(Revision),
    /// What is referred to.
    Reference(Reference),
    /// A comma, full stop, line break, dash or the like: something else may begin behind it.
    Break,
    /// A semicolon: what is behind it may be a remark.
    Semicolon,
    /// `?`
    Question,
    /// `(` or `[`
    Open,
    /// `)` or `]`
    Close,
}

/// A piece of a phrase, and where it stands in the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

/// Words after which a number alone refers to a contribution.
const BEFORE_REFERENCES: [&str; 8] = ["see", "also", "into", "with", "to", "in", "merging", "merge"];

/// The pieces of a folded text.
pub(super) fn tokens(text: &str, scheme: &ReferenceScheme) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let end = at + c.len_utf8();
        let kind = match c {
            '\n' => Some(Kind::Break),
            c if c.is_whitespace() => None,
            ';' => Some(Kind::Semicolon),
            '?' => Some(Kind::Question),
            '(' | '[' => Some(Kind::Open),
            ')' | ']' => Some(Kind::Close),
            '-' if is_joined(text, at) => None,
            c if c.is_alphanumeric() => {
                at = word(text, at, scheme, &mut tokens);
                continue;
            }
            _ => Some(Kind::Break),
        };
        tokens.extend(kind.map(|kind| Token { kind, span: at..end }));
        at = end;
    }
    tokens
}

/// A hyphen between two letters or digits divides words and nothing else.
fn is_joined(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    before && text[at + 1..].chars().next().is_some_and(char::is_alphanumeric)
}

/// Reads what begins with a letter or digit, and gives where it ends.
fn word(text: &str, at: usize, scheme: &ReferenceScheme, tokens: &mut Vec<Token>) -> usize {
    if let Some(group) = leading(&text[at..], scheme, may_be_bare(text, tokens)).filter(is_ours) {
        return references(text, at, group, tokens);
    }
    let end = word_end(text, at);
    let written = &text[at..end];
    if let Some((revision, end)) = spelled_out(text, written, end) {
        let revision = Revision { style: scheme.patterns.contribution.form().revisions(), ..revision };
        tokens.push(Token { kind: Kind::Revision(revision), span: at..end });
        return end;
    }
    tokens.push(Token { kind: Kind::Word, span: at..end });
    end
}

/// `Rev 2`, `revision 02`
fn spelled_out(text: &str, written: &str, end: usize) -> Option<(Revision, usize)> {
    if !["rev", "revision"].iter().any(|word| written.eq_ignore_ascii_case(word)) {
        return None;
    }
    let after = text[end..].trim_start_matches([' ', '\u{a0}', '.', '\n']);
    let from = text.len() - after.len();
    let digits = after.bytes().take(3).take_while(u8::is_ascii_digit).count();
    let free = !after[digits..].starts_with(|c: char| c.is_alphanumeric());
    let number = after.get(..digits).filter(|_| (1..=2).contains(&digits) && free)?;
    Some((Revision::new(number.parse().ok()?), from + digits))
}

/// Whether a number alone may be a reference: behind `see` and the like, or in a list of references.
fn may_be_bare(text: &str, tokens: &[Token]) -> bool {
    let mut before = tokens.iter().rev();
    let Some(last) = before.next() else { return false };
    match &last.kind {
        Kind::Word if text[last.span.clone()].eq_ignore_ascii_case("and") => {
            before.next().is_some_and(|before| matches!(before.kind, Kind::Reference(_)))
        }
        Kind::Word => BEFORE_REFERENCES.iter().any(|word| text[last.span.clone()].eq_ignore_ascii_case(word)),
        Kind::Break if &text[last.span.clone()] == "," => {
            before.next().is_some_and(|before| matches!(before.kind, Kind::Reference(_)))
        }
        _ => false,
    }
}

/// What a status phrase can refer to.
fn is_ours(group: &Group) -> bool {
    !group.found.is_empty() && group.bad_range.is_none()
}

/// Puts down the references of a group; a revision behind a comma is one of the phrase's own.
fn references(text: &str, at: usize, group: Group, tokens: &mut Vec<Token>) -> usize {
    let mut first = true;
    for found in group.found {
        let span = at + found.span.start..at + found.span.end;
        let abbreviated = text[span.clone()].starts_with(['R', 'r']);
        let kind = match found.reference {
            Reference::Revision(revision) => Kind::Revision(revision),
            Reference::Document(document) if !first && abbreviated => {
                document.revision.map_or(Kind::Word, Kind::Revision)
            }
            Reference::Short { revision: Some(revision), .. } if !first && abbreviated => Kind::Revision(revision),
            reference => Kind::Reference(reference),
        };
        if !first {
            tokens.push(Token { kind: Kind::Break, span: span.start..span.start });
        }
        tokens.push(Token { kind, span });
        first = false;
    }
    at + group.end
}

/// Where the word ends that begins at `at`; a point or comma between digits belongs to it.
fn word_end(text: &str, at: usize) -> usize {
    let mut end = at;
    for (offset, c) in text[at..].char_indices() {
        let from = at + offset;
        let inside = c.is_alphanumeric()
            || matches!(c, '\'' | '\u{2019}' | '_')
            || matches!(c, '.' | ',')
                && text[at..from].ends_with(|c: char| c.is_ascii_digit())
                && text[from + 1..].starts_with(|c: char| c.is_ascii_digit());
        if !inside {
            break;
        }
        end = from + c.len_utf8();
    }
    end
}
