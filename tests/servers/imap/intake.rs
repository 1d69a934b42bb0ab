//! What is taken in, once, and what becomes of it at the server.

use super::{at, each_counts_once, mail, over_tls, remark, site};
use crate::harness::{Dovecot, Proxy, Then, wait_until};

#[test]
fn only_what_is_new_is_fetched() {
    let dovecot = Dovecot::start();
    let proxy = Proxy::to(dovecot.imap_port());
    let site = site(&at(&dovecot, proxy.port(), "plain"));
    (0..40).for_each(|number| dovecot.delivers(&remark(number)));
    assert!(site.succeeds(&["run", "--once"]).starts_with("40 new"));
    let first = proxy.came();
    dovecot.delivers(&remark(40));
    assert!(site.succeeds(&["run", "--once"]).starts_with("1 new"));
    let second = proxy.came() - first;
    assert!(second < first / 3, "{second} bytes for one mail, {first} for forty");
    each_counts_once(&site, 41);
}

#[test]
fn old_mail_is_archive_by_its_arrival_and_never_acts() {
    let dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    site.configures("first_read = \"beginning\"", "first_read = 2014-04-08");
    dovecot.holds(&mail("old", "close A-WG4-TP8-001"), "07-Apr-2014 23:59:59 +0200");
    dovecot.holds(&mail("new", "close A-WG4-TP8-003"), "08-Apr-2014 00:00:00 +0200");
    // The server's clock is ahead: it is live, and of now.
    dovecot.holds(&mail("ahead", "note A-WG4-TP8-005: remark"), "08-Apr-2099 00:00:00 +0200");
    assert!(site.succeeds(&["run", "--once"]).starts_with("3 new, 2 changed something, 2 answered"));
    assert_eq!(site.answers(), ["ahead@example.org", "new@example.org"]);
    assert_eq!(site.status("A-WG4-TP8-001"), "open");
    let messages = site.succeeds(&["list", "messages", "--json"]);
    assert!(!messages.contains("2099"), "{messages}");
}

#[test]
fn a_changed_uidvalidity_does_nothing_twice_and_wakes_no_old_mail() {
    let dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    site.configures("first_read = \"beginning\"", "first_read = 2014-04-08");
    site.configures("# message_bytes = \"25 MiB\"", "message_bytes = \"64 KiB\"");
    let old = mail("old", "close A-WG4-TP8-001");
    dovecot.holds(&old, "01-Apr-2014 08:00:00 +0200");
    (0..10).for_each(|number| dovecot.delivers(&remark(number)));
    let large = mail("large", &"many words\r\n".repeat(10_000));
    dovecot.delivers(&large);
    assert!(site.succeeds(&["run", "--once"]).starts_with("12 new"));
    assert_eq!(site.held().len(), 1);
    dovecot.doveadm(&["mailbox", "update", "-u", Dovecot::USER, "--uid-validity", "77777777", "INBOX"]);
    // As when a mailbox is carried to another server: the same mail, and a later arrival.
    dovecot.holds(&old, "02-May-2014 08:00:00 +0200");
    let said = site.succeeds(&["run", "--once"]);
    assert!(said.starts_with("13 new, 0 changed something, 0 answered, 0 held"), "{said}");
    assert_eq!(site.status("A-WG4-TP8-001"), "open");
    assert_eq!(site.held().len(), 1, "what was put aside is not put aside again");
    each_counts_once(&site, 10);
    // And the next one is as new as ever.
    dovecot.delivers(&remark(10));
    assert!(site.succeeds(&["run", "--once"]).starts_with("1 new, 1 changed something"));
    each_counts_once(&site, 11);
}

#[test]
fn of_a_mail_that_is_too_large_only_the_head_is_fetched() {
    let dovecot = Dovecot::start();
    let proxy = Proxy::to(dovecot.imap_port());
    let site = site(&at(&dovecot, proxy.port(), "plain"));
    site.configures("# message_bytes = \"25 MiB\"", "message_bytes = \"1 MiB\"");
    dovecot.delivers(&mail("large", &"many words and then some\r\n".repeat(120_000)));
    dovecot.delivers(&remark(0));
    assert!(site.succeeds(&["run", "--once"]).starts_with("2 new"));
    assert!(proxy.came() < 200_000, "{} bytes came", proxy.came());
    let held = site.held();
    assert!(held.len() == 1 && held[0].1.starts_with("too large: 3"), "{held:?}");
    each_counts_once(&site, 1);
}

#[test]
fn what_is_left_as_it_is_is_not_touched() {
    let dovecot = Dovecot::start();
    let site = site(&format!("{}\nafter = \"leave\"", over_tls(&dovecot)));
    dovecot.delivers(&remark(0));
    assert!(site.succeeds(&["run", "--once"]).starts_with("1 new"));
    assert!(!dovecot.flags("INBOX")[0].contains("\\Seen"));
    each_counts_once(&site, 1);
}

#[test]
fn what_was_read_is_moved_where_the_configuration_says_so() {
    // With MOVE, with UIDPLUS alone, and with neither.
    for (extensions, left) in [("UIDPLUS MOVE", 0), ("UIDPLUS", 0), ("", 1)] {
        let dovecot = Dovecot::with(&format!("imap_capability = IMAP4rev1 SASL-IR LITERAL+ IDLE {extensions}\n"));
        let site = site(&format!("{}\nafter = \"move\"\nmove_to = \"Entwürfe\"", over_tls(&dovecot)));
        dovecot.delivers(&remark(0));
        // Without that folder, mail is read and answered, and what is wrong is told.
        let said = site.fails(&["run", "--once"]);
        assert!(said.contains("does not open the folder \"Entwürfe\""), "{said}");
        dovecot.doveadm(&["mailbox", "create", "-u", Dovecot::USER, "Entwürfe"]);
        assert!(site.succeeds(&["run", "--once"]).starts_with("0 new"));
        assert_eq!(dovecot.flags("Entwürfe").len(), 1, "{extensions}");
        assert_eq!(dovecot.flags("INBOX").len(), left, "{extensions}");
        // It is copied once, also where it cannot be taken away.
        assert!(site.succeeds(&["run", "--once"]).starts_with("0 new"));
        assert_eq!(dovecot.flags("Entwürfe").len(), 1, "{extensions}");
        each_counts_once(&site, 1);
    }
}

#[test]
fn two_folders_with_one_uidvalidity_are_two() {
    let dovecot = Dovecot::start();
    dovecot.doveadm(&["mailbox", "create", "-u", Dovecot::USER, "Lists"]);
    for folder in ["INBOX", "Lists"] {
        dovecot.doveadm(&["mailbox", "update", "-u", Dovecot::USER, "--uid-validity", "77777777", folder]);
    }
    let site = site(&over_tls(&dovecot));
    dovecot.delivers(&remark(0));
    assert!(site.succeeds(&["run", "--once"]).starts_with("1 new"));
    dovecot.delivers(&remark(1));
    dovecot.doveadm(&["move", "-u", Dovecot::USER, "Lists", "mailbox", "INBOX", "uid", "2"]);
    site.configures("kind = \"imap\"", "kind = \"imap\"\nfolder = \"Lists\"");
    assert!(site.succeeds(&["run", "--once"]).starts_with("1 new"));
    each_counts_once(&site, 2);
}

#[test]
fn a_mail_that_is_deleted_while_others_are_fetched_is_in_nobodys_way() {
    const MAILS: usize = 12;
    let dovecot = Dovecot::start();
    let proxy = Proxy::to(dovecot.imap_port());
    let site = site(&at(&dovecot, proxy.port(), "plain"));
    // Larger than what lies in buffers on the way.
    let attached = format!("{}\r\n", "A".repeat(76)).repeat(10_000);
    for number in 0..MAILS {
        let text = String::from_utf8(remark(number)).expect("text");
        let (header, text) = text.split_once("\r\n\r\n").expect("a header and a text");
        let raw = format!(
            "{header}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n--b\r\n\
             Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n{attached}--b--\r\n"
        );
        dovecot.delivers(raw.as_bytes());
    }
    proxy.after(20_000, Then::Stalls);
    let daemon = site.starts();
    wait_until("it stalls inside the first", || proxy.came() > 18_000);
    dovecot.doveadm(&["expunge", "-u", Dovecot::USER, "mailbox", "INBOX", "uid", &MAILS.to_string()]);
    proxy.heals();
    wait_until("the others are answered", || site.answers_so_far() >= MAILS - 1);
    assert!(!daemon.said().contains("out of reach"), "{}", daemon.said());
    daemon.stops_when_told();
    let noted = site.history("A-WG4-TP8-005", "note").len();
    assert!(noted >= MAILS - 1, "{noted} of them were noted");
}
