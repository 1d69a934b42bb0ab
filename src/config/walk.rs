//! A walk through a parsed TOML file that goes on after an error, so that all of them are told at
//! once. Deserializing would stop at the first.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Display;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::report::{Cell, LONGEST, Place, Report};
use super::words::{join, nearest, one_of, quoted};

/// A table of the file. Every key that is asked for is known; [`finish`](Section::finish) reports
/// the others.
pub(super) struct Section<'a> {
    report: &'a Report<'a>,
    table: &'a DeTable<'a>,
    place: Place,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub fn root(report: &'a Report<'a>, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self::new(report, table.get_ref(), Place { line: 1, key: String::new() })
    }

    const fn new(report: &'a Report<'a>, table: &'a DeTable<'a>, place: Place) -> Self {
        Self { report, table, place, known: RefCell::new(Vec::new()) }
    }

    /// The value of a key that may be left out.
    pub fn get(&self, key: &'static str) -> Option<Entry<'a>> {
        let mut known = self.known.borrow_mut();
        if !known.contains(&key) {
            known.push(key);
        }
        let (name, value) = self.table.get_key_value(key)?;
        let place = Place { line: self.report.line(name.span().start), key: self.path(key) };
        Some(Entry { report: self.report, place, value: value.get_ref(), offset: value.span().start })
    }

    /// The value of a key that must be there; `expected` says what to write.
    pub fn require(&self, key: &'static str, expected: &str) -> Option<Entry<'a>> {
        let entry = self.get(key);
        if entry.is_none() {
            let place = Place { line: self.place.line, key: self.path(key) };
            self.report.error(&place, format!("is missing; expected {expected}"));
        }
        entry
    }

    /// The table under a key that may be left out.
    pub fn section(&self, key: &'static str) -> Option<Section<'a>> {
        self.get(key)?.section()
    }

    /// The table under a key that must be there.
    pub fn require_section(&self, key: &'static str, expected: &str) -> Option<Section<'a>> {
        self.require(key, expected)?.section()
    }

    /// The tables written `[[key]]`, in order.
    pub fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(entry) = self.get(key) else { return Vec::new() };
        if let DeValue::Table(_) = entry.value {
            entry.error(format!("is one table; write [[{key}]], in two brackets, before each {key}"));
            return Vec::new();
        }
        let entries = entry.list(&format!("[[{key}]] before each {key}")).unwrap_or_default();
        entries.iter().filter_map(Entry::section).collect()
    }

    /// Every key, whatever it is, with its value.
    pub fn all(&self) -> Vec<(&'a str, Entry<'a>)> {
        let entry = |(name, value): (&'a Spanned<Cow<'a, str>>, &'a Spanned<DeValue<'a>>)| {
            let place = Place { line: self.report.line(name.span().start), key: self.path(name.get_ref()) };
            let entry = Entry { report: self.report, place, value: value.get_ref(), offset: value.span().start };
            (name.get_ref().as_ref(), entry)
        };
        self.table.iter().map(entry).collect()
    }

    /// Reports every key that nobody asked for.
    pub fn finish(self) {
        let known = self.known.into_inner();
        for (name, _) in self.table {
            let given = name.get_ref().as_ref();
            if !known.contains(&given) {
                let place = Place { line: self.report.line(name.span().start), key: join(&self.place.key, given) };
                self.report.unknown_key(place, &self.place.key, given);
            }
        }
        self.report.known_keys(&self.place.key, known);
    }

    fn path(&self, key: &str) -> String {
        join(&self.place.key, key)
    }
}

/// A value of the file.
pub(super) struct Entry<'a> {
    report: &'a Report<'a>,
    place: Place,
    value: &'a DeValue<'a>,
    offset: usize,
}

impl<'a> Entry<'a> {
    pub const fn place(&self) -> &Place {
        &self.place
    }

    pub const fn value(&self) -> &'a DeValue<'a> {
        self.value
    }

    pub fn error(&self, what: impl Into<String>) {
        self.report.error(&self.place, what);
    }

    pub fn warn(&self, what: impl Into<String>) {
        self.report.warn(&self.place, what);
    }

    /// Reports that the value is of another type. The value is not shown: it may be a secret in
    /// the wrong place.
    pub fn wrong_type(&self, expected: &str) {
        let kind = match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.error(format!("is {kind}; expected {expected}"));
    }

    /// A text of one line that is not empty, without the white space around it.
    pub fn text(&self, expected: &str) -> Option<&'a str> {
        let DeValue::String(text) = self.value else {
            self.wrong_type(expected);
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            self.error(format!("is empty; expected {expected}"));
        } else if text.len() > LONGEST {
            self.error(format!("is {} bytes long; expected {expected}, in at most {LONGEST}", text.len()));
        } else if text.chars().any(char::is_control) {
            // Not shown: several lines may be a key that was pasted into the wrong place.
            self.error(format!("holds a line break or another control character; expected {expected}"));
        } else {
            return Some(text);
        }
        None
    }

    /// A text that is a value of `T`; the error of `T` says what is expected.
    pub fn parsed<T>(&self, expected: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let parsed = self.text(expected)?.parse();
        parsed.map_err(|error: T::Err| self.error(error.to_string())).ok()
    }

    /// One of some words.
    pub fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let allowed = one_of(&words);
        let text = self.text(&allowed)?;
        let chosen = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if chosen.is_none() {
            let near = nearest(text, words.iter().copied());
            let near = near.map(|near| format!(" (did you mean {near:?}?)")).unwrap_or_default();
            self.error(format!("{} is not known; expected {allowed}{near}", quoted(text)));
        }
        chosen
    }

    /// A whole number in the range.
    pub fn integer(&self, range: std::ops::RangeInclusive<u64>, expected: &str) -> Option<u64> {
        let DeValue::Integer(number) = self.value else {
            self.wrong_type(expected);
            return None;
        };
        let number = u64::from_str_radix(number.as_str(), number.radix()).ok();
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            self.error(format!("is out of range; expected {expected}"));
        }
        number
    }

    pub fn is_empty_list(&self) -> bool {
        matches!(self.value, DeValue::Array(values) if values.is_empty())
    }

    /// The values of a list.
    pub fn list(&self, expected: &str) -> Option<Vec<Entry<'a>>> {
        let DeValue::Array(values) = self.value else {
            self.wrong_type(expected);
            return None;
        };
        let entry = |value: &'a Spanned<DeValue<'a>>| Entry {
            report: self.report,
            place: Place { line: self.report.line(value.span().start), key: self.place.key.clone() },
            value: value.get_ref(),
            offset: value.span().start,
        };
        Some(values.iter().map(entry).collect())
    }

    /// The texts of a list, with their places; those that are none are reported and left out.
    pub fn texts(&self, expected: &str, each: &str) -> Vec<Cell<'a>> {
        let list = self.list(expected).unwrap_or_default();
        list.iter().filter_map(|entry| entry.cell(each)).collect()
    }

    /// The text with its place.
    pub fn cell(&self, expected: &str) -> Option<Cell<'a>> {
        Some(Cell { place: self.place.clone(), text: self.text(expected)? })
    }

    /// The table that the value is.
    pub fn section(&self) -> Option<Section<'a>> {
        let DeValue::Table(table) = self.value else {
            self.wrong_type("a table");
            return None;
        };
        let place = Place { line: self.report.line(self.offset), key: self.place.key.clone() };
        Some(Section::new(self.report, table, place))
    }
}
