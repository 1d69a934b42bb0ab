//! A Mailman 3 of the test's own, with one list, behind the harness's Exim.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{Account, Packages, Server, free_port};

/// The list, at `example.org`.
pub const LIST: &str = "wg4";
/// Its name in Mailman's interface.
const LIST_ID: &str = "wg4.example.org";

/// Who may use its interface: `tests:interface-password`, as HTTP wants it (RFC 7617).
const LOGIN: &str = "dGVzdHM6aW50ZXJmYWNlLXBhc3N3b3Jk";

/// It is a dozen programs of an interpreter that start one after the other.
const START: Duration = Duration::from_secs(120);

/// The list manager. Its programs are stopped with the one that started them.
pub struct Mailman {
    // The first to go: it needs its folder until its end.
    server: Option<Server>,
    folder: tempfile::TempDir,
    packages: Packages,
    interface: u16,
}

impl Drop for Mailman {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let last: Vec<&str> = log.lines().rev().take(60).collect();
            eprintln!("Mailman said at last:\n{}", last.into_iter().rev().collect::<Vec<_>>().join("\n"));
        }
    }
}

impl Mailman {
    /// Its packages, and a place to run in; it starts later, when there is a mail server to speak to.
    pub fn new() -> Self {
        Packages::need(&["python3"], &["usr/bin/python3"]);
        let packages = Packages::need(&["mailman3"], &["usr/lib/mailman3/bin/master"]);
        let folder = tempfile::Builder::new().prefix("minuted-mailman-").tempdir().expect("a temporary folder");
        Self { server: None, folder, packages, interface: free_port() }
    }

    /// Starts it between its LMTP port and the SMTP port of a server, and makes the list.
    pub fn starts(&mut self, lmtp: u16, smtp: u16) {
        fs::create_dir_all(self.path("var")).expect("a folder");
        fs::write(self.path("mailman.cfg"), self.configuration(lmtp, smtp)).expect("writing a configuration");
        // Where names end that anybody may register below, of which it would fetch a list.
        fs::write(self.path("suffixes"), "org\nnet\n").expect("writing names");
        Account::of_servers().owns(self.folder.path());
        let made = self.program("mailman").args(["create", "-d"]).arg(format!("{LIST}@example.org")).output();
        let made = made.expect("Mailman");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut master = self.program("master");
        let log = fs::File::create(self.path("said")).expect("a log");
        master.stdin(Stdio::null()).stdout(log.try_clone().expect("a log")).stderr(log);
        let mut server = Server::start(master);
        let end = Instant::now() + START;
        while !(self.answers() && TcpStream::connect(("127.0.0.1", lmtp)).is_ok()) {
            let over = server.ended().is_some() || Instant::now() > end;
            assert!(!over, "Mailman does not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(100));
        }
        self.server = Some(server);
    }

    /// Sets keys of the list.
    pub fn sets(&self, keys: &str) {
        self.asks("PATCH", &format!("lists/{LIST_ID}/config"), keys);
    }

    /// Makes somebody a subscriber, how the mail is to come; with a welcome or without.
    pub fn subscribes(&self, address: &str, delivery: &str, welcome: bool) {
        let keys = format!(
            "list_id={LIST_ID}&subscriber={address}&delivery_mode={delivery}&pre_verified=true&pre_confirmed=true\
             &pre_approved=true&send_welcome_message={welcome}"
        );
        self.asks("POST", "members", &keys);
    }

    /// Makes somebody an owner, who gets its notices.
    pub fn is_owned_by(&self, address: &str) {
        self.asks("POST", "members", &format!("list_id={LIST_ID}&subscriber={address}&role=owner"));
    }

    /// Takes a subscriber away, without a word.
    pub fn drops(&self, address: &str) {
        self.asks("DELETE", &format!("lists/{LIST_ID}/member/{address}"), "");
    }

    /// Sends the digest of the mails so far.
    pub fn sends_digest(&self) {
        self.asks("POST", &format!("lists/{LIST_ID}/digest"), "send=true&bump=true");
    }

    /// Has all mails that wait for a moderator accepted; says how many there were.
    pub fn releases(&self) -> usize {
        let held: serde_json::Value =
            serde_json::from_str(&self.asks("GET", &format!("lists/{LIST_ID}/held"), "")).expect("JSON");
        let held = held["entries"].as_array().cloned().unwrap_or_default();
        for mail in &held {
            self.asks("POST", &format!("lists/{LIST_ID}/held/{}", mail["request_id"]), "action=accept");
        }
        held.len()
    }

    /// What it has logged, of use where something goes wrong.
    pub fn log(&self) -> String {
        let logs = fs::read_dir(self.path("var/logs")).into_iter().flatten().filter_map(Result::ok);
        let files = logs.map(|entry| entry.path()).chain([self.path("said")]);
        files.map(|file| String::from_utf8_lossy(&fs::read(file).unwrap_or_default()).into_owned()).collect()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Account::of_servers().command("/usr/bin/python3");
        command
            .arg(self.packages.path(&format!("usr/lib/mailman3/bin/{name}")))
            .arg("-C")
            .arg(self.path("mailman.cfg"));
        // The folders with packages may not be its user's to write to.
        command.current_dir(self.folder.path()).env("PYTHONDONTWRITEBYTECODE", "1");
        if self.packages.are_unpacked() {
            command.env("PYTHONPATH", self.packages.path("usr/lib/python3/dist-packages"));
        }
        command
    }

    fn answers(&self) -> bool {
        self.request("GET", "system/versions", "").is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    /// Asks its interface for something that it does.
    fn asks(&self, method: &str, path: &str, keys: &str) -> String {
        let answer = self.request(method, path, keys).expect("Mailman's interface answers");
        let done = answer.split(' ').nth(1).is_some_and(|code| code.starts_with('2'));
        assert!(done, "{method} {path} {keys}: {answer}\n{}", self.log());
        answer.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned())
    }

    fn request(&self, method: &str, path: &str, keys: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.interface)).ok()?;
        let head = format!(
            "{method} /3.1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {LOGIN}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{keys}",
            keys.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        Some(String::from_utf8_lossy(&answer).into_owned())
    }

    fn configuration(&self, lmtp: u16, smtp: u16) -> String {
        let at = self.folder.path().display();
        let bin = self.packages.path("usr/lib/mailman3/bin");
        let interface = self.interface;
        format!(
            "[mailman]
site_owner: postmaster@example.org
layout: test
[paths.test]
var_dir: {at}/var
bin_dir: {bin}
log_dir: {at}/var/logs
lock_dir: {at}/var/locks
pid_file: {at}/var/master.pid
[database]
class: mailman.database.sqlite.SQLiteDatabase
url: sqlite:///{at}/var/mailman.db
[mta]
incoming: mailman.mta.null.NullMTA
outgoing: mailman.mta.deliver.deliver
lmtp_host: 127.0.0.1
lmtp_port: {lmtp}
smtp_host: 127.0.0.1
smtp_port: {smtp}
[webservice]
hostname: 127.0.0.1
port: {interface}
admin_user: tests
admin_pass: interface-password
workers: 1
[archiver.hyperkitty]
enable: no
[archiver.prototype]
enable: no
[archiver.mail_archive]
enable: no
[archiver.mhonarc]
enable: no
[dmarc]
resolver_timeout: 1s
resolver_lifetime: 1s
org_domain_data_url: file://{at}/suffixes
[runner.nntp]
start: no
[runner.archive]
start: no
",
            bin = bin.display()
        )
    }
}
