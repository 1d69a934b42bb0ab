//! The roster by mail, addresses of one's own, and one's own mail.

use rstest::rstest;

use super::world::*;
use crate::command::Addressed;
use crate::decide::{Input, MailInput, Outcome};
use crate::domain::{Member, Role};

const HOME: &str = "gemalto-home@example.net";

fn member(world: &World, mail: &str) -> Member {
    world.known.roster.member_by_address(&address(mail)).unwrap().clone()
}

/// The code of the notice to that address.
fn code(outcome: &Outcome, to: &str) -> String {
    let notice = outcome.notices.iter().find(|notice| notice.to == address(to)).unwrap();
    let arguments = notice.body.iter().flat_map(|text| &text.arguments);
    arguments.into_iter().find(|(name, _)| name == "code").unwrap().1.clone()
}

/// The Message-ID of the notice to that address.
fn notice(outcome: &Outcome, to: &str) -> String {
    let notice = outcome.notices.iter().find(|notice| notice.to == address(to)).unwrap();
    format!("notice-{}", notice.about)
}

#[rstest]
#[case("member New, CATT, new@example.org", "told-member")]
#[case("member New, Nokia, new@example.org", "told-member-new-organization")]
#[case("member New, Gemalto N.V., new@example.org", "told-member")]
#[case("member New, Qualcom, new@example.org", "refused-organization-near")]
#[case("member New, Lee, LG Electronics, new@example.org", "refused-organization-comma")]
#[case("member New, CATT, member-catt@example.org", "told-member-already")]
#[case("member Bot, CATT, minuted@example.org", "refused-is-bot")]
#[case("member List, CATT, wg4@list.example.org", "refused-is-bot")]
#[case("member List, CATT, wg4+x@list.example.org", "refused-is-bot")]
#[case("member Bot, CATT, minuted+r1@example.org", "refused-is-bot")]
#[case("member member-catt@example.org left", "told-left")]
#[case("member nobody@example.org left", "refused-unknown-member")]
#[case("role member-catt@example.org vice-chair", "told-role")]
#[case("role member-catt@example.org rapporteur of TS-0003", "told-role")]
#[case("role chair@example.org chair", "told-role-already")]
#[case("role member-catt@example.org no secretary", "told-role-not")]
#[case("role chair@example.org no chair", "told-role-taken")]
#[case("role nobody@example.org chair", "refused-unknown-member")]
fn officers_keep_the_roster(#[case] text: &str, #[case] key: &str) {
    assert_eq!(keys(&World::new().mail(SECRETARY, text)), [key]);
    for other in [LEAD, OTHER] {
        let mut world = World::new();
        let before = world.known.roster.clone();
        assert_eq!(keys(&world.mail(other, text)), ["refused-roster"]);
        assert_eq!(world.known.roster, before);
    }
}

#[test]
fn a_new_member_can_write_at_once_and_gets_a_number_of_their_own() {
    let mut world = World::new();
    world.mail(CHAIR, "member New, Gemalto N.V., new@example.org");
    let new = member(&world, "new@example.org");
    assert_eq!((new.id, new.organization.as_str()), (6, "Gemalto"));
    assert_eq!(keys(&world.mail("new@example.org", "done A-WG4-TP8-001")), ["told-status"]);
}

#[test]
fn who_has_left_can_come_back() {
    let mut world = World::new();
    world.mail(CHAIR, "member member-catt@example.org left");
    assert_eq!(keys(&world.mail(CHAIR, "member member-catt@example.org left")), ["told-left-already"]);
    assert_eq!(keys(&world.mail(CHAIR, "role member-catt@example.org chair")), ["refused-has-left"]);
    let other = world.mail(CHAIR, "member Somebody Else, Gemalto, member-catt@example.org");
    assert_eq!(keys(&other), ["refused-member-left"]);
    assert_eq!(keys(&world.mail(CHAIR, "member Member CATT, CATT, member-catt@example.org")), ["told-member-back"]);
    assert!(!member(&world, OTHER).left);
}

#[test]
fn who_comes_back_has_no_office_any_more() {
    let mut world = World::new();
    world.mail(CHAIR, "role member-catt@example.org secretary");
    world.mail(CHAIR, "member member-catt@example.org left");
    world.mail(CHAIR, "member Member CATT, CATT, member-catt@example.org");
    assert_eq!(member(&world, OTHER).roles, []);
}

#[test]
fn the_last_officer_stays() {
    let mut world = World::new();
    world.mail(CHAIR, "role secretary@example.org no secretary");
    for text in ["role chair@example.org no chair", "member chair@example.org left"] {
        assert_eq!(keys(&world.mail(CHAIR, text)), ["refused-last-officer"]);
    }
    // One who has two such roles can give one of them up; who has left counts as none.
    world.mail(CHAIR, "role chair@example.org secretary");
    assert_eq!(keys(&world.mail(CHAIR, "role chair@example.org no chair")), ["told-role-taken"]);
    world.mail(CHAIR, "role member-catt@example.org chair\nmember member-catt@example.org left");
    assert_eq!(keys(&world.mail(CHAIR, "member chair@example.org left")), ["refused-last-officer"]);
    assert_eq!(member(&world, CHAIR).roles, [Role::Secretary]);
}

#[rstest]
#[case(HOME, LEAD)]
#[case(LEAD, HOME)]
fn an_address_counts_once_both_have_confirmed_it(#[case] first: &str, #[case] second: &str) {
    let mut world = World::new();
    let asked = world.mail(LEAD, &format!("also {HOME}"));
    assert_eq!((keys(&asked), asked.notices.len()), (vec!["told-also"], 2));
    assert_ne!(code(&asked, HOME), code(&asked, LEAD));
    assert_eq!(keys(&world.mail(first, &format!("confirm {}", code(&asked, first)))), ["told-confirmed-half"]);
    assert!(world.mail(HOME, "done A-WG4-TP8-001").answer.is_none());
    assert_eq!(keys(&world.reply(second, &notice(&asked, second), "yes")), ["told-confirmed"]);
    assert_eq!(keys(&world.mail(HOME, "done A-WG4-TP8-001")), ["told-status"]);
    // Mail still goes to the first address.
    assert_eq!(member(&world, HOME).addresses, [address(LEAD), address(HOME)]);
    assert_eq!(keys(&world.reply(second, &notice(&asked, second), "yes")), ["refused-confirmed-already"]);
    assert_eq!(keys(&world.mail(LEAD, &format!("also {HOME}"))), ["told-also-already"]);
}

#[test]
fn a_code_is_worth_nothing_from_another_address() {
    let mut world = World::new();
    let asked = world.mail(LEAD, &format!("also {HOME}"));
    for from in [OTHER, LEAD] {
        assert_eq!(keys(&world.mail(from, &format!("confirm {}", code(&asked, HOME)))), ["refused-code"]);
    }
    assert!(world.mail(STRANGER, &format!("confirm {}", code(&asked, HOME))).answer.is_none());
    assert_eq!(keys(&world.reply(OTHER, &notice(&asked, HOME), "yes")), ["refused-nothing-asked"]);
    assert!(world.known.roster.member_by_address(&address(HOME)).is_none());
}

#[test]
fn an_address_that_declines_or_is_silent_is_not_added() {
    let mut world = World::new();
    let asked = world.mail(LEAD, &format!("also {HOME}"));
    assert_eq!(keys(&world.reply(HOME, &notice(&asked, HOME), "no")), ["told-declined"]);
    assert_eq!(keys(&world.reply(LEAD, &notice(&asked, LEAD), "yes")), ["told-confirmed-half"]);
    assert_eq!(member(&world, LEAD).addresses.len(), 1);

    let mut world = World::new();
    let asked = world.mail(LEAD, &format!("also {HOME}"));
    world.after_hours(24 * 7 + 1);
    for from in [HOME, LEAD] {
        assert_eq!(keys(&world.reply(from, &notice(&asked, from), "ok")), ["refused-confirmation-expired"]);
    }
    assert_eq!(member(&world, LEAD).addresses.len(), 1);
}

#[test]
fn nobody_is_asked_twice_while_a_question_waits() {
    let mut world = World::new();
    let text = format!("also {HOME}");
    assert_eq!(world.mail(LEAD, &format!("{text}\n{text}")).notices.len(), 2);
    let again = world.mail(LEAD, &text);
    assert_eq!((keys(&again), again.notices.len()), (vec!["told-also-waiting"], 0));
    world.after_hours(24 * 8);
    assert_eq!(world.mail(LEAD, &text).notices.len(), 2);
}

#[rstest]
#[case("also minuted@example.org", "refused-is-bot")]
#[case("also wg4@list.example.org", "refused-is-bot")]
#[case("also member-catt@example.org", "refused-address-taken")]
#[case("also member-gemalto@example.org", "told-also-already")]
fn not_every_address_can_be_ones_own(#[case] text: &str, #[case] key: &str) {
    let outcome = World::new().mail(LEAD, text);
    assert_eq!((keys(&outcome), outcome.notices.len()), (vec![key], 0));
}

#[test]
fn an_address_taken_meanwhile_is_not_added_and_the_refusal_leaves_nothing_behind() {
    let mut world = World::new();
    let asked = world.mail(LEAD, &format!("also {HOME}"));
    world.reply(HOME, &notice(&asked, HOME), "yes");
    world.mail(CHAIR, &format!("member New, CATT, {HOME}"));
    let before = world.known.clone();
    let refused = world.reply(LEAD, &notice(&asked, LEAD), "yes");
    assert_eq!((keys(&refused), refused.changes.len()), (vec!["refused-address-taken"], 0));
    assert_eq!(world.known, before);
}

#[test]
fn a_member_who_left_meanwhile_gets_no_address() {
    let mut world = World::new();
    let asked = world.mail(LEAD, &format!("also {HOME}"));
    world.reply(LEAD, &notice(&asked, LEAD), "yes");
    world.mail(CHAIR, &format!("member {LEAD} left"));
    let outcome = world.reply(HOME, &notice(&asked, HOME), "yes");
    assert_eq!((keys(&outcome), outcome.changes.len()), (vec!["refused-unknown-member"], 0));
}

#[test]
fn yes_is_an_ordinary_word_where_nothing_was_asked() {
    let mut world = World::new();
    assert!(keys(&world.mail(LEAD, "yes")).is_empty());
    world.mail(LEAD, "list mine");
    let list = world.last_answer();
    assert_eq!(keys(&world.reply(LEAD, &list, "yes")), ["refused-nothing-asked"]);
}

#[test]
fn personal_mail_is_paused_and_goes_on() {
    let mut world = World::new();
    assert_eq!(keys(&world.mail(OTHER, "resume")), ["told-resumed-already"]);
    assert_eq!(keys(&world.mail(OTHER, "pause until 2014-04-28")), ["refused-past"]);
    assert_eq!(keys(&world.mail(OTHER, "pause until 2014-05-12")), ["told-paused"]);
    assert_eq!(keys(&world.mail(OTHER, "pause until 2014-05-12")), ["told-paused-already"]);
    assert_eq!(member(&world, OTHER).paused_until, Some("2014-05-12".parse().unwrap()));
    assert_eq!(member(&world, LEAD).paused_until, None);
    assert_eq!(keys(&world.mail(OTHER, "resume")), ["told-resumed"]);
    world.mail(OTHER, "pause until 2014-05-12");
    world.after_hours(24 * 20);
    assert_eq!(keys(&world.mail(OTHER, "resume")), ["told-resumed-already"]);
}

#[test]
fn a_personal_digest_is_on_or_off() {
    let mut world = World::new();
    for (text, key, on) in [
        ("digest off", "told-digest-already", false),
        ("digest on", "told-digest", true),
        ("digest on", "told-digest-already", true),
        ("digest off", "told-digest", false),
    ] {
        assert_eq!(keys(&world.mail(OTHER, text)), [key]);
        assert_eq!(member(&world, OTHER).digest, on);
    }
}

/// A mail whose From a list has rewritten to `name`, with the Reply-To that it left.
fn rewritten(world: &mut World, name: &str, reply_to: &str) -> Outcome {
    let read = world.read(reply_to, "#note A-WG4-TP8-001 seen", Addressed::List, None);
    let mail = MailInput { name: name.to_owned(), by_name: true, ..read };
    world.input(Input::Mail(Box::new(mail)))
}

#[test]
fn a_name_that_a_list_has_left_is_a_members_or_nobodys() {
    let mut world = World::new();
    // Reply-To is nobody's identity, the chair's least of all.
    assert_eq!(rewritten(&mut world, "Evil", CHAIR).answer, None);
    assert_eq!(rewritten(&mut world, "Member CATT", CHAIR).answer, None);
    assert_eq!(rewritten(&mut world, "Nobody", "wg4@example.org").answer, None);
    let by_list = rewritten(&mut world, "Chair", "wg4@example.org");
    assert_eq!(keys(&by_list), ["told-note"]);
    assert_eq!(by_list.by, CHAIR);
    assert_eq!(by_list.answer.unwrap().to.as_str(), CHAIR, "answers go to the address that the roster has");
    assert_eq!(keys(&rewritten(&mut world, "Chair", CHAIR)), ["told-note"]);
    // Who has no name is left with the local part, as Mailman writes it.
    assert_eq!(keys(&rewritten(&mut world, "chair---", CHAIR)), ["told-note"]);
    assert_eq!(rewritten(&mut world, "chair---", "wg4@example.org").answer, None);
    assert_eq!(rewritten(&mut world, "evil---", CHAIR).answer, None);
    assert_eq!(rewritten(&mut world, "chair---", "chair@example.net").answer, None);
}

#[test]
fn a_second_member_of_one_name_in_one_organization_is_refused() {
    let mut world = World::new();
    for name in ["Member CATT", "member  catt.", "Member CAT"] {
        let outcome = world.mail(CHAIR, &format!("member {name}, CATT, catt-two@example.org"));
        assert_eq!(keys(&outcome), ["refused-member-near"], "{name}");
    }
    let outcome = world.mail(CHAIR, "member Member CATT, Gemalto, catt-two@example.org");
    assert_eq!(keys(&outcome), ["told-member"]);
    let outcome = world.mail(CHAIR, "member Li, CATT, li@example.org\nmember Lu, CATT, lu@example.org");
    assert_eq!(keys(&outcome), ["told-member", "told-member"], "short names differ by a letter");
}
