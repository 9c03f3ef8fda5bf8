//! The functions and types that C sees. `include/rtc_engine.h` is generated from this folder; its texts become the
//! header's comments.
//!
//! Raw pointers from C are passed on to [`crate::boundary`], which follows them.
#![allow(unsafe_code)]

mod audio;
mod encoded;
mod lifecycle;
mod message;
mod process;
mod screen;
mod types;
mod video;

pub use audio::*;
pub use encoded::*;
pub use lifecycle::*;
pub use message::*;
pub use process::*;
pub use screen::*;
pub use types::*;
pub use video::*;
