//! `[group.references]`: how the group writes its references.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::walk::{Entry, Section};
use super::words::quoted;
use crate::domain::{
    ActionPattern, ContributionOutcome, DeliverableStyle, MeetingStyle, NumberPattern, Patterns, Phrase,
    ReferenceScheme,
};

/// What one kind of label is made of.
struct Label {
    expected: &'static str,
    /// What its characters are, the first one included.
    character: fn(char) -> bool,
    /// What its first character is besides.
    first: fn(char) -> bool,
}

/// `SEC`, `WG4`, `TS`: read from references in upper case.
const LABEL: Label = Label {
    expected: "upper-case letters and digits, a letter first, such as \"SEC\"",
    character: |c| c.is_ascii_uppercase() || c.is_ascii_digit(),
    first: |c| c.is_ascii_uppercase(),
};

/// `TP`: its number follows at once, so that it holds no digit.
const SERIES: Label = Label {
    expected: "upper-case letters, such as \"TP\"",
    character: |c| c.is_ascii_uppercase(),
    first: |c| c.is_ascii_uppercase(),
};

/// `oneM2M`: ends at a hyphen in file names, so that it holds none.
const BODY: Label = Label {
    expected: "letters and digits, such as \"oneM2M\"",
    character: |c| c.is_ascii_alphanumeric(),
    first: |c| c.is_ascii_alphanumeric(),
};

impl Label {
    fn read(&self, entry: &Entry<'_>) -> Option<String> {
        let text = entry.text(self.expected)?;
        if text.len() <= 16 && text.starts_with(self.first) && text.chars().all(self.character) {
            return Some(text.to_owned());
        }
        entry.error(format!("{} is no label; expected {}, at most 16 of them", quoted(text), self.expected));
        None
    }
}

/// The scheme that the table says, completed from oneM2M's security group where it says nothing.
pub(super) fn read(section: Section<'_>) -> Option<ReferenceScheme> {
    let default = ReferenceScheme::default();
    let one = |key, label: &Label, default: String| section.get(key).map_or(Some(default), |entry| label.read(&entry));
    let body = one("body", &BODY, default.body);
    let prefix = one("prefix", &LABEL, default.prefix);
    let group = one("group", &LABEL, default.group);
    let plenary = section.get("plenary").map_or(Some(default.plenary), |entry| match entry.value() {
        DeValue::String(text) if text == NONE => Some(String::new()),
        _ => SERIES.read(&entry),
    });
    let meeting_label = one("meeting_prefix", &LABEL, String::new());
    let patterns = patterns(&section);
    let (aliases, contributions) = (section.get("group_aliases"), section.get("contributions"));
    let (deliverables, no_plenary) = (section.get("deliverables"), section.get("plenary"));
    section.finish();

    let deliverables = deliverables.map_or(Some(default.deliverables), |entry| labels(&entry));
    let (aliases, written) = (aliases.map(|entry| labels(&entry)), contributions.as_ref().map(labels));
    let (prefix, group) = (prefix?, group?);
    if let (Some(entry), Some(Some(written))) = (&contributions, &written)
        && !written.contains(&prefix)
    {
        entry.error(format!("does not hold the group's own prefix; expected {prefix:?} in it"));
    }
    // A group is also called by the prefix of its documents, and that one is a contribution's,
    // unless the lists say otherwise.
    let group_aliases =
        aliases.unwrap_or_else(|| Some((prefix != group).then(|| prefix.clone()).into_iter().collect()));
    let (patterns, plenary) = (patterns?, plenary?);
    let meeting_label = meeting_label.map(|label| if label == prefix { String::new() } else { label })?;
    if let (ActionPattern::OfPlenary, "", Some(entry)) = (&patterns.action, plenary.as_str(), &no_plenary) {
        entry.error("is \"none\", and action items are numbered by it; expected action_number = \"{meeting}-AP{number:2}\", too");
        return None;
    }
    let contributions = written.unwrap_or_else(|| {
        if !patterns.contribution.is_usual() {
            return Some(vec![prefix.clone()]);
        }
        let own = (!default.contributions.contains(&prefix)).then(|| prefix.clone());
        Some(own.into_iter().chain(default.contributions).collect())
    });
    Some(ReferenceScheme {
        body: body?,
        prefix,
        group,
        group_aliases: group_aliases?,
        contributions: contributions?,
        deliverables: deliverables?,
        plenary,
        patterns: Patterns { meeting_label, ..patterns },
    })
}

/// Words of status columns and what each means, from the table of the group that says so.
pub(super) fn status_words(section: &Section<'_>) -> Option<BTreeMap<String, ContributionOutcome>> {
    let outcomes = ContributionOutcome::ALL.map(|outcome| (outcome.as_str(), outcome));
    let word = |(words, entry): (&str, Entry<'_>)| {
        let folded =
            words.to_lowercase().split([' ', '-']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let is_words = (1..=4).contains(&folded.split(' ').count())
            && folded.len() <= LONGEST_WORDS
            && folded.chars().all(|c| c.is_ascii_lowercase() || c == ' ')
            && !folded.is_empty();
        if !is_words {
            entry.error(format!("{} is no status; expected one to four words of letters", quoted(words)));
            return None;
        }
        if !Phrase::read(&folded, &ReferenceScheme::default()).says_nothing() {
            entry.error("is a status that minuted knows already; expected one that it does not");
            return None;
        }
        Some((folded, entry.choice(&outcomes)?))
    };
    section.all().into_iter().map(word).collect::<Vec<_>>().into_iter().collect()
}

/// The most letters of a status.
const LONGEST_WORDS: usize = 40;

/// What is written for the series of plenaries in a group that has none.
const NONE: &str = "none";

/// How numbers are put together.
fn patterns(section: &Section<'_>) -> Option<Patterns> {
    let contribution = section.get("contribution_number");
    let contribution = contribution.map_or_else(|| Some(NumberPattern::default()), |entry| entry.parsed("a pattern"));
    let action = section.get("action_number");
    let action = action.map_or_else(|| Some(ActionPattern::default()), |entry| entry.parsed("a pattern"));
    let meeting = section.get("meeting_number");
    let meeting = meeting.map_or_else(|| Some(MeetingStyle::default()), |entry| entry.choice(&MEETINGS));
    let deliverable = section.get("deliverable_number");
    let deliverable =
        deliverable.map_or_else(|| Some(DeliverableStyle::default()), |entry| entry.choice(&DELIVERABLES));
    Some(Patterns {
        contribution: contribution?,
        action: action?,
        meeting: meeting?,
        deliverable: deliverable?,
        ..Patterns::default()
    })
}

const MEETINGS: [(&str, MeetingStyle); 2] =
    [("{prefix}#{number}.{sub}", MeetingStyle::Pointed), ("{prefix}#{number}", MeetingStyle::Plain)];

const DELIVERABLES: [(&str, DeliverableStyle); 3] = [
    ("{kind}-{number:4}", DeliverableStyle::Counted),
    ("{kind} {series:2}.{number:3}", DeliverableStyle::Series),
    ("{kind} {number:3} {number:3}", DeliverableStyle::Thousands),
];

/// The labels of a list; `None` where one of them is wrong.
fn labels(entry: &Entry<'_>) -> Option<Vec<String>> {
    let labels: Vec<Option<String>> =
        entry.list("a list of labels, such as [\"SEC\", \"PRO\"]")?.iter().map(|entry| LABEL.read(entry)).collect();
    labels.into_iter().collect()
}
