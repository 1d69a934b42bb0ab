//! Mail goes out: at least once, under a Message-ID fixed beforehand.
//!
//! Each mail is marked as soon as a server has taken it over, so that no more than what is being said
//! at that moment can be said again after a crash. A mail that is deferred or refused is that mail's
//! matter; a server that is out of reach is the [`Route`]'s, and no mail's attempts are counted for it.

use std::ops::AddAssign;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use crate::delivery::{Delivery, Mail, MaildirDelivery, Outcome};
use crate::store::{Door, Outgoing, Store};

use super::{Group, Route, door_is_shut, door_opens};

/// Mails that are looked up at once, at most.
const BATCH: u32 = 64;

/// A connection more is worth its handshake for so many mails.
const MAILS_A_LANE: usize = 4;

/// A mail that a server has put off for so long, from its first attempt on, is given up (RFC 5321, section 4.5.4.1, asks for four or five
/// days at least).
const LIFE: SignedDuration = SignedDuration::from_hours(5 * 24);

/// A mail that waited so long, for whatever reason, is not sent any more: what it says is no longer so, and nobody
/// expects it.
const STALE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// So is a digest sooner: the next one has been written.
const STALE_DIGEST: SignedDuration = SignedDuration::from_hours(6 * 24);

/// The longest wait before another attempt.
const LONGEST_WAIT: Duration = Duration::from_hours(4);

/// How long a dialogue with a server may go on after the signal to stop.
const GRACE: Duration = Duration::from_secs(30);

/// How often a dialogue under way looks whether it is to come to an end.
const LOOK: Duration = Duration::from_millis(250);

/// What was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// Mails that arrived, or that a server has taken over.
    pub sent: usize,
    /// Mails that will be tried again.
    pub failed: usize,
    /// Mails that were refused for good or given up, and wait for the operator.
    pub parked: usize,
}

impl AddAssign for Delivered {
    fn add_assign(&mut self, more: Self) {
        self.sent += more.sent;
        self.failed += more.failed;
        self.parked += more.parked;
    }
}

/// Delivers what is due of a group's outbox.
///
/// # Errors
/// Where the database fails. A mail that cannot be delivered is none: it is tried again later.
pub async fn deliver(store: &Store, group: &Group, route: &Route, now: Timestamp) -> anyhow::Result<Delivered> {
    deliver_until(store, group, route, now, &|| false).await
}

/// As [`deliver`], but ends soon where it is to `stop`: what a server is being told is said to its end,
/// within half a minute, and the rest waits.
///
/// # Errors
/// As [`deliver`].
pub async fn deliver_until(
    store: &Store,
    group: &Group,
    route: &Route,
    now: Timestamp,
    stop: &(dyn Fn() -> bool + Sync),
) -> anyhow::Result<Delivered> {
    let mut delivered = Delivered::default();
    while !stop() && !route.is_stopped(store).await? {
        if !route.rests_for().is_zero() {
            delivered.failed += usize::try_from(store.count_due(group.id, now).await?).unwrap_or(usize::MAX);
            break;
        }
        let due = store.due(group.id, now, BATCH).await?;
        if due.is_empty() {
            break;
        }
        let (stale, due): (Vec<_>, Vec<_>) = due.into_iter().partition(|mail| is_stale(mail, now));
        for mail in stale {
            give_up(store, &mail, now).await?;
            delivered.parked += 1;
        }
        if due.is_empty() {
            continue;
        }
        if let Delivery::Maildir(maildir) = &route.delivery {
            write(store, maildir, due, now, &mut delivered).await?;
            continue;
        }
        let lanes = route.delivery.lanes().min(due.len().div_ceil(MAILS_A_LANE));
        let round = Round { store, route, now, stop, due: Mutex::new(due.into_iter()) };
        let each = tokio::join!(round.lane(0, lanes), round.lane(1, lanes), round.lane(2, lanes), round.lane(3, lanes));
        for lane in [each.0?, each.1?, each.2?, each.3?] {
            delivered += lane;
        }
    }
    Ok(delivered)
}

/// When a group's next mail is to be sent, from `now`; `None` where none waits, or mail is stopped.
///
/// # Errors
/// Where the database fails.
pub async fn next_delivery(
    store: &Store,
    group: &Group,
    route: &Route,
    now: Timestamp,
) -> anyhow::Result<Option<Duration>> {
    if store.mail_stop().await?.is_some() {
        return Ok(None);
    }
    let due = store.next_due(group.id).await?;
    // What is due already is so now.
    let due = due.map(|due| Duration::try_from(due.duration_since(now)).unwrap_or(Duration::ZERO));
    Ok(due.map(|due| due.max(route.rests_for())))
}

/// Writes mails into a Maildir, where a second delivery is none: forced to the disk and marked together,
/// apart from the async threads.
async fn write(
    store: &Store,
    maildir: &MaildirDelivery,
    mails: Vec<Outgoing>,
    now: Timestamp,
    delivered: &mut Delivered,
) -> anyhow::Result<()> {
    let maildir = maildir.clone();
    let writing = tokio::task::spawn_blocking(move || {
        let parcels: Vec<_> = mails.iter().map(|mail| (mail.message_id.as_str(), mail.raw.as_slice())).collect();
        let errors: Vec<Option<String>> = match maildir.deliver_all(&parcels, now) {
            Ok(outcomes) => outcomes.into_iter().map(|outcome| outcome.err().map(|error| error.to_string())).collect(),
            Err(error) => mails.iter().map(|_| Some(error.to_string())).collect(),
        };
        (mails, errors)
    });
    let (mails, errors) = writing.await.context("writing mail")?;
    let written = mails.iter().zip(&errors).filter(|(_, error)| error.is_none()).map(|(mail, _)| mail.id);
    store.sent(&written.collect::<Vec<_>>(), now).await?;
    for (mail, error) in mails.iter().zip(&errors) {
        match error {
            None => {
                info!(message_id = mail.message_id, to = mail.recipient.masked(), "delivered");
                delivered.sent += 1;
            }
            Some(error) => failed(store, mail, error, now, delivered).await?,
        }
    }
    Ok(())
}

/// Whether a mail waited too long to be of use.
fn is_stale(mail: &Outgoing, now: Timestamp) -> bool {
    let longest = if mail.message_id.starts_with("digest.") { STALE_DIGEST } else { STALE };
    now.duration_since(mail.since) > longest
}

/// Parks a mail that waited too long to be of use.
async fn give_up(store: &Store, mail: &Outgoing, now: Timestamp) -> anyhow::Result<()> {
    let reason = format!("not sent, as it had waited for {} days", now.duration_since(mail.since).as_hours() / 24);
    store.given_up(mail.id, &reason).await?;
    warn!(message_id = mail.message_id, to = mail.recipient.masked(), reason, "given up; {SEE}");
    Ok(())
}

/// Where the operator finds what is parked.
const SEE: &str = "see `minuted outbox list --state parked`; `minuted outbox retry` sends it all the same";

/// Puts a mail off that could not be delivered now.
async fn failed(
    store: &Store,
    mail: &Outgoing,
    error: &str,
    now: Timestamp,
    delivered: &mut Delivered,
) -> anyhow::Result<()> {
    if mail.deferred_since.is_some_and(|since| now.duration_since(since) >= LIFE) {
        let (days, attempts) = (LIFE.as_hours() / 24, u64::from(mail.attempts) + 1);
        let error = format!("given up after {days} days and {attempts} attempts: {error}");
        store.parked(mail.id, &error).await?;
        warn!(message_id = mail.message_id, to = mail.recipient.masked(), error, "given up; {SEE}");
        delivered.parked += 1;
        return Ok(());
    }
    let next = now.saturating_add(wait(&mail.message_id, mail.attempts)).unwrap_or(now);
    store.failed(mail.id, error, now, next).await?;
    warn!(message_id = mail.message_id, to = mail.recipient.masked(), error, "not delivered; it is tried again");
    delivered.failed += 1;
    Ok(())
}

/// Mails on their way, over a few connections at once.
struct Round<'a> {
    store: &'a Store,
    route: &'a Route,
    now: Timestamp,
    stop: &'a (dyn Fn() -> bool + Sync),
    due: Mutex<std::vec::IntoIter<Outgoing>>,
}

impl Round<'_> {
    /// One mail after the other, where this lane is one of those in use.
    async fn lane(&self, number: usize, lanes: usize) -> anyhow::Result<Delivered> {
        let mut delivered = Delivered::default();
        while number < lanes && self.route.rests_for().is_zero() && !(self.stop)() {
            // Asked before each mail: who stops mail expects no more than what is under way.
            if self.route.is_stopped(self.store).await? {
                break;
            }
            let next = self.due.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(mail) = next else { break };
            if let Some(outcome) = self.send(&mail).await {
                self.note(&mail, outcome, &mut delivered).await?;
            }
        }
        Ok(delivered)
    }

    /// Sends one mail; `None` where the time to stop came before the server's answer.
    async fn send(&self, mail: &Outgoing) -> Option<Outcome> {
        let sender = self.route.marks().sender(mail.id, &mail.message_id);
        let parcel = Mail { message_id: &mail.message_id, sender: &sender, recipient: &mail.recipient, raw: &mail.raw };
        let begun = AtomicBool::new(false);
        let sending = self.route.delivery.deliver_noting(&parcel, self.now, &begun);
        tokio::pin!(sending);
        let told = async {
            while !(self.stop)() {
                sleep(LOOK).await;
            }
        };
        tokio::select! {
            biased;
            outcome = &mut sending => Some(outcome),
            () = told => {
                let (message_id, to) = (&mail.message_id, mail.recipient.masked());
                if !begun.load(Ordering::SeqCst) {
                    info!(message_id, to, "stopping: a mail that the server had not begun to take waits for the next start");
                    return None;
                }
                let seconds = GRACE.as_secs();
                info!(message_id, to, seconds, "stopping: the server's answer to this mail is waited for, so long at most");
                let answered = timeout(GRACE, sending).await;
                if answered.is_err() {
                    warn!(message_id, to, "the server did not answer in time; this mail is sent again at the next start");
                }
                answered.ok()
            }
        }
    }

    /// Writes down what became of a mail.
    async fn note(&self, mail: &Outgoing, outcome: Outcome, delivered: &mut Delivered) -> anyhow::Result<()> {
        let (message_id, to) = (&mail.message_id, mail.recipient.masked());
        if matches!(outcome, Outcome::Accepted(_) | Outcome::Deferred(_) | Outcome::Refused(_)) {
            let is_news = self.route.works();
            // A Maildir is no server.
            if is_news && matches!(self.route.delivery, Delivery::Smtp(_)) {
                door_opens(self.store, mail.group, Door::Delivery, Timestamp::now()).await;
            }
        }
        match outcome {
            Outcome::Accepted(words) => {
                self.store.sent(&[mail.id], self.now).await?;
                info!(message_id, to, words, "delivered");
                delivered.sent += 1;
            }
            Outcome::Deferred(error) | Outcome::Interrupted(error) => {
                failed(self.store, mail, &error, self.now, delivered).await?;
            }
            Outcome::Refused(error) => {
                self.store.parked(mail.id, &error).await?;
                warn!(message_id, to, error, "refused for good; {SEE}");
                delivered.parked += 1;
            }
            Outcome::Unreachable(error) => {
                if self.route.fails(&error) {
                    // Told with each mail, so that who lists them sees what they wait for.
                    let error = error.to_string();
                    self.store.held_up(mail.group, self.now, &error).await?;
                    let reached_at = self.route.reached_at();
                    door_is_shut(self.store, mail.group, Door::Delivery, reached_at, Timestamp::now(), &error).await;
                }
            }
        }
        Ok(())
    }
}

/// How long to wait before the next attempt: about a minute, then twice as long each time. A quarter
/// more or less, by the mail itself, so that mails that failed together do not come back together.
fn wait(message_id: &str, attempts: u32) -> SignedDuration {
    let factor = 1_u32.checked_shl(attempts.min(16)).unwrap_or(u32::MAX);
    let whole = Duration::from_mins(1).saturating_mul(factor).min(LONGEST_WAIT);
    let hash = Sha256::new().chain_update(message_id).chain_update(attempts.to_be_bytes()).finalize();
    let chance = f64::from(hash.first().copied().unwrap_or_default()) / f64::from(u8::MAX);
    SignedDuration::try_from(whole.mul_f64(0.75 + chance / 2.0)).unwrap_or(SignedDuration::from_hours(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_fails_again_and_again_waits_longer_and_at_most_for_hours() {
        let seconds = |attempts| wait("answer.a@example.org", attempts).as_secs();
        assert!((45..=75).contains(&seconds(0)), "{}", seconds(0));
        assert!((360..=600).contains(&seconds(3)), "{}", seconds(3));
        assert!((3 * 3600..=5 * 3600).contains(&seconds(60)), "{}", seconds(60));
    }

    #[test]
    fn mails_that_failed_together_do_not_come_back_together() {
        let waits: std::collections::BTreeSet<_> =
            (0..16).map(|number| wait(&format!("{number}@example.org"), 0)).collect();
        assert!(waits.len() > 8, "{waits:?}");
    }
}
