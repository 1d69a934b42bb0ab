//! Decisions as whole mails: text in, answer and changes out.

mod agenda;
mod announcer;
mod approvals;
mod attendance;
mod contributions;
mod digest;
mod exports;
mod held;
mod items;
mod lookups;
mod meetings;
mod next_agenda;
mod people;
mod refusals;
mod reminders;
mod report;
mod roster;
mod rulings;
mod undoing;
mod versions;
pub(crate) mod world;
