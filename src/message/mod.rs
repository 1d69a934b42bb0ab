//! RFC 5322 bytes -> what the sender wrote, who it is from, whether a machine wrote it.
//!
//! Pure: [`read`] never fails and never panics; what cannot be read is said in the [`Message`].

mod absence;
pub mod authentication;
mod author;
mod automatic;
mod body;
mod calendar;
mod headers;
mod html;
mod lines;
mod plain;
mod report;
mod searched;
mod smime;
mod structure;
mod words;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use absence::return_day;
pub use authentication::{AuthenticationResults, MethodResult, Signature};
pub use calendar::{CalendarAnswer, CalendarReply};
pub use report::{Bounce, bounce};
pub use searched::says;

use crate::domain::token::Secrets;
use crate::domain::{EmailAddress, Quoted};

/// A message as minuted sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Message {
    /// The Message-ID without its angle brackets; `None` where there is none.
    pub message_id: Option<String>,
    /// The Date header (RFC 5322, section 3.6.1), where it can be read.
    pub date: Option<Timestamp>,
    /// The author: the first address of From.
    pub from: Option<Mailbox>,
    /// The address that the list put into From's place, and that `from` was won back from
    /// (Reply-To or X-Original-From), where the list rewrote From.
    pub rewritten_by: Option<EmailAddress>,
    /// `from` is known by its display name only, because the list rewrote From and left nothing but
    /// that and perhaps a Reply-To, which is nobody's identity: the name must be a member's, and the
    /// address, where it is somebody's, that member's.
    pub by_name: bool,
    /// Every address of To.
    pub to: Vec<EmailAddress>,
    /// Every address of Cc.
    pub cc: Vec<EmailAddress>,
    /// Every address of Reply-To. Never identity.
    pub reply_to: Vec<EmailAddress>,
    /// Message-IDs of In-Reply-To.
    pub in_reply_to: Vec<String>,
    /// Message-IDs of References, oldest first.
    pub references: Vec<String>,
    /// The list's identifier (RFC 2919), where the message came by a list.
    pub list_id: Option<String>,
    /// It came by a list: by its List-Id, or by another field that list software writes.
    #[serde(default)]
    pub by_list: bool,
    /// The addresses that the list it came by names for posts (List-Post, RFC 2369).
    #[serde(default)]
    pub list_post: Vec<EmailAddress>,
    /// From is not one field with one address: whose message it is, nobody can vouch for.
    #[serde(default)]
    pub several_authors: bool,
    /// A field that may be there once is there more often, or the header section is broken or cut:
    /// whoever vouches for the message may have read another one than stands here.
    #[serde(default)]
    pub irregular: bool,
    /// What receiving servers found (RFC 8601), topmost field first.
    #[serde(default)]
    pub authentication: Vec<AuthenticationResults>,
    /// Its DKIM signatures (RFC 6376), good or not.
    #[serde(default)]
    pub signatures: Vec<Signature>,
    /// The subject, decoded, in one line, as written.
    pub subject: String,
    /// Why this is no human's message, where it is none.
    pub automatic: Option<Automatic>,
    /// That is only seen by words and names, which people write too: a member's commands below them count.
    #[serde(default)]
    pub automatic_by_words: bool,
    /// What a calendar program answers to an invitation, where the message is that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_reply: Option<CalendarReply>,
    /// What the sender newly wrote: lines divided by `\n`, without quoted text, signature, footer.
    pub author_text: String,
    /// The quotes that stand above and between the lines of that text, in order; none where the
    /// sender wrote all of it above what is quoted.
    #[serde(default)]
    pub quoted: Vec<Quoted>,
    /// Names of attached files.
    pub attachments: Vec<String>,
    /// The attached documents, by their names.
    #[serde(skip)]
    pub documents: Vec<Document>,
    /// Why the text could not be read, where it could not.
    pub unreadable: Option<Unreadable>,
}

impl Message {
    /// Every address of To and Cc.
    pub fn recipients(&self) -> impl Iterator<Item = &EmailAddress> {
        self.to.iter().chain(&self.cc)
    }
}

/// An attached document of a word processor, or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The file's name.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// What was lost when it was converted to be read.
    pub loses: Option<String>,
}

/// A display name with an address (RFC 5322, section 3.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The display name, decoded; empty where there is none.
    pub name: String,
    /// The address.
    pub address: EmailAddress,
}

/// Why a message is taken for a machine's. It is read for nothing but itself and never answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Automatic {
    /// Auto-Submitted says so (RFC 3834), or a header that other systems use for the same.
    AutoSubmitted,
    /// An automatic reply: out of office, vacation.
    AutoReply,
    /// A delivery report or disposition notification (RFC 3464, RFC 8098), or an empty return path.
    Report,
    /// Bulk or junk by Precedence, without a list.
    Bulk,
    /// A digest of mails (RFC 2046, section 5.1.5).
    Digest,
    /// From a mailer daemon, a no-reply address or another robot.
    Robot,
    /// A calendar program's answer to an invitation (RFC 5546, METHOD:REPLY).
    CalendarReply,
}

/// Why a message's text cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreadable {
    /// Encrypted (OpenPGP or S/MIME).
    Encrypted,
    /// No text part and no HTML part.
    NoText,
    /// Not a message at all, or one whose structure is past the limits.
    Malformed,
}

/// Reads a message.
///
/// A parser that panics on hostile bytes costs the message's text, not the process: what could be
/// read before it is kept, and the message is [`Unreadable::Malformed`].
#[must_use]
pub fn read(raw: &[u8]) -> Message {
    let mut message = Message::default();
    let text = caught(|| {
        let structure = structure::structure(raw);
        let fields = headers::Headers { fields: &structure.headers, raw: structure.header() };
        let read = caught(|| {
            let mut read = Message::default();
            headers::read(&fields, &mut read);
            read.irregular = structure.has_broken_header() || headers::has_doubled(&fields);
            read.authentication = authentication::read(&fields);
            read.signatures = authentication::signatures(&fields);
            read.automatic = automatic::automatic(&fields, &read, &structure.parts).map(|(kind, _)| kind);
            read.automatic_by_words =
                read.automatic.is_some() && !automatic::is_certain(&fields, &read, &structure.parts);
            if read.automatic == Some(Automatic::CalendarReply) {
                let by_machine = automatic::has_mark(&fields, &read);
                read.calendar_reply = calendar::reply(&structure.parts, by_machine);
            }
            read.attachments = body::attachments(&structure);
            read.documents = body::documents(&structure);
            read
        });
        let is_reply = read.as_ref().is_some_and(|read| !read.in_reply_to.is_empty() || !read.references.is_empty());
        let malformed = read.is_none() || structure.headers.is_empty();
        message = read.unwrap_or_default();
        let text = body::author_text(&structure, is_reply);
        if malformed { Err(Unreadable::Malformed) } else { text }
    });
    match text.unwrap_or(Err(Unreadable::Malformed)) {
        Ok((text, quoted)) => {
            if message.automatic.is_none()
                && let Some((kind, _)) = automatic::by_text(&text)
            {
                (message.automatic, message.automatic_by_words) = (Some(kind), true);
            }
            message.author_text = text;
            message.quoted = quoted;
        }
        Err(why) => message.unreadable = Some(why),
    }
    message
}

/// What a piece of a message's text was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// What the sender newly wrote: the only text that is read for commands.
    Author,
    /// The line that introduces a quote.
    Attribution,
    /// Quoted lines.
    Quoted,
    /// An earlier or forwarded mail that no quote marks mark.
    Earlier,
    /// The sender's signature.
    Signature,
    /// What a list, an employer or a gateway adds.
    Footer,
}

/// Neighbouring lines of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    /// What they were taken for.
    pub kind: BlockKind,
    /// Why.
    pub rule: &'static str,
    /// The lines, blank ones left out, without their quote marks.
    pub text: String,
}

/// How a message was taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Told {
    /// Its text, block by block.
    pub blocks: Vec<Block>,
    /// By what sign it is known to be a machine's, where it is one.
    pub automatic: Option<String>,
}

/// Says of a message how [`read`] takes it apart. For people who ask why; it decides nothing.
#[must_use]
pub fn told(raw: &[u8]) -> Told {
    let told = caught(|| {
        let structure = structure::structure(raw);
        let fields = headers::Headers { fields: &structure.headers, raw: structure.header() };
        let mut message = Message::default();
        headers::read(&fields, &mut message);
        let is_reply = !message.in_reply_to.is_empty() || !message.references.is_empty();
        let lines = body::lines(&structure, is_reply).unwrap_or_default();
        let sign = automatic::automatic(&fields, &message, &structure.parts);
        let sign = sign.or_else(|| automatic::by_text(&author::text(&lines)));
        Told { blocks: author::blocks(&lines), automatic: sign.map(|(_, sign)| sign) }
    });
    told.unwrap_or_default()
}

/// The words of a message, in whatever part and quoted or not, that have the form of a token or of the
/// code of a question.
#[must_use]
pub fn secrets(raw: &[u8]) -> Secrets {
    let mut found = Secrets::default();
    look_for_secrets(raw, DEEPEST_ATTACHED, &mut found);
    found
}

/// Mails in attachments of mails in attachments, so often.
const DEEPEST_ATTACHED: u8 = 4;

fn look_for_secrets(raw: &[u8], deeper: u8, found: &mut Secrets) {
    let parts = caught(|| {
        let structure = structure::structure(raw);
        let (texts, others): (Vec<_>, Vec<_>) =
            structure.parts.iter().partition(|part| part.media.starts_with("text/"));
        let texts = texts.into_iter().filter_map(structure::Part::text).collect::<Vec<String>>();
        (texts, others.into_iter().filter_map(structure::Part::bytes).collect::<Vec<_>>())
    });
    let (texts, others) = parts.unwrap_or_default();
    texts.iter().for_each(|text| found.look_in(text.as_bytes()));
    for bytes in others.iter().filter(|bytes| !bytes.is_empty()) {
        // A signed content may be cut into pieces, in the middle of a word.
        if let (Some(smime::Content::Signed(entity)), Some(deeper)) = (smime::open(bytes), deeper.checked_sub(1)) {
            look_for_secrets(&entity, deeper, found);
        }
        // Any attachment may be a mail, whatever its type says.
        match deeper.checked_sub(1) {
            Some(deeper) => look_for_secrets(bytes, deeper, found),
            None => found.look_in(bytes),
        }
    }
    // Last: in the letters of an encoded attachment, chance makes many words of that form.
    found.look_in(raw);
}

/// The result, or `None` where the parser panicked. It holds plain values that are dropped then,
/// so nothing half-done is seen afterwards.
fn caught<T>(parse: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(parse)).ok()
}

#[cfg(test)]
mod tests;
