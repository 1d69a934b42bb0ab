//! What an agenda document says: its rows, cells verbatim.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ActionItemRef, ContributionRef, MeetingRef, Plenary, Session};

/// What an agenda document says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgendaDocument {
    /// The meeting it is for.
    pub meeting: Option<AgendaMeeting>,
    /// Its sessions, in order of time; given twice, they are one (the schedule wins).
    pub sessions: Vec<Session>,
    /// The rows of action items.
    pub action_items: Vec<ActionItemRow>,
    /// The rows of contributions.
    pub contributions: Vec<ContributionRow>,
    /// What was doubtful or not understood, in the document's own words, with what was assumed.
    pub remarks: Vec<String>,
    /// The headings of its numbered agenda items, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<AgendaItem>,
    /// The export that the document was made from, where it says so: its cells are what it is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_from: Option<String>,
}

/// A numbered item of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaItem {
    /// Its number (`7.2`).
    pub number: String,
    /// Its heading.
    pub title: String,
}

/// The meeting an agenda is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaMeeting {
    /// Its reference (`SEC#10.0`).
    pub reference: MeetingRef,
    /// The plenary it is held in (`TP10`).
    pub plenary: Option<Plenary>,
    /// Its first day.
    pub start: Option<Date>,
    /// Its last day.
    pub end: Option<Date>,
    /// Where (`Berlin, Germany`).
    pub place: Option<String>,
    /// Until when contributions to it may come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Date>,
}

/// A row of the action items' table: REFERENCE, WHAT, WHO, STATUS, cells verbatim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionItemRow {
    /// The reference.
    pub reference: ActionItemRef,
    /// WHAT.
    pub what: String,
    /// WHO.
    pub who: String,
    /// STATUS.
    pub status: String,
}

/// A row of a contributions' table, cells verbatim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributionRow {
    /// The contribution.
    pub reference: ContributionRef,
    /// The reference cell (`SEC-2014-0243R01 > R02`).
    pub reference_cell: String,
    /// The title.
    pub title: String,
    /// The source.
    pub source: String,
    /// The status cell.
    pub status_cell: String,
    /// The agenda item it stands under (`7.2`, `8`).
    pub agenda_item: String,
    /// The deliverable that its section affects, where the section's heading names one.
    pub deliverable: Option<String>,
}
