//! A mail server, and how to log in to it: what IMAP and SMTP have in common.

use std::fs::File;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

use super::group::{Surroundings, optional, path};
use super::secret;
use super::walk::{Entry, Section};
use super::words::quoted;

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
    Password(Password),
    /// An OAuth 2.0 access token, sent by XOAUTH2. It expires: it is got anew for each login.
    Token(TokenSource),
}

/// Where a password comes from. One in a file is read anew for each login: it may be replaced while the daemon runs.
#[derive(Debug, Clone)]
pub enum Password {
    /// It is this one, from the environment. `Debug` hides it.
    Given(SecretString),
    /// The file that holds it.
    File(PathBuf),
}

/// Where an access token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSource {
    /// A file that another program keeps up to date.
    File(PathBuf),
    /// A program that prints the token, and its arguments.
    Command(Vec<String>),
}

/// What a service needs to be known of before its table is read.
#[derive(Clone, Copy)]
pub(super) struct Service {
    /// An example of its host, as messages show it.
    pub host: &'static str,
    /// Its ports where none is given: with TLS, with STARTTLS, without either.
    pub ports: [u16; 3],
    /// Whether nothing can be done without a login.
    pub needs_login: bool,
}

const SECURITIES: [(&str, Security); 3] =
    [("tls", Security::Tls), ("starttls", Security::StartTls), ("plain", Security::Plain)];
/// The largest file of certificates that is read, in bytes: a whole system's are a quarter of a megabyte.
const LARGEST_PEM: u64 = 4 << 20;
const PORT: &str = "a port, a whole number from 1 to 65535";
const TOKEN: &str = "{ file = \"PATH\" } or { command = [\"PROGRAM\", \"ARGUMENT\"] }";

/// Reads a server from the table that names it: `host`, `port`, `security`, `ca`, `user`, `password`,
/// `token`. The table may hold other keys; the caller finishes it.
pub(super) fn read(section: &Section<'_>, around: &Surroundings<'_>, service: &Service) -> Option<Server> {
    let expected = format!("the server's name, such as \"{}\"", service.host);
    let host = section.require("host", &expected).and_then(|entry| host(&entry, &expected));
    let security = match section.get("security") {
        Some(entry) => entry.choice(&SECURITIES),
        None => Some(Security::Tls),
    };
    if let (Some(Security::Plain), Some(host), Some(entry)) = (security, &host, section.get("security"))
        && !is_loopback(host)
    {
        entry
            .warn(format!("passwords and mail go to {} unencrypted: everybody on the way can read them", quoted(host)));
    }
    let [tls, starttls, plain] = service.ports;
    let port = match section.get("port") {
        Some(entry) => entry.integer(1..=65_535, PORT).and_then(|port| u16::try_from(port).ok()),
        None => security.map(|security| match security {
            Security::Tls => tls,
            Security::StartTls => starttls,
            Security::Plain => plain,
        }),
    };
    let ca = section.get("ca").map(|entry| authorities(&entry, around.base_dir));
    let login = login(section, around, service);
    Some(Server { host: host?, port: port?, security: security?, ca: optional(ca)?, login: login? })
}

/// A file with certificates. Without it there is no server to talk to, now or later.
fn authorities(entry: &Entry<'_>, base_dir: &Path) -> Option<PathBuf> {
    let expected = "a PEM file with the certificate of the server's authority (-----BEGIN CERTIFICATE-----)";
    let path = path(entry, base_dir)?;
    let shown = quoted(&path.display().to_string());
    let mut pem = Vec::new();
    let read = File::open(&path).and_then(|file| file.take(LARGEST_PEM).read_to_end(&mut pem));
    if let Err(error) = read {
        entry.error(format!("{shown} cannot be read: {error}; expected {expected}"));
        return None;
    }
    let mut certificates = CertificateDer::pem_slice_iter(&pem);
    match certificates.next() {
        Some(Ok(_)) => Some(path),
        Some(Err(error)) => {
            entry.error(format!("{shown} is no PEM file: {error:?}; expected {expected}"));
            None
        }
        None => {
            entry.error(format!("{shown} holds no certificate; expected {expected}"));
            None
        }
    }
}

/// A name or an address, without port or protocol.
fn host(entry: &Entry<'_>, expected: &str) -> Option<String> {
    let text = entry.text(expected)?;
    let is_address = text.parse::<IpAddr>().is_ok();
    let is_name = text.len() <= 253 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if is_address || is_name {
        return Some(text.to_owned());
    }
    entry.error(format!("{} is no name of a host; expected {expected}, without port or protocol", quoted(text)));
    None
}

/// Whether it is this machine.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The login, or that there is none; `None` where it is wrong, which is reported.
fn login(section: &Section<'_>, around: &Surroundings<'_>, service: &Service) -> Option<Option<Login>> {
    let expected = "the user's name at the server";
    let user = if service.needs_login { section.require("user", expected) } else { section.get("user") };
    let user = user.map(|entry| entry.text(expected).map(str::to_owned));
    let (password, token) = (section.get("password"), section.get("token"));
    let proof = match (&password, &token) {
        (Some(_), Some(token)) => {
            token.error("stands beside a password; expected one of the two");
            return None;
        }
        (Some(entry), None) => Some(secret::password(entry, around.base_dir, around.env).map(Proof::Password)),
        (None, Some(entry)) => Some(token_source(entry, around).map(Proof::Token)),
        (None, None) => {
            if user.is_some() {
                section.require("password", &format!("{}, or a token, {TOKEN}", secret::FORMS));
            }
            None
        }
    };
    match (user, proof) {
        (Some(user), Some(proof)) => Some(Some(Login { user: user?, proof: proof? })),
        (None, None) if !service.needs_login => Some(None),
        (None, Some(_)) => {
            // Where a login is needed, that the user is missing has been reported.
            if !service.needs_login {
                section.require("user", &format!("{expected}: there is a password or a token for one"));
            }
            None
        }
        _ => None,
    }
}

fn token_source(entry: &Entry<'_>, around: &Surroundings<'_>) -> Option<TokenSource> {
    let toml::de::DeValue::Table(_) = entry.value() else {
        entry.wrong_type(TOKEN);
        return None;
    };
    let section = entry.section()?;
    let (file, command) = (section.get("file"), section.get("command"));
    section.finish();
    match (file, command) {
        (Some(file), None) => path(&file, around.base_dir).map(TokenSource::File),
        (None, Some(command)) => {
            let expected = "a list: a program and its arguments, each a text";
            let list = command.list(expected)?;
            let words = list.iter().map(|word| word.text(expected).map(str::to_owned)).collect::<Option<Vec<_>>>()?;
            if words.is_empty() {
                command.error(format!("is empty; expected {expected}"));
                return None;
            }
            Some(TokenSource::Command(words))
        }
        (Some(_), Some(_)) => {
            entry.error(format!("names a file and a command; expected one of them, {TOKEN}"));
            None
        }
        (None, None) => {
            entry.error(format!("names no place; expected {TOKEN}"));
            None
        }
    }
}
