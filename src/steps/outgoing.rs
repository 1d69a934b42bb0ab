//! Mail goes out: at least once, under a Message-ID fixed beforehand.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use crate::config::DeliveryConfig;
use crate::delivery::{Delivery, MaildirDelivery};
use crate::mailbox::Maildir;
use crate::store::{Outgoing, Store};

use super::Group;

/// Mails that are sent before they are marked, at most.
const BATCH: u32 = 64;

/// The longest wait before another attempt.
const LONGEST_WAIT: Duration = Duration::from_hours(4);

/// What was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// Mails that arrived.
    pub sent: usize,
    /// Mails that will be tried again.
    pub failed: usize,
}

/// Where the mails of a group go.
#[derive(Debug)]
pub struct Route {
    delivery: Delivery,
}

impl Route {
    /// The group's way out, as configured.
    ///
    /// # Errors
    /// Where the place that mail goes to is not there.
    pub fn open(group: &Group) -> anyhow::Result<Self> {
        let DeliveryConfig::Maildir { path } = &group.config.delivery;
        Ok(Self { delivery: Delivery::Maildir(MaildirDelivery::new(Maildir::open(path)?)) })
    }
}

/// Delivers what is due of a group's outbox.
///
/// # Errors
/// Where the database fails. A mail that cannot be delivered is none: it is tried again later.
pub async fn deliver(store: &Store, group: &Group, route: &Route, now: Timestamp) -> anyhow::Result<Delivered> {
    deliver_until(store, group, route, now, &|| false).await
}

/// As [`deliver`], but ends after the batch during which it is to `stop`; the rest waits.
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
    loop {
        let due = store.due(group.id, now, BATCH).await?;
        if due.is_empty() || stop() {
            return Ok(delivered);
        }
        let mut sent = Vec::with_capacity(due.len());
        for mail in due {
            match route.delivery.deliver(&mail.message_id, &mail.raw, now) {
                Ok(()) => {
                    info!(message_id = mail.message_id, to = mail.recipient.masked(), "delivered");
                    sent.push(mail.id);
                }
                Err(error) => {
                    let wait = wait(&mail);
                    warn!(message_id = mail.message_id, to = mail.recipient.masked(), %error, "not delivered");
                    store.failed(mail.id, &error.to_string(), now + wait).await?;
                    delivered.failed += 1;
                }
            }
        }
        delivered.sent += sent.len();
        store.sent(&sent, now).await?;
    }
}

/// How long to wait before the next attempt: a minute, then twice as long each time.
fn wait(mail: &Outgoing) -> SignedDuration {
    let factor = 1_u32.checked_shl(mail.attempts.min(16)).unwrap_or(u32::MAX);
    let wait = Duration::from_mins(1).saturating_mul(factor).min(LONGEST_WAIT);
    SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_hours(4))
}
