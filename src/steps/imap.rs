//! Mail comes in from an IMAP server, and what was read is settled there.
//!
//! The rows of the inbox are the cursor: a mail's UIDVALIDITY and UID are stored with its bytes in one
//! transaction, so whatever is not in a row is fetched, after a crash and after gaps too. A new
//! connection compares the folder's UIDs with the rows once; from then on it asks for higher UIDs alone,
//! and never trusts a number that the server told (UIDNEXT, EXISTS) for anything but looking.
//!
//! Live mail goes before the archive, and while an archive of thousands is fetched it is looked for
//! new mail every few batches: a command waits for a batch at most.

use std::collections::VecDeque;

use jiff::Timestamp;
use tracing::warn;

use super::Group;
use super::intake::{BATCH_BYTES, BATCH_MESSAGES, Fetched, arrival, live_since, mailbox_name};
use crate::config::{Limits, MailboxConfig};
use crate::mailbox::imap::{self, Imap, Listed};
use crate::store::{Arrival, Store};

/// After so many batches it is looked for new mail, though the server told of none.
const LOOK_EVERY: usize = 8;

/// So many identities are looked up at once.
const LOOKED_UP: usize = 10_000;

/// What is still to be fetched over one connection.
#[derive(Debug, Default)]
pub struct Backlog {
    /// Everything below this UID was looked at.
    next: u32,
    live: VecDeque<Listed>,
    archive: VecDeque<Listed>,
    /// Mails that are listed were not given: it is worth while to look at all again.
    gaps: bool,
}

impl Backlog {
    /// Looks at the whole folder again where mails were missing before.
    pub fn look_again(&mut self) {
        if std::mem::take(&mut self.gaps) {
            self.next = 0;
        }
    }

    /// The next batch, in order of UIDs: of live mail, and where there is none, of the archive.
    fn batch(&mut self, limit: u64) -> Vec<Listed> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        let from = if self.live.is_empty() { &mut self.archive } else { &mut self.live };
        while batch.len() < BATCH_MESSAGES {
            let Some(mail) = from.front() else { break };
            bytes += mail.size.min(limit);
            if bytes > BATCH_BYTES && !batch.is_empty() {
                break;
            }
            batch.extend(from.pop_front());
        }
        batch
    }
}

/// Takes in what is new in the folder, batch by batch: the next one is fetched while one is stored.
/// `stored` is called after each commit that brought something.
///
/// # Errors
/// Where the connection or the database fails. What was stored before is kept; the backlog is then of
/// no more use, and a new connection begins with an empty one.
pub async fn fetch_imap(
    store: &Store,
    group: &Group,
    limits: &Limits,
    imap: &mut Imap,
    backlog: &mut Backlog,
    now: &(dyn Fn() -> Timestamp + Sync),
    stored: &(dyn Fn() + Sync),
) -> anyhow::Result<Fetched> {
    let mailbox = mailbox_name(&group.config.mailbox);
    // INTERNALDATE counts whole seconds: what came within the second of the start came after it.
    let since = live_since(group).and_then(|since| Timestamp::from_second(since.as_second()).ok());
    let limit = limits.message_bytes;
    let mut fetched = Fetched::default();
    let mut pending: Vec<Arrival> = Vec::new();
    for count in 0.. {
        if count == 0 || imap.has_news() || count % LOOK_EVERY == 0 {
            discover(store, group, imap, backlog, now(), since).await?;
        }
        let batch = backlog.batch(limit);
        fetched.held += pending.iter().filter(|arrival| arrival.problem.is_some()).count();
        let storing = store.take_in(group.id, &mailbox, std::mem::take(&mut pending), now());
        let (new, mails) = tokio::join!(storing, imap.fetch(&batch, limit));
        let new = new?;
        fetched.new += new;
        if new > 0 {
            stored();
        }
        let mails = mails?;
        if mails.len() < batch.len() {
            // Deleted since they were listed, as a rule.
            backlog.gaps = true;
            warn!(group = group.config.key, missing = batch.len() - mails.len(), "mail was listed and not given");
        }
        let (validity, now) = (imap.uid_validity(), now());
        pending = mails
            .into_iter()
            .map(|(mail, raw)| {
                let arrived = arrived(&mail, now);
                let archive = since.is_some_and(|since| arrived < since);
                let uid = imap::uid(validity, mail.uid);
                Arrival { archive, may_come_again: true, ..arrival(uid, arrived, raw, limit) }
            })
            .collect();
        if batch.is_empty() && !imap.has_news() {
            return Ok(fetched);
        }
    }
    Ok(fetched)
}

/// Nothing has come after now: where the server's clock is ahead, or the date is none, it is now.
fn arrived(mail: &Listed, now: Timestamp) -> Timestamp {
    mail.arrived.map_or(now, |arrived| arrived.min(now))
}

/// Looks for mail that is not known, and puts it into the backlog.
async fn discover(
    store: &Store,
    group: &Group,
    imap: &mut Imap,
    backlog: &mut Backlog,
    now: Timestamp,
    since: Option<Timestamp>,
) -> anyhow::Result<()> {
    let uids = imap.uids_from(backlog.next.max(1)).await?;
    let Some(last) = uids.last().copied() else { return Ok(()) };
    let validity = imap.uid_validity();
    let mailbox = mailbox_name(&group.config.mailbox);
    let mut unknown = Vec::new();
    for uids in uids.chunks(LOOKED_UP) {
        let names: Vec<String> = uids.iter().map(|uid| imap::uid(validity, *uid)).collect();
        let known = store.known_uids(group.id, &mailbox, &names).await?;
        unknown.extend(uids.iter().zip(&names).filter(|(_, name)| !known.contains(*name)).map(|(uid, _)| *uid));
    }
    let listed = imap.list(&unknown).await?;
    backlog.gaps |= listed.len() < unknown.len();
    for mail in listed {
        let is_archive = since.is_some_and(|since| arrived(&mail, now) < since);
        if is_archive { &mut backlog.archive } else { &mut backlog.live }.push_back(mail);
    }
    backlog.next = last.saturating_add(1);
    Ok(())
}

/// Flags or moves the mails at the server that were read, where the configuration says so. Their effect
/// is committed: whatever happens to the mailbox now, nothing is lost.
///
/// # Errors
/// Where the server refuses it, or the connection or the database fails.
pub async fn settle_imap(store: &Store, group: &Group, imap: &mut Imap) -> anyhow::Result<()> {
    let MailboxConfig::Imap(config) = &group.config.mailbox else { return Ok(()) };
    let validity = imap.uid_validity();
    let mailbox = mailbox_name(&group.config.mailbox);
    for uids in imap.unsettled(&config.after).await?.chunks(LOOKED_UP) {
        let names: Vec<String> = uids.iter().map(|uid| imap::uid(validity, *uid)).collect();
        let settled = store.settled_uids(group.id, &mailbox, &names).await?;
        let mut uids: Vec<u32> = settled.iter().filter_map(|name| imap::of_uid(validity, name)).collect();
        uids.sort_unstable();
        imap.settle(&uids, &config.after).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(uids: std::ops::Range<u32>, size: u64) -> VecDeque<Listed> {
        uids.map(|uid| Listed { uid, size, arrived: None }).collect()
    }

    fn uids(batch: &[Listed]) -> Vec<u32> {
        batch.iter().map(|mail| mail.uid).collect()
    }

    #[test]
    fn live_mail_goes_before_the_archive() {
        let mut backlog = Backlog { live: mails(7..9, 10), archive: mails(1..4, 10), ..Backlog::default() };
        assert_eq!(uids(&backlog.batch(100)), [7, 8]);
        assert_eq!(uids(&backlog.batch(100)), [1, 2, 3]);
        assert!(backlog.batch(100).is_empty());
    }

    #[test]
    fn a_batch_is_bounded_by_count_and_by_bytes() {
        let mut backlog = Backlog { archive: mails(0..3000, 1), ..Backlog::default() };
        assert_eq!(
            [1, 2, 3].map(|_| backlog.batch(100).len()),
            [BATCH_MESSAGES, BATCH_MESSAGES, 3000 - 2 * BATCH_MESSAGES]
        );
        let mut backlog = Backlog { archive: mails(0..5, BATCH_BYTES / 2), ..Backlog::default() };
        assert_eq!(uids(&backlog.batch(u64::MAX)), [0, 1]);
        // One that is larger goes alone; of one over the limit only the head counts, which is less.
        let mut backlog = Backlog { archive: mails(0..5, BATCH_BYTES * 2), ..Backlog::default() };
        assert_eq!(uids(&backlog.batch(u64::MAX)), [0]);
        assert_eq!(uids(&backlog.batch(1000)), [1, 2, 3, 4]);
    }
}
