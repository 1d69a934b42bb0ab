//! Notices of machines that the configuration names as announcers: they post revisions of contributions that the
//! group knows, and do nothing else. Nobody is answered.

use jiff::Timestamp;

use crate::domain::life::How;
use crate::domain::{DocumentRef, EmailAddress, Request, RequestKind, Roster, Rules, Senders, Text};

use super::actions::Told;
use super::contributions::{self, Origin, is_near};
use super::rulings;
use super::work::{Refusal, Work};
use super::{AnswerLine, Known, LineOutcome, NoticeInput, Outcome, Verdict};

/// Whether mail from an address is an announcer's: the configuration names it, and it is nobody's. A person's mail is
/// read as a person's, whatever the configuration says.
#[must_use]
pub fn is_announcer(rules: &Rules, roster: &Roster, from: &EmailAddress) -> bool {
    rules.announcers.contains(from) && roster.member_by_address(from).is_none()
}

/// What a notice changes.
pub(super) fn decide(known: Known, at: Timestamp, notice: &NoticeInput) -> Outcome {
    noticed(known, at, notice).0
}

/// What a notice changes, and what came of each document that it tells of. Nobody is told that; it is for who asks why.
#[must_use]
pub fn noticed(known: Known, at: Timestamp, notice: &NoticeInput) -> (Outcome, Vec<AnswerLine>) {
    let mut work = Work::new(known, at);
    let lines: Vec<AnswerLine> = notice.documents.iter().map(|document| line(&mut work, notice, document)).collect();
    let receipt = (!work.changes.is_empty()).then(|| notice.receipt.clone());
    let (changes, known) = (work.changes, work.known);
    (Outcome { by: notice.from.to_string(), changes, known, receipt, ..Outcome::nothing() }, lines)
}

fn line(work: &mut Work, notice: &NoticeInput, document: &DocumentRef) -> AnswerLine {
    let came = work.whole(|work| post(work, notice, document));
    let (outcome, told) = match came {
        Ok(Told::Done(told)) => (LineOutcome::Done, told),
        Ok(Told::Unchanged(told)) => (LineOutcome::Unchanged, told),
        Err(refusal) => (LineOutcome::Refused, refusal),
    };
    AnswerLine { number: 0, text: document.to_string(), outcome, told: vec![told] }
}

fn post(work: &mut Work, notice: &NoticeInput, document: &DocumentRef) -> Result<Told, Refusal> {
    let rules = work.rules()?;
    if !is_announcer(rules, &work.known.roster, &notice.from) {
        return Err(Text::new("refused-no-announcer").with("address", &notice.from));
    }
    let must_be_proven = rules.senders == Senders::Proven;
    if notice.evidence.is_refuted() || must_be_proven && notice.verdict == Verdict::Claimed {
        return Err(Text::new("refused-announcer-claimed").with("address", &notice.from));
    }
    let reference = &document.contribution;
    let known = work.known.contributions.get(reference).cloned();
    let known = known.ok_or_else(|| Text::new("refused-unknown-contribution").with("reference", reference))?;
    let revision = document.revision.unwrap_or_default();
    let already = || Told::Unchanged(contributions::refused("told-contribution-already", &known));
    if known.life.available.iter().any(|known| known.revision == revision && known.how == How::Posted) {
        return Ok(already());
    }
    let revisions = known.life.known();
    if document.revision.is_none() && revisions.last().is_some_and(|highest| highest.number > 0) {
        // Whether the first revision is meant, or the document as such, a notice does not say.
        let candidates = contributions::candidates(&known, &revisions);
        return Err(contributions::refused("refused-which-revision", &known).with("candidates", candidates));
    }
    if let Err(refusal) = is_near(&known, revision) {
        ask(work, notice, document)?;
        return Ok(Told::Unchanged(refusal));
    }
    let origin = Origin { by: Some(&notice.from), message: &notice.message_id };
    contributions::post(work, origin, &known, revision)
}

/// Chair and secretary rule on it, once.
fn ask(work: &mut Work, notice: &NoticeInput, document: &DocumentRef) -> Result<(), Refusal> {
    let is_same =
        |request: &Request| matches!(&request.kind, RequestKind::Upload { document: of, .. } if of == document);
    if work.known.requests.values().any(is_same) {
        return Ok(());
    }
    let kind = RequestKind::Upload { document: document.clone(), message_id: notice.message_id.clone() };
    rulings::ask(work, kind, Some(notice.from.clone())).map(|_| ())
}

/// `accept`: chair or secretary say that the notice is right.
pub(super) fn accepted(
    work: &mut Work,
    request: &Request,
    document: &DocumentRef,
    message: &str,
) -> Result<Text, Refusal> {
    let reference = &document.contribution;
    let known = work.known.contributions.get(reference).cloned();
    let known = known.ok_or_else(|| Text::new("refused-unknown-contribution").with("reference", reference))?;
    let origin = Origin { by: request.by.as_ref(), message };
    let (Told::Done(told) | Told::Unchanged(told)) =
        contributions::post(work, origin, &known, document.revision.unwrap_or_default())?;
    Ok(told)
}
