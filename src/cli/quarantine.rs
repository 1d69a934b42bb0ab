//! `minuted quarantine`: messages that could not be processed.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use super::failure::Failure;
use super::opened::{Globals, Opened};
use super::output::{Output, row};
use super::rows::{moment, or_dash};
use crate::store::Quarantined;

/// What is done with the quarantine.
#[derive(Debug, Args)]
pub struct Quarantine {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the messages that are held, oldest first
    List {
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Print a held message as it came
    Show {
        /// Its number
        #[arg(value_name = "NUMBER")]
        message: i64,
    },
    /// Let a held message be read again
    Retry {
        /// Its number; several may be given
        #[arg(value_name = "NUMBER", required = true)]
        messages: Vec<i64>,
    },
    /// Give a held message up; its bytes are kept
    Drop {
        /// Its number; several may be given
        #[arg(value_name = "NUMBER", required = true)]
        messages: Vec<i64>,
    },
}

/// A held message, for programs.
#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    mailbox: &'a str,
    uid: &'a str,
    received_at: Timestamp,
    size: u64,
    attempts: u32,
    reason: &'a str,
    message_id: Option<&'a str>,
    from: Option<&'a str>,
    subject: Option<&'a str>,
}

impl Quarantine {
    /// Does it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        match self.what {
            What::List { json } => list(globals, json).await,
            What::Show { message } => show(globals, message).await,
            What::Retry { messages } => {
                let opened = to_change(globals, &messages).await?;
                for message in &messages {
                    must_be_whole(&opened, *message).await?;
                }
                for message in &messages {
                    opened.store.retry_quarantined(*message).await?;
                }
                opened.changed().await;
                say(&messages, "is read again by the daemon, or by `minuted run --once`")
            }
            What::Drop { messages } => {
                let opened = to_change(globals, &messages).await?;
                for message in &messages {
                    opened.store.drop_quarantined(*message).await?;
                }
                opened.changed().await;
                say(&messages, "is dropped; its bytes are kept")
            }
        }
    }
}

/// The database, where all of these messages are held: all of them are changed, or none.
async fn to_change(globals: &Globals, messages: &[i64]) -> anyhow::Result<Opened> {
    let opened = Opened::to_write(globals).await?;
    for message in messages {
        held(&opened, *message).await?;
    }
    Ok(opened)
}

/// Refuses to have half a message read as a whole one: of one that was too large, only the
/// beginning is kept.
async fn must_be_whole(opened: &Opened, message: i64) -> anyhow::Result<()> {
    let size = held(opened, message).await?.size;
    let kept = opened.store.raw(message).await?.map_or(0, |raw| raw.len() as u64);
    if kept == size {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "only the first {kept} of the {size} bytes of message {message} are kept; raise limits.message_bytes, and \
         ingest the mail from where it lies"
    ))
    .into())
}

fn say(messages: &[i64], what: &str) -> anyhow::Result<()> {
    let mut output = Output::new();
    for message in messages {
        output.line(format!("Message {message} {what}."))?;
    }
    output.finish()
}

async fn list(globals: &Globals, json: bool) -> anyhow::Result<()> {
    let opened = Opened::to_read(globals).await?;
    let held = opened.store.quarantine(opened.group.id).await?;
    let mut output = Output::new();
    if json {
        let rows = held.iter().map(|message| Row {
            id: message.id,
            mailbox: &message.mailbox,
            uid: &message.uid,
            received_at: message.received_at,
            size: message.size,
            attempts: message.attempts,
            reason: &message.reason,
            message_id: message.message_id.as_deref(),
            from: message.from.as_deref(),
            subject: message.subject.as_deref(),
        });
        output.json(&rows.collect::<Vec<_>>())?;
    } else if held.is_empty() {
        output.line("Nothing is held.")?;
    } else {
        let rows = held.iter().map(|message| {
            row![
                message.id.to_string(),
                moment(message.received_at, opened.zone()),
                or_dash(message.from.as_deref()),
                or_dash(message.subject.as_deref()),
                message.size.to_string(),
                message.reason.as_str(),
            ]
        });
        output.table(&["MESSAGE", "RECEIVED", "FROM", "SUBJECT", "BYTES", "HELD BECAUSE"], rows.collect())?;
    }
    output.finish()
}

async fn show(globals: &Globals, message: i64) -> anyhow::Result<()> {
    let opened = Opened::to_read(globals).await?;
    held(&opened, message).await?;
    let raw = opened.store.raw(message).await?;
    let raw = raw.ok_or_else(|| Failure::refused(format!("the bytes of message {message} are not kept")))?;
    let mut output = Output::new();
    output.raw(&raw)?;
    output.finish()
}

async fn held(opened: &Opened, message: i64) -> anyhow::Result<Quarantined> {
    let held = opened.store.quarantine(opened.group.id).await?;
    held.into_iter().find(|held| held.id == message).ok_or_else(|| {
        Failure::refused(format!("message {message} is not held; `minuted quarantine list` lists what is")).into()
    })
}
