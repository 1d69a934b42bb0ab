//! As text, in the form in which word processors save tables: each cell begins on a line of its own
//! with a tab, a blank line ends the row, and two the table.

use std::fmt::Write as _;

use super::Agenda;

/// The text, lines ended by `\n`.
pub(super) fn write(agenda: &Agenda) -> String {
    let mut text = format!("{}\n\n", agenda.title);
    for row in &agenda.front {
        cells(&mut text, row.iter().map(String::as_str));
    }
    for section in &agenda.sections {
        let _ = write!(text, "\n{} {}\n", section.number, section.title);
        for note in &section.notes {
            let _ = write!(text, "\n{note}\n");
        }
        if let Some(table) = &section.table {
            text.push('\n');
            cells(&mut text, table.columns.iter().map(|column| column.heading()));
            for row in &table.rows {
                cells(&mut text, row.iter().map(String::as_str));
            }
        }
    }
    text
}

fn cells<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for cell in cells {
        let _ = writeln!(text, "\t{cell}");
    }
    text.push('\n');
}
