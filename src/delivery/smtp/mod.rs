//! Delivery to a mail server by SMTP (RFC 5321), or by submission (RFC 6409).
//!
//! Several mails go over one connection, and a few connections at once. An idle connection is kept
//! for a while, for the next mail that comes out of the same exchange, and then left politely; nothing
//! wakes up while there is none. Every wait on the network has an end.
//!
//! What fails before the server has looked at a mail ([`Unreachable`]) is nobody's fault but the way's:
//! an unknown host, a wrong certificate, a refused login, and also a refused `MAIL FROM`, which is the
//! same for every mail. What the server says to the recipient or to the content is the mail's own.

mod connect;
mod pool;
mod session;
mod tls;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::{Mail, Outcome, Unreachable};
use crate::config::Server;
use crate::domain::EmailAddress;
use connect::Way;
use pool::Pool;
use session::Sent;

/// How many connections there are at once, at most.
pub const LANES: usize = 4;

/// Delivers to one mail server.
#[derive(Debug)]
pub struct Smtp {
    way: Way,
    pool: Arc<Pool>,
}

impl Smtp {
    /// Delivers to that server. Nothing is sent yet.
    ///
    /// # Errors
    /// Where the certificates that are to be trusted cannot be read.
    pub fn new(server: Server) -> Result<Self, Unreachable> {
        Ok(Self { way: Way::new(server)?, pool: Arc::default() })
    }

    /// Sends one mail, over a connection that is there or a new one. Dropped half-way, the connection
    /// is closed, and the server has the mail or not.
    pub async fn deliver(&self, mail: &Mail<'_>) -> Outcome {
        self.deliver_noting(mail, &AtomicBool::new(false)).await
    }

    /// As [`Smtp::deliver`]; `begun` becomes true when the server may have the mail's content from then on.
    pub async fn deliver_noting(&self, mail: &Mail<'_>, begun: &AtomicBool) -> Outcome {
        loop {
            let (mut session, reused) = match self.pool.take() {
                Some(session) => (session, true),
                None => match self.way.connect().await {
                    Ok(session) => (session, false),
                    Err(unreachable) => return Outcome::Unreachable(unreachable),
                },
            };
            match session.send(mail, begun).await {
                Sent::Over(outcome) => {
                    if session.is_usable() {
                        self.pool.put(session);
                    }
                    return outcome;
                }
                // Servers close connections that were idle for long, or that carried many mails, and
                // say so at the next mail. It had not begun, so that nothing can arrive twice.
                Sent::NotBegun(_) if reused => {}
                Sent::NotBegun(unreachable) => return Outcome::Unreachable(unreachable),
            }
        }
    }

    /// Connects, logs in and names the sender as for a mail, and says what was found: whether it is
    /// private, and as whom.
    ///
    /// # Errors
    /// Where the way ends.
    pub async fn check(&self, sender: &EmailAddress) -> Result<String, Unreachable> {
        let mut session = self.way.connect().await?;
        let checked = session.check(sender).await;
        session.quit().await;
        checked.map(|()| self.way.describe())
    }

    /// Takes leave of the server on every idle connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
