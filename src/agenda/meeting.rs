//! What stands before the first agenda item: the meeting, its days and its place.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::blocks::{Block, one_line};
use super::cells::{fold, pattern};
use super::dates::{begins_with_month, days, weekday};
use super::sections::Heading;
use super::{AgendaMeeting, NOT_YET_KNOWN};
use crate::domain::reference::scan::scan;
use crate::domain::{MeetingRef, Plenary, Reference, ReferenceScheme};

/// A longer meeting is a mistake in its dates.
const LONGEST: i32 = 31;

/// A line `Meeting Date: 2014-04-07 to 2014-04-11`, or a row of a table that says so.
struct Entry {
    /// In lower case; empty for a line without one.
    key: String,
    value: String,
}

/// The meeting that the document is for, with what was doubtful.
pub(super) fn meeting(
    blocks: &[Block],
    headings: &[Option<Heading>],
    scheme: &ReferenceScheme,
    remarks: &mut Vec<String>,
) -> Option<AgendaMeeting> {
    let mut entries = entries(front(blocks, headings));
    entries.retain(|entry| !is_of_another(entry));

    let about =
        |words: &'static [&str]| entries.iter().filter(move |entry| words.iter().any(|word| entry.key.contains(word)));
    let found = about(&["title"])
        .chain(about(&["meeting"]))
        .chain(&entries)
        .find_map(|entry| reference(&entry.value, scheme).map(|reference| (reference, entry)));
    let Some((reference, titled)) = found else {
        if about(&["title"]).any(|entry| is_unknown(&entry.value)) {
            return None;
        }
        remarks
            .push(format!("the document names no meeting such as {}#10 before its first item", scheme.meeting_label()));
        return None;
    };
    let plenary = plenary(&titled.value, scheme).or_else(|| entries.iter().find_map(|e| plenary(&e.value, scheme)));
    let dated = dated(&entries);
    let span = dated.and_then(|entry| days(&entry.value));
    let span = span.filter(|(first, last)| length(*first, *last) <= LONGEST);
    match (dated, span) {
        (Some(entry), None) if is_unknown(&entry.value) => {}
        (Some(entry), None) => {
            remarks.push(format!(
                "{}: no days such as 2014-04-07 to 2014-04-11, so the meeting's are not known",
                entry.value
            ));
        }
        (None, None) => remarks.push(format!("the document does not say on which days {reference} is")),
        (_, Some(_)) => {}
    }
    let place = about(&["place", "venue", "location"])
        .chain(entries.iter().filter(|entry| entry.key == "where"))
        .find_map(|entry| entry.value.lines().map(str::trim).find(|line| !line.is_empty()).map(ToOwned::to_owned))
        .or_else(|| about(&["detail", "meeting"]).find_map(|entry| place_within(&entry.value)))
        .or_else(|| dated.filter(|_| span.is_some()).and_then(|entry| place_beside(&entry.value)));
    let (start, end) = span.unzip();
    let deadline = deadline(&entries, remarks);
    Some(AgendaMeeting { reference, plenary, start, end, place, deadline })
}

/// Whether a line tells of another meeting than the document's own, or of the last change of the document.
fn is_of_another(entry: &Entry) -> bool {
    static OTHER: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:previous|last|next|former|past|following|future)\b"));
    // A line without a key is one where it begins so.
    match entry.key.as_str() {
        "" => OTHER.find(&entry.value).is_some_and(|found| found.start() == 0),
        key => OTHER.is_match(key),
    }
}

/// The line that says on which days the meeting is: the meeting's own, then a span before a single day.
fn dated(entries: &[Entry]) -> Option<&Entry> {
    static OF_THE_DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)deadline|\b(?:documents?|issued?|upload\w*|version|prepared|submi\w+|contributions?|updated?|modified|",
            r"created|saved|printed|published|revision|revised|draft|registration|comments?|approv\w+|reserv\w+)\b"
        ))
    });
    let known = |entry: &&Entry| !OF_THE_DOCUMENT.is_match(&entry.key);
    let is_date = |entry: &&Entry| entry.key.contains("date") || matches!(entry.key.as_str(), "when" | "days");
    let is_span = |entry: &&Entry| days(&entry.value).is_some_and(|(first, last)| first < last);
    let of_meeting = |entry: &&Entry| entry.key.contains("meeting");
    let find = |wanted: &dyn Fn(&&Entry) -> bool| entries.iter().filter(known).find(wanted);
    find(&|entry| of_meeting(entry) && is_date(entry))
        .or_else(|| find(&|entry| of_meeting(entry) && is_span(entry)))
        .or_else(|| find(&|entry| is_date(entry) && is_span(entry)))
        .or_else(|| find(&is_span))
        .or_else(|| find(&is_date))
}

/// Until when contributions may come: `Contributions until: 2014-06-02`.
fn deadline(entries: &[Entry], remarks: &mut Vec<String>) -> Option<Date> {
    let is_of_it = |entry: &&Entry| entry.key.contains("contribution") && entry.key.contains("until");
    let is_named = |entry: &&Entry| entry.key.contains("deadline");
    let found = entries.iter().find(is_of_it).or_else(|| entries.iter().find(is_named))?;
    let day = days(&found.value).filter(|(first, last)| first == last).map(|(day, _)| day);
    if day.is_none() && !found.value.is_empty() && !is_unknown(&found.value) {
        remarks.push(format!("{}: no day such as 2014-06-02, so the deadline for contributions stays", found.value));
    }
    day
}

/// What stands before the first numbered item.
fn front<'a>(blocks: &'a [Block], headings: &[Option<Heading>]) -> &'a [Block] {
    let numbered = |heading: &Option<Heading>| heading.as_ref().is_some_and(|heading| heading.number.is_some());
    &blocks[..headings.iter().position(numbered).unwrap_or(blocks.len()).min(blocks.len())]
}

/// Whether nobody knows yet, and it is said.
fn is_unknown(value: &str) -> bool {
    let value = value.trim().trim_end_matches('.').to_lowercase();
    value == NOT_YET_KNOWN || value == "tbd" || value.starts_with("to be ")
}

/// Whether the document was made by this program, and from which export, where that has a name:
/// `Prepared: 2014-05-02 by minuted (copy k7xq2m)`.
pub(super) fn made_from(blocks: &[Block], headings: &[Option<Heading>]) -> (bool, Option<String>) {
    static COPY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)^[0-9-]{10} by minuted(?: \(copy ([a-z0-9]{4,40})\))?$"));
    let entries = entries(front(blocks, headings));
    let prepared = entries.iter().filter(|entry| entry.key.starts_with("prepared"));
    let found = prepared.map(|entry| fold(&entry.value)).find_map(|value| {
        let parts = COPY.captures(&value)?;
        Some(parts.get(1).map(|name| name.as_str().to_lowercase()))
    });
    (found.is_some(), found.flatten())
}

/// From one day to another, in days.
fn length(first: Date, last: Date) -> i32 {
    (last - first).get_days()
}

/// The lines and rows of the front matter.
fn entries(front: &[Block]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for block in front {
        match block {
            Block::Paragraph(paragraph) => {
                for line in paragraph.text.lines() {
                    entries.push(match line.split_once(':') {
                        Some((key, value)) if key.len() <= 40 => entry(key, value),
                        _ => entry("", line),
                    });
                }
            }
            Block::Table(table) => {
                for row in table {
                    let mut cells = row.cells.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty());
                    match (cells.next(), cells.collect::<Vec<&str>>()) {
                        (Some(only), rest) if rest.is_empty() => entries.push(entry("", only)),
                        (Some(key), rest) => entries.push(entry(key, &rest.join("\n"))),
                        (None, _) => {}
                    }
                }
            }
        }
    }
    entries
}

fn entry(key: &str, value: &str) -> Entry {
    Entry { key: one_line(key).to_lowercase(), value: value.trim().to_owned() }
}

/// The meeting of this group that `text` names first.
fn reference(text: &str, scheme: &ReferenceScheme) -> Option<MeetingRef> {
    let text = fold(text);
    let named = scan(&text, scheme).into_iter().find_map(|found| match found.reference {
        Reference::Meeting(meeting) => Some(meeting),
        _ => None,
    });
    named.or_else(|| in_words(&text, scheme)).or_else(|| in_a_name(&text, scheme))
}

/// The meeting in the name of a file, `oneM2M-SEC#11-Agenda`: its words are joined.
fn in_a_name(text: &str, scheme: &ReferenceScheme) -> Option<MeetingRef> {
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)(?:^|[ _-])([a-z][a-z0-9]{1,9}#[0-9]{1,3}(?:\.[0-9]{1,2})?)[_-][a-z]{3}"));
    let name = NAME.captures(text)?;
    match scan(&name[1], scheme).into_iter().next()?.reference {
        Reference::Meeting(meeting) => Some(meeting),
        _ => None,
    }
}

/// `3GPP TSG-SA WG3 (Security) Meeting #115` and `SCP plenary meeting #62`: the number stands apart from the
/// group's label, which may be written out with `WG`. Of a meeting without that word, `TSG SA WG3 #118`, the
/// label is just before the number; one without `#`, `SEC 11`, is what the line is of.
fn in_words(text: &str, scheme: &ReferenceScheme) -> Option<MeetingRef> {
    static MEETING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)\b(?:(?:meeting|plenary) ?(?:no\.?|nr\.?|number)? ?# ?|(?:meeting|plenary) (?:no\.?|nr\.?|number) ?|wg ?[0-9]{1,2} ?# ?)",
            r"([0-9]{1,3}(?:\.[0-9]{1,2}|-?bis|-?e)?)\b"
        ))
    });
    let Some(found) = MEETING.captures(text) else { return without_mark(text, scheme) };
    let words_end = text[..found.get(1)?.start()].trim_end_matches([' ', '#']).len();
    let before = &text[..words_end];
    let words: Vec<&str> = before.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_label = |word: &str| {
        let mut labels = scheme.labels().chain([scheme.prefix.as_str(), scheme.meeting_label()]);
        labels.any(|label| label.eq_ignore_ascii_case(word))
    };
    let written_out = words.windows(2).any(|pair| match pair {
        [body, group] => group
            .get(..2)
            .is_some_and(|wg| wg.eq_ignore_ascii_case("wg") && is_label(&format!("{body}{}", &group[2..]))),
        _ => false,
    });
    if !written_out && !words.iter().any(|word| is_label(word)) {
        return None;
    }
    let whole = format!("{}#{}", scheme.meeting_label(), &found[1]);
    match scan(&whole, scheme).into_iter().next()?.reference {
        Reference::Meeting(meeting) => Some(meeting),
        _ => None,
    }
}

/// `SEC 11`, `Agenda of SEC 11.1`: nothing else stands in the line but what it is, and the plenary.
fn without_mark(text: &str, scheme: &ReferenceScheme) -> Option<MeetingRef> {
    static BARE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^(?:(?:draft|proposed|agenda|meeting|for|of|the|wg ?[0-9]{1,2})[ :,]*)*([a-z][a-z0-9]{1,9})[ -]",
            r"([0-9]{1,3}(?:\.[0-9]{1,2})?)(?: ?-? ?(?:draft|agenda|meeting|plenary|ad[ -]?hoc))*(?: ?\([^()]*\))?$"
        ))
    });
    let found = BARE.captures(text)?;
    let label = &found[1];
    if ![scheme.prefix.as_str(), scheme.meeting_label()].iter().any(|one| one.eq_ignore_ascii_case(label)) {
        return None;
    }
    match scan(&format!("{}#{}", scheme.meeting_label(), &found[2]), scheme).into_iter().next()?.reference {
        Reference::Meeting(meeting) => Some(meeting),
        _ => None,
    }
}

/// The plenary that `text` names first, but not as a part of another reference (`A-WG4-TP8-003`).
fn plenary(text: &str, scheme: &ReferenceScheme) -> Option<Plenary> {
    static PLENARY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)(?:^|[^-0-9a-z_])([a-z]{1,6}) ?#? ?([0-9]{1,3})(?:$|[^-0-9a-z_])"));
    let text = fold(text);
    let named = PLENARY.captures_iter(&text).find(|parts| parts[1].eq_ignore_ascii_case(&scheme.plenary))?;
    Some(Plenary { series: scheme.plenary.clone(), number: named[2].parse().ok()? })
}

/// The place in a sentence such as `Ordinary meeting during TP10 in Berlin, Germany.`
fn place_within(text: &str) -> Option<String> {
    static PLACE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\bin (\p{Lu}[^.;:()\n]{1,80}?)(?: from| on| during| at|[.;:()\n]|$)"));
    PLACE.captures_iter(text).map(|parts| parts[1].trim().to_owned()).find(|place| {
        let first = place.split_whitespace().next().unwrap_or_default();
        !begins_with_month(place) && weekday(first).is_none()
    })
}

/// The place that stands beside the days in one line: `Dublin, Ireland, 9-13 June 2014`.
fn place_beside(text: &str) -> Option<String> {
    static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"^(\p{Lu}[\p{L}' .-]*(?:, \p{Lu}[\p{L}' .-]*){0,2})[,;:] (?:\p{L}+ )?[0-9]|",
            r"[0-9]{4}[,;:] (\p{Lu}[\p{L}' .-]*(?:, \p{Lu}[\p{L}' .-]*){0,2})$"
        ))
    });
    let text = fold(text);
    let parts = BESIDE.captures(&text)?;
    let place = parts.get(1).or(parts.get(2))?.as_str().trim();
    let is_other = |word: &str| {
        let word = word.to_lowercase();
        ["meeting", "agenda", "online", "electronic", "plenary", "wg", "from", "date", "dates"].contains(&word.as_str())
            || begins_with_month(&word)
            || weekday(&word).is_some()
    };
    (!place.split([' ', ',', '-']).any(is_other)).then(|| place.to_owned())
}

#[cfg(test)]
mod tests;
