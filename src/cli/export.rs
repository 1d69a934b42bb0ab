//! `minuted export`: what is kept, for other programs.

mod agenda;

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use rust_xlsxwriter::{Format, Workbook};

use self::agenda::Agenda;
use super::failure::Failure;
use super::opened::{Globals, Opened};
use crate::agenda::harmless;
use crate::domain::Contribution;

/// What is exported.
#[derive(Debug, Args)]
pub struct Export {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The agenda of a meeting, else of the next one; edited, `import agenda` takes it over
    Agenda(Agenda),
    /// The list of contributions, as a spreadsheet
    Contributions {
        /// The kind of file
        #[arg(long, value_enum, default_value_t = Kind::Csv)]
        format: Kind,
        /// The file, instead of standard output; one that is there is replaced
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// A kind of spreadsheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Comma-separated values, UTF-8
    Csv,
    /// Excel
    Xlsx,
}

impl Export {
    /// Writes it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let (format, output) = match self.what {
            What::Agenda(agenda) => return agenda.run(globals).await,
            What::Contributions { format, output } => (format, output),
        };
        if output.is_none() && format == Kind::Xlsx && io::stdout().is_terminal() {
            return Err(
                Failure::refused("an .xlsx file is no text for a terminal; give --output FILE".to_owned()).into()
            );
        }
        let opened = Opened::to_read(globals).await?;
        let contributions = opened.store.contributions(opened.group.id).await?;
        let bytes = match format {
            Kind::Csv => csv(&contributions)?,
            Kind::Xlsx => xlsx(&contributions)?,
        };
        write(output.as_deref(), &bytes)
    }
}

/// Writes a file, or to standard output.
pub(super) fn write(output: Option<&Path>, bytes: &[u8]) -> anyhow::Result<()> {
    match output {
        Some(file) => fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display())),
        None => io::stdout().write_all(bytes).context("cannot write to standard output"),
    }
}

/// The columns, in words that an import knows again, and how wide they are, in characters.
const COLUMNS: [(&str, f64); 7] = [
    ("Document", 26.0),
    ("Title", 60.0),
    ("Source", 24.0),
    ("Agenda item", 12.0),
    ("Deliverable", 12.0),
    ("Status", 40.0),
    ("Meeting", 12.0),
];

/// The cells of a contribution. The document is the agenda's reference cell, which tells the revisions.
fn row(contribution: &Contribution) -> [String; 7] {
    let reference = contribution.reference.to_string();
    let document = Some(&contribution.reference_cell).filter(|cell| !cell.is_empty()).cloned().unwrap_or(reference);
    [
        document,
        contribution.title.clone(),
        contribution.source.clone(),
        contribution.agenda_item.clone(),
        contribution.deliverable.clone().unwrap_or_default(),
        contribution.status_cell.clone(),
        contribution.meeting.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

fn csv(contributions: &[Contribution]) -> anyhow::Result<Vec<u8>> {
    // Spreadsheets know UTF-8 by the mark.
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(COLUMNS.map(|(heading, _)| heading))?;
    for contribution in contributions {
        writer.write_record(row(contribution).map(|value| harmless(&value)))?;
    }
    writer.into_inner().context("the list cannot be written")
}

fn xlsx(contributions: &[Contribution]) -> anyhow::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let (heading, cell) = (Format::new().set_bold(), Format::new().set_text_wrap());
    let sheet = workbook.add_worksheet();
    sheet.set_name("Contributions")?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, (name, width)) in (0_u16..).zip(COLUMNS) {
        sheet.write_string_with_format(0, column, name, &heading)?;
        sheet.set_column_width(column, width)?;
    }
    for (line, contribution) in (1_u32..).zip(contributions) {
        for (column, text) in (0_u16..).zip(row(contribution)) {
            sheet.write_string_with_format(line, column, text, &cell)?;
        }
    }
    let last = u32::try_from(contributions.len()).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last, 6)?;
    workbook.save_to_buffer().context("the list cannot be written")
}
