//! Which member a mail is from, and where that member is answered.

use crate::domain::{EmailAddress, Member, Roster};

use super::{Known, MailInput, Proof, Verdict, held};

/// The member a mail is from. A name that a list has left in From must be one member's, and the
/// Reply-To beside it nobody else's.
#[must_use]
pub fn sender<'a>(roster: &'a Roster, mail: &MailInput) -> Option<&'a Member> {
    author(roster, &mail.from, &mail.name, mail.by_name)
}

/// As [`sender`], of the author that a message names.
#[must_use]
pub fn author<'a>(roster: &'a Roster, from: &EmailAddress, name: &str, by_name: bool) -> Option<&'a Member> {
    let by_address = roster.member_by_address(from);
    if !by_name {
        return by_address.filter(|member| !member.left);
    }
    // Mailman leaves the local part of who has no name: "kim---". Whose it is, the address beside it completes.
    let is_local_part = name.strip_suffix("---").is_some_and(|local| local.eq_ignore_ascii_case(from.local_part()));
    let nameless = || by_address.filter(|member| is_local_part && !member.left);
    let named = roster.member_by_name(name).or_else(nameless);
    named.filter(|named| by_address.is_none_or(|other| other.id == named.id))
}

/// Where the sender is answered. Nothing goes to an address that only claims to be a member's: the
/// answer goes to the one that the roster has; so does that to a member known by name alone.
pub(super) fn answered_at(known: &Known, mail: &MailInput, sender: Option<u32>) -> EmailAddress {
    let is_confirmed = matches!(mail.verdict, Verdict::Proven(Proof::Confirmed { .. }));
    let at_registered = mail.by_name || is_confirmed || held::is_only_claimed(known, mail);
    let member = sender.and_then(|id| known.roster.member(id)).filter(|_| at_registered);
    member.and_then(|member| member.addresses.first()).unwrap_or(&mail.from).clone()
}
