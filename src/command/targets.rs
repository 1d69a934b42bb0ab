//! What a command is about: references and rows at a place in its line.

use super::Target;
use super::grammar::Mode;
use super::written::Rest;
use crate::domain::reference::scan::{LONGEST_RANGE, between, leading};
use crate::domain::{Reference, Text};

/// Targets at a place in a line.
#[derive(Debug, Clone)]
pub(super) struct Targets<'a> {
    /// What they are, in order.
    pub(super) of: Vec<Target>,
    /// What follows them.
    pub(super) rest: Rest<'a>,
    /// A range that is too long or descends, or another body's number: the line is not applied.
    pub(super) bad: Option<Text>,
    /// The list ends in a comma or `and`: the next line goes on.
    pub(super) dangling: bool,
}

impl Targets<'_> {
    /// Rows and nothing else.
    pub(super) fn are_rows(&self) -> bool {
        self.of.iter().all(|target| matches!(target, Target::Row(_)))
    }
}

/// Words that may stand before a reference and say nothing more.
pub(super) const BEFORE: [&str; 10] = [
    "the action item",
    "the action items",
    "action items",
    "action item",
    "action",
    "actions",
    "items",
    "item",
    "ai",
    "the",
];

/// All targets at the beginning of `rest`; `None` where none stands there.
pub(super) fn targets<'a>(rest: Rest<'a>, mode: &Mode<'_>) -> Option<Targets<'a>> {
    let mut read = one(rest, mode)?;
    loop {
        if read.of.len() > 10 * usize::from(LONGEST_RANGE) {
            break;
        }
        let last = read.of.last()?.clone();
        let after = read.rest;
        let ranged = after.word("to").or_else(|| after.mark('-'));
        if let (Some(next), Target::Reference(first)) = (ranged, &last) {
            let Some(more) = whole(next, mode) else { break };
            let Some(Target::Reference(end)) = more.of.first() else { break };
            match between(first, end) {
                Some(inner) => read.of.extend(inner.into_iter().map(Target::Reference)),
                None => read.bad = read.bad.or_else(|| Some(range(&format!("{first} to {end}")))),
            }
            join(&mut read, more);
            continue;
        }
        let Some(next) = separator(after) else {
            // References written out may also stand side by side.
            let Some(more) = whole(after, mode).filter(|_| matches!(last, Target::Reference(_))) else { break };
            join(&mut read, more);
            continue;
        };
        if next.is_empty() {
            read.dangling = true;
            read.rest = next;
            break;
        }
        match one(next, mode) {
            // A row's number after a reference could mean anything.
            Some(more) if !more.are_rows() || read.are_rows() => join(&mut read, more),
            _ => break,
        }
    }
    Some(read)
}

/// The one target, or the one abbreviated list, at the beginning of `rest`.
pub(super) fn one<'a>(rest: Rest<'a>, mode: &Mode<'_>) -> Option<Targets<'a>> {
    let rest = rest.skip(&BEFORE);
    if let Some((number, after)) = rest.word("request").and_then(number) {
        return Some(plain(Target::Request(u32::from(number)), after));
    }
    whole_or_bare(rest, mode, true).or_else(|| rows(rest.skip(&["rows", "row"])))
}

fn whole<'a>(rest: Rest<'a>, mode: &Mode<'_>) -> Option<Targets<'a>> {
    whole_or_bare(rest, mode, false)
}

fn whole_or_bare<'a>(rest: Rest<'a>, mode: &Mode<'_>, bare: bool) -> Option<Targets<'a>> {
    let group = leading(rest.text(), mode.scheme, bare)?;
    let of: Vec<Target> = group.found.iter().map(|found| Target::Reference(found.reference.clone())).collect();
    let foreign = of.iter().find_map(|target| match target {
        Target::Reference(Reference::Foreign(text)) => Some(Text::new("line-foreign").with("reference", text)),
        _ => None,
    });
    let bad = group.bad_range.as_deref().map(range).or(foreign);
    Some(Targets { of, rest: rest.after(group.end), bad, dangling: false })
}

/// `3`, `1-3`: one row, or a range of them; `[3]`, as our own tables write it.
fn rows(rest: Rest<'_>) -> Option<Targets<'_>> {
    let bracketed = rest.mark('[').and_then(number).and_then(|(row, after)| Some((row, after.mark(']')?)));
    if let Some((row, after)) = bracketed {
        return Some(plain(Target::Row(row), after));
    }
    let (first, after) = number(rest)?;
    let range_end = after.word("to").or_else(|| after.mark('-')).and_then(number);
    let Some((last, after)) = range_end else { return Some(plain(Target::Row(first), after)) };
    let ascending = first < last && last - first < LONGEST_RANGE;
    let of =
        if ascending { (first..=last).map(Target::Row).collect() } else { vec![Target::Row(first), Target::Row(last)] };
    let bad = (!ascending).then(|| range(&format!("{first}-{last}")));
    Some(Targets { of, rest: after, bad, dangling: false })
}

/// A number of at most three digits that is neither padded nor part of a longer number or word.
fn number(rest: Rest<'_>) -> Option<(u16, Rest<'_>)> {
    let text = rest.text();
    let length = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&length) || text.starts_with('0') {
        return None;
    }
    let mut after = text[length..].chars();
    let (next, second) = (after.next(), after.next());
    let glued = match next {
        Some('.' | ',' | ':' | '/' | '-') => {
            second.is_some_and(|c| c.is_ascii_digit()) && !matches!(next, Some(',' | '-'))
        }
        Some(c) => c.is_alphanumeric() || matches!(c, '_' | '%' | '#' | '@' | '\''),
        None => false,
    };
    if glued {
        return None;
    }
    Some((text[..length].parse().ok()?, rest.after(length)))
}

fn plain(target: Target, rest: Rest<'_>) -> Targets<'_> {
    Targets { of: vec![target], rest, bad: None, dangling: false }
}

fn join<'a>(read: &mut Targets<'a>, more: Targets<'a>) {
    read.of.extend(more.of);
    read.rest = more.rest;
    read.bad = read.bad.take().or(more.bad);
}

/// What follows a comma or `and`.
fn separator(rest: Rest<'_>) -> Option<Rest<'_>> {
    let marked = [',', '&', '+', '/'].into_iter().find_map(|mark| rest.mark(mark));
    match marked {
        Some(next) => Some(next.skip(&["and"])),
        None => rest.word("and"),
    }
}

fn range(written: &str) -> Text {
    Text::new("line-range").with("range", written).with("limit", LONGEST_RANGE)
}
