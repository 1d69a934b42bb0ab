//! What waits for somebody's word: an owner's wish for more time, a document that contradicts what
//! members have said since, an address that must be confirmed, a mail that may be somebody else's.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ActionItemRef, ContributionRef, DocumentRef, Due, EmailAddress, NotA, Subject, text_serde};

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestState {
    /// Nobody has ruled yet.
    Waiting,
    /// Granted, and applied.
    Accepted,
    /// Refused, taken back or overtaken.
    Dropped,
    /// Who was asked says that it is not theirs: somebody else has used their name.
    Denied,
}

impl fmt::Display for RequestState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Dropped => "dropped",
            Self::Denied => "denied",
        })
    }
}

impl FromStr for RequestState {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        match text {
            "waiting" => Ok(Self::Waiting),
            "accepted" => Ok(Self::Accepted),
            "dropped" => Ok(Self::Dropped),
            "denied" => Ok(Self::Denied),
            _ => Err(NotA::new(text, "state of a request", "waiting, accepted, dropped or denied")),
        }
    }
}

text_serde!(RequestState);

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RequestKind {
    /// An owner asks for more time; chair or secretary rule.
    Extension {
        /// Of which item.
        item: ActionItemRef,
        /// Until when.
        due: Due,
    },
    /// An imported document says other than what the state has become; chair or secretary rule.
    Conflict {
        /// Of what.
        subject: Subject,
        /// Which field.
        field: String,
        /// The document's value.
        document: Option<String>,
    },
    /// A row or remark of a document that was not understood; chair or secretary take note.
    Doubt {
        /// In the document's own words, with what was assumed.
        text: String,
        /// The contribution whose row it is in, where it is in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<ContributionRef>,
    },
    /// A machine's notice says that a revision was uploaded which is far above those that are known; chair and
    /// secretary rule.
    Upload {
        /// The revision.
        document: DocumentRef,
        /// How history names the notice.
        message_id: String,
    },
    /// A member says that another address is theirs too. The new address and the registered one
    /// each get a request of their own; the address counts once both are accepted.
    Address {
        /// Which member.
        member: u32,
        /// The new address.
        address: EmailAddress,
        /// Who is asked: the new address, or the registered one.
        asked: EmailAddress,
        /// The code that was mailed to who is asked.
        code: String,
        /// The other request.
        other: u32,
    },
    /// A mail that only claims to be a member's asks for changes: they are held until the member
    /// says at the registered address that they are theirs.
    Held {
        /// Which member.
        member: u32,
        /// The code that was mailed to the member.
        code: String,
        /// How history names the mail.
        message_id: String,
        /// Its lines that are held, as written.
        lines: Vec<String>,
        /// The Message-ID of our mail that it replies to: in that, its rows count.
        replied: Option<String>,
        /// The member got a mail about it; where too many came on one day, `list held` tells of it.
        #[serde(default = "yes", skip_serializing_if = "is_true")]
        asked: bool,
    },
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_true(value: &bool) -> bool {
    *value
}

/// Something that waits for a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its number in the group, from 1.
    pub id: u32,
    /// What is asked for.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// When it was made.
    pub at: Timestamp,
    /// Who asked; nobody for a document's.
    pub by: Option<EmailAddress>,
}

impl Request {
    /// Whether chair and secretary rule on it, and not the one who asked.
    #[must_use]
    pub const fn is_for_officers(&self) -> bool {
        !matches!(self.kind, RequestKind::Address { .. } | RequestKind::Held { .. })
    }
}
