//! An agenda is compared with the version that it was made from: an older one takes nothing back.

use super::world::*;
use crate::agenda::AgendaDocument;
use crate::decide::{Input, Outcome};
use crate::domain::{RequestKind, RequestState, Status};

const ITEM: &str = "A-WG4-TP10-001";
const WHO: &str = "Lead Gemalto, Qualcomm";
const PAPER: &str = "SEC-2014-0300";

fn import(world: &mut World, document: &AgendaDocument) -> Outcome {
    world.input(Input::Agenda { document: Box::new(document.clone()), by: Some(address(SECRETARY)) })
}

/// An agenda of a meeting with one action item and two contributions.
fn agenda(meeting: &str, days: [&str; 2], item: &str, paper_says: &str) -> AgendaDocument {
    let mut agenda = AgendaDocument {
        action_items: vec![row(ITEM, "Specify credential management", WHO, item)],
        contributions: vec![paper(PAPER, "Threats", paper_says), paper("SEC-2014-0301", "Keys", "Noted")],
        ..document()
    };
    let of = agenda.meeting.as_mut().unwrap();
    (of.reference, of.plenary) = (meeting.parse().unwrap(), None);
    (of.start, of.end) = (days[0].parse().ok(), days[1].parse().ok());
    agenda
}

fn ten(item: &str, paper_says: &str) -> AgendaDocument {
    agenda("SEC#10.0", ["2014-04-07", "2014-04-11"], item, paper_says)
}

fn eleven(item: &str, paper_says: &str) -> AgendaDocument {
    agenda("SEC#11.0", ["2014-06-09", "2014-06-13"], item, paper_says)
}

fn stands(world: &World) -> String {
    let known = &world.known.contributions[&PAPER.parse().unwrap()];
    format!("{} on {}", known.life.stands_at(None), known.meeting.as_ref().unwrap())
}

fn conflicts(world: &World) -> Vec<String> {
    let waiting = world.known.requests.values().filter(|request| request.state == RequestState::Waiting);
    let conflicts = waiting.filter_map(|request| match &request.kind {
        RequestKind::Conflict { subject, field, document } => {
            Some(format!("{subject} {field} {}", document.as_deref().unwrap_or("-")))
        }
        _ => None,
    });
    conflicts.collect()
}

#[test]
fn the_agenda_of_the_meeting_before_takes_nothing_back() {
    let mut world = World::new();
    import(&mut world, &ten("Open", "R02 expected"));
    import(&mut world, &eleven("Ongoing", "Agreed"));
    assert_eq!((stands(&world), world.status(ITEM)), ("R01 agreed on SEC#11.0".to_owned(), Status::Ongoing));
    let before = world.known.clone();
    let outcome = import(&mut world, &ten("Open", "R02 expected"));
    assert_eq!(outcome.changes, []);
    assert_eq!(world.known, before);
    assert_eq!(
        keys(&outcome),
        ["told-agenda", "told-agenda-older", "told-agenda-not-moved", "told-agenda-stays", "told-agenda-stays"]
    );
    // Nor has it become what the newer one is compared with.
    let again = import(&mut world, &eleven("Ongoing", "Agreed"));
    assert_eq!((keys(&again), again.changes.len()), (vec!["told-agenda"], 0));
}

#[test]
fn what_was_decided_by_mail_since_an_older_agenda_stays() {
    let mut world = World::new();
    import(&mut world, &ten("Open", "Noted"));
    import(&mut world, &eleven("Open", "Noted"));
    world.mail(LEAD, &format!("done {ITEM}"));
    world.mail(SECRETARY, &format!("{PAPER}R02 agreed"));
    assert_eq!(import(&mut world, &ten("Open", "Noted")).changes, []);
    assert_eq!((stands(&world), world.status(ITEM)), ("R02 agreed on SEC#11.0".to_owned(), Status::Closed));
}

#[test]
fn an_earlier_version_of_the_same_agenda_takes_nothing_back() {
    let mut world = World::new();
    import(&mut world, &eleven("Open", "R02 expected"));
    import(&mut world, &eleven("Ongoing", "Agreed"));
    let outcome = import(&mut world, &eleven("Open", "R02 expected"));
    assert_eq!(outcome.changes, []);
    assert_eq!(keys(&outcome), ["told-agenda", "told-agenda-older", "told-agenda-stays", "told-agenda-stays"]);
}

#[test]
fn an_edit_of_an_older_agenda_acts_only_where_nothing_has_changed_since() {
    let mut world = World::new();
    import(&mut world, &ten("Open", "R02 expected"));
    import(&mut world, &eleven("Open", "Agreed"));
    let mut edited = ten("Ongoing", "Rejected");
    edited.contributions.push(paper("SEC-2014-0310", "Late", "Noted"));
    let outcome = import(&mut world, &edited);
    assert_eq!(world.status(ITEM), Status::Ongoing);
    assert_eq!(stands(&world), "R01 agreed on SEC#11.0");
    assert_eq!(conflicts(&world), ["SEC-2014-0300 status_cell Rejected"]);
    // What is new is on its own meeting's agenda.
    let new = &world.known.contributions[&"SEC-2014-0310".parse().unwrap()];
    assert_eq!(new.meeting.as_ref().map(ToString::to_string).as_deref(), Some("SEC#10.0"));
    assert_eq!((argument(&outcome, "new"), argument(&outcome, "changed"), argument(&outcome, "same")), ("1", "1", "1"));
}

#[test]
fn the_first_agenda_of_an_earlier_meeting_changes_nothing_that_is_known() {
    let mut world = World::new();
    import(&mut world, &eleven("Ongoing", "Agreed"));
    let mut earlier = ten("Open", "R02 expected");
    earlier.contributions.push(paper("SEC-2014-0310", "Late", "Noted"));
    import(&mut world, &earlier);
    assert_eq!((stands(&world), world.status(ITEM)), ("R01 agreed on SEC#11.0".to_owned(), Status::Ongoing));
    assert!(world.known.contributions.contains_key(&"SEC-2014-0310".parse().unwrap()));
}

#[test]
fn a_cell_that_is_edited_back_acts() {
    let mut world = World::new();
    import(&mut world, &eleven("Open", "Noted"));
    import(&mut world, &eleven("Ongoing", "Agreed"));
    import(&mut world, &eleven("Open", "Agreed"));
    assert_eq!(world.status(ITEM), Status::Open);
}

/// The next agenda as secretaries make it: status cells emptied, the revisions that have come listed.
#[test]
fn a_revision_that_is_listed_beside_an_emptied_status_has_come() {
    for status in ["Noted, expect R02", "R02 expected", "R02 TBD offline", "Noted, R02 tbp"] {
        let mut world = World::new();
        import(&mut world, &ten("Open", status));
        let mut next = eleven("Open", "");
        "SEC-2014-0300R01 > R02".clone_into(&mut next.contributions[0].reference_cell);
        import(&mut world, &next);
        let life = &world.known.contributions[&PAPER.parse().unwrap()].life;
        assert_eq!(
            (life.available().last().map(ToString::to_string), life.expected().len()),
            (Some("R02".to_owned()), 0),
            "{status}"
        );
        // Listed before, it was what the cell called expected, and is.
        let mut world = World::new();
        let listed = |mut agenda: AgendaDocument| {
            "SEC-2014-0300R01 > R02".clone_into(&mut agenda.contributions[0].reference_cell);
            agenda
        };
        import(&mut world, &listed(ten("Open", status)));
        import(&mut world, &listed(eleven("Open", "")));
        let life = &world.known.contributions[&PAPER.parse().unwrap()].life;
        assert_eq!(life.available().last().map(ToString::to_string).as_deref(), Some("R01"), "{status}");
    }
}

#[test]
fn a_cell_that_says_not_treated_decides_nothing_and_says_so_after_the_meeting() {
    let mut world = World::new();
    import(&mut world, &ten("Open", "Not treated"));
    let known = &world.known.contributions[&PAPER.parse().unwrap()];
    assert_eq!(known.life.stands_at(known.meeting.as_ref()).word(), "not treated");
}
