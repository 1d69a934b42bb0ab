//! Bytes of old messages, which a group keeps for so long only. What was read of them stays, and so does what came of
//! it: the journal has all that decisions were made from.

use jiff::Timestamp;
use sqlx::{query, query_scalar};

use super::error::{Doing as _, Result};
use super::value::to_json;
use super::{Batch, GroupId, Store};

/// So many messages are erased in a transaction: nobody waits long for its end.
const AT_ONCE: usize = 256;

impl Batch {
    /// Erases the bytes of a message that was just read.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn erase(&mut self, message: i64) -> Result<()> {
        let now = self.now;
        let tx = self.writing().await?;
        query("PRAGMA secure_delete = ON").execute(&mut *tx).await.doing("erasing for good")?;
        query!("DELETE FROM raw_messages WHERE message = ?1", message)
            .execute(&mut *tx)
            .await
            .doing("erasing a message")?;
        query!("UPDATE messages SET erased_at = ?2 WHERE id = ?1", message, now)
            .execute(&mut *tx)
            .await
            .doing("noting what was erased")?;
        query("PRAGMA secure_delete = OFF").execute(&mut *tx).await.doing("erasing for good")?;
        Ok(())
    }
}

impl Store {
    /// Erases the bytes of the messages that were received before a moment and have been read, and notes when. What
    /// waits or is held keeps them. Gives how many lost theirs.
    ///
    /// # Errors
    /// Where the database fails; what was erased until then stays so.
    pub async fn erase_before(&self, group: GroupId, before: Timestamp, now: Timestamp) -> Result<usize> {
        let (before, now) = (before.as_millisecond(), now.as_millisecond());
        let old = query_scalar!(
            r#"SELECT id AS "id!" FROM messages
               WHERE group_id = ?1 AND received_at < ?2 AND erased_at IS NULL AND state IN ('done', 'copy', 'dropped')
               ORDER BY id"#,
            group.0,
            before
        )
        .fetch_all(&self.reader)
        .await
        .doing("looking for old messages")?;
        for some in old.chunks(AT_ONCE) {
            let some = to_json("messages", some)?;
            let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await.doing("beginning to erase")?;
            // What is erased is not to be found in the file either.
            query("PRAGMA secure_delete = ON").execute(&mut *tx).await.doing("erasing for good")?;
            query!("DELETE FROM raw_messages WHERE message IN (SELECT value FROM json_each(?1))", some)
                .execute(&mut *tx)
                .await
                .doing("erasing old messages")?;
            query!("UPDATE messages SET erased_at = ?2 WHERE id IN (SELECT value FROM json_each(?1))", some, now)
                .execute(&mut *tx)
                .await
                .doing("noting what was erased")?;
            query("PRAGMA secure_delete = OFF").execute(&mut *tx).await.doing("erasing for good")?;
            tx.commit().await.doing("erasing old messages")?;
        }
        Ok(old.len())
    }
}
