//! The operator stops all outgoing mail, and starts it again.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::query;

use super::Store;
use super::error::{Doing as _, Result};
use super::value::{number, time};

/// That outgoing mail is stopped, of all groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailStop {
    /// Since when.
    pub since: Timestamp,
    /// By whom.
    pub by: String,
    /// Why, where that was said.
    pub because: Option<String>,
}

impl Store {
    /// The stop that holds now, where there is one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mail_stop(&self) -> Result<Option<MailStop>> {
        let row = query!("SELECT stopped_at, stopped_by, because FROM mail_stops WHERE started_at IS NULL")
            .fetch_optional(&self.reader)
            .await
            .doing("reading whether mail is stopped")?;
        row.map(|row| Ok(MailStop { since: time(row.stopped_at)?, by: row.stopped_by, because: row.because }))
            .transpose()
    }

    /// Stops all outgoing mail. Says whether it was not stopped before: a stop that holds stays as it is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn stop_mail(&self, stop: &MailStop) -> Result<bool> {
        let since = stop.since.as_millisecond();
        let done = query!(
            "INSERT INTO mail_stops (stopped_at, stopped_by, because) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            since,
            stop.by,
            stop.because
        )
        .execute(&self.writer)
        .await
        .doing("stopping mail")?;
        Ok(done.rows_affected() == 1)
    }

    /// Starts outgoing mail again, and gives the stop that held; nothing where none did. What a mail waited
    /// meanwhile does not count as time in which it was tried, nor does an answer grow old by it. A mail that the bot
    /// wrote by itself does: it says what was so then.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn start_mail(&self, by: &str, at: Timestamp) -> Result<Option<MailStop>> {
        let at = at.as_millisecond();
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await.doing("starting mail")?;
        let stopped = query!(
            r#"UPDATE mail_stops SET started_at = ?1, started_by = ?2 WHERE started_at IS NULL
               RETURNING stopped_at AS "stopped_at!", stopped_by AS "stopped_by!", because"#,
            at,
            by
        )
        .fetch_optional(&mut *tx)
        .await
        .doing("starting mail")?;
        let Some(stopped) = stopped else { return Ok(None) };
        let from = stopped.stopped_at;
        query!(
            "UPDATE outbox SET
                 deferred_since = deferred_since + max(0, ?2 - max(deferred_since, ?1)),
                 tried_since = CASE WHEN message_id LIKE 'digest.%' THEN tried_since
                     ELSE coalesce(tried_since, created_at)
                         + max(0, ?2 - max(coalesce(tried_since, created_at), ?1)) END
             WHERE state = 'waiting'",
            from,
            at
        )
        .execute(&mut *tx)
        .await
        .doing("having what waits tried from now on")?;
        tx.commit().await.doing("starting mail")?;
        Ok(Some(MailStop { since: time(from)?, by: stopped.stopped_by, because: stopped.because }))
    }

    /// How many mails wait to be sent, of all groups.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_waiting(&self) -> Result<u64> {
        let row = query!("SELECT count(*) AS mails FROM outbox WHERE state = 'waiting'")
            .fetch_one(&self.reader)
            .await
            .doing("counting the outbox")?;
        number("count of mails", row.mails)
    }
}
