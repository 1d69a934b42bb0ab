//! The overview, and the lists of what is closed and of all documents.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::html::{Cell, Frame, Line, Page, Part, Row, Section, Span, Table, Tone, html};
use super::words::Words;
use super::{CLOSED, DOCUMENTS, INDEX, SitePage, chart};
use crate::decide::{current, stands_at};
use crate::domain::{ActionItem, Approval, ApprovalState, Call, Contribution, Meeting, Stance, Status, Subject, Text};

/// The frame of every page.
pub(super) fn frame(words: &Words<'_>) -> Frame {
    Frame {
        language: words.catalogue().language(),
        group: words.clean(words.of.group),
        skip: words.word(Text::new("page-skip")),
        pages: words.word(Text::new("page-pages")),
        contents: words.word(Text::new("page-contents")),
        links: vec![
            (INDEX, words.word(Text::new("page-overview"))),
            (DOCUMENTS, words.word(Text::new("page-documents"))),
            (CLOSED, words.word(Text::new("page-closed"))),
        ],
        footer: words.word(Text::new("page-footer")),
    }
}

/// The overview and the two lists.
pub(super) fn pages(words: &Words<'_>) -> Vec<SitePage> {
    let frame = frame(words);
    let of = |page: &Page| SitePage { file: page.file.clone(), html: html(page, &frame) };
    vec![of(&overview(words)), of(&documents(words)), of(&closed(words))]
}

fn overview(words: &Words<'_>) -> Page {
    let mut sections = vec![open_items(words)];
    sections.push(Section {
        id: "contributions".to_owned(),
        heading: words.word(Text::new("page-contributions")),
        parts: by_item(words, &current(words.of.contributions.iter(), words.of.meetings), "item"),
    });
    sections.extend(approvals(words));
    sections.push(meetings(words));
    sections.extend(calls(words));
    sections.extend(numbers(words));
    let last = words.of.history.last().map(|row| words.moment(row.at));
    let lead = match last {
        Some(at) => words.say(&Text::new("page-as-of").with("at", at)),
        None => words.word(Text::new("page-nothing-yet")),
    };
    Page { file: INDEX.to_owned(), heading: words.clean(words.of.group), lead: vec![lead.into()], sections }
}

/// Where something is listed: a table, or that there is nothing.
fn listed(words: &Words<'_>, table: Table) -> Part {
    if table.rows.is_empty() {
        return Part::Paragraph(words.word(Text::new("page-none")).into());
    }
    Part::Table(table)
}

fn is_open(item: &ActionItem) -> bool {
    item.status.is_pending() && item.became.is_none()
}

fn is_overdue(words: &Words<'_>, item: &ActionItem) -> bool {
    let first_day = |name: &str| words.of.meetings.iter().find(|it| it.is_called(name)).and_then(Meeting::first_day);
    item.is_overdue(words.of.today, first_day)
}

/// When it is due, and whether that is over.
pub(super) fn due(words: &Words<'_>, item: &ActionItem) -> Line {
    let Some(due) = &item.due else { return Line::default() };
    let due = words.clean(&words.catalogue().due(due));
    if is_overdue(words, item) {
        return Line::toned(words.say(&Text::new("page-overdue").with("due", due)), Tone::Late);
    }
    due.into()
}

pub(super) fn status(words: &Words<'_>, item: &ActionItem) -> String {
    words.catalogue().name("status-", item.status.as_str())
}

/// Who does it.
pub(super) fn who(words: &Words<'_>, item: &ActionItem) -> Line {
    match words.clean(item.who.as_str()) {
        nobody if item.who.is_empty() || nobody.is_empty() => {
            Line::toned(words.word(Text::new("row-no-owner")), Tone::Soft)
        }
        who => who.into(),
    }
}

fn action_columns(words: &Words<'_>) -> Vec<String> {
    let keys = ["column-action", "page-what", "page-who", "page-status", "page-due"];
    keys.map(|key| words.word(Text::new(key))).to_vec()
}

fn action_row(words: &Words<'_>, item: &ActionItem) -> Row {
    let mut what = vec![words.linked(&item.what)];
    if let Some(note) = item.notes.last() {
        what.push(Line::toned(words.say(&Text::new("row-note").with("note", words.clean(note))), Tone::Soft));
    }
    let mut status = Line::of(status(words, item));
    if let Some(priority) = item.priority {
        let priority = words.catalogue().name("priority-", &priority.to_string());
        status.push(Span::plain(&format!(", {priority}")));
    }
    let cells = vec![
        Cell::one(words.reference(&Subject::Action(item.reference.clone()))),
        Cell::Lines(what),
        Cell::one(who(words, item)),
        Cell::one(status),
        lines(vec![due(words, item)]),
    ];
    Row { is_late: is_overdue(words, item), cells }
}

/// A cell without its empty lines.
pub(super) fn lines(lines: Vec<Line>) -> Cell {
    Cell::Lines(lines.into_iter().filter(|line| !line.is_empty()).collect())
}

fn open_items(words: &Words<'_>) -> Section {
    let mut items: Vec<&ActionItem> = words.of.actions.iter().filter(|item| is_open(item)).collect();
    items.sort_by_key(|item| (!is_overdue(words, item), item.status == Status::Proposed));
    let id = "actions".to_owned();
    let rows: Vec<Row> = items.iter().map(|item| action_row(words, item)).collect();
    let overdue = rows.iter().filter(|row| row.is_late).count();
    let told = Text::new("page-open-count").with("count", rows.len()).with("overdue", overdue);
    let table = Table { kind: "", named_by: id.clone(), columns: action_columns(words), rows };
    let mut parts = Vec::new();
    if !table.rows.is_empty() {
        parts.push(Part::Paragraph(Line::toned(words.say(&told), Tone::Soft)));
    }
    parts.push(listed(words, table));
    Section { id, heading: words.word(Text::new("page-actions")), parts }
}

fn closed(words: &Words<'_>) -> Page {
    let items = words.of.actions.iter().filter(|item| !is_open(item));
    let rows: Vec<Row> = items.map(|item| action_row(words, item)).collect();
    let id = "list".to_owned();
    let table = Table { kind: "", named_by: id.clone(), columns: action_columns(words), rows };
    let heading = words.word(Text::new("page-closed"));
    let list = Section { id, heading: words.word(Text::new("page-list")), parts: vec![listed(words, table)] };
    Page { file: CLOSED.to_owned(), heading, lead: Vec::new(), sections: vec![list] }
}

fn known<'a>(words: &Words<'a>) -> impl Iterator<Item = &'a Contribution> {
    words.of.contributions.iter().filter(|known| !known.is_blank())
}

fn documents(words: &Words<'_>) -> Page {
    let id = "list".to_owned();
    let rows = known(words).map(|known| contribution_row(words, known)).collect();
    let table = Table { kind: "contributions", named_by: id.clone(), columns: contribution_columns(words), rows };
    let heading = words.word(Text::new("page-documents"));
    let list = Section { id, heading: words.word(Text::new("page-list")), parts: vec![listed(words, table)] };
    Page { file: DOCUMENTS.to_owned(), heading, lead: Vec::new(), sections: vec![list] }
}

/// The numbers of an agenda item, which are compared as numbers.
fn order(item: &str) -> (Vec<u32>, String) {
    (item.split('.').map(|number| number.trim().parse().unwrap_or(u32::MAX)).collect(), item.to_owned())
}

/// Contributions below their agenda items.
fn by_item(words: &Words<'_>, listed: &[&Contribution], id: &str) -> Vec<Part> {
    let mut items: BTreeMap<(Vec<u32>, String), Vec<&Contribution>> = BTreeMap::new();
    for known in listed {
        items.entry(order(known.agenda_item.trim())).or_default().push(known);
    }
    if items.is_empty() {
        return vec![Part::Paragraph(words.word(Text::new("page-none")).into())];
    }
    let mut parts = Vec::new();
    for (number, ((_, item), known)) in (1..).zip(items) {
        let id = format!("{id}-{number}");
        let rows = known.iter().map(|known| contribution_row(words, known)).collect();
        let table = Table { kind: "contributions", named_by: id.clone(), columns: contribution_columns(words), rows };
        parts.push(Part::Heading(id, item_heading(words, &item, &known)));
        parts.push(Part::Table(table));
    }
    parts
}

/// The number of an agenda item and its title in the newest document that has it.
fn item_heading(words: &Words<'_>, item: &str, known: &[&Contribution]) -> String {
    if item.is_empty() {
        return words.word(Text::new("page-no-item"));
    }
    let field = format!("item {item}");
    let mut titles = known.iter().filter_map(|known| {
        let meeting = known.meeting.clone()?;
        words.of.headings.get(&(Subject::Meeting(meeting), field.clone()))
    });
    titles.next_back().map_or_else(|| words.clean(item), |title| words.clean(&format!("{item} {title}")))
}

fn contribution_columns(words: &Words<'_>) -> Vec<String> {
    let keys = ["column-contribution", "column-title-and-source", "page-revisions", "page-stands", "page-left"];
    keys.map(|key| words.word(Text::new(key))).to_vec()
}

/// The revisions in order, each with what was decided of it: `R01 noted → R02 agreed`.
pub(super) fn chain(words: &Words<'_>, known: &Contribution) -> String {
    let available = known.life.available();
    let revisions = known.life.known().into_iter().map(|revision| {
        let decided = known.life.decisions.iter().rfind(|decision| decision.revision == revision);
        match decided {
            Some(decision) => format!("{revision} {}", decision.outcome),
            None if available.contains(&revision) => revision.to_string(),
            None => words.say(&Text::new("page-expected").with("revision", revision)),
        }
    });
    revisions.collect::<Vec<_>>().join(" → ")
}

/// Where it stands, in the words of agendas.
pub(super) fn stands(words: &Words<'_>, known: &Contribution) -> String {
    let is_silent = known.life.decisions.is_empty() && known.life.follow_ups.is_empty();
    let stands = stands_at(known, words.of.meetings, words.of.today).to_string();
    if is_silent && stands.ends_with("open") { words.word(Text::new("fact-undecided")) } else { words.clean(&stands) }
}

/// What is left to do of it, a line each.
pub(super) fn left(words: &Words<'_>, known: &Contribution) -> Vec<Line> {
    known.life.open_follow_ups().map(|kind| words.linked(&kind.to_string())).collect()
}

fn contribution_row(words: &Words<'_>, known: &Contribution) -> Row {
    let source = Line::toned(words.clean(&known.source), Tone::Soft);
    let cells = vec![
        Cell::one(words.reference(&Subject::Contribution(known.reference.clone()))),
        lines(vec![words.linked(&known.title), source]),
        lines(vec![chain(words, known).into()]),
        Cell::one(stands(words, known)),
        lines(left(words, known)),
    ];
    Row { is_late: false, cells }
}

/// Approvals by e-mail: those that run first, then the newest.
fn approvals(words: &Words<'_>) -> Option<Section> {
    let mut shown: Vec<&Approval> =
        words.of.approvals.iter().filter(|approval| approval.state != ApprovalState::Cancelled).collect();
    shown.sort_by_key(|approval| (!approval.is_open(), std::cmp::Reverse(approval.until)));
    let rows: Vec<Row> = shown.iter().map(|approval| approval_row(words, approval)).collect();
    let id = "approvals".to_owned();
    let keys = ["column-approval", "page-status", "page-said"];
    let columns = keys.map(|key| words.word(Text::new(key))).to_vec();
    let heading = words.word(Text::new("page-approvals"));
    let table = Table { kind: "", named_by: id.clone(), columns, rows };
    (!table.rows.is_empty()).then(|| Section { id, heading, parts: vec![Part::Table(table)] })
}

/// What was said of an approval, by name.
pub(super) fn said(words: &Words<'_>, approval: &Approval) -> Vec<Line> {
    let name = |member| words.named(words.of.roster.member(member));
    let mut said: Vec<Line> = Vec::new();
    for voice in approval.of_stance(Stance::Objection) {
        let because = voice.because.as_deref().map_or_else(|| "-".to_owned(), |because| words.clean(because));
        let late = if voice.is_late { "yes" } else { "no" };
        let text =
            Text::new("row-objection").with("by", name(voice.member)).with("because", because).with("late", late);
        said.push(words.told(words.say(&text), Some(&voice.message)));
    }
    let support: Vec<String> = approval.of_stance(Stance::Support).map(|voice| name(voice.member)).collect();
    if !support.is_empty() {
        said.push(words.say(&Text::new("row-support").with("names", support.join(", "))).into());
    }
    if let Some(reason) = &approval.reason {
        said.push(words.say(&Text::new("row-reason").with("reason", words.clean(reason))).into());
    }
    if said.is_empty() {
        said.push(Line::toned(words.word(Text::new("row-no-voices")), Tone::Soft));
    }
    said
}

/// Where an approval stands.
pub(super) fn approval_state(words: &Words<'_>, approval: &Approval) -> Line {
    let is_over = approval.is_open() && approval.is_over(words.of.today);
    let text = match approval.state {
        ApprovalState::Open if is_over => Text::new("fact-approval-over"),
        ApprovalState::Open => Text::new("fact-approval-running"),
        ApprovalState::Approved => Text::new("fact-approval-approved"),
        ApprovalState::NotApproved => Text::new("fact-approval-not"),
        ApprovalState::Cancelled => Text::new("fact-cancelled"),
    };
    let until = approval.until.map_or_else(|| "-".to_owned(), |day| day.to_string());
    Line::toned(words.say(&text.with("until", until)), if is_over { Tone::Late } else { Tone::Plain })
}

fn approval_row(words: &Words<'_>, approval: &Approval) -> Row {
    let name = words.clean(&approval.of.to_string());
    let file = approval.of.contribution().and_then(|own| words.file(&Subject::Contribution(own.clone())));
    let name = file.map_or_else(|| Line::of(name.clone()), |file| Line::from(Span::link(&name, file)));
    let is_late = approval.is_open() && approval.is_over(words.of.today);
    let cells = vec![Cell::one(name), Cell::one(approval_state(words, approval)), Cell::Lines(said(words, approval))];
    Row { is_late, cells }
}

/// Meetings, the newest first.
fn meetings(words: &Words<'_>) -> Section {
    let mut shown: Vec<&Meeting> = words.of.meetings.iter().collect();
    shown.sort_by_key(|meeting| std::cmp::Reverse((meeting.start.is_none(), meeting.start)));
    let id = "meetings".to_owned();
    let keys = ["column-meeting", "page-dates", "page-place", "page-sessions"];
    let columns = keys.map(|key| words.word(Text::new(key))).to_vec();
    let rows = shown.iter().map(|meeting| meeting_row(words, meeting)).collect();
    let table = Table { kind: "", named_by: id.clone(), columns, rows };
    Section { id, heading: words.word(Text::new("page-meetings")), parts: vec![listed(words, table)] }
}

fn meeting_row(words: &Words<'_>, meeting: &Meeting) -> Row {
    let name = match &meeting.plenary {
        Some(plenary) => format!("{} ({plenary})", meeting.reference),
        None => meeting.reference.to_string(),
    };
    let mut dates = vec![Line::of(match (meeting.start, meeting.end) {
        (Some(start), Some(end)) => words.catalogue().dates(start, end),
        (Some(day), None) | (None, Some(day)) => words.catalogue().date(day),
        (None, None) => words.word(Text::new("fact-no-dates")),
    })];
    if meeting.cancelled {
        dates.push(Line::toned(words.word(Text::new("fact-cancelled")), Tone::Late));
    } else if let Some(day) = meeting.deadline {
        dates.push(Line::toned(words.say(&Text::new("row-deadline").with("date", day)), Tone::Soft));
    }
    let session = |session: &crate::domain::Session| {
        let when = Text::new("row-session")
            .with("day", words.catalogue().weekday_and_date(session.date))
            .with("start", session.start.strftime("%H:%M"))
            .with("end", session.end.strftime("%H:%M"));
        let parts = [words.say(&when), words.clean(&session.title), words.clean(session.room.as_deref().unwrap_or(""))];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Line::of(parts.join(", "))
    };
    let place = Line::of(words.clean(meeting.place.as_deref().unwrap_or_default()));
    let sessions = meeting.sessions.iter().map(session).collect();
    let cells = vec![Cell::one(words.clean(&name)), Cell::Lines(dates), lines(vec![place]), lines(sessions)];
    Row { is_late: false, cells }
}

/// Conference calls, the newest first.
fn calls(words: &Words<'_>) -> Option<Section> {
    let row = |call: &Call| {
        let time = match call.time {
            Some(time) => Line::of(time.strftime("%H:%M").to_string()),
            None => Line::toned(words.word(Text::new("fact-cancelled")), Tone::Late),
        };
        let title = words.linked(call.title.as_deref().unwrap_or_default());
        let day = words.catalogue().weekday_and_date(call.date);
        Row { is_late: false, cells: vec![Cell::one(day), Cell::one(time), lines(vec![title])] }
    };
    let rows: Vec<Row> = words.of.calls.iter().rev().map(row).collect();
    let id = "calls".to_owned();
    let columns = ["column-call", "page-time", "column-title"].map(|key| words.word(Text::new(key))).to_vec();
    let heading = words.word(Text::new("page-calls"));
    let table = Table { kind: "", named_by: id.clone(), columns, rows };
    (!table.rows.is_empty()).then(|| Section { id, heading, parts: vec![Part::Table(table)] })
}

/// The two pictures: open action items over time, and contributions by where they stand.
fn numbers(words: &Words<'_>) -> Vec<Section> {
    let mut sections = Vec::new();
    if let Some(chart) = chart::of(words) {
        let heading = words.word(Text::new("page-over-time"));
        sections.push(Section { id: "burn-down".to_owned(), heading, parts: vec![Part::Chart(chart)] });
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for known in known(words) {
        *counts.entry(stands_at(known, words.of.meetings, words.of.today).word()).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(1);
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let row = |(word, count): &(&str, usize)| {
        let percent = u8::try_from(count * 100 / most).unwrap_or(100);
        let cells = vec![Cell::one((*word).to_owned()), Cell::one(count.to_string()), Cell::Bar(percent)];
        Row { is_late: false, cells }
    };
    if !counts.is_empty() {
        let id = "states".to_owned();
        let columns = ["page-stands", "page-number", "page-share"].map(|key| words.word(Text::new(key))).to_vec();
        let table = Table { kind: "", named_by: id.clone(), columns, rows: counts.iter().map(row).collect() };
        let heading = words.word(Text::new("page-by-state"));
        sections.push(Section { id, heading, parts: vec![Part::Table(table)] });
    }
    sections
}

/// A day in words.
pub(super) fn day(words: &Words<'_>, day: Option<Date>) -> String {
    day.map(|day| words.catalogue().date(day)).unwrap_or_default()
}
