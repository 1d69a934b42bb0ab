//! A cell that is a reference, as the group writes them.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use super::blocks::is_invisible;
use crate::domain::reference::scan::{Found, leading};
use crate::domain::{ActionItemRef, ActionPattern, ContributionRef, Plenary, Reference, ReferenceScheme};

/// What the reference cell of a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Recognised {
    /// A contribution, perhaps with its revisions.
    Contribution(ContributionRef),
    /// An action item.
    Action(ActionItemRef),
    /// It begins like a reference; why it is none.
    Doubtful(String),
}

/// No reference cell is longer, in bytes; only so much of a cell is looked at.
const LONGEST: usize = 400;

/// What may follow a contribution's number: revisions in a chain, then a note or the rest of a file's name.
static REVISIONS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:[-_ ]?R[0-9]{1,2})?",
        r"(?: ?(?:>|->|=>|→|⇒|,|&|\+|/|and) ?(?:([a-z][a-z0-9]{0,15}[-_ (/][0-9][0-9()/_ -]{3,12}[0-9]) ?)?R[0-9]{1,2})*",
        r"(?: ([a-z][a-z0-9]{0,15}[-_ (/][0-9][0-9()/_ -]{3,12}[0-9]) ?R[0-9]{1,2})?(?: ?[*†‡]{1,3})?",
        r"(?: ?[(\[][^()\[\]]*[)\]]| (?:expected|posted|uploaded|available|tbd|tbposted)|[-_][a-z][^ ]*|\.[a-z]{3,4})?$"
    ))
});

/// `A-WG4-TP8-003` with its parts: label, series, plenary, number.
static ACTION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^A[-_ ]([a-z0-9]{1,10})[-_ ]([a-z]{1,6})[-_ ]?([0-9]{1,4})[-_ ]([0-9]{1,4})$"));

/// `P-WG4-001` with its parts: label, number.
static PROPOSAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^P[-_ ]([a-z0-9]{1,10})[-_ ]([0-9]{1,4})$"));

/// What begins like a reference of any group.
static ALIKE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^(?:[ap][-_ ][a-z]+[0-9]*[-_ ](?:[a-z]+[-_ ]?[0-9]+[-_ ])?[0-9]+|",
        r"[a-z][a-z0-9]{1,9}[-_][0-9]{4}[-_ ][0-9]|([a-z][a-z0-9]{1,15})(?:[-_][0-9]{3,}|[(/][0-9]{2,}[)/]?[0-9]))"
    ))
});

/// A regular expression that is written in the code; the tests compile every one.
pub(super) fn pattern(literal: &str) -> Regex {
    Regex::new(literal).expect("a literal pattern is valid")
}

/// The cell of a reference as the group writes one: `SCP (14) 000007` without its spaces, `0466 rev 2` as
/// `0466R02`, `.../SEC-2014-0466.docx` without its address, and without a note of which it is a revision.
pub(super) fn reference_cell(cell: &str, scheme: &ReferenceScheme) -> String {
    static SPACED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(\s*[A-Za-z][A-Za-z0-9]{0,15})\s*\(\s*([0-9]{2,4})\s*\)\s*([0-9]{3,})"));
    static REVISION: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)([0-9])[\s_-]*\(?rev(?:ision)?\.?[\s_]*([0-9]{1,2})\)?([^0-9]|$)"));
    static OF_ANOTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\s*\((?:(?:is )?(?:a )?revision of|revises|revised from|replaces|was|update of)\s[^()]*\)")
    });
    let cell = match cell.rsplit_once('/') {
        Some((address, file)) if address.starts_with("http") && !address.contains(char::is_whitespace) => file,
        _ => cell,
    };
    let cell = OF_ANOTHER.replace_all(cell, "");
    let cell = SPACED.replace(&cell, "$1($2)$3");
    let mark = if scheme.patterns.contribution.is_usual() { "R" } else { "r" };
    let revised = |parts: &regex::Captures<'_>| {
        let number: u8 = parts[2].parse().unwrap_or_default();
        let number = if mark == "R" { format!("R{number:02}") } else { format!("r{number}") };
        format!("{}{number}{}", &parts[1], &parts[3])
    };
    REVISION.replace(&cell, revised).trim().to_owned()
}

/// Whether, and which, reference `cell` is.
pub(super) fn recognise(cell: &str, scheme: &ReferenceScheme) -> Option<Recognised> {
    let whole = if cell.len() <= LONGEST { reference_cell(cell, scheme) } else { cell.to_owned() };
    let cell = whole.as_str();
    let mut end = cell.len().min(LONGEST);
    while !cell.is_char_boundary(end) {
        end -= 1;
    }
    let folded = fold(&cell[..end]);
    // A line break beside a hyphen is a space now: nothing else stands there within a reference.
    static SPACED: LazyLock<Regex> = LazyLock::new(|| pattern("([A-Za-z0-9])(?: - ?| ?- )([0-9])"));
    let joined = SPACED.replace_all(&folded, "$1-$2");
    let text = without_body(&joined, &scheme.body);
    if end < cell.len() {
        return alike(text, scheme);
    }
    contribution(text, scheme).or_else(|| action(text, scheme)).or_else(|| alike(text, scheme))
}

fn contribution(text: &str, scheme: &ReferenceScheme) -> Option<Recognised> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric())?;
    let prefix = known(&scheme.contributions, &text[..end])?;
    let found = scheme.patterns.contribution.read(text.as_bytes(), end, |byte| matches!(byte, b'_' | b' '))?;
    let reference =
        ContributionRef { prefix: prefix.to_owned(), year: found.year, number: found.number, numbering: found.form };
    let rest = REVISIONS.captures(&text[found.end..])?;
    let is_same = |other: regex::Match<'_>| other.as_str().eq_ignore_ascii_case(&text[..found.end]);
    let same = rest.get(1).is_none_or(is_same) && rest.get(2).is_none_or(is_same);
    same.then_some(Recognised::Contribution(reference))
}

fn action(text: &str, scheme: &ReferenceScheme) -> Option<Recognised> {
    if scheme.patterns.action != ActionPattern::OfPlenary {
        let group = leading(text, scheme, false).filter(|group| group.end == text.len())?;
        return match group.found.as_slice() {
            [Found { reference: Reference::Action(item), .. }] => Some(Recognised::Action(item.clone())),
            _ => None,
        };
    }
    let label =
        |label: &str| label.eq_ignore_ascii_case(&scheme.group) || known(&scheme.group_aliases, label).is_some();
    let reference = if let Some(parts) = ACTION.captures(text) {
        if !label(&parts[1]) || !parts[2].eq_ignore_ascii_case(&scheme.plenary) {
            return Some(Recognised::Doubtful(format!("{} is no action item of this group", &parts[0])));
        }
        let plenary = Plenary { series: scheme.plenary.clone(), number: parts[3].parse().ok()? };
        ActionItemRef::Numbered { group: scheme.group.clone(), plenary, number: parts[4].parse().ok()? }
    } else {
        let parts = PROPOSAL.captures(text)?;
        if !label(&parts[1]) {
            return Some(Recognised::Doubtful(format!("{} is no proposal of this group", &parts[0])));
        }
        ActionItemRef::Proposal { group: scheme.group.clone(), number: parts[2].parse().ok()? }
    };
    // Numbers count from 1: printing and reading a reference must give it back.
    Some(if reference.to_string().parse() == Ok(reference.clone()) {
        Recognised::Action(reference)
    } else {
        Recognised::Doubtful(format!("{text} has no number that an action item can have"))
    })
}

/// A cell that begins like a reference but is not wholly one. A deliverable (`TS-0003`) is no row's.
fn alike(text: &str, scheme: &ReferenceScheme) -> Option<Recognised> {
    let parts = ALIKE.captures(text)?;
    if parts.get(1).is_some_and(|prefix| known(&scheme.contributions, prefix.as_str()).is_none()) {
        return None;
    }
    Some(Recognised::Doubtful("its first cell begins like a reference, but is not one reference of this group".into()))
}

/// The list's own spelling of `word`.
fn known<'a>(list: &'a [String], word: &str) -> Option<&'a str> {
    list.iter().find(|one| one.eq_ignore_ascii_case(word)).map(String::as_str)
}

/// `text` without the body's name that file names begin with (`oneM2M-SEC-…`).
fn without_body<'a>(text: &'a str, body: &str) -> &'a str {
    match text.get(..body.len()) {
        Some(start) if !body.is_empty() && start.eq_ignore_ascii_case(body) => {
            text[body.len()..].strip_prefix(['-', '_', ' ']).unwrap_or(text)
        }
        _ => text,
    }
}

/// A cell in the form in which references are looked for: NFKC, every hyphen `-`, nothing invisible,
/// one space for any, and a break after a hyphen before a digit joined.
pub(super) fn fold(cell: &str) -> String {
    let mut folded = String::with_capacity(cell.len());
    let mut gap = None;
    for c in cell.nfkc().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() {
            gap = Some(gap == Some('\n') || c == '\n').map(|line| if line { '\n' } else { ' ' });
            continue;
        }
        let joined = gap == Some('\n') && folded.ends_with('-') && c.is_ascii_digit();
        if gap.take().is_some() && !folded.is_empty() && !joined {
            folded.push(' ');
        }
        folded.push(if is_hyphen(c) { '-' } else { c });
    }
    folded
}

/// Hyphens, dashes and the minus sign (Unicode's Pd and what keyboards put in its place).
pub(super) const fn is_hyphen(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contribution_of(cell: &str) -> Option<String> {
        match recognise(cell, &ReferenceScheme::default()) {
            Some(Recognised::Contribution(reference)) => Some(reference.to_string()),
            _ => None,
        }
    }

    #[test]
    fn a_reference_cell_is_recognised_in_any_spelling() {
        for cell in [
            "SEC-2014-0243",
            "SEC-2014-0243R01 > R02",
            "SEC-2014-0243 > R01",
            "sec_2014_0243_r1",
            "SEC\u{2011}2014\u{2011}0243R01",
            "SEC-2014-\n0243R01",
            "SEC-20\u{ad}14-0243R01\u{a0}\u{2192} R02",
            "SEC-2014-0243R01 -> SEC-2014-0243R02",
            "SEC-2014-0243R01\n> R02 (TBPosted)",
            "oneM2M-SEC-2014-0243R01-Overview_of_Frameworks.docx",
            "SEC-2014-0243R02 expected",
            "SEC-2014-0243\nSEC-2014-0243R01",
            "SEC-2014-0243*",
            "SEC-2014-0243R01 \u{2020}",
            "SEC-2014-0243 rev 2",
            "SEC-2014-0243_Rev2",
            "SEC-2014-0243R01 (revision of SEC-2014-0243)",
            "https://example.org/docs/SEC-2014-0243R01.docx",
        ] {
            assert_eq!(contribution_of(cell).as_deref(), Some("SEC-2014-0243"), "{cell:?}");
        }
    }

    #[test]
    fn what_only_begins_like_a_reference_is_doubtful() {
        for cell in [
            "SEC-2014-0243 and more words",
            "SEC-2014-0243\nSEC-2014-0244R01",
            "SEC-2014-0243R01 > SEC-2014-0244R02",
            "SEC-2014-024",
            "XYZ-2014-0243",
            "SEC-2014-02435",
            "A-WG2-TP8-001",
            "A-WG4-TP8-000",
            "SEC-0243",
        ] {
            let recognised = recognise(cell, &ReferenceScheme::default());
            assert!(matches!(recognised, Some(Recognised::Doubtful(_))), "{cell:?}: {recognised:?}");
        }
    }

    #[test]
    fn a_reference_cell_is_kept_as_the_group_writes_one() {
        let scheme = ReferenceScheme::default();
        for (cell, kept) in [
            ("SEC-2014-0243R01 > R02", "SEC-2014-0243R01 > R02"),
            ("SEC-2014-\n0243R01", "SEC-2014-\n0243R01"),
            ("SEC-2014-0243 rev 2", "SEC-2014-0243R02"),
            ("SEC-2014-0243_Rev2", "SEC-2014-0243R02"),
            ("SEC-2014-0243R01 (revision of 0243)", "SEC-2014-0243R01"),
            ("SEC-2014-0243R01 (TBPosted)", "SEC-2014-0243R01 (TBPosted)"),
            ("SCP (14) 000007", "SCP(14)000007"),
            ("https://example.org/docs/SEC-2014-0243R01.docx", "SEC-2014-0243R01.docx"),
        ] {
            assert_eq!(reference_cell(cell, &scheme), kept, "{cell:?}");
        }
    }

    #[test]
    fn other_words_are_no_reference() {
        for cell in
            ["", "REFERENCE", "TS-0003", "Session S1", "A-B tests", "2014-04-07", "RUSTSEC", "see SEC-2014-0243"]
        {
            assert_eq!(recognise(cell, &ReferenceScheme::default()), None, "{cell:?}");
        }
    }

    #[test]
    fn an_action_item_keeps_the_groups_own_label() {
        for cell in ["A-WG4-TP8-003", "a-wg4-tp8-3", "A-SEC-TP8-003", "A\u{2011}WG4\u{2011}TP8\u{2011}003"] {
            let Some(Recognised::Action(item)) = recognise(cell, &ReferenceScheme::default()) else {
                panic!("{cell:?} is an action item");
            };
            assert_eq!(item.to_string(), "A-WG4-TP8-003");
        }
    }
}
