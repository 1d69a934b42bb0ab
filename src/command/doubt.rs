//! Lines that speak of a command without giving it: "not done", "will close A-WG4-TP8-001". They
//! are answered and not applied.

use super::Target;
use super::grammar::{Mode, Read, read};
use super::items::VERBS;
use super::targets::{Targets, targets};
use super::written::{Rest, Written};
use crate::domain::Text;

pub(super) const NEGATIONS: [&str; 24] = [
    "not",
    "never",
    "no",
    "don't",
    "dont",
    "cannot",
    "can't",
    "cant",
    "won't",
    "wont",
    "isn't",
    "isnt",
    "hasn't",
    "hasnt",
    "didn't",
    "wasn't",
    "aren't",
    "haven't",
    "couldn't",
    "shouldn't",
    "wouldn't",
    "unable",
    "almost",
    "nearly",
];

const FUTURES: [&str; 28] = [
    "will", "shall", "would", "should", "could", "can", "may", "might", "must", "going", "plan", "plans", "planning",
    "intend", "intends", "i'll", "we'll", "ill", "soon", "want", "wants", "need", "needs", "propose", "suggest",
    "hope", "expect", "to",
];

const FILLERS: [&str; 33] = [
    "i", "you", "please", "somebody", "we", "it", "this", "that", "they", "he", "she", "item", "it's", "its", "is",
    "are", "am", "was", "has", "have", "had", "been", "be", "get", "still", "yet", "also", "just", "now", "do", "does",
    "partly", "quite",
];

/// What may follow the verb where the line names nothing.
const AFTER: [&str; 10] =
    ["yet", "now", "today", "tomorrow", "soon", "later", "next week", "this week", "it", "at the moment"];

/// Why a line that is no command, and speaks of one, is not applied.
pub(super) fn doubt(rest: Rest<'_>, question: bool, mode: &Mode<'_>) -> Option<Text> {
    let begin = rest;
    let before = targets(rest, mode);
    let mut rest = before.as_ref().map_or(rest, |found| found.rest);
    rest = rest.mark(':').or_else(|| rest.mark('-')).unwrap_or(rest);
    let mut why = None;
    for _ in 0..8 {
        if let Some(after) = VERBS.iter().find_map(|(word, _)| rest.word(word)) {
            let named = before.is_some() || targets(after.mark(':').unwrap_or(after), mode).is_some();
            let alone = mode.meant && (after.is_empty() || after.any(&AFTER).is_some_and(|(_, rest)| rest.is_empty()));
            return if named || alone { why.or_else(|| said(begin, before.as_ref(), rest, mode)) } else { None };
        }
        if let Some((word, after)) = rest.any(&NEGATIONS) {
            why = Some(text(question, "line-doubtful-negation", word));
            rest = after;
        } else if let Some((word, after)) = rest.any(&FUTURES) {
            why = why.or_else(|| Some(text(question, "line-doubtful-future", word)));
            rest = after;
        } else if let Some((word, after)) = rest.any(&FILLERS) {
            // "is A-WG4-TP8-001 done?" asks.
            if question {
                why = Some(text(true, "", word));
            }
            rest = after;
            if let Some(found) = targets(rest, mode).filter(|_| before.is_none()) {
                let names = found.of.iter().any(|target| matches!(target, Target::Reference(_)));
                let asked = VERBS.iter().any(|(word, _)| found.rest.word(word).is_some());
                return why.filter(|_| names && asked);
            }
        } else {
            return None;
        }
    }
    None
}

/// `I have done A-WG4-TP8-001`, `A-WG4-TP8-001 has been closed`: the command that says so.
fn said(line: Rest<'_>, before: Option<&Targets<'_>>, verb: Rest<'_>, mode: &Mode<'_>) -> Option<Text> {
    let of = before.map(|found| line.first(line.text().len() - found.rest.text().len()).text().trim_end_matches(':'));
    let line = of.map_or_else(|| verb.text().to_owned(), |of| format!("{of}: {}", verb.text()));
    let exact = Mode { near: false, ..*mode };
    let is_command = matches!(read(&Written::new(&line), &exact), Read::Command(_));
    is_command.then(|| Text::new("line-near-miss").with("meant", line))
}

fn text(question: bool, key: &str, word: &str) -> Text {
    if question { Text::new("line-doubtful-question") } else { Text::new(key).with("word", word) }
}
