//! Cloud API credentials, and what a first start makes.

use rtc_protocol::SdkAppId;
use sqlx::Row as _;
use sqlx::sqlite::SqliteConnection;

use crate::sqlite::now_ms;
use crate::{Secret, Store, StoreError, app, random};

/// A Cloud API credential.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Public: names the credential in each request.
    pub secret_id: String,
    /// Signs requests.
    pub secret_key: Secret,
}

/// What an operator needs to begin: the oldest app with its newest key, and the oldest Cloud API credential.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The app.
    pub sdk_app_id: SdkAppId,
    /// The app's newest live key, which signs UserSigs.
    pub sdk_secret_key: Secret,
    /// The Cloud API credential.
    pub api: Credential,
    /// Whether any of them was made by this call.
    pub created: bool,
}

impl Store {
    /// The credentials to begin with; what is missing is made. Two programs that ask at the same time get the same.
    pub async fn first_credentials(&self) -> Result<Credentials, StoreError> {
        let mut transaction = self.write().await?;
        let mut created = false;
        let app = match app::apps(&mut transaction).await?.into_iter().next() {
            Some(app) => app,
            None => {
                created = true;
                app::create(&mut transaction, "First app").await?
            }
        };
        let api = match credentials(&mut transaction).await?.into_iter().next() {
            Some(credential) => credential,
            None => {
                created = true;
                create(&mut transaction).await?
            }
        };
        transaction.commit().await?;
        let Some(sdk_secret_key) = app.keys.last().cloned() else {
            return Err(StoreError::Unreadable { what: "app", reason: format!("app {} has no live key", app.id) });
        };
        Ok(Credentials { sdk_app_id: app.id, sdk_secret_key, api, created })
    }

    /// Every Cloud API credential, oldest first.
    pub async fn api_credentials(&self) -> Result<Vec<Credential>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        credentials(&mut connection).await
    }
}

async fn credentials(connection: &mut SqliteConnection) -> Result<Vec<Credential>, StoreError> {
    let rows = sqlx::query("SELECT secret_id, secret_key FROM api_credential ORDER BY created_ms, secret_id")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let secret_key = Secret::new(row.try_get::<String, _>("secret_key")?);
            Ok(Credential { secret_id: row.try_get("secret_id")?, secret_key })
        })
        .collect()
}

async fn create(connection: &mut SqliteConnection) -> Result<Credential, StoreError> {
    let credential = Credential { secret_id: random::secret_id(), secret_key: random::secret_key() };
    sqlx::query("INSERT INTO api_credential (secret_id, secret_key, created_ms) VALUES ($1, $2, $3)")
        .bind(&credential.secret_id)
        .bind(credential.secret_key.expose())
        .bind(now_ms())
        .execute(connection)
        .await?;
    Ok(credential)
}
