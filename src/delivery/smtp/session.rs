//! One connection on which the login is done: the dialogue of one mail after the other.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::Extension;
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use crate::delivery::{Mail, Outcome, Stage, Unreachable};
use crate::domain::EmailAddress;

/// How long the server may take for a command. RFC 5321, section 4.5.3.2, has five minutes for an
/// MTA, which has other mails to do meanwhile.
const COMMAND: Duration = Duration::from_mins(2);

/// How long it may take for a mail's content and the answer to it. Shorter than the ten minutes of RFC
/// 5321, section 4.5.3.2.6, would make mails arrive twice at servers that read them thoroughly.
const CONTENT: Duration = Duration::from_mins(10);

/// How long taking leave may take: nothing depends on it.
const LEAVE: Duration = Duration::from_secs(2);

/// The longest text of a server that is kept, in characters.
const LONGEST: usize = 500;

/// A connection that is ready for a mail.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    /// The server, `host:port`.
    server: String,
    /// Whether the server may still be spoken to: not after a break, a silence or its good-bye (421).
    usable: bool,
}

/// What became of the dialogue.
pub(super) enum Sent {
    /// The server knows of the mail, or may.
    Over(Outcome),
    /// It took no notice of it.
    NotBegun(Unreachable),
}

/// What the server did not do.
pub(super) enum Fault {
    /// It said no: the code, and the words with it.
    Said(u16, String),
    /// It closed the connection without a word.
    Closed,
    /// It said nothing, or nothing that could be understood.
    Broken(String),
}

impl Fault {
    /// The words, for people.
    pub(super) fn words(self) -> String {
        match self {
            Self::Said(code, words) => format!("{code} {words}"),
            Self::Closed => "the server closed the connection".to_owned(),
            Self::Broken(words) => words,
        }
    }
}

impl Session {
    pub(super) const fn new(connection: AsyncSmtpConnection, server: String) -> Self {
        Self { connection, server, usable: true }
    }

    /// Whether another mail may be sent.
    pub(super) const fn is_usable(&self) -> bool {
        self.usable
    }

    /// Sends one mail; `begun` becomes true with its content. After `NotBegun` and a break the session is of no use.
    pub(super) async fn send(&mut self, mail: &Mail<'_>, begun: &AtomicBool) -> Sent {
        let mut parameters = String::new();
        if !mail.raw.is_ascii() {
            if !self.offers(Extension::EightBitMime) {
                return Sent::Over(Outcome::Refused("the server takes no 8-bit mail (8BITMIME, RFC 6152)".to_owned()));
            }
            parameters.push_str(" BODY=8BITMIME");
        }
        if !mail.recipient.as_str().is_ascii() || !mail.sender.as_str().is_ascii() {
            if !self.offers(Extension::SmtpUtfEight) {
                let words = "the server takes no addresses beyond ASCII (SMTPUTF8, RFC 6531)";
                return Sent::Over(Outcome::Refused(words.to_owned()));
            }
            parameters.push_str(" SMTPUTF8");
        }
        match self.mail_from(mail.sender, &parameters).await {
            Ok(()) => {}
            // What this mail asks for beyond others may be refused to it alone.
            Err(Fault::Said(code, words)) if code >= 500 && !parameters.is_empty() && !wants_login(code) => {
                return Sent::Over(Outcome::Refused(format!("{code} {words}")));
            }
            Err(fault) => return Sent::NotBegun(self.ends(fault)),
        }
        let ready = match self.command(&format!("RCPT TO:<{}>", mail.recipient)).await {
            Ok(_) => self.command("DATA").await,
            Err(fault) => Err(fault),
        };
        if let Err(fault) = ready {
            if let Fault::Said(code, _) = fault
                && wants_login(code)
            {
                return Sent::NotBegun(self.ends(fault));
            }
            if self.usable {
                // The mail is off, and the connection is good for the next one.
                self.usable = self.command("RSET").await.is_ok();
            }
            return Sent::Over(outcome(fault));
        }
        // The dialogue ends the last line itself; another one would add a line to the mail.
        let content = mail.raw.strip_suffix(b"\r\n").unwrap_or(mail.raw);
        begun.store(true, Ordering::SeqCst);
        let answered = timeout(CONTENT, self.connection.message(content)).await;
        Sent::Over(match self.judge(answered, CONTENT) {
            Ok(response) => Outcome::Accepted(words(&response)),
            Err(fault) => outcome(fault),
        })
    }

    /// Tries whether mail of that sender is taken; none is sent.
    ///
    /// # Errors
    /// Where it is not.
    pub(super) async fn check(&mut self, sender: &EmailAddress) -> Result<(), Unreachable> {
        let begun = self.mail_from(sender, "").await;
        begun.map_err(|fault| self.ends(fault))
    }

    /// Begins a mail. Where that fails there is nothing to take back.
    async fn mail_from(&mut self, sender: &EmailAddress, parameters: &str) -> Result<(), Fault> {
        // No address can end the line it stands in: an `EmailAddress` holds no white space.
        self.command(&format!("MAIL FROM:<{sender}>{parameters}")).await.map(drop)
    }

    /// Gives the connection up: what the server says here it says to every mail.
    fn ends(&mut self, fault: Fault) -> Unreachable {
        self.usable = false;
        let stage = match fault {
            Fault::Said(code, _) if wants_login(code) => Stage::Login,
            // A server that goes down is one that is not there.
            Fault::Closed => Stage::Connect,
            Fault::Said(..) | Fault::Broken(_) => Stage::Sender,
        };
        Unreachable { server: self.server.clone(), stage, words: fault.words() }
    }

    /// Takes leave, as RFC 5321, section 4.1.1.10, asks for.
    pub(super) async fn quit(&mut self) {
        if self.usable {
            self.usable = false;
            // A server that is gone is left as well.
            let _ = timeout(LEAVE, self.connection.command("QUIT\r\n")).await;
        }
    }

    /// Whether the server has said so in its answer to EHLO.
    fn offers(&self, extension: Extension) -> bool {
        self.connection.server_info().supports_feature(extension)
    }

    async fn command(&mut self, line: &str) -> Result<Response, Fault> {
        let answered = timeout(COMMAND, self.connection.command(format!("{line}\r\n"))).await;
        self.judge(answered, COMMAND)
    }

    /// What an answer comes to; after a break, a silence or a good-bye the session is of no more use.
    fn judge(&mut self, answered: Answered<Response>, patience: Duration) -> Result<Response, Fault> {
        judge(answered, patience).inspect_err(|fault| {
            self.usable = self.usable && matches!(fault, Fault::Said(code, _) if *code != 421);
        })
    }
}

/// An answer, or that there was none in time.
pub(super) type Answered<T> = Result<Result<T, lettre::transport::smtp::Error>, tokio::time::error::Elapsed>;

/// Tells what a server says from a connection that breaks.
pub(super) fn judge<T>(answered: Answered<T>, patience: Duration) -> Result<T, Fault> {
    match answered {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(fault(&error)),
        Err(_) => Err(Fault::Broken(format!("no answer within {} seconds", patience.as_secs()))),
    }
}

/// What the client library says, without its own words around the server's.
pub(super) fn fault(error: &lettre::transport::smtp::Error) -> Fault {
    use std::error::Error as _;
    let source = error.source();
    let kind = source.and_then(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind);
    let said = source.map_or_else(|| error.to_string(), ToString::to_string);
    if let Some(code) = error.status() {
        return Fault::Said(u16::from(code), cleaned(&said));
    }
    // With TLS and without it a connection ends in different words, none of which tells people anything.
    let closed = [
        io::ErrorKind::UnexpectedEof,
        io::ErrorKind::ConnectionReset,
        io::ErrorKind::ConnectionAborted,
        io::ErrorKind::BrokenPipe,
    ];
    if kind.is_some_and(|kind| closed.contains(&kind)) || said == "incomplete response" {
        return Fault::Closed;
    }
    Fault::Broken(cleaned(&said))
}

/// Whether the server wants a login, or a better one, before it goes on (RFC 4954, section 6).
const fn wants_login(code: u16) -> bool {
    matches!(code, 530 | 534 | 538)
}

/// What a refusal of the recipient or of the content means for the mail.
fn outcome(fault: Fault) -> Outcome {
    match fault {
        // The server goes, which is nothing that the mail has done.
        Fault::Said(421, words) => Outcome::Interrupted(format!("421 {words}")),
        Fault::Said(code, words) if code >= 500 => Outcome::Refused(format!("{code} {words}")),
        Fault::Said(code, words) => Outcome::Deferred(format!("{code} {words}")),
        fault @ (Fault::Closed | Fault::Broken(_)) => Outcome::Interrupted(fault.words()),
    }
}

/// The server's words with their code.
fn words(response: &Response) -> String {
    let text = response.message().collect::<Vec<_>>().join(" ");
    format!("{} {}", response.code(), cleaned(&text))
}

/// A server's text in one line, and no longer than people read. What it does not print is not kept.
fn cleaned(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(451, Outcome::Deferred("451 4.7.1 later".to_owned()))]
    #[case(452, Outcome::Deferred("452 4.7.1 later".to_owned()))]
    #[case(421, Outcome::Interrupted("421 4.7.1 later".to_owned()))]
    #[case(550, Outcome::Refused("550 4.7.1 later".to_owned()))]
    #[case(554, Outcome::Refused("554 4.7.1 later".to_owned()))]
    fn a_refusal_means_what_its_code_says(#[case] code: u16, #[case] expected: Outcome) {
        assert_eq!(outcome(Fault::Said(code, "4.7.1 later".to_owned())), expected);
    }

    #[test]
    fn a_break_says_nothing_of_the_mail() {
        assert_eq!(outcome(Fault::Closed), Outcome::Interrupted("the server closed the connection".to_owned()));
    }

    #[test]
    fn a_servers_words_are_one_line_of_a_length_that_people_read() {
        assert_eq!(cleaned("5.1.1\r\n  no\tsuch \u{1b}[31muser\0"), "5.1.1 no such [31muser");
        assert_eq!(cleaned(&"x".repeat(10_000)).len(), LONGEST);
    }
}
