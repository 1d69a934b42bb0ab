//! Who comes to a meeting: each member's own word, the newest of which counts.

use serde::{Deserialize, Serialize};

use crate::command::{Command, Invited, Target};
use crate::domain::{Coming, Meeting, Member, Reference, Roster, Subject, Text, attendance_field};

use super::actions::Told;
use super::work::{Refusal, Work};
use super::{LineOutcome, MailInput, Outcome, Proof, Verdict, meetings};

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
    let told = named("told-attending")
        .with("coming", coming)
        .with("start", meeting.start.map_or_else(|| "-".to_owned(), |day| day.to_string()))
        .with(
            "end",
            meeting.end.filter(|end| Some(*end) != meeting.start).map_or("-".to_owned(), |day| day.to_string()),
        );
    if from == to {
        return Ok(Told::Unchanged(told));
    }
    work.change(Subject::Meeting(meeting.reference.clone()), field, from, to)?;
    Ok(Told::Done(told))
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

/// Whoever comes to a meeting whose days are others now must say so again: takes back what was said.
pub(super) fn ask_again(work: &mut Work, meeting: &Meeting) -> Result<(), Refusal> {
    for field in meeting.attendance_fields() {
        work.change(Subject::Meeting(meeting.reference.clone()), &field, meeting.get(&field), None)?;
    }
    Ok(())
}

/// Takes the answer away from a calendar's answer: nobody who presses "Accept" waits for a mail. Only what went
/// wrong is told, and to a machine nothing is.
pub(super) fn hush(outcome: &mut Outcome, mail: &MailInput) {
    let invited = |command: &Command| match command {
        Command::Attend { invited: Some(invited), .. } => Some(invited.by_machine),
        _ => None,
    };
    let said = mail.parsed.lines.iter().filter_map(|line| line.command.as_ref().ok()).find_map(invited);
    // Who was asked whether it is theirs has written a mail, and waits for what comes of it.
    let is_confirmed = matches!(mail.verdict, Verdict::Proven(Proof::Confirmed { .. }));
    let Some(by_machine) = said.filter(|_| !is_confirmed) else { return };
    let lines = outcome.answer.as_ref().map_or(&[][..], |answer| &answer.lines);
    let is_wrong = lines.iter().any(|line| matches!(line.outcome, LineOutcome::Refused | LineOutcome::Partly));
    if by_machine || !is_wrong {
        outcome.answer = None;
    }
}
