//! Listing and capturing.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rtc_device::screen::{Highlight, PauseReason};
use rtc_device::{
    DeviceError, Display, RawFrame, Rectangle, ScreenCapture, ScreenEvent, ScreenOptions, ScreenSourceKind, ScreenTarget, Size,
};

use crate::server::{SCREEN, TestWindow, XServer, gradient, plain};

/// Far longer than anything takes, also on a machine that is busy otherwise.
const PATIENCE: Duration = Duration::from_secs(60);
const GREY: [u8; 4] = [0x80, 0x80, 0x80, 0xff];

struct Captured {
    capture: ScreenCapture,
    frames: Receiver<(Size, Vec<u8>)>,
    events: Receiver<ScreenEvent>,
}

fn start(target: ScreenTarget, options: ScreenOptions) -> Captured {
    let (seen, frames) = channel();
    let (told, events) = channel();
    let on_frame = move |frame: &RawFrame<'_>| {
        assert!(frame.is_complete());
        let _the_test_is_over = seen.send((frame.size, frame.data.to_vec()));
    };
    let on_event = move |event| {
        let _the_test_is_over = told.send(event);
    };
    let capture = ScreenCapture::start(target, options, on_frame, on_event).expect("it can be captured");
    Captured { capture, frames, events }
}

impl Captured {
    /// Waits for a picture that is exactly this one.
    fn wait_for(&self, size: Size, pixels: &[u8]) {
        self.wait_while_painting(size, pixels, || {});
    }

    /// The same, while the application paints its windows whenever it may have been told to.
    fn wait_while_painting(&self, size: Size, pixels: &[u8], paint: impl Fn()) {
        let end = Instant::now() + PATIENCE;
        let mut last = None;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(frame) = self.frames.recv_timeout(left) else {
                let differing = last.map(|(seen, data): (Size, Vec<u8>)| {
                    let differs = data.chunks(4).zip(pixels.chunks(4)).position(|(a, b)| a != b);
                    (seen, differs, differs.map(|at| data[at * 4..at * 4 + 4].to_vec()))
                });
                panic!("the picture did not come; the last one differed first in {differing:?}");
            };
            if frame.0 == size && frame.1 == pixels {
                return;
            }
            last = Some(frame);
            paint();
        }
    }

    fn event(&self) -> ScreenEvent {
        self.events.recv_timeout(PATIENCE).expect("something happens")
    }
}

fn fast() -> ScreenOptions {
    ScreenOptions { frame_rate: 30, pointer: false, ..ScreenOptions::default() }
}

fn of_window(server: &XServer, window: &TestWindow) -> ScreenTarget {
    ScreenTarget::Window { display: Some(server.name.clone()), id: window.id }
}

fn of_screen(server: &XServer) -> ScreenTarget {
    let sources = Display::open(Some(&server.name)).expect("it runs").sources(Size::default(), Size::default());
    let screen = sources.expect("it runs").into_iter().find(|source| source.kind == ScreenSourceKind::Screen);
    ScreenTarget::Screen { display: Some(server.name.clone()), id: screen.expect("there is a screen").id }
}

/// A picture of the whole screen with another one in it.
fn on_screen(picture: &[u8], area: Rectangle) -> Vec<u8> {
    let mut screen = plain(SCREEN, [0, 0, 0, 255]);
    paste(&mut screen, SCREEN, picture, area);
    screen
}

fn paste(onto: &mut [u8], size: Size, picture: &[u8], area: Rectangle) {
    for (y, row) in picture.chunks(area.width as usize * 4).enumerate() {
        let start = ((area.y as usize + y) * size.width as usize + area.x as usize) * 4;
        onto[start..start + row.len()].copy_from_slice(row);
    }
}

#[test]
fn screens_and_windows_are_listed_with_thumbnails_and_icons() {
    let server = XServer::start();
    let area = Rectangle::new(50, 40, 100, 60);
    let window = server.window("Budget", area);
    window.paint(area.size(), &plain(area.size(), [10, 20, 200, 255]));
    window.set_icon(Size::new(8, 8), 0xff30_4050);
    let hidden = server.window("Hidden", Rectangle::new(0, 0, 20, 20));
    hidden.hide();

    let display = Display::open(Some(&server.name)).expect("it runs");
    let sources = display.sources(Size::new(50, 50), Size::new(4, 4)).expect("it runs");
    let [screen, first, second] = &sources[..] else { panic!("not a screen and two windows: {sources:?}") };
    assert_eq!((screen.kind, screen.main), (ScreenSourceKind::Screen, true));
    assert_eq!(screen.area, Rectangle::new(0, 0, SCREEN.width, SCREEN.height));
    assert_eq!(screen.thumbnail.size, SCREEN.fitted(Size::new(50, 50)));

    assert_eq!((first.kind, first.name.as_str()), (ScreenSourceKind::Window, "Budget"));
    assert_eq!((first.id, first.area, first.minimized), (window.id, area, false));
    let thumbnail = Size::new(50, 30);
    assert_eq!((first.thumbnail.size, &first.thumbnail.bgra), (thumbnail, &plain(thumbnail, [10, 20, 200, 255])));
    assert_eq!((first.icon.size, &first.icon.bgra[..4]), (Size::new(4, 4), &[0x50, 0x40, 0x30, 0xff][..]));

    assert_eq!((second.name.as_str(), second.minimized), ("Hidden", true));
    assert!(second.thumbnail.bgra.is_empty() && second.icon.bgra.is_empty());
}

#[test]
fn where_a_window_manager_lists_windows_its_list_counts() {
    let server = XServer::start();
    let window = |title, x| server.window(title, Rectangle::new(x, 0, 10, 10));
    let (front, back, dock) = (window("Front", 0), window("Back", 20), window("Dock", 40));
    back.set_modern_title("预算 – Budget");
    let closed = window("Closed", 60);
    front.list_as_manager(&[back.id, closed.id, front.id]);
    closed.close();
    let display = Display::open(Some(&server.name)).expect("it runs");
    let sources = display.sources(Size::default(), Size::default()).expect("it runs");
    let windows = sources.iter().filter(|source| source.kind == ScreenSourceKind::Window);
    let listed: Vec<_> = windows.map(|source| (source.id, source.name.as_str())).collect();
    assert_eq!(listed, [(back.id, "预算 – Budget"), (front.id, "Front")], "and not {}", dock.id);
}

#[test]
fn a_screen_is_captured_pixel_by_pixel() {
    let server = XServer::start();
    let area = Rectangle::new(33, 21, 101, 57);
    let picture = gradient(area.size(), 7);
    let window = server.window("Gradient", area);
    window.paint(area.size(), &picture);
    let captured = start(of_screen(&server), fast());
    captured.wait_for(SCREEN, &on_screen(&picture, area));
    assert_eq!(captured.event(), ScreenEvent::Started(SCREEN));

    let region = Rectangle::new(35, 22, 4, 3);
    captured.capture.change(ScreenOptions { region: Some(region), ..fast() }).expect("it is a region");
    let mut part = Vec::new();
    for y in 1..4 {
        part.extend_from_slice(&picture[(y * 101 + 2) * 4..(y * 101 + 6) * 4]);
    }
    captured.wait_for(region.size(), &part);
    assert_eq!(captured.event(), ScreenEvent::Resized(region.size()));
}

#[test]
fn a_window_is_captured_where_it_is_covered_moved_and_resized() {
    let server = XServer::start();
    let area = Rectangle::new(10, 10, 80, 60);
    let window = server.window("Talk", area);
    window.paint(area.size(), &gradient(area.size(), 1));
    let captured = start(of_window(&server, &window), fast());
    captured.wait_for(area.size(), &gradient(area.size(), 1));

    // The server keeps a picture of the window from now on, so what covers it does not matter.
    let over = server.window("Over", Rectangle::new(0, 0, 200, 200));
    window.paint(area.size(), &gradient(area.size(), 2));
    captured.wait_for(area.size(), &gradient(area.size(), 2));
    over.close();

    // Half of it is outside of the screen.
    window.place(Rectangle::new(-40, 10, 80, 60));
    window.paint(area.size(), &gradient(area.size(), 3));
    captured.wait_for(area.size(), &gradient(area.size(), 3));

    let larger = Size::new(123, 77);
    window.place(Rectangle::new(5, 5, 123, 77));
    window.paint(larger, &gradient(larger, 4));
    captured.wait_for(larger, &gradient(larger, 4));
    assert_eq!(captured.event(), ScreenEvent::Started(area.size()));
    assert_eq!(captured.event(), ScreenEvent::Resized(larger));
}

#[test]
fn a_hidden_window_pauses_the_capture_and_a_closed_one_ends_it() {
    let server = XServer::start();
    let area = Rectangle::new(10, 10, 80, 60);
    let window = server.window("Talk", area);
    window.paint(area.size(), &gradient(area.size(), 1));
    let captured = start(of_window(&server, &window), fast());
    assert_eq!(captured.event(), ScreenEvent::Started(area.size()));
    window.hide();
    assert_eq!(captured.event(), ScreenEvent::Paused(PauseReason::Minimized));
    window.show();
    window.paint(area.size(), &gradient(area.size(), 2));
    assert_eq!(captured.event(), ScreenEvent::Resumed(PauseReason::Minimized));
    captured.wait_for(area.size(), &gradient(area.size(), 2));
    window.close();
    assert_eq!(captured.event(), ScreenEvent::Closed);
    assert!(captured.events.recv_timeout(PATIENCE).is_err(), "nothing follows, and nothing holds the capture");
}

#[test]
fn a_new_window_with_the_id_of_a_closed_one_is_not_shown() {
    let server = XServer::start();
    let area = Rectangle::new(10, 10, 80, 60);
    let window = server.window("Talk", area);
    let captured = start(of_window(&server, &window), fast());
    assert_eq!(captured.event(), ScreenEvent::Started(area.size()));
    window.replace(area);
    window.paint(area.size(), &gradient(area.size(), 66));
    assert_eq!(captured.event(), ScreenEvent::Closed);
    let secret = gradient(area.size(), 66);
    assert!(captured.frames.iter().all(|(_, pixels)| pixels != secret));
}

#[test]
fn a_frame_is_around_a_shared_window_and_region_but_not_around_a_screen() {
    let server = XServer::start();
    let area = Rectangle::new(50, 40, 80, 60);
    let window = server.window("Talk", area);
    window.paint(area.size(), &gradient(area.size(), 1));
    let highlight = Some(Highlight { colour: 0x0011_2233, width: 3 });
    let framed = ScreenOptions { highlight, ..fast() };
    let shared = start(of_window(&server, &window), framed.clone());
    assert_eq!(shared.event(), ScreenEvent::Started(area.size()));
    window.paint(area.size(), &gradient(area.size(), 1));

    let seen = start(of_screen(&server), framed.clone());
    let mut expected = plain(SCREEN, [0, 0, 0, 255]);
    let outside = Rectangle::new(47, 37, 86, 66);
    paste(&mut expected, SCREEN, &plain(outside.size(), [0x33, 0x22, 0x11, 0xff]), outside);
    paste(&mut expected, SCREEN, &gradient(area.size(), 1), area);
    seen.wait_for(SCREEN, &expected);
    shared.wait_for(area.size(), &gradient(area.size(), 1));

    shared.capture.change(fast()).expect("they are options");
    let bare = on_screen(&gradient(area.size(), 1), area);
    seen.wait_for(SCREEN, &bare);
    let region = Rectangle::new(200, 200, 20, 10);
    let part = start(of_screen(&server), ScreenOptions { region: Some(region), ..framed });
    let outside = Rectangle::new(197, 197, 26, 16);
    let mut expected = bare.clone();
    paste(&mut expected, SCREEN, &plain(outside.size(), [0x33, 0x22, 0x11, 0xff]), outside);
    paste(&mut expected, SCREEN, &plain(region.size(), [0, 0, 0, 255]), region);
    seen.wait_for(SCREEN, &expected);
    drop(part);
    seen.wait_for(SCREEN, &bare);
}

#[test]
fn a_paused_capture_gives_no_picture_until_it_is_resumed() {
    let server = XServer::start();
    let area = Rectangle::new(10, 10, 80, 60);
    let window = server.window("Talk", area);
    let captured = start(of_window(&server, &window), fast());
    assert_eq!(captured.event(), ScreenEvent::Started(area.size()));
    captured.capture.pause();
    assert_eq!(captured.event(), ScreenEvent::Paused(PauseReason::Asked));
    window.paint(area.size(), &gradient(area.size(), 9));
    captured.capture.resume();
    assert_eq!(captured.event(), ScreenEvent::Resumed(PauseReason::Asked));
    captured.wait_for(area.size(), &gradient(area.size(), 9));
}

#[test]
fn the_pointer_is_in_the_picture_when_it_is_wanted() {
    let server = XServer::start();
    let area = Rectangle::new(0, 0, 100, 100);
    let window = server.window("Talk", area);
    let blue = plain(area.size(), [255, 0, 0, 255]);
    window.paint(area.size(), &blue);
    server.move_pointer(50, 50);
    let captured = start(of_window(&server, &window), ScreenOptions { pointer: true, ..fast() });
    let end = Instant::now() + PATIENCE;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let (_, data) = captured.frames.recv_timeout(left).expect("the pointer is seen");
        let changed: Vec<usize> =
            data.chunks(4).zip(blue.chunks(4)).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect();
        if let Some(first) = changed.first() {
            assert!((30..70).contains(&(first % 100)) && (30..70).contains(&(first / 100)), "it is at {first}");
            break;
        }
    }
    captured.capture.change(fast()).expect("they are options");
    captured.wait_for(area.size(), &blue);
}

#[test]
fn an_excluded_window_is_grey_on_the_screen_and_an_included_one_is_over_the_window() {
    let server = XServer::start();
    let (secret_area, talk_area) = (Rectangle::new(60, 50, 40, 30), Rectangle::new(0, 0, 80, 60));
    let talk = server.window("Talk", talk_area);
    talk.paint(talk_area.size(), &gradient(talk_area.size(), 1));
    let dialog = server.window("Dialog", secret_area);
    dialog.paint(secret_area.size(), &gradient(secret_area.size(), 2));

    let mut expected = on_screen(&gradient(talk_area.size(), 1), talk_area);
    let options = ScreenOptions { excluded: vec![dialog.id], ..fast() };
    let screen = start(of_screen(&server), options);
    paste(&mut expected, SCREEN, &plain(secret_area.size(), GREY), secret_area);
    screen.wait_for(SCREEN, &expected);

    let options = ScreenOptions { included: vec![dialog.id], ..fast() };
    let window = start(of_window(&server, &talk), options);
    // Windows are told to paint themselves when the server begins to keep pictures of them.
    let repaint = || {
        talk.paint(talk_area.size(), &gradient(talk_area.size(), 1));
        dialog.paint(secret_area.size(), &gradient(secret_area.size(), 2));
    };
    let mut expected = gradient(talk_area.size(), 1);
    let inside = Size::new(20, 10);
    let dialog_rows = gradient(secret_area.size(), 2);
    let corner: Vec<u8> = dialog_rows.chunks(40 * 4).take(10).flat_map(|row| row[..20 * 4].to_vec()).collect();
    paste(&mut expected, talk_area.size(), &corner, Rectangle::new(60, 50, inside.width, inside.height));
    window.wait_while_painting(talk_area.size(), &expected, repaint);
    dialog.hide();
    window.wait_while_painting(talk_area.size(), &gradient(talk_area.size(), 1), repaint);
    dialog.show();
    window.wait_while_painting(talk_area.size(), &expected, repaint);

    window.capture.change(fast()).expect("they are options");
    window.wait_while_painting(talk_area.size(), &gradient(talk_area.size(), 1), repaint);
    dialog.belong_to(talk.id);
    window.capture.change(ScreenOptions { children: true, ..fast() }).expect("they are options");
    window.wait_while_painting(talk_area.size(), &expected, repaint);
    dialog.close();
    window.wait_for(talk_area.size(), &gradient(talk_area.size(), 1));
}

#[test]
fn a_server_that_shares_no_memory_is_captured_through_its_socket() {
    let server = XServer::start_without(&["MIT-SHM"]);
    let area = Rectangle::new(33, 21, 101, 57);
    let picture = gradient(area.size(), 7);
    let window = server.window("Gradient", area);
    window.paint(area.size(), &picture);
    let screen = start(of_screen(&server), fast());
    screen.wait_for(SCREEN, &on_screen(&picture, area));
    let captured = start(of_window(&server, &window), fast());
    captured.wait_for(area.size(), &picture);
}

#[test]
fn a_server_that_keeps_no_pictures_of_windows_shows_what_is_on_its_screen() {
    let server = XServer::start_without(&["Composite", "RANDR"]);
    let area = Rectangle::new(33, 21, 101, 57);
    let picture = gradient(area.size(), 7);
    let window = server.window("Gradient", area);
    window.paint(area.size(), &picture);
    let screen = start(of_screen(&server), fast());
    screen.wait_for(SCREEN, &on_screen(&picture, area));
    let captured = start(of_window(&server, &window), fast());
    captured.wait_for(area.size(), &picture);

    // What is outside of the screen is black.
    window.place(Rectangle::new(-1, 21, 101, 57));
    window.paint(area.size(), &picture);
    let mut expected = picture;
    expected.chunks_mut(101 * 4).for_each(|row| row[..4].copy_from_slice(&[0, 0, 0, 255]));
    captured.wait_for(area.size(), &expected);
}

#[test]
fn what_is_not_there_cannot_be_captured() {
    let server = XServer::start();
    let window = server.window("Talk", Rectangle::new(0, 0, 10, 10));
    let target = of_window(&server, &window);
    window.close();
    let refused = ScreenCapture::start(target, fast(), |_| {}, |_| {});
    assert!(matches!(refused, Err(DeviceError::Gone(_))));
    let target = ScreenTarget::Screen { display: Some(server.name.clone()), id: u32::MAX };
    assert!(matches!(ScreenCapture::start(target, fast(), |_| {}, |_| {}), Err(DeviceError::Gone(_))));
    let name = server.name.clone();
    drop(server);
    assert!(matches!(Display::open(Some(&name)), Err(DeviceError::System { system: "X11", .. })));
}

#[test]
fn the_display_that_goes_away_ends_the_capture_with_an_error() {
    let server = XServer::start();
    let captured = start(of_screen(&server), fast());
    assert_eq!(captured.event(), ScreenEvent::Started(SCREEN));
    drop(server);
    assert!(matches!(captured.event(), ScreenEvent::Failed(DeviceError::System { system: "X11", .. })));
}

#[test]
fn the_twin_moves_without_a_display() {
    let size = Size::new(64, 48);
    let captured = start(ScreenTarget::Pattern(size), fast());
    let first = captured.frames.recv_timeout(PATIENCE).expect("it needs nothing");
    let second = captured.frames.recv_timeout(PATIENCE).expect("it needs nothing");
    assert_eq!((first.0, second.0), (size, size));
    assert_ne!(first.1, second.1);
}
