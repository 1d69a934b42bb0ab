//! Dates and times as people write them.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::Catalogue;
use crate::domain::{Due, Text};

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

/// `4 April 2014`, with the month's name and the order (`date-form`) from `names`.
pub(super) fn date(names: &HashMap<String, String>, day: Date) -> String {
    match (names.get("date-form"), names.get(&format!("month-{}", day.month()))) {
        (Some(form), Some(month)) => {
            form.replace("DAY", &day.day().to_string()).replace("YEAR", &day.year().to_string()).replace("MONTH", month)
        }
        _ => day.to_string(),
    }
}
