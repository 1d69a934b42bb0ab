//! The reference cell of an agenda's row: which revisions it lists.

use std::collections::BTreeSet;

use super::read::LONGEST;
use crate::domain::reference::scan::fold;
use crate::domain::{ContributionRef, Revision};

/// Words that say of the revision before them that it is not there yet.
const NOT_THERE: [&str; 7] = ["expected", "tbd", "tbp", "tbposted", "tbuploaded", "be", "awaited"];

/// The revisions that a contribution's own reference cell lists (`SEC-2014-0243R01 > R02`), but for
/// those that it calls expected or still to be posted; without any, the first.
#[must_use]
pub fn listed_revisions(cell: &str, own: &ContributionRef) -> BTreeSet<Revision> {
    let mut end = cell.len().min(LONGEST);
    while !cell.is_char_boundary(end) {
        end -= 1;
    }
    let folded = fold(&cell[..end]);
    let number = own.digits();
    let mut listed = BTreeSet::new();
    let mut last = None;
    let mut rest = folded.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let length = rest[start..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len() - start);
        let (mark, word) = (&rest[..start], &rest[start..start + length]);
        rest = &rest[start + length..];
        let is_number = last.is_none_or(|_| word.starts_with(&number));
        if let Some(after) = word.strip_prefix(&number).filter(|_| is_number) {
            // "SEC-2014-0243", "…0243R01"
            let revision = if after.is_empty() { named_next(rest) } else { named(after) };
            let Some(revision) = revision else { continue };
            listed.insert(revision);
            last = Some(revision);
        } else if let (Some(_), Some(revision)) = (last, named(word)) {
            listed.insert(revision);
            last = Some(revision);
        } else if let Some(before) = last {
            if NOT_THERE.iter().any(|not| word.eq_ignore_ascii_case(not)) {
                listed.remove(&before);
            } else if matches!(mark, "-" | "_") && !word.eq_ignore_ascii_case(&own.prefix) && !is_digits(word) {
                // The rest of a file's name.
                break;
            }
        }
    }
    listed
}

/// The revision that stands right behind a number (`0243_r1`), or the first.
fn named_next(rest: &str) -> Option<Revision> {
    let after = rest.strip_prefix(['-', '_', ' ']).unwrap_or_default();
    let word = after.find(|c: char| !c.is_ascii_alphanumeric()).map_or(after, |end| &after[..end]);
    Some(named(word).unwrap_or_default())
}

/// A revision of one or two digits, as the cell that is its own may write it.
fn named(word: &str) -> Option<Revision> {
    let digits = word.strip_prefix(['R', 'r']).filter(|digits| (1..=2).contains(&digits.len()))?;
    is_digits(digits).then(|| digits.parse().ok().map(Revision::new)).flatten()
}

fn is_digits(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}
