//! What the bot writes by itself: what is due is decided, recorded and put into the outbox in one
//! transaction, each occasion once.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tracing::info;

use crate::calendar::{self, Scene};
use crate::compose::{self, Catalogue, Letter};
use crate::decide::{self, ABOUT, Digest, Entry, Input, Needs, Outcome};
use crate::domain::{
    ActionItemRef, DueOccasion, EmailAddress, Occasion, OccasionKind, Recipient, Roster, Rules, Subject,
};
use crate::message::Message;
use crate::store::{OccasionRow, OutgoingMail, Store};

use super::Group;
use super::answers::{decided, message_id};
use super::trust::Trust;

/// What stands before the tag of a digest in the bot's address: `minuted+d-TAG@example.org`. The tag
/// says which mail is replied to, and proves nothing of who replies.
const TAG: &str = "d-";

/// What the Message-IDs of mails of the bot's own accord, and of all that goes to the list, begin with.
pub(super) const KIND: &str = "digest";

/// What reminding came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reminded {
    /// Occasions whose mail was put into the outbox.
    pub sent: usize,
    /// Occasions that were recorded as skipped.
    pub skipped: usize,
}

/// What became of the occasions of a group, and which are next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Those that were dealt with, oldest first.
    pub past: Vec<OccasionRow>,
    /// Those whose moment has come and that nobody has dealt with yet.
    pub due: Vec<DueOccasion>,
    /// The next of each recipient and kind.
    pub next: Vec<DueOccasion>,
    /// Who they are for.
    pub roster: Roster,
}

/// How long nothing is due to a group as it is: a daemon that wakes for something else need not look at the
/// whole group.
#[derive(Debug, Clone, Default)]
pub struct Quiet(Arc<Mutex<Option<Known>>>);

/// From one moment until another nothing is due, while the journal ends there.
#[derive(Debug, Clone, Copy)]
struct Known {
    journal: i64,
    from: Timestamp,
    until: Option<Timestamp>,
}

impl Quiet {
    /// The next moment at which something may be due, where nothing is due at `now`. The inner `None`: there
    /// is no such moment. The outer one: that is not known.
    #[allow(clippy::option_option)]
    fn until(&self, journal: i64, now: Timestamp) -> Option<Option<Timestamp>> {
        let known = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let holds = known.journal == journal && known.from <= now && known.until.is_none_or(|until| now < until);
        holds.then_some(known.until)
    }

    fn remember(&self, journal: i64, from: Timestamp, until: Option<Timestamp>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Known { journal, from, until });
    }
}

/// Puts the mails of every occasion that is due into the outbox, and records each. While mail is stopped there is
/// nobody to tell: when it is started again, what was due is late or of no use any more, as after an outage.
///
/// # Errors
/// Where the database fails: nothing was done, and all of it is due again.
pub async fn remind(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Reminded> {
    let mut reminded = Reminded::default();
    if store.mail_stop().await?.is_some() {
        return Ok(reminded);
    }
    let journal = store.journal_end().await?;
    if group.quiet.until(journal, now).is_some() {
        return Ok(reminded);
    }
    let reach = calendar::reach(now);
    // Looked at without holding the database first: nearly always there is nothing.
    let scene = store.scene(group.id, reach, None).await?;
    let Some(first) = first(&calendar::due(&group.rules, &scene, now)) else {
        group.quiet.remember(journal, now, calendar::next(&group.rules, &scene, now));
        return Ok(reminded);
    };
    let trust = Trust::of(&group.config);
    let mut batch = store.begin(group.id, now).await?;
    let due = calendar::due(&group.rules, &batch.scene(reach, Some(first)).await?, now);
    let told: BTreeSet<ActionItemRef> = due.iter().flat_map(|due| &due.items).cloned().collect();
    batch.expect_actions(&told).await?;
    for due in due {
        let entry = Entry { at: now, input: Input::Occasion(Box::new(due.clone())) };
        let known = batch.load(&Needs::of(&entry.input)).await?;
        let (outcome, mails) = decided(known, &entry, Some(&trust));
        let standing = outcome.occasion.as_ref().map_or(due.standing, |came| came.standing);
        let Occasion { recipient, kind, name, .. } = &due.occasion;
        let also = due.also.len();
        info!(%recipient, %kind, occasion = name, also, due = %due.at, %standing, "an occasion is dealt with");
        reminded.sent += mails.len();
        reminded.skipped += if standing.is_sent() { 0 } else { 1 + also };
        batch.commit_decision(None, &entry, outcome, &mails).await.context("writing what is due")?;
    }
    batch.commit().await?;
    Ok(reminded)
}

/// The first moment of what is due.
fn first(due: &[DueOccasion]) -> Option<Timestamp> {
    due.iter().flat_map(DueOccasion::dealt).map(|one| one.at).min()
}

/// The moment of the group's next occasion; none while mail is stopped.
///
/// # Errors
/// Where the database fails.
pub async fn next_occasion(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Option<Timestamp>> {
    if store.mail_stop().await?.is_some() {
        return Ok(None);
    }
    let journal = store.journal_end().await?;
    if let Some(until) = group.quiet.until(journal, now) {
        return Ok(until);
    }
    let scene = store.scene(group.id, calendar::reach(now), None).await?;
    Ok(calendar::next(&group.rules, &scene, now))
}

/// What became of the occasions of a group, and which are next.
///
/// # Errors
/// Where the database fails.
pub async fn schedule(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Schedule> {
    let scene = look(store, group, now).await?;
    Ok(Schedule {
        past: store.occasions(group.id).await?,
        due: calendar::due(&group.rules, &scene, now),
        next: calendar::upcoming(&group.rules, &scene, now),
        roster: scene.roster,
    })
}

/// The group as the calendar looks at it, with what changed since the first of what is due.
async fn look(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<Scene> {
    let reach = calendar::reach(now);
    let scene = store.scene(group.id, reach, None).await?;
    match first(&calendar::due(&group.rules, &scene, now)) {
        Some(first) => Ok(store.scene(group.id, reach, Some(first)).await?),
        None => Ok(scene),
    }
}

/// What a mail to the recipient would say now, and the letter around it; nothing where there is nothing to
/// say. Changes nothing.
///
/// # Errors
/// Where the database fails.
pub async fn preview(
    store: &Store,
    group: &Group,
    kind: OccasionKind,
    recipient: Recipient,
    now: Timestamp,
) -> anyhow::Result<Option<(Digest, Letter)>> {
    let scene = look(store, group, now).await?;
    let Some(due) = calendar::as_if_due(kind, recipient, &group.rules, &scene, now) else { return Ok(None) };
    let input = Input::Occasion(Box::new(due.clone()));
    let mut batch = store.begin(group.id, now).await?;
    let known = batch.load(&Needs::of(&input)).await?;
    batch.abandon().await.context("leaving the database as it was")?;
    let came = decide::decide(known, &Entry { at: now, input }).occasion;
    // Without a token: what is looked at proves nothing of who replies to it.
    let letter = letter(&group.rules, now, &due.occasion);
    let digest = came.and_then(|came| came.digest);
    let catalogue = Catalogue::of(&group.rules.language, &group.rules.references);
    Ok(digest.zip(catalogue).map(|(digest, catalogue)| (compose::fitted(digest, &letter, catalogue), letter)))
}

/// The mail of an occasion, where one goes.
pub(super) fn mail(
    rules: &Rules,
    at: Timestamp,
    due: &DueOccasion,
    outcome: &Outcome,
    trust: Option<&Trust>,
) -> Option<OutgoingMail> {
    let digest = outcome.occasion.as_ref()?.digest.as_ref()?;
    let catalogue = Catalogue::of(&rules.language, &rules.references)?;
    let mut letter = letter(rules, at, &due.occasion);
    let roster = &outcome.known.roster;
    // A reply to what went to one member alone proves that member; without tokens its tag names the mail.
    let token = trust.and_then(|trust| trust.reply_to(roster, &digest.to, &letter.message_id, at));
    letter.reply_to = token.or(letter.reply_to);
    // A row that is not shown has no number.
    let digest = &compose::fitted(digest.clone(), &letter, catalogue);
    let mut rows = digest.rows();
    if let ([meeting], true) = (digest.meetings().as_slice(), digest.invites) {
        rows.push((ABOUT, Subject::Meeting(meeting.reference.clone())));
    }
    Some(OutgoingMail {
        raw: compose::digest(digest, &letter, catalogue),
        recipient: digest.to.clone(),
        subject: compose::digest_subject(digest, &letter, catalogue),
        rows,
        parked: None,
        message_id: letter.message_id,
    })
}

/// The letter around an occasion's mail: its Message-ID is made of nothing but the occasion, so that
/// it is the same mail however often it is made.
fn letter(rules: &Rules, at: Timestamp, occasion: &Occasion) -> Letter {
    let Occasion { recipient, kind, name, date } = occasion;
    let message_id = message_id(rules, KIND, &recipient.to_string(), &[&kind.to_string(), name, &date.to_string()]);
    Letter {
        bot: rules.bot.clone(),
        group: rules.name.clone(),
        // A bot whose name leaves no room for the tag gets its replies at its own address.
        reply_to: reply_address(rules, &message_id),
        message_id,
        date: at,
        zone: TimeZone::get(&rules.time_zone).unwrap_or(TimeZone::UTC),
    }
}

/// Where replies to a mail to the list go: the bot's address with the tag that its Message-ID has.
pub(super) fn reply_address(rules: &Rules, message_id: &str) -> Option<EmailAddress> {
    let tag = message_id.strip_prefix(KIND)?.strip_prefix('.')?.split('@').next()?;
    format!("{}+{TAG}{tag}@{}", rules.bot.local_part(), rules.bot.domain()).parse().ok()
}

/// The Message-IDs of the digests whose tags stand in the addresses that the message went to.
pub(super) fn tagged(message: &Message) -> impl Iterator<Item = String> {
    message.recipients().filter_map(|address: &EmailAddress| {
        let (_, detail) = address.local_part().rsplit_once('+')?;
        Some(named(detail.strip_prefix(TAG)?, address.domain()))
    })
}

fn named(tag: &str, domain: &str) -> String {
    format!("{KIND}.{tag}@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::tests::world;

    #[test]
    fn the_address_that_replies_go_to_names_the_digest() {
        let due = calendar::weekly_now(&world::rules(), "2014-05-05T06:00:00Z".parse().unwrap());
        let letter = letter(&world::rules(), due.at, &due.occasion);
        let reply_to = letter.reply_to.unwrap();
        assert!(reply_to.as_str().starts_with("minuted+d-"));
        let reply = Message { to: vec![reply_to], ..Message::default() };
        assert_eq!(tagged(&reply).collect::<Vec<_>>(), [letter.message_id]);
        let other = Message { to: vec!["minuted+x@example.org".parse().unwrap()], ..Message::default() };
        assert_eq!(tagged(&other).count(), 0);
    }

    #[test]
    fn a_quiet_time_holds_until_the_next_moment_and_while_the_journal_ends_there() {
        let (quiet, at) = (Quiet::default(), |second: i64| Timestamp::from_second(second).unwrap());
        assert_eq!(quiet.until(7, at(100)), None);
        quiet.remember(7, at(100), Some(at(200)));
        assert_eq!(quiet.until(7, at(100)), Some(Some(at(200))));
        assert_eq!(quiet.clone().until(7, at(199)), Some(Some(at(200))));
        for (journal, second) in [(7, 200), (7, 99), (8, 150)] {
            assert_eq!(quiet.until(journal, at(second)), None, "{journal} {second}");
        }
        quiet.remember(8, at(150), None);
        assert_eq!(quiet.until(8, at(1_000_000)), Some(None), "nothing is ever due");
    }
}
