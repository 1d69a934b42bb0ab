//! Whether the database is whole, and how much waits in it.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sqlx::query;

use super::error::{Doing as _, Result};
use super::open::{named, newest, schema};
use super::value::time_or_none;
use super::{MailStop, Store, StoreError};

/// That somebody wrote in a member's name is worth a look for so long.
const DENIED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What waits in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// That the operator has stopped outgoing mail, where that is so.
    pub mail_stop: Option<MailStop>,
    /// Messages that wait to be read.
    pub waiting: u64,
    /// When the oldest of them was taken in.
    pub oldest_waiting: Option<Timestamp>,
    /// Messages that are held.
    pub quarantined: u64,
    /// Mails that wait to be sent.
    pub to_send: u64,
    /// Since when the oldest of them is tried.
    pub oldest_to_send: Option<Timestamp>,
    /// Why the oldest could not be sent yet, where that was tried.
    pub oldest_error: Option<String>,
    /// Mails that are parked.
    pub parked: u64,
    /// Changes that wait for the word of the member in whose name they came.
    pub unconfirmed: u64,
    /// Mails of the last seven days of which the member whose name is in From says that they are not theirs.
    pub denied: u64,
}

impl Store {
    /// Reads the whole database and says what is wrong with it, a line each; nothing where it is
    /// sound. The daemon does so before it begins.
    ///
    /// # Errors
    /// Where the file is damaged so far that it cannot be read, or the database fails.
    pub async fn check(&self) -> Result<Vec<String>> {
        let mut connection = self.reader.acquire().await.doing("opening the database")?;
        let found = schema(&mut connection, &self.path).await?;
        let mut problems = Vec::new();
        if found != newest() {
            problems.push(format!("the schema is {found}, this program needs {}", newest()));
        }
        let pages: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(100)")
            .fetch_all(&mut *connection)
            .await
            .doing("checking the database")
            .map_err(|error| named(error, &self.path))?;
        problems.extend(pages.into_iter().filter(|line| line != "ok"));
        let orphans: Vec<(String, i64)> =
            sqlx::query_as(r#"SELECT "table", count(*) FROM pragma_foreign_key_check GROUP BY 1"#)
                .fetch_all(&mut *connection)
                .await
                .doing("checking what belongs together")
                .map_err(|error| named(error, &self.path))?;
        problems.extend(orphans.into_iter().map(|(table, rows)| format!("{rows} rows of {table} belong to nothing")));
        Ok(problems)
    }

    /// Refuses a database that [`Store::check`] finds damaged.
    ///
    /// # Errors
    /// Where something is wrong with it, or it cannot be read.
    pub async fn check_or_refuse(&self) -> Result<()> {
        let problems = self.check().await?;
        if problems.is_empty() {
            return Ok(());
        }
        let mut what = problems.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
        if problems.len() > 3 {
            what.push_str("; …");
        }
        Err(StoreError::Damaged { path: self.path.clone(), what })
    }

    /// How much waits in the database at `now`, of all groups.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn health(&self, now: Timestamp) -> Result<Health> {
        let lately = now.saturating_sub(DENIED).unwrap_or(Timestamp::MIN).as_millisecond();
        let row = query!(
            r#"SELECT (SELECT count(*) FROM messages WHERE state = 'waiting') AS "waiting!: i64",
                      (SELECT count(*) FROM messages WHERE state = 'quarantined') AS "quarantined!: i64",
                      (SELECT count(*) FROM outbox WHERE state = 'waiting') AS "to_send!: i64",
                      (SELECT min(taken_at) FROM messages WHERE state = 'waiting') AS "oldest_waiting?: i64",
                      (SELECT min(coalesce(tried_since, created_at)) FROM outbox
                       WHERE state = 'waiting') AS "oldest_to_send?: i64",
                      (SELECT error FROM outbox WHERE state = 'waiting'
                       ORDER BY coalesce(tried_since, created_at), id LIMIT 1) AS "oldest_error?: String",
                      (SELECT count(*) FROM outbox WHERE state = 'parked') AS "parked!: i64",
                      (SELECT count(*) FROM requests WHERE state = 'waiting'
                       AND json_extract(request, '$.kind.kind') = 'held') AS "unconfirmed!: i64",
                      (SELECT count(*) FROM requests AS r JOIN history AS h
                       ON h.group_id = r.group_id AND h.subject = 'request ' || r.id AND h.to_value = 'denied'
                       WHERE r.state = 'denied' AND h.at > ?1) AS "denied!: i64""#,
            lately
        )
        .fetch_one(&self.reader)
        .await
        .doing("counting what waits")?;
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        Ok(Health {
            mail_stop: self.mail_stop().await?,
            waiting: count(row.waiting),
            oldest_waiting: time_or_none(row.oldest_waiting)?,
            quarantined: count(row.quarantined),
            to_send: count(row.to_send),
            oldest_to_send: time_or_none(row.oldest_to_send)?,
            oldest_error: row.oldest_error,
            parked: count(row.parked),
            unconfirmed: count(row.unconfirmed),
            denied: count(row.denied),
        })
    }
}
