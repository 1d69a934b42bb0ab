//! The commands of one message, in order, each seeing the one before.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::command::{Addressed, Command, Line, Target};
use crate::domain::{Change, Subject, Text, stamp_of};
use crate::message::Unreadable;

use super::held::Wish;
use super::lists::Asked;
use super::ran::{Ran, one};
use super::sender::{answered_at, sender};
use super::tell::Rows;
use super::work::Work;
use super::{Answer, AnswerLine, Entry, Exported, Known, LineOutcome, MailInput, Notice, Outcome, Proof, Verdict};
use super::{announced, held, length, members};

/// Decides the commands of a message.
pub(super) fn decide(known: Known, entry: &Entry, mail: &MailInput) -> Outcome {
    let mail = &*with_files(mail);
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

/// The mail with a line for each contribution that it posts, where its entry is of before those were lines.
fn with_files(mail: &MailInput) -> Cow<'_, MailInput> {
    if mail.posted.is_empty() {
        return Cow::Borrowed(mail);
    }
    let mut mail = mail.clone();
    mail.parsed.lines.extend(std::mem::take(&mut mail.posted).into_iter().map(|document| Line {
        number: 0,
        text: document.to_string(),
        command: Ok(Command::Attached { document }),
        quoted: false,
    }));
    Cow::Owned(mail)
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
    let Run { work, mut answer, lists, notices, undone, released, cells, exports, .. } = run;
    length::cut(&mut answer, &lists);
    if mail.parsed.dry_run {
        answer.dry_run = true;
        return Outcome { by, known: work.into_start(), answer: answers.then_some(answer), ..Outcome::nothing() };
    }
    let can_be_taken_back = |change: &Change| stamp_of(&change.field).is_none();
    let has_receipt =
        work.changes.iter().any(|change| can_be_taken_back(change) && !held::is_held(&work.known, &change.subject));
    let receipt = has_receipt.then(|| mail.receipt.clone());
    // Who confirmed an address and is no member, or not yet, cannot undo.
    let can_undo = work.known.roster.member_by_address(&answer.to).is_some_and(|member| !member.left);
    answer.receipt = receipt.clone().filter(|_| can_undo);
    let mut notices = notices;
    notices.extend(announced::announcements(&work, work.start(), &by));
    Outcome {
        by,
        changes: work.changes,
        known: work.known,
        answer: answers.then_some(answer),
        occasion: None,
        notices,
        announcements: Vec::new(),
        receipt,
        undone,
        cells,
        exports,
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
pub(super) struct Run<'a> {
    pub(super) work: Work,
    pub(super) mail: &'a MailInput,
    /// The sender's number, where the roster knows the sender.
    sender: Option<u32>,
    pub(super) rows: Rows,
    pub(super) answer: Answer,
    /// The lists of the answer, and what was asked for with.
    pub(super) lists: Vec<Asked>,
    pub(super) notices: Vec<Notice>,
    pub(super) undone: Option<String>,
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
    pub(super) held_at: Option<Timestamp>,
    /// Lines of an earlier copy that was held, to be run now.
    to_run: Vec<String>,
    released: Vec<u32>,
    /// The cells of agendas that are attached.
    pub(super) cells: Vec<(Subject, String, String)>,
    /// Files that were attached and are not posted, and why.
    unposted: Vec<AnswerLine>,
    /// The agendas that are made or attached, as documents made from them are compared with them.
    pub(super) exports: Vec<Exported>,
    /// The rows of the mail that is replied to stand in the answer.
    pub(super) shown_replied: bool,
    pub(super) codes: std::iter::Cloned<std::slice::Iter<'a, String>>,
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
            lists: Vec::new(),
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
            exports: Vec::new(),
            unposted: Vec::new(),
            shown_replied: false,
            codes: mail.codes.iter().cloned(),
        }
    }

    /// Runs every line. Says whether the sender gets an answer; who gets one is told in it what was not posted.
    fn run(&mut self) -> bool {
        let answers = self.run_lines();
        if answers && self.answer.intro.is_none() {
            self.answer.lines.append(&mut self.unposted);
        }
        answers
    }

    fn run_lines(&mut self) -> bool {
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
            let is_file = matches!(line.command, Ok(Command::Attached { .. }));
            if can_be_held && self.hold_from.is_some_and(|from| at >= from) {
                let would = self.would.remove(&at);
                // A file that would not be posted is only referred to.
                if !is_file || would.is_some() {
                    self.held.push(Wish { line: line.text.clone(), would: would.unwrap_or_default() });
                }
                continue;
            }
            let changes = self.work.changes.len();
            let told = again.then(|| (self.answer.clone(), self.rows.clone(), self.shown_replied));
            let Some(ran) = self.line(line) else { continue };
            if let Some(told) = told.filter(|_| self.work.changes.len() == changes) {
                // It was answered before, and nothing else is to be said.
                (self.answer, self.rows, self.shown_replied) = told;
                let kept = self.answer.lines.len();
                self.lists.retain(|asked| asked.is_before(kept));
                continue;
            }
            if can_be_held && self.work.changes.len() > changes {
                self.first_change = self.first_change.or(Some(at));
            }
            if can_be_held {
                self.would.insert(at, told_beforehand(&ran));
            }
            // What is posted to the list is no question.
            answers |= !is_file || for_bot || self.held_at.is_some();
            self.answer.lines.push(AnswerLine {
                number: line.number,
                text: line.text.clone(),
                outcome: ran.outcome,
                told: ran.told,
            });
        }
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
        // A file to the bot alone is meant to be posted.
        answers |= !self.unposted.is_empty() && self.mail.addressed == Addressed::BotAlone;
        // Also where "yes" answers a question that nobody asked: to the bot alone it is no prose.
        let nothing = !answers && self.mail.already.is_empty() && self.held.is_empty() && self.released.is_empty();
        if nothing && self.sender.is_some() && self.mail.addressed == Addressed::BotAlone {
            self.answer.intro = Some(Text::new("intro-nothing-understood"));
            return true;
        }
        answers
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
        let tells = line.command.as_ref().map_or(true, Command::only_tells);
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
            // Whoever may not post it, or once more, has only referred to it.
            Ok(command @ Command::Attached { .. }) => {
                let ran = self.command(&sender, command);
                if ran.outcome == LineOutcome::Refused {
                    let (number, text) = (line.number, line.text.clone());
                    self.unposted.push(AnswerLine { number, text, outcome: ran.outcome, told: ran.told });
                    return None;
                }
                Some(ran).filter(|ran| ran.outcome == LineOutcome::Done)
            }
            Ok(command) if self.is_told(command) => Some(Ran::one(LineOutcome::Told, Text::new("told-once"))),
            Ok(command) => Some(self.command(&sender, command)),
        }
    }

    /// Whether the very same was asked and told before, and nothing has changed since.
    fn is_told(&mut self, command: &'a Command) -> bool {
        let asked = (command, self.work.changes.len());
        let is_told = self.told.contains(&asked);
        if command.only_tells() && !matches!(command, Command::NotYet { .. }) && !is_told {
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
}
