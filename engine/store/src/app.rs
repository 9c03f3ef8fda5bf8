//! Apps and their keys.

use rtc_protocol::SdkAppId;
use sqlx::Row as _;
use sqlx::sqlite::SqliteConnection;

use crate::sqlite::now_ms;
use crate::{Secret, Store, StoreError, random};

/// The number of the app that a first start makes. It looks like one of the original's, because applications and their
/// tests sometimes check that an SDKAppID begins with 14 and has ten digits.
const FIRST_APP: u32 = 1_400_000_001;

/// How many keys of an app may be live.
const LIVE_KEYS: i64 = 2;

/// An app with its live keys.
#[derive(Debug, Clone)]
pub struct App {
    /// Its number.
    pub id: SdkAppId,
    /// Its name, for people.
    pub name: String,
    /// Whether nobody enters a room of it without a PrivateMapKey.
    pub room_key_required: bool,
    /// Its live keys, oldest first: one, or two while a key is being replaced.
    pub keys: Vec<Secret>,
}

impl Store {
    /// Every app, by number.
    pub async fn apps(&self) -> Result<Vec<App>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        apps(&mut connection).await
    }

    /// Makes an app with a first key. Its number follows the highest there is.
    pub async fn create_app(&self, name: &str) -> Result<App, StoreError> {
        let mut transaction = self.write().await?;
        let app = create(&mut transaction, name).await?;
        transaction.commit().await?;
        Ok(app)
    }

    /// Says whether rooms of an app are entered with a PrivateMapKey only.
    pub async fn require_room_key(&self, app: SdkAppId, required: bool) -> Result<(), StoreError> {
        let changed = sqlx::query("UPDATE app SET room_key_required = $1 WHERE sdk_app_id = $2")
            .bind(i64::from(required))
            .bind(i64::from(app.0))
            .execute(&self.pool)
            .await?;
        if changed.rows_affected() == 0 { Err(StoreError::Missing { what: "app" }) } else { Ok(()) }
    }

    /// Gives an app a second live key, to replace the first.
    pub async fn add_key(&self, app: SdkAppId) -> Result<Secret, StoreError> {
        let mut transaction = self.write().await?;
        let live = live_keys(&mut transaction, app).await?;
        if live == 0 {
            return Err(StoreError::Missing { what: "app" });
        }
        if live >= LIVE_KEYS {
            return Err(StoreError::TwoLiveKeys { sdk_app_id: app.0 });
        }
        let key = insert_key(&mut transaction, app).await?;
        transaction.commit().await?;
        Ok(key)
    }

    /// Ends a key's life: tickets signed with it are forged from now on.
    pub async fn retire_key(&self, app: SdkAppId, key: &Secret) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        if live_keys(&mut transaction, app).await? < 2 {
            return Err(StoreError::LastLiveKey { sdk_app_id: app.0 });
        }
        let changed =
            sqlx::query("UPDATE app_key SET state = 'retired' WHERE sdk_app_id = $1 AND secret = $2 AND state = 'live'")
                .bind(i64::from(app.0))
                .bind(key.expose())
                .execute(&mut *transaction)
                .await?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::Missing { what: "live key" });
        }
        transaction.commit().await?;
        Ok(())
    }
}

pub(crate) async fn apps(connection: &mut SqliteConnection) -> Result<Vec<App>, StoreError> {
    let rows = sqlx::query("SELECT sdk_app_id, name, room_key_required FROM app ORDER BY sdk_app_id")
        .fetch_all(&mut *connection)
        .await?;
    let mut apps = Vec::with_capacity(rows.len());
    for row in rows {
        apps.push(App {
            id: app_id(row.try_get("sdk_app_id")?)?,
            name: row.try_get("name")?,
            room_key_required: row.try_get::<i64, _>("room_key_required")? != 0,
            keys: Vec::new(),
        });
    }
    let keys = sqlx::query("SELECT sdk_app_id, secret FROM app_key WHERE state = 'live' ORDER BY created_ms, secret")
        .fetch_all(&mut *connection)
        .await?;
    for row in keys {
        let id = app_id(row.try_get("sdk_app_id")?)?;
        if let Some(app) = apps.iter_mut().find(|app| app.id == id) {
            app.keys.push(Secret::new(row.try_get::<String, _>("secret")?));
        }
    }
    Ok(apps)
}

pub(crate) async fn create(connection: &mut SqliteConnection, name: &str) -> Result<App, StoreError> {
    let highest: Option<i64> = sqlx::query_scalar("SELECT MAX(sdk_app_id) FROM app").fetch_one(&mut *connection).await?;
    let id = app_id(highest.map_or(i64::from(FIRST_APP), |id| id + 1))?;
    sqlx::query("INSERT INTO app (sdk_app_id, name, room_key_required, created_ms) VALUES ($1, $2, 0, $3)")
        .bind(i64::from(id.0))
        .bind(name)
        .bind(now_ms())
        .execute(&mut *connection)
        .await?;
    let key = insert_key(connection, id).await?;
    Ok(App { id, name: name.into(), room_key_required: false, keys: vec![key] })
}

async fn insert_key(connection: &mut SqliteConnection, app: SdkAppId) -> Result<Secret, StoreError> {
    let key = random::app_key();
    sqlx::query("INSERT INTO app_key (sdk_app_id, secret, state, created_ms) VALUES ($1, $2, 'live', $3)")
        .bind(i64::from(app.0))
        .bind(key.expose())
        .bind(now_ms())
        .execute(connection)
        .await?;
    Ok(key)
}

async fn live_keys(connection: &mut SqliteConnection, app: SdkAppId) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM app_key WHERE sdk_app_id = $1 AND state = 'live'")
        .bind(i64::from(app.0))
        .fetch_one(connection)
        .await?)
}

fn app_id(value: i64) -> Result<SdkAppId, StoreError> {
    match u32::try_from(value) {
        Ok(id) if id != 0 => Ok(SdkAppId(id)),
        _ => Err(StoreError::Unreadable { what: "app", reason: format!("{value} is no SDKAppID") }),
    }
}
