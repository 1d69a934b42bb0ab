//! Every conversation of `tests/exchange`, through real servers: its mails are fetched by IMAP over TLS
//! from a Dovecot, where they arrived when the conversation says, and minuted's go by SMTP with STARTTLS
//! and a login to an Exim, which delivers them. What comes of it is what the conversation's `story.snap`
//! says, to the letter.
//!
//! All of them share one Dovecot and one Exim; each has users of its own there, and a database of its own.
//! It is one test, because the servers are one test's. `CONVERSATION=NAME cargo test --test servers
//! conversations` plays one.
//!
//! Their mails are brought with CRLF alone: IMAP has no other line ends (RFC 9051, section 4.3.1).

#[path = "../../exchange/carrier.rs"]
mod carrier;
mod servers;
#[path = "../../exchange/story.rs"]
mod story;
#[path = "../../exchange/transcript.rs"]
mod transcript;
#[path = "../../exchange/world.rs"]
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use crate::harness::{Dovecot, Exim, Manner};
use servers::Servers;
use story::Story;

/// How many are played at a time: a few more than there are processors, as each waits for servers now and then.
const AT_A_TIME: usize = 3;

#[test]
fn every_conversation_comes_to_the_same_through_real_servers() {
    let only = std::env::var("CONVERSATION").ok();
    let names: Vec<String> =
        story::all().into_iter().filter(|name| only.as_ref().is_none_or(|only| only == name)).collect();
    assert!(!names.is_empty(), "there is no such conversation");
    let dovecot = Dovecot::with(servers::ANY_USER);
    let exim = Exim::with(Manner { keeps_by_sender: true, ..Manner::default() });
    names.iter().for_each(|name| exim.knows(name));
    let waiting = Mutex::new(names.iter());
    let differ = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(name) = next(&waiting) {
                    let played = catch_unwind(AssertUnwindSafe(|| play(name, Servers::new(&dovecot, &exim, name))));
                    // What went wrong was told when it did.
                    if !matches!(played, Ok(true)) {
                        differ.lock().expect("names").push(name);
                    }
                }
            });
        }
    });
    let differ = differ.into_inner().expect("names");
    assert!(differ.is_empty(), "of {} conversations, these come to something else: {differ:?}", names.len());
}

fn next<'a>(waiting: &Mutex<std::slice::Iter<'a, String>>) -> Option<&'a String> {
    waiting.lock().expect("names").next()
}

/// Plays a conversation, tells where it first differs from what was written down of it, and says whether
/// it does not.
fn play(name: &str, servers: Servers) -> bool {
    let story = Story::read(name);
    let expected = std::fs::read_to_string(story.folder.join("story.snap")).expect("story.snap is there");
    // Before it is what insta keeps of the test that wrote it.
    let expected = expected.splitn(3, "---\n").nth(2).expect("a snapshot").trim_end();
    let told = world::play(&story, "\r\n", servers);
    let told = told.trim_end();
    if told == expected {
        return true;
    }
    let same = told.lines().zip(expected.lines()).take_while(|(is, was)| is == was).count();
    let around = |text: &str| text.lines().skip(same.saturating_sub(5)).take(12).collect::<Vec<_>>().join("\n");
    eprintln!(
        "{name} ({}), line {}: by the servers it is\n{}\nand by Maildirs\n{}\n",
        story.shows,
        same + 1,
        around(told),
        around(expected)
    );
    false
}
