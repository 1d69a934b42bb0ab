//! That somebody is away, as their automatic reply says it.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{NotA, text_serde};

/// For so many days from the reply an absence is believed at most.
pub const LONGEST_ABSENCE: i64 = 30;

/// An absence: `until 2014-07-14`, `until 2014-07-31, named 2014-09-01`, `over, named 2014-07-14`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// The day that the reply names.
    pub named: Date,
    /// The day on which personal mail goes again; nothing where the member has written since. Later replies that
    /// name the same day are of that absence, and it stays over.
    pub until: Option<Date>,
}

impl Absence {
    /// What a reply of that day says that names a day.
    #[must_use]
    pub fn of(named: Date, sent: Date) -> Self {
        Self { named, until: Some(named.min(sent.saturating_add(LONGEST_ABSENCE.days()))) }
    }

    /// It is over, since the member has written.
    #[must_use]
    pub const fn ended(self) -> Self {
        Self { until: None, ..self }
    }

    /// The day of return, where that is still to come.
    #[must_use]
    pub fn until_after(self, today: Date) -> Option<Date> {
        self.until.filter(|until| today < *until)
    }
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Some(until) if until == self.named => write!(f, "until {until}"),
            Some(until) => write!(f, "until {until}, named {}", self.named),
            None => write!(f, "over, named {}", self.named),
        }
    }
}

impl FromStr for Absence {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "absence", "something like until 2014-07-14, or over, named 2014-07-14");
        let day = |day: &str| day.parse::<Date>().map_err(|_| error());
        let (first, named) = match text.split_once(", named ") {
            Some((first, named)) => (first, Some(day(named)?)),
            None => (text, None),
        };
        match (first.strip_prefix("until "), named) {
            (Some(until), named) => {
                let until = day(until)?;
                Ok(Self { named: named.unwrap_or(until), until: Some(until) })
            }
            (None, Some(named)) if first == "over" => Ok(Self { named, until: None }),
            (None, _) => Err(error()),
        }
    }
}

text_serde!(Absence);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absence_reads_back_what_it_printed() {
        for text in ["until 2014-07-14", "until 2014-07-31, named 2014-09-01", "over, named 2014-07-14"] {
            assert_eq!(text.parse::<Absence>().unwrap().to_string(), text);
        }
        for wrong in ["", "until", "over", "until Monday", "2014-07-14", "until 2014-07-31, named"] {
            assert!(wrong.parse::<Absence>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_absence_is_believed_for_thirty_days() {
        let (sent, day) = (jiff::civil::date(2014, 7, 1), jiff::civil::date);
        assert_eq!(Absence::of(day(2014, 7, 14), sent).to_string(), "until 2014-07-14");
        let long = Absence::of(day(2014, 9, 1), sent);
        assert_eq!(long.to_string(), "until 2014-07-31, named 2014-09-01");
        assert_eq!(long.until_after(day(2014, 7, 30)), Some(day(2014, 7, 31)));
        assert_eq!(long.until_after(day(2014, 7, 31)), None);
        assert_eq!(long.ended().until_after(sent), None);
    }
}
