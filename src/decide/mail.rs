//! The commands of one message, in order, each seeing the one before.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::agenda::AgendaDocument;
use crate::command::{Addressed, Command, Line, Target, Verb};
use crate::domain::{ActionItemRef, Member, Subject, Text};
use crate::message::Unreadable;

use super::actions::{self, Told};
use super::agenda::{self, Merged};
use super::contributions::{self, By};
use super::held::Wish;
use super::ran::{Ran, join, one};
use super::resolve::{Meant, WHICH_ROW};
use super::rights::{self, Act};
use super::sender::{answered_at, sender};
use super::tell::{self, Rows};
use super::work::{Refusal, Work};
use super::{Answer, AnswerLine, Entry, Known, LineOutcome, MailInput, Notice, Outcome, Proof, Table, Verdict};
use super::{held, length, meetings, members, next_agenda, resolve, rulings, undo};

/// Decides the commands of a message.
pub(super) fn decide(known: Known, entry: &Entry, mail: &MailInput) -> Outcome {
    let mail = &*held::as_answer(&known, mail);
    let sender = sender(&known.roster, mail).map(|member| member.id);
    if sender.is_none() || mail.parsed.dry_run || !held::is_only_claimed(&known, mail) {
        return run(known, entry, mail, sender, None, BTreeMap::new());
    }
    // What would it do? Where it is nothing, nothing is held.
    let mut trial = Run::new(known.clone(), entry, mail, sender, None);
    trial.run();
    let (first, would) = (trial.first_change, trial.would);
    run(known, entry, mail, sender, first, would)
}

/// Runs a message. The lines from `hold_from` on that would change something are held; `would` is what
/// they would be answered.
fn run(
    known: Known,
    entry: &Entry,
    mail: &MailInput,
    sender: Option<u32>,
    hold_from: Option<usize>,
    would: BTreeMap<usize, Vec<Text>>,
) -> Outcome {
    let mut run = Run::new(known, entry, mail, sender, hold_from);
    run.would = would;
    let answers = run.run();
    let by = run.answer.to.to_string();
    let Run { work, mut answer, notices, undone, released, cells, .. } = run;
    length::cut(&mut answer);
    if mail.parsed.dry_run {
        answer.dry_run = true;
        return Outcome { by, known: work.into_start(), answer: answers.then_some(answer), ..Outcome::nothing() };
    }
    let has_receipt = work.changes.iter().any(|change| !held::is_held(&work.known, &change.subject));
    let receipt = has_receipt.then(|| mail.receipt.clone());
    // Who confirmed an address and is no member, or not yet, cannot undo.
    let can_undo = work.known.roster.member_by_address(&answer.to).is_some_and(|member| !member.left);
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
        cells,
        released,
    }
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

/// What the member is told beforehand of a line that is held.
fn told_beforehand(ran: &Ran) -> Vec<Text> {
    let refused = (ran.outcome == LineOutcome::Refused).then(|| Text::new("notice-held-not"));
    refused.into_iter().chain(ran.told.iter().cloned()).collect()
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
    /// From which of its lines on those that change something are held.
    hold_from: Option<usize>,
    /// What was told so far, and after how many changes: the same is not told twice.
    told: Vec<(&'a Command, usize)>,
    /// Lines that are held.
    held: Vec<Wish>,
    /// What each line is answered, were all of them done.
    would: BTreeMap<usize, Vec<Text>>,
    /// The first line that changed something and could be held.
    first_change: Option<usize>,
    /// When what is run now was first said, where it was held since.
    held_at: Option<Timestamp>,
    /// Lines of an earlier copy that was held, to be run now.
    to_run: Vec<String>,
    released: Vec<u32>,
    /// The cells of agendas that are attached.
    cells: Vec<(Subject, String, String)>,
    /// The rows of the mail that is replied to stand in the answer.
    shown_replied: bool,
    codes: std::iter::Cloned<std::slice::Iter<'a, String>>,
}

impl<'a> Run<'a> {
    fn new(known: Known, entry: &Entry, mail: &'a MailInput, sender: Option<u32>, hold_from: Option<usize>) -> Self {
        let rows = Rows::after(rows_that_may_be_shown(&known, mail));
        let answer = Answer::new(answered_at(&known, mail, sender));
        Self {
            work: Work::new(known, entry.at),
            mail,
            sender,
            rows,
            answer,
            notices: Vec::new(),
            undone: None,
            hold_from,
            told: Vec::new(),
            held: Vec::new(),
            would: BTreeMap::new(),
            first_change: None,
            held_at: mail.held_at,
            to_run: Vec::new(),
            released: Vec::new(),
            cells: Vec::new(),
            shown_replied: false,
            codes: mail.codes.iter().cloned(),
        }
    }

    /// Runs every line. Says whether the sender gets an answer.
    fn run(&mut self) -> bool {
        let for_bot = matches!(self.mail.addressed, Addressed::BotAlone | Addressed::Bot);
        let mut answers = false;
        if self.sender.is_some() && for_bot && self.mail.unreadable == Some(Unreadable::Encrypted) {
            self.answer.intro = Some(Text::new("intro-encrypted"));
            return true;
        }
        self.overtake();
        for (at, line) in self.mail.parsed.lines.iter().enumerate() {
            let again = self.mail.already.contains(&line.text) && !self.to_run.contains(&line.text);
            if again && !self.may_run_again(line) {
                continue;
            }
            let can_be_held = !held::is_answered_at_once(line);
            if can_be_held && self.hold_from.is_some_and(|from| at >= from) {
                let would = self.would.remove(&at).unwrap_or_default();
                self.held.push(Wish { line: line.text.clone(), would });
                continue;
            }
            let changes = self.work.changes.len();
            let told = again.then(|| (self.answer.clone(), self.rows.clone(), self.shown_replied));
            let Some(ran) = self.line(line) else { continue };
            if let Some(told) = told.filter(|_| self.work.changes.len() == changes) {
                // It was answered before, and nothing else is to be said.
                (self.answer, self.rows, self.shown_replied) = told;
                continue;
            }
            if can_be_held && self.work.changes.len() > changes {
                self.first_change = self.first_change.or(Some(at));
            }
            if can_be_held {
                self.would.insert(at, told_beforehand(&ran));
            }
            answers = true;
            self.answer.lines.push(AnswerLine {
                number: line.number,
                text: line.text.clone(),
                outcome: ran.outcome,
                told: ran.told,
            });
        }
        answers |= self.post_files() && for_bot;
        if self.hold() {
            answers = true;
        }
        if for_bot && self.drop_held() {
            self.answer.intro = Some(Text::new("intro-held-dropped"));
            return true;
        }
        if self.sender.is_none() && for_bot && self.mail.answer_unknown && !answers {
            self.answer.intro = Some(Text::new("intro-unknown-sender").with("group", self.group()));
            return true;
        }
        // Also where "yes" answers a question that nobody asked: to the bot alone it is no prose.
        let nothing = !answers && self.mail.already.is_empty() && self.held.is_empty() && self.released.is_empty();
        if nothing && self.sender.is_some() && self.mail.addressed == Addressed::BotAlone {
            self.answer.intro = Some(Text::new("intro-nothing-understood"));
            return true;
        }
        answers
    }

    /// Posts the contributions that are attached. Says whether it did: a mail to the bot is answered.
    fn post_files(&mut self) -> bool {
        let member = self.sender.and_then(|id| self.work.known.roster.member(id)).cloned();
        let mail = self.mail;
        // A member who says yes has been shown the lines of the mail, and not its files.
        let is_confirmed = matches!(mail.verdict, Verdict::Proven(Proof::Confirmed { .. }));
        let may_post = !mail.parsed.dry_run && !is_confirmed && !held::is_only_claimed(&self.work.known, mail);
        let Some(sender) = member.filter(|_| may_post) else { return false };
        let by = By { sender: &sender, message: &mail.message_id };
        let mut posted = false;
        for document in &mail.posted {
            // Whoever may not post it has only referred to it.
            if let Ok(Told::Done(told)) = self.work.whole(|work| contributions::attached(work, by, document)) {
                posted = true;
                self.answer.lines.push(AnswerLine {
                    number: 0,
                    text: document.to_string(),
                    outcome: LineOutcome::Done,
                    told: vec![told],
                });
            }
        }
        posted
    }

    /// Drops what is held where the question about it got another answer than yes or no. Says whether it did.
    fn drop_held(&mut self) -> bool {
        let (mail, sender) = (self.mail, self.sender);
        self.work.whole(|work| held::dropped_by(work, mail, sender)).unwrap_or(false)
    }

    fn group(&self) -> String {
        self.work.known.rules.as_ref().map(|rules| rules.name.clone()).unwrap_or_default()
    }

    /// A proven mail releases what is held of its own copies.
    fn overtake(&mut self) {
        let (Some(sender), Verdict::Proven(proof)) = (self.sender, &self.mail.verdict) else { return };
        if matches!(proof, Proof::Confirmed { .. }) {
            // The member has said yes to what was asked, and to no more.
            return;
        }
        let mail = self.mail;
        // A refusal has changed nothing; what is held stays so.
        if let Ok(overtaken) = self.work.whole(|work| held::overtaken_by(work, mail, sender)) {
            self.to_run = overtaken.to_run;
            self.held_at = overtaken.held_at;
        }
    }

    /// Holds what is to be held. Says whether that must be answered: it cannot be.
    fn hold(&mut self) -> bool {
        let member = self.sender.and_then(|id| self.work.known.roster.member(id)).cloned();
        let Some(member) = member.filter(|_| !self.held.is_empty()) else { return false };
        let (mail, wishes) = (self.mail, std::mem::take(&mut self.held));
        let came = self.work.whole(|work| held::hold(work, mail, &member, &wishes));
        self.held = wishes;
        match came {
            Ok(notice) => self.notices.extend(notice),
            Err(refusal) => self.answer.intro = Some(refusal),
        }
        self.answer.intro.is_some()
    }

    /// Whether a line that a copy has had answered is run once more: that copy was only claimed and could
    /// do nothing, and this one is proven. What only told something has told it.
    fn may_run_again(&self, line: &Line) -> bool {
        let tells = line.command.as_ref().map_or(true, held::only_tells);
        self.mail.claimed_before && !self.mail.parsed.dry_run && !tells
    }

    /// Runs one line. `None` where it is not answered: nobody known wrote it.
    fn line(&mut self, line: &'a Line) -> Option<Ran> {
        if let Ok(Command::ConfirmCode { code }) = &line.command {
            return self.confirm(code.as_deref(), true);
        }
        if let Ok(Command::Decline) = &line.command {
            return self.confirm(None, false);
        }
        let sender = self.work.known.roster.member(self.sender?)?.clone();
        match &line.command {
            Err(why) => Some(Ran::one(LineOutcome::Refused, why.clone())),
            Ok(command) if self.is_told(command) => Some(Ran::one(LineOutcome::Told, Text::new("told-once"))),
            Ok(command) => Some(self.command(&sender, command)),
        }
    }

    /// Whether the very same was asked and told before, and nothing has changed since.
    fn is_told(&mut self, command: &'a Command) -> bool {
        let asked = (command, self.work.changes.len());
        let is_told = self.told.contains(&asked);
        if held::only_tells(command) && !matches!(command, Command::NotYet { .. }) && !is_told {
            self.told.push(asked);
        }
        is_told
    }

    fn confirm(&mut self, code: Option<&str>, agreed: bool) -> Option<Ran> {
        let asked = self.work.known.replied.is_some() || code.is_some();
        if !asked {
            // "ok" and "no" are ordinary words where nothing was asked.
            return None;
        }
        let mail = self.mail;
        let held = held::asked(&self.work, self.sender, code);
        if held.len() > 1 {
            return Some(match agreed {
                true => Ran::one(LineOutcome::Refused, Text::new("refused-held-which")),
                false => one(self.work.whole(|work| held::deny_all(work, mail, &held))),
            });
        }
        if let Some(request) = held.first() {
            let came = self.work.whole(|work| held::confirm(work, mail, request, agreed));
            if matches!(came, Ok(None)) {
                self.released.push(request.id);
            }
            return came.map(|told| told.map(|told| one(Ok(told)))).unwrap_or_else(|refusal| Some(one(Err(refusal))));
        }
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
        let by = By { sender, message: &self.mail.message_id };
        match command {
            Command::Set { verb: Verb::Reopen, of, because: None } => {
                self.each(of, |work, target| match resolve::meant(work, target) {
                    Ok(Meant::Contribution(_)) => contributions::reopen(work, by, target),
                    _ => actions::set(work, sender, Verb::Reopen, target, None),
                })
            }
            Command::Set { verb, of, because } => {
                self.each(of, |work, target| actions::set(work, sender, *verb, target, because.as_deref()))
            }
            Command::Note { of, text } => self.each(of, |work, target| match resolve::meant(work, target) {
                Ok(Meant::Contribution(_)) => contributions::note(work, by, target, text),
                _ => actions::note(work, sender, target, text),
            }),
            Command::Decide { of, .. } | Command::Posted { of } | Command::Withdraw { of, .. }
                if contributions::names_twice(&self.work, of) =>
            {
                Ran::one(LineOutcome::Refused, Text::new("refused-one-revision"))
            }
            Command::Decide { of, phrase } => {
                self.each(of, |work, target| contributions::decide(work, by, target, phrase))
            }
            Command::Posted { of } => self.each(of, |work, target| contributions::posted(work, by, target)),
            Command::Withdraw { of, because } => {
                self.each(of, |work, target| contributions::withdraw(work, by, target, because.as_deref()))
            }
            Command::Register { of, title, agenda_item } => {
                self.one(|work| contributions::register(work, by, of, title, agenda_item.as_deref()))
            }
            Command::Remark { of } => self.each(of, |work, target| contributions::remark(work, by, target)),
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
                let undoes = self.mail.parsed.lines.iter().filter(|line| matches!(line.command, Ok(Command::Undo(_))));
                if undoes.count() > 1 {
                    // What is known is what one of them means.
                    return Ran::one(LineOutcome::Refused, Text::new("refused-undo-one"));
                }
                let held_at = self.held_at;
                let came = self.work.whole(|work| undo::undo(work, sender, receipt.as_deref(), held_at));
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
            Command::Meeting { of, plenary, start, end, place, deadline } => {
                let (plenary, place) = (plenary.as_ref(), place.as_deref());
                let given = meetings::Given { plenary, start: *start, end: *end, place, deadline: *deadline };
                self.one(|work| meetings::set(work, sender, of, given))
            }
            Command::CancelMeeting { of } => {
                let ran = of.iter().map(|of| one(self.work.whole(|work| meetings::cancel(work, sender, of))));
                join(ran.collect())
            }
            Command::Session { of, label, date, start, end, title } => {
                let title = title.as_deref();
                let at = meetings::At { label, date: *date, start: *start, end: *end, title };
                self.one(|work| meetings::session(work, sender, of, at))
            }
            Command::Agenda { document } => self.agenda(sender, document),
            Command::NextAgenda { of } => self.next_agenda(sender, of),
            Command::NotYet { what, .. } => {
                Ran::one(LineOutcome::Refused, Text::new("refused-not-yet").with("what", what))
            }
            // Handled before: anybody who was asked may confirm.
            Command::ConfirmCode { .. } | Command::Decline => {
                Ran::one(LineOutcome::Refused, Text::new("refused-nothing-asked"))
            }
        }
    }

    /// Merges an attached agenda, as an import does; with what changed, and what needs a ruling.
    fn agenda(&mut self, sender: &Member, document: &AgendaDocument) -> Ran {
        if !rights::allows(rights::standing(sender), Act::Import) {
            return Ran::one(LineOutcome::Refused, Text::new("refused-agenda-role"));
        }
        let by = sender.addresses.first();
        let before = self.work.changes.len();
        // It refuses nothing as a whole: what cannot be taken over is told.
        let merged = self.work.whole(|work| Ok(agenda::merge(work, document, by)));
        let Merged { cells, told } = match merged {
            Ok(merged) => merged,
            Err(refusal) => return Ran::one(LineOutcome::Refused, refusal),
        };
        self.cells.extend(cells);
        let has_rulings = told.iter().any(|(_, text)| text.key == "told-agenda-rulings");
        let changes = self.work.changes.get(before..).unwrap_or_default();
        let differences = agenda::differences(changes);
        if has_rulings {
            let table = tell::list(&self.work, sender, crate::command::Listing::Proposed, &mut self.rows);
            self.answer.tables.push(table);
        }
        let refused =
            |(outcome, text): &(LineOutcome, Text)| *outcome == LineOutcome::Refused && !text.key.starts_with("told-");
        let outcome = match (told.iter().any(refused), told.first()) {
            (true, _) => LineOutcome::Partly,
            (false, first) => first.map_or(LineOutcome::Unchanged, |(outcome, _)| *outcome),
        };
        let mut told = told.into_iter().map(|(_, text)| text);
        let counts = told.next();
        Ran { outcome, told: counts.into_iter().chain(differences).chain(told).collect() }
    }

    /// Makes the next agenda. What chair or secretary get is remembered: they may mail it back.
    fn next_agenda(&mut self, sender: &Member, of: &Target) -> Ran {
        if self.answer.agenda.is_some() {
            return Ran::one(LineOutcome::Refused, Text::new("refused-one-agenda"));
        }
        let is_sure = !self.mail.parsed.dry_run && !held::is_only_claimed(&self.work.known, self.mail);
        let name = is_sure && rights::allows(rights::standing(sender), Act::Import);
        match next_agenda::next(&self.work, of, name.then_some(self.mail.receipt.as_str())) {
            Ok((agenda, cells)) => {
                self.cells.extend(cells);
                let told = next_agenda::told(&agenda);
                self.answer.agenda = Some(Box::new(agenda));
                Ran::one(LineOutcome::Told, told)
            }
            Err(refusal) => Ran::one(LineOutcome::Refused, refusal),
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
