//! Where mail goes.
//!
//! The outbox sends after the commit, at least once, under a Message-ID that was fixed before. A way
//! of delivery that can make it exactly once does: see [`maildir`]. What became of a mail is a value,
//! [`Outcome`]: a mail that is refused is told apart from a server that is out of reach, because only
//! the first is the mail's own matter.

pub mod maildir;
pub mod smtp;

use std::fmt;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;

pub use maildir::MaildirDelivery;
pub use smtp::Smtp;

use crate::domain::EmailAddress;

/// The way by which mail goes out, as the configuration says.
#[derive(Debug)]
pub enum Delivery {
    /// Into a Maildir on this machine: a trial without a mail server, or a server that picks it up.
    Maildir(MaildirDelivery),
    /// To a mail server, by SMTP.
    Smtp(Smtp),
}

/// A mail in its envelope.
#[derive(Debug, Clone, Copy)]
pub struct Mail<'a> {
    /// Its Message-ID, with or without angle brackets: it is what makes the second delivery of one
    /// message recognisable.
    pub message_id: &'a str,
    /// To whom a bounce goes (RFC 5321, section 2.3.1): the envelope's sender.
    pub sender: &'a EmailAddress,
    /// To whom it goes: the envelope's recipient.
    pub recipient: &'a EmailAddress,
    /// Its bytes, lines ended by CRLF.
    pub raw: &'a [u8],
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is delivered, or a server has taken it over; its words.
    Accepted(String),
    /// Not now, says the server of this mail (4xx); its words.
    Deferred(String),
    /// It was cut off: a connection that broke, a server that did not answer, a disk that is full.
    /// Whether it arrived is not known.
    Interrupted(String),
    /// Never, says the server of this mail (5xx); its words.
    Refused(String),
    /// The mail was not looked at: there is no way to the server now, for this mail and any other.
    Unreachable(Unreachable),
}

impl Delivery {
    /// Delivers one mail and returns when it is safe, or when it is not to be had. `at` is the time of
    /// the delivery. A Maildir blocks on the disk.
    pub async fn deliver(&self, mail: &Mail<'_>, at: Timestamp) -> Outcome {
        self.deliver_noting(mail, at, &AtomicBool::new(false)).await
    }

    /// As [`Delivery::deliver`]; `begun` becomes true as soon as dropping this could make the mail arrive twice.
    pub async fn deliver_noting(&self, mail: &Mail<'_>, at: Timestamp, begun: &AtomicBool) -> Outcome {
        match self {
            Self::Maildir(maildir) => match maildir.deliver(mail.message_id, mail.raw, at) {
                Ok(()) => Outcome::Accepted("written".to_owned()),
                Err(error) => Outcome::Interrupted(error.to_string()),
            },
            Self::Smtp(smtp) => smtp.deliver_noting(mail, begun).await,
        }
    }

    /// How many mails it delivers at once, at most.
    #[must_use]
    pub const fn lanes(&self) -> usize {
        match self {
            Self::Maildir(_) => 1,
            Self::Smtp(_) => smtp::LANES,
        }
    }

    /// Takes leave of the server, where there is one.
    pub async fn close(&self) {
        match self {
            Self::Maildir(_) => {}
            Self::Smtp(smtp) => smtp.close().await,
        }
    }
}

/// Why there is no way to a server: where it ended, and in whose words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// The server, `host:port`.
    pub server: String,
    /// Where it ended.
    pub stage: Stage,
    /// What was said there, by the server or by the system. Holds no secret.
    pub words: String,
}

/// A stage of the way to a server that is ready for a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Finding the host's address.
    Name,
    /// The TCP connection.
    Connect,
    /// The server's greeting, and its answer to EHLO.
    Greeting,
    /// `STARTTLS`, which was not offered or not granted.
    StartTls,
    /// The certificates that are to be trusted, which cannot be read.
    Trust,
    /// The TLS handshake.
    Tls,
    /// The server's certificate; the words say what would work.
    Certificate,
    /// Getting the password or the access token.
    Token,
    /// The login, or that there is none where the server wants one.
    Login,
    /// `MAIL FROM`: the server takes no mail of this sender's, or none at all now.
    Sender,
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.stage {
            Stage::Name => "its address cannot be found",
            Stage::Connect => "there is no connection",
            Stage::Greeting => "it gives no usable greeting",
            Stage::StartTls => "it does not go over to TLS",
            Stage::Trust => "the certificates to trust cannot be had",
            Stage::Tls => "the TLS handshake fails",
            Stage::Certificate => "its certificate is refused",
            Stage::Token => "there is nothing to log in with",
            Stage::Login => "it refuses the login, or wants one",
            Stage::Sender => "it takes no mail of the envelope's sender",
        };
        write!(f, "{}: {what}: {}", self.server, self.words)
    }
}

impl std::error::Error for Unreachable {}

impl Unreachable {
    /// What the operator can do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self.stage {
            Stage::Name => "check `host` in [group.delivery], and the name service of this machine",
            Stage::Connect => "check `host` and `port`, whether the server runs, and what a firewall lets through",
            Stage::Greeting => "check `port` and `security`: \"tls\" is for port 465, \"starttls\" for 587",
            Stage::StartTls => "write security = \"tls\" with the port of implicit TLS (465) if the server has one",
            Stage::Trust => "see that `ca` names a PEM file with certificates that this user may read",
            Stage::Tls => "check `port` and `security`: \"tls\" is for port 465, \"starttls\" for 587",
            Stage::Certificate => "nothing is sent to a server that cannot show who it is",
            Stage::Token => {
                "see that the file or the program that `password` or `token` names gives what it is to give"
            }
            Stage::Login => "check `user` and the file or variable that `password` or `token` names",
            Stage::Sender => "set `envelope_from` to an address that this user may send from",
        }
    }
}
