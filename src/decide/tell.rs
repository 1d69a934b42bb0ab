//! Commands that only ask for lists and help.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::command::{self, Listing};
use crate::domain::{
    ActionItem, ApprovalOf, Call, DocumentRef, Examples, Meeting, Member, RequestKind, RequestState, Status, Subject,
    Text,
};

use super::attendance;
use super::contributions;
use super::digest::due_day;
use super::work::{Refusal, Work};
use super::{ActionRow, DocumentRow, Known, MeetingRow, Table, documents};

type Result<T> = std::result::Result<T, Refusal>;

/// How much more time is offered to an owner who has none left.
const MORE_TIME_DAYS: i64 = 14;

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
            later: later(work, item),
        }
    }
}

/// A fortnight more than an open item has, or than today where it is due already.
fn later(work: &Work, item: &ActionItem) -> Option<Date> {
    let due = due_day(work, item).filter(|_| is_open(item) && item.status != Status::ToBeConfirmed)?;
    due.max(work.today()).checked_add(MORE_TIME_DAYS.days()).ok()
}

pub(super) fn is_overdue(work: &Work, item: &ActionItem) -> bool {
    item.is_overdue(work.today(), |name| work.known.meeting(name).and_then(Meeting::first_day))
}

/// A member as another one is told of them: that somebody is away is told to officers and to that member alone.
fn as_told(work: &Work, sender: &Member, member: &Member) -> Member {
    let may_know = sender.is_officer() || sender.id == member.id;
    let is_away = member.away_until(work.today()).is_some();
    Member { absence: member.absence.filter(|_| may_know && is_away), ..member.clone() }
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
            let here = known.roster.members.iter().filter(|member| !member.left);
            let rows: Vec<_> = here.map(|member| as_told(work, sender, member)).collect();
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
        Listing::Approvals => {
            let open = known.approvals.values().filter(|approval| approval.is_open());
            let rows: Vec<_> = open.map(|approval| super::approvals::row(work, approval)).collect();
            Table::Approvals { title: title("list-approvals", rows.len()), rows }
        }
        Listing::Calls => {
            calls(work).unwrap_or_else(|| Table::Calls { title: title("list-calls", 0), rows: Vec::new() })
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

/// The conference calls that are to come, where there are any.
pub(super) fn calls(work: &Work) -> Option<Table> {
    let today = work.today();
    let to_come = |call: &&Call| call.is_planned() && call.date >= today;
    let rows: Vec<_> = work.known.calls.values().filter(to_come).cloned().collect();
    (!rows.is_empty()).then(|| Table::Calls { title: Text::new("list-calls").with("count", rows.len()), rows })
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
                RequestKind::Upload { document, .. } => {
                    let known = work.known.contributions.get(&document.contribution);
                    let highest = known.and_then(|known| known.life.known().last().copied()).unwrap_or_default();
                    let text = Text::new("waits-upload").with("document", document);
                    let machine = request.by.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
                    (None, text.with("highest", highest.of(&document.contribution)).with("machine", machine))
                }
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
                later: None,
            }
        })
        .collect()
}

/// The rows of the mail that was replied to, under their own numbers: the answer to a command that
/// does not say which of them it means.
pub(super) fn rows_replied(work: &Work) -> Vec<Table> {
    let Some(replied) = &work.known.replied else { return Vec::new() };
    let requests = waiting(work, &mut Rows::after(0));
    let row = |number: u16, subject: &Subject| match subject {
        Subject::Action(reference) => {
            let item = work.known.actions.get(reference)?;
            let overdue = is_overdue(work, item);
            Some(ActionRow {
                number,
                subject: subject.clone(),
                item: Some(item.clone()),
                overdue,
                waits: None,
                later: None,
            })
        }
        _ => {
            let request = requests.iter().find(|row| row.subject == *subject)?;
            Some(ActionRow { number, ..request.clone() })
        }
    };
    let rows: Vec<ActionRow> = replied.rows.iter().filter_map(|(number, subject)| row(*number, subject)).collect();
    let documents: Vec<DocumentRow> =
        replied.rows.iter().filter_map(|(number, subject)| document_replied(work, *number, subject)).collect();
    let title = |count: usize| Text::new("list-replied").with("count", count);
    let actions = (!rows.is_empty() || documents.is_empty())
        .then(|| Table::Actions { title: title(rows.len()), rows: rows.clone() });
    let documents =
        (!documents.is_empty()).then(|| Table::Documents { title: title(documents.len()), rows: documents });
    actions.into_iter().chain(documents).collect()
}

/// A document that a row of the mail that was replied to means.
fn document_replied(work: &Work, number: u16, subject: &Subject) -> Option<DocumentRow> {
    let (reference, revision) = match subject {
        Subject::Contribution(reference) => (reference, None),
        Subject::Approval(ApprovalOf::Revision(reference, revision)) => (reference, Some(*revision)),
        _ => return None,
    };
    let known = work.known.contributions.get(reference)?;
    let document = DocumentRef { contribution: reference.clone(), revision };
    let stands = Text::new("document-stands").with("stands", contributions::stands(work, known));
    Some(documents::row(known, document, stands, Some(number), None))
}

/// `help [COMMAND]`
pub(super) fn help(work: &Work, word: Option<&str>) -> Result<Table> {
    let meeting = Examples::of(&work.rules()?.references).meeting;
    let wanted = word.map(str::to_lowercase);
    let rows: Vec<(String, Text)> = command::HELP
        .iter()
        .filter(|(syntax, _)| wanted.as_deref().is_none_or(|word| names(syntax, word)))
        .map(|(syntax, key)| (syntax.replace(command::MEETING, &meeting), Text::new(key)))
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
