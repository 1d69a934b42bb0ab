//! Meetings, their sessions, and what is due at them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::{MeetingRef, NotA, Plenary, text_serde};

/// Until when something is due: a day, or before the first day of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Due {
    /// On that day at the latest.
    Day(Date),
    /// Before the first day of the meeting: a plenary (`TP11`) or the group's own (`SEC#11.0`).
    Meeting(String),
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Meeting(meeting) => meeting.fmt(f),
        }
    }
}

impl FromStr for Due {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        if let Ok(day) = text.parse::<Date>() {
            return Ok(Self::Day(day));
        }
        if let Ok(plenary) = text.parse::<Plenary>() {
            return Ok(Self::Meeting(plenary.to_string()));
        }
        match text.parse::<MeetingRef>() {
            Ok(meeting) => Ok(Self::Meeting(meeting.to_string())),
            Err(_) => Err(NotA::new(text, "date or meeting", "something like 2014-06-02, TP11 or SEC#11")),
        }
    }
}

text_serde!(Due);

/// A meeting of the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Its reference.
    pub reference: MeetingRef,
    /// The plenary in which it is held.
    pub plenary: Option<Plenary>,
    /// Its first day.
    pub start: Option<Date>,
    /// Its last day.
    pub end: Option<Date>,
    /// Where, as written.
    pub place: Option<String>,
    /// Its sessions, in order of time.
    pub sessions: Vec<Session>,
}

impl Meeting {
    /// A meeting of which only the reference is known.
    #[must_use]
    pub const fn new(reference: MeetingRef) -> Self {
        Self { reference, plenary: None, start: None, end: None, place: None, sessions: Vec::new() }
    }

    /// Whether `name` (`TP10` or `SEC#10.0`) means this meeting.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.reference.to_string() == name || self.plenary.as_ref().is_some_and(|plenary| plenary.to_string() == name)
    }
}

/// One session of a meeting, in local time of the meeting's place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Session {
    /// Its day.
    pub date: Date,
    /// When it begins.
    pub start: Time,
    /// When it ends.
    pub end: Time,
    /// The room, as written (`Break-out`).
    pub room: Option<String>,
    /// Its title, as written.
    pub title: String,
}
