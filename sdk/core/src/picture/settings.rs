//! The application's words for pictures in the words of the crates that make them. It keeps nothing.

use rtc_api::{
    NetworkQosParam, RenderParams, VideoEncParam, VideoFillMode, VideoMirrorType, VideoQosPreference, VideoResolutionMode,
    VideoRotation, VideoStreamType,
};
use rtc_device::{RenderOptions, Scaling};
use rtc_protocol::{Codec, Layer, Track};
use rtc_video::codec::VideoCodec;
use rtc_video::frame::{Rotation, Size};
use rtc_video::layers::{self, LayerSettings};
use rtc_video::rate::QualityPreference;
use rtc_video::resolution::{self, Orientation};

/// Codecs cannot make anything smaller.
const SMALLEST_SIDE: u32 = 16;

/// What the application asks for, for one layer. No bitrate means a modest one for the size.
pub(super) fn layer_settings(param: &VideoEncParam) -> LayerSettings {
    let orientation = match param.res_mode {
        VideoResolutionMode::Landscape => Orientation::Landscape,
        VideoResolutionMode::Portrait => Orientation::Portrait,
    };
    // Every number of the enum is in the table, which a test there proves.
    let number = u32::try_from(i32::from(param.video_resolution)).unwrap_or(0);
    let size = resolution::size(number, orientation).unwrap_or(Size::nearest(640, 360));
    let frame_rate = param.video_fps.clamp(1, 60);
    let modest = || size.area() / 1000 * frame_rate / 10;
    let bitrate_kbps = if param.video_bitrate == 0 { modest() } else { param.video_bitrate };
    LayerSettings {
        size,
        frame_rate,
        bitrate_kbps,
        min_bitrate_kbps: param.min_video_bitrate,
        may_shrink: param.enable_adjust_res,
    }
    .in_range()
}

/// The size of a shared screen inside the one that was asked for: it keeps its shape and is never enlarged, so that text
/// stays as sharp as it can be and nothing black is sent.
pub(super) fn fitted(source: Size, limit: Size) -> Size {
    let limit = Orientation::of(source).apply(limit);
    if source.width() <= limit.width() && source.height() <= limit.height() {
        return Size::nearest(source.width().max(SMALLEST_SIDE), source.height().max(SMALLEST_SIDE));
    }
    let side = |n| rtc_device::Size::new(n, n);
    let fitted = rtc_device::Size { width: source.width(), height: source.height() }
        .fitted(rtc_device::Size { width: limit.width(), height: limit.height() });
    let least = side(SMALLEST_SIDE);
    Size::nearest(fitted.width.max(least.width), fitted.height.max(least.height))
}

pub(super) fn preference(param: &NetworkQosParam) -> QualityPreference {
    match param.preference {
        VideoQosPreference::Smooth => QualityPreference::Smooth,
        VideoQosPreference::Clear => QualityPreference::Clear,
    }
}

/// Nothing for a codec of sound, and for those that are only forwarded.
pub(super) fn video_codec(codec: Codec) -> Option<VideoCodec> {
    match codec {
        Codec::Vp8 => Some(VideoCodec::Vp8),
        Codec::H264 => Some(VideoCodec::H264),
        Codec::Opus | Codec::Vp9 | Codec::Av1 => None,
    }
}

pub(super) fn wire_codec(codec: VideoCodec) -> Codec {
    match codec {
        VideoCodec::Vp8 => Codec::Vp8,
        VideoCodec::H264 => Codec::H264,
    }
}

pub(super) fn wire_layer(layer: layers::Layer) -> Layer {
    match layer {
        layers::Layer::Big => Layer::Big,
        layers::Layer::Small => Layer::Small,
    }
}

pub(super) fn rotation(rotation: VideoRotation) -> Rotation {
    Rotation::from_quarters(u32::try_from(i32::from(rotation)).unwrap_or(0))
}

/// Whether a view is mirrored. `Auto` is about the front camera of phones, which this machine has not.
pub(super) fn is_mirrored(params: &RenderParams) -> bool {
    params.mirror_type == VideoMirrorType::Enable
}

/// How a picture that is still to be turned by `turn` is drawn. Windows cannot distort, so that a view that is to be filled
/// at the cost of the shape is filled at the cost of the edges.
pub(super) fn render_options(params: &RenderParams, turn: Rotation) -> RenderOptions {
    use rtc_device::render::Rotation as Turn;
    RenderOptions {
        scaling: match params.fill_mode {
            VideoFillMode::Fit => Scaling::Fit,
            VideoFillMode::Fill | VideoFillMode::ScaleFill => Scaling::Fill,
        },
        mirrored: is_mirrored(params),
        rotation: match turn.then(rotation(params.rotation)) {
            Rotation::None => Turn::None,
            Rotation::Clockwise90 => Turn::Quarter,
            Rotation::Half => Turn::Half,
            Rotation::Clockwise270 => Turn::ThreeQuarters,
        },
    }
}

/// The stream type that events and hooks name a track by.
pub(super) fn stream_type(track: Track) -> VideoStreamType {
    match track {
        Track::Microphone | Track::Camera => VideoStreamType::Big,
        Track::Screen => VideoStreamType::Sub,
    }
}

/// Width and height as events tell them.
pub(super) fn sides(size: Size) -> (i32, i32) {
    // At most 4096 each.
    (size.width() as i32, size.height() as i32)
}

#[cfg(test)]
mod tests {
    use rtc_api::VideoResolution;

    use super::*;

    #[test]
    fn numbers_become_sizes_that_lie_or_stand() {
        let param = VideoEncParam {
            video_resolution: VideoResolution::R1280x720,
            res_mode: VideoResolutionMode::Portrait,
            video_fps: 200,
            video_bitrate: 0,
            ..VideoEncParam::default()
        };
        let settings = layer_settings(&param);
        assert_eq!(settings.size, Size::nearest(720, 1280));
        assert_eq!(settings.frame_rate, 60);
        assert!(settings.bitrate_kbps > 500, "no bitrate is a modest one: {}", settings.bitrate_kbps);
    }

    #[test]
    fn a_screen_keeps_its_shape_and_is_not_enlarged() {
        let fit = |width, height| fitted(Size::nearest(width, height), Size::nearest(1280, 720));
        assert_eq!(fit(1920, 1200), Size::nearest(1152, 720));
        assert_eq!(fit(640, 400), Size::nearest(640, 400));
        assert_eq!(fit(1080, 1920), Size::nearest(720, 1280));
        assert_eq!(fit(4000, 20), Size::nearest(1280, 16));
    }

    #[test]
    fn a_view_is_turned_after_what_the_picture_asks_for() {
        let params = RenderParams { rotation: VideoRotation::Clockwise90, ..RenderParams::default() };
        let options = render_options(&params, Rotation::Clockwise270);
        assert_eq!(options.rotation, rtc_device::render::Rotation::None);
    }
}
