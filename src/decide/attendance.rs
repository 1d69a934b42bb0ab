//! Who comes to a meeting: each member's own word, the newest of which counts.

use serde::{Deserialize, Serialize};

use jiff::civil::Date;

use crate::command::{Command, Invited, Target};
use crate::domain::{Coming, Meeting, Member, Reference, Roster, Stamp, Subject, Text, attendance_field, stamp_field};

use super::actions::Told;
use super::sender::sender;
use super::work::{Refusal, Work};
use super::{Known, LineOutcome, MailInput, Outcome, Proof, Verdict, meetings};

/// Those members who have said the same of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comes {
    /// What they have said.
    pub coming: Coming,
    /// How many they are.
    pub count: usize,
    /// Their names in order, where those may be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// Who has said whether they come, by what they have said; without those whom nobody of said. Members who have left
/// are not counted. The names are what an agenda lists as its attendees.
#[must_use]
pub fn who_comes(roster: &Roster, meeting: &Meeting) -> Vec<Comes> {
    let of = |coming: Coming| {
        let said = meeting.attendance.iter().filter(|(_, said)| **said == coming);
        let members = said.filter_map(|(member, _)| roster.member(*member)).filter(|member| !member.left);
        let mut names: Vec<String> = members.map(|member| member.name.clone()).collect();
        names.sort();
        Comes { coming, count: names.len(), names }
    };
    Coming::ALL.into_iter().map(of).filter(|comes| comes.count > 0).collect()
}

/// Who has said to come: name, organization, and how; those who come to the place first.
pub(super) fn attendees(roster: &Roster, meeting: &Meeting) -> Vec<[String; 3]> {
    let mut attendees: Vec<(Coming, &Member)> = (meeting.attendance.iter())
        .filter(|(_, coming)| **coming != Coming::Regrets)
        .filter_map(|(id, coming)| Some((*coming, roster.member(*id)?)))
        .filter(|(_, member)| !member.left)
        .collect();
    let order = |coming: &Coming| Coming::ALL.iter().position(|known| known == coming);
    attendees.sort_by_key(|(coming, member)| (order(coming), member.name.clone()));
    let row =
        |(coming, member): (Coming, &Member)| [member.name.clone(), member.organization.clone(), coming.to_string()];
    attendees.into_iter().map(row).collect()
}

/// How many come, for those who need not know who.
pub(super) fn counts(comes: Vec<Comes>) -> Vec<Comes> {
    comes.into_iter().map(|comes| Comes { names: Vec::new(), ..comes }).collect()
}

/// `attending [SEC#11]`, `remote`, `regrets`, or what the sender's calendar has answered to an invitation.
pub(super) fn say(
    work: &mut Work,
    sender: &Member,
    target: &Target,
    coming: Option<Coming>,
    invited: Option<&Invited>,
) -> Result<Told, Refusal> {
    let meeting = meant(work, target)?;
    let named = |key: &str| Text::new(key).with("meeting", &meeting.reference);
    if invited.is_some_and(|invited| invited.counter) {
        return Err(with_days(named("refused-attend-counter"), &meeting));
    }
    if let Some(attendee) = invited.map(|invited| invited.attendee.as_ref())
        && !attendee.is_some_and(|attendee| sender.addresses.contains(attendee))
    {
        let attendee = attendee.map_or_else(|| "-".to_owned(), ToString::to_string);
        return Err(named("refused-attend-other").with("attendee", attendee));
    }
    let today = work.today();
    if let Some(last) = meeting.last_day().filter(|last| *last < today) {
        return Err(named("refused-meeting-over").with("date", last));
    }
    if let (Some(start), Some(meant)) = (meeting.start, invited.and_then(|invited| invited.start))
        && start != meant
    {
        return Err(named("refused-attend-days").with("start", start));
    }
    let Some(coming) = coming else { return Err(named("refused-attend-tentative")) };
    let field = attendance_field(sender.id);
    let (from, to) = (meeting.get(&field), Some(coming.to_string()));
    let told = with_days(named("told-attending").with("coming", coming), &meeting);
    if let Some(stamp) = invited.and_then(|invited| invited.stamp) {
        let last = meeting.stamps.get(&sender.id);
        if last.is_some_and(|last| stamp < *last) {
            // A later answer came first, and stands.
            return Ok(Told::Unchanged(named("told-attend-overtaken")));
        }
        let (from, to) = (last.map(Stamp::to_string), Some(stamp.to_string()));
        work.change(Subject::Meeting(meeting.reference.clone()), stamp_field(sender.id), from, to)?;
    }
    if from == to {
        return Ok(Told::Unchanged(told));
    }
    work.change(Subject::Meeting(meeting.reference.clone()), field, from, to)?;
    Ok(Told::Done(told))
}

/// With the days of a meeting, as far as they are known.
fn with_days(text: Text, meeting: &Meeting) -> Text {
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let end = meeting.end.filter(|end| Some(*end) != meeting.start);
    text.with("start", day(meeting.start)).with("end", day(end))
}

/// The meeting that is meant: the one that is named, or that the mail replied to is about.
fn meant(work: &Work, target: &Target) -> Result<Meeting, Refusal> {
    if *target != Target::Omitted {
        return planned(work, target);
    }
    let replied = work.known.replied.as_ref();
    let about = replied.and_then(|replied| match (&replied.meeting, replied.rows.as_slice()) {
        (Some(meeting), _) | (None, [(_, Subject::Meeting(meeting))]) => Some(meeting.clone()),
        _ => None,
    });
    let about = about.ok_or_else(|| Text::new("refused-attend-which"))?;
    planned(work, &Target::Reference(Reference::Meeting(about)))
}

/// A meeting that is known and takes place. What is said where it does not is for who comes, not for who plans.
fn planned(work: &Work, target: &Target) -> Result<Meeting, Refusal> {
    meetings::planned(work, target).map_err(|refusal| {
        let key = match refusal.key.as_str() {
            meetings::UNPLANNED => "refused-attend-unknown",
            meetings::CANCELLED => "refused-attend-cancelled",
            _ => return refusal,
        };
        Text { key: key.to_owned(), ..refusal }
    })
}

/// Whoever comes to a meeting whose days are others now must say so again: takes back what was said. Where it was only
/// moved away and back within one mail, what was said before that mail stands.
pub(super) fn ask_again(work: &mut Work, meeting: &Meeting) -> Result<(), Refusal> {
    let subject = || Subject::Meeting(meeting.reference.clone());
    let now = work.known.meeting_by_reference(&meeting.reference).cloned();
    let before = work.start().meeting_by_reference(&meeting.reference).cloned();
    if let (Some(now), Some(before)) = (now, before)
        && (now.start, now.end) == (before.start, before.end)
    {
        for field in before.attendance_fields().filter(|field| now.get(field).is_none()) {
            work.change(subject(), &field, None, before.get(&field))?;
        }
        return Ok(());
    }
    for field in meeting.attendance_fields() {
        work.change(subject(), &field, meeting.get(&field), None)?;
    }
    Ok(())
}

/// Whether a calendar has answered with what was overtaken by a later answer, which came before it.
#[must_use]
pub fn is_overtaken(known: &Known, mail: &MailInput) -> bool {
    let Some(sender) = sender(&known.roster, mail) else { return false };
    let answers = mail.parsed.lines.iter().filter_map(|line| match &line.command {
        Ok(Command::Attend { of, invited: Some(invited), .. }) => Some((of.first()?, invited.stamp?)),
        _ => None,
    });
    answers.into_iter().any(|(target, stamp)| match target {
        Target::Reference(Reference::Meeting(meeting)) => {
            let meeting = known.meeting_by_reference(meeting);
            meeting.and_then(|meeting| meeting.stamps.get(&sender.id)).is_some_and(|last| stamp < *last)
        }
        _ => false,
    })
}

/// Takes the answer away from a calendar's answer: nobody who presses "Accept" waits for a mail. There is one where
/// something went wrong, or more is said in the text beside it; to a machine there is none.
pub(super) fn hush(outcome: &mut Outcome, mail: &MailInput) {
    let said = mail.parsed.lines.iter().find_map(|line| match &line.command {
        Ok(Command::Attend { invited: Some(invited), .. }) => Some((line, invited.by_machine)),
        _ => None,
    });
    // Who was asked whether it is theirs has written a mail, and waits for what comes of it.
    let is_confirmed = matches!(mail.verdict, Verdict::Proven(Proof::Confirmed { .. }));
    let Some((said, by_machine)) = said.filter(|_| !is_confirmed) else { return };
    let Some(answer) = &outcome.answer else { return };
    let is_right = |outcome: LineOutcome| !matches!(outcome, LineOutcome::Refused | LineOutcome::Partly);
    let says_more = answer.lines.iter().any(|line| line.text != said.text || !is_right(line.outcome));
    if by_machine || !says_more && answer.intro.is_none() {
        outcome.answer = None;
    }
}
