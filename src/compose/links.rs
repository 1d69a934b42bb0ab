//! Replies that are ready to be sent: `mailto:` links (RFC 6068) whose body is the whole command, to the address that
//! knows which mail is replied to.
//!
//! A command names what it is about, and no row: it stays right wherever it is sent from, and whenever.

use crate::decide::{ActionRow, ApprovalRow, ApprovalStands, Digest, DocumentRow, Table};
use crate::domain::{ApprovalOf, EmailAddress, Meeting, OccasionKind, Recipient, Status, Subject, Text};

use super::Catalogue;
use super::mail::Letter;
use super::page::{Link, List, Reply};

/// Where ready replies to a mail go, and what is said with them.
pub(super) struct Replies<'a> {
    to: &'a EmailAddress,
    /// Others than who may rule on something read it, too.
    is_for_all: bool,
    catalogue: &'a Catalogue,
}

impl<'a> Replies<'a> {
    /// The replies to a mail.
    pub(super) fn to(letter: &'a Letter, is_for_all: bool, catalogue: &'a Catalogue) -> Self {
        Self { to: letter.reply_to.as_ref().unwrap_or(&letter.bot), is_for_all, catalogue }
    }

    /// The replies to a digest. The contact of an organization has none: from an address that is no member's, nothing
    /// can be done.
    pub(super) fn to_digest(digest: &Digest, letter: &'a Letter, catalogue: &'a Catalogue) -> Option<Self> {
        let is_for_all = match digest.occasion.recipient {
            Recipient::List => true,
            Recipient::Member(_) => false,
            Recipient::Organization(_) => return None,
        };
        Some(Self::to(letter, is_for_all, catalogue))
    }

    /// Adds to each row of a list what can be replied to it.
    pub(super) fn add(&self, list: &mut List, table: &Table) {
        let replies: Vec<Option<Reply>> = match table {
            Table::Actions { rows, .. } => rows.iter().map(|row| self.action(row)).collect(),
            Table::Documents { rows, .. } => rows.iter().map(|row| self.document(row)).collect(),
            Table::Approvals { rows, .. } => rows.iter().map(|row| self.approval(row)).collect(),
            _ => return,
        };
        for (row, reply) in list.rows.iter_mut().zip(replies) {
            row.reply = reply;
        }
    }

    /// Whether one comes to a meeting.
    pub(super) fn comes(&self, meeting: &Meeting) -> Reply {
        let name = &meeting.reference;
        let words = [("attending", "link-attending"), ("remote", "link-remote"), ("regrets", "link-regrets")];
        let said = Text::new("link-comes").with("meeting", name);
        self.links(&said, words.map(|(word, label)| (format!("{word} {name}"), Text::new(label))).to_vec())
    }

    /// What one says of an approval that runs.
    pub(super) fn voices(&self, of: &ApprovalOf) -> Reply {
        self.reply(vec![
            (format!("agreed {of}"), Text::new("link-support")),
            (format!("object to {of}"), Text::new("link-object")),
        ])
    }

    fn action(&self, row: &ActionRow) -> Option<Reply> {
        if let (Subject::Request(id), Some(_)) = (&row.subject, &row.waits) {
            return Some(self.ruling(&format!("request {id}")));
        }
        let item = row.item.as_ref()?;
        let reference = &item.reference;
        match item.status {
            Status::Proposed => Some(self.ruling(&reference.to_string())),
            Status::ToBeConfirmed => {
                Some(self.reply(vec![(format!("confirm {reference}"), Text::new("link-confirm"))]))
            }
            Status::Open | Status::Ongoing => {
                let done = (format!("done {reference}"), Text::new("link-done"));
                let later = row
                    .later
                    .map(|day| (format!("extend {reference} {day}"), Text::new("link-later").with("until", day)));
                Some(self.reply(std::iter::once(done).chain(later).collect()))
            }
            Status::Closed | Status::Cancelled => None,
        }
    }

    fn document(&self, row: &DocumentRow) -> Option<Reply> {
        // Where no revision is named, who posts one says which.
        row.number.and(row.of.revision)?;
        Some(self.reply(vec![(format!("posted {}", row.of), Text::new("link-posted"))]))
    }

    fn approval(&self, row: &ApprovalRow) -> Option<Reply> {
        let stands_against = row.objections.iter().any(|objection| !objection.is_late);
        match row.stands {
            ApprovalStands::Running => Some(self.voices(&row.of)),
            // Over an objection, that needs a reason, which only its author has.
            ApprovalStands::ToBeRatified if !stands_against => {
                Some(self.officers(vec![(format!("ratify {}", row.of), Text::new("link-ratify"))]))
            }
            _ => None,
        }
    }

    fn ruling(&self, of: &str) -> Reply {
        self.officers(vec![
            (format!("accept {of}"), Text::new("link-accept")),
            (format!("reject {of}"), Text::new("link-reject")),
        ])
    }

    fn officers(&self, commands: Vec<(String, Text)>) -> Reply {
        let said = if self.is_for_all { Text::new("link-officers") } else { Text::new("link-reply") };
        self.links(&said, commands)
    }

    fn reply(&self, commands: Vec<(String, Text)>) -> Reply {
        self.links(&Text::new("link-reply"), commands)
    }

    fn links(&self, said: &Text, commands: Vec<(String, Text)>) -> Reply {
        let link =
            |(command, text): (String, Text)| Link { text: self.catalogue.say(&text), href: href(self.to, &command) };
        Reply { said: self.catalogue.say(said), links: commands.into_iter().map(link).collect() }
    }
}

/// The meetings that are near, of which a mail asks who comes.
pub(super) fn near(digest: &Digest) -> Vec<&Meeting> {
    let near = digest.ahead.iter().filter(|ahead| ahead.of == OccasionKind::Meeting);
    near.map(|ahead| &ahead.meeting).collect()
}

/// A mail to the address that has the command in its body, on a line of its own whatever a mail program writes below
/// it; and in its subject, as some programs know no body.
pub(super) fn href(to: &EmailAddress, command: &str) -> String {
    let command = encoded(command, b"-._~");
    format!("mailto:{}?subject={command}&body={command}%0D%0A", address(to))
}

/// An address as it stands in a mailto link (RFC 6068, section 2).
pub(super) fn address(address: &EmailAddress) -> String {
    encoded(address.as_str(), b"@-._~+!$*'")
}

fn encoded(text: &str, plain: &[u8]) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || plain.contains(&byte);
    text.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_no_character_that_a_mail_program_would_take_for_another() {
        let to: EmailAddress = "minuted+t=1&2@example.org".parse().unwrap();
        assert_eq!(
            href(&to, "object to minutes SEC#9.0"),
            "mailto:minuted+t%3D1%262@example.org\
             ?subject=object%20to%20minutes%20SEC%239.0&body=object%20to%20minutes%20SEC%239.0%0D%0A"
        );
        assert_eq!(encoded("a+b é\r\n", b""), "a%2Bb%20%C3%A9%0D%0A");
    }
}
