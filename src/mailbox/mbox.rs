//! mbox: messages one after the other in one file, each behind a line `From sender date` (RFC 4155,
//! appendix A), with `>From ` for such a line in a body.
//!
//! Writers differ. Read is what they have in common: the file's first line separates, and every later
//! `From ` line with a date as that of RFC 4155; one without is prose that a writer forgot to quote.
//! (Where the first line has no date, no later one needs it, but a blank line before it.) One `>` is
//! taken off `>From `, `>>From ` and so on, which is right for mboxrd, and for mboxo wherever the text
//! had no `>From ` itself.
//!
//! Content-Length (mboxcl, mboxcl2) is not looked at: it is wrong after any edit, and the sender writes
//! it, who could hide the next message behind it.

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::file::head_bytes;
use super::{Entry, Error, Place, Raw};

/// How much of a line is held at once. A `From ` line is far shorter, other lines need not be whole.
const PIECE_BYTES: usize = 8 * 1024;

/// How many bytes of a message's hash are in its identity.
const HASH_BYTES: usize = 8;

/// The messages of an mbox one by one, from any stream, one at a time in memory. After an error there
/// is no further message; half a message is not given out.
#[derive(Debug)]
pub struct Mbox<R> {
    pieces: Pieces<R>,
    path: PathBuf,
    arrived: Timestamp,
    limit: u64,
    next: Next,
    /// The first `From ` line had a date, so all have.
    dated: bool,
}

/// Where the next message is.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// Behind the first line, which is not read yet.
    First,
    /// Behind the `From ` line at this offset, which is read.
    At(u64),
    /// Nowhere.
    None,
}

impl<R: BufRead> Mbox<R> {
    /// Reads `stream`. `path` names it in errors, `arrived` becomes the time of every message, and of a
    /// message above `limit` bytes only the head is kept.
    pub fn new(stream: R, path: impl AsRef<Path>, arrived: Timestamp, limit: u64) -> Self {
        let pieces = Pieces { stream, offset: 0, in_line: false };
        Self { pieces, path: path.as_ref().to_owned(), arrived, limit, next: Next::First, dated: true }
    }

    /// How many bytes of the stream have been read: for a progress bar.
    pub const fn offset(&self) -> u64 {
        self.pieces.offset
    }

    /// The next message that is not empty.
    fn read_message(&mut self) -> io::Result<Option<(Entry, Raw)>> {
        loop {
            let mut message = Collected::new(self.limit);
            // Taken away first, so that an error ends the reading.
            let start = match std::mem::replace(&mut self.next, Next::None) {
                Next::First => self.read_first_line(&mut message)?,
                Next::At(start) => Some(start),
                Next::None => None,
            };
            let Some(start) = start else { return Ok(None) };
            self.read_body(&mut message)?;
            if message.size > 0 {
                let (raw, hash) = message.finish();
                let uid = format!("{start}-{hash}");
                let at = Place::Offset(start);
                return Ok(Some((Entry { uid, size: raw.size, arrived: self.arrived, at }, raw)));
            }
        }
    }

    /// Reads the first line that is not blank, and returns its offset. It need not be a `From ` line:
    /// then it is the message's.
    fn read_first_line(&mut self, message: &mut Collected) -> io::Result<Option<u64>> {
        let mut piece = Vec::new();
        loop {
            let start = self.pieces.offset;
            if self.pieces.read(&mut piece)?.is_none() {
                return Ok(None);
            }
            if is_blank(&piece) {
                continue;
            }
            if piece.starts_with(b"From ") {
                self.dated = is_dated(&piece);
                self.pieces.skip_line()?;
            } else {
                message.push(&piece);
            }
            return Ok(Some(start));
        }
    }

    /// Reads up to the next `From ` line, and that line.
    fn read_body(&mut self, message: &mut Collected) -> io::Result<()> {
        let mut piece = Vec::new();
        // The blank line before a `From ` line belongs to the mbox, so each is held back until it is
        // known what follows.
        let mut blank = Vec::new();
        loop {
            let offset = self.pieces.offset;
            let Some(starts_line) = self.pieces.read(&mut piece)? else { return Ok(()) };
            if starts_line && piece.starts_with(b"From ") {
                let after_blank = !blank.is_empty() || message.size == 0;
                if if self.dated { is_dated(&piece) } else { after_blank } {
                    self.pieces.skip_line()?;
                    self.next = Next::At(offset);
                    return Ok(());
                }
            }
            message.push(&blank);
            blank.clear();
            if starts_line && is_blank(&piece) {
                blank.append(&mut piece);
            } else {
                let quote = usize::from(starts_line && is_quoted(&piece));
                message.push(piece.get(quote..).unwrap_or_default());
            }
        }
    }
}

impl<R: BufRead> Iterator for Mbox<R> {
    type Item = Result<(Entry, Raw), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_message().map_err(Error::io("read", &self.path)).transpose()
    }
}

/// A stream in pieces that end where a line ends, or before, where the line is long.
#[derive(Debug)]
struct Pieces<R> {
    stream: R,
    offset: u64,
    /// The last piece ended before its line did.
    in_line: bool,
}

impl<R: BufRead> Pieces<R> {
    /// Reads one piece into `piece`, and returns whether it starts a line; `None` at the end.
    fn read(&mut self, piece: &mut Vec<u8>) -> io::Result<Option<bool>> {
        piece.clear();
        while piece.len() < PIECE_BYTES {
            let buffer = match self.stream.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            let buffer = buffer.get(..PIECE_BYTES - piece.len()).unwrap_or(buffer);
            let end = buffer.iter().position(|&byte| byte == b'\n').map_or(buffer.len(), |at| at + 1);
            let taken = buffer.get(..end).unwrap_or_default();
            if taken.is_empty() {
                break;
            }
            piece.extend_from_slice(taken);
            self.stream.consume(end);
            self.offset += end as u64;
            if piece.ends_with(b"\n") {
                break;
            }
        }
        if piece.is_empty() {
            return Ok(None);
        }
        let starts_line = !self.in_line;
        self.in_line = !piece.ends_with(b"\n");
        Ok(Some(starts_line))
    }

    /// Reads what is left of the last piece's line.
    fn skip_line(&mut self) -> io::Result<()> {
        let mut piece = Vec::new();
        while self.in_line && self.read(&mut piece)?.is_some() {}
        Ok(())
    }
}

/// A message while it is read: whole up to the limit, hashed whole.
struct Collected {
    bytes: Vec<u8>,
    size: u64,
    limit: u64,
    hash: Sha256,
}

impl Collected {
    fn new(limit: u64) -> Self {
        Self { bytes: Vec::new(), size: 0, limit, hash: Sha256::new() }
    }

    fn push(&mut self, bytes: &[u8]) {
        let was_whole = self.size <= self.limit;
        self.size += bytes.len() as u64;
        self.hash.update(bytes);
        if was_whole {
            self.bytes.extend_from_slice(bytes);
        }
        if was_whole && self.size > self.limit {
            self.bytes.truncate(usize::try_from(head_bytes(self.limit)).unwrap_or(usize::MAX));
            self.bytes.shrink_to_fit();
        }
    }

    fn finish(self) -> (Raw, String) {
        let hash = HEXLOWER.encode(self.hash.finalize().get(..HASH_BYTES).unwrap_or_default());
        (Raw { bytes: self.bytes, truncated: self.size > self.limit, size: self.size }, hash)
    }
}

fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n")
}

/// `>From `, `>>From ` and so on.
fn is_quoted(line: &[u8]) -> bool {
    let quotes = line.iter().take_while(|&&byte| byte == b'>').count();
    quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "))
}

/// Whether a `From ` line has a sender and then a date: `Mon Jan  6 10:00:00 2014` (RFC 4155), also with
/// a time zone before or after the year, or as `Mon, 6 Jan 2014 10:00:00`.
fn is_dated(line: &[u8]) -> bool {
    // What is not UTF-8 is in the sender.
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split_whitespace().skip(1).collect();
    words.windows(5).skip(1).any(|window| match window {
        [weekday, day, month, year, time] if weekday.ends_with(',') => {
            is_weekday(weekday.trim_end_matches(','))
                && is_day(day)
                && is_month(month)
                && is_year(year)
                && is_time(time)
        }
        [weekday, month, day, time, year] => {
            is_weekday(weekday) && is_month(month) && is_day(day) && is_time(time) && (is_year(year) || is_zone(year))
        }
        _ => false,
    })
}

fn is_weekday(word: &str) -> bool {
    matches!(word, "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun")
}

fn is_month(word: &str) -> bool {
    matches!(word, "Jan" | "Feb" | "Mar" | "Apr" | "May" | "Jun" | "Jul" | "Aug" | "Sep" | "Oct" | "Nov" | "Dec")
}

fn is_day(word: &str) -> bool {
    word.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_time(word: &str) -> bool {
    let mut parts = word.split(':');
    (2..=3).contains(&parts.clone().count())
        && parts.all(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `+0100` or `CET`: the year comes after it.
fn is_zone(word: &str) -> bool {
    let digits = word.strip_prefix(['+', '-']);
    digits.is_some_and(is_year) || (3..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests;
