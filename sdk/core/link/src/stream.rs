//! A TCP connection with or without TLS: opened while it blocks, then polled.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use rustls::ClientConnection;

/// The bytes under a WebSocket.
#[derive(Debug)]
pub(crate) struct Stream {
    tcp: Tcp,
    tls: Option<Box<ClientConnection>>,
}

#[derive(Debug)]
enum Tcp {
    Blocking(TcpStream),
    Polled(mio::net::TcpStream),
}

impl Stream {
    pub(crate) fn new(tcp: TcpStream, tls: Option<ClientConnection>) -> Self {
        Self { tcp: Tcp::Blocking(tcp), tls: tls.map(Box::new) }
    }

    /// From now on it does not block. The connection to register with a poll.
    pub(crate) fn polled(&mut self) -> io::Result<&mut mio::net::TcpStream> {
        if let Tcp::Blocking(blocking) = &self.tcp {
            let tcp = blocking.try_clone()?;
            tcp.set_read_timeout(None)?;
            tcp.set_write_timeout(None)?;
            tcp.set_nonblocking(true)?;
            self.tcp = Tcp::Polled(mio::net::TcpStream::from_std(tcp));
        }
        match &mut self.tcp {
            Tcp::Polled(tcp) => Ok(tcp),
            Tcp::Blocking(_) => Err(io::ErrorKind::InvalidInput.into()),
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.tls {
            Some(tls) => rustls::Stream::new(tls.as_mut(), &mut self.tcp).read(buffer),
            None => self.tcp.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            Some(tls) => rustls::Stream::new(tls.as_mut(), &mut self.tcp).write(bytes),
            None => self.tcp.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.tls {
            Some(tls) => rustls::Stream::new(tls.as_mut(), &mut self.tcp).flush(),
            None => self.tcp.flush(),
        }
    }
}

impl Read for Tcp {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Blocking(tcp) => tcp.read(buffer),
            Self::Polled(tcp) => tcp.read(buffer),
        }
    }
}

impl Write for Tcp {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Blocking(tcp) => tcp.write(bytes),
            Self::Polled(tcp) => tcp.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Blocking(tcp) => tcp.flush(),
            Self::Polled(tcp) => tcp.flush(),
        }
    }
}
