//! The decision in the making: what is known, changed step by step.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::{ActionField, ActionItem, ActionItemRef, Change, Member, MemberField, Rules, Subject, Text};

use super::Known;

/// Why something was not done, as it is told.
pub(super) type Refusal = Text;

/// What is known, and what was changed so far.
pub(super) struct Work {
    /// What was known before the first change.
    start: Known,
    pub known: Known,
    pub at: Timestamp,
    pub changes: Vec<Change>,
}

impl Work {
    pub(super) fn new(known: Known, at: Timestamp) -> Self {
        Self { start: known.clone(), known, at, changes: Vec::new() }
    }

    /// Work that changes nothing. What is known of a large group is not kept twice for it.
    pub(super) fn reading(known: Known, at: Timestamp) -> Self {
        Self { start: Known::nothing(), known, at, changes: Vec::new() }
    }

    /// Runs a command, all of it or nothing: what it changed before it was refused is taken back.
    pub(super) fn whole<T>(&mut self, command: impl FnOnce(&mut Self) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let before = self.changes.len();
        let came = command(self);
        if came.is_err() && self.changes.len() > before {
            self.changes.truncate(before);
            // Changes that were applied once can be applied again.
            self.known = self.start.clone();
            for change in &self.changes {
                self.known.apply(change).map_err(|error| Text::new("refused-value").with("reason", error))?;
            }
        }
        came
    }

    /// What was known before the first change.
    pub(super) const fn start(&self) -> &Known {
        &self.start
    }

    /// As [`Work::start`], kept.
    pub(super) fn into_start(self) -> Known {
        self.start
    }

    /// The day it is in the group's zone.
    pub(super) fn today(&self) -> Date {
        self.day(self.at)
    }

    /// The day on which a moment is in the group's zone.
    pub(super) fn day(&self, at: Timestamp) -> Date {
        self.known.rules.as_ref().map_or_else(|| at.to_zoned(TimeZone::UTC).date(), |rules| rules.day(at))
    }

    pub(super) fn rules(&self) -> Result<&Rules, Refusal> {
        self.known.rules.as_ref().ok_or_else(|| Text::new("refused-not-started"))
    }

    /// Applies a change and keeps it. One that changes nothing is none.
    pub(super) fn change(
        &mut self,
        subject: Subject,
        field: impl std::fmt::Display,
        from: Option<String>,
        to: Option<String>,
    ) -> Result<(), Refusal> {
        if from == to {
            return Ok(());
        }
        let change = Change::new(subject, field, from, to);
        self.known.apply(&change).map_err(|error| Text::new("refused-value").with("reason", error))?;
        self.changes.push(change);
        Ok(())
    }

    /// Gives an action item's field a value.
    pub(super) fn set_action(
        &mut self,
        reference: &ActionItemRef,
        field: ActionField,
        to: Option<String>,
    ) -> Result<(), Refusal> {
        let from = match field {
            ActionField::Note => None,
            _ => self.known.actions.get(reference).and_then(|item| item.get(field)),
        };
        self.change(Subject::Action(reference.clone()), field, from, to)
    }

    /// Makes a new action item: its status first, so that history begins with it.
    pub(super) fn make_action(&mut self, item: &ActionItem) -> Result<(), Refusal> {
        for field in ActionField::ALL.into_iter().filter(|field| *field != ActionField::Status) {
            if field == ActionField::Note {
                for note in item.notes.iter() {
                    self.change(Subject::Action(item.reference.clone()), field, None, Some(note.to_owned()))?;
                }
            } else if let Some(value) = item.get(field) {
                self.change(Subject::Action(item.reference.clone()), field, None, Some(value))?;
            }
        }
        let subject = Subject::Action(item.reference.clone());
        self.change(subject, ActionField::Status, None, Some(item.status.to_string()))
    }

    /// Gives a member's field a value.
    pub(super) fn set_member(
        &mut self,
        member: &Member,
        field: MemberField,
        from: Option<String>,
        to: Option<String>,
    ) -> Result<(), Refusal> {
        self.change(Subject::Member(member.id), field, from, to)
    }
}
