//! How long a digest may become: what is longer than mail programs show at once is cut, and says so.

use crate::decide::{Digest, Table, keep_newest};

use super::digest::{digest_subject, page};
use super::mail::Letter;
use super::page::{Block, Page, Reply};
use super::{Catalogue, html};

/// The most octets of HTML, line ends as they are sent. Gmail hides what is behind 102 kB.
const MOST: usize = 100_000;

/// What is kept of that for replies that stand beside no row.
const REPLIES: usize = 2_000;

/// The section of open action items that nothing is urgent about.
const LEAST: &str = "digest-open";

/// The digest, cut to what fits, and what is cut counted. What matters least is cut first.
///
/// Measured without the replies that are ready: their addresses are others where a journal is replayed, and the same
/// rows must have numbers there.
#[must_use]
pub fn fitted(digest: Digest, letter: &Letter, catalogue: &Catalogue) -> Digest {
    let fits = |digest: &Digest| {
        let mut page = page(digest, &digest_subject(digest, letter, catalogue), letter, catalogue);
        page.blocks.retain(|block| !matches!(block, Block::Reply(_)));
        replies(&mut page).for_each(|reply| *reply = None);
        length(&html::html(&page)) <= MOST - REPLIES
    };
    if fits(&digest) {
        return digest;
    }
    let (_, left) = cut(digest.clone(), usize::MAX);
    let few = most(usize::MAX - left, |rows| fits(&cut(digest.clone(), rows).0));
    cut(digest, few).0
}

/// The most of so many that fits. All do not; of nothing that is not asked.
fn most(all: usize, fits: impl Fn(usize) -> bool) -> usize {
    let (mut few, mut many) = (0, all);
    while few + 1 < many {
        let middle = usize::midpoint(few, many);
        if fits(middle) {
            few = middle;
        } else {
            many = middle;
        }
    }
    few
}

/// The page as HTML: where it would be too long, the last rows go without replies that are ready.
pub(super) fn html(page: &Page) -> String {
    let all = html::html(page);
    if length(&all) <= MOST {
        return all;
    }
    let with = |count: usize| {
        let mut page = page.clone();
        replies(&mut page).skip(count).for_each(|reply| *reply = None);
        html::html(&page)
    };
    let count = replies(&mut page.clone()).count();
    with(most(count, |count| length(&with(count)) <= MOST))
}

/// How many octets a text has as it is sent.
fn length(text: &str) -> usize {
    text.len() + text.bytes().filter(|byte| *byte == b'\n').count()
}

/// The replies that stand beside rows.
fn replies(page: &mut Page) -> impl Iterator<Item = &mut Option<Reply>> {
    let lists = page.blocks.iter_mut().filter_map(|block| match block {
        Block::Table(list) => Some(list),
        _ => None,
    });
    lists.flat_map(|list| &mut list.rows).map(|row| &mut row.reply).filter(|reply| reply.is_some())
}

/// A digest with so many rows at most, and room for how many more there would be.
fn cut(mut digest: Digest, rows: usize) -> (Digest, usize) {
    // What is new is what many read it for: it is never left out whole.
    let news = digest.changed.len().min(rows.div_ceil(4));
    let mut room = Room(rows - news);
    let (mut items, mut documents) = (0, 0);
    digest.more_approvals += room.tables(digest.approvals.iter_mut());
    for table in digest.reports.iter_mut().flat_map(|report| &mut report.tables) {
        let more = if matches!(table, Table::Actions { .. }) { &mut items } else { &mut documents };
        *more += room.table(table);
    }
    let is_least = |table: &Table| matches!(table, Table::Actions { title, .. } if title.key == LEAST);
    items += room.tables(digest.tables.iter_mut().filter(|table| !is_least(table)));
    let sessions: usize = digest.meetings().iter().map(|meeting| meeting.sessions.len()).sum();
    digest.most_sessions = sessions.min(room.0);
    room.0 -= digest.most_sessions;
    room.0 += news;
    digest.more_changed += keep_newest(&mut digest.changed, room.0);
    room.0 -= digest.changed.len();
    documents += room.tables(digest.awaited.iter_mut().chain(&mut digest.documents));
    items += room.tables(digest.tables.iter_mut().filter(|table| is_least(table)));
    documents += room.tables(digest.reports.iter_mut().filter_map(|report| report.untreated.as_mut()));
    documents += room.rows(&mut digest.deliverables);
    digest.more_rows += items;
    digest.more_documents += documents;
    without_empty(&mut digest);
    (digest, room.0)
}

/// Leaves off the lists of which nothing is left.
fn without_empty(digest: &mut Digest) {
    for report in &mut digest.reports {
        report.tables.retain(has_rows);
        report.untreated = report.untreated.take().filter(has_rows);
    }
    for tables in [&mut digest.tables, &mut digest.awaited, &mut digest.documents, &mut digest.approvals] {
        tables.retain(has_rows);
    }
}

fn has_rows(table: &Table) -> bool {
    match table {
        Table::Actions { rows, .. } => !rows.is_empty(),
        Table::Contributions { rows, .. } => !rows.is_empty(),
        Table::Documents { rows, .. } => !rows.is_empty(),
        Table::Approvals { rows, .. } => !rows.is_empty(),
        _ => true,
    }
}

/// How many rows there is still room for.
struct Room(usize);

impl Room {
    fn tables<'a>(&mut self, tables: impl Iterator<Item = &'a mut Table>) -> usize {
        tables.map(|table| self.table(table)).sum()
    }

    fn table(&mut self, table: &mut Table) -> usize {
        match table {
            Table::Actions { rows, .. } => self.rows(rows),
            Table::Contributions { rows, .. } => self.rows(rows),
            Table::Documents { rows, .. } => self.rows(rows),
            Table::Approvals { rows, .. } => self.rows(rows),
            // No other list of a digest is long.
            _ => 0,
        }
    }

    /// Keeps what there is room for. Says how much it cuts.
    fn rows<T>(&mut self, rows: &mut Vec<T>) -> usize {
        let more = rows.len().saturating_sub(self.0);
        rows.truncate(self.0);
        self.0 -= rows.len();
        more
    }
}
