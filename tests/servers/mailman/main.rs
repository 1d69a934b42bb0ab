//! A group on a list of Mailman 3: `cargo test --test mailman`.
//!
//! People post by a real Exim, Mailman sends what they post to its subscribers with its prefix, its footer and its own
//! address in From, the bot reads its copy from a real Dovecot, and answers by Exim. One Mailman serves one test,
//! because it takes long to start.

mod manager;

#[expect(dead_code, unused_imports, reason = "the other tests use more of it")]
#[path = "../harness/mod.rs"]
mod harness;

#[expect(dead_code, reason = "the other tests use more of it")]
#[path = "../smtp/site.rs"]
mod site;

use std::cell::Cell;

use minuted::config::{Security, Server};
use minuted::delivery::{Mail, Outcome, Smtp};
use serde_json::Value;

use harness::{Dovecot, Exim, Manner, free_port, header, wait_until};
use manager::{LIST, Mailman};
use site::Site;

/// The bot's mailbox, its list, and everybody on it.
struct World {
    site: Site,
    dovecot: Dovecot,
    exim: Exim,
    mailman: Mailman,
    posts: Cell<usize>,
}

impl World {
    fn begins() -> Self {
        let mut mailman = Mailman::new();
        let dovecot = Dovecot::start();
        let lmtp = free_port();
        let bot_by_lmtp = Some(dovecot.lmtp_port());
        let exim = Exim::with(Manner { bot_by_lmtp, list_by_lmtp: Some((LIST, lmtp)), ..Manner::default() });
        mailman.starts(lmtp, exim.smtp_port());
        mailman.sets("send_welcome_message=false&admin_notify_mchanges=false&first_strip_reply_to=false");
        for address in ["minuted", "chair", "secretary", "member-qualcomm"] {
            mailman.subscribes(&format!("{address}@example.org"), "regular", false);
        }
        let site = Site::sends_to(&exim, "");
        site.reads_from(&dovecot);
        Self { site, dovecot, exim, mailman, posts: Cell::new(0) }
    }

    /// Somebody at `example.org` sends a mail; gives its Message-ID.
    fn sends(&self, from: &str, to: &str, subject: &str, more: &str, body: &str) -> String {
        self.sends_as(&format!("<{from}@example.org>"), to, subject, more, body)
    }

    /// As somebody whose name and address are written so.
    fn sends_as(&self, from: &str, to: &str, subject: &str, more: &str, body: &str) -> String {
        let number = self.posts.get();
        self.posts.set(number + 1);
        let id = format!("post-{number}@example.org");
        let raw = format!(
            "From: {from}\r\nTo: <{to}>\r\nSubject: {subject}\r\nDate: Tue, 08 Apr 2014 09:{number:02}:00 \
             +0200\r\nMessage-ID: <{id}>\r\n{more}\r\n{body}\r\n"
        );
        let server = Server {
            host: "localhost".to_owned(),
            port: self.exim.smtp_port(),
            security: Security::StartTls,
            ca: Some(self.exim.authority()),
            login: None,
        };
        let (sender, to) = (
            from[from.find('<').expect("an address") + 1..from.len() - 1].parse().expect("an address"),
            to.parse().expect("an address"),
        );
        let mail = Mail { message_id: "", sender: &sender, recipient: &to, raw: raw.as_bytes() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let outcome = runtime.block_on(async { Smtp::new(server).expect("certificates").deliver(&mail).await });
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
        id
    }

    fn posts(&self, from: &str, subject: &str, body: &str) -> String {
        self.sends(from, &format!("{LIST}@example.org"), subject, "", body)
    }

    /// How many mails are in the bot's mailbox.
    fn mails_of_bot(&self) -> usize {
        self.dovecot.flags("INBOX").len()
    }

    /// Waits until so many more mails came to the bot than were there, and has all of them read.
    fn bot_reads(&self, before: usize, more: usize) -> Vec<Value> {
        wait_until("the list sends to the bot", || {
            let there = self.mails_of_bot();
            assert!(there <= before + more, "{there} mails and not {}: {}", before + more, self.mailman.log());
            there == before + more
        });
        self.site.succeeds(&["run", "--once"]);
        let read: Vec<Value> =
            serde_json::from_str(&self.site.succeeds(&["list", "messages", "--json"])).expect("JSON");
        read.into_iter().rev().take(more).collect()
    }

    /// What an item's status is.
    fn status(&self, item: &str) -> String {
        let items: Vec<Value> =
            serde_json::from_str(&self.site.succeeds(&["list", "actions", "--json"])).expect("JSON");
        let item = items.into_iter().find(|row| row["reference"] == item).expect("an item");
        item["status"].as_str().expect("a status").to_owned()
    }

    /// The bot's mail to somebody that answers that mail.
    fn answer(&self, person: &str, id: &str) -> Option<String> {
        let is_answer = |mail: &String| {
            header(mail, "X-Minuted").is_some() && header(mail, "In-Reply-To") == Some(format!("<{id}>").as_str())
        };
        self.exim.mailbox(person).into_iter().find(is_answer)
    }
}

#[test]
fn a_group_lives_on_a_list_of_mailman() {
    let world = World::begins();
    for (scene, plays) in [
        ("a command in a post acts and is answered to its author", a_command_in_a_post as fn(&World)),
        ("From rewritten by the list is undone", from_rewritten_by_the_list),
        ("the footer is a part of its own", the_footer_is_a_part_of_its_own),
        ("the weekly digest reaches the list, and a reply there acts by rows", the_weekly_digest_and_a_reply),
        ("notices of the list manager are neither obeyed nor answered", notices_of_the_list_manager),
        ("digests of the list are not obeyed", digests_of_the_list),
        ("a sender who is not proven is asked", a_sender_who_is_not_proven),
    ] {
        eprintln!("{scene}");
        plays(&world);
    }
    world.site.succeeds(&["rebuild", "--check"]);
}

fn a_command_in_a_post(world: &World) {
    let id = world.posts("secretary", "Item 5", "Closing what we agreed on.\r\n\r\n#close A-WG4-TP8-005");
    world.bot_reads(0, 1);
    assert_eq!(world.status("A-WG4-TP8-005"), "closed");
    wait_until("it is answered", || world.answer("secretary", &id).is_some());
    // As the others have it: with prefix and footer, and not the answer.
    wait_until("the chair has the post", || !world.exim.mailbox("chair").is_empty());
    let post = world.exim.mailbox("chair").remove(0);
    assert!(header(&post, "Subject").is_some_and(|subject| subject.to_lowercase().starts_with("[wg4]")), "{post}");
    assert!(post.contains("wg4-leave@example.org"), "the footer: {post}");
    assert_eq!(world.exim.count("chair"), 1);
}

fn from_rewritten_by_the_list(world: &World) {
    world.mailman.sets("dmarc_mitigate_action=munge_from&dmarc_mitigate_unconditionally=true");
    let before = world.mails_of_bot();
    let id = world.posts("chair", "Item 1", "#close A-WG4-TP8-001");
    let read = world.bot_reads(before, 1);
    wait_until("the secretary has the post", || world.exim.mailbox("secretary").iter().any(|mail| mail.contains(&id)));
    let post = world.exim.mailbox("secretary").into_iter().find(|mail| mail.contains(&id)).expect("the post");
    assert!(header(&post, "From").is_some_and(|from| from.contains("wg4@example.org")), "{post}");
    assert_eq!(world.status("A-WG4-TP8-001"), "closed", "{read:?}");
    wait_until("its author is answered", || world.answer("chair", &id).is_some());
    // Who has a name is known by that.
    let before = world.mails_of_bot();
    let id = world.sends_as(
        "Secretary <secretary@example.org>",
        &format!("{LIST}@example.org"),
        "Item 7",
        "",
        "#close A-WG4-TP7-003",
    );
    world.bot_reads(before, 1);
    assert_eq!(world.status("A-WG4-TP7-003"), "closed");
    wait_until("its author is answered", || world.answer("secretary", &id).is_some());
}

fn the_footer_is_a_part_of_its_own(world: &World) {
    // Below an HTML alternative it cannot stand in the text: the list adds a part.
    let before = world.mails_of_bot();
    let more = "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n";
    let body = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n#close A-WG4-TP8-002\r\n--b\r\n\
                Content-Type: text/html; charset=utf-8\r\n\r\n<p>#close A-WG4-TP8-002</p>\r\n--b--";
    let id = world.sends("chair", &format!("{LIST}@example.org"), "Item 2", more, body);
    world.bot_reads(before, 1);
    wait_until("the secretary has the post", || world.exim.mailbox("secretary").iter().any(|mail| mail.contains(&id)));
    let post = world.exim.mailbox("secretary").into_iter().find(|mail| mail.contains(&id)).expect("the post");
    assert!(post.contains("multipart/mixed") && post.contains("wg4-leave@example.org"), "{post}");
    assert_eq!(world.status("A-WG4-TP8-002"), "closed");
    wait_until("it is answered", || world.answer("chair", &id).is_some());
    let answer = world.answer("chair", &id).expect("an answer");
    assert!(!answer.contains("wg4-leave"), "the footer was not read as the author's: {answer}");
}

fn the_weekly_digest_and_a_reply(world: &World) {
    // The list has its own address in From, and the bot is a subscriber like others.
    let before = world.mails_of_bot();
    let now = jiff::Zoned::now();
    let tomorrow = now.tomorrow().expect("a day").strftime("%A 08:00").to_string();
    let path = world.site.dir().join("minuted.toml");
    let config = std::fs::read_to_string(&path).expect("the configuration");
    let config = config.replace("weekly = \"never\"", &format!("weekly = {tomorrow:?}"));
    std::fs::write(&path, config).expect("writing it");
    // Nothing is due that lies before this.
    world.site.succeeds(&["run", "--once"]);
    let later = now.timestamp() + jiff::SignedDuration::from_hours(2 * 24);
    let said = world.site.succeeds(&["--now", &later.to_string(), "run", "--once"]);
    assert!(said.contains("1 sent"), "{said}");
    let digest = || world.exim.mailbox("chair").into_iter().find(|mail| mail.contains("Message-ID: <digest."));
    wait_until("the digest reaches a subscriber", || digest().is_some());
    let digest = digest().expect("the digest");
    let id = header(&digest, "Message-ID").expect("an identity").to_owned();
    let read = world.bot_reads(before, 1);
    assert!(read[0]["automatic"].is_string(), "its own digest comes back: {read:?}");
    // The second row, as plain text says it.
    let row = digest.lines().find_map(|line| line.trim_start().strip_prefix("[2] ")).expect("a second row");
    let item = row.split(' ').next().expect("a reference").to_owned();
    assert_ne!(world.status(&item), "closed");
    let before = world.mails_of_bot();
    let more = format!("In-Reply-To: {id}\r\nReferences: {id}\r\n");
    let reply = world.sends("secretary", &format!("{LIST}@example.org"), "Re: [wg4] Action items", &more, "2 done");
    world.bot_reads(before, 1);
    assert_eq!(world.status(&item), "closed", "{digest}");
    wait_until("it is answered", || world.answer("secretary", &reply).is_some());
}

fn notices_of_the_list_manager(world: &World) {
    let outbox = world.site.outbox().len();
    let heard = |what: &str, mails: usize, happens: &dyn Fn()| {
        let before = world.mails_of_bot();
        happens();
        for message in world.bot_reads(before, mails) {
            assert!(message["automatic"].is_string(), "{what}: {message}");
        }
        assert_eq!(world.site.outbox().len(), outbox, "{what} was answered");
    };
    heard("a welcome", 1, &|| {
        world.mailman.drops("minuted@example.org");
        world.mailman.sets("send_goodbye_message=false");
        world.mailman.subscribes("minuted@example.org", "regular", true);
    });
    heard("a question whether one wants to be a subscriber", 1, &|| {
        world.sends("minuted", &format!("{LIST}-leave@example.org"), "leave", "", "");
    });
    heard("an answer to commands", 1, &|| {
        world.sends("minuted", &format!("{LIST}-request@example.org"), "help", "", "help");
    });
    world.mailman.is_owned_by("minuted@example.org");
    world.mailman.sets("default_nonmember_action=hold&admin_immed_notify=true");
    heard("a notice to the owner that a mail is held", 1, &|| {
        world.posts("vice-chair", "Not a subscriber", "#reopen A-WG4-TP8-001");
    });
    assert_eq!(world.status("A-WG4-TP8-001"), "closed");
    world.mailman.sets("admin_notify_mchanges=true");
    heard("a notice to the owner of a new subscriber", 1, &|| {
        world.mailman.subscribes("vice-chair@example.org", "regular", false);
    });
    world.mailman.sets("admin_notify_mchanges=false&admin_immed_notify=false");
    // What was held is a post like any other once it is released.
    let before = world.mails_of_bot();
    assert_eq!(world.mailman.releases(), 1);
    world.bot_reads(before, 1);
    assert_eq!(world.status("A-WG4-TP8-001"), "open");
    world.mailman.sets("default_member_action=hold");
    let (before, outbox) = (world.mails_of_bot(), world.site.outbox().len());
    world.posts("minuted", "A mail of the bot", "Text");
    let read = world.bot_reads(before, 1);
    assert!(read[0]["automatic"].is_string(), "a notice to a sender whose mail is held: {read:?}");
    let before = world.mails_of_bot();
    world.mailman.releases();
    world.mailman.sets("default_member_action=defer");
    wait_until("the released mail is there", || world.mails_of_bot() > before);
    world.site.succeeds(&["run", "--once"]);
    assert_eq!(world.site.outbox().len(), outbox);
}

fn digests_of_the_list(world: &World) {
    world.mailman.sets("digests_enabled=true&digest_send_periodic=true&digest_size_threshold=10000");
    for delivery in ["mime_digests", "plaintext_digests"] {
        // What was collected before is of no matter.
        world.mailman.sends_digest();
        world.mailman.drops("minuted@example.org");
        world.mailman.subscribes("minuted@example.org", delivery, false);
        std::thread::sleep(std::time::Duration::from_secs(3));
        let (before, outbox) = (world.mails_of_bot(), world.site.outbox().len());
        let id = world.posts("chair", "Item 3", "#close A-WG4-TP8-003");
        wait_until("the post is sent", || world.exim.mailbox("secretary").iter().any(|mail| mail.contains(&id)));
        world.mailman.sends_digest();
        let read = world.bot_reads(before, 1);
        assert!(read[0]["automatic"].is_string(), "{delivery}: {read:?}");
        assert_ne!(world.status("A-WG4-TP8-003"), "closed", "{delivery}");
        assert_eq!(world.site.outbox().len(), outbox, "{delivery} was answered");
    }
    world.mailman.drops("minuted@example.org");
    world.mailman.subscribes("minuted@example.org", "regular", false);
}

fn a_sender_who_is_not_proven(world: &World) {
    world.site.proves_senders();
    let before = world.mails_of_bot();
    world.posts("chair", "Item 3 again", "#close A-WG4-TP8-003");
    world.bot_reads(before, 1);
    assert_ne!(world.status("A-WG4-TP8-003"), "closed");
    let question = || {
        world
            .exim
            .mailbox("chair")
            .into_iter()
            .rev()
            .find(|mail| header(mail, "X-Minuted").is_some() && mail.contains("confirm "))
    };
    wait_until("the chair is asked", || question().is_some());
    let question = question().expect("a question");
    let to = header(&question, "Reply-To").expect("an address").trim_matches(['<', '>']).to_owned();
    let id = header(&question, "Message-ID").expect("an identity").to_owned();
    let before = world.mails_of_bot();
    let more = format!("In-Reply-To: {id}\r\n");
    world.sends("chair", &to, "Re: confirm", &more, "yes");
    world.bot_reads(before, 1);
    assert_eq!(world.status("A-WG4-TP8-003"), "closed");
}
