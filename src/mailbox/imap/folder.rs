//! An open folder: what is in it, the mails' bytes, and what becomes of those that were read.

use std::collections::HashMap;
use std::time::Duration;

use imap_proto::{AttributeValue, MailboxDatum, NameAttribute, Response};
use jiff::Timestamp;
use jiff::fmt::strtime;
use tracing::debug;

use super::connect::connect;
use super::error::Error;
use super::login::log_in;
use super::names::{self, sets};
use super::wire::{Capabilities, Refusal, Wire};
use crate::config::{AfterFetching, ImapConfig};
use crate::mailbox::{HEAD_BYTES, Raw};

const OPENING: &str = "while the folder was opened";
const LOOKING: &str = "while it was looked for new mail";
const LISTING: &str = "while mail was listed";
const FETCHING: &str = "while mail was fetched";
const FLAGGING: &str = "while mail that was read was flagged";
const MOVING: &str = "while mail that was read was moved";
const IDLING: &str = "while new mail was waited for";

/// An IMAP connection waits in IDLE: longer than any timer that a caller has.
const LONG: Duration = Duration::from_hours(24);

/// So many folders are named where the wanted one is not there.
const NAMED: usize = 20;

/// A mail as the server lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Its UID.
    pub uid: u32,
    /// Its size in octets. Some servers only estimate it.
    pub size: u64,
    /// Its INTERNALDATE, where it has one that can be read.
    pub arrived: Option<Timestamp>,
}

/// Why waiting for mail has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// There may be new mail.
    Mail,
    /// The caller wanted to be woken.
    Asked,
    /// It is time to look whether the connection is still there.
    Renewal,
}

/// A folder of an IMAP server, open over a connection of its own.
#[derive(Debug)]
pub struct Imap {
    wire: Wire,
    folder: String,
    capabilities: Capabilities,
    uid_validity: u32,
    /// It was opened so that it cannot be changed.
    examined: bool,
}

impl Imap {
    /// Connects, logs in and opens the folder; for reading alone, where nothing is to become of mail
    /// that was read. `largest` is the largest mail that will be fetched, in bytes.
    ///
    /// # Errors
    /// Everything that can be wrong with a server, each named.
    pub async fn open(config: &ImapConfig, largest: u64) -> Result<Self, Error> {
        Self::open_as(config, largest, config.after == AfterFetching::Leave).await
    }

    /// As [`open`](Self::open), for a look that changes nothing.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn examine(config: &ImapConfig) -> Result<Self, Error> {
        Self::open_as(config, 0, true).await
    }

    async fn open_as(config: &ImapConfig, largest: u64, examined: bool) -> Result<Self, Error> {
        let largest = usize::try_from(largest).unwrap_or(usize::MAX);
        let mut wire = connect(&config.server, largest).await?;
        let capabilities = match &config.server.login {
            Some(login) => log_in(&mut wire, login).await?,
            // The configuration always has one.
            None => Capabilities::default(),
        };
        let verb = if examined { "EXAMINE" } else { "SELECT" };
        let command = format!("{verb} {}", names::folder(&config.folder));
        let opened = wire.attempt(&command, OPENING, |_| {}).await?;
        let not_opened = |wire: &Wire, said, there| {
            Err(Error::Folder { at: wire.at.clone(), folder: config.folder.clone(), said, there })
        };
        if let Err(refusal) = opened {
            let there = folders(&mut wire).await?;
            return not_opened(&wire, refusal.said, there);
        }
        let Some(uid_validity) = wire.uid_validity else {
            let why = "the server gives it no UIDVALIDITY, and so its mails could not be told apart";
            return not_opened(&wire, String::new(), why.to_owned());
        };
        wire.arrivals = false;
        Ok(Self { wire, folder: config.folder.clone(), capabilities, uid_validity, examined })
    }

    /// The folder's UIDVALIDITY: a UID means a mail only together with it (RFC 9051, section 2.3.1.1).
    #[must_use]
    pub const fn uid_validity(&self) -> u32 {
        self.uid_validity
    }

    /// How many messages are in the folder, as the server last told.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.wire.exists
    }

    /// Whether the server tells of new mail by itself (IDLE, RFC 2177).
    #[must_use]
    pub fn can_idle(&self) -> bool {
        self.capabilities.has("IDLE")
    }

    /// Whether the server moves mail in one step (MOVE, RFC 6851).
    #[must_use]
    pub fn can_move(&self) -> bool {
        self.capabilities.has("MOVE")
    }

    /// Whether the server expunges single mails (UIDPLUS, RFC 4315).
    #[must_use]
    pub fn can_expunge(&self) -> bool {
        self.capabilities.has("UIDPLUS")
    }

    /// Whether the folder can only be read, by the user's rights and not by our wish.
    #[must_use]
    pub const fn is_read_only(&self) -> bool {
        self.wire.read_only && !self.examined
    }

    /// Whether the server told of more mail since [`uids_from`](Self::uids_from) last asked.
    #[must_use]
    pub const fn has_news(&self) -> bool {
        self.wire.arrivals
    }

    /// The UIDs of that number and above, in order.
    ///
    /// # Errors
    /// Where the connection fails.
    pub async fn uids_from(&mut self, first: u32) -> Result<Vec<u32>, Error> {
        self.wire.arrivals = false;
        let query = if first <= 1 { "ALL".to_owned() } else { format!("UID {first}:*") };
        let mut uids = self.search(&query, LOOKING).await?;
        // `*` is the highest there is, also where that is below `first`.
        uids.retain(|uid| *uid >= first);
        Ok(uids)
    }

    /// The UIDs, of that number and above, of mails with this Message-ID, which is without angle brackets.
    ///
    /// # Errors
    /// Where the connection fails.
    pub async fn with_message_id(&mut self, first: u32, message_id: &str) -> Result<Vec<u32>, Error> {
        // It stands between quotation marks (RFC 9051, section 4.3).
        let quoted: String = message_id.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\')).collect();
        let mut uids = self.search(&format!("UID {first}:* HEADER Message-ID \"{quoted}\""), LOOKING).await?;
        uids.retain(|uid| *uid >= first);
        Ok(uids)
    }

    /// The UIDs of mails that nobody has flagged as seen, or as deleted, in order: those of which
    /// something is still to become.
    ///
    /// # Errors
    /// Where the connection fails.
    pub async fn unsettled(&mut self, after: &AfterFetching) -> Result<Vec<u32>, Error> {
        match after {
            AfterFetching::Leave => Ok(Vec::new()),
            AfterFetching::Flag => self.search("UNSEEN UNDELETED", FLAGGING).await,
            AfterFetching::Move { .. } => self.search("UNDELETED", MOVING).await,
        }
    }

    async fn search(&mut self, query: &str, doing: &'static str) -> Result<Vec<u32>, Error> {
        let mut uids = Vec::new();
        let found = |response| {
            if let Response::MailboxData(MailboxDatum::Search(found)) = response {
                uids.extend(found);
            }
        };
        self.wire.run(&format!("UID SEARCH {query}"), doing, found).await?;
        self.same_folder()?;
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// Size and arrival of these mails, which are in order; those that are gone are left out.
    ///
    /// # Errors
    /// Where the connection fails.
    pub async fn list(&mut self, uids: &[u32]) -> Result<Vec<Listed>, Error> {
        let mut listed = Vec::with_capacity(uids.len());
        for (asked, set) in sets(uids) {
            let command = format!("UID FETCH {set} (UID RFC822.SIZE INTERNALDATE)");
            let mut found = Vec::with_capacity(asked.len());
            self.wire.run(&command, LISTING, |response| found.extend(listing(response))).await?;
            self.same_folder()?;
            // A server may tell of mails that were not asked for.
            found.retain(|mail: &Listed| asked.binary_search(&mail.uid).is_ok());
            found.sort_unstable_by_key(|mail| mail.uid);
            found.dedup_by_key(|mail| mail.uid);
            listed.extend(found);
        }
        Ok(listed)
    }

    /// The bytes of these mails, which are in order, in their order: of one that is larger than `limit`
    /// only the head. Those that are gone, or that the server does not give, are left out.
    ///
    /// All of it is held in memory: the caller asks for as much as it can hold.
    ///
    /// # Errors
    /// Where the connection fails, also in the midst of a mail: nothing of this call is given then.
    pub async fn fetch(&mut self, mails: &[Listed], limit: u64) -> Result<Vec<(Listed, Raw)>, Error> {
        let (whole, large): (Vec<Listed>, Vec<Listed>) = mails.iter().partition(|mail| mail.size <= limit);
        let head = HEAD_BYTES.min(limit);
        // One byte more than the limit tells of a size that was only estimated.
        let mut bytes = self.bytes_of(&whole, limit.saturating_add(1)).await?;
        bytes.extend(self.bytes_of(&large, head).await?);
        let raw = |mail: &Listed| {
            let mut bytes = bytes.remove(&mail.uid)?;
            let length = bytes.len() as u64;
            let truncated = mail.size > limit || length > limit;
            if truncated {
                bytes.truncate(usize::try_from(head).unwrap_or(usize::MAX));
            }
            let size = if truncated { mail.size.max(length) } else { length };
            Some((*mail, Raw { bytes, truncated, size }))
        };
        Ok(mails.iter().filter_map(raw).collect())
    }

    /// At most the first `most` bytes of these mails, by UID.
    async fn bytes_of(&mut self, mails: &[Listed], most: u64) -> Result<HashMap<u32, Vec<u8>>, Error> {
        let uids: Vec<u32> = mails.iter().map(|mail| mail.uid).collect();
        let mut found = HashMap::with_capacity(uids.len());
        for (asked, set) in sets(&uids) {
            if self.some_bytes_of(asked, &set, most, &mut found).await?.is_ok() {
                continue;
            }
            // One of them was expunged meanwhile, or cannot be read there: it is not in the others' way.
            let missing: Vec<u32> = asked.iter().copied().filter(|uid| !found.contains_key(uid)).collect();
            for uid in missing {
                if let Err(refusal) = self.some_bytes_of(&[uid], &uid.to_string(), most, &mut found).await? {
                    debug!(uid, said = refusal.said, "a mail is not given");
                }
            }
        }
        Ok(found)
    }

    async fn some_bytes_of(
        &mut self,
        asked: &[u32],
        set: &str,
        most: u64,
        found: &mut HashMap<u32, Vec<u8>>,
    ) -> Result<Result<(), Refusal>, Error> {
        // PEEK: reading sets no flag. The size is bounded, whatever was told of it before.
        let command = format!("UID FETCH {set} (UID BODY.PEEK[]<0.{most}>)");
        let take = |response| {
            if let Some((uid, bytes)) = body(response)
                && asked.binary_search(&uid).is_ok()
            {
                found.insert(uid, bytes);
            }
        };
        let fetched = self.wire.attempt(&command, FETCHING, take).await?;
        self.same_folder()?;
        match fetched {
            Err(refusal) if refusal.is_bad => Err(self.wire.refused(FETCHING, refusal)),
            fetched => Ok(fetched),
        }
    }

    /// Does with mails that were read, which are in order, what the configuration says.
    ///
    /// # Errors
    /// Where the server refuses it, or the connection fails.
    pub async fn settle(&mut self, uids: &[u32], after: &AfterFetching) -> Result<(), Error> {
        if uids.is_empty() || *after == AfterFetching::Leave {
            return Ok(());
        }
        if self.wire.read_only {
            let needs = if *after == AfterFetching::Flag { "set flags there" } else { "delete there" };
            return Err(Error::ReadOnly { at: self.wire.at.clone(), folder: self.folder.clone(), needs });
        }
        for (_, set) in sets(uids) {
            match after {
                AfterFetching::Leave => {}
                AfterFetching::Flag => {
                    self.wire.run(&format!("UID STORE {set} +FLAGS.SILENT (\\Seen)"), FLAGGING, |_| {}).await?;
                }
                AfterFetching::Move { to } => self.move_to(&set, to).await?,
            }
            self.same_folder()?;
        }
        Ok(())
    }

    async fn move_to(&mut self, set: &str, to: &str) -> Result<(), Error> {
        let coded = names::folder(to);
        let verb = if self.can_move() { "MOVE" } else { "COPY" };
        let moved = self.wire.attempt(&format!("UID {verb} {set} {coded}"), MOVING, |_| {}).await?;
        if let Err(refusal) = moved {
            let there = folders(&mut self.wire).await?;
            return Err(Error::Folder { at: self.wire.at.clone(), folder: to.to_owned(), said: refusal.said, there });
        }
        if !self.can_move() {
            self.wire.run(&format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)"), MOVING, |_| {}).await?;
            // A plain EXPUNGE would take what others have marked; what is marked alone stays until then.
            if self.can_expunge() {
                self.wire.run(&format!("UID EXPUNGE {set}"), MOVING, |_| {}).await?;
            }
        }
        Ok(())
    }

    /// Waits until the server tells of new mail, `asked` comes about, or `renew` is over. Ends at once
    /// where the server has told already.
    ///
    /// # Errors
    /// Where the connection ends or fails.
    pub async fn idle(&mut self, renew: Duration, asked: impl Future<Output = ()>) -> Result<Woken, Error> {
        if self.has_news() {
            return Ok(Woken::Mail);
        }
        let tag = self.wire.begin("IDLE", IDLING).await?;
        loop {
            match self.wire.read(IDLING).await? {
                Response::Continue(_) => break,
                Response::Done { status, outcome, .. } => {
                    return Err(self.wire.refused(IDLING, Refusal::of(&status, &outcome)));
                }
                _ => {}
            }
        }
        let renewal = tokio::time::sleep(renew);
        tokio::pin!(renewal, asked);
        let woken = loop {
            if self.has_news() {
                break Woken::Mail;
            }
            tokio::select! {
                response = self.wire.read_within(LONG, IDLING) => drop(response?),
                () = &mut asked => break Woken::Asked,
                () = &mut renewal => break Woken::Renewal,
            }
        };
        self.wire.send("DONE", IDLING).await?;
        self.wire.finish(&tag, IDLING, |_| {}).await?.map_err(|refusal| self.wire.refused(IDLING, refusal))?;
        self.same_folder()?;
        Ok(woken)
    }

    /// Whether there is a folder of that name.
    ///
    /// # Errors
    /// Where the connection fails.
    pub async fn has_folder(&mut self, name: &str) -> Result<bool, Error> {
        let mut found = false;
        let each = |response| found |= matches!(response, Response::MailboxData(MailboxDatum::List(_)));
        self.wire.run(&format!("LIST \"\" {}", names::folder(name)), LISTING, each).await?;
        Ok(found)
    }

    /// Says goodbye.
    ///
    /// # Errors
    /// Where the connection is no longer there; nothing is lost by it.
    pub async fn log_out(mut self) -> Result<(), Error> {
        self.wire.run("LOGOUT", "while it was logged out of", |_| {}).await
    }

    /// Whether its UIDs still mean what they meant.
    fn same_folder(&self) -> Result<(), Error> {
        if self.wire.uid_validity == Some(self.uid_validity) {
            return Ok(());
        }
        Err(Error::MadeAnew { at: self.wire.at.clone() })
    }
}

/// What folders there are, in words.
async fn folders(wire: &mut Wire) -> Result<String, Error> {
    let mut names = Vec::new();
    let each = |response| {
        if let Response::MailboxData(MailboxDatum::List(list)) = response
            && !list.name_attributes.contains(&NameAttribute::NoSelect)
        {
            names.push(names::shown(&list.name));
        }
    };
    wire.attempt("LIST \"\" \"*\"", OPENING, each).await?.ok();
    if names.is_empty() {
        return Ok("no folder can be opened".to_owned());
    }
    names.sort_unstable();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let named: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    Ok(format!("there are {}{more}", named.join(", ")))
}

/// Size and arrival in an answer to FETCH.
fn listing(response: Response<'static>) -> Option<Listed> {
    let Response::Fetch(_, attributes) = response else { return None };
    let (mut uid, mut size, mut arrived) = (None, None, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(number) => uid = Some(number),
            AttributeValue::Rfc822Size(number) => size = Some(u64::from(number)),
            AttributeValue::InternalDate(date) => arrived = internal_date(&date),
            _ => {}
        }
    }
    // Without a size, it tells of something else, such as flags that were changed.
    Some(Listed { uid: uid?, size: size?, arrived })
}

/// UID and bytes in an answer to FETCH.
fn body(response: Response<'static>) -> Option<(u32, Vec<u8>)> {
    let Response::Fetch(_, attributes) = response else { return None };
    let (mut uid, mut bytes) = (None, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(number) => uid = Some(number),
            AttributeValue::BodySection { section: None, data: Some(data), .. } => bytes = Some(data.into_owned()),
            _ => {}
        }
    }
    uid.zip(bytes)
}

/// `17-Jul-1996 02:44:25 -0700`, the day with a space or a zero before it (RFC 9051, section 9, date-time).
fn internal_date(text: &str) -> Option<Timestamp> {
    strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_arrival_is_read_however_its_day_is_written() {
        let expected: Timestamp = "2014-04-07T06:00:00Z".parse().unwrap();
        for text in [" 7-Apr-2014 08:00:00 +0200", "07-Apr-2014 08:00:00 +0200", "7-Apr-2014 06:00:00 +0000"] {
            assert_eq!(internal_date(text), Some(expected), "{text}");
        }
        assert_eq!(internal_date("yesterday"), None);
        assert_eq!(internal_date("7-Apr-207777 06:00:00 +0000"), None);
    }
}
