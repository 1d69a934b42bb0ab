//! What a meeting came to, told to the list once it is over.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::{
    ActionField, ActionItem, ActionItemRef, Contribution, DocumentRef, DueOccasion, Meeting, OccasionKind, Plenary,
    Status, Subject, Text,
};

use super::contributions::stands_at;
use super::documents::{self, MOST, by_agenda_item};
use super::tell::Rows;
use super::work::Work;
use super::{HistoryRow, Table};

/// What one meeting came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The meeting.
    pub meeting: Meeting,
    /// How many contributions were decided.
    pub decided: usize,
    /// How many action items were opened.
    pub opened: usize,
    /// How many were closed.
    pub closed: usize,
    /// The decisions by agenda item, and the action items.
    pub tables: Vec<Table>,
    /// The contributions that were on its agenda, and that nobody spoke of.
    pub untreated: Option<Table>,
    /// How many documents are left out.
    pub more: usize,
}

/// The reports of the meetings that a mail tells of; none of a meeting of which there is nothing to tell yet.
pub(super) fn reports(work: &Work, due: &DueOccasion, numbers: &mut Rows) -> Vec<Report> {
    let occasions = due.occasions().filter(|occasion| occasion.kind == OccasionKind::Report);
    let meetings = occasions.filter_map(|occasion| work.known.meeting_by_reference(&occasion.meeting()?));
    let reports = meetings.map(|meeting| report(work, meeting, numbers));
    reports.flatten().collect()
}

/// Whether something was said of a contribution at a meeting, or it was on its agenda.
pub(super) fn is_of(contribution: &Contribution, meeting: &Meeting) -> bool {
    let reference = Some(&meeting.reference);
    contribution.meeting.as_ref() == reference || decision(contribution, meeting).is_some()
}

/// The last thing that a meeting decided of a contribution.
fn decision<'a>(contribution: &'a Contribution, meeting: &Meeting) -> Option<&'a crate::domain::life::Decision> {
    let decisions = contribution.life.decisions.iter();
    decisions.rev().find(|decision| decision.trace.at.as_ref() == Some(&meeting.reference))
}

fn report(work: &Work, meeting: &Meeting, numbers: &mut Rows) -> Option<Report> {
    let known = work.known.contributions.values();
    let decided: Vec<_> = known.clone().filter(|known| decision(known, meeting).is_some()).collect();
    let (opened, closed) = (items(work, meeting, true), items(work, meeting, false));
    // What was expected of it before is no news.
    if decided.is_empty() && opened.is_empty() && closed.is_empty() {
        return None;
    }
    let mut report = Report {
        meeting: meeting.clone(),
        decided: decided.len(),
        opened: opened.len(),
        closed: closed.len(),
        tables: Vec::new(),
        untreated: None,
        more: 0,
    };
    report.decisions(&decided);
    for (key, items) in [("report-opened", opened), ("report-closed", closed)] {
        if !items.is_empty() {
            let title = Text::new(key).with("count", items.len());
            let rows = items.into_iter().map(|item| numbers.item(work, item)).collect();
            report.tables.push(Table::Actions { title, rows });
        }
    }
    let is_untreated = |known: &&Contribution| {
        let stands = stands_at(known, &work.known.meetings, work.today());
        known.meeting.as_ref() == Some(&meeting.reference) && stands.outcome.is_none()
    };
    report.untreated(&known.filter(is_untreated).collect::<Vec<_>>());
    Some(report)
}

impl Report {
    fn decisions(&mut self, decided: &[&Contribution]) {
        let mut room = MOST;
        for (item, rows) in by_agenda_item(decided.iter().copied()) {
            let count = rows.len();
            let shown = rows.into_iter().filter_map(|known| {
                let decision = decision(known, &self.meeting)?;
                let revision = Some(decision.revision.of(&known.reference)).filter(|it| it.number > 0);
                let document = DocumentRef { contribution: known.reference.clone(), revision };
                let stands = Text::new("document-stands").with("stands", decision.outcome);
                Some(documents::row(known, document, stands, None, None))
            });
            let rows: Vec<_> = shown.take(room).collect();
            room -= rows.len();
            self.more += count - rows.len();
            if !rows.is_empty() {
                let title = Text::new("report-decisions").with("item", item).with("count", count);
                self.tables.push(Table::Documents { title, rows });
            }
        }
    }

    fn untreated(&mut self, untreated: &[&Contribution]) {
        let count = untreated.len();
        let rows: Vec<_> = (untreated.iter().take(MOST))
            .map(|known| {
                let document = DocumentRef { contribution: known.reference.clone(), revision: None };
                documents::row(known, document, Text::new("document-untreated"), None, None)
            })
            .collect();
        self.more += count - rows.len();
        let title = Text::new("report-untreated").with("count", count);
        self.untreated = (!rows.is_empty()).then_some(Table::Documents { title, rows });
    }
}

/// The action items that were opened since a meeting began, or those that were closed.
fn items<'a>(work: &'a Work, meeting: &Meeting, is_opened: bool) -> Vec<&'a ActionItem> {
    let begun = |row: &&HistoryRow| meeting.start.is_some_and(|start| work.day(row.at) >= start);
    let status = work.known.since_meeting.iter().filter(begun).filter(|row| row.field == ActionField::Status.as_str());
    let is_so = |row: &&HistoryRow| match is_opened {
        true => row.from.is_none(),
        false => row.from.is_some() && row.to.as_deref() == Some(Status::Closed.as_str()),
    };
    let named: BTreeSet<&ActionItemRef> = status
        .filter(is_so)
        .filter_map(|row| match &row.subject {
            Subject::Action(reference) => Some(reference),
            _ => None,
        })
        .collect();
    let found = named.into_iter().filter_map(|reference| work.known.actions.get(reference));
    found.filter(|item| if is_opened { is_opened_at(item, meeting) } else { item.status == Status::Closed }).collect()
}

/// Whether an item that is new to us was opened there: an older one is of another series.
fn is_opened_at(item: &ActionItem, meeting: &Meeting) -> bool {
    let is_here = |plenary: &Plenary| meeting.plenary.as_ref().is_none_or(|of| of == plenary);
    let is_of_series = match &item.reference {
        ActionItemRef::Numbered { plenary, .. } => is_here(plenary),
        ActionItemRef::OfMeeting { meeting: of, .. } => *of == meeting.reference,
        ActionItemRef::Proposal { .. } => false,
    };
    is_of_series && item.became.is_none() && !matches!(item.status, Status::Cancelled | Status::Proposed)
}
