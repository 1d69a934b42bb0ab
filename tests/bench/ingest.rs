//! `cargo bench --bench ingest`: a Maildir of 10,000 list mails, a fifth of them with a command to the
//! bot, taken in live, decided and answered by the program itself.
//!
//! Printed are mails a second, the peak of resident memory against the limit of PRODUCT.md (64 MiB and
//! four times the largest mail allowed), and, as the peer in the same run, the same files read and
//! parsed by `mail-parser` alone. The rate is asserted nowhere: machines differ.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const MAILS: usize = 10_000;
const LIMIT: &str = "25 MiB";
const LIMIT_MIB: u64 = 64 + 4 * 25;

const OWNERS: [(&str, &str); 5] = [
    ("member-qualcomm", "A-WG4-TP8-001"),
    ("member-gemalto", "A-WG4-TP8-002"),
    ("member-lg", "A-WG4-TP8-003"),
    ("member-oberthur", "A-WG4-TP8-006"),
    ("secretary", "A-WG4-TP8-005"),
];

fn main() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let home = folder.path().join("group");
    run(Command::new(env!("CARGO_BIN_EXE_minuted")).args(["init", "--embedded"]).arg(&home));
    let config = home.join("minuted.toml");
    let text = fs::read_to_string(&config).expect("the configuration");
    assert!(text.contains(LIMIT), "the limit of a mail is not {LIMIT} any more");
    let agenda = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seed/agenda.txt");
    run(minuted(&home).args(["import", "agenda"]).arg(agenda));

    let maildir = folder.path().join("list");
    for part in ["new", "cur", "tmp"] {
        fs::create_dir_all(maildir.join(part)).expect("a Maildir");
    }
    let mut bytes = 0;
    for number in 0..MAILS {
        let mail = mail(number);
        bytes += mail.len();
        fs::write(maildir.join("new").join(format!("{}.M{number}.bench", 1_396_000_000 + number)), mail)
            .expect("a mail");
    }
    println!("{MAILS} mails, {} bytes on average, a command in each fifth", bytes / MAILS);

    let (took, peak) = measured(minuted(&home).args(["ingest", "--live"]).arg(&maildir));
    let rate = MAILS as f64 / took.as_secs_f64();
    println!("ingest --live: {took:.2?}, {rate:.0} mails/s; peak {peak} MiB of {LIMIT_MIB} MiB allowed");

    let begin = Instant::now();
    let mut parsed = 0;
    for entry in fs::read_dir(maildir.join("new")).expect("the Maildir") {
        let raw = fs::read(entry.expect("an entry").path()).expect("a mail");
        parsed += usize::from(mail_parser::MessageParser::default().parse(&raw).is_some());
    }
    assert_eq!(parsed, MAILS);
    let peer = begin.elapsed();
    println!(
        "peer, files read and parsed by mail-parser only: {peer:.2?}; ratio {:.1}",
        took.as_secs_f64() / peer.as_secs_f64()
    );

    let outbox = minuted(&home).args(["outbox", "list", "--json"]).output().expect("the outbox");
    let answers: serde_json::Value = serde_json::from_slice(&outbox.stdout).expect("JSON");
    println!("answers made: {}", answers.as_array().map_or(0, Vec::len));
    assert!(peak <= LIMIT_MIB, "{peak} MiB of memory are more than {LIMIT_MIB}");
}

fn minuted(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minuted"));
    command.arg("--config").arg(home.join("minuted.toml"));
    command
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status().expect("minuted starts");
    assert!(status.success(), "{command:?}: {status}");
}

/// How long the command took, and its peak of resident memory in MiB (`VmHWM`, polled).
fn measured(command: &mut Command) -> (Duration, u64) {
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("minuted starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(text) = fs::read_to_string(&status) {
            let high = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = high.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
            peak = peak.max(kib.unwrap_or(0) / 1024);
        }
        if let Some(status) = child.try_wait().expect("minuted ends") {
            assert!(status.success(), "{status}");
            return (begin.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A list mail of some 6 kB; each fifth is one to the bot that says something of an item.
fn mail(number: usize) -> String {
    let (member, item) = OWNERS[number / 5 % OWNERS.len()];
    let (to, said) = if number.is_multiple_of(5) {
        ("minuted@example.org", format!("note {item} measured in round {number}"))
    } else {
        ("wg4@example.org", "I have read SEC-2014-0243R01 and have two remarks on its second section.".to_owned())
    };
    let quoted: String = (0..60)
        .map(|line| {
            format!("> The text of clause {line} says how the enrolment key is derived from the long-term key.\r\n")
        })
        .collect();
    format!(
        "Return-Path: <{member}@example.org>\r\nReceived: from mail.example.org by list.example.org; Mon, 31 Mar 2014 10:00:00 +0200\r\n\
         From: \"Role {member}\" <{member}@example.org>\r\nTo: {to}\r\nSubject: Re: Overview of security frameworks {number}\r\n\
         Date: Mon, 31 Mar 2014 10:00:00 +0200\r\nMessage-ID: <bench-{number}@example.org>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{said}\r\n\r\nOn Mon, 31 Mar 2014 at 09:12, Member CATT wrote:\r\n{quoted}"
    )
}
