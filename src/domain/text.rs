//! What is told to people, before it is put into words: a key of the catalogue and its arguments.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A text of the catalogue (`compose/texts/*.ftl`) with its arguments, not yet in any language.
/// The pure modules decide *what* is told; `compose` owns the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The message's key in the catalogue.
    pub key: String,
    /// Named arguments, in the order given.
    pub arguments: Vec<(String, String)>,
}

impl Text {
    /// The text `key`, without arguments.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), arguments: Vec::new() }
    }

    /// This text with one argument more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.arguments.push((name.to_owned(), value.to_string()));
        self
    }
}

/// A text that its sender wrote without the control characters in it but line feeds and tabs: what is
/// obeyed, compared and shown has none.
#[must_use]
pub fn without_controls(text: &str) -> Cow<'_, str> {
    let drops = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\t' | '\r');
    if text.contains(drops) { Cow::Owned(text.replace(drops, "")) } else { Cow::Borrowed(text) }
}
