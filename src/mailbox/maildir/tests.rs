use std::fs::File;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::delivery::MaildirDelivery;
use crate::mailbox::HEAD_BYTES;

const LIMIT: u64 = 1024 * 1024;
const MAIL: &str = "From: secretary@example.org\nSubject: SEC-2014-0243R01\n\nagreed\n";

fn maildir() -> (TempDir, Maildir) {
    let dir = tempfile::tempdir().unwrap();
    let maildir = Maildir::create(dir.path().join("in")).unwrap();
    (dir, maildir)
}

/// Writes a message as another program would, at this many seconds after the epoch.
fn put(maildir: &Maildir, name: &str, arrived: i64) -> PathBuf {
    let path = maildir.root().join(name);
    fs::write(&path, MAIL).unwrap();
    let time = SystemTime::from(Timestamp::from_second(arrived).unwrap());
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    path
}

fn uids(maildir: &Maildir) -> Vec<String> {
    maildir.scan().unwrap().into_iter().map(|entry| entry.uid).collect()
}

#[test]
fn messages_are_listed_by_arrival_then_by_name() {
    let (_dir, maildir) = maildir();
    put(&maildir, "new/3.c.host", 100);
    put(&maildir, "cur/1.b.host:2,S", 200);
    put(&maildir, "cur/2.a.host:2,", 100);
    assert_eq!(uids(&maildir), ["2.a.host", "3.c.host", "1.b.host"]);
    let first = &maildir.scan().unwrap()[0];
    assert_eq!(first.arrived, Timestamp::from_second(100).unwrap());
    assert_eq!(first.size, MAIL.len() as u64);
}

#[test]
fn known_messages_are_left_out() {
    let (_dir, maildir) = maildir();
    put(&maildir, "new/1.a.host", 100);
    put(&maildir, "cur/2.b.host:2,S", 200);
    let unknown = maildir.scan_unknown(|uid| uid == "2.b.host").unwrap();
    assert_eq!(unknown.iter().map(|entry| entry.uid.as_str()).collect::<Vec<_>>(), ["1.a.host"]);
}

#[test]
fn what_is_no_message_is_left_out() {
    let (dir, maildir) = maildir();
    put(&maildir, "new/.hidden", 100);
    put(&maildir, "tmp/1.being.written", 100);
    fs::create_dir(maildir.root().join("cur/folder")).unwrap();
    fs::write(maildir.root().join("new/2.empty.host"), "").unwrap();
    let outside = dir.path().join("secret");
    fs::write(&outside, MAIL).unwrap();
    symlink(&outside, maildir.root().join("new/3.link.host")).unwrap();
    assert_eq!(uids(&maildir), [""; 0]);
}

#[test]
fn a_link_put_in_the_place_of_a_message_is_not_followed() {
    let (dir, maildir) = maildir();
    let path = put(&maildir, "new/1.a.host", 100);
    let entry = maildir.scan().unwrap().remove(0);
    let outside = dir.path().join("secret");
    fs::write(&outside, "secret").unwrap();
    fs::remove_file(&path).unwrap();
    symlink(&outside, &path).unwrap();
    assert!(maildir.read(&entry, LIMIT).is_err());
}

#[test]
fn a_name_that_is_not_utf_8_is_listed_read_and_flagged() {
    let (_dir, maildir) = maildir();
    let name = OsStr::from_bytes(b"1.\xff%\n.host");
    fs::write(maildir.root().join("new").join(name), MAIL).unwrap();
    let entry = maildir.scan().unwrap().remove(0);
    assert_eq!(entry.uid, "1.%FF%25%0A.host");
    assert!(maildir.mark_seen(&entry.uid).unwrap());
    assert_eq!(maildir.read(&entry, LIMIT).unwrap().bytes, MAIL.as_bytes());
    assert_eq!(uids(&maildir), [entry.uid]);
    let flagged = std::ffi::OsString::from_vec(b"1.\xff%\n.host:2,S".to_vec());
    assert!(maildir.root().join("cur").join(flagged).exists());
}

#[test]
fn names_that_differ_after_an_ordinary_colon_are_two_messages() {
    let (_dir, maildir) = maildir();
    put(&maildir, "new/1.a:b", 100);
    put(&maildir, "new/1.a:c", 100);
    assert_eq!(uids(&maildir), ["1.a:b", "1.a:c"]);
}

#[test]
fn two_files_with_one_unique_name_are_both_listed_and_readable() {
    let (_dir, maildir) = maildir();
    put(&maildir, "new/1.a.host", 100);
    let restored = put(&maildir, "cur/1.a.host:2,S", 200);
    fs::write(&restored, "Subject: another\n\n").unwrap();
    let entries = maildir.scan().unwrap();
    assert_eq!(entries.iter().map(|entry| entry.uid.as_str()).collect::<Vec<_>>(), ["1.a.host", "1.a.host:2,S"]);
    assert_eq!(maildir.read(&entries[0], LIMIT).unwrap().bytes, MAIL.as_bytes());
    assert_eq!(maildir.read(&entries[1], LIMIT).unwrap().bytes, b"Subject: another\n\n");
    // Flagging the first must not overwrite the second.
    assert!(maildir.mark_seen("1.a.host").unwrap());
    assert_eq!(maildir.scan().unwrap().len(), 2);
}

#[test]
fn a_name_that_comes_again_after_its_message_was_read_is_another_message() {
    let (_dir, maildir) = maildir();
    put(&maildir, "new/1.a.host", 100);
    assert!(maildir.mark_seen("1.a.host").unwrap());
    fs::write(maildir.root().join("new/1.a.host"), "Subject: another\n\n").unwrap();
    let mut known = vec!["1.a.host".to_owned()];
    let entries = maildir.scan_unknown(|uid| known.iter().any(|known| known == uid)).unwrap();
    let texts: Vec<_> = entries.iter().map(|entry| maildir.read(entry, LIMIT).unwrap().bytes).collect();
    assert!(texts.contains(&b"Subject: another\n\n".to_vec()), "{entries:?}");
    known.extend(entries.iter().map(|entry| entry.uid.clone()));
    for uid in &known {
        assert!(maildir.mark_seen(uid).unwrap(), "{uid}");
    }
    assert_eq!(maildir.scan().unwrap().len(), 2, "flagging one must not overwrite the other");
    assert_eq!(maildir.scan_unknown(|uid| known.iter().any(|known| known == uid)).unwrap(), []);
    // A program that keeps no flags, both unread.
    put(&maildir, "new/2.a.host", 300);
    fs::write(maildir.root().join("cur/2.a.host"), "Subject: a third\n\n").unwrap();
    assert_eq!(maildir.scan_unknown(|uid| known.iter().any(|known| known == uid)).unwrap().len(), 2);
}

#[test]
fn a_message_that_is_linked_in_both_folders_is_one() {
    let (_dir, maildir) = maildir();
    let path = put(&maildir, "new/1.a.host", 100);
    fs::hard_link(path, maildir.root().join("cur/1.a.host:2,")).unwrap();
    assert_eq!(uids(&maildir), ["1.a.host"]);
}

#[test]
fn a_message_that_a_client_moved_is_found_again() {
    let (_dir, maildir) = maildir();
    let path = put(&maildir, "new/1.a.host", 100);
    let entry = maildir.scan().unwrap().remove(0);
    let moved = maildir.root().join("cur/1.a.host:2,RS");
    fs::rename(path, &moved).unwrap();
    assert_eq!(maildir.read(&entry, LIMIT).unwrap().bytes, MAIL.as_bytes());
    fs::rename(moved, maildir.root().join("cur/1.a.host:2,FRS")).unwrap();
    assert_eq!(maildir.read(&entry, LIMIT).unwrap().bytes, MAIL.as_bytes());
}

#[test]
fn a_message_that_a_client_deleted_is_gone() {
    let (_dir, maildir) = maildir();
    let path = put(&maildir, "new/1.a.host", 100);
    let entry = maildir.scan().unwrap().remove(0);
    fs::remove_file(path).unwrap();
    let error = maildir.read(&entry, LIMIT).unwrap_err();
    assert!(matches!(error, Error::Gone { .. }) && error.is_gone());
    assert!(!maildir.mark_seen(&entry.uid).unwrap());
}

#[test]
fn marking_seen_moves_to_cur_and_does_nothing_the_second_time() {
    let (_dir, maildir) = maildir();
    put(&maildir, "new/1.a.host", 100);
    let seen = maildir.root().join("cur/1.a.host:2,S");
    for _ in 0..2 {
        assert!(maildir.mark_seen("1.a.host").unwrap());
        assert!(seen.exists());
        assert_eq!(fs::read_dir(maildir.root().join("new")).unwrap().count(), 0);
    }
    assert_eq!(uids(&maildir), ["1.a.host"]);
}

#[test]
fn marking_seen_keeps_the_flags_of_a_client() {
    let (_dir, maildir) = maildir();
    put(&maildir, "cur/1.a.host:2,RT", 100);
    assert!(maildir.mark_seen("1.a.host").unwrap());
    assert!(maildir.root().join("cur/1.a.host:2,RST").exists());
}

#[test]
fn an_identity_that_leads_out_of_the_mailbox_names_no_message() {
    let (dir, maildir) = maildir();
    fs::write(dir.path().join("secret"), MAIL).unwrap();
    assert!(!maildir.mark_seen("../../secret").unwrap());
    assert!(!maildir.mark_seen("%2E%2E%2Fsecret").unwrap());
    assert!(dir.path().join("secret").exists());
}

#[test]
fn of_a_message_above_the_limit_only_the_head_is_read() {
    let (_dir, maildir) = maildir();
    let path = put(&maildir, "new/1.a.host", 100);
    // A file with a hole: nothing but its head could be read in the time a test has.
    let size = 1 << 40;
    File::options().write(true).open(&path).unwrap().set_len(size).unwrap();
    let entry = maildir.scan().unwrap().remove(0);
    let raw = maildir.read(&entry, LIMIT).unwrap();
    assert!(raw.truncated && raw.bytes.starts_with(MAIL.as_bytes()));
    assert_eq!((raw.bytes.len() as u64, raw.size), (HEAD_BYTES, size));
}

#[test]
fn a_message_of_just_the_limit_is_whole() {
    let (_dir, maildir) = maildir();
    put(&maildir, "new/1.a.host", 100);
    let entry = maildir.scan().unwrap().remove(0);
    let size = MAIL.len() as u64;
    assert!(!maildir.read(&entry, size).unwrap().truncated);
    let raw = maildir.read(&entry, size - 1).unwrap();
    assert!(raw.truncated && raw.bytes.len() as u64 == size - 1);
}

#[test]
fn an_unreadable_message_is_an_error_that_says_what_helps_and_the_others_go_on() {
    let (_dir, maildir) = maildir();
    let path = put(&maildir, "new/1.a.host", 100);
    put(&maildir, "new/2.b.host", 200);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_ok() {
        // The superuser reads everything.
        return;
    }
    let entries = maildir.scan().unwrap();
    let error = maildir.read(&entries[0], LIMIT).unwrap_err();
    assert!(!error.is_gone() && error.to_string().contains("chmod"), "{error}");
    assert!(maildir.read(&entries[1], LIMIT).is_ok());
}

#[test]
fn a_folder_that_is_no_maildir_is_refused_with_what_it_lacks() {
    let dir = tempfile::tempdir().unwrap();
    let error = Maildir::open(dir.path().join("none")).unwrap_err();
    assert!(matches!(error, Error::NoMaildir { .. }) && error.is_gone());
    for folder in ["tmp", "new"] {
        fs::create_dir(dir.path().join(folder)).unwrap();
    }
    let error = Maildir::open(dir.path()).unwrap_err();
    assert!(error.to_string().contains("no folder `cur`") && error.to_string().contains("mkdir"), "{error}");
    assert!(!Maildir::is_at(dir.path()));
}

#[test]
fn a_maildir_that_is_made_is_private_and_what_is_there_is_kept() {
    let (_dir, maildir) = maildir();
    let mode = fs::metadata(maildir.root().join("new")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    put(&maildir, "new/1.a.host", 100);
    let again = Maildir::create(maildir.root()).unwrap();
    assert_eq!(again, Maildir::open(maildir.root()).unwrap());
    assert_eq!(uids(&again), ["1.a.host"]);
}

#[test]
fn every_scan_during_deliveries_and_flagging_sees_what_was_there_before_it() {
    let (_dir, maildir) = maildir();
    let delivery = MaildirDelivery::new(maildir.clone());
    for n in 0..50 {
        put(&maildir, &format!("new/{n}.before.host"), n);
    }
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0..50 {
                delivery.deliver(&format!("{n}@example.org"), MAIL.as_bytes(), Timestamp::UNIX_EPOCH).unwrap();
                maildir.mark_seen(&format!("{n}.before.host")).unwrap();
            }
            done.store(true, Ordering::SeqCst);
        });
        let mut before = 50;
        while !done.load(Ordering::SeqCst) {
            let entries = maildir.scan().unwrap();
            assert!(entries.len() >= before, "{} of {before}", entries.len());
            before = entries.len();
            for entry in entries {
                assert_eq!(maildir.read(&entry, LIMIT).unwrap().bytes, MAIL.as_bytes());
            }
        }
    });
    assert_eq!(uids(&maildir).len(), 100);
}

async fn woken(watch: &Watch) -> bool {
    tokio::time::timeout(Duration::from_secs(5), watch.changed()).await.is_ok()
}

async fn quiet(watch: &Watch) -> bool {
    tokio::time::timeout(Duration::from_millis(300), watch.changed()).await.is_err()
}

#[tokio::test]
async fn the_watch_wakes_on_delivery_once_for_many_and_not_on_reading() {
    let (_dir, maildir) = maildir();
    let delivery = MaildirDelivery::new(maildir.clone());
    let watch = maildir.watch().unwrap();
    assert!(quiet(&watch).await);
    for n in 0..20 {
        delivery.deliver(&format!("{n}@example.org"), MAIL.as_bytes(), Timestamp::UNIX_EPOCH).unwrap();
    }
    // Let the events of all of them come in.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(woken(&watch).await);
    assert!(quiet(&watch).await);
    for entry in maildir.scan().unwrap() {
        maildir.read(&entry, LIMIT).unwrap();
    }
    assert!(quiet(&watch).await);
}

#[tokio::test]
async fn the_watch_wakes_for_mail_put_right_into_cur() {
    let (_dir, maildir) = maildir();
    let watch = maildir.watch().unwrap();
    let path = put(&maildir, "tmp/1.a.host", 100);
    fs::rename(path, maildir.root().join("cur/1.a.host:2,S")).unwrap();
    assert!(woken(&watch).await);
}

#[test]
fn watching_what_is_not_there_is_an_error_with_its_path() {
    let dir = tempfile::tempdir().unwrap();
    let error = Watch::start([dir.path().join("none")]).unwrap_err();
    assert!(error.to_string().contains("none"), "{error}");
}

#[tokio::test]
async fn a_watched_file_wakes_when_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("wake");
    fs::write(&path, "").unwrap();
    let watch = Watch::start([path.clone()]).unwrap();
    fs::write(&path, "now").unwrap();
    assert!(woken(&watch).await);
}

#[tokio::test]
async fn the_watch_wakes_when_its_folder_is_deleted() {
    let (_dir, maildir) = maildir();
    let watch = maildir.watch().unwrap();
    fs::remove_dir(maildir.root().join("new")).unwrap();
    assert!(woken(&watch).await);
    assert!(maildir.scan().unwrap_err().to_string().contains("new"));
}
