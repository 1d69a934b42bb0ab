//! (what is known, who asks, commands) -> what changes and what is answered.

pub mod answer;
pub mod entry;

pub use answer::{ActionRow, Answer, AnswerLine, HistoryRow, LineOutcome, Table};
pub use entry::{Entry, Input, MailInput, Verdict};
