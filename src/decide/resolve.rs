//! What a command's words mean: references, rows, and what is left out.

use crate::command::Target;
use crate::domain::{ActionItemRef, ApprovalOf, ContributionRef, Deliverable, Reference, Subject, Text};

use super::approvals;
use super::work::{Refusal, Work};

/// What a target turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant {
    /// An action item that exists.
    Action(ActionItemRef),
    /// A contribution that exists.
    Contribution(ContributionRef),
    /// A request.
    Request(u32),
    /// A meeting, by any of its names.
    Meeting(String),
    /// An approval by e-mail.
    Approval(ApprovalOf),
    /// A deliverable.
    Deliverable(Deliverable),
}

/// What a target means, whatever it is.
pub(super) fn meant(work: &Work, target: &Target) -> Result<Meant, Refusal> {
    match target {
        Target::Reference(reference) => by_reference(work, reference),
        Target::Row(row) => by_row(work, *row),
        Target::Request(id) => request(work, *id),
        Target::Omitted => omitted(work),
    }
}

/// The action item that a target means.
pub(super) fn action(work: &Work, target: &Target) -> Result<ActionItemRef, Refusal> {
    match meant(work, target)? {
        Meant::Action(item) => Ok(item),
        Meant::Contribution(contribution) => Err(Text::new("refused-is-contribution").with("reference", contribution)),
        Meant::Request(id) => Err(Text::new("refused-is-request").with("id", id)),
        Meant::Meeting(meeting) => Err(Text::new("refused-is-meeting").with("reference", meeting)),
        Meant::Approval(ApprovalOf::Revision(of, _)) if is_document(work, target) => {
            Err(Text::new("refused-is-contribution").with("reference", of))
        }
        Meant::Approval(of) => {
            Err(Text::new("refused-is-approval").with("of", approvals::called(&of)).with("reference", of))
        }
        Meant::Deliverable(deliverable) => Err(Text::new("refused-is-deliverable").with("reference", deliverable)),
    }
}

/// Whether a row means a revision that nobody is asked to approve.
fn is_document(work: &Work, target: &Target) -> bool {
    let Target::Row(row) = target else { return false };
    let rows = work.known.replied.iter().flat_map(|replied| &replied.rows);
    let mut meant = rows.filter(|(number, _)| number == row);
    meant.any(|(_, subject)| matches!(subject, Subject::Approval(of) if !work.known.approvals.contains_key(of)))
}

fn by_reference(work: &Work, reference: &Reference) -> Result<Meant, Refusal> {
    match reference {
        Reference::Action(item) => existing_action(work, item).map(Meant::Action),
        Reference::Document(document) => existing_contribution(work, &document.contribution).map(Meant::Contribution),
        Reference::Short { .. } => short(work, reference).map(Meant::Contribution),
        Reference::Revision(revision) => Err(Text::new("refused-revision-of-what").with("revision", revision)),
        Reference::Meeting(meeting) => Ok(Meant::Meeting(meeting.to_string())),
        Reference::Plenary(plenary) => Ok(Meant::Meeting(plenary.to_string())),
        Reference::Deliverable(deliverable) => Ok(Meant::Deliverable(deliverable.clone())),
        Reference::Foreign(text) => Err(Text::new("refused-foreign").with("reference", text)),
    }
}

/// The item, or the one that a proposal has become.
fn existing_action(work: &Work, reference: &ActionItemRef) -> Result<ActionItemRef, Refusal> {
    match work.known.actions.get(reference) {
        Some(item) => Ok(item.became.clone().unwrap_or_else(|| reference.clone())),
        None => Err(unknown_action(work, reference)),
    }
}

/// Says that an item is unknown, and which known ones are nearest to it.
fn unknown_action(work: &Work, reference: &ActionItemRef) -> Refusal {
    let written = reference.to_string();
    let mut known: Vec<(usize, String)> = work
        .known
        .action_references
        .iter()
        .map(|known| known.to_string())
        .map(|known| (strsim::damerau_levenshtein(&known, &written), known))
        .collect();
    known.sort();
    let near: Vec<String> = known.into_iter().filter(|(far, _)| *far <= 2).take(3).map(|(_, known)| known).collect();
    if near.is_empty() {
        Text::new("refused-unknown").with("reference", written)
    } else {
        Text::new("refused-unknown-near").with("reference", written).with("near", near.join(", "))
    }
}

fn existing_contribution(work: &Work, reference: &ContributionRef) -> Result<ContributionRef, Refusal> {
    if work.known.contributions.get(reference).is_some_and(|known| !known.is_blank()) {
        Ok(reference.clone())
    } else {
        Err(Text::new("refused-unknown-contribution").with("reference", reference))
    }
}

/// A short form: unique on the agenda of the current or next meeting, else in the year of the
/// mail's date; otherwise ambiguous (PRODUCT.md, section 3).
fn short(work: &Work, written: &Reference) -> Result<ContributionRef, Refusal> {
    let candidates: Vec<_> = work
        .known
        .contributions
        .values()
        .filter(|known| !known.is_blank() && known.reference.is_called(written))
        .collect();
    let today = work.today();
    let meeting = work
        .known
        .meetings
        .iter()
        .filter(|meeting| !meeting.cancelled && meeting.end.or(meeting.start).is_some_and(|end| end >= today))
        .min_by_key(|meeting| meeting.start);
    let on_agenda: Vec<_> = candidates
        .iter()
        .filter(|known| meeting.is_some_and(|meeting| known.meeting.as_ref() == Some(&meeting.reference)))
        .collect();
    let this_year: Vec<_> =
        candidates.iter().filter(|known| i32::from(known.reference.year) == i32::from(today.year())).collect();
    match (on_agenda.as_slice(), this_year.as_slice(), candidates.as_slice()) {
        ([only], _, _) | ([], [only], _) => Ok(only.reference.clone()),
        (_, _, []) => Err(Text::new("refused-unknown-contribution").with("reference", written)),
        _ => {
            let names: Vec<String> = candidates.iter().map(|known| known.reference.to_string()).collect();
            Err(Text::new("refused-ambiguous").with("reference", written).with("candidates", names.join(", ")))
        }
    }
}

fn request(work: &Work, id: u32) -> Result<Meant, Refusal> {
    if work.known.requests.contains_key(&id) {
        Ok(Meant::Request(id))
    } else {
        Err(Text::new("refused-unknown-request").with("id", id))
    }
}

/// What a row of the mail that is replied to means.
fn by_row(work: &Work, row: u16) -> Result<Meant, Refusal> {
    let Some(replied) = &work.known.replied else {
        return Err(Text::new("refused-row-without-mail").with("row", row));
    };
    let Some((_, subject)) = replied.rows.iter().find(|(number, _)| *number == row) else {
        let last = replied.rows.iter().map(|(number, _)| *number).max().unwrap_or(0);
        return Err(if last == 0 {
            Text::new("refused-no-rows").with("row", row)
        } else {
            Text::new("refused-no-such-row").with("row", row).with("last", last)
        });
    };
    by_subject(work, subject)
}

fn by_subject(work: &Work, subject: &Subject) -> Result<Meant, Refusal> {
    match subject {
        Subject::Action(item) => existing_action(work, item).map(Meant::Action),
        Subject::Contribution(contribution) => existing_contribution(work, contribution).map(Meant::Contribution),
        Subject::Request(id) => request(work, *id),
        Subject::Meeting(meeting) => Ok(Meant::Meeting(meeting.to_string())),
        Subject::Approval(of) => Ok(Meant::Approval(of.clone())),
        Subject::Member(_) | Subject::Organization(_) | Subject::Call(_) => Err(Text::new("refused-which")),
    }
}

/// What is meant where nothing is named: the one thing that the mail replied to is about.
fn omitted(work: &Work) -> Result<Meant, Refusal> {
    let rows = work.known.replied.as_ref().map_or(&[][..], |replied| &replied.rows);
    let mut subjects: Vec<&Subject> = rows.iter().map(|(_, subject)| subject).collect();
    subjects.dedup();
    match subjects.as_slice() {
        [only] => by_subject(work, only),
        [] => Err(Text::new("refused-which")),
        _ => Err(Text::new(WHICH_ROW)),
    }
}

/// The key of the refusal that is answered with the rows one may name.
pub(super) const WHICH_ROW: &str = "refused-which-row";
