//! Tables as they are built while a document is read: merged cells keep their columns, a table that
//! is mere layout gives up what it holds, and a hostile one stays within bounds.

use super::AgendaError;
use super::blocks::{Block, Cell, Paragraph, Row, tidy};

/// Word's own limit of a table's columns.
const COLUMNS: usize = 63;
/// Tables within tables deeper than this are read as text of the cell.
const NESTED: usize = 8;
/// The most cells and rows of a document. No agenda comes near, and each costs more memory than
/// the bytes that a hostile file needs for it.
const CELLS: usize = 500_000;
/// The most columns of a table; Word has 63, and pages of HTML some more.
const WIDEST: usize = 256;
/// Vertically merged cells say the same in every row; so many bytes in all at most, that a small
/// file does not become a large one.
const MERGED: usize = 4 << 20;

/// The blocks of a document, and the tables that are open.
#[derive(Debug)]
pub(super) struct Grid {
    blocks: Vec<Block>,
    open: Vec<OpenTable>,
    /// Tables open beyond [`NESTED`].
    deep: usize,
    /// So many bytes of merged cells may still be repeated.
    merged: usize,
    /// Cells and rows so far.
    cells: usize,
    /// A row had more cells than [`WIDEST`].
    too_wide: bool,
}

impl Default for Grid {
    fn default() -> Self {
        Self { blocks: Vec::new(), open: Vec::new(), deep: 0, merged: MERGED, cells: 0, too_wide: false }
    }
}

#[derive(Debug, Default)]
struct OpenTable {
    rows: Vec<Row>,
    row: Option<OpenRow>,
    cell: Option<OpenCell>,
    /// By grid column, what the merged cell above says.
    above: Vec<Option<String>>,
    /// By grid column, how many rows below a cell of HTML still covers.
    covered: Vec<usize>,
}

#[derive(Debug, Default)]
struct OpenRow {
    cells: Vec<(Cell, Merge)>,
    deleted: bool,
    /// The rows that the cells of this row cover, themselves included, from their column on.
    spans: Vec<(usize, usize, usize)>,
}

/// A cell that is being read.
#[derive(Debug, Default)]
pub(super) struct OpenCell {
    parts: Vec<Block>,
    /// How many columns it covers.
    pub columns: usize,
    /// How many rows it covers, where that is said once (HTML).
    pub rows: usize,
    /// How it is merged, where each cell says it (WordprocessingML).
    pub merge: Merge,
    /// It was deleted by a tracked change.
    pub deleted: bool,
}

/// How a cell is merged with those above and below it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Merge {
    /// It is not.
    #[default]
    Alone,
    /// It covers cells below.
    Begins,
    /// A cell above covers it.
    GoesOn,
}

impl Grid {
    /// A table begins; `false` where it is too deep and is read as text of the cell around it.
    pub fn begin_table(&mut self) -> bool {
        if self.open.len() >= NESTED {
            self.deep += 1;
            return false;
        }
        self.open.push(OpenTable::default());
        true
    }

    /// The innermost table, where its parts are read.
    fn table(&mut self) -> Option<&mut OpenTable> {
        if self.deep > 0 { None } else { self.open.last_mut() }
    }

    /// A row begins; the one before ends, if it has not.
    pub fn begin_row(&mut self) -> bool {
        self.end_cell();
        self.end_row();
        let Some(table) = self.table() else { return false };
        table.row = Some(OpenRow::default());
        true
    }

    /// The row that is being read was deleted by a tracked change.
    pub fn delete_row(&mut self) {
        if let Some(row) = self.table().and_then(|table| table.row.as_mut()) {
            row.deleted = true;
        }
    }

    /// The row begins so many columns later.
    pub fn skip_columns(&mut self, columns: usize) {
        if let Some(row) = self.table().and_then(|table| table.row.as_mut()) {
            row.pad(columns, Merge::Alone);
        }
    }

    /// A cell begins; the one before ends, if it has not, and its row begins, if it has not.
    pub fn begin_cell(&mut self) -> bool {
        self.end_cell();
        let Some(table) = self.table() else { return false };
        table.row.get_or_insert_default();
        table.cell = Some(OpenCell { columns: 1, rows: 1, ..OpenCell::default() });
        true
    }

    /// The cell that is being read.
    pub fn cell(&mut self) -> Option<&mut OpenCell> {
        self.table()?.cell.as_mut()
    }

    /// A paragraph ended, in the innermost open cell or outside tables.
    pub fn paragraph(&mut self, paragraph: Paragraph) {
        match self.open.last_mut() {
            Some(table) => {
                if let Some(cell) = table.cell.as_mut() {
                    cell.parts.push(Block::Paragraph(paragraph));
                }
            }
            None => self.push(paragraph),
        }
    }

    /// A paragraph stands outside the tables that are open: a caption.
    pub fn push(&mut self, paragraph: Paragraph) {
        let text = tidy(&paragraph.text);
        if !text.is_empty() {
            self.blocks.push(Block::Paragraph(Paragraph { text, ..paragraph }));
        }
    }

    /// The cell ends.
    pub fn end_cell(&mut self) {
        let Some(table) = self.table() else { return };
        let (added, width) = table.end_cell();
        self.too_wide |= width > WIDEST;
        self.cells = self.cells.saturating_add(added);
        // What is beyond the limit is not kept.
        if self.cells > CELLS || self.too_wide {
            for row in self.open.iter_mut().filter_map(|table| table.row.as_mut()) {
                row.cells.clear();
            }
        }
    }

    /// The row ends.
    pub fn end_row(&mut self) {
        let Some(table) = (if self.deep > 0 { None } else { self.open.last_mut() }) else { return };
        let Some(mut row) = table.row.take() else { return };
        table.cover(&mut row);
        table.note_spans(&row);
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
        if !row.is_blank() && self.cells <= CELLS && !self.too_wide {
            table.rows.push(row);
        }
    }

    /// The table ends.
    pub fn end_table(&mut self) {
        if self.deep > 0 {
            self.deep -= 1;
            return;
        }
        self.end_cell();
        self.end_row();
        let Some(table) = self.open.pop() else { return };
        let blocks = without_layout(table.rows);
        match self.open.last_mut() {
            Some(outer) => {
                if let Some(cell) = outer.cell.as_mut() {
                    cell.parts.extend(blocks);
                }
            }
            None => self.blocks.extend(blocks),
        }
    }

    /// The document's blocks, once it has been read; `what` is the kind of file.
    ///
    /// # Errors
    /// Where it has more cells than any agenda.
    pub fn finish(mut self, what: &str) -> Result<Vec<Block>, AgendaError> {
        while !self.open.is_empty() {
            self.end_table();
        }
        let too_large = if self.too_wide {
            format!("a table of more than {WIDEST} columns")
        } else if self.cells > CELLS {
            format!("more than {CELLS} table cells")
        } else {
            return Ok(self.blocks);
        };
        Err(AgendaError::Damaged(format!(
            "the {what} file has {too_large} and is not read; save the agenda's own tables alone, as .docx or as plain \
             text"
        )))
    }
}

/// A table's blocks: itself, or where one cell of a row holds tables and nothing stands beside it,
/// what that cell holds. Pages are laid out so, and mails that a program shows as a page.
fn without_layout(rows: Vec<Row>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut kept = Vec::new();
    for mut row in rows {
        let used: Vec<usize> =
            row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()).map(|(at, _)| at).collect();
        match *used.as_slice() {
            [only] if row.cells.get(only).is_some_and(|cell| !cell.parts.is_empty()) => {
                if !kept.is_empty() {
                    blocks.push(Block::Table(std::mem::take(&mut kept)));
                }
                for part in row.cells.swap_remove(only).parts {
                    match part {
                        Block::Paragraph(paragraph) => {
                            let text = tidy(&paragraph.text);
                            if !text.is_empty() {
                                blocks.push(Block::Paragraph(Paragraph { text, ..paragraph }));
                            }
                        }
                        table @ Block::Table(_) => blocks.push(table),
                    }
                }
            }
            _ => kept.push(row),
        }
    }
    if !kept.is_empty() {
        blocks.push(Block::Table(kept));
    }
    blocks
}

impl OpenTable {
    /// Ends the cell; how many the row has more, and how many it has.
    fn end_cell(&mut self) -> (usize, usize) {
        let Some(cell) = self.cell.take() else { return (0, 0) };
        let Some(mut row) = self.row.take() else { return (0, 0) };
        let before = row.cells.len();
        if !cell.deleted {
            self.cover(&mut row);
            row.add(cell);
        }
        let width = row.cells.len();
        self.row = Some(row);
        (width - before, width)
    }

    /// Adds the cells that a cell above covers, up to the next column that none does.
    fn cover(&mut self, row: &mut OpenRow) {
        while let Some(rows @ 1..) = self.covered.get_mut(row.cells.len()) {
            *rows -= 1;
            row.cells.push((Cell::default(), Merge::GoesOn));
        }
    }

    /// Notes how far down the cells of a row reach.
    fn note_spans(&mut self, row: &OpenRow) {
        for (column, columns, rows) in &row.spans {
            let end = column + columns;
            if self.covered.len() < end {
                self.covered.resize(end, 0);
            }
            for covered in self.covered.iter_mut().take(end).skip(*column) {
                *covered = rows - 1;
            }
        }
    }
}

impl OpenRow {
    /// Adds a cell that has been read.
    fn add(&mut self, cell: OpenCell) {
        let mut text = String::new();
        let mut begun = false;
        for part in &cell.parts {
            if let Block::Paragraph(paragraph) = part {
                if std::mem::replace(&mut begun, true) {
                    text.push('\n');
                }
                text.push_str(&paragraph.text);
            }
        }
        let text = tidy(&text);
        let parts = if cell.parts.iter().any(|part| matches!(part, Block::Table(_))) { cell.parts } else { Vec::new() };
        let merge = if cell.rows > 1 { Merge::Begins } else { cell.merge };
        if cell.rows > 1 {
            self.spans.push((self.cells.len(), cell.columns.min(COLUMNS), cell.rows));
        }
        self.cells.push((Cell { text, parts, continued: false }, merge));
        // What the cell covers are empty cells, so that those after it keep their column.
        self.pad(cell.columns.saturating_sub(1), Merge::Alone);
    }

    /// Adds empty cells, up to the most that a row has.
    fn pad(&mut self, cells: usize, merge: Merge) {
        let room = COLUMNS.saturating_sub(self.cells.len());
        self.cells.extend(std::iter::repeat_with(|| (Cell::default(), merge)).take(cells.min(room)));
    }
}

/// A number of columns or rows that a document says, at most as many as a table has columns.
pub(super) fn columns(written: Option<&str>) -> usize {
    written.and_then(|written| written.trim().parse::<usize>().ok()).unwrap_or(0).min(COLUMNS)
}
