//! What an agenda lists, and where: the same for every kind of file.

use std::collections::{BTreeMap, HashMap};

use crate::agenda::blocks::ItemNumber;
use crate::agenda::tables::item_of;
use crate::agenda::{NONE, NOT_YET_KNOWN};
use crate::domain::{
    ActionItem, ActionItemRow, AgendaDocument, AgendaMeeting, Contribution, ContributionRow, Meeting, Session,
};

use super::cells::cells;
use super::items::{Items, Slot, deliverable, only, own_number};
use super::listing::{Listing, listed};
use super::written::{cell, line};
use super::{Agenda, Column, Material, Section, Table};

/// The agenda of a meeting, as it stands.
#[must_use]
pub fn agenda(material: &Material<'_>) -> Agenda {
    let meeting = material.meeting.map(meeting);
    let sessions = sessions(material.meeting.map_or(&[], |meeting| &meeting.sessions));
    let mut plan = Plan { material, contents: HashMap::new(), says: AgendaDocument::default() };
    let Listing { open, decided } = listed(material.contributions.iter().copied(), material.meeting, material.last);
    let by_item = by_item(&open);
    let used = by_item.iter().filter_map(|(number, rows)| {
        let all = rows.iter().map(|row| deliverable(row.deliverable.as_deref(), material.scheme));
        Some((number.clone()?, only(all)))
    });
    let mut items = Items::new(&material.items, &used.collect());
    plan.schedule(&mut items, &sessions, material.meeting);
    plan.attendees(&mut items);
    plan.actions(&mut items);
    plan.next(&mut items);
    plan.contributions(&mut items, by_item, decided);
    let listed = items.with_deliverables(material.scheme);
    let mut sections = Vec::with_capacity(listed.len());
    for (item, number, _) in &listed {
        let (notes, table) = plan.contents.remove(number).unwrap_or_default();
        sections.push(Section { number: item.number.clone(), title: item.title.clone(), notes, table });
    }
    let says = AgendaDocument {
        meeting: meeting.clone(),
        sessions: sessions.into_iter().map(|(first, _)| first).collect(),
        items: listed.into_iter().map(|(item, ..)| item).collect(),
        made_from: material.name.map(ToOwned::to_owned),
        ..plan.says
    };
    let title = meeting.as_ref().map_or_else(|| "Agenda".to_owned(), |meeting| format!("Agenda {}", meeting.reference));
    Agenda { title, group: line(material.group), made: material.today, front: front(material, meeting), sections, says }
}

/// What stands under an item.
type Content = (Vec<String>, Option<Table>);

struct Plan<'a> {
    material: &'a Material<'a>,
    contents: HashMap<ItemNumber, Content>,
    says: AgendaDocument,
}

/// The meeting, as its header says it.
fn meeting(meeting: &Meeting) -> AgendaMeeting {
    let start = meeting.start.filter(|start| meeting.end.is_none_or(|end| *start <= end));
    AgendaMeeting {
        reference: meeting.reference.clone(),
        plenary: meeting.plenary.clone(),
        start,
        // A meeting of one day is all of it.
        end: start.map(|start| meeting.end.unwrap_or(start)),
        place: meeting.place.as_deref().map(line).filter(|place| !place.is_empty()),
        deadline: meeting.open_until(),
    }
}

/// The header: what it is the agenda of, who leads the group, when and where.
fn front(material: &Material<'_>, meeting: Option<AgendaMeeting>) -> Vec<[String; 2]> {
    let mut front = Vec::new();
    let mut row = |label: &str, value: String| front.push([label.to_owned(), value]);
    let unknown = || NOT_YET_KNOWN.to_owned();
    let titled = meeting.as_ref().map(|meeting| match &meeting.plenary {
        Some(plenary) => format!("{} ({plenary})", meeting.reference),
        None => meeting.reference.to_string(),
    });
    row("Meeting title:", titled.unwrap_or_else(unknown));
    row("Group:", line(material.group));
    for [role, name, organization] in &material.officers {
        row(&format!("{role}:"), line(&format!("{name}, {organization}")));
    }
    if let Some(AgendaMeeting { start, end, place, deadline, .. }) = meeting {
        let dates = start.zip(end).map(|(start, end)| span(start, end));
        row("Meeting date:", dates.unwrap_or_else(unknown));
        if let Some(place) = place {
            row("Place:", place);
        }
        if let Some(deadline) = deadline {
            row("Contributions until:", deadline.to_string());
        }
    }
    let name = material.name.map(|name| format!(" (copy {name})")).unwrap_or_default();
    row("Prepared:", format!("{} by minuted{name}", material.today));
    front
}

fn span(start: jiff::civil::Date, end: jiff::civil::Date) -> String {
    if start == end { start.to_string() } else { format!("{start} to {end}") }
}

/// The sessions, each with those that begin at the same time: a schedule has a row for one.
fn sessions(sessions: &[Session]) -> Vec<(Session, Vec<Session>)> {
    let mut by_time: Vec<(Session, Vec<Session>)> = Vec::new();
    let mut sorted: Vec<Session> = sessions.to_vec();
    sorted.sort();
    for session in sorted {
        let room = session.room.as_deref().map(line).filter(|room| !room.is_empty());
        let session = Session { room, title: line(&session.title), ..session };
        if session.title.is_empty() || session.end <= session.start {
            continue;
        }
        match by_time.last_mut() {
            Some((first, others)) if (first.date, first.start) == (session.date, session.start) => others.push(session),
            _ => by_time.push((session, Vec::new())),
        }
    }
    by_time
}

/// The contributions by the number of their agenda item; those without one first.
fn by_item<'a>(rows: &[&'a Contribution]) -> BTreeMap<Option<ItemNumber>, Vec<&'a Contribution>> {
    let mut items: BTreeMap<Option<ItemNumber>, Vec<&Contribution>> = BTreeMap::new();
    for row in rows {
        items.entry(own_number(&row.agenda_item)).or_default().push(row);
    }
    items
}

impl<'a> Plan<'a> {
    fn put(&mut self, number: ItemNumber, notes: Vec<String>, table: Option<Table>) {
        let content = self.contents.entry(number).or_default();
        content.0.extend(notes);
        if let Some(table) = table {
            content.1.get_or_insert(table);
        }
    }

    fn schedule(&mut self, items: &mut Items, sessions: &[(Session, Vec<Session>)], meeting: Option<&Meeting>) {
        if sessions.is_empty() {
            return;
        }
        let time = |session: &Session| format!("{}-{}", session.start.strftime("%H:%M"), session.end.strftime("%H:%M"));
        let rows = sessions.iter().map(|(session, _)| {
            let day = format!("{} {}", session.date.strftime("%A"), session.date);
            vec![day, time(session), session.room.clone().unwrap_or_default(), session.title.clone()]
        });
        let columns = vec![Column::Day, Column::Time, Column::Room, Column::Session];
        let table = Table { columns, rows: rows.collect() };
        let mut notes = Vec::new();
        for session in sessions.iter().flat_map(|(_, others)| others) {
            notes.push(format!("At the same time ({}, {}): {}", session.date, time(session), session.title));
        }
        if let Some(place) = meeting.and_then(|meeting| meeting.place.as_deref()) {
            notes.push(format!("Times are local to {}.", line(place)));
        }
        let number = items.slot(Slot::Schedule);
        self.put(number, notes, Some(table));
    }

    /// Who leads the group and who has said to come, by name and organization.
    fn attendees(&mut self, items: &mut Items) {
        let Material { officers, attendees, .. } = self.material;
        let said = |name: &str, organization: &str| {
            let found = attendees.iter().find(|[who, of, _]| who == name && of == organization);
            found.map(|[.., coming]| coming.clone()).unwrap_or_default()
        };
        let leads = |name: &String, of: &String| officers.iter().any(|[_, who, org]| who == name && org == of);
        let first = officers.iter().map(|[role, name, organization]| {
            let titled = format!("{} ({})", line(name), role.to_lowercase());
            vec![titled, line(organization), said(name, organization)]
        });
        let others = attendees.iter().filter(|[name, organization, _]| !leads(name, organization));
        let others = others.map(|[name, organization, coming]| vec![line(name), line(organization), coming.clone()]);
        let columns = vec![Column::Name, Column::Organization, Column::Present];
        let table = Table { columns, rows: first.chain(others).collect() };
        let number =
            if attendees.is_empty() { items.known(Slot::Attendees) } else { Some(items.slot(Slot::Attendees)) };
        if let Some(number) = number {
            self.put(number, Vec::new(), Some(table));
        }
    }

    fn actions(&mut self, items: &mut Items) {
        let rows: Vec<ActionItemRow> = self.material.actions.iter().map(|item| action(item)).collect();
        if rows.is_empty() {
            if let Some(number) = items.known(Slot::Actions) {
                self.put(number, vec!["No action item is open.".to_owned()], None);
            }
            return;
        }
        let cells = |row: &ActionItemRow| {
            vec![row.reference.to_string(), row.what.clone(), row.who.clone(), row.status.clone()]
        };
        let columns = vec![Column::Reference, Column::What, Column::Who, Column::Status];
        let table = Table { columns, rows: rows.iter().map(cells).collect() };
        let number = items.slot(Slot::Actions);
        self.put(number, Vec::new(), Some(table));
        self.says.action_items = rows;
    }

    fn next(&mut self, items: &mut Items) {
        if self.material.next.is_empty() {
            return;
        }
        let rows = self.material.next.iter().map(|known| {
            let AgendaMeeting { reference, plenary, start, end, place, deadline } = meeting(known);
            let plenary = plenary.map(|plenary| format!(" ({plenary})")).unwrap_or_default();
            let dates = start.zip(end).map_or_else(|| NOT_YET_KNOWN.to_owned(), |(start, end)| span(start, end));
            let deadline = deadline.map(|day| day.to_string()).unwrap_or_default();
            vec![format!("{reference}{plenary}"), dates, place.unwrap_or_default(), deadline]
        });
        let columns = vec![Column::Meeting, Column::Dates, Column::Place, Column::Deadline];
        let table = Table { columns, rows: rows.collect() };
        let number = items.slot(Slot::Next);
        self.put(number, Vec::new(), Some(table));
    }

    fn contributions(
        &mut self,
        items: &mut Items,
        mut by_item: BTreeMap<Option<ItemNumber>, Vec<&'a Contribution>>,
        decided: Vec<&'a Contribution>,
    ) {
        let mut others = by_item.remove(&None).unwrap_or_default();
        let inherited: HashMap<ItemNumber, Vec<String>> = items
            .with_deliverables(self.material.scheme)
            .into_iter()
            .map(|(_, number, deliverables)| (number, deliverables))
            .collect();
        for (number, rows) in by_item {
            let Some(number) = number else { continue };
            let title = items.title(&number);
            // A section has one table; and what is called an agenda under "agenda" is its own document.
            let (apart, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| {
                self.contents.get(&number).is_some_and(|(_, table)| table.is_some()) || is_of_agenda(&title, &row.title)
            });
            others.extend(apart);
            if rows.is_empty() {
                continue;
            }
            let inherited = inherited.get(&number).map_or(&[][..], Vec::as_slice);
            let is_inherited = |row: &Contribution| {
                let own = deliverable(row.deliverable.as_deref(), self.material.scheme);
                // Of a heading that names several nobody knows which is meant.
                inherited.len() < 2 && inherited.first().map(String::as_str) == own
            };
            let with_deliverable = !rows.iter().all(|row| is_inherited(row));
            let item = number.to_string();
            let table = self.table(&rows, Some(&item), with_deliverable);
            self.put(number, Vec::new(), Some(table));
        }
        if !others.is_empty() {
            let number = items.slot(Slot::Others);
            let table = self.table(&others, None, true);
            self.put(number, Vec::new(), Some(table));
        }
        if !decided.is_empty() {
            let number = items.slot(Slot::Decided);
            let table = self.table(&decided, None, true);
            let note = "Nothing is left to decide on these.";
            self.put(number, vec![note.to_owned()], Some(table));
        }
    }

    /// A table of contributions: `item` is the one it stands under, where that is theirs.
    fn table(&mut self, contributions: &[&Contribution], item: Option<&str>, with_deliverable: bool) -> Table {
        let mut columns = vec![Column::Reference, Column::Title, Column::Source, Column::Status];
        columns.extend(item.is_none().then_some(Column::Item));
        columns.extend(with_deliverable.then_some(Column::Deliverable));
        let scheme = self.material.scheme;
        let mut rows = Vec::with_capacity(contributions.len());
        for contribution in contributions {
            let row = row(contribution, item, scheme);
            let mut cells =
                vec![row.reference_cell.clone(), row.title.clone(), row.source.clone(), row.status_cell.clone()];
            let or_none = |text: &str| if text.is_empty() { NONE.to_owned() } else { text.to_owned() };
            cells.extend(item.is_none().then(|| or_none(&row.agenda_item)));
            cells.extend(with_deliverable.then(|| or_none(row.deliverable.as_deref().unwrap_or_default())));
            rows.push(cells);
            self.says.contributions.push(row);
        }
        Table { columns, rows }
    }
}

/// The agenda's own document is no contribution, and a reader takes it for none.
fn is_of_agenda(section: &str, title: &str) -> bool {
    [section, title].iter().all(|text| text.to_lowercase().contains("agenda"))
}

fn action(item: &ActionItem) -> ActionItemRow {
    ActionItemRow {
        reference: item.reference.clone(),
        what: line(&item.what),
        who: line(item.who.as_str()),
        status: item.status.in_agenda().to_owned(),
    }
}

/// A contribution's row; `item` is the one it stands under, where it has no cell for that.
fn row(contribution: &Contribution, item: Option<&str>, scheme: &crate::domain::ReferenceScheme) -> ContributionRow {
    let cells = cells(contribution, scheme);
    let own_item = || {
        let item = line(&contribution.agenda_item);
        if item_of(&item).as_deref() == Some(item.as_str()) { item } else { String::new() }
    };
    ContributionRow {
        reference: contribution.reference.clone(),
        reference_cell: cell(&cells.reference),
        title: line(&contribution.title),
        source: line(&contribution.source),
        status_cell: cell(&cells.status),
        agenda_item: item.map_or_else(own_item, ToOwned::to_owned),
        deliverable: deliverable(contribution.deliverable.as_deref(), scheme).map(ToOwned::to_owned),
    }
}
