//! Whole answers, as people get them.

use jiff::tz::TimeZone;
use mail_parser::{MessageParser, MimeHeaders};

use super::*;
use crate::decide::{ActionRow, Answer, AnswerLine, HistoryRow, LineOutcome, Table};
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
    }
}

fn thread() -> Thread {
    Thread {
        message_id: Some("CAF3@mail.example.com".to_owned()),
        references: vec!["root@mail.example.com".to_owned()],
        subject: "Action items before TP10".to_owned(),
    }
}

/// A text that no catalogue holds is told with its key and arguments, which is enough here: the
/// words of `decide` are not this module's.
fn told(outcome: LineOutcome, number: usize, line: &str, told: Vec<Text>) -> AnswerLine {
    AnswerLine { number, text: line.to_owned(), outcome, told }
}

fn item(reference: &str, what: &str, who: &str) -> ActionItem {
    let mut item = ActionItem::new(reference.parse().unwrap());
    what.clone_into(&mut item.what);
    item.who = Owners::from(who);
    item
}

/// A row of a list.
fn row(number: u16, item: ActionItem) -> ActionRow {
    ActionRow {
        number,
        subject: Subject::Action(item.reference.clone()),
        item: Some(item),
        overdue: false,
        waits: None,
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
    long.notes.push("waits for the answer of WG2".to_owned());
    let request = ActionRow {
        number: 3,
        subject: Subject::Request(7),
        item: Some(item("A-WG4-TP8-001", "Give feedback on the use of HTTP", "Interested companies")),
        overdue: false,
        waits: Some(Text::new("history-by").with("by", "member-catt@example.org")),
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

#[test]
fn show() {
    let mut a = short();
    a.tables.push(actions());
    let bytes = answer(&a, &thread(), &letter(), english());
    println!("{}", String::from_utf8_lossy(&bytes));
    println!("{}", parts(&bytes).0);
}
