//! Mails that were read and are kept, with what was recorded of them.

use jiff::Timestamp;
use sqlx::query;

use crate::decide::Entry;

use super::error::{Doing as _, Result};
use super::value::{from_json, time, unpack};
use super::{GroupId, Store};

/// A mail that was read and whose bytes are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its number.
    pub id: i64,
    /// How history names it.
    pub message_id: Option<String>,
    /// When it was received.
    pub received_at: Timestamp,
    /// It was a copy of another one.
    pub is_copy: bool,
    /// Its lines that were answered, or would have been in a mail that is not an archive's.
    pub lines: Vec<String>,
    /// What the journal has of it.
    pub entries: Vec<Entry>,
    /// Its bytes.
    pub raw: Vec<u8>,
}

impl Store {
    /// The next mail after `after` that was read and is kept whole.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn kept_after(&self, group: GroupId, after: i64) -> Result<Option<Kept>> {
        let row = query!(
            r#"SELECT id AS "id!", message_id, received_at, state, lines, zstd FROM messages
               JOIN raw_messages ON message = id
               WHERE group_id = ?1 AND id > ?2 AND state IN ('done', 'copy') ORDER BY id LIMIT 1"#,
            group.0,
            after
        );
        let Some(row) = row.fetch_optional(&self.reader).await.doing("reading a kept mail")? else { return Ok(None) };
        let entries = query!("SELECT entry FROM journal WHERE message = ?1 ORDER BY seq", row.id)
            .fetch_all(&self.reader)
            .await
            .doing("reading what is recorded of a mail")?;
        let entries = entries.iter().map(|found| from_json("journal entry", &found.entry));
        Ok(Some(Kept {
            id: row.id,
            message_id: row.message_id,
            received_at: time(row.received_at)?,
            is_copy: row.state == "copy",
            lines: from_json("lines", &row.lines)?,
            entries: entries.collect::<Result<_>>()?,
            raw: unpack(&row.zstd)?,
        }))
    }
}
