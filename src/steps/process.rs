//! What waits in the inbox is read, decided and answered: effect, history and answer in one
//! transaction, a batch at a time, each message in a savepoint of its own.

use std::collections::{HashMap, HashSet};
use std::ops::AddAssign;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tracing::{error, warn};

use crate::agenda;
use crate::command::{Addressed, Parsed};
use crate::decide::{Needs, author as author_of};
use crate::domain::token::Secrets;
use crate::domain::{EmailAddress, Member};
use crate::message::{self, Message};
use crate::store::{Batch, Store, Waiting};

use super::Group;
use super::copies::key;
use super::document::convert_attached;
use super::reading;
use super::round::{Round, is_of_the_database, quarantined, receipts};
use super::trust::{Trust, expose};
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

impl AddAssign for Processed {
    fn add_assign(&mut self, more: Self) {
        self.read += more.read;
        self.answered += more.answered;
        self.acted += more.acted;
        self.quarantined += more.quarantined;
    }
}

/// Processes everything that waits; where another process does so, takes turns with it.
///
/// # Errors
/// Where the database fails: the batch that was under way waits again.
pub async fn process(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Processed> {
    let mut processed = Processed::default();
    loop {
        let batch = process_batch(store, group, now).await?;
        processed += batch;
        if batch.read == 0 {
            return Ok(processed);
        }
    }
}

/// As [`process`], one batch of what waits.
///
/// # Errors
/// As [`process`].
pub async fn process_batch(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Processed> {
    let mut processed = Processed::default();
    process_next(store, group, now, &mut processed).await?;
    Ok(processed)
}

async fn process_next(store: &Store, group: &Group, now: Timestamp, processed: &mut Processed) -> anyhow::Result<()> {
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
        let batch = store.begin(group.id, now).await?;
        return decide_all(batch, group, now, &waiting, None, processed).await;
    }
    store.count_attempts(&ids).await?;
    let done = async {
        let mut messages = read_all(store.raws(&ids).await?, Trust::of(&group.config)).await?;
        convert_all(store, group, &mut messages).await?;
        let batch = store.begin(group.id, now).await?;
        let Err(error) = decide_all(batch, group, now, &waiting, Some(messages), processed).await else {
            return Ok(());
        };
        if is_of_the_database(&error) {
            return Err(error);
        }
        // What one of them does cannot be written: which one is told when each is written by itself.
        warn!(error = format!("{error:#}"), "a batch could not be written; its messages are gone through one by one");
        *processed = Processed::default();
        let mut messages = read_all(store.raws(&ids).await?, Trust::of(&group.config)).await?;
        convert_all(store, group, &mut messages).await?;
        let batch = store.begin_carefully(group.id, now).await?;
        decide_all(batch, group, now, &waiting, Some(messages), processed).await
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
    mut batch: Batch,
    group: &Group,
    now: Timestamp,
    waiting: &[Waiting],
    messages: Option<Vec<(Message, Option<Secrets>)>>,
    processed: &mut Processed,
) -> anyhow::Result<()> {
    let poison = messages.is_none();
    let messages = messages.unwrap_or_else(|| vec![(Message::default(), None)]);
    let (messages, shown): (Vec<Message>, Vec<Option<Secrets>>) = messages.into_iter().unzip();
    let trust = Trust::of(&group.config);
    let ids: Vec<i64> = waiting.iter().map(|message| message.id).collect();
    let still = batch.still_waiting(&ids).await?;
    let keys: Vec<String> = messages.iter().zip(waiting).map(|(message, raw)| key(message, raw)).collect();
    let replied: Vec<String> = messages.iter().flat_map(reading::replies_to).collect();
    let sent = if replied.is_empty() { HashMap::new() } else { batch.sent(&replied).await? };
    let messages = parse_all(messages, waiting, group, &sent).await?;
    let parsed = messages.iter().filter_map(|(_, said)| said.as_ref()).map(|(parsed, _)| parsed);
    batch.expect_actions(&parsed.flat_map(Needs::actions_of).collect()).await?;
    let receipts: Vec<String> = waiting
        .iter()
        .zip(&messages)
        .filter(|(_, (_, said))| said.as_ref().is_some_and(|(parsed, _)| !parsed.lines.is_empty()))
        .flat_map(|(waiting, (message, _))| receipts(message, waiting))
        .collect();
    let mut round = Round {
        group,
        now,
        earlier: batch.earlier(&keys).await?,
        receipts: if receipts.is_empty() { HashSet::new() } else { batch.receipts_among(&receipts).await? },
        answers: HashMap::new(),
        said: Vec::new(),
        sent,
        trust,
        processed,
    };
    let mut finished = Vec::with_capacity(messages.len());
    for ((waiting, (message, said)), shown) in waiting.iter().zip(messages).zip(shown) {
        if !still.contains(&waiting.id) {
            continue;
        }
        let read = if poison {
            round.processed.quarantined += 1;
            error!(message = waiting.id, "a message that stopped the program twice is quarantined unread");
            let reason = format!("not read: the program stopped {} times while it was read", waiting.attempts);
            quarantined(waiting, &message, reason)
        } else {
            let (by, answered) = (key(&message, waiting), reading::thread(&message));
            let read = round.message(&mut batch, waiting, message, said).await?;
            // Afterwards: with what it shows, the message itself may still answer.
            if let Some(shown) = shown {
                expose(&mut batch, waiting.id, &by, waiting.received_at, &shown, &answered).await?;
            }
            read
        };
        round.processed.read += 1;
        round.remember(waiting, &read);
        finished.push(read);
    }
    batch.finish(&finished).await?;
    batch.commit().await?;
    Ok(())
}

/// Reads the messages on all cores, apart from the async threads; with each, the tokens that it shows
/// to a list.
async fn read_all(raws: Vec<Vec<u8>>, trust: Trust) -> anyhow::Result<Vec<(Message, Option<Secrets>)>> {
    let read = move |raw: Vec<u8>| {
        let message = message::read(&raw);
        let shown = trust.shown(&message, &raw);
        (message, shown)
    };
    on_all_cores(raws, read).await
}

/// Converts the .doc files that officers send to the bot, before the transaction: that takes seconds.
async fn convert_all(store: &Store, group: &Group, messages: &mut [(Message, Option<Secrets>)]) -> anyhow::Result<()> {
    let has_doc = |message: &Message| message.documents.iter().any(|document| agenda::is_old_word(&document.bytes));
    if !messages.iter().any(|(message, _)| has_doc(message)) {
        return Ok(());
    }
    let roster = store.roster(group.id).await?;
    let nobody = HashMap::new();
    let reply_address = group.config.reply_address.as_ref().filter(|_| group.config.secret.is_some());
    for (message, _) in messages.iter_mut().filter(|(message, _)| has_doc(message)) {
        let addressed = reading::addressed(message, &group.rules, reply_address, &nobody);
        let author = message.from.as_ref();
        let author = author.and_then(|from| author_of(&roster, &from.address, &from.name, message.by_name));
        if author.is_some_and(Member::is_officer) && matches!(addressed, Addressed::BotAlone | Addressed::Bot) {
            convert_attached(message, &group.rules.references).await;
        }
    }
    Ok(())
}

/// What a message says and where it was addressed; `None` where its reader panicked.
pub(super) type Parsing = Option<(Parsed, Addressed)>;

/// Reads the commands of the messages on all cores. `sent` tells which mails went to whom.
async fn parse_all(
    messages: Vec<Message>,
    waiting: &[Waiting],
    group: &Group,
    sent: &HashMap<String, EmailAddress>,
) -> anyhow::Result<Vec<(Message, Parsing)>> {
    let rules = group.rules.clone();
    let reply_address = group.config.reply_address.as_ref().filter(|_| group.config.secret.is_some());
    let asked = messages.into_iter().zip(waiting).map(|(message, waiting)| {
        let addressed = reading::addressed(&message, &rules, reply_address, sent);
        (message, addressed, waiting.received_at)
    });
    let asked: Vec<(Message, Addressed, Timestamp)> = asked.collect();
    let said = on_all_cores(asked, move |(message, addressed, received_at)| {
        let parsed = catch_unwind(AssertUnwindSafe(|| reading::parse(&message, &rules, addressed, received_at)));
        (message, parsed.ok().map(|parsed| (parsed, addressed)))
    });
    said.await
}

/// Runs `read` over the items, a share of them on each core, apart from the async threads.
async fn on_all_cores<T, R>(mut items: Vec<T>, read: impl Fn(T) -> R + Send + Sync + 'static) -> anyhow::Result<Vec<R>>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let count = items.len();
    let reading = tokio::task::spawn_blocking(move || {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        if items.len() < 8 {
            return items.into_iter().map(read).collect();
        }
        let share = items.len().div_ceil(workers);
        std::thread::scope(|scope| {
            let read = &read;
            let mut others = Vec::new();
            while items.len() > share {
                let last = items.split_off((items.len() - 1) / share * share);
                others.push(scope.spawn(move || last.into_iter().map(read).collect::<Vec<_>>()));
            }
            let mut done: Vec<R> = items.into_iter().map(read).collect();
            while let Some(share) = others.pop() {
                done.extend(share.join().unwrap_or_default());
            }
            done
        })
    });
    let Ok(read) = tokio::time::timeout(READING_LIMIT, reading).await else {
        error!("reading a message does not end; the program stops, and will go on without it");
        std::process::abort();
    };
    let read = read.context("reading messages")?;
    anyhow::ensure!(read.len() == count, "a reader of messages ended early");
    Ok(read)
}
