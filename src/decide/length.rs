//! How long an answer may become: fifty lists of a large group would be a mail of megabytes.

use crate::domain::Text;

use super::lists::{self, Asked};
use super::{ActionRow, Answer, Table};

/// The octets that an answer's lists may take as text and HTML, and those that what is told of its lines
/// may, roughly.
const MOST_OF_LISTS: usize = 180_000;
const MOST_OF_LINES: usize = 120_000;

/// What a row and a told text cost beside their words, and a character of them: it stands in the text
/// and in the HTML, and some are written in three.
const ROW: usize = 1200;
const TOLD: usize = 300;
const CHARACTER: usize = 3;

/// The most characters of a cell that are shown.
const CELL: usize = 1000;

/// Cuts what would make the answer too long, and says so.
pub(super) fn cut(answer: &mut Answer, asked: &[Asked]) {
    let mut left = MOST_OF_LINES;
    for line in &mut answer.lines {
        let mut fits = 0;
        for told in &line.told {
            left = left.saturating_sub(TOLD + characters(told));
            fits += usize::from(left > 0);
        }
        // Each line has its answer, however many there are: at most a hundred.
        let more = line.told.len().saturating_sub(fits.max(1));
        if more > 0 {
            line.told.truncate(fits.max(1));
            line.told.push(Text::new("told-more").with("count", more));
        }
    }
    let mut left = MOST_OF_LISTS;
    let tables = answer.tables.iter_mut().enumerate();
    let cut: Vec<(usize, usize, usize)> = tables
        .map(|(at, table)| {
            let cut = cut_list(table, &mut left);
            (at, table.len(), cut)
        })
        .filter(|(_, _, cut)| *cut > 0)
        .collect();
    let rows: usize = cut.iter().map(|(_, _, cut)| cut).sum();
    let untold = lists::tell_rest(answer, asked, &cut);
    if rows > 0 && answer.intro.is_none() {
        let key = if untold > 0 { "intro-cut" } else { "intro-cut-told" };
        answer.intro = Some(Text::new(key).with("count", rows));
    }
}

/// Leaves off the rows that do not fit, and says how many.
fn cut_list(table: &mut Table, left: &mut usize) -> usize {
    match table {
        Table::Actions { rows, .. } => keep(rows, left, action),
        Table::Contributions { rows, .. } => keep(rows, left, |row| {
            let row = &row.contribution;
            let left: usize = row.life.open_follow_ups().map(|kind| kind.to_string().len().min(CELL)).sum();
            let cells = [&row.reference_cell, &row.title, &row.source].map(|cell| cell.len().min(CELL));
            cells.iter().sum::<usize>() + left.min(CELL)
        }),
        Table::Members { rows, .. } => {
            keep(rows, left, |row| row.name.len().min(CELL) + row.organization.len().min(CELL))
        }
        Table::Meetings { rows, .. } => keep(rows, left, |row| {
            let names = row.comes.iter().flat_map(|comes| &comes.names).map(|name| name.len().min(CELL));
            let sessions = row.meeting.sessions.iter().map(|session| 100 + session.title.len().min(CELL));
            sessions.chain(names).sum()
        }),
        Table::History { rows, .. } => keep(rows, left, |row| {
            let values =
                [&row.from, &row.to, &row.message_id].map(|value| value.as_ref().map_or(0, String::len).min(CELL));
            values.iter().sum()
        }),
        Table::Approvals { rows, .. } => keep(rows, left, |row| {
            let objections =
                row.objections.iter().map(|each| 100 + each.because.as_ref().map_or(0, |it| it.len().min(CELL)));
            row.title.len().min(CELL) + objections.sum::<usize>()
        }),
        // Few and short; and what mails there are must not decide which rows are numbered.
        Table::Commands { .. } | Table::Calls { .. } | Table::Thread { .. } => 0,
        Table::Documents { rows, .. } => keep(rows, left, |row| row.title.len().min(CELL) + row.source.len().min(CELL)),
        // No answer has them.
        Table::Deliverables { .. } => 0,
    }
}

fn action(row: &ActionRow) -> usize {
    let item = row.item.as_ref().map_or(0, |item| {
        let note = item.notes.last().map_or(0, str::len);
        [item.what.len(), item.who.as_str().len(), note].map(|length| length.min(CELL)).iter().sum()
    });
    item + row.waits.as_ref().map_or(0, |waits| characters(waits) / CHARACTER)
}

fn keep<T>(rows: &mut Vec<T>, left: &mut usize, length: impl Fn(&T) -> usize) -> usize {
    let fits = rows.iter().take_while(|row| {
        let cost = ROW + CHARACTER * length(row);
        let fits = cost <= *left;
        *left = if fits { *left - cost } else { 0 };
        fits
    });
    let fits = fits.count();
    let cut = rows.len() - fits;
    rows.truncate(fits);
    cut
}

fn characters(text: &Text) -> usize {
    CHARACTER * text.arguments.iter().map(|(_, value)| value.len()).sum::<usize>()
}
