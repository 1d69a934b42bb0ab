//! What the bot says of its own accord, as a mail: the weekly digest, and reminders.

use jiff::ToSpan as _;

use crate::decide::{Ahead, ApprovalStands, Changed, Digest, Event, Imported, MeetingRow, Table};
use crate::domain::{ActionField, Change, OccasionKind, Recipient, Subject, Text};

use super::mail::{Automatic, Calendar, Letter, Mail};
use super::page::{Block, List, Page, Row};
use super::{Catalogue, attendance, html, icalendar, list, report, text, wrap};

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
        kind: if digest.occasion.recipient == Recipient::List { "digest" } else { "reminder" },
        text: text::text(&page),
        html: html::html(&page),
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
    html::html(&page(digest, &subject(digest, &letter.group, catalogue), letter, catalogue))
}

/// What a mail program does that is told to unsubscribe (RFC 2369, section 3.2): it sends the command that
/// pauses personal mail, to the address that knows the member. A list has its own way.
fn unsubscribe(digest: &Digest, letter: &Letter) -> Option<String> {
    let Recipient::Member(_) = digest.occasion.recipient else { return None };
    let until = letter.zone.to_datetime(letter.date).date().saturating_add(UNSUBSCRIBED_DAYS.days());
    let to = letter.reply_to.as_ref().unwrap_or(&letter.bot);
    // Some programs write a text of their own where there is no body, and the subject alone would not be read.
    let command = format!("pause%20until%20{until}");
    Some(format!("<mailto:{}?subject={command}&body={command}>", percent_encoded(to.as_str())))
}

/// An address as it stands in a mailto link (RFC 6068, section 2).
fn percent_encoded(address: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@-._~+=!$*'".contains(&byte);
    address
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn subject(digest: &Digest, group: &str, catalogue: &Catalogue) -> String {
    let is_own = digest.occasion.recipient != Recipient::List;
    let text = match digest.ahead.first() {
        None if !tells_items(digest) => {
            report::subject(digest, group).unwrap_or_else(|| subject_of_rest(digest, is_own))
        }
        None if is_own => match only_row(digest) {
            Some(item) => Text::new("reminder-subject-one").with("reference", item),
            None => Text::new("reminder-subject-own"),
        },
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

fn page(digest: &Digest, title: &str, letter: &Letter, catalogue: &Catalogue) -> Page {
    let mut blocks = Vec::new();
    if let Some(since) = digest.late_since {
        let late = if digest.is_partly_late { Text::new("digest-partly-late") } else { late(digest) };
        let late = late.with("due", catalogue.date_and_time(since, &letter.zone));
        blocks.push(Block::Warning(catalogue.say(&late)));
    }
    blocks.extend(digest.ahead.iter().map(|each| Block::Paragraph(ahead(each, digest, letter, catalogue))));
    blocks.extend(digest.reports.iter().map(|each| Block::Paragraph(report::told(each, catalogue))));
    blocks.extend(attendance::told(digest, catalogue));
    let is_list = digest.occasion.recipient == Recipient::List;
    let counts = tells_items(digest) || is_list && !digest.reports.is_empty();
    if counts && (digest.open > 0 || is_list) {
        blocks.extend(summary(digest, letter, catalogue).into_iter().map(Block::Paragraph));
    }
    let reported: Vec<Table> = digest.reports.iter().flat_map(|report| report.tables.clone()).collect();
    let how = match &digest.occasion.recipient {
        Recipient::List => Text::new("digest-how"),
        Recipient::Member(_) if only_row(digest).is_some() => Text::new("reminder-how-one"),
        Recipient::Member(_) => Text::new("reminder-how"),
        Recipient::Organization(_) => Text::new("reminder-how-contact").with("organization", &digest.about),
    };
    if digest.tables.iter().chain(&reported).any(|table| matches!(table, Table::Actions { .. })) {
        let later = digest.occasion.date.saturating_add(LATER.days());
        blocks.push(Block::Paragraph(catalogue.say(&how.with("later", later))));
    }
    blocks.extend(report::how(digest).iter().map(|how| Block::Paragraph(catalogue.say(how))));
    blocks.extend(how_approvals(digest).map(|how| Block::Paragraph(catalogue.say(&how))));
    let meetings = digest.meetings();
    let sessions = meetings.iter().filter(|meeting| !meeting.sessions.is_empty()).map(|meeting| Table::Meetings {
        title: Text::new("reminder-sessions").with("count", meeting.sessions.len()),
        rows: vec![MeetingRow { meeting: (*meeting).clone(), comes: Vec::new() }],
    });
    let shown = |table: &Table| Block::Table(list::list(table, &letter.zone, catalogue));
    let is_own = digest.occasion.recipient != Recipient::List;
    changes(digest, letter, catalogue, &mut blocks);
    if !is_own {
        blocks.extend(sessions.clone().map(|table| shown(&table)));
    }
    let calls =
        Table::Calls { title: Text::new("list-calls").with("count", digest.calls.len()), rows: digest.calls.clone() };
    if !digest.calls.is_empty() {
        blocks.push(shown(&calls));
    }
    blocks.extend(digest.approvals.iter().map(shown));
    blocks.extend(reported.iter().map(shown));
    blocks.extend(digest.tables.iter().map(shown));
    if is_own {
        // What is to be done is what an owner reads the mail for.
        blocks.extend(sessions.map(|table| shown(&table)));
    }
    if digest.more_rows > 0 {
        let more = Text::new("digest-more-rows").with("count", digest.more_rows);
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

/// How one answers what is told of approvals: to the list how to object, to who ratifies how to do that.
fn how_approvals(digest: &Digest) -> Option<Text> {
    let is_own = digest.occasion.recipient != Recipient::List;
    let is_alone = digest.tables.is_empty() && digest.only_approval().is_some();
    let running = digest.approvals.iter().any(|table| match table {
        Table::Approvals { rows, .. } => rows.iter().any(|row| row.stands == ApprovalStands::Running),
        _ => false,
    });
    match (is_own, is_alone) {
        _ if digest.approvals.is_empty() || !is_own && !running => None,
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
    if digest.occasion.recipient == Recipient::List && digest.documents.is_empty() {
        said.push(catalogue.say(&Text::new("reminder-no-documents")));
    }
    said.join(" ")
}

/// How many items are open, and that nothing has changed where nothing has.
fn summary(digest: &Digest, letter: &Letter, catalogue: &Catalogue) -> Option<String> {
    let counted = |text: Text| text.with("open", digest.open).with("overdue", digest.overdue);
    if digest.occasion.recipient != Recipient::List {
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

fn is_quiet(digest: &Digest) -> bool {
    digest.changed.is_empty() && digest.imports.is_empty()
}

/// The day of the digest before, where there was one.
fn since(digest: &Digest, letter: &Letter) -> String {
    digest.last.map_or_else(|| "-".to_owned(), |last| letter.zone.to_datetime(last).date().to_string())
}

/// What has changed since the digest before.
fn changes(digest: &Digest, letter: &Letter, catalogue: &Catalogue, blocks: &mut Vec<Block>) {
    if is_quiet(digest) {
        return;
    }
    let count = digest.changed.len() + digest.more_changed + digest.imports.len();
    let title = Text::new("digest-changed").with("since", since(digest, letter)).with("count", count);
    let imports = digest.imports.iter().map(|import| imported(import, letter, catalogue));
    let changed = digest.changed.iter().map(|each| changed(each, letter, catalogue));
    blocks.push(Block::Table(List {
        title: catalogue.say(&title),
        columns: [Text::new("column-item"), Text::new("column-change")].map(|column| catalogue.say(&column)),
        rows: imports.chain(changed).collect(),
        empty: String::new(),
        is_syntax: false,
        is_references: true,
    }));
    if digest.more_changed > 0 {
        let more = Text::new("digest-more-changed").with("count", digest.more_changed);
        blocks.push(Block::Paragraph(catalogue.say(&more)));
    }
    if digest.is_cut {
        blocks.push(Block::Paragraph(catalogue.say(&Text::new("digest-cut"))));
    }
}

/// The year that the week belongs to: the first days of January may be in the last week of the year
/// before.
fn year(digest: &Digest) -> i16 {
    digest.occasion.date.iso_week_date().year()
}

/// An agenda that was imported.
fn imported(import: &Imported, letter: &Letter, catalogue: &Catalogue) -> Row {
    let what = Text::new("digest-import")
        .with("date", letter.zone.to_datetime(import.at).date())
        .with("actions", import.actions)
        .with("contributions", import.contributions);
    Row { name: catalogue.say(&Text::new("digest-agenda")), what: catalogue.say(&what), ..Row::default() }
}

/// A thing that changed, and what each mail did to it.
fn changed(changed: &Changed, letter: &Letter, catalogue: &Catalogue) -> Row {
    let name = match &changed.subject {
        Subject::Action(_)
        | Subject::Contribution(_)
        | Subject::Meeting(_)
        | Subject::Approval(_)
        | Subject::Call(_) => list::subject(&changed.subject, catalogue),
        // Nothing else is told to the list.
        Subject::Member(_) | Subject::Organization(_) | Subject::Request(_) => String::new(),
    };
    let events = changed.events.iter().map(|each| event(each, letter, catalogue));
    Row { name, what: wrap::shorten(&changed.title, SHORT), more: events.collect(), ..Row::default() }
}

/// What one mail did: "now closed (was open), by Member CATT on 6 May 2014 in "Re: Action items"".
fn event(event: &Event, letter: &Letter, catalogue: &Catalogue) -> String {
    let is_new = event.changes.iter().any(|change| is_status(change) && change.from.is_none());
    let told: Vec<String> = if is_new {
        vec![catalogue.say(&Text::new("digest-new"))]
    } else {
        event.changes.iter().map(|each| change(each, catalogue)).collect()
    };
    let text = match &event.by {
        Some(by) => Text::new("digest-event").with("by", wrap::shorten(by, SHORT)),
        None => Text::new("digest-event-agenda"),
    };
    let mail = event.mail.as_deref().map(|mail| wrap::shorten(mail, SHORT)).filter(|mail| !mail.is_empty());
    catalogue.say(
        &text
            .with("changes", told.join("; "))
            .with("date", letter.zone.to_datetime(event.at).date())
            .with("mail", mail.as_deref().unwrap_or("-")),
    )
}

/// A revision or a decision without when, where and by whom: "R02 agreed".
fn without_trace(value: &str) -> String {
    let ends = [" on ", " at ", " by ", " in "].into_iter().filter_map(|word| value.find(word));
    value.get(..ends.min().unwrap_or(value.len())).unwrap_or_default().to_owned()
}

fn is_status(change: &Change) -> bool {
    change.field == ActionField::Status.as_str()
}

fn change(change: &Change, catalogue: &Catalogue) -> String {
    let value = |value: &Option<String>| value.as_deref().map_or_else(|| "-".to_owned(), |it| wrap::shorten(it, SHORT));
    let (mut from, mut to) = (value(&change.from), value(&change.to));
    if matches!(change.field.as_str(), "decision" | "revision") {
        // By whom and in which mail stands beside it; to the list goes no address.
        (from, to) = (without_trace(&from), without_trace(&to));
    }
    let text = match (change.field.as_str(), &change.to) {
        ("status", _) => Text::new("digest-status"),
        ("note", Some(_)) => Text::new("digest-note"),
        ("note", None) => Text::new("digest-note-gone"),
        ("state", _) => Text::new("digest-state"),
        ("until", _) => Text::new("digest-until"),
        ("due", _) => Text::new("digest-due"),
        ("who", _) => Text::new("digest-who"),
        ("priority", _) => Text::new("digest-priority"),
        (field, _) => Text::new("digest-field").with("field", field),
    };
    catalogue.say(&text.with("from", from).with("to", to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_told_to_the_list_without_an_address() {
        let value = "R02 agreed on 2014-04-08 at SEC#10.0 by secretary@example.org in a@mail.example.org";
        assert_eq!(without_trace(value), "R02 agreed");
        assert_eq!(without_trace("R00 not pursued at SEC#10.0"), "R00 not pursued");
        assert_eq!(without_trace("R01 listed"), "R01 listed");
    }
}
