//! Commands about contributions: decisions in the agenda's phrases, what is posted, withdrawn, registered.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::command::Target;
use crate::domain::life::{FollowUp, FollowUpKind, FollowUpState, How, Living, Said, StandsAt, Trace, in_full};
use crate::domain::{
    ApprovalOf, Clause, Contribution, ContributionField, ContributionOutcome, ContributionRef, DocumentRef,
    EmailAddress, Meeting, MeetingRef, Member, Phrase, Reference, Revision, Subject, Text,
};

use super::actions::Told;
use super::resolve::{self, Meant};
use super::rights::{self, Act, Standing};
use super::work::{Refusal, Work};
use super::{ContributionRow, approvals, doubts, proposals};

type Result<T = Told> = std::result::Result<T, Refusal>;

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
    let only = contribution.life.known().into_iter().all(|known| known.number == 0);
    if only && at.revision.number == 0 { at.word().to_owned() } else { at.to_string() }
}

/// A contribution with where it stands.
pub(super) fn row(work: &Work, contribution: &Contribution) -> ContributionRow {
    let stands = stands(work, contribution);
    let is_silent = contribution.life.decisions.is_empty() && contribution.life.follow_ups.is_empty();
    let stands = Some(stands).filter(|stands| !is_silent || !stands.ends_with("open"));
    ContributionRow { contribution: contribution.clone(), stands }
}

/// Puts down what has become of a contribution, and proposes the actions that this words.
pub(super) fn apply(work: &mut Work, own: &ContributionRef, living: Living) -> Result<()> {
    let before = work.known.contributions.get(own).cloned().unwrap_or_else(|| Contribution::new(own.clone()));
    for edit in living.into_edits() {
        work.change(Subject::Contribution(own.clone()), edit.field, edit.from, edit.to)?;
    }
    proposals::propose(work, own, &before)
}

/// Who gives a command, and in which mail.
#[derive(Clone, Copy)]
pub(super) struct By<'a> {
    pub(super) sender: &'a Member,
    /// How history names the mail.
    pub(super) message: &'a str,
}

impl<'a> By<'a> {
    pub(super) fn origin(self) -> Origin<'a> {
        Origin { by: self.sender.addresses.first(), message: self.message }
    }
}

/// Whose word something is, and in which mail.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) by: Option<&'a EmailAddress>,
    /// How history names the mail.
    pub(super) message: &'a str,
}

/// A revision that is named lies at most so far above the highest that is known: one further off is
/// mistyped more often than missed.
const FARTHEST: u8 = 3;

/// What a command's target is.
enum About {
    /// A contribution, perhaps in one revision.
    Contribution(Box<Contribution>, Option<Revision>),
    /// A request for a ruling.
    Request(u32),
}

fn about(work: &Work, target: &Target) -> Result<About> {
    let named = match target {
        Target::Reference(Reference::Document(document)) => document.revision,
        Target::Reference(Reference::Short { revision, .. }) => *revision,
        _ => None,
    };
    match resolve::meant(work, target)? {
        Meant::Contribution(reference) => {
            let known = work.known.contributions.get(&reference).cloned();
            let known = known.ok_or_else(|| Text::new("refused-unknown-contribution").with("reference", &reference))?;
            Ok(About::Contribution(Box::new(known), named))
        }
        Meant::Request(id) => Ok(About::Request(id)),
        Meant::Approval(ApprovalOf::Revision(reference, revision)) => {
            let known = work.known.contributions.get(&reference).cloned();
            let known = known.ok_or_else(|| Text::new("refused-unknown-contribution").with("reference", &reference))?;
            Ok(About::Contribution(Box::new(known), Some(revision)))
        }
        Meant::Approval(of) => Err(Text::new("refused-no-contribution").with("reference", of)),
        Meant::Deliverable(deliverable) => Err(Text::new("refused-no-contribution").with("reference", deliverable)),
        Meant::Action(item) => Err(Text::new("refused-no-contribution").with("reference", item)),
        Meant::Meeting(meeting) => Err(Text::new("refused-no-contribution").with("reference", meeting)),
    }
}

/// The contribution that a target means, and the revision that it names.
pub(super) fn contribution(work: &Work, target: &Target) -> Result<(Contribution, Option<Revision>)> {
    match about(work, target)? {
        About::Contribution(known, named) => Ok((*known, named)),
        About::Request(id) => Err(Text::new("refused-no-contribution").with("reference", Subject::Request(id))),
    }
}

/// Whether a line is about one contribution twice: `0243R01 > R02 agreed` may mean either.
pub(super) fn names_twice(work: &Work, targets: &[Target]) -> bool {
    let mut seen = BTreeSet::new();
    let named = targets.iter().filter_map(|target| match resolve::meant(work, target) {
        Ok(Meant::Contribution(reference)) => Some(reference),
        _ => None,
    });
    let mut named = named;
    named.any(|reference| !seen.insert(reference))
}

/// When, where, by whom: the meeting on whose agenda it is, where that has begun and is not long over.
pub(super) fn trace(work: &Work, origin: Origin<'_>, known: &Contribution) -> Trace {
    let today = work.today();
    let meeting = known.meeting.as_ref().and_then(|meeting| work.known.meeting_by_reference(meeting));
    let held = meeting.filter(|meeting| {
        let last = meeting.end.or(meeting.start);
        meeting.start.is_some_and(|start| start <= today) && last.is_some_and(|last| today <= last)
    });
    Trace {
        on: Some(today),
        at: held.map(|meeting| meeting.reference.clone()),
        by: origin.by.cloned(),
        message: Some(origin.message.to_owned()),
    }
}

/// The meeting on whose agenda it is, once that has begun: what is said now is said of it there.
fn begun(work: &Work, known: &Contribution) -> Option<MeetingRef> {
    let meeting = work.known.meeting_by_reference(known.meeting.as_ref()?)?;
    meeting.start.is_some_and(|start| start <= work.today()).then(|| meeting.reference.clone())
}

/// What is left to do of a contribution, in words.
fn left(known: &Contribution) -> String {
    let left: Vec<String> = known.life.open_follow_ups().map(|kind| kind.to_string().replace('\n', " ")).collect();
    if left.is_empty() { "-".to_owned() } else { left.join("; ") }
}

/// Puts a changed life down, and tells where the contribution stands now.
pub(super) fn told(work: &mut Work, known: &Contribution, living: Living) -> Result {
    let before = stands(work, known);
    let changes = work.changes.len();
    apply(work, &known.reference, living)?;
    let now = work.known.contributions.get(&known.reference).unwrap_or(known);
    let told = |key: &str| {
        let text = Text::new(key).with("reference", &known.reference).with("title", &known.title);
        text.with("stands", stands(work, now)).with("was", &before).with("left", left(now))
    };
    if work.changes.len() == changes {
        return Ok(Told::Unchanged(told("told-contribution-already")));
    }
    let new = work.changes.get(changes..).unwrap_or_default();
    if new.iter().all(|change| change.field == ContributionField::Link.as_str()) {
        let links: Vec<&str> = new.iter().filter_map(|change| change.to.as_deref()).collect();
        return Ok(Told::Done(told("told-linked").with("links", links.join(", "))));
    }
    Ok(Told::Done(told("told-contribution")))
}

/// `REF STATUS-PHRASE`, `3: STATUS-PHRASE`
pub(super) fn decide(work: &mut Work, by: By<'_>, target: &Target, phrase: &Phrase) -> Result {
    record(work, by, target, phrase, false)
}

/// What an approval by e-mail has come to.
pub(super) fn ratified(work: &mut Work, by: By<'_>, target: &Target, phrase: &Phrase) -> Result {
    record(work, by, target, phrase, true)
}

fn record(work: &mut Work, by: By<'_>, target: &Target, phrase: &Phrase, is_ratified: bool) -> Result {
    let (known, named) = match about(work, target)? {
        About::Contribution(known, named) => (*known, named),
        About::Request(id) => return doubts::rule(work, by, id, phrase),
    };
    let standing = rights::standing_to_contribution(&work.known.roster, by.sender, &known);
    if !rights::allows(standing, Act::Decide) {
        return Err(refused("refused-decides", &known).with("deliverable", known.deliverable.as_deref().unwrap_or("-")));
    }
    for clause in &phrase.clauses {
        if let Some((said, outcome)) = clause.decision() {
            check(work, &known, standing, clause, (named, said), outcome)?;
        }
    }
    let trace = trace(work, by.origin(), &known);
    let mut living = Living::new(&known.reference, &known.life);
    living.hear(&Said { phrase, revision: named, trace: &trace });
    if !is_ratified {
        approvals::passes_by_none(work, &known, &living)?;
    }
    if !living.is_unchanged() {
        living.said_at(begun(work, &known).as_ref());
    }
    told(work, &known, living)
}

pub(super) fn refused(key: &str, known: &Contribution) -> Text {
    Text::new(key).with("reference", &known.reference)
}

/// Revisions as people name them, in full: what an answer asks to choose from.
pub(super) fn candidates(known: &Contribution, of: &BTreeSet<Revision>) -> String {
    let in_full = |revision: &Revision| {
        DocumentRef { contribution: known.reference.clone(), revision: Some(*revision) }.to_string()
    };
    of.iter().map(in_full).collect::<Vec<_>>().join(", ")
}

/// Refuses a decision whose revision is not beyond doubt, or that the contribution's life does not allow.
fn check(
    work: &Work,
    known: &Contribution,
    standing: Standing,
    clause: &Clause,
    (before, inside): (Option<Revision>, Option<Revision>),
    outcome: ContributionOutcome,
) -> Result<()> {
    if before.is_some() && inside.is_some() && before != inside {
        return Err(refused("refused-two-revisions", known));
    }
    let revisions = known.life.known();
    let living = Living::new(&known.reference, &known.life);
    let revision = match before.or(inside) {
        Some(revision) => is_near(known, revision).map(|()| revision)?,
        // What is kept open is the contribution itself.
        None if outcome == ContributionOutcome::Open => living.meant(clause),
        None => {
            let below = living.goes_on_in(clause);
            let open: BTreeSet<Revision> =
                revisions.iter().copied().filter(|known| below.is_none_or(|below| *known < below)).collect();
            if open.len() > 1 {
                return Err(refused("refused-which-revision", known).with("candidates", candidates(known, &open)));
            }
            living.meant(clause)
        }
    };
    if let Clause::Merged { into, .. } = clause {
        into.iter().try_for_each(|into| exists(work, known, into))?;
    }
    follows(known, standing, revision, outcome)
}

/// Refuses an outcome of a revision that nobody but an officer's reopening could give it.
pub(super) fn may_become(known: &Contribution, revision: Revision, outcome: ContributionOutcome) -> Result<()> {
    follows(known, Standing::Member, revision, outcome)
}

/// Refuses an outcome that what was decided before does not allow.
fn follows(known: &Contribution, standing: Standing, revision: Revision, outcome: ContributionOutcome) -> Result<()> {
    let Some(last) = known.life.decisions.last().filter(|last| revision <= last.revision || !goes_on(last.outcome))
    else {
        return Ok(());
    };
    let same = last.outcome == outcome && last.revision == revision;
    let allowed = match (last.outcome, outcome) {
        _ if same => true,
        // To reopen what was decided is an officer's.
        (ContributionOutcome::Open | ContributionOutcome::Postponed, _) => true,
        (_, ContributionOutcome::Open) => standing == Standing::Officer,
        (ContributionOutcome::Noted | ContributionOutcome::Revised, outcome) => {
            !outcome.is_positive() && outcome != ContributionOutcome::Postponed
        }
        (last, outcome) => last.is_positive() && (outcome.is_positive() || outcome == ContributionOutcome::Withdrawn),
    };
    if allowed {
        return Ok(());
    }
    Err(refused("refused-decided", known).with("decided", format!("{} {}", last.revision, last.outcome)))
}

/// Whether a higher revision may be decided on after that.
const fn goes_on(outcome: ContributionOutcome) -> bool {
    outcome.goes_on_by_revision() || outcome.is_positive()
}

/// Refuses a revision that is far above all that are known.
pub(super) fn is_near(known: &Contribution, revision: Revision) -> Result<()> {
    let revisions = known.life.known();
    match revisions.last() {
        Some(highest) if revision.number > highest.number.saturating_add(FARTHEST) => {
            let known = refused("refused-revision-far", known).with("candidates", candidates(known, &revisions));
            Err(known.with("revision", revision))
        }
        _ => Ok(()),
    }
}

/// Refuses to merge into what nobody knows, or into itself.
fn exists(work: &Work, known: &Contribution, reference: &Reference) -> Result<()> {
    let Ok(document) = in_full(reference, &known.reference).parse::<DocumentRef>() else { return Ok(()) };
    if document.contribution != known.reference && work.known.contributions.contains_key(&document.contribution) {
        return Ok(());
    }
    if document.contribution == known.reference {
        return Err(refused("refused-into-itself", known));
    }
    Err(Text::new("refused-unknown-contribution").with("reference", document.contribution))
}

/// `reopen REF`
pub(super) fn reopen(work: &mut Work, by: By<'_>, target: &Target) -> Result {
    let clause = Clause::Decided { revision: None, outcome: ContributionOutcome::Open };
    decide(work, by, target, &Phrase { clauses: vec![clause] })
}

/// `note REF TEXT`
pub(super) fn note(work: &mut Work, by: By<'_>, target: &Target, text: &str) -> Result {
    let (known, _) = contribution(work, target)?;
    must_live(work, by, &known)?;
    let mut living = Living::new(&known.reference, &known.life);
    living.follow(FollowUpKind::Remark(text.to_owned()));
    told(work, &known, living)
}

/// Refuses who is neither an officer, its deliverable's rapporteur nor one of its sources.
pub(super) fn must_live(work: &Work, by: By<'_>, known: &Contribution) -> Result<Standing> {
    let standing = rights::standing_to_contribution(&work.known.roster, by.sender, known);
    if rights::allows(standing, Act::Live) {
        return Ok(standing);
    }
    Err(refused("refused-sources-only", known)
        .with("source", Some(known.source.as_str()).filter(|it| !it.is_empty()).unwrap_or("-")))
}

/// `posted REF`
pub(super) fn posted(work: &mut Work, by: By<'_>, target: &Target) -> Result {
    let (known, named) = contribution(work, target)?;
    must_live(work, by, &known)?;
    let revisions = known.life.known();
    let revision = match named {
        Some(revision) => is_near(&known, revision).map(|()| revision)?,
        None if revisions.len() > 1 => {
            return Err(refused("refused-which-revision", &known).with("candidates", candidates(&known, &revisions)));
        }
        None => {
            let only = revisions.first().copied().unwrap_or_default();
            // One that is there already is hardly meant where another is awaited.
            let awaits =
                |follow: &FollowUp| follow.state == FollowUpState::Open && follow.kind == FollowUpKind::Revision(None);
            if known.life.available().contains(&only) && known.life.follow_ups.iter().any(awaits) {
                let next = Revision { number: only.number.saturating_add(1), ..only };
                let candidates = candidates(&known, &BTreeSet::from([only, next]));
                return Err(refused("refused-which-revision", &known).with("candidates", candidates));
            }
            only
        }
    };
    post(work, by.origin(), &known, revision)
}

pub(super) fn post(work: &mut Work, origin: Origin<'_>, known: &Contribution, revision: Revision) -> Result {
    let trace = trace(work, origin, known);
    let mut living = Living::new(&known.reference, &known.life);
    living.available(revision, How::Posted, &trace);
    let Told::Done(_) = told(work, known, living)? else {
        return Ok(Told::Unchanged(refused("told-contribution-already", known)));
    };
    let now = work.known.contributions.get(&known.reference).unwrap_or(known);
    let text = refused("told-posted", now).with("title", &now.title).with("revision", revision.of(&now.reference));
    Ok(Told::Done(text.with("stands", stands(work, now)).with("left", left(now))))
}

/// Files that were attached, each named by its reference and title: what one of a contribution's sources
/// or an officer attaches is posted. Anybody else's only refer to it.
pub(super) fn attached(work: &mut Work, by: By<'_>, document: &DocumentRef) -> Result {
    let target = Target::Reference(Reference::Document(document.clone()));
    let (known, named) = contribution(work, &target)?;
    must_live(work, by, &known)?;
    let revision = named.unwrap_or_default();
    is_near(&known, revision)?;
    if known.life.available.iter().any(|known| known.revision == revision && known.how == How::Posted) {
        return Ok(Told::Unchanged(refused("told-contribution-already", &known)));
    }
    post(work, by.origin(), &known, revision)
}

/// `withdraw REF`
pub(super) fn withdraw(work: &mut Work, by: By<'_>, target: &Target, because: Option<&str>) -> Result {
    let (known, named) = contribution(work, target)?;
    let standing = must_live(work, by, &known)?;
    // What is only expected cannot be taken back: it is the one that there is.
    let highest = || known.life.available().last().copied().or_else(|| known.life.known().last().copied());
    let revision = named.or_else(highest).unwrap_or_default();
    is_near(&known, revision)?;
    let last = known.life.decisions.last();
    if let Some(last) = last.filter(|last| !last.outcome.goes_on_by_revision() && standing == Standing::Source)
        && last.outcome != ContributionOutcome::Withdrawn
    {
        return Err(refused("refused-decided", &known).with("decided", format!("{} {}", last.revision, last.outcome)));
    }
    let trace = trace(work, by.origin(), &known);
    let mut living = Living::new(&known.reference, &known.life);
    living.decide(revision, ContributionOutcome::Withdrawn, &trace);
    if let Some(because) = because.filter(|_| !living.is_unchanged()) {
        living.follow(FollowUpKind::Remark(because.to_owned()));
    }
    told(work, &known, living)
}
