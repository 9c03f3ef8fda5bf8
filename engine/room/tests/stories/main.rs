//! Stories about rooms: some members, a clock that is moved by hand, and what each member, the media engine and the record
//! are told. `sim.rs` is the stage; the last file tells random stories beside a model.

mod books;
mod replica;
mod sim;

mod capacity;
mod custom_messages;
mod entering;
mod facts;
mod leaving;
mod media;
mod model;

mod permissions;
mod publishing;
mod quality;
mod reconnecting;
mod removal;
mod restoring;
mod roles;
mod room_life;
mod subscriptions;
