//! The HTML of a weekly digest, of the notice of an approval and of the announcement of a meeting, as it is sent.

use super::{address, english, letter};
use crate::compose::{Letter, announcement, digest_html, notice_of};
use crate::decide::tests::world::*;
use crate::domain::Status;

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
