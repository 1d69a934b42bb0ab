//! What is recorded, by what is asked of it.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::{OccasionKind, Recipient, Skip, Standing};

use super::Recorded;

/// Of one recipient, one kind, and one meeting or item.
type Of<'a> = (&'a Recipient, OccasionKind, &'a str);

/// The records of a group.
pub(super) struct Records<'a> {
    of: HashMap<Of<'a>, Vec<&'a Recorded>>,
    /// To whom a mail went today or yesterday, and what it told yesterday.
    mailed: HashMap<&'a Recipient, Mailed<'a>>,
    /// When whoever was told of items of their own was told last.
    told: HashMap<&'a Recipient, Timestamp>,
    /// The day of the last copy of a weekly digest that was dealt with, of whoever gets one of their own.
    copied: HashMap<&'a Recipient, Date>,
    now: Timestamp,
}

#[derive(Default)]
struct Mailed<'a> {
    last: Option<Date>,
    /// Yesterday, of all that is the recipient's.
    all: bool,
    /// Yesterday, of these.
    told: Vec<&'a str>,
}

impl<'a> Records<'a> {
    pub(super) fn of(recorded: &'a [Recorded], zone: &TimeZone, now: Timestamp) -> Self {
        let today = now.to_zoned(zone.clone()).date();
        let yesterday = today.yesterday().unwrap_or(today);
        let mut records =
            Self { of: HashMap::new(), mailed: HashMap::new(), told: HashMap::new(), copied: HashMap::new(), now };
        for record in recorded {
            let occasion = &record.occasion;
            records.of.entry((&occasion.recipient, occasion.kind, occasion.name.as_str())).or_default().push(record);
            let is_own = matches!(occasion.kind, OccasionKind::Personal | OccasionKind::Meeting);
            if is_own && record.standing.is_sent() && record.at <= now {
                let told = records.told.entry(&occasion.recipient).or_insert(record.at);
                *told = record.at.max(*told);
            }
            if occasion.kind == OccasionKind::Weekly && occasion.recipient.is_person() && record.at <= now {
                let copied = records.copied.entry(&occasion.recipient).or_insert(occasion.date);
                *copied = occasion.date.max(*copied);
            }
            let is_near = now.duration_since(record.at).abs() < SignedDuration::from_hours(50);
            if !is_near || !record.standing.is_sent() {
                continue;
            }
            let day = record.at.to_zoned(zone.clone()).date();
            let mailed = records.mailed.entry(&occasion.recipient).or_default();
            if day == today || day == yesterday {
                mailed.last = mailed.last.max(Some(day));
            }
            if day == yesterday {
                mailed.all |= occasion.kind == OccasionKind::Meeting;
                mailed.told.push(&occasion.name);
            }
        }
        records
    }

    fn get<'b>(&'b self, of: &'b Of<'b>) -> &'b [&'b Recorded] {
        self.of.get(of).map_or(&[], Vec::as_slice)
    }

    /// Whether any of these was sent, whichever day it was due on.
    pub(super) fn was_sent(&self, of: &Of<'_>) -> bool {
        self.get(of).iter().any(|record| record.standing.is_sent())
    }

    /// Whether the one of that day is settled. What went is, for ever. A skip is only once its time has
    /// come: one from the future is the mistake of a wrong clock.
    pub(super) fn is_settled(&self, of: &Of<'_>, date: Date) -> bool {
        let own = self.get(of).iter().filter(|record| record.occasion.date == date);
        own.into_iter().any(|record| record.standing.is_sent() || record.at <= self.now)
    }

    /// The last day up to which all of these were dealt with: they are dealt with in order, so what was
    /// never recorded before it was not so when its time came.
    pub(super) fn dealt_with_until(&self, of: &Of<'_>) -> Option<Date> {
        let past = self.get(of).iter().filter(|record| record.at <= self.now);
        past.map(|record| record.occasion.date).max()
    }

    /// The last day up to which a recipient's own copies of the weekly digest were dealt with.
    pub(super) fn copied_until(&self, recipient: &Recipient) -> Option<Date> {
        self.copied.get(recipient).copied()
    }

    /// Whether the recipient was to be told of an item, and nothing of the kind has gone to them since, because
    /// they are away or want none.
    pub(super) fn is_untold(&self, recipient: &Recipient, item: &str) -> bool {
        let of = (recipient, OccasionKind::Personal, item);
        let past = self.get(&of).iter().filter(|record| record.at <= self.now);
        let Some(last) = past.max_by_key(|record| record.occasion.date) else { return false };
        let told = self.told.get(recipient).is_some_and(|told| *told > last.at);
        !told && matches!(last.standing, Standing::Skipped(Skip::Away | Skip::Paused))
    }

    /// The day on which a mail has gone to the recipient last, of today and yesterday.
    pub(super) fn mailed(&self, recipient: &Recipient) -> Option<Date> {
        self.mailed.get(recipient).and_then(|mailed| mailed.last)
    }

    /// Whether a mail has told the recipient of the item, or the document, yesterday.
    pub(super) fn was_told_yesterday(&self, recipient: &Recipient, kind: OccasionKind, name: &str) -> bool {
        let mailed = self.mailed.get(recipient);
        // Before a meeting all of one's items are told, and no document.
        mailed.is_some_and(|mailed| mailed.all && kind == OccasionKind::Personal || mailed.told.contains(&name))
    }
}
