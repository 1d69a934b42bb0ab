//! Headers around a text and its HTML: RFC 5322 bytes.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lettre::Address;
use lettre::message::header::{ContentType, From, HeaderName, HeaderValue, Headers, MIME_VERSION_1_0, To};
use lettre::message::{Attachment, Mailbox, Mailboxes, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use super::wrap;
use crate::domain::EmailAddress;

/// The longest subject, in characters; what is longer is cut.
const SUBJECT_LIMIT: usize = 200;

/// The longest Message-ID that is cited, in octets: a line must not pass 998 (RFC 5322, section 2.1.1).
const MESSAGE_ID_LIMIT: usize = 900;

/// How many Message-IDs are cited at most: the first and the last of a long thread.
const REFERENCES_LIMIT: usize = 30;

/// What is fixed of a mail before its text is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// The bot's address, From.
    pub bot: EmailAddress,
    /// The group's name: the display name in From, and in the texts.
    pub group: String,
    /// The mail's own Message-ID, without angle brackets.
    pub message_id: String,
    /// Its date.
    pub date: Timestamp,
    /// The group's time zone, in which times are told.
    pub zone: TimeZone,
    /// Where replies go, where that is not From: the bot's address with the mail's token.
    pub reply_to: Option<EmailAddress>,
}

/// The mail that is answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Thread {
    /// Its Message-ID without angle brackets, where it has one.
    pub message_id: Option<String>,
    /// The Message-IDs of its References, oldest first.
    pub references: Vec<String>,
    /// Its subject, decoded.
    pub subject: String,
}

/// How a machine's mail is marked (RFC 3834, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Automatic {
    /// In answer to a mail.
    Replied,
    /// Without one.
    Generated,
}

/// What a mail has for calendars.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Calendar {
    /// What mail programs show with the text, to be answered with a click: its method (RFC 5546), and iCalendar.
    pub(super) invitation: Option<(&'static str, String)>,
    /// A file for whoever wants it: its name, and iCalendar.
    pub(super) file: Option<(String, String)>,
}

impl Calendar {
    /// Puts it around and beside the texts: the invitation is another form of them (RFC 6047, section 2.4), which a
    /// program that knows none leaves out; the file stands behind.
    fn add_to(self, texts: MultiPart, boundary: &str) -> MultiPart {
        let kind = |method: &str| ContentType::parse(&format!("text/calendar; charset=utf-8; method={method}")).ok();
        let invitation = self.invitation.and_then(|(method, content)| Some((kind(method)?, content)));
        let texts = match invitation {
            Some((kind, content)) => texts.singlepart(SinglePart::builder().header(kind).body(content)),
            None => texts,
        };
        let Some((kind, (name, content))) = kind("PUBLISH").zip(self.file) else { return texts };
        let whole = MultiPart::mixed().boundary(format!("{boundary}-mixed")).multipart(texts);
        whole.singlepart(Attachment::new(name).body(content, kind))
    }
}

/// A mail, as far as its headers and bodies are concerned.
pub(super) struct Mail<'a> {
    pub(super) letter: &'a Letter,
    pub(super) to: &'a EmailAddress,
    pub(super) subject: &'a str,
    pub(super) thread: Option<&'a Thread>,
    pub(super) automatic: Automatic,
    /// The value of List-Unsubscribe (RFC 2369, section 3.2), where there is something to end.
    pub(super) unsubscribe: Option<String>,
    /// What kind of mail this is, for `X-Minuted`.
    pub(super) kind: &'static str,
    pub(super) text: String,
    pub(super) html: String,
    pub(super) calendar: Calendar,
    pub(super) attachment: Option<Attached>,
}

/// A file that goes with a mail.
pub(super) struct Attached {
    /// Its name, in ASCII.
    pub(super) name: String,
    /// Its media type.
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
}

impl Mail<'_> {
    /// The mail's bytes, lines ended by CRLF.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        let letter = self.letter;
        let boundary = boundary(&letter.message_id, &self.text, &self.html);
        let mut headers = Headers::new();
        match letter.bot.as_str().parse::<Address>() {
            Ok(address) => {
                let name = Some(wrap::shorten(&letter.group, SUBJECT_LIMIT)).filter(|name| !name.is_empty());
                headers.set(From::from(Mailboxes::from(Mailbox::new(name, address))));
            }
            Err(_) => headers.insert_raw(bare_address("From", &letter.bot)),
        }
        match self.to.as_str().parse::<Address>() {
            Ok(address) => headers.set(To::from(Mailboxes::from(Mailbox::new(None, address)))),
            Err(_) => headers.insert_raw(bare_address("To", self.to)),
        }
        if let Some(reply_to) = &letter.reply_to {
            headers.insert_raw(bare_address("Reply-To", reply_to));
        }
        let mut set = |name: &'static str, value: String| {
            headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
        };
        set("Subject", header_text(self.subject));
        set("Date", date(letter));
        if let Some(id) = cited(&letter.message_id) {
            set("Message-ID", id);
        }
        if let Some(thread) = self.thread {
            let parent = thread.message_id.as_deref().and_then(cited);
            if let Some(parent) = &parent {
                set("In-Reply-To", parent.clone());
            }
            let mut references: Vec<String> = thread.references.iter().filter_map(|id| cited(id)).collect();
            references.retain(|id| Some(id) != parent.as_ref());
            references.extend(parent);
            if references.len() > REFERENCES_LIMIT {
                references.drain(1..=references.len() - REFERENCES_LIMIT);
            }
            if !references.is_empty() {
                set("References", references.join(" "));
            }
        }
        let automatic = match self.automatic {
            Automatic::Replied => "auto-replied",
            Automatic::Generated => "auto-generated",
        };
        set("Auto-Submitted", automatic.to_owned());
        // Exchange answers automatic mail unless told not to (MS-OXCMAIL, section 2.1.3.2.20).
        set("X-Auto-Response-Suppress", "All".to_owned());
        set("X-Minuted", self.kind.to_owned());
        if let Some(unsubscribe) = self.unsubscribe {
            // One word, which no line break may divide: made of an address, it is short enough.
            let name = HeaderName::new_from_ascii_str("List-Unsubscribe");
            headers.insert_raw(HeaderValue::dangerous_new_pre_encoded(name, unsubscribe.clone(), unsubscribe));
        }
        headers.set(MIME_VERSION_1_0);
        let parts = MultiPart::alternative()
            .boundary(&boundary)
            .singlepart(SinglePart::plain(with_crlf(&self.text)))
            .singlepart(SinglePart::html(with_crlf(&self.html)));
        let parts = self.calendar.add_to(parts, &boundary);
        let mut bytes = headers.to_string().into_bytes();
        let attached = self.attachment.and_then(|file| Some((file.kind.parse::<ContentType>().ok()?, file)));
        match attached {
            None => bytes.extend(parts.formatted()),
            Some((kind, file)) => {
                let file = Attachment::new(file.name).body(file.bytes, kind);
                let mixed = MultiPart::mixed().boundary(format!("{boundary}-file"));
                bytes.extend(mixed.multipart(parts).singlepart(file).formatted());
            }
        }
        bytes
    }
}

/// The text with CRLF at the end of each line, in one walk: lettre inserts each missing CR by itself, which moves
/// all that follows it.
fn with_crlf(text: &str) -> String {
    let mut all = String::with_capacity(text.len() + text.len() / 32);
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        all.push_str(line);
        if lines.peek().is_some() {
            all.push_str(if line.ends_with('\r') { "\n" } else { "\r\n" });
        }
    }
    all
}

/// The subject of an answer: `Re: ` once, whatever stood there before in whatever language;
/// `empty` where the mail had none.
#[must_use]
pub fn reply_subject(subject: &str, empty: &str) -> String {
    let subject = clean_subject(subject);
    let rest = without_reply_marks(&subject);
    // A list puts its tag in front of the mark: "[WG4] Re: …".
    let rest = match rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((tag, behind)) if !tag.contains('[') => match without_reply_marks(behind) {
            "" => String::new(),
            behind => format!("[{tag}] {behind}"),
        },
        _ => rest.to_owned(),
    };
    let rest = if rest.is_empty() { empty.to_owned() } else { rest };
    format!("Re: {}", wrap::shorten(&rest, SUBJECT_LIMIT))
}

/// The subject in one line, so short that none of its words makes a line too long.
fn clean_subject(subject: &str) -> String {
    wrap::shorten(subject, 2 * SUBJECT_LIMIT)
}

/// What stands behind `Re:`, `AW: `, `Re[2]:`, `Re: Re:`.
fn without_reply_marks(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((mark, behind)) = rest.split_once(':') {
        let mark = mark.split('[').next().unwrap_or_default().trim().to_lowercase();
        if !matches!(mark.as_str(), "re" | "aw" | "antw" | "sv" | "vs" | "ref" | "odp" | "回复" | "回覆" | "答复")
        {
            break;
        }
        rest = behind.trim();
    }
    rest
}

/// A text for a header: in one line, and nothing in it that would be read as an encoded word
/// (RFC 2047, section 2), which would show something else than was written.
fn header_text(text: &str) -> String {
    wrap::shorten(text, SUBJECT_LIMIT + 10).replace("=?", "= ?")
}

/// `<id>`, where the text is one: printable ASCII without white space or brackets.
fn cited(id: &str) -> Option<String> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let valid = !id.is_empty()
        && id.len() <= MESSAGE_ID_LIMIT
        && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>');
    valid.then(|| format!("<{id}>"))
}

/// An address in use that RFC 5321 does not allow (two dots in a row, a letter beyond ASCII): as
/// it is, without a name. An [`EmailAddress`] holds neither white space nor a special character.
fn bare_address(header: &'static str, address: &EmailAddress) -> HeaderValue {
    let value = format!("<{address}>");
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(header), value.clone(), value)
}

/// The date as RFC 5322, section 3.3, writes it, in the group's zone. Years beyond its reach
/// become the first day of 1970.
fn date(letter: &Letter) -> String {
    jiff::fmt::rfc2822::to_string(&letter.date.to_zoned(letter.zone.clone()))
        .unwrap_or_else(|_| "Thu, 1 Jan 1970 00:00:00 +0000".to_owned())
}

/// A boundary that no line of the bodies can be, as it is made from them, and that is the same
/// when the same mail is made again.
fn boundary(message_id: &str, text: &str, html: &str) -> String {
    let mut hash = Sha256::new();
    for part in [message_id, text, html] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    let hex = data_encoding::HEXLOWER.encode(&hash.finalize());
    format!("minuted-{}", hex.get(..24).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Action items", "Re: Action items")]
    #[case("Re: Action items", "Re: Action items")]
    #[case("RE: AW: Re[2]: Action items", "Re: Action items")]
    #[case("[WG4] Re: Action items", "Re: [WG4] Action items")]
    #[case("Re: [WG4] AW: Re: Action items", "Re: [WG4] Action items")]
    #[case("Fwd: Action items", "Re: Fwd: Action items")]
    #[case("Session S1: 15:45", "Re: Session S1: 15:45")]
    #[case("a\r\nBcc: x@example.org", "Re: a Bcc: x@example.org")]
    #[case("", "Re: your mail")]
    #[case(" Re: ", "Re: your mail")]
    #[case("[WG4]", "Re: your mail")]
    fn the_subject_of_an_answer_says_re_once(#[case] subject: &str, #[case] expected: &str) {
        assert_eq!(reply_subject(subject, "your mail"), expected);
    }

    #[rstest]
    #[case("", "")]
    #[case("a", "a")]
    #[case("a\nb\n", "a\r\nb\r\n")]
    #[case("a\r\n\nb", "a\r\n\r\nb")]
    fn each_line_ends_with_crlf(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(with_crlf(text), expected);
    }

    #[test]
    fn a_long_subject_is_cut() {
        assert_eq!(reply_subject(&"x".repeat(10_000), "").chars().count(), "Re: ".len() + SUBJECT_LIMIT + 1);
    }

    #[rstest]
    #[case("a@example.org", Some("<a@example.org>"))]
    #[case("<a@example.org>", Some("<a@example.org>"))]
    #[case("a b@example.org", None)]
    #[case("a\r\nBcc: x", None)]
    #[case("ü@example.org", None)]
    #[case("", None)]
    fn only_what_can_be_a_message_id_is_cited(#[case] id: &str, #[case] expected: Option<&str>) {
        assert_eq!(cited(id).as_deref(), expected);
    }
}
