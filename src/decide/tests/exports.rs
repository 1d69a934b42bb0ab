//! Documents made from an export are compared with that export, whatever was exported or imported since.

use super::world::*;
use crate::agenda::{self, AgendaDocument};
use crate::decide::{Input, Outcome};
use crate::domain::{ReferenceScheme, RequestKind, RequestState, Status};

/// The seed's agenda, as a word processor saves it as text.
const SEED: &str = include_str!("../../../tests/seed/agenda.txt");

fn read(bytes: &[u8]) -> AgendaDocument {
    agenda::read(bytes, &ReferenceScheme::default()).unwrap()
}

fn import(world: &mut World, document: &AgendaDocument) -> Outcome {
    world.input(Input::Agenda { document: Box::new(document.clone()), by: Some(address(SECRETARY)) })
}

/// The agenda that somebody's mail is answered with, as a reader of the file reads it.
fn copy(world: &mut World, from: &str) -> AgendaDocument {
    read(&answer(&world.mail(from, "agenda")).agenda.as_ref().unwrap().to_docx())
}

/// A group in which the seed's agenda is imported, before its meeting.
fn seeded() -> World {
    let mut world = World::with_members();
    world.at = "2014-04-01T08:00:00Z".parse().unwrap();
    import(&mut world, &read(SEED.as_bytes()));
    world
}

/// The document with another status of that action item.
fn edited(document: &AgendaDocument, reference: &str, status: &str) -> AgendaDocument {
    let mut document = document.clone();
    let row = document.action_items.iter_mut().find(|row| row.reference.to_string() == reference);
    row.unwrap().status = status.to_owned();
    document
}

fn conflicts(world: &World) -> Vec<String> {
    let waiting = world.known.requests.values().filter(|request| request.state == RequestState::Waiting);
    let conflicts = waiting.filter_map(|request| match &request.kind {
        RequestKind::Conflict { subject, field, .. } => Some(format!("{subject} {field}")),
        _ => None,
    });
    conflicts.collect()
}

#[test]
fn an_unedited_copy_changes_nothing_though_there_is_a_newer_one() {
    let mut world = seeded();
    let old = world.known.actions[&"A-WG4-TP8-005".parse().unwrap()].what.clone();
    world.mail(CHAIR, "what A-WG4-TP8-005: Second text");
    let first = copy(&mut world, SECRETARY);
    copy(&mut world, CHAIR);
    world.mail(CHAIR, &format!("what A-WG4-TP8-005: {old}"));
    assert_eq!(import(&mut world, &first).changes, []);
    assert_eq!(conflicts(&world), [""; 0]);
}

#[test]
fn what_an_edited_copy_closed_stays_closed_when_the_first_comes_with_another_edit() {
    let mut world = seeded();
    let first = copy(&mut world, SECRETARY);
    import(&mut world, &edited(&first, "A-WG4-TP8-002", "CLOSED"));
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Closed);
    import(&mut world, &edited(&first, "A-WG4-TP8-005", "ONGOING"));
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Closed);
    assert_eq!(world.status("A-WG4-TP8-005"), Status::Ongoing);
    assert_eq!(conflicts(&world), [""; 0]);
}

#[test]
fn an_edit_that_came_before_does_not_act_again() {
    let mut world = seeded();
    let closed = edited(&copy(&mut world, SECRETARY), "A-WG4-TP8-002", "CLOSED");
    import(&mut world, &closed);
    world.mail(CHAIR, "reopen A-WG4-TP8-002");
    import(&mut world, &edited(&closed, "A-WG4-TP8-005", "ONGOING"));
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Open);
    // One of a newer copy does.
    let newer = copy(&mut world, SECRETARY);
    import(&mut world, &edited(&newer, "A-WG4-TP8-002", "CLOSED"));
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Closed);
}

#[test]
fn of_a_copy_that_is_not_kept_any_more_nothing_is_applied() {
    let mut world = seeded();
    let mut document = edited(&copy(&mut world, SECRETARY), "A-WG4-TP8-002", "CLOSED");
    let row = document.contributions.iter_mut().find(|row| row.reference.to_string() == "SEC-2014-0257").unwrap();
    row.status_cell = "Noted".to_owned();
    document.made_from = Some("k7xq2m".to_owned());
    let outcome = import(&mut world, &document);
    assert!(outcome.changes.iter().all(|change| change.subject.to_string().starts_with('r')), "{:?}", outcome.changes);
    assert_eq!(conflicts(&world), ["A-WG4-TP8-002 status", "SEC-2014-0257 status_cell"]);
    assert_eq!(import(&mut world, &document).changes, []);
}

#[test]
fn a_copy_that_was_handed_out_is_not_taken_back_with_its_mail() {
    let mut world = seeded();
    let outcome = world.mail(SECRETARY, "ongoing A-WG4-TP8-002\nagenda");
    let first = read(&answer(&outcome).agenda.as_ref().unwrap().to_docx());
    world.mail(SECRETARY, "undo");
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Open);
    assert_eq!(import(&mut world, &first).changes, []);
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Open);
}

#[test]
fn an_unedited_copy_as_comma_separated_values_changes_nothing() {
    let mut world = seeded();
    world.mail(CHAIR, "SEC-2014-0257 agreed");
    let outcome = world.input(Input::Export { meeting: None, name: Some("k7xq2m".to_owned()) });
    let values = answer(&outcome).agenda.as_ref().unwrap().to_csv();
    let mut document = agenda::read_contributions(&values, &ReferenceScheme::default()).unwrap();
    world.mail(CHAIR, "reopen SEC-2014-0257\nongoing A-WG4-TP8-002");
    assert_eq!(import(&mut world, &document).changes, []);
    assert_eq!(conflicts(&world), [""; 0]);
    document.action_items.iter_mut().for_each(|row| row.status = "Closed".to_owned());
    document.action_items.retain(|row| row.reference.to_string() == "A-WG4-TP8-005");
    import(&mut world, &document);
    assert_eq!(world.status("A-WG4-TP8-005"), Status::Closed);
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Ongoing);
}

/// The document with another status cell of that contribution.
fn decided(document: &AgendaDocument, reference: &str, status: &str) -> AgendaDocument {
    let mut document = document.clone();
    let row = document.contributions.iter_mut().find(|row| row.reference.to_string() == reference);
    row.unwrap().status_cell = status.to_owned();
    document
}

/// As [`import`], from the chair.
fn import_of_chair(world: &mut World, document: &AgendaDocument) -> Outcome {
    world.input(Input::Agenda { document: Box::new(document.clone()), by: Some(address(CHAIR)) })
}

#[test]
fn a_cell_that_is_edited_back_in_a_copy_acts() {
    let mut world = seeded();
    let copy = copy(&mut world, SECRETARY);
    let first = edited(&edited(&copy, "A-WG4-TP8-002", "CLOSED"), "A-WG4-TP8-005", "ONGOING");
    import(&mut world, &first);
    import(&mut world, &edited(&first, "A-WG4-TP8-002", "OPEN"));
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Open);
    assert_eq!(world.status("A-WG4-TP8-005"), Status::Ongoing);
    // What it said two versions before is no less an edit.
    let third = edited(&edited(&first, "A-WG4-TP8-002", "ONGOING"), "A-WG4-TP8-006", "ONGOING");
    import(&mut world, &third);
    import(&mut world, &edited(&third, "A-WG4-TP8-002", "CLOSED"));
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Closed);
}

#[test]
fn of_two_who_edit_one_copy_the_second_changes_only_what_he_edited() {
    let mut world = seeded();
    let copy = copy(&mut world, SECRETARY);
    import(&mut world, &decided(&edited(&copy, "A-WG4-TP8-002", "CLOSED"), "SEC-2014-0257", "Agreed"));
    let outcome = import_of_chair(&mut world, &edited(&copy, "A-WG4-TP8-005", "ONGOING"));
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Closed);
    assert_eq!(world.status("A-WG4-TP8-005"), Status::Ongoing);
    assert_eq!(outcome.changes.len(), 1, "{:?}", outcome.changes);
    assert_eq!(conflicts(&world), [""; 0]);
}

#[test]
fn what_two_have_edited_in_one_copy_waits_for_a_ruling() {
    let mut world = seeded();
    let copy = copy(&mut world, SECRETARY);
    import(&mut world, &decided(&edited(&copy, "A-WG4-TP8-002", "CLOSED"), "SEC-2014-0257", "Agreed"));
    import_of_chair(&mut world, &decided(&edited(&copy, "A-WG4-TP8-002", "ONGOING"), "SEC-2014-0257", "Rejected"));
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Closed);
    assert_eq!(conflicts(&world), ["A-WG4-TP8-002 status", "SEC-2014-0257 status_cell"]);
}

#[test]
fn an_earlier_version_of_ones_copy_takes_nothing_back() {
    let mut world = seeded();
    let copy = copy(&mut world, SECRETARY);
    let first = edited(&copy, "A-WG4-TP8-002", "CLOSED");
    import(&mut world, &first);
    import(&mut world, &edited(&edited(&first, "A-WG4-TP8-002", "ONGOING"), "A-WG4-TP8-005", "CLOSED"));
    let outcome = import(&mut world, &first);
    assert_eq!(outcome.changes, []);
    assert_eq!(keys(&outcome), ["told-agenda", "told-agenda-older", "told-agenda-left", "told-agenda-left"]);
    assert_eq!(world.status("A-WG4-TP8-002"), Status::Ongoing);
}

#[test]
fn a_session_whose_time_is_edited_in_a_copy_moves() {
    let mut world = seeded();
    let mut copy = copy(&mut world, SECRETARY);
    let before = world.known.meeting("SEC#10.0").unwrap().sessions.clone();
    let moved = copy.sessions.iter_mut().find(|session| session.title.contains("S3")).unwrap();
    moved.start = moved.start.saturating_add(jiff::Span::new().minutes(5));
    let moved = moved.clone();
    import(&mut world, &copy);
    let now = &world.known.meeting("SEC#10.0").unwrap().sessions;
    assert_eq!(now.len(), before.len());
    assert!(now.contains(&moved), "{now:?}");
    // Retitled as well, it stands in the same place.
    let again = copy.sessions.iter_mut().find(|session| session.title.contains("S3")).unwrap();
    again.start = again.start.saturating_add(jiff::Span::new().minutes(5));
    again.title = "Editing".to_owned();
    import(&mut world, &copy);
    let now = &world.known.meeting("SEC#10.0").unwrap().sessions;
    assert_eq!((now.len(), now.iter().filter(|session| session.title == "Editing").count()), (before.len(), 1));
}

#[test]
fn a_session_that_is_deleted_from_a_copy_stays_and_is_told() {
    let mut world = seeded();
    let mut copy = copy(&mut world, SECRETARY);
    copy.sessions.retain(|session| !session.title.contains("S3"));
    let outcome = import(&mut world, &copy);
    assert_eq!((keys(&outcome), outcome.changes.len()), (vec!["told-agenda", "told-agenda-session-left"], 0));
}

#[test]
fn a_session_that_was_moved_by_mail_is_not_moved_again_by_a_copy() {
    let mut world = seeded();
    let mut copy = copy(&mut world, SECRETARY);
    world.mail(CHAIR, "session S3 SEC#10 2014-04-11 07:00-07:30");
    let before = world.known.meeting("SEC#10.0").unwrap().sessions.clone();
    assert_eq!(import(&mut world, &copy).changes, []);
    let moved = copy.sessions.iter_mut().find(|session| session.title.contains("S3")).unwrap();
    moved.start = moved.start.saturating_add(jiff::Span::new().minutes(5));
    let outcome = import(&mut world, &copy);
    assert_eq!(keys(&outcome), ["told-agenda", "told-agenda-rulings"]);
    assert_eq!(world.known.meeting("SEC#10.0").unwrap().sessions, before);
}
