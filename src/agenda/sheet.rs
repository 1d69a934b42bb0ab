//! A list of documents as a spreadsheet keeps it, .xlsx or .csv -> blocks: each sheet is a table,
//! and the same rules read it as any other.

use std::io::{Cursor, Read as _};
use std::sync::LazyLock;

use calamine::{DataRef, Reader as _, Xlsx};
use csv::ReaderBuilder;
use regex::Regex;
use zip::ZipArchive;

use super::AgendaError;
use super::blocks::{Block, Cell, Row, Table};
use super::cells::pattern;
use super::text::decode_document;

/// The most columns of a sheet; what is beyond is not read.
const COLUMNS: usize = 256;
/// The most cells of a file.
const CELLS: usize = 500_000;
/// The largest size of all parts, decompressed, in bytes.
const UNPACKED: u64 = 64 << 20;
/// At most so many rows are left out between two that hold something.
const GAP: u32 = 100_000;

/// The tables of a file.
///
/// # Errors
/// Where it is no spreadsheet that is read, damaged, or larger than the limits.
pub(super) fn blocks(bytes: &[u8]) -> Result<Vec<Block>, AgendaError> {
    let tables = if bytes.starts_with(b"PK\x03\x04") {
        workbook(bytes)?
    } else if bytes.starts_with(&super::COMPOUND) || bytes.starts_with(b"%PDF-") || super::html::is_html(bytes) {
        return Err(other_kind());
    } else {
        let text = decode_document(bytes).map_err(|_| other_kind())?;
        vec![values(&text)?]
    };
    Ok(tables.into_iter().filter(|table| !table.is_empty()).map(Block::Table).collect())
}

fn other_kind() -> AgendaError {
    AgendaError::Sheet("this is no spreadsheet that is read: save it as .xlsx or as .csv".to_owned())
}

fn damaged(reason: &impl std::fmt::Display) -> AgendaError {
    AgendaError::Sheet(format!("the spreadsheet is damaged ({reason}): open it and save it again as .xlsx or as .csv"))
}

fn too_large() -> AgendaError {
    AgendaError::Sheet(format!(
        "the spreadsheet has more than {CELLS} cells or {} MiB unpacked and is not read: save the list alone",
        UNPACKED >> 20
    ))
}

/// Separated values; a semicolon or a tab separates them where the heading has more of those.
fn values(text: &str) -> Result<Table, AgendaError> {
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |byte: &u8| heading.bytes().filter(|one| one == byte).count();
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut table, mut cells) = (Vec::new(), 0);
    for record in reader.records() {
        let record = record.map_err(|error| damaged(&error))?;
        cells += record.len();
        if cells > CELLS {
            return Err(too_large());
        }
        push(&mut table, record.iter().take(COLUMNS).map(plain).collect());
    }
    Ok(table)
}

/// The heading of the column that names the copy: `COPY k7xq2m`.
pub(super) fn copy_heading(name: &str) -> String {
    format!("COPY {name}")
}

/// The copy's name, wherever among the headings it stands; its column is taken out.
pub(super) fn take_copy(blocks: &mut [Block]) -> Option<String> {
    static COPY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^copy ([a-z0-9]{4,40})$"));
    blocks.iter_mut().find_map(|block| {
        let Block::Table(table) = block else { return None };
        let heading = table.first()?;
        let named = |text: &str| COPY.captures(text.trim())?.get(1).map(|name| name.as_str().to_lowercase());
        let (at, name) = heading.cells.iter().enumerate().find_map(|(at, cell)| Some((at, named(&cell.text)?)))?;
        for row in table.iter_mut().filter(|row| at < row.cells.len()) {
            row.cells.remove(at);
        }
        Some(name)
    })
}

/// A value that no spreadsheet takes for a formula: anybody can name a contribution.
#[must_use]
pub fn harmless(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{value}") } else { value.to_owned() }
}

/// A value without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn plain(value: &str) -> &str {
    value.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(value)
}

fn push(table: &mut Table, cells: Vec<&str>) {
    let row = Row { cells: cells.into_iter().map(Cell::new).collect() };
    if !row.is_blank() {
        table.push(row);
    }
}

/// The sheets of a workbook.
fn workbook(bytes: &[u8]) -> Result<Vec<Table>, AgendaError> {
    check_size(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let (mut tables, mut cells) = (Vec::new(), 0);
    for name in workbook.sheet_names() {
        // A chart's sheet has no cells.
        let Ok(mut reader) = workbook.worksheet_cells_reader(&name) else { continue };
        let (mut table, mut row, mut at): (Table, Vec<String>, u32) = (Vec::new(), Vec::new(), 0);
        while let Some(cell) = reader.next_cell().map_err(|error| damaged(&error))? {
            let (line, column) = cell.get_position();
            cells += 1;
            if cells > CELLS || line.saturating_sub(at) > GAP {
                return Err(too_large());
            }
            if line != at {
                push(&mut table, row.iter().map(String::as_str).collect());
                row.clear();
                at = line;
            }
            let column = column as usize;
            if column < COLUMNS {
                if row.len() <= column {
                    cells += column - row.len();
                    row.resize(column + 1, String::new());
                }
                if let Some(slot) = row.get_mut(column) {
                    *slot = text(cell.get_value());
                }
            }
        }
        push(&mut table, row.iter().map(String::as_str).collect());
        tables.push(table);
    }
    Ok(tables)
}

/// Reads through every part: what the archive says of their size may be a lie.
fn check_size(bytes: &[u8]) -> Result<(), AgendaError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut left = UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|error| damaged(&error))?;
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|error| damaged(&error))?;
        left = left.checked_sub(read).ok_or_else(too_large)?;
    }
    Ok(())
}

/// What a cell shows.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(_) | DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AgendaDocument, read_contributions};
    use super::*;
    use crate::domain::ReferenceScheme;

    fn read(bytes: &[u8]) -> Result<AgendaDocument, AgendaError> {
        read_contributions(bytes, &ReferenceScheme::default())
    }

    fn said(document: &AgendaDocument) -> Vec<String> {
        let row = |row: &super::super::ContributionRow| {
            format!("{} | {} | {} | {} | {}", row.reference, row.title, row.source, row.status_cell, row.agenda_item)
        };
        document.contributions.iter().map(row).collect()
    }

    const EXPECTED: [&str; 2] = [
        "SEC-2014-0251 | Certificates; and keys | CATT, Gemalto | Noted | 7.1",
        "SEC-2014-0252 | =Keys | LG Electronics | Revised to SEC-2014-0252R01 | 7.2",
    ];

    #[test]
    fn separated_values_are_read_by_their_headings() {
        let commas = concat!(
            "\u{feff}Result,Subject,Agenda item,Number,Source,Revised to,Comments\r\n",
            "Noted,Certificates; and keys,7.1,sec-2014-0251,\"CATT, Gemalto\",,\r\n",
            ",'=Keys,7.2,SEC-2014-0252,LG Electronics,SEC-2014-0252R01,late\r\n"
        );
        let document = read(commas.as_bytes()).unwrap();
        assert_eq!(said(&document), EXPECTED);
        assert_eq!(document.remarks, ["Comments: SEC-2014-0252 \"late\": a column that is not taken over"]);
        let semicolons = concat!(
            "Document;Title;Decision;Source;AI;Revised to\n",
            "SEC-2014-0251;\"Certificates; and keys\";Noted;CATT, Gemalto;7.1;\n",
            "SEC-2014-0252;=Keys;;LG Electronics;7.2;SEC-2014-0252R01\n"
        );
        assert_eq!(said(&read(semicolons.as_bytes()).unwrap()), EXPECTED);
    }

    #[test]
    fn a_workbook_is_read_by_its_headings_whatever_stands_above_and_beside() {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, "Document list of SEC#10").unwrap();
        for (column, heading) in ["Decision", "TDoc", "Title", "Source", "AI", "Revised to"].into_iter().enumerate() {
            sheet.write(2, u16::try_from(column).unwrap() + 1, heading).unwrap();
        }
        let rows = [
            ["Noted", "SEC-2014-0251", "Certificates; and keys", "CATT, Gemalto", "", ""],
            ["", "SEC-2014-0252", "=Keys", "LG Electronics", "", "SEC-2014-0252R01"],
        ];
        for (line, row) in (3..).zip(rows) {
            for (column, cell) in (1..).zip(row) {
                sheet.write_string(line, column, cell).unwrap();
            }
        }
        sheet.write(3, 5, 7.1).unwrap();
        sheet.write(4, 5, "7.2").unwrap();
        assert_eq!(said(&read(&workbook.save_to_buffer().unwrap()).unwrap()), EXPECTED);
    }

    #[test]
    fn what_is_no_list_of_documents_gets_an_error_that_says_what_would_work() {
        let mut far = rust_xlsxwriter::Workbook::new();
        far.add_worksheet().write(1_000_000, 16_000, "x").unwrap();
        let far = far.save_to_buffer().unwrap();
        for bytes in [b"%PDF-1.7".to_vec(), super::super::COMPOUND.to_vec(), b"PK\x03\x04cut".to_vec(), far] {
            let error = read(&bytes).unwrap_err();
            assert!(error.to_string().contains("save"), "{error}");
        }
        assert!(read(b"Name,Address\nChair,chair@example.org\n").unwrap_err().to_string().contains("reference"));
    }
}
