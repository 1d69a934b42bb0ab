//! How much is left, in numbers: where contributions stand, and how many action items were open week by week.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::domain::{Contribution, DueOccasion, Meeting, MeetingRef, Status};

use super::stands_at;
use super::work::Work;

/// How many weeks back the open action items are counted.
const WEEKS: i64 = 8;

/// The changes of states that are loaded at most: in the weeks before the oldest of so many, nothing is counted.
pub const MOST_STATES: usize = 20_000;

/// Fewer numbers than these show no course.
const FEWEST: usize = 3;

/// That an action item's state changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateChange {
    /// When.
    pub at: Timestamp,
    /// What it was; nothing where the item is new.
    pub from: Option<Status>,
    /// What it is; nothing where it was taken back.
    pub to: Option<Status>,
}

/// How many action items were open at the end of a day; on the last one, how many are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAt {
    /// The day.
    pub day: Date,
    /// How many.
    pub count: usize,
}

/// In which order it is told where contributions stand: what is decided, what it ended with, what waits, what is open.
const ORDER: [&str; 13] = [
    "agreed",
    "endorsed",
    "approved",
    "noted",
    "revised",
    "merged",
    "not pursued",
    "rejected",
    "withdrawn",
    "offline",
    "postponed",
    "not treated",
    "open",
];

/// The first day from which changes of states matter to the numbers of an occasion.
pub(super) fn states_since(due: &DueOccasion) -> Date {
    due.occasion.date.saturating_sub((7 * WEEKS + 1).days())
}

/// How many contributions stand where, of those that the group works on.
pub(super) fn standing(work: &Work) -> Vec<(String, usize)> {
    let known = &work.known;
    let mut counts: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    let standing: Vec<_> = current(known.contributions.values(), &known.meetings)
        .into_iter()
        .map(|contribution| stands_at(contribution, &known.meetings, work.today()))
        .collect();
    for at in &standing {
        let place = ORDER.iter().position(|word| *word == at.word()).unwrap_or(ORDER.len());
        *counts.entry((place, at.word())).or_default() += 1;
    }
    counts.into_iter().map(|((_, word), count)| (word.to_owned(), count)).collect()
}

/// What is on the agenda of the newest meeting that has one, and whatever is left to do or to decide.
pub fn current<'a>(
    contributions: impl Iterator<Item = &'a Contribution>,
    meetings: &[Meeting],
) -> Vec<&'a Contribution> {
    let known: Vec<&Contribution> = contributions.filter(|known| !known.is_blank()).collect();
    let first_day = |of: &MeetingRef| meetings.iter().find(|it| it.reference == *of).and_then(|it| it.start);
    let listed = known.iter().filter_map(|known| known.meeting.as_ref());
    let newest = listed.max_by_key(|of| (first_day(of), *of)).cloned();
    let is_current = |known: &&Contribution| {
        known.meeting == newest || known.life.open_follow_ups().next().is_some() || known.life.decisions.is_empty()
    };
    known.into_iter().filter(is_current).collect()
}

/// How many action items were open at the ends of the last weeks, and how many are now; nothing where that shows no
/// course yet.
pub(super) fn weeks(work: &Work, open: usize) -> Vec<OpenAt> {
    let (today, states) = (work.today(), &work.known.states);
    let first = states.first().filter(|_| states.len() >= MOST_STATES).map(|change| work.day(change.at));
    let days = (0..=WEEKS).rev().map(|weeks| today.saturating_sub((7 * weeks).days()));
    let is_pending = |status: Option<Status>| status.is_some_and(|it| it.is_pending() && it != Status::Proposed);
    let count = |day: Date| {
        let since = states.iter().filter(|change| day < today && work.day(change.at) > day);
        let more = since.map(|change| i64::from(is_pending(change.to)) - i64::from(is_pending(change.from)));
        usize::try_from(i64::try_from(open).unwrap_or(i64::MAX).saturating_sub(more.sum())).unwrap_or(0)
    };
    let counted = days.filter(|day| first.is_none_or(|first| *day >= first));
    let weeks = counted.map(|day| OpenAt { day, count: count(day) }).skip_while(|at| at.count == 0);
    let weeks: Vec<OpenAt> = weeks.collect();
    if weeks.len() < FEWEST { Vec::new() } else { weeks }
}
