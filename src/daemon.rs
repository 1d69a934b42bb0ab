//! The loop over the steps: woken by mail, by the command line, by what is due to be sent, now or
//! again, and by a sweep every five minutes; stopped by a signal between two steps. Mail of IMAP servers
//! is taken in beside it (`attend`), mail to SMTP servers is sent beside it (`courier`), and so are a group's pages
//! written (`publisher`).

mod attend;
mod courier;
mod lock;
mod publisher;
mod round;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use sd_notify::NotifyState;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tracing::{info, warn};

use crate::config::{Config, DeliveryConfig, Limits, MailboxConfig};
use crate::mailbox::{Imap, Watch};
use crate::steps::{self, Group, Route};
use crate::store::{Door, Store};

use attend::{Attendant, Attended};
use courier::Courier;
use publisher::Publisher;
use round::{Mailbox, Outlet, Served, run_until};

pub use lock::{Holder, Lock, Standing};
pub use round::Round;

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
    for mut publisher in groups.iter().filter_map(|group| Publisher::of(store, group)) {
        publisher.publish(now).await;
    }
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
    let mut pages = Vec::new();
    for group in groups {
        if let Some(publisher) = Publisher::of(store, group) {
            let changed = Arc::new(Notify::new());
            pages.push(Arc::clone(&changed));
            tasks.spawn(publisher.attend(changed, told_to_stop.clone()));
        }
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
        pages.iter().for_each(|changed| changed.notify_one());
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
