//! Every way of leaving, and what each makes the others hear.

use rtc_protocol::SdkAppId;
use serde_json::{Value, json};

use crate::client::Client;
use crate::web::cloud_api;
use crate::world::World;

async fn two(world: &World) -> (Client, Client) {
    let mut ann = world.enter("ann").await;
    let bob = world.enter("bob").await;
    ann.told("memberEntered").await;
    (ann, bob)
}

fn left(user: &str, reason: u8) -> Value {
    json!({"userId": user, "reason": reason})
}

#[tokio::test]
async fn whoever_exits_is_gone_before_its_exit_is_answered() {
    let world = World::start().await;
    let (mut ann, mut bob) = two(&world).await;
    bob.done("publish", json!({"track": "microphone", "state": "on"})).await;
    ann.told("tracksChanged").await;

    let exit = bob.post("exit", json!({})).await;
    assert_eq!(ann.told("tracksChanged").await["tracks"]["microphone"], "off");
    assert_eq!(ann.told("memberLeft").await, left("bob", 0));
    assert_eq!(bob.answer(exit).await, Ok(json!({})));
    assert_eq!(bob.closed().await, 1000);
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn closing_in_order_is_leaving() {
    let world = World::start().await;
    let (mut ann, bob) = two(&world).await;
    bob.close(1000).await;
    assert_eq!(ann.told("memberLeft").await, left("bob", 0));
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn a_browser_that_goes_away_without_a_word_may_come_back() {
    let world = World::start().await;
    let (mut ann, bob) = two(&world).await;
    bob.close(1001).await;
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn the_same_user_again_puts_the_first_out() {
    let world = World::start().await;
    let (mut ann, mut bob) = two(&world).await;
    let mut again = world.enter("bob").await;
    assert_eq!(bob.told("removed").await, json!({"reason": "kick", "exitReason": 1}));
    assert_eq!(bob.closed().await, 1000);
    assert_eq!(ann.told("memberLeft").await, left("bob", 0));
    assert_eq!(ann.told("memberEntered").await["userId"], "bob");
    again.told_nothing_more().await;
}

#[tokio::test]
async fn in_a_live_room_the_same_user_again_puts_the_first_out_whatever_role_either_has() {
    let world = World::start().await;
    let role = |role: &str| json!({"scene": "live", "role": role});
    let mut ann = world.enter_with("ann", role("anchor")).await;
    let mut first = world.enter_with("bob", role("anchor")).await;
    ann.told("memberEntered").await;
    let kicked = json!({"reason": "kick", "exitReason": 1});
    let mut second = world.enter_with("bob", role("audience")).await;
    assert_eq!(first.told("removed").await, kicked);
    assert_eq!(first.closed().await, 1000);
    assert_eq!(ann.told("memberLeft").await, left("bob", 0));
    let mut third = world.enter_with("bob", role("anchor")).await;
    assert_eq!(second.told("removed").await, kicked);
    assert_eq!(ann.told("memberEntered").await["userId"], "bob");
    // Whoever cannot show that he is bob changes nothing.
    let other = world.user_sig("carl");
    for change in [json!({"userSig": other}), json!({"userSig": ""}), json!({"privateMapKey": "forged"})] {
        world.refusal("bob", crate::world::merged(role("anchor"), &change)).await;
    }
    third.told_nothing_more().await;
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn the_same_user_in_another_room_disturbs_nobody() {
    let world = World::start().await;
    let (mut ann, mut bob) = two(&world).await;
    let mut elsewhere = world.enter_with("bob", json!({"room": {"number": 2}})).await;
    for client in [&mut ann, &mut bob, &mut elsewhere] {
        client.told_nothing_more().await;
    }
}

#[tokio::test]
async fn the_server_removes_a_user_who_may_come_back_at_once() {
    let world = World::start().await;
    let (mut ann, mut bob) = two(&world).await;
    let answer =
        cloud_api(&world, "RemoveUser", json!({"SdkAppId": app(&world), "RoomId": 1, "UserIds": ["bob", "nobody"]})).await;
    assert_eq!(answer["Error"], Value::Null, "{answer}");
    assert_eq!(bob.told("removed").await, json!({"reason": "banned", "exitReason": 1}));
    assert_eq!(bob.closed().await, 1000);
    assert_eq!(ann.told("memberLeft").await, left("bob", 2));
    let bob = world.enter("bob").await;
    assert_eq!(bob.saw(), ["ann"]);
}

#[tokio::test]
async fn the_server_dismisses_a_room_whose_id_is_free_at_once() {
    let world = World::start().await;
    let (mut ann, mut bob) = two(&world).await;
    let answer = cloud_api(&world, "DismissRoom", json!({"SdkAppId": app(&world), "RoomId": 1})).await;
    assert_eq!(answer["Error"], Value::Null, "{answer}");
    for client in [&mut ann, &mut bob] {
        assert_eq!(client.told("removed").await, json!({"reason": "room_disband", "exitReason": 2}));
        assert_eq!(client.closed().await, 1000);
    }
    // Of the other kind of scene, which only a new room can be.
    let ann = world.enter_with("ann", json!({"scene": "live"})).await;
    assert!(ann.saw().is_empty());
}

#[tokio::test]
async fn a_string_room_is_dismissed_by_its_own_action() {
    let world = World::start().await;
    let mut ann = world.enter_with("ann", json!({"room": {"text": "blue"}})).await;
    let answer = cloud_api(&world, "DismissRoom", json!({"SdkAppId": app(&world), "RoomId": 1})).await;
    assert!(answer["Error"]["Code"].is_string(), "{answer}");
    cloud_api(&world, "DismissRoomByStrRoomId", json!({"SdkAppId": app(&world), "RoomId": "blue"})).await;
    ann.told("removed").await;
}

fn app(world: &World) -> u32 {
    let SdkAppId(app) = world.credentials.sdk_app_id;
    app
}
