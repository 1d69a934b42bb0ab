use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::*;
use crate::store::StoreError;
use crate::store::open::{close, connect, newest, options};

async fn run(path: &Path, statement: &'static str) {
    let mut connection = connect(path, options(path).create_if_missing(true)).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    close(connection).await;
}

/// A database with enough mail in it for many pages.
async fn filled() -> Place {
    let place = place().await;
    let arrivals = (0..200).map(|n| arrival(&n.to_string(), &format!("{n} {}", "word ".repeat(40)))).collect();
    place.store.take_in(place.group, "INBOX", arrivals, at(0)).await.unwrap();
    place.store.close().await;
    place
}

#[tokio::test]
async fn a_database_is_made_and_is_found_whole_when_it_is_opened_again() {
    let place = place().await;
    place.store.take_in(place.group, "INBOX", vec![arrival("1", "a mail")], at(0)).await.unwrap();
    place.store.close().await;
    let again = Store::open(place.store.path()).await.unwrap();
    assert_eq!(again.group("sec").await.unwrap(), place.group);
    assert_eq!(again.check().await.unwrap(), Vec::<String>::new());
    assert_eq!(again.health(at(0)).await.unwrap().waiting, 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_database_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = place().await;
    let mode = std::fs::metadata(place.store.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_refused_and_says_what_works() {
    let place = place().await;
    place.store.close().await;
    run(
        place.store.path(),
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .await;
    let error = Store::open(place.store.path()).await.unwrap_err();
    let said = error.to_string();
    assert!(matches!(error, StoreError::Newer { .. }), "{said}");
    assert!(said.contains("9999") && said.contains("use the minuted that wrote it"), "{said}");
    assert!(Store::open_read_only(place.store.path()).await.is_err());
}

#[tokio::test]
async fn a_migration_that_was_altered_since_is_refused() {
    let place = place().await;
    place.store.close().await;
    run(place.store.path(), "UPDATE _sqlx_migrations SET checksum = x'00'").await;
    let said = Store::open(place.store.path()).await.unwrap_err().to_string();
    assert!(said.contains("of another make"), "{said}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    let text = "These are the minutes of SEC#10.0. ".repeat(200);
    std::fs::write(&path, &text).unwrap();
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn another_programs_database_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("other.db");
    run(&path, "CREATE TABLE places (id INTEGER PRIMARY KEY, url TEXT)").await;
    let before = std::fs::read(&path).unwrap();
    let said = Store::open(&path).await.unwrap_err().to_string();
    assert!(said.contains("another program's"), "{said}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_file_that_was_cut_off_is_refused() {
    let place = filled().await;
    let file = std::fs::OpenOptions::new().write(true).open(place.store.path()).unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length / 2).unwrap();
    let error = Store::open(place.store.path()).await.unwrap_err();
    assert!(error.is_damage(), "{error}");
    assert!(error.to_string().contains("restore the last `minuted backup`"), "{error}");
}

#[tokio::test]
async fn an_overwritten_page_is_found_by_the_check() {
    let place = filled().await;
    let store = Store::open(place.store.path()).await.unwrap();
    // One that opening does not read.
    let root = sqlx::query_scalar("SELECT rootpage FROM sqlite_schema WHERE name = 'raw_messages'");
    let page: i64 = root.fetch_one(&store.reader).await.unwrap();
    store.close().await;
    let mut file = std::fs::OpenOptions::new().write(true).open(place.store.path()).unwrap();
    file.seek(SeekFrom::Start((page.unsigned_abs() - 1) * 4096)).unwrap();
    file.write_all(&[0x5a; 4096]).unwrap();
    drop(file);
    let store = Store::open(place.store.path()).await.unwrap();
    let error = store.check_or_refuse().await.unwrap_err();
    assert!(error.is_damage(), "{error}");
}

#[tokio::test]
async fn reading_only_neither_makes_a_database_nor_writes_to_one() {
    let place = place().await;
    let missing = place.directory.path().join("none.db");
    assert!(matches!(Store::open_read_only(&missing).await.unwrap_err(), StoreError::Missing { .. }));
    assert!(!missing.exists());
    let reading = Store::open_read_only(place.store.path()).await.unwrap();
    assert_eq!(reading.groups().await.unwrap(), [("sec".to_owned(), place.group)]);
    assert!(reading.take_in(place.group, "INBOX", vec![arrival("1", "a mail")], at(0)).await.is_err());
}

#[tokio::test]
async fn a_database_older_than_the_program_is_not_read_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("empty.db");
    std::fs::write(&path, "").unwrap();
    let error = Store::open_read_only(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Older { found: 0, .. }), "{error}");
    assert!(newest() >= 1);
}

#[tokio::test]
async fn processes_that_make_the_database_at_once_all_get_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("minuted.db");
    let opened: Vec<_> = (0..6)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move { Store::open(&path).await?.group("sec").await })
        })
        .collect();
    for opened in opened {
        opened.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_backup_is_a_whole_database_and_never_replaces_a_file() {
    let place = place().await;
    place.store.take_in(place.group, "INBOX", vec![arrival("1", "a mail")], at(0)).await.unwrap();
    let to = place.directory.path().join("backup.db");
    place.store.backup(&to).await.unwrap();
    assert!(matches!(place.store.backup(&to).await.unwrap_err(), StoreError::Exists { .. }));
    let restored = Store::open(&to).await.unwrap();
    assert_eq!(restored.check().await.unwrap(), Vec::<String>::new());
    assert_eq!(restored.waiting(place.group, 0, 10, 1000).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_full_disk_is_known_as_such_and_passes() {
    let place = place().await;
    // The limit counts for a connection: this is the writer's.
    sqlx::query("PRAGMA max_page_count = 60").execute(&place.store.writer).await.unwrap();
    // Bytes that do not pack.
    let raw: Vec<u8> = (0..12_000_u32).flat_map(|n| crate::store::value::hash(&n.to_le_bytes())).collect();
    let large = || Arrival { raw: raw.clone(), ..arrival("1", "") };
    let error = place.store.take_in(place.group, "INBOX", vec![large()], at(0)).await.unwrap_err();
    assert!(error.is_full() && error.is_temporary(), "{error:?}");
    sqlx::query("PRAGMA max_page_count = 1000000").execute(&place.store.writer).await.unwrap();
    assert_eq!(place.store.take_in(place.group, "INBOX", vec![large()], at(0)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_file_of_the_database_that_nobody_may_write_to_is_named_with_what_works() {
    let place = place().await;
    place.store.close().await;
    let path = place.store.path();
    for ending in ["", "-shm"] {
        let file = std::path::PathBuf::from(format!("{}{ending}", path.display()));
        if !file.exists() {
            std::fs::write(&file, "").unwrap();
        }
        let mode = |mode| std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        mode(0o400);
        let said = Store::open(path).await.unwrap_err().to_string();
        assert!(said.contains(&file.display().to_string()) && said.contains("chmod 600"), "{said}");
        mode(0o600);
        Store::open(path).await.unwrap().close().await;
    }
}
