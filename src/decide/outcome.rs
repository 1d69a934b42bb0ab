//! What a decision changes, answers and sends.

use crate::domain::{Change, EmailAddress, Standing, Subject, Text};

use super::{Announcement, Answer, Digest, Known};

/// What comes of an input.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// By whom, as history tells it: an address, or what else did it.
    pub by: String,
    /// What changed, in order.
    pub changes: Vec<Change>,
    /// What is known afterwards: the changes applied.
    pub known: Known,
    /// What is told to the sender.
    pub answer: Option<Answer>,
    /// What became of the occasion that was due.
    pub occasion: Option<Came>,
    /// What is asked of others.
    pub notices: Vec<Notice>,
    /// What the list is told of meetings.
    pub announcements: Vec<Announcement>,
    /// The receipt under which the changes can be taken back.
    pub receipt: Option<String>,
    /// The receipt of the message that was undone.
    pub undone: Option<String>,
    /// The imported document's cells: the base of the next three-way merge.
    pub cells: Vec<(Subject, String, String)>,
    /// What exports said, and what documents said that were made from them.
    pub exports: Vec<Exported>,
    /// Requests whose held mails are to be decided now, each in an entry of its own after this one.
    pub released: Vec<u32>,
}

impl Outcome {
    /// Nothing came of it.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            by: String::new(),
            changes: Vec::new(),
            known: Known::nothing(),
            answer: None,
            occasion: None,
            notices: Vec::new(),
            announcements: Vec::new(),
            receipt: None,
            undone: None,
            cells: Vec::new(),
            exports: Vec::new(),
            released: Vec::new(),
        }
    }
}

/// The cells of an export, or of a document that was made from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The export's name.
    pub name: String,
    /// It is the export itself, which is handed out: that is never taken back.
    pub is_export: bool,
    /// What it says; of a document, what the export and earlier documents did not say.
    pub cells: Vec<(Subject, String, String)>,
}

/// What became of an occasion.
#[derive(Debug, Clone, PartialEq)]
pub struct Came {
    /// As it is recorded.
    pub standing: Standing,
    /// What its mail says, where one goes.
    pub digest: Option<Digest>,
}

/// A mail to somebody who did not ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// To whom.
    pub to: EmailAddress,
    /// What it is about: its only row.
    pub about: Subject,
    /// The subject.
    pub subject: Text,
    /// The body, a paragraph each.
    pub body: Vec<Text>,
}
