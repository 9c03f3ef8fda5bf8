//! Stories told over real sockets: an engine is started, clients speak to it as SDKs do.

mod acme;
mod addresses;
#[path = "../../src/doctor/anybody.rs"]
mod anybody;
mod bombs;
mod client;
mod connections;
mod doctor;
mod draining;
mod hello;
mod leaving;
mod messages;
mod probe;
mod process;
mod resume;
mod rooms;
mod secrets;
mod seeing;
mod stopping;
mod time;
mod web;
mod world;
