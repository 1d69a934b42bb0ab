//! Meetings for calendars, read by another reader of iCalendar than the one that wrote them.

use std::collections::BTreeMap;

use icalendar::parser::{Component, read_calendar, unfold};
use jiff::tz::TimeZone;

use super::{english, letter, parts};
use crate::compose::{Letter, announcement, icalendar as calendar};
use crate::decide::Announcement;
use crate::domain::{Call, EmailAddress, Meeting};

fn meeting() -> Meeting {
    let mut meeting = Meeting::new("SEC#11.0".parse().unwrap());
    for (field, to) in [
        ("plenary", "TP11"),
        ("start", "2014-06-09"),
        ("end", "2014-06-13"),
        ("place", "Berlin; Haus 1, \\Saal\\ „Ä“\nEND:VEVENT"),
        ("deadline", "2014-06-02"),
        ("session", "2014-06-09 15:45-17:00 [Break-out] WG4 (session S1)"),
        (
            "session",
            "2014-06-10 08:00-12:00 Joint session with WG 3 (Protocols), and a title that is so long that it does not fit into a line",
        ),
        ("session", "2014-06-11 23:00-01:00 WG4 (session S1)"),
    ] {
        meeting.set(field, None, Some(to)).unwrap();
    }
    meeting
}

fn list() -> EmailAddress {
    "wg4@list.example.org".parse().unwrap()
}

/// The properties of a component.
type Properties = BTreeMap<String, String>;

/// What another reader sees: of each component its properties, and those of what is in it.
fn read(text: &str) -> Vec<(String, Properties, Vec<Properties>)> {
    for line in text.split_inclusive("\r\n") {
        assert!(line.ends_with("\r\n") && line.len() <= 77, "{line:?}");
        assert!(!line.trim_end_matches("\r\n").contains(['\r', '\n']), "{line:?}");
    }
    let unfolded = unfold(text);
    let calendar = read_calendar(&unfolded).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let properties = |component: &Component<'_>| {
        component.properties.iter().map(|one| (one.name.to_string(), one.val.to_string())).collect()
    };
    let inner = |component: &Component<'_>| component.components.iter().map(properties).collect();
    let whole = calendar.components.iter().map(|one| (one.name.to_string(), properties(one), inner(one)));
    whole.collect()
}

fn published(meeting: &Meeting, letter: &Letter) -> String {
    calendar::published([meeting], &[], letter, english()).unwrap()
}

#[test]
fn a_meeting_its_sessions_and_its_deadline_are_entries_of_their_own() {
    let text = published(&meeting(), &letter());
    let read = read(&text);
    let events: Vec<_> = read.iter().filter(|(name, ..)| name == "VEVENT").map(|(_, event, _)| event).collect();
    let of = |key: &str| events.iter().map(|event| event[key].as_str()).collect::<Vec<_>>();
    assert_eq!(
        of("UID"),
        [
            "SEC-11.0.minuted@example.org",
            "SEC-11.0.deadline.minuted@example.org",
            "SEC-11.0.session-s1.minuted@example.org",
            "SEC-11.0.session-joint-session-with-wg-3-protocols-and-a-title-that-is-so-lon.minuted@example.org",
            "SEC-11.0.session-s1-2.minuted@example.org",
        ]
    );
    assert_eq!(of("DTSTART"), ["20140609", "20140602", "20140609T154500", "20140610T080000", "20140611T230000"]);
    assert_eq!(of("DTEND"), ["20140614", "20140603", "20140609T170000", "20140610T120000", "20140612T010000"]);
    assert_eq!(of("SEQUENCE"), ["8"; 5]);
    assert!(of("STATUS").iter().all(|status| *status == "CONFIRMED"));
    assert!(
        events
            .iter()
            .all(|event| !event.contains_key("ATTENDEE") && event["ORGANIZER"] == "mailto:minuted@example.org")
    );
    assert_eq!(events[0]["LOCATION"], r"Berlin; Haus 1, \Saal\ „Ä“ END:VEVENT");
    assert!(text.contains(r"LOCATION:Berlin\; Haus 1\, \\Saal\\ „Ä“ END:VEVENT"), "{text}");
    assert!(
        text.contains("METHOD:PUBLISH\r\n") && text.contains("DTSTART;TZID=Europe/Berlin:20140609T154500\r\n"),
        "{text}"
    );
}

#[test]
fn a_call_is_an_entry_in_the_groups_zone_that_keeps_its_name() {
    let mut call = Call::new(jiff::civil::date(2014, 5, 6));
    assert_eq!(calendar::published([], std::slice::from_ref(&call), &letter(), english()), None);
    call.set("time", Some("14:00")).unwrap();
    let entry = |call: &Call| {
        let text = calendar::published([], std::slice::from_ref(call), &letter(), english()).unwrap();
        assert!(text.contains("DTSTART;TZID=Europe/Berlin:20140506T"), "{text}");
        let event = read(&text).into_iter().find(|(name, ..)| name == "VEVENT").unwrap().1;
        assert!(read(&text).iter().any(|(name, ..)| name == "VTIMEZONE"), "{text}");
        (event["UID"].clone(), event["SUMMARY"].clone(), event["DTSTART"].clone())
    };
    let (uid, summary, start) = entry(&call);
    assert_eq!((uid.as_str(), start.as_str()), ("call-2014-05-06.minuted@example.org", "20140506T140000"));
    assert!(summary.ends_with(": conference call"), "{summary}");
    call.set("time", Some("15:30")).unwrap();
    call.set("title", Some("Editing of TS-0003")).unwrap();
    let (again, summary, start) = entry(&call);
    assert!(again == uid && summary.ends_with("conference call: Editing of TS-0003"), "{summary}");
    assert_eq!(start, "20140506T153000");
    assert_eq!(calendar::file_name([], &[call]), "call-2014-05-06.ics");
}

#[test]
fn a_zone_is_told_by_the_changes_of_its_clock_around_the_days() {
    let zone_of = |zone: &str, start: &str| {
        let mut meeting = Meeting::new("SEC#11.0".parse().unwrap());
        meeting.set("start", None, Some(start)).unwrap();
        meeting.set("session", None, Some(&format!("{start} 09:00-10:00 S1"))).unwrap();
        let letter = Letter { zone: TimeZone::get(zone).unwrap(), ..letter() };
        let read = read(&published(&meeting, &letter));
        let (_, zone, changes) = read.into_iter().find(|(name, ..)| name == "VTIMEZONE").unwrap();
        let changes = changes.into_iter().map(|change| {
            let of = |key: &str| change[key].clone();
            format!("{} {} to {} {}", of("DTSTART"), of("TZOFFSETFROM"), of("TZOFFSETTO"), of("TZNAME"))
        });
        (zone["TZID"].clone(), changes.collect::<Vec<String>>())
    };
    let pair = |name: &str, changes: &[&str]| (name.to_owned(), changes.iter().map(|it| (*it).to_owned()).collect());
    assert_eq!(zone_of("Europe/Berlin", "2014-06-09"), pair("Europe/Berlin", &["20140330T020000 +0100 to +0200 CEST"]));
    assert_eq!(
        zone_of("Europe/Berlin", "2014-10-25"),
        pair("Europe/Berlin", &["20140330T020000 +0100 to +0200 CEST", "20141026T030000 +0200 to +0100 CET"])
    );
    assert_eq!(zone_of("America/St_Johns", "2014-01-09").1, ["20131103T020000 -0230 to -0330 NST"]);
    assert_eq!(zone_of("Asia/Kolkata", "2014-06-09").1, ["19451015T000000 +0630 to +0530 IST"]);
    assert_eq!(zone_of("UTC", "2014-06-09").1, ["19700101T000000 +0000 to +0000 UTC"]);
}

#[test]
fn an_invitation_holds_the_meeting_alone_and_asks_the_list() {
    let (method, text) = calendar::invitation(&meeting(), &list(), &letter(), english()).unwrap();
    let read = read(&text);
    assert_eq!((method, read.len()), ("REQUEST", 1));
    let event = &read[0].1;
    assert_eq!(event["ATTENDEE"], "mailto:wg4@list.example.org");
    assert!(
        event["DESCRIPTION"].starts_with("Contributions until 2 June 2014\nMonday, 9 June 2014, 15:45 to 17:00: WG4")
    );
    let unfolded = text.replace("\r\n ", "");
    assert!(unfolded.contains("RSVP=TRUE") && unfolded.contains("PARTSTAT=NEEDS-ACTION"), "{unfolded}");
    assert!(unfolded.contains("CUTYPE=GROUP") && unfolded.contains("METHOD:REQUEST\r\n"), "{unfolded}");
}

#[test]
fn what_is_called_off_keeps_its_names_and_counts_more() {
    let mut off = meeting();
    off.set("cancelled", None, Some("yes")).unwrap();
    let (method, text) = calendar::invitation(&off, &list(), &letter(), english()).unwrap();
    let event = &read(&text)[0].1;
    assert_eq!((method, event["STATUS"].as_str(), event["SEQUENCE"].as_str()), ("CANCEL", "CANCELLED", "9"));
    assert_eq!(event["UID"], read(&published(&meeting(), &letter()))[1].1["UID"]);
    let read = read(&published(&off, &letter()));
    assert!(read.iter().filter(|(name, ..)| name == "VEVENT").all(|(_, event, _)| event["STATUS"] == "CANCELLED"));
}

#[test]
fn a_meeting_without_days_is_nothing_to_enter() {
    let bare = Meeting::new("SEC#11.0".parse().unwrap());
    assert_eq!(calendar::published([&bare], &[], &letter(), english()), None);
    assert_eq!(calendar::invitation(&bare, &list(), &letter(), english()), None);
}

#[test]
fn an_announcement_is_the_same_in_words_and_for_calendars() {
    let told = Announcement { to: list(), meeting: meeting(), before: None, by: "Secretary".to_owned() };
    let bytes = announcement(&told, &letter(), english());
    assert_eq!(bytes, announcement(&told, &letter(), english()));
    let parsed = mail_parser::MessageParser::new().parse(&bytes).unwrap();
    let kinds: Vec<String> = parsed
        .parts
        .iter()
        .map(|part| {
            use mail_parser::MimeHeaders as _;
            let kind = part.content_type().unwrap();
            let method = kind.attribute("method").map(|method| format!(" {method}")).unwrap_or_default();
            let name = part.attachment_name().map(|name| format!(" {name}")).unwrap_or_default();
            format!("{}/{}{method}{name}", kind.ctype(), kind.subtype().unwrap())
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/calendar REQUEST",
            "text/calendar PUBLISH SEC-11.0.ics",
        ]
    );
    insta::assert_snapshot!("announcement", parts(&bytes).0);
    if let Ok(folder) = std::env::var("MINUTED_TEST_MAILS") {
        // For a look at it in mail and calendar programs.
        std::fs::write(std::path::Path::new(&folder).join("announcement.eml"), &bytes).unwrap();
    }
}
