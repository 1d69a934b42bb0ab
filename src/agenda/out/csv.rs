//! As comma-separated values: one table of action items and contributions, with columns that an import
//! knows again. The heading of the last column, which is empty, is the copy's name.

use csv::Writer;

use super::{Agenda, Column};
use crate::agenda::{NONE, sheet};

/// The columns.
const COLUMNS: [Column; 6] =
    [Column::Reference, Column::Title, Column::Source, Column::Status, Column::Item, Column::Deliverable];

/// The table, in UTF-8 with the mark by which spreadsheets know it.
pub(super) fn write(agenda: &Agenda) -> Vec<u8> {
    // Writing into memory does not fail.
    values(agenda).unwrap_or_default()
}

fn values(agenda: &Agenda) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut writer = Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let copy = agenda.says.made_from.as_deref().map(sheet::copy_heading);
    // Of the last column, which an unnamed copy does not have.
    let last = copy.as_ref().map(|_| "");
    writer.write_record(COLUMNS.iter().map(|column| column.heading()).chain(copy.as_deref()))?;
    for row in &agenda.says.action_items {
        let cells = [&row.reference.to_string(), &row.what, &row.who, &row.status].map(|cell| sheet::harmless(cell));
        writer.write_record(cells.iter().map(String::as_str).chain([NONE, NONE]).chain(last))?;
    }
    for row in &agenda.says.contributions {
        let cells = [&row.reference_cell, &row.title, &row.source, &row.status_cell].map(|cell| sheet::harmless(cell));
        let or_none = |text: &str| if text.is_empty() { NONE.to_owned() } else { sheet::harmless(text) };
        let places = [or_none(&row.agenda_item), or_none(row.deliverable.as_deref().unwrap_or_default())];
        writer.write_record(cells.iter().chain(&places).map(String::as_str).chain(last))?;
    }
    Ok(writer.into_inner()?)
}
