//! Meetings, their sessions, and what is due at them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::{Coming, MeetingRef, NotA, Plenary, Stamp, attendance_field, attendance_of, stamp_of, text_serde};

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
    /// Until when contributions to it may come: the whole of that day counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Date>,
    /// It does not take place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
    /// Its sessions, in order of time.
    pub sessions: Vec<Session>,
    /// What members have said of coming, by their numbers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attendance: BTreeMap<u32, Coming>,
    /// When members' calendars have answered last, by the members' numbers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stamps: BTreeMap<u32, Stamp>,
    /// How often it was changed, who comes aside: what is sent to calendars later counts more (RFC 5545, section
    /// 3.8.7.4). The last of the fields, as a migration adds it to the meetings of older databases.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sequence: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl Meeting {
    /// A meeting of which only the reference is known.
    #[must_use]
    pub const fn new(reference: MeetingRef) -> Self {
        Self {
            reference,
            plenary: None,
            start: None,
            end: None,
            place: None,
            deadline: None,
            cancelled: false,
            sessions: Vec::new(),
            attendance: BTreeMap::new(),
            stamps: BTreeMap::new(),
            sequence: 0,
        }
    }

    /// The first day, where it is known and the meeting takes place.
    #[must_use]
    pub fn first_day(&self) -> Option<Date> {
        self.start.filter(|_| !self.cancelled)
    }

    /// Until when contributions may come, where that is known and the meeting takes place.
    #[must_use]
    pub fn open_until(&self) -> Option<Date> {
        self.deadline.filter(|_| !self.cancelled)
    }

    /// Its last day, where it is known: of one of a single day, that day.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.end.or(self.start)
    }

    /// Whether what calendars show of it is the same.
    #[must_use]
    pub fn is_as(&self, other: &Self) -> bool {
        let bare = |meeting: &Self| {
            let (attendance, stamps) = (BTreeMap::new(), BTreeMap::new());
            Self { attendance, stamps, sequence: 0, ..meeting.clone() }
        };
        bare(self) == bare(other)
    }

    /// Whether nothing is known of it but its name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let known = [self.start, self.end, self.deadline];
        known.iter().all(Option::is_none) && self.plenary.is_none() && self.place.is_none() && self.sessions.is_empty()
    }

    /// The field's value as text; `None` where it has none. Sessions are one field each.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<String> {
        match field {
            "plenary" => self.plenary.as_ref().map(ToString::to_string),
            "start" => self.start.map(|day| day.to_string()),
            "end" => self.end.map(|day| day.to_string()),
            "place" => self.place.clone(),
            "deadline" => self.deadline.map(|day| day.to_string()),
            "cancelled" => self.cancelled.then(|| "yes".to_owned()),
            field => match (attendance_of(field), stamp_of(field)) {
                (Some(member), _) => self.attendance.get(&member).map(ToString::to_string),
                (None, member) => self.stamps.get(&member?).map(ToString::to_string),
            },
        }
    }

    /// The fields that keep who comes.
    pub fn attendance_fields(&self) -> impl Iterator<Item = String> {
        self.attendance.keys().map(|member| attendance_field(*member))
    }

    /// Gives the field the value that `to` prints; for sessions, adds `to` or takes `from` away.
    ///
    /// # Errors
    /// Where there is no such field, or `to` is no value of it.
    pub fn set(&mut self, field: &str, from: Option<&str>, to: Option<&str>) -> Result<(), NotA> {
        let day = |text: &str| text.parse().map_err(|_| NotA::new(text, "date", "something like 2014-06-02"));
        if let Some(member) = attendance_of(field) {
            match to {
                Some(to) => self.attendance.insert(member, to.parse()?),
                None => self.attendance.remove(&member),
            };
            return Ok(());
        }
        if let Some(member) = stamp_of(field) {
            match to {
                Some(to) => self.stamps.insert(member, to.parse()?),
                None => self.stamps.remove(&member),
            };
            return Ok(());
        }
        match field {
            "plenary" => self.plenary = to.map(str::parse).transpose()?,
            "start" => self.start = to.map(day).transpose()?,
            "end" => self.end = to.map(day).transpose()?,
            "place" => self.place = to.map(ToOwned::to_owned),
            "deadline" => self.deadline = to.map(day).transpose()?,
            "cancelled" => self.cancelled = to.is_some(),
            "session" => {
                if let Some(from) = from {
                    let from: Session = from.parse()?;
                    self.sessions.retain(|session| *session != from);
                }
                if let Some(to) = to {
                    self.sessions.push(to.parse()?);
                    self.sessions.sort();
                }
            }
            _ => {
                return Err(NotA::new(
                    field,
                    "field of a meeting",
                    "plenary, start, end, place, deadline, cancelled, session or attendance of member 7",
                ));
            }
        }
        self.sequence = self.sequence.saturating_add(1);
        Ok(())
    }

    /// Whether `name` (`TP10` or `SEC#10.0`) means this meeting.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.plenary.as_ref().is_some_and(|plenary| plenary.to_string() == name)
            || name.parse::<MeetingRef>().is_ok_and(|meant| meant == self.reference)
    }
}

/// One session of a meeting, in local time of the meeting's place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Session {
    /// Its day.
    pub date: Date,
    /// When it begins.
    #[serde(with = "minutes")]
    pub start: Time,
    /// When it ends.
    #[serde(with = "minutes")]
    pub end: Time,
    /// The room, as written (`Break-out`).
    pub room: Option<String>,
    /// Its title, as written.
    pub title: String,
}

/// A time of day as agendas write it: `15:45`.
pub(super) mod minutes {
    use jiff::civil::Time;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(time: &Time, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&time.strftime("%H:%M"))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Time::strptime("%H:%M", text.as_ref()).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Session {
    /// `2014-04-07 15:45-17:00 [Break-out] WG4 (session S1)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.start.strftime("%H:%M"), self.end.strftime("%H:%M"));
        write!(f, "{} {start}-{end} ", self.date)?;
        if let Some(room) = &self.room {
            write!(f, "[{room}] ")?;
        }
        f.write_str(&self.title)
    }
}

impl FromStr for Session {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "session", "something like 2014-04-07 15:45-17:00 [Break-out] Session S1");
        let (date, rest) = text.split_once(' ').ok_or_else(error)?;
        let (times, rest) = rest.split_once(' ').ok_or_else(error)?;
        let (start, end) = times.split_once('-').ok_or_else(error)?;
        let (room, title) = match rest.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            Some((room, title)) => (Some(room.to_owned()), title),
            None => (None, rest),
        };
        let time = |text: &str| Time::strptime("%H:%M", text).map_err(|_| error());
        Ok(Self {
            date: date.parse().map_err(|_| error())?,
            start: time(start)?,
            end: time(end)?,
            room,
            title: title.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_reads_back_what_it_printed() {
        for text in ["2014-04-07 15:45-17:00 [Break-out] WG4 (session S1)", "2014-04-08 17:15-18:30 All WGs"] {
            assert_eq!(text.parse::<Session>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_meetings_answers_do_not_count_as_changes_of_it() {
        let mut meeting = Meeting::new("SEC#11.0".parse().unwrap());
        meeting.set("start", None, Some("2014-06-09")).unwrap();
        let before = meeting.clone();
        meeting.set("attendance of member 7", None, Some("attending")).unwrap();
        meeting.set("attendance of member 7", Some("attending"), Some("regrets")).unwrap();
        assert_eq!(meeting.get("attendance of member 7").as_deref(), Some("regrets"));
        assert!(meeting.sequence == 1 && meeting.is_as(&before));
        let stamp = "2014-05-05T12:00:00Z #4";
        meeting.set("calendar of member 7", None, Some(stamp)).unwrap();
        assert_eq!(meeting.get("calendar of member 7").as_deref(), Some(stamp));
        assert!(meeting.sequence == 1 && meeting.is_as(&before));
        assert_eq!(serde_json::from_str::<Meeting>(&serde_json::to_string(&meeting).unwrap()).unwrap(), meeting);
        meeting.set("calendar of member 7", Some(stamp), None).unwrap();
        let json = serde_json::to_string(&meeting).unwrap();
        assert!(json.ends_with(r#""attendance":{"7":"regrets"},"sequence":1}"#), "{json}");
        assert_eq!(serde_json::from_str::<Meeting>(&json).unwrap(), meeting);
        meeting.set("attendance of member 7", Some("regrets"), None).unwrap();
        assert_eq!(meeting, before);
        assert!(meeting.set("start", None, Some("soon")).is_err() && meeting.sequence == 1);
    }

    #[test]
    fn json_writes_a_session_s_times_as_agendas_do() {
        let session: Session = "2014-04-07 15:45-17:00 [Break-out] S1".parse().unwrap();
        let json = serde_json::to_value(&session).unwrap();
        assert_eq!((json["start"].as_str(), json["end"].as_str()), (Some("15:45"), Some("17:00")));
        assert_eq!(serde_json::from_value::<Session>(json).unwrap(), session);
    }

    #[test]
    fn due_is_a_day_or_a_meeting() {
        for text in ["2014-06-02", "TP11", "SEC#11.0"] {
            assert_eq!(text.parse::<Due>().unwrap().to_string(), text);
        }
        assert!("4/5".parse::<Due>().is_err());
    }
}
