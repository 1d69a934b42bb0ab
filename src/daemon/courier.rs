//! One task for each group whose mail goes to a server: it holds the connections, and sends what is due
//! as soon as there is something. The loop never waits for a server, and one that is slow or out of
//! reach is in nobody's way.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;
use tracing::{info, warn};

use super::PAUSE;
use crate::steps::{self, Group, Route};
use crate::store::Store;

/// What a task has.
pub(super) struct Courier {
    pub store: Store,
    pub group: Group,
    pub route: Route,
    /// Wakes it: there may be mail to send.
    pub mail: Arc<Notify>,
}

impl Courier {
    /// Sends what is due until it is told to stop. A dialogue that is under way then ends, and the rest
    /// waits for the next start.
    pub async fn carry(self, mut told_to_stop: watch::Receiver<bool>) {
        let stopping = told_to_stop.clone();
        let stop = || *stopping.borrow();
        let mut failing = false;
        while !stop() {
            let pause = match self.round(&stop).await {
                Ok(pause) => {
                    if failing {
                        info!(group = self.group.config.key, "mail is sent again");
                        failing = false;
                    }
                    pause
                }
                Err(error) => {
                    // The database: the loop tells of it too, and ends where it is for good.
                    if !failing {
                        let (group, error) = (&self.group.config.key, format!("{error:#}"));
                        warn!(group, error, "mail cannot be sent now; none is lost, and it is tried again");
                        failing = true;
                    }
                    Some(PAUSE)
                }
            };
            let due = async {
                match pause {
                    Some(pause) => sleep(pause).await,
                    // Nothing waits: nothing to wake up for.
                    None => pending().await,
                }
            };
            tokio::select! {
                () = self.mail.notified(), if !failing => {}
                () = due => {}
                _ = told_to_stop.wait_for(|told| *told) => {}
            }
        }
        self.route.close().await;
    }

    /// Sends what is due, and says when to look again.
    async fn round(&self, stop: &(dyn Fn() -> bool + Sync)) -> anyhow::Result<Option<Duration>> {
        steps::deliver_until(&self.store, &self.group, &self.route, Timestamp::now(), stop).await?;
        let next = steps::next_delivery(&self.store, &self.group, &self.route, Timestamp::now()).await?;
        // A moment at least: a mail may fall due between the two looks.
        Ok(next.map(|next| next.max(Duration::from_millis(100))))
    }
}
