//! What people type: one file a subcommand.

pub mod demo;
