//! A roster as a spreadsheet saves it: CSV with a header line.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use super::report::{Cell, LONGEST, Place, Report};
use super::roster::Draft;
use super::words::{nearest, quoted};

/// What a column holds, and the headings that say so.
const COLUMNS: [(Column, &[&str]); 4] = [
    (Column::Name, &["name", "member"]),
    (Column::Organization, &["organization", "organisation", "company"]),
    (Column::Address, &["address", "addresses", "email", "e-mail", "mail"]),
    (Column::Roles, &["roles", "role"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    Name,
    Organization,
    Address,
    Roles,
}

impl Column {
    /// The name that the column goes by in messages.
    const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Organization => "organization",
            Self::Address => "address",
            Self::Roles => "roles",
        }
    }
}

/// Reads the rows into the draft. Organizations are those that the rows name.
pub(super) fn read(text: &str, report: &Report<'_>, draft: &mut Draft<'_>) {
    // Spreadsheets mark UTF-8 by a byte order mark, which is no part of the first heading.
    let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = ReaderBuilder::new()
        .delimiter(delimiter(unmarked))
        .has_headers(false)
        .flexible(true)
        .from_reader(unmarked.as_bytes())
        .into_records()
        // The text is UTF-8, in memory, and rows may be of any length: none is an error.
        .map_while(Result::ok)
        .filter(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    let Some(header) = rows.next() else {
        report.error(&Place { line: 1, key: String::new() }, format!("is empty; expected {HEADER}"));
        return;
    };
    let line = |row: &StringRecord| line(row, text, text.len() - unmarked.len(), report);
    let Some(sheet) = sheet(&header, line(&header), report) else { return };
    for row in rows {
        member(&row, line(&row), &sheet, report, draft);
    }
}

const HEADER: &str = "the heading \"name,organization,address,roles\" and a row for each member";

/// What separates the cells: a semicolon where the language writes decimals with a comma.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    // Of equals, the last one.
    [b'\t', b';', b','].into_iter().max_by_key(|byte| header.bytes().filter(|b| b == byte).count()).unwrap_or(b',')
}

/// What the header says.
struct Sheet {
    columns: HashMap<Column, usize>,
    /// How many headings there are.
    width: usize,
}

/// What the header says; `None` where a column that is needed is missing.
fn sheet(header: &StringRecord, line: usize, report: &Report<'_>) -> Option<Sheet> {
    let headings = || COLUMNS.iter().flat_map(|(_, names)| names.iter().copied());
    let mut columns = HashMap::new();
    for (at, heading) in header.iter().enumerate() {
        let heading = heading.trim().to_lowercase();
        let place = Place { line, key: heading.clone() };
        let column = COLUMNS.iter().find(|(_, names)| names.contains(&heading.as_str()));
        match (column, nearest(&heading, headings())) {
            (Some((column, _)), _) => {
                if columns.insert(*column, at).is_some() {
                    report.error(&place, "is given twice; expected one column of each");
                }
            }
            (None, _) if heading.is_empty() => {}
            (None, Some(near)) => {
                report.error(&place, format!("is no heading; did you mean {near:?}? expected {HEADER}"));
            }
            (None, None) => report.warn(&place, "is a column that minuted does not read"),
        }
    }
    let mut complete = true;
    for column in [Column::Name, Column::Organization, Column::Address] {
        if !columns.contains_key(&column) {
            report.error(&Place { line, key: column.name().to_owned() }, format!("is missing; expected {HEADER}"));
            complete = false;
        }
    }
    complete.then_some(Sheet { columns, width: header.len() })
}

fn member(row: &StringRecord, line: usize, sheet: &Sheet, report: &Report<'_>, draft: &mut Draft<'_>) {
    let place = |column: Column| Place { line, key: column.name().to_owned() };
    let text = |column: Column| sheet.columns.get(&column).and_then(|at| row.get(*at)).unwrap_or_default().trim();
    let cell = |column: Column, text| {
        if str::len(text) > LONGEST || text.chars().any(char::is_control) {
            report.error(&place(column), format!("{} is not one short line; expected one", quoted(text)));
            return None;
        }
        Some(Cell { place: place(column), text })
    };
    let needed = |column: Column| {
        let text = text(column);
        if text.is_empty() {
            report.error(&place(column), "is empty; expected a value in every row");
        }
        Some(text).filter(|text| !text.is_empty())
    };
    let several = |column: Column| -> Vec<Cell<'_>> {
        let parts = text(column).split([';', ',', '\n']).map(str::trim).filter(|part| !part.is_empty());
        parts.filter_map(|part| cell(column, part)).collect()
    };
    if row.iter().skip(sheet.width).any(|cell| !cell.trim().is_empty()) {
        let what = format!(
            "has more cells than the {} headings; a cell that holds the separator stands in quotes",
            sheet.width
        );
        report.error(&Place { line, key: String::new() }, what);
    }
    let name = needed(Column::Name).and_then(|text| cell(Column::Name, text));
    let organization = needed(Column::Organization).and_then(|text| cell(Column::Organization, text));
    let addresses = needed(Column::Address).map(|_| several(Column::Address)).unwrap_or_default();
    let roles = several(Column::Roles);
    if let Some(organization) = organization.as_ref().filter(|cell| !draft.knows_organization(cell.text)) {
        draft.organization(organization, &[], None);
    }
    draft.member(name.as_ref(), organization.as_ref(), &addresses, &roles);
}

/// The line that a row begins in. The reader's own position is that of the blank lines before it.
fn line(row: &StringRecord, text: &str, mark: usize, report: &Report<'_>) -> usize {
    let byte = row.position().map_or(0, csv::Position::byte);
    let offset = usize::try_from(byte).unwrap_or(usize::MAX).saturating_add(mark);
    let blank = text.as_bytes().get(offset..).unwrap_or_default();
    report.line(offset.saturating_add(blank.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count()))
}
