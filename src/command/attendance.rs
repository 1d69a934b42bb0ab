//! Whether the sender comes to a meeting: `attending [SEC#11]`, `remote [SEC#11]`, `regrets [SEC#11]`.

use super::grammar::{Mode, Read, tail_of};
use super::meetings::are_meetings;
use super::remark::{End, end};
use super::targets::one;
use super::written::Rest;
use super::{Command, Target};
use crate::domain::{Coming, Text};

/// How a line begins, and what it says. Longer ones first.
const WORDS: [(&str, Coming); 7] = [
    ("attending remotely", Coming::Remote),
    ("attending online", Coming::Remote),
    ("attending", Coming::Attending),
    ("remotely", Coming::Remote),
    ("remote", Coming::Remote),
    ("send regrets for", Coming::Regrets),
    ("regrets", Coming::Regrets),
];

/// Words of a remark that say something else than `attending`.
const ELSEWHERE: [&str; 6] = ["remote", "remotely", "online", "virtually", "phone", "video"];

/// Reads a command that begins with its word.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    if let Some(after) = rest.word("not attending") {
        let names = one(after, mode).is_some_and(|found| are_meetings(&found.of));
        let meant = format!("regrets {}", after.original());
        return match names || (mode.meant && after.is_empty()) {
            true => Read::Doubt(Text::new("line-near-miss").with("meant", meant.trim_end())),
            false => Read::Prose,
        };
    }
    let Some((coming, after)) = WORDS.iter().find_map(|(word, coming)| Some((*coming, rest.word(word)?))) else {
        return Read::Prose;
    };
    let after = after.mark(':').unwrap_or(after).skip(&["at", "to", "for", "in"]);
    let (of, after) = match one(after, mode) {
        Some(found) if are_meetings(&found.of) && found.of.len() == 1 => (found.of, found.rest),
        // "attending A-WG4-TP8-001" is nothing that anybody means.
        Some(found) if !found.are_rows() => return Read::Doubt(tail_of(after.original())),
        Some(_) => return Read::Prose,
        None => (vec![Target::Omitted], after),
    };
    let omitted = of.contains(&Target::Omitted);
    let ending = end(after);
    if let (End::Remark(remark), Coming::Attending) = (&ending, coming)
        && remark.split(|c: char| !c.is_alphabetic()).any(|word| ELSEWHERE.contains(&word.to_lowercase().as_str()))
    {
        return Read::Doubt(tail_of(after.original()));
    }
    match Read::ended(after, |_| Command::Attend { of, coming: Some(coming), invited: None }) {
        // "remote work is fine" tells.
        Read::Doubt(_) | Read::Begun(_) if omitted => Read::Prose,
        read => read,
    }
}
