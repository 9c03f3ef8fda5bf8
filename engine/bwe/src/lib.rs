//! What a viewer's network takes, estimated at the sending end from the receiver's reports, and when packets leave so that it
//! is not exceeded. It has no socket, no clock and no randomness, and it knows no RTP: packets are numbers and bytes.
//!
//! For each viewer there is an [`Estimator`] and a [`Pacer`]. The driver, in this order:
//!
//! 1. asks the pacer whether a packet may leave ([`Pacer::admit`]), and leaves those with it that may not ([`Pacer::push`]);
//! 2. tells the estimator of each packet that left ([`Estimator::sent`]), with the number it bears on the wire;
//! 3. hands [`Feedback`] to [`Estimator::handle_feedback`], then lets the pacer follow ([`Pacer::follow`]);
//! 4. at the earlier of the two `poll_timeout`s calls [`Estimator::handle_timeout`] and [`Pacer::follow`], sends what
//!    [`Pacer::poll`] gives, and makes what [`Pacer::poll_padding`] wants.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::iter_over_hash_type, clippy::unwrap_used))]

mod disorder;
mod estimator;
mod feedback;
mod flow;
mod groups;
mod history;
mod loss;
mod pacer;
mod path;
mod probe;
mod queue;
mod settings;
mod trend;
mod unwrap;

pub use estimator::Estimator;
pub use feedback::{Entries, Feedback, FeedbackError, Offset};
pub use pacer::{Class, Departure, Pacer, Padding, Released};
pub use probe::{Probe, ProbeId};
pub use settings::{PacerSettings, Settings};
pub use unwrap::{ReferenceTime, sent_number};
