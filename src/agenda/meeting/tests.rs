use jiff::civil::date;

use super::*;
use crate::agenda::sections::headings;
use crate::agenda::text::blocks;

fn read(text: &str) -> (Option<AgendaMeeting>, Vec<String>) {
    let scheme = ReferenceScheme::default();
    let blocks = blocks(text, &scheme);
    let mut remarks = Vec::new();
    (meeting(&blocks, &headings(&blocks), &scheme, &mut remarks), remarks)
}

#[test]
fn the_meeting_is_read_from_lines_too() {
    let (meeting, remarks) =
        read("Agenda of SEC#11 at TP11\nDates: 9-13 June 2014\nVenue: Sophia Antipolis, France\n1 Opening\n");
    let meeting = meeting.expect("a meeting");
    assert_eq!(meeting.reference.to_string(), "SEC#11.0");
    assert_eq!(meeting.plenary.map(|plenary| plenary.to_string()).as_deref(), Some("TP11"));
    assert_eq!((meeting.start, meeting.end), (Some(date(2014, 6, 9)), Some(date(2014, 6, 13))));
    assert_eq!(meeting.place.as_deref(), Some("Sophia Antipolis, France"));
    assert_eq!(remarks, [""; 0]);
}

#[test]
fn the_deadline_for_contributions_is_a_day() {
    let day = |line: &str| {
        let (meeting, remarks) = read(&format!("Agenda of SEC#11 at TP11\nDates: 9-13 June 2014\n{line}\n1 Opening\n"));
        (meeting.and_then(|meeting| meeting.deadline), remarks.len())
    };
    assert_eq!(day("Contributions until: 2014-06-02"), (Some(date(2014, 6, 2)), 0));
    assert_eq!(day("Contribution deadline: 2 June 2014"), (Some(date(2014, 6, 2)), 0));
    assert_eq!(day("Contributions until: to be announced"), (None, 0));
    assert_eq!(day("Contributions until: the week before"), (None, 1));
}

#[test]
fn the_days_are_the_meetings_own() {
    for line in [
        "Previous meeting: SEC#10, 7-11 April 2014, Berlin\nDate: 9-13 June 2014",
        "Last meeting SEC#10 was 7-11 April 2014\nDate: 9-13 June 2014",
        "Deadline for contributions: 2 June 2014\nDate: 9-13 June 2014",
        "Contribution submission date: 2014-06-02\nDate: 9-13 June 2014",
        "Document date: 2014-05-20\nMeeting date: 9-13 June 2014",
        "Date of issue: 2014-05-20\nMeeting date: 9-13 June 2014\nUpdated: 2014-06-01",
        "Date: 2014-05-20\nMeeting: 9-13 June 2014, Dublin",
        "Date: 2014-05-20\nDublin, 9-13 June 2014",
        "Version date: 2014-05-20\nWhen: Mon 9th \u{2013} Fri 13th June 2014",
    ] {
        let (meeting, remarks) = read(&format!("{line}\nAgenda of SEC#11\n1 Opening\n"));
        let meeting = meeting.expect("a meeting");
        assert_eq!(meeting.reference.to_string(), "SEC#11.0", "{line}");
        assert_eq!((meeting.start, meeting.end), (Some(date(2014, 6, 9)), Some(date(2014, 6, 13))), "{line}");
        assert_eq!(remarks, [""; 0], "{line}");
    }
    // A line of the document's own date says nothing of the meeting.
    let (meeting, remarks) = read("Agenda of SEC#11\nDocument date: 2014-05-20\n1 Opening\n");
    assert_eq!((meeting.and_then(|meeting| meeting.start), remarks.len()), (None, 1));
}

#[test]
fn a_meeting_is_known_however_its_number_is_written() {
    for line in
        ["SEC 11", "Agenda SEC 11 (TP11)", "oneM2M-SEC#11-Agenda", "SEC Meeting No. 11", "oneM2M SEC Plenary #11"]
    {
        let (meeting, _) = read(&format!("{line}\nDate: 9-13 June 2014\n1 Opening\n"));
        assert_eq!(meeting.map(|meeting| meeting.reference.to_string()).as_deref(), Some("SEC#11.0"), "{line}");
    }
    for line in ["SEC 11 participants", "ARC 11", "SEC 11 June 2014", "Room SEC 11"] {
        assert_eq!(read(&format!("{line}\nDate: 9-13 June 2014\n1 Opening\n")).0, None, "{line}");
    }
}

#[test]
fn a_place_may_stand_beside_the_days() {
    let place =
        |line: &str| read(&format!("Agenda of SEC#11\n{line}\n1 Opening\n")).0.and_then(|meeting| meeting.place);
    assert_eq!(place("Dublin, Ireland, 9-13 June 2014").as_deref(), Some("Dublin, Ireland"));
    assert_eq!(place("9-13 June 2014, Sophia Antipolis").as_deref(), Some("Sophia Antipolis"));
    assert_eq!(place("Dublin; Mon 9 - Fri 13 June 2014").as_deref(), Some("Dublin"));
    for line in ["Electronic meeting, 9-13 June 2014", "June 9-13, 2014", "Monday, 9 - 13 June 2014"] {
        assert_eq!(place(line), None, "{line}");
    }
}

#[test]
fn another_groups_meeting_is_not_taken() {
    let (meeting, remarks) = read("Agenda of ARC#11\n\tMeeting Date:\n\t2014-06-09\n\n\n1 Opening\n");
    assert_eq!(meeting, None);
    assert_eq!(remarks.len(), 1);
}

#[test]
fn impossible_days_are_said_and_left_open() {
    let (meeting, remarks) = read("\tMeeting title:\n\tSEC#11\n\n\tMeeting Date:\n\t2014-06-13 to 2014-06-09\n");
    assert_eq!(meeting.and_then(|meeting| meeting.start), None);
    assert!(remarks[0].starts_with("2014-06-13 to 2014-06-09"), "{remarks:?}");
}

#[test]
fn an_action_item_names_no_plenary() {
    assert_eq!(plenary("see A-WG4-TP8-003", &ReferenceScheme::default()), None);
    assert_eq!(plenary("SEC#10 (TP 10)", &ReferenceScheme::default()).map(|p| p.to_string()).as_deref(), Some("TP10"));
}
