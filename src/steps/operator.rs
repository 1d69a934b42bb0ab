//! What the operator starts: a group's first start, imports, commands on the command line.

use anyhow::Context as _;
use jiff::Timestamp;

use crate::command::Addressed;
use crate::config::GroupConfig;
use crate::decide::{Answer, Entry, Evidence, Input, MailInput, Needs, Verdict};
use crate::domain::{EmailAddress, Rules};
use crate::message::{Mailbox, Message};
use crate::store::{GroupId, Store};

use super::answers::{decided, digest, receipt};
use super::occasions::Quiet;
use super::reading;
use super::trust::Trust;

/// A group that is served.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its number in the database.
    pub id: GroupId,
    /// Its configuration.
    pub config: GroupConfig,
    /// Its rules, as the journal has them.
    pub rules: Rules,
    /// When it was first started.
    pub started: Timestamp,
    /// How long nothing is due, where that is known.
    pub quiet: Quiet,
}

/// Opens a group: puts changed rules into the journal, and at the first start the roster.
///
/// # Errors
/// Where the roster file is wrong at the first start, or the database fails.
pub async fn open_group(store: &Store, config: &GroupConfig, now: Timestamp) -> anyhow::Result<Group> {
    let id = store.group(&config.key).await?;
    let rules = config.rules();
    let known = store.rules(id).await?;
    if known.is_none() {
        // Read before anything is written: a wrong file leaves no half-started group.
        let roster = config.load_roster()?;
        perform(store, id, Input::Rules(Box::new(rules.clone())), now).await?;
        let input = Input::Roster { organizations: roster.organizations, members: roster.members };
        perform(store, id, input, now).await?;
    } else if known.as_ref() != Some(&rules) {
        perform(store, id, Input::Rules(Box::new(rules.clone())), now).await?;
    }
    let started = store.started(id).await?.unwrap_or(now);
    Ok(Group { id, config: config.clone(), rules, started, quiet: Quiet::default() })
}

/// Puts an input of the operator's into the journal and decides it, in one transaction.
///
/// # Errors
/// Where the database fails: nothing was done.
pub async fn perform(store: &Store, group: GroupId, input: Input, now: Timestamp) -> anyhow::Result<Option<Answer>> {
    perform_with(store, group, None, input, now).await
}

/// As [`perform`]; mails that come of it can be replied to with a token.
///
/// # Errors
/// As [`perform`].
pub async fn perform_in(store: &Store, group: &Group, input: Input, now: Timestamp) -> anyhow::Result<Option<Answer>> {
    perform_with(store, group.id, Some(&Trust::of(&group.config)), input, now).await
}

async fn perform_with(
    store: &Store,
    group: GroupId,
    trust: Option<&Trust>,
    input: Input,
    now: Timestamp,
) -> anyhow::Result<Option<Answer>> {
    let entry = Entry { at: now, input };
    let mut batch = store.begin(group, now).await?;
    let known = batch.load(&Needs::of(&entry.input)).await?;
    let (mut outcome, mails) = decided(known, &entry, trust);
    // An agenda is large, and the database keeps none: it is handed on, not copied.
    let agenda = outcome.answer.as_mut().and_then(|answer| answer.agenda.take());
    let answer = outcome.answer.clone().map(|answer| Answer { agenda, ..answer });
    batch.commit_decision(None, &entry, outcome, &mails).await.context("writing the decision")?;
    batch.commit().await?;
    Ok(answer)
}

/// Commands on the operator's command line, as a mail of that member to the bot alone.
#[must_use]
pub fn operator_mail(member: &EmailAddress, text: &str, rules: &Rules, now: Timestamp) -> Input {
    let message = Message {
        from: Some(Mailbox { name: String::new(), address: member.clone() }),
        to: vec![rules.bot.clone()],
        author_text: text.to_owned(),
        ..Message::default()
    };
    let parsed = reading::parse(&message, rules, Addressed::BotAlone, now);
    let at = now.as_nanosecond().to_string();
    let made = digest(&["operator", member.as_str(), text, &at]);
    let mut unique = data_encoding::HEXLOWER.encode(&made);
    unique.truncate(32);
    Input::Mail(Box::new(MailInput {
        codes: super::codes::codes(&parsed),
        receipt: receipt(&["operator", &unique], 0),
        message_id: format!("operator-{unique}"),
        from: member.clone(),
        name: String::new(),
        by_name: false,
        verdict: Verdict::Operator,
        evidence: Evidence::default(),
        answer_unknown: false,
        held_at: None,
        hold_code: None,
        has_text: true,
        addressed: Addressed::BotAlone,
        subject: String::new(),
        in_reply_to: Vec::new(),
        references: Vec::new(),
        parsed,
        unreadable: None,
        posted: Vec::new(),
        already: Vec::new(),
        claimed_before: false,
        displaces: false,
    }))
}
