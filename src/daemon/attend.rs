//! One task for each group that reads mail from an IMAP server: it holds the connection, takes new mail
//! in as soon as the server tells of it, and wakes the loop. The loop never waits for a server, and a
//! server that is out of reach is in nobody's way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tracing::{debug, info, warn};

use crate::config::{ImapConfig, Limits};
use crate::mailbox::imap::{self, Imap, Woken};
use crate::steps::{self, Backlog, Group};
use crate::store::{Door, Store};

/// How long IDLE lasts before it is begun anew, which also shows whether the connection is still
/// there. Servers may end it after half an hour (RFC 2177), and many routers forget a connection sooner.
const RENEWAL: Duration = Duration::from_mins(9);

/// A connection that lasted so long was a good one: its end is nothing to tell, and the next try is soon.
const GOOD: Duration = Duration::from_mins(1);

/// The first and the longest pause before another try.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_mins(5)];

/// Where the login was refused, tries come no sooner: some servers lock an account for them.
const AFTER_LOGIN: Duration = Duration::from_secs(30);

/// A group's mailbox, as the loop sees it.
#[derive(Debug, Clone, Default)]
pub(super) struct Attended {
    /// Mail was read: it is to be settled at the server.
    pub read: Arc<Notify>,
}

/// What a task has.
pub(super) struct Attendant {
    pub store: Store,
    pub group: Group,
    pub config: ImapConfig,
    pub limits: Limits,
    pub attended: Attended,
    /// Wakes the loop: mail was taken in.
    pub mail: Arc<Notify>,
}

impl Attendant {
    /// Attends to the mailbox until it is told to stop. Whatever is under way then is left: nothing is
    /// lost by it, as by a kill.
    pub async fn attend(self, mut told_to_stop: watch::Receiver<bool>) {
        tokio::select! {
            () = self.for_ever() => {}
            _ = told_to_stop.wait_for(|told| *told) => {}
        }
    }

    async fn for_ever(&self) {
        let backoff = || ExponentialBuilder::new().with_min_delay(PAUSES[0]).with_max_delay(PAUSES[1]);
        let backoff = || backoff().with_jitter().without_max_times().build();
        let mut pauses = backoff();
        let mut trouble = Trouble::default();
        loop {
            let begun = Instant::now();
            let Err(error) = self.connection(&mut trouble).await else { continue };
            let lasted = begun.elapsed() >= GOOD;
            if lasted {
                pauses = backoff();
            }
            let of_imap = error.chain().find_map(|cause| cause.downcast_ref::<imap::Error>());
            let mut pause = pauses.next().unwrap_or(PAUSES[1]);
            if of_imap.is_some_and(imap::Error::is_login) {
                pause = pause.max(AFTER_LOGIN);
            }
            if matches!(of_imap, Some(imap::Error::MadeAnew { .. })) {
                info!(group = self.group.config.key, "{error:#}");
            } else if lasted {
                debug!(group = self.group.config.key, "{error:#}");
            } else {
                trouble.told(&self.group.config.key, &error, of_imap.map(std::mem::discriminant));
                if let Some(of_imap) = of_imap {
                    self.is_shut(&mut trouble, &of_imap.to_string()).await;
                }
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// Notes that the server is out of reach, where that or its words are news.
    async fn is_shut(&self, trouble: &mut Trouble, words: &str) {
        if trouble.noted.replace(words.to_owned()).as_deref() != Some(words) {
            let (group, reached_at) = (self.group.id, trouble.reached_at);
            steps::door_is_shut(&self.store, group, Door::Mailbox, reached_at, Timestamp::now(), words).await;
        }
    }

    /// One connection, until it ends.
    async fn connection(&self, trouble: &mut Trouble) -> anyhow::Result<()> {
        let mut imap = Imap::open(&self.config, self.limits.message_bytes).await?;
        let key = &self.group.config.key;
        trouble.over(key, &imap, &self.config);
        if trouble.noted.take().is_some() || trouble.reached_at.is_none() {
            steps::door_opens(&self.store, self.group.id, Door::Mailbox, Timestamp::now()).await;
        }
        let mut backlog = Backlog::default();
        // What was read over an earlier connection may not be settled yet.
        let mut read = true;
        let mut settles = true;
        loop {
            let now = Timestamp::now;
            let stored = || self.mail.notify_one();
            let fetching =
                steps::fetch_imap(&self.store, &self.group, &self.limits, &mut imap, &mut backlog, &now, &stored);
            let fetched = fetching.await?;
            trouble.reached_at = Some(Timestamp::now());
            if read || fetched.held > 0 {
                match steps::settle_imap(&self.store, &self.group, &mut imap).await {
                    Ok(()) => settles = true,
                    // The mailbox can be read all the same.
                    Err(error) if is_of_settling(&error) => {
                        if settles {
                            warn!(group = key, "{error:#}; mail is read and answered all the same");
                        }
                        settles = false;
                    }
                    Err(error) => return Err(error),
                }
            }
            let woken = self.wait(&mut imap).await?;
            read = woken == Woken::Asked;
            if woken == Woken::Renewal {
                backlog.look_again();
            }
        }
    }

    /// Waits for something to do.
    async fn wait(&self, imap: &mut Imap) -> Result<Woken, imap::Error> {
        let asked = self.attended.read.notified();
        if imap.can_idle() {
            return imap.idle(RENEWAL, asked).await;
        }
        tokio::select! {
            () = asked => Ok(Woken::Asked),
            () = tokio::time::sleep(self.config.poll) => Ok(Woken::Renewal),
        }
    }
}

/// Whether the server refuses to flag or to move mail, and nothing else is wrong.
fn is_of_settling(error: &anyhow::Error) -> bool {
    let of_imap = error.chain().find_map(|cause| cause.downcast_ref::<imap::Error>());
    matches!(of_imap, Some(imap::Error::Refused { .. } | imap::Error::ReadOnly { .. } | imap::Error::Folder { .. }))
}

/// What was told of a mailbox that is out of reach: the same kind of trouble is told once.
#[derive(Default)]
struct Trouble {
    /// The kinds of it since it last worked.
    told: Vec<Option<std::mem::Discriminant<imap::Error>>>,
    /// Whether it ever worked.
    worked: bool,
    /// The words that are noted in the database, while it is out of reach.
    noted: Option<String>,
    /// The last contact.
    reached_at: Option<Timestamp>,
}

impl Trouble {
    fn told(&mut self, group: &str, error: &anyhow::Error, kind: Option<std::mem::Discriminant<imap::Error>>) {
        if !self.told.contains(&kind) {
            self.told.push(kind);
            let what = if kind.is_some() { "the mailbox is out of reach" } else { "mail cannot be taken in now" };
            warn!(group, error = format!("{error:#}"), "{what}; no mail is lost, and it is tried again");
        }
    }

    fn over(&mut self, group: &str, imap: &Imap, config: &ImapConfig) {
        if !std::mem::take(&mut self.told).is_empty() || !self.worked {
            info!(
                group,
                host = config.server.host,
                folder = config.folder,
                messages = imap.count(),
                idle = imap.can_idle(),
                "the mailbox is open"
            );
        }
        self.worked = true;
    }
}
