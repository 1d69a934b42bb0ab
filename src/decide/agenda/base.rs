//! What a document is compared with: of the versions that are kept, the one that it was made from.
//!
//! A copy of an export names its export. There are the export itself and the documents that came of it; of any other
//! document, what the documents before it said. The one with which it has the most cells in common is the one that
//! somebody has opened and edited: what that one says is no edit, whatever was said or decided since.

use std::sync::Arc;

use jiff::Timestamp;

use crate::agenda::AgendaDocument;
use crate::decide::next_agenda;
use crate::decide::{Baseline, Known, Replaced, Version};
use crate::domain::{EmailAddress, MeetingRef, Session, Subject};

use super::folded;

/// A cell's place.
type Key = (Subject, String);

/// The version that a document was made from.
#[derive(Debug, Default)]
pub(super) struct Base {
    said: Arc<Baseline>,
    /// The document was made from the one that was read last; of a copy of an export that is never sure.
    pub is_last: bool,
    /// The document was made from an older one than was read last.
    pub is_old: bool,
    /// When that one was read.
    pub newer: Option<Timestamp>,
    /// It is the first of its meeting, and one of a later meeting was read: nothing of what is known by now is newer
    /// in it.
    pub is_overtaken: bool,
    /// Nobody knows any more what the document was made from.
    pub is_lost: bool,
}

impl Base {
    /// The base of a document, given by `by`.
    pub fn of(known: &Known, document: &AgendaDocument, by: Option<&EmailAddress>) -> Self {
        let cells: Vec<(Key, String)> = next_agenda::cells(document)
            .into_iter()
            .filter(|(.., cell)| !cell.trim().is_empty())
            .map(|(subject, field, cell)| ((subject, field), folded(&cell)))
            .collect();
        match document.made_from.as_ref().map(|name| known.exports.get(name)) {
            Some(None) => Self { is_lost: true, ..Self::default() },
            Some(Some(versions)) => Self::of_export(known, versions, &cells, by),
            None => {
                let base = Self::of_documents(known, &cells);
                let is_overtaken = document.meeting.as_ref().is_some_and(|it| base.is_overtaken(known, &it.reference));
                let first = known.replaced.first().map(|replaced| replaced.at);
                let newer = base.newer.or_else(|| first.filter(|_| is_overtaken));
                let is_old = base.is_old || is_overtaken;
                Self { is_overtaken, is_old, is_last: !is_old, newer, ..base }
            }
        }
    }

    /// Of the export and what came of it: where two are as near, one's own is meant, and not what somebody else made
    /// of the same copy.
    fn of_export(known: &Known, versions: &[Version], cells: &[(Key, String)], by: Option<&EmailAddress>) -> Self {
        let said = |version: &Version, key: &Key| -> Option<String> {
            let export = versions.first().and_then(|export| export.cells.get(key));
            version.cells.get(key).or(export).or_else(|| known.baseline.get(key)).map(|cell| folded(cell))
        };
        let own = |at: usize| at > 0 && versions.get(at).is_some_and(|version| is_same(known, version.by.as_ref(), by));
        let nearest = versions.iter().enumerate().max_by_key(|(at, version)| {
            let agree = cells.iter().filter(|(key, cell)| said(version, key).as_ref() == Some(cell)).count();
            let order = isize::try_from(*at).unwrap_or(isize::MAX);
            (agree, own(*at), if own(*at) { order } else { -order })
        });
        let Some((at, nearest)) = nearest else { return Self::default() };
        // The sessions are those of the copy alone.
        let mut said = Baseline::clone(&known.baseline);
        said.retain(|(_, field), _| !field.starts_with("session "));
        said.extend(versions.first().map(|export| export.cells.clone()).unwrap_or_default());
        said.extend(nearest.cells.clone());
        let newer = versions.last().filter(|_| at + 1 < versions.len()).map(|version| version.at);
        Self { said: Arc::new(said), is_old: newer.is_some(), newer, ..Self::default() }
    }

    /// Of what documents have said, one after the other: where two are as near, the newer one is meant.
    fn of_documents(known: &Known, cells: &[(Key, String)]) -> Self {
        let agree = |said: &Baseline| {
            cells.iter().filter(|(key, cell)| said.get(key).is_some_and(|said| folded(said) == *cell)).count()
        };
        let mut said = Baseline::clone(&known.baseline);
        let (mut most, mut nearest) = (agree(&said), 0);
        let (mut newest, mut newer) = (None, None);
        for (at, replaced) in known.replaced.iter().enumerate() {
            let is_of_it = cells.iter().any(|(key, _)| replaced.cells.contains_key(key));
            newest = newest.or(is_of_it.then_some(replaced.at));
            put_back(&mut said, replaced);
            let is_taken_back = known.replaced.get(at + 1).is_some_and(|before| before.is_taken_back);
            if agree(&said) > most && !is_taken_back {
                (most, nearest) = (agree(&said), at + 1);
                newer = newest;
            }
        }
        // Walked to once more: two versions of a large agenda at a time are enough.
        drop(said);
        let mut said = Arc::clone(&known.baseline);
        if nearest > 0 {
            known.replaced.iter().take(nearest).for_each(|replaced| put_back(Arc::make_mut(&mut said), replaced));
        }
        Self { said, is_old: newer.is_some(), newer, ..Self::default() }
    }

    /// Whether no version knows of a meeting, and the last knows of a later one.
    fn is_overtaken(&self, known: &Known, meeting: &MeetingRef) -> bool {
        let is_of = |(subject, _): &Key| *subject == Subject::Meeting(meeting.clone());
        let is_later = |(subject, _): &Key| match subject {
            Subject::Meeting(other) => known.is_later(other, meeting),
            _ => false,
        };
        !self.said.keys().any(is_of) && !known.baseline.keys().any(is_of) && known.baseline.keys().any(is_later)
    }

    /// What the cell said.
    pub fn cell(&self, subject: &Subject, field: &str) -> Option<&str> {
        self.said.get(&(subject.clone(), field.to_owned())).map(String::as_str)
    }

    /// Whether the cell said so: it is no edit then.
    pub fn is_said(&self, subject: &Subject, field: &str, cell: &str) -> bool {
        self.cell(subject, field).is_some_and(|said| folded(said) == folded(cell))
    }

    /// The sessions of a meeting.
    pub fn sessions(&self, subject: &Subject) -> Vec<Session> {
        let from = (subject.clone(), String::new());
        let own = self.said.range(from..).take_while(|((of, _), _)| of == subject);
        own.filter(|((_, field), _)| field.starts_with("session ")).filter_map(|(_, cell)| cell.parse().ok()).collect()
    }
}

/// Takes a document out of what is said: what was there before it.
fn put_back(said: &mut Baseline, document: &Replaced) {
    for (key, cell) in &document.cells {
        match cell {
            Some(cell) => said.insert(key.clone(), cell.clone()),
            None => said.remove(key),
        };
    }
}

/// Whether two who gave documents are the same member; the operator is nobody.
fn is_same(known: &Known, one: Option<&EmailAddress>, other: Option<&EmailAddress>) -> bool {
    let member = |address: &EmailAddress| known.roster.member_by_address(address).map(|member| member.id);
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => one == other || member(one).is_some() && member(one) == member(other),
        _ => false,
    }
}
