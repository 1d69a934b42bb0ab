//! What chair and secretary say of rows of an agenda that were not understood: `3: STATUS-PHRASE`, `3 remark`.

use crate::command::Target;
use crate::domain::life::{FollowUpKind, Living, Said};
use crate::domain::{ContributionField, Phrase, Request, RequestKind, RequestState, Subject, Text};

use super::actions::Told;
use super::contributions::{self, By};
use super::resolve::{self, Meant};
use super::rights::{self, Act};
use super::work::{Refusal, Work};
use super::{approvals, rulings};

type Result<T> = std::result::Result<T, Refusal>;

/// The doubtful row of a contribution that a request is about.
fn doubtful(work: &Work, by: By<'_>, id: u32) -> Result<Request> {
    if !rights::allows(rights::standing(by.sender), Act::Rule) {
        return Err(Text::new("refused-rulers-only"));
    }
    rulings::waiting_request(work, id)
}

/// `3: STATUS-PHRASE`: what a doubtful status cell means.
pub(super) fn rule(work: &mut Work, by: By<'_>, id: u32, phrase: &Phrase) -> Result<Told> {
    let request = doubtful(work, by, id)?;
    let own = match &request.kind {
        RequestKind::Doubt { about: Some(own), .. } => own,
        RequestKind::Conflict { subject: Subject::Contribution(own), field, .. }
            if *field == ContributionField::StatusCell.to_string() =>
        {
            own
        }
        _ => return Err(Text::new("refused-no-status").with("id", id)),
    };
    let known = work.known.contributions.get(own).cloned();
    let known = known.ok_or_else(|| Text::new("refused-unknown-contribution").with("reference", own))?;
    let scheme = work.rules()?.references.clone();
    let cell = Phrase::read(&known.status_cell, &scheme);
    let trace = contributions::trace(work, by.origin(), &known);
    let mut living = Living::new(own, &known.life);
    // It was kept as a remark until somebody said what it means.
    living.drop_follow_ups(
        |kind| matches!(kind, FollowUpKind::Remark(text) if cell.not_understood().any(|kept| kept == text)),
    );
    living.hear(&Said { phrase, revision: None, trace: &trace });
    approvals::passes_by_none(work, &known, &living)?;
    living.said_at(known.meeting.as_ref());
    rulings::close(work, id, RequestState::Accepted)?;
    contributions::told(work, &known, living)
}

/// `3 remark`: what a document says there is nothing more than a remark.
pub(super) fn remark(work: &mut Work, by: By<'_>, target: &Target) -> Result<Told> {
    let Meant::Request(id) = resolve::meant(work, target)? else { return Err(Text::new("refused-no-doubt")) };
    let request = doubtful(work, by, id)?;
    if !matches!(request.kind, RequestKind::Doubt { .. }) {
        return Err(Text::new("refused-no-doubt"));
    }
    rulings::close(work, id, RequestState::Accepted)?;
    Ok(Told::Done(Text::new("told-doubt-noted").with("id", id)))
}
