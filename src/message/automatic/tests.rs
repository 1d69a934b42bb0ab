//! Machines known by two signs, and people whose mails have one of them.

use rstest::rstest;

use super::super::read;
use super::Automatic;

fn of_mail(from: &str, subject: &str, text: &str) -> Option<Automatic> {
    let raw = format!(
        "From: {from}\nTo: minuted@example.org\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    );
    read(raw.as_bytes()).automatic
}

#[rstest]
#[case("MAILER-DAEMON <>", "Mail delivery failed")]
#[case("Mail Delivery Subsystem <MAILER-DAEMON>", "Returned mail: see transcript for details")]
#[case("MAILER-DAEMON", "failure notice")]
fn a_mail_system_without_an_address_is_known_by_its_name(#[case] from: &str, #[case] subject: &str) {
    assert_eq!(of_mail(from, subject, "Hi.").map(|_| ()), Some(()));
}

#[rstest]
#[case(
    "failure notice",
    "Hi. This is the qmail-send program at mail.example.org.\nI'm afraid I wasn't able to deliver your message",
    Some(Automatic::Report)
)]
#[case(
    "Mail delivery failed: returning message to sender",
    "This message was created automatically by mail delivery\nsoftware.",
    Some(Automatic::Report)
)]
#[case("Unzustellbar: SEC#10", "Ihre Nachricht konnte nicht zugestellt\nwerden.", Some(Automatic::Report))]
#[case(
    "Read: SEC#10",
    "Your message\n\n  To: a member\n  Subject: SEC#10\n\nwas read on 02.06.2014 10:00.",
    Some(Automatic::Report)
)]
#[case("confirm 8c1f", "To confirm that you want to be added to the list, reply.", Some(Automatic::Robot))]
#[case(
    "Your message to WG4 awaits moderator approval",
    "Your mail is being held until the list moderator can review it.",
    Some(Automatic::Robot)
)]
#[case("Welcome to the WG4 mailing list", "Hi, this is the mlmmj program managing the list.", Some(Automatic::Robot))]
#[case(
    "Please confirm your message",
    "To prevent spam you must confirm that you are a real person: simply reply to this mail.",
    Some(Automatic::Robot)
)]
#[case(
    "Out of office until Monday",
    "This is an automated response to your message \"SEC#10\" sent on Monday.",
    Some(Automatic::AutoReply)
)]
#[case(
    "AUTO: a member is out of the office (returning 06/10/2014)",
    "I am out of the office.",
    Some(Automatic::AutoReply)
)]
#[case("a member ist nicht im Büro (Rückkehr am 10.06.2014)", "Hello", Some(Automatic::AutoReply))]
// The same words of people.
#[case("Undelivered contributions", "Two of the documents could not be delivered in time for SEC#10.", None)]
#[case("Read: the minutes of SEC#9", "Please do before Monday.", None)]
#[case("Delivery failed on my side", "I will send the revision on Monday.", None)]
#[case(
    "Fwd: Undelivered Mail Returned to Sender",
    "See below.\n\n> This is the mail system at host mail.example.org.",
    None
)]
#[case("Re: failure notice", "Hi. This is the qmail-send program at mail.example.org.", None)]
#[case("Confirm the room", "The session will be held in room 4.", None)]
#[case("Out of office next week", "I will be out of the office starting Monday; the vice-chair stands in.", None)]
#[case("Welcome to the new rapporteur", "He takes over TS-0003.", None)]
fn without_fields_two_signs_make_a_machine(
    #[case] subject: &str,
    #[case] text: &str,
    #[case] expected: Option<Automatic>,
) {
    assert_eq!(of_mail("member-catt@example.org", subject, text), expected);
}

#[rstest]
#[case("wg4-bounces@example.org", Some(Automatic::Robot))]
#[case("wg4-request@example.org", Some(Automatic::Robot))]
#[case("wg4-confirm+8c1f@example.org", Some(Automatic::Robot))]
#[case("wg4+confsub-8c1f@example.org", Some(Automatic::Robot))]
#[case("wg4-owner@example.org", None)]
#[case("bounces.lee@example.org", None)]
fn the_address_of_a_lists_software_is_a_robots(#[case] from: &str, #[case] expected: Option<Automatic>) {
    assert_eq!(of_mail(from, "SEC#10", "Hello"), expected);
}

#[test]
fn what_old_list_software_calls_bulk_is_a_persons() {
    for sender in
        ["Sender: owner-wg4@example.org", "Return-Path: <wg4-owner@example.org>", "Return-Path: owner-wg4@example.org"]
    {
        assert_eq!(
            read(format!("From: kim@example.org\n{sender}\nPrecedence: bulk\n\nHello\n").as_bytes()).automatic,
            None,
            "{sender}"
        );
    }
}

#[rstest]
#[case("text/calendar; method=REPLY; charset=utf-8", "BEGIN:VCALENDAR", Some(Automatic::CalendarReply))]
#[case("text/calendar", "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR", Some(Automatic::CalendarReply))]
#[case("text/calendar; method=REQUEST", "BEGIN:VCALENDAR\nMETHOD:REQUEST", None)]
fn a_calendars_answer_is_a_programs_and_an_invitation_a_persons(
    #[case] media: &str,
    #[case] calendar: &str,
    #[case] expected: Option<Automatic>,
) {
    let raw = format!(
        "From: member-catt@example.org\nSubject: Accepted: SEC#10\nContent-Type: multipart/alternative; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nSEC#10\n--b\nContent-Type: {media}\n\n{calendar}\n--b--\n"
    );
    assert_eq!(read(raw.as_bytes()).automatic, expected);
}

#[test]
fn a_report_is_one_below_a_lists_footer_too_and_none_where_somebody_forwards_it() {
    let report = "Content-Type: multipart/report; boundary=r\n\n--r\n\nIt came back.\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.org\n--r--\n";
    let mixed = |first: &str, second: &str| {
        format!(
            "From: kim@example.org\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{first}\n--b\n{second}\n--b--\n"
        )
    };
    let text = "Content-Type: text/plain\n\nSee what came back.";
    assert_eq!(read(mixed(report, text).as_bytes()).automatic, Some(Automatic::Report));
    assert_eq!(read(mixed(text, report).as_bytes()).automatic, None);
}

#[test]
fn notices_of_a_list_manager_are_a_machines_and_posts_by_the_list_are_not() {
    let automatic = |from: &str, more: &str| {
        let raw = format!("From: <{from}@example.org>\nTo: minuted@example.org\nSubject: Welcome\n{more}\nText\n");
        read(raw.as_bytes()).automatic
    };
    let list = "List-Id: <wg4.example.org>\nPrecedence: list\n";
    for from in ["wg4-request", "wg4-owner", "wg4-bounces", "wg4-confirm+a1b2c3", "wg4+help", "wg4+confsub-x"] {
        assert_eq!(automatic(from, list), Some(Automatic::Robot), "{from}");
        assert!(automatic(from, "Precedence: bulk\n").is_some(), "{from}");
    }
    // Who runs a list may write from such an address; then no list is in it.
    assert_eq!(automatic("wg4-owner", ""), None);
    for from in ["wg4", "chair", "member-catt", "requests", "owner"] {
        assert_eq!(automatic(from, list), None, "{from}");
    }
}

#[test]
fn words_alone_leave_it_open_whether_a_machine_wrote() {
    let read = |head: &str, text: &str| {
        let raw = format!("From: Chair <chair@example.org>\nTo: minuted@example.org\n{head}\n\n{text}\n");
        read(raw.as_bytes())
    };
    let person = read("Subject: Rejected: A-WG4-TP8-003 has been delayed", "cancel A-WG4-TP8-003");
    assert!(person.automatic.is_none() || person.automatic_by_words);
    for head in ["Subject: Automatic reply: Minutes", "Subject: x\nAuto-Submitted: auto-replied", "Precedence: junk"] {
        let machine = read(head, "done A-WG4-TP8-003");
        assert!(machine.automatic.is_some() && !machine.automatic_by_words, "{head}");
    }
}
