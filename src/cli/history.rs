//! `minuted history REF`: every change of one thing, oldest first, and the mails that mention it.

use clap::Args;

use super::opened::{Globals, Opened};
use super::output::{Output, row};
use super::refer;
use super::rows::{ChangeRow, moment, or_dash};
use crate::decide::HistoryRow;
use crate::domain::{ApprovalOf, Subject};
use crate::store::MentionRow;

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
        let changes = changes(&opened, &subject).await?;
        let mut output = Output::new();
        if self.json {
            output.json(&changes.iter().map(ChangeRow::new).collect::<Vec<_>>())?;
        } else if changes.is_empty() {
            output.line(format!("Nothing has happened to {subject}."))?;
        } else {
            table(&opened, &changes, &mut output)?;
        }
        if !self.json {
            let mentions = opened.store.mentions(opened.group.id, &subject.to_string()).await?;
            thread(&opened, &mentions, &mut output)?;
        }
        output.finish()
    }
}

/// What happened to a thing; of a contribution and of a meeting, to its approvals as well.
pub(super) async fn changes(opened: &Opened, subject: &Subject) -> anyhow::Result<Vec<HistoryRow>> {
    let (store, group) = (&opened.store, opened.group.id);
    let mut changes = store.history(group, Some(subject)).await?;
    let is_own = |of: &ApprovalOf| match (subject, of) {
        (Subject::Contribution(own), of) => of.contribution() == Some(own),
        (Subject::Meeting(own), ApprovalOf::Minutes(meeting)) => own == meeting,
        _ => false,
    };
    for approval in store.approvals(group, false).await?.into_iter().filter(|approval| is_own(&approval.of)) {
        changes.extend(store.history(group, Some(&Subject::Approval(approval.of))).await?);
    }
    changes.sort_by_key(|change| change.at);
    Ok(changes)
}

/// The mails that mention something, as a table; nothing where none does.
pub(super) fn thread(opened: &Opened, mentions: &[MentionRow], output: &mut Output) -> anyhow::Result<()> {
    if mentions.is_empty() {
        return Ok(());
    }
    output.line("")?;
    output.line("Who wrote about it:")?;
    let rows = mentions.iter().map(|mention| {
        row![
            mention.message.id.to_string(),
            moment(mention.message.received_at, opened.zone()),
            or_dash(mention.message.from.as_deref()),
            or_dash(mention.message.subject.as_deref()),
            mention.reference.as_str(),
        ]
    });
    output.table(&["MESSAGE", "RECEIVED", "FROM", "SUBJECT", "AS"], rows.collect())
}

/// The changes as a table.
pub(super) fn table(opened: &Opened, changes: &[HistoryRow], output: &mut Output) -> anyhow::Result<()> {
    let rows = changes.iter().map(|row| (row, ChangeRow::new(row))).map(|(row, change)| {
        let field = match &row.subject {
            Subject::Approval(_) => format!("{}: {}", row.subject, change.field),
            _ => change.field,
        };
        let by = match &change.message_id {
            Some(id) => format!("{}\nin {id}", change.by),
            None => change.by.clone(),
        };
        row![
            moment(change.at, opened.zone()),
            by,
            field,
            or_dash(change.from.as_deref()),
            or_dash(change.to.as_deref()),
        ]
    });
    output.table(&["WHEN", "BY", "FIELD", "FROM", "TO"], rows.collect())
}
