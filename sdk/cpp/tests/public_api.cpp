// A program as an application of the original is written: by its public documentation only, C++11, nothing of our own.
//
//   public_api                                          what needs no engine
//   public_api SERVER SDKAPPID USER1 SIG1 USER2 SIG2    two members in one room: the shared instance, and a sub cloud
//   ... --stay                                          and then stays until the server removes it or ends the room
//
// It ends with 0 when everything it waited for came. What it waits for it waits for 30 seconds at most.
#include <ITRTCAudioPacketListener.h>
#include <ITRTCCloud.h>
#include <ITXLiteAVNetworkProxy.h>
#include <TXLiteAVBase.h>
#include <TXLiteAVEncodedDataProcessingListener.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace liteav;

namespace {

const int kWidth = 320;
const int kHeight = 180;

void fail(const std::string& what) {
  std::fprintf(stderr, "failed: %s\n", what.c_str());
  std::exit(1);
}

void check(bool condition, const char* what) {
  if (!condition) fail(what);
}

// What was told, as texts that can be waited for.
class Told {
 public:
  void add(const std::string& what) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (all_.insert(what).second) std::printf("  %s\n", what.c_str());
    changed_.notify_all();
  }

  bool has(const std::string& what) {
    std::lock_guard<std::mutex> lock(mutex_);
    return all_.count(what) > 0;
  }

  void wait(const std::string& what) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(30), [&] { return all_.count(what) > 0; })) fail("nobody told: " + what);
  }

  void wait_for_any(const std::string& one, const std::string& other) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return all_.count(one) + all_.count(other) > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> all_;
};

std::string text(const char* from) { return from == nullptr ? "" : from; }

class Member : public ITRTCCloudCallback, public ITRTCVideoRenderCallback, public ITRTCAudioFrameCallback {
 public:
  explicit Member(const std::string& name) : name_(name) {}
  virtual ~Member() {}

  Told told;

  void onError(TXLiteAVError errCode, const char* errMsg, void*) override { tell("error " + std::to_string(errCode) + " " + text(errMsg)); }
  void onWarning(TXLiteAVWarning warningCode, const char* warningMsg, void*) override {
    tell("warning " + std::to_string(warningCode) + " " + text(warningMsg));
  }
  void onEnterRoom(int result) override { tell(result >= 0 ? "entered" : "not entered"); }
  void onExitRoom(int reason) override { tell("exit " + std::to_string(reason)); }
  void onSwitchRole(TXLiteAVError errCode, const char*) override { tell("role " + std::to_string(errCode)); }
  void onRemoteUserEnterRoom(const char* userId) override { tell("came " + text(userId)); }
  void onRemoteUserLeaveRoom(const char* userId, int reason) override { tell("left " + text(userId) + " " + std::to_string(reason)); }
  void onUserVideoAvailable(const char* userId, bool available) override { tell((available ? "video " : "no video ") + text(userId)); }
  void onUserAudioAvailable(const char* userId, bool available) override { tell((available ? "audio " : "no audio ") + text(userId)); }
  void onUserSubStreamAvailable(const char* userId, bool available) override { tell((available ? "sub " : "no sub ") + text(userId)); }
  void onFirstVideoFrame(const char* userId, const TRTCVideoStreamType streamType, const int width, const int height) override {
    if (text(userId).empty()) return;
    check(width > 0 && height > 0, "the first frame has a size");
    tell("first video " + text(userId) + " " + std::to_string(streamType));
  }
  void onFirstAudioFrame(const char* userId) override { tell("first audio " + text(userId)); }
  void onSendFirstLocalVideoFrame(const TRTCVideoStreamType streamType) override { tell("sent video " + std::to_string(streamType)); }
  void onSendFirstLocalAudioFrame() override { tell("sent audio"); }
  void onNetworkQuality(TRTCQualityInfo localQuality, TRTCQualityInfo*, uint32_t) override {
    check(localQuality.quality >= TRTCQuality_Unknown && localQuality.quality <= TRTCQuality_Down, "a quality is in its range");
    tell("quality");
  }
  void onStatistics(const TRTCStatistics& statistics) override {
    for (uint32_t i = 0; i < statistics.localStatisticsArraySize; ++i) {
      if (statistics.localStatisticsArray[i].videoBitrate > 0) tell("statistics of what is sent");
    }
    for (uint32_t i = 0; i < statistics.remoteStatisticsArraySize; ++i) {
      const TRTCRemoteStatistics& remote = statistics.remoteStatisticsArray[i];
      if (remote.width > 0) tell("statistics of " + text(remote.userId));
    }
  }
  void onUserVoiceVolume(TRTCVolumeInfo* userVolumes, uint32_t userVolumesCount, uint32_t) override {
    for (uint32_t i = 0; i < userVolumesCount; ++i) {
      if (userVolumes[i].volume > 0) tell("voice of " + text(userVolumes[i].userId));
    }
  }
  void onRecvCustomCmdMsg(const char* userId, int32_t cmdID, uint32_t, const uint8_t* message, uint32_t messageSize) override {
    tell("message " + text(userId) + " " + std::to_string(cmdID) + " " + std::string(reinterpret_cast<const char*>(message), messageSize));
  }
  void onRecvSEIMsg(const char* userId, const uint8_t* message, uint32_t messageSize) override {
    tell("SEI " + text(userId) + " " + std::string(reinterpret_cast<const char*>(message), messageSize));
  }
  void onSnapshotComplete(const char* userId, TRTCVideoStreamType, char* data, uint32_t length, uint32_t width, uint32_t height,
                          TRTCVideoPixelFormat format) override {
    check(data == nullptr || (format == TRTCVideoPixelFormat_BGRA32 && length == width * height * 4), "a snapshot is BGRA");
    tell((data == nullptr || length == 0 ? "no snapshot " : "snapshot ") + text(userId));
  }
  void onScreenCaptureStarted() override { tell("screen started"); }
  void onScreenCaptureStoped(int) override { tell("screen stopped"); }
  void onConnectionLost() override { tell("connection lost"); }

  void onRenderVideoFrame(const char* userId, TRTCVideoStreamType, TRTCVideoFrame* frame) override {
    check(frame->videoFormat == TRTCVideoPixelFormat_I420, "the format that was asked for");
    check(frame->length == frame->width * frame->height * 3 / 2, "an I420 picture has one and a half bytes a pixel");
    tell("drew " + text(userId));
  }

  void onLocalProcessedAudioFrame(TRTCAudioFrame* frame) override {
    static char words[] = "beside";
    frame->extraData = words;
    frame->extraDataLength = sizeof(words) - 1;
  }

  void onPlayAudioFrame(TRTCAudioFrame* frame, const char* userId) override {
    if (frame->extraDataLength > 0) tell("beside a frame of " + text(userId) + ": " + std::string(frame->extraData, frame->extraDataLength));
    const int16_t* const samples = reinterpret_cast<const int16_t*>(frame->data);
    for (uint32_t i = 0; i < frame->length / 2; ++i) {
      if (samples[i] > 1000) {
        tell("heard " + text(userId));
        return;
      }
    }
  }

 private:
  void tell(const std::string& what) {
    std::string line = what;
    told.add(line);
  }

  std::string name_;
};

// An encryption as applications have it, and words beside packets of sound.
class Cipher : public ITXLiteAVEncodedDataProcessingListener, public ITRTCAudioPacketListener {
 public:
  explicit Cipher(Told* told) : told_(told) {}

  bool didEncodeVideo(TXLiteAVEncodedData& data) override { return turn("encoded a picture of ", data); }
  bool willDecodeVideo(TXLiteAVEncodedData& data) override { return turn("will decode a picture of ", data); }
  bool didEncodeAudio(TXLiteAVEncodedData& data) override { return turn("encoded sound of ", data); }
  bool willDecodeAudio(TXLiteAVEncodedData& data) override { return turn("will decode sound of ", data); }
  bool onSendAudioPacket(TRTCAudioPacket& packet) override {
    const char words[] = "with a packet";
    packet.extraData->SetSize(sizeof(words) - 1);
    std::memcpy(packet.extraData->data(), words, sizeof(words) - 1);
    return true;
  }
  bool onRecvAudioPacket(TRTCAudioPacket& packet) override {
    told_->add("beside a packet of " + text(packet.userId) + ": " + reinterpret_cast<const char*>(packet.extraData->cdata()));
    return true;
  }

 private:
  bool turn(const char* what, TXLiteAVEncodedData& data) {
    told_->add(what + (data.userId == nullptr ? "one's own" : std::string(data.userId)));
    const size_t size = data.originData->size();
    data.processedData->EnsureCapacity(size);
    data.processedData->SetSize(size);
    for (size_t i = 0; i < size; ++i) data.processedData->data()[i] = data.originData->cdata()[i] ^ 0x5a;
    return true;
  }

  Told* told_;
};

void listen(ITRTCCloud* cloud, const char* api, const void* listener) {
  const std::string number = std::to_string(reinterpret_cast<uintptr_t>(listener));
  const std::string call = "{\"api\":\"" + std::string(api) + "\",\"params\":{\"listener\":" + number + "}}";
  check(std::strstr(cloud->callExperimentalAPI(call.c_str()), "\"code\":0") != nullptr, "a listener is taken");
}

void listen(ITRTCCloud* cloud, Cipher* cipher) {
  listen(cloud, "setEncodedDataProcessingListener", static_cast<ITXLiteAVEncodedDataProcessingListener*>(cipher));
  listen(cloud, "setAudioPacketExtraDataListener", static_cast<ITRTCAudioPacketListener*>(cipher));
}

// Sends a picture that moves and a tone, 25 times and 50 times a second.
class Synthetic {
 public:
  explicit Synthetic(ITRTCCloud* cloud) : cloud_(cloud), thread_([this] { run(); }) {}
  ~Synthetic() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

 private:
  void run() {
    std::vector<char> picture(kWidth * kHeight * 3 / 2, static_cast<char>(128));
    std::vector<int16_t> sound(960);
    std::chrono::steady_clock::time_point next = std::chrono::steady_clock::now();
    std::unique_lock<std::mutex> lock(mutex_);
    for (int turn = 0; !changed_.wait_until(lock, next, [this] { return over_; }); ++turn) {
      next += std::chrono::milliseconds(20);
      // A square wave of 500 Hz.
      for (size_t i = 0; i < sound.size(); ++i) sound[i] = i / 48 % 2 == 0 ? 6000 : -6000;
      TRTCAudioFrame audio;
      audio.audioFormat = TRTCAudioFrameFormatPCM;
      audio.data = reinterpret_cast<char*>(sound.data());
      audio.length = static_cast<uint32_t>(sound.size() * 2);
      audio.sampleRate = 48000;
      audio.channel = 1;
      audio.timestamp = cloud_->generateCustomPTS();
      cloud_->sendCustomAudioData(&audio);
      if (turn % 2 == 1) continue;
      for (int i = 0; i < kWidth * kHeight; ++i) picture[static_cast<size_t>(i)] = static_cast<char>(i % kWidth + turn);
      TRTCVideoFrame video;
      video.videoFormat = TRTCVideoPixelFormat_I420;
      video.bufferType = TRTCVideoBufferType_Buffer;
      video.data = picture.data();
      video.length = static_cast<uint32_t>(picture.size());
      video.width = kWidth;
      video.height = kHeight;
      video.timestamp = cloud_->generateCustomPTS();
      cloud_->sendCustomVideoData(TRTCVideoStreamTypeBig, &video);
    }
  }

  ITRTCCloud* cloud_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

// How updates of the network time went.
Told& time_told() {
  static Told told;
  return told;
}

void on_time(int errCode, const char* errMsg) {
  check(errMsg != nullptr, "there is a text, even if an empty one");
  time_told().add("time " + std::to_string(errCode));
}

TRTCParams params(uint32_t sdkAppId, const char* user, const char* sig) {
  TRTCParams it;
  it.sdkAppId = sdkAppId;
  it.userId = user;
  it.userSig = sig;
  it.roomId = 4711;
  it.role = TRTCRoleAnchor;
  return it;
}

// Everything that answers without a room.
void without_engine() {
  ITRTCCloud* const cloud = getTRTCShareInstance();
  check(cloud != nullptr, "there is an instance");
  check(cloud == ITRTCCloud::getTRTCShareInstance(), "there is one");
  check(std::strlen(cloud->getSDKVersion()) > 0, "it has a version");

  Member member("");
  cloud->addCallback(&member);
  cloud->enterRoom(params(1, "", ""), TRTCAppSceneVideoCall);
  member.told.wait("not entered");

  cloud->setAudioCaptureVolume(40);
  check(cloud->getAudioCaptureVolume() == 40, "a volume is kept");
  cloud->setAudioPlayoutVolume(60);
  check(cloud->getAudioPlayoutVolume() == 60, "a volume is kept");

  ITXDeviceManager* const devices = cloud->getDeviceManager();
  const TXMediaDeviceType types[] = {TXMediaDeviceTypeMic, TXMediaDeviceTypeSpeaker, TXMediaDeviceTypeCamera};
  for (TXMediaDeviceType type : types) {
    ITXDeviceCollection* const list = devices->getDevicesList(type);
    for (uint32_t i = 0; i < list->getCount(); ++i) {
      check(std::strlen(list->getDevicePID(i)) > 0 && std::strlen(list->getDeviceName(i)) > 0, "a device has an id and a name");
    }
    check(std::strlen(list->getDeviceName(list->getCount())) == 0, "beyond the list is nothing");
    list->release();
    ITXDeviceInfo* const current = devices->getCurrentDevice(type);
    check(current->getDeviceName() != nullptr, "a name may be empty");
    current->release();
  }

  SIZE thumbnail, icon;
  ITRTCScreenCaptureSourceList* const sources = cloud->getScreenCaptureSources(thumbnail, icon);
  for (uint32_t i = 0; i < sources->getCount(); ++i) check(sources->getSourceInfo(i).sourceName != nullptr, "a source has a name");
  sources->release();

  check(!cloud->sendCustomCmdMsg(1, reinterpret_cast<const uint8_t*>("hello"), 5, true, true), "nobody is there to hear");
  check(cloud->setLocalVideoRenderCallback(TRTCVideoPixelFormat_I420, TRTCVideoBufferType_Buffer, &member) == 0, "I420 is there");
  check(cloud->setLocalVideoRenderCallback(TRTCVideoPixelFormat_I420, TRTCVideoBufferType_Buffer, nullptr) == 0, "and goes");
  check(cloud->setAudioFrameCallback(&member) == 0, "sound can be heard");
  check(cloud->setAudioFrameCallback(nullptr) == 0, "and not heard");
  const char* const answer = cloud->callExperimentalAPI("{\"api\":\"noSuchThing\",\"params\":{}}");
  check(answer != nullptr && std::strstr(answer, "noSuchThing") != nullptr, "an unknown experiment is named");

  check(std::strstr(cloud->callExperimentalAPI("{\"api\":\"setEncodedDataProcessingListener\"}"), "-2") != nullptr, "a listener has an address");
  check(cloud->callExperimentalAPI(nullptr) != nullptr, "nothing is no experiment");

  cloud->removeCallback(&member);
  destroyTRTCShareInstance();
  destroyTRTCShareInstance();

  check(std::strlen(getLiteAvSDKVersion()) > 0, "the SDK has a version");
  // A port that nobody may have.
  check(setGlobalEnv("http://127.0.0.1:1") == 0, "an engine can be named");
  setUpdateNetworkTimeCallback(&on_time);
  check(updateNetworkTime() == 0, "it is asked for the time");
  time_told().wait("time -1");
  check(getNetworkTimestamp() == 0, "which it did not tell");
  setUpdateNetworkTimeCallback(nullptr);

  ITXNetworkProxy* proxy = createTXNetworkProxy();
  TRTCSocks5ProxyConfig through;
  through.support_udp = false;
  check(proxy->setSocks5Proxy("127.0.0.1", 1080, "", "") == 0, "a proxy can be there");
  check(proxy->setSocks5Proxy("127.0.0.1", 1080, "user", "password", &through) == 0, "and want a login");
  check(proxy->setSocks5Proxy("no.such.name.invalid", 1080, "", "") == -1, "a name without an address is no proxy");
  check(proxy->setSocks5Proxy("127.0.0.1", 0, "", "") < 0, "nor is a port of 0");
  check(proxy->setSocks5Proxy("", 0, nullptr, nullptr) == 0, "there may be none");
  destroyTXNetworkProxy(&proxy);
  check(proxy == nullptr, "the pointer is cleared");
  destroyTXNetworkProxy(&proxy);
}

void with_engine(char** arguments, bool stay) {
  const std::string server = arguments[0];
  const uint32_t app = static_cast<uint32_t>(std::strtoul(arguments[1], nullptr, 10));
  const char* const first = arguments[2];
  const char* const second = arguments[4];

  ITRTCCloud* const cloud = getTRTCShareInstance();
  check(cloud != nullptr, "there is an instance");
  cloud->setConsoleEnabled(std::getenv("VERBOSE") != nullptr);
  cloud->setLogLevel(std::getenv("VERBOSE") != nullptr ? TRTCLogLevelInfo : TRTCLogLevelNone);
  const std::string address = "{\"api\":\"setServer\",\"params\":{\"url\":\"" + server + "\"}}";
  cloud->callExperimentalAPI(address.c_str());
  ITRTCCloud* const other = cloud->createSubCloud();
  check(other != nullptr, "there is a second one");
  other->callExperimentalAPI(address.c_str());

  check(setGlobalEnv(server.c_str()) == 0, "the engine can be named for the whole process");
  setUpdateNetworkTimeCallback(&on_time);
  check(updateNetworkTime() == 0, "it is asked for the time");
  time_told().wait("time 0");
  const int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  check(std::llabs(getNetworkTimestamp() - now) < 1000, "the engine on this machine has this machine's time");

  Member ann(first), bob(second);
  cloud->addCallback(&ann);
  other->addCallback(&bob);
  Cipher anns(&ann.told), bobs(&bob.told);
  listen(cloud, &anns);
  listen(other, &bobs);

  std::printf("%s enters\n", first);
  TRTCVideoEncParam encoding;
  encoding.videoResolution = TRTCVideoResolution_320_180;
  cloud->setVideoEncoderParam(encoding);
  cloud->enterRoom(params(app, first, arguments[3]), TRTCAppSceneVideoCall);
  ann.told.wait("entered");
  cloud->enableCustomVideoCapture(TRTCVideoStreamTypeBig, true);
  cloud->enableCustomAudioCapture(true);
  {
    Synthetic synthetic(cloud);

    std::printf("%s enters\n", second);
    other->setRemoteVideoRenderCallback(first, TRTCVideoPixelFormat_I420, TRTCVideoBufferType_Buffer, &bob);
    other->setAudioFrameCallback(&bob);
    TRTCAudioVolumeEvaluateParams volume;
    other->enableAudioVolumeEvaluation(true, volume);
    other->enterRoom(params(app, second, arguments[5]), TRTCAppSceneVideoCall);
    bob.told.wait("entered");
    ann.told.wait("came " + std::string(second));
    bob.told.wait("came " + std::string(first));
    bob.told.wait("video " + std::string(first));
    bob.told.wait("audio " + std::string(first));
    other->startRemoteView(first, TRTCVideoStreamTypeBig, nullptr);
    bob.told.wait("first video " + std::string(first) + " 0");
    bob.told.wait("drew " + std::string(first));
    bob.told.wait("heard " + std::string(first));
    bob.told.wait("voice of " + std::string(first));
    ann.told.wait("encoded a picture of one's own");
    ann.told.wait("encoded sound of one's own");
    bob.told.wait("will decode a picture of " + std::string(first));
    bob.told.wait("will decode sound of " + std::string(first));
    bob.told.wait("beside a packet of " + std::string(first) + ": with a packet");
    bob.told.wait("beside a frame of " + std::string(first) + ": beside");
    ann.told.wait("sent video 0");
    ann.told.wait("sent audio");

    other->snapshotVideo(first, TRTCVideoStreamTypeBig, TRTCSnapshotSourceTypeStream);
    bob.told.wait("snapshot " + std::string(first));
    check(cloud->sendCustomCmdMsg(1, reinterpret_cast<const uint8_t*>("hello"), 5, true, true), "a message is accepted");
    bob.told.wait("message " + std::string(first) + " 1 hello");
    ann.told.wait("quality");
    ann.told.wait("statistics of what is sent");
    bob.told.wait("statistics of " + std::string(first));

    cloud->muteLocalVideo(TRTCVideoStreamTypeBig, true);
    bob.told.wait("no video " + std::string(first));
    cloud->muteLocalAudio(true);
    bob.told.wait("no audio " + std::string(first));
  }
  if (stay) {
    std::printf("both stay\n");
    bob.told.wait_for_any("exit 1", "exit 2");
  }
  std::printf("%s leaves\n", first);
  cloud->exitRoom();
  ann.told.wait("exit 0");
  listen(cloud, "setEncodedDataProcessingListener", nullptr);
  listen(cloud, "setAudioPacketExtraDataListener", nullptr);
  if (!stay) {
    bob.told.wait("left " + std::string(first) + " 0");
    other->exitRoom();
    bob.told.wait("exit 0");
  }
  cloud->destroySubCloud(other);
  cloud->removeCallback(&ann);
  destroyTRTCShareInstance();
}

}  // namespace

int main(int count, char** arguments) {
  const bool stay = count > 1 && std::strcmp(arguments[count - 1], "--stay") == 0;
  if (count == 1) {
    without_engine();
  } else if (count == (stay ? 8 : 7)) {
    with_engine(arguments + 1, stay);
  } else {
    std::fprintf(stderr, "usage: %s [SERVER SDKAPPID USER1 SIG1 USER2 SIG2 [--stay]]\n", arguments[0]);
    return 2;
  }
  std::printf("all well\n");
  return 0;
}
