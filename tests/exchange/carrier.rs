//! What carries the mails of a conversation to minuted, and minuted's away: Maildirs, or servers.

use std::path::Path;

use jiff::Timestamp;
use minuted::config::Limits;
use minuted::steps::{Delivered, Fetched, Group};
use minuted::store::Store;

/// A mail that arrives.
pub struct Arriving {
    /// What it is known by in the mailbox.
    pub name: String,
    pub raw: Vec<u8>,
    pub at: Timestamp,
}

/// What carries the mails of one conversation. It fetches, settles and delivers by the steps of the daemon.
pub trait Carrier {
    /// The configuration with this carrier in the place of Maildirs.
    fn configured(&self, content: String) -> String;

    /// Makes what the configuration names, in its folder.
    fn prepares(&mut self, folder: &Path);

    /// A mail comes into the mailbox.
    fn brings(&mut self, mail: &Arriving);

    /// All mails that were brought are found as if they had not been there before: under other names, which
    /// are those of `mails` where the names are ours to give.
    async fn renames(&mut self, mails: &[Arriving]);

    /// The name that a mail was brought under, by its identity in the database.
    fn name(&self, uid: &str) -> String;

    async fn fetches(&mut self, store: &Store, group: &Group, limits: &Limits, now: Timestamp) -> Fetched;

    async fn settles(&mut self, store: &Store, group: &Group);

    async fn delivers(&mut self, store: &Store, group: &Group, now: Timestamp) -> Delivered;

    /// How many mails lie in the mailbox as ones that nobody has read.
    async fn unread(&mut self) -> usize;

    /// The mails of minuted's that arrived; so many are expected.
    fn delivered(&self, expected: usize) -> Vec<Vec<u8>>;

    /// The conversation is over.
    async fn leaves(&mut self);
}
