//! The configuration (`minuted.toml`) and the roster that a group starts from (`group.toml`, or a
//! CSV file): read and checked as a whole, before anything else happens.
//!
//! A file is either valid or every mistake in it is told at once, each with its line, its key and
//! what would be allowed ([`ConfigErrors`]). Reading walks the parsed TOML by hand (`walk`),
//! since a deserializer stops at the first mistake and knows no lines.
//!
//! What exists is valid: a [`Config`] names known time zones and addresses, no two of its groups
//! share a bot or a directory, and its secrets are loaded. Whether directories exist and servers
//! answer is `check`'s to find out.

mod announcers;
mod delivery;
mod group;
mod mailbox;
mod problem;
mod profiles;
mod references;
mod reminders;
mod report;
mod roster;
mod secret;
mod server;
mod settings;
mod spreadsheet;
mod token;
mod walk;
mod words;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret as _, SecretString};

use crate::domain::{
    Closing, DigestRules, EmailAddress, QuietRules, ReferenceScheme, ReminderRules, ReplyAddress, Rules, TokenKey,
};

pub use crate::domain::Senders;

pub use problem::{ConfigErrors, Problem};
pub use profiles::{PROFILES, Profile};
pub use roster::{RosterFile, load_roster, parse_roster};
pub use server::{Login, Password, Proof, Security, Server, TokenSource};
pub use token::TokenError;

/// The languages that answers can be in: the catalogues that are compiled in.
pub const LANGUAGES: &[&str] = &["en"];

/// The largest configuration or roster that is read: one larger is another file.
const LARGEST_FILE: u64 = 4 << 20;

/// A whole `minuted.toml`, valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// The SQLite file.
    pub database: PathBuf,
    /// What keeps hostile or mistaken mail within bounds.
    pub limits: Limits,
    /// The log.
    pub log: Log,
    /// The groups served, at least one.
    pub groups: Vec<GroupConfig>,
    /// What is allowed, and better looked at.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// The group with that key.
    #[must_use]
    pub fn group(&self, key: &str) -> Option<&GroupConfig> {
        self.groups.iter().find(|group| group.key == key)
    }
}

/// Bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest mail that is read, in bytes; a larger one is quarantined.
    pub message_bytes: u64,
    /// At most so many answers an hour to one address, where the group does not say otherwise.
    pub answers_per_hour: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { message_bytes: 25 << 20, answers_per_hour: 60 }
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    /// For people or for programs.
    pub format: LogFormat,
    /// The least grave level that is written.
    pub level: tracing::Level,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: tracing::Level::INFO }
    }
}

/// The form of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// One `[[group]]`.
#[derive(Debug, Clone)]
pub struct GroupConfig {
    /// The group's key in the database and on the command line, such as `sec`.
    pub key: String,
    /// The group's name as people know it.
    pub name: String,
    /// The bot's own address, without a `+detail`: tags are added there.
    pub bot: EmailAddress,
    /// The mailing list's address.
    pub list: Option<EmailAddress>,
    /// When the bot writes to the list by itself.
    pub digest: DigestRules,
    /// When it reminds list and members.
    pub reminders: ReminderRules,
    /// Whether the list is told of meetings in a form that calendars understand.
    pub invitations: bool,
    /// When the bot writes nothing by itself.
    pub quiet: QuietRules,
    /// The directory that the group's pages are written into after each change.
    pub page: Option<PathBuf>,
    /// How long the bytes of mail are kept that was read; for ever where nothing is said.
    pub retention: Option<jiff::Span>,
    /// The file that the roster starts from.
    pub roster: PathBuf,
    /// The zone that the group's days begin and end in; it has an IANA name.
    pub time_zone: TimeZone,
    /// Who closes an action item.
    pub closing: Closing,
    /// The language of answers, one of [`LANGUAGES`].
    pub language: String,
    /// How sure it must be that a sender is the sender.
    pub senders: Senders,
    /// Mail from before this is archive when a mailbox is first read.
    pub first_read: FirstRead,
    /// At most so many answers an hour to one address.
    pub answers_per_hour: u32,
    /// Where mail comes from.
    pub mailbox: MailboxConfig,
    /// Where mail goes.
    pub delivery: DeliveryConfig,
    /// How the group writes its references.
    pub references: ReferenceScheme,
    /// The key of the tokens in the bot's addresses, where one is given. `Debug` hides it.
    pub secret: Option<SecretString>,
    /// The form of the bot's addresses with a token; `None` only where no secret is given and the
    /// bot's own name leaves no room.
    pub reply_address: Option<ReplyAddress>,
    /// The receiving server whose Authentication-Results are believed, where there is one, in lower
    /// case.
    pub authserv_id: Option<String>,
    /// The addresses of machines whose notices of uploads are believed.
    pub announcers: Vec<EmailAddress>,
}

impl GroupConfig {
    /// The settings that decisions depend on, as they go into the journal.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules {
            key: self.key.clone(),
            name: self.name.clone(),
            bot: self.bot.clone(),
            list: self.list.clone(),
            digest: self.digest,
            reminders: self.reminders.clone(),
            quiet: self.quiet.clone(),
            invitations: self.invitations,
            references: self.references.clone(),
            closing: self.closing,
            // A zone of the configuration was found by its name, so it has one.
            time_zone: self.time_zone.iana_name().unwrap_or("UTC").to_owned(),
            answers_per_hour: self.answers_per_hour,
            language: self.language.clone(),
            senders: self.senders,
            announcers: self.announcers.clone(),
        }
    }

    /// The key that makes tokens and knows them again, and the addresses that they stand in, where a
    /// secret is configured.
    #[must_use]
    pub fn tokens(&self) -> Option<(TokenKey, &ReplyAddress)> {
        let secret = self.secret.as_ref()?.expose_secret();
        Some((TokenKey::new(secret.as_bytes(), &self.key)?, self.reply_address.as_ref()?))
    }

    /// Reads the group's roster file; the bot's and the list's addresses are nobody's in it.
    ///
    /// # Errors
    /// Everything that is wrong in the file.
    pub fn load_roster(&self) -> Result<RosterFile, ConfigErrors> {
        let bot = (self.bot.clone(), "the bot's own address");
        let list = self.list.clone().map(|list| (list, "the mailing list's address"));
        let machines = self.announcers.iter().map(|it| (it.without_detail(), "an announcer's address in minuted.toml"));
        roster::load(&self.roster, machines.chain(std::iter::once(bot)).chain(list).collect())
    }
}

/// Which mail is read as live on a mailbox's first connection. What is older is archive: it is
/// linked and threaded, and none of its commands acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstRead {
    /// All of it.
    Beginning,
    /// What comes from now on.
    Now,
    /// What came at that time or later.
    At(Timestamp),
}

/// Where mail comes from.
#[derive(Debug, Clone)]
pub enum MailboxConfig {
    /// A directory with `new`, `cur` and `tmp`.
    Maildir {
        /// The directory that holds them.
        path: PathBuf,
        /// What becomes of a file once its effect is committed.
        after: AfterReading,
    },
    /// A folder of an IMAP server.
    Imap(ImapConfig),
}

/// A folder of an IMAP server.
#[derive(Debug, Clone)]
pub struct ImapConfig {
    /// The server, and the login, which is there.
    pub server: Server,
    /// The folder that is read.
    pub folder: String,
    /// What becomes of a mail once its effect is committed.
    pub after: AfterFetching,
    /// How often it is looked for new mail where the server does not tell of it (IDLE, RFC 2177).
    pub poll: Duration,
}

impl ImapConfig {
    /// How often a server without IDLE is asked where the configuration does not say.
    pub const POLL: Duration = Duration::from_mins(2);
}

/// What becomes of a mail at an IMAP server once its effect is committed, never before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterFetching {
    /// It gets the flag `\\Seen`.
    Flag,
    /// It is moved to another folder.
    Move {
        /// That folder.
        to: String,
    },
    /// It stays as it is: for a folder that somebody else reads too.
    Leave,
}

/// What becomes of a file of a Maildir once the effect of its mail is committed, never before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AfterReading {
    /// It moves from `new` to `cur` with the flag `S` (seen), as a mail reader moves it.
    #[default]
    MoveToCur,
    /// It stays as it is: for a Maildir that somebody else reads too.
    Keep,
}

/// Where mail goes.
#[derive(Debug, Clone)]
pub enum DeliveryConfig {
    /// A directory with `new`, `cur` and `tmp`, from which another program sends.
    Maildir {
        /// The directory that holds them.
        path: PathBuf,
    },
    /// A mail server, by SMTP or by submission.
    Smtp {
        /// The server.
        server: Server,
        /// The envelope's sender, to whom bounces go. Where it has a `+detail`, each mail's own mark is
        /// added to that, by which its bounce is known.
        envelope_from: EmailAddress,
    },
}

/// Reads and checks a configuration file.
///
/// # Errors
/// That it cannot be read, or everything that is wrong in it.
pub fn load(path: &Path) -> Result<Config, ConfigErrors> {
    let text = read(path)?;
    let base = path.parent().unwrap_or(Path::new(""));
    parse(&text, &path.display().to_string(), base, &|name| std::env::var(name).ok())
}

/// Checks the text of a configuration. Relative paths in it count from `base_dir`; `file_name`
/// stands in messages; `env` gives environment variables. The only files it reads are secrets'.
///
/// # Errors
/// Everything that is wrong in it.
pub fn parse(
    text: &str,
    file_name: &str,
    base_dir: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Config, ConfigErrors> {
    settings::parse(text, file_name, base_dir, env)
}

/// The configuration file to use: the one named, else `minuted.toml` here, else
/// `/etc/minuted/minuted.toml`.
///
/// # Errors
/// That there is none.
pub fn find(explicit: Option<&Path>) -> Result<PathBuf, ConfigErrors> {
    find_among(explicit, &[Path::new("minuted.toml"), Path::new("/etc/minuted/minuted.toml")])
}

fn find_among(explicit: Option<&Path>, places: &[&Path]) -> Result<PathBuf, ConfigErrors> {
    if let Some(path) = explicit {
        return if path.exists() {
            Ok(path.to_owned())
        } else {
            Err(Problem::of_file(path, "there is no such file").into())
        };
    }
    if let Some(path) = places.iter().find(|path| path.exists()) {
        return Ok((*path).to_owned());
    }
    let places = places.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" nor ");
    let what = format!(
        "there is no {places}; name a configuration with --config FILE, or write one with `minuted init --embedded DIR`"
    );
    Err(Problem::of_file(Path::new("minuted"), what).into())
}

/// The files of an embedded set-up, name and content: a configuration that works as it is, and the
/// roster that it names.
#[must_use]
pub const fn embedded() -> [(&'static str, &'static str); 2] {
    [
        ("minuted.toml", include_str!("../../config/minuted.toml")),
        ("group.toml", include_str!("../../config/group.toml")),
    ]
}

/// The text of a file, where it is one of a size that a person writes.
fn read(path: &Path) -> Result<String, ConfigErrors> {
    let refuse = |what: String| ConfigErrors::from(Problem::of_file(path, what));
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| refuse(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(refuse(format!("is larger than {} MiB; is it the right file?", LARGEST_FILE >> 20)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let what = "is not in UTF-8; save the file in that encoding".to_owned();
        Problem { line: Some(line), ..Problem::of_file(path, what) }.into()
    })
}
