//! Approvals by e-mail: of one revision of a contribution, or of a meeting's minutes (PRODUCT.md, section 4).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ContributionRef, DocumentRef, EmailAddress, MeetingRef, NotA, Revision, text_serde};

/// What is to be approved: `SEC-2014-0239R01`, `minutes SEC#9.0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApprovalOf {
    /// One revision of a contribution.
    Revision(ContributionRef, Revision),
    /// The minutes of a meeting.
    Minutes(MeetingRef),
}

impl ApprovalOf {
    /// The contribution, where it is of one.
    #[must_use]
    pub const fn contribution(&self) -> Option<&ContributionRef> {
        match self {
            Self::Revision(contribution, _) => Some(contribution),
            Self::Minutes(_) => None,
        }
    }
}

impl fmt::Display for ApprovalOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Revision(contribution, revision) => write!(f, "{contribution}{}", revision.of(contribution)),
            Self::Minutes(meeting) => write!(f, "minutes {meeting}"),
        }
    }
}

impl FromStr for ApprovalOf {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "subject of an approval", "something like SEC-2014-0239R01 or minutes SEC#9.0");
        if let Some(meeting) = text.strip_prefix("minutes ") {
            return meeting.parse().map(Self::Minutes).map_err(|_| error());
        }
        let document: DocumentRef = text.parse().map_err(|_| error())?;
        document.revision.map(|revision| Self::Revision(document.contribution, revision)).ok_or_else(error)
    }
}

/// Where an approval stands. That its time is over changes nothing by itself: somebody ratifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApprovalState {
    /// It runs, or its time is over and nobody has ratified yet.
    Open,
    /// Ratified.
    Approved,
    /// Ended without.
    NotApproved,
    /// Taken back, as if it had never been opened.
    Cancelled,
}

impl ApprovalState {
    const ALL: [Self; 4] = [Self::Open, Self::Approved, Self::NotApproved, Self::Cancelled];

    /// The state's word: `not approved`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::NotApproved => "not approved",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for ApprovalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ApprovalState {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| NotA::new(text, "state of an approval", "open, approved, not approved or cancelled"))
    }
}

/// What a member says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// Against it.
    Objection,
    /// For it; decides nothing.
    Support,
    /// An objection that is taken back.
    Withdrawn,
}

impl Stance {
    const ALL: [Self; 3] = [Self::Objection, Self::Support, Self::Withdrawn];

    /// The stance in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Support => "support",
            Self::Withdrawn => "objection withdrawn",
        }
    }
}

/// What one member says of an approval: `objection of member 5 on 2014-04-18, late, in <ID> because TEXT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// What.
    pub stance: Stance,
    /// Which member; each has one voice.
    pub member: u32,
    /// The day it was said on.
    pub on: Date,
    /// It came after the approval's time, as that was then ([`Approval::is_late`]).
    pub is_late: bool,
    /// The mail, by its Message-ID.
    pub message: String,
    /// Why, where that was said.
    pub because: Option<String>,
}

impl Voice {
    /// A voice whose mail is named so that it reads back.
    #[must_use]
    pub fn new(stance: Stance, member: u32, on: Date, is_late: bool, message: &str, because: Option<&str>) -> Self {
        let message = message.chars().filter(|c| !c.is_whitespace() && !matches!(c, '<' | '>')).collect();
        Self { stance, member, on, is_late, message, because: because.map(ToOwned::to_owned) }
    }
}

impl fmt::Display for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let late = if self.is_late { ", late," } else { "" };
        write!(f, "{} of member {} on {}{late} in <{}>", self.stance.as_str(), self.member, self.on, self.message)?;
        match &self.because {
            Some(because) => write!(f, " because {because}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Voice {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let read = || {
            let (said, rest) = text.split_once(" of member ")?;
            let stance = Stance::ALL.into_iter().find(|stance| stance.as_str() == said)?;
            let (member, rest) = rest.split_once(" on ")?;
            let (on, rest) = rest.split_once(" in <")?;
            let (message, because) = rest.split_once('>')?;
            let because = if because.is_empty() { None } else { Some(because.strip_prefix(" because ")?.to_owned()) };
            let (on, is_late) = on.strip_suffix(", late,").map_or((on, false), |on| (on, true));
            let (member, on) = (member.parse().ok()?, on.parse().ok()?);
            Some(Self { stance, member, on, is_late, message: message.to_owned(), because })
        };
        read()
            .ok_or_else(|| NotA::new(text, "voice", "something like objection of member 5 on 2014-04-18 in <a@b.org>"))
    }
}

text_serde!(ApprovalOf, ApprovalState, Voice);

/// An approval by e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Of what.
    pub of: ApprovalOf,
    /// Where it stands.
    pub state: ApprovalState,
    /// Its last day, all of it, in the group's zone.
    pub until: Option<Date>,
    /// Who opened it.
    pub opener: Option<EmailAddress>,
    /// What members said, a voice each, in the order in which they first did.
    pub voices: Vec<Voice>,
    /// Why it was ratified over an objection, or ended without.
    pub reason: Option<String>,
}

impl Approval {
    /// One of which nothing but its subject is known.
    #[must_use]
    pub const fn new(of: ApprovalOf) -> Self {
        let (until, opener, reason) = (None, None, None);
        Self { of, state: ApprovalState::Cancelled, until, opener, voices: Vec::new(), reason }
    }

    /// Whether it runs or waits to be ratified.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == ApprovalState::Open
    }

    /// Whether somebody has ratified it, or ended it without.
    #[must_use]
    pub const fn has_come_to_something(&self) -> bool {
        matches!(self.state, ApprovalState::Approved | ApprovalState::NotApproved)
    }

    /// Whether what was said of it came after its time: after the end that held when it was said, and after the one
    /// that holds now, where that was moved since.
    #[must_use]
    pub fn is_late(&self, voice: &Voice) -> bool {
        voice.is_late && self.until.is_none_or(|until| until < voice.on)
    }

    /// Whether its last day is over.
    #[must_use]
    pub fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// What a member has said.
    #[must_use]
    pub fn voice_of(&self, member: u32) -> Option<&Voice> {
        self.voices.iter().find(|voice| voice.member == member)
    }

    /// The voices of that kind.
    pub fn of_stance(&self, stance: Stance) -> impl Iterator<Item = &Voice> {
        self.voices.iter().filter(move |voice| voice.stance == stance)
    }

    /// The field's value as text; `None` where it has none. Voices are one field each.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<String> {
        match field {
            "state" => (self.state != ApprovalState::Cancelled).then(|| self.state.to_string()),
            "until" => self.until.map(|day| day.to_string()),
            "opener" => self.opener.as_ref().map(ToString::to_string),
            "reason" => self.reason.clone(),
            _ => None,
        }
    }

    /// Gives the field the value that `to` prints; of voices, puts `to` in the place of `from`.
    ///
    /// # Errors
    /// Where there is no such field, or `to` is no value of it.
    pub fn set(&mut self, field: &str, from: Option<&str>, to: Option<&str>) -> Result<(), NotA> {
        match field {
            "state" => self.state = to.map_or(Ok(ApprovalState::Cancelled), str::parse)?,
            "until" => {
                let day = |text: &str| text.parse().map_err(|_| NotA::new(text, "date", "something like 2014-06-02"));
                self.until = to.map(day).transpose()?;
            }
            "opener" => self.opener = to.map(str::parse).transpose()?,
            "reason" => self.reason = to.map(ToOwned::to_owned),
            "voice" => {
                let to: Option<Voice> = to.map(str::parse).transpose()?;
                let at = from.and_then(|from| self.voices.iter().position(|voice| voice.to_string() == from));
                match (at, to) {
                    (Some(at), Some(to)) => self.voices[at] = to,
                    (Some(at), None) => drop(self.voices.remove(at)),
                    (None, Some(to)) => self.voices.push(to),
                    (None, None) => {}
                }
            }
            _ => {
                let expected = "state, until, opener, voice or reason";
                return Err(NotA::new(field, "field of an approval", expected));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_approved_reads_back_what_it_printed() {
        for text in ["SEC-2014-0239R01", "SEC-2014-0239R00", "minutes SEC#9.0", "S3-140123r1", "minutes SA3#75"] {
            assert_eq!(text.parse::<ApprovalOf>().unwrap().to_string(), text);
        }
        for wrong in ["SEC-2014-0239", "SEC#9.0", "minutes", ""] {
            assert!(wrong.parse::<ApprovalOf>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_voice_reads_back_what_it_printed() {
        for text in [
            "objection of member 5 on 2014-04-18 in <a@mail.example.org> because the text > is in <two> places",
            "support of member 12 on 2014-04-18, late, in <a@mail.example.org>",
            "objection withdrawn of member 5 on 2014-04-18 in <none-00ff>",
        ] {
            assert_eq!(text.parse::<Voice>().unwrap().to_string(), text);
        }
        let day = jiff::civil::date(2014, 4, 18);
        let odd = Voice::new(Stance::Support, 1, day, false, "a> because <b@c d", Some("it is"));
        assert_eq!(odd.to_string().parse::<Voice>().unwrap(), odd);
    }

    #[test]
    fn a_voice_takes_the_place_of_the_members_earlier_one() {
        let mut approval = Approval::new("SEC-2014-0239R01".parse().unwrap());
        let (first, second) = (
            "objection of member 5 on 2014-04-18 in <a@b.org>",
            "objection withdrawn of member 5 on 2014-04-19 in <c@b.org>",
        );
        approval.set("voice", None, Some(first)).unwrap();
        approval.set("voice", Some(first), Some(second)).unwrap();
        assert_eq!(approval.voices.len(), 1);
        assert_eq!(approval.voice_of(5).unwrap().stance, Stance::Withdrawn);
        approval.set("voice", Some(second), None).unwrap();
        assert_eq!(approval, Approval::new("SEC-2014-0239R01".parse().unwrap()));
    }
}
