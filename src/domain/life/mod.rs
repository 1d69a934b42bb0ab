//! A contribution's life: its revisions, what was decided of them, what is left to do, and what it is
//! joined to (PRODUCT.md, section 4).
//!
//! [`Life`] is what is kept. [`Living`] is a life being changed: each rule of it is a method, and what
//! it does comes out as [`Edit`]s, which history keeps.

mod living;
mod values;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ContributionOutcome, ContributionRef, MeetingRef, Reference, Revision};

pub use living::{Edit, Living, Row, Said};
pub use values::{Available, Decision, FollowUp, FollowUpKind, FollowUpState, How, Link, LinkKind, Trace};

/// What has become of a contribution so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Life {
    /// The revisions that are available, in the order in which they became so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub available: Vec<Available>,
    /// What was decided, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
    /// What is left to do, and was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUp>,
    /// What it is joined to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// The last meeting at which anything was said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_at: Option<MeetingRef>,
}

/// What is shown of where a contribution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandsAt {
    /// What was said of it last; `None` where its meeting has ended and nothing was: `not treated`.
    pub outcome: Option<ContributionOutcome>,
    /// Of which revision.
    pub revision: Revision,
}

impl StandsAt {
    /// The outcome's word: `agreed`, `not treated`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self.outcome {
            Some(outcome) => outcome.as_str(),
            None => "not treated",
        }
    }
}

impl fmt::Display for StandsAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.revision, self.word())
    }
}

impl Life {
    /// Nothing is known of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The revisions that are available.
    #[must_use]
    pub fn available(&self) -> BTreeSet<Revision> {
        self.available.iter().map(|available| available.revision).collect()
    }

    /// The highest revision that is available; the first, where none is.
    #[must_use]
    pub fn highest(&self) -> Revision {
        self.available().last().copied().unwrap_or_default()
    }

    /// The follow-ups that are left to do.
    pub fn open_follow_ups(&self) -> impl Iterator<Item = &FollowUpKind> {
        let open = self.follow_ups.iter().filter(|follow_up| follow_up.state == FollowUpState::Open);
        open.map(|follow_up| &follow_up.kind)
    }

    /// The revisions that are expected by their number.
    #[must_use]
    pub fn expected(&self) -> BTreeSet<Revision> {
        let expects = |kind: &FollowUpKind| match kind {
            FollowUpKind::Revision(revision) | FollowUpKind::Offline(revision) => *revision,
            _ => None,
        };
        self.open_follow_ups().filter_map(expects).collect()
    }

    /// Decided revisions that are not posted yet.
    #[must_use]
    pub fn unposted(&self) -> BTreeSet<Revision> {
        let posts = |kind: &FollowUpKind| match kind {
            FollowUpKind::Post(revision) => Some(*revision),
            _ => None,
        };
        self.open_follow_ups().filter_map(posts).collect()
    }

    /// Every revision that anybody can mean: available, expected, or decided.
    #[must_use]
    pub fn known(&self) -> BTreeSet<Revision> {
        let decided = self.decisions.iter().map(|decision| decision.revision);
        self.available().into_iter().chain(self.expected()).chain(self.unposted()).chain(decided).collect()
    }

    /// Where it stands. `ended` is the meeting on whose agenda it is, where that is over.
    #[must_use]
    pub fn stands_at(&self, ended: Option<&MeetingRef>) -> StandsAt {
        let highest = self.highest();
        let (outcome, revision) = match self.decisions.last() {
            Some(last) if last.outcome.goes_on_by_revision() && highest > last.revision => {
                (ContributionOutcome::Open, highest)
            }
            Some(last) => (last.outcome, last.revision),
            None => (ContributionOutcome::Open, highest),
        };
        let untreated = outcome == ContributionOutcome::Open && ended.is_some() && self.said_at.as_ref() != ended;
        StandsAt { outcome: (!untreated).then_some(outcome), revision }
    }

    /// The open follow-ups as JSON lists them, each once, in order.
    #[must_use]
    pub fn follow_ups_in_short(&self) -> Vec<String> {
        let mut listed: Vec<String> = Vec::new();
        for kind in self.open_follow_ups() {
            let short = kind.short();
            if !listed.contains(&short) {
                listed.push(short);
            }
        }
        listed
    }
}

/// A reference in full, where it was written short of a contribution's own series or is one of its
/// revisions.
#[must_use]
pub fn in_full(reference: &Reference, own: &ContributionRef) -> String {
    match reference {
        Reference::Short { prefix, year, number, numbering, revision } => {
            let prefix = prefix.clone().unwrap_or_else(|| own.prefix.clone());
            let year = year.unwrap_or(own.year);
            let contribution = ContributionRef { prefix, year, number: *number, numbering: *numbering };
            super::DocumentRef { contribution, revision: *revision }.to_string()
        }
        Reference::Revision(revision) => {
            super::DocumentRef { contribution: own.clone(), revision: Some(*revision) }.to_string()
        }
        reference => reference.to_string(),
    }
}

#[cfg(test)]
mod tests;
