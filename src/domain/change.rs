//! What a decision changes: one field of one subject, from a value to a value. History is a list
//! of these, undoing one is its mirror, and replaying them gives the state.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ActionItemRef, ApprovalOf, ContributionRef, MeetingRef, NotA, text_serde};

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An action item.
    Action(ActionItemRef),
    /// A contribution.
    Contribution(ContributionRef),
    /// A meeting.
    Meeting(MeetingRef),
    /// A member, by number.
    Member(u32),
    /// An organization, by name.
    Organization(String),
    /// Something that waits for a ruling or a confirmation, by number.
    Request(u32),
    /// An approval by e-mail.
    Approval(ApprovalOf),
    /// A conference call, by its day.
    Call(Date),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action(item) => item.fmt(f),
            Self::Contribution(contribution) => contribution.fmt(f),
            Self::Meeting(meeting) => meeting.fmt(f),
            Self::Member(id) => write!(f, "member {id}"),
            Self::Organization(name) => write!(f, "organization {name}"),
            Self::Request(id) => write!(f, "request {id}"),
            Self::Approval(of) => write!(f, "approval {of}"),
            Self::Call(day) => write!(f, "call {day}"),
        }
    }
}

impl FromStr for Subject {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "subject", "a reference, `member 7`, `organization NAME`, `request 3`, …");
        if let Some((kind, rest)) = text.split_once(' ') {
            return match kind {
                "member" => rest.parse().map(Self::Member).map_err(|_| error()),
                "organization" => Ok(Self::Organization(rest.to_owned())),
                "request" => rest.parse().map(Self::Request).map_err(|_| error()),
                "approval" => rest.parse().map(Self::Approval).map_err(|_| error()),
                "call" => rest.parse().map(Self::Call).map_err(|_| error()),
                _ => Err(error()),
            };
        }
        (text.parse().map(Self::Action))
            .or_else(|_| text.parse().map(Self::Meeting))
            .or_else(|_| text.parse().map(Self::Contribution))
            .map_err(|_| error())
    }
}

text_serde!(Subject);

/// One field of one subject, from a value to a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What is changed.
    pub subject: Subject,
    /// Its field, by the name that history shows.
    pub field: String,
    /// The value before; `None` where there was none.
    pub from: Option<String>,
    /// The value after; `None` where there is none any more.
    pub to: Option<String>,
}

impl Change {
    /// A change of `field` of `subject`.
    #[must_use]
    pub fn new(subject: Subject, field: impl fmt::Display, from: Option<String>, to: Option<String>) -> Self {
        Self { subject, field: field.to_string(), from, to }
    }

    /// The change that takes this one back.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        Self { subject: self.subject.clone(), field: self.field.clone(), from: self.to.clone(), to: self.from.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_reads_back_what_it_printed() {
        for text in [
            "A-WG4-TP8-003",
            "P-WG4-001",
            "SEC-2014-0243",
            "SEC#10.0",
            "member 7",
            "organization LG Electronics",
            "request 3",
            "approval SEC-2014-0239R01",
            "approval minutes SEC#9.0",
            "call 2014-05-06",
        ] {
            assert_eq!(text.parse::<Subject>().unwrap().to_string(), text);
        }
        assert!("SEC-2014-0243R01".parse::<Subject>().is_err());
    }
}
