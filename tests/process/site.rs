//! A set-up of the built program in a temporary folder, and its processes.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use mail_parser::MessageParser;
use minuted::domain::Subject;
use minuted::mailbox::{Entry, Maildir, Place, Raw};
use minuted::store::Store;
use minuted::{config, steps};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

/// Far longer than anything here takes; only a failure comes to it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A set-up as `minuted init --embedded` writes it, with the seed's agenda imported.
#[derive(Clone)]
pub struct Site(Arc<Folder>);

struct Folder {
    folder: tempfile::TempDir,
    received: AtomicUsize,
}

/// A mail to the bot.
pub struct Mail {
    pub id: String,
    pub from: String,
    pub text: String,
}

impl Mail {
    pub fn raw(&self) -> String {
        format!(
            "From: <{}@example.org>\r\nTo: minuted@example.org\r\nSubject: Remarks\r\n\
             Date: Tue, 08 Apr 2014 09:00:00 +0200\r\nMessage-ID: <{}>\r\n\r\n{}\r\n",
            self.from, self.id, self.text
        )
    }
}

/// A mail of 160 MiB, which the database keeps in little.
pub fn huge() -> String {
    let mut raw = String::from(
        "From: <chair@example.org>\r\nTo: minuted@example.org\r\nSubject: Huge\r\n\
         Date: Tue, 08 Apr 2014 09:00:00 +0200\r\nMessage-ID: <huge@example.org>\r\n\r\n",
    );
    raw.push_str(&format!("{}\r\n", "a".repeat(78)).repeat((160 << 20) / 80));
    raw
}

/// Waits for something that happens soon.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "it never comes to that: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl Site {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let site = Self(Arc::new(Folder { folder, received: AtomicUsize::new(0) }));
        let dir = site.path("site");
        let made = Command::new(env!("CARGO_BIN_EXE_minuted")).arg("init").arg("--embedded").arg(&dir).output();
        assert!(made.expect("the program starts").status.success());
        site.allows("answers_per_hour", "10000");
        // What a test counts must not depend on the weekday that it runs on.
        site.allows("weekly", "never");
        site.sends_no_reminders();
        let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seed/agenda.txt");
        site.succeeds(&["import", "agenda", seed.to_str().expect("a path")]);
        site
    }

    /// A file of the set-up; mailboxes are in `mail`.
    pub fn path(&self, name: &str) -> PathBuf {
        let base = self.0.folder.path();
        if name.starts_with("mail/") { base.join("site").join(name) } else { base.join(name) }
    }

    /// Gives a limit of the configuration another value.
    pub fn allows(&self, key: &str, value: &str) {
        let path = self.path("site").join("minuted.toml");
        let content = fs::read_to_string(&path).expect("the configuration");
        let value =
            if value.bytes().all(|byte| byte.is_ascii_digit()) { value.to_owned() } else { format!("{value:?}") };
        let at = content.find(&format!("# {key} = ")).expect("a key of the configuration");
        let end = at + content[at..].find('\n').expect("a line");
        fs::write(&path, format!("{}{key} = {value}{}", &content[..at], &content[end..])).expect("writing it");
    }

    /// Has nobody reminded of anything.
    fn sends_no_reminders(&self) {
        const TABLE: &str = "[group.reminders]\n";
        let path = self.path("site").join("minuted.toml");
        let content = fs::read_to_string(&path).expect("the configuration");
        assert!(content.contains(TABLE));
        let never = "before_meeting = []\nbefore_deadline = []\nbefore_due = []\nafter_due = []\nthen_every = \"never\"\nafter_meeting = []\nafter_decision = []\n";
        fs::write(&path, content.replace(TABLE, &format!("{TABLE}{never}"))).expect("writing it");
    }

    /// Has the weekly digest sent.
    pub fn sends_digests(&self, weekly: &str) {
        let path = self.path("site").join("minuted.toml");
        let content = fs::read_to_string(&path).expect("the configuration");
        let content = content.replace("weekly = \"never\"", &format!("weekly = {weekly:?}"));
        fs::write(&path, content).expect("writing it");
    }

    /// A mail is delivered into the mailbox, as mail servers do it.
    pub fn receives(&self, mail: &Mail) {
        self.delivers_into("mail/in", mail);
    }

    fn delivers_into(&self, mailbox: &str, mail: &Mail) {
        let number = self.0.received.fetch_add(1, Ordering::Relaxed);
        let name = format!("{number:06}.test");
        let mailbox = self.path(mailbox);
        let (written, delivered) = (mailbox.join("tmp").join(&name), mailbox.join("new").join(&name));
        fs::write(&written, mail.raw()).expect("writing a mail");
        fs::rename(written, delivered).expect("delivering a mail");
    }

    /// A second group after the first, with Maildirs of its own.
    pub fn serves_another_group(&self) {
        let path = self.path("site").join("minuted.toml");
        let mut content = fs::read_to_string(&path).expect("the configuration");
        let group = content.find("\n[[group]]").expect("a group");
        let group = content[group..]
            .replace("key = \"sec\"", "key = \"other\"")
            .replace("minuted@example.org", "minuted-other@example.org")
            .replace("wg4@example.org", "wg5@example.org")
            .replace("\"mail/in\"", "\"mail/other-in\"")
            .replace("\"mail/out\"", "\"mail/other-out\"");
        content.push_str(&group);
        fs::write(&path, content).expect("writing the configuration");
        for maildir in ["mail/other-in", "mail/other-out"] {
            Maildir::create(self.path(maildir)).expect("making a Maildir");
        }
    }

    pub fn another_group_receives(&self, mail: &Mail) {
        self.delivers_into("mail/other-in", mail);
    }

    pub fn answers_of_another_group(&self) -> usize {
        fs::read_dir(self.path("mail/other-out/new")).expect("the outgoing Maildir").count()
    }

    /// A mail is piped into `minuted ingest -`.
    pub fn pipes(&self, mail: &Mail) {
        let mut ingest = self.command(&["ingest", "-"]).stdin(Stdio::piped()).spawn().expect("the program starts");
        let mut input = ingest.stdin.take().expect("its standard input");
        input.write_all(mail.raw().as_bytes()).expect("writing to it");
        drop(input);
        assert!(ingest.wait().expect("its end").success(), "{}", self.log());
    }

    /// Takes mails in as `ingest --live` does, and leaves them there unread.
    pub fn takes_in(&self, mails: &[String]) {
        self.with_store(async |store, group| {
            let now: Timestamp = "2014-04-08T07:00:00Z".parse().expect("a time");
            // The intake reads on a thread of its own.
            let owned = mails.to_vec();
            let messages = owned.into_iter().enumerate().map(move |(number, raw)| {
                let size = raw.len() as u64;
                let entry = Entry { uid: format!("{number}"), size, arrived: now, at: Place::Offset(0) };
                Ok((entry, Raw { bytes: raw.as_bytes().to_vec(), truncated: false, size }))
            });
            let limit = u64::MAX;
            let taken = steps::take_in(store, group, "test", messages, |_| false, limit, now, |_| {}).await;
            assert_eq!(taken.expect("taking in"), mails.len());
        });
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let log = OpenOptions::new().create(true).append(true).open(self.path("log")).expect("the log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_minuted"));
        command
            .arg("--config")
            .arg(self.path("site").join("minuted.toml"))
            .args(arguments)
            .env_remove("RUST_LOG")
            // glibc reserves 64 MiB of addresses for each arena, and how many there are is the
            // scheduler's chance: a limit on addresses says nothing of memory but with one.
            .env("MALLOC_ARENA_MAX", "1")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the log"))
            .stderr(log);
        command
    }

    /// Everything the processes have said.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.path("log")).unwrap_or_default()).into_owned()
    }

    pub fn succeeds(&self, arguments: &[&str]) {
        let end = self.command(arguments).status().expect("the program starts");
        assert!(end.success(), "{arguments:?}: {end}\n{}", self.log());
    }

    /// Runs what fails, and gives what it says.
    /// What the program prints when it succeeds.
    pub fn prints(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).stdout(Stdio::piped()).output().expect("the program starts");
        assert!(output.status.success(), "{arguments:?}: {output:?}\n{}", self.log());
        String::from_utf8(output.stdout).expect("text")
    }

    pub fn fails(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).stderr(Stdio::piped()).output().expect("the program starts");
        assert!(!output.status.success(), "{arguments:?} succeeded");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// Starts it with at most so much address space.
    pub fn start_within(&self, kib: u64, arguments: &[&str]) -> Running {
        let program = self.command(arguments);
        let log = OpenOptions::new().append(true).open(self.path("log")).expect("the log");
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("ulimit -c 0; ulimit -v {kib}; exec \"$0\" \"$@\""));
        shell.arg(program.get_program()).args(program.get_args());
        shell.env("MALLOC_ARENA_MAX", "1").stdin(Stdio::null());
        shell.stdout(log.try_clone().expect("the log")).stderr(log);
        Running {
            process: shell.spawn().expect("a shell"),
            site: self.clone(),
            logged: self.log().len(),
            is_over: false,
        }
    }

    /// Starts it as systemd does, which listens at that socket.
    pub fn start_as_service(&self, socket: &Path) -> Running {
        let logged = self.log().len();
        let process = self.command(&["run"]).env("NOTIFY_SOCKET", socket).spawn().expect("the program starts");
        Running { process, site: self.clone(), logged, is_over: false }
    }

    pub fn start(&self, arguments: &[&str]) -> Running {
        let logged = self.log().len();
        let process = self.command(arguments).spawn().expect("the program starts");
        Running { process, site: self.clone(), logged, is_over: false }
    }

    fn with_store<T>(&self, look: impl AsyncFnOnce(&Store, minuted::store::GroupId) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let config = config::load(&self.path("site").join("minuted.toml")).expect("a configuration");
            let store = Store::open(&config.database).await.expect("the database");
            let group = store.group("sec").await.expect("the group");
            let found = look(&store, group).await;
            store.close().await;
            found
        })
    }

    /// From now on the database refuses what an address does, as it does where a rule of it is broken.
    pub fn refuses_receipts_of(&self, address: &str) {
        let trigger = format!(
            "CREATE TRIGGER refused BEFORE INSERT ON receipts WHEN NEW.by = '{address}'
             BEGIN SELECT RAISE (ABORT, 'no more of these'); END"
        );
        self.alters(&trigger);
    }

    /// Alters the database by hand.
    pub fn alters(&self, statement: &str) {
        self.with_store(async |store, _| {
            let options = SqliteConnectOptions::new().filename(store.path());
            let mut database = options.connect().await.expect("the database");
            let statement = AssertSqlSafe(statement.to_owned());
            sqlx::query(statement).execute(&mut database).await.expect("a statement that works");
            database.close().await.expect("the database");
        });
    }

    /// The notes that were ever given to an item, as history has them.
    pub fn notes(&self, item: &str) -> Vec<String> {
        let subject: Subject = item.parse().expect("a reference");
        self.with_store(async |store, group| {
            let history = store.history(group, Some(&subject)).await.expect("its history");
            history.into_iter().filter(|row| row.field == "note").filter_map(|row| row.to).collect()
        })
    }

    /// The messages that are held, with why.
    pub fn held(&self) -> Vec<(i64, String)> {
        self.with_store(async |store, group| {
            let held = store.quarantine(group).await.expect("the quarantine");
            held.into_iter().map(|message| (message.id, message.reason)).collect()
        })
    }

    /// What the answers in the outgoing Maildir answer, an entry an answer.
    pub fn answers(&self) -> Vec<String> {
        let files = fs::read_dir(self.path("mail/out/new")).expect("the outgoing Maildir");
        let raw = files.map(|file| fs::read(file.expect("an answer").path()).expect("an answer"));
        raw.map(|raw| {
            let message = MessageParser::new().parse(&raw).expect("an answer is a mail, whole");
            message.in_reply_to().as_text().expect("an answer answers").to_owned()
        })
        .collect()
    }

    pub fn answers_so_far(&self) -> usize {
        fs::read_dir(self.path("mail/out/new")).expect("the outgoing Maildir").count()
    }

    pub fn settled_so_far(&self) -> usize {
        fs::read_dir(self.path("mail/in/cur")).expect("the mailbox").count()
    }
}

/// A process of the program.
pub struct Running {
    process: Child,
    site: Site,
    logged: usize,
    is_over: bool,
}

impl Running {
    /// Waits while something is so and the process runs.
    pub fn wait_while(&mut self, mut is_so: impl FnMut() -> bool) {
        while is_so() && self.process.try_wait().expect("its state").is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Kills it, and says whether it was still running.
    pub fn kill(&mut self) -> bool {
        let ran = self.process.try_wait().expect("its state").is_none();
        self.process.kill().expect("killing it");
        let end = self.process.wait().expect("its end");
        self.is_over = true;
        assert!(ran && !end.success() || end.success(), "it failed by itself: {}", self.site.log());
        ran && !end.success()
    }

    /// Waits until it ends for want of memory.
    pub fn runs_out_of_memory(mut self) {
        let mut end = None;
        wait_until("it ends", || {
            end = self.process.try_wait().expect("its state");
            end.is_some()
        });
        self.is_over = true;
        assert!(!end.expect("its end").success(), "{}", self.said());
        assert!(self.said().contains("memory allocation of"), "{}", self.said());
    }

    /// What it has said by now.
    fn said(&self) -> String {
        self.site.log().get(self.logged..).unwrap_or_default().to_owned()
    }

    /// Waits until the daemon watches its mailbox.
    pub fn is_ready(&self) {
        wait_until("the daemon runs", || self.said().contains("minuted runs"));
    }

    /// Whether it has read a mail.
    pub fn is_working(&self) -> bool {
        self.said().contains("decided")
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
        let end = end.expect("its end");
        assert!(end.success(), "{end}: {}", self.said());
        assert!(self.said().contains("minuted stops"), "{}", self.said());
        assert!(told.elapsed() < Duration::from_secs(10), "it took {:?} to stop", told.elapsed());
    }

    /// A number of a kind from `/proc` of the process, summed over its threads.
    fn of_threads(&self, field: &str) -> u64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.process.id())).expect("its threads");
        let status = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("status")).ok());
        status.map(|status| number(&status, field)).sum()
    }

    /// How often its threads went to sleep: each time, something had woken them.
    pub fn wakes(&self) -> u64 {
        self.of_threads("voluntary_ctxt_switches:")
    }

    /// Asserts that it sleeps for five seconds, once what it wakes itself by, its own files that moved, has come to rest.
    pub fn sleeps(&self) {
        wait_until("it has come to rest", || {
            let before = self.wakes();
            std::thread::sleep(Duration::from_millis(500));
            before == self.wakes()
        });
        let before = self.wakes();
        std::thread::sleep(Duration::from_secs(5));
        let wakes = self.wakes() - before;
        assert!(wakes <= 5, "it woke {wakes} times in five seconds");
    }

    /// The most address space it has had, in KiB.
    pub fn peak_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("its state");
        number(&status, "VmPeak:")
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

/// The number after a field of `/proc/PID/status`.
fn number(status: &str, field: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(field)).expect("a field of /proc");
    line.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number")
}
