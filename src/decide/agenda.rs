//! An agenda imported: a three-way merge between the document, the last document, and what members
//! have said since (PRODUCT.md, section 8).
//!
//! Only a cell that differs from what the same row said in the last document acts. Where the state
//! has changed too, both values wait for a ruling. A missing row and an emptied cell remove nothing.

mod told;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::agenda::{AgendaDocument, AgendaMeeting, out};
use crate::domain::life::Trace;
use crate::domain::{
    ActionField, ActionItem, Contribution, ContributionField, ContributionRef, Due, EmailAddress, MeetingRef, Owners,
    Part, RequestKind, Session, Status, Subject, Text,
};

pub(super) use told::differences;

use super::listed::{self, Came, Listed};
use super::next_agenda::{Cell, item_field};
use super::work::{Refusal, Work};
use super::{Answer, AnswerLine, Exported, Known, LineOutcome, Outcome};
use super::{proposals, rulings};

/// History's name for what the operator's import of an agenda changed.
pub const BY_AGENDA: &str = "agenda import";

/// Decides what an agenda changes.
pub(super) fn import(known: Known, at: Timestamp, document: &AgendaDocument, by: Option<&EmailAddress>) -> Outcome {
    let mut work = Work::new(known, at);
    let Merged { cells, exported, mut told } = merge(&mut work, document, by);
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
    pub told: Vec<(LineOutcome, Text)>,
}

/// Merges an agenda into what is known.
pub(super) fn merge(work: &mut Work, document: &AgendaDocument, by: Option<&EmailAddress>) -> Merged {
    let before = work.changes.len();
    let made_from = document.made_from.as_deref();
    let mut merge = Merge {
        work,
        by,
        made_from,
        cells: Vec::new(),
        new_cells: Vec::new(),
        made: BTreeSet::new(),
        counts: Counts::default(),
        told: Vec::new(),
        doubtful: Vec::new(),
    };
    if let Some(meeting) = &document.meeting {
        merge.attempt(|merge| merge.meeting(meeting, &document.sessions));
    }
    for row in &document.action_items {
        merge.attempt(|merge| merge.action(row));
    }
    if let Some(meeting) = &document.meeting {
        let subject = Subject::Meeting(meeting.reference.clone());
        for item in &document.items {
            merge.keep(&subject, &item_field(&item.number), &item.title);
        }
    }
    let trace = listed::trace(merge.work, document.meeting.as_ref());
    let trace = Trace { by: by.cloned(), ..trace };
    let meeting = document.meeting.as_ref().map(|meeting| &meeting.reference);
    for row in &document.contributions {
        merge.attempt(|merge| merge.contribution(row, meeting, &trace));
    }
    for remark in &document.remarks {
        merge.attempt(|merge| merge.doubt(remark, None));
    }
    for (contribution, text) in std::mem::take(&mut merge.doubtful) {
        merge.attempt(|merge| merge.doubt(&text, Some(contribution)));
    }
    merge.tell(document, before);
    let exported = merge.exported();
    Merged { cells: merge.cells, exported, told: merge.told }
}

#[derive(Default)]
struct Counts {
    new: usize,
    changed: usize,
    conflicts: usize,
    doubts: usize,
}

struct Merge<'a> {
    work: &'a mut Work,
    by: Option<&'a EmailAddress>,
    /// The export that the document was made from.
    made_from: Option<&'a str>,
    cells: Vec<Cell>,
    /// What that export, and documents that were made from it, did not say.
    new_cells: Vec<Cell>,
    /// What the document makes: all of it is the document's own.
    made: BTreeSet<Subject>,
    counts: Counts,
    told: Vec<(LineOutcome, Text)>,
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

    /// What the cell said in the document that this one was made from, oldest first: the export that it names and
    /// the documents made from that, else the last that was imported.
    fn said(&self, subject: &Subject, field: &str) -> &[String] {
        let key = (subject.clone(), field.to_owned());
        let known = &self.work.known;
        let of_export = self.made_from.map(|name| known.exports.get(name));
        match of_export {
            Some(None) => &[],
            Some(Some(said)) if said.contains_key(&key) => said.get(&key).map(Vec::as_slice).unwrap_or_default(),
            _ => known.baseline.get(&key).map(std::slice::from_ref).unwrap_or_default(),
        }
    }

    /// What the cell said last in the document that this one was made from.
    fn base(&self, subject: &Subject, field: &str) -> Option<String> {
        self.said(subject, field).last().cloned()
    }

    /// Whether the cell said so before, in the document that this one was made from: it is no news then.
    fn is_said(&self, subject: &Subject, field: &str, cell: &str) -> bool {
        self.said(subject, field).iter().any(|said| folded(said) == folded(cell))
    }

    /// Whether nobody knows any more what the document was made from, so that what it says of the subject may be old.
    fn is_lost(&self, subject: &Subject) -> bool {
        self.made_from.is_some_and(|name| !self.work.known.exports.contains_key(name)) && !self.made.contains(subject)
    }

    /// Keeps what a cell says: the base of the next merge, also of one with the same export's document.
    fn keep(&mut self, subject: &Subject, field: &str, cell: &str) {
        let kept: Cell = (subject.clone(), field.to_owned(), cell.to_owned());
        if !self.is_said(subject, field, cell) {
            self.new_cells.push(kept.clone());
        }
        self.cells.push(kept);
    }

    /// What the document says that the export and the documents made from it did not.
    fn exported(&self) -> Option<Exported> {
        let name = self.made_from.filter(|name| self.work.known.exports.contains_key(*name))?;
        let cells = self.new_cells.clone();
        (!cells.is_empty()).then(|| Exported { name: name.to_owned(), is_export: false, cells })
    }

    /// One cell of a row: `value` is what its text means, `cell` the text itself.
    fn cell(&mut self, subject: &Subject, field: &str, cell: &str, value: Option<String>) -> Result<(), Refusal> {
        if cell.trim().is_empty() {
            return Ok(());
        }
        let base = self.base(subject, field);
        let same_as_last = self.is_said(subject, field, cell);
        self.keep(subject, field, cell);
        let now = rulings::current(self.work, subject, field);
        let (Some(value), false) = (value, same_as_last) else { return Ok(()) };
        if now.as_deref().map(folded) == Some(folded(&value)) {
            return Ok(());
        }
        let base_value = base.as_deref().and_then(|base| meaning(field, base));
        let untouched = match (&now, &base_value) {
            (None, _) => !self.is_lost(subject),
            (Some(now), Some(base)) => folded(now) == folded(base),
            (Some(_), None) => false,
        };
        if untouched {
            self.work.change(subject.clone(), field, now, Some(value))?;
            self.counts.changed += 1;
        } else if self.ask(RequestKind::Conflict {
            subject: subject.clone(),
            field: field.to_owned(),
            document: Some(value),
        })? {
            self.counts.conflicts += 1;
        }
        Ok(())
    }

    fn action(&mut self, row: &crate::agenda::ActionItemRow) -> Result<(), Refusal> {
        let subject = Subject::Action(row.reference.clone());
        let status = meaning(ActionField::Status.as_str(), &row.status);
        if status.is_none() && !row.status.trim().is_empty() {
            self.doubt(&format!("{}: status \"{}\"", row.reference, folded(&row.status)), None)?;
        }
        let owners = Owners::from(row.who.as_str());
        // Who owns it already was asked about when they came.
        let known = self.work.known.actions.get(&row.reference);
        let known = known.filter(|_| !self.work.known.taken_back.contains(&subject));
        if known.is_none_or(|known| folded(known.who.as_str()) != folded(&row.who)) {
            self.unknown_owners(&row.reference.to_string(), &owners)?;
        }
        let cells = [
            (ActionField::What, row.what.as_str(), Some(row.what.trim().to_owned())),
            (ActionField::Who, row.who.as_str(), Some(row.who.trim().to_owned())),
            (ActionField::Status, row.status.as_str(), status.clone()),
        ];
        if self.work.known.actions.contains_key(&row.reference) {
            let is_back = self.bring_back(&subject, status.as_deref())?;
            for (field, cell, value) in cells {
                if is_back {
                    self.cell_of_new(&subject, field.as_str(), cell, value)?;
                } else {
                    self.cell(&subject, field.as_str(), cell, value)?;
                }
            }
            return Ok(());
        }
        for (field, cell, _) in &cells {
            if !cell.trim().is_empty() {
                self.keep(&subject, field.as_str(), cell);
            }
        }
        let status = status.and_then(|status| status.parse().ok()).unwrap_or(Status::Open);
        let item = ActionItem {
            what: row.what.trim().to_owned(),
            who: owners,
            status,
            priority: rulings::priority_in(&row.what),
            ..ActionItem::new(row.reference.clone())
        };
        self.work.make_action(&item)?;
        self.counts.new += 1;
        Ok(())
    }

    /// An action item that a document made which was taken back, and that no other names: this one makes it again.
    fn bring_back(&mut self, subject: &Subject, status: Option<&str>) -> Result<bool, Refusal> {
        let field = ActionField::Status.as_str();
        let is_named = self.work.known.baseline.contains_key(&(subject.clone(), field.to_owned()));
        let now = rulings::current(self.work, subject, field);
        let is_cancelled = now.as_deref() == Some(&Status::Cancelled.to_string());
        if is_named || self.is_lost(subject) || !is_cancelled || !self.work.known.taken_back.contains(subject) {
            return Ok(false);
        }
        let status = status.map_or_else(|| Status::Open.to_string(), str::to_owned);
        self.work.change(subject.clone(), field, now, Some(status))?;
        self.counts.new += 1;
        Ok(true)
    }

    /// One cell of a row that is all the document's own: nobody has said otherwise since.
    fn cell_of_new(
        &mut self,
        subject: &Subject,
        field: &str,
        cell: &str,
        value: Option<String>,
    ) -> Result<(), Refusal> {
        if cell.trim().is_empty() {
            return Ok(());
        }
        self.keep(subject, field, cell);
        let now = rulings::current(self.work, subject, field);
        if value.is_some() && now.as_deref().map(folded) != value.as_deref().map(folded) {
            self.work.change(subject.clone(), field, now, value)?;
        }
        Ok(())
    }

    /// An unknown organization is kept, listed, and grants nothing.
    fn unknown_owners(&mut self, reference: &str, owners: &Owners) -> Result<(), Refusal> {
        for owner in owners.list().into_iter().filter(|owner| owner.part != Part::Any) {
            let roster = &self.work.known.roster;
            let known = roster.organization(&owner.name).is_some()
                || roster.members.iter().any(|member| roster.is_meant(member, &owner.name));
            if !known {
                self.doubt(&format!("{reference}: owner \"{}\" is in no roster", owner.name), None)?;
            }
        }
        Ok(())
    }

    fn contribution(
        &mut self,
        row: &crate::agenda::ContributionRow,
        meeting: Option<&MeetingRef>,
        trace: &Trace,
    ) -> Result<(), Refusal> {
        let subject = Subject::Contribution(row.reference.clone());
        // One that was taken back has nothing left but its reference.
        let known = self.work.known.contributions.get(&row.reference);
        let is_new = known.is_none_or(|known| known.title.is_empty() && known.life.is_empty());
        if is_new {
            self.made.insert(subject.clone());
        }
        let changed = self.counts.changed;
        let deliverable = row.deliverable.clone().unwrap_or_default();
        let on_agenda_of = meeting.map(ToString::to_string).unwrap_or_default();
        let status_before = self.base(&subject, ContributionField::StatusCell.as_str());
        let differs = |field: ContributionField, cell: &str| !self.is_said(&subject, field.as_str(), cell);
        // What was imported before lives were kept is read now.
        let known = self.work.known.contributions.get(&row.reference);
        let unread = known.is_none_or(|known| known.life.is_empty());
        let mut reference_changed = differs(ContributionField::ReferenceCell, &row.reference_cell) || unread;
        let is_blank = row.status_cell.trim().is_empty();
        let mut status_changed = !is_blank && differs(ContributionField::StatusCell, &row.status_cell) || unread;
        let is_read = |known: &&Contribution| !known.life.is_empty() || known.reference_cell.is_empty();
        if let Some(known) = known.filter(is_read).filter(|_| reference_changed || status_changed) {
            // What an export would say now is nothing new.
            let now = out::cells(known, &self.work.rules()?.references);
            reference_changed &= folded(&now.reference) != folded(&row.reference_cell);
            status_changed &= folded(&now.status) != folded(&row.status_cell);
        }
        let cells = [
            (ContributionField::Title, row.title.as_str()),
            (ContributionField::ReferenceCell, row.reference_cell.as_str()),
            (ContributionField::Source, row.source.as_str()),
            (ContributionField::AgendaItem, row.agenda_item.as_str()),
            (ContributionField::Deliverable, deliverable.as_str()),
            (ContributionField::Meeting, on_agenda_of.as_str()),
        ];
        for (field, cell) in cells {
            let acts = reference_changed || field != ContributionField::ReferenceCell;
            self.cell(&subject, field.as_str(), cell, acts.then(|| cell.to_owned()))?;
        }
        // What may be old is read only once somebody rules that it counts.
        reference_changed &= !self.is_lost(&subject);
        let listed =
            Listed { row, reference_changed, status_before: status_before.as_deref(), status_changed, trace, meeting };
        self.status(&listed)?;
        if is_new {
            self.counts.changed = changed;
            self.counts.new += 1;
        }
        Ok(())
    }

    /// The status cell of a row: what it says acts where it differs from what it said last.
    fn status(&mut self, listed: &Listed<'_>) -> Result<(), Refusal> {
        let row = listed.row;
        let (subject, field) = listed::status_of(&row.reference);
        let changes = self.work.changes.len();
        let is_old = listed.status_changed && self.is_lost(&subject);
        let came = if is_old { Came::Contradicts } else { listed::take(self.work, listed)? };
        if row.status_cell.trim().is_empty() {
            return Ok(());
        }
        self.keep(&subject, &field, &row.status_cell);
        if came == Came::Contradicts {
            let document = Some(row.status_cell.clone());
            self.counts.conflicts += usize::from(self.ask(RequestKind::Conflict { subject, field, document })?);
            return Ok(());
        }
        if listed.status_changed
            && let Some(text) = listed::doubt(self.work, row)?
        {
            self.doubtful.push((row.reference.clone(), text));
        }
        let now = rulings::current(self.work, &subject, &field);
        if listed.status_changed && now.as_deref().map(folded) != Some(folded(&row.status_cell)) {
            self.work.change(subject.clone(), field, now, Some(row.status_cell.clone()))?;
        }
        if let Some(meeting) = listed.meeting.filter(|_| self.work.changes.len() > changes) {
            // What is said of it there, it is on that agenda: also where it was only carried over to it.
            let field = ContributionField::Meeting.as_str();
            let now = rulings::current(self.work, &subject, field);
            self.work.change(subject, field, now, Some(meeting.to_string()))?;
        }
        self.counts.changed += usize::from(self.work.changes.len() > changes);
        Ok(())
    }

    fn meeting(&mut self, meeting: &AgendaMeeting, sessions: &[Session]) -> Result<(), Refusal> {
        let subject = Subject::Meeting(meeting.reference.clone());
        let is_new = self.work.known.meeting_by_reference(&meeting.reference).is_none();
        if is_new {
            self.made.insert(subject.clone());
        }
        let changed = self.counts.changed;
        let taken_back = self.work.known.meeting_by_reference(&meeting.reference).filter(|known| known.is_empty());
        if taken_back.is_some_and(|known| known.cancelled) && !self.is_lost(&subject) {
            self.work.change(subject.clone(), "cancelled", Some("yes".to_owned()), None)?;
        }
        let cells = [
            ("plenary", meeting.plenary.as_ref().map(ToString::to_string)),
            ("start", meeting.start.map(|day| day.to_string())),
            ("end", meeting.end.map(|day| day.to_string())),
            ("place", meeting.place.clone()),
        ];
        for (field, cell) in cells {
            let Some(cell) = cell else { continue };
            self.cell(&subject, field, &cell, Some(cell.clone()))?;
        }
        for session in sessions {
            // What the last document said of that time acts no more: it may have been moved by mail since.
            let field = session_field(session);
            let same_as_last = self.is_said(&subject, &field, &session.to_string());
            self.keep(&subject, &field, &session.to_string());
            if same_as_last {
                continue;
            }
            let known = self.work.known.meeting_by_reference(&meeting.reference);
            let known = known.map_or(&[][..], |known| &known.sessions);
            let same_time =
                known.iter().find(|known| known.date == session.date && known.start == session.start).cloned();
            if known.contains(session) {
                continue;
            }
            if self.is_lost(&subject) {
                let text = format!(
                    "{}: the session \"{session}\" is of an agenda that is not kept any more",
                    meeting.reference
                );
                self.doubt(&text, None)?;
                continue;
            }
            let from = same_time.map(|known| known.to_string());
            self.work.change(subject.clone(), "session", from, Some(session.to_string()))?;
            self.counts.changed += 1;
        }
        if is_new {
            self.counts.changed = changed;
        }
        Ok(())
    }
}

/// The field under which the cell of a session is kept.
pub(super) fn session_field(session: &Session) -> String {
    format!("session {} {}", session.date, session.start.strftime("%H:%M"))
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
