//! A mail that says one thing, such as the question whether an address is somebody's.

use super::mail::{Automatic, Calendar, Letter, Mail};
use super::page::{Block, Page};
use super::{Catalogue, html, text};
use crate::domain::{EmailAddress, Text};

/// A mail (RFC 5322) to `to` that answers none: a subject and paragraphs. The same input gives the
/// same bytes.
#[must_use]
pub fn notice(to: &EmailAddress, subject: &Text, body: &[Text], letter: &Letter, catalogue: &Catalogue) -> Vec<u8> {
    let subject = catalogue.say(subject);
    let page = Page {
        language: catalogue.language(),
        title: subject.clone(),
        blocks: body.iter().map(|text| Block::Paragraph(catalogue.say(text))).collect(),
        footer: Some(catalogue.say(&Text::new("mail-footer").with("group", &letter.group))),
    };
    let mail = Mail {
        letter,
        to,
        subject: &subject,
        thread: None,
        automatic: Automatic::Generated,
        unsubscribe: None,
        kind: "notice",
        text: text::text(&page),
        html: html::html(&page),
        calendar: Calendar::default(),
        attachment: None,
    };
    mail.into_bytes()
}
