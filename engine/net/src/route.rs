//! Whose a datagram is: by its first byte, its ICE user fragment, or its source address. It holds the table of addresses
//! that ICE has proved and the limit on those it has not.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use rand::Rng;
use str0m::IceCreds;

use crate::stun;

/// The longest datagram taken. Honest clients stay below 1300 bytes; behind the limit, what comes out of one session always
/// fits what goes into another.
pub(crate) const MAX_DATAGRAM: usize = 1500;

/// What a datagram is by its first byte (RFC 7983).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Stun,
    Dtls,
    Rtp,
    Rtcp,
    /// A datagram of a network test (crate `rtc-probe`).
    Probe,
    Unknown,
}

impl Protocol {
    /// Whether a datagram that begins with this byte may be any of them, or bear one of them (TURN).
    pub(crate) fn begins_with(first: u8) -> bool {
        let mut shortest = [0; stun::HEADER];
        shortest[0] = first;
        rtc_turn::is_turn(&shortest) || Self::of(&shortest) != Self::Unknown
    }

    pub(crate) fn of(datagram: &[u8]) -> Self {
        match datagram {
            [0..=3, ..] if datagram.len() >= stun::HEADER => Self::Stun,
            [rtc_probe::FIRST_BYTE, ..] => Self::Probe,
            [20..=63, ..] => Self::Dtls,
            // RFC 5761 section 4: RTCP packet types read as payload types 64..=95.
            [128..=191, kind, ..] if (64..96).contains(&(kind & 0x7f)) => Self::Rtcp,
            [128..=191, _, ..] => Self::Rtp,
            _ => Self::Unknown,
        }
    }
}

/// A user fragment of ours: two characters name the shard, the rest is random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Ufrag([u8; UFRAG]);

const UFRAG: usize = 16;
const PASSWORD: usize = 32;
pub(crate) const ICE_CHARS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Ufrag {
    /// Characters of each.
    pub(crate) const LENGTH: usize = UFRAG;

    /// New credentials for a session of a shard, from the thread's cryptographic generator (RFC 8445 section 5.3 asks for
    /// 24 and 128 bits; these have 84 and 192).
    pub(crate) fn credentials(shard: u8) -> (Self, IceCreds) {
        let mut rng = rand::rng();
        let mut random = |_| ICE_CHARS[rng.random_range(0..64)];
        let mut ufrag: [u8; UFRAG] = std::array::from_fn(&mut random);
        ufrag[0] = ICE_CHARS[usize::from(shard >> 6)];
        ufrag[1] = ICE_CHARS[usize::from(shard & 63)];
        let password: [u8; PASSWORD] = std::array::from_fn(&mut random);
        let text = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect();
        (Self(ufrag), IceCreds { ufrag: text(&ufrag), pass: text(&password) })
    }

    /// Takes what a client sent, if it can be one of ours.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.try_into().ok()?))
    }

    pub(crate) fn bytes(self) -> [u8; UFRAG] {
        self.0
    }

    /// The shard it names; more than there are for one that is not ours.
    pub(crate) fn shard(self) -> usize {
        let digit = |c| ICE_CHARS.iter().position(|i| *i == c).unwrap_or(usize::MAX >> 8);
        (digit(self.0[0]) << 6) + digit(self.0[1])
    }
}

/// Where datagrams from an address belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// To the session with this key, here.
    Here(u32),
    /// To another shard.
    Elsewhere(u8),
}

/// The addresses ICE has proved. Only who knows a session's password gets into it.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    places: HashMap<SocketAddr, (Place, Instant)>,
}

/// How long an address on another shard is remembered after that shard named it last. Clients prove themselves anew every
/// few seconds, so this is long.
const ELSEWHERE_KEPT: Duration = Duration::from_secs(60);

impl Addresses {
    pub(crate) fn place(&self, address: &SocketAddr) -> Option<Place> {
        self.places.get(address).map(|(place, _)| *place)
    }

    /// The last to prove an address has it.
    pub(crate) fn insert(&mut self, now: Instant, address: SocketAddr, place: Place) {
        self.places.insert(address, (place, now));
    }

    /// Forgets an address, unless somebody else has it by now.
    pub(crate) fn remove(&mut self, address: &SocketAddr, key: u32) {
        if self.place(address) == Some(Place::Here(key)) {
            self.places.remove(address);
        }
    }

    /// Forgets what other shards have not named for long.
    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        self.places.retain(|_, (place, named)| {
            matches!(place, Place::Here(_)) || now.saturating_duration_since(*named) < ELSEWHERE_KEPT
        });
    }
}

/// How much unproved STUN a source may send: a fixed number of token buckets, which sources share by a hash that cannot be
/// foreseen, so that a flood neither allocates nor picks its victim.
pub(crate) struct SourceLimit {
    hash: RandomState,
    buckets: Box<[Bucket]>,
    per_second: u32,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: u32,
    filled: Instant,
}

const BUCKETS: usize = 4096;

impl SourceLimit {
    /// Each source may send `per_second`, and twice as much at once.
    pub(crate) fn new(now: Instant, per_second: u32) -> Self {
        let bucket = Bucket { tokens: per_second.saturating_mul(2), filled: now };
        Self { hash: RandomState::new(), buckets: vec![bucket; BUCKETS].into(), per_second }
    }

    /// Whether one more may pass.
    pub(crate) fn allows(&mut self, now: Instant, source: IpAddr) -> bool {
        let index = self.hash.hash_one(source_key(source)) as usize % BUCKETS;
        let bucket = &mut self.buckets[index];
        let elapsed_ms = now.saturating_duration_since(bucket.filled).as_millis() as u64;
        let gained = elapsed_ms.saturating_mul(u64::from(self.per_second)) / 1000;
        if gained > 0 {
            let full = self.per_second.saturating_mul(2);
            bucket.tokens = u32::try_from(u64::from(bucket.tokens) + gained).unwrap_or(u32::MAX).min(full);
            bucket.filled = now;
        }
        match bucket.tokens.checked_sub(1) {
            Some(left) => {
                bucket.tokens = left;
                true
            }
            None => false,
        }
    }
}

/// Whom limits count: an IPv4 address, or an IPv6 /64, which is what one customer has.
pub(crate) fn source_key(source: IpAddr) -> u64 {
    match source.to_canonical() {
        IpAddr::V4(v4) => u64::from(u32::from(v4)),
        IpAddr::V6(v6) => (u128::from(v6) >> 64) as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ufrag_names_its_shard() {
        for shard in [0, 1, 63, 64, 200, 255] {
            let (ufrag, creds) = Ufrag::credentials(shard);
            assert_eq!(Ufrag::parse(creds.ufrag.as_bytes()), Some(ufrag));
            assert_eq!(ufrag.shard(), usize::from(shard));
            assert_eq!(creds.pass.len(), 32);
        }
        assert_eq!(Ufrag::parse(b"short"), None);
        assert!(Ufrag::parse(b"!!!!!!!!!!!!!!!!").expect("sixteen bytes").shard() > 255);
    }

    #[test]
    fn first_bytes_tell_protocols_apart() {
        let of = |first: &[u8], len: usize| {
            let mut bytes = vec![0; len];
            bytes[..first.len()].copy_from_slice(first);
            Protocol::of(&bytes)
        };
        assert_eq!(of(&[0, 1], 20), Protocol::Stun);
        assert_eq!(of(&[0, 1], 19), Protocol::Unknown);
        assert_eq!(of(&[22], 13), Protocol::Dtls);
        assert_eq!(of(&[0x80, 96], 12), Protocol::Rtp);
        assert_eq!(of(&[0x80, 0xe0], 12), Protocol::Rtp);
        assert_eq!(of(&[0x80, 200], 12), Protocol::Rtcp);
        assert_eq!(of(&[0x47], 12), Protocol::Unknown);
        assert_eq!(Protocol::of(&[]), Protocol::Unknown);
        assert_eq!(Protocol::of(&[0x80]), Protocol::Unknown);
    }

    #[test]
    fn a_flooding_source_is_held_back_and_comes_back() {
        let now = Instant::now();
        let mut limit = SourceLimit::new(now, 100);
        let source = IpAddr::from([192, 0, 2, 7]);
        assert_eq!((0..1000).filter(|_| limit.allows(now, source)).count(), 200);
        let later = now + Duration::from_millis(500);
        assert_eq!((0..1000).filter(|_| limit.allows(later, source)).count(), 50);
    }

    #[test]
    fn one_customers_ipv6_addresses_count_as_one() {
        let key = |text: &str| source_key(text.parse().expect("an address"));
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:2"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }

    #[test]
    fn the_last_to_prove_an_address_has_it() {
        let now = Instant::now();
        let address = SocketAddr::from(([127, 0, 0, 1], 5000));
        let mut addresses = Addresses::default();
        addresses.insert(now, address, Place::Here(1));
        addresses.insert(now, address, Place::Here(2));
        addresses.remove(&address, 1);
        assert_eq!(addresses.place(&address), Some(Place::Here(2)));
        addresses.insert(now, address, Place::Elsewhere(3));
        addresses.remove(&address, 2);
        assert_eq!(addresses.place(&address), Some(Place::Elsewhere(3)));
        addresses.handle_timeout(now + ELSEWHERE_KEPT);
        assert_eq!(addresses.place(&address), None);
    }
}
