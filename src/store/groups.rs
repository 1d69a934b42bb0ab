//! Working groups and their rules.

use jiff::Timestamp;
use sqlx::query;

use crate::domain::Rules;

use super::error::{Doing as _, Result};
use super::value::{from_json, time};
use super::{Store, StoreError};

/// A working group of this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub(super) i64);

impl Store {
    /// The group with that key of the configuration; it is made where it does not exist.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn group(&self, key: &str) -> Result<GroupId> {
        if let Some(group) = self.group_if_known(key).await? {
            return Ok(group);
        }
        query!("INSERT INTO groups (key) VALUES (?1) ON CONFLICT (key) DO NOTHING", key)
            .execute(&self.writer)
            .await
            .doing("making a group")?;
        let made = self.group_if_known(key).await?;
        made.ok_or_else(|| StoreError::Refused(format!("the group {key} could not be made")))
    }

    /// The group with that key, where it exists.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn group_if_known(&self, key: &str) -> Result<Option<GroupId>> {
        let row = query!(r#"SELECT id AS "id!" FROM groups WHERE key = ?1"#, key)
            .fetch_optional(&self.reader)
            .await
            .doing("looking up a group")?;
        Ok(row.map(|row| GroupId(row.id)))
    }

    /// Every group with its key, in order of key.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn groups(&self) -> Result<Vec<(String, GroupId)>> {
        let rows = query!(r#"SELECT id AS "id!", key FROM groups ORDER BY key"#)
            .fetch_all(&self.reader)
            .await
            .doing("listing groups")?;
        Ok(rows.into_iter().map(|row| (row.key, GroupId(row.id))).collect())
    }

    /// The group's rules as the journal last said; `None` before its first start.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rules(&self, group: GroupId) -> Result<Option<Rules>> {
        let row = query!("SELECT rules FROM groups WHERE id = ?1", group.0)
            .fetch_optional(&self.reader)
            .await
            .doing("reading a group's rules")?;
        row.and_then(|row| row.rules).map(|rules| from_json("group's rules", &rules)).transpose()
    }

    /// When the group was first started: the time of its first entry in the journal.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn started(&self, group: GroupId) -> Result<Option<Timestamp>> {
        let row = query!(r#"SELECT at AS "at!: i64" FROM journal WHERE group_id = ?1 ORDER BY seq LIMIT 1"#, group.0)
            .fetch_optional(&self.reader)
            .await
            .doing("reading when the group was started")?;
        row.map(|row| time(row.at)).transpose()
    }
}
