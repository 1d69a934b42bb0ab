//! `minuted schedule`: what the bot wrote by itself, what it skipped, and what is next.

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::opened::{Globals, Opened};
use super::output::{Output, row};
use super::rows::moment;
use super::stop_mail;
use crate::domain::{
    Dealt, DueOccasion, EmailAddress, Occasion, OccasionKind, Recipient, Roster, Rules, Skip, Standing,
};
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
    /// The member's or the organization's name; of the list, none.
    name: Option<String>,
    address: Option<EmailAddress>,
    /// `sent`, `skipped`, `due` (its moment has come, and the next run deals with it) or `next`.
    state: &'static str,
    /// What it is for.
    about: &'static str,
    /// Why it is late or was skipped.
    reason: Option<String>,
    /// When it was dealt with.
    at: Option<Timestamp>,
    message_id: Option<String>,
    /// Where its mail stands.
    mail: Option<OutboxState>,
    sent_at: Option<Timestamp>,
    #[serde(skip)]
    is_to_be_skipped: bool,
    /// It waits because mail is stopped.
    #[serde(rename = "stopped")]
    is_stopped: bool,
}

impl Row {
    fn past(row: OccasionRow, roster: &Roster) -> Self {
        Self {
            kind: row.occasion.kind,
            about: about(&row.occasion),
            occasion: row.occasion.name,
            date: row.occasion.date,
            due_at: row.due_at,
            name: name(&row.occasion.recipient, roster),
            recipient: row.occasion.recipient,
            address: row.address,
            state: if row.standing.is_sent() { "sent" } else { "skipped" },
            reason: reason(row.standing).map(str::to_owned),
            at: Some(row.at),
            message_id: row.message_id,
            mail: row.mail,
            sent_at: row.sent_at,
            is_to_be_skipped: false,
            is_stopped: false,
        }
    }

    fn to_come(due: Dealt, state: &'static str, rules: &Rules, roster: &Roster) -> Self {
        let list = rules.list.as_ref();
        let silenced = silenced(&due, rules, roster).filter(|_| state == "next");
        let about = about(&due.occasion);
        let recipient = due.occasion.recipient;
        let address = if recipient == Recipient::List { list } else { roster.address(&recipient) };
        Self {
            kind: due.occasion.kind,
            about,
            occasion: due.occasion.name,
            date: due.occasion.date,
            due_at: due.at,
            address: address.filter(|_| due.standing.is_sent()).cloned(),
            name: name(&recipient, roster),
            recipient,
            state,
            reason: reason(due.standing).map(str::to_owned).or(silenced),
            at: None,
            message_id: None,
            mail: None,
            sent_at: None,
            is_to_be_skipped: !due.standing.is_sent(),
            is_stopped: false,
        }
    }

    /// To whom, for people.
    fn to(&self) -> String {
        match (&self.address, &self.name) {
            (Some(address), _) => address.to_string(),
            (None, Some(name)) => name.clone(),
            (None, None) => "-".to_owned(),
        }
    }

    /// What it is for, and why that is otherwise than it should be.
    fn why(&self) -> String {
        self.reason.as_ref().map_or_else(|| self.about.to_owned(), |reason| format!("{}; {reason}", self.about))
    }
}

fn name(recipient: &Recipient, roster: &Roster) -> Option<String> {
    match recipient {
        Recipient::List => None,
        Recipient::Member(id) => roster.member(*id).map(|member| member.name.clone()),
        Recipient::Organization(name) => Some(name.clone()),
    }
}

/// Why a mail that is to come will not go, as things are.
fn silenced(due: &Dealt, rules: &Rules, roster: &Roster) -> Option<String> {
    let Recipient::Member(id) = due.occasion.recipient else { return None };
    let (member, day) = (roster.member(id)?, rules.day(due.at));
    let paused = member.paused_until.filter(|until| day < *until);
    let paused = paused.map(|until| format!("personal mail is paused until {until}"));
    paused.or_else(|| Some(format!("away until {}", member.away_until(day)?)))
}

/// What an occasion is for, in words; which one, its name says.
const fn about(occasion: &Occasion) -> &'static str {
    match occasion.kind {
        OccasionKind::Weekly if occasion.recipient.is_person() => "a copy of the digest, as the member wants one",
        OccasionKind::Weekly => "every week",
        OccasionKind::Meeting => "it begins soon",
        OccasionKind::Deadline => "its contributions are due soon",
        OccasionKind::Call => "it begins soon",
        OccasionKind::Approval => "it closes soon, or is to be ratified",
        OccasionKind::Report => "it is over",
        OccasionKind::Chaser => "it is to be posted",
        OccasionKind::Personal => "it is due soon or overdue",
    }
}

/// Why an occasion was not simply sent.
const fn reason(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::OnTime => None,
        Standing::Late => Some("late: missed when it was due"),
        Standing::Skipped(Skip::BeforeStart) => {
            Some("due before the group was started, or before such mails were turned on")
        }
        Standing::Skipped(Skip::BeforeKnown) => Some("it was not known, or was otherwise, when it was due"),
        Standing::Skipped(Skip::ToldBefore) => Some("told the day before"),
        Standing::Skipped(Skip::Paused) => Some("personal mail is paused"),
        Standing::Skipped(Skip::Away) => Some("away, as an automatic reply says"),
        Standing::Skipped(Skip::Holidays) => Some("holidays made it wait for too long to be of use"),
        Standing::Skipped(Skip::NextTells) => Some("the next one, on that day or the day after, tells the same"),
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
        let (rules, roster) = (&opened.group.rules, &schedule.roster);
        let past = schedule.past.into_iter().map(|row| Row::past(row, roster));
        let of = |all: &[DueOccasion]| all.iter().flat_map(DueOccasion::dealt).collect::<Vec<_>>();
        let stop = opened.store.mail_stop().await?;
        let due = of(&schedule.due).into_iter().map(|due| {
            let mut row = Row::to_come(due, "due", rules, roster);
            row.is_stopped = stop.is_some();
            row
        });
        let next = of(&schedule.next).into_iter().map(|next| Row::to_come(next, "next", rules, roster));
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
                ("due", ..) if shown.is_stopped => "to be sent; mail is stopped".to_owned(),
                ("due", ..) => "to be sent".to_owned(),
                (state, ..) => state.to_owned(),
            };
            row![
                moment(shown.due_at, zone),
                shown.kind.to_string(),
                shown.occasion.clone(),
                shown.to(),
                state,
                shown.why(),
            ]
        });
        let shown: Vec<_> = shown.collect();
        if !shown.is_empty() {
            output.table(&["DUE", "KIND", "OCCASION", "TO", "STATE", "WHY"], shown)?;
        }
        if let Some(stop) = &stop {
            output.line(format!(
                "{} What is due waits, and goes late or is skipped, as after an outage, after `minuted start-mail`.",
                stop_mail::told(stop, zone)
            ))?;
        }
        if is_changed {
            output.line(
                "The configuration was changed since the last start of the daemon; what is to come is shown as it says now.",
            )?;
        }
        if !has_next {
            output.line(match &opened.group.rules.list {
                None => "Nothing is to come: the group has no `list`.",
                Some(_) if opened.group.rules.digest.is_none() => {
                    "Nothing is to come: [group.digest] has weekly = \"never\", and there is nothing to remind of."
                }
                Some(_) => "Nothing is to come.",
            })?;
        }
        output.finish()
    }
}
