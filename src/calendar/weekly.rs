//! The weekly digest's moments.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::domain::{Dealt, Occasion, OccasionKind, Recipient, Skip, Standing, Weekly};

use super::{Look, REACH};

/// A weekly digest that was missed for longer is of no use: half of the week is over, and the next
/// one tells the same.
pub(super) const USEFUL: SignedDuration = SignedDuration::from_hours(72);

impl Look<'_> {
    /// The digests of the weeks since the start, and the next one. What the week of the start had before it
    /// is skipped, and there is nothing earlier.
    pub(super) fn weekly(&mut self) {
        let Some(weekly) = self.has_weekly() else { return };
        let start = self.scene.starts.digest;
        let start_day = start.to_zoned(self.zone.clone()).date();
        let mut monday = monday_of(start_day.max(self.today.saturating_sub(REACH.weeks())));
        // This week's may be over, or sent on another day before the digest was moved.
        for _ in 0..=2 * REACH {
            if let Some((occasion, at)) = in_week(weekly, monday, &self.zone) {
                let due = at;
                let day = self.working_day(occasion.date, None);
                let Some(at) = self.on(day, weekly) else { return };
                let waits = at.duration_since(due);
                let at = self.with_reminders(day, at);
                let of = (&Recipient::List, OccasionKind::Weekly, occasion.name.as_str());
                // A mail that went settles its week. A skip settles its own day only, since the digest
                // may have been moved to a later day.
                let is_settled = self.records.was_sent(&of) || self.records.is_settled(&of, occasion.date);
                match (is_settled, at <= self.now) {
                    (false, true) => {
                        let missed = self.now.duration_since(at);
                        let standing = if at < start {
                            Standing::Skipped(Skip::BeforeStart)
                        } else {
                            self.standing(at, useless(missed, waits))
                        };
                        self.come.push(Dealt { occasion, at, standing });
                    }
                    (false, false) if at >= start && waits <= USEFUL => {
                        self.ahead.push(Dealt { occasion, at, standing: Standing::OnTime });
                        return;
                    }
                    _ => {}
                }
            }
            let Ok(following) = monday.checked_add(1.week()) else { return };
            monday = following;
        }
    }

    /// The weekly digest's moment, where there is a list that gets it.
    fn has_weekly(&self) -> Option<Weekly> {
        self.rules.digest.weekly.filter(|_| self.rules.list.is_some())
    }

    /// The digest's time on a day.
    pub(super) fn on(&self, day: Date, weekly: Weekly) -> Option<Timestamp> {
        Some(day.to_datetime(weekly.time).to_zoned(self.zone.clone()).ok()?.timestamp())
    }

    /// The digest's moment on a day: the later of its own and that of what the list is reminded of then.
    fn with_reminders(&self, day: Date, at: Timestamp) -> Timestamp {
        let reminded = self.list_days().any(|reminded| reminded == day);
        reminded.then(|| self.moment(day)).flatten().map_or(at, |moment| moment.max(at))
    }

    /// The moment of what the list is reminded of on a day: the later of that and of the digest's.
    pub(super) fn with_digest(&self, day: Date) -> Option<Timestamp> {
        self.with_weekly(day, self.has_weekly())
    }

    /// The moment of reminders on a day, or that of a weekly digest to the same recipient on it, where that is later.
    pub(super) fn with_weekly(&self, day: Date, weekly: Option<Weekly>) -> Option<Timestamp> {
        let at = self.moment(day)?;
        let Some(weekly) = weekly else { return Some(at) };
        // That of the week before may have waited for the end of holidays.
        let is_then = (0..=1).any(|weeks: i64| {
            let of_week = in_week(weekly, monday_of(day).saturating_sub(weeks.weeks()), &self.zone);
            of_week.is_some_and(|(occasion, _)| self.working_day(occasion.date, None) == day)
        });
        let digest = self.on(day, weekly).filter(|_| is_then);
        Some(digest.map_or(at, |digest| digest.max(at)))
    }
}

/// Why a weekly digest is of no use, that was missed for so long after holidays had made it wait.
pub(super) fn useless(missed: SignedDuration, waits: SignedDuration) -> Option<Skip> {
    match missed + waits > USEFUL {
        false => None,
        true if waits > USEFUL => Some(Skip::Holidays),
        true => Some(Skip::TooLate),
    }
}

pub(super) fn monday_of(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

/// The week's occasion with its moment. A local time that a clock change leaves out is as much
/// later, one that exists twice is the first of the two: there is one moment for each week.
pub(super) fn in_week(weekly: Weekly, monday: Date, zone: &TimeZone) -> Option<(Occasion, Timestamp)> {
    let day = monday.checked_add(i64::from(weekly.weekday.to_monday_zero_offset()).days()).ok()?;
    let at = day.to_datetime(weekly.time).to_zoned(zone.clone()).ok()?.timestamp();
    Some((Occasion::weekly(day), at))
}
