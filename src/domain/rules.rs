//! The group's rules that decisions depend on: part of the journal, so that a replay decides alike.

use serde::{Deserialize, Serialize};

use super::{EmailAddress, Weekly};

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
    /// The plenary's series (`TP`).
    pub plenary: String,
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
}
