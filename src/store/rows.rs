//! Rows as the database has them, and the values that they are.

use serde::Deserialize;

use crate::decide::HistoryRow;
use crate::domain::{ActionItem, Contribution};

use super::error::Result;
use super::value::{from_json, parse, parse_or_none, time};

/// A row of `actions`, or an array of its columns in this order.
#[derive(Deserialize)]
pub(super) struct ActionRow {
    pub(super) reference: String,
    pub(super) what: String,
    pub(super) who: String,
    pub(super) status: String,
    pub(super) due: Option<String>,
    pub(super) priority: Option<String>,
    pub(super) notes: String,
    pub(super) proposed_by: Option<String>,
    pub(super) became: Option<String>,
}

impl ActionRow {
    pub(super) fn read(self) -> Result<ActionItem> {
        Ok(ActionItem {
            reference: parse("action item's reference", &self.reference)?,
            what: self.what,
            who: self.who.as_str().into(),
            status: parse("status", &self.status)?,
            due: parse_or_none("due date", self.due.as_deref())?,
            priority: parse_or_none("priority", self.priority.as_deref())?,
            notes: from_json("list of notes", &self.notes)?,
            proposed_by: parse_or_none("address", self.proposed_by.as_deref())?,
            became: parse_or_none("action item's reference", self.became.as_deref())?,
        })
    }
}

/// Action items, read as one row that holds an array for each: every row that sqlx hands over costs it more than
/// its JSON does, and there are thousands.
pub(super) fn read_actions(arrays: &str) -> Result<Vec<ActionItem>> {
    let rows: Vec<ActionRow> = from_json("list of action items", arrays)?;
    rows.into_iter().map(ActionRow::read).collect()
}

/// A row of `contributions`.
pub(super) struct ContributionRow {
    pub(super) reference: String,
    pub(super) reference_cell: String,
    pub(super) title: String,
    pub(super) source: String,
    pub(super) agenda_item: String,
    pub(super) deliverable: Option<String>,
    pub(super) status_cell: String,
    pub(super) meeting: Option<String>,
    pub(super) life: String,
}

impl ContributionRow {
    pub(super) fn read(self) -> Result<Contribution> {
        Ok(Contribution {
            reference: parse("contribution's reference", &self.reference)?,
            reference_cell: self.reference_cell,
            title: self.title,
            source: self.source,
            agenda_item: self.agenda_item,
            deliverable: self.deliverable,
            status_cell: self.status_cell,
            meeting: parse_or_none("meeting", self.meeting.as_deref())?,
            life: from_json("contribution's life", &self.life)?,
        })
    }
}

/// A row of `history`.
pub(super) struct ChangeRow {
    pub(super) at: i64,
    pub(super) by: String,
    pub(super) message_id: Option<String>,
    pub(super) subject: String,
    pub(super) field: String,
    pub(super) from_value: Option<String>,
    pub(super) to_value: Option<String>,
    pub(super) receipt: Option<String>,
}

impl ChangeRow {
    pub(super) fn read(self) -> Result<HistoryRow> {
        Ok(HistoryRow {
            at: time(self.at)?,
            by: self.by,
            message_id: self.message_id,
            subject: parse("subject", &self.subject)?,
            field: self.field,
            from: self.from_value,
            to: self.to_value,
            receipt: self.receipt,
        })
    }
}
