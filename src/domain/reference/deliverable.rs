//! References of deliverables.

use std::fmt;
use std::str::FromStr;

use super::{NotA, text_serde};

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

text_serde!(Deliverable);
