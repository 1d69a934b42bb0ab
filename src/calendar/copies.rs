//! Members' own copies of the weekly digest: at the digest's moment, in one mail with what the member is reminded of on
//! that day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::domain::{Dealt, Member, Occasion, OccasionKind, Recipient, Skip, Standing, Subject, Weekly};

use super::weekly::{USEFUL, in_week, monday_of, useless};
use super::{Look, OWN_REACH};

/// A copy whose moment has come.
struct Come {
    occasion: Occasion,
    at: Timestamp,
    /// How long holidays had made it wait.
    waits: SignedDuration,
}

impl Look<'_> {
    /// The copies of the weeks since the start, and the next one, of whoever wants one.
    pub(super) fn copies(&mut self) {
        let Some(weekly) = self.rules.digest.weekly else { return };
        let scene = self.scene;
        let mut reminded: BTreeMap<Recipient, Vec<Timestamp>> = BTreeMap::new();
        let wanted = scene.roster.members.iter().filter(|member| wants_copy(member));
        reminded.extend(wanted.clone().map(|member| (Recipient::Member(member.id), Vec::new())));
        if reminded.is_empty() {
            return;
        }
        for part in self.come.iter().chain(&self.ahead) {
            if let Some(moments) = reminded.get_mut(&part.occasion.recipient) {
                moments.push(part.at);
            }
        }
        for member in wanted {
            let moments = reminded.remove(&Recipient::Member(member.id)).unwrap_or_default();
            self.copies_of(member, weekly, &moments);
        }
    }

    /// The weekly digest of which a recipient gets a copy, where they do.
    pub(super) fn copied(&self, recipient: &Recipient) -> Option<Weekly> {
        let Recipient::Member(id) = recipient else { return None };
        let weekly = self.rules.digest.weekly?;
        self.scene.roster.member(*id).is_some_and(wants_copy).then_some(weekly)
    }

    fn copies_of(&mut self, member: &Member, weekly: Weekly, reminded: &[Timestamp]) {
        let recipient = Recipient::Member(member.id);
        let start = self.scene.starts.digest;
        let changed = self.scene.changed.get(&Subject::Member(member.id));
        let since = changed.map_or(start, |changed| start.max(*changed));
        let floor = self.records.copied_until(&recipient);
        let start_day = start.to_zoned(self.zone.clone()).date();
        let mut monday = monday_of(start_day.max(self.today.saturating_sub(OWN_REACH.weeks())));
        let mut come: Vec<Come> = Vec::new();
        for _ in 0..=2 * OWN_REACH {
            if let Some((occasion, due)) = in_week(weekly, monday, &self.zone) {
                let occasion = Occasion { recipient: recipient.clone(), ..occasion };
                let day = self.working_day(occasion.date, None);
                let Some(at) = self.on(day, weekly) else { return };
                let waits = at.duration_since(due);
                let at = self.with_reminded(day, at, reminded);
                let of = (&recipient, OccasionKind::Weekly, occasion.name.as_str());
                let is_settled = floor.is_some_and(|floor| occasion.date <= floor)
                    || self.records.was_sent(&of)
                    || self.records.is_settled(&of, occasion.date);
                if !is_settled && at <= self.now {
                    come.push(Come { occasion, at, waits });
                } else if !is_settled && at >= start && waits <= USEFUL {
                    self.ahead.push(Dealt { occasion, at, standing: Standing::OnTime });
                    break;
                }
            }
            let Ok(following) = monday.checked_add(1.week()) else { break };
            monday = following;
        }
        // Of those from before it was wanted, the last is recorded, and there is nothing earlier.
        let first = come.iter().rposition(|come| come.at < since).unwrap_or(0);
        for Come { occasion, at, waits } in come.drain(first..) {
            let standing = if at < start {
                Standing::Skipped(Skip::BeforeStart)
            } else if at < since {
                Standing::Skipped(Skip::BeforeKnown)
            } else {
                let standing = self.standing(at, useless(self.now.duration_since(at), waits));
                let silenced = self.is_silenced(&recipient).filter(|_| standing.is_sent());
                silenced.map_or(standing, Standing::Skipped)
            };
            self.come.push(Dealt { occasion, at, standing });
        }
    }

    /// A copy's moment on a day: the later of the digest's and that of what the member is reminded of then.
    fn with_reminded(&self, day: Date, at: Timestamp, reminded: &[Timestamp]) -> Timestamp {
        let near = reminded.iter().filter(|moment| moment.duration_since(at).abs() < SignedDuration::from_hours(27));
        let is_then = |moment: &&Timestamp| moment.to_zoned(self.zone.clone()).date() == day;
        near.filter(is_then).copied().chain([at]).max().unwrap_or(at)
    }
}

/// Whether a member gets a copy of each weekly digest.
fn wants_copy(member: &Member) -> bool {
    member.digest && !member.left && !member.addresses.is_empty()
}
