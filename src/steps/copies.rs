//! Copies of one mail: the direct one and the list's, and what a mailbox gives again.

use data_encoding::HEXLOWER;

use crate::decide;
use crate::domain::{Roster, without_controls};
use crate::message::{self, Message};
use crate::store::{Batch, Earlier, MessageState, Waiting};

/// So many earlier messages with one Message-ID and Date are compared with another.
const MOST_COMPARED: usize = 8;

/// How a message is recognised: by its Message-ID, or by its bytes where it has none.
pub(super) fn key(message: &Message, waiting: &Waiting) -> String {
    message.message_id.clone().unwrap_or_else(|| format!("none-{}", HEXLOWER.encode(&waiting.hash)))
}

/// What an earlier message with the same Message-ID makes of this one.
pub(super) enum Standing {
    /// It is the first.
    New,
    /// It is another copy.
    Copy(Copy),
    /// It is the very one that is held for the operator, or was given up.
    Held(i64),
    /// One of its Message-ID and Date was read long ago, and its text is not kept.
    Erased(i64),
    /// It says it is the same and is not.
    Contradicts(i64),
}

/// What the copies of a message before it have settled.
pub(super) struct Copy {
    /// Lines that were answered.
    pub(super) lines: Vec<String>,
    /// All of them were only claimed.
    pub(super) claimed: bool,
}

/// Whether the message was seen before. Two mails with one Message-ID and different dates are
/// two; with the same date, the texts decide, both read by the reader of today. What is held or
/// was given up tells nothing of others, and is not run by being found again.
pub(super) async fn standing(
    batch: &mut Batch,
    earlier: &[Earlier],
    waiting: &Waiting,
    message: &Message,
) -> anyhow::Result<Standing> {
    let was_read = |other: &Earlier| matches!(other.state, MessageState::Done | MessageState::Copy);
    let same_bytes = |other: &&Earlier| other.hash == waiting.hash;
    if !earlier.iter().filter(same_bytes).any(was_read)
        && let Some(held) = earlier.iter().find(same_bytes)
    {
        return Ok(Standing::Held(held.id));
    }
    let (mut copy, mut contradicts) = (None, None);
    // The newest copy has the lines of all before it; and whoever sends a hundred mails under one
    // Message-ID and Date has not all of them read again for each.
    let of_date = || earlier.iter().rev().filter(|other| was_read(other) && other.sent_at == message.date);
    // Bytes were erased that were read once: what they said is not done again, whichever copies came since.
    if let Some(other) = of_date().find(|other| other.erased) {
        return Ok(Standing::Erased(other.id));
    }
    for other in of_date().take(MOST_COMPARED) {
        if !same_bytes(&other) {
            let Some(raw) = batch.raw(other.id).await? else { return Ok(Standing::Erased(other.id)) };
            let known = message::read(&raw);
            if words(&without_controls(&known.author_text)) != words(&without_controls(&message.author_text))
                || !is_by_the_same(batch.roster().await?, &known, message)
            {
                contradicts = Some(other.id);
                continue;
            }
        }
        copy = Some(Copy { lines: other.lines.clone(), claimed: other.claimed });
        break;
    }
    Ok(match (copy, contradicts) {
        (Some(copy), _) => Standing::Copy(copy),
        // Let through by the operator, it is a mail of its own.
        (None, Some(other)) if !waiting.retried => Standing::Contradicts(other),
        _ => Standing::New,
    })
}

/// Whether two copies have the same author: both name the same member, by whichever address, or by the
/// name that a list has left in From; where they name none, by address.
fn is_by_the_same(roster: &Roster, one: &Message, other: &Message) -> bool {
    let address = |message: &Message| message.from.as_ref().map(|from| from.address.clone());
    let member = |message: &Message| {
        let from = message.from.as_ref()?;
        decide::author(roster, &from.address, &from.name, message.by_name).map(|member| member.id)
    };
    match (member(one), member(other)) {
        (None, None) => address(one) == address(other) && !one.by_name && !other.by_name,
        (one, other) => one == other,
    }
}

/// A text as two copies of it are compared: white space does not count.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}
