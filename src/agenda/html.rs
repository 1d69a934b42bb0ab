//! HTML -> blocks: what Word and LibreOffice save as a page, and tables made by hand.
//!
//! Elements that are left open end where HTML says (a cell where the next begins). What a page
//! carries beside its text is not read: comments of reviewers, footnotes, headers of pages, text
//! that a tracked change deleted.

mod encoding;
mod markup;

use crate::html::{self, Tag};

use super::AgendaError;
use super::blocks::{Block, ItemNumber, Paragraph};
use super::grid::{Grid, columns};

use markup::{is_block, is_heading, is_outlined, is_table, is_unread, lower_without_space};

pub(super) use encoding::{decode, is_html};

/// Elements open at once beyond this number are refused; pages stay far below.
const DEEPEST: usize = 256;
/// The most rows that one cell covers (HTML, section 4.9.11).
const MOST_ROWS: usize = 65_534;
/// Lists within lists deeper than this are not counted.
const LISTS: usize = 9;

/// The blocks of an HTML text.
///
/// # Errors
/// Where it is nested deeper or has more cells than any agenda.
pub(super) fn blocks(html: &str) -> Result<Vec<Block>, AgendaError> {
    let mut page = html::read(html, Page::default());
    page.end_paragraph();
    if page.too_deep {
        return Err(AgendaError::Damaged(format!(
            "the HTML has more than {DEEPEST} elements within one another and is not read; save the agenda as .docx or \
             as plain text"
        )));
    }
    page.grid.finish("HTML")
}

/// An element that is open.
struct Element {
    name: Box<str>,
    /// Nothing is read within it.
    unread: bool,
    /// White space in it is kept.
    preformatted: bool,
    /// A heading.
    heading: bool,
    /// It begins on a line of its own.
    block: bool,
    /// A part of a table.
    table: bool,
}

/// A list that is open, and its last number.
struct List {
    ordered: bool,
    start: u16,
    number: Option<u16>,
}

/// White space between words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Space {
    #[default]
    None,
    /// As many as are written: cells of a .docx file hold two, and LibreOffice writes them so.
    Plain(u8),
    /// The source goes on on its next line.
    Wrapped,
}

impl Space {
    /// With one more.
    const fn and_plain(self) -> Self {
        match self {
            Self::None => Self::Plain(1),
            Self::Plain(spaces) => Self::Plain(spaces.saturating_add(1)),
            Self::Wrapped => Self::Wrapped,
        }
    }

    /// How many spaces it is.
    fn width(self) -> usize {
        match self {
            Self::None => 0,
            Self::Plain(spaces) => usize::from(spaces),
            Self::Wrapped => 1,
        }
    }
}

/// The page as far as it is read.
#[derive(Default)]
struct Page {
    grid: Grid,
    open: Vec<Element>,
    lists: Vec<List>,
    /// The number of the last numbered item, which lists that are cut by a table go on from.
    last_number: Vec<u16>,
    /// The number of the item that has begun and has no text yet.
    number: Option<ItemNumber>,
    /// The paragraph that is being written.
    text: String,
    heading: bool,
    /// A paragraph was begun by an element, and ends with it, empty or not.
    begun: bool,
    /// White space is owed before the next text.
    space: Space,
    unread: usize,
    preformatted: usize,
    headings: usize,
    too_deep: bool,
}

impl html::Page for Page {
    const HAS_ONE_TITLE: bool = false;

    fn text(&mut self, text: &str) {
        if self.unread > 0 || self.too_deep {
            return;
        }
        if self.preformatted > 0 {
            self.heading |= self.headings > 0;
            self.text.extend(text.chars().filter(|c| *c != '\r'));
            return;
        }
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        for word in text.split_inclusive(is_space) {
            let bare = word.trim_end_matches(is_space);
            if !bare.is_empty() {
                let space = std::mem::take(&mut self.space);
                if self.text.is_empty() {
                    self.heading = self.headings > 0;
                } else if !self.text.ends_with('\n') {
                    self.text.extend(std::iter::repeat_n(' ', space.width()));
                }
                // The space that is not collapsed is how programs write several.
                self.text.extend(bare.chars().map(|c| if c == '\u{a0}' { ' ' } else { c }));
            }
            self.space = match word.chars().next_back().filter(|c| is_space(*c)) {
                Some(' ') => self.space.and_plain(),
                Some(_) => Space::Wrapped,
                None => self.space,
            };
        }
    }

    fn start(&mut self, tag: &Tag) {
        if self.too_deep {
            return;
        }
        let name = tag.name();
        match name {
            "br" => {
                self.line_break();
                return;
            }
            "hr" => {
                self.end_paragraph();
                return;
            }
            "img" | "input" | "meta" | "link" | "area" | "base" | "col" | "colspec" | "embed" | "source" | "track"
            | "wbr" | "param" => return,
            // A body ends a head that was never closed.
            "body" => {
                self.open.clear();
                (self.unread, self.preformatted, self.headings) = (0, 0, 0);
            }
            _ => {}
        }
        if tag.self_closing && !matches!(name, "td" | "th" | "tr" | "entry" | "row") {
            if is_block(name) {
                self.end_paragraph();
            }
            return;
        }
        self.end_what_this_ends(name);
        let style = tag.attribute("style").map(lower_without_space).unwrap_or_default();
        let element = Element {
            name: name.into(),
            unread: is_unread(tag, &style),
            preformatted: matches!(name, "pre" | "xmp" | "entry" | "plaintext" | "listing")
                || style.contains("white-space:pre"),
            heading: is_heading(name) || is_outlined(&style),
            block: is_block(name),
            table: is_table(name),
        };
        if self.open.len() >= DEEPEST {
            self.too_deep = true;
            return;
        }
        if self.unread == 0 && !element.unread {
            self.begin(name, tag);
        }
        self.unread += usize::from(element.unread);
        self.preformatted += usize::from(element.preformatted);
        self.headings += usize::from(element.heading);
        self.open.push(element);
        if tag.self_closing {
            self.end(name);
        }
    }

    fn end(&mut self, name: &str) {
        if name == "br" {
            self.line_break();
            return;
        }
        // A stray end tag closes nothing; one that closes over others closes them too, but what is
        // outside the cell is not closed from within it, nor a block by a style that was opened around it.
        let outer = match name {
            "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "body" | "html" | "informaltable" | "row"
            | "entry" => 0,
            _ => self.open.iter().rposition(|open| open.table).unwrap_or(0),
        };
        let (block, table) = (is_block(name), is_table(name));
        let mut found = None;
        for (at, open) in self.open.iter().enumerate().skip(outer).rev() {
            if &*open.name == name {
                found = Some(at);
                break;
            }
            if !block && open.block || !table && open.table {
                break;
            }
        }
        match found {
            Some(at) => self.close_to(at),
            None if !block => {
                // A style that was opened around a block ends; the block does not.
                if let Some(at) = self.open.iter().skip(outer).rposition(|open| &*open.name == name) {
                    let element = self.open.remove(outer + at);
                    self.leave(&element);
                }
            }
            None => {}
        }
    }
}

impl Page {
    /// What the beginning of an element does to the text and the tables.
    fn begin(&mut self, name: &str, tag: &Tag) {
        if is_block(name) {
            self.end_paragraph();
            self.begun = matches!(name, "p" | "para" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        }
        match name {
            "table" | "informaltable" => {
                self.grid.begin_table();
            }
            "tr" | "row" => {
                self.grid.begin_row();
            }
            "td" | "th" | "entry" => {
                self.grid.begin_cell();
                if let Some(cell) = self.grid.cell() {
                    cell.columns = columns(tag.attribute("colspan")).max(1);
                    let rows = tag.attribute("rowspan").and_then(|rows| rows.trim().parse::<usize>().ok());
                    cell.rows = rows.unwrap_or(1).clamp(1, MOST_ROWS);
                }
            }
            "ol" | "ul" => {
                let start = tag.attribute("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
                self.lists.push(List { ordered: name == "ol", start, number: None });
            }
            "li" => self.begin_item(tag.attribute("value").and_then(|value| value.trim().parse().ok())),
            _ => {}
        }
    }

    /// An item of a list: its number counts those of the lists around it.
    fn begin_item(&mut self, value: Option<u16>) {
        let Some(list) = self.lists.last_mut() else { return };
        let next = value.unwrap_or_else(|| list.number.map_or(list.start, |number| number.saturating_add(1)));
        list.number = Some(next);
        if self.lists.len() > LISTS || self.lists.iter().any(|list| !list.ordered) {
            self.number = None;
            return;
        }
        let last = std::mem::take(&mut self.last_number);
        let numbers = self.lists.iter().enumerate();
        // A list around it without an item of its own goes on from where it was cut.
        self.last_number = numbers
            .map(|(level, list)| list.number.unwrap_or_else(|| last.get(level).copied().unwrap_or(list.start)))
            .collect();
        self.number = Some(ItemNumber(self.last_number.clone()));
    }

    /// Ends what the beginning of `name` ends without saying so.
    fn end_what_this_ends(&mut self, name: &str) {
        let (ended, within): (&[&str], &[&str]) = match name {
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr"], &["table"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
            "li" => (&["li"], &["ol", "ul", "td", "th", "table"]),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "ol" | "ul" | "div" => {
                (&["p"], &["td", "th", "table", "li", "div", "body"])
            }
            _ => return,
        };
        let mut open = self.open.iter().enumerate().rev();
        let at = open.find(|(_, open)| ended.contains(&&*open.name) || within.contains(&&*open.name));
        if let Some((at, _)) = at.filter(|(_, open)| ended.contains(&&*open.name)) {
            self.close_to(at);
        }
    }

    fn close_to(&mut self, level: usize) {
        while self.open.len() > level {
            if let Some(element) = self.open.pop() {
                self.leave(&element);
            }
        }
    }

    fn leave(&mut self, element: &Element) {
        let unread = self.unread > 0;
        self.unread = self.unread.saturating_sub(usize::from(element.unread));
        self.preformatted = self.preformatted.saturating_sub(usize::from(element.preformatted));
        self.headings = self.headings.saturating_sub(usize::from(element.heading));
        if unread {
            return;
        }
        let name = &*element.name;
        if is_block(name) {
            self.end_paragraph();
        }
        match name {
            "table" | "informaltable" => self.grid.end_table(),
            "tr" | "row" => self.grid.end_row(),
            "td" | "th" | "entry" => self.grid.end_cell(),
            "ol" | "ul" => {
                self.lists.pop();
            }
            _ => {}
        }
    }

    fn line_break(&mut self) {
        if self.unread == 0 {
            self.text.push('\n');
            self.space = Space::None;
        }
    }

    /// Ends the paragraph that is being written. Only one that an element began may be empty.
    fn end_paragraph(&mut self) {
        self.space = Space::None;
        let mut text = std::mem::take(&mut self.text);
        // A break at the end of a paragraph makes no line; an empty paragraph is written with one.
        if text.ends_with('\n') {
            text.pop();
        }
        let begun = std::mem::take(&mut self.begun);
        let heading = std::mem::take(&mut self.heading);
        if text.trim().is_empty() && !begun {
            return;
        }
        let number = if text.trim().is_empty() { None } else { self.number.take() };
        let paragraph = Paragraph { number, styled: heading, text, after_row: false };
        let is_caption = self.open.last().is_some_and(|open| &*open.name == "caption");
        if is_caption { self.grid.push(paragraph) } else { self.grid.paragraph(paragraph) }
    }
}

#[cfg(test)]
mod tests;
