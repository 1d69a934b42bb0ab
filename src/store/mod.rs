//! Everything that is kept, in one SQLite file: all SQL of the program.
//!
//! A module per group of tables: [`groups`](Store::group) and their rules, intake, inbox, batches
//! of decisions, outbox, listings. Invariants:
//! - Every transaction that writes begins as `BEGIN IMMEDIATE`, so that a reader never turns into
//!   a writer half-way and fails.
//! - A message leaves `waiting` once, in the transaction that commits its effect and its answer;
//!   [`Batch::finish`] refuses to finish it twice.
//! - Nothing here decides anything, reads the clock or sends.
//! - `sqlx` hands each statement to a thread of the connection, which costs more than most
//!   statements do: many rows go through one statement, as JSON that `json_each` takes apart.

mod backup;
mod baseline;
mod batch;
mod bounces;
mod commit;
mod doors;
mod error;
mod exports;
mod forget;
mod groups;
mod health;
mod inbox;
mod intake;
mod listing;
mod load;
mod occasions;
mod open;
mod outbox;
mod past;
mod pending;
mod rebuild;
mod remembered;
mod reread;
mod retention;
mod rows;
mod stops;
mod transaction;
mod trust;
mod value;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use sqlx::SqlitePool;

pub use batch::{Earlier, MessageState, OutgoingMail, Read};
pub use doors::{Door, DoorRow};
pub use error::{Result, StoreError};
pub use forget::{Erased, Pending};
pub use groups::GroupId;
pub use health::Health;
pub use inbox::{Quarantined, Waiting};
pub use intake::Arrival;
pub use listing::{MentionRow, MentioningMail, MessageRow};
pub use occasions::OccasionRow;
pub use outbox::{OutboxRow, OutboxState, Outgoing};
pub use rebuild::{Rebuilt, replay_beside};
pub use reread::Kept;
pub use stops::MailStop;
pub use transaction::Batch;
pub use trust::Tagged;

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    path: PathBuf,
    /// The one connection that writes.
    writer: SqlitePool,
    /// One that only reads, so that a listing never waits for a batch.
    reader: SqlitePool,
}

impl Store {
    /// The database's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Closes the connections; the last one of all processes folds the write-ahead log into the
    /// file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}
