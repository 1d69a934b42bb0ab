//! Mails of the bot's own accord: which were sent or skipped, and what changed since the last one.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sqlx::{SqliteConnection, query};

use crate::calendar::Recorded;
use crate::decide::{Outcome, Since};
use crate::domain::{DueOccasion, EmailAddress, Occasion, OccasionKind, Standing};

use super::Batch;
use super::error::{Doing as _, Result};
use super::pending::Table;
use super::rows::ChangeRow;
use super::value::{parse, parse_or_none, time, time_or_none};
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
    /// The occasions of a group that are recorded from that day on.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn recorded(&self, group: GroupId, from: Date) -> Result<Vec<Recorded>> {
        let mut reader = self.reader.acquire().await.doing("opening the database")?;
        recorded(&mut reader, group.0, from).await
    }

    /// When the group's digests were turned on as they are; `None` where there have never been any.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn digests_since(&self, group: GroupId) -> Result<Option<Timestamp>> {
        let row = query!("SELECT digests_since FROM groups WHERE id = ?1", group.0)
            .fetch_optional(&self.reader)
            .await
            .doing("reading since when there are digests")?;
        time_or_none(row.and_then(|row| row.digests_since))
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
    /// As [`Store::recorded`], in the batch: nobody else records one before it ends.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn recorded(&mut self, from: Date) -> Result<Vec<Recorded>> {
        let group = self.group;
        recorded(self.reading(&[]).await?, group, from).await
    }

    /// What changed since the last mail of that kind: by the journal's order, which no clock
    /// disturbs. Mails are named by their subjects, but for those that went to the bot alone: the
    /// list, which a digest goes to, has not seen them.
    pub(super) async fn load_since(&mut self, kind: OccasionKind) -> Result<Since> {
        let kind = kind.to_string();
        let last = query!(
            r#"SELECT seq AS "seq!: i64", at AS "at!: i64" FROM occasions
               WHERE group_id = ?1 AND kind = ?2 AND recipient = 'list' AND standing IN ('on time', 'late')
               ORDER BY seq DESC LIMIT 1"#,
            self.group,
            kind
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
                };
                Ok((change.read()?, row.mail))
            })
            .collect::<Result<Vec<_>>>()?;
        changes.reverse();
        Ok(Since { last: time_or_none(at)?, changes, is_cut })
    }

    /// Records what became of an occasion. What a wrong clock had skipped can be recorded anew; what
    /// was sent cannot.
    pub(super) async fn write_occasion(
        &mut self,
        seq: i64,
        at: Timestamp,
        due: &DueOccasion,
        outcome: &Outcome,
    ) -> Result<()> {
        let came = outcome.occasion.as_ref();
        let came = came.ok_or_else(|| StoreError::Refused("an occasion that nothing was decided of".to_owned()))?;
        let occasion = &due.occasion;
        let (recipient, kind) = (occasion.recipient.to_string(), occasion.kind.to_string());
        let (date, standing) = (occasion.date.to_string(), came.standing.to_string());
        let (due_at, at) = (due.at.as_millisecond(), at.as_millisecond());
        let done = query!(
            "INSERT INTO occasions (group_id, recipient, kind, occasion, date, due_at, seq, at, standing)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (group_id, recipient, kind, occasion, date) DO UPDATE
             SET due_at = excluded.due_at, seq = excluded.seq, at = excluded.at, standing = excluded.standing
             WHERE standing NOT IN ('on time', 'late')",
            self.group,
            recipient,
            kind,
            occasion.name,
            date,
            due_at,
            seq,
            at,
            standing
        )
        .execute(self.writing().await?)
        .await
        .doing("recording an occasion")?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Refused(format!("{kind} {} was sent before", occasion.name)));
        }
        Ok(())
    }
}

async fn recorded(connection: &mut SqliteConnection, group: i64, from: Date) -> Result<Vec<Recorded>> {
    let from = from.to_string();
    let rows = query!(
        "SELECT recipient, kind, occasion, date, at, standing FROM occasions WHERE group_id = ?1 AND date >= ?2",
        group,
        from
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
