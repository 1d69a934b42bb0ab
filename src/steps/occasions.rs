//! What the bot writes by itself: what is due is decided, recorded and put into the outbox in one
//! transaction, each occasion once.

use anyhow::Context as _;
use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tracing::info;

use crate::calendar;
use crate::compose::{self, Catalogue, Letter};
use crate::decide::{self, Digest, Entry, Input, Needs, Outcome};
use crate::domain::{DueOccasion, EmailAddress, Occasion, OccasionKind, Rules};
use crate::message::Message;
use crate::store::{OccasionRow, OutgoingMail, Store};

use super::Group;
use super::answers::{digest, replay};

/// What stands before the tag of a digest in the bot's address: `minuted+d-TAG@example.org`. The tag
/// says which mail is replied to, and proves nothing of who replies.
const TAG: &str = "d-";

/// What reminding came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reminded {
    /// Occasions whose mail was put into the outbox.
    pub sent: usize,
    /// Occasions that were recorded as skipped.
    pub skipped: usize,
}

/// What became of the occasions of a group, and which is next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Those that were dealt with, oldest first.
    pub past: Vec<OccasionRow>,
    /// Those whose moment has come and that nobody has dealt with yet.
    pub due: Vec<DueOccasion>,
    /// The next one.
    pub next: Option<DueOccasion>,
}

/// Puts the mails of every occasion that is due into the outbox, and records each.
///
/// # Errors
/// Where the database fails: nothing was done, and all of it is due again.
pub async fn remind(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Reminded> {
    let mut reminded = Reminded::default();
    let start = start(store, group).await?;
    let from = calendar::reaches_back_to(now);
    // Looked at without holding the database first: nearly always there is nothing.
    if calendar::due(&group.rules, &store.recorded(group.id, from).await?, start, now).is_empty() {
        return Ok(reminded);
    }
    let mut batch = store.begin(group.id, now).await?;
    for due in calendar::due(&group.rules, &batch.recorded(from).await?, start, now) {
        let entry = Entry { at: now, input: Input::Occasion(Box::new(due.clone())) };
        let known = batch.load(&Needs::of(&entry.input)).await?;
        let (outcome, mails) = replay(known, &entry);
        let standing = outcome.occasion.as_ref().map_or(due.standing, |came| came.standing);
        info!(kind = %due.occasion.kind, occasion = due.occasion.name, due = %due.at, %standing, "an occasion is dealt with");
        reminded.sent += mails.len();
        reminded.skipped += usize::from(!standing.is_sent());
        batch.commit_decision(None, &entry, outcome, &mails).await.context("writing what is due")?;
    }
    batch.commit().await?;
    Ok(reminded)
}

/// The moment of the group's next occasion.
///
/// # Errors
/// Where the database fails.
pub async fn next_occasion(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    let recorded = store.recorded(group.id, calendar::reaches_back_to(now)).await?;
    let next = calendar::next(&group.rules, &recorded, start(store, group).await?, now);
    Ok(next.map(|next| next.at))
}

/// What became of the occasions of a group, and which is next.
///
/// # Errors
/// Where the database fails.
pub async fn schedule(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Schedule> {
    let recorded = store.recorded(group.id, calendar::reaches_back_to(now)).await?;
    let start = start(store, group).await?;
    Ok(Schedule {
        past: store.occasions(group.id).await?,
        due: calendar::due(&group.rules, &recorded, start, now),
        next: calendar::next(&group.rules, &recorded, start, now),
    })
}

/// What the digest would say now, and the letter around it; nothing where there is nothing to say.
/// Changes nothing.
///
/// # Errors
/// Where the database fails.
pub async fn preview(
    store: &Store,
    group: &Group,
    kind: OccasionKind,
    now: Timestamp,
) -> anyhow::Result<Option<(Digest, Letter)>> {
    let due = calendar::as_if_due(kind, &group.rules, now);
    let input = Input::Occasion(Box::new(due.clone()));
    let mut batch = store.begin(group.id, now).await?;
    let known = batch.load(&Needs::of(&input)).await?;
    batch.abandon().await.context("leaving the database as it was")?;
    let came = decide::decide(known, &Entry { at: now, input }).occasion;
    Ok(came.and_then(|came| came.digest).map(|digest| (digest, letter(&group.rules, now, &due.occasion))))
}

/// The mail of an occasion, where one goes.
pub(super) fn mail(rules: &Rules, at: Timestamp, due: &DueOccasion, outcome: &Outcome) -> Option<OutgoingMail> {
    let digest = outcome.occasion.as_ref()?.digest.as_ref()?;
    let catalogue = Catalogue::get(&rules.language)?;
    let letter = letter(rules, at, &due.occasion);
    Some(OutgoingMail {
        raw: compose::digest(digest, &letter, catalogue),
        recipient: digest.to.clone(),
        subject: compose::digest_subject(digest, &letter, catalogue),
        rows: digest.rows(),
        parked: None,
        message_id: letter.message_id,
    })
}

/// The letter around an occasion's mail: its Message-ID is made of nothing but the occasion, so that
/// it is the same mail however often it is made.
fn letter(rules: &Rules, at: Timestamp, occasion: &Occasion) -> Letter {
    let Occasion { recipient, kind, name, date } = occasion;
    let parts = [rules.key.clone(), recipient.to_string(), kind.to_string(), name.clone(), date.to_string()];
    let hash = digest(&parts.each_ref().map(String::as_str));
    let mut tag = BASE32_NOPAD.encode(&hash).to_lowercase();
    tag.truncate(26);
    let reply_to = format!("{}+{TAG}{tag}@{}", rules.bot.local_part(), rules.bot.domain());
    Letter {
        bot: rules.bot.clone(),
        group: rules.name.clone(),
        message_id: named(&tag, rules.bot.domain()),
        date: at,
        zone: TimeZone::get(&rules.time_zone).unwrap_or(TimeZone::UTC),
        // A bot whose name leaves no room for the tag gets its replies at its own address.
        reply_to: reply_to.parse().ok(),
    }
}

/// The Message-IDs of the digests whose tags stand in the addresses that the message went to.
pub(super) fn tagged(message: &Message) -> impl Iterator<Item = String> {
    message.recipients().filter_map(|address: &EmailAddress| {
        let (_, detail) = address.local_part().rsplit_once('+')?;
        Some(named(detail.strip_prefix(TAG)?, address.domain()))
    })
}

fn named(tag: &str, domain: &str) -> String {
    format!("digest.{tag}@{domain}")
}

/// When the group's occasions begin: what was due before is skipped.
async fn start(store: &Store, group: &Group) -> anyhow::Result<Timestamp> {
    let since = store.digests_since(group.id).await?;
    Ok(since.map_or(group.started, |since| since.max(group.started)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::world;

    #[test]
    fn the_address_that_replies_go_to_names_the_digest() {
        let due = calendar::as_if_due(OccasionKind::Weekly, &world::rules(), "2014-05-05T06:00:00Z".parse().unwrap());
        let letter = letter(&world::rules(), due.at, &due.occasion);
        let reply_to = letter.reply_to.unwrap();
        assert!(reply_to.as_str().starts_with("minuted+d-"));
        let reply = Message { to: vec![reply_to], ..Message::default() };
        assert_eq!(tagged(&reply).collect::<Vec<_>>(), [letter.message_id]);
        let other = Message { to: vec!["minuted+x@example.org".parse().unwrap()], ..Message::default() };
        assert_eq!(tagged(&other).count(), 0);
    }
}
