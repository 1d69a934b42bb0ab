//! text/html -> lines: blocks with their depth of quotation, hidden text left out, and what mail
//! programs mark in their markup.

mod colour;
mod markup;

use crate::html::{self, Tag};

use super::lines::{LONGEST, Line, MOST_LINES, Mark, clean};
use colour::Ink;
use markup::{Meaning, is_beside_line, is_hidden, is_indent, is_inline, keeps_space, meaning, style};

/// So many elements are looked through for the cell that they stand in.
const MOST_IN_CELL: usize = 8;
/// Elements open at once beyond this number are not followed.
const DEEPEST: usize = 1_000;

/// The lines of an HTML text. In a reply, what stands beside a vertical line is a quote.
pub(super) fn lines(html: &str, is_reply: bool) -> Vec<Line> {
    let mut end = html.len().min(2 * LONGEST);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let mut page = html::read(&html[..end], Page { is_reply, ..Page::default() });
    page.end_line();
    super::plain::quoted_by_prefix(page.lines)
}

/// An element that is open, and what it adds to the text in it.
struct Element {
    name: Box<str>,
    quotes: bool,
    hides: bool,
    preformatted: bool,
    mark: Mark,
    ink: Ink,
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Line,
    Blank,
}

/// The page as far as it is read.
#[derive(Default)]
struct Page {
    is_reply: bool,
    lines: Vec<Line>,
    open: Vec<Element>,
    /// The line that is being written.
    line: String,
    /// What markup says of it.
    mark: Mark,
    depth: u16,
    hidden: usize,
    preformatted: usize,
    /// A list item's mark or a cell's space is owed before the next text.
    owed: &'static str,
    /// A line's end that is owed before the next text of the same cell: the cells of a row are one
    /// line, also where Word puts each of them into a paragraph.
    owed_end: Option<End>,
    /// A cell has begun and has no text yet.
    in_new_cell: bool,
    size: usize,
}

impl html::Page for Page {
    const HAS_ONE_TITLE: bool = true;

    fn text(&mut self, text: &str) {
        if self.hidden > 0 || self.size >= LONGEST || self.ink().is_unseen() {
            return;
        }
        if self.preformatted > 0 {
            for (index, piece) in text.split('\n').enumerate() {
                if index > 0 {
                    self.break_line();
                }
                self.write(piece.trim_end_matches('\r'));
            }
            return;
        }
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
        let mut rest = text;
        let mut begun = false;
        loop {
            let length = rest.as_bytes().iter().position(is_space).unwrap_or(rest.len());
            let (word, after) = rest.split_at(length);
            if begun {
                // What is owed and marked was so with the first word.
                self.line.push_str(word);
                self.size += word.len();
            } else if !word.is_empty() {
                self.write(word);
                begun = true;
            }
            // The space is one byte.
            let Some(next) = after.get(1..) else { break };
            rest = next;
            if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    fn start(&mut self, tag: &Tag) {
        let name = tag.name();
        match name {
            "br" => {
                if self.hidden == 0 {
                    self.break_line();
                }
                return;
            }
            "hr" => {
                if self.hidden == 0 {
                    self.end_line();
                    let mark = match meaning(tag, &style(tag)) {
                        Some(Meaning::Mark(mark)) => mark,
                        _ => Mark::Rule,
                    };
                    if self.lines.len() < MOST_LINES {
                        self.lines.push(Line { mark, ..Line::new("", self.depth) });
                    }
                }
                return;
            }
            "img" | "input" | "meta" | "link" | "area" | "base" | "col" | "embed" | "source" | "track" | "wbr"
            | "param" => return,
            // Text of the head is none of the mail; a body ends a head that was never closed.
            "body" => self.close_all_hidden(),
            _ => {}
        }
        if tag.self_closing && !matches!(name, "div" | "p" | "span" | "blockquote" | "td" | "a") {
            return;
        }
        self.boundary_of(name);
        if matches!(name, "td" | "th") && self.hidden == 0 {
            self.owed_end = None;
            self.in_new_cell = true;
            if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.owed = " ";
            }
        }
        if name == "li" {
            self.owed = "* ";
        }
        // A paragraph, an item or a cell that was never closed ends where the next begins.
        if matches!(name, "p" | "li" | "td" | "th" | "tr" | "option")
            && self.open.last().is_some_and(|open| &*open.name == name)
        {
            self.pop();
        }
        if self.open.len() >= DEEPEST {
            // What is quoted or hidden is no longer known from here on, so nothing more is read.
            self.size = LONGEST;
            return;
        }
        let style = style(tag);
        let meaning = meaning(tag, &style);
        let element = Element {
            name: name.into(),
            quotes: meaning == Some(Meaning::Quote)
                || name == "blockquote" && !is_indent(tag, &style)
                || self.is_reply && matches!(name, "div" | "td") && is_beside_line(&style),
            hides: is_hidden(tag, &style),
            preformatted: matches!(name, "pre" | "plaintext" | "listing" | "xmp") || keeps_space(&style),
            mark: match meaning {
                Some(Meaning::Mark(mark)) => mark,
                _ => Mark::Text,
            },
            ink: self.ink().inside(tag, &style),
        };
        self.edge_of(&element);
        // An element that says that another mail begins says so even when it is empty.
        if element.mark == Mark::Earlier && self.hidden == 0 && self.lines.len() < MOST_LINES {
            self.lines.push(Line { mark: Mark::Earlier, ..Line::new("", self.depth) });
        }
        self.depth = self.depth.saturating_add(u16::from(element.quotes));
        self.hidden += usize::from(element.hides);
        self.preformatted += usize::from(element.preformatted);
        self.open.push(element);
    }

    fn end(&mut self, name: &str) {
        if name == "br" || name == "p" && !self.open.iter().rev().take(DEEPEST).any(|open| &*open.name == "p") {
            // Browsers read a stray `</br>` or `</p>` as the tag itself.
            if self.hidden == 0 {
                self.end_line();
            }
            return;
        }
        self.boundary_of(name);
        // A stray end tag closes nothing; one that closes over others closes them too, but text
        // styles never close a block that was opened in them.
        let Some(level) = self.open.iter().rposition(|open| &*open.name == name) else { return };
        if is_inline(name)
            && self.open.get(level..).is_some_and(|inner| inner.iter().any(|open| !is_inline(&open.name)))
        {
            let element = self.open.remove(level);
            self.leave(&element);
            return;
        }
        while self.open.len() > level {
            self.pop();
        }
    }
}

impl Page {
    fn write(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.owed_end.take() {
            Some(End::Blank) => self.blank_line(),
            Some(End::Line) => self.end_line(),
            None => {}
        }
        self.in_new_cell = false;
        self.line.push_str(self.owed);
        self.owed = "";
        self.line.push_str(text);
        self.size += text.len();
        self.mark = self.current_mark();
    }

    /// The colours of the text that is read now.
    fn ink(&self) -> Ink {
        self.open.last().map(|element| element.ink).unwrap_or_default()
    }

    /// What the innermost element that says something says.
    fn current_mark(&self) -> Mark {
        match self.mark {
            Mark::Text => {
                self.open.iter().rev().map(|element| element.mark).find(|mark| *mark != Mark::Text).unwrap_or_default()
            }
            known => known,
        }
    }

    /// Ends the line that is being written, where there is one.
    fn end_line(&mut self) {
        if self.line.trim().is_empty() {
            self.line.clear();
            self.owed = "";
            self.owed_end = None;
            return;
        }
        self.break_line();
    }

    /// Ends the line that is being written, even an empty one.
    fn break_line(&mut self) {
        self.owed = "";
        self.owed_end = None;
        let mark = std::mem::take(&mut self.mark);
        if self.lines.len() < MOST_LINES {
            for piece in clean(&self.line).split('\n') {
                let (more, piece) = super::plain::unquote(piece);
                self.lines.push(Line { mark, ..Line::new(piece, self.depth.saturating_add(more)) });
            }
        }
        self.line.clear();
    }

    /// A blank line, as a paragraph has around it, never two.
    fn blank_line(&mut self) {
        self.end_line();
        if self.lines.last().is_some_and(|line| !line.is_blank()) && self.lines.len() < MOST_LINES {
            self.lines.push(Line::new("", self.depth));
        }
    }

    /// Whether what is read now stands in a cell, with nothing but a paragraph or two around it.
    fn is_in_cell(&self) -> bool {
        // Word's own elements have a colon in their names.
        let passed =
            |open: &&Element| is_inline(&open.name) || open.name.contains(':') || matches!(&*open.name, "p" | "div");
        let around = self.open.iter().rev().take(MOST_IN_CELL).find(|open| !passed(open));
        around.is_some_and(|open| matches!(&*open.name, "td" | "th"))
    }

    fn boundary_of(&mut self, name: &str) {
        if self.hidden > 0 {
            return;
        }
        if matches!(name, "p" | "div") && self.is_in_cell() {
            // The first paragraph of a cell goes on with the row.
            if !self.line.is_empty() && !self.in_new_cell {
                let end = if name == "p" { End::Blank } else { End::Line };
                self.owed_end = if self.owed_end == Some(End::Blank) { self.owed_end } else { Some(end) };
            }
            return;
        }
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table" | "pre" => {
                self.blank_line();
            }
            "div" | "tr" | "li" | "dt" | "dd" | "center" | "address" | "article" | "section" | "header" | "footer"
            | "form" | "fieldset" | "main" | "nav" | "body" | "html" | "aside" | "figure" | "caption" | "tbody" => {
                self.end_line();
            }
            _ => {}
        }
    }

    /// Where an element begins or ends that says something of its text. A quote has no blank line
    /// around it but what is written: a word that was torn from a quoted line stands between two quotes
    /// as it stands between two lines of a plain text.
    fn edge_of(&mut self, element: &Element) {
        if element.quotes || element.mark != Mark::Text {
            self.end_line();
        } else if &*element.name == "blockquote" && self.hidden == 0 {
            self.blank_line();
        }
    }

    fn pop(&mut self) {
        if let Some(element) = self.open.pop() {
            self.leave(&element);
        }
    }

    fn leave(&mut self, element: &Element) {
        self.edge_of(element);
        self.depth = self.depth.saturating_sub(u16::from(element.quotes));
        self.hidden = self.hidden.saturating_sub(usize::from(element.hides));
        self.preformatted = self.preformatted.saturating_sub(usize::from(element.preformatted));
    }

    fn close_all_hidden(&mut self) {
        while self.hidden > 0 && !self.open.is_empty() {
            self.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::html::Page as _;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn white_space_between_words_is_one_space(words in prop::collection::vec("[a-zé\u{a0}]{1,8}", 1..8), space in "[ \\t\\r\\n]{1,4}") {
            let text = words.join(&space);
            let mut page = Page::default();
            page.text(&format!("{space}{text}{space}"));
            prop_assert_eq!(page.line, format!("{} ", words.join(" ")));
            prop_assert_eq!(page.size, words.iter().map(String::len).sum::<usize>());
        }
    }
}
