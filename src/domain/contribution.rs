//! Contributions: what an agenda's rows say of them, and what has become of them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::life::{Decision, FollowUpKind};
use super::{ContributionRef, Life, Meeting, MeetingRef, NotA, Revision, text_serde};

/// A contribution: the cells of the last agenda's row verbatim, and its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// Its reference, without revision.
    pub reference: ContributionRef,
    /// The agenda's reference cell (`SEC-2014-0243R01 > R02`).
    pub reference_cell: String,
    /// Its title.
    pub title: String,
    /// Who gave it, as written.
    pub source: String,
    /// The agenda item under which it is listed (`7.2`).
    pub agenda_item: String,
    /// The deliverable its section affects.
    pub deliverable: Option<String>,
    /// The agenda's status cell, verbatim.
    pub status_cell: String,
    /// The meeting on whose agenda it was last listed.
    pub meeting: Option<MeetingRef>,
    /// Its revisions, what was decided of them, and what is left to do.
    #[serde(default)]
    pub life: Life,
}

/// A field of a contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContributionField {
    /// The agenda's reference cell.
    ReferenceCell,
    /// The title.
    Title,
    /// The source.
    Source,
    /// The agenda item.
    AgendaItem,
    /// The deliverable it affects.
    Deliverable,
    /// The agenda's status cell.
    StatusCell,
    /// The meeting on whose agenda it was last listed.
    Meeting,
    /// An available revision: a change adds it (`to`) or takes it away (`from`).
    Revision,
    /// A decision: as a revision.
    Decision,
    /// Something that is left to do: as a revision, or put in another state.
    FollowUp,
    /// A link to another document: as a revision.
    Link,
    /// The last meeting at which something was said of it.
    SaidAt,
}

impl ContributionField {
    /// Every field.
    pub const ALL: [Self; 12] = [
        Self::ReferenceCell,
        Self::Title,
        Self::Source,
        Self::AgendaItem,
        Self::Deliverable,
        Self::StatusCell,
        Self::Meeting,
        Self::Revision,
        Self::Decision,
        Self::FollowUp,
        Self::Link,
        Self::SaidAt,
    ];

    /// The field's name in history and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReferenceCell => "reference_cell",
            Self::Title => "title",
            Self::Source => "source",
            Self::AgendaItem => "agenda_item",
            Self::Deliverable => "deliverable",
            Self::StatusCell => "status_cell",
            Self::Meeting => "meeting",
            Self::Revision => "revision",
            Self::Decision => "decision",
            Self::FollowUp => "follow_up",
            Self::Link => "link",
            Self::SaidAt => "said_at",
        }
    }
}

impl fmt::Display for ContributionField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ContributionField {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        Self::ALL
            .into_iter()
            .find(|field| field.as_str() == text)
            .ok_or_else(|| NotA::new(text, "field of a contribution", "title, source, agenda_item, …"))
    }
}

text_serde!(ContributionField);

/// A revision that somebody is to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited<'a> {
    /// Which one; any higher one, where none is named.
    pub revision: Option<Revision>,
    /// It was decided already; otherwise it is expected.
    pub is_decided: bool,
    /// The decision that it follows from, where one is known.
    pub decision: Option<&'a Decision>,
}

impl Contribution {
    /// The names in the source cell: `Qualcomm Inc., Gemalto`, `Rapporteur (G&D)`; a name may hold an `&`.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        let parts = self.source.split([',', ';', '/', '\n', '+', '(', ')']);
        let parts = parts.flat_map(|part| std::iter::once(part).chain(part.split(" and ")).chain(part.split(" & ")));
        parts.map(str::trim).filter(|name| !name.is_empty())
    }

    /// The revisions that are to be posted: decided ones that are not available, and those that are expected.
    pub fn awaited(&self) -> impl Iterator<Item = Awaited<'_>> {
        let decisions = &self.life.decisions;
        self.life.open_follow_ups().filter_map(move |kind| {
            let (revision, is_decided) = match kind {
                FollowUpKind::Post(revision) => (Some(*revision), true),
                FollowUpKind::Revision(revision) => (*revision, false),
                FollowUpKind::Offline(Some(revision)) => (Some(*revision), false),
                _ => return None,
            };
            let of_it = decisions.iter().rfind(|decision| is_decided && Some(decision.revision) == revision);
            Some(Awaited { revision, is_decided, decision: of_it.or(decisions.last()) })
        })
    }

    /// The day from which one waits for what is awaited: that of the decision, or the last day of the meeting that
    /// made it; where nothing was decided, the last day of the meeting at which it was spoken of.
    #[must_use]
    pub fn awaited_since(&self, awaited: &Awaited<'_>, meetings: &[Meeting]) -> Option<Date> {
        let last_day = |of: &MeetingRef| meetings.iter().find(|meeting| meeting.reference == *of)?.last_day();
        match awaited.decision {
            Some(decision) => decision.trace.on.max(decision.trace.at.as_ref().and_then(last_day)),
            None => last_day(self.life.said_at.as_ref().or(self.meeting.as_ref())?),
        }
    }

    /// A contribution of which only the reference is known.
    #[must_use]
    pub fn new(reference: ContributionRef) -> Self {
        Self {
            reference,
            reference_cell: String::new(),
            title: String::new(),
            source: String::new(),
            agenda_item: String::new(),
            deliverable: None,
            status_cell: String::new(),
            meeting: None,
            life: Life::default(),
        }
    }

    /// Nothing is known of it: what made it was taken back.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.title.is_empty() && self.reference_cell.is_empty() && self.life.is_empty()
    }

    /// The field's value as text; `None` where it is empty. Of a list, it is the last.
    #[must_use]
    pub fn get(&self, field: ContributionField) -> Option<String> {
        let text = match field {
            ContributionField::ReferenceCell => self.reference_cell.clone(),
            ContributionField::Title => self.title.clone(),
            ContributionField::Source => self.source.clone(),
            ContributionField::AgendaItem => self.agenda_item.clone(),
            ContributionField::Deliverable => self.deliverable.clone().unwrap_or_default(),
            ContributionField::StatusCell => self.status_cell.clone(),
            ContributionField::Meeting => text_of(self.meeting.as_ref()),
            ContributionField::Revision => text_of(self.life.available.last()),
            ContributionField::Decision => text_of(self.life.decisions.last()),
            ContributionField::FollowUp => text_of(self.life.follow_ups.last()),
            ContributionField::Link => text_of(self.life.links.last()),
            ContributionField::SaidAt => text_of(self.life.said_at.as_ref()),
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// Whether a list has a value; of any other field, whether that is its value.
    #[must_use]
    pub fn has(&self, field: ContributionField, value: &str) -> bool {
        match field {
            ContributionField::Revision => holds(&self.life.available, value),
            ContributionField::Decision => holds(&self.life.decisions, value),
            ContributionField::FollowUp => holds(&self.life.follow_ups, value),
            ContributionField::Link => holds(&self.life.links, value),
            field => self.get(field).as_deref() == Some(value),
        }
    }

    /// Gives the field the value that `to` prints; in a list, puts it in the place of `from`, or at the
    /// end where that is not there.
    ///
    /// # Errors
    /// Where `to` is no value of the field.
    pub fn set(&mut self, field: ContributionField, from: Option<&str>, to: Option<&str>) -> Result<(), NotA> {
        let text = to.unwrap_or_default().to_owned();
        match field {
            ContributionField::ReferenceCell => self.reference_cell = text,
            ContributionField::Title => self.title = text,
            ContributionField::Source => self.source = text,
            ContributionField::AgendaItem => self.agenda_item = text,
            ContributionField::Deliverable => self.deliverable = to.map(ToOwned::to_owned),
            ContributionField::StatusCell => self.status_cell = text,
            ContributionField::Meeting => self.meeting = to.map(str::parse).transpose()?,
            ContributionField::Revision => replace(&mut self.life.available, from, to)?,
            ContributionField::Decision => replace(&mut self.life.decisions, from, to)?,
            ContributionField::FollowUp => replace(&mut self.life.follow_ups, from, to)?,
            ContributionField::Link => replace(&mut self.life.links, from, to)?,
            ContributionField::SaidAt => self.life.said_at = to.map(str::parse).transpose()?,
        }
        Ok(())
    }
}

fn text_of(value: Option<&impl fmt::Display>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn holds(list: &[impl fmt::Display], value: &str) -> bool {
    list.iter().any(|kept| kept.to_string() == value)
}

/// Puts `to` in the place of `from`.
fn replace<T: fmt::Display + FromStr<Err = NotA>>(
    list: &mut Vec<T>,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), NotA> {
    let to = to.map(str::parse::<T>).transpose()?;
    let at = from.and_then(|from| list.iter().position(|kept| kept.to_string() == from));
    match (at, to) {
        (Some(at), Some(to)) => list[at] = to,
        (Some(at), None) => drop(list.remove(at)),
        (None, Some(to)) => list.push(to),
        (None, None) => {}
    }
    Ok(())
}
