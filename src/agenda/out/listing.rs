//! Which contributions an agenda lists: what is to be decided, and what was decided since the meeting before.

use crate::domain::life::{FollowUpKind, LinkKind};
use crate::domain::{Contribution, ContributionOutcome, Meeting};

/// The contributions of a meeting's agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<'a> {
    /// Something is left to decide on these.
    pub open: Vec<&'a Contribution>,
    /// Nothing is on these.
    pub decided: Vec<&'a Contribution>,
}

/// The contributions that the agenda of `here` lists, `last` being the meeting before it: all that is still to be
/// decided; what is on this meeting's agenda; what was decided at the last one, or by mail since; and what is to be
/// posted still.
pub fn listed<'a>(
    contributions: impl Iterator<Item = &'a Contribution>,
    here: Option<&Meeting>,
    last: Option<&Meeting>,
) -> Listing<'a> {
    let is_listed = |row: &Contribution| {
        if row.is_blank() {
            return false;
        }
        let is_at = |meeting: &Meeting| {
            [&row.meeting, &row.life.said_at].iter().any(|at| at.as_ref() == Some(&meeting.reference))
        };
        let decided_at = row.life.decisions.last().and_then(|last| last.trace.at.as_ref());
        !is_settled(row)
            || !row.life.unposted().is_empty()
            || here.is_some_and(is_at)
            || last.is_some_and(|last| is_at(last) || decided_at == Some(&last.reference))
            || is_decided_between(row, here, last)
            || here.is_none() && last.is_none()
    };
    let (open, decided) = contributions.filter(|row| is_listed(row)).partition(|row| !is_settled(row));
    Listing { open, decided }
}

/// Whether it was decided by mail since the meeting before began, and not after this one.
fn is_decided_between(row: &Contribution, here: Option<&Meeting>, last: Option<&Meeting>) -> bool {
    let Some(decision) = row.life.decisions.last().filter(|last| last.trace.message.is_some()) else { return false };
    let Some(on) = decision.trace.on else { return false };
    let begins = last.and_then(|last| last.start.or(last.end));
    let ends = here.and_then(Meeting::last_day);
    begins.is_none_or(|begins| on >= begins) && ends.is_none_or(|ends| on <= ends)
}

/// Whether nothing is left to decide on a contribution.
fn is_settled(contribution: &Contribution) -> bool {
    let life = &contribution.life;
    let awaits = |kind: &FollowUpKind| {
        use FollowUpKind::{Call, Merge, Offline, Revision};
        matches!(kind, Revision(_) | Offline(_) | Merge(_) | Call)
    };
    match life.stands_at(None).outcome {
        None | Some(ContributionOutcome::Open | ContributionOutcome::Postponed) => false,
        Some(ContributionOutcome::Noted) => !life.open_follow_ups().any(awaits),
        Some(ContributionOutcome::Revised) => {
            life.links.iter().any(|link| link.kind == LinkKind::RevisedTo) && !life.open_follow_ups().any(awaits)
        }
        Some(_) => true,
    }
}
