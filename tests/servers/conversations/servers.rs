//! A Dovecot and an Exim in the place of Maildirs.

use std::collections::HashMap;
use std::fs;
use std::future::pending;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use minuted::config::{Limits, MailboxConfig};
use minuted::mailbox::Imap;
use minuted::mailbox::imap::Woken;
use minuted::steps::{self, Backlog, Delivered, Fetched, Group, Route};
use minuted::store::Store;

use super::carrier::{Arriving, Carrier};
use crate::harness::{Dovecot, Exim, PATIENCE, header, wait_until};

/// More lines of Dovecot's configuration: every user is there, with the password of all.
pub const ANY_USER: &str =
    "passdb {\n  driver = static\n  mechanisms = plain login\n  args = password=mailbox-password\n}\n";

/// The UIDVALIDITY of a mailbox that was made anew, later than any that the server gives by itself.
const MADE_ANEW: &str = "4000000000";

/// The users of one conversation.
pub struct Servers<'a> {
    dovecot: &'a Dovecot,
    exim: &'a Exim,
    name: &'a str,
    /// One connection for the whole conversation, as the daemon has it.
    imap: Option<Imap>,
    backlog: Backlog,
    /// Mails came that the server has not told of.
    has_mail: bool,
    /// The names that mails were brought under, by their identities.
    names: HashMap<String, String>,
    route: Option<Route>,
}

impl<'a> Servers<'a> {
    pub fn new(dovecot: &'a Dovecot, exim: &'a Exim, name: &'a str) -> Self {
        let (backlog, names) = (Backlog::default(), HashMap::new());
        Self { dovecot, exim, name, imap: None, backlog, has_mail: false, names, route: None }
    }

    /// The user at the IMAP server.
    fn user(&self) -> String {
        format!("{}@example.org", self.name)
    }

    async fn imap(&mut self, group: &Group, limits: &Limits) -> &mut Imap {
        let MailboxConfig::Imap(config) = &group.config.mailbox else { panic!("the mailbox is at a server") };
        if self.imap.is_none() {
            self.imap = Some(Imap::open(config, limits.message_bytes).await.expect("the mailbox"));
        }
        self.imap.as_mut().expect("it was just opened")
    }
}

impl Carrier for Servers<'_> {
    fn configured(&self, content: String) -> String {
        let imap = format!(
            "kind = \"imap\"\nhost = \"localhost\"\nport = {}\nsecurity = \"tls\"\nca = {:?}\nuser = {:?}\n\
             password = {{ file = \"imap-password\" }}\n",
            self.dovecot.imaps_port(),
            self.dovecot.authority(),
            self.user()
        );
        let smtp = format!(
            "kind = \"smtp\"\nhost = \"localhost\"\nport = {}\nsecurity = \"starttls\"\nca = {:?}\nuser = {:?}\n\
             password = {{ file = \"smtp-password\" }}\n",
            self.exim.smtp_port(),
            self.exim.authority(),
            self.name
        );
        let mut content = content;
        for (maildir, server) in [("mail/in", imap), ("mail/out", smtp)] {
            let maildir = format!("kind = \"maildir\"\npath = \"{maildir}\"\n");
            assert!(content.contains(&maildir), "the configuration has no {maildir}");
            content = content.replace(&maildir, &server);
        }
        content
    }

    fn prepares(&mut self, folder: &Path) {
        for (file, password) in [("imap-password", Dovecot::PASSWORD), ("smtp-password", Exim::PASSWORD)] {
            let file = folder.join(file);
            fs::write(&file, password).expect("writing a password");
            fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("its mode");
        }
    }

    fn brings(&mut self, mail: &Arriving) {
        let arrived = mail.at.strftime("%d-%b-%Y %H:%M:%S +0000").to_string();
        // IMAP carries no NUL (RFC 9051, section 9, CHAR8). Dovecot gives 0x80 for it, which is another text;
        // from a Maildir it comes as it is, and is read as nothing.
        let raw: Vec<u8> = mail.raw.iter().copied().filter(|byte| *byte != 0).collect();
        let held = self.dovecot.user_holds(&self.user(), &[&raw], &arrived);
        self.names.extend(held.into_iter().map(|identity| (identity, mail.name.clone())));
        self.has_mail = true;
    }

    async fn renames(&mut self, mails: &[Arriving]) {
        if let Some(imap) = self.imap.take() {
            imap.log_out().await.expect("logging out");
        }
        self.backlog = Backlog::default();
        let user = self.user();
        assert_eq!(self.dovecot.flags_of(&user, "INBOX").len(), mails.len(), "every mail is still there");
        self.dovecot.doveadm(&["mailbox", "update", "-u", &user, "--uid-validity", MADE_ANEW, "INBOX"]);
    }

    fn name(&self, uid: &str) -> String {
        self.names.get(uid).map_or(uid, String::as_str).to_owned()
    }

    async fn fetches(&mut self, store: &Store, group: &Group, limits: &Limits, now: Timestamp) -> Fetched {
        let has_mail = std::mem::take(&mut self.has_mail);
        let is_open = self.imap.is_some();
        let mut backlog = std::mem::take(&mut self.backlog);
        let imap = self.imap(group, limits).await;
        if is_open && has_mail {
            let woken = imap.idle(PATIENCE, pending()).await.expect("waiting for mail");
            assert_eq!(woken, Woken::Mail, "the server tells of new mail");
        } else if is_open {
            imap.idle(Duration::ZERO, pending()).await.expect("looking for mail");
        }
        let fetched = steps::fetch_imap(store, group, limits, imap, &mut backlog, &|| now, &|| {}).await;
        self.backlog = backlog;
        fetched.expect("fetching")
    }

    async fn settles(&mut self, store: &Store, group: &Group) {
        let imap = self.imap.as_mut().expect("mail was fetched before");
        steps::settle_imap(store, group, imap).await.expect("settling");
    }

    async fn delivers(&mut self, store: &Store, group: &Group, now: Timestamp) -> Delivered {
        let route = self.route.get_or_insert_with(|| Route::open(group).expect("a way out"));
        steps::deliver(store, group, route, now).await.expect("delivering")
    }

    async fn unread(&mut self) -> usize {
        let flags = self.dovecot.flags_of(&self.user(), "INBOX");
        flags.iter().filter(|flags| !flags.contains("\\Seen")).count()
    }

    fn delivered(&self, expected: usize) -> Vec<Vec<u8>> {
        // It takes a mail over, and delivers it after that: one that was sent twice is to be there twice.
        let taken = self.exim.count_taken_over(self.name);
        assert!(taken >= expected, "{taken} mails were taken over, and {expected} are said to be sent");
        wait_until("what was sent is delivered", || self.exim.count(self.name) >= taken);
        let mails = self.exim.mails(self.name);
        for mail in &mails {
            let told = String::from_utf8_lossy(mail);
            let [envelope, to] = ["Envelope-to", "To"].map(|name| header(&told, name).expect("a recipient"));
            assert_eq!(envelope, to.trim_matches(['<', '>']), "the envelope says what the mail says");
        }
        mails
    }

    async fn leaves(&mut self) {
        if let Some(imap) = self.imap.take() {
            imap.log_out().await.expect("logging out");
        }
        if let Some(route) = &self.route {
            route.close().await;
        }
    }
}
