//! What the last document said in each cell: the base of the three-way merge, and what it was before.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{SqliteConnection, query};

use crate::decide::{Baseline, Known, Replaced};
use crate::domain::{RequestState, Status, Subject};

use super::Batch;
use super::error::{Doing as _, Result};
use super::pending::Table;
use super::value::{parse, time, to_json};

/// So many documents are known again when they come once more.
const VERSIONS: i64 = 40;

/// Writes the cells of a document that the entry at `seq` took over, and keeps what they replace. A cell that says
/// what it said before is left as it is: it is still the earlier document's.
pub(super) async fn write(
    tx: &mut SqliteConnection,
    group: i64,
    seq: i64,
    cells: &[(Subject, String, String)],
) -> Result<()> {
    let cells = to_json("cells", cells)?;
    query!(
        "INSERT OR IGNORE INTO replaced_cells (group_id, seq, subject, field, cell)
         SELECT ?1, ?2, value ->> 0, value ->> 1, baseline.cell
         FROM json_each(?3) LEFT JOIN baseline
              ON baseline.group_id = ?1 AND baseline.subject = value ->> 0 AND baseline.field = value ->> 1
         WHERE baseline.cell IS NOT value ->> 2",
        group,
        seq,
        cells
    )
    .execute(&mut *tx)
    .await
    .doing("keeping the cells of the document before")?;
    query!(
        "INSERT INTO baseline (group_id, subject, field, cell, seq)
         SELECT ?1, value ->> 0, value ->> 1, value ->> 2, ?2 FROM json_each(?3) WHERE true ORDER BY key
         ON CONFLICT (group_id, subject, field) DO UPDATE SET cell = excluded.cell, seq = excluded.seq
         WHERE cell <> excluded.cell",
        group,
        seq,
        cells
    )
    .execute(&mut *tx)
    .await
    .doing("writing the document's cells")?;
    Ok(())
}

/// The entry at `seq` takes back what the mail with that receipt did: the cells that its document changed are as
/// they were before, but for those that a later document changed once more. What this replaces is kept as well, so
/// that the taking back can be taken back.
pub(super) async fn take_back(tx: &mut SqliteConnection, group: i64, seq: i64, receipt: &str) -> Result<()> {
    query!(
        "INSERT OR IGNORE INTO replaced_cells (group_id, seq, subject, field, cell)
         SELECT ?1, ?2, before.subject, before.field, baseline.cell
         FROM receipts JOIN replaced_cells AS before ON before.group_id = ?1 AND before.seq = receipts.seq
         LEFT JOIN baseline
              ON baseline.group_id = ?1 AND baseline.subject = before.subject AND baseline.field = before.field
         WHERE receipts.group_id = ?1 AND receipts.receipt = ?3
           AND (baseline.seq IS NULL OR baseline.seq = before.seq)",
        group,
        seq,
        receipt
    )
    .execute(&mut *tx)
    .await
    .doing("keeping the cells that are taken back")?;
    query!(
        "INSERT INTO baseline (group_id, subject, field, cell, seq)
         SELECT ?1, before.subject, before.field, before.cell, ?2
         FROM receipts
         JOIN replaced_cells AS before ON before.group_id = ?1 AND before.seq = receipts.seq
         JOIN replaced_cells AS now
              ON now.group_id = ?1 AND now.seq = ?2 AND now.subject = before.subject AND now.field = before.field
         WHERE receipts.group_id = ?1 AND receipts.receipt = ?3 AND before.cell IS NOT NULL
         ON CONFLICT (group_id, subject, field) DO UPDATE SET cell = excluded.cell, seq = excluded.seq",
        group,
        seq,
        receipt
    )
    .execute(&mut *tx)
    .await
    .doing("giving the cells of the document before back")?;
    query!(
        "DELETE FROM baseline WHERE group_id = ?1 AND (subject, field) IN (
             SELECT before.subject, before.field
             FROM receipts
             JOIN replaced_cells AS before ON before.group_id = ?1 AND before.seq = receipts.seq
             JOIN replaced_cells AS now
                  ON now.group_id = ?1 AND now.seq = ?2 AND now.subject = before.subject AND now.field = before.field
             WHERE receipts.group_id = ?1 AND receipts.receipt = ?3 AND before.cell IS NULL)",
        group,
        seq,
        receipt
    )
    .execute(&mut *tx)
    .await
    .doing("taking back the cells of a document")?;
    Ok(())
}

impl Batch {
    /// The cells of the last document that was imported.
    pub(super) async fn load_baseline(&mut self) -> Result<Baseline> {
        // What is taken back with a receipt gives the base of before it back.
        let rows = query!("SELECT subject, field, cell FROM baseline WHERE group_id = ?1", self.group)
            .fetch_all(self.reading(&[Table::Baseline, Table::Receipts]).await?)
            .await
            .doing("loading the last document")?;
        rows.into_iter().map(|row| Ok(((parse("subject", &row.subject)?, row.field), row.cell))).collect()
    }

    /// What the last documents have replaced in it, the newest first.
    pub(super) async fn load_replaced(&mut self) -> Result<Vec<Replaced>> {
        let rows = query!(
            r#"SELECT replaced_cells.seq, journal.at, subject, field, cell,
                      EXISTS (SELECT 1 FROM receipts
                              WHERE receipts.group_id = ?1 AND receipts.seq = replaced_cells.seq AND undone <> 0)
                      AS "is_taken_back!: bool"
               FROM replaced_cells JOIN journal ON journal.seq = replaced_cells.seq
               WHERE replaced_cells.group_id = ?1 AND replaced_cells.seq IN (
                   SELECT DISTINCT seq FROM replaced_cells WHERE group_id = ?1 ORDER BY seq DESC LIMIT ?2)
               ORDER BY replaced_cells.seq DESC"#,
            self.group,
            VERSIONS
        )
        .fetch_all(self.reading(&[Table::Journal, Table::Baseline, Table::Receipts]).await?)
        .await
        .doing("loading what documents have replaced")?;
        let mut all: Vec<(i64, Replaced)> = Vec::new();
        for row in rows {
            if all.last().is_none_or(|(seq, _)| *seq != row.seq) {
                let (at, is_taken_back) = (time(row.at)?, row.is_taken_back);
                all.push((row.seq, Replaced { at, is_taken_back, cells: BTreeMap::new() }));
            }
            let key = (parse("subject", &row.subject)?, row.field);
            all.last_mut().and_then(|(_, replaced)| replaced.cells.insert(key, row.cell));
        }
        Ok(all.into_iter().map(|(_, replaced)| replaced).collect())
    }

    /// The headings of agenda items in the last documents.
    pub(super) async fn load_headings(&mut self) -> Result<Baseline> {
        let rows =
            query!("SELECT subject, field, cell FROM baseline WHERE group_id = ?1 AND field GLOB 'item *'", self.group)
                .fetch_all(self.reading(&[Table::Baseline, Table::Receipts]).await?)
                .await
                .doing("loading the headings of agendas")?;
        rows.into_iter().map(|row| Ok(((parse("subject", &row.subject)?, row.field), row.cell))).collect()
    }

    /// The cancelled action items and dropped requests that are so because a mail was taken back: nothing was changed
    /// of them since.
    pub(super) async fn load_taken_back(&mut self, known: &Known) -> Result<BTreeSet<Subject>> {
        let cancelled = known.actions.values().filter(|item| item.status == Status::Cancelled);
        let dropped = known.requests.values().filter(|request| request.state == RequestState::Dropped);
        let given_up = cancelled.map(|item| Subject::Action(item.reference.clone()));
        let given_up: Vec<String> =
            given_up.chain(dropped.map(|request| Subject::Request(request.id))).map(|of| of.to_string()).collect();
        if given_up.is_empty() {
            return Ok(BTreeSet::new());
        }
        let subjects = to_json("subjects", &given_up)?;
        let rows = query!(
            "SELECT subject FROM history
             WHERE group_id = ?1 AND subject IN (SELECT value FROM json_each(?2))
             GROUP BY subject
             HAVING max(seq) IN (SELECT undone FROM receipts WHERE group_id = ?1 AND undone <> 0)",
            self.group,
            subjects
        )
        .fetch_all(self.reading(&[Table::History, Table::Receipts]).await?)
        .await
        .doing("loading what was taken back")?;
        rows.into_iter().map(|row| parse("subject", &row.subject)).collect()
    }
}
