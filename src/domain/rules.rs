//! The group's rules that decisions depend on: part of the journal, so that a replay decides alike.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::reference::{DeliverableStyle, MeetingStyle, NumberPattern};
use super::{ContributionOutcome, EmailAddress, NotA, QuietRules, Weekly, text_serde};

/// Who closes an action item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// A lead's "done" closes; a supporter's waits for a lead, the chair or the secretary.
    #[default]
    Owner,
    /// Every "done" waits for chair or secretary.
    Review,
}

/// How sure it must be that a sender is the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Senders {
    /// From is believed: for closed networks, where nobody can write another's address.
    #[default]
    Claimed,
    /// What a sender who is only claimed wants changed is held until the member says yes.
    Proven,
}

impl Senders {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How the group writes its references.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceScheme {
    /// The body's name, as it stands before references in file names (`oneM2M`).
    pub body: String,
    /// The group's own prefix of contributions and meetings (`SEC`).
    pub prefix: String,
    /// The group's label in action items (`WG4`).
    pub group: String,
    /// Other labels for the same in action items (`SEC`).
    pub group_aliases: Vec<String>,
    /// Prefixes of contributions, the group's own and its sisters' (`SEC`, `PRO`, `ARC`, …).
    pub contributions: Vec<String>,
    /// Kinds of deliverables (`TS`, `TR`).
    pub deliverables: Vec<String>,
    /// The plenary's series (`TP`); empty where the group has none.
    pub plenary: String,
    /// How numbers are put together. Left out of the journal where it is what it was in every version.
    #[serde(default, skip_serializing_if = "Patterns::is_usual")]
    pub patterns: Patterns,
}

/// How a group puts its numbers together; oneM2M's, where it does not say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Patterns {
    /// Contributions: `{prefix}-{year}-{number:4}[R{revision:2}]`.
    pub contribution: NumberPattern,
    /// Action items: `A-{group}-{plenary}-{number:3}`.
    pub action: ActionPattern,
    /// Meetings: `{prefix}#{number}.{sub}`.
    pub meeting: MeetingStyle,
    /// The label of the group's meetings; empty where it is the prefix of its contributions.
    pub meeting_label: String,
    /// Deliverables: `{kind}-{number:4}`.
    pub deliverable: DeliverableStyle,
    /// Words of status columns that the group has besides the usual ones, and which of those each stands for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub status_words: BTreeMap<String, ContributionOutcome>,
}

impl Patterns {
    /// Whether they are oneM2M's.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// How a group numbers its action items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ActionPattern {
    /// `A-{group}-{plenary}-{number:3}`.
    #[default]
    OfPlenary,
    /// `{meeting}-AP{number:2}`.
    OfMeeting {
        /// What the number stands behind, such as `AP`.
        mark: String,
        /// So many digits a number has at least.
        digits: u8,
    },
}

const OF_PLENARY: &str = "A-{group}-{plenary}-{number:3}";

impl fmt::Display for ActionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OfPlenary => f.write_str(OF_PLENARY),
            Self::OfMeeting { mark, digits } => write!(f, "{{meeting}}-{mark}{{number:{digits}}}"),
        }
    }
}

impl FromStr for ActionPattern {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        if text == OF_PLENARY {
            return Ok(Self::default());
        }
        let read = || {
            let (mark, digits) = text.strip_prefix("{meeting}-")?.strip_suffix('}')?.split_once("{number:")?;
            let digits = digits.parse().ok().filter(|digits| (1..=4).contains(digits))?;
            let is_mark = (1..=6).contains(&mark.len()) && mark.bytes().all(|byte| byte.is_ascii_uppercase());
            is_mark.then(|| Self::OfMeeting { mark: mark.to_owned(), digits })
        };
        read().ok_or_else(|| {
            NotA::new(
                text,
                "pattern of action items",
                "\"A-{group}-{plenary}-{number:3}\", or something like \"{meeting}-AP{number:2}\", with one to six capitals \
                 and one to four digits",
            )
        })
    }
}

text_serde!(ActionPattern);

impl ReferenceScheme {
    /// The label of the group's meetings.
    #[must_use]
    pub fn meeting_label(&self) -> &str {
        if self.patterns.meeting_label.is_empty() { &self.prefix } else { &self.patterns.meeting_label }
    }

    /// The labels by which the group is called, in action items and in meetings.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.group.as_str()).chain(self.group_aliases.iter().map(String::as_str))
    }
}

impl Default for ReferenceScheme {
    fn default() -> Self {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            body: "oneM2M".to_owned(),
            prefix: "SEC".to_owned(),
            group: "WG4".to_owned(),
            group_aliases: list(&["SEC"]),
            contributions: list(&["SEC", "PRO", "ARC", "REQ", "MAS", "TP", "TST", "PLN", "SC"]),
            deliverables: list(&["TS", "TR", "WI"]),
            plenary: "TP".to_owned(),
            patterns: Patterns::default(),
        }
    }
}

/// When the bot writes to the list by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DigestRules {
    /// The weekly digest; `None` where there is none.
    #[serde(default)]
    pub weekly: Option<Weekly>,
}

impl DigestRules {
    /// Nothing is sent: what rules from before there were digests say, and still print.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.weekly.is_none()
    }
}

/// When the bot reminds: days before and after, longest before first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderRules {
    /// The time of day, to the minute, in the group's zone.
    #[serde(with = "super::meeting::minutes")]
    pub time: Time,
    /// Days before a meeting's first day: to the list, and to whoever has open action items.
    pub before_meeting: Vec<u16>,
    /// Days before a meeting's deadline for contributions: to the list.
    pub before_deadline: Vec<u16>,
    /// Days before an action item is due: to its owners.
    pub before_due: Vec<u16>,
    /// Days after it was due.
    pub after_due: Vec<u16>,
    /// From the last of these days on, every so many days while it is overdue; `None` where that is all.
    pub then_every: Option<u16>,
    /// Days before an approval by e-mail closes: to the list.
    #[serde(default = "the_day_before", skip_serializing_if = "is_the_day_before")]
    pub before_approval: Vec<u16>,
    /// Days before a conference call: to the list.
    #[serde(default = "the_day_before", skip_serializing_if = "is_the_day_before")]
    pub before_call: Vec<u16>,
    /// Days after a meeting's last day: to the list, on the first of them on which there is something to report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after_meeting: Vec<u16>,
    /// Days after a document was decided that is not posted, or a revision is expected of: to its sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after_decision: Vec<u16>,
}

fn the_day_before() -> Vec<u16> {
    vec![1]
}

fn is_the_day_before(days: &[u16]) -> bool {
    days == [1]
}

/// None but of approvals and calls: what rules from before there were reminders say, and still print.
impl Default for ReminderRules {
    fn default() -> Self {
        let none = Vec::new;
        Self {
            time: Self::MORNING,
            before_meeting: none(),
            before_deadline: none(),
            before_due: none(),
            after_due: none(),
            then_every: None,
            before_approval: the_day_before(),
            before_call: the_day_before(),
            after_meeting: none(),
            after_decision: none(),
        }
    }
}

impl ReminderRules {
    /// The time of day where the configuration names none.
    pub const MORNING: Time = Time::constant(8, 0, 0, 0);

    /// What a group has that does not say otherwise.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            time: Self::MORNING,
            before_meeting: vec![14, 7, 1],
            before_deadline: vec![7, 1],
            before_due: vec![7, 1],
            after_due: vec![1],
            then_every: Some(7),
            before_approval: the_day_before(),
            before_call: the_day_before(),
            after_meeting: vec![1, 3, 7],
            after_decision: vec![2, 5],
        }
    }

    /// They are what rules from before there were reminders say.
    #[must_use]
    pub fn is_none(&self) -> bool {
        let ladders = [&self.before_meeting, &self.before_deadline, &self.before_due, &self.after_due];
        ladders.iter().chain(&[&self.after_meeting, &self.after_decision]).all(|it| it.is_empty())
            && self.then_every.is_none()
            && is_the_day_before(&self.before_approval)
            && is_the_day_before(&self.before_call)
    }
}

/// The settings of a group that `decide` looks at. Each change of them is an entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The group's key in the configuration, such as `sec`.
    pub key: String,
    /// The group's name as people know it, such as `oneM2M WG4 SEC`.
    pub name: String,
    /// The bot's own address.
    pub bot: EmailAddress,
    /// The mailing list's address.
    pub list: Option<EmailAddress>,
    /// When the bot writes to it by itself.
    #[serde(default, skip_serializing_if = "DigestRules::is_none")]
    pub digest: DigestRules,
    /// When it reminds list and members.
    #[serde(default, skip_serializing_if = "ReminderRules::is_none")]
    pub reminders: ReminderRules,
    /// When neither of both is done.
    #[serde(default, skip_serializing_if = "QuietRules::is_none")]
    pub quiet: QuietRules,
    /// The list is told of meetings that mails plan, move or call off, in a form that calendars understand. Left out
    /// of the journal where it is not, as in every version before there were such mails.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invitations: bool,
    /// How references are written.
    pub references: ReferenceScheme,
    /// Who closes an action item.
    pub closing: Closing,
    /// The group's time zone (IANA name): its days begin and end there.
    pub time_zone: String,
    /// At most so many answers an hour to one address; those above wait in the outbox for the operator.
    pub answers_per_hour: u32,
    /// The language of answers: the name of a catalogue.
    pub language: String,
    /// How sure it must be that a sender is the sender. Left out of the journal where it is what it
    /// was in every version.
    #[serde(default, skip_serializing_if = "Senders::is_default")]
    pub senders: Senders,
    /// Addresses of machines whose notices say which documents were uploaded. Left out of the journal where there are
    /// none, as in every version before there were such.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announcers: Vec<EmailAddress>,
}

impl Rules {
    /// The day on which a moment is in the group's zone.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)).date()
    }
}
