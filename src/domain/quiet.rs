//! When the bot does not write of its own accord: quiet hours of every day, and holidays.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use super::{NotA, text_serde};

/// Days that are looked through for one that is no holiday.
const MOST_DAYS: usize = 4000;

/// The hours of every day in which nothing goes: `20:00-07:00`, over midnight or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// From this time on.
    pub from: Time,
    /// Until this time, at which it may go again.
    pub to: Time,
}

impl QuietHours {
    /// Whether a time of day is one of them.
    #[must_use]
    pub fn contain(&self, time: Time) -> bool {
        let (begun, ended) = (time >= self.from, time >= self.to);
        if self.from < self.to { begun && !ended } else { begun || !ended }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.strftime("%H:%M"), self.to.strftime("%H:%M"))
    }
}

impl FromStr for QuietHours {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "span of hours", "two times of day, such as 20:00-07:00");
        let time = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            (digits(hour) && digits(minute) && minute.len() == 2).then_some(())?;
            Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
        };
        let (from, to) = text.split_once('-').ok_or_else(error)?;
        let (from, to) = time(from).zip(time(to)).ok_or_else(error)?;
        if from == to { Err(error()) } else { Ok(Self { from, to }) }
    }
}

/// Days without mail: `2014-12-24 to 2015-01-01`, or one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holidays {
    /// The first.
    pub first: Date,
    /// The last.
    pub last: Date,
}

impl fmt::Display for Holidays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { self.first.fmt(f) } else { write!(f, "{} to {}", self.first, self.last) }
    }
}

impl FromStr for Holidays {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "span of days", "a day, such as 2014-12-24, or 2014-12-24 to 2015-01-01");
        let day = |text: &str| text.trim().parse::<Date>().map_err(|_| error());
        let (first, last) = text.split_once(" to ").unwrap_or((text, text));
        let holidays = Self { first: day(first)?, last: day(last)? };
        let is_long = holidays.first.until(holidays.last).map_or(true, |span| !(0..=366).contains(&span.get_days()));
        if is_long { Err(error()) } else { Ok(holidays) }
    }
}

text_serde!(QuietHours, Holidays);

/// When nothing goes of the bot's own accord.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QuietRules {
    /// The hours of every day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<QuietHours>,
    /// The days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Holidays>,
}

impl QuietRules {
    /// It may always go.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.hours.is_none() && self.holidays.is_empty()
    }

    /// Whether nothing goes on a day.
    #[must_use]
    pub fn is_holiday(&self, day: Date) -> bool {
        self.holidays.iter().any(|holidays| (holidays.first..=holidays.last).contains(&day))
    }

    /// Whether nothing goes at a moment of the group's clock.
    #[must_use]
    pub fn is_quiet(&self, at: DateTime) -> bool {
        self.is_holiday(at.date()) || self.hours.is_some_and(|hours| hours.contain(at.time()))
    }

    /// The day on which what falls on `day` goes: the first behind the holidays; the last before them, where that
    /// would be after `last`.
    #[must_use]
    pub fn working_day(&self, day: Date, last: Option<Date>) -> Date {
        let is_working = |day: &Date| !self.is_holiday(*day);
        let behind = std::iter::successors(Some(day), |day| day.tomorrow().ok()).take(MOST_DAYS).find(is_working);
        let behind = behind.filter(|behind| last.is_none_or(|last| *behind <= last));
        let before = || std::iter::successors(Some(day), |day| day.yesterday().ok()).take(MOST_DAYS).find(is_working);
        behind.or_else(before).unwrap_or(day)
    }

    /// When it may go again, where it may not now: as the quiet hours end, or at `morning` where there are none.
    #[must_use]
    pub fn end(&self, now: DateTime, morning: Time) -> Option<DateTime> {
        if !self.is_quiet(now) {
            return None;
        }
        let time = self.hours.map_or(morning, |hours| hours.to);
        let days = std::iter::successors(Some(now.date()), |day| day.tomorrow().ok()).take(MOST_DAYS);
        days.map(|day| day.to_datetime(time)).find(|at| *at > now && !self.is_quiet(*at))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn spans_read_back_what_they_printed() {
        for text in ["20:00-07:00", "00:00-06:30"] {
            assert_eq!(text.parse::<QuietHours>().unwrap().to_string(), text);
        }
        for wrong in ["", "20:00", "20-7", "20:00-20:00", "20:00-24:00", "20:0-07:00", "20:00 to 07:00"] {
            assert!(wrong.parse::<QuietHours>().is_err(), "{wrong}");
        }
        for text in ["2014-12-24 to 2015-01-01", "2014-05-01"] {
            assert_eq!(text.parse::<Holidays>().unwrap().to_string(), text);
        }
        for wrong in ["", "24 December", "2015-01-01 to 2014-12-24", "2014-12-24 to 2016-01-01", "2014-02-30"] {
            assert!(wrong.parse::<Holidays>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_night_ends_in_the_morning_and_holidays_on_the_first_day_behind_them() {
        let holidays = vec!["2014-12-24 to 2015-01-01".parse().unwrap(), "2014-12-23".parse().unwrap()];
        let quiet = QuietRules { hours: Some("20:00-07:00".parse().unwrap()), holidays };
        let end = |day: Date, hour: i8| quiet.end(day.at(hour, 0, 0, 0), Time::constant(8, 0, 0, 0));
        assert_eq!(end(date(2014, 12, 1), 19), None);
        assert_eq!(end(date(2014, 12, 1), 20), Some(date(2014, 12, 2).at(7, 0, 0, 0)));
        assert_eq!(end(date(2014, 12, 2), 6), Some(date(2014, 12, 2).at(7, 0, 0, 0)));
        assert_eq!(end(date(2014, 12, 25), 12), Some(date(2015, 1, 2).at(7, 0, 0, 0)));
        let days = |last| quiet.working_day(date(2014, 12, 30), last);
        assert_eq!([days(None), days(Some(date(2015, 1, 1)))], [date(2015, 1, 2), date(2014, 12, 22)]);
    }
}
