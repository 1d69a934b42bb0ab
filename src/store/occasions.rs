//! Mails of the bot's own accord: which were sent or skipped, and what changed since the last one.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Serialize;
use sqlx::{SqliteConnection, query, query_scalar};

use crate::calendar::{OpenItem, Reach, Recorded, Scene, Starts};
use crate::decide::{HistoryRow, MOST_STATES, Outcome, Since, StateChange};
use crate::domain::{Contribution, DueOccasion, EmailAddress, Occasion, Owners, Roster, Standing, Subject};

use super::Batch;
use super::error::{Doing as _, Result};
use super::pending::Table;
use super::rows::{ChangeRow, ContributionRow};
use super::value::{from_json, parse, parse_or_none, time, time_or_none, to_json};
use super::{GroupId, OutboxState, Store, StoreError};

/// At most so many changes are loaded for a digest: it tells of far fewer.
const CHANGES: i64 = 5000;

/// What became of an occasion, for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OccasionRow {
    /// Which one.
    #[serde(flatten)]
    pub occasion: Occasion,
    /// The moment it was due.
    pub due_at: Timestamp,
    /// When it was dealt with.
    pub at: Timestamp,
    /// What became of it.
    pub standing: Standing,
    /// Its mail's Message-ID, where one went.
    pub message_id: Option<String>,
    /// To which address.
    pub address: Option<EmailAddress>,
    /// Where that mail stands.
    pub mail: Option<OutboxState>,
    /// When the mail server accepted it.
    pub sent_at: Option<Timestamp>,
}

impl Store {
    /// The group as the calendar looks at it. When things last changed is told of those that did since
    /// `changed`; of none where that is not asked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn scene(&self, group: GroupId, reach: Reach, changed: Option<Timestamp>) -> Result<Scene> {
        // One moment of the group: a mail that is decided meanwhile is seen whole or not at all.
        let mut reader = self.reader.begin().await.doing("opening the database")?;
        let scene = scene(&mut reader, group.0, reach, changed).await?;
        reader.rollback().await.doing("closing the database")?;
        Ok(scene)
    }

    /// Where the journal ends: while it ends there, nothing of any group is otherwise than it was.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn journal_end(&self) -> Result<i64> {
        let row = query!(r#"SELECT coalesce(max(seq), 0) AS "seq!: i64" FROM journal"#)
            .fetch_one(&self.reader)
            .await
            .doing("reading where the journal ends")?;
        Ok(row.seq)
    }

    /// Every occasion of a group that was dealt with, in the order in which they were due.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn occasions(&self, group: GroupId) -> Result<Vec<OccasionRow>> {
        let rows = query!(
            r#"SELECT c.recipient, c.kind, c.occasion, c.date, c.due_at, c.at, c.standing,
                      o.message_id AS "message_id?", o.recipient AS "address?", o.state AS "state?", o.sent_at
               FROM occasions AS c LEFT JOIN outbox AS o ON o.seq = c.seq
               WHERE c.group_id = ?1 ORDER BY c.due_at, c.kind, c.recipient"#,
            group.0
        )
        .fetch_all(&self.reader)
        .await
        .doing("listing occasions")?;
        rows.into_iter()
            .map(|row| {
                Ok(OccasionRow {
                    occasion: occasion(&row.recipient, &row.kind, row.occasion, &row.date)?,
                    due_at: time(row.due_at)?,
                    at: time(row.at)?,
                    standing: parse("standing of an occasion", &row.standing)?,
                    message_id: row.message_id,
                    address: parse_or_none("address", row.address.as_deref())?,
                    mail: parse_or_none("state of a mail", row.state.as_deref())?,
                    sent_at: time_or_none(row.sent_at)?,
                })
            })
            .collect()
    }
}

impl Batch {
    /// As [`Store::scene`], in the batch: nobody else changes or records anything before it ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn scene(&mut self, reach: Reach, changed: Option<Timestamp>) -> Result<Scene> {
        let group = self.group;
        let tables = [
            Table::Actions,
            Table::Meetings,
            Table::Approvals,
            Table::Calls,
            Table::Contributions,
            Table::Organizations,
            Table::Members,
            Table::History,
        ];
        scene(self.reading(&tables).await?, group, reach, changed).await
    }

    /// What changed since the digest before that one: by the journal's order, which no clock disturbs. The one before a
    /// member's copy is the member's last copy, or else the list's digest before this one. Mails are named by their subjects, but for those that went to the bot alone: the
    /// list, which a digest goes to, has not seen them.
    pub(super) async fn load_since(&mut self, digest: &Occasion) -> Result<Since> {
        let Occasion { recipient, kind, name, date } = digest;
        let (recipient, kind, date) = (recipient.to_string(), kind.to_string(), date.to_string());
        let last = query!(
            r#"SELECT seq AS "seq!: i64", at AS "at!: i64" FROM occasions
               WHERE group_id = ?1 AND kind = ?2 AND standing IN ('on time', 'late')
                 AND (recipient = ?3 OR (recipient = 'list' AND occasion <> ?4 AND date < ?5))
               ORDER BY recipient = ?3 DESC, seq DESC LIMIT 1"#,
            self.group,
            kind,
            recipient,
            name,
            date
        )
        .fetch_optional(self.reading(&[]).await?)
        .await
        .doing("looking up the last digest")?;
        let (seq, at) = last.map_or((0, None), |row| (row.seq, Some(row.at)));
        let rows = query!(
            r#"SELECT h.at, h.by, h.message_id, h.subject, h.field, h.from_value, h.to_value,
                      -- An agenda's entry is large, and its rows are many.
                      CASE WHEN h.message_id IS NOT NULL AND j.entry ->> '$.input.addressed' <> 'bot_alone'
                           THEN j.entry ->> '$.input.subject' END AS "mail?: String"
               FROM history AS h JOIN journal AS j ON j.seq = h.seq
               WHERE h.seq > ?2 AND h.group_id = ?1 ORDER BY h.id DESC LIMIT ?3"#,
            self.group,
            seq,
            CHANGES
        )
        .fetch_all(self.reading(&[Table::History, Table::Journal]).await?)
        .await
        .doing("loading what changed since the last digest")?;
        let is_cut = i64::try_from(rows.len()).is_ok_and(|count| count == CHANGES);
        let mut changes = rows
            .into_iter()
            .map(|row| {
                let change = ChangeRow {
                    at: row.at,
                    by: row.by,
                    message_id: row.message_id,
                    subject: row.subject,
                    field: row.field,
                    from_value: row.from_value,
                    to_value: row.to_value,
                    receipt: None,
                };
                Ok((change.read()?, row.mail))
            })
            .collect::<Result<Vec<_>>>()?;
        changes.reverse();
        Ok(Since { last: time_or_none(at)?, changes, is_cut })
    }

    /// What changed states since a moment, oldest first; the last of it, where that is very much.
    pub(super) async fn load_states_since(&mut self, since: Timestamp) -> Result<Vec<HistoryRow>> {
        let since = since.as_millisecond();
        let rows = sqlx::query_as!(
            ChangeRow,
            r#"SELECT at, by, message_id, subject, field, from_value, to_value, NULL AS "receipt: String" FROM history
               WHERE group_id = ?1 AND at >= ?2 AND field = 'status' ORDER BY id DESC LIMIT ?3"#,
            self.group,
            since,
            CHANGES
        )
        .fetch_all(self.reading(&[Table::History]).await?)
        .await
        .doing("loading what changed since a meeting began")?;
        let mut changes = rows.into_iter().map(ChangeRow::read).collect::<Result<Vec<_>>>()?;
        changes.reverse();
        Ok(changes)
    }

    /// What changed the states of action items since a day, oldest first; the last of it, where that is very much.
    pub(super) async fn load_state_changes(&mut self, since: Date) -> Result<Vec<StateChange>> {
        let since = since.to_datetime(Time::midnight()).to_zoned(TimeZone::UTC).map_or(i64::MIN, |it| {
            // It is yet to come there where the group's clock is behind.
            it.timestamp().as_millisecond() - 24 * 3_600_000
        });
        let most = i64::try_from(MOST_STATES).unwrap_or(i64::MAX);
        let rows = query!(
            "SELECT at, from_value, to_value FROM history
             WHERE group_id = ?1 AND at >= ?2 AND field = 'status' ORDER BY at DESC, id DESC LIMIT ?3",
            self.group,
            since,
            most
        )
        .fetch_all(self.reading(&[Table::History]).await?)
        .await
        .doing("loading how many action items were open")?;
        let mut changes = rows
            .into_iter()
            .map(|row| {
                let from = parse_or_none("status", row.from_value.as_deref())?;
                Ok(StateChange { at: time(row.at)?, from, to: parse_or_none("status", row.to_value.as_deref())? })
            })
            .collect::<Result<Vec<_>>>()?;
        changes.reverse();
        Ok(changes)
    }

    /// Records what became of an occasion, and of the others that its mail is for. What a wrong clock had
    /// skipped can be recorded anew; what was sent cannot.
    pub(super) async fn write_occasion(
        &mut self,
        seq: i64,
        at: Timestamp,
        due: &DueOccasion,
        outcome: &Outcome,
    ) -> Result<()> {
        let came = outcome.occasion.as_ref();
        let came = came.ok_or_else(|| StoreError::Refused("an occasion that nothing was decided of".to_owned()))?;
        let rows: Vec<serde_json::Value> = due
            .dealt()
            .map(|one| {
                // One mail or none: what there is nothing to say of is said of none of them.
                let standing = if came.standing.is_sent() { one.standing } else { came.standing.of(one.standing) };
                let Occasion { recipient, kind, name, date } = &one.occasion;
                serde_json::json!([recipient, kind, name, date, one.at.as_millisecond(), standing])
            })
            .collect();
        let (count, rows) = (rows.len() as u64, to_json("occasions", &rows)?);
        let at = at.as_millisecond();
        // One statement: an owner may have hundreds of items, and a group many owners.
        let done = query!(
            "INSERT INTO occasions (group_id, recipient, kind, occasion, date, due_at, seq, at, standing)
             SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, ?2, ?3, value ->> 5
             FROM json_each(?4) WHERE true
             ON CONFLICT (group_id, recipient, kind, occasion, date) DO UPDATE
             SET due_at = excluded.due_at, seq = excluded.seq, at = excluded.at, standing = excluded.standing
             WHERE standing NOT IN ('on time', 'late')",
            self.group,
            seq,
            at,
            rows
        )
        .execute(self.writing().await?)
        .await
        .doing("recording an occasion")?;
        if done.rows_affected() != count {
            let Occasion { kind, name, .. } = &due.occasion;
            return Err(StoreError::Refused(format!("{kind} {name}, or what goes with it, was sent before")));
        }
        Ok(())
    }
}

async fn scene(
    connection: &mut SqliteConnection,
    group: i64,
    reach: Reach,
    changed: Option<Timestamp>,
) -> Result<Scene> {
    let row = query!(
        r#"SELECT digests_since, reminders_since,
                  (SELECT at FROM journal WHERE group_id = ?1 ORDER BY seq LIMIT 1) AS "started: i64",
                  (SELECT '[' || coalesce(group_concat(organization, ','), '') || ']'
                   FROM organizations WHERE group_id = ?1) AS "organizations!: String",
                  (SELECT '[' || coalesce(group_concat(member, ','), '') || ']'
                   FROM members WHERE group_id = ?1) AS "members!: String",
                  (SELECT '[' || coalesce(group_concat(meeting, ','), '') || ']'
                   FROM meetings WHERE group_id = ?1) AS "meetings!: String",
                  (SELECT '[' || coalesce(group_concat(approval, ','), '') || ']'
                   FROM approvals WHERE group_id = ?1 AND state = 'open') AS "approvals!: String",
                  (SELECT '[' || coalesce(group_concat(call, ','), '') || ']'
                   FROM calls WHERE group_id = ?1) AS "calls!: String"
           FROM groups WHERE id = ?1"#,
        group
    )
    .fetch_one(&mut *connection)
    .await
    .doing("looking at the group")?;
    let started = row.started.unwrap_or_default();
    let since = |turned_on: Option<i64>| time(turned_on.unwrap_or(started).max(started));
    let starts = Starts { digest: since(row.digests_since)?, reminders: since(row.reminders_since)? };
    let mut roster = Roster {
        organizations: from_json("list of organizations", &row.organizations)?,
        members: from_json("list of members", &row.members)?,
    };
    roster.organizations.sort_by(|a, b| a.name.cmp(&b.name));
    roster.members.sort_by_key(|member| member.id);
    // One row: there are thousands, and each row of its own costs more than its JSON.
    let items = query_scalar!(
        r#"SELECT json_group_array(json_array(reference, who, due)) AS "rows!: String" FROM actions
           WHERE group_id = ?1 AND status NOT IN ('closed', 'cancelled', 'proposed') AND became IS NULL"#,
        group
    )
    .fetch_one(&mut *connection)
    .await
    .doing("looking at the open action items")?;
    let items: Vec<(String, String, Option<String>)> = from_json("list of action items", &items)?;
    let items = items.into_iter().map(|(reference, who, due)| {
        Ok(OpenItem {
            reference: parse("action item's reference", &reference)?,
            who: Owners::from(who.as_str()),
            due: parse_or_none("due date", due.as_deref())?,
        })
    });
    Ok(Scene {
        roster,
        meetings: from_json("list of meetings", &row.meetings)?,
        items: items.collect::<Result<_>>()?,
        approvals: from_json("list of approvals", &row.approvals)?,
        calls: from_json("list of calls", &row.calls)?,
        awaited: awaited(connection, group).await?,
        recorded: recorded(connection, group, reach).await?,
        starts,
        changed: match changed {
            Some(since) => changed_since(connection, group, since).await?,
            None => HashMap::new(),
        },
    })
}

/// The contributions of which a revision is to be posted. What may be one is asked itself.
async fn awaited(connection: &mut SqliteConnection, group: i64) -> Result<Vec<Contribution>> {
    let rows = sqlx::query_as!(
        ContributionRow,
        "SELECT reference, reference_cell, title, source, agenda_item, deliverable, status_cell, meeting, life
         FROM contributions
         WHERE group_id = ?1
           AND (life LIKE '%open: post%' OR life LIKE '%open: revision%' OR life LIKE '%open: offline%')",
        group
    )
    .fetch_all(connection)
    .await
    .doing("looking at the documents that are to be posted")?;
    let read = rows.into_iter().map(ContributionRow::read).collect::<Result<Vec<_>>>()?;
    Ok(read.into_iter().filter(|contribution| contribution.awaited().next().is_some()).collect())
}

/// When the dates of meetings, and dates and owners of items, last changed since a moment, and when members last said
/// whether they want a copy of the digest. What was brought back or accepted begins anew.
async fn changed_since(
    connection: &mut SqliteConnection,
    group: i64,
    since: Timestamp,
) -> Result<HashMap<Subject, Timestamp>> {
    let since = since.as_millisecond();
    let rows = query!(
        r#"SELECT subject AS "subject!: String", max(at) AS "at!: i64" FROM history
           WHERE group_id = ?1 AND at >= ?2
             AND (field IN ('due', 'who', 'start', 'end', 'deadline', 'until', 'time', 'follow_up', 'digest')
                  OR (field = 'status' AND coalesce(from_value, 'proposed') IN ('proposed', 'closed', 'cancelled')))
           GROUP BY subject"#,
        group,
        since
    )
    .fetch_all(connection)
    .await
    .doing("looking up what was changed since")?;
    rows.into_iter().map(|row| Ok((parse("subject", &row.subject)?, time(row.at)?))).collect()
}

async fn recorded(connection: &mut SqliteConnection, group: i64, reach: Reach) -> Result<Vec<Recorded>> {
    let (list, own) = (reach.list.to_string(), reach.own.to_string());
    let rows = query!(
        "SELECT recipient, kind, occasion, date, at, standing FROM occasions
         WHERE group_id = ?1 AND date >= CASE recipient WHEN 'list' THEN ?2 ELSE ?3 END",
        group,
        list,
        own
    )
    .fetch_all(connection)
    .await
    .doing("reading the occasions that were dealt with")?;
    rows.into_iter()
        .map(|row| {
            Ok(Recorded {
                occasion: occasion(&row.recipient, &row.kind, row.occasion, &row.date)?,
                standing: parse("standing of an occasion", &row.standing)?,
                at: time(row.at)?,
            })
        })
        .collect()
}

fn occasion(recipient: &str, kind: &str, name: String, date: &str) -> Result<Occasion> {
    Ok(Occasion {
        recipient: parse("recipient", recipient)?,
        kind: parse("kind of occasion", kind)?,
        name,
        date: parse("day", date)?,
    })
}
