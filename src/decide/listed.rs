//! A contribution's row of an agenda: its cells act through the same phrases as a line of a mail.

use std::collections::BTreeSet;

use crate::agenda::{AgendaMeeting, ContributionRow};
use crate::domain::life::{LinkKind, Living, Row, Said, Trace};
use crate::domain::phrase::listed_revisions;
use crate::domain::reference::scan::{fold, scan};
use crate::domain::{
    Clause, Contribution, ContributionField, ContributionRef, Meeting, MeetingRef, Phrase, Reference, Subject,
};

use super::approvals::passes_by_none;
use super::contributions::apply;
use super::work::{Refusal, Work};

/// What a row's status cell came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Came {
    /// What it says was taken in, or was so already.
    Taken,
    /// By mail something else was decided since: that stays until somebody rules.
    Contradicts,
}

/// A row, and what the last document's cells said.
pub(super) struct Listed<'a> {
    pub(super) row: &'a ContributionRow,
    /// The reference cell of the last document.
    pub(super) reference_before: Option<&'a str>,
    /// The reference cell says something else than there.
    pub(super) reference_changed: bool,
    /// The status cell of the last document.
    pub(super) status_before: Option<&'a str>,
    pub(super) status_changed: bool,
    pub(super) trace: &'a Trace,
    /// The meeting that the document is for, where the row is on its agenda.
    pub(super) meeting: Option<&'a MeetingRef>,
    /// No other document has come since the one that this was made from.
    pub(super) is_sequel: bool,
}

/// When and where a document's decisions were made: on the last day of its meeting, or, before that
/// has begun, at the meeting before it, from which they are carried over.
pub(super) fn trace(work: &Work, meeting: Option<&AgendaMeeting>) -> Trace {
    let Some(meeting) = meeting else { return Trace { on: Some(work.today()), ..Trace::default() } };
    let Some(start) = meeting.start.filter(|start| *start > work.today()) else {
        let on = meeting.end.or(meeting.start);
        return Trace { on, at: Some(meeting.reference.clone()), ..Trace::default() };
    };
    let last_day = |known: &&Meeting| known.end.or(known.start).filter(|day| *day < start);
    let before = work.known.meetings.iter().filter(|known| known.reference != meeting.reference);
    let before = before.filter(|known| last_day(known).is_some()).max_by_key(last_day);
    Trace {
        on: before.as_ref().and_then(last_day),
        at: before.map(|before| before.reference.clone()),
        ..Trace::default()
    }
}

/// Takes in a row of a contribution that is known by now.
pub(super) fn take(work: &mut Work, listed: &Listed<'_>) -> Result<Came, Refusal> {
    let own = &listed.row.reference;
    let scheme = work.rules()?.references.clone();
    let Some(known) = work.known.contributions.get(own).cloned() else { return Ok(Came::Taken) };
    let cell = Some(listed.row.status_cell.as_str()).filter(|cell| !cell.trim().is_empty());
    // An emptied cell takes nothing back.
    let phrase = Phrase::read(cell.or(listed.status_before).unwrap_or_default(), &scheme);
    let before = listed.status_before.map(|before| Phrase::read(before, &scheme));
    let revisions = listed_revisions(&listed.row.reference_cell, own);
    let before_it = listed.reference_before.map(|cell| listed_revisions(cell, own)).unwrap_or_default();
    // What an emptied cell said was said before these came.
    let come_since = if cell.is_none() { revisions.difference(&before_it).copied().collect() } else { BTreeSet::new() };
    let mut row = Row {
        listed: &revisions,
        come_since: &come_since,
        phrase: &phrase,
        before: before.as_ref(),
        changed: listed.status_changed && cell.is_some(),
        trace: listed.trace,
    };
    if !listed.reference_changed && !row.changed {
        return Ok(Came::Taken);
    }
    let contradicts = row.changed && (contradicts(&known, listed, &row) || passes_by_approval(work, &known, &row));
    row.changed &= !contradicts;
    let mut living = Living::new(own, &known.life);
    living.read_row(&row);
    if row.changed && phrase.clauses.iter().any(|clause| *clause != Clause::NotTreated) {
        let is_spoken_of_since =
            |at: &MeetingRef| listed.meeting.is_some_and(|meeting| work.known.is_later(at, meeting));
        let meeting = listed.meeting.filter(|_| !known.life.said_at.as_ref().is_some_and(is_spoken_of_since));
        living.said_at(meeting);
    }
    if listed.reference_changed {
        comments(&mut living, &known, &scheme);
    }
    apply(work, own, living)?;
    Ok(if contradicts { Came::Contradicts } else { Came::Taken })
}

/// `Comments to SEC-2014-0243R01`
fn comments(living: &mut Living, known: &Contribution, scheme: &crate::domain::ReferenceScheme) {
    let title = fold(&known.title);
    let begins = title.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("comment"));
    let found = if begins { scan(&title, scheme) } else { Vec::new() };
    for found in found {
        if let Reference::Document(document) = found.reference {
            living.link(LinkKind::CommentsOn, document.to_string());
        }
    }
}

/// Whether a row decides otherwise than was decided since the version that the document was made from, by a mail or
/// another document, and not of a higher revision.
fn contradicts(known: &Contribution, listed: &Listed<'_>, row: &Row<'_>) -> bool {
    let Some(last) = known.life.decisions.last() else { return false };
    let was_said = |before: &Phrase| {
        let mut said = before.decisions();
        said.any(|(revision, outcome)| outcome == last.outcome && revision.is_none_or(|it| it == last.revision))
    };
    let is_since = match row.before {
        Some(before) => last.trace.message.is_some() || !was_said(before) && !listed.is_sequel,
        None => !listed.is_sequel,
    };
    if !is_since {
        return false;
    }
    let mut trial = Living::new(&known.reference, &known.life);
    trial.read_row(row);
    let decided = trial.life().decisions.get(known.life.decisions.len()..).unwrap_or_default();
    decided.last().is_some_and(|decided| decided.revision <= last.revision && decided.outcome != last.outcome)
}

/// Whether a row decides what members are being asked about by e-mail.
fn passes_by_approval(work: &Work, known: &Contribution, row: &Row<'_>) -> bool {
    let mut trial = Living::new(&known.reference, &known.life);
    trial.read_row(row);
    let decided = trial.life().decisions.iter().filter(|decided| !known.life.decisions.contains(decided));
    let mut passed =
        decided.map(|it| super::approvals::passed_by(work, &known.reference, it.revision, it.outcome).is_some());
    passed.any(|passed| passed)
}

/// Takes in a status cell that chair or secretary have ruled to be right.
pub(super) fn rule(work: &mut Work, own: &ContributionRef, cell: &str) -> Result<(), Refusal> {
    let phrase = Phrase::read(cell, &work.rules()?.references);
    let Some(known) = work.known.contributions.get(own).cloned() else { return Ok(()) };
    let (life, meeting) = (known.life.clone(), known.meeting.clone());
    let found = meeting.as_ref().and_then(|meeting| work.known.meeting_by_reference(meeting));
    let on = found.and_then(|meeting| meeting.end.or(meeting.start)).filter(|day| *day <= work.today());
    let trace = Trace { on: on.or_else(|| Some(work.today())), at: meeting.clone(), ..Trace::default() };
    let mut living = Living::new(own, &life);
    living.hear(&Said { phrase: &phrase, revision: None, trace: &trace });
    passes_by_none(work, &known, &living)?;
    living.said_at(meeting.as_ref());
    apply(work, own, living)
}

/// What chair and secretary are asked about a status cell: what was not understood of it, and what was
/// assumed.
pub(super) fn doubt(work: &Work, row: &ContributionRow) -> Result<Option<String>, Refusal> {
    let phrase = Phrase::read(&row.status_cell, &work.rules()?.references);
    let waits_for_mail = phrase.clauses.contains(&Clause::ForEmailApproval);
    let kept: BTreeSet<&str> = phrase.not_understood().collect();
    if kept.is_empty() && phrase.doubt().is_none() && !waits_for_mail {
        return Ok(None);
    }
    let cell = row.status_cell.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = format!("{}: status \"{cell}\"", row.reference);
    let mut decided: Vec<String> = phrase
        .decisions()
        .filter(|_| phrase.doubt().is_none())
        .map(|(revision, outcome)| match revision {
            Some(revision) => format!("{revision} {outcome}"),
            None => outcome.to_string(),
        })
        .collect();
    if decided.is_empty() {
        decided.push("no decision".to_owned());
    }
    text.push_str(&format!("; it is taken as {}", decided.join(", ")));
    if !kept.is_empty() {
        let kept: Vec<String> = kept.iter().map(|kept| format!("\"{}\"", kept.replace('\n', " "))).collect();
        text.push_str(&format!(", and {} is kept as a remark", kept.join(", ")));
    }
    if waits_for_mail {
        text.push_str("; it names no end, so no approval by e-mail was opened");
    }
    Ok(Some(text))
}

/// The field of the status cell, and its subject.
pub(super) fn status_of(own: &ContributionRef) -> (Subject, String) {
    (Subject::Contribution(own.clone()), ContributionField::StatusCell.to_string())
}
