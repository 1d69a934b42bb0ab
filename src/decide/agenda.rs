//! An agenda imported: a three-way merge between the document, the version that it was made from, and what
//! was said since (PRODUCT.md, section 8).
//!
//! Only a cell that differs from what the same row said in that version acts. Where the state has changed
//! too, both values wait for a ruling. A missing row and an emptied cell remove nothing.

mod base;
mod meeting;
mod rows;
mod told;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::agenda::AgendaDocument;
use crate::domain::life::Trace;
use crate::domain::{
    ContributionField, ContributionRef, Due, EmailAddress, MeetingRef, RequestKind, Status, Subject, Text,
};

use base::Base;
pub(super) use meeting::session_field;

use super::listed;
use super::next_agenda::{Cell, item_field};
use super::work::{Refusal, Work};
use super::{Answer, AnswerLine, Exported, Known, LineOutcome, Outcome};
use super::{proposals, rulings};

/// History's name for what the operator's import of an agenda changed.
pub const BY_AGENDA: &str = "agenda import";

/// Decides what an agenda changes.
pub(super) fn import(known: Known, at: Timestamp, document: &AgendaDocument, by: Option<&EmailAddress>) -> Outcome {
    let mut work = Work::new(known, at);
    let Merged { cells, exported, mut told, lead, differences } = merge(&mut work, document, by);
    told.splice(lead..lead, differences.into_iter().map(|text| (LineOutcome::Done, text)));
    told.extend(proposals::told(&work, &work.changes).into_iter().map(|text| (LineOutcome::Done, text)));
    let to = by.cloned().or_else(|| work.known.rules.as_ref().map(|rules| rules.bot.clone()));
    let line =
        |(outcome, text): (LineOutcome, Text)| AnswerLine { number: 0, text: String::new(), outcome, told: vec![text] };
    Outcome {
        by: by.map_or_else(|| BY_AGENDA.to_owned(), ToString::to_string),
        changes: work.changes,
        known: work.known,
        answer: to.map(|to| Answer { lines: told.into_iter().map(line).collect(), ..Answer::new(to) }),
        cells,
        exports: exported.into_iter().collect(),
        ..Outcome::nothing()
    }
}

/// What an agenda came to: its cells for the next merge, and what is told.
pub(super) struct Merged {
    pub cells: Vec<Cell>,
    /// What it says that the export did not, which it was made from.
    pub exported: Option<Exported>,
    /// What is told of it; the first counts its rows.
    pub told: Vec<(LineOutcome, Text)>,
    /// So many of those say what the document is; what it changed belongs behind them.
    pub lead: usize,
    /// What changed in what was known before, a line each.
    pub differences: Vec<Text>,
}

/// Merges an agenda into what is known.
pub(super) fn merge(work: &mut Work, document: &AgendaDocument, by: Option<&EmailAddress>) -> Merged {
    let changes = work.changes.len();
    let base = Base::of(&work.known, document, by);
    let before = told::Before::of(&work.known, document);
    let mut merge = Merge {
        work,
        by,
        base,
        cells: Vec::new(),
        is_edited: false,
        made: BTreeSet::new(),
        counts: Counts::default(),
        told: Vec::new(),
        lead: 0,
        left: Vec::new(),
        doubtful: Vec::new(),
    };
    merge.meeting_of(document);
    for row in &document.action_items {
        merge.row(|merge| merge.action(row));
    }
    let trace = listed::trace(merge.work, document.meeting.as_ref());
    let trace = Trace { by: by.cloned(), ..trace };
    let meeting = document.meeting.as_ref().map(|meeting| &meeting.reference);
    for row in &document.contributions {
        merge.row(|merge| merge.contribution(row, meeting, &trace));
    }
    for remark in &document.remarks {
        merge.attempt(|merge| merge.doubt(remark, None));
    }
    for (contribution, text) in std::mem::take(&mut merge.doubtful) {
        merge.attempt(|merge| merge.doubt(&text, Some(contribution)));
    }
    merge.tell(document, changes);
    let differences = before.differences(merge.work, changes);
    let exported = merge.exported(document);
    Merged { cells: merge.cells, exported, told: merge.told, lead: merge.lead, differences }
}

/// How many rows, and values, came to what.
#[derive(Default)]
struct Counts {
    /// Rows of what was not known.
    new: usize,
    /// Rows that changed something.
    changed: usize,
    /// Rows that changed nothing, and ask nothing.
    same: usize,
    /// Values of the meeting itself that changed.
    meeting: usize,
    conflicts: usize,
    doubts: usize,
}

struct Merge<'a> {
    work: &'a mut Work,
    by: Option<&'a EmailAddress>,
    /// The version that the document was made from.
    base: Base,
    cells: Vec<Cell>,
    /// Something in it differs from that version.
    is_edited: bool,
    /// What the document makes: all of it is the document's own.
    made: BTreeSet<Subject>,
    counts: Counts,
    told: Vec<(LineOutcome, Text)>,
    /// So many of those say what the document is.
    lead: usize,
    /// What an older document says otherwise than is said since: subject, field, the document's value.
    left: Vec<(Subject, String, String)>,
    /// Rows whose status cells are doubtful.
    doubtful: Vec<(ContributionRef, String)>,
}

/// A cell as it is compared: white space folded.
fn folded(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Merge<'_> {
    /// Runs a part of the merge; what cannot be applied is told, and the rest goes on.
    fn attempt(&mut self, part: impl FnOnce(&mut Self) -> Result<(), Refusal>) {
        if let Err(refusal) = part(self) {
            self.told.push((LineOutcome::Refused, refusal));
        }
    }

    /// Runs the merge of one row, and counts what came of it.
    fn row(&mut self, part: impl FnOnce(&mut Self) -> Result<(), Refusal>) {
        let (changes, new, asked) = (self.work.changes.len(), self.counts.new, self.counts.conflicts);
        self.attempt(part);
        let changed = self.work.changes.get(changes..).unwrap_or_default();
        if self.counts.new > new {
            return;
        }
        if changed.iter().any(|change| !matches!(change.subject, Subject::Request(_))) {
            self.counts.changed += 1;
        } else if self.counts.conflicts == asked {
            self.counts.same += 1;
        }
    }

    fn ask(&mut self, kind: RequestKind) -> Result<bool, Refusal> {
        if self.known_already(&kind) {
            return Ok(false);
        }
        rulings::ask(self.work, kind, self.by.cloned())?;
        Ok(true)
    }

    /// The same was asked before, and waits or was ruled on: a second import asks nothing again, unless the first
    /// was taken back.
    fn known_already(&self, kind: &RequestKind) -> bool {
        let is_kept = |id: u32| !self.work.known.taken_back.contains(&Subject::Request(id));
        self.work.known.requests.values().any(|request| request.kind == *kind && is_kept(request.id))
    }

    fn doubt(&mut self, text: &str, about: Option<ContributionRef>) -> Result<(), Refusal> {
        if self.ask(RequestKind::Doubt { text: text.to_owned(), about })? {
            self.counts.doubts += 1;
        }
        Ok(())
    }

    /// Both values wait for a ruling.
    fn conflict(&mut self, subject: &Subject, field: &str, document: String) -> Result<(), Refusal> {
        if self.base.is_old {
            // The newer document is what the next one is compared with.
            self.cells.retain(|(of, name, _)| (of, name.as_str()) != (subject, field));
        }
        let (subject, field) = (subject.clone(), field.to_owned());
        self.counts.conflicts +=
            usize::from(self.ask(RequestKind::Conflict { subject, field, document: Some(document) })?);
        Ok(())
    }

    /// Whether a cell says what it said in the version that the document was made from, so that it is no edit.
    fn is_untouched(&self, subject: &Subject, field: &str, cell: &str) -> bool {
        self.base.is_said(subject, field, cell) || self.is_overtaken(subject)
    }

    /// Whether anything that the document says of the subject is older than what is known of it.
    fn is_overtaken(&self, subject: &Subject) -> bool {
        self.base.is_overtaken && !self.made.contains(subject)
    }

    /// Whether nobody knows any more what the document was made from, so that what it says of the subject may be old.
    fn is_lost(&self, subject: &Subject) -> bool {
        self.base.is_lost && !self.made.contains(subject)
    }

    fn is_later(&self, one: &MeetingRef, than: &MeetingRef) -> bool {
        self.work.known.is_later(one, than)
    }

    /// Keeps what a cell says: the base of the next merge. What an older document says is none.
    fn keep(&mut self, subject: &Subject, field: &str, cell: &str) {
        let is_untouched = self.is_untouched(subject, field, cell);
        self.is_edited |= !is_untouched;
        if !(self.base.is_old && is_untouched) {
            self.cells.push((subject.clone(), field.to_owned(), cell.to_owned()));
        }
    }

    /// What the document says that the export did not, which it was made from.
    fn exported(&self, document: &AgendaDocument) -> Option<Exported> {
        let name = document.made_from.as_ref()?;
        let export = self.work.known.exports.get(name)?.first()?;
        let differs = |(subject, field, cell): &Cell| {
            let said = export.cells.get(&(subject.clone(), field.clone()));
            !cell.trim().is_empty() && said.is_none_or(|said| folded(said) != folded(cell))
        };
        let cells: Vec<Cell> = super::next_agenda::cells(document).into_iter().filter(differs).collect();
        let is_version = !cells.is_empty() && (self.is_edited || !self.base.is_old);
        is_version.then(|| Exported { name: name.clone(), is_export: false, cells })
    }

    /// One cell of a row: `value` is what its text means, `cell` the text itself.
    fn cell(&mut self, subject: &Subject, field: &str, cell: &str, value: Option<String>) -> Result<(), Refusal> {
        if cell.trim().is_empty() {
            return Ok(());
        }
        let is_untouched = self.is_untouched(subject, field, cell);
        self.keep(subject, field, cell);
        let now = rulings::current(self.work, subject, field);
        let Some(value) = value.filter(|value| now.as_deref().map(folded) != Some(folded(value))) else {
            return Ok(());
        };
        if is_untouched {
            self.leave(subject, field, value);
            return Ok(());
        }
        let base_value = self.base.cell(subject, field).and_then(|base| meaning(field, base));
        let is_free = match (&now, &base_value) {
            (None, _) => !self.is_lost(subject),
            (Some(now), Some(base)) => folded(now) == folded(base),
            (Some(_), None) => false,
        };
        if is_free {
            return self.work.change(subject.clone(), field, now, Some(value));
        }
        self.conflict(subject, field, value)
    }

    /// What an older document says, and something newer says otherwise, is told and nothing else.
    fn leave(&mut self, subject: &Subject, field: &str, document: String) {
        // Where a contribution is on no agenda yet, there is nothing newer.
        if self.base.is_old && field != ContributionField::Meeting.as_str() {
            self.left.push((subject.clone(), field.to_owned(), document));
        }
    }

    /// The meeting, its sessions, and the headings of its items.
    fn meeting_of(&mut self, document: &AgendaDocument) {
        let Some(meeting) = &document.meeting else { return };
        let changes = self.work.changes.len();
        self.attempt(|merge| merge.meeting(meeting));
        self.sessions(&meeting.reference, &document.sessions);
        let subject = Subject::Meeting(meeting.reference.clone());
        for item in &document.items {
            self.keep(&subject, &item_field(&item.number), &item.title);
        }
        let changed = self.work.changes.get(changes..).unwrap_or_default();
        self.counts.meeting = changed.iter().filter(|change| change.subject == subject).count();
    }
}

/// What a cell's text means for the field: a status by the agenda's word, a due date by its form,
/// anything else by itself. `None` where it is not understood.
fn meaning(field: &str, cell: &str) -> Option<String> {
    match field {
        "status" => Status::from_agenda(cell).map(|status| status.to_string()),
        "due" => folded(cell).parse::<Due>().ok().map(|due| due.to_string()),
        _ => Some(cell.trim().to_owned()),
    }
}
