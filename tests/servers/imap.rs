//! Mail from a real Dovecot.

use crate::harness::Dovecot;

#[test]
fn a_server_of_ones_own_takes_a_mail_and_gives_it() {
    let mut dovecot = Dovecot::start();
    dovecot.delivers(b"From: <chair@example.org>\r\nTo: minuted@example.org\r\nSubject: Hello\r\n\r\n.dot\r\n");
    assert_eq!(dovecot.flags("INBOX").len(), 1);
    dovecot.stop();
    dovecot.start_again();
    assert_eq!(dovecot.flags("INBOX").len(), 1);
}
