//! A conversation as it lies in its folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;

/// A conversation.
pub struct Story {
    pub folder: PathBuf,
    pub shows: String,
    pub settings: Settings,
    /// What happens, in order.
    pub events: Vec<Event>,
}

/// `story.toml`; everything in it may be left out but what the conversation shows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What the conversation shows, in a sentence.
    shows: String,
    /// The seed's agenda was imported before.
    #[serde(default = "yes")]
    pub agenda: bool,
    /// The profile of the group's body, where it is not oneM2M.
    pub profile: Option<String>,
    /// `closing` of the group, where it is not `owner`.
    pub closing: Option<String>,
    /// `answers_per_hour` of the group, where it is another.
    pub answers_per_hour: Option<u32>,
    /// `message_bytes` of the limits, where it is another.
    pub message_bytes: Option<String>,
    /// `senders` of the group, where it is not `claimed`. The group then has a secret, and believes
    /// the server `mx.example.org`, unless they are taken away.
    pub senders: Option<String>,
    /// The group has the secret that its tokens are made with.
    pub secret: Option<bool>,
    /// The group believes the Authentication-Results of that server; of none where it is empty.
    pub authserv_id: Option<String>,
    /// `announcers` of the group, where it has any.
    #[serde(default)]
    pub announcers: Vec<String>,
    /// `reply_address` of the group, where it is another than its bot's with a detail.
    pub reply_address: Option<String>,
    /// The group is reminded of meetings and of what is due, as a group is that does not say otherwise,
    /// but for what comes after a meeting.
    #[serde(default)]
    pub reminders: bool,
    /// The list gets reports of meetings, and sources are told what is to be posted.
    #[serde(default)]
    pub reports: bool,
    /// `weekly` of the group's digest, where it is another.
    pub weekly: Option<String>,
    /// `list` of the group, where it is another.
    pub list: Option<String>,
    /// When a mail arrives, where it is not its Date; when the operator does something.
    #[serde(default)]
    at: BTreeMap<String, Timestamp>,
    /// Mails that are read as archive.
    #[serde(default)]
    archive: Vec<String>,
}

const fn yes() -> bool {
    true
}

/// One thing that happens.
pub struct Event {
    pub at: Timestamp,
    pub what: What,
}

/// What happens.
pub enum What {
    /// Mails arrive, and are found together.
    Mails(Vec<Mail>),
    /// Time passes, and what is due by then is sent.
    Time { file: String },
    /// Mails are read from an archive.
    Archive(Vec<Mail>),
    /// The operator imports an agenda.
    Agenda { file: String, text: String },
    /// The operator types commands: `do ADDRESS COMMAND`, `quarantine drop NUMBER` or
    /// `quarantine retry NUMBER`, a line each.
    Operator { file: String, text: String },
}

/// A mail as it lies in the folder, with LF and with what stands for things yet unknown.
pub struct Mail {
    pub file: String,
    pub text: String,
}

/// The folder of all conversations.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exchange")
}

/// The names of all conversations, in order.
pub fn all() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the conversations are there");
    let folders = entries.map(|entry| entry.expect("a conversation")).filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().expect("a name")).collect();
    names.sort_unstable();
    names
}

impl Story {
    pub fn read(name: &str) -> Self {
        let folder = folder().join(name);
        let settings = fs::read_to_string(folder.join("story.toml")).expect("story.toml is there");
        let settings: Settings = toml::from_str(&settings).expect("story.toml is well-formed");
        let mut files: Vec<String> = fs::read_dir(&folder)
            .expect("the conversation is there")
            .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
            .filter(|file| [".eml", ".agenda", ".operator", ".time"].iter().any(|ending| file.ends_with(ending)))
            .collect();
        files.sort_unstable();
        assert!(!files.is_empty(), "{name} has no mails");
        let known = |file: &String| assert!(files.contains(file), "{file} of story.toml is not there");
        settings.at.keys().chain(&settings.archive).for_each(known);
        let mut events: Vec<Event> = Vec::new();
        for file in files {
            let text = fs::read_to_string(folder.join(&file)).expect("a file");
            let at = match settings.at.get(&file) {
                Some(at) => *at,
                None if file.ends_with(".time") => {
                    text.trim().parse().unwrap_or_else(|error| panic!("{file}: {error}"))
                }
                None => date(&file, &text),
            };
            let before = events.last().map_or(Timestamp::MIN, |before| before.at);
            assert!(before <= at, "{name}/{file} arrives before the one before it");
            if file.ends_with(".time") {
                events.push(Event { at, what: What::Time { file } });
                continue;
            }
            if file.ends_with(".agenda") {
                events.push(Event { at, what: What::Agenda { file, text } });
                continue;
            }
            if file.ends_with(".operator") {
                events.push(Event { at, what: What::Operator { file, text } });
                continue;
            }
            let archive = settings.archive.contains(&file);
            let mail = Mail { file, text };
            match events.last_mut() {
                Some(Event { at: same, what: What::Mails(mails) }) if *same == at && !archive => mails.push(mail),
                Some(Event { at: same, what: What::Archive(mails) }) if *same == at && archive => mails.push(mail),
                _ if archive => events.push(Event { at, what: What::Archive(vec![mail]) }),
                _ => events.push(Event { at, what: What::Mails(vec![mail]) }),
            }
        }
        Self { folder, shows: settings.shows.clone(), settings, events }
    }
}

/// The time of a mail's Date field.
fn date(file: &str, text: &str) -> Timestamp {
    let line = text.lines().take_while(|line| !line.is_empty()).find_map(|line| line.strip_prefix("Date: "));
    let line = line.unwrap_or_else(|| panic!("{file} has no Date: its time belongs into story.toml"));
    let zoned = jiff::fmt::rfc2822::parse(line).unwrap_or_else(|error| panic!("the Date of {file}: {error}"));
    zoned.timestamp()
}
