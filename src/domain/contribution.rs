//! Contributions as an agenda's rows list them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ContributionRef, MeetingRef, NotA, text_serde};

/// A contribution as the last agenda's row said it. Its cells are kept verbatim; the status cell is
/// read where decisions are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// Its reference, without revision.
    pub reference: ContributionRef,
    /// The agenda's reference cell (`SEC-2014-0243R01 > R02`).
    pub reference_cell: String,
    /// Its title.
    pub title: String,
    /// Who gave it, as written.
    pub source: String,
    /// The agenda item under which it is listed (`7.2`).
    pub agenda_item: String,
    /// The deliverable its section affects.
    pub deliverable: Option<String>,
    /// The agenda's status cell, verbatim.
    pub status_cell: String,
    /// The meeting on whose agenda it was last listed.
    pub meeting: Option<MeetingRef>,
}

/// A field of a contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContributionField {
    /// The agenda's reference cell.
    ReferenceCell,
    /// The title.
    Title,
    /// The source.
    Source,
    /// The agenda item.
    AgendaItem,
    /// The deliverable it affects.
    Deliverable,
    /// The agenda's status cell.
    StatusCell,
    /// The meeting on whose agenda it was last listed.
    Meeting,
}

impl ContributionField {
    /// Every field.
    pub const ALL: [Self; 7] = [
        Self::ReferenceCell,
        Self::Title,
        Self::Source,
        Self::AgendaItem,
        Self::Deliverable,
        Self::StatusCell,
        Self::Meeting,
    ];

    /// The field's name in history and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReferenceCell => "reference_cell",
            Self::Title => "title",
            Self::Source => "source",
            Self::AgendaItem => "agenda_item",
            Self::Deliverable => "deliverable",
            Self::StatusCell => "status_cell",
            Self::Meeting => "meeting",
        }
    }
}

impl fmt::Display for ContributionField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ContributionField {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        Self::ALL
            .into_iter()
            .find(|field| field.as_str() == text)
            .ok_or_else(|| NotA::new(text, "field of a contribution", "title, source, agenda_item, …"))
    }
}

text_serde!(ContributionField);

impl Contribution {
    /// A contribution of which only the reference is known.
    #[must_use]
    pub const fn new(reference: ContributionRef) -> Self {
        Self {
            reference,
            reference_cell: String::new(),
            title: String::new(),
            source: String::new(),
            agenda_item: String::new(),
            deliverable: None,
            status_cell: String::new(),
            meeting: None,
        }
    }

    /// The field's value as text; `None` where it is empty.
    #[must_use]
    pub fn get(&self, field: ContributionField) -> Option<String> {
        let text = match field {
            ContributionField::ReferenceCell => self.reference_cell.clone(),
            ContributionField::Title => self.title.clone(),
            ContributionField::Source => self.source.clone(),
            ContributionField::AgendaItem => self.agenda_item.clone(),
            ContributionField::Deliverable => self.deliverable.clone().unwrap_or_default(),
            ContributionField::StatusCell => self.status_cell.clone(),
            ContributionField::Meeting => self.meeting.as_ref().map(ToString::to_string).unwrap_or_default(),
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// Gives the field the value that `to` prints.
    ///
    /// # Errors
    /// Where `to` is no value of the field.
    pub fn set(&mut self, field: ContributionField, to: Option<&str>) -> Result<(), NotA> {
        let text = to.unwrap_or_default().to_owned();
        match field {
            ContributionField::ReferenceCell => self.reference_cell = text,
            ContributionField::Title => self.title = text,
            ContributionField::Source => self.source = text,
            ContributionField::AgendaItem => self.agenda_item = text,
            ContributionField::Deliverable => self.deliverable = to.map(ToOwned::to_owned),
            ContributionField::StatusCell => self.status_cell = text,
            ContributionField::Meeting => self.meeting = to.map(str::parse).transpose()?,
        }
        Ok(())
    }
}
