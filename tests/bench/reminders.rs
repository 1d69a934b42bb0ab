//! `cargo bench --bench reminders`: a week before a meeting, 60 members are each told what is theirs of 50,000 action
//! items, a tenth of which is open, and the list is told of all; once more with every item open, which has no limit.
//!
//! Printed are the time of that step against its limit, 0.3 s, the peak of resident memory of the program that does
//! it against 100 MiB, and, as the peer in the same run, the bare query with its rows written as lines of text. Memory
//! is asserted; time is not, because machines differ.

mod measured;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use measured::{Measured, measured};
use minuted::store::Store;
use minuted::{config, steps};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

const ITEMS: usize = 50_000;
const MEMBERS: usize = 60;
const LIMIT_MIB: u64 = 100;
/// The step is measured so often, each time on a copy of the database; told is the median.
const ROUNDS: usize = 5;
const BEFORE: &str = "2014-05-01T08:00:00Z";
/// A Tuesday: a week before the meeting, when no weekly digest is due.
const NOW: &str = "2014-06-03T06:00:00Z";

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for open in [ITEMS / 10, ITEMS] {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let home = folder.path().join("group");
        run(Command::new(env!("CARGO_BIN_EXE_minuted")).args(["init", "--embedded"]).arg(&home));
        fs::write(home.join("group.toml"), roster()).expect("the roster");
        run(minuted(&home).args(["run", "--once", "--now", BEFORE]));
        let meeting = "meeting SEC#11 in TP11 2014-06-10 to 2014-06-13 Berlin";
        run(minuted(&home).args(["do", meeting, "--as", "member1@example.org", "--now", BEFORE]));
        run(minuted(&home).args(["run", "--once", "--now", BEFORE]));
        let (bare, rows) = runtime.block_on(async {
            let mut connection = fill(&home, open).await;
            let bare = bare(&mut connection).await;
            connection.close().await.expect("closing the database");
            bare
        });
        let mut rounds: Vec<(Duration, usize)> = Vec::new();
        for round in 0..ROUNDS {
            let copy = folder.path().join(format!("copy-{round}"));
            run(Command::new("cp").arg("-r").arg(&home).arg(&copy));
            rounds.push(runtime.block_on(Box::pin(remind(&copy))));
        }
        rounds.sort_unstable();
        let (took, sent) = rounds[ROUNDS / 2];
        let Measured { took: whole, cpu, peak } = measured(minuted(&home).args(["run", "--once", "--now", NOW]));
        let allowed = if open == ITEMS { String::new() } else { format!(" (allowed: 0.3 s, {LIMIT_MIB} MiB)") };
        println!(
            "{sent} mails to {MEMBERS} members and the list over {ITEMS} items, {open} open: {took:.2?}, {:.1} times the bare query and its {rows} rows as text ({bare:.2?}); with delivery {whole:.2?}, {cpu:.2?} of processor time; peak {peak} MiB{allowed}",
            took.as_secs_f64() / bare.as_secs_f64()
        );
        assert_eq!(sent, MEMBERS + 1);
        assert!(open == ITEMS || peak <= LIMIT_MIB, "{peak} MiB of memory are more than {LIMIT_MIB}");
    }
}

fn minuted(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minuted"));
    command.arg("--config").arg(home.join("minuted.toml"));
    command
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status().expect("the program starts");
    assert!(status.success(), "{command:?}: {status}");
}

/// Members, each of an organization whose mail they get.
fn roster() -> String {
    let mut text = String::new();
    for id in 1..=MEMBERS {
        let role = if id == 1 { "roles = [\"chair\"]" } else { "" };
        let _ = writeln!(
            text,
            "[[organization]]\nname = \"Organization {id}\"\ncontact = \"member{id}@example.org\"\n[[member]]\n\
             name = \"Member {id}\"\norganization = \"Organization {id}\"\naddresses = [\"member{id}@example.org\"]\n{role}"
        );
    }
    text
}

/// Puts the items into the database, `open` of them open and the others closed.
async fn fill(home: &Path, open: usize) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(home.join("minuted.db"));
    let mut connection = options.connect().await.expect("the database");
    let every = ITEMS / open;
    let insert = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ITEMS})
         INSERT INTO actions (group_id, reference, what, who, status, due, notes)
         SELECT 1, printf('A-WG4-TP%d-%03d', 8 + n / 900, 1 + n % 900),
                'Align the text of clause ' || n || ' with what SEC-2014-0259 says of it, and tell the other group',
                'Lead Organization ' || (1 + n / {every} % {MEMBERS}), iif(n % {every} = 0, 'open', 'closed'),
                iif(n % 3 = 0, 'TP11', date('2014-05-20', (n % 90) || ' days')), '[]'
         FROM numbers"
    );
    sqlx::query(AssertSqlSafe(insert)).execute(&mut connection).await.expect("filling the database");
    connection
}

/// What is open, by its owner, as lines of text.
async fn bare(connection: &mut SqliteConnection) -> (Duration, usize) {
    let begin = Instant::now();
    let rows = sqlx::query(
        "SELECT reference, what, who, status, due FROM actions WHERE status NOT IN ('closed', 'cancelled', 'proposed')",
    )
    .fetch_all(connection)
    .await
    .expect("the rows");
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for row in &rows {
        let [reference, what, who, status, due] = [0, 1, 2, 3, 4].map(|at| row.get::<String, _>(at));
        let text = texts.entry(who).or_default();
        let _ = writeln!(text, "{reference:16} {what:40} {status:8} {due}");
    }
    assert_eq!(texts.len(), MEMBERS);
    (begin.elapsed(), rows.len())
}

/// Decides, writes and stores the mails, as the daemon does it.
async fn remind(home: &Path) -> (Duration, usize) {
    let config = config::load(&home.join("minuted.toml")).expect("the configuration");
    let store = Store::open(&config.database).await.expect("the database");
    let now: Timestamp = NOW.parse().expect("a time");
    let group = steps::open_group(&store, &config.groups[0], now).await.expect("the group");
    let begin = Instant::now();
    let reminded = steps::remind(&store, &group, now).await.expect("reminding");
    let took = begin.elapsed();
    store.close().await;
    (took, reminded.sent)
}
