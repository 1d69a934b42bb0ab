use std::io::{BufReader, Read};

use proptest::prelude::*;

use super::*;
use crate::mailbox::HEAD_BYTES;

const LIMIT: u64 = 1024 * 1024;
const FROM: &str = "From secretary@example.org Mon Jan  6 10:00:00 2014\n";

fn read(mbox: &[u8]) -> Vec<(Entry, Raw)> {
    // Small reads, so that every boundary falls between two of them.
    let stream = BufReader::with_capacity(7, mbox);
    Mbox::new(stream, "test.mbox", Timestamp::UNIX_EPOCH, LIMIT).map(Result::unwrap).collect()
}

fn split(mbox: &str) -> Vec<String> {
    read(mbox.as_bytes()).into_iter().map(|(_, raw)| String::from_utf8(raw.bytes).unwrap()).collect()
}

/// Joins messages as an mboxrd writer does.
fn join(messages: &[Vec<u8>]) -> Vec<u8> {
    let mut mbox = Vec::new();
    for message in messages {
        mbox.extend_from_slice(FROM.as_bytes());
        for line in message.split_inclusive(|&byte| byte == b'\n') {
            if line.starts_with(b"From ") || is_quoted(line) {
                mbox.push(b'>');
            }
            mbox.extend_from_slice(line);
        }
        mbox.push(b'\n');
    }
    mbox
}

proptest! {
    #[test]
    fn splitting_joined_messages_gives_them_back(
        messages in prop::collection::vec(
            prop::collection::vec(
                prop_oneof![
                    Just("From ".to_owned()), Just(">From x".to_owned()), Just(">>From ".to_owned()),
                    Just(FROM.trim_end().to_owned()), Just(format!(">{}", FROM.trim_end())), Just(String::new()),
                    Just("\r".to_owned()), "[ -~]{0,20}", "\\PC{0,6}",
                ],
                0..8,
            ),
            0..6,
        )
    ) {
        let messages: Vec<Vec<u8>> = messages
            .into_iter()
            .map(|lines| format!("Subject: x\n\n{}\nend\n", lines.join("\n")).into_bytes())
            .collect();
        let found: Vec<Vec<u8>> = read(&join(&messages)).into_iter().map(|(_, raw)| raw.bytes).collect();
        prop_assert_eq!(found, messages);
    }

    #[test]
    fn any_bytes_are_read_to_their_end_within_the_limit(
        bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'F'), Just(b'>'), any::<u8>()], 0..300),
        limit in 0u64..64,
    ) {
        let mut mbox = FROM.as_bytes().to_vec();
        mbox.extend_from_slice(&bytes);
        let mut messages = Mbox::new(mbox.as_slice(), "x", Timestamp::UNIX_EPOCH, limit);
        let mut size = 0;
        for message in &mut messages {
            let (_, raw) = message.unwrap();
            prop_assert!(raw.bytes.len() as u64 <= limit);
            prop_assert_eq!(raw.truncated, raw.size > limit);
            size += raw.size;
        }
        prop_assert!(size <= bytes.len() as u64);
        prop_assert_eq!(messages.offset(), mbox.len() as u64);
    }
}

#[test]
fn a_from_line_separates_and_its_quoting_in_a_body_is_taken_off() {
    let mbox = format!("{FROM}Subject: 1\n\n>From here\n>>From there\n> From me\n\n{FROM}Subject: 2\n\nagreed\n\n");
    assert_eq!(split(&mbox), ["Subject: 1\n\nFrom here\n>From there\n> From me\n", "Subject: 2\n\nagreed\n"]);
}

#[test]
fn an_unquoted_from_in_prose_does_not_separate() {
    let body = "Subject: 1\n\nFrom Monday on we meet.\n\nFrom 6 Jan 2014 10:00 to 6 Jan 2014 12:00\n";
    assert_eq!(split(&format!("{FROM}{body}")), [body]);
}

#[test]
fn the_dates_that_writers_use_separate() {
    for date in [
        "Mon Jan  6 10:00:00 2014",
        "Mon Jan 06 10:00 2014",
        "Mon Jan 06 10:00:00 +0000 2014",
        "Mon Jan  6 10:00:00 CET 2014",
        "Mon Jan  6 10:00:00 2014 +0100",
        "Mon, 6 Jan 2014 10:00:00 +0000",
        "Mon Jan  6 10:00:00 2014 remote from host",
    ] {
        for sender in ["-", "secretary@example.org", "secretary at example.org", "1457111@xxx"] {
            let mbox = format!("{FROM}A: 1\n\nFrom {sender} {date}\nA: 2\n");
            assert_eq!(split(&mbox), ["A: 1\n", "A: 2\n"], "{sender} {date}");
        }
    }
}

#[test]
fn where_the_first_from_line_has_no_date_a_blank_line_before_the_others_is_enough() {
    let mbox = "From nobody\nA: 1\n\ntext\nFrom here\n\nFrom nobody\nA: 2\n\n";
    assert_eq!(split(mbox), ["A: 1\n\ntext\nFrom here\n", "A: 2\n"]);
}

#[test]
fn the_last_message_needs_neither_a_newline_nor_a_blank_line() {
    assert_eq!(split(&format!("{FROM}A: 1\n\ntext")), ["A: 1\n\ntext"]);
    assert_eq!(split(&format!("{FROM}A: 1\n\ntext\n")), ["A: 1\n\ntext\n"]);
    assert_eq!(split(&format!("{FROM}A: 1\n\ntext\n{FROM}A: 2")), ["A: 1\n\ntext\n", "A: 2"]);
}

#[test]
fn lines_that_end_in_crlf_are_read_like_others() {
    let mbox = format!("{FROM}A: 1\n\n>From here\n\n{FROM}A: 2\n\ntext\n\n").replace('\n', "\r\n");
    assert_eq!(split(&mbox), ["A: 1\r\n\r\nFrom here\r\n", "A: 2\r\n\r\ntext\r\n"]);
}

#[test]
fn blank_lines_of_a_body_are_kept_but_for_the_one_that_belongs_to_the_mbox() {
    assert_eq!(split(&format!("{FROM}A: 1\n\n\n\ntext\n\n\n\n{FROM}A: 2\n")), ["A: 1\n\n\n\ntext\n\n\n", "A: 2\n"]);
}

#[test]
fn nothing_and_blank_lines_and_from_lines_alone_are_no_message() {
    for mbox in ["", "\n\n", "\r\n", "From x", FROM, &format!("{FROM}\n{FROM}\n"), &format!("\n{FROM}")] {
        assert_eq!(split(mbox), [""; 0], "{mbox:?}");
    }
}

#[test]
fn a_message_before_the_first_from_line_is_not_lost() {
    assert_eq!(split(&format!("\nA: 1\n\ntext\n\n{FROM}A: 2\n")), ["A: 1\n\ntext\n", "A: 2\n"]);
}

#[test]
fn a_content_length_of_the_sender_hides_nothing() {
    let mbox = format!("{FROM}Content-Length: 999\n\ntext\n\n{FROM}A: 2\n\n");
    assert_eq!(split(&mbox), ["Content-Length: 999\n\ntext\n", "A: 2\n"]);
}

#[test]
fn an_identity_is_the_offset_and_the_bytes() {
    let mbox = format!("{FROM}A: 1\n\n{FROM}A: 1\n\n");
    let found = read(mbox.as_bytes());
    let (first, second) = (&found[0].0, &found[1].0);
    assert_eq!((&first.at, &second.at), (&Place::Offset(0), &Place::Offset(FROM.len() as u64 + 6)));
    assert!(first.uid.starts_with("0-") && second.uid.starts_with(&format!("{}-", FROM.len() + 6)));
    assert_eq!(first.uid.split_once('-').unwrap().1, second.uid.split_once('-').unwrap().1);
    let other = read(format!("{FROM}A: 2\n\n").as_bytes());
    assert_ne!(other[0].0.uid, first.uid);
}

#[test]
fn of_a_message_above_the_limit_the_head_is_kept_and_the_next_one_is_whole() {
    // One line of 20 MB that is never in memory, then a message.
    let start = format!("{FROM}A: 1\n\n");
    let end = format!("\n\n{FROM}A: 2\n\n");
    let size = 20_000_000;
    let stream = start.as_bytes().chain(std::io::repeat(b'x').take(size)).chain(end.as_bytes());
    let mbox = Mbox::new(BufReader::new(stream), "x", Timestamp::UNIX_EPOCH, LIMIT);
    let found: Vec<_> = mbox.map(Result::unwrap).collect();
    assert_eq!(found.len(), 2);
    let raw = &found[0].1;
    assert!(raw.truncated && raw.bytes.starts_with(b"A: 1\n\nxxx"));
    assert_eq!((raw.bytes.len() as u64, raw.size), (HEAD_BYTES, size + 7));
    assert_eq!(found[1].1, Raw { bytes: b"A: 2\n".to_vec(), truncated: false, size: 5 });
}

#[test]
fn a_from_line_longer_than_a_piece_is_skipped_whole() {
    let long = format!("From x Mon Jan  6 10:00:00 2014 {}\n", "y".repeat(3 * PIECE_BYTES));
    assert_eq!(split(&format!("{FROM}A: 1\n\n{long}A: 2\n")), ["A: 1\n", "A: 2\n"]);
}

#[test]
fn a_stream_that_fails_gives_an_error_and_not_half_a_message() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is broken"))
        }
    }
    let start = format!("{FROM}A: 1\n\n{FROM}A: 2\n");
    let mut mbox = Mbox::new(BufReader::new(start.as_bytes().chain(Broken)), "x.mbox", Timestamp::UNIX_EPOCH, LIMIT);
    assert_eq!(mbox.next().unwrap().unwrap().1.bytes, b"A: 1\n");
    assert!(mbox.next().unwrap().unwrap_err().to_string().contains("x.mbox"));
    assert!(mbox.next().is_none());
}
