//! Remarks on something, as people added them.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Remarks, oldest first. Copies share them: each decision copies what it is about, and an item may
/// have hundreds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notes(Arc<Vec<Arc<str>>>);

impl Notes {
    /// There are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.iter().map(|note| &**note)
    }

    /// The newest.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        self.iter().next_back()
    }

    /// Adds one.
    pub fn push(&mut self, note: &str) {
        Arc::make_mut(&mut self.0).push(note.into());
    }

    /// Takes one away, the newest of those that say the same; nothing where there is none.
    pub fn remove(&mut self, note: &str) {
        if let Some(at) = self.0.iter().rposition(|kept| **kept == *note) {
            Arc::make_mut(&mut self.0).remove(at);
        }
    }
}

impl<S: AsRef<str>> FromIterator<S> for Notes {
    fn from_iter<I: IntoIterator<Item = S>>(notes: I) -> Self {
        Self(Arc::new(notes.into_iter().map(|note| note.as_ref().into()).collect()))
    }
}

impl Serialize for Notes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Notes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Vec::<String>::deserialize(from).map(Self::from_iter)
    }
}

#[cfg(test)]
impl<const N: usize> PartialEq<[&str; N]> for Notes {
    fn eq(&self, others: &[&str; N]) -> bool {
        self.iter().eq(others.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_its_remarks_when_others_are_added_or_taken_away() {
        let mut notes: Notes = ["first", "second", "first"].into_iter().collect();
        let before = notes.clone();
        notes.remove("first");
        notes.remove("third");
        assert_eq!(notes, ["first", "second"]);
        notes.push("fourth");
        assert_eq!((notes.last(), notes.len()), (Some("fourth"), 3));
        assert_eq!(before, ["first", "second", "first"]);
    }

    #[test]
    fn remarks_are_kept_as_a_list_of_texts() {
        let notes: Notes = ["first", "second"].into_iter().collect();
        let json = serde_json::to_string(&notes).unwrap();
        assert_eq!(json, r#"["first","second"]"#);
        assert_eq!(serde_json::from_str::<Notes>(&json).unwrap(), notes);
        assert!(serde_json::from_str::<Notes>("[]").unwrap().is_empty());
    }
}
