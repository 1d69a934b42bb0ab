//! `[group.references]`: how the group writes its references.

use super::walk::{Entry, Section};
use super::words::quoted;
use crate::domain::ReferenceScheme;

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
    let plenary = one("plenary", &SERIES, default.plenary);
    let (aliases, contributions) = (section.get("group_aliases"), section.get("contributions"));
    let deliverables = section.get("deliverables");
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
    let contributions = written.unwrap_or_else(|| {
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
        plenary: plenary?,
    })
}

/// The labels of a list; `None` where one of them is wrong.
fn labels(entry: &Entry<'_>) -> Option<Vec<String>> {
    let labels: Vec<Option<String>> =
        entry.list("a list of labels, such as [\"SEC\", \"PRO\"]")?.iter().map(|entry| LABEL.read(entry)).collect();
    labels.into_iter().collect()
}
