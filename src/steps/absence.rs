//! Who is away: an automatic reply to a mail that went to that member says so, their next own mail ends it.

use anyhow::Context as _;
use jiff::Timestamp;
use tracing::info;

use crate::decide::{self, AbsenceInput, Entry, Input, Needs, Verdict};
use crate::domain::{EmailAddress, Member, Senders};
use crate::message::{self, Automatic, Message};
use crate::store::{Batch, Waiting};

use super::answers::replay;
use super::bounce;
use super::copies::key;
use super::reading;
use super::round::Round;

impl Round<'_> {
    /// Notes the absence that an automatic reply tells of. Where a day of return is not named for certain, nothing
    /// is paused.
    ///
    /// Where senders must be proven, the reply must be, too: by the token in the address that it went to, by the mark
    /// of the envelope's sender, or by the mail server. Who knows a mail's Message-ID could say it otherwise.
    pub(super) async fn note_absence(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        message: &Message,
    ) -> anyhow::Result<()> {
        if message.automatic != Some(Automatic::AutoReply) || waiting.archive || message.by_list {
            return Ok(());
        }
        let rules = &self.group.rules;
        let sent = rules.day(message.date.map_or(waiting.received_at, |date| date.min(waiting.received_at)));
        let Some(named) = message::return_day(&message.subject, &message.author_text, sent) else { return Ok(()) };
        let Some(member) = author(batch, message).await? else { return Ok(()) };
        let judged = self.trust.judge(batch, message, waiting.received_at).await?;
        let returned = bounce::returned(batch, &self.group.config, message).await?;
        let mut is_proven = judged.verdict != Verdict::Claimed;
        let mut answers = reading::answered(message, &judged.answers);
        if let Some((marked, is_keyed)) = returned {
            is_proven |= is_keyed;
            answers.insert(0, marked);
        }
        let went_to = batch.sent(&answers).await?;
        let is_own = |mail: &&String| went_to.get(*mail).is_some_and(|to| is_members(&member, to));
        let Some(answered) = answers.iter().find(is_own).cloned() else { return Ok(()) };
        if judged.evidence.is_refuted() || rules.senders == Senders::Proven && !is_proven {
            info!(message = waiting.id, %named, "an automatic reply that is not proven says that somebody is away: noted as nothing");
            return Ok(());
        }
        let input = AbsenceInput {
            message_id: key(message, waiting),
            member: member.id,
            sent,
            named: Some(named),
            answers: Some(answered),
        };
        info!(message = waiting.id, member = member.id, until = %named, "a member is away");
        commit(batch, waiting, input).await
    }

    /// A member's own mail ends their absence. That it may be somebody else's does not matter: a reminder more
    /// goes out.
    pub(super) async fn end_absence(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        message: &Message,
    ) -> anyhow::Result<()> {
        if waiting.archive || message.calendar_reply.as_ref().is_some_and(|reply| reply.by_machine) {
            return Ok(());
        }
        let Some(member) = author(batch, message).await? else { return Ok(()) };
        if member.absence.and_then(|absence| absence.until).is_none() {
            return Ok(());
        }
        let sent = self.group.rules.day(waiting.received_at);
        info!(message = waiting.id, member = member.id, "a member who was away has written");
        let input =
            AbsenceInput { message_id: key(message, waiting), member: member.id, sent, named: None, answers: None };
        commit(batch, waiting, input).await
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
