//! `minuted schedule`: what the bot wrote by itself, what it skipped, and what is next.

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::opened::{Globals, Opened};
use super::output::{Output, row};
use super::rows::{moment, or_dash};
use crate::domain::{DueOccasion, EmailAddress, OccasionKind, Recipient, Skip, Standing};
use crate::steps;
use crate::store::{OccasionRow, OutboxState};

/// How it is printed.
#[derive(Debug, Args)]
pub struct Schedule {
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

/// An occasion, for programs.
#[derive(Serialize)]
struct Row {
    kind: OccasionKind,
    occasion: String,
    date: Date,
    due_at: Timestamp,
    recipient: Recipient,
    address: Option<EmailAddress>,
    /// `sent`, `skipped`, `due` (its moment has come, and the next run deals with it) or `next`.
    state: &'static str,
    /// Why it is late or was skipped.
    reason: Option<&'static str>,
    /// When it was dealt with.
    at: Option<Timestamp>,
    message_id: Option<String>,
    /// Where its mail stands.
    mail: Option<OutboxState>,
    sent_at: Option<Timestamp>,
    #[serde(skip)]
    is_to_be_skipped: bool,
}

impl Row {
    fn past(row: OccasionRow) -> Self {
        Self {
            kind: row.occasion.kind,
            occasion: row.occasion.name,
            date: row.occasion.date,
            due_at: row.due_at,
            recipient: row.occasion.recipient,
            address: row.address,
            state: if row.standing.is_sent() { "sent" } else { "skipped" },
            reason: reason(row.standing),
            at: Some(row.at),
            message_id: row.message_id,
            mail: row.mail,
            sent_at: row.sent_at,
            is_to_be_skipped: false,
        }
    }

    fn to_come(due: DueOccasion, state: &'static str, address: Option<EmailAddress>) -> Self {
        Self {
            kind: due.occasion.kind,
            occasion: due.occasion.name,
            date: due.occasion.date,
            due_at: due.at,
            recipient: due.occasion.recipient,
            address: address.filter(|_| due.standing.is_sent()),
            state,
            reason: reason(due.standing),
            at: None,
            message_id: None,
            mail: None,
            sent_at: None,
            is_to_be_skipped: !due.standing.is_sent(),
        }
    }
}

/// Why an occasion was not simply sent.
const fn reason(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::OnTime => None,
        Standing::Late => Some("late: missed when it was due"),
        Standing::Skipped(Skip::BeforeStart) => {
            Some("due before the group was started, or before digests were turned on")
        }
        Standing::Skipped(Skip::TooLate) => Some("missed for too long to be of use"),
        Standing::Skipped(Skip::NothingToSay) => Some("nothing to say"),
    }
}

impl Schedule {
    /// Prints it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let mut opened = Opened::to_read(globals).await?;
        // The database has the rules of the last start; what is to come goes by those of the next one.
        let configured = opened.group.config.rules();
        let is_changed = std::mem::replace(&mut opened.group.rules, configured) != opened.group.config.rules();
        let schedule = steps::schedule(&opened.store, &opened.group, opened.now).await?;
        let list = &opened.group.rules.list;
        let past = schedule.past.into_iter().map(Row::past);
        let due = schedule.due.into_iter().map(|due| Row::to_come(due, "due", list.clone()));
        let next = schedule.next.into_iter().map(|next| Row::to_come(next, "next", list.clone()));
        let rows: Vec<Row> = past.chain(due).chain(next).collect();
        let mut output = Output::new();
        if self.json {
            output.json(&rows)?;
            return output.finish();
        }
        let has_next = rows.last().is_some_and(|row| row.state == "next");
        let zone = opened.zone();
        let shown = rows.into_iter().map(|shown| {
            let state = match (shown.state, shown.mail, shown.sent_at) {
                ("sent", Some(OutboxState::Sent), Some(at)) => format!("sent {}", moment(at, zone)),
                ("sent", Some(state), _) => format!("in the outbox, {state}"),
                ("due", ..) if shown.is_to_be_skipped => "to be skipped".to_owned(),
                ("due", ..) => "to be sent".to_owned(),
                (state, ..) => state.to_owned(),
            };
            row![
                moment(shown.due_at, zone),
                shown.kind.to_string(),
                shown.occasion,
                or_dash(shown.address.as_ref().map(EmailAddress::as_str)),
                state,
                or_dash(shown.reason),
            ]
        });
        let shown: Vec<_> = shown.collect();
        if !shown.is_empty() {
            output.table(&["DUE", "KIND", "OCCASION", "TO", "STATE", "WHY"], shown)?;
        }
        if is_changed {
            output.line(
                "The configuration was changed since the last start of the daemon; what is to come is shown as it says now.",
            )?;
        }
        if !has_next {
            output.line(match &opened.group.rules.list {
                None => "Nothing is to come: the group has no `list`.",
                Some(_) => "Nothing is to come: [group.digest] has weekly = \"never\".",
            })?;
        }
        output.finish()
    }
}
