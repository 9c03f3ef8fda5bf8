// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
//! From a method's name and its arguments in JSON to the engine.

use rtc_api::*;
use rtc_core::Cloud;
use serde::Serialize;
use serde_json::Value;

use crate::error::CallError;

/// Calls a method of the engine and returns its answer. A name or argument that is not right is refused with the code
/// of an invalid parameter and a text that says which, and what to do.
pub(crate) fn dispatch(cloud: &Cloud, method: &str, json: &str) -> Result<Value, CallError> {
    let mut arguments = Arguments::parse(method, json)?;
    match method {
        "enterRoom" => {
            let param: Params = arguments.take("param")?;
            let scene: AppScene = arguments.take("scene")?;
            arguments.end()?;
            cloud.enter_room(param, scene);
            Ok(Value::Null)
        }
        "exitRoom" => {
            arguments.end()?;
            cloud.exit_room();
            Ok(Value::Null)
        }
        "switchRole" => {
            let role: RoleType = arguments.take("role")?;
            arguments.end()?;
            cloud.switch_role(role);
            Ok(Value::Null)
        }
        "switchRoleWithKey" => {
            let role: RoleType = arguments.take("role")?;
            let private_map_key: String = arguments.take("privateMapKey")?;
            arguments.end()?;
            cloud.switch_role_with_key(role, &private_map_key);
            Ok(Value::Null)
        }
        "switchRoom" => {
            let config: SwitchRoomConfig = arguments.take("config")?;
            arguments.end()?;
            cloud.switch_room(config);
            Ok(Value::Null)
        }
        "connectOtherRoom" => {
            let param: String = arguments.take("param")?;
            arguments.end()?;
            cloud.connect_other_room(&param);
            Ok(Value::Null)
        }
        "disconnectOtherRoom" => {
            arguments.end()?;
            cloud.disconnect_other_room();
            Ok(Value::Null)
        }
        "setDefaultStreamRecvMode" => {
            let auto_recv_audio: bool = arguments.take("autoRecvAudio")?;
            let auto_recv_video: bool = arguments.take("autoRecvVideo")?;
            arguments.end()?;
            cloud.set_default_stream_recv_mode(auto_recv_audio, auto_recv_video);
            Ok(Value::Null)
        }
        "updateOtherRoomForwardMode" => {
            let param: String = arguments.take("param")?;
            arguments.end()?;
            cloud.update_other_room_forward_mode(&param);
            Ok(Value::Null)
        }
        "startPublishMediaStream" => {
            let target: Option<PublishTarget> = arguments.take_or("target", None)?;
            let params: Option<StreamEncoderParam> = arguments.take_or("params", None)?;
            let config: Option<StreamMixingConfig> = arguments.take_or("config", None)?;
            arguments.end()?;
            cloud.start_publish_media_stream(target, params, config);
            Ok(Value::Null)
        }
        "updatePublishMediaStream" => {
            let task_id: String = arguments.take("taskId")?;
            let target: Option<PublishTarget> = arguments.take_or("target", None)?;
            let params: Option<StreamEncoderParam> = arguments.take_or("params", None)?;
            let config: Option<StreamMixingConfig> = arguments.take_or("config", None)?;
            arguments.end()?;
            cloud.update_publish_media_stream(&task_id, target, params, config);
            Ok(Value::Null)
        }
        "stopPublishMediaStream" => {
            let task_id: String = arguments.take("taskId")?;
            arguments.end()?;
            cloud.stop_publish_media_stream(&task_id);
            Ok(Value::Null)
        }
        "startLocalPreviewWithCamera" => {
            let front_camera: bool = arguments.take("frontCamera")?;
            let view: u64 = arguments.take("view")?;
            arguments.end()?;
            cloud.start_local_preview_with_camera(front_camera, view);
            Ok(Value::Null)
        }
        "startLocalPreview" => {
            let view: u64 = arguments.take("view")?;
            arguments.end()?;
            cloud.start_local_preview(view);
            Ok(Value::Null)
        }
        "updateLocalView" => {
            let view: u64 = arguments.take("view")?;
            arguments.end()?;
            cloud.update_local_view(view);
            Ok(Value::Null)
        }
        "stopLocalPreview" => {
            arguments.end()?;
            cloud.stop_local_preview();
            Ok(Value::Null)
        }
        "muteLocalVideo" => {
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            let mute: bool = arguments.take("mute")?;
            arguments.end()?;
            cloud.mute_local_video(stream_type, mute);
            Ok(Value::Null)
        }
        "startRemoteView" => {
            let user_id: String = arguments.take("userId")?;
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            let view: u64 = arguments.take("view")?;
            arguments.end()?;
            cloud.start_remote_view(&user_id, stream_type, view);
            Ok(Value::Null)
        }
        "updateRemoteView" => {
            let user_id: String = arguments.take("userId")?;
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            let view: u64 = arguments.take("view")?;
            arguments.end()?;
            cloud.update_remote_view(&user_id, stream_type, view);
            Ok(Value::Null)
        }
        "stopRemoteView" => {
            let user_id: String = arguments.take("userId")?;
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            arguments.end()?;
            cloud.stop_remote_view(&user_id, stream_type);
            Ok(Value::Null)
        }
        "stopAllRemoteView" => {
            arguments.end()?;
            cloud.stop_all_remote_view();
            Ok(Value::Null)
        }
        "muteRemoteVideoStream" => {
            let user_id: String = arguments.take("userId")?;
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            let mute: bool = arguments.take("mute")?;
            arguments.end()?;
            cloud.mute_remote_video_stream(&user_id, stream_type, mute);
            Ok(Value::Null)
        }
        "muteAllRemoteVideoStreams" => {
            let mute: bool = arguments.take("mute")?;
            arguments.end()?;
            cloud.mute_all_remote_video_streams(mute);
            Ok(Value::Null)
        }
        "setVideoEncoderParam" => {
            let param: VideoEncParam = arguments.take("param")?;
            arguments.end()?;
            cloud.set_video_encoder_param(param);
            Ok(Value::Null)
        }
        "setNetworkQosParam" => {
            let param: NetworkQosParam = arguments.take("param")?;
            arguments.end()?;
            cloud.set_network_qos_param(param);
            Ok(Value::Null)
        }
        "setLocalRenderParams" => {
            let params: RenderParams = arguments.take("params")?;
            arguments.end()?;
            cloud.set_local_render_params(params);
            Ok(Value::Null)
        }
        "setRemoteRenderParams" => {
            let user_id: String = arguments.take("userId")?;
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            let params: RenderParams = arguments.take("params")?;
            arguments.end()?;
            cloud.set_remote_render_params(&user_id, stream_type, params);
            Ok(Value::Null)
        }
        "enableSmallVideoStream" => {
            let enable: bool = arguments.take("enable")?;
            let small_video_enc_param: VideoEncParam = arguments.take("smallVideoEncParam")?;
            arguments.end()?;
            cloud.enable_small_video_stream(enable, small_video_enc_param);
            Ok(Value::Null)
        }
        "setRemoteVideoStreamType" => {
            let user_id: String = arguments.take("userId")?;
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            arguments.end()?;
            cloud.set_remote_video_stream_type(&user_id, stream_type);
            Ok(Value::Null)
        }
        "snapshotVideo" => {
            let user_id: String = arguments.take("userId")?;
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            let source_type: SnapshotSourceType = arguments.take("sourceType")?;
            arguments.end()?;
            cloud.snapshot_video(&user_id, stream_type, source_type);
            Ok(Value::Null)
        }
        "setGravitySensorAdaptiveMode" => {
            let mode: GravitySensorAdaptiveMode = arguments.take("mode")?;
            arguments.end()?;
            cloud.set_gravity_sensor_adaptive_mode(mode);
            Ok(Value::Null)
        }
        "startLocalAudio" => {
            let quality: AudioQuality = arguments.take("quality")?;
            arguments.end()?;
            cloud.start_local_audio(quality);
            Ok(Value::Null)
        }
        "stopLocalAudio" => {
            arguments.end()?;
            cloud.stop_local_audio();
            Ok(Value::Null)
        }
        "muteLocalAudio" => {
            let mute: bool = arguments.take("mute")?;
            arguments.end()?;
            cloud.mute_local_audio(mute);
            Ok(Value::Null)
        }
        "muteRemoteAudio" => {
            let user_id: String = arguments.take("userId")?;
            let mute: bool = arguments.take("mute")?;
            arguments.end()?;
            cloud.mute_remote_audio(&user_id, mute);
            Ok(Value::Null)
        }
        "muteAllRemoteAudio" => {
            let mute: bool = arguments.take("mute")?;
            arguments.end()?;
            cloud.mute_all_remote_audio(mute);
            Ok(Value::Null)
        }
        "setRemoteAudioVolume" => {
            let user_id: String = arguments.take("userId")?;
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.set_remote_audio_volume(&user_id, volume);
            Ok(Value::Null)
        }
        "setAudioCaptureVolume" => {
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.set_audio_capture_volume(volume);
            Ok(Value::Null)
        }
        "getAudioCaptureVolume" => {
            arguments.end()?;
            answer(cloud.audio_capture_volume())
        }
        "setAudioPlayoutVolume" => {
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.set_audio_playout_volume(volume);
            Ok(Value::Null)
        }
        "getAudioPlayoutVolume" => {
            arguments.end()?;
            answer(cloud.audio_playout_volume())
        }
        "enableAudioVolumeEvaluation" => {
            let enable: bool = arguments.take("enable")?;
            let params: AudioVolumeEvaluateParams = arguments.take("params")?;
            arguments.end()?;
            cloud.enable_audio_volume_evaluation(enable, params);
            Ok(Value::Null)
        }
        "startAudioRecording" => {
            let param: AudioRecordingParams = arguments.take("param")?;
            arguments.end()?;
            answer(cloud.start_audio_recording(param))
        }
        "stopAudioRecording" => {
            arguments.end()?;
            cloud.stop_audio_recording();
            Ok(Value::Null)
        }
        "startLocalRecording" => {
            let params: LocalRecordingParams = arguments.take("params")?;
            arguments.end()?;
            cloud.start_local_recording(params);
            Ok(Value::Null)
        }
        "stopLocalRecording" => {
            arguments.end()?;
            cloud.stop_local_recording();
            Ok(Value::Null)
        }
        "setRemoteAudioParallelParams" => {
            let params: AudioParallelParams = arguments.take("params")?;
            arguments.end()?;
            cloud.set_remote_audio_parallel_params(params);
            Ok(Value::Null)
        }
        "enable3DSpatialAudioEffect" => {
            let enabled: bool = arguments.take("enabled")?;
            arguments.end()?;
            cloud.enable_3d_spatial_audio_effect(enabled);
            Ok(Value::Null)
        }
        "updateSelf3DSpatialPosition" => {
            let position: [i32; 3] = arguments.take("position")?;
            let axis_forward: [f32; 3] = arguments.take("axisForward")?;
            let axis_right: [f32; 3] = arguments.take("axisRight")?;
            let axis_up: [f32; 3] = arguments.take("axisUp")?;
            arguments.end()?;
            cloud.update_self_3d_spatial_position(position, axis_forward, axis_right, axis_up);
            Ok(Value::Null)
        }
        "updateRemote3DSpatialPosition" => {
            let user_id: String = arguments.take("userId")?;
            let position: [i32; 3] = arguments.take("position")?;
            arguments.end()?;
            cloud.update_remote_3d_spatial_position(&user_id, position);
            Ok(Value::Null)
        }
        "set3DSpatialReceivingRange" => {
            let user_id: String = arguments.take("userId")?;
            let range: i32 = arguments.take("range")?;
            arguments.end()?;
            cloud.set_3d_spatial_receiving_range(&user_id, range);
            Ok(Value::Null)
        }
        "setBeautyStyle" => {
            let style: BeautyStyle = arguments.take("style")?;
            let beauty_level: u32 = arguments.take("beautyLevel")?;
            let whiteness_level: u32 = arguments.take("whitenessLevel")?;
            let ruddiness_level: u32 = arguments.take("ruddinessLevel")?;
            arguments.end()?;
            cloud.set_beauty_style(style, beauty_level, whiteness_level, ruddiness_level);
            Ok(Value::Null)
        }
        "startSystemAudioLoopback" => {
            let device_name: String = arguments.take_or("deviceName", Default::default())?;
            arguments.end()?;
            cloud.start_system_audio_loopback(&device_name);
            Ok(Value::Null)
        }
        "stopSystemAudioLoopback" => {
            arguments.end()?;
            cloud.stop_system_audio_loopback();
            Ok(Value::Null)
        }
        "setSystemAudioLoopbackVolume" => {
            let volume: u32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.set_system_audio_loopback_volume(volume);
            Ok(Value::Null)
        }
        "startScreenCapture" => {
            let view: u64 = arguments.take("view")?;
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            let enc_param: Option<VideoEncParam> = arguments.take_or("encParam", None)?;
            arguments.end()?;
            cloud.start_screen_capture(view, stream_type, enc_param);
            Ok(Value::Null)
        }
        "stopScreenCapture" => {
            arguments.end()?;
            cloud.stop_screen_capture();
            Ok(Value::Null)
        }
        "pauseScreenCapture" => {
            arguments.end()?;
            cloud.pause_screen_capture();
            Ok(Value::Null)
        }
        "resumeScreenCapture" => {
            arguments.end()?;
            cloud.resume_screen_capture();
            Ok(Value::Null)
        }
        "selectScreenCaptureTarget" => {
            let source: ScreenCaptureSourceInfo = arguments.take("source")?;
            let capture_rect: Rect = arguments.take("captureRect")?;
            let property: ScreenCaptureProperty = arguments.take("property")?;
            arguments.end()?;
            cloud.select_screen_capture_target(source, capture_rect, property);
            Ok(Value::Null)
        }
        "setSubStreamEncoderParam" => {
            let param: VideoEncParam = arguments.take("param")?;
            arguments.end()?;
            cloud.set_sub_stream_encoder_param(param);
            Ok(Value::Null)
        }
        "setSubStreamMixVolume" => {
            let volume: u32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.set_sub_stream_mix_volume(volume);
            Ok(Value::Null)
        }
        "addExcludedShareWindow" => {
            let window_id: u64 = arguments.take("windowID")?;
            arguments.end()?;
            cloud.add_excluded_share_window(window_id);
            Ok(Value::Null)
        }
        "removeExcludedShareWindow" => {
            let window_id: u64 = arguments.take("windowID")?;
            arguments.end()?;
            cloud.remove_excluded_share_window(window_id);
            Ok(Value::Null)
        }
        "removeAllExcludedShareWindow" => {
            arguments.end()?;
            cloud.remove_all_excluded_share_window();
            Ok(Value::Null)
        }
        "addIncludedShareWindow" => {
            let window_id: u64 = arguments.take("windowID")?;
            arguments.end()?;
            cloud.add_included_share_window(window_id);
            Ok(Value::Null)
        }
        "removeIncludedShareWindow" => {
            let window_id: u64 = arguments.take("windowID")?;
            arguments.end()?;
            cloud.remove_included_share_window(window_id);
            Ok(Value::Null)
        }
        "removeAllIncludedShareWindow" => {
            arguments.end()?;
            cloud.remove_all_included_share_window();
            Ok(Value::Null)
        }
        "enableCustomVideoCapture" => {
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            let enable: bool = arguments.take("enable")?;
            arguments.end()?;
            cloud.enable_custom_video_capture(stream_type, enable);
            Ok(Value::Null)
        }
        "enableCustomAudioCapture" => {
            let enable: bool = arguments.take("enable")?;
            arguments.end()?;
            cloud.enable_custom_audio_capture(enable);
            Ok(Value::Null)
        }
        "enableMixExternalAudioFrame" => {
            let enable_publish: bool = arguments.take("enablePublish")?;
            let enable_playout: bool = arguments.take("enablePlayout")?;
            arguments.end()?;
            cloud.enable_mix_external_audio_frame(enable_publish, enable_playout);
            Ok(Value::Null)
        }
        "setMixExternalAudioVolume" => {
            let publish_volume: i32 = arguments.take("publishVolume")?;
            let playout_volume: i32 = arguments.take("playoutVolume")?;
            arguments.end()?;
            cloud.set_mix_external_audio_volume(publish_volume, playout_volume);
            Ok(Value::Null)
        }
        "generateCustomPTS" => {
            arguments.end()?;
            answer(cloud.generate_custom_pts())
        }
        "setCapturedAudioFrameCallbackFormat" => {
            let format: Option<AudioFrameCallbackFormat> = arguments.take_or("format", None)?;
            arguments.end()?;
            answer(cloud.set_captured_audio_frame_callback_format(format))
        }
        "setLocalProcessedAudioFrameCallbackFormat" => {
            let format: Option<AudioFrameCallbackFormat> = arguments.take_or("format", None)?;
            arguments.end()?;
            answer(cloud.set_local_processed_audio_frame_callback_format(format))
        }
        "setMixedPlayAudioFrameCallbackFormat" => {
            let format: Option<AudioFrameCallbackFormat> = arguments.take_or("format", None)?;
            arguments.end()?;
            answer(cloud.set_mixed_play_audio_frame_callback_format(format))
        }
        "enableCustomAudioRendering" => {
            let enable: bool = arguments.take("enable")?;
            arguments.end()?;
            cloud.enable_custom_audio_rendering(enable);
            Ok(Value::Null)
        }
        "startSpeedTest" => {
            let params: SpeedTestParams = arguments.take("params")?;
            arguments.end()?;
            answer(cloud.start_speed_test(params))
        }
        "stopSpeedTest" => {
            arguments.end()?;
            cloud.stop_speed_test();
            Ok(Value::Null)
        }
        "getSDKVersion" => {
            arguments.end()?;
            answer(cloud.sdk_version())
        }
        "setLogLevel" => {
            let level: LogLevel = arguments.take("level")?;
            arguments.end()?;
            cloud.set_log_level(level);
            Ok(Value::Null)
        }
        "setConsoleEnabled" => {
            let enabled: bool = arguments.take("enabled")?;
            arguments.end()?;
            cloud.set_console_enabled(enabled);
            Ok(Value::Null)
        }
        "setLogCompressEnabled" => {
            let enabled: bool = arguments.take("enabled")?;
            arguments.end()?;
            cloud.set_log_compress_enabled(enabled);
            Ok(Value::Null)
        }
        "setLogDirPath" => {
            let path: String = arguments.take("path")?;
            arguments.end()?;
            cloud.set_log_dir_path(&path);
            Ok(Value::Null)
        }
        "showDebugView" => {
            let show_type: i32 = arguments.take("showType")?;
            arguments.end()?;
            cloud.show_debug_view(show_type);
            Ok(Value::Null)
        }
        "callExperimentalAPI" => {
            let json_str: String = arguments.take("jsonStr")?;
            arguments.end()?;
            answer(cloud.call_experimental_api(&json_str))
        }
        "enablePayloadPrivateEncryption" => {
            let enabled: bool = arguments.take("enabled")?;
            let config: PayloadPrivateEncryptionConfig = arguments.take("config")?;
            arguments.end()?;
            answer(cloud.enable_payload_private_encryption(enabled, config))
        }
        "setLocalViewFillMode" => {
            let mode: VideoFillMode = arguments.take("mode")?;
            arguments.end()?;
            cloud.set_local_view_fill_mode(mode);
            Ok(Value::Null)
        }
        "setLocalViewRotation" => {
            let rotation: VideoRotation = arguments.take("rotation")?;
            arguments.end()?;
            cloud.set_local_view_rotation(rotation);
            Ok(Value::Null)
        }
        "setLocalViewMirror" => {
            let mirror: bool = arguments.take("mirror")?;
            arguments.end()?;
            cloud.set_local_view_mirror(mirror);
            Ok(Value::Null)
        }
        "setRemoteViewFillMode" => {
            let user_id: String = arguments.take("userId")?;
            let mode: VideoFillMode = arguments.take("mode")?;
            arguments.end()?;
            cloud.set_remote_view_fill_mode(&user_id, mode);
            Ok(Value::Null)
        }
        "setRemoteViewRotation" => {
            let user_id: String = arguments.take("userId")?;
            let rotation: VideoRotation = arguments.take("rotation")?;
            arguments.end()?;
            cloud.set_remote_view_rotation(&user_id, rotation);
            Ok(Value::Null)
        }
        "setRemoteSubStreamViewFillMode" => {
            let user_id: String = arguments.take("userId")?;
            let mode: VideoFillMode = arguments.take("mode")?;
            arguments.end()?;
            cloud.set_remote_sub_stream_view_fill_mode(&user_id, mode);
            Ok(Value::Null)
        }
        "setRemoteSubStreamViewRotation" => {
            let user_id: String = arguments.take("userId")?;
            let rotation: VideoRotation = arguments.take("rotation")?;
            arguments.end()?;
            cloud.set_remote_sub_stream_view_rotation(&user_id, rotation);
            Ok(Value::Null)
        }
        "setAudioQuality" => {
            let quality: AudioQuality = arguments.take("quality")?;
            arguments.end()?;
            cloud.set_audio_quality(quality);
            Ok(Value::Null)
        }
        "setPriorRemoteVideoStreamType" => {
            let kind: VideoStreamType = arguments.take("type")?;
            arguments.end()?;
            cloud.set_prior_remote_video_stream_type(kind);
            Ok(Value::Null)
        }
        "playBGM" => {
            let path: String = arguments.take("path")?;
            arguments.end()?;
            cloud.play_bgm(&path);
            Ok(Value::Null)
        }
        "stopBGM" => {
            arguments.end()?;
            cloud.stop_bgm();
            Ok(Value::Null)
        }
        "pauseBGM" => {
            arguments.end()?;
            cloud.pause_bgm();
            Ok(Value::Null)
        }
        "resumeBGM" => {
            arguments.end()?;
            cloud.resume_bgm();
            Ok(Value::Null)
        }
        "getBGMDuration" => {
            let path: String = arguments.take("path")?;
            arguments.end()?;
            answer(cloud.bgm_duration(&path))
        }
        "setBGMPosition" => {
            let pos: u32 = arguments.take("pos")?;
            arguments.end()?;
            cloud.set_bgm_position(pos);
            Ok(Value::Null)
        }
        "setBGMVolume" => {
            let volume: u32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.set_bgm_volume(volume);
            Ok(Value::Null)
        }
        "setBGMPlayoutVolume" => {
            let volume: u32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.set_bgm_playout_volume(volume);
            Ok(Value::Null)
        }
        "setBGMPublishVolume" => {
            let volume: u32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.set_bgm_publish_volume(volume);
            Ok(Value::Null)
        }
        "playAudioEffect" => {
            let effect: Option<AudioEffectParam> = arguments.take_or("effect", None)?;
            arguments.end()?;
            cloud.play_audio_effect(effect);
            Ok(Value::Null)
        }
        "setAudioEffectVolume" => {
            let effect_id: i32 = arguments.take("effectId")?;
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.set_audio_effect_volume(effect_id, volume);
            Ok(Value::Null)
        }
        "stopAudioEffect" => {
            let effect_id: i32 = arguments.take("effectId")?;
            arguments.end()?;
            cloud.stop_audio_effect(effect_id);
            Ok(Value::Null)
        }
        "stopAllAudioEffects" => {
            arguments.end()?;
            cloud.stop_all_audio_effects();
            Ok(Value::Null)
        }
        "setAllAudioEffectsVolume" => {
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.set_all_audio_effects_volume(volume);
            Ok(Value::Null)
        }
        "pauseAudioEffect" => {
            let effect_id: i32 = arguments.take("effectId")?;
            arguments.end()?;
            cloud.pause_audio_effect(effect_id);
            Ok(Value::Null)
        }
        "resumeAudioEffect" => {
            let effect_id: i32 = arguments.take("effectId")?;
            arguments.end()?;
            cloud.resume_audio_effect(effect_id);
            Ok(Value::Null)
        }
        "setVideoEncoderRotation" => {
            let rotation: VideoRotation = arguments.take("rotation")?;
            arguments.end()?;
            cloud.set_video_encoder_rotation(rotation);
            Ok(Value::Null)
        }
        "setVideoEncoderMirror" => {
            let mirror: bool = arguments.take("mirror")?;
            arguments.end()?;
            cloud.set_video_encoder_mirror(mirror);
            Ok(Value::Null)
        }
        "startPublishing" => {
            let stream_id: String = arguments.take("streamId")?;
            let stream_type: VideoStreamType = arguments.take("streamType")?;
            arguments.end()?;
            cloud.start_publishing(&stream_id, stream_type);
            Ok(Value::Null)
        }
        "stopPublishing" => {
            arguments.end()?;
            cloud.stop_publishing();
            Ok(Value::Null)
        }
        "startPublishCDNStream" => {
            let param: PublishCdnParam = arguments.take("param")?;
            arguments.end()?;
            cloud.start_publish_cdn_stream(param);
            Ok(Value::Null)
        }
        "stopPublishCDNStream" => {
            arguments.end()?;
            cloud.stop_publish_cdn_stream();
            Ok(Value::Null)
        }
        "setMixTranscodingConfig" => {
            let config: Option<TranscodingConfig> = arguments.take_or("config", None)?;
            arguments.end()?;
            cloud.set_mix_transcoding_config(config);
            Ok(Value::Null)
        }
        "device.isFrontCamera" => {
            arguments.end()?;
            answer(cloud.device_manager().is_front_camera())
        }
        "device.switchCamera" => {
            let front_camera: bool = arguments.take("frontCamera")?;
            arguments.end()?;
            answer(cloud.device_manager().switch_camera(front_camera))
        }
        "device.getCameraZoomMaxRatio" => {
            arguments.end()?;
            answer(cloud.device_manager().camera_zoom_max_ratio())
        }
        "device.setCameraZoomRatio" => {
            let zoom_ratio: f32 = arguments.take("zoomRatio")?;
            arguments.end()?;
            answer(cloud.device_manager().set_camera_zoom_ratio(zoom_ratio))
        }
        "device.isAutoFocusEnabled" => {
            arguments.end()?;
            answer(cloud.device_manager().is_auto_focus_enabled())
        }
        "device.enableCameraAutoFocus" => {
            let enabled: bool = arguments.take("enabled")?;
            arguments.end()?;
            answer(cloud.device_manager().enable_camera_auto_focus(enabled))
        }
        "device.setCameraFocusPosition" => {
            let x: f32 = arguments.take("x")?;
            let y: f32 = arguments.take("y")?;
            arguments.end()?;
            answer(cloud.device_manager().set_camera_focus_position(x, y))
        }
        "device.enableCameraTorch" => {
            let enabled: bool = arguments.take("enabled")?;
            arguments.end()?;
            answer(cloud.device_manager().enable_camera_torch(enabled))
        }
        "device.setAudioRoute" => {
            let route: DeviceAudioRoute = arguments.take("route")?;
            arguments.end()?;
            answer(cloud.device_manager().set_audio_route(route))
        }
        "device.getDevicesList" => {
            let kind: MediaDeviceType = arguments.take("type")?;
            arguments.end()?;
            answer(cloud.device_manager().devices_list(kind))
        }
        "device.setCurrentDevice" => {
            let kind: MediaDeviceType = arguments.take("type")?;
            let device_id: String = arguments.take("deviceId")?;
            arguments.end()?;
            answer(cloud.device_manager().set_current_device(kind, &device_id))
        }
        "device.getCurrentDevice" => {
            let kind: MediaDeviceType = arguments.take("type")?;
            arguments.end()?;
            answer(cloud.device_manager().current_device(kind))
        }
        "device.setCurrentDeviceVolume" => {
            let kind: MediaDeviceType = arguments.take("type")?;
            let volume: u32 = arguments.take("volume")?;
            arguments.end()?;
            answer(cloud.device_manager().set_current_device_volume(kind, volume))
        }
        "device.getCurrentDeviceVolume" => {
            let kind: MediaDeviceType = arguments.take("type")?;
            arguments.end()?;
            answer(cloud.device_manager().current_device_volume(kind))
        }
        "device.setCurrentDeviceMute" => {
            let kind: MediaDeviceType = arguments.take("type")?;
            let mute: bool = arguments.take("mute")?;
            arguments.end()?;
            answer(cloud.device_manager().set_current_device_mute(kind, mute))
        }
        "device.getCurrentDeviceMute" => {
            let kind: MediaDeviceType = arguments.take("type")?;
            arguments.end()?;
            answer(cloud.device_manager().current_device_mute(kind))
        }
        "device.enableFollowingDefaultAudioDevice" => {
            let kind: MediaDeviceType = arguments.take("type")?;
            let enable: bool = arguments.take("enable")?;
            arguments.end()?;
            answer(cloud.device_manager().enable_following_default_audio_device(kind, enable))
        }
        "device.startCameraDeviceTest" => {
            let view: u64 = arguments.take("view")?;
            arguments.end()?;
            answer(cloud.device_manager().start_camera_device_test(view))
        }
        "device.stopCameraDeviceTest" => {
            arguments.end()?;
            answer(cloud.device_manager().stop_camera_device_test())
        }
        "device.startMicDeviceTest" => {
            let interval: u32 = arguments.take("interval")?;
            arguments.end()?;
            answer(cloud.device_manager().start_mic_device_test(interval))
        }
        "device.startMicDeviceTestWithPlayback" => {
            let interval: u32 = arguments.take("interval")?;
            let playback: bool = arguments.take("playback")?;
            arguments.end()?;
            answer(cloud.device_manager().start_mic_device_test_with_playback(interval, playback))
        }
        "device.stopMicDeviceTest" => {
            arguments.end()?;
            answer(cloud.device_manager().stop_mic_device_test())
        }
        "device.startSpeakerDeviceTest" => {
            let file_path: String = arguments.take("filePath")?;
            arguments.end()?;
            answer(cloud.device_manager().start_speaker_device_test(&file_path))
        }
        "device.stopSpeakerDeviceTest" => {
            arguments.end()?;
            answer(cloud.device_manager().stop_speaker_device_test())
        }
        "device.setApplicationPlayVolume" => {
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            answer(cloud.device_manager().set_application_play_volume(volume))
        }
        "device.getApplicationPlayVolume" => {
            arguments.end()?;
            answer(cloud.device_manager().application_play_volume())
        }
        "device.setApplicationMuteState" => {
            let b_mute: bool = arguments.take("bMute")?;
            arguments.end()?;
            answer(cloud.device_manager().set_application_mute_state(b_mute))
        }
        "device.getApplicationMuteState" => {
            arguments.end()?;
            answer(cloud.device_manager().application_mute_state())
        }
        "device.setCameraCapturerParam" => {
            let params: CameraCaptureParam = arguments.take("params")?;
            arguments.end()?;
            cloud.device_manager().set_camera_capturer_param(params);
            Ok(Value::Null)
        }
        "device.setSystemVolumeType" => {
            let kind: SystemVolumeType = arguments.take("type")?;
            arguments.end()?;
            answer(cloud.device_manager().set_system_volume_type(kind))
        }
        "effect.enableVoiceEarMonitor" => {
            let enable: bool = arguments.take("enable")?;
            arguments.end()?;
            cloud.audio_effect_manager().enable_voice_ear_monitor(enable);
            Ok(Value::Null)
        }
        "effect.setVoiceEarMonitorVolume" => {
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_voice_ear_monitor_volume(volume);
            Ok(Value::Null)
        }
        "effect.setVoiceReverbType" => {
            let kind: VoiceReverbType = arguments.take("type")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_voice_reverb_type(kind);
            Ok(Value::Null)
        }
        "effect.setVoiceChangerType" => {
            let kind: VoiceChangerType = arguments.take("type")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_voice_changer_type(kind);
            Ok(Value::Null)
        }
        "effect.setVoiceCaptureVolume" => {
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_voice_capture_volume(volume);
            Ok(Value::Null)
        }
        "effect.setVoicePitch" => {
            let pitch: f64 = arguments.take("pitch")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_voice_pitch(pitch);
            Ok(Value::Null)
        }
        "effect.startPlayMusic" => {
            let music_param: AudioMusicParam = arguments.take("musicParam")?;
            arguments.end()?;
            cloud.audio_effect_manager().start_play_music(music_param);
            Ok(Value::Null)
        }
        "effect.stopPlayMusic" => {
            let id: i32 = arguments.take("id")?;
            arguments.end()?;
            cloud.audio_effect_manager().stop_play_music(id);
            Ok(Value::Null)
        }
        "effect.pausePlayMusic" => {
            let id: i32 = arguments.take("id")?;
            arguments.end()?;
            cloud.audio_effect_manager().pause_play_music(id);
            Ok(Value::Null)
        }
        "effect.resumePlayMusic" => {
            let id: i32 = arguments.take("id")?;
            arguments.end()?;
            cloud.audio_effect_manager().resume_play_music(id);
            Ok(Value::Null)
        }
        "effect.setAllMusicVolume" => {
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_all_music_volume(volume);
            Ok(Value::Null)
        }
        "effect.setMusicPublishVolume" => {
            let id: i32 = arguments.take("id")?;
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_music_publish_volume(id, volume);
            Ok(Value::Null)
        }
        "effect.setMusicPlayoutVolume" => {
            let id: i32 = arguments.take("id")?;
            let volume: i32 = arguments.take("volume")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_music_playout_volume(id, volume);
            Ok(Value::Null)
        }
        "effect.setMusicPitch" => {
            let id: i32 = arguments.take("id")?;
            let pitch: f32 = arguments.take("pitch")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_music_pitch(id, pitch);
            Ok(Value::Null)
        }
        "effect.setMusicSpeedRate" => {
            let id: i32 = arguments.take("id")?;
            let speed_rate: f32 = arguments.take("speedRate")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_music_speed_rate(id, speed_rate);
            Ok(Value::Null)
        }
        "effect.getMusicCurrentPosInMS" => {
            let id: i32 = arguments.take("id")?;
            arguments.end()?;
            answer(cloud.audio_effect_manager().music_current_pos_in_ms(id))
        }
        "effect.getMusicDurationInMS" => {
            let path: String = arguments.take("path")?;
            arguments.end()?;
            answer(cloud.audio_effect_manager().music_duration_in_ms(&path))
        }
        "effect.seekMusicToPosInTime" => {
            let id: i32 = arguments.take("id")?;
            let pts: i32 = arguments.take("pts")?;
            arguments.end()?;
            cloud.audio_effect_manager().seek_music_to_pos_in_time(id, pts);
            Ok(Value::Null)
        }
        "effect.setMusicScratchSpeedRate" => {
            let id: i32 = arguments.take("id")?;
            let scratch_speed_rate: f32 = arguments.take("scratchSpeedRate")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_music_scratch_speed_rate(id, scratch_speed_rate);
            Ok(Value::Null)
        }
        "effect.preloadMusic" => {
            let preload_param: AudioMusicParam = arguments.take("preloadParam")?;
            arguments.end()?;
            cloud.audio_effect_manager().preload_music(preload_param);
            Ok(Value::Null)
        }
        "effect.getMusicTrackCount" => {
            let id: i32 = arguments.take("id")?;
            arguments.end()?;
            answer(cloud.audio_effect_manager().music_track_count(id))
        }
        "effect.setMusicTrack" => {
            let id: i32 = arguments.take("id")?;
            let track_index: i32 = arguments.take("trackIndex")?;
            arguments.end()?;
            cloud.audio_effect_manager().set_music_track(id, track_index);
            Ok(Value::Null)
        }
        _ => Err(CallError::invalid(format!("there is no method {method}; see the reference for those there are"))),
    }
}

fn answer(value: impl Serialize) -> Result<Value, CallError> {
    serde_json::to_value(value).map_err(|cause| CallError::failed(format!("the answer cannot be written as JSON: {cause}")))
}

impl From<ArgumentError> for CallError {
    fn from(error: ArgumentError) -> Self {
        Self::invalid(error.to_string())
    }
}
