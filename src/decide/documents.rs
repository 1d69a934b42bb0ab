//! What is told of documents of its own accord: what is to be posted, by agenda item, by deliverable.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{ApprovalOf, Awaited, Contribution, DocumentRef, Member, Role, Subject, Text};

use super::Table;
use super::contributions::stands_at;
use super::tell::Rows;
use super::work::Work;

/// Documents of one kind that one mail lists at most.
pub(super) const MOST: usize = 100;

/// Documents that are told of one deliverable at most.
const MOST_OF_ONE: usize = 20;

/// Where a contribution stands of which something is left to decide, in the order in which that is told.
const UNDECIDED: [&str; 3] = ["postponed", "not treated", "open"];

/// A document, and what is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRow {
    /// Its number in the mail, where a reply may name it.
    pub number: Option<u16>,
    /// Which one.
    pub of: DocumentRef,
    /// Where it stands.
    pub stands: Text,
    /// Its title.
    pub title: String,
    /// Who gave it, as written.
    pub source: String,
    /// Since when, and why.
    pub since: Option<Text>,
}

impl DocumentRow {
    /// How it is named: the first revision has no suffix.
    #[must_use]
    pub fn name(&self) -> DocumentRef {
        named(self.of.clone())
    }

    /// What a reply that names its number means: the revision, where one is meant.
    #[must_use]
    pub fn subject(&self) -> Subject {
        let of = self.of.contribution.clone();
        match self.of.revision {
            Some(revision) => Subject::Approval(ApprovalOf::Revision(of, revision)),
            None => Subject::Contribution(of),
        }
    }
}

/// A deliverable, what affects it, and what is left to do of that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverableRow {
    /// Its name.
    pub name: String,
    /// Its rapporteurs, by name.
    pub rapporteurs: Vec<String>,
    /// How many contributions stand where: `agreed`, 3.
    pub stands: Vec<(String, usize)>,
    /// What is left: a document each.
    pub left: Vec<Text>,
    /// How many more there are.
    pub more: usize,
}

/// What is to be posted of the contributions that are told: decided and not posted, and expected; and how many more
/// there are than have room.
pub(super) fn awaited(work: &Work, numbers: &mut Rows, is_told: impl Fn(&Contribution) -> bool) -> (Vec<Table>, usize) {
    awaited_as(["digest-unposted", "digest-expected"], work, numbers, is_told)
}

/// As [`awaited`], under other headings.
pub(super) fn awaited_as(
    headings: [&str; 2],
    work: &Work,
    numbers: &mut Rows,
    is_told: impl Fn(&Contribution) -> bool,
) -> (Vec<Table>, usize) {
    let told = work.known.contributions.values().filter(|contribution| is_told(contribution));
    let all = told.flat_map(|contribution| contribution.awaited().map(move |awaited| (contribution, awaited)));
    let (decided, expected): (Vec<_>, Vec<_>) = all.partition(|(_, awaited)| awaited.is_decided);
    let (mut tables, mut more) = (Vec::new(), 0);
    for (key, mut found) in headings.into_iter().zip([decided, expected]) {
        // Who waits longest comes first; since when nobody knows, last.
        found.sort_by_key(|(of, awaited)| {
            let since = of.awaited_since(awaited, &work.known.meetings);
            (since.is_none(), since)
        });
        let count = found.len();
        let rows: Vec<_> = found.iter().take(MOST).map(|(of, awaited)| awaited_row(of, awaited, numbers)).collect();
        more += count - rows.len();
        if !rows.is_empty() {
            tables.push(Table::Documents { title: Text::new(key).with("count", count), rows });
        }
    }
    (tables, more)
}

fn awaited_row(of: &Contribution, awaited: &Awaited<'_>, numbers: &mut Rows) -> DocumentRow {
    let outcome = awaited.decision.map_or("-", |decision| decision.outcome.as_str());
    let stands = match (awaited.is_decided, awaited.revision) {
        (true, _) => Text::new("document-unposted").with("outcome", outcome),
        (false, Some(_)) => Text::new("document-expected"),
        (false, None) => Text::new("document-expected-any"),
    };
    let since = awaited.decision.filter(|decision| decision.trace.on.is_some()).map(|decision| {
        let revision = Some(decision.revision.of(&of.reference)).filter(|revision| revision.number > 0);
        let revision = revision.map_or_else(|| "-".to_owned(), |revision| revision.to_string());
        let text = Text::new("document-since").with("revision", revision);
        let at = decision.trace.at.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        let on = decision.trace.on.map_or_else(|| "-".to_owned(), |day| day.to_string());
        text.with("outcome", outcome).with("on", on).with("at", at)
    });
    let document = DocumentRef { contribution: of.reference.clone(), revision: awaited.revision };
    row(of, document, stands, Some(numbers.number()), since)
}

fn named(document: DocumentRef) -> DocumentRef {
    DocumentRef { revision: document.revision.filter(|revision| revision.number > 0), ..document }
}

/// A contribution's row.
pub(super) fn row(
    of: &Contribution,
    document: DocumentRef,
    stands: Text,
    number: Option<u16>,
    since: Option<Text>,
) -> DocumentRow {
    DocumentRow { number, of: document, stands, title: of.title.clone(), source: of.source.clone(), since }
}

/// The deliverables of which something is left to do, in order.
pub(super) fn deliverables(work: &Work) -> (Vec<DeliverableRow>, usize) {
    let mut of: BTreeMap<String, Vec<&Contribution>> = BTreeMap::new();
    for contribution in work.known.contributions.values().filter(|known| !known.is_blank()) {
        let name = contribution.deliverable.as_deref().map(str::trim).filter(|name| !name.is_empty());
        if let Some(name) = name {
            of.entry(name.to_uppercase()).or_default().push(contribution);
        }
    }
    let rows = of.into_iter().map(|(name, contributions)| deliverable(work, name, &contributions));
    let mut rows: Vec<DeliverableRow> = rows.filter(|row| !row.left.is_empty()).collect();
    let more = rows.len().saturating_sub(MOST);
    rows.truncate(MOST);
    (rows, more)
}

fn deliverable(work: &Work, name: String, contributions: &[&Contribution]) -> DeliverableRow {
    let mut stands: Vec<(String, usize)> = Vec::new();
    let mut open: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let (mut unposted, mut expected) = (0, 0);
    for contribution in contributions {
        let at = stands_at(contribution, &work.known.meetings, work.today());
        match stands.iter_mut().find(|(word, _)| word == at.word()) {
            Some((_, count)) => *count += 1,
            None => stands.push((at.word().to_owned(), 1)),
        }
        let before = (unposted, expected);
        for awaited in contribution.awaited() {
            *(if awaited.is_decided { &mut unposted } else { &mut expected }) += 1;
        }
        let undecided = UNDECIDED.iter().position(|word| *word == at.word());
        if let Some(word) = undecided.filter(|_| (unposted, expected) == before) {
            open.entry(word).or_default().push(contribution.reference.to_string());
        }
    }
    let is_rapporteur = |member: &&Member| {
        let is_role = |role: &Role| matches!(role, Role::Rapporteur(of) if of.eq_ignore_ascii_case(&name));
        !member.left && member.roles.iter().any(is_role)
    };
    let members = work.known.roster.members.iter();
    let rapporteurs = members.filter(is_rapporteur).map(|member| member.name.clone()).collect();
    let mut room = MOST_OF_ONE;
    let mut more = 0;
    let mut left: Vec<Text> = Vec::new();
    for (word, references) in open {
        let shown = references.len().min(room);
        (room, more) = (room - shown, more + references.len() - shown);
        if let (Some(shown @ [_, ..]), Some(word)) = (references.get(..shown), UNDECIDED.get(word)) {
            let references = shown.join(", ");
            left.push(Text::new("deliverable-left").with("references", references).with("stands", *word));
        }
    }
    // Which these are is listed by itself.
    let counted = [("deliverable-unposted", unposted), ("deliverable-expected", expected)];
    let counted = counted.into_iter().filter(|(_, count)| *count > 0);
    left.splice(0..0, counted.map(|(key, count)| Text::new(key).with("count", count)));
    DeliverableRow { name, rapporteurs, stands, left, more }
}

/// Contributions by agenda item, 7.10 behind 7.9; those without one first, under `-`.
pub(super) fn by_agenda_item<'a>(
    contributions: impl Iterator<Item = &'a Contribution>,
) -> Vec<(&'a str, Vec<&'a Contribution>)> {
    let mut items: BTreeMap<Vec<Part<'_>>, Vec<&Contribution>> = BTreeMap::new();
    for row in contributions {
        items.entry(parts(&row.agenda_item)).or_default().push(row);
    }
    let named = items.into_values().map(|rows| {
        let item = rows.first().map_or("", |row| row.agenda_item.as_str());
        (Some(item).filter(|item| !item.is_empty()).unwrap_or("-"), rows)
    });
    named.collect()
}

/// A part of an agenda item's number.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Number(u64),
    Word(&'a str),
}

fn parts(item: &str) -> Vec<Part<'_>> {
    item.split('.').map(|part| part.parse().map_or(Part::Word(part), Part::Number)).collect()
}
