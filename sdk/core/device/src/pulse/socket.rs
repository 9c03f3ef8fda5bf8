//! One connection to a PulseAudio server: greeting, a command and its answer, one message after the other. It blocks
//! and knows no devices.

use std::ffi::CString;
use std::io::{Cursor, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pulseaudio::protocol::{self, Command, CommandReply, DESCRIPTOR_SIZE, PulseError, TagStructReader};

use super::SYSTEM;
use crate::DeviceError;

/// How long the server may take to answer or to accept what is written.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longer messages than any the protocol has.
const LONGEST: usize = protocol::MAX_MEMBLOCKQ_LENGTH;
/// Bytes of the secret that a user shares with his server.
const COOKIE: usize = 256;
/// The channel of messages that are no sound.
const CONTROL: u32 = u32::MAX;

/// What the server sent.
#[expect(clippy::large_enum_variant, reason = "it is passed up one call, and sound must not allocate")]
pub(super) enum Message<'a> {
    /// An answer or an event, with the number of the command that it answers and the bytes behind its tag.
    Command(u32, Command, &'a [u8]),
    /// Sound.
    Sound(&'a [u8]),
    /// Something this protocol crate does not know.
    Unknown,
}

pub(super) struct Socket {
    stream: UnixStream,
    version: u16,
    next: u32,
    buffer: Vec<u8>,
}

impl Socket {
    /// Connects and says who we are.
    pub(super) fn connect(path: Option<&Path>) -> Result<Self, DeviceError> {
        let path = match path {
            Some(path) => path.to_owned(),
            None => default_path().ok_or_else(|| DeviceError::system(SYSTEM, "no server was found"))?,
        };
        let stream =
            UnixStream::connect(&path).map_err(|error| DeviceError::system(SYSTEM, format!("{}: {error}", path.display())))?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(broken)?;
        stream.set_write_timeout(Some(PATIENCE)).map_err(broken)?;
        let mut socket = Self { stream, version: protocol::MAX_VERSION, next: 0, buffer: Vec::new() };

        let mut cookie = pulseaudio::cookie_path_from_env().and_then(|path| std::fs::read(path).ok()).unwrap_or_default();
        // A server that knows us by our user id does not look at it, but wants it to be there.
        cookie.resize(COOKIE, 0);
        let reply: protocol::AuthReply = socket.ask(&Command::Auth(protocol::AuthParams {
            version: protocol::MAX_VERSION,
            supports_shm: false,
            supports_memfd: false,
            cookie,
        }))?;
        socket.version = reply.version.min(protocol::MAX_VERSION);
        if socket.version < protocol::MIN_VERSION {
            return Err(DeviceError::system(SYSTEM, "the server is too old"));
        }
        let mut properties = protocol::Props::new();
        properties.set(protocol::Prop::ApplicationName, c"RTC Engine");
        if let Ok(pid) = CString::new(std::process::id().to_string()) {
            properties.set(protocol::Prop::ApplicationProcessId, pid);
        }
        let _: protocol::SetClientNameReply = socket.ask(&Command::SetClientName(properties))?;
        Ok(socket)
    }

    /// A second handle, to shut the connection down from another thread.
    pub(super) fn handle(&self) -> Result<UnixStream, DeviceError> {
        self.stream.try_clone().map_err(broken)
    }

    /// Lets reads wait for ever; the end comes by a shutdown.
    pub(super) fn wait_for_ever(&self) -> Result<(), DeviceError> {
        self.stream.set_read_timeout(None).map_err(broken)
    }

    /// Asks and waits for the answer. Events and sound that come in between are dropped.
    pub(super) fn ask<R: CommandReply>(&mut self, command: &Command) -> Result<R, DeviceError> {
        let sequence = self.send(command)?;
        let version = self.version;
        loop {
            match self.receive()? {
                Message::Command(answered, Command::Reply, body) if answered == sequence => {
                    return TagStructReader::new(&mut Cursor::new(body), version).read().map_err(broken);
                }
                Message::Command(answered, Command::Error(error), _) if answered == sequence => {
                    return Err(refused(error));
                }
                _ => {}
            }
        }
    }

    /// Tells and waits for the acknowledgement.
    pub(super) fn tell(&mut self, command: &Command) -> Result<(), DeviceError> {
        let sequence = self.send(command)?;
        loop {
            match self.receive()? {
                Message::Command(answered, Command::Reply, _) if answered == sequence => return Ok(()),
                Message::Command(answered, Command::Error(error), _) if answered == sequence => {
                    return Err(refused(error));
                }
                _ => {}
            }
        }
    }

    /// Writes sound to a stream. `data` begins with [`DESCRIPTOR_SIZE`] bytes that are overwritten.
    pub(super) fn write_sound(&mut self, channel: u32, data: &mut [u8]) -> Result<(), DeviceError> {
        let Some((head, sound)) = data.split_first_chunk_mut::<DESCRIPTOR_SIZE>() else {
            return Ok(());
        };
        let descriptor = protocol::Descriptor {
            length: u32::try_from(sound.len()).map_err(broken)?,
            channel,
            offset: 0,
            flags: protocol::DescriptorFlags::empty(),
        };
        protocol::encode_descriptor(head, &descriptor);
        self.stream.write_all(data).map_err(broken)
    }

    /// The next message.
    pub(super) fn receive(&mut self) -> Result<Message<'_>, DeviceError> {
        let mut head = [0; DESCRIPTOR_SIZE];
        self.stream.read_exact(&mut head).map_err(broken)?;
        let descriptor = protocol::read_descriptor(&mut head.as_slice()).map_err(broken)?;
        let length = descriptor.length as usize;
        if length > LONGEST {
            return Err(broken("a message is too long"));
        }
        self.buffer.resize(length, 0);
        self.stream.read_exact(&mut self.buffer).map_err(broken)?;
        if descriptor.channel != CONTROL {
            return Ok(Message::Sound(&self.buffer));
        }
        let mut body = Cursor::new(self.buffer.as_slice());
        match Command::read_tag_prefixed(&mut body, self.version) {
            Ok((sequence, command)) => {
                let read = usize::try_from(body.position()).unwrap_or(length);
                Ok(Message::Command(sequence, command, self.buffer.get(read..).unwrap_or_default()))
            }
            Err(error) => {
                tracing::debug!(%error, "a message of the sound server was not understood");
                Ok(Message::Unknown)
            }
        }
    }

    fn send(&mut self, command: &Command) -> Result<u32, DeviceError> {
        let sequence = self.next;
        self.next = self.next.wrapping_add(1);
        protocol::write_command_message(&mut self.stream, sequence, command, self.version).map_err(broken)?;
        Ok(sequence)
    }
}

/// Where a server of this user listens when no variable says otherwise.
fn default_path() -> Option<PathBuf> {
    pulseaudio::socket_path_from_env().or_else(|| {
        let path = PathBuf::from(format!("/run/user/{}/pulse/native", rustix::process::getuid().as_raw()));
        path.exists().then_some(path)
    })
}

fn broken(error: impl ToString) -> DeviceError {
    DeviceError::system(SYSTEM, error)
}

fn refused(error: PulseError) -> DeviceError {
    match error {
        PulseError::AccessDenied | PulseError::AuthKey => DeviceError::NotAuthorized(SYSTEM.to_owned()),
        PulseError::NoEntity => DeviceError::Gone("device".to_owned()),
        PulseError::Busy => DeviceError::Busy("device".to_owned()),
        other => DeviceError::system(SYSTEM, other),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    /// Connects to something that says these bytes and hangs up.
    fn connect_to(says: &[u8]) -> Option<DeviceError> {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("native");
        let listener = UnixListener::bind(&path).expect("it is new");
        let says = says.to_vec();
        let other = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("the test connects");
            // Fails when the other side had enough.
            let _hung_up = stream.write_all(&says);
        });
        let refused = Socket::connect(Some(&path)).err();
        other.join().expect("it does not panic");
        refused
    }

    #[test]
    fn what_is_no_sound_server_is_an_error_and_no_panic() {
        let head = |length: u32, channel: u32| {
            let mut head = [length, channel, 0, 0, 0].map(u32::to_be_bytes).concat();
            head.extend([b'L'; 64]);
            head
        };
        for says in [Vec::new(), b"HTTP/1.1 400 Bad Request\r\n".to_vec(), head(u32::MAX, CONTROL), head(64, CONTROL)] {
            assert!(matches!(connect_to(&says), Some(DeviceError::System { .. })), "{says:?}");
        }
    }
}
