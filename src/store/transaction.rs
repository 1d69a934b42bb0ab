//! One transaction over many messages, and what of it is not written yet.
//!
//! A statement costs a way to the thread that holds the connection and back, which is more than most of
//! them take there. So what decisions have to write waits here ([`Pending`]), and is written many rows to
//! a statement when the batch ends, or before somebody asks for what might be among it: every statement
//! of a batch goes through [`Batch::reading`] or [`Batch::writing`], which see to that.

use std::fmt;
use std::mem::take;

use jiff::Timestamp;
use sqlx::{Sqlite, SqliteConnection, Transaction, query};

use super::error::{Doing as _, Result};
use super::load::Group;
use super::pending::{Pending, Table};
use super::remembered::Remembered;
use super::value::Packer;
use super::{GroupId, Store, StoreError};

/// One transaction over many messages. Dropped without [`Batch::commit`], it leaves nothing behind.
pub struct Batch {
    tx: Transaction<'static, Sqlite>,
    pub(super) group: i64,
    pub(super) now: i64,
    /// What every decision of the group sees, where it is as the database has it.
    pub(super) loaded: Option<Group>,
    /// What was read of the database already, with what was done to it since.
    pub(super) remembered: Remembered,
    pub(super) pending: Pending,
    /// The part of the batch that one message is, where one is under way.
    part: Option<Part>,
    /// Each part is written at its end, so that what is wrong with its rows is that message's matter.
    careful: bool,
    /// Something that was to be kept could not be written: nothing of the batch is kept.
    broken: bool,
    /// The next place in the journal, where it is known.
    next_seq: Option<i64>,
    packer: Option<Packer>,
}

/// Where the part of a batch began that one message is.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// So much waited to be written.
    pending: usize,
    next_seq: Option<i64>,
    /// The database has a savepoint for it: something of it is written.
    opened: bool,
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("group", &self.group).finish_non_exhaustive()
    }
}

impl Store {
    /// Begins a batch for a group. No other process writes until it ends. `now` is when mails of
    /// the batch are ready to be sent.
    ///
    /// # Errors
    /// Where the database fails, or another process holds it for too long.
    pub async fn begin(&self, group: GroupId, now: Timestamp) -> Result<Batch> {
        let tx = self.writer.begin_with("BEGIN IMMEDIATE").await.doing("beginning a batch")?;
        Ok(Batch {
            tx,
            group: group.0,
            now: now.as_millisecond(),
            loaded: None,
            remembered: Remembered::default(),
            pending: Pending::default(),
            part: None,
            careful: false,
            broken: false,
            next_seq: None,
            packer: None,
        })
    }

    /// As [`Store::begin`], but what each message does is written at the end of its part: slower, and
    /// where its rows are refused, [`Batch::release`] says so, and that message alone can be given up.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin_carefully(&self, group: GroupId, now: Timestamp) -> Result<Batch> {
        Ok(Batch { careful: true, ..self.begin(group, now).await? })
    }
}

impl Batch {
    /// Begins the part of the batch that one message is: [`Batch::release`] keeps it,
    /// [`Batch::roll_back`] undoes it alone.
    pub fn savepoint(&mut self) {
        self.part = Some(Part { pending: self.pending.len(), next_seq: self.next_seq, opened: false });
    }

    /// Keeps what was done since [`Batch::savepoint`].
    ///
    /// # Errors
    /// Where the database fails. In a careful batch also where it refuses what was done: then
    /// [`Batch::roll_back`] undoes it.
    pub async fn release(&mut self) -> Result<()> {
        if self.careful {
            self.flush().await?;
        }
        if self.part.take().is_some_and(|part| part.opened) {
            run(&mut self.tx, "RELEASE message").await?;
        }
        Ok(())
    }

    /// Undoes what was done since [`Batch::savepoint`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn roll_back(&mut self) -> Result<()> {
        let Some(part) = self.part.take() else { return Ok(()) };
        self.loaded = None;
        self.remembered = Remembered::default();
        self.pending.truncate(part.pending);
        self.next_seq = part.next_seq;
        if part.opened {
            run(&mut self.tx, "ROLLBACK TO message").await?;
            run(&mut self.tx, "RELEASE message").await?;
        }
        Ok(())
    }

    /// What was read is not as it was read any more.
    pub(super) fn forget_loaded(&mut self) {
        self.loaded = None;
        self.remembered = Remembered::default();
    }

    /// Commits everything.
    ///
    /// # Errors
    /// Where the database fails: nothing was done.
    pub async fn commit(mut self) -> Result<()> {
        self.flush().await?;
        if self.broken {
            return Err(StoreError::Refused("a part of the batch could not be written".to_owned()));
        }
        self.tx.commit().await.doing("committing a batch")
    }

    /// Gives everything up.
    ///
    /// # Errors
    /// Where the database fails; nothing was done then either.
    pub async fn abandon(self) -> Result<()> {
        self.tx.rollback().await.doing("giving up a batch")
    }

    /// The connection, to read these tables: what waits to be written to them is there.
    pub(super) async fn reading(&mut self, tables: &[Table]) -> Result<&mut SqliteConnection> {
        if self.pending.touches(tables) {
            self.flush().await?;
        }
        Ok(&mut self.tx)
    }

    /// The connection, to write: all that was done before is there, and what is written is undone with
    /// the part of the batch that is under way.
    pub(super) async fn writing(&mut self) -> Result<&mut SqliteConnection> {
        self.flush().await?;
        self.open_part().await?;
        Ok(&mut self.tx)
    }

    /// Writes what waits.
    async fn flush(&mut self) -> Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let mut before = take(&mut self.pending);
        // What went before the part under way is not undone with it, and what is of it is.
        let own = self.part.map(|part| before.split_off(part.pending));
        let written = before.write(&mut self.tx, self.group, self.now).await;
        self.broken |= written.is_err();
        written?;
        if let Some(own) = own
            && !own.is_empty()
        {
            self.open_part().await?;
            own.write(&mut self.tx, self.group, self.now).await?;
        }
        if let Some(part) = &mut self.part {
            part.pending = 0;
        }
        Ok(())
    }

    async fn open_part(&mut self) -> Result<()> {
        if let Some(part) = &mut self.part
            && !part.opened
        {
            run(&mut self.tx, "SAVEPOINT message").await?;
            part.opened = true;
        }
        Ok(())
    }

    /// The next place in the journal: nobody else writes to it before the batch ends.
    pub(super) async fn take_seq(&mut self) -> Result<i64> {
        let next = match self.next_seq {
            Some(next) => next,
            None => {
                let last = query!(r#"SELECT coalesce(max(seq), 0) AS "last!: i64" FROM journal"#)
                    .fetch_one(self.reading(&[Table::Journal]).await?)
                    .await
                    .doing("looking for the end of the journal")?;
                last.last + 1
            }
        };
        self.next_seq = Some(next + 1);
        Ok(next)
    }

    /// The packer of the batch's mails.
    pub(super) fn packer(&mut self) -> Result<&mut Packer> {
        if self.packer.is_none() {
            self.packer = Some(Packer::new()?);
        }
        self.packer.as_mut().ok_or_else(|| StoreError::value("zstd context", "none"))
    }
}

async fn run(connection: &mut SqliteConnection, savepoint: &'static str) -> Result<()> {
    sqlx::query(savepoint).execute(connection).await.doing("marking a message's part of the batch")?;
    Ok(())
}
