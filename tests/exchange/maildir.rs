//! Mails lie in Maildirs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use minuted::config::Limits;
use minuted::mailbox::Maildir;
use minuted::steps::{self, Delivered, Fetched, Group, Route};
use minuted::store::Store;

use super::carrier::{Arriving, Carrier};

/// The Maildirs that the configuration names.
#[derive(Default)]
pub struct Maildirs {
    folder: PathBuf,
}

impl Carrier for Maildirs {
    fn configured(&self, content: String) -> String {
        content
    }

    fn prepares(&mut self, folder: &Path) {
        folder.join("mail").clone_into(&mut self.folder);
        for maildir in ["in", "out"] {
            Maildir::create(self.folder.join(maildir)).expect("making a Maildir");
        }
    }

    fn brings(&mut self, mail: &Arriving) {
        let inbox = self.folder.join("in");
        let (written, dropped) = (inbox.join("tmp").join(&mail.name), inbox.join("new").join(&mail.name));
        fs::write(&written, &mail.raw).expect("writing a mail");
        let file = File::options().write(true).open(&written).expect("the mail");
        file.set_modified(mail.at.into()).expect("dating the mail");
        fs::rename(written, dropped).expect("delivering a mail");
    }

    async fn renames(&mut self, mails: &[Arriving]) {
        mails.iter().for_each(|mail| self.brings(mail));
    }

    fn name(&self, uid: &str) -> String {
        uid.to_owned()
    }

    async fn fetches(&mut self, store: &Store, group: &Group, limits: &Limits, now: Timestamp) -> Fetched {
        steps::fetch(store, group, limits, now).await.expect("fetching")
    }

    async fn settles(&mut self, store: &Store, group: &Group) {
        steps::settle(store, group).await.expect("settling");
    }

    async fn delivers(&mut self, store: &Store, group: &Group, now: Timestamp) -> Delivered {
        let route = Route::open(group).expect("a way out");
        steps::deliver(store, group, &route, now).await.expect("delivering")
    }

    async fn unread(&mut self) -> usize {
        fs::read_dir(self.folder.join("in/new")).expect("the mailbox").count()
    }

    fn delivered(&self, _expected: usize) -> Vec<Vec<u8>> {
        let files = fs::read_dir(self.folder.join("out/new")).expect("the outgoing Maildir");
        files.map(|file| fs::read(file.expect("a mail").path()).expect("a mail")).collect()
    }

    async fn leaves(&mut self) {}
}
