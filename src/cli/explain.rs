//! `minuted explain`: what a message is read as and would do. Changes nothing.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::failure::Failure;
use super::opened::{Globals, catalogue};
use super::output::Output;
use super::{log, names};
use crate::compose::{self, Catalogue};
use crate::config::{Config, GroupConfig, Limits, Log};
use crate::decide::{AnswerLine, Evidence, LineOutcome, Verdict};
use crate::domain::{Closing, Examples, ReferenceScheme, Rules, Text, without_controls};
use crate::mailbox::{Raw, Source};
use crate::message::{Block, BlockKind};
use crate::steps::{self, Explained, Group, NoAbsence};
use crate::store::Store;

mod notice;

/// What is shown of a block, in lines and in characters of each.
const SHOWN_LINES: usize = 3;
const SHOWN_WIDTH: usize = 100;

/// Which message is explained.
#[derive(Debug, Args)]
pub struct Explain {
    /// A message (.eml), or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

/// What was read, for programs.
#[derive(Serialize)]
struct Row<'a> {
    message_id: Option<&'a str>,
    from: Option<&'a str>,
    automatic: bool,
    /// By what sign it is known to be a machine's.
    automatic_why: Option<&'a str>,
    /// Whose it is and how sure that is; null where there is no roster.
    identity: Option<Identity<'a>>,
    author_text: &'a str,
    /// The whole text, block by block: what it was taken for and by which rule.
    blocks: &'a [Block],
    commands: Vec<CommandRow<'a>>,
    mentions: Vec<String>,
    /// What it says of an absence; null where it is no automatic reply.
    absence: Option<AbsenceRow>,
    /// What it says as a notice of one of the group's announcers; null where it is from none.
    notice: Option<Vec<notice::Row>>,
}

/// Who the sender is.
#[derive(Serialize)]
struct Identity<'a> {
    /// The member's name; null where the roster knows none.
    member: Option<&'a str>,
    /// `proven by a token`, `claimed`, and so on.
    told: String,
    /// How sure that is, and by what, as the journal keeps it.
    verdict: &'a Verdict,
    /// What the verdict was made from.
    evidence: &'a Evidence,
}

/// What an automatic reply says of its author's absence.
#[derive(Serialize)]
struct AbsenceRow {
    /// Until when it would pause the member's mail.
    until: Option<Date>,
    /// Why it would not.
    pauses_nothing: Option<&'static str>,
}

/// A line that is a command, or nearly one.
#[derive(Serialize)]
struct CommandRow<'a> {
    /// Its number in the author's text; 0 is the subject.
    line: usize,
    text: &'a str,
    command: Option<String>,
    reference: Option<String>,
    /// The reference was taken from the quoted text right above the line.
    by_quote: bool,
    /// Why it does nothing: it is not understood, or where a group is known, refused.
    error: Option<String>,
}

impl Explain {
    /// Reads the message and prints what was found.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let config = globals.load_if_any()?;
        let chosen = config.as_ref().map(|config| globals.choose(config)).transpose()?;
        let limits = config.as_ref().map_or_else(Limits::default, |config| config.limits);
        log::begin_quietly(config.as_ref().map_or_else(Log::default, |config| config.log));
        let zone = chosen.map_or(TimeZone::UTC, |group| group.time_zone.clone());
        let now = globals.now(&zone)?;
        let raw = read(&self.file, limits.message_bytes, now)?;
        let rules = match chosen {
            Some(group) => group.rules(),
            None => default_rules()?,
        };
        let opened = match (&config, chosen) {
            (Some(config), Some(group)) => open(config, group, now).await?,
            _ => None,
        };
        let known = opened.as_ref().map(|(store, group)| (store, group));
        let explained = steps::explain(&raw.bytes, &rules, known, now).await?;
        let catalogue = catalogue(&rules.language, &rules.references)?;
        let mut output = Output::new();
        if self.json {
            output.json(&row(&explained, opened.is_some(), catalogue))?;
        } else {
            let shown = Shown { explained: &explained, has_roster: opened.is_some(), zone: &zone, catalogue };
            if chosen.is_none() {
                let usual = Examples::of(&rules.references);
                output.line(format!(
                    "No configuration: references are read as oneM2M writes them ({}, {}, {}).",
                    usual.contribution, usual.action, usual.meeting
                ))?;
                output.line("With --config FILE, they are read as that group writes them.")?;
                output.line("")?;
            }
            if raw.truncated {
                output.line(format!(
                    "The message has {} bytes, more than the limit of {}: it would be quarantined unread.",
                    raw.size, limits.message_bytes
                ))?;
            }
            shown.tell(&mut output)?;
        }
        output.finish()
    }
}

/// The one message of the file or of standard input.
fn read(file: &Path, limit: u64, now: Timestamp) -> anyhow::Result<Raw> {
    let source = if file == Path::new("-") { Source::message(io::stdin(), now)? } else { Source::open(file, now)? };
    let kind = source.kind();
    let mut messages = source.messages(limit);
    let first = messages.next().transpose()?;
    match (first, messages.next()) {
        (Some((_, raw)), None) => Ok(raw),
        _ => Err(Failure::refused(format!(
            "{} is a {kind}; explain reads one message, so give one .eml file or - for standard input",
            file.display()
        ))
        .into()),
    }
}

/// The database and the group, where both are there. Opening for reading first refuses an older
/// schema instead of bringing it up to date: this command changes nothing.
async fn open(config: &Config, chosen: &GroupConfig, now: Timestamp) -> anyhow::Result<Option<(Store, Group)>> {
    if !config.database.exists() {
        return Ok(None);
    }
    Store::open_read_only(&config.database).await?.close().await;
    let store = Store::open(&config.database).await?;
    let Some(id) = store.group_if_known(&chosen.key).await? else { return Ok(None) };
    let Some(rules) = store.rules(id).await? else { return Ok(None) };
    let started = store.started(id).await?.unwrap_or(now);
    Ok(Some((store, Group { id, config: chosen.clone(), rules, started, quiet: steps::Quiet::default() })))
}

/// The rules where no configuration says any: the default prefixes.
fn default_rules() -> anyhow::Result<Rules> {
    Ok(Rules {
        key: "default".to_owned(),
        name: "the group".to_owned(),
        bot: "minuted@localhost".parse()?,
        list: None,
        digest: crate::domain::DigestRules::default(),
        reminders: crate::domain::ReminderRules::default(),
        quiet: crate::domain::QuietRules::default(),
        invitations: false,
        references: ReferenceScheme::default(),
        closing: Closing::default(),
        time_zone: "UTC".to_owned(),
        answers_per_hour: Limits::default().answers_per_hour,
        language: "en".to_owned(),
        senders: crate::domain::Senders::Claimed,
        announcers: Vec::new(),
    })
}

fn row<'a>(explained: &'a Explained, has_roster: bool, catalogue: &Catalogue) -> Row<'a> {
    let message = &explained.message;
    let judged = explained.judged.as_ref().filter(|_| has_roster);
    let identity = judged.map(|(verdict, evidence)| Identity {
        member: explained.member.as_ref().map(|member| member.name.as_str()),
        told: steps::verdict_told(verdict, evidence),
        verdict,
        evidence,
    });
    let commands = explained.parsed.lines.iter().map(|line| {
        let (command, reference, error) = match &line.command {
            Ok(command) => {
                let refusal = answered(explained, line.number, &line.text)
                    .filter(|answer| answer.outcome == LineOutcome::Refused)
                    .map(|answer| told(&answer.told, catalogue));
                (Some(names::command(command)), names::references(command), refusal)
            }
            Err(why) => (None, None, Some(told(std::slice::from_ref(why), catalogue))),
        };
        CommandRow { line: line.number, text: &line.text, command, reference, by_quote: line.quoted, error }
    });
    Row {
        message_id: message.message_id.as_deref(),
        from: message.from.as_ref().map(|from| from.address.as_str()),
        automatic: message.automatic.is_some(),
        automatic_why: explained.told.automatic.as_deref(),
        identity,
        author_text: &message.author_text,
        blocks: &explained.told.blocks,
        commands: commands.collect(),
        mentions: explained.parsed.mentions.iter().map(ToString::to_string).collect(),
        absence: explained
            .absence
            .map(|absence| AbsenceRow { until: absence.ok(), pauses_nothing: absence.err().map(names::no_absence) }),
        notice: explained.notice.as_ref().map(|notice| notice::rows(notice, catalogue)),
    }
}

/// What would be answered to a line.
fn answered<'a>(explained: &'a Explained, number: usize, text: &str) -> Option<&'a AnswerLine> {
    explained.answer.as_ref()?.lines.iter().find(|line| line.number == number && line.text == text)
}

fn told(texts: &[Text], catalogue: &Catalogue) -> String {
    texts.iter().map(|text| catalogue.say(text)).collect::<Vec<_>>().join(" ")
}

/// What was read, for people.
struct Shown<'a> {
    explained: &'a Explained,
    /// Whether the database knows the group and its members.
    has_roster: bool,
    zone: &'a TimeZone,
    catalogue: &'a Catalogue,
}

impl Shown<'_> {
    fn tell(&self, output: &mut Output) -> anyhow::Result<()> {
        let message = &self.explained.message;
        let mut fact = |name: &str, value: &str| output.line(format!("{name:12} {value}"));
        fact("Message-ID", message.message_id.as_deref().unwrap_or("none"))?;
        fact("Subject", &message.subject)?;
        fact("From", &self.sender())?;
        if let Some((verdict, evidence)) = &self.explained.judged {
            fact("Identity", &steps::verdict_told(verdict, evidence))?;
        }
        fact("Addressed", names::addressed(self.explained.addressed))?;
        let automatic = match message.automatic {
            Some(why) => {
                let sign = self.explained.told.automatic.as_deref();
                let sign = sign.map(|sign| format!(" ({sign})")).unwrap_or_default();
                let acts = if self.explained.notice.is_some() {
                    "it only posts what it says was uploaded"
                } else if message.automatic_by_words {
                    "nothing in it acts but a member's command that is understood"
                } else {
                    "nothing in it acts"
                };
                format!("yes, {}{sign}: it is linked, and {acts}", names::automatic(why))
            }
            None if self.explained.notice.is_some() => {
                "a notice of an announcer: it is linked, and only posts".to_owned()
            }
            None => "no".to_owned(),
        };
        fact("Automatic", &automatic)?;
        if let Some(absence) = self.explained.absence {
            fact("Absence", &self.absence(absence))?;
        }
        if let Some(why) = message.unreadable {
            fact("Text", &format!("cannot be read: {}", names::unreadable(why)))?;
        }
        if !message.attachments.is_empty() {
            fact("Attachments", &message.attachments.join(", "))?;
        }
        output.line("")?;
        output.line("What the sender wrote:")?;
        if message.author_text.trim().is_empty() {
            output.line("  (nothing)")?;
        }
        for line in without_controls(&message.author_text).lines() {
            output.line(format!("  | {line}").trim_end())?;
        }
        output.line("")?;
        self.tell_blocks(output)?;
        match &self.explained.notice {
            Some(notice) => notice::tell(notice, self.catalogue, output)?,
            None => self.tell_lines(output)?,
        }
        let mentions: Vec<String> = self.explained.parsed.mentions.iter().map(ToString::to_string).collect();
        output.line("")?;
        output
            .line(format!("Mentions: {}", if mentions.is_empty() { "none".to_owned() } else { mentions.join(", ") }))?;
        self.tell_answer(output)
    }

    /// What was left out of the text, and why: nothing in it acts.
    fn tell_blocks(&self, output: &mut Output) -> anyhow::Result<()> {
        let blocks = &self.explained.told.blocks;
        if blocks.iter().all(|block| block.kind == BlockKind::Author) {
            return Ok(());
        }
        output.line("Block by block; what is not the sender's does nothing:")?;
        for block in blocks {
            let count = block.text.lines().count();
            let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
            output.line(format!("  {:<12} {lines}: {}", names::block(block.kind), block.rule))?;
            let mut shown: Vec<&str> = block.text.lines().take(SHOWN_LINES).collect();
            if count > SHOWN_LINES {
                shown.push("…");
            }
            for line in shown {
                output.line(format!("    | {}", line.chars().take(SHOWN_WIDTH).collect::<String>()).trim_end())?;
            }
        }
        output.line("")
    }

    fn sender(&self) -> String {
        let Some(from) = &self.explained.message.from else { return "nobody; nothing acts".to_owned() };
        let address =
            if from.name.is_empty() { from.address.to_string() } else { format!("{} <{}>", from.name, from.address) };
        match &self.explained.member {
            Some(member) => format!("{address}, who is {} ({})", member.name, member.organization),
            None if self.explained.notice.is_some() => format!("{address}, a machine that the configuration names"),
            None if self.has_roster => format!("{address}, who is nobody in the roster: nothing acts"),
            None => format!("{address} (no database here that knows the members)"),
        }
    }

    fn absence(&self, absence: Result<Date, NoAbsence>) -> String {
        let whose = self.explained.member.as_ref().map_or("the member", |member| member.name.as_str());
        match absence {
            Ok(until) => format!(
                "no reminders would go to {whose} until {until}: it answers a mail that went to them, and names the day of \
                 return (30 days at most)"
            ),
            Err(why) => format!("pauses nothing: {}", names::no_absence(why)),
        }
    }

    fn tell_lines(&self, output: &mut Output) -> anyhow::Result<()> {
        let parsed = &self.explained.parsed;
        if parsed.lines.is_empty() {
            return output.line("No line is a command.");
        }
        output.line(if parsed.dry_run {
            "Lines that are commands (dry-run: nothing would be done):"
        } else {
            "Lines that are commands:"
        })?;
        for line in &parsed.lines {
            let place = if line.number == 0 { "subject".to_owned() } else { line.number.to_string() };
            output.line(format!("  {place:>7}  {}", line.text))?;
            match &line.command {
                Err(why) => output.line(format!("           does nothing: {}", self.catalogue.say(why)))?,
                Ok(command) => {
                    let by = if line.quoted { ", named by the quoted text above it" } else { "" };
                    output.line(format!("           reads as {}{by}", names::reading(command)))?;
                }
            }
            let Some(answer) = answered(self.explained, line.number, &line.text) else { continue };
            let would = if answer.outcome == LineOutcome::Refused { "is refused:" } else { "would answer:" };
            if line.command.is_ok() {
                for text in &answer.told {
                    output.line(format!("           {would} {}", self.catalogue.say(text)))?;
                }
            }
        }
        Ok(())
    }

    fn tell_answer(&self, output: &mut Output) -> anyhow::Result<()> {
        if self.explained.asks {
            output.line("")?;
            output.line("What it wants changed would be held, and the member asked at the registered address.")?;
        }
        let Some(answer) = &self.explained.answer else {
            return if self.has_roster { output.line("Answer: none.") } else { Ok(()) };
        };
        output.line("")?;
        output.line("The answer would be:")?;
        // Its receipt is only made when the message is processed.
        let answer = crate::decide::Answer { receipt: None, ..answer.clone() };
        for line in compose::plain(&answer, self.zone, self.catalogue).lines() {
            output.line(format!("  | {line}").trim_end())?;
        }
        Ok(())
    }
}
