//! What is told to the sender, before it is put into words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::agenda::out::Agenda;
use crate::domain::{ActionItem, ApprovalOf, Call, Contribution, EmailAddress, Meeting, Member, Subject, Text};

use super::{Comes, DeliverableRow, DocumentRow};

/// The answer to one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// To whom.
    pub to: EmailAddress,
    /// What is said before the lines, where something is.
    pub intro: Option<Text>,
    /// One entry a command line, in order.
    pub lines: Vec<AnswerLine>,
    /// Lists that were asked for, or that a line needs to be answered.
    pub tables: Vec<Table>,
    /// The agenda that was asked for: as tables, and as a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agenda: Option<Box<Agenda>>,
    /// The action items that the lines were about: a reply to an answer about one item need not
    /// name it.
    pub about: Vec<Subject>,
    /// The receipt that takes back all that the message did; only where it did something.
    pub receipt: Option<String>,
    /// The message asked what would be done: nothing was.
    pub dry_run: bool,
}

impl Answer {
    /// An answer that says nothing yet.
    #[must_use]
    pub const fn new(to: EmailAddress) -> Self {
        Self {
            to,
            intro: None,
            lines: Vec::new(),
            tables: Vec::new(),
            agenda: None,
            about: Vec::new(),
            receipt: None,
            dry_run: false,
        }
    }

    /// What each numbered row of the answer means: a reply may name it by number. An answer
    /// without rows about one item has that one as its only row.
    #[must_use]
    pub fn rows(&self) -> Vec<(u16, Subject)> {
        let mut rows = BTreeMap::new();
        for (number, subject) in self.tables.iter().flat_map(Table::numbered) {
            // A number means one thing; only an answer of more than 65,535 rows has one twice.
            rows.entry(number).or_insert(subject);
        }
        match self.about.as_slice() {
            [only] if rows.is_empty() => vec![(1, only.clone())],
            _ => rows.into_iter().collect(),
        }
    }
}

/// One command line and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerLine {
    /// Its number in the author's text; 0 is the subject.
    pub number: usize,
    /// The line as written.
    pub text: String,
    /// How it ended.
    pub outcome: LineOutcome,
    /// What is told of it, one text an item.
    pub told: Vec<Text>,
}

/// How a command line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineOutcome {
    /// All of it was done.
    Done,
    /// Some of it was done, some refused.
    Partly,
    /// It was so already; nothing had to be done.
    Unchanged,
    /// It was refused, and changed nothing.
    Refused,
    /// It only asked for something.
    Told,
}

/// A list in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "table")]
pub enum Table {
    /// Action items and what waits for a ruling, numbered through the whole answer.
    Actions {
        /// The list's heading.
        title: Text,
        /// The rows.
        rows: Vec<ActionRow>,
    },
    /// Contributions.
    Contributions {
        /// The list's heading.
        title: Text,
        /// The rows.
        rows: Vec<ContributionRow>,
    },
    /// Members, without their addresses.
    Members {
        /// The list's heading.
        title: Text,
        /// The rows.
        rows: Vec<Member>,
    },
    /// Meetings with their sessions.
    Meetings {
        /// The list's heading.
        title: Text,
        /// The rows.
        rows: Vec<MeetingRow>,
    },
    /// Conference calls.
    Calls {
        /// The list's heading.
        title: Text,
        /// The rows.
        rows: Vec<Call>,
    },
    /// Approvals by e-mail.
    Approvals {
        /// The list's heading.
        title: Text,
        /// The rows.
        rows: Vec<ApprovalRow>,
    },
    /// Documents, and what is told of each.
    Documents {
        /// The list's heading.
        title: Text,
        /// The rows.
        rows: Vec<DocumentRow>,
    },
    /// Deliverables, and what is left to do of each.
    Deliverables {
        /// The list's heading.
        title: Text,
        /// The rows.
        rows: Vec<DeliverableRow>,
    },
    /// The mails that mention something, in order.
    Thread {
        /// The list's heading.
        title: Text,
        /// The rows.
        rows: Vec<MentionedRow>,
    },
    /// What happened to something, oldest first.
    History {
        /// The list's heading.
        title: Text,
        /// The rows.
        rows: Vec<HistoryRow>,
    },
    /// Commands and what they do.
    Commands {
        /// The list's heading.
        title: Text,
        /// Syntax and explanation.
        rows: Vec<(String, Text)>,
    },
}

impl Table {
    /// Leaves out the first rows, and says how many there were in all.
    pub(super) fn skip(&mut self, count: usize) -> usize {
        fn skip<T>(rows: &mut Vec<T>, count: usize) -> usize {
            let all = rows.len();
            rows.drain(..count.min(all));
            all
        }
        match self {
            Self::Actions { rows, .. } => skip(rows, count),
            Self::Contributions { rows, .. } => skip(rows, count),
            Self::Members { rows, .. } => skip(rows, count),
            Self::Meetings { rows, .. } => skip(rows, count),
            Self::Calls { rows, .. } => skip(rows, count),
            Self::Approvals { rows, .. } => skip(rows, count),
            Self::Documents { rows, .. } => skip(rows, count),
            Self::Deliverables { rows, .. } => skip(rows, count),
            Self::Thread { rows, .. } => skip(rows, count),
            Self::History { rows, .. } => skip(rows, count),
            Self::Commands { rows, .. } => skip(rows, count),
        }
    }

    /// How many rows it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Actions { rows, .. } => rows.len(),
            Self::Contributions { rows, .. } => rows.len(),
            Self::Members { rows, .. } => rows.len(),
            Self::Meetings { rows, .. } => rows.len(),
            Self::Calls { rows, .. } => rows.len(),
            Self::Approvals { rows, .. } => rows.len(),
            Self::Documents { rows, .. } => rows.len(),
            Self::Deliverables { rows, .. } => rows.len(),
            Self::Thread { rows, .. } => rows.len(),
            Self::History { rows, .. } => rows.len(),
            Self::Commands { rows, .. } => rows.len(),
        }
    }

    /// What each of its numbered rows means.
    pub(super) fn numbered(&self) -> Vec<(u16, Subject)> {
        match self {
            Self::Actions { rows, .. } => rows.iter().map(|row| (row.number, row.subject.clone())).collect(),
            Self::Documents { rows, .. } => rows.iter().filter_map(|row| Some((row.number?, row.subject()))).collect(),
            _ => Vec::new(),
        }
    }
}

/// A numbered row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRow {
    /// Its number in this answer, from 1.
    pub number: u16,
    /// What a reply that names the number means.
    pub subject: Subject,
    /// The action item; for a request, the one that it is about.
    pub item: Option<ActionItem>,
    /// Past its due date.
    pub overdue: bool,
    /// What waits for a ruling, where something does.
    pub waits: Option<Text>,
    /// The day until which an open item would have time, where its owner asks for more: a fortnight more than it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<Date>,
}

/// A contribution, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributionRow {
    /// The contribution.
    pub contribution: Contribution,
    /// Where it stands (`R01 agreed`, `not treated`); `None` where nothing was said of it yet.
    pub stands: Option<String>,
}

/// A meeting, and who comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingRow {
    /// The meeting.
    #[serde(flatten)]
    pub meeting: Meeting,
    /// Who has said whether they come, as far as that is told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comes: Vec<Comes>,
}

/// An approval by e-mail, and what was said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRow {
    /// Of what.
    pub of: ApprovalOf,
    /// Its title; empty where it has none.
    pub title: String,
    /// Where it stands.
    pub stands: ApprovalStands,
    /// Its last day.
    pub until: Option<Date>,
    /// Who objects, each with why where that was said.
    pub objections: Vec<Objection>,
    /// Who supports it, by name.
    pub supporters: Vec<String>,
    /// Why it was ratified over an objection, or ended without.
    pub reason: Option<String>,
}

/// Where an approval stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalStands {
    /// It runs.
    Running,
    /// Its time is over, and nobody has ratified it yet.
    ToBeRatified,
    /// Ratified.
    Approved,
    /// Ended without.
    NotApproved,
    /// Taken back.
    Cancelled,
}

/// An objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// Whose, by name.
    pub by: String,
    /// Why.
    pub because: Option<String>,
    /// It came after the approval's time.
    pub is_late: bool,
}

/// A mail that mentions something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionedRow {
    /// When it was sent.
    pub at: Timestamp,
    /// Who wrote it, by name; nobody where the roster knows no such address.
    pub by: Option<String>,
    /// Its subject.
    pub subject: String,
}

/// One change, as history tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// When.
    pub at: Timestamp,
    /// By whom: a member's address, or what else did it (`agenda import`, `configuration`).
    pub by: String,
    /// By which message, where one did it.
    pub message_id: Option<String>,
    /// Of what.
    pub subject: Subject,
    /// Which field.
    pub field: String,
    /// The value before.
    pub from: Option<String>,
    /// The value after.
    pub to: Option<String>,
    /// The receipt that takes back all that its message did, where that is known and not taken back yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}
