//! What is told of an agenda that was imported: how much was new and changed, and what differs.

use crate::agenda::AgendaDocument;
use crate::decide::LineOutcome;
use crate::domain::{Change, Subject, Text};

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
            .with("changed", self.counts.changed);
        let is_unchanged = self.work.changes.len() == before;
        let outcome = if is_unchanged { LineOutcome::Unchanged } else { LineOutcome::Done };
        self.told.insert(0, (outcome, text));
        if self.counts.conflicts + self.counts.doubts > 0 {
            let text = Text::new("told-agenda-rulings")
                .with("conflicts", self.counts.conflicts)
                .with("doubts", self.counts.doubts);
            self.told.push((LineOutcome::Refused, text));
        }
    }
}

/// What changed in items that were known before, a line each.
pub(in crate::decide) fn differences(changes: &[Change]) -> Vec<Text> {
    let differs = |change: &&Change| {
        change.from.is_some()
            && matches!(change.subject, Subject::Action(_) | Subject::Contribution(_) | Subject::Meeting(_))
    };
    let all = changes.iter().filter(differs);
    let said = |change: &Change| {
        Text::new("told-agenda-difference")
            .with("reference", &change.subject)
            .with("field", change.field.replace('_', " "))
            .with("from", folded(change.from.as_deref().unwrap_or("-")))
            .with("to", folded(change.to.as_deref().unwrap_or("-")))
    };
    let more = all.clone().count().saturating_sub(MOST_TOLD);
    let more = (more > 0).then(|| Text::new("told-agenda-more").with("count", more));
    all.take(MOST_TOLD).map(said).chain(more).collect()
}
