//! `minuted history REF`: every change of one thing, oldest first.

use clap::Args;

use super::opened::{Globals, Opened};
use super::output::{Output, row};
use super::refer;
use super::rows::{ChangeRow, moment, or_dash};
use crate::decide::HistoryRow;

/// Whose history.
#[derive(Debug, Args)]
pub struct History {
    /// A reference in any spelling, an address, "member 7" or "request 3"
    #[arg(value_name = "REF")]
    of: String,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
}

impl History {
    /// Prints the history.
    pub(super) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = Opened::to_read(globals).await?;
        let subject = refer::resolve(&opened, &self.of).await?;
        let changes = opened.store.history(opened.group.id, Some(&subject)).await?;
        let mut output = Output::new();
        if self.json {
            output.json(&changes.iter().map(ChangeRow::new).collect::<Vec<_>>())?;
        } else if changes.is_empty() {
            output.line(format!("Nothing has happened to {subject}."))?;
        } else {
            table(&opened, &changes, &mut output)?;
        }
        output.finish()
    }
}

/// The changes as a table.
pub(super) fn table(opened: &Opened, changes: &[HistoryRow], output: &mut Output) -> anyhow::Result<()> {
    let rows = changes.iter().map(ChangeRow::new).map(|change| {
        let by = match &change.message_id {
            Some(id) => format!("{}\nin {id}", change.by),
            None => change.by.clone(),
        };
        row![
            moment(change.at, opened.zone()),
            by,
            change.field,
            or_dash(change.from.as_deref()),
            or_dash(change.to.as_deref()),
        ]
    });
    output.table(&["WHEN", "BY", "FIELD", "FROM", "TO"], rows.collect())
}
