//! Collects what is wrong in one file, with the lines.

use std::cell::{Cell as Counter, RefCell};
use std::collections::HashMap;

use toml::Spanned;
use toml::de::DeTable;

use super::problem::{ConfigErrors, Problem};
use super::words::{nearest, shown_key};

/// The longest text of a value that is looked at or shown: an address (RFC 5321, section 4.5.3.1,
/// allows 64 + 1 + 255 octets) fits, a pasted file does not.
pub(super) const LONGEST: usize = 400;

/// So many errors and so many warnings are told. A file with more is another file.
const MOST: usize = 200;

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
    /// How many errors there are above [`MOST`].
    untold: Counter<usize>,
    /// The keys that each table may hold, by the table's own key.
    known: RefCell<HashMap<String, Vec<&'static str>>>,
    /// The keys that nobody asked for. They are told at the end, when it is known where they
    /// would belong.
    unknown: RefCell<Vec<Unknown>>,
}

struct Unknown {
    place: Place,
    table: String,
    key: String,
}

impl<'a> Report<'a> {
    pub fn new(file: &'a str, text: &str) -> Self {
        Self {
            file,
            starts: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect(),
            errors: RefCell::default(),
            warnings: RefCell::default(),
            untold: Counter::new(0),
            known: RefCell::default(),
            unknown: RefCell::default(),
        }
    }

    /// The line, from 1, that the byte at `offset` stands in.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1)
    }

    pub fn error(&self, place: &Place, what: impl Into<String>) {
        let mut errors = self.errors.borrow_mut();
        if errors.len() < MOST {
            errors.push(self.problem(Some(place.line), &place.key, what.into()));
        } else {
            self.untold.set(self.untold.get() + 1);
        }
    }

    pub fn warn(&self, place: &Place, what: impl Into<String>) {
        self.push_warning(Some(place.line), &place.key, what.into());
    }

    /// Warns of the file as a whole.
    pub fn warn_of_file(&self, what: impl Into<String>) {
        self.push_warning(None, "", what.into());
    }

    fn push_warning(&self, line: Option<usize>, key: &str, what: String) {
        let mut warnings = self.warnings.borrow_mut();
        if warnings.len() < MOST {
            warnings.push(self.problem(line, key, what));
        }
    }

    fn problem(&self, line: Option<usize>, key: &str, what: String) -> Problem {
        Problem { file: self.file.to_owned(), line, key: key.to_owned(), what }
    }

    /// Notes which keys a table may hold.
    pub fn known_keys(&self, table: &str, keys: Vec<&'static str>) {
        self.known.borrow_mut().insert(table.to_owned(), keys);
    }

    /// Notes a key that its table may not hold.
    pub fn unknown_key(&self, place: Place, table: &str, key: &str) {
        let mut unknown = self.unknown.borrow_mut();
        if unknown.len() < MOST {
            unknown.push(Unknown { place, table: table.to_owned(), key: key.to_owned() });
        } else {
            self.untold.set(self.untold.get() + 1);
        }
    }

    fn tell_unknown_keys(&self) {
        let known = self.known.borrow();
        for Unknown { place, table, key } in self.unknown.take() {
            let allowed = known.get(&table).map(Vec::as_slice).unwrap_or_default();
            let near = nearest(&key, allowed.iter().copied());
            let above = table.rsplit_once('.').map_or("", |(above, _)| above);
            let belongs_above = !table.is_empty() && known.get(above).is_some_and(|keys| keys.contains(&key.as_str()));
            let hint = if belongs_above {
                // In TOML, a key belongs to the last table that was opened before it.
                let above = if above.is_empty() { "the whole file".to_owned() } else { format!("[[{above}]]") };
                format!("; it is a key of {above} and stands before [{table}]")
            } else {
                near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default()
            };
            self.error(&place, format!("is not known here{hint}; allowed: {}", allowed.join(", ")));
        }
    }

    /// The warnings in order of line, or the errors where there is one.
    pub fn finish(self) -> Result<Vec<Problem>, ConfigErrors> {
        self.tell_unknown_keys();
        let untold = self.untold.get();
        let more = (untold > 0).then(|| self.problem(None, "", format!("and {untold} errors more")));
        let in_order = |mut problems: Vec<Problem>| {
            problems.sort_by_key(|problem| problem.line);
            problems
        };
        let mut errors = in_order(self.errors.into_inner());
        errors.extend(more);
        if errors.is_empty() { Ok(in_order(self.warnings.into_inner())) } else { Err(errors.into()) }
    }

    /// The file's tables; where it is no TOML, `None` and the one error that says so.
    pub fn parse<'t>(&self, text: &'t str) -> Option<Spanned<DeTable<'t>>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        // The first one in the file: the others may only follow from it.
        let first = errors.into_iter().min_by_key(|error| error.span().map(|span| span.start));
        let Some(error) = first else { return Some(table) };
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
