//! The application's changes to encoded pictures, as the crates that make and show pictures want them.

use std::sync::Arc;

use rtc_api::VideoStreamType;
use rtc_protocol::{Layer, Track};
use rtc_video::changed::{Change, ChangeBack, Changed};
use rtc_video::layers;

use super::worker::hook;
use super::{Pictures, settings};
use crate::encoded::EncodedDataHook;

impl Pictures {
    /// Has encoded pictures of all streams changed by the application, or no longer.
    pub(crate) fn set_encoded(&self, encoded: Option<&Arc<dyn EncodedDataHook>>) {
        for sending in &self.inner.sendings {
            drop(sending.wish(|wishes| std::mem::replace(&mut wishes.encoded, encoded.cloned())));
        }
        self.inner.views.set_encoded(encoded);
    }
}

/// For the own pictures of a track.
pub(super) fn change(track: Track, encoded: Option<&Arc<dyn EncodedDataHook>>) -> Option<Change> {
    let encoded = Arc::clone(encoded?);
    Some(Arc::new(move |layer, data| {
        let stream_type = match layer {
            layers::Layer::Big => settings::stream_type(track),
            layers::Layer::Small => VideoStreamType::Small,
        };
        hook(|| encoded.did_encode_video(stream_type, data)).unwrap_or(Changed::Lost)
    }))
}

/// For somebody's pictures.
pub(super) fn change_back(
    user: &str,
    track: Track,
    layer: Layer,
    encoded: Option<&Arc<dyn EncodedDataHook>>,
) -> Option<ChangeBack> {
    let (user, encoded) = (user.to_owned(), Arc::clone(encoded?));
    let stream_type = match (track, layer) {
        (Track::Camera, Layer::Small) => VideoStreamType::Small,
        _ => settings::stream_type(track),
    };
    Some(Arc::new(move |data| hook(|| encoded.will_decode_video(&user, stream_type, data)).unwrap_or(Changed::Lost)))
}

/// Whether it is the very same hook, or none both times.
pub(super) fn is_same(a: Option<&Arc<dyn EncodedDataHook>>, b: Option<&Arc<dyn EncodedDataHook>>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        _ => false,
    }
}
