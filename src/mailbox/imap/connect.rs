//! The way to a server: TCP, TLS (RFC 8314) or STARTTLS, and the greeting.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use imap_proto::{Response, Status};
use tokio::io::BufWriter;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error as TlsError, RootCertStore, crypto};

use super::error::{Error, shown};
use super::wire::{PATIENCE, Stream, Wire};
use crate::config::{Security, Server};

/// A connection that does not come about within this time is given up.
const CONNECTING: Duration = Duration::from_secs(30);

/// So long for one address of several.
const EACH: Duration = Duration::from_secs(8);

const GREETED: &str = "before it greeted (does `security` go with the port?)";
const SECURED: &str = "while TLS was agreed on";

/// Connects, and reads the greeting. `largest` is the largest mail that will be asked for, in bytes.
pub(super) async fn connect(server: &Server, largest: usize) -> Result<Wire, Error> {
    let at = at(server);
    let failed = |source| Error::Connect { at: at.clone(), source };
    let tcp = timeout(CONNECTING, reach(&server.host, server.port)).await;
    let tcp = tcp.map_err(|_| failed(io::ErrorKind::TimedOut.into()))?.map_err(failed)?;
    // Commands are short and each waits for its answer.
    tcp.set_nodelay(true).map_err(failed)?;
    match server.security {
        Security::Plain => greeted(Box::new(BufWriter::new(tcp)), at, false, largest).await,
        Security::Tls => greeted(secure(tcp, server, &at).await?, at, true, largest).await,
        Security::StartTls => {
            let mut wire = greeted(Box::new(tcp), at.clone(), false, largest).await?;
            if let Err(refusal) = wire.attempt("STARTTLS", SECURED, |_| {}).await? {
                return Err(Error::NoStartTls { at, said: refusal.said });
            }
            let stream = secure(wire.into_stream(), server, &at).await?;
            // What was said of capabilities before is forgotten: nothing vouched for it.
            Ok(Wire::new(stream, at, true, largest))
        }
    }
}

/// Tries the host's addresses one after the other. One that swallows everything, as IPv6 does on some
/// networks, is not in the way of the others.
async fn reach(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in tokio::net::lookup_host((host, port)).await? {
        match timeout(EACH, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => return Ok(tcp),
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}

/// Host and port, as messages show them.
pub(super) fn at(server: &Server) -> String {
    if server.host.contains(':') {
        format!("[{}]:{}", server.host, server.port)
    } else {
        format!("{}:{}", server.host, server.port)
    }
}

async fn greeted(stream: Box<dyn Stream>, at: String, tls: bool, largest: usize) -> Result<Wire, Error> {
    let mut wire = Wire::new(stream, at, tls, largest);
    match wire.read(GREETED).await? {
        Response::Data { status: Status::Ok, .. } => Ok(wire),
        Response::Data { status: Status::Bye, outcome } => {
            let said = shown(outcome.information.as_deref().unwrap_or_default());
            Err(Error::Closed { at: wire.at, doing: GREETED, said })
        }
        // PREAUTH too: who one is there, nobody said.
        _ => Err(Error::NotImap { at: wire.at, doing: GREETED, tls }),
    }
}

async fn secure(
    stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + std::fmt::Debug + 'static,
    server: &Server,
    at: &str,
) -> Result<Box<dyn Stream>, Error> {
    let name = ServerName::try_from(server.host.clone()).map_err(|_| Error::Certificate {
        at: at.to_owned(),
        why: format!("no certificate can be for {:?}; give the server's name as host", server.host),
    })?;
    let connector = TlsConnector::from(Arc::new(client(server.ca.as_deref())?));
    let secured = timeout(PATIENCE, connector.connect(name, stream)).await;
    let secured = secured.map_err(|_| Error::Silent { at: at.to_owned(), doing: SECURED, after: PATIENCE })?;
    let secured = secured.map_err(|error| refused(error, server, at))?;
    Ok(Box::new(BufWriter::new(secured)))
}

/// What is trusted: the system's authorities, and those of `ca`.
fn client(ca: Option<&Path>) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    // One that cannot be read is one that does not count: the others may do.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca {
        let shown = path.display();
        let wrong = |what: String| Error::Trust { what: format!("the certificates in `{shown}` {what}") };
        let pem = fs::read(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        let mut found = 0;
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|error| wrong(format!("are no PEM: {error}")))?;
            roots.add(certificate).map_err(|error| wrong(format!("are of no use: {error}")))?;
            found += 1;
        }
        if found == 0 {
            return Err(wrong("are none; expected a PEM file (-----BEGIN CERTIFICATE-----)".to_owned()));
        }
    }
    if roots.is_empty() {
        let what = "this system trusts no certificate authority; install them (Debian: ca-certificates), or give \
                    the server's with ca = \"FILE\"";
        return Err(Error::Trust { what: what.to_owned() });
    }
    // The provider is named: with two of them in a program, asking for the default one panics.
    let provider = Arc::new(crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Error::Trust { what: format!("TLS cannot be used here: {error}") })?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Why TLS did not come about, and what would work.
fn refused(error: io::Error, server: &Server, at: &str) -> Error {
    let at = at.to_owned();
    let tls = error.get_ref().and_then(|source| source.downcast_ref::<TlsError>());
    let Some(TlsError::InvalidCertificate(reason)) = tls else {
        return Error::Tls { at, source: error };
    };
    Error::Certificate { at, why: why_refused(reason, &server.host) }
}

/// What is wrong with a server's certificate, and what would work; `host` is the server's name as configured.
pub(crate) fn why_refused(reason: &CertificateError, host: &str) -> String {
    match reason {
        CertificateError::UnknownIssuer => {
            "nobody who is trusted here has signed it; where the authority is your own, give it with ca = \"FILE\""
                .to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let names = match reason {
                CertificateError::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
                    let plain = |name: &String| name.split('"').nth(1).unwrap_or(name).to_owned();
                    // The library writes each with its kind: DnsName("mail.example.org").
                    format!("it is for {}", presented.iter().map(plain).collect::<Vec<_>>().join(", "))
                }
                _ => "it is for other names".to_owned(),
            };
            format!("{names}, and not for {host:?}; write as host a name that it is for")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired; renew it, or set this machine's clock".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet; set this machine's clock".to_owned()
        }
        CertificateError::Revoked => "it was revoked; the server needs a new one".to_owned(),
        other => format!("{other}; the server needs another one"),
    }
}
