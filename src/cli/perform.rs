//! `minuted do "COMMANDS" --as ADDRESS`: what a member could mail, done by the operator.

use clap::Args;

use super::failure::Failure;
use super::opened::{Globals, Opened, address};
use super::output::Output;
use crate::compose;
use crate::decide::{Answer, LineOutcome};
use crate::domain::EmailAddress;
use crate::steps;

/// Which commands, and in whose name.
#[derive(Debug, Args)]
pub struct Do {
    /// The commands as one would mail them, a line each
    #[arg(value_name = "COMMANDS")]
    commands: String,
    /// The member in whose name they are done
    #[arg(long = "as", value_name = "ADDRESS", value_parser = address)]
    by: EmailAddress,
}

impl Do {
    /// Does them and prints the answer.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_write(globals).await?;
        let roster = opened.store.roster(opened.group.id).await?;
        if roster.member_by_address(&self.by).is_none_or(|member| member.left) {
            return Err(Failure::refused(format!(
                "{} is no member's address; `minuted list members` lists them",
                self.by
            ))
            .into());
        }
        let catalogue = opened.catalogue()?;
        let input = steps::operator_mail(&self.by, &self.commands, &opened.group.rules, opened.now);
        let answer = steps::perform_in(&opened.store, &opened.group, input, opened.now).await?;
        let mut output = Output::new();
        match &answer {
            Some(answer) => output.text(&compose::plain(answer, opened.zone(), catalogue))?,
            None => output.line("Nothing was understood as a command, and nothing was changed.")?,
        }
        opened.changed().await;
        output.finish()?;
        if answer.as_ref().is_none_or(is_refused) { Err(Failure::told().into()) } else { Ok(()) }
    }
}

/// Whether a line was refused, or none was understood.
fn is_refused(answer: &Answer) -> bool {
    answer.lines.is_empty()
        || (answer.lines.iter()).any(|line| matches!(line.outcome, LineOutcome::Refused | LineOutcome::Partly))
}
