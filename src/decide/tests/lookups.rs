//! What the words of a command mean: references, rows, what is left out; and what is listed.

use rstest::rstest;

use super::world::*;
use crate::command::Addressed;
use crate::decide::{LineOutcome, Table};
use crate::domain::{Status, Subject};

fn titles(outcome: &crate::decide::Outcome) -> Vec<&str> {
    answer(outcome)
        .tables
        .iter()
        .map(|table| match table {
            Table::Actions { title, .. }
            | Table::Contributions { title, .. }
            | Table::Members { title, .. }
            | Table::Meetings { title, .. }
            | Table::History { title, .. }
            | Table::Calls { title, .. }
            | Table::Approvals { title, .. }
            | Table::Thread { title, .. }
            | Table::Documents { title, .. }
            | Table::Deliverables { title, .. }
            | Table::Commands { title, .. } => title.key.as_str(),
        })
        .collect()
}

/// The subjects of the first list of action items.
fn listed(outcome: &crate::decide::Outcome) -> Vec<String> {
    answer(outcome)
        .tables
        .iter()
        .find_map(|table| match table {
            Table::Actions { rows, .. } => Some(rows.iter().map(|row| row.subject.to_string()).collect()),
            _ => None,
        })
        .unwrap_or_default()
}

#[rstest]
#[case("done A-WG4-TP8-004", "refused-unknown-near")]
#[case("done A-WG4-TP7-999", "refused-unknown")]
#[case("done SEC-2014-0243", "refused-is-contribution")]
#[case("note SEC#10 late", "refused-is-meeting")]
#[case("status SEC-2014-0999", "refused-unknown-contribution")]
// Two groups' contributions of that number stand on the same agenda.
#[case("status 0255", "refused-ambiguous")]
#[case("status SEC-0255", "told-below")]
#[case("status 0243", "told-below")]
#[case("status 0244", "refused-unknown-contribution")]
#[case("status SEC#10", "told-below")]
#[case("status TP13", "refused-unknown-meeting")]
#[case("history TP13", "refused-unknown-meeting")]
#[case("history A-WG4-TP8-001", "told-below")]
#[case("help quit", "told-below")]
fn a_reference_means_what_is_known(#[case] text: &str, #[case] key: &str) {
    assert_eq!(keys(&World::new().mail(OTHER, text)), [key]);
}

#[test]
fn a_short_form_means_this_years_where_no_agenda_tells() {
    let mut world = World::new();
    world.known.meetings.clear();
    assert_eq!(keys(&world.mail(OTHER, "status 0100")), ["refused-ambiguous"]);
    assert_eq!(keys(&world.mail(OTHER, "status 0243")), ["told-below"]);
}

#[test]
fn rows_count_in_the_mail_replied_to() {
    let mut world = World::new();
    let all = world.mail(CHAIR, "list all");
    assert_eq!(listed(&all).len(), 5);
    let list = world.last_answer();
    assert_eq!(keys(&world.reply(LEAD, &list, "1 done")), ["told-status"]);
    assert_eq!(world.status("A-WG4-TP8-001"), Status::Closed);
    assert_eq!(keys(&world.reply(LEAD, &list, "9 done")), ["refused-no-such-row"]);
    assert_eq!(keys(&world.mail(LEAD, "1 done")), ["refused-row-without-mail"]);
    assert_eq!(keys(&world.reply(LEAD, "old@example.org", "1 done")), ["refused-row-without-mail"]);
    world.sent.insert("bare@example.org".to_owned(), Vec::new());
    assert_eq!(keys(&world.reply(LEAD, "bare@example.org", "1 done")), ["refused-no-rows"]);
}

#[test]
fn a_mail_about_one_item_needs_no_reference() {
    let mut world = World::new();
    world.mail(LEAD, "ongoing A-WG4-TP8-001");
    let first = world.last_answer();
    assert_eq!(keys(&world.reply(LEAD, &first, "done")), ["told-status"]);
    assert_eq!(world.status("A-WG4-TP8-001"), Status::Closed);
    assert_eq!(keys(&world.mail(LEAD, "done")), ["refused-which"]);
    // A mail that only lists one of several commands' items is about all of them.
    world.mail(CHAIR, "reopen A-WG4-TP8-001\ndone A-WG4-TP8-002");
    let both = world.last_answer();
    assert_eq!(keys(&world.reply(CHAIR, &both, "done")), ["refused-which"]);
}

#[test]
fn to_a_mail_with_several_rows_a_bare_command_changes_nothing_and_lists_them() {
    let mut world = World::new();
    world.mail(CHAIR, "list open");
    let list = world.last_answer();
    let outcome = world.reply(CHAIR, &list, "done\n\nhistory\n\nlist closed");
    assert_eq!(keys(&outcome), ["refused-which-row", "refused-which-row", "told-below"]);
    assert!(outcome.changes.is_empty());
    assert_eq!(titles(&outcome), ["list-replied", "list-closed"]);
    // Each number means one thing: those shown again what they meant, the others come behind.
    let rows = answer(&outcome).rows();
    let shown: Vec<(u16, String)> = rows.iter().map(|(number, subject)| (*number, subject.to_string())).collect();
    assert_eq!(
        shown,
        [
            (1, "A-WG4-TP8-001".to_owned()),
            (2, "A-WG4-TP8-002".to_owned()),
            (3, "A-WG4-TP8-003".to_owned()),
            (4, "A-WG4-TP9-001".to_owned()),
            (5, "A-WG4-TP9-004".to_owned()),
        ]
    );
    let again = world.last_answer();
    assert_eq!(keys(&world.reply(CHAIR, &again, "4 reopen")), ["told-status"]);
    assert_eq!(world.status("A-WG4-TP9-001"), Status::Open);
}

#[test]
fn requests_are_rows_too() {
    let mut world = World::new();
    world.mail(LEAD, "extend A-WG4-TP8-001 TP12");
    world.mail(OTHER, "action CATT: Write the scope");
    let outcome = world.mail(OTHER, "list proposed");
    assert_eq!(listed(&outcome), ["P-WG4-001", "request 1"]);
    let list = world.last_answer();
    let bare = world.reply(CHAIR, &list, "accept");
    assert_eq!(
        (keys(&bare), listed(&bare)),
        (vec!["refused-which-row"], vec!["P-WG4-001".to_owned(), "request 1".to_owned()])
    );
    assert_eq!(keys(&world.reply(CHAIR, &list, "done 2")), ["refused-is-request"]);
    assert_eq!(keys(&world.reply(CHAIR, &list, "1 accept\n2 accept")), ["told-accepted", "told-extended"]);
}

#[test]
fn lists_hold_what_their_names_say() {
    let mut world = World::new();
    world.set_due("A-WG4-TP8-001", "2014-04-27");
    world.set_due("A-WG4-TP8-003", "2014-04-28");
    for (text, title, expected) in [
        ("list", "list-open", &["A-WG4-TP8-001", "A-WG4-TP8-002", "A-WG4-TP8-003"][..]),
        ("status", "list-open", &["A-WG4-TP8-001", "A-WG4-TP8-002", "A-WG4-TP8-003"]),
        ("list mine", "list-mine", &["A-WG4-TP8-001"]),
        ("list overdue", "list-overdue", &["A-WG4-TP8-001"]),
        ("list closed", "list-closed", &["A-WG4-TP9-001", "A-WG4-TP9-004"]),
        ("list proposed", "list-proposed", &[]),
        ("list contributions", "list-contributions", &[]),
        ("list members", "list-members", &[]),
        ("list meetings", "list-meetings", &[]),
        ("help", "list-commands", &[]),
        ("help done", "list-commands", &[]),
        ("status A-WG4-TP8-003", "list-status", &["A-WG4-TP8-003"]),
    ] {
        let outcome = world.mail(SUPPORTER, text);
        assert_eq!(
            (titles(&outcome), listed(&outcome)),
            (vec![title], expected.iter().map(|each| (*each).to_owned()).collect()),
            "{text}"
        );
        assert_eq!(outcomes(&outcome), [LineOutcome::Told]);
        assert!(outcome.changes.is_empty() && outcome.receipt.is_none());
    }
}

#[test]
fn history_tells_who_did_what_and_an_accepted_proposals_life_is_one() {
    let mut world = World::new();
    world.mail(OTHER, "action CATT: Write the scope");
    world.mail(CHAIR, "accept P-WG4-001");
    for text in ["history A-WG4-TP10-001", "history P-WG4-001"] {
        let outcome = world.mail(OTHER, text);
        let Table::History { rows, .. } = &answer(&outcome).tables[0] else { panic!("no history") };
        assert_eq!(rows.first().map(|row| row.by.as_str()), Some("Member CATT"));
        assert_eq!(rows.last().map(|row| row.by.as_str()), Some("Chair"));
        let subjects: std::collections::BTreeSet<&Subject> = rows.iter().map(|row| &row.subject).collect();
        assert_eq!(subjects.len(), 2);
    }
}

#[test]
fn on_the_list_a_command_needs_its_mark() {
    let mut world = World::new();
    assert!(world.send(LEAD, "done A-WG4-TP8-001", Addressed::List, None).answer.is_none());
    assert_eq!(keys(&world.send(LEAD, "#done A-WG4-TP8-001", Addressed::List, None)), ["told-status"]);
}

#[test]
fn the_same_question_is_answered_once_a_mail_unless_something_changed_in_between() {
    let mut world = World::new();
    let outcome = world.mail(CHAIR, "list\nlist open\nlist\ndone A-WG4-TP8-001\nlist\nhelp\nhelp done");
    let told = ["told-below", "told-once", "told-once", "told-status", "told-below", "told-below", "told-below"];
    assert_eq!(keys(&outcome), told);
    assert_eq!(outcome.answer.unwrap().tables.len(), 4);
}

#[test]
fn an_answer_is_of_bounded_length_and_says_what_it_leaves_off() {
    let mut world = World::new();
    for number in 100..900 {
        world.has(&format!("A-WG4-TP9-{number}"), &"Write it down. ".repeat(60), "Lead CATT", Status::Open);
    }
    let words = ["list open", "list all", "list mine", "list", "status"];
    let text: Vec<&str> = std::iter::repeat_n(words, 10).flatten().collect();
    let outcome = world.mail(OTHER, &text.join("\n"));
    let answer = outcome.answer.unwrap();
    let intro = answer.intro.clone().unwrap();
    assert_eq!(intro.key, "intro-cut-told");
    let letter = crate::compose::Letter {
        bot: address("minuted@example.org"),
        group: "SEC".to_owned(),
        message_id: "answer.x@example.org".to_owned(),
        date: world.at,
        zone: jiff::tz::TimeZone::UTC,
        reply_to: None,
    };
    let thread = crate::compose::Thread { message_id: None, references: Vec::new(), subject: String::new() };
    let catalogue = crate::compose::Catalogue::get("en").unwrap();
    let mail = crate::compose::answer(&answer, &thread, &letter, catalogue);
    assert!(mail.len() < 250_000, "{} octets", mail.len());
    assert!(answer.rows().len() > 20, "{} rows", answer.rows().len());
}

/// The command that a text names.
fn argument(told: &crate::domain::Text) -> String {
    told.arguments.iter().find(|(name, _)| name == "command").map(|(_, command)| command.clone()).unwrap()
}

/// The rows that an answer lists, as their numbers and references.
fn numbered(answer: &crate::decide::Answer) -> Vec<(u16, String)> {
    let [Table::Actions { rows, .. }] = answer.tables.as_slice() else { panic!("{:?}", answer.tables) };
    rows.iter().map(|row| (row.number, row.subject.to_string())).collect()
}

#[test]
fn a_list_that_is_too_long_is_told_whole_over_as_many_mails_as_it_takes() {
    let mut world = World::new();
    for number in 100..700 {
        world.has(&format!("A-WG4-TP9-{number}"), &"Write it down. ".repeat(60), "Lead CATT", Status::Open);
    }
    let (mut asked, mut seen, mut mails) = ("list mine".to_owned(), Vec::new(), 0);
    loop {
        let answer = world.mail(OTHER, &asked).answer.unwrap();
        mails += 1;
        let rows = numbered(&answer);
        assert_eq!(usize::from(rows[0].0), seen.len() + 1, "a row has the number that it has in the whole list");
        seen.extend(rows.into_iter().map(|(_, reference)| reference));
        let told = answer.lines[0].told.iter().find(|told| told.key == "told-rest");
        assert_eq!(told.is_some(), answer.intro.is_some());
        let Some(told) = told else { break };
        asked = argument(told);
        assert_eq!(asked, format!("list mine from {}", seen.len() + 1));
    }
    let all: std::collections::BTreeSet<_> = seen.iter().collect();
    assert!(mails > 2 && all.len() == seen.len() && seen.len() >= 600, "{mails} mails, {} rows", seen.len());
    // A number of the second mail means what it showed.
    let answer = world.mail(OTHER, "list mine from 201").answer.unwrap();
    assert_eq!(numbered(&answer)[0].1, seen[200]);
    assert_eq!(
        answer.rows().first().map(|(number, subject)| (*number, subject.to_string())),
        Some((201, seen[200].clone()))
    );
    assert_eq!(keys(&world.mail(OTHER, "list mine from 900")), ["refused-list-ends"]);
    assert_eq!(keys(&world.mail(OTHER, "list meetings from 1")), ["told-below"]);
}

#[test]
fn a_long_history_goes_on_where_it_was_cut() {
    let mut world = World::new();
    for number in 0..400 {
        world.mail(CHAIR, &format!("note A-WG4-TP8-001 {number}: {}", "remark ".repeat(100)));
    }
    let answer = world.mail(OTHER, "history A-WG4-TP8-001").answer.unwrap();
    let told = answer.lines[0].told.iter().find(|told| told.key == "told-rest").expect("the rest");
    let command = argument(told);
    assert!(command.starts_with("history A-WG4-TP8-001 from "), "{command}");
    let answer = world.mail(OTHER, &command).answer.unwrap();
    assert!(matches!(answer.tables.as_slice(), [Table::History { rows, .. }] if !rows.is_empty()));
}
