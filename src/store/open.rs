//! Opening the file: making it, bringing its schema up to date, refusing what is not ours.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, SqlitePool};

use super::Store;
use super::error::{Doing as _, Result, StoreError};

/// The schema that this program knows.
pub(super) static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// "mntd", as the first migration writes it into the file's header.
const APPLICATION_ID: i64 = 1_835_955_300;

/// How long a connection waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a task waits for the writer, which another task holds.
const WRITER_TIMEOUT: Duration = Duration::from_secs(300);

impl Store {
    /// Opens the database for reading and writing, makes it where it does not exist, and brings its
    /// schema up to date.
    ///
    /// A foreign, truncated or newer file is refused before anything is written to it. Damage inside
    /// the file is found by [`Store::check`], which reads all of it.
    ///
    /// # Errors
    /// Where the file is not minuted's, damaged, newer than this program, or cannot be opened.
    pub async fn open(path: &Path) -> Result<Self> {
        make_private(path)?;
        must_be_writable(path)?;
        let mut attempt = 0;
        loop {
            match migrate(path).await {
                // Two processes that make the database at once: the second finds it made.
                Err(error)
                    if attempt < 100 && (error.is_temporary() || matches!(error, StoreError::Migration { .. })) =>
                {
                    attempt += 1;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(error) => return Err(error),
                Ok(()) => break,
            }
        }
        let options = options(path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        let reader = pool(self::options(path).pragma("query_only", "ON"), "-2000");
        Ok(Self { path: path.to_owned(), writer: pool(options, "-8000"), reader })
    }

    /// Opens a database that may be in use by a running daemon, for reading only.
    ///
    /// # Errors
    /// As [`Store::open`], and where the file does not exist or its schema is older than this program.
    pub async fn open_read_only(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        let mut connection = connect(path, options(path)).await?;
        let found = schema(&mut connection, path).await?;
        close(connection).await;
        let known = newest();
        if found < known {
            return Err(StoreError::Older { path: path.to_owned(), found, known });
        }
        let reader = pool(options(path).pragma("query_only", "ON"), "-2000");
        Ok(Self { path: path.to_owned(), writer: reader.clone(), reader })
    }

    /// An empty database for a replay of the journal: nothing in it outlives the comparison, so it
    /// is not synced, and rows of messages that stay in the kept database are not asked for.
    pub(super) async fn open_for_replay(path: &Path) -> Result<Self> {
        if path.exists() {
            return Err(StoreError::Exists { path: path.to_owned() });
        }
        make_private(path)?;
        migrate(path).await?;
        let options =
            options(path).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Off).foreign_keys(false);
        let writer = pool(options, "-8000");
        Ok(Self { path: path.to_owned(), reader: writer.clone(), writer })
    }
}

/// What every connection has in common.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    // The rows of a batch, so that the database's thread need not wait for the one that reads them.
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        .row_buffer_size(256)
        .disable_statement_logging()
}

/// A pool of one connection, opened when it is first used, without timers. `cache` is its page
/// cache in KiB, negative as SQLite wants it.
fn pool(options: SqliteConnectOptions, cache: &'static str) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(0)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        // SQLite rolls a transaction back by itself where the disk is full; sqlx then still counts
        // one, and the connection could never begin another.
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        .acquire_timeout(WRITER_TIMEOUT)
        // The log goes into the file when it has grown to the size that is kept of it, and not at a quarter of
        // that: pages that several transactions wrote go once.
        .connect_lazy_with(
            options
                .pragma("cache_size", cache)
                .pragma("journal_size_limit", "16777216")
                .pragma("wal_autocheckpoint", "4000"),
        )
}

/// Opens one connection, and says in the file's name what is wrong with it.
pub(super) async fn connect(path: &Path, options: SqliteConnectOptions) -> Result<SqliteConnection> {
    options.connect().await.doing("opening the database").map_err(|error| named(error, path))
}

/// Closes a connection that has nothing left to say.
pub(super) async fn close(connection: SqliteConnection) {
    if let Err(error) = connection.close().await {
        tracing::debug!(%error, "closing a connection to the database");
    }
}

/// The error in the file's name, where it says what the file is.
pub(super) fn named(error: StoreError, path: &Path) -> StoreError {
    if error.is_out_of_reach()
        && let Some(why) = out_of_reach(path)
    {
        return why;
    }
    if error.is_foreign_file() {
        return StoreError::NotOurs { path: path.to_owned(), what: "the file is no SQLite database" };
    }
    if error.is_damage() {
        let what = match &error {
            StoreError::Sql { source, .. } => source.to_string(),
            other => other.to_string(),
        };
        return StoreError::Damaged { path: path.to_owned(), what };
    }
    error
}

/// The database's files: its own, its write-ahead log and that one's index.
fn files(path: &Path) -> impl Iterator<Item = PathBuf> {
    ["", "-wal", "-shm"].into_iter().map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    })
}

/// What would make a file of the database usable.
const USABLE: &str = "cannot be written to; it must belong to the user that runs minuted (chown USER FILE, chmod 600 FILE), \
                      on a disk that can be written to";

/// Refuses files that nobody may write to. SQLite would open them, and fail at the first mail; and a log
/// index that it made beside such a file stays so when the file is put right.
fn must_be_writable(path: &Path) -> Result<()> {
    for file in files(path) {
        if std::fs::metadata(&file).is_ok_and(|found| found.permissions().readonly()) {
            let source = std::io::ErrorKind::PermissionDenied.into();
            return Err(StoreError::File { path: file, doing: USABLE, source });
        }
    }
    Ok(())
}

/// Which file it is that cannot be opened, and why. Only asked where the database could not be opened:
/// closing a file that is open as a database would give up SQLite's locks on it.
fn out_of_reach(path: &Path) -> Option<StoreError> {
    files(path).filter(|file| file.exists()).find_map(|file| {
        let opened = std::fs::OpenOptions::new().read(true).write(true).open(&file);
        opened.err().map(|source| StoreError::File { path: file, doing: USABLE, source })
    })
}

/// Makes an empty file that only its owner may read: it will hold everybody's mail. SQLite gives
/// the write-ahead log the same rights.
fn make_private(path: &Path) -> Result<()> {
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(StoreError::File { path: path.to_owned(), doing: "cannot make the database", source }),
    }
}

/// Checks what the file is, and applies the migrations that it does not have.
async fn migrate(path: &Path) -> Result<()> {
    // Not yet in WAL mode: a foreign file is refused as it is.
    let mut connection = connect(path, options(path).foreign_keys(true).synchronous(SqliteSynchronous::Full)).await?;
    let found = schema(&mut connection, path).await;
    let result = match found {
        Ok(found) if found < newest() => (MIGRATOR.run_direct(None, &mut connection, false).await)
            .map_err(|source| StoreError::Migration { path: path.to_owned(), source }),
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    };
    // Here, where it is tried again: SQLite does not wait for others when it changes the mode, and
    // once it is changed, a connection that asks for it has nothing to do.
    let result = match result {
        Ok(()) => (sqlx::query("PRAGMA journal_mode = WAL").execute(&mut connection).await)
            .map(|_| ())
            .doing("turning on the write-ahead log"),
        Err(error) => Err(error),
    };
    close(connection).await;
    result
}

/// The newest schema that this program knows.
pub(super) fn newest() -> i64 {
    MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The schema of the file; 0 where it is empty.
///
/// # Errors
/// Where the file is not minuted's, shorter than its header says, or newer than this program.
pub(super) async fn schema(connection: &mut SqliteConnection, path: &Path) -> Result<i64> {
    let read = async {
        let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE type = 'table'")
            .fetch_one(&mut *connection)
            .await
            .doing("reading the schema")?;
        let id: i64 = sqlx::query_scalar("PRAGMA application_id")
            .fetch_one(&mut *connection)
            .await
            .doing("reading the file's header")?;
        let pages: i64 =
            sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *connection).await.doing("counting pages")?;
        let page: i64 =
            sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut *connection).await.doing("reading the page size")?;
        Ok((tables, id, pages.saturating_mul(page)))
    };
    let (tables, id, size) = read.await.map_err(|error| named(error, path))?;
    if tables == 0 {
        return Ok(0);
    }
    let has_migrations: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
        .fetch_one(&mut *connection)
        .await
        .doing("reading the schema")
        .map_err(|error| named(error, path))?;
    // The table of migrations is made before the first one writes the header.
    if has_migrations == 0 || (id != APPLICATION_ID && tables > 1) {
        return Err(StoreError::NotOurs { path: path.to_owned(), what: "the file is another program's database" });
    }
    whole(path, size)?;
    known(connection, path).await
}

/// A file shorter than its pages was cut off. Pages that are still in the write-ahead log alone are
/// counted, so only a file without one can be judged.
fn whole(path: &Path, size: i64) -> Result<()> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let has_log = std::fs::metadata(log).is_ok_and(|log| log.len() > 0);
    let length = std::fs::metadata(path).map_or(0, |file| file.len());
    let expected = u64::try_from(size).unwrap_or(0);
    if !has_log && length < expected {
        let what = format!("it is cut off: {length} of {expected} octets are left");
        return Err(StoreError::Damaged { path: path.to_owned(), what });
    }
    Ok(())
}

/// The highest migration that the file has, where this program knows all of them.
async fn known(connection: &mut SqliteConnection, path: &Path) -> Result<i64> {
    let applied: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(connection)
            .await
            .doing("reading the migrations")
            .map_err(|error| named(error, path))?;
    let ours: BTreeMap<i64, &[u8]> =
        MIGRATOR.iter().map(|migration| (migration.version, &*migration.checksum)).collect();
    for (version, checksum) in &applied {
        let found = match ours.get(version) {
            Some(known) if *known == checksum.as_slice() => continue,
            Some(_) => format!("{version} of another make"),
            None => version.to_string(),
        };
        return Err(StoreError::Newer { path: path.to_owned(), found, known: newest() });
    }
    Ok(applied.last().map_or(0, |(version, _)| *version))
}
