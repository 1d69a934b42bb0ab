//! Whether a group's mail servers can be reached: written where that changes, so that waiting writes nothing.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use sqlx::query;

use super::error::{Doing as _, Result};
use super::value::{parse, time_or_none};
use super::{GroupId, Store};
use crate::domain::NotA;

/// Which of a group's servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The one that its mail comes from.
    Mailbox,
    /// The one that its mail goes to.
    Delivery,
}

impl Door {
    /// The door as the database and listings write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mailbox => "mailbox",
            Self::Delivery => "delivery",
        }
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Door {
    type Err = NotA;

    fn from_str(text: &str) -> std::result::Result<Self, NotA> {
        let found = [Self::Mailbox, Self::Delivery].into_iter().find(|door| door.as_str() == text);
        found.ok_or_else(|| NotA::new(text, "door", "mailbox, delivery"))
    }
}

impl Serialize for Door {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// What is known of one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoorRow {
    /// The group's key.
    pub group: String,
    /// Which of its servers.
    pub door: Door,
    /// In reach since then; where it is out of reach, the last contact before. `None`: there was none.
    pub reached_at: Option<Timestamp>,
    /// Out of reach since then; `None` where it is in reach.
    pub failed_at: Option<Timestamp>,
    /// The last failure, in the server's words or the system's, also where it is over.
    pub error: Option<String>,
    /// When that was.
    pub error_at: Option<Timestamp>,
}

impl Store {
    /// A server is in reach, from `at` on.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn door_opened(&self, group: GroupId, door: Door, at: Timestamp) -> Result<()> {
        let (door, at) = (door.as_str(), at.as_millisecond());
        query!(
            "INSERT INTO doors (group_id, door, reached_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (group_id, door) DO UPDATE SET reached_at = ?3, failed_at = NULL",
            group.0,
            door,
            at
        )
        .execute(&self.writer)
        .await
        .doing("noting that a server is in reach")?;
        Ok(())
    }

    /// A server is out of reach; `reached_at` is the last contact, where there was one since it was opened.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn door_shut(
        &self,
        group: GroupId,
        door: Door,
        reached_at: Option<Timestamp>,
        at: Timestamp,
        error: &str,
    ) -> Result<()> {
        let (door, at) = (door.as_str(), at.as_millisecond());
        let reached_at = reached_at.map(Timestamp::as_millisecond);
        query!(
            "INSERT INTO doors (group_id, door, reached_at, failed_at, error, error_at) VALUES (?1, ?2, ?3, ?4, ?5, ?4)
             ON CONFLICT (group_id, door) DO UPDATE SET reached_at = coalesce(?3, reached_at),
                 failed_at = coalesce(failed_at, ?4), error = ?5, error_at = ?4",
            group.0,
            door,
            reached_at,
            at,
            error
        )
        .execute(&self.writer)
        .await
        .doing("noting that a server is out of reach")?;
        Ok(())
    }

    /// What is known of all servers, of all groups.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn doors(&self) -> Result<Vec<DoorRow>> {
        let rows = query!(
            r#"SELECT g.key, d.door AS "door!", d.reached_at, d.failed_at, d.error, d.error_at
               FROM doors AS d JOIN groups AS g ON g.id = d.group_id ORDER BY g.key, d.door DESC"#
        )
        .fetch_all(&self.reader)
        .await
        .doing("reading which servers are in reach")?;
        rows.into_iter()
            .map(|row| {
                Ok(DoorRow {
                    group: row.key,
                    door: parse("door", &row.door)?,
                    reached_at: time_or_none(row.reached_at)?,
                    failed_at: time_or_none(row.failed_at)?,
                    error: row.error,
                    error_at: time_or_none(row.error_at)?,
                })
            })
            .collect()
    }
}
