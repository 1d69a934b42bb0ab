//! Replaying the journal into a new database, and comparing: the state is what the journal says.

use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, SqliteConnection, query};

use crate::decide::{Entry, Known, Needs, Outcome};

use super::batch::OutgoingMail;
use super::error::{Doing as _, Result};
use super::open::{close, connect, options};
use super::value::{from_json, time};
use super::{GroupId, Store, StoreError};

/// Entries of one transaction of the replay.
const ENTRIES: i64 = 256;

/// Differences that are told of one table, each way.
const TOLD: i64 = 50;

/// What is compared: each table that the journal alone gives, and its columns. Of the outbox it is
/// what was sent to whom; when, and how that went, is not the journal's.
const TABLES: [(&str, &str); 18] = [
    ("groups", "id, key, rules, digests_since, reminders_since"),
    ("journal", "seq, group_id, at, message, entry"),
    ("actions", "group_id, reference, what, who, status, due, priority, notes, proposed_by, became"),
    (
        "contributions",
        "group_id, reference, year, number, reference_cell, title, source, agenda_item, deliverable, status_cell, meeting, life",
    ),
    ("meetings", "group_id, reference, meeting"),
    ("organizations", "group_id, name, organization"),
    ("members", "group_id, id, member"),
    ("requests", "group_id, id, state, request"),
    ("approvals", "group_id, subject, contribution, state, approval"),
    ("calls", "group_id, date, call"),
    ("history", "id, group_id, seq, at, by, message_id, subject, field, from_value, to_value"),
    ("receipts", "group_id, receipt, seq, at, by, undone <> 0"),
    ("baseline", "group_id, subject, field, cell"),
    ("occasions", "group_id, recipient, kind, occasion, date, due_at, seq, at, standing"),
    ("sent_rows", "group_id, message_id, number, subject"),
    ("outbox", "group_id, seq, message_id, recipient"),
    ("exposed_tokens", "group_id, tag, seq"),
    (EXPORTS, "group_id, name, seq, is_export, taken_back, cells"),
];

/// What exports said. Of those that were made before they were kept whole, a replay knows more.
const EXPORTS: &str = "exports";

/// What came of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many entries of the journal were replayed.
    pub entries: u64,
    /// Rows that the database and the replay do not have in common, a line each; nothing where the
    /// state is what the journal says.
    pub differences: Vec<String>,
}

/// An entry of the journal with its place.
struct Step {
    seq: i64,
    group: GroupId,
    message: Option<i64>,
    entry: Entry,
    /// The Message-IDs that its mails have in the outbox and whom they go to, where a replay takes those.
    named: Vec<(String, String)>,
}

impl Store {
    /// Replays the journal of every group into a new database at `path`, and compares what comes of
    /// it with what this one holds. The new database is left there; this one is only read, as it is
    /// at the beginning, while others go on writing.
    ///
    /// `needs` and `decide` are what processing uses: what an entry needs, and what comes of it
    /// with the mails that it sends.
    ///
    /// # Errors
    /// Where a file exists at `path`, or one of the databases fails. That the replay comes to
    /// something else is no error.
    pub async fn rebuild(
        &self,
        path: &Path,
        needs: impl Fn(&Entry) -> Needs,
        mut decide: impl FnMut(Known, &Entry) -> (Outcome, Vec<OutgoingMail>),
    ) -> Result<Rebuilt> {
        let rebuilt = Self::open_for_replay(path).await?;
        // Attached before the transaction begins, which then keeps this database as it is now.
        let mut kept = connect(&self.path, options(&self.path).pragma("cache_size", "-4000")).await?;
        let result = async {
            let to = path.to_string_lossy().into_owned();
            query("ATTACH ?1 AS rebuilt").bind(to).execute(&mut kept).await.doing("opening the new database")?;
            query("BEGIN").execute(&mut kept).await.doing("beginning to read")?;
            rebuilt.copy_groups(&mut kept).await?;
            let mut entries = 0;
            let mut last = 0;
            let mut differences = Vec::new();
            loop {
                let steps = read_steps(&mut kept, last).await?;
                let Some(end) = steps.last().map(|step| step.seq) else { break };
                last = end;
                entries += steps.len() as u64;
                rebuilt.replay(steps, &needs, &mut decide, &mut differences).await?;
            }
            for (table, columns) in TABLES {
                compare(&mut kept, table, columns, &mut differences).await?;
            }
            Ok(Rebuilt { entries, differences })
        }
        .await;
        close(kept).await;
        rebuilt.close().await;
        result
    }

    /// The groups with their numbers, but without what the journal says of them.
    async fn copy_groups(&self, kept: &mut SqliteConnection) -> Result<()> {
        let groups = query!(r#"SELECT id AS "id!", key FROM groups ORDER BY id"#)
            .fetch_all(kept)
            .await
            .doing("reading the groups")?;
        for group in groups {
            query!("INSERT INTO groups (id, key) VALUES (?1, ?2)", group.id, group.key)
                .execute(&self.writer)
                .await
                .doing("copying the groups")?;
        }
        Ok(())
    }

    /// Replays entries in order; each run of one group's is a transaction.
    async fn replay(
        &self,
        steps: Vec<Step>,
        needs: &impl Fn(&Entry) -> Needs,
        decide: &mut impl FnMut(Known, &Entry) -> (Outcome, Vec<OutgoingMail>),
        differences: &mut Vec<String>,
    ) -> Result<()> {
        for run in steps.chunk_by(|a, b| a.group == b.group) {
            let Some(first) = run.first() else { continue };
            let mut batch = self.begin_carefully(first.group, first.entry.at).await?;
            for step in run {
                batch.savepoint();
                let known = batch.load(&needs(&step.entry)).await?;
                let (outcome, mut mails) = decide(known, &step.entry);
                rename(&mut mails, &step.named);
                let decided = batch.commit_decision_as(Some(step.seq), step.message, &step.entry, outcome, &mails);
                let written = match decided.await {
                    Ok(_) => batch.release().await,
                    Err(error) => Err(error),
                };
                match written {
                    Ok(()) => {}
                    // What was written then cannot be written now: told, and the rest compared.
                    Err(error) if !error.is_temporary() => {
                        batch.roll_back().await?;
                        differences.push(format!("journal {}: cannot be replayed: {}", step.seq, chain(&error)));
                    }
                    Err(error) => return Err(error),
                }
            }
            batch.commit().await?;
        }
        Ok(())
    }
}

/// Gives mails the Message-IDs that those of the same recipients have in the outbox.
fn rename(mails: &mut [OutgoingMail], named: &[(String, String)]) {
    let mut named: Vec<_> = named.iter().collect();
    for mail in mails {
        if let Some(at) = named.iter().position(|(_, recipient)| recipient == mail.recipient.as_str()) {
            mail.message_id.clone_from(&named.remove(at).0);
        }
    }
}

/// The next entries after `after`.
async fn read_steps(kept: &mut SqliteConnection, after: i64) -> Result<Vec<Step>> {
    let rows = query!(
        r#"SELECT seq AS "seq!", group_id, at, message, entry, named_before <> 0 AS "named!: bool"
           FROM journal WHERE seq > ?1 ORDER BY seq LIMIT ?2"#,
        after,
        ENTRIES
    )
    .fetch_all(&mut *kept)
    .await
    .doing("reading the journal")?;
    let mut steps = Vec::with_capacity(rows.len());
    for row in rows {
        let entry: Entry = from_json("journal entry", &row.entry)?;
        // The column is what listings sort by; the entry is what decides.
        time(row.at)?;
        let named = if row.named { names_of_mails(kept, row.seq).await? } else { Vec::new() };
        steps.push(Step { seq: row.seq, group: GroupId(row.group_id), message: row.message, entry, named });
    }
    Ok(steps)
}

/// The mails of an entry in the outbox: their Message-IDs, and whom they go to.
async fn names_of_mails(kept: &mut SqliteConnection, seq: i64) -> Result<Vec<(String, String)>> {
    let mails = query!("SELECT message_id, recipient FROM outbox WHERE seq = ?1 ORDER BY id", seq);
    let mails = mails.fetch_all(kept).await.doing("reading the names of mails")?;
    Ok(mails.into_iter().map(|mail| (mail.message_id, mail.recipient)).collect())
}

/// Rows that only one of the two databases has.
async fn compare(
    kept: &mut SqliteConnection,
    table: &'static str,
    columns: &'static str,
    differences: &mut Vec<String>,
) -> Result<()> {
    let sides = [("main", "rebuilt", "only in the database"), ("rebuilt", "main", "only in the replay")];
    for (one, other, told) in sides {
        let of = match (table, one) {
            (EXPORTS, "rebuilt") => "WHERE (group_id, name) IN (SELECT group_id, name FROM main.exports)",
            _ => "",
        };
        // Names of this module's own table of names, never of anything that was read.
        let statement = format!(
            "SELECT json_array({columns}) FROM {one}.{table} {of} EXCEPT SELECT json_array({columns}) FROM {other}.{table}
             LIMIT {}",
            TOLD + 1
        );
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(statement))
            .persistent(false)
            .fetch_all(&mut *kept)
            .await
            .doing("comparing with the replay")?;
        let limit = usize::try_from(TOLD).unwrap_or(usize::MAX);
        differences.extend(rows.iter().take(limit).map(|row| format!("{table}: {told}: {row}")));
        if rows.len() > limit {
            differences.push(format!("{table}: {told}: and more"));
        }
    }
    Ok(())
}

/// An error with its causes, in a line.
fn chain(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Where a replay goes that nobody gave a place: beside the database, under a name of its own.
#[must_use]
pub fn replay_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(format!(".rebuilt-{}", std::process::id()));
    PathBuf::from(name)
}
