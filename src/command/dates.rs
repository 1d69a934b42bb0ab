//! Dates as people write them: ISO, or with the month's name. What could be read in two ways
//! (`4/5`) is refused.

use jiff::civil::{Date, Weekday};

use crate::domain::Text;
use crate::domain::calendar_names::{MONTHS, WEEKDAYS};

/// What stands where a date may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Day {
    /// No date.
    None,
    /// Something that is meant as one, and why it is not taken.
    Bad(Text),
    /// A date, and how many bytes it takes.
    On(Date, usize),
}

/// A day without a year that is over for so many days is not meant to be the next year's without doubt.
const JUST_OVER: i32 = 60;

/// The date at the beginning of a folded text. One without a year is the next such day, `today`
/// included; where the last one is just over, it is refused, as either may be meant.
pub(super) fn day(text: &str, today: Date) -> Day {
    let mut at = Reader { text, at: 0 };
    let weekday = at.name(&WEEKDAYS).and_then(|index| Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok());
    if weekday.is_some() {
        at.skip(&[',', ' ']);
    }
    let start = at.at;
    let Some((year, month, day)) = at.iso().or_else(|| at.named()) else {
        return match at.of_numbers() {
            Some(date) if is_twofold(date) => Day::Bad(Text::new("line-date-ambiguous").with("date", date)),
            Some(date) => Day::Bad(Text::new("line-date-form").with("date", date)),
            None => Day::None,
        };
    };
    if !at.ends() {
        return Day::None;
    }
    let written = text.get(start..at.at).unwrap_or_default().trim();
    let date = match year {
        Some(year) => Date::new(year, month, day).ok().filter(|date| (1990..2200).contains(&date.year())),
        None => next(month, day, today),
    };
    match date {
        Some(date) if weekday.is_none_or(|weekday| date.weekday() == weekday) => {
            match year.map_or_else(|| just_over(month, day, today), |_| None) {
                Some(over) if weekday.is_none() => {
                    Day::Bad(Text::new("line-date-over").with("date", written).with("over", over).with("next", date))
                }
                _ => Day::On(date, at.at),
            }
        }
        Some(_) => {
            Day::Bad(Text::new("line-date-impossible").with("date", text.get(..at.at).unwrap_or_default().trim()))
        }
        None => Day::Bad(Text::new("line-date-impossible").with("date", written)),
    }
}

/// Whether a date of numbers is one day where the day stands first, and another where the month does.
fn is_twofold(date: &str) -> bool {
    let mut parts = date.split(['/', '.', '-']).map(|part| part.parse::<u16>().unwrap_or_default());
    let month = 1..=12;
    matches!((parts.next(), parts.next()), (Some(a), Some(b)) if a != b && month.contains(&a) && month.contains(&b))
}

/// The next such day from `today` on; 29 February may be eight years away.
fn next(month: i8, day: i8, today: Date) -> Option<Date> {
    (today.year()..today.year().saturating_add(9))
        .filter_map(|year| Date::new(year, month, day).ok())
        .find(|date| *date >= today)
}

/// The last such day before `today`, where it is just over.
fn just_over(month: i8, day: i8, today: Date) -> Option<Date> {
    (today.year().saturating_sub(1)..=today.year())
        .filter_map(|year| Date::new(year, month, day).ok())
        .filter(|date| *date < today)
        .find(|date| today.since(*date).is_ok_and(|since| since.get_days() <= JUST_OVER))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

type Parts = (Option<i16>, i8, i8);

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, marks: &[char]) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(marks).len();
    }

    /// A number of so many digits at most, and how many it has.
    fn number(&mut self, most: usize) -> Option<(i16, usize)> {
        let digits = self.rest().bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
        let number = self.rest().get(..digits)?.parse().ok()?;
        if digits > most {
            return None;
        }
        self.at += digits;
        Some((number, digits))
    }

    /// Which of `names` stands here, whole or by its first three letters (`Sept` too).
    fn name(&mut self, names: &[&str]) -> Option<usize> {
        let letters = self.rest().bytes().take(12).take_while(u8::is_ascii_alphabetic).count();
        let word = self.rest().get(..letters)?.to_lowercase();
        let index = names.iter().position(|name| {
            *name == word || (word.len() >= 3 && word.len() <= 4 && name.starts_with(&word) && word.len() < name.len())
        })?;
        self.at += letters;
        if self.rest().starts_with('.') {
            self.at += 1;
        }
        Some(index)
    }

    fn ends(&self) -> bool {
        let mut rest = self.rest().chars();
        match (rest.next(), rest.next()) {
            (None, _) => true,
            (Some('-' | '/' | '.' | ':'), Some(next)) => !next.is_ascii_digit(),
            (Some(c), _) => !c.is_alphanumeric(),
        }
    }

    /// `2014-06-02`
    fn iso(&mut self) -> Option<Parts> {
        let start = self.at;
        let read = self.iso_parts();
        if read.is_none() {
            self.at = start;
        }
        read
    }

    fn iso_parts(&mut self) -> Option<Parts> {
        let (year, _) = self.number(4).filter(|(_, digits)| *digits == 4)?;
        self.hyphen()?;
        let (month, _) = self.number(2)?;
        self.hyphen()?;
        let (day, _) = self.number(2)?;
        Some((Some(year), i8::try_from(month).ok()?, i8::try_from(day).ok()?))
    }

    fn hyphen(&mut self) -> Option<()> {
        self.rest().starts_with('-').then(|| self.at += 1)
    }

    /// `2 June 2014`, `2nd of June`, `June 2, 2014`
    fn named(&mut self) -> Option<Parts> {
        let start = self.at;
        let read = self.named_parts();
        if read.is_none() {
            self.at = start;
        }
        read
    }

    fn named_parts(&mut self) -> Option<Parts> {
        if let Some(month) = self.name(&MONTHS) {
            self.skip(&[' ', '-']);
            let day = self.day_of_month()?;
            return Some((self.year(), i8::try_from(month + 1).ok()?, day));
        }
        let day = self.day_of_month()?;
        self.skip(&[' ', '-', '.']);
        if self.rest().get(..3).is_some_and(|of| of.eq_ignore_ascii_case("of ")) {
            self.at += 3;
        }
        let month = self.name(&MONTHS)?;
        Some((self.year(), i8::try_from(month + 1).ok()?, day))
    }

    fn day_of_month(&mut self) -> Option<i8> {
        let (day, _) = self.number(2)?;
        let ordinal = self.rest().get(..2).map(str::to_lowercase);
        if ordinal.is_some_and(|ordinal| matches!(ordinal.as_str(), "st" | "nd" | "rd" | "th")) {
            self.at += 2;
        }
        i8::try_from(day).ok()
    }

    /// The year after day and month, where one stands there.
    fn year(&mut self) -> Option<i16> {
        let start = self.at;
        self.skip(&[' ', ',', '-']);
        let year = self.number(4).filter(|(_, digits)| *digits == 4 && self.ends());
        if year.is_none() {
            self.at = start;
        }
        year.map(|(year, _)| year)
    }

    /// `4/5`, `4.5.2014`, `04-05-2014`, `2014/06/02`: meant as a date, and in no form that is read.
    fn of_numbers(&self) -> Option<&str> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit() && !"/.-".contains(c)).unwrap_or(rest.len());
        let date = rest.get(..end)?.trim_end_matches(['/', '.', '-']);
        let after = rest.get(date.len()..).unwrap_or_default();
        let parts: Vec<&str> = date.splitn(5, ['/', '.', '-']).collect();
        let numbers = parts.iter().all(|part| (1..=4).contains(&part.len()));
        let shaped = numbers && (parts.len() == 3 || (parts.len() == 2 && !date.contains('-')));
        (shaped && !after.starts_with(char::is_alphanumeric)).then_some(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match day(text, jiff::civil::date(2014, 5, 1)) {
            Day::None => "none".to_owned(),
            Day::Bad(why) => format!("{} {}", why.key, why.arguments[0].1),
            Day::On(date, length) => format!("{date}|{}", &text[length..]),
        }
    }

    #[test]
    fn a_date_is_iso_or_has_the_months_name() {
        for (text, expected) in [
            ("2014-06-02", "2014-06-02|"),
            ("2014-06-02 Berlin", "2014-06-02| Berlin"),
            ("2 June 2014", "2014-06-02|"),
            ("2nd June 2014", "2014-06-02|"),
            ("2nd of June, 2014", "2014-06-02|"),
            ("2-Jun-2014", "2014-06-02|"),
            ("June 2, 2014", "2014-06-02|"),
            ("June 2nd", "2014-06-02|"),
            ("Sept. 30", "2014-09-30|"),
            ("Monday 2 June 2014", "2014-06-02|"),
            ("Mon, 2 June", "2014-06-02|"),
            ("2 June", "2014-06-02|"),
            ("1 May", "2014-05-01|"),
            ("1 March", "2015-03-01|"),
            ("29 February", "2016-02-29|"),
            ("2 June at noon", "2014-06-02| at noon"),
            ("2 June 14:00", "2014-06-02| 14:00"),
            ("may", "none"),
            ("next week", "none"),
            ("2 weeks", "none"),
            ("2014", "none"),
            ("2014-06-02x", "none"),
            ("TP11", "none"),
            ("", "none"),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_could_be_two_dates_is_refused() {
        for text in ["4/5", "4/5/2014", "4.5.2014", "04-05-2014"] {
            assert_eq!(read(text), format!("line-date-ambiguous {text}"));
        }
        for text in ["13/5/2014", "5/13", "5/5/2014", "2014/06/02"] {
            assert_eq!(read(text), format!("line-date-form {text}"));
        }
    }

    #[test]
    fn a_day_without_a_year_that_is_just_over_is_refused_unless_its_weekday_says_which() {
        for text in ["30 April", "2 March", "April 29th"] {
            assert_eq!(read(text), format!("line-date-over {text}"));
        }
        assert_eq!(read("Thursday 30 April"), "2015-04-30|");
        assert_eq!(read("30 April 2014"), "2014-04-30|");
    }

    #[test]
    fn a_day_that_is_in_no_calendar_is_refused() {
        for text in ["2014-02-30", "30 February", "31 June 2014", "2014-13-01", "0000-01-01", "Tuesday 2 June 2014"] {
            assert_eq!(read(text), format!("line-date-impossible {text}"));
        }
    }
}
