//! A copy of the database that can be restored by putting it in place.

use std::path::{Path, PathBuf};

use super::error::{Doing as _, Result};
use super::open::{close, connect, options};
use super::{Store, StoreError};

impl Store {
    /// Writes a copy of the database as it is at this moment, while others go on writing. It is
    /// there whole, or not at all.
    ///
    /// # Errors
    /// Where the file exists already, cannot be written, or the database fails.
    pub async fn backup(&self, path: &Path) -> Result<()> {
        let exists = || StoreError::Exists { path: path.to_owned() };
        if path.exists() {
            return Err(exists());
        }
        let partial = partial(path);
        if partial.exists() {
            return Err(StoreError::Exists { path: partial });
        }
        let failed = |source| StoreError::File { path: path.to_owned(), doing: "cannot write the backup", source };
        let result = self.copy_to(&partial).await.and_then(|()| {
            // Everybody's mail: for its owner only, like the database.
            #[cfg(unix)]
            std::fs::set_permissions(&partial, std::os::unix::fs::PermissionsExt::from_mode(0o600)).map_err(failed)?;
            std::fs::File::open(&partial).and_then(|file| file.sync_all()).map_err(failed)?;
            if path.exists() {
                return Err(exists());
            }
            std::fs::rename(&partial, path).map_err(failed)
        });
        if result.is_err() {
            // What is left of it is of no use; that it cannot be removed is not the error to report.
            let _ = std::fs::remove_file(&partial);
        }
        result
    }

    async fn copy_to(&self, path: &Path) -> Result<()> {
        let to = path.to_str().ok_or_else(|| StoreError::File {
            path: path.to_owned(),
            doing: "cannot write the backup",
            source: std::io::Error::new(std::io::ErrorKind::InvalidInput, "the path is not UTF-8"),
        })?;
        let mut connection = connect(&self.path, options(&self.path).pragma("cache_size", "-2000")).await?;
        let copied = sqlx::query("VACUUM INTO ?1").bind(to).execute(&mut connection).await.doing("writing the backup");
        close(connection).await;
        copied.map(|_| ())
    }
}

/// Where the copy grows until it is whole.
fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}
