//! The built program as people and other programs run it: arguments, output, exit codes.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use tempfile::TempDir;

const REMINDERS: &str = "[group.reminders]\n";
const NO_REMINDERS: &str = "[group.reminders]\nbefore_meeting = []\nbefore_deadline = []\nbefore_due = []\nafter_due = []\nthen_every = \"never\"\nafter_meeting = []\nafter_decision = []\n";

/// An embedded set-up in a folder of its own.
struct SetUp {
    dir: TempDir,
}

impl SetUp {
    fn new() -> Self {
        let set_up = Self { dir: TempDir::new().unwrap() };
        let made = program().args(["init", "--embedded"]).arg(set_up.dir.path().join("wg4")).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        // What is counted below must not depend on the weekday of a time.
        set_up.digests("# weekly = \"Monday 08:00\"", "never");
        set_up.configured(REMINDERS, NO_REMINDERS);
        set_up
    }

    /// With the agenda of the seed imported, before its meeting.
    fn with_agenda() -> Self {
        let set_up = Self::new();
        set_up.ok(&["import", "agenda", &seed("agenda.txt"), "--now", "2014-04-01"]);
        set_up
    }

    /// Writes something into the configuration in the place of what is there.
    fn configured(&self, there: &str, text: &str) {
        let file = self.folder().join("minuted.toml");
        let whole = std::fs::read_to_string(&file).unwrap();
        assert!(whole.contains(there));
        std::fs::write(file, whole.replace(there, text)).unwrap();
    }

    /// Sets when the weekly digest goes, in the place of what is there.
    fn digests(&self, there: &str, weekly: &str) {
        self.configured(there, &format!("weekly = {weekly:?}"));
    }

    fn folder(&self) -> std::path::PathBuf {
        self.dir.path().join("wg4")
    }

    /// Runs the program in the folder.
    fn run(&self, arguments: &[&str]) -> Output {
        program().args(arguments).current_dir(self.folder()).output().unwrap()
    }

    /// Runs the program with something on its standard input.
    fn pipe(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = program();
        command.args(arguments).current_dir(self.folder());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// What the program prints when it succeeds.
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.ok(arguments)).unwrap()
    }

    /// What the program says when it ends with that code.
    fn fails(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

fn program() -> Command {
    let mut command = Command::new(cargo_bin("minuted"));
    command.env("NO_COLOR", "1").env_remove("RUST_BACKTRACE");
    command
}

fn seed(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seed").join(name).display().to_string()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn sorted(mut keys: Vec<&str>) -> Vec<&str> {
    keys.sort_unstable();
    keys
}

const CLOSING: &str = "From: Member Qualcomm <member-qualcomm@example.org>\r\n\
     To: minuted@example.org\r\n\
     Subject: PKI\r\n\
     Date: Mon, 07 Apr 2014 10:00:00 +0200\r\n\
     Message-ID: <closing@example.org>\r\n\
     \r\n\
     done A-WG4-TP8-001\r\n";

#[test]
fn an_embedded_set_up_is_valid_and_is_never_overwritten() {
    let set_up = SetUp::new();
    assert!(set_up.folder().join("mail/in/new").is_dir() && set_up.folder().join("mail/out/cur").is_dir());
    assert!(!set_up.ok(&["check"]).contains("WRONG"));
    let again = set_up.fails(&["init", "--embedded", "."], 1);
    assert!(again.contains("nothing is overwritten"), "{again}");
}

#[test]
fn the_seed_agenda_gives_its_action_items_and_contributions_and_a_second_import_none() {
    let set_up = SetUp::with_agenda();
    set_up.ok(&["import", "agenda", &seed("agenda.txt")]);
    let actions = set_up.json(&["list", "actions", "--json"]);
    let contributions = set_up.json(&["list", "contributions", "--json"]);
    let proposed = |item: &&Value| item["status"] == "proposed";
    let actions = actions.as_array().unwrap();
    assert_eq!((actions.len(), contributions.as_array().unwrap().len()), (7, 29));
    // What a status cell words as an action is only proposed, and once.
    let proposed: Vec<&Value> = actions.iter().filter(proposed).map(|item| &item["what"]).collect();
    assert_eq!(proposed, ["Align existing text (see SEC-2014-0259R01)"]);
}

#[test]
fn the_seed_s_contributions_stand_where_its_agenda_says() {
    let expected: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(seed("contributions.json")).unwrap()).unwrap();
    // Read before its meeting or after, the agenda says the same of what came of that.
    for imported in ["2014-04-01", "2014-04-09", "2014-05-01"] {
        let set_up = SetUp::new();
        set_up.ok(&["import", "agenda", &seed("agenda.txt"), "--now", imported]);
        let listed = set_up.json(&["list", "contributions", "--json", "--now", "2014-05-02"]);
        let listed = listed.as_array().unwrap();
        assert_eq!(listed.len(), expected.len());
        for expected in &expected {
            let found = listed.iter().find(|row| row["reference"] == expected["reference"]).unwrap();
            for (key, value) in expected.as_object().unwrap() {
                assert_eq!(found[key], *value, "{imported}: {} {key}", expected["reference"]);
            }
        }
        set_up.ok(&["rebuild", "--check"]);
    }
}

#[test]
fn listings_have_the_keys_that_programs_read() {
    let set_up = SetUp::with_agenda();
    let actions = set_up.json(&["list", "actions", "--json"]);
    let first = &actions[1];
    assert_eq!(sorted(keys(first)), sorted(vec!["reference", "what", "who", "status", "due", "owners", "priority"]));
    assert_eq!(first["reference"], "A-WG4-TP8-001");
    assert_eq!(first["status"], "open");
    assert_eq!(first["due"], Value::Null);
    assert_eq!(
        first["owners"],
        serde_json::json!([{"name": "Qualcomm", "part": "lead"}, {"name": "Gemalto", "part": "support"}])
    );
    let contribution = &set_up.json(&["list", "contributions", "--json"])[0];
    assert_eq!(
        sorted(keys(contribution)),
        sorted(vec![
            "reference",
            "title",
            "source",
            "agenda_item",
            "deliverable",
            "reference_cell",
            "status_cell",
            "outcome",
            "outcome_revision",
            "revisions_available",
            "revisions_expected",
            "follow_ups",
        ])
    );
    let member = &set_up.json(&["--now", "2014-04-01", "list", "members", "--json"])[0];
    assert_eq!(
        *member,
        serde_json::json!({
            "name": "Chair", "organization": "Gemalto", "roles": ["chair"], "addresses": ["chair@example.org"],
        })
    );
    let meeting = &set_up.json(&["list", "--json", "meetings"])[0];
    assert_eq!((meeting["reference"].as_str(), meeting["start"].as_str()), (Some("SEC#10.0"), Some("2014-04-07")));
    for what in ["messages", "requests"] {
        assert!(set_up.json(&["list", what, "--json"]).is_array());
    }
}

#[test]
fn a_mail_from_standard_input_closes_an_item_and_is_taken_in_once() {
    let set_up = SetUp::with_agenda();
    for expected in ["1 new message", "0 new messages"] {
        let output = set_up.pipe(&["ingest", "-", "--now", "2014-04-07 10:01"], CLOSING);
        assert!(output.status.success(), "{output:?}");
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(told.starts_with(expected), "{told}");
    }
    let closed = set_up.json(&["list", "actions", "--status", "closed", "--json"]);
    assert_eq!(closed[0]["reference"], "A-WG4-TP8-001");
    assert_eq!(closed.as_array().unwrap().len(), 1);
    let history = set_up.json(&["history", "tp8-001", "--json"]);
    let last = history.as_array().unwrap().last().unwrap();
    assert_eq!(
        *last,
        serde_json::json!({
            "at": "2014-04-07T08:01:00Z", "by": "member-qualcomm@example.org", "message_id": "closing@example.org",
            "subject": "A-WG4-TP8-001", "field": "status", "from": "open", "to": "closed",
        })
    );
    let sent = set_up.ok(&["run", "--once", "--now", "2014-04-07T08:02:00Z"]);
    assert!(sent.contains("1 sent"), "{sent}");
    assert_eq!(std::fs::read_dir(set_up.folder().join("mail/out/new")).unwrap().count(), 1);
    set_up.ok(&["rebuild", "--check"]);
}

#[test]
fn mail_in_the_mailbox_is_received_no_later_than_what_counts_as_now() {
    let set_up = SetUp::with_agenda();
    std::fs::write(set_up.folder().join("mail/in/new/1.mail"), CLOSING).unwrap();
    let told = set_up.ok(&["run", "--once", "--now", "2014-04-07T08:01:00Z"]);
    assert!(told.starts_with("1 new, 1 changed something, 1 answered"), "{told}");
    let history = set_up.json(&["history", "A-WG4-TP8-001", "--json"]);
    assert_eq!(history.as_array().unwrap().last().unwrap()["at"], "2014-04-07T08:01:00Z");
    assert!(set_up.folder().join("mail/in/cur/1.mail:2,S").exists());
}

#[test]
fn an_archive_is_linked_and_none_of_its_commands_acts_unless_it_is_said_to_be_live() {
    let set_up = SetUp::with_agenda();
    let mbox = set_up.folder().join("archive.mbox");
    std::fs::write(&mbox, format!("From x Mon Apr  7 10:00:00 2014\n{}", CLOSING.replace("\r\n", "\n"))).unwrap();
    set_up.ok(&["ingest", "archive.mbox"]);
    assert_eq!(set_up.json(&["list", "actions", "--status", "closed", "--json"]), serde_json::json!([]));
    let shown = set_up.json(&["show", "A-WG4-TP8-001", "--json"]);
    assert_eq!(shown["messages"][0]["message"]["message_id"], "closing@example.org");
    assert_eq!(set_up.json(&["list", "messages", "--json"])[0]["archive"], true);
    assert_eq!(set_up.json(&["outbox", "list", "--json"]), serde_json::json!([]));
}

#[test]
fn a_file_given_again_with_another_mail_in_it_is_another_mail() {
    let set_up = SetUp::with_agenda();
    let file = set_up.folder().join("mail.eml");
    std::fs::write(&file, CLOSING).unwrap();
    set_up.ok(&["ingest", "mail.eml"]);
    let other = CLOSING.replace("closing@", "second@").replace("done A-WG4-TP8-001", "ongoing A-WG4-TP8-003");
    std::fs::write(&file, other).unwrap();
    assert!(set_up.ok(&["ingest", "mail.eml"]).starts_with("1 new message"));
    assert_eq!(set_up.json(&["list", "messages", "--json"]).as_array().unwrap().len(), 2);
}

#[test]
fn mails_that_a_mail_server_pipes_in_at_once_are_all_answered_and_none_is_held() {
    let set_up = SetUp::with_agenda();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let set_up = &set_up;
            scope.spawn(move || {
                let mail = CLOSING.replace("closing@", &format!("mail-{number}@"));
                let output = set_up.pipe(&["ingest", "-"], &mail);
                assert!(output.status.success(), "{output:?}");
            });
        }
    });
    assert_eq!(set_up.json(&["list", "messages", "--state", "done", "--json"]).as_array().unwrap().len(), 8);
    assert_eq!(set_up.json(&["outbox", "list", "--json"]).as_array().unwrap().len(), 8);
}

#[test]
fn a_mail_that_is_too_large_is_held_and_never_read_by_half() {
    let set_up = SetUp::with_agenda();
    let file = set_up.folder().join("minuted.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("# message_bytes = \"25 MiB\"", "message_bytes = \"1 KiB\"")).unwrap();
    let output = set_up.pipe(&["ingest", "-"], &format!("{CLOSING}{}", "x\r\n".repeat(2000)));
    assert!(output.status.success(), "{output:?}");
    let held = set_up.json(&["quarantine", "list", "--json"]);
    assert!(held[0]["reason"].as_str().unwrap().contains("too large"), "{held}");
    assert!(set_up.fails(&["quarantine", "retry", "1"], 1).contains("message_bytes"));
    assert!(set_up.ok(&["quarantine", "show", "1"]).starts_with("From: Member Qualcomm"));
    set_up.ok(&["quarantine", "drop", "1"]);
    assert_eq!(set_up.json(&["quarantine", "list", "--json"]), serde_json::json!([]));
    assert_eq!(set_up.json(&["list", "actions", "--status", "closed", "--json"]), serde_json::json!([]));
}

#[test]
fn the_daemon_is_woken_by_the_command_line_runs_alone_and_stops_when_told() {
    let set_up = SetUp::with_agenda();
    let mut daemon = Daemon::start(&set_up);
    for second in [&["run"][..], &["run", "--once"]] {
        assert!(set_up.fails(second, 1).contains("another minuted"));
    }
    assert!(set_up.pipe(&["ingest", "-"], CLOSING).status.success());
    let sent = || std::fs::read_dir(set_up.folder().join("mail/out/new")).unwrap().count();
    wait_for(|| sent() == 1);
    Command::new("kill").args(["-TERM", &daemon.0.id().to_string()]).status().unwrap();
    assert!(daemon.0.wait().unwrap().success());
}

/// A daemon that does not outlive its test.
struct Daemon(Child);

impl Daemon {
    /// Started, and holding its lock.
    fn start(set_up: &SetUp) -> Self {
        let mut command = program();
        command.arg("run").current_dir(set_up.folder()).stderr(Stdio::piped());
        let mut daemon = Self(command.spawn().unwrap());
        let mut log = BufReader::new(daemon.0.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("minuted runs") {
            line.clear();
            assert!(log.read_line(&mut line).unwrap() > 0, "the daemon ended");
        }
        // Read on, so that the daemon never waits for a full pipe.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        daemon
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until it is so, at most half a minute.
fn wait_for(is_so: impl Fn() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !is_so() {
        assert!(std::time::Instant::now() < end, "it did not come about");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn explain_reads_a_mail_without_any_configuration() {
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("mail.eml"), CLOSING.replace("TP8-001\r\n", "TP8-001\r\nclsoe TP8-002\r\n"))
        .unwrap();
    let output = program().args(["explain", "mail.eml", "--json"]).current_dir(dir.path()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let explained: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        sorted(keys(&explained)),
        sorted(vec![
            "message_id",
            "from",
            "automatic",
            "automatic_why",
            "identity",
            "author_text",
            "blocks",
            "commands",
            "mentions",
            "absence",
            "notice"
        ])
    );
    assert_eq!(explained["automatic"], false);
    assert_eq!(explained["automatic_why"], Value::Null);
    assert_eq!(explained["blocks"][0]["kind"], "author");
    assert_eq!(explained["identity"], Value::Null);
    assert_eq!(
        explained["commands"][0],
        serde_json::json!({
            "line": 1, "text": "done A-WG4-TP8-001", "command": "done", "reference": "A-WG4-TP8-001", "by_quote": false,
            "error": null,
        })
    );
    assert_eq!(explained["commands"][1]["command"], Value::Null);
    assert!(explained["commands"][1]["error"].is_string());
    assert_eq!(explained["mentions"][0], "A-WG4-TP8-001");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "something was written");
    let told = program().args(["explain", "mail.eml"]).current_dir(dir.path()).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.starts_with("No configuration: references are read as oneM2M writes them (SEC-2014-0243, "), "{told}");
}

#[test]
fn explain_says_who_wrote_and_what_would_be_refused_and_changes_nothing() {
    let set_up = SetUp::with_agenda();
    let mail = CLOSING.replace("member-qualcomm", "member-catt");
    let output = set_up.pipe(&["explain", "-", "--json"], &mail);
    let explained: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(explained["identity"]["member"], "Member CATT");
    assert_eq!(explained["identity"]["verdict"]["is"], "claimed");
    assert!(explained["commands"][0]["error"].is_string(), "{explained}");
    let told = String::from_utf8(set_up.pipe(&["explain", "-"], CLOSING).stdout).unwrap();
    assert!(told.contains("Member Qualcomm (Qualcomm)") && told.contains("done A-WG4-TP8-001"), "{told}");
    assert_eq!(set_up.json(&["list", "messages", "--json"]), serde_json::json!([]));
    assert_eq!(set_up.json(&["list", "actions", "--status", "closed", "--json"]), serde_json::json!([]));
}

#[test]
fn explain_says_what_a_notice_of_an_announcer_would_post_and_why_not() {
    let set_up = SetUp::new();
    set_up.configured("# announcers = []", "announcers = [\"portal@portal.example.net\"]");
    set_up.ok(&["import", "agenda", &seed("agenda.txt"), "--now", "2014-04-01"]);
    let notice = "From: Portal <portal@portal.example.net>\r\nTo: minuted@example.org\r\nSubject: Uploads\r\n\
        Date: Wed, 16 Apr 2014 10:00:00 +0200\r\nMessage-ID: <n.1@portal.example.net>\r\n\r\n\
        SEC-2014-0243R02 was uploaded, replacing SEC-2014-0243R01.\r\n\r\nSEC-2014-0299 was uploaded.\r\n\r\n\
        SEC-2014-0247R03 will be uploaded.\r\n";
    let told = String::from_utf8(set_up.pipe(&["explain", "-"], notice).stdout).unwrap();
    for expected in [
        "a machine that the configuration names",
        "SEC-2014-0243R02: would be posted",
        "SEC-2014-0243R01: would not be posted\n           It is only named",
        "SEC-2014-0299: would not be posted\n           I know no contribution SEC-2014-0299",
        "SEC-2014-0247R03: would not be posted\n           It is not said to be there",
        "Answer: none.",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let explained: Value = serde_json::from_slice(&set_up.pipe(&["explain", "-", "--json"], notice).stdout).unwrap();
    assert_eq!(explained["notice"][0]["document"], "SEC-2014-0243R02");
    assert_eq!(explained["notice"][0]["posts"], true);
    assert_eq!(explained["notice"][3]["says"], "doubtful");
    assert!(!set_up.ok(&["show", "SEC-2014-0243"]).contains("R02 posted"));
}

#[test]
fn commands_of_the_operator_act_in_a_member_s_name_and_a_refused_line_ends_with_1() {
    let set_up = SetUp::with_agenda();
    set_up.ok(&[
        "do",
        "due TP8-003 2014-06-02\nnote TP8-003 first draft",
        "--as",
        "chair@example.org",
        "--now",
        "2014-04-07",
    ]);
    let shown = set_up.json(&["show", "TP8-003", "--json"]);
    assert_eq!((&shown["due"], &shown["notes"][0]), (&"2014-06-02".into(), &"first draft".into()));
    assert_eq!(shown["history"].as_array().unwrap().last().unwrap()["at"], "2014-04-06T22:00:00Z");
    let refused = set_up.run(&["do", "done TP8-003", "--as", "member-catt@example.org"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(!refused.stdout.is_empty());
    let unknown = set_up.fails(&["do", "done TP8-003", "--as", "nobody@example.org"], 1);
    assert!(unknown.contains("minuted list members"), "{unknown}");
}

#[test]
fn options_for_all_commands_work_before_and_after_the_command() {
    let set_up = SetUp::with_agenda();
    let config = set_up.folder().join("minuted.toml").display().to_string();
    let elsewhere = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let output = program().args(arguments).current_dir(elsewhere.path()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        output.stdout
    };
    let before = run(&["--config", &config, "--now", "2014-04-08", "--group", "sec", "list", "actions", "--json"]);
    let after = run(&["list", "actions", "--json", "--group", "sec", "--now", "2014-04-08", "--config", &config]);
    assert_eq!(before, after);
    let wrong = set_up.fails(&["list", "actions", "--group", "arc"], 2);
    assert!(wrong.contains("sec"), "{wrong}");
    assert!(set_up.fails(&["list", "actions", "--now", "soon"], 2).contains("2014-04-07T08:00:00Z"));
}

#[test]
fn an_unknown_reference_ends_with_1_and_says_what_is_like_it() {
    let set_up = SetUp::with_agenda();
    for command in ["show", "history"] {
        let told = set_up.fails(&[command, "A-WG4-TP8-009"], 1);
        assert!(told.contains("A-WG4-TP8-001") && told.contains("minuted list actions"), "{told}");
        assert_eq!(told.lines().count(), 1);
        set_up.fails(&[command, "SEC-2014-9999"], 1);
        set_up.fails(&[command, "nonsense"], 1);
        set_up.fails(&[command, "message-7"], 1);
    }
    set_up.fails(&["outbox", "retry", "99"], 1);
    set_up.fails(&["quarantine", "show", "99"], 1);
}

#[test]
fn a_reference_may_be_written_as_in_mails() {
    let set_up = SetUp::with_agenda();
    for written in ["SEC-2014-0243", "sec_2014_0243 r1", "0243", "SEC\u{2011}2014\u{2011}0243R02"] {
        assert_eq!(set_up.json(&["show", written, "--json"])["reference"], "SEC-2014-0243", "{written}");
    }
    for written in ["SEC#10", "SEC #10", "TP10"] {
        assert_eq!(set_up.json(&["show", written, "--json"])["reference"], "SEC#10.0", "{written}");
    }
    assert_eq!(set_up.json(&["show", "chair@example.org", "--json"])["roles"][0], "chair");
}

#[test]
fn a_wrong_configuration_is_told_by_file_and_line_with_78() {
    let set_up = SetUp::new();
    let file = set_up.folder().join("minuted.toml");
    let text = std::fs::read_to_string(&file).unwrap().replace("\"Europe/Berlin\"", "\"Europe/Berlim\"");
    let line = 1 + text.lines().position(|line| line.contains("Berlim")).unwrap();
    std::fs::write(&file, text).unwrap();
    let commands = [(&["check"][..], 78), (&["run", "--once"], 78), (&["list", "actions"], 78), (&["ingest", "-"], 75)];
    for (command, code) in commands {
        let told = set_up.fails(command, code);
        assert!(told.contains(&format!("minuted.toml:{line}: group.time_zone")), "{told}");
        assert!(told.contains("Europe/Berlin"), "{told}");
    }
    let missing = set_up.fails(&["check", "--config", "nowhere.toml"], 78);
    assert!(missing.contains("nowhere.toml"), "{missing}");
}

#[test]
fn a_group_whose_key_was_changed_is_missed() {
    let set_up = SetUp::with_agenda();
    let file = set_up.folder().join("minuted.toml");
    let text = std::fs::read_to_string(&file).unwrap().replace("key = \"sec\"", "key = \"wg9\"");
    std::fs::write(&file, text).unwrap();
    let output = set_up.run(&["check"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(!output.status.success() && told.contains("the group \"sec\""), "{told}");
    // An empty group that takes all mail for its archive is not begun.
    let told = set_up.fails(&["run", "--once"], 78);
    assert!(told.contains("\"wg9\" is new") && told.contains("old key"), "{told}");
    let text = std::fs::read_to_string(&file).unwrap().replace("key = \"wg9\"", "key = \"sec\"");
    std::fs::write(&file, text).unwrap();
    assert!(set_up.run(&["check"]).status.success());
}

#[test]
fn a_mail_server_is_told_what_to_do_with_the_mail() {
    let set_up = SetUp::with_agenda();
    assert_eq!(set_up.pipe(&["ingest", "-"], "").status.code(), Some(65));
    set_up.fails(&["ingest", "nothing.eml"], 66);
    std::fs::write(set_up.folder().join("minuted.zip"), b"PK\x03\x04").unwrap();
    set_up.fails(&["ingest", "minuted.zip"], 65);
    // A database that cannot be used now may be restored: the server keeps the mail.
    std::fs::write(set_up.folder().join("minuted.db"), "no database, whatever its name says").unwrap();
    for log in ["minuted.db-wal", "minuted.db-shm"] {
        let _ = std::fs::remove_file(set_up.folder().join(log));
    }
    let output = set_up.pipe(&["ingest", "-"], CLOSING);
    assert_eq!(output.status.code(), Some(75), "{output:?}");
}

#[test]
fn a_missing_database_is_told_and_not_made_by_looking_at_it() {
    let set_up = SetUp::new();
    for command in [&["list", "actions"][..], &["health"], &["show", "TP8-001"], &["backup", "copy.db"]] {
        let told = set_up.fails(command, 1);
        assert!(told.contains("minuted run"), "{told}");
    }
    assert!(!set_up.folder().join("minuted.db").exists());
}

#[test]
fn what_others_wrote_cannot_control_the_terminal() {
    let set_up = SetUp::with_agenda();
    let mail = CLOSING.replace("Subject: PKI", "Subject: \u{1b}]0;owned\u{7}\u{9b}31m done");
    set_up.pipe(&["ingest", "-"], &mail);
    for command in [&["list", "messages"][..], &["show", "TP8-001"], &["list", "messages", "--json"]] {
        let shown = set_up.ok(command);
        assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{shown:?}");
        assert!(shown.contains("owned"), "{shown}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let set_up = SetUp::with_agenda();
    let mut command = program();
    command.args(["list", "contributions", "--json"]).current_dir(set_up.folder());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_backup_is_a_database_and_is_never_overwritten() {
    let set_up = SetUp::with_agenda();
    set_up.ok(&["backup", "copy.db"]);
    let told = set_up.fails(&["backup", "copy.db"], 1);
    assert!(told.contains("not overwritten"), "{told}");
    std::fs::rename(set_up.folder().join("copy.db"), set_up.folder().join("minuted.db")).unwrap();
    for log in ["minuted.db-wal", "minuted.db-shm"] {
        let _ = std::fs::remove_file(set_up.folder().join(log));
    }
    assert_eq!(set_up.json(&["list", "actions", "--json"]).as_array().unwrap().len(), 7);
}

#[test]
fn check_tells_where_the_roster_differs_and_what_is_missing() {
    let set_up = SetUp::with_agenda();
    set_up.ok(&["do", "member Member Ericsson, Ericsson, member-ericsson@example.org", "--as", "chair@example.org"]);
    assert!(set_up.ok(&["check"]).contains("Member Ericsson is only in the database"));
    std::fs::remove_dir_all(set_up.folder().join("mail/out")).unwrap();
    let output = set_up.run(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("WRONG  delivery") && told.contains("mkdir -p"), "{told}");
    for start in [&["run"][..], &["run", "--once"]] {
        assert!(set_up.fails(start, 1).contains("mkdir -p"));
    }
}

#[test]
fn members_are_imported_from_a_spreadsheet() {
    let set_up = SetUp::with_agenda();
    let csv = "name,organization,address,roles\nMember Ericsson,Ericsson,member-ericsson@example.org,\n";
    std::fs::write(set_up.folder().join("new.csv"), csv).unwrap();
    set_up.ok(&["import", "members", "new.csv"]);
    let members = set_up.json(&["list", "members", "--organization", "ericsson", "--json"]);
    assert_eq!(members[0]["addresses"][0], "member-ericsson@example.org");
    std::fs::write(set_up.folder().join("bad.csv"), "name,organization,address\nA,B,nowhere\n").unwrap();
    assert!(set_up.fails(&["import", "members", "bad.csv"], 78).contains("bad.csv:2"));
}

#[test]
fn every_command_has_help_completions_and_a_page() {
    let dir = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let output = program().args(arguments).current_dir(dir.path()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let help = run(&["--help"]);
    for shell in ["bash", "zsh", "fish"] {
        assert!(run(&["completions", shell]).contains("minuted"));
    }
    assert!(run(&["man"]).starts_with(".ie") || run(&["man"]).contains(".TH minuted"));
    for command in [
        "run",
        "check",
        "init",
        "ingest",
        "explain",
        "import",
        "list",
        "show",
        "history",
        "do",
        "outbox",
        "stop-mail",
        "start-mail",
        "quarantine",
        "rebuild",
        "backup",
        "health",
    ] {
        assert!(help.contains(&format!("  {command} ")), "{command}");
        run(&[command, "--help"]);
        assert!(run(&["man", command]).contains(".SH NAME"), "{command}");
    }
    let nothing = program().current_dir(dir.path()).output().unwrap();
    assert_eq!(nothing.status.code(), Some(2));
}

#[test]
fn a_digest_can_be_seen_before_it_goes_and_nothing_is_changed_by_that() {
    let set_up = SetUp::with_agenda();
    let preview =
        |more: &[&str]| set_up.ok(&[&["digest", "--preview", "weekly", "--now", "2014-05-05 08:00"], more].concat());
    let text = preview(&[]);
    assert!(
        text.starts_with("To: wg4@example.org\nSubject: [oneM2M WG4 SEC] Action items, week 19: 6 open\n\n"),
        "{text}"
    );
    let first = text.lines().find(|line| line.trim_start().starts_with("[ 1] A-WG4-TP7-003 "));
    assert!(first.is_some_and(|row| row.contains("| open")), "{text}");
    let html = preview(&["--format", "html"]);
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("A-WG4-TP7-003"), "{html}");
    let mail = preview(&["--format", "eml"]);
    for header in
        ["To: wg4@example.org", "Reply-To: <minuted+d-", "Auto-Submitted: auto-generated", "Message-ID: <digest."]
    {
        assert!(mail.contains(header), "{header}: {mail}");
    }
    for header in ["List-Unsubscribe", "Precedence"] {
        assert!(!mail.contains(header), "{header}: {mail}");
    }
    assert_eq!(set_up.json(&["schedule", "--json"]), serde_json::json!([]));
    assert_eq!(set_up.json(&["outbox", "list", "--json"]), serde_json::json!([]));
    set_up.ok(&["rebuild", "--check"]);
    assert!(set_up.fails(&["digest", "--preview", "daily"], 2).contains("weekly"));
}

#[test]
fn that_mail_is_stopped_is_told_wherever_somebody_looks_for_it() {
    let set_up = SetUp::with_agenda();
    let health = |code| {
        let output = set_up.run(&["health", "--no-daemon", "--json"]);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    assert_eq!(health(0)["mail_stop"], Value::Null);
    set_up.ok(&["stop-mail", "--because", "the wrong list", "--now", "2014-04-07 08:00"]);
    let told = health(1);
    assert_eq!(told["mail_stop"]["since"], "2014-04-07T06:00:00Z");
    assert_eq!(told["mail_stop"]["because"], "the wrong list");
    assert!(told["findings"].to_string().contains("minuted start-mail"), "{told}");
    assert!(!set_up.run(&["check", "--send"]).status.success());
    for (command, code) in
        [("check", 0), ("schedule", 0), ("health --no-daemon", 1), ("outbox list", 0), ("run --once", 0)]
    {
        let output = set_up.run(&command.split(' ').collect::<Vec<_>>());
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{command}: {told}");
        assert!(told.contains("Mail is stopped since 2014-04-07 08:00, by "), "{command}: {told}");
        assert!(told.contains(", because the wrong list."), "{command}: {told}");
    }
    assert!(set_up.fails(&["stop-mail", "--group", "sec"], 2).contains("all groups"));
    set_up.ok(&["backup", "copy.db"]);
    set_up.ok(&["start-mail"]);
    assert_eq!(health(0)["mail_stop"], Value::Null);
    for command in [&["check"][..], &["schedule"], &["outbox", "list"]] {
        assert!(!set_up.ok(command).contains("Mail is stopped"), "{command:?}");
    }
}

#[test]
fn an_exported_agenda_is_imported_from_each_kind_of_file() {
    let set_up = SetUp::with_agenda();
    for kind in ["docx", "html", "txt", "md", "json", "csv"] {
        let file = format!("next.{kind}");
        set_up.ok(&["export", "agenda", "-o", &file, "--now", "2014-04-02"]);
        let what = if kind == "csv" { "contributions" } else { "agenda" };
        let told = set_up.ok(&["import", what, &file, "--now", "2014-04-02"]);
        assert!(told.contains("none is new, none has changed"), "{kind}: {told}");
    }
    let refused = set_up.fails(&["import", "agenda", "next.csv", "--now", "2014-04-02"], 1);
    assert!(refused.contains("minuted import contributions next.csv"), "{refused}");
}

#[test]
fn action_items_and_history_are_exported_as_what_the_file_s_name_ends_in() {
    let set_up = SetUp::with_agenda();
    set_up.ok(&["do", "due A-WG4-TP8-002 2014-04-25", "--as", "chair@example.org", "--now", "2014-04-02"]);
    set_up.ok(&["do", "done A-WG4-TP8-003", "--as", "chair@example.org", "--now", "2014-04-02"]);
    assert_eq!(set_up.json(&["export", "actions", "--json"]), set_up.json(&["list", "actions", "--json"]));
    let contributions = set_up.json(&["export", "contributions", "--json"]);
    assert_eq!(contributions, set_up.json(&["list", "contributions", "--json"]));
    let exported = |what: &str, ending: &str| {
        let file = format!("{what}.{ending}");
        set_up.ok(&["export", what, "-o", &file]);
        std::fs::read(set_up.folder().join(file)).unwrap()
    };
    let row = "A-WG4-TP8-002";
    for ending in ["csv", "txt", "md", "html", "json"] {
        let text = String::from_utf8(exported("actions", ending)).unwrap();
        assert!(text.contains(row) && text.contains("2014-04-25"), "{ending}: {text}");
        let pending = set_up.ok(&["export", "actions", "--format", ending, "--pending"]);
        assert!(text.contains("A-WG4-TP8-003") && !pending.contains("A-WG4-TP8-003"), "{ending}: {pending}");
    }
    for ending in ["xlsx", "docx"] {
        assert!(exported("actions", ending).starts_with(b"PK"), "{ending}");
    }
    let changes = set_up.json(&["export", "history", "--json"]);
    let due = changes
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["field"] == "due" && row["subject"] == "A-WG4-TP8-002")
        .unwrap();
    assert_eq!((&due["by"], &due["to"]), (&"chair@example.org".into(), &"2014-04-25".into()));
    let csv = set_up.ok(&["export", "history"]);
    assert!(csv.contains("WHEN,BY,OF,FIELD,BEFORE,AFTER,MAIL\n"), "{csv}");
    assert!(csv.contains("2014-04-02 00:00:00 +02:00,chair@example.org,A-WG4-TP8-002,due,,2014-04-25,"), "{csv}");
    // A value may have several lines.
    assert_eq!(::csv::Reader::from_reader(csv.as_bytes()).records().count(), changes.as_array().unwrap().len());
    assert!(String::from_utf8(exported("history", "txt")).unwrap().contains("chair@example.org"));
    let refused = set_up.fails(&["export", "history", "--format", "docx"], 2);
    assert!(refused.contains("csv, json, txt"), "{refused}");
}

#[test]
fn the_schedule_says_what_was_sent_or_skipped_and_what_is_next() {
    let set_up = SetUp::new();
    assert!(set_up.ok(&["run", "--once", "--now", "2014-04-29 12:00"]).contains("0 sent"));
    assert!(set_up.ok(&["schedule", "--now", "2014-04-29 12:00"]).contains("weekly = \"never\""));
    set_up.digests("weekly = \"never\"", "Monday 08:00");
    set_up.ok(&["import", "agenda", &seed("agenda.txt"), "--now", "2014-04-30"]);
    assert!(set_up.ok(&["run", "--once", "--now", "2014-05-05 08:00"]).contains("1 sent"));
    assert!(set_up.ok(&["run", "--once", "--now", "2014-05-05 08:00"]).contains("0 sent"));
    let schedule = set_up.json(&["schedule", "--json", "--now", "2014-05-06"]);
    let told: Vec<[&str; 4]> = (schedule.as_array().unwrap().iter())
        .map(|row| ["occasion", "state", "due_at", "address"].map(|key| row[key].as_str().unwrap_or("-")))
        .collect();
    assert_eq!(
        told,
        [
            ["2014-W18", "skipped", "2014-04-28T06:00:00Z", "-"],
            ["2014-W19", "sent", "2014-05-05T06:00:00Z", "wg4@example.org"],
            ["2014-W20", "next", "2014-05-12T06:00:00Z", "wg4@example.org"],
        ]
    );
    assert_eq!(schedule[1]["mail"], "sent");
    assert!(schedule[1]["message_id"].as_str().unwrap().starts_with("digest."));
    assert!(set_up.ok(&["schedule", "--now", "2014-05-12 09:00"]).contains("to be sent"));
    let told = set_up.ok(&["check", "--now", "2014-05-06"]);
    assert!(told.contains("2014-05-12 08:00"), "{told}");
    set_up.ok(&["rebuild", "--check"]);
}

#[test]
fn reminders_can_be_seen_before_they_go_and_the_schedule_says_for_whom_and_why() {
    let set_up = SetUp::with_agenda();
    set_up.configured(NO_REMINDERS, REMINDERS);
    set_up.ok(&["do", "due A-WG4-TP8-002 2014-04-25", "--as", "chair@example.org", "--now", "2014-04-02"]);
    let preview = |more: &[&str]| set_up.ok(&[&["digest", "--now", "2014-04-05", "--preview"], more].concat());
    let meeting = preview(&["meeting"]);
    assert!(meeting.contains("Subject: [oneM2M WG4 SEC] SEC#10.0 begins in 2 days: 6 open\n"), "{meeting}");
    assert!(meeting.contains("SEC#10.0, agenda item 7.1") && meeting.contains("15:45"), "{meeting}");
    let own = preview(&["meeting", "--as", "member-gemalto@example.org"]);
    assert!(own.contains("your 2 open action items") && own.contains("A-WG4-TP8-001"), "{own}");
    assert!(!own.contains("A-WG4-TP8-006"), "{own}");
    let own = ["digest", "--preview", "personal", "--as", "member-gemalto@example.org", "--now", "2014-04-24"];
    let mail = set_up.ok(&[&own[..], &["--format", "eml"]].concat());
    let unsubscribe = "List-Unsubscribe: <mailto:minuted+d-";
    assert!(mail.contains(unsubscribe) && mail.contains("?subject=pause%20until%202015-04-24&body="), "{mail}");
    assert!(mail.contains("X-Minuted: reminder") && mail.contains("A-WG4-TP8-002 is due soon"), "{mail}");
    assert!(preview(&["deadline"]).contains("No deadline"));
    assert!(set_up.fails(&["digest", "--preview", "personal"], 2).contains("--as ADDRESS"));
    assert!(set_up.fails(&["digest", "--preview", "report", "--as", "chair@example.org"], 2).contains("--as"));
    let copy = preview(&["weekly", "--as", "member-gemalto@example.org"]);
    assert!(
        copy.starts_with("To: member-gemalto@example.org\nSubject: [oneM2M WG4 SEC] Your copy of the digest"),
        "{copy}"
    );
    assert!(set_up.fails(&["digest", "--preview", "weekly", "--as", "nobody@example.org"], 1).contains("no member's"));
    let told = |now: &str| -> Vec<String> {
        let rows = set_up.json(&["schedule", "--json", "--now", now]);
        let row = |row: &serde_json::Value| {
            let cell = |key: &str| row[key].as_str().unwrap_or("-").to_owned();
            format!("{} {} {} {}", cell("recipient"), cell("occasion"), cell("date"), cell("state"))
        };
        rows.as_array().unwrap().iter().map(row).collect()
    };
    set_up.configured("weekly = \"never\"", "weekly = \"Monday 08:00\"");
    set_up.ok(&["do", "digest on", "--as", "chair@example.org", "--now", "2014-04-02"]);
    assert!(told("2014-04-05").contains(&"member 1 2014-W15 2014-04-07 next".to_owned()), "{:?}", told("2014-04-05"));
    assert!(set_up.ok(&["list", "members"]).contains("copy of the digest"));
    assert!(told("2014-04-05").contains(&"list SEC#10.0 2014-04-06 next".to_owned()));
    set_up.ok(&["run", "--once", "--now", "2014-04-18 08:00"]);
    let told = told("2014-04-18 09:00");
    assert!(told.contains(&"list SEC#10.0 2014-04-06 skipped".to_owned()), "{told:#?}");
    assert!(told.iter().any(|row| row.ends_with("A-WG4-TP8-002 2014-04-18 sent")), "{told:#?}");
    assert!(told.iter().any(|row| row.ends_with("A-WG4-TP8-002 2014-04-24 next")), "{told:#?}");
    let shown = set_up.ok(&["schedule", "--now", "2014-04-18 09:00"]);
    assert!(shown.contains("it is due soon"), "{shown}");
    set_up.ok(&["rebuild", "--check"]);
}

#[test]
fn who_is_away_says_so_by_an_automatic_reply_and_explain_says_why_it_counts() {
    let set_up = SetUp::with_agenda();
    let mail = |id: u8, day: &str, more: &str, text: &str| {
        format!(
            "From: Member Qualcomm <member-qualcomm@example.org>\r\nTo: minuted@example.org\r\nSubject: What is mine?\r\n\
             Date: {day} Apr 2014 10:00:00 +0200\r\nMessage-ID: <away.{id}@example.org>\r\n{more}\r\n{text}\r\n"
        )
    };
    let takes = |mail: &str, day: &str| {
        assert!(set_up.pipe(&["ingest", "-", "--now", day], mail).status.success());
        set_up.ok(&["run", "--once", "--now", day]);
    };
    let away = || {
        let members = set_up.json(&["list", "members", "--json", "--now", "2014-04-17"]);
        let of = |member: &&Value| member["name"] == "Member Qualcomm";
        members.as_array().unwrap().iter().find(of).unwrap()["away_until"].clone()
    };
    takes(&mail(1, "Mon, 14", "", "list mine"), "2014-04-14");
    let answer = set_up.json(&["outbox", "list", "--json"])[0]["message_id"].as_str().unwrap().to_owned();
    let replied = format!("In-Reply-To: <{answer}>\r\nAuto-Submitted: auto-replied\r\n");
    let reply = mail(2, "Tue, 15", &replied, "I am out of the office until 5 May 2014.");
    for (reply, why) in [
        (reply.clone(), "no reminders would go to Member Qualcomm until 2014-05-05"),
        (reply.replace("5 May 2014", "4/5/2014"), "pauses nothing: it names no day of return"),
        (reply.replace(&answer, "other@example.org"), "pauses nothing: it answers no mail that went to this member"),
        (reply.replace("Tue, 15", "Sun, 13"), "pauses nothing: the member has written since it was sent"),
        (reply.replace("member-qualcomm", "nobody"), "pauses nothing: its author is no member"),
    ] {
        let told = set_up.pipe(&["explain", "-", "--now", "2014-04-15"], &reply).stdout;
        let told = String::from_utf8(told).unwrap();
        assert!(told.contains(why), "{why}: {told}");
    }
    assert_eq!(away(), Value::Null, "explain changes nothing");
    takes(&reply, "2014-04-15");
    assert_eq!(away(), "2014-05-05");
    takes(&mail(3, "Wed, 16", "", "resume"), "2014-04-16");
    assert_eq!(away(), Value::Null);
    takes(&mail(4, "Wed, 16", "", "undo"), "2014-04-16");
    assert_eq!(away(), "2014-05-05", "undo is true");
    set_up.ok(&["rebuild", "--check"]);
}
