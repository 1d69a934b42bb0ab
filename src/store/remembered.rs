//! What decisions of a batch have read of the database, so that the next one need not ask again.

use std::collections::{BTreeMap, BTreeSet};

use crate::decide::Outcome;
use crate::domain::{ActionItem, ActionItemRef, Request, RequestState, Subject};

/// Rows that were read in a batch, as the batch has left them.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// The action items that were asked for.
    asked: BTreeSet<ActionItemRef>,
    /// Those of them that there are; and what proposals among them became, and the other way.
    actions: BTreeMap<ActionItemRef, ActionItem>,
    /// The proposals among those, by what they became.
    proposals: BTreeMap<ActionItemRef, BTreeSet<ActionItemRef>>,
    /// Every request that waits.
    waiting: Option<BTreeMap<u32, Request>>,
}

impl Remembered {
    /// Those of these action items that must be asked for.
    pub(super) fn unasked(&self, wanted: &BTreeSet<ActionItemRef>) -> BTreeSet<ActionItemRef> {
        wanted.difference(&self.asked).cloned().collect()
    }

    /// What was read where these were asked for.
    pub(super) fn read(&mut self, asked: BTreeSet<ActionItemRef>, found: Vec<ActionItem>) {
        self.asked.extend(asked);
        for item in found {
            if let Some(became) = &item.became {
                self.proposals.entry(became.clone()).or_default().insert(item.reference.clone());
            }
            self.actions.entry(item.reference.clone()).or_insert(item);
        }
    }

    /// These action items; and what proposals among them became, and the other way. All were asked for.
    pub(super) fn actions(&self, wanted: &BTreeSet<ActionItemRef>) -> Vec<ActionItem> {
        let became = wanted.iter().filter_map(|reference| self.actions.get(reference)?.became.as_ref());
        let proposals = wanted.iter().filter_map(|reference| self.proposals.get(reference)).flatten();
        let all: BTreeSet<&ActionItemRef> = wanted.iter().chain(became).chain(proposals).collect();
        all.into_iter().filter_map(|reference| self.actions.get(reference)).cloned().collect()
    }

    /// The requests that wait, where they were read.
    pub(super) fn waiting(&self) -> Option<impl Iterator<Item = &Request>> {
        self.waiting.as_ref().map(BTreeMap::values)
    }

    /// The requests that wait were read.
    pub(super) fn read_waiting(&mut self, found: &[Request]) {
        self.waiting = Some(found.iter().map(|request| (request.id, request.clone())).collect());
    }

    /// A decision was made. What it changed is as it says; where it has made items or joined them, what
    /// belongs together must be read again.
    pub(super) fn changed(&mut self, outcome: &Outcome) {
        for change in &outcome.changes {
            match &change.subject {
                Subject::Action(reference) => {
                    let item = outcome.known.actions.get(reference);
                    match (self.actions.get_mut(reference), item) {
                        (Some(kept), Some(item)) if kept.became == item.became => item.clone_into(kept),
                        _ => (self.asked, self.actions, self.proposals) = Default::default(),
                    }
                }
                Subject::Request(id) => {
                    if let (Some(waiting), Some(request)) = (&mut self.waiting, outcome.known.requests.get(id)) {
                        if request.state == RequestState::Waiting {
                            waiting.insert(*id, request.clone());
                        } else {
                            waiting.remove(id);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}
