//! A contribution's reference and status cell, in words that an import reads back as they are meant.
//!
//! What the last agenda's cells say is kept word for word as long as it is still so. Otherwise the
//! cells are worded anew, and each wording is read before it is taken: one that would change anything
//! of what is known, or that would be doubtful, is not used.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::agenda::cells::{Recognised, recognise};
use crate::domain::life::{FollowUpKind, Life, LinkKind, Living, Row, Trace};
use crate::domain::phrase::listed_revisions;
use crate::domain::{Clause, Contribution, ContributionOutcome, Phrase, ReferenceScheme, Revision};

use super::written::cell;

/// No status cell is longer, in bytes: what it says beyond is in the contribution's history.
const LONGEST: usize = 1_000;
/// So many revisions at most are listed, the highest.
const REVISIONS: usize = 6;

/// What a contribution's row says of its revisions and of where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// The reference cell (`SEC-2014-0243R01 > R02`).
    pub reference: String,
    /// The status cell (`Noted, R03 expected`).
    pub status: String,
}

/// The cells of a contribution's row as an agenda has them now.
#[must_use]
pub fn cells(contribution: &Contribution, scheme: &ReferenceScheme) -> Cells {
    let life = &contribution.life;
    let last = Cells { reference: cell(&contribution.reference_cell), status: cell(&contribution.status_cell) };
    // A row whose cells were never read is not said to be anything else than it says.
    let unread = life.is_empty() && !last.reference.is_empty();
    if unread || says_all(contribution, &last, scheme) {
        return last;
    }
    let whole = [true, false].map(|remarks| status(life, remarks));
    let decided = life.decisions.last().map(|last| capital(&of_revision(last.revision, last.outcome)));
    let wordings = whole.into_iter().chain(decided).chain([String::new()]);
    let mut pairs = wordings.flat_map(|status| {
        let references = [listed(contribution, true), listed(contribution, false)];
        references.into_iter().map(move |reference| Cells { reference, status: status.clone() })
    });
    let fits = |cells: &Cells| cells.status.len() <= LONGEST && changes_nothing(contribution, cells, scheme);
    pairs.find(fits).unwrap_or_else(|| Cells { reference: listed(contribution, false), status: String::new() })
}

/// Reads cells as those of a contribution's row, over what is known of it.
fn heard(contribution: &Contribution, over: &Life, cells: &Cells, phrase: &Phrase) -> Living {
    let own = &contribution.reference;
    let mut living = Living::new(own, over);
    let listed = listed_revisions(&cells.reference, own);
    let trace = Trace::default();
    living.read_row(&Row {
        listed: &listed,
        come_since: &BTreeSet::new(),
        phrase,
        before: None,
        changed: !cells.status.is_empty(),
        trace: &trace,
    });
    living
}

/// Whether the last agenda's cells still say all that is known.
fn says_all(contribution: &Contribution, cells: &Cells, scheme: &ReferenceScheme) -> bool {
    if !is_own(contribution, cells, scheme) {
        return false;
    }
    let (life, phrase) = (&contribution.life, Phrase::read(&cells.status, scheme));
    let afresh = heard(contribution, &Life::default(), cells, &phrase);
    let left = |life: &Life| life.open_follow_ups().map(ToString::to_string).collect::<BTreeSet<_>>();
    let fresh = afresh.life();
    fresh.available() == life.available()
        && fresh.stands_at(None) == life.stands_at(None)
        && fresh.decisions.is_empty() == life.decisions.is_empty()
        && left(fresh) == left(life)
        && is_silent(life, &heard(contribution, life, cells, &phrase))
}

/// Whether cells, read, would change nothing and are not doubtful.
fn changes_nothing(contribution: &Contribution, cells: &Cells, scheme: &ReferenceScheme) -> bool {
    let phrase = Phrase::read(&cells.status, scheme);
    is_own(contribution, cells, scheme)
        && phrase.doubt().is_none()
        && phrase.not_understood().next().is_none()
        && is_silent(&contribution.life, &heard(contribution, &contribution.life, cells, &phrase))
}

/// Whether reading has changed nothing but how a revision is known to be available.
fn is_silent(before: &Life, after: &Living) -> bool {
    let after = after.life();
    after.available() == before.available()
        && (&after.decisions, &after.follow_ups, &after.links) == (&before.decisions, &before.follow_ups, &before.links)
}

/// Whether the reference cell is known for this contribution's.
fn is_own(contribution: &Contribution, cells: &Cells, scheme: &ReferenceScheme) -> bool {
    recognise(&cells.reference, scheme) == Some(Recognised::Contribution(contribution.reference.clone()))
}

/// `SEC-2014-0243R01 > R02`: the revisions that are available and, where they are called so in the
/// status cell, `expected`.
fn listed(contribution: &Contribution, expected: bool) -> String {
    let life = &contribution.life;
    let mut revisions: Vec<Revision> = life.available().into_iter().collect();
    revisions.drain(..revisions.len().saturating_sub(REVISIONS));
    if expected {
        let highest = revisions.last().copied();
        let awaited = life.expected().into_iter().filter(|awaited| highest.is_none_or(|highest| *awaited > highest));
        revisions.extend(awaited);
    }
    let mut cell = contribution.reference.to_string();
    let Some(first) = revisions.first() else { return cell + " (TBPosted)" };
    if first.number > 0 {
        let _ = write!(cell, "{}", first.of(&contribution.reference));
    }
    for revision in revisions.iter().skip(1) {
        let _ = write!(cell, " > {}", revision.of(&contribution.reference));
    }
    cell
}

/// `Noted, R01 TBD offline`: the last decision, those of revisions that are still to be posted, and
/// what is left to do.
fn status(life: &Life, remarks: bool) -> String {
    let mut last: BTreeMap<Revision, usize> = BTreeMap::new();
    for (at, decision) in life.decisions.iter().enumerate() {
        last.insert(decision.revision, at);
    }
    let unposted = life.unposted();
    let newest = life.decisions.len().checked_sub(1);
    let mut told: Vec<usize> =
        last.into_iter().filter(|(of, at)| Some(*at) == newest || unposted.contains(of)).map(|(_, at)| at).collect();
    told.sort_unstable();
    let only = told.len() == 1;
    let mut phrase = String::new();
    for decision in told.into_iter().filter_map(|at| life.decisions.get(at)) {
        let is_plain = matches!(decision.outcome, ContributionOutcome::Noted | ContributionOutcome::Open);
        let bare = only && (decision.revision.number == 0 || is_plain);
        let is_meant = bare && life.highest() == decision.revision;
        let mut clause =
            if is_meant { decision.outcome.to_string() } else { of_revision(decision.revision, decision.outcome) };
        clause.push_str(&links(life, decision.outcome));
        join(&mut phrase, ", ", &clause);
        if unposted.contains(&decision.revision) {
            phrase.push_str(" (TBPosted)");
        }
    }
    let (mut texts, mut actions) = (Vec::new(), Vec::new());
    for kind in life.open_follow_ups() {
        match kind {
            FollowUpKind::Post(_) => {}
            FollowUpKind::Revision(revision) => join(&mut phrase, ", ", &Clause::Expected(*revision).to_string()),
            FollowUpKind::Offline(revision) => join(&mut phrase, ", ", &Clause::Offline(*revision).to_string()),
            FollowUpKind::Call => join(&mut phrase, ", ", &Clause::Call.to_string()),
            FollowUpKind::Merge(None) => join(&mut phrase, ", ", &Clause::Merge(Vec::new()).to_string()),
            FollowUpKind::Merge(Some(with)) => join(&mut phrase, ", ", &format!("to be merged with {with}")),
            FollowUpKind::Apply(None) => join(&mut phrase, ", ", &Clause::Apply(Vec::new()).to_string()),
            FollowUpKind::Apply(Some(to)) => join(&mut phrase, ", ", &format!("to be applied to {to}")),
            FollowUpKind::See(what) => join(&mut phrase, ", ", &format!("see {what}")),
            FollowUpKind::Action(text) => actions.push(text),
            FollowUpKind::Remark(text) => texts.push(text),
        }
    }
    // What is free text runs on: it stands behind all else.
    for text in actions {
        join(&mut phrase, ", ", &Clause::Action(text.clone()).to_string());
    }
    for text in texts.into_iter().filter(|_| remarks) {
        join(&mut phrase, "; ", text);
    }
    cell(&capital(&phrase))
}

/// `R01 agreed`
fn of_revision(revision: Revision, outcome: ContributionOutcome) -> String {
    Clause::Decided { revision: Some(revision), outcome }.to_string()
}

/// ` into SEC-2014-0251R02`: where its text goes on.
fn links(life: &Life, outcome: ContributionOutcome) -> String {
    let (kind, word) = match outcome {
        ContributionOutcome::Merged => (LinkKind::MergedInto, "into"),
        ContributionOutcome::Revised => (LinkKind::RevisedTo, "to"),
        _ => return String::new(),
    };
    let to: Vec<&str> = life.links.iter().filter(|link| link.kind == kind).map(|link| link.to.as_str()).collect();
    if to.is_empty() { String::new() } else { format!(" {word} {}", to.join(", ")) }
}

fn join(phrase: &mut String, gap: &str, clause: &str) {
    if !phrase.is_empty() {
        phrase.push_str(gap);
    }
    phrase.push_str(clause);
}

/// The text as a cell begins it: `Keep OPEN`, `Noted`.
fn capital(text: &str) -> String {
    match text.strip_prefix("open") {
        Some(rest) if !rest.starts_with(char::is_alphanumeric) => return format!("Keep OPEN{rest}"),
        _ => {}
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
