//! The answer to one message.

use jiff::tz::TimeZone;

use super::mail::{Automatic, Calendar, Letter, Mail, Thread, reply_subject};
use super::page::{self, Block, Page};
use super::{Catalogue, agenda, html, text};
use crate::decide::Answer;
use crate::domain::Text;

/// The answer as a mail (RFC 5322), text and HTML, in the thread of the mail it answers. The same
/// input gives the same bytes.
#[must_use]
pub fn answer(answer: &Answer, thread: &Thread, letter: &Letter, catalogue: &Catalogue) -> Vec<u8> {
    let empty = catalogue.say(&Text::new("mail-subject-empty").with("group", &letter.group));
    let subject = reply_subject(&thread.subject, &empty);
    let undo = receipt(answer).map(|code| Text::new("mail-undo").with("receipt", code));
    let mut blocks = page::of_answer(answer, undo.as_ref(), &letter.zone, catalogue);
    let mut attachment = None;
    if let Some(agenda) = &answer.agenda {
        attachment = agenda::attached(agenda);
        let key = match attachment {
            // Who may import it gets one that is known again.
            Some(_) if agenda.says.made_from.is_some() => Text::new("mail-agenda-to-edit"),
            Some(_) => Text::new("mail-agenda-attached"),
            None => Text::new("mail-agenda-too-large"),
        };
        blocks.push(Block::Paragraph(catalogue.say(&key)));
        blocks.extend(agenda::blocks(agenda, catalogue));
    }
    let page = Page {
        language: catalogue.language(),
        title: subject.clone(),
        blocks,
        footer: Some(catalogue.say(&Text::new("mail-footer").with("group", &letter.group))),
    };
    let mail = Mail {
        letter,
        to: &answer.to,
        subject: &subject,
        thread: Some(thread),
        automatic: Automatic::Replied,
        unsubscribe: None,
        kind: "answer",
        text: text::text(&page),
        html: html::html(&page),
        calendar: Calendar::default(),
        attachment,
    };
    mail.into_bytes()
}

/// The answer as text, for the command line: times in `zone`, lines of at most 72 columns.
#[must_use]
pub fn plain(answer: &Answer, zone: &TimeZone, catalogue: &Catalogue) -> String {
    let undo = receipt(answer).map(|code| Text::new("mail-undo-here").with("receipt", code));
    let mut blocks = page::of_answer(answer, undo.as_ref(), zone, catalogue);
    blocks.extend(answer.agenda.iter().flat_map(|agenda| agenda::blocks(agenda, catalogue)));
    text::text(&Page { language: catalogue.language(), title: String::new(), blocks, footer: None })
}

/// The receipt, where something was done that can be taken back.
fn receipt(answer: &Answer) -> Option<&str> {
    answer.receipt.as_deref().filter(|_| !answer.dry_run)
}
