//! Mail comes in: raw bytes and cursor first, in one transaction, before anything else is done.

use anyhow::Context as _;
use jiff::Timestamp;

use crate::config::{AfterReading, FirstRead, Limits, MailboxConfig};
use crate::mailbox::{Entry, Maildir, Raw};
use crate::store::{Arrival, GroupId, Store};

use super::Group;

/// At most so many messages a transaction.
pub(super) const BATCH_MESSAGES: usize = 1024;

/// At most so many octets a transaction, so that memory stays bounded.
pub(super) const BATCH_BYTES: u64 = 8 << 20;

/// What a look into the mailbox brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fetched {
    /// Messages that were not known.
    pub new: usize,
    /// Messages that are put aside unread, for their size.
    pub held: usize,
}

/// Takes in what is new in the group's Maildir. Where it has none, there is nothing: a folder of an IMAP
/// server is taken in over a connection ([`fetch_imap`](super::fetch_imap)).
///
/// # Errors
/// Where the mailbox cannot be read or the database fails; the mailbox is as it was.
pub async fn fetch(store: &Store, group: &Group, limits: &Limits, now: Timestamp) -> anyhow::Result<Fetched> {
    let MailboxConfig::Maildir { path, .. } = &group.config.mailbox else {
        return Ok(Fetched::default());
    };
    let maildir = Maildir::open(path)?;
    let names = names(&maildir)?;
    let known = store.known_uids(group.id, &mailbox_name(&group.config.mailbox), &names).await?;
    let entries = maildir.scan_unknown(|uid| known.contains(uid))?;
    let since = live_since(group);
    let limit = limits.message_bytes;
    // Nothing has come after now: where the clock was set back, or `--now` says so, the file's time is wrong.
    let entries = entries.into_iter().map(move |entry| Entry { arrived: entry.arrived.min(now), ..entry });
    let messages = entries.filter_map(move |entry| match maildir.read(&entry, limit) {
        Ok(raw) => Some(Ok((entry, raw))),
        // Deleted by somebody else since it was listed.
        Err(error) if error.is_gone() => None,
        Err(error) => Some(Err(error)),
    });
    let archive = |entry: &Entry| since.is_some_and(|since| entry.arrived < since);
    let new =
        take_in(store, group.id, &mailbox_name(&group.config.mailbox), messages, archive, limit, now, |_| {}).await?;
    Ok(Fetched { new, ..Fetched::default() })
}

/// Mail that arrived before this is archive.
pub(super) const fn live_since(group: &Group) -> Option<Timestamp> {
    match group.config.first_read {
        FirstRead::Beginning => None,
        FirstRead::Now => Some(group.started),
        FirstRead::At(time) => Some(time),
    }
}

/// Flags the Maildir's messages that were read, where the configuration says so. Their effect is
/// committed: whatever happens to the mailbox now, nothing is lost.
///
/// # Errors
/// Where the mailbox cannot be read or changed, or the database fails.
pub async fn settle(store: &Store, group: &Group) -> anyhow::Result<()> {
    let MailboxConfig::Maildir { path, after: AfterReading::MoveToCur } = &group.config.mailbox else {
        return Ok(());
    };
    let maildir = Maildir::open(path)?;
    let names: Vec<String> = maildir.new_names()?;
    if names.is_empty() {
        return Ok(());
    }
    for uid in store.settled_uids(group.id, &mailbox_name(&group.config.mailbox), &names).await? {
        maildir.mark_seen(&uid)?;
    }
    Ok(())
}

/// Takes messages in, batch by batch, and says after each how many there were so far. Returns how
/// many were new. The next batch is read while one is stored.
///
/// # Errors
/// Where a message cannot be read or the database fails. What was taken in before is kept.
#[expect(clippy::too_many_arguments, reason = "the one place where a source, its rules and the store meet")]
pub async fn take_in(
    store: &Store,
    group: GroupId,
    mailbox: &str,
    messages: impl Iterator<Item = Result<(Entry, Raw), crate::mailbox::Error>> + Send + 'static,
    archive: impl Fn(&Entry) -> bool,
    limit: u64,
    now: Timestamp,
    mut progress: impl FnMut(usize),
) -> anyhow::Result<usize> {
    let (to, mut from) = tokio::sync::mpsc::channel(1);
    let reading = tokio::task::spawn_blocking(move || read_batches(messages, &to));
    let (mut new, mut seen) = (0, 0);
    while let Some(batch) = from.recv().await {
        seen += batch.len();
        let arrivals = batch.into_iter().map(|(entry, raw)| {
            let archive = archive(&entry);
            Arrival { archive, ..arrival(entry.uid, entry.arrived, raw, limit) }
        });
        let arrivals = arrivals.collect();
        new += store.take_in(group, mailbox, arrivals, now).await?;
        progress(seen);
    }
    reading.await.context("reading a mailbox")??;
    Ok(new)
}

/// Sends messages on in batches, until there are none left or nobody takes them any more.
fn read_batches(
    messages: impl Iterator<Item = Result<(Entry, Raw), crate::mailbox::Error>>,
    to: &tokio::sync::mpsc::Sender<Vec<(Entry, Raw)>>,
) -> Result<(), crate::mailbox::Error> {
    let (mut batch, mut bytes) = (Vec::new(), 0_u64);
    for message in messages {
        let message = match message {
            Ok(message) => message,
            Err(error) => {
                // What was read before is kept; the storing side tells why it cannot be.
                let _ = to.blocking_send(batch);
                return Err(error);
            }
        };
        bytes += message.1.bytes.len() as u64;
        batch.push(message);
        if batch.len() >= BATCH_MESSAGES || bytes >= BATCH_BYTES {
            bytes = 0;
            if to.blocking_send(std::mem::take(&mut batch)).is_err() {
                return Ok(());
            }
        }
    }
    let _ = to.blocking_send(batch);
    Ok(())
}

/// A message as the store takes it in, live and of a mailbox that gives nothing twice.
pub(super) fn arrival(uid: String, received_at: Timestamp, raw: Raw, limit: u64) -> Arrival {
    Arrival {
        uid,
        archive: false,
        may_come_again: false,
        received_at,
        size: raw.size,
        problem: raw.truncated.then(|| {
            format!("too large: {} octets, and the limit is {limit}; only its beginning is kept here", raw.size)
        }),
        raw: raw.bytes,
    }
}

/// The mailbox as the cursor names it. A Maildir by its kind, not its path, so that it may be moved: its
/// files' names are nobody else's. A folder by its user and server too (as RFC 5092 writes them): two
/// folders may well have the same UIDVALIDITY, and then their UIDs mean different mails. A server that
/// gets another name costs reading again what is recognised.
#[must_use]
pub fn mailbox_name(mailbox: &MailboxConfig) -> String {
    match mailbox {
        MailboxConfig::Maildir { .. } => "maildir".to_owned(),
        MailboxConfig::Imap(imap) => {
            let user = imap.server.login.as_ref().map_or("", |login| login.user.as_str());
            // INBOX is the same in any case (RFC 9051, section 5.1).
            let folder = if imap.folder.eq_ignore_ascii_case("INBOX") { "INBOX" } else { &imap.folder };
            format!("imap://{user}@{}/{folder}", imap.server.host.to_ascii_lowercase())
        }
    }
}

/// Every identity in the Maildir; none of the files is looked at.
fn names(maildir: &Maildir) -> Result<Vec<String>, crate::mailbox::Error> {
    let names = std::cell::RefCell::new(Vec::new());
    maildir.scan_unknown(|uid| {
        names.borrow_mut().push(uid.to_owned());
        true
    })?;
    Ok(names.into_inner())
}
