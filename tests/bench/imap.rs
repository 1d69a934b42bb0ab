//! The barest IMAP client there is, over TLS: what fetching costs without a program around it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use jiff::Timestamp;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::harness::Dovecot;

/// A connection on which INBOX is open for reading.
pub struct Client(BufReader<StreamOwned<ClientConnection, TcpStream>>);

impl Client {
    pub fn open(dovecot: &Dovecot) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(dovecot.authority()).expect("a certificate")).expect("an authority");
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").expect("a name");
        let session = ClientConnection::new(Arc::new(config), name).expect("a session");
        let stream = TcpStream::connect(("127.0.0.1", dovecot.imaps_port())).expect("IMAP");
        stream.set_nodelay(true).expect("a socket");
        let mut client = Self(BufReader::with_capacity(64 << 10, StreamOwned::new(session, stream)));
        client.reads_to("* OK");
        client.says(&format!("a LOGIN {} {}", Dovecot::USER, Dovecot::PASSWORD));
        client.reads_to("a OK");
        client.says("b EXAMINE INBOX");
        client.reads_to("b OK");
        client
    }

    /// Fetches every mail, and lets it go. Returns how many bytes came.
    pub fn fetch_all(&mut self) -> usize {
        const END: &[u8] = b"\r\nc OK";
        self.says("c UID FETCH 1:* BODY.PEEK[]");
        let (mut came, mut last) = (0, Vec::new());
        let mut bytes = vec![0; 64 << 10];
        loop {
            let count = self.0.read(&mut bytes).expect("mails");
            assert!(count > 0, "the server hung up");
            came += count;
            // The end of the command is in the last line, and that is in what came last.
            last.extend_from_slice(&bytes[count.saturating_sub(256)..count]);
            last.drain(..last.len().saturating_sub(256));
            if last.ends_with(b"\r\n") && last.windows(END.len()).any(|part| part == END) {
                return came;
            }
        }
    }

    /// Idles for ever, and tells when the server says EXISTS.
    pub fn idle(mut self) -> Receiver<Timestamp> {
        self.says("d IDLE");
        self.reads_to("+");
        let (tell, told) = channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            while self.0.read_line(&mut line).is_ok_and(|count| count > 0) {
                if line.ends_with("EXISTS\r\n") && tell.send(Timestamp::now()).is_err() {
                    return;
                }
                line.clear();
            }
        });
        told
    }

    fn says(&mut self, line: &str) {
        self.0.get_mut().write_all(format!("{line}\r\n").as_bytes()).expect("writing");
    }

    fn reads_to(&mut self, start: &str) {
        let mut line = String::new();
        while !line.starts_with(start) {
            line.clear();
            assert!(self.0.read_line(&mut line).expect("an answer") > 0, "the server hung up before {start}");
        }
    }
}
