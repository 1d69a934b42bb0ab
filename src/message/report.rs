//! What a delivery report says (RFC 3464): that a mail came back, and why.

use std::sync::LazyLock;

use mail_parser::MessageParser;

use super::caught;
use super::structure::structure;

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
        let report = structure.parts.iter().find(|part| part.media == "message/delivery-status")?;
        let reason = reason(report.body.get(..LONGEST_REPORT).unwrap_or(report.body))?;
        let returned = structure.parts.iter().find(|part| {
            matches!(
                part.media.as_str(),
                "message/rfc822" | "text/rfc822-headers" | "message/global" | "message/rfc822-headers"
            )
        });
        let message_id = returned.and_then(|part| {
            let head = part.body.get(..LONGEST_REPORT).unwrap_or(part.body);
            PARSER.parse_headers(head)?.message_id().map(str::to_owned)
        });
        Some(Bounce { reason, message_id })
    })
    .flatten()
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
        let words = said.unwrap_or(status);
        let words: Vec<&str> =
            words.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
        Some(words.join(" ").chars().take(LONGEST).collect())
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

    #[test]
    fn a_mail_that_is_late_or_arrived_has_not_come_back() {
        for action in ["delayed", "delivered", "relayed", "expanded"] {
            assert_eq!(bounce(&report(action, "")), None);
        }
        assert_eq!(bounce(b"Subject: Hello\n\nAction: failed\n"), None);
        assert_eq!(bounce(b""), None);
    }
}
