//! `minuted health`: whether all is well, and how much waits, for people and for monitoring.

mod findings;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::failure::Failure;
use super::log;
use super::opened::Globals;
use super::output::Output;
use super::rows::moment;
use super::stop_mail;
use crate::config::{DeliveryConfig, GroupConfig, MailboxConfig};
use crate::daemon::Standing;
use crate::store::{Door, DoorRow, Store};
use findings::{Finding, State};

/// How it is told.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes, as monitoring systems take them: 0 all is well; 1 something waits for the operator (mail that \
    is held or parked, or has waited for an hour to be sent; mail is stopped; somebody wrote in a member's name; a server that is out of reach since less than ten minutes); 2 it does \
    not work (no daemon runs; a server is out of reach; messages are not read). Others: the configuration is wrong (78), or the \
    database is locked (75)."
)]
pub struct Health {
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
    /// No daemon is expected: something else starts `minuted run --once`
    #[arg(long)]
    no_daemon: bool,
}

/// All that is known, for programs.
#[derive(Serialize)]
struct Told<'a> {
    state: State,
    findings: &'a [Finding],
    daemon: Daemon,
    servers: &'a [DoorRow],
    #[serde(flatten)]
    counts: &'a crate::store::Health,
}

/// Whether a daemon runs.
#[derive(Serialize)]
struct Daemon {
    runs: bool,
    process: Option<u32>,
    /// Since when; where none runs, when one was started last.
    since: Option<Timestamp>,
}

impl Health {
    /// Prints whether all is well and how much waits, of all groups.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let config = globals.load()?;
        log::begin_quietly(config.log);
        let store = Store::open_read_only(&config.database).await?;
        let standing = Standing::of(&config.database);
        let zone = config.groups.first().map_or(TimeZone::UTC, |group| group.time_zone.clone());
        let now = globals.now(&zone)?;
        let counts = store.health(now).await?;
        let mut servers = store.doors().await?;
        servers.retain(|row| config.group(&row.group).is_some_and(|group| has_server(group, row)));
        let findings = findings::all(&standing, self.no_daemon, &counts, &servers, now);
        let state = findings.iter().map(|finding| finding.state).max().unwrap_or(State::Well);
        let mut output = Output::new();
        if self.json {
            let daemon = daemon(&standing);
            output.json(&Told { state, findings: &findings, daemon, servers: &servers, counts: &counts })?;
        } else {
            tell(&mut output, &standing, &servers, &counts, &zone)?;
            for finding in &findings {
                output.line(format!("{:9} {}", finding.state.as_str(), finding.what))?;
            }
            if findings.is_empty() {
                output.line("All is well.")?;
            }
        }
        output.finish()?;
        match state {
            State::Well => Ok(()),
            State::Attention | State::Failing => Err(Failure::new(state.exit_code(), "").into()),
        }
    }
}

/// Whether a group still has the server that a row is about: a Maildir in its place is none.
fn has_server(group: &GroupConfig, row: &DoorRow) -> bool {
    match row.door {
        Door::Mailbox => matches!(group.mailbox, MailboxConfig::Imap(_)),
        Door::Delivery => matches!(group.delivery, DeliveryConfig::Smtp { .. }),
    }
}

fn daemon(standing: &std::io::Result<Standing>) -> Daemon {
    match standing {
        Ok(Standing::Held { daemon, process, since }) => Daemon { runs: *daemon, process: *process, since: *since },
        Ok(Standing::Free(since)) => Daemon { runs: false, process: None, since: *since },
        Err(_) => Daemon { runs: false, process: None, since: None },
    }
}

/// What there is, whether it is as it should be or not.
fn tell(
    output: &mut Output,
    standing: &std::io::Result<Standing>,
    servers: &[DoorRow],
    counts: &crate::store::Health,
    zone: &TimeZone,
) -> anyhow::Result<()> {
    let at = |time: Option<Timestamp>| time.map_or_else(|| "an unknown time".to_owned(), |time| moment(time, zone));
    match standing {
        Ok(Standing::Held { daemon: true, process, since }) => {
            let process = process.map_or_else(String::new, |process| format!(", process {process}"));
            output.line(format!("the daemon runs since {}{process}", at(*since)))?;
        }
        Ok(Standing::Held { daemon: false, since, .. }) => {
            output.line(format!("`minuted run --once` is at work since {}", at(*since)))?;
        }
        Ok(Standing::Free(Some(since))) => {
            output.line(format!("nothing runs; started last at {}", at(Some(*since))))?
        }
        Ok(Standing::Free(None)) => output.line("nothing runs, and nothing ever ran here")?,
        Err(error) => output.line(format!("whether the daemon runs cannot be seen: {error}"))?,
    }
    if let Some(stop) = &counts.mail_stop {
        output.line(stop_mail::told(stop, zone))?;
    }
    for row in servers {
        let (group, door) = (&row.group, &row.door);
        output.line(match row.failed_at {
            None => format!("group {group}: the server of its {door} is in reach since {}", at(row.reached_at)),
            Some(failed) => format!(
                "group {group}: the server of its {door} is out of reach since {}; the last contact: {}",
                at(Some(failed)),
                row.reached_at.map_or_else(|| "none".to_owned(), |time| moment(time, zone))
            ),
        })?;
        if let (None, Some(error), Some(when)) = (row.failed_at, &row.error, row.error_at) {
            output.line(format!("       the last failure, at {}: {error}", moment(when, zone)))?;
        }
    }
    let since = |time: Option<Timestamp>| {
        time.map_or_else(String::new, |time| format!(", the oldest since {}", moment(time, zone)))
    };
    output.line(format!("{:>6} messages wait to be read{}", counts.waiting, since(counts.oldest_waiting)))?;
    output.line(format!("{:>6} messages are held{}", counts.quarantined, hint(counts.quarantined, "quarantine")))?;
    output.line(format!(
        "{:>6} mails wait for the word of the member in whose name they came{}",
        counts.unconfirmed,
        if counts.unconfirmed == 0 { "" } else { ": see `minuted list requests`" }
    ))?;
    output.line(format!("{:>6} mails wait to be sent{}", counts.to_send, since(counts.oldest_to_send)))?;
    if let Some(error) = &counts.oldest_error {
        output.line(format!("       the oldest: {error}"))?;
    }
    output.line(format!("{:>6} mails are parked{}", counts.parked, hint(counts.parked, "outbox")))?;
    output.line(format!(
        "{:>6} mails of the last 7 days are not by whom they say{}",
        counts.denied,
        if counts.denied == 0 { "" } else { ": see `minuted list requests`, state denied" }
    ))
}

/// Where something needs the operator, how to look at it.
fn hint(count: u64, place: &str) -> String {
    if count == 0 { String::new() } else { format!(": see `minuted {place} list`") }
}
