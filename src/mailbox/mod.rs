//! Where mail comes from: IMAP, Maildir, mbox, files and standard input.
//!
//! A mailbox is read, and never altered before what was read is safely stored: [`Maildir::scan`] and
//! [`Maildir::read`] change nothing, [`Maildir::mark_seen`] is called after the commit. Nothing here
//! reads the message itself, and nothing takes its Date header for a time: an [`Entry`]'s time is what
//! the mailbox says of its arrival.
//!
//! [`imap`] is asynchronous. Everything else is plain blocking IO; asynchronous callers use
//! `spawn_blocking`. Memory is bounded by the size limit that each reader is given: of a message above
//! it only the head is read.

mod file;
pub mod imap;
pub mod maildir;
pub mod mbox;
mod name;
pub mod source;
mod watch;

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

pub use imap::Imap;
pub use maildir::Maildir;
pub use mbox::Mbox;
pub use source::Source;
pub use watch::Watch;

/// How much of a message above the size limit is read, in bytes: enough for any header section.
pub const HEAD_BYTES: u64 = 64 * 1024;

/// One message as it lies in a mailbox, not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The message's stable identity in its mailbox. Maildir: the file's name before the `:2,` of its
    /// flags. Folder or file: the file's name. mbox: the offset of its `From ` line and a hash of its
    /// bytes. Standard input: `-`. Bytes of a name that are not UTF-8, control characters and `%` are
    /// written `%XX`, so that two names never give one identity.
    pub uid: String,
    /// Its size in bytes, as far as the mailbox tells: of an mbox, after the quoting is taken off.
    pub size: u64,
    /// When it came to the mailbox: the file's time of modification, or what the caller said of a
    /// stream. Never the Date header, nor an mbox's `From ` line, which archives make of it.
    pub arrived: Timestamp,
    /// Where it lay when it was listed.
    pub at: Place,
}

/// Where an entry lay when it was listed. A Maildir's file may have been renamed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file of its own.
    File(PathBuf),
    /// In a stream, after this many bytes.
    Offset(u64),
}

/// The bytes of a message, bounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// The whole message, or its first [`HEAD_BYTES`] (less where the limit is smaller).
    pub bytes: Vec<u8>,
    /// The message is larger than the limit: `bytes` is only its head.
    pub truncated: bool,
    /// The size of the whole message in bytes.
    pub size: u64,
}

/// Why a mailbox, or a message in it, cannot be read. The text says what would work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("cannot {doing} `{}`{}", path.display(), hint(source))]
    Io {
        /// What was tried, as a verb: `read`, `list`, `create`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The message was there when the mailbox was listed and is not any more: a mail client deleted
    /// or moved it.
    #[error("the message {uid} is no longer in `{}`", path.display())]
    Gone {
        /// The message.
        uid: String,
        /// The mailbox.
        path: PathBuf,
    },
    /// A folder that was to be a Maildir lacks one of the three folders.
    #[error(
        "`{0}` is no Maildir: it has no folder `{missing}`. Give a folder with `tmp`, `new` and `cur` in it; \
         `mkdir -p {0}/tmp {0}/new {0}/cur` makes one", path.display()
    )]
    NotAMaildir {
        /// The folder.
        path: PathBuf,
        /// What it lacks.
        missing: &'static str,
    },
    /// There is nothing where a Maildir was to be.
    #[error("there is no Maildir at `{0}`; `mkdir -p {0}/tmp {0}/new {0}/cur` makes one", path.display())]
    NoMaildir {
        /// The folder.
        path: PathBuf,
    },
    /// There is nothing at this path.
    #[error("there is no `{}`. Give a message (.eml), an mbox, a Maildir, a folder of .eml files, or - for standard input", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// There is not one byte to read.
    #[error("`{}` is empty. Give a message (.eml), an mbox, a Maildir or a folder of .eml files", path.display())]
    Empty {
        /// The file; `-` is standard input.
        path: PathBuf,
    },
    /// A folder that is no Maildir and has no .eml file directly in it.
    #[error(
        "there is no mail in `{}`: it is no Maildir (folders `tmp`, `new` and `cur`), and no file directly in it \
         ends in .eml. Give one of these, or an mbox file", path.display()
    )]
    NoMail {
        /// The folder.
        path: PathBuf,
    },
    /// A file that is neither an mbox nor a message.
    #[error(
        "`{}` is no mail: {found}. Give a message (.eml: it starts with header lines such as `From: ...`) \
         or an mbox (it starts with `From `)", path.display()
    )]
    NotMail {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        found: &'static str,
    },
    /// Changes of a folder cannot be watched.
    #[error(
        "cannot watch `{}` for new mail. Where too many are watched already, raise fs.inotify.max_user_watches \
         and fs.inotify.max_user_instances with sysctl", path.display()
    )]
    Watch {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: notify::Error,
    },
}

impl Error {
    /// What makes an error of the system one of this module: for `map_err`.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }

    /// The message, or the mailbox, is not there (any more): nothing is wrong with the others.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        match self {
            Self::Gone { .. } | Self::NoMaildir { .. } | Self::Missing { .. } => true,
            Self::Io { source, .. } => source.kind() == io::ErrorKind::NotFound,
            _ => false,
        }
    }
}

/// What would help against an error of the system, where something is known to.
fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => ". Let the user that runs minuted read and write it (chown, chmod)",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ". Make room on its disk",
        io::ErrorKind::ReadOnlyFilesystem => ". Give a path on a file system that can be written to",
        _ => "",
    }
}
