//! Waking up when a folder changes, by inotify: no polling, and no wake-up while nothing happens.

use std::path::PathBuf;
use std::sync::Arc;

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;

use super::Error;

/// Wakes whoever waits when a watched folder changes. Dropping it ends the watch.
///
/// A wake-up is a hint, not a count: look at the mailbox once when the watch has started, then after
/// each wake-up, and now and then without one. A folder that was deleted and made anew is no longer
/// watched, and on network file systems the changes of other hosts are not seen.
#[derive(Debug)]
pub struct Watch {
    wake: Arc<Notify>,
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Watches these folders, not the folders in them. A path may be a file, too: writing to it wakes.
    ///
    /// # Errors
    /// [`Error::Watch`] where a path is not there or the system allows no further watches.
    pub fn start(folders: impl IntoIterator<Item = PathBuf>) -> Result<Self, Error> {
        let wake = Arc::new(Notify::new());
        let waker = Arc::clone(&wake);
        let failed = |path: PathBuf| move |source| Error::Watch { path, source };
        let mut folders = folders.into_iter().peekable();
        let first = folders.peek().cloned().unwrap_or_default();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // An error is a reason to look, too: events may have been lost.
            if event.map_or(true, |event| may_bring_mail(&event)) {
                waker.notify_one();
            }
        })
        .map_err(failed(first))?;
        for folder in folders {
            watcher.watch(&folder, RecursiveMode::NonRecursive).map_err(failed(folder))?;
        }
        Ok(Self { wake, _watcher: watcher })
    }

    /// Waits for a change since the last call. Any number of changes meanwhile are one wake-up.
    /// Dropping the future (in a `select!`) loses none.
    pub async fn changed(&self) {
        self.wake.notified().await;
    }
}

/// Whether there may be mail that was not there before. Reading and deleting bring none.
fn may_bring_mail(event: &Event) -> bool {
    event.need_rescan()
        || match event.kind {
            EventKind::Modify(ModifyKind::Name(RenameMode::From)) => false,
            EventKind::Create(_) | EventKind::Modify(ModifyKind::Name(_)) => true,
            // A file that was copied right into the folder is whole only now.
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
            // Perhaps the watched folder itself: looking at it tells.
            EventKind::Remove(RemoveKind::Folder) => true,
            EventKind::Remove(_) | EventKind::Access(_) | EventKind::Modify(_) => false,
            EventKind::Any | EventKind::Other => true,
        }
}
