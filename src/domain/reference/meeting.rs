//! References of plenaries and of the group's meetings.

use std::fmt;
use std::str::FromStr;

use super::{NotA, text_serde};

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

/// A meeting of the group: `SEC#10.0`, `SA3#115`. `SEC #10` is the same as the first.
#[derive(Clone, Eq)]
pub struct MeetingRef {
    /// The group's label, such as `SEC`.
    pub prefix: String,
    /// The number before the point.
    pub major: u16,
    /// The number after the point, or the place of `bis`; 0 for an ordinary meeting.
    pub minor: u16,
    /// How it is written. Two that differ in nothing else are one meeting.
    pub style: MeetingStyle,
}

/// How a group writes its meetings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum MeetingStyle {
    /// `SEC#10.0`: the number after the point counts the meetings between two plenaries.
    #[default]
    #[serde(rename = "{prefix}#{number}.{sub}")]
    Pointed,
    /// `SA3#115`, and `SA3#115bis` between two.
    #[serde(rename = "{prefix}#{number}")]
    Plain,
}

/// What is put behind the number of a meeting between two, by its minor number from 1.
pub(super) const BETWEEN_MEETINGS: [&str; 3] = ["bis", "ter", "quater"];

impl MeetingRef {
    /// What makes two meetings different.
    fn key(&self) -> (&str, u16, u16) {
        (&self.prefix, self.major, self.minor)
    }
}

/// What makes it another one.
impl fmt::Debug for MeetingRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { prefix, major, minor, .. } = self;
        let mut shown = f.debug_struct("MeetingRef");
        shown.field("prefix", prefix).field("major", major).field("minor", minor).finish()
    }
}

impl PartialEq for MeetingRef {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl PartialOrd for MeetingRef {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MeetingRef {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl std::hash::Hash for MeetingRef {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Display for MeetingRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { prefix, major, minor, style } = self;
        let between = usize::from(*minor).checked_sub(1).and_then(|at| BETWEEN_MEETINGS.get(at));
        match (style, minor, between) {
            (MeetingStyle::Plain, 0, _) => write!(f, "{prefix}#{major}"),
            (MeetingStyle::Plain, _, Some(between)) => write!(f, "{prefix}#{major}{between}"),
            _ => write!(f, "{prefix}#{major}.{minor}"),
        }
    }
}

impl FromStr for MeetingRef {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "meeting", "something like SEC#10 or SEC#10.1");
        let (prefix, number) = text.split_once('#').ok_or_else(error)?;
        let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let (major, between) = number.split_at(digits);
        let (minor, style) =
            match (between.strip_prefix('.'), BETWEEN_MEETINGS.iter().position(|word| *word == between)) {
                (Some(minor), _) => (minor.parse().map_err(|_| error())?, MeetingStyle::Pointed),
                (_, Some(at)) => (u16::try_from(at + 1).map_err(|_| error())?, MeetingStyle::Plain),
                _ if between.is_empty() => (0, MeetingStyle::Plain),
                _ => return Err(error()),
            };
        let valid = !prefix.is_empty() && prefix.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        match major.parse() {
            Ok(major) if valid => Ok(Self { prefix: prefix.to_owned(), major, minor, style }),
            _ => Err(error()),
        }
    }
}

text_serde!(Plenary, MeetingRef);
