//! Which approval by e-mail a line means: the one that it names, the only open one of a contribution, or the one that
//! the mail it answers is about.

use std::fmt::Display;

use strsim::damerau_levenshtein;

use crate::command::Target;
use crate::domain::{Approval, ApprovalOf, ContributionRef, Reference, Revision, Stance, Subject, Text};

use super::resolve::{self, Meant};
use super::work::{Refusal, Work};

type Result<T> = std::result::Result<T, Refusal>;

/// So many wrong keys at most leave hardly a doubt about a reference.
const MOST_WRONG: usize = 2;

/// What is said of an approval: the line that says it is told with the reference that was missing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Line {
    Object,
    Agreed,
    WithdrawObjection,
    Ratify,
    NotApproved,
}

impl Line {
    pub(super) const fn of(stance: Stance) -> Self {
        match stance {
            Stance::Objection => Self::Object,
            Stance::Support => Self::Agreed,
            Stance::Withdrawn => Self::WithdrawObjection,
        }
    }

    /// The line, about this approval.
    fn ready(self, of: &ApprovalOf) -> String {
        match self {
            Self::Object => format!("object to {of} because REASON"),
            Self::Agreed => format!("agreed {of}"),
            Self::WithdrawObjection => format!("withdraw objection to {of}"),
            Self::Ratify => format!("ratify {of}"),
            Self::NotApproved => format!("not approved {of} because REASON"),
        }
    }
}

/// The approval that a line is about: of the revision that it names, the only open one of a contribution
/// or of a mail that is replied to.
pub(super) fn meant(work: &Work, target: &Target, line: Line) -> Result<Approval> {
    let found = match (resolve::meant(work, target), target) {
        (Err(_), Target::Omitted) => {
            let open = open(work).map(|approval| &approval.of).collect::<Vec<_>>();
            return Err(not_clear(&open, line));
        }
        (Err(refusal), Target::Reference(written)) => return Err(near(work, written, line).unwrap_or(refusal)),
        (meant, _) => meant?,
    };
    let none = |of: &dyn Display| {
        let near = match target {
            Target::Reference(written) => near(work, written, line),
            _ => None,
        };
        near.unwrap_or_else(|| Text::new("refused-approval-none").with("of", of))
    };
    match found {
        Meant::Approval(of) => work.known.approvals.get(&of).cloned().ok_or_else(|| none(&of)),
        Meant::Meeting(name) => {
            let reference = work.known.meeting(&name).map(|meeting| ApprovalOf::Minutes(meeting.reference.clone()));
            let known = reference.and_then(|of| work.known.approvals.get(&of));
            known.cloned().ok_or_else(|| none(&format!("minutes {name}")))
        }
        Meant::Contribution(reference) => of_contribution(work, &reference, (named(target), line), &none),
        Meant::Action(item) => Err(none(&item)),
        Meant::Request(id) => Err(none(&Subject::Request(id))),
        Meant::Deliverable(deliverable) => Err(none(&deliverable)),
    }
}

/// Whether a document that a reply's subject names has one approval that the reply can speak of: an open one, or,
/// where the reply was `held` meanwhile, one that has ended.
pub(super) fn by_subject(work: &Work, named: &Reference, held: bool) -> bool {
    let Reference::Document(document) = named else { return false };
    let is_own = |of: &ApprovalOf| match of {
        ApprovalOf::Revision(own, revision) => {
            *own == document.contribution && document.revision.is_none_or(|named| named == *revision)
        }
        ApprovalOf::Minutes(_) => false,
    };
    let own = || work.known.approvals.values().filter(|approval| is_own(&approval.of));
    match own().filter(|approval| approval.is_open()).count() {
        0 => held && own().filter(|approval| approval.has_come_to_something()).count() == 1,
        open => open == 1,
    }
}

fn open(work: &Work) -> impl Iterator<Item = &Approval> {
    work.known.approvals.values().filter(|approval| approval.is_open())
}

/// The revision that a target names.
const fn named(target: &Target) -> Option<Revision> {
    match target {
        Target::Reference(Reference::Document(document)) => document.revision,
        Target::Reference(Reference::Short { revision, .. }) => *revision,
        _ => None,
    }
}

fn of_contribution(
    work: &Work,
    reference: &ContributionRef,
    (named, line): (Option<Revision>, Line),
    none: &dyn Fn(&dyn Display) -> Refusal,
) -> Result<Approval> {
    if let Some(revision) = named {
        let of = ApprovalOf::Revision(reference.clone(), revision);
        return work.known.approvals.get(&of).cloned().ok_or_else(|| none(&of));
    }
    let own = || work.known.approvals.values().filter(|approval| approval.of.contribution() == Some(reference));
    let open: Vec<&Approval> = own().filter(|approval| approval.is_open()).collect();
    match (open.as_slice(), own().next_back()) {
        ([only], _) => Ok((*only).clone()),
        ([], Some(last)) => Ok(last.clone()),
        ([], None) => Err(none(reference)),
        _ => Err(not_clear(&open.iter().map(|approval| &approval.of).collect::<Vec<_>>(), line)),
    }
}

/// Asks which of these is meant, with the line as it would work.
fn not_clear(open: &[&ApprovalOf], line: Line) -> Refusal {
    let ready = open.first().map_or_else(|| "-".to_owned(), |first| line.ready(first));
    let open: Vec<String> = open.iter().map(ToString::to_string).collect();
    let open = if open.is_empty() { "-".to_owned() } else { open.join(", ") };
    Text::new("refused-approval-which").with("open", open).with("ready", ready)
}

/// The open approval whose reference is nearest to one that none has.
fn near(work: &Work, written: &Reference, line: Line) -> Option<Refusal> {
    let text = written.to_string();
    let far = |approval: &&Approval| {
        let whole = damerau_levenshtein(&approval.of.to_string(), &text);
        let own = approval.of.contribution().map(|own| damerau_levenshtein(&own.to_string(), &text));
        let minutes = approval.of.to_string().strip_prefix("minutes ").map(|name| damerau_levenshtein(name, &text));
        [Some(whole), own, minutes].into_iter().flatten().min().unwrap_or(usize::MAX)
    };
    let nearest = open(work).filter(|approval| far(approval) <= MOST_WRONG).min_by_key(far)?;
    let refusal = Text::new("refused-approval-near").with("of", text).with("near", &nearest.of);
    Some(refusal.with("ready", line.ready(&nearest.of)))
}
