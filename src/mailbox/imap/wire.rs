//! Commands and answers on a connection. `imap-proto` reads the answers; here is when to read, how
//! long to wait and how much to take.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use imap_proto::{Capability, MailboxDatum, Outcome, Response, ResponseCode, Status};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;
use tracing::debug;

use super::error::{Error, shown};

/// A server that says nothing for so long is given up. It is counted from the last byte, so that a
/// large mail on a slow line may take as long as it takes.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes that are read at once: a TLS record's worth.
const READ: usize = 16 << 10;

/// An answer of more than this without a mail in it is none that was asked for: the UIDs of a million
/// mails are 8 MB.
const LONGEST_LINE: usize = 32 << 20;

/// A stream to the server.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Stream for T {}

/// What a server can do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Capabilities(Vec<String>);

impl Capabilities {
    fn of(list: &[Capability<'_>]) -> Self {
        Self(
            list.iter()
                .map(|capability| match capability {
                    Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
                    Capability::Auth(name) => format!("AUTH={}", name.to_ascii_uppercase()),
                    Capability::Atom(name) => name.to_ascii_uppercase(),
                })
                .collect(),
        )
    }

    /// Whether it is among them; in capitals.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    /// The ways to log in.
    pub fn mechanisms(&self) -> String {
        let ways: Vec<&str> = self.0.iter().filter_map(|name| name.strip_prefix("AUTH=")).collect();
        if ways.is_empty() { "none".to_owned() } else { ways.join(", ") }
    }
}

/// How a command ended that the server refused.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What the server said, as it may be shown.
    pub said: String,
    /// It did not understand the command (BAD), where else it would not do it (NO).
    pub is_bad: bool,
}

/// A connection to a server, before and after the login.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    /// Host and port, for messages.
    pub at: String,
    pub tls: bool,
    buffer: BytesMut,
    /// An answer cannot be whole before there is a line's end at this place or behind it.
    from: usize,
    /// So much is taken as one answer.
    limit: usize,
    commands: u32,
    /// What the server last said it can do.
    pub capabilities: Option<Capabilities>,
    /// The number of messages in the open folder, as last told.
    pub exists: u32,
    /// Whether it grew since somebody last looked.
    pub arrivals: bool,
    /// The UIDVALIDITY that was last told.
    pub uid_validity: Option<u32>,
    /// Whether the folder was opened for reading alone.
    pub read_only: bool,
    farewell: String,
}

impl Wire {
    pub fn new(stream: Box<dyn Stream>, at: String, tls: bool, largest: usize) -> Self {
        Self {
            stream,
            at,
            tls,
            buffer: BytesMut::new(),
            from: 0,
            limit: largest.saturating_add(1 << 20).max(LONGEST_LINE),
            commands: 0,
            capabilities: None,
            exists: 0,
            arrivals: false,
            uid_validity: None,
            read_only: false,
            farewell: String::new(),
        }
    }

    /// The stream alone. What was read and not yet looked at is let go: behind STARTTLS, only somebody
    /// on the way could have sent it (RFC 9051, section 11.1).
    pub fn into_stream(self) -> Box<dyn Stream> {
        self.stream
    }

    /// The next answer, within the patience.
    pub async fn read(&mut self, doing: &'static str) -> Result<Response<'static>, Error> {
        self.read_within(PATIENCE, doing).await
    }

    /// The next answer. Dropping the future loses nothing: what was read is kept.
    pub async fn read_within(&mut self, patience: Duration, doing: &'static str) -> Result<Response<'static>, Error> {
        loop {
            if let Some(response) = self.parse(doing)? {
                return Ok(response);
            }
            if self.from.max(self.buffer.len()) > self.limit {
                return Err(Error::TooMuch { at: self.at.clone(), doing, limit: self.limit });
            }
            self.buffer.reserve(self.from.saturating_sub(self.buffer.len()).max(READ));
            let read = timeout(patience, self.stream.read_buf(&mut self.buffer)).await;
            match read {
                Err(_) => return Err(Error::Silent { at: self.at.clone(), doing, after: patience }),
                Ok(Ok(0)) => return Err(self.closed(doing)),
                Ok(Ok(_)) => {}
                // How rustls tells that the other side went without a word.
                Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(self.closed(doing)),
                Ok(Err(source)) => return Err(Error::Io { at: self.at.clone(), doing, source }),
            }
        }
    }

    fn closed(&self, doing: &'static str) -> Error {
        Error::Closed { at: self.at.clone(), doing, said: self.farewell.clone() }
    }

    /// An answer out of what was read, where it is there whole.
    fn parse(&mut self, doing: &'static str) -> Result<Option<Response<'static>>, Error> {
        loop {
            let new = self.buffer.get(self.from..).unwrap_or_default();
            if !new.contains(&b'\n') {
                // Looked at once: a long line is not searched again with each packet.
                self.from = self.from.max(self.buffer.len());
                return Ok(None);
            }
            // The parser has been seen to panic on a date that is NIL: what a server says must not end the program.
            let buffer = &self.buffer;
            let parsed = catch_unwind(AssertUnwindSafe(|| {
                Response::parse(buffer).map(|(rest, response)| (buffer.len() - rest.len(), response.into_owned()))
            }));
            match parsed {
                Ok(Ok((used, response))) => {
                    self.buffer.advance(used);
                    self.from = 0;
                    self.note(&response);
                    return Ok(Some(response));
                }
                Ok(Err(error)) if error.is_incomplete() => {
                    self.from = literal_end(&self.buffer).unwrap_or(0).max(self.buffer.len());
                    return Ok(None);
                }
                // What nobody asked for need not be understood: servers tell of extensions of their own. A mail
                // in it would be missed, and looked for again.
                _ if self.buffer.starts_with(b"* ") => match whole(&self.buffer) {
                    Some(length) => {
                        debug!(at = self.at, length, doing, "an answer that is not understood is passed over");
                        self.buffer.advance(length);
                        self.from = 0;
                    }
                    None => {
                        self.from = literal_end(&self.buffer).unwrap_or(0).max(self.buffer.len());
                        return Ok(None);
                    }
                },
                _ => return Err(Error::NotImap { at: self.at.clone(), doing, tls: self.tls }),
            }
        }
    }

    /// Remembers what the server says of itself and of the folder, whatever was asked.
    fn note(&mut self, response: &Response<'_>) {
        match response {
            Response::Capabilities(list) => self.capabilities = Some(Capabilities::of(list)),
            Response::MailboxData(MailboxDatum::Exists(count)) => {
                self.arrivals |= *count > self.exists;
                self.exists = *count;
            }
            Response::Expunge(_) => self.exists = self.exists.saturating_sub(1),
            Response::Data { status: Status::Bye, outcome } => {
                self.farewell = shown(outcome.information.as_deref().unwrap_or_default());
            }
            Response::Data { outcome, .. } | Response::Done { outcome, .. } => match &outcome.code {
                Some(ResponseCode::Capabilities(list)) => self.capabilities = Some(Capabilities::of(list)),
                Some(ResponseCode::UidValidity(validity)) => self.uid_validity = Some(*validity),
                Some(ResponseCode::ReadOnly) => self.read_only = true,
                Some(ResponseCode::ReadWrite) => self.read_only = false,
                _ => {}
            },
            _ => {}
        }
    }

    /// Sends a line.
    pub async fn send(&mut self, line: &str, doing: &'static str) -> Result<(), Error> {
        let mut bytes = Vec::with_capacity(line.len() + 2);
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b"\r\n");
        let at = self.at.clone();
        let sending = async {
            self.stream.write_all(&bytes).await?;
            self.stream.flush().await
        };
        match timeout(PATIENCE, sending).await {
            Err(_) => Err(Error::Silent { at, doing, after: PATIENCE }),
            Ok(Err(source)) => Err(Error::Io { at, doing, source }),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// Sends a command and returns its tag.
    pub async fn begin(&mut self, command: &str, doing: &'static str) -> Result<String, Error> {
        self.commands += 1;
        let tag = format!("M{}", self.commands);
        self.send(&format!("{tag} {command}"), doing).await?;
        Ok(tag)
    }

    /// Reads to the answer with that tag; `each` gets what comes before.
    pub async fn finish(
        &mut self,
        tag: &str,
        doing: &'static str,
        mut each: impl FnMut(Response<'static>),
    ) -> Result<Result<(), Refusal>, Error> {
        loop {
            match self.read(doing).await? {
                Response::Done { tag: done, status, outcome } if done.as_bytes() == tag.as_bytes() => {
                    return Ok(if status == Status::Ok { Ok(()) } else { Err(Refusal::of(&status, &outcome)) });
                }
                // An answer to nothing that was asked: the two sides do not mean the same any more.
                Response::Done { .. } => return Err(Error::NotImap { at: self.at.clone(), doing, tls: self.tls }),
                response => each(response),
            }
        }
    }

    /// A command that may be refused.
    pub async fn attempt(
        &mut self,
        command: &str,
        doing: &'static str,
        each: impl FnMut(Response<'static>),
    ) -> Result<Result<(), Refusal>, Error> {
        let tag = self.begin(command, doing).await?;
        self.finish(&tag, doing, each).await
    }

    /// A command that must succeed.
    pub async fn run(
        &mut self,
        command: &str,
        doing: &'static str,
        each: impl FnMut(Response<'static>),
    ) -> Result<(), Error> {
        self.attempt(command, doing, each).await?.map_err(|refusal| self.refused(doing, refusal))
    }

    pub fn refused(&self, doing: &'static str, refusal: Refusal) -> Error {
        Error::Refused { at: self.at.clone(), doing, said: refusal.said }
    }
}

impl Refusal {
    pub fn of(status: &Status, outcome: &Outcome<'_>) -> Self {
        let said = shown(outcome.information.as_deref().unwrap_or_default());
        Self { said, is_bad: *status == Status::Bad }
    }
}

/// Where the last literal that is announced in the bytes ends: `{123}` and a line's end before its
/// first byte (RFC 9051, section 4.3). `None` where there is none.
fn literal_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut end = None;
    while let Some(line) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')) {
        let line_end = at + line + 1;
        let before = bytes.get(at..line_end).and_then(|line| line.strip_suffix(b"}\r\n"));
        let digits = before.and_then(|before| {
            let open = before.iter().rposition(|byte| *byte == b'{')?;
            std::str::from_utf8(before.get(open + 1..)?).ok()
        });
        let Some(length) = digits.and_then(|digits| digits.parse::<usize>().ok()) else { break };
        at = line_end.saturating_add(length);
        end = Some(at);
    }
    end
}

/// How long the first answer in the bytes is, by its lines and literals alone; `None` where it is not there
/// whole.
fn whole(bytes: &[u8]) -> Option<usize> {
    let from = literal_end(bytes).unwrap_or(0);
    let end = bytes.get(from..)?.iter().position(|byte| *byte == b'\n')?;
    Some(from + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_literal_is_known_before_it_is_there() {
        assert_eq!(literal_end(b"* 1 FETCH (UID 7 BODY[] {5}\r\nhello)\r\n"), Some(34));
        assert_eq!(literal_end(b"* 1 FETCH (UID 7 BODY[] {5000}\r\nhel"), Some(5032));
        assert_eq!(literal_end(b"* 1 FETCH (UID 7 BODY[] {50"), None);
        assert_eq!(literal_end(b"* OK {fine}\r\n"), None);
        // What a mail says of literals counts for nothing.
        assert_eq!(literal_end(b"* 1 FETCH (BODY[] {9}\r\nab {99}\r\n UID 7)\r\n"), Some(32));
        assert_eq!(literal_end(b"* 1 FETCH (BODY[1] {2}\r\nab BODY[2] {3}\r\nabc)\r\n"), Some(43));
        // One that no memory holds is an end that nobody waits for.
        assert_eq!(literal_end(format!("* 1 FETCH (BODY[] {{{}}}\r\n", usize::MAX).as_bytes()), Some(usize::MAX));
    }

    #[test]
    fn an_answer_that_is_not_understood_has_an_end() {
        assert_eq!(whole(b"* XTRA 1 2 3\r\n* OK\r\n"), Some(14));
        assert_eq!(whole(b"* XTRA {4}\r\na\r\nb (x)\r\n* OK\r\n"), Some(22));
        assert_eq!(whole(b"* XTRA {4}\r\na\r\nb (x)"), None);
        assert_eq!(whole(b"* XTRA {40}\r\na\r\n"), None);
    }
}
