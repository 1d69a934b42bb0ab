//! A set-up of the built program whose mail comes from a server, and its processes.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mail_parser::MessageParser;
use minuted::config;
use minuted::domain::Subject;
use minuted::store::{GroupId, Store};

use super::wait_until;

/// A set-up as `minuted init --embedded` writes it, with the seed's agenda imported.
#[derive(Clone)]
pub struct Site(Arc<tempfile::TempDir>);

impl Site {
    /// One whose `[group.mailbox]` is `mailbox`. A file `password` with the text of that name is there.
    pub fn new(mailbox: &str, password: &str) -> Self {
        let site = Self(Arc::new(tempfile::tempdir().expect("a temporary folder")));
        let made = Command::new(env!("CARGO_BIN_EXE_minuted")).args(["init", "--embedded"]).arg(site.folder()).output();
        assert!(made.expect("the program starts").status.success());
        site.writes("site/password", password);
        let text = site.reads("site/minuted.toml");
        let from = text.find("[group.mailbox]").expect("the mailbox");
        let to = text.find("# Where mail goes").expect("the delivery");
        let text = format!("{}[group.mailbox]\n{mailbox}\n\n{}", &text[..from], &text[to..]);
        site.writes("site/minuted.toml", &text.replace("# answers_per_hour = 60", "answers_per_hour = 10000"));
        let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seed/agenda.txt");
        site.succeeds(&["import", "agenda", seed.to_str().expect("a path")]);
        site
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("site")
    }

    /// A file of the set-up; the configuration and what it names is in `site`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn reads(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Writes a file that only its owner reads.
    pub fn writes(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::write(&path, text).unwrap_or_else(|error| panic!("{name}: {error}"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("its mode");
    }

    /// Replaces a text of the configuration that is there.
    pub fn configures(&self, from: &str, to: &str) {
        let text = self.reads("site/minuted.toml");
        assert!(text.contains(from), "{from:?} is not in the configuration");
        self.writes("site/minuted.toml", &text.replace(from, to));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let log = OpenOptions::new().create(true).append(true).open(self.path("log")).expect("the log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_minuted"));
        command.arg("--config").arg(self.folder().join("minuted.toml")).args(arguments).env_remove("RUST_LOG");
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("the log")).stderr(log);
        command
    }

    /// Everything the processes have said, but for those whose words were given.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.path("log")).unwrap_or_default()).into_owned()
    }

    /// Runs what succeeds, and gives what it says.
    pub fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).stdout(Stdio::piped()).output().expect("the program starts");
        assert!(output.status.success(), "{arguments:?}: {}\n{}", output.status, self.log());
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs what fails, and gives what it says.
    pub fn fails(&self, arguments: &[&str]) -> String {
        let mut command = self.command(arguments);
        let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("the program starts");
        assert!(!output.status.success(), "{arguments:?} succeeded: {}", String::from_utf8_lossy(&output.stdout));
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    /// Runs what ends with that exit code, and gives what it says on standard output.
    pub fn says_with(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.command(arguments).stdout(Stdio::piped()).output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    pub fn starts(&self) -> Running {
        let logged = self.log().len();
        let process = self.command(&["run"]).spawn().expect("the program starts");
        let running = Running { process, site: self.clone(), logged, is_over: false };
        wait_until("the daemon runs", || running.said().contains("minuted runs"));
        running
    }

    pub fn with_store<T>(&self, look: impl AsyncFnOnce(&Store, GroupId) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let config = config::load(&self.folder().join("minuted.toml")).expect("a configuration");
            let store = Store::open(&config.database).await.expect("the database");
            let group = store.group("sec").await.expect("the group");
            let found = look(&store, group).await;
            store.close().await;
            found
        })
    }

    /// What a field of an item was ever changed to, as history has it.
    pub fn history(&self, item: &str, field: &str) -> Vec<String> {
        let subject: Subject = item.parse().expect("a reference");
        self.with_store(async |store, group| {
            let history = store.history(group, Some(&subject)).await.expect("its history");
            history.into_iter().filter(|row| row.field == field).filter_map(|row| row.to).collect()
        })
    }

    /// An item's status, after all that was done to it.
    pub fn status(&self, item: &str) -> String {
        self.history(item, "status").pop().expect("a status")
    }

    /// The messages that are held, with why.
    pub fn held(&self) -> Vec<(i64, String)> {
        self.with_store(async |store, group| {
            let held = store.quarantine(group).await.expect("the quarantine");
            held.into_iter().map(|message| (message.id, message.reason)).collect()
        })
    }

    /// What the answers in the outgoing Maildir answer, an entry an answer, in order.
    pub fn answers(&self) -> Vec<String> {
        let files = fs::read_dir(self.path("site/mail/out/new")).expect("the outgoing Maildir");
        let raw = files.map(|file| fs::read(file.expect("an answer").path()).expect("an answer"));
        let mut answers: Vec<String> = raw
            .map(|raw| {
                let message = MessageParser::new().parse(&raw).expect("an answer is a mail, whole");
                message.in_reply_to().as_text().expect("an answer answers").to_owned()
            })
            .collect();
        answers.sort_unstable();
        answers
    }

    pub fn answers_so_far(&self) -> usize {
        fs::read_dir(self.path("site/mail/out/new")).expect("the outgoing Maildir").count()
    }
}

/// The daemon. It is killed when this is dropped.
pub struct Running {
    process: Child,
    site: Site,
    logged: usize,
    is_over: bool,
}

impl Running {
    /// What it has said by now.
    pub fn said(&self) -> String {
        self.site.log().get(self.logged..).unwrap_or_default().to_owned()
    }

    pub fn waits_until_it_says(&self, text: &str) {
        wait_until(&format!("the daemon says {text:?}"), || self.said().contains(text));
    }

    /// Kills it at once (SIGKILL).
    pub fn ends_killed(mut self) {
        assert!(self.process.try_wait().expect("its state").is_none(), "it ended by itself: {}", self.said());
        self.process.kill().expect("killing it");
        self.process.wait().expect("its end");
        self.is_over = true;
    }

    /// Tells it to stop as a service manager does, and sees it end well and soon.
    pub fn stops_when_told(mut self) {
        let told = Instant::now();
        let id = self.process.id().to_string();
        let sent = Command::new("sh").arg("-c").arg(format!("kill -TERM {id}")).status().expect("a shell");
        assert!(sent.success());
        let mut end = None;
        wait_until("it stops", || {
            end = self.process.try_wait().expect("its state");
            end.is_some()
        });
        self.is_over = true;
        assert!(end.expect("its end").success(), "{}", self.said());
        assert!(self.said().contains("minuted stops"), "{}", self.said());
        assert!(told.elapsed() < Duration::from_secs(5), "it took {:?} to stop", told.elapsed());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_over {
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
    }
}
