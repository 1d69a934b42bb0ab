//! What comes of a decision: journal, history, the state itself, receipts, and mails to be sent.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::query;

use crate::decide::{Entry, Input, Known, Outcome};
use crate::domain::Subject;

use super::batch::OutgoingMail;
use super::error::{Doing as _, Result};
use super::pending::{ApprovalRow, ContributionRow, PackedMail, Touched, Written};
use super::value::to_json;
use super::{Batch, StoreError};

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
        let seq = match seq {
            Some(seq) => seq,
            None => self.take_seq().await?,
        };
        let packed = mails.iter().map(|mail| self.packed(mail)).collect::<Result<_>>()?;
        let message_id = match &entry.input {
            Input::Mail(mail) => Some(mail.message_id.clone()),
            Input::Absence(absence) => Some(absence.message_id.clone()),
            Input::Notice(notice) => Some(notice.message_id.clone()),
            Input::Exposed { message_id, .. } => Some(message_id.clone()),
            _ => None,
        };
        self.pending.push(Written {
            seq,
            at: entry.at.as_millisecond(),
            message,
            entry: to_json("journal entry", entry)?,
            by: outcome.by.clone(),
            message_id,
            touched: touched(&outcome)?,
            changes: outcome.changes.clone(),
            receipt: outcome.receipt.clone(),
            undone: outcome.undone.clone(),
            cells: outcome.cells.clone(),
            exports: outcome.exports.clone(),
            mails: packed,
        });
        if matches!(entry.input, Input::Rules(_)) {
            self.write_rules(&outcome.known, entry.at).await?;
        }
        if let Input::Occasion(due) = &entry.input {
            self.write_occasion(seq, entry.at, due, &outcome).await?;
        }
        if let Input::Exposed { tags, .. } = &entry.input {
            self.write_exposed(seq, tags).await?;
        }
        if outcome.undone.is_some() {
            // That it was not undone before is seen when it is written.
            self.writing().await?;
        }
        self.remembered.changed(&outcome);
        // A dry run leaves in `known` what would have been.
        if !outcome.answer.is_some_and(|answer| answer.dry_run) {
            self.keep(outcome.known);
        }
        Ok(seq)
    }

    fn packed(&mut self, mail: &OutgoingMail) -> Result<PackedMail> {
        Ok(PackedMail {
            message_id: mail.message_id.clone(),
            recipient: mail.recipient.clone(),
            subject: mail.subject.clone(),
            zstd: self.packer()?.pack(&mail.raw)?,
            rows: mail.rows.clone(),
            parked: mail.parked.clone(),
        })
    }

    async fn write_rules(&mut self, known: &Known, at: Timestamp) -> Result<()> {
        let rules = known.rules.as_ref().map(|rules| to_json("group's rules", rules)).transpose()?;
        let at = at.as_millisecond();
        // What is turned on or moved begins then, and not with what was due before.
        query!(
            "UPDATE groups SET rules = ?2,
                 digests_since =
                 CASE WHEN (rules -> '$.digest') IS NOT (?2 -> '$.digest') THEN ?3 ELSE digests_since END,
                 reminders_since =
                 CASE WHEN (rules -> '$.reminders') IS NOT (?2 -> '$.reminders') THEN ?3 ELSE reminders_since END
             WHERE id = ?1",
            self.group,
            rules,
            at
        )
        .execute(self.writing().await?)
        .await
        .doing("writing the group's rules")?;
        Ok(())
    }
}

/// The subjects of an outcome's changes, as they are afterwards.
fn touched(outcome: &Outcome) -> Result<Touched> {
    let known = &outcome.known;
    let mut touched = Touched::default();
    let subjects: BTreeSet<&Subject> = outcome.changes.iter().map(|change| &change.subject).collect();
    for subject in subjects {
        let found = match subject {
            Subject::Action(reference) => known.actions.get(reference).map(|item| touched.actions.push(item.clone())),
            Subject::Contribution(reference) => known.contributions.get(reference).map(|contribution| {
                let (year, number, contribution) = (reference.year, reference.number, contribution.clone());
                touched.contributions.push(ContributionRow { year, number, contribution });
            }),
            Subject::Meeting(reference) => {
                known.meeting_by_reference(reference).map(|meeting| touched.meetings.push(meeting.clone()))
            }
            Subject::Organization(name) => {
                let named = known.roster.organizations.iter().find(|organization| organization.name == *name);
                named.map(|organization| touched.organizations.push(organization.clone()))
            }
            Subject::Member(id) => known.roster.member(*id).map(|member| touched.members.push(member.clone())),
            Subject::Request(id) => known.requests.get(id).map(|request| touched.requests.push(request.clone())),
            Subject::Approval(of) => known.approvals.get(of).map(|approval| {
                let (contribution, approval) = (of.contribution().cloned(), approval.clone());
                touched.approvals.push(ApprovalRow { contribution, approval });
            }),
            Subject::Call(day) => known.calls.get(day).map(|call| touched.calls.push(call.clone())),
        };
        if found.is_none() {
            return Err(StoreError::Refused(format!("a change of {subject}, which is not known")));
        }
    }
    Ok(touched)
}
