//! (the rules, the group as it is, what was sent or skipped, now) -> what is due, and to whom.
//!
//! Pure. An occasion is due once, at a moment of the group's own clock. What is already recorded is
//! not due again, whatever the clock does in between; what was missed goes late while it is of use,
//! and is recorded as skipped after that. Asking twice, or with the same records after a crash,
//! gives the same.
//!
//! All that is due to one recipient on one day is one mail. It goes at the last moment that the day
//! has for that recipient, and what comes up after it waits for the next morning.

mod after;
mod copies;
mod ladder;
mod records;
#[cfg(test)]
mod tests;
mod weekly;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::domain::{
    ActionItemRef, Approval, Call, Contribution, Dealt, Due, DueOccasion, Mailing, Meeting, Occasion, OccasionKind,
    Owners, Recipient, Roster, Rules, Skip, Standing, Subject,
};

use records::Records;

/// A mail that goes so much after its moment was not in time: somebody waited for it. A run by cron
/// every hour is in time.
const IN_TIME: SignedDuration = SignedDuration::from_hours(2);

/// How many weeks back missed mails to the list are recorded one by one. An outage of more than a year
/// leaves no trace of the weeks before that.
const REACH: i64 = 54;

/// How many weeks back that is done of what is somebody's own: there is much more of it.
const OWN_REACH: i64 = 8;

/// An occasion that was dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Which one.
    pub occasion: Occasion,
    /// What became of it.
    pub standing: Standing,
    /// When that was decided.
    pub at: Timestamp,
}

/// An open action item, as far as the calendar looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenItem {
    /// Its reference.
    pub reference: ActionItemRef,
    /// Whose it is.
    pub who: Owners,
    /// Until when.
    pub due: Option<Due>,
}

/// Since when a group's mails are as they are; what was due before is skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Starts {
    /// Its weekly digest: the later of the group's start and of when it was turned on or moved.
    pub digest: Timestamp,
    /// Its reminders, likewise.
    pub reminders: Timestamp,
}

/// A group as the calendar looks at it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scene {
    /// Who belongs to it.
    pub roster: Roster,
    /// Its meetings.
    pub meetings: Vec<Meeting>,
    /// Its open action items.
    pub items: Vec<OpenItem>,
    /// The approvals by e-mail that run or wait to be ratified.
    pub approvals: Vec<Approval>,
    /// The conference calls.
    pub calls: Vec<Call>,
    /// The contributions of which a revision is to be posted.
    pub awaited: Vec<Contribution>,
    /// What was dealt with, from [`reach`] on.
    pub recorded: Vec<Recorded>,
    /// Since when its mails are as they are.
    pub starts: Starts,
    /// When the dates and owners of meetings and items last changed, of those that did since the first of
    /// what is due. A reminder of what was not so yet is none.
    pub changed: HashMap<Subject, Timestamp>,
}

/// The first days whose records matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Of mails to the list.
    pub list: Date,
    /// Of mails to anybody else.
    pub own: Date,
}

/// The first days whose occasions are looked at: what is recorded of earlier ones does not matter.
#[must_use]
pub fn reach(now: Timestamp) -> Reach {
    let today = now.to_zoned(TimeZone::UTC).date();
    Reach { list: today.saturating_sub((REACH + 2).weeks()), own: today.saturating_sub((OWN_REACH + 2).weeks()) }
}

/// All that is due and not recorded yet, oldest first: for each recipient at most one mail, and at most
/// one record of what is skipped.
#[must_use]
pub fn due(rules: &Rules, scene: &Scene, now: Timestamp) -> Vec<DueOccasion> {
    let look = Look::at(rules, scene, now);
    let mut mails: BTreeMap<(&Recipient, bool), Vec<Dealt>> = BTreeMap::new();
    for part in &look.come {
        let recipient = &part.occasion.recipient;
        if part.standing.is_sent() && look.release(part).is_some() {
            continue;
        }
        mails.entry((recipient, part.standing.is_sent())).or_default().push(part.clone());
    }
    let mut due: Vec<DueOccasion> = mails.into_values().filter_map(|parts| look.one(parts)).collect();
    due.sort_by(|a, b| (a.at, &a.occasion).cmp(&(b.at, &b.occasion)));
    due
}

/// What comes next: for each recipient and kind the next mail, soonest first. What falls on one day is one
/// mail all the same.
#[must_use]
pub fn upcoming(rules: &Rules, scene: &Scene, now: Timestamp) -> Vec<DueOccasion> {
    let look = Look::at(rules, scene, now);
    let mut next: BTreeMap<(&Recipient, OccasionKind), Vec<Dealt>> = BTreeMap::new();
    let held = look.come.iter().filter(|part| part.standing.is_sent());
    let held = held.filter_map(|part| Some(Dealt { at: look.release(part)?, ..part.clone() }));
    let held: Vec<Dealt> = held.collect();
    for part in look.ahead.iter().chain(&held) {
        let parts = next.entry((&part.occasion.recipient, part.occasion.kind)).or_default();
        if parts.first().is_some_and(|first| part.at < first.at) {
            parts.clear();
        }
        if parts.first().is_none_or(|first| part.at == first.at) {
            parts.push(part.clone());
        }
    }
    let mut next: Vec<DueOccasion> = next.into_values().filter_map(|parts| look.one(parts)).collect();
    next.sort_by(|a, b| (a.at, &a.occasion).cmp(&(b.at, &b.occasion)));
    next
}

/// The next moment at which something may be due.
#[must_use]
pub fn next(rules: &Rules, scene: &Scene, now: Timestamp) -> Option<Timestamp> {
    let look = Look::at(rules, scene, now);
    let held = look.come.iter().filter(|part| part.standing.is_sent());
    let held = held.filter_map(|part| look.release(part));
    look.ahead.iter().map(|part| part.at).chain(held).min()
}

/// The weekly digest as it would be due now.
#[must_use]
pub fn weekly_now(rules: &Rules, now: Timestamp) -> DueOccasion {
    let today = now.to_zoned(zone(rules)).date();
    DueOccasion::alone(Occasion::weekly(today), now, Standing::OnTime)
}

/// The weekly digest as it would be due now to that recipient: to the list, or a member's own copy.
fn weekly_to(recipient: Recipient, rules: &Rules, now: Timestamp) -> DueOccasion {
    let due = weekly_now(rules, now);
    DueOccasion { occasion: Occasion { recipient, ..due.occasion }, ..due }
}

/// What a preview of that kind at `now` stands for; nothing where there is no meeting or no item for it.
#[must_use]
pub fn as_if_due(
    kind: OccasionKind,
    recipient: Recipient,
    rules: &Rules,
    scene: &Scene,
    now: Timestamp,
) -> Option<DueOccasion> {
    let look = Look::empty(rules, scene, now);
    let part = |name: String| Dealt {
        occasion: Occasion { recipient: recipient.clone(), kind, name, date: look.today },
        at: now,
        standing: Standing::OnTime,
    };
    let soonest = |day: fn(&Meeting) -> Option<Date>| {
        let coming = scene.meetings.iter().filter_map(|meeting| Some((day(meeting)?, meeting)));
        let coming = coming.filter(|(day, _)| *day >= look.today).min_by_key(|(day, _)| *day);
        coming.map(|(_, meeting)| vec![part(meeting.reference.to_string())])
    };
    let parts = match kind {
        OccasionKind::Weekly => return Some(weekly_to(recipient, rules, now)),
        OccasionKind::Meeting => soonest(|meeting| meeting.first_day())?,
        OccasionKind::Deadline => soonest(|meeting| meeting.open_until())?,
        OccasionKind::Call => {
            let coming = scene.calls.iter().filter(|call| call.is_planned() && call.date >= look.today);
            vec![part(coming.map(|call| call.date).min()?.to_string())]
        }
        OccasionKind::Approval => {
            let is_wanted = |approval: &&Approval| approval.is_over(look.today) == (recipient != Recipient::List);
            scene.approvals.iter().filter(is_wanted).map(|approval| part(approval.of.to_string())).collect()
        }
        OccasionKind::Report => {
            let over = scene.meetings.iter().filter_map(|meeting| {
                let end = meeting.last_day().filter(|_| meeting.first_day().is_some())?;
                (end < look.today).then_some((end, meeting))
            });
            let (_, meeting) = over.max_by_key(|(end, _)| *end)?;
            vec![part(meeting.reference.to_string())]
        }
        OccasionKind::Chaser => {
            let mailing = Mailing::of(&scene.roster);
            let is_own = |it: &&Contribution| mailing.called(it.sources()).contains(&recipient);
            scene.awaited.iter().filter(is_own).map(|it| part(it.reference.to_string())).collect()
        }
        OccasionKind::Personal => {
            let ahead = rules.reminders.before_due.first().copied().unwrap_or(0);
            let last = look.today.saturating_add(i64::from(ahead).days());
            let own = look.owned.get(&recipient).into_iter().flatten();
            let near = own.filter(|item| look.due_day(item).is_some_and(|day| day <= last));
            near.map(|item| part(item.reference.to_string())).collect()
        }
    };
    look.one(parts)
}

/// One look at a group: what has come and is not recorded, and what is next.
struct Look<'a> {
    rules: &'a Rules,
    scene: &'a Scene,
    now: Timestamp,
    zone: TimeZone,
    today: Date,
    records: Records<'a>,
    /// The open items of everybody who is mailed about them.
    owned: BTreeMap<Recipient, Vec<&'a OpenItem>>,
    /// What has come, with what becomes of it.
    come: Vec<Dealt>,
    /// The next of each.
    ahead: Vec<Dealt>,
    /// The recipients to whom something is to come today.
    today_ahead: BTreeSet<Recipient>,
}

impl<'a> Look<'a> {
    fn at(rules: &'a Rules, scene: &'a Scene, now: Timestamp) -> Self {
        let mut look = Self::empty(rules, scene, now);
        look.weekly();
        look.ladders();
        look.copies();
        let is_today = |part: &&Dealt| part.at.to_zoned(look.zone.clone()).date() == look.today;
        // Far the most are not of today: a day's length is asked first.
        let soon = look.ahead.iter().filter(|part| part.at.duration_since(now) < SignedDuration::from_hours(27));
        look.today_ahead = soon.filter(is_today).map(|part| part.occasion.recipient.clone()).collect();
        look
    }

    fn empty(rules: &'a Rules, scene: &'a Scene, now: Timestamp) -> Self {
        let zone = zone(rules);
        let today = now.to_zoned(zone.clone()).date();
        let records = Records::of(&scene.recorded, &zone, now);
        let (come, ahead, today_ahead) = (Vec::new(), Vec::new(), BTreeSet::new());
        let owned = Self::owned(scene);
        Self { rules, scene, now, zone, today, records, owned, come, ahead, today_ahead }
    }

    /// The moment until which what has come waits; nothing where it can go now. It waits for what else
    /// the recipient gets today, and for the next morning where a mail has gone on its day.
    fn release(&self, part: &Dealt) -> Option<Timestamp> {
        let recipient = &part.occasion.recipient;
        if let Some(end) = self.quiet_until() {
            return Some(end);
        }
        if self.today_ahead.contains(recipient) {
            let own = self.ahead.iter().filter(|part| part.occasion.recipient == *recipient);
            return own.map(|part| part.at).min();
        }
        let last = self.records.mailed(recipient)?;
        if last < self.today && part.occasion.date == self.today {
            return None;
        }
        let morning = self.moment(last.tomorrow().ok()?)?;
        (morning > self.now).then_some(morning)
    }

    /// When the quiet time ends that it is now.
    fn quiet_until(&self) -> Option<Timestamp> {
        let (quiet, morning) = (&self.rules.quiet, self.rules.reminders.time);
        let end = quiet.end(self.now.to_zoned(self.zone.clone()).datetime(), morning)?;
        Some(end.to_zoned(self.zone.clone()).ok()?.timestamp())
    }

    /// The day on which what falls on a day goes, which is of use until `last`.
    fn working_day(&self, day: Date, last: Option<Date>) -> Date {
        self.rules.quiet.working_day(day, last)
    }

    /// The time of day of reminders, on that day. A local time that a clock change leaves out is as much
    /// later, one that exists twice is the first of the two.
    fn moment(&self, day: Date) -> Option<Timestamp> {
        let at = day.to_datetime(self.rules.reminders.time).to_zoned(self.zone.clone()).ok()?;
        Some(at.timestamp())
    }

    /// The day before which an item must be done, or on which at the latest, where that is known.
    fn due_day(&self, item: &OpenItem) -> Option<Date> {
        match item.due.as_ref()? {
            Due::Day(day) => Some(*day),
            Due::Meeting(name) => self.scene.meetings.iter().find(|meeting| meeting.is_called(name))?.first_day(),
        }
    }

    /// What becomes of an occasion whose moment has come, and that is of no use for that reason, where there is one.
    fn standing(&self, at: Timestamp, useless: Option<Skip>) -> Standing {
        if let Some(why) = useless {
            Standing::Skipped(why)
        } else if self.now.duration_since(at) > IN_TIME {
            Standing::Late
        } else {
            Standing::OnTime
        }
    }

    /// The occasions of one recipient as one.
    fn one(&self, mut parts: Vec<Dealt>) -> Option<DueOccasion> {
        parts.sort_by(|a, b| {
            let key = |part: &Dealt| (part.occasion.kind, part.occasion.date);
            (key(a), &a.occasion.name).cmp(&(key(b), &b.occasion.name))
        });
        let is_sent = parts.first()?.standing.is_sent();
        let items = if is_sent { self.told(&parts) } else { BTreeSet::new() };
        let mut parts = parts.into_iter();
        let first = parts.next()?;
        Some(DueOccasion {
            occasion: first.occasion,
            at: first.at,
            standing: first.standing,
            also: parts.collect(),
            items: items.into_iter().collect(),
        })
    }

    fn is_untold(&self, recipient: &Recipient, item: &OpenItem) -> bool {
        recipient.is_person() && self.records.is_untold(recipient, &item.reference.to_string())
    }

    /// The recipient's own items that a mail tells of: before a meeting all of them.
    fn told(&self, parts: &[Dealt]) -> BTreeSet<ActionItemRef> {
        let Some(recipient) = parts.first().map(|part| &part.occasion.recipient) else { return BTreeSet::new() };
        if *recipient == Recipient::List {
            return BTreeSet::new();
        }
        let own = self.owned.get(recipient).into_iter().flatten();
        if parts.iter().all(|part| part.occasion.kind != OccasionKind::Meeting) {
            let named = parts.iter().filter_map(|part| part.occasion.item());
            let is_personal = parts.iter().any(|part| part.occasion.kind == OccasionKind::Personal);
            // Who was away is told with the first of them what was not told meanwhile.
            let untold = own.filter(|item| is_personal && self.is_untold(recipient, item));
            return named.chain(untold.map(|item| item.reference.clone())).collect();
        }
        own.map(|item| item.reference.clone()).collect()
    }
}

fn zone(rules: &Rules) -> TimeZone {
    TimeZone::get(&rules.time_zone).unwrap_or(TimeZone::UTC)
}
