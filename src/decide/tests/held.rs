//! What a claimed sender asks for: held, asked about, released, dropped.

use proptest::prelude::*;
use rstest::rstest;

use super::world::*;
use crate::command::Addressed;
use crate::decide::{Alignment, Authentication, Entry, Evidence, Input, MailInput, Outcome, Proof, Verdict};
use crate::domain::{RequestState, Rules, Senders, Status, Subject};

const ITEM: &str = "A-WG4-TP8-001";

/// A group in which senders must be proven.
pub(super) fn strict() -> World {
    let mut world = World::new();
    world.rules().senders = Senders::Proven;
    world
}

/// A mail that only claims to be from somebody.
pub(super) fn claimed(world: &mut World, from: &str, text: &str, reply_to: Option<&str>) -> MailInput {
    let mail = world.read(from, text, Addressed::BotAlone, reply_to);
    let code = format!("h0{}", mail.receipt);
    MailInput { hold_code: Some(code), has_text: !text.trim().is_empty(), ..mail }
}

fn send(world: &mut World, mail: MailInput) -> Outcome {
    world.input(Input::Mail(Box::new(mail)))
}

fn proven(mail: MailInput) -> MailInput {
    let result = "dmarc=pass header.from=example.org".to_owned();
    MailInput { verdict: Verdict::Proven(Proof::Authentication { result }), hold_code: None, ..mail }
}

pub(super) fn refuted(mail: MailInput) -> MailInput {
    let found = Authentication { by: "mx.example.org".to_owned(), said: Vec::new(), alignment: Alignment::Fail };
    MailInput { evidence: Evidence { authentication: Some(found), ..Evidence::default() }, ..mail }
}

fn status(world: &World) -> Status {
    world.known.actions[&ITEM.parse().unwrap()].status
}

fn state(world: &World, id: u32) -> RequestState {
    world.known.requests[&id].state
}

#[test]
fn what_is_claimed_is_held_and_the_registered_address_is_asked() {
    let mut world = strict();
    let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
    let outcome = send(&mut world, mail);
    assert_eq!((status(&world), state(&world, 1)), (Status::Open, RequestState::Waiting));
    assert_eq!((outcome.answer, outcome.receipt), (None, None));
    let [notice] = outcome.notices.as_slice() else { panic!("{:?}", outcome.notices) };
    assert_eq!(notice.to, address(CHAIR));
}

#[test]
fn lines_that_only_ask_are_answered_and_those_that_follow_a_held_one_are_held_too() {
    let mut world = strict();
    let text = "cancel A-WG4-TP7-777\nstatus A-WG4-TP8-001\ndone A-WG4-TP8-001\nreopen A-WG4-TP8-001\nhelp\nclsoe A-WG4-TP8-001";
    let mail = claimed(&mut world, CHAIR, text, None);
    let outcome = send(&mut world, mail);
    assert_eq!(keys(&outcome), ["refused-unknown", "told-below", "told-below", "line-near-miss"]);
    let would: Vec<&str> = outcome.notices[0].body.iter().map(|text| text.key.as_str()).collect();
    assert_eq!(would[1..5], ["notice-held-line", "told-status", "notice-held-line", "told-status"]);
    let held = outcome.notices[0].body.iter().filter(|text| text.key == "notice-held-line");
    let held: Vec<&str> = held.map(|text| text.arguments[0].1.as_str()).collect();
    assert_eq!(held, ["done A-WG4-TP8-001", "reopen A-WG4-TP8-001"]);
}

#[rstest]
#[case(OTHER, "done A-WG4-TP8-001")]
#[case(CHAIR, "reopen A-WG4-TP8-001")]
#[case(CHAIR, "dry-run\ndone A-WG4-TP8-001")]
#[case(CHAIR, "list all")]
#[case("stranger@example.net", "done A-WG4-TP8-001")]
fn where_nothing_would_change_nobody_is_asked(#[case] from: &str, #[case] text: &str) {
    let mut world = strict();
    let mail = claimed(&mut world, from, text, None);
    let outcome = send(&mut world, mail);
    assert_eq!((outcome.notices.len(), outcome.changes.len()), (0, 0), "{:?}", outcome.answer);
}

#[test]
fn a_closed_network_holds_nothing() {
    let mut world = World::new();
    let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
    assert_eq!(keys(&send(&mut world, mail)), ["told-status"]);
}

#[test]
fn a_clear_yes_releases_once_a_clear_no_denies_and_any_other_text_drops() {
    for (text, expected) in [
        ("yes", RequestState::Accepted),
        ("ok", RequestState::Accepted),
        ("Okay.", RequestState::Accepted),
        ("Yes, that was me.", RequestState::Accepted),
        ("Hello,\n\nyes please\n\nKim", RequestState::Accepted),
        ("no", RequestState::Denied),
        ("It was not me.", RequestState::Denied),
        ("yes?", RequestState::Dropped),
        ("yes but not item 2", RequestState::Dropped),
        ("yes\n\nbut not the second", RequestState::Dropped),
        ("no\nwait, it was me", RequestState::Dropped),
        ("What is this?", RequestState::Dropped),
        ("list mine", RequestState::Dropped),
        ("", RequestState::Waiting),
    ] {
        let mut world = strict();
        let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
        send(&mut world, mail);
        let reply = claimed(&mut world, CHAIR, text, Some("notice-request 1"));
        let outcome = send(&mut world, reply);
        assert_eq!(state(&world, 1), expected, "{text}");
        assert_eq!(outcome.released.len(), usize::from(expected == RequestState::Accepted), "{text}");
        assert_eq!(status(&world), Status::Open, "the shell decides what is released");
        let again = claimed(&mut world, CHAIR, "yes", Some("notice-request 1"));
        let released = send(&mut world, again).released;
        assert_eq!(released.len(), usize::from(expected == RequestState::Waiting), "{text}");
    }
}

#[test]
fn the_code_counts_from_the_member_alone() {
    let mut world = strict();
    let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
    let code = mail.hold_code.clone().unwrap();
    send(&mut world, mail);
    for from in [OTHER, SECRETARY, "stranger@example.net"] {
        let stolen = claimed(&mut world, from, &format!("confirm {code}"), Some("notice-request 1"));
        let stolen = proven(stolen);
        assert_eq!(send(&mut world, stolen).released, Vec::<u32>::new(), "{from}");
    }
    assert_eq!(state(&world, 1), RequestState::Waiting);
}

#[test]
fn nobody_is_told_the_code_by_history() {
    let mut world = strict();
    let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
    send(&mut world, mail);
    for from in [OTHER, SECRETARY] {
        let mail = claimed(&mut world, from, "history request 1", None);
        assert_eq!(keys(&send(&mut world, proven(mail))), ["refused-not-yours"]);
    }
}

#[test]
fn questions_are_few_a_day_and_what_is_beyond_is_held_too() {
    let mut world = strict();
    let ask = |world: &mut World, at: usize| {
        let mail = claimed(world, CHAIR, &format!("note A-WG4-TP8-001 number {at}"), None);
        send(world, mail).notices
    };
    let asked: usize = (0..8).map(|at| ask(&mut world, at).len()).sum();
    assert_eq!(asked, 5);
    let mail = claimed(&mut world, CHAIR, "list held", None);
    let answer = send(&mut world, mail).answer.unwrap();
    assert_eq!(answer.rows().len(), 8, "what nobody was asked about is held as well");
    let other = claimed(&mut world, OTHER, "list held", None);
    assert_eq!(send(&mut world, other).answer.unwrap().rows().len(), 0);
    world.after_hours(24);
    let [notice] = ask(&mut world, 8).try_into().unwrap();
    assert!(notice.body.iter().any(|text| text.key == "notice-held-more"));
    // The oldest give way, those first that nobody was told of.
    (9..120).for_each(|at| drop(ask(&mut world, at)));
    let waiting = world.known.requests.values().filter(|request| request.state == RequestState::Waiting);
    assert_eq!(waiting.count(), 100);
    assert_eq!((state(&world, 1), state(&world, 6)), (RequestState::Waiting, RequestState::Dropped));
}

#[test]
fn one_no_to_a_list_of_what_waits_denies_all_of_it_and_one_yes_is_asked_which() {
    let mut world = strict();
    for at in 0..3 {
        let mail = claimed(&mut world, CHAIR, &format!("note A-WG4-TP8-001 number {at}"), None);
        send(&mut world, mail);
    }
    let list = claimed(&mut world, CHAIR, "list held", None);
    send(&mut world, list);
    let list = world.last_answer();
    let yes = claimed(&mut world, CHAIR, "yes", Some(&list));
    assert_eq!(keys(&send(&mut world, yes)), ["refused-held-which"]);
    assert_eq!(state(&world, 1), RequestState::Waiting);
    let no = claimed(&mut world, CHAIR, "no", Some(&list));
    assert_eq!(keys(&send(&mut world, no)), ["told-held-denied"]);
    assert!((1..=3).all(|id| state(&world, id) == RequestState::Denied));
}

#[test]
fn what_a_claimed_copy_was_refused_a_proven_one_does() {
    let mut world = strict();
    let text = "reopen A-WG4-TP8-001\nstatus\nreject A-WG4-TP8-001";
    let mail = claimed(&mut world, CHAIR, text, None);
    let already = text.lines().map(str::to_owned).collect();
    let copy = MailInput { already, claimed_before: true, ..proven(mail.clone()) };
    assert_eq!(keys(&send(&mut world, mail)).len(), 3);
    assert_eq!(send(&mut world, copy.clone()).answer, None, "what is refused again was said before");
    world.known.actions.get_mut(&ITEM.parse().unwrap()).unwrap().status = Status::Closed;
    let outcome = send(&mut world, MailInput { claimed_before: false, ..copy.clone() });
    assert_eq!(outcome.answer, None, "a proven copy has settled it");
    assert_eq!(keys(&send(&mut world, copy)), ["told-status"]);
}

#[test]
fn a_mail_whose_message_id_was_taken_drops_what_the_other_asked_for() {
    let mut world = strict();
    let forged = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
    let id = forged.message_id.clone();
    send(&mut world, forged);
    let own = claimed(&mut world, CHAIR, "ongoing A-WG4-TP8-001", None);
    send(&mut world, MailInput { message_id: id, displaces: true, ..proven(own) });
    assert_eq!((status(&world), state(&world, 1)), (Status::Ongoing, RequestState::Dropped));
}

#[test]
fn the_same_again_asks_nobody_and_other_rows_are_not_the_same() {
    let mut world = strict();
    for (reply_to, asked) in [(None, 1), (None, 0), (Some("list@example.org"), 1), (Some("list@example.org"), 0)] {
        world.sent.insert("list@example.org".to_owned(), Vec::new());
        let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", reply_to);
        assert_eq!(send(&mut world, mail).notices.len(), asked, "{reply_to:?}");
    }
}

#[test]
fn a_proven_copy_runs_what_was_held_and_the_members_yes_comes_too_late() {
    let mut world = strict();
    let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
    let copy = MailInput { already: vec!["done A-WG4-TP8-001".to_owned()], ..proven(mail.clone()) };
    send(&mut world, mail);
    let outcome = send(&mut world, copy.clone());
    assert_eq!((keys(&outcome), status(&world)), (vec!["told-status"], Status::Closed));
    // What was run is not run again by one more copy.
    assert_eq!(send(&mut world, MailInput { receipt: "again".to_owned(), ..copy }).changes, []);
    let yes = claimed(&mut world, CHAIR, "yes", Some("notice-request 1"));
    assert_eq!(keys(&send(&mut world, yes)), ["refused-held-over"]);
}

#[test]
fn a_proven_copy_does_only_what_it_says_itself() {
    let mut world = strict();
    let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001\nnote A-WG4-TP8-001 seen", None);
    send(&mut world, mail.clone());
    let lines = ["done A-WG4-TP8-001", "note A-WG4-TP8-001 seen"].map(str::to_owned).to_vec();
    let mut copy = MailInput { already: lines, ..proven(mail) };
    copy.parsed.lines.truncate(1);
    let outcome = send(&mut world, copy);
    assert_eq!((outcome.released, state(&world, 1)), (vec![], RequestState::Waiting));
    let notes = &world.known.actions[&"A-WG4-TP8-001".parse().unwrap()].notes;
    assert!(notes.is_empty(), "{notes:?}");
}

#[test]
fn undoing_what_a_copy_released_asks_nobody_again() {
    let mut world = strict();
    let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
    let copy = MailInput { already: vec!["done A-WG4-TP8-001".to_owned()], ..proven(mail.clone()) };
    send(&mut world, mail);
    let receipt = send(&mut world, copy).receipt.unwrap();
    let undo = world.read(CHAIR, &format!("undo {receipt}"), Addressed::BotAlone, None);
    assert_eq!(keys(&send(&mut world, proven(undo))), ["told-undone"]);
    assert_eq!((status(&world), state(&world, 1)), (Status::Open, RequestState::Accepted));
}

#[test]
fn what_a_list_has_seen_the_answer_to_is_dropped() {
    let mut world = strict();
    let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
    send(&mut world, mail);
    let exposed = |requests| Input::Exposed { message_id: "m@example.org".to_owned(), tags: Vec::new(), requests };
    world.input(exposed(vec![1, 99]));
    assert_eq!(state(&world, 1), RequestState::Dropped);
    assert_eq!(world.input(exposed(vec![1])).changes, []);
}

#[test]
fn journals_of_earlier_versions_are_read_and_written_as_they_were() {
    let mut world = World::new();
    let mut mail = world.read(CHAIR, "done A-WG4-TP8-001", Addressed::BotAlone, None);
    mail.has_text = false;
    let entry = Entry { at: world.at, input: Input::Mail(Box::new(mail)) };
    let json = serde_json::to_string(&entry).unwrap();
    for new in ["evidence", "answer_unknown", "hold_code", "has_text"] {
        assert!(!json.contains(new), "an entry without {new} names it");
    }
    assert!(json.contains(r#""verdict":{"is":"claimed"}"#));
    assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
    let rules = serde_json::to_string(world.rules()).unwrap();
    assert!(!rules.contains("senders"));
    assert_eq!(serde_json::from_str::<Rules>(&rules).unwrap().senders, Senders::Claimed);
}

#[test]
fn verdicts_and_evidence_are_read_back() {
    for proof in [
        Proof::Token { mail: "answer.x@example.org".to_owned() },
        Proof::Authentication { result: "dmarc=pass".to_owned() },
        Proof::Confirmed { request: 7 },
    ] {
        let verdict = Verdict::Proven(proof);
        let json = serde_json::to_string(&verdict).unwrap();
        assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict, "{json}");
    }
}

const LINES: [&str; 22] = [
    "done A-WG4-TP8-001",
    "1 done",
    "reopen A-WG4-TP8-001",
    "cancel A-WG4-TP8-002",
    "note A-WG4-TP8-001 seen",
    "due A-WG4-TP8-001 TP11",
    "extend A-WG4-TP8-001 TP12",
    "assign A-WG4-TP8-001 to CATT",
    "action Lead CATT: Write the scope",
    "accept request 1",
    "member New, CATT, attacker@example.net",
    "member member-catt@example.org left",
    "role member-catt@example.org chair",
    "also attacker@example.net",
    "pause until 2014-06-01",
    "digest on",
    "undo",
    "status",
    "list members",
    "confirm abcd2345",
    "yes",
    "clsoe A-WG4-TP8-001",
];

proptest! {
    #[test]
    fn whatever_is_claimed_changes_nothing_and_goes_to_the_registered_address(
        picked in proptest::collection::vec(0..LINES.len(), 1..6),
        from in 0..3_usize,
        reply in proptest::bool::ANY,
        by_name in proptest::bool::ANY,
    ) {
        let mut world = strict();
        let proven_note = world.read(CHAIR, "note A-WG4-TP8-001 first", Addressed::BotAlone, None);
        send(&mut world, proven(proven_note));
        world.sent.insert("list@example.org".to_owned(), vec![(1, Subject::Action(ITEM.parse().unwrap()))]);
        let text = picked.iter().map(|at| LINES[*at]).collect::<Vec<_>>().join("\n");
        let (from, name) = [(CHAIR, "Chair"), (LEAD, "Member Gemalto"), (OTHER, "Member CATT")][from];
        let mut mail = claimed(&mut world, from, &text, reply.then_some("list@example.org"));
        if by_name {
            mail = MailInput { from: address("attacker@example.net"), name: name.to_owned(), by_name: true, ..mail };
        }
        let outcome = send(&mut world, mail);
        for change in &outcome.changes {
            prop_assert!(matches!(change.subject, Subject::Request(_)), "{text}: {change:?}");
            prop_assert_eq!(&change.field, "asks");
        }
        prop_assert!(outcome.answer.iter().all(|answer| answer.to == address(from)), "{text}");
        prop_assert!(outcome.notices.iter().all(|notice| notice.to == address(from)), "{text}");
        prop_assert!(outcome.notices.len() <= 1 && outcome.receipt.is_none() && outcome.released.is_empty());
    }
}

#[test]
fn confirmed_in_reply_to_the_question_is_a_yes() {
    for text in ["Confirmed.", "confirm", "I confirm", "y"] {
        let mut world = strict();
        let mail = claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
        send(&mut world, mail);
        let mail = claimed(&mut world, CHAIR, text, Some("notice-request 1"));
        let yes = proven(mail);
        assert_eq!(send(&mut world, yes).released, [1], "{text}");
    }
}
