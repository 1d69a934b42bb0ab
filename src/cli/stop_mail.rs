//! `minuted stop-mail` and `minuted start-mail`: the operator's switch for all outgoing mail.

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::failure::Failure;
use super::log;
use super::opened::{Globals, wake};
use super::output::Output;
use super::rows::moment;
use crate::config::Config;
use crate::daemon::Standing;
use crate::store::{MailStop, Store};

/// Why it is stopped.
#[derive(Debug, Args)]
#[command(
    after_help = "A running daemon sees it before the next mail; a mail that the server is being given is given to its end. Mail \
    is taken in, commands act, and what would be sent waits in the outbox, also after a restart, until `minuted start-mail`."
)]
pub struct StopMail {
    /// Why, for whoever finds it stopped
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,
}

/// Nothing is to be said of it.
#[derive(Debug, Args)]
#[command(
    after_help = "What has waited is sent. Digests and reminders that came due while mail was stopped go late where that is of \
    use, at most one mail to anybody, and are recorded as skipped otherwise, as after an outage: see `minuted schedule`."
)]
pub struct StartMail {}

impl StopMail {
    /// Stops it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let (config, store, now) = open(globals).await?;
        let because = self.because.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let is_new = store.stop_mail(&MailStop { since: now, by: operator(), because }).await?;
        let stop = store.mail_stop().await?;
        let waiting = store.count_waiting().await?;
        store.close().await;
        wake(&config.database);
        let mut output = Output::new();
        // Another operator may have started it again in between.
        let told = stop.map_or_else(|| "Mail is not stopped.".to_owned(), |stop| told(&stop, &zone(&config)));
        output.line(if is_new { told } else { format!("{told} It was so before; nothing was changed.") })?;
        output.line(format!("{}; `minuted start-mail` sends mail again.", waits(waiting)))?;
        output.finish()
    }
}

impl StartMail {
    /// Starts it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let (config, store, now) = open(globals).await?;
        let stop = store.start_mail(&operator(), now).await?;
        let waiting = store.count_waiting().await?;
        store.close().await;
        let mut output = Output::new();
        let Some(stop) = stop else {
            output.line("Mail was not stopped; nothing was changed.")?;
            return output.finish();
        };
        wake(&config.database);
        output.line(format!("Mail is started. {}", was(&stop, &zone(&config))))?;
        let runs = matches!(Standing::of(&config.database), Ok(Standing::Held { daemon: true, .. }));
        let sends = if runs {
            "the daemon sends what waits now"
        } else {
            "no daemon runs; `minuted run`, or `minuted run --once`, sends what waits"
        };
        output.line(format!("{}; {sends}.", waits(waiting)))?;
        output.line(
            "Digests and reminders that came due meanwhile go late or are skipped, as after an outage: `minuted schedule`.",
        )?;
        output.finish()
    }
}

/// The database of all groups.
async fn open(globals: &Globals) -> anyhow::Result<(Config, Store, Timestamp)> {
    if globals.group.is_some() {
        return Err(
            Failure::usage("mail is stopped and started for all groups of the database, without --group").into()
        );
    }
    let config = globals.load()?;
    log::begin_quietly(config.log);
    let now = globals.now(&zone(&config))?;
    let store = Store::open(&config.database).await?;
    Ok((config, store, now))
}

fn zone(config: &Config) -> TimeZone {
    config.groups.first().map_or(TimeZone::UTC, |group| group.time_zone.clone())
}

/// Who types: the login, also behind `sudo`.
fn operator() -> String {
    let named = ["SUDO_USER", "LOGNAME", "USER"].into_iter().filter_map(|name| std::env::var(name).ok());
    named.map(|name| name.trim().to_owned()).find(|name| !name.is_empty()).unwrap_or_else(|| "an operator".to_owned())
}

/// That mail is stopped, since when, by whom, and why.
pub(super) fn told(stop: &MailStop, zone: &TimeZone) -> String {
    format!("Mail is stopped since {}, by {}{}.", moment(stop.since, zone), stop.by, because(stop))
}

fn was(stop: &MailStop, zone: &TimeZone) -> String {
    format!("It was stopped since {}, by {}{}.", moment(stop.since, zone), stop.by, because(stop))
}

fn because(stop: &MailStop) -> String {
    stop.because.as_ref().map_or_else(String::new, |because| format!(", because {}", because.trim_end_matches('.')))
}

/// How many mails wait.
pub(super) fn waits(count: u64) -> String {
    match count {
        0 => "No mail waits to be sent".to_owned(),
        1 => "1 mail waits to be sent".to_owned(),
        _ => format!("{count} mails wait to be sent"),
    }
}
