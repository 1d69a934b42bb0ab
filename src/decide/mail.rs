//! The commands of one message, in order, each seeing the one before.

use crate::command::{Addressed, Command, Line, Target};
use crate::domain::{ActionItemRef, Member, Roster, Subject, Text};
use crate::message::Unreadable;

use super::actions::{self, Told};
use super::resolve::WHICH_ROW;
use super::tell::{self, Rows};
use super::work::{Refusal, Work};
use super::{Answer, AnswerLine, Entry, Known, LineOutcome, MailInput, Notice, Outcome, Table};
use super::{members, resolve, rulings, undo};

/// Decides the commands of a message.
pub(super) fn decide(known: Known, entry: &Entry, mail: &MailInput) -> Outcome {
    let member = sender(&known.roster, mail);
    let sender = member.map(|member| member.id);
    // Who is known by name is answered at the address that the roster has.
    let registered = member.and_then(|member| member.addresses.first()).filter(|_| mail.by_name);
    let from = registered.unwrap_or(&mail.from).clone();
    let rows = Rows::after(rows_that_may_be_shown(&known, mail));
    let mut run = Run {
        work: Work::new(known, entry.at),
        mail,
        sender,
        rows,
        answer: Answer::new(from.clone()),
        notices: Vec::new(),
        undone: None,
        shown_replied: false,
        codes: mail.codes.iter().cloned(),
    };
    let answers = run.run();
    let Run { work, mut answer, notices, undone, .. } = run;
    let by = from.to_string();
    if mail.parsed.dry_run {
        answer.dry_run = true;
        return Outcome { by, known: work.into_start(), answer: answers.then_some(answer), ..Outcome::nothing() };
    }
    let receipt = (!work.changes.is_empty()).then(|| mail.receipt.clone());
    // Who confirmed an address and is no member, or not yet, cannot undo.
    let can_undo = work.known.roster.member_by_address(&from).is_some_and(|member| !member.left);
    answer.receipt = receipt.clone().filter(|_| can_undo);
    Outcome {
        by,
        changes: work.changes,
        known: work.known,
        answer: answers.then_some(answer),
        occasion: None,
        notices,
        receipt,
        undone,
        cells: Vec::new(),
    }
}

/// The member a mail is from. A name that a list has left in From must be one member's, and the
/// Reply-To beside it nobody else's.
#[must_use]
pub fn sender<'a>(roster: &'a Roster, mail: &MailInput) -> Option<&'a Member> {
    let by_address = roster.member_by_address(&mail.from);
    if !mail.by_name {
        return by_address.filter(|member| !member.left);
    }
    let named = roster.member_by_name(&mail.name);
    named.filter(|named| by_address.is_none_or(|other| other.id == named.id))
}

/// The highest number among the rows of the mail replied to, where the answer may have to show them
/// under their own numbers: its other rows are then numbered from there, so that each number means
/// one thing.
fn rows_that_may_be_shown(known: &Known, mail: &MailInput) -> u16 {
    let commands = mail.parsed.lines.iter().filter_map(|line| line.command.as_ref().ok());
    let omits = commands.flat_map(Command::targets).any(|target| *target == Target::Omitted);
    let rows = known.replied.as_ref().map_or(&[][..], |replied| &replied.rows);
    if omits && rows.len() > 1 { rows.iter().map(|(number, _)| *number).max().unwrap_or(0) } else { 0 }
}

/// One message being decided.
struct Run<'a> {
    work: Work,
    mail: &'a MailInput,
    /// The sender's number, where the roster knows the sender.
    sender: Option<u32>,
    rows: Rows,
    answer: Answer,
    notices: Vec<Notice>,
    undone: Option<String>,
    /// The rows of the mail that is replied to stand in the answer.
    shown_replied: bool,
    codes: std::iter::Cloned<std::slice::Iter<'a, String>>,
}

/// What came of a line: its ending, what is told, and the items it was about.
struct Ran {
    outcome: LineOutcome,
    told: Vec<Text>,
}

impl Ran {
    fn one(outcome: LineOutcome, told: Text) -> Self {
        Self { outcome, told: vec![told] }
    }
}

impl Run<'_> {
    /// Runs every line. Says whether the sender gets an answer.
    fn run(&mut self) -> bool {
        let for_bot = matches!(self.mail.addressed, Addressed::BotAlone | Addressed::Bot);
        let mut answers = false;
        if self.sender.is_some() && for_bot && self.mail.unreadable == Some(Unreadable::Encrypted) {
            self.answer.intro = Some(Text::new("intro-encrypted"));
            return true;
        }
        for line in &self.mail.parsed.lines {
            if self.mail.already.contains(&line.text) {
                continue;
            }
            let Some(ran) = self.line(line) else { continue };
            answers = true;
            self.answer.lines.push(AnswerLine {
                number: line.number,
                text: line.text.clone(),
                outcome: ran.outcome,
                told: ran.told,
            });
        }
        // Also where "yes" answers a question that nobody asked: to the bot alone it is no prose.
        let nothing = !answers && self.mail.already.is_empty();
        if nothing && self.sender.is_some() && self.mail.addressed == Addressed::BotAlone {
            self.answer.intro = Some(Text::new("intro-nothing-understood"));
            return true;
        }
        answers
    }

    /// Runs one line. `None` where it is not answered: nobody known wrote it.
    fn line(&mut self, line: &Line) -> Option<Ran> {
        if let Ok(Command::ConfirmCode { code }) = &line.command {
            return self.confirm(code.as_deref(), true);
        }
        if let Ok(Command::Decline) = &line.command {
            return self.confirm(None, false);
        }
        let sender = self.work.known.roster.member(self.sender?)?.clone();
        match &line.command {
            Err(why) => Some(Ran::one(LineOutcome::Refused, why.clone())),
            Ok(command) => Some(self.command(&sender, command)),
        }
    }

    fn confirm(&mut self, code: Option<&str>, agreed: bool) -> Option<Ran> {
        let asked = self.work.known.replied.is_some() || code.is_some();
        if !asked {
            // "ok" and "no" are ordinary words where nothing was asked.
            return None;
        }
        let mail = self.mail;
        let ran = self.work.whole(|work| members::confirm(work, mail, code, agreed));
        let is_member = self.sender.is_some();
        match ran {
            // Whoever was not asked is not answered; who was is told that it is too late.
            Err(refusal) if !is_member && matches!(refusal.key.as_str(), "refused-code" | "refused-nothing-asked") => {
                None
            }
            ran => Some(one(ran)),
        }
    }

    fn command(&mut self, sender: &Member, command: &Command) -> Ran {
        match command {
            Command::Set { verb, of, because } => {
                self.each(of, |work, target| actions::set(work, sender, *verb, target, because.as_deref()))
            }
            Command::Note { of, text } => self.each(of, |work, target| actions::note(work, sender, target, text)),
            Command::Priority { of, priority } => {
                self.each(of, |work, target| actions::priority(work, sender, target, *priority))
            }
            Command::What { of, text } => {
                self.each(std::slice::from_ref(of), |work, target| actions::what(work, sender, target, text))
            }
            Command::Due { of, due } => {
                self.each(of, |work, target| actions::due(work, sender, target, due.as_ref(), None))
            }
            Command::Extend { of, due, because } => {
                self.each(of, |work, target| actions::due(work, sender, target, Some(due), because.as_deref()))
            }
            Command::Assign { of, to } => self.each(of, |work, target| actions::assign(work, sender, target, to)),
            Command::Action { who, what, due } => {
                self.create(|work| actions::create(work, sender, who, what, due.as_ref()))
            }
            Command::Accept { of } => self.each(of, |work, target| rulings::accept(work, sender, target)),
            Command::Reject { of, because } => {
                self.each(of, |work, target| rulings::reject(work, sender, target, because.as_deref()))
            }
            Command::Member { name, organization, address } => {
                self.one(|work| members::add(work, sender, name, organization, address))
            }
            Command::MemberLeft { address } => self.one(|work| members::left(work, sender, address)),
            Command::Role { address, role, granted } => {
                self.one(|work| members::role(work, sender, address, role, *granted))
            }
            Command::Also { address } => {
                let codes = &mut self.codes;
                let came = self.work.whole(|work| members::also(work, sender, address, codes));
                one(came.map(|(told, notices)| {
                    self.notices.extend(notices);
                    told
                }))
            }
            Command::Pause(until) => self.one(|work| members::pause(work, sender, *until)),
            Command::Resume => self.one(|work| members::resume(work, sender)),
            Command::Digest(on) => self.one(|work| members::digest(work, sender, *on)),
            Command::Undo(receipt) => {
                let came = self.work.whole(|work| undo::undo(work, sender, receipt.as_deref()));
                one(came.map(|(told, undone)| {
                    self.undone = self.undone.take().or(undone);
                    told
                }))
            }
            Command::Status { of } => self.status(sender, of),
            Command::List(listing) => {
                let table = tell::list(&self.work, sender, *listing, &mut self.rows);
                self.tell(table)
            }
            Command::History { of } => self.tables(of, |run, target| tell::history_of(&run.work, target)),
            Command::Help(word) => match tell::help(word.as_deref()) {
                Ok(table) => self.tell(table),
                Err(refusal) => Ran::one(LineOutcome::Refused, refusal),
            },
            Command::NotYet { what, .. } => {
                Ran::one(LineOutcome::Refused, Text::new("refused-not-yet").with("what", what))
            }
            // Handled before: anybody who was asked may confirm.
            Command::ConfirmCode { .. } | Command::Decline => {
                Ran::one(LineOutcome::Refused, Text::new("refused-nothing-asked"))
            }
        }
    }

    /// Runs a command for each of its items; those that fail do not stop the others.
    fn each(&mut self, targets: &[Target], mut act: impl FnMut(&mut Work, &Target) -> Result<Told, Refusal>) -> Ran {
        let mut ran = Vec::new();
        for target in targets {
            if let Ok(reference) = resolve::action(&self.work, target) {
                self.is_about(&reference);
            }
            let came = self.work.whole(|work| act(work, target));
            if came.as_ref().is_err_and(|refusal| refusal.key == WHICH_ROW) {
                self.show_rows_replied();
            }
            ran.push(one(came));
        }
        join(ran)
    }

    /// Runs a command on one thing.
    fn one(&mut self, act: impl FnOnce(&mut Work) -> Result<Told, Refusal>) -> Ran {
        one(self.work.whole(act))
    }

    /// Shows once which rows one may name, under the numbers that they have in the mail replied to.
    fn show_rows_replied(&mut self) {
        if !std::mem::replace(&mut self.shown_replied, true) {
            self.answer.tables.extend(tell::rows_replied(&self.work));
        }
    }

    fn create(&mut self, make: impl FnOnce(&mut Work) -> Result<(Text, ActionItemRef), Refusal>) -> Ran {
        match self.work.whole(make) {
            Ok((told, reference)) => {
                self.is_about(&reference);
                Ran::one(LineOutcome::Done, told)
            }
            Err(refusal) => Ran::one(LineOutcome::Refused, refusal),
        }
    }

    fn is_about(&mut self, reference: &ActionItemRef) {
        let subject = Subject::Action(reference.clone());
        if !self.answer.about.contains(&subject) {
            self.answer.about.push(subject);
        }
    }

    fn status(&mut self, sender: &Member, of: &[Target]) -> Ran {
        let about_mail = self.work.known.replied.as_ref().is_some_and(|replied| replied.rows.len() == 1);
        if of.is_empty() && about_mail {
            return self.tables(&[Target::Omitted], |run, target| tell::status_of(&run.work, target, &mut run.rows));
        }
        if of.is_empty() {
            let table = tell::list(&self.work, sender, crate::command::Listing::Open, &mut self.rows);
            return self.tell(table);
        }
        self.tables(of, |run, target| tell::status_of(&run.work, target, &mut run.rows))
    }

    /// A table a target.
    fn tables(
        &mut self,
        targets: &[Target],
        mut table: impl FnMut(&mut Self, &Target) -> Result<Table, Refusal>,
    ) -> Ran {
        let mut ran = Vec::new();
        for target in targets {
            ran.push(match table(self, target) {
                Ok(table) => self.tell(table),
                Err(refusal) => {
                    if refusal.key == WHICH_ROW {
                        self.show_rows_replied();
                    }
                    Ran::one(LineOutcome::Refused, refusal)
                }
            });
        }
        join(ran)
    }

    fn tell(&mut self, table: Table) -> Ran {
        self.answer.tables.push(table);
        Ran::one(LineOutcome::Told, Text::new("told-below"))
    }
}

/// What came of a command on one thing.
fn one(came: Result<Told, Refusal>) -> Ran {
    match came {
        Ok(Told::Done(text)) => Ran::one(LineOutcome::Done, text),
        Ok(Told::Unchanged(text)) => Ran::one(LineOutcome::Unchanged, text),
        Err(refusal) => Ran::one(LineOutcome::Refused, refusal),
    }
}

/// What came of a command on several things.
fn join(ran: Vec<Ran>) -> Ran {
    let has = |outcome| ran.iter().any(|ran| ran.outcome == outcome);
    let outcome = match (has(LineOutcome::Done), has(LineOutcome::Refused)) {
        (true, true) => LineOutcome::Partly,
        (true, false) => LineOutcome::Done,
        (false, true) => LineOutcome::Refused,
        (false, false) if has(LineOutcome::Told) => LineOutcome::Told,
        (false, false) => LineOutcome::Unchanged,
    };
    let mut told: Vec<Text> = ran.into_iter().flat_map(|ran| ran.told).collect();
    told.dedup();
    Ran { outcome, told }
}
