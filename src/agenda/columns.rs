//! What the columns of a table hold: by their headings in any order, and by what is in their cells.

use std::sync::LazyLock;

use regex::Regex;

use super::blocks::{ItemNumber, Row, one_line};
use super::cells::{fold, pattern};
use super::sections::deliverables;
use crate::domain::ReferenceScheme;

/// A heading is not longer, in bytes.
const LONGEST_HEADING: usize = 60;
/// So many rows are looked at to see what a column holds.
const ROWS_SEEN: usize = 200;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The row's own reference.
    Reference,
    /// Title, or WHAT.
    Title,
    /// Source, or WHO.
    Source,
    /// What was decided.
    Decision,
    /// Where it stands; of two columns the decision's counts.
    Status,
    /// The number of an agenda item.
    Item,
    /// The deliverable it affects.
    Deliverable,
    /// The revision that takes its place.
    RevisedTo,
    /// Until when.
    Due,
    /// How urgent.
    Priority,
    /// What somebody noted.
    Comment,
    /// Known, and of no use here: what the document is for, its type, how long it may take.
    Unread,
}

/// The roles of a table's columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Columns {
    /// By column; `None` where that is not known.
    roles: Vec<Option<Role>>,
    /// The headings, where there are any.
    headings: Vec<String>,
}

impl Columns {
    /// The column of a role.
    pub fn of(&self, role: Role) -> Option<usize> {
        self.roles.iter().position(|one| *one == Some(role))
    }

    /// The role of a column.
    pub fn role(&self, column: usize) -> Option<Role> {
        self.roles.get(column).copied().flatten()
    }

    /// The heading of a column, empty where it has none.
    pub fn heading(&self, column: usize) -> &str {
        self.headings.get(column).map_or("", String::as_str)
    }

    fn set(&mut self, column: usize, role: Role) {
        if self.roles.len() <= column {
            self.roles.resize(column + 1, None);
        }
        if let Some(slot) = self.roles.get_mut(column) {
            *slot = Some(role);
        }
    }

    /// Leaves out a column, for another says the same surer. A second result is listed.
    fn leave(&mut self, column: usize, role: Role, sure: u8) {
        let is_result = matches!(role, Role::Decision | Role::Status) && sure > NO_RESULT;
        if let Some(slot) = self.roles.get_mut(column) {
            *slot = (!is_result).then_some(Role::Unread);
        }
    }

    /// These roles with the reference in another column than the heading says.
    pub fn with_reference(mut self, column: usize) -> Self {
        for role in &mut self.roles {
            if *role == Some(Role::Reference) {
                *role = Some(Role::Unread);
            }
        }
        self.set(column, Role::Reference);
        self
    }
}

/// The words of headings, and how surely each says what its column holds; of two columns that say
/// the same, the surer counts, then the first.
const WORDS: [(&str, Role, u8); 77] = [
    ("title", Role::Title, 3),
    ("subject", Role::Title, 3),
    ("what", Role::Title, 3),
    ("description", Role::Title, 2),
    ("topic", Role::Title, 2),
    ("task", Role::Title, 2),
    ("action", Role::Title, 1),
    ("name", Role::Title, 1),
    ("who", Role::Source, 3),
    ("source", Role::Source, 3),
    ("sources", Role::Source, 3),
    ("owner", Role::Source, 3),
    ("owners", Role::Source, 3),
    ("responsible", Role::Source, 3),
    ("responsibility", Role::Source, 3),
    ("assigned", Role::Source, 2),
    ("assignee", Role::Source, 3),
    ("company", Role::Source, 2),
    ("companies", Role::Source, 2),
    ("organization", Role::Source, 2),
    ("organisation", Role::Source, 2),
    ("author", Role::Source, 2),
    ("authors", Role::Source, 2),
    ("submitter", Role::Source, 2),
    ("submitted", Role::Source, 1),
    ("proposer", Role::Source, 2),
    ("originator", Role::Source, 2),
    ("lead", Role::Source, 1),
    ("from", Role::Source, 1),
    ("decision", Role::Decision, 3),
    ("decisions", Role::Decision, 3),
    ("result", Role::Decision, 3),
    ("results", Role::Decision, 3),
    ("outcome", Role::Decision, 3),
    ("disposition", Role::Decision, 3),
    ("conclusion", Role::Decision, 3),
    ("resolution", Role::Decision, 2),
    ("status", Role::Status, 3),
    ("state", Role::Status, 2),
    ("progress", Role::Status, 1),
    ("deliverable", Role::Deliverable, 3),
    ("deliverables", Role::Deliverable, 3),
    ("spec", Role::Deliverable, 2),
    ("specification", Role::Deliverable, 2),
    ("ts", Role::Deliverable, 2),
    ("tr", Role::Deliverable, 2),
    ("affects", Role::Deliverable, 1),
    ("due", Role::Due, 3),
    ("deadline", Role::Due, 3),
    ("target", Role::Due, 1),
    ("priority", Role::Priority, 3),
    ("prio", Role::Priority, 3),
    ("comment", Role::Comment, 3),
    ("comments", Role::Comment, 3),
    ("remark", Role::Comment, 3),
    ("remarks", Role::Comment, 3),
    ("note", Role::Comment, 2),
    ("notes", Role::Comment, 2),
    ("reference", Role::Reference, 3),
    ("ref", Role::Reference, 3),
    ("tdoc", Role::Reference, 3),
    ("td", Role::Reference, 3),
    ("number", Role::Reference, 2),
    ("document", Role::Reference, 2),
    ("documents", Role::Reference, 1),
    ("doc", Role::Reference, 2),
    ("contribution", Role::Reference, 2),
    ("contributions", Role::Reference, 1),
    ("no", Role::Reference, 1),
    ("nr", Role::Reference, 1),
    ("id", Role::Reference, 1),
    ("type", Role::Unread, 4),
    ("for", Role::Unread, 4),
    ("purpose", Role::Unread, 4),
    ("category", Role::Unread, 4),
    ("minutes", Role::Unread, 2),
    ("presenter", Role::Unread, 4),
];

/// A heading of what somebody wishes for, or of what was so before: `Decision requested`.
const NO_RESULT: u8 = 0;

/// What a heading says its column holds, and how surely; one that is exactly the word says it surer.
fn role_of(heading: &str) -> Option<(Role, u8)> {
    static NO_RESULTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:requested|proposed|expected|recommended|suggested|desired|intended|sought|wanted|wished|draft|target|targeted|foreseen|planned|anticipated|tentative|provisional|preliminary|goal|needed|required|by author|by source|for|before|previous|prior|last|initial|old|former)\b",
        )
    });
    static REVISED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:revised|revision|replaced|superseded|new)(?: \w+)?[ -](?:to|by|in)\b|^new (?:rev|version|number)",
        )
    });
    static REVISES: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:revis\w+|replac\w+) (?:of|from)\b|^(?:revises|replaces|rev\.?|version)$"));
    static ITEM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:agenda(?: item| point| no\.?| #)?s?|a\.?i\.?|item|clause)(?: ?(?:no|nr|number|#)\.?)?$|\bagenda item\b",
        )
    });
    static UNREAD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:#|allocat\w+.*|time.*|duration.*|date.*|upload\w*.*|avail(?:\.|ab\w+.*)?|treated|wdrn\.?|release|rel\.?|work ?items?.*|wi|wid|file.*|link|url|size|pages|cat\.?|contact.*|e-?mail.*|session.*|meeting(?: (?:no|nr|number|name|title|id|ref\w*|dates?)\.?)?|related.*|linked.*)$",
        )
    });
    let heading = fold(heading);
    let lower = heading.trim_end_matches([':', '.', '*']).trim().to_lowercase();
    if lower.is_empty() || lower.len() > LONGEST_HEADING {
        return None;
    }
    if REVISED.is_match(&lower) {
        return Some((Role::RevisedTo, 6));
    }
    if REVISES.is_match(&lower) || UNREAD.is_match(&lower) {
        return Some((Role::Unread, 8));
    }
    if ITEM.is_match(&lower) {
        return Some((Role::Item, 6));
    }
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let known = words.filter_map(|word| WORDS.iter().find(|(known, ..)| *known == word));
    // `Document title` is a title, `Contribution status` a status: the reference's words say least.
    let (word, role, sure) = *known.max_by_key(|(_, role, sure)| (*role != Role::Reference, *sure))?;
    if matches!(role, Role::Decision | Role::Status) && NO_RESULTS.is_match(&lower) {
        return Some((role, NO_RESULT));
    }
    Some((role, 2 * sure + u8::from(word == lower)))
}

/// Whether a text is a column's heading by itself.
pub(super) fn is_heading_word(text: &str) -> bool {
    role_of(text).is_some()
}

/// The columns that a row of headings names; `None` for a row that is none.
pub(super) fn header(row: &Row) -> Option<Columns> {
    let mut columns = Columns::default();
    let mut surest: Vec<(Role, u8, usize)> = Vec::new();
    let (mut used, mut known) = (0_usize, 0_usize);
    for (at, cell) in row.cells.iter().enumerate() {
        let text = one_line(&cell.text);
        columns.headings.push(text.clone());
        columns.roles.push(None);
        if text.is_empty() {
            continue;
        }
        used += 1;
        let Some((role, sure)) = role_of(&text) else { continue };
        known += 1;
        match surest.iter_mut().find(|(one, ..)| *one == role && role != Role::Unread && role != Role::Comment) {
            Some(best) if best.1 >= sure => columns.leave(at, role, sure),
            Some(best) => {
                columns.leave(best.2, role, best.1);
                *best = (role, sure, at);
                columns.set(at, role);
            }
            None => {
                surest.push((role, sure, at));
                columns.set(at, role);
            }
        }
    }
    let roles = |wanted: &[Role]| surest.iter().filter(|(role, ..)| wanted.contains(role)).count();
    // A sentence with one of these words is no header: most of its cells must be headings, of more than one kind.
    let is_header = known * 2 >= used
        && roles(&[Role::Title, Role::Source, Role::Decision, Role::Status, Role::Reference, Role::Item]) >= 2
        && row.cells.iter().all(|cell| cell.text.len() <= 2 * LONGEST_HEADING);
    // What somebody wished is never what was decided; where nothing else says that, it is listed.
    let is_result = |(role, sure, _): &&(Role, u8, usize)| matches!(role, Role::Decision | Role::Status) && *sure > 0;
    let has_result = surest.iter().any(|one| is_result(&one));
    for (_, _, at) in surest.iter().filter(|(_, sure, _)| *sure == NO_RESULT) {
        if let Some(slot) = columns.roles.get_mut(*at) {
            *slot = has_result.then_some(Role::Unread);
        }
    }
    is_header.then_some(columns)
}

/// What the cells of a column say.
#[derive(Debug, Default)]
struct Seen {
    column: usize,
    used: usize,
    statuses: usize,
    items: usize,
    deliverables: usize,
    length: usize,
    /// Every value once.
    values: std::collections::BTreeSet<String>,
    /// The cells count the rows.
    counts: bool,
}

impl Seen {
    fn mean(&self) -> usize {
        self.length / self.used.max(1)
    }

    /// Most cells say what another row's cell says too.
    fn repeats(&self) -> bool {
        self.used >= 4 && self.values.len() * 5 < self.used * 3
    }
}

/// The columns by what is in the cells of `rows`, which have their reference in column `at`. Where
/// nothing says otherwise, title, source and status follow the reference.
pub(super) fn inferred(rows: &[&Row], at: usize, scheme: &ReferenceScheme) -> Columns {
    let mut columns = Columns::default();
    columns.set(at, Role::Reference);
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let seen: Vec<Seen> = (0..width).filter(|column| *column != at).map(|column| look(rows, column, scheme)).collect();
    let mut free: Vec<&Seen> = Vec::new();
    for one in &seen {
        let column = one.column;
        if one.used == 0 {
            continue;
        }
        if one.counts && column < at {
            columns.set(column, Role::Unread);
        } else if one.deliverables == one.used {
            columns.set(column, Role::Deliverable);
        } else if one.items == one.used && !one.counts {
            columns.set(column, Role::Item);
        } else {
            free.push(one);
        }
    }
    let status = free
        .iter()
        .filter(|one| one.statuses * 2 >= one.used && one.statuses > 0)
        .max_by_key(|one| (one.statuses * 100 / one.used, one.column == at + 3, one.column))
        .map(|one| one.column);
    // What the status is by its place, where no cell says it.
    let by_place = || {
        let place = at + 3;
        let free_for_it = free.iter().any(|one| one.column == place) || place < width;
        (free_for_it && columns.role(place).is_none()).then_some(place)
    };
    let status = status.or_else(by_place);
    if let Some(status) = status {
        columns.set(status, Role::Status);
    }
    let rest: Vec<&&Seen> = free.iter().filter(|one| Some(one.column) != status).collect();
    if let Some((title, source)) = title_and_source(&rest, at) {
        columns.set(title, Role::Title);
        if let Some(source) = source {
            columns.set(source, Role::Source);
        }
    }
    columns
}

/// The columns of title and source among those that are nothing else.
fn title_and_source(rest: &[&&Seen], at: usize) -> Option<(usize, Option<usize>)> {
    let placed = |column: usize| rest.iter().find(|one| one.column == column);
    if let (Some(title), Some(source)) = (placed(at + 1), placed(at + 2)) {
        let swapped = source.used >= 2 && source.mean() * 2 > title.mean() * 3 && source.mean() > 20
            || title.repeats() && !source.repeats() && source.mean() > title.mean();
        if !swapped {
            return Some((title.column, Some(source.column)));
        }
    }
    let title = rest.iter().max_by_key(|one| (one.mean(), std::cmp::Reverse(one.column)))?;
    let others = rest.iter().filter(|one| one.column != title.column);
    let source = others.min_by_key(|one| (!one.repeats(), one.column.abs_diff(title.column), one.column));
    Some((title.column, source.map(|one| one.column)))
}

fn look(rows: &[&Row], column: usize, scheme: &ReferenceScheme) -> Seen {
    let mut seen = Seen { column, counts: true, ..Seen::default() };
    let mut last = None;
    for row in rows.iter().take(ROWS_SEEN) {
        let Some(cell) = row.cells.get(column).filter(|cell| !cell.text.is_empty() && !cell.continued) else {
            continue;
        };
        let text = one_line(&cell.text);
        seen.used += 1;
        seen.length += text.len();
        seen.statuses += usize::from(is_status(&text));
        seen.deliverables += usize::from(text.len() <= 40 && !deliverables(&text, scheme).is_empty());
        let number = ItemNumber::leading(&text).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number);
        seen.items += usize::from(number.is_some());
        let count = number.filter(|number| number.0.len() == 1).and_then(|number| number.0.first().copied());
        seen.counts &= count.is_some() && last.is_none_or(|last| count == Some(last + 1));
        last = count.or(last);
        if seen.values.len() < ROWS_SEEN {
            seen.values.insert(text.to_lowercase());
        }
    }
    seen.counts &= seen.used > 0;
    seen
}

/// Whether a cell says where an item stands, in words that groups use.
pub(super) fn is_status(text: &str) -> bool {
    static STATUS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^(?:(?:[a-z]+-)?(?:[0-9]{4}-)?(?:[0-9]{4})?-?r[0-9]{1,2}\b[ :,-]*)?(?:was |is |are |to be |conditionally |provisionally |technically |partially |keep |not )*",
            r"(?:noted|agreed|approved|endorsed|accepted|postponed|deferred|revised|merged?|withdrawn|rejected|pursued|",
            r"treated|open|closed?|ongoing|on-?going|in progress|done|completed|cancell?ed|expect(?:ed)?|tbd|tbposted|",
            r"posted|available|revision|for e-?mail|e-?mail|by e-?mail|late|not available|discussed|presented|handled|proposed|pending|active|finished|dropped)\b|^r[0-9]{1,2}$"
        ))
    });
    text.len() <= 400 && STATUS.is_match(&fold(text))
}

#[cfg(test)]
mod tests;
