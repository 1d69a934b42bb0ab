//! `minuted export actions`, `contributions` and `history`: whole lists, as spreadsheets, documents and JSON.

use jiff::civil::Date;
use serde::Serialize;

use super::sheet::Sheet;
use super::{Kind, To};
use crate::agenda::AgendaDocument;
use crate::agenda::out::{Agenda, Column, Section, Table};
use crate::cli::opened::{Globals, Opened};
use crate::cli::rows::{ActionRow, ChangeRow, ContributionRow};
use crate::domain::Contribution;

/// The columns of contributions, in words that an import knows again.
const CONTRIBUTIONS: [(&str, f64); 7] = [
    ("Document", 26.0),
    ("Title", 60.0),
    ("Source", 24.0),
    ("Agenda item", 12.0),
    ("Deliverable", 12.0),
    ("Status", 40.0),
    ("Meeting", 12.0),
];

const ACTIONS: [(Column, f64); 6] = [
    (Column::Reference, 18.0),
    (Column::What, 60.0),
    (Column::Who, 30.0),
    (Column::Status, 22.0),
    (Column::Due, 14.0),
    (Column::Priority, 10.0),
];

const HISTORY: [(Column, f64); 7] = [
    (Column::When, 22.0),
    (Column::By, 30.0),
    (Column::Of, 22.0),
    (Column::Field, 16.0),
    (Column::Before, 40.0),
    (Column::After, 40.0),
    (Column::Mail, 40.0),
];

/// `minuted export actions`
pub(super) async fn actions(globals: &Globals, pending: bool, to: &To) -> anyhow::Result<()> {
    let kinds = [Kind::Csv, Kind::Xlsx, Kind::Json, Kind::Md, Kind::Txt, Kind::Html, Kind::Docx];
    let kind = to.kind(&kinds)?;
    let opened = Opened::to_read(globals).await?;
    let mut items = opened.store.actions(opened.group.id).await?;
    items.retain(|item| item.became.is_none() && (!pending || item.status.is_pending()));
    if kind == Kind::Json {
        return to.write(&json(&items.iter().map(ActionRow::new).collect::<Vec<_>>())?);
    }
    let rows = items.iter().map(|item| {
        let text = |value: Option<String>| value.unwrap_or_default();
        vec![
            item.reference.to_string(),
            item.what.clone(),
            item.who.to_string(),
            item.status.to_string(),
            text(item.due.as_ref().map(ToString::to_string)),
            text(item.priority.map(|priority| priority.to_string())),
        ]
    });
    to.write(&bytes("Action items", &ACTIONS, rows.collect(), kind, &opened)?)
}

/// `minuted export contributions`
pub(super) async fn contributions(globals: &Globals, to: &To) -> anyhow::Result<()> {
    let kind = to.kind(&[Kind::Csv, Kind::Xlsx, Kind::Json])?;
    let opened = Opened::to_read(globals).await?;
    let contributions = opened.store.contributions(opened.group.id).await?;
    if kind == Kind::Json {
        let meetings = opened.store.meetings(opened.group.id).await?;
        let row = |contribution| ContributionRow::new(contribution, &meetings, opened.today());
        return to.write(&json(&contributions.iter().map(row).collect::<Vec<_>>())?);
    }
    let rows = contributions.iter().map(contribution).collect();
    let sheet = Sheet { name: "Contributions", columns: &CONTRIBUTIONS, rows };
    to.write(&if kind == Kind::Xlsx { sheet.xlsx()? } else { sheet.csv()? })
}

/// `minuted export history`
pub(super) async fn history(globals: &Globals, to: &To) -> anyhow::Result<()> {
    let kind = to.kind(&[Kind::Csv, Kind::Json, Kind::Txt])?;
    let opened = Opened::to_read(globals).await?;
    let changes = opened.store.history(opened.group.id, None).await?;
    let changes: Vec<ChangeRow> = changes.iter().map(ChangeRow::new).collect();
    if kind == Kind::Json {
        return to.write(&json(&changes)?);
    }
    let rows = changes.into_iter().map(|change| {
        let at = change.at.to_zoned(opened.zone().clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
        let ChangeRow { by, subject, field, from, to, message_id, .. } = change;
        let text = Option::unwrap_or_default;
        vec![at, by, subject, field, text(from), text(to), text(message_id)]
    });
    to.write(&bytes("History", &HISTORY, rows.collect(), kind, &opened)?)
}

/// The cells of a contribution. The document is the agenda's reference cell, which tells the revisions.
fn contribution(contribution: &Contribution) -> Vec<String> {
    let reference = contribution.reference.to_string();
    let document = Some(&contribution.reference_cell).filter(|cell| !cell.is_empty()).cloned().unwrap_or(reference);
    vec![
        document,
        contribution.title.clone(),
        contribution.source.clone(),
        contribution.agenda_item.clone(),
        contribution.deliverable.clone().unwrap_or_default(),
        contribution.status_cell.clone(),
        contribution.meeting.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

/// A list as a file: as a spreadsheet, or as a document in the form of an agenda with that table.
fn bytes(
    name: &str,
    columns: &[(Column, f64)],
    rows: Vec<Vec<String>>,
    kind: Kind,
    opened: &Opened,
) -> anyhow::Result<Vec<u8>> {
    let headings: Vec<(&str, f64)> = columns.iter().map(|(column, width)| (column.heading(), *width)).collect();
    if matches!(kind, Kind::Csv | Kind::Xlsx) {
        let sheet = Sheet { name, columns: &headings, rows };
        return if kind == Kind::Xlsx { sheet.xlsx() } else { sheet.csv() };
    }
    let table = Table { columns: columns.iter().map(|(column, _)| *column).collect(), rows };
    let document = document(name, &opened.group.rules.name, opened.today(), table);
    Ok(match kind {
        Kind::Docx => document.to_docx(),
        Kind::Html => document.to_html().into_bytes(),
        Kind::Md => document.to_markdown().into_bytes(),
        _ => document.to_text().into_bytes(),
    })
}

fn document(name: &str, group: &str, made: Date, table: Table) -> Agenda {
    let section = Section { number: "1".to_owned(), title: name.to_owned(), notes: Vec::new(), table: Some(table) };
    Agenda {
        title: format!("{name} of {group}"),
        group: group.to_owned(),
        made,
        front: vec![["Prepared".to_owned(), made.to_string()]],
        sections: vec![section],
        says: AgendaDocument::default(),
    }
}

fn json(rows: &impl Serialize) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(rows)?;
    bytes.push(b'\n');
    Ok(bytes)
}
