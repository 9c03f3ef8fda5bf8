//! Who is in which room, and until when the engine was alive.

use rtc_protocol::SessionId;
use rtc_room::Membership;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::{Store, StoreError};

/// A membership with what is needed to let its client come back to it after a crash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptMembership {
    /// The membership.
    pub membership: Membership,
    /// SHA-256 of its resume token, in hex. The token itself is nowhere but with its client.
    pub resume_hash: String,
}

/// One thing to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MembershipChange {
    /// It began, or is another one now.
    Is(Box<KeptMembership>),
    /// It ended.
    Ended(SessionId),
}

impl Store {
    /// Writes changes in one commit, in order.
    pub async fn change_memberships(&self, changes: &[MembershipChange]) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut transaction = self.write().await?;
        for change in changes {
            match change {
                MembershipChange::Is(kept) => upsert(&mut transaction, kept).await?,
                MembershipChange::Ended(session) => {
                    sqlx::query("DELETE FROM membership WHERE session_id = $1")
                        .bind(column(session.0))
                        .execute(&mut *transaction)
                        .await?;
                }
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Makes these the only memberships, in one commit.
    pub async fn replace_memberships(&self, memberships: &[KeptMembership]) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        sqlx::query("DELETE FROM membership").execute(&mut *transaction).await?;
        for membership in memberships {
            upsert(&mut transaction, membership).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The memberships of the run before, oldest first. One that cannot be read, because an engine of another version wrote
    /// it, is passed over: its member enters anew.
    pub async fn memberships(&self) -> Result<Vec<KeptMembership>, StoreError> {
        let rows = sqlx::query("SELECT details FROM membership ORDER BY entered_ms, session_id").fetch_all(&self.pool).await?;
        let mut memberships = Vec::with_capacity(rows.len());
        for row in &rows {
            match read(row) {
                Ok(membership) => memberships.push(membership),
                Err(error @ StoreError::Unreadable { .. }) => tracing::warn!(%error, "a membership is given up"),
                Err(error) => return Err(error),
            }
        }
        Ok(memberships)
    }

    /// Marks that the engine runs now, in milliseconds since 1970.
    pub async fn mark_alive(&self, at_ms: u64) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO alive (id, at_ms) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at_ms = $1")
            .bind(column(at_ms))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Until when the engine is known to have run; nothing before its first second.
    pub async fn alive_at(&self) -> Result<Option<u64>, StoreError> {
        let at: Option<i64> = sqlx::query_scalar("SELECT at_ms FROM alive WHERE id = 1").fetch_optional(&self.pool).await?;
        Ok(at.map(i64::cast_unsigned))
    }
}

async fn upsert(connection: &mut SqliteConnection, kept: &KeptMembership) -> Result<(), StoreError> {
    let Membership { session, key, user, entered, .. } = &kept.membership;
    sqlx::query(
        "INSERT INTO membership (session_id, sdk_app_id, room, user_id, details, entered_ms) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (session_id) DO UPDATE SET room = $3, details = $5, entered_ms = $6",
    )
    .bind(column(session.0))
    .bind(i64::from(key.app.0))
    .bind(json(&key.room)?)
    .bind(user.as_str())
    .bind(json(kept)?)
    .bind(column(entered.0))
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<KeptMembership, StoreError> {
    serde_json::from_str(row.try_get("details")?).map_err(unreadable)
}

/// SQL has no unsigned numbers; the bits are the same either way.
fn column(value: u64) -> i64 {
    value.cast_signed()
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(unreadable)
}

#[expect(clippy::needless_pass_by_value, reason = "taken by map_err")]
fn unreadable(reason: impl ToString) -> StoreError {
    StoreError::Unreadable { what: "membership", reason: reason.to_string() }
}
