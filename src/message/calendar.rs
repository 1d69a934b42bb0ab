//! A calendar program's answer to an invitation (RFC 5546, section 3.2.3; in mail, RFC 6047).

use calcard::icalendar::{
    ICalendar, ICalendarComponentType, ICalendarMethod, ICalendarParameterName, ICalendarParameterValue,
    ICalendarParticipationStatus, ICalendarProperty, ICalendarValue,
};
use calcard::{Entry, Parser};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::domain::EmailAddress;

use super::structure::Part;

/// The longest answer that is read, in octets: one of Outlook with a zone of its own has three thousand.
const LONGEST: usize = 64 * 1024;

/// A calendar program's answer to an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarReply {
    /// What the meeting is called in calendars.
    pub uid: String,
    /// For whom it answers; `None` where that is no address.
    pub attendee: Option<EmailAddress>,
    /// The first of the days that it answers for, where it names whole days. A time of day is another one in each
    /// zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
    /// When it was made (DTSTAMP); `None` where it does not say so in UTC, as it must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Timestamp>,
    /// Which version of the meeting it answers (SEQUENCE).
    #[serde(default)]
    pub sequence: u32,
    /// What it says.
    pub says: CalendarAnswer,
    /// A field of the message says that a machine sent it, as Google's calendar does for whoever has pressed "Yes".
    pub by_machine: bool,
}

/// What a calendar program answers (PARTSTAT; RFC 5545, section 3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarAnswer {
    /// Yes.
    Accepted,
    /// No.
    Declined,
    /// Neither: tentative, delegated, or what this version does not know.
    Open,
    /// Another time (METHOD:COUNTER; RFC 5546, section 3.2.7).
    Counter,
}

/// The first answer among the parts: to one meeting, for one person. Whatever has more is none, as what was meant
/// cannot be told.
pub(super) fn reply(parts: &[Part<'_>], by_machine: bool) -> Option<CalendarReply> {
    let part = parts.iter().find(|part| part.media == "text/calendar" && !part.attached)?;
    let text = part.text().filter(|text| text.len() <= LONGEST)?;
    let Entry::ICalendar(calendar) = Parser::new(&text).entry() else { return None };
    let method = calendar.components.first()?.property(&ICalendarProperty::Method)?;
    let says = |wanted: &ICalendarMethod| {
        method.values.iter().any(|value| matches!(value, ICalendarValue::Method(method) if method == wanted))
    };
    let is_counter = says(&ICalendarMethod::Counter);
    let reply = said(&calendar, by_machine).filter(|_| is_counter || says(&ICalendarMethod::Reply))?;
    Some(if is_counter { CalendarReply { says: CalendarAnswer::Counter, ..reply } } else { reply })
}

fn said(calendar: &ICalendar, by_machine: bool) -> Option<CalendarReply> {
    let mut events =
        calendar.components.iter().filter(|part| matches!(part.component_type, ICalendarComponentType::VEvent));
    let (event, None) = (events.next()?, events.next()) else { return None };
    let mut attendees = event.entries.iter().filter(|entry| entry.name == ICalendarProperty::Attendee);
    let (attendee, None) = (attendees.next()?, attendees.next()) else { return None };
    let states = attendee.params.iter().filter(|param| param.name == ICalendarParameterName::Partstat);
    let mut states = states.map(|param| match &param.value {
        ICalendarParameterValue::Partstat(ICalendarParticipationStatus::Accepted) => CalendarAnswer::Accepted,
        ICalendarParameterValue::Partstat(ICalendarParticipationStatus::Declined) => CalendarAnswer::Declined,
        _ => CalendarAnswer::Open,
    });
    let says = match (states.next(), states.next()) {
        (Some(says), None) => says,
        _ => CalendarAnswer::Open,
    };
    let address = attendee.values.first().and_then(|value| match value {
        ICalendarValue::Uri(uri) => Some(uri.to_unwrapped_string()),
        value => value.as_text().map(ToOwned::to_owned),
    });
    let address = address.unwrap_or_default();
    let address = match address.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => address.get(7..).unwrap_or_default(),
        _ => address.as_str(),
    };
    let start = event.property(&ICalendarProperty::Dtstart).and_then(|entry| day(entry.values.first()?));
    let made = event.property(&ICalendarProperty::Dtstamp).and_then(|entry| moment(entry.values.first()?));
    let sequence = event.property(&ICalendarProperty::Sequence).and_then(|entry| match entry.values.first()? {
        ICalendarValue::Integer(number) => u32::try_from(*number).ok(),
        _ => None,
    });
    let (uid, attendee) = (event.uid()?.to_owned(), address.trim().parse().ok());
    Some(CalendarReply { uid, attendee, start, made, sequence: sequence.unwrap_or(0), says, by_machine })
}

/// A whole day.
fn day(value: &ICalendarValue) -> Option<Date> {
    let ICalendarValue::PartialDateTime(at) = value else { return None };
    let (year, month, day) = (at.year?, at.month?, at.day?);
    if at.hour.is_some() {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A moment in UTC.
fn moment(value: &ICalendarValue) -> Option<Timestamp> {
    let ICalendarValue::PartialDateTime(at) = value else { return None };
    let part = |value: Option<u8>| i8::try_from(value?).ok();
    if at.tz_hour != Some(0) || at.tz_minute.unwrap_or(0) != 0 {
        return None;
    }
    let (year, month, day) = (i16::try_from(at.year?).ok()?, part(at.month)?, part(at.day)?);
    let (hour, minute, second) = (part(at.hour)?, part(at.minute)?, part(at.second)?);
    Offset::UTC.to_timestamp(DateTime::new(year, month, day, hour, minute, second, 0).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer in a message with that calendar, whose lines end in CRLF.
    fn read(calendar: &str, headers: &str) -> Option<CalendarReply> {
        let calendar = calendar.replace('\n', "\r\n");
        let raw = format!(
            "From: Member CATT <member-catt@example.org>\r\nTo: minuted@example.org\r\n{headers}MIME-Version: 1.0\r\n\
             Content-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n{calendar}"
        );
        super::super::read(raw.as_bytes()).calendar_reply
    }

    fn answer(attendee: &str, method: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\nPRODID:-//Example//EN\nVERSION:2.0\nMETHOD:{method}\nBEGIN:VEVENT\n\
             UID:SEC-11.0.minuted@example.org\nDTSTAMP:20140505T120000Z\nSEQUENCE:4\nDTSTART;VALUE=DATE:20140609\n\
             {attendee}\nSUMMARY:Accepted: SEC#11.0\nEND:VEVENT\nEND:VCALENDAR\n"
        )
    }

    #[test]
    fn an_answer_is_read_as_programs_write_it() {
        for (attendee, says) in [
            ("ATTENDEE;PARTSTAT=ACCEPTED;CN=Member CATT:mailto:member-catt@example.org", CalendarAnswer::Accepted),
            (
                "ATTENDEE;CN=\"Member; CATT\";PARTSTAT=\"DECLINED\":MAILTO:Member-CATT@example.org",
                CalendarAnswer::Declined,
            ),
            ("attendee;partstat=accepted:mailto:member-\n catt@example.org", CalendarAnswer::Accepted),
            ("ATTENDEE;PARTSTAT=TENTATIVE:mailto:member-catt@example.org", CalendarAnswer::Open),
            ("ATTENDEE;PARTSTAT=X-MAYBE:mailto:member-catt@example.org", CalendarAnswer::Open),
            ("ATTENDEE:mailto:member-catt@example.org", CalendarAnswer::Open),
        ] {
            let reply = read(&answer(attendee, "REPLY"), "").unwrap_or_else(|| panic!("{attendee}"));
            assert_eq!(reply.says, says, "{attendee}");
            assert_eq!(reply.uid, "SEC-11.0.minuted@example.org");
            let address = reply.attendee.unwrap();
            assert_eq!(address, "member-catt@example.org".parse().unwrap());
            assert!(!reply.by_machine);
            assert_eq!(reply.start, Some(jiff::civil::date(2014, 6, 9)));
            assert_eq!((reply.made, reply.sequence), ("2014-05-05T12:00:00Z".parse().ok(), 4));
        }
    }

    #[test]
    fn what_leaves_open_what_is_meant_is_no_answer() {
        let one = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:member-catt@example.org";
        assert_eq!(read(&answer(one, "REQUEST"), ""), None);
        assert_eq!(read(&answer(&format!("{one}\n{one}"), "REPLY"), ""), None);
        assert_eq!(read(&answer("LOCATION:Berlin", "REPLY"), ""), None);
        let twice = answer(one, "REPLY").replace("END:VEVENT\n", "END:VEVENT\nBEGIN:VEVENT\nUID:x\nEND:VEVENT\n");
        assert_eq!(read(&twice, ""), None);
        for broken in
            ["", "BEGIN:VCALENDAR", "BEGIN:VCARD\nEND:VCARD", "METHOD:REPLY", &"BEGIN:VEVENT\n".repeat(50_000)]
        {
            assert_eq!(read(broken, ""), None);
        }
        let long = answer(one, "REPLY").replace("SUMMARY:", &format!("SUMMARY:{}", "x".repeat(LONGEST)));
        assert_eq!(read(&long, ""), None);
    }

    #[test]
    fn a_time_of_day_names_no_day() {
        let one = answer("ATTENDEE;PARTSTAT=ACCEPTED:mailto:member-catt@example.org", "REPLY");
        for start in ["DTSTART:20140609T000000Z", "DTSTART;TZID=W. Europe Standard Time:20140609T000000", "X-NONE:"] {
            let with = one.replace("DTSTART;VALUE=DATE:20140609", start);
            assert_eq!(read(&with, "").unwrap().start, None, "{start}");
        }
    }

    #[test]
    fn another_time_is_known_for_one_and_a_stamp_of_no_zone_for_none() {
        let counter = answer("ATTENDEE;PARTSTAT=TENTATIVE:mailto:member-catt@example.org", "COUNTER");
        assert_eq!(read(&counter, "").unwrap().says, CalendarAnswer::Counter);
        for stamp in ["DTSTAMP:20140505T120000", "DTSTAMP;VALUE=DATE:20140505", "DTSTAMP:20140532T120000Z", "X-NONE:1"]
        {
            assert_eq!(read(&counter.replace("DTSTAMP:20140505T120000Z", stamp), "").unwrap().made, None, "{stamp}");
        }
    }

    #[test]
    fn an_answer_that_a_machine_sent_says_so() {
        let one = answer("ATTENDEE;PARTSTAT=ACCEPTED:mailto:member-catt@example.org", "REPLY");
        assert!(read(&one, "Auto-Submitted: auto-generated\r\n").unwrap().by_machine);
    }
}
