//! Which paragraphs are the headings of agenda items, and which deliverable a section affects.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::LazyLock;

use regex::Regex;

use super::blocks::{Block, ItemNumber, Paragraph, Row, one_line};
use super::cells::{fold, pattern};
use crate::domain::reference::scan::scan;
use crate::domain::{AgendaItem, Reference, ReferenceScheme};

/// The heading of an agenda item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// Its number; none where the document has headings without numbers.
    pub number: Option<ItemNumber>,
    /// Its title.
    pub title: String,
}

/// What a heading by its style counts for, against a paragraph that only begins with a number.
const STYLED: u64 = 8;
/// A paragraph above a table that stands for a heading is not longer, in bytes.
const SHORT: usize = 100;

/// For each block, the heading that it is.
///
/// Lists are numbered too, and so are sentences. The numbers of an agenda's items only rise: of
/// all paragraphs that begin with a number, the headings are the heaviest sequence that does, the
/// later one where two say the same.
pub(super) fn headings(blocks: &[Block]) -> Vec<Option<Heading>> {
    let candidates = candidates(blocks);

    // For each number, the weight of the best sequence that ends with it: only those are kept that
    // no smaller number equals, so weights rise with the numbers.
    let mut best: BTreeMap<ItemNumber, (u64, usize)> = BTreeMap::new();
    let mut before: Vec<Option<usize>> = vec![None; blocks.len()];
    for (at, candidate) in candidates.iter().enumerate() {
        let Some((number, _, weight)) = candidate else { continue };
        let previous = best.range::<ItemNumber, _>(..number).next_back().map(|(_, best)| *best);
        let total = weight + previous.map_or(0, |(total, _)| total);
        if best.get(number).is_some_and(|(kept, _)| *kept > total) {
            continue;
        }
        before[at] = previous.map(|(_, at)| at);
        best.insert(number.clone(), (total, at));
        let above = (Bound::Excluded(number), Bound::Unbounded);
        while let Some((number, (kept, _))) = best.range::<ItemNumber, _>(above).next()
            && *kept <= total
        {
            let number = number.clone();
            best.remove(&number);
        }
    }

    let mut found: Vec<Option<Heading>> = vec![None; blocks.len()];
    let mut next = best.last_key_value().map(|(_, (_, at))| *at);
    while let Some(at) = next {
        if let Some((number, title, _)) = &candidates[at] {
            found[at] = Some(Heading { number: Some(number.clone()), title: title.clone() });
        }
        next = before[at];
    }
    for (at, block) in blocks.iter().enumerate() {
        if let Block::Paragraph(Paragraph { number: None, styled: true, text, .. }) = block
            && candidates[at].is_none()
            && !text.is_empty()
        {
            found[at] = Some(Heading { number: None, title: text.clone() });
        }
    }
    found
}

/// The numbered items of an agenda, by their headings.
pub(super) fn items(headings: &[Option<Heading>]) -> Vec<AgendaItem> {
    let item = |heading: &Heading| {
        let (number, title) = (heading.number.as_ref()?, one_line(&heading.title));
        Some(AgendaItem { number: number.to_string(), title })
    };
    headings.iter().flatten().filter_map(item).collect()
}

/// The paragraphs that may be headings. A list that begins again at 1 and goes on without anything
/// between is none, unless it is the first.
fn candidates(blocks: &[Block]) -> Vec<Option<(ItemNumber, String, u64)>> {
    let mut begun = false;
    let mut list_item = None;
    let mut found = Vec::with_capacity(blocks.len());
    for (at, block) in blocks.iter().enumerate() {
        let above_table = matches!(blocks.get(at + 1), Some(Block::Table(table)) if table.iter().any(has_cells));
        let one = match block {
            Block::Paragraph(paragraph) => candidate(paragraph, above_table),
            Block::Table(_) => None,
        };
        list_item = match &one {
            Some((number, _, 1)) if begun && (number.0 == [1] || list_item.is_some_and(|n| number.0 == [n + 1])) => {
                number.0.first().copied()
            }
            _ => None,
        };
        begun |= one.is_some();
        found.push(one.filter(|_| list_item.is_none()));
    }
    found
}

/// A row with more than one cell that holds anything.
fn has_cells(row: &Row) -> bool {
    row.cells.iter().filter(|cell| !cell.is_blank()).count() > 1
}

/// A paragraph that may be the heading of an agenda item: its number, title and weight.
fn candidate(paragraph: &Paragraph, above_table: bool) -> Option<(ItemNumber, String, u64)> {
    let weight = if paragraph.styled { STYLED } else { 1 };
    if let Some(number) = &paragraph.number {
        return (!paragraph.text.is_empty()).then(|| (number.clone(), paragraph.text.clone(), weight));
    }
    let (number, title) = numbered(&paragraph.text)?;
    // Directly above a table a title may begin with a small letter, but a sentence may begin with a number.
    let is_above = above_table && number.0.len() > 1 && title.len() <= SHORT && !title.ends_with(['.', ':']);
    let is_heading = paragraph.styled || is_title(title) || is_above && title.contains(char::is_alphabetic);
    is_heading.then(|| (number, title.to_owned(), weight))
}

/// The number that a line begins with, however it is written, and the title behind it: `7.1 Keys`,
/// `7.1: Keys`, `Agenda item 7.1 - Keys`, `AI#7.1 Keys`, `(7.1) Keys`, `§7.1 Keys`, `7.1.Keys`.
fn numbered(text: &str) -> Option<(ItemNumber, &str)> {
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(concat!(
            r"(?i)^(?:(?:(?:agenda )?(?:item|point)|a\.?i\.?)(?: |\s?#\s?)|§ ?|(\())?",
            r"([0-9]{1,2}(?:\.[0-9]{1,2}){0,5}(?:\.[a-z]\b)?)(\))?(\.?\s*[:\u{2013}\u{2014}]\s*|\.?\s+-\s+|\.?\s+|\.)?(.*)$"
        ))
    });
    if let Some((number, title)) = ItemNumber::leading(text) {
        return Some((number, title.trim_start_matches(['-', ':', '\u{2013}', '\u{2014}']).trim_start()));
    }
    let parts = NUMBERED.captures(text.trim_start())?;
    let (number, title) = (parts.get(2)?.as_str(), parts.get(5)?.as_str().trim());
    let (opens, closes) = (parts.get(1).is_some(), parts.get(3).is_some());
    // Behind a number without a space a title begins with a letter: `7:30` and `2.5GHz` begin with none.
    let divided = parts.get(4).is_some() && !title.starts_with(|c: char| c.is_ascii_digit()) || closes;
    let has_name = text.trim_start().starts_with(|c: char| !c.is_ascii_digit());
    (opens <= closes && (divided || has_name && title.is_empty()))
        .then(|| ItemNumber::leading(number).map(|(number, _)| (number, title)))?
}

/// Whether a line can be a heading, with the words before its number that some write.
pub(super) fn is_heading_line(line: &str) -> bool {
    numbered(line).is_some_and(|(_, title)| is_title(title))
}

/// Whether a line can be a heading that somebody numbered by hand: `7.2 Proposed frameworks`.
pub(super) fn is_numbered_title(line: &str) -> bool {
    ItemNumber::leading(line).is_some_and(|(_, title)| is_title(title))
}

/// A title begins with a capital, or with a letter that has no case, or with a name such as `eSIM` or `3GPP`,
/// and is no date.
fn is_title(title: &str) -> bool {
    let first = title.chars().find(|c| c.is_alphanumeric());
    let word = title.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let is_name = word.contains(char::is_uppercase) && title.starts_with(word) && word.len() > 2;
    first.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase() || is_name)
        && title.chars().count() <= 200
        && !super::dates::begins_with_month(title)
}

/// The section that a row stands in.
#[derive(Debug, Default)]
pub(super) struct Sections {
    open: Vec<Section>,
}

/// One open section: its heading, and the deliverables its title names.
#[derive(Debug)]
struct Section {
    heading: Heading,
    deliverables: Vec<String>,
    /// It is a line above one table, and ends with it.
    of_table: bool,
}

impl Sections {
    /// Goes on to the section that `heading` begins.
    pub fn enter(&mut self, heading: Heading, scheme: &ReferenceScheme) {
        while let Some(top) = self.open.last() {
            let above = match (&top.heading.number, &heading.number) {
                (Some(above), Some(number)) => above.contains(number),
                (Some(_), None) => true,
                (None, _) => false,
            };
            if above {
                break;
            }
            self.open.pop();
        }
        let deliverables = deliverables(&heading.title, scheme);
        self.open.push(Section { heading, deliverables, of_table: false });
    }

    /// Takes a line directly above a table for the table's own heading, where it names a deliverable.
    pub fn enter_table(&mut self, line: &str, scheme: &ReferenceScheme) {
        let is_heading = line.len() <= SHORT && !line.contains('\n') && !line.ends_with('.');
        let deliverables = if is_heading { deliverables(line, scheme) } else { Vec::new() };
        if !deliverables.is_empty() && line.starts_with(char::is_uppercase) {
            let heading = Heading { number: None, title: line.to_owned() };
            self.open.push(Section { heading, deliverables, of_table: true });
        }
    }

    /// Ends what was only one table's.
    pub fn leave_table(&mut self) {
        self.open.retain(|section| !section.of_table);
    }

    /// The number of the agenda item, as written; empty before the first.
    pub fn agenda_item(&self) -> String {
        let numbers = self.open.iter().rev().find_map(|section| section.heading.number.as_ref());
        numbers.map(ToString::to_string).unwrap_or_default()
    }

    /// The title of the section.
    pub fn title(&self) -> &str {
        self.open.last().map_or("", |section| section.heading.title.as_str())
    }

    /// The deliverables that the section affects, its own or those of the section above.
    pub fn deliverables(&self) -> &[String] {
        let named = self.open.iter().rev().find(|section| !section.deliverables.is_empty());
        named.map_or(&[], |section| section.deliverables.as_slice())
    }
}

/// The deliverables that `title` names, each once.
pub(super) fn deliverables(title: &str, scheme: &ReferenceScheme) -> Vec<String> {
    let mut deliverables = Vec::new();
    for found in scan(&fold(title), scheme) {
        if let Reference::Deliverable(deliverable) = found.reference {
            let deliverable = deliverable.to_string();
            if !deliverables.contains(&deliverable) {
                deliverables.push(deliverable);
            }
        }
    }
    deliverables
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(lines: &[&str]) -> Vec<String> {
        let blocks: Vec<Block> = lines
            .iter()
            .map(|line| Block::Paragraph(Paragraph { text: (*line).to_owned(), ..Paragraph::default() }))
            .collect();
        headings(&blocks).into_iter().flatten().filter_map(|h| h.number).map(|n| n.to_string()).collect()
    }

    #[test]
    fn a_numbered_list_within_an_item_does_not_take_the_place_of_the_items() {
        let lines = [
            "4 Objectives",
            "1. Assumptions",
            "2. Procedures",
            "3. Data",
            "4. Review",
            "5. Approval",
            "6. Freeze",
            "5 Action items",
            "6 Contributions",
            "7 Contributions affecting TS-0003",
            "7.1 Concepts",
            "7.2 Frameworks",
            "8 Discussion",
        ];
        let items: Vec<String> = numbers(&lines);
        assert_eq!(items[items.len() - 6..], ["5", "6", "7", "7.1", "7.2", "8"]);
        let blocks: Vec<Block> = lines
            .iter()
            .map(|line| Block::Paragraph(Paragraph { text: (*line).to_owned(), ..Paragraph::default() }))
            .collect();
        let found = headings(&blocks);
        assert_eq!(found[7].as_ref().map(|h| h.title.as_str()), Some("Action items"));
        assert_eq!(found[5], None);
    }

    #[test]
    fn sentences_and_dates_are_no_headings() {
        assert_eq!(
            numbers(&["7 Contributions", "9 contributions were late", "15 April 2014", "2014-04-07 Berlin"]),
            ["7"]
        );
    }

    #[test]
    fn a_heading_is_known_however_its_number_is_written() {
        for line in [
            "7.1 Keys",
            "7.1. Keys",
            "7.1: Keys",
            "7.1 \u{2013} Keys",
            "7.1 - Keys",
            "7.1) Keys",
            "(7.1) Keys",
            "7.1.Keys",
            "\u{a7}7.1 Keys",
            "Item 7.1 \u{2013} Keys",
            "Agenda item 7.1: Keys",
            "AI 7.1: Keys",
            "AI#7.1 Keys",
        ] {
            let found = numbered(line).filter(|_| is_heading_line(line));
            assert_eq!(
                found.map(|(number, title)| (number.to_string(), title)),
                Some(("7.1".into(), "Keys")),
                "{line}"
            );
        }
        for line in ["7.1 oneM2M keys", "7.1 eSIM keys", "7.1 3GPP keys", "7.1 \u{201c}Keys\u{201d}"] {
            assert_eq!(numbers(&[line]), ["7.1"], "{line}");
        }
        assert_eq!(numbers(&["7.a Keys", "7.b Locks", "8 Closure"]), ["7.a", "7.b", "8"]);
        for line in [
            "7:30 Breakfast",
            "2.5GHz radio",
            "Item 7.1",
            "Items 7 Keys",
            "7.1 keys",
            "(see 7.1) Keys",
            "AI Keys",
            "12 3rd draft",
            "3GPP keys",
            "(7.1 Keys",
            "Aim 7 Keys",
        ] {
            assert_eq!(numbers(&[line]), [""; 0], "{line}");
        }
    }

    #[test]
    fn a_numbered_line_directly_above_a_table_is_a_heading_in_any_case() {
        let row = Row { cells: ["SEC-2014-0251", "Keys"].map(super::super::blocks::Cell::new).to_vec() };
        let paragraph = |text: &str| Block::Paragraph(Paragraph { text: text.to_owned(), ..Paragraph::default() });
        let is_heading = |text: &str| headings(&[paragraph(text), Block::Table(vec![row.clone()])])[0].is_some();
        assert!(is_heading("7.1 keys of devices"));
        assert!(!is_heading("9 contributions were late"));
        assert!(!is_heading("7.2 contributions a day came in."));
    }

    #[test]
    fn gaps_in_the_numbering_are_accepted() {
        assert_eq!(numbers(&["1 Opening", "3 Minutes", "7.2 Frameworks", "12 Closure"]), ["1", "3", "7.2", "12"]);
    }

    #[test]
    fn a_subsection_inherits_the_deliverable_and_the_next_section_does_not() {
        let scheme = ReferenceScheme::default();
        let mut sections = Sections::default();
        let heading = |number: &[u16], title: &str| Heading {
            number: Some(ItemNumber(number.to_vec())),
            title: title.to_owned(),
        };
        sections.enter(heading(&[7], "Contributions affecting ts 0003"), &scheme);
        sections.enter(heading(&[7, 2], "Proposed frameworks"), &scheme);
        assert_eq!((sections.agenda_item().as_str(), sections.deliverables()), ("7.2", &["TS-0003".to_owned()][..]));
        sections.enter(heading(&[8], "Contributions for discussion"), &scheme);
        assert_eq!((sections.agenda_item().as_str(), sections.deliverables().len()), ("8", 0));
    }
}
