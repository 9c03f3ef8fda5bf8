//! The engine stops, and members are told.

use tokio::time::timeout;

use crate::client::PATIENCE;
use crate::world::{World, now_s};

#[tokio::test]
async fn members_are_told_that_the_engine_stops() {
    let world = World::start().await;
    let mut ann = world.enter("ann").await;
    let stopping = tokio::spawn(world.engine.stop());
    let told = ann.told("closing").await;
    assert!(told["retryAfterMs"].as_u64().expect("a time") > 0);
    assert_eq!(ann.closed().await, 1012);
    drop(ann);
    timeout(PATIENCE, stopping).await.expect("in time").expect("it stops");
}

#[tokio::test]
async fn a_client_that_does_not_read_does_not_keep_it() {
    let world = World::start().await;
    let _ann = world.enter("ann").await;
    timeout(PATIENCE, world.engine.stop()).await.expect("in time");
}

#[tokio::test]
async fn the_store_knows_who_was_there_and_until_when() {
    let world = World::start().await;
    let _ann = world.enter("ann").await;
    let bob = world.enter("bob").await;
    bob.close(1000).await;
    let before = world.store().await;
    let stopping_at = now_s();
    world.engine.stop().await;
    let memberships = before.memberships().await.expect("read");
    let users: Vec<&str> = memberships.iter().map(|kept| kept.membership.user.as_str()).collect();
    assert_eq!(users, ["ann"]);
    let alive = before.alive_at().await.expect("read").expect("it was alive");
    assert!((stopping_at..=now_s()).contains(&(alive / 1000)), "{alive} ms, and it was stopped from {stopping_at} s on");
}
