//! A row's cells by what they are, by the columns they stand in.

use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;

use super::super::NONE;
use super::super::blocks::{ItemNumber, Row, one_line};
use super::super::cells::{fold, pattern};
use super::super::columns::{Columns, Role, is_status};
use super::{Listed, RowReader};
use crate::domain::Phrase;

/// An agenda item that is no number is not longer, in bytes.
const ITEM: usize = 20;
/// So much of a column of unknown meaning is listed, in bytes.
const UNKNOWN: usize = 2_000;

/// A row's cells by what they are.
pub(super) struct Named {
    pub title: String,
    pub source: String,
    pub status: String,
    pub item: String,
    pub deliverable: String,
}

/// What a column of unknown meaning said, row by row, as far as it is listed.
#[derive(Default)]
pub(super) struct Unknown {
    said: String,
    left: usize,
}

impl RowReader<'_> {
    /// What a row's cells are. What no column is known for is listed.
    pub(super) fn named(&mut self, reference: &str, listed: &Listed<'_>, columns: &Columns) -> Named {
        let Listed { at, texts, .. } = listed;
        let at = *at;
        let of = |role: Role| {
            columns
                .of(role)
                .filter(|column| *column != at)
                .and_then(|column| texts.get(column))
                .map_or("", String::as_str)
        };
        for (column, text) in texts.iter().enumerate().filter(|(column, text)| *column != at && !text.is_empty()) {
            let heading = match columns.role(column) {
                Some(Role::Comment | Role::Due | Role::Priority) | None => columns.heading(column),
                Some(_) => continue,
            };
            let heading = if heading.is_empty() { format!("column {}", column + 1) } else { heading.to_owned() };
            let unknown = self.unknown.entry(heading).or_default();
            if unknown.said.len() + text.len() > UNKNOWN {
                unknown.left += 1;
                continue;
            }
            if !unknown.said.is_empty() {
                unknown.said.push_str("; ");
            }
            let _ = write!(unknown.said, "{reference} {:?}", one_line(text));
        }
        Named {
            title: of(Role::Title).to_owned(),
            source: of(Role::Source).to_owned(),
            status: self.status(reference, of(Role::Decision), of(Role::Status), of(Role::RevisedTo)),
            item: self.item_cell(of(Role::Item)),
            deliverable: of(Role::Deliverable).to_owned(),
        }
    }

    /// One status cell of those that say it: the decision before where it stands, and the revision
    /// that takes its place.
    fn status(&mut self, reference: &str, decision: &str, status: &str, revised_to: &str) -> String {
        let said = if decision.is_empty() { status } else { decision }.to_owned();
        if !decision.is_empty() && is_status(status) && !fold(decision).eq_ignore_ascii_case(&fold(status)) {
            self.remark(format!("{reference}: the decision {decision:?} was taken, and not the status {status:?}"));
        }
        let revised_to = one_line(revised_to);
        if !revised_to.chars().any(|c| c.is_ascii_digit()) || said.contains(&revised_to) {
            return said;
        }
        let word = said.trim().trim_end_matches('.').to_lowercase();
        match word.as_str() {
            "" | "revised" => format!("Revised to {revised_to}"),
            "merged" => format!("Merged into {revised_to}"),
            // It has a decision of its own, which a document that follows does not change.
            _ => format!("{said}\nSee {revised_to}"),
        }
    }

    /// Whether a row without a reference only goes on with the one above it, which a page cut in two: its title
    /// goes on with a small letter, or it has none. A title of its own would be another document's, and so would a
    /// decision: what is left of a row whose reference was struck out must not decide on the one above.
    pub(super) fn continues(&mut self, row: &Row, above: Option<usize>, columns: &Columns) -> bool {
        let Some(contribution) = above.and_then(|above| self.rows.contributions.get_mut(above)) else { return false };
        let result = if columns.of(Role::Decision).is_some() { Role::Decision } else { Role::Status };
        let mut parts: [String; 3] = Default::default();
        for (column, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()) {
            let part = match columns.role(column) {
                _ if cell.continued || !cell.parts.is_empty() => return false,
                Some(Role::Title) => &mut parts[0],
                Some(Role::Source) => &mut parts[1],
                Some(role) if role == result => &mut parts[2],
                _ => return false,
            };
            part.clone_from(&cell.text);
        }
        let [title, source, status] = parts;
        let goes_on = title.is_empty() || title.starts_with(char::is_lowercase) && !contribution.title.is_empty();
        let decides = Phrase::read(&status, self.scheme).decisions().next().is_some();
        if !goes_on || decides || title.is_empty() && status.is_empty() {
            return false;
        }
        let join = |above: &mut String, more: &str, between: char| {
            if !above.is_empty() && !more.is_empty() {
                above.push(between);
            }
            above.push_str(more);
        };
        join(&mut contribution.title, &one_line(&title), ' ');
        join(&mut contribution.source, &one_line(&source), ' ');
        join(&mut contribution.status_cell, &status, '\n');
        true
    }

    /// Lists what columns of unknown meaning said.
    pub(super) fn tell_unknown(&mut self) {
        for (heading, Unknown { said, left }) in std::mem::take(&mut self.unknown) {
            let more = if left > 0 { format!("; and {left} more") } else { String::new() };
            self.remark(format!("{heading}: {said}{more}: a column that is not taken over"));
        }
    }

    /// What the column of agenda items says: in lists of documents an empty cell is as the one above it.
    fn item_cell(&mut self, cell: &str) -> String {
        if !cell.trim().is_empty() {
            cell.clone_into(&mut self.item_above);
        }
        self.item_above.clone()
    }

    /// The agenda item of a row: what its own cell says, else the section it stands in.
    pub(super) fn item(&self, cell: &str) -> String {
        item_of(cell).unwrap_or_else(|| self.sections.agenda_item())
    }

    /// The deliverables that an agenda item's contributions affect: those that its heading names, or
    /// the heading of an item above it.
    pub(super) fn deliverables_of(&self, item: &str) -> Vec<String> {
        if item == self.sections.agenda_item() {
            return self.sections.deliverables().to_vec();
        }
        let Some((number, "")) = ItemNumber::leading(item) else { return Vec::new() };
        let above = (1..=number.0.len()).rev().filter_map(|length| number.0.get(..length));
        let mut named = above.filter_map(|number| self.items.get(&ItemNumber(number.to_vec())));
        named.find(|named| !named.is_empty()).cloned().unwrap_or_default()
    }
}

/// A WHO cell that says the lead behind its name, `Gemalto (lead), CATT`, in the agenda's words: `Lead Gemalto, CATT`.
pub(super) fn led(who: &str) -> String {
    static BEHIND: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^([^,;+()]+?) ?\((?:lead|leader)\)(.*)$"));
    static MORE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\((?:lead|leader)\)"));
    match BEHIND.captures(who) {
        Some(parts) if !MORE.is_match(&parts[2]) => format!("Lead {}{}", parts[1].trim(), &parts[2]),
        _ => who.to_owned(),
    }
}

/// Whether the column that should say where rows stand holds what says so, or nothing.
pub(super) fn has_its_status(rows: &[&Row], columns: &Columns) -> bool {
    let Some(at) = columns.of(Role::Decision).or_else(|| columns.of(Role::Status)) else { return true };
    let cells = rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| one_line(&cell.text));
    let mut said = cells.filter(|text| !text.is_empty()).peekable();
    said.peek().is_none() || said.any(|text| is_status(&text))
}

/// The agenda item that a cell says: its number or a word; an empty text where it says that there is none.
pub(in super::super) fn item_of(cell: &str) -> Option<String> {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:agenda )?(?:item|point|ai)[ :#.]*"));
    let cell = one_line(cell);
    let cell = WORDS.replace(&cell, "");
    match ItemNumber::leading(&cell) {
        Some((number, _)) => Some(number.to_string()),
        None if cell == NONE => Some(String::new()),
        None => (!cell.is_empty() && cell.len() <= ITEM).then(|| cell.into_owned()),
    }
}
