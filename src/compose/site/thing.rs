//! A page for each action item and each contribution: where it stands, what happened to it, who wrote about it.

use std::collections::{BTreeMap, BTreeSet};

use super::html::{Cell, Frame, Line, Page, Part, Row, Section, Span, Table, Tone, html};
use super::index::{approval_state, day, due, frame, left, lines, said, stands, status, who};
use super::words::Words;
use super::{SiteMail, SitePage};
use crate::decide::HistoryRow;
use crate::domain::life::{How, Trace};
use crate::domain::{ActionField, ActionItem, Approval, Contribution, ContributionField, Revision, Subject, Text};

/// Fields of history that only the program reads, or that stand elsewhere on the page.
const UNTOLD: [&str; 2] = [ContributionField::SaidAt.as_str(), "opener"];

/// What happened to each thing, oldest first.
type Histories<'a> = BTreeMap<&'a Subject, Vec<&'a HistoryRow>>;

/// Every page of a thing.
pub(super) fn pages(words: &Words<'_>) -> Vec<SitePage> {
    let frame = frame(words);
    let mut histories: Histories<'_> = BTreeMap::new();
    for row in words.of.history.iter().filter(|row| !UNTOLD.contains(&row.field.as_str())) {
        histories.entry(&row.subject).or_default().push(row);
    }
    let mut was: BTreeMap<_, Vec<&ActionItem>> = BTreeMap::new();
    for item in words.of.actions {
        if let Some(became) = &item.became {
            was.entry(became).or_default().push(item);
        }
    }
    let items = words.of.actions.iter().map(|item| {
        let before = was.get(&item.reference).map(Vec::as_slice).unwrap_or_default();
        action(words, item, before, &histories)
    });
    let contributions = words.of.contributions.iter().filter(|known| !known.is_blank());
    let contributions = contributions.map(|known| contribution(words, known, &histories));
    items.chain(contributions).map(|page| made(&page, &frame)).collect()
}

fn made(page: &Page, frame: &Frame) -> SitePage {
    SitePage { file: page.file.clone(), html: html(page, frame) }
}

/// The facts that say something.
fn facts(facts: Vec<(String, Vec<Line>)>) -> Part {
    let told = facts
        .into_iter()
        .map(|(name, lines)| (name, lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>()));
    Part::Facts(told.filter(|(_, lines)| !lines.is_empty()).collect())
}

fn state(words: &Words<'_>, told: Vec<(String, Vec<Line>)>) -> Section {
    Section { id: "state".to_owned(), heading: words.word(Text::new("page-state")), parts: vec![facts(told)] }
}

fn page(words: &Words<'_>, subject: &Subject, lead: Line, sections: Vec<Section>) -> Page {
    let file = words.file(subject).unwrap_or_default().to_owned();
    let lead = Some(lead).filter(|lead| !lead.is_empty()).into_iter().collect();
    Page { file, heading: words.clean(&subject.to_string()), lead, sections }
}

fn action(words: &Words<'_>, item: &ActionItem, before: &[&ActionItem], histories: &Histories<'_>) -> Page {
    let field = |name: ActionField| words.catalogue().name("field-", name.as_str());
    let own = |item: &ActionItem| Subject::Action(item.reference.clone());
    let priority = item.priority.map(|priority| words.catalogue().name("priority-", &priority.to_string()));
    let proposed_by = item.proposed_by.as_ref().map(|by| words.name(by));
    let mut told = vec![
        (field(ActionField::Status), vec![Line::of(status(words, item))]),
        (field(ActionField::Who), vec![who(words, item)]),
        (field(ActionField::Due), vec![due(words, item)]),
        (field(ActionField::Priority), vec![Line::of(priority.unwrap_or_default())]),
        (words.word(Text::new("page-notes")), item.notes.iter().map(|note| words.linked(note)).collect()),
        (field(ActionField::ProposedBy), vec![Line::of(proposed_by.unwrap_or_default())]),
    ];
    if let Some(became) = &item.became {
        told.push((field(ActionField::Became), vec![words.reference(&Subject::Action(became.clone()))]));
    }
    let was = before.iter().map(|item| words.reference(&own(item))).collect();
    told.push((words.word(Text::new("page-was")), was));
    let subjects: Vec<Subject> = before.iter().map(|item| own(item)).chain([own(item)]).collect();
    let mut sections = vec![state(words, told)];
    sections.extend(happened(words, &subjects, histories));
    sections.extend(mails(words, &subjects));
    page(words, &own(item), words.linked(&item.what), sections)
}

fn contribution(words: &Words<'_>, known: &Contribution, histories: &Histories<'_>) -> Page {
    let field = |name: ContributionField| words.catalogue().name("field-", name.as_str());
    let subject = Subject::Contribution(known.reference.clone());
    let text = |text: &str| vec![Line::of(words.clean(text))];
    let meeting = known.meeting.as_ref().map(ToString::to_string).unwrap_or_default();
    let told = vec![
        (words.word(Text::new("page-stands")), vec![Line::of(stands(words, known))]),
        (words.word(Text::new("page-left")), left(words, known)),
        (field(ContributionField::Source), text(&known.source)),
        (field(ContributionField::AgendaItem), text(&known.agenda_item)),
        (field(ContributionField::Deliverable), text(known.deliverable.as_deref().unwrap_or_default())),
        (field(ContributionField::Meeting), text(&meeting)),
        (
            words.word(Text::new("page-links")),
            known.life.links.iter().map(|it| words.linked(&it.to_string())).collect(),
        ),
    ];
    let approvals: Vec<&Approval> =
        words.of.approvals.iter().filter(|approval| approval.of.contribution() == Some(&known.reference)).collect();
    let mut sections = vec![state(words, told)];
    sections.extend(revisions(words, known));
    sections.extend(asked(words, &approvals));
    let subjects: Vec<Subject> = std::iter::once(subject.clone())
        .chain(approvals.iter().map(|approval| Subject::Approval(approval.of.clone())))
        .collect();
    sections.extend(happened(words, &subjects, histories));
    sections.extend(mails(words, &subjects));
    page(words, &subject, words.linked(&known.title), sections)
}

/// When, where and by whom something was said, with its mail.
fn trace(words: &Words<'_>, told: String, trace: &Trace) -> Line {
    let mut parts = vec![told];
    parts.extend(Some(day(words, trace.on)).filter(|day| !day.is_empty()));
    parts.extend(trace.at.as_ref().map(ToString::to_string));
    parts.extend(trace.by.as_ref().map(|by| words.name(by)));
    words.told(words.clean(&parts.join(", ")), trace.message.as_deref())
}

/// The revisions of a contribution, in order.
fn revisions(words: &Words<'_>, known: &Contribution) -> Option<Section> {
    let id = "revisions".to_owned();
    let row = |revision: Revision| {
        let came = known.life.available.iter().filter(|available| available.revision == revision);
        let mut came: Vec<Line> = came
            .map(|available| {
                let how = match available.how {
                    How::Listed => Text::new("page-listed"),
                    How::Posted => Text::new("page-posted"),
                };
                trace(words, words.word(how), &available.trace)
            })
            .collect();
        if came.is_empty() {
            came.push(Line::toned(words.word(Text::new("page-not-available")), Tone::Soft));
        }
        let decided = known.life.decisions.iter().filter(|decision| decision.revision == revision);
        let decided = decided.map(|decision| trace(words, decision.outcome.to_string(), &decision.trace)).collect();
        Row { is_late: false, cells: vec![Cell::one(revision.to_string()), Cell::Lines(came), lines(decided)] }
    };
    let rows: Vec<Row> = known.life.known().into_iter().map(row).collect();
    let keys = ["page-revision", "page-available", "page-decided"];
    let columns = keys.map(|key| words.word(Text::new(key))).to_vec();
    let heading = words.word(Text::new("page-revisions"));
    let table = Table { kind: "", named_by: id.clone(), columns, rows };
    (!table.rows.is_empty()).then(|| Section { id, heading, parts: vec![Part::Table(table)] })
}

/// Its approvals by e-mail.
fn asked(words: &Words<'_>, approvals: &[&Approval]) -> Option<Section> {
    let told = approvals.iter().map(|approval| {
        let lines = std::iter::once(approval_state(words, approval)).chain(said(words, approval)).collect();
        (words.clean(&approval.of.to_string()), lines)
    });
    let told: Vec<(String, Vec<Line>)> = told.collect();
    let heading = words.word(Text::new("page-approvals"));
    (!told.is_empty()).then(|| Section { id: "approvals".to_owned(), heading, parts: vec![facts(told)] })
}

/// What happened, newest first; what one mail or document did at one moment is one row.
fn happened(words: &Words<'_>, subjects: &[Subject], histories: &Histories<'_>) -> Option<Section> {
    let rows = subjects.iter().filter_map(|subject| histories.get(subject)).flatten();
    let mut by_moment: BTreeMap<_, Vec<&HistoryRow>> = BTreeMap::new();
    for row in rows {
        by_moment.entry((row.at, &row.by, row.message_id.as_deref())).or_default().push(row);
    }
    let rows: Vec<Row> = by_moment
        .iter()
        .rev()
        .map(|((at, by, message_id), changes)| {
            let by = words.told(words.by(by), *message_id);
            let told = changes.iter().map(|row| change(words, row)).collect();
            let when = Line::of(words.moment(*at));
            Row { is_late: false, cells: vec![Cell::one(when), Cell::Lines(told), Cell::one(by)] }
        })
        .collect();
    let id = "history".to_owned();
    let columns = ["column-when", "column-change", "page-by"].map(|key| words.word(Text::new(key))).to_vec();
    let heading = words.word(Text::new("page-history"));
    let table = Table { kind: "", named_by: id.clone(), columns, rows };
    (!table.rows.is_empty()).then(|| Section { id, heading, parts: vec![Part::Table(table)] })
}

/// One change.
fn change(words: &Words<'_>, row: &HistoryRow) -> Line {
    let value = |value: &Option<String>| value.as_deref().map(|value| words.value(&row.field, value));
    let text = match (value(&row.from), value(&row.to)) {
        (Some(from), Some(to)) => Text::new("page-changed").with("from", from).with("to", to),
        (None, Some(to)) => Text::new("page-set").with("to", to),
        (Some(from), None) => Text::new("page-removed").with("from", from),
        (None, None) => Text::new("page-touched"),
    };
    let field = words.catalogue().name("field-", &row.field);
    Line::of(words.say(&text.with("field", field)))
}

/// The mails that mention something, newest first.
fn mails(words: &Words<'_>, subjects: &[Subject]) -> Option<Section> {
    let found = subjects.iter().filter_map(|subject| words.of.mails.get(subject)).flatten();
    let found: BTreeSet<_> = found.map(|mail| (mail.at, &mail.message_id, &mail.subject, &mail.from)).collect();
    let row = |(at, message_id, subject, from): &(_, &Option<String>, &String, &Option<_>)| {
        let mail =
            SiteMail { at: *at, from: (*from).clone(), subject: (*subject).clone(), message_id: (*message_id).clone() };
        mail_row(words, &mail)
    };
    let rows: Vec<Row> = found.iter().rev().map(row).collect();
    let id = "mails".to_owned();
    let columns = ["column-when", "page-subject", "page-from"].map(|key| words.word(Text::new(key))).to_vec();
    let heading = words.word(Text::new("page-mails"));
    let table = Table { kind: "", named_by: id.clone(), columns, rows };
    (!table.rows.is_empty()).then(|| Section { id, heading, parts: vec![Part::Table(table)] })
}

fn mail_row(words: &Words<'_>, mail: &SiteMail) -> Row {
    let subject = Some(words.clean(&mail.subject)).filter(|subject| !subject.is_empty());
    let subject = subject.unwrap_or_else(|| words.word(Text::new("page-no-subject")));
    let from = words.named(mail.from.as_ref().and_then(|from| words.of.roster.member_by_address(from)));
    let cells = vec![
        Cell::one(words.moment(mail.at)),
        Cell::one(words.mail(subject, mail.message_id.as_deref())),
        Cell::one(Line::from(Span::plain(&from))),
    ];
    Row { is_late: false, cells }
}
