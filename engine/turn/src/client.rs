//! The client's end, as far as a checkup or a test needs it: requests are made, what comes is understood.

use std::fmt;
use std::net::SocketAddr;

use rtc_stun::Transaction;
use rtc_stun::attribute::{USERNAME, XOR_MAPPED_ADDRESS};
use rtc_stun::wire::{Reader, Writer};

use crate::authority::{self, Grant};
use crate::frame::{CHANNEL_HEADER, CHANNELS};
use crate::{LONGEST, kind};

/// A client.
pub struct Client {
    grant: Grant,
    /// Realm and nonce, once the server has told them.
    told: Option<(Vec<u8>, Vec<u8>)>,
}

/// What a message from a server says.
#[derive(Debug, PartialEq, Eq)]
pub enum Told<'a> {
    /// Ask again: only now it is known how.
    Again,
    /// There is an allocation.
    Allocated {
        /// Its address.
        relayed: SocketAddr,
        /// Where the server sees the client.
        mapped: SocketAddr,
    },
    /// What was asked is done.
    Done,
    /// It is refused, with an error code.
    Refused(u16),
    /// A peer sends something, by a channel if it has one.
    Data {
        /// The peer; nothing where a channel tells it.
        peer: Option<SocketAddr>,
        /// Its channel.
        channel: Option<u16>,
        /// What.
        data: &'a [u8],
    },
    /// Nothing that this client understands.
    Nothing,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("grant", &self.grant).finish_non_exhaustive()
    }
}

impl Client {
    /// Without an allocation.
    pub fn new(grant: Grant) -> Self {
        Self { grant, told: None }
    }

    /// Asks for an allocation.
    pub fn allocate(&self, transaction: &Transaction) -> Vec<u8> {
        self.request(kind::ALLOCATE, transaction, |writer| {
            writer.attribute(kind::REQUESTED_TRANSPORT, &[kind::UDP, 0, 0, 0]);
        })
    }

    /// Keeps it for so many seconds; 0 ends it.
    pub fn refresh(&self, transaction: &Transaction, seconds: u32) -> Vec<u8> {
        self.request(kind::REFRESH, transaction, |writer| writer.attribute(kind::LIFETIME, &seconds.to_be_bytes()))
    }

    /// Asks for permission to speak with a peer.
    pub fn permit(&self, transaction: &Transaction, peer: SocketAddr) -> Vec<u8> {
        self.request(kind::CREATE_PERMISSION, transaction, |writer| writer.address(kind::XOR_PEER_ADDRESS, peer))
    }

    /// Asks for a channel to a peer.
    pub fn bind(&self, transaction: &Transaction, channel: u16, peer: SocketAddr) -> Vec<u8> {
        self.request(kind::CHANNEL_BIND, transaction, |writer| {
            let [high, low] = channel.to_be_bytes();
            writer.attribute(kind::CHANNEL_NUMBER, &[high, low, 0, 0]);
            writer.address(kind::XOR_PEER_ADDRESS, peer);
        })
    }

    /// A request with whatever attributes, signed if the server has told how.
    pub fn request(&self, method: u16, transaction: &Transaction, write: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut writer = Writer::new(method, transaction);
        write(&mut writer);
        if let Some((realm, nonce)) = &self.told {
            let Grant { user_name, password } = &self.grant;
            writer.attribute(USERNAME, user_name.as_bytes());
            writer.attribute(kind::REALM, realm);
            writer.attribute(kind::NONCE, nonce);
            writer.sign(&authority::key(user_name.as_bytes(), realm, password.as_bytes()));
        }
        writer.finish_bare()
    }

    /// Understands what came from the server.
    pub fn read<'a>(&mut self, message: &'a [u8]) -> Told<'a> {
        if let Some((head, rest)) = message.split_at_checked(CHANNEL_HEADER)
            && CHANNELS.contains(&u16::from_be_bytes([head[0], head[1]]))
        {
            let (channel, length) = (u16::from_be_bytes([head[0], head[1]]), u16::from_be_bytes([head[2], head[3]]));
            let data = rest.get(..usize::from(length));
            return data.map_or(Told::Nothing, |data| Told::Data { peer: None, channel: Some(channel), data });
        }
        let Some(reader) = Reader::new(message, LONGEST) else { return Told::Nothing };
        match reader.kind() {
            kind::DATA => match (reader.address(kind::XOR_PEER_ADDRESS), reader.find(kind::CONTENT)) {
                (Some(peer), Some(data)) => Told::Data { peer: Some(peer), channel: None, data },
                _ => Told::Nothing,
            },
            answer if answer & kind::ERROR == kind::SUCCESS => {
                let addresses = (reader.address(kind::XOR_RELAYED_ADDRESS), reader.address(XOR_MAPPED_ADDRESS));
                match addresses {
                    (Some(relayed), Some(mapped)) => Told::Allocated { relayed, mapped },
                    _ => Told::Done,
                }
            }
            answer if answer & kind::ERROR == kind::ERROR => self.refused(&reader),
            _ => Told::Nothing,
        }
    }

    fn refused<'a>(&mut self, reader: &Reader<'_>) -> Told<'a> {
        let Some([_, _, class, number, ..]) = reader.find(kind::ERROR_CODE) else { return Told::Nothing };
        let code = u16::from(*class) * 100 + u16::from(*number);
        let is_new = self.told.is_none() || code == kind::STALE_NONCE;
        if let (Some(realm), Some(nonce), true) = (reader.find(kind::REALM), reader.find(kind::NONCE), is_new) {
            self.told = Some((realm.to_vec(), nonce.to_vec()));
            return Told::Again;
        }
        Told::Refused(code)
    }
}

/// What sends something to a peer.
pub fn send(transaction: &Transaction, peer: SocketAddr, data: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new(kind::SEND, transaction);
    writer.address(kind::XOR_PEER_ADDRESS, peer);
    writer.attribute(kind::CONTENT, data);
    writer.finish_bare()
}

/// What sends something to the peer of a channel, padded as a stream needs it.
pub fn send_by_channel(channel: u16, data: &[u8]) -> Vec<u8> {
    let mut message = channel.to_be_bytes().to_vec();
    message.extend((data.len() as u16).to_be_bytes());
    message.extend(data);
    message.resize(message.len().next_multiple_of(4), 0);
    message
}
