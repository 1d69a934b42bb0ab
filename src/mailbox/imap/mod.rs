//! A folder of an IMAP server (RFC 9051, and RFC 3501 before it).
//!
//! [`Imap`] is one open folder over one connection. Nothing here decides what is new or what is done
//! with it, and nothing is altered but by [`Imap::settle`], which is called after the commit. Every
//! wait has an end: a server that says nothing for a minute is given up, as is one whose answer is
//! larger than anything that was asked for. `imap-proto` reads the answers.
//!
//! A mail is known by UIDVALIDITY and UID together: [`uid`] writes both, [`of_uid`] reads them.

mod connect;
mod error;
mod folder;
mod login;
mod names;
mod wire;

pub(crate) use connect::why_refused;
pub use error::Error;
pub use folder::{Imap, Listed, Woken};

/// A mail's identity in its mailbox: `UIDVALIDITY/UID`.
#[must_use]
pub fn uid(validity: u32, uid: u32) -> String {
    format!("{validity}/{uid}")
}

/// The UID in an identity that [`uid`] wrote, where it is of this UIDVALIDITY.
#[must_use]
pub fn of_uid(validity: u32, identity: &str) -> Option<u32> {
    let (of, uid) = identity.split_once('/')?;
    if of.parse() == Ok(validity) { uid.parse().ok() } else { None }
}
