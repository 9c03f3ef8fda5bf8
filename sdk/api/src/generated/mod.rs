//! What the generator writes from the description.

pub(crate) mod codes;
pub(crate) mod enums;
pub(crate) mod events;
pub(crate) mod structs;
