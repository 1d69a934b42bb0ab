//! A batch of messages, read and decided in one transaction.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use sqlx::{QueryBuilder, Sqlite, query};

use crate::domain::{EmailAddress, NotA, Subject};

use super::error::{Doing as _, Result};
use super::pending::Table;
use super::value::{from_json, parse, time_or_none, to_json, unpack};
use super::{Batch, StoreError};

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageState {
    /// Taken in, not yet read.
    Waiting,
    /// Read, and done with.
    Done,
    /// A copy of a message that was read before.
    Copy,
    /// Held for the operator.
    Quarantined,
    /// Given up by the operator, or found again while the first is held.
    Dropped,
}

impl MessageState {
    const ALL: [Self; 5] = [Self::Waiting, Self::Done, Self::Copy, Self::Quarantined, Self::Dropped];

    /// The state as the database and listings write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Copy => "copy",
            Self::Quarantined => "quarantined",
            Self::Dropped => "dropped",
        }
    }
}

impl fmt::Display for MessageState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MessageState {
    type Err = NotA;

    fn from_str(text: &str) -> std::result::Result<Self, NotA> {
        let state = Self::ALL.into_iter().find(|state| state.as_str() == text);
        state.ok_or_else(|| NotA::new(text, "state of a message", "waiting, done, copy, quarantined or dropped"))
    }
}

impl Serialize for MessageState {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// What reading a message found, and where it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Which message.
    pub id: i64,
    /// Where it stands now: any state but waiting.
    pub state: MessageState,
    /// Why it is quarantined, where it is.
    pub reason: Option<String>,
    /// Its Message-ID, or the one made for it. Made of the hash of a message that has none, it
    /// recognises the message when its mailbox is read again.
    pub message_id: Option<String>,
    /// The Date header, where it could be read.
    pub sent_at: Option<Timestamp>,
    /// From whom.
    pub from: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// Why it is a machine's, where it is.
    pub automatic: Option<String>,
    /// Its command lines that were answered.
    pub lines: Vec<String>,
    /// It and the copies of it before were only claimed, and so have changed nothing themselves.
    pub claimed: bool,
    /// What it mentions: kind (`action`, `document`, …) and reference.
    pub mentions: Vec<(String, String)>,
}

/// A message of the same Message-ID that was read before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Which message.
    pub id: i64,
    /// Where it stands.
    pub state: MessageState,
    /// Its Date header, where it could be read.
    pub sent_at: Option<Timestamp>,
    /// SHA-256 of its raw bytes.
    pub hash: Vec<u8>,
    /// Its command lines that were answered.
    pub lines: Vec<String>,
    /// It and the copies of it before were only claimed.
    pub claimed: bool,
    /// Its bytes were erased, and its lines may be other than it had.
    pub erased: bool,
}

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Its Message-ID, which it keeps however often it is sent.
    pub message_id: String,
    /// To whom.
    pub recipient: EmailAddress,
    /// Its subject.
    pub subject: String,
    /// The raw bytes.
    pub raw: Vec<u8>,
    /// What its numbered rows mean; for a mail about one thing, that one under 1.
    pub rows: Vec<(u16, Subject)>,
    /// Why it waits for the operator instead of being sent, where it does.
    pub parked: Option<String>,
}

/// At most so many rows are written at once.
const WHOLE_UPDATE: usize = 256;

impl Batch {
    /// Which of these messages do not wait any more: another process may have read some of them since
    /// [`Store::waiting`](super::Store::waiting) gave them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn read_by_others(&mut self, messages: &[i64]) -> Result<HashSet<i64>> {
        let asked = to_json("messages", messages)?;
        // Not those that wait, which are all of them as a rule: each row costs a change of threads.
        let rows = query!(
            r#"SELECT value + 0 AS "id!: i64" FROM json_each(?2)
               WHERE NOT EXISTS (
                   SELECT 1 FROM messages
                   WHERE id = value AND +messages.group_id = ?1 AND +messages.state = 'waiting')"#,
            self.group,
            asked
        )
        .fetch_all(self.reading(&[]).await?)
        .await
        .doing("looking up messages that were read")?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Earlier messages with these Message-IDs, oldest first. Messages of this batch are among them
    /// once they are finished.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn earlier(&mut self, message_ids: &[String]) -> Result<HashMap<String, Vec<Earlier>>> {
        let asked = to_json("Message-IDs", message_ids)?;
        let rows = query!(
            r#"SELECT id AS "id!", state, message_id AS "message_id!", sent_at, hash, lines,
                      claimed AS "claimed!: bool", erased_at IS NOT NULL AS "erased!: bool"
               FROM messages
               WHERE group_id = ?1 AND message_id IN (SELECT value FROM json_each(?2)) AND state <> 'waiting'
               ORDER BY id"#,
            self.group,
            asked
        )
        .fetch_all(self.reading(&[]).await?)
        .await
        .doing("looking up earlier messages")?;
        let mut earlier: HashMap<String, Vec<Earlier>> = HashMap::new();
        for row in rows {
            let message = Earlier {
                id: row.id,
                state: parse("state of a message", &row.state)?,
                sent_at: time_or_none(row.sent_at)?,
                hash: row.hash,
                lines: from_json("command lines", &row.lines)?,
                claimed: row.claimed,
                erased: row.erased,
            };
            earlier.entry(row.message_id).or_default().push(message);
        }
        Ok(earlier)
    }

    /// The raw bytes of a message, where they are kept.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn raw(&mut self, message: i64) -> Result<Option<Vec<u8>>> {
        let row = query!("SELECT zstd FROM raw_messages WHERE message = ?1", message)
            .fetch_optional(self.reading(&[]).await?)
            .await
            .doing("reading a raw message")?;
        row.map(|row| unpack(&row.zstd)).transpose()
    }

    /// Which of these Message-IDs are of mails that this group's bot made, and to whom they went.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sent(&mut self, message_ids: &[String]) -> Result<HashMap<String, EmailAddress>> {
        let asked = to_json("Message-IDs", message_ids)?;
        let rows = query!(
            "SELECT message_id, recipient FROM outbox
             WHERE message_id IN (SELECT value FROM json_each(?2)) AND group_id = ?1",
            self.group,
            asked
        )
        .fetch_all(self.reading(&[Table::Outbox]).await?)
        .await
        .doing("looking up sent mails")?;
        rows.into_iter().map(|row| Ok((row.message_id, parse("address", &row.recipient)?))).collect()
    }

    /// How many mails to a recipient were made since then and were or will be sent.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn answers_since(&mut self, recipient: &EmailAddress, since: Timestamp) -> Result<u32> {
        let pending = self.pending.mails().filter(|mail| mail.recipient == *recipient && mail.parked.is_none());
        let pending = u32::try_from(pending.count()).unwrap_or(u32::MAX);
        let pending = if since.as_millisecond() < self.now { pending } else { 0 };
        let (recipient, since) = (recipient.as_str(), since.as_millisecond());
        let row = query!(
            r#"SELECT count(*) AS "count!: u32" FROM outbox
               WHERE group_id = ?1 AND recipient = ?2 AND created_at > ?3 AND state IN ('waiting', 'sent')"#,
            self.group,
            recipient,
            since
        )
        .fetch_one(self.reading(&[]).await?)
        .await
        .doing("counting answers")?;
        Ok(row.count.saturating_add(pending))
    }

    /// Which of these receipts are taken.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn receipts_among(&mut self, receipts: &[String]) -> Result<HashSet<String>> {
        let asked = to_json("receipts", receipts)?;
        let rows = query!(
            "SELECT receipt FROM receipts
             WHERE group_id = ?1 AND receipt IN (SELECT value FROM json_each(?2))",
            self.group,
            asked
        )
        .fetch_all(self.reading(&[Table::Receipts]).await?)
        .await
        .doing("looking up receipts")?;
        Ok(rows.into_iter().map(|row| row.receipt).collect())
    }

    /// Says what reading found, and takes the messages out of the waiting ones: each once.
    ///
    /// # Errors
    /// Where the database fails, or one of them does not wait any more: the batch must be given up.
    pub async fn finish(&mut self, read: &[Read]) -> Result<()> {
        for read in read.chunks(WHOLE_UPDATE) {
            self.finish_some(read).await?;
        }
        let mentions: Vec<_> = read
            .iter()
            .flat_map(|read| read.mentions.iter().map(|(kind, reference)| (read.id, kind, reference)))
            .collect();
        let group = self.group;
        for mentions in mentions.chunks(WHOLE_UPDATE) {
            let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO mentions (group_id, message, kind, reference) ");
            insert.push_values(mentions, |mut values, (message, kind, reference)| {
                values.push_bind(group).push_bind(message).push_bind(kind).push_bind(reference);
            });
            insert.push(" ON CONFLICT (group_id, reference, message) DO NOTHING");
            let insert = insert.build().persistent(mentions.len() == WHOLE_UPDATE);
            insert.execute(self.writing().await?).await.doing("keeping mentions")?;
        }
        Ok(())
    }

    async fn finish_some(&mut self, read: &[Read]) -> Result<()> {
        // Not as JSON: of each mail that is read, taking it apart cost more than writing it.
        let mut update = QueryBuilder::<Sqlite>::new(
            "WITH r (id, state, reason, message_id, sent_at, from_address, subject, automatic, lines,
              claimed) AS (",
        );
        update.push_values(rows(read)?, |mut values, row| {
            values.push_bind(row.read.id).push_bind(row.read.state.as_str()).push_bind(&row.read.reason);
            values.push_bind(&row.read.message_id).push_bind(row.read.sent_at.map(Timestamp::as_millisecond));
            values.push_bind(&row.read.from).push_bind(&row.read.subject).push_bind(&row.read.automatic);
            values.push_bind(row.lines).push_bind(row.read.claimed);
        });
        update.push(
            ") UPDATE messages
             SET state = r.state, reason = r.reason, message_id = r.message_id, sent_at = r.sent_at,
                 from_address = r.from_address, subject = r.subject, automatic = r.automatic, lines = r.lines,
                 claimed = r.claimed
             FROM r
             -- The + keeps the index of waiting messages out: looked through once a message, it made
             -- a batch cost as much as everything that waits.
             WHERE messages.id = r.id AND +messages.state = 'waiting' AND +group_id = ",
        );
        update.push_bind(self.group);
        // That of so many is kept prepared. Fewer rows are another text, and would push the others out.
        let update = update.build().persistent(read.len() == WHOLE_UPDATE);
        let done = update.execute(self.writing().await?).await.doing("finishing messages")?;
        if usize::try_from(done.rows_affected()).ok() != Some(read.len()) {
            return Err(StoreError::Refused("a message of the batch has been read already".to_owned()));
        }
        Ok(())
    }
}

/// What was read, with its lines as they are kept.
struct Row<'a> {
    read: &'a Read,
    lines: String,
}

fn rows(read: &[Read]) -> Result<Vec<Row<'_>>> {
    read.iter().map(|read| Ok(Row { read, lines: to_json("command lines", &read.lines)? })).collect()
}
