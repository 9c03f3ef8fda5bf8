//! An X11 server of the test's own without a monitor, and windows in it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use rtc_device::{Rectangle, Size};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ConfigureWindowAux, ConnectionExt as _, CreateGCAux, CreateWindowAux, EventMask, ImageFormat, PropMode,
    StackMode, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

pub(crate) const SCREEN: Size = Size::new(400, 300);

pub(crate) struct XServer {
    /// Nothing where somebody else started it.
    pub(crate) child: Option<Child>,
    pub(crate) name: String,
}

impl XServer {
    pub(crate) fn start() -> Self {
        Self::start_without(&[])
    }

    /// Starts a server that lacks these extensions, and waits until it answers.
    pub(crate) fn start_without(extensions: &[&str]) -> Self {
        let screen = format!("{}x{}x24", SCREEN.width, SCREEN.height);
        let mut child = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"])
            .args(extensions.iter().flat_map(|name| ["-extension", name]))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program Xvfb runs; install the Debian package xvfb");
        let mut number = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut number).expect("Xvfb writes its number when it is ready");
        assert!(!number.trim().is_empty(), "Xvfb ended before it was ready");
        Self { child: Some(child), name: format!(":{}", number.trim()) }
    }

    pub(crate) fn window(&self, title: &str, area: Rectangle) -> TestWindow {
        TestWindow::open(&self.name, title, area)
    }

    pub(crate) fn move_pointer(&self, x: i16, y: i16) {
        let (connection, screen) = RustConnection::connect(Some(&self.name)).expect("the server runs");
        let root = connection.setup().roots[screen].root;
        connection.warp_pointer(x11rb::NONE, root, 0, 0, 0, 0, x, y).expect("the server runs");
        connection.sync().expect("the server runs");
    }
}

impl Drop for XServer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // Fails when it crashed.
            let _ended = child.kill();
            let _ended = child.wait();
        }
    }
}

/// A window of the application.
pub(crate) struct TestWindow {
    connection: RustConnection,
    pub(crate) id: Window,
    context: u32,
}

impl TestWindow {
    fn open(display: &str, title: &str, area: Rectangle) -> Self {
        let (connection, _) = RustConnection::connect(Some(display)).expect("the server runs");
        let id = connection.generate_id().expect("there are ids");
        let context = connection.generate_id().expect("there are ids");
        let window = Self { connection, id, context };
        window.create(area);
        window
            .connection
            .change_property8(PropMode::REPLACE, id, AtomEnum::WM_NAME, AtomEnum::STRING, title.as_bytes())
            .expect("the server runs");
        window.connection.create_gc(context, id, &CreateGCAux::new()).expect("the server runs");
        window.show();
        window
    }

    fn create(&self, area: Rectangle) {
        let root = self.connection.setup().roots[0].root;
        let options = CreateWindowAux::new().background_pixel(0).event_mask(EventMask::EXPOSURE | EventMask::STRUCTURE_NOTIFY);
        let (x, y, width, height) = (area.x as i16, area.y as i16, area.width as u16, area.height as u16);
        let (depth, visual) = (x11rb::COPY_DEPTH_FROM_PARENT, x11rb::COPY_FROM_PARENT);
        let class = WindowClass::INPUT_OUTPUT;
        self.connection
            .create_window(depth, self.id, root, x, y, width, height, 0, class, visual, &options)
            .expect("the server runs");
    }

    pub(crate) fn show(&self) {
        self.connection.map_window(self.id).expect("the server runs");
        self.wait_for(|event| matches!(event, Event::MapNotify(_)));
    }

    pub(crate) fn hide(&self) {
        self.connection.unmap_window(self.id).expect("the server runs");
        self.wait_for(|event| matches!(event, Event::UnmapNotify(_)));
    }

    pub(crate) fn close(&self) {
        self.connection.destroy_window(self.id).expect("the server runs");
        self.wait_for(|event| matches!(event, Event::DestroyNotify(_)));
    }

    pub(crate) fn place(&self, area: Rectangle) {
        let change =
            ConfigureWindowAux::new().x(area.x).y(area.y).width(area.width).height(area.height).stack_mode(StackMode::ABOVE);
        self.connection.configure_window(self.id, &change).expect("the server runs");
        self.connection.sync().expect("the server runs");
    }

    /// Closes the window and makes another one that happens to get the same id, before anybody can look.
    pub(crate) fn replace(&self, area: Rectangle) {
        self.connection.destroy_window(self.id).expect("the server runs");
        self.create(area);
        self.show();
    }

    fn wait_for(&self, fits: impl Fn(&Event) -> bool) {
        self.connection.flush().expect("the server runs");
        while !fits(&self.connection.wait_for_event().expect("the server runs")) {}
    }

    /// Paints the whole window.
    pub(crate) fn paint(&self, size: Size, pixels: &[u8]) {
        assert_eq!(pixels.len(), size.pixels() * 4);
        let (width, height) = (size.width as u16, size.height as u16);
        self.connection
            .put_image(ImageFormat::Z_PIXMAP, self.id, self.context, width, height, 0, 0, 0, 24, pixels)
            .expect("the server runs")
            .check()
            .expect("the window is there");
    }

    /// What is in the window, opaque.
    pub(crate) fn pixels(&self, size: Size) -> Vec<u8> {
        let (width, height) = (size.width as u16, size.height as u16);
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.id, 0, 0, width, height, u32::MAX);
        let mut pixels = image.expect("the server runs").reply().expect("the window can be seen").data;
        pixels.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 255);
        pixels
    }

    /// Says that the window is a dialog of another one.
    pub(crate) fn belong_to(&self, owner: Window) {
        let (name, kind) = (AtomEnum::WM_TRANSIENT_FOR, AtomEnum::WINDOW);
        self.connection.change_property32(PropMode::REPLACE, self.id, name, kind, &[owner]).expect("the server runs");
        self.connection.sync().expect("the server runs");
    }

    /// Names the window as applications of today do.
    pub(crate) fn set_modern_title(&self, title: &str) {
        let (name, utf8) = (self.atom("_NET_WM_NAME"), self.atom("UTF8_STRING"));
        self.connection.change_property8(PropMode::REPLACE, self.id, name, utf8, title.as_bytes()).expect("the server runs");
        self.connection.sync().expect("the server runs");
    }

    /// Says what a window manager says of all windows.
    pub(crate) fn list_as_manager(&self, windows: &[Window]) {
        let (name, root) = (self.atom("_NET_CLIENT_LIST"), self.connection.setup().roots[0].root);
        self.connection.change_property32(PropMode::REPLACE, root, name, AtomEnum::WINDOW, windows).expect("the server runs");
        self.connection.sync().expect("the server runs");
    }

    fn atom(&self, name: &str) -> u32 {
        let cookie = self.connection.intern_atom(false, name.as_bytes()).expect("the server runs");
        cookie.reply().expect("names are never refused").atom
    }

    pub(crate) fn set_icon(&self, size: Size, argb: u32) {
        let name = self.atom("_NET_WM_ICON");
        let mut numbers = vec![size.width, size.height];
        numbers.extend(std::iter::repeat_n(argb, size.pixels()));
        self.connection
            .change_property32(PropMode::REPLACE, self.id, name, AtomEnum::CARDINAL, &numbers)
            .expect("the server runs");
        self.connection.sync().expect("the server runs");
    }
}

/// A picture in which every pixel differs from its neighbours, opaque BGRA.
pub(crate) fn gradient(size: Size, blue: u8) -> Vec<u8> {
    let pixel = |x: u32, y: u32| [blue, (x * 3) as u8, (y * 5) as u8, 255];
    (0..size.height).flat_map(|y| (0..size.width).flat_map(move |x| pixel(x, y))).collect()
}

/// One colour everywhere.
pub(crate) fn plain(size: Size, bgra: [u8; 4]) -> Vec<u8> {
    bgra.repeat(size.pixels())
}
