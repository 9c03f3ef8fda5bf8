//! Who is not let in, and with which number it is told so.

use rtc_auth::{private_map_key, user_sig};
use serde_json::json;

use crate::world::{World, now_s};

#[tokio::test]
async fn a_bad_user_sig_gets_its_number() {
    let world = World::start().await;
    let (app, key) = (world.credentials.sdk_app_id.0, world.credentials.sdk_secret_key.expose());
    let sig = |app, user, key, time| json!({"userSig": user_sig::make(app, user, key, time, 600)});
    assert_eq!(world.refusal("ann", sig(app, "ann", key, now_s() - 601)).await, 70001);
    assert_eq!(world.refusal("ann", json!({"userSig": ""})).await, 70002);
    assert_eq!(world.refusal("ann", json!({"userSig": "eJwNotATicket"})).await, 70003);
    assert_eq!(world.refusal("ann", sig(app, "ann", "another key", now_s())).await, 70009);
    assert_eq!(world.refusal("ann", sig(app, "bob", key, now_s())).await, 70013);
    assert_eq!(world.refusal("ann", sig(app + 1, "ann", key, now_s())).await, 70014);
    assert_eq!(world.refusal("ann", json!({"sdkAppId": app + 1})).await, 70020);
}

#[tokio::test]
async fn a_bad_user_or_room_gets_its_number() {
    let world = World::start().await;
    for user in ["", "0123456789abcdef0123456789abcdefX", "a\nb", "a/b"] {
        assert_eq!(world.refusal(user, json!({})).await, -3319, "{user:?}");
    }
    for room in [json!({"number": 0}), json!({"number": 4294967295u32}), json!({"text": ""}), json!({"text": "grün"})] {
        assert_eq!(world.refusal("ann", json!({"room": room})).await, -10012, "{room}");
    }
    let long = "x".repeat(65);
    assert_eq!(world.refusal("ann", json!({"room": {"text": long}})).await, -10012);
    assert_eq!(world.refusal("ann", json!({"userDefineRecordId": "a b"})).await, -102023);
}

#[tokio::test]
async fn another_version_is_told_who_is_behind() {
    let world = World::start().await;
    for version in [0, rtc_protocol::VERSION + 1, 65535] {
        assert_eq!(world.refusal("ann", json!({"protocol": version})).await, -3301);
    }
    // Of a form that this version does not know.
    assert_eq!(world.refusal("ann", json!({"protocol": 70000, "scene": "hologram"})).await, -3301);
}

#[tokio::test]
async fn a_room_of_the_other_scene_is_refused() {
    let world = World::start().await;
    let _ann = world.enter("ann").await;
    assert_eq!(world.refusal("bob", json!({"scene": "live"})).await, -100011);
    // The two call scenes meet.
    let bob = world.enter_with("bob", json!({"scene": "audioCall"})).await;
    assert_eq!(bob.saw(), ["ann"]);
}

#[tokio::test]
async fn an_app_may_ask_for_a_key_to_each_room() {
    let world = World::start().await;
    let app = world.credentials.sdk_app_id;
    let key = world.credentials.sdk_secret_key.expose();
    let make = |user: &str, room: u32, permissions: u32| {
        let (room, permissions) = (private_map_key::Room::Number(room), private_map_key::Permissions(permissions));
        json!({"privateMapKey": private_map_key::make(app.0, user, &room, permissions, key, now_s(), 600)})
    };
    // One that is given is checked even where none is asked for.
    assert_eq!(world.refusal("ann", make("ann", 2, 255)).await, -100006);
    world.enter_with("ann", make("ann", 1, 255)).await.close(1000).await;

    let World { folder, engine, .. } = world;
    let store = rtc_store::Store::open(folder.path()).await.expect("the store opens");
    store.require_room_key(app, true).await.expect("the app is there");
    store.close().await;
    engine.stop().await;
    let world = World::in_folder(folder, |_| {}).await;
    assert_eq!(world.refusal("ann", json!({})).await, -100006);
    assert_eq!(world.refusal("ann", make("bob", 1, 255)).await, -100006);
    assert_eq!(world.refusal("ann", make("ann", 1, 42)).await, -102010, "it does not allow to create the room");
    let mut ann = world.enter_with("ann", make("ann", 1, 255 & !64)).await;
    ann.done("publish", json!({"track": "camera", "state": "on"})).await;
    let refused = ann.ask("publish", json!({"track": "screen", "state": "on"})).await.expect_err("no permission");
    assert_eq!(refused["code"], -102015);
}

#[tokio::test]
async fn both_keys_open_while_one_is_replaced() {
    let world = World::start().await;
    let app = world.credentials.sdk_app_id;
    let store = world.store().await;
    let new = store.add_key(app).await.expect("a second key");
    let World { folder, engine, credentials, .. } = world;
    engine.stop().await;
    let world = World::in_folder(folder, |_| {}).await;
    for key in [&credentials.sdk_secret_key, &new] {
        let sig = user_sig::make(app.0, "ann", key.expose(), now_s(), 600);
        world.enter_with("ann", json!({"userSig": sig})).await.close(1000).await;
    }
}

#[tokio::test]
async fn a_key_that_was_retired_opens_nothing_any_more() {
    let world = World::start().await;
    let app = world.credentials.sdk_app_id;
    let store = world.store().await;
    let new = store.add_key(app).await.expect("a second key");
    let old = world.credentials.sdk_secret_key.expose().to_owned();
    store.retire_key(app, &world.credentials.sdk_secret_key).await.expect("the first one");
    store.close().await;
    let world = world.again().await;
    let sig = |key: &str| json!({"userSig": user_sig::make(app.0, "ann", key, now_s(), 600)});
    assert_eq!(world.refusal("ann", sig(&old)).await, 70009);
    world.enter_with("ann", sig(new.expose())).await;
}

#[tokio::test]
async fn a_clock_that_is_five_minutes_off_is_forgiven_and_no_more() {
    let world = World::start().await;
    let (app, key) = (world.credentials.sdk_app_id.0, world.credentials.sdk_secret_key.expose());
    let made_at = |time: u64| json!({"userSig": user_sig::make(app, "ann", key, time, 600)});
    world.enter_with("ann", made_at(now_s() + 290)).await.close(1000).await;
    assert_eq!(world.refusal("ann", made_at(now_s() + 320)).await, 70001);
    // Nobody is given time beyond the end that was signed.
    assert_eq!(world.refusal("ann", made_at(now_s() - 601)).await, 70001);
    world.enter_with("ann", made_at(now_s() - 580)).await;
}

#[tokio::test]
async fn an_engine_that_is_full_says_so() {
    let world = World::with(|settings| settings.rooms.max_sessions = 1).await;
    let _ann = world.enter("ann").await;
    assert_eq!(world.refusal("bob", json!({})).await, -100021);
}
