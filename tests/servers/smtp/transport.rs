//! One mail to one server: what becomes of it, whatever the server is like.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use minuted::config::{Login, Password, Proof, Security, Server, TokenSource};
use minuted::delivery::{Mail, Outcome, Smtp, Stage, Unreachable};
use minuted::domain::EmailAddress;

use crate::harness::{Dovecot, Exim, Manner, Packages, free_port, header, token, wait_until};

/// The server of the test, as a configuration names it.
fn server(exim: &Exim, security: Security) -> Server {
    let port = if security == Security::Tls { exim.smtps_port() } else { exim.smtp_port() };
    Server { host: "localhost".to_owned(), port, security, ca: Some(exim.authority()), login: None }
}

fn password(user: &str, password: &str) -> Option<Login> {
    Some(Login { user: user.to_owned(), proof: Proof::Password(Password::Given(password.to_owned().into())) })
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

/// A mail with that Message-ID; `to` is a local part.
async fn send(smtp: &Smtp, id: &str, to: &str) -> Outcome {
    let sender: EmailAddress = "minuted+bounce-1-abcdef@example.org".parse().expect("an address");
    let recipient: EmailAddress = format!("{to}@example.org").parse().expect("an address");
    let raw = format!(
        "From: <minuted@example.org>\r\nTo: <{recipient}>\r\nSubject: Hello\r\nMessage-ID: <{id}>\r\n\r\n\
         .one\r\n..two\r\n\r\nthree\r\n"
    );
    let mail = Mail { message_id: id, sender: &sender, recipient: &recipient, raw: raw.as_bytes() };
    smtp.deliver(&mail).await
}

fn sends(server: Server, to: &str) -> Outcome {
    run(async {
        let smtp = Smtp::new(server).expect("certificates");
        let outcome = send(&smtp, "a@example.org", to).await;
        smtp.close().await;
        outcome
    })
}

fn stage(outcome: &Outcome) -> Stage {
    let Outcome::Unreachable(Unreachable { stage, .. }) = outcome else { panic!("{outcome:?}") };
    *stage
}

#[test]
fn a_mail_arrives_as_it_was_whether_by_tls_by_starttls_or_in_plain() {
    for security in [Security::Tls, Security::StartTls, Security::Plain] {
        let exim = Exim::start();
        let outcome = sends(server(&exim, security), "chair");
        let Outcome::Accepted(words) = &outcome else { panic!("{outcome:?}") };
        assert!(words.starts_with("250 OK id="), "the server's words are kept: {words}");
        wait_until("it is in the mailbox", || exim.mailbox("chair").len() == 1);
        let mail = exim.mailbox("chair").remove(0);
        assert_eq!(header(&mail, "Return-path"), Some("<minuted+bounce-1-abcdef@example.org>"));
        assert!(mail.ends_with("\n\n.one\n..two\n\nthree\n"), "{mail}");
        let log = exim.log();
        assert_eq!(log.contains("X=TLS1."), security != Security::Plain, "{log}");
    }
}

#[test]
fn a_login_is_done_by_password_where_the_server_asks_for_one() {
    let exim = Exim::with(Manner { asks_for_login: true, ..Manner::default() });
    let outcome = sends(server(&exim, Security::Tls), "chair");
    assert_eq!(stage(&outcome), Stage::Sender, "{outcome:?}");
    let Outcome::Unreachable(why) = outcome else { unreachable!() };
    assert!(why.to_string().contains("550 log in first"), "{why}");
    for security in [Security::Tls, Security::StartTls] {
        let login = password(Exim::USER, Exim::PASSWORD);
        let outcome = sends(Server { login, ..server(&exim, security) }, "chair");
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    }
    assert!(exim.log().contains("A=plain:minuted@example.org"), "{}", exim.log());
}

#[test]
fn a_wrong_password_is_told_without_showing_it() {
    let exim = Exim::start();
    let login = password(Exim::USER, "not-the-password");
    let outcome = sends(Server { login, ..server(&exim, Security::Tls) }, "chair");
    assert_eq!(stage(&outcome), Stage::Login);
    let said = format!("{outcome:?}");
    assert!(said.contains("535 Incorrect authentication data"), "{said}");
    assert!(!said.contains("not-the-password") && !said.contains(&data_encoding::BASE64.encode(b"not-the-password")));
}

#[test]
fn a_certificate_that_is_for_another_host_or_by_nobody_who_is_trusted_is_refused() {
    let mut exim = Exim::start();
    for security in [Security::Tls, Security::StartTls] {
        let unknown = Server { ca: None, ..server(&exim, security) };
        let outcome = sends(unknown, "chair");
        assert_eq!(stage(&outcome), Stage::Certificate, "{outcome:?}");
        assert!(format!("{outcome:?}").contains("give it with ca ="), "{outcome:?}");
    }
    exim.stop();
    exim.shows_a_certificate_for(&["mail.elsewhere.example"]);
    exim.start_again();
    for security in [Security::Tls, Security::StartTls] {
        let outcome = sends(server(&exim, security), "chair");
        assert_eq!(stage(&outcome), Stage::Certificate, "{outcome:?}");
        let Outcome::Unreachable(why) = &outcome else { unreachable!() };
        let said = "it is for mail.elsewhere.example, and not for \"localhost\"; write as host a name that it is for";
        assert!(why.to_string().ends_with(said), "{why}");
    }
    assert_eq!(exim.mailbox("chair").len(), 0);
}

#[test]
fn nothing_is_sent_where_starttls_is_not_offered() {
    let exim = Exim::with(Manner { without_starttls: true, ..Manner::default() });
    let login = password(Exim::USER, Exim::PASSWORD);
    let outcome = sends(Server { login, ..server(&exim, Security::StartTls) }, "chair");
    assert_eq!(stage(&outcome), Stage::StartTls, "{outcome:?}");
    assert!(!exim.log().contains("minuted@example.org"), "no login was tried: {}", exim.log());
}

#[test]
fn a_file_of_certificates_that_is_missing_or_empty_is_named_at_once() {
    let exim = Exim::start();
    let ca = PathBuf::from("no-such-ca.pem");
    let error = Smtp::new(Server { ca: Some(ca), ..server(&exim, Security::Tls) }).expect_err("no certificates");
    assert!(error.to_string().contains("no-such-ca.pem"), "{error}");
    let empty = tempfile::NamedTempFile::new().expect("a file");
    let ca = Some(empty.path().to_owned());
    let error = Smtp::new(Server { ca, ..server(&exim, Security::Tls) }).expect_err("no certificates");
    assert!(error.to_string().contains("holds no certificate"), "{error}");
}

#[test]
fn a_refused_and_a_deferred_recipient_are_told_apart_and_the_connection_goes_on() {
    let exim = Exim::start();
    run(async {
        let smtp = Smtp::new(server(&exim, Security::StartTls)).expect("certificates");
        let refused = send(&smtp, "a@example.org", "refused").await;
        assert_eq!(refused, Outcome::Refused("550 5.1.1 nobody of that name is here".to_owned()));
        exim.defers(true);
        let deferred = send(&smtp, "b@example.org", "chair").await;
        assert_eq!(deferred, Outcome::Deferred("451 4.7.1 come back later".to_owned()));
        exim.defers(false);
        let accepted = send(&smtp, "c@example.org", "chair").await;
        assert!(matches!(accepted, Outcome::Accepted(_)), "{accepted:?}");
        smtp.close().await;
    });
    let ids = connections(&exim);
    assert_eq!(ids, 1, "all by one connection: {}", exim.log());
}

/// By how many connections it was given mail, or refused it.
fn connections(exim: &Exim) -> usize {
    let log = exim.log();
    // The client's port tells its connections apart.
    let ports = log.lines().filter_map(|line| line.split(" H=").nth(1)?.split("]:").nth(1)?.split(' ').next());
    let mut ports: Vec<_> = ports.map(str::to_owned).collect();
    ports.sort_unstable();
    ports.dedup();
    ports.len()
}

#[test]
fn a_connection_that_the_server_has_closed_meanwhile_is_replaced_at_once() {
    let mut exim = Exim::start();
    run(async {
        let smtp = Smtp::new(server(&exim, Security::StartTls)).expect("certificates");
        assert!(matches!(send(&smtp, "a@example.org", "chair").await, Outcome::Accepted(_)));
        exim.stop();
        exim.start_again();
        let outcome = send(&smtp, "b@example.org", "chair").await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
        smtp.close().await;
    });
    wait_until("both are there", || exim.mailbox("chair").len() == 2);
}

#[test]
fn a_server_that_is_down_is_told_at_once() {
    let mut exim = Exim::start();
    exim.stop();
    let outcome = sends(server(&exim, Security::Tls), "chair");
    assert_eq!(stage(&outcome), Stage::Connect, "{outcome:?}");
    let outcome = sends(Server { host: "host.invalid".to_owned(), ..server(&exim, Security::Tls) }, "chair");
    assert_eq!(stage(&outcome), Stage::Name, "{outcome:?}");
}

#[test]
fn a_port_that_speaks_tls_from_the_first_byte_is_no_place_for_starttls() {
    let exim = Exim::start();
    let wrong = Server { port: exim.smtp_port(), ..server(&exim, Security::Tls) };
    let outcome = sends(wrong, "chair");
    assert_eq!(stage(&outcome), Stage::Tls, "{outcome:?}");
}

/// A Dovecot that takes mail from who shows it an access token, for that server; and its port.
fn submitting_to(exim: &Exim) -> (Dovecot, u16) {
    Packages::need(&["dovecot-submissiond"], &["usr/lib/dovecot/submission-login"]);
    let port = free_port();
    let dovecot = Dovecot::with(&format!(
        "protocols = imap lmtp submission
submission_relay_host = 127.0.0.1
submission_relay_port = {}
submission_relay_trusted = yes
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {port}
  }}
}}
",
        exim.smtp_port()
    ));
    wait_until("it takes mail", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    (dovecot, port)
}

#[test]
fn an_access_token_is_read_again_for_each_login() {
    let exim = Exim::start();
    let (dovecot, port) = submitting_to(&exim);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    let submission = |token: TokenSource| Server {
        host: "localhost".to_owned(),
        port,
        security: Security::StartTls,
        ca: Some(dovecot.authority()),
        login: Some(Login { user: Dovecot::USER.to_owned(), proof: Proof::Token(token) }),
    };
    std::fs::write(&file, token(Dovecot::USER, -3600)).expect("writing a token");
    let outcome = sends(submission(TokenSource::File(file.clone())), "chair");
    assert_eq!(stage(&outcome), Stage::Login, "an expired one: {outcome:?}");
    std::fs::write(&file, token(Dovecot::USER, 3600)).expect("writing a token");
    let outcome = sends(submission(TokenSource::File(file.clone())), "chair");
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let command = ["cat", file.to_str().expect("a path")].map(str::to_owned).to_vec();
    let outcome = sends(submission(TokenSource::Command(command)), "chair");
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let command = vec!["false".to_owned()];
    let outcome = sends(submission(TokenSource::Command(command)), "chair");
    assert_eq!(stage(&outcome), Stage::Token, "{outcome:?}");
    wait_until("both are there", || exim.mailbox("chair").len() == 2);
}

#[test]
fn a_connection_that_is_idle_is_left_after_a_while() {
    let exim = Exim::start();
    run(async {
        let smtp = Smtp::new(server(&exim, Security::Tls)).expect("certificates");
        assert!(matches!(send(&smtp, "a@example.org", "chair").await, Outcome::Accepted(_)));
        assert!(!exim.log().contains("closed by QUIT"), "{}", exim.log());
        let begun = Instant::now();
        while !exim.log().contains("closed by QUIT") {
            assert!(begun.elapsed() < Duration::from_secs(40), "{}", exim.log());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert!(begun.elapsed() > Duration::from_secs(10), "{:?}", begun.elapsed());
    });
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for_for_ever() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let silent = |security| Server { host: "127.0.0.1".to_owned(), port, security, ca: None, login: None };
    let begun = Instant::now();
    let outcomes = run(async {
        let plain = Smtp::new(silent(Security::Plain)).expect("no certificates");
        let private = Smtp::new(silent(Security::Tls)).expect("certificates");
        tokio::join!(send(&plain, "a@example.org", "chair"), send(&private, "b@example.org", "chair"))
    });
    assert_eq!((stage(&outcomes.0), stage(&outcomes.1)), (Stage::Greeting, Stage::Tls), "{outcomes:?}");
    assert!(begun.elapsed() < Duration::from_secs(80), "{:?}", begun.elapsed());
}

/// What no real server says when it is asked to: these lines, one for each that is heard, and a break.
fn says(lines: &'static [&'static str]) -> Server {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("its address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut heard = BufReader::new(stream.try_clone().expect("a socket"));
            for line in lines {
                if stream.write_all(format!("{line}\r\n").as_bytes()).is_err() {
                    break;
                }
                let mut command = String::new();
                let _ = heard.read_line(&mut command);
            }
        }
    });
    Server { host: "127.0.0.1".to_owned(), port, security: Security::Plain, ca: None, login: None }
}

#[test]
fn a_break_before_the_mail_is_the_ways_and_one_after_it_is_the_mails() {
    let outcome = sends(says(&["554 no service here"]), "chair");
    assert_eq!(stage(&outcome), Stage::Greeting);
    assert!(format!("{outcome:?}").contains("554 no service here"), "{outcome:?}");
    let outcome = sends(says(&["220 hello", "250 hello"]), "chair");
    assert_eq!(stage(&outcome), Stage::Connect, "{outcome:?}");
    let outcome = sends(says(&["220 hello", "250 hello", "530 who are you?"]), "chair");
    assert_eq!(stage(&outcome), Stage::Login, "{outcome:?}");
    let outcome = sends(says(&["220 hello", "250 hello", "250 go on"]), "chair");
    assert!(matches!(outcome, Outcome::Interrupted(_)), "{outcome:?}");
    let outcome = sends(says(&["220 hello", "250 hello", "250 go on", "421 going down"]), "chair");
    assert_eq!(outcome, Outcome::Interrupted("421 going down".to_owned()));
    let outcome = sends(says(&["\u{7}\u{7}\u{7}"]), "chair");
    assert_eq!(stage(&outcome), Stage::Greeting, "{outcome:?}");
}

#[test]
fn a_hundred_mails_over_one_connection_do_not_wait_for_each_others_packets() {
    const MAILS: usize = 100;
    let exim = Exim::start();
    let started = Instant::now();
    let fastest = run(async {
        let smtp = Smtp::new(server(&exim, Security::Tls)).expect("certificates");
        let mut fastest = Duration::MAX;
        for number in 0..MAILS {
            let begun = Instant::now();
            let outcome = send(&smtp, &format!("{number}@example.org"), "chair").await;
            assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
            fastest = fastest.min(begun.elapsed());
        }
        smtp.close().await;
        fastest
    });
    let took = started.elapsed();
    eprintln!(
        "{:.0} mails a second over one connection, the fastest in {fastest:?}",
        MAILS as f64 / took.as_secs_f64()
    );
    // Where small packets are held back, each mail waits for a delayed acknowledgement, which is 40 ms; on a
    // busy machine the fastest tells.
    assert!(fastest < Duration::from_millis(40), "{fastest:?}");
    assert_eq!(connections(&exim), 1);
}
