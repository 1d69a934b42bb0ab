//! minuted: the mail-driven action-item bot of a standards working group.
//!
//! # The way of one message
//! 1. [`mailbox`] reads raw bytes.
//! 2. [`store`] takes them in: bytes and cursor in one transaction, before anything else.
//! 3. [`message`] reads what the sender newly wrote, and whether a machine wrote it.
//! 4. [`command`] reads commands and mentions from that text.
//! 5. [`trust`] says how sure it is that the sender is the sender, and [`decide`] what changes and
//!    what is answered, given what [`store`] loaded for it.
//! 6. [`compose`] puts the answer into words and RFC 5322 bytes.
//! 7. [`store`] commits effect, history, journal and answer in one transaction.
//! 8. [`delivery`] sends the answer, outside any transaction; [`store`] marks it sent.
//!
//! What the bot writes by itself begins with [`calendar`], which says what is due, and goes the same
//! way from there: decide, compose, commit, deliver.
//!
//! [`steps`] are these stages as units of work, [`daemon`] the loop over them, [`cli`] the commands
//! that people type. Stages meet only at the inbox and the outbox.
//!
//! # What always holds
//! - The pure modules ([`domain`], [`message`], [`command`], [`decide`], [`agenda`], [`calendar`],
//!   [`compose`], [`trust`]) know no clock, no file and no database; `domain` names no sibling.
//!   `tests/house.rs` holds it.
//! - Nothing is altered in a mailbox before its effect is committed.
//! - The state is what the journal says: `minuted rebuild --check` replays it and compares.
//! - No line that is not wholly understood changes anything, and every line that addressed the bot
//!   is answered.
//! - A refusal is a value and is answered; a failure is an error, logged once where it is handled.

pub mod config;
pub mod domain;

mod html;

pub mod agenda;
pub mod calendar;
pub mod command;
pub mod compose;
pub mod decide;
pub mod message;
pub mod trust;

pub mod delivery;
pub mod mailbox;
pub mod store;

pub mod cli;
pub mod daemon;
pub mod steps;
