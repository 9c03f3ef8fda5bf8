//! A connection to an X11 server, and pictures carried over it. It does not know what they are for.

mod picture;
mod window;

pub(crate) use picture::{PictureReader, PictureWriter};
pub(crate) use window::WindowState;

use x11rb::connection::Connection;
use x11rb::errors::{ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::ErrorKind;
use x11rb::protocol::composite::ConnectionExt as _;
use x11rb::protocol::shm::ConnectionExt as _;
use x11rb::protocol::xfixes::ConnectionExt as _;
use x11rb::protocol::xproto::{ImageOrder, Window};
use x11rb::rust_connection::RustConnection;

use crate::DeviceError;

pub(crate) const SYSTEM: &str = "X11";

x11rb::atom_manager! {
    /// Names that are used in questions.
    pub(crate) Atoms: AtomsCookie {
        _NET_CLIENT_LIST,
        _NET_WM_ICON,
        _NET_WM_NAME,
        _NET_WM_STATE,
        _NET_WM_STATE_HIDDEN,
        UTF8_STRING,
        WM_STATE,
    }
}

/// Why a question to the server failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The window or picture that was meant does not exist any more, or not in that size.
    Gone,
    /// The connection is broken, or the server refuses for another reason.
    Broken(String),
}

impl Failure {
    /// As an error about something with this name.
    pub(crate) fn about(self, name: &str) -> DeviceError {
        match self {
            Self::Gone => DeviceError::Gone(name.to_owned()),
            Self::Broken(cause) => DeviceError::system(SYSTEM, cause),
        }
    }
}

impl From<ConnectionError> for Failure {
    fn from(error: ConnectionError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<ReplyError> for Failure {
    fn from(error: ReplyError) -> Self {
        match error {
            ReplyError::ConnectionError(error) => error.into(),
            ReplyError::X11Error(error) => match error.error_kind {
                ErrorKind::Window | ErrorKind::Drawable | ErrorKind::Pixmap | ErrorKind::Match => Self::Gone,
                other => Self::Broken(format!("{other:?}")),
            },
        }
    }
}

impl From<ReplyOrIdError> for Failure {
    fn from(error: ReplyOrIdError) -> Self {
        match error {
            ReplyOrIdError::ConnectionError(error) => error.into(),
            ReplyOrIdError::X11Error(error) => ReplyError::X11Error(error).into(),
            ReplyOrIdError::IdsExhausted => Self::Broken("no identifiers are left".to_owned()),
        }
    }
}

/// A connection and what its server can do.
pub(crate) struct X11 {
    pub(crate) connection: RustConnection,
    pub(crate) root: Window,
    pub(crate) atoms: Atoms,
    /// Pictures can be passed by shared memory.
    pub(crate) shared_memory: bool,
    /// Windows can be read where others cover them.
    pub(crate) composite: bool,
    /// The mouse pointer can be read.
    pub(crate) pointer: bool,
}

impl X11 {
    /// Connects to the named display, or to the one in `DISPLAY`.
    ///
    /// # Errors
    /// [`DeviceError::System`] when there is none, [`DeviceError::Unsupported`] when its pictures have less than 24 bits.
    pub(crate) fn open(display: Option<&str>) -> Result<Self, DeviceError> {
        let (connection, screen) = RustConnection::connect(display).map_err(|error| DeviceError::system(SYSTEM, error))?;
        Self::greet(connection, screen).map_err(|failure| failure.about("display"))?.check()
    }

    fn greet(connection: RustConnection, screen: usize) -> Result<Self, Failure> {
        let atoms = Atoms::new(&connection)?.reply()?;
        let root = connection.setup().roots[screen].root;
        // File descriptors can be passed since 1.2 of MIT-SHM.
        let shared_memory = connection
            .shm_query_version()
            .ok()
            .and_then(|cookie| cookie.reply().ok())
            .is_some_and(|version| (version.major_version, version.minor_version) >= (1, 2));
        // Pictures of windows can be named since 0.2.
        let composite = connection
            .composite_query_version(0, 4)
            .ok()
            .and_then(|cookie| cookie.reply().ok())
            .is_some_and(|version| (version.major_version, version.minor_version) >= (0, 2));
        let pointer = connection.xfixes_query_version(2, 0).ok().and_then(|cookie| cookie.reply().ok()).is_some();
        Ok(Self { connection, root, atoms, shared_memory, composite, pointer })
    }

    fn check(self) -> Result<Self, DeviceError> {
        let setup = self.connection.setup();
        let usual = setup.image_byte_order == ImageOrder::LSB_FIRST
            && setup.pixmap_formats.iter().all(|format| !matches!(format.depth, 24 | 32) || format.bits_per_pixel == 32);
        let deep = setup.roots.iter().any(|screen| screen.root == self.root && matches!(screen.root_depth, 24 | 32));
        if usual && deep {
            return Ok(self);
        }
        let why = "the display has no pixels of 4 bytes; start it with a depth of 24".to_owned();
        Err(DeviceError::Unsupported { what: "pictures of this display", why })
    }
}
