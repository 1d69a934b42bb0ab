//! As comma-separated values: one table of action items and contributions, with columns that an import
//! knows again.

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
    writer.write_record(COLUMNS.map(Column::heading))?;
    for row in &agenda.says.action_items {
        let cells = [&row.reference.to_string(), &row.what, &row.who, &row.status].map(|cell| sheet::harmless(cell));
        writer.write_record(cells.iter().map(String::as_str).chain([NONE, NONE]))?;
    }
    for row in &agenda.says.contributions {
        let cells = [&row.reference_cell, &row.title, &row.source, &row.status_cell].map(|cell| sheet::harmless(cell));
        let or_none = |text: &str| if text.is_empty() { NONE.to_owned() } else { sheet::harmless(text) };
        let places = [or_none(&row.agenda_item), or_none(row.deliverable.as_deref().unwrap_or_default())];
        writer.write_record(cells.iter().chain(&places))?;
    }
    Ok(writer.into_inner()?)
}
