//! `[group.mailbox]`: where a group's mail comes from.

use std::time::Duration;

use jiff::SignedDuration;

use super::group::{Surroundings, Taken, maildir, optional};
use super::server::{self, Service};
use super::walk::{Entry, Section};
use super::words::quoted;
use super::{AfterFetching, AfterReading, ImapConfig, MailboxConfig};

/// What carries a group's mail.
#[derive(Clone, Copy)]
enum Kind {
    Maildir,
    Imap,
}

const KINDS: [(&str, Kind); 2] = [("maildir", Kind::Maildir), ("imap", Kind::Imap)];
const IMAP: Service = Service { host: "imap.example.org", ports: [993, 143, 143], needs_login: true };
const MOVE_TO: &str = "the folder that read mail is moved to, such as \"Read\"";

/// The mailbox, where all of it could be read.
pub(super) fn read(section: Section<'_>, around: &Surroundings<'_>, taken: &mut Taken) -> Option<MailboxConfig> {
    let written = section.require("kind", "\"maildir\" or \"imap\"");
    let kind = written.as_ref().and_then(|entry| entry.choice(&KINDS));
    match kind {
        // The other keys are those of a kind that there is not: one error says enough.
        None if written.is_some() => None,
        Some(Kind::Imap) => imap(section, around, taken).map(MailboxConfig::Imap),
        // Without a kind, the rest of the table is read as a Maildir's, for the errors in it.
        _ => {
            let path = maildir(&section, around, taken);
            let choices = [("move-to-cur", AfterReading::MoveToCur), ("keep", AfterReading::Keep)];
            let after = section.get("after").map_or(Some(AfterReading::default()), |entry| entry.choice(&choices));
            section.finish();
            kind?;
            Some(MailboxConfig::Maildir { path: path?, after: after? })
        }
    }
}

/// What becomes of a mail that was read, as it is written.
#[derive(Clone, Copy)]
enum After {
    Flag,
    Move,
    Leave,
}

fn imap(section: Section<'_>, around: &Surroundings<'_>, taken: &mut Taken) -> Option<ImapConfig> {
    let server = server::read(&section, around, &IMAP);
    let expected = "the folder that is read, such as \"INBOX\"";
    let folder = match section.get("folder") {
        Some(entry) => folder(&entry, expected),
        None => Some("INBOX".to_owned()),
    };
    let choices = [("flag", After::Flag), ("move", After::Move), ("leave", After::Leave)];
    let after = section.get("after").map_or(Some(After::Flag), |entry| entry.choice(&choices));
    let move_to = section.get("move_to");
    let after = match (after, move_to) {
        (Some(After::Move), None) => {
            section.require("move_to", MOVE_TO);
            None
        }
        (Some(After::Move), Some(entry)) => self::folder(&entry, MOVE_TO).and_then(|to| {
            // Moved into itself, a mail would come again as a new one, for ever.
            if folder.as_ref().is_some_and(|folder| same_folder(folder, &to)) {
                entry.error(format!("is the folder that is read; expected {MOVE_TO}"));
                return None;
            }
            Some(AfterFetching::Move { to })
        }),
        (Some(_), Some(entry)) => {
            entry.error("goes with after = \"move\" alone; expected that, or no folder to move to");
            None
        }
        (Some(After::Flag), None) => Some(AfterFetching::Flag),
        (Some(After::Leave), None) => Some(AfterFetching::Leave),
        (None, _) => None,
    };
    let poll = section.get("poll").map(|entry| poll(&entry));
    if let (Some(server), Some(folder), Some(entry)) = (&server, &folder, section.get("host"))
        && let Some(login) = &server.login
    {
        taken.mailbox(&server.host, &login.user, folder, &entry);
    }
    section.finish();
    Some(ImapConfig {
        server: server?,
        folder: folder?,
        after: after?,
        poll: optional(poll)?.unwrap_or(ImapConfig::POLL),
    })
}

/// The name of a folder. INBOX is the same in any case (RFC 9051, section 5.1).
fn folder(entry: &Entry<'_>, expected: &str) -> Option<String> {
    let name = entry.text(expected)?;
    if name.contains(['*', '%']) {
        entry.error(format!("{} holds * or %, which stand for many folders; expected {expected}", quoted(name)));
        return None;
    }
    Some(name.to_owned())
}

fn same_folder(one: &str, other: &str) -> bool {
    one == other || (one.eq_ignore_ascii_case("INBOX") && other.eq_ignore_ascii_case("INBOX"))
}

fn poll(entry: &Entry<'_>) -> Option<Duration> {
    let expected = "a time between 1 s and 24 h, such as \"2 min\"";
    let text = entry.text(expected)?;
    let time = text.parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    let time = time.filter(|time| (Duration::from_secs(1)..=Duration::from_hours(24)).contains(time));
    if time.is_none() {
        entry.error(format!("{} is no such time; expected {expected}", quoted(text)));
    }
    time
}
