//! A shared screen or window, as the others see it.

use std::sync::Arc;

use rtc_core::video::frame::{self, Frame, Pool};
use rtc_core::video::measure::psnr;
use rtc_core::video::pattern::{Mark, Pattern};
use rtc_core::{
    Event, Options, PictureChoice, Rect, ScreenCaptureProperty, ScreenCaptureSourceInfo, ScreenCaptureSourceType,
    VideoResolution, VideoStreamType,
};
use rtc_device::{Rectangle, ScreenSourceKind, Size};

use crate::display::{SCREEN, XServer};
use crate::engine::{Engine, Tickets as _};
use crate::person::{Person, twins};
use crate::seen::{Eyes, encoding, source_of};
use crate::windows::{Board, display};

const SUB: VideoStreamType = VideoStreamType::Sub;
/// Where the window with the picture is; it is large enough for its code to be read.
const AREA: Rectangle = Rectangle::new(20, 30, 192, 128);

/// Somebody in the room who can share the screens and windows of the display.
fn with_display(engine: &Engine) -> Person {
    let twins = twins(440.0);
    let options = Options { picture: rtc_core::PictureOptions { screen: PictureChoice::Device, ..twins.picture }, ..twins };
    let mut ann = Person::with(engine, &options);
    ann.enter(engine.ticket("ann"), rtc_core::AppScene::VideoCall);
    ann
}

/// Chooses a source, or a part of it, without the pointer.
fn select(person: &Person, kind: ScreenCaptureSourceType, source_id: u64, part: Option<Rectangle>) {
    let source = ScreenCaptureSourceInfo { kind, source_id, ..ScreenCaptureSourceInfo::default() };
    let part = part.map_or_else(Rect::default, |part| Rect {
        left: part.x,
        top: part.y,
        right: part.x + part.width.cast_signed(),
        bottom: part.y + part.height.cast_signed(),
    });
    let property =
        ScreenCaptureProperty { enable_capture_mouse: false, enable_high_light: false, ..ScreenCaptureProperty::default() };
    person.cloud.select_screen_capture_target(source, part, property);
}

/// The only screen of the display.
fn screen_id(person: &Person) -> u64 {
    let sources = person.cloud.screen_capture_sources(Size::default(), Size::default()).expect("there is a display");
    let screen = sources.iter().find(|source| source.kind == ScreenSourceKind::Screen);
    screen.expect("there is a screen").id.into()
}

/// Somebody who sees what is shared.
fn watcher(engine: &Engine) -> (Person, Arc<Eyes>) {
    let mut bob = Person::enters(engine, "bob");
    bob.until_event(&Event::UserSubStreamAvailable { user_id: "ann".into(), available: true });
    let eyes = Arc::<Eyes>::default();
    bob.cloud.set_remote_video_render_callback("ann", Some(eyes.clone())).expect("a user id");
    bob.cloud.start_remote_view("ann", SUB, 0);
    (bob, eyes)
}

/// Shares a source and has somebody watch it.
fn shared(engine: &Engine, ann: &mut Person) -> (Person, Arc<Eyes>) {
    ann.cloud.start_screen_capture(0, SUB, Some(encoding(VideoResolution::R640x480)));
    ann.until_event(&Event::ScreenCaptureStarted);
    watcher(engine)
}

fn until_source(eyes: &Eyes, source: u16) {
    let find = |frame: &Frame| (source_of(frame) == Some(source)).then_some(());
    eyes.until_of("ann", SUB, &format!("the mark of {source}"), find);
}

fn pattern(server: &XServer) -> Board {
    let board = Board::titled(server, "Pattern", AREA);
    board.paint(7, 1);
    board
}

#[test]
fn screens_and_windows_are_listed_with_what_they_show() {
    let Some(server) = display(screens_and_windows_are_listed_with_what_they_show) else { return };
    let engine = Engine::start();
    let board = pattern(&server);
    let ann = with_display(&engine);
    let sources = ann.cloud.screen_capture_sources(Size::new(96, 64), Size::new(8, 8)).expect("there is a display");
    let [screen, window] = &sources[..] else { panic!("not a screen and a window: {sources:?}") };
    assert_eq!((screen.kind, screen.main, screen.area.size()), (ScreenSourceKind::Screen, true, SCREEN));
    assert_eq!((window.kind, u64::from(window.id)), (ScreenSourceKind::Window, board.id()));
    assert_eq!((window.name.as_str(), window.area), ("Pattern", AREA));
    assert_eq!(window.thumbnail.size, Size::new(96, 64));
    assert_eq!(screen.thumbnail.size, SCREEN.fitted(Size::new(96, 64)));
}

#[test]
fn a_shared_window_is_seen_paused_resumed_and_stopped() {
    let Some(server) = display(a_shared_window_is_seen_paused_resumed_and_stopped) else { return };
    let engine = Engine::start();
    let board = pattern(&server);
    let mut ann = with_display(&engine);
    select(&ann, ScreenCaptureSourceType::Window, board.id(), None);
    let (mut bob, eyes) = shared(&engine, &mut ann);
    until_source(&eyes, 7);
    let number = |frame: &Frame| Mark::read(frame).filter(|_| (frame.width(), frame.height()) == (192, 128));
    assert_eq!(eyes.until_of("ann", SUB, "its own size", number).number, 1);
    let painted = Pattern::new(7, frame::Size::new(192, 128).expect("a size")).draw(1, 0, &Pool::default());
    let is_like = |frame: &Frame| psnr(&painted, frame).filter(|likeness| *likeness > 30.0);
    eyes.until_of("ann", SUB, "what was painted", is_like);

    ann.cloud.pause_screen_capture();
    ann.until_event(&Event::ScreenCapturePaused { reason: 0 });
    board.paint(7, 2);
    // Some dozens of pictures would be taken until then.
    ann.until("figures", |event| matches!(event, Event::Statistics { .. }).then_some(()));
    board.paint(7, 3);
    ann.cloud.resume_screen_capture();
    ann.until_event(&Event::ScreenCaptureResumed { reason: 0 });
    let next = |frame: &Frame| number(frame).filter(|mark| mark.number != 1);
    assert_eq!(eyes.until_of("ann", SUB, "what was painted last", next).number, 3, "it was not paused");

    ann.cloud.stop_screen_capture();
    ann.until_event(&Event::ScreenCaptureStoped { reason: 0 });
    bob.until_event(&Event::UserSubStreamAvailable { user_id: "ann".into(), available: false });
}

#[test]
fn a_window_that_is_hidden_pauses_what_is_shared_and_one_that_is_closed_ends_it() {
    let Some(server) = display(a_window_that_is_hidden_pauses_what_is_shared_and_one_that_is_closed_ends_it) else { return };
    let engine = Engine::start();
    let board = pattern(&server);
    let mut ann = with_display(&engine);
    select(&ann, ScreenCaptureSourceType::Window, board.id(), None);
    let (mut bob, eyes) = shared(&engine, &mut ann);
    until_source(&eyes, 7);
    board.window.hide();
    ann.until_event(&Event::ScreenCapturePaused { reason: 2 });
    board.window.show();
    board.paint(8, 1);
    ann.until_event(&Event::ScreenCaptureResumed { reason: 2 });
    until_source(&eyes, 8);
    board.window.close();
    ann.until_event(&Event::ScreenCaptureStoped { reason: 1 });
    bob.until_event(&Event::UserSubStreamAvailable { user_id: "ann".into(), available: false });
}

#[test]
fn another_source_or_part_is_shared_in_the_middle() {
    let Some(server) = display(another_source_or_part_is_shared_in_the_middle) else { return };
    let engine = Engine::start();
    let other = Rectangle::new(220, 170, 160, 96);
    let (board, second) = (pattern(&server), Board::open(&server, other));
    second.paint(8, 1);
    let mut ann = with_display(&engine);
    // Nothing chosen is the main screen.
    let (_bob, eyes) = shared(&engine, &mut ann);
    let whole = |frame: &Frame| ((frame.width(), frame.height()) == (SCREEN.width, SCREEN.height)).then_some(());
    eyes.until_of("ann", SUB, "the whole screen", whole);
    let screen = screen_id(&ann);
    select(&ann, ScreenCaptureSourceType::Screen, screen, Some(AREA));
    until_source(&eyes, 7);
    select(&ann, ScreenCaptureSourceType::Screen, screen, Some(other));
    until_source(&eyes, 8);
    select(&ann, ScreenCaptureSourceType::Window, board.id(), None);
    // Windows are told to paint themselves when the server begins to keep pictures of them.
    let find = |frame: &Frame| {
        board.paint(7, 1);
        (source_of(frame) == Some(7)).then_some(())
    };
    eyes.until_of("ann", SUB, "the window", find);
}

#[test]
fn windows_are_left_out_of_a_shared_screen() {
    let Some(server) = display(windows_are_left_out_of_a_shared_screen) else { return };
    let engine = Engine::start();
    let board = pattern(&server);
    let mut ann = with_display(&engine);
    let screen = screen_id(&ann);
    select(&ann, ScreenCaptureSourceType::Screen, screen, Some(AREA));
    let (_bob, eyes) = shared(&engine, &mut ann);
    until_source(&eyes, 7);
    let until_grey = || {
        let is_grey = |frame: &Frame| frame.planes()[0].rows().all(|row| row.iter().all(|luma| luma.abs_diff(126) < 12));
        eyes.until_of("ann", SUB, "nothing but grey", |frame| is_grey(frame).then_some(()));
    };
    ann.cloud.add_excluded_share_window(board.id());
    until_grey();
    ann.cloud.remove_excluded_share_window(board.id());
    until_source(&eyes, 7);
    ann.cloud.add_excluded_share_window(board.id());
    until_grey();
    ann.cloud.remove_all_excluded_share_window();
    until_source(&eyes, 7);
}

#[test]
fn windows_are_shared_beside_a_window() {
    let Some(server) = display(windows_are_shared_beside_a_window) else { return };
    let engine = Engine::start();
    let board = pattern(&server);
    // Over its lower right corner, so that the code above can be read.
    let dialog = Board::open(&server, Rectangle::new(AREA.x + 150, AREA.y + 100, 60, 60));
    let mut ann = with_display(&engine);
    select(&ann, ScreenCaptureSourceType::Window, board.id(), None);
    let (_bob, eyes) = shared(&engine, &mut ann);
    let is_dark = |luma| luma < 150;
    let is_bright = |luma| luma > 210;
    let until_corner = |what: &str, fits: fn(u8) -> bool| {
        eyes.until_of("ann", SUB, what, |frame| {
            board.paint(7, 1);
            dialog.paint_plain(255);
            let [luma, ..] = frame.planes();
            let corner = luma.rows().last()?.last().copied()?;
            (source_of(frame) == Some(7) && fits(corner)).then_some(())
        });
    };
    until_corner("the window alone", is_dark);
    ann.cloud.add_included_share_window(dialog.id());
    until_corner("the dialog", is_bright);
    ann.cloud.remove_included_share_window(dialog.id());
    until_corner("the window alone again", is_dark);
    ann.cloud.add_included_share_window(dialog.id());
    until_corner("the dialog again", is_bright);
    ann.cloud.remove_all_included_share_window();
    until_corner("the window alone at last", is_dark);
}
