//! The lists of an answer in words.

use jiff::tz::TimeZone;

use super::page::{Fact, List, Row};
use super::{Catalogue, attendance, wrap};
use crate::decide::{
    ActionRow, ApprovalRow, ApprovalStands, ContributionRow, DeliverableRow, DocumentRow, HistoryRow, MeetingRow,
    MentionedRow, Table,
};
use crate::domain::{Call, Member, Role, Subject, Text, Voice};

/// The most characters of one cell.
const CELL_LIMIT: usize = 1000;

/// The most characters of what the only item of a list says: who asks for one wants all of it.
const ONLY_LIMIT: usize = 8000;

/// The most objections that are told of one approval, and the most characters of each.
const MOST_OBJECTIONS: usize = 20;
const OBJECTION_LIMIT: usize = 400;

/// The list in words.
pub(super) fn list(table: &Table, zone: &TimeZone, catalogue: &Catalogue) -> List {
    let (title, columns, rows, is_syntax) = match table {
        Table::Actions { title, rows } => {
            let limit = if rows.len() == 1 { ONLY_LIMIT } else { CELL_LIMIT };
            let rows: Vec<Row> = rows.iter().map(|row| action(row, limit, catalogue)).collect();
            (title, [Text::new("column-action"), Text::new("column-what-and-who")], rows, false)
        }
        Table::Contributions { title, rows } => {
            let rows = rows.iter().map(|row| contribution(row, catalogue)).collect();
            (title, [Text::new("column-contribution"), Text::new("column-title-and-source")], rows, false)
        }
        Table::Members { title, rows } => {
            let rows = rows.iter().map(|row| member(row, catalogue)).collect();
            (title, [Text::new("column-member"), Text::new("column-organization")], rows, false)
        }
        Table::Meetings { title, rows } => {
            let rows = rows.iter().map(|row| meeting(row, catalogue)).collect();
            (title, [Text::new("column-meeting"), Text::new("column-sessions")], rows, false)
        }
        Table::Calls { title, rows } => {
            let rows = rows.iter().map(|row| call(row, catalogue)).collect();
            (title, [Text::new("column-call"), Text::new("column-title")], rows, false)
        }
        Table::Approvals { title, rows } => {
            let rows = rows.iter().map(|row| approval(row, catalogue)).collect();
            (title, [Text::new("column-approval"), Text::new("column-said")], rows, false)
        }
        Table::Documents { title, rows } => {
            let rows = rows.iter().map(|row| document(row, catalogue)).collect();
            (title, [Text::new("column-contribution"), Text::new("column-title-and-source")], rows, false)
        }
        Table::Deliverables { title, rows } => {
            let rows = rows.iter().map(|row| deliverable(row, catalogue)).collect();
            (title, [Text::new("column-deliverable"), Text::new("column-left")], rows, false)
        }
        Table::Thread { title, rows } => {
            let rows = rows.iter().map(|row| mentioned(row, zone, catalogue)).collect();
            (title, [Text::new("column-when"), Text::new("column-mail")], rows, false)
        }
        Table::History { title, rows } => {
            let rows = rows.iter().map(|row| history(row, zone, catalogue)).collect();
            (title, [Text::new("column-when"), Text::new("column-change")], rows, false)
        }
        Table::Commands { title, rows } => {
            let rows = rows
                .iter()
                .map(|(syntax, does)| Row { name: cell(syntax), what: catalogue.say(does), ..Row::default() })
                .collect();
            (title, [Text::new("column-command"), Text::new("column-does")], rows, true)
        }
    };
    List {
        title: catalogue.say(title),
        columns: columns.map(|column| catalogue.say(&column)),
        rows,
        empty: catalogue.say(&Text::new("mail-empty-list")),
        is_syntax,
    }
}

fn cell(text: &str) -> String {
    wrap::shorten(text, CELL_LIMIT)
}

fn action(row: &ActionRow, limit: usize, catalogue: &Catalogue) -> Row {
    let mut shown = Row { number: Some(row.number), name: subject(&row.subject, catalogue), ..Row::default() };
    // What waits is what the reader is asked about, and comes first.
    let waits = row.waits.as_ref().map(|waits| catalogue.say(waits));
    let Some(item) = &row.item else {
        shown.what = waits.unwrap_or_default();
        return shown;
    };
    if row.subject != Subject::Action(item.reference.clone()) {
        shown.facts.push(Fact::new(item.reference.to_string()));
    }
    shown.facts.push(Fact::new(catalogue.name("status-", item.status.as_str())));
    if let Some(priority) = item.priority {
        shown.facts.push(Fact::new(catalogue.name("priority-", &priority.to_string())));
    }
    if let Some(due) = &item.due {
        let text = if row.overdue { Text::new("fact-overdue") } else { Text::new("fact-due") };
        shown.facts.push(Fact { text: catalogue.say(&text.with("due", catalogue.due(due))), is_late: row.overdue });
    }
    shown.what = wrap::shorten(&item.what, limit);
    shown.more.push(match cell(item.who.as_str()) {
        nobody if item.who.is_empty() || nobody.is_empty() => catalogue.say(&Text::new("row-no-owner")),
        who => who,
    });
    if let Some(note) = item.notes.last() {
        shown.more.push(catalogue.say(&Text::new("row-note").with("note", wrap::shorten(note, limit))));
    }
    if let Some(waits) = waits {
        let item = std::mem::replace(&mut shown.what, waits);
        shown.more.insert(0, item);
    }
    shown
}

fn contribution(row: &ContributionRow, catalogue: &Catalogue) -> Row {
    let ContributionRow { contribution: row, stands } = row;
    let name = match cell(&row.reference_cell) {
        empty if empty.is_empty() => row.reference.to_string(),
        cell => cell,
    };
    let status = stands.clone().unwrap_or_else(|| catalogue.say(&Text::new("fact-undecided")));
    let mut more = vec![cell(&row.source)];
    if !row.agenda_item.is_empty() {
        more.push(catalogue.say(&Text::new("row-agenda-item").with("item", cell(&row.agenda_item))));
    }
    more.extend(row.deliverable.as_deref().map(cell));
    let mut more = vec![join(&more)];
    let left: Vec<String> = row.life.open_follow_ups().map(ToString::to_string).collect();
    if !left.is_empty() {
        let left = cell(&left.join("; ").replace('\n', " "));
        more.push(catalogue.say(&Text::new("row-left").with("what", left)));
    }
    let links: Vec<String> = row.life.links.iter().map(ToString::to_string).collect();
    if !links.is_empty() {
        more.push(cell(&links.join("; ")));
    }
    Row { name, facts: vec![Fact::new(status)], what: cell(&row.title), more, ..Row::default() }
}

/// A document, where it stands, and since when.
fn document(row: &DocumentRow, catalogue: &Catalogue) -> Row {
    let since = row.since.as_ref().map(|since| catalogue.say(since));
    Row {
        number: row.number,
        name: row.name().to_string(),
        facts: vec![Fact::new(catalogue.say(&row.stands))],
        what: cell(&row.title),
        more: std::iter::once(cell(&row.source)).chain(since).collect(),
        reply: None,
    }
}

/// A deliverable: how many of its contributions stand where, and what is left.
fn deliverable(row: &DeliverableRow, catalogue: &Catalogue) -> Row {
    let count: usize = row.stands.iter().map(|(_, count)| count).sum();
    let stands = row.stands.iter().map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ");
    let left = row.left.iter().map(|left| catalogue.say(left)).collect::<Vec<_>>().join("; ");
    let what = Text::new("deliverable-stands").with("count", count).with("stands", stands);
    let left = Text::new("row-deliverable-left").with("left", left).with("more", row.more);
    let rapporteur = (!row.rapporteurs.is_empty())
        .then(|| catalogue.say(&Text::new("row-rapporteur").with("names", cell(&row.rapporteurs.join(", ")))));
    Row {
        name: cell(&row.name),
        what: catalogue.say(&what),
        more: std::iter::once(catalogue.say(&left)).chain(rapporteur).collect(),
        ..Row::default()
    }
}

fn member(row: &Member, catalogue: &Catalogue) -> Row {
    let role = |role: &Role| match role {
        Role::Rapporteur(deliverable) => {
            catalogue.say(&Text::new("fact-rapporteur").with("deliverable", cell(deliverable)))
        }
        _ => catalogue.name("role-", &role.to_string()),
    };
    let mut facts: Vec<Fact> = row.roles.iter().map(|each| Fact::new(role(each))).collect();
    if row.left {
        facts.push(Fact::new(catalogue.say(&Text::new("fact-left"))));
    }
    let mut more = Vec::new();
    if let Some(day) = row.paused_until {
        more.push(catalogue.say(&Text::new("row-paused").with("day", catalogue.date(day))));
    }
    if let Some(day) = row.absence.and_then(|absence| absence.until) {
        more.push(catalogue.say(&Text::new("row-away").with("day", catalogue.date(day))));
    }
    if row.digest {
        more.push(catalogue.say(&Text::new("row-digest")));
    }
    Row { name: cell(&row.name), facts, what: cell(&row.organization), more, ..Row::default() }
}

fn meeting(row: &MeetingRow, catalogue: &Catalogue) -> Row {
    let MeetingRow { meeting: row, comes } = row;
    let mut facts = Vec::new();
    facts.extend(row.plenary.as_ref().map(|plenary| Fact::new(plenary.to_string())));
    facts.push(Fact::new(match (row.start, row.end) {
        (Some(start), Some(end)) => catalogue.dates(start, end),
        (Some(day), None) | (None, Some(day)) => catalogue.date(day),
        (None, None) => catalogue.say(&Text::new("fact-no-dates")),
    }));
    if row.cancelled {
        facts.push(Fact::new(catalogue.say(&Text::new("fact-cancelled"))));
    }
    let deadline = row.deadline.filter(|_| !row.cancelled);
    let deadline = deadline.map(|day| catalogue.say(&Text::new("row-deadline").with("date", day.to_string())));
    let session = |session: &crate::domain::Session| {
        let text = Text::new("row-session")
            .with("day", catalogue.weekday_and_date(session.date))
            .with("start", session.start.strftime("%H:%M"))
            .with("end", session.end.strftime("%H:%M"));
        join(&[catalogue.say(&text), cell(&session.title), session.room.as_deref().map(cell).unwrap_or_default()])
    };
    let comes = comes.iter().map(|comes| attendance::line(comes, catalogue));
    Row {
        name: row.reference.to_string(),
        facts,
        what: row.place.as_deref().map(cell).unwrap_or_default(),
        more: deadline.into_iter().chain(row.sessions.iter().map(session)).chain(comes).collect(),
        ..Row::default()
    }
}

fn call(row: &Call, catalogue: &Catalogue) -> Row {
    let fact = match row.time {
        Some(time) => time.strftime("%H:%M").to_string(),
        None => catalogue.say(&Text::new("fact-cancelled")),
    };
    Row {
        name: catalogue.weekday_and_date(row.date),
        facts: vec![Fact::new(fact)],
        what: row.title.as_deref().map(cell).unwrap_or_default(),
        ..Row::default()
    }
}

fn approval(row: &ApprovalRow, catalogue: &Catalogue) -> Row {
    let text = match row.stands {
        ApprovalStands::Running => Text::new("fact-approval-running"),
        ApprovalStands::ToBeRatified => Text::new("fact-approval-over"),
        ApprovalStands::Approved => Text::new("fact-approval-approved"),
        ApprovalStands::NotApproved => Text::new("fact-approval-not"),
        ApprovalStands::Cancelled => Text::new("fact-cancelled"),
    };
    let until = row.until.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let is_late = row.stands == ApprovalStands::ToBeRatified;
    let short = |because: &str| wrap::shorten(because, OBJECTION_LIMIT);
    let objection = |each: &crate::decide::Objection| {
        let text =
            Text::new("row-objection").with("by", cell(&each.by)).with("late", if each.is_late { "yes" } else { "no" });
        catalogue.say(&text.with("because", each.because.as_deref().map_or_else(|| "-".to_owned(), short)))
    };
    let mut more: Vec<String> = row.objections.iter().take(MOST_OBJECTIONS).map(objection).collect();
    if row.objections.len() > more.len() {
        let count = row.objections.len() - more.len();
        more.push(catalogue.say(&Text::new("row-more-objections").with("count", count).with("of", &row.of)));
    }
    if !row.supporters.is_empty() {
        more.push(catalogue.say(&Text::new("row-support").with("names", cell(&row.supporters.join(", ")))));
    }
    if let Some(reason) = &row.reason {
        more.push(catalogue.say(&Text::new("row-reason").with("reason", cell(reason))));
    }
    if more.is_empty() {
        more.push(catalogue.say(&Text::new("row-no-voices")));
    }
    let fact = Fact { text: catalogue.say(&text.with("until", until)), is_late };
    Row { name: row.of.to_string(), facts: vec![fact], what: cell(&row.title), more, ..Row::default() }
}

/// A mail of a thread. Who wrote it stands there by name: no address is told.
fn mentioned(row: &MentionedRow, zone: &TimeZone, catalogue: &Catalogue) -> Row {
    let by = row.by.as_deref().map_or_else(|| "-".to_owned(), cell);
    Row {
        name: catalogue.date_and_time(row.at, zone),
        what: Some(cell(&row.subject)).filter(|subject| !subject.is_empty()).unwrap_or_else(|| "-".to_owned()),
        more: vec![catalogue.say(&Text::new("row-written-by").with("by", by))],
        ..Row::default()
    }
}

fn history(row: &HistoryRow, zone: &TimeZone, catalogue: &Catalogue) -> Row {
    let value = |value: &Option<String>| value.as_deref().map(|value| shown_value(&row.field, value, catalogue));
    let text = match (value(&row.from), value(&row.to)) {
        (Some(from), Some(to)) => Text::new("history-changed").with("from", from).with("to", to),
        (None, Some(to)) => Text::new("history-set").with("to", to),
        (Some(from), None) => Text::new("history-removed").with("from", from),
        (None, None) => Text::new("history-touched"),
    };
    let what =
        text.with("subject", subject(&row.subject, catalogue)).with("field", catalogue.name("field-", &row.field));
    let mut more = vec![catalogue.say(&Text::new("history-by").with("by", cell(&row.by)))];
    if let Some(id) = &row.message_id {
        more.push(catalogue.say(&Text::new("history-message").with("id", cell(id))));
    }
    if let Some(receipt) = &row.receipt {
        more.push(catalogue.say(&Text::new("history-receipt").with("receipt", receipt)));
    }
    Row { name: catalogue.date_and_time(row.at, zone), what: catalogue.say(&what), more, ..Row::default() }
}

/// A value of history in words: statuses, priorities and dates by their names, the rest as it is.
pub(super) fn shown_value(field: &str, value: &str, catalogue: &Catalogue) -> String {
    match field {
        "status" => catalogue.name("status-", value),
        "priority" => catalogue.name("priority-", value),
        // Whose it is and in which message stands below it.
        "voice" => value.parse().map_or_else(|_| cell(value), |voice: Voice| cell(&said(&voice))),
        "role" => catalogue.name("role-", value),
        // Who and in which message stands below it.
        "decision" | "revision" => {
            cell(value.split(" by ").next().unwrap_or(value).split(" in ").next().unwrap_or(value))
        }
        _ => match value.parse() {
            Ok(day) => catalogue.date(day),
            Err(_) => cell(value),
        },
    }
}

pub(super) fn subject(subject: &Subject, catalogue: &Catalogue) -> String {
    match subject {
        Subject::Action(_) | Subject::Contribution(_) | Subject::Meeting(_) => subject.to_string(),
        Subject::Member(id) => catalogue.say(&Text::new("subject-member").with("number", id)),
        Subject::Organization(name) => catalogue.say(&Text::new("subject-organization").with("name", cell(name))),
        Subject::Request(id) => catalogue.say(&Text::new("subject-request").with("number", id)),
        Subject::Approval(of) => catalogue.say(&Text::new("subject-approval").with("of", of)),
        Subject::Call(day) => catalogue.say(&Text::new("subject-call").with("day", day)),
    }
}

/// What a member has said of an approval, as history keeps it.
fn said(voice: &Voice) -> String {
    let late = if voice.is_late { " (late)" } else { "" };
    let because = voice.because.as_ref().map(|because| format!(": {because}")).unwrap_or_default();
    format!("{}{late}{because}", voice.stance.as_str())
}

/// The parts that say something, divided by commas.
fn join(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
}
