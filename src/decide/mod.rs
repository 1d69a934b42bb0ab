//! (what is known, who asks, commands) -> what changes and what is answered.

pub mod answer;
pub mod entry;
pub mod known;
pub mod outcome;

pub use answer::{ActionRow, Answer, AnswerLine, HistoryRow, LineOutcome, Table};
pub use entry::{Entry, Input, MailInput, Verdict};
pub use known::{Baseline, Done, Known, Needs, Replied, UndoWhich};
pub use outcome::{Notice, Outcome};

/// What must be loaded before the input can be decided. The rows of a mail that is replied to are
/// the store's to add: it alone knows them.
#[must_use]
pub fn needs(input: &Input) -> Needs {
    let _ = input;
    Needs::default()
}

/// Decides.
#[must_use]
pub fn decide(known: Known, entry: &Entry) -> Outcome {
    let _ = entry;
    Outcome {
        by: String::new(),
        changes: Vec::new(),
        known,
        answer: None,
        notices: Vec::new(),
        receipt: None,
        undone: None,
        cells: Vec::new(),
    }
}
