//! Who is mailed about what is somebody's.

use std::collections::HashMap;

use super::roster::fold;
use super::{Contribution, Member, Owners, Part, Recipient, Role, Roster};

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

    /// Who is mailed about a contribution: its sources; where none of them can be, the member who posted it last.
    #[must_use]
    pub fn authors(&self, of: &Contribution) -> Vec<Recipient> {
        let sources = self.called(of.sources());
        if !sources.is_empty() {
            return sources;
        }
        let by = of.life.available.iter().rev().find_map(|available| available.trace.by.as_ref());
        let member = by.and_then(|by| self.roster.member_by_address(by)).filter(|member| is_mailed(member));
        member.map(|member| Recipient::Member(member.id)).into_iter().collect()
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
    use crate::domain::Organization;

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
