//! `cargo bench --bench servers`: the program with a real Dovecot and a real Exim, which the harness of
//! `tests/servers` starts on this machine. Three measurements, each with its limit:
//!
//! - intake: a mailbox of 20,000 mails over TLS is taken in, processed, answered into a Maildir and flagged
//!   as read by `minuted run --once`, against a bare `UID FETCH` of the same mails over TLS, in turns;
//! - latency: from the server's notice of one mail to its answer's acceptance, with the daemon;
//! - idle: what the daemon costs while nothing happens;
//! - notices (by its name alone): the same letters with pauses of a tenth of a second, on a connection of the daemon's
//!   that is not encrypted and looked into. The daemon's own flags make Dovecot begin a wait of half a second for each
//!   connection apart, so that with short pauses what another connection is told, and when, says nothing of when the
//!   daemon was told.
//!
//! Behind `--`, names of measurements choose among them, and `--idle SECONDS` says how long to look at the
//! idle daemon (60). Machines differ: the run fails only where a figure is more than twice its limit.

mod imap;
mod mail;
mod measured;

#[expect(dead_code, unused_imports, reason = "the tests use more of it")]
#[path = "../servers/harness/mod.rs"]
mod harness;

#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../servers/smtp/site.rs"]
mod site;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::DateTime;

use harness::{Account, Dovecot, Exim, wait_until};
use imap::Client;
use mail::mail;
use measured::{Measured, measured};

const MAILS: usize = 20_000;
const ROUNDS: usize = 3;
/// Times the bare fetch.
const INTAKE_LIMIT: f64 = 2.5;
/// 64 MiB and four times the largest mail allowed, which is 25 MiB.
const MEMORY_LIMIT_MIB: u64 = 64 + 4 * 25;

const LETTERS: usize = 50;
const LATENCY_LIMIT_MS: f64 = 40.0;

/// Seconds of processor time a day.
const IDLE_LIMIT: f64 = 2.0;
/// Threads for blocking work that nobody needs any more are gone after ten seconds, a connection to the
/// SMTP server is closed after twenty.
const SETTLED: Duration = Duration::from_secs(30);

fn main() {
    let mut chosen = Vec::new();
    let mut idle = Duration::from_mins(1);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // What cargo says to every bench.
            "--bench" => {}
            "--idle" => {
                let seconds = arguments.next().and_then(|seconds| seconds.parse().ok());
                idle = Duration::from_secs(seconds.expect("--idle SECONDS"));
            }
            "intake" | "latency" | "idle" | "notices" => chosen.push(argument),
            other => panic!("{other}: expected intake, latency, idle, notices or --idle SECONDS"),
        }
    }
    let wanted = |name: &str| chosen.is_empty() || chosen.iter().any(|chosen| chosen == name);
    let mut far_off = false;
    if wanted("intake") {
        far_off |= intake();
    }
    if chosen.iter().any(|chosen| chosen == "notices") {
        notices();
    }
    if wanted("latency") || wanted("idle") {
        let daemon = Daemon::start(None);
        if wanted("latency") {
            far_off |= latency(&daemon);
        }
        if wanted("idle") {
            far_off |= waiting(&daemon, idle);
        }
    }
    if far_off {
        std::process::exit(1);
    }
}

/// Whether a figure is more than twice its limit; says how it stands to it.
fn judged(what: &str, figure: f64, limit: f64) -> bool {
    println!("  {what}: {figure:.2}, limit {limit}: {}", if figure <= limit { "kept" } else { "MISSED" });
    figure > 2.0 * limit
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[(figures.len() - 1) / 2]
}

fn intake() -> bool {
    let dovecot = Dovecot::start();
    let bytes = fill(&dovecot);
    println!("intake: {MAILS} mails over TLS, {} bytes on average, a command in each fifth", bytes / MAILS);
    let bare = || {
        let mut client = Client::open(&dovecot);
        let begin = Instant::now();
        let fetched = client.fetch_all();
        let took = begin.elapsed();
        assert!(fetched > bytes, "{fetched} bytes came of {bytes}");
        took
    };
    // The first look makes the server's index, and brings the files into the memory of the machine.
    bare();
    let (mut ratios, mut highest) = (Vec::new(), 0);
    // Kept to the end: ext4 gives no inode again within seconds of its deletion, and to look for others
    // costs whoever makes files then as much time as the whole intake does.
    let mut sites = Vec::new();
    for _ in 0..ROUNDS {
        let bare = bare();
        let keys = format!(
            "kind = \"imap\"\nhost = \"localhost\"\nport = {}\nca = {:?}\nuser = {:?}\n\
             password = {{ file = \"password\" }}",
            dovecot.imaps_port(),
            dovecot.authority(),
            Dovecot::USER
        );
        let site = harness::Site::new(&keys, Dovecot::PASSWORD);
        let mut command = Command::new(env!("CARGO_BIN_EXE_minuted"));
        command.arg("--config").arg(site.path("site/minuted.toml")).args(["run", "--once"]);
        command.stderr(fs::File::create(site.path("log-of-the-run")).expect("a log"));
        let Measured { took, cpu, peak } = measured(&mut command);
        let messages: Vec<serde_json::Value> =
            serde_json::from_str(&site.succeeds(&["list", "messages", "--json"])).expect("JSON");
        assert_eq!((messages.len(), site.answers_so_far()), (MAILS, MAILS / 5), "mails read, and answers");
        let ratio = took.as_secs_f64() / bare.as_secs_f64();
        println!(
            "  bare fetch {bare:.2?}, {:.0} mails/s; run --once {took:.2?}, {:.0} mails/s, {cpu:.2?} of processor time, peak {peak} MiB; ratio {ratio:.2}",
            MAILS as f64 / bare.as_secs_f64(),
            MAILS as f64 / took.as_secs_f64(),
        );
        ratios.push(ratio);
        highest = highest.max(peak);
        let unread = ["flags", "remove", "-u", Dovecot::USER, "\\Seen", "mailbox", "INBOX", "all"];
        dovecot.doveadm(&unread);
        sites.push(site);
    }
    assert!(highest <= MEMORY_LIMIT_MIB, "{highest} MiB of memory are more than {MEMORY_LIMIT_MIB}");
    judged("median of the ratios", median(ratios), INTAKE_LIMIT)
}

/// Writes the mails into the Maildir as Dovecot itself keeps them: with LF, their sizes in their names.
/// Returns the bytes of all, as IMAP counts them.
fn fill(dovecot: &Dovecot) -> usize {
    let maildir = dovecot.maildir(Dovecot::USER);
    for part in ["new", "cur", "tmp"] {
        fs::create_dir_all(maildir.join(part)).expect("a Maildir");
    }
    let mut bytes = 0;
    for number in 0..MAILS {
        let mail = mail(number);
        let kept = mail.replace("\r\n", "\n");
        bytes += mail.len();
        let name = format!("{}.M{number:06}.bench,S={},W={}:2,", 1_396_000_000 + number, kept.len(), mail.len());
        fs::write(maildir.join("cur").join(name), kept).expect("a mail");
    }
    Account::of_servers().owns(&maildir);
    bytes
}

/// The daemon between a Dovecot and an Exim.
struct Daemon {
    process: Child,
    _site: site::Site,
    dovecot: Dovecot,
    exim: Exim,
}

impl Daemon {
    /// With a tap, its connection to the mailbox is not encrypted and goes through that.
    fn start(tap: Option<&mut Option<Receiver<Timestamp>>>) -> Self {
        let (dovecot, exim) = (Dovecot::start(), Exim::start());
        let site = site::Site::sends_to(&exim, "");
        site.reads_from(&dovecot);
        if let Some(tap) = tap {
            let (port, told) = tapped(dovecot.imap_port());
            *tap = Some(told);
            let path = site.dir().join("minuted.toml");
            let config = fs::read_to_string(&path).expect("the configuration");
            let tls = format!("port = {}\n", dovecot.imaps_port());
            assert!(config.contains(&tls), "{config}");
            let plain = format!("port = {port}\nsecurity = \"plain\"\n");
            fs::write(&path, config.replacen(&tls, &plain, 1)).expect("writing it");
        }
        let log = site.dir().join("log");
        let said = fs::File::create(&log).expect("a log");
        let mut command = site.command(&["run"]);
        command.stdout(said.try_clone().expect("a log")).stderr(said);
        let process = command.spawn().expect("minuted starts");
        let daemon = Self { process, _site: site, dovecot, exim };
        wait_until("the daemon waits for mail", || has_line(&log, "the mailbox is open"));
        daemon
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn has_line(log: &Path, words: &str) -> bool {
    fs::read_to_string(log).unwrap_or_default().contains(words)
}

/// When Exim accepted mails: its own log's `<=`, which it writes when a mail is safe in its spool, just
/// before it says 250.
fn accepted(exim: &Exim) -> Vec<Timestamp> {
    let log = exim.log();
    let accepted = log.lines().filter(|line| line.contains(" <= "));
    let time = |line: &str| -> Timestamp {
        let time: DateTime = line.get(..23).expect("a time").parse().expect("a time");
        time.in_tz("UTC").expect("a time").timestamp()
    };
    accepted.map(time).collect()
}

fn latency(daemon: &Daemon) -> bool {
    println!("latency: {LETTERS} mails one by one, by LMTP to Dovecot; read over TLS, answered to Exim by STARTTLS");
    let notices = Client::open(&daemon.dovecot).idle();
    let (mut from_notice, mut from_delivery) = (Vec::new(), Vec::new());
    for number in 0..LETTERS {
        daemon.dovecot.delivers(letter(number).as_bytes());
        let delivered = Timestamp::now();
        let noticed = notices.recv_timeout(harness::PATIENCE).expect("the server's notice");
        let mut answers = Vec::new();
        wait_until("it is answered", || {
            answers = accepted(&daemon.exim);
            answers.len() > number
        });
        let milliseconds = |since: Timestamp| answers[number].duration_since(since).as_secs_f64() * 1000.0;
        from_notice.push(milliseconds(noticed));
        from_delivery.push(milliseconds(delivered));
        // The daemon flags the mail, which Dovecot tells the other connection half a second later, and then
        // an EXISTS in the same breath; and not in step with anything that is done by the second.
        std::thread::sleep(Duration::from_millis(700 + number as u64 * 37 % 200));
    }
    spread("from Dovecot's notice (EXISTS, as another connection sees it) to the answer accepted", &from_notice);
    spread("from Dovecot's 250 by LMTP to the answer accepted", &from_delivery);
    judged("median from the notice, ms", median(from_notice), LATENCY_LIMIT_MS)
}

/// A way to a server that tells when EXISTS passes.
fn tapped(port: u16) -> (u16, Receiver<Timestamp>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let own = listener.local_addr().expect("its address").port();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (Ok(mut client), Ok(mut server)) = (client, TcpStream::connect(("127.0.0.1", port))) else { continue };
            let (mut from, mut to) = (client.try_clone().expect("a socket"), server.try_clone().expect("a socket"));
            for socket in [&client, &server] {
                socket.set_nodelay(true).expect("a socket");
            }
            std::thread::spawn(move || std::io::copy(&mut from, &mut to));
            let tell = tell.clone();
            std::thread::spawn(move || {
                let mut bytes = [0; 16 << 10];
                while let Ok(count @ 1..) = server.read(&mut bytes) {
                    let came = Timestamp::now();
                    if bytes[..count].windows(8).any(|part| part == b" EXISTS\r") {
                        let _ = tell.send(came);
                    }
                    if client.write_all(&bytes[..count]).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (own, told)
}

/// Short pauses: what another connection is told, against what the daemon's own is.
fn notices() {
    println!("notices: {LETTERS} letters, each a tenth of a second after the answer to the one before");
    let mut tap = None;
    let daemon = Daemon::start(Some(&mut tap));
    let own = tap.expect("the tap");
    let other = Client::open(&daemon.dovecot).idle();
    let (mut from_own, mut from_other, mut apart) = (Vec::new(), Vec::new(), Vec::new());
    std::thread::sleep(Duration::from_secs(1));
    for number in 0..LETTERS {
        while own.try_recv().is_ok() {}
        while other.try_recv().is_ok() {}
        daemon.dovecot.delivers(letter(number).as_bytes());
        let delivered = Timestamp::now();
        let mut answers = Vec::new();
        wait_until("it is answered", || {
            answers = accepted(&daemon.exim);
            answers.len() > number
        });
        let answered = answers[number];
        let milliseconds = |from: Timestamp, to: Timestamp| to.duration_since(from).as_secs_f64() * 1000.0;
        let own = own.recv_timeout(harness::PATIENCE).expect("the daemon's notice");
        from_own.push(milliseconds(own, answered));
        // The other may be told later than the answer is there: then the figure is below none.
        let other = other.recv_timeout(harness::PATIENCE).expect("the other's notice");
        from_other.push(milliseconds(other, answered));
        apart.push(milliseconds(delivered, own));
        std::thread::sleep(Duration::from_millis(100));
    }
    spread("from the daemon's own notice to the answer accepted", &from_own);
    spread("from another connection's notice to the answer accepted", &from_other);
    spread("from Dovecot's 250 by LMTP to the daemon's own notice", &apart);
}

/// A mail that is answered.
fn letter(number: usize) -> String {
    let from = ["chair", "secretary", "vice-chair", "member-qualcomm"][number % 4];
    format!(
        "From: <{from}@example.org>\r\nTo: minuted@example.org\r\nSubject: Remarks\r\n\
         Date: Tue, 08 Apr 2014 09:00:00 +0200\r\nMessage-ID: <letter-{number:04}@example.org>\r\n\r\n\
         note A-WG4-TP8-005: remark {number:04}\r\n"
    )
}

fn spread(what: &str, milliseconds: &[f64]) {
    let mut sorted = milliseconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |part: usize| sorted[(sorted.len() - 1) * part / 100];
    println!("  {what}: min {:.1}, median {:.1}, p90 {:.1}, max {:.1} ms", at(0), at(50), at(90), at(100));
}

fn waiting(daemon: &Daemon, time: Duration) -> bool {
    println!("idle: the daemon on IMAP (IDLE) and SMTP for {time:?}; a sweep comes every 5, an IDLE every 9 minutes");
    std::thread::sleep(SETTLED);
    let before = Cost::of(&daemon.process);
    std::thread::sleep(time);
    let after = Cost::of(&daemon.process);
    let cpu = (after.running - before.running).max(after.ticks - before.ticks);
    let days = time.as_secs_f64() / 86_400.0;
    println!(
        "  {:.3} ms of processor time ({:.0} ms by the clock's ticks), {} switches of context",
        cpu * 1000.0,
        (after.ticks - before.ticks) * 1000.0,
        after.switches - before.switches
    );
    judged("processor time, seconds a day", cpu / days, IDLE_LIMIT)
}

/// What a process has used so far.
struct Cost {
    /// Seconds that the threads of now ran, to the nanosecond.
    running: f64,
    /// Seconds of user and system time of all threads there ever were, to a hundredth of a second.
    ticks: f64,
    switches: u64,
}

impl Cost {
    fn of(process: &Child) -> Self {
        let folder = Path::new("/proc").join(process.id().to_string());
        let stat = fs::read_to_string(folder.join("stat")).expect("the daemon runs");
        // Behind the name, in parentheses: utime and stime are the 14th and 15th fields (proc(5)).
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = [11, 12].map(|field| fields[field].parse::<f64>().expect("ticks")).iter().sum::<f64>();
        let mut cost = Self { running: 0.0, ticks: ticks / 100.0, switches: 0 };
        for thread in fs::read_dir(folder.join("task")).expect("its threads") {
            let thread = thread.expect("a thread").path();
            let run = fs::read_to_string(thread.join("schedstat")).unwrap_or_default();
            let nanoseconds = run.split_whitespace().next().and_then(|ran| ran.parse::<f64>().ok());
            cost.running += nanoseconds.unwrap_or(0.0) / 1e9;
            let status = fs::read_to_string(thread.join("status")).unwrap_or_default();
            let switches = status.lines().filter(|line| line.contains("ctxt_switches:"));
            cost.switches +=
                switches.filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok()).sum::<u64>();
        }
        cost
    }
}
