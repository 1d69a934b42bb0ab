//! (what is known, who asks, commands) -> what changes and what is answered.
//!
//! Pure. An [`Entry`] says what came in, [`Needs::of`] what must be loaded for it, and [`decide`]
//! what comes of it. Nothing here loads, waits or fails: a refusal is a value, and is answered.

mod about;
mod absence;
mod actions;
pub mod agenda;
mod announced;
mod announcement;
mod announcer;
pub mod answer;
mod approvals;
mod attendance;
mod calls;
mod changed;
mod commands;
mod contributions;
pub mod digest;
mod documents;
mod doubts;
pub mod entry;
mod held;
pub mod known;
mod length;
mod listed;
mod lists;
mod mail;
mod meetings;
mod members;
pub mod needs;
mod next_agenda;
pub mod outcome;
mod proposals;
mod ran;
mod registered;
mod reminder;
mod report;
mod resolve;
mod rights;
pub mod roster;
mod rulings;
mod sender;
mod state;
mod tell;
mod undo;
mod which;
mod work;

pub use announcement::Announcement;
pub use announcer::{is_announcer, noticed};
pub use answer::{
    ActionRow, Answer, AnswerLine, ApprovalRow, ApprovalStands, ContributionRow, HistoryRow, LineOutcome, MeetingRow,
    MentionedRow, Objection, Table,
};
pub use attendance::{Comes, is_overtaken, who_comes};
pub(crate) use changed::keep_newest;
pub use contributions::stands_at;
pub use digest::{Changed, Digest, Event, Imported};
pub use documents::{DeliverableRow, DocumentRow};
pub use entry::{
    AbsenceInput, Alignment, Authentication, Entry, Evidence, Input, MailInput, NoticeInput, Proof, TokenSeen,
    TokenStanding, Verdict,
};
pub use known::{ABOUT, Baseline, Done, Known, Mentioned, Replaced, Replied, Said, Since, UndoWhich, Version};
pub use needs::Needs;
pub use next_agenda::BY_EXPORT;
pub use outcome::{Came, Exported, Notice, Outcome};
pub use reminder::Ahead;
pub use report::Report;
pub use sender::{author, sender};
pub use state::{MOST_STATES, OpenAt, StateChange, current};

/// History's name for what a change of the configuration did.
pub const BY_CONFIGURATION: &str = "configuration";

/// History's name for what changes where the operator has somebody forgotten.
pub const BY_FORGETTING: &str = "forgotten";

/// History's name for what was dropped because a list has seen the answer to it.
pub const BY_EXPOSURE: &str = "seen on a list";

/// Decides what comes of an entry, given what [`Needs::of`] its input asked for.
#[must_use]
pub fn decide(known: Known, entry: &Entry) -> Outcome {
    match &entry.input {
        Input::Rules(rules) => {
            let known = Known { rules: Some((**rules).clone()), ..known };
            Outcome { by: BY_CONFIGURATION.to_owned(), known, ..Outcome::nothing() }
        }
        Input::Roster { organizations, members } => roster::import(known, entry.at, organizations, members),
        Input::Agenda { document, by } => agenda::import(known, entry.at, document, by.as_ref()),
        Input::Export { meeting, name } => next_agenda::export(known, entry.at, meeting.as_ref(), name.as_deref()),
        Input::Forget { address, requests } => members::forget(known, entry.at, address, requests),
        Input::Occasion(due) => digest::occasion(known, entry.at, due),
        Input::Mail(mail) => {
            let mut outcome = mail::decide(known, entry, mail);
            attendance::hush(&mut outcome, mail);
            let today = outcome.known.rules.as_ref().map(|rules| rules.day(entry.at));
            outcome.announcements = today.map_or_else(Vec::new, |today| announcement::announcements(&outcome, today));
            outcome
        }
        Input::Absence(absence) => absence::decide(known, entry.at, absence),
        Input::Notice(notice) => announcer::decide(known, entry.at, notice),
        Input::Exposed { requests, .. } => held::exposed(known, entry.at, requests),
    }
}

#[cfg(test)]
pub(crate) mod tests;
