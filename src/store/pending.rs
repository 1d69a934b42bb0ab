//! What decisions have to write, and how it is written: many rows to a statement.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use serde::Serialize;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, query};

use crate::decide::Exported;
use crate::domain::{
    ActionItem, Approval, Call, Change, Contribution, ContributionRef, EmailAddress, Meeting, Member, Organization,
    Request, Subject,
};

use super::StoreError;
use super::error::{Doing as _, Result};
use super::value::to_json;
use super::{baseline, exports};

/// Rows of a statement that binds each value by itself: far below SQLite's 32,766 parameters. Only the
/// statement of so many is kept prepared: fewer rows are another text each, and would push the others out.
///
/// So go rows of a few plain values of which a batch has many: taken out of JSON, each value costs
/// several times what writing it does.
const ROWS: usize = 256;

/// The tables that decisions write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Journal,
    History,
    Actions,
    Contributions,
    Meetings,
    Organizations,
    Members,
    Requests,
    Approvals,
    Calls,
    Receipts,
    Baseline,
    Outbox,
    SentRows,
}

/// Decisions that are not written yet, in order.
#[derive(Debug, Default)]
pub(super) struct Pending(Vec<Written>);

/// What one decision has to write.
#[derive(Debug)]
pub(super) struct Written {
    /// Its place in the journal.
    pub(super) seq: i64,
    /// When, in milliseconds since 1970.
    pub(super) at: i64,
    /// The message that it came from.
    pub(super) message: Option<i64>,
    /// The entry, as JSON.
    pub(super) entry: String,
    /// Who did it.
    pub(super) by: String,
    /// By which mail.
    pub(super) message_id: Option<String>,
    /// What changed.
    pub(super) changes: Vec<Change>,
    /// What it touched, as that is afterwards.
    pub(super) touched: Touched,
    /// The receipt under which it can be undone.
    pub(super) receipt: Option<String>,
    /// The receipt of what it undoes.
    pub(super) undone: Option<String>,
    /// What a document's cells say.
    pub(super) cells: Vec<(Subject, String, String)>,
    /// What exports said, and documents that were made from them.
    pub(super) exports: Vec<Exported>,
    /// The mails that it sends.
    pub(super) mails: Vec<PackedMail>,
}

/// What a decision touched, as it is known afterwards.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) actions: Vec<ActionItem>,
    pub(super) contributions: Vec<ContributionRow>,
    pub(super) meetings: Vec<Meeting>,
    pub(super) organizations: Vec<Organization>,
    pub(super) members: Vec<Member>,
    pub(super) requests: Vec<Request>,
    pub(super) approvals: Vec<ApprovalRow>,
    pub(super) calls: Vec<Call>,
}

/// An approval by e-mail with the contribution that it is looked up by.
#[derive(Debug, Serialize)]
pub(super) struct ApprovalRow {
    pub(super) contribution: Option<ContributionRef>,
    pub(super) approval: Approval,
}

/// A contribution with the parts of its reference that it is looked up by.
#[derive(Debug, Serialize)]
pub(super) struct ContributionRow {
    pub(super) year: u16,
    pub(super) number: u32,
    #[serde(flatten)]
    pub(super) contribution: Contribution,
}

/// A mail to be sent, compressed.
#[derive(Debug)]
pub(super) struct PackedMail {
    pub(super) message_id: String,
    pub(super) recipient: EmailAddress,
    pub(super) subject: String,
    pub(super) zstd: Vec<u8>,
    pub(super) rows: Vec<(u16, Subject)>,
    pub(super) parked: Option<String>,
}

impl Written {
    /// Whether something of it goes into that table.
    fn touches(&self, table: Table) -> bool {
        let touched = &self.touched;
        match table {
            Table::Journal => true,
            Table::History => !self.changes.is_empty(),
            Table::Actions => !touched.actions.is_empty(),
            Table::Contributions => !touched.contributions.is_empty(),
            Table::Meetings => !touched.meetings.is_empty(),
            Table::Organizations => !touched.organizations.is_empty(),
            Table::Members => !touched.members.is_empty(),
            Table::Requests => !touched.requests.is_empty(),
            Table::Approvals => !touched.approvals.is_empty(),
            Table::Calls => !touched.calls.is_empty(),
            Table::Receipts => self.receipt.is_some() || self.undone.is_some(),
            Table::Baseline => !self.cells.is_empty() || !self.exports.is_empty(),
            Table::Outbox => !self.mails.is_empty(),
            Table::SentRows => self.mails.iter().any(|mail| !mail.rows.is_empty()),
        }
    }
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn push(&mut self, written: Written) {
        self.0.push(written);
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// Takes away what came after the first so many.
    pub(super) fn split_off(&mut self, len: usize) -> Self {
        Self(self.0.split_off(len.min(self.0.len())))
    }

    /// Whether something waits to be written to one of these tables.
    pub(super) fn touches(&self, tables: &[Table]) -> bool {
        self.0.iter().any(|written| tables.iter().any(|table| written.touches(*table)))
    }

    /// The mails that wait to be written, in order.
    pub(super) fn mails(&self) -> impl Iterator<Item = &PackedMail> {
        self.0.iter().flat_map(|written| &written.mails)
    }

    /// Writes everything, in order.
    pub(super) async fn write(&self, tx: &mut SqliteConnection, group: i64, now: i64) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        self.write_entries(tx, group).await?;
        self.write_history(tx, group).await?;
        self.write_items(tx, group).await?;
        self.write_group(tx, group).await?;
        self.write_requests(tx, group).await?;
        self.write_approvals(tx, group).await?;
        self.write_calls(tx, group).await?;
        self.write_receipts(tx, group).await?;
        self.write_baseline(tx, group).await?;
        self.write_mails(tx, group, now).await?;
        self.write_rows(tx, group).await
    }

    /// What decisions touched, as it is after the last of them, as one parameter; `None` where they
    /// touched none of that kind.
    fn touched<'a, T: Serialize + 'a, K: Eq + Hash>(
        &'a self,
        what: &'static str,
        kind: impl Fn(&'a Touched) -> &'a [T],
        key: impl Fn(&'a T) -> K,
    ) -> Result<Option<String>> {
        let mut places = HashMap::new();
        let mut last: Vec<&T> = Vec::new();
        for row in self.0.iter().flat_map(|written| kind(&written.touched)) {
            match places.entry(key(row)) {
                Entry::Occupied(place) => {
                    if let Some(before) = last.get_mut(*place.get()) {
                        *before = row;
                    }
                }
                Entry::Vacant(place) => {
                    place.insert(last.len());
                    last.push(row);
                }
            }
        }
        if last.is_empty() { Ok(None) } else { to_json(what, &last).map(Some) }
    }

    async fn write_entries(&self, tx: &mut SqliteConnection, group: i64) -> Result<()> {
        for written in self.0.chunks(ROWS) {
            let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO journal (seq, group_id, at, message, entry) ");
            insert.push_values(written, |mut values, written| {
                values.push_bind(written.seq).push_bind(group).push_bind(written.at);
                values.push_bind(written.message).push_bind(&written.entry);
            });
            insert.build().persistent(written.len() == ROWS).execute(&mut *tx).await.doing("writing the journal")?;
        }
        Ok(())
    }

    async fn write_history(&self, tx: &mut SqliteConnection, group: i64) -> Result<()> {
        let changes = self.0.iter().flat_map(|written| written.changes.iter().map(move |change| (written, change)));
        for changes in changes.collect::<Vec<_>>().chunks(ROWS) {
            let mut insert = QueryBuilder::<Sqlite>::new(
                "INSERT INTO history (group_id, seq, at, by, message_id, subject, field, from_value, to_value) ",
            );
            insert.push_values(changes, |mut values, (written, change)| {
                values.push_bind(group).push_bind(written.seq).push_bind(written.at).push_bind(&written.by);
                values.push_bind(&written.message_id).push_bind(change.subject.to_string()).push_bind(&change.field);
                values.push_bind(&change.from).push_bind(&change.to);
            });
            insert.build().persistent(changes.len() == ROWS).execute(&mut *tx).await.doing("writing history")?;
        }
        Ok(())
    }

    async fn write_items(&self, tx: &mut SqliteConnection, group: i64) -> Result<()> {
        if let Some(rows) = self.touched("action items", |touched| &touched.actions, |item| &item.reference)? {
            query!(
                "INSERT INTO actions
                 (group_id, reference, what, who, status, due, priority, notes, proposed_by, became)
                 SELECT ?1, value ->> 'reference', value ->> 'what', value ->> 'who', value ->> 'status',
                        value ->> 'due', value ->> 'priority', value -> 'notes', value ->> 'proposed_by',
                        value ->> 'became'
                 FROM json_each(?2) WHERE true ORDER BY key
                 ON CONFLICT (group_id, reference) DO UPDATE SET
                     what = excluded.what, who = excluded.who, status = excluded.status, due = excluded.due,
                     priority = excluded.priority, notes = excluded.notes, proposed_by = excluded.proposed_by,
                     became = excluded.became",
                group,
                rows
            )
            .execute(&mut *tx)
            .await
            .doing("writing action items")?;
        }
        if let Some(rows) =
            self.touched("contributions", |touched| &touched.contributions, |row| &row.contribution.reference)?
        {
            query!(
                "INSERT INTO contributions
                 (group_id, reference, year, number, reference_cell, title, source, agenda_item, deliverable,
                  status_cell, meeting, life)
                 SELECT ?1, value ->> 'reference', value ->> 'year', value ->> 'number', value ->> 'reference_cell',
                        value ->> 'title', value ->> 'source', value ->> 'agenda_item', value ->> 'deliverable',
                        value ->> 'status_cell', value ->> 'meeting', value -> 'life'
                 FROM json_each(?2) WHERE true ORDER BY key
                 ON CONFLICT (group_id, reference) DO UPDATE SET
                     reference_cell = excluded.reference_cell, title = excluded.title, source = excluded.source,
                     agenda_item = excluded.agenda_item, deliverable = excluded.deliverable,
                     status_cell = excluded.status_cell, meeting = excluded.meeting, life = excluded.life",
                group,
                rows
            )
            .execute(&mut *tx)
            .await
            .doing("writing contributions")?;
        }
        Ok(())
    }

    async fn write_group(&self, tx: &mut SqliteConnection, group: i64) -> Result<()> {
        if let Some(rows) = self.touched("meetings", |touched| &touched.meetings, |meeting| &meeting.reference)? {
            query!(
                "INSERT INTO meetings (group_id, reference, meeting)
                 SELECT ?1, value ->> 'reference', value FROM json_each(?2) WHERE true ORDER BY key
                 ON CONFLICT (group_id, reference) DO UPDATE SET meeting = excluded.meeting",
                group,
                rows
            )
            .execute(&mut *tx)
            .await
            .doing("writing meetings")?;
        }
        if let Some(rows) =
            self.touched("organizations", |touched| &touched.organizations, |organization| &organization.name)?
        {
            query!(
                "INSERT INTO organizations (group_id, name, organization)
                 SELECT ?1, value ->> 'name', value FROM json_each(?2) WHERE true ORDER BY key
                 ON CONFLICT (group_id, name) DO UPDATE SET organization = excluded.organization",
                group,
                rows
            )
            .execute(&mut *tx)
            .await
            .doing("writing organizations")?;
        }
        if let Some(rows) = self.touched("members", |touched| &touched.members, |member| member.id)? {
            query!(
                "INSERT INTO members (group_id, id, member)
                 SELECT ?1, value ->> 'id', value FROM json_each(?2) WHERE true ORDER BY key
                 ON CONFLICT (group_id, id) DO UPDATE SET member = excluded.member",
                group,
                rows
            )
            .execute(&mut *tx)
            .await
            .doing("writing members")?;
        }
        Ok(())
    }

    async fn write_requests(&self, tx: &mut SqliteConnection, group: i64) -> Result<()> {
        let Some(rows) = self.touched("requests", |touched| &touched.requests, |request| request.id)? else {
            return Ok(());
        };
        query!(
            "INSERT INTO requests (group_id, id, state, request)
             SELECT ?1, value ->> 'id', value ->> 'state', value FROM json_each(?2) WHERE true ORDER BY key
             ON CONFLICT (group_id, id) DO UPDATE SET state = excluded.state, request = excluded.request",
            group,
            rows
        )
        .execute(tx)
        .await
        .doing("writing requests")?;
        Ok(())
    }

    async fn write_approvals(&self, tx: &mut SqliteConnection, group: i64) -> Result<()> {
        let Some(rows) = self.touched("approvals", |touched| &touched.approvals, |row| &row.approval.of)? else {
            return Ok(());
        };
        query!(
            "INSERT INTO approvals (group_id, subject, contribution, state, approval)
             SELECT ?1, value ->> '$.approval.of', value ->> 'contribution', value ->> '$.approval.state',
                    value -> 'approval'
             FROM json_each(?2) WHERE true ORDER BY key
             ON CONFLICT (group_id, subject) DO UPDATE SET state = excluded.state, approval = excluded.approval",
            group,
            rows
        )
        .execute(tx)
        .await
        .doing("writing approvals")?;
        Ok(())
    }

    async fn write_calls(&self, tx: &mut SqliteConnection, group: i64) -> Result<()> {
        let Some(rows) = self.touched("calls", |touched| &touched.calls, |call| call.date)? else {
            return Ok(());
        };
        query!(
            "INSERT INTO calls (group_id, date, call)
             SELECT ?1, value ->> 'date', value FROM json_each(?2) WHERE true ORDER BY key
             ON CONFLICT (group_id, date) DO UPDATE SET call = excluded.call",
            group,
            rows
        )
        .execute(tx)
        .await
        .doing("writing calls")?;
        Ok(())
    }

    async fn write_receipts(&self, tx: &mut SqliteConnection, group: i64) -> Result<()> {
        let receipts: Vec<_> =
            self.0.iter().filter_map(|written| written.receipt.as_ref().map(|receipt| (receipt, written))).collect();
        for receipts in receipts.chunks(ROWS) {
            let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO receipts (group_id, receipt, seq, at, by) ");
            insert.push_values(receipts, |mut values, (receipt, written)| {
                values.push_bind(group).push_bind(receipt).push_bind(written.seq).push_bind(written.at);
                values.push_bind(&written.by);
            });
            insert.build().persistent(receipts.len() == ROWS).execute(&mut *tx).await.doing("writing receipts")?;
        }
        for (seq, undone) in self.0.iter().filter_map(|written| Some((written.seq, written.undone.as_ref()?))) {
            // By which entry of the journal: a bare "undo" after it is asked what it means.
            let done = query!(
                "UPDATE receipts SET undone = ?3 WHERE group_id = ?1 AND receipt = ?2 AND undone = 0",
                group,
                undone,
                seq
            )
            .execute(&mut *tx)
            .await
            .doing("marking a message undone")?;
            if done.rows_affected() != 1 {
                return Err(StoreError::Refused(format!("what {undone} did has been undone before")));
            }
        }
        Ok(())
    }

    /// What documents said, and what of it was taken back, in order.
    async fn write_baseline(&self, tx: &mut SqliteConnection, group: i64) -> Result<()> {
        for written in &self.0 {
            if !written.cells.is_empty() {
                baseline::write(tx, group, written.seq, &written.cells).await?;
            }
            for exported in &written.exports {
                exports::write(tx, group, written.seq, exported).await?;
            }
            if let Some(undone) = &written.undone {
                baseline::take_back(tx, group, written.seq, undone).await?;
                exports::take_back(tx, group, written.seq, undone).await?;
            }
        }
        Ok(())
    }

    async fn write_mails(&self, tx: &mut SqliteConnection, group: i64, now: i64) -> Result<()> {
        let mails: Vec<(i64, &PackedMail)> =
            self.0.iter().flat_map(|written| written.mails.iter().map(|mail| (written.seq, mail))).collect();
        for mails in mails.chunks(ROWS) {
            let mut insert = QueryBuilder::<Sqlite>::new(
                "INSERT INTO outbox
                 (group_id, seq, message_id, recipient, subject, zstd, state, created_at, next_at, error) ",
            );
            insert.push_values(mails, |mut values, (seq, mail)| {
                let state = if mail.parked.is_some() { "parked" } else { "waiting" };
                values.push_bind(group).push_bind(seq).push_bind(&mail.message_id).push_bind(mail.recipient.as_str());
                values.push_bind(&mail.subject).push_bind(mail.zstd.as_slice()).push_bind(state);
                values.push_bind(now).push_bind(now).push_bind(&mail.parked);
            });
            insert.build().persistent(mails.len() == ROWS).execute(&mut *tx).await.doing("writing the outbox")?;
        }
        Ok(())
    }

    async fn write_rows(&self, tx: &mut SqliteConnection, group: i64) -> Result<()> {
        for rows in self.mails().flat_map(rows_of).collect::<Vec<_>>().chunks(ROWS) {
            let mut insert =
                QueryBuilder::<Sqlite>::new("INSERT INTO sent_rows (group_id, message_id, number, subject) ");
            insert.push_values(rows, |mut values, (message_id, number, subject)| {
                values.push_bind(group).push_bind(message_id).push_bind(number).push_bind(subject.to_string());
            });
            insert.build().persistent(rows.len() == ROWS).execute(&mut *tx).await.doing("writing the rows of mails")?;
        }
        Ok(())
    }
}

fn rows_of(mail: &PackedMail) -> impl Iterator<Item = (&str, u16, &Subject)> {
    mail.rows.iter().map(|(number, subject)| (mail.message_id.as_str(), *number, subject))
}
