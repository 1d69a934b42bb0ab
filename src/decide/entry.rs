//! Every input that a decision is made from, as the journal keeps it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::agenda::AgendaDocument;
use crate::command::{Addressed, Parsed};
use crate::domain::{DocumentRef, DueOccasion, EmailAddress, MeetingRef, Organization, RosterMember, Rules};
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
    /// The operator exports an agenda: later documents that were made from it are compared with it.
    Export {
        /// The meeting it is for; the next one where none is named.
        meeting: Option<MeetingRef>,
        /// The export's own name, by which a document that was made from it is known; nothing is
        /// remembered of one without.
        name: Option<String>,
    },
    /// The operator has a person forgotten: whose address this is, or was. Afterwards it is a pseudonym here, too.
    Forget {
        /// An address of the person's.
        address: EmailAddress,
        /// What the person was asked and has not answered: nobody will.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        requests: Vec<u32>,
    },
    /// The time of a mail of the bot's own accord has come.
    Occasion(Box<DueOccasion>),
    /// A message's commands.
    Mail(Box<MailInput>),
    /// An automatic reply says that a member is away, or the member has written since.
    Absence(Box<AbsenceInput>),
    /// A machine whose notices of uploads are believed has told of some.
    Notice(Box<NoticeInput>),
    /// Tokens, or what answers a question of ours, were seen in a message that came by or went to a
    /// list: everybody there has read them, and they prove nothing any more.
    Exposed {
        /// How history names the message.
        message_id: String,
        /// The tags of the mails whose tokens were seen.
        tags: Vec<String>,
        /// The requests whose codes were seen, or the Message-IDs of the mails that ask.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        requests: Vec<u32>,
    },
}

/// What a message says of whether its author is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceInput {
    /// How history names the message.
    pub message_id: String,
    /// The member's number.
    pub member: u32,
    /// The day of the message, in the group's zone.
    pub sent: Date,
    /// The day of return that it names; nothing where the member has written it.
    pub named: Option<Date>,
    /// The mail of ours that it is the reply to, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
}

/// The documents that a notice tells to have been uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeInput {
    /// How history names the message.
    pub message_id: String,
    /// Who it is from.
    pub from: EmailAddress,
    /// How sure that is.
    pub verdict: Verdict,
    /// What the verdict was made from.
    #[serde(default, skip_serializing_if = "Evidence::is_nothing")]
    pub evidence: Evidence,
    /// The documents, in order.
    pub documents: Vec<DocumentRef>,
    /// The receipt with which an officer takes it back.
    pub receipt: String,
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
    /// What the verdict was made from.
    #[serde(default, skip_serializing_if = "Evidence::is_nothing")]
    pub evidence: Evidence,
    /// A sender whom nobody knows may be answered: the sender is proven, and got nothing for a day.
    #[serde(default, skip_serializing_if = "is_false")]
    pub answer_unknown: bool,
    /// When it was first claimed, where it was held since: what it says is meant of then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_at: Option<Timestamp>,
    /// An unguessable code for the question whether it is the sender's, where that may be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_code: Option<String>,
    /// Its author wrote something, a command or not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub has_text: bool,
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
    /// Contributions that files of the message are, by their names: in entries of before such a file was a line
    /// of what the message says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posted: Vec<DocumentRef>,
    /// Lines that an earlier copy of the same message has had answered; they are not run again.
    pub already: Vec<String>,
    /// Those copies were only claimed, and nothing came of them but questions and refusals: what they
    /// asked for may be done now.
    #[serde(default, skip_serializing_if = "is_false")]
    pub claimed_before: bool,
    /// Another mail, which is no copy, had taken its Message-ID and Date and was only claimed: what is
    /// held of that one is dropped.
    #[serde(default, skip_serializing_if = "is_false")]
    pub displaces: bool,
    /// Unguessable codes for confirmations, drawn at random when it was read; the more of them, the
    /// more of its commands can ask for one.
    pub codes: Vec<String>,
    /// The receipt that its answer carries; made of the message, so that a replay gives the same.
    pub receipt: String,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// How sure it is that the sender is the sender, and what says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "by")]
pub enum Verdict {
    /// Only From says so.
    Claimed,
    /// Something else says so too.
    Proven(Proof),
    /// The operator's own command line.
    Operator,
}

/// What proves a sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "proof")]
pub enum Proof {
    /// It was mailed to an address whose token went to that sender alone.
    Token {
        /// The Message-ID of the mail that the token was in.
        mail: String,
    },
    /// The receiving server found a pass that is aligned with From.
    Authentication {
        /// Which, as the server wrote it: `dmarc=pass header.from=example.org`.
        result: String,
    },
    /// The member was asked at the registered address, and said yes.
    Confirmed {
        /// The number of the request that asked.
        request: u32,
    },
}

/// What was found that says who the sender is or is not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Tokens in the addresses that it was sent to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<TokenSeen>,
    /// What the receiving server found out, where it is known and said something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication: Option<Authentication>,
    /// Its commands are those of another message of the same sender and Date: whoever has that one can
    /// send it again, signature and all, under another Message-ID.
    #[serde(default, skip_serializing_if = "is_false")]
    pub repeats: bool,
    /// It came by or went to a mailing list.
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_list: bool,
}

impl Evidence {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// The receiving server says that From is forged.
    #[must_use]
    pub fn is_refuted(&self) -> bool {
        self.authentication.as_ref().is_some_and(|found| found.alignment == Alignment::Fail)
    }
}

/// A token of ours in an address that a mail was sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSeen {
    /// The Message-ID of the mail that it was in.
    pub mail: String,
    /// What it is worth.
    pub standing: TokenStanding,
}

/// What a token is worth in the mail of that sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenStanding {
    /// It was made for the sender, not long ago, and nobody else has seen it.
    Valid,
    /// It was made for the sender, and its time is over.
    Expired,
    /// It was seen on a list.
    Revoked,
    /// It was made for somebody else.
    OfAnother,
}

/// What the receiving server found out about From.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// Which server: its authserv-id.
    pub by: String,
    /// What it wrote, as far as it counts.
    pub said: Vec<String>,
    /// What that says of From.
    pub alignment: Alignment,
}

/// What a server's results say of the domain in From.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// A pass of that domain.
    Pass,
    /// Neither.
    None,
    /// A DMARC fail.
    Fail,
}
