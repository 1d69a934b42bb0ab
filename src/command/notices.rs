//! Notices of machines that keep documents: `SEC-2014-0243R02 was uploaded.`
//!
//! A portal writes sentences, lists and tables, in a subject or a text. What it says has become available is what a
//! word of that stands with: behind the documents (`… has been uploaded`), or above a list of them (`New uploads:`).
//! What will be, was not, or may be uploaded is not there; a document that is only named beside another (`… replaces
//! SEC-2014-0243R01`) is not told to be.

use crate::domain::reference::scan::{Found, fold, scan};
use crate::domain::{DocumentRef, Reference, ReferenceScheme};

mod sentence;

use sentence::Sentence;

/// What a notice says of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Noticed {
    /// It is only named.
    Named,
    /// A word of uploading stands with it that says it of the future, denies it or asks for it.
    Doubtful,
    /// It was uploaded.
    Uploaded,
}

/// The documents that a notice names in full, in order, and the most that it says of each; what is denied or doubtful
/// is that, whatever else is said.
#[must_use]
pub fn notice(subject: &str, text: &str, scheme: &ReferenceScheme) -> Vec<(DocumentRef, Noticed)> {
    let mut read = Reading { scheme, found: Vec::new(), of_subject: Noticed::Named, above: None };
    // What answers or forwards a notice is none.
    let answers = ["re:", "fw:", "fwd:", "aw:", "wg:"];
    let begins = |start: &&str| subject.trim().get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start));
    if !answers.iter().any(begins) {
        // "[Portal] Uploaded: …": what portals and lists put before.
        let subject = subject.trim_start();
        let subject = subject.strip_prefix('[').and_then(|it| Some(it.split_once(']')?.1)).unwrap_or(subject);
        read.of_subject = read.unit(&sentence::without_links(&fold(subject.trim_start())));
        read.above = None;
    }
    for unit in units(&sentence::without_links(&fold(text)), scheme) {
        read.unit(&unit);
    }
    if denies(subject) || denies(text) {
        // Of which of them it is said, only a person sees.
        read.found.iter_mut().for_each(|(_, says)| *says = (*says).min(Noticed::Doubtful));
    }
    read.found
}

/// Whether a notice says anywhere that something did not go well, or was taken back.
fn denies(text: &str) -> bool {
    const WORDS: [&str; 25] = [
        "rejected",
        "refused",
        "failed",
        "failure",
        "quarantined",
        "virus",
        "denied",
        "retracted",
        "withdrawn",
        "deleted",
        "deletion",
        "removed",
        "invalid",
        "unsuccessful",
        "blocked",
        "cancelled",
        "canceled",
        "rejection",
        "aborted",
        "infected",
        "mistake",
        "mistakenly",
        "trash",
        "superseded",
        "erroneously",
    ];
    const NOT: [&str; 5] = ["uploaded", "accepted", "posted", "available", "successful"];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_denied = |at: usize| words.iter().skip(at + 1).take(3).any(|word| NOT.contains(word));
    words.iter().enumerate().any(|(at, word)| WORDS.contains(word) || *word == "not" && is_denied(at))
}

/// A notice as it is read.
struct Reading<'a> {
    scheme: &'a ReferenceScheme,
    found: Vec<(DocumentRef, Noticed)>,
    /// What the subject says of documents that it does not name.
    of_subject: Noticed,
    /// What the heading above says of the rows below it.
    above: Option<Noticed>,
}

impl Reading<'_> {
    /// Reads a paragraph or row. Gives what its last sentence says of documents that it does not name.
    fn unit(&mut self, unit: &str) -> Noticed {
        let mut left = Noticed::Named;
        let row = row(unit, self.scheme);
        for part in sentence::split(unit) {
            let found = scan(part, self.scheme);
            let sentence = Sentence::new(part, &found);
            let says = sentence.says();
            for (at, document) in documents(&found) {
                let of_above = self.above.unwrap_or(self.of_subject);
                let noticed = match &says {
                    Some(said) if said.of.contains(&at) => said.noticed,
                    Some(_) => Noticed::Named,
                    // A row below "Uploaded today:" is told of by its first document.
                    None if row == Some(at) && of_above == Noticed::Uploaded && sentence.is_doubtful() => {
                        Noticed::Doubtful
                    }
                    None if row == Some(at) => of_above,
                    None => Noticed::Named,
                };
                self.note(document, noticed);
            }
            left = says.filter(|said| said.of.is_empty()).map_or(Noticed::Named, |said| said.noticed);
        }
        let is_heading = unit.trim_end().ends_with(':');
        if is_heading || left != Noticed::Named {
            self.above = Some(left);
        } else if row.is_none() && !is_field(unit) && scan(unit, self.scheme).is_empty() && self.above.is_some() {
            // Prose ends a list.
            self.above = Some(Noticed::Named);
        }
        left
    }

    fn note(&mut self, document: DocumentRef, noticed: Noticed) {
        match self.found.iter_mut().find(|(known, _)| *known == document) {
            // What is denied once is not told by another sentence.
            Some((_, known)) if *known == Noticed::Doubtful || noticed == Noticed::Doubtful => {
                *known = Noticed::Doubtful
            }
            Some((_, known)) => *known = noticed.max(*known),
            None => self.found.push((document, noticed)),
        }
    }
}

/// The documents among what was found, with their places in it.
fn documents(found: &[Found]) -> impl Iterator<Item = (usize, DocumentRef)> {
    found.iter().enumerate().filter_map(|(at, found)| match &found.reference {
        Reference::Document(document) => Some((at, document.clone())),
        _ => None,
    })
}

/// Words of a field that names a document: `Document: SEC-2014-0243R02`.
const FIELDS: [&str; 12] = [
    "document",
    "doc",
    "document number",
    "contribution",
    "number",
    "reference",
    "tdoc",
    "file",
    "file name",
    "filename",
    "name",
    "id",
];

/// The document that a row is about, by its place in what is found there: the row begins with it, behind a bullet or
/// the name of its field.
fn row(unit: &str, scheme: &ReferenceScheme) -> Option<usize> {
    let own = bulleted(unit);
    let own = match own.split_once(':') {
        Some((field, rest)) if FIELDS.contains(&field.trim().to_lowercase().as_str()) => rest.trim_start(),
        _ => own,
    };
    let skipped = unit.len() - own.len();
    let found = scan(unit, scheme);
    documents(&found).next().filter(|(at, _)| found.get(*at).is_some_and(|it| it.span.start == skipped)).map(|it| it.0)
}

/// `Title: Overview`: a row of a notice's form, which ends no list.
fn is_field(unit: &str) -> bool {
    unit.split_once(':').is_some_and(|(field, rest)| {
        field.split_whitespace().count() <= 3 && !rest.trim().is_empty() && !unit.contains(". ")
    })
}

/// A line without its bullet or number.
fn bulleted(line: &str) -> &str {
    let rest = line.trim_start_matches(|c: char| c.is_whitespace() || "-*•·|>".contains(c));
    let numbered = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    match numbered.strip_prefix(['.', ')']) {
        Some(after) if numbered.len() < rest.len() && after.starts_with(' ') => after.trim_start(),
        _ => rest,
    }
}

/// A line that is shorter was not wrapped.
const WRAPPED: usize = 50;

/// The paragraphs and rows of a text, wrapped lines rejoined.
fn units(text: &str, scheme: &ReferenceScheme) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    let mut may_go_on = false;
    for line in text.lines().map(str::trim) {
        let goes_on = may_go_on && !line.is_empty() && bulleted(line) == line && row(line, scheme).is_none();
        match units.last_mut().filter(|_| goes_on && !is_field(line)) {
            Some(unit) => {
                unit.push(' ');
                unit.push_str(line);
            }
            None if !line.is_empty() => units.push(line.to_owned()),
            None => {}
        }
        may_go_on = line.chars().count() >= WRAPPED && !line.ends_with(['.', ':', '!', '?']);
    }
    units
}

#[cfg(test)]
mod tests;
