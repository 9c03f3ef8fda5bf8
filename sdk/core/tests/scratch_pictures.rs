#![allow(dead_code)]
#[path = "stories/engine.rs"]
mod engine;
#[path = "stories/person.rs"]
mod person;
#[path = "stories/pictures.rs"]
mod pictures;
