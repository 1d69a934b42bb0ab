//! Commands about contributions: decisions in the agenda's phrases, what is posted, withdrawn, registered.

use jiff::civil::Date;

use crate::domain::life::{Living, StandsAt};
use crate::domain::{Contribution, ContributionRef, Meeting, Subject};

use super::ContributionRow;
use super::work::{Refusal, Work};

/// Where a contribution stands on a day: what nobody spoke of is `not treated` once its meeting is over.
#[must_use]
pub fn stands_at(contribution: &Contribution, meetings: &[Meeting], today: Date) -> StandsAt {
    let listed = contribution.meeting.as_ref();
    let meeting = meetings.iter().find(|meeting| Some(&meeting.reference) == listed);
    let ended = meeting.and_then(|meeting| meeting.end.or(meeting.start)).is_some_and(|end| end < today);
    contribution.life.stands_at(listed.filter(|_| ended))
}

/// Where a contribution stands in words: the revision only where there is more than the first.
pub(super) fn stands(work: &Work, contribution: &Contribution) -> String {
    let at = stands_at(contribution, &work.known.meetings, work.today());
    let only = contribution.life.known().into_iter().all(|known| known.0 == 0);
    if only && at.revision.0 == 0 { at.word().to_owned() } else { at.to_string() }
}

/// A contribution with where it stands.
pub(super) fn row(work: &Work, contribution: &Contribution) -> ContributionRow {
    let stands = stands(work, contribution);
    let is_silent = contribution.life.decisions.is_empty() && contribution.life.follow_ups.is_empty();
    let stands = Some(stands).filter(|stands| !is_silent || !stands.ends_with("open"));
    ContributionRow { contribution: contribution.clone(), stands }
}

/// Puts down what has become of a contribution.
pub(super) fn apply(work: &mut Work, own: &ContributionRef, living: Living) -> Result<(), Refusal> {
    for edit in living.into_edits() {
        work.change(Subject::Contribution(own.clone()), edit.field, edit.from, edit.to)?;
    }
    Ok(())
}
