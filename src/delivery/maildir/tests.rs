use std::thread;

use tempfile::TempDir;

use super::*;

const ID: &str = "<digest-7@example.org>";
const MAIL: &[u8] = b"From: minuted@example.org\r\nSubject: status\r\n\r\nnothing new\r\n";

fn delivery() -> (TempDir, MaildirDelivery) {
    let dir = tempfile::tempdir().unwrap();
    let maildir = Maildir::create(dir.path().join("out")).unwrap();
    (dir, MaildirDelivery::new(maildir))
}

fn files(delivery: &MaildirDelivery, folder: &str) -> Vec<PathBuf> {
    let folder = delivery.maildir().root().join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn a_delivered_message_is_whole_in_new_with_its_time_and_nothing_is_left_in_tmp() {
    let (_dir, delivery) = delivery();
    delivery.deliver(ID, MAIL, at(1_400_000_000)).unwrap();
    let entries = delivery.maildir().scan().unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].arrived, at(1_400_000_000));
    assert_eq!(delivery.maildir().read(&entries[0], 1000).unwrap().bytes, MAIL);
    assert!(entries[0].uid.starts_with("1400000000.M") && entries[0].uid.ends_with(".example.org"));
    assert!(files(&delivery, "tmp").is_empty());
}

#[test]
fn delivered_again_after_a_crash_it_is_still_one_message() {
    let (_dir, delivery) = delivery();
    delivery.deliver(ID, MAIL, at(100)).unwrap();
    delivery.deliver(ID, MAIL, at(100)).unwrap();
    // At another time, and as the header writes it or not.
    delivery.deliver("digest-7@example.org", MAIL, at(200)).unwrap();
    assert_eq!(files(&delivery, "new").len(), 1);
    delivery.deliver("<digest-8@example.org>", MAIL, at(200)).unwrap();
    assert_eq!(files(&delivery, "new").len(), 2);
}

#[test]
fn many_at_once_are_each_one_message() {
    let (_dir, delivery) = delivery();
    let ids: Vec<String> = (0..100).map(|number| format!("<answer-{number}@example.org>")).collect();
    let mails: Vec<(&str, &[u8])> = ids.iter().map(|id| (id.as_str(), MAIL)).collect();
    delivery.deliver(&ids[3], MAIL, at(50)).unwrap();
    let uid = delivery.maildir().scan().unwrap().remove(0).uid;
    delivery.maildir().mark_seen(&uid).unwrap();
    delivery.deliver(&ids[4], MAIL, at(50)).unwrap();
    for time in [100, 200] {
        let outcomes = delivery.deliver_all(&mails, at(time)).unwrap();
        assert_eq!(outcomes.len(), 100);
        assert!(outcomes.iter().all(Result::is_ok));
        assert_eq!((files(&delivery, "new").len(), files(&delivery, "cur").len()), (99, 1));
        assert!(files(&delivery, "tmp").is_empty());
    }
    assert_eq!(fs::read(&files(&delivery, "new")[50]).unwrap(), MAIL);
    assert!(delivery.deliver_all(&[], at(300)).unwrap().is_empty());
}

#[test]
fn one_that_cannot_be_written_is_not_in_the_others_way() {
    let (_dir, delivery) = delivery();
    // A folder stands where the file is to go: only that one fails.
    delivery.deliver(ID, MAIL, at(100)).unwrap();
    let taken = files(&delivery, "new").remove(0);
    fs::remove_file(&taken).unwrap();
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("full"), "").unwrap();
    let outcomes = delivery.deliver_all(&[(ID, MAIL), ("<digest-8@example.org>", MAIL)], at(100)).unwrap();
    assert_eq!(outcomes.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, true]);
    assert!(files(&delivery, "tmp").is_empty());
}

#[test]
fn what_the_recipients_client_has_moved_is_not_delivered_again() {
    let (_dir, delivery) = delivery();
    delivery.deliver(ID, MAIL, at(100)).unwrap();
    let uid = delivery.maildir().scan().unwrap().remove(0).uid;
    delivery.maildir().mark_seen(&uid).unwrap();
    delivery.deliver(ID, MAIL, at(200)).unwrap();
    assert_eq!((files(&delivery, "new").len(), files(&delivery, "cur").len()), (0, 1));
}

#[test]
fn half_a_message_that_a_crash_left_in_tmp_is_neither_mail_nor_in_the_way() {
    let (_dir, delivery) = delivery();
    delivery.deliver(ID, MAIL, at(100)).unwrap();
    let name = files(&delivery, "new").remove(0);
    let half = delivery.maildir().root().join("tmp").join(name.file_name().unwrap());
    fs::remove_file(&name).unwrap();
    fs::write(&half, &MAIL[..10]).unwrap();
    delivery.deliver(ID, MAIL, at(100)).unwrap();
    assert_eq!(fs::read(&name).unwrap(), MAIL);
}

#[test]
fn what_was_abandoned_in_tmp_is_deleted_after_36_hours_only() {
    let (_dir, delivery) = delivery();
    let half = delivery.maildir().root().join("tmp/1.half.host");
    fs::write(&half, "x").unwrap();
    let written = fs::metadata(&half).unwrap().modified().unwrap();
    assert_eq!(delivery.clean(written + Duration::from_secs(35 * 3600)).unwrap(), 0);
    assert!(half.exists());
    assert_eq!(delivery.clean(written + Duration::from_secs(37 * 3600)).unwrap(), 1);
    assert!(!half.exists());
}

#[test]
fn one_message_delivered_by_many_at_once_is_one_whole_message() {
    let (_dir, delivery) = delivery();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| delivery.deliver(ID, MAIL, at(100)).unwrap());
        }
    });
    assert_eq!(files(&delivery, "new").len(), 1);
    assert_eq!(fs::read(&files(&delivery, "new")[0]).unwrap(), MAIL);
}

#[test]
fn a_hosts_odd_characters_are_escaped_in_the_file_name() {
    let (_dir, delivery) = delivery();
    delivery.deliver("<a/b@[IPv6:::1]/../x y>", MAIL, at(100)).unwrap();
    let name = files(&delivery, "new").remove(0);
    assert!(name.to_str().unwrap().ends_with(r".[IPv6\072\072\0721]\057..\057xy"), "{}", name.display());
    delivery.deliver(&format!("<a@{}>", ":".repeat(5000)), MAIL, at(100)).unwrap();
    delivery.deliver("", MAIL, at(-5)).unwrap();
    assert_eq!(delivery.maildir().scan().unwrap().len(), 3);
}

#[test]
fn mail_is_as_readable_as_its_folder() {
    let (_dir, delivery) = delivery();
    delivery.deliver(ID, MAIL, at(100)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(&files(&delivery, "new")[0]), 0o600);
    let new = delivery.maildir().root().join("new");
    fs::set_permissions(&new, fs::Permissions::from_mode(0o2770)).unwrap();
    delivery.deliver("<2@example.org>", MAIL, at(200)).unwrap();
    assert_eq!(mode(&files(&delivery, "new")[1]), 0o660);
}

#[test]
fn where_it_cannot_be_delivered_the_error_names_the_path() {
    let (_dir, delivery) = delivery();
    fs::remove_dir(delivery.maildir().root().join("tmp")).unwrap();
    let error = delivery.deliver(ID, MAIL, at(100)).unwrap_err();
    assert!(error.to_string().contains("tmp"), "{error}");
    assert_eq!(delivery.maildir().scan().unwrap(), []);
}
