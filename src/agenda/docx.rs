//! WordprocessingML (ECMA-376 part 1, section 17) -> blocks, as the document reads once all tracked
//! changes are accepted.

use quick_xml::events::BytesStart;

use super::AgendaError;
use super::blocks::{Block, Cell, Paragraph, Row, Table, tidy};
use super::numbering::{Numbered, Numbering, is_outlined, level_of};
use super::xml::{Xml, elements, is_on, unpack, value};

/// Word's own limit of a table's columns.
const COLUMNS: usize = 63;
/// Tables within tables deeper than this are read as text of the cell.
const NESTED: usize = 8;
/// The most cells and rows of a document. No agenda comes near, and each costs more memory than
/// the bytes that a hostile file needs for it.
const CELLS: usize = 500_000;
/// Vertically merged cells say the same in every row; so many bytes in all at most, that a small
/// file does not become a large one.
const MERGED: usize = 4 << 20;

/// The blocks of a .docx file.
///
/// # Errors
/// Where it is another kind of file, damaged, or larger than the limits.
pub(super) fn blocks(bytes: &[u8]) -> Result<Vec<Block>, AgendaError> {
    let parts = unpack(bytes)?;
    let numbering = Numbering::read(parts.numbering.as_deref(), parts.styles.as_deref())?;
    let mut body = Body { numbering, merged: MERGED, ..Body::default() };
    elements(&parts.document, |event| match event {
        Xml::Start { name, local, element } => body.start(name, local, element),
        Xml::End => body.end(),
        Xml::Text(text) => body.text(text),
    })?;
    if body.cells > CELLS {
        return Err(AgendaError::Damaged(format!(
            "the .docx file has more than {CELLS} table cells and is not read; save the agenda's own tables alone, as \
             .docx or as plain text"
        )));
    }
    Ok(body.blocks)
}

/// What an open element is, as far as it matters for what is within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paragraph,
    ParagraphProperties,
    Run,
    RunProperties,
    Text,
    Table,
    DeepTable,
    Row,
    RowProperties,
    Cell,
    Other,
}

#[derive(Debug, Default)]
struct Body {
    numbering: Numbering,
    blocks: Vec<Block>,
    open: Vec<Kind>,
    /// Nothing is read within the element that was opened at this depth.
    skipped: Option<usize>,
    /// Text is a placeholder's ("click here") within the element that was opened at this depth.
    placeholder: Option<usize>,
    placeholder_follows: bool,
    paragraph: OpenParagraph,
    /// The text of a paragraph whose end was deleted: it goes on in the next.
    unended: String,
    hidden: bool,
    tables: Vec<OpenTable>,
    deep_tables: usize,
    merged: usize,
    /// Cells and rows so far.
    cells: usize,
}

#[derive(Debug, Default)]
struct OpenParagraph {
    numbered: Numbered,
    text: String,
    end_deleted: bool,
}

#[derive(Debug, Default)]
struct OpenTable {
    rows: Table,
    row: OpenRow,
    cell: OpenCell,
    /// By grid column, what the merged cell above says.
    above: Vec<Option<String>>,
}

#[derive(Debug, Default)]
struct OpenRow {
    cells: Vec<(Cell, Merge)>,
    deleted: bool,
}

#[derive(Debug, Default)]
struct OpenCell {
    text: String,
    tables: Vec<Table>,
    paragraphs: usize,
    span: usize,
    merge: Merge,
    deleted: bool,
}

/// How a cell is merged with those above and below it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Merge {
    #[default]
    Alone,
    Begins,
    GoesOn,
}

impl Body {
    fn start(&mut self, name: &str, local: &str, element: &BytesStart<'_>) {
        let kind = if self.skipped.is_some() { Kind::Other } else { self.begin(name, local, element) };
        self.open.push(kind);
    }

    fn begin(&mut self, name: &str, local: &str, element: &BytesStart<'_>) -> Kind {
        let parent = self.open.last().copied().unwrap_or(Kind::Other);
        let skip = match name {
            // Properties as they were before a tracked change, field codes, and pictures.
            "rPrChange" | "pPrChange" | "tblPrChange" | "trPrChange" | "tcPrChange" | "tblPrExChange"
            | "tblGridChange" | "sectPrChange" | "instrText" | "delText" | "delInstrText" | "drawing" | "pict"
            | "object" => true,
            "del" | "moveFrom" => !matches!(parent, Kind::RunProperties | Kind::RowProperties),
            // What a program that does not know a newer feature shows in its place.
            _ => local == "Fallback",
        };
        if skip {
            self.skipped = Some(self.open.len());
            return Kind::Other;
        }
        match name {
            "p" => {
                self.paragraph = OpenParagraph::default();
                return Kind::Paragraph;
            }
            "pPr" if parent == Kind::Paragraph => return Kind::ParagraphProperties,
            "r" => {
                self.hidden = false;
                return Kind::Run;
            }
            "rPr" => return Kind::RunProperties,
            "t" => return Kind::Text,
            "tab" | "ptab" if parent == Kind::Run => self.text_of_run("\t"),
            "br" | "cr" if parent == Kind::Run => self.text_of_run("\n"),
            "noBreakHyphen" => self.text_of_run("-"),
            "vanish" if parent == Kind::RunProperties && self.grandparent() == Some(Kind::Run) => {
                self.hidden = is_on(element);
            }
            "showingPlcHdr" => self.placeholder_follows = is_on(element),
            "sdt" => self.placeholder_follows = false,
            "sdtContent" if std::mem::take(&mut self.placeholder_follows) => {
                self.placeholder.get_or_insert(self.open.len());
            }
            "del" | "moveFrom" if parent == Kind::RowProperties => {
                if let Some(table) = self.tables.last_mut() {
                    table.row.deleted = true;
                }
            }
            "del" | "moveFrom" if self.grandparent() == Some(Kind::ParagraphProperties) => {
                self.paragraph.end_deleted = true;
            }
            "pStyle" => self.paragraph.numbered.style = value(element),
            "numId" => self.paragraph.numbered.list = value(element),
            "ilvl" => self.paragraph.numbered.level = Some(level_of(value(element).as_deref())),
            "outlineLvl" => self.paragraph.numbered.heading |= is_outlined(value(element).as_deref()),
            _ => return self.begin_table_part(name, element),
        }
        Kind::Other
    }

    fn begin_table_part(&mut self, name: &str, element: &BytesStart<'_>) -> Kind {
        if name == "tbl" {
            if self.tables.len() >= NESTED {
                self.deep_tables += 1;
                return Kind::DeepTable;
            }
            self.tables.push(OpenTable::default());
            return Kind::Table;
        }
        if self.deep_tables > 0 {
            return Kind::Other;
        }
        let Some(table) = self.tables.last_mut() else { return Kind::Other };
        match name {
            "tr" => {
                table.row = OpenRow::default();
                return Kind::Row;
            }
            "trPr" => return Kind::RowProperties,
            "tc" => {
                table.cell = OpenCell { span: 1, ..OpenCell::default() };
                return Kind::Cell;
            }
            "gridBefore" => {
                table.row.pad(columns(element));
            }
            "gridSpan" => table.cell.span = columns(element).max(1),
            "vMerge" => {
                let begins = value(element).as_deref() == Some("restart");
                table.cell.merge = if begins { Merge::Begins } else { Merge::GoesOn };
            }
            "cellDel" => table.cell.deleted = true,
            _ => {}
        }
        Kind::Other
    }

    fn grandparent(&self) -> Option<Kind> {
        self.open.len().checked_sub(2).and_then(|at| self.open.get(at)).copied()
    }

    fn end(&mut self) {
        let Some(kind) = self.open.pop() else { return };
        let depth = self.open.len();
        if self.skipped == Some(depth) {
            self.skipped = None;
        }
        if self.placeholder == Some(depth) {
            self.placeholder = None;
        }
        match kind {
            Kind::Paragraph => self.end_paragraph(),
            Kind::DeepTable => self.deep_tables -= 1,
            Kind::Table => self.end_table(),
            Kind::Row => self.end_row(),
            Kind::Cell => {
                if let Some(table) = self.tables.last_mut() {
                    let before = table.row.cells.len();
                    table.end_cell();
                    self.cells += table.row.cells.len() - before;
                    if self.cells > CELLS {
                        table.row.cells.clear();
                    }
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped.is_none() && self.open.last() == Some(&Kind::Text) {
            self.text_of_run(text);
        }
    }

    fn text_of_run(&mut self, text: &str) {
        if !self.hidden && self.placeholder.is_none() {
            self.paragraph.text.push_str(text);
        }
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        self.unended.push_str(&paragraph.text);
        if paragraph.end_deleted {
            return;
        }
        let text = std::mem::take(&mut self.unended);
        let (number, styled) = self.numbering.count(&paragraph.numbered);
        if let Some(table) = self.tables.last_mut() {
            if table.cell.paragraphs > 0 {
                table.cell.text.push('\n');
            }
            table.cell.paragraphs += 1;
            table.cell.text.push_str(&text);
            return;
        }
        let text = tidy(&text);
        if !text.is_empty() {
            self.blocks.push(Block::Paragraph(Paragraph { number, styled, text, after_row: false }));
        }
    }

    fn end_row(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        let row = std::mem::take(&mut table.row);
        if row.deleted {
            return;
        }
        table.above.resize(row.cells.len().max(table.above.len()), None);
        let mut cells = Vec::with_capacity(row.cells.len());
        for ((mut cell, merge), above) in row.cells.into_iter().zip(&mut table.above) {
            match merge {
                Merge::Alone => *above = None,
                Merge::Begins => *above = Some(cell.text.clone()),
                Merge::GoesOn => {
                    if let Some(above) = above.as_ref().filter(|above| above.len() <= self.merged) {
                        self.merged -= above.len();
                        cell.text.clone_from(above);
                    }
                    cell.continued = true;
                }
            }
            cells.push(cell);
        }
        let row = Row { cells };
        self.cells += 1;
        if !row.is_blank() && self.cells <= CELLS {
            table.rows.push(row);
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        match self.tables.last_mut() {
            _ if table.rows.is_empty() => {}
            Some(outer) => outer.cell.tables.push(table.rows),
            None => self.blocks.push(Block::Table(table.rows)),
        }
    }
}

impl OpenTable {
    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        if cell.deleted {
            return;
        }
        let text = tidy(&cell.text);
        self.row.cells.push((Cell { text, tables: cell.tables, continued: false }, cell.merge));
        // What the cell covers are empty cells, so that those after it keep their column.
        self.row.pad(cell.span.saturating_sub(1));
    }
}

impl OpenRow {
    /// Adds empty cells, up to the most that a row has.
    fn pad(&mut self, cells: usize) {
        let room = COLUMNS.saturating_sub(self.cells.len());
        self.cells.extend(std::iter::repeat_with(Default::default).take(cells.min(room)));
    }
}

/// A number of columns, at most as many as a table has.
fn columns(element: &BytesStart<'_>) -> usize {
    value(element).and_then(|value| value.parse::<usize>().ok()).unwrap_or(0).min(COLUMNS)
}
