//! What `check --send` finds out about proof of who a sender is: whether mail comes with what the receiving server has
//! found out (Authentication-Results, RFC 8601), and under which name.

use std::collections::BTreeMap;

use super::Report;
use crate::config::{GroupConfig, Senders};
use crate::message;
use crate::store::{GroupId, Store};

/// So many of the newest messages of people are looked at.
const LOOKED_AT: usize = 50;

/// So many messages are gone through in search of them.
const GONE_THROUGH: usize = 500;

/// The names of the servers that wrote a field, and how many mails each is in.
#[derive(Debug, Default)]
pub(super) struct Proofs {
    mails: usize,
    names: BTreeMap<String, usize>,
}

impl Proofs {
    /// Looks at a mail that came.
    pub(super) fn look(&mut self, raw: &[u8]) {
        self.mails += 1;
        let mut names: Vec<String> =
            message::read(raw).authentication.into_iter().map(|field| field.authserv_id).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            *self.names.entry(name).or_default() += 1;
        }
    }

    fn with(&self, name: &str) -> usize {
        self.names.get(name).copied().unwrap_or(0)
    }

    fn others(&self, name: &str) -> Vec<&str> {
        self.names.keys().map(String::as_str).filter(|other| *other != name).collect()
    }

    /// Tells whether members' mails can be proven, and what to change where they cannot. `self` holds minuted's own
    /// mails; members' are in the database.
    pub(super) async fn tell(
        self,
        group: &GroupConfig,
        known: Option<(&Store, GroupId)>,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        if group.senders == Senders::Claimed {
            // From is believed: nothing is lost without.
            return Ok(());
        }
        let members = match known {
            Some((store, id)) => of_people(store, id, group).await?,
            None => Self::default(),
        };
        match judged(group.authserv_id.as_deref(), &self, &members) {
            Judged::Fine(text) => report.fine("proof", &text),
            Judged::Note(text) => report.note("proof", &text),
            Judged::Wrong(text) => report.wrong("proof", &text),
        }
    }
}

/// The newest mails of people, not of machines and not of the bot.
async fn of_people(store: &Store, id: GroupId, group: &GroupConfig) -> anyhow::Result<Proofs> {
    let mut proofs = Proofs::default();
    for message in store.newest_of_people(id, u32::try_from(GONE_THROUGH).unwrap_or(u32::MAX)).await? {
        if proofs.mails >= LOOKED_AT {
            break;
        }
        if let Some(raw) = store.raw(message).await? {
            let from = message::read(&raw).from;
            if from.is_some_and(|from| from.address.without_detail() != group.bot.without_detail()) {
                proofs.look(&raw);
            }
        }
    }
    Ok(proofs)
}

/// What is said of it.
#[derive(Debug, PartialEq, Eq)]
enum Judged {
    Fine(String),
    Note(String),
    Wrong(String),
}

/// What members miss, and until when.
const HELD: &str =
    "every change by a member who does not reply to a mail of minuted itself is held until they confirm it";

fn judged(configured: Option<&str>, own: &Proofs, members: &Proofs) -> Judged {
    let Some(server) = configured else {
        let names: Vec<&str> = members.others("").into_iter().chain(own.others("")).collect();
        return Judged::Note(match names.first() {
            None => format!("no authserv_id is configured, and mail comes without Authentication-Results: {HELD}"),
            Some(name) => format!(
                "no authserv_id is configured: {HELD}. Mail comes with Authentication-Results of {}; where that is your own \
                 receiving server, and it takes away what others wrote in its name, write authserv_id = {name:?}",
                names.join(", ")
            ),
        });
    };
    let (with, of) = (members.with(server), members.mails);
    if with > 0 {
        return Judged::Fine(format!(
            "{with} of the last {of} mails of people came with Authentication-Results of {server}"
        ));
    }
    if own.with(server) > 0 {
        return Judged::Fine(format!("a mail of minuted itself came with Authentication-Results of {server}"));
    }
    let mut others = members.others(server);
    others.extend(own.others(server));
    others.dedup();
    let mend = if others.is_empty() {
        format!(
            "let the receiving server check DKIM and DMARC and write Authentication-Results (OpenDKIM and OpenDMARC, or \
             rspamd, with the name {server})"
        )
    } else {
        format!(
            "they came with such of {}: if one of these is your own receiving server, write its name as authserv_id",
            others.join(", ")
        )
    };
    if of > 0 {
        return Judged::Wrong(format!(
            "none of the last {of} mails of people came with Authentication-Results of {server}: {HELD}; {mend}"
        ));
    }
    if own.mails == 0 {
        return Judged::Note(format!(
            "no mail was seen that could tell whether {server} writes Authentication-Results"
        ));
    }
    // What a server takes from this machine, or from who is logged in, it often does not check.
    Judged::Note(format!(
        "a mail of minuted itself came with no Authentication-Results of {server}, and no mail of a member was read yet. Many \
         servers do not check what their own users send: send a mail to the bot from outside, run it, and check again. If \
         members' mails come without too, {HELD}; {mend}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proofs(mails: &[&str]) -> Proofs {
        let mut proofs = Proofs::default();
        for name in mails {
            let field =
                if name.is_empty() { String::new() } else { format!("Authentication-Results: {name}; dmarc=pass\n") };
            proofs.look(format!("{field}From: member@example.net\nSubject: Hello\n\nText\n").as_bytes());
        }
        proofs
    }

    fn text(judged: Judged) -> String {
        let (Judged::Fine(text) | Judged::Note(text) | Judged::Wrong(text)) = judged;
        text
    }

    #[test]
    fn members_mails_count_and_where_there_are_none_the_bots_own() {
        let server = Some("mx.example.org");
        let judge = |own: &[&str], members: &[&str]| judged(server, &proofs(own), &proofs(members));
        assert!(
            matches!(judge(&[""], &["mx.example.org", ""]), Judged::Fine(text) if text.starts_with("1 of the last 2"))
        );
        assert!(matches!(judge(&["mx.example.org"], &[]), Judged::Fine(_)));
        assert!(matches!(judge(&["", ""], &[]), Judged::Note(text) if text.contains("from outside")));
        assert!(matches!(judge(&[], &[]), Judged::Note(_)));
        let wrong = judge(&["mx.example.org"], &["", ""]);
        assert!(matches!(wrong, Judged::Fine(_)), "a list's own mail is not checked, another is");
        let wrong = judge(&[""], &["", "relay.example.net"]);
        assert!(matches!(wrong, Judged::Wrong(_)));
        assert!(text(wrong).contains("they came with such of relay.example.net"));
    }

    #[test]
    fn a_name_that_is_not_configured_is_offered() {
        assert!(
            text(judged(None, &proofs(&[""]), &proofs(&["mx.example.org"])))
                .ends_with("authserv_id = \"mx.example.org\"")
        );
        assert!(text(judged(None, &proofs(&[""]), &proofs(&[]))).contains("without Authentication-Results"));
    }
}
