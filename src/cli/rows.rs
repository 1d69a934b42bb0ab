//! What listings show of each thing, in JSON and in words. The keys are what other programs read:
//! none is ever renamed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::decide::{HistoryRow, stands_at};
use crate::domain::{
    ActionItem, Contribution, Due, EmailAddress, Meeting, Member, Owner, Priority, Request, RequestKind, RequestState,
    Revision, Role, Status, Subject,
};

/// An action item.
#[derive(Debug, Serialize)]
pub(super) struct ActionRow {
    pub(super) reference: String,
    pub(super) what: String,
    /// The agenda's notation.
    pub(super) who: String,
    pub(super) status: Status,
    pub(super) due: Option<Due>,
    pub(super) owners: Vec<Owner>,
    pub(super) priority: Option<Priority>,
}

impl ActionRow {
    pub(super) fn new(item: &ActionItem) -> Self {
        Self {
            reference: item.reference.to_string(),
            what: item.what.clone(),
            who: item.who.to_string(),
            status: item.status,
            due: item.due.clone(),
            owners: item.who.list(),
            priority: item.priority,
        }
    }
}

/// A contribution, as it stands today.
#[derive(Debug, Serialize)]
pub(super) struct ContributionRow {
    pub(super) reference: String,
    pub(super) title: String,
    pub(super) source: String,
    pub(super) agenda_item: String,
    pub(super) deliverable: Option<String>,
    reference_cell: String,
    status_cell: String,
    pub(super) outcome: &'static str,
    pub(super) outcome_revision: Revision,
    pub(super) revisions_available: BTreeSet<Revision>,
    pub(super) revisions_expected: BTreeSet<Revision>,
    pub(super) follow_ups: Vec<String>,
}

impl ContributionRow {
    pub(super) fn new(contribution: &Contribution, meetings: &[Meeting], today: Date) -> Self {
        let stands = stands_at(contribution, meetings, today);
        let life = &contribution.life;
        Self {
            reference: contribution.reference.to_string(),
            title: contribution.title.clone(),
            source: contribution.source.clone(),
            agenda_item: contribution.agenda_item.clone(),
            deliverable: contribution.deliverable.clone(),
            reference_cell: contribution.reference_cell.clone(),
            status_cell: contribution.status_cell.clone(),
            outcome: stands.word(),
            outcome_revision: stands.revision,
            revisions_available: life.available(),
            revisions_expected: life.expected(),
            follow_ups: life.follow_ups_in_short(),
        }
    }
}

/// A member.
#[derive(Debug, Serialize)]
pub(super) struct MemberRow {
    pub(super) name: String,
    pub(super) organization: String,
    pub(super) roles: Vec<Role>,
    pub(super) addresses: Vec<EmailAddress>,
    /// The day of return, where an automatic reply says that they are away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) away_until: Option<Date>,
    /// Personal mail is paused until that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) paused_until: Option<Date>,
    /// Gets a copy of the weekly digest.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) digest: bool,
}

impl MemberRow {
    pub(super) fn new(member: &Member, today: Date) -> Self {
        Self {
            name: member.name.clone(),
            organization: member.organization.clone(),
            roles: member.roles.clone(),
            addresses: member.addresses.clone(),
            away_until: member.away_until(today),
            paused_until: member.paused_until.filter(|until| today < *until),
            digest: member.digest,
        }
    }
}

/// A change.
#[derive(Debug, Serialize)]
pub(super) struct ChangeRow {
    pub(super) at: Timestamp,
    pub(super) by: String,
    pub(super) message_id: Option<String>,
    /// What has changed: of a contribution and of a meeting, its approvals by e-mail are told, too.
    pub(super) subject: String,
    pub(super) field: String,
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
}

impl ChangeRow {
    pub(super) fn new(row: &HistoryRow) -> Self {
        Self {
            at: row.at,
            by: row.by.clone(),
            message_id: row.message_id.clone(),
            subject: row.subject.to_string(),
            field: row.field.clone(),
            from: row.from.as_deref().map(|value| value_of(row, value)),
            to: row.to.as_deref().map(|value| value_of(row, value)),
        }
    }
}

/// A value of history as it is shown: a request is kept as a whole there, with the code that
/// confirms an address, and shown as listings show it.
fn value_of(row: &HistoryRow, value: &str) -> String {
    let request = matches!(row.subject, Subject::Request(_)).then(|| serde_json::from_str::<Request>(value).ok());
    request.flatten().map_or_else(|| value.to_owned(), |request| RequestRow::new(&request).asks)
}

/// A request. The code that confirms an address is a secret between two mails, and not shown.
#[derive(Debug, Serialize)]
pub(super) struct RequestRow {
    pub(super) id: u32,
    /// `extension`, `conflict`, `doubt`, `upload`, `address` or `held`.
    pub(super) kind: &'static str,
    pub(super) state: RequestState,
    pub(super) at: Timestamp,
    pub(super) by: Option<EmailAddress>,
    /// What it is about, where it is about something that has a reference.
    pub(super) about: Option<String>,
    /// What it asks for, in words.
    pub(super) asks: String,
}

impl RequestRow {
    pub(super) fn new(request: &Request) -> Self {
        let (kind, about, asks) = match &request.kind {
            RequestKind::Extension { item, due } => {
                ("extension", Some(item.to_string()), format!("more time, until {due}"))
            }
            RequestKind::Conflict { subject, field, document } => {
                let value = document.as_deref().unwrap_or("nothing");
                ("conflict", Some(subject.to_string()), format!("the agenda says {field} is {value:?}"))
            }
            RequestKind::Doubt { text, about } => ("doubt", about.as_ref().map(ToString::to_string), text.clone()),
            RequestKind::Upload { document, message_id } => (
                "upload",
                Some(document.contribution.to_string()),
                format!("message {message_id} says that {document} was uploaded, which is far above what is known"),
            ),
            RequestKind::Address { member, address, asked, .. } => (
                "address",
                Some(format!("member {member}")),
                format!("{asked} is asked whether {address} is the member's too"),
            ),
            RequestKind::Held { member, message_id, lines, .. } => (
                "held",
                Some(format!("member {member}")),
                format!("the member is asked whether message {message_id} is theirs: {}", lines.join(" | ")),
            ),
        };
        Self { id: request.id, kind, state: request.state, at: request.at, by: request.by.clone(), about, asks }
    }
}

/// Whether the item should have been done before `today`.
pub(super) fn is_overdue(item: &ActionItem, meetings: &[Meeting], today: Date) -> bool {
    item.is_overdue(today, |name| meetings.iter().find(|meeting| meeting.is_called(name)).and_then(Meeting::first_day))
}

/// A moment in the group's zone, to the minute.
pub(super) fn moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The text, or a dash where there is none.
pub(super) fn or_dash(text: Option<&str>) -> &str {
    text.filter(|text| !text.trim().is_empty()).unwrap_or("-")
}
