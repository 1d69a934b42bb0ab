//! The sessions of a meeting: as a list (`Session S1: Monday 15:45 - 17:00, Break-out`), as a
//! schedule by weekday, or as both.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use regex::Regex;

use super::blocks::{Block, Row, Table, one_line};
use super::cells::{fold, pattern};
use super::dates::{day_within, days, times, weekday};
use super::sections::Heading;
use crate::domain::Session;

/// Longer lines are prose, in bytes.
const LONGEST: usize = 300;

/// The sessions of a meeting that lasts from `first` to `last`, in order of time.
pub(super) fn sessions(
    blocks: &[Block],
    headings: &[Option<Heading>],
    span: Option<(Date, Date)>,
    remarks: &mut Vec<String>,
) -> Vec<Session> {
    let mut reader = Reader { span, day: None, listed: BTreeMap::new(), scheduled: BTreeMap::new(), remarks };
    for (block, heading) in blocks.iter().zip(headings) {
        if heading.is_some() {
            reader.day = None;
        }
        match block {
            Block::Paragraph(paragraph) => reader.lines(&paragraph.text),
            Block::Table(table) => reader.table(table),
        }
    }
    reader.joined()
}

/// A session by its day and start.
type Slots = BTreeMap<(Date, Time), Session>;

struct Reader<'a> {
    span: Option<(Date, Date)>,
    /// The day of the schedule's last row that named one.
    day: Option<Result<Date, String>>,
    listed: Slots,
    scheduled: Slots,
    remarks: &'a mut Vec<String>,
}

impl Reader<'_> {
    /// Sessions of the list.
    fn lines(&mut self, text: &str) {
        static LISTED: LazyLock<Regex> = LazyLock::new(|| {
            pattern(concat!(
                r"(?i)^(.{1,120}?) ?: ?([a-z]{3,9}\.?),? ",
                r"([0-9]{1,2}[:.h][0-9]{2} ?(?:-|to|until) ?[0-9]{1,2}[:.h][0-9]{2})(?:[,;:]? (.{1,80}))?$"
            ))
        });
        for line in text.lines().filter(|line| line.len() <= LONGEST) {
            let folded = fold(line);
            let Some(parts) = LISTED.captures(&folded) else { continue };
            let (Some(day), Some(times)) = (self.day_of(&parts[2]), times(&parts[3])) else { continue };
            let room = parts.get(4).map(|room| room.as_str().to_owned());
            if let Some(session) = self.session(line, day, times, room, parts[1].to_owned()) {
                put(&mut self.listed, session, line, self.remarks);
            }
        }
    }

    fn table(&mut self, table: &Table) {
        let mut room_column = None;
        for row in table {
            for cell in &row.cells {
                for inner in cell.tables() {
                    self.table(inner);
                }
            }
            if !self.row(row, room_column) {
                let room = |text: &str| matches!(text.to_lowercase().as_str(), "room" | "place" | "location" | "venue");
                room_column = row.cells.iter().position(|cell| room(&cell.text)).or(room_column);
                for cell in &row.cells {
                    self.lines(&cell.text);
                }
            }
        }
    }

    /// A row of the schedule: a weekday, or a span of time with a room and a title.
    fn row(&mut self, row: &Row, room_column: Option<usize>) -> bool {
        let cells: Vec<(usize, String)> = row
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.text.is_empty())
            .map(|(at, cell)| (at, first_line(&cell.text, cell.text.len() <= LONGEST)))
            .collect();
        let timed = cells.iter().find_map(|(at, text)| times(text).map(|times| (*at, times)));
        let day = cells.iter().find_map(|(at, text)| self.day_of(text).map(|day| (*at, day)));
        if let Some((_, day)) = &day
            && (timed.is_some() || cells.len() == 1)
        {
            self.day = Some(day.clone());
        }
        let Some((time_at, times)) = timed else { return day.is_some() && cells.len() == 1 };
        let Some(day) = self.day.clone() else {
            self.remarks.push(format!("{}: names no day, so no session was taken from it", row.verbatim()));
            return true;
        };
        let day_at = day_column(&cells, self);
        let mut others: Vec<(usize, String)> =
            cells.into_iter().filter(|(at, _)| *at != time_at && Some(*at) != day_at).collect();
        let room_at = others
            .iter()
            .position(|(at, _)| room_column.map_or(*at < time_at, |column| *at == column))
            .filter(|_| others.len() > 1);
        let room = room_at.map(|at| others.remove(at).1);
        let title = others.into_iter().map(|(_, text)| text).next().unwrap_or_default();
        if let Some(session) = self.session(&row.verbatim(), day, times, room, title) {
            put(&mut self.scheduled, session, &row.verbatim(), self.remarks);
        }
        true
    }

    /// A session, or a remark that says why there is none.
    fn session(
        &mut self,
        words: &str,
        day: Result<Date, String>,
        (start, end): (Time, Time),
        room: Option<String>,
        title: String,
    ) -> Option<Session> {
        let refused = match day {
            Ok(date) if start < end && !title.is_empty() => return Some(Session { date, start, end, room, title }),
            Ok(_) if title.is_empty() => "has no title".to_owned(),
            Ok(_) => "ends before it begins".to_owned(),
            Err(reason) => reason,
        };
        self.remarks.push(format!("{words}: {refused}, so no session was taken from it"));
        None
    }

    /// The day that a cell names: a weekday of the meeting, or a weekday or nothing with a date.
    /// An error says why a weekday is no day of the meeting.
    fn day_of(&self, text: &str) -> Option<Result<Date, String>> {
        if text.len() > 60 {
            return None;
        }
        let word = text.split_whitespace().next()?;
        let named = weekday(word);
        let rest = text.trim_start()[word.len()..].trim_start_matches(['(', ',', ' ']);
        let starts_with_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        if named.is_none() && !word.starts_with(|c: char| c.is_ascii_digit())
            || named.is_some() && !rest.is_empty() && !starts_with_digit
        {
            return None;
        }
        let dated = days(text).filter(|(first, last)| first == last).map(|(day, _)| day);
        match (named, dated, self.span) {
            (Some(named), Some(day), _) if day.weekday() != named => Some(Err(format!("{day} is no {word}"))),
            (_, Some(day), _) => Some(Ok(day)),
            (None, None, _) => None,
            (Some(_), None, None) => Some(Err("the meeting's days are not known".to_owned())),
            (Some(named), None, Some((first, last))) => Some(
                day_within(named, first, last)
                    .ok_or_else(|| format!("{word} is not one day of the meeting, {first} to {last}")),
            ),
        }
    }

    /// List and schedule as one: the schedule wins, and what the list says otherwise is remarked.
    fn joined(self) -> Vec<Session> {
        if self.scheduled.is_empty() {
            return self.listed.into_values().collect();
        }
        for (slot, listed) in &self.listed {
            let Session { date, start, end, title, .. } = listed;
            match self.scheduled.get(slot) {
                None => self.remarks.push(format!(
                    "{title}, {date} {start} to {end}: listed, but the schedule has no session that begins then, so it was not taken",
                    start = start.strftime("%H:%M"),
                    end = end.strftime("%H:%M"),
                )),
                Some(scheduled) if differ(listed, scheduled) => self.remarks.push(format!(
                    "the list of sessions says {}, the schedule {}: the schedule was taken",
                    said(listed),
                    said(scheduled)
                )),
                Some(_) => {}
            }
        }
        self.scheduled.into_values().collect()
    }
}

/// The column that names the day of a row.
fn day_column(cells: &[(usize, String)], reader: &Reader<'_>) -> Option<usize> {
    cells.iter().find(|(_, text)| times(text).is_none() && reader.day_of(text).is_some()).map(|(at, _)| *at)
}

/// The first line that holds anything; `whole`, all of them where they are one cell's wrapped time or day.
fn first_line(text: &str, whole: bool) -> String {
    let joined = if whole { one_line(text) } else { String::new() };
    if times(&joined).is_some() {
        return joined;
    }
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

/// Adds a session; a second one in its place is kept as a remark.
fn put(slots: &mut Slots, session: Session, words: &str, remarks: &mut Vec<String>) {
    match slots.entry((session.date, session.start)) {
        std::collections::btree_map::Entry::Vacant(slot) => {
            slot.insert(session);
        }
        std::collections::btree_map::Entry::Occupied(kept) if *kept.get() != session => {
            remarks
                .push(format!("{words}: another session begins at the same time, {}, and was kept", said(kept.get())));
        }
        std::collections::btree_map::Entry::Occupied(_) => {}
    }
}

/// A session in one line.
fn said(session: &Session) -> String {
    let Session { date, start, end, room, title } = session;
    let room = room.as_deref().map(|room| format!(", {room}")).unwrap_or_default();
    format!("{title}, {date} {} to {}{room}", start.strftime("%H:%M"), end.strftime("%H:%M"))
}

/// Whether the list says anything else than the schedule. Either may say more: `Session S1` is
/// `WG4 (session S1)`, and `Main room` is `Main`.
fn differ(listed: &Session, scheduled: &Session) -> bool {
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && *word != "room");
        words.map(ToOwned::to_owned).collect()
    };
    let agree = |one: &str, other: &str| {
        let (one, other) = (words(one), words(other));
        one.iter().all(|word| other.contains(word)) || other.iter().all(|word| one.contains(word))
    };
    let rooms_agree = match (&listed.room, &scheduled.room) {
        (Some(listed), Some(scheduled)) => agree(listed, scheduled),
        _ => true,
    };
    listed.end != scheduled.end || !rooms_agree || !agree(&listed.title, &scheduled.title)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::agenda::sections::headings;
    use crate::agenda::text::blocks;
    use crate::domain::ReferenceScheme;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let blocks = blocks(text, &ReferenceScheme::default());
        let mut remarks = Vec::new();
        let span = Some((date(2014, 4, 7), date(2014, 4, 11)));
        let found = sessions(&blocks, &headings(&blocks), span, &mut remarks);
        (found.iter().map(said).collect(), remarks)
    }

    const SCHEDULE: &str = "\tMonday\n\n\tBreak-out\n\t15:45-17:00\n\tWG4 (session S1)\nReview of objectives\n\n";

    #[test]
    fn a_session_given_twice_is_one() {
        let (sessions, remarks) = read(&format!("Session S1: Monday 15:45 \u{2013} 17:00, Break-out room\n{SCHEDULE}"));
        assert_eq!(sessions, ["WG4 (session S1), 2014-04-07 15:45 to 17:00, Break-out"]);
        assert_eq!(remarks, [""; 0]);
    }

    #[test]
    fn where_list_and_schedule_differ_the_schedule_wins_and_it_is_said() {
        let (sessions, remarks) =
            read(&format!("Session S1: Monday 15:45 - 18:00, Main\nSession S2: Tuesday 8:00 - 9:00\n{SCHEDULE}"));
        assert_eq!(sessions, ["WG4 (session S1), 2014-04-07 15:45 to 17:00, Break-out"]);
        assert_eq!(remarks.len(), 2, "{remarks:?}");
        assert!(remarks[0].contains("15:45 to 18:00, Main"), "{remarks:?}");
        assert!(remarks[1].contains("Session S2"), "{remarks:?}");
    }

    #[test]
    fn a_list_alone_gives_the_sessions() {
        let (sessions, _) = read("Session S2: Tuesday 8.00 to 12.00, Main\nSession S1: Mon 15:45-17:00\n");
        assert_eq!(sessions, ["Session S1, 2014-04-07 15:45 to 17:00", "Session S2, 2014-04-08 08:00 to 12:00, Main"]);
    }

    #[test]
    fn a_weekday_outside_the_meeting_gives_a_remark_and_no_session() {
        let (sessions, remarks) = read("\tSunday\n\n\tMain\n\t08:00-09:00\n\tWelcome\n");
        assert_eq!(sessions, [""; 0]);
        assert!(remarks[0].contains("Sunday is not one day of the meeting"), "{remarks:?}");
    }

    #[test]
    fn a_date_may_stand_by_the_weekday_or_in_its_place_but_must_agree_with_it() {
        let (sessions, remarks) = read(concat!(
            "\tWednesday, 9 April 2014\n\n\tMain\n\t08:00-09:00\n\tWelcome\n\n",
            "\t2014-04-10\n\n\tMain\n\t08:00-09:00\n\tReview\n\n",
            "\tMonday 8 April 2014\n\n\tMain\n\t08:00-09:00\n\tDrafting\n"
        ));
        assert_eq!(sessions, ["Welcome, 2014-04-09 08:00 to 09:00, Main", "Review, 2014-04-10 08:00 to 09:00, Main"]);
        assert!(remarks[0].contains("2014-04-08 is no Monday"), "{remarks:?}");
    }

    #[test]
    fn two_sessions_at_one_time_keep_the_first_and_say_so() {
        let (sessions, remarks) = read(&format!("{SCHEDULE}\tMain\n\t15:45-17:00\n\tPlenary\n\n"));
        assert_eq!(sessions.len(), 1);
        assert!(remarks[0].starts_with("Main | 15:45-17:00 | Plenary"), "{remarks:?}");
    }

    #[test]
    fn an_impossible_time_is_no_session() {
        let (sessions, remarks) = read("\tMonday\n\n\tMain\n\t17:00-15:45\n\tDrafting\n");
        assert_eq!(sessions, [""; 0]);
        assert!(remarks[0].contains("ends before it begins"), "{remarks:?}");
    }
}
