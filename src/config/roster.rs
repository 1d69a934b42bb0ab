//! The roster that a group starts from: `group.toml` with its organizations and members.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::problem::{ConfigErrors, Problem};
use super::report::{Cell, Place, Report};
use super::spreadsheet;
use super::walk::Section;
use super::words::{nearest, quoted};
use crate::domain::roster::fold;
use crate::domain::{EmailAddress, Organization, Owners, Part, Role, RosterMember};

/// A roster file, valid: every member belongs to one of its organizations, and no name or address
/// means two.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RosterFile {
    /// Organizations, in the file's order.
    pub organizations: Vec<Organization>,
    /// Members, in the file's order.
    pub members: Vec<RosterMember>,
    /// What is allowed, and better looked at. Not part of what the journal keeps.
    #[serde(skip)]
    pub warnings: Vec<Problem>,
}

/// Reads and checks a roster file: CSV where its name ends in `.csv`, TOML otherwise.
///
/// # Errors
/// That it cannot be read, or everything that is wrong in it.
pub fn load_roster(path: &Path) -> Result<RosterFile, ConfigErrors> {
    load(path, HashMap::new())
}

/// Checks the text of a roster file: CSV where `file_name` ends in `.csv`, TOML otherwise.
///
/// # Errors
/// Everything that is wrong in it.
pub fn parse_roster(text: &str, file_name: &str) -> Result<RosterFile, ConfigErrors> {
    parse(text, file_name, HashMap::new())
}

/// Addresses that can be no member's, and what they are.
pub(super) type Reserved = HashMap<EmailAddress, &'static str>;

pub(super) fn load(path: &Path, reserved: Reserved) -> Result<RosterFile, ConfigErrors> {
    parse(&super::read(path)?, &path.display().to_string(), reserved)
}

pub(super) fn parse(text: &str, file_name: &str, reserved: Reserved) -> Result<RosterFile, ConfigErrors> {
    let report = Report::new(file_name, text);
    let extension = Path::new(file_name).extension();
    let mut draft = Draft::new(&report, reserved);
    if extension.is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
        spreadsheet::read(text, &report, &mut draft);
    } else if let Some(table) = report.parse(text) {
        read(Section::root(&report, &table), &mut draft);
    }
    let (organizations, members) = draft.finish();
    let warnings = report.finish()?;
    Ok(RosterFile { organizations, members, warnings })
}

const NAME: &str = "the member's name, such as \"Member CATT\"";
const ORGANIZATION: &str = "the organization's name, such as \"CATT\"";
const ADDRESS: &str = "an e-mail address, such as \"member-catt@example.org\"";
const ADDRESSES: &str = "a list of e-mail addresses, such as [\"member-catt@example.org\"]";
const ROLE: &str = "a role, such as \"chair\"";

fn read(root: Section<'_>, draft: &mut Draft<'_>) {
    for section in root.sections("organization") {
        let name = section.require("name", ORGANIZATION).and_then(|entry| entry.cell(ORGANIZATION));
        let aliases = section.get("aliases");
        let aliases =
            aliases.map(|entry| entry.texts("a list of other names, such as [\"Qualcomm Inc.\"]", ORGANIZATION));
        let contact = section.get("contact").and_then(|entry| entry.cell(ADDRESS));
        section.finish();
        if let Some(name) = name {
            draft.organization(&name, &aliases.unwrap_or_default(), contact.as_ref());
        }
    }
    // Members come after all organizations, wherever the file has them.
    for section in root.sections("member") {
        let name = section.require("name", NAME).and_then(|entry| entry.cell(NAME));
        let organization = section.require("organization", ORGANIZATION).and_then(|entry| entry.cell(ORGANIZATION));
        let addresses = section.require("addresses", ADDRESSES);
        if let Some(entry) = addresses.as_ref().filter(|entry| entry.is_empty_list()) {
            entry.error(format!("is empty; expected {ADDRESSES}"));
        }
        let addresses = addresses.map(|entry| entry.texts(ADDRESSES, ADDRESS)).unwrap_or_default();
        let roles = section.get("roles").map(|entry| entry.texts("a list of roles, such as [\"chair\"]", ROLE));
        section.finish();
        draft.member(name.as_ref(), organization.as_ref(), &addresses, &roles.unwrap_or_default());
    }
    root.finish();
}

/// A roster as it grows, and what its names and addresses mean so far.
pub(super) struct Draft<'a> {
    report: &'a Report<'a>,
    reserved: Reserved,
    organizations: Vec<Organization>,
    members: Vec<RosterMember>,
    /// Every name and alias, folded: the organization's index and the line.
    organization_names: HashMap<String, (usize, usize)>,
    /// Every member's name, folded, and its line.
    member_names: HashMap<String, usize>,
    /// Every address, whose it is, and its line.
    addresses: HashMap<EmailAddress, (String, usize)>,
    /// The contacts and where they stand.
    contacts: Vec<(EmailAddress, Place)>,
}

impl<'a> Draft<'a> {
    fn new(report: &'a Report<'a>, reserved: Reserved) -> Self {
        Self {
            report,
            reserved,
            organizations: Vec::new(),
            members: Vec::new(),
            organization_names: HashMap::new(),
            member_names: HashMap::new(),
            addresses: HashMap::new(),
            contacts: Vec::new(),
        }
    }

    /// Adds an organization.
    pub fn organization(&mut self, name: &Cell<'_>, aliases: &[Cell<'_>], contact: Option<&Cell<'_>>) {
        let index = self.organizations.len();
        for cell in std::iter::once(name).chain(aliases) {
            self.check_owner(cell);
        }
        for cell in std::iter::once(name).chain(aliases) {
            match self.organization_names.get(&fold(cell.text)) {
                Some((other, line)) if *other != index => {
                    let other = self.organizations.get(*other).map_or("", |other| &other.name);
                    let what = format!(
                        "{} already means {} (line {line}); expected a name of one organization only",
                        quoted(cell.text),
                        quoted(other),
                    );
                    self.report.error(&cell.place, what);
                }
                // A name that is also among the aliases says the same twice, and harms nobody.
                Some(_) => {}
                None => {
                    self.organization_names.insert(fold(cell.text), (index, cell.place.line));
                }
            }
        }
        let contact = contact.and_then(|cell| {
            let address = self.address(cell)?;
            self.contacts.push((address.clone(), cell.place.clone()));
            Some(address)
        });
        self.organizations.push(Organization {
            name: name.text.to_owned(),
            aliases: aliases.iter().map(|cell| cell.text.to_owned()).collect(),
            contact,
        });
    }

    /// Whether an organization of that name is known.
    pub fn knows_organization(&self, name: &str) -> bool {
        self.organization_names.contains_key(&fold(name))
    }

    /// Adds a member; what is missing has been reported already.
    pub fn member(
        &mut self,
        name: Option<&Cell<'_>>,
        organization: Option<&Cell<'_>>,
        addresses: &[Cell<'_>],
        roles: &[Cell<'_>],
    ) {
        let shown = name.map_or_else(String::new, |name| name.text.to_owned());
        let organization = organization.and_then(|cell| self.organization_of_member(cell));
        let addresses: Vec<_> = addresses.iter().filter_map(|cell| self.address_of_member(cell, &shown)).collect();
        let mut held: Vec<Role> = Vec::new();
        for cell in roles {
            match cell.text.parse::<Role>() {
                Ok(role) if !held.contains(&role) => held.push(role),
                Ok(_) => {}
                Err(error) => self.report.error(&cell.place, error.to_string()),
            }
        }
        if let Some(name) = name {
            self.name_of_member(name, organization.as_deref(), &held);
        }
        let organization = organization.unwrap_or_default();
        self.members.push(RosterMember { name: shown, organization, addresses, roles: held });
    }

    /// Warns of a name that WHO would read otherwise, so that nothing could be given to it.
    fn check_owner(&self, name: &Cell<'_>) {
        let owners = Owners::from(name.text).list();
        let is_itself =
            matches!(owners.as_slice(), [only] if only.part == Part::Lead && fold(&only.name) == fold(name.text));
        if !is_itself {
            let what = format!(
                "{} means something else where owners are written (Lead A + B, C); \
                 expected a name without comma, plus sign and \"Lead\" that items can be given to",
                quoted(name.text),
            );
            self.report.warn(&name.place, what);
        }
    }

    /// A member's name must not mean anybody else: work is given to people by name.
    fn name_of_member(&mut self, name: &Cell<'_>, organization: Option<&str>, roles: &[Role]) {
        self.check_owner(name);
        let folded = fold(name.text);
        let shown = quoted(name.text);
        if let Some(line) = self.member_names.insert(folded.clone(), name.place.line) {
            let what = format!(
                "{shown} is already a member's name (line {line}); expected one entry a member, \
                 with all addresses, and a name of their own"
            );
            self.report.error(&name.place, what);
        }
        if let Some((other, _)) = self.organization_names.get(&folded) {
            let other = self.organizations.get(*other).map(|other| other.name.as_str());
            if other != organization {
                let what = format!("{shown} is the name of an organization; expected the member's own");
                self.report.error(&name.place, what);
            }
        }
        if name.text.parse::<Role>().is_ok_and(|role| !roles.contains(&role)) {
            let what = format!("{shown} is a role that the member has not; expected another name, or that role");
            self.report.error(&name.place, what);
        }
    }

    fn organization_of_member(&self, cell: &Cell<'_>) -> Option<String> {
        if let Some((index, _)) = self.organization_names.get(&fold(cell.text)) {
            return self.organizations.get(*index).map(|organization| organization.name.clone());
        }
        let known = self.organizations.iter().flat_map(|known| std::iter::once(&known.name).chain(&known.aliases));
        let near = nearest(cell.text, known.map(String::as_str));
        let near = near.map(|near| format!(" (did you mean {}?)", quoted(near))).unwrap_or_default();
        let what = format!("{} is no organization of this file; expected the name of one{near}", quoted(cell.text));
        self.report.error(&cell.place, what);
        None
    }

    fn address(&self, cell: &Cell<'_>) -> Option<EmailAddress> {
        let address = match cell.text.parse::<EmailAddress>() {
            Ok(address) => address,
            Err(error) => {
                self.report.error(&cell.place, error.to_string());
                return None;
            }
        };
        if let Some(what) = self.reserved.get(&address.without_detail()) {
            self.report.error(&cell.place, format!("{address} is {what}; expected somebody's own"));
            return None;
        }
        Some(address)
    }

    fn address_of_member(&mut self, cell: &Cell<'_>, member: &str) -> Option<EmailAddress> {
        let address = self.address(cell)?;
        let given = self.addresses.insert(address.clone(), (member.to_owned(), cell.place.line));
        if let Some((other, line)) = given {
            let what = format!(
                "{address} is already an address of {} (line {line}); expected an address of one member only, once",
                quoted(&other),
            );
            self.report.error(&cell.place, what);
            return None;
        }
        Some(address)
    }

    /// What was gathered. Says what it lacks as a whole.
    fn finish(self) -> (Vec<Organization>, Vec<RosterMember>) {
        for (address, place) in &self.contacts {
            if !self.addresses.contains_key(address) {
                let what = format!(
                    "{address} is no member's address: mail to the organization goes there, \
                     and what is answered from there changes nothing"
                );
                self.report.warn(place, what);
            }
        }
        for (role, name) in [(Role::Chair, "chair"), (Role::Secretary, "secretary")] {
            if !self.members.iter().any(|member| member.roles.contains(&role)) {
                self.report.warn_of_file(format!("nobody is {name}; give a member the role {name:?}"));
            }
        }
        (self.organizations, self.members)
    }
}
