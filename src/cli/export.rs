//! `minuted export`: what is kept, for other programs.

mod agenda;
mod listed;
mod sheet;

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};

use self::agenda::Agenda;
use super::failure::Failure;
use super::opened::Globals;

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
    /// The action items: csv, xlsx, json, md, txt, html or docx
    Actions {
        /// Only those that are neither closed nor cancelled
        #[arg(long)]
        pending: bool,
        #[command(flatten)]
        to: To,
    },
    /// The list of contributions: csv, xlsx or json
    Contributions {
        #[command(flatten)]
        to: To,
    },
    /// Every change, oldest first: who made it, when, and by which mail: csv, json or txt
    History {
        #[command(flatten)]
        to: To,
    },
}

/// As what, and where to.
#[derive(Debug, Args)]
struct To {
    /// The kind of file; else what --output ends in
    #[arg(long, value_enum)]
    format: Option<Kind>,
    /// As JSON, for programs: the same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// The file, instead of standard output; one that is there is replaced
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Word, `LibreOffice`
    Docx,
    /// A page
    Html,
    /// Text, as word processors save it
    Txt,
    /// Markdown
    Md,
    /// Comma-separated values, UTF-8
    Csv,
    /// Excel
    Xlsx,
    /// What it says, for programs
    Json,
}

impl Kind {
    /// The kind that a file's name ends in.
    fn of(file: &Path) -> Option<Self> {
        let ending = file.extension()?.to_str()?.to_lowercase();
        match ending.as_str() {
            "htm" => Some(Self::Html),
            "markdown" => Some(Self::Md),
            ending => Self::from_str(ending, true).ok(),
        }
    }

    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

impl To {
    /// The kind of file that is wanted: the first of those that there are, where nothing says it.
    fn kind(&self, known: &[Kind]) -> anyhow::Result<Kind> {
        let named = if self.json { Some(Kind::Json) } else { self.format };
        // A file may have any name.
        let ending = || self.output.as_deref().and_then(Kind::of).filter(|kind| known.contains(kind));
        let kind = named.or_else(ending).or_else(|| known.first().copied()).unwrap_or(Kind::Txt);
        if !known.contains(&kind) {
            let known: Vec<String> = known.iter().map(|kind| kind.name()).collect();
            return Err(Failure::usage(format!(
                "this is exported as {}, and not as {}",
                known.join(", "),
                kind.name()
            ))
            .into());
        }
        if self.output.is_none() && matches!(kind, Kind::Docx | Kind::Xlsx) && io::stdout().is_terminal() {
            let kind = kind.name();
            return Err(
                Failure::refused(format!("a .{kind} file is no text for a terminal; give --output FILE")).into()
            );
        }
        Ok(kind)
    }

    /// Writes the file, or to standard output.
    fn write(&self, bytes: &[u8]) -> anyhow::Result<()> {
        write(self.output.as_deref(), bytes)
    }
}

impl Export {
    /// Writes it.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        match self.what {
            What::Agenda(agenda) => agenda.run(globals).await,
            What::Actions { pending, to } => listed::actions(globals, pending, &to).await,
            What::Contributions { to } => listed::contributions(globals, &to).await,
            What::History { to } => listed::history(globals, &to).await,
        }
    }
}

/// Writes a file, or to standard output.
pub(super) fn write(output: Option<&Path>, bytes: &[u8]) -> anyhow::Result<()> {
    match output {
        Some(file) => fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display())),
        None => io::stdout().write_all(bytes).context("cannot write to standard output"),
    }
}
