//! Meetings in the form that calendar programs read: iCalendar (RFC 5545).
//!
//! An invitation (RFC 5546, METHOD:REQUEST, and CANCEL where there is no meeting any more) holds the meeting alone:
//! one name each is all that it may hold. What is published (METHOD:PUBLISH) has all of it, sessions and deadline
//! too, and asks nobody. Names stay (UID), and what is newer says so by SEQUENCE.

use std::fmt::Write as _;

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameter, ICalendarProperty,
    ICalendarValue, ICalendarValueType, Uri,
};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

use super::mail::Letter;
use super::{Catalogue, wrap};
use crate::domain::{Call, EmailAddress, Meeting, Session, Text, uid};

/// The most characters of a name, a place or a title.
const SHORT: usize = 200;

/// So many changes of a zone's clock are told at most: of one year there are two.
const MOST_CHANGES: usize = 64;

/// An invitation to a meeting, or that it does not take place; with its method. `None` where its days are not known.
pub(super) fn invitation(
    meeting: &Meeting,
    to: &EmailAddress,
    letter: &Letter,
    catalogue: &Catalogue,
) -> Option<(&'static str, String)> {
    let method = if meeting.cancelled { "CANCEL" } else { "REQUEST" };
    let mut calendar = Calendar::new(method, letter, catalogue);
    let group = wrap::shorten(&letter.group, SHORT);
    let mut attendee = ICalendarEntry::new(ICalendarProperty::Attendee)
        .with_param(ICalendarParameter::cn(group))
        .with_param(ICalendarParameter::cutype("GROUP".to_owned()))
        .with_value(mailto(to));
    if !meeting.cancelled {
        attendee.add_param(ICalendarParameter::partstat("NEEDS-ACTION".to_owned()));
        attendee.add_param(ICalendarParameter::rsvp(true));
    }
    calendar.meeting(meeting, Some(attendee))?;
    Some((method, calendar.text()))
}

/// Meetings with their sessions and deadlines, for whoever wants them in a calendar; those that were called off are
/// said to be so. `None` where there is nothing to enter.
pub(super) fn published<'a>(
    meetings: impl IntoIterator<Item = &'a Meeting>,
    calls: &[Call],
    letter: &Letter,
    catalogue: &Catalogue,
) -> Option<String> {
    let mut calendar = Calendar::new("PUBLISH", letter, catalogue);
    for meeting in meetings {
        calendar.meeting(meeting, None);
        calendar.deadline(meeting);
        calendar.sessions(meeting);
    }
    for call in calls {
        calendar.call(call);
    }
    (!calendar.events.is_empty()).then(|| calendar.text())
}

/// The name of the file that the meetings and calls are in.
pub(super) fn file_name<'a>(meetings: impl IntoIterator<Item = &'a Meeting>, calls: &[Call]) -> String {
    let meetings = meetings.into_iter().map(|meeting| meeting.reference.to_string().replace('#', "-"));
    let calls = calls.iter().map(|call| format!("call-{}", call.date));
    format!("{}.ics", meetings.chain(calls).collect::<Vec<_>>().join("+"))
}

/// A calendar in the making.
struct Calendar<'a> {
    letter: &'a Letter,
    catalogue: &'a Catalogue,
    method: &'static str,
    events: Vec<ICalendarComponent>,
    /// The first and the last day on which times of day are told, where some are.
    timed: Option<(Date, Date)>,
}

impl<'a> Calendar<'a> {
    const fn new(method: &'static str, letter: &'a Letter, catalogue: &'a Catalogue) -> Self {
        Self { letter, catalogue, method, events: Vec::new(), timed: None }
    }

    /// The meeting, all its days long.
    fn meeting(&mut self, meeting: &Meeting, attendee: Option<ICalendarEntry>) -> Option<()> {
        let (start, end) = (meeting.start?, meeting.last_day()?);
        let summary = Text::new("calendar-meeting")
            .with("group", wrap::shorten(&self.letter.group, SHORT))
            .with("plenary", meeting.plenary.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string));
        let mut event = self.event(meeting, "", &summary);
        days(&mut event, start, end);
        self.place(&mut event, meeting.place.as_deref());
        let description = self.description(meeting);
        if !description.is_empty() {
            event.add_property(ICalendarProperty::Description, description);
        }
        event.entries.extend(attendee);
        self.events.push(event);
        Some(())
    }

    /// The last day for contributions.
    fn deadline(&mut self, meeting: &Meeting) {
        let Some(day) = meeting.deadline else { return };
        let mut event = self.event(meeting, "deadline", &Text::new("calendar-deadline"));
        days(&mut event, day, day);
        self.events.push(event);
    }

    /// The sessions, each under a name that it keeps when it moves.
    fn sessions(&mut self, meeting: &Meeting) {
        let mut names: Vec<String> = Vec::new();
        for session in &meeting.sessions {
            let mut name = format!("session-{}", slug(&session.title));
            let again = names.iter().filter(|other| **other == name).count();
            names.push(name.clone());
            if again > 0 {
                let _ = write!(name, "-{}", again + 1);
            }
            let title = wrap::shorten(&session.title, SHORT);
            let mut event = self.event(meeting, &name, &Text::new("calendar-session").with("title", title));
            self.times(&mut event, session);
            let places = [session.room.as_deref(), meeting.place.as_deref()];
            let place: Vec<&str> = places.into_iter().flatten().collect();
            self.place(&mut event, Some(place.join(", ").as_str()));
            self.events.push(event);
        }
    }

    /// A conference call, of which only the beginning is known: an entry without an end (RFC 5545, section 3.6.1).
    fn call(&mut self, call: &Call) {
        let Some(time) = call.time else { return };
        let mut event = self.named(format!("call-{}.{}", call.date, self.letter.bot));
        let title = call.title.as_deref().map_or_else(|| "-".to_owned(), |title| wrap::shorten(title, SHORT));
        let summary = Text::new("calendar-call").with("group", wrap::shorten(&self.letter.group, SHORT));
        event.add_property(ICalendarProperty::Summary, self.catalogue.say(&summary.with("title", title)));
        event.add_property(ICalendarProperty::Status, "CONFIRMED".to_owned());
        self.time(&mut event, ICalendarProperty::Dtstart, call.date.to_datetime(time));
        event.add_property(ICalendarProperty::Transp, "OPAQUE".to_owned());
        self.events.push(event);
    }

    /// An entry of that name, by the group.
    fn named(&self, uid: String) -> ICalendarComponent {
        let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
        event.add_uid(&uid);
        event.add_dtstamp(utc(self.letter.date));
        let organizer = ICalendarEntry::new(ICalendarProperty::Organizer)
            .with_param(ICalendarParameter::cn(wrap::shorten(&self.letter.group, SHORT)))
            .with_value(mailto(&self.letter.bot));
        event.entries.push(organizer);
        event
    }

    /// What every entry of a meeting says.
    fn event(&self, meeting: &Meeting, part: &str, summary: &Text) -> ICalendarComponent {
        let mut event = self.named(uid(&meeting.reference, part, &self.letter.bot));
        event.add_sequence(i64::from(meeting.sequence));
        let summary = self.catalogue.say(&summary.clone().with("meeting", &meeting.reference));
        event.add_property(ICalendarProperty::Summary, summary);
        let status = if meeting.cancelled { "CANCELLED" } else { "CONFIRMED" };
        event.add_property(ICalendarProperty::Status, status.to_owned());
        event
    }

    fn place(&self, event: &mut ICalendarComponent, place: Option<&str>) {
        if let Some(place) = place.map(|place| wrap::shorten(place, SHORT)).filter(|place| !place.is_empty()) {
            event.add_property(ICalendarProperty::Location, place);
        }
    }

    /// The deadline and the sessions in words, for calendars in which the meeting stands alone.
    fn description(&self, meeting: &Meeting) -> String {
        let deadline = meeting.deadline.map(|day| Text::new("row-deadline").with("date", day));
        let sessions = meeting.sessions.iter().map(|session| {
            Text::new("calendar-session-line")
                .with("day", self.catalogue.weekday_and_date(session.date))
                .with("start", session.start.strftime("%H:%M"))
                .with("end", session.end.strftime("%H:%M"))
                .with("title", wrap::shorten(&session.title, SHORT))
        });
        let lines: Vec<String> = deadline.into_iter().chain(sessions).map(|text| self.catalogue.say(&text)).collect();
        lines.join("\n")
    }

    /// When a session begins and ends, in the group's zone. One that ends before it begins ends on the next day.
    fn times(&mut self, event: &mut ICalendarComponent, session: &Session) {
        let last =
            if session.end < session.start { session.date.tomorrow().unwrap_or(session.date) } else { session.date };
        self.time(event, ICalendarProperty::Dtstart, session.date.to_datetime(session.start));
        self.time(event, ICalendarProperty::Dtend, last.to_datetime(session.end));
        event.add_property(ICalendarProperty::Transp, "OPAQUE".to_owned());
    }

    /// A time of day, in the group's zone.
    fn time(&mut self, event: &mut ICalendarComponent, property: ICalendarProperty, at: DateTime) {
        let (first, last) = self.timed.unwrap_or((at.date(), at.date()));
        self.timed = Some((first.min(at.date()), last.max(at.date())));
        let zone = ICalendarParameter::tzid(zone_name(&self.letter.zone));
        event.add_property_with_params(property, [zone], local(at));
    }

    fn text(self) -> String {
        let mut root = ICalendarComponent::new(ICalendarComponentType::VCalendar);
        root.add_property(ICalendarProperty::Version, "2.0".to_owned());
        root.add_property(ICalendarProperty::Prodid, "-//minuted//minuted//EN".to_owned());
        root.add_property(ICalendarProperty::Method, self.method.to_owned());
        let mut components = vec![root];
        if let Some((first, last)) = self.timed {
            add(&mut components, 0, zone(&self.letter.zone));
            for change in clock(&self.letter.zone, first, last) {
                add(&mut components, 1, change);
            }
        }
        for event in self.events {
            add(&mut components, 0, event);
        }
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = ICalendar { components }.write_to(&mut text);
        text
    }
}

/// Adds a component to another one.
fn add(components: &mut Vec<ICalendarComponent>, to: usize, component: ICalendarComponent) {
    let id = u32::try_from(components.len()).unwrap_or(u32::MAX);
    if let Some(parent) = components.get_mut(to) {
        parent.component_ids.push(id);
    }
    components.push(component);
}

/// Whole days, which do not keep anybody busy: the sessions do.
fn days(event: &mut ICalendarComponent, start: Date, last: Date) {
    // An end is the day after (RFC 5545, section 3.6.1).
    for (property, day) in
        [(ICalendarProperty::Dtstart, start), (ICalendarProperty::Dtend, last.tomorrow().unwrap_or(last))]
    {
        let is_date = [ICalendarParameter::value(ICalendarValueType::Date)];
        event.add_property_with_params(property, is_date, moment(day));
    }
    event.add_property(ICalendarProperty::Transp, "TRANSPARENT".to_owned());
}

fn mailto(address: &EmailAddress) -> ICalendarValue {
    ICalendarValue::Uri(Uri::Location(format!("mailto:{address}")))
}

/// What a session is called in short: `s1` of "WG4 (session S1)", else its title without signs.
fn slug(title: &str) -> String {
    let words = || title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let is_label = |word: &&str| {
        let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
        letters == 1 && word.len() > letters && word.bytes().skip(letters).all(|b| b.is_ascii_digit())
    };
    let label = words().find(is_label).map(ToOwned::to_owned);
    let mut slug = label.unwrap_or_else(|| words().collect::<Vec<_>>().join("-")).to_ascii_lowercase();
    slug.truncate(60);
    slug
}

fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}

fn zone(zone: &TimeZone) -> ICalendarComponent {
    let mut component = ICalendarComponent::new(ICalendarComponentType::VTimezone);
    component.add_property(ICalendarProperty::Tzid, zone_name(zone));
    component
}

/// How the zone's clock goes on those days: the change before them, and each until after them.
fn clock(zone: &TimeZone, first: Date, last: Date) -> Vec<ICalendarComponent> {
    let start = midnight(zone, first);
    let end = midnight(zone, last.saturating_add(jiff::Span::new().days(2)));
    let before = zone.preceding(start).next();
    let since = before.as_ref().map_or(Timestamp::MIN, jiff::tz::TimeZoneTransition::timestamp);
    let changes = before.into_iter().chain(zone.following(start).take_while(|change| change.timestamp() <= end));
    let mut from = before_change(zone, since);
    let mut parts = Vec::new();
    for change in changes.take(MOST_CHANGES) {
        parts.push(observance(change.dst().is_dst(), change.timestamp(), from, change.offset(), change.abbreviation()));
        from = change.offset();
    }
    if parts.is_empty() {
        // A clock that never changed.
        let info = zone.to_offset_info(start);
        parts.push(observance(false, Timestamp::UNIX_EPOCH, info.offset(), info.offset(), info.abbreviation()));
    }
    parts
}

fn midnight(zone: &TimeZone, day: Date) -> Timestamp {
    let at = day.to_zoned(zone.clone()).map(|at| at.timestamp());
    at.unwrap_or_else(|_| day.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp()))
}

/// By how much the clock was off before a change.
fn before_change(zone: &TimeZone, change: Timestamp) -> Offset {
    let before = change.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(change);
    zone.to_offset(before)
}

/// From when on the clock is off by how much (RFC 5545, section 3.6.5). Its beginning is told by the clock before.
fn observance(is_summer: bool, at: Timestamp, from: Offset, to: Offset, name: &str) -> ICalendarComponent {
    let kind = if is_summer { ICalendarComponentType::Daylight } else { ICalendarComponentType::Standard };
    let mut part = ICalendarComponent::new(kind);
    part.add_property(ICalendarProperty::Dtstart, local(from.to_datetime(at)));
    part.add_property(ICalendarProperty::Tzoffsetfrom, offset(from));
    part.add_property(ICalendarProperty::Tzoffsetto, offset(to));
    part.add_property(ICalendarProperty::Tzname, name.to_owned());
    part
}

fn moment(day: Date) -> PartialDateTime {
    PartialDateTime {
        year: u16::try_from(day.year()).ok(),
        month: u8::try_from(day.month()).ok(),
        day: u8::try_from(day.day()).ok(),
        ..PartialDateTime::default()
    }
}

fn local(at: DateTime) -> PartialDateTime {
    PartialDateTime {
        hour: u8::try_from(at.hour()).ok(),
        minute: u8::try_from(at.minute()).ok(),
        second: u8::try_from(at.second()).ok(),
        ..moment(at.date())
    }
}

fn utc(at: Timestamp) -> PartialDateTime {
    let at = local(Offset::UTC.to_datetime(at));
    PartialDateTime { tz_hour: Some(0), tz_minute: Some(0), ..at }
}

/// Years beyond the reach of the format do not occur: meetings are at most ten years away.
fn offset(offset: Offset) -> PartialDateTime {
    let seconds = offset.seconds();
    let part = |value: i32| u8::try_from(value.abs()).ok();
    PartialDateTime {
        tz_hour: part(seconds / 3600),
        tz_minute: part(seconds % 3600 / 60),
        tz_minus: seconds < 0,
        ..PartialDateTime::default()
    }
}
