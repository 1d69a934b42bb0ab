//! Reading one message's file, bounded.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::SystemTime;

use jiff::Timestamp;

use super::{HEAD_BYTES, Raw};

/// How much is kept of a message above the limit.
pub(super) fn head_bytes(limit: u64) -> u64 {
    HEAD_BYTES.min(limit)
}

/// Opens a file of its own in a folder that others write to: no symbolic link, no pipe, no device.
///
/// # Errors
/// Those of the system; `InvalidInput` where it is no regular file.
pub(super) fn open_regular(path: &Path) -> io::Result<File> {
    let no_file = || io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file");
    // Asked before opening, because opening a pipe waits for its writer.
    let listed = fs::symlink_metadata(path)?;
    if !listed.is_file() {
        return Err(no_file());
    }
    let file = File::open(path)?;
    let opened = file.metadata()?;
    // Exchanged for a link since.
    if (opened.dev(), opened.ino()) != (listed.dev(), listed.ino()) {
        return Err(no_file());
    }
    Ok(file)
}

/// Reads an open file: whole up to `limit` bytes, otherwise its head.
pub(super) fn read(file: &File, limit: u64) -> io::Result<Raw> {
    let size = file.metadata()?.len();
    read_stream(file, Some(size), limit)
}

/// Reads a stream of which the size may be known: whole up to `limit` bytes, otherwise its head. A
/// stream of unknown size is read to its end, so that its size is known and its writer not cut off.
pub(super) fn read_stream(mut stream: impl Read, size: Option<u64>, limit: u64) -> io::Result<Raw> {
    let head = head_bytes(limit);
    // One byte more, so that the end is seen without asking for more memory.
    let room = size.map_or(0, |size| size.min(limit) + 1);
    let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or(0));
    if let Some(size) = size.filter(|&size| size > limit) {
        stream.take(head).read_to_end(&mut bytes)?;
        return Ok(Raw { bytes, truncated: true, size });
    }
    (&mut stream).take(limit).read_to_end(&mut bytes)?;
    let rest = io::copy(&mut stream, &mut io::sink())?;
    let size = bytes.len() as u64 + rest;
    if rest > 0 {
        bytes.truncate(usize::try_from(head).unwrap_or(usize::MAX));
        bytes.shrink_to_fit();
    }
    Ok(Raw { bytes, truncated: rest > 0, size })
}

/// A file's time as a timestamp; one beyond its range is the end of the range.
pub(super) fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(if time < SystemTime::UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX })
}
