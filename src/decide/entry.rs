//! Every input that a decision is made from, as the journal keeps it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::agenda::AgendaDocument;
use crate::command::{Addressed, Parsed};
use crate::domain::{DueOccasion, EmailAddress, Organization, RosterMember, Rules};
use crate::message::Unreadable;

/// One entry of the journal: what came in, and when. Replaying all of them in order gives the state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was received; decisions know no other time.
    pub at: Timestamp,
    /// What came in.
    pub input: Input,
}

/// What came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Input {
    /// The group's rules, at its first start and whenever the configuration changed.
    Rules(Box<Rules>),
    /// A group file was imported.
    Roster {
        /// Its organizations.
        organizations: Vec<Organization>,
        /// Its members.
        members: Vec<RosterMember>,
    },
    /// An agenda was imported.
    Agenda {
        /// What it says.
        document: Box<AgendaDocument>,
        /// Who imported it: an address, or nobody where the operator did.
        by: Option<EmailAddress>,
    },
    /// The time of a mail of the bot's own accord has come.
    Occasion(Box<DueOccasion>),
    /// A message's commands.
    Mail(Box<MailInput>),
}

/// The commands of one message, and what is known of its sender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MailInput {
    /// How history names the message: its Message-ID, or a made one where it has none.
    pub message_id: String,
    /// Who it is from.
    pub from: EmailAddress,
    /// The display name in From.
    pub name: String,
    /// The name says who it is, and not the address: the list rewrote From.
    #[serde(default)]
    pub by_name: bool,
    /// How sure that is.
    pub verdict: Verdict,
    /// Where it was addressed.
    pub addressed: Addressed,
    /// The subject, for the answer's.
    pub subject: String,
    /// The Message-IDs it replies to.
    pub in_reply_to: Vec<String>,
    /// The Message-IDs of its thread, oldest first, for the answer's References.
    pub references: Vec<String>,
    /// What its text says.
    pub parsed: Parsed,
    /// Why the text could not be read, where it could not.
    pub unreadable: Option<Unreadable>,
    /// Lines that an earlier copy of the same message has had answered; they are not run again.
    pub already: Vec<String>,
    /// Unguessable codes for confirmations, drawn at random when it was read; the more of them, the
    /// more of its commands can ask for one.
    pub codes: Vec<String>,
    /// The receipt that its answer carries; made of the message, so that a replay gives the same.
    pub receipt: String,
}

/// How sure it is that the sender is the sender, and what says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "by")]
pub enum Verdict {
    /// Only From says so.
    Claimed,
    /// The operator's own command line.
    Operator,
}
