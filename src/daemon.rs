//! The loop over the steps: woken by mail, by the command line, by what is due to be sent, now or
//! again, and by a sweep every five minutes; stopped by a signal between two steps. Mail of IMAP servers
//! is taken in beside it (`attend`), and mail to SMTP servers is sent beside it (`courier`).

mod attend;
mod courier;
mod lock;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use sd_notify::NotifyState;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tracing::{info, warn};

use crate::config::{Config, DeliveryConfig, Limits, MailboxConfig};
use crate::mailbox::{Imap, Watch, imap};
use crate::steps::{self, Backlog, Delivered, Fetched, Group, Processed, Route};
use crate::store::{Door, Store};
pub use lock::{Holder, Lock, Standing};

use attend::{Attendant, Attended};
use courier::Courier;

/// What no notice told of is found after this long.
const SWEEP: Duration = Duration::from_mins(5);

/// How long to wait after a failure that may pass, such as a full disk.
const PAUSE: Duration = Duration::from_secs(30);

/// A file beside the database: its name with one more ending.
fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// Wakes the daemon: the command line has put something into the database.
///
/// # Errors
/// Where the file beside the database cannot be written.
pub fn wake(database: &Path) -> std::io::Result<()> {
    std::fs::write(beside(database, "wake"), b"")
}

/// Everything that waits, once: taken in, processed, reminded of, delivered.
///
/// # Errors
/// Where a mailbox cannot be read or the database fails; nothing is lost, and a next run goes on. The
/// other groups are served all the same.
pub async fn run_once(store: &Store, groups: &[Group], limits: &Limits, now: Timestamp) -> anyhow::Result<Round> {
    let mut served = Vec::with_capacity(groups.len());
    for group in groups {
        let mailbox = match &group.config.mailbox {
            MailboxConfig::Maildir { .. } => Mailbox::Maildir,
            MailboxConfig::Imap(config) => match Imap::open(config, limits.message_bytes).await {
                Ok(imap) => {
                    steps::door_opens(store, group.id, Door::Mailbox, now).await;
                    Mailbox::Connection(Box::new(imap))
                }
                Err(error) => {
                    steps::door_is_shut(store, group.id, Door::Mailbox, None, now, &error.to_string()).await;
                    Mailbox::OutOfReach(Some(error))
                }
            },
        };
        served.push(Served { group, mailbox, outlet: Outlet::Route(Box::new(Route::open(group)?)) });
    }
    let round = run_until(store, &mut served, limits, now, &|| false).await;
    for served in served {
        if let Mailbox::Connection(imap) = served.mailbox {
            // All is done: whether it hears the goodbye does not matter.
            let _ = imap.log_out().await;
        }
        if let Outlet::Route(route) = served.outlet {
            route.close().await;
        }
    }
    round
}

/// A group with its doors, which stay open from round to round.
struct Served<'a> {
    group: &'a Group,
    mailbox: Mailbox,
    outlet: Outlet,
}

/// Where a group's mail goes in a round.
enum Outlet {
    /// It is sent in the round.
    Route(Box<Route>),
    /// A task sends it, and is told that there may be some.
    Courier(Arc<Notify>),
}

/// Where a group's mail comes from in a round.
enum Mailbox {
    /// It is looked at.
    Maildir,
    /// A connection is there for this round.
    Connection(Box<Imap>),
    /// Why there is no connection, until that is told.
    OutOfReach(Option<imap::Error>),
    /// A task takes mail in, and is told that some was read.
    Attended(Attended),
}

impl Mailbox {
    /// Takes in what is new; `stored` is called where something is there to be processed meanwhile.
    async fn fetch(
        &mut self,
        store: &Store,
        group: &Group,
        limits: &Limits,
        now: Timestamp,
        stored: &(dyn Fn() + Sync),
    ) -> anyhow::Result<Fetched> {
        match self {
            Self::Maildir => steps::fetch(store, group, limits, now).await,
            Self::Attended(_) => Ok(Fetched::default()),
            Self::Connection(imap) => {
                let backlog = &mut Backlog::default();
                let fetched = steps::fetch_imap(store, group, limits, imap, backlog, &|| now, stored).await;
                if fetched.is_err() {
                    // What is left of the connection is of no use.
                    *self = Self::OutOfReach(None);
                }
                fetched
            }
            Self::OutOfReach(error) => error.take().map_or_else(|| Ok(Fetched::default()), |error| Err(error.into())),
        }
    }

    /// What was read is settled at the mailbox.
    async fn settle(&mut self, store: &Store, group: &Group, read: usize) -> anyhow::Result<()> {
        match self {
            Self::Maildir => steps::settle(store, group).await,
            Self::Connection(imap) => steps::settle_imap(store, group, imap).await,
            Self::OutOfReach(_) => Ok(()),
            Self::Attended(attended) => {
                if read > 0 {
                    attended.read.notify_one();
                }
                Ok(())
            }
        }
    }
}

/// As [`run_once`], but ends soon where it is to `stop`: what is left waits for the next start.
async fn run_until(
    store: &Store,
    groups: &mut [Served<'_>],
    limits: &Limits,
    now: Timestamp,
    stop: &(dyn Fn() -> bool + Sync),
) -> anyhow::Result<Round> {
    let mut round = Round::default();
    let mut failed = None;
    for served in groups {
        if stop() {
            break;
        }
        match serve(store, served, limits, now, stop, &mut round).await {
            Ok(()) => {}
            Err(error) if is_for_good(&error) => return Err(error),
            // A group whose mailbox is out of reach is not in the others' way.
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(round), Err)
}

/// One group's turn.
async fn serve(
    store: &Store,
    served: &mut Served<'_>,
    limits: &Limits,
    now: Timestamp,
    stop: &(dyn Fn() -> bool + Sync),
    round: &mut Round,
) -> anyhow::Result<()> {
    let Served { group, mailbox, outlet } = served;
    let (made, working) = (Notify::new(), AtomicBool::new(true));
    let work = async {
        let worked = work(store, group, mailbox, limits, now, stop, &|| made.notify_one()).await;
        working.store(false, Ordering::SeqCst);
        made.notify_one();
        worked
    };
    // Answers go out while more mail is read: forcing them to the disk, or a server, is mostly waiting.
    let deliver = async {
        let mut delivered = Delivered::default();
        loop {
            made.notified().await;
            let last = !working.load(Ordering::SeqCst);
            match outlet {
                Outlet::Route(route) => {
                    delivered += steps::deliver_until(store, group, route, now, stop).await?;
                }
                Outlet::Courier(mail) => mail.notify_one(),
            }
            if last {
                return anyhow::Ok(delivered);
            }
        }
    };
    let (worked, delivered) = tokio::join!(work, deliver);
    let (worked, delivered) = (worked?, delivered?);
    round.answered += worked.processed.answered;
    round.acted += worked.processed.acted;
    round.quarantined += worked.processed.quarantined;
    round.sent += delivered.sent;
    round.failed += delivered.failed;
    round.parked += delivered.parked;
    round.new += worked.fetched?.new;
    worked.settled
}

/// What became of a group's mail.
struct Worked {
    fetched: anyhow::Result<Fetched>,
    processed: Processed,
    settled: anyhow::Result<()>,
}

/// Takes in and processes a group's mail, and what is due; `made` is called where there may be mails to
/// be sent.
async fn work(
    store: &Store,
    group: &Group,
    mailbox: &mut Mailbox,
    limits: &Limits,
    now: Timestamp,
    stop: &(dyn Fn() -> bool + Sync),
    made: &(dyn Fn() + Sync),
) -> anyhow::Result<Worked> {
    let (stored, fetching) = (Notify::new(), AtomicBool::new(true));
    let fetch = async {
        let fetched = mailbox.fetch(store, group, limits, now, &|| stored.notify_one()).await;
        fetching.store(false, Ordering::SeqCst);
        stored.notify_one();
        fetched
    };
    // What is stored is processed while more of it comes: a server takes longer than the program.
    let process = async {
        let mut processed = Processed::default();
        loop {
            stored.notified().await;
            // Mail that was taken in before is processed also where the mailbox is out of reach.
            let last = !fetching.load(Ordering::SeqCst);
            loop {
                let batch = steps::process_batch(store, group, now).await?;
                processed += batch;
                if batch.answered > 0 {
                    made();
                }
                if batch.read == 0 || stop() {
                    break;
                }
            }
            if last {
                return anyhow::Ok(processed);
            }
        }
    };
    let (fetched, processed) = tokio::join!(fetch, process);
    let processed = processed?;
    let settled = mailbox.settle(store, group, processed.read).await;
    // After all the mails: a digest tells of them.
    if !stop() {
        steps::remind(store, group, now).await?;
    }
    Ok(Worked { fetched, processed, settled })
}

/// What one round of all groups came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// New messages.
    pub new: usize,
    /// Messages that changed something.
    pub acted: usize,
    /// Messages that were answered.
    pub answered: usize,
    /// Messages that are held for the operator.
    pub quarantined: usize,
    /// Mails that were delivered.
    pub sent: usize,
    /// Mails that will be tried again.
    pub failed: usize,
    /// Mails that were refused for good.
    pub parked: usize,
}

/// Runs until a signal stops it (SIGTERM, SIGINT). The caller holds the [`Lock`].
///
/// # Errors
/// Where the database is damaged, or a mailbox cannot be watched. What may pass is waited for.
pub async fn run(store: &Store, config: &Config, groups: &[Group]) -> anyhow::Result<()> {
    store.check_or_refuse().await?;
    wake(&config.database).context("making the file that wakes the daemon")?;
    let maildirs = groups.iter().filter_map(|group| match &group.config.mailbox {
        MailboxConfig::Maildir { path, .. } => Some([path.join("new"), path.join("cur")]),
        MailboxConfig::Imap(_) => None,
    });
    let watch = Watch::start(maildirs.flatten().chain(std::iter::once(beside(&config.database, "wake"))))?;
    let mut told_to_stop = signals()?;
    let stopping = told_to_stop.clone();
    let stop = || *stopping.borrow();
    let mail = Arc::new(Notify::new());
    let mut tasks = JoinSet::new();
    let mut served = Vec::with_capacity(groups.len());
    for group in groups {
        let mailbox = match &group.config.mailbox {
            MailboxConfig::Maildir { .. } => Mailbox::Maildir,
            MailboxConfig::Imap(imap) => {
                let attended = Attended::default();
                let attendant = Attendant {
                    store: store.clone(),
                    group: group.clone(),
                    config: imap.clone(),
                    limits: config.limits,
                    attended: attended.clone(),
                    mail: Arc::clone(&mail),
                };
                tasks.spawn(attendant.attend(told_to_stop.clone()));
                Mailbox::Attended(attended)
            }
        };
        let route = Route::open(group)?;
        let outlet = match &group.config.delivery {
            DeliveryConfig::Maildir { .. } => Outlet::Route(Box::new(route)),
            DeliveryConfig::Smtp { .. } => {
                let mail = Arc::new(Notify::new());
                let (store, group) = (store.clone(), group.clone());
                tasks.spawn(Courier { store, group, route, mail: Arc::clone(&mail) }.carry(told_to_stop.clone()));
                Outlet::Courier(mail)
            }
        };
        served.push(Served { group, mailbox, outlet });
    }
    info!(groups = groups.len(), "minuted runs");
    tell_supervisor(NotifyState::Ready);
    let mut failing = false;
    loop {
        let pause = match run_until(store, &mut served, &config.limits, Timestamp::now(), &stop).await {
            Ok(_) => {
                if failing {
                    info!("works again");
                    failing = false;
                }
                next_wake(store, &served).await
            }
            Err(error) if is_for_good(&error) => return Err(error),
            Err(error) => {
                // Once a state change: the same trouble is not told again and again.
                if !failing {
                    warn!(error = format!("{error:#}"), "cannot go on now; no mail is lost, and it is tried again");
                    failing = true;
                }
                PAUSE
            }
        };
        tokio::select! {
            () = watch.changed(), if !failing => {}
            () = mail.notified(), if !failing => {}
            () = tokio::time::sleep(pause) => {}
            _ = told_to_stop.wait_for(|told| *told) => break,
            // None ends before it is told to: a group whose mail nobody fetches must not go unseen.
            Some(ended) = tasks.join_next() => ended.context("attending to a mail server")?,
        }
    }
    tell_supervisor(NotifyState::Stopping);
    info!(tasks = tasks.len(), "told to stop: what is under way comes to its end first");
    while tasks.join_next().await.is_some() {}
    info!("minuted stops");
    Ok(())
}

/// Says to systemd where the daemon is; without systemd, to nobody.
fn tell_supervisor(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        warn!(%error, "systemd could not be told");
    }
}

/// Becomes true with the first SIGTERM or SIGINT.
fn signals() -> anyhow::Result<watch::Receiver<bool>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        // Nobody listens any more where the daemon is ending anyway.
        let _ = tell.send(true);
    });
    Ok(told)
}

/// Until the sweep, or until a mail is due to be sent again in a round, or one that the bot writes by
/// itself.
async fn next_wake(store: &Store, groups: &[Served<'_>]) -> Duration {
    let mut until = SWEEP;
    for served in groups {
        let now = Timestamp::now();
        let occasion = steps::next_occasion(store, served.group, now).await.ok().flatten();
        let occasion = occasion.map(|at| Duration::try_from(at.duration_since(now)).unwrap_or_default());
        until = occasion.map_or(until, |next| until.min(next));
        if let Outlet::Route(route) = &served.outlet {
            let next = steps::next_delivery(store, served.group, route, now).await.ok().flatten();
            until = next.map_or(until, |next| until.min(next));
        }
    }
    until.max(Duration::from_secs(1))
}

/// A damaged database does not heal by waiting.
fn is_for_good(error: &anyhow::Error) -> bool {
    let store = error.chain().find_map(|cause| cause.downcast_ref::<crate::store::StoreError>());
    store.is_some_and(crate::store::StoreError::is_damage)
}
