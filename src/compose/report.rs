//! What a meeting came to, and what is to be posted: the words around the lists.

use crate::decide::{Digest, DocumentRow, Report, Table};
use crate::domain::{OccasionKind, Recipient, Text};

use super::Catalogue;

/// The subject of a mail that is a report, or about documents that are to be posted.
pub(super) fn subject(digest: &Digest, group: &str) -> Option<Text> {
    if let Some(report) = digest.reports.first() {
        return Some(counted(Text::new("report-subject").with("group", group), report));
    }
    let rows: Vec<&DocumentRow> = rows(digest).collect();
    if !digest.is_for(OccasionKind::Chaser) || rows.is_empty() {
        return None;
    }
    let subject = match rows.as_slice() {
        [only] => Text::new("chaser-subject-one").with("group", group).with("reference", only.name()),
        _ => Text::new("chaser-subject").with("group", group).with("count", rows.len()),
    };
    Some(subject)
}

/// What a meeting came to, in a sentence.
pub(super) fn told(report: &Report, catalogue: &Catalogue) -> String {
    let date = |day| catalogue.weekday_and_date(day);
    let end = report.meeting.last_day().map_or_else(|| "-".to_owned(), date);
    catalogue.say(&counted(Text::new("report-told"), report).with("date", end))
}

fn counted(text: Text, report: &Report) -> Text {
    let text = text.with("meeting", &report.meeting.reference).with("decided", report.decided);
    text.with("opened", report.opened).with("closed", report.closed)
}

/// What is told to their sources of documents that are to be posted.
pub(super) fn told_of_documents(digest: &Digest) -> Option<Text> {
    let count = rows(digest).count();
    let is_own = !digest.is_of_group();
    (is_own && count > 0).then(|| Text::new("chaser-told").with("count", count))
}

/// How one answers what is told of them.
pub(super) fn how(digest: &Digest) -> Vec<Text> {
    let rows: Vec<&DocumentRow> = rows(digest).collect();
    let mut told = Vec::new();
    let named = rows.iter().find(|row| row.of.revision.is_some());
    told.extend(named.and_then(|row| how_by_number(digest, row.number?)));
    let is_person = digest.occasion.recipient.is_person() && !digest.is_copy();
    if is_person && rows.iter().any(|row| row.of.revision.is_none()) {
        told.push(Text::new("chaser-how-named"));
    }
    told
}

fn how_by_number(digest: &Digest, number: u16) -> Option<Text> {
    Some(match digest.occasion.recipient {
        Recipient::List => Text::new("digest-how-posted").with("row", number),
        Recipient::Member(_) if digest.is_copy() => Text::new("digest-how-posted").with("row", number),
        Recipient::Member(_) => Text::new("chaser-how").with("row", number),
        Recipient::Organization(_) => Text::new("chaser-how-contact").with("organization", &digest.about),
    })
}

fn rows(digest: &Digest) -> impl Iterator<Item = &DocumentRow> {
    let tables = digest.awaited.iter().map(|table| match table {
        Table::Documents { rows, .. } => rows.as_slice(),
        _ => &[],
    });
    tables.flatten()
}

/// The deliverables as a list, where there are any.
pub(super) fn deliverables(digest: &Digest) -> Option<Table> {
    let rows = digest.deliverables.clone();
    let title = Text::new("digest-deliverables").with("count", rows.len());
    (!rows.is_empty()).then_some(Table::Deliverables { title, rows })
}
