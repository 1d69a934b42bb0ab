//! Members' own copies of the weekly digest.

use super::reminders::{day, group, item, look, usual};
use super::*;
use crate::calendar::upcoming;
use crate::domain::{DigestRules, Member, Subject};

/// Digests on Mondays at that time.
fn weekly(at: &str) -> Rules {
    let weekly = format!("Monday {at}").parse().unwrap();
    Rules { digest: DigestRules { weekly: Some(weekly) }, ..usual() }
}

/// A group without meetings, in which members 1 and 3 want a copy.
fn wanting() -> Scene {
    let mut scene = group();
    scene.meetings.clear();
    for member in scene.roster.members.iter_mut().filter(|member| member.id != 2) {
        member.digest = true;
    }
    scene
}

fn member(scene: &mut Scene, id: u32) -> &mut Member {
    scene.roster.members.iter_mut().find(|member| member.id == id).unwrap()
}

#[test]
fn whoever_wants_one_gets_a_copy_when_the_list_gets_its_digest() {
    let (rules, mut scene) = (weekly("16:00"), wanting());
    scene.starts.digest = at("2014-04-29T08:00:00Z");
    member(&mut scene, 3).left = true;
    look(&rules, &mut scene, "2014-04-30T08:00:00Z");
    assert_eq!(look(&rules, &mut scene, "2014-05-05T13:59:59Z"), [""; 0]);
    let copies = ["list: weekly 2014-W19 2014-05-05, on time", "member 1: weekly 2014-W19 2014-05-05, on time"];
    assert_eq!(look(&rules, &mut scene, "2014-05-05T14:00:00Z"), copies);
    assert_eq!(look(&rules, &mut scene, "2014-05-11T14:00:00Z"), [""; 0]);
    let next = upcoming(&rules, &scene, at("2014-05-05T14:00:00Z"));
    assert!(next.iter().all(|next| next.at == at("2014-05-12T14:00:00Z")) && next.len() == 2, "{next:?}");
    // Where the list gets none, as there is none, members still do.
    let (rules, mut scene) = (Rules { list: None, ..rules }, wanting());
    scene.starts.digest = at("2014-05-02T08:00:00Z");
    look(&rules, &mut scene, "2014-05-02T08:00:00Z");
    assert_eq!(look(&rules, &mut scene, "2014-05-05T14:00:00Z").len(), 2);
}

#[test]
fn a_copy_and_a_reminder_of_one_day_are_one_mail_at_the_later_of_their_moments() {
    for (digest, early, moment) in [
        ("16:00", "2014-05-05T06:00:00Z", "2014-05-05T14:00:00Z"),
        ("05:00", "2014-05-05T03:00:00Z", "2014-05-05T06:00:00Z"),
    ] {
        let (rules, mut scene) = (weekly(digest), wanting());
        scene.items = vec![item("A-WG4-TP8-001", "Lead Gemalto", "2014-05-12")];
        look(&rules, &mut scene, "2014-05-04T08:00:00Z");
        let own = |told: Vec<String>| told.into_iter().filter(|told| told.starts_with("member 1")).collect::<Vec<_>>();
        assert_eq!(own(look(&rules, &mut scene, early)), [""; 0], "{digest}");
        assert_eq!(
            own(look(&rules, &mut scene, moment)),
            [
                "member 1: weekly 2014-W19 2014-05-05, on time; personal A-WG4-TP8-001 2014-05-05, on time [A-WG4-TP8-001]"
            ],
            "{digest}"
        );
        assert_eq!(own(look(&rules, &mut scene, "2014-05-05T21:00:00Z")), [""; 0], "{digest}");
    }
}

#[test]
fn a_copy_is_wanted_from_when_it_was_asked_for_on() {
    let (rules, mut scene) = (weekly("08:00"), wanting());
    look(&rules, &mut scene, "2014-04-30T08:00:00Z");
    scene.recorded.retain(|record| !record.occasion.recipient.is_person());
    scene.changed.insert(Subject::Member(1), at("2014-05-07T08:00:00Z"));
    scene.changed.insert(Subject::Member(3), at("2014-05-07T09:00:00Z"));
    scene.recorded.push(Recorded {
        occasion: Occasion::weekly(day("2014-05-05")),
        standing: Standing::OnTime,
        at: at("2014-05-05T06:00:00Z"),
    });
    let before = |id| format!("member {id}: weekly 2014-W19 2014-05-05, skipped: before it was known");
    assert_eq!(look(&rules, &mut scene, "2014-05-07T09:00:00Z"), [before(1), before(3)]);
    assert_eq!(look(&rules, &mut scene, "2014-05-12T06:00:00Z").len(), 3);
}

#[test]
fn who_is_away_or_has_paused_gets_no_copy_and_a_missed_one_is_late_or_skipped() {
    let (rules, mut scene) = (weekly("08:00"), wanting());
    look(&rules, &mut scene, "2014-04-29T08:00:00Z");
    member(&mut scene, 1).paused_until = Some(day("2014-05-06"));
    member(&mut scene, 3).absence = Some("until 2014-05-06".parse().unwrap());
    assert_eq!(
        look(&rules, &mut scene, "2014-05-05T06:00:00Z"),
        [
            "list: weekly 2014-W19 2014-05-05, on time",
            "member 1: weekly 2014-W19 2014-05-05, skipped: paused",
            "member 3: weekly 2014-W19 2014-05-05, skipped: away",
        ]
    );
    assert_eq!(look(&rules, &mut scene, "2014-05-06T06:00:00Z"), [""; 0], "it is over, and so is that copy");
    let told = look(&rules, &mut scene, "2014-05-21T06:00:00Z");
    for id in [1, 3] {
        let own: Vec<_> = told.iter().filter(|told| told.starts_with(&format!("member {id}"))).collect();
        let late = format!("member {id}: weekly 2014-W21 2014-05-19, late");
        let skipped = format!("member {id}: weekly 2014-W20 2014-05-12, skipped: too late");
        assert_eq!(own, [&skipped, &late], "{told:?}");
    }
}
