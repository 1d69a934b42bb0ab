//! References of action items.

use std::fmt;
use std::str::FromStr;

use super::{MeetingRef, NotA, Plenary, text_serde};

/// An action item: `A-WG4-TP8-003` or `SA3#115-AP12`, or `P-WG4-001` while it is only proposed.
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
    /// Numbered in a meeting's series.
    OfMeeting {
        /// The meeting whose series the number counts in.
        meeting: MeetingRef,
        /// What action items of the group are called, such as `AP`.
        mark: String,
        /// From 1.
        number: u16,
        /// So many digits the number has at least.
        digits: u8,
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
            Self::OfMeeting { meeting, mark, number, digits } => {
                write!(f, "{meeting}-{mark}{number:0width$}", width = usize::from(*digits))
            }
            Self::Proposal { group, number } => write!(f, "P-{group}-{number:03}"),
        }
    }
}

impl ActionItemRef {
    /// Its number; `None` for a proposal.
    #[must_use]
    pub const fn number(&self) -> Option<u16> {
        match self {
            Self::Numbered { number, .. } | Self::OfMeeting { number, .. } => Some(*number),
            Self::Proposal { .. } => None,
        }
    }

    /// Another one of its series.
    #[must_use]
    pub fn with_number(&self, number: u16) -> Self {
        let mut other = self.clone();
        match &mut other {
            Self::Numbered { number: of, .. } | Self::Proposal { number: of, .. } => *of = number,
            Self::OfMeeting { number: of, digits, .. } => {
                *of = number;
                *digits = (*digits).max(digits_of(number));
            }
        }
        other
    }

    /// Whether two are numbered in one series.
    #[must_use]
    pub fn is_in_series_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::OfMeeting { meeting, mark, .. }, Self::OfMeeting { meeting: of, mark: with, .. }) => {
                meeting == of && mark == with
            }
            _ => self.with_number(1) == other.with_number(1),
        }
    }

    /// The series in words: the plenary or meeting that it is numbered in, the group for proposals.
    #[must_use]
    pub fn series(&self) -> String {
        match self {
            Self::Numbered { plenary, .. } => plenary.to_string(),
            Self::OfMeeting { meeting, .. } => meeting.to_string(),
            Self::Proposal { group, .. } => group.clone(),
        }
    }
}

impl FromStr for ActionItemRef {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "action item", "something like A-WG4-TP8-003");
        let number = |digits: &str| digits.parse::<u16>().ok().filter(|n| *n > 0).ok_or_else(error);
        if let Some((meeting, item)) = of_meeting(text) {
            let digits = item.trim_start_matches(|c: char| c.is_ascii_uppercase());
            let item = Self::OfMeeting {
                meeting: meeting.parse().map_err(|_| error())?,
                mark: item[..item.len() - digits.len()].to_owned(),
                number: number(digits)?,
                digits: u8::try_from(digits.len()).map_err(|_| error())?,
            };
            return if item.to_string() == text { Ok(item) } else { Err(error()) };
        }
        let parts: Vec<&str> = text.split('-').collect();
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

/// How many digits a number has.
pub(super) fn digits_of(number: u16) -> u8 {
    number.checked_ilog10().and_then(|zeros| u8::try_from(zeros + 1).ok()).unwrap_or(1)
}

/// `SA3#115` and `AP12` of `SA3#115-AP12`.
fn of_meeting(text: &str) -> Option<(&str, &str)> {
    let item = text.split_once('#')?.1.split_once('-')?.1;
    Some((&text[..text.len() - item.len() - 1], item))
}

text_serde!(ActionItemRef);
