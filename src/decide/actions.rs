//! Commands about action items: where they stand, notes, dates, owners, new ones.

use jiff::Span;

use crate::command::{Target, Verb};
use crate::domain::{
    ActionField, ActionItem, ActionItemRef, ActionPattern, Closing, Due, EmailAddress, Meeting, MeetingRef, Member,
    Owners, Part, Plenary, Priority, RequestKind, Status, Text,
};

use super::resolve;
use super::rights::{self, Act, Standing};
use super::rulings;
use super::work::{Refusal, Work};

/// What came of one item of a command line.
pub(super) enum Told {
    /// It was done.
    Done(Text),
    /// It was so already.
    Unchanged(Text),
}

/// Nothing of a working group is due later than so many years from now.
const FARTHEST: i32 = 10;

type Result<T = Told> = std::result::Result<T, Refusal>;

/// The item that is meant, as it is now.
fn item(work: &Work, target: &Target) -> Result<ActionItem> {
    let reference = resolve::action(work, target)?;
    let item = work.known.actions.get(&reference);
    item.cloned().ok_or_else(|| Text::new("refused-unknown").with("reference", reference))
}

/// What is told of an item: its reference and what it is about.
fn about(key: &str, item: &ActionItem) -> Text {
    Text::new(key).with("reference", &item.reference).with("what", &item.what)
}

/// Refuses what the sender may not do to the item, and says who may.
fn must(work: &Work, sender: &Member, item: &ActionItem, act: Act) -> Result<Standing> {
    let standing = rights::standing_to(&work.known.roster, sender, item);
    if rights::allows(standing, act) {
        return Ok(standing);
    }
    Err(if act == Act::Steer {
        Text::new("refused-officers-only").with("reference", &item.reference)
    } else if act == Act::Confirm {
        about("refused-leads-only", item).with("who", &item.who)
    } else if item.who.list().iter().any(|owner| owner.part == Part::Any) {
        Text::new("refused-interested").with("reference", &item.reference)
    } else if item.who.is_empty() {
        Text::new("refused-no-owner").with("reference", &item.reference)
    } else {
        Text::new("refused-not-owner").with("reference", &item.reference).with("who", &item.who)
    })
}

/// `done`, `confirm`, `reopen`, `ongoing`, `cancel`.
pub(super) fn set(work: &mut Work, sender: &Member, verb: Verb, target: &Target, because: Option<&str>) -> Result {
    let item = item(work, target)?;
    let act = match verb {
        Verb::Done => Act::Done,
        Verb::Confirm => Act::Confirm,
        Verb::Ongoing => Act::Ongoing,
        Verb::Reopen | Verb::Cancel => Act::Steer,
    };
    if item.status == Status::Proposed && verb != Verb::Cancel {
        return Err(Text::new("refused-only-proposed").with("reference", &item.reference));
    }
    let standing = must(work, sender, &item, act)?;
    let to = match next_status(work, &item, verb, standing)? {
        Some(to) => to,
        None => return Ok(Told::Unchanged(about("told-already", &item).with("status", item.status))),
    };
    work.set_action(&item.reference, ActionField::Status, Some(to.to_string()))?;
    if let Some(because) = because {
        work.set_action(&item.reference, ActionField::Note, Some(because.to_owned()))?;
    }
    if !to.is_pending() {
        rulings::overtake(work, &item.reference)?;
    }
    let key = if to == Status::ToBeConfirmed { "told-to-be-confirmed" } else { "told-status" };
    Ok(Told::Done(
        about(key, &item).with("from", item.status).with("to", to).with("confirmers", confirmers(work, &item)),
    ))
}

/// Who can confirm that an item is done.
fn confirmers(work: &Work, item: &ActionItem) -> String {
    let leads: Vec<String> =
        item.who.list().into_iter().filter(|owner| owner.part == Part::Lead).map(|owner| owner.name).collect();
    let review = work.rules().is_ok_and(|rules| rules.closing == Closing::Review);
    if review || leads.is_empty() { "-".to_owned() } else { leads.join(", ") }
}

/// The status that a verb leads to; `None` where the item is there already.
fn next_status(work: &Work, item: &ActionItem, verb: Verb, standing: Standing) -> Result<Option<Status>> {
    let closing = work.rules()?.closing;
    let refused = |key: &str| Err(Text::new(key).with("reference", &item.reference).with("status", item.status));
    let to = match (verb, item.status) {
        (Verb::Done | Verb::Confirm, Status::Closed) => None,
        (Verb::Done | Verb::Confirm | Verb::Ongoing, Status::Cancelled) => return refused("refused-cancelled"),
        (Verb::Ongoing, Status::Closed) => return refused("refused-closed"),
        (Verb::Confirm, Status::Open | Status::Ongoing | Status::Proposed) => {
            return refused("refused-nothing-to-confirm");
        }
        (Verb::Done | Verb::Confirm, _) => {
            let closes = match standing {
                Standing::Officer => true,
                Standing::Lead => closing == Closing::Owner,
                Standing::Supporter | Standing::Rapporteur | Standing::Source | Standing::Member => false,
            };
            if verb == Verb::Confirm && !closes {
                return Err(Text::new("refused-officers-confirm").with("reference", &item.reference));
            }
            Some(if closes { Status::Closed } else { Status::ToBeConfirmed })
        }
        (Verb::Ongoing, _) => Some(Status::Ongoing),
        // A rejected proposal waits again for its number.
        (Verb::Reopen, _) if matches!(item.reference, ActionItemRef::Proposal { .. }) => Some(Status::Proposed),
        (Verb::Reopen, _) => Some(Status::Open),
        (Verb::Cancel, Status::Closed) => return refused("refused-closed"),
        (Verb::Cancel, _) => Some(Status::Cancelled),
    };
    Ok(to.filter(|to| *to != item.status))
}

/// `note REF TEXT`
pub(super) fn note(work: &mut Work, sender: &Member, target: &Target, text: &str) -> Result {
    let item = item(work, target)?;
    must(work, sender, &item, Act::Note)?;
    work.set_action(&item.reference, ActionField::Note, Some(text.to_owned()))?;
    Ok(Told::Done(about("told-note", &item).with("note", text)))
}

/// `priority REF high`
pub(super) fn priority(work: &mut Work, sender: &Member, target: &Target, priority: Option<Priority>) -> Result {
    steer(work, sender, target, ActionField::Priority, priority.map(|priority| priority.to_string()))
}

/// `what REF: TEXT`
pub(super) fn what(work: &mut Work, sender: &Member, target: &Target, text: &str) -> Result {
    steer(work, sender, target, ActionField::What, Some(text.to_owned()))
}

/// `assign REF to OWNERS`
pub(super) fn assign(work: &mut Work, sender: &Member, target: &Target, to: &Owners) -> Result {
    known_owners(work, to)?;
    steer(work, sender, target, ActionField::Who, Some(to.to_string()).filter(|who| !who.is_empty()))
}

/// Chair or secretary give a field a value.
fn steer(work: &mut Work, sender: &Member, target: &Target, field: ActionField, to: Option<String>) -> Result {
    let item = item(work, target)?;
    must(work, sender, &item, Act::Steer)?;
    let from = item.get(field);
    let told = |key: &str| {
        about(key, &item)
            .with("field", field)
            .with("from", from.as_deref().unwrap_or("-"))
            .with("to", to.as_deref().unwrap_or("-"))
    };
    if from == to {
        return Ok(Told::Unchanged(told("told-field-already")));
    }
    let done = told("told-field");
    work.set_action(&item.reference, field, to)?;
    Ok(Told::Done(done))
}

/// `due REF DATE`, and `extend REF DATE`: chair and secretary set it, an owner asks for it.
pub(super) fn due(
    work: &mut Work,
    sender: &Member,
    target: &Target,
    due: Option<&Due>,
    because: Option<&str>,
) -> Result {
    let item = item(work, target)?;
    let standing = must(work, sender, &item, Act::Extend)?;
    if let Some(due) = due {
        is_ahead(work, due)?;
    }
    if !item.status.is_pending() {
        return Err(Text::new("refused-not-pending").with("reference", &item.reference).with("status", item.status));
    }
    if !rights::allows(standing, Act::Steer) {
        let Some(due) = due else { return Err(Text::new("refused-officers-only").with("reference", &item.reference)) };
        return extension(work, sender, &item, due, because);
    }
    let to = due.map(ToString::to_string);
    if item.due.as_ref() == due {
        let value = to.as_deref().unwrap_or("-").to_owned();
        return Ok(Told::Unchanged(about("told-due-already", &item).with("due", value)));
    }
    work.set_action(&item.reference, ActionField::Due, to.clone())?;
    if let Some(because) = because {
        work.set_action(&item.reference, ActionField::Note, Some(because.to_owned()))?;
    }
    rulings::overtake(work, &item.reference)?;
    let dated = due.is_none_or(|due| !is_undated(work, due));
    let key = if dated { "told-due" } else { "told-due-undated" };
    Ok(Told::Done(about(key, &item).with("due", to.as_deref().unwrap_or("-"))))
}

/// An owner's wish for more time, which waits for chair or secretary.
fn extension(work: &mut Work, sender: &Member, item: &ActionItem, due: &Due, because: Option<&str>) -> Result {
    if item.due.as_ref() == Some(due) {
        return Ok(Told::Unchanged(about("told-due-already", item).with("due", due)));
    }
    let kind = RequestKind::Extension { item: item.reference.clone(), due: due.clone() };
    if let Some(known) = rulings::waiting(work, &kind) {
        return Ok(Told::Unchanged(about("told-extension-already", item).with("due", due).with("id", known)));
    }
    rulings::overtake(work, &item.reference)?;
    let id = rulings::ask(work, kind, sender.addresses.first().cloned())?;
    // Who rules on it sees the reason among the item's notes.
    if let Some(because) = because {
        work.set_action(&item.reference, ActionField::Note, Some(because.to_owned()))?;
    }
    Ok(Told::Done(about("told-extension", item).with("due", due).with("id", id)))
}

/// Refuses a day that is past and a meeting that has begun.
pub(super) fn is_ahead(work: &Work, due: &Due) -> Result<()> {
    let today = work.today();
    match due {
        Due::Day(day) if *day < today => Err(Text::new("refused-past").with("date", day).with("today", today)),
        Due::Meeting(name) => match work.known.meeting(name).and_then(Meeting::first_day) {
            Some(start) if start <= today => {
                Err(Text::new("refused-meeting-began").with("meeting", name).with("date", start))
            }
            Some(_) => Ok(()),
            None => not_before_the_last(work, name),
        },
        Due::Day(day) if *day > today.saturating_add(Span::new().years(FARTHEST)) => {
            Err(Text::new("refused-far").with("date", day).with("years", FARTHEST))
        }
        Due::Day(_) => Ok(()),
    }
}

/// Refuses a meeting that nobody has heard of and whose number is below that of one that has begun.
fn not_before_the_last(work: &Work, name: &str) -> Result<()> {
    let today = work.today();
    let begun = work.known.meetings.iter().filter(|meeting| meeting.first_day().is_some_and(|start| start <= today));
    for last in begun {
        let plenary = |last: &Plenary| {
            name.parse::<Plenary>().is_ok_and(|meant| meant.series == last.series && meant.number < last.number)
        };
        let numbers = |meeting: &MeetingRef| (meeting.major, meeting.minor);
        let meeting = name
            .parse::<MeetingRef>()
            .is_ok_and(|meant| meant.prefix == last.reference.prefix && numbers(&meant) < numbers(&last.reference));
        if meeting || last.plenary.as_ref().is_some_and(plenary) {
            return Err(Text::new("refused-meeting-before").with("meeting", name).with("last", &last.reference));
        }
    }
    Ok(())
}

/// Due at a meeting whose dates nobody knows yet.
fn is_undated(work: &Work, due: &Due) -> bool {
    matches!(due, Due::Meeting(name) if work.known.meeting(name).is_none_or(|meeting| meeting.first_day().is_none()))
}

/// Refuses owners that the roster does not know, and says which it knows.
fn known_owners(work: &Work, owners: &Owners) -> Result<()> {
    let roster = &work.known.roster;
    for owner in owners.list().iter().filter(|owner| owner.part != Part::Any) {
        let known = roster.organization(&owner.name).is_some()
            || roster.members.iter().any(|member| roster.is_meant(member, &owner.name));
        if !known {
            let names: Vec<&str> = roster.organizations.iter().map(|known| known.name.as_str()).collect();
            return Err(Text::new("refused-unknown-owner").with("owner", &owner.name).with("known", names.join(", ")));
        }
    }
    Ok(())
}

/// `action OWNERS: TEXT [due …]`: a new item from chair or secretary, a proposal from anybody else.
pub(super) fn create(
    work: &mut Work,
    sender: &Member,
    who: &Owners,
    what: &str,
    due: Option<&Due>,
) -> Result<(Text, ActionItemRef)> {
    let standing = rights::standing(sender);
    known_owners(work, who)?;
    if let Some(due) = due {
        is_ahead(work, due)?;
    }
    let creates = rights::allows(standing, Act::Create);
    let reference = if creates { next_number(work)? } else { next_proposal(work)? };
    let by: Option<EmailAddress> = sender.addresses.first().cloned().filter(|_| !creates);
    let item = ActionItem {
        what: what.to_owned(),
        who: who.clone(),
        status: if creates { Status::Open } else { Status::Proposed },
        due: due.cloned(),
        priority: rulings::priority_in(what),
        proposed_by: by,
        ..ActionItem::new(reference.clone())
    };
    work.make_action(&item)?;
    let key = if creates { "told-created" } else { "told-proposed" };
    let told = about(key, &item).with("who", who).with("due", due.map_or_else(|| "-".to_owned(), ToString::to_string));
    Ok((told, reference))
}

/// The next number in the series of the last meeting that began; before the first one, in the
/// series of the newest item, or of the next meeting. Gaps are never filled.
pub(super) fn next_number(work: &Work) -> Result<ActionItemRef> {
    let scheme = &work.rules()?.references;
    let series = |meeting: &Meeting| match &scheme.patterns.action {
        ActionPattern::OfPlenary => meeting.plenary.clone().map(|plenary| ActionItemRef::Numbered {
            group: scheme.group.clone(),
            plenary,
            number: 1,
        }),
        ActionPattern::OfMeeting { mark, digits } => Some(ActionItemRef::OfMeeting {
            meeting: meeting.reference.clone(),
            mark: mark.clone(),
            number: 1,
            digits: *digits,
        }),
    };
    let today = work.today();
    let begun = work
        .known
        .meetings
        .iter()
        .filter(|meeting| meeting.first_day().is_some_and(|start| start <= today))
        .max_by_key(|meeting| meeting.start)
        .and_then(series);
    let newest = || numbered(work).max_by_key(|item| series_order(item)).cloned();
    let next = || {
        let ahead = work.known.meetings.iter().filter(|meeting| meeting.first_day().is_some());
        ahead.min_by_key(|meeting| meeting.start).and_then(series)
    };
    let Some(one) = begun.or_else(newest).or_else(next) else {
        let plenary = match &scheme.patterns.action {
            ActionPattern::OfPlenary => format!("{}11", scheme.plenary),
            ActionPattern::OfMeeting { .. } => "-".to_owned(),
        };
        return Err(Text::new("refused-no-series").with("plenary", plenary));
    };
    let last = numbered(work).filter(|item| item.is_in_series_of(&one)).filter_map(ActionItemRef::number).max();
    let number = last.unwrap_or(0).checked_add(1);
    number
        .map(|number| one.with_number(number))
        .ok_or_else(|| Text::new("refused-series-full").with("series", one.series()))
}

/// Every numbered item.
fn numbered(work: &Work) -> impl Iterator<Item = &ActionItemRef> {
    work.known.action_references.iter().filter(|reference| reference.number().is_some())
}

/// By what the series of one item is later than that of another.
fn series_order(item: &ActionItemRef) -> Option<(u16, u16)> {
    match item {
        ActionItemRef::Numbered { plenary, .. } => Some((plenary.number, 0)),
        ActionItemRef::OfMeeting { meeting, .. } => Some((meeting.major, meeting.minor)),
        ActionItemRef::Proposal { .. } => None,
    }
}

/// The next number of a proposal.
pub(super) fn next_proposal(work: &Work) -> Result<ActionItemRef> {
    let group = work.rules()?.references.group.clone();
    let proposals = work.known.action_references.iter().filter_map(|reference| match reference {
        ActionItemRef::Proposal { number, .. } => Some(*number),
        _ => None,
    });
    let last = proposals.max().unwrap_or(0);
    // The last number given twice would overwrite the item that has it.
    let number = last.checked_add(1).ok_or_else(|| Text::new("refused-series-full").with("series", &group))?;
    Ok(ActionItemRef::Proposal { group, number })
}
