//! The rules of a contribution's life, one method each.

use std::collections::BTreeSet;

use super::values::{Available, Decision, FollowUp, FollowUpKind, FollowUpState, How, Link, LinkKind, Trace};
use super::{Life, in_full};
use crate::domain::{
    Clause, ContributionField, ContributionOutcome, ContributionRef, MeetingRef, Phrase, Reference, Revision,
};

/// One change of a life: a value of a field that was, and one that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which field.
    pub field: ContributionField,
    /// The value before.
    pub from: Option<String>,
    /// The value after.
    pub to: Option<String>,
}

/// A life being changed.
#[derive(Debug, Clone)]
pub struct Living {
    /// Whose.
    own: ContributionRef,
    /// As it has become.
    life: Life,
    edits: Vec<Edit>,
}

/// What is said of a contribution, by whom and where.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The phrase.
    pub phrase: &'a Phrase,
    /// The revision that is named before the phrase, where one is.
    pub revision: Option<Revision>,
    /// When, where, by whom.
    pub trace: &'a Trace,
}

impl Living {
    /// A life as it is now.
    #[must_use]
    pub fn new(own: &ContributionRef, life: &Life) -> Self {
        Self { own: own.clone(), life: life.clone(), edits: Vec::new() }
    }

    /// As it has become.
    #[must_use]
    pub const fn life(&self) -> &Life {
        &self.life
    }

    /// What was changed, in order.
    #[must_use]
    pub fn into_edits(self) -> Vec<Edit> {
        self.edits
    }

    /// Nothing was changed.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.edits.is_empty()
    }

    fn edit(&mut self, field: ContributionField, from: Option<String>, to: Option<String>) {
        self.edits.push(Edit { field, from, to });
    }

    /// The last meeting at which something was said.
    pub fn said_at(&mut self, meeting: Option<&MeetingRef>) {
        if let Some(meeting) = meeting.filter(|meeting| self.life.said_at.as_ref() != Some(meeting)) {
            let from = self.life.said_at.replace(meeting.clone()).map(|before| before.to_string());
            self.edit(ContributionField::SaidAt, from, Some(meeting.to_string()));
        }
    }

    /// A revision has become available: whatever waited for it is met.
    pub fn available(&mut self, revision: Revision, how: How, trace: &Trace) {
        let revision = revision.of(&self.own);
        if self.life.available.iter().any(|known| known.revision == revision && known.how == how) {
            return;
        }
        let highest = self.life.available().last().copied();
        let available = Available { revision, how, trace: trace.clone() };
        self.edit(ContributionField::Revision, None, Some(available.to_string()));
        self.life.available.push(available);
        self.close(|kind| match kind {
            FollowUpKind::Post(awaited) if *awaited == revision => Some(FollowUpState::Met),
            // The text goes on in the higher one.
            FollowUpKind::Post(awaited) => (*awaited < revision).then_some(FollowUpState::Dropped),
            FollowUpKind::Revision(Some(awaited)) | FollowUpKind::Offline(Some(awaited)) => {
                // One that was skipped does not come any more.
                let state = if *awaited == revision { FollowUpState::Met } else { FollowUpState::Dropped };
                (*awaited <= revision).then_some(state)
            }
            FollowUpKind::Revision(None) => {
                highest.is_some_and(|highest| revision > highest).then_some(FollowUpState::Met)
            }
            _ => None,
        });
    }

    /// Gives those open follow-ups that `to` names a state another one.
    fn close(&mut self, to: impl Fn(&FollowUpKind) -> Option<FollowUpState>) {
        for at in 0..self.life.follow_ups.len() {
            let Some(follow_up) = self.life.follow_ups.get(at).filter(|it| it.state == FollowUpState::Open) else {
                continue;
            };
            let Some(state) = to(&follow_up.kind) else { continue };
            let closed = FollowUp { state, kind: follow_up.kind.clone() };
            let from = follow_up.to_string();
            self.edit(ContributionField::FollowUp, Some(from), Some(closed.to_string()));
            self.life.follow_ups[at] = closed;
        }
    }

    /// Something is left to do; the same is not left twice.
    pub fn follow(&mut self, kind: FollowUpKind) {
        let kind = kind.of(&self.own);
        if self.life.open_follow_ups().any(|open| *open == kind) {
            return;
        }
        let follow_up = FollowUp { state: FollowUpState::Open, kind };
        // The same thing once more takes the place of what was closed.
        let again = self.life.follow_ups.iter().position(|closed| closed.kind == follow_up.kind);
        let from = again.and_then(|at| self.life.follow_ups.get(at)).map(ToString::to_string);
        self.edit(ContributionField::FollowUp, from, Some(follow_up.to_string()));
        match again.and_then(|at| self.life.follow_ups.get_mut(at)) {
            Some(closed) => *closed = follow_up,
            None => self.life.follow_ups.push(follow_up),
        }
    }

    /// These follow-ups are not left to do any more.
    pub fn drop_follow_ups(&mut self, dropped: impl Fn(&FollowUpKind) -> bool) {
        self.close(|kind| dropped(kind).then_some(FollowUpState::Dropped));
    }

    /// It is joined to another document.
    pub fn link(&mut self, kind: LinkKind, to: String) {
        let link = Link { kind, to };
        if !self.life.links.contains(&link) {
            self.edit(ContributionField::Link, None, Some(link.to_string()));
            self.life.links.push(link);
        }
    }

    /// A decision of a revision. The same one of the same revision is recorded once.
    pub fn decide(&mut self, revision: Revision, outcome: ContributionOutcome, trace: &Trace) {
        let revision = revision.of(&self.own);
        let before = self.life.decisions.iter().rfind(|decision| decision.revision == revision);
        let is_last = self.life.decisions.last().is_some_and(|last| last.revision == revision);
        let repeats = before.is_some_and(|before| before.outcome == outcome);
        if repeats && (is_last || outcome != ContributionOutcome::Open) {
            return;
        }
        let decision = Decision { revision, outcome, trace: trace.clone() };
        self.edit(ContributionField::Decision, None, Some(decision.to_string()));
        self.life.decisions.push(decision);
        self.overtake(revision, outcome);
        let posted = self.life.available().last().is_some_and(|highest| *highest >= revision);
        if outcome.needs_the_document() && !posted {
            self.follow(FollowUpKind::Post(revision));
        }
    }

    /// Closes what a decision leaves nothing to do of.
    fn overtake(&mut self, revision: Revision, outcome: ContributionOutcome) {
        if outcome == ContributionOutcome::Open {
            return;
        }
        let is_last_word = !outcome.goes_on_by_revision();
        let highest = self.life.highest();
        self.close(|kind| match kind {
            FollowUpKind::Merge(_) if outcome == ContributionOutcome::Merged => Some(FollowUpState::Met),
            FollowUpKind::Revision(Some(awaited)) | FollowUpKind::Offline(Some(awaited)) => {
                (is_last_word || *awaited <= revision).then_some(FollowUpState::Dropped)
            }
            FollowUpKind::Revision(None) if revision > highest => Some(FollowUpState::Met),
            FollowUpKind::Revision(None)
            | FollowUpKind::Offline(None)
            | FollowUpKind::Call
            | FollowUpKind::Merge(_) => is_last_word.then_some(FollowUpState::Dropped),
            FollowUpKind::Post(awaited) => {
                (*awaited < revision || is_last_word && !outcome.is_positive()).then_some(FollowUpState::Dropped)
            }
            _ => None,
        });
    }

    /// The revision that a decision without one is of: the highest that is available and, where it
    /// says where the text goes on, lower than that.
    #[must_use]
    pub fn meant(&self, clause: &Clause) -> Revision {
        let below = self.goes_on_in(clause);
        let is_below = |revision: &Revision| below.is_none_or(|below| *revision < below);
        let available = self.life.available().into_iter().rfind(is_below);
        available.or_else(|| self.life.known().into_iter().rfind(is_below)).unwrap_or_default()
    }

    /// The revision of its own in which a text goes on, where a clause says so.
    #[must_use]
    pub fn goes_on_in(&self, clause: &Clause) -> Option<Revision> {
        match clause {
            Clause::Revised { to, .. } => to.iter().find_map(|to| self.own_revision(to)),
            _ => None,
        }
    }

    /// The revision of this very contribution that a reference names.
    fn own_revision(&self, reference: &Reference) -> Option<Revision> {
        match reference {
            Reference::Revision(revision) => Some(*revision),
            Reference::Document(document) if document.contribution == self.own => document.revision,
            _ => None,
        }
    }

    /// Takes in all that a phrase says; its decisions only where they are not doubtful.
    pub fn hear(&mut self, said: &Said<'_>) {
        let decides = said.phrase.doubt().is_none();
        let mut decided = said.revision;
        for clause in &said.phrase.clauses {
            if let Some((named, outcome)) = clause.decision() {
                let revision = named.or(said.revision).unwrap_or_else(|| self.meant(clause));
                if decides {
                    self.decide(revision, outcome, said.trace);
                    decided = Some(revision);
                }
            }
            self.hear_clause(clause, decided, decides, said);
        }
    }

    fn hear_clause(&mut self, clause: &Clause, decided: Option<Revision>, decides: bool, said: &Said<'_>) {
        let full = |this: &Self, reference: &Reference| in_full(reference, &this.own);
        match clause {
            Clause::Decided { .. } | Clause::NotTreated => {}
            Clause::Merged { into, .. } if decides => {
                for reference in into {
                    self.link(LinkKind::MergedInto, full(self, reference));
                }
            }
            Clause::Revised { merging, to, .. } if decides => {
                for reference in merging {
                    self.link(LinkKind::Merges, full(self, reference));
                }
                for reference in to {
                    match self.own_revision(reference) {
                        Some(revision) => self.expect(Some(revision)),
                        None => self.link(LinkKind::RevisedTo, full(self, reference)),
                    }
                }
            }
            Clause::Merged { .. } | Clause::Revised { .. } => {}
            Clause::Expected(revision) => self.expect(*revision),
            Clause::Offline(revision) => {
                if revision.is_none_or(|revision| !self.life.available().contains(&revision)) {
                    self.follow(FollowUpKind::Offline(*revision));
                }
            }
            Clause::Merge(with) if with.is_empty() => self.follow(FollowUpKind::Merge(None)),
            Clause::Merge(with) => {
                for reference in with {
                    self.follow(FollowUpKind::Merge(Some(full(self, reference))));
                }
            }
            Clause::ToBePosted(revision) => match revision.or(decided) {
                Some(revision) if self.life.available().contains(&revision) => {}
                Some(revision) if decided == Some(revision) => self.follow(FollowUpKind::Post(revision)),
                revision => self.expect(revision),
            },
            Clause::Posted(revision) => {
                let how = if said.trace.message.is_some() { How::Posted } else { How::Listed };
                self.available(*revision, how, said.trace);
            }
            Clause::See(what) => {
                for reference in what {
                    self.follow(FollowUpKind::See(full(self, reference)));
                }
            }
            Clause::RepliedTo(within) => {
                for reference in within {
                    self.link(LinkKind::RepliedTo, full(self, reference));
                }
            }
            Clause::Discussed(within) => {
                for reference in within {
                    self.link(LinkKind::Discussed, full(self, reference));
                }
            }
            Clause::Call => self.follow(FollowUpKind::Call),
            Clause::Apply(to) => {
                self.follow(FollowUpKind::Apply(to.first().map(|reference| full(self, reference))));
            }
            Clause::Action(text) => self.follow(FollowUpKind::Action(text.clone())),
            Clause::Remark(text) | Clause::Because(text) | Clause::NotUnderstood(text) => {
                self.follow(FollowUpKind::Remark(text.clone()));
            }
            Clause::Conditionally { .. } | Clause::ForEmailApproval => {
                self.follow(FollowUpKind::Remark(clause.to_string()));
            }
        }
    }

    fn expect(&mut self, revision: Option<Revision>) {
        if revision.is_none_or(|revision| !self.life.available().contains(&revision)) {
            self.follow(FollowUpKind::Revision(revision));
        }
    }
}

/// What a phrase leaves to do, were it said of a contribution of which nothing else is known: by that
/// two wordings of an agenda's cell are compared.
pub(super) fn follow_ups_of(phrase: &Phrase, own: &ContributionRef) -> Vec<FollowUpKind> {
    let mut living = Living::new(own, &Life::default());
    living.hear(&Said { phrase, revision: None, trace: &Trace::default() });
    living.life.open_follow_ups().cloned().collect()
}

impl Living {
    /// Takes in an agenda's row: its reference cell lists `listed`, and `phrase` is what its status cell
    /// says now. What `before`, the wording of the last agenda, has left to do and the new one does not
    /// is dropped. Where the status cell has not `changed`, only its revisions count.
    pub fn read_row(&mut self, row: &Row<'_>) {
        let called = called_expected(row.phrase);
        let is_there = |revision: &&Revision| !called.contains(revision) || row.come_since.contains(revision);
        for revision in row.listed.iter().filter(is_there) {
            self.available(*revision, How::Listed, &Trace { by: None, message: None, ..row.trace.clone() });
        }
        if !row.changed {
            return;
        }
        if let Some(before) = row.before {
            let kept = follow_ups_of(row.phrase, &self.own);
            let gone: Vec<FollowUpKind> =
                follow_ups_of(before, &self.own).into_iter().filter(|kind| !kept.contains(kind)).collect();
            self.drop_follow_ups(|kind| !matches!(kind, FollowUpKind::Post(_)) && gone.contains(kind));
        }
        self.hear(&Said { phrase: row.phrase, revision: None, trace: row.trace });
    }
}

/// A row of an agenda.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The revisions that its reference cell lists.
    pub listed: &'a BTreeSet<Revision>,
    /// Those of them that came after what its status says was said.
    pub come_since: &'a BTreeSet<Revision>,
    /// What its status cell says.
    pub phrase: &'a Phrase,
    /// What the same cell said in the last document.
    pub before: Option<&'a Phrase>,
    /// The status cell says something else than in the last document.
    pub changed: bool,
    /// When, where, by whom.
    pub trace: &'a Trace,
}

/// The revisions that a phrase calls expected or still to be posted: a reference cell that lists them
/// does not make them available.
fn called_expected(phrase: &Phrase) -> BTreeSet<Revision> {
    let mut called = BTreeSet::new();
    let mut decided = None;
    for clause in &phrase.clauses {
        if let Some((Some(revision), _)) = clause.decision() {
            decided = Some(revision);
        }
        called.extend(match clause {
            Clause::Expected(revision) | Clause::Offline(revision) => *revision,
            Clause::ToBePosted(revision) => revision.or(decided),
            _ => None,
        });
    }
    called
}
