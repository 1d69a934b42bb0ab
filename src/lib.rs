//! minuted: the mail-driven action-item bot of a standards working group.

pub mod config;
pub mod domain;

pub mod agenda;
pub mod command;
pub mod compose;
pub mod decide;
pub mod message;

pub mod delivery;
pub mod mailbox;
pub mod store;
