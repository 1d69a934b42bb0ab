//! Whether a member is away: their automatic reply says so, their next own mail ends it.

use jiff::Timestamp;

use crate::domain::{Absence, MemberField};

use super::work::Work;
use super::{AbsenceInput, Known, Outcome};

/// What a message says of whether its author is away.
pub(super) fn decide(known: Known, at: Timestamp, input: &AbsenceInput) -> Outcome {
    let mut work = Work::new(known, at);
    let member = work.known.roster.member(input.member).filter(|member| !member.left).cloned();
    let Some(member) = member else { return Outcome { known: work.known, ..Outcome::nothing() } };
    let to = match (input.named, member.absence) {
        // Who has written while away has an automatic reply still: it says nothing new.
        (Some(named), Some(absence)) if absence.until.is_none() && absence.named == named => Some(absence),
        (Some(named), _) => Some(Absence::of(named, input.sent)),
        (None, absence) => absence.map(Absence::ended),
    };
    let to = to.map(|absence| absence.to_string());
    // The day was printed by what reads it.
    let _ = work.whole(|work| work.set_member(&member, MemberField::Absence, member.get(MemberField::Absence), to));
    let by = member.addresses.first().map(ToString::to_string).unwrap_or_default();
    Outcome { by, changes: work.changes, known: work.known, ..Outcome::nothing() }
}
