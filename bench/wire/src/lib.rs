//! Two places on this machine with a wire between them that is as bad as is asked for, for programs that know nothing of it.
//! It moves packets; what becomes of them is decided by `rtc-impairment`.
//!
//! A place is a network namespace with nothing in it but loopback and its end of the wire, a TUN device. A thread of this
//! process reads the IP packets that leave one end and writes those that arrive into the other. So no kernel module that
//! impairs packets is needed, and neither the devices nor the firewall of the machine are touched.
//!
//! It needs Linux, root and `/dev/net/tun`. Namespaces have no names and live as long as the processes in them, which end
//! when this one does, however it does; so nothing can be left behind.

mod forward;
mod network;
mod place;
mod tun;

pub use network::{Direction, FAR, NEAR, Network};
pub use place::Place;
pub use rtc_impairment::{Bursts, Counts, Jitter, Loss, Order, Outage, Profile, Rate, Reorder};

/// Why there is no network.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program is missing.
    #[error("`{program}` does not start; it is in the Debian package {package}")]
    Missing {
        /// Its name.
        program: &'static str,
        /// What brings it.
        package: &'static str,
    },
    /// The kernel makes no place.
    #[error("network namespaces cannot be made here: they need root, and a kernel that has them")]
    NoNamespace,
    /// The kernel makes no end of a wire.
    #[error("no TUN device can be made here: it needs root, /dev/net/tun and a kernel that has it ({0})")]
    NoTun(#[source] std::io::Error),
    /// A device cannot be set up.
    #[error("`ip {arguments}` fails: {words}")]
    Ip {
        /// What was asked for.
        arguments: String,
        /// What it says.
        words: String,
    },
    /// Anything else the system refuses.
    #[error(transparent)]
    System(#[from] std::io::Error),
}
