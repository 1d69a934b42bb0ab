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
const BATCH_MESSAGES: u32 = 1024;

/// At most so many octets a transaction, so that memory stays bounded; one larger message goes alone.
const BATCH_BYTES: u64 = 4 << 20;

/// So many batches a turn.
const BATCHES_A_TURN: usize = 8;

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
        let turn = process_turn(store, group, now).await?;
        processed += turn;
        if turn.read == 0 {
            return Ok(processed);
        }
    }
}

/// As [`process`], a few batches of what waits, and then the turn is another's.
///
/// # Errors
/// As [`process`].
pub async fn process_turn(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Processed> {
    let _turn = Turn::take(store.path()).await?;
    let mut processed = Processed::default();
    let Some(mut taken) = Taken::next(store, group, 0).await? else { return Ok(processed) };
    if taken.waiting.first().is_some_and(|message| message.attempts >= ATTEMPTS) {
        let batch = store.begin(group.id, now).await?;
        decide_all(batch, group, now, &taken.waiting, None, &mut processed).await?;
        return Ok(processed);
    }
    store.count_attempts(&taken.ids()).await?;
    let mut messages = taken.read(store, group).await;
    for more in (0..BATCHES_A_TURN).rev() {
        // The next batch is read while this one is decided, which is waiting for the database by half.
        let next = match &messages {
            Ok(_) if more > 0 && taken.is_new() => taken.following(store, group).await,
            _ => Ok(None),
        };
        let deciding = async {
            let messages = messages?;
            decide_batch(store, group, now, &taken, messages, &mut processed).await
        };
        let reading = async {
            match &next {
                Ok(Some(next)) => Some(next.read(store, group).await),
                _ => None,
            }
        };
        let (decided, read) = tokio::join!(deciding, reading);
        if let Err(error) = decided {
            // The process lives: it is not these messages that the database fails for.
            taken.give_back(store).await;
            if let Ok(Some(next)) = next {
                next.give_back(store).await;
            }
            return Err(error);
        }
        let (Some(next), Some(read)) = (next?, read) else { break };
        (taken, messages) = (next, read);
    }
    Ok(processed)
}

/// Messages that wait and are to be read together.
struct Taken {
    waiting: Vec<Waiting>,
}

impl Taken {
    /// The next of those that wait, with numbers above `after`; `None` where there are none.
    async fn next(store: &Store, group: &Group, after: i64) -> anyhow::Result<Option<Self>> {
        let mut waiting = store.waiting(group.id, after, BATCH_MESSAGES, BATCH_BYTES).await?;
        // The process died while one of these was read: they go one by one, so that the count tells which.
        if let Some(at) = waiting.iter().position(|message| message.attempts > 0) {
            waiting.truncate(at.max(1));
        }
        Ok(if waiting.is_empty() { None } else { Some(Self { waiting }) })
    }

    /// The batch after this one, its attempts counted; `None` where it is not to be read before this one is decided.
    async fn following(&self, store: &Store, group: &Group) -> anyhow::Result<Option<Self>> {
        let last = self.waiting.last().map_or(0, |message| message.id);
        let Some(next) = Self::next(store, group, last).await?.filter(Self::is_new) else { return Ok(None) };
        store.count_attempts(&next.ids()).await?;
        Ok(Some(next))
    }

    /// None of them was about to be read before.
    fn is_new(&self) -> bool {
        self.waiting.iter().all(|message| message.attempts == 0)
    }

    fn ids(&self) -> Vec<i64> {
        self.waiting.iter().map(|message| message.id).collect()
    }

    /// Reads them, once their attempts are counted.
    async fn read(&self, store: &Store, group: &Group) -> anyhow::Result<Vec<(Message, Option<Secrets>)>> {
        let mut messages = read_all(store.raws(&self.ids()).await?, Trust::of(&group.config)).await?;
        convert_all(store, group, &mut messages).await?;
        Ok(messages)
    }

    /// Takes back the counts of attempts that something else than these messages has ended.
    async fn give_back(&self, store: &Store) {
        if let Err(error) = store.take_back_attempts(&self.ids()).await {
            warn!(%error, "attempts to read messages could not be taken back");
        }
    }
}

/// Decides the messages of a batch, and writes what comes of it.
async fn decide_batch(
    store: &Store,
    group: &Group,
    now: Timestamp,
    taken: &Taken,
    messages: Vec<(Message, Option<Secrets>)>,
    processed: &mut Processed,
) -> anyhow::Result<()> {
    let before = *processed;
    let batch = store.begin(group.id, now).await?;
    let Err(error) = decide_all(batch, group, now, &taken.waiting, Some(messages), processed).await else {
        return Ok(());
    };
    if is_of_the_database(&error) {
        return Err(error);
    }
    // What one of them does cannot be written: which one is told when each is written by itself.
    warn!(error = format!("{error:#}"), "a batch could not be written; its messages are gone through one by one");
    *processed = before;
    let messages = taken.read(store, group).await?;
    let batch = store.begin_carefully(group.id, now).await?;
    decide_all(batch, group, now, &taken.waiting, Some(messages), processed).await
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
    let read_by_others = batch.read_by_others(&ids).await?;
    let keys: Vec<String> = messages.iter().zip(waiting).map(|(message, raw)| key(message, raw)).collect();
    let replied: Vec<String> = messages.iter().flat_map(reading::replies_to).collect();
    let sent = if replied.is_empty() { HashMap::new() } else { batch.sent(&replied).await? };
    let messages = parse_all(messages, waiting, group, &sent).await?;
    let parsed = messages.iter().filter_map(|(_, said)| said.as_ref()).map(|(parsed, _)| parsed);
    batch.expect_actions(&parsed.flat_map(Needs::actions_of).collect()).await?;
    let receipts: Vec<String> = waiting
        .iter()
        .zip(&messages)
        .filter(|(_, (message, said))| {
            let may_announce = message.from.as_ref().is_some_and(|from| group.rules.announcers.contains(&from.address));
            may_announce || said.as_ref().is_some_and(|(parsed, _)| !parsed.lines.is_empty())
        })
        .flat_map(|(waiting, (message, _))| receipts(message, waiting))
        .collect();
    let mut round = Round {
        group,
        now,
        earlier: batch.earlier(&keys).await?,
        receipts: if receipts.is_empty() { HashSet::new() } else { batch.receipts_among(&receipts).await? },
        answers: HashMap::new(),
        said: Vec::new(),
        wrote: Vec::new(),
        sent,
        trust,
        processed,
    };
    let mut finished = Vec::with_capacity(messages.len());
    for ((waiting, (message, said)), shown) in waiting.iter().zip(messages).zip(shown) {
        if read_by_others.contains(&waiting.id) {
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
