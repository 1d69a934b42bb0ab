//! What can be taken back, by whom, and when not.

use rstest::rstest;

use super::world::*;
use crate::decide::Outcome;
use crate::domain::{Role, Status};

const ITEM: &str = "A-WG4-TP8-001";

fn receipt(outcome: &Outcome) -> String {
    outcome.receipt.clone().unwrap()
}

#[test]
fn ones_own_mail_can_be_undone_for_24_hours() {
    for (hours, key) in [(24, "told-undone"), (25, "refused-undo-late")] {
        let mut world = World::new();
        world.mail(LEAD, "done A-WG4-TP8-001 because it is agreed");
        world.after_hours(hours);
        assert_eq!(keys(&world.mail(LEAD, "undo")), [key]);
        let item = world.item(ITEM);
        assert_eq!((item.status == Status::Open, item.notes.is_empty()), (hours == 24, hours == 24));
    }
}

#[test]
fn officers_undo_anybodys_mail_at_any_time_and_others_do_not() {
    let mut world = World::new();
    let receipt = receipt(&world.mail(LEAD, "done A-WG4-TP8-001"));
    world.after_hours(24 * 30);
    assert_eq!(keys(&world.mail(SUPPORTER, &format!("undo {receipt}"))), ["refused-not-your-mail"]);
    let undone = world.mail(CHAIR, &format!("undo {receipt}"));
    assert_eq!((keys(&undone), undone.undone.as_deref()), (vec!["told-undone"], Some(receipt.as_str())));
    assert_eq!(world.status(ITEM), Status::Open);
    assert_eq!(keys(&world.mail(CHAIR, &format!("undo {receipt}"))), ["told-undone-already"]);
}

#[test]
fn there_is_nothing_to_undo_where_nothing_was_done() {
    let mut world = World::new();
    assert_eq!(keys(&world.mail(LEAD, "undo")), ["refused-nothing-to-undo"]);
    assert_eq!(keys(&world.mail(LEAD, "undo abc123")), ["refused-unknown-receipt"]);
    world.mail(CHAIR, "done A-WG4-TP8-001");
    assert_eq!(keys(&world.mail(LEAD, "undo")), ["refused-nothing-to-undo"]);
}

#[rstest]
#[case("done A-WG4-TP8-001", "reopen A-WG4-TP8-001")]
#[case("note A-WG4-TP8-001 first\nongoing A-WG4-TP8-001", "cancel A-WG4-TP8-001")]
#[case("what A-WG4-TP8-001: Other", "what A-WG4-TP8-001: Third")]
#[case("priority A-WG4-TP8-001 high", "priority A-WG4-TP8-001 low")]
#[case("assign A-WG4-TP8-001 to CATT", "assign A-WG4-TP8-001 to Gemalto")]
#[case("due A-WG4-TP8-001 TP11", "due A-WG4-TP8-001 TP12")]
#[case("action CATT: New", "done A-WG4-TP10-001")]
#[case("action CATT: New", "note A-WG4-TP10-001 seen")]
#[case("member New, CATT, new@example.org", "member new@example.org left")]
#[case("role member-catt@example.org vice-chair", "role member-catt@example.org no vice-chair")]
fn what_something_later_depends_on_is_not_undone(#[case] first: &str, #[case] later: &str) {
    let mut world = World::new();
    let first = receipt(&world.mail(CHAIR, first));
    let second = receipt(&world.mail(SECRETARY, later));
    let before = world.known.clone();
    let refused = world.mail(CHAIR, &format!("undo {first}"));
    assert_eq!(keys(&refused), ["refused-undo-depends"]);
    assert_eq!(world.known, before);
    // From the end, it can all be taken back.
    assert_eq!(keys(&world.mail(CHAIR, &format!("undo {second}"))), ["told-undone"]);
    assert_eq!(keys(&world.mail(CHAIR, &format!("undo {first}"))), ["told-undone"]);
}

#[test]
fn mails_are_undone_from_the_end() {
    let mut world = World::new();
    let before = world.item(ITEM).clone();
    world.mail(LEAD, "ongoing A-WG4-TP8-001");
    world.mail(LEAD, "done A-WG4-TP8-001 because it is agreed");
    assert_eq!(keys(&world.mail(CHAIR, "undo r00001")), ["refused-undo-depends"]);
    assert_eq!(keys(&world.mail(CHAIR, "undo r00002")), ["told-undone"]);
    assert_eq!(keys(&world.mail(CHAIR, "undo r00001")), ["told-undone"]);
    assert_eq!(*world.item(ITEM), before);
}

#[test]
fn an_undo_can_be_undone() {
    let mut world = World::new();
    world.mail(LEAD, "done A-WG4-TP8-001 because it is agreed");
    let after = world.item(ITEM).clone();
    let undone = receipt(&world.mail(LEAD, "undo"));
    assert_eq!(world.status(ITEM), Status::Open);
    assert_eq!(keys(&world.mail(LEAD, &format!("undo {undone}"))), ["told-undone"]);
    assert_eq!(*world.item(ITEM), after);
}

#[test]
fn undo_said_twice_does_not_do_again_what_was_taken_back() {
    let mut world = World::new();
    world.mail(LEAD, "ongoing A-WG4-TP8-001");
    world.mail(LEAD, "done A-WG4-TP8-001");
    world.mail(LEAD, "undo");
    assert_eq!(keys(&world.mail(LEAD, "undo")), ["refused-undo-of-undo"]);
    assert_eq!(world.status(ITEM), Status::Ongoing);
    world.mail(LEAD, "note A-WG4-TP8-001 measured");
    assert_eq!(keys(&world.mail(LEAD, "undo")), ["told-undone"]);
}

#[test]
fn a_bare_undo_of_an_officer_reaches_back_a_day_and_by_receipt_further() {
    let mut world = World::new();
    let done = receipt(&world.mail(CHAIR, "ongoing A-WG4-TP8-001"));
    world.after_hours(25);
    let refused = world.mail(CHAIR, "undo");
    assert_eq!((keys(&refused), argument(&refused, "receipt")), (vec!["refused-undo-old"], done.as_str()));
    assert_eq!(world.status(ITEM), Status::Ongoing);
    assert_eq!(keys(&world.mail(CHAIR, &format!("undo {done}"))), ["told-undone"]);
}

#[test]
fn an_item_whose_creation_is_undone_is_cancelled_and_stays_readable() {
    let mut world = World::new();
    world.mail(CHAIR, "action Lead Gemalto: Write the scope due TP11");
    world.mail(CHAIR, "undo");
    let item = world.item("A-WG4-TP10-001");
    assert_eq!((item.status, item.what.as_str()), (Status::Cancelled, "Write the scope"));
    assert_eq!(item.who.as_str(), "Lead Gemalto");
}

#[test]
fn an_acceptance_undone_waits_again() {
    let mut world = World::new();
    world.mail(OTHER, "action CATT: Write the scope");
    world.mail(CHAIR, "accept P-WG4-001");
    assert_eq!(keys(&world.mail(CHAIR, "undo")), ["told-undone"]);
    let proposal = world.item("P-WG4-001");
    assert_eq!((proposal.status, proposal.became.as_ref()), (Status::Proposed, None));
    assert_eq!(world.status("A-WG4-TP10-001"), Status::Cancelled);
    let again = world.mail(CHAIR, "accept P-WG4-001");
    assert_eq!(argument(&again, "reference"), "A-WG4-TP10-002");
}

#[test]
fn a_request_undone_waits_no_longer_and_one_overtaken_waits_again() {
    let mut world = World::new();
    world.mail(LEAD, "extend A-WG4-TP8-001 TP12");
    world.mail(CHAIR, "done A-WG4-TP8-001");
    assert_eq!(keys(&world.mail(CHAIR, "undo")), ["told-undone"]);
    assert_eq!(keys(&world.mail(LEAD, "extend A-WG4-TP8-001 TP12")), ["told-extension-already"]);
    assert_eq!(keys(&world.mail(LEAD, "undo")), ["told-undone"]);
    assert_eq!(keys(&world.mail(CHAIR, "accept request 1")), ["refused-ruled-already"]);
}

#[test]
fn undo_leaves_the_group_an_officer() {
    let mut world = World::new();
    let granted = receipt(&world.mail(CHAIR, "role member-catt@example.org chair"));
    world.mail(OTHER, "role chair@example.org no chair\nrole secretary@example.org no secretary");
    // Only the grant holds the group together now; the roster's new chair cannot undo it away.
    let before = world.known.clone();
    assert_eq!(keys(&world.mail(OTHER, &format!("undo {granted}"))), ["refused-undo-last-officer"]);
    assert_eq!(world.known, before);
    let member = before.roster.member_by_address(&address(OTHER)).unwrap();
    assert_eq!(member.roles, [Role::Chair]);
}

#[test]
fn a_member_added_and_undone_has_left() {
    let mut world = World::new();
    world.mail(CHAIR, "member New, Nokia, new@example.org");
    assert_eq!(keys(&world.mail(CHAIR, "undo")), ["told-undone"]);
    assert!(world.mail("new@example.org", "status").answer.is_none());
    assert_eq!(keys(&world.mail(CHAIR, "member New, Nokia, new@example.org")), ["told-member"]);
    assert!(world.mail("new@example.org", "status").answer.is_some());
}

#[test]
fn what_was_said_of_a_proposal_stays_once_it_is_accepted() {
    let mut world = World::new();
    world.mail(OTHER, "action Lead CATT: Compare both texts");
    let noted = receipt(&world.mail(OTHER, "note P-WG4-001 mine"));
    let accepted = receipt(&world.mail(CHAIR, "accept P-WG4-001"));
    assert_eq!(keys(&world.mail(OTHER, &format!("undo {noted}"))), ["refused-undo-depends"]);
    assert_eq!(keys(&world.mail(CHAIR, &format!("undo {accepted}"))), ["told-undone"]);
    assert_eq!(world.status("P-WG4-001"), Status::Proposed);
}

#[test]
fn one_mail_takes_back_one_mail() {
    let mut world = World::new();
    let first = receipt(&world.mail(CHAIR, "done A-WG4-TP8-001"));
    world.mail(CHAIR, "note A-WG4-TP8-001 seen");
    for text in [format!("undo {first}\nundo"), format!("undo aaaaaa\nundo {first}"), "undo\nundo".to_owned()] {
        let outcome = world.mail(CHAIR, &text);
        assert_eq!(keys(&outcome), ["refused-undo-one", "refused-undo-one"], "{text}");
        assert_eq!(outcome.changes, []);
    }
}

#[test]
fn an_undo_that_stops_at_a_members_answer_names_the_member() {
    let mut world = World::new();
    world.mail(OTHER, "attending SEC#11");
    let moved = world.mail(CHAIR, "meeting SEC#11 2014-06-16 to 2014-06-20 Berlin");
    world.mail(OTHER, "remote SEC#11");
    let refused = world.mail(CHAIR, &format!("undo {}", moved.receipt.unwrap()));
    assert_eq!(keys(&refused), ["refused-undo-depends"]);
    assert_eq!(argument(&refused, "field"), "attendance of Member CATT");
}
