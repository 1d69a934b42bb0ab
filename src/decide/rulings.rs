//! What waits for chair's and secretary's ruling: proposals, requests, contradicting documents.

use crate::command::Target;
use crate::domain::{
    ActionField, ActionItem, ActionItemRef, EmailAddress, Member, Priority, Request, RequestKind, RequestState, Status,
    Subject, Text,
};

use super::actions::{self, Told};
use super::announcer;
use super::listed;
use super::resolve::{self, Meant};
use super::rights::{self, Act};
use super::work::{Refusal, Work};

type Result<T = Told> = std::result::Result<T, Refusal>;

/// Puts a request down, and gives its number.
pub(super) fn ask(work: &mut Work, kind: RequestKind, by: Option<EmailAddress>) -> Result<u32> {
    let id = work.known.last_request.saturating_add(1);
    let request = Request { id, kind, state: RequestState::Waiting, at: work.at, by };
    let asks = serde_json::to_string(&request).map_err(|error| Text::new("refused-value").with("reason", error))?;
    work.change(Subject::Request(id), "asks", None, Some(asks))?;
    Ok(id)
}

/// The number of the same request, where it waits already.
pub(super) fn waiting(work: &Work, kind: &RequestKind) -> Option<u32> {
    let mut same = work.known.requests.values().filter(|request| request.state == RequestState::Waiting);
    same.find(|request| request.kind == *kind).map(|request| request.id)
}

/// Drops the requests about an item that a later word has overtaken.
pub(super) fn overtake(work: &mut Work, item: &ActionItemRef) -> Result<()> {
    let overtaken: Vec<u32> = extensions_of(work, item).collect();
    overtaken.into_iter().try_for_each(|id| close(work, id, RequestState::Dropped))
}

/// The waiting extensions of an item.
fn extensions_of<'a>(work: &'a Work, item: &'a ActionItemRef) -> impl Iterator<Item = u32> + 'a {
    let waits = |request: &&Request| request.state == RequestState::Waiting;
    work.known.requests.values().filter(waits).filter_map(move |request| match &request.kind {
        RequestKind::Extension { item: of, .. } if of == item => Some(request.id),
        _ => None,
    })
}

/// What waits of an item for chair and secretary: extensions, and what an agenda says otherwise.
fn requests_of(work: &Work, item: &ActionItemRef) -> Vec<u32> {
    let conflicts = work.known.requests.values().filter(|request| {
        let is_of = matches!(&request.kind, RequestKind::Conflict { subject: Subject::Action(of), .. } if of == item);
        is_of && request.state == RequestState::Waiting
    });
    extensions_of(work, item).chain(conflicts.map(|request| request.id)).collect()
}

/// Gives a request its end.
pub(super) fn close(work: &mut Work, id: u32, state: RequestState) -> Result<()> {
    let from = work.known.requests.get(&id).map(|request| request.state.to_string());
    work.change(Subject::Request(id), "state", from, Some(state.to_string()))
}

/// What is ruled on.
enum Ruled {
    Proposal(ActionItem),
    Request(Request),
}

fn ruled(work: &Work, sender: &Member, target: &Target) -> Result<Ruled> {
    if !rights::allows(rights::standing(sender), Act::Rule) {
        return Err(Text::new("refused-rulers-only"));
    }
    let id = match resolve::meant(work, target)? {
        Meant::Request(id) => id,
        Meant::Action(reference) => {
            let item = work.known.actions.get(&reference).cloned();
            let item = item.ok_or_else(|| Text::new("refused-unknown").with("reference", &reference))?;
            let waiting = requests_of(work, &reference);
            match (item.status, waiting.as_slice()) {
                (Status::Proposed, _) => return Ok(Ruled::Proposal(item)),
                (_, [only]) => *only,
                _ => return Err(Text::new("refused-nothing-waits").with("reference", reference)),
            }
        }
        Meant::Contribution(contribution) => {
            return Err(Text::new("refused-nothing-waits").with("reference", contribution));
        }
        Meant::Meeting(meeting) => return Err(Text::new("refused-nothing-waits").with("reference", meeting)),
        Meant::Approval(of) => return Err(Text::new("refused-nothing-waits").with("reference", of)),
        Meant::Deliverable(it) => return Err(Text::new("refused-nothing-waits").with("reference", it)),
    };
    waiting_request(work, id).map(Ruled::Request)
}

/// A request that waits for officers to rule on it.
pub(super) fn waiting_request(work: &Work, id: u32) -> Result<Request> {
    let request = work.known.requests.get(&id).cloned();
    let request = request.ok_or_else(|| Text::new("refused-unknown-request").with("id", id))?;
    if !request.is_for_officers() {
        return Err(Text::new("refused-not-yours").with("id", id));
    }
    if request.state != RequestState::Waiting {
        return Err(Text::new("refused-ruled-already").with("id", id).with("state", request.state));
    }
    Ok(request)
}

/// `accept REF`
pub(super) fn accept(work: &mut Work, sender: &Member, target: &Target) -> Result {
    match ruled(work, sender, target)? {
        Ruled::Proposal(proposal) => {
            let reference = actions::next_number(work)?;
            let item = ActionItem { reference: reference.clone(), status: Status::Open, ..proposal.clone() };
            work.make_action(&item)?;
            work.set_action(&proposal.reference, ActionField::Became, Some(reference.to_string()))?;
            work.set_action(&proposal.reference, ActionField::Status, Some(Status::Cancelled.to_string()))?;
            let told = Text::new("told-accepted").with("reference", &reference).with("proposal", &proposal.reference);
            Ok(Told::Done(told.with("what", &item.what)))
        }
        Ruled::Request(request) => {
            let told = match &request.kind {
                RequestKind::Extension { item, due } => {
                    actions::is_ahead(work, due)?;
                    let item =
                        work.known.actions.get(item).and_then(|item| item.became.as_ref()).unwrap_or(item).clone();
                    let status = work.known.actions.get(&item).map(|item| item.status);
                    if let Some(status) = status.filter(|status| !status.is_pending()) {
                        return Err(Text::new("refused-not-pending").with("reference", item).with("status", status));
                    }
                    work.set_action(&item, ActionField::Due, Some(due.to_string()))?;
                    Text::new("told-extended").with("reference", item).with("due", due)
                }
                RequestKind::Conflict { subject, field, document } => {
                    let from = current(work, subject, field);
                    work.change(subject.clone(), field, from, document.clone())?;
                    if let (Subject::Contribution(own), "status_cell", Some(cell)) = (subject, field.as_str(), document)
                    {
                        listed::rule(work, own, cell)?;
                    }
                    let value = document.as_deref().unwrap_or("-");
                    Text::new("told-conflict-accepted")
                        .with("reference", subject)
                        .with("field", field)
                        .with("to", value)
                }
                RequestKind::Doubt { .. } => Text::new("told-doubt-noted").with("id", request.id),
                RequestKind::Upload { document, message_id } => {
                    announcer::accepted(work, &request, document, message_id)?
                }
                RequestKind::Address { .. } | RequestKind::Held { .. } => {
                    return Err(Text::new("refused-not-yours").with("id", request.id));
                }
            };
            close(work, request.id, RequestState::Accepted)?;
            Ok(Told::Done(told))
        }
    }
}

/// `reject REF [because …]`
pub(super) fn reject(work: &mut Work, sender: &Member, target: &Target, because: Option<&str>) -> Result {
    match ruled(work, sender, target)? {
        Ruled::Proposal(proposal) => {
            work.set_action(&proposal.reference, ActionField::Status, Some(Status::Cancelled.to_string()))?;
            if let Some(because) = because {
                work.set_action(&proposal.reference, ActionField::Note, Some(because.to_owned()))?;
            }
            let told = Text::new("told-rejected").with("reference", &proposal.reference).with("what", &proposal.what);
            Ok(Told::Done(told))
        }
        Ruled::Request(request) => {
            if let (RequestKind::Extension { item, .. }, Some(because)) = (&request.kind, because) {
                work.set_action(item, ActionField::Note, Some(because.to_owned()))?;
            }
            close(work, request.id, RequestState::Dropped)?;
            Ok(Told::Done(Text::new("told-request-rejected").with("id", request.id)))
        }
    }
}

/// The value that a field of a subject has now.
pub(super) fn current(work: &Work, subject: &Subject, field: &str) -> Option<String> {
    let known = &work.known;
    match subject {
        Subject::Action(reference) => known.actions.get(reference)?.get(field.parse().ok()?),
        Subject::Contribution(reference) => known.contributions.get(reference)?.get(field.parse().ok()?),
        Subject::Member(id) => known.roster.member(*id)?.get(field.parse().ok()?),
        Subject::Meeting(reference) => known.meeting_by_reference(reference)?.get(field),
        Subject::Request(id) => known.requests.get(id).map(|request| request.state.to_string()),
        Subject::Approval(of) => known.approvals.get(of)?.get(field),
        Subject::Call(day) => known.calls.get(day)?.get(field),
        Subject::Organization(name) => {
            known.roster.organization(name)?.contact.as_ref().filter(|_| field == "contact").map(ToString::to_string)
        }
    }
}

/// The priority that a WHAT cell carries in parentheses, as in "… (high Priority)".
pub(super) fn priority_in(what: &str) -> Option<Priority> {
    let lower = what.to_lowercase();
    let inner = lower.split('(').skip(1).filter_map(|rest| rest.split_once(')')).map(|(inner, _)| inner.trim());
    inner.filter_map(|inner| inner.strip_suffix("priority")).find_map(|word| word.trim().parse().ok())
}
