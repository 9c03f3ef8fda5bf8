//! Members see each other.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn two_members_see_each_other() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    assert!(ann.saw().is_empty());
    let mut bob = world.enter("bob").await;
    assert_eq!(bob.saw(), ["ann"]);
    assert_eq!(ann.told("memberEntered").await["userId"], "bob");
    ann.told_nothing_more().await;
    bob.told_nothing_more().await;
}

#[tokio::test]
async fn what_is_published_is_told() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let mut bob = world.enter("bob").await;
    ann.told("memberEntered").await;
    bob.done("publish", json!({"track": "camera", "state": "on", "small": true})).await;
    let told = ann.told("tracksChanged").await;
    assert_eq!(
        (&told["userId"], &told["tracks"]["camera"], &told["tracks"]["small"]),
        (&json!("bob"), &json!("on"), &json!(true))
    );
    let carl = world.enter("carl").await;
    let members = carl.welcome["snapshot"]["members"].as_array().expect("members");
    let bob = members.iter().find(|member| member["userId"] == "bob").expect("bob is there");
    assert_eq!(bob["tracks"]["camera"], "on");
}

#[tokio::test]
async fn a_number_room_and_a_string_room_of_the_same_name_are_apart() {
    let world = World::start().await;
    let mut ann = world.enter_with("ann", json!({"room": {"number": 7}})).await;
    let mut bob = world.enter_with("bob", json!({"room": {"text": "7"}})).await;
    assert!(bob.saw().is_empty());
    ann.told_nothing_more().await;
    bob.told_nothing_more().await;
}

#[tokio::test]
async fn a_message_reaches_the_room() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let mut bob = world.enter("bob").await;
    ann.told("memberEntered").await;
    ann.done("message", json!({"cmdId": 1, "data": "aGVsbG8="})).await;
    let told = bob.told("message").await;
    assert_eq!(told, json!({"userId": "ann", "cmdId": 1, "seq": 1, "data": "aGVsbG8="}));
}

#[tokio::test]
async fn pushes_are_numbered_on_from_the_snapshot() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let n = ann.welcome["snapshot"]["n"].as_u64().expect("a number");
    let _bob = world.enter("bob").await;
    let _carl = world.enter("carl").await;
    assert_eq!(ann.push().await["n"], n + 1);
    assert_eq!(ann.push().await["n"], n + 2);
    assert_eq!(ann.done("snapshot", json!({})).await["n"], n + 2);
}

#[tokio::test]
async fn an_audience_is_seen_by_nobody() {
    let world = World::start().await;
    let live = |role: &str| json!({"scene": "live", "role": role});
    let mut host = world.enter_with("host", live("anchor")).await;
    let mut guest = world.enter_with("guest", live("audience")).await;
    assert_eq!(guest.saw(), ["host"]);
    host.told_nothing_more().await;
    guest.done("switchRole", json!({"role": "anchor"})).await;
    assert_eq!(host.told("memberEntered").await["userId"], "guest");
}

#[tokio::test]
async fn a_crowd_that_enters_at_once_is_told_one_by_one_in_order_and_without_a_gap() {
    const CROWD: usize = 250;
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    // Nobody reads what ann is told until all are in, so that it gathers.
    let users: Vec<String> = (0..CROWD).map(|n| format!("u{n}")).collect();
    let crowd = join_all(users.iter().map(|user| world.enter(user))).await;
    let seen: usize = crowd.iter().map(|one| one.saw().len()).sum();
    assert_eq!(seen, (1..=CROWD).sum::<usize>(), "each saw those who came before it");
    let mut told = BTreeSet::new();
    for n in 1..=CROWD as u64 {
        let push = ann.push().await;
        assert_eq!((&push["n"], &push["type"]), (&json!(n), &json!("memberEntered")));
        assert!(told.insert(push["data"]["userId"].as_str().expect("a user").to_owned()));
    }
    assert_eq!(told, users.into_iter().collect());
    ann.told_nothing_more().await;
}
