//! Plain text as a word processor saves it -> blocks.
//!
//! Two ways of writing a table with tabs are known. Either each cell begins on a line of its own with a
//! tab and goes on over the lines below it, blank ones too, and a blank line ends the row; or a row
//! is a line whose cells a tab separates, and a line break within a cell breaks the line. A text
//! without tabs is read by `lines`.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::AgendaError;
use super::blocks::{Block, Cell, ItemNumber, Paragraph, Row, Table, tidy};
use super::cells::recognise;
use super::columns::header;
use super::sections::is_numbered_title;
use crate::domain::ReferenceScheme;

/// The columns of an agenda's tables: reference, title or what, source or who, status.
const COLUMNS: usize = 4;
/// The most cells of a row; what is beyond stays in the last.
const MOST_COLUMNS: usize = 63;
/// The largest text that is read, in bytes.
const LIMIT: usize = 8 << 20;

/// The text that `bytes` are: UTF-8, UTF-16 with a byte order mark, else windows-1252.
///
/// # Errors
/// Where they are no text.
pub(super) fn decode_document(bytes: &[u8]) -> Result<String, AgendaError> {
    if bytes.len() > LIMIT {
        return Err(AgendaError::Damaged(format!(
            "the text is larger than {} MiB and is not read; send the agenda alone",
            LIMIT >> 20
        )));
    }
    decode(bytes)
}

/// Decodes text of any size.
///
/// # Errors
/// Where the bytes are no text.
pub(super) fn decode(bytes: &[u8]) -> Result<String, AgendaError> {
    let text = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE.decode_with_bom_removal(bytes).0.into_owned(),
        [0xfe, 0xff, ..] => UTF_16BE.decode_with_bom_removal(bytes).0.into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        },
    };
    if text.contains('\0') {
        return Err(AgendaError::Kind("this is neither a document of a word processor nor text".to_owned()));
    }
    Ok(text)
}

/// The blocks of a text.
pub(super) fn blocks(text: &str, scheme: &ReferenceScheme) -> Vec<Block> {
    let text = unified(text);
    let lines: Vec<&str> = text.split('\n').collect();
    if let Some(blocks) = super::lines::blocks(&lines, scheme) {
        return blocks;
    }
    let mut reader = TextReader {
        scheme,
        blocks: Vec::new(),
        table: Vec::new(),
        row: None,
        blanks: 0,
        after_row: false,
        width: None,
        in_lines: false,
    };
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        if line.trim().is_empty() && !line.contains('\t') {
            reader.blanks += 1;
        } else if reader.is_in_lines() && is_separated(line) {
            // The first cell may be empty.
            reader.separated_line(line);
        } else if let Some(cells) = line.trim_start_matches(' ').strip_prefix('\t') {
            reader.tabbed_line(cells);
        } else if is_separated(line) && !is_numbered_title(line) {
            reader.separated_line(line);
        } else if reader.goes_on(line, &lines[at..]) {
            reader.go_on(line);
        } else {
            // A number alone is the number of the item whose title is on the next line.
            let title = lines.get(at).map(|next| next.trim()).filter(|next| {
                ItemNumber::leading(line).is_some_and(|(_, title)| title.is_empty())
                    && is_numbered_title(&format!("{} {next}", line.trim()))
            });
            match title {
                Some(title) => {
                    at += 1;
                    reader.paragraph(&format!("{} {title}", line.trim()));
                }
                None => reader.paragraph(line),
            }
        }
    }
    reader.end_table();
    reader.blocks
}

/// Whether tabs separate the cells of a row in `line`; one at its end is none.
fn is_separated(line: &str) -> bool {
    line.trim_end().contains('\t') || line.matches('\t').count() > 1
}

/// Line breaks as `\n`, the hyphens that word processors save as control characters as hyphens.
fn unified(text: &str) -> String {
    let mut unified = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}' => unified.push('\n'),
            '\u{1e}' => unified.push('-'),
            '\u{1f}' => {}
            c => unified.push(c),
        }
    }
    unified
}

/// The row that is being read.
struct OpenRow {
    cells: Vec<String>,
    /// One of its cells is, or begins like, a reference.
    referenced: bool,
    /// Its cells are separated by tabs, and do not each begin a line.
    separated: bool,
}

/// Where the reading of a text stands.
struct TextReader<'a> {
    scheme: &'a ReferenceScheme,
    blocks: Vec<Block>,
    table: Table,
    row: Option<OpenRow>,
    /// Blank lines just before this line.
    blanks: usize,
    /// The last table has ended, and no heading has come since.
    after_row: bool,
    /// How many headings stand above the columns of the table.
    width: Option<usize>,
    /// The last row of the table is a line.
    in_lines: bool,
}

impl TextReader<'_> {
    /// A line that begins with a tab: a cell begins, or several.
    fn tabbed_line(&mut self, line: &str) {
        let cells: Vec<&str> = line.split('\t').collect();
        let referenced = self.has_reference(&cells);
        let same_row = match &self.row {
            Some(row) if row.separated => false,
            // The reference need not be in the first column.
            Some(row) if referenced => {
                let expected = self.width.is_some() || !row.referenced;
                self.blanks == 0 && expected && !self.is_full(row) && !is_header(&row.cells)
            }
            // A cell may end with blank lines, so a row with a reference is first filled.
            Some(row) => self.blanks == 0 || self.is_unfinished(row),
            None => false,
        };
        self.cells(&cells, same_row, referenced, cells.len() > 2);
    }

    /// A line with tabs that does not begin with one: a row, or the rest of one.
    fn separated_line(&mut self, line: &str) {
        let mut cells: Vec<&str> = line.split('\t').collect();
        let referenced = self.has_reference(&cells);
        let same_row = self.row.as_ref().is_some_and(|row| {
            let whole = self.width.is_some_and(|width| cells.len() >= width) || is_header(&row.cells);
            row.separated
                && self.is_unfinished(row)
                && !whole
                && !(referenced && (row.referenced || self.width.is_none()))
        }) && self.blanks == 0;
        if same_row {
            let first = cells.remove(0);
            self.go_on(first);
        }
        self.cells(&cells, same_row, referenced, true);
    }

    fn cells(&mut self, cells: &[&str], same_row: bool, referenced: bool, separated: bool) {
        if !same_row {
            if self.blanks > 1 && !referenced {
                self.end_table();
            }
            self.end_row();
        }
        self.blanks = 0;
        let row = self.row.get_or_insert_with(|| OpenRow { cells: Vec::new(), referenced, separated });
        row.referenced |= referenced;
        let room = MOST_COLUMNS.saturating_sub(row.cells.len());
        let (within, beyond) = cells.split_at(cells.len().min(room));
        row.cells.extend(within.iter().map(|cell| (*cell).to_owned()));
        if let Some(last) = row.cells.last_mut() {
            for cell in beyond.iter().filter(|cell| !cell.trim().is_empty()) {
                last.push('\t');
                last.push_str(cell);
            }
        }
    }

    /// Whether the table's rows are a line each.
    fn is_in_lines(&self) -> bool {
        self.row.as_ref().map_or(self.in_lines, |row| row.separated) && self.blanks == 0
    }

    /// Whether more of a row's cells must follow: as many as the headings above it, or as a row
    /// with a reference has.
    fn is_unfinished(&self, row: &OpenRow) -> bool {
        match self.width {
            Some(width) => row.cells.len() < width && !row.cells.first().is_some_and(|cell| is_numbered_title(cell)),
            None => row.referenced && row.cells.len() < COLUMNS,
        }
    }

    /// Whether a row has as many cells as the headings above it.
    fn is_full(&self, row: &OpenRow) -> bool {
        self.width.is_some_and(|width| row.cells.len() >= width)
    }

    /// Whether a line without tabs belongs to the last cell.
    fn goes_on(&self, line: &str, next: &[&str]) -> bool {
        let Some(row) = &self.row else { return false };
        if row.separated {
            // A line break in a cell looks like the end of the table; it is one only if no row follows.
            let within = || {
                let next = next.iter().take_while(|line| !line.trim().is_empty()).take(LONGEST_CELL);
                next.clone().any(|line| line.contains('\t'))
            };
            self.blanks == 0 && !is_numbered_title(line) && (self.is_unfinished(row) || within())
        } else {
            let number_alone = || ItemNumber::leading(line).is_some_and(|(_, title)| title.is_empty());
            self.blanks == 0 || self.blanks == 1 && !is_numbered_title(line) && !number_alone()
        }
    }

    /// Adds a line to the last cell.
    fn go_on(&mut self, line: &str) {
        let blanks = std::mem::take(&mut self.blanks);
        if let Some(cell) = self.row.as_mut().and_then(|row| row.cells.last_mut()) {
            cell.extend(std::iter::repeat_n('\n', blanks + 1));
            cell.push_str(line);
        }
    }

    fn paragraph(&mut self, line: &str) {
        self.end_table();
        self.blanks = 0;
        if is_numbered_title(line) {
            self.after_row = false;
        }
        let text = tidy(line);
        self.blocks.push(Block::Paragraph(Paragraph { text, after_row: self.after_row, ..Paragraph::default() }));
    }

    fn end_row(&mut self) {
        if let Some(row) = self.row.take() {
            let separated = row.separated;
            let headings = is_header(&row.cells).then_some(row.cells.len());
            let row = Row { cells: row.cells.iter().map(|cell| Cell::new(cell)).collect() };
            self.width = headings.or(self.width);
            self.in_lines = separated;
            if !row.is_blank() {
                self.table.push(row);
            }
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        (self.width, self.in_lines) = (None, false);
        if !self.table.is_empty() {
            self.blocks.push(Block::Table(std::mem::take(&mut self.table)));
            self.after_row = true;
        }
    }

    /// Whether a cell is, or begins like, a reference.
    fn has_reference(&self, cells: &[&str]) -> bool {
        cells.iter().take(MOST_COLUMNS).any(|cell| recognise(cell.trim(), self.scheme).is_some())
    }
}

/// Whether cells are the headings of columns.
fn is_header(cells: &[String]) -> bool {
    cells.len() > 1 && header(&Row { cells: cells.iter().map(|cell| Cell::new(cell)).collect() }).is_some()
}

/// So many lines at most are looked ahead for the end of a cell.
const LONGEST_CELL: usize = 20;
