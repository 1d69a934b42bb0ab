//! The way to a server that is ready for mail: name, connection, TLS, greeting, login.

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use data_encoding::BASE64;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::extension::ClientId;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::Error as TlsError;
use tokio_rustls::rustls::pki_types::ServerName;

use super::session::{Fault, Session, fault, judge};
use super::tls::Trust;
use crate::config::{Login, Proof, Security, Server, TokenError};
use crate::delivery::{Stage, Unreachable};
use crate::mailbox::imap::why_refused;

/// How long a name or one of its addresses may take.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a handshake, a greeting or a step of the login may take. Servers make clients wait that
/// seem unsure who they are.
const STEP: Duration = Duration::from_secs(45);

/// The way to one server.
pub(super) struct Way {
    server: Server,
    /// Read again after a handshake that failed: a certificate may have been renewed, by another CA.
    trust: Mutex<Option<Trust>>,
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Way({})", self.name())
    }
}

impl Way {
    /// The way to that server.
    ///
    /// # Errors
    /// Where the certificates that are to be trusted cannot be read.
    pub(super) fn new(server: Server) -> Result<Self, Unreachable> {
        let route = Self { server, trust: Mutex::default() };
        if route.server.security != Security::Plain {
            route.trust()?;
        }
        Ok(route)
    }

    /// Goes there, and returns when a mail can be sent.
    pub(super) async fn connect(&self) -> Result<Session, Unreachable> {
        let stream = self.open().await?;
        // A command's answer is waited for: nothing is gained by holding its bytes back.
        stream.set_nodelay(true).map_err(|error| self.fails(Stage::Connect, error.to_string()))?;
        let local = stream.local_addr().map_err(|error| self.fails(Stage::Connect, error.to_string()))?;
        // The address itself (RFC 5321, section 4.1.4): many machines that run a bot have no name that
        // others can look up, and it is checked more often than an address.
        let hello = match local {
            SocketAddr::V4(local) => ClientId::Ipv4(*local.ip()),
            SocketAddr::V6(local) => ClientId::Ipv6(*local.ip()),
        };
        let connected = match self.server.security {
            Security::Tls => self.within_tls(stream, &hello).await,
            Security::StartTls => self.over_to_tls(stream, &hello).await,
            Security::Plain => self.greet(Box::new(stream), &hello).await,
        };
        let mut connection = connected.inspect_err(|failure| {
            if matches!(failure.stage, Stage::Tls | Stage::Certificate) {
                *self.trust.lock().unwrap_or_else(PoisonError::into_inner) = None;
            }
        })?;
        if let Some(login) = &self.server.login {
            self.log_in(&mut connection, login).await?;
        }
        Ok(Session::new(connection, self.name()))
    }

    /// What a connection is like, for people.
    pub(super) fn describe(&self) -> String {
        let private = match self.server.security {
            Security::Tls => "TLS",
            Security::StartTls => "STARTTLS",
            Security::Plain => "not encrypted",
        };
        let login = match &self.server.login {
            Some(login) => format!("logged in as {}", login.user),
            None => "without a login".to_owned(),
        };
        format!("{}: {private}, {login}", self.name())
    }

    /// A TCP connection to the first of the host's addresses that answers.
    async fn open(&self) -> Result<TcpStream, Unreachable> {
        let place = (self.server.host.as_str(), self.server.port);
        let found = within(CONNECT, lookup_host(place)).await.map_err(|error| self.fails(Stage::Name, error))?;
        let mut why = "it has no address".to_owned();
        for address in found {
            match within(CONNECT, TcpStream::connect(address)).await {
                Ok(stream) => return Ok(stream),
                Err(error) => why = error,
            }
        }
        Err(self.fails(Stage::Connect, why))
    }

    /// TLS from the first byte (RFC 8314, section 3.3).
    async fn within_tls(&self, stream: TcpStream, hello: &ClientId) -> Result<AsyncSmtpConnection, Unreachable> {
        let trust = self.trust()?;
        let host = ServerName::try_from(self.server.host.clone());
        let host = host.map_err(|_| self.fails(Stage::Tls, "`host` is neither a name nor an address"))?;
        let stream = timeout(STEP, TlsConnector::from(trust.config).connect(host, stream)).await;
        let stream = stream.map_err(|_| self.fails(Stage::Tls, silence(STEP)))?;
        let stream = stream.map_err(|error| match self.refused(&error) {
            Some(refused) => refused,
            None => self.fails(Stage::Tls, error.to_string()),
        })?;
        self.greet(Box::new(Private(stream)), hello).await
    }

    /// `STARTTLS` (RFC 3207), without which nothing goes on.
    async fn over_to_tls(&self, stream: TcpStream, hello: &ClientId) -> Result<AsyncSmtpConnection, Unreachable> {
        let trust = self.trust()?;
        let mut connection = self.greet(Box::new(stream), hello).await?;
        if !connection.can_starttls() {
            return Err(self.fails(Stage::StartTls, "it does not offer STARTTLS, and nothing is sent without"));
        }
        let gone_over = timeout(STEP, connection.starttls(trust.parameters, hello)).await;
        match gone_over {
            Ok(Ok(())) => Ok(connection),
            Ok(Err(error)) if error.status().is_some() => Err(self.fails(Stage::StartTls, fault(&error).words())),
            Ok(Err(error)) => {
                Err(self.refused(&error).unwrap_or_else(|| self.fails(Stage::Tls, fault(&error).words())))
            }
            Err(_) => Err(self.fails(Stage::Tls, silence(STEP))),
        }
    }

    /// The server's greeting, and EHLO.
    async fn greet(
        &self,
        stream: Box<dyn AsyncTokioStream>,
        hello: &ClientId,
    ) -> Result<AsyncSmtpConnection, Unreachable> {
        let greeted = timeout(STEP, AsyncSmtpConnection::connect_with_transport(stream, hello)).await;
        judge(greeted, STEP).map_err(|fault| {
            // A server that goes down is one that is not there.
            let stage = if matches!(fault, Fault::Closed) { Stage::Connect } else { Stage::Greeting };
            self.fails(stage, fault.words())
        })
    }

    /// `AUTH` (RFC 4954). The dialogue is spoken here, because the answer to a server's error of
    /// XOAUTH2, which comes as a challenge, is an empty line (RFC 7628, section 3.2.3).
    async fn log_in(&self, connection: &mut AsyncSmtpConnection, login: &Login) -> Result<(), Unreachable> {
        let offers = |mechanism| connection.server_info().supports_auth_mechanism(mechanism);
        let no_secret = |error: TokenError| self.fails(Stage::Token, error.to_string());
        let answers: Vec<SecretString> = match &login.proof {
            Proof::Password(password) => {
                if !offers(Mechanism::Plain) && !offers(Mechanism::Login) {
                    let words = "it offers neither AUTH PLAIN nor AUTH LOGIN on this connection";
                    return Err(self.fails(Stage::Login, words));
                }
                let password = password.read().await.map_err(no_secret)?;
                let password = password.expose_secret();
                if offers(Mechanism::Plain) {
                    let proof = SecretString::from(format!("\0{}\0{password}", login.user));
                    vec![command("PLAIN", Some(&proof))]
                } else {
                    vec![command("LOGIN", None), coded(&login.user), coded(password)]
                }
            }
            Proof::Token(source) => {
                if !offers(Mechanism::Xoauth2) {
                    return Err(self.fails(Stage::Login, "it does not offer AUTH XOAUTH2 on this connection"));
                }
                let token = source.read().await.map_err(no_secret)?;
                let (user, token) = (&login.user, token.expose_secret());
                let proof = SecretString::from(format!("user={user}\x01auth=Bearer {token}\x01\x01"));
                vec![command("XOAUTH2", Some(&proof)), SecretString::from("\r\n")]
            }
        };
        for answer in answers {
            let answered = timeout(STEP, connection.command(answer.expose_secret())).await;
            let answered = judge(answered, STEP).map_err(|fault| self.fails(Stage::Login, fault.words()))?;
            if answered.has_code(235) {
                return Ok(());
            }
        }
        Err(self.fails(Stage::Login, "it asks for more than a name and its proof"))
    }

    fn trust(&self) -> Result<Trust, Unreachable> {
        let mut kept = self.trust.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trust) = &*kept {
            return Ok(trust.clone());
        }
        let read = Trust::read(&self.server.host, self.server.ca.as_deref());
        let read = read.map_err(|words| self.fails(Stage::Trust, words))?;
        Ok(kept.insert(read).clone())
    }

    /// The server, `host:port`.
    fn name(&self) -> String {
        let (host, port) = (&self.server.host, self.server.port);
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    /// That the server's certificate is refused, and what would work; `None` where something else went wrong.
    fn refused(&self, error: &(dyn std::error::Error + 'static)) -> Option<Unreachable> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            // An error of the system's tells its cause's cause as its own.
            let within = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            let tls = error.downcast_ref().or_else(|| within?.downcast_ref());
            if let Some(TlsError::InvalidCertificate(reason)) = tls {
                return Some(self.fails(Stage::Certificate, why_refused(reason, &self.server.host)));
            }
            cause = error.source();
        }
        None
    }

    fn fails(&self, stage: Stage, words: impl Into<String>) -> Unreachable {
        Unreachable { server: self.name(), stage, words: words.into() }
    }
}

/// The line that begins a login.
fn command(mechanism: &str, proof: Option<&SecretString>) -> SecretString {
    let proof = proof.map(|proof| format!(" {}", BASE64.encode(proof.expose_secret().as_bytes()))).unwrap_or_default();
    SecretString::from(format!("AUTH {mechanism}{proof}\r\n"))
}

/// A line of the login that answers a challenge.
fn coded(text: &str) -> SecretString {
    SecretString::from(format!("{}\r\n", BASE64.encode(text.as_bytes())))
}

/// Waits for something of the system's that may take for ever.
async fn within<T>(patience: Duration, work: impl Future<Output = std::io::Result<T>>) -> Result<T, String> {
    match timeout(patience, work).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err(silence(patience)),
    }
}

fn silence(patience: Duration) -> String {
    format!("no answer within {} seconds", patience.as_secs())
}

/// A connection within TLS, as lettre takes it.
#[derive(Debug)]
struct Private(TlsStream<TcpStream>);

impl AsyncTokioStream for Private {
    fn peer_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Private {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl AsyncWrite for Private {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_host_and_port() {
        let named = |host: &str| {
            let server = Server { host: host.to_owned(), port: 25, security: Security::Plain, ca: None, login: None };
            Way::new(server).unwrap().name()
        };
        assert_eq!(named("smtp.example.org"), "smtp.example.org:25");
        assert_eq!(named("::1"), "[::1]:25");
    }
}
