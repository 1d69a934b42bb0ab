//! Mail to a real Exim, and through it to people and to a list of mlmmj's.

mod program;
mod site;
mod transport;
