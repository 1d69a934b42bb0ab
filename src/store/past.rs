//! What has happened: what a mail of ours meant, what one message did, history, and the mails that mention a thing.

use std::collections::BTreeSet;

use sqlx::query;

use crate::decide::{Done, HistoryRow, Mentioned, Replied, UndoWhich};
use crate::domain::{Change, Roster, Subject};

use super::Batch;
use super::error::{Doing as _, Result};
use super::pending::Table;
use super::rows::ChangeRow;
use super::value::{number, parse, time, to_json};

/// At most so many mails that mention one thing are told of: the last.
const MENTIONS: i64 = 50;

impl Batch {
    /// The first of these mails that is ours, with its rows.
    pub(super) async fn load_replied(&mut self, message_ids: &[String]) -> Result<Option<Replied>> {
        if message_ids.is_empty() {
            return Ok(None);
        }
        let asked = to_json("Message-IDs", message_ids)?;
        // A mail without rows is ours too; one whose outbox row is gone still has its rows.
        let rows = query!(
            r#"SELECT CAST(j.key AS INTEGER) AS "at!: i64", s.message_id AS "message_id!: String", s.number AS "number?: i64",
                      s.subject AS "subject?: String"
               FROM json_each(?2) AS j JOIN sent_rows AS s ON s.group_id = ?1 AND s.message_id = j.value
               UNION ALL
               SELECT CAST(j.key AS INTEGER), o.message_id, NULL, NULL
               FROM json_each(?2) AS j JOIN outbox AS o ON o.message_id = j.value AND o.group_id = ?1
               ORDER BY 1, 3"#,
            self.group,
            asked
        )
        .fetch_all(self.reading(&[Table::Outbox, Table::SentRows]).await?)
        .await
        .doing("loading the rows of a mail")?;
        let Some((first, message_id)) = rows.first().map(|row| (row.at, row.message_id.clone())) else {
            return Ok(None);
        };
        let mut kept = Vec::new();
        for row in rows.into_iter().take_while(|row| row.at == first) {
            if let (Some(at), Some(subject)) = (row.number, row.subject) {
                kept.push((number("number of a row", at)?, parse("subject", &subject)?));
            }
        }
        Ok(Some(Replied::new(message_id, kept)))
    }

    /// The receipt in the answer with that Message-ID, where it has one.
    pub(super) async fn receipt_of(&mut self, message_id: &str) -> Result<Option<String>> {
        let row = query!(
            "SELECT r.receipt FROM outbox AS o JOIN receipts AS r ON r.seq = o.seq
             WHERE o.group_id = ?1 AND o.message_id = ?2",
            self.group,
            message_id
        )
        .fetch_optional(self.reading(&[Table::Outbox, Table::Receipts]).await?)
        .await
        .doing("looking up what an answer was about")?;
        Ok(row.map(|row| row.receipt))
    }

    pub(super) async fn load_done(&mut self, which: &UndoWhich, roster: &Roster) -> Result<Option<Done>> {
        let (receipt, senders) = match which {
            UndoWhich::Receipt(receipt) => (Some(receipt.as_str()), Vec::new()),
            UndoWhich::LastOf(sender) => {
                let own = roster.member_by_address(sender).map(|member| member.addresses.clone());
                (None, own.unwrap_or_else(|| vec![sender.clone()]))
            }
        };
        let senders = to_json("addresses", &senders)?;
        let found = query!(
            "SELECT receipt, seq, at, by, undone FROM receipts WHERE group_id = ?1 AND receipt = ?2
             UNION ALL
             SELECT receipt, seq, at, by, undone FROM receipts
             WHERE ?2 IS NULL AND group_id = ?1 AND by IN (SELECT value FROM json_each(?3)) AND undone = 0
             ORDER BY 2 DESC LIMIT 1",
            self.group,
            receipt,
            senders
        )
        .fetch_optional(self.reading(&[Table::Receipts, Table::History]).await?)
        .await
        .doing("loading what a message did")?;
        let Some(found) = found else { return Ok(None) };
        let took_back = query!(
            "SELECT receipt FROM receipts WHERE ?3 IS NULL AND group_id = ?1 AND undone = ?2",
            self.group,
            found.seq,
            receipt
        )
        .fetch_optional(self.reading(&[Table::Receipts]).await?)
        .await
        .doing("looking up what a message took back")?
        .map(|row| row.receipt);
        let changes =
            query!("SELECT subject, field, from_value, to_value FROM history WHERE seq = ?1 ORDER BY id", found.seq)
                .fetch_all(self.reading(&[Table::Receipts, Table::History]).await?)
                .await
                .doing("loading what a message changed")?;
        let changes = changes
            .into_iter()
            .map(|row| Ok(Change::new(parse("subject", &row.subject)?, row.field, row.from_value, row.to_value)))
            .collect::<Result<_>>()?;
        let undone = found.undone != 0;
        Ok(Some(Done { receipt: found.receipt, at: time(found.at)?, by: found.by, changes, undone, took_back }))
    }

    pub(super) async fn load_history(&mut self, of: &BTreeSet<Subject>) -> Result<Vec<HistoryRow>> {
        if of.is_empty() {
            return Ok(Vec::new());
        }
        let asked = to_json("subjects", of)?;
        let rows = sqlx::query_as!(
            ChangeRow,
            r#"SELECT h.at, h.by, h.message_id, h.subject, h.field, h.from_value, h.to_value,
                      (SELECT r.receipt FROM receipts AS r WHERE r.seq = h.seq AND r.undone = 0) AS "receipt?: String"
               FROM history AS h
               WHERE h.group_id = ?1 AND h.subject IN (SELECT value FROM json_each(?2)) ORDER BY h.id"#,
            self.group,
            asked
        )
        .fetch_all(self.reading(&[Table::History, Table::Receipts]).await?)
        .await
        .doing("loading history")?;
        rows.into_iter().map(ChangeRow::read).collect()
    }

    /// The last mails that mention any of these, in order. Those to the bot alone are nobody else's to read.
    pub(super) async fn load_thread(&mut self, of: &BTreeSet<Subject>) -> Result<Vec<Mentioned>> {
        let is_mentioned =
            |subject: &&Subject| matches!(subject, Subject::Action(_) | Subject::Contribution(_) | Subject::Meeting(_));
        let mut thread = Vec::new();
        for what in of.iter().filter(is_mentioned) {
            // A revision is written behind the reference: R01, and r1 in other groups.
            let (reference, end) = (what.to_string(), format!("{what}s"));
            let rows = query!(
                r#"SELECT min(coalesce(m.sent_at, m.received_at), m.taken_at) AS "at!: i64", m.from_address, m.subject
                   FROM messages AS m
                   WHERE m.id IN (SELECT message FROM mentions WHERE group_id = ?1
                                  AND reference >= ?2 AND reference < ?3
                                  AND upper(substr(reference, length(?2) + 1, 1)) IN ('', 'R'))
                         AND m.state = 'done'
                         AND NOT EXISTS (SELECT 1 FROM journal AS j WHERE j.message = m.id
                                         AND j.entry ->> '$.input.addressed' = 'bot_alone')
                   ORDER BY 1 DESC, m.id DESC LIMIT ?4"#,
                self.group,
                reference,
                end,
                MENTIONS
            )
            .fetch_all(self.reading(&[Table::Journal]).await?)
            .await
            .doing("loading the mails that mention something")?;
            for row in rows.into_iter().rev() {
                // An address that no reader of today takes for one is nobody's.
                let from = row.from_address.and_then(|from| from.parse().ok());
                let subject = row.subject.unwrap_or_default();
                thread.push(Mentioned { what: what.clone(), at: time(row.at)?, from, subject });
            }
        }
        Ok(thread)
    }
}
