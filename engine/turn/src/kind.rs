//! The numbers of methods, attributes and errors (RFC 8656 sections 17 to 19; RFC 8489 section 18).

pub(crate) const ALLOCATE: u16 = 0x0003;
pub(crate) const REFRESH: u16 = 0x0004;
pub(crate) const CREATE_PERMISSION: u16 = 0x0008;
pub(crate) const CHANNEL_BIND: u16 = 0x0009;
pub(crate) const SEND: u16 = 0x0016;
pub(crate) const DATA: u16 = 0x0017;

/// What makes an answer of a request (RFC 8489 section 5).
pub(crate) const SUCCESS: u16 = 0x0100;
pub(crate) const ERROR: u16 = 0x0110;

pub(crate) const ERROR_CODE: u16 = 0x0009;
pub(crate) const UNKNOWN_ATTRIBUTES: u16 = 0x000a;
pub(crate) const CHANNEL_NUMBER: u16 = 0x000c;
pub(crate) const LIFETIME: u16 = 0x000d;
pub(crate) const XOR_PEER_ADDRESS: u16 = 0x0012;
pub(crate) const CONTENT: u16 = 0x0013;
pub(crate) const REALM: u16 = 0x0014;
pub(crate) const NONCE: u16 = 0x0015;
pub(crate) const XOR_RELAYED_ADDRESS: u16 = 0x0016;
pub(crate) const REQUESTED_ADDRESS_FAMILY: u16 = 0x0017;
pub(crate) const EVEN_PORT: u16 = 0x0018;
pub(crate) const REQUESTED_TRANSPORT: u16 = 0x0019;
pub(crate) const RESERVATION_TOKEN: u16 = 0x0022;

/// Attributes from here on may be unknown to who reads them.
pub(crate) const OPTIONAL: u16 = 0x8000;
/// The protocol number of UDP.
pub(crate) const UDP: u8 = 17;

pub(crate) const BAD_REQUEST: u16 = 400;
pub(crate) const UNAUTHENTICATED: u16 = 401;
pub(crate) const FORBIDDEN: u16 = 403;
pub(crate) const UNKNOWN_ATTRIBUTE: u16 = 420;
pub(crate) const ALLOCATION_MISMATCH: u16 = 437;
pub(crate) const STALE_NONCE: u16 = 438;
pub(crate) const FAMILY_NOT_SUPPORTED: u16 = 440;
pub(crate) const WRONG_CREDENTIALS: u16 = 441;
pub(crate) const UNSUPPORTED_TRANSPORT: u16 = 442;
pub(crate) const PEER_FAMILY_MISMATCH: u16 = 443;
pub(crate) const QUOTA_REACHED: u16 = 486;
pub(crate) const INSUFFICIENT_CAPACITY: u16 = 508;
