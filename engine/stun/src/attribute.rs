//! The kinds of attributes that more than one part of the project uses (RFC 8489 section 18.3).

/// An address, plain.
pub const MAPPED_ADDRESS: u16 = 0x0001;
/// Who asks.
pub const USERNAME: u16 = 0x0006;
/// The MAC.
pub const MESSAGE_INTEGRITY: u16 = 0x0008;
/// The address a request came from, mixed.
pub const XOR_MAPPED_ADDRESS: u16 = 0x0020;
/// A checksum.
pub const FINGERPRINT: u16 = 0x8028;
