//! Mail from a real Dovecot, read by the built program.

mod connection;
mod crashes;
mod daemon;
mod intake;

use crate::harness::{Dovecot, Site};

/// The keys of a mailbox at this server, over TLS, with the server's authority trusted.
fn over_tls(dovecot: &Dovecot) -> String {
    at(dovecot, dovecot.imaps_port(), "tls")
}

/// The keys of a mailbox at a port of this server, or of a way to it.
fn at(dovecot: &Dovecot, port: u16, security: &str) -> String {
    format!(
        "kind = \"imap\"\nhost = \"localhost\"\nport = {port}\nsecurity = \"{security}\"\nca = \"{}\"\nuser = \"{}\"\n\
         password = {{ file = \"password\" }}",
        dovecot.authority().display(),
        Dovecot::USER
    )
}

/// A set-up that reads this mailbox with the right password.
fn site(mailbox: &str) -> Site {
    Site::new(mailbox, Dovecot::PASSWORD)
}

/// A mail of the chair to the bot.
fn mail(id: &str, text: &str) -> Vec<u8> {
    format!(
        "From: <chair@example.org>\r\nTo: minuted@example.org\r\nSubject: Actions\r\n\
         Date: Tue, 08 Apr 2014 09:00:00 +0200\r\nMessage-ID: <{id}@example.org>\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

/// A mail with a remark that nobody else makes, so that it can be counted.
fn remark(number: usize) -> Vec<u8> {
    mail(&format!("remark-{number:04}"), &format!("note A-WG4-TP8-005: remark {number:04}"))
}

/// Asserts that so many remarks were noted and answered, each once.
fn each_counts_once(site: &Site, remarks: usize) {
    let mut noted = site.history("A-WG4-TP8-005", "note");
    noted.sort_unstable();
    assert_eq!(noted, (0..remarks).map(|number| format!("remark {number:04}")).collect::<Vec<_>>());
    let expected: Vec<String> = (0..remarks).map(|number| format!("remark-{number:04}@example.org")).collect();
    assert_eq!(site.answers(), expected);
    site.succeeds(&["rebuild", "--check"]);
}
