//! Mail to a real Exim, and through it to people and to a list of mlmmj's.

mod program;
mod site;
mod transport;

use minuted::config::{Security, Server};
use minuted::delivery::{Mail, Outcome, Smtp};

use crate::harness::Exim;

/// Somebody sends a mail from a mail program; `from` and `to` are local parts at `example.org`.
fn submits(exim: &Exim, from: &str, to: &str, raw: &str) {
    let server = Server {
        host: "localhost".to_owned(),
        port: exim.smtp_port(),
        security: Security::StartTls,
        ca: Some(exim.authority()),
        login: None,
    };
    let sender = format!("{from}@example.org").parse().expect("an address");
    let recipient = format!("{to}@example.org").parse().expect("an address");
    let mail = Mail { message_id: "", sender: &sender, recipient: &recipient, raw: raw.as_bytes() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let outcome = runtime.block_on(async { Smtp::new(server).expect("certificates").deliver(&mail).await });
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
}
