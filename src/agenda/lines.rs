//! Plain text in which each cell is a line, as LibreOffice saves tables -> blocks.
//!
//! Nothing in such a text says where a row begins, so only what is certain becomes a row: a line that is wholly
//! a reference begins it, and each line after it is a cell, a blank one an empty cell; the last cell goes on to
//! the next reference or heading. Where the lines leave a doubt, the row is one cell with its whole text, from which
//! nothing is taken and which is listed.

use super::blocks::{Block, Cell, ItemNumber, Paragraph, Row, Table, tidy};
use super::cells::{Recognised, recognise};
use super::columns::{Columns, Role, header, is_heading_word, is_status};
use super::dates::{times, weekday};
use super::sections::is_heading_line;
use crate::domain::ReferenceScheme;

/// The most headings of columns that are looked for.
const MOST_HEADINGS: usize = 12;
/// The key of a line of the front matter is not longer, in bytes.
const KEY: usize = 40;

/// The blocks of a text whose tables have a line for each cell; `None` for any other text.
pub(super) fn blocks(lines: &[&str], scheme: &ReferenceScheme) -> Option<Vec<Block>> {
    let is_row = |at: usize| {
        is_reference(lines[at], scheme) && !is_blank(lines, at + 1) && !is_any_reference(lines, at + 1, scheme)
    };
    if lines.iter().any(|line| line.contains('\t')) || !(0..lines.len()).any(is_row) {
        return None;
    }
    let mut reader = LineReader {
        lines,
        scheme,
        blocks: Vec::new(),
        table: Table::new(),
        columns: None,
        begun: false,
        after_row: false,
    };
    let mut at = 0;
    while at < lines.len() {
        at = reader.next(at);
    }
    reader.end_table();
    Some(reader.blocks)
}

fn is_blank(lines: &[&str], at: usize) -> bool {
    lines.get(at).is_none_or(|line| line.trim().is_empty())
}

/// Whether a line is wholly a reference.
fn is_reference(line: &str, scheme: &ReferenceScheme) -> bool {
    matches!(recognise(line.trim(), scheme), Some(Recognised::Contribution(_) | Recognised::Action(_)))
}

fn is_any_reference(lines: &[&str], at: usize, scheme: &ReferenceScheme) -> bool {
    lines.get(at).is_some_and(|line| is_reference(line, scheme))
}

/// What the headings above a table say of its columns.
struct Known {
    columns: Columns,
    width: usize,
}

struct LineReader<'a> {
    lines: &'a [&'a str],
    scheme: &'a ReferenceScheme,
    blocks: Vec<Block>,
    table: Table,
    /// The headings above this table.
    columns: Option<Known>,
    /// The first numbered heading has come.
    begun: bool,
    after_row: bool,
}

impl LineReader<'_> {
    /// Reads what begins at a line; gives back where it ends.
    fn next(&mut self, at: usize) -> usize {
        let line = self.lines[at].trim();
        if line.is_empty() && !self.begins_row(at) {
            return at + 1;
        }
        if self.begins_row(at) {
            return self.row(at);
        }
        if let Some(end) = self.day(at) {
            return end;
        }
        if let Some(end) = self.headings(at) {
            return end;
        }
        // A line `Key:` of the front matter is a cell, and the next line the cell beside it.
        let value = self.lines.get(at + 1).map_or("", |next| next.trim());
        let is_key = |line: &str| line.ends_with(':') && line.len() <= KEY;
        if !self.begun && is_key(line) && !value.is_empty() && !is_key(value) && !is_heading_line(value) {
            self.paragraph(&format!("{line} {value}"));
            return at + 2;
        }
        self.paragraph(line);
        at + 1
    }

    fn paragraph(&mut self, line: &str) {
        self.end_table();
        if is_heading_line(line) {
            (self.begun, self.after_row) = (true, false);
        }
        self.blocks.push(Block::Paragraph(Paragraph {
            text: tidy(line),
            after_row: self.after_row,
            ..Paragraph::default()
        }));
    }

    fn end_table(&mut self) {
        self.columns = None;
        if !self.table.is_empty() {
            self.blocks.push(Block::Table(std::mem::take(&mut self.table)));
            self.after_row = true;
        }
    }

    /// Lines that are the headings of columns, each a known word, before a row.
    fn headings(&mut self, at: usize) -> Option<usize> {
        let (end, columns) = self.headings_at(at)?;
        self.end_table();
        self.table.push(row_of(&self.lines[at..end]));
        self.columns = Some(Known { columns, width: end - at });
        Some(end)
    }

    fn headings_at(&self, at: usize) -> Option<(usize, Columns)> {
        let is_word = |line: &&&str| is_heading_word(line) && !is_heading_line(line);
        let run = self.lines.get(at..)?.iter().take(MOST_HEADINGS).take_while(is_word).count();
        let columns = header(&row_of(&self.lines[at..at + run])).filter(|_| run > 1)?;
        let before = columns.of(Role::Reference)?;
        self.has_reference(at + run, before).then_some((at + run, columns))
    }

    /// How many cells stand before a row's reference.
    fn before(&self) -> usize {
        self.columns.as_ref().and_then(|known| known.columns.of(Role::Reference)).unwrap_or(0)
    }

    fn begins_row(&self, at: usize) -> bool {
        self.has_reference(at, self.before())
    }

    /// Whether a reference is so many cells on, and no heading before it.
    fn has_reference(&self, at: usize, before: usize) -> bool {
        let cells = self.lines.get(at..at + before).unwrap_or_default();
        is_any_reference(self.lines, at + before, self.scheme) && !cells.iter().any(|line| is_heading_line(line))
    }

    /// A row.
    fn row(&mut self, at: usize) -> usize {
        let exact = at + self.width();
        if self.columns.is_some() && (self.begins_row(exact) || self.headings_at(exact).is_some()) {
            // As many lines as headings, and then the next row.
            self.table.push(row_of(&self.lines[at..exact]));
            return exact;
        }
        let reference = at + self.before();
        let end = self.end_of_row(reference + 1);
        let lines = &self.lines[reference + 1..end];
        let used = lines.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1);
        if used == 0 {
            // A reference alone is no row.
            self.paragraph(self.lines[reference]);
            return reference + 1;
        }
        let is_last = !self.begins_row(end);
        let row = self.certain(&self.lines[at..=reference], lines, used, is_last);
        let doubtful = || Row { cells: vec![Cell::new(&self.lines[reference..=reference + used].join("\n"))] };
        let row = row.unwrap_or_else(doubtful);
        self.table.push(row);
        end
    }

    /// Where the last cell of a row ends at the latest.
    fn end_of_row(&self, start: usize) -> usize {
        let cells = self.width() - 1 - self.before();
        let ends = |at: usize| {
            let line = self.lines[at].trim();
            self.begins_row(at)
                || self.headings_at(at).is_some()
                || is_heading_line(line)
                || ItemNumber::leading(line).is_some_and(|(_, title)| title.is_empty())
                // Two blank lines below the last cell are below the table.
                || at >= start + cells && line.is_empty() && is_blank(self.lines, at + 1) && !self.is_before_row(at)
        };
        (start..self.lines.len()).find(|at| ends(*at)).unwrap_or(self.lines.len())
    }

    /// Whether only blank lines are between this one and a row.
    fn is_before_row(&self, at: usize) -> bool {
        let next = self.lines[at..].iter().find(|line| !line.trim().is_empty());
        next.is_some_and(|line| is_reference(line, self.scheme))
    }

    /// How many cells a row has: as many as the headings, else reference, title, source and status.
    fn width(&self) -> usize {
        self.columns.as_ref().map_or(4, |known| known.width)
    }

    /// The row where its lines leave no doubt which cell each is.
    fn certain(&self, begin: &[&str], lines: &[&str], used: usize, is_last: bool) -> Option<Row> {
        let cells = self.width() - begin.len();
        let (status, title) = match &self.columns {
            Some(Known { columns, width }) => {
                let status = matches!(columns.role(width - 1), Some(Role::Status | Role::Decision));
                (status, columns.of(Role::Title)?.checked_sub(begin.len())?)
            }
            None => (true, 0),
        };
        // Its last cell may have more lines: certain where the first of them is a status.
        let says_status = || status && cells > 0 && lines.get(cells - 1).is_some_and(|line| is_status(line.trim()));
        let is_whole = lines.len() == cells
            || used < cells && (is_last || lines.len() > cells)
            || used == cells && !status && is_last;
        if cells == 0 || lines.get(title).is_none_or(|title| title.trim().is_empty()) || !(is_whole || says_status()) {
            return None;
        }
        let mut row = row_of(begin);
        row.cells.extend((0..cells - 1).map(|cell| Cell::new(lines.get(cell).copied().unwrap_or_default())));
        row.cells.push(Cell::new(&lines.get(cells - 1..used.max(cells - 1)).unwrap_or_default().join("\n")));
        Some(row)
    }

    /// A row of the schedule: a weekday, perhaps a room, a span of time and what is then, each a line.
    fn day(&mut self, at: usize) -> Option<usize> {
        let is_day = |line: &str| weekday(line.trim()).is_some();
        if !is_day(self.lines[at]) {
            return None;
        }
        let rest = &self.lines[at + 1..];
        let end = rest.iter().position(|line| is_day(line) || is_heading_line(line)).unwrap_or(rest.len());
        let rest = &rest[..end];
        let timed: Vec<usize> = (0..end).filter(|one| times(rest[*one]).is_some()).collect();
        let first = *timed.first().filter(|first| **first <= 1)?;
        self.end_table();
        // Every session of the day has its room where the first one has it.
        for (one, time) in timed.iter().enumerate() {
            let end = timed.get(one + 1).map_or(end, |next| next - first);
            let mut row = if one == 0 { row_of(&self.lines[at..=at]) } else { Row { cells: vec![Cell::default()] } };
            row.cells.extend(row_of(rest.get(time - first..=*time)?).cells);
            row.cells.push(Cell::new(&rest.get(time + 1..end).unwrap_or_default().join("\n")));
            self.table.push(row);
        }
        self.end_table();
        self.after_row = false;
        Some(at + 1 + end)
    }
}

fn row_of(lines: &[&str]) -> Row {
    Row { cells: lines.iter().map(|line| Cell::new(line)).collect() }
}

#[cfg(test)]
mod tests {
    use crate::agenda::blocks::Block;
    use crate::agenda::forms::{SEED, seed, seed_blocks};
    use crate::agenda::{AgendaDocument, read};
    use crate::domain::ReferenceScheme;

    fn read_lines(text: &str) -> AgendaDocument {
        read(text.as_bytes(), &ReferenceScheme::default()).unwrap()
    }

    fn said(document: &AgendaDocument) -> Vec<[&str; 4]> {
        let rows = document.contributions.iter();
        rows.map(|row| [&row.reference_cell, &row.title, &row.source, &row.status_cell].map(String::as_str)).collect()
    }

    #[test]
    fn the_seeds_agenda_with_a_line_for_each_cell_says_the_same() {
        let mut text = String::new();
        for block in seed_blocks() {
            match block {
                Block::Paragraph(paragraph) => text += &format!("{}\n", paragraph.text),
                Block::Table(table) => {
                    let cells = table.iter().flat_map(|row| &row.cells);
                    cells.for_each(|cell| text += &format!("{}\n", cell.text));
                    text += "\n\n\n\n";
                }
            }
        }
        assert!(SEED.contains('\t') && !text.contains('\t'));
        let (read, expected) = (read_lines(&text), seed());
        assert_eq!(read.contributions, expected.contributions);
        assert_eq!(read.action_items, expected.action_items);
        assert_eq!(read.sessions, expected.sessions);
        assert_eq!(read.meeting, expected.meeting);
    }

    #[test]
    fn a_blank_line_is_an_empty_cell_and_the_last_cell_goes_on() {
        let document = read_lines(concat!(
            "Agenda\nMeeting title:\nSEC#11 (TP11)\nMeeting Date:\n9-13 June 2014\nVenue:\nDublin\n\n1 Opening\n",
            "7 Contributions affecting TS-0003\nSEC-2014-0251R01\nCertificates\nCATT\nNoted, see 0243R02\n\nSlide to add\n",
            "SEC-2014-0252\nKeys\n\nAgreed\nSEC-2014-0253\nLocks\nGemalto\n\nSEC-2014-0254\nBolts\nLG\nR01 agreed\n\n\n\n8 Closure\n"
        ));
        assert_eq!(
            said(&document),
            [
                ["SEC-2014-0251R01", "Certificates", "CATT", "Noted, see 0243R02\n\nSlide to add"],
                ["SEC-2014-0252", "Keys", "", "Agreed"],
                ["SEC-2014-0253", "Locks", "Gemalto", ""],
                ["SEC-2014-0254", "Bolts", "LG", "R01 agreed"],
            ]
        );
        assert_eq!(document.contributions[3].deliverable.as_deref(), Some("TS-0003"));
        assert_eq!(document.meeting.and_then(|meeting| meeting.place).as_deref(), Some("Dublin"));
        assert_eq!(document.remarks, [""; 0]);
    }

    #[test]
    fn headings_on_lines_of_their_own_say_the_order_of_the_cells() {
        let document = read_lines(concat!(
            "SEC#11\nDate: 9-13 June 2014\n7 Contributions\nDocument\nStatus\nSource\nTitle\n",
            "SEC-2014-0251\nNoted\nCATT\nCertificates\nSEC-2014-0252R01\n\nLG\nKeys\n"
        ));
        assert_eq!(
            said(&document),
            [["SEC-2014-0251", "Certificates", "CATT", "Noted"], ["SEC-2014-0252R01", "Keys", "LG", ""]]
        );
    }

    #[test]
    fn cells_before_the_reference_and_a_second_reference_are_read_by_their_headings() {
        let document = read_lines(concat!(
            "SEC#11\nDate: 9-13 June 2014\n7 Contributions\nAI\nTDoc\nTitle\nSource\nDecision\nRevised to\n",
            "7.1\nSEC-2014-0251\nCertificates\nCATT\nrevised\nSEC-2014-0261\n7.2\nSEC-2014-0261\nKeys\nLG\nagreed\n\n",
            "AI\nTDoc\nTitle\nSource\nDecision\nRevised to\n\nSEC-2014-0262\nLocks\nLG\nnoted\n\n8 Closure\n"
        ));
        assert_eq!(
            said(&document),
            [
                ["SEC-2014-0251", "Certificates", "CATT", "Revised to SEC-2014-0261"],
                ["SEC-2014-0261", "Keys", "LG", "agreed"],
                ["SEC-2014-0262", "Locks", "LG", "noted"],
            ]
        );
        assert_eq!((&*document.contributions[0].agenda_item, &*document.contributions[1].agenda_item), ("7.1", "7.2"));
    }

    #[test]
    fn a_row_whose_lines_leave_a_doubt_is_listed_with_its_whole_text() {
        let document = read_lines(concat!(
            "SEC#11\nDate: 9-13 June 2014\n7 Contributions\nSEC-2014-0251\nCertificates\nfor devices\nCATT\nNoted\n",
            "SEC-2014-0252\nKeys\nLG\nAgreed\n8 Closure\n"
        ));
        assert_eq!(said(&document), [["SEC-2014-0252", "Keys", "LG", "Agreed"]]);
        let remarks = document.remarks.join("|");
        assert!(remarks.contains("SEC-2014-0251\nCertificates\nfor devices\nCATT\nNoted"), "{remarks}");
    }
}
