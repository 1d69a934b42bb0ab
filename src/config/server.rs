//! A mail server, and how to log in to it: what IMAP and SMTP have in common.

use std::path::PathBuf;

use secrecy::SecretString;

/// A mail server.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its name, which its certificate must be for, or its address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept private.
    pub security: Security,
    /// A PEM file with certificates that are trusted beside the system's: a CA of one's own.
    pub ca: Option<PathBuf>,
    /// How to log in; `None` where the server asks for no login.
    pub login: Option<Login>,
}

/// How a connection is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// TLS by `STARTTLS`, which the server must offer: nothing else is said before.
    StartTls,
    /// None at all: to this machine, or where the configuration asks for it in so many words.
    Plain,
}

/// A user, and what proves it.
#[derive(Debug, Clone)]
pub struct Login {
    /// The user's name at the server.
    pub user: String,
    /// What proves it. `Debug` hides it.
    pub proof: Proof,
}

/// What proves a user.
#[derive(Debug, Clone)]
pub enum Proof {
    /// A password.
    Password(SecretString),
    /// An OAuth 2.0 access token, sent by XOAUTH2. It expires: it is got anew for each login.
    Token(TokenSource),
}

/// Where an access token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSource {
    /// A file that another program keeps up to date.
    File(PathBuf),
    /// A program that prints the token, and its arguments.
    Command(Vec<String>),
}
