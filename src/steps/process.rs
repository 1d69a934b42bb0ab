//! What waits in the inbox is read, decided and answered: effect, history and answer in one
//! transaction, a batch at a time, each message in a savepoint of its own.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use anyhow::Context as _;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use tracing::{error, info, warn};

use crate::command::{Addressed, Command, Parsed};
use crate::decide::{Entry, Input, MailInput, Needs, Verdict};
use crate::domain::EmailAddress;
use crate::message::{self, Message, Unreadable};
use crate::store::{Batch, Earlier, MessageState, Read, Store, Waiting};

use super::Group;
use super::answers::{receipt, replay};
use super::reading;
use super::turn::Turn;

/// At most so many messages a transaction.
const BATCH_MESSAGES: u32 = 256;

/// At most so many octets a transaction, so that memory stays bounded; one larger message goes alone.
const BATCH_BYTES: u64 = 4 << 20;

/// A message that was about to be read so often and never was is quarantined unread.
const ATTEMPTS: u32 = 2;

/// Reading a batch takes milliseconds. A reader that takes this long hangs, and only ending the
/// process ends it: the attempt is counted, and the next start goes on without the message.
const READING_LIMIT: Duration = Duration::from_mins(2);

/// What processing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Processed {
    /// Messages that were looked at.
    pub read: usize,
    /// Messages that were answered.
    pub answered: usize,
    /// Messages that changed something.
    pub acted: usize,
    /// Messages that are held for the operator.
    pub quarantined: usize,
}

/// Processes everything that waits; where another process does so, takes turns with it.
///
/// # Errors
/// Where the database fails: the batch that was under way waits again.
pub async fn process(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Processed> {
    process_until(store, group, now, &|| false).await
}

/// As [`process`], but ends after the batch during which it is to `stop`; the rest waits.
///
/// # Errors
/// As [`process`].
pub async fn process_until(
    store: &Store,
    group: &Group,
    now: Timestamp,
    stop: &(dyn Fn() -> bool + Sync),
) -> anyhow::Result<Processed> {
    let mut processed = Processed::default();
    loop {
        let before = processed.read;
        process_batch(store, group, now, &mut processed).await?;
        if processed.read == before || stop() {
            return Ok(processed);
        }
    }
}

async fn process_batch(store: &Store, group: &Group, now: Timestamp, processed: &mut Processed) -> anyhow::Result<()> {
    let _turn = Turn::take(store.path()).await?;
    let mut waiting = store.waiting(group.id, BATCH_MESSAGES, BATCH_BYTES).await?;
    // The process died while one of these was read: they go one by one, so that the count tells which.
    if let Some(at) = waiting.iter().position(|message| message.attempts > 0) {
        waiting.truncate(at.max(1));
    }
    if waiting.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = waiting.iter().map(|message| message.id).collect();
    if waiting.first().is_some_and(|message| message.attempts >= ATTEMPTS) {
        return decide_all(store, group, now, &waiting, None, processed).await;
    }
    store.count_attempts(&ids).await?;
    let done = async {
        let messages = read_all(store.raws(&ids).await?).await?;
        decide_all(store, group, now, &waiting, Some(messages), processed).await
    };
    let done = done.await;
    // The process lives: it is not these messages that the database fails for.
    if done.is_err()
        && let Err(error) = store.take_back_attempts(&ids).await
    {
        warn!(%error, "attempts to read messages could not be taken back");
    }
    done
}

/// Decides what was read, in one transaction; what is not read, because it stopped the program, is
/// put aside.
async fn decide_all(
    store: &Store,
    group: &Group,
    now: Timestamp,
    waiting: &[Waiting],
    messages: Option<Vec<Message>>,
    processed: &mut Processed,
) -> anyhow::Result<()> {
    let poison = messages.is_none();
    let messages = messages.unwrap_or_else(|| vec![Message::default()]);
    let ids: Vec<i64> = waiting.iter().map(|message| message.id).collect();
    let mut batch = store.begin(group.id, now).await?;
    let still = batch.still_waiting(&ids).await?;
    let keys: Vec<String> = messages.iter().zip(waiting).map(|(message, raw)| key(message, raw)).collect();
    let replied: Vec<String> = messages.iter().flat_map(reading::replies_to).collect();
    let mut round = Round {
        group,
        now,
        earlier: batch.earlier(&keys).await?,
        sent: if replied.is_empty() { HashMap::new() } else { batch.sent(&replied).await? },
        processed,
    };
    let mut finished = Vec::with_capacity(messages.len());
    for (waiting, message) in waiting.iter().zip(messages) {
        if !still.contains(&waiting.id) {
            continue;
        }
        let read = if poison {
            round.processed.quarantined += 1;
            error!(message = waiting.id, "a message that stopped the program twice is quarantined unread");
            let reason = format!("not read: the program stopped {} times while it was read", waiting.attempts);
            quarantined(waiting, &message, reason)
        } else {
            round.message(&mut batch, waiting, message).await?
        };
        round.processed.read += 1;
        round.remember(waiting, &read);
        finished.push(read);
    }
    batch.finish(&finished).await?;
    batch.commit().await?;
    Ok(())
}

/// Reads the messages on all cores, apart from the async threads.
async fn read_all(raws: Vec<Vec<u8>>) -> anyhow::Result<Vec<Message>> {
    let count = raws.len();
    let reading = tokio::task::spawn_blocking(move || {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let share = raws.len().div_ceil(workers).max(1);
        if raws.len() < 8 {
            return raws.iter().map(|raw| message::read(raw)).collect();
        }
        std::thread::scope(|scope| {
            let shares: Vec<_> = raws
                .chunks(share)
                .map(|share| scope.spawn(|| share.iter().map(|raw| message::read(raw)).collect::<Vec<_>>()))
                .collect();
            shares.into_iter().flat_map(|share| share.join().unwrap_or_default()).collect::<Vec<_>>()
        })
    });
    let Ok(read) = tokio::time::timeout(READING_LIMIT, reading).await else {
        error!("reading a message does not end; the program stops, and will go on without it");
        std::process::abort();
    };
    let messages = read.context("reading messages")?;
    anyhow::ensure!(messages.len() == count, "a reader of messages ended early");
    Ok(messages)
}

/// How a message is recognised: by its Message-ID, or by its bytes where it has none.
fn key(message: &Message, waiting: &Waiting) -> String {
    message.message_id.clone().unwrap_or_else(|| format!("none-{}", HEXLOWER.encode(&waiting.hash)))
}

fn quarantined(waiting: &Waiting, message: &Message, reason: String) -> Read {
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
        mentions: Vec::new(),
    }
}

/// Codes for the confirmations that a mail's commands can ask for: 40 random bits each.
pub(super) fn codes(parsed: &Parsed) -> Vec<String> {
    let asks = parsed.lines.iter().filter(|line| matches!(line.command, Ok(Command::Also { .. }))).count();
    (0..asks * 2).filter_map(|_| code()).collect()
}

/// A code of eight characters, at least one of them a digit, so that it is no word.
fn code() -> Option<String> {
    for _ in 0..64 {
        let mut bytes = [0_u8; 5];
        getrandom::fill(&mut bytes).ok()?;
        let code = BASE32_NOPAD.encode(&bytes).to_lowercase();
        if code.bytes().any(|byte| byte.is_ascii_digit()) && code.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return Some(code);
        }
    }
    None
}

/// What an earlier message with the same Message-ID makes of this one.
enum Standing {
    /// It is the first.
    New,
    /// It is another copy: these lines were answered before.
    Copy(Vec<String>),
    /// It is the very one that is held for the operator, or was given up.
    Held(i64),
    /// It says it is the same and is not.
    Contradicts(i64),
}

/// One batch under way.
struct Round<'a> {
    group: &'a Group,
    now: Timestamp,
    earlier: HashMap<String, Vec<Earlier>>,
    sent: HashMap<String, EmailAddress>,
    processed: &'a mut Processed,
}

impl Round<'_> {
    /// Later messages of the batch see this one.
    fn remember(&mut self, waiting: &Waiting, read: &Read) {
        let Some(key) = &read.message_id else { return };
        self.earlier.entry(key.clone()).or_default().push(Earlier {
            id: waiting.id,
            state: read.state,
            sent_at: read.sent_at,
            hash: waiting.hash.clone(),
            lines: read.lines.clone(),
        });
    }

    /// One message, in a savepoint where it can have an effect. What goes wrong with it alone holds
    /// it alone; only a failing database stops the batch.
    async fn message(&mut self, batch: &mut Batch, waiting: &Waiting, message: Message) -> anyhow::Result<Read> {
        let already = match self.standing(batch, waiting, &message).await? {
            Standing::New => None,
            Standing::Copy(lines) => Some(lines),
            Standing::Held(other) => {
                info!(message = waiting.id, other, "found again, and the first is held or was given up: noted");
                // Not a copy: what is compared with it later must not be taken for one that was read.
                let reason = Some(format!("it is message {other} again, which is held or was given up"));
                return Ok(Read { state: MessageState::Dropped, reason, ..noted(waiting, &message) });
            }
            Standing::Contradicts(other) => {
                warn!(message = waiting.id, other, "same Message-ID and Date, another text: held");
                self.processed.quarantined += 1;
                let reason = format!("it has the Message-ID and Date of message {other}, and another text");
                return Ok(quarantined(waiting, &message, reason));
            }
        };
        let read = catch_unwind(AssertUnwindSafe(|| self.read(waiting, &message)));
        let Ok((parsed, addressed)) = read else {
            self.processed.quarantined += 1;
            return Ok(quarantined(waiting, &message, "the reader of commands failed on it".to_owned()));
        };
        let mut kept = noted(waiting, &message);
        if already.is_some() {
            kept.state = MessageState::Copy;
        }
        if message.automatic.is_some() {
            info!(message = waiting.id, kind = ?message.automatic, "automatic mail: noted, not answered");
            return Ok(kept);
        }
        kept.mentions = reading::mentions(&parsed);
        if waiting.archive || !is_for_decision(&message, &parsed, addressed) {
            return Ok(kept);
        }
        let already = already.unwrap_or_default();
        kept.lines = already.clone();
        for line in &parsed.lines {
            if !kept.lines.contains(&line.text) {
                kept.lines.push(line.text.clone());
            }
        }
        batch.savepoint().await?;
        match self.decide(batch, waiting, &message, parsed, addressed, already).await {
            Ok(()) => batch.release().await?,
            Err(error) if is_of_the_database(&error) => return Err(error),
            Err(error) => {
                batch.roll_back().await?;
                error!(message = waiting.id, error = format!("{error:#}"), "quarantined");
                self.processed.quarantined += 1;
                return Ok(quarantined(waiting, &message, format!("{error:#}")));
            }
        }
        Ok(kept)
    }

    fn read(&self, waiting: &Waiting, message: &Message) -> (Parsed, Addressed) {
        let sender = message.from.as_ref().map(|from| &from.address);
        let answers_bot = reading::replies_to(message).iter().any(|id| {
            let recipient = self.sent.get(id);
            recipient.is_some() && recipient == sender
        });
        let addressed = reading::addressed(message, &self.group.rules, answers_bot);
        (reading::parse(message, &self.group.rules, addressed, waiting.received_at), addressed)
    }

    /// Whether the message was seen before. Two mails with one Message-ID and different dates are
    /// two; with the same date, the texts decide, both read by the reader of today. What is held or
    /// was given up tells nothing of others, and is not run by being found again.
    async fn standing(&self, batch: &mut Batch, waiting: &Waiting, message: &Message) -> anyhow::Result<Standing> {
        let Some(earlier) = self.earlier.get(&key(message, waiting)) else { return Ok(Standing::New) };
        let was_read = |other: &Earlier| matches!(other.state, MessageState::Done | MessageState::Copy);
        let same_bytes = |other: &&Earlier| other.hash == waiting.hash;
        if !earlier.iter().filter(same_bytes).any(was_read)
            && let Some(held) = earlier.iter().find(same_bytes)
        {
            return Ok(Standing::Held(held.id));
        }
        let mut lines: Vec<String> = Vec::new();
        let mut is_copy = false;
        let mut contradicts = None;
        for other in earlier.iter().filter(|other| was_read(other)) {
            if !same_bytes(&other) {
                if other.sent_at != message.date {
                    continue;
                }
                let Some(raw) = batch.raw(other.id).await? else { continue };
                let known = message::read(&raw);
                let from = |message: &Message| message.from.as_ref().map(|from| from.address.clone());
                if words(&known.author_text) != words(&message.author_text) || from(&known) != from(message) {
                    contradicts = contradicts.or(Some(other.id));
                    continue;
                }
            }
            is_copy = true;
            // Each copy keeps the lines of those before it: taken as they are, they would double.
            for line in &other.lines {
                if !lines.contains(line) {
                    lines.push(line.clone());
                }
            }
        }
        Ok(match contradicts {
            _ if is_copy => Standing::Copy(lines),
            // Let through by the operator, it is a mail of its own.
            Some(other) if !waiting.retried => Standing::Contradicts(other),
            _ => Standing::New,
        })
    }

    async fn decide(
        &mut self,
        batch: &mut Batch,
        waiting: &Waiting,
        message: &Message,
        parsed: Parsed,
        addressed: Addressed,
        already: Vec<String>,
    ) -> anyhow::Result<()> {
        let Some(from) = &message.from else { return Ok(()) };
        let message_id = key(message, waiting);
        let mut references = message.references.clone();
        for id in &message.in_reply_to {
            if !references.contains(id) {
                references.push(id.clone());
            }
        }
        let mut mail = MailInput {
            codes: codes(&parsed),
            receipt: String::new(),
            from: from.address.clone(),
            name: from.name.clone(),
            verdict: Verdict::Claimed,
            addressed,
            subject: message.subject.clone(),
            in_reply_to: reading::replies_to(message),
            references,
            unreadable: message.unreadable,
            parsed,
            already,
            message_id,
        };
        // A receipt is short, so that it can be typed; one that is taken is made anew.
        for salt in 0..8 {
            mail.receipt = receipt(&[&mail.message_id, &HEXLOWER.encode(&waiting.hash)], salt);
            if !batch.has_receipt(&mail.receipt).await? {
                break;
            }
        }
        let entry = Entry { at: waiting.received_at, input: Input::Mail(Box::new(mail)) };
        let known = batch.load(&Needs::of(&entry.input)).await?;
        let decided = catch_unwind(AssertUnwindSafe(|| replay(known, &entry)));
        let (outcome, mut mails) = decided.map_err(|_| anyhow::anyhow!("deciding its commands failed"))?;
        if outcome.changes.is_empty() && mails.is_empty() {
            info!(message = waiting.id, from = from.address.masked(), "from nobody in the roster: noted");
            return Ok(());
        }
        self.processed.acted += usize::from(!outcome.changes.is_empty());
        self.processed.answered += usize::from(!mails.is_empty());
        info!(
            message = waiting.id,
            from = from.address.masked(),
            changes = outcome.changes.len(),
            answers = mails.len(),
            "decided"
        );
        self.keep_to_the_limit(batch, &mut mails).await?;
        batch.commit_decision(Some(waiting.id), &entry, outcome, &mails).await.context("writing the decision")?;
        Ok(())
    }

    /// Mails to one address past the hourly limit wait for the operator.
    async fn keep_to_the_limit(
        &self,
        batch: &mut Batch,
        mails: &mut [crate::store::OutgoingMail],
    ) -> anyhow::Result<()> {
        let limit = self.group.rules.answers_per_hour;
        let since = self.now - SignedDuration::from_hours(1);
        for mail in mails {
            if batch.answers_since(&mail.recipient, since).await? >= limit {
                warn!(to = mail.recipient.masked(), limit, "too many answers an hour: this one waits for the operator");
                mail.parked = Some(format!("more than {limit} mails an hour to this address"));
            }
        }
        Ok(())
    }
}

/// Whether a message can have an effect or an answer.
fn is_for_decision(message: &Message, parsed: &Parsed, addressed: Addressed) -> bool {
    let for_bot = matches!(addressed, Addressed::BotAlone | Addressed::Bot);
    let encrypted = message.unreadable == Some(Unreadable::Encrypted) && for_bot;
    message.from.is_some() && (!parsed.lines.is_empty() || addressed == Addressed::BotAlone || encrypted)
}

/// A text as two copies of it are compared: white space does not count.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// Whether the database failed, and not this message.
fn is_of_the_database(error: &anyhow::Error) -> bool {
    let store = error.chain().find_map(|cause| cause.downcast_ref::<crate::store::StoreError>());
    store.is_some_and(|error| error.is_temporary() || error.is_full() || error.is_damage())
}
