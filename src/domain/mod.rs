//! The words of a working group as values: what exists is valid, and printing what was parsed
//! gives it back. Pure, and names no sibling module.

pub mod absence;
pub mod action;
pub mod address;
mod approval;
mod attendance;
pub mod calendar_names;
mod call;
mod change;
pub mod contribution;
mod document;
mod examples;
pub mod life;
mod mailing;
pub mod meeting;
mod notes;
pub mod occasion;
pub mod phrase;
mod pseudonym;
pub mod quiet;
mod quoted;
pub mod reference;
pub mod request;
pub mod roster;
pub mod rules;
pub mod text;
pub mod token;

pub use absence::Absence;
pub use action::{ActionField, ActionItem, Owner, Owners, Part, Priority, Status};
pub use address::{EmailAddress, ascii_domain};
pub use approval::{Approval, ApprovalOf, ApprovalState, Stance, Voice};
pub use attendance::{Coming, Stamp, attendance_field, attendance_of, meeting_of, stamp_field, stamp_of, uid};
pub use call::Call;
pub use change::{Change, Subject};
pub use contribution::{Awaited, Contribution, ContributionField};
pub use document::{ActionItemRow, AgendaDocument, AgendaItem, AgendaMeeting, ContributionRow};
pub use examples::Examples;
pub use life::Life;
pub use mailing::Mailing;
pub use meeting::{Due, Meeting, Session};
pub use notes::Notes;
pub use occasion::{Dealt, DueOccasion, Occasion, OccasionKind, Recipient, Skip, Standing, Weekly};
pub use phrase::{Clause, ContributionOutcome, Doubt, Phrase};
pub use pseudonym::{FORGOTTEN_DOMAIN, Pseudonyms};
pub use quiet::{Holidays, QuietHours, QuietRules};
pub use quoted::Quoted;
pub use reference::{
    ActionItemRef, ContributionRef, Deliverable, DeliverableStyle, DocumentRef, MeetingRef, MeetingStyle,
    NumberPattern, Numbering, Plenary, Reference, Revision, RevisionStyle,
};
pub use request::{Request, RequestKind, RequestState};
pub use roster::{Member, MemberField, Organization, Role, Roster, RosterMember};
pub use rules::{ActionPattern, Closing, DigestRules, Patterns, ReferenceScheme, ReminderRules, Rules, Senders};
pub use text::{Text, without_controls};
pub use token::{Holder, ReplyAddress, ReplyToken, TokenKey};

/// Why a text is no value of a domain type: what was given and what would be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is no {what}; expected {expected}")]
pub struct NotA {
    /// The text that was given.
    pub given: String,
    /// What it should have been, such as `meeting reference`.
    pub what: &'static str,
    /// The form that is accepted, with an example.
    pub expected: &'static str,
}

impl NotA {
    /// An error that says that `given` is no `what` and that `expected` would be one.
    #[must_use]
    pub fn new(given: &str, what: &'static str, expected: &'static str) -> Self {
        Self { given: given.to_owned(), what, expected }
    }
}

/// Serializes a type through its `Display` and `FromStr`, so that the journal and JSON show the
/// same text that people write.
macro_rules! text_serde {
    ($($name:ty),+ $(,)?) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
pub(crate) use text_serde;
