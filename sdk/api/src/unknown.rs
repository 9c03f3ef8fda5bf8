//! The error of a number that an enum does not have.

/// A number that is no value of the enum it was meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{value} is no value of {of}; see the reference for those it has")]
pub struct UnknownValue {
    /// The enum, by its C++ name.
    pub of: &'static str,
    /// The number that was given.
    pub value: i32,
}
