//! Approvals by e-mail, from their opening to what they come to.

use rstest::rstest;

use super::world::*;
use crate::command::Addressed;
use crate::decide::{Input, Outcome, Table};
use crate::domain::{Approval, ApprovalState, Role, Stance, Subject};

const OF: &str = "SEC-2014-0243R01";

/// A group in which SEC-2014-0243R01 is posted.
fn posted() -> World {
    let mut world = World::new();
    world.mail(CHAIR, "posted SEC-2014-0243R01");
    world
}

/// As [`posted`], and it is to be approved until 5 May.
fn opened() -> World {
    let mut world = posted();
    world.mail(CHAIR, "approval 0243R01 until 2014-05-05");
    world
}

fn known<'a>(world: &'a World, of: &str) -> &'a Approval {
    &world.known.approvals[&of.parse().unwrap()]
}

/// The announcement to which the list's members reply.
fn announced(of: &str) -> String {
    format!("notice-approval {of}")
}

/// The keys of what the list is told.
fn told_the_list(outcome: &Outcome) -> Vec<&str> {
    assert!(outcome.notices.iter().all(|notice| notice.to.as_str() == "wg4@list.example.org"));
    outcome.notices.iter().map(|notice| notice.subject.key.as_str()).collect()
}

fn decisions(world: &World) -> Vec<String> {
    let life = &world.known.contributions[&"SEC-2014-0243".parse().unwrap()].life;
    life.decisions.iter().map(|it| format!("{} {}", it.revision, it.outcome)).collect()
}

#[test]
fn silence_ends_an_approval_and_only_ratifying_it_decides() {
    let mut world = posted();
    let opening = world.mail(CHAIR, "approval 0243R01 until 2014-05-05");
    assert_eq!(
        (keys(&opening), told_the_list(&opening)),
        (vec!["told-approval-opened"], vec!["notice-approval-opened-subject"])
    );
    assert_eq!(opening.notices[0].about, Subject::Approval(OF.parse().unwrap()));
    assert_eq!(known(&world, OF).until.map(|day| day.to_string()).as_deref(), Some("2014-05-05"));
    assert_eq!(keys(&world.reply(CHAIR, &announced(OF), "ratify")), ["refused-approval-runs"]);
    world.at = "2014-05-05T21:30:00Z".parse().unwrap();
    assert_eq!(keys(&world.mail(CHAIR, "ratify 0243")), ["refused-approval-runs"], "it is still the last day");
    world.after_hours(1);
    assert!(decisions(&world).is_empty());
    let ratified = world.mail(CHAIR, "ratify 0243");
    assert_eq!(
        (keys(&ratified), told_the_list(&ratified)),
        (vec!["told-ratified"], vec!["notice-approval-approved-subject"])
    );
    assert_eq!(argument(&ratified, "by"), "-");
    assert_eq!(
        (decisions(&world), known(&world, OF).state),
        (vec!["R01 approved".to_owned()], ApprovalState::Approved)
    );
    assert_eq!(world.mail(CHAIR, "ratify 0243R01").changes, []);
}

#[test]
fn members_object_and_support_in_reply_to_the_announcement() {
    let mut world = opened();
    let objected = world.reply(OTHER, &announced(OF), "object because clause 7 contradicts SEC-2014-0255");
    assert_eq!(keys(&objected), ["told-voice"]);
    assert_eq!(keys(&world.reply(LEAD, &announced(OF), "no objection")), ["told-voice"]);
    assert_eq!(keys(&world.reply(LEAD, &announced(OF), "agreed")), ["told-voice-already"]);
    let stances = |world: &World| known(world, OF).voices.iter().map(|voice| voice.stance).collect::<Vec<_>>();
    assert_eq!(stances(&world), [Stance::Objection, Stance::Support]);
    assert_eq!(known(&world, OF).voices[0].because.as_deref(), Some("clause 7 contradicts SEC-2014-0255"));
    assert_eq!(known(&world, OF).voices[0].message, "m3@example.org");
    assert_eq!(keys(&world.reply(LEAD, &announced(OF), "withdraw objection")), ["refused-no-objection"]);
    // On the list, only behind a mark.
    assert!(world.send(SUPPORTER, "object because of it", Addressed::ListReply, Some(&announced(OF))).answer.is_none());
    assert_eq!(
        keys(&world.send(SUPPORTER, "#object because of it", Addressed::ListReply, Some(&announced(OF)))),
        ["told-voice"]
    );
    world.mail(OTHER, "withdraw objection to SEC-2014-0243R01");
    assert_eq!(stances(&world), [Stance::Withdrawn, Stance::Support, Stance::Objection]);
    assert!(world.reply(STRANGER, &announced(OF), "object").changes.is_empty());
}

#[test]
fn over_an_objection_that_stands_a_reason_is_asked_for_and_the_secretary_ratifies_for_the_chair() {
    let mut world = opened();
    world.reply(OTHER, &announced(OF), "object because it is too early");
    world.at = "2014-05-06T08:00:00Z".parse().unwrap();
    world.reply(LEAD, &announced(OF), "object");
    assert!(known(&world, OF).voices[1].is_late && !known(&world, OF).voices[0].is_late);
    let refused = world.mail(SECRETARY, "ratify 0243R01");
    assert_eq!(
        (keys(&refused), argument(&refused, "names")),
        (vec!["refused-approval-objections"], "Member CATT, Member Gemalto")
    );
    let ratified = world.mail(SECRETARY, "ratify 0243R01 because both were answered on the list");
    assert_eq!((keys(&ratified), argument(&ratified, "by")), (vec!["told-ratified"], "chair"));
    assert_eq!(ratified.notices[0].body.len(), 2, "the list is told who objected");
    assert_eq!(known(&world, OF).reason.as_deref(), Some("both were answered on the list"));
    assert_eq!(keys(&world.mail(OTHER, "object to 0243R01")), ["refused-approval-ended"]);
}

#[test]
fn an_objection_that_was_held_is_late_only_where_it_was_said_late() {
    let mut world = opened();
    let mut objection = world.read(OTHER, "object to 0243R01 because it is too early", Addressed::BotAlone, None);
    objection.held_at = Some("2014-05-05T20:00:00Z".parse().unwrap());
    world.at = "2014-05-07T08:00:00Z".parse().unwrap();
    world.input(Input::Mail(Box::new(objection)));
    let voice = &known(&world, OF).voices[0];
    assert_eq!((voice.is_late, voice.on.to_string().as_str()), (false, "2014-05-05"));
}

#[test]
fn what_is_not_approved_decides_nothing_and_can_be_tried_again() {
    let mut world = opened();
    world.reply(OTHER, &announced(OF), "object because it is too early");
    assert_eq!(keys(&world.mail(CHAIR, "not approved 0243R01")), ["refused-approval-reason"]);
    let ended = world.mail(CHAIR, "not approved 0243R01 because it is too early");
    assert_eq!(told_the_list(&ended), ["notice-approval-not-subject"]);
    assert!(decisions(&world).is_empty());
    let again = world.mail(CHAIR, "approval 0243R01 until 2014-05-20");
    assert_eq!(told_the_list(&again), ["notice-approval-opened-subject"]);
    assert!(known(&world, OF).voices.is_empty() && known(&world, OF).reason.is_none());
}

#[test]
fn an_approval_does_not_end_and_begin_anew_in_one_mail() {
    let mut world = opened();
    world.reply(OTHER, &announced(OF), "object because it is too early");
    let both = "not approved 0243R01 because typo\napproval 0243R01 until 2014-05-05";
    let both = world.mail(CHAIR, both);
    assert_eq!(keys(&both), ["told-ratified", "refused-approval-own-mail"]);
    assert_eq!(told_the_list(&both), ["notice-approval-not-subject"]);
    assert_eq!(known(&world, OF).voices.len(), 1);
}

#[test]
fn what_a_member_says_only_the_member_takes_back() {
    let mut world = opened();
    let objected = world.reply(OTHER, &announced(OF), "object because it is too early");
    let comes = world.mail(OTHER, "attending SEC#11");
    for receipt in [objected.receipt.unwrap(), comes.receipt.unwrap()] {
        let undo = format!("undo {receipt}");
        let refused = world.mail(CHAIR, &undo);
        assert_eq!((keys(&refused), refused.changes.len()), (vec!["refused-undo-voice"], 0));
        assert_eq!(keys(&world.mail(OTHER, &undo)), ["told-undone"]);
    }
    assert!(known(&world, OF).voices.is_empty());
}

#[test]
fn nothing_is_decided_around_an_open_approval() {
    let mut world = opened();
    world.reply(OTHER, &announced(OF), "object because it is too early");
    for text in ["0243R01 approved", "0243R01 agreed"] {
        let refused = world.mail(CHAIR, text);
        assert_eq!((keys(&refused), refused.changes.len()), (vec!["refused-by-approval"], 0), "{text}");
    }
    let listed = crate::agenda::AgendaDocument {
        contributions: vec![paper("SEC-2014-0243", "Title", "R01 approved")],
        ..document()
    };
    world.input(Input::Agenda { document: Box::new(listed), by: None });
    assert!(decisions(&world).is_empty());
    assert!(world.known.requests.values().any(|it| matches!(it.kind, crate::domain::RequestKind::Conflict { .. })));
    let list = world.mail(OTHER, "list approvals");
    assert!(matches!(&answer(&list).tables[..], [Table::Approvals { rows, .. }] if rows.len() == 1));
    world.at = "2014-05-06T08:00:00Z".parse().unwrap();
    assert_eq!(argument(&world.mail(CHAIR, "0243R01 approved"), "over"), "yes");
    world.mail(CHAIR, "ratify 0243R01 because it was answered");
    assert_eq!(decisions(&world), ["R01 approved"]);
}

#[test]
fn what_is_approved_is_not_called_not_approved() {
    let mut world = opened();
    // As by a ruling, or in a group's journal of before.
    let approved = world.known.approvals[&OF.parse().unwrap()].clone();
    world.known.approvals.clear();
    world.mail(CHAIR, "0243R01 approved");
    world.known.approvals.insert(approved.of.clone(), approved);
    assert_eq!(keys(&world.mail(CHAIR, "not approved 0243R01 because late")), ["refused-approval-decided"]);
}

#[test]
fn the_end_moves_and_an_opening_is_taken_back_while_nobody_has_spoken() {
    let mut world = posted();
    let opening = world.mail(CHAIR, "approval 0243R01 until 2014-05-05");
    assert_eq!(world.mail(CHAIR, "approval 0243R01 until 2014-05-05").changes, []);
    let moved = world.mail(CHAIR, "approval 0243R01 until 2014-05-12");
    assert_eq!(
        (keys(&moved), told_the_list(&moved)),
        (vec!["told-approval-moved"], vec!["notice-approval-moved-subject"])
    );
    let undo = world.mail(CHAIR, &format!("undo {}", moved.receipt.unwrap()));
    assert_eq!(told_the_list(&undo), ["notice-approval-moved-subject"]);
    let objected = world.reply(OTHER, &announced(OF), "object because of it");
    let undo = format!("undo {}", opening.receipt.unwrap());
    assert_eq!(keys(&world.mail(CHAIR, &undo)), ["refused-undo-depends"]);
    world.mail(OTHER, &format!("undo {}", objected.receipt.unwrap()));
    let back = world.mail(CHAIR, &undo);
    assert_eq!((keys(&back), told_the_list(&back)), (vec!["told-undone"], vec!["notice-approval-cancelled-subject"]));
    assert_eq!(known(&world, OF), &Approval::new(OF.parse().unwrap()));
    assert_eq!(keys(&world.mail(OTHER, "object to 0243R01")), ["refused-approval-ended"]);
}

#[test]
fn what_was_ratified_is_taken_back_with_its_decision() {
    let mut world = opened();
    world.at = "2014-05-06T08:00:00Z".parse().unwrap();
    let ratified = world.mail(CHAIR, "ratify 0243R01");
    let back = world.mail(CHAIR, &format!("undo {}", ratified.receipt.unwrap()));
    assert_eq!(told_the_list(&back), ["notice-approval-back-subject"]);
    assert_eq!(
        (keys(&back), decisions(&world).len(), known(&world, OF).state),
        (vec!["told-undone"], 0, ApprovalState::Open)
    );
}

#[test]
fn minutes_are_approved_without_a_decision_on_any_contribution() {
    let mut world = World::new();
    let opening = world.mail(CHAIR, "approval minutes SEC#10 until 2014-05-05");
    assert_eq!(keys(&opening), ["told-approval-opened"]);
    world.at = "2014-05-06T08:00:00Z".parse().unwrap();
    let ratified = world.mail(CHAIR, "ratify minutes SEC#10");
    assert_eq!(keys(&ratified), ["told-ratified"]);
    assert!(
        ratified.changes.iter().all(|change| change.subject == Subject::Approval("minutes SEC#10.0".parse().unwrap()))
    );
    assert!(matches!(
        &answer(&world.mail(OTHER, "status SEC#10")).tables[..],
        [Table::Meetings { .. }, Table::Approvals { .. }]
    ));
}

#[rstest]
#[case(OTHER, "approval 0243R01 until 2014-05-05", "refused-approval-opens")]
#[case(OTHER, "approval minutes SEC#9 until 2014-05-05", "refused-approval-opens")]
#[case(CHAIR, "approval 0243 until 2014-05-05", "refused-which-revision")]
#[case(CHAIR, "approval 0243R09 until 2014-05-05", "refused-revision-far")]
#[case(CHAIR, "approval 0999R01 until 2014-05-05", "refused-unknown-contribution")]
#[case(CHAIR, "approval 0243R01 until 2014-04-27", "refused-past")]
#[case(CHAIR, "approval 0243R01 until 2014-08-27", "refused-approval-long")]
#[case(CHAIR, "approval minutes SEC#11 until 2014-05-05", "refused-approval-early")]
#[case(CHAIR, "approval minutes SEC#14 until 2014-05-05", "refused-unplanned-meeting")]
#[case(OTHER, "ratify 0243R01", "refused-ratifies")]
#[case(CHAIR, "ratify 0243R01", "refused-approval-none")]
#[case(OTHER, "no objection", "refused-approval-which")]
#[case(OTHER, "object to TS-0003", "refused-approval-none")]
fn what_is_not_allowed_or_unclear_changes_nothing(#[case] from: &str, #[case] text: &str, #[case] key: &str) {
    let mut world = posted();
    world.mail(CHAIR, "posted SEC-2014-0243R02");
    let before = world.known.clone();
    assert_eq!(keys(&world.mail(from, text)), [key]);
    assert_eq!(world.known, before);
}

#[test]
fn what_is_approved_already_or_given_up_is_not_put_to_approval() {
    let mut world = posted();
    world.mail(CHAIR, "0243R01 approved");
    assert_eq!(keys(&world.mail(CHAIR, "approval 0243R01 until 2014-05-05")), ["refused-approval-decided"]);
    world.mail(CHAIR, "posted SEC-2014-0255R01\nSEC-2014-0255R01 withdrawn");
    assert_eq!(keys(&world.mail(CHAIR, "approval SEC-2014-0255R01 until 2014-05-05")), ["refused-decided"]);
    // What becomes of it meanwhile stands against it.
    world.mail(CHAIR, "posted 0243R02\napproval 0243R02 until 2014-05-05\n0243R02 withdrawn");
    world.at = "2014-05-06T08:00:00Z".parse().unwrap();
    assert_eq!(keys(&world.mail(CHAIR, "ratify 0243R02")), ["refused-decided"]);
}

#[test]
fn a_rapporteur_opens_an_approval_of_what_affects_their_deliverable() {
    let mut world = posted();
    world.known.contributions.get_mut(&"SEC-2014-0243".parse().unwrap()).unwrap().deliverable =
        Some("TS-0003".to_owned());
    world.mail(CHAIR, "role member-catt@example.org rapporteur TS-0003");
    assert!(world.known.roster.members.iter().any(|it| it.roles.contains(&Role::Rapporteur("TS-0003".to_owned()))));
    assert_eq!(keys(&world.mail(OTHER, "approval 0243R01 until 2014-05-05")), ["told-approval-opened"]);
    world.at = "2014-05-06T08:00:00Z".parse().unwrap();
    assert_eq!(keys(&world.mail(OTHER, "ratify 0243R01")), ["refused-ratifies"]);
    world.has("A-WG4-TP8-006", "Write clause 7 of ts 0003", "Lead CATT", crate::domain::Status::Open);
    let told = world.mail(LEAD, "status TS-0003");
    let [
        Table::Contributions { title, rows },
        Table::Actions { rows: items, .. },
        Table::Approvals { rows: approvals, .. },
    ] = &answer(&told).tables[..]
    else {
        panic!("{:?}", answer(&told).tables)
    };
    assert_eq!(title.arguments.iter().find(|(name, _)| name == "rapporteur").unwrap().1, "Member CATT");
    assert_eq!((rows.len(), items.len(), approvals.len()), (1, 1, 1));
    assert_eq!(keys(&world.mail(LEAD, "status TS-0099")), ["refused-unknown-deliverable"]);
}

#[test]
fn what_was_said_of_its_approvals_is_in_a_contributions_status_and_history() {
    let mut world = opened();
    world.reply(OTHER, &announced(OF), "object because it is too early");
    let told = world.mail(LEAD, "status 0243");
    let [Table::Contributions { .. }, Table::Approvals { rows, .. }] = &answer(&told).tables[..] else { panic!() };
    assert_eq!((rows[0].objections[0].by.as_str(), rows[0].objections[0].is_late), ("Member CATT", false));
    let told = world.mail(LEAD, "history 0243");
    let Table::History { rows, .. } = &answer(&told).tables[0] else { panic!() };
    assert!(rows.iter().any(|row| row.field == "voice") && rows.iter().any(|row| row.field == "revision"));
}

#[test]
fn the_list_is_told_at_once_of_calls_whose_reminder_comes_too_late() {
    let mut world = World::new();
    let told = |outcome: &Outcome| {
        let notices = outcome.notices.iter();
        notices.map(|notice| format!("{} {}", notice.to, notice.body[0].key)).collect::<Vec<_>>()
    };
    assert!(told(&world.mail(CHAIR, "call 2014-05-06 14:00 Editing")).is_empty(), "the reminder tells of it");
    world.at = "2014-05-05T10:00:00Z".parse().unwrap();
    assert_eq!(told(&world.mail(CHAIR, "call 2014-05-06 16:00")), ["wg4@list.example.org notice-call-moved"]);
    assert_eq!(told(&world.mail(CHAIR, "call 2014-05-05 18:00 Urgent")), ["wg4@list.example.org notice-call-planned"]);
    assert!(told(&world.mail(CHAIR, "call 2014-05-06 16:00")).is_empty(), "nothing has changed");
    assert_eq!(told(&world.mail(CHAIR, "cancel call 2014-05-06")), ["wg4@list.example.org notice-call-cancelled"]);
}

#[test]
fn a_call_is_planned_moved_and_called_off() {
    let mut world = World::new();
    assert_eq!(keys(&world.mail(CHAIR, "call 2014-05-06 14:00 Editing of TS-0003")), ["told-call"]);
    let moved = world.mail(SECRETARY, "call 6 May 15:30");
    assert_eq!((argument(&moved, "was"), argument(&moved, "title")), ("14:00", "Editing of TS-0003"));
    assert_eq!(world.mail(CHAIR, "call 2014-05-06 15:30").changes, []);
    assert!(
        matches!(&answer(&world.mail(OTHER, "list meetings")).tables[..], [_, Table::Calls { rows, .. }] if rows.len() == 1)
    );
    assert_eq!(keys(&world.mail(OTHER, "call 2014-05-06 16:00")), ["refused-meetings"]);
    assert_eq!(keys(&world.mail(CHAIR, "call 2014-04-28 09:00")), ["refused-call-past"]);
    assert_eq!(keys(&world.mail(CHAIR, "call 2014-05-07 14:00-15:30 Second")), ["line-call-range"]);
    assert_eq!(keys(&world.mail(CHAIR, "call 2014-05-07 14:00 to 15:30")), ["line-call-range"]);
    assert_eq!(keys(&world.mail(CHAIR, "cancel call 2014-05-07")), ["refused-no-call"]);
    let off = world.mail(CHAIR, "cancel call 2014-05-06");
    assert_eq!(keys(&off), ["told-call-cancelled"]);
    assert_eq!(world.mail(CHAIR, "cancel call 2014-05-06").changes, []);
    assert_eq!(answer(&world.mail(OTHER, "list meetings")).tables.len(), 1);
    world.mail(CHAIR, &format!("undo {}", off.receipt.unwrap()));
    assert!(world.known.calls[&"2014-05-06".parse().unwrap()].is_planned());
}

#[test]
fn a_late_objection_is_late_no_more_once_the_end_has_moved_behind_it() {
    let mut world = opened();
    world.at = "2014-05-07T08:00:00Z".parse().unwrap();
    assert_eq!(argument(&world.reply(OTHER, &announced(OF), "object because it is too early"), "late"), "yes");
    let is_late = |world: &World| known(world, OF).is_late(&known(world, OF).voices[0]);
    assert!(is_late(&world));
    let moved = world.mail(CHAIR, "approval 0243R01 until 2014-05-20");
    assert!(!is_late(&world));
    let told = world.mail(LEAD, "list approvals");
    let [Table::Approvals { rows, .. }] = &answer(&told).tables[..] else { panic!() };
    assert!(!rows[0].objections[0].is_late);
    world.mail(CHAIR, &format!("undo {}", moved.receipt.unwrap()));
    assert!(is_late(&world), "by the end that holds again");
}

#[test]
fn an_objection_in_a_reply_is_of_the_document_that_the_subject_names() {
    let mut world = opened();
    world.mail(CHAIR, "posted SEC-2014-0255R01\napproval SEC-2014-0255R01 until 2014-05-05");
    let says = |world: &mut World, subject: &str, reply: Option<&str>, text: &str| {
        let mut mail = world.read(OTHER, text, Addressed::BotAlone, reply);
        subject.clone_into(&mut mail.subject);
        world.input(Input::Mail(Box::new(mail)))
    };
    let another = Some("somebody@example.org");
    let refused = says(&mut world, "Re: both of them", another, "object because it is too early");
    assert_eq!(
        (keys(&refused), argument(&refused, "ready")),
        (vec!["refused-approval-which"], "object to SEC-2014-0243R01 because REASON")
    );
    let two = "Re: SEC-2014-0243R01 and SEC-2014-0255R01";
    assert_eq!(keys(&says(&mut world, two, another, "object")), ["refused-approval-which"]);
    let elsewhere = "Re: SEC-2014-0243R02";
    assert_eq!(keys(&says(&mut world, elsewhere, another, "object")), ["refused-approval-which"]);
    let subject = "Re: [WG4] SEC-2014-0243R01: Overview";
    assert_eq!(keys(&says(&mut world, subject, None, "object")), ["refused-approval-which"], "it is no reply");
    assert!(known(&world, OF).voices.is_empty());
    assert_eq!(keys(&says(&mut world, subject, another, "object because it is too early")), ["told-voice"]);
    assert_eq!(known(&world, OF).voices.len(), 1);
    assert!(known(&world, "SEC-2014-0255R01").voices.is_empty());
}

#[rstest]
#[case("object to SEC-2014-0234R01", "object to SEC-2014-0243R01 because REASON")]
#[case("object to SEC-2014-0243R02 because it is too early", "object to SEC-2014-0243R01 because REASON")]
#[case("agreed SEC-2014-0244R01", "agreed SEC-2014-0243R01")]
#[case("withdraw objection to SEC-2014-0244R01", "withdraw objection to SEC-2014-0243R01")]
#[case("ratify SEC-2014-0244R01", "ratify SEC-2014-0243R01")]
#[case("not approved SEC-2014-0244R01 because it is too early", "not approved SEC-2014-0243R01 because REASON")]
fn a_reference_that_is_nearly_that_of_an_approval_is_asked_about(#[case] text: &str, #[case] ready: &str) {
    let mut world = opened();
    let refused = world.mail(CHAIR, text);
    assert_eq!((keys(&refused), argument(&refused, "ready")), (vec!["refused-approval-near"], ready));
    assert!(refused.changes.is_empty());
    assert_eq!(keys(&world.mail(CHAIR, "ratify SEC-2014-0999R01")), ["refused-unknown-contribution"]);
}

#[test]
fn an_objection_that_was_confirmed_after_the_end_is_recorded_as_late_and_the_officers_are_told() {
    for (ending, state) in
        [("ratify 0243R01", ApprovalState::Approved), ("not approved 0243R01 because typo", ApprovalState::NotApproved)]
    {
        let mut world = opened();
        let mut objection = world.read(OTHER, "object to 0243R01 because it is too early", Addressed::BotAlone, None);
        objection.held_at = Some("2014-05-05T20:00:00Z".parse().unwrap());
        world.at = "2014-05-06T08:00:00Z".parse().unwrap();
        world.mail(CHAIR, ending);
        let came = world.input(Input::Mail(Box::new(objection.clone())));
        assert_eq!(keys(&came), ["told-voice-after-end"]);
        assert_eq!(known(&world, OF).state, state);
        let voice = &known(&world, OF).voices[0];
        assert_eq!((voice.stance, known(&world, OF).is_late(voice)), (Stance::Objection, true));
        let told = came.notices.iter().map(|notice| (notice.to.as_str(), notice.subject.key.as_str()));
        let told: Vec<_> = told.collect();
        let key = "notice-late-objection-subject";
        assert_eq!(told, [(CHAIR, key), (SECRETARY, key)], "the list is told nothing");
        objection.message_id = "again@example.org".to_owned();
        assert_eq!(keys(&world.input(Input::Mail(Box::new(objection)))), ["told-voice-already"]);
        assert_eq!(keys(&world.mail(LEAD, "object to 0243R01")), ["refused-approval-ended"]);
    }
}

#[test]
fn no_ruling_decides_around_an_open_approval() {
    let mut world = opened();
    let listed = crate::agenda::AgendaDocument {
        contributions: vec![paper("SEC-2014-0243", "Title", "R01 approved")],
        ..document()
    };
    // Mailed, too.
    let mut mail = world.read(SECRETARY, "", Addressed::BotAlone, None);
    mail.parsed.lines.push(crate::command::Line {
        number: 1,
        text: "attached: agenda.docx".to_owned(),
        command: Ok(crate::command::Command::Agenda { document: Box::new(listed) }),
        quoted: false,
    });
    world.input(Input::Mail(Box::new(mail)));
    assert!(decisions(&world).is_empty());
    let is_status = |kind: &crate::domain::RequestKind| matches!(kind, crate::domain::RequestKind::Conflict { field, .. } if field == "status_cell");
    let asked = world.known.requests.values().find(|it| is_status(&it.kind));
    let id = asked.expect("both values wait for a ruling").id;
    for text in [format!("accept request {id}"), format!("request {id}: R01 approved")] {
        let refused = world.mail(CHAIR, &text);
        assert_eq!((keys(&refused), refused.changes.len()), (vec!["refused-by-approval"], 0), "{text}");
    }
    world.at = "2014-05-06T08:00:00Z".parse().unwrap();
    world.mail(CHAIR, "not approved 0243R01 because it was decided in the meeting");
    world.mail(CHAIR, &format!("accept request {id}"));
    assert_eq!(decisions(&world), ["R01 approved"]);
}
