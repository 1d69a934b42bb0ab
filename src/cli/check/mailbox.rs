//! What `check` finds out about a group's mailbox: whether it is there, and what would be read from it.

use jiff::Timestamp;

use super::Report;
use super::room::writable;
use crate::config::{AfterFetching, AfterReading, Config, FirstRead, GroupConfig, ImapConfig, MailboxConfig};
use crate::mailbox::{Imap, Maildir, imap};
use crate::steps;
use crate::store::{GroupId, Store};

/// A mail as far as it is looked at: its identity, its size, and when it came.
struct Seen {
    uid: String,
    size: u64,
    arrived: Timestamp,
}

/// Looks at the mailbox and tells it.
pub(super) async fn check(
    config: &Config,
    group: &GroupConfig,
    known: Option<(&Store, GroupId)>,
    now: Timestamp,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (place, seen, more) = match &group.mailbox {
        MailboxConfig::Maildir { path, after } => {
            let entries = match Maildir::open(path).and_then(|maildir| maildir.scan()) {
                Err(error) => return report.wrong("mailbox", &format!("{:#}", anyhow::Error::new(error))),
                Ok(entries) => entries,
            };
            // What was read is moved from new to cur.
            let folders: &[&str] = if *after == AfterReading::MoveToCur { &["new", "cur"] } else { &[] };
            if let Err(error) = folders.iter().try_for_each(|folder| writable(&path.join(folder))) {
                return report.wrong("mailbox", &error);
            }
            let seen =
                entries.into_iter().map(|entry| Seen { uid: entry.uid, size: entry.size, arrived: entry.arrived });
            (path.display().to_string(), seen.collect(), String::new())
        }
        MailboxConfig::Imap(imap) => match look(imap, now, report).await? {
            Err(error) => return report.wrong("mailbox", &error.to_string()),
            Ok((seen, more)) => {
                let (folder, host, port) = (&imap.folder, &imap.server.host, imap.server.port);
                (format!("{folder:?} at {host}:{port}"), seen, more)
            }
        },
    };
    let seen: Vec<Seen> = seen;
    let uids: Vec<String> = seen.iter().map(|mail| mail.uid.clone()).collect();
    let (read, started) = match known {
        Some((store, id)) => {
            let mailbox = steps::mailbox_name(&group.mailbox);
            (store.known_uids(id, &mailbox, &uids).await?, store.started(id).await?)
        }
        None => Default::default(),
    };
    let since = match group.first_read {
        FirstRead::Beginning => None,
        FirstRead::Now => Some(started.unwrap_or(now)),
        FirstRead::At(time) => Some(time),
    };
    let new: Vec<_> = seen.iter().filter(|mail| !read.contains(&mail.uid)).collect();
    let archive = new.iter().filter(|mail| since.is_some_and(|since| mail.arrived.min(now) < since)).count();
    let large = new.iter().filter(|mail| mail.size > config.limits.message_bytes).count();
    report.fine(
        "mailbox",
        &format!(
            "{place}: messages: {}; would be read: {} live, {archive} as archive; too large: {large}{more}",
            seen.len(),
            new.len().saturating_sub(archive),
        ),
    )
}

/// What is in an IMAP server's folder, and how its server tells of more. Nothing is changed there.
async fn look(
    config: &ImapConfig,
    now: Timestamp,
    report: &mut Report,
) -> anyhow::Result<Result<(Vec<Seen>, String), imap::Error>> {
    let looked = async {
        let mut imap = Imap::examine(config).await?;
        let uids = imap.uids_from(1).await?;
        let validity = imap.uid_validity();
        let seen = imap.list(&uids).await?.into_iter().map(|mail| Seen {
            uid: imap::uid(validity, mail.uid),
            size: mail.size,
            arrived: mail.arrived.unwrap_or(now),
        });
        let seen = seen.collect();
        let told = if imap.can_idle() {
            "; the server tells of new mail (IDLE)".to_owned()
        } else {
            format!("; the server has no IDLE: it is asked every {} s", config.poll.as_secs())
        };
        let mut problem = None;
        if let AfterFetching::Move { to } = &config.after {
            if !imap.has_folder(to).await? {
                problem = Some((true, format!("there is no folder {to:?} to move mail to; make it")));
            } else if !imap.can_move() && !imap.can_expunge() {
                let what = "the server has neither MOVE nor UIDPLUS: mail is copied and marked as deleted, and stays until somebody expunges it";
                problem = Some((false, what.to_owned()));
            }
        }
        // All is known: whether it hears the goodbye does not matter.
        let _ = imap.log_out().await;
        Ok((seen, told, problem))
    };
    match looked.await {
        Err(error) => Ok(Err(error)),
        Ok((seen, told, problem)) => {
            match problem {
                Some((true, what)) => report.wrong("mailbox", &what)?,
                Some((false, what)) => report.note("mailbox", &what)?,
                None => {}
            }
            Ok(Ok((seen, told)))
        }
    }
}
