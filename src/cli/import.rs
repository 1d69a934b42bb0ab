//! `minuted import`: an agenda document, a list of contributions, or a file of members.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::failure::Failure;
use super::opened::{Globals, Opened, address};
use super::output::Output;
use crate::agenda;
use crate::config::GroupConfig;
use crate::decide::{AnswerLine, Input, LineOutcome};
use crate::domain::EmailAddress;
use crate::steps;

/// The largest agenda that is read: a document of 16 MiB has pictures, not rows.
const LARGEST: u64 = 64 << 20;

/// What is imported.
#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// An agenda: .docx, HTML, Markdown, the text that a word processor saves, or .doc where a converter is installed
    Agenda {
        /// The document, or - for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Whose agenda it is, for the history; else it is the operator's import
        #[arg(long = "as", value_name = "ADDRESS", value_parser = address)]
        by: Option<EmailAddress>,
    },
    /// A list of contributions, with columns such as Document, Title, Source, Decision: .xlsx or .csv
    Contributions {
        /// The file, or - for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Whose list it is, for the history; else it is the operator's import
        #[arg(long = "as", value_name = "ADDRESS", value_parser = address)]
        by: Option<EmailAddress>,
    },
    /// Members and organizations: a group.toml, or a .csv file
    Members {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

impl Import {
    /// Imports it and prints what changed.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_write(globals).await?;
        let input = match self.what {
            What::Agenda { file, by } => {
                let bytes = read(&file)?;
                let document = match steps::read_agenda(&bytes, &opened.group.rules.references).await {
                    Err(_) if agenda::read_contributions(&bytes, &opened.group.rules.references).is_ok() => {
                        return Err(is_list(&file).into());
                    }
                    read => read.with_context(|| format!("{} cannot be read as an agenda", file.display()))?,
                };
                Input::Agenda { document: Box::new(document), by }
            }
            What::Contributions { file, by } => {
                let bytes = read(&file)?;
                let document = agenda::read_contributions(&bytes, &opened.group.rules.references)
                    .with_context(|| format!("{} cannot be read as a list of contributions", file.display()))?;
                Input::Agenda { document: Box::new(document), by }
            }
            What::Members { file } => {
                // Read as the group's own file: the bot's and the list's addresses are nobody's in it.
                let roster = GroupConfig { roster: file, ..opened.group.config.clone() }.load_roster()?;
                Input::Roster { organizations: roster.organizations, members: roster.members }
            }
        };
        let answer = steps::perform(&opened.store, opened.group.id, input, opened.now).await?;
        let catalogue = opened.catalogue()?;
        opened.changed().await;
        let mut output = Output::new();
        let lines = answer.map(|answer| answer.lines).unwrap_or_default();
        for text in lines.iter().flat_map(|line| &line.told) {
            output.text(&catalogue.say(text))?;
        }
        if lines.iter().flat_map(|line| &line.told).any(|text| text.key == "told-agenda-rulings") {
            output.line("Here, `minuted list requests --waiting` lists them.")?;
        }
        output.finish()?;
        if lines.iter().any(is_refused) { Err(Failure::told().into()) } else { Ok(()) }
    }
}

/// What is told of a list of contributions that is imported as an agenda.
fn is_list(file: &Path) -> Failure {
    let file = file.display();
    Failure::refused(format!(
        "{file} is a list of contributions and action items, and no agenda; it is read by \
         `minuted import contributions {file}`"
    ))
}

/// Whether something could not be imported. That something waits for a ruling is told in the same
/// way, and is none of that.
fn is_refused(line: &AnswerLine) -> bool {
    line.outcome == LineOutcome::Refused && line.told.iter().any(|text| !text.key.starts_with("told-"))
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("cannot read {}", file.display()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::refused(format!(
            "{} is larger than {} MiB; is it the right file?",
            file.display(),
            LARGEST >> 20
        ))
        .into());
    }
    Ok(bytes)
}
