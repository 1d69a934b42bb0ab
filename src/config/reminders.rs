//! `[group.reminders]`: when the bot reminds the list, and members of what is theirs.

use jiff::civil::Time;
use toml::de::DeValue;

use super::walk::{Entry, Section};
use super::words::quoted;
use crate::domain::ReminderRules;

/// The most days of a ladder.
const MOST_STEPS: usize = 10;

const TIME: &str = "a time of day in the group's zone, such as \"08:00\"";
const LADDER: &str = "a list of days, such as [14, 7, 1], or \"never\"";
const DAYS: &str = "a whole number of days from 1 to 365";
const EVERY: &str = "a whole number of days from 2 to 365, or \"never\"";

/// The group's reminders, where all of them could be read; what is left out is as usual.
pub(super) fn read(section: Option<Section<'_>>, has_list: bool) -> Option<ReminderRules> {
    let usual = ReminderRules::usual();
    let of_list = |usual: Vec<u16>| if has_list { usual } else { Vec::new() };
    let (before_deadline, after_meeting) = (of_list(usual.before_deadline), of_list(usual.after_meeting));
    let usual = ReminderRules { before_deadline, after_meeting, ..usual };
    let Some(section) = section else { return Some(usual) };
    let ladder = |key, usual| section.get(key).map_or(Some(usual), |entry| ladder(&entry));
    let time = section.get("time").map_or(Some(usual.time), |entry| time(&entry));
    let before_meeting = ladder("before_meeting", usual.before_meeting);
    let before_deadline = ladder("before_deadline", usual.before_deadline);
    if let (Some(entry), false, Some([_, ..])) = (section.get("before_deadline"), has_list, before_deadline.as_deref())
    {
        entry.error("a deadline is told to the mailing list, and the group has none; expected \"never\", or a `list`");
    }
    let before_due = ladder("before_due", usual.before_due);
    let after_due = ladder("after_due", usual.after_due);
    let then_every = section.get("then_every").map_or(Some(usual.then_every), |entry| every(&entry));
    let before_approval = ladder("before_approval", usual.before_approval);
    let before_call = ladder("before_call", usual.before_call);
    let after_meeting = ladder("after_meeting", usual.after_meeting);
    if let (Some(entry), false, Some([_, ..])) = (section.get("after_meeting"), has_list, after_meeting.as_deref()) {
        entry.error("the report goes to the mailing list, and the group has none; expected \"never\", or a `list`");
    }
    let after_decision = ladder("after_decision", usual.after_decision);
    section.finish();
    let forward = |mut days: Vec<u16>| {
        days.sort_unstable();
        days
    };
    Some(ReminderRules {
        time: time?,
        before_meeting: before_meeting?,
        before_deadline: before_deadline?,
        before_due: before_due?,
        after_due: after_due.map(forward)?,
        then_every: then_every?,
        before_approval: before_approval?,
        before_call: before_call?,
        after_meeting: after_meeting.map(forward)?,
        after_decision: after_decision.map(forward)?,
    })
}

/// A time of day, to the minute.
fn time(entry: &Entry<'_>) -> Option<Time> {
    let text = entry.text(TIME)?;
    let read = text.split_once(':').and_then(|(hour, minute)| {
        let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        (digits(hour) && digits(minute) && minute.len() == 2).then_some(())?;
        Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
    });
    if read.is_none() {
        entry.error(format!("{} is no time of day; expected {TIME}", quoted(text)));
    }
    read
}

/// The days of a ladder, the most first and each once; none for `never` and for `[]`.
fn ladder(entry: &Entry<'_>) -> Option<Vec<u16>> {
    if is_never(entry, LADDER)? {
        return Some(Vec::new());
    }
    let list = entry.list(LADDER)?;
    if list.len() > MOST_STEPS {
        entry.error(format!("has {} days; expected at most {MOST_STEPS}", list.len()));
        return None;
    }
    let days: Vec<Option<u16>> = list.iter().map(|day| days(day, 1, DAYS)).collect();
    let mut days = days.into_iter().collect::<Option<Vec<u16>>>()?;
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.dedup();
    Some(days)
}

/// `Some(None)` for `never`.
fn every(entry: &Entry<'_>) -> Option<Option<u16>> {
    if is_never(entry, EVERY)? { Some(None) } else { days(entry, 2, EVERY).map(Some) }
}

fn days(entry: &Entry<'_>, least: u64, expected: &str) -> Option<u16> {
    entry.integer(least..=365, expected).and_then(|days| u16::try_from(days).ok())
}

/// Whether the value is the word `never`; nothing where it is another text.
fn is_never(entry: &Entry<'_>, expected: &str) -> Option<bool> {
    let DeValue::String(_) = entry.value() else { return Some(false) };
    let text = entry.text(expected)?;
    if text != "never" {
        entry.error(format!("{} is not known; expected {expected}", quoted(text)));
        return None;
    }
    Some(true)
}
