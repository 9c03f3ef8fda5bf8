//! Who is in which room, and until when the engine was alive.

use rtc_protocol::{MemberKind, Role, RoomKey, Scene, SdkInfo, SessionId, UserId};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::{Store, StoreError};

/// A membership with all that is needed to take it up again after a crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The session; it stays the same over a restart.
    pub session: SessionId,
    /// The room.
    pub key: RoomKey,
    /// The user.
    pub user: UserId,
    /// The rest.
    pub details: MembershipDetails,
    /// When it began, in milliseconds since 1970.
    pub entered_ms: u64,
}

/// What is only ever read back whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipDetails {
    /// The scene it entered with.
    pub scene: Scene,
    /// Its role now.
    pub role: Role,
    /// Person, robot, linked.
    pub kind: MemberKind,
    /// Its PrivateMapKey permission bits.
    pub permissions: u32,
    /// Whether it hears everybody without asking.
    pub auto_receive_audio: bool,
    /// Its SDK.
    pub sdk: SdkInfo,
    /// Where it came from.
    pub address: String,
    /// Its part of the names of automatic recordings.
    pub record_id: Option<String>,
    /// SHA-256 of its resume token, in hex. The token itself is nowhere but with its client.
    pub resume_hash: String,
}

/// One thing to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MembershipChange {
    /// It began, or its details are others now.
    Is(Box<Membership>),
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
                MembershipChange::Is(membership) => upsert(&mut transaction, membership).await?,
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
    pub async fn replace_memberships(&self, memberships: &[Membership]) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        sqlx::query("DELETE FROM membership").execute(&mut *transaction).await?;
        for membership in memberships {
            upsert(&mut transaction, membership).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The memberships of the run before, oldest first.
    pub async fn memberships(&self) -> Result<Vec<Membership>, StoreError> {
        let rows = sqlx::query(
            "SELECT session_id, sdk_app_id, room, user_id, details, entered_ms FROM membership ORDER BY entered_ms, session_id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
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

async fn upsert(connection: &mut SqliteConnection, membership: &Membership) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO membership (session_id, sdk_app_id, room, user_id, details, entered_ms) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (session_id) DO UPDATE SET details = $5",
    )
    .bind(column(membership.session.0))
    .bind(i64::from(membership.key.app.0))
    .bind(json(&membership.key.room)?)
    .bind(membership.user.as_str())
    .bind(json(&membership.details)?)
    .bind(column(membership.entered_ms))
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Membership, StoreError> {
    let app: i64 = row.try_get("sdk_app_id")?;
    let app = u32::try_from(app).map_err(|_| unreadable(format!("{app} is no SDKAppID")))?;
    let user: String = row.try_get("user_id")?;
    Ok(Membership {
        session: SessionId(row.try_get::<i64, _>("session_id")?.cast_unsigned()),
        key: RoomKey { app: rtc_protocol::SdkAppId(app), room: parsed(row.try_get("room")?)? },
        user: UserId::parse(&user).map_err(unreadable)?,
        details: parsed(row.try_get("details")?)?,
        entered_ms: row.try_get::<i64, _>("entered_ms")?.cast_unsigned(),
    })
}

/// SQL has no unsigned numbers; the bits are the same either way.
fn column(value: u64) -> i64 {
    value.cast_signed()
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(unreadable)
}

fn parsed<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(unreadable)
}

#[expect(clippy::needless_pass_by_value, reason = "taken by map_err")]
fn unreadable(reason: impl ToString) -> StoreError {
    StoreError::Unreadable { what: "membership", reason: reason.to_string() }
}
