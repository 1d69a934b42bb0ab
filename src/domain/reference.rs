//! References as values: action items, contributions and their revisions, meetings, plenaries,
//! deliverables. Finding them in what people write is [`scan`]'s.

use std::fmt;

use super::{NotA, text_serde};

mod action;
mod contribution;
mod deliverable;
mod meeting;
pub mod numbering;
pub mod scan;

pub use action::ActionItemRef;
use action::digits_of;
pub use contribution::{ContributionRef, DocumentRef, Revision};
pub use deliverable::{Deliverable, DeliverableStyle};
use meeting::BETWEEN_MEETINGS;
pub use meeting::{MeetingRef, MeetingStyle, Plenary};
pub use numbering::{NumberPattern, Numbering, RevisionStyle};

/// Anything that a mail can refer to, as far as its text alone says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// An action item.
    Action(ActionItemRef),
    /// A contribution, perhaps in one revision.
    Document(DocumentRef),
    /// A contribution whose year, or year and prefix, the context must give: `SEC-0243R02`,
    /// `0243R02`, or a bare `0243` where a command allows it; `140123` lacks the prefix only.
    Short {
        /// The prefix, where it was written.
        prefix: Option<String>,
        /// The year, where it was written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        year: Option<u16>,
        /// The number.
        number: u32,
        /// How the number is written.
        #[serde(default, skip_serializing_if = "Numbering::is_usual")]
        numbering: Numbering,
        /// The revision, where it was written.
        revision: Option<Revision>,
    },
    /// `R02` alone: a revision of a contribution that the context must give.
    Revision(Revision),
    /// A meeting of the group.
    Meeting(MeetingRef),
    /// A plenary.
    Plenary(Plenary),
    /// A deliverable.
    Deliverable(Deliverable),
    /// Another body's number, kept as it was written and never resolved.
    Foreign(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action(item) => item.fmt(f),
            Self::Document(document) => document.fmt(f),
            Self::Short { prefix, year, number, numbering, revision } => {
                if let Some(prefix) = prefix {
                    write!(f, "{prefix}-")?;
                }
                if let Some(year) = year {
                    f.write_str(&numbering.year(*year))?;
                }
                f.write_str(&numbering.number(*number))?;
                revision.map_or(Ok(()), |revision| revision.fmt(f))
            }
            Self::Revision(revision) => revision.fmt(f),
            Self::Meeting(meeting) => meeting.fmt(f),
            Self::Plenary(plenary) => plenary.fmt(f),
            Self::Deliverable(deliverable) => deliverable.fmt(f),
            Self::Foreign(text) => f.write_str(text),
        }
    }
}
