//! What the shell adds to the question who the sender is: the group's secrets, what tokens name,
//! and which of them everybody has seen.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use crate::config::GroupConfig;
use crate::decide::{Alignment, Entry, Input, Needs, Proof, TokenStanding, Verdict};
use crate::domain::token::Secrets;
use crate::domain::{EmailAddress, ReplyAddress, ReplyToken, Request, RequestKind, Roster, Rules, Senders, TokenKey};
use crate::message::Message;
use crate::store::{Batch, StoreError};
use crate::trust::{self, Around, Judged, Named};

use super::answers::replay;

/// Tokens of one message beyond this number are not looked at.
const MOST_TOKENS: usize = 10;

/// What a group can prove senders by.
#[derive(Debug, Clone)]
pub(super) struct Trust {
    key: Option<TokenKey>,
    reply_address: Option<ReplyAddress>,
    authserv_id: Option<String>,
    bot: EmailAddress,
    list: Option<EmailAddress>,
    senders: Senders,
}

impl Trust {
    pub(super) fn of(config: &GroupConfig) -> Self {
        let (key, reply_address) = config.tokens().map(|(key, form)| (key, form.clone())).unzip();
        Self {
            key,
            reply_address,
            authserv_id: config.authserv_id.clone(),
            bot: config.bot.clone(),
            list: config.list.clone(),
            senders: config.senders,
        }
    }

    /// The form of the bot's addresses with tokens, where they are made.
    pub(super) const fn reply_address(&self) -> Option<&ReplyAddress> {
        self.reply_address.as_ref()
    }

    /// Where replies to a mail go: the bot's address with a token for whoever it is mailed to.
    pub(super) fn reply_to(
        &self,
        roster: &Roster,
        to: &EmailAddress,
        message_id: &str,
        at: Timestamp,
    ) -> Option<EmailAddress> {
        if self.list.as_ref() == Some(to) {
            // What goes to the list is read by everybody.
            return None;
        }
        let today = at.to_zoned(TimeZone::UTC).date();
        let token = self.key.as_ref()?.make(&trust::holder(roster, to), message_id, today)?;
        self.reply_address.as_ref()?.with(&token)
    }

    /// Whether a message went to anybody but its author and the bot: they have read it too.
    fn went_to_others(&self, message: &Message) -> bool {
        let from = message.from.as_ref().map(|from| &from.address);
        let is_bot = |address: &EmailAddress| {
            address.without_detail() == self.bot.without_detail()
                || self.reply_address.as_ref().is_some_and(|form| form.token_in(address).is_some())
        };
        message.recipients().any(|address| Some(address) != from && !is_bot(address))
    }

    /// What a message shows to others, wherever in it that stands, of what could prove somebody.
    pub(super) fn shown(&self, message: &Message, raw: &[u8]) -> Option<Secrets> {
        let matters = self.key.is_some() || self.senders == Senders::Proven;
        let shows = trust::came_by_list(message, self.list.as_ref()) || self.went_to_others(message);
        (matters && shows).then(|| crate::message::secrets(raw))
    }

    /// Judges a message that was received then.
    pub(super) async fn judge(
        &self,
        batch: &mut Batch,
        message: &Message,
        at: Timestamp,
    ) -> Result<Judged, StoreError> {
        let written = message.recipients().filter_map(|address| self.reply_address.as_ref()?.token_in(address));
        let mut tokens: Vec<ReplyToken> = Vec::new();
        for token in written.take(MOST_TOKENS) {
            if !tokens.contains(&token) {
                tokens.push(token);
            }
        }
        let tags: Vec<&str> = tokens.iter().map(ReplyToken::tag).collect();
        let mut tagged = batch.tagged(&tags).await?;
        let named = tokens.iter().filter_map(|token| {
            let mail = tagged.remove(token.tag())?;
            let (mail, recipient, revoked) = (mail.message_id, mail.recipient, mail.exposed);
            Some(Named { token: token.clone(), mail, recipient, revoked })
        });
        let named: Vec<Named> = named.collect();
        let nobody = Roster::default();
        let roster = if named.is_empty() { &nobody } else { batch.roster().await? };
        let around = Around {
            key: self.key.as_ref(),
            authserv_id: self.authserv_id.as_deref(),
            bot: Some(&self.bot),
            list: self.list.as_ref(),
            roster,
            today: at.to_zoned(TimeZone::UTC).date(),
        };
        Ok(trust::judge(message, &named, &around))
    }
}

/// Puts into the journal what a message has shown to a list. A question whose answer is shown is
/// dropped, unless this very message has answered it.
pub(super) async fn expose(
    batch: &mut Batch,
    message: i64,
    message_id: &str,
    at: Timestamp,
    shown: &Secrets,
    replies_to: &[String],
) -> Result<(), StoreError> {
    let tags: Vec<&str> = shown.tokens.iter().map(ReplyToken::tag).collect();
    let known = batch.tagged(&tags).await?;
    let mut tags: Vec<String> = known.into_iter().filter(|(_, mail)| !mail.exposed).map(|(tag, _)| tag).collect();
    let is_question = !shown.codes.is_empty() || !replies_to.is_empty();
    let requests = if is_question { batch.questions(&shown.codes, replies_to).await? } else { Vec::new() };
    if tags.is_empty() && requests.is_empty() {
        return Ok(());
    }
    tags.sort_unstable();
    warn!(
        message,
        tokens = tags.len(),
        questions = requests.len(),
        "what proves a sender was seen by others: it proves nothing any more"
    );
    let entry = Entry { at, input: Input::Exposed { message_id: message_id.to_owned(), tags, requests } };
    let known = batch.load(&Needs::of(&entry.input)).await?;
    let (outcome, mails) = replay(known, &entry);
    batch.commit_decision(Some(message), &entry, outcome, &mails).await?;
    Ok(())
}

/// Whether a sender whom nobody knows may be answered: the receiving server vouches for the address,
/// and nothing went there for a day.
pub(super) async fn may_answer_unknown(
    batch: &mut Batch,
    from: &EmailAddress,
    judged: &Judged,
    rules: &Rules,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if rules.list.as_ref() == Some(from) || rules.bot.without_detail() == from.without_detail() {
        return Ok(false);
    }
    let is_vouched_for =
        judged.evidence.authentication.as_ref().is_some_and(|found| found.alignment == Alignment::Pass);
    if !is_vouched_for || judged.verdict == Verdict::Claimed || batch.roster().await?.member_by_address(from).is_some()
    {
        return Ok(false);
    }
    Ok(batch.answers_since(from, now - SignedDuration::from_hours(24)).await? == 0)
}

/// The verdict in a few words, for the log and for `explain`.
#[must_use]
pub fn told(judged_as: &Verdict, evidence: &crate::decide::Evidence) -> String {
    match judged_as {
        Verdict::Operator => "the operator".to_owned(),
        Verdict::Proven(Proof::Token { .. }) => "proven by a token".to_owned(),
        Verdict::Proven(Proof::Authentication { result }) => format!("proven by {result}"),
        Verdict::Proven(Proof::Confirmed { request }) => format!("confirmed by the member (request {request})"),
        Verdict::Claimed => {
            let token = evidence.tokens.first().map(|seen| match seen.standing {
                TokenStanding::Valid => "with a token that does not count here",
                TokenStanding::Expired => "with a token that has expired",
                TokenStanding::Revoked => "with a token that was seen on a list",
                TokenStanding::OfAnother => "with a token of somebody else",
            });
            let repeats = evidence.repeats.then_some("and says again what an earlier mail of the same Date has said");
            let refuted = evidence.is_refuted().then_some("against a DMARC fail");
            let why: Vec<&str> = token.into_iter().chain(refuted).chain(repeats).collect();
            if why.is_empty() { "claimed".to_owned() } else { format!("claimed, {}", why.join(", ")) }
        }
    }
}

/// Tells the operator that a member says somebody else has used their name.
pub(super) fn alert_of_denied(message: i64, outcome: &crate::decide::Outcome) {
    let denied = crate::domain::RequestState::Denied.to_string();
    for change in outcome.changes.iter().filter(|change| change.to.as_deref() == Some(&denied)) {
        warn!(
            message,
            request = %change.subject,
            "a member says that a mail in their name is not theirs; `minuted health` counts it"
        );
    }
    let unasked = |change: &&crate::domain::Change| {
        let to = change.to.as_deref().unwrap_or_default();
        change.field == "asks"
            && serde_json::from_str::<Request>(to)
                .is_ok_and(|request| matches!(request.kind, RequestKind::Held { asked: false, .. }))
    };
    for change in outcome.changes.iter().filter(unasked) {
        warn!(
            message,
            request = %change.subject,
            "too many changes were asked for in a member's name within a day: this one is held, and no mail is sent about it"
        );
    }
    for request in &outcome.released {
        info!(message, request, "what was held is released");
    }
}
