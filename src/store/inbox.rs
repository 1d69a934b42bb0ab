//! What was taken in and waits to be read, and what could not be.

use data_encoding::HEXUPPER;
use jiff::Timestamp;
use sqlx::query;

use super::error::{Doing as _, Result};
use super::value::{Unpacker, apart, from_json, number, time, to_json, unpack};
use super::{GroupId, Store, StoreError};

/// A message that waits to be read, without its bytes: they are looked at only once the attempt is
/// counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its number in this database, in order of intake.
    pub id: i64,
    /// When it was received.
    pub received_at: Timestamp,
    /// Mentions only, no commands, no answers.
    pub archive: bool,
    /// How often it was about to be read before.
    pub attempts: u32,
    /// It was held, and the operator lets it be read again.
    pub retried: bool,
    /// Its octets in the mailbox.
    pub size: u64,
    /// SHA-256 of the raw bytes: what is read again from a mailbox has the same.
    pub hash: Vec<u8>,
}

/// A message that could not be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its number in this database.
    pub id: i64,
    /// The mailbox it came from.
    pub mailbox: String,
    /// Its identity there.
    pub uid: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// Its octets in the mailbox.
    pub size: u64,
    /// How often it was about to be read.
    pub attempts: u32,
    /// Why it is held.
    pub reason: String,
    /// Its Message-ID, where it was read.
    pub message_id: Option<String>,
    /// From whom, where it was read.
    pub from: Option<String>,
    /// Its subject, where it was read.
    pub subject: Option<String>,
}

impl Store {
    /// Whether a message of that Message-ID was taken in and read.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn has_message(&self, group: GroupId, message_id: &str) -> Result<bool> {
        let row =
            query!("SELECT id FROM messages WHERE group_id = ?1 AND message_id = ?2 LIMIT 1", group.0, message_id)
                .fetch_optional(&self.reader)
                .await
                .doing("looking for a message")?;
        Ok(row.is_some())
    }

    /// The newest messages that people wrote, as far as that was read of them; newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_of_people(&self, group: GroupId, limit: u32) -> Result<Vec<i64>> {
        let rows = query!(
            r#"SELECT id AS "id!" FROM messages WHERE group_id = ?1 AND automatic IS NULL AND from_address IS NOT NULL
               ORDER BY id DESC LIMIT ?2"#,
            group.0,
            limit
        )
        .fetch_all(&self.reader)
        .await
        .doing("looking for the newest messages")?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// The next messages to be read, in order of intake and with numbers above `after`: at most `max_count`,
    /// and at most `max_bytes` of them together, but always one where one waits.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn waiting(&self, group: GroupId, after: i64, max_count: u32, max_bytes: u64) -> Result<Vec<Waiting>> {
        let max_bytes = i64::try_from(max_bytes).unwrap_or(i64::MAX);
        // One row, as JSON: to be told of each message by itself would cost a change of threads each.
        let found = query!(
            r#"SELECT json_group_array(
                          json_array(id, received_at, archive, attempts, message_id IS NOT NULL, size, hex(hash))
                          ORDER BY id) AS "found!: String"
               FROM (SELECT *, sum(size) OVER (ORDER BY id) AS total
                     FROM (SELECT id, received_at, archive, attempts, message_id, size, hash FROM messages
                           WHERE group_id = ?1 AND state = 'waiting' AND id > ?4 ORDER BY id LIMIT ?2))
               WHERE total <= ?3 OR total = size"#,
            group.0,
            max_count,
            max_bytes,
            after
        )
        .fetch_one(&self.reader)
        .await
        .doing("looking up waiting messages")?
        .found;
        let found: Vec<(i64, i64, i64, i64, i64, i64, String)> = from_json("waiting messages", &found)?;
        found
            .into_iter()
            .map(|(id, received_at, archive, attempts, has_message_id, size, hash)| {
                Ok(Waiting {
                    id,
                    received_at: time(received_at)?,
                    archive: archive != 0,
                    attempts: number("count of attempts", attempts)?,
                    // Only what was finished once, and held, has a Message-ID while it waits.
                    retried: has_message_id != 0,
                    size: number("size", size)?,
                    hash: HEXUPPER.decode(hash.as_bytes()).map_err(|error| StoreError::value("hash", error))?,
                })
            })
            .collect()
    }

    /// Counts an attempt to read each of these messages. Committed before they are read, so that a
    /// message that kills the process is known by its count.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_attempts(&self, messages: &[i64]) -> Result<()> {
        let messages = to_json("messages", messages)?;
        query!(
            "UPDATE messages SET attempts = attempts + 1
             WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'waiting'",
            messages
        )
        .execute(&self.writer)
        .await
        .doing("counting attempts")?;
        Ok(())
    }

    /// Takes back the count of an attempt that something else than these messages has ended.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_back_attempts(&self, messages: &[i64]) -> Result<()> {
        let messages = to_json("messages", messages)?;
        query!(
            "UPDATE messages SET attempts = attempts - 1
             WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'waiting' AND attempts > 0",
            messages
        )
        .execute(&self.writer)
        .await
        .doing("taking back counted attempts")?;
        Ok(())
    }

    /// The raw bytes of messages, in the order of their numbers; the head alone of one that was too
    /// large.
    ///
    /// # Errors
    /// Where the database fails, or does not have the bytes of one of them.
    pub async fn raws(&self, messages: &[i64]) -> Result<Vec<Vec<u8>>> {
        let asked = to_json("messages", messages)?;
        let rows = query!(
            "SELECT zstd FROM raw_messages WHERE message IN (SELECT value FROM json_each(?1)) ORDER BY message",
            asked
        )
        .fetch_all(&self.reader)
        .await
        .doing("reading waiting messages")?;
        if rows.len() != messages.len() {
            return Err(StoreError::Refused("the bytes of a message that waits are not kept".to_owned()));
        }
        apart(move || {
            let mut unpacker = Unpacker::new()?;
            rows.iter().map(|row| unpacker.unpack(&row.zstd)).collect()
        })
        .await
    }

    /// The raw bytes of a message, where they are kept.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn raw(&self, message: i64) -> Result<Option<Vec<u8>>> {
        let row = query!("SELECT zstd FROM raw_messages WHERE message = ?1", message)
            .fetch_optional(&self.reader)
            .await
            .doing("reading a raw message")?;
        row.map(|row| unpack(&row.zstd)).transpose()
    }

    /// The messages that are held, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn quarantine(&self, group: GroupId) -> Result<Vec<Quarantined>> {
        let rows = query!(
            r#"SELECT id AS "id!", mailbox, uid, received_at, size, attempts, reason, message_id, from_address, subject
               FROM messages WHERE group_id = ?1 AND state = 'quarantined' ORDER BY id"#,
            group.0
        )
        .fetch_all(&self.reader)
        .await
        .doing("listing the quarantine")?;
        rows.into_iter()
            .map(|row| {
                Ok(Quarantined {
                    id: row.id,
                    mailbox: row.mailbox,
                    uid: row.uid,
                    received_at: time(row.received_at)?,
                    size: number("size", row.size)?,
                    attempts: number("count of attempts", row.attempts)?,
                    reason: row.reason.unwrap_or_default(),
                    message_id: row.message_id,
                    from: row.from_address,
                    subject: row.subject,
                })
            })
            .collect()
    }

    /// Lets a held message be read again. Says whether there was one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn retry_quarantined(&self, message: i64) -> Result<bool> {
        let done = query!(
            "UPDATE messages SET state = 'waiting', reason = NULL, attempts = 0
             WHERE id = ?1 AND state = 'quarantined'",
            message
        )
        .execute(&self.writer)
        .await
        .doing("retrying a held message")?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives a held message up; its raw bytes are kept. Says whether there was one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn drop_quarantined(&self, message: i64) -> Result<bool> {
        let done = query!("UPDATE messages SET state = 'dropped' WHERE id = ?1 AND state = 'quarantined'", message)
            .execute(&self.writer)
            .await
            .doing("dropping a held message")?;
        Ok(done.rows_affected() == 1)
    }
}
