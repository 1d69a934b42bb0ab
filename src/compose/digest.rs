//! What the bot says of its own accord, as a mail: the weekly digest, and reminders.

use jiff::ToSpan as _;

use crate::decide::{Ahead, ApprovalStands, Digest, MeetingRow, Table};
use crate::domain::{OccasionKind, Recipient, Subject, Text};

use super::changes::{changes, is_quiet, since};
use super::links::{self, Replies};
use super::mail::{Automatic, Calendar, Letter, Mail};
use super::page::{Block, Page};
use super::{Catalogue, attendance, fit, icalendar, list, report, state, text, wrap};

/// The most characters of a title, a mail's subject or a value.
const SHORT: usize = 200;

/// For so many days personal mail is paused where a mail program is told to unsubscribe from it. It means
/// "no more"; who forgets that it was said, is told again what is theirs after a year.
const UNSUBSCRIBED_DAYS: i64 = 365;

/// The digest as a mail (RFC 5322), text and HTML, which answers none. The same
/// input gives the same bytes.
///
/// There is no Precedence: it means something else to each list manager, some of which take
/// `bulk` in a post for a loop, and write their own. Auto-Submitted (RFC 3834) says all of it.
#[must_use]
pub fn digest(digest: &Digest, letter: &Letter, catalogue: &Catalogue) -> Vec<u8> {
    let subject = subject(digest, &letter.group, catalogue);
    let page = page(digest, &subject, letter, catalogue);
    let mail = Mail {
        letter,
        to: &digest.to,
        subject: &subject,
        thread: None,
        automatic: Automatic::Generated,
        unsubscribe: unsubscribe(digest, letter),
        kind: if digest.is_of_group() { "digest" } else { "reminder" },
        text: text::text(&page),
        html: fit::html(&page),
        calendar: calendar(digest, letter, catalogue),
        attachment: None,
    };
    mail.into_bytes()
}

/// The meetings and calls that are near, for calendars: to the list, where they are told of.
fn calendar(digest: &Digest, letter: &Letter, catalogue: &Catalogue) -> Calendar {
    if !digest.invites || digest.occasion.recipient != Recipient::List {
        return Calendar::default();
    }
    let meetings = digest.meetings();
    let calls = &digest.calls;
    let file = icalendar::published(meetings.iter().copied(), calls, letter, catalogue);
    Calendar { invitation: None, file: file.map(|content| (icalendar::file_name(meetings, calls), content)) }
}

/// The digest's subject.
#[must_use]
pub fn digest_subject(digest: &Digest, letter: &Letter, catalogue: &Catalogue) -> String {
    subject(digest, &letter.group, catalogue)
}

/// The digest's text part.
#[must_use]
pub fn digest_text(digest: &Digest, letter: &Letter, catalogue: &Catalogue) -> String {
    text::text(&page(digest, "", letter, catalogue))
}

/// The digest's HTML part.
#[must_use]
pub fn digest_html(digest: &Digest, letter: &Letter, catalogue: &Catalogue) -> String {
    fit::html(&page(digest, &subject(digest, &letter.group, catalogue), letter, catalogue))
}

/// What a mail program does that is told to unsubscribe (RFC 2369, section 3.2): it sends the command that
/// pauses personal mail, to the address that knows the member. A list has its own way.
fn unsubscribe(digest: &Digest, letter: &Letter) -> Option<String> {
    let Recipient::Member(_) = digest.occasion.recipient else { return None };
    let until = letter.zone.to_datetime(letter.date).date().saturating_add(UNSUBSCRIBED_DAYS.days());
    let to = letter.reply_to.as_ref().unwrap_or(&letter.bot);
    // Some programs write a text of their own where there is no body, and the subject alone would not be read.
    let command = format!("pause%20until%20{until}");
    Some(format!("<mailto:{}?subject={command}&body={command}>", links::address(to)))
}

fn subject(digest: &Digest, group: &str, catalogue: &Catalogue) -> String {
    let is_own = !digest.is_of_group();
    let text = match digest.ahead.first() {
        None if !tells_items(digest) => {
            report::subject(digest, group).unwrap_or_else(|| subject_of_rest(digest, is_own))
        }
        None if is_own => match only_row(digest) {
            Some(item) => Text::new("reminder-subject-one").with("reference", item),
            None => Text::new("reminder-subject-own"),
        },
        None if digest.is_copy() => Text::new("copy-subject").with("week", week(digest)),
        None => Text::new("digest-subject").with("week", week(digest)),
        Some(ahead) => {
            let text = match (ahead.of, is_own) {
                (OccasionKind::Deadline, _) => Text::new("reminder-subject-deadline"),
                // Chair and secretary, who own nothing of it.
                (_, true) if digest.open == 0 => Text::new("reminder-subject-officers"),
                (_, true) => Text::new("reminder-subject-own-meeting"),
                (_, false) => Text::new("reminder-subject-meeting"),
            };
            text.with("meeting", &ahead.meeting.reference).with("days", ahead.days)
        }
    };
    let text = text.with("group", wrap::shorten(group, SHORT)).with("open", digest.open);
    catalogue.say(&text.with("overdue", digest.overdue))
}

/// Whether a mail is about action items: what is near alone has a mail of its own kind.
fn tells_items(digest: &Digest) -> bool {
    let of_items = [OccasionKind::Weekly, OccasionKind::Meeting, OccasionKind::Deadline, OccasionKind::Personal];
    of_items.iter().any(|kind| digest.is_for(*kind))
}

/// The subject of a mail that is about approvals and calls alone.
fn subject_of_rest(digest: &Digest, is_own: bool) -> Text {
    let (only, call) = (digest.only_approval(), digest.calls.first());
    match (only, call) {
        (Some(of), _) if is_own => Text::new("reminder-subject-ratify").with("of", of),
        (None, _) if is_own => Text::new("reminder-subject-ratify-more"),
        (Some(of), None) => {
            let until = digest.approvals.iter().find_map(|table| match table {
                Table::Approvals { rows, .. } => rows.first()?.until,
                _ => None,
            });
            let text = Text::new("reminder-subject-approval").with("of", of);
            text.with("until", until.map_or_else(|| "-".to_owned(), |day| day.to_string()))
        }
        (_, Some(call)) => {
            let time = call.get("time").unwrap_or_default();
            Text::new("reminder-subject-call").with("date", call.date).with("time", time)
        }
        (None, None) => Text::new("reminder-subject-approvals"),
    }
}

/// The only thing that a mail lists.
fn only_row(digest: &Digest) -> Option<&Subject> {
    match digest.tables.as_slice() {
        [Table::Actions { rows, .. }] if digest.awaited.is_empty() => match rows.as_slice() {
            [row] => Some(&row.subject),
            _ => None,
        },
        _ => None,
    }
}

/// How many days ahead the date lies in the example of a wish for more time.
const LATER: i32 = 28;

/// The week's number.
fn week(digest: &Digest) -> i8 {
    digest.occasion.date.iso_week_date().week()
}

/// What stands in a digest.
pub(super) fn page(digest: &Digest, title: &str, letter: &Letter, catalogue: &Catalogue) -> Page {
    let replies = Replies::to_digest(digest, letter, catalogue);
    let mut blocks = Vec::new();
    if let Some(since) = digest.late_since {
        let late = if digest.is_partly_late { Text::new("digest-partly-late") } else { late(digest) };
        let late = late.with("due", catalogue.date_and_time(since, &letter.zone));
        blocks.push(Block::Warning(catalogue.say(&late)));
    }
    blocks.extend(digest.ahead.iter().map(|each| Block::Paragraph(ahead(each, digest, letter, catalogue))));
    blocks.extend(digest.reports.iter().map(|each| Block::Paragraph(report::told(each, catalogue))));
    blocks.extend(attendance::told(digest, replies.as_ref(), catalogue));
    let is_list = digest.is_of_group();
    let counts = tells_items(digest) || is_list && !digest.reports.is_empty();
    if counts && (digest.open > 0 || is_list) {
        blocks.extend(summary(digest, letter, catalogue).into_iter().map(Block::Paragraph));
    }
    blocks.extend(state::pictures(digest, catalogue));
    let reported: Vec<Table> = digest.reports.iter().flat_map(|report| report.tables.clone()).collect();
    let how = match &digest.occasion.recipient {
        Recipient::List => Text::new("digest-how"),
        Recipient::Member(_) if digest.is_copy() => Text::new("copy-how"),
        Recipient::Member(_) if only_row(digest).is_some() => Text::new("reminder-how-one"),
        Recipient::Member(_) => Text::new("reminder-how"),
        Recipient::Organization(_) => Text::new("reminder-how-contact").with("organization", &digest.about),
    };
    if digest.tables.iter().chain(&reported).any(|table| matches!(table, Table::Actions { .. })) {
        let later = digest.occasion.date.saturating_add(LATER.days());
        blocks.push(Block::Hint(catalogue.say(&how.with("later", later))));
    }
    blocks.extend(report::told_of_documents(digest).map(|told| Block::Paragraph(catalogue.say(&told))));
    blocks.extend(report::how(digest).iter().map(|how| Block::Hint(catalogue.say(how))));
    blocks.extend(how_approvals(digest).map(|how| Block::Hint(catalogue.say(&how))));
    let sessions = sessions(digest);
    let shown = |table: &Table| {
        let mut list = list::list(table, &letter.zone, catalogue);
        if let Some(replies) = &replies {
            replies.add(&mut list, table);
        }
        Block::Table(list)
    };
    let is_own = !digest.is_of_group();
    changes(digest, letter, catalogue, &mut blocks);
    let mut told_sessions: Vec<Block> = sessions.iter().map(shown).collect();
    told_sessions.extend(more_sessions(digest).map(|more| Block::Paragraph(catalogue.say(&more))));
    if !is_own {
        blocks.append(&mut told_sessions);
    }
    let calls =
        Table::Calls { title: Text::new("list-calls").with("count", digest.calls.len()), rows: digest.calls.clone() };
    if !digest.calls.is_empty() {
        blocks.push(shown(&calls));
    }
    blocks.extend(digest.approvals.iter().map(shown));
    if digest.more_approvals > 0 {
        let more = Text::new("digest-more-approvals").with("count", digest.more_approvals);
        blocks.push(Block::Paragraph(catalogue.say(&more)));
    }
    blocks.extend(reported.iter().map(shown));
    blocks.extend(digest.tables.iter().map(shown));
    // What is to be done is what an owner reads the mail for.
    blocks.append(&mut told_sessions);
    if digest.more_rows > 0 {
        let more = if is_own { Text::new("reminder-more-rows") } else { Text::new("digest-more-rows") };
        let more = more.with("count", digest.more_rows);
        blocks.push(Block::Paragraph(catalogue.say(&more)));
    }
    blocks.extend(digest.awaited.iter().map(shown));
    blocks.extend(digest.reports.iter().filter_map(|report| report.untreated.as_ref()).map(shown));
    blocks.extend(report::deliverables(digest).iter().map(shown));
    blocks.extend(digest.documents.iter().map(shown));
    if digest.more_documents > 0 {
        let more = Text::new("reminder-more-documents").with("count", digest.more_documents);
        blocks.push(Block::Paragraph(catalogue.say(&more)));
    }
    let footer = match digest.occasion.recipient {
        Recipient::List => Text::new("digest-footer").with("group", &letter.group),
        Recipient::Member(_) if digest.is_copy() => Text::new("copy-footer").with("group", &letter.group),
        Recipient::Member(_) if !tells_items(digest) && !digest.awaited.is_empty() => {
            Text::new("reminder-footer-chaser").with("group", &letter.group)
        }
        Recipient::Member(_) if !tells_items(digest) => {
            Text::new("reminder-footer-ratify").with("group", &letter.group)
        }
        Recipient::Member(_) if digest.open == 0 => Text::new("reminder-footer-officers").with("group", &letter.group),
        Recipient::Member(_) => Text::new("reminder-footer").with("group", &letter.group),
        Recipient::Organization(_) => {
            Text::new("reminder-footer-contact").with("group", &letter.group).with("organization", &digest.about)
        }
    };
    Page { language: catalogue.language(), title: title.to_owned(), blocks, footer: Some(catalogue.say(&footer)) }
}

/// The sessions of the meetings that are near, as far as there is room.
fn sessions(digest: &Digest) -> Vec<Table> {
    let mut room = digest.most_sessions;
    let mut tables = Vec::new();
    for meeting in digest.meetings().into_iter().filter(|meeting| !meeting.sessions.is_empty()) {
        let title = Text::new("reminder-sessions").with("count", meeting.sessions.len());
        let mut meeting = meeting.clone();
        meeting.sessions.truncate(room);
        room -= meeting.sessions.len();
        tables.push(Table::Meetings { title, rows: vec![MeetingRow { meeting, comes: Vec::new() }] });
    }
    tables
}

/// That some sessions do not fit.
fn more_sessions(digest: &Digest) -> Option<Text> {
    let meetings = digest.meetings();
    let all: usize = meetings.iter().map(|meeting| meeting.sessions.len()).sum();
    let more = all.saturating_sub(digest.most_sessions);
    let last = meetings.iter().rev().find(|meeting| !meeting.sessions.is_empty())?;
    (more > 0).then(|| Text::new("reminder-more-sessions").with("count", more).with("meeting", &last.reference))
}

/// How one answers what is told of approvals: to the list how to object, to who ratifies how to do that.
fn how_approvals(digest: &Digest) -> Option<Text> {
    let is_own = digest.occasion.recipient != Recipient::List;
    let is_alone = digest.tables.is_empty() && digest.only_approval().is_some();
    let running = digest.approvals.iter().any(|table| match table {
        Table::Approvals { rows, .. } => rows.iter().any(|row| row.stands == ApprovalStands::Running),
        _ => false,
    });
    match (is_own, is_alone) {
        _ if digest.approvals.is_empty() => None,
        _ if digest.is_copy() => running.then(|| Text::new("copy-approvals-how")),
        _ if !is_own && !running => None,
        (true, true) => Some(Text::new("reminder-ratify-how")),
        (true, false) => Some(Text::new("reminder-ratify-how-more")),
        (false, true) => Some(Text::new("notice-approval-how")),
        (false, false) => Some(Text::new("digest-approvals-how")),
    }
}

fn late(digest: &Digest) -> Text {
    if digest.is_for(OccasionKind::Weekly) { Text::new("digest-late") } else { Text::new("reminder-late") }
}

/// The meeting that is near: when it begins, where, and until when contributions are due.
fn ahead(ahead: &Ahead, digest: &Digest, letter: &Letter, catalogue: &Catalogue) -> String {
    let Ahead { meeting, of, days, .. } = ahead;
    let date = |day| catalogue.weekday_and_date(day);
    let text = match of {
        OccasionKind::Deadline => {
            Text::new("reminder-deadline").with("date", meeting.deadline.map_or_else(String::new, date))
        }
        _ => Text::new("reminder-meeting").with("date", meeting.start.map_or_else(String::new, date)),
    };
    let place = meeting.place.as_deref().map(|place| wrap::shorten(place, SHORT)).filter(|place| !place.is_empty());
    let text = text.with("place", place.as_deref().unwrap_or("-"));
    let mut said = vec![catalogue.say(&text.with("meeting", &meeting.reference).with("days", days))];
    let today = letter.zone.to_datetime(letter.date).date();
    if let Some(deadline) = meeting.deadline.filter(|day| *day >= today && *of == OccasionKind::Meeting) {
        let text = Text::new("reminder-meeting-deadline").with("date", date(deadline));
        said.push(catalogue.say(&text));
    }
    if digest.occasion.recipient == Recipient::List && digest.documents.is_empty() && digest.more_documents == 0 {
        said.push(catalogue.say(&Text::new("reminder-no-documents")));
    }
    said.join(" ")
}

/// How many items are open, and that nothing has changed where nothing has.
fn summary(digest: &Digest, letter: &Letter, catalogue: &Catalogue) -> Option<String> {
    let counted = |text: Text| text.with("open", digest.open).with("overdue", digest.overdue);
    if !digest.is_of_group() {
        if digest.open == 0 {
            return None;
        }
        let own = match digest.occasion.recipient {
            Recipient::Organization(_) => Text::new("reminder-organization").with("organization", &digest.about),
            _ => Text::new("reminder-own"),
        };
        return Some(catalogue.say(&counted(own)));
    }
    if !digest.is_for(OccasionKind::Weekly) {
        return Some(catalogue.say(&counted(Text::new("reminder-state"))));
    }
    let summary = counted(Text::new("digest-summary")).with("week", week(digest)).with("year", year(digest));
    let mut said = vec![catalogue.say(&summary)];
    if is_quiet(digest) {
        said.push(catalogue.say(&Text::new("digest-nothing-changed").with("since", since(digest, letter))));
    }
    Some(said.join(" "))
}

/// The year that the week belongs to: the first days of January may be in the last week of the year
/// before.
fn year(digest: &Digest) -> i16 {
    digest.occasion.date.iso_week_date().year()
}
