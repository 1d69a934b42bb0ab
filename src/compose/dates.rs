//! Dates and times as people write them.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::Catalogue;
use crate::domain::{Due, Session, Text};

impl Catalogue {
    /// `4 April 2014`.
    #[must_use]
    pub fn date(&self, day: Date) -> String {
        date(self.names(), day)
    }

    /// `Friday, 4 April 2014`.
    #[must_use]
    pub fn weekday_and_date(&self, day: Date) -> String {
        let weekday = self.name("weekday-", &day.weekday().to_monday_one_offset().to_string());
        self.say(&Text::new("date-weekday").with("weekday", weekday).with("date", self.date(day)))
    }

    /// `7 to 11 April 2014`, `28 April to 2 May 2014`, or one day's date.
    #[must_use]
    pub fn dates(&self, first: Date, last: Date) -> String {
        if first == last {
            return self.date(first);
        }
        let whole = self.date(first);
        // A year or a month that both share is said once. A language whose dates do not end so says both whole.
        let mut from = whole.as_str();
        if first.year() == last.year() {
            from = from.strip_suffix(&format!(" {}", first.year())).unwrap_or(from);
            if first.month() == last.month() {
                let month = self.name("month-", &first.month().to_string());
                from = from.strip_suffix(&format!(" {month}")).unwrap_or(from);
            }
        }
        self.say(&Text::new("date-range").with("first", from).with("last", self.date(last)))
    }

    /// `4 April 2014, 10:15 CEST`: a moment in the group's zone.
    #[must_use]
    pub fn date_and_time(&self, at: Timestamp, zone: &TimeZone) -> String {
        let local: Zoned = at.to_zoned(zone.clone());
        let text = Text::new("date-time").with("date", self.date(local.date()));
        self.say(&text.with("time", local.strftime("%H:%M")).with("zone", local.strftime("%Z")))
    }

    /// When something is due: a date in words, or the meeting.
    #[must_use]
    pub fn due(&self, due: &Due) -> String {
        match due {
            Due::Day(day) => self.date(*day),
            Due::Meeting(meeting) => meeting.clone(),
        }
    }
}

/// A value of history as people say it: a day, or a session (`Monday, 9 June 2014, 15:45 to 17:00: S1 Opening`);
/// nothing where it is neither.
pub(super) fn said(names: &HashMap<String, String>, value: &str) -> Option<String> {
    if let Ok(day) = value.parse() {
        return Some(date(names, day));
    }
    let session: Session = value.parse().ok()?;
    let weekday = names.get(&format!("weekday-{}", session.date.weekday().to_monday_one_offset()))?;
    let room = session.room.map_or_else(String::new, |room| format!(" ({room})"));
    // What the agenda says comes last: its words may be those of the form.
    let form = names.get("session-form")?.replace("WEEKDAY", weekday).replace("DATE", &date(names, session.date));
    let form = form.replace("START", &session.start.strftime("%H:%M").to_string());
    let form = form.replace("END", &session.end.strftime("%H:%M").to_string());
    Some(form.replacen("TITLE", &format!("{}{room}", session.title), 1))
}

/// `4 April 2014`, with the month's name and the order (`date-form`) from `names`.
pub(super) fn date(names: &HashMap<String, String>, day: Date) -> String {
    match (names.get("date-form"), names.get(&format!("month-{}", day.month()))) {
        (Some(form), Some(month)) => {
            form.replace("DAY", &day.day().to_string()).replace("YEAR", &day.year().to_string()).replace("MONTH", month)
        }
        _ => day.to_string(),
    }
}
