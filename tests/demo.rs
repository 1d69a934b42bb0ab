//! `minuted demo` as a newcomer runs it: what it tells, what it leaves behind, what it refuses.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr as _;

fn program(arguments: &[&str], dir: &Path) -> Output {
    let mut command = Command::new(cargo_bin("minuted"));
    command.args(arguments).current_dir(dir).env("NO_COLOR", "1").env_remove("RUST_BACKTRACE");
    command.output().unwrap()
}

fn ok(arguments: &[&str], dir: &Path) -> String {
    let output = program(arguments, dir);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The story, and the folder around its folder.
fn played() -> (String, TempDir) {
    let around = TempDir::new().unwrap();
    let told = ok(&["demo"], around.path());
    (told, around)
}

/// The part of the story that tells of the mail of that subject, in words.
fn scene(told: &str, subject: &str) -> String {
    let is_event = |line: &str| line.get(..5).is_some_and(|time| time.replace(char::is_numeric, "0") == "00:00");
    let mut events = vec![String::new()];
    for line in told.lines() {
        if is_event(line) || line.starts_with("== ") {
            events.push(String::new());
        }
        let event = events.last_mut().unwrap();
        event.push_str(line);
        event.push('\n');
    }
    let mut events = events.iter().map(|event| words(event));
    let headed =
        |event: &String| ["minuted", "the list"].iter().any(|to| event.contains(&format!("{to}: \"{subject}\"")));
    events.find(headed).unwrap_or_else(|| panic!("no mail {subject:?}"))
}

/// The words of a text, so that it does not matter where its lines are wrapped.
fn words(text: &str) -> String {
    let bare = |line: &str| line.trim().trim_start_matches(": ").to_owned();
    text.lines()
        .map(bare)
        .flat_map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .fold(String::new(), |text, word| if text.is_empty() { word } else { format!("{text} {word}") })
}

#[test]
fn the_story_tells_what_each_mail_changed_and_what_was_answered() {
    let (told, _around) = played();
    let facts = [
        ("RE: Where do your items stand?", "also not \"done A-WG4-TP8-001\""),
        ("RE: Where do your items stand?", "-> A-WG4-TP8-005: status \"closed\" (was \"open\")"),
        ("GBA part", "-> A-WG4-TP8-001: status \"done, to be confirmed\" (was \"open\"), note"),
        ("GBA part", "(not read: \"done A-WG4-TP8-002\")"),
        ("credential management", "-> nothing changed Answer to member-lg@example.org"),
        ("credential management", "close A-WG4-TP8-003"),
        ("Bootstrapping", "-> A-WG4-TP8-001: status \"closed\" (was \"done, to be confirmed\"), note"),
        ("Bootstrapping", "Answer to member-qualcomm@mobile.example.org"),
        ("[WG4] Credential management", "-> A-WG4-TP8-003: status \"ongoing\" (was \"open\") Answer to vice-chair@"),
        ("Token interactions", "-> nothing changed Answer to member-oberthur@example.org"),
        ("My rulings of today", "-> A-WG4-TP8-006: due date \"16 May 2014\""),
        ("My rulings of today", "-> A-WG4-TP8-002: priority \"high priority\""),
        ("行动项", "-> P-WG4-002: what \"Merge SEC-2014-0251 and SEC-2014-0248\""),
        ("RE: list proposed", "-> A-WG4-TP8-008: what \"Merge SEC-2014-0251 and SEC-2014-0248\""),
        ("First text", "-> A-WG4-TP8-003: note \"the first text comes on Friday\""),
        ("[WG4] First text", "-> nothing changed, and no answer: it is a copy of a mail that was answered"),
        ("Hello", "-> nothing changed, and no answer: nobody in the roster has this address"),
        ("Frameworks", "-> A-WG4-TP7-003: status \"cancelled\" (was \"open\")"),
        ("Re: Frameworks", "note gone (was \"no company has come forward\"), status \"open\" (was \"cancelled\")"),
        ("my items", "[1] A-WG4-TP8-003"),
        ("Re: my items", "-> A-WG4-TP8-003: status \"closed\" (was \"ongoing\")"),
        ("Session S1", "-> A-WG4-TP10-001: what \"Compare TS-0003 with SEC-2014-0259\""),
    ];
    for (subject, fact) in facts {
        let told = scene(&told, subject);
        assert!(told.contains(fact), "{subject}: no {fact:?} in\n{told}");
    }
    let told = words(&told);
    for fact in [
        "== Monday, 31 March 2014 =",
        "7 action items:",
        "29 contributions",
        "request 3: waits for a ruling",
        "note \"CATT reviews the token format\"",
        "member 10: absence \"until 2014-04-04\"",
        "no answer: a program wrote it",
        "20 mails came, 17 were answered; nothing waits for a ruling.",
        "The journal replayed gives the same state: 21 entries.",
    ] {
        assert!(told.contains(fact), "no {fact:?}");
    }
}

#[test]
fn no_line_is_wider_than_eighty_columns_and_none_names_a_text_by_its_key() {
    let (told, _around) = played();
    // The place of the program under test is this machine's.
    for line in told.lines().filter(|line| !line.contains("alias minuted=")) {
        assert!(line.width() <= 80, "{line}");
        let keys = ["told-", "refused-", "line-", "intro-", "list-", "waits-"];
        let shown = line.split_whitespace().find(|word| keys.iter().any(|key| word.starts_with(key)));
        assert_eq!(shown, None, "{line}");
    }
}

#[test]
fn the_folder_that_it_leaves_holds_what_was_told_and_goes_on_working() {
    let (told, around) = played();
    let dir = around.path().join("minuted-demo");
    let items: Value = serde_json::from_str(&ok(&["list", "actions", "--json"], &dir)).unwrap();
    let state: Vec<[&str; 3]> = (items.as_array().unwrap().iter())
        .map(|item| [&item["reference"], &item["status"], &item["due"]].map(|value| value.as_str().unwrap_or("-")))
        .filter(|[reference, ..]| reference.starts_with("A-"))
        .collect();
    assert_eq!(
        state,
        [
            ["A-WG4-TP7-003", "open", "-"],
            ["A-WG4-TP8-001", "closed", "-"],
            ["A-WG4-TP8-002", "open", "-"],
            ["A-WG4-TP8-003", "closed", "-"],
            ["A-WG4-TP8-005", "closed", "-"],
            ["A-WG4-TP8-006", "open", "2014-05-16"],
            ["A-WG4-TP8-007", "open", "-"],
            ["A-WG4-TP8-008", "open", "TP11"],
            ["A-WG4-TP10-001", "open", "TP11"],
        ]
    );
    let (_, table) = told.split_once("Reference ").unwrap();
    for [reference, status, _] in state {
        let row = table.lines().find(|line| line.starts_with(&format!("{reference} "))).unwrap();
        assert_eq!(row.split_whitespace().nth(1), Some(status), "{row}");
    }
    let once = ok(&["run", "--once"], &dir);
    assert!(once.starts_with("0 new, 0 changed something, 0 answered"), "{once}");
    assert_eq!(std::fs::read_dir(dir.join("mail/out/new")).unwrap().count(), 17);
    ok(&["check"], &dir);
    ok(&["rebuild", "--check"], &dir);
    // Every command that is shown to explore with works there.
    let (_, explore) = told.split_once("== Explore").unwrap();
    let shown: Vec<&str> = explore.lines().filter_map(|line| line.trim().strip_prefix("minuted ")).collect();
    assert!(shown.len() >= 6, "{explore}");
    for command in shown {
        let command = command.split("  ").next().unwrap();
        ok(&command.split(' ').collect::<Vec<_>>(), &dir);
    }
}

#[test]
fn a_folder_that_is_not_empty_is_left_as_it_is() {
    let around = TempDir::new().unwrap();
    std::fs::create_dir(around.path().join("mine")).unwrap();
    std::fs::write(around.path().join("mine/minuted.toml"), "mine").unwrap();
    let output = program(&["demo", "mine"], around.path());
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        said,
        "minuted: mine is not empty, and the demo overwrites nothing; name a new or an empty folder, or delete \
         that one\n"
    );
    assert!(output.stdout.is_empty());
    assert_eq!(std::fs::read_to_string(around.path().join("mine/minuted.toml")).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(around.path().join("mine")).unwrap().count(), 1);
}

#[test]
fn a_second_demo_gets_a_folder_of_its_own_and_says_which() {
    let (first, around) = played();
    let second = words(&ok(&["demo"], around.path()));
    assert!(words(&first).contains("in the new folder minuted-demo, and"));
    assert!(second.contains("in the new folder minuted-demo-2, and"));
    assert!(second.contains("cd minuted-demo-2"));
    // A folder that is there and empty is as good as a new one.
    std::fs::create_dir(around.path().join("empty")).unwrap();
    ok(&["demo", "empty"], around.path());
}

#[test]
fn the_story_is_played_to_its_end_where_nobody_listens() {
    let around = TempDir::new().unwrap();
    let mut command = Command::new(cargo_bin("minuted"));
    command.args(["demo", "quiet"]).current_dir(around.path()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    let items = ok(&["list", "actions"], &around.path().join("quiet"));
    assert!(items.contains("A-WG4-TP10-001"), "{items}");
}
