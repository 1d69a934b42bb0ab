//! What is told of an agenda that was imported: how much was new and changed, what an older one says
//! otherwise, and what differs.

use std::collections::{BTreeMap, BTreeSet};

use crate::agenda::{AgendaDocument, out};
use crate::decide::work::Work;
use crate::decide::{Known, LineOutcome, rulings};
use crate::domain::life::StandsAt;
use crate::domain::{
    Change, Contribution, ContributionField, ContributionOutcome, ContributionRef, DocumentRef, MeetingRef, Subject,
    Text,
};

use super::{Merge, folded};

/// So many differences are told; history has all.
const MOST_TOLD: usize = 40;

impl Merge<'_> {
    /// What the import did, in counts; `before` is how many changes there were before it.
    pub(super) fn tell(&mut self, document: &AgendaDocument, before: usize) {
        let meeting = document.meeting.as_ref().map_or_else(|| "-".to_owned(), |meeting| meeting.reference.to_string());
        let text = Text::new("told-agenda")
            .with("meeting", meeting)
            .with("actions", document.action_items.len())
            .with("contributions", document.contributions.len())
            .with("sessions", document.sessions.len())
            .with("new", self.counts.new)
            .with("changed", self.counts.changed)
            .with("same", self.counts.same)
            .with("values", self.counts.meeting);
        let is_unchanged = self.work.changes.len() == before;
        let outcome = if is_unchanged { LineOutcome::Unchanged } else { LineOutcome::Done };
        let left = self.tell_left(document).into_iter().map(|text| (LineOutcome::Unchanged, text));
        let first: Vec<_> = std::iter::once((outcome, text)).chain(left).collect();
        self.lead = first.len();
        self.told.splice(0..0, first);
        if self.counts.conflicts + self.counts.doubts > 0 {
            let text = Text::new("told-agenda-rulings")
                .with("conflicts", self.counts.conflicts)
                .with("doubts", self.counts.doubts);
            self.told.push((LineOutcome::Refused, text));
        }
    }

    /// What an older document would have changed.
    fn tell_left(&self, document: &AgendaDocument) -> Vec<Text> {
        let mut told = Vec::new();
        if self.base.is_old {
            let date = self.base.newer.map_or_else(|| "-".to_owned(), |at| self.work.day(at).to_string());
            let of = |meeting: &crate::agenda::AgendaMeeting| self.newest_after(&meeting.reference);
            let newer = document.meeting.as_ref().and_then(of).unwrap_or_else(|| "-".to_owned());
            told.push(
                Text::new("told-agenda-older").with("newer", newer).with("date", date).with("left", self.left.len()),
            );
        }
        let is_of_meeting = |left: &&(Subject, String, String)| left.1 == ContributionField::Meeting.as_str();
        let (meetings, values): (Vec<_>, Vec<_>) = self.left.iter().partition(is_of_meeting);
        if let Some((first, _, meeting)) = meetings.first() {
            let text = Text::new("told-agenda-not-moved").with("count", meetings.len()).with("reference", first);
            told.push(text.with("meeting", meeting));
        }
        told.extend(cut(
            values.len(),
            values.iter().map(|(subject, field, said)| self.left_value(subject, field, said)),
        ));
        told
    }

    fn left_value(&self, subject: &Subject, field: &str, said: &str) -> Text {
        let now = match (subject, field) {
            (Subject::Contribution(own), "status_cell") => {
                let known = self.work.known.contributions.get(own);
                known.map(|known| word(known.life.stands_at(None), None))
            }
            _ => rulings::current(self.work, subject, field),
        };
        Text::new("told-agenda-left")
            .with("reference", subject)
            .with("field", field)
            .with("now", now.as_deref().map_or_else(|| "-".to_owned(), folded))
            .with("document", folded(said))
    }

    /// The latest meeting of which an agenda was read, where it is after that one.
    fn newest_after(&self, meeting: &MeetingRef) -> Option<String> {
        let known = &self.work.known;
        let read = known.baseline.keys().filter_map(|(subject, _)| match subject {
            Subject::Meeting(read) if known.is_later(read, meeting) => Some(read),
            _ => None,
        });
        let mut latest: Option<&MeetingRef> = None;
        for read in read {
            latest = latest.filter(|latest| !known.is_later(read, latest)).or(Some(read));
        }
        latest.map(ToString::to_string)
    }
}

/// Not more than are told, and how many more there are.
fn cut(count: usize, all: impl Iterator<Item = Text>) -> impl Iterator<Item = Text> {
    let more = count.saturating_sub(MOST_TOLD);
    let more = (more > 0).then(|| Text::new("told-agenda-more").with("count", more));
    all.take(MOST_TOLD).chain(more)
}

/// Where a contribution stands: `agreed`; of another revision than is named beside it, `R01 noted`.
fn word(stands: StandsAt, beside: Option<StandsAt>) -> String {
    let is_open = stands.outcome.is_none_or(|outcome| outcome == ContributionOutcome::Open);
    let is_same = beside.is_some_and(|beside| is_open || beside.revision == stands.revision);
    if is_same { stands.word().to_owned() } else { stands.to_string() }
}

/// The contributions of a document as they were before it was merged.
pub(super) struct Before(BTreeMap<ContributionRef, Contribution>);

impl Before {
    pub(super) fn of(known: &Known, document: &AgendaDocument) -> Self {
        let rows = document.contributions.iter().filter_map(|row| known.contributions.get(&row.reference));
        Self(rows.map(|known| (known.reference.clone(), known.clone())).collect())
    }

    /// What changed in what was known before, a line each: of a contribution what was decided, and what is to be done.
    pub(super) fn differences(&self, work: &Work, changes: usize) -> Vec<Text> {
        let changes = work.changes.get(changes..).unwrap_or_default();
        let mut told = self.moved(work, changes);
        let mut seen = BTreeSet::new();
        for change in changes {
            match &change.subject {
                Subject::Contribution(own) if seen.insert(own) => {
                    let known = self.0.get(own).zip(work.known.contributions.get(own));
                    told.extend(known.into_iter().flat_map(|(before, now)| of_contribution(work, before, now)));
                }
                Subject::Action(_) | Subject::Meeting(_) if change.from.is_some() => told.push(of_value(change)),
                _ => {}
            }
        }
        let count = told.len();
        cut(count, told.into_iter()).collect()
    }

    /// How many contributions are on another meeting's agenda now.
    fn moved(&self, work: &Work, changes: &[Change]) -> Vec<Text> {
        let mut moved: BTreeMap<(String, String), usize> = BTreeMap::new();
        for own in changes.iter().filter_map(|change| match &change.subject {
            Subject::Contribution(own) if change.field == ContributionField::Meeting.as_str() => Some(own),
            _ => None,
        }) {
            let meeting =
                |known: Option<&Contribution>| known.and_then(|known| known.meeting.as_ref()).map(ToString::to_string);
            let (from, to) = (meeting(self.0.get(own)), meeting(work.known.contributions.get(own)));
            if let (Some(from), Some(to)) = (from, to) {
                *moved.entry((from, to)).or_default() += usize::from(true);
            }
        }
        let text = |((from, to), count): ((String, String), usize)| {
            Text::new("told-agenda-moved").with("count", count).with("from", from).with("to", to)
        };
        moved.into_iter().map(text).collect()
    }
}

fn of_value(change: &Change) -> Text {
    let value = |value: Option<&String>| value.map_or_else(|| "-".to_owned(), |value| folded(value));
    let key = if change.field == "status" { "told-agenda-status" } else { "told-agenda-difference" };
    let text = Text::new(key).with("reference", &change.subject);
    let text = if change.field == "status" { text } else { text.with("field", &change.field) };
    text.with("from", value(change.from.as_ref())).with("to", value(change.to.as_ref()))
}

/// What changed of a contribution: what was decided; else what its status cell says; and its other cells.
fn of_contribution(work: &Work, before: &Contribution, now: &Contribution) -> Vec<Text> {
    let mut told = Vec::new();
    let (stood, stands) = (before.life.stands_at(None), now.life.stands_at(None));
    let new = now.life.available().difference(&before.life.available()).last().copied();
    if stood.outcome != stands.outcome || before.life.decisions.len() != now.life.decisions.len() {
        let document = DocumentRef { contribution: now.reference.clone(), revision: Some(stands.revision) };
        let text = Text::new("told-agenda-decided").with("reference", document);
        told.push(text.with("from", word(stood, Some(stands))).with("to", stands.word()));
    } else if let Some(revision) = new {
        let document = DocumentRef { contribution: now.reference.clone(), revision: Some(revision) };
        told.push(Text::new("told-agenda-available").with("reference", document));
    }
    let cells =
        |of: &Contribution| work.rules().map(|rules| out::cells(of, &rules.references).status).unwrap_or_default();
    let fields = [
        ContributionField::Title,
        ContributionField::Source,
        ContributionField::AgendaItem,
        ContributionField::Deliverable,
    ];
    let own = Subject::Contribution(now.reference.clone());
    let differs = |field: &str, from: Option<String>, to: Option<String>| {
        let is_news = from.as_deref().map(folded) != to.as_deref().map(folded);
        is_news.then(|| of_value(&Change::new(own.clone(), field, from, to)))
    };
    let text = |text: String| Some(text).filter(|text| !text.is_empty());
    if told.is_empty() {
        told.extend(differs(ContributionField::StatusCell.as_str(), text(cells(before)), text(cells(now))));
    }
    told.extend(fields.into_iter().filter_map(|field| differs(field.as_str(), before.get(field), now.get(field))));
    told
}
