//! Approvals by e-mail that close, and conference calls.

use super::reminders::{day, group, item, look, usual};
use super::*;
use crate::domain::{Approval, ApprovalState, Call};

fn approval(until: &str) -> Approval {
    let of = "SEC-2014-0239R01".parse().unwrap();
    Approval { state: ApprovalState::Open, until: Some(day(until)), ..Approval::new(of) }
}

fn call(date: &str) -> Call {
    Call { time: Some("14:00".parse().unwrap()), ..Call::new(day(date)) }
}

#[test]
fn the_list_is_reminded_the_day_before_and_the_chair_once_it_has_closed() {
    let (rules, mut scene) = (usual(), group());
    scene.approvals = vec![approval("2014-04-25")];
    assert_eq!(look(&rules, &mut scene, "2014-04-24T05:59:00Z"), [""; 0]);
    assert_eq!(
        look(&rules, &mut scene, "2014-04-24T06:00:00Z"),
        ["list: approval SEC-2014-0239R01 2014-04-24, on time"]
    );
    assert_eq!(look(&rules, &mut scene, "2014-04-25T22:00:00Z"), [""; 0], "until the next morning");
    assert_eq!(
        look(&rules, &mut scene, "2014-04-26T06:00:00Z"),
        ["member 3: approval SEC-2014-0239R01 2014-04-26, on time"]
    );
    assert_eq!(look(&rules, &mut scene, "2014-05-02T06:00:00Z"), [""; 0]);
    assert_eq!(
        look(&rules, &mut scene, "2014-05-03T06:00:00Z"),
        ["member 3: approval SEC-2014-0239R01 2014-05-03, on time"]
    );
    scene.approvals.clear();
    assert_eq!(look(&rules, &mut scene, "2014-06-03T06:00:00Z").len(), 2, "the meeting's only");
}

#[test]
fn one_that_is_opened_for_tomorrow_was_announced_and_one_that_moves_is_told_anew() {
    let (rules, mut scene) = (usual(), group());
    scene.approvals = vec![approval("2014-04-25")];
    let subject = Subject::Approval("SEC-2014-0239R01".parse().unwrap());
    scene.changed.insert(subject.clone(), at("2014-04-24T09:00:00Z"));
    assert_eq!(
        look(&rules, &mut scene, "2014-04-24T09:00:00Z"),
        ["list: approval SEC-2014-0239R01 2014-04-24, skipped: before it was known"]
    );
    scene.approvals = vec![approval("2014-04-30")];
    scene.changed.insert(subject, at("2014-04-25T09:00:00Z"));
    assert_eq!(
        look(&rules, &mut scene, "2014-04-29T06:00:00Z"),
        ["list: approval SEC-2014-0239R01 2014-04-29, on time"]
    );
}

#[test]
fn what_is_missed_goes_late_while_it_is_of_use() {
    let (rules, mut scene) = (usual(), group());
    scene.approvals = vec![approval("2014-04-25")];
    scene.calls = vec![call("2014-04-25")];
    assert_eq!(
        look(&rules, &mut scene, "2014-04-25T07:00:00Z"),
        ["list: call 2014-04-25 2014-04-24, late; approval SEC-2014-0239R01 2014-04-24, late"]
    );
    scene.recorded.clear();
    assert_eq!(
        look(&rules, &mut scene, "2014-04-28T09:00:00Z"),
        [
            "list: call 2014-04-25 2014-04-24, skipped: too late; approval SEC-2014-0239R01 2014-04-24, skipped: too late",
            "member 3: approval SEC-2014-0239R01 2014-04-26, late"
        ]
    );
}

#[test]
fn who_ratifies_is_not_told_on_two_days_in_a_row_because_of_holidays() {
    let holidays = vec!["2014-04-26 to 2014-05-01".parse().unwrap()];
    let rules = Rules { quiet: crate::domain::QuietRules { hours: None, holidays }, ..usual() };
    let mut scene = group();
    scene.approvals = vec![approval("2014-04-25")];
    look(&rules, &mut scene, "2014-04-24T06:00:00Z");
    assert_eq!(
        look(&rules, &mut scene, "2014-05-02T06:00:00Z"),
        ["member 3: approval SEC-2014-0239R01 2014-04-26, on time"]
    );
    assert_eq!(
        look(&rules, &mut scene, "2014-05-03T06:00:00Z"),
        ["member 3: approval SEC-2014-0239R01 2014-05-03, skipped: told the day before"]
    );
}

#[test]
fn an_owner_who_ratifies_gets_one_mail_a_day() {
    let (rules, mut scene) = (usual(), group());
    scene.approvals = vec![approval("2014-04-25")];
    scene.items = vec![item("A-WG4-TP8-001", "Chair", "2014-05-03"), item("A-WG4-TP8-002", "Chair", "2014-12-24")];
    assert_eq!(
        look(&rules, &mut scene, "2014-04-26T06:00:00Z"),
        [
            "list: approval SEC-2014-0239R01 2014-04-24, skipped: too late",
            "member 3: approval SEC-2014-0239R01 2014-04-26, on time; personal A-WG4-TP8-001 2014-04-26, on time [A-WG4-TP8-001]"
        ]
    );
}

#[test]
fn a_call_that_does_not_take_place_reminds_nobody() {
    let (rules, mut scene) = (usual(), group());
    scene.calls = vec![call("2014-04-22"), Call::new(day("2014-04-23"))];
    assert_eq!(look(&rules, &mut scene, "2014-04-21T06:00:00Z"), ["list: call 2014-04-22 2014-04-21, on time"]);
    assert_eq!(look(&rules, &mut scene, "2014-04-22T12:00:00Z"), [""; 0]);
    let never =
        Rules { reminders: crate::domain::ReminderRules { before_call: Vec::new(), ..usual().reminders }, ..usual() };
    scene.calls = vec![call("2014-04-29")];
    assert_eq!(look(&never, &mut scene, "2014-04-28T06:00:00Z"), [""; 0]);
}
