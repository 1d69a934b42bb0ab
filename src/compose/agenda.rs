//! An agenda in an answer: its tables on the page, and the document that goes with the mail.

use super::mail::Attached;
use super::page::{Block, Fact, List, Row};
use super::{Catalogue, wrap};
use crate::agenda::out::{Agenda, Column, Section, Table};
use crate::domain::Text;

/// So many rows at most stand in the mail; the document has all.
const MOST_ROWS: usize = 250;
/// The most characters of a cell in the mail.
const CELL: usize = 300;
/// The most characters of a heading: a line of the text holds it.
const HEADING: usize = 64;
/// No document larger than this is attached, in octets: many servers refuse mails of 10 MB, and base64
/// takes a third more.
const LARGEST: usize = 6 << 20;

/// The media type of a document of Word.
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The agenda as a document; `None` where it is too large for a mail.
pub(super) fn attached(agenda: &Agenda) -> Option<Attached> {
    let bytes = agenda.to_docx();
    let name: String =
        agenda.title.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    (bytes.len() <= LARGEST).then(|| Attached { name: format!("{name}.docx"), kind: DOCX, bytes })
}

/// The agenda's tables, each under its item, and what else is said there.
pub(super) fn blocks(agenda: &Agenda, catalogue: &Catalogue) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut left = MOST_ROWS;
    let mut cut = 0;
    for section in &agenda.sections {
        let Some(table) = &section.table else { continue };
        let shown = table.rows.len().min(left);
        cut += table.rows.len() - shown;
        if shown == 0 {
            continue;
        }
        left -= shown;
        blocks.push(Block::Heading(wrap::shorten(&format!("{} {}", section.number, section.title), HEADING)));
        blocks.extend(section.notes.iter().map(|note| Block::Paragraph(note.clone())));
        blocks.push(grid(section, table, shown, catalogue));
    }
    if cut > 0 {
        blocks.push(Block::Paragraph(catalogue.say(&Text::new("mail-agenda-cut").with("count", cut))));
    }
    blocks
}

fn grid(section: &Section, table: &Table, shown: usize, catalogue: &Catalogue) -> Block {
    let cell = |cell: &String| wrap::shorten(cell, CELL);
    let rows: Vec<Vec<String>> = table.rows.iter().take(shown).map(|row| row.iter().map(cell).collect()).collect();
    let list = List {
        title: format!("{} {}", section.number, section.title),
        columns: [String::new(), String::new()],
        rows: rows.iter().map(|cells| row(&table.columns, cells)).collect(),
        empty: catalogue.say(&Text::new("mail-empty-list")),
        is_syntax: false,
    };
    let columns = table.columns.iter().map(|column| column.heading().to_owned()).collect();
    Block::Grid { columns, rows, list }
}

/// A row as plain text lists it: what it is and where it stands, then its title, then the rest.
fn row(columns: &[Column], cells: &[String]) -> Row {
    let mut row = Row::default();
    let mut more = Vec::new();
    for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
        if cell.is_empty() || cell == "-" {
            continue;
        }
        match column {
            _ if at == 0 => row.name = cell.clone(),
            Column::Status | Column::Time | Column::Dates => row.facts.push(Fact::new(cell.clone())),
            Column::Title | Column::What | Column::Session => row.what = cell.clone(),
            Column::Item => more.push(format!("item {cell}")),
            Column::Deadline => more.push(format!("contributions until {cell}")),
            _ => more.push(cell.clone()),
        }
    }
    row.more = vec![more.join(", ")];
    row
}
