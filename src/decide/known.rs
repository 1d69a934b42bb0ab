//! What a decision may look at: plain data, loaded beforehand by what the input names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::{
    ActionItem, ActionItemRef, Approval, ApprovalOf, Call, Change, Contribution, ContributionRef, EmailAddress,
    Meeting, MeetingRef, NotA, Organization, Request, RequestState, Roster, Rules, Subject,
};

use super::{HistoryRow, StateChange};

/// Which message is to be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoWhich {
    /// The one with this receipt.
    Receipt(String),
    /// The last one of this sender, from whichever of the member's addresses, that changed
    /// something and is not undone yet.
    LastOf(EmailAddress),
}

/// A mail of ours that is replied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replied {
    /// Its Message-ID.
    pub message_id: String,
    /// Its rows: number and what it means. A mail about one thing has that one as its only row.
    pub rows: Vec<(u16, Subject)>,
    /// The meeting that it is about, whatever its rows are: one may say there whether one comes.
    pub meeting: Option<MeetingRef>,
}

/// The number of the row that says which meeting a mail is about as a whole; no reply names it.
pub const ABOUT: u16 = 0;

impl Replied {
    /// A mail of ours, with its rows as they are kept.
    #[must_use]
    pub fn new(message_id: String, kept: impl IntoIterator<Item = (u16, Subject)>) -> Self {
        let mut replied = Self { message_id, rows: Vec::new(), meeting: None };
        for row in kept {
            match row {
                (ABOUT, Subject::Meeting(meeting)) => replied.meeting = Some(meeting),
                row => replied.rows.push(row),
            }
        }
        replied
    }
}

/// What one message did, as its receipt remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its receipt.
    pub receipt: String,
    /// When it did it.
    pub at: Timestamp,
    /// Whose message it was.
    pub by: String,
    /// What it changed, in order.
    pub changes: Vec<Change>,
    /// It has been undone already.
    pub undone: bool,
    /// The receipt of the message that it took back, where it did, and where nobody named it: it is only the
    /// sender's last one.
    pub took_back: Option<String>,
}

/// What changed since the digest before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Since {
    /// When that one was made; nothing where this is the first.
    pub last: Option<Timestamp>,
    /// What changed, oldest first, with the subject of the mail that did it, where one did that others
    /// have seen.
    pub changes: Vec<(HistoryRow, Option<String>)>,
    /// More changed than was loaded: the oldest are left out.
    pub is_cut: bool,
}

/// The last document's cell of (subject, field).
pub type Baseline = BTreeMap<(Subject, String), String>;

/// A version of an export: the export itself, or a document that was made from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Who gave the document; nobody where the operator did.
    pub by: Option<EmailAddress>,
    /// When it was made, or read.
    pub at: Timestamp,
    /// What it says; of a document, what the export does not.
    pub cells: Baseline,
}

/// What an export said, and then what documents that were made from it said otherwise, oldest first.
pub type Said = Vec<Version>;

/// What one document has replaced in the baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// When the document was read.
    pub at: Timestamp,
    /// The document was taken back since.
    pub is_taken_back: bool,
    /// What was there before; nothing where the document was the first to say anything of it.
    pub cells: BTreeMap<(Subject, String), Option<String>>,
}

/// A mail that mentions something, and that others than the bot have got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentioned {
    /// What.
    pub what: Subject,
    /// When it was sent.
    pub at: Timestamp,
    /// Who wrote it.
    pub from: Option<EmailAddress>,
    /// Its subject.
    pub subject: String,
}

/// What is known when a decision is made. `decide` changes it as it goes, so that each command sees
/// the one before; the store writes what it ends up as.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The group's rules; `None` before its first start.
    pub rules: Option<Rules>,
    /// The whole roster.
    pub roster: Roster,
    /// Every meeting.
    pub meetings: Vec<Meeting>,
    /// Every conference call, by its day.
    pub calls: BTreeMap<Date, Call>,
    /// The approvals by e-mail that were asked for and exist.
    pub approvals: BTreeMap<ApprovalOf, Approval>,
    /// The action items that were asked for and exist.
    pub actions: BTreeMap<ActionItemRef, ActionItem>,
    /// The contributions that were asked for and exist.
    pub contributions: BTreeMap<ContributionRef, Contribution>,
    /// The requests that were asked for and exist.
    pub requests: BTreeMap<u32, Request>,
    /// References of every action item, to number new ones and to suggest known ones.
    pub action_references: BTreeSet<ActionItemRef>,
    /// The mail of ours that is replied to.
    pub replied: Option<Replied>,
    /// The history that was asked for, oldest first.
    pub history: Vec<HistoryRow>,
    /// The mails that mention those whose history was asked for, in order; the last of them. What is told of
    /// them changes nothing: a replay, which has no mails, comes to the same.
    pub thread: Vec<Mentioned>,
    /// What changed since the digest before, where that was asked for.
    pub since: Option<Since>,
    /// What changed the state of anything since a meeting began, where that was asked for, oldest first.
    pub since_meeting: Vec<HistoryRow>,
    /// What changed the states of action items since a day, where that was asked for, oldest first.
    pub states: Vec<StateChange>,
    /// The message to be undone.
    pub done: Option<Done>,
    /// What the last imported document said. This and the next two are large, and no decision changes them.
    pub baseline: Arc<Baseline>,
    /// What documents have replaced in it, the newest first: with it, what each document before said.
    pub replaced: Arc<[Replaced]>,
    /// The exports that a document names, by their names, as far as they are still kept.
    pub exports: Arc<BTreeMap<String, Said>>,
    /// The cancelled action items and dropped requests that are so because the mail that made them was taken back;
    /// known where a document is imported.
    pub taken_back: BTreeSet<Subject>,
    /// The highest number of a request so far.
    pub last_request: u32,
}

impl Known {
    /// Nothing is known yet: a group before its first start.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            rules: None,
            roster: Roster::default(),
            meetings: Vec::new(),
            calls: BTreeMap::new(),
            approvals: BTreeMap::new(),
            actions: BTreeMap::new(),
            contributions: BTreeMap::new(),
            requests: BTreeMap::new(),
            action_references: BTreeSet::new(),
            replied: None,
            history: Vec::new(),
            thread: Vec::new(),
            since: None,
            since_meeting: Vec::new(),
            states: Vec::new(),
            done: None,
            baseline: Arc::default(),
            replaced: Arc::default(),
            exports: Arc::default(),
            taken_back: BTreeSet::new(),
            last_request: 0,
        }
    }

    /// Applies a change to what is known. A subject that is not known yet is made.
    ///
    /// # Errors
    /// Where the field or the value is none of the subject's.
    pub fn apply(&mut self, change: &Change) -> Result<(), NotA> {
        let (from, to) = (change.from.as_deref(), change.to.as_deref());
        match &change.subject {
            Subject::Action(reference) => {
                self.action_references.insert(reference.clone());
                let item = self.actions.entry(reference.clone()).or_insert_with(|| ActionItem::new(reference.clone()));
                item.set(change.field.parse()?, from, to)
            }
            Subject::Contribution(reference) => {
                let contribution =
                    self.contributions.entry(reference.clone()).or_insert_with(|| Contribution::new(reference.clone()));
                contribution.set(change.field.parse()?, from, to)
            }
            Subject::Member(id) => {
                let members = &mut self.roster.members;
                let at = members.iter().position(|member| member.id == *id).unwrap_or_else(|| {
                    members.push(crate::domain::Member::new(*id));
                    members.len() - 1
                });
                members[at].set(change.field.parse()?, from, to)
            }
            Subject::Organization(name) => {
                let organizations = &mut self.roster.organizations;
                let at = organizations.iter().position(|known| known.name == *name).unwrap_or_else(|| {
                    organizations.push(Organization { name: name.clone(), aliases: Vec::new(), contact: None });
                    organizations.len() - 1
                });
                organizations[at].set(&change.field, from, to)
            }
            Subject::Meeting(reference) => {
                let at = self.meetings.iter().position(|known| known.reference == *reference).unwrap_or_else(|| {
                    self.meetings.push(Meeting::new(reference.clone()));
                    self.meetings.len() - 1
                });
                self.meetings[at].set(&change.field, from, to)
            }
            Subject::Request(id) => self.apply_to_request(*id, change),
            Subject::Approval(of) => {
                let approval = self.approvals.entry(of.clone()).or_insert_with(|| Approval::new(of.clone()));
                approval.set(&change.field, from, to)
            }
            Subject::Call(day) => self.calls.entry(*day).or_insert_with(|| Call::new(*day)).set(&change.field, to),
        }
    }

    fn apply_to_request(&mut self, id: u32, change: &Change) -> Result<(), NotA> {
        let to = change.to.as_deref().unwrap_or_default();
        if change.field == "asks" {
            let request: Request =
                serde_json::from_str(to).map_err(|_| NotA::new(to, "request", "a request as the journal keeps it"))?;
            self.last_request = self.last_request.max(id);
            self.requests.insert(id, request);
            return Ok(());
        }
        let Some(request) = self.requests.get_mut(&id) else { return Ok(()) };
        request.state = match change.to.as_deref() {
            Some(state) => state.parse()?,
            None => RequestState::Dropped,
        };
        Ok(())
    }

    /// The meeting that `name` (`TP10`, `SEC#10.0`) means, where it is known.
    #[must_use]
    pub fn meeting(&self, name: &str) -> Option<&Meeting> {
        self.meetings.iter().find(|meeting| meeting.is_called(name))
    }

    /// Whether a meeting is later than another: by their days where those are known, else by their numbers.
    #[must_use]
    pub fn is_later(&self, one: &MeetingRef, than: &MeetingRef) -> bool {
        let start = |of: &MeetingRef| self.meeting_by_reference(of).and_then(|meeting| meeting.start);
        match (start(one), start(than)) {
            (Some(one), Some(than)) => one > than,
            _ => one > than,
        }
    }

    /// The meeting with that reference, where it is known.
    #[must_use]
    pub fn meeting_by_reference(&self, reference: &MeetingRef) -> Option<&Meeting> {
        self.meetings.iter().find(|meeting| meeting.reference == *reference)
    }
}
