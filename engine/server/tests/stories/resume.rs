//! Coming back: a lost connection is not a departure.

use serde_json::{Value, json};

use crate::client::Client;
use crate::web::cloud_api;
use crate::world::{World, merged, now_s};

/// Bob, whose connection is lost, and Ann, who is told nothing of it.
async fn lost(world: &World) -> (Client, String) {
    let mut ann = world.enter("ann").await;
    let bob = world.enter("bob").await;
    ann.told("memberEntered").await;
    let token = bob.resume();
    bob.vanish();
    (ann, token)
}

async fn back(world: &World, token: &str) -> Client {
    world.enter_with("bob", json!({"resume": token})).await
}

#[tokio::test]
async fn who_comes_back_in_time_never_left() {
    let world = World::start().await;
    let (mut ann, token) = lost(&world).await;
    let bob = back(&world, &token).await;
    assert_eq!(bob.welcome["resumed"], true);
    assert_eq!(bob.saw(), ["ann"]);
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn a_connection_given_up_for_another_is_not_a_departure() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let bob = world.enter("bob").await;
    ann.told("memberEntered").await;
    let token = bob.resume();
    bob.close(4000).await;
    let bob = back(&world, &token).await;
    assert_eq!(bob.welcome["resumed"], true);
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn the_old_connection_is_closed_quietly() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let mut old = world.enter("bob").await;
    ann.told("memberEntered").await;
    let mut new = back(&world, &old.resume()).await;
    assert_eq!(new.welcome["resumed"], true);
    assert_eq!(old.closed().await, 4000);
    // Its end is not taken for the session's.
    ann.done("message", json!({"cmdId": 1, "data": "aGVsbG8="})).await;
    new.told("message").await;
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn what_was_missed_is_in_the_snapshot() {
    let world = World::start().await;
    let (mut ann, token) = lost(&world).await;
    ann.done("publish", json!({"track": "camera", "state": "on"})).await;
    let bob = back(&world, &token).await;
    assert_eq!(bob.welcome["snapshot"]["members"][0]["tracks"]["camera"], "on");
}

#[tokio::test]
async fn the_token_of_another_is_worth_nothing() {
    let world = World::start().await;
    let (mut ann, token) = lost(&world).await;
    let carl = world.enter_with("carl", json!({"resume": token})).await;
    assert_eq!(carl.welcome["resumed"], false);
    assert_eq!(ann.told("memberEntered").await["userId"], "carl");

    let (session, secret) = token.split_once('.').expect("two parts");
    let other = if secret.starts_with('0') { "1" } else { "0" };
    let forged = format!("{session}.{other}{}", &secret[1..]);
    let bob = back(&world, &forged).await;
    assert_eq!(bob.welcome["resumed"], false);
}

/// A UserSig of Bob's that was good for ten minutes from a time on, shown with a token.
fn dated(world: &World, time_s: u64, token: &str) -> Value {
    let (app, key) = (world.credentials.sdk_app_id.0, world.credentials.sdk_secret_key.expose());
    json!({"userSig": rtc_auth::user_sig::make(app, "bob", key, time_s, 600), "resume": token})
}

fn expired(world: &World, token: &str) -> Value {
    dated(world, now_s() - 601, token)
}

#[tokio::test]
async fn a_user_sig_that_ran_out_during_the_call_does_not_end_it() {
    let world = World::start().await;
    let (mut ann, token) = lost(&world).await;
    let mut bob = world.enter_with("bob", expired(&world, &token)).await;
    assert_eq!(bob.welcome["resumed"], true);
    assert_eq!(bob.saw(), ["ann"]);
    // He is as much a member as before.
    bob.done("message", json!({"cmdId": 1, "data": "aGVsbG8="})).await;
    ann.told("message").await;
    ann.told_nothing_more().await;
}

#[tokio::test]
async fn an_expired_user_sig_opens_nothing_but_the_membership_of_its_token() {
    let world = World::start().await;
    let (mut ann, token) = lost(&world).await;
    let last = if token.ends_with('0') { "1" } else { "0" };
    let forged = format!("{}{last}", &token[..token.len() - 1]);
    for nothing in ["", "no token", &forged, &ann.resume()] {
        assert_eq!(world.refusal("bob", expired(&world, nothing)).await, 70001, "{nothing:?}");
    }
    let elsewhere = merged(expired(&world, &token), &json!({"room": {"number": 2}}));
    assert_eq!(world.refusal("bob", elsewhere).await, 70001);
    // Every other fault counts as ever: the token makes up for none of them.
    assert_eq!(world.refusal("bob", dated(&world, now_s() + 3600, &token)).await, 70001, "not valid yet");
    let unsigned = rtc_auth::user_sig::make(world.credentials.sdk_app_id.0, "bob", "another key", now_s() - 601, 600);
    assert_eq!(world.refusal("bob", json!({"userSig": unsigned, "resume": token})).await, 70009);
    assert_eq!(world.refusal("carl", expired(&world, &token)).await, 70013);
    ann.told_nothing_more().await;

    let remove = json!({"SdkAppId": world.credentials.sdk_app_id.0, "RoomId": 1, "UserIds": ["bob"]});
    cloud_api(&world, "RemoveUser", remove).await;
    ann.told("memberLeft").await;
    assert_eq!(world.refusal("bob", expired(&world, &token)).await, 70001, "it lives no more");
    assert_eq!(back(&world, &token).await.told("removed").await["reason"], "banned", "told once the UserSig is good");
}

#[tokio::test]
async fn who_stays_away_is_evicted_and_enters_anew() {
    let world = World::with(|settings| settings.rooms.away_seconds = 1).await;
    let (mut ann, token) = lost(&world).await;
    assert_eq!(ann.told("memberLeft").await, json!({"userId": "bob", "reason": 1}));
    let bob = back(&world, &token).await;
    assert_eq!(bob.welcome["resumed"], false);
    assert_eq!(ann.told("memberEntered").await["userId"], "bob");
}

#[tokio::test]
async fn who_was_removed_while_away_is_told_on_coming_back() {
    let world = World::start().await;
    let (mut ann, token) = lost(&world).await;
    let remove = json!({"SdkAppId": world.credentials.sdk_app_id.0, "RoomId": 1, "UserIds": ["bob"]});
    let answer = cloud_api(&world, "RemoveUser", remove).await;
    assert_eq!(answer["Error"], Value::Null, "{answer}");
    ann.told("memberLeft").await;

    let mut bob = back(&world, &token).await;
    assert_eq!(bob.told("removed").await["reason"], "banned");
    assert_eq!(bob.closed().await, 1000);
    ann.told_nothing_more().await;
    let bob = back(&world, &token).await;
    assert_eq!(bob.welcome["resumed"], false, "it is told once");
}

#[tokio::test]
async fn a_restart_makes_nobody_leave() {
    let world = World::start().await;
    let (ann, token) = lost(&world).await;
    let tokens = [("ann", ann.resume()), ("bob", token)];
    let world = world.again().await;
    for (user, token) in tokens {
        let mut member = world.enter_with(user, json!({"resume": token})).await;
        assert_eq!(member.welcome["resumed"], true, "{user}");
        assert_eq!(member.saw().len(), 1, "the other, who is still away: {user}");
        member.told_nothing_more().await;
        member.close(4000).await;
    }
}

#[tokio::test]
async fn who_does_not_come_back_after_a_restart_is_evicted() {
    // As long as whoever does come back may take for it.
    let world = World::with(|settings| settings.rooms.away_seconds = 5).await;
    let (ann, _) = lost(&world).await;
    let token = ann.resume();
    let world = world.again().await;
    let mut ann = world.enter_with("ann", json!({"resume": token})).await;
    assert_eq!(ann.told("memberLeft").await, json!({"userId": "bob", "reason": 1}));
}

#[tokio::test]
async fn a_restored_member_has_what_it_had() {
    let world = World::start().await;
    let live = |role: &str| json!({"scene": "live", "role": role});
    let mut host = world.enter_with("host", live("anchor")).await;
    let mut guest = world.enter_with("guest", live("audience")).await;
    guest.done("switchRole", json!({"role": "anchor"})).await;
    guest.done("publish", json!({"track": "camera", "state": "muted"})).await;
    host.told("memberEntered").await;
    let (token, hosts) = (guest.resume(), host.resume());
    let world = world.again().await;
    let host = world.enter_with("host", json!({"scene": "live", "role": "anchor", "resume": hosts})).await;
    assert_eq!(host.welcome["snapshot"]["members"][0]["tracks"]["camera"], "muted");
    let guest = world.enter_with("guest", json!({"scene": "live", "role": "audience", "resume": token})).await;
    assert_eq!((&guest.welcome["resumed"], &guest.welcome["snapshot"]["role"]), (&json!(true), &json!("anchor")));
    assert_eq!(guest.saw(), ["host"]);
}
