//! Action items that decisions word (`R01 agreed, action to align existing text`): proposed, and nothing more. Each
//! is one of what its contribution has left to do, so the same words in a mail and in an agenda propose it once.

use crate::domain::life::{FollowUp, FollowUpKind, FollowUpState};
use crate::domain::{
    ActionField, ActionItem, ActionItemRef, Change, Contribution, ContributionRef, DocumentRef, EmailAddress, Member,
    Owners, Status, Subject, Text,
};

use super::work::{Refusal, Work};
use super::{actions, rulings};

/// Proposes what a contribution has got to do as actions since it was as `before`.
pub(super) fn propose(work: &mut Work, own: &ContributionRef, before: &Contribution) -> Result<(), Refusal> {
    let Some(known) = work.known.contributions.get(own).cloned() else { return Ok(()) };
    let had: Vec<String> = actions_of(before, false).map(folded).collect();
    let new: Vec<String> =
        actions_of(&known, true).filter(|text| !had.contains(&folded(text))).map(str::to_owned).collect();
    for text in new {
        let item = proposed(work, &known, &text)?;
        // An agenda lists the item that it came to.
        let is_same =
            |other: &ActionItem| other.status != Status::Cancelled && folded(&other.what) == folded(&item.what);
        if !work.known.actions.values().any(is_same) {
            work.make_action(&item)?;
        }
    }
    Ok(())
}

/// The actions that a contribution leaves to do; of all that it ever had, unless only the open ones are wanted.
fn actions_of(known: &Contribution, only_open: bool) -> impl Iterator<Item = &str> {
    let wanted = move |it: &&FollowUp| !only_open || it.state == FollowUpState::Open;
    known.life.follow_ups.iter().filter(wanted).filter_map(|it| match &it.kind {
        FollowUpKind::Action(text) => Some(text.as_str()),
        _ => None,
    })
}

/// The words of an action, as two wordings are compared.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn proposed(work: &Work, known: &Contribution, text: &str) -> Result<ActionItem, Refusal> {
    let last = known.life.decisions.last();
    let by: Option<EmailAddress> = last.and_then(|decided| decided.trace.by.clone());
    let is_officer = |by: &EmailAddress| work.known.roster.member_by_address(by).is_some_and(Member::is_officer);
    let revision = last.map(|decided| decided.revision);
    let of = DocumentRef { contribution: known.reference.clone(), revision };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(ActionItem {
        what: format!("{} (see {of})", as_a_sentence(&text)),
        who: owner(work, known),
        status: Status::Proposed,
        priority: rulings::priority_in(&text),
        proposed_by: by.filter(|by| !is_officer(by)),
        ..ActionItem::new(actions::next_proposal(work)?)
    })
}

/// `to align existing text` as what is to be done: `Align existing text`.
fn as_a_sentence(text: &str) -> String {
    let text = text.get(..3).filter(|start| start.eq_ignore_ascii_case("to ")).map_or(text, |_| text[3..].trim_start());
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Whose it is: the member of the contribution's source, where it is from one organization, and that has one.
fn owner(work: &Work, known: &Contribution) -> Owners {
    let roster = &work.known.roster;
    let sources = Owners::from(known.source.as_str()).list();
    let [source] = sources.as_slice() else { return Owners::from("") };
    let Some(organization) = roster.organization(&source.name) else { return Owners::from("") };
    let own = |name: &str| roster.organization(name).is_some_and(|of| of.name == organization.name);
    let mut members = roster.members.iter().filter(|member| !member.left && own(&member.organization));
    match (members.next(), members.next()) {
        (Some(only), None) => Owners::from(only.name.as_str()),
        _ => Owners::from(""),
    }
}

/// What is told of the proposals among changes, each with the lines that rule on it.
pub(super) fn told(work: &Work, changes: &[Change]) -> Vec<Text> {
    let made = changes.iter().filter_map(|change| made(work, change));
    let told = |item: &ActionItem| {
        let text = Text::new("told-proposed-by-decision").with("reference", &item.reference).with("what", &item.what);
        text.with("who", if item.who.is_empty() { "-" } else { item.who.as_str() })
    };
    made.map(told).collect()
}

/// The proposal that a change has made.
fn made<'a>(work: &'a Work, change: &Change) -> Option<&'a ActionItem> {
    let Subject::Action(reference @ ActionItemRef::Proposal { .. }) = &change.subject else { return None };
    let is_made = change.field == ActionField::Status.as_str() && change.from.is_none();
    work.known.actions.get(reference).filter(|item| is_made && item.status == Status::Proposed)
}
