//! The next agenda asked for, edited and imported again.

use proptest::prelude::*;
use proptest::sample::select;

use super::world::*;
use crate::agenda::out::Agenda;
use crate::agenda::{self, AgendaDocument};
use crate::decide::{Input, LineOutcome, Outcome};
use crate::domain::{Contribution, ReferenceScheme, RequestKind, RequestState, Status};

/// The seed's agenda, as a word processor saves it as text.
const SEED: &str = include_str!("../../../tests/seed/agenda.txt");

fn read(bytes: &[u8]) -> AgendaDocument {
    agenda::read(bytes, &ReferenceScheme::default()).unwrap()
}

fn import(world: &mut World, document: &AgendaDocument) -> Outcome {
    world.input(Input::Agenda { document: Box::new(document.clone()), by: Some(address(SECRETARY)) })
}

/// The agenda that a member's mail is answered with.
fn asked(world: &mut World, from: &str, text: &str) -> Agenda {
    let outcome = world.mail(from, text);
    assert!(outcome.changes.is_empty());
    (**answer(&outcome).agenda.as_ref().unwrap_or_else(|| panic!("{:?}", keys(&outcome)))).clone()
}

fn exported(world: &mut World) -> Agenda {
    let outcome = world.input(Input::Export { meeting: None, name: Some("export".to_owned()) });
    (**answer(&outcome).agenda.as_ref().unwrap()).clone()
}

/// The files of an agenda, as their readers read them.
fn files(agenda: &Agenda) -> [(&'static str, AgendaDocument); 3] {
    [
        ("docx", read(&agenda.to_docx())),
        ("html", read(agenda.to_html().as_bytes())),
        ("txt", read(agenda.to_text().as_bytes())),
    ]
}

/// A group in which the seed's agenda is imported, before its meeting.
fn seeded() -> World {
    let mut world = World::with_members();
    world.at = "2014-04-01T08:00:00Z".parse().unwrap();
    import(&mut world, &read(SEED.as_bytes()));
    world
}

#[test]
fn the_seed_s_agenda_goes_out_and_into_an_empty_group_as_it_came() {
    let mut from = seeded();
    for at in ["2014-04-01T08:00:00Z", "2014-04-09T08:00:00Z", "2014-05-01T08:00:00Z"] {
        from.at = at.parse().unwrap();
        let exported = exported(&mut from);
        for (kind, document) in files(&exported) {
            assert_eq!(document.remarks, [""; 0], "{kind}");
            let mut to = World::with_members();
            to.at = "2014-04-01T08:00:00Z".parse().unwrap();
            import(&mut to, &document);
            for (reference, row) in &from.known.contributions {
                // A cell's blank lines are not written.
                let status_cell = row.status_cell.replace("\n\n", "\n");
                let row = Contribution { status_cell, ..row.clone() };
                assert_eq!(to.known.contributions.get(reference), Some(&row), "{kind}");
            }
            assert_eq!(to.known.contributions.len(), from.known.contributions.len(), "{kind}");
            assert_eq!(to.known.actions, from.known.actions, "{kind}");
            assert_eq!(to.known.meetings, from.known.meetings, "{kind}");
        }
    }
}

#[test]
fn the_agenda_s_own_structure_is_kept() {
    let mut world = seeded();
    let agenda = asked(&mut world, SECRETARY, "agenda");
    let headings: Vec<String> =
        agenda.sections.iter().map(|section| format!("{} {}", section.number, section.title)).collect();
    for heading in ["1.2 Schedule for WG4", "5 Action Item Status", "7.2 Proposed frameworks", "12 Closure of meeting"]
    {
        assert!(headings.contains(&heading.to_owned()), "{headings:?}");
    }
    assert_eq!(headings.last().map(String::as_str), Some("13 Decided contributions"));
    let section = |number: &str| agenda.sections.iter().find(|section| section.number == number).unwrap();
    let rows = |number: &str| section(number).table.as_ref().map_or(0, |table| table.rows.len());
    assert_eq!((rows("1.2"), rows("5"), rows("7.2"), rows("6")), (8, 7, 2, 1));
    // What was mailed since stands in the next one.
    world.mail(CHAIR, "SEC-2014-0243R02 agreed\nSEC-2014-0242 keep open\nregister SEC-2014-0300 \"Threats\" for 7.2");
    let agenda = asked(&mut world, CHAIR, "agenda SEC#10");
    let row = |reference: &str| {
        let mut rows = agenda.says.contributions.iter();
        let row = rows.find(|row| row.reference.to_string() == reference).unwrap();
        (row.reference_cell.clone(), row.status_cell.clone(), row.agenda_item.clone())
    };
    let said = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(row("SEC-2014-0243"), said("SEC-2014-0243R01", "R02 agreed (TBPosted)", "7.2"));
    assert_eq!(row("SEC-2014-0300"), said("SEC-2014-0300 (TBPosted)", "", "7.2"));
    assert_eq!(row("SEC-2014-0242"), said("SEC-2014-0242R01 > R02", "Keep OPEN, R02 expected", "7.2"));
}

#[test]
fn what_was_exported_changes_nothing_whoever_asked_for_it() {
    for from in [SECRETARY, OTHER] {
        let mut world = seeded();
        world.mail(LEAD, "done A-WG4-TP8-002\nongoing A-WG4-TP8-001");
        world.mail(
            CHAIR,
            "SEC-2014-0243R02 agreed\nSEC-2014-0249 merged into SEC-2014-0251R02\nnote SEC-2014-0240 not agreed?",
        );
        world.mail(CHAIR, "posted SEC-2014-0242R02\naction Lead CATT: Write the scope");
        let agenda = asked(&mut world, from, "agenda");
        assert_eq!(agenda.says.made_from.is_some(), from == SECRETARY);
        for (kind, document) in files(&agenda) {
            let outcome = import(&mut world, &document);
            assert_eq!(outcome.changes, [], "{kind}");
            assert_eq!(outcomes(&outcome), [LineOutcome::Unchanged], "{kind}");
        }
    }
}

#[test]
fn only_what_is_edited_acts_though_members_went_on() {
    let mut world = seeded();
    world.mail(LEAD, "ongoing A-WG4-TP8-002");
    let agenda = asked(&mut world, SECRETARY, "agenda");
    world.mail(LEAD, "done A-WG4-TP8-002");
    world.mail(CHAIR, "SEC-2014-0243R02 agreed");
    let mut edited = read(&agenda.to_docx());
    for row in &mut edited.action_items {
        if row.reference.to_string() == "A-WG4-TP8-005" {
            row.status = "Closed".to_owned();
        }
    }
    import(&mut world, &edited);
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Closed);
    assert_eq!(world.status("A-WG4-TP8-005"), Status::Closed);
    let paper = &world.known.contributions[&"SEC-2014-0243".parse().unwrap()];
    assert_eq!(paper.life.stands_at(None).to_string(), "R02 agreed");
    assert!(!world.known.requests.values().any(|request| matches!(request.kind, RequestKind::Conflict { .. })));
    // Where both changed the same, the two values wait.
    world.mail(CHAIR, "reopen A-WG4-TP8-002");
    let row = |document: &mut AgendaDocument, status: &str| {
        let row = document.action_items.iter_mut().find(|row| row.reference.to_string() == "A-WG4-TP8-002");
        row.unwrap().status = status.to_owned();
    };
    row(&mut edited, "Cancelled");
    import(&mut world, &edited);
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Open);
    let waiting = world.known.requests.values().filter(|request| request.state == RequestState::Waiting);
    assert_eq!(waiting.filter(|request| matches!(request.kind, RequestKind::Conflict { .. })).count(), 1);
}

#[test]
fn an_agenda_that_somebody_asks_for_does_not_change_what_an_older_file_means() {
    let mut world = seeded();
    world.mail(LEAD, "ongoing A-WG4-TP8-002");
    for from in [OTHER, CHAIR] {
        asked(&mut world, from, "agenda");
        // The file of before still says OPEN, as it did then.
        assert_eq!(import(&mut world, &read(SEED.as_bytes())).changes, []);
        assert_eq!(world.status("A-WG4-TP8-002"), Status::Ongoing);
    }
}

#[test]
fn what_is_decided_on_the_next_meeting_s_agenda_stands_on_it() {
    let mut world = seeded();
    world.at = "2014-05-05T08:00:00Z".parse().unwrap();
    world.mail(CHAIR, "meeting SEC#11 in TP11 2014-06-09 to 2014-06-13 Berlin deadline 2014-06-02");
    let agenda = asked(&mut world, SECRETARY, "agenda");
    assert_eq!(agenda.title, "Agenda SEC#11.0");
    let mut document = read(&agenda.to_docx());
    assert_eq!(import(&mut world, &document).changes, []);
    let row = document.contributions.iter_mut().find(|row| row.reference.to_string() == "SEC-2014-0257").unwrap();
    row.status_cell = "Noted".to_owned();
    world.at = "2014-06-10T08:00:00Z".parse().unwrap();
    import(&mut world, &document);
    let on = |world: &World, reference: &str| {
        world.known.contributions[&reference.parse().unwrap()].meeting.as_ref().unwrap().to_string()
    };
    assert_eq!((on(&world, "SEC-2014-0257").as_str(), on(&world, "SEC-2014-0258").as_str()), ("SEC#11.0", "SEC#10.0"));
}

#[test]
fn an_agenda_that_cannot_be_made_says_what_would_work() {
    let mut world = seeded();
    let outcome = world.mail(OTHER, "agenda SEC#77\nagenda TP77\nagenda\nagenda SEC#10");
    assert_eq!(
        keys(&outcome),
        ["refused-unplanned-meeting", "refused-plenary-alone", "told-next-agenda", "refused-one-agenda"]
    );
    let mut empty = World::with_members();
    let agenda = asked(&mut empty, OTHER, "agenda");
    assert_eq!(agenda.says.meeting, None);
    for (_, document) in files(&agenda) {
        assert_eq!((document.remarks.len(), import(&mut empty, &document).changes.len()), (0, 0));
    }
}

#[test]
fn a_dry_run_and_a_document_of_another_export_are_compared_with_the_last_import() {
    let mut world = seeded();
    let dry = world.mail(SECRETARY, "dry-run\nagenda");
    assert_eq!(answer(&dry).agenda.as_ref().unwrap().says.made_from, None);
    let first = read(&asked(&mut world, SECRETARY, "agenda").to_docx());
    world.mail(LEAD, "ongoing A-WG4-TP8-002");
    asked(&mut world, CHAIR, "agenda");
    assert_eq!(import(&mut world, &first).changes, []);
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Ongoing);
}

fn line() -> impl Strategy<Value = String> {
    let action = select(vec!["A-WG4-TP8-001", "A-WG4-TP8-002", "A-WG4-TP8-003", "A-WG4-TP8-005", "A-WG4-TP7-003"]);
    let act = select(vec![
        "done {}",
        "ongoing {}",
        "cancel {}",
        "reopen {}",
        "assign {} to Lead Gemalto + CATT, Qualcomm",
        "assign {} to interested companies",
        "what {}: Say \"this\" | that <b> & 鍵管理 \u{201c}quoted\u{201d}",
        "note {} something",
        "confirm {}",
    ]);
    let paper = select(vec![
        "SEC-2014-0251",
        "SEC-2014-0249",
        "SEC-2014-0243",
        "SEC-2014-0239",
        "SEC-2014-0263",
        "SEC-2014-0257",
        "SEC-2014-0262",
        "PRO-2014-0159",
        "SEC-2014-0247",
    ]);
    let said = select(vec![
        "{}R01 agreed",
        "{}R02 agreed",
        "{}R02 noted, expect R03",
        "{} keep open",
        "{}R01 noted; for the record",
        "{} merged into SEC-2014-0260",
        "posted {}R02",
        "posted {}R03",
        "withdraw {} because it is late",
        "note {} not agreed | \"yet\"?",
        "{}R01 postponed",
        "{}R01 revised to R02",
        "{} R02 TBD offline",
        "{}R01 noted, action to align it",
        "{} for e-mail approval",
        "{}R01 not pursued",
        "reopen {}",
        "{} see SEC-2014-0243",
    ]);
    let fixed = select(vec![
        "action Lead CATT, Gemalto: Align <x> & \"y\" | z",
        "register SEC-2014-0301 \"Threats | 'and' <more>\" for 7.2",
        "register SEC-2014-0302 \"Plain\"",
        "meeting SEC#11 2014-06-09 to 2014-06-13 Berlin",
        "session S9 SEC#10 2014-04-07 15:45-16:00 Parallel",
        "session S1 SEC#10 2014-04-07 14:00-15:00",
        "SEC-2014-0301 noted",
        "posted SEC-2014-0302",
        "cancel SEC#11",
        "undo",
    ]);
    let fill = |(line, with): (&str, &str)| line.replace("{}", with);
    prop_oneof![2 => (act, action).prop_map(fill), 4 => (said, paper).prop_map(fill), 1 => fixed.prop_map(ToOwned::to_owned)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What members mailed, whatever it was: the next agenda says it, and importing that is no news.
    #[test]
    fn what_was_exported_and_is_imported_again_changes_nothing(
        mails in proptest::collection::vec(proptest::collection::vec(line(), 1..5), 0..5),
        late in any::<bool>(),
        by_chair in any::<bool>(),
    ) {
        let mut world = seeded();
        world.at = if late { "2014-05-01T08:00:00Z" } else { "2014-04-08T08:00:00Z" }.parse().unwrap();
        for lines in &mails {
            world.mail(CHAIR, &lines.join("\n"));
        }
        let agenda = asked(&mut world, if by_chair { CHAIR } else { OTHER }, "agenda");
        for (kind, document) in files(&agenda) {
            prop_assert_eq!(&document, &agenda.says, "{}", kind);
            let outcome = import(&mut world, &document);
            let told: Vec<String> = outcome.changes.iter().map(|change| format!("{change:?}")).collect();
            // Of what somebody only looked at, nothing but the agenda that it stands on is news.
            let told: Vec<&String> = told.iter().filter(|told| by_chair || !told.contains("\"meeting\"")).collect();
            prop_assert!(told.is_empty(), "{}: {:?}", kind, told);
        }
    }
}

/// The references of a section's rows.
fn under(agenda: &Agenda, title: &str) -> Vec<String> {
    let section = agenda.sections.iter().find(|section| section.title == title);
    let rows = section.and_then(|section| section.table.as_ref()).map_or(&[][..], |table| &table.rows);
    rows.iter().map(|row| row[0].clone()).collect()
}

#[test]
fn what_was_decided_by_mail_since_the_last_meeting_is_listed_as_decided_once() {
    let mut world = seeded();
    world.at = "2014-05-06T08:00:00Z".parse().unwrap();
    world.mail(CHAIR, "register SEC-2014-0290 \"Privacy of subscriptions\" for 7.2\nSEC-2014-0290 agreed");
    world.mail(CHAIR, "meeting SEC#11 2014-06-09 to 2014-06-13 Berlin\nmeeting SEC#12 2014-08-11 to 2014-08-15 Berlin");
    world.mail(CHAIR, "posted SEC-2014-0290");
    let eleven = asked(&mut world, SECRETARY, "agenda SEC#11");
    assert!(under(&eleven, "Decided contributions").contains(&"SEC-2014-0290".to_owned()));
    for other in ["SEC#10", "SEC#12"] {
        let agenda = asked(&mut world, SECRETARY, &format!("agenda {other}"));
        let listed: Vec<String> = agenda.says.contributions.iter().map(|row| row.reference.to_string()).collect();
        assert!(!listed.contains(&"SEC-2014-0290".to_owned()), "{other}: {listed:?}");
    }
}

#[test]
fn attendees_are_those_who_said_so_by_name_and_organization() {
    let mut world = seeded();
    world.mail(LEAD, "remote SEC#10");
    world.mail(CHAIR, "attending SEC#10");
    world.mail(OTHER, "regrets SEC#10");
    let agenda = asked(&mut world, SECRETARY, "agenda");
    let section = agenda.sections.iter().find(|section| section.title == "Attendees").unwrap();
    let rows = &section.table.as_ref().unwrap().rows;
    let said: Vec<String> = rows.iter().filter(|row| !row[2].is_empty()).map(|row| row.join(" | ")).collect();
    assert_eq!(said, ["Chair (chair) | CATT | attending", "Member Gemalto | Gemalto | remote"]);
    assert!(!agenda.to_html().contains('@'));
}
