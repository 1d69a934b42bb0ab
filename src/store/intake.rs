//! Mail comes in: raw bytes and cursor in one transaction, before anything else is done with it.

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, query};

use super::error::{Doing as _, Result};
use super::value::{Packer, apart, hash, to_json};
use super::{GroupId, Store};

/// Rows of one statement: far below SQLite's 32,766 parameters, and a bound on how much is packed
/// in memory at once. The statement of so many is kept prepared, which takes longer than to run it; those
/// of fewer rows each have another text, and would push the rest out.
const ROWS: usize = 256;

/// A message as a mailbox gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Its identity in the mailbox: with IMAP, UIDVALIDITY and UID. Never taken in twice.
    pub uid: String,
    /// When it was received: INTERNALDATE, a Maildir file's time, or now.
    pub received_at: Timestamp,
    /// Its octets in the mailbox, also where `raw` is only the head.
    pub size: u64,
    /// Mentions only, no commands, no answers.
    pub archive: bool,
    /// The mailbox may give the same mail again under another identity, as IMAP does with a changed
    /// UIDVALIDITY. Where these bytes came as archive before, they are archive again, whatever their time
    /// is now; and what was put aside unread is not put aside twice.
    pub may_come_again: bool,
    /// The raw bytes.
    pub raw: Vec<u8>,
    /// Why it is quarantined unread, where it is, such as its size.
    pub problem: Option<String>,
}

/// The columns of an arrival.
struct Row {
    uid: String,
    received_at: i64,
    size: i64,
    hash: [u8; 32],
    archive: bool,
    may_come_again: bool,
    problem: Option<String>,
}

impl Store {
    /// Which of these identities in a mailbox were taken in already.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn known_uids(&self, group: GroupId, mailbox: &str, uids: &[String]) -> Result<HashSet<String>> {
        let asked = to_json("UIDs", uids)?;
        let rows = query!(
            "SELECT uid FROM messages WHERE group_id = ?1 AND mailbox = ?2
             AND uid IN (SELECT value FROM json_each(?3))",
            group.0,
            mailbox,
            asked
        )
        .fetch_all(&self.reader)
        .await
        .doing("looking up known messages")?;
        Ok(rows.into_iter().map(|row| row.uid).collect())
    }

    /// Which of these identities in a mailbox do not wait any more: what came of them is committed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settled_uids(&self, group: GroupId, mailbox: &str, uids: &[String]) -> Result<Vec<String>> {
        let asked = to_json("UIDs", uids)?;
        let rows = query!(
            "SELECT uid FROM messages WHERE group_id = ?1 AND mailbox = ?2 AND state <> 'waiting'
             AND uid IN (SELECT value FROM json_each(?3))",
            group.0,
            mailbox,
            asked
        )
        .fetch_all(&self.reader)
        .await
        .doing("looking up messages that were read")?;
        Ok(rows.into_iter().map(|row| row.uid).collect())
    }

    /// Takes messages in, all of them or none. A message whose identity is known is passed over.
    /// Returns how many were new.
    ///
    /// # Errors
    /// Where the database fails: nothing was taken in, and the mailbox must be left as it is.
    pub async fn take_in(
        &self,
        group: GroupId,
        mailbox: &str,
        arrivals: Vec<Arrival>,
        now: Timestamp,
    ) -> Result<usize> {
        if arrivals.is_empty() {
            return Ok(0);
        }
        let (rows, packed) = apart(move || pack(arrivals)).await?;
        let taken_at = now.as_millisecond();
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await.doing("beginning to take in mail")?;
        let mut new = 0;
        for (rows, packed) in rows.chunks(ROWS).zip(packed.chunks(ROWS)) {
            let last = last_message(&mut tx).await?;
            let taken = write(&mut tx, group, mailbox, taken_at, rows).await?;
            if taken > 0 {
                write_raw(&mut tx, group, mailbox, last, rows.iter().zip(packed)).await?;
            }
            new += taken;
        }
        tx.commit().await.doing("committing mail taken in")?;
        Ok(new)
    }
}

/// The number of the newest message: new ones get higher ones.
async fn last_message(tx: &mut SqliteConnection) -> Result<i64> {
    let row = query!(r#"SELECT max(id) AS "last: i64" FROM messages"#).fetch_one(tx).await;
    Ok(row.doing("looking for the newest message")?.last.unwrap_or(0))
}

/// Writes a row for each that is not known, and says how many those are.
async fn write(tx: &mut SqliteConnection, group: GroupId, mailbox: &str, taken_at: i64, rows: &[Row]) -> Result<usize> {
    // Not as JSON: of each mail that comes in, taking it apart cost more than writing it.
    let mut insert = QueryBuilder::<Sqlite>::new(
        "WITH r (group_id, mailbox, uid, received_at, taken_at, size, hash, archive, may_come_again, problem) AS (",
    );
    insert.push_values(rows, |mut values, row| {
        values.push_bind(group.0).push_bind(mailbox).push_bind(&row.uid).push_bind(row.received_at);
        values.push_bind(taken_at).push_bind(row.size).push_bind(&row.hash[..]).push_bind(row.archive);
        values.push_bind(row.may_come_again).push_bind(&row.problem);
    });
    // Not OR IGNORE, which would pass over a row that breaks a constraint, and lose a mail.
    insert.push(
        ") INSERT INTO messages (group_id, mailbox, uid, received_at, taken_at, size, hash, archive, state, reason,
                                    erased_at)
         SELECT group_id, mailbox, uid, received_at, taken_at, size, hash,
                iif(archive, 1, may_come_again AND EXISTS (
                    SELECT 1 FROM messages AS before
                    WHERE before.group_id = r.group_id AND before.hash = r.hash AND before.archive)),
                CASE WHEN is_erased THEN 'dropped'
                     WHEN problem IS NULL THEN 'waiting'
                     WHEN may_come_again AND EXISTS (
                         SELECT 1 FROM messages AS before
                         WHERE before.group_id = r.group_id AND before.hash = r.hash AND before.size = r.size
                           AND before.state IN ('quarantined', 'dropped')) THEN 'dropped'
                     ELSE 'quarantined' END,
                iif(is_erased, 'these bytes were read long ago and erased since', problem),
                iif(is_erased, taken_at, NULL)
         -- Bytes that were erased on somebody's wish do not come back with the next reading of the mailbox.
         FROM (SELECT r.*, EXISTS (
                   SELECT 1 FROM messages AS before
                   WHERE before.group_id = r.group_id AND before.hash = r.hash AND before.erased_at IS NOT NULL
               ) AS is_erased FROM r) AS r
         WHERE true
         ON CONFLICT (group_id, mailbox, uid) DO NOTHING",
    );
    let done = insert.build().persistent(rows.len() == ROWS).execute(tx).await.doing("taking in mail")?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}

/// Keeps the packed bytes of those that have become messages after `last`. Which those are is looked up where
/// they are written: told to this side, each row would cost a change of threads.
async fn write_raw(
    tx: &mut SqliteConnection,
    group: GroupId,
    mailbox: &str,
    last: i64,
    rows: impl ExactSizeIterator<Item = (&Row, &Vec<u8>)>,
) -> Result<()> {
    let is_whole = rows.len() == ROWS;
    let mut insert = QueryBuilder::<Sqlite>::new("WITH r (uid, zstd) AS (");
    insert.push_values(rows, |mut values, (row, packed)| {
        values.push_bind(&row.uid).push_bind(packed.as_slice());
    });
    insert.push(
        ") INSERT INTO raw_messages (message, zstd)
         SELECT messages.id, r.zstd FROM r CROSS JOIN messages ON messages.uid = r.uid
         WHERE messages.group_id = ",
    );
    insert.push_bind(group.0).push(" AND messages.mailbox = ").push_bind(mailbox);
    insert.push(" AND messages.id > ").push_bind(last).push(" AND messages.erased_at IS NULL");
    // The same identity twice in one batch is one message, and the first counts.
    insert.push(" ON CONFLICT (message) DO NOTHING");
    insert.build().persistent(is_whole).execute(tx).await.doing("keeping raw mail")?;
    Ok(())
}

/// Hashes and packs the raw bytes, which are let go one after the other.
fn pack(arrivals: Vec<Arrival>) -> Result<(Vec<Row>, Vec<Vec<u8>>)> {
    let mut packer = Packer::new()?;
    let mut rows = Vec::with_capacity(arrivals.len());
    let mut packed = Vec::with_capacity(arrivals.len());
    for arrival in arrivals {
        packed.push(packer.pack(&arrival.raw)?);
        rows.push(Row {
            hash: hash(&arrival.raw),
            uid: arrival.uid,
            received_at: arrival.received_at.as_millisecond(),
            size: i64::try_from(arrival.size).unwrap_or(i64::MAX),
            archive: arrival.archive,
            may_come_again: arrival.may_come_again,
            problem: arrival.problem,
        });
    }
    Ok((rows, packed))
}
