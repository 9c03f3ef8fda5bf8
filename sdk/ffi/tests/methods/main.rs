//! Every method of the C ABI called on real instances with synthetic devices: what is not there yet, arguments that cannot
//! be, calls at the wrong time. Which methods there are, and with which arguments, is read from the description.

#[path = "../../../core/tests/stories/engine.rs"]
mod engine;

mod bad_arguments;
mod bad_frames;
mod behaviour;
mod instance;
mod not_there_yet;
mod odd_values;
mod process;
mod recorder;
mod surface;
mod wrong_time;
