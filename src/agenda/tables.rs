//! Blocks -> the rows of action items and contributions.

mod named;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

pub(super) use self::named::item_of;
use self::named::{Named, Unknown, has_its_status, led};
use super::NONE;
use super::blocks::{Block, Cell, ItemNumber, Row, Table, one_line};
use super::cells::{Recognised, pattern, recognise, reference_cell};
use super::columns::{Columns, Role, header, inferred};
use super::dates::{days, times};
use super::sections::{Heading, Sections, deliverables, is_numbered_title};
use super::{ActionItemRow, ContributionRow};
use crate::domain::{ActionItemRef, ContributionRef, ReferenceScheme};

/// So much of a section's title is quoted in a remark, in characters.
const TITLE_SHOWN: usize = 80;
/// A heading within a table is not longer, in bytes.
const TITLE: usize = 200;
/// A cell that says when is not longer, in bytes.
const TIME: usize = 60;

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
    for heading in headings.iter().flatten() {
        reader.note_item(heading);
    }
    for (at, (block, heading)) in blocks.iter().zip(headings).enumerate() {
        match (block, heading) {
            (_, Some(heading)) => {
                reader.sections.enter(heading, scheme);
                reader.many_deliverables_told = false;
                reader.in_rows = false;
            }
            (Block::Paragraph(paragraph), None) => {
                reader.paragraph(&paragraph.text, paragraph.after_row);
                if matches!(blocks.get(at + 1), Some(Block::Table(_))) {
                    reader.sections.enter_table(&paragraph.text, scheme);
                }
            }
            (Block::Table(table), None) => {
                reader.in_rows = reader.table(table);
                reader.tell_unknown();
                reader.sections.leave_table();
            }
        }
    }
    reader.rows
}

/// Lists the lines that begin with a reference, of a document in which no table has rows: nothing is taken from
/// them, for nothing says where a title ends and a source begins.
pub(super) fn list_lines(blocks: &[Block], scheme: &ReferenceScheme, rows: &mut Rows) {
    for block in blocks {
        let Block::Paragraph(paragraph) = block else { continue };
        for line in paragraph.text.lines() {
            let first = line.split_whitespace().next().unwrap_or_default().trim_end_matches([':', ',', ';']);
            if matches!(recognise(first, scheme), Some(Recognised::Contribution(_) | Recognised::Action(_))) {
                rows.any = true;
                let line = line.trim();
                rows.remarks.push(format!(
                    "{line}: begins with a reference, but stands in no table, so nothing was taken from it"
                ));
            }
        }
    }
}

/// A row with a reference.
struct Listed<'t> {
    row: &'t Row,
    /// The column of its reference.
    at: usize,
    /// What its cells say.
    texts: Vec<String>,
}

/// What is known of a table's columns.
struct Layout {
    columns: Columns,
    /// How many there are.
    width: usize,
}

/// What a table's rows hold, between one row of headings and the next.
struct Part<'t> {
    rows: Vec<&'t Row>,
    headings: Option<Columns>,
}

/// The tables of a kind and width whose headings say what a table without headings holds.
type Layouts = HashMap<(bool, usize, usize), Columns>;

/// Where the reading of the tables stands.
struct RowReader<'a> {
    scheme: &'a ReferenceScheme,
    rows: Rows,
    sections: Sections,
    many_deliverables_told: bool,
    /// The last block was a table with rows of this group.
    in_rows: bool,
    actions_seen: HashSet<ActionItemRef>,
    contributions_seen: HashMap<ContributionRef, usize>,
    layouts: Layouts,
    /// The last cell of these rows that names an agenda item.
    item_above: String,
    /// The deliverables that the headings of agenda items name, by the item's number.
    items: BTreeMap<ItemNumber, Vec<String>>,
    /// What columns of unknown meaning said, by their headings.
    unknown: BTreeMap<String, Unknown>,
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
            layouts: HashMap::new(),
            item_above: String::new(),
            items: BTreeMap::new(),
            unknown: BTreeMap::new(),
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

    /// The deliverables of an agenda item are those that its heading names.
    fn note_item(&mut self, heading: &Heading) {
        if let Some(number) = &heading.number {
            self.items.insert(number.clone(), deliverables(&heading.title, self.scheme));
        }
    }

    /// Reads a table; whether any of its rows is one of this group's.
    fn table(&mut self, table: &Table) -> bool {
        let mut parts = vec![Part { rows: Vec::new(), headings: None }];
        for row in table {
            if self.own(row).is_none()
                && let Some(headings) = header(row)
            {
                parts.push(Part { rows: Vec::new(), headings: Some(headings) });
            } else if let Some(part) = parts.last_mut() {
                part.rows.push(row);
            }
        }
        let width = table.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let mut any = false;
        for part in parts {
            any |= self.part(&part, width);
        }
        any
    }

    /// Reads the rows below one row of headings.
    fn part(&mut self, part: &Part<'_>, width: usize) -> bool {
        let at = self.reference_column(part);
        let found: Vec<Option<(usize, Recognised)>> = part.rows.iter().map(|row| self.reference(row, at)).collect();
        let any = found.iter().any(Option::is_some);
        let columns = if any { self.columns(part, &found, width) } else { Columns::default() };
        let layout = Layout { columns, width };
        self.item_above.clear();
        let (mut last, mut above) = (None, None);
        for (row, found) in part.rows.iter().zip(found) {
            // A table within a cell is read by itself; a row around it may be mere layout.
            let mut nested = false;
            for inner in row.cells.iter().flat_map(Cell::tables) {
                nested |= self.table(inner);
            }
            match found {
                Some((at, found)) => {
                    self.rows.any = true;
                    let texts: Vec<String> = row.cells.iter().map(|cell| cell.whole_text(!nested)).collect();
                    last = self.row(&Listed { row, at, texts }, found, &layout, last);
                    above = last;
                }
                None if row.is_blank() || nested => {}
                None if any && self.section(row) => (last, above) = (None, None),
                None if any && self.continues(row, above, &layout.columns) => {}
                None if any => {
                    above = None;
                    self.remark(format!(
                        "{}: a row without a reference among rows that have one, so nothing was taken from it",
                        row.verbatim()
                    ));
                }
                None => {}
            }
        }
        any
    }

    /// The column in which rows have their reference, where there is one beside the first: the
    /// leftmost of those that hold about as many references as any.
    fn reference_column(&self, part: &Part<'_>) -> Option<usize> {
        let mut counts: Vec<usize> = Vec::new();
        for row in &part.rows {
            // A schedule may name documents; its rows are sessions.
            if row.cells.iter().any(|cell| cell.text.len() <= TIME && times(&one_line(&cell.text)).is_some()) {
                continue;
            }
            counts.resize(row.cells.len().max(counts.len()), 0);
            for (cell, count) in row.cells.iter().zip(&mut counts) {
                *count += usize::from(self.is_reference(cell));
            }
        }
        if let Some(headings) = &part.headings {
            for (column, count) in counts.iter_mut().enumerate() {
                match headings.role(column) {
                    Some(Role::RevisedTo | Role::Comment) => *count = 0,
                    Some(Role::Reference) if *count > 0 => return Some(column),
                    _ => {}
                }
            }
        }
        let most = counts.iter().copied().max().filter(|most| *most > 0)?;
        counts.iter().position(|count| count * 4 >= most * 3)
    }

    fn is_reference(&self, cell: &Cell) -> bool {
        matches!(recognise(&cell.text, self.scheme), Some(Recognised::Contribution(_) | Recognised::Action(_)))
    }

    /// The reference of a row: in the column that has the table's, else in its first cell.
    fn reference(&self, row: &Row, at: Option<usize>) -> Option<(usize, Recognised)> {
        let at = at.filter(|at| *at > 0);
        let found = at.and_then(|at| Some((at, recognise(&row.cells.get(at)?.text, self.scheme)?)));
        found.or_else(|| self.own(row))
    }

    /// The reference of a row by itself: in its first cell that holds anything, or in the next
    /// where the first only counts the rows.
    fn own(&self, row: &Row) -> Option<(usize, Recognised)> {
        let is_counter = |text: &str| {
            let digits = text.trim_end_matches(['.', ')']);
            digits.len() <= 4 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let mut cells = row.cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
        let (at, cell) = cells.next()?;
        let (at, cell) = if is_counter(&cell.text) { cells.next()? } else { (at, cell) };
        recognise(&cell.text, self.scheme).map(|found| (at, found))
    }

    /// What the columns hold: by the headings, by those of an earlier table of the same form, or by
    /// what is in them.
    fn columns(&mut self, part: &Part<'_>, found: &[Option<(usize, Recognised)>], width: usize) -> Columns {
        let sure = |found: &Recognised| !matches!(found, Recognised::Doubtful(_));
        let rows = part.rows.iter().zip(found).filter_map(|(row, found)| Some((*row, found.as_ref()?)));
        let (mut listed, mut counts, mut actions) = (Vec::new(), BTreeMap::new(), 0_usize);
        for (row, (at, found)) in rows {
            if sure(found) {
                listed.push(row);
                *counts.entry(*at).or_insert(0_usize) += 1;
            }
            actions += usize::from(matches!(found, Recognised::Action(_)));
        }
        let at = counts.iter().max_by_key(|(at, count)| (**count, std::cmp::Reverse(**at))).map_or(0, |(at, _)| *at);
        let form = (actions * 2 > listed.len(), width, at);
        if let Some(headings) = &part.headings {
            let columns = headings.clone().with_reference(at);
            self.layouts.insert(form, columns.clone());
            return columns;
        }
        match self.layouts.get(&form) {
            // Rows over the page without the headings above them: unless their cells say otherwise.
            Some(known) if has_its_status(&listed, known) => known.clone(),
            _ => inferred(&listed, at, self.scheme),
        }
    }

    /// A row that is a heading within a table: a number and a title, or a title that names a deliverable.
    fn section(&mut self, row: &Row) -> bool {
        let mut texts: Vec<&str> = row
            .cells
            .iter()
            .filter(|cell| !cell.continued && !cell.text.is_empty())
            .map(|cell| cell.text.as_str())
            .collect();
        texts.dedup();
        let (number, title) = match *texts.as_slice() {
            [text] if is_numbered_title(text) && !text.contains('\n') => match ItemNumber::leading(text) {
                Some((number, title)) => (Some(number), title.to_owned()),
                None => return false,
            },
            [text] if text.len() <= TITLE && !deliverables(text, self.scheme).is_empty() => (None, one_line(text)),
            [number, title] if title.len() <= TITLE => match ItemNumber::leading(number) {
                Some((number, "")) => (Some(number), one_line(title)),
                _ => return false,
            },
            _ => return false,
        };
        let heading = Heading { number, title };
        self.note_item(&heading);
        self.item_above.clear();
        self.sections.enter(heading, self.scheme);
        self.many_deliverables_told = false;
        true
    }

    /// Reads a row with a reference. Gives back the contribution that rows merged with it go on.
    fn row(&mut self, listed: &Listed<'_>, found: Recognised, layout: &Layout, last: Option<usize>) -> Option<usize> {
        let Listed { row, at, texts } = listed;
        if layout.width <= 1 {
            let used = texts.iter().filter(|text| !text.is_empty()).count();
            self.remark(format!(
                "{}: has {used} cells, where a reference, a title, a source and a status are expected, so nothing was \
                 taken from it",
                row.verbatim()
            ));
            return None;
        }
        match found {
            Recognised::Doubtful(reason) => {
                self.remark(format!("{}: {reason}, so nothing was taken from it", row.verbatim()));
                None
            }
            Recognised::Action(reference) => {
                let named = self.named(&reference.to_string(), listed, &layout.columns);
                self.action(row, reference, &named);
                None
            }
            Recognised::Contribution(reference) => {
                let goes_on = row.cells.get(*at).is_some_and(|cell| cell.continued);
                let named = self.named(&reference.to_string(), listed, &layout.columns);
                match last.filter(|_| goes_on && self.contributions_seen.get(&reference) == last.as_ref()) {
                    Some(last) => {
                        self.go_on(last, row, &named.status);
                        Some(last)
                    }
                    None => self.contribution(row, *at, reference, &named),
                }
            }
        }
    }

    fn action(&mut self, row: &Row, reference: ActionItemRef, named: &Named) {
        if !self.actions_seen.insert(reference.clone()) {
            self.remark(format!("{}: {reference} is given twice, and the first row was kept", row.verbatim()));
            return;
        }
        self.rows.action_items.push(ActionItemRow {
            reference,
            what: one_line(&named.title),
            who: led(&one_line(&named.source)),
            status: named.status.clone(),
        });
    }

    fn contribution(&mut self, row: &Row, at: usize, reference: ContributionRef, named: &Named) -> Option<usize> {
        let says_agenda = |text: &str| text.to_lowercase().contains("agenda");
        if says_agenda(self.sections.title()) && says_agenda(&named.title) {
            self.remark(format!("{}: taken for the agenda's own document, which is no contribution", row.verbatim()));
            return None;
        }
        if self.contributions_seen.contains_key(&reference) {
            self.remark(format!("{}: {reference} is given twice, and the first row was kept", row.verbatim()));
            return None;
        }
        let item = self.item(&named.item);
        let named_deliverables = match deliverables(&named.deliverable, self.scheme) {
            own if !own.is_empty() => own,
            _ if named.deliverable.trim() == NONE => Vec::new(),
            _ => self.deliverables_of(&item),
        };
        let deliverable = match named_deliverables.as_slice() {
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
            reference_cell: row.cells.get(at).map(|cell| reference_cell(&cell.text, self.scheme)).unwrap_or_default(),
            title: one_line(&named.title),
            source: one_line(&named.source),
            status_cell: named.status.clone(),
            agenda_item: item,
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
