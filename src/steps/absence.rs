//! Who is away: an automatic reply to a mail that went to that member says so, their next own mail ends it.

use anyhow::Context as _;
use jiff::Timestamp;
use tracing::info;

use crate::config::GroupConfig;
use crate::decide::{self, AbsenceInput, Entry, Input, Needs, Verdict};
use crate::domain::{EmailAddress, Member, Rules, Senders};
use crate::message::{self, Automatic, Message};
use crate::store::{Batch, Waiting};
use crate::trust::Judged;

use super::answers::replay;
use super::bounce;
use super::copies::key;
use super::reading;
use super::round::Round;

/// Why an automatic reply pauses nobody's mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAbsence {
    /// It came by a list: what it answers is not known.
    ByList,
    /// It names no day of return, several, or one that could be two.
    NoDay,
    /// Its author is no member.
    Nobody,
    /// It answers no mail that went to that member.
    NoReply,
    /// Senders must be proven, and nothing proves this one.
    NotProven,
    /// The member has written since it was sent.
    HasWritten,
    /// It names the day of an absence that is over, since the member has written.
    IsOver,
}

/// What an automatic reply is judged by.
pub(super) struct Reply<'a> {
    pub(super) message: &'a Message,
    pub(super) key: String,
    pub(super) received_at: Timestamp,
    pub(super) judged: &'a Judged,
    /// When members wrote that are read in the same batch.
    pub(super) wrote: &'a [(u32, Timestamp)],
}

impl Reply<'_> {
    /// The absence that the reply tells of. Where a day of return is not named for certain, there is none.
    ///
    /// Where senders must be proven, the reply must be, too: by the token in the address that it went to, by the mark
    /// of the envelope's sender, or by the mail server. Who knows a mail's Message-ID could say it otherwise.
    pub(super) async fn absence(
        &self,
        batch: &mut Batch,
        config: &GroupConfig,
        rules: &Rules,
    ) -> anyhow::Result<Result<AbsenceInput, NoAbsence>> {
        let message = self.message;
        if message.by_list {
            return Ok(Err(NoAbsence::ByList));
        }
        let at = message.date.map_or(self.received_at, |date| date.min(self.received_at));
        let sent = rules.day(at);
        let Some(named) = message::return_day(&message.subject, &message.author_text, sent) else {
            return Ok(Err(NoAbsence::NoDay));
        };
        let Some(member) = author(batch, message).await? else { return Ok(Err(NoAbsence::Nobody)) };
        let returned = bounce::returned(batch, config, message).await?;
        let mut is_proven = self.judged.verdict != Verdict::Claimed;
        let mut answers = reading::answered(message, &self.judged.answers);
        if let Some((marked, is_keyed)) = returned {
            is_proven |= is_keyed;
            answers.insert(0, marked);
        }
        let went_to = batch.sent(&answers).await?;
        let is_own = |mail: &&String| went_to.get(*mail).is_some_and(|to| is_members(&member, to));
        let Some(answered) = answers.iter().find(is_own).cloned() else { return Ok(Err(NoAbsence::NoReply)) };
        if self.judged.evidence.is_refuted() || rules.senders == Senders::Proven && !is_proven {
            return Ok(Err(NoAbsence::NotProven));
        }
        let wrote = self.wrote.iter().any(|(id, wrote)| *id == member.id && *wrote > at);
        if wrote || batch.has_written_after(&member.addresses, at).await? {
            return Ok(Err(NoAbsence::HasWritten));
        }
        Ok(Ok(AbsenceInput {
            message_id: self.key.clone(),
            member: member.id,
            sent,
            named: Some(named),
            answers: Some(answered),
        }))
    }
}

impl Round<'_> {
    /// Notes the absence that an automatic reply tells of.
    pub(super) async fn note_absence(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        message: &Message,
    ) -> anyhow::Result<()> {
        if message.automatic != Some(Automatic::AutoReply) || waiting.archive {
            return Ok(());
        }
        let judged = self.trust.judge(batch, message, waiting.received_at).await?;
        let received_at = waiting.received_at;
        let reply = Reply { message, key: key(message, waiting), received_at, judged: &judged, wrote: &self.wrote };
        match reply.absence(batch, &self.group.config, &self.group.rules).await? {
            Ok(input) => {
                info!(message = waiting.id, member = input.member, until = ?input.named, "a member is away");
                commit(batch, waiting, input).await
            }
            Err(why) => {
                info!(message = waiting.id, ?why, "an automatic reply that pauses nothing");
                Ok(())
            }
        }
    }

    /// The member who has written a message and is away, as far as that was known before it is read.
    pub(super) async fn away(&self, batch: &mut Batch, message: &Message) -> anyhow::Result<Option<Member>> {
        if message.calendar_reply.as_ref().is_some_and(|reply| reply.by_machine) {
            return Ok(None);
        }
        let author = author(batch, message).await?;
        Ok(author.filter(|member| member.absence.and_then(|absence| absence.until).is_some()))
    }

    /// A member's own mail ends their absence, unless the mail itself has brought it back (`undo` of `resume`).
    ///
    /// That it may be somebody else's does not matter, also where senders must be proven: a post that came by the list
    /// proves nobody, and who is back and posts must be reminded again. Of a forged one no more comes than a reminder
    /// that nobody reads. What the mail server says is forged ends nothing.
    pub(super) async fn end_absence(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        message: &Message,
        away: &Member,
    ) -> anyhow::Result<()> {
        let now = batch.roster().await?.member(away.id).and_then(|member| member.absence);
        if now.and_then(|absence| absence.until).is_none() {
            return Ok(());
        }
        if self.trust.judge(batch, message, waiting.received_at).await?.evidence.is_refuted() {
            return Ok(());
        }
        let sent = self.group.rules.day(waiting.received_at);
        info!(message = waiting.id, member = away.id, "a member who was away has written");
        let input =
            AbsenceInput { message_id: key(message, waiting), member: away.id, sent, named: None, answers: None };
        commit(batch, waiting, input).await
    }

    /// Remembers when a member has written, for automatic replies of the batch that were sent before.
    pub(super) async fn has_written(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        message: &Message,
    ) -> anyhow::Result<()> {
        if !waiting.archive
            && let Some(member) = author(batch, message).await?
        {
            let at = message.date.map_or(waiting.received_at, |date| date.min(waiting.received_at));
            self.wrote.push((member.id, at));
        }
        Ok(())
    }
}

async fn author(batch: &mut Batch, message: &Message) -> anyhow::Result<Option<Member>> {
    let Some(from) = &message.from else { return Ok(None) };
    let roster = batch.roster().await?;
    Ok(decide::author(roster, &from.address, &from.name, message.by_name).cloned())
}

fn is_members(member: &Member, address: &EmailAddress) -> bool {
    member.addresses.contains(address)
}

async fn commit(batch: &mut Batch, waiting: &Waiting, input: AbsenceInput) -> anyhow::Result<()> {
    let at: Timestamp = waiting.received_at;
    let entry = Entry { at, input: Input::Absence(Box::new(input)) };
    let known = batch.load(&Needs::of(&entry.input)).await?;
    let (outcome, mails) = replay(known, &entry);
    if outcome.changes.is_empty() {
        batch.put_back(outcome.known);
        return Ok(());
    }
    batch.commit_decision(Some(waiting.id), &entry, outcome, &mails).await.context("writing that somebody is away")?;
    Ok(())
}
