//! Blocks -> the rows of action items and contributions.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use super::blocks::{Block, Cell, Row, Table, one_line};
use super::cells::{Recognised, pattern, recognise};
use super::dates::days;
use super::sections::{Heading, Sections};
use super::{ActionItemRow, ContributionRow};
use crate::domain::{ActionItemRef, ContributionRef, ReferenceScheme};

/// So much of a section's title is quoted in a remark, in characters.
const TITLE_SHOWN: usize = 80;

/// What the tables say.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The rows of action items.
    pub action_items: Vec<ActionItemRow>,
    /// The rows of contributions.
    pub contributions: Vec<ContributionRow>,
    /// What was not understood.
    pub remarks: Vec<String>,
    /// Something looked like a row, understood or not.
    pub any: bool,
}

/// Reads every table of the document, each row under the heading it stands under.
pub(super) fn rows(blocks: &[Block], headings: Vec<Option<Heading>>, scheme: &ReferenceScheme) -> Rows {
    let mut reader = RowReader::new(scheme);
    for (block, heading) in blocks.iter().zip(headings) {
        match (block, heading) {
            (_, Some(heading)) => {
                reader.sections.enter(heading, scheme);
                reader.many_deliverables_told = false;
                reader.in_rows = false;
            }
            (Block::Paragraph(paragraph), None) => {
                reader.paragraph(&paragraph.text, paragraph.after_row);
            }
            (Block::Table(table), None) => {
                reader.in_rows = reader.table(table);
            }
        }
    }
    reader.rows
}

/// Where a row keeps what, by column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    /// Title, or WHAT.
    title: usize,
    /// Source, or WHO.
    source: Option<usize>,
    /// Status.
    status: usize,
}

/// A row's cells by what they are.
struct Named<'a> {
    title: &'a str,
    source: &'a str,
    status: &'a str,
}

struct RowReader<'a> {
    scheme: &'a ReferenceScheme,
    rows: Rows,
    sections: Sections,
    many_deliverables_told: bool,
    /// The last block was a table with rows of this group.
    in_rows: bool,
    actions_seen: HashSet<ActionItemRef>,
    contributions_seen: HashMap<ContributionRef, usize>,
}

impl<'a> RowReader<'a> {
    fn new(scheme: &'a ReferenceScheme) -> Self {
        Self {
            scheme,
            rows: Rows::default(),
            sections: Sections::default(),
            many_deliverables_told: false,
            in_rows: false,
            actions_seen: HashSet::new(),
            contributions_seen: HashMap::new(),
        }
    }

    fn paragraph(&mut self, text: &str, after_row: bool) {
        static BY_EMAIL: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?i)^(?:(?:for )?approv(?:al|ed) |agreed )?by e-?mail\b"));
        if BY_EMAIL.is_match(text) && days(text).is_none() {
            let title: String = self.sections.title().chars().take(TITLE_SHOWN).collect();
            self.remark(format!("{title}: {text}: it names no end, so no approval by e-mail was opened"));
        } else if recognise(text, self.scheme).is_some_and(|found| !matches!(found, Recognised::Doubtful(_))) {
            self.rows.any = true;
            self.remark(format!("{text}: a reference that stands in no table's row, so no row was taken from it"));
        } else if after_row && self.in_rows {
            self.remark(format!("{text}: stands below a table's last row, and was not taken as a part of it"));
        }
    }

    /// Says what was not understood, and under which agenda item it stands.
    fn remark(&mut self, what: String) {
        let item = self.sections.agenda_item();
        self.rows.remarks.push(if item.is_empty() { what } else { format!("item {item}: {what}") });
    }

    /// Reads a table; whether any of its rows is one of this group's.
    fn table(&mut self, table: &Table) -> bool {
        let found: Vec<Option<(usize, Recognised)>> = table.iter().map(|row| self.reference(row)).collect();
        let any = found.iter().any(Option::is_some);
        let width = table.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let mut columns = None;
        let mut last = None;
        for (row, found) in table.iter().zip(found) {
            // A table within a cell is read by itself; a row around it may be mere layout.
            let mut nested = false;
            for inner in row.cells.iter().flat_map(Cell::tables) {
                nested |= self.table(inner);
            }
            match found {
                Some((at, found)) => {
                    self.rows.any = true;
                    let texts: Vec<String> = row.cells.iter().map(|cell| cell.whole_text(!nested)).collect();
                    let named = named(&texts, at, columns, width);
                    last = self.row(row, at, found, named, last);
                }
                None if row.is_blank() || nested => {}
                None => match header(row) {
                    Some(named) => columns = Some(named),
                    None if any => self.remark(format!(
                        "{}: a row without a reference among rows that have one, so nothing was taken from it",
                        row.verbatim()
                    )),
                    None => {}
                },
            }
        }
        any
    }

    /// The reference of a row: in its first cell that holds anything, or in the next where the
    /// first only counts the rows.
    fn reference(&self, row: &Row) -> Option<(usize, Recognised)> {
        let is_counter = |text: &str| {
            let digits = text.trim_end_matches(['.', ')']);
            digits.len() <= 4 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let mut cells = row.cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
        let (at, cell) = cells.next()?;
        let (at, cell) = if is_counter(&cell.text) { cells.next()? } else { (at, cell) };
        recognise(&cell.text, self.scheme).map(|found| (at, found))
    }

    /// Reads a row with a reference. Gives back the contribution that rows merged with it go on.
    fn row(
        &mut self,
        row: &Row,
        at: usize,
        found: Recognised,
        named: Result<Named<'_>, String>,
        last: Option<usize>,
    ) -> Option<usize> {
        let named = match named {
            Ok(named) => named,
            Err(reason) => {
                self.remark(format!("{}: {reason}, so nothing was taken from it", row.verbatim()));
                return None;
            }
        };
        match found {
            Recognised::Doubtful(reason) => {
                self.remark(format!("{}: {reason}, so nothing was taken from it", row.verbatim()));
                None
            }
            Recognised::Action(reference) => {
                self.action(row, reference, &named);
                None
            }
            Recognised::Contribution(reference) => {
                let goes_on = row.cells.get(at).is_some_and(|cell| cell.continued);
                match last.filter(|_| goes_on && self.contributions_seen.get(&reference) == last.as_ref()) {
                    Some(last) => {
                        self.go_on(last, row, named.status);
                        Some(last)
                    }
                    None => self.contribution(row, at, reference, &named),
                }
            }
        }
    }

    fn action(&mut self, row: &Row, reference: ActionItemRef, named: &Named<'_>) {
        if !self.actions_seen.insert(reference.clone()) {
            self.remark(format!("{}: {reference} is given twice, and the first row was kept", row.verbatim()));
            return;
        }
        self.rows.action_items.push(ActionItemRow {
            reference,
            what: one_line(named.title),
            who: one_line(named.source),
            status: named.status.to_owned(),
        });
    }

    fn contribution(&mut self, row: &Row, at: usize, reference: ContributionRef, named: &Named<'_>) -> Option<usize> {
        let says_agenda = |text: &str| text.to_lowercase().contains("agenda");
        if says_agenda(self.sections.title()) && says_agenda(named.title) {
            self.remark(format!("{}: taken for the agenda's own document, which is no contribution", row.verbatim()));
            return None;
        }
        if self.contributions_seen.contains_key(&reference) {
            self.remark(format!("{}: {reference} is given twice, and the first row was kept", row.verbatim()));
            return None;
        }
        let deliverable = match self.sections.deliverables() {
            [deliverable] => Some(deliverable.clone()),
            [] => None,
            many => {
                let many = many.join(", ");
                if !std::mem::replace(&mut self.many_deliverables_told, true) {
                    self.remark(format!("its heading names {many}: its contributions were put under none of them"));
                }
                None
            }
        };
        let index = self.rows.contributions.len();
        self.contributions_seen.insert(reference.clone(), index);
        self.rows.contributions.push(ContributionRow {
            reference,
            reference_cell: row.cells.get(at).map(|cell| cell.text.clone()).unwrap_or_default(),
            title: one_line(named.title),
            source: one_line(named.source),
            status_cell: named.status.to_owned(),
            agenda_item: self.sections.agenda_item(),
            deliverable,
        });
        Some(index)
    }

    /// A row whose reference cell is merged with the row above goes on with that row's status.
    fn go_on(&mut self, index: usize, row: &Row, status: &str) {
        let Some(contribution) = self.rows.contributions.get_mut(index) else { return };
        let own = row.cells.iter().any(|cell| !cell.continued && cell.text == status);
        if own && !status.is_empty() {
            if !contribution.status_cell.is_empty() {
                contribution.status_cell.push('\n');
            }
            contribution.status_cell.push_str(status);
        }
    }
}

/// What a row's cells are, or why that cannot be said. Without a header above, they are title,
/// source and status in the cells after the reference.
fn named<'a>(cells: &'a [String], at: usize, columns: Option<Columns>, width: usize) -> Result<Named<'a>, String> {
    let cell = |at: usize| cells.get(at).map_or("", String::as_str);
    let columns = columns.filter(|columns| columns.title != at && columns.status != at);
    let used = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    let columns = match columns {
        Some(columns) => columns,
        // A row may lack the cells at its end that are empty, but not where no row has them.
        None if width < at + 4 => {
            return Err(format!("has {} cells, where a reference, a title, a source and a status are expected", used));
        }
        None => Columns { title: at + 1, source: Some(at + 2), status: at + 3 },
    };
    let known = |column: usize| {
        column <= at || column == columns.title || Some(column) == columns.source || column == columns.status
    };
    if let Some(other) = (0..used).find(|column| !known(*column) && !cell(*column).is_empty()) {
        return Err(format!("its cell {:?} stands in a column of unknown meaning", cell(other)));
    }
    Ok(Named { title: cell(columns.title), source: columns.source.map_or("", cell), status: cell(columns.status) })
}

/// The columns that a row of titles names, in any of the words that groups use for them.
fn header(row: &Row) -> Option<Columns> {
    const REFERENCE: [&str; 9] = ["reference", "ref", "number", "no", "nr", "doc", "document", "contribution", "tdoc"];
    const TITLE: [&str; 5] = ["what", "title", "subject", "description", "topic"];
    const SOURCE: [&str; 9] =
        ["who", "source", "sources", "company", "companies", "owner", "owners", "responsible", "author"];
    const STATUS: [&str; 6] = ["status", "outcome", "result", "decision", "disposition", "conclusion"];
    let (mut reference, mut title, mut source, mut status) = (None, None, None, None);
    for (at, cell) in row.cells.iter().enumerate().filter(|(_, cell)| cell.text.len() <= 60) {
        let lower = cell.text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
        let says = |names: &[&str]| words.iter().any(|word| names.contains(word));
        let role = if says(&TITLE) {
            &mut title
        } else if says(&STATUS) {
            &mut status
        } else if says(&SOURCE) {
            &mut source
        } else if says(&REFERENCE) {
            &mut reference
        } else {
            continue;
        };
        role.get_or_insert(at);
    }
    // A sentence with one of these words is no header: the title and the status must have a column each.
    Some(Columns { title: title?, source, status: status? })
}

impl Cell {
    /// The text of the cell, `with_tables` with that of the tables within it.
    fn whole_text(&self, with_tables: bool) -> String {
        let mut text = self.text.clone();
        for row in self.tables().flatten().filter(|_| with_tables) {
            for inner in &row.cells {
                let inner = inner.whole_text(true);
                if !inner.is_empty() {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    text.push_str(&inner);
                }
            }
        }
        text
    }
}
