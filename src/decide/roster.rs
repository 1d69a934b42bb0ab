//! The group file: where the roster starts. What members and officers changed by mail since stays;
//! a second import adds what is new and corrects names, and takes nothing away.

use crate::domain::{MemberField, Organization, RosterMember, Subject, Text};

use super::members;
use super::work::{Refusal, Work};
use super::{Answer, AnswerLine, Known, LineOutcome, Outcome};

/// History's name for what a group file changed.
pub const BY_ROSTER: &str = "roster import";

/// Decides what a group file changes.
pub(super) fn import(
    known: Known,
    at: jiff::Timestamp,
    organizations: &[Organization],
    roster: &[RosterMember],
) -> Outcome {
    let mut work = Work::new(known, at);
    let mut told: Vec<(LineOutcome, Text)> = Vec::new();
    for organization in organizations {
        if let Err(refusal) = import_organization(&mut work, organization) {
            told.push((LineOutcome::Refused, refusal));
        }
    }
    for member in roster {
        if let Err(refusal) = import_member(&mut work, member) {
            told.push((LineOutcome::Refused, refusal));
        }
    }
    let answer = work.known.rules.as_ref().map(|rules| {
        let count = |kind: fn(&Subject) -> bool| {
            let mut subjects: Vec<&Subject> =
                work.changes.iter().map(|change| &change.subject).filter(|subject| kind(subject)).collect();
            subjects.sort();
            subjects.dedup();
            subjects.len()
        };
        let members = count(|subject| matches!(subject, Subject::Member(_)));
        let organizations = count(|subject| matches!(subject, Subject::Organization(_)));
        told.push((
            if work.changes.is_empty() { LineOutcome::Unchanged } else { LineOutcome::Done },
            Text::new("told-roster").with("members", members).with("organizations", organizations),
        ));
        let line = |(outcome, text): (LineOutcome, Text)| AnswerLine {
            number: 0,
            text: String::new(),
            outcome,
            told: vec![text],
        };
        Answer { lines: told.into_iter().map(line).collect(), ..Answer::new(rules.bot.clone()) }
    });
    Outcome { by: BY_ROSTER.to_owned(), changes: work.changes, known: work.known, answer, ..Outcome::nothing() }
}

fn import_organization(work: &mut Work, organization: &Organization) -> Result<(), Refusal> {
    let known = work.known.roster.organization(&organization.name).cloned();
    let subject = || Subject::Organization(known.as_ref().map_or(&organization.name, |known| &known.name).clone());
    if known.is_none() {
        work.change(subject(), "name", None, Some(organization.name.clone()))?;
    }
    for alias in &organization.aliases {
        if !known.as_ref().is_some_and(|known| known.aliases.contains(alias)) {
            work.change(subject(), "alias", None, Some(alias.clone()))?;
        }
    }
    if let Some(contact) = &organization.contact {
        let from = known.as_ref().and_then(|known| known.contact.as_ref()).map(ToString::to_string);
        work.change(subject(), "contact", from, Some(contact.to_string()))?;
    }
    Ok(())
}

fn import_member(work: &mut Work, member: &RosterMember) -> Result<(), Refusal> {
    let roster = &work.known.roster;
    let organization =
        roster.organization(&member.organization).map_or(&member.organization, |known| &known.name).clone();
    let mut known: Vec<u32> =
        member.addresses.iter().filter_map(|address| roster.member_by_address(address)).map(|known| known.id).collect();
    known.dedup();
    match known.as_slice() {
        [] => members::new_member(work, &member.name, &organization, &member.addresses, &member.roles),
        [id] => {
            let Some(known) = roster.member(*id).cloned() else { return Ok(()) };
            let set = |work: &mut Work, field: MemberField, to: &str| {
                work.set_member(&known, field, known.get(field), Some(to.to_owned()))
            };
            set(work, MemberField::Name, &member.name)?;
            set(work, MemberField::Organization, &organization)?;
            for address in member.addresses.iter().filter(|address| !known.addresses.contains(address)) {
                work.set_member(&known, MemberField::Address, None, Some(address.to_string()))?;
            }
            for role in member.roles.iter().filter(|role| !known.roles.contains(role)) {
                work.set_member(&known, MemberField::Role, None, Some(role.to_string()))?;
            }
            Ok(())
        }
        _ => Err(Text::new("refused-two-members").with("name", &member.name)),
    }
}
