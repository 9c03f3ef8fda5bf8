//! Opening the database file and bringing its schema up to date.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};

use crate::StoreError;

/// How long a statement waits while another program writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Every step of the schema, in order. A step that was released is never edited.
const MIGRATIONS: [(i64, &str, &str); 2] = [
    (1, "apps", include_str!("../migrations/0001_apps.sql")),
    (2, "memberships", include_str!("../migrations/0002_memberships.sql")),
];

/// The open store. Clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: SqlitePool,
}

impl Store {
    /// Opens the store of a data folder, making folder, file and schema where they are missing. The folder is made for
    /// its owner alone (0700) and so is the file (0600): both hold keys.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |cause: io::Error| StoreError::Folder { path, cause }
        };
        if !folder.is_dir() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed(folder))?;
        }
        // Held while opening, because SQLite's migrations have no lock of their own: an engine and a command line that
        // start together must not both make the tables.
        let lock_path = folder.join("store.lock");
        let lock = private_file(&lock_path).map_err(failed(&lock_path))?;
        // On a thread of its own: whoever holds the lock may be waiting for this one.
        let _lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock))
            .await
            .expect("locking a file does not panic and is not cancelled")
            .map_err(failed(&lock_path))?;

        // SQLite would make the file readable for everybody; its journals take their mode from it.
        let path = folder.join("store.sqlite");
        drop(private_file(&path).map_err(failed(&path))?);

        let options = SqliteConnectOptions::new()
            .filename(&path)
            .journal_mode(SqliteJournalMode::Wal)
            // With WAL this survives a crash of the engine; only a loss of power may take back the last commits.
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        migrator().run(&pool).await?;
        Ok(Self { pool })
    }

    /// Waits for what is being written and closes the file.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// A transaction that takes the right to write at once: one that first reads and then writes would fail instead of
    /// waiting when another program wrote in between.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(path)
}

fn migrator() -> Migrator {
    let step = |(version, name, sql): (i64, &'static str, &'static str)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(MIGRATIONS.into_iter().map(step).collect())
}
