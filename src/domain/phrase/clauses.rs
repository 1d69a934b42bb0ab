//! The clauses of status phrases, each by the words in which agendas write it.

use std::collections::BTreeMap;

use super::tokens::{Kind, Token};
use super::{Clause, ContributionOutcome};
use crate::domain::{Reference, Revision};

/// Words of decisions.
const OUTCOMES: [(&str, ContributionOutcome); 25] = [
    ("keep open", ContributionOutcome::Open),
    ("kept open", ContributionOutcome::Open),
    ("leave open", ContributionOutcome::Open),
    ("left open", ContributionOutcome::Open),
    ("remains open", ContributionOutcome::Open),
    ("remain open", ContributionOutcome::Open),
    ("still open", ContributionOutcome::Open),
    ("open", ContributionOutcome::Open),
    ("reopened", ContributionOutcome::Open),
    ("re opened", ContributionOutcome::Open),
    ("noted", ContributionOutcome::Noted),
    ("agreed", ContributionOutcome::Agreed),
    ("approved", ContributionOutcome::Approved),
    ("endorsed", ContributionOutcome::Endorsed),
    ("postponed", ContributionOutcome::Postponed),
    ("deferred", ContributionOutcome::Postponed),
    ("revised", ContributionOutcome::Revised),
    ("merged", ContributionOutcome::Merged),
    ("not pursued further", ContributionOutcome::NotPursued),
    ("not pursued any further", ContributionOutcome::NotPursued),
    ("not further pursued", ContributionOutcome::NotPursued),
    ("not pursued", ContributionOutcome::NotPursued),
    ("rejected", ContributionOutcome::Rejected),
    ("withdrawn", ContributionOutcome::Withdrawn),
    ("is withdrawn", ContributionOutcome::Withdrawn),
];

/// What may stand behind a decision and changes nothing of it.
const BEHIND: [&str; 34] = [
    "in the parallel session",
    "in parallel session",
    "in a parallel session",
    "in parallel",
    "in the plenary",
    "in plenary",
    "in plenary session",
    "in session",
    "in this session",
    "in this meeting",
    "in the meeting",
    "in the joint session",
    "in joint session",
    "at this meeting",
    "at the meeting",
    "by the group",
    "by the meeting",
    "by consensus",
    "by the author",
    "by the authors",
    "by author",
    "by authors",
    "by the source",
    "by the sources",
    "by source",
    "unanimously",
    "without presentation",
    "without comments",
    "without discussion",
    "without objection",
    "without opening",
    "as is",
    "for information",
    "to the next meeting",
];

/// Further forms of the same, of decisions that put off or leave open.
const PUT_OFF: [&str; 5] =
    ["to the next meeting", "to next meeting", "until the next meeting", "until next meeting", "to a later meeting"];

/// What may stand before a decision and says nothing more than it.
const BEFORE: [&str; 11] = [
    "the document",
    "document",
    "the contribution",
    "contribution",
    "presented and",
    "discussed and",
    "reviewed and",
    "is",
    "was",
    "has been",
    "now",
];

/// A revision that has no number yet.
const A_REVISION: [&str; 9] = [
    "a new revision",
    "new revision",
    "a further revision",
    "further revision",
    "another revision",
    "updated revision",
    "a revision",
    "the revision",
    "revision",
];

/// Talks that are held at another time.
const CALLS: [&str; 14] = [
    "teleconference",
    "teleconf",
    "tele conference",
    "tele conf",
    "telecon",
    "telco",
    "conference call",
    "conf call",
    "confcall",
    "conference calls",
    "phone call",
    "web call",
    "calls",
    "call",
];

/// Times by which something is expected, in a meeting or shortly after.
const TIMES: [&str; 14] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "tomorrow",
    "session",
    "meeting",
    "call",
    "end of the meeting",
    "end of meeting",
    "end of the week",
];

/// A revision has come.
pub(super) const COME: [&str; 3] = ["posted", "available", "uploaded"];

/// The pieces of a phrase, to be read from any place.
#[derive(Clone, Copy)]
pub(super) struct Pieces<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    /// Words of decisions that the group has besides those of all.
    pub(super) own: &'a BTreeMap<String, ContributionOutcome>,
}

/// What stands at a place.
pub(super) enum Found {
    /// A clause, whole, and the place behind it.
    Clause(Clause, usize),
    /// The beginning of an action, whose text runs on from there.
    Action(usize),
    /// The beginning of a reason, whose text runs on from there.
    Because(usize),
}

impl Pieces<'_> {
    fn kind(&self, at: usize) -> Option<&Kind> {
        self.tokens.get(at).map(|token| &token.kind)
    }

    /// The place behind marks that divide nothing that belongs together.
    pub(super) fn behind_breaks(&self, mut at: usize) -> usize {
        while self.kind(at) == Some(&Kind::Break) {
            at += 1;
        }
        at
    }

    /// The place behind these words.
    fn words(&self, at: usize, words: &str) -> Option<usize> {
        words.split(' ').try_fold(at, |at, word| {
            let at = self.behind_breaks(at);
            let token = self.tokens.get(at).filter(|token| token.kind == Kind::Word)?;
            let written = self.text.get(token.span.clone())?;
            written.eq_ignore_ascii_case(word).then_some(at + 1)
        })
    }

    /// The place behind the first of these that stands there.
    pub(super) fn any(&self, at: usize, of: &[&str]) -> Option<usize> {
        of.iter().find_map(|words| self.words(at, words))
    }

    /// The place behind one of these, or the same place.
    fn skip(&self, at: usize, of: &[&str]) -> usize {
        self.any(at, of).unwrap_or(at)
    }

    /// As [`Pieces::skip`], where nothing but a line's end divides them: behind a comma something else begins.
    fn skip_joined(&self, at: usize, of: &[&str]) -> usize {
        let next = self.behind_breaks(at);
        let joined = self.tokens[at.min(next)..next].iter().all(|token| &self.text[token.span.clone()] == "\n");
        if joined { self.any(next, of).unwrap_or(at) } else { at }
    }

    fn revision(&self, at: usize) -> Option<(Revision, usize)> {
        let at = self.behind_breaks(at);
        match self.kind(at) {
            Some(Kind::Revision(revision)) => Some((*revision, at + 1)),
            _ => None,
        }
    }

    /// A list of references, and the place behind it; a revision alone counts where it is the first.
    fn references(&self, at: usize) -> Option<(Vec<Reference>, usize)> {
        let mut found = Vec::new();
        let mut at = at;
        loop {
            let next = self.behind_breaks(at);
            // "see A and B": what is no further reference belongs to what follows.
            let next = if found.is_empty() { next } else { self.skip(next, &["and"]) };
            match self.kind(self.behind_breaks(next)) {
                Some(Kind::Reference(reference)) => found.push(reference.clone()),
                Some(Kind::Revision(revision)) if found.is_empty() => {
                    return Some((vec![Reference::Revision(*revision)], self.behind_breaks(next) + 1));
                }
                _ => return (!found.is_empty()).then_some((found, at)),
            }
            at = self.behind_breaks(next) + 1;
        }
    }

    /// A list of references behind one of these words.
    fn references_behind(&self, at: usize, words: &[&str]) -> Option<(Vec<Reference>, usize)> {
        self.references(self.any(at, words)?)
    }

    /// What stands at a place.
    pub(super) fn found(&self, at: usize) -> Option<Found> {
        let action = |at: usize| {
            let behind = self.any(at, &["action item", "action", "ai"])?;
            (behind < self.tokens.len()).then_some(Found::Action(self.behind_breaks(behind)))
        };
        let because = |at: usize| Some(Found::Because(self.words(at, "because")?));
        self.clause(at).map(|(clause, end)| Found::Clause(clause, end)).or_else(|| action(at)).or_else(|| because(at))
    }

    fn clause(&self, at: usize) -> Option<(Clause, usize)> {
        let mut start = self.any(at, &BEFORE).map_or(at, |at| self.skip(at, &BEFORE));
        let revision = self.revision(start).map(|(revision, end)| {
            start = self.skip(end, &["is", "was", "has been"]);
            revision
        });
        // "Replied to" alone is a decision of some groups.
        self.joined(start)
            .filter(|_| revision.is_none())
            .or_else(|| self.decided(start, revision))
            .or_else(|| self.awaited(start, revision))
            .or_else(|| self.of_no_revision(start).filter(|_| revision.is_none()))
    }

    /// Where else it is answered or discussed.
    fn joined(&self, at: usize) -> Option<(Clause, usize)> {
        let replied = ["replied to in", "reply in", "replied in", "response in", "answered in"];
        if let Some((within, end)) = self.references_behind(at, &replied) {
            return Some((Clause::RepliedTo(within), end));
        }
        let (within, end) = self.references_behind(at, &["also discussed in", "discussed in", "to be discussed in"])?;
        Some((Clause::Discussed(within), end))
    }

    fn decided(&self, at: usize, revision: Option<Revision>) -> Option<(Clause, usize)> {
        if let Some((outcome, end)) = self.conditional(at) {
            return Some((Clause::Conditionally { revision, outcome }, end));
        }
        let own = self.own.iter().map(|(words, outcome)| (words.as_str(), *outcome));
        let (outcome, end) =
            OUTCOMES.into_iter().chain(own).find_map(|(words, outcome)| Some((outcome, self.words(at, words)?)))?;
        let conditional = ["conditionally", "with conditions"];
        let behind = self.skip_joined(end, &conditional);
        if behind > end && outcome.is_positive() {
            return Some((Clause::Conditionally { revision, outcome }, behind));
        }
        match outcome {
            ContributionOutcome::Revised => Some(self.revised(end, revision)),
            ContributionOutcome::Merged => {
                let (into, end) =
                    self.references_behind(end, &["into", "in", "to", "with"]).unwrap_or_else(|| (Vec::new(), end));
                Some((Clause::Merged { revision, into }, self.behind(end, outcome)))
            }
            _ => Some(self.plain(end, revision, outcome)),
        }
    }

    /// Any other decision; that of a revision may name it last: "Agreed as R01".
    fn plain(&self, at: usize, revision: Option<Revision>, outcome: ContributionOutcome) -> (Clause, usize) {
        let named = self.any(at, &["as", "in"]).filter(|_| revision.is_none()).and_then(|at| self.revision(at));
        let (revision, at) = named.map_or((revision, at), |(named, at)| (Some(named), at));
        (Clause::Decided { revision, outcome }, self.behind(at, outcome))
    }

    fn conditional(&self, at: usize) -> Option<(ContributionOutcome, usize)> {
        let at = self.any(at, &["conditionally", "conditional"])?;
        let forms = [
            ("agreed", ContributionOutcome::Agreed),
            ("agreement", ContributionOutcome::Agreed),
            ("approved", ContributionOutcome::Approved),
            ("approval", ContributionOutcome::Approved),
            ("endorsed", ContributionOutcome::Endorsed),
        ];
        forms.iter().find_map(|(word, outcome)| self.words(at, word).map(|end| (*outcome, end)))
    }

    /// The place behind what changes nothing of a decision.
    fn behind(&self, at: usize, outcome: ContributionOutcome) -> usize {
        let at = self.skip(at, &BEHIND);
        if !matches!(outcome, ContributionOutcome::Postponed | ContributionOutcome::Open) {
            return self.at_meeting(at, &["at", "in"]).unwrap_or(at);
        }
        self.any(at, &PUT_OFF).or_else(|| self.at_meeting(at, &["to", "until"])).unwrap_or(at)
    }

    fn at_meeting(&self, at: usize, words: &[&str]) -> Option<usize> {
        let at = self.behind_breaks(self.any(at, words)?);
        matches!(self.kind(at)?, Kind::Reference(Reference::Meeting(_) | Reference::Plenary(_))).then_some(at + 1)
    }

    /// What follows `revised`.
    fn revised(&self, at: usize, revision: Option<Revision>) -> (Clause, usize) {
        let end = self.behind(at, ContributionOutcome::Revised);
        let (merging, end) = self.references_behind(end, &["merging"]).unwrap_or_else(|| (Vec::new(), end));
        let (to, end) = self.references_behind(end, &["to", "into", "in", "as"]).unwrap_or_else(|| (Vec::new(), end));
        (Clause::Revised { revision, merging, to }, self.behind(end, ContributionOutcome::Revised))
    }

    /// What is said of a revision that is still to come, or has come.
    fn awaited(&self, at: usize, revision: Option<Revision>) -> Option<(Clause, usize)> {
        // "Revision expected", "expect R03"
        let (revision, is_named, at) = match (revision, self.any(at, &A_REVISION)) {
            (None, Some(behind)) => (None, true, behind),
            _ => (revision, revision.is_some(), at),
        };
        let expected = ["is expected", "expected", "awaited", "needed", "required", "to be provided", "to come"];
        if let Some(end) = self.any(at, &expected).filter(|_| is_named) {
            return Some((Clause::Expected(revision), self.by_when(end)));
        }
        let offline = [
            "tbd offline",
            "tbd off line",
            "to be discussed offline",
            "to be discussed off line",
            "to be done offline",
            "offline discussion",
            "off line discussion",
            "discuss offline",
            "offline",
            "off line",
        ];
        if let Some(end) = self.any(at, &offline) {
            return Some((Clause::Offline(revision), end));
        }
        let to_be_posted =
            ["tbposted", "tb posted", "tbp", "tbuploaded", "tb uploaded", "to be posted", "to be uploaded"];
        if let Some(end) = self.any(at, &to_be_posted) {
            return Some((Clause::ToBePosted(revision), end));
        }
        if let (Some(posted), Some(end)) = (revision, self.any(at, &COME)) {
            return Some((Clause::Posted(posted), end));
        }
        if is_named {
            return None;
        }
        if let Some(behind) = self.any(at, &["to be revised"]) {
            let to = self.any(behind, &["to", "in", "into", "as"]).and_then(|to| self.revision(to));
            return Some(match to {
                Some((revision, end)) => (Clause::Expected(Some(revision)), end),
                None => (Clause::Expected(None), behind),
            });
        }
        let behind = self.any(at, &["expecting", "expects", "expect", "awaiting", "await", "awaits"])?;
        match self.revision(behind) {
            Some((revision, end)) => Some((Clause::Expected(Some(revision)), end)),
            None => self.any(behind, &A_REVISION).map(|end| (Clause::Expected(None), end)),
        }
    }

    /// The place behind the time by which something is expected.
    fn by_when(&self, at: usize) -> usize {
        let Some(behind) = self.any(at, &["by", "before", "for"]) else { return at };
        let behind = self.skip(behind, &["the next", "next", "the"]);
        self.any(behind, &TIMES).or_else(|| self.at_meeting(at, &["by", "before", "for"])).unwrap_or(at)
    }

    fn of_no_revision(&self, at: usize) -> Option<(Clause, usize)> {
        if let Some(end) = self.any(at, &["not treated", "not handled"]) {
            return Some((Clause::NotTreated, end));
        }
        let by_mail = [
            "for e mail approval",
            "for email approval",
            "by e mail approval",
            "by email approval",
            "for approval by e mail",
            "for approval by email",
            "e mail approval",
            "email approval",
        ];
        if let Some(end) = self.any(at, &by_mail) {
            return Some((Clause::ForEmailApproval, end));
        }
        if let Some(behind) = self.any(at, &["see also", "see"]) {
            return self.references(behind).map(|(what, end)| (Clause::See(what), end));
        }
        if let Some(behind) = self.any(at, &["to be applied", "to be implemented", "apply"]) {
            let to = self.references_behind(behind, &["to", "in", "into"]);
            let (to, end) = to.unwrap_or_else(|| (Vec::new(), behind));
            return Some((Clause::Apply(to), end));
        }
        self.merge(at).or_else(|| self.call(at))
    }

    fn merge(&self, at: usize) -> Option<(Clause, usize)> {
        let behind = self.any(at, &["to be merged", "merging", "merger", "merge"])?;
        let with = self.references_behind(behind, &["with", "into", "in", "to"]).or_else(|| self.references(behind));
        let (with, end) = with.unwrap_or_else(|| (Vec::new(), behind));
        let end = self.skip_joined(end, &["tbd", "to be discussed", "to be done"]);
        Some((Clause::Merge(with), self.skip_joined(end, &["offline", "off line"])))
    }

    fn call(&self, at: usize) -> Option<(Clause, usize)> {
        let at = self.skip(at, &["tbd", "to be discussed", "for discussion", "discuss", "discussion"]);
        let at = self.skip(at, &["in", "at", "on", "during", "by"]);
        let at = self.skip(at, &["the next", "a next", "next", "the", "a"]);
        self.any(at, &CALLS).map(|end| (Clause::Call, end))
    }
}
