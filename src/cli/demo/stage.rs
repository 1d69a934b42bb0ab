//! Where the story plays: a directory with a configuration, two Maildirs and a database, and the
//! steps that the daemon runs, with the story's clock.

use std::collections::HashMap;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use mail_parser::MessageParser;

use crate::agenda;
use crate::compose::Catalogue;
use crate::config::{self, Config, DeliveryConfig, MailboxConfig};
use crate::decide::{Answer, HistoryRow, Input};
use crate::domain::EmailAddress;
use crate::mailbox::{Maildir, Place};
use crate::message::{self, Message};
use crate::steps::{self, Group, Route};
use crate::store::{MessageRow, Rebuilt, Store, replay_beside};

use super::story::{self, Scene};

/// A directory in which the group's mail is processed.
pub(super) struct Stage {
    /// The group.
    pub group: Group,
    /// Its database.
    pub store: Store,
    /// The texts in its language.
    pub catalogue: &'static Catalogue,
    config: Config,
    mail_in: PathBuf,
    mail_out: Maildir,
    /// How many changes have been told.
    told: usize,
    /// The last message's number in the database.
    last_message: i64,
    /// The answers by the scene that they answer.
    answers: HashMap<&'static str, Mail>,
}

/// A mail that minuted sent, as it lies in the outgoing Maildir.
#[derive(Clone)]
pub(super) struct Mail {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text part.
    pub text: String,
    message_id: String,
}

/// What came of a scene.
pub(super) struct Played {
    /// When the mail arrived.
    pub at: Timestamp,
    /// The mail as it was read.
    pub message: Message,
    /// All the text that it has, as any mail client shows it.
    pub whole: String,
    /// The mail as the database keeps it.
    pub kept: MessageRow,
    /// What it changed.
    pub changes: Vec<HistoryRow>,
    /// What was sent.
    pub sent: Vec<Mail>,
}

/// The table of reminders, without any.
const QUIET: &str = "[group.reminders]\nbefore_meeting = []\nbefore_deadline = []\nbefore_due = []\nafter_due = []\nthen_every = \"never\"\nafter_meeting = []\nafter_decision = []\n";

impl Stage {
    /// Puts the configuration into `dir` and starts the group at `at` in its zone.
    pub(super) async fn set(dir: &Path, at: jiff::civil::DateTime) -> anyhow::Result<Self> {
        let write = |name: &str, text: &str| {
            let path = dir.join(name);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
        };
        for (name, text) in config::embedded() {
            // The group lives in 2014; by today's clock, each of its digests and reminders would be one that
            // was missed.
            let text = text.replace("# weekly = \"Monday 08:00\"", "weekly = \"never\"");
            write(name, &text.replace("[group.reminders]\n", QUIET))?;
        }
        write("agenda.txt", story::AGENDA)?;
        let config = config::load(&dir.join("minuted.toml"))?;
        let group = config.groups.first().context("the embedded configuration has no group")?;
        let MailboxConfig::Maildir { path: mail_in, .. } = group.mailbox.clone() else {
            anyhow::bail!("the embedded configuration reads no Maildir");
        };
        let DeliveryConfig::Maildir { path: mail_out } = &group.delivery else {
            anyhow::bail!("the embedded configuration delivers elsewhere than into a Maildir");
        };
        Maildir::create(&mail_in)?;
        let mail_out = Maildir::create(mail_out)?;
        let store = Store::open(&config.database).await?;
        let catalogue = Catalogue::get(&group.language).context("the group's language has no texts")?;
        let at = at.to_zoned(group.time_zone.clone())?.timestamp();
        let group = steps::open_group(&store, group, at).await?;
        let told = store.history(group.id, None).await?.len();
        let answers = HashMap::new();
        Ok(Self { group, store, catalogue, config, mail_in, mail_out, told, last_message: 0, answers })
    }

    /// The group's time zone.
    pub(super) const fn zone(&self) -> &TimeZone {
        &self.group.config.time_zone
    }

    /// Imports the agenda, as `minuted import agenda` does.
    pub(super) async fn import(&mut self, agenda: &str, by: &str, at: Timestamp) -> anyhow::Result<Option<Answer>> {
        let document = agenda::read(agenda.as_bytes(), &self.group.rules.references)?;
        let by: EmailAddress = by.parse()?;
        let input = Input::Agenda { document: Box::new(document), by: Some(by) };
        let answer = steps::perform(&self.store, self.group.id, input, at).await?;
        self.told = self.store.history(self.group.id, None).await?.len();
        Ok(answer)
    }

    /// Delivers the scene's mail into the mailbox, and has it read, decided and answered.
    pub(super) async fn play(&mut self, scene: &'static Scene) -> anyhow::Result<Played> {
        let raw = self.written(scene)?;
        let parsed = MessageParser::default().parse(raw.as_bytes()).context("no message")?;
        let arrived = parsed.received().and_then(|received| received.date()).context("it has no Received field")?;
        let at = Timestamp::from_second(arrived.to_timestamp())?;
        let whole = parsed.body_text(0).unwrap_or_default().into_owned();
        self.deliver(scene.name, raw.as_bytes(), at)?;

        let before = self.mail_out.new_names()?;
        steps::fetch(&self.store, &self.group, &self.config.limits, at).await?;
        steps::process(&self.store, &self.group, at).await?;
        steps::settle(&self.store, &self.group).await?;
        steps::deliver(&self.store, &self.group, &Route::open(&self.group)?, at).await?;

        let kept = self.store.messages(self.group.id, self.last_message, 1).await?;
        let kept = kept.into_iter().next().context("the mail was not taken in")?;
        self.last_message = kept.id;
        let mut changes = self.store.history(self.group.id, None).await?;
        let changes = changes.split_off(self.told);
        self.told += changes.len();
        let sent = self.sent_since(&before)?;
        if let Some(answer) = sent.first() {
            self.answers.insert(scene.name, answer.clone());
        }
        Ok(Played { at, message: message::read(raw.as_bytes()), whole, kept, changes, sent })
    }

    /// The scene's mail with what it cites of the answer that it replies to.
    fn written(&self, scene: &Scene) -> anyhow::Result<String> {
        let Some(name) = scene.replies_to else { return Ok(scene.mail.to_owned()) };
        let answer = self.answers.get(name).with_context(|| format!("nothing was answered to \"{name}\""))?;
        let quoted: Vec<String> = answer.text.lines().map(|line| format!("> {line}")).collect();
        let id = format!("<{}>", answer.message_id);
        Ok(scene
            .mail
            .replace(story::ANSWER_ID, &id)
            .replace(story::ANSWER_QUOTED, &quoted.join("\n"))
            .replace(story::ANSWER_BARE, &answer.text))
    }

    /// A mail server's delivery into the Maildir; the file's time is when it arrived.
    fn deliver(&self, name: &str, raw: &[u8], at: Timestamp) -> anyhow::Result<()> {
        let file_name = format!("{}.{name}.example.org", at.as_second());
        let (tmp, new) = (self.mail_in.join("tmp").join(&file_name), self.mail_in.join("new").join(&file_name));
        fs::write(&tmp, raw).with_context(|| format!("cannot write {}", tmp.display()))?;
        let time = std::time::SystemTime::from(at);
        File::options().write(true).open(&tmp)?.set_times(FileTimes::new().set_modified(time).set_accessed(time))?;
        fs::rename(&tmp, &new).with_context(|| format!("cannot deliver {}", new.display()))
    }

    /// What lies in the outgoing Maildir and did not before.
    fn sent_since(&self, before: &[String]) -> anyhow::Result<Vec<Mail>> {
        let mut sent = Vec::new();
        for entry in self.mail_out.scan_unknown(|uid| before.iter().any(|known| known == uid))? {
            let raw = self.mail_out.read(&entry, self.config.limits.message_bytes)?;
            let mail = MessageParser::default().parse(&raw.bytes).context("an answer that is no message")?;
            let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
            sent.push(Mail {
                to: to.unwrap_or_default().to_owned(),
                subject: mail.subject().unwrap_or_default().to_owned(),
                text: mail.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
                message_id: mail.message_id().unwrap_or_default().to_owned(),
            });
        }
        Ok(sent)
    }

    /// The file of the mail that came first, from the story's directory.
    pub(super) fn first_mail(&self) -> anyhow::Result<Option<String>> {
        let entry = Maildir::open(&self.mail_in)?.scan()?.into_iter().next();
        let Some(Place::File(path)) = entry.map(|entry| entry.at) else { return Ok(None) };
        let path = self.store.path().parent().and_then(|dir| path.strip_prefix(dir).ok()).unwrap_or(&path);
        Ok(Some(path.display().to_string()))
    }

    /// Replays the journal into a database of its own, which is deleted again, and compares.
    pub(super) async fn rebuild(&self) -> anyhow::Result<Rebuilt> {
        let beside = replay_beside(self.store.path());
        let rebuilt = self.store.rebuild(&beside, steps::NEEDS, steps::replay).await;
        for ending in ["", "-wal", "-shm"] {
            let mut name = beside.clone().into_os_string();
            name.push(ending);
            // Where it cannot be deleted it is in nobody's way.
            let _ = fs::remove_file(name);
        }
        Ok(rebuilt?)
    }
}
