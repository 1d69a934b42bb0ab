//! What came of a line, put together from what came of each of its items.

use crate::domain::Text;

use super::LineOutcome;
use super::actions::Told;
use super::work::Refusal;

/// What came of a line: its ending, what is told, and the items it was about.
pub(super) struct Ran {
    pub(super) outcome: LineOutcome,
    pub(super) told: Vec<Text>,
}

impl Ran {
    pub(super) fn one(outcome: LineOutcome, told: Text) -> Self {
        Self { outcome, told: vec![told] }
    }
}

/// What came of a command on one thing.
pub(super) fn one(came: Result<Told, Refusal>) -> Ran {
    match came {
        Ok(Told::Done(text)) => Ran::one(LineOutcome::Done, text),
        Ok(Told::Unchanged(text)) => Ran::one(LineOutcome::Unchanged, text),
        Err(refusal) => Ran::one(LineOutcome::Refused, refusal),
    }
}

/// What came of a command on several things.
pub(super) fn join(ran: Vec<Ran>) -> Ran {
    let has = |outcome| ran.iter().any(|ran| ran.outcome == outcome);
    let outcome = match (has(LineOutcome::Done), has(LineOutcome::Refused)) {
        (true, true) => LineOutcome::Partly,
        (true, false) => LineOutcome::Done,
        (false, true) => LineOutcome::Refused,
        (false, false) if has(LineOutcome::Told) => LineOutcome::Told,
        (false, false) => LineOutcome::Unchanged,
    };
    let mut told: Vec<Text> = ran.into_iter().flat_map(|ran| ran.told).collect();
    told.dedup();
    Ran { outcome, told }
}
