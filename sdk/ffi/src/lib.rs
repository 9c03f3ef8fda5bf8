//! The C ABI of the native engine: handles, JSON calls, one event callback and plain functions for frames. It maps types,
//! keeps faults on its own side of the boundary, and decides nothing.
//!
//! The contract is in [`c`], which is what C sees and what `include/rtc_engine.h` is generated from. The rest serves it:
//! [`table`] turns numbers into instances, [`instance`] is what a handle stands for, [`gate`] makes sure that nobody is
//! called back after he said goodbye, [`engine`] is what is asked of the engine itself, and [`cloud`] and
//! [`recorder`] are how it answers.

mod boundary;
pub mod c;
mod cloud;
mod engine;
mod error;
mod frame;
mod gate;
mod generated;
mod instance;
mod lock;
mod recorder;
mod sources;
mod table;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod double;
