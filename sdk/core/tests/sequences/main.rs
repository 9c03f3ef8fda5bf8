//! A hundred random lives of instances against one engine. It has a process of its own, because it counts the threads, files
//! and memory of it.

mod chance;
#[path = "../stories/engine.rs"]
mod engine;
mod life;
mod process;

use rtc_core::Cloud;

use crate::chance::Chance;
use crate::engine::Engine;
use crate::life::Life;
use crate::process::{Figures, until_as_few};

const SEEDS: u64 = 100;
/// Seeds until everything that is made once and kept is there.
const WARM: u64 = 25;
/// What memory may grow by over all lives after that. A picture, a codec or a session leaked each time is far more.
const MEMORY_KB: u64 = 16 * 1024;

#[test]
fn a_hundred_lives_leave_nothing_behind_and_every_call_has_its_answer() {
    process::keep_one_heap();
    let engine = Engine::start();
    let before = Figures::now();
    let mut warm = before;
    for seed in 1..=SEEDS {
        live(&engine, seed);
        if seed == WARM {
            warm = until_as_few(before.threads, None);
        }
    }
    let after = until_as_few(before.threads, Some(warm.files));
    let growth = after.memory_kb.saturating_sub(warm.memory_kb);
    assert!(growth < MEMORY_KB, "memory grew by {growth} KB: {warm:?}, {after:?}");
}

/// Two or three instances in rooms of their own, each doing what comes by chance, until all of them are destroyed.
fn live(engine: &Engine, seed: u64) {
    let mut chance = Chance::new(seed);
    let mut lives: Vec<Life> = ["ann", "bob"].map(|user| Life::begin(engine, user, seed)).into();
    if chance.one_in(3) {
        let sub = lives[0].begin_sub(engine, "sub", seed);
        lives.push(sub);
    }
    for _ in 0..chance.up_to(30) + 10 {
        let at = chance.up_to(lives.len());
        lives[at].act(engine, &mut chance);
    }
    let by_drop = chance.one_in(2);
    for mut life in lives {
        if chance.one_in(2) {
            life.settle();
        }
        life.check_answers(false);
        let cloud: &Cloud = life.cloud();
        if !by_drop {
            cloud.destroy();
        }
    }
}
