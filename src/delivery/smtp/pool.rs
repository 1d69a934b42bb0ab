//! Connections that are idle, for the next mail.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::session::Session;

/// How long an idle connection is kept: well below the minute after which the strictest servers close
/// it themselves.
const KEPT: Duration = Duration::from_secs(20);

/// Idle connections. One sleeper waits for the oldest to be left, and only while there is one.
#[derive(Default)]
pub(super) struct Pool {
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    /// The longest idle first, each with the moment at which it is left.
    sessions: Vec<(Instant, Session)>,
    /// Whether somebody waits for that moment.
    watched: bool,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pool")
    }
}

impl Pool {
    /// The connection that was used last; the others may be left by and by.
    pub(super) fn take(&self) -> Option<Session> {
        self.with(|idle| idle.sessions.pop()).map(|(_, session)| session)
    }

    /// Keeps a connection for the next mail.
    pub(super) fn put(self: &Arc<Self>, session: Session) {
        let unwatched = self.with(|idle| {
            idle.sessions.push((Instant::now() + KEPT, session));
            !std::mem::replace(&mut idle.watched, true)
        });
        if unwatched {
            tokio::spawn(Arc::clone(self).leave_in_time());
        }
    }

    /// Leaves all of them now.
    pub(super) async fn close(&self) {
        for (_, mut session) in self.with(|idle| std::mem::take(&mut idle.sessions)) {
            session.quit().await;
        }
    }

    async fn leave_in_time(self: Arc<Self>) {
        loop {
            let next = self.with(|idle| {
                let next = idle.sessions.first().map(|(until, _)| *until);
                idle.watched = next.is_some();
                next
            });
            let Some(next) = next else { return };
            sleep_until(next).await;
            let now = Instant::now();
            let over = self.with(|idle| {
                let kept = idle.sessions.partition_point(|(until, _)| *until <= now);
                idle.sessions.drain(..kept).collect::<Vec<_>>()
            });
            for (_, mut session) in over {
                session.quit().await;
            }
        }
    }

    /// Nothing is awaited while it is locked, and nothing in it can be left half-done.
    fn with<T>(&self, change: impl FnOnce(&mut Idle) -> T) -> T {
        change(&mut self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
