//! `minuted check`: whether all is well before a start, and what would be read. Changes nothing here; with
//! `--send` it sends mail.

mod delivery;
mod mailbox;
mod proofs;
mod room;

use std::collections::BTreeSet;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::failure::Failure;
use super::log;
use super::opened::Globals;
use super::output::Output;
use super::rows::moment;
use super::stop_mail;
use crate::calendar::{self, Scene, Starts};
use crate::config::{self, Config, GroupConfig, RosterFile, Senders};
use crate::domain::{DueOccasion, Member, OccasionKind, Organization, Recipient, Roster, RosterMember};
use crate::store::{GroupId, Store, StoreError};

/// How far it goes.
#[derive(Debug, Args)]
pub struct Check {
    /// Send a mail to the bot itself and one to the list, and say how long they take
    #[arg(long)]
    send: bool,
}

/// What was found, as it is printed: the number of lines that say that something is wrong.
struct Report {
    output: Output,
    wrong: usize,
}

impl Report {
    fn heading(&mut self, text: &str) -> anyhow::Result<()> {
        self.output.line(text)
    }

    fn fine(&mut self, what: &str, text: &str) -> anyhow::Result<()> {
        self.output.line(format!("  ok     {what:10} {text}"))
    }

    fn note(&mut self, what: &str, text: &str) -> anyhow::Result<()> {
        self.output.line(format!("  note   {what:10} {text}"))
    }

    fn wrong(&mut self, what: &str, text: &str) -> anyhow::Result<()> {
        self.wrong += 1;
        self.output.line(format!("  WRONG  {what:10} {text}"))
    }
}

impl Check {
    /// Looks at everything and tells it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let path = config::find(globals.config.as_deref())?;
        let config = config::load(&path)?;
        log::begin_quietly(config.log);
        let chosen = match globals.group {
            Some(_) => vec![globals.choose(&config)?],
            None => config.groups.iter().collect(),
        };
        // Both files are told of at once, before anything else.
        let rosters = chosen.iter().map(|group| group.load_roster()).collect::<Result<Vec<_>, _>>()?;
        let mut report = Report { output: Output::new(), wrong: 0 };
        report.heading(&format!("configuration {}", path.display()))?;
        report.fine("file", "every key is known and valid")?;
        for warning in &config.warnings {
            report.note("file", &warning.to_string())?;
        }
        let store = database(&config, &mut report).await?;
        if let Some(store) = &store {
            for key in unserved(store, &config).await? {
                report.wrong("groups", &format!("the database holds the group {key:?}, which the configuration does not name; a group is found again by its key alone"))?;
            }
        }
        for (group, roster) in chosen.into_iter().zip(rosters) {
            let now = globals.now(&group.time_zone)?;
            self::group(&config, group, &roster, store.as_ref(), now, &mut report, self.send).await?;
        }
        let wrong = report.wrong;
        report.output.finish()?;
        match wrong {
            0 => Ok(()),
            1 => Err(Failure::refused("1 thing is wrong; see the line that begins with WRONG").into()),
            _ => Err(Failure::refused(format!("{wrong} things are wrong; see the lines that begin with WRONG")).into()),
        }
    }
}

/// Groups that the database holds and the configuration does not name, as after a change of a key.
pub(super) async fn unserved(store: &Store, config: &Config) -> Result<Vec<String>, StoreError> {
    let keys = store.groups().await?.into_iter().map(|(key, _)| key);
    Ok(keys.filter(|key| config.group(key).is_none()).collect())
}

/// The database, where it is there and sound.
async fn database(config: &Config, report: &mut Report) -> anyhow::Result<Option<Store>> {
    let path = config.database.display();
    report.heading(&format!("database {path}"))?;
    room::check(&config.database, report)?;
    let opened = match Store::open_read_only(&config.database).await {
        Err(StoreError::Missing { .. }) => {
            report.note("file", "does not exist yet; it is made at the first start")?;
            return Ok(None);
        }
        Err(StoreError::Older { found, known, .. }) => {
            report.note("file", &format!("has schema {found}; the next start brings it to {known}"))?;
            return Ok(None);
        }
        Err(error) => {
            report.wrong("file", &format!("{:#}", anyhow::Error::new(error)))?;
            return Ok(None);
        }
        Ok(store) => store,
    };
    match opened.check().await {
        Ok(problems) if problems.is_empty() => report.fine("file", "sound")?,
        Ok(problems) => {
            for problem in problems {
                report.wrong("file", &problem)?;
            }
        }
        Err(error) => report.wrong("file", &format!("{:#}", anyhow::Error::new(error)))?,
    }
    match opened.health(jiff::Timestamp::now()).await {
        Ok(health) => {
            report.fine(
                "waiting",
                &format!(
                    "{} messages to be read, {} held; {} mails to be sent, {} parked",
                    health.waiting, health.quarantined, health.to_send, health.parked
                ),
            )?;
            if let Some(stop) = &health.mail_stop {
                let zone = config.groups.first().map_or(TimeZone::UTC, |group| group.time_zone.clone());
                report
                    .note("mail", &format!("{} `minuted start-mail` sends it again", stop_mail::told(stop, &zone)))?;
            }
        }
        Err(error) => report.wrong("waiting", &format!("{:#}", anyhow::Error::new(error)))?,
    }
    Ok(Some(opened))
}

/// What proves a sender in a group.
fn senders(group: &GroupConfig) -> String {
    if group.senders == Senders::Claimed {
        return "From is believed, which is for closed networks".to_owned();
    }
    let tokens = group.tokens().map(|(_, form)| format!("tokens in {form}"));
    let server = group.authserv_id.as_ref().map(|server| format!("what {server} writes into Authentication-Results"));
    let proofs: Vec<String> = tokens.into_iter().chain(server).collect();
    if proofs.is_empty() {
        "nothing proves them: every change is held until its member confirms it".to_owned()
    } else {
        format!("proven by {}; what anybody else asks for is held", proofs.join(" or by "))
    }
}

async fn group(
    config: &Config,
    group: &GroupConfig,
    file: &RosterFile,
    store: Option<&Store>,
    now: Timestamp,
    report: &mut Report,
    send: bool,
) -> anyhow::Result<()> {
    report.heading(&format!("group {} ({})", group.key, group.name))?;
    let zone = &group.time_zone;
    report
        .fine("time zone", &format!("{}, where it is {}", zone.iana_name().unwrap_or("unnamed"), moment(now, zone)))?;
    report.fine("senders", &senders(group))?;
    let known = match store {
        Some(store) => store.group_if_known(&group.key).await?.map(|id| (store, id)),
        None => None,
    };
    announcers(group, known, report).await?;
    for warning in &file.warnings {
        report.note("roster", &warning.to_string())?;
    }
    let counted = format!("{} organizations, {} members", file.organizations.len(), file.members.len());
    match known {
        None => report.fine("roster", &format!("{counted} in {}", group.roster.display()))?,
        Some((store, id)) => {
            let differences = differences(file, &store.roster(id).await?);
            if differences.is_empty() {
                report.fine("roster", &format!("{counted}, the same in the file and in the database"))?;
            }
            for difference in differences {
                report.note("roster", &difference)?;
            }
        }
    }
    digest(group, known, now, report).await?;
    mailbox::check(config, group, known, now, report).await?;
    delivery::check(&group.delivery, report).await?;
    if send {
        delivery::send(group, known, now, report).await?;
    }
    Ok(())
}

/// Whose notices of uploads are believed. Since the file was checked, such an address may have become a member's.
async fn announcers(group: &GroupConfig, known: Option<(&Store, GroupId)>, report: &mut Report) -> anyhow::Result<()> {
    let roster = match known {
        Some((store, id)) => store.roster(id).await?,
        None => Roster::default(),
    };
    for address in &group.announcers {
        match roster.member_by_address(address) {
            Some(member) => report.wrong(
                "announcers",
                &format!("{address} is the address of the member {}, whose mail is read as a person's", member.name),
            )?,
            None => report.fine(
                "announcers",
                &format!("what {address} says was uploaded is posted, as far as its mail proves it"),
            )?,
        }
    }
    Ok(())
}

/// When the next mail goes to the list, and the next to a member.
async fn digest(
    group: &GroupConfig,
    known: Option<(&Store, GroupId)>,
    now: Timestamp,
    report: &mut Report,
) -> anyhow::Result<()> {
    let scene = match known {
        Some((store, id)) => store.scene(id, calendar::reach(now), None).await?,
        None => Scene { starts: Starts { digest: now, reminders: now }, ..Scene::default() },
    };
    let next = calendar::upcoming(&group.rules(), &scene, now);
    let to_list = next.iter().find(|next| next.occasion.recipient == Recipient::List);
    match (&group.list, to_list) {
        (Some(list), Some(next)) => report
            .fine("digest", &format!("{}, next {} to {list}", next.occasion.kind, moment(next.at, &group.time_zone)))?,
        _ => report.note("digest", "the list gets none")?,
    }
    let to_members: Vec<&DueOccasion> = next
        .iter()
        .filter(|next| next.occasion.recipient != Recipient::List && next.occasion.kind != OccasionKind::Weekly)
        .collect();
    if let Some(first) = to_members.first() {
        let recipients: BTreeSet<&Recipient> = to_members.iter().map(|next| &next.occasion.recipient).collect();
        let owners = if recipients.len() == 1 { "1 owner".to_owned() } else { format!("{} owners", recipients.len()) };
        report.fine("reminders", &format!("next {}; {owners} to be reminded", moment(first.at, &group.time_zone)))?;
    }
    Ok(())
}

/// Where the roster's file and the database differ. Neither is wrong: the roster is changed by mail.
fn differences(file: &RosterFile, roster: &Roster) -> Vec<String> {
    let mut found = Vec::new();
    for organization in &file.organizations {
        match roster.organization(&organization.name) {
            None => found.push(format!("organization {} is only in the file", organization.name)),
            Some(kept) => organization_differences(organization, kept, &mut found),
        }
    }
    for kept in &roster.organizations {
        if !file.organizations.iter().any(|organization| organization.is_called(&kept.name)) {
            found.push(format!("organization {} is only in the database", kept.name));
        }
    }
    let by_address =
        |member: &RosterMember| member.addresses.iter().find_map(|address| roster.member_by_address(address));
    for member in &file.members {
        match by_address(member) {
            None => found.push(format!("member {} is only in the file", member.name)),
            Some(kept) => member_differences(member, kept, &mut found),
        }
    }
    for kept in roster.members.iter().filter(|kept| !kept.left) {
        let in_file = |member: &RosterMember| member.addresses.iter().any(|address| kept.addresses.contains(address));
        if !file.members.iter().any(in_file) {
            found.push(format!("member {} is only in the database", kept.name));
        }
    }
    found
}

fn organization_differences(file: &Organization, kept: &Organization, found: &mut Vec<String>) {
    let contact = |organization: &Organization| {
        organization.contact.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string)
    };
    if file.contact != kept.contact {
        found.push(format!(
            "organization {}: the contact is {} in the file, {} in the database",
            kept.name,
            contact(file),
            contact(kept)
        ));
    }
    differ(&format!("organization {}: other names", kept.name), &file.aliases, &kept.aliases, found);
}

fn member_differences(file: &RosterMember, kept: &Member, found: &mut Vec<String>) {
    let name = &kept.name;
    if kept.left {
        found.push(format!("member {name} is in the file, and has left says the database"));
        return;
    }
    if file.name != kept.name {
        found.push(format!("member {name} is called {} in the file", file.name));
    }
    if file.organization != kept.organization {
        found.push(format!(
            "member {name}: the organization is {} in the file, {} in the database",
            file.organization, kept.organization
        ));
    }
    let roles = |roles: &[crate::domain::Role]| roles.iter().map(ToString::to_string).collect::<Vec<_>>();
    differ(&format!("member {name}: roles"), &roles(&file.roles), &roles(&kept.roles), found);
    let addresses =
        |addresses: &[crate::domain::EmailAddress]| addresses.iter().map(ToString::to_string).collect::<Vec<_>>();
    differ(&format!("member {name}: addresses"), &addresses(&file.addresses), &addresses(&kept.addresses), found);
}

/// Tells two lists that do not hold the same.
fn differ(what: &str, file: &[String], kept: &[String], found: &mut Vec<String>) {
    let list = |list: &[String]| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    let same = file.len() == kept.len() && file.iter().all(|name| kept.contains(name));
    if !same {
        found.push(format!("{what} are {} in the file, {} in the database", list(file), list(kept)));
    }
}
