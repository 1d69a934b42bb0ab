//! Conversations: real mails go in, and what minuted answers and keeps comes out.
//!
//! A conversation is a folder beside this file: its mails in order of their names (`01-done.eml`),
//! agendas that the operator imports (`02-next.agenda`), where wanted a `story.toml` (see
//! [`Story`]), and `story.snap`: every answer, and what was changed. It is played through the real
//! steps on a real database and real Maildirs; only the clock is the mails' own.
//!
//! Each is played twice, its mails with LF and with CRLF, and must come to the same. Whatever it is
//! about, afterwards
//! - the journal, replayed, gives the same state,
//! - running the steps again does nothing,
//! - the same mails found again under other names (as after a changed mailbox) do nothing, and
//! - every mail of the outbox lies in the outgoing Maildir once.
//!
//! [`Story`]: story::Story

mod story;
mod transcript;
mod world;

use story::Story;

/// Plays a conversation and compares what came of it.
fn play(name: &str) {
    let story = Story::read(name);
    let [lf, crlf] = ["\n", "\r\n"].map(|line_end| world::play(&story, line_end));
    line_ends_mean_nothing(name, &lf, &crlf);
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(&story.folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(story.shows.clone());
    settings.bind(|| insta::assert_snapshot!("story", lf));
}

/// The line ends of a mail mean nothing.
fn line_ends_mean_nothing(name: &str, lf: &str, crlf: &str) {
    for (with_lf, with_crlf) in lf.lines().zip(crlf.lines()) {
        assert_eq!(with_lf, with_crlf, "{name}: LF and CRLF come to different things");
    }
    assert_eq!(lf.lines().count(), crlf.lines().count(), "{name}: LF and CRLF come to different things");
}

macro_rules! conversations {
    ($($name:ident),* $(,)?) => {
        $(#[test] fn $name() { play(stringify!($name)); })*

        #[test]
        fn every_conversation_is_played() {
            let mut played = vec![$(stringify!($name)),*];
            played.sort_unstable();
            assert_eq!(played, story::all());
        }
    };
}

conversations! {
    a_leads_done_closes,
}
