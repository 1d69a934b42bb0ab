//! What the weekly digest says, and what it keeps to itself.

use super::world::*;
use crate::decide::{Digest, Input, Table};
use crate::domain::{ActionItemRef, DueOccasion, Occasion, Recipient, Skip, Standing, Status};

/// The rows of the sections: `digest-overdue: 1 A-WG4-TP8-001`.
pub(super) fn rows(digest: &Digest) -> Vec<String> {
    let sections = digest.tables.iter().flat_map(|table| match table {
        Table::Actions { title, rows } => {
            rows.iter().map(|row| format!("{}: {} {}", title.key, row.number, row.subject)).collect::<Vec<_>>()
        }
        _ => panic!("a digest lists action items"),
    });
    sections.collect()
}

/// What changed: `A-WG4-TP8-001 by Chair: status`.
fn changed(digest: &Digest) -> Vec<String> {
    let events = digest.changed.iter().flat_map(|changed| changed.events.iter().map(move |event| (changed, event)));
    events
        .map(|(changed, event)| {
            let fields: Vec<&str> = event.changes.iter().map(|change| change.field.as_str()).collect();
            format!("{} by {}: {}", changed.subject, event.by.as_deref().unwrap_or("agenda"), fields.join(" "))
        })
        .collect()
}

#[test]
fn of_many_changes_the_newest_are_told_and_the_others_counted() {
    let mut world = World::new();
    for number in 100..160 {
        let reference = format!("A-WG4-TP9-{number}");
        world.has(&reference, "Write it down", "Lead CATT", Status::Open);
        world.at += jiff::SignedDuration::from_mins(1);
        world.mail(CHAIR, &format!("note {reference} seen"));
    }
    let digest = world.digest().unwrap();
    let told: Vec<String> = digest.changed.iter().map(|changed| changed.subject.to_string()).collect();
    let newest: Vec<String> = (120..160).map(|number| format!("A-WG4-TP9-{number}")).collect();
    assert_eq!((told, digest.more_changed), (newest, 20));
}

#[test]
fn a_members_copy_tells_what_the_list_is_told_and_what_is_theirs_first() {
    let mut world = World::new();
    world.set_due("A-WG4-TP8-003", "2014-05-01");
    world.mail(OTHER, "pause until 2014-06-07");
    world.mail(CHAIR, "note A-WG4-TP8-003 seen");
    let lead = world.known.roster.member_by_address(&address(LEAD)).unwrap().id;
    let (at, own) = (world.at, "A-WG4-TP8-003".parse::<ActionItemRef>().unwrap());
    let weekly = crate::calendar::weekly_now(world.known.rules.as_ref().unwrap(), at);
    let occasion = Occasion { recipient: Recipient::Member(lead), ..weekly.occasion };
    let due = DueOccasion { items: vec![own], ..DueOccasion::alone(occasion, at, Standing::OnTime) };
    let copy = world.input(Input::Occasion(Box::new(due))).occasion.unwrap().digest.unwrap();
    let list = world.digest().unwrap();
    assert_eq!(copy.to, address(LEAD));
    assert_eq!((copy.open, copy.overdue, &copy.changed), (list.open, list.overdue, &list.changed));
    assert_eq!(rows(&copy)[0], "copy-own: 1 A-WG4-TP8-003");
    let told = |digest: &Digest| -> Vec<String> {
        let mut told: Vec<String> = digest.rows().iter().map(|(_, subject)| subject.to_string()).collect();
        told.sort();
        told
    };
    assert_eq!(told(&copy), told(&list));
    let copy = serde_json::to_string(&copy).unwrap();
    assert!(!copy.contains(OTHER) && !copy.contains(CHAIR) && !copy.contains("2014-06-07"), "{copy}");
}

#[test]
fn every_open_item_has_one_row_in_the_first_section_that_it_belongs_to() {
    let mut world = World::new();
    world.has("A-WG4-TP9-002", "Late and nobody's", "", Status::Open);
    world.has("A-WG4-TP9-003", "Due on the last day that is soon", "Lead CATT", Status::Ongoing);
    world.has("A-WG4-TP9-005", "Due on the day after", "Lead CATT", Status::Open);
    world.has("A-WG4-TP9-006", "Due today", "Lead CATT", Status::ToBeConfirmed);
    world.has("A-WG4-TP9-007", "Due at a meeting without dates", "Lead CATT", Status::Open);
    world.has("P-WG4-001", "Proposed", "Lead CATT", Status::Proposed);
    for (reference, due) in [
        ("A-WG4-TP8-001", "SEC#10.0"),
        ("A-WG4-TP9-002", "2014-04-27"),
        ("A-WG4-TP9-003", "2014-05-12"),
        ("A-WG4-TP9-005", "2014-05-13"),
        ("A-WG4-TP9-006", "2014-04-28"),
        ("A-WG4-TP9-007", "TP12"),
        ("P-WG4-001", "2014-04-01"),
    ] {
        world.set_due(reference, due);
    }
    world.mail(LEAD, "extend A-WG4-TP8-001 2014-06-02");
    let digest = world.digest().unwrap();
    assert_eq!(
        rows(&digest),
        [
            "digest-overdue: 1 A-WG4-TP8-001",
            "digest-overdue: 2 A-WG4-TP9-002",
            "digest-soon: 3 A-WG4-TP9-006",
            "digest-soon: 4 A-WG4-TP9-003",
            "digest-incomplete: 5 A-WG4-TP8-002",
            "digest-incomplete: 6 A-WG4-TP8-003",
            "digest-open: 7 A-WG4-TP9-005",
            "digest-open: 8 A-WG4-TP9-007",
            "digest-proposed: 9 P-WG4-001",
            "digest-rulings: 10 request 1",
        ]
    );
    assert_eq!((digest.open, digest.overdue), (8, 2));
    assert_eq!(digest.rows().len(), 10);
}

#[test]
fn it_tells_what_changed_since_the_last_one_by_whom() {
    let mut world = World::new();
    world.mail(LEAD, "done A-WG4-TP8-001 because it is agreed\n\nnote A-WG4-TP8-001 see the minutes");
    world.mail(CHAIR, "action Lead CATT: Write the scope due TP11\n\naccept P-WG4-001");
    world.mail(OTHER, "action Lead CATT: Ask WG2");
    world.mail(CHAIR, "accept P-WG4-001");
    let first = world.digest().unwrap();
    assert_eq!(
        changed(&first),
        [
            "A-WG4-TP8-001 by Member Gemalto: status note note",
            "A-WG4-TP10-001 by Chair: what who due status",
            "A-WG4-TP10-002 by Chair: what who proposed_by status",
        ]
    );
    assert_eq!(first.last, None);
    world.after_hours(24);
    let second = world.digest().unwrap();
    assert_eq!((changed(&second), second.last), (vec![], Some("2014-04-28T08:00:00Z".parse().unwrap())));
    world.mail(CHAIR, "reopen A-WG4-TP8-001");
    assert_eq!(changed(&world.digest().unwrap()), ["A-WG4-TP8-001 by Chair: status"]);
}

#[test]
fn what_was_taken_back_and_what_is_nobodys_business_is_not_told() {
    let mut world = World::new();
    world.mail(CHAIR, "cancel A-WG4-TP8-003\n\npriority A-WG4-TP8-002 high");
    world.mail(CHAIR, "undo");
    world.mail(OTHER, "pause until 1 May 2014");
    world.mail(OTHER, "also home@example.net");
    world.mail(CHAIR, "member New Person, CATT, new.person@example.org");
    assert_eq!(changed(&world.digest().unwrap()), [""; 0]);
}

#[test]
fn an_imported_agenda_is_counted_and_what_it_changed_of_known_items_is_told() {
    let mut world = World::new();
    let mut asks = document();
    asks.action_items.push(row("A-WG4-TP8-003", "Align the terminology", "", "Open"));
    world.input(Input::Agenda { document: Box::new(asks.clone()), by: None });
    world.digest().unwrap();
    asks.action_items[0].status = "Closed".to_owned();
    asks.action_items.push(row("A-WG4-TP10-001", "Write the scope", "Lead CATT", "Open"));
    asks.contributions.push(paper("SEC-2014-0300", "Scope", ""));
    world.input(Input::Agenda { document: Box::new(asks), by: None });
    let digest = world.digest().unwrap();
    assert_eq!(changed(&digest), ["A-WG4-TP8-003 by agenda: status"]);
    assert_eq!((digest.imports.len(), digest.imports[0].actions, digest.imports[0].contributions), (1, 1, 1));
}

#[test]
fn with_nothing_open_and_nothing_changed_there_is_none() {
    let mut world = World::new();
    for reference in ["A-WG4-TP8-001", "A-WG4-TP8-002", "A-WG4-TP8-003"] {
        world.known.actions.get_mut(&reference.parse::<ActionItemRef>().unwrap()).unwrap().status = Status::Closed;
    }
    assert_eq!(world.digest(), None);
    world.mail(CHAIR, "note A-WG4-TP8-001 seen");
    assert!(world.digest().is_some(), "a change alone is worth telling");
    assert_eq!(world.digest(), None);
}

#[test]
fn what_is_skipped_says_nothing_and_stays_what_it_is() {
    let mut world = World::new();
    let occasion = Occasion::weekly("2014-04-28".parse().unwrap());
    for standing in [Standing::Skipped(Skip::TooLate), Standing::Skipped(Skip::BeforeStart)] {
        let due = DueOccasion::alone(occasion.clone(), world.at, standing);
        let came = world.input(Input::Occasion(Box::new(due))).occasion.unwrap();
        assert_eq!((came.standing, came.digest), (standing, None));
    }
}

#[test]
fn rows_that_a_reply_could_not_name_are_counted_only() {
    let mut world = World::empty();
    for number in 1..=999 {
        world.has(&format!("A-WG4-TP8-{number:03}"), "Write", "Lead CATT", Status::Open);
    }
    for number in 1..=3 {
        world.has(&format!("A-WG4-TP9-{number:03}"), "Write", "Lead CATT", Status::Open);
    }
    let digest = world.digest().unwrap();
    assert_eq!((digest.rows().len(), digest.more_rows, digest.open), (999, 3, 1002));
}

#[test]
fn a_row_of_a_digest_is_named_by_its_number() {
    let mut world = World::new();
    world.digest().unwrap();
    let outcome = world.reply(CHAIR, "digest", "2 done\n\ndone");
    assert_eq!(keys(&outcome), ["told-status", "refused-which-row"]);
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Closed);
}

#[test]
fn an_item_whose_owners_have_all_left_has_none() {
    let mut world = World::new();
    world.has("A-WG4-TP9-002", "Nobody is left", "Lead Member CATT", Status::Open);
    world.has("A-WG4-TP9-003", "Somebody is left", "Lead Member CATT, Qualcomm", Status::Open);
    for reference in ["A-WG4-TP9-002", "A-WG4-TP9-003"] {
        world.set_due(reference, "2014-09-01");
    }
    let of = |world: &mut World| {
        let rows = rows(&world.digest().unwrap());
        let rows = rows.iter().filter(|row| row.contains("TP9-00")).filter_map(|row| row.split(':').next());
        rows.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(of(&mut world), ["digest-open", "digest-open"]);
    world.mail(CHAIR, &format!("member {OTHER} left"));
    assert_eq!(of(&mut world), ["digest-incomplete", "digest-open"]);
}

#[test]
fn open_items_are_counted_week_by_week_back_from_now() {
    let mut world = World::new();
    let weeks = |digest: &Digest| digest.weeks.iter().map(|at| at.count).collect::<Vec<_>>();
    assert_eq!(weeks(&world.digest().unwrap()), [3; 9], "items of which no history tells were always there");
    world.mail(CHAIR, "action Lead CATT: Write the scope");
    world.after_hours(7 * 24);
    world.mail(CHAIR, "done A-WG4-TP8-001\n\ndone A-WG4-TP8-002\n\naction Lead CATT: Write the annex");
    world.mail(OTHER, "action CATT: What is only proposed is not open");
    world.after_hours(7 * 24);
    world.mail(CHAIR, "reopen A-WG4-TP8-001\n\ncancel A-WG4-TP8-003");
    assert_eq!(weeks(&world.digest().unwrap()), [3, 3, 3, 3, 3, 3, 4, 3, 3]);
    let counts = world.digest().map(|digest| digest.standing).unwrap();
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<usize>(), 4);
}
