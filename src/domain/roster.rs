//! Who belongs to the group: organizations, members, their addresses and roles.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Absence, EmailAddress, NotA, Owners, Part, Recipient, text_serde};

/// What a member may do beyond owning things.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Leads the group.
    Chair,
    /// Stands in for the chair.
    ViceChair,
    /// Keeps the group's records.
    Secretary,
    /// Edits a deliverable (`TS-0003`), and is as the secretary for its contributions.
    Rapporteur(String),
}

impl Role {
    /// Whether the role may do everything: chair, vice-chair, secretary.
    #[must_use]
    pub const fn is_officer(&self) -> bool {
        matches!(self, Self::Chair | Self::ViceChair | Self::Secretary)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chair => f.write_str("chair"),
            Self::ViceChair => f.write_str("vice-chair"),
            Self::Secretary => f.write_str("secretary"),
            Self::Rapporteur(deliverable) => write!(f, "rapporteur {deliverable}"),
        }
    }
}

impl FromStr for Role {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match words.to_lowercase().as_str() {
            "chair" | "chairman" | "chairperson" => return Ok(Self::Chair),
            "vice-chair" | "vice chair" | "vicechair" => return Ok(Self::ViceChair),
            "secretary" => return Ok(Self::Secretary),
            _ => {}
        }
        let deliverable = words
            .get(..11)
            .filter(|start| start.eq_ignore_ascii_case("rapporteur "))
            .map(|_| words[11..].trim_start_matches("of ").to_uppercase())
            .filter(|deliverable| deliverable.parse::<super::Deliverable>().is_ok());
        deliverable.map(Self::Rapporteur).ok_or_else(|| {
            NotA::new(text, "role", "chair, vice-chair, secretary, or rapporteur of a deliverable (rapporteur TS-0003)")
        })
    }
}

/// An organization of the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// Other names people write (`Qualcomm Inc.`).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The address that mail to the organization goes to.
    #[serde(default)]
    pub contact: Option<EmailAddress>,
}

impl Organization {
    /// Gives the field the value that `to` prints; for aliases, adds `to` or takes `from` away.
    ///
    /// # Errors
    /// Where there is no such field, or `to` is no value of it.
    pub fn set(&mut self, field: &str, from: Option<&str>, to: Option<&str>) -> Result<(), NotA> {
        match field {
            // An organization has nothing but its name until it is given more.
            "name" => {}
            "contact" => self.contact = to.map(str::parse).transpose()?,
            "alias" => {
                self.aliases.retain(|alias| Some(alias.as_str()) != from);
                if let Some(to) = to.filter(|to| !self.aliases.iter().any(|alias| alias == to)) {
                    self.aliases.push(to.to_owned());
                }
            }
            _ => return Err(NotA::new(field, "field of an organization", "name, alias or contact")),
        }
        Ok(())
    }

    /// Whether people mean this organization by `name`: letter case, white space and a trailing
    /// full stop do not matter.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        std::iter::once(&self.name).chain(&self.aliases).any(|known| fold(known) == fold(name))
    }
}

/// A name as it is compared: lower case, single spaces, no trailing full stop.
pub(crate) fn fold(name: &str) -> String {
    let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_end_matches('.').to_lowercase()
}

/// A member of the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The member's number in the group, from 1; never given again.
    pub id: u32,
    /// The name as people know it.
    pub name: String,
    /// The organization's name.
    pub organization: String,
    /// Addresses, the one that mail goes to first.
    pub addresses: Vec<EmailAddress>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Has left: known, but may do nothing any more.
    pub left: bool,
    /// Personal mail is paused until that day.
    pub paused_until: Option<Date>,
    /// Wants a personal copy of the digest.
    pub digest: bool,
    /// Is away, or was: their automatic reply says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absence: Option<Absence>,
}

/// A field of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberField {
    /// The name.
    Name,
    /// The organization.
    Organization,
    /// One address: a change adds it (`to`) or takes it away (`from`).
    Address,
    /// One role: a change grants it (`to`) or takes it away (`from`).
    Role,
    /// Has left (`yes`).
    Left,
    /// Personal mail is paused until that day.
    PausedUntil,
    /// A personal copy of the digest (`on`).
    Digest,
    /// Is away, as an automatic reply says.
    Absence,
}

impl MemberField {
    /// Every field.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Organization,
        Self::Address,
        Self::Role,
        Self::Left,
        Self::PausedUntil,
        Self::Digest,
        Self::Absence,
    ];

    /// The field's name in history and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Organization => "organization",
            Self::Address => "address",
            Self::Role => "role",
            Self::Left => "left",
            Self::PausedUntil => "paused_until",
            Self::Digest => "digest",
            Self::Absence => "absence",
        }
    }
}

impl fmt::Display for MemberField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MemberField {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        Self::ALL
            .into_iter()
            .find(|field| field.as_str() == text)
            .ok_or_else(|| NotA::new(text, "field of a member", "name, organization, address, role, …"))
    }
}

text_serde!(Role, MemberField);

impl Member {
    /// A member with a number and nothing else yet.
    #[must_use]
    pub const fn new(id: u32) -> Self {
        Self {
            id,
            name: String::new(),
            organization: String::new(),
            addresses: Vec::new(),
            roles: Vec::new(),
            left: false,
            paused_until: None,
            digest: false,
            absence: None,
        }
    }

    /// Chair, vice-chair or secretary, and still here.
    #[must_use]
    pub fn is_officer(&self) -> bool {
        !self.left && self.roles.iter().any(Role::is_officer)
    }

    /// The day on which the member is back, where their automatic reply says that they are away.
    #[must_use]
    pub fn away_until(&self, today: Date) -> Option<Date> {
        self.absence?.until_after(today)
    }

    /// The value of a single-valued field as text; `None` where it has none.
    #[must_use]
    pub fn get(&self, field: MemberField) -> Option<String> {
        match field {
            MemberField::Name => Some(self.name.clone()).filter(|name| !name.is_empty()),
            MemberField::Organization => Some(self.organization.clone()).filter(|name| !name.is_empty()),
            MemberField::Left => self.left.then(|| "yes".to_owned()),
            MemberField::PausedUntil => self.paused_until.map(|day| day.to_string()),
            MemberField::Digest => self.digest.then(|| "on".to_owned()),
            MemberField::Absence => self.absence.map(|absence| absence.to_string()),
            MemberField::Address => self.addresses.last().map(ToString::to_string),
            MemberField::Role => self.roles.last().map(ToString::to_string),
        }
    }

    /// Gives the field the value that `to` prints; for addresses and roles, adds `to` or takes
    /// `from` away.
    ///
    /// # Errors
    /// Where `to` is no value of the field.
    pub fn set(&mut self, field: MemberField, from: Option<&str>, to: Option<&str>) -> Result<(), NotA> {
        match field {
            MemberField::Name => self.name = to.unwrap_or_default().to_owned(),
            MemberField::Organization => self.organization = to.unwrap_or_default().to_owned(),
            MemberField::Left => self.left = to.is_some(),
            MemberField::Digest => self.digest = to.is_some(),
            MemberField::Absence => self.absence = to.map(str::parse).transpose()?,
            MemberField::PausedUntil => {
                self.paused_until = to
                    .map(|day| day.parse().map_err(|_| NotA::new(day, "date", "something like 2014-06-02")))
                    .transpose()?;
            }
            MemberField::Address => change_list(&mut self.addresses, from, to)?,
            MemberField::Role => change_list(&mut self.roles, from, to)?,
        }
        Ok(())
    }
}

/// Takes `from` out of the list and adds `to`, unless it is there already.
fn change_list<T: FromStr<Err = NotA> + PartialEq>(
    list: &mut Vec<T>,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), NotA> {
    if let Some(from) = from {
        let from = from.parse::<T>()?;
        list.retain(|kept| *kept != from);
    }
    if let Some(to) = to {
        let to = to.parse::<T>()?;
        if !list.contains(&to) {
            list.push(to);
        }
    }
    Ok(())
}

/// A member as the group file names one: without the number that the database gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterMember {
    /// The name as people know it.
    pub name: String,
    /// The organization's name or alias.
    pub organization: String,
    /// Addresses, the one that mail goes to first.
    pub addresses: Vec<EmailAddress>,
    /// Roles.
    pub roles: Vec<Role>,
}

/// The whole roster of a group. It is small, and `decide` always sees it whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Roster {
    /// Organizations, in order of name.
    pub organizations: Vec<Organization>,
    /// Members, in order of number.
    pub members: Vec<Member>,
}

impl Roster {
    /// The member to whom an address belongs, gone ones included.
    #[must_use]
    pub fn member_by_address(&self, address: &EmailAddress) -> Option<&Member> {
        self.members.iter().find(|member| member.addresses.contains(address))
    }

    /// The only member, gone ones left out, of that name.
    #[must_use]
    pub fn member_by_name(&self, name: &str) -> Option<&Member> {
        let mut named = self.members.iter().filter(|member| !member.left && fold(&member.name) == fold(name));
        named.next().filter(|_| named.next().is_none())
    }

    /// The member with that number.
    #[must_use]
    pub fn member(&self, id: u32) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// The organization that people call `name`.
    #[must_use]
    pub fn organization(&self, name: &str) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.is_called(name))
    }

    /// Who ratifies: the chair; where there is none, the vice-chair, or the secretary.
    #[must_use]
    pub fn ratifiers(&self) -> Vec<&Member> {
        let with = |role: &Role| -> Vec<&Member> {
            self.members.iter().filter(|member| !member.left && member.roles.contains(role)).collect()
        };
        let roles = [Role::Chair, Role::ViceChair, Role::Secretary];
        roles.iter().map(with).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Whether the member is meant where an owner is written as `name`: the organization (by any of
    /// its names), the member's own name, or a role.
    #[must_use]
    pub fn is_meant(&self, member: &Member, name: &str) -> bool {
        if member.left {
            return false;
        }
        let by_organization = self.organization(name).is_some_and(|named| named.is_called(&member.organization));
        let by_role = name.parse::<Role>().is_ok_and(|role| member.roles.contains(&role));
        by_organization || by_role || fold(&member.name) == fold(name)
    }

    /// Whether everybody who is named as an owner has left: nobody is there any more whose item it is.
    #[must_use]
    pub fn have_all_left(&self, who: &Owners) -> bool {
        let owners = who.list();
        !owners.is_empty() && owners.iter().all(|owner| self.has_left(&owner.name))
    }

    fn has_left(&self, name: &str) -> bool {
        let mut called = self.members.iter().filter(|member| fold(&member.name) == fold(name)).peekable();
        called.peek().is_some() && called.all(|member| member.left) && self.organization(name).is_none()
    }

    /// Who is mailed about what is theirs.
    #[must_use]
    pub fn mailed(&self, who: &Owners) -> Vec<Recipient> {
        Mailing::of(self).mailed(who)
    }

    /// Who gets mail to an organization's contact: the member whose address it is, else the first of
    /// the organizations that it stands for. Nobody where that member has left.
    fn contact(&self, contact: &EmailAddress) -> Option<Recipient> {
        match self.member_by_address(contact) {
            Some(member) => (!member.left).then_some(Recipient::Member(member.id)),
            None => {
                let named = self.organizations.iter().find(|known| known.contact.as_ref() == Some(contact));
                named.map(|known| Recipient::Organization(known.name.clone()))
            }
        }
    }

    /// The address that mail to a recipient goes to; of the list, none that the roster knows.
    #[must_use]
    pub fn address(&self, recipient: &Recipient) -> Option<&EmailAddress> {
        match recipient {
            Recipient::List => None,
            Recipient::Member(id) => self.member(*id).filter(|member| !member.left)?.addresses.first(),
            Recipient::Organization(name) => {
                self.organizations.iter().find(|known| known.name == *name)?.contact.as_ref()
            }
        }
    }
}

/// Who is mailed about what is theirs, by the names that owners are written with: made once for many items.
#[derive(Debug)]
pub struct Mailing<'a> {
    roster: &'a Roster,
    members: HashMap<String, Vec<Recipient>>,
    organizations: HashMap<String, Recipient>,
}

impl<'a> Mailing<'a> {
    /// Of a roster. Who has left, or has no address, is not mailed.
    #[must_use]
    pub fn of(roster: &'a Roster) -> Self {
        let mut members: HashMap<String, Vec<Recipient>> = HashMap::new();
        for member in roster.members.iter().filter(|member| is_mailed(member)) {
            members.entry(fold(&member.name)).or_default().push(Recipient::Member(member.id));
        }
        let mut organizations = HashMap::new();
        // The first that is called so is the one that is meant.
        for organization in roster.organizations.iter().rev() {
            let contact = organization.contact.as_ref().and_then(|contact| roster.contact(contact));
            for name in std::iter::once(&organization.name).chain(&organization.aliases) {
                match &contact {
                    Some(contact) => organizations.insert(fold(name), contact.clone()),
                    None => organizations.remove(&fold(name)),
                };
            }
        }
        Self { roster, members, organizations }
    }

    /// Members by name or role, an organization at its contact. Nobody for "interested companies", and for
    /// an organization without a contact.
    #[must_use]
    pub fn mailed(&self, who: &Owners) -> Vec<Recipient> {
        let owners = who.list();
        self.called(owners.iter().filter(|owner| owner.part != Part::Any).map(|owner| owner.name.as_str()))
    }

    /// Who is mailed of those that are called so.
    pub fn called<'n>(&self, names: impl Iterator<Item = &'n str>) -> Vec<Recipient> {
        let mut mailed = Vec::new();
        for written in names {
            let name = fold(written);
            mailed.extend(self.organizations.get(&name).cloned());
            mailed.extend(self.members.get(&name).into_iter().flatten().cloned());
            if let Ok(role) = written.parse::<Role>() {
                let holders = self.roster.members.iter().filter(|member| member.roles.contains(&role));
                mailed.extend(holders.filter(|member| is_mailed(member)).map(|member| Recipient::Member(member.id)));
            }
        }
        mailed.sort();
        mailed.dedup();
        mailed
    }
}

fn is_mailed(member: &Member) -> bool {
    !member.left && !member.addresses.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_about_an_item_goes_to_who_is_meant_and_can_be_reached() {
        let member = |id: u32, name: &str, roles: &[Role]| Member {
            name: name.to_owned(),
            addresses: vec![format!("m{id}@example.org").parse().unwrap()],
            roles: roles.to_vec(),
            ..Member::new(id)
        };
        let organization = |name: &str, aliases: &[&str], contact: Option<&str>| Organization {
            name: name.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            contact: contact.map(|contact| contact.parse().unwrap()),
        };
        let mut gone = member(4, "Member Gone", &[Role::Secretary]);
        gone.left = true;
        let roster = Roster {
            organizations: vec![
                organization("CATT", &[], Some("office@example.org")),
                organization("ETSI", &[], None),
                organization("Gone Ltd", &[], Some("m4@example.org")),
                organization("Qualcomm", &["Qualcomm Inc."], Some("m2@example.org")),
            ],
            members: vec![member(1, "Chair", &[Role::Chair]), member(2, "Member Qualcomm", &[]), gone],
        };
        let mailed =
            |who: &str| -> Vec<String> { roster.mailed(&who.into()).iter().map(ToString::to_string).collect() };
        assert_eq!(mailed("Lead qualcomm inc, CATT"), ["member 2", "organization CATT"]);
        assert_eq!(mailed("Lead Qualcomm + Member Qualcomm, chairman"), ["member 1", "member 2"]);
        assert_eq!(mailed("Interested companies"), [""; 0]);
        assert_eq!(mailed("Lead ETSI, Gone Ltd, Member Gone, secretary, Nobody Known"), [""; 0]);
    }
}
