//! The native client API as data and as Rust types: every class, method, struct, enum, callback and code, described
//! once in `description/`. It does nothing itself.

mod arguments;
mod generated;
mod unknown;

pub use arguments::{ArgumentError, Arguments};
pub use generated::codes::*;
pub use generated::enums::*;
pub use generated::events::*;
pub use generated::structs::*;
pub use unknown::UnknownValue;
