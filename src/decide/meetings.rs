//! Commands about meetings and their sessions: for chair, vice-chair and secretary.

use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan as _};

use crate::command::{self, Target};
use crate::domain::{Due, Meeting, MeetingRef, Member, Plenary, Reference, Session, Status, Subject, Text};

use super::actions::Told;
use super::attendance;
use super::rights::{self, Act};
use super::work::{Refusal, Work};

type Result<T = Told> = std::result::Result<T, Refusal>;

/// No meeting takes more days.
const LONGEST: i64 = 31;

/// Nothing of a working group is planned for later than so many years from now.
pub(super) const FARTHEST: i32 = 10;

/// The dates and the place of a meeting, as far as a command gives them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    pub plenary: Option<&'a Plenary>,
    pub start: Option<Date>,
    pub end: Option<Date>,
    pub place: Option<&'a str>,
    pub deadline: Option<Date>,
}

pub(super) fn must_keep(sender: &Member) -> Result<()> {
    if rights::allows(rights::standing(sender), Act::KeepMeetings) {
        Ok(())
    } else {
        Err(Text::new("refused-meetings"))
    }
}

/// The group's meeting that a target means, known or not.
fn named(work: &Work, target: &Target) -> Result<MeetingRef> {
    match target {
        Target::Reference(Reference::Meeting(meeting)) => Ok(meeting.clone()),
        Target::Reference(Reference::Plenary(plenary)) => {
            let known = work.known.meeting(&plenary.to_string()).map(|meeting| meeting.reference.clone());
            let prefix = work.rules()?.references.meeting_label();
            known.ok_or_else(|| Text::new("refused-plenary-alone").with("plenary", plenary).with("prefix", prefix))
        }
        _ => Err(Text::new("refused-which-meeting")),
    }
}

/// The keys of what is said of a meeting that is not known, and of one that was called off.
pub(super) const UNPLANNED: &str = "refused-unplanned-meeting";
pub(super) const CANCELLED: &str = "refused-cancelled-meeting";

/// A meeting that is known and takes place.
pub(super) fn planned(work: &Work, target: &Target) -> Result<Meeting> {
    planned_meeting(work, &named(work, target)?)
}

/// The meeting of that name, which is known and takes place.
pub(super) fn planned_meeting(work: &Work, reference: &MeetingRef) -> Result<Meeting> {
    let known = work.known.meeting_by_reference(reference).filter(|meeting| !meeting.is_empty());
    let Some(known) = known.cloned() else {
        return Err(Text::new(UNPLANNED).with("meeting", reference));
    };
    if known.cancelled {
        return Err(Text::new(CANCELLED).with("meeting", reference));
    }
    Ok(known)
}

/// Gives a meeting's field a value.
fn set_field(work: &mut Work, reference: &MeetingRef, field: &str, to: Option<String>) -> Result<()> {
    let from = work.known.meeting_by_reference(reference).and_then(|meeting| meeting.get(field));
    work.change(Subject::Meeting(reference.clone()), field, from, to)
}

/// `meeting SEC#11 2014-06-09 to 2014-06-13 Berlin deadline 2014-06-02`: plans it, or moves it.
pub(super) fn set(work: &mut Work, sender: &Member, target: &Target, given: Given<'_>) -> Result {
    must_keep(sender)?;
    let reference = named(work, target)?;
    let known = work.known.meeting_by_reference(&reference).cloned().unwrap_or_else(|| Meeting::new(reference.clone()));
    let start = given.start.or(known.start);
    // Dates are given anew together: one day alone is all of it.
    let end = if given.start.is_some() { given.end.or(given.start) } else { known.end };
    let deadline = given.deadline.or(known.deadline);
    are_in_order(work, &reference, start, end, deadline)?;
    // A day that is over has its year written beside it. Only one that is to come does not move there.
    let is_over = |end: Option<Date>| end.is_some_and(|end| end < work.today());
    let to_come = known.start.filter(|_| !known.cancelled && !is_over(known.end.or(known.start)));
    if let (Some(date), Some(planned)) = (given.start.and(end).filter(|_| is_over(end)), to_come) {
        let text = Text::new("refused-meeting-past").with("meeting", &reference).with("date", date);
        return Err(text.with("planned", planned));
    }
    if let Some(plenary) = given.plenary
        && let Some(other) = work.known.meeting(&plenary.to_string()).filter(|other| other.reference != reference)
    {
        let text = Text::new("refused-plenary-taken").with("plenary", plenary).with("meeting", &other.reference);
        return Err(text);
    }
    let before = work.changes.len();
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    if given.plenary.is_some() {
        set_field(work, &reference, "plenary", given.plenary.map(ToString::to_string))?;
    }
    set_field(work, &reference, "start", day(start))?;
    set_field(work, &reference, "end", day(end))?;
    if given.place.is_some() {
        set_field(work, &reference, "place", given.place.map(ToOwned::to_owned))?;
    }
    set_field(work, &reference, "deadline", day(deadline))?;
    set_field(work, &reference, "cancelled", None)?;
    if (start, end) != (known.start, known.end) {
        attendance::ask_again(work, &known)?;
    }
    let now = work.known.meeting_by_reference(&reference).cloned().unwrap_or(known);
    let told = told(work, &now);
    Ok(if work.changes.len() > before { Told::Done(told) } else { Told::Unchanged(told) })
}

/// Refuses dates that contradict each other.
fn are_in_order(
    work: &Work,
    reference: &MeetingRef,
    start: Option<Date>,
    end: Option<Date>,
    deadline: Option<Date>,
) -> Result<()> {
    let named = |key: &str| Text::new(key).with("meeting", reference);
    if let (Some(start), Some(end)) = (start, end) {
        if end < start {
            return Err(named("refused-meeting-ends-first").with("start", start).with("end", end));
        }
        if end > start.saturating_add(LONGEST.days()) {
            return Err(named("refused-meeting-long").with("start", start).with("end", end).with("days", LONGEST));
        }
    }
    let farthest = work.today().saturating_add(Span::new().years(FARTHEST));
    if let Some(day) = [end, deadline].into_iter().flatten().find(|day| *day > farthest) {
        return Err(Text::new("refused-far").with("date", day).with("years", FARTHEST));
    }
    match (start, deadline) {
        (Some(start), Some(deadline)) if deadline > start => {
            Err(named("refused-deadline-late").with("start", start).with("deadline", deadline))
        }
        _ => Ok(()),
    }
}

/// How a meeting stands now.
fn told(work: &Work, meeting: &Meeting) -> Text {
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let is_outside = |session: &&Session| {
        let range = meeting.start.zip(meeting.end);
        range.is_some_and(|(start, end)| !(start..=end).contains(&session.date))
    };
    Text::new("told-meeting")
        .with("meeting", &meeting.reference)
        .with("start", day(meeting.start))
        .with("end", day(meeting.end.filter(|end| Some(*end) != meeting.start)))
        .with("place", meeting.place.as_deref().unwrap_or("-"))
        .with("deadline", day(meeting.deadline))
        .with("over", if meeting.last_day().is_some_and(|last| last < work.today()) { "yes" } else { "no" })
        .with("outside", meeting.sessions.iter().filter(is_outside).count())
        .with("due", due_at(work, meeting))
}

/// How many pending action items are due at a meeting.
fn due_at(work: &Work, meeting: &Meeting) -> usize {
    let is_pending = |status: Status| !matches!(status, Status::Closed | Status::Cancelled);
    let items = work.known.actions.values().filter(|item| is_pending(item.status));
    items.filter(|item| matches!(&item.due, Some(Due::Meeting(name)) if meeting.is_called(name))).count()
}

/// `cancel SEC#11`
pub(super) fn cancel(work: &mut Work, sender: &Member, target: &Target) -> Result {
    must_keep(sender)?;
    let reference = named(work, target)?;
    let known = work.known.meeting_by_reference(&reference).filter(|meeting| !meeting.is_empty()).cloned();
    let Some(known) = known else {
        return Err(Text::new(UNPLANNED).with("meeting", &reference));
    };
    let text = |key: &str| Text::new(key).with("meeting", &reference).with("due", due_at(work, &known));
    if known.cancelled {
        return Ok(Told::Unchanged(text("told-meeting-cancelled")));
    }
    let told = text("told-meeting-cancelled");
    set_field(work, &reference, "cancelled", Some("yes".to_owned()))?;
    Ok(Told::Done(told))
}

/// When a session is, and what it is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    pub label: &'a str,
    pub date: Date,
    pub start: Time,
    pub end: Time,
    pub title: Option<&'a str>,
}

/// `session S1 SEC#11 2014-06-09 09:00-10:15 [TITLE]`: adds it, or moves the one of that name.
pub(super) fn session(work: &mut Work, sender: &Member, target: &Target, at: At<'_>) -> Result {
    must_keep(sender)?;
    let meeting = planned(work, target)?;
    let reference = meeting.reference.clone();
    let named = |key: &str| Text::new(key).with("meeting", &reference).with("session", at.label);
    if let Some((start, end)) = meeting.start.zip(meeting.end)
        && !(start..=end).contains(&at.date)
    {
        return Err(named("refused-session-outside").with("date", at.date).with("start", start).with("end", end));
    }
    let same: Vec<&Session> = meeting.sessions.iter().filter(|session| is_called(session, at.label)).collect();
    let before = match same.as_slice() {
        [] => None,
        [one] => Some((*one).clone()),
        _ => return Err(named("refused-sessions-alike").with("count", same.len())),
    };
    let title = match (at.title, &before) {
        (Some(title), _) if is_word(title, at.label) => title.to_owned(),
        (Some(title), _) => format!("{} {title}", at.label),
        (None, Some(before)) => before.title.clone(),
        (None, None) => at.label.to_owned(),
    };
    let room = before.as_ref().and_then(|before| before.room.clone());
    let after = Session { date: at.date, start: at.start, end: at.end, room, title };
    let overlaps = |other: &&Session| {
        Some(*other) != before.as_ref()
            && other.date == after.date
            && other.start < after.end
            && after.start < other.end
    };
    let overlap = meeting.sessions.iter().find(overlaps).map_or_else(|| "-".to_owned(), |other| other.title.clone());
    let told = named("told-session")
        .with("date", at.date)
        .with("start", at.start.strftime("%H:%M"))
        .with("end", at.end.strftime("%H:%M"))
        .with("title", &after.title)
        .with("overlap", overlap);
    if before.as_ref() == Some(&after) {
        return Ok(Told::Unchanged(told));
    }
    let (from, to) = (before.map(|before| before.to_string()), Some(after.to_string()));
    work.change(Subject::Meeting(reference.clone()), "session", from, to)?;
    Ok(Told::Done(told))
}

/// `cancel session S1 SEC#11`
pub(super) fn cancel_session(work: &mut Work, sender: &Member, target: &Target, label: &str) -> Result {
    must_keep(sender)?;
    let meeting = planned(work, target)?;
    let named = |key: &str| Text::new(key).with("meeting", &meeting.reference).with("session", label);
    let same: Vec<&Session> = meeting.sessions.iter().filter(|session| is_called(session, label)).collect();
    let session = match same.as_slice() {
        [one] => *one,
        [] => {
            let labels: Vec<&str> =
                meeting.sessions.iter().filter_map(|session| label_of(&meeting.sessions, session)).collect();
            let known = if labels.is_empty() { "-".to_owned() } else { labels.join(", ") };
            return Err(named("refused-no-session").with("known", known));
        }
        _ => return Err(named("refused-sessions-alike").with("count", same.len())),
    };
    let told = named("told-session-cancelled").with("title", &session.title).with("date", session.date);
    let told = told.with("start", session.start.strftime("%H:%M"));
    work.change(Subject::Meeting(meeting.reference.clone()), "session", Some(session.to_string()), None)?;
    Ok(Told::Done(told))
}

/// The word of its title by which a command can name a session: one with a digit, where there is one.
pub(super) fn label_of<'a>(sessions: &[Session], session: &'a Session) -> Option<&'a str> {
    let is_only = |word: &&str| {
        command::is_label(word) && sessions.iter().filter(|session| is_called(session, word)).count() == 1
    };
    let words = || session.title.split(|c: char| !c.is_alphanumeric()).filter(is_only);
    words().find(|word| word.contains(|c: char| c.is_ascii_digit())).or_else(|| words().next())
}

/// Whether an agenda's title (`WG4 (session S1)`) calls a session by that label.
fn is_called(session: &Session, label: &str) -> bool {
    is_word(&session.title, label)
}

fn is_word(title: &str, label: &str) -> bool {
    title.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(label))
}
