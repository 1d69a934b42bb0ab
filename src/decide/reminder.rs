//! What is said before a meeting and its deadline, and to owners of what is theirs.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::agenda::out::Listing;
use crate::domain::{
    ActionItem, Approval, ApprovalOf, Call, Contribution, ContributionRef, DueOccasion, Meeting, Member, Occasion,
    OccasionKind, Recipient, Standing, Text,
};

use super::attendance;
use super::digest::{Digest, SOON_DAYS, Sections, due_day};
use super::documents::{self, by_agenda_item};
use super::tell::{Rows, is_open, is_overdue};
use super::work::Work;
use super::{Comes, Known, Table, approvals, contributions, next_agenda};

/// Documents that one mail lists at most.
const MOST_DOCUMENTS: usize = 400;

/// A meeting that is near, or its deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// The meeting.
    pub meeting: Meeting,
    /// What is told of it: that it begins, or that contributions are due.
    pub of: OccasionKind,
    /// In how many days that is.
    pub days: i32,
    /// Who comes: to chair and secretary by name, to the list how many, to others nothing.
    #[serde(default)]
    pub comes: Vec<Comes>,
}

/// What a mail tells of meetings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Meetings {
    pub(super) ahead: Vec<Ahead>,
    /// The documents by agenda item.
    pub(super) documents: Vec<Table>,
    /// How many more there are.
    pub(super) more_documents: usize,
}

/// The meetings that a mail is about.
pub(super) fn meetings(work: &Work, due: &DueOccasion) -> Meetings {
    let today = work.today();
    let ahead: Vec<Ahead> = due.occasions().filter_map(|occasion| ahead(&work.known, occasion, today)).collect();
    let mut told = Meetings { ahead, ..Meetings::default() };
    if due.occasion.recipient != Recipient::List {
        return told;
    }
    let mut listed: Vec<&Meeting> = Vec::new();
    for meeting in told.ahead.iter().map(|ahead| &ahead.meeting) {
        if !listed.iter().any(|listed| listed.reference == meeting.reference) {
            listed.push(meeting);
        }
    }
    let mut room = MOST_DOCUMENTS;
    for (title, rows) in listed.into_iter().flat_map(|meeting| on_agenda(work, meeting)) {
        let count = rows.len();
        let rows: Vec<_> = rows.into_iter().take(room).map(|row| contributions::row(work, row)).collect();
        room -= rows.len();
        told.more_documents += count - rows.len();
        if !rows.is_empty() {
            told.documents.push(Table::Contributions { title: title.with("count", count), rows });
        }
    }
    told
}

/// The documents that a meeting's agenda lists: by agenda item what is to be decided, and then what was decided.
fn on_agenda<'a>(work: &'a Work, meeting: &Meeting) -> Vec<(Text, Vec<&'a Contribution>)> {
    let Listing { open, decided } = next_agenda::listed(&work.known, meeting);
    let titled = |(item, rows): (&str, Vec<&'a Contribution>)| {
        (Text::new("reminder-documents").with("meeting", &meeting.reference).with("item", item), rows)
    };
    let decided_title = Text::new("reminder-decided").with("meeting", &meeting.reference);
    let decided = Some((decided_title, decided)).filter(|(_, rows)| !rows.is_empty());
    by_agenda_item(open.into_iter()).into_iter().map(titled).chain(decided).collect()
}

/// The approvals by e-mail that a mail tells of: to the list those that close soon, and, once a week, those
/// that wait to be ratified; to who ratifies, what is to be ratified.
pub(super) fn approvals(work: &Work, due: &DueOccasion) -> Vec<Table> {
    let today = work.today();
    let soon = today.saturating_add(SOON_DAYS.days());
    let named: Vec<ApprovalOf> = due.occasions().filter_map(Occasion::approval).collect();
    let is_weekly = due.is_for(OccasionKind::Weekly);
    let is_told = |approval: &&Approval| {
        named.contains(&approval.of) || is_weekly && approval.until.is_some_and(|until| until <= soon)
    };
    let open = work.known.approvals.values().filter(|approval| approval.is_open()).filter(is_told);
    let (over, running): (Vec<&Approval>, Vec<&Approval>) = open.partition(|approval| approval.is_over(today));
    let running = if due.occasion.recipient == Recipient::List || is_weekly { running } else { Vec::new() };
    let tables = [("digest-approvals", running), ("digest-approvals-over", over)];
    let tables = tables.into_iter().filter(|(_, approvals)| !approvals.is_empty());
    tables
        .map(|(key, approvals)| Table::Approvals {
            title: Text::new(key).with("count", approvals.len()),
            rows: approvals.into_iter().map(|approval| approvals::row(work, approval)).collect(),
        })
        .collect()
}

/// The conference calls that a mail to the list tells of.
pub(super) fn calls(work: &Work, due: &DueOccasion) -> Vec<Call> {
    let today = work.today();
    let soon = today.saturating_add(SOON_DAYS.days());
    let named: Vec<Date> = due.occasions().filter_map(Occasion::call).collect();
    let is_weekly = due.is_for(OccasionKind::Weekly);
    let is_told = |call: &&Call| {
        let to_come = call.is_planned() && call.date >= today;
        to_come && (named.contains(&call.date) || is_weekly && call.date <= soon)
    };
    work.known.calls.values().filter(is_told).cloned().collect()
}

fn ahead(known: &Known, occasion: &Occasion, today: Date) -> Option<Ahead> {
    if occasion.kind == OccasionKind::Report {
        return None;
    }
    let meeting = known.meeting_by_reference(&occasion.meeting()?)?;
    let day = match occasion.kind {
        OccasionKind::Deadline => meeting.open_until(),
        _ => meeting.first_day(),
    };
    let days = today.until(day?).ok()?.get_days();
    let comes = match &occasion.recipient {
        Recipient::List => attendance::counts(attendance::who_comes(&known.roster, meeting)),
        Recipient::Member(id) if known.roster.member(*id).is_some_and(Member::is_officer) => {
            attendance::who_comes(&known.roster, meeting)
        }
        Recipient::Member(_) | Recipient::Organization(_) => Vec::new(),
    };
    Some(Ahead { meeting: meeting.clone(), of: occasion.kind, days, comes })
}

/// What a member, or the contact of an organization, is told of what is theirs.
pub(super) fn own(work: &Work, due: &DueOccasion) -> Option<Digest> {
    let recipient = &due.occasion.recipient;
    let to = work.known.roster.address(recipient)?.clone();
    let about = match recipient {
        Recipient::List => return None,
        Recipient::Member(id) => work.known.roster.member(*id)?.name.clone(),
        Recipient::Organization(name) => name.clone(),
    };
    // What was closed between the look and the decision is told no more; in one transaction nothing is.
    let items = due.items.iter().filter_map(|reference| work.known.actions.get(reference));
    let items: Vec<&ActionItem> = items.filter(|item| is_open(item)).collect();
    let meetings = meetings(work, due);
    let overdue = items.iter().filter(|item| is_overdue(work, item)).count();
    let open = items.len();
    let mut sections = Sections::new(items, Rows::after(0));
    sections.add(work, "digest-overdue", None, &|item| is_overdue(work, item));
    for meeting in sections_of(&meetings.ahead) {
        let name = meeting.reference.to_string();
        sections.add(work, "reminder-at-meeting", Some(&name), &|item| is_due_by(work, item, meeting));
    }
    let (soon, rest) = ("reminder-soon", "reminder-open");
    let is_near = !due.is_for(OccasionKind::Meeting);
    sections.add(work, if is_near { soon } else { rest }, None, &|_| true);
    let (mut numbers, tables, more_rows) = sections.finish();
    let named = documents_of(due);
    let is_named = |contribution: &Contribution| named.contains(&contribution.reference);
    let (awaited, more_documents) = documents::awaited(work, &mut numbers, is_named);
    let digest = Digest { about, open, overdue, tables, more_rows, awaited, more_documents, ..Digest::of(due, to) };
    let (ahead, invites, approvals) = (meetings.ahead, invites(work), approvals(work, due));
    Some(Digest { ahead, invites, approvals, ..digest })
}

/// The contributions of which their authors are told.
pub(super) fn documents_of(due: &DueOccasion) -> BTreeSet<ContributionRef> {
    due.occasions().filter_map(Occasion::contribution).chain(due.documents.iter().cloned()).collect()
}

/// Whether the group asks who comes.
pub(super) fn invites(work: &Work) -> bool {
    work.known.rules.as_ref().is_some_and(|rules| rules.invitations)
}

/// The meetings at which something is due, each once.
pub(super) fn sections_of(ahead: &[Ahead]) -> impl Iterator<Item = &Meeting> {
    ahead.iter().filter(|ahead| ahead.of == OccasionKind::Meeting).map(|ahead| &ahead.meeting)
}

/// Whether an item is due at a meeting, or on a day before it.
pub(super) fn is_due_by(work: &Work, item: &ActionItem, meeting: &Meeting) -> bool {
    let by_day = due_day(work, item).zip(meeting.first_day()).is_some_and(|(day, start)| day <= start);
    let by_name = matches!(&item.due, Some(crate::domain::Due::Meeting(name)) if meeting.is_called(name));
    is_open(item) && (by_day || by_name)
}

/// The moment from which a mail is late; nothing where all of it is on time.
pub(super) fn late_since(due: &DueOccasion) -> Option<jiff::Timestamp> {
    due.dealt().filter(|one| one.standing == Standing::Late).map(|one| one.at).min()
}
