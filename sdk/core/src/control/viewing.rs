//! Whose pictures are wanted, and in which layer. It decodes and draws nothing.

use std::collections::BTreeMap;

use rtc_api::VideoStreamType;
use rtc_protocol::{Layer, Stream, Track, UserId};
use rtc_session::Command;

use super::Control;

/// What the application said about watching, for one stay.
#[derive(Debug, Default)]
pub(crate) struct Views {
    wanted: BTreeMap<(UserId, Stream), View>,
    /// `muteRemoteVideoStream`, which may be said before anything is watched.
    muted: BTreeMap<(UserId, Stream), bool>,
    /// `muteAllRemoteVideoStreams`.
    all_muted: bool,
}

#[derive(Debug, Clone, Copy)]
struct View {
    layer: Layer,
}

/// A member can be watched twice; more than this many views in one room are nonsense.
const MOST_VIEWS: usize = 2048;

impl Views {
    fn is_muted(&self, key: &(UserId, Stream)) -> bool {
        self.muted.get(key).copied().unwrap_or(self.all_muted)
    }

    /// Everything that was said applies to one stay.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether a stream is being watched.
    pub(crate) fn has(&self, user: &UserId, stream: Stream) -> bool {
        self.wanted.contains_key(&(user.clone(), stream))
    }
}

/// The stream and the layer of a native stream type.
pub(crate) fn stream_and_layer(kind: VideoStreamType) -> (Stream, Layer) {
    match kind {
        VideoStreamType::Big => (Stream::Main, Layer::Big),
        VideoStreamType::Small => (Stream::Main, Layer::Small),
        VideoStreamType::Sub => (Stream::Sub, Layer::Big),
    }
}

/// The native stream type of a track, as events name it.
pub(crate) fn stream_type(track: Track) -> VideoStreamType {
    match track {
        Track::Microphone | Track::Camera => VideoStreamType::Big,
        Track::Screen => VideoStreamType::Sub,
    }
}

impl Control {
    /// `startRemoteView`; `window` is 0 where only callbacks draw. A second call for the same stream changes layer and
    /// window: big and small of one user are never watched together.
    pub(crate) fn start_remote_view(&mut self, user: UserId, kind: VideoStreamType, window: u64) {
        let (stream, layer) = stream_and_layer(kind);
        let key = (user.clone(), stream);
        if self.views.wanted.len() >= MOST_VIEWS && !self.views.wanted.contains_key(&key) {
            tracing::warn!("more than {MOST_VIEWS} pictures are watched; stop some first");
            return;
        }
        self.views.wanted.insert(key.clone(), View { layer });
        self.pictures.start_view(&user, stream, window);
        self.pictures.set_view_layer(&user, stream, layer);
        if !self.views.is_muted(&key) {
            self.command(Command::View { user_id: user, stream, layer });
        }
    }

    /// `updateRemoteView`: another window, nothing else.
    pub(crate) fn update_remote_view(&mut self, user: &UserId, kind: VideoStreamType, window: u64) {
        let (stream, _) = stream_and_layer(kind);
        if self.views.has(user, stream) {
            self.pictures.start_view(user, stream, window);
        }
    }

    /// `stopRemoteView`.
    pub(crate) fn stop_remote_view(&mut self, user: UserId, stream: Stream) {
        if self.views.wanted.remove(&(user.clone(), stream)).is_some() {
            self.pictures.stop_view(&user, stream);
            self.command(Command::Unview { user_id: user, stream });
        }
    }

    /// `stopAllRemoteView`.
    pub(crate) fn stop_all_remote_views(&mut self) {
        let all: Vec<_> = self.views.wanted.keys().cloned().collect();
        for (user, stream) in all {
            self.stop_remote_view(user, stream);
        }
    }

    /// `setRemoteVideoStreamType`: big or small of the camera.
    pub(crate) fn set_remote_layer(&mut self, user: UserId, kind: VideoStreamType) {
        let (stream, layer) = stream_and_layer(kind);
        let key = (user.clone(), stream);
        let Some(view) = self.views.wanted.get_mut(&key) else { return };
        view.layer = layer;
        self.pictures.set_view_layer(&user, stream, layer);
        if !self.views.is_muted(&key) {
            self.command(Command::View { user_id: user, stream, layer });
        }
    }

    /// `setPriorRemoteVideoStreamType`: the same for every camera that is watched.
    pub(crate) fn set_layer_of_all(&mut self, kind: VideoStreamType) {
        let users: Vec<UserId> =
            self.views.wanted.keys().filter(|(_, stream)| *stream == Stream::Main).map(|(user, _)| user.clone()).collect();
        for user in users {
            self.set_remote_layer(user, kind);
        }
    }

    /// `muteRemoteVideoStream`: nothing is received, the last picture stays where it is.
    pub(crate) fn mute_remote_video(&mut self, user: UserId, stream: Stream, is_muted: bool) {
        let key = (user, stream);
        if self.views.muted.len() >= MOST_VIEWS && !self.views.muted.contains_key(&key) {
            self.views.muted.pop_first();
        }
        self.views.muted.insert(key.clone(), is_muted);
        self.apply_mute(&key);
    }

    /// `muteAllRemoteVideoStreams`, for those who come later as well.
    pub(crate) fn mute_all_remote_videos(&mut self, is_muted: bool) {
        self.views.all_muted = is_muted;
        self.views.muted.clear();
        let all: Vec<_> = self.views.wanted.keys().cloned().collect();
        all.iter().for_each(|key| self.apply_mute(key));
    }

    fn apply_mute(&self, key: &(UserId, Stream)) {
        let Some(view) = self.views.wanted.get(key) else { return };
        let (user_id, stream) = key.clone();
        self.command(if self.views.is_muted(key) {
            Command::Unview { user_id, stream }
        } else {
            Command::View { user_id, stream, layer: view.layer }
        });
    }

    /// Tells a new session what is to be watched.
    pub(super) fn view_again(&self) {
        for (key, view) in &self.views.wanted {
            if !self.views.is_muted(key) {
                let (user_id, stream) = key.clone();
                self.command(Command::View { user_id, stream, layer: view.layer });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_about_one_counts_more_than_a_word_about_all() {
        let mut views = Views::default();
        let ann = (UserId::parse("ann").expect("a user id"), Stream::Main);
        assert!(!views.is_muted(&ann));
        views.all_muted = true;
        assert!(views.is_muted(&ann));
        views.muted.insert(ann.clone(), false);
        assert!(!views.is_muted(&ann));
        views.clear();
        assert!(!views.is_muted(&ann) && !views.all_muted);
    }

    #[test]
    fn big_and_small_are_layers_of_one_stream() {
        assert_eq!(stream_and_layer(VideoStreamType::Small), (Stream::Main, Layer::Small));
        assert_eq!(stream_and_layer(VideoStreamType::Sub), (Stream::Sub, Layer::Big));
    }
}
