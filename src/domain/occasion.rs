//! Occasions: when the bot writes by itself, and what became of each.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

use super::{NotA, text_serde};

/// The days of a week as the configuration names them.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Monday),
    ("Tuesday", Weekday::Tuesday),
    ("Wednesday", Weekday::Wednesday),
    ("Thursday", Weekday::Thursday),
    ("Friday", Weekday::Friday),
    ("Saturday", Weekday::Saturday),
    ("Sunday", Weekday::Sunday),
];

/// A moment of every week on the group's own clock: `Monday 08:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekly {
    /// The day.
    pub weekday: Weekday,
    /// The time of that day, to the minute.
    pub time: Time,
}

impl Default for Weekly {
    fn default() -> Self {
        Self { weekday: Weekday::Monday, time: Time::constant(8, 0, 0, 0) }
    }
}

impl fmt::Display for Weekly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = WEEKDAYS.iter().find(|(_, weekday)| *weekday == self.weekday).map_or("", |(name, _)| *name);
        write!(f, "{name} {}", self.time.strftime("%H:%M"))
    }
}

impl FromStr for Weekly {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "moment of a week", "a weekday and a time, such as \"Monday 08:00\"");
        let (day, time) = text.trim().split_once(char::is_whitespace).ok_or_else(error)?;
        let named = WEEKDAYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(day)).ok_or_else(error)?;
        let (hour, minute) = time.trim().split_once(':').ok_or_else(error)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !(1..=2).contains(&hour.len()) || minute.len() != 2 || !digits(hour) || !digits(minute) {
            return Err(error());
        }
        let number = |text: &str| text.parse::<i8>().map_err(|_| error());
        let time = Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| error())?;
        Ok(Self { weekday: named.1, time })
    }
}

/// What an occasion is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OccasionKind {
    /// The state of the action items, once a week.
    Weekly,
}

impl fmt::Display for OccasionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Weekly => "weekly",
        })
    }
}

impl FromStr for OccasionKind {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        match text {
            "weekly" => Ok(Self::Weekly),
            _ => Err(NotA::new(text, "kind of occasion", "weekly")),
        }
    }
}

/// To whom an occasion's mail goes. It is no address: the list stays the list where its address
/// changes, and gets no second mail for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// The group's mailing list.
    List,
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::List => "list",
        })
    }
}

impl FromStr for Recipient {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        match text {
            "list" => Ok(Self::List),
            _ => Err(NotA::new(text, "recipient", "list")),
        }
    }
}

/// What one mail of the bot's own accord is known by: each is sent once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Occasion {
    /// To whom.
    pub recipient: Recipient,
    /// What for.
    pub kind: OccasionKind,
    /// Which one: of the weekly ones the ISO week (`2014-W19`).
    pub name: String,
    /// The day it is due on, in the group's zone.
    pub date: Date,
}

impl Occasion {
    /// The weekly digest that is due on that day.
    #[must_use]
    pub fn weekly(date: Date) -> Self {
        let week = date.iso_week_date();
        let name = format!("{:04}-W{:02}", week.year(), week.week());
        Self { recipient: Recipient::List, kind: OccasionKind::Weekly, name, date }
    }
}

/// What becomes of an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Its mail goes when it is due.
    OnTime,
    /// Its mail goes after an outage, and says so.
    Late,
    /// No mail.
    Skipped(Skip),
}

/// Why an occasion has no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Skip {
    /// It was due before the group was started, or before its digests were turned on as they are.
    BeforeStart,
    /// It was missed for so long that its mail would be of no use.
    TooLate,
    /// There is nothing to say.
    NothingToSay,
}

impl Standing {
    const ALL: [Self; 5] = [
        Self::OnTime,
        Self::Late,
        Self::Skipped(Skip::BeforeStart),
        Self::Skipped(Skip::TooLate),
        Self::Skipped(Skip::NothingToSay),
    ];

    /// Whether a mail goes.
    #[must_use]
    pub const fn is_sent(self) -> bool {
        !matches!(self, Self::Skipped(_))
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OnTime => "on time",
            Self::Late => "late",
            Self::Skipped(Skip::BeforeStart) => "skipped: before the start",
            Self::Skipped(Skip::TooLate) => "skipped: too late",
            Self::Skipped(Skip::NothingToSay) => "skipped: nothing to say",
        })
    }
}

impl FromStr for Standing {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let found = Self::ALL.into_iter().find(|standing| standing.to_string() == text);
        found.ok_or_else(|| NotA::new(text, "standing of an occasion", "on time, late, or skipped: and why"))
    }
}

text_serde!(Weekly, OccasionKind, Recipient, Standing);

/// An occasion that is due, as it comes into the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueOccasion {
    /// Which one.
    pub occasion: Occasion,
    /// The moment it is due.
    pub at: Timestamp,
    /// What becomes of it, as far as the time says.
    pub standing: Standing,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_of_a_week_reads_back_what_it_printed() {
        for text in ["Monday 08:00", "Sunday 00:00", "Friday 23:59"] {
            assert_eq!(text.parse::<Weekly>().unwrap().to_string(), text);
        }
        assert_eq!("  monday  8:00 ".parse::<Weekly>().unwrap(), Weekly::default());
        for wrong in ["", "Monday", "08:00", "Monday 24:00", "Monday 8", "Monday 8:0", "Mon 08:00", "Monday +8:00"] {
            assert!(wrong.parse::<Weekly>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_standing_reads_back_what_it_printed() {
        for standing in Standing::ALL {
            assert_eq!(standing.to_string().parse::<Standing>().unwrap(), standing);
        }
    }

    #[test]
    fn a_week_is_named_by_its_iso_number() {
        assert_eq!(Occasion::weekly(jiff::civil::date(2014, 5, 5)).name, "2014-W19");
        // The first days of a year can be in the last week of the one before.
        assert_eq!(Occasion::weekly(jiff::civil::date(2027, 1, 1)).name, "2026-W53");
    }
}
