//! `minuted run`: the daemon, or all that waits, once.

use clap::Args;
use jiff::tz::TimeZone;

use super::check::unserved;
use super::failure::Failure;
use super::log;
use super::opened::Globals;
use super::output::Output;
use super::stop_mail;
use crate::config::{Config, MailboxConfig};
use crate::daemon::{self, Holder, Lock, Round};
use crate::mailbox::Maildir;
use crate::steps::{self, Group, Route};
use crate::store::Store;

/// How long it runs.
#[derive(Debug, Args)]
pub struct Run {
    /// Take in, process and send all that waits, then stop
    #[arg(long)]
    once: bool,
}

impl Run {
    /// Whether it runs until it is stopped.
    pub(super) const fn is_daemon(&self) -> bool {
        !self.once
    }

    /// Runs for the group that is named, else for all.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        if !self.once && globals.now.is_some() {
            return Err(Failure::usage("the daemon goes by the clock; --now goes with `run --once`").into());
        }
        let config = globals.load()?;
        log::begin(config.log);
        for warning in &config.warnings {
            tracing::warn!("{warning}");
        }
        let holder = if self.once { Holder::Once } else { Holder::Daemon };
        let lock = Lock::take(&config.database, holder)?;
        let store = Store::open(&config.database).await?;
        let missed = unserved(&store, &config).await?;
        for key in &missed {
            tracing::warn!(group = key, "the database holds this group and the configuration does not name it");
        }
        if !missed.is_empty() {
            same_groups(&store, &config, &missed).await?;
        }
        let groups = open_groups(&store, &config, globals).await?;
        let result = if self.once {
            once(&store, &config, &groups, globals).await
        } else {
            daemon::run(&store, &config, &groups).await
        };
        store.close().await;
        drop(lock);
        result
    }
}

/// Refuses a new group where one that the database holds is missed: a key that was changed by mistake
/// would begin an empty group, and take all mail for its archive.
async fn same_groups(store: &Store, config: &Config, missed: &[String]) -> anyhow::Result<()> {
    for group in &config.groups {
        if store.group_if_known(&group.key).await?.is_none() {
            let what = format!(
                "the group {:?} is new, and the database holds {}, which the configuration does not name; a group is \
                 found again by its key alone. Write its old key, or give the new group a database of its own",
                group.key,
                missed.iter().map(|key| format!("{key:?}")).collect::<Vec<_>>().join(", ")
            );
            return Err(Failure::new(super::failure::CONFIGURATION, what).into());
        }
    }
    Ok(())
}

async fn open_groups(store: &Store, config: &Config, globals: &Globals) -> anyhow::Result<Vec<Group>> {
    let chosen = match globals.group {
        Some(_) => vec![globals.choose(config)?],
        None => config.groups.iter().collect(),
    };
    let mut groups = Vec::with_capacity(chosen.len());
    for group in chosen {
        // Told at the start, and not by the first mail.
        if let MailboxConfig::Maildir { path, .. } = &group.mailbox {
            Maildir::open(path)?;
        }
        let group = steps::open_group(store, group, globals.now(&group.time_zone)?).await?;
        Route::open(&group)?;
        groups.push(group);
    }
    Ok(groups)
}

/// Group by group: each has its own zone, in which `--now` may be told. One that fails, such as for a
/// server that is down, is in no other's way.
async fn once(store: &Store, config: &Config, groups: &[Group], globals: &Globals) -> anyhow::Result<()> {
    let mut sum = Round::default();
    let mut failed: Option<anyhow::Error> = None;
    for group in groups {
        let now = globals.now(&group.config.time_zone)?;
        let round = match daemon::run_once(store, std::slice::from_ref(group), &config.limits, now).await {
            Ok(round) => round,
            Err(error) => {
                if failed.is_some() {
                    // The first one is told at the end.
                    tracing::error!(group = group.config.key, error = format!("{error:#}"), "not served");
                }
                failed.get_or_insert(error);
                continue;
            }
        };
        sum.new += round.new;
        sum.acted += round.acted;
        sum.answered += round.answered;
        sum.quarantined += round.quarantined;
        sum.sent += round.sent;
        sum.failed += round.failed;
        sum.parked += round.parked;
    }
    // What came of the only group is not known.
    if groups.len() == 1
        && let Some(error) = failed
    {
        return Err(error);
    }
    let mut output = Output::new();
    let parked = if sum.parked > 0 { format!(", {} refused for good", sum.parked) } else { String::new() };
    output.line(format!(
        "{} new, {} changed something, {} answered, {} held; {} sent, {} to be tried again{parked}",
        sum.new, sum.acted, sum.answered, sum.quarantined, sum.sent, sum.failed
    ))?;
    if let Some(stop) = store.mail_stop().await? {
        let zone = groups.first().map_or(TimeZone::UTC, |group| group.config.time_zone.clone());
        let waits = stop_mail::waits(store.count_waiting().await?);
        output.line(format!("{} {waits}, until `minuted start-mail`.", stop_mail::told(&stop, &zone)))?;
    }
    output.finish()?;
    failed.map_or(Ok(()), Err)
}
