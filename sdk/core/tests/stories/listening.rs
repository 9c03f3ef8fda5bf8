//! Who is heard: members that are muted for oneself, what a stay begins with, microphones that are closed.

use std::sync::Arc;

use rtc_core::{AppScene, AudioParallelParams, AudioQuality, Event};

use crate::engine::{Engine, Tickets as _};
use crate::heard::{ALL, Heard};
use crate::person::{Person, twins};

/// Somebody in the room whose microphone hears a tone.
fn says(engine: &Engine, user: &str, hertz: f32) -> Person {
    let mut person = Person::with(engine, &twins(hertz));
    person.enter(engine.ticket(user), AppScene::AudioCall);
    person.cloud.start_local_audio(AudioQuality::Music);
    person
}

/// Somebody who is not in the room yet, and what he will hear.
fn listener(engine: &Engine) -> (Person, Arc<Heard>) {
    let person = Person::new(engine);
    let heard = Arc::<Heard>::default();
    person.cloud.set_audio_frame_callback(Some(heard.clone()));
    (person, heard)
}

const BOTH: [(f64, f64); 2] = [(440.0, 0.5), (880.0, 0.5)];

#[test]
fn who_is_muted_for_oneself_is_not_heard() {
    let engine = Engine::start();
    let (_ann, _carl) = (says(&engine, "ann", 440.0), says(&engine, "carl", 880.0));
    let (mut bob, heard) = listener(&engine);
    // Before anybody is there.
    bob.cloud.mute_remote_audio("ann", true);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    heard.until_tone(ALL, 880.0);
    bob.cloud.mute_remote_audio("ann", false);
    heard.until_tones(ALL, &BOTH);
    bob.cloud.mute_remote_audio("carl", true);
    heard.until_tone(ALL, 440.0);
}

#[test]
fn everybody_is_muted_for_oneself_also_who_comes_later_but_for_who_is_wanted_all_the_same() {
    let engine = Engine::start();
    let _ann = says(&engine, "ann", 440.0);
    let (mut bob, heard) = listener(&engine);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    heard.until_tone(ALL, 440.0);
    bob.cloud.mute_all_remote_audio(true);
    heard.until_silence(ALL);
    let _carl = says(&engine, "carl", 880.0);
    let _dora = says(&engine, "dora", 660.0);
    for user in ["carl", "dora"] {
        bob.until_event(&Event::UserAudioAvailable { user_id: user.into(), available: true });
    }
    bob.cloud.mute_remote_audio("dora", false);
    heard.until_tone(ALL, 660.0);
    bob.cloud.mute_all_remote_audio(false);
    heard.until_tones(ALL, &[(440.0, 0.33), (880.0, 0.33), (660.0, 0.33)]);
}

#[test]
fn who_wants_to_hear_nobody_by_default_hears_whom_he_asks_for() {
    let engine = Engine::start();
    let (_ann, _carl) = (says(&engine, "ann", 440.0), says(&engine, "carl", 880.0));
    let (mut bob, heard) = listener(&engine);
    bob.cloud.set_default_stream_recv_mode(false, false);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    for user in ["ann", "carl"] {
        bob.until_event(&Event::UserAudioAvailable { user_id: user.into(), available: true });
    }
    bob.cloud.mute_remote_audio("carl", false);
    heard.until_tone(ALL, 880.0);
    // It is what a stay begins with, and this one has begun.
    bob.cloud.set_default_stream_recv_mode(true, true);
    bob.cloud.exit_room();
    bob.until_event(&Event::ExitRoom { reason: 0 });
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    heard.until_tones(ALL, &BOTH);
}

#[test]
fn of_many_the_loudest_are_heard_and_those_who_always_are() {
    let engine = Engine::start();
    let (_ann, carl) = (says(&engine, "ann", 440.0), says(&engine, "carl", 880.0));
    carl.cloud.set_audio_capture_volume(50);
    let (mut bob, heard) = listener(&engine);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    let both = [(440.0, 0.8), (880.0, 0.2)];
    heard.until_tones(ALL, &both);
    bob.cloud.set_remote_audio_parallel_params(AudioParallelParams { max_count: 1, include_users: Vec::new() });
    heard.until_tone(ALL, 440.0);
    bob.cloud.set_remote_audio_parallel_params(AudioParallelParams { max_count: 1, include_users: vec!["carl".into()] });
    heard.until_tones(ALL, &both);
}

#[test]
fn a_microphone_that_is_stopped_is_closed_and_one_that_is_muted_is_not() {
    let engine = Engine::start();
    let mut ann = says(&engine, "ann", 440.0);
    let (mut bob, heard) = listener(&engine);
    bob.enter(engine.ticket("bob"), AppScene::AudioCall);
    ann.until_event(&Event::MicDidReady);
    let published = |available| Event::UserAudioAvailable { user_id: "ann".into(), available };
    bob.until_event(&published(true));
    heard.until_tone(ALL, 440.0);

    ann.cloud.mute_local_audio(true);
    bob.until_event(&published(false));
    heard.until_silence(ALL);
    ann.cloud.mute_local_audio(false);
    bob.until_event(&published(true));
    heard.until_tone(ALL, 440.0);

    ann.cloud.stop_local_audio();
    bob.until_event(&published(false));
    heard.until_silence(ALL);
    ann.cloud.start_local_audio(AudioQuality::Music);
    // Only one that was closed is told as opened.
    ann.until_event(&Event::MicDidReady);
    heard.until_tone(ALL, 440.0);
}

#[test]
fn another_quality_sends_more_of_the_voice() {
    let engine = Engine::start();
    let mut ann = Person::with(&engine, &twins(440.0));
    ann.enter(engine.ticket("ann"), AppScene::AudioCall);
    ann.cloud.start_local_audio(AudioQuality::Speech);
    let mut until_kilobits = |what: &str, fits: fn(u32) -> bool| {
        ann.until(what, |event| match event {
            Event::Statistics { statistics } => {
                statistics.local_statistics_array.iter().any(|row| fits(row.audio_bitrate)).then_some(())
            }
            _ => None,
        });
        ann.cloud.set_audio_quality(AudioQuality::Music);
    };
    until_kilobits("the bits of speech", |kilobits| (1..60).contains(&kilobits));
    until_kilobits("the bits of music", |kilobits| kilobits > 80);
}
