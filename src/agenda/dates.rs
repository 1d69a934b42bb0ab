//! Dates, weekdays and spans of time as agendas write them.

use std::sync::LazyLock;

use jiff::civil::{Date, Time, Weekday};
use regex::Regex;

use super::cells::{fold, pattern};
use crate::domain::calendar_names::{MONTHS, WEEKDAYS};

/// The month of a word such as `Apr`, `April` or `Sept.`, from 1.
fn month(word: &str) -> Option<i8> {
    let position = whole_or_abbreviated(word, &MONTHS)?;
    i8::try_from(position + 1).ok()
}

/// The weekday of a word such as `Monday`, `FRIday` or `Mon.`.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let position = whole_or_abbreviated(word, &WEEKDAYS)?;
    Weekday::from_monday_zero_offset(i8::try_from(position).ok()?).ok()
}

/// The position of the name that `word` is, or abbreviates with at least three letters.
fn whole_or_abbreviated(word: &str, names: &[&str]) -> Option<usize> {
    let word = word.trim_end_matches(['.', ',', ':']).to_lowercase();
    let most = if names.len() == MONTHS.len() { 4 } else { 5 };
    names.iter().position(|name| *name == word || ((3..=most).contains(&word.len()) && name.starts_with(&word)))
}

/// Whether `text` begins with a month's name, as what follows the day of a date does.
pub(super) fn begins_with_month(text: &str) -> bool {
    text.split_whitespace().next().is_some_and(|word| month(word).is_some())
}

/// The first and last day that `text` names: `2014-04-07 to 2014-04-11`, `7-11 April 2014`,
/// `31 March - 4 April 2014`, `April 7-11, 2014`, `14/10/2024 - 18/10/2024`, or one day. `None` where it names
/// none, or where the last is before the first.
pub(super) fn days(text: &str) -> Option<(Date, Date)> {
    static ISO: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b([0-9]{4})(?:-([0-9]{2})-([0-9]{2})|/([0-9]{2})/([0-9]{2}))\b"));
    static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\b([0-9]{1,2})(?:st|nd|rd|th)?(?: ([a-z]{3,9})\.?)?(?: ([0-9]{4}))? ?(?:-|to|until) ?",
            r"(?:[a-z]{3,9},? )?([0-9]{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?,? ([0-9]{4})\b"
        ))
    });
    static MONTH_FIRST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\b([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)? ?(?:-|to|until) ?(?:([a-z]{3,9})\.? )?",
            r"([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})\b"
        ))
    });
    static ONE_DAY_FIRST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b([0-9]{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?,? ([0-9]{4})\b"));
    static ONE_MONTH_FIRST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})\b"));

    let text = fold(text);
    let iso: Vec<Date> = ISO
        .captures_iter(&text)
        .filter_map(|parts| {
            let (month, day) = (parts.get(2).or(parts.get(4))?, parts.get(3).or(parts.get(5))?);
            Date::new(parts[1].parse().ok()?, month.as_str().parse().ok()?, day.as_str().parse().ok()?).ok()
        })
        .collect();
    let span = if let (Some(first), Some(last)) = (iso.first(), iso.last()) {
        Some((*first, *last))
    } else if let Some(parts) = DAY_FIRST.captures(&text) {
        let last = day(&parts[6], &parts[5], &parts[4])?;
        let year = parts.get(3).map_or(&parts[6], |year| year.as_str());
        let first = day(year, parts.get(2).map_or(&parts[5], |month| month.as_str()), &parts[1])?;
        Some((first, last))
    } else if let Some(parts) = MONTH_FIRST.captures(&text) {
        let first = day(&parts[5], &parts[1], &parts[2])?;
        Some((first, day(&parts[5], parts.get(3).map_or(&parts[1], |month| month.as_str()), &parts[4])?))
    } else if let Some(parts) = ONE_DAY_FIRST.captures(&text) {
        day(&parts[3], &parts[2], &parts[1]).map(|day| (day, day))
    } else if let Some(parts) = ONE_MONTH_FIRST.captures(&text) {
        day(&parts[3], &parts[1], &parts[2]).map(|day| (day, day))
    } else {
        in_numbers(&text)
    };
    span.filter(|(first, last)| first <= last)
}

/// `14.10.2024 - 18.10.2024`, and with slashes where a day over 12 says that the day is first.
fn in_numbers(text: &str) -> Option<(Date, Date)> {
    static NUMBERS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b([0-9]{1,2})(?:/([0-9]{1,2})/|\.([0-9]{1,2})\.)([0-9]{4})\b"));
    let (mut sure, mut dates) = (false, Vec::new());
    for parts in NUMBERS.captures_iter(text) {
        let (day, pointed) = (parts[1].parse::<i8>().ok()?, parts.get(3));
        let month = parts.get(2).or(pointed)?.as_str().parse().ok()?;
        sure |= day > 12 || pointed.is_some();
        dates.push(Date::new(parts[4].parse().ok()?, month, day).ok()?);
    }
    sure.then_some((*dates.first()?, *dates.last()?))
}

fn day(year: &str, month_name: &str, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month(month_name)?, day.parse().ok()?).ok()
}

/// The only day of that weekday from `first` to `last`; `None` where there is none or more than one.
pub(super) fn day_within(weekday: Weekday, first: Date, last: Date) -> Option<Date> {
    let mut days = first.series(jiff::Span::new().days(1)).take(14).take_while(|day| *day <= last);
    let found = days.find(|day| day.weekday() == weekday)?;
    days.all(|day| day.weekday() != weekday).then_some(found)
}

/// The span of time that is the whole of `text`: `08:00-12:00`, `8.00 – 12.00`, `8h00 to 12h00`.
pub(super) fn times(text: &str) -> Option<(Time, Time)> {
    static SPAN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^([0-9]{1,2})[:.h]([0-9]{2}) ?(?:h|hrs)? ?(?:-|to|until)+ ?([0-9]{1,2})[:.h]([0-9]{2}) ?(?:h|hrs)?\.?$",
        )
    });
    let text = fold(text.get(..text.len().min(60))?);
    let parts = SPAN.captures(&text)?;
    let time = |hour: &str, minute: &str| Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok();
    Some((time(&parts[1], &parts[2])?, time(&parts[3], &parts[4])?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn a_span_of_days_is_read_in_every_usual_form() {
        let berlin = Some((date(2014, 4, 7), date(2014, 4, 11)));
        for text in [
            "2014-04-07 to 2014-04-11",
            "2014-04-07 \u{2013} 2014-04-11",
            "7-11 April 2014",
            "7th to 11th of April 2014",
            "Monday 7 \u{2013} Friday 11 April 2014",
            "April 7-11, 2014",
            "Apr. 7 - Apr. 11, 2014",
            "7 April 2014 to 11 April 2014",
            "2014/04/07 - 2014/04/11",
            "7.4.2014 - 11.4.2014",
        ] {
            assert_eq!(days(text), berlin, "{text:?}");
        }
        assert_eq!(days("31 March - 4 April 2014"), Some((date(2014, 3, 31), date(2014, 4, 4))));
        assert_eq!(days("09/06/2014 - 13/06/2014"), Some((date(2014, 6, 9), date(2014, 6, 13))));
        assert_eq!(days("9 June 2014"), Some((date(2014, 6, 9), date(2014, 6, 9))));
    }

    #[test]
    fn impossible_and_reversed_days_are_none() {
        for text in [
            "",
            "2014-02-30",
            "2014-04-11 to 2014-04-07",
            "31 April 2014",
            "4/5/2014",
            "6/13/2014",
            "06/09/2014 - 06/13/2014",
            "next week",
        ] {
            assert_eq!(days(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_weekday_is_a_day_of_the_meeting_only_where_there_is_one_such_day() {
        let (first, last) = (date(2014, 4, 7), date(2014, 4, 11));
        assert_eq!(weekday("FRIday").and_then(|day| day_within(day, first, last)), Some(last));
        assert_eq!(day_within(Weekday::Sunday, first, last), None);
        assert_eq!(day_within(Weekday::Monday, first, date(2014, 4, 14)), None);
        assert_eq!(weekday("Mondays"), None);
    }

    #[test]
    fn a_span_of_time_is_the_whole_text() {
        let morning = Some((time(8, 0, 0, 0), time(12, 0, 0, 0)));
        for text in ["08:00-12:00", "8:00 \u{2013} 12:00", "8.00 to 12.00", " 8h00 - 12h00 "] {
            assert_eq!(times(text), morning, "{text:?}");
        }
        for text in ["25:00-26:00", "08:00", "08:00-12:00 lunch", "08:00 12:00"] {
            assert_eq!(times(text), None, "{text:?}");
        }
    }
}
