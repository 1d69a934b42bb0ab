//! What the list is told at once: that an approval by e-mail was opened, that its end moved, what it came to; that a
//! call of today or tomorrow was planned, moved or called off.

use jiff::ToSpan as _;

use crate::domain::{Approval, ApprovalState, Member, Role, Stance, Subject, Text};

use super::approvals::{called, names, title};
use super::work::Work;
use super::{Known, Notice};

/// The mails to the list about what a message has made of approvals and calls: one for each that stands otherwise
/// than before, whichever commands did that.
pub(super) fn announcements(work: &Work, before: &Known, by: &str) -> Vec<Notice> {
    let Some((list, group)) =
        work.known.rules.as_ref().and_then(|rules| Some((rules.list.clone()?, rules.name.clone())))
    else {
        return Vec::new();
    };
    let by = work.known.roster.members.iter().find(|member| member.addresses.iter().any(|own| own.as_str() == by));
    let for_chair = by.is_some_and(|by| !by.roles.contains(&Role::Chair));
    let by = by.map_or_else(|| "-".to_owned(), |by| by.name.clone());
    let changed = work.known.approvals.values().filter(|now| before.approvals.get(&now.of) != Some(now));
    let notice = |now: &Approval| {
        let key = key(before.approvals.get(&now.of), now, now.is_over(work.today()))?;
        let told = |key: &str| {
            let text = Text::new(key).with("group", &group).with("of", called(&now.of)).with("by", &by);
            let text = text.with("until", now.until.map_or_else(|| "-".to_owned(), |day| day.to_string()));
            let text = text.with("title", title(work, &now.of)).with("reason", now.reason.as_deref().unwrap_or("-"));
            text.with("chair", if for_chair { "chair" } else { "-" })
        };
        let (subject, mut body) = match key {
            Key::Opened => (
                told("notice-approval-opened-subject"),
                vec![told("notice-approval-opened"), told("notice-approval-how")],
            ),
            Key::Moved => (
                told("notice-approval-moved-subject"),
                vec![told("notice-approval-moved"), told("notice-approval-how")],
            ),
            Key::Back => (told("notice-approval-back-subject"), vec![told("notice-approval-back")]),
            Key::Approved => (told("notice-approval-approved-subject"), vec![told("notice-approval-approved")]),
            Key::NotApproved => (told("notice-approval-not-subject"), vec![told("notice-approval-not")]),
            Key::Cancelled => (told("notice-approval-cancelled-subject"), vec![told("notice-approval-cancelled")]),
        };
        if matches!(key, Key::Approved | Key::NotApproved) {
            let said = [
                ("notice-approval-objections", names(work, now.of_stance(Stance::Objection))),
                ("notice-approval-support", names(work, now.of_stance(Stance::Support))),
            ];
            let said = said.into_iter().filter(|(_, names)| !names.is_empty());
            body.extend(said.map(|(key, names)| Text::new(key).with("names", names.join(", "))));
        }
        Some(Notice { to: list.clone(), about: Subject::Approval(now.of.clone()), subject, body })
    };
    let calls = work.known.calls.values().filter_map(|now| {
        let was = before.calls.get(&now.date).filter(|was| was.is_planned());
        // Of those that are farther away, the reminder of the day before tells.
        let is_near = now.date <= work.today().saturating_add(1.day());
        let (subject, key) = match (was, now.time) {
            (None, Some(_)) if is_near => ("notice-call-planned-subject", "notice-call-planned"),
            (Some(was), Some(_)) if is_near && was != now => ("notice-call-moved-subject", "notice-call-moved"),
            (Some(_), None) if is_near => ("notice-call-cancelled-subject", "notice-call-cancelled"),
            _ => return None,
        };
        let told = |key: &str| {
            let time = now.time.map_or_else(|| "-".to_owned(), |time| time.strftime("%H:%M").to_string());
            let text = Text::new(key).with("group", &group).with("date", now.date).with("time", time).with("by", &by);
            text.with("title", now.title.as_deref().unwrap_or("-"))
        };
        let about = Subject::Call(now.date);
        Some(Notice { to: list.clone(), about, subject: told(subject), body: vec![told(key)] })
    });
    let approvals: Vec<Notice> = changed.filter_map(notice).collect();
    approvals.into_iter().chain(calls).collect()
}

/// The mails to the officers about an objection that its member confirmed after the approval had ended: one each, but
/// to nobody about their own.
pub(super) fn late_objection(work: &Work, by: &Member, told: &[Text]) -> Vec<Notice> {
    let ended = work.changes.iter().rev().find_map(|change| match &change.subject {
        Subject::Approval(of) if change.field == "voice" => work.known.approvals.get(of),
        _ => None,
    });
    let Some(approval) = ended.filter(|_| !told.is_empty()) else { return Vec::new() };
    let because = approval.voice_of(by.id).and_then(|voice| voice.because.clone());
    let text = |key: &str| {
        let text = Text::new(key).with("of", called(&approval.of)).with("by", &by.name).with("state", approval.state);
        text.with("because", because.as_deref().unwrap_or("-")).with("reference", &approval.of)
    };
    let officers = work.known.roster.members.iter().filter(|member| member.is_officer() && !member.left);
    let to = officers.filter(|officer| officer.id != by.id).filter_map(|officer| officer.addresses.first().cloned());
    to.map(|to| Notice {
        // What its texts are given names a mail, and each of these is one of its own.
        body: vec![text("notice-late-objection").with("to", &to), text("notice-late-objection-how")],
        to,
        about: Subject::Approval(approval.of.clone()),
        subject: text("notice-late-objection-subject"),
    })
    .collect()
}

/// What is told.
#[derive(Debug, Clone, Copy)]
enum Key {
    Opened,
    Moved,
    /// What it came to is taken back, and its time is over.
    Back,
    Approved,
    NotApproved,
    Cancelled,
}

/// What has become of an approval, where the list is told of it.
fn key(before: Option<&Approval>, now: &Approval, is_over: bool) -> Option<Key> {
    let was = before.map_or(ApprovalState::Cancelled, |before| before.state);
    match (was, now.state) {
        (ApprovalState::Open, ApprovalState::Open) => {
            (before.and_then(|before| before.until) != now.until).then_some(Key::Moved)
        }
        (_, ApprovalState::Open) if is_over => Some(Key::Back),
        (_, ApprovalState::Open) => Some(Key::Opened),
        (was, now) if was == now => None,
        (_, ApprovalState::Approved) => Some(Key::Approved),
        (_, ApprovalState::NotApproved) => Some(Key::NotApproved),
        (_, ApprovalState::Cancelled) => Some(Key::Cancelled),
    }
}
