use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

const LIMIT: u64 = 1024 * 1024;
const FROM: &str = "From secretary@example.org Mon Jan  6 10:00:00 2014\n";
const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    dir
}

fn open(dir: &TempDir, name: &str) -> Result<Source, Error> {
    Source::open(&dir.path().join(name), NOW)
}

fn bytes(source: Source) -> Vec<String> {
    source.messages(LIMIT).map(|read| String::from_utf8(read.unwrap().1.bytes).unwrap()).collect()
}

#[test]
fn a_message_is_recognised_and_read_whole() {
    let dir = folder(&[("mail.eml", "Subject: x\n\nagreed\n"), ("mark.eml", "\u{feff}\n Subject : x\n\n")]);
    let source = open(&dir, "mail.eml").unwrap();
    assert_eq!((source.kind(), source.total()), (Kind::Message, Total::Messages(1)));
    assert!(!source.kind().is_archive());
    let mut messages = source.messages(LIMIT);
    let (entry, raw) = messages.next().unwrap().unwrap();
    assert_eq!((entry.uid.as_str(), entry.size, entry.arrived), ("mail.eml", 19, NOW));
    assert_eq!(raw.bytes, b"Subject: x\n\nagreed\n");
    assert_eq!(messages.done(), 1);
    assert!(messages.next().is_none());
    assert!(open(&dir, "mark.eml").is_err(), "a folded line before any header line is no header line");
}

#[test]
fn a_message_with_a_byte_order_mark_is_one() {
    let dir = folder(&[("mark.eml", "\u{feff}Subject : x\n\n")]);
    assert_eq!(open(&dir, "mark.eml").unwrap().kind(), Kind::Message);
}

#[test]
fn an_mbox_is_recognised_by_its_first_line_whatever_its_name() {
    let mbox = format!("{FROM}A: 1\n\n{FROM}A: 2\n\n");
    let dir = folder(&[("archive.eml", &mbox)]);
    let source = open(&dir, "archive.eml").unwrap();
    let size = mbox.len() as u64;
    assert_eq!((source.kind(), source.total()), (Kind::Mbox, Total::Bytes(size)));
    assert!(source.kind().is_archive());
    let mut messages = source.messages(LIMIT);
    assert_eq!(messages.by_ref().map(|read| read.unwrap().1.bytes).collect::<Vec<_>>(), [b"A: 1\n", b"A: 2\n"]);
    assert_eq!(messages.done(), size);
}

#[test]
fn a_folder_of_eml_files_is_read_by_name_and_nothing_else_in_it() {
    let dir = folder(&[
        ("2.eml", "A: 2\n"),
        ("1.EML", "A: 1\n"),
        ("notes.txt", "A: x\n"),
        (".3.eml", "A: hidden\n"),
        ("deeper/4.eml", "A: deeper\n"),
    ]);
    symlink(dir.path().join("notes.txt"), dir.path().join("5.eml")).unwrap();
    let source = open(&dir, "").unwrap();
    assert_eq!((source.kind(), source.total()), (Kind::Folder, Total::Messages(3)));
    assert_eq!(bytes(source), ["A: 1\n", "A: 2\n", "A: x\n"]);
}

#[test]
fn a_file_of_a_folder_that_cannot_be_read_is_an_error_and_the_next_one_goes_on() {
    let dir = folder(&[("1.eml", "A: 1\n"), ("2.eml", ""), ("4.eml", "A: 4\n")]);
    symlink(dir.path().join("none"), dir.path().join("3.eml")).unwrap();
    let read: Vec<_> = open(&dir, "").unwrap().messages(LIMIT).collect();
    assert!(read[0].is_ok() && read[3].is_ok() && read.len() == 4);
    assert!(matches!(&read[1], Err(Error::Empty { path }) if path.ends_with("2.eml")));
    assert!(read[2].as_ref().unwrap_err().to_string().contains("3.eml"));
}

#[test]
fn a_maildir_is_recognised_by_its_folders_and_knows_the_time_of_its_mail() {
    let dir = folder(&[("tmp/x", "A: x\n"), ("new/1.a.host", "A: 1\n"), ("cur/2.b.host:2,S", "A: 2\n")]);
    let source = open(&dir, "").unwrap();
    assert_eq!((source.kind(), source.total()), (Kind::Maildir, Total::Messages(2)));
    let read: Vec<_> = source.messages(LIMIT).map(Result::unwrap).collect();
    assert!(read.iter().all(|(entry, _)| entry.arrived > NOW));
    assert_eq!(read.len(), 2);
    assert!(dir.path().join("new/1.a.host").exists(), "reading changes nothing");
}

#[test]
fn mail_deleted_from_a_maildir_meanwhile_is_left_out() {
    let dir = folder(&[("tmp/x", ""), ("new/1.a.host", "A: 1\n"), ("cur/2.b.host:2,S", "A: 2\n")]);
    let source = open(&dir, "").unwrap();
    fs::remove_file(dir.path().join("new/1.a.host")).unwrap();
    let mut messages = source.messages(LIMIT);
    assert_eq!(messages.by_ref().map(|read| read.unwrap().1.bytes).collect::<Vec<_>>(), [b"A: 2\n"]);
    assert_eq!(messages.done(), 2);
}

#[test]
fn an_empty_maildir_has_no_mail_and_is_no_mistake() {
    let dir = tempfile::tempdir().unwrap();
    Maildir::create(dir.path()).unwrap();
    let source = open(&dir, "").unwrap();
    assert_eq!(source.total(), Total::Messages(0));
    assert_eq!(source.messages(LIMIT).count(), 0);
}

#[test]
fn what_is_no_mail_is_refused_with_what_would_work() {
    let dir = folder(&[
        ("empty", ""),
        ("agenda.docx", "PK\x03\x04..."),
        ("prose.txt", "Dear all,\nplease: read\n"),
        ("folder/notes.txt", "x"),
        ("half/new/1", "A: 1\n"),
    ]);
    fs::write(dir.path().join("mbox.gz"), b"\x1f\x8b\x08...").unwrap();
    for (name, says) in [
        ("none", "there is no"),
        ("empty", "is empty"),
        ("agenda.docx", ".docx"),
        ("prose.txt", "no header line"),
        ("mbox.gz", "unpack"),
        ("folder", "ends in .eml"),
        ("half", "no folder `tmp`"),
    ] {
        let error = open(&dir, name).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(says) && error.contains("ive "), "{error}");
    }
}

#[test]
fn a_stream_is_one_message_and_the_line_a_mail_server_puts_before_it_is_taken_off() {
    let one = |text: String| bytes(Source::message(Cursor::new(text), NOW).unwrap());
    assert_eq!(one("A: 1\n\ntext".to_owned()), ["A: 1\n\ntext"]);
    // A From line that the sender wrote into the body makes no second message.
    let body = format!("A: 1\n\ntext\n\n{FROM}From: chair@example.org\n\nagreed\n");
    assert_eq!(one(format!("{FROM}{body}")), std::slice::from_ref(&body));
    let long = format!("From {}\n", "x".repeat(3 * START_BYTES as usize));
    assert_eq!(one(format!("{long}{body}")), [body]);
    // Whatever it is, the server has nowhere else to go with it.
    assert_eq!(one("no header".to_owned()), ["no header"]);
}

#[test]
fn a_stream_said_to_be_an_mbox_is_split() {
    let source = Source::mbox(Cursor::new(format!("{FROM}A: 1\n\n{FROM}A: 2\n")), NOW).unwrap();
    assert_eq!((source.kind(), source.total()), (Kind::Mbox, Total::Unknown));
    assert_eq!(bytes(source), ["A: 1\n", "A: 2\n"]);
}

#[test]
fn an_empty_stream_is_an_error() {
    assert!(matches!(Source::message(io::empty(), NOW), Err(Error::Empty { .. })));
    assert!(matches!(Source::mbox(io::empty(), NOW), Err(Error::Empty { .. })));
    let only_from = Source::message(Cursor::new(FROM), NOW).unwrap();
    assert!(matches!(only_from.messages(LIMIT).next(), Some(Err(Error::Empty { .. }))));
}

#[test]
fn of_a_stream_above_the_limit_the_head_is_kept_and_the_rest_read_away() {
    let size = 20_000_000;
    let stream = "A: 1\n\n".as_bytes().chain(io::repeat(b'x').take(size));
    let (entry, raw) = Source::message(stream, NOW).unwrap().messages(LIMIT).next().unwrap().unwrap();
    assert!(raw.truncated && raw.bytes.starts_with(b"A: 1\n\nx"));
    assert_eq!((entry.uid.as_str(), entry.size, raw.size), ("-", size + 6, size + 6));
    assert_eq!(raw.bytes.len() as u64, crate::mailbox::HEAD_BYTES);
}
