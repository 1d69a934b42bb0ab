//! A person is forgotten: pseudonyms stand in the place of addresses and names in every text of the group, and the
//! bytes of mails that name the person are erased.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection, query, query_scalar};

use crate::decide::{Entry, Input};
use crate::domain::{EmailAddress, Pseudonyms};

use super::error::{Doing as _, Result};
use super::open::{close, connect, options};
use super::value::{Packer, from_json, to_json, unpack};
use super::{Batch, Store};

/// So many rows are looked at together.
const ROWS: i64 = 256;

/// What stands in the outbox in the place of a mail that named the person.
const ERASED: &[u8] = b"Subject: erased\r\n\r\nThis mail named somebody whom the operator had forgotten.\r\n";

/// What became of a person's traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Rows in which a pseudonym stands now.
    pub rows: usize,
    /// Mails of the person whose bytes were erased.
    pub own: usize,
    /// Mails of others that named the person, whose bytes were erased.
    pub others: usize,
    /// Mails to the person or naming the person that the bot had made, whose bytes were erased.
    pub made: usize,
    /// Mails of those that had not gone out, and do not any more.
    pub unsent: usize,
}

/// What names the person and must have its course first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pending {
    /// Messages that wait to be read, or are held for the operator.
    pub unread: usize,
    /// Mails to others that wait to be sent.
    pub unsent: usize,
}

/// Whether the raw bytes of a mail name the person, somewhere in them.
pub type Names<'n> = &'n (dyn Fn(&[u8]) -> bool + Sync);

impl Batch {
    /// How many persons were forgotten, the one under way included.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_forgotten(&mut self) -> Result<u64> {
        let group = self.group;
        let count = query_scalar!(
            r#"SELECT count(*) AS "count!" FROM journal WHERE group_id = ?1 AND entry ->> '$.input.kind' = 'forget'"#,
            group
        );
        let count = count.fetch_one(self.writing().await?).await.doing("counting who was forgotten")?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// What a member's field has been, the newest first: names, addresses.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn values_of_member(&mut self, member: u32, field: &str) -> Result<Vec<String>> {
        let (group, subject) = (self.group, format!("member {member}"));
        let changes = query!(
            "SELECT from_value, to_value FROM history WHERE group_id = ?1 AND subject = ?2 AND field = ?3 ORDER BY id DESC",
            group,
            subject,
            field
        );
        let changes = changes.fetch_all(self.writing().await?).await.doing("reading a member's history")?;
        Ok(changes.into_iter().flat_map(|change| [change.to_value, change.from_value]).flatten().collect())
    }

    /// The names that mails from these addresses bear.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn names_of_senders(&mut self, addresses: &[EmailAddress]) -> Result<BTreeSet<String>> {
        let (group, addresses) = (self.group, to_json("addresses", addresses)?);
        let names = query_scalar!(
            r#"SELECT DISTINCT entry ->> '$.input.name' AS "name: String" FROM journal
               WHERE group_id = ?1 AND entry ->> '$.input.kind' = 'mail'
                 AND entry ->> '$.input.from' IN (SELECT value FROM json_each(?2))"#,
            group,
            addresses
        );
        let names = names.fetch_all(self.writing().await?).await.doing("reading the names of senders")?;
        Ok(names.into_iter().flatten().filter(|name| !name.trim().is_empty()).collect())
    }

    /// What names the person and has not had its course: to forget it would lose it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pending_of(&mut self, of: &Pseudonyms, names: Names<'_>) -> Result<Pending> {
        let group = self.group;
        let tx = self.writing().await?;
        let mut pending = Pending::default();
        let raws = query!(
            "SELECT zstd FROM raw_messages JOIN messages ON messages.id = message
             WHERE group_id = ?1 AND state IN ('waiting', 'quarantined')",
            group
        );
        for raw in raws.fetch_all(&mut *tx).await.doing("looking at what waits")? {
            pending.unread += usize::from(names(&unpack(&raw.zstd)?));
        }
        let mails = query!("SELECT recipient, zstd FROM outbox WHERE group_id = ?1 AND state = 'waiting'", group);
        for mail in mails.fetch_all(&mut *tx).await.doing("looking at what waits to be sent")? {
            pending.unsent += usize::from(of.address(&mail.recipient).is_none() && names(&unpack(&mail.zstd)?));
        }
        Ok(pending)
    }

    /// Erases the bytes of all mails that name the person, and puts pseudonyms into every text of the group.
    ///
    /// # Errors
    /// Where the database fails: the batch is to be given up.
    pub async fn forget(&mut self, of: &Pseudonyms, names: Names<'_>) -> Result<Erased> {
        let (group, now) = (self.group, self.now);
        let mut erased = Erased::default();
        let tx = self.writing().await?;
        query("PRAGMA secure_delete = ON").execute(&mut *tx).await.doing("erasing for good")?;
        erase_received(tx, (group, now), of, names, &mut erased).await?;
        erase_made(tx, group, of, names, &mut erased).await?;
        // History is append-only but for this: the same trigger stands again when the transaction ends.
        let trigger: String = query_scalar("SELECT sql FROM sqlite_schema WHERE name = 'history_is_append_only'")
            .fetch_one(&mut *tx)
            .await
            .doing("reading the rule of the history")?;
        query("DROP TRIGGER history_is_append_only").execute(&mut *tx).await.doing("opening the history")?;
        rename_senders(tx, group, of, &mut erased).await?;
        for column in columns(tx).await? {
            erased.rows += column.replace(tx, group, of).await?;
        }
        erased.rows += replace_in_stops(tx, of).await?;
        query(AssertSqlSafe(trigger)).execute(&mut *tx).await.doing("closing the history")?;
        // The words that Message-IDs were made of are others now.
        query!("UPDATE journal SET named_before = 1 WHERE group_id = ?1", group)
            .execute(&mut *tx)
            .await
            .doing("keeping the names of mails")?;
        query("PRAGMA secure_delete = OFF").execute(&mut *tx).await.doing("erasing for good")?;
        self.forget_loaded();
        Ok(erased)
    }
}

impl Store {
    /// Writes the file anew without what was erased, and empties the write-ahead log. Says whether all of that could
    /// be done: another process that reads for long keeps old pages.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn vacuum(&self) -> Result<bool> {
        let mut connection = connect(&self.path, options(&self.path).pragma("secure_delete", "ON")).await?;
        let result = async {
            query("VACUUM").execute(&mut connection).await.doing("writing the file anew")?;
            let row = query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut connection).await;
            let busy: i64 = row.doing("emptying the log")?.try_get(0).doing("emptying the log")?;
            Ok(busy == 0)
        }
        .await;
        close(connection).await;
        result
    }
}

/// Erases the bytes of received mails that are the person's or name the person; also of those whose entry of the
/// journal does, as attached documents may be what names.
async fn erase_received(
    tx: &mut SqliteConnection,
    (group, now): (i64, i64),
    of: &Pseudonyms,
    names: Names<'_>,
    erased: &mut Erased,
) -> Result<()> {
    let mut after = 0;
    loop {
        let rows = query!(
            r#"SELECT messages.id AS "id!", from_address, zstd AS "zstd!",
                   (SELECT group_concat(entry) FROM journal WHERE journal.message = messages.id) AS "entries: String"
               FROM messages JOIN raw_messages ON message = messages.id
               WHERE messages.group_id = ?1 AND messages.id > ?2 ORDER BY messages.id LIMIT ?3"#,
            group,
            after,
            ROWS
        );
        let rows = rows.fetch_all(&mut *tx).await.doing("looking for mails that name somebody")?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        for row in rows {
            let is_own = row.from_address.is_some_and(|from| of.address(&from).is_some());
            let is_named = || row.entries.is_some_and(|entries| of.replaced_in_json(&entries).is_some());
            if !is_own && !is_named() && !names(&unpack(&row.zstd)?) {
                continue;
            }
            erased.own += usize::from(is_own);
            erased.others += usize::from(!is_own);
            query!("DELETE FROM raw_messages WHERE message = ?1", row.id)
                .execute(&mut *tx)
                .await
                .doing("erasing a mail")?;
            query!("UPDATE messages SET erased_at = ?2 WHERE id = ?1", row.id, now)
                .execute(&mut *tx)
                .await
                .doing("noting what was erased")?;
        }
    }
}

/// Erases the bytes of mails of the outbox that go to the person or name the person.
async fn erase_made(
    tx: &mut SqliteConnection,
    group: i64,
    of: &Pseudonyms,
    names: Names<'_>,
    erased: &mut Erased,
) -> Result<()> {
    let instead = Packer::new()?.pack(ERASED)?;
    let mut after = 0;
    loop {
        let rows = query!(
            r#"SELECT id AS "id!", recipient, zstd, state FROM outbox
               WHERE group_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3"#,
            group,
            after,
            ROWS
        );
        let rows = rows.fetch_all(&mut *tx).await.doing("looking for mails that name somebody")?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        for row in rows {
            if of.address(&row.recipient).is_none() && !names(&unpack(&row.zstd)?) {
                continue;
            }
            erased.made += 1;
            erased.unsent += usize::from(row.state == "waiting" || row.state == "parked");
            query!(
                "UPDATE outbox SET zstd = ?2, state = CASE state WHEN 'sent' THEN 'sent' ELSE 'dropped' END WHERE id = ?1",
                row.id,
                instead
            )
            .execute(&mut *tx)
            .await
            .doing("erasing a mail")?;
        }
    }
}

/// In the journal, the name that a mail of the person bears is the pseudonym, however it is spelled.
async fn rename_senders(tx: &mut SqliteConnection, group: i64, of: &Pseudonyms, erased: &mut Erased) -> Result<()> {
    let rows = query!(
        r#"SELECT seq AS "seq!", entry FROM journal
           WHERE group_id = ?1 AND entry ->> '$.input.kind' = 'mail' AND entry ->> '$.input.name' <> ''"#,
        group
    );
    for row in rows.fetch_all(&mut *tx).await.doing("reading the journal")? {
        let mut entry: Entry = from_json("journal entry", &row.entry)?;
        let Input::Mail(mail) = &mut entry.input else { continue };
        // By a name that a list has left, the sender is known: what the group calls the member is replaced below.
        if mail.by_name || of.address(mail.from.as_str()).is_none() || of.replaced(&mail.name).is_some() {
            continue;
        }
        of.name().clone_into(&mut mail.name);
        let entry = to_json("journal entry", &entry)?;
        query!("UPDATE journal SET entry = ?2 WHERE seq = ?1", row.seq, entry)
            .execute(&mut *tx)
            .await
            .doing("renaming a sender")?;
        erased.rows += 1;
    }
    Ok(())
}

/// An operator who stopped mail is a person, too, and may have named one.
async fn replace_in_stops(tx: &mut SqliteConnection, of: &Pseudonyms) -> Result<usize> {
    let rows = query!("SELECT id, stopped_by, because, started_by FROM mail_stops");
    let mut count = 0;
    for row in rows.fetch_all(&mut *tx).await.doing("reading when mail was stopped")? {
        let new = |text: Option<&String>| text.and_then(|text| of.replaced(text));
        let (by, because, started) =
            (new(Some(&row.stopped_by)), new(row.because.as_ref()), new(row.started_by.as_ref()));
        if by.is_none() && because.is_none() && started.is_none() {
            continue;
        }
        query!(
            "UPDATE mail_stops SET stopped_by = coalesce(?2, stopped_by), because = coalesce(?3, because),
                 started_by = coalesce(?4, started_by) WHERE id = ?1",
            row.id,
            by,
            because,
            started
        )
        .execute(&mut *tx)
        .await
        .doing("forgetting somebody")?;
        count += 1;
    }
    Ok(count)
}

/// A column of texts of a group.
struct Column {
    table: String,
    name: String,
    /// The table's rows have numbers.
    has_rowid: bool,
}

/// Every column of texts in every table whose rows are a group's, whichever tables there are.
async fn columns(tx: &mut SqliteConnection) -> Result<Vec<Column>> {
    let rows = query(
        "SELECT tables.name AS tbl, columns.name AS col, tables.wr AS wr
         FROM pragma_table_list AS tables JOIN pragma_table_info(tables.name) AS columns
         WHERE tables.schema = 'main' AND tables.type = 'table' AND columns.type = 'TEXT'
           AND EXISTS (SELECT 1 FROM pragma_table_info(tables.name) AS other WHERE other.name = 'group_id')",
    );
    let rows = rows.fetch_all(tx).await.doing("reading the schema")?;
    let column = |row: sqlx::sqlite::SqliteRow| -> std::result::Result<Column, sqlx::Error> {
        Ok(Column {
            table: row.try_get("tbl")?,
            name: row.try_get("col")?,
            has_rowid: row.try_get::<i64, _>("wr")? == 0,
        })
    };
    rows.into_iter().map(column).collect::<std::result::Result<_, _>>().doing("reading the schema")
}

impl Column {
    /// Puts pseudonyms into the column, and says in how many rows.
    async fn replace(&self, tx: &mut SqliteConnection, group: i64, of: &Pseudonyms) -> Result<usize> {
        let Self { table, name, has_rowid } = self;
        let mut count = 0;
        // Names of the schema's own, never of anything that was read.
        if !has_rowid {
            let select = format!("SELECT DISTINCT {name} FROM {table} WHERE group_id = ?1 AND {name} IS NOT NULL");
            let texts = query_scalar::<_, String>(AssertSqlSafe(select)).bind(group).fetch_all(&mut *tx).await;
            for text in texts.doing("looking for somebody")? {
                let Some(new) = replaced(of, &text) else { continue };
                let update = format!("UPDATE {table} SET {name} = ?2 WHERE group_id = ?1 AND {name} = ?3");
                let update = query(AssertSqlSafe(update)).bind(group).bind(new).bind(text);
                let done = update.execute(&mut *tx).await.doing("forgetting somebody")?;
                count += usize::try_from(done.rows_affected()).unwrap_or_default();
            }
            return Ok(count);
        }
        let mut after = 0_i64;
        loop {
            let select = format!(
                "SELECT rowid, {name} FROM {table}
                 WHERE group_id = ?1 AND rowid > ?2 AND {name} IS NOT NULL ORDER BY rowid LIMIT ?3"
            );
            let select = query_as(&select, group, after);
            let rows: Vec<(i64, String)> = select.fetch_all(&mut *tx).await.doing("looking for somebody")?;
            let Some((last, _)) = rows.last() else { return Ok(count) };
            after = *last;
            for (row, text) in rows {
                let Some(new) = replaced(of, &text) else { continue };
                let update = query(AssertSqlSafe(format!("UPDATE {table} SET {name} = ?2 WHERE rowid = ?1")));
                update.bind(row).bind(new).execute(&mut *tx).await.doing("forgetting somebody")?;
                count += 1;
            }
        }
    }
}

type Rows<'q> = sqlx::query::QueryAs<'q, sqlx::Sqlite, (i64, String), sqlx::sqlite::SqliteArguments>;

fn query_as(select: &str, group: i64, after: i64) -> Rows<'static> {
    sqlx::query_as(AssertSqlSafe(select.to_owned())).bind(group).bind(after).bind(ROWS)
}

/// A text of a column with pseudonyms: JSON, where it is some.
fn replaced(of: &Pseudonyms, text: &str) -> Option<String> {
    let is_json = text.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if is_json { of.replaced_in_json(text) } else { of.replaced(text) }
}
