// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// What is measured every two seconds.
#ifndef RTC_ENGINE_ITRTCSTATISTICS_H_
#define RTC_ENGINE_ITRTCSTATISTICS_H_

#include "TRTCTypeDef.h"

namespace liteav {

/// What is measured of a stream one sends.
struct TRTCLocalStatistics {
  /// Pixels across.
  uint32_t width;
  /// Pixels down.
  uint32_t height;
  /// Frames a second.
  uint32_t frameRate;
  /// kbit/s of the picture.
  uint32_t videoBitrate;
  /// Samples a second.
  uint32_t audioSampleRate;
  /// kbit/s of the sound.
  uint32_t audioBitrate;
  /// Which stream.
  TRTCVideoStreamType streamType;
  /// 0 the microphone works, 1 a long silence, 2 its sound is broken, 3 its sound breaks off.
  uint32_t audioCaptureState;

  TRTCLocalStatistics()
      : width(0),
        height(0),
        frameRate(0),
        videoBitrate(0),
        audioSampleRate(0),
        audioBitrate(0),
        streamType(TRTCVideoStreamTypeBig),
        audioCaptureState(0) {}
};

/// What is measured of a stream one receives.
struct TRTCRemoteStatistics {
  /// Whose.
  const char* userId;
  /// Sound packets lost, percent.
  uint32_t audioPacketLoss;
  /// Picture packets lost, percent.
  uint32_t videoPacketLoss;
  /// Pixels across.
  uint32_t width;
  /// Pixels down.
  uint32_t height;
  /// Frames a second.
  uint32_t frameRate;
  /// kbit/s of the picture.
  uint32_t videoBitrate;
  /// Samples a second.
  uint32_t audioSampleRate;
  /// kbit/s of the sound.
  uint32_t audioBitrate;
  /// Milliseconds that sound waits before it is played.
  uint32_t jitterBufferDelay;
  /// Milliseconds from the sender's microphone to the own speaker.
  uint32_t point2PointDelay;
  /// Milliseconds in all during which sound was missing.
  uint32_t audioTotalBlockTime;
  /// Percent of time during which sound was missing.
  uint32_t audioBlockRate;
  /// Milliseconds in all during which the picture stood still.
  uint32_t videoTotalBlockTime;
  /// Percent of time during which the picture stood still.
  uint32_t videoBlockRate;
  /// Packets lost after all repair, percent. Deprecated: `audioPacketLoss` and `videoPacketLoss` say more.
  uint32_t finalLoss;
  /// Packets lost between the sender and the engine, percent.
  uint32_t remoteNetworkUplinkLoss;
  /// Round trip between the sender and the engine in ms.
  uint32_t remoteNetworkRTT;
  /// Which stream.
  TRTCVideoStreamType streamType;

  TRTCRemoteStatistics()
      : userId(nullptr),
        audioPacketLoss(0),
        videoPacketLoss(0),
        width(0),
        height(0),
        frameRate(0),
        videoBitrate(0),
        audioSampleRate(0),
        audioBitrate(0),
        jitterBufferDelay(0),
        point2PointDelay(0),
        audioTotalBlockTime(0),
        audioBlockRate(0),
        videoTotalBlockTime(0),
        videoBlockRate(0),
        finalLoss(0),
        remoteNetworkUplinkLoss(0),
        remoteNetworkRTT(0),
        streamType(TRTCVideoStreamTypeBig) {}
};

/// What is measured, every two seconds.
struct TRTCStatistics {
  /// The program's share of the processor, percent.
  uint32_t appCpu;
  /// Everybody's share of the processor, percent.
  uint32_t systemCpu;
  /// Memory of the machine in MB.
  uint32_t systemMemoryInMB;
  /// Memory that is used in MB.
  uint32_t systemMemoryUsageInMB;
  /// Memory that the program uses in MB.
  uint32_t appMemoryUsageInMB;
  /// Packets lost towards the engine, percent.
  uint32_t upLoss;
  /// Packets lost from the engine, percent.
  uint32_t downLoss;
  /// Round trip to the engine in ms.
  uint32_t rtt;
  /// Round trip to the router in ms.
  uint32_t gatewayRtt;
  /// Bytes sent since the room was entered.
  uint64_t sentBytes;
  /// Bytes received since the room was entered.
  uint64_t receivedBytes;
  /// The streams one sends.
  TRTCLocalStatistics* localStatisticsArray;
  uint32_t localStatisticsArraySize;
  /// The streams one receives.
  TRTCRemoteStatistics* remoteStatisticsArray;
  uint32_t remoteStatisticsArraySize;

  TRTCStatistics()
      : appCpu(0),
        systemCpu(0),
        systemMemoryInMB(0),
        systemMemoryUsageInMB(0),
        appMemoryUsageInMB(0),
        upLoss(0),
        downLoss(0),
        rtt(0),
        gatewayRtt(0),
        sentBytes(0),
        receivedBytes(0),
        localStatisticsArray(nullptr),
        localStatisticsArraySize(0),
        remoteStatisticsArray(nullptr),
        remoteStatisticsArraySize(0) {}
};

}  // namespace liteav

#endif  // RTC_ENGINE_ITRTCSTATISTICS_H_
