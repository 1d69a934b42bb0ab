//! What can go wrong with the database, and what would work.

use std::path::PathBuf;

/// A result of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why the database could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such file.
    #[error("{}: there is no such database; `minuted run` makes one", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A file that must not be overwritten.
    #[error("{}: the file exists already and is not overwritten; name another one or remove it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file is not SQLite's, or is another program's.
    #[error("{}: {what}; name minuted's own database or a file that does not exist yet", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        what: &'static str,
    },
    /// The file is SQLite's but its content is broken.
    #[error(
        "{}: the database is damaged ({what}); nothing was changed: restore the last `minuted backup`, or save what is readable with `sqlite3 FILE .recover`",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The schema is newer than this program, or is none that it knows.
    #[error(
        "{}: the database has schema {found}, this program knows {known}; use the minuted that wrote it, or a newer one",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema that was found.
        found: String,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// The schema is older than this program, and the file was only to be read.
    #[error(
        "{}: the database has schema {found}, this program needs {known}; `minuted run` brings it up to date",
        path.display()
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// The schema that was found; 0 where there is none.
        found: i64,
        /// The schema that this program needs.
        known: i64,
    },
    /// A migration failed.
    #[error("{}: cannot bring the database's schema up to date", path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sqlx::migrate::MigrateError,
    },
    /// A statement failed.
    #[error("the database failed while {doing}")]
    Sql {
        /// What the statement was for.
        doing: &'static str,
        /// Why.
        source: sqlx::Error,
    },
    /// A file could not be read or written.
    #[error("{}: {doing}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What was to be done with it.
        doing: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// A stored value is none of its type.
    #[error("the database holds a {what} that cannot be read: {why}")]
    Value {
        /// What the value should be.
        what: &'static str,
        /// Why it is none.
        why: String,
    },
    /// The caller's values contradict the database: nothing was written.
    #[error("nothing was written: {0}")]
    Refused(String),
}

/// Primary result codes of SQLite (<https://www.sqlite.org/rescode.html>).
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READONLY: i32 = 8;
const IO: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const NOTADB: i32 = 26;

impl StoreError {
    /// Whether the same may work later: the disk is full or unreachable, or another process holds
    /// the database. The daemon waits and goes on.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            // A WAL index that cannot grow on a full disk is reported as an I/O error or as a file
            // that cannot be opened, not as FULL.
            Self::Sql { source: sqlx::Error::PoolTimedOut, .. } => true,
            Self::Sql { source, .. } | Self::Migration { source: sqlx::migrate::MigrateError::Execute(source), .. } => {
                matches!(primary_code(source), Some(BUSY | LOCKED | IO | FULL | CANTOPEN))
            }
            _ => false,
        }
    }

    /// Whether a file cannot be opened, or not be written to.
    pub(super) fn is_out_of_reach(&self) -> bool {
        let code = match self {
            Self::Sql { source, .. } | Self::Migration { source: sqlx::migrate::MigrateError::Execute(source), .. } => {
                primary_code(source)
            }
            _ => None,
        };
        matches!(code, Some(READONLY | CANTOPEN))
    }

    /// Whether the disk is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Sql { source, .. } if primary_code(source) == Some(FULL))
    }

    /// Whether the file's content is broken.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Damaged { .. } => true,
            Self::Sql { source, .. } => matches!(primary_code(source), Some(CORRUPT | NOTADB)),
            _ => false,
        }
    }

    /// Whether SQLite says that the file is none of its own.
    pub(super) fn is_foreign_file(&self) -> bool {
        matches!(self, Self::Sql { source, .. } if primary_code(source) == Some(NOTADB))
    }

    /// A stored value that cannot be read.
    pub(super) fn value(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self::Value { what, why: why.to_string() }
    }
}

/// The result code without its extension.
fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<i32>().ok().map(|code| code & 0xff)
}

/// Says what a statement was for.
pub(super) trait Doing<T> {
    /// The result with what was being done, such as `taking in mail`.
    fn doing(self, doing: &'static str) -> Result<T>;
}

impl<T> Doing<T> for std::result::Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T> {
        self.map_err(|source| StoreError::Sql { doing, source })
    }
}
