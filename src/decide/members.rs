//! Commands about the roster, and about one's own mail.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::roster::fold;
use crate::domain::{EmailAddress, Member, MemberField, Request, RequestKind, RequestState, Role, Subject, Text};

use super::actions::Told;
use super::rights::{self, Act};
use super::rulings;
use super::work::{Refusal, Work};
use super::{BY_FORGETTING, Known, MailInput, Notice, Outcome};

type Result<T = Told> = std::result::Result<T, Refusal>;

/// So many questions about other addresses wait for one member at most: each of them is a mail to
/// whatever address was named.
const MOST_ASKED: usize = 6;

/// How long a request for confirmation can be answered.
const CONFIRMATION_DAYS: i64 = 7;

fn must_keep_roster(sender: &Member) -> Result<()> {
    if rights::allows(rights::standing(sender), Act::KeepRoster) { Ok(()) } else { Err(Text::new("refused-roster")) }
}

fn by_address(work: &Work, address: &EmailAddress) -> Result<Member> {
    let known = work.known.roster.member_by_address(address).cloned();
    known.ok_or_else(|| Text::new("refused-unknown-member").with("address", address))
}

/// Refuses the bot's own address, the list's, and those of machines.
fn is_a_persons(work: &Work, address: &EmailAddress) -> Result<()> {
    let rules = work.rules()?;
    let address_of = address.without_detail();
    let is_lists = rules.list.as_ref().is_some_and(|list| list.without_detail() == address_of);
    if rules.bot.without_detail() == address_of || is_lists {
        return Err(Text::new("refused-is-bot").with("address", address));
    }
    if rules.announcers.contains(address) {
        return Err(Text::new("refused-is-announcer").with("address", address));
    }
    Ok(())
}

/// `member NAME, ORGANIZATION, ADDRESS`
pub(super) fn add(work: &mut Work, sender: &Member, name: &str, organization: &str, address: &EmailAddress) -> Result {
    must_keep_roster(sender)?;
    is_a_persons(work, address)?;
    let named =
        |key: &str| Text::new(key).with("name", name).with("organization", organization).with("address", address);
    if let Some(known) = work.known.roster.member_by_address(address).cloned() {
        if !known.left {
            return Ok(Told::Unchanged(named("told-member-already").with("known", &known.name)));
        }
        if !known.name.trim().eq_ignore_ascii_case(name.trim()) {
            // Who comes back has all their addresses again: that must be the one who is meant.
            return Err(named("refused-member-left").with("known", &known.name));
        }
        work.set_member(&known, MemberField::Left, known.get(MemberField::Left), None)?;
        return Ok(Told::Done(named("told-member-back")));
    }
    let (organization, is_new) = organization_for(work, organization)?;
    // Two of one name in one organization are nearly always one, with another address.
    let near = work.known.roster.members.iter().find(|known| {
        let same = !known.left && fold(&known.organization) == fold(&organization);
        let (one, other) = (fold(&known.name), fold(name));
        let far = strsim::damerau_levenshtein(&one, &other);
        same && (far == 0 || far == 1 && one.chars().count() > 5)
    });
    if let Some(near) = near {
        return Err(named("refused-member-near").with("known", &near.name));
    }
    if is_new {
        work.change(Subject::Organization(organization.clone()), "name", None, Some(organization.clone()))?;
    }
    new_member(work, name, &organization, std::slice::from_ref(address), &[])?;
    Ok(Told::Done(named(if is_new { "told-member-new-organization" } else { "told-member" })))
}

/// The organization that is meant, and whether it must be made. One that is nearly a known one is
/// taken for a typing error.
fn organization_for(work: &Work, name: &str) -> Result<(String, bool)> {
    let roster = &work.known.roster;
    if let Some(known) = roster.organization(name) {
        return Ok((known.name.clone(), false));
    }
    let lower = name.to_lowercase();
    let near = roster.organizations.iter().find(|known| {
        strsim::damerau_levenshtein(&known.name.to_lowercase(), &lower) <= 2 && lower.chars().count() > 4
    });
    // "member Kim, Lee, LG Electronics, …": more parts than three would make an organization of two.
    if name.contains(',') {
        return Err(Text::new("refused-organization-comma").with("organization", name));
    }
    match near {
        Some(near) => Err(Text::new("refused-organization-near").with("organization", name).with("near", &near.name)),
        None => Ok((name.to_owned(), true)),
    }
}

/// Makes a member with the next number.
pub(super) fn new_member(
    work: &mut Work,
    name: &str,
    organization: &str,
    addresses: &[EmailAddress],
    roles: &[Role],
) -> Result<()> {
    let id = work.known.roster.members.iter().map(|member| member.id).max().unwrap_or(0).saturating_add(1);
    let subject = || Subject::Member(id);
    work.change(subject(), MemberField::Name, None, Some(name.to_owned()))?;
    work.change(subject(), MemberField::Organization, None, Some(organization.to_owned()))?;
    for address in addresses {
        work.change(subject(), MemberField::Address, None, Some(address.to_string()))?;
    }
    for role in roles {
        work.change(subject(), MemberField::Role, None, Some(role.to_string()))?;
    }
    Ok(())
}

/// `member ADDRESS left`
pub(super) fn left(work: &mut Work, sender: &Member, address: &EmailAddress) -> Result {
    must_keep_roster(sender)?;
    let member = by_address(work, address)?;
    let told = |key: &str| Text::new(key).with("name", &member.name);
    if member.left {
        return Ok(Told::Unchanged(told("told-left-already")));
    }
    an_officer_stays(work, &member, None)?;
    // Who comes back one day comes back as a member: an office is not kept in store.
    for role in &member.roles {
        work.set_member(&member, MemberField::Role, Some(role.to_string()), None)?;
    }
    work.set_member(&member, MemberField::Left, None, Some("yes".to_owned()))?;
    Ok(Told::Done(told("told-left")))
}

/// The operator has a person forgotten: a member leaves, and no organization has the address for its contact any
/// more, so that no mail goes to the pseudonym. What the person was asked is dropped.
pub(super) fn forget(known: Known, at: Timestamp, address: &EmailAddress, requests: &[u32]) -> Outcome {
    let mut work = Work::new(known, at);
    for request in requests {
        let state = work.known.requests.get(request).map(|request| request.state);
        if state == Some(RequestState::Waiting) {
            let _ = rulings::close(&mut work, *request, RequestState::Dropped);
        }
    }
    let member = work.known.roster.member_by_address(address).cloned();
    // A change of a known member's known field is never refused.
    if let Some(member) = &member {
        for role in &member.roles {
            let _ = work.set_member(member, MemberField::Role, Some(role.to_string()), None);
        }
        if !member.left {
            let _ = work.set_member(member, MemberField::Left, None, Some("yes".to_owned()));
        }
    }
    let addresses = member.map_or_else(|| vec![address.clone()], |member| member.addresses);
    for organization in work.known.roster.organizations.clone() {
        if let Some(contact) = organization.contact.filter(|contact| addresses.contains(contact)) {
            let _ = work.change(Subject::Organization(organization.name), "contact", Some(contact.to_string()), None);
        }
    }
    Outcome { by: BY_FORGETTING.to_owned(), changes: work.changes, known: work.known, ..Outcome::nothing() }
}

/// Refuses to leave the group without chair and secretary: nobody could undo it by mail.
fn an_officer_stays(work: &Work, member: &Member, without: Option<&Role>) -> Result<()> {
    let stays = work.known.roster.members.iter().any(|other| {
        if other.id != member.id {
            return other.is_officer();
        }
        without.is_some_and(|without| other.roles.iter().any(|role| role != without && role.is_officer()))
    });
    let matters = member.is_officer() && without.is_none_or(Role::is_officer);
    if stays || !matters { Ok(()) } else { Err(Text::new("refused-last-officer").with("name", &member.name)) }
}

/// `role ADDRESS ROLE`, `role ADDRESS no ROLE`
pub(super) fn role(work: &mut Work, sender: &Member, address: &EmailAddress, role: &Role, granted: bool) -> Result {
    must_keep_roster(sender)?;
    let member = by_address(work, address)?;
    if member.left {
        return Err(Text::new("refused-has-left").with("name", &member.name));
    }
    let told = |key: &str| Text::new(key).with("name", &member.name).with("role", role);
    let value = Some(role.to_string());
    match (granted, member.roles.contains(role)) {
        (true, true) => Ok(Told::Unchanged(told("told-role-already"))),
        (false, false) => Ok(Told::Unchanged(told("told-role-not"))),
        (true, false) => {
            work.set_member(&member, MemberField::Role, None, value)?;
            Ok(Told::Done(told("told-role")))
        }
        (false, true) => {
            an_officer_stays(work, &member, Some(role))?;
            work.set_member(&member, MemberField::Role, value, None)?;
            Ok(Told::Done(told("told-role-taken")))
        }
    }
}

/// `also ADDRESS`: both addresses are asked.
pub(super) fn also(
    work: &mut Work,
    sender: &Member,
    address: &EmailAddress,
    codes: &mut impl Iterator<Item = String>,
) -> Result<(Told, Vec<Notice>)> {
    is_a_persons(work, address)?;
    let waiting = work.known.requests.values().filter(|request| {
        matches!(&request.kind, RequestKind::Address { member, .. } if *member == sender.id)
            && request.state == RequestState::Waiting
    });
    if waiting.count() >= MOST_ASKED {
        return Err(Text::new("refused-too-many-confirmations"));
    }
    match work.known.roster.member_by_address(address) {
        Some(known) if known.id == sender.id => {
            return Ok((Told::Unchanged(Text::new("told-also-already").with("address", address)), Vec::new()));
        }
        Some(_) => return Err(Text::new("refused-address-taken").with("address", address)),
        None => {}
    }
    if is_asked(work, sender, address) {
        return Ok((Told::Unchanged(Text::new("told-also-waiting").with("address", address)), Vec::new()));
    }
    let (Some(registered), Some(first), Some(second)) = (sender.addresses.first().cloned(), codes.next(), codes.next())
    else {
        return Err(Text::new("refused-too-many-confirmations"));
    };
    let next = work.known.last_request.saturating_add(1);
    let mut notices = Vec::new();
    for (asked, code, other) in [(address, first, next.saturating_add(1)), (&registered, second, next)] {
        let kind = RequestKind::Address {
            member: sender.id,
            address: address.clone(),
            asked: asked.clone(),
            code: code.clone(),
            other,
        };
        let id = rulings::ask(work, kind, Some(registered.clone()))?;
        notices.push(Notice {
            to: asked.clone(),
            about: Subject::Request(id),
            subject: Text::new("notice-also-subject").with("address", address),
            body: vec![
                Text::new("notice-also-why").with("name", &sender.name).with("address", address),
                Text::new("notice-also-how")
                    .with("code", code)
                    .with("days", CONFIRMATION_DAYS)
                    .with("name", &sender.name),
                Text::new("notice-also-else"),
            ],
        });
    }
    let told = Text::new("told-also").with("address", address).with("registered", registered);
    Ok((Told::Done(told), notices))
}

/// Whether the address has been asked for this member and may still answer: nobody is mailed again
/// and again because somebody else says so.
fn is_asked(work: &Work, sender: &Member, address: &EmailAddress) -> bool {
    work.known.requests.values().any(|request| {
        let is_same = matches!(&request.kind, RequestKind::Address { member, asked, .. }
            if *member == sender.id && asked == address);
        is_same && request.state == RequestState::Waiting && !is_expired(work, request)
    })
}

/// Whether the time to answer is over.
fn is_expired(work: &Work, request: &Request) -> bool {
    work.at.duration_since(request.at) > jiff::SignedDuration::from_hours(24 * CONFIRMATION_DAYS)
}

/// `confirm CODE`, `yes`, `no` in answer to a request for confirmation. Anybody who was asked may
/// answer, a member or not.
pub(super) fn confirm(work: &mut Work, mail: &MailInput, code: Option<&str>, agreed: bool) -> Result {
    let replied = work.known.replied.as_ref().map_or(&[][..], |replied| &replied.rows);
    let is_replied = |id: u32| replied.iter().any(|(_, subject)| *subject == Subject::Request(id));
    let asked = work.known.requests.values().find(|request| match &request.kind {
        RequestKind::Address { asked, code: known, .. } => {
            *asked == mail.from && code.map_or_else(|| is_replied(request.id), |code| code.eq_ignore_ascii_case(known))
        }
        _ => false,
    });
    let Some(request) = asked.cloned() else {
        return Err(Text::new(if code.is_some() { "refused-code" } else { "refused-nothing-asked" }));
    };
    let RequestKind::Address { member, address, other, .. } = &request.kind else {
        return Err(Text::new("refused-nothing-asked"));
    };
    if mail.evidence.is_refuted() {
        return Err(Text::new("refused-held-refuted"));
    }
    if request.state != RequestState::Waiting {
        return Err(Text::new("refused-confirmed-already").with("address", address));
    }
    if is_expired(work, &request) {
        return Err(Text::new("refused-confirmation-expired").with("address", address).with("days", CONFIRMATION_DAYS));
    }
    if !agreed {
        rulings::close(work, request.id, RequestState::Dropped)?;
        return Ok(Told::Done(Text::new("told-declined").with("address", address)));
    }
    rulings::close(work, request.id, RequestState::Accepted)?;
    let other = work.known.requests.get(other).map(|other| other.state);
    if other != Some(RequestState::Accepted) {
        return Ok(Told::Done(Text::new("told-confirmed-half").with("address", address)));
    }
    let member = work.known.roster.member(*member).cloned();
    let member = member.filter(|member| !member.left);
    let member = member.ok_or_else(|| Text::new("refused-unknown-member").with("address", address))?;
    if work.known.roster.member_by_address(address).is_some_and(|known| known.id != member.id) {
        return Err(Text::new("refused-address-taken").with("address", address));
    }
    work.set_member(&member, MemberField::Address, None, Some(address.to_string()))?;
    Ok(Told::Done(Text::new("told-confirmed").with("address", address).with("name", &member.name)))
}

/// `pause until DATE`
pub(super) fn pause(work: &mut Work, sender: &Member, until: Date) -> Result {
    let today = work.today();
    if until <= today {
        return Err(Text::new("refused-past").with("date", until).with("today", today));
    }
    let told = |key: &str| Text::new(key).with("date", until);
    if sender.paused_until == Some(until) {
        return Ok(Told::Unchanged(told("told-paused-already")));
    }
    work.set_member(sender, MemberField::PausedUntil, sender.get(MemberField::PausedUntil), Some(until.to_string()))?;
    Ok(Told::Done(told("told-paused")))
}

/// `resume`
pub(super) fn resume(work: &mut Work, sender: &Member) -> Result {
    let is_away = sender.away_until(work.today()).is_some();
    if is_away {
        let to = sender.absence.map(|absence| absence.ended().to_string());
        work.set_member(sender, MemberField::Absence, sender.get(MemberField::Absence), to)?;
    }
    if sender.paused_until.is_none_or(|until| until <= work.today()) {
        if is_away {
            return Ok(Told::Done(Text::new("told-resumed")));
        }
        return Ok(Told::Unchanged(Text::new("told-resumed-already")));
    }
    work.set_member(sender, MemberField::PausedUntil, sender.get(MemberField::PausedUntil), None)?;
    Ok(Told::Done(Text::new("told-resumed")))
}

/// `digest on`, `digest off`
pub(super) fn digest(work: &mut Work, sender: &Member, on: bool) -> Result {
    let to = on.then(|| "on".to_owned());
    let key = if on { "on" } else { "off" };
    let weekly = work.known.rules.as_ref().and_then(|rules| rules.digest.weekly);
    let paused = sender.paused_until.filter(|until| work.today() < *until);
    let told = |text: Text| {
        let moment = weekly.map_or_else(String::new, |weekly| weekly.to_string());
        let (weekday, time) = moment.split_once(' ').unwrap_or_default();
        let text = text.with("state", key).with("weekday", weekday).with("time", time);
        text.with("paused", paused.map_or_else(String::new, |day| day.to_string()))
    };
    if sender.digest == on {
        return Ok(Told::Unchanged(told(Text::new("told-digest-already"))));
    }
    work.set_member(sender, MemberField::Digest, sender.get(MemberField::Digest), to)?;
    Ok(Told::Done(told(Text::new("told-digest"))))
}
