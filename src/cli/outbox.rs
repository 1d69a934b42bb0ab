//! `minuted outbox`: mail that was sent, waits, or was refused.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use super::failure::Failure;
use super::opened::{Globals, Opened};
use super::output::{Cellular, Output, printable, row};
use super::rows::{moment, or_dash};
use super::stop_mail;
use crate::store::{OutboxRow, OutboxState};

/// What is done with the outbox.
#[derive(Debug, Args)]
pub struct Outbox {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the mails, oldest first
    List {
        /// Only those in this state: waiting, sent, parked or dropped
        #[arg(long, value_name = "STATE")]
        state: Option<String>,
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Print a mail as it is sent
    Show {
        /// Its number
        #[arg(value_name = "NUMBER")]
        mail: i64,
    },
    /// Send a parked mail again, a waiting one at once
    Retry {
        /// Its number; several may be given
        #[arg(value_name = "NUMBER", required = true)]
        mails: Vec<i64>,
    },
    /// Give an unsent mail up
    Drop {
        /// Its number; several may be given
        #[arg(value_name = "NUMBER", required = true)]
        mails: Vec<i64>,
    },
}

/// A mail of the outbox, for programs.
#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    message_id: &'a str,
    recipient: &'a str,
    subject: &'a str,
    state: OutboxState,
    created_at: Timestamp,
    next_at: Option<Timestamp>,
    attempts: u32,
    sent_at: Option<Timestamp>,
    error: Option<&'a str>,
    bounced_at: Option<Timestamp>,
    bounce: Option<&'a str>,
    /// It waits because mail is stopped.
    stopped: bool,
}

impl<'a> Row<'a> {
    fn new(mail: &'a OutboxRow, is_stopped: bool) -> Self {
        Self {
            id: mail.id,
            message_id: &mail.message_id,
            recipient: mail.recipient.as_str(),
            subject: &mail.subject,
            state: mail.state,
            created_at: mail.created_at,
            next_at: (mail.state == OutboxState::Waiting && !is_stopped).then_some(mail.next_at),
            attempts: mail.attempts,
            sent_at: mail.sent_at,
            error: mail.error.as_deref(),
            bounced_at: mail.bounced_at,
            bounce: mail.bounce.as_deref(),
            stopped: mail.state == OutboxState::Waiting && is_stopped,
        }
    }
}

impl Outbox {
    /// Does it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        match self.what {
            What::List { state, json } => list(globals, state.as_deref(), json).await,
            What::Show { mail } => show(globals, mail).await,
            What::Retry { mails } => {
                let opened = to_change(globals, &mails).await?;
                for mail in &mails {
                    opened.store.retry_outgoing(*mail, opened.now).await?;
                }
                let is_stopped = opened.store.mail_stop().await?.is_some();
                opened.changed().await;
                if is_stopped {
                    return say(&mails, "is sent once mail is started again (`minuted start-mail`)");
                }
                say(&mails, "is sent by the daemon, or by `minuted run --once`")
            }
            What::Drop { mails } => {
                let opened = to_change(globals, &mails).await?;
                for mail in &mails {
                    opened.store.drop_outgoing(*mail).await?;
                }
                opened.changed().await;
                say(&mails, "is dropped and will not be sent")
            }
        }
    }
}

/// The database, where all of these mails can be retried or dropped: all of them are, or none.
async fn to_change(globals: &Globals, mails: &[i64]) -> anyhow::Result<Opened> {
    let opened = Opened::to_write(globals).await?;
    // Numbers count through all groups of the database: these are the group's own.
    let known = opened.store.outbox(opened.group.id, None).await?;
    for mail in mails {
        let row = known.iter().find(|row| row.id == *mail).ok_or_else(|| unknown(*mail))?;
        if !matches!(row.state, OutboxState::Waiting | OutboxState::Parked) {
            return Err(Failure::refused(format!(
                "mail {mail} is {}; only a mail that waits or is parked can be retried or dropped",
                row.state
            ))
            .into());
        }
    }
    Ok(opened)
}

fn say(mails: &[i64], what: &str) -> anyhow::Result<()> {
    let mut output = Output::new();
    for mail in mails {
        output.line(format!("Mail {mail} {what}."))?;
    }
    output.finish()
}

async fn list(globals: &Globals, state: Option<&str>, json: bool) -> anyhow::Result<()> {
    let state = state.map(str::parse::<OutboxState>).transpose().map_err(|error| Failure::usage(error.to_string()))?;
    let opened = Opened::to_read(globals).await?;
    let mails = opened.store.outbox(opened.group.id, state).await?;
    let stop = opened.store.mail_stop().await?;
    let is_stopped = stop.is_some();
    let mut output = Output::new();
    if let (Some(stop), false) = (&stop, json) {
        output.line(format!("{} What waits goes after `minuted start-mail`.", stop_mail::told(stop, opened.zone())))?;
    }
    if json {
        output.json(&mails.iter().map(|mail| Row::new(mail, is_stopped)).collect::<Vec<_>>())?;
    } else if mails.is_empty() {
        output.line("No mails.")?;
    } else {
        let zone = opened.zone();
        let rows = mails.iter().map(|mail| {
            let state = match (mail.state, mail.sent_at) {
                (OutboxState::Sent, _) if mail.bounced_at.is_some() => {
                    let at = mail.bounced_at.unwrap_or(mail.created_at);
                    format!("came back {}", moment(at, zone))
                }
                (OutboxState::Sent, Some(at)) => format!("sent {}", moment(at, zone)),
                (OutboxState::Waiting, _) if is_stopped => "waiting; mail is stopped".to_owned(),
                (OutboxState::Waiting, _) if mail.attempts > 0 => {
                    format!("waiting; failed {} times, next {}", mail.attempts, moment(mail.next_at, zone))
                }
                (state, _) => state.to_string(),
            };
            let mut row = row![
                mail.id.to_string(),
                moment(mail.created_at, zone),
                mail.recipient.as_str(),
                mail.subject.as_str(),
            ];
            let wrong = mail.state == OutboxState::Parked || mail.bounced_at.is_some();
            row.push(if wrong { Cellular::late(state) } else { state.into() });
            row.push(or_dash(mail.error.as_deref().or(mail.bounce.as_deref())).into());
            row
        });
        output.table(&["MAIL", "MADE", "TO", "SUBJECT", "STATE", "ERROR"], rows.collect())?;
    }
    output.finish()
}

async fn show(globals: &Globals, mail: i64) -> anyhow::Result<()> {
    let opened = Opened::to_read(globals).await?;
    let rows = opened.store.outbox(opened.group.id, None).await?;
    let row = rows.iter().find(|row| row.id == mail).ok_or_else(|| unknown(mail))?;
    let raw = opened.store.outgoing_raw(mail).await?.ok_or_else(|| unknown(mail))?;
    let mut output = Output::new();
    output.raw(&raw)?;
    output.finish()?;
    // Beside the mail, which another program may read from standard output.
    let told = [
        row.error.as_ref().map(|error| (row.state.as_str(), error)),
        row.bounce.as_ref().map(|why| ("came back", why)),
    ];
    for (state, why) in told.into_iter().flatten() {
        eprintln!("mail {mail} ({state}): {}", printable(why));
    }
    Ok(())
}

fn unknown(mail: i64) -> Failure {
    Failure::refused(format!("there is no mail {mail} in the outbox; `minuted outbox list` lists them"))
}
