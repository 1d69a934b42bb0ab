//! References that stand together: lists (`SEC-2014-0240, 0241 and 0245`), ranges
//! (`SEC-2014-0255 to 0258`) and chains (`SEC-2014-0243R01 > R02`), of which only the first is
//! written out.

use super::super::{ActionItemRef, Reference};
use super::text::is_year;
use super::{Found, Group, LONGEST_RANGE, Scanner};

/// What joins two references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    List,
    Range,
    Chain,
}

impl Scanner<'_> {
    /// The reference at `at` and those abbreviated after it; `bare` allows a number alone.
    pub(super) fn group(&self, at: usize, bare: bool) -> Option<Group> {
        let (first, end) = self.one(at, bare)?;
        let mut group = Group { found: vec![Found { span: at..end, reference: first.clone() }], end, bad_range: None };
        self.in_title(at, &mut group);
        let mut last = first;
        while let Some((joint, next)) = self.joint(group.end) {
            let Some((reference, end)) = self.abbreviated(&last, joint, next) else { break };
            if joint == Joint::Range {
                let start = group.found.last().map_or(at, |found| found.span.start);
                match between(&last, &reference) {
                    Some(inner) => {
                        group.found.extend(inner.into_iter().map(|reference| Found { span: start..end, reference }))
                    }
                    None => group.bad_range = self.text.get(start..end).map(ToOwned::to_owned),
                }
            }
            group.found.push(Found { span: next..end, reference: reference.clone() });
            group.end = end;
            last = reference;
            if group.found.len() > 10 * usize::from(LONGEST_RANGE) {
                break;
            }
        }
        Some(group)
    }

    /// Whole references in the title of a file name: `SEC-2014-0250-Comments_on_SEC-2014-0243R01`.
    fn in_title(&self, at: usize, group: &mut Group) {
        if !matches!(group.found.first(), Some(Found { reference: Reference::Document(_), .. })) {
            return;
        }
        let body = self.word_of(at, std::iter::once(self.scheme.body.as_str()));
        let mut from = self.token_end(body.map_or(at, |(_, end)| end + 1));
        while let Some(start) = self.next_token(from).filter(|start| *start < group.end) {
            from = self.token_end(start);
            let inside = Scanner { text: self.text.get(..group.end).unwrap_or_default(), ..*self };
            // A title is one word to `left`; only a document written out may begin in it.
            if matches!(self.byte(start - 1), b'_' | b'-')
                && let Some((reference @ Reference::Document(_), end)) = inside.document(start)
            {
                group.found.push(Found { span: start..end, reference });
                from = end;
            }
        }
    }

    /// What joins a reference that ends at `end` to the next, and where that one begins.
    fn joint(&self, end: usize) -> Option<(Joint, usize)> {
        let at = self.skip_blanks(end);
        let same_line = at == self.skip_spaces(end);
        let rest = self.from(at);
        // At the beginning of a line `>` quotes.
        if same_line {
            for arrow in ["->", "=>", ">", "\u{2192}", "\u{21D2}", "\u{279C}", "\u{2794}"] {
                if rest.starts_with(arrow) {
                    return Some((Joint::Chain, self.skip_blanks(at + arrow.len())));
                }
            }
            let spaced = at > end;
            if rest.starts_with('-') && spaced == matches!(self.byte(at + 1), b' ' | b'\t') {
                return Some((Joint::Range, self.skip_spaces(at + 1)));
            }
        }
        if rest.starts_with([',', '&', '+', '/']) {
            let next = self.skip_blanks(at + 1);
            let and = ["and", "or"].into_iter().find(|word| self.is_word_at(next, word));
            return Some((Joint::List, and.map_or(next, |word| self.skip_blanks(next + word.len()))));
        }
        let word = |words: &[&'static str]| words.iter().find(|word| self.is_word_at(at, word)).map(|word| word.len());
        if let Some(length) = word(&["and", "or"]) {
            return Some((Joint::List, self.skip_blanks(at + length)));
        }
        let length = word(&["to", "through", "thru"])?;
        Some((Joint::Range, self.skip_blanks(at + length)))
    }

    /// The reference that `at` abbreviates after `last`, and where it ends.
    fn abbreviated(&self, last: &Reference, joint: Joint, at: usize) -> Option<(Reference, usize)> {
        match last {
            Reference::Action(ActionItemRef::OfMeeting { mark, digits, .. }) if joint != Joint::Chain => {
                // "A4" behind "SCP#62-A01" may be anything.
                let (number, end) = self.marked_number(at, mark)?;
                let length = at + mark.len() + usize::from(*digits);
                (end >= length).then_some(())?;
                Some((renumbered(last, number.into())?, end))
            }
            Reference::Action(_) if joint != Joint::Chain => {
                let number = self.number(at, 3).filter(|number| *number > 0 && self.ends(at + 3))?;
                Some((renumbered(last, number)?, at + 3))
            }
            Reference::Document(_) | Reference::Short { .. } => self.abbreviated_document(last, joint, at),
            _ => None,
        }
    }

    fn abbreviated_document(&self, last: &Reference, joint: Joint, at: usize) -> Option<(Reference, usize)> {
        if joint != Joint::Range
            && let Some((Reference::Revision(revision), end)) = self.revision_alone(at)
        {
            let mut next = last.clone();
            match &mut next {
                Reference::Document(document) => document.revision = Some(revision),
                Reference::Short { revision: of, .. } => *of = Some(revision),
                _ => return None,
            }
            return Some((next, end));
        }
        let (found, end) = self.short(at, true)?;
        Some((completed(last, &found)?, end))
    }
}

/// `found`, which is written short, with what it lacks of `last`.
fn completed(last: &Reference, found: &Reference) -> Option<Reference> {
    let Reference::Short { year, number, numbering, revision, .. } = found else { return None };
    // A year is none, and neither is the first part of a longer number.
    if year.is_none() && is_year(*number) {
        return None;
    }
    let mut next = last.clone();
    match &mut next {
        Reference::Document(document) if document.contribution.numbering == *numbering => {
            document.contribution.number = *number;
            document.contribution.year = year.unwrap_or(document.contribution.year);
            document.revision = *revision;
        }
        Reference::Short { year: of, number: is, numbering: form, revision: in_revision, .. }
            if *form == *numbering =>
        {
            *is = *number;
            *of = year.or(*of);
            *in_revision = *revision;
        }
        _ => return None,
    }
    Some(next)
}

/// `reference` with another number, in no revision.
fn renumbered(reference: &Reference, number: u32) -> Option<Reference> {
    let mut next = reference.clone();
    match &mut next {
        Reference::Action(item) => *item = item.with_number(u16::try_from(number).ok()?),
        Reference::Document(document) => {
            document.contribution.number = number;
            document.revision = None;
        }
        Reference::Short { number: of, revision, .. } => {
            *of = number;
            *revision = None;
        }
        _ => return None,
    }
    Some(next)
}

/// What a range from `first` to `last` holds between them; `None` where it descends, is too long,
/// or its ends are no two numbers of one series.
pub(super) fn between(first: &Reference, last: &Reference) -> Option<Vec<Reference>> {
    let number = |reference: &Reference| match reference {
        Reference::Action(
            ActionItemRef::Numbered { number, .. }
            | ActionItemRef::OfMeeting { number, .. }
            | ActionItemRef::Proposal { number, .. },
        ) => Some(u32::from(*number)),
        Reference::Short { number, .. } => Some(*number),
        Reference::Document(document) => Some(document.contribution.number),
        _ => None,
    };
    let (from, to) = (number(first)?, number(last)?);
    let ascending = from < to && to - from < u32::from(LONGEST_RANGE);
    if !ascending || renumbered(first, to) != renumbered(last, to) {
        return None;
    }
    (from + 1..to).map(|number| renumbered(last, number)).collect()
}
