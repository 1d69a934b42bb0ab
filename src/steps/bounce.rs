//! The envelope's sender of each mail, by which its bounce is known again, and what is noted of one.

use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use tracing::{info, warn};

use super::answers::digest;
use crate::config::{DeliveryConfig, GroupConfig};
use crate::domain::{EmailAddress, TokenKey};
use crate::message::{self, Automatic, Message};
use crate::store::{Batch, Waiting};

/// How many characters a mark has that is made without a secret.
const UNKEYED: usize = 6;

/// What marks the envelope's sender of a group's mails: `minuted+bounce-12-h3xk7qm2vafw5t4y@example.org`. An
/// address without a `+detail` is used as it is.
///
/// The mark is made with the group's secret: nobody but those who got the mail can say that it came back. A
/// group without a secret believes what it is told anyhow, and its marks anybody can make who knows a mail's number
/// and Message-ID.
#[derive(Debug)]
pub(super) struct Marks {
    base: EmailAddress,
    key: Option<TokenKey>,
}

impl Marks {
    /// Those of a group whose mail goes out with this envelope's sender.
    pub(super) fn new(base: EmailAddress, group: &GroupConfig) -> Self {
        Self { base, key: group.tokens().map(|(key, _)| key) }
    }

    /// Those of a group; `None` where another program sends its mail, which has an envelope's sender of its own.
    fn of(group: &GroupConfig) -> Option<Self> {
        match &group.delivery {
            DeliveryConfig::Smtp { envelope_from, .. } => Some(Self::new(envelope_from.clone(), group)),
            DeliveryConfig::Maildir { .. } => None,
        }
    }

    /// The envelope's sender, without a mark.
    pub(super) const fn base(&self) -> &EmailAddress {
        &self.base
    }

    /// The envelope's sender of a mail of the outbox.
    pub(super) fn sender(&self, mail: i64, message_id: &str) -> EmailAddress {
        let base = &self.base;
        if !self.are_written() {
            return base.clone();
        }
        let mark = self.key.as_ref().and_then(|key| key.bounce_mark(mail, message_id));
        let mark = mark.unwrap_or_else(|| unkeyed(mail, message_id));
        // Too long a local part (RFC 5321, section 4.5.3.1.1) goes without a mark.
        let marked = format!("{}-{mail}-{mark}@{}", base.local_part(), base.domain());
        marked.parse().unwrap_or_else(|_| base.clone())
    }

    /// Whether mails are sent with a mark.
    fn are_written(&self) -> bool {
        self.base.local_part().contains('+')
    }

    /// The number and the mark of a mail in the address that its bounce was sent to. Servers on the way may have
    /// changed the case of its letters.
    fn read<'a>(&self, address: &'a EmailAddress) -> Option<(i64, &'a str)> {
        let base = self.base.local_part();
        let (written, mark) = address.local_part().split_at_checked(base.len())?;
        let (mail, mark) = mark.strip_prefix('-')?.split_once('-')?;
        if !written.eq_ignore_ascii_case(base) {
            return None;
        }
        (self.are_written() && address.domain() == self.base.domain()).then_some((mail.parse().ok()?, mark))
    }

    /// Whether the mark was made for that mail.
    fn made(&self, mark: &str, mail: i64, message_id: &str) -> bool {
        let mark = mark.to_ascii_lowercase();
        match &self.key {
            Some(key) => key.made_bounce_mark(&mark, mail, message_id),
            None => unkeyed(mail, message_id) == mark,
        }
    }
}

/// Notes that a mail came back, where this machine's mail says so: a delivery report, or a bounce in a server's own
/// words. It is known by the mark in the address that it went to; only where mails go without marks, by the
/// Message-ID in what was returned, which whoever has seen that can write.
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
    // Who is away answers to the envelope's sender too (RFC 3834, section 4), and a digest of mails tells of others.
    if matches!(message.automatic, None | Some(Automatic::AutoReply | Automatic::Digest)) {
        return Ok(());
    }
    let Some(raw) = batch.raw(waiting.id).await? else { return Ok(()) };
    let Some(bounce) = message::bounce(&raw) else { return Ok(()) };
    let marks = Marks::of(config);
    let known = returned(batch, config, message).await?.map(|(message_id, _)| message_id);
    let is_marked = known.is_some();
    let Some(message_id) = known.or(bounce.message_id) else { return Ok(()) };
    if !is_marked && marks.is_some_and(|marks| marks.key.is_some() && marks.are_written()) {
        info!(
            message = waiting.id,
            message_id, "somebody says that a mail came back, without the mark of its sender: noted as nothing"
        );
        return Ok(());
    }
    match batch.bounced(&message_id, &bounce.reason, now).await? {
        Some(to) => warn!(message_id, to = to.masked(), reason = bounce.reason, "a mail came back"),
        None => info!(message_id, "a report of a mail that is not known, or of one that came back before"),
    }
    Ok(())
}

/// The mail of ours by whose envelope's sender a message has come, and whether none but who got that mail can know
/// that address.
///
/// # Errors
/// Where the database fails.
pub(super) async fn returned(
    batch: &mut Batch,
    config: &GroupConfig,
    message: &Message,
) -> anyhow::Result<Option<(String, bool)>> {
    let Some(marks) = Marks::of(config) else { return Ok(None) };
    let mut known = None;
    for to in message.recipients() {
        if let Some((mail, mark)) = marks.read(to)
            && let Some(message_id) = batch.outgoing_message_id(mail).await?
            && marks.made(mark, mail, &message_id)
        {
            known = Some((message_id, marks.key.is_some()));
        }
    }
    Ok(known)
}

fn unkeyed(mail: i64, message_id: &str) -> String {
    let mut mark = BASE32_NOPAD.encode(&digest(&["bounce", &mail.to_string(), message_id])).to_lowercase();
    mark.truncate(UNKEYED);
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(base: &str, secret: Option<&str>) -> Marks {
        let key = secret.and_then(|secret| TokenKey::new(secret.as_bytes(), "sec"));
        Marks { base: base.parse().unwrap(), key }
    }

    #[test]
    fn a_bounce_is_known_by_the_address_that_it_went_to() {
        for secret in [None, Some("0123456789abcdef")] {
            let marks = marks("minuted+bounce@example.org", secret);
            let sender = marks.sender(12, "answer.a@example.org");
            assert!(sender.local_part().len() <= 64);
            let (mail, mark) = marks.read(&sender).unwrap();
            assert!(mail == 12 && marks.made(mark, 12, "answer.a@example.org"));
            assert!(!marks.made(mark, 12, "answer.b@example.org") && !marks.made(mark, 13, "answer.a@example.org"));
            for changed in [sender.as_str().to_uppercase(), sender.as_str().replace("minuted", "Minuted")] {
                let changed = changed.parse().unwrap();
                let (mail, mark) = marks.read(&changed).unwrap();
                assert!(mail == 12 && marks.made(mark, 12, "answer.a@example.org"), "{changed}");
            }
            for other in ["minuted@example.org", "minuted+bounce@example.org", "minuted+bounce-12@example.org"] {
                assert_eq!(marks.read(&other.parse().unwrap()), None, "{other}");
            }
            let elsewhere = sender.as_str().replace("example.org", "example.com").parse().unwrap();
            assert_eq!(marks.read(&elsewhere), None);
        }
    }

    #[test]
    fn who_has_no_secret_cannot_make_a_mark() {
        let keyed = marks("minuted+bounce@example.org", Some("0123456789abcdef"));
        for other in [None, Some("0123456789abcdeg")] {
            let forged = marks("minuted+bounce@example.org", other).sender(12, "answer.a@example.org");
            let (mail, mark) = keyed.read(&forged).unwrap();
            assert!(!keyed.made(mark, mail, "answer.a@example.org"), "{forged}");
        }
    }

    #[test]
    fn an_address_that_has_no_detail_or_no_room_for_one_is_used_as_it_is() {
        for base in ["bounces@example.org".to_owned(), format!("{}+b@example.org", "x".repeat(60))] {
            let marks = marks(&base, Some("0123456789abcdef"));
            assert_eq!(marks.sender(1, "answer.a@example.org").as_str(), base);
        }
    }
}
