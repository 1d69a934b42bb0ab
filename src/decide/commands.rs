//! One command of a message: whose it is to decide, and what is told of it.

use std::collections::BTreeSet;

use crate::agenda::AgendaDocument;
use crate::command::{Command, Listing, Target, Verb};
use crate::domain::reference::scan::{fold, scan};
use crate::domain::{ActionItemRef, Member, Reference, Subject, Text};

use super::actions::{self, Told};
use super::agenda::{self, Merged};
use super::contributions::{self, By};
use super::mail::Run;
use super::ran::{Ran, join, one};
use super::resolve::{Meant, WHICH_ROW};
use super::rights::{self, Act};
use super::work::{Refusal, Work};
use super::{
    LineOutcome, Table, about, announced, approvals, attendance, calls, doubts, held, meetings, members, next_agenda,
    proposals, registered, resolve, rulings, tell, undo, which,
};

impl Run<'_> {
    pub(super) fn command(&mut self, sender: &Member, command: &Command) -> Ran {
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
            Command::Attached { document } => self.one(|work| contributions::attached(work, by, document)),
            Command::Posted { of } => self.each(of, |work, target| contributions::posted(work, by, target)),
            Command::Withdraw { of, because } => {
                self.each(of, |work, target| contributions::withdraw(work, by, target, because.as_deref()))
            }
            Command::Register { of, title, agenda_item, deliverable } => {
                let (agenda_item, deliverable) = (agenda_item.as_deref(), deliverable.as_deref());
                let given = registered::Registered { title, agenda_item, deliverable };
                self.one(|work| registered::register(work, by, of, given))
            }
            Command::Remark { of } => self.each(of, |work, target| doubts::remark(work, by, target)),
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
            Command::Approval { of, until } => self.each(of, |work, target| approvals::open(work, by, target, *until)),
            Command::Voice { of, stance, because } => {
                let says = approvals::Says { stance: *stance, because: because.as_deref(), held_at: self.held_at };
                let of = self.spoken_of(of);
                let ran = self.each(&of, |work, target| approvals::voice(work, by, target, says));
                if ran.told.iter().any(|told| told.key == approvals::AFTER_THE_END) {
                    self.notices.extend(announced::late_objection(&self.work, sender, &ran.told));
                }
                ran
            }
            Command::Ratify { of, approved, because } => {
                self.each(of, |work, target| approvals::ratify(work, by, target, *approved, because.as_deref()))
            }
            Command::Call { date, time, title } => {
                self.one(|work| calls::set(work, sender, *date, *time, title.as_deref()))
            }
            Command::CancelCall { date } => self.one(|work| calls::cancel(work, sender, *date)),
            Command::Status { .. } | Command::List(_) | Command::History { .. } => self.lookup(sender, command),
            Command::Rest { of, from } => self.rest(sender, of, *from),
            Command::Help(word) => match tell::help(&self.work, word.as_deref()) {
                Ok(table) => self.tell_all(vec![table]),
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
            Command::CancelSession { of, label } => self.one(|work| meetings::cancel_session(work, sender, of, label)),
            Command::Attend { of, coming, invited } => {
                let said =
                    |work: &mut Work, target: &Target| attendance::say(work, sender, target, *coming, invited.as_ref());
                self.each(of, said)
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

    /// What a member speaks of who names nothing: in a reply, the document that its subject names.
    fn spoken_of(&self, of: &[Target]) -> Vec<Target> {
        let named = || {
            let rules = self.work.rules().ok().filter(|_| !self.mail.in_reply_to.is_empty())?;
            let found = scan(&fold(&self.mail.subject), &rules.references).into_iter().map(|found| found.reference);
            let documents: BTreeSet<Reference> = found.filter(|it| matches!(it, Reference::Document(_))).collect();
            let mut documents = documents.into_iter();
            documents.next().filter(|only| {
                documents.next().is_none() && which::by_subject(&self.work, only, self.held_at.is_some())
            })
        };
        let is_clear = |target: &Target| *target != Target::Omitted || resolve::meant(&self.work, target).is_ok();
        let known = |target: &Target| if is_clear(target) { None } else { named().map(Target::Reference) };
        of.iter().map(|target| known(target).unwrap_or_else(|| target.clone())).collect()
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
        let Merged { cells, exported, told, lead, differences } = match merged {
            Ok(merged) => merged,
            Err(refusal) => return Ran::one(LineOutcome::Refused, refusal),
        };
        self.cells.extend(cells);
        self.exports.extend(exported);
        let has_rulings = told.iter().any(|(_, text)| text.key == "told-agenda-rulings");
        let changes = self.work.changes.get(before..).unwrap_or_default();
        let differences: Vec<Text> = differences.into_iter().chain(proposals::told(&self.work, changes)).collect();
        if has_rulings {
            let table = tell::list(&self.work, sender, Listing::Proposed, &mut self.rows);
            self.answer.tables.push(table);
        }
        let refused =
            |(outcome, text): &(LineOutcome, Text)| *outcome == LineOutcome::Refused && !text.key.starts_with("told-");
        let outcome = match (told.iter().any(refused), told.first()) {
            (true, _) => LineOutcome::Partly,
            (false, first) => first.map_or(LineOutcome::Unchanged, |(outcome, _)| *outcome),
        };
        let mut told: Vec<Text> = told.into_iter().map(|(_, text)| text).collect();
        told.splice(lead..lead, differences);
        Ran { outcome, told }
    }

    /// Makes the next agenda. What chair or secretary get is remembered: they may mail it back.
    fn next_agenda(&mut self, sender: &Member, of: &Target) -> Ran {
        if self.answer.agenda.is_some() {
            return Ran::one(LineOutcome::Refused, Text::new("refused-one-agenda"));
        }
        let is_sure = !self.mail.parsed.dry_run && !held::is_only_claimed(&self.work.known, self.mail);
        let name = is_sure && rights::allows(rights::standing(sender), Act::Import);
        match next_agenda::next(&self.work, of, name.then_some(self.mail.receipt.as_str())) {
            Ok((agenda, exported)) => {
                self.exports.extend(exported);
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
            let before = self.work.changes.len();
            let came = self.work.whole(|work| act(work, target));
            if came.as_ref().is_err_and(|refusal| refusal.key == WHICH_ROW) {
                self.show_rows_replied();
            }
            let mut came = one(came);
            came.told.extend(proposals::told(&self.work, self.work.changes.get(before..).unwrap_or_default()));
            ran.push(came);
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

    /// A command that is answered with lists.
    fn lookup(&mut self, sender: &Member, command: &Command) -> Ran {
        let first = self.answer.tables.len();
        let ran = match command {
            Command::Status { of } => self.status(sender, of),
            Command::History { of } => self.tables(of, |run, target| about::history_of(&run.work, target, sender)),
            Command::List(listing) => {
                let table = tell::list(&self.work, sender, *listing, &mut self.rows);
                let calls = (*listing == Listing::Meetings).then(|| tell::calls(&self.work)).flatten();
                self.tell_all(std::iter::once(table).chain(calls).collect())
            }
            _ => return Ran::one(LineOutcome::Unchanged, Text::new("told-below")),
        };
        self.asked(command, first);
        ran
    }

    fn status(&mut self, sender: &Member, of: &[Target]) -> Ran {
        let about_mail = self.work.known.replied.as_ref().is_some_and(|replied| replied.rows.len() == 1);
        if of.is_empty() && about_mail {
            return self.tables(&[Target::Omitted], |run, target| about::status_of(&run.work, target, &mut run.rows));
        }
        if of.is_empty() {
            let table = tell::list(&self.work, sender, Listing::Open, &mut self.rows);
            return self.tell_all(vec![table]);
        }
        self.tables(of, |run, target| about::status_of(&run.work, target, &mut run.rows))
    }

    /// Tables of each target.
    fn tables(
        &mut self,
        targets: &[Target],
        mut tables: impl FnMut(&mut Self, &Target) -> Result<Vec<Table>, Refusal>,
    ) -> Ran {
        let mut ran = Vec::new();
        for target in targets {
            ran.push(match tables(self, target) {
                Ok(tables) => self.tell_all(tables),
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

    fn tell_all(&mut self, tables: Vec<Table>) -> Ran {
        self.answer.tables.extend(tables);
        Ran::one(LineOutcome::Told, Text::new("told-below"))
    }
}
