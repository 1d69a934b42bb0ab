//! What the command line lists: reading only, and never in the way of the daemon.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{query, query_as};

use crate::decide::{Baseline, HistoryRow};
use crate::domain::{ActionItem, Approval, Call, Contribution, EmailAddress, Meeting, Request, Roster, Subject};

use super::error::{Doing as _, Result};
use super::rows::{ActionRow, ChangeRow, ContributionRow};
use super::value::{from_json, parse, time, time_or_none};
use super::{GroupId, MessageState, Store};

/// A message, without its raw bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageRow {
    /// Its number in this database, in order of intake.
    pub id: i64,
    /// The mailbox it came from.
    pub mailbox: String,
    /// Its identity there.
    pub uid: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// Its octets in the mailbox.
    pub size: i64,
    /// Mentions only, no commands, no answers.
    pub archive: bool,
    /// Where it stands.
    pub state: MessageState,
    /// Why it is quarantined, where it is.
    pub reason: Option<String>,
    /// Its Message-ID, once it was read.
    pub message_id: Option<String>,
    /// Its Date header, where it could be read.
    pub sent_at: Option<Timestamp>,
    /// From whom.
    pub from: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// Why it is a machine's, where it is.
    pub automatic: Option<String>,
    /// Its command lines that were answered.
    pub lines: Vec<String>,
    /// When its bytes were erased, where they are not kept any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
}

/// A mention with its message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MentionRow {
    /// What is mentioned, with the revision that was written.
    pub reference: String,
    /// What kind of reference it is.
    pub kind: String,
    /// The message.
    pub message: MessageRow,
}

/// A mail that mentions something, as pages tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentioningMail {
    /// When it was received.
    pub at: Timestamp,
    /// From whom.
    pub from: Option<EmailAddress>,
    /// Its subject.
    pub subject: String,
    /// Its Message-ID, where it has one.
    pub message_id: Option<String>,
}

/// The columns of a message.
struct Row {
    id: i64,
    mailbox: String,
    uid: String,
    received_at: i64,
    size: i64,
    archive: i64,
    state: String,
    reason: Option<String>,
    message_id: Option<String>,
    sent_at: Option<i64>,
    from_address: Option<String>,
    subject: Option<String>,
    automatic: Option<String>,
    lines: String,
    erased_at: Option<i64>,
}

impl Row {
    fn read(self) -> Result<MessageRow> {
        Ok(MessageRow {
            id: self.id,
            mailbox: self.mailbox,
            uid: self.uid,
            received_at: time(self.received_at)?,
            size: self.size,
            archive: self.archive != 0,
            state: parse("state of a message", &self.state)?,
            reason: self.reason,
            message_id: self.message_id,
            sent_at: time_or_none(self.sent_at)?,
            from: self.from_address,
            subject: self.subject,
            automatic: self.automatic,
            lines: from_json("command lines", &self.lines)?,
            erased_at: time_or_none(self.erased_at)?,
        })
    }
}

impl Store {
    /// Every action item, in order of reference.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn actions(&self, group: GroupId) -> Result<Vec<ActionItem>> {
        let rows = query_as!(
            ActionRow,
            "SELECT reference, what, who, status, due, priority, notes, proposed_by, became
             FROM actions WHERE group_id = ?1",
            group.0
        )
        .fetch_all(&self.reader)
        .await
        .doing("listing action items")?;
        let mut items = rows.into_iter().map(ActionRow::read).collect::<Result<Vec<_>>>()?;
        items.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(items)
    }

    /// Every contribution, in order of reference.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contributions(&self, group: GroupId) -> Result<Vec<Contribution>> {
        let rows = query_as!(
            ContributionRow,
            "SELECT reference, reference_cell, title, source, agenda_item, deliverable, status_cell, meeting, life
             FROM contributions WHERE group_id = ?1",
            group.0
        )
        .fetch_all(&self.reader)
        .await
        .doing("listing contributions")?;
        let mut contributions = rows.into_iter().map(ContributionRow::read).collect::<Result<Vec<_>>>()?;
        contributions.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(contributions)
    }

    /// The roster: organizations in order of name, members in order of number, gone ones included.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn roster(&self, group: GroupId) -> Result<Roster> {
        let organizations = query!("SELECT organization FROM organizations WHERE group_id = ?1 ORDER BY name", group.0)
            .fetch_all(&self.reader)
            .await
            .doing("listing organizations")?;
        let members = query!("SELECT member FROM members WHERE group_id = ?1 ORDER BY id", group.0)
            .fetch_all(&self.reader)
            .await
            .doing("listing members")?;
        Ok(Roster {
            organizations: (organizations.iter())
                .map(|row| from_json("organization", &row.organization))
                .collect::<Result<_>>()?,
            members: members.iter().map(|row| from_json("member", &row.member)).collect::<Result<_>>()?,
        })
    }

    /// Every meeting, in order of reference.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn meetings(&self, group: GroupId) -> Result<Vec<Meeting>> {
        let rows = query!("SELECT meeting FROM meetings WHERE group_id = ?1", group.0)
            .fetch_all(&self.reader)
            .await
            .doing("listing meetings")?;
        let mut meetings =
            rows.iter().map(|row| from_json("meeting", &row.meeting)).collect::<Result<Vec<Meeting>>>()?;
        meetings.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(meetings)
    }

    /// The headings of agenda items in the last documents.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn headings(&self, group: GroupId) -> Result<Baseline> {
        let rows =
            query!("SELECT subject, field, cell FROM baseline WHERE group_id = ?1 AND field GLOB 'item *'", group.0)
                .fetch_all(&self.reader)
                .await
                .doing("reading the headings of agendas")?;
        rows.into_iter().map(|row| Ok(((parse("subject", &row.subject)?, row.field), row.cell))).collect()
    }

    /// Every approval by e-mail, in order of what it is of; only those that run or wait to be ratified, where asked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn approvals(&self, group: GroupId, only_open: bool) -> Result<Vec<Approval>> {
        let rows = query!(
            "SELECT approval FROM approvals WHERE group_id = ?1 AND (NOT ?2 OR state = 'open') ORDER BY subject",
            group.0,
            only_open
        )
        .fetch_all(&self.reader)
        .await
        .doing("listing approvals")?;
        rows.iter().map(|row| from_json("approval", &row.approval)).collect()
    }

    /// Every conference call, in order of time, those that do not take place included.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn calls(&self, group: GroupId) -> Result<Vec<Call>> {
        let rows = query!("SELECT call FROM calls WHERE group_id = ?1 ORDER BY date", group.0)
            .fetch_all(&self.reader)
            .await
            .doing("listing calls")?;
        rows.iter().map(|row| from_json("call", &row.call)).collect()
    }

    /// Every request, in order of number; only those that wait, where asked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn requests(&self, group: GroupId, only_waiting: bool) -> Result<Vec<Request>> {
        let rows = query!(
            "SELECT request FROM requests WHERE group_id = ?1 AND (NOT ?2 OR state = 'waiting') ORDER BY id",
            group.0,
            only_waiting
        )
        .fetch_all(&self.reader)
        .await
        .doing("listing requests")?;
        rows.iter().map(|row| from_json("request", &row.request)).collect()
    }

    /// What happened, oldest first: to one subject, or to everything.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn history(&self, group: GroupId, of: Option<&Subject>) -> Result<Vec<HistoryRow>> {
        let rows = match of.map(ToString::to_string) {
            Some(subject) => {
                query_as!(
                    ChangeRow,
                    r#"SELECT at, by, message_id, subject, field, from_value, to_value, NULL AS "receipt: String"
                       FROM history WHERE group_id = ?1 AND subject = ?2 ORDER BY id"#,
                    group.0,
                    subject
                )
                .fetch_all(&self.reader)
                .await
            }
            None => {
                query_as!(
                    ChangeRow,
                    r#"SELECT at, by, message_id, subject, field, from_value, to_value, NULL AS "receipt: String"
                       FROM history WHERE group_id = ?1 ORDER BY id"#,
                    group.0
                )
                .fetch_all(&self.reader)
                .await
            }
        };
        rows.doing("listing history")?.into_iter().map(ChangeRow::read).collect()
    }

    /// Messages in order of intake: those after `after`, at most `limit`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn messages(&self, group: GroupId, after: i64, limit: u32) -> Result<Vec<MessageRow>> {
        let rows = query_as!(
            Row,
            r#"SELECT id AS "id!", mailbox, uid, received_at, size, archive, state, reason, message_id, sent_at,
                      from_address, subject, automatic, lines, erased_at
               FROM messages WHERE group_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3"#,
            group.0,
            after,
            limit
        )
        .fetch_all(&self.reader)
        .await
        .doing("listing messages")?;
        rows.into_iter().map(Row::read).collect()
    }

    /// One message.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn message(&self, id: i64) -> Result<Option<MessageRow>> {
        let row = query_as!(
            Row,
            r#"SELECT id AS "id!", mailbox, uid, received_at, size, archive, state, reason, message_id, sent_at,
                      from_address, subject, automatic, lines, erased_at
               FROM messages WHERE id = ?1"#,
            id
        )
        .fetch_optional(&self.reader)
        .await
        .doing("reading a message")?;
        row.map(Row::read).transpose()
    }

    /// The messages that mention a reference, in order of intake; of a contribution, any revision.
    /// Copies of a message are left out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mentions(&self, group: GroupId, reference: &str) -> Result<Vec<MentionRow>> {
        // "SEC-2014-0243R" to before "SEC-2014-0243S": every revision; some groups write "S3-140123r1".
        let [first, end, first_small, end_small] = ["R", "S", "r", "s"].map(|letter| format!("{reference}{letter}"));
        let rows = query!(
            r#"SELECT n.reference, n.kind, m.id AS "id!", m.mailbox, m.uid, m.received_at, m.size, m.archive, m.state,
                      m.reason, m.message_id, m.sent_at, m.from_address, m.subject, m.automatic, m.lines,
                      m.erased_at
               FROM mentions AS n JOIN messages AS m ON m.id = n.message
               WHERE n.group_id = ?1 AND (n.reference = ?2 OR (n.reference > ?3 AND n.reference < ?4)
                                             OR (n.reference > ?5 AND n.reference < ?6))
                     AND m.state <> 'copy'
               ORDER BY m.id, n.reference"#,
            group.0,
            reference,
            first,
            end,
            first_small,
            end_small
        )
        .fetch_all(&self.reader)
        .await
        .doing("listing mentions")?;
        rows.into_iter()
            .map(|row| {
                let message = Row {
                    id: row.id,
                    mailbox: row.mailbox,
                    uid: row.uid,
                    received_at: row.received_at,
                    size: row.size,
                    archive: row.archive,
                    state: row.state,
                    reason: row.reason,
                    message_id: row.message_id,
                    sent_at: row.sent_at,
                    from_address: row.from_address,
                    subject: row.subject,
                    automatic: row.automatic,
                    lines: row.lines,
                    erased_at: row.erased_at,
                };
                Ok(MentionRow { reference: row.reference, kind: row.kind, message: message.read()? })
            })
            .collect()
    }

    /// The last entry of the journal, and the last message that was read: where both are the same, so is all
    /// that is kept of the group. Both are looked for from the end, whatever index the group could be found by.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn last_kept(&self, group: GroupId) -> Result<(i64, i64)> {
        let row = query!(
            r#"SELECT (SELECT coalesce(max(seq), 0) FROM journal WHERE group_id = ?1) AS "entry!: i64",
                      coalesce((SELECT id FROM messages WHERE +group_id = ?1 AND state <> 'waiting'
                                ORDER BY id DESC LIMIT 1), 0) AS "message!: i64""#,
            group.0
        )
        .fetch_one(&self.reader)
        .await
        .doing("reading how far the group is")?;
        Ok((row.entry, row.message))
    }

    /// Every mention with its mail, in order of intake. Copies of a mail are left out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mails(&self, group: GroupId) -> Result<Vec<(String, MentioningMail)>> {
        let rows = query!(
            r#"SELECT n.reference, m.received_at, m.from_address, m.subject, m.message_id
               FROM mentions AS n JOIN messages AS m ON m.id = n.message
               WHERE n.group_id = ?1 AND m.state <> 'copy' ORDER BY m.id"#,
            group.0
        )
        .fetch_all(&self.reader)
        .await
        .doing("listing the mails of mentions")?;
        let read = |at, from: Option<String>, subject: Option<String>, message_id| {
            let from = from.and_then(|from| from.parse().ok());
            Ok(MentioningMail { at: time(at)?, from, subject: subject.unwrap_or_default(), message_id })
        };
        rows.into_iter()
            .map(|row| Ok((row.reference, read(row.received_at, row.from_address, row.subject, row.message_id)?)))
            .collect()
    }
}
