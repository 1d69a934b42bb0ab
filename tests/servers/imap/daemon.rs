//! The daemon with a server: woken, cut off, stopped.

use std::time::{Duration, Instant};

use super::{at, each_counts_once, mail, over_tls, remark, site};
use crate::harness::{Dovecot, Proxy, Site, Then, token, wait_until};

/// Waits until so many mails were answered.
fn answers(site: &Site, count: usize) {
    wait_until(&format!("{count} mails are answered"), || site.answers_so_far() >= count);
}

#[test]
fn new_mail_wakes_the_daemon_and_closes_the_item() {
    let dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    let daemon = site.starts();
    daemon.waits_until_it_says("the mailbox is open");
    let delivered = Instant::now();
    dovecot.delivers(&mail("one", "close A-WG4-TP8-001"));
    answers(&site, 1);
    let took = delivered.elapsed();
    eprintln!("from the delivery into the mailbox to the answer: {took:?}");
    assert!(took < Duration::from_secs(5), "it took {took:?}");
    assert_eq!(site.status("A-WG4-TP8-001"), "closed");
    wait_until("it is marked as seen", || dovecot.flags("INBOX")[0].contains("\\Seen"));
    daemon.stops_when_told();
}

#[test]
fn a_server_that_tells_nothing_by_itself_is_asked_now_and_then() {
    let dovecot = Dovecot::with("imap_capability = IMAP4rev1 UIDPLUS MOVE\n");
    let site = site(&format!("{}\npoll = \"1 s\"", over_tls(&dovecot)));
    assert!(site.succeeds(&["check"]).contains("the server has no IDLE: it is asked every 1 s"));
    let daemon = site.starts();
    daemon.waits_until_it_says("the mailbox is open");
    dovecot.delivers(&remark(0));
    answers(&site, 1);
    daemon.stops_when_told();
    each_counts_once(&site, 1);
}

#[test]
fn a_restarted_server_is_connected_to_again() {
    let mut dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    let daemon = site.starts();
    daemon.waits_until_it_says("the mailbox is open");
    dovecot.delivers(&remark(0));
    answers(&site, 1);
    dovecot.stop();
    daemon.waits_until_it_says("the mailbox is out of reach");
    dovecot.start_again();
    dovecot.delivers(&remark(1));
    answers(&site, 2);
    assert_eq!(daemon.said().matches("the mailbox is out of reach").count(), 1, "{}", daemon.said());
    dovecot.delivers(&remark(2));
    answers(&site, 3);
    daemon.stops_when_told();
    each_counts_once(&site, 3);
}

/// The server ends the connection, and this mail finds its way all the same.
fn ends_the_connection(dovecot: &Dovecot, site: &Site, number: usize) {
    dovecot.doveadm(&["kick", Dovecot::USER]);
    dovecot.delivers(&remark(number));
    answers(site, number + 1);
}

#[test]
fn a_token_that_expires_while_the_daemon_waits_is_read_again_at_the_next_login() {
    let dovecot = Dovecot::start();
    let mailbox = over_tls(&dovecot).replace("password = { file = \"password\" }", "token = { file = \"token\" }");
    let site = site(&mailbox);
    site.writes("site/token", &token(Dovecot::USER, 2));
    let daemon = site.starts();
    daemon.waits_until_it_says("the mailbox is open");
    dovecot.delivers(&remark(0));
    answers(&site, 1);
    // By now it has expired, in the middle of IDLE; whoever sees to it has put another one in its place.
    std::thread::sleep(Duration::from_secs(3));
    site.writes("site/token", &token(Dovecot::USER, 600));
    ends_the_connection(&dovecot, &site, 1);
    assert!(!daemon.said().contains("refuses the login"), "{}", daemon.said());
    daemon.stops_when_told();
    each_counts_once(&site, 2);
}

#[test]
fn an_expired_token_is_told_once_and_its_successor_is_found_without_a_restart() {
    let dovecot = Dovecot::start();
    let mailbox = over_tls(&dovecot).replace("password = { file = \"password\" }", "token = { file = \"token\" }");
    let site = site(&mailbox);
    site.writes("site/token", &token(Dovecot::USER, 2));
    let daemon = site.starts();
    daemon.waits_until_it_says("the mailbox is open");
    std::thread::sleep(Duration::from_secs(3));
    dovecot.doveadm(&["kick", Dovecot::USER]);
    daemon.waits_until_it_says("the access token may have expired");
    let told: serde_json::Value =
        serde_json::from_str(&site.says_with(2, &["health", "--json", "--now", &later(15)])).expect("JSON");
    assert!(told["servers"][0]["error"].as_str().is_some_and(|error| error.contains("refuses the login")), "{told}");
    site.writes("site/token", &token(Dovecot::USER, 600));
    dovecot.delivers(&remark(0));
    // After a refused login it waits for half a minute.
    answers(&site, 1);
    assert_eq!(daemon.said().matches("refuses the login").count(), 1, "{}", daemon.said());
    daemon.stops_when_told();
}

/// A time so many minutes from now, for `--now`.
fn later(minutes: i64) -> String {
    (jiff::Timestamp::now() + jiff::SignedDuration::from_mins(minutes)).to_string()
}

#[test]
fn a_password_that_is_changed_while_the_daemon_runs_is_read_again_at_the_next_login() {
    let dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    let daemon = site.starts();
    daemon.waits_until_it_says("the mailbox is open");
    dovecot.changes_password("a-password-of-another-length");
    site.writes("site/password", "a-password-of-another-length\n");
    ends_the_connection(&dovecot, &site, 0);
    assert!(!daemon.said().contains("refuses the login"), "{}", daemon.said());
    daemon.stops_when_told();
}

#[test]
fn health_says_whether_the_daemon_runs_and_since_when_its_server_is_out_of_reach() {
    let mut dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    let health = |code: i32, more: &[&str]| -> serde_json::Value {
        let said = site.says_with(code, &[&["health", "--json"], more].concat());
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    };
    assert_eq!(health(2, &[])["daemon"]["runs"], false);
    assert_eq!(health(0, &["--no-daemon"])["state"], "well");
    let daemon = site.starts();
    daemon.waits_until_it_says("the mailbox is open");
    let mut told = health(0, &[]);
    wait_until("it is noted", || {
        told = health(0, &[]);
        told["servers"][0]["reached_at"].is_string()
    });
    assert_eq!(
        (&told["state"], &told["daemon"]["runs"], &told["servers"][0]["failed_at"]),
        (&"well".into(), &true.into(), &serde_json::Value::Null)
    );
    dovecot.stop();
    daemon.waits_until_it_says("the mailbox is out of reach");
    wait_until("it is noted", || {
        site.with_store(async |store, _| store.doors().await.expect("doors")[0].failed_at.is_some())
    });
    let told = health(1, &[]);
    assert!(told["findings"][0]["what"].as_str().is_some_and(|what| what.contains("localhost:")), "{told}");
    assert_eq!(health(2, &["--now", &later(11)])["state"], "failing");
    let said = site.says_with(1, &["health"]);
    assert!(said.contains("is out of reach since") && said.contains("attention"), "{said}");
    dovecot.start_again();
    wait_until("it is in reach", || {
        site.with_store(async |store, _| store.doors().await.expect("doors")[0].failed_at.is_none())
    });
    let told = health(0, &[]);
    assert!(told["servers"][0]["error"].is_string(), "the last failure is still told: {told}");
    daemon.stops_when_told();
    assert_eq!(health(2, &[])["daemon"]["runs"], false);
}

#[test]
fn a_folder_that_is_made_anew_while_it_is_open_is_read_again_and_does_nothing_twice() {
    let dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    let daemon = site.starts();
    daemon.waits_until_it_says("the mailbox is open");
    (0..5).for_each(|number| dovecot.delivers(&remark(number)));
    answers(&site, 5);
    dovecot.doveadm(&["mailbox", "update", "-u", Dovecot::USER, "--uid-validity", "77777777", "INBOX"]);
    dovecot.delivers(&remark(5));
    answers(&site, 6);
    wait_until("all of it is settled", || {
        let flags = dovecot.flags("INBOX");
        flags.len() == 6 && flags.iter().all(|flags| flags.contains("\\Seen"))
    });
    daemon.stops_when_told();
    each_counts_once(&site, 6);
}

#[test]
fn a_group_whose_server_is_down_is_in_nobodys_way() {
    let mut dovecot = Dovecot::start();
    let site = site(&over_tls(&dovecot));
    // Another group, with Maildirs.
    let text = site.reads("site/minuted.toml");
    let group = text.find("\n[[group]]").expect("a group");
    let from = text.find("kind = \"imap\"").expect("the mailbox");
    let to = text.find("# Where mail goes").expect("the delivery");
    let other = format!("{}kind = \"maildir\"\npath = \"mail/other-in\"\n{}", &text[group..from], &text[to..])
        .replace("key = \"sec\"", "key = \"other\"")
        .replace("minuted@example.org", "minuted-other@example.org")
        .replace("wg4@example.org", "wg5@example.org")
        .replace("\"mail/out\"", "\"mail/other-out\"");
    site.writes("site/minuted.toml", &format!("{text}{other}"));
    for maildir in ["other-in", "other-out"] {
        for folder in ["tmp", "new", "cur"] {
            std::fs::create_dir_all(site.path("site/mail").join(maildir).join(folder)).expect("a Maildir");
        }
    }
    dovecot.stop();
    let other_receives = |id: &str| {
        let raw = String::from_utf8(mail(id, "help")).expect("text").replace("minuted@", "minuted-other@");
        let [written, delivered] = ["tmp", "new"].map(|folder| format!("site/mail/other-in/{folder}/{id}"));
        site.writes(&written, &raw);
        std::fs::rename(site.path(&written), site.path(&delivered)).expect("delivering a mail");
    };
    let answered = || std::fs::read_dir(site.path("site/mail/other-out/new")).expect("a Maildir").count();
    other_receives("first");
    let said = site.fails(&["run", "--once"]);
    assert!(said.contains("1 new") && said.contains("cannot connect to localhost"), "{said}");
    assert_eq!(answered(), 1);
    let daemon = site.starts();
    daemon.waits_until_it_says("the mailbox is out of reach");
    other_receives("second");
    wait_until("the other group's mail is answered", || answered() == 2);
    dovecot.start_again();
    dovecot.delivers(&remark(0));
    answers(&site, 1);
    daemon.stops_when_told();
}

#[test]
fn the_daemon_stops_at_once_also_while_it_waits_for_the_server() {
    let dovecot = Dovecot::start();
    let proxy = Proxy::to(dovecot.imap_port());
    let site = site(&at(&dovecot, proxy.port(), "plain"));
    (0..50).for_each(|number| dovecot.delivers(&remark(number)));
    // In the midst of the mails.
    proxy.after(6_000, Then::Stalls);
    let daemon = site.starts();
    wait_until("the server stalls", || proxy.came() > 4_000);
    std::thread::sleep(Duration::from_millis(200));
    daemon.stops_when_told();
    proxy.heals();
    assert!(site.succeeds(&["run", "--once"]).contains("50 changed something"));
    each_counts_once(&site, 50);
}

#[test]
fn new_mail_does_not_wait_for_the_archive() {
    const ARCHIVE: usize = 2_000;
    let dovecot = Dovecot::start();
    let proxy = Proxy::to(dovecot.imap_port());
    let site = site(&at(&dovecot, proxy.port(), "plain"));
    site.configures("first_read = \"beginning\"", "first_read = \"now\"");
    let old: Vec<Vec<u8>> = (0..ARCHIVE).map(|number| mail(&format!("old-{number}"), "See SEC-2014-0243.")).collect();
    dovecot.holds_all(&old.iter().map(Vec::as_slice).collect::<Vec<_>>(), "01-Apr-2014 08:00:00 +0200");
    // It comes last, and INTERNALDATE counts whole seconds: it is later than the start of the group.
    std::thread::sleep(Duration::from_millis(1100));
    dovecot.delivers(&remark(0));
    // Room for the list of the mails and some of them, not for all.
    proxy.after(ARCHIVE as u64 * 100 + 200_000, Then::Stalls);
    let daemon = site.starts();
    answers(&site, 1);
    let taken = || {
        let listed: serde_json::Value =
            serde_json::from_str(&site.succeeds(&["list", "messages", "--json"])).expect("JSON");
        listed.as_array().expect("a list").len()
    };
    let first = taken();
    assert!(first < ARCHIVE, "all {first} messages were there first");
    proxy.heals();
    dovecot.delivers(&remark(1));
    wait_until("all of it is there", || taken() == ARCHIVE + 2);
    answers(&site, 2);
    daemon.stops_when_told();
    each_counts_once(&site, 2);
}
