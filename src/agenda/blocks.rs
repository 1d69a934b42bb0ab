//! What both kinds of document become: paragraphs and tables in reading order, so that the same
//! rules read both.

use std::fmt;

/// So much of a row is shown in a remark, in bytes; the document has the rest.
const SHOWN: usize = 4_000;

/// A piece of the document, in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph outside tables.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
}

/// A paragraph outside tables; it may be a heading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Paragraph {
    /// Its automatic number, where a word processor counts it.
    pub number: Option<ItemNumber>,
    /// A heading by its style.
    pub styled: bool,
    /// Its text, with line breaks.
    pub text: String,
    /// It follows a table without a heading between, in a text that does not say where a table's
    /// last cell ends.
    pub after_row: bool,
}

/// Rows, as they stand.
pub(super) type Table = Vec<Row>;

/// A row of a table: cells by grid column, so that what a merged cell covers is an empty cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    /// The cells.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cell {
    /// Its own text, trimmed, with line breaks.
    pub text: String,
    /// Where there are tables within it: its paragraphs and tables, in reading order.
    pub parts: Vec<Block>,
    /// It is vertically merged with the cell above, and its text is that cell's.
    pub continued: bool,
}

impl Cell {
    /// A cell without tables in it.
    pub fn new(text: &str) -> Self {
        Self { text: tidy(text), ..Self::default() }
    }

    /// The tables within it.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.parts.iter().filter_map(|part| match part {
            Block::Table(table) => Some(table),
            Block::Paragraph(_) => None,
        })
    }

    /// Whether it holds nothing.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty() && self.parts.is_empty()
    }
}

impl Row {
    /// Whether no cell holds anything.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }

    /// The row as one text, for a remark.
    pub fn verbatim(&self) -> String {
        let mut verbatim = String::new();
        for (at, cell) in self.cells.iter().enumerate() {
            if verbatim.len() + cell.text.len() > SHOWN {
                verbatim.push_str(" | \u{2026}");
                break;
            }
            if at > 0 {
                verbatim.push_str(" | ");
            }
            verbatim.push_str(&cell.text);
        }
        verbatim
    }
}

/// The number of an agenda item: `7.2`. Ordered as the items of an agenda are; a letter, `7.a`, is kept as
/// its code above [`LETTER`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ItemNumber(pub Vec<u16>);

/// A part of a number that is a letter is its code and this much more.
const LETTER: u16 = 1_000;

impl ItemNumber {
    /// The deepest numbering that an agenda is believed to have.
    const DEPTH: usize = 6;

    /// The number at the beginning of `text`, and what follows it. Parts have at most two digits
    /// (`2014-04-07` begins with no item's number), and a space, a tab or the end follows.
    pub fn leading(text: &str) -> Option<(Self, &str)> {
        let text = text.trim_start();
        let mut end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        let letter = text[end..].bytes().next().filter(u8::is_ascii_alphabetic);
        let is_part =
            end > 1 && text[..end].ends_with('.') && text[end..].chars().nth(1).is_none_or(char::is_whitespace);
        end += usize::from(letter.is_some() && is_part);
        let (number, rest) = text.split_at(end);
        let rest = rest.strip_prefix(')').unwrap_or(rest);
        if !(rest.is_empty() || rest.starts_with(char::is_whitespace)) || number.len() > 3 * Self::DEPTH {
            return None;
        }
        let parts: Option<Vec<u16>> = number
            .strip_suffix('.')
            .unwrap_or(number)
            .split('.')
            .map(|part| match part.as_bytes() {
                [letter] if letter.is_ascii_alphabetic() => Some(LETTER + u16::from(*letter)),
                [] | [_, _, _, ..] => None,
                _ => part.parse().ok(),
            })
            .collect();
        parts.filter(|parts| parts.len() <= Self::DEPTH).map(|parts| (Self(parts), rest.trim()))
    }

    /// Whether `other` is below this item (`7` and `7.2`).
    pub fn contains(&self, other: &Self) -> bool {
        other.0.len() > self.0.len() && other.0.starts_with(&self.0)
    }
}

impl fmt::Display for ItemNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(".")?;
            }
            match part.checked_sub(LETTER).and_then(|code| u8::try_from(code).ok()) {
                Some(letter) => write!(f, "{}", char::from(letter))?,
                None => write!(f, "{part}")?,
            }
        }
        Ok(())
    }
}

/// The text without what cannot be seen (soft hyphens, zero-width characters), its lines without
/// trailing spaces, and without blank lines around it.
pub(super) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for line in text.split('\n') {
        tidied.extend(line.trim_end().chars().filter(|c| !is_invisible(*c)));
        tidied.push('\n');
    }
    tidied.trim().to_owned()
}

/// A character that takes no room: soft hyphen, zero-width space and joiners, byte order mark.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Every line of `text` on one line.
pub(super) fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}
