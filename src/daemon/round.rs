//! One round of the groups: mail is taken in, processed, reminded of and delivered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::Notify;

use super::attend::Attended;
use super::is_for_good;
use crate::config::Limits;
use crate::mailbox::{Imap, imap};
use crate::steps::{self, Backlog, Delivered, Fetched, Group, Processed, Route};
use crate::store::Store;

/// What was read is settled at the mailbox when it is so many mails, and at the end.
const SETTLED: usize = 8192;

/// A group with its doors, which stay open from round to round.
pub(super) struct Served<'a> {
    pub(super) group: &'a Group,
    pub(super) mailbox: Mailbox,
    pub(super) outlet: Outlet,
    /// The day on which what is too old was erased last.
    pub(super) tidied: Option<Date>,
}

/// Where a group's mail goes in a round.
pub(super) enum Outlet {
    /// It is sent in the round.
    Route(Box<Route>),
    /// A task sends it, and is told that there may be some.
    Courier(Arc<Notify>),
}

/// Where a group's mail comes from in a round.
pub(super) enum Mailbox {
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
pub(super) async fn run_until(
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
    let Served { group, mailbox, outlet, tidied } = served;
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
    let today = now.to_zoned(group.config.time_zone.clone()).date();
    if *tidied != Some(today) && !stop() {
        steps::tidy(store, group, now).await?;
        *tidied = Some(today);
    }
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
    let (settle, processing, read) = (Notify::new(), AtomicBool::new(true), AtomicUsize::new(0));
    let fetch_and_settle = async {
        let fetched = mailbox.fetch(store, group, limits, now, &|| stored.notify_one()).await;
        fetching.store(false, Ordering::SeqCst);
        stored.notify_one();
        // A server takes its time to flag thousands of mails: it flags some while others are processed.
        loop {
            settle.notified().await;
            let last = !processing.load(Ordering::SeqCst);
            let settled = mailbox.settle(store, group, read.load(Ordering::SeqCst)).await;
            if last || settled.is_err() {
                return (fetched, settled);
            }
        }
    };
    // What is stored is processed while more of it comes: a server takes longer than the program.
    let process = async {
        let mut processed = Processed::default();
        let mut unsettled = 0;
        loop {
            stored.notified().await;
            // Mail that was taken in before is processed also where the mailbox is out of reach.
            let last = !fetching.load(Ordering::SeqCst);
            loop {
                let turn = steps::process_turn(store, group, now).await?;
                processed += turn;
                if turn.answered > 0 {
                    made();
                }
                read.fetch_add(turn.read, Ordering::SeqCst);
                unsettled += turn.read;
                if unsettled >= SETTLED {
                    unsettled = 0;
                    settle.notify_one();
                }
                if turn.read == 0 || stop() {
                    break;
                }
            }
            if last {
                return anyhow::Ok(processed);
            }
        }
    };
    let process = async {
        let processed = process.await;
        processing.store(false, Ordering::SeqCst);
        settle.notify_one();
        processed
    };
    let ((fetched, settled), processed) = tokio::join!(fetch_and_settle, process);
    let processed = processed?;
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
