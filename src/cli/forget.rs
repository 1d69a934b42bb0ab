//! `minuted forget ADDRESS`: a person's addresses and names become pseudonyms, and mails that name the person lose
//! their bytes.
//!
//! What cannot be taken back is tried on a copy first: only where the journal of the copy still gives its state is
//! the database itself changed.

use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::opened::{Globals, Opened, address};
use super::output::Output;
use crate::domain::EmailAddress;
use crate::steps::{self, Forgetting, Forgotten};
use crate::store::{Pending, Store, replay_beside};

/// Who is forgotten.
#[derive(Debug, Args)]
pub struct Forget {
    /// An address of the person's; what the group knows of other addresses and names goes with it
    #[arg(value_name = "ADDRESS", value_parser = address)]
    address: EmailAddress,
    /// Another spelling of the name that texts have ("Editor, Ann"); may be given several times
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    /// Do it; without this, it is only said what would go
    #[arg(long)]
    yes: bool,
}

impl Forget {
    /// Tries it on a copy, and does it where that is wanted.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_write(globals).await?;
        let mut output = Output::new();
        let tried = self.rehearse(&opened).await?;
        if tried.is_nobody() {
            opened.store.close().await;
            return Err(Failure::refused(format!(
                "nothing that is kept has {}, and nothing was changed: is it written rightly? `minuted list members` has the \
                 addresses of members, `minuted list messages` those of mails",
                self.address
            ))
            .into());
        }
        if !self.yes {
            tell(&mut output, &tried, false)?;
            output.line(
                "Nothing was changed. What was erased cannot be had back: make sure of the address, and add --yes.",
            )?;
            opened.store.close().await;
            return output.finish();
        }
        let done = self.forget(&opened.store, &opened).await?;
        let is_clean = opened.store.vacuum().await?;
        tell(&mut output, &done, true)?;
        if !is_clean {
            output.line(
                "Another process reads the database: its write-ahead log still has pages of before. They go when that \
                 process has ended (restart the daemon).",
            )?;
        }
        remind(&mut output, &opened, &self.address)?;
        if let Some(to) = &opened.group.config.page
            && let Err(error) = steps::publish(&opened.store, &opened.group, to, opened.now).await
        {
            output.line(format!("The pages in {} still have what was there: {error:#}", to.display()))?;
        }
        opened.changed().await;
        output.finish()
    }

    /// What would come of it, done to a copy that is removed again.
    async fn rehearse(&self, opened: &Opened) -> anyhow::Result<Forgotten> {
        let copy = beside(&opened.config.database);
        opened.store.backup(&copy).await?;
        let result = self.try_on(&copy, opened).await;
        remove(&copy);
        result
    }

    async fn try_on(&self, copy: &Path, opened: &Opened) -> anyhow::Result<Forgotten> {
        let store = Store::open(copy).await?;
        let before = differences(&store).await?;
        let tried = self.forget(&store, opened).await?;
        let after = differences(&store).await?;
        store.close().await;
        if after.len() > before.len() {
            let first = after.first().map(String::as_str).unwrap_or_default();
            return Err(Failure::refused(self.contradicts(first)).into());
        }
        Ok(tried)
    }

    /// Why it is not done where the journal would not give the state any more. That comes of names that are words.
    fn contradicts(&self, difference: &str) -> String {
        let words: Vec<String> =
            self.names.iter().filter(|name| !name.trim().contains(' ')).map(|name| format!("{name:?}")).collect();
        if words.is_empty() {
            return format!(
                "nothing was changed: the copy on which it was tried came to another state with these names replaced \
                 ({difference}). Try it without --name, or with the name as texts have it"
            );
        }
        let (are, them) = if words.len() == 1 { ("is a word", "it") } else { ("are words", "them") };
        format!(
            "nothing was changed: {} {are} that the group's records have in another sense, too, which a pseudonym would \
             spoil. Leave {them} out, or give the whole name, as in --name \"First Last\": mails that have the word alone \
             keep it",
            words.join(", ")
        )
    }

    async fn forget(&self, store: &Store, opened: &Opened) -> anyhow::Result<Forgotten> {
        let address = &self.address;
        let why = match steps::forget(store, &opened.group, address, &self.names, opened.now).await? {
            Forgetting::Done(forgotten) => return Ok(forgotten),
            Forgetting::NoPerson => format!("{address} is no person's: it is the bot's, the list's or a pseudonym"),
            Forgetting::Needed(role) => format!(
                "{address} is the group's only {role}; give the role to somebody else first: minuted do \"role ADDRESS \
                 {role}\" --as {address}"
            ),
            Forgetting::Pending(Pending { unread, unsent }) => format!(
                "nothing was changed: {unread} mails that name the person wait to be read or are held (`minuted quarantine \
                 list`), and {unsent} to others wait to be sent (`minuted outbox list`); try again when they have gone \
                 their way (while mail is stopped, after `minuted start-mail`)"
            ),
        };
        Err(Failure::refused(why).into())
    }
}

/// What a replay of the journal comes to otherwise.
async fn differences(store: &Store) -> anyhow::Result<Vec<String>> {
    let beside = replay_beside(store.path());
    let rebuilt = store.rebuild(&beside, steps::NEEDS, steps::replay).await;
    remove(&beside);
    Ok(rebuilt?.differences)
}

fn tell(output: &mut Output, of: &Forgotten, done: bool) -> anyhow::Result<()> {
    let (are, is) = if done { ("were", "is") } else { ("would be", "would be") };
    let addresses = of.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    output.line(format!("Addresses: {addresses}"))?;
    output.line(format!("Names: {}", if of.names.is_empty() { "none".to_owned() } else { of.names.join("; ") }))?;
    for name in &of.shared {
        output.line(format!("The name {name} stays in texts: somebody or something else is called so, too."))?;
    }
    let erased = &of.erased;
    output.line(format!("{} {is} written in their place; values that change: {}.", of.pseudonym, erased.rows))?;
    output.line(format!(
        "Mails whose bytes {are} erased: {} by the person, {} by others who name the person, and {} that were made here, \
         {} of which had not gone out and are not sent.",
        erased.own, erased.others, erased.made, erased.unsent
    ))
}

/// Where the person still stands, for the operator to see to.
fn remind(output: &mut Output, opened: &Opened, address: &EmailAddress) -> anyhow::Result<()> {
    output.line(
        "What this program cannot reach: backups, exports and logs of before, the mailbox and the list's archive, other \
         spellings of the name, and files that others attached.",
    )?;
    let file = &opened.group.config.roster;
    if std::fs::read_to_string(file).is_ok_and(|text| text.to_lowercase().contains(address.as_str())) {
        output.line(format!(
            "{} still has {address}: take it out, or the next import makes the person a member again.",
            file.display()
        ))?;
    }
    Ok(())
}

/// Where the copy lies on which it is tried.
fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(format!(".forget-{}", std::process::id()));
    PathBuf::from(name)
}

/// Removes a database with its log.
fn remove(database: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut path = database.as_os_str().to_owned();
        path.push(suffix);
        // Most of them are not there any more.
        let _ = std::fs::remove_file(path);
    }
}
