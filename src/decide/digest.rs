//! What the bot says of its own accord, from the state as it is: the weekly digest.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::domain::{
    ActionField, ActionItem, ActionItemRef, Change, Due, DueOccasion, EmailAddress, Occasion, Skip, Standing, Status,
    Subject, Text,
};

use super::tell::{Rows, is_open, is_overdue, items, waiting};
use super::work::Work;
use super::{ActionRow, Came, HistoryRow, Known, Outcome, Since, Table};

/// Whose doing it is, as history would tell it; an occasion changes nothing.
pub const BY_CALENDAR: &str = "calendar";

/// Items due within so many days are told of as due soon.
pub const SOON_DAYS: i64 = 14;

/// A row has at most three digits, as a reply names it. Who has more open items than that asks for
/// the list.
const MOST_ROWS: usize = 999;

/// Things that changed, told one by one at most.
const MOST_CHANGED: usize = 40;

/// Mails that changed one thing, told of at most: the last ones.
const MOST_EVENTS: usize = 5;

/// What a digest says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Which one it is.
    pub occasion: Occasion,
    /// To whom.
    pub to: EmailAddress,
    /// The moment it was due.
    pub due_at: Timestamp,
    /// It goes after an outage.
    pub is_late: bool,
    /// When the one before was made, where there was one.
    pub last: Option<Timestamp>,
    /// How many action items are open.
    pub open: usize,
    /// How many of them are overdue.
    pub overdue: usize,
    /// What changed since the one before.
    pub changed: Vec<Changed>,
    /// How much more changed than `changed` tells of.
    pub more_changed: usize,
    /// More changed than can be counted here.
    pub is_cut: bool,
    /// Agendas that were imported since the one before.
    pub imports: Vec<Imported>,
    /// The rows, numbered through all tables.
    pub tables: Vec<Table>,
    /// How many rows are left out.
    pub more_rows: usize,
}

/// Something that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// What.
    pub subject: Subject,
    /// Its title, or what is to be done; empty where it has none.
    pub title: String,
    /// What happened to it, oldest first.
    pub events: Vec<Event>,
}

/// What one mail did to one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// The member's name; `None` where an agenda that was imported did it.
    pub by: Option<String>,
    /// The mail's subject, where a mail did it that others have seen.
    pub mail: Option<String>,
    /// What it changed.
    pub changes: Vec<Change>,
}

/// An agenda that was imported, as far as its rows are not told one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// When.
    pub at: Timestamp,
    /// How many action items it brought.
    pub actions: usize,
    /// How many contributions it brought or changed.
    pub contributions: usize,
}

impl Digest {
    /// What each numbered row means: a reply may name it by number.
    #[must_use]
    pub fn rows(&self) -> Vec<(u16, Subject)> {
        let listed = self.tables.iter().flat_map(|table| match table {
            Table::Actions { rows, .. } => rows.as_slice(),
            _ => &[],
        });
        listed.map(|row| (row.number, row.subject.clone())).collect()
    }

    /// Whether there is nothing that anybody would read it for.
    fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.imports.is_empty() && self.tables.is_empty()
    }
}

/// Decides what becomes of an occasion.
pub(super) fn occasion(known: Known, at: Timestamp, due: &DueOccasion) -> Outcome {
    let (came, known) = if due.standing.is_sent() {
        let mut work = Work::new(known, at);
        let digest = weekly(&mut work, due).filter(|digest| !digest.is_empty());
        let standing = if digest.is_some() { due.standing } else { Standing::Skipped(Skip::NothingToSay) };
        (Came { standing, digest }, work.known)
    } else {
        (Came { standing: due.standing, digest: None }, known)
    };
    Outcome { by: BY_CALENDAR.to_owned(), known, occasion: Some(came), ..Outcome::nothing() }
}

/// The weekly digest, where there is a list that gets it.
fn weekly(work: &mut Work, due: &DueOccasion) -> Option<Digest> {
    let to = work.known.rules.as_ref()?.list.clone()?;
    let since = work.known.since.clone().unwrap_or_default();
    let open = items(&work.known, is_open, Clone::clone).len();
    let overdue = items(&work.known, |item| is_overdue(work, item), Clone::clone).len();
    let (tables, more_rows) = sections(work);
    let (changed, more_changed, imports) = changes(&work.known, &since);
    Some(Digest {
        occasion: due.occasion.clone(),
        to,
        due_at: due.at,
        is_late: due.standing == Standing::Late,
        last: since.last,
        open,
        overdue,
        changed,
        more_changed,
        is_cut: since.is_cut,
        imports,
        tables,
        more_rows,
    })
}

/// Whether an item belongs to a section.
type Belongs<'a> = &'a dyn Fn(&ActionItem) -> bool;

/// The pending items and what waits for a ruling, each in the first section that it belongs to, and
/// how many did not fit.
fn sections(work: &Work) -> (Vec<Table>, usize) {
    let today = work.today();
    let soon = today.saturating_add(SOON_DAYS.days());
    let mut numbers = Rows::after(0);
    let mut listed: BTreeSet<ActionItemRef> = BTreeSet::new();
    let mut tables = Vec::new();
    let (mut room, mut more) = (MOST_ROWS, 0);
    let mut add = |key: &str, rows: Vec<ActionRow>| {
        let count = rows.len();
        let rows: Vec<ActionRow> = rows.into_iter().take(room).collect();
        (room, more) = (room - rows.len(), more + count - rows.len());
        if !rows.is_empty() {
            tables.push(Table::Actions { title: Text::new(key).with("count", count).with("days", SOON_DAYS), rows });
        }
    };
    let day = |item: &ActionItem| due_day(work, item);
    let is_incomplete = |item: &ActionItem| item.who.is_empty() || item.due.is_none();
    let sorts: [(&str, Belongs<'_>); 5] = [
        ("digest-overdue", &|item| is_overdue(work, item)),
        ("digest-soon", &|item| is_open(item) && day(item).is_some_and(|day| day <= soon)),
        ("digest-incomplete", &|item| is_open(item) && is_incomplete(item)),
        ("digest-open", &is_open),
        ("digest-proposed", &|item| item.status == Status::Proposed),
    ];
    for (key, belongs) in sorts {
        let mut found = items(&work.known, |item| belongs(item) && !listed.contains(&item.reference), Clone::clone);
        found.sort_by_key(|item| (day(item).is_none(), day(item)));
        listed.extend(found.iter().map(|item| item.reference.clone()));
        add(key, found.iter().map(|item| numbers.item(work, item)).collect());
    }
    add("digest-rulings", waiting(work, &mut numbers));
    (tables, more)
}

/// The day on which an item is due, where that is known.
fn due_day(work: &Work, item: &ActionItem) -> Option<Date> {
    match item.due.as_ref()? {
        Due::Day(day) => Some(*day),
        Due::Meeting(name) => work.known.meeting(name)?.first_day(),
    }
}

/// What changed, thing by thing: who did it, and by which mail.
fn changes(known: &Known, since: &Since) -> (Vec<Changed>, usize, Vec<Imported>) {
    let mut of: BTreeMap<&Subject, Vec<Event>> = BTreeMap::new();
    let mut imports: BTreeMap<Timestamp, (BTreeSet<&Subject>, BTreeSet<&Subject>)> = BTreeMap::new();
    let is_new = |row: &HistoryRow| row.field == ActionField::Status.as_str() && row.from.is_none();
    let brought: BTreeSet<(Timestamp, &Subject)> = since
        .changes
        .iter()
        .filter(|(row, _)| row.message_id.is_none() && is_new(row))
        .map(|(row, _)| (row.at, &row.subject))
        .collect();
    for (row, mail) in &since.changes {
        match &row.subject {
            // Who is in the group, and when they are away, is not told to the list.
            Subject::Member(_) | Subject::Organization(_) | Subject::Request(_) => continue,
            Subject::Contribution(_) if row.message_id.is_none() => {
                imports.entry(row.at).or_default().1.insert(&row.subject);
                continue;
            }
            // A meeting's dates come with its agenda.
            Subject::Meeting(_) if row.message_id.is_none() => continue,
            Subject::Action(_) if brought.contains(&(row.at, &row.subject)) => {
                imports.entry(row.at).or_default().0.insert(&row.subject);
                continue;
            }
            // A proposal that was accepted lives on under its number.
            Subject::Action(reference) if known.actions.get(reference).is_some_and(|item| item.became.is_some()) => {
                continue;
            }
            Subject::Action(_) | Subject::Contribution(_) | Subject::Meeting(_) => {}
        }
        let events = of.entry(&row.subject).or_default();
        let change = Change::new(row.subject.clone(), &row.field, row.from.clone(), row.to.clone());
        let by = row.message_id.as_ref().map(|_| name(known, &row.by));
        match events.last_mut() {
            Some(last) if last.at == row.at && last.by == by && last.mail == *mail => last.changes.push(change),
            _ => events.push(Event { at: row.at, by, mail: mail.clone(), changes: vec![change] }),
        }
    }
    let mut changed: Vec<Changed> = of
        .into_iter()
        .filter(|(_, events)| !is_as_before(events))
        .map(|(subject, mut events)| {
            events.drain(..events.len().saturating_sub(MOST_EVENTS));
            Changed { subject: subject.clone(), title: title(known, subject), events }
        })
        .collect();
    let more = changed.len().saturating_sub(MOST_CHANGED);
    changed.truncate(MOST_CHANGED);
    let imports = imports.into_iter().map(|(at, (actions, contributions))| Imported {
        at,
        actions: actions.len(),
        contributions: contributions.len(),
    });
    (changed, more, imports.collect())
}

/// Whether everything was taken back: each field ends as it began.
fn is_as_before(events: &[Event]) -> bool {
    let mut fields: BTreeMap<&str, (&Option<String>, &Option<String>)> = BTreeMap::new();
    for change in events.iter().flat_map(|event| &event.changes) {
        if change.field == ActionField::Note.as_str() {
            return false;
        }
        fields.entry(&change.field).and_modify(|(_, to)| *to = &change.to).or_insert((&change.from, &change.to));
    }
    fields.values().all(|(from, to)| from == to)
}

/// The member's name, or what history says where the roster knows none.
fn name(known: &Known, by: &str) -> String {
    let member = by.parse().ok().and_then(|address| known.roster.member_by_address(&address));
    member.map_or_else(|| by.to_owned(), |member| member.name.clone())
}

fn title(known: &Known, subject: &Subject) -> String {
    match subject {
        Subject::Action(reference) => known.actions.get(reference).map(|item| item.what.clone()),
        Subject::Contribution(reference) => known.contributions.get(reference).map(|row| row.title.clone()),
        _ => None,
    }
    .unwrap_or_default()
}
