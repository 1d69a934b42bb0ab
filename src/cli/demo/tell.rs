//! The story as it is told: plain text, at most 80 columns. All facts come from the database and
//! from the mails that were sent; only the scenes' captions are written beforehand.

use std::collections::HashSet;
use std::fmt::Display;
use std::io::Write;
use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::decide::{Answer, HistoryRow};
use crate::domain::{ActionItem, EmailAddress, Roster, without_controls};
use crate::store::Rebuilt;

use super::lines::{WIDTH, behind, count, wrapped};
use super::stage::{Mail, Played, Stage};
use super::story::{self, Scene};
use super::words::{name, said, silence, unread, word};

/// Where text stands that belongs to a time of the day.
const MARGIN: &str = "       ";

/// What stands before a line that minuted read, and before one that it wrote.
const READ: &str = "     | ";
const WROTE: &str = "     : ";

/// So many lines of an answer are shown.
const ANSWER_LINES: usize = 16;

/// Two answers that end in the same words, so many of them, end in the same sentence.
const ENDING_WORDS: usize = 8;

/// Tells the story.
pub(super) struct Teller<'a> {
    out: &'a mut dyn Write,
    pub(super) dir: &'a Path,
    day: Option<Date>,
    /// When the last event was.
    pub(super) now: Timestamp,
    mails: usize,
    answers: usize,
    /// How the answers so far ended.
    endings: HashSet<String>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(out: &'a mut dyn Write, dir: &'a Path) -> Self {
        Self { out, dir, day: None, now: Timestamp::UNIX_EPOCH, mails: 0, answers: 0, endings: HashSet::new() }
    }

    pub(super) fn line(&mut self, line: impl Display) -> anyhow::Result<()> {
        writeln!(self.out, "{line}").context("cannot write to standard output")
    }

    fn lines(&mut self, lines: impl IntoIterator<Item = String>) -> anyhow::Result<()> {
        lines.into_iter().try_for_each(|line| self.line(line))
    }

    pub(super) fn paragraph(&mut self, text: &str) -> anyhow::Result<()> {
        self.lines(wrapped(text, "", ""))
    }

    /// What this is, where, and how to read it.
    pub(super) async fn opening(&mut self, stage: &Stage) -> anyhow::Result<()> {
        let group = &stage.group.config;
        let members = stage.store.roster(stage.group.id).await?.members.len();
        self.line("minuted: the action items of a working group, kept by mail")?;
        self.line("")?;
        let list = group.list.as_ref().map(|list| format!(", or to their mailing list {list}")).unwrap_or_default();
        self.paragraph(&format!(
            "You see the week before a plenary meeting of {}. Its {members} members (roles at example.org) \
             write mail as they always did, to {}{list}. minuted reads it, keeps the group's action items, and \
             answers. Only the mails and the clock are made up: the mails lie in a mailbox in the new folder {}, and \
             the program reads, decides and answers there as it does every day.",
            group.name,
            group.bot,
            self.dir.display()
        ))?;
        self.line("")?;
        self.line("     | what the author newly wrote, as minuted read it")?;
        self.line("    -> what it changed, from the history that minuted keeps")?;
        self.line("     : the answer, as it was sent (how to undo is shown once)")
    }

    /// The beginning of an event: its day, where it is another one, and its time.
    fn event(&mut self, stage: &Stage, at: Timestamp, what: &str) -> anyhow::Result<()> {
        let local = at.to_zoned(stage.zone().clone());
        self.now = at;
        if self.day != Some(local.date()) {
            self.day = Some(local.date());
            let day = format!("== {} ", stage.catalogue.weekday_and_date(local.date()));
            self.line("")?;
            self.line(format!("{day:=<WIDTH$}"))?;
        }
        self.line("")?;
        self.lines(wrapped(what, &format!("{}  ", local.strftime("%H:%M")), MARGIN))
    }

    /// The agenda's import.
    pub(super) async fn import(
        &mut self,
        stage: &Stage,
        by: &str,
        at: Timestamp,
        answer: Option<&Answer>,
    ) -> anyhow::Result<()> {
        let roster = stage.store.roster(stage.group.id).await?;
        let who = by.parse().map(|by| name(&roster, &by, "")).unwrap_or_default();
        self.event(stage, at, &format!("{who} imports the agenda document as it is"))?;
        self.lines(wrapped(story::AGENDA_SHOWS, MARGIN, MARGIN))?;
        self.line("")?;
        self.line(format!("{MARGIN}minuted import agenda agenda.txt --as {by}"))?;
        for meeting in stage.store.meetings(stage.group.id).await? {
            let dates = meeting.start.zip(meeting.end).map(|(start, end)| stage.catalogue.dates(start, end));
            let facts = [
                meeting.plenary.map(|plenary| format!("in {plenary}")),
                dates,
                meeting.place,
                Some(count(meeting.sessions.len(), "session", "sessions")),
            ];
            let facts: Vec<String> = facts.into_iter().flatten().collect();
            self.change(&format!("meeting {}: {}", meeting.reference, facts.join(", ")))?;
        }
        let items = stage.store.actions(stage.group.id).await?;
        self.change(&count(items.len(), "action item:", "action items:"))?;
        for item in &items {
            self.lines(wrapped(&item.what, &format!("{MARGIN}{}  ", item.reference), &format!("{MARGIN}  ")))?;
            let who = if item.who.is_empty() { "nobody yet" } else { item.who.as_str() };
            self.line(format!("{MARGIN}  {who}, {}", item.status))?;
        }
        let contributions = stage.store.contributions(stage.group.id).await?;
        self.change(&count(contributions.len(), "contribution, with its status", "contributions, with their status"))?;
        let told = answer.iter().flat_map(|answer| &answer.lines).flat_map(|line| &line.told);
        told.flat_map(|text| behind(&stage.catalogue.say(text), WROTE)).try_for_each(|line| self.line(line))
    }

    fn change(&mut self, text: &str) -> anyhow::Result<()> {
        self.lines(wrapped(text, "    -> ", &format!("{MARGIN}  ")))
    }

    /// One mail and what came of it.
    pub(super) async fn scene(&mut self, stage: &Stage, scene: &Scene, played: &Played) -> anyhow::Result<()> {
        self.mails += 1;
        let roster = stage.store.roster(stage.group.id).await?;
        let from = played.message.from.as_ref().context("a mail of the demo has no sender")?;
        let who = name(&roster, &from.address, &from.name);
        let to: Vec<String> = played.message.recipients().map(|to| self.recipient(stage, &roster, to)).collect();
        let to = to.join(" and ");
        self.event(stage, played.at, &format!("{who} to {to}: \"{}\"", played.message.subject))?;
        self.lines(wrapped(scene.shows, MARGIN, MARGIN))?;
        self.line("")?;
        let text = without_controls(&played.message.author_text);
        let text = text.trim();
        self.lines(if text.is_empty() { vec![format!("{MARGIN}(its text is empty)")] } else { behind(text, READ) })?;
        if let Some(unread) = unread(stage, played) {
            self.lines(wrapped(&unread, MARGIN, &format!("{MARGIN} ")))?;
        }
        let silence = if played.sent.is_empty() { silence(&roster, played) } else { "" };
        match (played.changes.is_empty(), silence) {
            (true, "") => self.change("nothing changed")?,
            (true, why) => self.change(&format!("nothing changed, and no answer: {why}"))?,
            (false, "") => self.changes(stage, &played.changes)?,
            (false, why) => {
                self.changes(stage, &played.changes)?;
                self.change(&format!("no answer: {why}"))?;
            }
        }
        self.answers += played.sent.len();
        played.sent.iter().try_for_each(|mail| self.answer(mail))
    }

    fn recipient(&self, stage: &Stage, roster: &Roster, address: &EmailAddress) -> String {
        let group = &stage.group.config;
        if address.without_detail() == group.bot {
            "minuted".to_owned()
        } else if Some(address) == group.list.as_ref() {
            "the list".to_owned()
        } else {
            name(roster, address, "")
        }
    }

    /// What changed, a paragraph a subject.
    fn changes(&mut self, stage: &Stage, changes: &[HistoryRow]) -> anyhow::Result<()> {
        for same in changes.chunk_by(|a, b| a.subject == b.subject) {
            let Some(first) = same.first() else { continue };
            let said: Vec<String> = same.iter().map(|change| said(stage, change)).collect();
            self.change(&format!("{}: {}", first.subject, said.join(", ")))?;
        }
        Ok(())
    }

    fn answer(&mut self, mail: &Mail) -> anyhow::Result<()> {
        self.lines(wrapped(&format!("Answer to {}: \"{}\"", mail.to, mail.subject), MARGIN, &format!("{MARGIN}  ")))?;
        self.answer_text(&mail.text)
    }

    /// An answer's text without its signature.
    fn answer_text(&mut self, text: &str) -> anyhow::Result<()> {
        let body: Vec<&str> = text.lines().take_while(|line| line.trim_end() != "--").collect();
        let body = body.join("\n");
        let (rest, ending) = body.trim().rsplit_once("\n\n").unwrap_or((body.trim(), ""));
        let key: Vec<&str> = ending.split_whitespace().take(ENDING_WORDS).collect();
        // How to undo stands below every answer, and is worth reading once.
        let is_known = key.len() == ENDING_WORDS && !self.endings.insert(key.join(" "));
        let lines = behind(if is_known { rest } else { body.trim() }, WROTE);
        let more = lines.len().saturating_sub(ANSWER_LINES);
        self.lines(lines.into_iter().take(ANSWER_LINES))?;
        if more > 0 {
            self.line(format!("{WROTE}({} more)", count(more, "line", "lines")))?;
        }
        Ok(())
    }

    /// Where the action items stand.
    pub(super) async fn state(&mut self, stage: &Stage) -> anyhow::Result<()> {
        let now = self.now.to_zoned(stage.zone().clone());
        let title = format!("== The action items on {} ", stage.catalogue.weekday_and_date(now.date()));
        self.line("")?;
        self.line(format!("{title:=<WIDTH$}"))?;
        self.line("")?;
        self.line(format!("{:17} {:12} {:13} {}", "Reference", "Status", "Due", "Who"))?;
        for item in stage.store.actions(stage.group.id).await?.iter().filter(|item| item.became.is_none()) {
            self.item(stage, item)?;
        }
        let waiting = stage.store.requests(stage.group.id, true).await?.len();
        let text = format!(
            "{} came, {} were answered; {} for a ruling.",
            count(self.mails, "mail", "mails"),
            self.answers,
            if waiting == 0 { "nothing waits".to_owned() } else { format!("{waiting} things wait") },
        );
        self.line("")?;
        self.paragraph(&text)
    }

    fn item(&mut self, stage: &Stage, item: &ActionItem) -> anyhow::Result<()> {
        let due = item.due.as_ref().map(|due| stage.catalogue.due(due)).unwrap_or_default();
        let status = word(stage, "status", item.status.as_str());
        self.line(format!("{:17} {status:12} {due:13} {}", item.reference.to_string(), item.who).trim_end())?;
        self.lines(wrapped(&item.what, "    ", "    "))?;
        if let Some(priority) = item.priority {
            self.line(format!("    {}", word(stage, "priority", &priority.to_string())))?;
        }
        for note in item.notes.iter() {
            self.lines(wrapped(&format!("note: {note}"), "    ", "      "))?;
        }
        Ok(())
    }

    /// What replaying the journal came to.
    pub(super) fn replay(&mut self, rebuilt: &Rebuilt) -> anyhow::Result<()> {
        if rebuilt.differences.is_empty() {
            return self.paragraph(&format!("The journal replayed gives the same state: {} entries.", rebuilt.entries));
        }
        anyhow::bail!("the journal replayed gives another state:\n{}", rebuilt.differences.join("\n"))
    }
}
