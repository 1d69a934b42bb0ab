//! The meeting that a document is for, and its sessions.

use crate::agenda::AgendaMeeting;
use crate::decide::LineOutcome;
use crate::decide::work::Refusal;
use crate::domain::{MeetingRef, Session, Subject, Text};

use super::{Merge, folded};

impl Merge<'_> {
    pub(super) fn meeting(&mut self, meeting: &AgendaMeeting) -> Result<(), Refusal> {
        let subject = Subject::Meeting(meeting.reference.clone());
        let known = self.work.known.meeting_by_reference(&meeting.reference);
        if known.is_none() {
            self.made.insert(subject.clone());
        }
        let is_taken_back = known.is_some_and(|known| known.is_empty() && known.cancelled);
        if is_taken_back && !self.is_lost(&subject) {
            self.work.change(subject.clone(), "cancelled", Some("yes".to_owned()), None)?;
        }
        let cells = [
            ("plenary", meeting.plenary.as_ref().map(ToString::to_string)),
            ("start", meeting.start.map(|day| day.to_string())),
            ("end", meeting.end.map(|day| day.to_string())),
            ("place", meeting.place.clone()),
        ];
        for (field, cell) in cells {
            let Some(cell) = cell else { continue };
            self.cell(&subject, field, &cell, Some(cell.clone()))?;
        }
        Ok(())
    }

    /// Merges the sessions: one whose time was changed is moved, and one that is not there any more is told.
    pub(super) fn sessions(&mut self, meeting: &MeetingRef, sessions: &[Session]) {
        let subject = Subject::Meeting(meeting.clone());
        let said = self.base.sessions(&subject);
        let planned = self.planned(meeting);
        let edited: Vec<&Session> =
            sessions.iter().filter(|session| !said.iter().any(|said| is_alike(said, session))).collect();
        let is_open = |said: &&Session| planned.contains(said) && !sessions.iter().any(|it| is_alike(said, it));
        let mut open: Vec<Session> = said.iter().filter(is_open).cloned().collect();
        let moved = moves(&edited, &mut open);
        for session in sessions {
            let is_untouched = !edited.contains(&session) || self.is_overtaken(&subject);
            let moved_from = moved.iter().find(|(_, to)| *to == session).map(|(from, _)| from);
            self.attempt(|merge| merge.session(meeting, session, is_untouched, moved_from));
        }
        // Where the document has none, it has no schedule.
        for session in open.iter().filter(|_| !sessions.is_empty() && !self.base.is_old) {
            let text = Text::new("told-agenda-session-left").with("meeting", meeting).with("session", &session.title);
            let text = text.with("date", session.date).with("start", session.start.strftime("%H:%M"));
            self.told.push((LineOutcome::Unchanged, text));
        }
    }

    fn planned(&self, meeting: &MeetingRef) -> Vec<Session> {
        self.work.known.meeting_by_reference(meeting).map(|known| known.sessions.clone()).unwrap_or_default()
    }

    fn session(
        &mut self,
        meeting: &MeetingRef,
        session: &Session,
        is_untouched: bool,
        moved_from: Option<&Session>,
    ) -> Result<(), Refusal> {
        let subject = Subject::Meeting(meeting.clone());
        let planned = self.planned(meeting);
        self.keep(&subject, &session_field(session), &session.to_string());
        if planned.contains(session) {
            return Ok(());
        }
        if is_untouched {
            // It may have been moved since.
            self.leave(&subject, "session", session.to_string());
            return Ok(());
        }
        if self.is_lost(&subject) {
            let text = format!("{meeting}: the session \"{session}\" is of an agenda that is not kept any more");
            return self.doubt(&text, None);
        }
        let replaced = moved_from.or_else(|| planned.iter().find(|known| at_same_time(known, session)));
        let said = self.base.sessions(&subject);
        let is_news = |known: &&Session| is_called_alike(known, session) && !said.contains(known);
        if let Some(elsewhere) = planned.iter().find(is_news).filter(|known| Some(*known) != replaced) {
            let text = format!(
                "{meeting}: the session \"{session}\" was planned since as \"{elsewhere}\", and stays so; to move it, \
                 send \"session\" with its name, the meeting, its day and times"
            );
            return self.doubt(&text, None);
        }
        let from = replaced.map(ToString::to_string);
        self.work.change(subject, "session", from, Some(session.to_string()))
    }
}

/// Which sessions became which: those of the same title, then those at the same time, and, where as many are left as
/// there were, those in the same places. What was found is taken out of `open`.
fn moves<'a>(edited: &[&'a Session], open: &mut Vec<Session>) -> Vec<(Session, &'a Session)> {
    let mut moved: Vec<(Session, &Session)> = Vec::new();
    let mut left: Vec<&Session> = edited.to_vec();
    let both = |one: &Session, other: &Session| is_called_alike(one, other) && at_same_time(one, other);
    for is_same in [both, is_called_alike, at_same_time] {
        left.retain(|session| {
            let Some(at) = open.iter().position(|open| is_same(open, session)) else { return true };
            moved.push((open.remove(at), *session));
            false
        });
    }
    if left.len() == open.len() {
        moved.extend(open.drain(..).zip(left));
    }
    moved
}

fn is_alike(one: &Session, other: &Session) -> bool {
    folded(&one.to_string()) == folded(&other.to_string())
}

fn at_same_time(one: &Session, other: &Session) -> bool {
    (one.date, one.start) == (other.date, other.start)
}

fn is_called_alike(one: &Session, other: &Session) -> bool {
    folded(&one.title).eq_ignore_ascii_case(&folded(&other.title))
}

/// The field under which the cell of a session is kept.
pub(in crate::decide) fn session_field(session: &Session) -> String {
    format!("session {} {}", session.date, session.start.strftime("%H:%M"))
}
