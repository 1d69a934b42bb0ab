//! `minuted completions` and `minuted man`: made of the same definition as the arguments.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use super::Arguments;
use super::failure::Failure;
use super::output::Output;

/// For which shell.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    /// Prints the completions.
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "minuted", &mut script);
        let mut output = Output::new();
        output.bytes(&script)?;
        output.finish()
    }
}

/// Of what.
#[derive(Debug, Args)]
pub struct ManPage {
    /// A command's own page; else that of the program
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

impl ManPage {
    /// Prints the page in roff.
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut program = Arguments::command();
        program.build();
        let command = match &self.command {
            None => program.clone(),
            Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| {
                let names: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
                Failure::usage(format!("there is no command {name:?}; there are {}", names.join(", ")))
            })?,
        };
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        let mut output = Output::new();
        output.bytes(&page)?;
        output.finish()
    }
}
