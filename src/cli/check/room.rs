//! What `check` finds out about the place of the database: whether it can be written to, and for how long.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Report;

/// With less room than this no mail is taken in for long, in bytes: a mail may be 25 MiB, and is kept twice while it
/// is written.
const LEAST: u64 = 64 << 20;

/// With less room than this it is time to look for more, in bytes.
const LITTLE: u64 = 1 << 30;

/// What is written to find out whether anything can be, in bytes. A full disk still takes an empty file.
const PROBE: usize = 64 << 10;

/// Looks at the place of the database and tells it.
pub(super) fn check(database: &Path, report: &mut Report) -> anyhow::Result<()> {
    let folder = match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if let Err(error) = writable(folder) {
        return report.wrong(
            "place",
            &format!("{error}; no mail is taken in until it can: free some room, or let this user write there"),
        );
    }
    // The write-ahead log and its index are there while the daemon runs.
    for ending in ["", "-wal", "-shm"] {
        let mut file = database.as_os_str().to_owned();
        file.push(ending);
        let file = PathBuf::from(file);
        match OpenOptions::new().write(true).open(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return report.wrong("place", &format!("{} cannot be written to: {error}", file.display()));
            }
            _ => {}
        }
    }
    let shown = folder.display();
    match free(folder) {
        Err(error) => {
            report.note("place", &format!("{shown} can be written to; how much room it has, nobody says: {error}"))
        }
        Ok(free) if free < LEAST => report
            .wrong("place", &format!("{shown} has room for {} alone; free some, or move the database", size(free))),
        Ok(free) if free < LITTLE => {
            report.note("place", &format!("{shown} has room for {}, which is not for long", size(free)))
        }
        Ok(free) => report.fine("place", &format!("{shown} can be written to, and has room for {}", size(free))),
    }
}

/// How much more may be written, in bytes, by who runs this.
fn free(folder: &Path) -> io::Result<u64> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

fn size(bytes: u64) -> String {
    match bytes {
        0..0x4000_0000 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}

/// Whether a file can be made and filled in the folder: tried, because rights and numbers alone do not say it.
///
/// # Errors
/// Why not, with the folder.
pub(super) fn writable(folder: &Path) -> Result<(), String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // A name with a leading dot is nobody's mail.
    let probe = folder.join(format!(".minuted-check-{}", std::process::id()));
    let made = OpenOptions::new().write(true).create_new(true).open(&probe);
    let tried = made.and_then(|mut file| {
        let written = file.write_all(&[0; PROBE]).and_then(|()| file.sync_all());
        drop(file);
        fs::remove_file(&probe).and(written)
    });
    tried.map_err(|error: io::Error| format!("{} cannot be written to: {error}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_written_to_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        writable(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let missing = folder.path().join("missing");
        assert!(writable(&missing).unwrap_err().contains("missing cannot be written to"));
        assert!(free(folder.path()).unwrap() > 0);
    }

    #[test]
    fn room_is_told_in_whole_numbers() {
        assert_eq!((size(LEAST - 1), size(LEAST), size(LITTLE), size(5 << 40)).0, "63 MiB");
        assert_eq!((size(LEAST), size(LITTLE), size(5 << 40)), ("64 MiB".into(), "1 GiB".into(), "5120 GiB".into()));
    }
}
