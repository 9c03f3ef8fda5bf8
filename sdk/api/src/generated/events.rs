// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
//! What the engine tells an application.

use serde::{Deserialize, Serialize};

use super::codes::*;
use super::enums::*;
use super::structs::*;

/// An event, in JSON `{"event":"onUserVideoAvailable","data":{"userId":"a","available":true}}`.
///
/// Events without anything to say have no `data`. Frames, custom messages and snapshots are not here: they carry
/// bytes and have functions of their own in the C ABI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data")]
pub enum Event {
    /// Something failed and cannot be helped; tell the user, or leave the room.
    #[serde(rename = "onError", rename_all = "camelCase")]
    Error {
        /// 0 for success, else an error code below zero.
        err_code: ErrorCode,
        /// The same in words, for people.
        err_msg: String,
    },
    /// Something is wrong, but the engine goes on.
    #[serde(rename = "onWarning", rename_all = "camelCase")]
    Warning {
        /// What is wrong.
        warning_code: WarningCode,
        /// The same in words, for people.
        warning_msg: String,
    },
    /// The room was entered: the ms it took, or an error code below zero, which `onError` tells as well.
    #[serde(rename = "onEnterRoom", rename_all = "camelCase")]
    EnterRoom {
        /// The ms it took, or an error code below zero.
        result: i32,
    },
    /// The room was left: 0 by the own call, 1 removed by the server, 2 the room was closed.
    #[serde(rename = "onExitRoom", rename_all = "camelCase")]
    ExitRoom {
        /// Why, as a number; see the event.
        reason: i32,
    },
    /// The role was changed, or not.
    #[serde(rename = "onSwitchRole", rename_all = "camelCase")]
    SwitchRole {
        /// 0 for success, else an error code below zero.
        err_code: ErrorCode,
        /// The same in words, for people.
        err_msg: String,
    },
    /// The room was changed, or not.
    #[serde(rename = "onSwitchRoom", rename_all = "camelCase")]
    SwitchRoom {
        /// 0 for success, else an error code below zero.
        err_code: ErrorCode,
        /// The same in words, for people.
        err_msg: String,
    },
    /// An anchor of another room is linked, or not.
    #[serde(rename = "onConnectOtherRoom", rename_all = "camelCase")]
    ConnectOtherRoom {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// 0 for success, else an error code below zero.
        err_code: ErrorCode,
        /// The same in words, for people.
        err_msg: String,
    },
    /// The links to other rooms have ended, or not.
    #[serde(rename = "onDisconnectOtherRoom", rename_all = "camelCase")]
    DisconnectOtherRoom {
        /// 0 for success, else an error code below zero.
        err_code: ErrorCode,
        /// The same in words, for people.
        err_msg: String,
    },
    /// What of a linked anchor reaches the own room was changed, or not.
    #[serde(rename = "onUpdateOtherRoomForwardMode", rename_all = "camelCase")]
    UpdateOtherRoomForwardMode {
        /// 0 for success, else an error code below zero.
        err_code: ErrorCode,
        /// The same in words, for people.
        err_msg: String,
    },
    /// Somebody came: everybody in calls, anchors in live rooms.
    #[serde(rename = "onRemoteUserEnterRoom", rename_all = "camelCase")]
    RemoteUserEnterRoom {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
    },
    /// Somebody went: 0 by himself, 1 lost, 2 removed, 3 he is audience now.
    #[serde(rename = "onRemoteUserLeaveRoom", rename_all = "camelCase")]
    RemoteUserLeaveRoom {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// Why, as a number; see the event.
        reason: i32,
    },
    /// Somebody's camera can be seen now, or cannot any more.
    #[serde(rename = "onUserVideoAvailable", rename_all = "camelCase")]
    UserVideoAvailable {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// Whether it can be had now.
        available: bool,
    },
    /// Somebody's screen can be seen now, or cannot any more.
    #[serde(rename = "onUserSubStreamAvailable", rename_all = "camelCase")]
    UserSubStreamAvailable {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// Whether it can be had now.
        available: bool,
    },
    /// Somebody can be heard now, or cannot any more.
    #[serde(rename = "onUserAudioAvailable", rename_all = "camelCase")]
    UserAudioAvailable {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// Whether it can be had now.
        available: bool,
    },
    /// The first picture is there; an empty user is oneself.
    #[serde(rename = "onFirstVideoFrame", rename_all = "camelCase")]
    FirstVideoFrame {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// Which of a user's video streams is meant.
        stream_type: VideoStreamType,
        /// Pixels across.
        width: i32,
        /// Pixels down.
        height: i32,
    },
    /// Somebody's first sound is there.
    #[serde(rename = "onFirstAudioFrame", rename_all = "camelCase")]
    FirstAudioFrame {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
    },
    /// The first own picture was sent.
    #[serde(rename = "onSendFirstLocalVideoFrame", rename_all = "camelCase")]
    SendFirstLocalVideoFrame {
        /// Which of a user's video streams is meant.
        stream_type: VideoStreamType,
    },
    /// The first own sound was sent.
    #[serde(rename = "onSendFirstLocalAudioFrame")]
    SendFirstLocalAudioFrame,
    /// Somebody's picture plays, waits or has stopped, and why.
    #[serde(rename = "onRemoteVideoStatusUpdated", rename_all = "camelCase")]
    RemoteVideoStatusUpdated {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// Which of a user's video streams is meant.
        stream_type: VideoStreamType,
        /// Whether a remote stream plays.
        status: AVStatusType,
        /// Why a remote stream began, stopped or waits.
        reason: AVStatusChangeReason,
    },
    /// Somebody's sound plays, waits or has stopped, and why.
    #[serde(rename = "onRemoteAudioStatusUpdated", rename_all = "camelCase")]
    RemoteAudioStatusUpdated {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// Whether a remote stream plays.
        status: AVStatusType,
        /// Why a remote stream began, stopped or waits.
        reason: AVStatusChangeReason,
    },
    /// Somebody's picture has another size.
    #[serde(rename = "onUserVideoSizeChanged", rename_all = "camelCase")]
    UserVideoSizeChanged {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// Which of a user's video streams is meant.
        stream_type: VideoStreamType,
        /// Pixels across.
        new_width: i32,
        /// Pixels down.
        new_height: i32,
    },
    /// How good the network is, for oneself and the others; every 2 s.
    #[serde(rename = "onNetworkQuality", rename_all = "camelCase")]
    NetworkQuality {
        /// The network quality of a user.
        local_quality: QualityInfo,
        /// How good it is for the others.
        remote_quality: Vec<QualityInfo>,
    },
    /// What was measured; every 2 s.
    #[serde(rename = "onStatistics", rename_all = "camelCase")]
    Statistics {
        /// What is measured, every two seconds.
        statistics: Statistics,
    },
    /// What a network test has found.
    #[serde(rename = "onSpeedTestResult", rename_all = "camelCase")]
    SpeedTestResult {
        /// What a network test has found.
        result: SpeedTestResult,
    },
    /// The engine cannot be reached; it is being tried again.
    #[serde(rename = "onConnectionLost")]
    ConnectionLost,
    /// It is tried again; told as often as it is.
    #[serde(rename = "onTryToReconnect")]
    TryToReconnect,
    /// The engine can be reached again.
    #[serde(rename = "onConnectionRecovery")]
    ConnectionRecovery,
    /// The camera is open.
    #[serde(rename = "onCameraDidReady")]
    CameraDidReady,
    /// The microphone is open.
    #[serde(rename = "onMicDidReady")]
    MicDidReady,
    /// Sound is played somewhere else now.
    #[serde(rename = "onAudioRouteChanged", rename_all = "camelCase")]
    AudioRouteChanged {
        /// Where sound is played.
        new_route: AudioRoute,
        /// Where sound is played.
        old_route: AudioRoute,
    },
    /// How loud everybody is; at the interval asked for.
    #[serde(rename = "onUserVoiceVolume", rename_all = "camelCase")]
    UserVoiceVolume {
        /// How loud each is; of oneself also when silent.
        user_volumes: Vec<VolumeInfo>,
        /// How loud all are together, 0 to 100.
        total_volume: u32,
    },
    /// A device came, went or is used now.
    #[serde(rename = "onDeviceChange", rename_all = "camelCase")]
    DeviceChange {
        /// The device, by the name it has for programs.
        device_id: String,
        /// A kind of device.
        #[serde(rename = "type")]
        kind: MediaDeviceType,
        /// What happened to a device.
        state: MediaDeviceState,
    },
    /// The system's volume of the microphone was changed.
    #[serde(rename = "onAudioDeviceCaptureVolumeChanged", rename_all = "camelCase")]
    AudioDeviceCaptureVolumeChanged {
        /// How loud; 0 to 100 unless the method says more.
        volume: u32,
        /// Whether it is muted.
        muted: bool,
    },
    /// The system's volume of the speaker was changed.
    #[serde(rename = "onAudioDevicePlayoutVolumeChanged", rename_all = "camelCase")]
    AudioDevicePlayoutVolumeChanged {
        /// How loud; 0 to 100 unless the method says more.
        volume: u32,
        /// Whether it is muted.
        muted: bool,
    },
    /// The system's sound can be published, with the code 0, or cannot.
    #[serde(rename = "onSystemAudioLoopbackError", rename_all = "camelCase")]
    SystemAudioLoopbackError {
        /// 0 for success, else an error code below zero.
        err_code: ErrorCode,
    },
    /// How loud the microphone is that is tested.
    #[serde(rename = "onTestMicVolume", rename_all = "camelCase")]
    TestMicVolume {
        /// How loud; 0 to 100 unless the method says more.
        volume: u32,
    },
    /// How loud the speaker is that is tested.
    #[serde(rename = "onTestSpeakerVolume", rename_all = "camelCase")]
    TestSpeakerVolume {
        /// How loud; 0 to 100 unless the method says more.
        volume: u32,
    },
    /// Reliable messages were lost; about every 5 s while that goes on.
    #[serde(rename = "onMissCustomCmdMsg", rename_all = "camelCase")]
    MissCustomCmdMsg {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// The number the sender gave it.
        #[serde(rename = "cmdID")]
        cmd_id: i32,
        /// 0 for success, else an error code below zero.
        err_code: i32,
        /// How many messages were lost.
        missed: i32,
    },
    /// The own stream has a name on the CDN, or has not.
    #[serde(rename = "onStartPublishing", rename_all = "camelCase")]
    StartPublishing {
        /// 0 for success, else an error code below zero.
        err: i32,
        /// The same in words, for people.
        err_msg: String,
    },
    /// It has none any more.
    #[serde(rename = "onStopPublishing", rename_all = "camelCase")]
    StopPublishing {
        /// 0 for success, else an error code below zero.
        err: i32,
        /// The same in words, for people.
        err_msg: String,
    },
    /// The own stream is pushed, or is not.
    #[serde(rename = "onStartPublishCDNStream", rename_all = "camelCase")]
    StartPublishCDNStream {
        /// 0 for success, else an error code below zero.
        err_code: i32,
        /// The same in words, for people.
        err_msg: String,
    },
    /// It is not pushed any more.
    #[serde(rename = "onStopPublishCDNStream", rename_all = "camelCase")]
    StopPublishCDNStream {
        /// 0 for success, else an error code below zero.
        err_code: i32,
        /// The same in words, for people.
        err_msg: String,
    },
    /// Streams are mixed as was asked, or are not.
    #[serde(rename = "onSetMixTranscodingConfig", rename_all = "camelCase")]
    SetMixTranscodingConfig {
        /// 0 for success, else an error code below zero.
        err: i32,
        /// The same in words, for people.
        err_msg: String,
    },
    /// A task publishes, or does not.
    #[serde(rename = "onStartPublishMediaStream", rename_all = "camelCase")]
    StartPublishMediaStream {
        /// The task, as it was named when it was started.
        task_id: String,
        /// 0 for success, else a code.
        code: i32,
        /// The bytes, or the same in words.
        message: String,
    },
    /// A task was changed, or was not.
    #[serde(rename = "onUpdatePublishMediaStream", rename_all = "camelCase")]
    UpdatePublishMediaStream {
        /// The task, as it was named when it was started.
        task_id: String,
        /// 0 for success, else a code.
        code: i32,
        /// The bytes, or the same in words.
        message: String,
    },
    /// A task has ended, or has not.
    #[serde(rename = "onStopPublishMediaStream", rename_all = "camelCase")]
    StopPublishMediaStream {
        /// The task, as it was named when it was started.
        task_id: String,
        /// 0 for success, else a code.
        code: i32,
        /// The bytes, or the same in words.
        message: String,
    },
    /// How pushing to one address goes: 0 not begun, 1 beginning, 2 running, 3 reconnecting, 4 failed, 5 ending.
    #[serde(rename = "onCdnStreamStateChanged", rename_all = "camelCase")]
    CdnStreamStateChanged {
        /// The address.
        cdn_url: String,
        /// How it goes; see the event.
        status: i32,
        /// 0 for success, else a code.
        code: i32,
        /// The same in words, for people.
        msg: String,
    },
    /// The screen is shared.
    #[serde(rename = "onScreenCaptureStarted")]
    ScreenCaptureStarted,
    /// Sharing stopped for a while: 0 by the own call, 1 the window cannot be seen or a parameter changes, 2 it was
    /// minimised, 3 it was hidden.
    #[serde(rename = "onScreenCapturePaused", rename_all = "camelCase")]
    ScreenCapturePaused {
        /// Why, as a number; see the event.
        reason: i32,
    },
    /// Sharing goes on: 0 by the own call, 1 the window can be seen or the parameter has changed, 2 it is open again, 3
    /// it is shown again.
    #[serde(rename = "onScreenCaptureResumed", rename_all = "camelCase")]
    ScreenCaptureResumed {
        /// Why, as a number; see the event.
        reason: i32,
    },
    /// Sharing has ended: 0 by the own call, 1 the window was closed, 2 the screen is gone. The name is misspelt in the
    /// original.
    #[serde(rename = "onScreenCaptureStoped", rename_all = "camelCase")]
    ScreenCaptureStoped {
        /// Why, as a number; see the event.
        reason: i32,
    },
    /// Another window covers the shared one.
    #[serde(rename = "onScreenCaptureCovered")]
    ScreenCaptureCovered,
    /// A recording has begun: 0. Or it has not: -1 the engine failed, -2 the ending of the file is of no known format,
    /// -6 one runs already, -7 the file exists, -8 it may not be written.
    #[serde(rename = "onLocalRecordBegin", rename_all = "camelCase")]
    LocalRecordBegin {
        /// 0 for success, else an error code below zero.
        err_code: i32,
        /// The file.
        storage_path: String,
    },
    /// How long a recording is by now.
    #[serde(rename = "onLocalRecording", rename_all = "camelCase")]
    LocalRecording {
        /// Milliseconds.
        duration: i64,
        /// The file.
        storage_path: String,
    },
    /// One file of a recording is complete.
    #[serde(rename = "onLocalRecordFragment", rename_all = "camelCase")]
    LocalRecordFragment {
        /// The file.
        storage_path: String,
    },
    /// A recording has ended: 0 as asked, -1 it failed, -2 the picture changed its size or was turned, -3 it was too
    /// short.
    #[serde(rename = "onLocalRecordComplete", rename_all = "camelCase")]
    LocalRecordComplete {
        /// 0 for success, else an error code below zero.
        err_code: i32,
        /// The file.
        storage_path: String,
    },
    /// `onRemoteUserEnterRoom` tells this.
    #[serde(rename = "onUserEnter", rename_all = "camelCase")]
    UserEnter {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
    },
    /// `onRemoteUserLeaveRoom` tells this.
    #[serde(rename = "onUserExit", rename_all = "camelCase")]
    UserExit {
        /// Who; in events and snapshots empty for oneself.
        user_id: String,
        /// Why, as a number; see the event.
        reason: i32,
    },
    /// A short sound has ended.
    #[serde(rename = "onAudioEffectFinished", rename_all = "camelCase")]
    AudioEffectFinished {
        /// The sound, by the number it was started with.
        effect_id: i32,
        /// 0 for success, else a code.
        code: i32,
    },
    /// Background music has begun, or has not.
    #[serde(rename = "onPlayBGMBegin", rename_all = "camelCase")]
    PlayBGMBegin {
        /// 0 for success, else an error code below zero.
        err_code: ErrorCode,
    },
    /// How far background music is.
    #[serde(rename = "onPlayBGMProgress", rename_all = "camelCase")]
    PlayBGMProgress {
        /// Milliseconds from its beginning.
        #[serde(rename = "progressMS")]
        progress_ms: u32,
        /// Milliseconds in all.
        #[serde(rename = "durationMS")]
        duration_ms: u32,
    },
    /// Background music has ended.
    #[serde(rename = "onPlayBGMComplete", rename_all = "camelCase")]
    PlayBGMComplete {
        /// 0 for success, else an error code below zero.
        err_code: ErrorCode,
    },
    /// `onSpeedTestResult` tells this.
    #[serde(rename = "onSpeedTest", rename_all = "camelCase")]
    SpeedTest {
        /// What a network test has found.
        current_result: SpeedTestResult,
        /// How many servers were tested.
        finished_count: u32,
        /// How many servers there are.
        total_count: u32,
    },
    /// How far it is, in percent.
    #[serde(rename = "preload.onLoadProgress", rename_all = "camelCase")]
    PreloadProgress {
        /// The music, by the number it was started with.
        id: i32,
        /// Percent.
        progress: i32,
    },
    /// It failed: -4001 to -4008.
    #[serde(rename = "preload.onLoadError", rename_all = "camelCase")]
    PreloadError {
        /// The music, by the number it was started with.
        id: i32,
        /// An error code below zero.
        error_code: i32,
    },
    /// It began: 0, or an error: -4001, -4005 to -4009.
    #[serde(rename = "music.onStart", rename_all = "camelCase")]
    MusicStart {
        /// The music, by the number it was started with.
        id: i32,
        /// 0 for success, else an error code below zero.
        err_code: i32,
    },
    /// Where it is.
    #[serde(rename = "music.onPlayProgress", rename_all = "camelCase")]
    MusicProgress {
        /// The music, by the number it was started with.
        id: i32,
        /// Milliseconds from its beginning.
        #[serde(rename = "curPtsMS")]
        cur_pts_ms: i64,
        /// Milliseconds in all.
        #[serde(rename = "durationMS")]
        duration_ms: i64,
    },
    /// It ended: 0, or an error: -4002.
    #[serde(rename = "music.onComplete", rename_all = "camelCase")]
    MusicComplete {
        /// The music, by the number it was started with.
        id: i32,
        /// 0 for success, else an error code below zero.
        err_code: i32,
    },
    /// A device came, went, is used now, or is the system's default now.
    #[serde(rename = "device.onDeviceChanged", rename_all = "camelCase")]
    DeviceChanged {
        /// The device, by the name it has for programs.
        device_id: String,
        /// A kind of device.
        #[serde(rename = "type")]
        kind: MediaDeviceType,
        /// What happened to a device.
        state: MediaDeviceState,
    },
}
