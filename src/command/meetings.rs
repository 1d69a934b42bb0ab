//! Commands about the group's meetings and their sessions (PRODUCT.md, section 6).

use jiff::civil::Time;

use super::dates::{Day, day};
use super::grammar::{Mode, Read, tail_of};
use super::targets::{Targets, one};
use super::written::Rest;
use super::{Command, Target};
use crate::domain::calendar_names::MONTHS;
use crate::domain::{Plenary, Reference, Text};

/// The longest place or title that is taken, in characters.
const LONGEST: usize = 120;

/// Words that tell of a meeting, and are no place.
const TELLING: [&str; 14] = [
    "is",
    "was",
    "were",
    "will",
    "has",
    "had",
    "been",
    "not",
    "cancelled",
    "canceled",
    "moved",
    "postponed",
    "confirmed",
    "or",
];

/// Reads a command that begins with its word.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    if let Some(after) = rest.word("meeting") {
        return dates_of(after, mode);
    }
    if let Some(after) = rest.word("call") {
        return call(after, mode);
    }
    if let Some(after) = rest.any(&["cancel the call on", "cancel the call", "cancel call on", "cancel call"]) {
        return match day(after.1.text(), mode.today) {
            Day::On(date, length) => Read::whole(after.1.after(length), || Command::CancelCall { date }),
            Day::Bad(why) => Read::Doubt(why),
            Day::None => Read::Prose,
        };
    }
    if let Some(after) = rest.any(&["cancel the session", "cancel session"]) {
        return cancel_session(after.1, mode);
    }
    rest.word("session").map_or(Read::Prose, |after| session(after, mode))
}

/// The meeting that stands here.
pub(super) fn meeting<'a>(rest: Rest<'a>, mode: &Mode<'_>) -> Option<Targets<'a>> {
    let found = one(rest, mode)?;
    are_meetings(&found.of).then_some(found)
}

/// Whether targets are meetings, every one.
pub(super) fn are_meetings(of: &[Target]) -> bool {
    of.iter().all(|target| matches!(target, Target::Reference(Reference::Meeting(_) | Reference::Plenary(_))))
}

/// `meeting SEC#11 [in TP11] 2014-06-09 [to 2014-06-13] [Berlin] [deadline 2014-06-02]`
fn dates_of(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let Some(found) = meeting(rest, mode) else { return Read::Prose };
    let Some(of) = found.of.first().cloned() else { return Read::Prose };
    let mut rest = found.rest.mark(':').unwrap_or(found.rest);
    let mut plenary: Option<Plenary> = None;
    let inner = rest.mark('(').unwrap_or(rest).skip(&["in", "with", "at"]);
    if let Some(held) = one(inner, mode)
        && let [Target::Reference(Reference::Plenary(series))] = held.of.as_slice()
    {
        plenary = Some(series.clone());
        let after = held.rest.mark(')').unwrap_or(held.rest);
        rest = after.mark(':').unwrap_or(after);
    }
    let rest = rest.mark(',').unwrap_or(rest).skip(&["on", "from"]);
    let (start, mut rest) = match day(rest.text(), mode.today) {
        Day::On(date, length) => (Some(date), rest.after(length)),
        Day::Bad(why) => return Read::Doubt(why),
        Day::None => (None, rest),
    };
    let mut end = None;
    if start.is_some() {
        let until = rest.mark('-').unwrap_or_else(|| rest.skip(&["to", "until", "till", "through"]));
        if until.text() != rest.text() {
            match day(until.text(), mode.today) {
                Day::On(date, length) => (end, rest) = (Some(date), until.after(length)),
                Day::Bad(why) => return Read::Doubt(why),
                Day::None => return Read::Doubt(tail_of(rest.original())),
            }
        }
    }
    let rest = rest.mark(',').unwrap_or(rest);
    let (place, rest) = match place(rest, mode) {
        Ok(found) => found,
        Err(tail) if start.is_some() => return Read::Doubt(tail_of(&tail)),
        // "meeting SEC#11 was good" tells.
        Err(_) => return Read::Prose,
    };
    if start.is_none() && place.is_some() {
        return Read::Prose;
    }
    let deadline = match rest.word("deadline") {
        Some(after) => match day(after.mark(':').unwrap_or(after).skip(&["is", "on"]).text(), mode.today) {
            Day::On(date, length) => {
                let after = after.mark(':').unwrap_or(after).skip(&["is", "on"]).after(length);
                if !after.is_empty() {
                    return Read::Doubt(tail_of(after.original()));
                }
                Some(date)
            }
            Day::Bad(why) => return Read::Doubt(why),
            Day::None => return Read::Begun(missing_date(after)),
        },
        None if rest.is_empty() => None,
        None => return Read::Doubt(tail_of(rest.original())),
    };
    if start.is_none() && deadline.is_none() {
        return if rest.is_empty() && found.rest.is_empty() { Read::Begun(missing_date(rest)) } else { Read::Prose };
    }
    Read::Command(Command::Meeting { of, plenary, start, end, place, deadline })
}

fn missing_date(rest: Rest<'_>) -> Text {
    Text::new("line-missing-date").with("command", "meeting").with("given", rest.original())
}

/// The place that stands here, up to the word "deadline", and what follows it; what stands there instead.
fn place<'a>(rest: Rest<'a>, mode: &Mode<'_>) -> Result<(Option<String>, Rest<'a>), String> {
    let lower = rest.text().to_ascii_lowercase();
    let at =
        lower.match_indices("deadline").map(|(at, _)| at).find(|at| *at == 0 || lower[..*at].ends_with([' ', ',']));
    let written = rest.first(at.unwrap_or(rest.text().len()));
    let after = at.map_or_else(|| rest.after(rest.text().len()), |at| rest.after(at));
    let text = written.original().trim_matches([' ', ',', ';', '(', ')']);
    if text.is_empty() {
        return Ok((None, after));
    }
    let named = written.any(&["in", "at"]);
    let text = named.map_or(text, |(_, rest)| rest.original().trim_matches([' ', ',', ';', '(', ')']));
    let is_name = text.starts_with(|c: char| c.is_uppercase() || (named.is_some() && c.is_alphabetic()));
    let words = || text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).filter(|word| !word.is_empty());
    let tells = words().any(|word| TELLING.contains(&word.as_str()) || MONTHS.contains(&word.as_str()));
    let dated = words().any(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_name || tells || dated || text.chars().count() > LONGEST || one(written, mode).is_some() {
        return Err(written.original().to_owned());
    }
    Ok((Some(text.to_owned()), after))
}

/// The longest name of a session, in letters and digits.
const LABEL: usize = 8;

/// Whether a word can name a session (`S1`).
pub(crate) fn is_label(word: &str) -> bool {
    (1..=LABEL).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `cancel session S1 SEC#11`
fn cancel_session(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let label = rest.first_word();
    let after = rest.after(label.len()).skip(&["of", "at", "in"]);
    match meeting(after, mode).filter(|_| is_label(label)) {
        Some(found) => match found.of.first().cloned() {
            Some(of) => Read::whole(found.rest, || Command::CancelSession { of, label: label.to_uppercase() }),
            None => Read::Prose,
        },
        None => Read::Doubt(Text::new("line-cancel-session").with("given", rest.original())),
    }
}

/// `session S1 SEC#11 2014-06-09 09:00-10:15 [TITLE]`
fn session(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let label = rest.first_word();
    let is_label = is_label(label);
    let after = rest.after(label.len()).skip(&["of", "at", "in"]);
    let Some(found) = meeting(after, mode).filter(|_| is_label) else { return Read::Prose };
    let Some(of) = found.of.first().cloned() else { return Read::Prose };
    let rest = found.rest.mark(':').unwrap_or(found.rest).skip(&["on", "is on", "moves to", "moved to"]);
    let (date, rest) = match day(rest.text(), mode.today) {
        Day::On(date, length) => (date, rest.after(length)),
        Day::Bad(why) => return Read::Doubt(why),
        Day::None if rest.is_empty() => {
            return Read::Begun(Text::new("line-missing-date").with("command", "session").with("given", ""));
        }
        Day::None => return Read::Prose,
    };
    let rest = rest.mark(',').unwrap_or(rest).skip(&["at", "from"]);
    let Some((start, end, rest)) = times(rest) else {
        return Read::Doubt(Text::new("line-session-time").with("given", rest.original()));
    };
    match title(rest) {
        Ok(title) => Read::Command(Command::Session { of, label: label.to_uppercase(), date, start, end, title }),
        Err(tail) => Read::Doubt(tail),
    }
}

/// `call 2014-05-06 14:00 [TITLE]`; without a day or a time, it is prose.
fn call(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let rest = rest.skip(&["on"]);
    let (date, rest) = match day(rest.text(), mode.today) {
        Day::On(date, length) => (date, rest.after(length)),
        Day::Bad(why) => return Read::Doubt(why),
        Day::None => return Read::Prose,
    };
    let rest = rest.mark(',').unwrap_or(rest).skip(&["at", "from"]);
    let Some((time, rest)) = time(rest) else {
        return Read::Doubt(Text::new("line-call-time").with("given", rest.original()));
    };
    let end = rest.mark('-').unwrap_or_else(|| rest.skip(&["to", "until"]));
    if end.text().len() < rest.text().len() && self::time(end).is_some() {
        return Read::Doubt(Text::new("line-call-range"));
    }
    match title(rest) {
        Ok(title) => Read::Command(Command::Call { date, time, title }),
        Err(tail) => Read::Doubt(tail),
    }
}

/// The title that ends a line.
fn title(rest: Rest<'_>) -> Result<Option<String>, Text> {
    let title = rest.mark(':').or_else(|| rest.mark('-')).or_else(|| rest.mark(',')).unwrap_or(rest).to_end_of_line();
    let title = title.original().trim();
    // Quotation marks around all of it are none of the title.
    let inner = title.strip_prefix('"').and_then(|title| title.strip_suffix('"'));
    let title = inner.filter(|inner| !inner.contains('"')).unwrap_or(title).trim();
    if title.chars().count() > LONGEST {
        return Err(tail_of(title));
    }
    Ok((!title.is_empty()).then(|| title.to_owned()))
}

/// `09:00-10:15`, and what follows it.
fn times(rest: Rest<'_>) -> Option<(Time, Time, Rest<'_>)> {
    let (start, rest) = time(rest)?;
    let until = rest.mark('-').unwrap_or_else(|| rest.skip(&["to", "until", "till"]));
    let (end, rest) = time(until)?;
    (start < end).then_some((start, end, rest))
}

/// `9:00` or `09:00`, in 24 hours.
fn time(rest: Rest<'_>) -> Option<(Time, Rest<'_>)> {
    let text = rest.text();
    let hours = text.bytes().take_while(u8::is_ascii_digit).count();
    let (hours, minutes) = (text.get(..hours)?, text.get(hours..)?.strip_prefix(':')?.get(..2)?);
    if !(1..=2).contains(&hours.len()) || !minutes.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let length = hours.len() + 3;
    let time = Time::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok()?;
    // "2:00pm" may be two hours.
    let ends = !text.get(length..)?.starts_with(|c: char| c.is_alphanumeric());
    ends.then(|| (time, rest.after(length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_hours_and_minutes() {
        use crate::command::written::Written;
        for (text, is_one) in [("9:00", true), ("09:00-10:15", true), ("24:00", false), ("9", false), ("9:00pm", false)]
        {
            assert_eq!(time(Written::new(text).rest()).is_some(), is_one, "{text}");
        }
        assert!(times(Written::new("10:15-09:00").rest()).is_none());
    }
}
