//! Mails that a server had taken over, and that came back.

use jiff::Timestamp;
use sqlx::query;

use crate::domain::EmailAddress;

use super::Batch;
use super::error::{Doing as _, Result};
use super::pending::Table;
use super::value::parse;

impl Batch {
    /// The Message-ID of a mail of the group's outbox, where there is one of that number.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn outgoing_message_id(&mut self, mail: i64) -> Result<Option<String>> {
        let row = query!("SELECT message_id FROM outbox WHERE group_id = ?1 AND id = ?2", self.group, mail)
            .fetch_optional(self.reading(&[Table::Outbox]).await?)
            .await
            .doing("looking for a mail")?;
        Ok(row.map(|row| row.message_id))
    }

    /// A mail that was sent has come back. Says to whom it had gone, where it is one of the group's and
    /// this is news.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn bounced(&mut self, message_id: &str, reason: &str, at: Timestamp) -> Result<Option<EmailAddress>> {
        let at = at.as_millisecond();
        let row = query!(
            "UPDATE outbox SET bounced_at = ?3, bounce = ?4
             WHERE group_id = ?1 AND message_id = ?2 AND bounced_at IS NULL RETURNING recipient",
            self.group,
            message_id,
            at,
            reason
        )
        .fetch_optional(self.writing().await?)
        .await
        .doing("noting a bounce")?;
        row.map(|row| parse("address", &row.recipient)).transpose()
    }
}
