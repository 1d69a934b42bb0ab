//! A walk through a parsed TOML file that goes on after an error, so that all of them are told at
//! once. Deserializing would stop at the first.

use std::cell::RefCell;
use std::fmt::Display;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{ConfigErrors, Problem};

/// The longest text of a value that is looked at or shown: an address (RFC 5321, section 4.5.3.1,
/// allows 64 + 1 + 255 octets) fits, a pasted file does not.
pub(super) const LONGEST: usize = 400;

/// Where a value stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// From 1.
    pub line: usize,
    /// The key with its tables.
    pub key: String,
}

/// A text and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Cell<'a> {
    pub place: Place,
    pub text: &'a str,
}

/// Collects what is wrong in one file.
pub(super) struct Report<'a> {
    file: &'a str,
    /// The offset of each line's first byte.
    starts: Vec<usize>,
    errors: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
}

impl<'a> Report<'a> {
    pub fn new(file: &'a str, text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file, starts, errors: RefCell::default(), warnings: RefCell::default() }
    }

    /// The line, from 1, that the byte at `offset` stands in.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1)
    }

    pub fn error(&self, place: &Place, what: impl Into<String>) {
        self.errors.borrow_mut().push(self.problem(Some(place.line), &place.key, what.into()));
    }

    pub fn warn(&self, place: &Place, what: impl Into<String>) {
        self.warnings.borrow_mut().push(self.problem(Some(place.line), &place.key, what.into()));
    }

    /// Warns of the file as a whole.
    pub fn warn_of_file(&self, key: &str, what: impl Into<String>) {
        self.warnings.borrow_mut().push(self.problem(None, key, what.into()));
    }

    fn problem(&self, line: Option<usize>, key: &str, what: String) -> Problem {
        Problem { file: self.file.to_owned(), line, key: key.to_owned(), what }
    }

    /// The warnings in order of line, or the errors where there is one.
    pub fn finish(self) -> Result<Vec<Problem>, ConfigErrors> {
        let in_order = |mut problems: Vec<Problem>| {
            problems.sort_by_key(|problem| problem.line);
            problems
        };
        let errors = in_order(self.errors.into_inner());
        if errors.is_empty() { Ok(in_order(self.warnings.into_inner())) } else { Err(errors.into()) }
    }

    /// The file's tables; where it is no TOML, `None` and the one error that says so.
    pub fn parse<'t>(&self, text: &'t str) -> Option<Spanned<DeTable<'t>>> {
        let error = match DeTable::parse(text) {
            Ok(table) => return Some(table),
            Err(error) => error,
        };
        let span = error.span().unwrap_or_default();
        let line = self.line(span.start);
        let (key, what) = match text.get(span) {
            Some(key) if error.message() == "duplicate key" => {
                (shown_key(key.trim_matches(['"', '\''])), "is given twice; each key and table stands once".to_owned())
            }
            _ => (String::new(), format!("this is not TOML: {}", error.message())),
        };
        self.error(&Place { line, key }, what);
        None
    }
}

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
        self.known.borrow_mut().push(key);
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

    /// Reports every key that nobody asked for.
    pub fn finish(self) {
        let known = self.known.into_inner();
        for (name, _) in self.table {
            let given = name.get_ref().as_ref();
            if known.contains(&given) {
                continue;
            }
            let place = Place { line: self.report.line(name.span().start), key: join(&self.place.key, given) };
            let near = nearest(given, known.iter().copied());
            let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            self.report.error(&place, format!("is not known here; {near}allowed: {}", known.join(", ")));
        }
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
            self.error(format!("is {}; expected {expected}, in one line", quoted(text)));
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

/// A text as it is shown in a message: in quotes, escaped, cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let mut cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("{cut:?}")
}

/// `"a", "b" or "c"`.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The candidate that was probably meant.
pub(super) fn nearest<'c>(given: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // Comparing costs the product of both lengths, and nobody means a key by so long a word.
    if given.len() > 64 {
        return None;
    }
    let given = given.to_lowercase();
    let near = |name: &'c str| (strsim::normalized_damerau_levenshtein(&given, &name.to_lowercase()), name);
    let best = candidates.into_iter().map(near).max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(likeness, _)| *likeness >= 0.6).map(|(_, name)| name)
}

/// A key under its table's.
fn join(table: &str, key: &str) -> String {
    let key = shown_key(key);
    if table.is_empty() { key } else { format!("{table}.{key}") }
}

/// A key as it is shown: bare where TOML allows it.
fn shown_key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.len() <= 60 && key.chars().all(bare) { key.to_owned() } else { quoted(key) }
}
