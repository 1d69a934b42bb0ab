//! Agendas imported: three ways to differ, and what comes of each.

use super::world::*;
use crate::agenda::AgendaDocument;
use crate::command::{Addressed, Command, Line};
use crate::decide::{Input, LineOutcome, Outcome, Table};
use crate::domain::{RequestKind, RequestState, Status};

const ITEM: &str = "A-WG4-TP10-001";
const WHAT: &str = "Specify credential management (high Priority)";
const WHO: &str = "Lead Gemalto, Qualcomm";

fn import(world: &mut World, document: AgendaDocument) -> Outcome {
    world.input(Input::Agenda { document: Box::new(document), by: Some(address(SECRETARY)) })
}

/// An agenda with one action item and one contribution.
fn agenda(what: &str, who: &str, status: &str) -> AgendaDocument {
    AgendaDocument {
        action_items: vec![row(ITEM, what, who, status)],
        contributions: vec![paper("SEC-2014-0300", "Threats", "Noted")],
        sessions: vec!["2014-06-09 15:45-17:00 [Room 1] WG4 (session S1)".parse().unwrap()],
        ..document()
    }
}

fn imported() -> World {
    let mut world = World::new();
    import(&mut world, agenda(WHAT, WHO, "Open"));
    world
}

/// What waits for a ruling.
fn conflicts(world: &World) -> Vec<(String, String)> {
    let waiting = world.known.requests.values().filter(|request| request.state == RequestState::Waiting);
    let conflict = |kind: &RequestKind| match kind {
        RequestKind::Conflict { field, document, .. } => Some((field.clone(), document.clone().unwrap_or_default())),
        _ => None,
    };
    waiting.filter_map(|request| conflict(&request.kind)).collect()
}

#[test]
fn a_first_import_makes_what_it_lists() {
    let mut world = World::new();
    let outcome = import(&mut world, agenda(WHAT, WHO, "Open"));
    assert_eq!((keys(&outcome), outcomes(&outcome)), (vec!["told-agenda"], vec![LineOutcome::Done]));
    assert_eq!(
        (
            argument(&outcome, "new"),
            argument(&outcome, "changed"),
            argument(&outcome, "same"),
            argument(&outcome, "values")
        ),
        ("2", "0", "0", "2")
    );
    let item = world.item(ITEM);
    assert_eq!((item.what.as_str(), item.who.as_str(), item.status), (WHAT, WHO, Status::Open));
    assert_eq!(item.priority.map(|priority| priority.to_string()).as_deref(), Some("high"));
    let meeting = world.known.meeting("TP11").unwrap();
    assert_eq!((meeting.place.as_deref(), meeting.sessions.len()), (Some("Berlin, Germany"), 1));
    assert_eq!(world.known.contributions[&"SEC-2014-0300".parse().unwrap()].status_cell, "Noted");
}

#[test]
fn the_same_agenda_again_changes_nothing() {
    let mut world = imported();
    let before = world.known.clone();
    let again = import(&mut world, agenda(WHAT, WHO, "Open"));
    assert_eq!((outcomes(&again), again.changes.len()), (vec![LineOutcome::Unchanged], 0));
    // White space in a cell is no difference.
    let spaced = import(&mut world, agenda(&WHAT.replace(' ', "\n  "), WHO, " Open "));
    assert!(spaced.changes.is_empty());
    assert_eq!(world.known, before);
}

#[test]
fn a_cell_that_only_the_document_changed_is_taken_over() {
    let mut world = imported();
    let outcome = import(&mut world, agenda("Specify key management", "Lead CATT", "Ongoing"));
    // The operator is told what differs, as who mails it is.
    let told = vec!["told-agenda", "told-agenda-what", "told-agenda-who", "told-agenda-status"];
    assert_eq!((keys(&outcome), argument(&outcome, "changed")), (told, "1"));
    let item = world.item(ITEM);
    assert_eq!(
        (item.what.as_str(), item.who.as_str(), item.status),
        ("Specify key management", "Lead CATT", Status::Ongoing)
    );
}

#[test]
fn what_was_closed_by_mail_stays_closed() {
    let mut world = imported();
    world.mail(LEAD, &format!("done {ITEM}"));
    let outcome = import(&mut world, agenda(WHAT, WHO, "Open"));
    assert!(outcome.changes.is_empty());
    assert_eq!((world.status(ITEM), conflicts(&world)), (Status::Closed, Vec::new()));
    // The document caught up.
    let outcome = import(&mut world, agenda(WHAT, WHO, "Closed"));
    assert!(outcome.changes.is_empty());
    assert_eq!(world.status(ITEM), Status::Closed);
}

#[test]
fn where_both_changed_an_officer_rules() {
    for (ruling, key, after) in
        [("accept", "told-conflict-accepted", Status::Ongoing), ("reject", "told-request-rejected", Status::Closed)]
    {
        let mut world = imported();
        world.mail(LEAD, &format!("done {ITEM}"));
        let outcome = import(&mut world, agenda(WHAT, WHO, "Ongoing"));
        assert_eq!(keys(&outcome), ["told-agenda", "told-agenda-rulings"]);
        assert_eq!(
            (world.status(ITEM), conflicts(&world)),
            (Status::Closed, vec![("status".to_owned(), "ongoing".to_owned())])
        );
        // Imported again, it is not asked again.
        assert!(import(&mut world, agenda(WHAT, WHO, "Ongoing")).changes.is_empty());
        let listed = world.mail(CHAIR, "list proposed");
        let Table::Actions { rows, .. } = &answer(&listed).tables[0] else { panic!("no rows") };
        assert_eq!(rows[0].waits.as_ref().unwrap().key, "waits-conflict");
        assert_eq!(keys(&world.mail(CHAIR, &format!("{ruling} {ITEM}"))), [key]);
        assert_eq!((world.status(ITEM), conflicts(&world)), (after, Vec::new()));
        // And once it is ruled on, the same document changes nothing any more.
        assert!(import(&mut world, agenda(WHAT, WHO, "Ongoing")).changes.is_empty());
        assert_eq!(world.status(ITEM), after);
    }
}

#[test]
fn an_item_made_by_mail_is_not_overwritten_by_an_agenda_that_says_otherwise() {
    let mut world = World::new();
    world.mail(CHAIR, "action Lead Gemalto: Write the scope");
    import(&mut world, agenda("Write the annex", "Lead Gemalto", "Open"));
    assert_eq!(world.item(ITEM).what, "Write the scope");
    assert_eq!(conflicts(&world), [("what".to_owned(), "Write the annex".to_owned())]);
}

#[test]
fn an_emptied_cell_and_a_missing_row_remove_nothing() {
    let mut world = imported();
    let before = world.known.clone();
    assert!(import(&mut world, agenda("", " ", "")).changes.is_empty());
    assert!(import(&mut world, document()).changes.is_empty());
    assert_eq!(world.known, before);
    // An emptied cell is no new base either: the old text again is no change.
    world.mail(LEAD, &format!("done {ITEM}"));
    assert!(import(&mut world, agenda(WHAT, WHO, "Open")).changes.is_empty());
    assert_eq!(world.status(ITEM), Status::Closed);
}

#[test]
fn what_is_not_understood_is_kept_as_a_doubt_and_asked_once() {
    let mut world = World::new();
    let odd = || AgendaDocument {
        remarks: vec!["row 7: \"close A-WG4-TP8-001\" stands in no column".to_owned()],
        ..agenda(WHAT, "Lead Nokia", "See minutes")
    };
    let outcome = import(&mut world, odd());
    assert_eq!(keys(&outcome), ["told-agenda", "told-agenda-rulings"]);
    let doubts = world.known.requests.len();
    assert_eq!(doubts, 3, "the remark, the status, the owner");
    assert!(import(&mut world, odd()).changes.is_empty());
    assert_eq!(keys(&world.mail(CHAIR, "accept request 1")), ["told-doubt-noted"]);
    assert!(import(&mut world, odd()).changes.is_empty());
    // An unknown organization is kept, and grants nothing.
    assert_eq!((world.item(ITEM).who.as_str(), world.status(ITEM)), ("Lead Nokia", Status::Open));
    assert_eq!(world.status("A-WG4-TP8-001"), Status::Open);
}

#[test]
fn a_session_that_changed_takes_the_place_of_the_one_at_its_time() {
    let mut world = imported();
    let mut moved = agenda(WHAT, WHO, "Open");
    moved.sessions = vec!["2014-06-09 15:45-18:00 [Room 2] WG4 (session S1)".parse().unwrap()];
    import(&mut world, moved);
    let sessions = &world.known.meeting("TP11").unwrap().sessions;
    assert_eq!((sessions.len(), sessions[0].room.as_deref()), (1, Some("Room 2")));
}

#[test]
fn the_operators_import_is_told_by_name() {
    let mut world = World::new();
    let outcome = world.input(Input::Agenda { document: Box::new(agenda(WHAT, WHO, "Open")), by: None });
    assert_eq!(outcome.by, crate::decide::agenda::BY_AGENDA);
}

#[test]
fn an_agenda_that_was_taken_back_can_be_mailed_again() {
    let mut world = World::new();
    let rows = vec![paper("SEC-2014-0301", "Privacy of subscriptions", "Noted")];
    let mut agenda = AgendaDocument { contributions: rows, ..document() };
    let meeting = agenda.meeting.as_mut().unwrap();
    (meeting.reference, meeting.plenary) = ("SEC#14.0".parse().unwrap(), Some("TP14".parse().unwrap()));
    let mail = |world: &mut World| {
        let mut mail = world.read(SECRETARY, "", Addressed::BotAlone, None);
        let command = Ok(Command::Agenda { document: Box::new(agenda.clone()) });
        mail.parsed.lines.push(Line { number: 1, text: "attached: agenda.docx".to_owned(), command, quoted: false });
        world.input(Input::Mail(Box::new(mail)))
    };
    mail(&mut world);
    let paper = |world: &World| {
        let known = &world.known.contributions[&"SEC-2014-0301".parse().unwrap()];
        (known.title.clone(), known.meeting.as_ref().map(ToString::to_string), known.life.decisions.len())
    };
    let first = paper(&world);
    assert_eq!(keys(&world.mail(SECRETARY, "undo")), ["told-undone"]);
    assert_eq!(paper(&world), (String::new(), None, 0));
    mail(&mut world);
    assert_eq!(paper(&world), first);
    let meeting = world.known.meeting("SEC#14.0").unwrap();
    assert!(!meeting.cancelled && meeting.start.is_some(), "{meeting:?}");
}
