//! Notices of machines: what they post, and for whom nothing is believed.

use super::world::*;
use crate::decide::{
    Alignment, Authentication, Evidence, Input, LineOutcome, NoticeInput, Outcome, Proof, Verdict, noticed,
};
use crate::domain::{Contribution, ContributionRef, RequestState, Senders};

const PORTAL: &str = "portal@portal.example.net";

fn group(senders: Senders) -> World {
    let mut world = World::new();
    world.rules().senders = senders;
    world.rules().announcers = vec![address(PORTAL)];
    world
}

pub(super) fn notice(documents: &[&str]) -> NoticeInput {
    NoticeInput {
        message_id: "notice.1@portal.example.net".to_owned(),
        from: address(PORTAL),
        verdict: Verdict::Proven(Proof::Authentication { result: "dmarc=pass".to_owned() }),
        evidence: Evidence::default(),
        documents: documents.iter().map(|document| document.parse().unwrap()).collect(),
        receipt: "notice".to_owned(),
    }
}

fn sends(world: &mut World, notice: &NoticeInput) -> Outcome {
    let outcome = world.input(Input::Notice(Box::new(notice.clone())));
    assert!(outcome.answer.is_none() && outcome.notices.is_empty() && outcome.announcements.is_empty());
    outcome
}

/// The keys of what comes of each document.
fn comes(world: &World, notice: &NoticeInput) -> Vec<(LineOutcome, String)> {
    let (_, lines) = noticed(world.known.clone(), world.at, notice);
    lines.into_iter().map(|line| (line.outcome, line.told[0].key.clone())).collect()
}

fn known<'a>(world: &'a World, reference: &str) -> &'a Contribution {
    &world.known.contributions[&reference.parse::<ContributionRef>().unwrap()]
}

#[test]
fn a_proven_notice_posts_what_the_group_knows() {
    let mut world = group(Senders::Proven);
    let told = notice(&["SEC-2014-0243R01", "SEC-2014-0999R01", "PRO-2014-0255R01"]);
    let outcome = sends(&mut world, &told);
    assert_eq!(outcome.by, PORTAL);
    let changed: Vec<String> = outcome.changes.iter().map(|change| change.subject.to_string()).collect();
    assert_eq!(changed, ["SEC-2014-0243", "PRO-2014-0255"], "what nobody knows is only linked");
    let [posted] = known(&world, "PRO-2014-0255").life.available.as_slice() else { panic!("one revision") };
    assert_eq!(posted.trace.by, Some(address(PORTAL)));
    assert_eq!(posted.trace.message.as_deref(), Some("notice.1@portal.example.net"));
    assert!(sends(&mut world, &told).changes.is_empty(), "the second time nothing changes");
}

#[test]
fn what_is_expected_is_met() {
    let mut world = group(Senders::Claimed);
    world.mail(CHAIR, "SEC-2014-0243 noted, expect R01");
    let open = |world: &World| {
        known(world, "SEC-2014-0243").life.open_follow_ups().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(open(&world).contains(&"revision R01".to_owned()), "{:?}", open(&world));
    sends(&mut world, &notice(&["SEC-2014-0243R01"]));
    assert_eq!(open(&world), [""; 0]);
}

#[test]
fn who_is_not_proven_or_not_named_or_a_person_posts_nothing() {
    let claimed = NoticeInput { verdict: Verdict::Claimed, ..notice(&["SEC-2014-0243R01"]) };
    let mut world = group(Senders::Proven);
    assert!(sends(&mut world, &claimed).changes.is_empty());
    assert_eq!(comes(&world, &claimed), [(LineOutcome::Refused, "refused-announcer-claimed".to_owned())]);
    let mut world = group(Senders::Claimed);
    let refuted = Authentication { by: "mx.example.org".to_owned(), said: Vec::new(), alignment: Alignment::Fail };
    let evidence = Evidence { authentication: Some(refuted), ..Evidence::default() };
    assert!(sends(&mut world, &NoticeInput { evidence, ..claimed.clone() }).changes.is_empty(), "a DMARC fail");
    assert_eq!(sends(&mut world, &claimed).changes.len(), 1, "a closed network");

    let mut world = group(Senders::Proven);
    for from in [STRANGER, OTHER] {
        if from == OTHER {
            world.rules().announcers.push(address(OTHER));
        }
        let other = NoticeInput { from: address(from), ..notice(&["SEC-2014-0243R01"]) };
        assert!(sends(&mut world, &other).changes.is_empty(), "{from}");
        assert_eq!(comes(&world, &other), [(LineOutcome::Refused, "refused-no-announcer".to_owned())]);
    }
}

#[test]
fn without_its_number_a_revision_is_the_first_or_not_known() {
    let mut world = group(Senders::Proven);
    assert_eq!(sends(&mut world, &notice(&["SEC-2014-0243"])).changes.len(), 1);
    sends(&mut world, &notice(&["SEC-2014-0243R02"]));
    assert!(sends(&mut world, &notice(&["SEC-2014-0243"])).changes.is_empty());
    sends(&mut world, &notice(&["SEC-2014-0255R01"]));
    let bare = notice(&["SEC-2014-0255"]);
    assert_eq!(comes(&world, &bare), [(LineOutcome::Refused, "refused-which-revision".to_owned())]);
    assert!(sends(&mut world, &bare).changes.is_empty());
}

#[test]
fn a_revision_far_above_what_is_known_waits_for_a_ruling() {
    let mut world = group(Senders::Proven);
    sends(&mut world, &notice(&["SEC-2014-0243R01"]));
    let far = notice(&["SEC-2014-0243R09"]);
    sends(&mut world, &far);
    assert_eq!(known(&world, "SEC-2014-0243").life.available.len(), 1);
    assert_eq!(world.known.requests[&1].state, RequestState::Waiting);
    assert!(sends(&mut world, &far).changes.is_empty(), "it is asked once");
    world.rules().senders = Senders::Claimed;
    assert_eq!(keys(&world.mail(OTHER, "accept request 1")), ["refused-rulers-only"]);
    assert_eq!(keys(&world.mail(CHAIR, "request 1: R09 posted")), ["line-doubtful-tail"]);
    assert_eq!(keys(&world.mail(CHAIR, "accept request 1")), ["told-posted"]);
    let [_, posted] = known(&world, "SEC-2014-0243").life.available.as_slice() else { panic!("two revisions") };
    assert_eq!((posted.revision.number, posted.trace.by.clone()), (9, Some(address(PORTAL))));
    assert!(sends(&mut world, &far).changes.is_empty());
}

#[test]
fn a_ruling_may_reject_it_for_good() {
    let mut world = group(Senders::Claimed);
    sends(&mut world, &notice(&["SEC-2014-0243R01"]));
    let far = notice(&["SEC-2014-0243R09"]);
    sends(&mut world, &far);
    assert_eq!(keys(&world.mail(CHAIR, "reject request 1")), ["told-request-rejected"]);
    assert!(sends(&mut world, &far).changes.is_empty());
}

#[test]
fn officers_take_back_what_a_notice_did_and_nobody_else() {
    let mut world = group(Senders::Claimed);
    sends(&mut world, &notice(&["SEC-2014-0243R01"]));
    world.after_hours(48);
    assert_eq!(keys(&world.mail(OTHER, "undo notice")), ["refused-not-your-mail"]);
    assert_eq!(keys(&world.mail(CHAIR, "undo notice")), ["told-undone"]);
    assert!(known(&world, "SEC-2014-0243").life.available.is_empty());
}

#[test]
fn an_announcers_address_is_no_members() {
    let mut world = group(Senders::Claimed);
    assert_eq!(keys(&world.mail(CHAIR, &format!("member Portal, CATT, {PORTAL}"))), ["refused-is-announcer"]);
    assert_eq!(keys(&world.mail(OTHER, &format!("also {PORTAL}"))), ["refused-is-announcer"]);
}
