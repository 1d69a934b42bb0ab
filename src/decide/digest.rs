//! What the bot says of its own accord, from the state as it is: the weekly digest, and the mail to the list
//! that it is a part of.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::domain::{
    ActionItem, ApprovalOf, Call, Change, Contribution, Due, DueOccasion, EmailAddress, Meeting, Occasion,
    OccasionKind, Recipient, Skip, Standing, Status, Subject, Text,
};

use super::documents;
use super::reminder::{self, Ahead};
use super::report::{self, Report};
use super::tell::{Rows, is_open, is_overdue, waiting};
use super::work::Work;
use super::{ActionRow, Came, DeliverableRow, Known, OpenAt, Outcome, Table, changed, state};

/// Whose doing it is, as history would tell it; an occasion changes nothing.
pub const BY_CALENDAR: &str = "calendar";

/// Items due within so many days are told of as due soon.
pub const SOON_DAYS: i64 = 14;

/// A row has at most three digits, as a reply names it. Who has more open items than that asks for
/// the list.
const MOST_ROWS: usize = 999;

/// What a mail of the bot's own accord says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Which one it is: the first of the occasions that it is for.
    pub occasion: Occasion,
    /// What it is for.
    pub kinds: BTreeSet<OccasionKind>,
    /// To whom.
    pub to: EmailAddress,
    /// Whose items it tells of: a member's or an organization's name; empty where it goes to the list.
    pub about: String,
    /// The moment it was due, where it goes after an outage.
    pub late_since: Option<Timestamp>,
    /// Some of it is not late.
    pub is_partly_late: bool,
    /// The meetings that are near.
    pub ahead: Vec<Ahead>,
    /// The group tells of meetings in a form that calendars understand, and asks who comes.
    pub invites: bool,
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
    /// What is on the agendas of those meetings, by agenda item.
    pub documents: Vec<Table>,
    /// How many documents are left out.
    pub more_documents: usize,
    /// How many rows are left out.
    pub more_rows: usize,
    /// How many sessions are told at most; the file for calendars has all.
    pub most_sessions: usize,
    /// How many approvals are left out.
    pub more_approvals: usize,
    /// Approvals by e-mail: those that close soon, and those that wait to be ratified.
    pub approvals: Vec<Table>,
    /// The conference calls that are near.
    pub calls: Vec<Call>,
    /// What meetings that are over came to.
    pub reports: Vec<Report>,
    /// The documents that are to be posted, numbered behind the rows.
    pub awaited: Vec<Table>,
    /// How many contributions stand where, of those that the group works on.
    pub standing: Vec<(String, usize)>,
    /// How many action items were open week by week.
    pub weeks: Vec<OpenAt>,
    /// The deliverables of which something is left to do.
    pub deliverables: Vec<DeliverableRow>,
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
    /// What goes to `to`, as far as the calendar says.
    pub(super) fn of(due: &DueOccasion, to: EmailAddress) -> Self {
        Self {
            occasion: due.occasion.clone(),
            kinds: due.occasions().map(|occasion| occasion.kind).collect(),
            to,
            about: String::new(),
            late_since: reminder::late_since(due),
            is_partly_late: due.dealt().any(|one| one.standing != Standing::Late),
            ahead: Vec::new(),
            invites: false,
            last: None,
            open: 0,
            overdue: 0,
            changed: Vec::new(),
            more_changed: 0,
            is_cut: false,
            imports: Vec::new(),
            tables: Vec::new(),
            documents: Vec::new(),
            more_documents: 0,
            more_rows: 0,
            most_sessions: usize::MAX,
            more_approvals: 0,
            approvals: Vec::new(),
            calls: Vec::new(),
            reports: Vec::new(),
            awaited: Vec::new(),
            standing: Vec::new(),
            weeks: Vec::new(),
            deliverables: Vec::new(),
        }
    }

    /// Whether it tells of the whole group: to the list, or as a member's copy of the weekly digest.
    #[must_use]
    pub fn is_of_group(&self) -> bool {
        self.occasion.recipient == Recipient::List || self.is_copy()
    }

    /// Whether it is a member's own copy of the weekly digest.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        self.occasion.recipient.is_person() && self.is_for(OccasionKind::Weekly)
    }

    /// Whether it is for that, among others.
    #[must_use]
    pub fn is_for(&self, kind: OccasionKind) -> bool {
        self.kinds.contains(&kind)
    }

    /// What each numbered row means: a reply may name it by number.
    #[must_use]
    pub fn rows(&self) -> Vec<(u16, Subject)> {
        let reported = self.reports.iter().flat_map(|report| &report.tables);
        let rows: Vec<_> = reported.chain(&self.tables).chain(&self.awaited).flat_map(Table::numbered).collect();
        match (self.only_approval(), rows.is_empty()) {
            (Some(of), true) => vec![(1, Subject::Approval(of.clone()))],
            _ => rows,
        }
    }

    /// The only approval that it tells of: where nothing else is told, a reply need not name it.
    #[must_use]
    pub fn only_approval(&self) -> Option<&ApprovalOf> {
        let mut rows = self.approvals.iter().flat_map(|table| match table {
            Table::Approvals { rows, .. } => rows.as_slice(),
            _ => &[],
        });
        rows.next().map(|row| &row.of).filter(|_| rows.next().is_none() && self.more_approvals == 0)
    }

    /// The meetings that it is about, each once.
    #[must_use]
    pub fn meetings(&self) -> Vec<&Meeting> {
        let mut meetings: Vec<&Meeting> = Vec::new();
        for ahead in &self.ahead {
            if !meetings.iter().any(|told| told.reference == ahead.meeting.reference) {
                meetings.push(&ahead.meeting);
            }
        }
        meetings
    }

    /// Whether there is nothing that anybody would read it for.
    fn is_empty(&self) -> bool {
        let has_news = !self.changed.is_empty() || !self.imports.is_empty();
        // That a meeting is near is worth telling everybody, and an owner only where there is something to do.
        let is_list = self.occasion.recipient == Recipient::List;
        let is_ahead = self.ahead.iter().any(|ahead| is_list || !ahead.comes.is_empty());
        let is_awaited = !self.awaited.is_empty() || !self.reports.is_empty();
        let has_more = !self.approvals.is_empty() || !self.calls.is_empty() || is_awaited;
        self.tables.is_empty() && !has_news && !is_ahead && !has_more
    }
}

/// Decides what becomes of an occasion.
pub(super) fn occasion(known: Known, at: Timestamp, due: &DueOccasion) -> Outcome {
    let (came, known) = if due.standing.is_sent() {
        let work = Work::reading(known, at);
        let (recipient, is_copy) = (&due.occasion.recipient, due.is_for(OccasionKind::Weekly));
        let list = work.known.rules.as_ref().and_then(|rules| rules.list.as_ref());
        let digest = match recipient {
            Recipient::List => list.map(|to| of_group(&work, due, to.clone())),
            Recipient::Member(_) if is_copy => {
                work.known.roster.address(recipient).map(|to| of_group(&work, due, to.clone()))
            }
            Recipient::Member(_) | Recipient::Organization(_) => reminder::own(&work, due),
        };
        let digest = digest.filter(|digest| !digest.is_empty());
        let standing = if digest.is_some() { due.standing } else { Standing::Skipped(Skip::NothingToSay) };
        (Came { standing, digest }, work.known)
    } else {
        (Came { standing: due.standing, digest: None }, known)
    };
    Outcome { by: BY_CALENDAR.to_owned(), known, occasion: Some(came), ..Outcome::nothing() }
}

/// The mail to the list, or a member's own copy of the weekly digest: in that, what the member is reminded of on the
/// same day comes first.
fn of_group(work: &Work, due: &DueOccasion, to: EmailAddress) -> Digest {
    let items: Vec<&ActionItem> = work.known.actions.values().filter(|item| item.became.is_none()).collect();
    let open = items.iter().filter(|item| is_open(item)).count();
    let overdue = items.iter().filter(|item| is_overdue(work, item)).count();
    let meetings = reminder::meetings(work, due);
    // The day before a call or the end of an approval is none on which everything is told.
    let of_items = [OccasionKind::Weekly, OccasionKind::Meeting, OccasionKind::Deadline];
    let items = if of_items.iter().any(|kind| due.is_for(*kind)) { items } else { Vec::new() };
    let mut numbers = Rows::after(0);
    let reports = report::reports(work, due, &mut numbers);
    let is_weekly = due.is_for(OccasionKind::Weekly);
    let mut own = Sections::new(items, numbers);
    own.add(work, "copy-own", None, &|item| is_open(item) && due.items.contains(&item.reference));
    let (mut numbers, tables, more_rows) = sections(work, own, is_weekly, &meetings.ahead);
    let of_report = |known: &Contribution| reports.iter().any(|report| report::is_of(known, &report.meeting));
    let own = if due.occasion.recipient.is_person() { reminder::documents_of(due) } else { BTreeSet::new() };
    let is_own = |known: &Contribution| own.contains(&known.reference);
    let (mut awaited, more_own) = documents::awaited_as(["copy-unposted", "copy-expected"], work, &mut numbers, is_own);
    let is_told = |known: &Contribution| !is_own(known) && (is_weekly || of_report(known));
    let (others, more) = documents::awaited(work, &mut numbers, is_told);
    awaited.extend(others);
    let more = more + more_own;
    let mut digest = Digest { open, overdue, tables, more_rows, awaited, ..Digest::of(due, to) };
    (digest.ahead, digest.documents) = (meetings.ahead, meetings.documents);
    digest.more_documents = meetings.more_documents + more + reports.iter().map(|report| report.more).sum::<usize>();
    digest.reports = reports;
    digest.approvals = reminder::approvals(work, due);
    digest.calls = reminder::calls(work, due);
    digest.invites = reminder::invites(work);
    if is_weekly || due.is_for(OccasionKind::Meeting) {
        (digest.standing, digest.weeks) = (state::standing(work), state::weeks(work, open));
    }
    if due.is_for(OccasionKind::Weekly) {
        let since = work.known.since.clone().unwrap_or_default();
        (digest.changed, digest.more_changed, digest.imports) = changed::changes(&work.known, &since);
        (digest.last, digest.is_cut) = (since.last, since.is_cut);
        let (deliverables, more) = documents::deliverables(work);
        digest.deliverables = deliverables;
        digest.more_documents += more;
    }
    digest
}

/// Whether an item belongs to a section.
type Belongs<'a> = &'a dyn Fn(&ActionItem) -> bool;

/// Items, each in the first section that it belongs to, as far as there is room.
pub(super) struct Sections<'a> {
    left: Vec<&'a ActionItem>,
    numbers: Rows,
    room: usize,
    more: usize,
    tables: Vec<Table>,
}

impl<'a> Sections<'a> {
    pub(super) const fn new(items: Vec<&'a ActionItem>, numbers: Rows) -> Self {
        Self { left: items, numbers, room: MOST_ROWS, more: 0, tables: Vec::new() }
    }

    /// Adds the section of those items that belong to it, by their due dates.
    pub(super) fn add(&mut self, work: &Work, key: &str, meeting: Option<&str>, belongs: Belongs<'_>) {
        let (mut found, left): (Vec<_>, Vec<_>) = self.left.iter().partition(|item| belongs(item));
        self.left = left;
        found.sort_by_key(|item| {
            let day = due_day(work, item);
            (day.is_none(), day)
        });
        let numbers = &mut self.numbers;
        let rows = found.iter().take(self.room).map(|item| numbers.item(work, item)).collect();
        self.rows(key, meeting, found.len(), rows);
    }

    fn rows(&mut self, key: &str, meeting: Option<&str>, count: usize, rows: Vec<ActionRow>) {
        (self.room, self.more) = (self.room - rows.len(), self.more + count - rows.len());
        if !rows.is_empty() {
            let title = Text::new(key).with("count", count).with("days", SOON_DAYS);
            let title = meeting.map_or(title.clone(), |meeting| title.with("meeting", meeting));
            self.tables.push(Table::Actions { title, rows });
        }
    }

    /// The numbers that are left, the tables, and how many rows did not fit.
    pub(super) fn finish(self) -> (Rows, Vec<Table>, usize) {
        (self.numbers, self.tables, self.more)
    }
}

/// The pending items and what waits for a ruling, each in the first section that it belongs to, and
/// how many did not fit.
fn sections(work: &Work, mut sections: Sections<'_>, is_weekly: bool, ahead: &[Ahead]) -> (Rows, Vec<Table>, usize) {
    let soon = work.today().saturating_add(SOON_DAYS.days());
    let day = |item: &ActionItem| due_day(work, item);
    let is_incomplete =
        |item: &ActionItem| item.who.is_empty() || item.due.is_none() || work.known.roster.have_all_left(&item.who);
    sections.add(work, "digest-overdue", None, &|item| is_overdue(work, item));
    for meeting in reminder::sections_of(ahead) {
        let name = meeting.reference.to_string();
        sections.add(work, "reminder-at-meeting", Some(&name), &|item| reminder::is_due_by(work, item, meeting));
    }
    if is_weekly {
        sections.add(work, "digest-soon", None, &|item| is_open(item) && day(item).is_some_and(|day| day <= soon));
        sections.add(work, "digest-incomplete", None, &|item| is_open(item) && is_incomplete(item));
    }
    sections.add(work, "digest-open", None, &is_open);
    if is_weekly {
        sections.add(work, "digest-proposed", None, &|item| item.status == Status::Proposed);
        let rulings = waiting(work, &mut sections.numbers);
        let count = rulings.len();
        let rulings = rulings.into_iter().take(sections.room).collect();
        sections.rows("digest-rulings", None, count, rulings);
    }
    sections.finish()
}

/// The day on which an item is due, where that is known.
pub(super) fn due_day(work: &Work, item: &ActionItem) -> Option<Date> {
    match item.due.as_ref()? {
        Due::Day(day) => Some(*day),
        Due::Meeting(name) => work.known.meeting(name)?.first_day(),
    }
}
