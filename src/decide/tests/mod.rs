//! Decisions as whole mails: text in, answer and changes out.

mod agenda;
mod digest;
mod reminders;
mod held;
mod items;
mod lookups;
mod people;
mod refusals;
mod roster;
mod rulings;
mod undoing;
pub(crate) mod world;
