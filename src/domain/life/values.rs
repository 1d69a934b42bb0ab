//! What a contribution's life is made of, as values that print and parse: history keeps them so.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::domain::{ContributionOutcome, ContributionRef, EmailAddress, MeetingRef, NotA, Revision, text_serde};

/// When, where, by whom and by which message something was said: ` on 2014-04-11 at SEC#10.0 by
/// chair@example.org in ID`, each where it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// The day.
    pub on: Option<Date>,
    /// The meeting.
    pub at: Option<MeetingRef>,
    /// Who said it or gave the document that does.
    pub by: Option<EmailAddress>,
    /// The message that recorded it.
    pub message: Option<String>,
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(on) = &self.on {
            write!(f, " on {on}")?;
        }
        if let Some(at) = &self.at {
            write!(f, " at {at}")?;
        }
        if let Some(by) = &self.by {
            write!(f, " by {by}")?;
        }
        if let Some(message) = &self.message {
            write!(f, " in {message}")?;
        }
        Ok(())
    }
}

impl Trace {
    /// Reads what [`Display`](fmt::Display) printed, and gives what stands before it, too.
    fn split(text: &str) -> Option<(&str, Self)> {
        let mut trace = Self::default();
        // A Message-ID is the last, and anything may stand in it.
        let (text, message) = match text.split_once(" in ") {
            Some((text, message)) => (text, Some(message.to_owned())),
            None => (text, None),
        };
        trace.message = message;
        let (text, by) = cut(text, " by ");
        trace.by = by.map(str::parse).transpose().ok()?;
        let (text, at) = cut(text, " at ");
        trace.at = at.map(str::parse).transpose().ok()?;
        let (text, on) = cut(text, " on ");
        trace.on = on.map(str::parse).transpose().ok()?;
        Some((text, trace))
    }
}

fn cut<'a>(text: &'a str, mark: &str) -> (&'a str, Option<&'a str>) {
    text.split_once(mark).map_or((text, None), |(text, rest)| (text, Some(rest)))
}

/// `R02`
fn revision(text: &str) -> Option<Revision> {
    text.parse().ok()
}

/// What was said of one revision: `R02 agreed on 2014-04-11 at SEC#10.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Of which revision.
    pub revision: Revision,
    /// What.
    pub outcome: ContributionOutcome,
    /// When, where, by whom.
    pub trace: Trace,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.revision, self.outcome, self.trace)
    }
}

impl FromStr for Decision {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let read = || {
            let (said, trace) = Trace::split(text)?;
            let (of, outcome) = said.split_once(' ')?;
            Some(Self { revision: revision(of)?, outcome: outcome.parse().ok()?, trace })
        };
        read().ok_or_else(|| NotA::new(text, "decision", "something like R02 agreed on 2014-04-11 at SEC#10.0"))
    }
}

/// How a revision became known as available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// An agenda lists it.
    Listed,
    /// Somebody posted it, or said so.
    Posted,
}

/// A revision that is available: `R02 posted on 2014-04-09 by member-qualcomm@example.org in ID`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Available {
    /// Which one.
    pub revision: Revision,
    /// How it became known.
    pub how: How,
    /// When, where, by whom.
    pub trace: Trace,
}

impl fmt::Display for Available {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            How::Listed => "listed",
            How::Posted => "posted",
        };
        write!(f, "{} {how}{}", self.revision, self.trace)
    }
}

impl FromStr for Available {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let read = || {
            let (said, trace) = Trace::split(text)?;
            let (of, how) = said.split_once(' ')?;
            let how = match how {
                "listed" => How::Listed,
                "posted" => How::Posted,
                _ => return None,
            };
            Some(Self { revision: revision(of)?, how, trace })
        };
        read().ok_or_else(|| NotA::new(text, "available revision", "something like R02 listed"))
    }
}

/// What a decision leaves to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowUpKind {
    /// A decided revision is to be posted.
    Post(Revision),
    /// A revision is expected; any higher one, where none is named.
    Revision(Option<Revision>),
    /// It is to be discussed outside the meeting, perhaps in a revision that is expected, too.
    Offline(Option<Revision>),
    /// It is to be merged, perhaps with something that is named.
    Merge(Option<String>),
    /// It is to be discussed in a call.
    Call,
    /// It is to be applied, perhaps to something that is named.
    Apply(Option<String>),
    /// Somebody is to do something.
    Action(String),
    /// Something else is to be looked at.
    See(String),
    /// A remark, or what was not understood.
    Remark(String),
}

impl FollowUpKind {
    /// The follow-up as JSON lists it: `post R01`, `revision`, `action`, `see SEC-2014-0243R02`.
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::Action(_) => "action".to_owned(),
            Self::Remark(_) => "remark".to_owned(),
            Self::Apply(_) => "apply".to_owned(),
            kind => kind.to_string(),
        }
    }

    /// The same with its revision as those of a contribution are written.
    #[must_use]
    pub fn of(self, own: &ContributionRef) -> Self {
        let of = |revision: Option<Revision>| revision.map(|revision| revision.of(own));
        match self {
            Self::Post(revision) => Self::Post(revision.of(own)),
            Self::Revision(revision) => Self::Revision(of(revision)),
            Self::Offline(revision) => Self::Offline(of(revision)),
            kind => kind,
        }
    }

    /// The revision that it awaits, where it awaits a certain one.
    #[must_use]
    pub const fn awaits(&self) -> Option<Revision> {
        match self {
            Self::Post(revision) => Some(*revision),
            Self::Revision(revision) | Self::Offline(revision) => *revision,
            _ => None,
        }
    }
}

impl fmt::Display for FollowUpKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with = |f: &mut fmt::Formatter<'_>, word: &str, what: Option<&dyn fmt::Display>| match what {
            Some(what) => write!(f, "{word} {what}"),
            None => f.write_str(word),
        };
        match self {
            Self::Post(revision) => with(f, "post", Some(revision)),
            Self::Revision(revision) => with(f, "revision", revision.as_ref().map(|it| it as _)),
            Self::Offline(revision) => with(f, "offline", revision.as_ref().map(|it| it as _)),
            Self::Merge(reference) => with(f, "merge", reference.as_ref().map(|it| it as _)),
            Self::Apply(reference) => with(f, "apply", reference.as_ref().map(|it| it as _)),
            Self::Call => f.write_str("call"),
            Self::Action(text) => with(f, "action", Some(text)),
            Self::See(reference) => with(f, "see", Some(reference)),
            Self::Remark(text) => with(f, "remark", Some(text)),
        }
    }
}

impl FromStr for FollowUpKind {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let (word, rest) = text.split_once(' ').map_or((text, None), |(word, rest)| (word, Some(rest)));
        let read = || {
            let owned = rest.map(ToOwned::to_owned);
            let maybe = || match rest {
                Some(rest) => revision(rest).map(Some),
                None => Some(None),
            };
            Some(match word {
                "post" => Self::Post(revision(rest?)?),
                "revision" => Self::Revision(maybe()?),
                "offline" => Self::Offline(maybe()?),
                "merge" => Self::Merge(owned),
                "apply" => Self::Apply(owned),
                "call" if rest.is_none() => Self::Call,
                "action" => Self::Action(owned?),
                "see" => Self::See(owned?),
                "remark" => Self::Remark(owned?),
                _ => return None,
            })
        };
        read().ok_or_else(|| NotA::new(text, "follow-up", "something like post R01, revision R02 or merge"))
    }
}

/// Where a follow-up stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUpState {
    /// Left to do.
    Open,
    /// What it awaited has come.
    Met,
    /// Overtaken, or taken back.
    Dropped,
}

/// What is left to do of a contribution, and where that stands: `open: post R01`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// Where it stands.
    pub state: FollowUpState,
    /// What.
    pub kind: FollowUpKind,
}

impl fmt::Display for FollowUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            FollowUpState::Open => "open",
            FollowUpState::Met => "met",
            FollowUpState::Dropped => "dropped",
        };
        write!(f, "{state}: {}", self.kind)
    }
}

impl FromStr for FollowUp {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "follow-up", "something like open: post R01");
        let (state, kind) = text.split_once(": ").ok_or_else(error)?;
        let state = match state {
            "open" => FollowUpState::Open,
            "met" => FollowUpState::Met,
            "dropped" => FollowUpState::Dropped,
            _ => return Err(error()),
        };
        Ok(Self { state, kind: kind.parse()? })
    }
}

/// How one contribution is joined to another document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Its text goes on in that one.
    MergedInto,
    /// That one's text goes on in this one.
    Merges,
    /// It comments on that one.
    CommentsOn,
    /// It goes on under that one's number.
    RevisedTo,
    /// That one says more.
    See,
    /// It is answered in that one.
    RepliedTo,
    /// It is discussed there: in another group's document, or at its meeting.
    Discussed,
}

impl LinkKind {
    const ALL: [Self; 7] = [
        Self::MergedInto,
        Self::Merges,
        Self::CommentsOn,
        Self::RevisedTo,
        Self::See,
        Self::RepliedTo,
        Self::Discussed,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::MergedInto => "merged into",
            Self::Merges => "merges",
            Self::CommentsOn => "comments on",
            Self::RevisedTo => "revised to",
            Self::See => "see",
            Self::RepliedTo => "replied to in",
            Self::Discussed => "discussed in",
        }
    }
}

/// A link to another document: `merged into SEC-2014-0251R02`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What joins them.
    pub kind: LinkKind,
    /// The other document, as it is written in full.
    pub to: String,
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.as_str(), self.to)
    }
}

impl FromStr for Link {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let read = |kind: LinkKind| {
            let to = text.strip_prefix(kind.as_str())?.strip_prefix(' ')?;
            Some(Self { kind, to: to.to_owned() })
        };
        let link = LinkKind::ALL.into_iter().find_map(read);
        link.ok_or_else(|| NotA::new(text, "link", "something like merged into SEC-2014-0251R02"))
    }
}

text_serde!(Decision, Available, FollowUp, Link);
