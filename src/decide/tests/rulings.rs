//! Proposals, requests, and who rules on them.

use super::world::*;
use crate::domain::Status;

#[test]
fn a_members_action_is_a_proposal_until_an_officer_accepts_it() {
    let mut world = World::new();
    let proposed = world.mail(OTHER, "action Lead CATT: Write the scope due TP11");
    assert_eq!((keys(&proposed), argument(&proposed, "reference")), (vec!["told-proposed"], "P-WG4-001"));
    assert_eq!(world.item("P-WG4-001").proposed_by.as_ref().map(ToString::to_string).as_deref(), Some(OTHER));
    assert_eq!(keys(&world.mail(OTHER, "done P-WG4-001")), ["refused-only-proposed"]);
    assert_eq!(keys(&world.mail(LEAD, "accept P-WG4-001")), ["refused-rulers-only"]);

    let accepted = world.mail(SECRETARY, "accept P-WG4-001");
    assert_eq!((keys(&accepted), argument(&accepted, "reference")), (vec!["told-accepted"], "A-WG4-TP10-001"));
    let item = world.item("A-WG4-TP10-001");
    assert_eq!((item.what.as_str(), item.status), ("Write the scope", Status::Open));
    assert_eq!(item.due.as_ref().map(ToString::to_string).as_deref(), Some("TP11"));
    // The proposal's reference means the item that it has become.
    assert_eq!(keys(&world.mail(SECRETARY, "accept P-WG4-001")), ["refused-nothing-waits"]);
    let done = world.mail(OTHER, "done P-WG4-001");
    assert_eq!(argument(&done, "reference"), "A-WG4-TP10-001");
    assert_eq!(world.status("A-WG4-TP10-001"), Status::Closed);
}

#[test]
fn a_rejected_proposal_is_cancelled_and_can_wait_again() {
    let mut world = World::new();
    world.mail(OTHER, "action CATT: Write the scope");
    let outcome = world.mail(CHAIR, "reject P-WG4-001 because it is out of scope");
    assert_eq!(keys(&outcome), ["told-rejected"]);
    let item = world.item("P-WG4-001");
    assert_eq!((item.status, item.notes.last()), (Status::Cancelled, Some("it is out of scope")));
    assert_eq!(keys(&world.mail(CHAIR, "accept P-WG4-001")), ["refused-nothing-waits"]);
    // Never an open item with a proposal's reference.
    assert_eq!(keys(&world.mail(CHAIR, "reopen P-WG4-001")), ["told-status"]);
    assert_eq!(world.status("P-WG4-001"), Status::Proposed);
    assert_eq!(keys(&world.mail(CHAIR, "accept P-WG4-001")), ["told-accepted"]);
    // The next proposal has a number of its own.
    let next = world.mail(OTHER, "action CATT: Write the annex");
    assert_eq!(argument(&next, "reference"), "P-WG4-002");
}

#[test]
fn a_rejected_request_leaves_the_date() {
    let mut world = World::new();
    world.set_due("A-WG4-TP8-001", "TP11");
    world.mail(LEAD, "extend A-WG4-TP8-001 TP12");
    assert_eq!(keys(&world.mail(LEAD, "reject request 1")), ["refused-rulers-only"]);
    assert_eq!(keys(&world.mail(CHAIR, "reject request 1 because TP11 needs it")), ["told-request-rejected"]);
    assert_eq!(world.item("A-WG4-TP8-001").due.as_ref().map(ToString::to_string).as_deref(), Some("TP11"));
    assert_eq!(world.item("A-WG4-TP8-001").notes, ["TP11 needs it"]);
    assert_eq!(keys(&world.mail(CHAIR, "accept request 1")), ["refused-ruled-already"]);
    assert_eq!(keys(&world.mail(CHAIR, "accept request 7")), ["refused-unknown-request"]);
}

#[test]
fn an_extension_is_granted_only_to_what_is_still_to_be_done() {
    let mut world = World::new();
    world.mail(LEAD, "extend A-WG4-TP8-001 2014-06-02");
    // Closed by an agenda, which overtakes no request.
    world.has("A-WG4-TP8-001", "Specify", "Lead Gemalto", Status::Closed);
    assert_eq!(keys(&world.mail(CHAIR, "accept request 1")), ["refused-not-pending"]);
    world.has("A-WG4-TP8-001", "Specify", "Lead Gemalto", Status::Open);
    world.after_hours(24 * 60);
    assert_eq!(keys(&world.mail(CHAIR, "accept request 1")), ["refused-past"]);
    assert_eq!(world.item("A-WG4-TP8-001").due, None);
}

#[test]
fn an_extension_of_a_proposal_is_that_of_the_item_it_became() {
    let mut world = World::new();
    world.mail(OTHER, "action CATT: Write the scope due TP11");
    world.mail(OTHER, "extend P-WG4-001 TP12");
    world.mail(CHAIR, "accept P-WG4-001");
    assert_eq!(keys(&world.mail(CHAIR, "accept request 1")), ["told-extended"]);
    assert_eq!(world.item("A-WG4-TP10-001").due.as_ref().map(ToString::to_string).as_deref(), Some("TP12"));
}

#[test]
fn nobody_rules_on_anothers_address() {
    let mut world = World::new();
    world.mail(LEAD, "also gemalto-home@example.net");
    assert_eq!(keys(&world.mail(CHAIR, "accept request 1")), ["refused-not-yours"]);
    assert!(world.known.roster.member_by_address(&address("gemalto-home@example.net")).is_none());
}
