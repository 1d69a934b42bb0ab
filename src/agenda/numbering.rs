//! The automatic numbers of a .docx file's paragraphs (ECMA-376 part 1, section 17.9), as far as
//! they can be the number of an agenda item.

use std::collections::HashMap;

use super::AgendaError;
use super::blocks::ItemNumber;
use super::xml::{Xml, attribute, elements, value};

/// Lists have nine levels.
const LEVELS: usize = 9;
/// Styles are based on one another so far at most; more is a circle.
const STYLE_DEPTH: usize = 16;

/// One level of a list.
#[derive(Debug, Clone)]
struct Level {
    start: u16,
    /// Counted in digits.
    decimal: bool,
    /// The levels whose numbers it shows (`%1.%2`), from 0.
    shows: Vec<usize>,
    /// The style whose paragraphs are of this level.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Self { start: 1, decimal: true, shows: Vec::new(), style: None }
    }
}

/// A list: the levels' definition it uses, and where it starts otherwise.
#[derive(Debug, Default)]
struct List {
    definition: String,
    starts: HashMap<usize, u16>,
    begun: bool,
}

/// What a style says of a paragraph's number and rank.
#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    list: Option<String>,
    level: Option<usize>,
    heading: bool,
}

/// How a paragraph is numbered, by its own properties.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbered {
    /// Its style.
    pub style: Option<String>,
    /// Its list (`w:numId`); `0` takes the style's number away.
    pub list: Option<String>,
    /// Its level in the list.
    pub level: Option<usize>,
    /// A heading by its own outline level.
    pub heading: bool,
}

/// The lists and styles of a document, and how far each list has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: HashMap<String, Vec<Level>>,
    lists: HashMap<String, List>,
    styles: HashMap<String, Style>,
    counters: HashMap<String, [Option<u16>; LEVELS]>,
}

impl Numbering {
    /// Reads the parts that say how paragraphs are numbered.
    ///
    /// # Errors
    /// Where a part is damaged.
    pub fn read(numbering: Option<&str>, styles: Option<&str>) -> Result<Self, AgendaError> {
        let mut read = Self::default();
        if let Some(xml) = numbering {
            read.lists(xml)?;
        }
        if let Some(xml) = styles {
            read.styles(xml)?;
        }
        Ok(read)
    }

    fn lists(&mut self, xml: &str) -> Result<(), AgendaError> {
        let (mut definition, mut list, mut level) = (String::new(), String::new(), 0);
        // Properties of a level within an override belong to that list only, and are rare; only its start is read.
        let mut overriding = false;
        elements(xml, |event| {
            let Xml::Start { name, element, .. } = event else { return };
            let number = |element| value(element).and_then(|value| value.parse::<u16>().ok());
            match name {
                "abstractNum" => {
                    definition = attribute(element, "abstractNumId").unwrap_or_default();
                    overriding = false;
                }
                "num" => list = attribute(element, "numId").unwrap_or_default(),
                "abstractNumId" => {
                    let definition = value(element).unwrap_or_default();
                    self.lists.insert(list.clone(), List { definition, ..List::default() });
                }
                "lvlOverride" => {
                    overriding = true;
                    level = level_of(attribute(element, "ilvl").as_deref());
                }
                "startOverride" => {
                    if let (Some(list), Some(start)) = (self.lists.get_mut(&list), number(element)) {
                        list.starts.insert(level, start);
                    }
                }
                "lvl" if !overriding => {
                    level = level_of(attribute(element, "ilvl").as_deref());
                    let levels = self.definitions.entry(definition.clone()).or_default();
                    if levels.len() <= level {
                        levels.resize_with(level + 1, Level::default);
                    }
                }
                "start" | "numFmt" | "lvlText" | "pStyle" if !overriding => {
                    let levels = self.definitions.get_mut(&definition);
                    let Some(level) = levels.and_then(|levels| levels.get_mut(level)) else { return };
                    match name {
                        "start" => level.start = number(element).unwrap_or(1),
                        "numFmt" => {
                            level.decimal = matches!(value(element).as_deref(), Some("decimal" | "decimalZero"));
                        }
                        "lvlText" => level.shows = shown_levels(&value(element).unwrap_or_default()),
                        _ => level.style = value(element),
                    }
                }
                _ => {}
            }
        })
    }

    fn styles(&mut self, xml: &str) -> Result<(), AgendaError> {
        let mut style = String::new();
        elements(xml, |event| {
            let Xml::Start { name, element, .. } = event else { return };
            if name == "style" {
                style = attribute(element, "styleId").unwrap_or_default();
                self.styles.insert(style.clone(), Style::default());
                return;
            }
            let Some(style) = self.styles.get_mut(&style) else { return };
            match name {
                // The built-in headings keep their English name in the file in every language.
                "name" => {
                    style.heading |= value(element).is_some_and(|name| name.to_lowercase().starts_with("heading "));
                }
                "outlineLvl" => style.heading |= is_outlined(value(element).as_deref()),
                "basedOn" => style.based_on = value(element),
                "numId" => style.list = value(element),
                "ilvl" => style.level = Some(level_of(value(element).as_deref())),
                _ => {}
            }
        })
    }

    /// Counts a paragraph: its number, where it can be an agenda item's, and whether it is a heading by its style.
    pub fn count(&mut self, paragraph: &Numbered) -> (Option<ItemNumber>, bool) {
        let mut heading = paragraph.heading;
        let (mut list, mut level) = (paragraph.list.clone(), paragraph.level);
        let mut name = paragraph.style.as_deref();
        for _ in 0..STYLE_DEPTH {
            let Some((id, style)) = name.and_then(|name| Some((name, self.styles.get(name)?))) else { break };
            heading |= style.heading;
            if list.is_none() && style.list.is_some() {
                list.clone_from(&style.list);
                level = level.or(style.level).or_else(|| self.level_of_style(style.list.as_deref()?, id));
            }
            name = style.based_on.as_deref();
        }
        let number = list.and_then(|list| self.next(&list, level.unwrap_or(0)));
        (number, heading)
    }

    /// The level of a list that belongs to a style.
    fn level_of_style(&self, list: &str, style: &str) -> Option<usize> {
        let levels = self.definitions.get(&self.lists.get(list)?.definition)?;
        levels.iter().position(|level| level.style.as_deref() == Some(style))
    }

    /// The list's next number at a level. Lists of one definition count together, unless one starts anew.
    fn next(&mut self, list: &str, level: usize) -> Option<ItemNumber> {
        let list = self.lists.get_mut(list)?;
        let levels = self.definitions.get(&list.definition)?;
        let counters = self.counters.entry(list.definition.clone()).or_default();
        if !std::mem::replace(&mut list.begun, true) {
            for at in list.starts.keys() {
                if let Some(counter) = counters.get_mut(*at) {
                    *counter = None;
                }
            }
        }
        let start =
            |at: usize| list.starts.get(&at).copied().unwrap_or_else(|| levels.get(at).map_or(1, |level| level.start));
        for (at, counter) in counters.iter_mut().enumerate() {
            *counter = match at.cmp(&level) {
                std::cmp::Ordering::Less => Some(counter.unwrap_or_else(|| start(at))),
                std::cmp::Ordering::Equal => Some(counter.map_or_else(|| start(at), |number| number.saturating_add(1))),
                std::cmp::Ordering::Greater => None,
            };
        }
        let shows = &levels.get(level)?.shows;
        let decimal = shows.iter().all(|at| levels.get(*at).is_some_and(|level| level.decimal));
        let number: Option<Vec<u16>> = shows.iter().map(|at| counters.get(*at).copied().flatten()).collect();
        number.filter(|number| decimal && !number.is_empty()).map(ItemNumber)
    }
}

/// The levels that a pattern such as `%1.%2` shows, from 0; none where it shows anything else in between.
fn shown_levels(pattern: &str) -> Vec<usize> {
    let mut levels = Vec::new();
    for part in pattern.split('%').skip(1).take(LEVELS + 1) {
        match part.as_bytes() {
            [digit @ b'1'..=b'9'] | [digit @ b'1'..=b'9', b'.' | b')' | b' ', ..] => {
                levels.push(usize::from(digit - b'1'));
            }
            _ => return Vec::new(),
        }
    }
    if levels.len() > LEVELS { Vec::new() } else { levels }
}

/// A level's number from 0, at most the last.
pub(super) fn level_of(text: Option<&str>) -> usize {
    text.and_then(|text| text.parse::<usize>().ok()).unwrap_or(0).min(LEVELS - 1)
}

/// Whether an outline level is a heading's; 9 is body text.
pub(super) fn is_outlined(level: Option<&str>) -> bool {
    level.and_then(|level| level.parse::<u8>().ok()).is_some_and(|level| level < 9)
}
