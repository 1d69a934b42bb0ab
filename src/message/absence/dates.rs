//! The days that a text names, in the ways in which people write them. One that could be two days is said
//! to be so.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::message::words::phrases;

/// A text is looked at up to so many characters: machines come to the point.
const LONGEST: usize = 8 * 1024;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Digits: their value, and how many they are.
    Number(i16, usize),
    /// Letters, in lower case.
    Word(String),
    /// Anything else that is no white space.
    Mark(char),
    /// A blank line.
    Break,
}

impl Token {
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    fn is_mark(&self, marks: &[char]) -> bool {
        matches!(self, Self::Mark(mark) if marks.contains(mark))
    }

    /// A number that may be a day or a month.
    const fn small(&self) -> Option<i8> {
        match self {
            Self::Number(value @ 1..=31, 1 | 2) => Some(*value as i8),
            _ => None,
        }
    }

    const fn year(&self) -> Option<i16> {
        match self {
            Self::Number(value @ 2000..=2999, 4) => Some(*value),
            _ => None,
        }
    }
}

/// The text in pieces.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().take(LONGEST).flat_map(char::to_lowercase).peekable();
    while let Some(c) = rest.next() {
        if c.is_whitespace() {
            let mut lines = usize::from(c == '\n');
            while let Some(c) = rest.next_if(|c| c.is_whitespace()) {
                lines += usize::from(c == '\n');
            }
            if lines > 1 {
                tokens.push(Token::Break);
            }
        } else if let Some(digit) = c.to_digit(10) {
            let (mut value, mut count) = (i64::from(digit), 1);
            while let Some(digit) = rest.next_if(char::is_ascii_digit).and_then(|c| c.to_digit(10)) {
                (value, count) = ((value * 10 + i64::from(digit)).min(30_000), count + 1);
            }
            tokens.push(Token::Number(i16::try_from(value).unwrap_or(i16::MAX), count));
        } else if c.is_alphabetic() {
            let mut word = String::from(c);
            while let Some(c) = rest.next_if(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '\u{301}' | '\u{307}'))
            {
                word.push(if c == '’' { '\'' } else { c });
            }
            // "i̇" is what a Turkish capital becomes.
            tokens.push(Token::Word(word.replace('\u{307}', "")));
        } else {
            tokens.push(Token::Mark(c));
        }
    }
    tokens
}

/// A day as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    day: i8,
    month: i8,
    year: Option<i16>,
}

/// What a text names at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Its first piece, and the one behind it.
    pub(super) from: usize,
    pub(super) to: usize,
    /// The first day, of those that are named as a range.
    pub(super) start: Option<Written>,
    /// The day, or the last of a range; nothing where it could be two.
    pub(super) day: Option<Written>,
}

impl Written {
    /// The day; without a year the one that is nearest to `sent`.
    pub(super) fn near(self, sent: Date) -> Option<Date> {
        if let Some(year) = self.year {
            return Date::new(year, self.month, self.day).ok();
        }
        let years = (-1..=1).filter_map(|off| sent.year().checked_add(off));
        let days = years.filter_map(|year| Date::new(year, self.month, self.day).ok());
        days.min_by_key(|day| sent.until(*day).map_or(i32::MAX, |span| span.get_days().abs()))
    }

    /// The day that begins what ends on `end`.
    pub(super) fn before(self, end: Date) -> Option<Date> {
        if self.year.is_some() {
            return self.near(end);
        }
        let years = (-1..=0).filter_map(|off| end.year().checked_add(off));
        let days = years.filter_map(|year| Date::new(year, self.month, self.day).ok());
        days.filter(|day| *day <= end).max()
    }
}

/// Every day that the pieces name, in order.
pub(super) fn named(tokens: &[Token], is_range: impl Fn(&str) -> bool) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(mut one) = days_of_one_month(tokens, at, &is_range).or_else(|| one(tokens, at)) else {
            at += 1;
            continue;
        };
        // "From 3 July to 14 July": what stands between them and nothing else.
        if let Some(last) = found.last().filter(|last| last.start.is_none() && last.day.is_some())
            && connects(tokens.get(last.to..one.from).unwrap_or_default(), &is_range)
            && one.start.is_none()
        {
            (one.from, one.start) = (last.from, last.day);
            found.pop();
        }
        at = one.to;
        found.push(one);
    }
    found
}

/// Whether the pieces join the first and the last day of a range.
fn connects(between: &[Token], is_range: &impl Fn(&str) -> bool) -> bool {
    let joins = |token: &Token| match token {
        Token::Word(word) => is_range(word),
        token => token.is_mark(&['-', '–', '—']),
    };
    !between.is_empty() && between.len() <= 3 && between.iter().all(joins)
}

/// `3 to 14 July`, `3.-14. Juli 2014`, `July 3 - 14, 2014`.
fn days_of_one_month(tokens: &[Token], at: usize, is_range: &impl Fn(&str) -> bool) -> Option<Named> {
    let named = |to, first, last: Written| {
        let start = Written { day: first, ..last };
        Named { from: at, to, start: Some(start), day: Some(last) }
    };
    let connector = |from: usize| {
        (1..=3).find(|count| {
            let behind = tokens.get(from + count).and_then(Token::small).is_some();
            behind && tokens.get(from..from + count).is_some_and(|between| connects(between, is_range))
        })
    };
    if let Some(month) = month(tokens.get(at)?) {
        let first = ordinal(tokens, at + 1)?;
        let second = first.1 + connector(first.1)?;
        let (day, to) = ordinal(tokens, second)?;
        let (year, to) = year_behind(tokens, to);
        return Some(named(to, first.0, Written { day, month, year }));
    }
    let (first, to) = ordinal(tokens, at)?;
    let (last, to) = day_and_month(tokens, to + connector(to)?)?;
    Some(named(to, first, last))
}

/// A day by itself.
fn one(tokens: &[Token], at: usize) -> Option<Named> {
    let named = |(day, to): (Option<Written>, usize)| Named { from: at, to, start: None, day };
    if let Some(found) = day_and_month(tokens, at).or_else(|| month_and_day(tokens, at)) {
        return Some(named((Some(found.0), found.1)));
    }
    year_first(tokens, at).or_else(|| figures(tokens, at)).map(named)
}

/// `14`, `14th`, `14.`, `1er`, `1º`.
fn ordinal(tokens: &[Token], at: usize) -> Option<(i8, usize)> {
    let day = tokens.get(at)?.small()?;
    let is_ending = match tokens.get(at + 1) {
        Some(Token::Word(word)) => {
            matches!(word.as_str(), "st" | "nd" | "rd" | "th" | "er" | "ère" | "º" | "ª" | "o" | "e" | "ος")
        }
        Some(token) => token.is_mark(&['.', '°']),
        None => false,
    };
    Some((day, at + 1 + usize::from(is_ending)))
}

/// `14 July 2014`, `14. Juli`, `14th of July, 2014`, `14 de julio de 2014`, `14-Jul-2014`.
fn day_and_month(tokens: &[Token], at: usize) -> Option<(Written, usize)> {
    let (day, mut to) = ordinal(tokens, at)?;
    let joins = |token: &Token| match token {
        Token::Word(word) => matches!(word.as_str(), "of" | "de" | "di" | "d'"),
        token => token.is_mark(&['-', '/']),
    };
    to += usize::from(tokens.get(to).is_some_and(joins));
    let month = month(tokens.get(to)?)?;
    let (year, to) = year_behind(tokens, to + 1);
    Some((Written { day, month, year }, to))
}

/// `July 14`, `July 14th, 2014`.
fn month_and_day(tokens: &[Token], at: usize) -> Option<(Written, usize)> {
    let month = month(tokens.get(at)?)?;
    let dot = usize::from(tokens.get(at + 1).is_some_and(|token| token.is_mark(&['.'])));
    let (day, to) = ordinal(tokens, at + 1 + dot)?;
    // "July 14:00" is no day.
    if tokens.get(to).is_some_and(|token| token.is_mark(&[':'])) {
        return None;
    }
    let (year, to) = year_behind(tokens, to);
    Some((Written { day, month, year }, to))
}

/// The year behind a month or a day, and where the date ends.
fn year_behind(tokens: &[Token], at: usize) -> (Option<i16>, usize) {
    let joins = |token: &Token| match token {
        Token::Word(word) => matches!(word.as_str(), "de" | "del" | "of"),
        token => token.is_mark(&[',', '.', '-', '/']),
    };
    let behind = at + usize::from(tokens.get(at).is_some_and(joins));
    match tokens.get(behind).and_then(Token::year) {
        Some(year) => (Some(year), behind + 1),
        None => (None, at),
    }
}

/// `2014-07-14`, `2014/07/14`, `2014. 7. 14.`, `2014年7月14日`, `7月14日`, `7월 14일`.
fn year_first(tokens: &[Token], at: usize) -> Option<(Option<Written>, usize)> {
    let is = |at: usize, words: &[&str]| tokens.get(at).and_then(Token::word).is_some_and(|word| words.contains(&word));
    let year = tokens.get(at)?.year();
    let by_words = match year {
        Some(_) => is(at + 1, &["年", "년"]),
        None => true,
    };
    let first = at + if year.is_some() { 2 } else { 0 };
    let month = tokens.get(first)?.small().filter(|month| *month <= 12)?;
    let day = tokens.get(first + 2)?.small()?;
    let written = Some(Written { day, month, year });
    if by_words && is(first + 1, &["月", "월"]) {
        // The day's own word and what follows it are one to whoever sees no spaces.
        let has_day =
            tokens.get(first + 3).and_then(Token::word).is_some_and(|word| word.starts_with(['日', '일', '号', '號']));
        return has_day.then_some((written, first + 3));
    }
    let mark = tokens.get(at + 1)?;
    let is_plain = year.is_some() && mark.is_mark(&['-', '/', '.']) && tokens.get(first + 1) == Some(mark);
    is_plain.then_some((written, first + 3))
}

/// `14.07.2014`, `14/07/2014`, `7/14/2014`, `14.7.`: in figures alone, which may be read in two ways.
fn figures(tokens: &[Token], at: usize) -> Option<(Option<Written>, usize)> {
    let first = tokens.get(at)?.small()?;
    let mark = tokens.get(at + 1).filter(|token| token.is_mark(&['.', '/', '-']))?;
    let second = tokens.get(at + 2)?.small()?;
    let has_third = tokens.get(at + 3) == Some(mark);
    let year = tokens.get(at + 4).filter(|_| has_third).and_then(Token::year);
    let is_short = has_third && year.is_none() && matches!(tokens.get(at + 4), Some(Token::Number(_, 2)));
    let is_dotted = mark.is_mark(&['.']);
    let is_day_first = first > 12 || first == second || is_dotted && year.is_some();
    let written = match (is_day_first, second > 12) {
        _ if is_short && !is_dotted => None,
        // A year of two figures is the mail's own, or none.
        (true, false) => Some(Written { day: first, month: second, year }),
        (false, true) if !is_dotted => Some(Written { day: second, month: first, year }),
        _ => None,
    };
    let to = at + if year.is_some() || is_short { 5 } else { 3 };
    // "14-7" and "3.5" may be anything.
    let is_date = year.is_some() || is_short || is_dotted && has_third || mark.is_mark(&['/']);
    is_date.then_some((written, to))
}

/// The month that a word names.
fn month(token: &Token) -> Option<i8> {
    static WHOLE: LazyLock<HashMap<&str, i8>> =
        LazyLock::new(|| months().filter(|(word, _)| !word.ends_with('*')).collect());
    static BEGUN: LazyLock<Vec<(&str, i8)>> =
        LazyLock::new(|| months().filter_map(|(word, month)| Some((word.strip_suffix('*')?, month))).collect());
    let word = token.word()?.split('\'').next()?;
    WHOLE
        .get(word)
        .copied()
        .or_else(|| BEGUN.iter().find(|(begin, _)| word.starts_with(begin)).map(|(_, month)| *month))
}

fn months() -> impl Iterator<Item = (&'static str, i8)> {
    let lines = phrases(include_str!("../words/months.txt"));
    lines.flat_map(|line| {
        let mut words = line.split_whitespace();
        let month = words.next().and_then(|number| number.parse().ok()).unwrap_or_default();
        words.map(move |word| (word, month))
    })
}
