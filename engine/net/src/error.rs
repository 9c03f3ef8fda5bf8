//! Why an offer was not answered. The server turns these into codes of the protocol.

use rtc_protocol::limits;

/// Why an offer was not answered. Each message names what was wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfferError {
    /// More bytes than [`limits::OFFER_BYTES`].
    #[error("the offer has {bytes} bytes; the most is {}", limits::OFFER_BYTES)]
    TooLarge {
        /// What it had.
        bytes: usize,
    },
    /// More media sections than [`limits::MEDIA_SECTIONS`].
    #[error("the offer has {sections} media sections; the most is {}", limits::MEDIA_SECTIONS)]
    TooManySections {
        /// What it had.
        sections: usize,
    },
    /// More slot pairs than the engine allows a session.
    #[error("lines.slots has {pairs} pairs; the most is {max}")]
    TooManySlots {
        /// What it had.
        pairs: usize,
        /// The limit.
        max: usize,
    },
    /// `lines` does not fit the offer.
    #[error("lines.{field} {problem}")]
    Lines {
        /// The field, as in `slots[3].video`.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The SDP cannot be used.
    #[error("the offer's SDP cannot be used: {0}")]
    Sdp(String),
    /// `grow` or `restart` of a session that has no peer connection (any more); offer with `replace`.
    #[error("the session has no peer connection on this engine (any more); offer again with purpose \"replace\"")]
    NoSession,
    /// More offers at once than the engine can work off.
    #[error("the engine has too many offers to answer; try again in a second")]
    Busy,
    /// The engine failed or is stopping; its log says more.
    #[error("the engine could not answer the offer")]
    Failed,
}
