//! What exports of agendas said: the base of documents that are made from them.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{SqliteConnection, query};

use crate::decide::{Exported, Said, Version};
use crate::domain::Subject;

use super::Batch;
use super::error::{Doing as _, Result};
use super::pending::Table;
use super::value::{from_json, time, to_json};

/// Writes what the entry at `seq` exported, or what its document said of an export. Of the exports, the last 20 are
/// kept, by the order of the journal.
pub(super) async fn write(tx: &mut SqliteConnection, group: i64, seq: i64, exported: &Exported) -> Result<()> {
    let cells = to_json("cells", &exported.cells)?;
    query!(
        "INSERT INTO exports (group_id, name, seq, is_export, cells) VALUES (?1, ?2, ?3, ?4, ?5)",
        group,
        exported.name,
        seq,
        exported.is_export,
        cells
    )
    .execute(&mut *tx)
    .await
    .doing("keeping what an export says")?;
    if exported.is_export {
        query!(
            "DELETE FROM exports WHERE group_id = ?1 AND name NOT IN (
                 SELECT name FROM exports WHERE group_id = ?1 AND is_export = 1 ORDER BY id DESC LIMIT 20)",
            group
        )
        .execute(&mut *tx)
        .await
        .doing("dropping old exports")?;
    }
    Ok(())
}

/// The entry at `seq` takes back what the mail with that receipt did: what its document said of an export was not
/// said then. Where that mail took something back itself, that is said again. An export stays: it was handed out.
pub(super) async fn take_back(tx: &mut SqliteConnection, group: i64, seq: i64, receipt: &str) -> Result<()> {
    query!(
        "UPDATE exports SET taken_back = CASE WHEN taken_back = 0 THEN ?2 ELSE 0 END
         FROM receipts
         WHERE receipts.group_id = ?1 AND receipts.receipt = ?3 AND exports.group_id = ?1 AND is_export = 0
           AND (taken_back = 0 AND exports.seq = receipts.seq OR taken_back = receipts.seq)",
        group,
        seq,
        receipt
    )
    .execute(&mut *tx)
    .await
    .doing("taking back what a document says of an export")?;
    Ok(())
}

impl Batch {
    /// What the exports of these names said, those that are still kept.
    pub(super) async fn load_exports(&mut self, names: &BTreeSet<String>) -> Result<BTreeMap<String, Said>> {
        let mut exports: BTreeMap<String, Said> = BTreeMap::new();
        if names.is_empty() {
            return Ok(exports);
        }
        let names = to_json("names of exports", names)?;
        // History knows who gave a document. One that changed nothing is nobody's.
        let rows = query!(
            r#"SELECT name, cells, journal.at,
                      (SELECT by FROM history WHERE history.seq = exports.seq LIMIT 1) AS "by?: String"
               FROM exports JOIN journal ON journal.seq = exports.seq
               WHERE exports.group_id = ?1 AND name IN (SELECT value FROM json_each(?2)) AND taken_back = 0
               ORDER BY id"#,
            self.group,
            names
        )
        .fetch_all(self.reading(&[Table::Journal, Table::Baseline, Table::Receipts, Table::History]).await?)
        .await
        .doing("loading what an export says")?;
        for row in rows {
            let cells: Vec<(Subject, String, String)> = from_json("cells", &row.cells)?;
            exports.entry(row.name).or_default().push(Version {
                by: row.by.and_then(|by| by.parse().ok()),
                at: time(row.at)?,
                cells: cells.into_iter().map(|(subject, field, cell)| ((subject, field), cell)).collect(),
            });
        }
        Ok(exports)
    }
}
