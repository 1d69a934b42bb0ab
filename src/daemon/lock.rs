//! The lock on a database, and what it tells of who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;

use super::beside;

/// Who only looks holds it for a moment: so often, and so long apart, it is tried again.
const TRIES: u32 = 10;
const APART: Duration = Duration::from_millis(20);

/// The longest text in it that is read, in bytes.
const LONGEST: u64 = 256;

/// The daemon's lock on a database: a second daemon refuses to start. It is gone with the process.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Who takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// `minuted run`.
    Daemon,
    /// `minuted run --once`.
    Once,
}

/// Who holds the lock of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// A process does; since when, and which, where the file says it.
    Held {
        /// A daemon, and not `run --once`.
        daemon: bool,
        /// Its number.
        process: Option<u32>,
        /// When it took the lock.
        since: Option<Timestamp>,
    },
    /// Nobody does; when it was taken last, where it ever was.
    Free(Option<Timestamp>),
}

impl Holder {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Daemon => "daemon",
            Self::Once => "once",
        }
    }
}

impl Lock {
    /// Takes the lock of the database at `path`.
    ///
    /// # Errors
    /// Where another daemon holds it.
    pub fn take(database: &Path, holder: Holder) -> anyhow::Result<Self> {
        let path = beside(database, "lock");
        let made = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = made.with_context(|| format!("cannot make {}", path.display()))?;
        for attempt in 1.. {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if attempt < TRIES => std::thread::sleep(APART),
                Err(TryLockError::WouldBlock) => anyhow::bail!(
                    "another minuted runs on {}; stop it first, or give this one a database of its own",
                    database.display()
                ),
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("cannot lock {}", path.display()));
                }
            }
        }
        let told = format!("{} {} {}\n", holder.as_str(), std::process::id(), Timestamp::now());
        // What it says is for those who look; that it is held does not depend on it, as on a full disk.
        if let Err(error) = file.set_len(0).and_then(|()| file.write_all(told.as_bytes())) {
            tracing::warn!(%error, "what runs could not be written into {}", path.display());
        }
        Ok(Self { _file: file })
    }
}

impl Standing {
    /// Looks who holds the lock of the database at `path`; nothing is changed.
    ///
    /// # Errors
    /// Where the file beside the database cannot be read.
    pub fn of(database: &Path) -> io::Result<Self> {
        let mut file = match File::open(beside(database, "lock")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::Free(None)),
            file => file?,
        };
        let is_held = match file.try_lock_shared() {
            Ok(()) => {
                file.unlock()?;
                false
            }
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(error)) => return Err(error),
        };
        let mut text = String::new();
        (&mut file).take(LONGEST).read_to_string(&mut text)?;
        let words: Vec<&str> = text.split_whitespace().collect();
        let since = words.get(2).and_then(|time| time.parse().ok());
        if !is_held {
            return Ok(Self::Free(since));
        }
        let process = words.get(1).and_then(|number| number.parse().ok());
        Ok(Self::Held { daemon: words.first() == Some(&Holder::Daemon.as_str()), process, since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_says_who_holds_it_and_since_when_and_is_free_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("minuted.db");
        assert_eq!(Standing::of(&database).unwrap(), Standing::Free(None));
        let before = Timestamp::now();
        let lock = Lock::take(&database, Holder::Daemon).unwrap();
        let Standing::Held { daemon: true, process, since: Some(since) } = Standing::of(&database).unwrap() else {
            panic!("{:?}", Standing::of(&database))
        };
        assert!(process == Some(std::process::id()) && since >= before);
        assert!(Lock::take(&database, Holder::Once).unwrap_err().to_string().contains("another minuted runs"));
        assert!(matches!(Standing::of(&database).unwrap(), Standing::Held { daemon: true, .. }));
        drop(lock);
        assert_eq!(Standing::of(&database).unwrap(), Standing::Free(Some(since)));
        let _lock = Lock::take(&database, Holder::Once).unwrap();
        assert!(matches!(Standing::of(&database).unwrap(), Standing::Held { daemon: false, .. }));
    }
}
