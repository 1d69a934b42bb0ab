//! Who comes to a meeting, and what the list is told of meetings.

use rstest::rstest;

use super::held;
use super::world::*;
use crate::command::{Addressed, Command, Invited, Line, Target};
use crate::decide::{Comes, Input, LineOutcome, MailInput, Outcome, Table, Verdict, is_overtaken, who_comes};
use crate::domain::{Coming, Reference, Rules, Stamp};

/// A group that tells its list of meetings.
fn inviting() -> World {
    let mut world = World::new();
    world.rules().invitations = true;
    world.sent.insert(
        "reminder@example.org".to_owned(),
        vec![
            (1, "A-WG4-TP8-001".parse().unwrap()),
            (2, "A-WG4-TP8-002".parse().unwrap()),
            (0, "SEC#11.0".parse().unwrap()),
        ],
    );
    world
}

fn comes(world: &World) -> Vec<String> {
    let meeting = world.known.meeting("SEC#11.0").unwrap();
    let said = who_comes(&world.known.roster, meeting).into_iter();
    said.map(|Comes { coming, names, .. }| format!("{coming}: {}", names.join(", "))).collect()
}

/// What a member's calendar answers.
fn answers(world: &mut World, from: &str, attendee: &str, coming: Option<Coming>, by_machine: bool) -> MailInput {
    let mut mail = world.read(from, "", Addressed::BotAlone, Some("reminder@example.org"));
    let of = vec![Target::Reference(Reference::Meeting("SEC#11.0".parse().unwrap()))];
    let start = Some(jiff::civil::date(2014, 6, 9));
    let invited = Some(Invited { attendee: attendee.parse().ok(), start, stamp: None, counter: false, by_machine });
    let text = coming.map_or_else(|| "tentative".to_owned(), |coming| coming.to_string()) + " SEC#11.0";
    mail.parsed.lines =
        vec![Line { number: 1, text, command: Ok(Command::Attend { of, coming, invited }), quoted: false }];
    mail
}

#[test]
fn each_member_says_it_for_themselves_and_the_newest_word_counts() {
    let mut world = inviting();
    let said = world.reply(OTHER, "reminder@example.org", "attending");
    assert_eq!((keys(&said), argument(&said, "meeting")), (vec!["told-attending"], "SEC#11.0"));
    world.mail(LEAD, "remote TP11");
    world.mail(SUPPORTER, "attending SEC#11");
    assert_eq!(comes(&world), ["attending: Member CATT, Member Qualcomm", "remote: Member Gemalto"]);
    world.mail(SUPPORTER, "regrets SEC#11 because I am away");
    assert_eq!(comes(&world), ["attending: Member CATT", "remote: Member Gemalto", "regrets: Member Qualcomm"]);
    assert_eq!(world.mail(SUPPORTER, "regrets SEC#11").changes, []);
    world.mail(CHAIR, "member member-catt@example.org left");
    assert_eq!(comes(&world), ["remote: Member Gemalto", "regrets: Member Qualcomm"]);
}

#[test]
fn what_was_said_of_coming_can_be_taken_back_unless_something_newer_was_said() {
    let mut world = inviting();
    let first = world.mail(OTHER, "attending SEC#11").receipt.unwrap();
    world.mail(LEAD, "attending SEC#11");
    let second = world.mail(OTHER, "remote SEC#11").receipt.unwrap();
    assert_eq!(keys(&world.mail(OTHER, &format!("undo {first}"))), ["refused-undo-depends"]);
    assert_eq!(keys(&world.mail(OTHER, &format!("undo {second}"))), ["told-undone"]);
    assert_eq!(comes(&world), ["attending: Member CATT, Member Gemalto"]);
    assert_eq!(keys(&world.mail(OTHER, &format!("undo {first}"))), ["told-undone"]);
    assert_eq!(comes(&world), ["attending: Member Gemalto"]);
}

#[rstest]
#[case("attending", "refused-attend-which")]
#[case("attending SEC#14", "refused-attend-unknown")]
#[case("attending SEC#10", "refused-meeting-over")]
fn a_meeting_that_is_not_known_or_over_is_nobodys_to_come_to(#[case] text: &str, #[case] key: &str) {
    let mut world = inviting();
    let before = world.known.clone();
    assert_eq!(keys(&world.mail(OTHER, text)), [key]);
    world.mail(CHAIR, "list open");
    let list = world.last_answer();
    assert_eq!(keys(&world.reply(OTHER, &list, "attending")), ["refused-attend-which"]);
    assert_eq!(world.known, before);
}

#[test]
fn on_the_last_day_one_can_still_say_it_and_not_of_a_meeting_that_is_called_off() {
    let mut world = inviting();
    world.at = "2014-06-13T20:00:00Z".parse().unwrap();
    assert_eq!(keys(&world.mail(OTHER, "remote SEC#11")), ["told-attending"]);
    world.mail(CHAIR, "cancel SEC#11");
    assert_eq!(keys(&world.mail(OTHER, "attending SEC#11")), ["refused-attend-cancelled"]);
    // One whose days are not known has no end.
    assert_eq!(keys(&world.mail(OTHER, "attending SEC#12")), ["told-attending"]);
}

#[test]
fn who_comes_is_told_to_whoever_asks_for_the_meeting_and_counted_in_the_list_of_meetings() {
    let mut world = inviting();
    world.mail(OTHER, "attending SEC#11");
    let table = |outcome: &Outcome, name: &str| match &outcome.answer.as_ref().unwrap().tables[0] {
        Table::Meetings { rows, .. } => {
            rows.iter().find(|row| row.meeting.is_called(name)).map(|row| row.comes.clone()).unwrap()
        }
        table => panic!("{table:?}"),
    };
    let one = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        vec![Comes { coming: Coming::Attending, count: 1, names }]
    };
    assert_eq!(table(&world.mail(LEAD, "status SEC#11"), "SEC#11.0"), one(&["Member CATT"]));
    assert_eq!(table(&world.mail(LEAD, "list meetings"), "TP11"), one(&[]));
    let history = world.mail(LEAD, "history SEC#11");
    let Table::History { rows, .. } = &history.answer.as_ref().unwrap().tables[0] else { panic!("{history:?}") };
    assert_eq!(rows.last().unwrap().field, "attendance of Member CATT");
}

#[test]
fn the_weekly_digest_tells_nobody_who_comes() {
    let mut world = inviting();
    world.digest();
    world.mail(OTHER, "attending SEC#11");
    assert_eq!(world.digest().unwrap().changed, []);
}

#[test]
fn a_calendars_answer_counts_and_is_answered_only_where_something_is_wrong() {
    let mut world = inviting();
    let mut say = |from: &str, attendee: &str, coming, by_machine| {
        let mail = answers(&mut world, from, attendee, coming, by_machine);
        let outcome = world.input(Input::Mail(Box::new(mail)));
        (keys(&outcome).join(" "), comes(&world).join("; "))
    };
    let pair = |key: &str, comes: &str| (key.to_owned(), comes.to_owned());
    let accepted = Some(Coming::Attending);
    assert_eq!(say(OTHER, OTHER, accepted, false), pair("", "attending: Member CATT"));
    assert_eq!(say(OTHER, OTHER, accepted, true), pair("", "attending: Member CATT"));
    assert_eq!(say(OTHER, OTHER, Some(Coming::Regrets), true), pair("", "regrets: Member CATT"));
    // Neither yes nor no, and for somebody else: told to people, and to machines not.
    assert_eq!(say(OTHER, OTHER, None, false), pair("refused-attend-tentative", "regrets: Member CATT"));
    assert_eq!(say(OTHER, OTHER, None, true), pair("", "regrets: Member CATT"));
    assert_eq!(say(OTHER, LEAD, accepted, false), pair("refused-attend-other", "regrets: Member CATT"));
    assert_eq!(say(OTHER, "nobody", accepted, false), pair("refused-attend-other", "regrets: Member CATT"));
    assert_eq!(say(STRANGER, STRANGER, accepted, false), pair("", "regrets: Member CATT"));
    let undone = world.mail(OTHER, "undo");
    assert_eq!((keys(&undone), comes(&world).join("")), (vec!["told-undone"], "attending: Member CATT".to_owned()));
}

#[test]
fn of_two_answers_of_a_calendar_the_one_that_was_made_later_counts() {
    let mut world = inviting();
    let mut say = |coming: Coming, made: &str, sequence: u32| {
        let mut mail = answers(&mut world, OTHER, OTHER, Some(coming), false);
        let Ok(Command::Attend { invited: Some(invited), .. }) = &mut mail.parsed.lines[0].command else { panic!() };
        invited.stamp = Some(Stamp { made: format!("2014-05-05T{made}Z").parse().unwrap(), sequence });
        let outcome = world.input(Input::Mail(Box::new(mail.clone())));
        assert_eq!(keys(&outcome), [""; 0]);
        (is_overtaken(&outcome.known, &mail), outcome.receipt.is_some(), comes(&world).join("; "))
    };
    let (yes, no) = ("attending: Member CATT".to_owned(), "regrets: Member CATT".to_owned());
    assert_eq!(say(Coming::Attending, "10:00:00", 4), (false, true, yes.clone()));
    assert_eq!(say(Coming::Regrets, "09:59:59", 4), (true, false, yes.clone()), "made before, came after");
    assert_eq!(say(Coming::Attending, "10:05:00", 4), (false, false, yes.clone()), "said again");
    assert_eq!(say(Coming::Regrets, "10:02:00", 5), (true, false, yes.clone()));
    assert_eq!(
        say(Coming::Regrets, "10:05:00", 5),
        (false, true, no.clone()),
        "to a later version, in the same second"
    );
    // What was taken back stays overtaken.
    world.mail(OTHER, "undo");
    assert_eq!(comes(&world), ["attending: Member CATT"]);
    let history = world.mail(LEAD, "history SEC#11");
    let Table::History { rows, .. } = &history.answer.as_ref().unwrap().tables[0] else { panic!("{history:?}") };
    assert!(rows.iter().all(|row| !row.field.contains("calendar")), "{rows:?}");
    assert_eq!(world.digest().unwrap().changed, []);
}

#[test]
fn another_time_is_answered_with_what_would_work() {
    let mut world = inviting();
    let mut mail = answers(&mut world, OTHER, OTHER, None, false);
    let Ok(Command::Attend { invited: Some(invited), .. }) = &mut mail.parsed.lines[0].command else { panic!() };
    (invited.counter, invited.start) = (true, Some(jiff::civil::date(2014, 6, 23)));
    let said = world.input(Input::Mail(Box::new(mail)));
    assert_eq!((keys(&said), argument(&said, "end")), (vec!["refused-attend-counter"], "2014-06-13"));
}

#[test]
fn commands_beside_a_calendars_answer_run_and_are_answered() {
    let mut world = inviting();
    let mut mail = answers(&mut world, LEAD, LEAD, Some(Coming::Attending), false);
    let text = world.read(LEAD, "done A-WG4-TP8-001\ndone A-WG4-TP8-099", Addressed::BotAlone, None);
    mail.parsed.lines.extend(text.parsed.lines);
    let said = world.input(Input::Mail(Box::new(mail)));
    assert_eq!(keys(&said).len(), 3, "{said:?}");
    assert_eq!((keys(&said)[0], keys(&said)[2]), ("told-attending", "refused-unknown-near"));
    assert_eq!(comes(&world), ["attending: Member Gemalto"]);
}

#[test]
fn a_meeting_that_is_moved_and_moved_back_in_one_mail_keeps_who_comes() {
    let mut world = inviting();
    world.mail(OTHER, "attending SEC#11");
    world.mail(LEAD, "regrets SEC#11");
    let before = comes(&world);
    let back = "meeting SEC#11 2014-06-16 to 2014-06-20\nmeeting SEC#11 2014-06-09 to 2014-06-13";
    assert_eq!(announced(&world.mail(CHAIR, back)), [""; 0]);
    assert_eq!(comes(&world), before);
    world.mail(CHAIR, "meeting SEC#11 2014-06-16 to 2014-06-20");
    assert_eq!(comes(&world), [""; 0]);
}

#[test]
fn a_calendars_answer_whose_sender_is_not_proven_waits_for_the_members_word() {
    let mut world = held::strict();
    world.rules().invitations = true;
    let mut mail = answers(&mut world, OTHER, OTHER, Some(Coming::Attending), true);
    (mail.verdict, mail.hold_code) = (Verdict::Claimed, Some("c0de1234".to_owned()));
    let held = world.input(Input::Mail(Box::new(mail.clone())));
    assert_eq!((held.answer, held.notices.len(), comes(&world).len()), (None, 1, 0));
    mail.verdict = Verdict::Proven(crate::decide::Proof::Confirmed { request: 1 });
    let confirmed = world.input(Input::Mail(Box::new(mail)));
    assert_eq!((keys(&confirmed), comes(&world).len()), (vec!["told-attending"], 1));
}

#[test]
fn a_calendars_answer_for_the_days_of_before_does_not_count() {
    let mut world = inviting();
    world.mail(CHAIR, "meeting SEC#11 2014-06-16 to 2014-06-20");
    for (by_machine, key) in [(false, "refused-attend-days"), (true, "")] {
        let mail = answers(&mut world, OTHER, OTHER, Some(Coming::Attending), by_machine);
        assert_eq!(keys(&world.input(Input::Mail(Box::new(mail)))).join(" "), key);
        assert_eq!(comes(&world), [""; 0]);
    }
}

#[test]
fn a_meeting_on_other_days_asks_everybody_again() {
    let mut world = inviting();
    world.mail(OTHER, "attending SEC#11");
    world.mail(CHAIR, "meeting SEC#11 2014-06-09 to 2014-06-13 Sophia Antipolis");
    assert_eq!(comes(&world), ["attending: Member CATT"]);
    let moved = world.mail(CHAIR, "meeting SEC#11 2014-06-16 to 2014-06-20");
    assert_eq!(comes(&world), [""; 0]);
    world.mail(CHAIR, &format!("undo {}", moved.receipt.unwrap()));
    assert_eq!(comes(&world), ["attending: Member CATT"]);
}

/// What the list is told, in words.
fn announced(outcome: &Outcome) -> Vec<String> {
    let told = outcome.announcements.iter().map(|told| {
        let day = |meeting: &crate::domain::Meeting| meeting.start.map(|day| day.to_string()).unwrap_or_default();
        let before = told.before.as_ref().map(day).unwrap_or_default();
        let off = if told.meeting.cancelled { " off" } else { "" };
        let sequence = told.meeting.sequence;
        format!("{} {} was [{before}]{off} #{sequence} by {}", told.meeting.reference, day(&told.meeting), told.by)
    });
    told.collect()
}

#[test]
fn the_list_is_told_of_each_meeting_that_is_planned_moved_or_called_off() {
    let mut world = inviting();
    let planned = world.mail(
        CHAIR,
        "meeting SEC#14 2014-09-08 to 2014-09-12 Berlin\nsession S1 SEC#14 2014-09-08 09:00-10:00\ndone A-WG4-TP8-003",
    );
    assert_eq!(announced(&planned), ["SEC#14.0 2014-09-08 was [] #4 by Chair"]);
    let same = world.mail(CHAIR, "meeting SEC#14 2014-09-08 to 2014-09-12");
    assert_eq!(announced(&same), [""; 0]);
    let moved = world.mail(SECRETARY, "meeting SEC#14 2014-09-15 to 2014-09-19");
    assert_eq!(announced(&moved), ["SEC#14.0 2014-09-15 was [2014-09-08] #6 by Secretary"]);
    let undone = world.mail(SECRETARY, "undo");
    assert_eq!(announced(&undone), ["SEC#14.0 2014-09-08 was [2014-09-15] #8 by Secretary"]);
    assert_eq!(
        announced(&world.mail(CHAIR, "cancel SEC#14")),
        ["SEC#14.0 2014-09-08 was [2014-09-08] off #9 by Chair"]
    );
    assert_eq!(announced(&world.mail(CHAIR, "cancel SEC#14")), [""; 0]);
    let again = world.mail(CHAIR, "meeting SEC#14 2014-09-08 to 2014-09-12");
    assert_eq!(announced(&again), ["SEC#14.0 2014-09-08 was [] #10 by Chair"]);
}

#[test]
fn of_a_plan_that_is_taken_back_the_days_that_it_had_are_called_off() {
    let mut world = inviting();
    world.mail(CHAIR, "meeting SEC#14 2014-09-08 to 2014-09-12");
    assert_eq!(announced(&world.mail(CHAIR, "undo")), ["SEC#14.0 2014-09-08 was [2014-09-08] off #5 by Chair"]);
}

#[rstest]
#[case("dry-run\nmeeting SEC#14 2014-09-08")]
#[case("meeting SEC#14 deadline 2014-09-01")]
#[case("meeting SEC#9 2014-02-18 to 2014-02-21")]
#[case("attending SEC#11")]
#[case("done A-WG4-TP8-003")]
fn what_is_over_or_has_no_days_or_is_no_news_is_not_told(#[case] text: &str) {
    let mut world = inviting();
    assert_eq!(announced(&world.mail(CHAIR, text)), [""; 0]);
}

#[test]
fn a_group_without_list_or_invitations_tells_nobody() {
    for rules in [Rules { list: None, invitations: true, ..rules() }, rules()] {
        let mut world = World::new();
        *world.rules() = rules;
        let planned = world.mail(CHAIR, "meeting SEC#14 2014-09-08");
        assert_eq!((planned.announcements.len(), planned.changes.len()), (0, 2));
    }
}

#[test]
fn a_reply_to_an_announcement_need_not_name_the_meeting() {
    let mut world = inviting();
    world.mail(CHAIR, "meeting SEC#14 2014-09-08");
    let said = world.reply(OTHER, "announcement-SEC#14.0", "remote");
    assert_eq!((keys(&said), argument(&said, "meeting")), (vec!["told-attending"], "SEC#14.0"));
    assert_eq!(said.answer.unwrap().lines[0].outcome, LineOutcome::Done);
}
