use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::agenda::{AgendaError, forms, read, read_contributions};
use crate::domain::life::{How, Living, Row, Said, Trace};
use crate::domain::phrase::listed_revisions;
use crate::domain::{Contribution, ContributionRef, Owners, Phrase, Plenary, Revision, Session, Status};

/// What a group knows.
#[derive(Debug, Clone)]
struct State {
    meeting: Option<Meeting>,
    next: Vec<Meeting>,
    items: Vec<(String, String)>,
    actions: Vec<ActionItem>,
    contributions: Vec<Contribution>,
    name: Option<String>,
}

impl State {
    fn agenda(&self) -> Agenda {
        let last = Meeting::new("SEC#9.0".parse().unwrap());
        agenda(&Material {
            group: "oneM2M WG4 SEC",
            scheme: &ReferenceScheme::default(),
            today: date(2014, 3, 1),
            meeting: self.meeting.as_ref(),
            last: Some(&last),
            next: self.next.iter().collect(),
            officers: vec![
                ["Chair".to_owned(), "Kim <Lee> & Sons".to_owned(), "CATT".to_owned()],
                ["Secretary".to_owned(), "Secretary".to_owned(), "Qualcomm, Inc.".to_owned()],
            ],
            attendees: vec![["Member <1>".to_owned(), "Gemalto | N.V.".to_owned(), "remote".to_owned()]],
            items: self.items.clone(),
            actions: self.actions.iter().collect(),
            contributions: self.contributions.iter().collect(),
            name: self.name.as_deref(),
        })
    }
}

/// What a reader reads of each kind of file.
fn read_back(agenda: &Agenda) -> Vec<(&'static str, Result<AgendaDocument, AgendaError>)> {
    let files = [
        ("docx", agenda.to_docx()),
        ("html", agenda.to_html().into_bytes()),
        ("text", agenda.to_text().into_bytes()),
        ("markdown", agenda.to_markdown().into_bytes()),
        ("json", agenda.to_json().into_bytes()),
    ];
    let scheme = ReferenceScheme::default();
    files.into_iter().map(|(kind, bytes)| (kind, read(&bytes, &scheme))).collect()
}

/// What two documents say otherwise, a line each.
fn differences(found: &AgendaDocument, meant: &AgendaDocument) -> Vec<String> {
    let lines = |document: &AgendaDocument| -> Vec<String> {
        let json = serde_json::to_value(document).unwrap();
        let fields = json.as_object().unwrap().iter();
        let line = |(name, value): (&String, &serde_json::Value)| match value {
            serde_json::Value::Array(rows) => rows.iter().map(|row| format!("{name}: {row}")).collect(),
            value => vec![format!("{name}: {value}")],
        };
        fields.flat_map(line).collect()
    };
    let (found, meant) = (lines(found), lines(meant));
    let only = |mark: &str, one: &[String], other: &[String]| -> Vec<String> {
        one.iter().filter(|line| !other.contains(line)).map(|line| format!("{mark} {line}")).collect()
    };
    let mut told = only("read", &found, &meant);
    told.extend(only("meant", &meant, &found));
    if told.is_empty() && found != meant {
        told.push("another order".to_owned());
    }
    told
}

/// Rows as a life became by what was said, one after the other.
fn lived(reference: ContributionRef, cells: (&str, &str), said: &[String], posted: &[u8]) -> Contribution {
    let scheme = ReferenceScheme::default();
    let mut contribution = Contribution::new(reference.clone());
    (contribution.reference_cell, contribution.status_cell) = (cells.0.to_owned(), cells.1.to_owned());
    let trace = Trace { on: Some(date(2014, 2, 21)), at: Some("SEC#9.0".parse().unwrap()), ..Trace::default() };
    let mut living = Living::new(&reference, &contribution.life);
    if !cells.0.is_empty() {
        let (listed, phrase) = (listed_revisions(cells.0, &reference), Phrase::read(cells.1, &scheme));
        living.read_row(&Row {
            listed: &listed,
            come_since: &BTreeSet::new(),
            phrase: &phrase,
            before: None,
            changed: true,
            trace: &trace,
        });
    }
    let mail = Trace { message: Some("m@example.org".to_owned()), ..trace };
    for (at, text) in said.iter().enumerate() {
        let phrase = Phrase::read(text, &scheme);
        living.hear(&Said { phrase: &phrase, revision: None, trace: &mail });
        if let Some(revision) = posted.get(at) {
            living.available(Revision::new(*revision), How::Posted, &mail);
        }
    }
    contribution.life = living.life().clone();
    contribution
}

fn words() -> impl Strategy<Value = String> {
    let word = select(vec![
        "Overview",
        "of",
        "Ünïcode",
        "鍵管理",
        "a|b",
        "\"quoted\"",
        "<b>",
        "&amp;",
        "*bold*",
        "_x_",
        "\\",
        "`c`",
        "—",
        "7.2",
        "SEC-2014-0243R01",
        "TS-0003",
        "(high",
        "Priority)",
        "#1",
        "'s",
        "$x$",
        "[y]",
        "~z~",
        "https://example.org/?a=b&c",
        "\u{a0}",
        "\u{ad}soft",
        "مفتاح",
        "🔑",
        "=1+1",
        "Agenda",
        "Noted",
        "status",
        "and",
        "Monday",
        "10:00",
    ]);
    proptest::collection::vec(word, 0..8).prop_map(|words| words.join(" "))
}

fn title() -> impl Strategy<Value = String> {
    prop_oneof![4 => words(), 1 => words().prop_map(|words| format!("{words} ").repeat(40)), 1 => Just("Line\n\ntwo\tthree".to_owned())]
}

fn phrase() -> impl Strategy<Value = String> {
    let known = select(vec![
        "Noted",
        "Agreed",
        "R01 agreed",
        "R02 agreed (TBPosted)",
        "Noted, R01 TBD offline",
        "Keep OPEN",
        "Postponed",
        "Revised to R02",
        "R03 expected",
        "Noted, see 0243R02",
        "merged into SEC-2014-0251R02",
        "Withdrawn",
        "Not pursued",
        "Noted, Merge TBD offline\nRevision expected",
        "Noted, TBD in teleconf",
        "R01 agreed, action to align existing text",
        "Conditionally agreed",
        "For e-mail approval",
        "R02 noted, expect R03",
        "revised to S2-1908628",
        "to be merged with 0251",
        "to be applied to TS-0003",
        "R01 noted; for the record",
        "open",
        "Noted\n\u{201c}Key\u{201d} chosen",
        "Not treated",
        "Rejected (no time)",
    ]);
    prop_oneof![5 => known.prop_map(ToOwned::to_owned), 1 => words()]
}

fn contribution() -> impl Strategy<Value = Contribution> {
    let number = (select(vec!["SEC", "PRO"]), 200_u16..300);
    let cells = proptest::option::of((select(vec!["", "R01", " > R01", "R01 > R02", " (TBPosted)"]), phrase()));
    let said = proptest::collection::vec(phrase(), 0..4);
    let posted = proptest::collection::vec(0_u8..4, 0..4);
    let place = (
        select(vec!["7", "7.1", "7.2", "8", "12.10", "", "AOB", "7.123", "5", "1.2", "99"]),
        select(vec![None, Some("TS-0003"), Some("TR-0008"), Some("nonsense")]),
        select(vec![None, Some("SEC#9.0"), Some("SEC#10.0"), Some("SEC#8.0")]),
    );
    (number, title(), words(), cells, said, posted, place).prop_map(
        |((prefix, number), title, source, cells, said, posted, (item, deliverable, meeting))| {
            let reference: ContributionRef = format!("{prefix}-2014-{number:04}").parse().unwrap();
            let cells =
                cells.map(|(revisions, status)| (format!("{reference}{revisions}"), status)).unwrap_or_default();
            let lived = lived(reference, (&cells.0, &cells.1), &said, &posted);
            Contribution {
                title,
                source,
                agenda_item: item.to_owned(),
                deliverable: deliverable.map(ToOwned::to_owned),
                meeting: meeting.map(|meeting| meeting.parse().unwrap()),
                ..lived
            }
        },
    )
}

fn action() -> impl Strategy<Value = ActionItem> {
    let who = select(vec![
        "",
        "Lead Qualcomm, Gemalto",
        "Lead LG Electronics +  Qualcomm",
        "Interested companies",
        "Gemalto",
        "Qualcomm, Inc., CATT",
        "Chair",
    ]);
    let reference = prop_oneof![
        (1_u16..60).prop_map(|number| format!("A-WG4-TP9-{number:03}")),
        (1_u16..60).prop_map(|number| format!("P-WG4-{number:03}")),
    ];
    let status = select(vec![Status::Open, Status::Ongoing, Status::ToBeConfirmed, Status::Proposed]);
    (reference, title(), who, status).prop_map(|(reference, what, who, status)| ActionItem {
        what,
        who: Owners::from(who),
        status,
        ..ActionItem::new(reference.parse().unwrap())
    })
}

fn meeting() -> impl Strategy<Value = Meeting> {
    let session =
        (7_i8..12, 8_i8..17, proptest::option::of(select(vec!["Main", "Break-out", "2nd floor", "Röom | 3"])), words());
    let sessions = proptest::collection::vec(session, 0..5);
    (any::<bool>(), any::<bool>(), select(vec![None, Some("Berlin, Germany"), Some("Sophia | Antipolis")]), sessions)
        .prop_map(|(dated, plenary, place, sessions)| {
            let mut meeting = Meeting::new("SEC#10.0".parse().unwrap());
            if dated {
                (meeting.start, meeting.end) = (Some(date(2014, 4, 7)), Some(date(2014, 4, 11)));
                meeting.deadline = Some(date(2014, 3, 31));
            }
            meeting.plenary = plenary.then(|| Plenary { series: "TP".to_owned(), number: 10 });
            meeting.place = place.map(ToOwned::to_owned);
            for (day, hour, room, title) in sessions {
                let start = jiff::civil::time(hour, 0, 0, 0);
                let end = jiff::civil::time(hour + 1, 30, 0, 0);
                let (room, title) = (room.map(ToOwned::to_owned), format!("S{hour} {title}"));
                meeting.sessions.push(Session { date: date(2014, 4, day), start, end, room, title });
            }
            meeting
        })
}

fn state() -> impl Strategy<Value = State> {
    let seed: Vec<(String, String)> = forms::seed().items.into_iter().map(|item| (item.number, item.title)).collect();
    let odd = [("1", "Opening"), ("7", "matters of oneM2M, TS-0003 and TR-0008"), ("8", "3GPP"), ("99", "End")];
    let odd: Vec<(String, String)> = odd.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let next = Meeting { start: Some(date(2014, 6, 9)), ..Meeting::new("SEC#11.0".parse().unwrap()) };
    let nexts = select(vec![vec![], vec![next, Meeting::new("SEC#12.0".parse().unwrap())]]);
    let actions = proptest::collection::vec(action(), 0..6);
    let contributions = proptest::collection::vec(contribution(), 0..12);
    let items = select(vec![Vec::new(), seed, odd]);
    let name = select(vec![None, Some("k7xq2m".to_owned())]);
    (proptest::option::weighted(0.8, meeting()), nexts, items, actions, contributions, name).prop_map(
        |(meeting, next, items, mut actions, mut contributions, name)| {
            actions.sort_by(|a, b| a.reference.cmp(&b.reference));
            actions.dedup_by(|a, b| a.reference == b.reference);
            contributions.sort_by(|a, b| a.reference.cmp(&b.reference));
            contributions.dedup_by(|a, b| a.reference == b.reference);
            State { meeting, next, items, actions, contributions, name }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_kind_of_file_says_what_was_meant(state in state()) {
        let agenda = state.agenda();
        for (kind, found) in read_back(&agenda) {
            let found = found.map_err(|error| TestCaseError::fail(format!("{kind}: {error}")))?;
            let differs = differences(&found, &agenda.says);
            prop_assert!(differs.is_empty(), "{}: {}", kind, differs.join("\n"));
        }
        if agenda.says.contributions.len() + agenda.says.action_items.len() > 0 {
            let found = read_contributions(&agenda.to_csv(), &ReferenceScheme::default()).unwrap();
            prop_assert_eq!(&found.contributions, &agenda.says.contributions);
            prop_assert_eq!(&found.action_items, &agenda.says.action_items);
            prop_assert_eq!(&found.made_from, &agenda.says.made_from);
            prop_assert_eq!(&found.remarks, &Vec::<String>::new());
        }
    }

    #[test]
    fn cells_read_again_change_nothing(contribution in contribution()) {
        let scheme = ReferenceScheme::default();
        let cells = cells(&contribution, &scheme);
        let (own, life) = (&contribution.reference, &contribution.life);
        if life.is_empty() {
            return Ok(());
        }
        let mut living = Living::new(own, life);
        let (listed, phrase) = (listed_revisions(&cells.reference, own), Phrase::read(&cells.status, &scheme));
        living.read_row(&Row { listed: &listed, come_since: &BTreeSet::new(), phrase: &phrase, before: None, changed: true, trace: &Trace::default() });
        prop_assert_eq!(&living.life().decisions, &life.decisions);
        prop_assert_eq!(&living.life().follow_ups, &life.follow_ups);
        prop_assert_eq!(living.life().available(), life.available());
    }
}
