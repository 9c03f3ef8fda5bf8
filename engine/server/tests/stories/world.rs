//! An engine of one story, with a data folder of its own.

use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use rtc_server::{Engine, Settings};
use rtc_store::{Credentials, Store};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) credentials: Credentials,
    pub(crate) folder: TempDir,
    settings: Settings,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// An engine with other settings than the usual ones.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::in_folder(tempfile::tempdir().expect("a folder"), change).await
    }

    pub(crate) async fn in_folder(folder: TempDir, change: impl FnOnce(&mut Settings)) -> Self {
        let data_dir = folder.path().to_str().expect("a plain path").into();
        let mut settings = Settings { data_dir, ..Settings::default() };
        settings.http.listen = "127.0.0.1:0".parse().expect("an address");
        settings.media.listen = settings.http.listen;
        settings.media.shards = 2;
        change(&mut settings);
        let engine = Engine::start(&settings, false).await.expect("the engine starts");
        let store = Store::open(folder.path()).await.expect("the store opens beside the engine");
        let credentials = store.first_credentials().await.expect("there are credentials");
        store.close().await;
        Self { engine, credentials, folder, settings }
    }

    /// Stops the engine and starts another one on the same folder.
    pub(crate) async fn again(self) -> Self {
        let Self { engine, folder, settings, .. } = self;
        engine.stop().await;
        Self::in_folder(folder, |fresh| *fresh = settings).await
    }

    pub(crate) fn http(&self) -> SocketAddr {
        self.engine.http_addr()
    }

    pub(crate) async fn store(&self) -> Store {
        Store::open(self.folder.path()).await.expect("the store opens beside the engine")
    }

    pub(crate) fn user_sig(&self, user: &str) -> String {
        let (app, key) = (self.credentials.sdk_app_id.0, self.credentials.sdk_secret_key.expose());
        rtc_auth::user_sig::make(app, user, key, now_s(), 600)
    }

    /// What an honest client says first, to enter a call in room 1.
    pub(crate) fn hello(&self, user: &str) -> Value {
        json!({
            "protocol": rtc_protocol::VERSION,
            "sdk": {"name": "test", "version": "1", "platform": "none"},
            "sdkAppId": self.credentials.sdk_app_id.0,
            "userId": user,
            "userSig": self.user_sig(user),
            "room": {"number": 1},
            "scene": "videoCall",
        })
    }

    /// A connection that has said nothing yet.
    pub(crate) async fn connect(&self) -> Client {
        Client::connect(self.http()).await
    }

    /// A member of room 1.
    pub(crate) async fn enter(&self, user: &str) -> Client {
        self.enter_with(user, json!({})).await
    }

    /// A member whose hello has other fields than the usual ones.
    pub(crate) async fn enter_with(&self, user: &str, change: Value) -> Client {
        let mut client = self.connect().await;
        client.enter(merged(self.hello(user), &change)).await.unwrap_or_else(|error| panic!("{user} was refused: {error}"));
        client
    }

    /// The code with which a hello is refused.
    pub(crate) async fn refusal(&self, user: &str, change: Value) -> i64 {
        let mut client = self.connect().await;
        let error = client.enter(merged(self.hello(user), &change)).await.expect_err("it is refused");
        assert!(!error["message"].as_str().expect("words").is_empty());
        assert_eq!(client.closed().await, 1008);
        error["code"].as_i64().expect("a code")
    }
}

/// An object with some fields changed; null takes one away.
pub(crate) fn merged(mut object: Value, change: &Value) -> Value {
    let fields = object.as_object_mut().expect("an object");
    for (name, value) in change.as_object().expect("an object") {
        match value {
            Value::Null => drop(fields.remove(name)),
            value => drop(fields.insert(name.clone(), value.clone())),
        }
    }
    object
}

pub(crate) fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}
