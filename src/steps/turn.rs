//! One process at a time reads what waits.
//!
//! Attempts are counted before a message is read, and a count that is left behind says that the
//! process died of it (PRODUCT.md, section 10). Were two processes to read at the same time, the
//! daemon and the pipes of a mail server, each would find the other's count and take the message for
//! one that stops the program. The lock is gone with its process, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;

/// How long to wait before asking again whether another process has finished its batch.
const PAUSE: Duration = Duration::from_millis(10);

/// The right to read a batch; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _file: File,
}

impl Turn {
    /// Waits for the turn to read what waits in the database at `path`.
    ///
    /// # Errors
    /// Where the file beside the database cannot be made or locked.
    pub(super) async fn take(database: &Path) -> anyhow::Result<Self> {
        let mut path = database.as_os_str().to_owned();
        path.push(".reading");
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(&path);
        let file = file.with_context(|| format!("cannot make {}", Path::new(&path).display()))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("cannot lock {}", Path::new(&path).display()));
                }
            }
        }
    }
}
