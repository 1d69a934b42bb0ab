//! Status phrases: what a status cell of an agenda, or a line of a mail, says of a contribution
//! (`Noted, R01 TBD offline`, `R01 agreed (TBPosted)`).
//!
//! A small language of its own. [`Phrase::read`] never fails: what it does not understand stays in
//! the phrase, verbatim, for a ruling. Printing gives the canonical spelling, and reading that gives
//! the phrase back.

mod cell;
mod clauses;
mod read;
mod tokens;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{NotA, Reference, ReferenceScheme, Revision, text_serde};

pub use cell::listed_revisions;
pub use read::LONGEST;

/// What a meeting or an e-mail approval says of one revision of a contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContributionOutcome {
    /// Nothing is decided, and it is kept for later.
    Open,
    /// Taken note of.
    Noted,
    /// Agreed.
    Agreed,
    /// Approved.
    Approved,
    /// Endorsed.
    Endorsed,
    /// Put off to a later meeting.
    Postponed,
    /// Its text goes on in another revision or document.
    Revised,
    /// Its text goes on in another contribution.
    Merged,
    /// Given up by the group.
    NotPursued,
    /// Rejected.
    Rejected,
    /// Taken back by its sources.
    Withdrawn,
}

impl ContributionOutcome {
    /// Every outcome.
    pub const ALL: [Self; 11] = [
        Self::Open,
        Self::Noted,
        Self::Agreed,
        Self::Approved,
        Self::Endorsed,
        Self::Postponed,
        Self::Revised,
        Self::Merged,
        Self::NotPursued,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// The outcome as agendas and JSON write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Noted => "noted",
            Self::Agreed => "agreed",
            Self::Approved => "approved",
            Self::Endorsed => "endorsed",
            Self::Postponed => "postponed",
            Self::Revised => "revised",
            Self::Merged => "merged",
            Self::NotPursued => "not pursued",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The group has taken the text on.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        matches!(self, Self::Agreed | Self::Approved | Self::Endorsed)
    }

    /// A higher revision makes the contribution open again: nothing else is said of it yet.
    #[must_use]
    pub const fn goes_on_by_revision(self) -> bool {
        matches!(self, Self::Open | Self::Noted | Self::Postponed | Self::Revised)
    }

    /// The revision that it is said of was before the group, and is to be found with the others.
    #[must_use]
    pub const fn needs_the_document(self) -> bool {
        matches!(self, Self::Noted | Self::Agreed | Self::Approved | Self::Endorsed | Self::Revised)
    }
}

impl fmt::Display for ContributionOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ContributionOutcome {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let outcome = Self::ALL.into_iter().find(|outcome| outcome.as_str() == text);
        outcome.ok_or_else(|| NotA::new(text, "outcome of a contribution", "open, noted, agreed, not pursued, …"))
    }
}

text_serde!(ContributionOutcome);

/// One thing that a status phrase says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    /// `Noted`, `R01 agreed`, `Keep OPEN`: a decision, of the revision that is named before it.
    Decided {
        /// The revision, where one is named.
        revision: Option<Revision>,
        /// What is decided.
        outcome: ContributionOutcome,
    },
    /// `Revised to S2-1908628`, `Revised in parallel session, merging … to …`.
    Revised {
        /// The revision, where one is named.
        revision: Option<Revision>,
        /// What is merged into its revision.
        merging: Vec<Reference>,
        /// Where its text goes on.
        to: Vec<Reference>,
    },
    /// `Merged into 0251R02`.
    Merged {
        /// The revision, where one is named.
        revision: Option<Revision>,
        /// Into what.
        into: Vec<Reference>,
    },
    /// `Conditionally agreed`: no decision before the condition is met.
    Conditionally {
        /// The revision, where one is named.
        revision: Option<Revision>,
        /// What it will be.
        outcome: ContributionOutcome,
    },
    /// `Not treated`: no decision.
    NotTreated,
    /// `For e-mail approval`: no decision before that is ratified.
    ForEmailApproval,
    /// `R02 expected`, `Revision expected`.
    Expected(Option<Revision>),
    /// `R01 TBD offline`.
    Offline(Option<Revision>),
    /// `Merge TBD offline`, `to be merged with 0251`.
    Merge(Vec<Reference>),
    /// `TBPosted`.
    ToBePosted(Option<Revision>),
    /// `R02 posted`.
    Posted(Revision),
    /// `see 0243R02`.
    See(Vec<Reference>),
    /// `Replied to in S3-140456`: where it is answered; no decision.
    RepliedTo(Vec<Reference>),
    /// `Discussed in SA3#75`: where else it is discussed; no decision.
    Discussed(Vec<Reference>),
    /// `TBD in teleconf`.
    Call,
    /// `to be applied to TS-0003`.
    Apply(Vec<Reference>),
    /// `action to align existing text`: what is to be done.
    Action(String),
    /// What is marked as a remark: in parentheses or after a semicolon.
    Remark(String),
    /// `because TEXT`: a reason, to the end of the phrase.
    Because(String),
    /// What is not understood, verbatim, one line of it under the other.
    NotUnderstood(String),
}

/// Why a phrase decides nothing although it holds words of decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It says two things of one revision, or does not say of which of two.
    Contradiction,
    /// What is not understood of it asks, negates or limits.
    Limited,
}

/// What a status cell or a line of a mail says of a contribution, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phrase {
    /// What it says, in order.
    pub clauses: Vec<Clause>,
}

impl Phrase {
    /// Reads a phrase. Letter case, commas, line breaks, full stops, hyphens and blanks do not matter.
    #[must_use]
    pub fn read(text: &str, scheme: &ReferenceScheme) -> Self {
        read::read(text, scheme)
    }

    /// Whether nothing of it is understood.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        self.clauses.iter().all(|clause| matches!(clause, Clause::NotUnderstood(_)))
    }

    /// Whether a text begins as a status phrase does, whatever follows.
    #[must_use]
    pub fn begins(text: &str, scheme: &ReferenceScheme) -> bool {
        read::begins(text, scheme)
    }

    /// Whether what it says first is what status columns are for: a decision, or what is awaited. A
    /// reference to something else or a remark says too little.
    #[must_use]
    pub fn begins_as_status(&self) -> bool {
        self.clauses.first().is_some_and(Clause::is_status)
    }

    /// Whether it joins what it is said of to other documents, and says nothing more.
    #[must_use]
    pub fn only_links(&self) -> bool {
        let links = |clause: &Clause| matches!(clause, Clause::See(_) | Clause::RepliedTo(_) | Clause::Discussed(_));
        !self.is_empty() && self.clauses.iter().all(links)
    }

    /// It says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// What was not understood of it, a text each.
    pub fn not_understood(&self) -> impl Iterator<Item = &str> {
        self.clauses.iter().filter_map(|clause| match clause {
            Clause::NotUnderstood(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// The decisions that it words, doubtful or not, in order.
    pub fn decisions(&self) -> impl Iterator<Item = (Option<Revision>, ContributionOutcome)> {
        self.clauses.iter().filter_map(Clause::decision)
    }

    /// Why it decides nothing although it words a decision, or may.
    #[must_use]
    pub fn doubt(&self) -> Option<Doubt> {
        if self.not_understood().any(read::limits) {
            return Some(Doubt::Limited);
        }
        let decided: Vec<_> = self.decisions().collect();
        let mut named: Vec<_> = decided.iter().map(|(revision, _)| *revision).collect();
        named.sort_unstable();
        let said = named.len();
        named.dedup();
        let twice = named.len() < said || (said > 1 && named.contains(&None) && !self.only_the_first_is_bare());
        let waits = self.clauses.iter().any(|clause| {
            matches!(clause, Clause::ForEmailApproval | Clause::Conditionally { .. } | Clause::NotTreated)
        });
        let settles = decided.iter().any(|(_, outcome)| {
            outcome.is_positive() || self.clauses.contains(&Clause::NotTreated) && *outcome != ContributionOutcome::Open
        });
        // "Agreed (R01 to be posted)": it may well be R01 that is agreed.
        let positive_of_none = decided.iter().any(|(named, outcome)| named.is_none() && outcome.is_positive());
        let names_another =
            self.clauses.iter().any(|clause| matches!(clause, Clause::ToBePosted(Some(_)) | Clause::Expected(Some(_))));
        (twice || waits && settles || positive_of_none && names_another).then_some(Doubt::Contradiction)
    }

    /// `Revised to R02, R02 agreed`: what is said first is of the revision before the ones named.
    fn only_the_first_is_bare(&self) -> bool {
        let mut decided = self.decisions();
        matches!(decided.next(), Some((None, ContributionOutcome::Revised)))
            && decided.all(|(named, _)| named.is_some())
    }
}

impl Clause {
    /// The decision that it words, where it words one.
    #[must_use]
    pub const fn decision(&self) -> Option<(Option<Revision>, ContributionOutcome)> {
        match self {
            Self::Decided { revision, outcome } => Some((*revision, *outcome)),
            Self::Revised { revision, .. } => Some((*revision, ContributionOutcome::Revised)),
            Self::Merged { revision, .. } => Some((*revision, ContributionOutcome::Merged)),
            _ => None,
        }
    }

    /// Whether it is what status columns are for.
    const fn is_status(&self) -> bool {
        !matches!(
            self,
            Self::Posted(_)
                | Self::See(_)
                | Self::RepliedTo(_)
                | Self::Discussed(_)
                | Self::Call
                | Self::Apply(_)
                | Self::Action(_)
                | Self::Remark(_)
                | Self::Because(_)
                | Self::NotUnderstood(_)
        )
    }

    /// The references in it.
    #[must_use]
    pub fn references(&self) -> Vec<&Reference> {
        match self {
            Self::Revised { merging, to, .. } => merging.iter().chain(to).collect(),
            Self::Merged { into: of, .. }
            | Self::Merge(of)
            | Self::See(of)
            | Self::RepliedTo(of)
            | Self::Discussed(of)
            | Self::Apply(of) => of.iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// References as a list: `0243R02, SEC-2014-0244`.
fn list(references: &[Reference]) -> String {
    references.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |revision: &Option<Revision>| revision.map(|named| format!("{named} ")).unwrap_or_default();
        match self {
            Self::Decided { revision, outcome } => write!(f, "{}{outcome}", of(revision)),
            Self::Revised { revision, merging, to } => {
                write!(f, "{}revised", of(revision))?;
                if !merging.is_empty() {
                    write!(f, " merging {}", list(merging))?;
                }
                // "A to B" would be a range.
                let joins = if merging.is_empty() { "to" } else { "into" };
                if to.is_empty() { Ok(()) } else { write!(f, " {joins} {}", list(to)) }
            }
            Self::Merged { revision, into } => {
                write!(f, "{}merged", of(revision))?;
                if into.is_empty() { Ok(()) } else { write!(f, " into {}", list(into)) }
            }
            Self::Conditionally { revision, outcome } => write!(f, "{}conditionally {outcome}", of(revision)),
            Self::NotTreated => f.write_str("not treated"),
            Self::ForEmailApproval => f.write_str("for e-mail approval"),
            Self::Expected(None) => f.write_str("revision expected"),
            Self::Expected(Some(revision)) => write!(f, "{revision} expected"),
            Self::Offline(revision) => write!(f, "{}TBD offline", of(revision)),
            Self::Merge(with) if with.is_empty() => f.write_str("merge TBD"),
            Self::Merge(with) => write!(f, "to be merged with {}", list(with)),
            Self::ToBePosted(revision) => write!(f, "{}to be posted", of(revision)),
            Self::Posted(revision) => write!(f, "{revision} posted"),
            Self::See(what) => write!(f, "see {}", list(what)),
            Self::RepliedTo(within) => write!(f, "replied to in {}", list(within)),
            Self::Discussed(within) => write!(f, "discussed in {}", list(within)),
            Self::Call => f.write_str("TBD in teleconf"),
            Self::Apply(to) if to.is_empty() => f.write_str("to be applied"),
            Self::Apply(to) => write!(f, "to be applied to {}", list(to)),
            Self::Action(text) => write!(f, "action: {text}"),
            Self::Remark(text) => write!(f, "({text})"),
            Self::Because(text) => write!(f, "because {text}"),
            Self::NotUnderstood(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before: Option<&Clause> = None;
        for clause in &self.clauses {
            let gap = match (before, clause) {
                (None, _) => "",
                // A remark stands with what it is about.
                (_, Clause::Remark(_) | Clause::Because(_)) => " ",
                // A comma would join what a semicolon parts ("R01; merged").
                (Some(before), clause) if is_parted_by_a_semicolon(before, clause) => "; ",
                _ => ", ",
            };
            write!(f, "{gap}{clause}")?;
            before = Some(clause);
        }
        Ok(())
    }
}

/// Whether two clauses, free text one of them, are read as these two behind a semicolon, and behind a comma are not.
fn is_parted_by_a_semicolon(before: &Clause, clause: &Clause) -> bool {
    let is_free = |clause: &Clause| matches!(clause, Clause::NotUnderstood(_) | Clause::Action(_));
    let is_parted_by = |mark| {
        let read = read::read(&format!("{before}{mark} {clause}"), &ReferenceScheme::default());
        read.clauses.iter().eq([before, clause])
    };
    (is_free(before) || is_free(clause)) && !is_parted_by(',') && is_parted_by(';')
}

#[cfg(test)]
mod tests;
