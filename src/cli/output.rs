//! What is printed: lines, tables and JSON, freed of what others could have written to control the
//! terminal with.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write as _};

use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};
use serde::Serialize;

use super::failure::NobodyReads;

/// How wide tables are where no terminal says so.
const WIDTH: u16 = 100;

/// A rule below the headings, and nothing else: what wraps is seen by the empty first column.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Headings of columns that are not wrapped, besides a first one of references or numbers: what
/// they hold is short, and is copied from.
const WHOLE: [&str; 3] = ["ADDRESSES", "WHEN", "RECEIVED"];

/// Headings of columns of sentences: they are not squeezed, and where no terminal says how wide a line is, it is as
/// wide as they need it.
const SENTENCES: [&str; 1] = ["WHY"];

/// How wide a column of sentences is at least, in characters.
const SENTENCE: u16 = 30;

/// Standard output, written as a whole at the end or when it grows.
pub(super) struct Output {
    to: BufWriter<StdoutLock<'static>>,
    is_terminal: bool,
}

impl Output {
    /// Standard output.
    pub(super) fn new() -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        Self { to: BufWriter::new(stdout.lock()), is_terminal }
    }

    /// One line of text; what would control a terminal is replaced.
    pub(super) fn line(&mut self, text: impl AsRef<str>) -> anyhow::Result<()> {
        self.write(printable(text.as_ref()).as_bytes())?;
        self.write(b"\n")
    }

    /// A text of several lines.
    pub(super) fn text(&mut self, text: &str) -> anyhow::Result<()> {
        text.lines().try_for_each(|line| self.line(line))
    }

    /// A value as JSON, indented, with a line end behind it.
    pub(super) fn json(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        let json = serde_json::to_string_pretty(value)?;
        self.write(escaped(&json).as_bytes())?;
        self.write(b"\n")
    }

    /// A table of text.
    pub(super) fn table(&mut self, headings: &[&str], rows: Vec<Vec<Cellular>>) -> anyhow::Result<()> {
        let mut table = Table::new();
        table.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
        let styled = self.is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let has_sentences = headings.iter().any(|heading| SENTENCES.contains(heading));
        match (self.is_terminal, has_sentences) {
            (false, false) => {
                table.set_width(WIDTH);
            }
            (false, true) => {
                table.set_content_arrangement(ContentArrangement::Disabled);
            }
            (true, _) => {}
        }
        let cell = |text: &Cellular| {
            let shown = Cell::new(lines(&text.text));
            if styled && text.is_late { shown.fg(Color::Red) } else { shown }
        };
        table.set_header(headings.iter().map(|heading| {
            let shown = Cell::new(heading);
            if styled { shown.add_attribute(Attribute::Bold) } else { shown }
        }));
        for row in &rows {
            table.add_row(row.iter().map(cell));
        }
        for (at, heading) in headings.iter().enumerate() {
            let Some(column) = table.column_mut(at) else { continue };
            column.set_padding((0, 2));
            if (at == 0 && *heading != "NAME") || WHOLE.contains(heading) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
            if SENTENCES.contains(heading) && self.is_terminal {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(SENTENCE)));
            }
        }
        for line in table.to_string().lines() {
            self.write(line.trim_end().as_bytes())?;
            self.write(b"\n")?;
        }
        Ok(())
    }

    /// A raw message: as it is for a file or another program, freed of what would control it for a
    /// terminal.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.is_terminal { self.text(&String::from_utf8_lossy(bytes)) } else { self.write(bytes) }
    }

    /// Bytes of our own making, as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.write(bytes)
    }

    /// Writes what is left. To be called at the end, so that an error is told.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        self.to.flush().map_err(failed)
    }

    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.to.write_all(bytes).map_err(failed)
    }
}

fn failed(error: io::Error) -> anyhow::Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return NobodyReads.into();
    }
    anyhow::Error::new(error).context("cannot write to standard output")
}

/// A JSON array whose elements are printed as they come, so that a long listing need not fit into
/// memory.
#[derive(Default)]
pub(super) struct JsonList {
    has_any: bool,
}

impl JsonList {
    /// Prints the next element.
    pub(super) fn push(&mut self, value: &impl Serialize, output: &mut Output) -> anyhow::Result<()> {
        output.write(if self.has_any { b",\n  " } else { b"[\n  " })?;
        self.has_any = true;
        let json = serde_json::to_string_pretty(value)?.replace('\n', "\n  ");
        output.write(escaped(&json).as_bytes())
    }

    /// Prints the end.
    pub(super) fn end(self, output: &mut Output) -> anyhow::Result<()> {
        output.write(if self.has_any { b"\n]\n" } else { b"[]\n" })
    }
}

/// The text of a table's cell.
pub(super) struct Cellular {
    text: String,
    is_late: bool,
}

impl Cellular {
    /// The text, which needs attention.
    pub(super) fn late(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_late: true }
    }
}

impl<T: Into<String>> From<T> for Cellular {
    fn from(text: T) -> Self {
        Self { text: text.into(), is_late: false }
    }
}

/// A row of a table.
macro_rules! row {
    ($($cell:expr),+ $(,)?) => { vec![$($crate::cli::output::Cellular::from($cell)),+] };
}
pub(super) use row;

/// Whether a terminal would act on the character: control characters (ESC, and the C1 controls that
/// some terminals take for it) and the marks that turn the direction of what is behind them.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text in one line, with white space for line ends and tabs, and a mark where something would
/// control the terminal.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let shown = |c| match c {
        '\n' | '\r' | '\t' => ' ',
        c if is_control(c) => '\u{FFFD}',
        c => c,
    };
    Cow::Owned(text.chars().map(shown).collect())
}

/// The text with its line ends, each line printable.
fn lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}

/// JSON in which the characters that would control a terminal are escaped. serde_json escapes
/// those below U+0020 only; outside of strings there are none but its own line ends.
fn escaped(json: &str) -> Cow<'_, str> {
    let acts = |c: char| is_control(c) && c != '\n';
    if !json.contains(acts) {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if acts(c) {
            // All of them are of the basic plane: four digits.
            safe.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_control_a_terminal_is_replaced() {
        assert_eq!(printable("a\u{1b}[31mb\u{9b}0m\u{202e}c\td"), "a\u{FFFD}[31mb\u{FFFD}0m\u{FFFD}c d");
        assert_eq!(printable("Größe 中文"), "Größe 中文");
    }

    #[test]
    fn json_says_the_same_with_control_characters_escaped() {
        let json = serde_json::to_string_pretty(&["a\u{9b}b\u{202e}\u{7f}"]).unwrap();
        let safe = escaped(&json);
        assert!(!safe.contains(|c: char| is_control(c) && c != '\n'));
        assert_eq!(serde_json::from_str::<Vec<String>>(&safe).unwrap(), ["a\u{9b}b\u{202e}\u{7f}"]);
    }
}
