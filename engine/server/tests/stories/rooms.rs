//! More than one room: moving from one to another, anchors linked across two, and one user in several.

use rtc_auth::private_map_key;
use serde_json::{Value, json};

use crate::client::Client;
use crate::web::cloud_api;
use crate::world::{World, now_s};

fn users(snapshot: &Value) -> Vec<&str> {
    let members = snapshot["members"].as_array().expect("members");
    members.iter().map(|member| member["userId"].as_str().expect("a user")).collect()
}

/// An anchor of a live room.
async fn anchor(world: &World, user: &str, room: u32) -> Client {
    world.enter_with(user, json!({"room": {"number": room}, "scene": "live", "role": "anchor"})).await
}

async fn audience(world: &World, user: &str, room: u32) -> Client {
    world.enter_with(user, json!({"room": {"number": room}, "scene": "live", "role": "audience"})).await
}

#[tokio::test]
async fn a_member_moves_on_its_connection_and_is_told_of_the_new_room_only() {
    let world = World::start().await;
    let (mut ann, mut bob) = (anchor(&world, "ann", 1).await, anchor(&world, "bob", 2).await);
    let mut zoe = audience(&world, "zoe", 1).await;
    ann.done("publish", json!({"track": "microphone", "state": "on", "codec": "opus"})).await;
    zoe.told("tracksChanged").await;

    let switched = ann.done("switchRoom", json!({"room": {"number": 2}})).await;
    assert_eq!(users(&switched["snapshot"]), ["bob"]);
    assert_eq!(switched["snapshot"]["tracks"]["microphone"], "on");
    zoe.told("tracksChanged").await;
    assert_eq!(zoe.told("memberLeft").await, json!({"userId": "ann", "reason": 0}));
    assert_eq!(bob.told("memberEntered").await["userId"], "ann");
    assert_eq!(bob.told("tracksChanged").await["tracks"]["microphone"], "on");

    bob.done("message", json!({"cmdId": 1, "data": "aGVsbG8="})).await;
    ann.told("message").await;
    ann.told_nothing_more().await;
    zoe.told_nothing_more().await;
    let n = switched["snapshot"]["n"].as_u64().expect("a number");
    assert_eq!(ann.done("snapshot", json!({})).await["n"], n + 1, "pushes are counted on");
}

#[tokio::test]
async fn its_token_brings_it_back_to_the_new_room() {
    let world = World::start().await;
    let mut ann = anchor(&world, "ann", 1).await;
    let mut bob = anchor(&world, "bob", 2).await;
    ann.done("switchRoom", json!({"room": {"number": 2}})).await;
    bob.told("memberEntered").await;
    let resume = |room| json!({"room": {"number": room}, "scene": "live", "resume": ann.resume()});
    let back = resume(2);
    ann.vanish();
    let ann = world.enter_with("ann", back.clone()).await;
    assert_eq!((&ann.welcome["resumed"], ann.saw()), (&json!(true), vec!["bob"]));
    bob.told_nothing_more().await;
    ann.close(4000).await;
    drop(bob);

    let world = world.again().await;
    let ann = world.enter_with("ann", back).await;
    assert_eq!((&ann.welcome["resumed"], ann.saw()), (&json!(true), vec!["bob"]), "the store has the new room");
}

#[tokio::test]
async fn one_that_never_heard_of_its_move_is_where_it_says_and_nowhere_else() {
    let world = World::start().await;
    let mut ann = anchor(&world, "ann", 1).await;
    let mut bob = anchor(&world, "bob", 2).await;
    ann.done("switchRoom", json!({"room": {"number": 2}})).await;
    bob.told("memberEntered").await;
    let back = json!({"room": {"number": 1}, "scene": "live", "resume": ann.resume()});
    ann.vanish();
    let ann = world.enter_with("ann", back).await;
    assert_eq!((&ann.welcome["resumed"], ann.saw()), (&json!(false), vec![]));
    assert_eq!(bob.told("memberLeft").await, json!({"userId": "ann", "reason": 0}));
    bob.told_nothing_more().await;
}

#[tokio::test]
async fn refused_it_stays_where_it_was() {
    let world = World::start().await;
    let mut ann = anchor(&world, "ann", 1).await;
    let mut zoe = audience(&world, "zoe", 1).await;
    let call = world.enter_with("carl", json!({"room": {"number": 3}})).await;
    let other = world.user_sig("bob");
    let refusals = [
        (json!({"room": {"number": 0}}), -10012),
        (json!({"room": {"number": 1}}), -102023),
        (json!({"room": {"number": 3}}), -100011),
        (json!({"room": {"number": 2}, "userSig": other}), 70013),
        (json!({"room": {"number": 2}, "privateMapKey": "forged"}), -100006),
    ];
    for (switch, code) in refusals {
        assert_eq!(ann.ask("switchRoom", switch.clone()).await.expect_err("refused")["code"], code, "{switch}");
    }
    ann.done("message", json!({"cmdId": 1, "data": "aGVsbG8="})).await;
    zoe.told("message").await;
    zoe.told_nothing_more().await;
    drop(call);
}

#[tokio::test]
async fn tickets_shown_after_a_move_are_for_the_new_room() {
    let world = World::start().await;
    let ticket = |room: u32| {
        let (app, key) = (world.credentials.sdk_app_id.0, world.credentials.sdk_secret_key.expose());
        let room = private_map_key::Room::Number(room);
        private_map_key::make(app, "ann", &room, private_map_key::Permissions(255), key, now_s(), 600)
    };
    let mut ann = audience(&world, "ann", 1).await;
    let become_anchor = |room| json!({"role": "anchor", "privateMapKey": ticket(room)});
    ann.ask("switchRoom", json!({"room": {"number": 2}, "privateMapKey": ticket(1)})).await.expect_err("another room's");
    ann.done("switchRoom", json!({"room": {"number": 2}, "userSig": world.user_sig("ann"), "privateMapKey": ticket(2)})).await;
    assert_eq!(ann.ask("switchRole", become_anchor(1)).await.expect_err("the old room's")["code"], -100006);
    ann.done("switchRole", become_anchor(2)).await;
}

#[tokio::test]
async fn the_server_finds_it_in_the_new_room() {
    let world = World::start().await;
    let mut ann = anchor(&world, "ann", 1).await;
    ann.done("switchRoom", json!({"room": {"number": 2}})).await;
    let remove = json!({"SdkAppId": world.credentials.sdk_app_id.0, "RoomId": 2, "UserIds": ["ann"]});
    cloud_api(&world, "RemoveUser", remove).await;
    assert_eq!(ann.told("removed").await["reason"], "banned");
    assert_eq!(ann.closed().await, 1000);
}

#[tokio::test]
async fn anchors_of_two_rooms_are_seen_in_both_until_one_of_them_has_enough() {
    let world = World::start().await;
    let (mut ann, mut bob) = (anchor(&world, "ann", 1).await, anchor(&world, "bob", 2).await);
    let (mut zoe, mut yve) = (audience(&world, "zoe", 1).await, audience(&world, "yve", 2).await);
    bob.done("publish", json!({"track": "microphone", "state": "on"})).await;
    yve.told("tracksChanged").await;

    ann.done("connectRoom", json!({"room": {"number": 2}, "userId": "bob"})).await;
    for client in [&mut ann, &mut zoe] {
        let entered = client.told("memberEntered").await;
        assert_eq!((&entered["userId"], &entered["kind"]), (&json!("bob"), &json!("linked")));
        assert_eq!(client.told("tracksChanged").await["tracks"]["microphone"], "on");
    }
    for client in [&mut bob, &mut yve] {
        assert_eq!(client.told("memberEntered").await["userId"], "ann");
    }
    zoe.done("listen", json!({"userId": "bob", "on": false})).await;

    ann.done("updateForwardMode", json!({"room": {"number": 2}, "userId": "bob", "muteAudio": true})).await;
    assert_eq!(zoe.told("tracksChanged").await["tracks"]["microphone"], "off");
    ann.done("disconnectRoom", json!({})).await;
    assert_eq!(zoe.told("memberLeft").await, json!({"userId": "bob", "reason": 0}));
    assert_eq!(yve.told("memberLeft").await, json!({"userId": "ann", "reason": 0}));
    zoe.told_nothing_more().await;
    yve.told_nothing_more().await;
}

#[tokio::test]
async fn a_link_that_cannot_be_is_refused_with_its_number() {
    let world = World::start().await;
    let mut ann = anchor(&world, "ann", 1).await;
    let mut zoe = audience(&world, "zoe", 1).await;
    let _yve = audience(&world, "yve", 2).await;
    let bob = json!({"room": {"number": 2}, "userId": "bob"});
    let code = |answer: Result<Value, Value>| answer.expect_err("it is refused")["code"].as_i64().expect("a code");
    assert_eq!(code(zoe.ask("connectRoom", bob.clone()).await), -3330);
    assert_eq!(code(ann.ask("connectRoom", json!({"room": {"number": 0}, "userId": "bob"})).await), -3328);
    assert_eq!(code(ann.ask("connectRoom", json!({"room": {"number": 2}, "userId": ""})).await), -3328);
    assert_eq!(code(ann.ask("connectRoom", json!({"room": {"number": 9}, "userId": "bob"})).await), -102005);
    assert_eq!(code(ann.ask("connectRoom", bob.clone()).await), -102007);
    assert_eq!(code(ann.ask("updateForwardMode", bob).await), -3328);
    ann.done("disconnectRoom", json!({})).await;
}

#[tokio::test]
async fn one_user_may_be_in_several_rooms_and_publish_in_each() {
    let world = World::start().await;
    let (mut one, mut two) = (anchor(&world, "ann", 1).await, anchor(&world, "ann", 2).await);
    let (mut zoe, mut yve) = (audience(&world, "zoe", 1).await, audience(&world, "yve", 2).await);
    one.done("publish", json!({"track": "camera", "state": "on"})).await;
    two.done("publish", json!({"track": "screen", "state": "on"})).await;
    assert_eq!(
        zoe.told("tracksChanged").await["tracks"],
        json!({"microphone": "off", "camera": "on", "screen": "off", "small": false})
    );
    assert_eq!(
        yve.told("tracksChanged").await["tracks"],
        json!({"microphone": "off", "camera": "off", "screen": "on", "small": false})
    );
    two.done("exit", json!({})).await;
    yve.told("tracksChanged").await;
    yve.told("memberLeft").await;
    zoe.told_nothing_more().await;
    one.done("publish", json!({"track": "camera", "state": "off"})).await;
}

#[tokio::test]
async fn what_matters_to_a_member_is_taken_down_and_told_to_nobody() {
    let world = World::start().await;
    let (mut ann, mut bob) = (anchor(&world, "ann", 1).await, anchor(&world, "bob", 1).await);
    ann.told("memberEntered").await;
    ann.done("setQos", json!({"preference": "smooth", "controlMode": "client"})).await;
    ann.done("setQos", json!({"preference": "clear"})).await;
    let wrong = ann.ask("setQos", json!({"preference": "pretty"})).await.expect_err("there is no such preference");
    assert_eq!(wrong["name"], "malformedMessage");
    bob.told_nothing_more().await;
}
