//! The group file: where the roster starts. What members and officers changed by mail since stays: of a
//! second import only that acts in which a member's entry differs from what the last file said. It adds
//! and corrects, and takes nothing away.

use crate::domain::{EmailAddress, Member, MemberField, Organization, Role, RosterMember, Subject, Text};

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
    let mut cells = Vec::new();
    for member in roster {
        match import_member(&mut work, member) {
            Ok(cell) => cells.extend(cell),
            Err(refusal) => told.push((LineOutcome::Refused, refusal)),
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
    Outcome { by: BY_ROSTER.to_owned(), changes: work.changes, known: work.known, answer, cells, ..Outcome::nothing() }
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

/// A member's entry in the file that was imported last, by (member, this), as JSON.
const ENTRY: &str = "entry";

/// What the next import compares a member's entry with.
type Cell = (Subject, String, String);

/// Imports a member's entry. What it said in the last file too does not act again: whoever was given an
/// office there, and lost it by mail, is not given it by the same file once more.
fn import_member(work: &mut Work, member: &RosterMember) -> Result<Option<Cell>, Refusal> {
    let roster = &work.known.roster;
    let organization =
        roster.organization(&member.organization).map_or(&member.organization, |known| &known.name).clone();
    let mut known: Vec<u32> =
        member.addresses.iter().filter_map(|address| roster.member_by_address(address)).map(|known| known.id).collect();
    known.dedup();
    let id = match known.as_slice() {
        [] => {
            members::new_member(work, &member.name, &organization, &member.addresses, &member.roles)?;
            let made = member.addresses.first().and_then(|address| work.known.roster.member_by_address(address));
            let Some(made) = made else { return Ok(None) };
            made.id
        }
        [id] => {
            let Some(known) = work.known.roster.member(*id).cloned() else { return Ok(None) };
            let before = work.known.baseline.get(&(Subject::Member(*id), ENTRY.to_owned()));
            let before: Option<RosterMember> = before.and_then(|entry| serde_json::from_str(entry).ok());
            correct(work, &known, member, &organization, before.as_ref())?;
            *id
        }
        _ => return Err(Text::new("refused-two-members").with("name", &member.name)),
    };
    let entry = serde_json::to_string(member).map_err(|error| Text::new("refused-value").with("reason", error))?;
    Ok(Some((Subject::Member(id), ENTRY.to_owned(), entry)))
}

/// Gives a known member what their entry has said since the one `before`.
fn correct(
    work: &mut Work,
    known: &Member,
    member: &RosterMember,
    organization: &str,
    before: Option<&RosterMember>,
) -> Result<(), Refusal> {
    let set = |work: &mut Work, field: MemberField, to: &str| {
        work.set_member(known, field, known.get(field), Some(to.to_owned()))
    };
    if before.is_none_or(|before| before.name != member.name) {
        set(work, MemberField::Name, &member.name)?;
    }
    if before.is_none_or(|before| before.organization != member.organization) {
        set(work, MemberField::Organization, organization)?;
    }
    let is_new = |address: &EmailAddress| before.is_none_or(|before| !before.addresses.contains(address));
    for address in member.addresses.iter().filter(|address| is_new(address) && !known.addresses.contains(address)) {
        work.set_member(known, MemberField::Address, None, Some(address.to_string()))?;
    }
    let is_new = |role: &Role| before.is_none_or(|before| !before.roles.contains(role));
    // Who has left holds no office, whatever the file says.
    for role in member.roles.iter().filter(|role| !known.left && is_new(role) && !known.roles.contains(role)) {
        work.set_member(known, MemberField::Role, None, Some(role.to_string()))?;
    }
    Ok(())
}
