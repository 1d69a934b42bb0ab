//! What is kept for so long only.

use anyhow::Context as _;
use jiff::Timestamp;
use tracing::info;

use crate::store::Store;

use super::Group;

/// Erases the bytes of messages that are older than the group keeps them. Once a day is enough.
///
/// # Errors
/// Where the database fails; what is left is erased the next time.
pub async fn tidy(store: &Store, group: &Group, now: Timestamp) -> anyhow::Result<usize> {
    let Some(retention) = group.config.retention else { return Ok(0) };
    let before =
        now.to_zoned(group.config.time_zone.clone()).checked_sub(retention).context("how long mail is kept")?;
    let erased = store.erase_before(group.id, before.timestamp(), now).await?;
    if erased > 0 {
        info!(group = group.config.key, erased, before = %before.date(), "old messages have lost their bytes");
    }
    Ok(erased)
}
