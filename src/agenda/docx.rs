//! WordprocessingML (ECMA-376 part 1, section 17) -> blocks, as the document reads once all tracked
//! changes are accepted.

use quick_xml::events::BytesStart;

use super::AgendaError;
use super::blocks::{Block, Paragraph};
use super::grid::{Grid, Merge, columns};
use super::numbering::{Numbered, Numbering, is_outlined, level_of};
use super::xml::{Xml, elements, is_on, unpack, value};

/// The blocks of a .docx file.
///
/// # Errors
/// Where it is another kind of file, damaged, or larger than the limits.
pub(super) fn blocks(bytes: &[u8]) -> Result<Vec<Block>, AgendaError> {
    let parts = unpack(bytes)?;
    let numbering = Numbering::read(parts.numbering.as_deref(), parts.styles.as_deref())?;
    let mut body = Body { numbering, ..Body::default() };
    elements(&parts.document, |event| match event {
        Xml::Start { name, local, element } => body.start(name, local, element),
        Xml::End => body.end(),
        Xml::Text(text) => body.text(text),
    })?;
    body.grid.finish(".docx")
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
    Row,
    RowProperties,
    Cell,
    Other,
}

#[derive(Debug, Default)]
struct Body {
    numbering: Numbering,
    grid: Grid,
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
}

#[derive(Debug, Default)]
struct OpenParagraph {
    numbered: Numbered,
    text: String,
    end_deleted: bool,
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
            // What is struck through is no longer meant.
            "vanish" | "strike" | "dstrike"
                if parent == Kind::RunProperties && self.grandparent() == Some(Kind::Run) =>
            {
                self.hidden |= is_on(element);
            }
            "showingPlcHdr" => self.placeholder_follows = is_on(element),
            "sdt" => self.placeholder_follows = false,
            "sdtContent" if std::mem::take(&mut self.placeholder_follows) => {
                self.placeholder.get_or_insert(self.open.len());
            }
            "del" | "moveFrom" if parent == Kind::RowProperties => {
                self.grid.delete_row();
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
        match name {
            "tbl" => {
                self.grid.begin_table();
                return Kind::Table;
            }
            "tr" if self.grid.begin_row() => return Kind::Row,
            "trPr" => return Kind::RowProperties,
            "tc" if self.grid.begin_cell() => return Kind::Cell,
            "gridBefore" => self.grid.skip_columns(columns(value(element).as_deref())),
            _ => {
                let Some(cell) = self.grid.cell() else { return Kind::Other };
                match name {
                    "gridSpan" => cell.columns = columns(value(element).as_deref()).max(1),
                    "vMerge" => {
                        let begins = value(element).as_deref() == Some("restart");
                        cell.merge = if begins { Merge::Begins } else { Merge::GoesOn };
                    }
                    "cellDel" => cell.deleted = true,
                    _ => {}
                }
            }
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
            Kind::Table => self.grid.end_table(),
            Kind::Row => self.grid.end_row(),
            Kind::Cell => self.grid.end_cell(),
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
        self.grid.paragraph(Paragraph { number, styled, text, after_row: false });
    }
}
