//! `minuted health`: how much waits, for monitoring.

use clap::Args;

use super::log;
use super::opened::Globals;
use super::output::Output;
use crate::store::Store;

/// How it is told.
#[derive(Debug, Args)]
pub struct Health {
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

impl Health {
    /// Prints how much waits, of all groups.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let config = globals.load()?;
        log::begin_quietly(config.log);
        let store = Store::open_read_only(&config.database).await?;
        let health = store.health().await?;
        let mut output = Output::new();
        if self.json {
            output.json(&health)?;
            return output.finish();
        }
        output.line(format!("{:>6} messages wait to be read", health.waiting))?;
        output.line(format!(
            "{:>6} messages are held{}",
            health.quarantined,
            hint(health.quarantined, "quarantine")
        ))?;
        output.line(format!(
            "{:>6} mails wait for the word of the member in whose name they came{}",
            health.unconfirmed,
            if health.unconfirmed == 0 { "" } else { ": see `minuted list requests`" }
        ))?;
        output.line(format!("{:>6} mails wait to be sent", health.to_send))?;
        output.line(format!("{:>6} mails are parked{}", health.parked, hint(health.parked, "outbox")))?;
        output.line(format!(
            "{:>6} mails of the last 30 days are not by whom they say{}",
            health.denied,
            if health.denied == 0 { "" } else { ": see `minuted list requests`, state denied" }
        ))?;
        output.finish()
    }
}

/// Where something needs the operator, how to look at it.
fn hint(count: u64, place: &str) -> String {
    if count == 0 { String::new() } else { format!(": see `minuted {place} list`") }
}
