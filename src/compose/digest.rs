//! The weekly digest, as a mail to the list.

use crate::decide::{Changed, Digest, Event, Imported};
use crate::domain::{ActionField, Change, Subject, Text};

use super::mail::{Automatic, Letter, Mail};
use super::page::{Block, List, Page, Row};
use super::{Catalogue, html, list, text, wrap};

/// The most characters of a title, a mail's subject or a value.
const SHORT: usize = 200;

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
        kind: "digest",
        text: text::text(&page),
        html: html::html(&page),
    };
    mail.into_bytes()
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

fn subject(digest: &Digest, group: &str, catalogue: &Catalogue) -> String {
    let counts = Text::new("digest-subject").with("group", wrap::shorten(group, SHORT)).with("week", week(digest));
    catalogue.say(&counts.with("open", digest.open).with("overdue", digest.overdue))
}

/// The week's number.
fn week(digest: &Digest) -> i8 {
    digest.occasion.date.iso_week_date().week()
}

fn page(digest: &Digest, title: &str, letter: &Letter, catalogue: &Catalogue) -> Page {
    let day = |at| letter.zone.to_datetime(at).date();
    let mut blocks = Vec::new();
    if digest.is_late {
        let late = Text::new("digest-late").with("due", catalogue.date_and_time(digest.due_at, &letter.zone));
        blocks.push(Block::Warning(catalogue.say(&late)));
    }
    let summary = Text::new("digest-summary").with("open", digest.open).with("overdue", digest.overdue);
    let mut said = vec![catalogue.say(&summary.with("week", week(digest)).with("year", year(digest)))];
    let since = digest.last.map_or_else(|| "-".to_owned(), |last| day(last).to_string());
    let is_quiet = digest.changed.is_empty() && digest.imports.is_empty();
    if is_quiet {
        said.push(catalogue.say(&Text::new("digest-nothing-changed").with("since", &since)));
    }
    blocks.push(Block::Paragraph(said.join(" ")));
    if !digest.tables.is_empty() {
        blocks.push(Block::Paragraph(catalogue.say(&Text::new("digest-how"))));
    }
    if !is_quiet {
        let count = digest.changed.len() + digest.more_changed + digest.imports.len();
        let title = Text::new("digest-changed").with("since", &since).with("count", count);
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
    blocks.extend(digest.tables.iter().map(|table| Block::Table(list::list(table, &letter.zone, catalogue))));
    if digest.more_rows > 0 {
        let more = Text::new("digest-more-rows").with("count", digest.more_rows);
        blocks.push(Block::Paragraph(catalogue.say(&more)));
    }
    Page {
        language: catalogue.language(),
        title: title.to_owned(),
        blocks,
        footer: Some(catalogue.say(&Text::new("digest-footer").with("group", &letter.group))),
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
        Subject::Action(_) | Subject::Contribution(_) | Subject::Meeting(_) => changed.subject.to_string(),
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

fn is_status(change: &Change) -> bool {
    change.field == ActionField::Status.as_str()
}

fn change(change: &Change, catalogue: &Catalogue) -> String {
    let value = |value: &Option<String>| value.as_deref().map_or_else(|| "-".to_owned(), |it| wrap::shorten(it, SHORT));
    let (from, to) = (value(&change.from), value(&change.to));
    let text = match (change.field.as_str(), &change.to) {
        ("status", _) => Text::new("digest-status"),
        ("note", Some(_)) => Text::new("digest-note"),
        ("note", None) => Text::new("digest-note-gone"),
        ("due", _) => Text::new("digest-due"),
        ("who", _) => Text::new("digest-who"),
        ("priority", _) => Text::new("digest-priority"),
        (field, _) => Text::new("digest-field").with("field", field),
    };
    catalogue.say(&text.with("from", from).with("to", to))
}
