//! The report after a meeting, and chasers of what is to be posted.

use super::reminders::{day, group, item, look};
use super::*;
use crate::domain::{Contribution, ReminderRules};

/// A contribution of which something is awaited: `R02 agreed on 2014-06-10 at SEC#11.0` and `open: post R02`.
fn contribution(reference: &str, source: &str, decision: &str, left: &str) -> Contribution {
    let mut contribution = Contribution::new(reference.parse().unwrap());
    contribution.source = source.to_owned();
    contribution.meeting = Some("SEC#11.0".parse().unwrap());
    contribution.life.decisions.extend(decision.parse());
    contribution.life.follow_ups.push(left.parse().unwrap());
    contribution
}

const AGREED: &str = "R02 agreed on 2014-06-10 at SEC#11.0";

/// No reminders but those of what comes after a meeting.
fn after_alone() -> Rules {
    let usual = ReminderRules::usual();
    let (after_meeting, after_decision) = (usual.after_meeting, usual.after_decision);
    Rules { reminders: ReminderRules { after_meeting, after_decision, ..ReminderRules::default() }, ..world::rules() }
}

#[test]
fn the_report_goes_the_day_after_a_meeting_and_once() {
    let (rules, mut scene) = (after_alone(), group());
    assert_eq!(look(&rules, &mut scene, "2014-06-14T05:59:59Z"), [""; 0]);
    let sent = look(&rules, &mut scene, "2014-06-14T06:00:00Z");
    assert_eq!(sent, ["list: report SEC#11.0 2014-06-14, on time"]);
    for now in ["2014-06-16T06:00:00Z", "2014-06-20T06:00:00Z", "2014-08-20T06:00:00Z"] {
        assert_eq!(look(&rules, &mut scene, now), [""; 0]);
    }
    // Its last day is mended afterwards.
    scene.meetings[0].end = Some(day("2014-08-23"));
    assert_eq!(look(&rules, &mut scene, "2014-08-24T06:00:00Z"), [""; 0]);
}

#[test]
fn where_there_was_nothing_to_report_it_is_tried_again_on_the_next_day_of_the_ladder() {
    let (rules, mut scene) = (after_alone(), group());
    assert_eq!(look(&rules, &mut scene, "2014-06-14T06:00:00Z").len(), 1);
    scene.recorded.last_mut().unwrap().standing = Standing::Skipped(Skip::NothingToSay);
    assert_eq!(look(&rules, &mut scene, "2014-06-15T06:00:00Z"), [""; 0]);
    assert_eq!(look(&rules, &mut scene, "2014-06-16T06:00:00Z"), ["list: report SEC#11.0 2014-06-16, on time"]);
    assert_eq!(look(&rules, &mut scene, "2014-06-20T06:00:00Z"), [""; 0]);
}

#[test]
fn a_report_that_was_missed_goes_late_for_a_week_and_of_a_cancelled_meeting_there_is_none() {
    let (rules, mut scene) = (after_alone(), group());
    let skipped = [
        "list: report SEC#11.0 2014-06-14, skipped: the next one tells the same; report SEC#11.0 2014-06-16, skipped: the next one tells the same",
    ];
    assert_eq!(look(&rules, &mut scene, "2014-06-19T06:00:00Z"), skipped);
    assert_eq!(look(&rules, &mut scene, "2014-06-25T06:00:00Z"), ["list: report SEC#11.0 2014-06-20, late"]);
    let mut scene = group();
    scene.meetings[0].cancelled = true;
    assert_eq!(look(&rules, &mut scene, "2014-06-14T06:00:00Z"), [""; 0]);
    let never = Rules { reminders: ReminderRules { after_meeting: vec![], ..rules.reminders.clone() }, ..rules };
    assert_eq!(look(&never, &mut group(), "2014-06-14T06:00:00Z"), [""; 0]);
}

#[test]
fn sources_are_told_what_is_to_be_posted_on_two_days_and_then_the_chair() {
    let (rules, mut scene) = (after_alone(), group());
    scene.awaited = vec![
        contribution("SEC-2014-0243", "Gemalto, Nobody Ltd.", AGREED, "open: post R02"),
        contribution("SEC-2014-0244", "Qualcomm and Gemalto", "R00 noted on 2014-06-12 at SEC#11.0", "open: revision"),
    ];
    look(&rules, &mut scene, "2014-06-14T06:00:00Z");
    // From the meeting's last day, not from the day in it on which that was said.
    assert_eq!(
        look(&rules, &mut scene, "2014-06-15T06:00:00Z"),
        [
            "member 1: chaser SEC-2014-0243 2014-06-15, on time; chaser SEC-2014-0244 2014-06-15, on time",
            "member 2: chaser SEC-2014-0244 2014-06-15, on time",
        ]
    );
    scene.awaited.remove(1);
    assert_eq!(
        look(&rules, &mut scene, "2014-06-18T06:00:00Z"),
        ["member 1: chaser SEC-2014-0243 2014-06-18, on time", "member 3: chaser SEC-2014-0243 2014-06-18, on time"]
    );
    assert_eq!(look(&rules, &mut scene, "2014-07-18T06:00:00Z"), [""; 0]);
}

#[test]
fn a_chaser_and_a_reminder_are_one_mail_and_a_pause_holds_for_both() {
    let (mut rules, mut scene) = (after_alone(), group());
    rules.reminders.before_due = vec![1];
    scene.awaited = vec![contribution("SEC-2014-0243", "Gemalto", AGREED, "open: revision R03")];
    scene.items = vec![item("A-WG4-TP8-001", "Gemalto", "2014-06-16")];
    let both = "member 1: chaser SEC-2014-0243 2014-06-15, on time; personal A-WG4-TP8-001 2014-06-15, on time \
                [A-WG4-TP8-001]";
    assert!(look(&rules, &mut scene, "2014-06-15T06:00:00Z").contains(&both.to_owned()));
    scene.roster.members[0].paused_until = Some(day("2014-06-19"));
    let skipped = "member 1: chaser SEC-2014-0243 2014-06-18, skipped: paused";
    assert!(look(&rules, &mut scene, "2014-06-18T06:00:00Z").contains(&skipped.to_owned()));
}

#[test]
fn what_was_decided_by_mail_counts_from_that_day_and_what_is_known_later_is_not_told_of_days_before() {
    let (rules, mut scene) = (after_alone(), group());
    scene.awaited = vec![contribution(
        "SEC-2014-0243",
        "Gemalto",
        "R02 agreed on 2014-05-05 by chair@example.org in m",
        "open: post R02",
    )];
    assert_eq!(
        look(&rules, &mut scene, "2014-05-07T06:00:00Z"),
        ["member 1: chaser SEC-2014-0243 2014-05-07, on time"]
    );
    let subject = Subject::Contribution("SEC-2014-0243".parse().unwrap());
    scene.recorded.clear();
    scene.changed.insert(subject, at("2014-05-08T06:00:00Z"));
    assert_eq!(
        look(&rules, &mut scene, "2014-05-08T06:00:00Z"),
        ["member 1: chaser SEC-2014-0243 2014-05-07, skipped: before it was known"]
    );
}
