//! Until when somebody is away, as the text of an automatic reply says it.
//!
//! A day counts where a word of return or of "until" stands before it, with nothing between them that says
//! something else. Days that could be two (`4/5/2014`), and texts that name several, are not understood: what
//! was not understood pauses nothing.

mod dates;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::domain::without_controls;

use dates::{Named, Token, named, tokens};

use super::words::{ABSENCE_DENIED, ABSENCE_WORDS, AUTOMATIC_SUBJECTS, AWAY_SUBJECTS, CALENDAR, phrases};

/// The words of one of the lists, phrase by phrase.
struct List(Vec<Vec<&'static str>>);

impl List {
    fn new(list: &'static str) -> Self {
        Self(phrases(list).map(|phrase| phrase.split_whitespace().collect()).collect())
    }

    fn has(&self, word: &str) -> bool {
        self.0.iter().any(|phrase| *phrase == [word])
    }

    /// Whether one of the phrases ends with the last of the pieces.
    fn ends(&self, tokens: &[Token]) -> bool {
        self.0.iter().any(|phrase| {
            let Some(start) = tokens.len().checked_sub(phrase.len()) else { return false };
            let pieces = tokens.iter().skip(start).zip(phrase);
            pieces.into_iter().all(|(token, word)| {
                token.word().is_some_and(|written| is_written(written, word, written.ends_with(word)))
            })
        })
    }

    /// Whether one of the phrases begins with the first of the pieces.
    fn begins(&self, tokens: &[Token]) -> bool {
        let Some(first) = tokens.first().and_then(Token::word) else { return false };
        let first = first.trim_start_matches(['日', '일', '号', '號']);
        self.0.iter().any(|phrase| phrase.first().is_some_and(|word| is_written(first, word, first.starts_with(word))))
    }
}

/// Whether a word is that of a phrase. Some scripts put no space between words.
fn is_written(written: &str, word: &str, is_part: bool) -> bool {
    written == word || word.chars().all(|c| c as u32 >= 0x2E80) && is_part
}

static UNTIL: LazyLock<List> = LazyLock::new(|| List::new(include_str!("../words/absence_until.txt")));
static THROUGH: LazyLock<List> = LazyLock::new(|| List::new(include_str!("../words/absence_through.txt")));
static RETURNS: LazyLock<List> = LazyLock::new(|| List::new(include_str!("../words/absence_returns.txt")));
static UNTIL_BEHIND: LazyLock<List> = LazyLock::new(|| List::new(include_str!("../words/absence_until_behind.txt")));
static RETURNS_BEHIND: LazyLock<List> =
    LazyLock::new(|| List::new(include_str!("../words/absence_returns_behind.txt")));
static BETWEEN: LazyLock<List> = LazyLock::new(|| List::new(include_str!("../words/absence_between.txt")));
static RANGES: LazyLock<List> = LazyLock::new(|| List::new(include_str!("../words/absence_ranges.txt")));

/// So many pieces stand at most between a word and its day.
const MOST_BETWEEN: usize = 8;

/// What a day is to somebody's absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// Back again.
    Return,
    /// Away until then.
    Until,
    /// Away on that day, too.
    Through,
}

/// The day on which whoever sent the automatic reply on `sent` is there again, where it names one and only one
/// that comes after `sent`.
#[must_use]
pub fn return_day(subject: &str, text: &str, sent: Date) -> Option<Date> {
    let text = &*without_controls(text);
    let (mut returns, mut others) = (BTreeSet::new(), BTreeSet::new());
    for text in [subject, text] {
        let tokens = tokens(text);
        for named in named(&tokens, |word| RANGES.has(word)) {
            let Some(meant) = meant(&tokens, &named, sent) else { continue };
            let day = named.day.and_then(|day| day.near(sent));
            let day = day.and_then(|day| if meant == Meant::Through { day.tomorrow().ok() } else { Some(day) });
            // One that cannot be told from another is one more.
            if meant == Meant::Return { &mut returns } else { &mut others }.insert(day);
        }
    }
    // A day of return says by itself that its author is away. "Until" may be said of anything.
    let returns_then = !returns.is_empty() && AUTOMATIC_SUBJECTS.found(subject);
    let is_away = |text: &str| ABSENCE_WORDS.found(text) || AWAY_SUBJECTS.found(text);
    let says_away = || returns_then || is_away(subject) || is_away(text);
    let is_denied = || [subject, text].into_iter().any(|text| ABSENCE_DENIED.found(text));
    let named = if returns.is_empty() { others } else { returns };
    let mut named = named.into_iter();
    let day = named.next()?.filter(|day| *day > sent)?;
    (named.next().is_none() && says_away() && !is_denied()).then_some(day)
}

/// What a day that is named means.
fn meant(tokens: &[Token], named: &Named, sent: Date) -> Option<Meant> {
    if let Some(start) = named.start {
        // Another absence than the one that the reply is for is none.
        let end = named.day?.near(sent)?;
        return (start.before(end)? <= sent).then_some(Meant::Through);
    }
    let behind = tokens.get(named.to..).unwrap_or_default();
    let hyphen = usize::from(behind.first() == Some(&Token::Mark('-')));
    let behind = behind.get(hyphen..).unwrap_or_default();
    if RETURNS_BEHIND.begins(behind) {
        return Some(Meant::Return);
    }
    if UNTIL_BEHIND.begins(behind) {
        return Some(Meant::Until);
    }
    let mut end = named.from;
    for _ in 0..MOST_BETWEEN {
        let before = tokens.get(..end)?;
        for (list, meant) in [(&RETURNS, Meant::Return), (&THROUGH, Meant::Through), (&UNTIL, Meant::Until)] {
            if list.ends(before) {
                return Some(meant);
            }
        }
        let (last, rest) = before.split_last()?;
        let may_stand = match last {
            Token::Word(word) => BETWEEN.has(word) || is_weekday(word),
            // Behind the day of the week, whole or short.
            Token::Mark(',' | '.') => rest.last().and_then(Token::word).is_some_and(is_weekday),
            // "Back on: 7 July".
            Token::Mark(':' | '(') => end == named.from,
            Token::Number(..) | Token::Mark(_) | Token::Break => false,
        };
        if !may_stand {
            return None;
        }
        end -= 1;
    }
    None
}

/// A day of the week, or a month: nothing else stands in that list.
fn is_weekday(word: &str) -> bool {
    CALENDAR.found(word)
        || matches!(word, "mo" | "di" | "mi" | "do" | "fr" | "sa" | "so" | "lun" | "mar" | "mer" | "jeu" | "ven")
}
