//! The built program: its answers go through Exim into people's mailboxes, whatever happens on the way.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::site::{LOGIN, Site};
use super::submits;
use crate::harness::{Dovecot, Exim, Manner, Proxy, Then, header, wait_until};

/// All mails to the people of the tests.
fn arrived(exim: &Exim) -> Vec<String> {
    ["chair", "secretary", "vice-chair", "member-qualcomm"].iter().flat_map(|person| exim.mailbox(person)).collect()
}

/// What the mails that arrived answer, and how often.
fn answered(exim: &Exim) -> BTreeMap<String, usize> {
    let mut answered = BTreeMap::new();
    for mail in arrived(exim) {
        let answers = header(&mail, "In-Reply-To").expect("an answer").trim_matches(['<', '>']).to_owned();
        *answered.entry(answers).or_default() += 1;
    }
    answered
}

/// How many mails the server took over more than once, by its own log. A server that is killed may well
/// deliver a mail twice that it took over once.
fn taken_twice(exim: &Exim) -> usize {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for line in exim.log().lines().filter(|line| line.contains(" <= ")) {
        let id = line.split(' ').find_map(|field| field.strip_prefix("id=")).expect("a Message-ID");
        *taken.entry(id.to_owned()).or_default() += 1;
    }
    taken.values().filter(|count| **count > 1).count()
}

fn remarks(count: usize) -> BTreeMap<String, usize> {
    (0..count).map(|number| (format!("remark-{number:04}@example.org"), 1)).collect()
}

#[test]
fn a_command_is_answered_into_the_members_mailbox() {
    let exim = Exim::with(Manner { asks_for_login: true, ..Manner::default() });
    let site = Site::sends_to(&exim, LOGIN);
    let daemon = site.starts();
    site.receives(0, "secretary", "A-WG4-TP8-005: closed");
    wait_until("the answer is in the mailbox", || exim.mailbox("secretary").len() == 1);
    let answer = exim.mailbox("secretary").remove(0);
    assert_eq!(header(&answer, "In-Reply-To"), Some("<remark-0000@example.org>"));
    assert_eq!(header(&answer, "Auto-Submitted"), Some("auto-replied"));
    let sender = header(&answer, "Return-path").expect("an envelope sender");
    assert!(sender.starts_with("<minuted+bounce-1-"), "{sender}");
    assert!(answer.contains("A-WG4-TP8-005"), "{answer}");
    wait_until("it is marked", || site.count("sent") == 1);
    let told = Instant::now();
    assert!(daemon.stops());
    assert!(told.elapsed() < Duration::from_secs(15));
}

#[test]
fn a_server_that_is_down_holds_everything_up_and_loses_and_doubles_nothing() {
    const REMARKS: usize = 60;
    let mut exim = Exim::start();
    let site = Site::sends_to(&exim, "");
    let daemon = site.starts();
    site.receives_remarks(0..REMARKS / 2);
    wait_until("some are there", || arrived(&exim).len() >= 5);
    exim.stop();
    site.receives_remarks(REMARKS / 2..REMARKS);
    wait_until("the daemon knows", || daemon.log().contains("there is no way to the server"));
    wait_until("all are answered", || site.outbox().len() == REMARKS);
    // As it goes down it may be found so in two ways. Of the attempts that follow none is told.
    let told = || daemon.log().matches("there is no way to the server").count();
    std::thread::sleep(Duration::from_secs(3));
    let before = told();
    std::thread::sleep(Duration::from_secs(4));
    assert!(before <= 2 && told() == before, "{}", daemon.log());
    let waiting: Vec<_> = site.outbox().into_iter().filter(|mail| mail["state"] == "waiting").collect();
    assert!(waiting.len() >= REMARKS / 2);
    // What was being sent when the server went may have failed; nothing else has.
    let failed = waiting.iter().filter(|mail| mail["attempts"] != 0).count();
    assert!(failed <= 4, "{failed} mails were blamed for the server");
    assert!(waiting.iter().any(|mail| mail["error"].as_str().is_some_and(|error| error.contains("no connection"))));
    exim.start_again();
    let back = Instant::now();
    wait_until("most are there soon", || arrived(&exim).len() >= REMARKS - 4);
    assert!(back.elapsed() < Duration::from_secs(30), "{:?}", back.elapsed());
    assert!(daemon.log().contains("mail goes out again"), "{}", daemon.log());
    assert!(daemon.stops());
    // The rest without waiting for its minute.
    let later = (jiff::Timestamp::now() + jiff::SignedDuration::from_mins(5)).to_string();
    site.succeeds(&["--now", &later, "run", "--once"]);
    wait_until("all are there", || answered(&exim).len() == REMARKS);
    let doubled = taken_twice(&exim);
    assert!(doubled <= failed, "{doubled} came twice, and {failed} were cut off");
    assert_eq!(site.count("sent"), REMARKS);
}

#[test]
fn a_refused_recipient_is_parked_with_the_servers_words_and_sent_again_when_told() {
    let exim = Exim::start();
    let site = Site::sends_to(&exim, "");
    exim.defers(true);
    site.receives_remarks(0..1);
    let said = site.succeeds(&["run", "--once"]);
    assert!(said.contains("0 sent, 1 to be tried again"), "{said}");
    let mail = site.outbox().remove(0);
    assert_eq!((mail["state"].as_str(), mail["attempts"].as_u64()), (Some("waiting"), Some(1)));
    assert_eq!(mail["error"], "451 4.7.1 come back later");
    // Not before its time.
    exim.defers(false);
    let said = site.succeeds(&["run", "--once"]);
    assert!(said.contains("0 sent, 0 to be tried again"), "{said}");
    let later = (jiff::Timestamp::now() + jiff::SignedDuration::from_mins(2)).to_string();
    let said = site.succeeds(&["--now", &later, "run", "--once"]);
    assert!(said.contains("1 sent"), "{said}");
    assert_eq!(site.outbox()[0]["error"], serde_json::Value::Null);

    site.succeeds(&["do", "member Refused One, Qualcomm, refused@example.org", "--as", "chair@example.org"]);
    site.receives(1, "refused", "status");
    let said = site.succeeds(&["run", "--once"]);
    assert!(said.contains("1 refused for good"), "{said}");
    let parked: serde_json::Value =
        serde_json::from_str(&site.succeeds(&["outbox", "list", "--state", "parked", "--json"])).expect("JSON");
    assert_eq!(parked[0]["error"], "550 5.1.1 nobody of that name is here");
    let number = parked[0]["id"].to_string();
    let shown = site.says(&["outbox", "show", &number]);
    assert!(shown.contains("To: refused@example.org") && shown.contains("(parked): 550 5.1.1"), "{shown}");
    site.succeeds(&["outbox", "retry", &number]);
    assert_eq!(site.count("waiting"), 1);
    site.succeeds(&["run", "--once"]);
    assert_eq!(site.count("parked"), 1, "refused again");
}

#[test]
fn a_kill_in_the_middle_of_a_mail_loses_nothing_and_repeats_only_what_was_being_said() {
    const REMARKS: usize = 24;
    // The server thinks for a second before it says 250: that is where most kills come.
    let exim = Exim::with(Manner { slow: 1, ..Manner::default() });
    let site = Site::sends_to(&exim, "");
    site.receives_remarks(0..REMARKS);
    let mut kills = 0;
    let mut cut = 0;
    while site.count("sent") < REMARKS {
        let mut daemon = site.starts();
        wait_until("mail is under way", || daemon.log().matches("delivered").count() > 0 || kills > 0);
        std::thread::sleep(Duration::from_millis(600 + 350 * (kills % 4)));
        if kills < 3 {
            let sent = site.count("sent");
            daemon.kill();
            kills += 1;
            // What no commit had marked, of the four connections.
            cut += 4.min(REMARKS - sent);
        } else {
            wait_until("all are sent", || site.count("sent") == REMARKS);
            assert!(daemon.stops());
        }
    }
    wait_until("all are there", || answered(&exim).len() == REMARKS);
    // The server goes on with what it had when the client was killed.
    std::thread::sleep(Duration::from_secs(2));
    let answered = answered(&exim);
    assert_eq!(answered.keys().collect::<Vec<_>>(), remarks(REMARKS).keys().collect::<Vec<_>>(), "none is lost");
    let more: usize = answered.values().map(|count| count - 1).sum();
    // Exim looks once more whether its client is there, before it takes a mail over.
    let in_the_middle = exim.log().matches("SMTP connection lost after final dot").count();
    eprintln!(
        "{more} of {REMARKS} mails came again after {kills} kills, {in_the_middle} were cut off after the last byte"
    );
    assert!(in_the_middle + more > 0, "no kill came in the middle of a mail: {}", exim.log());
    assert!(more <= cut, "{more} came again, and {cut} were being said");
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for mail in arrived(&exim) {
        let id = header(&mail, "Message-ID").expect("an identity").to_owned();
        let answers = header(&mail, "In-Reply-To").expect("an answer").to_owned();
        assert_eq!(ids.entry(answers).or_insert(id.clone()), &id, "again under the same Message-ID");
    }
}

#[test]
fn a_stop_lets_the_mail_that_is_being_said_end() {
    let exim = Exim::with(Manner { slow: 3, ..Manner::default() });
    let site = Site::sends_to(&exim, "");
    let daemon = site.starts();
    site.receives_remarks(0..1);
    wait_until("it is being said", || site.outbox().len() == 1);
    std::thread::sleep(Duration::from_millis(500));
    assert!(daemon.stops());
    assert_eq!(site.count("sent"), 1, "the server's answer was waited for");
    wait_until("it is there", || answered(&exim) == remarks(1));
}

#[test]
fn a_stop_waits_for_no_mail_that_the_server_has_not_begun_to_take() {
    let exim = Exim::start();
    let proxy = Proxy::to(exim.smtp_port());
    let site = Site::sends_to(&exim, "");
    site.goes_by_port(proxy.port());
    // It accepts the connection and says nothing.
    proxy.after(0, Then::Stalls);
    let daemon = site.starts();
    site.receives_remarks(0..1);
    wait_until("it is to be sent", || site.outbox().len() == 1);
    std::thread::sleep(Duration::from_millis(500));
    let told = Instant::now();
    let log = daemon.log_after_stop();
    assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
    assert!(log.contains("told to stop") && log.contains("waits for the next start"), "{log}");
    proxy.heals();
    site.succeeds(&["run", "--once"]);
    wait_until("it is there", || answered(&exim) == remarks(1));
}

#[test]
fn a_stop_says_what_it_waits_for_and_for_how_long() {
    let exim = Exim::with(Manner { slow: 50, ..Manner::default() });
    let site = Site::sends_to(&exim, "");
    let daemon = site.starts();
    site.receives_remarks(0..1);
    wait_until("it is to be sent", || site.outbox().len() == 1);
    std::thread::sleep(Duration::from_millis(1500));
    let told = Instant::now();
    let log = daemon.log_after_stop();
    let took = told.elapsed();
    assert!(took > Duration::from_secs(25) && took < Duration::from_secs(40), "{took:?}");
    assert!(log.contains("the server's answer to this mail is waited for") && log.contains("seconds=30"), "{log}");
    assert!(log.contains("this mail is sent again at the next start"), "{log}");
    assert_eq!(site.count("waiting"), 1);
}

#[test]
fn a_mail_that_is_put_off_for_days_is_given_up_and_a_stale_one_is_not_sent() {
    let exim = Exim::start();
    let site = Site::sends_to(&exim, "");
    let at = |hours: i64| (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours)).to_string();
    exim.defers(true);
    site.receives_remarks(0..1);
    for hours in [0, 24, 4 * 24, 5 * 24 - 1] {
        site.succeeds(&["--now", &at(hours), "run", "--once"]);
        assert_eq!(site.count("waiting"), 1, "after {hours} hours");
    }
    let told = site.command(&["health", "--no-daemon", "--now", &at(5 * 24 - 1)]).output().expect("health");
    assert_eq!(told.status.code(), Some(1), "{told:?}");
    assert!(String::from_utf8_lossy(&told.stdout).contains("451 4.7.1 come back later"), "{told:?}");
    let said = site.succeeds(&["--now", &at(5 * 24 + 5), "run", "--once"]);
    assert!(said.contains("1 refused for good"), "{said}");
    let mail = site.outbox().remove(0);
    assert_eq!(mail["state"], "parked");
    assert_eq!(mail["error"], "given up after 5 days and 5 attempts: 451 4.7.1 come back later");
    assert!(site.says(&["health"]).contains("1 mails are parked"));
    // Whoever has it sent anew gives it a life anew.
    site.succeeds(&["--now", &at(30 * 24), "outbox", "retry", "1"]);
    site.succeeds(&["--now", &at(30 * 24 + 1), "run", "--once"]);
    assert_eq!(site.count("waiting"), 1);
    // A fortnight in which nothing was sent, and then the server is back.
    exim.defers(false);
    site.succeeds(&["--now", &at(45 * 24), "run", "--once"]);
    let mail = site.outbox().remove(0);
    assert_eq!(mail["state"], "parked");
    assert_eq!(mail["error"], "not sent, as it had waited for 15 days: 451 4.7.1 come back later");
    assert_eq!(exim.count("chair"), 0);
    site.succeeds(&["outbox", "retry", "1"]);
    site.succeeds(&["run", "--once"]);
    wait_until("it is there", || answered(&exim) == remarks(1));
}

#[test]
fn the_days_of_trying_begin_with_the_first_attempt() {
    let mut exim = Exim::start();
    let site = Site::sends_to(&exim, "");
    let at = |hours: i64| (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours)).to_string();
    exim.stop();
    site.receives_remarks(0..1);
    site.says(&["--now", &at(0), "run", "--once"]);
    assert_eq!(site.outbox()[0]["attempts"], 0);
    // After days without a server, greylisting is the first that it hears.
    exim.start_again();
    exim.defers(true);
    for hours in [6 * 24, 9 * 24, 11 * 24 - 1] {
        site.succeeds(&["--now", &at(hours), "run", "--once"]);
        assert_eq!(site.outbox()[0]["state"], "waiting", "after {hours} hours");
    }
    site.succeeds(&["--now", &at(11 * 24 + 5), "run", "--once"]);
    assert_eq!(site.outbox()[0]["error"], "given up after 5 days and 4 attempts: 451 4.7.1 come back later");
}

#[test]
fn a_bounce_is_believed_by_its_mark_alone_where_there_is_a_secret() {
    let exim = Exim::start();
    let site = Site::sends_to(&exim, "");
    site.proves_senders();
    exim.knows("gone");
    exim.breaks("gone");
    site.succeeds(&["do", "member Gone Member, Qualcomm, gone@example.org", "--as", "chair@example.org"]);
    site.receives(0, "gone", "status");
    site.receives(1, "chair", "status");
    site.succeeds(&["run", "--once"]);
    wait_until("it comes back", || exim.mailbox("minuted").len() == 1);
    wait_until("the other is there", || exim.count("chair") == 1);
    let report = exim.mailbox("minuted").remove(0);
    let other = header(&exim.mailbox("chair")[0], "Message-ID").expect("an identity").to_owned();
    let bounced = |number: usize, raw: &str| {
        site.receives_raw(number, raw);
        site.succeeds(&["run", "--once"]);
        site.outbox().iter().filter(|mail| mail["bounced_at"].is_string()).count()
    };
    let to = header(&report, "To").expect("a recipient").to_owned();
    // Who has seen the Message-ID makes up the rest, with marks of all kinds.
    let free = |to: &str, id: &str| {
        format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\nTo: {to}\r\nSubject: failure notice\r\n\
             Message-ID: <{}@mx.example.net>\r\nDate: Tue, 08 Apr 2014 09:00:00 +0200\r\n\r\n\
             This is a permanent error.\r\n550 5.1.1 no such user\r\n\r\n--- Below is a copy of the message.\r\n\r\n\
             Message-ID: {id}\r\n",
            to.len()
        )
    };
    assert_eq!(bounced(10, &free("minuted@example.org", &other)), 0);
    assert_eq!(bounced(11, &free("minuted+bounce-2-abcdef@example.org", &other)), 0);
    let forged = report.replace(&to, "minuted+bounce-1-abcdefghijklmnop@example.org");
    assert_eq!(bounced(12, &forged), 0, "{forged}");
    // In a server's own words, to the address with the mark.
    assert_eq!(bounced(13, &free(&to, "<some-other@example.org>")), 1);
    let mail = site.outbox().into_iter().find(|mail| mail["bounced_at"].is_string()).expect("one");
    assert_eq!((&mail["recipient"], &mail["bounce"]), (&"gone@example.org".into(), &"550 5.1.1 no such user".into()));
    assert_eq!(site.outbox().len(), 2, "none is answered");
}

#[test]
fn check_says_whether_mail_comes_with_what_the_receiving_server_has_found_out() {
    let dovecot = Dovecot::start();
    let exim = Exim::with(Manner { bot_by_lmtp: Some(dovecot.lmtp_port()), ..Manner::default() });
    let site = Site::sends_to(&exim, "");
    site.reads_from(&dovecot);
    site.proves_senders();
    let path = site.dir().join("minuted.toml");
    let config = std::fs::read_to_string(&path).expect("the configuration");
    std::fs::write(&path, config.replacen("secret = {", "authserv_id = \"mx.example.org\"\nsecret = {", 1))
        .expect("writing it");
    exim.runs_list("wg4", &["minuted@example.org"]);
    let line = || {
        let said = site.says(&["check", "--send"]);
        said.lines().find(|line| line.contains("  proof ")).unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    let said = line();
    assert!(said.starts_with("  note") && said.contains("no mail of a member was read yet"), "{said}");
    let letter = |number: usize, field: &str| {
        format!(
            "{field}From: <chair@example.org>\r\nTo: minuted@example.org\r\nSubject: Hello\r\n\
             Date: Tue, 08 Apr 2014 09:00:00 +0200\r\nMessage-ID: <letter-{number}@example.org>\r\n\r\nHello\r\n"
        )
    };
    let field = "Authentication-Results: relay.example.net; dmarc=pass header.from=example.org\r\n";
    dovecot.delivers(letter(0, field).as_bytes());
    site.succeeds(&["run", "--once"]);
    let said = line();
    assert!(said.starts_with("  WRONG") && said.contains("they came with such of relay.example.net"), "{said}");
    dovecot.delivers(letter(1, &field.replace("relay.example.net", "mx.example.org")).as_bytes());
    site.succeeds(&["run", "--once"]);
    let said = line();
    assert!(said.starts_with("  ok") && said.contains("1 of the last 2 mails of people"), "{said}");
}

#[test]
fn a_command_on_the_list_goes_through_imap_and_is_answered_by_smtp() {
    let dovecot = Dovecot::start();
    let exim = Exim::with(Manner { bot_by_lmtp: Some(dovecot.lmtp_port()), ..Manner::default() });
    exim.runs_list("wg4", &["minuted@example.org", "chair@example.org", "secretary@example.org"]);
    let site = Site::sends_to(&exim, "");
    site.reads_from(&dovecot);
    let daemon = site.starts();
    let raw = "From: <secretary@example.org>\r\nTo: <wg4@example.org>\r\nSubject: Item 5\r\n\
               Date: Tue, 08 Apr 2014 09:00:00 +0200\r\nMessage-ID: <post@example.org>\r\n\r\n\
               #close A-WG4-TP8-005\r\n";
    // Until the daemon waits for mail: what is timed is a mail to a bot that runs.
    std::thread::sleep(Duration::from_secs(1));
    let posted = Instant::now();
    submits(&exim, "secretary", "wg4", raw);
    let answer = || exim.mailbox("secretary").into_iter().find(|mail| header(mail, "X-Minuted").is_some());
    wait_until("the answer is in the author's mailbox", || answer().is_some());
    eprintln!("from the post on the list to the answer in the mailbox: {:?}", posted.elapsed());
    assert_eq!(header(&answer().expect("an answer"), "In-Reply-To"), Some("<post@example.org>"));
    // The chair has the post, and nothing of the bot's.
    wait_until("the post is there", || !exim.mailbox("chair").is_empty());
    assert!(exim.mailbox("chair").iter().all(|mail| header(mail, "X-Minuted").is_none()));
    assert!(daemon.stops());
    assert_eq!(site.count("sent"), 1);
}

#[test]
fn a_mail_that_comes_back_is_noted_with_the_reason_and_never_answered() {
    let exim = Exim::start();
    let site = Site::sends_to(&exim, "");
    // A mailbox that the server takes mail for, and that is no directory.
    exim.knows("gone");
    exim.breaks("gone");
    site.succeeds(&["do", "member Gone Member, Qualcomm, gone@example.org", "--as", "chair@example.org"]);
    site.receives(0, "gone", "status");
    site.receives(1, "chair", "status");
    site.succeeds(&["run", "--once"]);
    wait_until("it comes back", || exim.mailbox("minuted").len() == 1);
    let report = exim.mailbox("minuted").remove(0);
    let to = header(&report, "To").expect("a recipient");
    assert!(to.starts_with("minuted+bounce-1-") || to.starts_with("minuted+bounce-2-"), "{to}");
    site.receives_raw(2, &report);
    let said = site.succeeds(&["run", "--once"]);
    assert!(said.contains("1 new, 0 changed something, 0 answered"), "{said}");
    let outbox = site.outbox();
    assert_eq!(outbox.len(), 2);
    for mail in &outbox {
        assert_eq!(mail["state"], "sent");
        let came_back = mail["recipient"] == "gone@example.org";
        assert_eq!(mail["bounced_at"].is_string(), came_back, "{mail}");
        assert_eq!(mail["bounce"].is_string(), came_back, "{mail}");
    }
    assert!(site.succeeds(&["outbox", "list"]).contains("came back"));
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn check_sends_a_mail_to_itself_and_to_the_list_and_says_how_long_they_take() {
    let dovecot = Dovecot::start();
    let exim = Exim::with(Manner { bot_by_lmtp: Some(dovecot.lmtp_port()), ..Manner::default() });
    exim.runs_list("wg4", &["minuted@example.org", "chair@example.org"]);
    let site = Site::sends_to(&exim, "");
    site.reads_from(&dovecot);
    let said = site.succeeds(&["check", "--send"]);
    for to in ["minuted@example.org", "minuted+check@example.org", "wg4@example.org"] {
        let line = said.lines().find(|line| line.contains(&format!("a mail to {to}: taken after"))).expect(to);
        assert!(line.contains("(250 OK id=") && line.contains(", here after "), "{line}");
    }
    // The daemon that reads them answers neither.
    let daemon = site.starts();
    wait_until("they are read", || site.count_read() == 3);
    assert!(daemon.stops());
    assert_eq!(site.outbox().len(), 0);
    wait_until("the list got its own", || exim.mailbox("chair").len() == 1);
    assert!(exim.mailbox("chair")[0].contains("Test: does mail of minuted arrive?"));
}

#[test]
fn check_says_what_is_wrong_with_the_server_and_what_to_change() {
    let mut exim = Exim::start();
    let site = Site::sends_to(&exim, LOGIN);
    let said = site.succeeds(&["check"]);
    let place = format!("localhost:{}", exim.smtp_port());
    assert!(said.contains(&format!("{place}: STARTTLS, logged in as minuted@example.org")), "{said}");
    site.has_password("wrong-secret");
    let said = site.says(&["check"]);
    assert!(said.contains(&format!("WRONG  delivery   {place}: it refuses the login, or wants one: 535")), "{said}");
    assert!(said.contains("check `user` and the file"), "{said}");
    assert!(!said.contains("wrong-secret"), "{said}");
    exim.stop();
    site.has_password(Exim::PASSWORD);
    let said = site.says(&["check"]);
    assert!(said.contains(&format!("{place}: there is no connection")), "{said}");
}

#[test]
fn a_post_reaches_the_subscribers_of_the_list_with_its_prefix_and_its_footer() {
    let exim = Exim::start();
    exim.runs_list("wg4", &["minuted@example.org", "chair@example.org"]);
    let raw = "From: <secretary@example.org>\r\nTo: <wg4@example.org>\r\nSubject: Hello\r\n\
               Message-ID: <post@example.org>\r\n\r\n#status A-WG4-TP8-005\r\n";
    submits(&exim, "secretary", "wg4", raw);
    for subscriber in ["minuted", "chair"] {
        wait_until("the list's copy is there", || exim.mailbox(subscriber).len() == 1);
        let copy = exim.mailbox(subscriber).remove(0);
        assert_eq!(header(&copy, "Subject"), Some("[wg4] Hello"));
        assert_eq!(header(&copy, "List-Id"), Some("<wg4.example.org>"));
        assert!(copy.contains("\n--\nwg4 mailing list"), "{copy}");
    }
    // What the list sends to the bot, the bot reads.
    let site = Site::sends_to(&exim, "");
    site.receives_raw(0, &exim.mailbox("minuted")[0]);
    site.succeeds(&["run", "--once"]);
    wait_until("the answer goes to the author alone", || exim.mailbox("secretary").len() == 1);
    assert!(exim.mailbox("secretary")[0].contains("A-WG4-TP8-005"));
    assert_eq!(exim.mailbox("chair").len(), 1, "and not to the list");
}
