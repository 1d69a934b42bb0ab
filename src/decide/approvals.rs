//! Approvals by e-mail: opened and moved by chair, secretary and rapporteurs, answered by members, and
//! ended by whoever ratifies. That their time is over changes nothing by itself.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::command::Target;
use crate::domain::life::Living;
use crate::domain::{
    Approval, ApprovalOf, ApprovalState, Clause, Contribution, ContributionOutcome, ContributionRef, DocumentRef,
    Meeting, Phrase, Reference, Revision, Role, Stance, Subject, Text, Voice,
};

use super::actions::Told;
use super::contributions::{self, By};
use super::resolve::{self, Meant};
use super::rights::{self, Act};
use super::which::{self, Line};
use super::work::{Refusal, Work};
use super::{ApprovalRow, ApprovalStands, Objection};

type Result<T = Told> = std::result::Result<T, Refusal>;

/// An approval runs at most so many days: one that is to run longer is mistyped, or forgotten.
const LONGEST: i32 = 90;

/// `approval REF until DATE`: opens it, or moves its end.
pub(super) fn open(work: &mut Work, by: By<'_>, target: &Target, until: Date) -> Result {
    let of = subject(work, target)?;
    may_open(work, by, &of)?;
    let today = work.today();
    if until < today {
        return Err(Text::new("refused-past").with("date", until).with("today", today));
    }
    if today.until(until).is_ok_and(|span| span.get_days() > LONGEST) {
        return Err(Text::new("refused-approval-long").with("date", until).with("days", LONGEST));
    }
    let known = work.known.approvals.get(&of).cloned();
    let known = known.unwrap_or_else(|| Approval::new(of.clone()));
    if known.state == ApprovalState::Approved {
        return Err(Text::new("refused-approval-decided").with("of", called(&of)));
    }
    can_be_approved(work, &of)?;
    let told = |key: &str, work: &Work| {
        let text = Text::new(key).with("of", called(&of)).with("title", title(work, &of)).with("date", until);
        let text = text.with("list", if has_list(work) { "yes" } else { "no" });
        text.with("posted", if is_available(work, &of) { "yes" } else { "no" })
    };
    if known.is_open() {
        if known.until == Some(until) {
            return Ok(Told::Unchanged(told("told-approval-already", work)));
        }
        set(work, &known, "until", Some(until.to_string()))?;
        return Ok(Told::Done(told("told-approval-moved", work)));
    }
    let own = Subject::Approval(of.clone());
    if work.changes.iter().any(|change| change.subject == own && change.field == "state") {
        // The list would see neither that it ended, nor that what was said of it fell.
        return Err(Text::new("refused-approval-own-mail")
            .with("of", called(&of))
            .with("reference", &of)
            .with("date", until));
    }
    // It begins anew: what was said of it before is history.
    for voice in &known.voices {
        work.change(Subject::Approval(of.clone()), "voice", Some(voice.to_string()), None)?;
    }
    set(work, &known, "reason", None)?;
    set(work, &known, "opener", by.sender.addresses.first().map(ToString::to_string))?;
    set(work, &known, "until", Some(until.to_string()))?;
    set(work, &known, "state", Some(ApprovalState::Open.to_string()))?;
    Ok(Told::Done(told("told-approval-opened", work)))
}

fn has_list(work: &Work) -> bool {
    work.known.rules.as_ref().is_some_and(|rules| rules.list.is_some())
}

/// Gives an approval's field a value.
fn set(work: &mut Work, known: &Approval, field: &str, to: Option<String>) -> Result<()> {
    work.change(Subject::Approval(known.of.clone()), field, known.get(field), to)
}

/// What an approval is to be opened of.
fn subject(work: &Work, target: &Target) -> Result<ApprovalOf> {
    match resolve::meant(work, target)? {
        Meant::Approval(of) => Ok(of),
        Meant::Meeting(name) => match work.known.meeting(&name).filter(|meeting| !meeting.is_empty()) {
            Some(meeting) => Ok(ApprovalOf::Minutes(meeting.reference.clone())),
            None => Err(Text::new("refused-unplanned-meeting").with("meeting", name)),
        },
        _ => {
            let (known, named) = contributions::contribution(work, target)?;
            let revision = match named {
                Some(revision) => contributions::is_near(&known, revision).map(|()| revision)?,
                None => only_revision(&known)?,
            };
            Ok(ApprovalOf::Revision(known.reference, revision))
        }
    }
}

fn only_revision(known: &Contribution) -> Result<Revision> {
    let revisions = known.life.known();
    if revisions.len() > 1 {
        let candidates = contributions::candidates(known, &revisions);
        return Err(contributions::refused("refused-which-revision", known).with("candidates", candidates));
    }
    Ok(revisions.first().copied().unwrap_or_default())
}

/// The contribution that an approval is of, where it is of one.
fn contribution<'a>(work: &'a Work, of: &ApprovalOf) -> Option<&'a Contribution> {
    work.known.contributions.get(of.contribution()?)
}

fn may_open(work: &Work, by: By<'_>, of: &ApprovalOf) -> Result<()> {
    let standing = match contribution(work, of) {
        Some(known) => rights::standing_to_contribution(&work.known.roster, by.sender, known),
        None => rights::standing(by.sender),
    };
    if rights::allows(standing, Act::OpenApproval) {
        return Ok(());
    }
    Err(Text::new("refused-approval-opens").with("of", called(of)))
}

/// Refuses what nobody can approve any more, or yet.
fn can_be_approved(work: &Work, of: &ApprovalOf) -> Result<()> {
    match of {
        ApprovalOf::Minutes(meeting) => {
            let known = work.known.meeting_by_reference(meeting);
            if known.is_some_and(|known| known.cancelled) {
                return Err(Text::new("refused-cancelled-meeting").with("meeting", meeting));
            }
            let end = known.and_then(|known: &Meeting| known.end.or(known.start));
            match end.filter(|end| *end < work.today()) {
                Some(_) => Ok(()),
                None => Err(Text::new("refused-approval-early").with("meeting", meeting)),
            }
        }
        ApprovalOf::Revision(reference, revision) => {
            let known = work.known.contributions.get(reference);
            let known = known.ok_or_else(|| Text::new("refused-unknown-contribution").with("reference", reference))?;
            if is_approved(work, of) {
                return Err(Text::new("refused-approval-decided").with("of", called(of)));
            }
            contributions::may_become(known, *revision, ContributionOutcome::Approved)
        }
    }
}

/// Whether the last that is recorded of a contribution is that this revision of it is approved.
fn is_approved(work: &Work, of: &ApprovalOf) -> bool {
    let ApprovalOf::Revision(_, revision) = of else { return false };
    let last = contribution(work, of).and_then(|known| known.life.decisions.last());
    last.is_some_and(|last| last.revision == *revision && last.outcome == ContributionOutcome::Approved)
}

/// The open approval by e-mail that a decision would pass by: what members object to, only ratifying approves.
pub(super) fn passed_by<'a>(
    work: &'a Work,
    own: &ContributionRef,
    revision: Revision,
    outcome: ContributionOutcome,
) -> Option<&'a Approval> {
    let of = ApprovalOf::Revision(own.clone(), revision);
    work.known.approvals.get(&of).filter(|approval| approval.is_open() && outcome.is_positive())
}

/// Refuses to decide around an approval by e-mail that is open.
pub(super) fn passes_by_none(work: &Work, known: &Contribution, living: &Living) -> Result<()> {
    let decided = living.life().decisions.iter().filter(|decided| !known.life.decisions.contains(decided));
    let mut passed = decided.filter_map(|it| passed_by(work, &known.reference, it.revision, it.outcome));
    let Some(passed) = passed.next() else { return Ok(()) };
    let until = passed.until.map_or_else(|| "-".to_owned(), |until| until.to_string());
    let over = if passed.is_over(work.today()) { "yes" } else { "no" };
    Err(Text::new("refused-by-approval").with("reference", &passed.of).with("date", until).with("over", over))
}

fn is_available(work: &Work, of: &ApprovalOf) -> bool {
    match of {
        ApprovalOf::Revision(_, revision) => {
            contribution(work, of).is_some_and(|known| known.life.available().contains(revision))
        }
        ApprovalOf::Minutes(_) => true,
    }
}

/// What is approved, as a sentence names it.
pub(super) fn called(of: &ApprovalOf) -> String {
    match of {
        ApprovalOf::Revision(..) => of.to_string(),
        ApprovalOf::Minutes(meeting) => format!("the minutes of {meeting}"),
    }
}

/// The title of what is approved; a dash where it has none.
pub(super) fn title(work: &Work, of: &ApprovalOf) -> String {
    let title = contribution(work, of).map(|known| known.title.clone());
    title.filter(|title| !title.is_empty()).unwrap_or_else(|| "-".to_owned())
}

/// Refuses what an approval that has ended can have no more.
fn must_be_open(approval: &Approval) -> Result<()> {
    if approval.is_open() {
        return Ok(());
    }
    Err(Text::new("refused-approval-ended").with("of", called(&approval.of)).with("state", approval.state))
}

/// What a member says of an approval, and when, where that was held since.
#[derive(Debug, Clone, Copy)]
pub(super) struct Says<'a> {
    pub stance: Stance,
    pub because: Option<&'a str>,
    pub held_at: Option<Timestamp>,
}

/// `object [because …]`, `agreed`, `withdraw objection`: any member may.
pub(super) fn voice(work: &mut Work, by: By<'_>, target: &Target, says: Says<'_>) -> Result {
    let Says { stance, because, held_at } = says;
    let approval = which::meant(work, target, Line::of(stance))?;
    if held_at.is_some() && stance == Stance::Objection && approval.has_come_to_something() {
        return after_its_end(work, by, &approval, because);
    }
    must_be_open(&approval)?;
    let (today, own) = (work.day(held_at.unwrap_or(work.at)), approval.voice_of(by.sender.id));
    if stance == Stance::Withdrawn && own.is_none_or(|own| own.stance == Stance::Support) {
        return Err(Text::new("refused-no-objection").with("of", called(&approval.of)));
    }
    let now = Voice::new(stance, by.sender.id, today, approval.is_over(today), by.message, because);
    let told = |key: &str| {
        let text = Text::new(key).with("of", called(&approval.of)).with("stance", stance.as_str());
        let text =
            text.with("date", approval.until.unwrap_or(today)).with("late", if now.is_late { "yes" } else { "no" });
        text.with("because", because.unwrap_or("-"))
    };
    if own.is_some_and(|own| own.stance == stance && (because.is_none() || own.because.as_deref() == because)) {
        return Ok(Told::Unchanged(told("told-voice-already")));
    }
    let from = own.map(ToString::to_string);
    work.change(Subject::Approval(approval.of.clone()), "voice", from, Some(now.to_string()))?;
    Ok(Told::Done(told("told-voice")))
}

/// An objection that was held until its member has confirmed it, and of which whoever ratified knew nothing: it is
/// recorded as late, and undoes nothing.
fn after_its_end(work: &mut Work, by: By<'_>, approval: &Approval, because: Option<&str>) -> Result {
    let own = approval.voice_of(by.sender.id);
    let told = |key: &str| {
        let text = Text::new(key).with("of", called(&approval.of)).with("state", approval.state);
        text.with("stance", Stance::Objection.as_str())
    };
    if own.is_some_and(|own| own.stance == Stance::Objection) {
        return Ok(Told::Unchanged(told("told-voice-already")));
    }
    let late = Voice::new(Stance::Objection, by.sender.id, work.today(), true, by.message, because);
    let from = own.map(ToString::to_string);
    work.change(Subject::Approval(approval.of.clone()), "voice", from, Some(late.to_string()))?;
    Ok(Told::Done(told(AFTER_THE_END)))
}

/// The key of what is told of an objection that was confirmed after the approval had ended.
pub(super) const AFTER_THE_END: &str = "told-voice-after-end";

/// `ratify REF [because …]`, `not approved REF because …`
pub(super) fn ratify(work: &mut Work, by: By<'_>, target: &Target, approved: bool, because: Option<&str>) -> Result {
    if !rights::allows(rights::standing(by.sender), Act::Ratify) {
        return Err(Text::new("refused-ratifies"));
    }
    let approval = which::meant(work, target, if approved { Line::Ratify } else { Line::NotApproved })?;
    let of = approval.of.clone();
    let state = if approved { ApprovalState::Approved } else { ApprovalState::NotApproved };
    let told = |key: &str, work: &Work| {
        let text = Text::new(key).with("of", called(&of)).with("state", state).with("because", because.unwrap_or("-"));
        let text = text.with("list", if has_list(work) { "yes" } else { "no" });
        text.with("by", if is_for_the_chair(by) { "chair" } else { "-" })
    };
    if approval.state == state {
        return Ok(Told::Unchanged(told("told-ratified-already", work)));
    }
    must_be_open(&approval)?;
    if approved {
        let today = work.today();
        if let Some(until) = approval.until.filter(|_| !approval.is_over(today)) {
            return Err(Text::new("refused-approval-runs")
                .with("of", called(&of))
                .with("reference", &of)
                .with("date", until));
        }
        let objectors = names(work, approval.of_stance(Stance::Objection));
        if because.is_none() && !objectors.is_empty() {
            let text = Text::new("refused-approval-objections").with("of", called(&of)).with("reference", &of);
            return Err(text.with("names", objectors.join(", ")).with("count", objectors.len()));
        }
        decide(work, by, &of)?;
    } else {
        if is_approved(work, &of) {
            return Err(Text::new("refused-approval-decided").with("of", called(&of)));
        }
        if because.is_none() {
            return Err(Text::new("refused-approval-reason").with("of", &of));
        }
    }
    set(work, &approval, "reason", because.map(ToOwned::to_owned))?;
    set(work, &approval, "state", Some(state.to_string()))?;
    Ok(Told::Done(told("told-ratified", work)))
}

/// Records what was approved. Minutes are no contribution: the approval is all that is kept of theirs.
fn decide(work: &mut Work, by: By<'_>, of: &ApprovalOf) -> Result<()> {
    let ApprovalOf::Revision(reference, revision) = of else { return Ok(()) };
    let document = DocumentRef { contribution: reference.clone(), revision: Some(*revision) };
    let clause = Clause::Decided { revision: None, outcome: ContributionOutcome::Approved };
    let target = Target::Reference(Reference::Document(document));
    contributions::ratified(work, by, &target, &Phrase { clauses: vec![clause] }).map(|_| ())
}

/// Whether somebody else ratifies in the chair's place.
fn is_for_the_chair(by: By<'_>) -> bool {
    !by.sender.roles.contains(&Role::Chair)
}

/// Who has said something, by name.
pub(super) fn names<'a>(work: &Work, voices: impl Iterator<Item = &'a Voice>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let names = voices.filter_map(|voice| work.known.roster.member(voice.member)).map(|member| member.name.clone());
    names.filter(|name| seen.insert(name.clone())).collect()
}

/// An approval with where it stands and what was said of it.
pub(super) fn row(work: &Work, approval: &Approval) -> ApprovalRow {
    let name = |voice: &Voice| work.known.roster.member(voice.member).map(|member| member.name.clone());
    let objections = approval.of_stance(Stance::Objection).map(|voice| Objection {
        by: name(voice).unwrap_or_else(|| "-".to_owned()),
        because: voice.because.clone(),
        is_late: approval.is_late(voice),
    });
    let stands = match approval.state {
        ApprovalState::Open if approval.is_over(work.today()) => ApprovalStands::ToBeRatified,
        ApprovalState::Open => ApprovalStands::Running,
        ApprovalState::Approved => ApprovalStands::Approved,
        ApprovalState::NotApproved => ApprovalStands::NotApproved,
        ApprovalState::Cancelled => ApprovalStands::Cancelled,
    };
    ApprovalRow {
        of: approval.of.clone(),
        title: contribution(work, &approval.of).map(|known| known.title.clone()).unwrap_or_default(),
        stands,
        until: approval.until,
        objections: objections.collect(),
        supporters: names(work, approval.of_stance(Stance::Support)),
        reason: approval.reason.clone(),
    }
}
