//! How a body numbers its contributions: `SEC-2014-0243R01`, `S3-140123r1`, `SCP(14)000123r1`.
//!
//! A [`Numbering`] is the form of one number and travels with it, so that a reference prints as it was
//! written, whatever the configuration says later. A [`NumberPattern`] is the form that a group gives its
//! numbers, written in a small language of its own:
//!
//! `{prefix}` `-` or `(` or `/`, then `{year}` (2014) or `{yy}` (14), then `-` or `)` or `/` or nothing, then
//! `{number:4}` or `{number:4-5}` (so many digits), then `[R{revision:2}]` or `[r{revision}]`.
//!
//! Every number that a pattern admits can be read without it: the year has four digits where something
//! stands behind it and four digits are there, and revisions are written `R01` behind a year of four digits,
//! `r1` behind one of two. So old journals, other groups' numbers and the configuration never disagree.

use std::fmt;
use std::str::FromStr;

use super::{NotA, text_serde};

/// The most digits of a number, the year not counted.
pub const MOST_DIGITS: u8 = 8;

/// The form of one contribution's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Numbering {
    /// What stands before the year: `-`, `(` or `/`.
    before: u8,
    /// The year has four digits, not two.
    whole_year: bool,
    /// What stands between year and number: `-`, `)`, `/`; 0 for nothing.
    between: u8,
    /// So many digits the number has at least.
    digits: u8,
}

/// How a revision is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RevisionStyle {
    /// `R01`: two digits.
    #[default]
    Padded,
    /// `r1`: as many digits as it takes.
    Plain,
}

impl Default for Numbering {
    fn default() -> Self {
        Self::USUAL
    }
}

impl Numbering {
    /// oneM2M's: `-2014-0243`.
    pub const USUAL: Self = Self { before: b'-', whole_year: true, between: b'-', digits: 4 };

    /// Whether it is oneM2M's.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::USUAL
    }

    /// How revisions are written behind such a number.
    #[must_use]
    pub const fn revisions(self) -> RevisionStyle {
        if self.whole_year { RevisionStyle::Padded } else { RevisionStyle::Plain }
    }

    /// How many digits the number has at least.
    #[must_use]
    pub const fn digits(self) -> u8 {
        self.digits
    }

    /// Nothing stands between year and number, so that `140123` is both.
    #[must_use]
    pub const fn is_glued(self) -> bool {
        self.between == 0
    }

    /// A short form may begin with the prefix and what stands behind it: `SEC-0243`, but neither `SCP(0123` nor
    /// `S3-0123`, which would be a slip of `S3-140123` as well.
    #[must_use]
    pub const fn has_short_with_prefix(self) -> bool {
        self.before == b'-' && !self.is_glued()
    }

    /// The number as it is written, without prefix, year and revision: `0243`.
    #[must_use]
    pub fn number(self, number: u32) -> String {
        format!("{number:0width$}", width = usize::from(self.digits))
    }

    /// The year as it is written.
    #[must_use]
    pub fn year(self, year: u16) -> String {
        if self.whole_year { format!("{year:04}") } else { format!("{:02}", year % 100) }
    }

    /// All that stands behind the prefix: `-2014-0243`.
    pub(super) fn write(self, f: &mut fmt::Formatter<'_>, year: u16, number: u32) -> fmt::Result {
        let width = usize::from(self.digits);
        write!(f, "{}", char::from(self.before))?;
        if self.whole_year {
            write!(f, "{year:04}")?;
        } else {
            write!(f, "{:02}", year % 100)?;
        }
        if self.between != 0 {
            write!(f, "{}", char::from(self.between))?;
        }
        write!(f, "{number:0width$}")
    }

    /// Year and number of what stands behind a prefix, and their form; `None` where it is no number.
    pub(super) fn read(text: &str) -> Option<(u16, u32, Self)> {
        let (&before, rest) = text.as_bytes().split_first()?;
        let all = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (year, between, number) = if all == rest.len() {
            (rest.get(..2)?, 0, rest.get(2..)?)
        } else {
            (rest.get(..all)?, *rest.get(all)?, rest.get(all + 1..)?)
        };
        let form = Self { before, whole_year: year.len() == 4, between, digits: u8::try_from(number.len()).ok()? };
        let year = match year.len() {
            2 => century(value(year)?),
            4 => u16::try_from(value(year)?).ok()?,
            _ => return None,
        };
        (form.is_valid() && !number.is_empty()).then_some((year, value(number)?, form))
    }

    /// Whether its marks belong together and its digits are not too many.
    const fn is_valid(self) -> bool {
        let marks = matches!(
            (self.before, self.between),
            (b'-', b'-' | b'/') | (b'/', b'-' | b'/') | (b'(', b')') | (b'-' | b'/', 0)
        );
        let most = if self.is_glued() { MOST_GLUED } else { MOST_DIGITS };
        // Four digits and nothing behind them could be a year.
        marks && self.digits <= most && !(self.is_glued() && self.whole_year)
    }
}

/// A number alone, as the journal keeps the form of a short one: by the pattern that admits no other.
impl fmt::Display for Numbering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        NumberPattern { form: *self, most: self.digits }.fmt(f)
    }
}

impl FromStr for Numbering {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        text.parse::<NumberPattern>().map(|pattern| pattern.form)
    }
}

/// The most digits of a number right behind its year: a run of eight digits is a date.
const MOST_GLUED: u8 = 5;

/// A year of two digits in full: 90 to 99 are of the last century.
fn century(year: u32) -> u16 {
    let year = u16::try_from(year).unwrap_or_default();
    if year >= 90 { 1900 + year } else { 2000 + year }
}

/// The value of some digits, at most [`MOST_DIGITS`].
fn value(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > usize::from(MOST_DIGITS) {
        return None;
    }
    digits.iter().try_fold(0, |sum: u32, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

/// A number that was found by a [`NumberPattern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered {
    /// The year in full.
    pub year: u16,
    /// The number in it.
    pub number: u32,
    /// How it is written.
    pub form: Numbering,
    /// Where it ends.
    pub end: usize,
}

/// How a group's contributions are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberPattern {
    form: Numbering,
    /// The most digits that a number has.
    most: u8,
}

impl Default for NumberPattern {
    fn default() -> Self {
        Self { form: Numbering::USUAL, most: 4 }
    }
}

impl NumberPattern {
    /// Whether it is oneM2M's.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The form of its numbers, in as few digits as they have.
    #[must_use]
    pub const fn form(&self) -> Numbering {
        self.form
    }

    /// The number that stands at `at`, right behind a prefix. Hyphens may be what `is_hyphen` says, and
    /// letters and digits that go on behind it are the reader's to look at.
    #[must_use]
    pub fn read(&self, text: &[u8], at: usize, is_hyphen: impl Fn(u8) -> bool) -> Option<Numbered> {
        let is =
            |at: usize, mark: u8| text.get(at).is_some_and(|byte| *byte == mark || mark == b'-' && is_hyphen(*byte));
        let run = |from: usize| text.iter().skip(from).take(12).take_while(|byte| byte.is_ascii_digit()).count();
        if !is(at, self.form.before) {
            return None;
        }
        let year_length = if self.form.whole_year { 4 } else { 2 };
        let (year_at, length) = (at + 1, run(at + 1));
        let number_at = if self.form.is_glued() {
            year_at + year_length
        } else {
            (length == year_length && is(year_at + length, self.form.between)).then_some(year_at + length + 1)?
        };
        let digits = if self.form.is_glued() { length.checked_sub(year_length)? } else { run(number_at) };
        let digits = self.admits(digits)?;
        let year = value(text.get(year_at..year_at + year_length)?)?;
        let year = if self.form.whole_year { u16::try_from(year).ok()? } else { century(year) };
        let end = number_at + usize::from(digits);
        let number = value(text.get(number_at..end)?)?;
        Some(Numbered { year, number, form: Numbering { digits, ..self.form }, end })
    }

    /// So many digits, where a number can have them.
    #[must_use]
    pub fn admits(&self, digits: usize) -> Option<u8> {
        u8::try_from(digits).ok().filter(|digits| (self.form.digits..=self.most).contains(digits))
    }

    /// Year and number of a short form that is both (`140123`), and its form.
    #[must_use]
    pub fn read_glued(&self, digits: &str) -> Option<(u16, u32, Numbering)> {
        if !self.form.is_glued() {
            return None;
        }
        let (year, number) = digits.as_bytes().split_at_checked(2)?;
        let form = Numbering { digits: self.admits(number.len())?, ..self.form };
        Some((century(value(year)?), value(number)?, form))
    }

    /// The form of a number of so many digits, where it can have them.
    #[must_use]
    pub fn form_of(&self, digits: usize) -> Option<Numbering> {
        Some(Numbering { digits: self.admits(digits)?, ..self.form })
    }
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Numbering { before, whole_year, between, digits } = self.form;
        let year = if whole_year { "{year}" } else { "{yy}" };
        write!(f, "{{prefix}}{}{year}", char::from(before))?;
        if between != 0 {
            write!(f, "{}", char::from(between))?;
        }
        match self.most {
            most if most == digits => write!(f, "{{number:{digits}}}")?,
            most => write!(f, "{{number:{digits}-{most}}}")?,
        }
        f.write_str(if whole_year { "[R{revision:2}]" } else { "[r{revision}]" })
    }
}

impl FromStr for NumberPattern {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = |expected| NotA::new(text, "pattern of contributions", expected);
        let usual = || {
            error(
                "something like \"{prefix}-{year}-{number:4}[R{revision:2}]\", \"{prefix}-{yy}{number:4-5}[r{revision}]\" \
                 or \"{prefix}({yy}){number:6}[r{revision}]\"",
            )
        };
        let rest = text.strip_prefix("{prefix}").ok_or_else(usual)?;
        let (before, rest) = rest.split_at_checked(1).ok_or_else(usual)?;
        let (whole_year, rest) = match (rest.strip_prefix("{year}"), rest.strip_prefix("{yy}")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err(usual()),
        };
        let (between, rest) = rest.split_once("{number:").ok_or_else(usual)?;
        let (digits, revision) = rest.split_once('}').ok_or_else(usual)?;
        let (least, most) = digits.split_once('-').unwrap_or((digits, digits));
        let (Ok(least), Ok(most)) = (least.parse::<u8>(), most.parse::<u8>()) else { return Err(usual()) };
        let between = match between.as_bytes() {
            [] => 0,
            [mark] => *mark,
            _ => return Err(usual()),
        };
        let form = Numbering { before: before.as_bytes()[0], whole_year, between, digits: least };
        if revision != if whole_year { "[R{revision:2}]" } else { "[r{revision}]" } {
            return Err(error("[R{revision:2}] at the end behind {year}, [r{revision}] behind {yy}"));
        }
        if least < 3 || most < least || !form.is_valid() || !(Numbering { digits: most, ..form }).is_valid() {
            return Err(error(
                "\"-\", \"/\" or, in pairs, \"(\" and \")\" around the year, and 3 to 8 digits of a number, to 5 where it \
                 follows {yy} at once",
            ));
        }
        Ok(Self { form, most })
    }
}

text_serde!(NumberPattern, Numbering);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{ContributionRef, DocumentRef};
    use super::*;

    const PATTERNS: [&str; 5] = [
        "{prefix}-{year}-{number:4}[R{revision:2}]",
        "{prefix}-{yy}{number:4-5}[r{revision}]",
        "{prefix}({yy}){number:6}[r{revision}]",
        "{prefix}/{yy}/{number:3}[r{revision}]",
        "{prefix}({year}){number:3-8}[R{revision:2}]",
    ];

    #[test]
    fn a_pattern_prints_as_it_is_written() {
        for pattern in PATTERNS {
            assert_eq!(pattern.parse::<NumberPattern>().unwrap().to_string(), pattern);
        }
        assert_eq!(NumberPattern::default().to_string(), PATTERNS[0]);
    }

    #[test]
    fn what_is_no_pattern_says_what_would_be_one() {
        for (pattern, expected) in [
            ("", "something like"),
            ("{prefix}-{year}-{number}[R{revision:2}]", "something like"),
            ("SEC-{year}-{number:4}[R{revision:2}]", "something like"),
            ("{prefix}-{yy}{number:4}", "[r{revision}] behind {yy}"),
            ("{prefix}-{yy}{number:4}[R{revision:2}]", "[r{revision}] behind {yy}"),
            ("{prefix}-{yy}{number:4-6}[r{revision}]", "to 5 where it follows {yy} at once"),
            ("{prefix}-{year}{number:4}[R{revision:2}]", "around the year"),
            ("{prefix}({yy}-{number:4}[r{revision}]", "in pairs"),
            ("{prefix}-{yy}){number:4}[r{revision}]", "in pairs"),
            ("{prefix}x{yy}-{number:4}[r{revision}]", "in pairs"),
            ("{prefix}-{year}-{number:2}[R{revision:2}]", "3 to 8 digits"),
            ("{prefix}-{year}-{number:5-4}[R{revision:2}]", "3 to 8 digits"),
            ("{prefix}\u{2013}{year}-{number:4}[R{revision:2}]", "something like"),
        ] {
            let error = pattern.parse::<NumberPattern>().unwrap_err().to_string();
            assert!(error.contains(expected), "{pattern}: {error}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_of_the_nineties_or_later() {
        for (text, year) in [("S3-990123", 1999), ("S3-000123", 2000), ("S3-140123", 2014), ("SCP(89)000123", 2089)] {
            let reference: ContributionRef = text.parse().unwrap();
            assert_eq!((reference.year, reference.to_string().as_str()), (year, text));
        }
    }

    #[test]
    fn what_no_pattern_admits_is_no_reference() {
        for text in
            ["S3-14", "S3-20140123", "S3-1", "SCP(14-000123", "SCP(14)", "S3_140123", "-140123", "s3-140123", "S3"]
        {
            assert!(text.parse::<ContributionRef>().is_err(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// The configuration and the text alone never disagree.
        #[test]
        fn a_number_is_read_by_its_pattern_and_without_it(
            pattern in prop::sample::select(PATTERNS.to_vec()),
            year in 1990u16..2090,
            number in 0u32..1000,
            more in 0usize..6,
            revision in prop::option::of(0u8..100),
        ) {
            let pattern: NumberPattern = pattern.parse().unwrap();
            let Some(numbering) = pattern.form_of(usize::from(pattern.form().digits()) + more) else { return Ok(()) };
            let contribution = ContributionRef { prefix: "S3".to_owned(), year, number, numbering };
            let written = contribution.to_string();
            let read = pattern.read(written.as_bytes(), 2, |byte| byte == b'-').unwrap();
            prop_assert_eq!((read.year, read.number, read.form, read.end), (year, number, numbering, written.len()));
            prop_assert_eq!(written.parse::<ContributionRef>(), Ok(contribution.clone()));
            let document = DocumentRef { contribution, revision: revision.map(crate::domain::Revision::new) };
            prop_assert_eq!(document.to_string().parse::<DocumentRef>(), Ok(document));
        }
    }
}
