//! The HTML of each kind of mail, as it is sent.

use super::{address, english, letter, thread};
use crate::compose::{Letter, announcement, answer as answered, digest_html, digest_text, notice_of};
use crate::decide::tests::world::*;
use crate::domain::{OccasionKind, Recipient, Status};

fn tagged() -> Letter {
    Letter { reply_to: Some(address("minuted+d-abc@example.org")), ..letter() }
}

#[test]
fn a_weekly_digest_has_a_ready_reply_in_each_row_that_can_be_answered() {
    let mut world = World::new();
    world.set_due("A-WG4-TP8-001", "2014-04-01");
    world.has("A-WG4-TP8-004", "<script>alert(1)</script> 机密性 التحقق אבטחה", "Lead CATT", Status::ToBeConfirmed);
    world.has("P-WG4-001", "Proposed", "Lead CATT", Status::Proposed);
    world.mail(CHAIR, "approval 0243R01 until 2014-05-05");
    world.mail(CHAIR, "SEC-2014-0243R01 noted, expect R02");
    world.mail(LEAD, "extend A-WG4-TP8-001 2014-06-02");
    let digest = world.digest().unwrap();
    insta::assert_snapshot!("weekly_html", digest_html(&digest, &tagged(), english()));
}

#[test]
fn what_the_list_is_told_at_once_has_ready_replies() {
    let mut world = World::new();
    let opened = world.mail(CHAIR, "approval 0243R01 until 2014-05-05");
    let (_, html) = super::parts(&notice_of(&opened.notices[0], &tagged(), english()));
    insta::assert_snapshot!("approval_html", html);
    world.rules().invitations = true;
    let planned = world.mail(CHAIR, "meeting SEC#12 2014-08-04 to 2014-08-08 Berlin");
    let (_, html) = super::parts(&announcement(&planned.announcements[0], &tagged(), english()));
    insta::assert_snapshot!("announcement_html", html);
}

/// A group two weeks before SEC#11.0, in which much is open.
fn before_the_meeting() -> World {
    let mut world = World::new();
    world.rules().invitations = true;
    world.mail(
        CHAIR,
        "meeting SEC#11 2014-06-09 to 2014-06-13 Berlin deadline 2014-06-02\n\n\
         session S1 SEC#11 2014-06-09 15:45-17:00 Opening (joint with WG3, 役割)\n\nattending SEC#11",
    );
    for reference in ["SEC-2014-0301", "SEC-2014-0302"] {
        world.mail(CHAIR, &format!("register {reference} \"Comments on SEC-2014-0243R01\" for 7.2"));
    }
    world.mail(CHAIR, "SEC-2014-0243R01 agreed (TBPosted)\n\nSEC-2014-0255 noted, expect R01");
    world.set_due("A-WG4-TP8-001", "2014-05-12");
    world.set_due("A-WG4-TP8-002", "TP11");
    world.at = "2014-05-19T10:00:00Z".parse().unwrap();
    world.mail(CHAIR, "action Lead Gemalto: Specify the hop-by-hop (node to adjacent node) security due 2014-06-05");
    world.mail(LEAD, "note A-WG4-TP8-001 The text is in SEC-2014-0259R01");
    world.at = "2014-05-26T06:00:00Z".parse().unwrap();
    world
}

fn member(world: &World, name: &str) -> Recipient {
    Recipient::Member(world.known.roster.members.iter().find(|member| member.name == name).unwrap().id)
}

#[test]
fn a_mail_before_a_meeting_and_one_before_its_deadline_are_shown_alike() {
    let mut world = before_the_meeting();
    let digest = world.due(&Recipient::List, &[(OccasionKind::Meeting, "SEC#11.0")], &[]).unwrap();
    insta::assert_snapshot!("meeting_html", digest_html(&digest, &tagged(), english()));
    insta::assert_snapshot!("meeting_text", digest_text(&digest, &tagged(), english()));
    let digest = world.due(&Recipient::List, &[(OccasionKind::Deadline, "SEC#11.0")], &[]).unwrap();
    insta::assert_snapshot!("deadline_html", digest_html(&digest, &tagged(), english()));
}

#[test]
fn a_mail_of_ones_own_shows_what_is_overdue_first() {
    let mut world = before_the_meeting();
    let to = member(&world, "Member Gemalto");
    let parts = [(OccasionKind::Meeting, "SEC#11.0"), (OccasionKind::Personal, "A-WG4-TP8-001")];
    let digest = world.due(&to, &parts, &["A-WG4-TP8-001", "A-WG4-TP10-001"]).unwrap();
    insta::assert_snapshot!("personal_html", digest_html(&digest, &tagged(), english()));
}

#[test]
fn a_report_and_what_its_sources_get_of_it_show_what_is_to_be_posted() {
    let mut world = World::new();
    world.at = "2014-04-09T08:00:00Z".parse().unwrap();
    let contribution = world.known.contributions.get_mut(&"SEC-2014-0243".parse().unwrap()).unwrap();
    (contribution.source, contribution.agenda_item) = ("Gemalto".to_owned(), "7.2".to_owned());
    world.mail(CHAIR, "SEC-2014-0243R01 agreed (TBPosted)\n\naction Lead CATT: Write the scope due TP11");
    world.mail(LEAD, "done A-WG4-TP8-001 because it is agreed");
    world.at = "2014-04-14T06:00:00Z".parse().unwrap();
    let digest = world.due(&Recipient::List, &[(OccasionKind::Report, "SEC#10.0")], &[]).unwrap();
    insta::assert_snapshot!("report_html", digest_html(&digest, &tagged(), english()));
    let to = member(&world, "Member Gemalto");
    let digest = world.due(&to, &[(OccasionKind::Chaser, "SEC-2014-0243")], &[]).unwrap();
    insta::assert_snapshot!("chaser_html", digest_html(&digest, &tagged(), english()));
}

#[test]
fn an_answer_shows_what_was_not_done_and_what_would_be() {
    let mut world = World::new();
    let outcome =
        world.mail(LEAD, "done A-WG4-TP8-001 because it is agreed\n\ndue A-WG4-TP8-009 2014-06-02\n\nlist open");
    let (_, html) = super::parts(&answered(answer(&outcome), &thread(), &tagged(), english()));
    insta::assert_snapshot!("answer_html", html);
}

#[test]
fn a_long_text_is_told_in_part_with_where_the_whole_is_and_there_it_is_whole() {
    let mut world = World::new();
    let long = format!("Align the text{}.", " with what the other documents say of it".repeat(60));
    let said = |outcome: &crate::decide::Outcome| crate::compose::plain(answer(outcome), &super::berlin(), english());
    let made = said(&world.mail(CHAIR, &format!("action Lead CATT: {long}"))).replace('\n', " ");
    assert!(made.chars().count() < 1200, "{made}");
    assert!(made.contains("…") && made.contains("to see all of it, send \"status A-WG4-TP10-001\"."), "{made}");
    let whole = said(&world.mail(CHAIR, "status A-WG4-TP10-001"));
    let words = |text: &str| text.split([' ', '\n', '|']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    assert!(words(&whole).contains(&words(&long)), "{whole}");
    let done = said(&world.mail(CHAIR, "done A-WG4-TP10-001")).replace('\n', " ");
    assert!(done.contains("…") && done.contains("is closed now (was open)."), "{done}");
}
