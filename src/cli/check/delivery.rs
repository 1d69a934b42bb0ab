//! What `check` finds out about a group's way out: whether mail can go, and with `--send` whether it
//! arrives.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Report;
use super::proofs::Proofs;
use super::room::writable;
use crate::compose::{self, Letter};
use crate::config::{DeliveryConfig, GroupConfig, MailboxConfig};
use crate::delivery::{Mail, Outcome, Smtp};
use crate::domain::{EmailAddress, Holder, Text};
use crate::mailbox::{self, Imap, Maildir, imap};
use crate::steps::Route;
use crate::store::{GroupId, Store};

/// How long a mail may be under way before `--send` gives it up.
const PATIENCE: Duration = Duration::from_secs(90);

/// How often `--send` looks for a mail.
const LOOK: Duration = Duration::from_millis(250);

/// What is read of a mail in search of its Message-ID, in bytes.
const HEAD: u64 = 64 * 1024;

/// Looks at the way out and tells it.
pub(super) async fn check(config: &DeliveryConfig, report: &mut Report) -> anyhow::Result<()> {
    match config {
        DeliveryConfig::Maildir { path } => match Maildir::open(path) {
            Err(error) => report.wrong("delivery", &format!("{:#}", anyhow::Error::new(error))),
            Ok(_) => match ["tmp", "new"].into_iter().try_for_each(|folder| writable(&path.join(folder))) {
                Ok(()) => report.fine("delivery", &format!("{} can be written to", path.display())),
                Err(error) => report.wrong("delivery", &error),
            },
        },
        DeliveryConfig::Smtp { server, envelope_from } => {
            let checked = match Smtp::new(server.clone()) {
                Ok(smtp) => smtp.check(envelope_from).await,
                Err(unreachable) => Err(unreachable),
            };
            match checked {
                Ok(found) => report.fine("delivery", &found),
                Err(unreachable) => report.wrong("delivery", &format!("{unreachable}; {}", unreachable.advice())),
            }
        }
    }
}

/// Sends a mail to the bot and one to the list, and tells how long each takes to the bot's mailbox. They
/// are marked as minuted's own, so that nobody's minuted answers them.
pub(super) async fn send(
    group: &GroupConfig,
    known: Option<(&Store, GroupId)>,
    now: Timestamp,
    report: &mut Report,
) -> anyhow::Result<()> {
    if let Some((store, _)) = known
        && store.mail_stop().await?.is_some()
    {
        return report.wrong("send", "nothing was sent, as mail is stopped; `minuted start-mail` comes first");
    }
    let route = match Route::of(group) {
        Ok(route) => route,
        // The line above has told why.
        Err(_) => return Ok(()),
    };
    let mut mailbox = match Looking::begin(group).await {
        Ok(mailbox) => mailbox,
        Err(error) => {
            return report.wrong("send", &format!("nothing was sent, as it could not be seen to arrive: {error:#}"));
        }
    };
    let mut under_way = Vec::new();
    let mut proofs = Proofs::default();
    let tagged = tagged(group, now)?;
    for to in [Some(&group.bot), tagged.as_ref(), group.list.as_ref()].into_iter().flatten() {
        let message_id = message_id(group)?;
        let raw = compose(group, to, &message_id, now)?;
        let began = Instant::now();
        let mail = Mail { message_id: &message_id, sender: route.envelope_from(), recipient: to, raw: &raw };
        match route.send(&mail, now).await {
            Outcome::Accepted(words) => {
                under_way.push(UnderWay { to, message_id, began, taken: began.elapsed(), words })
            }
            Outcome::Deferred(error) | Outcome::Interrupted(error) | Outcome::Refused(error) => {
                let advice = if Some(to) == tagged.as_ref() { TAGGED } else { "" };
                report.wrong("send", &format!("a mail to {to} is not taken: {error}{advice}"))?;
            }
            Outcome::Unreachable(error) => {
                report.wrong("send", &format!("a mail to {to}: {error}; {}", error.advice()))?
            }
        }
    }
    route.close().await;
    while !under_way.is_empty() {
        let mut still = Vec::new();
        for mail in under_way {
            let arrived = match known {
                // The daemon may have read it, and moved it away, before it was looked for.
                Some((store, id)) if store.has_message(id, &mail.message_id).await? => Some(None),
                _ => match mailbox.holds(&mail.message_id).await {
                    Ok(head) => head.map(Some),
                    Err(error) => {
                        report.wrong("send", &format!("a mail to {} was taken; the mailbox: {error:#}", mail.to))?;
                        continue;
                    }
                },
            };
            if let Some(head) = arrived {
                if let Some(head) = head {
                    proofs.look(&head);
                }
                let (taken, there) = (mail.taken.as_secs_f64(), mail.began.elapsed().as_secs_f64());
                let (to, words) = (mail.to, mail.words);
                report.fine(
                    "send",
                    &format!("a mail to {to}: taken after {taken:.2} s ({words}), here after {there:.2} s"),
                )?;
            } else if mail.began.elapsed() > PATIENCE {
                report.wrong("send", &mail.is_lost(group))?;
            } else {
                still.push(mail);
            }
        }
        under_way = still;
        if !under_way.is_empty() {
            tokio::time::sleep(LOOK).await;
        }
    }
    mailbox.end().await;
    proofs.tell(group, known, report).await
}

/// What is wrong where mail to the bot's address with a tag is lost.
const TAGGED: &str = "; members' replies go to such addresses: let the mail server deliver what stands behind the \
                      `+` (its recipient delimiter) into the bot's mailbox, or write a reply_address that it does";

/// An address as those that members reply to; `None` where the bot's own leaves no room.
fn tagged(group: &GroupConfig, now: Timestamp) -> anyhow::Result<Option<EmailAddress>> {
    let today = now.to_zoned(TimeZone::UTC).date();
    if let Some((key, form)) = group.tokens() {
        let token = key.make(&Holder::Address(group.bot.clone()), &message_id(group)?, today);
        return Ok(token.and_then(|token| form.with(&token)));
    }
    Ok(format!("{}+check@{}", group.bot.local_part(), group.bot.domain()).parse().ok())
}

/// A mail that was taken, and that is waited for.
struct UnderWay<'a> {
    to: &'a EmailAddress,
    message_id: String,
    began: Instant,
    taken: Duration,
    /// The server's.
    words: String,
}

impl UnderWay<'_> {
    fn is_lost(&self, group: &GroupConfig) -> String {
        let (to, patience) = (self.to, PATIENCE.as_secs());
        let advice = if *to == group.bot {
            "see that mail to the bot's address goes into the mailbox of [group.mailbox]"
        } else if Some(to) != group.list.as_ref() {
            TAGGED.trim_start_matches("; ")
        } else {
            "see that the bot's address is subscribed to the list, may post there, and gets its own posts; a moderator \
             may have to release it"
        };
        format!("a mail to {to} was taken ({}), and is not here after {patience} s; {advice}", self.words)
    }
}

/// The bot's mailbox, from a moment on.
enum Looking {
    Maildir { maildir: Maildir, known: HashSet<String> },
    Imap { imap: Box<Imap>, from: u32 },
}

impl Looking {
    /// Begins to look; nothing is changed there.
    async fn begin(group: &GroupConfig) -> anyhow::Result<Self> {
        match &group.mailbox {
            MailboxConfig::Maildir { path, .. } => {
                let maildir = Maildir::open(path)?;
                let known = maildir.scan()?.into_iter().map(|entry| entry.uid).collect();
                Ok(Self::Maildir { maildir, known })
            }
            MailboxConfig::Imap(config) => {
                let mut imap = Imap::examine(config).await?;
                let last = imap.uids_from(1).await?.last().copied().unwrap_or_default();
                Ok(Self::Imap { imap: Box::new(imap), from: last.saturating_add(1) })
            }
        }
    }

    /// The head of the mail of that Message-ID, where it has come.
    async fn holds(&mut self, message_id: &str) -> anyhow::Result<Option<Vec<u8>>> {
        match self {
            Self::Maildir { maildir, known } => Ok(in_maildir(maildir, known, message_id)?),
            Self::Imap { imap, from } => Ok(in_folder(imap, *from, message_id).await?),
        }
    }

    async fn end(self) {
        if let Self::Imap { imap, .. } = self {
            // Nothing depends on the goodbye.
            let _ = imap.log_out().await;
        }
    }
}

/// Looks through what is new, among which there are few other mails.
fn in_maildir(maildir: &Maildir, known: &HashSet<String>, message_id: &str) -> Result<Option<Vec<u8>>, mailbox::Error> {
    for entry in maildir.scan_unknown(|uid| known.contains(uid))? {
        let read = match maildir.read(&entry, HEAD) {
            Err(error) if error.is_gone() => continue,
            read => read?,
        };
        let head = String::from_utf8_lossy(&read.bytes);
        if head.lines().take_while(|line| !line.trim().is_empty()).any(|line| line.contains(message_id)) {
            return Ok(Some(read.bytes));
        }
    }
    Ok(None)
}

async fn in_folder(imap: &mut Imap, from: u32, message_id: &str) -> Result<Option<Vec<u8>>, imap::Error> {
    let found = imap.with_message_id(from, message_id).await?;
    let listed = imap.list(found.get(..1).unwrap_or_default()).await?;
    Ok(imap.fetch(&listed, HEAD).await?.into_iter().next().map(|(_, raw)| raw.bytes))
}

/// A Message-ID that no other mail has.
fn message_id(group: &GroupConfig) -> anyhow::Result<String> {
    let mut bytes = [0_u8; 15];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(format!("check.{}@{}", BASE32_NOPAD.encode(&bytes).to_lowercase(), group.bot.domain()))
}

fn compose(group: &GroupConfig, to: &EmailAddress, message_id: &str, now: Timestamp) -> anyhow::Result<Vec<u8>> {
    let letter = Letter {
        bot: group.bot.clone(),
        group: group.name.clone(),
        message_id: message_id.to_owned(),
        date: now,
        zone: group.time_zone.clone(),
        reply_to: None,
    };
    let catalogue = super::super::opened::catalogue(&group.language, &group.references)?;
    Ok(compose::notice(to, &Text::new("check-subject"), &[Text::new("check-body")], &letter, catalogue))
}
