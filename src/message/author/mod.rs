//! Lines -> what the sender newly wrote.
//!
//! One rule for all of it: what may be another's text goes. A line lost costs a question, a line
//! of another's that stays can change the group's state. So the rules look first for where an
//! earlier mail begins and drop all below; then the quoted lines and what introduces them; then,
//! from what is left, the signature, footers and notices at the end.

mod attribution;
mod earlier;
mod footer;
mod header_block;
mod quoted;
mod signature;
mod told;

pub(super) use told::blocks;

use super::lines::{Line, Mark};
use crate::domain::Quoted;

/// A wider line, marks and all, was never wrapped.
const WIDEST: usize = 100;
/// No program wraps a line, marks and all, at fewer columns.
const NARROWEST: usize = 55;

/// What the sender newly wrote, in order, pieces between quotes divided by a blank line.
pub(super) fn text(lines: &[Line]) -> String {
    let own = own_lines(lines);
    let own = footer::without(own);
    let own = signature::without(own);
    let own = footer::without(own);
    assemble(&own)
}

/// What the sender newly wrote, and the quotes that stand between its lines.
pub(super) fn text_and_quotes(lines: &[Line]) -> (String, Vec<Quoted>) {
    let own = own_lines(lines);
    let quotes: Vec<&[Line]> = own.iter().filter_map(Own::quote).collect();
    let all = own.len();
    let own = footer::without(own);
    let own = signature::without(own);
    // Where neither took a line away, the footers' rules would find again what they found.
    let own = if own.len() == all { own } else { footer::without(own) };
    let text = assemble(&own);
    let quoted = if quotes.is_empty() { Vec::new() } else { quoted::between(&own, &quotes) };
    (text, quoted)
}

/// The lines say themselves that an earlier mail is quoted in them.
pub(super) fn finds_earlier(lines: &[Line]) -> bool {
    lines.iter().any(|line| line.depth > 0 && !line.is_blank())
        || earlier::begins(lines, &attribution::all(lines)).is_some()
}

/// A line of the sender's, or the gap that a quote left.
#[derive(Debug, Clone, Copy)]
pub(super) enum Own<'l> {
    /// A line at the sender's level.
    Line(&'l Line),
    /// Part of a line: what stands before an earlier mail that begins in the middle of it.
    Piece(&'l str),
    /// Quoted lines stood here: these, and perhaps lines among them that were torn from the quote.
    Gap(&'l [Line]),
}

impl<'l> Own<'l> {
    /// The text; empty for a gap.
    pub fn text(&self) -> &'l str {
        match self {
            Self::Line(line) => &line.text,
            Self::Piece(text) => text,
            Self::Gap(_) => "",
        }
    }

    /// The text as its sender wrote it, control characters and all.
    fn written(&self) -> &'l str {
        match self {
            Self::Line(line) => line.written.as_deref().unwrap_or(&line.text),
            _ => self.text(),
        }
    }

    /// There is nothing to read in it.
    pub fn is_blank(&self) -> bool {
        self.text().trim_start().is_empty()
    }

    /// What the HTML said of it.
    pub fn mark(&self) -> Mark {
        match self {
            Self::Line(line) => line.mark,
            _ => Mark::Text,
        }
    }

    /// The quote whose place it keeps.
    pub fn quote(&self) -> Option<&'l [Line]> {
        match self {
            Self::Gap(quote) => Some(quote),
            _ => None,
        }
    }

    /// It is the exact mark of a signature.
    pub fn is_signature_mark(&self) -> bool {
        matches!(self, Self::Line(line) if line.signature_mark)
    }
}

/// The lines at the sender's level, without quotes and their attributions, up to an earlier mail.
fn own_lines(lines: &[Line]) -> Vec<Own<'_>> {
    let attributions = attribution::all(lines);
    let begin = earlier::begins(lines, &attributions);
    let mut attributions = attributions.into_iter().peekable();
    let end = begin.map_or(lines.len(), |begin| begin.line);
    let mut own: Vec<Own<'_>> = Vec::with_capacity(end);
    let (mut index, mut quote_begins) = (0, 0);
    while let Some(line) = lines.get(index).filter(|_| index < end) {
        if line.depth > 0 {
            if matches!(own.last(), Some(Own::Gap(_))) {
                own.pop();
            } else {
                quote_begins = index;
            }
            index += lines[index..end].iter().take_while(|line| line.depth > 0).count();
            own.push(Own::Gap(&lines[quote_begins..index]));
            continue;
        }
        if line.mark == Mark::Attribution {
            index += 1;
            continue;
        }
        while attributions.next_if(|one| one.first < index).is_some() {}
        if let Some(one) = attributions.next_if(|one| one.first == index && one.quotes) {
            if one.after == index + 1
                && let Some(before) = attribution::own_before(&line.text)
            {
                own.push(Own::Piece(before));
            }
            index = one.after;
            continue;
        }
        if earlier::introduces_quote(lines, index) || is_torn_from_quote(lines, index) {
            index += 1;
            continue;
        }
        own.push(Own::Line(line));
        index += 1;
    }
    if let Some(piece) = begin.and_then(|begin| begin.before) {
        own.push(Own::Piece(piece));
    }
    own
}

/// A short line between two quoted ones, without a blank, below one that its first word may have
/// overfilled: its `>` was lost when a program wrapped it. An answer that happens to stand so is
/// lost too, which is less bad than another's word taken for the sender's.
fn is_torn_from_quote(lines: &[Line], index: usize) -> bool {
    let quoted = |at: Option<usize>| at.and_then(|at| lines.get(at)).filter(|line| line.depth > 0 && !line.is_blank());
    let Some(before) = quoted(index.checked_sub(1)) else { return false };
    if lines.get(index + 1).is_none_or(|after| after.depth == 0) {
        return false;
    }
    let line = &lines[index];
    let first_word = line.text.split_whitespace().next().map_or(0, |word| word.chars().count());
    let width = before.text.chars().count() + usize::from(before.depth) * 2;
    let is_lower = line.text.chars().next().is_some_and(char::is_lowercase);
    let overfills = width + 1 + first_word > 72 && is_lower;
    // Some wrap at 60; the rows of a table end where they end.
    let is_short = line.text.split_whitespace().count() <= 4 || is_lower;
    let may_overfill = width >= NARROWEST && !before.text.contains('|') && is_short;
    let is_wrapped = width <= WIDEST && (overfills || may_overfill) && !before.text.ends_with(['.', '?', '!', ':']);
    // Within an attribution, the name before the bracket that opens an address.
    let is_name = line.text.ends_with('<');
    !line.is_blank() && line.text.chars().count() <= 40 && (is_wrapped || is_name)
}

/// The lines as text: no blank line at the ends, never two together.
fn assemble(own: &[Own<'_>]) -> String {
    let mut text = String::new();
    let mut blank = false;
    for line in own {
        if line.is_blank() || line.mark() == Mark::Rule {
            blank = true;
            continue;
        }
        if !text.is_empty() {
            text.push_str(if blank { "\n\n" } else { "\n" });
        }
        text.push_str(line.written());
        blank = false;
    }
    text
}

#[cfg(test)]
mod tests;
