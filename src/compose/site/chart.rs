//! How many action items were open, day by day.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::Date;

use super::words::Words;
use crate::domain::{ActionField, Status, Subject, Text};

/// Open action items over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chart {
    /// The steps of the line, in a field of 1000 by 300.
    pub(super) path: String,
    /// The number at the top.
    pub(super) most: usize,
    /// The first day and the last.
    pub(super) first: String,
    pub(super) last: String,
    /// The same in words.
    pub(super) told: String,
}

/// The chart of a group; none where nothing has happened on two days.
pub(super) fn of(words: &Words<'_>) -> Option<Chart> {
    let days = days(words);
    let (first, at_first) = days.first_key_value()?;
    let (_, now) = days.last_key_value()?;
    let last = words.of.today.max(*days.last_key_value()?.0);
    let length = i64::from((last - *first).get_days());
    let most = days.values().copied().max().filter(|most| *most > 0)?;
    if length < 1 {
        return None;
    }
    let (peak, _) = days.iter().find(|(_, count)| **count == most)?;
    let date = |day: Date| words.catalogue().date(day);
    let told = Text::new("page-burn-down")
        .with("first", date(*first))
        .with("at_first", at_first)
        .with("most", most)
        .with("peak", date(*peak))
        .with("now", now);
    let across = |day: Date| i64::from((day - *first).get_days()) * 1000 / length;
    // Room at the top and at the foot for the line's own width.
    let down = |count: usize| 297 - count * 294 / most;
    let mut path = String::new();
    for (day, count) in &days {
        let (across, down) = (across(*day), down(*count));
        // Printing into a String cannot fail.
        let _ = if path.is_empty() { write!(path, "M{across} {down}") } else { write!(path, "H{across}V{down}") };
    }
    path.push_str("H1000");
    Some(Chart { path, most, first: date(*first), last: date(last), told: words.say(&told) })
}

/// How many items were open at the end of each day on which that changed.
fn days(words: &Words<'_>) -> BTreeMap<Date, usize> {
    let mut open: BTreeSet<&Subject> = BTreeSet::new();
    let mut days = BTreeMap::new();
    for row in words.of.history.iter().filter(|row| matches!(row.subject, Subject::Action(_))) {
        let is_open = if row.field == ActionField::Status.as_str() {
            let status = row.to.as_deref().and_then(|status| status.parse::<Status>().ok());
            status.is_some_and(|status| status.is_pending() && status != Status::Proposed)
        } else if row.field == ActionField::Became.as_str() {
            // It lives on under its number.
            false
        } else {
            continue;
        };
        if is_open {
            open.insert(&row.subject);
        } else {
            open.remove(&row.subject);
        }
        days.insert(row.at.to_zoned(words.of.zone.clone()).date(), open.len());
    }
    days
}
