//! The answer to one message.

use jiff::tz::TimeZone;

use super::mail::{Automatic, Calendar, Letter, Mail, Thread, reply_subject};
use super::page::{self, Page};
use super::{Catalogue, html, text};
use crate::decide::Answer;
use crate::domain::Text;

/// The answer as a mail (RFC 5322), text and HTML, in the thread of the mail it answers. The same
/// input gives the same bytes.
#[must_use]
pub fn answer(answer: &Answer, thread: &Thread, letter: &Letter, catalogue: &Catalogue) -> Vec<u8> {
    let empty = catalogue.say(&Text::new("mail-subject-empty").with("group", &letter.group));
    let subject = reply_subject(&thread.subject, &empty);
    let undo = receipt(answer).map(|code| Text::new("mail-undo").with("receipt", code));
    let page = Page {
        language: catalogue.language(),
        title: subject.clone(),
        blocks: page::of_answer(answer, undo.as_ref(), &letter.zone, catalogue),
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
    };
    mail.into_bytes()
}

/// The answer as text, for the command line: times in `zone`, lines of at most 72 columns.
#[must_use]
pub fn plain(answer: &Answer, zone: &TimeZone, catalogue: &Catalogue) -> String {
    let undo = receipt(answer).map(|code| Text::new("mail-undo-here").with("receipt", code));
    text::text(&Page {
        language: catalogue.language(),
        title: String::new(),
        blocks: page::of_answer(answer, undo.as_ref(), zone, catalogue),
        footer: None,
    })
}

/// The receipt, where something was done that can be taken back.
fn receipt(answer: &Answer) -> Option<&str> {
    answer.receipt.as_deref().filter(|_| !answer.dry_run)
}
