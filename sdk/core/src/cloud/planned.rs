//! What is in the API and not there yet: relay to CDNs and mixing, beauty, sound in space. Each answers at once, by the
//! error its own callback documents, or by `onError` with `ERR_NOT_SUPPORTED`. `sdk/api/not_supported.txt` names exactly these.

use rtc_api::{BeautyStyle, ErrorCode, Event};

use super::Cloud;
use crate::{PublishCdnParam, PublishTarget, StreamEncoderParam, StreamMixingConfig, TranscodingConfig, VideoStreamType};

const CODE: i32 = ErrorCode::NOT_SUPPORTED.0;

fn message(method: &str) -> String {
    tracing::warn!("{method} is not there yet in this version");
    format!("{method} is not there yet in this version")
}

impl Cloud {
    /// Not there yet.
    pub fn start_publish_media_stream(
        &self,
        _target: Option<PublishTarget>,
        _params: Option<StreamEncoderParam>,
        _config: Option<StreamMixingConfig>,
    ) {
        let message = message("startPublishMediaStream");
        self.inner.courier.tell(Event::StartPublishMediaStream { task_id: String::new(), code: CODE, message });
    }

    /// Not there yet.
    pub fn update_publish_media_stream(
        &self,
        task_id: &str,
        _target: Option<PublishTarget>,
        _params: Option<StreamEncoderParam>,
        _config: Option<StreamMixingConfig>,
    ) {
        let message = message("updatePublishMediaStream");
        self.inner.courier.tell(Event::UpdatePublishMediaStream { task_id: task_id.into(), code: CODE, message });
    }

    /// Not there yet.
    pub fn stop_publish_media_stream(&self, task_id: &str) {
        let message = message("stopPublishMediaStream");
        self.inner.courier.tell(Event::StopPublishMediaStream { task_id: task_id.into(), code: CODE, message });
    }

    /// Not there yet.
    pub fn start_publishing(&self, _stream_id: &str, _stream_type: VideoStreamType) {
        self.inner.courier.tell(Event::StartPublishing { err: CODE, err_msg: message("startPublishing") });
    }

    /// Not there yet.
    pub fn stop_publishing(&self) {
        self.inner.courier.tell(Event::StopPublishing { err: CODE, err_msg: message("stopPublishing") });
    }

    /// Not there yet.
    pub fn start_publish_cdn_stream(&self, _param: PublishCdnParam) {
        let err_msg = message("startPublishCDNStream");
        self.inner.courier.tell(Event::StartPublishCDNStream { err_code: CODE, err_msg });
    }

    /// Not there yet.
    pub fn stop_publish_cdn_stream(&self) {
        let err_msg = message("stopPublishCDNStream");
        self.inner.courier.tell(Event::StopPublishCDNStream { err_code: CODE, err_msg });
    }

    /// Not there yet.
    pub fn set_mix_transcoding_config(&self, _config: Option<TranscodingConfig>) {
        let err_msg = message("setMixTranscodingConfig");
        self.inner.courier.tell(Event::SetMixTranscodingConfig { err: CODE, err_msg });
    }

    /// Not there yet.
    pub fn set_beauty_style(&self, _style: BeautyStyle, beauty_level: u32, whiteness_level: u32, ruddiness_level: u32) {
        // All levels 0 is no beauty, which is what there is.
        if [beauty_level, whiteness_level, ruddiness_level].iter().any(|level| *level > 0) {
            self.not_supported("setBeautyStyle");
        }
    }

    /// Not there yet.
    pub fn enable_3d_spatial_audio_effect(&self, enabled: bool) {
        if enabled {
            self.not_supported("enable3DSpatialAudioEffect");
        }
    }

    /// Not there yet.
    pub fn update_self_3d_spatial_position(
        &self,
        _position: [i32; 3],
        _axis_forward: [f32; 3],
        _axis_right: [f32; 3],
        _axis_up: [f32; 3],
    ) {
        self.not_supported("updateSelf3DSpatialPosition");
    }

    /// Not there yet.
    pub fn update_remote_3d_spatial_position(&self, _user_id: &str, _position: [i32; 3]) {
        self.not_supported("updateRemote3DSpatialPosition");
    }

    /// Not there yet.
    pub fn set_3d_spatial_receiving_range(&self, _user_id: &str, _range: i32) {
        self.not_supported("set3DSpatialReceivingRange");
    }
}
