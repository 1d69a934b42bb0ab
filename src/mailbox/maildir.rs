//! Maildir: a file a message, `tmp/` while it is written, `new/` until somebody looks, `cur/` after,
//! with flags behind `:2,` in the name. Other programs deliver, flag and move at any moment, without
//! locks; a message is therefore known by the unique part of its name, and looked for again by it.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fs::{self, DirBuilder};
use std::hash::Hash;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::name::{escape, split_info, unescape, with_seen};
use super::{Entry, Error, Place, Raw, Watch, file};

/// The three folders of a Maildir.
const FOLDERS: [&str; 3] = ["tmp", "new", "cur"];

/// How often something that other programs change meanwhile is tried again, before it is left to the
/// next sweep.
const ATTEMPTS: usize = 5;

/// A Maildir that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maildir {
    root: PathBuf,
}

impl Maildir {
    /// A Maildir that is there already.
    ///
    /// # Errors
    /// [`Error::NoMaildir`], and [`Error::NotAMaildir`] where it lacks `tmp`, `new` or `cur`.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        match fs::metadata(&root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::NoMaildir { path: root }),
            found => found.map_err(Error::io("open", &root))?,
        };
        match FOLDERS.into_iter().find(|folder| !root.join(folder).is_dir()) {
            Some(missing) => Err(Error::NotAMaildir { path: root, missing }),
            None => Ok(Self { root }),
        }
    }

    /// A Maildir that is made where it is not there, readable by its owner only. What is there is kept.
    ///
    /// # Errors
    /// [`Error::Io`] where a folder cannot be made.
    pub fn create(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        for folder in FOLDERS {
            let path = root.join(folder);
            DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(Error::io("create", &path))?;
        }
        Ok(Self { root })
    }

    /// Whether the folder has the form of a Maildir.
    #[must_use]
    pub fn is_at(root: &Path) -> bool {
        FOLDERS.into_iter().all(|folder| root.join(folder).is_dir())
    }

    /// Its folder, which has `tmp`, `new` and `cur` in it.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Every message in `new/` and `cur/`, by arrival, then by identity.
    ///
    /// Left out are names with a leading dot, folders, symbolic links (they could lead out of the
    /// mailbox), and empty files: an empty file is no message, but may become one, where somebody
    /// copies right into `new/`.
    ///
    /// # Errors
    /// Where a folder cannot be listed. A message that vanishes meanwhile is left out.
    pub fn scan(&self) -> Result<Vec<Entry>, Error> {
        self.scan_unknown(|_| false)
    }

    /// As [`Maildir::scan`], without the messages that are `known` by their identity. These cost no
    /// look at their file, so that a mailbox of old mail is cheap to look at.
    ///
    /// # Errors
    /// As [`Maildir::scan`].
    pub fn scan_unknown(&self, known: impl Fn(&str) -> bool) -> Result<Vec<Entry>, Error> {
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        for _ in 0..ATTEMPTS {
            let mut moved = false;
            for (uid, paths) in self.list()? {
                if entries.contains_key(&uid) || paths.len() == 1 && known(&uid) {
                    continue;
                }
                let found = look_at(&uid, paths, known(&uid))?;
                moved |= found.is_none();
                let found = found.into_iter().flatten().filter(|entry| !known(&entry.uid));
                entries.extend(found.map(|entry| (entry.uid.clone(), entry)));
            }
            // What was renamed between its listing and the look at it is listed again.
            if !moved {
                break;
            }
        }
        let mut entries: Vec<_> = entries.into_values().collect();
        entries.sort_by(|a, b| (a.arrived, &a.uid).cmp(&(b.arrived, &b.uid)));
        Ok(entries)
    }

    /// The identity of every message that lies in `new/`, in no order. No file is looked at.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be listed.
    pub fn new_names(&self) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        self.each_file("new", |name, _| names.push(escape(split_info(name).0)))?;
        Ok(names)
    }

    /// The message, whole up to `limit` bytes, otherwise its head. Where a mail client has moved or
    /// flagged it since it was listed, it is found again by its identity.
    ///
    /// # Errors
    /// [`Error::Gone`] where it was deleted, [`Error::Io`] where it cannot be read.
    pub fn read(&self, entry: &Entry, limit: u64) -> Result<Raw, Error> {
        let mut place = match &entry.at {
            Place::File(path) => Some(path.clone()),
            Place::Offset(_) => None,
        };
        for _ in 0..ATTEMPTS {
            let Some(path) = place.take().map_or_else(|| self.find(&entry.uid), |path| Ok(Some(path)))? else {
                break;
            };
            match file::open_regular(&path).and_then(|file| file::read(&file, limit)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                read => return read.map_err(Error::io("read", &path)),
            }
        }
        Err(Error::Gone { uid: entry.uid.clone(), path: self.root.clone() })
    }

    /// Moves the message to `cur/` and flags it `S` (seen), other flags kept: what a mail client does
    /// when it shows it. To be called when its effect is committed; again, it does nothing. The move is
    /// not forced to the disk: lost in a power cut, the message lies in `new/` again, under the same
    /// identity.
    ///
    /// Returns whether the message is there; somebody may have deleted it, which is no failure.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be renamed.
    pub fn mark_seen(&self, uid: &str) -> Result<bool, Error> {
        for _ in 0..ATTEMPTS {
            let Some(from) = self.find(uid)? else { return Ok(false) };
            let (unique, info) = split_info(file_name(&from));
            let to = self.root.join("cur").join(with_seen(unique, info));
            // A rename would replace another message of that name: better left unflagged than lost.
            if from == to || to.try_exists().map_err(Error::io("read", &to))? {
                return Ok(true);
            }
            match fs::rename(&from, &to) {
                // Moved since it was found.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                renamed => return renamed.map(|()| true).map_err(Error::io("rename", &from)),
            }
        }
        Ok(self.find(uid)?.is_some())
    }

    /// Watches `new/` and `cur/`; both, because some clients and servers put mail right into `cur/`.
    ///
    /// # Errors
    /// [`Error::Watch`] where the system allows no further watches.
    pub fn watch(&self) -> Result<Watch, Error> {
        Watch::start([self.root.join("new"), self.root.join("cur")])
    }

    /// The file of the message with this identity, as it lies now.
    pub(super) fn find(&self, uid: &str) -> Result<Option<PathBuf>, Error> {
        let Some(name) = unescape(uid) else { return Ok(None) };
        for folder in ["new", "cur"] {
            let path = self.root.join(folder).join(&name);
            if path.symlink_metadata().is_ok_and(|found| found.is_file()) {
                return Ok(Some(path));
            }
        }
        for folder in ["new", "cur"] {
            // One of several files of that name, as `another` calls it.
            let stem = name.as_bytes().strip_suffix(folder.as_bytes()).and_then(|name| name.strip_suffix(b":"));
            let path = stem.map(|stem| self.root.join(folder).join(OsStr::from_bytes(stem)));
            if let Some(path) = path.filter(|path| path.symlink_metadata().is_ok_and(|found| found.is_file())) {
                return Ok(Some(path));
            }
        }
        self.find_name(|unique| unique == name.as_bytes())
    }

    /// A message whose unique part is one that is looked for. `new/` is listed first: messages move
    /// from there to `cur/`, never back, so that none slips through between the two.
    pub(crate) fn find_name(&self, wanted: impl Fn(&[u8]) -> bool) -> Result<Option<PathBuf>, Error> {
        for _ in 0..ATTEMPTS {
            let before = self.changed()?;
            for folder in ["new", "cur"] {
                let mut found = None;
                self.each_file(folder, |name, path| {
                    if found.is_none() && wanted(split_info(name).0) {
                        found = Some(path);
                    }
                })?;
                if found.is_some() {
                    return Ok(found);
                }
            }
            if self.changed()? == before {
                break;
            }
        }
        Ok(None)
    }

    /// The messages whose unique parts are among those that are looked for, by what `wanted` makes of
    /// them: one listing for all. As with [`find_name`](Self::find_name), none slips through.
    pub(crate) fn find_names<K: Eq + Hash>(
        &self,
        wanted: impl Fn(&[u8]) -> Option<K>,
    ) -> Result<HashMap<K, PathBuf>, Error> {
        let mut found = HashMap::new();
        for _ in 0..ATTEMPTS {
            let before = self.changed()?;
            for folder in ["new", "cur"] {
                self.each_file(folder, |name, path| {
                    if let Some(key) = wanted(split_info(name).0) {
                        found.insert(key, path);
                    }
                })?;
            }
            if self.changed()? == before {
                break;
            }
        }
        Ok(found)
    }

    /// Every identity in `new/` and `cur/`, with the files that bear it: one, unless a file was renamed
    /// while this listed. A listing can miss what is renamed during it, so it is repeated until
    /// nothing has changed meanwhile.
    fn list(&self) -> Result<BTreeMap<String, Vec<PathBuf>>, Error> {
        let mut messages: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for _ in 0..ATTEMPTS {
            let before = self.changed()?;
            for folder in ["new", "cur"] {
                self.each_file(folder, |name, path| {
                    let paths = messages.entry(escape(split_info(name).0)).or_default();
                    if !paths.contains(&path) {
                        paths.push(path);
                    }
                })?;
            }
            if self.changed()? == before {
                break;
            }
        }
        Ok(messages)
    }

    /// When `new/` and `cur/` last changed.
    fn changed(&self) -> Result<[SystemTime; 2], Error> {
        let changed = |folder| {
            let path = self.root.join(folder);
            fs::metadata(&path).and_then(|metadata| metadata.modified()).map_err(Error::io("list", &path))
        };
        Ok([changed("new")?, changed("cur")?])
    }

    /// Calls `each` with the name and the path of every file that can be a message.
    fn each_file(&self, folder: &str, mut each: impl FnMut(&OsStr, PathBuf)) -> Result<(), Error> {
        let path = self.root.join(folder);
        for entry in fs::read_dir(&path).map_err(Error::io("list", &path))? {
            let entry = entry.map_err(Error::io("list", &path))?;
            let name = entry.file_name();
            // A file whose kind the listing does not tell is asked for it, and may be gone by then.
            if !name.as_bytes().starts_with(b".") && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                each(&name, entry.path());
            }
        }
        Ok(())
    }
}

/// The messages in the files that bear one identity; `None` where none of the files is there any more. Where it
/// `is_known`, nobody can say which of several files it was: each is listed by another identity, and the one that was
/// read is found again, which does nothing.
fn look_at(uid: &str, paths: Vec<PathBuf>, is_known: bool) -> Result<Option<Vec<Entry>>, Error> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut inodes = Vec::new();
    for path in paths {
        let metadata = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            metadata => metadata.map_err(Error::io("read", &path))?,
        };
        let inode = (metadata.dev(), metadata.ino());
        let is_another = !inodes.contains(&inode);
        inodes.push(inode);
        if !metadata.is_file() || metadata.len() == 0 || !is_another {
            continue;
        }
        // Two files whose names differ in their flags only, as a restored backup leaves them, or a program that gives
        // a name twice: neither may be lost.
        let uid = if entries.is_empty() { uid.to_owned() } else { another(&path) };
        let arrived = file::timestamp(metadata.modified().map_err(Error::io("read", &path))?);
        entries.push(Entry { uid, size: metadata.len(), arrived, at: Place::File(path) });
    }
    if is_known
        && entries.len() > 1
        && let Some(Entry { uid, at: Place::File(path), .. }) = entries.first_mut()
    {
        *uid = another(path);
    }
    Ok((!inodes.is_empty()).then_some(entries))
}

/// The identity of one of several files of one unique name: its whole name, and where that tells it from none, its
/// folder.
fn another(path: &Path) -> String {
    let name = file_name(path);
    let folder = path.parent().map_or(OsStr::new(""), file_name);
    let mut uid = escape(name.as_bytes());
    if split_info(name).1.is_empty() || folder != "cur" {
        uid.push(':');
        uid.push_str(&folder.to_string_lossy());
    }
    uid
}

/// The last part of a path that has one, because a listing or a join with a name gave it.
fn file_name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or_default()
}

#[cfg(test)]
mod tests;
