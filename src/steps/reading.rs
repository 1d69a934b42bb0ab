//! One raw message, read: what it says, where it was addressed, what it is a reply to.

use std::collections::HashMap;

use crate::command::{self, Addressed, Around, Parsed};
use crate::domain::{EmailAddress, Reference, Rules};
use crate::message::Message;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::occasions::tagged;

/// The Message-IDs that a message replies to: In-Reply-To, or the end of References where a client
/// writes only that; and the digest whose tag stands in the address that they went to.
pub(super) fn replies_to(message: &Message) -> Vec<String> {
    let mut replied = if message.in_reply_to.is_empty() {
        message.references.last().cloned().into_iter().collect()
    } else {
        message.in_reply_to.clone()
    };
    // Nobody replies to more than a few; a mail that names thousands is hostile.
    for digest in tagged(message).take(4) {
        if !replied.contains(&digest) {
            replied.push(digest);
        }
    }
    replied
}

/// Where a message was addressed. `sent` has the bot's mails among those that it replies to, and to
/// whom they went: a reply to a mail that went to its sender addresses the bot, and one to a digest
/// that went to the list may name its rows.
pub(super) fn addressed(message: &Message, rules: &Rules, sent: &HashMap<String, EmailAddress>) -> Addressed {
    let bot = rules.bot.without_detail();
    let is_bot = |address: &EmailAddress| address.without_detail() == bot;
    let to_bot = message.recipients().any(is_bot);
    let sender = message.from.as_ref().map(|from| &from.address);
    let answers_bot = replies_to(message).iter().any(|id| sent.get(id).is_some_and(|to| Some(to) == sender));
    let answers_digest =
        replies_to(message).iter().any(|id| sent.get(id).is_some() && sent.get(id) == rules.list.as_ref());
    let alone = message.recipients().all(|address| is_bot(address) || Some(address) == sender);
    match (to_bot || answers_bot, alone) {
        (true, true) => Addressed::BotAlone,
        (true, false) => Addressed::Bot,
        (false, _) if answers_digest => Addressed::ListReply,
        (false, _) => Addressed::List,
    }
}

/// The commands and mentions of a message.
pub(super) fn parse(message: &Message, rules: &Rules, addressed: Addressed, received_at: Timestamp) -> Parsed {
    let zone = TimeZone::get(&rules.time_zone).unwrap_or(TimeZone::UTC);
    let around = Around {
        scheme: &rules.references,
        addressed,
        subject: &message.subject,
        today: received_at.to_zoned(zone).date(),
    };
    command::parse(&message.author_text, &around)
}

/// Mentions as they are kept: kind and reference.
pub(super) fn mentions(parsed: &Parsed) -> Vec<(String, String)> {
    parsed.mentions.iter().map(|reference| (kind(reference).to_owned(), reference.to_string())).collect()
}

const fn kind(reference: &Reference) -> &'static str {
    match reference {
        Reference::Action(_) => "action",
        Reference::Document(_) | Reference::Short { .. } | Reference::Revision(_) => "document",
        Reference::Meeting(_) => "meeting",
        Reference::Plenary(_) => "plenary",
        Reference::Deliverable(_) => "deliverable",
        Reference::Foreign(_) => "foreign",
    }
}
