//! Stories about rooms: some members, a clock that is moved by hand, and what each member, the media engine and the record
//! are told. `sim.rs` is the stage; `random.rs` tells random stories beside a model.

mod books;
mod model;
mod replica;
mod sim;

mod capacity;
mod crowds;
mod custom_messages;
mod entering;
mod facts;
mod leaving;
mod linking;
mod media;
mod moving;
mod permissions;
mod publishing;
mod quality;
mod random;
mod reconnecting;
mod removal;
mod restoring;
mod roles;
mod room_life;
mod subscriptions;
