//! A mail that says one thing, such as the question whether an address is somebody's.

use super::links::Replies;
use super::mail::{Automatic, Calendar, Letter, Mail};
use super::page::{Block, Page};
use super::{Catalogue, html, text};
use crate::decide::Notice;
use crate::domain::{EmailAddress, Subject, Text};

/// A mail (RFC 5322) to `to` that answers none: a subject and paragraphs. The same input gives the
/// same bytes.
#[must_use]
pub fn notice(to: &EmailAddress, subject: &Text, body: &[Text], letter: &Letter, catalogue: &Catalogue) -> Vec<u8> {
    let blocks = body.iter().map(|text| Block::Paragraph(catalogue.say(text))).collect();
    mail(to, subject, blocks, letter, catalogue)
}

/// As [`notice`], of something that was decided: what runs is answered with a click.
#[must_use]
pub fn notice_of(notice: &Notice, letter: &Letter, catalogue: &Catalogue) -> Vec<u8> {
    let mut blocks: Vec<Block> = notice.body.iter().map(|text| Block::Paragraph(catalogue.say(text))).collect();
    let runs = matches!(&*notice.subject.key, "notice-approval-opened-subject" | "notice-approval-moved-subject");
    if let (Subject::Approval(of), true) = (&notice.about, runs) {
        blocks.push(Block::Reply(Replies::to(letter, true, catalogue).voices(of)));
    }
    mail(&notice.to, &notice.subject, blocks, letter, catalogue)
}

fn mail(to: &EmailAddress, subject: &Text, blocks: Vec<Block>, letter: &Letter, catalogue: &Catalogue) -> Vec<u8> {
    let subject = catalogue.say(subject);
    let page = Page {
        language: catalogue.language(),
        title: subject.clone(),
        blocks,
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
