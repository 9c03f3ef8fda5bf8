//! Pictures in and out.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use super::{Image, ProcessFn, RenderFn, VideoFrame};
use crate::boundary;
use crate::engine::{Process, Render};
use crate::frame::{self, WatermarkPicture, WatermarkPlace};
use crate::gate::Gate;
use crate::instance::{Hook, User, c_text};

/// Sends a picture of the application's own; enableCustomVideoCapture comes first. The data is copied. Returns 0 or an error
/// code.
///
/// # Safety
///
/// `frame` is null or points to a frame whose data has `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_send_custom_video(handle: u64, stream_type: i32, frame: *const VideoFrame) -> i32 {
    boundary::code(handle, |instance| {
        // SAFETY: promised by the caller.
        let frame = unsafe { boundary::reference(frame, "frame")?.read() }?;
        instance.engine()?.send_custom_video(stream_type, &frame).map(|()| 0)
    })
}

/// Sets who gets one's own pictures in the given pixel format and buffer type; null for nobody. Returns 0 or an error code.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_set_local_video_render_callback(
    handle: u64,
    format: i32,
    buffer_type: i32,
    r#fn: RenderFn,
    user: *mut c_void,
) -> i32 {
    let user = User(user);
    boundary::code(handle, |instance| {
        instance.set_hook(Hook::LocalRender, r#fn.is_some(), |engine, gate| {
            engine.set_local_video_render(format, buffer_type, render(gate, r#fn, user))
        })?;
        Ok(0)
    })
}

/// Sets who gets the pictures of a remote user; null for nobody. Returns 0 or an error code.
///
/// # Safety
///
/// `user_id` is null or points to a text that ends with NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_set_remote_video_render_callback(
    handle: u64,
    user_id: *const c_char,
    format: i32,
    buffer_type: i32,
    r#fn: RenderFn,
    user: *mut c_void,
) -> i32 {
    let user = User(user);
    boundary::code(handle, |instance| {
        // SAFETY: promised by the caller.
        let user_id = unsafe { boundary::text(user_id, "user_id") }?;
        instance.set_hook(Hook::RemoteRender(user_id.to_owned()), r#fn.is_some(), |engine, gate| {
            engine.set_remote_video_render(user_id, format, buffer_type, render(gate, r#fn, user))
        })?;
        Ok(0)
    })
}

/// Sets who may change one's own pictures before they are shown and encoded; null for nobody. Returns 0 or an error code.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_set_local_video_process_callback(
    handle: u64,
    format: i32,
    buffer_type: i32,
    r#fn: ProcessFn,
    user: *mut c_void,
) -> i32 {
    let user = User(user);
    boundary::code(handle, |instance| {
        instance.set_hook(Hook::LocalProcess, r#fn.is_some(), |engine, gate| {
            engine.set_local_video_process(format, buffer_type, process(gate, r#fn, user))
        })?;
        Ok(0)
    })
}

/// Opens the camera and shows its pictures to `fn`, without being in a room; ended by device.stopCameraDeviceTest. Returns 0
/// or an error code.
#[unsafe(no_mangle)]
pub extern "C" fn rtc_start_camera_device_test(handle: u64, r#fn: RenderFn, user: *mut c_void) -> i32 {
    let user = User(user);
    boundary::code(handle, |instance| {
        instance.set_hook(Hook::CameraTest, r#fn.is_some(), |engine, gate| match render(gate, r#fn, user) {
            Some(render) => engine.start_camera_device_test(render),
            None => Err(crate::error::CallError::invalid("fn is a null pointer; pass who is to see the pictures")),
        })?;
        Ok(0)
    })
}

/// Sets the picture that is sent while the camera is muted, `fps` times a second (5 to 10); null for none. Returns 0 or an
/// error code.
///
/// # Safety
///
/// `image` is null or points to an image whose data has `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_set_video_mute_image(handle: u64, image: *const Image, fps: i32) -> i32 {
    boundary::code(handle, |instance| {
        // SAFETY: promised by the caller.
        let image = unsafe { image.as_ref().map(|image| image.read()).transpose() }?;
        instance.engine()?.set_video_mute_image(image, fps).map(|()| 0)
    })
}

/// Puts a watermark on one's own pictures. `source` is the path of a file (`source_type` 0), or pixels of `width` × `height`
/// in the order BGRA (1) or RGBA (2); null takes it away. Place and width are parts of the picture, 0 to 1. Returns 0 or an
/// error code.
///
/// # Safety
///
/// `source` is null, or points to a text that ends with NUL, or to `width` × `height` × 4 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rtc_set_watermark(
    handle: u64,
    stream_type: i32,
    source: *const c_char,
    source_type: i32,
    width: u32,
    height: u32,
    x: f32,
    y: f32,
    width_ratio: f32,
    on_preview: bool,
) -> i32 {
    boundary::code(handle, |instance| {
        let picture = match source_type {
            _ if source.is_null() => WatermarkPicture::None,
            // SAFETY: promised by the caller.
            0 => WatermarkPicture::File(unsafe { boundary::text(source, "source") }?),
            format @ (1 | 2) => {
                let length = width.checked_mul(height).and_then(|pixels| pixels.checked_mul(4)).unwrap_or(u32::MAX);
                // SAFETY: promised by the caller.
                let data = unsafe { boundary::bytes(source.cast(), length, "source") }?;
                WatermarkPicture::Pixels { format, data, width, height }
            }
            other => {
                return Err(crate::error::CallError::invalid(format!("source_type {other} is unknown; use 0, 1 or 2")));
            }
        };
        let place = WatermarkPlace { x, y, width: width_ratio, on_preview };
        instance.engine()?.set_watermark(stream_type, picture, place).map(|()| 0)
    })
}

fn render(gate: Option<Arc<Gate>>, show: RenderFn, user: User) -> Option<Render> {
    let (gate, show) = (gate?, show?);
    Some(Arc::new(move |user_id: &str, stream_type: i32, frame: &frame::VideoFrame<'_>| {
        // The whole struct is captured, because the pointer alone may not cross threads.
        let user = user;
        let (user_id, frame) = (c_text(user_id), VideoFrame::lend(frame));
        let Some(_pass) = gate.enter() else { return };
        // SAFETY: the application promised that this function may be called with this pointer until it is replaced, and
        // the gate is open. Text and frame live until it returns.
        unsafe { show(user.0, user_id.as_ptr(), stream_type, &raw const frame) };
    }))
}

fn process(gate: Option<Arc<Gate>>, change: ProcessFn, user: User) -> Option<Process> {
    let (gate, change) = (gate?, change?);
    Some(Arc::new(move |source: &frame::VideoFrame<'_>, result: &mut [u8]| {
        let user = user;
        let source = VideoFrame::lend(source);
        let mut filled = VideoFrame { data: result.as_mut_ptr(), length: result.len() as u32, ..source };
        let Some(_pass) = gate.enter() else { return false };
        // SAFETY: as in `render`; the second frame is ours alone.
        unsafe { change(user.0, &raw const source, &raw mut filled) == 0 }
    }))
}
