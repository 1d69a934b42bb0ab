//! `cargo bench --bench ingest`: a Maildir of 10,000 list mails, a fifth of them with a command to the
//! bot, taken in live, decided and answered by the program itself.
//!
//! Printed are mails a second, the peak of resident memory against the limit of PRODUCT.md (64 MiB and
//! four times the largest mail allowed), and, as the peer in the same run, the same files read and
//! parsed by `mail-parser` alone. The rate is asserted nowhere: machines differ.

mod mail;
mod measured;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use mail::mail;
use measured::{Measured, measured};

const MAILS: usize = 10_000;
const LIMIT: &str = "25 MiB";
const LIMIT_MIB: u64 = 64 + 4 * 25;

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

    let Measured { took, cpu, peak } = measured(minuted(&home).args(["ingest", "--live"]).arg(&maildir));
    let rate = MAILS as f64 / took.as_secs_f64();
    println!(
        "ingest --live: {took:.2?}, {rate:.0} mails/s, {cpu:.2?} of processor time; peak {peak} MiB of {LIMIT_MIB} MiB allowed"
    );

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
