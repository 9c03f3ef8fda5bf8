//! The apps and their keys, held in memory for a few seconds: every hello asks for them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc_protocol::SdkAppId;
use rtc_store::{App, Store, StoreError};
use tokio::sync::RwLock;

/// How long a change made by another program (a key replaced, an app added) may go unnoticed.
const FRESH: Duration = Duration::from_secs(5);
/// How soon it is looked again for something that was not found.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

pub(crate) struct Apps {
    store: Store,
    held: RwLock<Held>,
}

struct Held {
    apps: BTreeMap<SdkAppId, Arc<App>>,
    read: Instant,
}

impl Apps {
    pub(crate) async fn read(store: Store) -> Result<Self, StoreError> {
        let held = Held { apps: read(&store).await?, read: Instant::now() };
        Ok(Self { store, held: RwLock::new(held) })
    }

    /// The app, or nothing if there is none.
    pub(crate) async fn find(&self, id: SdkAppId) -> Option<Arc<App>> {
        {
            let held = self.held.read().await;
            let age = held.read.elapsed();
            match held.apps.get(&id) {
                Some(app) if age < FRESH => return Some(Arc::clone(app)),
                None if age < LOOK_AGAIN => return None,
                _ => {}
            }
        }
        let mut held = self.held.write().await;
        // Others may have waited for the same and found it done.
        if held.read.elapsed() >= LOOK_AGAIN {
            match read(&self.store).await {
                Ok(apps) => *held = Held { apps, read: Instant::now() },
                // What is known goes on being used: an engine whose disk fails need not fail as well.
                Err(error) => tracing::error!(%error, "apps could not be read"),
            }
        }
        held.apps.get(&id).map(Arc::clone)
    }
}

async fn read(store: &Store) -> Result<BTreeMap<SdkAppId, Arc<App>>, StoreError> {
    Ok(store.apps().await?.into_iter().map(|app| (app.id, Arc::new(app))).collect())
}
