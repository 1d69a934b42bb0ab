//! Quoted text between the lines that somebody wrote.

use serde::{Deserialize, Serialize};

/// A quote, by the place in the sender's own text at which it stands. It says nothing that acts; it
/// may say what the lines below it are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// The line of the sender's text that it stands right above, from 1; one past the last where
    /// nothing of the sender's follows it.
    pub above: usize,
    /// Its lines divided by `\n`, without quote marks: those that are quoted as deep as its last one,
    /// with an empty line where a blank or another depth divides them.
    pub text: String,
}
