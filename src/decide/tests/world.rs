//! A group in memory, which is sent mails: what the store keeps, loaded as the store loads it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::agenda::{ActionItemRow, AgendaDocument, AgendaMeeting, ContributionRow};
use crate::command::{self, Addressed, Around, Command};
use crate::decide::{
    Answer, Baseline, Digest, Done, Entry, Exported, HistoryRow, Input, Known, LineOutcome, MailInput, Needs, Outcome,
    Replaced, Replied, Said, Since, StateChange, UndoWhich, Verdict, Version, decide,
};
use crate::domain::{
    ActionItem, ActionItemRef, Closing, Contribution, Dealt, DueOccasion, EmailAddress, Meeting, Occasion,
    OccasionKind, Organization, Recipient, ReferenceScheme, RequestKind, RequestState, Role, RosterMember, Rules,
    Standing, Status, Subject,
};

/// The chair.
pub(crate) const CHAIR: &str = "chair@example.org";
/// The secretary.
pub(crate) const SECRETARY: &str = "secretary@example.org";
/// A member of Gemalto, which leads A-WG4-TP8-001.
pub(crate) const LEAD: &str = "member-gemalto@example.org";
/// A member of Qualcomm, which supports A-WG4-TP8-001.
pub(crate) const SUPPORTER: &str = "member-qualcomm@example.org";
/// A member of CATT, which has nothing to do with A-WG4-TP8-001.
pub(crate) const OTHER: &str = "member-catt@example.org";
/// Somebody whom the roster does not know.
pub(crate) const STRANGER: &str = "somebody@example.net";

pub(crate) fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

pub(crate) fn rules() -> Rules {
    Rules {
        quiet: crate::domain::QuietRules::default(),
        key: "sec".to_owned(),
        name: "oneM2M WG4 SEC".to_owned(),
        bot: address("minuted@example.org"),
        list: Some(address("wg4@list.example.org")),
        digest: crate::domain::DigestRules::default(),
        reminders: crate::domain::ReminderRules::default(),
        invitations: false,
        references: ReferenceScheme::default(),
        closing: Closing::Owner,
        time_zone: "Europe/Berlin".to_owned(),
        answers_per_hour: 100,
        language: "en".to_owned(),
        senders: crate::domain::Senders::Claimed,
        announcers: Vec::new(),
    }
}

pub(crate) fn organization(name: &str, alias: &str) -> Organization {
    let aliases = Some(alias.to_owned()).filter(|alias| !alias.is_empty()).into_iter().collect();
    Organization { name: name.to_owned(), aliases, contact: None }
}

pub(crate) fn person(name: &str, organization: &str, mail: &str, roles: &[Role]) -> RosterMember {
    RosterMember {
        name: name.to_owned(),
        organization: organization.to_owned(),
        addresses: vec![address(mail)],
        roles: roles.to_vec(),
    }
}

/// A mail of ours that was sent, with its rows.
type Sent = Vec<(u16, Subject)>;

/// A group, whose state is kept whole.
pub(crate) struct World {
    /// Everything.
    pub(crate) known: Known,
    /// When the next mail comes.
    pub(crate) at: Timestamp,
    /// What our mails' rows mean, by Message-ID.
    pub(crate) sent: BTreeMap<String, Sent>,
    history: Vec<HistoryRow>,
    done: Vec<Done>,
    baseline: Baseline,
    /// What exports and documents made from them said; those with the receipt of their mails.
    exports: Vec<(Option<String>, Exported, Version)>,
    /// What each document has replaced in the baseline, oldest first, with the receipt of its mail.
    replaced: Vec<(Option<String>, Replaced)>,
    mails: usize,
    /// The subject that a digest gives every mail.
    pub(crate) mail_subject: String,
    /// When the last digest was made, and how long history was then.
    last_digest: Option<(Timestamp, usize)>,
}

impl World {
    /// A group with rules and nothing else, on a day between its meetings TP10 and TP11.
    pub(crate) fn empty() -> Self {
        Self {
            known: Known { rules: Some(rules()), ..Known::nothing() },
            at: "2014-04-28T08:00:00Z".parse().unwrap(),
            sent: BTreeMap::new(),
            history: Vec::new(),
            done: Vec::new(),
            baseline: Baseline::new(),
            exports: Vec::new(),
            replaced: Vec::new(),
            mails: 0,
            mail_subject: "Re: Action items".to_owned(),
            last_digest: None,
        }
    }

    /// A group with officers and members, and nothing else.
    pub(crate) fn with_members() -> Self {
        let mut world = Self::empty();
        world.input(Input::Roster {
            organizations: vec![
                organization("Gemalto", "Gemalto N.V"),
                organization("Qualcomm", "Qualcomm Inc"),
                organization("CATT", ""),
            ],
            members: vec![
                person("Chair", "CATT", CHAIR, &[Role::Chair]),
                person("Secretary", "Qualcomm", SECRETARY, &[Role::Secretary]),
                person("Member Gemalto", "Gemalto", LEAD, &[]),
                person("Member Qualcomm", "Qualcomm", SUPPORTER, &[]),
                person("Member CATT", "CATT", OTHER, &[]),
            ],
        });
        world
    }

    /// The group of the tests: officers, members, meetings, action items, contributions.
    pub(crate) fn new() -> Self {
        let mut world = Self::with_members();
        for (reference, plenary, start, end) in [
            ("SEC#9.0", "TP9", Some("2014-02-17"), Some("2014-02-21")),
            ("SEC#10.0", "TP10", Some("2014-04-07"), Some("2014-04-11")),
            ("SEC#11.0", "TP11", Some("2014-06-09"), Some("2014-06-13")),
            ("SEC#12.0", "TP12", None, None),
        ] {
            let mut meeting = Meeting::new(reference.parse().unwrap());
            meeting.plenary = Some(plenary.parse().unwrap());
            meeting.start = start.map(|day| day.parse().unwrap());
            meeting.end = end.map(|day| day.parse().unwrap());
            world.known.meetings.push(meeting);
        }
        for (reference, what, who, status) in [
            ("A-WG4-TP8-001", "Specify credential management", "Lead Gemalto, Qualcomm", Status::Open),
            ("A-WG4-TP8-002", "Collect use cases", "Interested companies", Status::Open),
            ("A-WG4-TP8-003", "Align the terminology", "", Status::Open),
            ("A-WG4-TP9-001", "Review the threat analysis", "Lead Qualcomm", Status::Closed),
            ("A-WG4-TP9-004", "Write to WG2", "Lead Gemalto", Status::Cancelled),
        ] {
            world.has(reference, what, who, status);
        }
        for (reference, meeting) in [
            ("SEC-2014-0243", "SEC#10.0"),
            ("SEC-2014-0255", "SEC#10.0"),
            ("PRO-2014-0255", "SEC#10.0"),
            ("SEC-2013-0100", "SEC#9.0"),
        ] {
            let mut contribution = Contribution::new(reference.parse().unwrap());
            "Overview of Frameworks".clone_into(&mut contribution.title);
            contribution.meeting = Some(meeting.parse().unwrap());
            world.known.contributions.insert(contribution.reference.clone(), contribution);
        }
        world
    }

    /// Puts an action item into the group.
    pub(crate) fn has(&mut self, reference: &str, what: &str, who: &str, status: Status) {
        let item = ActionItem {
            what: what.to_owned(),
            who: who.into(),
            status,
            ..ActionItem::new(reference.parse().unwrap())
        };
        self.known.action_references.insert(item.reference.clone());
        self.known.actions.insert(item.reference.clone(), item);
    }

    pub(crate) fn rules(&mut self) -> &mut Rules {
        self.known.rules.as_mut().unwrap()
    }

    pub(crate) fn item(&self, reference: &str) -> &ActionItem {
        &self.known.actions[&reference.parse::<ActionItemRef>().unwrap()]
    }

    pub(crate) fn status(&self, reference: &str) -> Status {
        self.item(reference).status
    }

    pub(crate) fn set_due(&mut self, reference: &str, due: &str) {
        let item = self.known.actions.get_mut(&reference.parse().unwrap()).unwrap();
        item.due = Some(due.parse().unwrap());
    }

    /// Time goes by.
    pub(crate) fn after_hours(&mut self, hours: i64) {
        self.at += jiff::SignedDuration::from_hours(hours);
    }

    /// A mail to the bot alone.
    pub(crate) fn mail(&mut self, from: &str, text: &str) -> Outcome {
        self.send(from, text, Addressed::BotAlone, None)
    }

    /// A reply to a mail of ours.
    pub(crate) fn reply(&mut self, from: &str, to: &str, text: &str) -> Outcome {
        self.send(from, text, Addressed::BotAlone, Some(to))
    }

    /// A mail as it comes, decided and kept.
    pub(crate) fn send(&mut self, from: &str, text: &str, addressed: Addressed, reply_to: Option<&str>) -> Outcome {
        let mail = self.read(from, text, addressed, reply_to);
        self.input(Input::Mail(Box::new(mail)))
    }

    /// A mail, read and not yet decided.
    pub(crate) fn read(&mut self, from: &str, text: &str, addressed: Addressed, reply_to: Option<&str>) -> MailInput {
        self.mails += 1;
        let scheme = ReferenceScheme::default();
        let today = self.at.to_zoned(jiff::tz::TimeZone::get("Europe/Berlin").unwrap()).date();
        let around = Around { scheme: &scheme, addressed, subject: "", today, quoted: &[] };
        let parsed = command::parse(text, &around);
        let asks = parsed.lines.iter().filter(|line| matches!(line.command, Ok(Command::Also { .. }))).count();
        MailInput {
            message_id: format!("m{}@example.org", self.mails),
            from: address(from),
            name: String::new(),
            by_name: false,
            verdict: Verdict::Claimed,
            evidence: crate::decide::Evidence::default(),
            answer_unknown: false,
            held_at: None,
            hold_code: None,
            has_text: true,
            addressed,
            subject: String::new(),
            in_reply_to: reply_to.map(ToOwned::to_owned).into_iter().collect(),
            references: Vec::new(),
            parsed,
            unreadable: None,
            posted: Vec::new(),
            already: Vec::new(),
            claimed_before: false,
            displaces: false,
            codes: (0..asks * 2).map(|at| format!("c0de{:02}{at:02}", self.mails)).collect(),
            receipt: format!("r{:05}", self.mails),
        }
    }

    /// Decides an input from what it needs, and keeps what comes of it, as the store does.
    pub(crate) fn input(&mut self, input: Input) -> Outcome {
        let entry = Entry { at: self.at, input };
        let known = self.load(&Needs::of(&entry.input));
        let outcome = decide(known.clone(), &entry);

        // What is known afterwards is what was known with the changes applied, or a replay would differ.
        let mut replayed = known;
        for change in &outcome.changes {
            replayed.apply(change).unwrap();
            self.known.apply(change).unwrap();
        }
        replayed.rules.clone_from(&outcome.known.rules);
        assert_eq!(replayed, outcome.known);
        assert_eq!(self.known.roster, outcome.known.roster);

        let message_id = match &entry.input {
            Input::Mail(mail) => Some(mail.message_id.clone()),
            Input::Notice(notice) => Some(notice.message_id.clone()),
            _ => None,
        };
        self.history.extend(outcome.changes.iter().map(|change| HistoryRow {
            at: entry.at,
            by: outcome.by.clone(),
            message_id: message_id.clone(),
            subject: change.subject.clone(),
            field: change.field.clone(),
            from: change.from.clone(),
            to: change.to.clone(),
            receipt: outcome.receipt.clone(),
        }));
        if let Some(undone) = &outcome.undone {
            self.done.iter_mut().filter(|done| done.receipt == *undone).for_each(|done| done.undone = true);
        }
        if let Some(receipt) = &outcome.receipt {
            let changes = outcome.changes.clone();
            self.done.push(Done {
                receipt: receipt.clone(),
                at: entry.at,
                by: outcome.by.clone(),
                changes,
                undone: false,
                took_back: outcome.undone.clone(),
            });
        }
        self.keep_documents(&outcome);
        if let (Some(answer), Some(id)) = (&outcome.answer, &message_id) {
            self.sent.insert(format!("answer-{id}"), answer.rows());
        }
        for announced in &outcome.announcements {
            let meeting = &announced.meeting.reference;
            self.sent.insert(format!("announcement-{meeting}"), vec![(0, Subject::Meeting(meeting.clone()))]);
        }
        for notice in &outcome.notices {
            self.sent.insert(format!("notice-{}", notice.about), vec![(1, notice.about.clone())]);
        }
        outcome
    }

    /// The weekly digest, which is due now; `None` where there is nothing to say.
    pub(crate) fn digest(&mut self) -> Option<Digest> {
        let at = self.at;
        let due = crate::calendar::weekly_now(self.rules(), at);
        let came = self.input(Input::Occasion(Box::new(due))).occasion.expect("an occasion comes to something");
        assert_eq!(came.digest.is_some(), came.standing.is_sent());
        if let Some(digest) = &came.digest {
            self.last_digest = Some((self.at, self.history.len()));
            self.sent.insert("digest".to_owned(), digest.rows());
        }
        came.digest
    }

    /// What goes to a recipient of occasions that are due now, about these items of theirs.
    pub(crate) fn due(
        &mut self,
        recipient: &Recipient,
        parts: &[(OccasionKind, &str)],
        items: &[&str],
    ) -> Option<Digest> {
        let at = self.at;
        let date = self.rules().day(at);
        let mut parts = parts.iter().map(|(kind, name)| Dealt {
            occasion: Occasion { recipient: recipient.clone(), kind: *kind, name: (*name).to_owned(), date },
            at: self.at,
            standing: Standing::OnTime,
        });
        let first = parts.next().expect("something is due");
        let due = DueOccasion {
            also: parts.collect(),
            items: items.iter().map(|item| item.parse().unwrap()).collect(),
            ..DueOccasion::alone(first.occasion, first.at, first.standing)
        };
        self.input(Input::Occasion(Box::new(due))).occasion.and_then(|came| came.digest)
    }

    /// The Message-ID of the answer to the last mail.
    pub(crate) fn last_answer(&self) -> String {
        format!("answer-m{}@example.org", self.mails)
    }

    fn load(&self, needs: &Needs) -> Known {
        let mut needs = needs.clone();
        let replied = needs.replied.iter().find_map(|id| {
            let rows = self.sent.get(id)?.clone();
            Some(Replied::new(id.clone(), rows))
        });
        let done = needs.undo.as_ref().and_then(|which| match which {
            UndoWhich::Receipt(receipt) => self.done.iter().find(|done| done.receipt == *receipt),
            UndoWhich::LastOf(sender) => {
                let own = self.known.roster.member_by_address(sender)?.addresses.clone();
                let is_own = |done: &&Done| own.iter().any(|own| own.to_string() == done.by) && !done.undone;
                self.done.iter().rev().find(is_own)
            }
        });
        let mut done = done.cloned();
        if let (Some(done), Some(UndoWhich::Receipt(_))) = (&mut done, &needs.undo) {
            done.took_back = None;
        }
        let replied_subjects = replied.iter().flat_map(|replied| &replied.rows).map(|(_, subject)| subject);
        let done_subjects = done.iter().flat_map(|done| &done.changes).map(|change| &change.subject);
        for subject in replied_subjects.chain(done_subjects) {
            add(&mut needs, subject);
        }
        let since = needs.since.take().map(|_| {
            let (last, length) = self.last_digest.map_or((None, 0), |(at, length)| (Some(at), length));
            let mail = |row: &HistoryRow| row.message_id.as_ref().map(|_| self.mail_subject.clone());
            let changes = self.history[length..].iter().map(|row| (row.clone(), mail(row))).collect();
            Since { last, changes, is_cut: false }
        });
        for (row, _) in since.iter().flat_map(|since| &since.changes) {
            add(&mut needs, &row.subject);
        }
        let first = needs.since_meetings.iter().filter_map(|of| self.known.meeting_by_reference(of)?.start).min();
        let is_since =
            |row: &&HistoryRow| first.is_some_and(|first| self.known.rules.as_ref().unwrap().day(row.at) >= first);
        let states = self.history.iter().filter(|row| row.field == "status").filter(is_since);
        let since_meeting: Vec<HistoryRow> = states.cloned().collect();
        since_meeting.iter().for_each(|row| add(&mut needs, &row.subject));
        let mut requests = self.known.requests.clone();
        requests.retain(|id, request| {
            let waits = request.state == RequestState::Waiting;
            needs.all_requests || needs.requests.contains(id) || (needs.waiting_requests && waits)
        });
        for request in requests.values() {
            match &request.kind {
                RequestKind::Extension { item, .. } => add(&mut needs, &Subject::Action(item.clone())),
                RequestKind::Conflict { subject, .. } => add(&mut needs, subject),
                RequestKind::Doubt { about: Some(contribution), .. } => {
                    needs.contributions.insert(contribution.clone());
                }
                RequestKind::Upload { document, .. } => {
                    needs.contributions.insert(document.contribution.clone());
                }
                RequestKind::Doubt { .. } | RequestKind::Address { .. } | RequestKind::Held { .. } => {}
            }
        }
        let became = |item: &ActionItem| item.became.clone().into_iter().collect::<Vec<_>>();
        let lives = |item: &&ActionItem| {
            let wanted = |reference: &ActionItemRef| needs.actions.contains(reference);
            wanted(&item.reference)
                || became(item).iter().any(wanted)
                || self
                    .known
                    .actions
                    .values()
                    .any(|other| wanted(&other.reference) && became(other).contains(&item.reference))
        };
        let actions: BTreeMap<_, _> = (self.known.actions.values())
            .filter(|item| needs.all_actions || (needs.pending_actions && item.status.is_pending()) || lives(item))
            .map(|item| (item.reference.clone(), item.clone()))
            .collect();
        let mut contributions = self.known.contributions.clone();
        contributions.retain(|reference, _| {
            needs.all_contributions
                || needs.contributions.contains(reference)
                || needs.numbers.contains(&reference.number)
        });
        if needs.history_of_replied {
            needs.history.extend(replied.iter().flat_map(|replied| &replied.rows).map(|(_, of)| of.clone()));
        }
        for item in actions.values() {
            let Some(became) = &item.became else { continue };
            let both = [Subject::Action(item.reference.clone()), Subject::Action(became.clone())];
            if both.iter().any(|one| needs.history.contains(one)) {
                needs.history.extend(both);
            }
        }
        let approvals: BTreeMap<_, _> = (self.known.approvals.iter())
            .filter(|(of, approval)| {
                needs.approvals.contains(of)
                    || needs.open_approvals && approval.is_open()
                    || needs.approvals_of_contributions
                        && of.contribution().is_some_and(|of| contributions.contains_key(of))
            })
            .map(|(of, approval)| (of.clone(), approval.clone()))
            .collect();
        for number in &needs.history_of_numbers {
            let own = contributions.keys().filter(|known| known.number == *number);
            needs.history.extend(own.cloned().map(Subject::Contribution));
        }
        for of in approvals.keys() {
            if of.contribution().is_some_and(|it| needs.history.contains(&Subject::Contribution(it.clone()))) {
                needs.history.insert(Subject::Approval(of.clone()));
            }
        }
        contributions.extend(approvals.keys().filter_map(|of| {
            let known = self.known.contributions.get(of.contribution()?)?;
            Some((known.reference.clone(), known.clone()))
        }));
        let history = self.history.iter().filter(|row| needs.history.contains(&row.subject)).cloned().collect();
        let baseline = if needs.baseline || needs.headings { self.baseline.clone() } else { Baseline::new() };
        let mut exports: BTreeMap<String, Said> = BTreeMap::new();
        for (_, exported, version) in &self.exports {
            if needs.made_from.contains(&exported.name) {
                exports.entry(exported.name.clone()).or_default().push(version.clone());
            }
        }
        let replaced = self.replaced.iter().rev().map(|(_, replaced)| replaced.clone());
        let replaced = if needs.baseline { replaced.collect() } else { Vec::new() };
        let known = Known {
            exports: exports.into(),
            actions,
            contributions,
            approvals,
            requests,
            replied,
            done,
            history,
            since,
            since_meeting,
            states: self.states(&needs),
            baseline: baseline.into(),
            replaced: replaced.into(),
            ..self.known.clone()
        };
        Known { taken_back: if needs.baseline { self.taken_back(&known) } else { BTreeSet::new() }, ..known }
    }

    /// What changed the states of action items, as it was asked for.
    fn states(&self, needs: &Needs) -> Vec<StateChange> {
        let status = |value: &Option<String>| value.as_deref().map(|status| status.parse().unwrap());
        let day = |row: &HistoryRow| self.known.rules.as_ref().unwrap().day(row.at);
        let rows = self.history.iter().filter(|row| row.field == "status");
        rows.filter(|row| needs.states_since.is_some_and(|since| day(row) >= since))
            .map(|row| StateChange { at: row.at, from: status(&row.from), to: status(&row.to) })
            .collect()
    }

    /// Keeps what a document said, and takes back what one said that was taken back.
    fn keep_documents(&mut self, outcome: &Outcome) {
        let is_undone = |receipt: &Option<String>| receipt.is_some() && *receipt == outcome.undone;
        self.exports.retain(|(receipt, exported, _)| exported.is_export || !is_undone(receipt));
        for exported in &outcome.exports {
            let cells = exported.cells.iter().cloned().map(|(subject, field, cell)| ((subject, field), cell)).collect();
            let version = Version { by: outcome.by.parse().ok(), at: self.at, cells };
            self.exports.push((outcome.receipt.clone(), exported.clone(), version));
        }
        let said = outcome.cells.iter().cloned().map(|(subject, field, cell)| ((subject, field), Some(cell)));
        self.replace(said.collect(), outcome.receipt.clone());
        let mut back = Vec::new();
        for (_, replaced) in self.replaced.iter_mut().filter(|(receipt, _)| is_undone(receipt)) {
            replaced.is_taken_back = true;
            back.extend(replaced.cells.clone());
        }
        self.replace(back, outcome.receipt.clone());
    }

    fn replace(&mut self, cells: Vec<((Subject, String), Option<String>)>, receipt: Option<String>) {
        let mut replaced = Replaced { at: self.at, is_taken_back: false, cells: BTreeMap::new() };
        for (key, cell) in cells {
            let before = match &cell {
                Some(cell) => self.baseline.insert(key.clone(), cell.clone()),
                None => self.baseline.remove(&key),
            };
            if before != cell {
                replaced.cells.entry(key).or_insert(before);
            }
        }
        if !replaced.cells.is_empty() {
            self.replaced.push((receipt, replaced));
        }
    }

    /// What was given up because the mail that made it was taken back, and not touched since.
    fn taken_back(&self, known: &Known) -> BTreeSet<Subject> {
        let undoing: Vec<Timestamp> =
            self.done.iter().filter(|done| done.took_back.is_some()).map(|done| done.at).collect();
        let cancelled = known.actions.values().filter(|item| item.status == Status::Cancelled);
        let dropped = known.requests.values().filter(|request| request.state == RequestState::Dropped);
        let given_up = cancelled.map(|item| Subject::Action(item.reference.clone()));
        given_up
            .chain(dropped.map(|request| Subject::Request(request.id)))
            .filter(|subject| {
                let last = self.history.iter().rfind(|row| row.subject == *subject);
                last.is_some_and(|row| undoing.contains(&row.at))
            })
            .collect()
    }
}

fn add(needs: &mut Needs, subject: &Subject) {
    match subject {
        Subject::Action(reference) => {
            needs.actions.insert(reference.clone());
        }
        Subject::Contribution(reference) => {
            needs.contributions.insert(reference.clone());
        }
        Subject::Request(id) => {
            needs.requests.insert(*id);
        }
        Subject::Approval(of) => {
            needs.contributions.extend(of.contribution().cloned());
            needs.approvals.insert(of.clone());
        }
        Subject::Meeting(_) | Subject::Member(_) | Subject::Organization(_) | Subject::Call(_) => {}
    }
}

/// The answer, which must be there.
pub(crate) fn answer(outcome: &Outcome) -> &Answer {
    outcome.answer.as_ref().expect("an answer")
}

/// The keys of all that is told, line by line: `["told-status", "refused-unknown"]`.
pub(crate) fn keys(outcome: &Outcome) -> Vec<&str> {
    let lines = outcome.answer.iter().flat_map(|answer| &answer.lines);
    lines.flat_map(|line| &line.told).map(|text| text.key.as_str()).collect()
}

/// The value of an argument of the first thing told.
pub(crate) fn argument<'a>(outcome: &'a Outcome, name: &str) -> &'a str {
    let told = &answer(outcome).lines[0].told[0];
    told.arguments.iter().find(|(known, _)| known == name).map_or_else(|| panic!("{told:?}"), |(_, value)| value)
}

/// How each line ended.
pub(crate) fn outcomes(outcome: &Outcome) -> Vec<LineOutcome> {
    answer(outcome).lines.iter().map(|line| line.outcome).collect()
}

/// An agenda with a meeting.
pub(crate) fn document() -> AgendaDocument {
    AgendaDocument {
        meeting: Some(AgendaMeeting {
            reference: "SEC#11.0".parse().unwrap(),
            plenary: Some("TP11".parse().unwrap()),
            start: Some("2014-06-09".parse().unwrap()),
            end: Some("2014-06-13".parse().unwrap()),
            place: Some("Berlin, Germany".to_owned()),
            deadline: None,
        }),
        ..AgendaDocument::default()
    }
}

/// A row of action items.
pub(crate) fn row(reference: &str, what: &str, who: &str, status: &str) -> ActionItemRow {
    ActionItemRow {
        reference: reference.parse().unwrap(),
        what: what.to_owned(),
        who: who.to_owned(),
        status: status.to_owned(),
    }
}

/// A row of contributions.
pub(crate) fn paper(reference: &str, title: &str, status: &str) -> ContributionRow {
    ContributionRow {
        reference: reference.parse().unwrap(),
        reference_cell: format!("{reference}R01"),
        title: title.to_owned(),
        source: "Gemalto".to_owned(),
        status_cell: status.to_owned(),
        agenda_item: "7.2".to_owned(),
        deliverable: Some("TS-0003".to_owned()),
    }
}
