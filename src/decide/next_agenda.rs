//! `agenda [MEETING]`: the next agenda, made of what is known (PRODUCT.md, section 8).
//!
//! An export that has a name is remembered cell by cell, as an import is: a document that was made from
//! it says its name, and is compared with what the export said. Other documents are compared with the
//! last import: an agenda that somebody asks for does not change what an older file means.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::agenda::AgendaDocument;
use crate::agenda::out::{self, Agenda, Material};
use crate::command::Target;
use crate::domain::{ActionField, ActionItem, ContributionField, Meeting, MeetingRef, Member, Role, Subject, Text};

use super::agenda::session_field;
use super::work::{Refusal, Work};
use super::{Answer, AnswerLine, Exported, Known, LineOutcome, Outcome, meetings};

/// History's name for the operator's export of an agenda.
pub const BY_EXPORT: &str = "agenda export";

/// A cell of the last document, as it is remembered.
pub(super) type Cell = (Subject, String, String);

/// The field under which the heading of an agenda item is kept.
pub(super) fn item_field(number: &str) -> String {
    format!("{ITEM}{number}")
}

const ITEM: &str = "item ";

/// The operator's export: nothing changes but what later documents are compared with.
pub(super) fn export(known: Known, at: Timestamp, meeting: Option<&MeetingRef>, name: Option<&str>) -> Outcome {
    let work = Work::reading(known, at);
    let to = work.known.rules.as_ref().map(|rules| rules.bot.clone());
    let named = meeting.map(|meeting| meetings::planned_meeting(&work, meeting)).transpose();
    let made = named.and_then(|meeting| made(&work, meeting.as_ref(), name));
    let (outcome, told, agenda, exported) = match made {
        Ok((agenda, exported)) => (LineOutcome::Told, told(&agenda), Some(Box::new(agenda)), exported),
        Err(refusal) => (LineOutcome::Refused, refusal, None, None),
    };
    let line = AnswerLine { number: 0, text: String::new(), outcome, told: vec![told] };
    Outcome {
        by: BY_EXPORT.to_owned(),
        known: work.known,
        answer: to.map(|to| Answer { lines: vec![line], agenda, ..Answer::new(to) }),
        exports: exported.into_iter().collect(),
        ..Outcome::nothing()
    }
}

/// `agenda [MEETING]`: with a name, the export is remembered.
pub(super) fn next(work: &Work, target: &Target, name: Option<&str>) -> Result<(Agenda, Option<Exported>), Refusal> {
    let named = match target {
        Target::Omitted => None,
        target => Some(meetings::planned(work, target)?),
    };
    made(work, named.as_ref(), name)
}

fn made(work: &Work, meeting: Option<&Meeting>, name: Option<&str>) -> Result<(Agenda, Option<Exported>), Refusal> {
    let agenda = make(work, meeting, name)?;
    let exported = name.map(|name| Exported { name: name.to_owned(), is_export: true, cells: cells(&agenda.says) });
    Ok((agenda, exported))
}

/// What is told of an agenda, which follows.
pub(super) fn told(agenda: &Agenda) -> Text {
    let meeting = agenda.says.meeting.as_ref().map_or_else(|| "-".to_owned(), |meeting| meeting.reference.to_string());
    let text = Text::new("told-next-agenda").with("meeting", meeting);
    let text = text.with("actions", agenda.says.action_items.len());
    text.with("contributions", agenda.says.contributions.len())
}

/// The agenda of a meeting, else of the next one.
fn make(work: &Work, named: Option<&Meeting>, name: Option<&str>) -> Result<Agenda, Refusal> {
    let rules = work.rules()?;
    let known = &work.known;
    let today = work.today();
    let planned: Vec<&Meeting> = in_order(known);
    let meeting = named.or_else(|| upcoming(&planned, today));
    let at = meeting.and_then(|meeting| planned.iter().position(|one| one.reference == meeting.reference));
    let last = at.and_then(|at| planned.get(..at)).and_then(<[_]>::last).map(|meeting| &meeting.reference);
    let next = at.and_then(|at| planned.get(at + 1..)).unwrap_or_default().to_vec();
    let listed = |item: &&ActionItem| item.became.is_none() && item.status.is_pending();
    Ok(out::agenda(&Material {
        group: &rules.name,
        scheme: &rules.references,
        today,
        meeting,
        last,
        next,
        officers: officers(known),
        items: items(known, &planned, at),
        actions: known.actions.values().filter(listed).collect(),
        contributions: known.contributions.values().collect(),
        name,
    }))
}

/// The meetings that take place or took place, in order: by their days, and by their numbers where
/// those are not known.
fn in_order(known: &Known) -> Vec<&Meeting> {
    let mut planned: Vec<&Meeting> = known.meetings.iter().filter(|meeting| !meeting.cancelled).collect();
    planned.sort_by_key(|meeting| meeting.reference.clone());
    // One without days stands behind the one before it by its number.
    let mut day = Date::MIN;
    let mut dated: Vec<(Date, &Meeting)> = Vec::with_capacity(planned.len());
    for meeting in planned {
        day = meeting.start.unwrap_or(day);
        dated.push((day, meeting));
    }
    dated.sort_by_key(|(day, _)| *day);
    dated.into_iter().map(|(_, meeting)| meeting).collect()
}

/// The next meeting, or the one that is on; where none is to come, the last.
fn upcoming<'a>(planned: &[&'a Meeting], today: Date) -> Option<&'a Meeting> {
    let is_over = |meeting: &Meeting| meeting.end.or(meeting.start).is_some_and(|day| day < today);
    let last_over = planned.iter().rposition(|meeting| is_over(meeting));
    let ahead = planned.iter().skip(last_over.map_or(0, |at| at + 1));
    let dated = ahead.clone().find(|meeting| meeting.start.is_some());
    dated.or_else(|| ahead.clone().next()).or_else(|| planned.last()).copied()
}

/// Chair, vice-chairs and secretary: role, name, organization.
fn officers(known: &Known) -> Vec<[String; 3]> {
    let roles = [(Role::Chair, "Chair"), (Role::ViceChair, "Vice-chair"), (Role::Secretary, "Secretary")];
    let holds = |member: &Member, role: &Role| !member.left && member.roles.contains(role);
    let holders = roles.iter().flat_map(|(role, label)| {
        let holders = known.roster.members.iter().filter(move |member| holds(member, role));
        holders.map(|member| [(*label).to_owned(), member.name.clone(), member.organization.clone()])
    });
    holders.collect()
}

/// The numbered items of this meeting's last agenda, or of the last meeting that had one.
fn items(known: &Known, planned: &[&Meeting], at: Option<usize>) -> Vec<(String, String)> {
    let of = |meeting: &Meeting| -> Vec<(String, String)> {
        let from = (Subject::Meeting(meeting.reference.clone()), ITEM.to_owned());
        let cells = known.baseline.range(from.clone()..);
        let own = cells.take_while(|((subject, field), _)| *subject == from.0 && field.starts_with(ITEM));
        own.map(|((_, field), title)| (field[ITEM.len()..].to_owned(), title.clone())).collect()
    };
    let before = planned.get(..at.map_or(planned.len(), |at| at + 1)).unwrap_or_default();
    before.iter().rev().map(|meeting| of(meeting)).find(|items| !items.is_empty()).unwrap_or_default()
}

/// What an agenda says, cell by cell.
pub(super) fn cells(says: &AgendaDocument) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut keep = |subject: &Subject, field: &str, cell: &str| {
        cells.push((subject.clone(), field.to_owned(), cell.to_owned()));
    };
    let meeting = says.meeting.as_ref().map(|meeting| meeting.reference.to_string()).unwrap_or_default();
    if let Some(said) = &says.meeting {
        let subject = Subject::Meeting(said.reference.clone());
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        keep(&subject, "plenary", &said.plenary.as_ref().map(ToString::to_string).unwrap_or_default());
        keep(&subject, "start", &day(said.start));
        keep(&subject, "end", &day(said.end));
        keep(&subject, "place", said.place.as_deref().unwrap_or_default());
        for session in &says.sessions {
            keep(&subject, &session_field(session), &session.to_string());
        }
    }
    for row in &says.action_items {
        let subject = Subject::Action(row.reference.clone());
        keep(&subject, ActionField::What.as_str(), &row.what);
        keep(&subject, ActionField::Who.as_str(), &row.who);
        keep(&subject, ActionField::Status.as_str(), &row.status);
    }
    for row in &says.contributions {
        let subject = Subject::Contribution(row.reference.clone());
        for (field, cell) in [
            (ContributionField::Title, row.title.as_str()),
            (ContributionField::ReferenceCell, row.reference_cell.as_str()),
            (ContributionField::Source, row.source.as_str()),
            (ContributionField::AgendaItem, row.agenda_item.as_str()),
            (ContributionField::Deliverable, row.deliverable.as_deref().unwrap_or_default()),
            (ContributionField::StatusCell, row.status_cell.as_str()),
            (ContributionField::Meeting, meeting.as_str()),
        ] {
            keep(&subject, field.as_str(), cell);
        }
    }
    cells
}
