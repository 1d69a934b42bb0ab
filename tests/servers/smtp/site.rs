//! The built program with a mail server behind it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::harness::{Dovecot, Exim, wait_until};

/// Keys for a server that asks for a login.
pub const LOGIN: &str = "user = \"minuted@example.org\"\npassword = { file = \"smtp-password\" }\n";

/// A set-up as `minuted init --embedded` writes it, but mail goes out by SMTP.
pub struct Site {
    folder: tempfile::TempDir,
}

/// The daemon, until it is stopped or dropped.
pub struct Daemon {
    process: Child,
    log: PathBuf,
}

impl Site {
    /// One whose mail goes to that server, with more keys in `[group.delivery]`.
    pub fn sends_to(exim: &Exim, keys: &str) -> Self {
        let site = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        let made = Command::new(env!("CARGO_BIN_EXE_minuted")).args(["init", "--embedded"]).arg(site.dir()).output();
        assert!(made.expect("the program starts").status.success());
        site.has_password(Exim::PASSWORD);
        let path = site.dir().join("minuted.toml");
        let config = fs::read_to_string(&path).expect("the configuration");
        let config = config.replace(
            "kind = \"maildir\"\npath = \"mail/out\"\n",
            &format!(
                "kind = \"smtp\"\nhost = \"localhost\"\nca = {:?}\nport = {}\nsecurity = \"starttls\"\n{keys}\n",
                exim.authority(),
                exim.smtp_port()
            ),
        );
        let config = config.replace("# answers_per_hour = 60", "answers_per_hour = 10000");
        // Whatever day it is: a test that lets days pass is of no digest that one of them may bring.
        let config = config.replace("# weekly = \"Monday 08:00\"", "weekly = \"never\"");
        fs::write(&path, config).expect("writing it");
        let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seed/agenda.txt");
        site.succeeds(&["import", "agenda", seed.to_str().expect("a path")]);
        site
    }

    pub fn dir(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// Mail comes from that server from now on.
    pub fn reads_from(&self, dovecot: &Dovecot) {
        fs::write(self.dir().join("imap-password"), Dovecot::PASSWORD).expect("a password");
        let path = self.dir().join("minuted.toml");
        let config = fs::read_to_string(&path).expect("the configuration");
        let imap = format!(
            "kind = \"imap\"\nhost = \"localhost\"\nport = {}\nca = {:?}\nuser = {:?}\n\
             password = {{ file = \"imap-password\" }}\n",
            dovecot.imaps_port(),
            dovecot.authority(),
            Dovecot::USER
        );
        fs::write(&path, config.replace("kind = \"maildir\"\npath = \"mail/in\"\n", &imap)).expect("writing it");
    }

    /// Nobody is believed any more for what stands in From: tokens prove who somebody is.
    pub fn proves_senders(&self) {
        let secret = self.dir().join("secret");
        fs::write(&secret, "0123456789abcdef0123456789abcdef").expect("a secret");
        fs::set_permissions(secret, fs::Permissions::from_mode(0o600)).expect("its rights");
        let path = self.dir().join("minuted.toml");
        let config = fs::read_to_string(&path).expect("the configuration");
        let proven = "senders = \"proven\"\nsecret = { file = \"secret\" }";
        fs::write(&path, config.replacen("senders = \"claimed\"", proven, 1)).expect("writing it");
    }

    /// Mail goes by another port, of a way to the server.
    pub fn goes_by_port(&self, port: u16) {
        let path = self.dir().join("minuted.toml");
        let config = fs::read_to_string(&path).expect("the configuration");
        let lines = config.lines().map(|line| match line.strip_prefix("port = ") {
            Some(_) => format!("port = {port}"),
            None => line.to_owned(),
        });
        fs::write(&path, lines.collect::<Vec<_>>().join("\n")).expect("writing it");
    }

    /// How many messages were taken in and read.
    pub fn count_read(&self) -> usize {
        let said = self.succeeds(&["list", "messages", "--json"]);
        let messages: Vec<Value> = serde_json::from_str(&said).expect("JSON");
        messages.len()
    }

    /// The password that `LOGIN` names.
    pub fn has_password(&self, password: &str) {
        let path = self.dir().join("smtp-password");
        fs::write(&path, password).expect("a password");
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("its rights");
    }

    /// A mail from somebody at `example.org` comes in.
    pub fn receives(&self, number: usize, from: &str, text: &str) {
        self.receives_raw(
            number,
            &format!(
                "From: <{from}@example.org>\r\nTo: minuted@example.org\r\nSubject: Remarks\r\n\
                 Date: Tue, 08 Apr 2014 09:00:00 +0200\r\nMessage-ID: <remark-{number:04}@example.org>\r\n\r\n{text}\r\n"
            ),
        );
    }

    pub fn receives_raw(&self, number: usize, raw: &str) {
        let (inbox, name) = (self.dir().join("mail/in"), format!("{number:06}.test"));
        fs::write(inbox.join("tmp").join(&name), raw).expect("writing a mail");
        fs::rename(inbox.join("tmp").join(&name), inbox.join("new").join(&name)).expect("delivering a mail");
    }

    /// Remarks come in, each to be answered.
    pub fn receives_remarks(&self, numbers: std::ops::Range<usize>) {
        for number in numbers {
            let from = ["chair", "secretary", "vice-chair", "member-qualcomm"][number % 4];
            self.receives(number, from, &format!("note A-WG4-TP8-005: remark {number:04}"));
        }
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_minuted"));
        command.arg("--config").arg(self.dir().join("minuted.toml")).args(arguments).env_remove("RUST_LOG");
        command.stdin(Stdio::null());
        command
    }

    /// Runs what succeeds, and gives what it says on standard output.
    pub fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs something, and gives all that it says.
    pub fn says(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().expect("the program starts");
        [output.stdout, output.stderr].iter().map(|said| String::from_utf8_lossy(said).into_owned()).collect()
    }

    /// The mails of the outbox.
    pub fn outbox(&self) -> Vec<Value> {
        let said = self.succeeds(&["outbox", "list", "--json"]);
        serde_json::from_str(&said).expect("JSON")
    }

    /// How many mails of the outbox are in that state.
    pub fn count(&self, state: &str) -> usize {
        self.outbox().iter().filter(|mail| mail["state"] == state).count()
    }

    /// Starts the daemon, and waits until it watches its mailbox.
    pub fn starts(&self) -> Daemon {
        let log = self.folder.path().join("log");
        let file = fs::OpenOptions::new().create(true).append(true).open(&log).expect("a log");
        let before = fs::metadata(&log).expect("a log").len() as usize;
        let mut command = self.command(&["run"]);
        command.stdout(file.try_clone().expect("a log")).stderr(file);
        let daemon = Daemon { process: command.spawn().expect("the program starts"), log };
        wait_until("the daemon runs", || daemon.log().get(before..).is_some_and(|log| log.contains("minuted runs")));
        daemon
    }
}

impl Daemon {
    /// Everything that the daemons of this site have said.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Tells it to stop, sees it end well, and gives what it has said.
    pub fn log_after_stop(self) -> String {
        let log = self.log.clone();
        assert!(self.stops());
        String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned()
    }

    /// Kills it as a power cut does.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Tells it to stop, and says whether it ended well.
    pub fn stops(mut self) -> bool {
        let id = self.process.id().to_string();
        let told = Command::new("sh").arg("-c").arg(format!("kill -TERM {id}")).status().expect("a shell");
        assert!(told.success());
        self.process.wait().expect("its end").success()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill();
    }
}
