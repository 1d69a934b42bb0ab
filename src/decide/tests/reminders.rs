//! What is said before a meeting, and to owners of what is theirs.

use super::digest::rows;
use super::world::*;
use crate::compose;
use crate::decide::{Came, Digest, Input, Table};
use crate::domain::{Dealt, DueOccasion, Occasion, OccasionKind, Recipient, Skip, Standing, Status, Subject};

fn occasion(recipient: Recipient, kind: OccasionKind, name: &str) -> Occasion {
    Occasion { recipient, kind, name: name.to_owned(), date: "2014-06-02".parse().unwrap() }
}

/// What becomes of occasions that are due now, on 2 June 2014.
fn come(world: &mut World, recipient: &Recipient, parts: &[(OccasionKind, &str, Standing)], items: &[&str]) -> Came {
    world.at = "2014-06-02T06:00:00Z".parse().unwrap();
    let mut parts = parts.iter().map(|(kind, name, standing)| Dealt {
        occasion: occasion(recipient.clone(), *kind, name),
        at: world.at,
        standing: *standing,
    });
    let first = parts.next().unwrap();
    let due = DueOccasion {
        also: parts.collect(),
        items: items.iter().map(|item| item.parse().unwrap()).collect(),
        ..DueOccasion::alone(first.occasion, first.at, first.standing)
    };
    let came = world.input(Input::Occasion(Box::new(due))).occasion.unwrap();
    if let Some(digest) = &came.digest {
        world.sent.insert("reminder".to_owned(), digest.rows());
    }
    came
}

fn told(digest: &Digest) -> String {
    let letter = compose::Letter {
        bot: address("minuted@example.org"),
        group: "SEC".to_owned(),
        message_id: "digest.x@example.org".to_owned(),
        date: "2014-06-02T06:00:00Z".parse().unwrap(),
        zone: jiff::tz::TimeZone::get("Europe/Berlin").unwrap(),
        reply_to: None,
    };
    let catalogue = compose::Catalogue::get("en").unwrap();
    let text = compose::digest_text(digest, &letter, catalogue);
    format!("{}\n{}", compose::digest_subject(digest, &letter, catalogue), text.replace("\n", " "))
}

const ON_TIME: Standing = Standing::OnTime;

#[test]
fn what_is_weekly_and_what_is_before_a_meeting_are_one_mail_that_says_both() {
    let mut world = World::new();
    world.set_due("A-WG4-TP8-001", "TP11");
    world.set_due("A-WG4-TP8-003", "2014-05-30");
    world.has("P-WG4-001", "Write the scope", "Lead CATT", Status::Proposed);
    let parts = [(OccasionKind::Weekly, "2014-W23", ON_TIME), (OccasionKind::Meeting, "SEC#11.0", ON_TIME)];
    let digest = come(&mut world, &Recipient::List, &parts, &[]).digest.unwrap();
    assert_eq!(
        rows(&digest),
        [
            "digest-overdue: 1 A-WG4-TP8-003",
            "reminder-at-meeting: 2 A-WG4-TP8-001",
            "digest-incomplete: 3 A-WG4-TP8-002",
            "digest-proposed: 4 P-WG4-001",
        ]
    );
    let text = told(&digest);
    for said in [
        "[SEC] SEC#11.0 begins in 7 days: 3 open, 1 overdue\n",
        "SEC#11.0 begins in 7 days, on Monday, 9 June 2014.",
        "In week 23 of 2014, 3 action items are open, 1 of them overdue.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let parts = [(OccasionKind::Meeting, "SEC#11.0", ON_TIME)];
    let digest = come(&mut world, &Recipient::List, &parts, &[]).digest.unwrap();
    assert_eq!(rows(&digest)[2], "digest-open: 3 A-WG4-TP8-002");
    assert!(!told(&digest).contains("In week"), "{}", told(&digest));
}

#[test]
fn documents_are_told_by_agenda_item_in_the_order_of_the_agenda() {
    let mut world = World::new();
    for (number, item) in [(301, "7.10"), (302, "7.9"), (303, ""), (304, "7.9")] {
        let mut contribution = crate::domain::Contribution::new(format!("SEC-2014-{number:04}").parse().unwrap());
        item.clone_into(&mut contribution.agenda_item);
        "Paper".clone_into(&mut contribution.title);
        contribution.meeting = Some("SEC#11.0".parse().unwrap());
        world.known.contributions.insert(contribution.reference.clone(), contribution);
    }
    let parts = [(OccasionKind::Deadline, "SEC#11.0", ON_TIME)];
    world.known.meetings.iter_mut().for_each(|meeting| meeting.deadline = meeting.start);
    let digest = come(&mut world, &Recipient::List, &parts, &[]).digest.unwrap();
    let documents: Vec<(String, usize)> = (digest.documents.iter())
        .map(|table| match table {
            Table::Contributions { title, rows } => (title.arguments[1].1.clone(), rows.len()),
            _ => panic!("documents are contributions"),
        })
        .collect();
    // The others are those of the group that are open, as on the agenda.
    let expected = [("7.9", 2), ("7.10", 1), ("-", 5)].map(|(item, count)| (item.to_owned(), count));
    assert_eq!(documents, expected);
    assert!(told(&digest).starts_with("[SEC] Contributions to SEC#11.0 are due in 7 days\n"), "{}", told(&digest));
}

#[test]
fn an_owner_is_told_of_their_own_items_and_closes_the_only_one_with_a_bare_done() {
    let mut world = World::new();
    world.set_due("A-WG4-TP8-001", "2014-06-03");
    let lead = world.known.roster.member_by_address(&address(LEAD)).unwrap().id;
    let parts = [(OccasionKind::Personal, "A-WG4-TP8-001", ON_TIME)];
    let digest = come(&mut world, &Recipient::Member(lead), &parts, &["A-WG4-TP8-001"]).digest.unwrap();
    assert_eq!((digest.to.as_str(), rows(&digest)), (LEAD, vec!["reminder-soon: 1 A-WG4-TP8-001".to_owned()]));
    assert_eq!(digest.rows(), [(1, Subject::Action("A-WG4-TP8-001".parse().unwrap()))]);
    assert!(told(&digest).starts_with("[SEC] Your action item A-WG4-TP8-001 is due soon\n"), "{}", told(&digest));
    assert_eq!(keys(&world.reply(LEAD, "reminder", "done")), ["told-status"]);
    assert_eq!(world.status("A-WG4-TP8-001"), Status::Closed);
    // Closed before it is told again: there is nothing to say.
    let came = come(&mut world, &Recipient::Member(lead), &parts, &["A-WG4-TP8-001"]);
    assert_eq!((came.standing, came.digest), (Standing::Skipped(Skip::NothingToSay), None));
}

#[test]
fn what_comes_late_says_so() {
    let mut world = World::new();
    world.set_due("A-WG4-TP8-001", "2014-06-01");
    let lead = world.known.roster.member_by_address(&address(LEAD)).unwrap().id;
    let late = (OccasionKind::Personal, "A-WG4-TP8-001", Standing::Late);
    let told_of = |world: &mut World, parts: &[(OccasionKind, &str, Standing)]| {
        told(&come(world, &Recipient::Member(lead), parts, &["A-WG4-TP8-001"]).digest.unwrap())
    };
    assert!(told_of(&mut world, &[late]).contains("This reminder comes late"));
    let meeting = (OccasionKind::Meeting, "SEC#11.0", ON_TIME);
    assert!(told_of(&mut world, &[meeting, late]).contains("Some of this comes late"));
}

#[test]
fn the_list_is_told_of_the_documents_that_the_agenda_lists() {
    let mut world = World::new();
    world.mail(CHAIR, "meeting SEC#11 2014-06-09 to 2014-06-13 Berlin");
    for number in ["0290", "0291", "0292"] {
        world.mail(CHAIR, &format!("register SEC-2014-{number} \"Paper {number}\" for 7.2\nposted SEC-2014-{number}"));
    }
    world.mail(CHAIR, "SEC-2014-0290 agreed\nSEC-2014-0291 keep open");
    world.at = "2014-06-02T06:00:00Z".parse().unwrap();
    let agenda = answer(&world.mail(CHAIR, "agenda SEC#11")).agenda.clone().unwrap();
    let mut listed: Vec<String> = agenda.says.contributions.iter().map(|row| row.reference.to_string()).collect();
    let parts = [(OccasionKind::Meeting, "SEC#11.0", ON_TIME)];
    let digest = come(&mut world, &Recipient::List, &parts, &[]).digest.unwrap();
    let documents: Vec<(String, Vec<String>)> = (digest.documents.iter())
        .map(|table| match table {
            Table::Contributions { title, rows } => {
                (title.key.clone(), rows.iter().map(|row| row.contribution.reference.to_string()).collect())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let mut told: Vec<String> = documents.iter().flat_map(|(_, rows)| rows.clone()).collect();
    listed.sort();
    told.sort();
    assert_eq!(told, listed);
    let decided = documents.iter().find(|(title, _)| title == "reminder-decided").unwrap();
    assert_eq!(decided.1, ["SEC-2014-0290"]);
}
