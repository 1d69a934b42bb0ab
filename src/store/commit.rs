//! What comes of a decision: journal, history, the state itself, receipts, and mails to be sent.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::query;

use crate::decide::{Entry, Input, Known, Outcome};
use crate::domain::{
    ActionItem, ActionItemRef, Contribution, ContributionRef, Meeting, MeetingRef, Member, Organization, Request,
    Subject,
};

use super::StoreError;
use super::batch::{Batch, OutgoingMail};
use super::error::{Doing as _, Result};
use super::value::to_json;

/// What a decision touched, as it is known afterwards.
#[derive(Default)]
struct Touched<'a> {
    actions: Vec<&'a ActionItem>,
    contributions: Vec<ContributionRow<'a>>,
    meetings: Vec<&'a Meeting>,
    organizations: Vec<&'a Organization>,
    members: Vec<&'a Member>,
    requests: Vec<&'a Request>,
}

/// A contribution with the parts of its reference that it is looked up by.
#[derive(Serialize)]
struct ContributionRow<'a> {
    year: u16,
    number: u16,
    #[serde(flatten)]
    contribution: &'a Contribution,
}

impl Batch {
    /// Writes a decision: the entry it was made from, what changed, and the mails it sends.
    /// `message` is the message it came from. Returns its place in the journal.
    ///
    /// `outcome.known` must be what [`Batch::load`] gave, with `outcome.changes` applied: the rows of
    /// changed subjects are written from it, and the next decision of the batch starts from it.
    ///
    /// # Errors
    /// Where the database fails, or the outcome contradicts itself: the message's part of the batch
    /// must be rolled back.
    pub async fn commit_decision(
        &mut self,
        message: Option<i64>,
        entry: &Entry,
        outcome: Outcome,
        mails: &[OutgoingMail],
    ) -> Result<i64> {
        self.commit_decision_as(None, message, entry, outcome, mails).await
    }

    /// As [`Batch::commit_decision`], at a given place in the journal.
    pub(super) async fn commit_decision_as(
        &mut self,
        seq: Option<i64>,
        message: Option<i64>,
        entry: &Entry,
        outcome: Outcome,
        mails: &[OutgoingMail],
    ) -> Result<i64> {
        let seq = self.write_entry(seq, message, entry).await?;
        if matches!(entry.input, Input::Rules(_)) {
            self.write_rules(&outcome.known, entry.at).await?;
        }
        if let Input::Occasion(due) = &entry.input {
            self.write_occasion(seq, entry.at, due, &outcome).await?;
        }
        if !outcome.changes.is_empty() {
            self.write_history(seq, entry, &outcome).await?;
            self.write_touched(touched(&outcome)?).await?;
        }
        self.write_receipts(seq, entry, &outcome).await?;
        self.write_baseline(&outcome.cells).await?;
        self.write_mails(seq, mails).await?;
        // A dry run leaves in `known` what would have been.
        if !outcome.answer.is_some_and(|answer| answer.dry_run) {
            self.keep(outcome.known);
        }
        Ok(seq)
    }

    async fn write_entry(&mut self, seq: Option<i64>, message: Option<i64>, entry: &Entry) -> Result<i64> {
        let (at, json) = (entry.at.as_millisecond(), to_json("journal entry", entry)?);
        let row = query!(
            r#"INSERT INTO journal (seq, group_id, at, message, entry) VALUES (?1, ?2, ?3, ?4, ?5)
               RETURNING seq AS "seq!""#,
            seq,
            self.group,
            at,
            message,
            json
        )
        .fetch_one(&mut *self.tx)
        .await
        .doing("writing the journal")?;
        Ok(row.seq)
    }

    async fn write_rules(&mut self, known: &Known, at: Timestamp) -> Result<()> {
        let rules = known.rules.as_ref().map(|rules| to_json("group's rules", rules)).transpose()?;
        let at = at.as_millisecond();
        // Digests that are turned on or moved begin then, and not with what was due before.
        query!(
            "UPDATE groups SET rules = ?2, digests_since =
                 CASE WHEN (rules -> '$.digest') IS NOT (?2 -> '$.digest') THEN ?3 ELSE digests_since END
             WHERE id = ?1",
            self.group,
            rules,
            at
        )
        .execute(&mut *self.tx)
        .await
        .doing("writing the group's rules")?;
        Ok(())
    }

    async fn write_history(&mut self, seq: i64, entry: &Entry, outcome: &Outcome) -> Result<()> {
        let at = entry.at.as_millisecond();
        let message_id = match &entry.input {
            Input::Mail(mail) => Some(mail.message_id.as_str()),
            _ => None,
        };
        let changes = to_json("changes", &outcome.changes)?;
        query!(
            "INSERT INTO history (group_id, seq, at, by, message_id, subject, field, from_value, to_value)
             SELECT ?1, ?2, ?3, ?4, ?5, value ->> 'subject', value ->> 'field', value ->> 'from', value ->> 'to'
             FROM json_each(?6) ORDER BY key",
            self.group,
            seq,
            at,
            outcome.by,
            message_id,
            changes
        )
        .execute(&mut *self.tx)
        .await
        .doing("writing history")?;
        Ok(())
    }

    async fn write_touched(&mut self, touched: Touched<'_>) -> Result<()> {
        if !touched.actions.is_empty() {
            let rows = to_json("action items", &touched.actions)?;
            query!(
                "INSERT INTO actions
                 (group_id, reference, what, who, status, due, priority, notes, proposed_by, became)
                 SELECT ?1, value ->> 'reference', value ->> 'what', value ->> 'who', value ->> 'status',
                        value ->> 'due', value ->> 'priority', value -> 'notes', value ->> 'proposed_by',
                        value ->> 'became'
                 FROM json_each(?2) WHERE true
                 ON CONFLICT (group_id, reference) DO UPDATE SET
                     what = excluded.what, who = excluded.who, status = excluded.status, due = excluded.due,
                     priority = excluded.priority, notes = excluded.notes, proposed_by = excluded.proposed_by,
                     became = excluded.became",
                self.group,
                rows
            )
            .execute(&mut *self.tx)
            .await
            .doing("writing action items")?;
        }
        if !touched.contributions.is_empty() {
            let rows = to_json("contributions", &touched.contributions)?;
            query!(
                "INSERT INTO contributions
                 (group_id, reference, year, number, reference_cell, title, source, agenda_item, deliverable,
                  status_cell, meeting)
                 SELECT ?1, value ->> 'reference', value ->> 'year', value ->> 'number', value ->> 'reference_cell',
                        value ->> 'title', value ->> 'source', value ->> 'agenda_item', value ->> 'deliverable',
                        value ->> 'status_cell', value ->> 'meeting'
                 FROM json_each(?2) WHERE true
                 ON CONFLICT (group_id, reference) DO UPDATE SET
                     reference_cell = excluded.reference_cell, title = excluded.title, source = excluded.source,
                     agenda_item = excluded.agenda_item, deliverable = excluded.deliverable,
                     status_cell = excluded.status_cell, meeting = excluded.meeting",
                self.group,
                rows
            )
            .execute(&mut *self.tx)
            .await
            .doing("writing contributions")?;
        }
        if !touched.meetings.is_empty() {
            let rows = to_json("meetings", &touched.meetings)?;
            query!(
                "INSERT INTO meetings (group_id, reference, meeting)
                 SELECT ?1, value ->> 'reference', value FROM json_each(?2) WHERE true
                 ON CONFLICT (group_id, reference) DO UPDATE SET meeting = excluded.meeting",
                self.group,
                rows
            )
            .execute(&mut *self.tx)
            .await
            .doing("writing meetings")?;
        }
        if !touched.organizations.is_empty() {
            let rows = to_json("organizations", &touched.organizations)?;
            query!(
                "INSERT INTO organizations (group_id, name, organization)
                 SELECT ?1, value ->> 'name', value FROM json_each(?2) WHERE true
                 ON CONFLICT (group_id, name) DO UPDATE SET organization = excluded.organization",
                self.group,
                rows
            )
            .execute(&mut *self.tx)
            .await
            .doing("writing organizations")?;
        }
        if !touched.members.is_empty() {
            let rows = to_json("members", &touched.members)?;
            query!(
                "INSERT INTO members (group_id, id, member)
                 SELECT ?1, value ->> 'id', value FROM json_each(?2) WHERE true
                 ON CONFLICT (group_id, id) DO UPDATE SET member = excluded.member",
                self.group,
                rows
            )
            .execute(&mut *self.tx)
            .await
            .doing("writing members")?;
        }
        if !touched.requests.is_empty() {
            let rows = to_json("requests", &touched.requests)?;
            query!(
                "INSERT INTO requests (group_id, id, state, request)
                 SELECT ?1, value ->> 'id', value ->> 'state', value FROM json_each(?2) WHERE true
                 ON CONFLICT (group_id, id) DO UPDATE SET state = excluded.state, request = excluded.request",
                self.group,
                rows
            )
            .execute(&mut *self.tx)
            .await
            .doing("writing requests")?;
        }
        Ok(())
    }

    async fn write_receipts(&mut self, seq: i64, entry: &Entry, outcome: &Outcome) -> Result<()> {
        if let Some(receipt) = &outcome.receipt {
            let at = entry.at.as_millisecond();
            query!(
                "INSERT INTO receipts (group_id, receipt, seq, at, by) VALUES (?1, ?2, ?3, ?4, ?5)",
                self.group,
                receipt,
                seq,
                at,
                outcome.by
            )
            .execute(&mut *self.tx)
            .await
            .doing("writing a receipt")?;
        }
        if let Some(undone) = &outcome.undone {
            let done = query!(
                "UPDATE receipts SET undone = 1 WHERE group_id = ?1 AND receipt = ?2 AND undone = 0",
                self.group,
                undone
            )
            .execute(&mut *self.tx)
            .await
            .doing("marking a message undone")?;
            if done.rows_affected() != 1 {
                return Err(StoreError::Refused(format!("what {undone} did has been undone before")));
            }
        }
        Ok(())
    }

    async fn write_baseline(&mut self, cells: &[(Subject, String, String)]) -> Result<()> {
        if cells.is_empty() {
            return Ok(());
        }
        let cells = to_json("cells", cells)?;
        query!(
            "INSERT INTO baseline (group_id, subject, field, cell)
             SELECT ?1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2) WHERE true
             ON CONFLICT (group_id, subject, field) DO UPDATE SET cell = excluded.cell",
            self.group,
            cells
        )
        .execute(&mut *self.tx)
        .await
        .doing("writing the document's cells")?;
        Ok(())
    }

    async fn write_mails(&mut self, seq: i64, mails: &[OutgoingMail]) -> Result<()> {
        for mail in mails {
            let packed = self.packer()?.pack(&mail.raw)?;
            let recipient = mail.recipient.as_str();
            let state = if mail.parked.is_some() { "parked" } else { "waiting" };
            query!(
                "INSERT INTO outbox
                 (group_id, seq, message_id, recipient, subject, zstd, state, created_at, next_at, error)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)",
                self.group,
                seq,
                mail.message_id,
                recipient,
                mail.subject,
                packed,
                state,
                self.now,
                mail.parked
            )
            .execute(&mut *self.tx)
            .await
            .doing("writing the outbox")?;
        }
        let rows: Vec<_> = mails
            .iter()
            .flat_map(|mail| mail.rows.iter().map(|(number, subject)| (&mail.message_id, number, subject)))
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let rows = to_json("rows of mails", &rows)?;
        query!(
            "INSERT INTO sent_rows (group_id, message_id, number, subject)
             SELECT ?1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2)",
            self.group,
            rows
        )
        .execute(&mut *self.tx)
        .await
        .doing("writing the rows of mails")?;
        Ok(())
    }
}

/// The subjects of an outcome's changes, as they are afterwards.
fn touched(outcome: &Outcome) -> Result<Touched<'_>> {
    let known = &outcome.known;
    let mut touched = Touched::default();
    let subjects: BTreeSet<&Subject> = outcome.changes.iter().map(|change| &change.subject).collect();
    for subject in subjects {
        let found = match subject {
            Subject::Action(reference) => action(known, reference).map(|item| touched.actions.push(item)),
            Subject::Contribution(reference) => {
                contribution(known, reference).map(|row| touched.contributions.push(row))
            }
            Subject::Meeting(reference) => meeting(known, reference).map(|row| touched.meetings.push(row)),
            Subject::Organization(name) => {
                let named = known.roster.organizations.iter().find(|organization| organization.name == *name);
                named.map(|organization| touched.organizations.push(organization))
            }
            Subject::Member(id) => known.roster.member(*id).map(|member| touched.members.push(member)),
            Subject::Request(id) => known.requests.get(id).map(|request| touched.requests.push(request)),
        };
        if found.is_none() {
            return Err(StoreError::Refused(format!("a change of {subject}, which is not known")));
        }
    }
    Ok(touched)
}

fn action<'a>(known: &'a Known, reference: &ActionItemRef) -> Option<&'a ActionItem> {
    known.actions.get(reference)
}

fn contribution<'a>(known: &'a Known, reference: &ContributionRef) -> Option<ContributionRow<'a>> {
    let contribution = known.contributions.get(reference)?;
    Some(ContributionRow { year: reference.year, number: reference.number, contribution })
}

fn meeting<'a>(known: &'a Known, reference: &MeetingRef) -> Option<&'a Meeting> {
    known.meeting_by_reference(reference)
}
