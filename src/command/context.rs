//! The context that a text itself gives to short references (PRODUCT.md, section 3): its own line,
//! the last full reference of the paragraph, the subject's only document.

use std::collections::{HashMap, HashSet};

use super::{Command, Target};
use crate::domain::reference::scan::{Found, fold, scan};
use crate::domain::{ContributionRef, DocumentRef, Reference, ReferenceScheme};

/// The documents written out in a stretch of text.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    last: Option<ContributionRef>,
    by_number: HashMap<u32, ContributionRef>,
}

impl Named {
    /// Those of a text.
    pub(super) fn of(text: &str, scheme: &ReferenceScheme) -> Self {
        let mut named = Self::default();
        own_references(text, scheme).iter().for_each(|found| named.add(&found.reference));
        named
    }

    /// One more.
    pub(super) fn add(&mut self, reference: &Reference) {
        if let Reference::Document(document) = reference {
            self.by_number.insert(document.contribution.number, document.contribution.clone());
            self.last = Some(document.contribution.clone());
        }
    }

    /// Those of another text, after these.
    pub(super) fn extend(&mut self, later: Self) {
        self.by_number.extend(later.by_number);
        self.last = later.last.or(self.last.take());
    }

    /// A short reference with the rest that these give; a document of the same number first.
    fn complete(&self, reference: &Reference) -> Option<Reference> {
        let (contribution, revision) = match reference {
            Reference::Short { prefix, year, number, numbering, revision } => {
                let same = self.by_number.get(number).filter(|same| {
                    prefix.as_ref().is_none_or(|prefix| *prefix == same.prefix)
                        && year.is_none_or(|year| year == same.year)
                });
                let like = same.or(self.last.as_ref()).filter(|like| like.numbering == *numbering)?;
                let mut like = ContributionRef { year: year.unwrap_or(like.year), ..like.with_number(*number) };
                if let Some(prefix) = prefix {
                    like.prefix.clone_from(prefix);
                }
                (like, *revision)
            }
            Reference::Revision(revision) => (self.last.clone()?, Some(*revision)),
            _ => return None,
        };
        Some(Reference::Document(DocumentRef { contribution, revision }))
    }
}

/// The references in a text, but for other bodies' that have no digit; most lines have none at all,
/// which is seen at a glance.
pub(super) fn own_references(text: &str, scheme: &ReferenceScheme) -> Vec<Found> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    scan(&fold(text), scheme)
}

/// What surrounds the lines of a mail.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    /// The subject's only document.
    pub(super) subject: Named,
    /// Another document than the subject's is named in the mail, written out or short.
    pub(super) others: bool,
}

impl Context {
    /// The context that a subject and the text under it give.
    pub(super) fn new(subject: &[Found], text: &[Found]) -> Self {
        let documents: HashSet<_> = subject.iter().filter_map(|found| contribution(&found.reference)).collect();
        let mut named = Named::default();
        if documents.len() == 1 {
            subject.iter().for_each(|found| named.add(&found.reference));
        }
        let others = text.iter().any(|found| match &found.reference {
            Reference::Document(document) => Some(&document.contribution) != named.last.as_ref(),
            Reference::Short { number, .. } => named.last.as_ref().is_none_or(|subject| subject.number != *number),
            _ => false,
        });
        Self { subject: named, others }
    }

    /// A command with its short references completed, where the text gives the rest: its own line, the
    /// paragraph, the documents that are quoted right `above` it, or the subject.
    pub(super) fn complete(&self, command: &mut Command, line: &Named, paragraph: &Named, above: &[Reference]) {
        let mut quoted = Named::default();
        above.iter().for_each(|reference| quoted.add(reference));
        for target in command.targets_mut() {
            let Target::Reference(reference) = target else { continue };
            let found = match reference {
                // A revision alone changes something only where its document is beyond doubt.
                Reference::Revision(_) => {
                    let outer = match above {
                        [] => (!self.others).then_some(&self.subject),
                        [_] => Some(&quoted),
                        _ => None,
                    };
                    line.complete(reference).or_else(|| outer?.complete(reference))
                }
                _ => [line, paragraph, &quoted, &self.subject].into_iter().find_map(|named| named.complete(reference)),
            };
            if let Some(found) = found {
                *reference = found;
            }
        }
    }
}

fn contribution(reference: &Reference) -> Option<ContributionRef> {
    match reference {
        Reference::Document(document) => Some(document.contribution.clone()),
        _ => None,
    }
}

/// Every reference of subject and text, in order, each once, completed where the text itself gives
/// the rest.
/// `folded` is the text in which `found` was found.
pub(super) fn mentions(subject: &[Found], folded: &str, found: &[Found], context: &Context) -> Vec<Reference> {
    let mut mentions = Mentions::default();
    for found in subject {
        mentions.add(context.subject.complete(&found.reference).unwrap_or_else(|| found.reference.clone()));
    }
    let mut paragraph = Named::default();
    let mut line = Named::default();
    let mut read = 0;
    for (at, one) in found.iter().enumerate() {
        let between = folded.get(read..one.span.start).unwrap_or_default();
        read = read.max(one.span.start);
        if between.contains('\n') || at == 0 {
            let mut lines = between.split('\n');
            // Inner lines only: what stands before and after on lines of references is no blank line.
            lines.next();
            let inner = lines.clone().count().saturating_sub(1);
            if lines.take(inner).any(|line| line.trim().is_empty()) {
                paragraph = Named::default();
            }
            // What the rest of the line names counts, too.
            let end =
                folded.get(one.span.start..).and_then(|rest| rest.find('\n')).map(|length| one.span.start + length);
            line = Named::default();
            for other in found.iter().skip(at).take_while(|other| end.is_none_or(|end| other.span.start < end)) {
                if line.last.is_none() {
                    line.add(&other.reference);
                }
            }
        }
        let completed =
            [&line, &paragraph, &context.subject].into_iter().find_map(|named| named.complete(&one.reference));
        line.add(&one.reference);
        paragraph.add(&one.reference);
        mentions.add(completed.unwrap_or_else(|| one.reference.clone()));
    }
    mentions.list
}

/// References in order, each once.
#[derive(Debug, Default)]
struct Mentions {
    list: Vec<Reference>,
    seen: HashSet<Reference>,
}

impl Mentions {
    fn add(&mut self, reference: Reference) {
        if self.seen.insert(reference.clone()) {
            self.list.push(reference);
        }
    }
}
