//! Pictures of the engine as those of the boundary: formats, sinks, processors, watermarks, sources. The engine converts.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use rtc_core::video::convert::{PixelFormat, RawPicture};
use rtc_core::video::frame::{Frame, Pool, Rotation};
use rtc_core::video::overlay::{Place, Watermark};
use rtc_core::video::still::Still;
use rtc_core::{Snapshot, VideoProcessor, VideoSink, VideoStreamType};
use rtc_device::ScreenSourceKind;

use super::invalid;
use crate::engine::{Process, Render};
use crate::error::CallError;
use crate::frame::{Image, ScreenSource, VideoFrame, WatermarkPicture, WatermarkPlace};

/// A picture of an application, for the engine. A time of 0 is left for the engine to choose.
pub(super) fn from_application(frame: &VideoFrame<'_>) -> Result<Frame, CallError> {
    let format = pixel_format(frame.format, frame.buffer_type)?;
    let raw = RawPicture { format, width: frame.width, height: frame.height, stride: 0, data: frame.data };
    let quarters = frame.rotation.rem_euclid(4).unsigned_abs();
    let picture = raw.to_frame(&Pool::new(0)).map_err(invalid)?;
    Ok(picture.at(frame.timestamp.saturating_mul(1000)).turned(Rotation::from_quarters(quarters)))
}

/// A still picture, for the engine.
pub(super) fn from_image(image: &Image) -> Result<Frame, CallError> {
    let raw = RawPicture { format: PixelFormat::Bgra, width: image.width, height: image.height, stride: 0, data: &image.data };
    raw.to_frame(&Pool::new(0)).map_err(invalid)
}

/// A snapshot, for the boundary.
pub(super) fn snapshot(snapshot: &Snapshot) -> VideoFrame<'_> {
    VideoFrame {
        format: BGRA,
        buffer_type: MEMORY,
        data: &snapshot.data,
        width: snapshot.width,
        height: snapshot.height,
        timestamp: 0,
        rotation: 0,
    }
}

/// Who shows pictures in a format.
pub(super) fn sink(format: i32, buffer_type: i32, render: Option<Render>) -> Result<Option<Arc<dyn VideoSink>>, CallError> {
    let Some(render) = render else { return Ok(None) };
    let pixels = pixel_format(format, buffer_type)?;
    Ok(Some(Arc::new(Shown { pixels, format, render })))
}

/// Who changes pictures in a format.
pub(super) fn processor(
    format: i32,
    buffer_type: i32,
    process: Option<Process>,
) -> Result<Option<Arc<dyn VideoProcessor>>, CallError> {
    let Some(process) = process else { return Ok(None) };
    let pixels = pixel_format(format, buffer_type)?;
    Ok(Some(Arc::new(Changed { pixels, format, process, pool: Pool::new(4) })))
}

/// A watermark, for the engine.
pub(super) fn watermark(picture: &WatermarkPicture<'_>, place: WatermarkPlace) -> Result<Option<Watermark>, CallError> {
    if place.on_preview {
        tracing::info!("the watermark is on what is sent; the preview shows what is sent, so it has it as well");
    }
    let place = Place { x: place.x, y: place.y, width: place.width };
    let watermark = match *picture {
        WatermarkPicture::None => return Ok(None),
        WatermarkPicture::File(path) => {
            let still = Still::read(Path::new(path)).map_err(|error| {
                // In most languages nothing is returned.
                tracing::warn!(path, "the watermark cannot be read: {error}");
                CallError::invalid(format!("the watermark {path} cannot be read: {error}"))
            })?;
            Watermark::new(PixelFormat::Rgba, still.width, still.height, &still.rgba, place)
        }
        WatermarkPicture::Pixels { format, data, width, height } => {
            let format = if format == 1 { PixelFormat::Bgra } else { PixelFormat::Rgba };
            Watermark::new(format, width, height, data, place)
        }
    };
    watermark.map(Some).map_err(invalid)
}

/// What can be shared, for the boundary.
pub(crate) fn screen_sources(
    found: Result<Vec<rtc_device::ScreenSource>, rtc_device::DeviceError>,
) -> Result<Vec<ScreenSource>, CallError> {
    let sources = found.map_err(|error| CallError::failed(format!("what can be shared is not known: {error}")))?;
    Ok(sources.into_iter().map(screen_source).collect())
}

fn screen_source(source: rtc_device::ScreenSource) -> ScreenSource {
    let image = |picture: rtc_device::screen::Picture| Image {
        data: picture.bgra,
        width: picture.size.width,
        height: picture.size.height,
    };
    ScreenSource {
        kind: match source.kind {
            ScreenSourceKind::Window => 0,
            ScreenSourceKind::Screen => 1,
        },
        id: u64::from(source.id),
        name: source.name,
        thumbnail: image(source.thumbnail),
        icon: image(source.icon),
        is_minimized: source.minimized,
        is_main_screen: source.main,
        x: source.area.x,
        y: source.area.y,
        width: source.area.width,
        height: source.area.height,
    }
}

struct Shown {
    pixels: PixelFormat,
    format: i32,
    render: Render,
}

impl VideoSink for Shown {
    fn frame(&self, user: &str, stream_type: VideoStreamType, frame: &Frame) {
        if let Some(data) = bytes(frame, self.pixels) {
            (self.render)(user, stream_type.into(), &lend(frame, self.format, &data));
        }
    }
}

struct Changed {
    pixels: PixelFormat,
    format: i32,
    process: Process,
    pool: Pool,
}

impl VideoProcessor for Changed {
    fn process(&self, frame: &Frame) -> Option<Frame> {
        let data = bytes(frame, self.pixels)?;
        let mut result = vec![0; data.len()];
        if !(self.process)(&lend(frame, self.format, &data), &mut result) {
            return None;
        }
        let (width, height) = (frame.width(), frame.height());
        let raw = RawPicture { format: self.pixels, width, height, stride: 0, data: &result };
        // Size and length are those of a picture there is, so nothing can be wrong with them.
        Some(raw.to_frame(&self.pool).ok()?.at(frame.time_us).turned(frame.rotation))
    }
}

fn lend<'a>(frame: &Frame, format: i32, data: &'a [u8]) -> VideoFrame<'a> {
    VideoFrame {
        format,
        buffer_type: MEMORY,
        data,
        width: frame.width(),
        height: frame.height(),
        timestamp: frame.time_ms(),
        rotation: i32::try_from(frame.rotation.quarters()).unwrap_or(0),
    }
}

fn bytes(frame: &Frame, format: PixelFormat) -> Option<Cow<'_, [u8]>> {
    if format == PixelFormat::I420 {
        return Some(Cow::Borrowed(frame.i420()));
    }
    let converted = frame.to_bytes(format);
    converted.map(Cow::Owned).inspect_err(|error| tracing::warn!("a picture is not shown: {error}")).ok()
}

/// The numbers of `TRTCVideoPixelFormat` and `TRTCVideoBufferType` in C++.
fn pixel_format(format: i32, buffer_type: i32) -> Result<PixelFormat, CallError> {
    if buffer_type != MEMORY {
        return Err(CallError {
            code: BUFFER_TYPE_UNSUPPORTED,
            message: format!("buffer type {buffer_type} is not supported; use {MEMORY}, pixels in memory"),
        });
    }
    match format {
        1 => Ok(PixelFormat::I420),
        BGRA => Ok(PixelFormat::Bgra),
        4 => Ok(PixelFormat::Nv21),
        5 => Ok(PixelFormat::Rgba),
        _ => Err(CallError {
            code: PIXEL_FORMAT_UNSUPPORTED,
            message: format!("pixel format {format} is not supported; use 1 I420, 3 BGRA, 4 NV21 or 5 RGBA"),
        }),
    }
}

const BGRA: i32 = 3;
const MEMORY: i32 = 1;
const PIXEL_FORMAT_UNSUPPORTED: i32 = -1327;
const BUFFER_TYPE_UNSUPPORTED: i32 = -1328;

#[cfg(test)]
mod tests {
    use super::*;

    fn gray(format: i32, data: &[u8]) -> VideoFrame<'_> {
        VideoFrame { format, buffer_type: MEMORY, data, width: 4, height: 2, timestamp: 5, rotation: 3 }
    }

    #[test]
    fn a_picture_of_an_application_keeps_time_turn_and_pixels() {
        let data: Vec<u8> = (0..12).collect();
        let frame = from_application(&gray(1, &data)).expect("4 × 2 in I420 has 12 bytes");
        assert_eq!((frame.time_ms(), frame.rotation.quarters(), frame.i420()), (5, 3, &*data));
    }

    #[test]
    fn a_picture_that_cannot_be_is_refused() {
        for (format, length, code) in [(1, 11, -2), (3, 31, -2), (2, 12, -1327), (0, 12, -1327)] {
            let data = vec![0; length];
            assert_eq!(from_application(&gray(format, &data)).err().map(|error| error.code), Some(code), "{format}");
        }
        let texture = VideoFrame { buffer_type: 3, ..gray(1, &[0; 12]) };
        assert_eq!(from_application(&texture).err().map(|error| error.code), Some(-1328));
    }

    #[test]
    fn a_processor_may_replace_the_picture_or_leave_it() {
        let data: Vec<u8> = vec![100; 12];
        let frame = from_application(&gray(1, &data)).expect("a picture");
        let double: Process = Arc::new(|source, result| {
            result.iter_mut().zip(source.data).for_each(|(to, from)| *to = from * 2);
            true
        });
        let changed = processor(1, MEMORY, Some(double)).expect("it is supported").expect("it is there");
        let result = changed.process(&frame).expect("it was replaced");
        assert_eq!((result.i420(), result.time_ms(), result.rotation), (&[200; 12][..], 5, frame.rotation));
        let leave: Process = Arc::new(|_, _| false);
        let left = processor(3, MEMORY, Some(leave)).expect("it is supported").expect("it is there");
        assert!(left.process(&frame).is_none());
    }
}
