//! Who may do what (PRODUCT.md, section 7), as a table.

use crate::domain::{ActionItem, Contribution, Member, Part, Role, Roster};

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Say that an item is done.
    Done,
    /// Confirm that an item is done.
    Confirm,
    /// Say that work is under way.
    Ongoing,
    /// Leave a note.
    Note,
    /// Ask for more time.
    Extend,
    /// Reopen, cancel, set due dates, priorities, owners, texts.
    Steer,
    /// Make an action item that counts at once.
    Create,
    /// Propose an action item.
    Propose,
    /// Rule on proposals, requests and doubtful rows.
    Rule,
    /// Mail an agenda that is taken over.
    Import,
    /// Change the roster and roles.
    KeepRoster,
    /// Plan, move and cancel meetings and their sessions.
    KeepMeetings,
    /// Take back what another's message did.
    UndoOthers,
    /// Record what was decided of a contribution.
    Decide,
    /// Open an approval by e-mail, and move its end.
    OpenApproval,
    /// Say what an approval by e-mail has come to.
    Ratify,
    /// Post a contribution, withdraw it, leave a note with it.
    Live,
}

/// What somebody is to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Chair, vice-chair or secretary.
    Officer,
    /// Leads the item.
    Lead,
    /// Supports the item.
    Supporter,
    /// Rapporteur of the deliverable that the contribution affects.
    Rapporteur,
    /// Of the organizations that the contribution is from.
    Source,
    /// Any member.
    Member,
}

/// The table: an act is allowed to whoever has one of the standings.
const RIGHTS: &[(Act, &[Standing])] = &[
    (Act::Done, &[Standing::Officer, Standing::Lead, Standing::Supporter]),
    (Act::Confirm, &[Standing::Officer, Standing::Lead]),
    (Act::Ongoing, &[Standing::Officer, Standing::Lead, Standing::Supporter]),
    (Act::Note, &[Standing::Officer, Standing::Lead, Standing::Supporter]),
    (Act::Extend, &[Standing::Officer, Standing::Lead, Standing::Supporter]),
    (Act::Steer, &[Standing::Officer]),
    (Act::Create, &[Standing::Officer]),
    (Act::Propose, &[Standing::Officer, Standing::Lead, Standing::Supporter, Standing::Member]),
    (Act::Rule, &[Standing::Officer]),
    (Act::Import, &[Standing::Officer]),
    (Act::KeepRoster, &[Standing::Officer]),
    (Act::KeepMeetings, &[Standing::Officer]),
    (Act::UndoOthers, &[Standing::Officer]),
    (Act::Decide, &[Standing::Officer, Standing::Rapporteur]),
    (Act::OpenApproval, &[Standing::Officer, Standing::Rapporteur]),
    (Act::Ratify, &[Standing::Officer]),
    (Act::Live, &[Standing::Officer, Standing::Rapporteur, Standing::Source]),
];

/// Whether a standing allows an act.
pub(super) fn allows(standing: Standing, act: Act) -> bool {
    RIGHTS.iter().any(|(listed, standings)| *listed == act && standings.contains(&standing))
}

/// What a member is in general: an officer or any member.
pub(super) fn standing(member: &Member) -> Standing {
    if member.is_officer() { Standing::Officer } else { Standing::Member }
}

/// What a member is to an item: the highest standing that applies.
pub(super) fn standing_to(roster: &Roster, member: &Member, item: &ActionItem) -> Standing {
    if member.is_officer() {
        return Standing::Officer;
    }
    let parts: Vec<Part> = item
        .who
        .list()
        .into_iter()
        .filter(|owner| roster.is_meant(member, &owner.name))
        .map(|owner| owner.part)
        .collect();
    if parts.contains(&Part::Lead) {
        Standing::Lead
    } else if parts.contains(&Part::Support) {
        Standing::Supporter
    } else {
        Standing::Member
    }
}

/// What a member is to a contribution: the highest standing that applies.
pub(super) fn standing_to_contribution(roster: &Roster, member: &Member, contribution: &Contribution) -> Standing {
    if member.is_officer() {
        return Standing::Officer;
    }
    if member.left {
        return Standing::Member;
    }
    let deliverable = contribution.deliverable.as_deref();
    let is_rapporteur = |role: &Role| matches!(role, Role::Rapporteur(of) if Some(of.as_str()) == deliverable);
    if member.roles.iter().any(is_rapporteur) {
        return Standing::Rapporteur;
    }
    let is_source = contribution.sources().any(|name| roster.is_meant(member, name));
    if is_source { Standing::Source } else { Standing::Member }
}
