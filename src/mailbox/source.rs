//! What `ingest FILE|DIR|-` is given: recognised by what it is, and read message by message.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::name::escape;
use super::{Entry, Error, Maildir, Mbox, Place, Raw, file};

/// How much of a file tells what it is.
const START_BYTES: u64 = 8 * 1024;

/// What mail was given as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One message: an .eml file, or standard input.
    Message,
    /// A folder of .eml files.
    Folder,
    /// A Maildir.
    Maildir,
    /// An mbox.
    Mbox,
}

impl Kind {
    /// Whether it holds old mail, which does not act unless somebody says so.
    #[must_use]
    pub const fn is_archive(self) -> bool {
        !matches!(self, Self::Message)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Message => "message",
            Self::Folder => "folder of .eml files",
            Self::Maildir => "Maildir",
            Self::Mbox => "mbox",
        })
    }
}

/// How much there is to read, as far as it is known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// So many messages.
    Messages(u64),
    /// So many bytes, of an mbox.
    Bytes(u64),
    /// A stream.
    Unknown,
}

/// Mail that was given on the command line.
pub struct Source {
    kind: Kind,
    total: Total,
    path: PathBuf,
    arrived: Timestamp,
    input: Input,
}

/// A stream of which the start was looked at.
type Stream = Box<dyn BufRead + Send>;

enum Input {
    Stream(Stream),
    Maildir(Maildir, Vec<Entry>),
    Files(Vec<Entry>),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("kind", &self.kind).field("path", &self.path).finish_non_exhaustive()
    }
}

impl Source {
    /// Recognises what is at `path`: a Maildir by its folders, another folder by the .eml files that are
    /// directly in it, an mbox by its first line `From `, a message by its first header line. `arrived`,
    /// the time of the intake, becomes the time of every message, except in a Maildir, which knows it.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Empty`], [`Error::NoMail`], [`Error::NotMail`],
    /// [`Error::NotAMaildir`] for a folder with only some of a Maildir's, and [`Error::Io`].
    pub fn open(path: &Path, arrived: Timestamp) -> Result<Self, Error> {
        let metadata = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::Missing { path: path.to_owned() });
            }
            metadata => metadata.map_err(Error::io("open", path))?,
        };
        if metadata.is_dir() {
            return Self::open_folder(path, arrived);
        }
        let file = File::open(path).map_err(Error::io("open", path))?;
        let (start, stream) = look_ahead(BufReader::new(file), path)?;
        let kind = recognise(&start).map_err(|found| Error::NotMail { path: path.to_owned(), found })?;
        let total = match kind {
            Kind::Mbox if metadata.is_file() => Total::Bytes(metadata.len()),
            Kind::Mbox => Total::Unknown,
            _ => Total::Messages(1),
        };
        Ok(Self { kind, total, path: path.to_owned(), arrived, input: Input::Stream(stream) })
    }

    /// One message from standard input or another stream, as a mail server hands it over. A `From ` line
    /// before it is taken off, and no later one splits it: the server need not have quoted the body's,
    /// and what a sender writes into a body must not become a message of its own. Anything but nothing is
    /// taken, because the server has nowhere else to go with it.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Io`].
    pub fn message(stream: impl Read + Send + 'static, arrived: Timestamp) -> Result<Self, Error> {
        let path = PathBuf::from("-");
        let (start, mut stream) = look_ahead(BufReader::new(stream), &path)?;
        if start.starts_with(b"From ") {
            stream.skip_until(b'\n').map_err(Error::io("read", &path))?;
        }
        Ok(Self { kind: Kind::Message, total: Total::Messages(1), path, arrived, input: Input::Stream(stream) })
    }

    /// An mbox from standard input or another stream: an archive, where somebody said so.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Io`].
    pub fn mbox(stream: impl Read + Send + 'static, arrived: Timestamp) -> Result<Self, Error> {
        let path = PathBuf::from("-");
        let (_, stream) = look_ahead(BufReader::new(stream), &path)?;
        Ok(Self { kind: Kind::Mbox, total: Total::Unknown, path, arrived, input: Input::Stream(stream) })
    }

    fn open_folder(path: &Path, arrived: Timestamp) -> Result<Self, Error> {
        let (kind, count, input) = if Maildir::is_at(path) {
            let maildir = Maildir::open(path)?;
            let entries = maildir.scan()?;
            (Kind::Maildir, entries.len(), Input::Maildir(maildir, entries))
        } else {
            let entries = eml_files(path, arrived)?;
            if entries.is_empty() {
                // Half a Maildir is told what it lacks.
                if path.join("cur").is_dir() || path.join("new").is_dir() {
                    Maildir::open(path)?;
                }
                return Err(Error::NoMail { path: path.to_owned() });
            }
            (Kind::Folder, entries.len(), Input::Files(entries))
        };
        Ok(Self { kind, total: Total::Messages(count as u64), path: path.to_owned(), arrived, input })
    }

    /// What it was recognised as.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// How much there is to read: for a progress bar.
    #[must_use]
    pub const fn total(&self) -> Total {
        self.total
    }

    /// Reads the messages one by one, whole up to `limit` bytes, of others the head.
    #[must_use]
    pub fn messages(self, limit: u64) -> Messages {
        let reader = match self.input {
            Input::Stream(stream) if self.kind == Kind::Mbox => {
                Reader::Mbox(Box::new(Mbox::new(stream, &self.path, self.arrived, limit)))
            }
            Input::Stream(stream) => Reader::One(Some(stream)),
            Input::Maildir(maildir, entries) => Reader::Maildir(maildir, entries.into_iter()),
            Input::Files(entries) => Reader::Files(entries.into_iter()),
        };
        Messages { reader, path: self.path, arrived: self.arrived, limit, done: 0 }
    }
}

/// The messages of a [`Source`]. One that cannot be read is an error, and the next one goes on; after
/// an error in a stream there is no next one. A Maildir's message that somebody deletes meanwhile is
/// left out.
#[derive(Debug)]
pub struct Messages {
    reader: Reader,
    path: PathBuf,
    arrived: Timestamp,
    limit: u64,
    done: u64,
}

enum Reader {
    Maildir(Maildir, std::vec::IntoIter<Entry>),
    Files(std::vec::IntoIter<Entry>),
    Mbox(Box<Mbox<Stream>>),
    One(Option<Stream>),
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Maildir(..) => "Maildir",
            Self::Files(_) => "Files",
            Self::Mbox(_) => "Mbox",
            Self::One(_) => "One",
        })
    }
}

impl Messages {
    /// How much of [`Source::total`] is done, in its unit.
    #[must_use]
    pub const fn done(&self) -> u64 {
        match &self.reader {
            Reader::Mbox(mbox) => mbox.offset(),
            _ => self.done,
        }
    }

    /// Reads the only message of a file or a stream.
    fn read_one(&self, stream: Stream) -> Result<(Entry, Raw), Error> {
        let raw = file::read_stream(stream, None, self.limit).map_err(Error::io("read", &self.path))?;
        if raw.size == 0 {
            return Err(Error::Empty { path: self.path.clone() });
        }
        let uid = self.path.file_name().map_or_else(|| "-".to_owned(), |name| escape(name.as_bytes()));
        let at = Place::File(self.path.clone());
        Ok((Entry { uid, size: raw.size, arrived: self.arrived, at }, raw))
    }

    /// Reads a file of a folder.
    fn read_file(&self, entry: Entry) -> Result<(Entry, Raw), Error> {
        let Place::File(path) = &entry.at else { return Err(Error::Missing { path: self.path.clone() }) };
        let raw = File::open(path).and_then(|file| file::read(&file, self.limit)).map_err(Error::io("read", path))?;
        if raw.size == 0 {
            return Err(Error::Empty { path: path.clone() });
        }
        Ok((entry, raw))
    }
}

impl Iterator for Messages {
    type Item = Result<(Entry, Raw), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.reader {
            Reader::Mbox(mbox) => mbox.next(),
            Reader::One(stream) => {
                let stream = stream.take()?;
                self.done = 1;
                Some(self.read_one(stream))
            }
            Reader::Files(entries) => {
                let entry = entries.next()?;
                self.done += 1;
                Some(self.read_file(entry))
            }
            Reader::Maildir(maildir, entries) => loop {
                let entry = entries.next()?;
                self.done += 1;
                match maildir.read(&entry, self.limit) {
                    Err(Error::Gone { .. }) => {}
                    read => return Some(read.map(|raw| (entry, raw))),
                }
            },
        }
    }
}

/// The .eml files directly in a folder, by name.
fn eml_files(folder: &Path, arrived: Timestamp) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("list", folder))? {
        let entry = entry.map_err(Error::io("list", folder))?;
        let (name, path) = (entry.file_name(), entry.path());
        let is_eml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml"));
        if !is_eml || name.as_bytes().starts_with(b".") {
            continue;
        }
        // Links are followed: it is the caller who gave this folder, and nobody else writes to it.
        // What cannot be looked at is listed, so that reading it tells why.
        let metadata = fs::metadata(&path);
        if metadata.as_ref().map_or(true, fs::Metadata::is_file) {
            let size = metadata.map_or(0, |metadata| metadata.len());
            entries.push(Entry { uid: escape(name.as_bytes()), size, arrived, at: Place::File(path) });
        }
    }
    entries.sort_by(|a, b| a.uid.cmp(&b.uid));
    Ok(entries)
}

/// The start of a stream, and the whole stream.
fn look_ahead(mut stream: impl BufRead + Send + 'static, path: &Path) -> Result<(Vec<u8>, Stream), Error> {
    let mut start = Vec::new();
    (&mut stream).take(START_BYTES).read_to_end(&mut start).map_err(Error::io("read", path))?;
    if start.is_empty() {
        return Err(Error::Empty { path: path.to_owned() });
    }
    Ok((start.clone(), Box::new(Cursor::new(start).chain(stream))))
}

/// What a file is by its start, or what it is instead of mail.
fn recognise(start: &[u8]) -> Result<Kind, &'static str> {
    if start.starts_with(b"From ") {
        return Ok(Kind::Mbox);
    }
    if start.starts_with(b"\x1f\x8b") || start.starts_with(b"BZh") || start.starts_with(b"\xfd7zXZ\0") {
        return Err("it is compressed; unpack it first");
    }
    if start.starts_with(b"PK\x03\x04") {
        return Err("it is a zip archive, or a document that is one inside (.docx)");
    }
    if start.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err("it is a document of an office program (.doc, or Outlook's .msg; save it as .eml)");
    }
    // Editors put the mark before it.
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let first = text.split(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    // RFC 5322, section 2.2: printable, no colon, and (section 4.5.8) white space before the colon.
    let name = first.iter().position(|&byte| byte == b':').and_then(|at| first.get(..at)).map(<[u8]>::trim_ascii_end);
    match name {
        Some(name) if !name.is_empty() && name.iter().all(u8::is_ascii_graphic) => Ok(Kind::Message),
        _ => Err("its first line is no header line"),
    }
}

#[cfg(test)]
mod tests;
