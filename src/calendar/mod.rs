//! (the rules, what was sent or skipped, now) -> what is due.
//!
//! Pure. An occasion is due once, at a moment of the group's own clock. What is already recorded is
//! not due again, whatever the clock does in between; what was missed goes late while it is of use,
//! and is recorded as skipped after that. Asking twice, or with the same records after a crash,
//! gives the same.

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::domain::{DueOccasion, Occasion, OccasionKind, Rules, Skip, Standing, Weekly};

/// A mail that goes so much after its moment was not in time: somebody waited for it. A run by cron
/// every hour is in time.
const IN_TIME: SignedDuration = SignedDuration::from_hours(2);

/// A weekly digest that was missed for longer is of no use: half of the week is over, and the next
/// one tells the same.
const WEEKLY_USEFUL: SignedDuration = SignedDuration::from_hours(72);

/// How many weeks back missed occasions are recorded one by one. An outage of more than a year leaves
/// no trace of the weeks before that.
const REACH: i64 = 54;

/// An occasion that was dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Which one.
    pub occasion: Occasion,
    /// What became of it.
    pub standing: Standing,
    /// When that was decided.
    pub at: Timestamp,
}

impl Recorded {
    /// Whether it settles the week's digest that is due on `date`. A mail that went settles its
    /// week. A skip settles its own day only, since the digest may have been moved to a later day,
    /// and only once its time has come: one from the future is the mistake of a wrong clock.
    fn settles(&self, occasion: &Occasion, now: Timestamp) -> bool {
        let same = (self.occasion.kind, self.occasion.recipient, &self.occasion.name)
            == (occasion.kind, occasion.recipient, &occasion.name);
        same && (self.standing.is_sent() || (self.occasion.date == occasion.date && self.at <= now))
    }
}

/// The first day whose occasions are looked at: what is recorded of earlier ones does not matter.
#[must_use]
pub fn reaches_back_to(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date().saturating_sub((REACH + 2).weeks())
}

/// Every occasion whose moment has come and that is not recorded yet, oldest first. `start` is the
/// later of when the group was started and when its digests were turned on as they are: what that
/// week had before it is skipped, and there is nothing earlier.
#[must_use]
pub fn due(rules: &Rules, recorded: &[Recorded], start: Timestamp, now: Timestamp) -> Vec<DueOccasion> {
    let Some(weekly) = weekly(rules) else { return Vec::new() };
    let zone = zone(rules);
    let today = now.to_zoned(zone.clone()).date();
    let start_day = start.to_zoned(zone.clone()).date();
    let mut monday = monday_of(start_day.max(today.saturating_sub(REACH.weeks())));
    let mut due = Vec::new();
    while monday <= today {
        if let Some((occasion, at)) = in_week(weekly, monday, &zone)
            && at <= now
            && !recorded.iter().any(|record| record.settles(&occasion, now))
        {
            due.push(DueOccasion { occasion, at, standing: standing(at, start, now) });
        }
        let Ok(next) = monday.checked_add(1.week()) else { break };
        monday = next;
    }
    due
}

/// The next occasion whose moment is still to come.
#[must_use]
pub fn next(rules: &Rules, recorded: &[Recorded], start: Timestamp, now: Timestamp) -> Option<DueOccasion> {
    let weekly = weekly(rules)?;
    let zone = zone(rules);
    let from = now.max(start);
    let mut monday = monday_of(from.to_zoned(zone.clone()).date());
    // This week's may be over, or sent on another day before the digest was moved.
    for _ in 0..=REACH {
        if let Some((occasion, at)) = in_week(weekly, monday, &zone)
            && at > now
            && at >= start
            && !recorded.iter().any(|record| record.settles(&occasion, now))
        {
            return Some(DueOccasion { occasion, at, standing: Standing::OnTime });
        }
        monday = monday.checked_add(1.week()).ok()?;
    }
    None
}

/// The occasion that a preview at `now` stands for.
#[must_use]
pub fn as_if_due(kind: OccasionKind, rules: &Rules, now: Timestamp) -> DueOccasion {
    let today = now.to_zoned(zone(rules)).date();
    match kind {
        OccasionKind::Weekly => DueOccasion { occasion: Occasion::weekly(today), at: now, standing: Standing::OnTime },
    }
}

/// The weekly digest's moment, where there is a list that gets it.
fn weekly(rules: &Rules) -> Option<Weekly> {
    rules.digest.weekly.filter(|_| rules.list.is_some())
}

fn zone(rules: &Rules) -> TimeZone {
    TimeZone::get(&rules.time_zone).unwrap_or(TimeZone::UTC)
}

fn monday_of(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

/// The week's occasion with its moment. A local time that a clock change leaves out is as much
/// later, one that exists twice is the first of the two: there is one moment for each week.
fn in_week(weekly: Weekly, monday: Date, zone: &TimeZone) -> Option<(Occasion, Timestamp)> {
    let day = monday.checked_add(i64::from(weekly.weekday.to_monday_zero_offset()).days()).ok()?;
    let at = day.to_datetime(weekly.time).to_zoned(zone.clone()).ok()?.timestamp();
    Some((Occasion::weekly(day), at))
}

fn standing(at: Timestamp, start: Timestamp, now: Timestamp) -> Standing {
    let missed = now.duration_since(at);
    if at < start {
        Standing::Skipped(Skip::BeforeStart)
    } else if missed > WEEKLY_USEFUL {
        Standing::Skipped(Skip::TooLate)
    } else if missed > IN_TIME {
        Standing::Late
    } else {
        Standing::OnTime
    }
}
