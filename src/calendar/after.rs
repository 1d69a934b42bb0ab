//! After a meeting: its report to the list, and chasers to the sources of what is still to be posted.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::domain::{Contribution, Mailing, Meeting, OccasionKind, Recipient, Subject};

use super::ladder::{Ladder, USEFUL_DAYS};
use super::{Look, OWN_REACH, REACH};

impl Look<'_> {
    /// The report of each meeting that is over, to the list: once, on the first day on which there is something to
    /// say.
    pub(super) fn reports(&mut self) {
        let (scene, kind) = (self.scene, OccasionKind::Report);
        for meeting in scene.meetings.iter().filter(|_| self.rules.list.is_some()) {
            let days: Vec<Date> = self.report_days(meeting).collect();
            let name = meeting.reference.to_string();
            // A meeting that was reported of is not again where its dates are mended.
            let is_reported = self.records.was_sent(&(&Recipient::List, kind, &name));
            if is_reported || self.is_long_over(days.last().copied(), REACH) {
                continue;
            }
            let last = self.report_last(meeting);
            let since = self.since_known(meeting);
            self.climb(
                &Ladder { recipient: &Recipient::List, kind, name: &name, days: &days, last, about: None },
                || since,
            );
        }
    }

    /// The days on which a meeting's report may go.
    pub(super) fn report_days(&self, meeting: &Meeting) -> impl Iterator<Item = Date> {
        let end = meeting.last_day().filter(|_| meeting.first_day().is_some());
        after(end, &self.rules.reminders.after_meeting)
    }

    /// The last day on which a meeting's report is of use.
    pub(super) fn report_last(&self, meeting: &Meeting) -> Option<Date> {
        self.report_days(meeting).last()?.checked_add(USEFUL_DAYS.days()).ok()
    }

    /// After a decision, to the sources of what is not posted or expected; on the last of the days to the chair, too.
    pub(super) fn chasers(&mut self) {
        let (scene, kind) = (self.scene, OccasionKind::Chaser);
        let mailing = Mailing::of(&scene.roster);
        let chairs: Vec<Recipient> =
            scene.roster.ratifiers().into_iter().map(|member| Recipient::Member(member.id)).collect();
        for contribution in &scene.awaited {
            let days: Vec<Date> = self.chaser_days(contribution);
            if self.is_long_over(days.last().copied(), OWN_REACH) {
                continue;
            }
            let name = contribution.reference.to_string();
            let since = self.since_changed(&Subject::Contribution(contribution.reference.clone()));
            let sources = mailing.authors(contribution);
            let ladder = |recipient| Ladder { recipient, kind, name: &name, days: &days, last: None, about: None };
            for recipient in &sources {
                self.climb(&ladder(recipient), || since);
            }
            for recipient in chairs.iter().filter(|chair| !sources.contains(chair)) {
                let last_days = days.last().map_or(&[][..], std::slice::from_ref);
                self.climb(&Ladder { days: last_days, ..ladder(recipient) }, || since);
            }
        }
    }

    /// The days on which the sources of a contribution are told what is awaited of it: from the last decision on.
    fn chaser_days(&self, contribution: &Contribution) -> Vec<Date> {
        let awaited = contribution.awaited();
        let since = awaited.filter_map(|each| contribution.awaited_since(&each, &self.scene.meetings)).max();
        after(since, &self.rules.reminders.after_decision).collect()
    }
}

/// The days after a day, in order.
fn after(day: Option<Date>, ladder: &[u16]) -> impl Iterator<Item = Date> {
    ladder.iter().filter_map(move |days| day?.checked_add(i64::from(*days).days()).ok())
}
