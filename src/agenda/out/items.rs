//! The numbered items of an agenda: those of the last one, and what is missing among them.

use std::collections::{BTreeMap, BTreeSet};

use crate::agenda::blocks::ItemNumber;
use crate::agenda::sections::{Heading, Sections, deliverables, is_numbered_title};
use crate::domain::{AgendaItem, ReferenceScheme};

use super::written::line;

/// What the bot lists under an item, which is known by the words of its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Schedule,
    Attendees,
    Actions,
    Next,
    /// Contributions that stand under no numbered item.
    Others,
    /// Contributions on which there is nothing left to decide.
    Decided,
}

/// The headings of what no agenda of a group has of its own.
const OTHERS: &str = "Other contributions";
const DECIDED: &str = "Decided contributions";

/// Numbers of items have two digits.
const HIGHEST: u16 = 99;
/// The longest heading, in characters.
const LONGEST: usize = 190;

/// The items of a group of which no agenda is known.
const USUAL: [(&str, &str); 10] = [
    ("1", "Opening of meeting"),
    ("1.1", "Welcome"),
    ("1.2", "Schedule"),
    ("1.3", "Attendees"),
    ("2", "Review and approval of agenda"),
    ("3", "Review and approval of previous minutes"),
    ("4", "Review of objectives for the meeting"),
    ("5", "Action item status"),
    ("6", "Contributions affecting deliverables from other groups"),
    ("7", "Contributions affecting own deliverables"),
];
/// Those behind the contributions.
const LAST: [&str; 3] = ["Planning for next meetings", "Any other business", "Closure of meeting"];

impl Slot {
    fn is_called(self, title: &str) -> bool {
        let title = title.to_lowercase();
        match self {
            Self::Schedule => title.contains("schedule") && !title.contains("future"),
            Self::Attendees => title.contains("attend"),
            Self::Actions => title.contains("action item"),
            Self::Next => {
                title.contains("meeting") && ["next", "future", "planning"].iter().any(|it| title.contains(it))
            }
            Self::Others => title == OTHERS.to_lowercase(),
            Self::Decided => title == DECIDED.to_lowercase(),
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Schedule => "Schedule",
            Self::Attendees => "Attendees",
            Self::Actions => "Action item status",
            Self::Next => LAST[0],
            Self::Others => OTHERS,
            Self::Decided => DECIDED,
        }
    }
}

/// The items of an agenda in the making.
#[derive(Debug, Clone)]
pub(super) struct Items(BTreeMap<ItemNumber, String>);

impl Items {
    /// The items of the last agenda, and one for each number that contributions stand under, with the
    /// deliverable that all of them affect.
    pub fn new(known: &[(String, String)], used: &BTreeMap<ItemNumber, Option<&str>>) -> Self {
        let read = |(number, title): &(String, String)| Some((own_number(number)?, title.clone()));
        let mut items: BTreeMap<ItemNumber, String> = known.iter().filter_map(read).collect();
        // What is listed there is found anew.
        items.retain(|_, title| !Slot::Others.is_called(title) && !Slot::Decided.is_called(title));
        let is_usual = items.is_empty();
        if is_usual {
            items =
                USUAL.iter().filter_map(|(number, title)| Some((own_number(number)?, (*title).to_owned()))).collect();
        }
        for (number, deliverable) in used {
            items.entry(number.clone()).or_insert_with(|| match deliverable {
                Some(deliverable) => format!("Contributions affecting {deliverable}"),
                None => "Contributions".to_owned(),
            });
        }
        let mut items = Self(items);
        if is_usual {
            for title in LAST {
                items.append(title);
            }
        }
        items
    }

    /// Adds an item behind all others; below the last where that has the highest number there is.
    fn append(&mut self, title: &str) -> ItemNumber {
        let last = self.0.last_key_value().map_or(&[][..], |(number, _)| number.0.as_slice());
        let number = match last {
            [] => ItemNumber(vec![1]),
            [top, ..] if *top < HIGHEST => ItemNumber(vec![top + 1]),
            [top] => ItemNumber(vec![*top, 1]),
            [top, below, ..] => ItemNumber(vec![*top, below.saturating_add(1)]),
        };
        self.0.insert(number.clone(), title.to_owned());
        number
    }

    /// The item for what the bot lists, which is made where there is none.
    pub fn slot(&mut self, slot: Slot) -> ItemNumber {
        self.known(slot).unwrap_or_else(|| self.append(slot.title()))
    }

    /// The item for what the bot lists, where there is one.
    pub fn known(&self, slot: Slot) -> Option<ItemNumber> {
        self.0.iter().find(|(_, title)| slot.is_called(title)).map(|(number, _)| number.clone())
    }

    /// The heading of an item, as it is written.
    pub fn title(&self, number: &ItemNumber) -> String {
        self.0.get(number).map_or_else(String::new, |title| heading(title))
    }

    /// Every item in order, with the deliverables whose contributions stand under it.
    pub fn with_deliverables(&self, scheme: &ReferenceScheme) -> Vec<(AgendaItem, ItemNumber, Vec<String>)> {
        let mut sections = Sections::default();
        let item = |(number, title): (&ItemNumber, &String)| {
            let title = heading(title);
            sections.enter(Heading { number: Some(number.clone()), title: title.clone() }, scheme);
            (AgendaItem { number: number.to_string(), title }, number.clone(), sections.deliverables().to_vec())
        };
        self.0.iter().map(item).collect()
    }
}

/// A heading that is one in every kind of file.
fn heading(title: &str) -> String {
    let title: String = line(title).chars().take(LONGEST).collect();
    let title = title.trim().to_owned();
    if is_numbered_title(&format!("1 {title}")) { title } else { format!("Item: {title}").trim().to_owned() }
}

/// The number of an agenda item, where a heading can have it.
pub(super) fn own_number(item: &str) -> Option<ItemNumber> {
    let (number, rest) = ItemNumber::leading(item)?;
    (rest.is_empty() && number.to_string() == item).then_some(number)
}

/// The only deliverable that rows affect, where all affect the same one.
pub(super) fn only<'a>(of: impl Iterator<Item = Option<&'a str>>) -> Option<&'a str> {
    let all: BTreeSet<Option<&str>> = of.collect();
    all.first().copied().flatten().filter(|_| all.len() == 1)
}

/// The deliverable as a cell has it, where it is one.
pub(super) fn deliverable<'a>(named: Option<&'a str>, scheme: &ReferenceScheme) -> Option<&'a str> {
    named.filter(|named| deliverables(named, scheme) == [(*named).to_owned()])
}
