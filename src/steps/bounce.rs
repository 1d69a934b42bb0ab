//! The envelope's sender of each mail, by which its bounce is known again, and what is noted of one.

use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use tracing::{info, warn};

use super::answers::digest;
use crate::config::{DeliveryConfig, GroupConfig};
use crate::domain::EmailAddress;
use crate::message::{self, Message};
use crate::store::{Batch, Waiting};

/// How many characters of the mark say that it is one of minuted's: 30 bits, which nobody guesses who
/// has not seen the mail.
const SEAL: usize = 6;

/// The envelope's sender of a mail of the outbox: `minuted+bounce-12-h3xk7q@example.org`. An address
/// without a `+detail` is used as it is, and its bounces are told by nothing.
pub(super) fn sender(base: &EmailAddress, mail: i64, message_id: &str) -> EmailAddress {
    if !base.local_part().contains('+') {
        return base.clone();
    }
    let marked = format!("{}-{mail}-{}@{}", base.local_part(), seal(mail, message_id), base.domain());
    // Too long a local part (RFC 5321, section 4.5.3.1.1) goes without a mark.
    marked.parse().unwrap_or_else(|_| base.clone())
}

/// The number and the seal of a mail in the address that its bounce was sent to.
fn marked<'a>(base: &EmailAddress, address: &'a EmailAddress) -> Option<(i64, &'a str)> {
    let mark = address.local_part().strip_prefix(base.local_part())?.strip_prefix('-')?;
    let (mail, seal) = mark.split_once('-')?;
    (base.local_part().contains('+') && address.domain() == base.domain()).then_some((mail.parse().ok()?, seal))
}

/// Notes that a mail came back, where this machine's mail is the report of it. It is known by the address
/// that the report went to, or by the Message-ID in what was returned.
///
/// # Errors
/// Where the database fails.
pub(super) async fn note(
    batch: &mut Batch,
    config: &GroupConfig,
    waiting: &Waiting,
    message: &Message,
    now: Timestamp,
) -> anyhow::Result<()> {
    if message.automatic != Some(message::Automatic::Report) {
        return Ok(());
    }
    let Some(raw) = batch.raw(waiting.id).await? else { return Ok(()) };
    let Some(bounce) = message::bounce(&raw) else { return Ok(()) };
    let mut known = bounce.message_id;
    let base = match &config.delivery {
        DeliveryConfig::Smtp { envelope_from, .. } => Some(envelope_from),
        // What sends from there has an envelope's sender of its own.
        DeliveryConfig::Maildir { .. } => None,
    };
    let marks = base.into_iter().flat_map(|base| message.recipients().filter_map(|to| marked(base, to)));
    for (mail, sealed) in marks {
        if let Some(message_id) = batch.outgoing_message_id(mail).await?
            && seal(mail, &message_id) == sealed
        {
            known = Some(message_id);
        }
    }
    let Some(message_id) = known else { return Ok(()) };
    match batch.bounced(&message_id, &bounce.reason, now).await? {
        Some(to) => warn!(message_id, to = to.masked(), reason = bounce.reason, "a mail came back"),
        None => info!(message_id, "a report of a mail that is not known, or of one that came back before"),
    }
    Ok(())
}

fn seal(mail: i64, message_id: &str) -> String {
    let mut seal = BASE32_NOPAD.encode(&digest(&["bounce", &mail.to_string(), message_id])).to_lowercase();
    seal.truncate(SEAL);
    seal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> EmailAddress {
        text.parse().unwrap()
    }

    #[test]
    fn a_bounce_is_known_by_the_address_that_it_went_to() {
        let base = address("minuted+bounce@example.org");
        let sender = sender(&base, 12, "answer.a@example.org");
        let (mail, sealed) = marked(&base, &sender).unwrap();
        assert_eq!((mail, sealed), (12, seal(12, "answer.a@example.org").as_str()));
        assert_ne!(seal(12, "answer.b@example.org"), sealed);
        for other in ["minuted@example.org", "minuted+bounce@example.org", "minuted+bounce-12@example.org"] {
            assert_eq!(marked(&base, &address(other)), None, "{other}");
        }
        let elsewhere = address(&sender.as_str().replace("example.org", "example.com"));
        assert_eq!(marked(&base, &elsewhere), None);
    }

    #[test]
    fn an_address_that_has_no_detail_or_no_room_for_one_is_used_as_it_is() {
        for base in ["bounces@example.org".to_owned(), format!("{}+b@example.org", "x".repeat(60))] {
            let base = address(&base);
            assert_eq!(sender(&base, 1, "answer.a@example.org"), base);
        }
    }
}
