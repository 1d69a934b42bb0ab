//! `minuted import`: an agenda document, or a file of members.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::failure::Failure;
use super::opened::{Globals, Opened, address};
use super::output::Output;
use super::{explain, perform};
use crate::agenda;
use crate::config::GroupConfig;
use crate::decide::Input;
use crate::domain::EmailAddress;

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
    /// An agenda: .docx, or the text that a word processor saves
    Agenda {
        /// The document, or - for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Whose agenda it is, for the history; else it is the operator's import
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
                let document = agenda::read(&bytes, &opened.group.rules.references)
                    .with_context(|| format!("{} cannot be read as an agenda", file.display()))?;
                Input::Agenda { document: Box::new(document), by }
            }
            What::Members { file } => {
                // Read as the group's own file: the bot's and the list's addresses are nobody's in it.
                let roster = GroupConfig { roster: file, ..opened.group.config.clone() }.load_roster()?;
                Input::Roster { organizations: roster.organizations, members: roster.members }
            }
        };
        let answer = perform::perform(&opened, input).await?;
        let catalogue = explain::catalogue(&opened.group.rules.language)?;
        let mut output = Output::new();
        let is_refused = answer.as_ref().is_some_and(perform::is_refused);
        if let Some(answer) = answer {
            output.text(&crate::compose::plain(&answer, opened.zone(), catalogue))?;
        }
        opened.changed().await;
        output.finish()?;
        if is_refused { Err(Failure::told().into()) } else { Ok(()) }
    }
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
