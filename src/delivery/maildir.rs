//! Delivery into a Maildir, exactly once.
//!
//! The file's name is made of the message's Message-ID. After a crash between the delivery and the
//! outbox's note of it, the same message is delivered again, found under its name, and not written
//! twice, also where the recipient's mail client has moved and flagged it meanwhile.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::mailbox::{Error, Maildir};

/// How many bytes of the Message-ID's hash make the file's name: 128 bits, no two alike by chance.
const HASH_BYTES: usize = 16;

/// The bytes of a [`Parcel::mark`].
const MARK_LENGTH: usize = 2 * HASH_BYTES + 3;

/// How many characters of a host are in a file's name. File systems allow 255 bytes, with the flags that
/// mail clients add, and an escaped character is four bytes.
const HOST_CHARS: usize = 32;

/// After this time a file in `tmp/` is nobody's any more, says the Maildir format.
const ABANDONED: Duration = Duration::from_secs(36 * 60 * 60);

/// So many files are forced to the disk at once: a disk does many in hardly more time than one.
const WRITERS: usize = 16;

/// Tells the files apart that one process writes at the same time.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// Delivers into one Maildir.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaildirDelivery {
    maildir: Maildir,
}

impl MaildirDelivery {
    /// Delivers into this Maildir.
    #[must_use]
    pub const fn new(maildir: Maildir) -> Self {
        Self { maildir }
    }

    /// The Maildir into which it delivers.
    #[must_use]
    pub const fn maildir(&self) -> &Maildir {
        &self.maildir
    }

    /// Writes the message to `tmp/`, forces it to the disk, renames it into `new/`, and forces that to
    /// the disk. A message of this Message-ID that is in `new/` or `cur/` already is not written again.
    /// `at` becomes the file's time, by which mail clients sort.
    ///
    /// # Errors
    /// [`Error::Io`]; then nothing was delivered, or it is not sure to outlast a power cut. Trying again
    /// is safe.
    pub fn deliver(&self, message_id: &str, raw: &[u8], at: Timestamp) -> Result<(), Error> {
        self.deliver_all(&[(message_id, raw)], at)?.into_iter().collect()
    }

    /// As [`deliver`](Self::deliver), for many messages, each with its Message-ID, and with an outcome each
    /// in their order: the Maildir is listed once, files are forced to the disk many at a time, and the
    /// folder once. A Maildir of thousands costs no more for each mail than an empty one.
    ///
    /// # Errors
    /// [`Error::Io`] of the folder: then none is sure to be delivered. Trying again is safe.
    pub fn deliver_all(&self, mails: &[(&str, &[u8])], at: Timestamp) -> Result<Vec<Result<(), Error>>, Error> {
        let mut parcels: Vec<Parcel<'_>> = mails.iter().map(|(id, raw)| Parcel::new(id, raw)).collect();
        let wanted: HashSet<&[u8]> = parcels.iter().map(|parcel| parcel.mark.as_bytes()).collect();
        let delivered = self.maildir.find_names(|unique| {
            let mut parts = unique.windows(MARK_LENGTH).filter(|part| part.starts_with(b".M"));
            parts.find(|part| wanted.contains(part)).map(<[u8]>::to_vec)
        })?;
        let all_there = delivered.len() == wanted.len();
        let new = self.maildir.root().join("new");
        let mut todo: Vec<&mut Parcel<'_>> =
            parcels.iter_mut().filter(|parcel| !delivered.contains_key(parcel.mark.as_bytes())).collect();
        let put = |todo: &mut [&mut Parcel<'_>]| {
            for parcel in todo {
                parcel.outcome = self.put(parcel, at, &new);
            }
        };
        let share = todo.len().div_ceil(WRITERS);
        if share == 1 && todo.len() == 1 {
            put(&mut todo);
        } else if share > 0 {
            std::thread::scope(|scope| {
                for todo in todo.chunks_mut(share) {
                    scope.spawn(|| put(todo));
                }
            });
        }
        // Also of those that were there: the crash may have come before the folder was forced to the disk.
        let mut folders: BTreeSet<&Path> = delivered.values().filter_map(|path| path.parent()).collect();
        if !all_there {
            folders.insert(&new);
        }
        folders.into_iter().try_for_each(sync_folder)?;
        Ok(parcels.into_iter().map(|parcel| parcel.outcome).collect())
    }

    /// Deletes what was left in `tmp/` by writers that were cut off, older than the 36 hours that the
    /// Maildir format gives them at `now`. Returns how many files there were.
    ///
    /// # Errors
    /// [`Error::Io`] where `tmp/` cannot be listed or a file not be deleted.
    pub fn clean(&self, now: SystemTime) -> Result<usize, Error> {
        let tmp = self.maildir.root().join("tmp");
        let mut deleted = 0;
        for entry in fs::read_dir(&tmp).map_err(Error::io("list", &tmp))? {
            let path = entry.map_err(Error::io("list", &tmp))?.path();
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            let changed = metadata.modified().map_err(Error::io("read", &path))?;
            if metadata.is_file() && now.duration_since(changed).is_ok_and(|age| age > ABANDONED) {
                match fs::remove_file(&path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    removed => removed.map(|()| deleted += 1).map_err(Error::io("delete", &path))?,
                }
            }
        }
        Ok(deleted)
    }

    /// `SECONDS.MHASH.HOST`: the form that Maildir names have, sorted by time. The host is the
    /// Message-ID's, because that of this machine may change between two deliveries of one message.
    fn name(&self, mark: &str, id: &str, at: Timestamp) -> String {
        let host = host_part(id.rsplit_once('@').map_or("minuted", |(_, host)| host));
        format!("{}{mark}{host}", at.as_second().max(0))
    }

    /// Writes a file to `tmp/`, forces it to the disk and moves it into `new/`.
    fn put(&self, parcel: &Parcel<'_>, at: Timestamp, new: &Path) -> Result<(), Error> {
        let name = self.name(&parcel.mark, parcel.id, at);
        let written = self.write(&name, parcel.raw, at)?;
        let to = new.join(&name);
        let renamed = fs::rename(&written, &to);
        if renamed.is_err() {
            // The rename's error is the one to tell.
            let _ = fs::remove_file(&written);
        }
        renamed.map_err(Error::io("write", &to))
    }

    /// Writes a file in `tmp/` and forces it to the disk.
    fn write(&self, name: &str, raw: &[u8], at: Timestamp) -> Result<PathBuf, Error> {
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let path = self.maildir.root().join("tmp").join(format!("{name}.P{}Q{number}", process::id()));
        let write = || {
            let mode = file_mode(self.maildir.root())?;
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&path)?;
            // The file's mode is the folder's, whatever the umask of the service.
            file.set_permissions(fs::Permissions::from_mode(mode))?;
            file.write_all(raw)?;
            file.set_modified(SystemTime::from(at))?;
            file.sync_all()
        };
        let written = write();
        if written.is_err() {
            // Half a message on a full disk is in the way of the next one.
            let _ = fs::remove_file(&path);
        }
        written.map_err(Error::io("write", &path))?;
        Ok(path)
    }
}

/// A message on its way into the Maildir.
struct Parcel<'a> {
    /// Its Message-ID without angle brackets.
    id: &'a str,
    /// What tells its file from any other's: made of the Message-ID.
    mark: String,
    raw: &'a [u8],
    outcome: Result<(), Error>,
}

impl<'a> Parcel<'a> {
    fn new(message_id: &'a str, raw: &'a [u8]) -> Self {
        let id = message_id.trim().trim_start_matches('<').trim_end_matches('>');
        let hash = HEXLOWER.encode(Sha256::digest(id).get(..HASH_BYTES).unwrap_or_default());
        Self { id, mark: format!(".M{hash}."), raw, outcome: Ok(()) }
    }
}

/// A host as the Maildir format wants it in a file's name: `/` is `\057`, `:` is `\072`. What is not
/// printable ASCII is left out, and what is too long for a file's name.
fn host_part(host: &str) -> String {
    let mut name = String::new();
    for c in host.chars().filter(char::is_ascii_graphic).take(HOST_CHARS) {
        match c {
            '/' => name.push_str("\\057"),
            ':' => name.push_str("\\072"),
            c => name.push(c),
        }
    }
    name
}

/// Who may read and write the folder may read and write the mail in it.
fn file_mode(root: &Path) -> io::Result<u32> {
    Ok(fs::metadata(root.join("new"))?.mode() & 0o666 | 0o600)
}

/// Forces the names in a folder to the disk.
fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io("write", folder))
}

#[cfg(test)]
mod tests;
