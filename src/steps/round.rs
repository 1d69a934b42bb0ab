//! One message of a batch: what was seen of it before, who it is from, what comes of it, and what is
//! released by it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use tracing::{error, info, warn};

use crate::command::{Addressed, Parsed};
use crate::decide::{self, Entry, Input, MailInput, Needs, Proof, Verdict};
use crate::domain::{EmailAddress, Senders};
use crate::message::{Message, Unreadable};
use crate::store::{Batch, Earlier, MessageState, Read, Waiting};

use super::Group;
use super::announced;
use super::answers::{decided, receipt};
use super::codes::{codes, hold_code};
use super::copies::{Standing, key, standing};
use super::process::{Parsing, Processed};
use super::reading;
use super::trust::{Trust, alert_of_denied, may_answer_unknown, told as verdict_told};

pub(super) fn quarantined(waiting: &Waiting, message: &Message, reason: String) -> Read {
    Read { state: MessageState::Quarantined, reason: Some(reason), ..noted(waiting, message) }
}

/// What is kept of every message.
fn noted(waiting: &Waiting, message: &Message) -> Read {
    Read {
        id: waiting.id,
        state: MessageState::Done,
        reason: None,
        message_id: Some(key(message, waiting)),
        sent_at: message.date,
        from: message.from.as_ref().map(|from| from.address.to_string()),
        subject: Some(message.subject.clone()),
        automatic: message.automatic.map(|automatic| format!("{automatic:?}")),
        lines: Vec::new(),
        claimed: false,
        mentions: Vec::new(),
    }
}

/// What a message of the batch has said.
pub(super) struct Said {
    key: String,
    from: String,
    sent_at: Timestamp,
    lines: Vec<String>,
}

/// What messages with the Message-ID and Date of one have settled before it.
#[derive(Default)]
struct Before {
    /// Lines that copies of it have had answered.
    lines: Vec<String>,
    /// All those copies were only claimed.
    claimed: bool,
    /// Another mail had taken its Message-ID and Date, and does not count.
    displaced: bool,
}

/// One batch under way.
pub(super) struct Round<'a> {
    pub(super) group: &'a Group,
    pub(super) now: Timestamp,
    pub(super) earlier: HashMap<String, Vec<Earlier>>,
    /// Receipts that are taken, of those that the batch could give.
    pub(super) receipts: HashSet<String>,
    /// What messages of the batch have said so far.
    pub(super) said: Vec<Said>,
    /// When members have written, in messages of the batch.
    pub(super) wrote: Vec<(u32, Timestamp)>,
    /// Mails of ours that the batch replies to, and to whom they went.
    pub(super) sent: HashMap<String, EmailAddress>,
    pub(super) trust: Trust,
    /// How many mails the addresses got within the last hour, where it was asked.
    pub(super) answers: HashMap<EmailAddress, u32>,
    pub(super) processed: &'a mut Processed,
}

impl Round<'_> {
    /// Later messages of the batch see this one.
    pub(super) fn remember(&mut self, waiting: &Waiting, read: &Read) {
        let Some(key) = &read.message_id else { return };
        if let (Some(from), Some(sent_at), false) = (&read.from, read.sent_at, read.lines.is_empty()) {
            self.said.push(Said { key: key.clone(), from: from.clone(), sent_at, lines: read.lines.clone() });
        }
        self.earlier.entry(key.clone()).or_default().push(Earlier {
            id: waiting.id,
            state: read.state,
            sent_at: read.sent_at,
            hash: waiting.hash.clone(),
            lines: read.lines.clone(),
            claimed: read.claimed,
            erased: false,
        });
    }

    /// One message, in a savepoint where it can have an effect. What goes wrong with it alone holds
    /// it alone; only a failing database stops the batch.
    pub(super) async fn message(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        message: Message,
        said: Parsing,
    ) -> anyhow::Result<Read> {
        let earlier = self.earlier.get(&key(&message, waiting)).map_or(&[][..], Vec::as_slice);
        let mut before = Before::default();
        let copy = match standing(batch, earlier, waiting, &message).await? {
            Standing::New => None,
            Standing::Copy(copy) => Some(copy),
            Standing::Held(other) => {
                info!(message = waiting.id, other, "found again, and the first is held or was given up: noted");
                // Not a copy: what is compared with it later must not be taken for one that was read.
                let reason = Some(format!("it is message {other} again, which is held or was given up"));
                return Ok(Read { state: MessageState::Dropped, reason, ..noted(waiting, &message) });
            }
            Standing::Erased(other) => {
                info!(message = waiting.id, other, "read long ago, and its bytes are not kept: noted");
                let reason =
                    Some(format!("it has the Message-ID and Date of message {other}, whose bytes are not kept"));
                // Nor are those of the copy, which may be a person's who was forgotten since.
                batch.erase(waiting.id).await?;
                let noted = Read { from: None, subject: None, ..noted(waiting, &message) };
                return Ok(Read { state: MessageState::Dropped, reason, ..noted });
            }
            Standing::Contradicts(other) if self.prevails(batch, waiting, &message).await? => {
                warn!(
                    message = waiting.id,
                    other, "another mail had its Message-ID and Date, and proves nothing: this one counts"
                );
                before.displaced = true;
                None
            }
            Standing::Contradicts(other) => {
                warn!(message = waiting.id, other, "same Message-ID and Date, another text: held");
                self.processed.quarantined += 1;
                let reason = format!("it has the Message-ID and Date of message {other}, and another text");
                return Ok(quarantined(waiting, &message, reason));
            }
        };
        let Some((parsed, addressed)) = said else {
            self.processed.quarantined += 1;
            return Ok(quarantined(waiting, &message, "the reader of commands failed on it".to_owned()));
        };
        let mut kept = noted(waiting, &message);
        kept.claimed = !waiting.archive && self.group.rules.senders == Senders::Proven;
        if let Some(copy) = copy {
            // Also of a copy in which nothing is a command: the newest one tells of all before it.
            (kept.state, kept.claimed) = (MessageState::Copy, kept.claimed && copy.claimed);
            kept.lines.clone_from(&copy.lines);
            (before.lines, before.claimed) = (copy.lines, copy.claimed);
        }
        if announced::is_announcers(&message, &self.group.rules, batch.roster().await?) {
            kept.mentions = reading::mentions(&parsed);
            let is_settled = kept.state == MessageState::Copy && !before.claimed;
            return self.announced(batch, waiting, &message, is_settled, kept).await;
        }
        if message.automatic.is_some() && self.is_a_machines(batch, &message, &parsed).await? {
            super::bounce::note(batch, &self.group.config, waiting, &message, self.now).await?;
            if kept.state != MessageState::Copy {
                self.note_absence(batch, waiting, &message).await?;
            }
            info!(message = waiting.id, kind = ?message.automatic, "automatic mail: noted, not answered");
            return Ok(kept);
        }
        let away = if waiting.archive { None } else { self.away(batch, &message).await? };
        let kept = self.written(batch, waiting, &message, (parsed, addressed), before, kept).await?;
        if kept.state == MessageState::Done {
            self.has_written(batch, waiting, &message).await?;
            if let Some(away) = away {
                self.end_absence(batch, waiting, &message, &away).await?;
            }
        }
        Ok(kept)
    }

    /// A message that somebody has written.
    async fn written(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        message: &Message,
        (parsed, addressed): (Parsed, Addressed),
        before: Before,
        mut kept: Read,
    ) -> anyhow::Result<Read> {
        kept.mentions = reading::mentions(&parsed);
        if !waiting.archive && !is_for_decision(message, &parsed, addressed, self.answers_us(message)) {
            return Ok(kept);
        }
        for line in &parsed.lines {
            if !kept.lines.contains(&line.text) {
                kept.lines.push(line.text.clone());
            }
        }
        if waiting.archive {
            // Delivered again it is a copy, of which these lines do not act.
            return Ok(kept);
        }
        if kept.state == MessageState::Copy && parsed.lines.is_empty() {
            // What it says without a command was answered, where it was.
            return Ok(kept);
        }
        batch.savepoint();
        let decided = match self.decide(batch, waiting, message, parsed, addressed, before).await {
            Ok(verdict) => batch.release().await.context("writing the decision").map(|()| verdict),
            Err(error) => Err(error),
        };
        match decided {
            Ok(verdict) => kept.claimed &= verdict == Verdict::Claimed,
            Err(error) if is_of_the_database(&error) => return Err(error),
            Err(error) => {
                batch.roll_back().await?;
                // With the message go the mails that it would have sent: they are counted anew.
                self.answers.clear();
                error!(message = waiting.id, error = format!("{error:#}"), "quarantined");
                self.processed.quarantined += 1;
                return Ok(quarantined(waiting, message, format!("{error:#}")));
            }
        }
        Ok(kept)
    }

    async fn decide(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        message: &Message,
        parsed: Parsed,
        addressed: Addressed,
        before: Before,
    ) -> anyhow::Result<Verdict> {
        let Some(from) = &message.from else { return Ok(Verdict::Claimed) };
        let message_id = key(message, waiting);
        let mut judged = self.trust.judge(batch, message, waiting.received_at).await?;
        if let Verdict::Proven(Proof::Authentication { .. }) = judged.verdict
            && self.is_said_again(batch, message, &message_id, &parsed).await?
        {
            // A signature covers the Date and seldom the Message-ID.
            judged.verdict = Verdict::Claimed;
            judged.evidence.repeats = true;
        }
        let for_bot = matches!(addressed, Addressed::BotAlone | Addressed::Bot);
        let answer_unknown = for_bot
            && before.lines.is_empty()
            && may_answer_unknown(batch, &from.address, &judged, &self.group.rules, self.now).await?;
        let is_proven = judged.verdict != Verdict::Claimed;
        let claimed_before =
            is_proven && before.claimed && !self.is_settled(batch, message, &message_id, false).await?;
        let identity = verdict_told(&judged.verdict, &judged.evidence);
        let verdict = judged.verdict.clone();
        let mut references = message.references.clone();
        for id in &message.in_reply_to {
            if !references.contains(id) {
                references.push(id.clone());
            }
        }
        let mail = MailInput {
            codes: codes(&parsed),
            receipt: self.free_receipt(message, waiting)?,
            from: from.address.clone(),
            name: from.name.clone(),
            by_name: message.by_name,
            hold_code: hold_code(&self.group.rules, &judged.verdict, &parsed),
            verdict: judged.verdict,
            evidence: judged.evidence,
            answer_unknown,
            held_at: None,
            has_text: !message.author_text.trim().is_empty(),
            addressed,
            subject: message.subject.clone(),
            in_reply_to: reading::answered(message, &judged.answers),
            references,
            unreadable: message.unreadable,
            parsed,
            posted: Vec::new(),
            already: before.lines,
            claimed_before,
            displaces: before.displaced && is_proven,
            message_id,
        };
        let entry = Entry { at: waiting.received_at, input: Input::Mail(Box::new(mail)) };
        let Some(released) = self.decide_entry(batch, waiting, &entry, &identity).await? else {
            info!(message = waiting.id, from = from.address.masked(), identity, "nothing comes of it: noted");
            return Ok(verdict);
        };
        let mut released = VecDeque::from(released);
        while let Some(request) = released.pop_front() {
            released.extend(self.release(batch, waiting, &entry, request).await?);
        }
        Ok(verdict)
    }

    /// Whether a message counts although an earlier one has its Message-ID and Date, and another text:
    /// it is proven, and nothing came of what was said under that Message-ID in its author's name.
    /// Whoever sends such a mail beforehand must not silence the one whose name they take.
    async fn prevails(&self, batch: &mut Batch, waiting: &Waiting, message: &Message) -> anyhow::Result<bool> {
        let judged = self.trust.judge(batch, message, waiting.received_at).await?;
        Ok(judged.verdict != Verdict::Claimed && !self.is_settled(batch, message, &key(message, waiting), true).await?)
    }

    /// Whether something came of what a message's author said under its Message-ID. Also where the author
    /// is nobody who could say anything.
    async fn is_settled(
        &self,
        batch: &mut Batch,
        message: &Message,
        message_id: &str,
        of_another_text: bool,
    ) -> anyhow::Result<bool> {
        let Some(from) = &message.from else { return Ok(true) };
        let author = decide::author(batch.roster().await?, &from.address, &from.name, message.by_name);
        let Some(addresses) = author.map(|member| member.addresses.clone()) else { return Ok(true) };
        Ok(batch.is_settled(message_id, &addresses, of_another_text).await?)
    }

    /// Decides an entry and writes what comes of it. Gives the requests whose mails it releases;
    /// `None` where nothing came of it, and nothing was written.
    pub(super) async fn decide_entry(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        entry: &Entry,
        identity: &str,
    ) -> anyhow::Result<Option<Vec<u32>>> {
        let known = batch.load(&Needs::of(&entry.input)).await?;
        let decided = catch_unwind(AssertUnwindSafe(|| decided(known, entry, Some(&self.trust))));
        let (outcome, mut mails) = decided.map_err(|_| anyhow::anyhow!("deciding its commands failed"))?;
        if outcome.changes.is_empty() && mails.is_empty() {
            // Nothing of what is known was changed.
            if outcome.answer.is_none() {
                batch.put_back(outcome.known);
            }
            return Ok(None);
        }
        self.processed.acted += usize::from(!outcome.changes.is_empty());
        self.processed.answered += usize::from(!mails.is_empty());
        let from = match &entry.input {
            Input::Mail(mail) => mail.from.masked(),
            _ => String::new(),
        };
        info!(message = waiting.id, from, identity, changes = outcome.changes.len(), answers = mails.len(), "decided");
        alert_of_denied(waiting.id, &outcome);
        if matches!(&entry.input, Input::Mail(mail) if decide::is_overtaken(&outcome.known, mail)) {
            info!(message = waiting.id, "a calendar's answer that a later one has overtaken: nothing is changed");
        }
        let is_claimed = self.group.rules.senders == Senders::Proven
            && matches!(&entry.input, Input::Mail(mail) if mail.verdict == Verdict::Claimed);
        self.keep_to_the_limit(batch, is_claimed, &mut mails).await?;
        let released = outcome.released.clone();
        batch.commit_decision(Some(waiting.id), entry, outcome, &mails).await.context("writing the decision")?;
        Ok(Some(released))
    }

    /// Whether another message of the same sender and Date has said one of the lines before.
    async fn is_said_again(
        &self,
        batch: &mut Batch,
        message: &Message,
        message_id: &str,
        parsed: &Parsed,
    ) -> anyhow::Result<bool> {
        let (Some(from), Some(date)) = (&message.from, message.date) else { return Ok(false) };
        if parsed.lines.is_empty() {
            return Ok(false);
        }
        // What this batch has said is not written yet.
        let is_other =
            |other: &&Said| other.key != message_id && other.sent_at == date && other.from == from.address.as_str();
        let mut said = self.said.iter().filter(is_other).flat_map(|other| &other.lines);
        if said.any(|said| parsed.lines.iter().any(|line| line.text == *said)) {
            return Ok(true);
        }
        let lines: Vec<String> = parsed.lines.iter().map(|line| line.text.clone()).collect();
        Ok(batch.has_said(&from.address, date, message_id, &lines).await?)
    }

    async fn is_a_machines(&self, batch: &mut Batch, message: &Message, parsed: &Parsed) -> anyhow::Result<bool> {
        let roster = batch.roster().await?;
        let author = message.from.as_ref();
        let author = author.and_then(|from| decide::author(roster, &from.address, &from.name, message.by_name));
        Ok(reading::is_a_machines(message, parsed, author.is_some()))
    }

    /// Whether a message is a reply to a mail of ours, by what it says or by where it goes.
    fn answers_us(&self, message: &Message) -> bool {
        let form = self.trust.reply_address();
        reading::replies_to(message).iter().any(|id| self.sent.contains_key(id))
            || message.recipients().any(|address| form.is_some_and(|form| form.token_in(address).is_some()))
    }

    /// A receipt that is not taken, for this message.
    pub(super) fn free_receipt(&mut self, message: &Message, waiting: &Waiting) -> anyhow::Result<String> {
        let free = receipts(message, waiting).find(|receipt| !self.receipts.contains(receipt));
        let free = free.context("every receipt that the message could have is taken")?;
        self.receipts.insert(free.clone());
        Ok(free)
    }

    /// Mails to one address past the hourly limit wait for the operator.
    async fn keep_to_the_limit(
        &mut self,
        batch: &mut Batch,
        is_claimed: bool,
        mails: &mut [crate::store::OutgoingMail],
    ) -> anyhow::Result<()> {
        let limit = self.group.rules.answers_per_hour;
        // Whoever forges a member's name must not use up what the member may get.
        let limit = if is_claimed { limit.div_ceil(4) } else { limit };
        let since = self.now - SignedDuration::from_hours(1);
        for mail in mails {
            let count = match self.answers.get(&mail.recipient) {
                Some(count) => *count,
                None => batch.answers_since(&mail.recipient, since).await?,
            };
            if count >= limit {
                warn!(to = mail.recipient.masked(), limit, "too many answers an hour: this one waits for the operator");
                mail.parked = Some(format!("more than {limit} mails an hour to this address"));
            }
            self.answers.insert(mail.recipient.clone(), if count >= limit { count } else { count + 1 });
        }
        Ok(())
    }
}

/// The receipts that a message can have. They are short, so that they can be typed, and so one may
/// be taken; the next is as good.
pub(super) fn receipts(message: &Message, waiting: &Waiting) -> impl Iterator<Item = String> {
    let parts = [key(message, waiting), HEXLOWER.encode(&waiting.hash)];
    (0..4).map(move |salt| receipt(&[&parts[0], &parts[1]], salt))
}

/// Whether a message can have an effect or an answer. In a reply to a mail of ours, any text may be the
/// answer to a question.
fn is_for_decision(message: &Message, parsed: &Parsed, addressed: Addressed, answers_us: bool) -> bool {
    let for_bot = matches!(addressed, Addressed::BotAlone | Addressed::Bot);
    let encrypted = message.unreadable == Some(Unreadable::Encrypted) && for_bot;
    let answers = answers_us && for_bot && !message.author_text.trim().is_empty();
    message.from.is_some() && (!parsed.lines.is_empty() || addressed == Addressed::BotAlone || encrypted || answers)
}

/// Whether the database failed, and not this message.
pub(super) fn is_of_the_database(error: &anyhow::Error) -> bool {
    let store = error.chain().find_map(|cause| cause.downcast_ref::<crate::store::StoreError>());
    store.is_some_and(|error| error.is_temporary() || error.is_full() || error.is_damage())
}
