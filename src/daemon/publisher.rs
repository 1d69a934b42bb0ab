//! The pages of a group: written after each change where the configuration names a directory. A failure is told
//! once and tried again; no mail ever waits for it.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;
use tracing::{debug, info, warn};

use super::PAUSE;
use crate::steps::{self, Group, PageMark};
use crate::store::Store;

/// Writes a group's pages where they may have changed.
pub(super) struct Publisher {
    store: Store,
    group: Group,
    to: PathBuf,
    /// What the pages that are there were made of.
    written: Option<PageMark>,
    failing: bool,
}

impl Publisher {
    /// Of a group whose configuration names a directory.
    pub(super) fn of(store: &Store, group: &Group) -> Option<Self> {
        let to = group.config.page.clone()?;
        Some(Self { store: store.clone(), group: group.clone(), to, written: None, failing: false })
    }

    /// Writes the pages, where anything has changed since the last time.
    pub(super) async fn publish(&mut self, now: Timestamp) {
        let result = self.write(now).await;
        let (group, to) = (&self.group.config.key, self.to.display());
        match result {
            Ok(()) if self.failing => {
                info!(group, to = %to, "the pages are written again");
                self.failing = false;
            }
            Ok(()) => {}
            Err(error) => {
                if !self.failing {
                    let error = format!("{error:#}");
                    warn!(group, to = %to, error, "the pages cannot be written now; it is tried again, mail goes on");
                    self.failing = true;
                }
            }
        }
    }

    async fn write(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let mark = steps::page_mark(&self.store, &self.group, now).await?;
        if self.written == Some(mark) {
            return Ok(());
        }
        let published = steps::publish(&self.store, &self.group, &self.to, now).await?;
        debug!(group = self.group.config.key, ?published, "pages written");
        self.written = Some(mark);
        Ok(())
    }

    /// Writes the pages whenever it is woken, until it is told to stop.
    pub(super) async fn attend(mut self, changed: Arc<Notify>, mut told_to_stop: watch::Receiver<bool>) {
        while !*told_to_stop.borrow() {
            self.publish(Timestamp::now()).await;
            tokio::select! {
                () = changed.notified(), if !self.failing => {}
                () = sleep(PAUSE), if self.failing => {}
                _ = told_to_stop.wait_for(|told| *told) => {}
            }
        }
    }
}
