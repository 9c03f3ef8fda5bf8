//! Both places and the wire.

use std::io::{self, PipeWriter};
use std::net::Ipv4Addr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use rtc_impairment::{Counts, Impairment, Profile};

use crate::forward::{Ways, forward};
use crate::place::Place;
use crate::{Error, tun};

/// The address of the near place, where a server is.
pub const NEAR: Ipv4Addr = Ipv4Addr::new(10, 213, 77, 1);
/// The address of the far place.
pub const FAR: Ipv4Addr = Ipv4Addr::new(10, 213, 77, 2);

/// The device's name at both ends.
const DEVICE: &str = "wire";

/// Two places and the wire between them. Ended when dropped, with all that runs in it.
#[derive(Debug)]
pub struct Network {
    wire: Wire,
    near: Place,
    far: Place,
}

/// Which way packets go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From far to near.
    Up,
    /// From near to far.
    Down,
}

impl Network {
    /// Makes it, with a wire that lets everything through. What it will decide by chance comes from the seed.
    pub fn new(seed: u64) -> Result<Self, Error> {
        let (near, far) = (Place::new()?, Place::new()?);
        let mut ends = Vec::new();
        for (place, address) in [(&far, FAR), (&near, NEAR)] {
            ends.push(place.within(|| tun::open(DEVICE))?.map_err(Error::NoTun)?);
            place.ip(&format!("link set {DEVICE} addrgenmode none"))?;
            place.ip(&format!("address add {address}/24 dev {DEVICE}"))?;
            place.ip(&format!("link set {DEVICE} up"))?;
            place.ip("link set lo up")?;
        }
        let now = Instant::now();
        let ways = [0, 1].map(|way| Mutex::new(Impairment::new(now, seed.wrapping_add(way))));
        let (stopped, stop) = io::pipe()?;
        let ways = Ways::from(ways);
        let thread = {
            let ways = Ways::clone(&ways);
            thread::Builder::new().name("wire".into()).spawn(move || forward(ends.as_slice(), &ways, &stopped))?
        };
        Ok(Self { wire: Wire { ways, stop: Some(stop), thread: Some(thread) }, near, far })
    }

    /// Where the server is.
    pub fn near(&self) -> &Place {
        &self.near
    }

    /// The other end of the wire.
    pub fn far(&self) -> &Place {
        &self.far
    }

    /// From now on this happens to packets that go this way. Those under way arrive when they would have.
    pub fn set(&self, direction: Direction, profile: Profile) {
        let mut way = self.way(direction);
        // Read behind the lock, so that time does not go back within it.
        way.set(Instant::now(), profile);
    }

    /// What became of the packets that went this way.
    pub fn counts(&self, direction: Direction) -> Counts {
        self.way(direction).counts()
    }

    fn way(&self, direction: Direction) -> MutexGuard<'_, Impairment<Vec<u8>>> {
        self.wire.ways[direction as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What moves packets.
#[derive(Debug)]
struct Wire {
    /// By the number of their direction.
    ways: Ways,
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // Whoever used a wire that broke has noticed, and nobody is left to be told.
            let _ = thread.join();
        }
    }
}
