//! Occasions: when the bot writes by itself, and what became of each.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

use super::{ActionItemRef, ApprovalOf, ContributionRef, MeetingRef, NotA, text_serde};

/// The days of a week as the configuration names them.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Monday),
    ("Tuesday", Weekday::Tuesday),
    ("Wednesday", Weekday::Wednesday),
    ("Thursday", Weekday::Thursday),
    ("Friday", Weekday::Friday),
    ("Saturday", Weekday::Saturday),
    ("Sunday", Weekday::Sunday),
];

/// A moment of every week on the group's own clock: `Monday 08:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekly {
    /// The day.
    pub weekday: Weekday,
    /// The time of that day, to the minute.
    pub time: Time,
}

impl Default for Weekly {
    fn default() -> Self {
        Self { weekday: Weekday::Monday, time: Time::constant(8, 0, 0, 0) }
    }
}

impl fmt::Display for Weekly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = WEEKDAYS.iter().find(|(_, weekday)| *weekday == self.weekday).map_or("", |(name, _)| *name);
        write!(f, "{name} {}", self.time.strftime("%H:%M"))
    }
}

impl FromStr for Weekly {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "moment of a week", "a weekday and a time, such as \"Monday 08:00\"");
        let (day, time) = text.trim().split_once(char::is_whitespace).ok_or_else(error)?;
        let named = WEEKDAYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(day)).ok_or_else(error)?;
        let (hour, minute) = time.trim().split_once(':').ok_or_else(error)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !(1..=2).contains(&hour.len()) || minute.len() != 2 || !digits(hour) || !digits(minute) {
            return Err(error());
        }
        let number = |text: &str| text.parse::<i8>().map_err(|_| error());
        let time = Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| error())?;
        Ok(Self { weekday: named.1, time })
    }
}

/// What an occasion is for. In this order they stand in a mail that is for more than one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OccasionKind {
    /// The state of the action items, once a week.
    Weekly,
    /// A meeting is near: to the list, and to whoever has open action items.
    Meeting,
    /// The deadline for contributions to a meeting is near.
    Deadline,
    /// A conference call is near.
    Call,
    /// An approval by e-mail closes soon: to the list; or has closed: to who ratifies it.
    Approval,
    /// What a meeting came to, once it is over: to the list.
    Report,
    /// A document that was decided is not posted, or a revision is expected: to its sources.
    Chaser,
    /// Action items of one's own are due soon or overdue.
    Personal,
}

impl OccasionKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Weekly,
        Self::Meeting,
        Self::Deadline,
        Self::Call,
        Self::Approval,
        Self::Report,
        Self::Chaser,
        Self::Personal,
    ];
}

impl fmt::Display for OccasionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Weekly => "weekly",
            Self::Meeting => "meeting",
            Self::Deadline => "deadline",
            Self::Call => "call",
            Self::Approval => "approval",
            Self::Report => "report",
            Self::Chaser => "chaser",
            Self::Personal => "personal",
        })
    }
}

impl FromStr for OccasionKind {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let found = Self::ALL.into_iter().find(|kind| kind.to_string() == text);
        let allowed = "weekly, meeting, deadline, call, approval, report, chaser or personal";
        found.ok_or_else(|| NotA::new(text, "kind of occasion", allowed))
    }
}

/// To whom an occasion's mail goes. It is no address: the list stays the list where its address
/// changes, and gets no second mail for that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// The group's mailing list.
    List,
    /// A member, by number.
    Member(u32),
    /// An organization whose contact is no member, by name.
    Organization(String),
}

impl Recipient {
    /// Whether it is a member, who may answer for themselves.
    #[must_use]
    pub const fn is_person(&self) -> bool {
        matches!(self, Self::Member(_))
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List => f.write_str("list"),
            Self::Member(id) => write!(f, "member {id}"),
            Self::Organization(name) => write!(f, "organization {name}"),
        }
    }
}

impl FromStr for Recipient {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "recipient", "list, member and a number, or organization and a name");
        match text.split_once(' ') {
            None if text == "list" => Ok(Self::List),
            Some(("member", id)) => id.parse().map(Self::Member).map_err(|_| error()),
            Some(("organization", name)) if !name.is_empty() => Ok(Self::Organization(name.to_owned())),
            _ => Err(error()),
        }
    }
}

/// What the bot says of its own accord is known by: each is said once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Occasion {
    /// To whom.
    pub recipient: Recipient,
    /// What for.
    pub kind: OccasionKind,
    /// Which one: of the weekly ones the ISO week (`2014-W19`), of a meeting, its deadline and its report the
    /// meeting's reference, of a call its day, of an approval what it is of, of a chaser the contribution's
    /// reference, of what is somebody's own the action item's reference.
    pub name: String,
    /// The day it is due on, in the group's zone.
    pub date: Date,
}

impl Occasion {
    /// The weekly digest that is due on that day.
    #[must_use]
    pub fn weekly(date: Date) -> Self {
        let week = date.iso_week_date();
        let name = format!("{:04}-W{:02}", week.year(), week.week());
        Self { recipient: Recipient::List, kind: OccasionKind::Weekly, name, date }
    }

    /// The meeting that it is about, where it is about one.
    #[must_use]
    pub fn meeting(&self) -> Option<MeetingRef> {
        match self.kind {
            OccasionKind::Meeting | OccasionKind::Deadline | OccasionKind::Report => self.name.parse().ok(),
            _ => None,
        }
    }

    /// The approval that it is about, where it is about one.
    #[must_use]
    pub fn approval(&self) -> Option<ApprovalOf> {
        (self.kind == OccasionKind::Approval).then(|| self.name.parse().ok()).flatten()
    }

    /// The contribution that it is about, where it is about one.
    #[must_use]
    pub fn contribution(&self) -> Option<ContributionRef> {
        (self.kind == OccasionKind::Chaser).then(|| self.name.parse().ok()).flatten()
    }

    /// The day of the call that it is about, where it is about one.
    #[must_use]
    pub fn call(&self) -> Option<Date> {
        (self.kind == OccasionKind::Call).then(|| self.name.parse().ok()).flatten()
    }

    /// The action item that it is about, where it is about one.
    #[must_use]
    pub fn item(&self) -> Option<ActionItemRef> {
        (self.kind == OccasionKind::Personal).then(|| self.name.parse().ok()).flatten()
    }
}

/// What becomes of an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Its mail goes when it is due.
    OnTime,
    /// Its mail goes after an outage, and says so.
    Late,
    /// No mail.
    Skipped(Skip),
}

/// Why an occasion has no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Skip {
    /// It was due before the group was started, or before its mails were turned on as they are.
    BeforeStart,
    /// What it is about was not known then, or was otherwise: imported, moved or given to somebody else since.
    BeforeKnown,
    /// It was missed for so long that its mail would be of no use.
    TooLate,
    /// Holidays made it wait for so long that its mail would be of no use.
    Holidays,
    /// The next one, on the same day or the day after, tells the same.
    NextTells,
    /// The recipient was told of it the day before.
    ToldBefore,
    /// The member's own mail is paused.
    Paused,
    /// The member is away, as their automatic reply says.
    Away,
    /// There is nothing to say.
    NothingToSay,
}

impl Skip {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::BeforeStart,
        Self::BeforeKnown,
        Self::TooLate,
        Self::Holidays,
        Self::NextTells,
        Self::ToldBefore,
        Self::Paused,
        Self::Away,
        Self::NothingToSay,
    ];
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeforeStart => "before the start",
            Self::BeforeKnown => "before it was known",
            Self::TooLate => "too late",
            Self::Holidays => "holidays",
            Self::NextTells => "the next one tells the same",
            Self::ToldBefore => "told the day before",
            Self::Paused => "paused",
            Self::Away => "away",
            Self::NothingToSay => "nothing to say",
        })
    }
}

impl Standing {
    /// Whether a mail goes.
    #[must_use]
    pub const fn is_sent(self) -> bool {
        !matches!(self, Self::Skipped(_))
    }
}

impl Standing {
    /// What becomes of one occasion of several where no mail goes for this reason: it was skipped for a
    /// reason of its own, or for this one.
    #[must_use]
    pub const fn of(self, own: Self) -> Self {
        if own.is_sent() { self } else { own }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnTime => f.write_str("on time"),
            Self::Late => f.write_str("late"),
            Self::Skipped(why) => write!(f, "skipped: {why}"),
        }
    }
}

impl FromStr for Standing {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let skipped = Skip::ALL.into_iter().map(Self::Skipped);
        let found = [Self::OnTime, Self::Late].into_iter().chain(skipped).find(|standing| standing.to_string() == text);
        found.ok_or_else(|| NotA::new(text, "standing of an occasion", "on time, late, or skipped: and why"))
    }
}

text_serde!(Weekly, OccasionKind, Recipient, Standing);

/// An occasion with its moment, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dealt {
    /// Which one.
    pub occasion: Occasion,
    /// The moment it is due.
    pub at: Timestamp,
    /// What becomes of it, as far as the time says.
    pub standing: Standing,
}

/// What is due to one recipient at once, as it comes into the journal: one mail at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueOccasion {
    /// The first of the occasions, by which the mail is known.
    pub occasion: Occasion,
    /// The moment it is due.
    pub at: Timestamp,
    /// What becomes of it, as far as the time says.
    pub standing: Standing,
    /// The others that the same mail is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Dealt>,
    /// The recipient's own action items that the mail tells of, where it is not to the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ActionItemRef>,
}

impl DueOccasion {
    /// One occasion alone.
    #[must_use]
    pub const fn alone(occasion: Occasion, at: Timestamp, standing: Standing) -> Self {
        Self { occasion, at, standing, also: Vec::new(), items: Vec::new() }
    }

    /// All the occasions.
    pub fn occasions(&self) -> impl Iterator<Item = &Occasion> {
        std::iter::once(&self.occasion).chain(self.also.iter().map(|also| &also.occasion))
    }

    /// All the occasions with their moments.
    pub fn dealt(&self) -> impl Iterator<Item = Dealt> {
        let first = Dealt { occasion: self.occasion.clone(), at: self.at, standing: self.standing };
        std::iter::once(first).chain(self.also.iter().cloned())
    }

    /// Whether one of them is of that kind.
    #[must_use]
    pub fn is_for(&self, kind: OccasionKind) -> bool {
        self.occasions().any(|occasion| occasion.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_of_a_week_reads_back_what_it_printed() {
        for text in ["Monday 08:00", "Sunday 00:00", "Friday 23:59"] {
            assert_eq!(text.parse::<Weekly>().unwrap().to_string(), text);
        }
        assert_eq!("  monday  8:00 ".parse::<Weekly>().unwrap(), Weekly::default());
        for wrong in ["", "Monday", "08:00", "Monday 24:00", "Monday 8", "Monday 8:0", "Mon 08:00", "Monday +8:00"] {
            assert!(wrong.parse::<Weekly>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_standing_reads_back_what_it_printed() {
        let skipped = Skip::ALL.into_iter().map(Standing::Skipped);
        for standing in [Standing::OnTime, Standing::Late].into_iter().chain(skipped) {
            assert_eq!(standing.to_string().parse::<Standing>().unwrap(), standing);
        }
    }

    #[test]
    fn a_recipient_reads_back_what_it_printed() {
        for text in ["list", "member 7", "organization LG Electronics"] {
            assert_eq!(text.parse::<Recipient>().unwrap().to_string(), text);
        }
        for wrong in ["", "List", "member", "member x", "organization", "organization "] {
            assert!(wrong.parse::<Recipient>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_occasion_of_the_journal_is_the_same_whether_it_is_alone_or_was_written_before_there_were_others() {
        let old = r#"{"occasion":{"recipient":"list","kind":"weekly","name":"2014-W19","date":"2014-05-05"},"at":"2014-05-05T06:00:00Z","standing":"on time"}"#;
        let due: DueOccasion = serde_json::from_str(old).unwrap();
        assert_eq!(serde_json::to_string(&due).unwrap(), old);
    }

    #[test]
    fn a_week_is_named_by_its_iso_number() {
        assert_eq!(Occasion::weekly(jiff::civil::date(2014, 5, 5)).name, "2014-W19");
        // The first days of a year can be in the last week of the one before.
        assert_eq!(Occasion::weekly(jiff::civil::date(2027, 1, 1)).name, "2026-W53");
    }
}
