//! What today's reader sees otherwise in mails that are kept. Changes nothing.

use anyhow::Context as _;

use crate::command::{Command, Line, Parsed};
use crate::decide::{self, Entry, Input, MailInput};
use crate::domain::Text;
use crate::message::{self, Message};
use crate::store::{Kept, Store};

use super::document::convert_attached;
use super::trust::Trust;
use super::{Group, announced, reading};

/// A mail in which today's reader sees something else than the journal has.
#[derive(Debug, Clone, PartialEq)]
pub struct Reread {
    /// Its number.
    pub message: i64,
    /// How history names it.
    pub message_id: Option<String>,
    /// The lines that differ.
    pub lines: Vec<LineReread>,
}

/// A line that is read otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct LineReread {
    /// The line.
    pub text: String,
    /// What the journal has of it.
    pub recorded: Reading,
    /// What today's reader makes of it.
    pub today: Reading,
}

/// What a line is read as.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// No command.
    Nothing,
    /// Some command: the journal has no more of a line that nothing came of.
    Some,
    /// This one, or why it is none.
    Line(Box<Result<Command, Text>>),
}

/// Reads the kept mails of a group again, oldest first, and gives those in which the reader of today sees something
/// else than was recorded, and how many were read. What is held for the operator was not read, and is not looked at.
///
/// # Errors
/// Where the database fails.
pub async fn reread(store: &Store, group: &Group) -> anyhow::Result<(usize, Vec<Reread>)> {
    let (mut count, mut after, mut found) = (0, 0, Vec::new());
    while let Some(kept) = store.kept_after(group.id, after).await? {
        after = kept.id;
        count += 1;
        let lines = of_one(store, group, &kept).await?;
        if !lines.is_empty() {
            found.push(Reread { message: kept.id, message_id: kept.message_id, lines });
        }
    }
    Ok((count, found))
}

async fn of_one(store: &Store, group: &Group, kept: &Kept) -> anyhow::Result<Vec<LineReread>> {
    let mut message = message::read(&kept.raw);
    let recorded = kept.entries.iter().find_map(|entry| own(entry, kept));
    if recorded.is_some_and(|mail| mail.parsed.lines.iter().any(|line| line.text.starts_with("attached: "))) {
        convert_attached(&mut message, &group.rules.references).await;
    }
    let today = today(store, group, kept, &message, recorded).await?;
    Ok(match recorded {
        Some(mail) => compared(&mail.parsed.lines, &today.lines),
        None => compared_by_text(kept, &today.lines),
    })
}

/// The entry of the message itself: others are of mails that it has released.
fn own<'e>(entry: &'e Entry, kept: &Kept) -> Option<&'e MailInput> {
    let Input::Mail(mail) = &entry.input else { return None };
    (mail.held_at.is_none() && kept.message_id.as_ref() == Some(&mail.message_id)).then_some(mail)
}

async fn today(
    store: &Store,
    group: &Group,
    kept: &Kept,
    message: &Message,
    recorded: Option<&MailInput>,
) -> anyhow::Result<Parsed> {
    let mut batch = store.begin(group.id, kept.received_at).await?;
    let sent = batch.sent(&reading::replies_to(message)).await?;
    let roster = batch.roster().await?.clone();
    batch.abandon().await.context("leaving the database as it was")?;
    let trust = Trust::of(&group.config);
    let addressed = || reading::addressed(message, &group.rules, trust.reply_address(), &sent);
    let addressed = recorded.map_or_else(addressed, |mail| mail.addressed);
    let parsed = reading::parse(message, &group.rules, addressed, kept.received_at);
    let author = message.from.as_ref();
    let author = author.and_then(|from| decide::author(&roster, &from.address, &from.name, message.by_name));
    // Of a machine's mail nothing is read.
    let is_a_machines = reading::is_a_machines(message, &parsed, author.is_some())
        || announced::is_announcers(message, &group.rules, &roster);
    Ok(if is_a_machines { Parsed::default() } else { parsed })
}

/// The lines that differ, in the order of today's and then of those that are none any more.
fn compared(recorded: &[Line], today: &[Line]) -> Vec<LineReread> {
    let mut left: Vec<&Line> = recorded.iter().collect();
    let mut differing = Vec::new();
    for line in today {
        let same = left.iter().position(|other| other.text == line.text && other.command == line.command);
        let at = same.or_else(|| left.iter().position(|other| other.text == line.text));
        let before = at.map(|at| left.remove(at));
        if same.is_none() {
            let recorded = before.map_or(Reading::Nothing, |line| Reading::Line(Box::new(line.command.clone())));
            let today = Reading::Line(Box::new(line.command.clone()));
            differing.push(LineReread { text: line.text.clone(), recorded, today });
        }
    }
    differing.extend(left.into_iter().map(|line| LineReread {
        text: line.text.clone(),
        recorded: Reading::Line(Box::new(line.command.clone())),
        today: Reading::Nothing,
    }));
    differing
}

/// The same of a message from which nothing came: of such a one only its lines are kept. A copy has the lines of all
/// copies before it, too.
fn compared_by_text(kept: &Kept, today: &[Line]) -> Vec<LineReread> {
    let is_new = |line: &&Line| !kept.lines.contains(&line.text);
    let new = today.iter().filter(is_new).map(|line| LineReread {
        text: line.text.clone(),
        recorded: Reading::Nothing,
        today: Reading::Line(Box::new(line.command.clone())),
    });
    let is_gone = |text: &&String| !kept.is_copy && today.iter().all(|line| line.text != **text);
    let gone = kept.lines.iter().filter(is_gone).map(|text| LineReread {
        text: text.clone(),
        recorded: Reading::Some,
        today: Reading::Nothing,
    });
    new.chain(gone).collect()
}
