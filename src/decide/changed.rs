//! What has changed since the digest before, thing by thing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::domain::{ActionField, Change, ContributionField, Subject, attendance_of, stamp_of};

use super::{Changed, Event, HistoryRow, Imported, Known, Since};

/// Things that changed, told one by one at most.
const MOST_CHANGED: usize = 40;

/// Mails that changed one thing, told of at most: the last ones.
const MOST_EVENTS: usize = 5;

/// What changed, thing by thing: who did it, and by which mail.
pub(super) fn changes(known: &Known, since: &Since) -> (Vec<Changed>, usize, Vec<Imported>) {
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
            // What follows from a decision, and where it was seen, is told where the contribution is.
            Subject::Contribution(_) if !is_told(row) => continue,
            // A meeting's dates come with its agenda, and who comes is not told to the list.
            Subject::Meeting(_) if row.message_id.is_none() || is_of_who_comes(&row.field) => continue,
            Subject::Action(reference) if brought.contains(&(row.at, &row.subject)) => {
                let (items, _) = imports.entry(row.at).or_default();
                // What its cells only propose is listed by itself.
                if reference.number().is_some() {
                    items.insert(&row.subject);
                }
                continue;
            }
            // A proposal that was accepted lives on under its number.
            Subject::Action(reference) if known.actions.get(reference).is_some_and(|item| item.became.is_some()) => {
                continue;
            }
            // Who said what of it is told where it is listed.
            Subject::Approval(_) if row.field != "state" && row.field != "until" => continue,
            Subject::Action(_)
            | Subject::Contribution(_)
            | Subject::Meeting(_)
            | Subject::Approval(_)
            | Subject::Call(_) => {}
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
    let more = keep_newest(&mut changed, MOST_CHANGED);
    let imports = imports.into_iter().map(|(at, (actions, contributions))| Imported {
        at,
        actions: actions.len(),
        contributions: contributions.len(),
    });
    (changed, more, imports.collect())
}

fn is_of_who_comes(field: &str) -> bool {
    attendance_of(field).is_some() || stamp_of(field).is_some()
}

/// Keeps so many of the things that changed: those that changed last, in the order in which they stand. Gives how many
/// are left out.
pub(crate) fn keep_newest(changed: &mut Vec<Changed>, count: usize) -> usize {
    let left_out = changed.len().saturating_sub(count);
    if left_out > 0 {
        let last = |(place, changed): (usize, &Changed)| (changed.events.last().map(|event| event.at), place);
        let mut moments: Vec<_> = changed.iter().enumerate().map(last).collect();
        moments.sort_unstable_by(|a, b| b.cmp(a));
        let kept: BTreeSet<usize> = moments.into_iter().take(count).map(|(_, place)| place).collect();
        let mut places = 0..;
        changed.retain(|_| places.next().is_some_and(|place| kept.contains(&place)));
    }
    left_out
}

/// Whether a change of a contribution's field is told to the list by itself: what was said of it, and what is
/// another than before.
fn is_told(row: &HistoryRow) -> bool {
    let is = |fields: &[ContributionField]| fields.iter().any(|field| field.as_str() == row.field);
    let others = [ContributionField::Title, ContributionField::Source, ContributionField::AgendaItem];
    is(&[ContributionField::Revision, ContributionField::Decision]) || row.from.is_some() && is(&others)
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
        Subject::Approval(of) => {
            of.contribution().and_then(|of| known.contributions.get(of)).map(|row| row.title.clone())
        }
        Subject::Call(day) => known.calls.get(day).and_then(|call| call.title.clone()),
        _ => None,
    }
    .unwrap_or_default()
}
