//! Mail that is to be sent, at least once, under a Message-ID that it had before.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use sqlx::query;

use crate::domain::{EmailAddress, NotA};

use super::error::{Doing as _, Result};
use super::value::{Unpacker, number, parse, time, time_or_none, to_json, unpack};
use super::{GroupId, Store};

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxState {
    /// To be sent, now or later.
    Waiting,
    /// Accepted by the mail server.
    Sent,
    /// Refused for good, or one too many: waits for the operator.
    Parked,
    /// Given up by the operator.
    Dropped,
}

impl OutboxState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Parked, Self::Dropped];

    /// The state as the database and listings write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Parked => "parked",
            Self::Dropped => "dropped",
        }
    }
}

impl fmt::Display for OutboxState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OutboxState {
    type Err = NotA;

    fn from_str(text: &str) -> std::result::Result<Self, NotA> {
        let state = Self::ALL.into_iter().find(|state| state.as_str() == text);
        state.ok_or_else(|| NotA::new(text, "state of a mail", "waiting, sent, parked or dropped"))
    }
}

impl Serialize for OutboxState {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// A mail that is due to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its number in this database.
    pub id: i64,
    /// Whose it is.
    pub group: GroupId,
    /// Its Message-ID.
    pub message_id: String,
    /// To whom.
    pub recipient: EmailAddress,
    /// The raw bytes.
    pub raw: Vec<u8>,
    /// How often sending it has failed.
    pub attempts: u32,
    /// Since when it is tried: since it was made, or since the operator had it tried anew.
    pub since: Timestamp,
    /// Since when it is put off; `None` where it was not tried yet.
    pub deferred_since: Option<Timestamp>,
}

/// A mail of the outbox, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its number in this database.
    pub id: i64,
    /// Its Message-ID.
    pub message_id: String,
    /// To whom.
    pub recipient: EmailAddress,
    /// Its subject.
    pub subject: String,
    /// Where it stands.
    pub state: OutboxState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it is tried next, while it waits.
    pub next_at: Timestamp,
    /// How often sending it has failed.
    pub attempts: u32,
    /// When the mail server accepted it.
    pub sent_at: Option<Timestamp>,
    /// Why the last attempt failed, or why it is parked.
    pub error: Option<String>,
    /// When the mail came back, although the server had accepted it.
    pub bounced_at: Option<Timestamp>,
    /// Why it came back.
    pub bounce: Option<String>,
}

impl Store {
    /// The mails of a group that are due, longest due first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn due(&self, group: GroupId, now: Timestamp, limit: u32) -> Result<Vec<Outgoing>> {
        let now = now.as_millisecond();
        let rows = query!(
            r#"SELECT id AS "id!", group_id, message_id, recipient, zstd, attempts, deferred_since,
                      coalesce(tried_since, created_at) AS "since!: i64" FROM outbox
               WHERE group_id = ?1 AND state = 'waiting' AND next_at <= ?2 ORDER BY next_at, id LIMIT ?3"#,
            group.0,
            now,
            limit
        )
        .fetch_all(&self.reader)
        .await
        .doing("reading the outbox")?;
        let mut unpacker = Unpacker::new()?;
        rows.into_iter()
            .map(|row| {
                Ok(Outgoing {
                    id: row.id,
                    group: GroupId(row.group_id),
                    message_id: row.message_id,
                    recipient: parse("address", &row.recipient)?,
                    raw: unpacker.unpack(&row.zstd)?,
                    attempts: number("count of attempts", row.attempts)?,
                    since: time(row.since)?,
                    deferred_since: time_or_none(row.deferred_since)?,
                })
            })
            .collect()
    }

    /// How many mails of a group are due.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_due(&self, group: GroupId, now: Timestamp) -> Result<u64> {
        let now = now.as_millisecond();
        let row = query!(
            "SELECT count(*) AS mails FROM outbox WHERE group_id = ?1 AND state = 'waiting' AND next_at <= ?2",
            group.0,
            now
        )
        .fetch_one(&self.reader)
        .await
        .doing("counting the outbox")?;
        number("count of mails", row.mails)
    }

    /// When a group's next mail is due; `None` where none waits.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn next_due(&self, group: GroupId) -> Result<Option<Timestamp>> {
        let row = query!(
            r#"SELECT min(next_at) AS "next_at: i64" FROM outbox WHERE group_id = ?1 AND state = 'waiting'"#,
            group.0
        )
        .fetch_one(&self.reader)
        .await
        .doing("reading the outbox")?;
        time_or_none(row.next_at)
    }

    /// The mail server accepted these.
    ///
    /// # Errors
    /// Where the database fails: they will be sent again, under the same Message-ID.
    pub async fn sent(&self, mails: &[i64], at: Timestamp) -> Result<()> {
        if mails.is_empty() {
            return Ok(());
        }
        let (mails, at) = (to_json("mails", mails)?, at.as_millisecond());
        query!(
            "UPDATE outbox SET state = 'sent', sent_at = ?2, error = NULL
             WHERE id IN (SELECT value FROM json_each(?1)) AND state <> 'sent'",
            mails,
            at
        )
        .execute(&self.writer)
        .await
        .doing("marking mails sent")?;
        Ok(())
    }

    /// Sending failed `now`: the mail is tried again at `next_at`, not before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn failed(&self, mail: i64, error: &str, now: Timestamp, next_at: Timestamp) -> Result<()> {
        let (now, next_at) = (now.as_millisecond(), next_at.as_millisecond());
        query!(
            "UPDATE outbox SET attempts = attempts + 1, next_at = ?2, error = ?3,
                 deferred_since = coalesce(deferred_since, ?4)
             WHERE id = ?1 AND state = 'waiting'",
            mail,
            next_at,
            error,
            now
        )
        .execute(&self.writer)
        .await
        .doing("noting a failed attempt")?;
        Ok(())
    }

    /// There is no way to the server: says so of each mail that is due, none of which was tried.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn held_up(&self, group: GroupId, now: Timestamp, error: &str) -> Result<()> {
        let now = now.as_millisecond();
        query!(
            "UPDATE outbox SET error = ?3 WHERE group_id = ?1 AND state = 'waiting' AND next_at <= ?2",
            group.0,
            now,
            error
        )
        .execute(&self.writer)
        .await
        .doing("noting what mails wait for")?;
        Ok(())
    }

    /// It is of no use any more to send a mail: it waits for the operator. The last failure is kept behind
    /// the reason.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn given_up(&self, mail: i64, reason: &str) -> Result<()> {
        query!(
            "UPDATE outbox SET state = 'parked', error = ?2 || coalesce(': ' || error, '')
             WHERE id = ?1 AND state = 'waiting'",
            mail,
            reason
        )
        .execute(&self.writer)
        .await
        .doing("giving a mail up")?;
        Ok(())
    }

    /// Sending failed for good: the mail waits for the operator.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn parked(&self, mail: i64, error: &str) -> Result<()> {
        query!(
            "UPDATE outbox SET attempts = attempts + 1, state = 'parked', error = ?2
             WHERE id = ?1 AND state = 'waiting'",
            mail,
            error
        )
        .execute(&self.writer)
        .await
        .doing("parking a mail")?;
        Ok(())
    }

    /// A group's mails, oldest first; only those in a state, where one is given.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn outbox(&self, group: GroupId, state: Option<OutboxState>) -> Result<Vec<OutboxRow>> {
        let state = state.map(OutboxState::as_str);
        let rows = query!(
            r#"SELECT id AS "id!", message_id, recipient, subject, state, created_at, next_at, attempts, sent_at,
                      error, bounced_at, bounce
               FROM outbox WHERE group_id = ?1 AND (?2 IS NULL OR state = ?2) ORDER BY id"#,
            group.0,
            state
        )
        .fetch_all(&self.reader)
        .await
        .doing("listing the outbox")?;
        rows.into_iter()
            .map(|row| {
                Ok(OutboxRow {
                    id: row.id,
                    message_id: row.message_id,
                    recipient: parse("address", &row.recipient)?,
                    subject: row.subject,
                    state: parse("state of a mail", &row.state)?,
                    created_at: time(row.created_at)?,
                    next_at: time(row.next_at)?,
                    attempts: number("count of attempts", row.attempts)?,
                    sent_at: time_or_none(row.sent_at)?,
                    error: row.error,
                    bounced_at: time_or_none(row.bounced_at)?,
                    bounce: row.bounce,
                })
            })
            .collect()
    }

    /// The raw bytes of a mail of the outbox, where it exists.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn outgoing_raw(&self, mail: i64) -> Result<Option<Vec<u8>>> {
        let row = query!("SELECT zstd FROM outbox WHERE id = ?1", mail)
            .fetch_optional(&self.reader)
            .await
            .doing("reading a mail")?;
        row.map(|row| unpack(&row.zstd)).transpose()
    }

    /// Has a parked mail sent, or a waiting one sent at once. Says whether there was one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn retry_outgoing(&self, mail: i64, now: Timestamp) -> Result<bool> {
        let now = now.as_millisecond();
        let done = query!(
            "UPDATE outbox SET state = 'waiting', next_at = ?2, attempts = 0, tried_since = ?2,
                 deferred_since = NULL
             WHERE id = ?1 AND state IN ('waiting', 'parked')",
            mail,
            now
        )
        .execute(&self.writer)
        .await
        .doing("retrying a mail")?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives an unsent mail up. Says whether there was one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn drop_outgoing(&self, mail: i64) -> Result<bool> {
        let done = query!("UPDATE outbox SET state = 'dropped' WHERE id = ?1 AND state IN ('waiting', 'parked')", mail)
            .execute(&self.writer)
            .await
            .doing("dropping a mail")?;
        Ok(done.rows_affected() == 1)
    }
}
