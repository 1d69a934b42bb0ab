//! What can go wrong with an IMAP server. Each text names the server and says what would work; none
//! shows a secret, nor anything of a mail.

use std::io;
use std::time::Duration;

use crate::config::TokenError;

/// Why an IMAP mailbox cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no connection.
    #[error("cannot connect to {at}: {source}; look at host and port, and whether the way there is open")]
    Connect {
        /// Host and port.
        at: String,
        /// What the system said.
        source: io::Error,
    },
    /// The server says nothing.
    #[error("{at} said nothing for {} s {doing}", after.as_secs())]
    Silent {
        /// Host and port.
        at: String,
        /// What was under way, such as `while it was logged in to`.
        doing: &'static str,
        /// How long it was waited for.
        after: Duration,
    },
    /// The server ended the connection.
    #[error("{at} ended the connection {doing}{}", words(said))]
    Closed {
        /// Host and port.
        at: String,
        /// What was under way.
        doing: &'static str,
        /// Its last words.
        said: String,
    },
    /// The connection failed.
    #[error("the connection to {at} failed {doing}: {source}")]
    Io {
        /// Host and port.
        at: String,
        /// What was under way.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// What the server says is not IMAP.
    #[error(
        "what {at} says is not IMAP ({doing}); look at the port and at `security`: {}", expected(*tls)
    )]
    NotImap {
        /// Host and port.
        at: String,
        /// What was under way.
        doing: &'static str,
        /// Whether the connection is encrypted.
        tls: bool,
    },
    /// The server sends more at once than is taken.
    #[error("{at} sends an answer of more than {limit} bytes {doing}")]
    TooMuch {
        /// Host and port.
        at: String,
        /// What was under way.
        doing: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// The certificates to trust cannot be had.
    #[error("{what}")]
    Trust {
        /// Which, and what would work.
        what: String,
    },
    /// The server's certificate is refused.
    #[error("the certificate of {at} is refused: {why}")]
    Certificate {
        /// Host and port.
        at: String,
        /// What is wrong with it, and what would work.
        why: String,
    },
    /// TLS does not come about.
    #[error(
        "no TLS with {at}: {source}; look at the port and at `security`: 993 is usual for \"tls\", 143 for \"starttls\""
    )]
    Tls {
        /// Host and port.
        at: String,
        /// What was said.
        source: io::Error,
    },
    /// STARTTLS is not there.
    #[error(
        "{at} does not offer STARTTLS{}; nothing was said to it unencrypted. Try security = \"tls\" with port 993",
        words(said)
    )]
    NoStartTls {
        /// Host and port.
        at: String,
        /// What the server said.
        said: String,
    },
    /// There is no access token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The server refuses the login.
    #[error("{at} refuses the login of {user}{}; {hint}", words(said))]
    Login {
        /// Host and port.
        at: String,
        /// The user.
        user: String,
        /// What the server said.
        said: String,
        /// What would work.
        hint: &'static str,
    },
    /// There is no way to log in that both sides know.
    #[error("{at} has no way to log in {with}; it offers {offered}")]
    NoWay {
        /// Host and port.
        at: String,
        /// With what, such as `with a password`.
        with: &'static str,
        /// The mechanisms that it offers.
        offered: String,
    },
    /// The folder is not there, or not for this user.
    #[error("{at} does not open the folder {folder:?}{}; {there}", words(said))]
    Folder {
        /// Host and port.
        at: String,
        /// The folder.
        folder: String,
        /// What the server said.
        said: String,
        /// The folders that are there.
        there: String,
    },
    /// The folder cannot be changed.
    #[error("the folder {folder:?} at {at} can only be read: let the user {needs}, or write after = \"leave\"")]
    ReadOnly {
        /// Host and port.
        at: String,
        /// The folder.
        folder: String,
        /// What it must be allowed.
        needs: &'static str,
    },
    /// The server refuses a command.
    #[error("{at} refuses what was asked {doing}{}", words(said))]
    Refused {
        /// Host and port.
        at: String,
        /// What was under way.
        doing: &'static str,
        /// What it said.
        said: String,
    },
    /// The mailbox was made anew while it was open: its UIDs mean other mails now.
    #[error("the folder at {at} was made anew (another UIDVALIDITY); it is read again from its beginning")]
    MadeAnew {
        /// Host and port.
        at: String,
    },
}

impl Error {
    /// Whether trying again soon could lock the account: the login itself was refused.
    #[must_use]
    pub const fn is_login(&self) -> bool {
        matches!(self, Self::Login { .. } | Self::NoWay { .. })
    }
}

/// The server's words, after what they are about.
fn words(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" (it says: {text})") }
}

const fn expected(tls: bool) -> &'static str {
    if tls { "993 is usual for \"tls\"" } else { "\"tls\" where TLS comes first, as on port 993" }
}

/// A server's words as they are shown: on one line, cut where they are long.
pub(super) fn shown(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    text.trim().to_owned()
}
