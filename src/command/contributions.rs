//! Commands about contributions: decisions in the phrases of the agenda's status column
//! (`SEC-2014-0243R02 agreed`), and what becomes of a document (`posted REF`, `withdraw REF`,
//! `register REF "TITLE" [for ITEM] [for DELIVERABLE]`). `3: STATUS-PHRASE` and `3 remark` rule on a doubtful row.

use super::grammar::{Mode, Read, tail_of, unless_bad};
use super::items::missing_text;
use super::targets::{Targets, one, targets};
use super::written::Rest;
use super::{Command, Target};
use crate::domain::reference::scan::leading;
use crate::domain::{Clause, Phrase, Reference, Text};

/// Reads what is said of targets that stand before it.
pub(super) fn about(found: &Targets<'_>, rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let are_documents = found.of.iter().all(|target| match target {
        Target::Row(_) | Target::Request(_) => true,
        Target::Reference(reference) => {
            matches!(reference, Reference::Document(_) | Reference::Short { .. } | Reference::Revision(_))
        }
        Target::Omitted => false,
    });
    if !are_documents {
        return Read::Prose;
    }
    if let Some((_, after)) = rest.any(&["posted", "uploaded", "available"]) {
        return unless_bad(found, || Read::whole(after, || Command::Posted { of: found.of.clone() }));
    }
    let is_ruling = !found.of.iter().any(|target| matches!(target, Target::Reference(_)));
    if is_ruling && let Some(after) = rest.word("remark") {
        return Read::whole(after, || Command::Remark { of: found.of.clone() });
    }
    let phrase = Phrase::read(rest.original(), mode.scheme);
    let is_status = phrase.begins_as_status() || mode.meant && phrase.only_links();
    if !is_status {
        let is_posted = |clause: &Clause| matches!(clause, Clause::Posted(_));
        let begun = Phrase::begins(rest.original(), mode.scheme) || is_ruling && phrase.clauses.iter().any(is_posted);
        if let Some(doubt) = turned(rest, mode) {
            return Read::Doubt(doubt);
        }
        return if begun { Read::Doubt(tail_of(rest.original())) } else { Read::Prose };
    }
    if let Some(tail) = phrase.not_understood().next() {
        return Read::Doubt(tail_of(tail));
    }
    if phrase.doubt().is_some() {
        return Read::Doubt(tail_of(rest.original()));
    }
    unless_bad(found, || Read::Command(Command::Decide { of: found.of.clone(), phrase: phrase.clone() }))
}

/// `0257 not agreed`, `0258 will be noted`: what is not so, or not yet.
fn turned(rest: Rest<'_>, mode: &Mode<'_>) -> Option<Text> {
    const NEGATIONS: [&str; 7] = ["not", "never", "isn't", "wasn't", "aren't", "weren't", "hasn't"];
    const FUTURES: [&str; 9] = ["will", "shall", "should", "would", "could", "may", "might", "can", "to"];
    let word = rest.first_word();
    let is = |of: &[&str]| of.iter().any(|known| word.eq_ignore_ascii_case(known));
    let after = rest.after(word.len()).skip(&["be", "yet be", "yet", "been", "have been"]);
    let key = match () {
        () if is(&NEGATIONS) => "line-doubtful-negation",
        () if is(&FUTURES) => "line-doubtful-future",
        () => return None,
    };
    let speaks_of_posting = after.any(&["posted", "uploaded", "available"]).is_some();
    let turned = speaks_of_posting || Phrase::begins(after.original(), mode.scheme);
    turned.then(|| Text::new(key).with("word", word))
}

/// Reads a command that begins with its word.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let of_documents = |after: Rest<'_>, command: fn(Vec<Target>) -> Command| {
        let Some(found) = targets(after.mark(':').unwrap_or(after), mode) else { return Read::Prose };
        unless_bad(&found, || Read::whole(found.rest, || command(found.of.clone())))
    };
    if let Some((_, after)) = rest.any(&["posted", "uploaded", "available"]) {
        return of_documents(after, |of| Command::Posted { of });
    }
    if let Some(after) = rest.word("withdraw").filter(|after| !after.text().eq_ignore_ascii_case("objection")) {
        let Some(found) = targets(after.mark(':').unwrap_or(after), mode) else { return Read::Prose };
        return unless_bad(&found, || {
            Read::ended(found.rest, |because| Command::Withdraw { of: found.of.clone(), because })
        });
    }
    if let Some(after) = rest.word("register") {
        let Some(found) = one(after, mode).filter(|found| !found.are_rows()) else { return Read::Prose };
        return unless_bad(&found, || register(&found, mode));
    }
    Read::Prose
}

/// `register REF "TITLE" [for ITEM] [for DELIVERABLE]`
fn register(found: &Targets<'_>, mode: &Mode<'_>) -> Read {
    let [of] = found.of.as_slice() else { return Read::Doubt(tail_of(found.rest.original())) };
    let Some(quoted) = found.rest.mark('"') else {
        return match found.rest.is_empty() {
            true => Read::Begun(missing_text("register")),
            false => Read::Doubt(tail_of(found.rest.original())),
        };
    };
    let Some(length) = quoted.text().find('"') else { return Read::Begun(missing_text("register")) };
    let title = quoted.first(length).original().trim().to_owned();
    let after = quoted.after(length).mark('"').unwrap_or(quoted);
    let of = of.clone();
    if title.is_empty() {
        return Read::Begun(missing_text("register"));
    }
    match places(after, mode) {
        Ok(Places { agenda_item, deliverable }) => {
            Read::Command(Command::Register { of, title, agenda_item, deliverable })
        }
        Err(tail) => Read::Doubt(tail_of(tail.original())),
    }
}

/// Where a contribution belongs.
#[derive(Debug, Default)]
struct Places {
    agenda_item: Option<String>,
    deliverable: Option<String>,
}

/// `for 7.1`, `for TS-0003`, `for 7.1 and TS-0003`: each known by its form. What is none of these is given back.
fn places<'a>(rest: Rest<'a>, mode: &Mode<'_>) -> Result<Places, Rest<'a>> {
    let mut places = Places::default();
    let mut next = rest;
    while !next.is_empty() {
        let is_first = next.text() == rest.text();
        let at = next.mark(',').unwrap_or(next).skip(&["and"]);
        let at = at.word("for").or((!is_first).then_some(at)).ok_or(next)?;
        let at = at.skip(&["agenda item", "item", "deliverable"]);
        let (place, value, after) = match leading(at.text(), mode.scheme, false).filter(|group| group.found.len() == 1)
        {
            Some(group) => {
                let Some(Reference::Deliverable(of)) = group.found.first().map(|found| found.reference.clone()) else {
                    return Err(next);
                };
                (&mut places.deliverable, of.to_string(), at.after(group.end))
            }
            None => {
                let item = at.first_word().trim_end_matches(',');
                if !is_agenda_item(item) {
                    return Err(next);
                }
                (&mut places.agenda_item, item.to_owned(), at.after(item.len()))
            }
        };
        if place.replace(value).is_some() {
            return Err(next);
        }
        next = after;
    }
    Ok(places)
}

/// `7.2`
fn is_agenda_item(text: &str) -> bool {
    text.len() <= 12 && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}
