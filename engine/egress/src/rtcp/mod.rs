//! RTCP (RFC 3550 section 6, RFC 4585): what a viewer reports of what it was sent, and what it is told. It keeps no state.

mod compound;
mod written;

pub use compound::{Compound, Item, Malformed, Nacked, ReportBlock};
pub(crate) use written::{PICTURE_LOSS, SenderInfo, goodbye, missing, missing_bytes, picture_loss, report, report_bytes};

/// Packet types (RFC 3550 section 12.1, RFC 4585 section 6.1, RFC 3611 section 2).
mod kind {
    pub(super) const SENDER_REPORT: u8 = 200;
    pub(super) const RECEIVER_REPORT: u8 = 201;
    pub(super) const DESCRIPTION: u8 = 202;
    pub(super) const GOODBYE: u8 = 203;
    pub(super) const TRANSPORT_FEEDBACK: u8 = 205;
    pub(super) const PAYLOAD_FEEDBACK: u8 = 206;
    pub(super) const EXTENDED_REPORT: u8 = 207;
}

/// Formats of feedback (RFC 4585 sections 6.2 to 6.4, RFC 5104 section 4.3.1).
mod format {
    pub(super) const NACK: u8 = 1;
    pub(super) const ARRIVALS: u8 = 15;
    pub(super) const PICTURE_LOSS: u8 = 1;
    pub(super) const FULL_INTRA: u8 = 4;
    pub(super) const APPLICATION: u8 = 15;
}
