//! The next agenda, for the operator: remembered, so that a document that is made from it is compared
//! with it, or only looked at.

use jiff::Timestamp;

use crate::decide::{self, Answer, Entry, Input, Known};
use crate::domain::MeetingRef;
use crate::store::Store;

use super::Group;
use super::answers::receipt;
use super::operator::perform;

/// Makes the agenda of a meeting, else of the next one, and remembers what it says.
///
/// # Errors
/// Where the database fails: nothing was remembered.
pub async fn export_agenda(
    store: &Store,
    group: &Group,
    meeting: Option<MeetingRef>,
    now: Timestamp,
) -> anyhow::Result<Option<Answer>> {
    let of = meeting.as_ref().map(ToString::to_string).unwrap_or_default();
    let name = Some(receipt(&["export", &group.rules.key, &of, &now.as_nanosecond().to_string()], 0));
    perform(store, group.id, Input::Export { meeting, name }, now).await
}

/// As [`export_agenda`], from a database that is only read: nothing is remembered.
///
/// # Errors
/// Where the database fails.
pub async fn look_at_agenda(
    store: &Store,
    group: &Group,
    meeting: Option<MeetingRef>,
    now: Timestamp,
) -> anyhow::Result<Option<Answer>> {
    let actions = store.actions(group.id).await?;
    let contributions = store.contributions(group.id).await?;
    let known = Known {
        rules: Some(group.rules.clone()),
        roster: store.roster(group.id).await?,
        meetings: store.meetings(group.id).await?,
        actions: actions.into_iter().map(|item| (item.reference.clone(), item)).collect(),
        contributions: contributions.into_iter().map(|row| (row.reference.clone(), row)).collect(),
        baseline: store.headings(group.id).await?.into(),
        ..Known::nothing()
    };
    Ok(decide::decide(known, &Entry { at: now, input: Input::Export { meeting, name: None } }).answer)
}
