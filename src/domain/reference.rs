//! References as values: action items, contributions and their revisions, meetings, plenaries,
//! deliverables. Finding them in what people write is [`scan`]'s.

use std::fmt;
use std::str::FromStr;

use super::{NotA, text_serde};

pub mod scan;

/// An action item: `A-WG4-TP8-003`, or `P-WG4-001` while it is only proposed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionItemRef {
    /// Numbered in a plenary's series.
    Numbered {
        /// The working group's label, such as `WG4`.
        group: String,
        /// The plenary whose series the number counts in.
        plenary: Plenary,
        /// From 1.
        number: u16,
    },
    /// A proposal, which gets its number when it is accepted.
    Proposal {
        /// The working group's label, such as `WG4`.
        group: String,
        /// From 1, one series per group.
        number: u16,
    },
}

impl fmt::Display for ActionItemRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbered { group, plenary, number } => write!(f, "A-{group}-{plenary}-{number:03}"),
            Self::Proposal { group, number } => write!(f, "P-{group}-{number:03}"),
        }
    }
}

impl FromStr for ActionItemRef {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "action item", "something like A-WG4-TP8-003");
        let parts: Vec<&str> = text.split('-').collect();
        let number = |digits: &str| digits.parse::<u16>().ok().filter(|n| *n > 0).ok_or_else(error);
        let item = match parts.as_slice() {
            ["A", group, plenary, digits] => Self::Numbered {
                group: (*group).to_owned(),
                plenary: plenary.parse().map_err(|_| error())?,
                number: number(digits)?,
            },
            ["P", group, digits] => Self::Proposal { group: (*group).to_owned(), number: number(digits)? },
            _ => return Err(error()),
        };
        if item.to_string() == text { Ok(item) } else { Err(error()) }
    }
}

/// A plenary meeting of all working groups: `TP10`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Plenary {
    /// The series, such as `TP`.
    pub series: String,
    /// The number in it.
    pub number: u16,
}

impl fmt::Display for Plenary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.series, self.number)
    }
}

impl FromStr for Plenary {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let digits = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let series = &text[..text.len() - digits.len()];
        let plenary = digits.parse().ok().map(|number| Self { series: series.to_owned(), number });
        match plenary {
            Some(plenary) if !series.is_empty() && plenary.to_string() == text => Ok(plenary),
            _ => Err(NotA::new(text, "plenary", "something like TP10")),
        }
    }
}

/// A meeting of the group: `SEC#10.0`. `SEC #10` is the same one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeetingRef {
    /// The group's prefix, such as `SEC`.
    pub prefix: String,
    /// The number before the point.
    pub major: u16,
    /// The number after the point; 0 for an ordinary meeting.
    pub minor: u16,
}

impl fmt::Display for MeetingRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}.{}", self.prefix, self.major, self.minor)
    }
}

impl FromStr for MeetingRef {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "meeting", "something like SEC#10 or SEC#10.1");
        let (prefix, number) = text.split_once('#').ok_or_else(error)?;
        let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
        let valid = !prefix.is_empty() && prefix.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        match (major.parse(), minor.parse()) {
            (Ok(major), Ok(minor)) if valid => Ok(Self { prefix: prefix.to_owned(), major, minor }),
            _ => Err(error()),
        }
    }
}

/// A revision of a contribution: none written is 0, `R01` is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u8);

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{:02}", self.0)
    }
}

/// A contribution, whatever its revision: `SEC-2014-0243`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContributionRef {
    /// The working group it was given to, such as `SEC`.
    pub prefix: String,
    /// The year of its number.
    pub year: u16,
    /// Its number in that year.
    pub number: u16,
}

impl fmt::Display for ContributionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}-{:04}", self.prefix, self.year, self.number)
    }
}

impl FromStr for ContributionRef {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "contribution", "something like SEC-2014-0243");
        let parts: Vec<&str> = text.split('-').collect();
        let [prefix, year, number] = parts.as_slice() else { return Err(error()) };
        let (Ok(year), Ok(number)) = (year.parse(), number.parse()) else { return Err(error()) };
        let reference = Self { prefix: (*prefix).to_owned(), year, number };
        if !prefix.is_empty() && reference.to_string() == text { Ok(reference) } else { Err(error()) }
    }
}

/// A contribution, perhaps in one revision: `SEC-2014-0243R02`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentRef {
    /// The contribution.
    pub contribution: ContributionRef,
    /// The revision, where one was written.
    pub revision: Option<Revision>,
}

impl fmt::Display for DocumentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.contribution.fmt(f)?;
        match self.revision {
            Some(revision) => revision.fmt(f),
            None => Ok(()),
        }
    }
}

impl FromStr for DocumentRef {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "document", "something like SEC-2014-0243R02");
        let (contribution, revision) = match text.rfind('R').filter(|at| *at > 4) {
            Some(at) => {
                let revision = text[at + 1..].parse().map_err(|_| error())?;
                (&text[..at], Some(Revision(revision)))
            }
            None => (text, None),
        };
        let document = Self { contribution: contribution.parse().map_err(|_| error())?, revision };
        if document.to_string() == text { Ok(document) } else { Err(error()) }
    }
}

/// A deliverable: `TS-0003`, perhaps in a version (`TS-0003 V1.0.1`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deliverable {
    /// `TS`, `TR`, …
    pub kind: String,
    /// Its number.
    pub number: u16,
}

impl fmt::Display for Deliverable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}", self.kind, self.number)
    }
}

impl FromStr for Deliverable {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "deliverable", "something like TS-0003");
        let (kind, number) = text.split_once('-').ok_or_else(error)?;
        let deliverable = Self { kind: kind.to_owned(), number: number.parse().map_err(|_| error())? };
        if !kind.is_empty() && deliverable.to_string() == text { Ok(deliverable) } else { Err(error()) }
    }
}

text_serde!(ActionItemRef, Plenary, MeetingRef, ContributionRef, DocumentRef, Deliverable);

/// Anything that a mail can refer to, as far as its text alone says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// An action item.
    Action(ActionItemRef),
    /// A contribution, perhaps in one revision.
    Document(DocumentRef),
    /// A contribution whose year, or year and prefix, the context must give: `SEC-0243R02`,
    /// `0243R02`, or a bare `0243` where a command allows it.
    Short {
        /// The prefix, where it was written.
        prefix: Option<String>,
        /// The number.
        number: u16,
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
            Self::Short { prefix, number, revision } => {
                if let Some(prefix) = prefix {
                    write!(f, "{prefix}-")?;
                }
                write!(f, "{number:04}")?;
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
