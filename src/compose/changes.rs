//! What has changed since the digest before: who did it, and by which mail.

use jiff::civil::Date;

use crate::decide::{Changed, Digest, Event, Imported};
use crate::domain::{ActionField, Change, Subject, Text};

use super::mail::Letter;
use super::page::{Block, List, Row};
use super::{Catalogue, list, wrap};

/// The most characters of a title, a mail's subject or a value.
const SHORT: usize = 200;

/// Whether nothing has changed.
pub(super) fn is_quiet(digest: &Digest) -> bool {
    digest.changed.is_empty() && digest.more_changed == 0 && digest.imports.is_empty()
}

/// The day of the digest before, where there was one.
pub(super) fn since(digest: &Digest, letter: &Letter) -> String {
    digest.last.map_or_else(|| "-".to_owned(), |last| letter.zone.to_datetime(last).date().to_string())
}

/// What has changed since the digest before.
pub(super) fn changes(digest: &Digest, letter: &Letter, catalogue: &Catalogue, blocks: &mut Vec<Block>) {
    if is_quiet(digest) {
        return;
    }
    let count = digest.changed.len() + digest.more_changed + digest.imports.len();
    let title = Text::new("digest-changed").with("since", since(digest, letter)).with("count", count);
    let imports = digest.imports.iter().map(|import| imported(import, letter, catalogue));
    let changed = digest.changed.iter().map(|each| changed(each, letter, catalogue));
    let rows: Vec<Row> = imports.chain(changed).collect();
    if !rows.is_empty() {
        blocks.push(Block::Table(List {
            title: catalogue.say(&title),
            columns: [Text::new("column-item"), Text::new("column-change")].map(|column| catalogue.say(&column)),
            rows,
            empty: String::new(),
            is_syntax: false,
        }));
    }
    if digest.more_changed > 0 {
        let more = Text::new("digest-more-changed").with("count", digest.more_changed);
        blocks.push(Block::Paragraph(catalogue.say(&more)));
    }
    if digest.is_cut {
        blocks.push(Block::Paragraph(catalogue.say(&Text::new("digest-cut"))));
    }
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
    let events = changed.events.iter().map(|each| event(each, changed, letter, catalogue));
    Row { name, what: wrap::shorten(&changed.title, SHORT), more: events.collect(), ..Row::default() }
}

/// What one mail did: "now closed (was open), by Member CATT on 6 May 2014 in "Re: Action items"".
fn event(event: &Event, of: &Changed, letter: &Letter, catalogue: &Catalogue) -> String {
    let is_new = event.changes.iter().any(|change| is_status(change) && change.from.is_none());
    let told: Vec<String> = if is_new {
        vec![catalogue.say(&Text::new("digest-new"))]
    } else if let Some(planned) = planned(event, catalogue) {
        vec![planned]
    } else {
        let is_above = |change: &&Change| change.field == "title" && change.to.as_deref() == Some(of.title.as_str());
        event.changes.iter().filter(|each| !is_above(each)).map(|each| change(each, catalogue)).collect()
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

/// A meeting that had no date before, in one phrase: "planned: 9 to 13 June 2014, Berlin; 3 sessions".
fn planned(event: &Event, catalogue: &Catalogue) -> Option<String> {
    let to = |field: &str| {
        let mut of_field = event.changes.iter().filter(|change| change.field == field && change.from.is_none());
        of_field.find_map(|change| change.to.as_deref())
    };
    let start: Date = to("start")?.parse().ok()?;
    let end = to("end").and_then(|end| end.parse().ok()).unwrap_or(start);
    let place = to("place").map_or_else(|| "-".to_owned(), |place| wrap::shorten(place, SHORT));
    let sessions = event.changes.iter().filter(|change| change.field == "session" && change.to.is_some()).count();
    let text = Text::new("digest-planned").with("dates", catalogue.dates(start, end)).with("place", place);
    Some(catalogue.say(&text.with("deadline", to("deadline").unwrap_or("-")).with("sessions", sessions)))
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
        ("decision" | "revision", _) => Text::new("digest-said"),
        ("time", _) => Text::new("digest-time"),
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
