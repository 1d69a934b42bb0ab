//! A person is forgotten: who that is, under which addresses and names, and what becomes of the traces.

use std::collections::BTreeSet;

use anyhow::Context as _;
use jiff::Timestamp;

use crate::decide::{self, Entry, Input, Needs};
use crate::domain::roster::fold;
use crate::domain::{
    EmailAddress, FORGOTTEN_DOMAIN, Member, Pseudonyms, Request, RequestKind, RequestState, Role, Roster,
};
use crate::message;
use crate::store::{Batch, Erased, Pending, Store};

use super::Group;

/// What forgetting somebody came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// What stands in the place of the name.
    pub pseudonym: String,
    /// The addresses that are replaced.
    pub addresses: Vec<EmailAddress>,
    /// The names that are replaced.
    pub names: Vec<String>,
    /// Names of the person that stay, as somebody or something else is called just so.
    pub shared: Vec<String>,
    /// What was replaced and erased.
    pub erased: Erased,
}

impl Forgotten {
    /// Nothing of the person was there: all that names the address is the entry that says so.
    #[must_use]
    pub const fn is_nobody(&self) -> bool {
        self.erased.rows <= 1 && self.erased.own + self.erased.others + self.erased.made == 0
    }
}

/// What came of the wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forgetting {
    /// The person is forgotten.
    Done(Forgotten),
    /// The address belongs to no person: it is the bot's, the list's or a pseudonym.
    NoPerson,
    /// Without the person the group would have no chair, or nobody who keeps its roster.
    Needed(Role),
    /// Mails that name the person have not had their course.
    Pending(Pending),
}

/// Forgets the person whose address this is, in one transaction: pseudonyms stand in the place of addresses and
/// names, and the bytes of mails that name the person are erased. `also` are further spellings of the name. The file
/// has to be written anew afterwards ([`Store::vacuum`]), as it still has pages of before.
///
/// # Errors
/// Where the database fails: nothing was done.
pub async fn forget(
    store: &Store,
    group: &Group,
    address: &EmailAddress,
    also: &[String],
    now: Timestamp,
) -> anyhow::Result<Forgetting> {
    let rules = &group.rules;
    if *address == rules.bot || rules.list.as_ref() == Some(address) || address.domain() == FORGOTTEN_DOMAIN {
        return Ok(Forgetting::NoPerson);
    }
    let mut batch = store.begin(group.id, now).await?;
    let roster = batch.roster().await?.clone();
    let member = roster.member_by_address(address);
    if let Some(role) = member.and_then(|member| needed(&roster, member)) {
        return Ok(Forgetting::Needed(role));
    }
    let addresses = addresses(&mut batch, &roster, member, address).await?;
    let others = others(&mut batch, &roster, member).await?;
    let (names, shared) = names(&mut batch, &others, member, &addresses, also).await?;
    let longer: Vec<String> =
        others.into_iter().filter(|other| names.iter().any(|name| has_in_it(other, name))).collect();
    let requests = requests(&mut batch, member).await?;
    let entry = Entry { at: now, input: Input::Forget { address: address.clone(), requests } };
    let known = batch.load(&Needs::of(&entry.input)).await?;
    let outcome = decide::decide(known, &entry);
    batch.commit_decision(None, &entry, outcome, &[]).await.context("writing that somebody is forgotten")?;
    let number = batch.count_forgotten().await?;
    let pseudonyms = Pseudonyms::new(number, &addresses, &names, &longer);
    let names_person = |raw: &[u8]| message::says(raw, &|text| pseudonyms.are_needed_in(text));
    let pending = batch.pending_of(&pseudonyms, &names_person).await?;
    if pending != Pending::default() {
        batch.abandon().await.context("leaving the database as it was")?;
        return Ok(Forgetting::Pending(pending));
    }
    let erased = batch.forget(&pseudonyms, &names_person).await?;
    batch.commit().await?;
    Ok(Forgetting::Done(Forgotten { pseudonym: pseudonyms.name().to_owned(), addresses, names, shared, erased }))
}

/// The role that nobody else has, and without which the group cannot go on.
fn needed(roster: &Roster, member: &Member) -> Option<Role> {
    let others = || roster.members.iter().filter(|other| other.id != member.id && !other.left);
    if member.left || !member.is_officer() {
        return None;
    }
    if member.roles.contains(&Role::Chair) && !others().any(|other| other.roles.contains(&Role::Chair)) {
        return Some(Role::Chair);
    }
    (!others().any(Member::is_officer)).then_some(Role::Secretary)
}

/// The addresses that the person has or had, and nobody else has now; the one that was named first.
async fn addresses(
    batch: &mut Batch,
    roster: &Roster,
    member: Option<&Member>,
    address: &EmailAddress,
) -> anyhow::Result<Vec<EmailAddress>> {
    let mut addresses: Vec<EmailAddress> = member.map_or_else(Vec::new, |member| member.addresses.clone());
    if let Some(member) = member {
        let had = batch.values_of_member(member.id, "address").await?;
        let had = had.iter().filter_map(|had| had.parse::<EmailAddress>().ok());
        addresses.extend(had.filter(|had| roster.member_by_address(had).is_none()));
        // What the member called an address of theirs, and never confirmed, is one to the database all the same.
        let known = batch.load(&Needs { all_requests: true, ..Needs::default() }).await?;
        let asked = known.requests.values().filter_map(|request| match &request.kind {
            RequestKind::Address { member: of, address, .. } if *of == member.id => Some(address.clone()),
            _ => None,
        });
        addresses.extend(asked.filter(|asked| roster.member_by_address(asked).is_none()));
        batch.put_back(known);
    }
    if !addresses.contains(address) {
        addresses.push(address.clone());
    }
    let mut seen = BTreeSet::new();
    addresses.retain(|address| seen.insert(address.clone()));
    Ok(addresses)
}

/// The names that the person has or had, the group's own first; and those that somebody or something else has, too.
async fn names(
    batch: &mut Batch,
    others: &[String],
    member: Option<&Member>,
    addresses: &[EmailAddress],
    also: &[String],
) -> anyhow::Result<(Vec<String>, Vec<String>)> {
    let mut names: Vec<String> = Vec::new();
    if let Some(member) = member {
        names.push(member.name.clone());
        names.extend(batch.values_of_member(member.id, "name").await?);
    }
    let known: Vec<BTreeSet<String>> = names.iter().map(|name| words(name)).collect();
    names.extend(also.iter().cloned());
    // A mail may bear any name, that of an office, or one that somebody else has put there: a member's is one of the
    // same words ("Editor, Ann").
    let is_own = |name: &String| words(name).len() > 1 && (known.is_empty() || known.contains(&words(name)));
    names.extend(batch.names_of_senders(addresses).await?.into_iter().filter(is_own));
    let mut seen = BTreeSet::new();
    names.retain(|name| !name.trim().is_empty() && seen.insert(fold(name)));
    let is_shared =
        |name: &String| name.parse::<Role>().is_ok() || others.iter().any(|other| spaced(other) == spaced(name));
    Ok(names.into_iter().partition(|name| !is_shared(name)))
}

/// The words of a name, as they are compared.
fn words(name: &str) -> BTreeSet<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1);
    words.map(str::to_lowercase).collect()
}

/// The words of a name in their order, each between spaces.
fn spaced(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
    words.fold(" ".to_owned(), |all, word| all + &word + " ")
}

/// Whether a name has another one in it, and is longer ("Wei Li Chen", "Wei Li").
fn has_in_it(longer: &str, name: &str) -> bool {
    let (longer, name) = (spaced(longer), spaced(name));
    name.len() > 2 && longer != name && longer.contains(&name)
}

/// What others are called, or were: members, and organizations.
async fn others(batch: &mut Batch, roster: &Roster, member: Option<&Member>) -> anyhow::Result<Vec<String>> {
    let mut others: Vec<String> = Vec::new();
    for other in roster.members.iter().filter(|other| member.is_none_or(|member| member.id != other.id)) {
        others.push(other.name.clone());
        others.extend(batch.values_of_member(other.id, "name").await?);
    }
    others.extend(roster.organizations.iter().flat_map(|one| one.aliases.iter().chain([&one.name])).cloned());
    let mut seen = BTreeSet::new();
    others.retain(|other| !other.trim().is_empty() && seen.insert(other.clone()));
    Ok(others)
}

/// What the person was asked, and has not answered.
async fn requests(batch: &mut Batch, member: Option<&Member>) -> anyhow::Result<Vec<u32>> {
    let Some(member) = member else { return Ok(Vec::new()) };
    let known = batch.load(&Needs { waiting_requests: true, ..Needs::default() }).await?;
    let is_asked = |request: &&Request| match &request.kind {
        RequestKind::Address { member: of, .. } | RequestKind::Held { member: of, .. } => *of == member.id,
        _ => false,
    };
    let waits = known.requests.values().filter(|request| request.state == RequestState::Waiting);
    let asked = waits.filter(is_asked).map(|request| request.id).collect();
    batch.put_back(known);
    Ok(asked)
}
