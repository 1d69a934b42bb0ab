//! References as values: action items, contributions and their revisions, meetings, plenaries,
//! deliverables. Finding them in what people write is [`scan`]'s.

use std::fmt;
use std::str::FromStr;

use super::{NotA, text_serde};

pub mod numbering;
pub mod scan;

pub use numbering::{NumberPattern, Numbering, RevisionStyle};

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

/// A revision of a contribution: none written is 0, `R01` (in other groups `r1`) is 1.
#[derive(Debug, Clone, Copy, Eq, Default)]
pub struct Revision {
    /// Its number, at most 99.
    pub number: u8,
    /// How it is written. Two that differ in nothing else are one revision.
    pub style: RevisionStyle,
}

impl Revision {
    /// A revision as oneM2M writes it.
    #[must_use]
    pub const fn new(number: u8) -> Self {
        Self { number, style: RevisionStyle::Padded }
    }

    /// The same one as those of a contribution are written.
    #[must_use]
    pub const fn of(self, contribution: &ContributionRef) -> Self {
        Self { number: self.number, style: contribution.numbering.revisions() }
    }
}

impl PartialEq for Revision {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl PartialOrd for Revision {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Revision {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.number.cmp(&other.number)
    }
}

impl std::hash::Hash for Revision {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.style {
            RevisionStyle::Padded => write!(f, "R{:02}", self.number),
            RevisionStyle::Plain => write!(f, "r{}", self.number),
        }
    }
}

impl FromStr for Revision {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "revision", "something like R01 or r1");
        let style = match text.as_bytes() {
            [b'R', ..] => RevisionStyle::Padded,
            [b'r', ..] => RevisionStyle::Plain,
            _ => return Err(error()),
        };
        let revision = Self { number: text[1..].parse().map_err(|_| error())?, style };
        if revision.to_string() == text { Ok(revision) } else { Err(error()) }
    }
}

/// The journal keeps oneM2M's as numbers, others as they are written.
impl serde::Serialize for Revision {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.style {
            RevisionStyle::Padded => to.serialize_u8(self.number),
            RevisionStyle::Plain => to.collect_str(self),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Revision {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Kept {
            Number(u8),
            Written(String),
        }
        match Kept::deserialize(from)? {
            Kept::Number(number) => Ok(Self::new(number)),
            Kept::Written(text) => text.parse().map_err(serde::de::Error::custom),
        }
    }
}

/// A contribution, whatever its revision: `SEC-2014-0243`, `S3-140123`, `SCP(14)000123`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContributionRef {
    /// The working group it was given to, such as `SEC`.
    pub prefix: String,
    /// The year of its number.
    pub year: u16,
    /// Its number in that year.
    pub number: u32,
    /// How its number is written.
    pub numbering: Numbering,
}

impl ContributionRef {
    /// Another number of the same year and form.
    #[must_use]
    pub fn with_number(&self, number: u32) -> Self {
        Self { number, ..self.clone() }
    }

    /// Whether a short reference can mean it.
    #[must_use]
    pub fn is_called(&self, short: &Reference) -> bool {
        match short {
            Reference::Short { prefix, year, number, numbering, .. } => {
                self.number == *number
                    && self.numbering == *numbering
                    && prefix.as_ref().is_none_or(|prefix| self.prefix == *prefix)
                    && year.is_none_or(|year| self.year == year)
            }
            _ => false,
        }
    }

    /// Its number as it stands at the end of the reference, with the year where both are one run of
    /// digits: `0243`, `140123`.
    #[must_use]
    pub fn digits(&self) -> String {
        let year = if self.numbering.is_glued() { self.numbering.year(self.year) } else { String::new() };
        year + &self.numbering.number(self.number)
    }
}

impl fmt::Display for ContributionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix)?;
        self.numbering.write(f, self.year, self.number)
    }
}

impl FromStr for ContributionRef {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "contribution", "something like SEC-2014-0243");
        let end = text.find(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit()).unwrap_or(text.len());
        let (prefix, rest) = text.split_at(end);
        let (year, number, numbering) = Numbering::read(rest).filter(|_| !prefix.is_empty()).ok_or_else(error)?;
        Ok(Self { prefix: prefix.to_owned(), year, number, numbering })
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
            Some(revision) => revision.of(&self.contribution).fmt(f),
            None => Ok(()),
        }
    }
}

impl FromStr for DocumentRef {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "document", "something like SEC-2014-0243R02");
        // A revision's letter stands behind a digit; a prefix's does not.
        let digits = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = digits.strip_suffix(['R', 'r']).filter(|before| before.ends_with(|c: char| c.is_ascii_digit()));
        let document = match number {
            Some(number) => {
                let contribution = number.parse().map_err(|_| error())?;
                let revision = text[number.len()..].parse().map_err(|_| error())?;
                Self { contribution, revision: Some(revision) }
            }
            None => Self { contribution: text.parse().map_err(|_| error())?, revision: None },
        };
        if document.to_string() == text { Ok(document) } else { Err(error()) }
    }
}

/// A deliverable: `TS-0003`, `TS 33.501`, `TS 102 223`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deliverable {
    /// `TS`, `TR`, …
    pub kind: String,
    /// Its number as it is written: `0003`, `33.501`, `102 223-1`.
    pub number: String,
}

/// How a group writes its deliverables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum DeliverableStyle {
    /// `TS-0003`.
    #[default]
    #[serde(rename = "{kind}-{number:4}")]
    Counted,
    /// `TS 33.501`, `TS 29.198-4`.
    #[serde(rename = "{kind} {series:2}.{number:3}")]
    Series,
    /// `TS 102 223`, `TS 103 666-1`.
    #[serde(rename = "{kind} {number:3} {number:3}")]
    Thousands,
}

impl DeliverableStyle {
    /// How many digits stand before and behind the mark within the number, and that mark.
    #[must_use]
    pub const fn halves(self) -> Option<(usize, u8, usize)> {
        match self {
            Self::Counted => None,
            Self::Series => Some((2, b'.', 3)),
            Self::Thousands => Some((3, b' ', 3)),
        }
    }
}

impl fmt::Display for Deliverable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = if self.number.contains(['.', ' ']) { ' ' } else { '-' };
        write!(f, "{}{gap}{}", self.kind, self.number)
    }
}

impl FromStr for Deliverable {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "deliverable", "something like TS-0003, TS 33.501 or TS 102 223");
        let (kind, number) = text.split_once(['-', ' ']).ok_or_else(error)?;
        let whole = number.split('-').next().unwrap_or_default();
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        let of = |style: DeliverableStyle| match style.halves() {
            None => digits(number, 4),
            Some((first, mark, second)) => whole
                .split_once(char::from(mark))
                .is_some_and(|(series, rest)| digits(series, first) && digits(rest, second)),
        };
        let parts = number.split('-').skip(1).all(|part| (1..=3).contains(&part.len()) && digits(part, part.len()));
        let is_one =
            [DeliverableStyle::Counted, DeliverableStyle::Series, DeliverableStyle::Thousands].into_iter().any(of);
        let deliverable = Self { kind: kind.to_owned(), number: number.to_owned() };
        if is_one && parts && !kind.is_empty() && deliverable.to_string() == text {
            Ok(deliverable)
        } else {
            Err(error())
        }
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
