//! The author's text -> commands and mentions, plus errors. Never fails: a line that is no command
//! is prose, and a line that nearly is one says why it is not applied.
//!
//! A command is one whole line that is understood (PRODUCT.md, section 6).

use std::collections::HashSet;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::domain::reference::scan::{fold, scan};
use crate::domain::{
    AgendaDocument, Coming, DocumentRef, Due, EmailAddress, Owners, Phrase, Plenary, Priority, Quoted, Reference,
    ReferenceScheme, Role, Stamp, Stance, Text, without_controls,
};

use context::{Context, mentions};
use lines::{Lines, lines};

mod approvals;
mod attempt;
mod attendance;
mod catalogue;
mod context;
mod contributions;
mod dates;
mod doubt;
mod grammar;
mod items;
mod lines;
mod meetings;
mod mended;
mod misnamed;
mod near_miss;
mod notices;
mod owners;
mod people;
mod physical;
mod queries;
mod quoted;
mod remark;
mod targets;
mod word;
mod written;

pub use catalogue::{ERRORS, HELP, MEETING};
pub(crate) use meetings::is_label;
pub use notices::{Noticed, notice};

/// Where a message was addressed, which says what counts as a command in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressed {
    /// To the bot and nobody else.
    BotAlone,
    /// To the bot among others, or a reply to a mail it sent to that person.
    Bot,
    /// To the list, in reply to a digest there: row commands go without `#`.
    ListReply,
    /// To the list: a command needs a leading `#`.
    List,
}

/// What the parser must know of the message around the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around<'a> {
    /// How the group writes references.
    pub scheme: &'a ReferenceScheme,
    /// Where the message was addressed.
    pub addressed: Addressed,
    /// The subject, for its only document and for a command in a mail with an empty body.
    pub subject: &'a str,
    /// The day on which the message was received, in the group's zone: a date without a year is
    /// the next such day.
    pub today: Date,
    /// What is quoted above and between the lines of the text, in order.
    pub quoted: &'a [Quoted],
}

/// What was found in a text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Parsed {
    /// The first line was `dry-run`.
    pub dry_run: bool,
    /// Lines that are commands, or nearly, in order.
    pub lines: Vec<Line>,
    /// Every reference in the text and the subject, in order, each once. Lists, ranges and chains
    /// are spelled out, and short forms that the text itself resolves are resolved.
    pub mentions: Vec<Reference>,
}

/// A line that is a command, or nearly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the author's text, from 1; 0 is the subject.
    pub number: usize,
    /// The line as it was written (rejoined where it was wrapped).
    pub text: String,
    /// What it says, or why it is not applied: a key of [`ERRORS`].
    pub command: Result<Command, Text>,
    /// What it is about was taken from the quoted text right above it, as it does not say so itself.
    #[serde(default)]
    pub quoted: bool,
}

/// What a command is about, as far as its own text says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A reference, perhaps a short one.
    Reference(Reference),
    /// A row of the mail that is replied to.
    Row(u16),
    /// A request that waits for a ruling, by its number: `request 3`.
    Request(u32),
    /// Nothing was named: what the mail that is replied to is about.
    Omitted,
}

/// What an action item's owner, chair or secretary says of where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// `done`, `close`, `closed`, `completed`, `finished`, `fixed`.
    Done,
    /// `confirm`.
    Confirm,
    /// `reopen`.
    Reopen,
    /// `ongoing`.
    Ongoing,
    /// `cancel`.
    Cancel,
}

/// What `list` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listing {
    /// Every pending action item.
    Open,
    /// Those that the sender owns.
    Mine,
    /// Those past their due date.
    Overdue,
    /// Proposed ones, and requests that wait for a ruling.
    Proposed,
    /// Closed and cancelled ones.
    Closed,
    /// Every action item.
    All,
    /// Contributions.
    Contributions,
    /// Members.
    Members,
    /// Meetings.
    Meetings,
    /// Approvals by e-mail that are open.
    Approvals,
    /// Conference calls to come.
    Calls,
    /// Changes that somebody asked for in the sender's name, and that wait for the sender's word.
    Held,
}

impl Listing {
    /// The word behind `list`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Overdue => "overdue",
            Self::Proposed => "proposed",
            Self::Closed => "closed",
            Self::All => "all",
            Self::Contributions => "contributions",
            Self::Members => "members",
            Self::Meetings => "meetings",
            Self::Approvals => "approvals",
            Self::Calls => "calls",
            Self::Held => "held",
        }
    }
}

/// A command. Each variant's first line is its syntax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// `done REF [because TEXT]`, `REF: closed`, `1 done`, and so for the other verbs.
    Set {
        /// What is said.
        verb: Verb,
        /// Of which items; more than one in a list or range.
        of: Vec<Target>,
        /// The remark after `because`, `;` or in parentheses.
        because: Option<String>,
    },
    /// `note REF TEXT`
    Note {
        /// Of which items.
        of: Vec<Target>,
        /// The note.
        text: String,
    },
    /// `priority REF high|medium|low|none`
    Priority {
        /// Of which items.
        of: Vec<Target>,
        /// The priority; `None` takes it away.
        priority: Option<Priority>,
    },
    /// `what REF: TEXT`
    What {
        /// Of which item.
        of: Target,
        /// What is to be done.
        text: String,
    },
    /// `due REF DATE-or-MEETING`, `due REF none`
    Due {
        /// Of which items.
        of: Vec<Target>,
        /// Until when; `None` takes it away.
        due: Option<Due>,
    },
    /// `extend REF DATE`
    Extend {
        /// Of which items.
        of: Vec<Target>,
        /// Until when.
        due: Due,
        /// The remark.
        because: Option<String>,
    },
    /// `assign REF to OWNERS`
    Assign {
        /// Of which items.
        of: Vec<Target>,
        /// The owners in the agenda's notation.
        to: Owners,
    },
    /// `action OWNERS: TEXT [due DATE-or-MEETING]`
    Action {
        /// The owners in the agenda's notation.
        who: Owners,
        /// What is to be done.
        what: String,
        /// Until when.
        due: Option<Due>,
    },
    /// `accept REF`, `accept request 3`, `3 accept`
    Accept {
        /// What is accepted.
        of: Vec<Target>,
    },
    /// `reject REF [because TEXT]`
    Reject {
        /// What is rejected.
        of: Vec<Target>,
        /// The remark.
        because: Option<String>,
    },
    /// `member NAME, ORGANIZATION, ADDRESS`
    Member {
        /// The name.
        name: String,
        /// The organization.
        organization: String,
        /// The address.
        address: EmailAddress,
    },
    /// `member ADDRESS left`
    MemberLeft {
        /// The address.
        address: EmailAddress,
    },
    /// `role ADDRESS ROLE`, `role ADDRESS no ROLE`
    Role {
        /// Whose.
        address: EmailAddress,
        /// Which role.
        role: Role,
        /// Granted, or taken away.
        granted: bool,
    },
    /// `also ADDRESS`
    Also {
        /// The sender's other address.
        address: EmailAddress,
    },
    /// `confirm CODE`, `yes`, `ok`, `that was me` in a reply to a mail that asks for it
    ConfirmCode {
        /// The code, where one was written.
        code: Option<String>,
    },
    /// `no`, `that was not me` in a reply to a mail that asks for a confirmation
    Decline,
    /// `status [REF]`
    Status {
        /// Of what; everything where empty.
        of: Vec<Target>,
    },
    /// `list [mine|overdue|proposed|closed|all|contributions|members|meetings|approvals|calls|held]`
    List(Listing),
    /// `list mine from 51`, `history REF from 51`: the rest of a list that was too long for a mail.
    Rest {
        /// What lists it.
        of: Box<Self>,
        /// The first row that is wanted, from 1.
        from: u32,
    },
    /// `history REF`
    History {
        /// Of what.
        of: Vec<Target>,
    },
    /// `help [COMMAND]`
    Help(Option<String>),
    /// `pause until DATE`
    Pause(Date),
    /// `resume`
    Resume,
    /// `digest on`, `digest off`
    Digest(bool),
    /// `undo [RECEIPT]`
    Undo(Option<String>),
    /// `meeting SEC#11 DATE [to DATE] [PLACE] [deadline DATE]`
    Meeting {
        /// Which one, by its own name or its plenary's.
        of: Target,
        /// The plenary in which it is held.
        plenary: Option<Plenary>,
        /// Its first day.
        start: Option<Date>,
        /// Its last day, where there are more.
        end: Option<Date>,
        /// Where.
        place: Option<String>,
        /// Until when contributions may come.
        deadline: Option<Date>,
    },
    /// `cancel SEC#11`
    CancelMeeting {
        /// Which ones.
        of: Vec<Target>,
    },
    /// `cancel session S1 SEC#11`
    CancelSession {
        /// Of which meeting.
        of: Target,
        /// What it is called in short.
        label: String,
    },
    /// `session S1 SEC#11 DATE 09:00-10:15 [TITLE]`
    Session {
        /// Of which meeting.
        of: Target,
        /// What it is called in short.
        label: String,
        /// Its day.
        date: Date,
        /// When it begins, in the meeting's local time.
        start: Time,
        /// When it ends.
        end: Time,
        /// Its title.
        title: Option<String>,
    },
    /// `attending [SEC#11]`, `remote [SEC#11]`, `regrets [SEC#11]`, or a calendar's answer to an invitation
    Attend {
        /// Which meeting.
        of: Vec<Target>,
        /// What is said; `None` where a calendar says neither yes nor no.
        coming: Option<Coming>,
        /// How a calendar has answered, where no line of the text did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invited: Option<Invited>,
    },
    /// An agenda document that is attached: no line of the text, but acted on and answered like one
    Agenda {
        /// What it says.
        document: Box<AgendaDocument>,
    },
    /// A file that is attached and is a contribution, by its name: no line of the text, but acted on like one
    Attached {
        /// Which one.
        document: DocumentRef,
    },
    /// `agenda [MEETING]`
    NextAgenda {
        /// Of which meeting; the next one where none is named.
        of: Target,
    },
    /// `REF STATUS-PHRASE`, `3: STATUS-PHRASE`
    Decide {
        /// Of which contributions, or doubtful rows.
        of: Vec<Target>,
        /// What is said of them.
        phrase: Phrase,
    },
    /// `posted REF`, `REF posted`, and so with `uploaded` and `available`
    Posted {
        /// What was posted.
        of: Vec<Target>,
    },
    /// `withdraw REF [because TEXT]`
    Withdraw {
        /// What its sources take back.
        of: Vec<Target>,
        /// The remark.
        because: Option<String>,
    },
    /// `register REF "TITLE" [for ITEM] [for DELIVERABLE]`
    Register {
        /// The new contribution.
        of: Target,
        /// Its title.
        title: String,
        /// The agenda item that it is for.
        agenda_item: Option<String>,
        /// The deliverable that it affects.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deliverable: Option<String>,
    },
    /// `3 remark`
    Remark {
        /// The doubtful rows that are nothing but remarks.
        of: Vec<Target>,
    },
    /// `approval REF until DATE`, `approval minutes SEC#9.0 until DATE`
    Approval {
        /// Of which revisions, or of which meetings' minutes.
        of: Vec<Target>,
        /// Its last day.
        until: Date,
    },
    /// `object [to REF] [because TEXT]`, `withdraw objection`, `agreed`, `no objection`
    Voice {
        /// Of which approvals.
        of: Vec<Target>,
        /// What is said of them.
        stance: Stance,
        /// Why.
        because: Option<String>,
    },
    /// `ratify REF [because TEXT]`, `not approved REF because TEXT`
    Ratify {
        /// Which approvals.
        of: Vec<Target>,
        /// Approved, or not.
        approved: bool,
        /// Why.
        because: Option<String>,
    },
    /// `call DATE 14:00 [TITLE]`
    Call {
        /// Its day.
        date: Date,
        /// When it begins, in the group's zone.
        time: Time,
        /// Its title.
        title: Option<String>,
    },
    /// `cancel call DATE`
    CancelCall {
        /// Its day.
        date: Date,
    },
    /// A line that an earlier version read and did not act on, as journals keep it: it was answered and
    /// changed nothing.
    NotYet {
        /// The command's first word.
        what: String,
        /// What it is about.
        of: Vec<Target>,
    },
}

/// A calendar's answer to an invitation (RFC 5546, section 3.2.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// For whom it answers; `None` where that is no address.
    pub attendee: Option<EmailAddress>,
    /// The first of the days that it answers for, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
    /// When it was made, where it says so: of two answers the one that was made later counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
    /// It is for another time, and says nothing of coming.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counter: bool,
    /// The mail says of itself that a machine sent it: it gets no answer.
    pub by_machine: bool,
}

impl Command {
    /// What the command is about; empty where it is about no item.
    #[must_use]
    pub fn targets(&self) -> Vec<&Target> {
        match self {
            Self::Set { of, .. }
            | Self::Note { of, .. }
            | Self::Priority { of, .. }
            | Self::Due { of, .. }
            | Self::Extend { of, .. }
            | Self::Assign { of, .. }
            | Self::Accept { of }
            | Self::Reject { of, .. }
            | Self::Status { of }
            | Self::History { of }
            | Self::CancelMeeting { of }
            | Self::Decide { of, .. }
            | Self::Posted { of }
            | Self::Withdraw { of, .. }
            | Self::Remark { of }
            | Self::Attend { of, .. }
            | Self::Approval { of, .. }
            | Self::Voice { of, .. }
            | Self::Ratify { of, .. }
            | Self::NotYet { of, .. } => of.iter().collect(),
            Self::What { of, .. }
            | Self::Meeting { of, .. }
            | Self::Session { of, .. }
            | Self::CancelSession { of, .. }
            | Self::NextAgenda { of }
            | Self::Register { of, .. } => {
                vec![of]
            }
            Self::Rest { of, .. } => of.targets(),
            _ => Vec::new(),
        }
    }

    /// What the command is about, to be completed by its context.
    fn targets_mut(&mut self) -> &mut [Target] {
        match self {
            Self::Set { of, .. }
            | Self::Note { of, .. }
            | Self::Priority { of, .. }
            | Self::Due { of, .. }
            | Self::Extend { of, .. }
            | Self::Assign { of, .. }
            | Self::Accept { of }
            | Self::Reject { of, .. }
            | Self::Status { of }
            | Self::History { of }
            | Self::CancelMeeting { of }
            | Self::Decide { of, .. }
            | Self::Posted { of }
            | Self::Withdraw { of, .. }
            | Self::Remark { of }
            | Self::Attend { of, .. }
            | Self::Approval { of, .. }
            | Self::Voice { of, .. }
            | Self::Ratify { of, .. }
            | Self::NotYet { of, .. } => of,
            Self::What { of, .. }
            | Self::Meeting { of, .. }
            | Self::Session { of, .. }
            | Self::CancelSession { of, .. }
            | Self::NextAgenda { of }
            | Self::Register { of, .. } => std::slice::from_mut(of),
            Self::Rest { of, .. } => of.targets_mut(),
            _ => &mut [],
        }
    }
}

/// Reads the commands and mentions of a text that its sender newly wrote.
#[must_use]
pub fn parse(author_text: &str, around: &Around<'_>) -> Parsed {
    let author_text = &*without_controls(author_text);
    let subject = scan(&fold(around.subject), around.scheme);
    let folded = fold(author_text);
    let found = scan(&folded, around.scheme);
    let context = Context::new(&subject, &found);
    let Lines { dry_run, lines } = lines(author_text, around, &context);
    let mut mentions = mentions(&subject, &folded, &found, &context);
    // A bare number is a mention where a command is about it.
    let mut seen: HashSet<Reference> = mentions.iter().cloned().collect();
    for target in lines.iter().filter_map(|line| line.command.as_ref().ok()).flat_map(Command::targets) {
        if let Target::Reference(reference) = target
            && seen.insert(reference.clone())
        {
            mentions.push(reference.clone());
        }
    }
    Parsed { dry_run, lines, mentions }
}

#[cfg(test)]
mod tests;
