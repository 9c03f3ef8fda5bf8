//! Stories of the store: real files in a folder of their own.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;

use rtc_protocol::{Layer, MemberKind, Qos, Role, RoomId, RoomKey, Scene, SdkAppId, SdkInfo, SessionId, Track, Tracks, UserId};
use rtc_room::{Hearing, Membership, Permissions, Time, Viewed};
use rtc_store::{KeptMembership, MembershipChange, Store, StoreError};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

fn kept(session: u64, user: &str) -> KeptMembership {
    let membership = Membership {
        session: SessionId(session),
        key: RoomKey { app: SdkAppId(1_400_000_001), room: RoomId::text("a room").unwrap() },
        user: UserId::parse(user).unwrap(),
        entered: Time(1_700_000_000_000 + (session & 0xff)),
        scene: Scene::Live,
        role: Role::Audience,
        kind: MemberKind::Person,
        permissions: Permissions::AUDIENCE,
        tracks: Tracks::default(),
        hearing: Hearing { everybody: true, except: BTreeSet::from([UserId::parse("carl").unwrap()]) },
        qos: Qos::default(),
        views: vec![Viewed { publisher: SessionId(9), track: Track::Camera, layer: Layer::Small }],
        sdk: SdkInfo { name: "web".into(), version: "1".into(), platform: "Chromium".into() },
        address: "127.0.0.1".into(),
        record_id: None,
    };
    KeptMembership { membership, resume_hash: "00".into() }
}

#[tokio::test]
async fn the_first_credentials_are_made_once_and_kept() {
    let folder = folder();
    let store = Store::open(folder.path()).await.unwrap();
    let first = store.first_credentials().await.unwrap();
    assert!(first.created);
    assert_eq!(first.sdk_app_id, SdkAppId(1_400_000_001));
    assert_eq!(first.sdk_secret_key.expose().len(), 64);
    assert!(first.sdk_secret_key.expose().bytes().all(|b| b.is_ascii_hexdigit()));
    assert!(first.api.secret_id.starts_with("AKID") && first.api.secret_id.len() == 36);
    store.close().await;

    let again = Store::open(folder.path()).await.unwrap().first_credentials().await.unwrap();
    assert!(!again.created);
    assert_eq!(again.sdk_secret_key, first.sdk_secret_key);
    assert_eq!(again.api.secret_key, first.api.secret_key);
}

#[tokio::test]
async fn programs_that_start_together_get_the_same_credentials() {
    let folder = folder();
    let (one, two) = tokio::join!(Store::open(folder.path()), Store::open(folder.path()));
    let (one, two) = (one.unwrap(), two.unwrap());
    let (a, b) = tokio::join!(one.first_credentials(), two.first_credentials());
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!(a.sdk_secret_key, b.sdk_secret_key);
    assert_ne!(a.created, b.created);
}

#[tokio::test]
async fn nobody_else_may_read_the_files() {
    let parent = folder();
    let folder = parent.path().join("data");
    let store = Store::open(&folder).await.unwrap();
    store.first_credentials().await.unwrap();
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    for file in std::fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.path());
    }
}

#[tokio::test]
async fn a_key_is_replaced_while_both_are_live() {
    let folder = folder();
    let store = Store::open(folder.path()).await.unwrap();
    let app = store.create_app("An app").await.unwrap();
    let old = app.keys[0].clone();
    assert!(matches!(store.retire_key(app.id, &old).await, Err(StoreError::LastLiveKey { .. })));

    let new = store.add_key(app.id).await.unwrap();
    assert!(matches!(store.add_key(app.id).await, Err(StoreError::TwoLiveKeys { .. })));
    assert_eq!(store.apps().await.unwrap()[0].keys.len(), 2);

    store.retire_key(app.id, &old).await.unwrap();
    assert_eq!(store.apps().await.unwrap()[0].keys, [new]);
}

#[tokio::test]
async fn memberships_outlive_the_run_that_made_them() {
    let folder = folder();
    let store = Store::open(folder.path()).await.unwrap();
    let (ann, mut bob) = (kept(1, "ann"), kept(u64::MAX - 7, "bob"));
    let is = |m: &KeptMembership| MembershipChange::Is(Box::new(m.clone()));
    store.change_memberships(&[is(&ann), is(&bob)]).await.unwrap();
    bob.membership.role = Role::Anchor;
    bob.membership.key.room = RoomId::number(8).unwrap();
    store.change_memberships(&[is(&bob), MembershipChange::Ended(ann.membership.session)]).await.unwrap();
    store.mark_alive(5).await.unwrap();
    store.mark_alive(6).await.unwrap();
    drop(store);

    let store = Store::open(folder.path()).await.unwrap();
    assert_eq!(store.memberships().await.unwrap(), [bob]);
    assert_eq!(store.alive_at().await.unwrap(), Some(6));
    store.replace_memberships(std::slice::from_ref(&ann)).await.unwrap();
    assert_eq!(store.memberships().await.unwrap(), [ann]);
}

#[tokio::test]
async fn a_membership_that_another_version_wrote_does_not_keep_the_engine_from_starting() {
    let folder = folder();
    let store = Store::open(folder.path()).await.unwrap();
    let (ann, bob) = (kept(1, "ann"), kept(2, "bob"));
    store.replace_memberships(&[ann, bob.clone()]).await.unwrap();
    let file = format!("sqlite://{}", folder.path().join("store.sqlite").display());
    let other = sqlx::SqlitePool::connect(&file).await.unwrap();
    sqlx::query("UPDATE membership SET details = '{}' WHERE session_id = 1").execute(&other).await.unwrap();
    assert_eq!(store.memberships().await.unwrap(), [bob]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let parent = folder();
    let file = parent.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Store::open(&file.join("data")).await.unwrap_err().to_string();
    assert!(error.contains(&file.display().to_string()), "{error}");
}
