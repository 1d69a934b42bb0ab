//! Commands about action items, by who sends them.

use rstest::rstest;

use super::world::*;
use crate::decide::LineOutcome;
use crate::domain::{Closing, Due, Priority, Status};

const ITEM: &str = "A-WG4-TP8-001";

/// What an item can be before a command: its status, and what the mail says of it.
#[rstest]
// Done: an officer's and a lead's word closes, a supporter's waits.
#[case(CHAIR, Status::Open, "done", "told-status", Status::Closed)]
#[case(SECRETARY, Status::Ongoing, "done", "told-status", Status::Closed)]
#[case(LEAD, Status::Open, "done", "told-status", Status::Closed)]
#[case(LEAD, Status::ToBeConfirmed, "done", "told-status", Status::Closed)]
#[case(SUPPORTER, Status::Open, "done", "told-to-be-confirmed", Status::ToBeConfirmed)]
#[case(SUPPORTER, Status::ToBeConfirmed, "done", "told-already", Status::ToBeConfirmed)]
#[case(OTHER, Status::Open, "done", "refused-not-owner", Status::Open)]
#[case(LEAD, Status::Closed, "done", "told-already", Status::Closed)]
#[case(LEAD, Status::Cancelled, "done", "refused-cancelled", Status::Cancelled)]
// Confirm: a lead or an officer.
#[case(CHAIR, Status::ToBeConfirmed, "confirm", "told-status", Status::Closed)]
#[case(LEAD, Status::ToBeConfirmed, "confirm", "told-status", Status::Closed)]
#[case(SUPPORTER, Status::ToBeConfirmed, "confirm", "refused-leads-only", Status::ToBeConfirmed)]
#[case(OTHER, Status::ToBeConfirmed, "confirm", "refused-leads-only", Status::ToBeConfirmed)]
#[case(CHAIR, Status::Open, "confirm", "refused-nothing-to-confirm", Status::Open)]
#[case(CHAIR, Status::Closed, "confirm", "told-already", Status::Closed)]
#[case(CHAIR, Status::Cancelled, "confirm", "refused-cancelled", Status::Cancelled)]
// Ongoing: owners.
#[case(LEAD, Status::Open, "ongoing", "told-status", Status::Ongoing)]
#[case(SUPPORTER, Status::Open, "ongoing", "told-status", Status::Ongoing)]
#[case(OTHER, Status::Open, "ongoing", "refused-not-owner", Status::Open)]
#[case(LEAD, Status::Ongoing, "ongoing", "told-already", Status::Ongoing)]
#[case(LEAD, Status::Closed, "ongoing", "refused-closed", Status::Closed)]
#[case(LEAD, Status::Cancelled, "ongoing", "refused-cancelled", Status::Cancelled)]
// Reopen and cancel: officers.
#[case(CHAIR, Status::Closed, "reopen", "told-status", Status::Open)]
#[case(SECRETARY, Status::Cancelled, "reopen", "told-status", Status::Open)]
#[case(CHAIR, Status::Open, "reopen", "told-already", Status::Open)]
#[case(LEAD, Status::Closed, "reopen", "refused-officers-only", Status::Closed)]
#[case(CHAIR, Status::Open, "cancel", "told-status", Status::Cancelled)]
#[case(CHAIR, Status::Closed, "cancel", "refused-closed", Status::Closed)]
#[case(CHAIR, Status::Cancelled, "cancel", "told-already", Status::Cancelled)]
#[case(LEAD, Status::Open, "cancel", "refused-officers-only", Status::Open)]
#[case(OTHER, Status::Open, "cancel", "refused-officers-only", Status::Open)]
fn a_status_changes_by_who_says_so(
    #[case] from: &str,
    #[case] before: Status,
    #[case] verb: &str,
    #[case] key: &str,
    #[case] after: Status,
) {
    let mut world = World::new();
    world.has(ITEM, "Specify credential management", "Lead Gemalto, Qualcomm", before);
    let outcome = world.mail(from, &format!("{verb} {ITEM}"));
    assert_eq!(keys(&outcome), [key]);
    assert_eq!(world.status(ITEM), after);
    assert_eq!(outcome.receipt.is_some(), before != after);
}

#[rstest]
#[case(LEAD, "done", "told-to-be-confirmed", Status::ToBeConfirmed)]
#[case(SUPPORTER, "done", "told-to-be-confirmed", Status::ToBeConfirmed)]
#[case(CHAIR, "done", "told-status", Status::Closed)]
#[case(LEAD, "confirm", "refused-officers-confirm", Status::ToBeConfirmed)]
#[case(SUPPORTER, "confirm", "refused-leads-only", Status::ToBeConfirmed)]
#[case(SECRETARY, "confirm", "told-status", Status::Closed)]
fn where_done_is_reviewed_only_officers_close(
    #[case] from: &str,
    #[case] verb: &str,
    #[case] key: &str,
    #[case] after: Status,
) {
    let mut world = World::new();
    world.rules().closing = Closing::Review;
    let before = if verb == "confirm" { Status::ToBeConfirmed } else { Status::Open };
    world.has(ITEM, "Specify credential management", "Lead Gemalto, Qualcomm", before);
    let outcome = world.mail(from, &format!("{verb} {ITEM}"));
    assert_eq!(keys(&outcome), [key]);
    assert_eq!(world.status(ITEM), after);
}

#[test]
fn both_leads_close_and_a_role_can_own() {
    for (who, from) in [("Lead Gemalto + Qualcomm", SUPPORTER), ("Member CATT", OTHER), ("Gemalto N.V.", LEAD)] {
        let mut world = World::new();
        world.has(ITEM, "Specify", who, Status::Open);
        assert_eq!(keys(&world.mail(from, &format!("done {ITEM}"))), ["told-status"], "{who}");
    }
}

#[rstest]
#[case("A-WG4-TP8-002", OTHER, "refused-interested")]
#[case("A-WG4-TP8-002", CHAIR, "told-status")]
#[case("A-WG4-TP8-003", OTHER, "refused-no-owner")]
#[case("A-WG4-TP8-003", SECRETARY, "told-status")]
fn what_nobody_in_particular_owns_is_the_officers(#[case] item: &str, #[case] from: &str, #[case] key: &str) {
    assert_eq!(keys(&World::new().mail(from, &format!("done {item}"))), [key]);
}

#[test]
fn a_stranger_changes_nothing_and_is_not_answered() {
    let mut world = World::new();
    for text in ["done A-WG4-TP8-001", "status", "help", "clsoe A-WG4-TP8-001", "yes", "confirm abcd1234", "hello"] {
        let outcome = world.mail(STRANGER, text);
        assert!(outcome.changes.is_empty() && outcome.answer.is_none() && outcome.notices.is_empty(), "{text}");
    }
}

#[test]
fn who_has_left_is_a_stranger() {
    let mut world = World::new();
    world.mail(CHAIR, &format!("member {LEAD} left"));
    assert!(world.mail(LEAD, "done A-WG4-TP8-001").answer.is_none());
    assert_eq!(world.status(ITEM), Status::Open);
}

#[test]
fn a_remark_becomes_a_note() {
    let mut world = World::new();
    world.mail(LEAD, "done A-WG4-TP8-001 because the text is agreed");
    assert_eq!(world.item(ITEM).notes, ["the text is agreed"]);
    world.mail(LEAD, "note A-WG4-TP8-001 see the minutes");
    assert_eq!(world.item(ITEM).notes, ["the text is agreed", "see the minutes"]);
    assert_eq!(keys(&world.mail(OTHER, "note A-WG4-TP8-001 me too")), ["refused-not-owner"]);
}

#[test]
fn officers_correct_and_others_do_not() {
    let mut world = World::new();
    for (text, key) in [
        ("priority A-WG4-TP8-001 high", "told-field"),
        ("priority A-WG4-TP8-001 high", "told-field-already"),
        ("what A-WG4-TP8-001: Specify key management", "told-field"),
        ("assign A-WG4-TP8-001 to Lead CATT, Gemalto", "told-field"),
        ("assign A-WG4-TP8-001 to Lead Nokia", "refused-unknown-owner"),
    ] {
        assert_eq!(keys(&world.mail(CHAIR, text)), [key], "{text}");
        let refused = if key == "refused-unknown-owner" { key } else { "refused-officers-only" };
        assert_eq!(keys(&world.mail(LEAD, text)), [refused], "{text}");
    }
    let item = world.item(ITEM);
    assert_eq!(item.priority, Some(Priority::High));
    assert_eq!((item.what.as_str(), item.who.as_str()), ("Specify key management", "Lead CATT, Gemalto"));
    assert_eq!(keys(&world.mail(CHAIR, "priority A-WG4-TP8-001 none")), ["told-field"]);
    assert_eq!(world.item(ITEM).priority, None);
}

#[rstest]
#[case("due A-WG4-TP8-001 2014-06-02", "told-due", Some("2014-06-02"))]
// The day itself is not past yet.
#[case("due A-WG4-TP8-001 2014-04-28", "told-due", Some("2014-04-28"))]
#[case("due A-WG4-TP8-001 2014-04-27", "refused-past", None)]
#[case("due A-WG4-TP8-001 TP11", "told-due", Some("TP11"))]
#[case("due A-WG4-TP8-001 SEC#11", "told-due", Some("SEC#11.0"))]
#[case("due A-WG4-TP8-001 TP10", "refused-meeting-began", None)]
#[case("due A-WG4-TP8-001 TP12", "told-due-undated", Some("TP12"))]
#[case("due A-WG4-TP8-001 TP13", "told-due-undated", Some("TP13"))]
#[case("due A-WG4-TP8-001 TP7", "refused-meeting-before", None)]
#[case("due A-WG4-TP8-001 SEC#9.1", "refused-meeting-before", None)]
#[case("due A-WG4-TP8-001 9 June 2104", "refused-far", None)]
#[case("due A-WG4-TP8-001 none", "told-due-already", None)]
#[case("due A-WG4-TP9-001 TP11", "refused-not-pending", None)]
fn a_due_date_lies_ahead(#[case] text: &str, #[case] key: &str, #[case] due: Option<&str>) {
    let mut world = World::new();
    assert_eq!(keys(&world.mail(CHAIR, text)), [key]);
    assert_eq!(world.item(ITEM).due.as_ref().map(ToString::to_string).as_deref(), due);
}

#[test]
fn today_is_the_groups_day() {
    let mut world = World::new();
    // 2014-04-28 in the group's zone, and still the 27th in UTC.
    world.at = "2014-04-27T22:30:00Z".parse().unwrap();
    assert_eq!(keys(&world.mail(CHAIR, "due A-WG4-TP8-001 2014-04-27")), ["refused-past"]);
    assert_eq!(keys(&world.mail(CHAIR, "due A-WG4-TP8-001 2014-04-28")), ["told-due"]);
}

#[test]
fn an_owner_asks_for_more_time_and_an_officer_gives_it() {
    let mut world = World::new();
    world.set_due(ITEM, "TP11");
    let asked = world.mail(SUPPORTER, "extend A-WG4-TP8-001 TP12 because WG2 has not answered");
    assert_eq!((keys(&asked), argument(&asked, "id")), (vec!["told-extension"], "1"));
    assert_eq!(world.item(ITEM).notes, ["WG2 has not answered"]);
    assert_eq!(world.item(ITEM).due, Some(Due::Meeting("TP11".to_owned())));
    assert_eq!(keys(&world.mail(LEAD, "extend A-WG4-TP8-001 TP12")), ["told-extension-already"]);
    assert_eq!(keys(&world.mail(LEAD, "extend A-WG4-TP8-001 TP11")), ["told-due-already"]);
    assert_eq!(keys(&world.mail(OTHER, "extend A-WG4-TP8-001 TP12")), ["refused-not-owner"]);
    assert_eq!(keys(&world.mail(LEAD, "due A-WG4-TP8-001 none")), ["refused-officers-only"]);
    assert_eq!(keys(&world.mail(SECRETARY, "accept request 1")), ["told-extended"]);
    assert_eq!(world.item(ITEM).due, Some(Due::Meeting("TP12".to_owned())));
}

#[test]
fn what_an_officer_says_overtakes_a_request() {
    for text in ["due A-WG4-TP8-001 TP12", "done A-WG4-TP8-001", "extend A-WG4-TP8-001 2014-07-01"] {
        let mut world = World::new();
        world.mail(LEAD, "extend A-WG4-TP8-001 2014-06-02");
        world.mail(CHAIR, text);
        assert_eq!(keys(&world.mail(CHAIR, "accept request 1")), ["refused-ruled-already"], "{text}");
    }
    // A later wish of the same owners takes the place of the first.
    let mut world = World::new();
    world.mail(LEAD, "extend A-WG4-TP8-001 2014-06-02");
    world.mail(SUPPORTER, "extend A-WG4-TP8-001 2014-06-03");
    assert_eq!(
        keys(&world.mail(CHAIR, "accept request 1\naccept A-WG4-TP8-001")),
        ["refused-ruled-already", "told-extended"]
    );
    assert_eq!(world.item(ITEM).due, Some("2014-06-03".parse().unwrap()));
}

#[rstest]
// After the highest of the series of the last meeting that began, whatever came before.
#[case("2014-04-28T08:00:00Z", &[], "A-WG4-TP10-001")]
#[case("2014-04-28T08:00:00Z", &["A-WG4-TP10-001", "A-WG4-TP10-004"], "A-WG4-TP10-005")]
// On the first day of a meeting its series begins.
#[case("2014-06-08T08:00:00Z", &["A-WG4-TP10-001"], "A-WG4-TP10-002")]
#[case("2014-06-09T08:00:00Z", &["A-WG4-TP10-001"], "A-WG4-TP11-001")]
// Before the first meeting: the newest item's series.
#[case("2014-01-01T08:00:00Z", &[], "A-WG4-TP9-005")]
fn a_new_item_is_numbered_in_the_series_of_the_last_meeting(
    #[case] at: &str,
    #[case] known: &[&str],
    #[case] expected: &str,
) {
    let mut world = World::new();
    world.at = at.parse().unwrap();
    for reference in known {
        world.has(reference, "Known", "", Status::Closed);
    }
    let outcome = world.mail(CHAIR, "action Lead Gemalto: Write the scope (high priority) due 2014-07-01");
    assert_eq!((keys(&outcome), argument(&outcome, "reference")), (vec!["told-created"], expected));
    let item = world.item(expected);
    assert_eq!((item.status, item.priority), (Status::Open, Some(Priority::High)));
    assert_eq!((item.who.as_str(), item.due.clone()), ("Lead Gemalto", Some("2014-07-01".parse().unwrap())));
}

#[test]
fn before_any_meeting_and_item_the_next_meeting_gives_the_series() {
    let mut world = World::new();
    world.known.actions.clear();
    world.known.action_references.clear();
    world.at = "2014-01-01T08:00:00Z".parse().unwrap();
    let outcome = world.mail(CHAIR, "action Gemalto: Write the scope");
    assert_eq!(argument(&outcome, "reference"), "A-WG4-TP9-001");
    world.known.meetings.clear();
    world.known.actions.clear();
    world.known.action_references.clear();
    assert_eq!(keys(&world.mail(CHAIR, "action Gemalto: Write the scope")), ["refused-no-series"]);
}

#[test]
fn no_number_is_given_twice() {
    let mut world = World::new();
    let made = world.mail(CHAIR, "action Gemalto: First\naction Gemalto: Second");
    assert_eq!(outcomes(&made), [LineOutcome::Done, LineOutcome::Done]);
    world.mail(CHAIR, "undo");
    assert_eq!(world.status("A-WG4-TP10-002"), Status::Cancelled);
    let outcome = world.mail(CHAIR, "action Gemalto: Third");
    assert_eq!(argument(&outcome, "reference"), "A-WG4-TP10-003");

    world.has("A-WG4-TP10-65535", "The last", "", Status::Open);
    world.has("P-WG4-65535", "The last", "", Status::Proposed);
    for from in [CHAIR, OTHER] {
        assert_eq!(keys(&world.mail(from, "action Gemalto: One more")), ["refused-series-full"]);
    }
    assert_eq!(world.item("A-WG4-TP10-65535").what, "The last");
}

#[test]
fn lines_act_in_order_each_seeing_the_one_before_and_those_that_fail_stop_no_other() {
    let mut world = World::new();
    let outcome = world.mail(
        CHAIR,
        "action Gemalto: Write the scope\n\ndone A-WG4-TP10-001\n\ncancel A-WG4-TP10-001\n\nreopen A-WG4-TP10-001\n\nnote A-WG4-TP10-001 again",
    );
    assert_eq!(keys(&outcome), ["told-created", "told-status", "refused-closed", "told-status", "told-note"]);
    assert_eq!(world.status("A-WG4-TP10-001"), Status::Open);
}

#[test]
fn of_several_items_in_a_line_each_is_told() {
    let mut world = World::new();
    let outcome = world.mail(LEAD, "done A-WG4-TP8-001, A-WG4-TP8-002 and A-WG4-TP7-777");
    assert_eq!(keys(&outcome), ["told-status", "refused-interested", "refused-unknown"]);
    assert_eq!(outcomes(&outcome), [LineOutcome::Partly]);
    assert_eq!(world.status(ITEM), Status::Closed);
}

#[test]
fn a_dry_run_tells_all_and_changes_nothing() {
    let mut world = World::new();
    let before = world.known.clone();
    let text =
        "action Gemalto: Write the scope\ndone A-WG4-TP8-001\nalso other@example.org\nrole chair@example.org secretary";
    let outcome = world.mail(CHAIR, &format!("dry-run\n{text}"));
    assert!(answer(&outcome).dry_run && outcome.changes.is_empty() && outcome.notices.is_empty());
    assert_eq!((outcome.receipt.as_ref(), outcome.undone.as_ref()), (None, None));
    assert_eq!(world.known, before);
    let dry = keys(&outcome).into_iter().map(ToOwned::to_owned).collect::<Vec<_>>();
    assert_eq!(keys(&world.mail(CHAIR, text)), dry);
    assert_ne!(world.known, before);
}

#[test]
fn lines_that_an_earlier_copy_has_had_answered_are_not_run_again() {
    let mut world = World::new();
    let text = "note A-WG4-TP8-001 first\nnote A-WG4-TP8-001 second";
    let mut mail = world.read(LEAD, text, crate::command::Addressed::BotAlone, None);
    mail.already.push("note A-WG4-TP8-001 first".to_owned());
    world.input(crate::decide::Input::Mail(Box::new(mail)));
    assert_eq!(world.item(ITEM).notes, ["second"]);
}

#[test]
fn a_mail_without_a_command_is_answered_only_where_the_bot_alone_was_addressed() {
    use crate::command::Addressed;
    let mut world = World::new();
    let intro = |outcome: &crate::decide::Outcome| answer(outcome).intro.as_ref().unwrap().key.clone();
    assert_eq!(intro(&world.mail(OTHER, "Hello, who are you?")), "intro-nothing-understood");
    for addressed in [Addressed::Bot, Addressed::List, Addressed::ListReply] {
        assert!(world.send(OTHER, "Hello, who are you?", addressed, None).answer.is_none());
    }
    let mut mail = world.read(OTHER, "", Addressed::Bot, None);
    mail.unreadable = Some(crate::message::Unreadable::Encrypted);
    assert_eq!(intro(&world.input(crate::decide::Input::Mail(Box::new(mail)))), "intro-encrypted");
}
