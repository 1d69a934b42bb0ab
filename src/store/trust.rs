//! What tokens name, which of them everybody has seen, and what is held until somebody confirms it.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::query;

use crate::decide::Entry;
use crate::domain::{EmailAddress, Roster, Subject};

use super::Batch;
use super::error::{Doing as _, Result};
use super::pending::Table;
use super::value::{from_json, number, parse_or_none, to_json};

/// The mail of ours that a tag names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// Its Message-ID.
    pub message_id: String,
    /// To whom it went, where that is still known.
    pub recipient: Option<EmailAddress>,
    /// Its tokens were seen on a list.
    pub exposed: bool,
}

impl Batch {
    /// Whether a person has written from one of these addresses after a moment, in a mail that was read. Messages of
    /// this batch are among them once they are finished.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn has_written_after(&mut self, addresses: &[EmailAddress], at: Timestamp) -> Result<bool> {
        let (addresses, at) = (to_json("addresses", addresses)?, at.as_millisecond());
        let row = query!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM messages
                   WHERE group_id = ?1 AND state IN ('done', 'copy') AND NOT archive
                     AND automatic IS NULL AND from_address IN (SELECT value FROM json_each(?2))
                     AND min(coalesce(sent_at, received_at), received_at) > ?3) AS "has_written!: bool""#,
            self.group,
            addresses,
            at
        )
        .fetch_one(self.reading(&[]).await?)
        .await
        .doing("looking whether somebody has written")?;
        Ok(row.has_written)
    }

    /// The mails of this group that these tags name. A tag that names two names none.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tagged(&mut self, tags: &[&str]) -> Result<HashMap<String, Tagged>> {
        if tags.is_empty() {
            return Ok(HashMap::new());
        }
        let asked = to_json("tags", tags)?;
        // CROSS: SQLite would go through every mail of the group otherwise.
        let rows = query!(
            r#"SELECT CAST(j.value AS TEXT) AS "tag!: String", o.message_id AS "message_id!: String", o.recipient AS "recipient?: String",
                      EXISTS (SELECT 1 FROM exposed_tokens AS e WHERE e.group_id = ?1 AND e.tag = j.value)
                          AS "exposed!: bool"
               FROM json_each(?2) AS j CROSS JOIN outbox AS o
               ON o.group_id = ?1 AND substr(o.message_id, instr(o.message_id, '.') + 1, 14) = j.value
               UNION
               SELECT CAST(j.value AS TEXT), s.message_id, NULL,
                      EXISTS (SELECT 1 FROM exposed_tokens AS e WHERE e.group_id = ?1 AND e.tag = j.value)
               FROM json_each(?2) AS j CROSS JOIN sent_rows AS s
               ON s.group_id = ?1 AND substr(s.message_id, instr(s.message_id, '.') + 1, 14) = j.value"#,
            self.group,
            asked
        )
        .fetch_all(self.reading(&[Table::Outbox, Table::SentRows]).await?)
        .await
        .doing("looking up the mails of tokens")?;
        let mut found: HashMap<String, Vec<Tagged>> = HashMap::new();
        for row in rows {
            let recipient = parse_or_none("address", row.recipient.as_deref())?;
            let mails = found.entry(row.tag).or_default();
            match mails.iter_mut().find(|mail| mail.message_id == row.message_id) {
                Some(mail) => mail.recipient = mail.recipient.take().or(recipient),
                None => mails.push(Tagged { message_id: row.message_id, recipient, exposed: row.exposed }),
            }
        }
        let only = found.into_iter().filter(|(_, mails)| mails.len() == 1);
        Ok(only.filter_map(|(tag, mails)| Some((tag, mails.into_iter().next()?))).collect())
    }

    /// Whether another message than `but`, of the same sender and Date, has said one of these lines.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn has_said(
        &mut self,
        from: &EmailAddress,
        sent_at: Timestamp,
        but: &str,
        lines: &[String],
    ) -> Result<bool> {
        let (from, sent_at, lines) = (from.as_str(), sent_at.as_millisecond(), to_json("lines", lines)?);
        let row = query!(
            r#"SELECT EXISTS (SELECT 1 FROM messages AS m, json_each(m.lines) AS said
                              WHERE m.group_id = ?1 AND m.from_address = ?2 AND m.sent_at = ?3 AND m.message_id <> ?4
                                AND m.state <> 'waiting' AND said.value IN (SELECT value FROM json_each(?5)))
               AS "has: i64""#,
            self.group,
            from,
            sent_at,
            but,
            lines
        )
        .fetch_one(self.reading(&[]).await?)
        .await
        .doing("looking up what a sender has said")?;
        Ok(row.has != 0)
    }

    /// Whether something came of a message with that Message-ID by somebody with one of these
    /// addresses: it has changed something, or the member has said yes or no to what was
    /// held of it. Where it is asked for another text under the Message-ID, a no settles nothing:
    /// it was said of what somebody else has written.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_settled(
        &mut self,
        message_id: &str,
        addresses: &[EmailAddress],
        of_another_text: bool,
    ) -> Result<bool> {
        let addresses = to_json("addresses", addresses)?;
        let row = query!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM history AS h
                   WHERE h.group_id = ?1 AND h.message_id = ?2 AND h.by IN (SELECT value FROM json_each(?3))
                     AND NOT (h.subject GLOB 'request *' AND EXISTS (
                         SELECT 1 FROM requests AS r
                         WHERE r.group_id = ?1 AND r.id = CAST(substr(h.subject, 9) AS INTEGER)
                           AND (r.state IN ('waiting', 'dropped') OR ?4 AND r.state = 'denied') AND r.request ->> '$.kind.kind' = 'held'))) AS "is_settled!: bool""#,
            self.group,
            message_id,
            addresses,
            of_another_text
        )
        .fetch_one(self.reading(&[Table::History, Table::Requests]).await?)
        .await
        .doing("looking up what came of a message")?;
        Ok(row.is_settled)
    }

    /// The whole roster.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn roster(&mut self) -> Result<&Roster> {
        if self.loaded.is_none() {
            self.loaded = Some(self.load_group().await?);
        }
        static NOBODY: Roster = Roster { organizations: Vec::new(), members: Vec::new() };
        Ok(self.loaded.as_ref().map_or(&NOBODY, |group| &group.roster))
    }

    /// The entry of the journal that made a request: for a request that holds a mail, that mail.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn made_by(&mut self, request: u32) -> Result<Option<Entry>> {
        let subject = Subject::Request(request).to_string();
        let row = query!(
            "SELECT entry FROM journal WHERE seq = (
                 SELECT seq FROM history WHERE group_id = ?1 AND subject = ?2 AND field = 'asks' ORDER BY id LIMIT 1)",
            self.group,
            subject
        )
        .fetch_optional(self.reading(&[Table::Journal, Table::History]).await?)
        .await
        .doing("looking up what a request is about")?;
        row.map(|row| from_json("journal entry", &row.entry)).transpose()
    }

    /// The waiting questions that can be answered with one of these codes, or in reply to one of these
    /// mails.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn questions(&mut self, codes: &[String], message_ids: &[String]) -> Result<Vec<u32>> {
        let (codes, message_ids) = (to_json("codes", codes)?, to_json("Message-IDs", message_ids)?);
        let rows = query!(
            r#"SELECT id AS "id!" FROM requests AS r INDEXED BY requests_waiting
               WHERE group_id = ?1 AND state = 'waiting' AND request ->> '$.kind.code' IS NOT NULL AND (
                   request ->> '$.kind.code' IN (SELECT value FROM json_each(?2))
                   OR 'request ' || r.id IN (
                       SELECT s.subject FROM json_each(?3) AS j CROSS JOIN sent_rows AS s
                       ON s.group_id = ?1 AND s.message_id = j.value))
               ORDER BY id"#,
            self.group,
            codes,
            message_ids
        )
        .fetch_all(self.reading(&[Table::Requests, Table::SentRows]).await?)
        .await
        .doing("looking up questions")?;
        rows.into_iter().map(|row| number("number of a request", row.id)).collect()
    }

    /// Keeps which tokens were seen on a list.
    pub(super) async fn write_exposed(&mut self, seq: i64, tags: &[String]) -> Result<()> {
        let tags = to_json("tags", tags)?;
        query!(
            "INSERT INTO exposed_tokens (group_id, tag, seq)
             SELECT ?1, value, ?3 FROM json_each(?2) WHERE true ON CONFLICT (group_id, tag) DO NOTHING",
            self.group,
            tags,
            seq
        )
        .execute(self.writing().await?)
        .await
        .doing("keeping which tokens were seen")?;
        Ok(())
    }
}
