//! What a delivery report says (RFC 3464), or a bounce in a server's own words: that a mail came back, and why.

use std::sync::LazyLock;

use mail_parser::MessageParser;

use super::caught;
use super::structure::{Structure, structure};

/// The longest reason that is kept, in characters.
const LONGEST: usize = 500;

/// What is read of a report's fields, in bytes.
const LONGEST_REPORT: usize = 64 * 1024;

static PARSER: LazyLock<MessageParser> = LazyLock::new(MessageParser::default);

/// A mail that could not be delivered, as the report about it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// Why, in the words of the server that gave it up.
    pub reason: String,
    /// The Message-ID of the mail that came back, without angle brackets, where the report holds it.
    pub message_id: Option<String>,
}

/// What a report says of a mail that will not arrive; `None` where the message is no report, or one of
/// a mail that is late or arrived.
#[must_use]
pub fn bounce(raw: &[u8]) -> Option<Bounce> {
    caught(|| {
        let structure = structure(raw);
        if !structure.parts.iter().any(|part| part.media == "message/delivery-status") {
            return in_own_words(&structure);
        }
        let report = structure.parts.iter().find(|part| part.media == "message/delivery-status")?;
        let reason = reason(report.body.get(..LONGEST_REPORT).unwrap_or(report.body))?;
        Some(Bounce { reason, message_id: returned(&structure) })
    })
    .flatten()
}

/// The Message-ID of the mail that a report brings back as a part of its own.
fn returned(structure: &Structure<'_>) -> Option<String> {
    let returned = structure.parts.iter().find(|part| {
        matches!(
            part.media.as_str(),
            "message/rfc822" | "text/rfc822-headers" | "message/global" | "message/rfc822-headers"
        )
    })?;
    let head = returned.body.get(..LONGEST_REPORT).unwrap_or(returned.body);
    PARSER.parse_headers(head)?.message_id().map(str::to_owned)
}

/// Words by which servers of before RFC 3464 say that a mail comes back (qmail, Exim, sendmail, Lotus, Exchange).
const FAILED: [&str; 14] = [
    "undeliver",
    "returned mail",
    "returned to sender",
    "failure notice",
    "delivery fail",
    "delivery has failed",
    "mail delivery problem",
    "(failure)",
    "not be delivered",
    "was not delivered",
    "able to deliver",
    "not deliver",
    "permanent error",
    "permanent fatal error",
];

/// Words by which they say that it has not yet arrived.
const LATE: [&str; 8] = [
    "warning",
    "delayed",
    "(delay)",
    "will be retried",
    "attempts will continue",
    "will keep trying",
    "still be retried",
    "no action is required",
];

/// What stands before the copy of the mail that comes back.
const COPY_FOLLOWS: [&str; 6] = [
    "copy of the message",
    "copy of the body",
    "original message",
    "unsent message",
    "returned message",
    "message headers follow",
];

/// A bounce without a part for programs. What it says of itself is read, and not the mail that it returns.
fn in_own_words(structure: &Structure<'_>) -> Option<Bounce> {
    let subject = structure.parts.first().and_then(|_| {
        let head = PARSER.parse_headers(structure.header())?;
        Some(head.subject().unwrap_or_default().to_owned())
    })?;
    let text = structure.parts.iter().find(|part| part.media == "text/plain" && !part.attached)?.text()?;
    let text = text.chars().take(LONGEST_REPORT).collect::<String>();
    let mut lines = text.lines();
    let said: Vec<&str> = lines
        .by_ref()
        .take_while(|line| {
            let low = line.to_lowercase();
            message_id_in(line).is_none() && !COPY_FOLLOWS.iter().any(|words| low.contains(words))
        })
        .collect();
    // The line at which it ended may be the Message-ID itself.
    let message_id = returned(structure).or_else(|| text.lines().find_map(message_id_in));
    let whole = format!("{subject}\n{}", said.join("\n")).to_lowercase();
    if !FAILED.iter().any(|words| whole.contains(words)) || LATE.iter().any(|words| whole.contains(words)) {
        return None;
    }
    let code = said.iter().find_map(|line| from_code(line));
    Some(Bounce { reason: one_line(code.unwrap_or(&subject)), message_id })
}

/// The rest of a line from a reply code that says no for good (RFC 5321, section 4.2.1).
fn from_code(line: &str) -> Option<&str> {
    let is_code = |at: &usize| {
        let before = line.get(..*at).and_then(|text| text.chars().next_back());
        let mut behind = line.get(*at..).unwrap_or_default().bytes();
        behind.next() == Some(b'5')
            && behind.by_ref().take(2).filter(u8::is_ascii_digit).count() == 2
            && matches!(behind.next(), Some(b' ' | b'-'))
            && before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '.')
    };
    line.get(line.match_indices('5').map(|(at, _)| at).find(is_code)?..)
}

/// The Message-ID, where a line of a text is that field, quoted or not.
fn message_id_in(line: &str) -> Option<String> {
    let (field, value) = line.trim_start_matches(['>', ' ', '\t']).split_once(':')?;
    let id = value.trim().strip_prefix('<')?.strip_suffix('>')?;
    (field.eq_ignore_ascii_case("Message-ID") && !id.is_empty()).then(|| id.to_owned())
}

/// A text as it is kept: in one line, of a length that people read.
fn one_line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ").chars().take(LONGEST).collect()
}

/// Why the first recipient that failed did: its Diagnostic-Code, or its Status (RFC 3464, section 2.3).
fn reason(report: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(report).replace("\r\n", "\n");
    text.split("\n\n").find_map(|recipient| {
        // A field goes on in lines that begin with white space (RFC 5322, section 2.2.3).
        let unfolded = recipient.replace("\n ", " ").replace("\n\t", " ");
        let field = |name: &str| {
            unfolded.lines().find_map(|line| {
                let (field, value) = line.split_once(':')?;
                field.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        if !field("Action")?.to_lowercase().starts_with("failed") {
            return None;
        }
        let status = field("Status").map_or_else(|| "failed".to_owned(), |status| format!("status {status}"));
        let said = field("Diagnostic-Code").filter(|said| !said.is_empty());
        let said = said.map(|said| said.split_once(';').map_or(said.clone(), |(_, said)| said.trim().to_owned()));
        Some(one_line(&said.unwrap_or(status)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(action: &str, more: &str) -> Vec<u8> {
        format!(
            "From: Mail Delivery System <mailer-daemon@example.org>\nTo: minuted+bounce-1-abcdef@example.org\n\
             Subject: Undelivered Mail\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
             --b\nContent-Type: text/plain\n\nIt could not be delivered.\n\n\
             --b\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mail.example.org\n\n\
             Final-Recipient: rfc822; member@example.org\nAction: {action}\nStatus: 5.1.1\n{more}\n\
             --b\nContent-Type: text/rfc822-headers\n\n\
             From: minuted@example.org\nMessage-ID: <answer.x@example.org>\nSubject: Re: status\n\n--b--\n"
        )
        .into_bytes()
    }

    #[test]
    fn a_mail_that_failed_tells_why_and_which_it_was() {
        for crlf in [false, true] {
            let mut raw =
                report("failed", "Diagnostic-Code: smtp; 550 5.1.1 <member@example.org>:\n    no such user\n");
            if crlf {
                raw = String::from_utf8(raw).unwrap().replace('\n', "\r\n").into_bytes();
            }
            let bounce = bounce(&raw).unwrap();
            assert_eq!(bounce.reason, "550 5.1.1 <member@example.org>: no such user");
            assert_eq!(bounce.message_id.as_deref(), Some("answer.x@example.org"));
        }
        assert_eq!(bounce(&report("failed", "")).unwrap().reason, "status 5.1.1");
    }

    const QMAIL: &str = "From: MAILER-DAEMON@mx.example.net\nTo: minuted+bounce-1-x@example.org\n\
        Subject: failure notice\n\nHi. This is the program at mx.example.net.\n\
        I'm afraid I wasn't able to deliver your message to the following addresses.\n\
        This is a permanent error; I've given up.\n\n<member@example.net>:\n\
        192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user here\n\n\
        --- Below this line is a copy of the message.\n\nReceived: by example.org\n\
        From: minuted@example.org\nSubject: Re: Warning: delayed\nMessage-ID: <answer.x@example.org>\n\n\
        Warning: it is delayed.\n";

    #[test]
    fn a_bounce_in_a_servers_own_words_tells_why_and_which_it_was() {
        for raw in [QMAIL.to_owned(), QMAIL.replace('\n', "\r\n")] {
            let bounce = bounce(raw.as_bytes()).unwrap();
            assert_eq!(bounce.reason, "550 5.1.1 no such user here");
            assert_eq!(bounce.message_id.as_deref(), Some("answer.x@example.org"));
        }
        let without_code = QMAIL.replace("550 5.1.1 ", "");
        assert_eq!(bounce(without_code.as_bytes()).unwrap().reason, "failure notice");
        let attached = "From: MAILER-DAEMON@mx.example.net\nSubject: Returned mail: User unknown\nMIME-Version: 1.0\n\
            Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\
            <member@example.net>... 550-User unknown\n--b\nContent-Type: message/rfc822\n\n\
            Message-ID: <digest.y@example.org>\nSubject: Weekly\n\nText\n--b--\n";
        let bounce = bounce(attached.as_bytes()).unwrap();
        assert_eq!(
            (bounce.reason.as_str(), bounce.message_id.as_deref()),
            ("550-User unknown", Some("digest.y@example.org"))
        );
    }

    #[test]
    fn a_warning_in_a_servers_own_words_and_what_is_no_bounce_are_none() {
        let late = QMAIL.replace("failure notice", "Warning: message delayed 24 hours");
        let away = "From: member@example.net\nSubject: Out of office\n\nI am away. Message-ID: <a@b>\n";
        for other in [late.as_str(), away, "Subject: 550 items\n\nSee below.\n", "\n\n", "Message-ID: <a@b>"] {
            assert_eq!(bounce(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn a_mail_that_is_late_or_arrived_has_not_come_back() {
        for action in ["delayed", "delivered", "relayed", "expanded"] {
            assert_eq!(bounce(&report(action, "")), None);
        }
        assert_eq!(bounce(b"Subject: Hello\n\nAction: failed\n"), None);
        assert_eq!(bounce(b""), None);
    }
}
