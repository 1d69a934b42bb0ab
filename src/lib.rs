//! minuted: the mail-driven action-item bot of a standards working group.

pub mod domain;

pub mod agenda;
pub mod command;
pub mod decide;
pub mod message;

pub mod store;
