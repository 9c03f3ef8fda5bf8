//! Stories of whole instances on devices: microphones and speakers of a real PulseAudio server, screens and windows of a real
//! X11 server. Needs the Debian packages pulseaudio, pulseaudio-utils and xvfb, and an engine as the other stories do.

#[path = "../stories/alone.rs"]
mod alone;
#[path = "../../device/tests/display/server.rs"]
#[allow(dead_code, reason = "what can be captured is known there, here it is who sees it")]
mod display;
#[path = "../stories/engine.rs"]
mod engine;
#[path = "../stories/heard.rs"]
#[allow(dead_code, reason = "what the synthetic twins say is told apart there")]
mod heard;
mod manager;
#[path = "../stories/person.rs"]
#[allow(dead_code, reason = "what must not be told is known elsewhere")]
mod person;
mod previews;
#[path = "../stories/recorded.rs"]
#[allow(dead_code, reason = "sizes of pictures are told of there")]
mod recorded;
mod recorder;
mod screens;
#[path = "../stories/seen.rs"]
#[allow(dead_code, reason = "these stories have fewer eyes")]
mod seen;
mod sound;
#[path = "../../device/tests/sound/server.rs"]
#[allow(dead_code, reason = "how a server is lost is told there")]
mod sound_server;
mod views;
mod windows;
