//! Reminders: days before a meeting, before its deadline, before and after an action item is due.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::domain::{Dealt, Mailing, Meeting, Occasion, OccasionKind, Recipient, Skip, Standing, Subject};

use super::{Look, OWN_REACH, OpenItem, REACH, Scene};

/// How many days after its day a reminder of one's own items is of use; the next of them is seldom further.
pub(super) const USEFUL_DAYS: i64 = 6;

/// So many days after an approval has closed, who ratifies it is told; the weekly digest tells it while it waits.
const RATIFY_DAYS: [i64; 2] = [1, 8];

/// The days on which one recipient is reminded of one thing.
pub(super) struct Ladder<'a> {
    pub(super) recipient: &'a Recipient,
    pub(super) kind: OccasionKind,
    pub(super) name: &'a str,
    /// In order; of those that do not end, up to the first behind today.
    pub(super) days: &'a [Date],
    /// The last day on which it is of use, where there is one.
    pub(super) last: Option<Date>,
    /// The day that it is about, before which the days before it stay when holidays move them.
    pub(super) about: Option<Date>,
}

impl Ladder<'_> {
    /// The last day to which holidays may move what falls on a day.
    fn movable_to(&self, day: Date) -> Option<Date> {
        match self.about {
            Some(about) if day < about => about.yesterday().ok(),
            _ => self.last,
        }
    }
}

impl<'a> Look<'a> {
    /// What is on ladders.
    pub(super) fn ladders(&mut self) {
        let owned = std::mem::take(&mut self.owned);
        self.meetings(&owned);
        self.deadlines();
        self.calls();
        self.approvals();
        self.reports();
        self.chasers();
        self.items(&owned);
        self.owned = owned;
    }

    /// The days on which the list is reminded of something.
    pub(super) fn list_days(&self) -> impl Iterator<Item = Date> {
        let rules = &self.rules.reminders;
        let has_list = self.rules.list.is_some();
        let meetings = self.scene.meetings.iter().flat_map(move |meeting| {
            let report = self.report_days(meeting).map(|day| (day, self.report_last(meeting)));
            until(before(meeting.first_day(), &rules.before_meeting), the_day_before(meeting.first_day()))
                .chain(until(before(meeting.open_until(), &rules.before_deadline), meeting.open_until()))
                .chain(report)
        });
        let calls = self.scene.calls.iter().filter(|call| call.is_planned());
        let calls = calls
            .flat_map(move |call| until(before(Some(call.date), &rules.before_call), the_day_before(Some(call.date))));
        let approvals = self.scene.approvals.iter();
        let approvals = approvals.flat_map(move |it| until(before(it.until, &rules.before_approval), it.until));
        let days = meetings.chain(calls).chain(approvals).filter(move |_| has_list);
        days.map(|(day, last)| self.working_day(day, last))
    }

    /// The open items of everybody who is mailed about them.
    pub(super) fn owned(scene: &'a Scene) -> BTreeMap<Recipient, Vec<&'a OpenItem>> {
        let mailing = Mailing::of(&scene.roster);
        // The same few organizations own nearly all of them.
        let mut mailed: HashMap<&str, Vec<Recipient>> = HashMap::new();
        let mut owned: BTreeMap<Recipient, Vec<&OpenItem>> = BTreeMap::new();
        for item in &scene.items {
            let recipients = mailed.entry(item.who.as_str()).or_insert_with(|| mailing.mailed(&item.who));
            for recipient in recipients.iter() {
                match owned.get_mut(recipient) {
                    Some(items) => items.push(item),
                    None => {
                        owned.insert(recipient.clone(), vec![item]);
                    }
                }
            }
        }
        owned
    }

    /// Before each meeting, to the list and to whoever has open items.
    fn meetings(&mut self, owned: &BTreeMap<Recipient, Vec<&OpenItem>>) {
        let scene = self.scene;
        let officers = self.officers(owned);
        for meeting in &scene.meetings {
            let days: Vec<Date> = before(meeting.first_day(), &self.rules.reminders.before_meeting).collect();
            if days.is_empty() || self.is_long_over(meeting.first_day(), REACH) {
                continue;
            }
            let name = meeting.reference.to_string();
            let last = the_day_before(meeting.first_day());
            let since = self.since_known(meeting);
            let ladder = |recipient| Ladder {
                recipient,
                kind: OccasionKind::Meeting,
                name: &name,
                days: &days,
                last,
                about: None,
            };
            if self.rules.list.is_some() {
                self.climb(&ladder(&Recipient::List), || since);
            }
            if self.is_long_over(meeting.first_day(), OWN_REACH) {
                continue;
            }
            for recipient in &officers {
                let last_days = days.last().map_or(&[][..], std::slice::from_ref);
                self.climb(&Ladder { days: last_days, ..ladder(recipient) }, || since);
            }
            for (recipient, items) in owned {
                // Who had nothing to do then was not to be reminded.
                let changed = |item: &&OpenItem| scene.changed.get(&Subject::Action(item.reference.clone())).copied();
                self.climb(&ladder(recipient), || match items.iter().map(changed).min().flatten() {
                    Some(first) => since.max(first),
                    None => since,
                });
            }
        }
    }

    /// Those who are told who comes, on the last of the days before a meeting; who gets a mail anyhow is told there.
    fn officers(&self, owned: &BTreeMap<Recipient, Vec<&OpenItem>>) -> Vec<Recipient> {
        let officers = self.scene.roster.members.iter().filter(|member| self.rules.invitations && member.is_officer());
        let officers = officers.filter(|member| !member.addresses.is_empty());
        officers.map(|member| Recipient::Member(member.id)).filter(|officer| !owned.contains_key(officer)).collect()
    }

    /// Before each meeting's deadline, to the list.
    fn deadlines(&mut self) {
        let scene = self.scene;
        for meeting in scene.meetings.iter().filter(|_| self.rules.list.is_some()) {
            let days: Vec<Date> = before(meeting.open_until(), &self.rules.reminders.before_deadline).collect();
            if days.is_empty() || self.is_long_over(meeting.open_until(), REACH) {
                continue;
            }
            let name = meeting.reference.to_string();
            let since = self.since_known(meeting);
            let (kind, last) = (OccasionKind::Deadline, meeting.open_until());
            self.climb(
                &Ladder { recipient: &Recipient::List, kind, name: &name, days: &days, last, about: None },
                || since,
            );
        }
    }

    /// Before each conference call, to the list.
    fn calls(&mut self) {
        let scene = self.scene;
        let planned = scene.calls.iter().filter(|call| call.is_planned());
        for call in planned.filter(|_| self.rules.list.is_some()) {
            let days: Vec<Date> = before(Some(call.date), &self.rules.reminders.before_call).collect();
            if days.is_empty() || self.is_long_over(Some(call.date), REACH) {
                continue;
            }
            let name = call.date.to_string();
            let since = self.since_changed(&Subject::Call(call.date));
            let (kind, last) = (OccasionKind::Call, Some(call.date));
            // A call may be before the hour of reminders.
            let ladder = Ladder { recipient: &Recipient::List, kind, name: &name, days: &days, last, about: last };
            self.climb(&ladder, || since);
        }
    }

    /// Before each approval by e-mail closes, to the list; once it has, to who ratifies it.
    fn approvals(&mut self) {
        let scene = self.scene;
        let ratifiers: Vec<Recipient> =
            scene.roster.ratifiers().into_iter().map(|member| Recipient::Member(member.id)).collect();
        for approval in &scene.approvals {
            let Some(until) = approval.until else { continue };
            let name = approval.of.to_string();
            let since = self.since_changed(&Subject::Approval(approval.of.clone()));
            let kind = OccasionKind::Approval;
            let days: Vec<Date> = before(Some(until), &self.rules.reminders.before_approval).collect();
            if self.rules.list.is_some() && !days.is_empty() && !self.is_long_over(Some(until), REACH) {
                let last = Some(until);
                self.climb(
                    &Ladder { recipient: &Recipient::List, kind, name: &name, days: &days, last, about: None },
                    || since,
                );
            }
            if self.is_long_over(Some(until), OWN_REACH) {
                continue;
            }
            let days = RATIFY_DAYS.iter().filter_map(|days| until.checked_add(days.days()).ok());
            let days: Vec<Date> = days.collect();
            for recipient in &ratifiers {
                self.climb(&Ladder { recipient, kind, name: &name, days: &days, last: None, about: None }, || since);
            }
        }
    }

    /// Before each item is due, and while it is overdue, to its owners.
    fn items(&mut self, owned: &BTreeMap<Recipient, Vec<&OpenItem>>) {
        let scene = self.scene;
        let from = self.today.saturating_sub(OWN_REACH.weeks());
        let start = scene.starts.reminders;
        for (recipient, items) in owned {
            for item in items {
                let Some(due) = self.due_day(item) else { continue };
                let days = self.days_of(due, from);
                let name = item.reference.to_string();
                let kind = OccasionKind::Personal;
                let ladder = Ladder { recipient, kind, name: &name, days: &days, last: None, about: Some(due) };
                self.climb(&ladder, || {
                    let changed = scene.changed.get(&Subject::Action(item.reference.clone()));
                    changed.map_or(start, |changed| start.max(*changed))
                });
            }
        }
    }

    /// The days of an item's ladder from a day on, up to the first behind today.
    fn days_of(&self, due: Date, from: Date) -> Vec<Date> {
        let rules = &self.rules.reminders;
        let after = rules.after_due.iter().filter_map(|days| due.checked_add(i64::from(*days).days()).ok());
        let mut days: Vec<Date> =
            before(Some(due), &rules.before_due).chain(after).filter(|day| *day >= from).collect();
        if let Some(every) = rules.then_every {
            let every = i64::from(every);
            let last = due.saturating_add(i64::from(rules.after_due.last().copied().unwrap_or(0)).days());
            // The first of them that is not before `from`; and there may be years of them before that.
            let passed = i64::from(last.until(from).map_or(0, |span| span.get_days())) / every;
            let mut day = last.saturating_add((every * passed.max(0)).days());
            while day <= self.today {
                let Ok(following) = day.checked_add(every.days()) else { break };
                day = following;
                if day >= from {
                    days.push(day);
                }
            }
        }
        // One of them behind today is enough: it says whether an earlier one is still of use.
        let behind = days.iter().position(|day| *day > self.today).map_or(days.len(), |at| at + 1);
        days.truncate(behind);
        days
    }

    /// What of a ladder has come and is not recorded, and its next day.
    pub(super) fn climb(&mut self, ladder: &Ladder<'_>, since: impl Fn() -> Timestamp) {
        let of = (ladder.recipient, ladder.kind, ladder.name);
        let floor = self.records.dealt_with_until(&of);
        let occasion = |date| Occasion {
            recipient: ladder.recipient.clone(),
            kind: ladder.kind,
            name: ladder.name.to_owned(),
            date,
        };
        let copied = self.copied(ladder.recipient);
        let quiet = &self.rules.quiet;
        let goes_on = |day: &Date| quiet.working_day(*day, ladder.movable_to(*day));
        let mut come: Vec<(Date, Timestamp, Option<Date>)> = Vec::new();
        for (at, day) in ladder.days.iter().enumerate() {
            if floor.is_some_and(|floor| *day < floor) || self.records.is_settled(&of, *day) {
                continue;
            }
            let moment = match ladder.recipient {
                Recipient::List => self.with_digest(goes_on(day)),
                Recipient::Member(_) | Recipient::Organization(_) => self.with_weekly(goes_on(day), copied),
            };
            let Some(moment) = moment else { continue };
            if moment > self.now {
                self.ahead.push(Dealt { occasion: occasion(*day), at: moment, standing: Standing::OnTime });
                break;
            }
            come.push((*day, moment, ladder.days.get(at + 1).map(goes_on)));
        }
        if come.is_empty() {
            return;
        }
        let since = since();
        // Of those from before it was so, the last is recorded, and there is nothing earlier.
        let first = come.iter().rposition(|(_, at, _)| *at < since).unwrap_or(0);
        for (day, at, following) in come.drain(first..) {
            let standing = self.standing_of(ladder, goes_on(&day), at, following, since);
            self.come.push(Dealt { occasion: occasion(day), at, standing });
        }
    }

    fn standing_of(
        &self,
        ladder: &Ladder<'_>,
        day: Date,
        at: Timestamp,
        following: Option<Date>,
        since: Timestamp,
    ) -> Standing {
        if at < self.scene.starts.reminders {
            return Standing::Skipped(Skip::BeforeStart);
        }
        if at < since {
            return Standing::Skipped(Skip::BeforeKnown);
        }
        let is_own = matches!(ladder.kind, OccasionKind::Personal | OccasionKind::Chaser);
        // The next one tells the same, and nobody is told twice within two days.
        let tomorrow = self.today.saturating_add(1.day());
        let is_last = following.is_none_or(|following| following > tomorrow);
        // Holidays move several to one day: the last of them goes.
        let is_today = day == self.today && following != Some(day);
        let is_early = !is_own || self.today <= day.saturating_add(USEFUL_DAYS.days());
        let is_over = ladder.last.is_some_and(|last| self.today > last);
        let useless = match (is_over, is_today || is_last && is_early) {
            (false, true) => None,
            (false, false) if !is_last => Some(Skip::NextTells),
            _ => Some(Skip::TooLate),
        };
        let standing = self.standing(at, useless);
        if !standing.is_sent() {
            return standing;
        }
        if let Some(skip) = self.is_silenced(ladder.recipient) {
            return Standing::Skipped(skip);
        }
        let is_to_ratify = ladder.kind == OccasionKind::Approval && ladder.recipient.is_person();
        if (is_own || is_to_ratify) && self.records.was_told_yesterday(ladder.recipient, ladder.kind, ladder.name) {
            return Standing::Skipped(Skip::ToldBefore);
        }
        standing
    }

    /// Why the recipient gets no mail of their own today, where they get none.
    pub(super) fn is_silenced(&self, recipient: &Recipient) -> Option<Skip> {
        let Recipient::Member(id) = recipient else { return None };
        let member = self.scene.roster.member(*id)?;
        if member.paused_until.is_some_and(|until| self.today < until) {
            return Some(Skip::Paused);
        }
        member.away_until(self.today).map(|_| Skip::Away)
    }

    /// Since when a meeting has been as it is.
    pub(super) fn since_known(&self, meeting: &Meeting) -> Timestamp {
        self.since_changed(&Subject::Meeting(meeting.reference.clone()))
    }

    /// Since when something has been as it is.
    pub(super) fn since_changed(&self, subject: &Subject) -> Timestamp {
        let changed = self.scene.changed.get(subject);
        let start = self.scene.starts.reminders;
        changed.map_or(start, |changed| start.max(*changed))
    }

    /// Whether a day was so long ago that nothing before it matters any more.
    pub(super) fn is_long_over(&self, day: Option<Date>, weeks: i64) -> bool {
        day.is_none_or(|day| day < self.today.saturating_sub(weeks.weeks()))
    }
}

fn the_day_before(day: Option<Date>) -> Option<Date> {
    day.and_then(|day| day.yesterday().ok())
}

/// The days, each with the last day on which it is of use.
fn until(days: impl Iterator<Item = Date>, last: Option<Date>) -> impl Iterator<Item = (Date, Option<Date>)> {
    days.map(move |day| (day, last))
}

/// The days before a day, in order.
fn before(day: Option<Date>, ladder: &[u16]) -> impl Iterator<Item = Date> {
    ladder.iter().filter_map(move |days| day?.checked_sub(i64::from(*days).days()).ok())
}
