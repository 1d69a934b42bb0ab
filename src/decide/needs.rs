//! What an input names, and so must be loaded before it is decided.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::agenda::AgendaDocument;
use crate::command::{Command, Listing, Parsed, Target};
use crate::domain::{
    ActionItemRef, ApprovalOf, Clause, ContributionRef, DueOccasion, EmailAddress, MeetingRef, Occasion, OccasionKind,
    Plenary, Recipient, Reference, Subject,
};

use super::{Input, MailInput, UndoWhich, Verdict, state};

/// What must be loaded for an input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// These action items.
    pub actions: BTreeSet<ActionItemRef>,
    /// These contributions.
    pub contributions: BTreeSet<ContributionRef>,
    /// Contributions with these numbers, whatever their year and prefix.
    pub numbers: BTreeSet<u32>,
    /// Every action item.
    pub all_actions: bool,
    /// Every action item that is neither closed nor cancelled.
    pub pending_actions: bool,
    /// What changed since the digest before this one, with the items that it changed.
    pub since: Option<Occasion>,
    /// What changed states since the first of these meetings began, with the items that it changed.
    pub since_meetings: BTreeSet<MeetingRef>,
    /// What changed the states of action items since that day.
    pub states_since: Option<Date>,
    /// Every contribution.
    pub all_contributions: bool,
    /// These approvals by e-mail.
    pub approvals: BTreeSet<ApprovalOf>,
    /// Every approval that runs or waits to be ratified.
    pub open_approvals: bool,
    /// Every approval of the contributions that are loaded.
    pub approvals_of_contributions: bool,
    /// Every request.
    pub all_requests: bool,
    /// Every request that waits.
    pub waiting_requests: bool,
    /// These requests, whatever their state.
    pub requests: BTreeSet<u32>,
    /// The history of these, and of the proposals that they were.
    pub history: BTreeSet<Subject>,
    /// The history of contributions with these numbers, as far as they are loaded.
    pub history_of_numbers: BTreeSet<u32>,
    /// The history of the meetings in these plenaries.
    pub history_of_plenaries: BTreeSet<Plenary>,
    /// The history of what the mail that is replied to is about.
    pub history_of_replied: bool,
    /// What one message did.
    pub undo: Option<UndoWhich>,
    /// The mails that are replied to, by Message-ID; what their rows mean is loaded with them.
    pub replied: Vec<String>,
    /// What the last imported document said.
    pub baseline: bool,
    /// With the baseline, what the exports of these names said.
    pub made_from: BTreeSet<String>,
    /// The headings of agenda items in the last documents; they are a part of the baseline.
    pub headings: bool,
}

impl Needs {
    /// What must be loaded for `input`.
    #[must_use]
    pub fn of(input: &Input) -> Self {
        match input {
            Input::Rules(_) | Input::Absence(_) => Self::default(),
            Input::Roster { .. } => Self { baseline: true, ..Self::default() },
            Input::Exposed { requests, .. } | Input::Forget { requests, .. } => {
                Self { requests: requests.iter().copied().collect(), ..Self::default() }
            }
            Input::Agenda { document, .. } => Self::of_agenda(document),
            Input::Export { .. } => Self::default().and_next_agenda(),
            Input::Notice(notice) => Self {
                contributions: notice.documents.iter().map(|document| document.contribution.clone()).collect(),
                all_requests: true,
                ..Self::default()
            },
            Input::Mail(mail) => Self::of_mail(mail),
            Input::Occasion(due) => Self::of_occasion(due),
        }
    }

    fn of_agenda(document: &AgendaDocument) -> Self {
        Self {
            actions: document.action_items.iter().map(|row| row.reference.clone()).collect(),
            contributions: document.contributions.iter().map(|row| row.reference.clone()).collect(),
            all_requests: true,
            open_approvals: true,
            baseline: true,
            made_from: document.made_from.iter().cloned().collect(),
            ..Self::default()
        }
    }

    /// What the next agenda is made from.
    const fn and_next_agenda(mut self) -> Self {
        (self.pending_actions, self.all_contributions, self.headings) = (true, true, true);
        self
    }

    fn of_occasion(due: &DueOccasion) -> Self {
        // What is skipped says nothing.
        if !due.standing.is_sent() {
            return Self::default();
        }
        let weekly = due.occasions().find(|occasion| occasion.kind == OccasionKind::Weekly);
        if due.occasion.recipient != Recipient::List && weekly.is_none() {
            return Self {
                actions: due.items.iter().cloned().collect(),
                contributions: due.occasions().filter_map(Occasion::contribution).collect(),
                open_approvals: due.is_for(OccasionKind::Approval),
                ..Self::default()
            };
        }
        let is_weekly = weekly.is_some();
        let reported = due.occasions().filter(|occasion| occasion.kind == OccasionKind::Report);
        let of_documents = [OccasionKind::Weekly, OccasionKind::Meeting, OccasionKind::Deadline, OccasionKind::Report];
        Self {
            pending_actions: true,
            waiting_requests: is_weekly,
            open_approvals: is_weekly || due.is_for(OccasionKind::Approval),
            since: weekly.cloned(),
            since_meetings: reported.filter_map(Occasion::meeting).collect(),
            states_since: (is_weekly || due.is_for(OccasionKind::Meeting)).then(|| state::states_since(due)),
            all_contributions: of_documents.iter().any(|kind| due.is_for(*kind)),
            ..Self::default()
        }
    }

    fn of_mail(mail: &MailInput) -> Self {
        let mut needs = Self { replied: mail.in_reply_to.clone(), ..Self::default() };
        // What is held of the sender's: a proven mail may release it, a claimed one ask for the same.
        needs.waiting_requests = mail.hold_code.is_some() || matches!(mail.verdict, Verdict::Proven(_));
        for command in commands(&mail.parsed) {
            needs.add(command, &mail.from);
        }
        if needs.approvals_of_contributions {
            // What is said of an approval may be said of what the subject names.
            let documents = mail.parsed.mentions.iter().filter_map(|mention| match mention {
                Reference::Document(document) => Some(document.contribution.clone()),
                _ => None,
            });
            needs.contributions.extend(documents);
        }
        needs.contributions.extend(mail.posted.iter().map(|document| document.contribution.clone()));
        needs
    }

    /// The action items that commands name.
    #[must_use]
    pub fn actions_of(parsed: &Parsed) -> BTreeSet<ActionItemRef> {
        let mut needs = Self::default();
        let targets = commands(parsed).flat_map(Command::targets);
        targets.for_each(|target| needs.add_targets(std::slice::from_ref(target)));
        needs.actions
    }

    fn add(&mut self, command: &Command, from: &EmailAddress) {
        match command {
            Command::Set { of, .. } | Command::Due { of, .. } | Command::Extend { of, .. } => {
                self.waiting_requests = true;
                self.add_targets(of);
            }
            Command::Note { of, .. } | Command::Priority { of, .. } | Command::Assign { of, .. } => {
                self.add_targets(of)
            }
            Command::What { of, .. } => self.add_targets(std::slice::from_ref(of)),
            Command::Accept { of } | Command::Reject { of, .. } => {
                // What a document decides must not pass by what members are asked about.
                (self.waiting_requests, self.open_approvals) = (true, true);
                self.add_targets(of);
            }
            Command::Decide { of, phrase } => {
                self.open_approvals = true;
                self.waiting_requests |= of.iter().any(|target| !matches!(target, Target::Reference(_)));
                self.add_targets(of);
                let named = phrase.clauses.iter().flat_map(Clause::references).cloned().map(Target::Reference);
                self.add_targets(&named.collect::<Vec<_>>());
            }
            // Of a contribution that is named without a revision, its only approval is meant.
            Command::Approval { of, .. } | Command::Voice { of, .. } | Command::Ratify { of, .. } => {
                (self.open_approvals, self.approvals_of_contributions) = (true, true);
                self.add_targets(of);
            }
            Command::Posted { of } | Command::Withdraw { of, .. } => self.add_targets(of),
            Command::Remark { of } => {
                self.waiting_requests = true;
                self.add_targets(of);
            }
            Command::Register { of, .. } => self.add_targets(std::slice::from_ref(of)),
            Command::Status { of } => {
                self.all_actions |= of.is_empty();
                self.waiting_requests = true;
                self.approvals_of_contributions = true;
                self.add_targets(of);
                self.add_minutes(of);
                if of.iter().any(|target| matches!(target, Target::Reference(Reference::Deliverable(_)))) {
                    (self.all_actions, self.all_contributions, self.open_approvals) = (true, true, true);
                }
            }
            Command::Rest { of, .. } => self.add(of, from),
            Command::List(Listing::Contributions) => self.all_contributions = true,
            Command::List(Listing::Members | Listing::Meetings | Listing::Calls) => {}
            Command::List(Listing::Approvals) => (self.open_approvals, self.all_contributions) = (true, true),
            Command::List(_) => {
                self.all_actions = true;
                self.waiting_requests = true;
            }
            Command::History { of } => {
                self.approvals_of_contributions = true;
                self.add_targets(of);
                self.add_minutes(of);
                self.add_history(of);
            }
            // What is due at it is told.
            Command::Meeting { .. } | Command::CancelMeeting { .. } => self.all_actions = true,
            Command::Undo(receipt) => {
                self.undo = Some(receipt.clone().map_or_else(|| UndoWhich::LastOf(from.clone()), UndoWhich::Receipt));
            }
            Command::Attached { document } => {
                self.contributions.insert(document.contribution.clone());
            }
            Command::Agenda { document } => {
                let needs = Self::of_agenda(document);
                self.actions.extend(needs.actions);
                self.contributions.extend(needs.contributions);
                (self.all_requests, self.open_approvals, self.baseline) = (true, true, true);
                self.made_from.extend(needs.made_from);
            }
            Command::NextAgenda { .. } => *self = std::mem::take(self).and_next_agenda(),
            Command::ConfirmCode { .. } | Command::Decline | Command::Also { .. } => self.all_requests = true,
            Command::Action { .. }
            | Command::Member { .. }
            | Command::MemberLeft { .. }
            | Command::Role { .. }
            | Command::Help(_)
            | Command::Pause(_)
            | Command::Resume
            | Command::Digest(_)
            | Command::Session { .. }
            | Command::CancelSession { .. }
            | Command::Attend { .. }
            | Command::Call { .. }
            | Command::CancelCall { .. }
            | Command::NotYet { .. } => {}
        }
    }

    fn add_targets(&mut self, targets: &[Target]) {
        for target in targets {
            match target {
                Target::Reference(Reference::Action(item)) => {
                    self.actions.insert(item.clone());
                }
                Target::Reference(Reference::Document(document)) => {
                    self.contributions.insert(document.contribution.clone());
                }
                Target::Reference(Reference::Short { number, .. }) => {
                    self.numbers.insert(*number);
                }
                Target::Request(id) => {
                    self.requests.insert(*id);
                }
                // Who names a meeting asks what is due at it.
                Target::Reference(Reference::Meeting(_) | Reference::Plenary(_)) => self.all_actions = true,
                Target::Reference(_) | Target::Row(_) | Target::Omitted => {}
            }
        }
    }

    /// The approvals of the minutes of meetings that are named.
    fn add_minutes(&mut self, targets: &[Target]) {
        for target in targets {
            match target {
                Target::Reference(Reference::Meeting(meeting)) => {
                    self.approvals.insert(ApprovalOf::Minutes(meeting.clone()));
                }
                // Which meeting is held in a plenary is not known here; open ones are few.
                Target::Reference(Reference::Plenary(_)) => self.open_approvals = true,
                _ => {}
            }
        }
    }

    fn add_history(&mut self, targets: &[Target]) {
        for target in targets {
            match target {
                Target::Reference(Reference::Action(item)) => {
                    self.history.insert(Subject::Action(item.clone()));
                }
                Target::Reference(Reference::Document(document)) => {
                    self.history.insert(Subject::Contribution(document.contribution.clone()));
                }
                Target::Reference(Reference::Meeting(meeting)) => {
                    self.history.insert(Subject::Meeting(meeting.clone()));
                    self.history.insert(Subject::Approval(ApprovalOf::Minutes(meeting.clone())));
                }
                Target::Request(id) => {
                    self.history.insert(Subject::Request(*id));
                }
                Target::Reference(Reference::Short { number, .. }) => {
                    self.history_of_numbers.insert(*number);
                }
                Target::Reference(Reference::Plenary(plenary)) => {
                    self.history_of_plenaries.insert(plenary.clone());
                }
                Target::Row(_) | Target::Omitted => self.history_of_replied = true,
                Target::Reference(_) => {}
            }
        }
    }
}

/// The commands that were understood.
fn commands(parsed: &Parsed) -> impl Iterator<Item = &Command> {
    parsed.lines.iter().filter_map(|line| line.command.as_ref().ok())
}
