//! Whole answers, as people get them.

mod calendars;
mod fit;
mod golden;
mod shown;

use jiff::tz::TimeZone;
use mail_parser::MessageParser;
use rstest::rstest;

use super::*;
use crate::decide::{ActionRow, Answer, AnswerLine, ContributionRow, HistoryRow, LineOutcome, Table};
use crate::domain::{
    ActionItem, Contribution, Due, EmailAddress, Meeting, Member, Owners, Priority, Role, Session, Status, Subject,
    Text,
};

fn english() -> &'static Catalogue {
    Catalogue::get("en").unwrap()
}

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn letter() -> Letter {
    Letter {
        bot: address("minuted@example.org"),
        group: "oneM2M WG4 SEC".to_owned(),
        message_id: "a-1f3c9d@example.org".to_owned(),
        date: "2014-04-04T08:15:00Z".parse().unwrap(),
        zone: berlin(),
        reply_to: None,
    }
}

fn thread() -> Thread {
    Thread {
        message_id: Some("CAF3@mail.example.com".to_owned()),
        references: vec!["root@mail.example.com".to_owned()],
        subject: "Action items before TP10".to_owned(),
    }
}

/// A line and what came of it. The words of `decide` are not this module's: texts of the layout
/// stand for them here.
fn told(outcome: LineOutcome, number: usize, line: &str, told: Vec<Text>) -> AnswerLine {
    AnswerLine { number, text: line.to_owned(), outcome, told }
}

fn item(reference: &str, what: &str, who: &str) -> ActionItem {
    let mut item = ActionItem::new(reference.parse().unwrap());
    what.clone_into(&mut item.what);
    item.who = Owners::from(who);
    item
}

fn row(number: u16, item: ActionItem) -> ActionRow {
    ActionRow {
        number,
        subject: Subject::Action(item.reference.clone()),
        item: Some(item),
        overdue: false,
        waits: None,
        later: None,
    }
}

fn actions() -> Table {
    let mut late = item("A-WG4-TP8-003", "Specify credential management", "Lead Gemalto, Qualcomm");
    late.due = Some(Due::Day("2014-03-28".parse().unwrap()));
    late.priority = Some(Priority::High);
    late.status = Status::Ongoing;
    let mut long = item(
        "A-WG4-TP9-001",
        "Align the terminology of TS-0003 with that of TS-0001 and tell the other working groups which definitions changed and why",
        "Lead Gemalto + LG Electronics",
    );
    long.due = Some(Due::Meeting("TP11".to_owned()));
    long.notes.push("waits for the answer of WG2");
    let request = ActionRow {
        number: 3,
        subject: Subject::Request(7),
        item: Some(item("A-WG4-TP8-001", "Give feedback on the use of HTTP", "Interested companies")),
        overdue: false,
        waits: Some(Text::new("history-by").with("by", "member-catt@example.org")),
        later: None,
    };
    let mut rows = vec![row(1, late), row(2, long), request];
    rows[0].overdue = true;
    rows.push(row(10, item("A-WG4-TP9-004", "Provide a work plan", "")));
    Table::Actions { title: Text::new("column-action"), rows }
}

fn short() -> Answer {
    let mut answer = Answer::new(address("member-catt@example.org"));
    answer.lines = vec![
        told(
            LineOutcome::Done,
            1,
            "done A-WG4-TP8-003 because posted yesterday",
            vec![
                Text::new("history-changed")
                    .with("subject", "A-WG4-TP8-003 \"Specify credential management (high Priority)\"")
                    .with("field", "status")
                    .with("from", "open")
                    .with("to", "closed"),
            ],
        ),
        told(
            LineOutcome::Refused,
            2,
            "due A-WG4-TP8-001 4/5",
            vec![Text::new("row-note").with("note", "\"4/5\" can be read two ways. Write 2014-05-04 or 4 May 2014.")],
        ),
    ];
    answer.receipt = Some("7k3fq2".to_owned());
    answer
}

/// The parts of a mail: text and HTML, decoded.
fn parts(bytes: &[u8]) -> (String, String) {
    let message = MessageParser::default().parse(bytes).unwrap();
    (message.body_text(0).unwrap().replace("\r\n", "\n"), message.body_html(0).unwrap().replace("\r\n", "\n"))
}

/// One list of each kind.
fn lists() -> Vec<Table> {
    let mut contribution = Contribution::new("SEC-2014-0243".parse().unwrap());
    "SEC-2014-0243R01 > R02".clone_into(&mut contribution.reference_cell);
    "Overview of Frameworks".clone_into(&mut contribution.title);
    "Gemalto".clone_into(&mut contribution.source);
    "7.2".clone_into(&mut contribution.agenda_item);
    contribution.deliverable = Some("TS-0003".to_owned());
    "Noted, see 0243R02".clone_into(&mut contribution.status_cell);
    let mut undecided = Contribution::new("SEC-2014-0255".parse().unwrap());
    "Access control".clone_into(&mut undecided.title);
    let mut member = Member::new(1);
    "Secretary".clone_into(&mut member.name);
    "ETSI".clone_into(&mut member.organization);
    member.roles = vec![Role::Secretary, Role::Rapporteur("TS-0003".to_owned())];
    member.paused_until = Some("2014-06-02".parse().unwrap());
    member.digest = true;
    let mut meeting = Meeting::new("SEC#10.0".parse().unwrap());
    meeting.plenary = Some("TP10".parse().unwrap());
    meeting.start = Some("2014-04-07".parse().unwrap());
    meeting.end = Some("2014-04-11".parse().unwrap());
    meeting.place = Some("Berlin, Germany".to_owned());
    meeting.sessions = vec![Session {
        date: "2014-04-07".parse().unwrap(),
        start: "15:45".parse().unwrap(),
        end: "17:00".parse().unwrap(),
        room: Some("Break-out".to_owned()),
        title: "Session S1".to_owned(),
    }];
    let change = |field: &str, from: Option<&str>, to: Option<&str>| HistoryRow {
        at: "2014-04-04T08:15:00Z".parse().unwrap(),
        by: "member-catt@example.org".to_owned(),
        message_id: Some("CAF3@mail.example.com".to_owned()),
        subject: Subject::Action("A-WG4-TP8-003".parse().unwrap()),
        field: field.to_owned(),
        from: from.map(ToOwned::to_owned),
        to: to.map(ToOwned::to_owned),
        receipt: None,
    };
    vec![
        actions(),
        Table::Contributions {
            title: Text::new("column-contribution"),
            rows: [(contribution, Some("R01 noted")), (undecided, None)]
                .map(|(contribution, stands)| ContributionRow { contribution, stands: stands.map(ToOwned::to_owned) })
                .into(),
        },
        Table::Members { title: Text::new("column-member"), rows: vec![member] },
        Table::Meetings {
            title: Text::new("column-meeting"),
            rows: [meeting, Meeting::new("SEC#11.0".parse().unwrap())]
                .map(|meeting| crate::decide::MeetingRow { meeting, comes: Vec::new() })
                .to_vec(),
        },
        Table::History {
            title: Text::new("column-change"),
            rows: vec![
                change("status", Some("open"), Some("to be confirmed")),
                change("due", None, Some("2014-06-02")),
                change("priority", Some("high"), None),
            ],
        },
        Table::Commands {
            title: Text::new("column-command"),
            rows: vec![
                ("done REF [because TEXT]".to_owned(), Text::new("mail-outcome-done")),
                ("resume".to_owned(), Text::new("mail-outcome-told")),
            ],
        },
        Table::Actions { title: Text::new("column-action"), rows: Vec::new() },
    ]
}

fn mail(answered: &Answer) -> Vec<u8> {
    answer(answered, &thread(), &letter(), english())
}

#[test]
fn an_answer_quotes_each_line_and_tells_below_it_what_came_of_it() {
    let (text, html) = parts(&mail(&short()));
    insta::assert_snapshot!("short_text", text);
    insta::assert_snapshot!("short_html", html);
}

#[test]
fn every_kind_of_list_is_readable_as_text_and_as_tables() {
    let mut answered = Answer::new(address("member-catt@example.org"));
    answered.tables = lists();
    let (text, html) = parts(&mail(&answered));
    insta::assert_snapshot!("lists_text", text);
    insta::assert_snapshot!("lists_html", html);
}

#[test]
fn of_many_lines_the_count_and_what_was_not_done_come_first() {
    let mut answered = short();
    let done = answered.lines[0].clone();
    answered.lines.splice(0..0, std::iter::repeat_n(done, 9));
    answered.lines.push(told(LineOutcome::Partly, 12, "done A-WG4-TP8-001, A-WG4-TP8-002", Vec::new()));
    let (text, _) = parts(&mail(&answered));
    insta::assert_snapshot!("many_text", text);
}

#[test]
fn a_dry_run_says_first_that_nothing_was_changed_and_offers_no_undo() {
    let mut answered = short();
    answered.dry_run = true;
    let (text, html) = parts(&mail(&answered));
    assert!(text.starts_with("Dry run: nothing was changed."), "{text}");
    assert!(!text.contains("undo"), "{text}");
    assert!(html.contains("Dry run: nothing was changed."));
}

#[test]
fn the_headers_put_the_answer_into_its_thread_and_mark_it_as_automatic() {
    let bytes = mail(&short());
    let headers = String::from_utf8(bytes).unwrap();
    let headers = headers.split("\r\n\r\n").next().unwrap().replace("\r\n", "\n");
    insta::assert_snapshot!("headers", headers);
}

#[test]
fn the_command_line_says_the_same_without_a_signature() {
    let said = plain(&short(), &berlin(), english());
    let (text, _) = parts(&mail(&short()));
    let above = |text: &str| text.split("\nTo take all").next().unwrap().to_owned();
    assert_eq!(above(&said), above(&text));
    assert!(said.ends_with("use \"undo 7k3fq2\".\n"), "{said}");
}

#[test]
fn a_notice_answers_no_mail_and_says_so() {
    let body = [Text::new("mail-nothing"), Text::new("mail-undo").with("receipt", "7k3fq2")];
    let bytes = notice(&address("new@example.org"), &Text::new("mail-attention"), &body, &letter(), english());
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.subject(), Some("What needs your attention"));
    assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert!(message.in_reply_to().as_text().is_none());
    insta::assert_snapshot!("notice_text", parts(&bytes).0);
}

#[test]
fn the_same_answer_is_the_same_bytes() {
    let mut answered = short();
    answered.tables = lists();
    assert_eq!(mail(&answered), mail(&answered));
}

/// Texts as a hostile or merely foreign sender writes them.
fn hostile() -> [String; 9] {
    [
        "<script>alert(1)</script> & \"quoted\" <b>".to_owned(),
        "a\r\nBcc: everybody@example.org\r\n\r\nbody".to_owned(),
        "x".repeat(10_000),
        "two words ".repeat(2_000),
        "安全机制概述".repeat(40),
        "نظرة عامة على الأمن \u{202e}evil\u{202c} 0243".to_owned(),
        "e\u{301}".repeat(3_000),
        "\u{0}\u{1b}[31mred\u{7f}\u{85}".to_owned(),
        "=?utf-8?q?=0d=0aBcc:_x@example.org?=".to_owned(),
    ]
}

#[test]
fn what_others_wrote_breaks_neither_headers_nor_lines_nor_html() {
    for text in hostile() {
        let mut answered = short();
        answered.lines[0].text.clone_from(&text);
        answered.lines[0].told = vec![Text::new("row-note").with("note", &text)];
        let Table::Actions { title, mut rows } = actions() else { unreachable!() };
        rows[0].item = Some(item("A-WG4-TP8-003", &text, &text));
        answered.tables = vec![Table::Actions { title, rows }];
        let thread = Thread {
            message_id: Some(text.clone()),
            references: vec![text.clone(), "ok@example.org".to_owned()],
            subject: text.clone(),
        };
        let bytes = answer(&answered, &thread, &Letter { group: text.clone(), ..letter() }, english());

        for line in bytes.split(|byte| *byte == b'\n') {
            assert!(line.len() <= 998, "a line of {} octets", line.len());
            assert!(line.is_empty() || line.ends_with(b"\r"), "a bare line feed");
        }
        let message = MessageParser::default().parse(&bytes).unwrap();
        let names: Vec<&str> = message.headers().iter().map(mail_parser::Header::name).collect();
        assert!(!names.contains(&"Bcc"), "{names:?}");
        assert!(message.header_raw("References").unwrap().contains("<ok@example.org>"));
        assert_eq!(message.from().unwrap().first().unwrap().address(), Some("minuted@example.org"));
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some("member-catt@example.org"));

        let (plain, html) = parts(&bytes);
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        for line in plain.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= 72, "{line}");
            assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
        }
        assert!(bytes.len() < 200_000, "{} bytes", bytes.len());
    }
}

#[test]
fn what_went_in_is_found_again_in_what_is_parsed() {
    let title = "نظرة عامة – Überblick <1> & „2“ 概述";
    let mut answered = short();
    answered.tables = vec![Table::Actions {
        title: Text::new("column-action"),
        rows: vec![row(1, item("A-WG4-TP8-003", title, "Lead Gemalto"))],
    }];
    let thread = Thread { subject: title.to_owned(), ..thread() };
    let (subject, text, html) = round_trip(&answered, &thread);
    assert_eq!(subject, format!("Re: {title}"));
    assert!(text.contains(title), "{text}");
    assert!(html.contains("Überblick &#60;1&#62; &#38; „2“ 概述"), "{html}");
}

/// Subject, text and HTML as they are read back.
fn round_trip(answered: &Answer, thread: &Thread) -> (String, String, String) {
    let bytes = answer(answered, thread, &letter(), english());
    let subject = MessageParser::default().parse(&bytes).unwrap().subject().unwrap().to_owned();
    let (text, html) = parts(&bytes);
    (subject, text, html)
}

#[test]
fn an_address_that_no_standard_allows_is_still_written_to() {
    for odd in ["a..b@example.org", "ü@example.org", "member@exa_mple.org"] {
        let bytes = mail(&Answer { to: address(odd), ..short() });
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some(odd));
    }
}

#[test]
fn a_long_thread_is_cited_by_its_first_and_its_last_messages() {
    let thread = Thread { references: (0..500).map(|at| format!("m{at}@example.org")).collect(), ..thread() };
    let bytes = answer(&short(), &thread, &letter(), english());
    let message = MessageParser::default().parse(&bytes).unwrap();
    let cited = message.references().as_text_list().unwrap();
    assert_eq!(cited.len(), 30);
    assert_eq!(cited[0], "m0@example.org");
    assert_eq!(cited[28], "m499@example.org");
    assert_eq!(cited[29], "CAF3@mail.example.com");
}

#[rstest]
#[case("2014-04-07", "2014-04-11", "7 to 11 April 2014")]
#[case("2014-04-28", "2014-05-02", "28 April to 2 May 2014")]
#[case("2014-12-29", "2015-01-02", "29 December 2014 to 2 January 2015")]
#[case("2014-04-07", "2014-04-07", "7 April 2014")]
fn days_are_written_as_people_write_them(#[case] first: &str, #[case] last: &str, #[case] expected: &str) {
    assert_eq!(english().dates(first.parse().unwrap(), last.parse().unwrap()), expected);
}

#[test]
fn a_moment_is_told_in_the_zone_of_the_group_with_the_zone_named() {
    let at = "2014-04-04T08:15:00Z".parse().unwrap();
    assert_eq!(english().date_and_time(at, &berlin()), "4 April 2014, 10:15 CEST");
    assert_eq!(english().date_and_time(at, &TimeZone::UTC), "4 April 2014, 08:15 UTC");
    assert_eq!(english().weekday_and_date("2014-04-04".parse().unwrap()), "Friday, 4 April 2014");
}

#[test]
fn what_answers_no_line_quotes_none() {
    let mut imported = short();
    imported.lines = vec![told(LineOutcome::Done, 0, "", vec![Text::new("mail-nothing")])];
    let (text, html) = parts(&mail(&imported));
    assert!(text.starts_with("Your mail"), "{text}");
    assert!(!html.contains("<blockquote"), "{html}");
}
