//! What monitoring is told of a group's servers.

use jiff::Timestamp;
use tracing::debug;

use crate::store::{Door, GroupId, Store};

/// Notes that a server is in reach. That it cannot be noted, as on a full disk, is in nobody's way: the loop tells
/// of that.
pub async fn door_opens(store: &Store, group: GroupId, door: Door, at: Timestamp) {
    if let Err(error) = store.door_opened(group, door, at).await {
        debug!(%door, %error, "that a server is in reach could not be noted");
    }
}

/// Notes that a server is out of reach, as [`door_opens`]; `reached_at` is the last contact, where one is known.
pub async fn door_is_shut(
    store: &Store,
    group: GroupId,
    door: Door,
    reached_at: Option<Timestamp>,
    at: Timestamp,
    error: &str,
) {
    if let Err(error) = store.door_shut(group, door, reached_at, at, error).await {
        debug!(%door, %error, "that a server is out of reach could not be noted");
    }
}
