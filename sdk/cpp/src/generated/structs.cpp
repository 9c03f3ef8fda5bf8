// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Structs of the interface as JSON and back.
#include "structs.h"

namespace liteav {
namespace detail {

Json to_json(const TRTCAudioParallelParams& value) {
  Json json = Json::object();
  json.set("maxCount", value.maxCount);
  json.set("includeUsers", list(value.includeUsers, value.includeUsersCount));
  return json;
}

Json to_json(const TRTCAudioVolumeEvaluateParams& value) {
  Json json = Json::object();
  json.set("interval", value.interval);
  json.set("enableVadDetection", value.enableVadDetection);
  json.set("enablePitchCalculation", value.enablePitchCalculation);
  json.set("enableSpectrumCalculation", value.enableSpectrumCalculation);
  return json;
}

Json to_json(const TRTCAudioFrameCallbackFormat& value) {
  Json json = Json::object();
  json.set("sampleRate", value.sampleRate);
  json.set("channel", value.channel);
  json.set("samplesPerCall", value.samplesPerCall);
  json.set("mode", static_cast<int>(value.mode));
  return json;
}

Json to_json(const TXCameraCaptureParam& value) {
  Json json = Json::object();
  json.set("mode", static_cast<int>(value.mode));
  json.set("width", value.width);
  json.set("height", value.height);
  return json;
}

Json to_json(const TRTCPayloadPrivateEncryptionConfig& value) {
  Json json = Json::object();
  json.set("encryptionAlgorithm", static_cast<int>(value.encryptionAlgorithm));
  json.set("encryptionKey", value.encryptionKey);
  json.set("encryptionSalt", list(value.encryptionSalt, 32));
  return json;
}

Json to_json(const TRTCAudioEffectParam& value) {
  Json json = Json::object();
  json.set("effectId", value.effectId);
  json.set("path", value.path);
  json.set("loopCount", value.loopCount);
  json.set("publish", value.publish);
  json.set("volume", value.volume);
  return json;
}

Json to_json(const AudioMusicParam& value) {
  Json json = Json::object();
  json.set("id", value.id);
  json.set("path", value.path);
  json.set("loopCount", value.loopCount);
  json.set("publish", value.publish);
  json.set("isShortFile", value.isShortFile);
  json.set("startTimeMS", value.startTimeMS);
  json.set("endTimeMS", value.endTimeMS);
  return json;
}

Json to_json(const TRTCSpeedTestParams& value) {
  Json json = Json::object();
  json.set("sdkAppId", value.sdkAppId);
  json.set("userId", value.userId);
  json.set("userSig", value.userSig);
  json.set("expectedUpBandwidth", value.expectedUpBandwidth);
  json.set("expectedDownBandwidth", value.expectedDownBandwidth);
  json.set("scene", static_cast<int>(value.scene));
  return json;
}

Json to_json(const TRTCPublishCDNParam& value) {
  Json json = Json::object();
  json.set("appId", value.appId);
  json.set("bizId", value.bizId);
  json.set("url", value.url);
  json.set("streamId", value.streamId);
  return json;
}

Json to_json(const TRTCUser& value) {
  Json json = Json::object();
  json.set("userId", value.userId);
  json.set("intRoomId", value.intRoomId);
  json.set("strRoomId", value.strRoomId);
  return json;
}

Json to_json(const TRTCPublishCdnUrl& value) {
  Json json = Json::object();
  json.set("rtmpUrl", value.rtmpUrl);
  json.set("isInternalLine", value.isInternalLine);
  return json;
}

Json to_json(const TRTCStreamEncoderParam& value) {
  Json json = Json::object();
  json.set("videoEncodedWidth", value.videoEncodedWidth);
  json.set("videoEncodedHeight", value.videoEncodedHeight);
  json.set("videoEncodedFPS", value.videoEncodedFPS);
  json.set("videoEncodedGOP", value.videoEncodedGOP);
  json.set("videoEncodedKbps", value.videoEncodedKbps);
  json.set("audioEncodedSampleRate", value.audioEncodedSampleRate);
  json.set("audioEncodedChannelNum", value.audioEncodedChannelNum);
  json.set("audioEncodedKbps", value.audioEncodedKbps);
  json.set("audioEncodedCodecType", value.audioEncodedCodecType);
  json.set("videoEncodedCodecType", value.videoEncodedCodecType);
  json.set("videoSeiParams", value.videoSeiParams);
  return json;
}

Json to_json(const TRTCAudioRecordingParams& value) {
  Json json = Json::object();
  json.set("filePath", value.filePath);
  json.set("recordingContent", static_cast<int>(value.recordingContent));
  json.set("maxDurationPerFile", value.maxDurationPerFile);
  return json;
}

Json to_json(const TRTCLocalRecordingParams& value) {
  Json json = Json::object();
  json.set("filePath", value.filePath);
  json.set("recordType", static_cast<int>(value.recordType));
  json.set("interval", value.interval);
  json.set("maxDurationPerFile", value.maxDurationPerFile);
  return json;
}

Json to_json(const TRTCParams& value) {
  Json json = Json::object();
  json.set("sdkAppId", value.sdkAppId);
  json.set("userId", value.userId);
  json.set("userSig", value.userSig);
  json.set("roomId", value.roomId);
  json.set("strRoomId", value.strRoomId);
  json.set("role", static_cast<int>(value.role));
  json.set("streamId", value.streamId);
  json.set("userDefineRecordId", value.userDefineRecordId);
  json.set("privateMapKey", value.privateMapKey);
  json.set("businessInfo", value.businessInfo);
  return json;
}

Json to_json(const TRTCSwitchRoomConfig& value) {
  Json json = Json::object();
  json.set("roomId", value.roomId);
  json.set("strRoomId", value.strRoomId);
  json.set("userSig", value.userSig);
  json.set("privateMapKey", value.privateMapKey);
  return json;
}

Json to_json(const TRTCScreenCaptureProperty& value) {
  Json json = Json::object();
  json.set("enableCaptureMouse", value.enableCaptureMouse);
  json.set("enableHighLight", value.enableHighLight);
  json.set("enableHighPerformance", value.enableHighPerformance);
  json.set("highLightColor", value.highLightColor);
  json.set("highLightWidth", value.highLightWidth);
  json.set("enableCaptureChildWindow", value.enableCaptureChildWindow);
  return json;
}

Json to_json(const RECT& value) {
  Json json = Json::object();
  json.set("left", value.left);
  json.set("top", value.top);
  json.set("right", value.right);
  json.set("bottom", value.bottom);
  return json;
}

Json to_json(const TRTCVideoEncParam& value) {
  Json json = Json::object();
  json.set("videoResolution", static_cast<int>(value.videoResolution));
  json.set("resMode", static_cast<int>(value.resMode));
  json.set("videoFps", value.videoFps);
  json.set("videoBitrate", value.videoBitrate);
  json.set("minVideoBitrate", value.minVideoBitrate);
  json.set("enableAdjustRes", value.enableAdjustRes);
  return json;
}

Json to_json(const TRTCNetworkQosParam& value) {
  Json json = Json::object();
  json.set("preference", static_cast<int>(value.preference));
  json.set("controlMode", static_cast<int>(value.controlMode));
  return json;
}

Json to_json(const TRTCRenderParams& value) {
  Json json = Json::object();
  json.set("rotation", static_cast<int>(value.rotation));
  json.set("fillMode", static_cast<int>(value.fillMode));
  json.set("mirrorType", static_cast<int>(value.mirrorType));
  return json;
}

Json to_json(const TRTCMixUser& value) {
  Json json = Json::object();
  json.set("userId", value.userId);
  json.set("roomId", value.roomId);
  json.set("rect", to_json(value.rect));
  json.set("zOrder", value.zOrder);
  json.set("streamType", static_cast<int>(value.streamType));
  json.set("pureAudio", value.pureAudio);
  json.set("inputType", static_cast<int>(value.inputType));
  json.set("renderMode", value.renderMode);
  json.set("soundLevel", value.soundLevel);
  json.set("image", value.image);
  return json;
}

Json to_json(const TRTCPublishTarget& value) {
  Json json = Json::object();
  json.set("mode", static_cast<int>(value.mode));
  json.set("cdnUrlList", list(value.cdnUrlList, value.cdnUrlListSize));
  json.set("mixStreamIdentity", value.mixStreamIdentity == nullptr ? Json() : to_json(*value.mixStreamIdentity));
  return json;
}

Json to_json(const TRTCVideoLayout& value) {
  Json json = Json::object();
  json.set("rect", to_json(value.rect));
  json.set("zOrder", value.zOrder);
  json.set("fillMode", static_cast<int>(value.fillMode));
  json.set("backgroundColor", value.backgroundColor);
  json.set("placeHolderImage", value.placeHolderImage);
  json.set("fixedVideoUser", value.fixedVideoUser == nullptr ? Json() : to_json(*value.fixedVideoUser));
  json.set("fixedVideoStreamType", static_cast<int>(value.fixedVideoStreamType));
  return json;
}

Json to_json(const TRTCWatermark& value) {
  Json json = Json::object();
  json.set("watermarkUrl", value.watermarkUrl);
  json.set("rect", to_json(value.rect));
  json.set("zOrder", value.zOrder);
  return json;
}

Json to_json(const TRTCScreenCaptureSourceInfo& value) {
  Json json = Json::object();
  json.set("type", static_cast<int>(value.type));
  json.set("sourceId", Json::pointer(value.sourceId));
  json.set("sourceName", value.sourceName);
  json.set("isMinimizeWindow", value.isMinimizeWindow);
  json.set("isMainScreen", value.isMainScreen);
  json.set("x", value.x);
  json.set("y", value.y);
  json.set("width", value.width);
  json.set("height", value.height);
  return json;
}

Json to_json(const TRTCTranscodingConfig& value) {
  Json json = Json::object();
  json.set("mode", static_cast<int>(value.mode));
  json.set("appId", value.appId);
  json.set("bizId", value.bizId);
  json.set("videoWidth", value.videoWidth);
  json.set("videoHeight", value.videoHeight);
  json.set("videoBitrate", value.videoBitrate);
  json.set("videoFramerate", value.videoFramerate);
  json.set("videoGOP", value.videoGOP);
  json.set("backgroundColor", value.backgroundColor);
  json.set("backgroundImage", value.backgroundImage);
  json.set("audioSampleRate", value.audioSampleRate);
  json.set("audioBitrate", value.audioBitrate);
  json.set("audioChannels", value.audioChannels);
  json.set("audioCodec", value.audioCodec);
  json.set("mixUsersArray", list(value.mixUsersArray, value.mixUsersArraySize));
  json.set("streamId", value.streamId);
  json.set("videoSeiParams", value.videoSeiParams);
  return json;
}

Json to_json(const TRTCStreamMixingConfig& value) {
  Json json = Json::object();
  json.set("backgroundColor", value.backgroundColor);
  json.set("backgroundImage", value.backgroundImage);
  json.set("videoLayoutList", list(value.videoLayoutList, value.videoLayoutListSize));
  json.set("audioMixUserList", list(value.audioMixUserList, value.audioMixUserListSize));
  json.set("watermarkList", list(value.watermarkList, value.watermarkListSize));
  return json;
}

void read(const Json& json, TRTCVolumeInfo& value, Kept& kept) {
  value.userId = json["userId"].c_str();
  value.volume = json["volume"].u32();
  value.vad = json["vad"].i32();
  value.pitch = static_cast<float>(json["pitch"].number());
  value.spectrumData = kept.list<float>(json["spectrumData"]);
  value.spectrumDataLength = static_cast<uint32_t>(json["spectrumData"].size());
}

void read(const Json& json, TRTCSpeedTestResult& value, Kept& kept) {
  value.success = json["success"].boolean();
  value.errMsg = json["errMsg"].c_str();
  value.ip = json["ip"].c_str();
  value.quality = static_cast<TRTCQuality>(json["quality"].i32());
  value.upLostRate = static_cast<float>(json["upLostRate"].number());
  value.downLostRate = static_cast<float>(json["downLostRate"].number());
  value.rtt = json["rtt"].i32();
  value.availableUpBandwidth = json["availableUpBandwidth"].i32();
  value.availableDownBandwidth = json["availableDownBandwidth"].i32();
  value.upJitter = json["upJitter"].i32();
  value.downJitter = json["downJitter"].i32();
  (void)kept;
}

void read(const Json& json, TRTCQualityInfo& value, Kept& kept) {
  value.userId = json["userId"].c_str();
  value.quality = static_cast<TRTCQuality>(json["quality"].i32());
  (void)kept;
}

void read(const Json& json, TRTCLocalStatistics& value, Kept& kept) {
  value.width = json["width"].u32();
  value.height = json["height"].u32();
  value.frameRate = json["frameRate"].u32();
  value.videoBitrate = json["videoBitrate"].u32();
  value.audioSampleRate = json["audioSampleRate"].u32();
  value.audioBitrate = json["audioBitrate"].u32();
  value.streamType = static_cast<TRTCVideoStreamType>(json["streamType"].i32());
  value.audioCaptureState = json["audioCaptureState"].u32();
  (void)kept;
}

void read(const Json& json, TRTCRemoteStatistics& value, Kept& kept) {
  value.userId = json["userId"].c_str();
  value.audioPacketLoss = json["audioPacketLoss"].u32();
  value.videoPacketLoss = json["videoPacketLoss"].u32();
  value.width = json["width"].u32();
  value.height = json["height"].u32();
  value.frameRate = json["frameRate"].u32();
  value.videoBitrate = json["videoBitrate"].u32();
  value.audioSampleRate = json["audioSampleRate"].u32();
  value.audioBitrate = json["audioBitrate"].u32();
  value.jitterBufferDelay = json["jitterBufferDelay"].u32();
  value.point2PointDelay = json["point2PointDelay"].u32();
  value.audioTotalBlockTime = json["audioTotalBlockTime"].u32();
  value.audioBlockRate = json["audioBlockRate"].u32();
  value.videoTotalBlockTime = json["videoTotalBlockTime"].u32();
  value.videoBlockRate = json["videoBlockRate"].u32();
  value.finalLoss = json["finalLoss"].u32();
  value.remoteNetworkUplinkLoss = json["remoteNetworkUplinkLoss"].u32();
  value.remoteNetworkRTT = json["remoteNetworkRTT"].u32();
  value.streamType = static_cast<TRTCVideoStreamType>(json["streamType"].i32());
  (void)kept;
}

void read(const Json& json, TRTCStatistics& value, Kept& kept) {
  value.appCpu = json["appCpu"].u32();
  value.systemCpu = json["systemCpu"].u32();
  value.systemMemoryInMB = json["systemMemoryInMB"].u32();
  value.systemMemoryUsageInMB = json["systemMemoryUsageInMB"].u32();
  value.appMemoryUsageInMB = json["appMemoryUsageInMB"].u32();
  value.upLoss = json["upLoss"].u32();
  value.downLoss = json["downLoss"].u32();
  value.rtt = json["rtt"].u32();
  value.gatewayRtt = json["gatewayRtt"].u32();
  value.sentBytes = json["sentBytes"].u64();
  value.receivedBytes = json["receivedBytes"].u64();
  value.localStatisticsArray = kept.list<TRTCLocalStatistics>(json["localStatisticsArray"]);
  value.localStatisticsArraySize = static_cast<uint32_t>(json["localStatisticsArray"].size());
  value.remoteStatisticsArray = kept.list<TRTCRemoteStatistics>(json["remoteStatisticsArray"]);
  value.remoteStatisticsArraySize = static_cast<uint32_t>(json["remoteStatisticsArray"].size());
}

}  // namespace detail
}  // namespace liteav
