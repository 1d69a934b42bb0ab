//! Commands that only ask: status, list, history, help.

use crate::command::{self, Listing, Target};
use crate::domain::{
    ActionItem, Due, Meeting, Member, Request, RequestKind, RequestState, Status, Subject, Text, attendance_of,
};

use super::attendance;
use super::contributions;
use super::resolve::{self, Meant};
use super::work::{Refusal, Work};
use super::{ActionRow, HistoryRow, Known, MeetingRow, Table};

type Result<T> = std::result::Result<T, Refusal>;

/// Rows of one answer, numbered through all its tables.
#[derive(Clone)]
pub(super) struct Rows {
    last: u16,
}

impl Rows {
    /// Rows numbered from the number behind `last`.
    pub(super) const fn after(last: u16) -> Self {
        Self { last }
    }

    pub(super) fn number(&mut self) -> u16 {
        self.last = self.last.saturating_add(1);
        self.last
    }

    pub(super) fn item(&mut self, work: &Work, item: &ActionItem) -> ActionRow {
        ActionRow {
            number: self.number(),
            subject: Subject::Action(item.reference.clone()),
            overdue: is_overdue(work, item),
            item: Some(item.clone()),
            waits: None,
        }
    }
}

pub(super) fn is_overdue(work: &Work, item: &ActionItem) -> bool {
    item.is_overdue(work.today(), |name| work.known.meeting(name).and_then(Meeting::first_day))
}

/// What `list` lists.
pub(super) fn list(work: &Work, sender: &Member, listing: Listing, rows: &mut Rows) -> Table {
    let known = &work.known;
    let title = |key: &str, count: usize| Text::new(key).with("count", count);
    match listing {
        Listing::Contributions => {
            let listed = known.contributions.values().filter(|known| !known.is_blank());
            let rows: Vec<_> = listed.map(|known| contributions::row(work, known)).collect();
            Table::Contributions { title: title("list-contributions", rows.len()), rows }
        }
        Listing::Members => {
            let rows: Vec<_> = known.roster.members.iter().filter(|member| !member.left).cloned().collect();
            Table::Members { title: title("list-members", rows.len()), rows }
        }
        Listing::Meetings => {
            // One that was taken back is only its name.
            let mut listed: Vec<&Meeting> =
                known.meetings.iter().filter(|meeting| !(meeting.cancelled && meeting.is_empty())).collect();
            listed.sort_by_key(|meeting| (meeting.start, &meeting.reference));
            let rows = listed.into_iter().map(|meeting| {
                let comes = attendance::counts(attendance::who_comes(&known.roster, meeting));
                MeetingRow { meeting: meeting.clone(), comes }
            });
            let rows: Vec<_> = rows.collect();
            Table::Meetings { title: title("list-meetings", rows.len()), rows }
        }
        Listing::Proposed => {
            let mut listed = items(known, |item| item.status == Status::Proposed, |item| rows.item(work, item));
            listed.extend(waiting(work, rows));
            Table::Actions { title: title("list-proposed", listed.len()), rows: listed }
        }
        Listing::Open => {
            let listed = items(known, is_open, |item| rows.item(work, item));
            Table::Actions { title: title("list-open", listed.len()), rows: listed }
        }
        Listing::Mine => {
            let mine = |item: &ActionItem| {
                let owners = item.who.list();
                is_open(item) && owners.iter().any(|owner| known.roster.is_meant(sender, &owner.name))
            };
            let listed = items(known, mine, |item| rows.item(work, item));
            Table::Actions { title: title("list-mine", listed.len()), rows: listed }
        }
        Listing::Overdue => {
            let listed = items(known, |item| is_overdue(work, item), |item| rows.item(work, item));
            Table::Actions { title: title("list-overdue", listed.len()), rows: listed }
        }
        Listing::Closed => {
            let listed = items(known, |item| !item.status.is_pending(), |item| rows.item(work, item));
            Table::Actions { title: title("list-closed", listed.len()), rows: listed }
        }
        Listing::Held => {
            let listed = super::held::list(work, sender, rows);
            Table::Actions { title: title("list-held", listed.len()), rows: listed }
        }
        Listing::All => {
            let listed = items(known, |_| true, |item| rows.item(work, item));
            Table::Actions { title: title("list-all", listed.len()), rows: listed }
        }
    }
}

pub(super) fn is_open(item: &ActionItem) -> bool {
    item.status.is_pending() && item.status != Status::Proposed
}

/// The items that `wanted` wants, accepted proposals left out: they live on under their number.
pub(super) fn items<T>(
    known: &Known,
    wanted: impl Fn(&ActionItem) -> bool,
    row: impl FnMut(&ActionItem) -> T,
) -> Vec<T> {
    known.actions.values().filter(|item| item.became.is_none() && wanted(item)).map(row).collect()
}

/// What waits for chair and secretary.
pub(super) fn waiting(work: &Work, rows: &mut Rows) -> Vec<ActionRow> {
    let requests = work.known.requests.values();
    let waiting = requests.filter(|request| request.state == RequestState::Waiting && request.is_for_officers());
    waiting
        .map(|request| {
            let (item, waits) = match &request.kind {
                RequestKind::Extension { item, due } => (
                    work.known.actions.get(item).cloned(),
                    Text::new("waits-extension").with("due", due).with("reference", item),
                ),
                RequestKind::Conflict { subject, field, document } => {
                    let ours = super::rulings::current(work, subject, field);
                    let text = Text::new("waits-conflict").with("reference", subject).with("field", field);
                    let text = text.with("document", document.as_deref().unwrap_or("-"));
                    let item = match subject {
                        Subject::Action(reference) => work.known.actions.get(reference).cloned(),
                        _ => None,
                    };
                    (item, text.with("ours", ours.as_deref().unwrap_or("-")))
                }
                RequestKind::Doubt { text, .. } => (None, Text::new("waits-doubt").with("text", text)),
                RequestKind::Address { address, .. } => (None, Text::new("waits-address").with("address", address)),
                // For the member alone; never listed.
                RequestKind::Held { .. } => (None, Text::new("waits-held")),
            };
            let by = request.by.as_ref().and_then(|by| work.known.roster.member_by_address(by));
            let by = by.map_or_else(|| "-".to_owned(), |member| member.name.clone());
            ActionRow {
                number: rows.number(),
                subject: Subject::Request(request.id),
                overdue: false,
                item,
                waits: Some(waits.with("id", request.id).with("by", by)),
            }
        })
        .collect()
}

/// `status REF`: a table of its own for what it names.
pub(super) fn status_of(work: &Work, target: &Target, rows: &mut Rows) -> Result<Table> {
    let title = |reference: &dyn std::fmt::Display| Text::new("list-status").with("reference", reference);
    match resolve::meant(work, target)? {
        Meant::Action(reference) => {
            let listed = work.known.actions.get(&reference).map(|item| rows.item(work, item)).into_iter().collect();
            Ok(Table::Actions { title: title(&reference), rows: listed })
        }
        Meant::Contribution(reference) => {
            let known = work.known.contributions.get(&reference);
            let listed = known.map(|known| contributions::row(work, known)).into_iter().collect();
            Ok(Table::Contributions { title: title(&reference), rows: listed })
        }
        Meant::Request(id) => {
            let all = waiting(work, rows);
            let listed: Vec<_> = all.into_iter().filter(|row| row.subject == Subject::Request(id)).collect();
            Ok(Table::Actions { title: title(&Subject::Request(id)), rows: listed })
        }
        Meant::Meeting(name) => match work.known.meeting(&name) {
            Some(meeting) => {
                let comes = attendance::who_comes(&work.known.roster, meeting);
                Ok(Table::Meetings { title: title(&name), rows: vec![MeetingRow { meeting: meeting.clone(), comes }] })
            }
            None => {
                let due = due_at(work, &name);
                Err(Text::new("refused-unknown-meeting").with("reference", name).with("due", due))
            }
        },
    }
}

/// How many pending items are due at a meeting.
fn due_at(work: &Work, name: &str) -> usize {
    let at = Due::Meeting(name.to_owned());
    work.known.actions.values().filter(|item| is_open(item) && item.due.as_ref() == Some(&at)).count()
}

/// `history REF`
pub(super) fn history_of(work: &Work, target: &Target) -> Result<Table> {
    let (subjects, name): (Vec<Subject>, String) = match resolve::meant(work, target)? {
        Meant::Action(reference) => {
            // An accepted proposal's life began under its proposal's reference.
            let before = work.known.actions.values().filter(|item| item.became.as_ref() == Some(&reference));
            let mut subjects: Vec<Subject> = before.map(|item| Subject::Action(item.reference.clone())).collect();
            subjects.push(Subject::Action(reference.clone()));
            (subjects, reference.to_string())
        }
        Meant::Contribution(reference) => (vec![Subject::Contribution(reference.clone())], reference.to_string()),
        // What asks somebody about themselves holds the code that only they may know.
        Meant::Request(id) if !work.known.requests.get(&id).is_some_and(Request::is_for_officers) => {
            return Err(Text::new("refused-not-yours").with("id", id));
        }
        Meant::Request(id) => (vec![Subject::Request(id)], Subject::Request(id).to_string()),
        Meant::Meeting(name) => match work.known.meeting(&name) {
            Some(meeting) => (vec![Subject::Meeting(meeting.reference.clone())], name),
            None => return Err(Text::new("refused-unknown-meeting").with("reference", name).with("due", 0)),
        },
    };
    let by_name = |row: &HistoryRow| {
        let member = row.by.parse().ok().and_then(|address| work.known.roster.member_by_address(&address));
        let by = member.map_or_else(|| row.by.clone(), |member| member.name.clone());
        // A member's own word on a meeting is told by the member's name.
        let said = attendance_of(&row.field).and_then(|member| work.known.roster.member(member));
        let field = said.map_or_else(|| row.field.clone(), |member| format!("attendance of {}", member.name));
        HistoryRow { by, field, ..row.clone() }
    };
    let rows: Vec<_> = work.known.history.iter().filter(|row| subjects.contains(&row.subject)).map(by_name).collect();
    Ok(Table::History { title: Text::new("list-history").with("reference", name).with("count", rows.len()), rows })
}

/// The rows of the mail that was replied to, under their own numbers: the answer to a command that
/// does not say which of them it means.
pub(super) fn rows_replied(work: &Work) -> Option<Table> {
    let replied = work.known.replied.as_ref()?;
    let requests = waiting(work, &mut Rows::after(0));
    let row = |number: u16, subject: &Subject| match subject {
        Subject::Action(reference) => {
            let item = work.known.actions.get(reference)?;
            let overdue = is_overdue(work, item);
            Some(ActionRow { number, subject: subject.clone(), item: Some(item.clone()), overdue, waits: None })
        }
        _ => {
            let request = requests.iter().find(|row| row.subject == *subject)?;
            Some(ActionRow { number, ..request.clone() })
        }
    };
    let rows: Vec<ActionRow> = replied.rows.iter().filter_map(|(number, subject)| row(*number, subject)).collect();
    Some(Table::Actions { title: Text::new("list-replied").with("count", rows.len()), rows })
}

/// `help [COMMAND]`
pub(super) fn help(word: Option<&str>) -> Result<Table> {
    let wanted = word.map(str::to_lowercase);
    let rows: Vec<(String, Text)> = command::HELP
        .iter()
        .filter(|(syntax, _)| wanted.as_deref().is_none_or(|word| names(syntax, word)))
        .map(|(syntax, key)| ((*syntax).to_owned(), Text::new(key)))
        .collect();
    match (rows.is_empty(), word) {
        (true, Some(word)) => Err(Text::new("refused-no-such-command").with("word", word)),
        _ => Ok(Table::Commands { title: Text::new("list-commands").with("count", rows.len()), rows }),
    }
}

/// Whether a syntax line is of the command that begins with the word.
fn names(syntax: &str, word: &str) -> bool {
    syntax.split(' ').next().unwrap_or_default().split('|').any(|part| part == word)
}
