//! The mail to the list about a meeting that was planned, moved or called off: an invitation for calendars, and the
//! same in words.

use crate::decide::{Announcement, MeetingRow, Table};
use crate::domain::{Meeting, Text};

use super::links::Replies;
use super::mail::{Automatic, Calendar, Letter, Mail};
use super::page::{Block, Page};
use super::{Catalogue, html, icalendar, list, text, wrap};

/// The most characters of a name or a place.
const SHORT: usize = 200;

/// The announcement as a mail (RFC 5322; in mail, invitations are RFC 6047's), which answers none. The same input
/// gives the same bytes.
#[must_use]
pub fn announcement(announcement: &Announcement, letter: &Letter, catalogue: &Catalogue) -> Vec<u8> {
    let subject = announcement_subject(announcement, letter, catalogue);
    let page = page(announcement, &subject, letter, catalogue);
    let meeting = &announcement.meeting;
    let mail = Mail {
        letter,
        to: &announcement.to,
        subject: &subject,
        thread: None,
        automatic: Automatic::Generated,
        unsubscribe: None,
        kind: "announcement",
        text: text::text(&page),
        html: html::html(&page),
        calendar: Calendar {
            invitation: icalendar::invitation(meeting, &announcement.to, letter, catalogue),
            file: icalendar::published([meeting], &[], letter, catalogue)
                .map(|content| (icalendar::file_name([meeting], &[]), content)),
        },
        attachment: None,
    };
    mail.into_bytes()
}

/// The announcement's subject.
#[must_use]
pub fn announcement_subject(announcement: &Announcement, letter: &Letter, catalogue: &Catalogue) -> String {
    let meeting = &announcement.meeting;
    let text = match &announcement.before {
        _ if meeting.cancelled => Text::new("meeting-subject-cancelled"),
        Some(before) if days(before, catalogue) != days(meeting, catalogue) => Text::new("meeting-subject-moved"),
        Some(_) => Text::new("meeting-subject-changed"),
        None => Text::new("meeting-subject"),
    };
    let text = text.with("group", wrap::shorten(&letter.group, SHORT)).with("meeting", &meeting.reference);
    catalogue.say(&text.with("dates", days(meeting, catalogue)))
}

/// Its days in words.
fn days(meeting: &Meeting, catalogue: &Catalogue) -> String {
    let range = meeting.start.zip(meeting.last_day());
    range.map_or_else(String::new, |(start, end)| catalogue.dates(start, end))
}

fn place(meeting: &Meeting) -> String {
    let place = meeting.place.as_deref().map(|place| wrap::shorten(place, SHORT)).filter(|place| !place.is_empty());
    place.unwrap_or_else(|| "-".to_owned())
}

fn page(announcement: &Announcement, title: &str, letter: &Letter, catalogue: &Catalogue) -> Page {
    let Announcement { meeting, before, by, .. } = announcement;
    let by = if by.is_empty() { "-".to_owned() } else { wrap::shorten(by, SHORT) };
    let said = |text: Text| {
        let text = text.with("meeting", &meeting.reference).with("by", &by);
        Block::Paragraph(catalogue.say(&text.with("dates", days(meeting, catalogue)).with("place", place(meeting))))
    };
    let mut blocks = Vec::new();
    if meeting.cancelled {
        blocks.push(said(Text::new("meeting-cancelled")));
    } else {
        match before {
            None => blocks.push(said(Text::new("meeting-planned"))),
            Some(before) => {
                blocks.push(said(Text::new("meeting-changed")));
                blocks.extend(differences(before, meeting, catalogue).into_iter().map(Block::Paragraph));
            }
        }
        let is_asked_again = before.as_ref().is_some_and(|before| days(before, catalogue) != days(meeting, catalogue));
        let how = if is_asked_again { Text::new("meeting-how-again") } else { Text::new("meeting-how") };
        blocks.push(said(how));
        blocks.push(Block::Reply(Replies::to(letter, true, catalogue).comes(meeting)));
        if meeting.deadline.is_some() || !meeting.sessions.is_empty() {
            let table = Table::Meetings {
                title: Text::new("meeting-now"),
                rows: vec![MeetingRow { meeting: meeting.clone(), comes: Vec::new() }],
            };
            blocks.push(Block::Table(list::list(&table, &letter.zone, catalogue)));
        }
    }
    let footer = Text::new("digest-footer").with("group", &letter.group);
    Page { language: catalogue.language(), title: title.to_owned(), blocks, footer: Some(catalogue.say(&footer)) }
}

/// What was otherwise before, a sentence each.
fn differences(before: &Meeting, now: &Meeting, catalogue: &Catalogue) -> Vec<String> {
    let mut said = Vec::new();
    let (was, is) = (days(before, catalogue), days(now, catalogue));
    if was != is {
        said.push(Text::new("meeting-was").with("dates", was));
    }
    if place(before) != place(now) {
        said.push(Text::new("meeting-was-in").with("place", place(before)));
    }
    if before.deadline != now.deadline {
        let day = |meeting: &Meeting| meeting.deadline.map_or_else(|| "-".to_owned(), |day| day.to_string());
        said.push(Text::new("meeting-deadline-was").with("was", day(before)).with("is", day(now)));
    }
    if before.sessions != now.sessions {
        said.push(Text::new("meeting-sessions-changed"));
    }
    said.iter().map(|text| catalogue.say(text)).collect()
}
