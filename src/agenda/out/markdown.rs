//! As Markdown, with tables as GitHub has them.

use std::fmt::Write as _;

use super::Agenda;

/// The text, lines ended by `\n`.
pub(super) fn write(agenda: &Agenda) -> String {
    let mut text = format!("# {}\n\n", escaped(&agenda.title));
    row(&mut text, ["", ""].into_iter());
    text.push_str("|---|---|\n");
    for [label, value] in &agenda.front {
        row(&mut text, [escaped(label).as_str(), escaped(value).as_str()].into_iter());
    }
    for section in &agenda.sections {
        let level = "#".repeat((section.number.split('.').count() + 1).min(6));
        let _ = write!(text, "\n{level} {} {}\n", section.number, escaped(&section.title));
        for note in &section.notes {
            let _ = write!(text, "\n{}\n", escaped(note));
        }
        if let Some(table) = &section.table {
            text.push('\n');
            row(&mut text, table.columns.iter().map(|column| column.heading()));
            text.push_str(&"|---".repeat(table.columns.len()));
            text.push_str("|\n");
            for cells in &table.rows {
                let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
                row(&mut text, cells.iter().map(String::as_str));
            }
        }
    }
    text
}

fn row<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for cell in cells {
        let _ = write!(text, "| {cell} ");
    }
    text.push_str("|\n");
}

/// A text in which nothing is a mark, its lines divided by breaks.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("<br>"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
