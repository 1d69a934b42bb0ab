//! The rows of a document: action items and contributions.

use crate::agenda::{ActionItemRow, ContributionRow, out};
use crate::decide::listed::{self, Came, Listed};
use crate::decide::rulings;
use crate::decide::work::Refusal;
use crate::domain::life::Trace;
use crate::domain::{
    ActionField, ActionItem, Contribution, ContributionField, ContributionRef, MeetingRef, Owners, Part, Phrase,
    Status, Subject,
};

use super::{Merge, folded, meaning};

impl Merge<'_> {
    pub(super) fn action(&mut self, row: &ActionItemRow) -> Result<(), Refusal> {
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

    pub(super) fn contribution(
        &mut self,
        row: &ContributionRow,
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
        let deliverable = row.deliverable.clone().unwrap_or_default();
        let status_before = self.base.cell(&subject, ContributionField::StatusCell.as_str()).map(ToOwned::to_owned);
        let reference_before =
            self.base.cell(&subject, ContributionField::ReferenceCell.as_str()).map(ToOwned::to_owned);
        let differs = |field: ContributionField, cell: &str| !self.is_untouched(&subject, field.as_str(), cell);
        // What was imported before lives were kept is read now.
        let known = self.work.known.contributions.get(&row.reference);
        let unread = known.is_none_or(|known| known.life.is_empty()) && !self.is_overtaken(&subject);
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
        ];
        for (field, cell) in cells {
            let acts = reference_changed || field != ContributionField::ReferenceCell;
            self.cell(&subject, field.as_str(), cell, acts.then(|| cell.to_owned()))?;
        }
        let meeting = self.on_agenda_of(&row.reference, meeting)?;
        // What may be old is read only once somebody rules that it counts.
        reference_changed &= !self.is_lost(&subject);
        let listed = Listed {
            row,
            reference_before: reference_before.as_deref(),
            reference_changed,
            status_before: status_before.as_deref(),
            status_changed,
            trace,
            meeting,
            is_sequel: self.base.is_last,
        };
        self.status(&listed)?;
        self.counts.new += usize::from(is_new);
        Ok(())
    }

    /// Puts a contribution on the agenda of the document's meeting, but for one that is on a later meeting's already:
    /// there it stays. The meeting, where it is on its agenda.
    fn on_agenda_of<'a>(
        &mut self,
        own: &ContributionRef,
        meeting: Option<&'a MeetingRef>,
    ) -> Result<Option<&'a MeetingRef>, Refusal> {
        let Some(meeting) = meeting else { return Ok(None) };
        let (subject, field) = (Subject::Contribution(own.clone()), ContributionField::Meeting.as_str());
        let now = self.work.known.contributions.get(own).and_then(|known| known.meeting.as_ref());
        if now.is_some_and(|now| self.is_later(now, meeting)) {
            self.left.push((subject, field.to_owned(), meeting.to_string()));
            return Ok(None);
        }
        self.cell(&subject, field, &meeting.to_string(), Some(meeting.to_string()))?;
        Ok(Some(meeting))
    }

    /// The status cell of a row: what it says acts where it differs from what it said last.
    fn status(&mut self, listed: &Listed<'_>) -> Result<(), Refusal> {
        let row = listed.row;
        let (subject, field) = listed::status_of(&row.reference);
        let changes = self.work.changes.len();
        let is_lost = listed.status_changed && self.is_lost(&subject);
        let came = if is_lost { Came::Contradicts } else { listed::take(self.work, listed)? };
        if row.status_cell.trim().is_empty() {
            return Ok(());
        }
        let is_untouched = self.is_untouched(&subject, &field, &row.status_cell);
        self.keep(&subject, &field, &row.status_cell);
        if is_untouched {
            return self.leave_status(row);
        }
        if came == Came::Contradicts {
            return self.conflict(&subject, &field, row.status_cell.clone());
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
        Ok(())
    }

    /// What an older document says of where a contribution stands, and no agenda would say any more, is only told.
    fn leave_status(&mut self, row: &ContributionRow) -> Result<(), Refusal> {
        let Some(known) = self.work.known.contributions.get(&row.reference) else { return Ok(()) };
        let scheme = &self.work.rules()?.references;
        let now = out::cells(known, scheme).status;
        let phrase = Phrase::read(&row.status_cell, scheme);
        let is_decided_so = phrase.decisions().last().zip(known.life.decisions.last()).is_some_and(|(said, last)| {
            said.1 == last.outcome && said.0.is_none_or(|revision| revision == last.revision)
        });
        if folded(&now) != folded(&row.status_cell) && !is_decided_so {
            let (subject, field) = listed::status_of(&row.reference);
            self.leave(&subject, &field, row.status_cell.clone());
        }
        Ok(())
    }
}
