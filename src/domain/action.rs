//! Action items: what the agenda's section 5 lists as REFERENCE, WHAT, WHO, STATUS.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ActionItemRef, Due, EmailAddress, NotA, Notes, text_serde};

/// Where an action item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Proposed by a member; waits for chair or secretary.
    Proposed,
    /// To be done.
    Open,
    /// Somebody said that work is under way.
    Ongoing,
    /// Said to be done by somebody whose word does not close it.
    ToBeConfirmed,
    /// Done.
    Closed,
    /// Given up, rejected or taken back.
    Cancelled,
}

impl Status {
    /// Every status, in the order of an item's life.
    pub const ALL: [Self; 6] =
        [Self::Proposed, Self::Open, Self::Ongoing, Self::ToBeConfirmed, Self::Closed, Self::Cancelled];

    /// The status as it is written in listings and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Open => "open",
            Self::Ongoing => "ongoing",
            Self::ToBeConfirmed => "to be confirmed",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status as an agenda's STATUS cell has it.
    #[must_use]
    pub const fn in_agenda(self) -> &'static str {
        match self {
            Self::Proposed => "Proposed",
            Self::Open => "OPEN",
            Self::Ongoing => "Ongoing",
            Self::ToBeConfirmed => "Done, to be confirmed",
            Self::Closed => "Closed",
            Self::Cancelled => "Cancelled",
        }
    }

    /// The status that an agenda's STATUS cell says, in the words that agendas use; `None` where it is
    /// not understood.
    #[must_use]
    pub fn from_agenda(cell: &str) -> Option<Self> {
        let folded = cell.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        match folded.trim_end_matches('.') {
            "open" | "keep open" => Some(Self::Open),
            "ongoing" | "on-going" | "on going" | "in progress" => Some(Self::Ongoing),
            "closed" | "done" | "completed" | "close" => Some(Self::Closed),
            "cancelled" | "canceled" | "withdrawn" | "dropped" => Some(Self::Cancelled),
            "proposed" => Some(Self::Proposed),
            "done, to be confirmed" | "to be confirmed" => Some(Self::ToBeConfirmed),
            _ => None,
        }
    }

    /// Whether something is left to do: neither closed nor cancelled.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        !matches!(self, Self::Closed | Self::Cancelled)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| NotA::new(text, "status", "proposed, open, ongoing, to be confirmed, closed or cancelled"))
    }
}

/// How urgent an action item is; an item without one is ordinary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Before others.
    High,
    /// Like others, said so.
    Medium,
    /// After others.
    Low,
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        })
    }
}

impl FromStr for Priority {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        match text.to_lowercase().as_str() {
            "high" => Ok(Self::High),
            "medium" | "normal" => Ok(Self::Medium),
            "low" => Ok(Self::Low),
            _ => Err(NotA::new(text, "priority", "high, medium or low")),
        }
    }
}

/// What an owner's "done" is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Closes.
    Lead,
    /// Leaves it to be confirmed.
    Support,
    /// "Interested companies": closed by chair or secretary only.
    Any,
}

/// One owner as the agenda names it: an organization, a member, a role, or "interested companies".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Owner {
    /// The name as written, white space folded.
    pub name: String,
    /// The owner's part.
    pub part: Part,
}

/// The WHO cell of the agenda, in its own notation: `Lead A, B` (A leads, B supports),
/// `Lead A + B` (both lead), `Interested companies`, or a bare `A` (leads).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owners(String);

impl Owners {
    /// The notation as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Nobody is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list().is_empty()
    }

    /// The owners it names, in order.
    #[must_use]
    pub fn list(&self) -> Vec<Owner> {
        let text = self.0.split_whitespace().collect::<Vec<_>>().join(" ");
        let lower = text.to_lowercase();
        if matches!(lower.as_str(), "" | "-" | "none" | "nobody" | "tbd") {
            return Vec::new();
        }
        if matches!(lower.as_str(), "interested companies" | "all" | "interested parties") {
            return vec![Owner { name: "interested companies".to_owned(), part: Part::Any }];
        }
        let text = match lower.strip_prefix("lead").filter(|rest| rest.starts_with([' ', ':'])) {
            Some(rest) => text[text.len() - rest.len()..].trim_start_matches([' ', ':']).to_owned(),
            None => text,
        };
        // "A + B, C": the first comma ends the leads. "Inc." and its like belong to the name before.
        let mut owners: Vec<Owner> = Vec::new();
        for (at, group) in text.split(',').enumerate() {
            let part = if at == 0 { Part::Lead } else { Part::Support };
            for name in group.split(" + ").flat_map(|name| name.split('+')).map(str::trim) {
                let is_suffix =
                    matches!(name.to_lowercase().trim_end_matches('.'), "inc" | "ltd" | "llc" | "co" | "corp");
                match owners.last_mut() {
                    Some(last) if is_suffix => last.name = format!("{}, {name}", last.name),
                    _ if name.is_empty() => {}
                    _ => owners.push(Owner { name: name.to_owned(), part }),
                }
            }
        }
        owners
    }
}

impl From<&str> for Owners {
    fn from(text: &str) -> Self {
        Self(text.trim().to_owned())
    }
}

impl fmt::Display for Owners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Owners {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(text))
    }
}

/// An action item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionItem {
    /// Its reference.
    pub reference: ActionItemRef,
    /// What is to be done, as written.
    pub what: String,
    /// Who does it, in the agenda's notation, as written.
    pub who: Owners,
    /// Where it stands.
    pub status: Status,
    /// Until when.
    pub due: Option<Due>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// Remarks, oldest first.
    pub notes: Notes,
    /// Who proposed it, where a member without the role did.
    pub proposed_by: Option<EmailAddress>,
    /// The reference a proposal got when it was accepted.
    pub became: Option<ActionItemRef>,
}

/// A field of an action item: what a change changes, what an agenda's row says, what history tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionField {
    /// What is to be done.
    What,
    /// Who does it.
    Who,
    /// Where it stands.
    Status,
    /// Until when.
    Due,
    /// How urgent it is.
    Priority,
    /// One remark: a change adds it (`to`) or takes it back (`from`).
    Note,
    /// Who proposed it.
    ProposedBy,
    /// The number that a proposal got.
    Became,
}

impl ActionField {
    /// Every field, in the order that listings show them.
    pub const ALL: [Self; 8] =
        [Self::What, Self::Who, Self::Status, Self::Due, Self::Priority, Self::Note, Self::ProposedBy, Self::Became];

    /// The field's name in history and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::What => "what",
            Self::Who => "who",
            Self::Status => "status",
            Self::Due => "due",
            Self::Priority => "priority",
            Self::Note => "note",
            Self::ProposedBy => "proposed_by",
            Self::Became => "became",
        }
    }
}

impl fmt::Display for ActionField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ActionField {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        Self::ALL
            .into_iter()
            .find(|field| field.as_str() == text)
            .ok_or_else(|| NotA::new(text, "field of an action item", "what, who, status, due, priority or note"))
    }
}

impl ActionItem {
    /// A new open item of which only the reference is known.
    #[must_use]
    pub fn new(reference: ActionItemRef) -> Self {
        Self {
            reference,
            what: String::new(),
            who: Owners::from(""),
            status: Status::Open,
            due: None,
            priority: None,
            notes: Notes::default(),
            proposed_by: None,
            became: None,
        }
    }

    /// The field's value as text; `None` where it has none. Of notes, the newest.
    #[must_use]
    pub fn get(&self, field: ActionField) -> Option<String> {
        match field {
            ActionField::What => Some(self.what.clone()).filter(|what| !what.is_empty()),
            ActionField::Who => Some(self.who.to_string()).filter(|who| !who.is_empty()),
            ActionField::Status => Some(self.status.to_string()),
            ActionField::Due => self.due.as_ref().map(ToString::to_string),
            ActionField::Priority => self.priority.map(|priority| priority.to_string()),
            ActionField::Note => self.notes.last().map(str::to_owned),
            ActionField::ProposedBy => self.proposed_by.as_ref().map(ToString::to_string),
            ActionField::Became => self.became.as_ref().map(ToString::to_string),
        }
    }

    /// Gives the field the value that `to` prints. For a note, `to` is added and `from` taken away;
    /// a status taken away is a creation undone, which cancels.
    ///
    /// # Errors
    /// Where `to` is no value of the field.
    pub fn set(&mut self, field: ActionField, from: Option<&str>, to: Option<&str>) -> Result<(), NotA> {
        match field {
            ActionField::What => self.what = to.unwrap_or_default().to_owned(),
            ActionField::Who => self.who = Owners::from(to.unwrap_or_default()),
            ActionField::Status => self.status = to.map_or(Ok(Status::Cancelled), str::parse)?,
            ActionField::Due => self.due = to.map(str::parse).transpose()?,
            ActionField::Priority => self.priority = to.map(str::parse).transpose()?,
            ActionField::ProposedBy => self.proposed_by = to.map(str::parse).transpose()?,
            ActionField::Became => self.became = to.map(str::parse).transpose()?,
            ActionField::Note => match (from, to) {
                (_, Some(note)) => self.notes.push(note),
                (Some(note), None) => self.notes.remove(note),
                (None, None) => {}
            },
        }
        Ok(())
    }

    /// Whether it should have been done before `today`. `meeting_starts` gives the first day of a
    /// meeting, where it is known; an item due at a meeting without dates is never overdue.
    #[must_use]
    pub fn is_overdue(&self, today: Date, meeting_starts: impl Fn(&str) -> Option<Date>) -> bool {
        let missed = match &self.due {
            Some(Due::Day(day)) => *day < today,
            // Due "before its first day": on that day it is late.
            Some(Due::Meeting(meeting)) => meeting_starts(meeting).is_some_and(|start| start <= today),
            None => false,
        };
        missed && self.status.is_pending() && self.status != Status::Proposed
    }
}

text_serde!(Status, Priority, ActionField, Owners);

#[cfg(test)]
mod tests {
    use super::*;

    fn owners(text: &str) -> Vec<(String, Part)> {
        Owners::from(text).list().into_iter().map(|owner| (owner.name, owner.part)).collect()
    }

    #[test]
    fn a_comma_makes_supporters_and_a_plus_makes_leads() {
        let lead = |name: &str| (name.to_owned(), Part::Lead);
        let support = |name: &str| (name.to_owned(), Part::Support);
        assert_eq!(owners("Lead Qualcomm, Gemalto"), [lead("Qualcomm"), support("Gemalto")]);
        assert_eq!(owners("Lead LG Electronics +  Qualcomm"), [lead("LG Electronics"), lead("Qualcomm")]);
        assert_eq!(owners("Lead: Gemalto"), [lead("Gemalto")]);
        assert_eq!(owners("Qualcomm, Inc., CATT"), [lead("Qualcomm, Inc."), support("CATT")]);
        assert_eq!(owners("Leadership Group"), [lead("Leadership Group")]);
    }

    #[test]
    fn an_agenda_s_status_reads_back_what_it_printed() {
        for status in Status::ALL {
            assert_eq!(Status::from_agenda(status.in_agenda()), Some(status));
        }
        assert_eq!(Status::from_agenda("nearly there"), None);
    }

    #[test]
    fn interested_companies_are_nobody_in_particular() {
        assert_eq!(owners("Interested companies"), [("interested companies".to_owned(), Part::Any)]);
        assert_eq!(owners(" "), []);
    }

    #[test]
    fn every_field_reads_back_what_it_printed() {
        let mut item = ActionItem::new("A-WG4-TP8-003".parse().unwrap());
        let values = [
            (ActionField::What, "Specify credential management"),
            (ActionField::Who, "Lead LG Electronics +  Qualcomm"),
            (ActionField::Status, "to be confirmed"),
            (ActionField::Due, "TP11"),
            (ActionField::Priority, "high"),
            (ActionField::Note, "waiting for CATT"),
            (ActionField::ProposedBy, "member-catt@example.org"),
            (ActionField::Became, "A-WG4-TP10-001"),
        ];
        for (field, value) in values {
            item.set(field, None, Some(value)).unwrap();
            assert_eq!(item.get(field).as_deref(), Some(value));
        }
        item.set(ActionField::Note, Some("waiting for CATT"), None).unwrap();
        assert_eq!(item.get(ActionField::Note), None);
    }
}
