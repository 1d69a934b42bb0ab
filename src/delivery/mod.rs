//! Where mail goes.
//!
//! The outbox sends after the commit, at least once, under a Message-ID that was fixed before. A way
//! of delivery that can make it exactly once does: see [`maildir`].

pub mod maildir;

use jiff::Timestamp;

pub use maildir::MaildirDelivery;

use crate::mailbox;

/// The way by which mail goes out, as the configuration says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Into a Maildir on this machine: a trial without a mail server, or a server that picks it up.
    Maildir(MaildirDelivery),
}

impl Delivery {
    /// Delivers one message and returns when it is safe. Blocks on the disk.
    ///
    /// `message_id` is the message's own, with or without angle brackets; it is what makes the second
    /// delivery of one message recognisable. `at` is the time of the delivery.
    ///
    /// # Errors
    /// Where it could not be delivered, or it is not sure that it was: to be tried again.
    pub fn deliver(&self, message_id: &str, raw: &[u8], at: Timestamp) -> Result<(), mailbox::Error> {
        match self {
            Self::Maildir(maildir) => maildir.deliver(message_id, raw, at),
        }
    }
}
