//! What stands in the database, in words.

use jiff::civil::Date;

use crate::command::{self, Addressed, Around};
use crate::decide::HistoryRow;
use crate::domain::{EmailAddress, RequestState, Roster, Subject, Text, without_controls};
use crate::store::MessageState;

use super::lines::count;
use super::stage::{Played, Stage};

/// The role of whoever has an address, and the organization; of a stranger, name and address.
pub(super) fn name(roster: &Roster, address: &EmailAddress, display: &str) -> String {
    match roster.member_by_address(address) {
        Some(member) => format!("{} ({})", member.name, member.organization),
        None if display.is_empty() => address.to_string(),
        None => format!("{display} <{address}>"),
    }
}

/// A change in words.
pub(super) fn said(stage: &Stage, change: &HistoryRow) -> String {
    if let Subject::Request(_) = change.subject {
        return match change.to.as_deref().map(str::parse) {
            Some(Ok(RequestState::Accepted)) => "accepted".to_owned(),
            Some(Ok(RequestState::Dropped)) => "dropped".to_owned(),
            _ => "waits for a ruling".to_owned(),
        };
    }
    let value = |value: &str| match change.field.as_str() {
        "status" => word(stage, "status", value),
        "priority" => word(stage, "priority", value),
        _ => value.parse::<Date>().map_or_else(|_| value.to_owned(), |day| stage.catalogue.date(day)),
    };
    let field = word(stage, "field", &change.field);
    match (change.from.as_deref().map(value), change.to.as_deref().map(value)) {
        (Some(from), Some(to)) => format!("{field} \"{to}\" (was \"{from}\")"),
        (None, Some(to)) => format!("{field} \"{to}\""),
        (Some(from), None) => format!("{field} gone (was \"{from}\")"),
        (None, None) => field,
    }
}

/// The name that the catalogue has for a value.
pub(super) fn word(stage: &Stage, kind: &str, value: &str) -> String {
    let key = format!("{kind}-{}", value.replace([' ', '_'], "-"));
    let said = stage.catalogue.say(&Text::new(&key));
    if said == key { value.to_owned() } else { said }
}

/// What of the mail was not read: how many lines, and the first that would have been a command.
pub(super) fn unread(stage: &Stage, played: &Played) -> Option<String> {
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let read = folded(&without_controls(&played.message.author_text));
    let lines = played.whole.lines().map(str::trim).filter(|line| !line.is_empty());
    let unread: Vec<&str> = lines.filter(|line| !read.contains(&folded(line))).collect();
    if unread.is_empty() {
        return None;
    }
    let around = Around {
        scheme: &stage.group.rules.references,
        addressed: Addressed::BotAlone,
        subject: "",
        today: played.at.to_zoned(stage.zone().clone()).date(),
        quoted: &[],
    };
    let is_command = |line: &&str| command::parse(line, &around).lines.iter().any(|line| line.command.is_ok());
    let bare = unread.iter().map(|line| line.trim_start_matches(['>', ' ']));
    let command = bare.filter(|line| !line.is_empty()).find(is_command);
    let more = count(unread.len(), "more line", "more lines");
    Some(match command {
        Some(line) if unread.len() == 1 => format!("(not read: \"{line}\")"),
        Some(line) => format!("(not read: {more}, also not \"{line}\")"),
        None => format!("(not read: {more})"),
    })
}

/// Why nobody got an answer.
pub(super) fn silence(roster: &Roster, played: &Played) -> &'static str {
    let known = played.message.from.as_ref().is_some_and(|from| roster.member_by_address(&from.address).is_some());
    match played.kept.state {
        MessageState::Copy => "it is a copy of a mail that was answered",
        MessageState::Quarantined => "it waits for the operator",
        _ if played.kept.automatic.is_some() => "a program wrote it",
        _ if !known => "nobody in the roster has this address",
        _ => "it asks for nothing",
    }
}
