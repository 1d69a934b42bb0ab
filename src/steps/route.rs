//! The way out of a group: kept for as long as the daemon runs, with its connections, and with its
//! memory of whether it can be gone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::config::{DeliveryConfig, GroupConfig};
use crate::delivery::{Delivery, Mail, MaildirDelivery, Outcome, Smtp, Stage, Unreachable};
use crate::domain::EmailAddress;
use crate::mailbox::Maildir;
use crate::store::{self, Store};

use super::Group;
use super::bounce::Marks;

/// Where the mails of a group go.
#[derive(Debug)]
pub struct Route {
    pub(super) delivery: Delivery,
    /// The envelope's sender, and what marks it.
    marks: Marks,
    group: String,
    trouble: Mutex<Trouble>,
    /// Whether the operator had mail stopped when it was looked last.
    stopped: AtomicBool,
}

/// Since when there has been no way, and until when none is looked for.
#[derive(Debug, Default)]
struct Trouble {
    attempts: u32,
    until: Option<Instant>,
    /// Where the way ended when it was told last.
    told: Option<Stage>,
    /// When the server listened to a mail last.
    reached_at: Option<Timestamp>,
}

impl Route {
    /// The group's way out, as configured. Nothing is sent yet.
    ///
    /// # Errors
    /// Where the place that mail goes to is not there, or certificates cannot be read.
    pub fn open(group: &Group) -> anyhow::Result<Self> {
        Self::of(&group.config)
    }

    /// As [`Route::open`], for a group that may never have been started.
    ///
    /// # Errors
    /// As [`Route::open`].
    pub fn of(group: &GroupConfig) -> anyhow::Result<Self> {
        let (delivery, envelope_from) = match &group.delivery {
            DeliveryConfig::Maildir { path } => {
                (Delivery::Maildir(MaildirDelivery::new(Maildir::open(path)?)), group.bot.clone())
            }
            DeliveryConfig::Smtp { server, envelope_from } => {
                (Delivery::Smtp(Smtp::new(server.clone())?), envelope_from.clone())
            }
        };
        let marks = Marks::new(envelope_from, group);
        Ok(Self {
            delivery,
            marks,
            group: group.key.clone(),
            trouble: Mutex::default(),
            stopped: AtomicBool::default(),
        })
    }

    /// How long no way is looked for, because the last attempts found none; zero where one is.
    #[must_use]
    pub fn rests_for(&self) -> Duration {
        let until = self.trouble().until;
        until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }

    /// Whether the operator has stopped mail. Told in the log where that changes.
    ///
    /// # Errors
    /// Where the database fails.
    pub(super) async fn is_stopped(&self, store: &Store) -> store::Result<bool> {
        let stop = store.mail_stop().await?;
        let was_stopped = self.stopped.swap(stop.is_some(), Ordering::Relaxed);
        match &stop {
            Some(stop) if !was_stopped => {
                let (since, by, because) = (stop.since, &stop.by, stop.because.as_deref().unwrap_or("no reason given"));
                warn!(group = self.group, %since, by, because, "mail is stopped: nothing is sent until `minuted start-mail`");
            }
            None if was_stopped => info!(group = self.group, "mail is started again"),
            _ => {}
        }
        Ok(stop.is_some())
    }

    /// The envelope's sender, without a mail's mark.
    #[must_use]
    pub const fn envelope_from(&self) -> &EmailAddress {
        self.marks.base()
    }

    /// What marks the envelope's sender of each mail.
    pub(super) const fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Sends a mail that is in no outbox.
    pub async fn send(&self, mail: &Mail<'_>, now: Timestamp) -> Outcome {
        self.delivery.deliver(mail, now).await
    }

    /// Takes leave of the server.
    pub async fn close(&self) {
        self.delivery.close().await;
    }

    /// There was no way, and none is looked for until later; it is told once, until it fails elsewhere or
    /// works. Says whether it was not known yet.
    pub(super) fn fails(&self, error: &Unreachable) -> bool {
        let mut trouble = self.trouble();
        if trouble.until.is_some_and(|until| until > Instant::now()) {
            // Another connection found out at the same time.
            return false;
        }
        trouble.until = Some(Instant::now() + pause(error.stage, trouble.attempts, chance()));
        trouble.attempts = trouble.attempts.saturating_add(1);
        if trouble.told.replace(error.stage) != Some(error.stage) {
            let (group, advice) = (&self.group, error.advice());
            warn!(group, %error, advice, "mail waits: there is no way to the server; it is tried again");
        }
        true
    }

    /// The server has listened to a mail. Says whether that is news: for the first time, or again.
    pub(super) fn works(&self) -> bool {
        let mut trouble = self.trouble();
        if trouble.told.is_some() {
            info!(group = self.group, attempts = trouble.attempts, "mail goes out again");
        }
        let was_reached = trouble.reached_at.is_some() && trouble.until.is_none();
        *trouble = Trouble { reached_at: Some(Timestamp::now()), ..Trouble::default() };
        !was_reached
    }

    /// When the server listened to a mail last.
    pub(super) fn reached_at(&self) -> Option<Timestamp> {
        self.trouble().reached_at
    }

    fn trouble(&self) -> std::sync::MutexGuard<'_, Trouble> {
        // A number and a moment: they are whole whoever panicked.
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to wait after a number of failed attempts: twice as long each time, with `chance` (0 to 1)
/// in it, so that the many clients of a server that comes back do not come all at once.
fn pause(stage: Stage, attempts: u32, chance: f64) -> Duration {
    // A server that refuses a login many times in a row may lock the user out.
    let (first, longest) = match stage {
        Stage::Token | Stage::Login | Stage::Sender => (Duration::from_secs(10), Duration::from_mins(5)),
        Stage::Name
        | Stage::Connect
        | Stage::Greeting
        | Stage::StartTls
        | Stage::Trust
        | Stage::Tls
        | Stage::Certificate => (Duration::from_secs(1), Duration::from_mins(2)),
    };
    let whole = first.saturating_mul(1 << attempts.min(16)).min(longest);
    whole.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

/// A number from 0 to 1 that nobody chose.
fn chance() -> f64 {
    let mut byte = [0_u8; 2];
    // Without randomness the pause is the longest: no harm is done.
    getrandom::fill(&mut byte).map_or(1.0, |()| f64::from(u16::from_be_bytes(byte)) / f64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_looked_for_soon_at_first_and_every_few_minutes_later() {
        assert_eq!(pause(Stage::Connect, 0, 1.0), Duration::from_secs(1));
        assert_eq!(pause(Stage::Connect, 3, 1.0), Duration::from_secs(8));
        assert_eq!(pause(Stage::Connect, u32::MAX, 1.0), Duration::from_mins(2));
        assert_eq!(pause(Stage::Connect, u32::MAX, 0.0), Duration::from_mins(1));
    }

    #[test]
    fn a_login_that_is_refused_is_not_hammered() {
        assert_eq!(pause(Stage::Login, 0, 1.0), Duration::from_secs(10));
        assert_eq!(pause(Stage::Login, u32::MAX, 1.0), Duration::from_mins(5));
    }
}
