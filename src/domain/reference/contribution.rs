//! References of contributions and their revisions.

use std::fmt;
use std::str::FromStr;

use super::{NotA, Numbering, Reference, RevisionStyle, text_serde};

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

text_serde!(ContributionRef, DocumentRef);
