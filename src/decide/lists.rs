//! Lists that were asked for: the rest of one that is too long for a mail is asked for by the row that it begins with.

use crate::command::Command;
use crate::domain::{Member, Text};

use super::mail::Run;
use super::ran::Ran;
use super::{Answer, LineOutcome, Table};

/// A list of an answer, and the command that makes it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// The line of the answer.
    line: usize,
    /// The list, among the answer's.
    table: usize,
    /// What lists it, as it is typed.
    command: String,
    /// How many of its rows are left out at the beginning.
    before: usize,
    /// It lists what belongs to others, too.
    is_wider: bool,
}

impl Asked {
    /// Whether a line before that one asked for it.
    pub(super) const fn is_before(&self, line: usize) -> bool {
        self.line < line
    }
}

impl Run<'_> {
    /// Remembers what the lists from `first` on were asked for with.
    pub(super) fn asked(&mut self, command: &Command, first: usize) {
        let line = self.answer.lines.len();
        let tables = self.answer.tables.iter().enumerate().skip(first);
        let asked = tables.filter_map(|(table, listed)| {
            let (command, is_wider) = again(command, listed, table == first)?;
            Some(Asked { line, table, command, before: 0, is_wider })
        });
        self.lists.extend(asked.collect::<Vec<_>>());
    }

    /// `list mine from 51`, `history REF from 51`
    pub(super) fn rest(&mut self, sender: &Member, of: &Command, from: u32) -> Ran {
        let (first, before) = (self.answer.tables.len(), usize::try_from(from - 1).unwrap_or(usize::MAX));
        let ran = self.command(sender, of);
        let Some(table) = self.answer.tables.get_mut(first).filter(|_| ran.outcome == LineOutcome::Told) else {
            return ran;
        };
        let count = table.skip(before);
        // What else was told with the list was told with its beginning.
        let kept = if count > before { first + 1 } else { first };
        self.answer.tables.truncate(kept);
        self.lists.retain(|asked| asked.table < kept);
        if let Some(asked) = self.lists.iter_mut().find(|asked| asked.table == first) {
            asked.before = before;
        }
        if count > before {
            ran
        } else {
            Ran::one(LineOutcome::Refused, Text::new("refused-list-ends").with("count", count))
        }
    }
}

/// The command that lists the rows of a list alone, and whether it lists others, too.
fn again(command: &Command, table: &Table, is_first: bool) -> Option<(String, bool)> {
    let only = |command: &str| Some((command.to_owned(), false));
    match (command, table) {
        (Command::List(listing), _) if is_first => only(&format!("list {}", listing.as_str())),
        (Command::Status { of }, Table::Actions { .. }) => Some(("list open".to_owned(), !of.is_empty())),
        (Command::Status { .. }, Table::Contributions { .. }) => Some(("list contributions".to_owned(), true)),
        (Command::History { of }, Table::History { rows, .. }) if of.len() == 1 => {
            only(&format!("history {}", rows.first()?.subject))
        }
        _ => None,
    }
}

/// Says with each line of which rows were left off how to get them. Gives how many have no such line.
pub(super) fn tell_rest(answer: &mut Answer, lists: &[Asked], cut: &[(usize, usize, usize)]) -> usize {
    let mut untold = 0;
    for (table, kept, left) in cut {
        let asked = lists.iter().find(|asked| asked.table == *table);
        let Some((asked, line)) = asked.and_then(|asked| Some((asked, answer.lines.get_mut(asked.line)?))) else {
            untold += left;
            continue;
        };
        let next = asked.before + kept + 1;
        let command = match next {
            _ if asked.is_wider => asked.command.clone(),
            1 => asked.command.clone(),
            _ => format!("{} from {next}", asked.command),
        };
        let key = if asked.is_wider { "told-rest-wider" } else { "told-rest" };
        line.told.push(Text::new(key).with("count", left).with("command", command));
    }
    untold
}
