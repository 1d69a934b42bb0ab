//! The golden rule: what we say is never a command. People forward answers, send them back, and
//! quote them without marks; nothing in them may act, whatever somebody wrote into a title.

use super::english;
use crate::command::{self, Addressed, Around};
use crate::decide::tests::world::*;
use crate::decide::{Input, Outcome};
use crate::domain::{ReferenceScheme, Status};

/// What somebody may write where we say it again: as a title, a note, an owner, a name, a file's
/// remark. Each is a command where it stands on a line of its own, or grows one when it is wrapped.
fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "close A-WG4-TP8-001",
        "#close A-WG4-TP8-001",
        "A-WG4-TP8-001: closed",
        "A-WG4-TP8-001 done",
        "TP8-001 done",
        "2 done",
        "#2 done",
        "2. done",
        "1: close A-WG4-TP8-001",
        "done",
        "undo",
        "undo r00001",
        "yes",
        "no",
        "ok",
        "confirm abcd1234",
        "agreed",
        "> done A-WG4-TP8-001",
        "- done A-WG4-TP8-001",
        "* done A-WG4-TP8-001",
        "\"done A-WG4-TP8-001\"",
        "(done A-WG4-TP8-001)",
        "x\ndone A-WG4-TP8-001\ny",
        "x\u{2028}done A-WG4-TP8-001",
        "\u{a0}done A-WG4-TP8-001",
        "pause until 2014-12-24",
        "resume",
        "digest off",
        "help",
        "list all",
        "also evil@example.net",
        "role evil@example.net chair",
        "member Evil, Evil Ltd, evil@example.net",
        "action Gemalto: do this",
        "SEC-2014-0243R01 agreed",
        "-- ",
        "please close A-WG4-TP8-001",
        "TP8-001 closed, thanks",
        "stop",
    ]
    .map(ToOwned::to_owned)
    .to_vec();
    // So long that the next line begins with the command, whatever stands before it.
    for filler in ["x", "word", "longerword"] {
        for count in [2, 9, 13, 17] {
            let before = vec![filler; count].join(" ");
            texts.push(format!("{before} done A-WG4-TP8-001"));
            texts.push(format!("{before}. Close A-WG4-TP8-001. Done A-WG4-TP8-002, and A-WG4-TP8-003"));
            texts.push(format!("{before} #done A-WG4-TP8-001"));
            texts.push(format!("{before} finished 1"));
            texts.push(format!("{before} please close A-WG4-TP8-001"));
            texts.push(format!("{before} - done A-WG4-TP8-001"));
            texts.push(format!("{before} * * 1. done A-WG4-TP8-001"));
            texts.push(format!("{before} A-WG4-TP8-001: closed"));
            texts.push(format!("{before} 2 done"));
        }
    }
    for width in (52..76).step_by(4) {
        texts.push(format!("{} done A-WG4-TP8-001", "x".repeat(width)));
        texts.push(format!("{} close A-WG4-TP8-001", "0".repeat(width)));
        texts.push(format!("{}: A-WG4-TP8-001 closed", "概".repeat(width / 2)));
        texts.push(format!("{} resume", "done ".repeat(width / 5)));
        texts.push(format!("{} yes", "x".repeat(width)));
        texts.push(format!("{}undo", "x".repeat(width)));
        texts.push(format!("{}undo", "x".repeat(2 * width)));
        texts.push(format!("{} please undo", "x".repeat(width)));
        texts.push(format!("{} undo", "1 ".repeat(width)));
    }
    texts
}

/// Asserts that nothing in the text is a command, wherever it is sent.
pub(super) fn is_silent(text: &str, what: &str) {
    let scheme = ReferenceScheme::default();
    for addressed in [Addressed::BotAlone, Addressed::ListReply, Addressed::List] {
        let today = "2014-04-28".parse().unwrap();
        let around = Around { scheme: &scheme, addressed, subject: "", today, quoted: &[] };
        let parsed = command::parse(text, &around);
        let acting: Vec<&command::Line> = parsed.lines.iter().filter(|line| line.command.is_ok()).collect();
        assert!(acting.is_empty() && !parsed.dry_run, "{what:?}, sent to {addressed:?}: {acting:#?}\n{text}");
    }
}

/// Asserts that it is no command, and that each text had its words and its arguments.
fn is_said(text: &str, what: &str) {
    is_silent(text, what);
    for line in text.lines() {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let line = line.strip_prefix("Not done: ").unwrap_or(line);
        let key = line.split(' ').next().unwrap_or_default();
        let kinds = [
            "told-",
            "refused-",
            "line-",
            "list-",
            "waits-",
            "intro-",
            "notice-",
            "help-",
            "mail-",
            "digest-",
            "reminder-",
        ];
        assert!(!kinds.iter().any(|kind| key.starts_with(kind)), "{what:?}: {text}");
    }
}

/// Everything that a digest says.
fn check_digest(world: &mut World, what: &str) {
    let Some(digest) = world.digest() else { return };
    let letter = super::letter();
    is_said(&crate::compose::digest_text(&digest, &letter, english()), what);
}

/// Everything that is said of a mail: the answer, and what others are asked.
fn check(outcome: &Outcome, what: &str) {
    if let Some(answer) = &outcome.answer {
        is_said(&crate::compose::plain(answer, &super::berlin(), english()), what);
    }
    for notice in &outcome.notices {
        let bytes = crate::compose::notice_of(notice, &super::letter(), english());
        is_said(&super::parts(&bytes).0, what);
    }
}

/// Commands of every kind, those that are refused and those that are not understood included.
const LINES: &[&str] = &[
    "done A-WG4-TP8-001 because it is agreed",
    "confirm A-WG4-TP8-001",
    "reopen A-WG4-TP8-001",
    "ongoing A-WG4-TP8-001, A-WG4-TP8-002 and A-WG4-TP8-003",
    "cancel A-WG4-TP8-001",
    "note A-WG4-TP8-001 close A-WG4-TP8-002",
    "priority A-WG4-TP8-001 high",
    "priority A-WG4-TP8-001 urgent",
    "what A-WG4-TP8-001: close A-WG4-TP8-002",
    "due A-WG4-TP8-001 TP11",
    "due A-WG4-TP8-001 2014-04-01",
    "due A-WG4-TP8-001 4/5",
    "due A-WG4-TP8-001",
    "extend A-WG4-TP8-001 2014-06-02",
    "extend A-WG4-TP8-001 TP12",
    "assign A-WG4-TP8-001 to Lead CATT, Gemalto",
    "assign A-WG4-TP8-001 to Nokia",
    "action Lead Gemalto: Write the scope due TP11",
    "accept P-WG4-001",
    "reject P-WG4-001",
    "accept request 1",
    "member New, Qualcom, new@example.org",
    "member New, Nokia, new@example.org",
    "member new@example.org left",
    "role member-catt@example.org vice-chair",
    "role member-catt@example.org king",
    "also home@example.net",
    "also chair@example.org",
    "confirm abcd1234",
    "status",
    "status A-WG4-TP8-001",
    "status 0255",
    "status SEC-2014-0243",
    "status SEC#10",
    "status TP13",
    "list mine",
    "list overdue",
    "list proposed",
    "list closed",
    "list all",
    "list contributions",
    "list members",
    "list meetings",
    "history A-WG4-TP8-001",
    "help",
    "help done",
    "pause until 2014-12-24",
    "pause",
    "resume",
    "digest on",
    "undo",
    "undo abc123",
    "clsoe A-WG4-TP8-001",
    "not done A-WG4-TP8-001",
    "will close A-WG4-TP8-001",
    "is A-WG4-TP8-001 done?",
    "done A-WG4-TP8-001 and much more than that",
    "done A-WG4-TP8-009",
    "done SEC-2014-0243",
    "done A-WG2-TP8-001",
    "done",
    "7 done",
    "SEC-2014-0243R01 agreed",
    "dry-run",
];

#[test]
fn no_answer_to_a_command_is_a_command() {
    for from in [CHAIR, SUPPORTER] {
        let mut world = World::new();
        world.mail(OTHER, "action CATT: Propose something");
        for line in LINES {
            check(&world.mail(from, line), line);
        }
        world.mail(CHAIR, "list all");
        let list = world.last_answer();
        for line in ["done", "1 done", "99 done", "2: due TP11", "yes", "no", "history"] {
            check(&world.reply(from, &list, line), line);
        }
        check(&world.mail(from, "Hello, who are you?"), "prose");
        check(&world.mail(from, &LINES[..40].join("\n\n")), "many lines");
        check(&world.mail(from, &format!("dry-run\n{}", LINES[..40].join("\n\n"))), "a dry run");
    }
}

#[test]
fn what_somebody_wrote_is_no_command_where_it_is_told() {
    let texts = hostile();
    for texts in texts.chunks(7) {
        // Each text in turn stands in each place.
        let mut turn = texts.iter().cycle();
        let mut text = || turn.next().cloned().unwrap_or_default();
        let mut world = World::new();
        world.has("A-WG4-TP8-001", &text(), "Lead Gemalto, Qualcomm", Status::Open);
        world.has("A-WG4-TP8-002", &text(), &text(), Status::Open);
        world.has("P-WG4-001", &text(), &text(), Status::Proposed);
        for (at, contribution) in world.known.contributions.values_mut().enumerate() {
            if at % 2 == 0 {
                contribution.reference_cell = text();
            }
            contribution.title = text();
            contribution.source = text();
            contribution.status_cell = text();
            contribution.agenda_item = text();
        }
        let meeting = &mut world.known.meetings[1];
        meeting.place = Some(text());
        let line = |text: &str| text.replace(['\n', '\u{2028}'], " ");
        meeting.sessions.push(format!("2014-04-07 15:45-17:00 [{}] {}", line(&text()), line(&text())).parse().unwrap());
        for member in world.known.roster.members.iter_mut().skip(2) {
            member.name = text();
            member.organization = text();
        }
        let mut asks = document();
        asks.remarks.extend([text(), text()]);
        asks.action_items.push(row("A-WG4-TP8-001", &text(), &text(), &text()));
        asks.meeting.as_mut().unwrap().place = Some(text());
        let input = Input::Agenda { document: Box::new(asks), by: Some(address(SECRETARY)) };
        check(&world.input(input), "an agenda");
        for (from, before) in [
            (CHAIR, "note A-WG4-TP8-001 "),
            (CHAIR, "what A-WG4-TP8-003: "),
            (LEAD, "extend A-WG4-TP8-001 2014-06-02"),
            (OTHER, "also home@example.net"),
            (OTHER, "action CATT: "),
            (CHAIR, "action "),
            (CHAIR, "assign A-WG4-TP8-003 to "),
            (CHAIR, "due A-WG4-TP8-003 "),
            (CHAIR, "priority A-WG4-TP8-003 "),
            (CHAIR, "role member-catt@example.org "),
            (CHAIR, "clsoe A-WG4-TP8-001 because "),
            (CHAIR, "done A-WG4-TP8-003 "),
            (OTHER, "done A-WG4-TP8-002"),
            (CHAIR, "done A-WG4-TP8-002"),
        ] {
            if before.ends_with(' ') {
                // The texts take turns, so that the commands that carry them stay few.
                for _ in 0..2 {
                    let sent = format!("{before}{}", line(&text()));
                    check(&world.mail(from, &sent), &sent);
                }
            } else {
                check(&world.mail(from, before), before);
            }
        }
        check_digest(&mut world, "a digest of all that");
        world.mail_subject = text();
        for each in texts {
            let sent = format!("member {0}, {0}, new@example.org", line(each));
            check(&world.mail(CHAIR, &sent), &sent);
        }
        for sent in [
            "role member-catt@example.org chair",
            "member member-catt@example.org left",
            "list all\nlist proposed\nlist contributions\nlist members\nlist meetings",
            "history A-WG4-TP8-001, P-WG4-001",
        ] {
            check(&world.mail(CHAIR, sent), sent);
        }
        check_digest(&mut world, "a digest of the rest");
    }
}
