//! Drawing into windows.

use std::time::Instant;

use rtc_device::{DeviceError, PixelFormat, RawFrame, Rectangle, RenderOptions, Renderer, Scaling, Size, WindowRenderer};

use crate::server::{XServer, gradient, plain};

fn frame(format: PixelFormat, size: Size, data: &[u8]) -> RawFrame<'_> {
    RawFrame { format, size, stride: format.row(size.width), data, captured_at: Instant::now() }
}

fn draws_and_survives(server: &XServer) {
    let area = Rectangle::new(20, 30, 90, 50);
    let window = server.window("Remote", area);
    let mut renderer =
        WindowRenderer::open(Some(&server.name), window.id, RenderOptions::default()).expect("there is a window");

    let picture = gradient(area.size(), 5);
    renderer.draw(&frame(PixelFormat::Bgra, area.size(), &picture)).expect("there is a window");
    assert_eq!(window.pixels(area.size()), picture);

    // The application resizes its window; the next picture fills it, with black above and below.
    let larger = Size::new(120, 200);
    window.place(Rectangle::new(0, 0, larger.width, larger.height));
    let white = plain(Size::new(60, 40), [255, 255, 255, 255]);
    renderer.draw(&frame(PixelFormat::Bgra, Size::new(60, 40), &white)).expect("there is a window");
    let mut expected = plain(Size::new(120, 60), [0, 0, 0, 255]);
    expected.extend(plain(Size::new(120, 80), [255, 255, 255, 255]));
    expected.extend(plain(Size::new(120, 60), [0, 0, 0, 255]));
    assert!(window.pixels(larger) == expected, "the picture is in the middle");

    renderer.change(RenderOptions { scaling: Scaling::Fill, ..RenderOptions::default() });
    let size = Size::new(8, 8);
    let grey = vec![128; PixelFormat::I420.length(8, 8)];
    renderer.draw(&frame(PixelFormat::I420, size, &grey)).expect("there is a window");
    assert!(window.pixels(larger) == plain(larger, [130, 130, 130, 255]), "grey everywhere");

    window.hide();
    renderer.draw(&frame(PixelFormat::I420, size, &grey)).expect("a hidden window is one");
    window.close();
    for _ in 0..2 {
        let refused = renderer.draw(&frame(PixelFormat::I420, size, &grey));
        assert_eq!(refused, Err(DeviceError::Gone(format!("window {}", window.id))));
    }
}

#[test]
fn pictures_are_drawn_into_a_window_until_it_is_closed() {
    draws_and_survives(&XServer::start());
}

#[test]
fn pictures_are_drawn_through_the_socket_where_memory_is_not_shared() {
    draws_and_survives(&XServer::start_without(&["MIT-SHM"]));
}

#[test]
fn a_window_that_is_not_there_cannot_be_drawn_into() {
    let server = XServer::start();
    let refused = WindowRenderer::open(Some(&server.name), 0x7fff_ffff, RenderOptions::default());
    assert!(matches!(refused, Err(DeviceError::Gone(_))));
}
