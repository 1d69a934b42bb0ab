//! Every refusal that the source can give is given to somebody.

use std::collections::BTreeSet;

use regex::Regex;

use super::held;
use super::world::*;
use crate::command::{Addressed, Command, Invited, Line, Target};
use crate::decide::{Input, MailInput, NoticeInput, Outcome, Verdict};
use crate::domain::{Closing, Reference, RequestKind, RequestState, Revision, Status, Subject};

/// Every `refused-` key of the module's source.
fn refusals_of_the_source() -> BTreeSet<String> {
    let key = Regex::new(r#""(refused-[a-z-]+)""#).unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/decide");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let source: Vec<String> = files.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    source.iter().flat_map(|code| key.captures_iter(code).map(|found| found[1].to_owned())).collect()
}

/// A command that no text gives, because the parser refuses it first: the journal of another
/// version may.
fn given(world: &mut World, from: &str, command: Command) -> Outcome {
    let mut mail = world.read(from, "", Addressed::BotAlone, None);
    let text = "as given".to_owned();
    mail.parsed.lines.push(Line { number: 1, text, command: Ok(command), quoted: false });
    world.input(Input::Mail(Box::new(mail)))
}

fn history(reference: Reference) -> Command {
    Command::History { of: vec![Target::Reference(reference)] }
}

#[test]
fn every_refusal_of_the_source_is_given_to_somebody() {
    let mut seen = BTreeSet::new();
    let mut saw = |outcome: &Outcome| {
        assert!(outcome.changes.is_empty() || keys(outcome).iter().any(|key| !key.starts_with("refused-")));
        seen.extend(keys(outcome).into_iter().filter(|key| key.starts_with("refused-")).map(ToOwned::to_owned));
    };
    // By one line to a group as it is.
    for (from, text) in [
        (CHAIR, "done A-WG4-TP8-004"),
        (CHAIR, "member Member CATT, CATT, catt-two@example.org"),
        (CHAIR, "done A-WG4-TP7-777"),
        (CHAIR, "done SEC-2014-0243"),
        (CHAIR, "note SEC#10 late"),
        (CHAIR, "status 0255"),
        (CHAIR, "status SEC-2014-0999"),
        (CHAIR, "status TP13"),
        (CHAIR, "list mine from 51"),
        (CHAIR, "accept request 7"),
        (CHAIR, "accept A-WG4-TP8-001"),
        (OTHER, "accept A-WG4-TP8-001"),
        (OTHER, "cancel A-WG4-TP8-001"),
        (OTHER, "confirm A-WG4-TP8-001"),
        (OTHER, "done A-WG4-TP8-001"),
        (OTHER, "done A-WG4-TP8-002"),
        (OTHER, "done A-WG4-TP8-003"),
        (LEAD, "done A-WG4-TP9-004"),
        (CHAIR, "ongoing A-WG4-TP9-001"),
        (CHAIR, "due A-WG4-TP9-001 TP11"),
        (CHAIR, "confirm A-WG4-TP8-001"),
        (CHAIR, "due A-WG4-TP8-001 2014-04-01"),
        (CHAIR, "due A-WG4-TP8-001 TP10"),
        (CHAIR, "due A-WG4-TP8-001 TP7"),
        (CHAIR, "due A-WG4-TP8-001 9 June 2104"),
        (CHAIR, "member New, Lee, LG Electronics, new@example.org"),
        (CHAIR, "action Nokia: Write the scope"),
        (CHAIR, "done"),
        (CHAIR, "1 done"),
        (CHAIR, "undo"),
        (CHAIR, "undo abc123"),
        (CHAIR, "member New, Qualcom, new@example.org"),
        (CHAIR, "member nobody@example.org left"),
        (OTHER, "member nobody@example.org left"),
        (OTHER, "also minuted@example.org"),
        (OTHER, "also chair@example.org"),
        (OTHER, "confirm abcd1234"),
        (OTHER, "SEC-2014-0243R01 agreed"),
    ] {
        let outcome = World::new().mail(from, text);
        assert!(keys(&outcome).iter().all(|key| key.starts_with("refused-")), "{text}: {:?}", keys(&outcome));
        saw(&outcome);
    }

    saw(&World::new().mail(OTHER, "agenda\nagenda SEC#10"));

    // By what came before.
    let mut world = World::new();
    world.mail(CHAIR, "list open");
    let list = world.last_answer();
    for text in ["done", "9 done", "yes"] {
        saw(&world.reply(CHAIR, &list, text));
    }
    world.sent.insert("bare@example.org".to_owned(), Vec::new());
    saw(&world.reply(CHAIR, "bare@example.org", "1 done"));
    world.mail(OTHER, "action CATT: Write the scope");
    saw(&world.mail(OTHER, "done P-WG4-001"));
    world.mail(LEAD, "extend A-WG4-TP8-001 TP12");
    world.sent.insert("request@example.org".to_owned(), vec![(1, Subject::Request(1))]);
    saw(&world.reply(CHAIR, "request@example.org", "1 done"));
    world.mail(CHAIR, "reject request 1");
    saw(&world.mail(CHAIR, "accept request 1"));
    world.has("A-WG4-TP10-65535", "The last", "", Status::Open);
    saw(&world.mail(CHAIR, "action CATT: Write the annex"));

    let mut world = World::new();
    world.rules().closing = Closing::Review;
    world.mail(LEAD, "done A-WG4-TP8-001");
    saw(&world.mail(LEAD, "confirm A-WG4-TP8-001"));
    saw(&world.mail(SUPPORTER, "confirm A-WG4-TP8-001"));
    saw(&world.mail(OTHER, "undo r00001"));
    world.after_hours(25);
    world.mail(CHAIR, "ongoing A-WG4-TP8-001");
    world.after_hours(25);
    saw(&world.mail(CHAIR, "undo"));
    saw(&world.mail(LEAD, "undo r00001"));
    world.mail(CHAIR, "confirm A-WG4-TP8-001");
    saw(&world.mail(CHAIR, "undo r00001"));

    let mut world = World::new();
    world.mail(CHAIR, "member member-catt@example.org left");
    saw(&world.mail(CHAIR, "member Somebody Else, Gemalto, member-catt@example.org"));

    let mut world = World::new();
    world.mail(LEAD, "also home@example.net");
    saw(&world.mail(CHAIR, "accept request 1"));
    let asked = "notice-request 2";
    world.reply(LEAD, asked, "yes");
    saw(&world.reply(LEAD, asked, "yes"));
    world.after_hours(24 * 8);
    saw(&world.reply("home@example.net", "notice-request 1", "yes"));
    world.mail(CHAIR, "member member-catt@example.org left");
    saw(&world.mail(CHAIR, "role member-catt@example.org chair"));
    world.mail(CHAIR, "role secretary@example.org no secretary");
    saw(&world.mail(CHAIR, "role chair@example.org no chair"));
    let mut poor = world.read(LEAD, "also office@example.net", Addressed::BotAlone, None);
    poor.codes.clear();
    saw(&world.input(Input::Mail(Box::new(poor))));

    let mut world = World::new();
    let granted = world.mail(CHAIR, "role member-catt@example.org chair").receipt.unwrap();
    world.mail(OTHER, "role chair@example.org no chair\nrole secretary@example.org no secretary");
    saw(&world.mail(OTHER, &format!("undo {granted}")));

    // By a group in which senders must be proven.
    let mut world = held::strict();
    for text in ["done A-WG4-TP8-001", "cancel A-WG4-TP8-002", "list held"] {
        let mail = held::claimed(&mut world, CHAIR, text, None);
        world.input(Input::Mail(Box::new(mail)));
    }
    let list = world.last_answer();
    let which = held::claimed(&mut world, CHAIR, "yes", Some(&list));
    saw(&world.input(Input::Mail(Box::new(which))));
    let mut world = held::strict();
    let mail = held::claimed(&mut world, CHAIR, "done A-WG4-TP8-001", None);
    world.input(Input::Mail(Box::new(mail)));
    let yes = held::claimed(&mut world, CHAIR, "yes", Some("notice-request 1"));
    saw(&world.input(Input::Mail(Box::new(held::refuted(yes.clone())))));
    world.input(Input::Mail(Box::new(yes.clone())));
    saw(&world.input(Input::Mail(Box::new(yes))));
    let mail = held::claimed(&mut world, CHAIR, "cancel A-WG4-TP8-002", None);
    world.input(Input::Mail(Box::new(mail)));
    world.after_hours(24 * 8);
    let undo = world.read(CHAIR, "undo", Addressed::BotAlone, None);
    let undo = MailInput { held_at: Some(world.at), ..undo };
    world.after_hours(1);
    let mut done = world.read(CHAIR, "done A-WG4-TP8-001", Addressed::BotAlone, None);
    done.verdict = Verdict::Operator;
    world.input(Input::Mail(Box::new(done)));
    saw(&world.input(Input::Mail(Box::new(MailInput { verdict: Verdict::Operator, ..undo }))));
    let late = held::claimed(&mut world, CHAIR, "yes", Some("notice-request 2"));
    saw(&world.input(Input::Mail(Box::new(late))));

    saw(&World::new().mail(CHAIR, "undo aaaaaa\nundo bbbbbb"));
    let mut world = World::new();
    world.mail(CHAIR, "done A-WG4-TP8-001");
    world.mail(CHAIR, "undo");
    saw(&world.mail(CHAIR, "undo"));

    // Of meetings.
    let mut world = World::new();
    for (from, text) in [
        (LEAD, "meeting SEC#14 2014-06-09"),
        (CHAIR, "meeting TP14 2014-06-09"),
        (CHAIR, "meeting SEC#14 in TP10 2014-06-09"),
        (CHAIR, "meeting SEC#14 2014-06-13 to 2014-06-09"),
        (CHAIR, "meeting SEC#14 2014-06-09 to 2014-08-09"),
        (CHAIR, "meeting SEC#14 2014-06-09 deadline 2014-06-10"),
        (CHAIR, "cancel SEC#14"),
        (CHAIR, "meeting SEC#14 2014-06-09\nsession S1 SEC#14 2014-06-10 09:00-10:00"),
        (CHAIR, "session S1 SEC#14 2014-06-09 09:00-10:00 with S9\nsession S2 SEC#14 2014-06-09 10:00-11:00 with S9"),
        (CHAIR, "session S9 SEC#14 2014-06-09 10:00-11:00"),
        (CHAIR, "session S1 SEC#14 2014-06-09 11:00-12:00\ncancel SEC#14\nsession S3 SEC#14 2014-06-09 11:00-12:00"),
    ] {
        saw(&world.mail(from, text));
    }
    saw(&given(&mut world, CHAIR, Command::CancelMeeting { of: vec![Target::Row(1)] }));
    saw(&world.mail(OTHER, "attending"));
    for text in ["attending SEC#10", "attending SEC#19", "remote SEC#14"] {
        saw(&world.mail(OTHER, text));
    }
    let other_day = Some(jiff::civil::date(2014, 6, 2));
    for (attendee, start, counter) in
        [(OTHER, None, false), (OTHER, None, true), (OTHER, other_day, false), (CHAIR, None, false)]
    {
        let of = vec![Target::Reference(Reference::Meeting("SEC#11.0".parse().unwrap()))];
        let attendee = attendee.parse().ok();
        let invited = Some(Invited { attendee, start, stamp: None, counter, by_machine: false });
        saw(&given(&mut world, OTHER, Command::Attend { of, coming: None, invited }));
    }

    // Of contributions.
    for (from, text) in [
        (CHAIR, "withdraw A-WG4-TP8-001"),
        (OTHER, "SEC-2014-0243 noted"),
        (OTHER, "posted SEC-2014-0243"),
        (CHAIR, "SEC-2014-0243R01, SEC-2014-0243R02 agreed"),
        (CHAIR, "SEC-2014-0243R01: R02 agreed"),
        (CHAIR, "SEC-2014-0243 merged into SEC-2014-0243"),
        (CHAIR, "register 0300 \"Scope\""),
    ] {
        saw(&World::new().mail(from, text));
    }
    let mut world = World::new();
    world.mail(CHAIR, "SEC-2014-0243 noted\nposted SEC-2014-0243R01");
    saw(&world.mail(CHAIR, "SEC-2014-0243 agreed"));
    saw(&world.mail(CHAIR, "SEC-2014-0243R09 agreed"));
    world.mail(CHAIR, "SEC-2014-0243R01 withdrawn");
    saw(&world.mail(CHAIR, "SEC-2014-0243R01 agreed"));
    let odd = row("A-WG4-TP8-001", "Specify credential management", "Lead Nobody", "OPEN");
    let odd = crate::agenda::AgendaDocument { action_items: vec![odd], ..document() };
    world.input(Input::Agenda { document: Box::new(odd), by: None });
    world.mail(CHAIR, "list proposed");
    let list = world.last_answer();
    saw(&world.reply(CHAIR, &list, "1: agreed"));
    saw(&world.mail(CHAIR, "action CATT: Write the scope\nlist all"));
    let list = world.last_answer();
    saw(&world.reply(CHAIR, &list, "1 remark"));
    // Of approvals and calls.
    let mut world = World::new();
    for (from, text) in [
        (OTHER, "approval SEC-2014-0243 until 2014-05-05"),
        (CHAIR, "approval SEC-2014-0243 until 2014-12-05"),
        (CHAIR, "approval minutes SEC#11 until 2014-05-05"),
        (OTHER, "object"),
        (OTHER, "object to SEC-2014-0243"),
        (CHAIR, "approval SEC-2014-0243 until 2014-05-05\nratify SEC-2014-0243"),
        (OTHER, "object to SEC-2014-0234R01"),
        (LEAD, "register SEC-2014-0300 \"Threats\" for 7.2"),
        (LEAD, "register SEC-2014-0300 \"Threats\" for 7.1"),
        (OTHER, "withdraw objection"),
        (OTHER, "ratify SEC-2014-0243"),
        (CHAIR, "not approved SEC-2014-0243"),
        (OTHER, "object to SEC-2014-0243 because it is early"),
        (OTHER, "status TS-0099"),
        (CHAIR, "SEC-2014-0243 approved"),
        (CHAIR, "not approved SEC-2014-0243 because typo\napproval SEC-2014-0243 until 2014-05-05"),
        (CHAIR, "approval SEC-2014-0243 until 2014-05-05"),
        (OTHER, "object to SEC-2014-0243 because it is early"),
        (CHAIR, "call 2014-04-27 14:00"),
        (CHAIR, "cancel call 2014-05-05"),
        (CHAIR, "cancel session S9 SEC#11"),
        (CHAIR, "meeting SEC#12 2013-09-01 to 2013-09-05 Rome"),
    ] {
        saw(&world.mail(from, text));
    }
    let comes = world.mail(OTHER, "attending SEC#11").receipt.unwrap();
    saw(&world.mail(CHAIR, &format!("undo {comes}")));
    saw(&world.reply(OTHER, "notice-approval SEC-2014-0243R00", "done"));
    saw(&world.reply(LEAD, "notice-approval SEC-2014-0243R00", "withdraw objection"));
    world.at = "2014-05-06T08:00:00Z".parse().unwrap();
    saw(&world.mail(CHAIR, "ratify SEC-2014-0243"));
    world.mail(CHAIR, "ratify SEC-2014-0243 because it was answered");
    saw(&world.mail(CHAIR, "approval SEC-2014-0243 until 2014-06-05"));
    saw(&world.mail(OTHER, "object to SEC-2014-0243"));
    let of = vec![Target::Reference(Reference::Deliverable("TS-0003".parse().unwrap()))];
    saw(&given(&mut world, CHAIR, Command::Due { of, due: None }));

    // As entries of before say what could not be done then.
    let not_yet = Command::NotYet { what: "agenda".to_owned(), of: vec![Target::Omitted] };
    saw(&given(&mut World::new(), CHAIR, not_yet));
    let agenda = Command::Agenda { document: Box::new(document()) };
    saw(&given(&mut World::new(), OTHER, agenda));

    // By machines, which nobody answers.
    let mut world = World::new();
    world.rules().announcers = vec!["portal@portal.example.net".parse().unwrap()];
    saw(&world.mail(CHAIR, "member Portal, CATT, portal@portal.example.net"));
    let told = super::announcer::notice(&["SEC-2014-0243R01"]);
    let nobodys = NoticeInput { from: STRANGER.parse().unwrap(), ..told.clone() };
    world.rules().senders = crate::domain::Senders::Proven;
    let claimed = NoticeInput { verdict: Verdict::Claimed, ..told };
    let lines = [nobodys, claimed].map(|told| crate::decide::noticed(world.known.clone(), world.at, &told).1);
    let unanswered: Vec<String> = lines.into_iter().flatten().map(|line| line.told[0].key.clone()).collect();

    // By a group that is not complete.
    let mut world = World::new();
    world.known.meetings.clear();
    world.known.actions.clear();
    world.known.action_references.clear();
    saw(&world.mail(CHAIR, "action CATT: Write the scope"));
    world.known.rules = None;
    saw(&world.mail(CHAIR, "action CATT: Write the scope"));

    // By the operator's file.
    let mut both = person("Both", "CATT", LEAD, &[]);
    both.addresses.push(address(OTHER));
    saw(&World::new().input(Input::Roster { organizations: Vec::new(), members: vec![both] }));

    // By what only a damaged or a foreign journal can hold.
    let mut world = World::new();
    saw(&given(&mut world, CHAIR, history(Reference::Foreign("S3-140123".to_owned()))));
    saw(&given(&mut world, CHAIR, history(Reference::Revision(Revision::new(2)))));
    saw(&given(&mut world, CHAIR, history(Reference::Deliverable("TS-0003".parse().unwrap()))));
    saw(&given(&mut world, CHAIR, Command::Help(Some("frobnicate".to_owned()))));
    let subject = Subject::Action("A-WG4-TP8-001".parse().unwrap());
    let kind = RequestKind::Conflict { subject, field: "status".to_owned(), document: Some("bogus".to_owned()) };
    let request = crate::domain::Request { id: 1, kind, state: RequestState::Waiting, at: world.at, by: None };
    world.known.requests.insert(1, request);
    saw(&world.mail(CHAIR, "accept request 1"));

    seen.extend(unanswered.iter().map(String::to_owned));
    let unseen: Vec<String> = refusals_of_the_source().difference(&seen).cloned().collect();
    assert_eq!(unseen, Vec::<String>::new());
}
