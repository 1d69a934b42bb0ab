//! Ways to a server and into it, and what is said where there is none.

use super::{at, mail, over_tls, site};
use crate::harness::{Dovecot, Site, token};

const CLOSE: &str = "close A-WG4-TP8-001";

#[test]
fn a_mail_over_tls_is_acted_upon_answered_and_marked_as_seen() {
    let dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    dovecot.delivers(&mail("one", CLOSE));
    let said = site.succeeds(&["run", "--once"]);
    assert!(said.starts_with("1 new, 1 changed something, 1 answered"), "{said}");
    assert_eq!(site.status("A-WG4-TP8-001"), "closed");
    assert_eq!(site.answers(), ["one@example.org"]);
    assert!(dovecot.flags("INBOX")[0].contains("\\Seen"), "{:?}", dovecot.flags("INBOX"));
}

#[test]
fn starttls_is_as_good() {
    let dovecot = Dovecot::start();
    let site = site(&at(&dovecot, dovecot.imap_port(), "starttls"));
    dovecot.delivers(&mail("one", CLOSE));
    assert!(site.succeeds(&["run", "--once"]).starts_with("1 new"));
    assert!(dovecot.log().contains("TLS"), "{}", dovecot.log());
}

#[test]
fn a_server_without_starttls_is_told_no_password() {
    let dovecot = Dovecot::with("ssl = no\n");
    let site = site(&at(&dovecot, dovecot.imap_port(), "starttls"));
    let said = site.fails(&["run", "--once"]);
    assert!(said.contains("does not offer STARTTLS") && said.contains("security = \"tls\""), "{said}");
    assert!(!dovecot.log().contains("Login: user="), "{}", dovecot.log());
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    site.configures(&format!("ca = \"{}\"\n", dovecot.authority().display()), "");
    let said = site.fails(&["run", "--once"]);
    let at = format!("localhost:{}", dovecot.imaps_port());
    assert!(said.contains(&format!("the certificate of {at} is refused")), "{said}");
    assert!(said.contains("nobody who is trusted here has signed it") && said.contains("ca = \"FILE\""), "{said}");
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let mut dovecot = Dovecot::start();
    dovecot.stop();
    dovecot.shows_a_certificate_for(&["imap.example.org"]);
    dovecot.start_again();
    let said = site(&over_tls(&dovecot)).fails(&["run", "--once"]);
    assert!(said.contains("imap.example.org") && said.contains("and not for \"localhost\""), "{said}");
}

#[test]
fn a_wrong_password_is_told_and_not_shown() {
    let dovecot = Dovecot::start();
    let site = Site::new(&over_tls(&dovecot), "not-the-password");
    for command in [&["run", "--once"][..], &["check"]] {
        let said = site.fails(command);
        assert!(said.contains("refuses the login of minuted@example.org"), "{said}");
        assert!(said.contains("look at user and password"), "{said}");
        assert!(!said.contains("not-the-password"), "{said}");
    }
    assert!(!site.log().contains("not-the-password"));
}

#[test]
fn a_port_that_speaks_something_else_is_told() {
    let dovecot = Dovecot::start();
    let said = site(&at(&dovecot, dovecot.imap_port(), "tls")).fails(&["run", "--once"]);
    assert!(said.contains("no TLS with localhost") && said.contains("993 is usual"), "{said}");
    let said = site(&at(&dovecot, dovecot.lmtp_port(), "plain")).fails(&["run", "--once"]);
    assert!(said.contains("is not IMAP"), "{said}");
}

#[test]
fn an_access_token_logs_in_and_an_expired_one_is_got_anew() {
    let dovecot = Dovecot::start();
    let mailbox = over_tls(&dovecot).replace("password = { file = \"password\" }", "token = { file = \"token\" }");
    let site = site(&mailbox);
    site.writes("site/token", &token(Dovecot::USER, -60));
    let said = site.fails(&["run", "--once"]);
    assert!(said.contains("refuses the login") && said.contains("the access token may have expired"), "{said}");
    assert!(!said.contains(&site.reads("site/token")), "{said}");
    site.writes("site/token", &token(Dovecot::USER, 600));
    dovecot.delivers(&mail("one", CLOSE));
    assert!(site.succeeds(&["run", "--once"]).starts_with("1 new"));
    // The same by a program that prints it.
    site.configures("token = { file = \"token\" }", "token = { command = [\"cat\", \"/nowhere\"] }");
    let said = site.fails(&["run", "--once"]);
    assert!(said.contains("prints the access token, `cat`, failed"), "{said}");
    let token = site.path("site/token").display().to_string();
    site.configures("\"/nowhere\"", &format!("{token:?}"));
    assert!(site.succeeds(&["run", "--once"]).starts_with("0 new"));
}

#[test]
fn a_folder_that_is_not_there_is_told_with_those_that_are() {
    let dovecot = Dovecot::start();
    dovecot.doveadm(&["mailbox", "create", "-u", Dovecot::USER, "Lists/WG4", "R&D"]);
    let site = site(&format!("{}\nfolder = \"Lists/WG5\"", over_tls(&dovecot)));
    for command in [&["run", "--once"][..], &["check"]] {
        let said = site.fails(command);
        assert!(said.contains("does not open the folder \"Lists/WG5\""), "{said}");
        assert!(said.contains("\"INBOX\"") && said.contains("\"Lists/WG4\"") && said.contains("\"R&D\""), "{said}");
    }
}

#[test]
fn a_check_tells_what_would_be_read_and_changes_nothing() {
    let dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    site.configures("first_read = \"beginning\"", "first_read = 2014-04-08");
    dovecot.holds(&mail("old", CLOSE), "01-Apr-2014 08:00:00 +0200");
    dovecot.holds(&mail("one", CLOSE), "09-Apr-2014 08:00:00 +0200");
    dovecot.holds(&mail("two", CLOSE), "09-Apr-2014 08:00:00 +0200");
    let said = site.succeeds(&["check"]);
    assert!(said.contains("messages: 3; would be read: 2 live, 1 as archive; too large: 0"), "{said}");
    assert!(said.contains("the server tells of new mail (IDLE)"), "{said}");
    assert!(dovecot.flags("INBOX").iter().all(|flags| !flags.contains("\\Seen")), "{:?}", dovecot.flags("INBOX"));
    site.configures("kind = \"imap\"", "kind = \"imap\"\nafter = \"move\"\nmove_to = \"Read\"");
    let said = site.fails(&["check"]);
    assert!(said.contains("there is no folder \"Read\""), "{said}");
}
