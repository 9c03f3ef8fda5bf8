// A member without camera, microphone or screen: it enters a room, sends a picture it paints and a tone it makes, prints
// what happens, and leaves on Ctrl-C. The smallest program that does something with the C++ SDK.
#include <ITRTCCloud.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace liteav;

namespace {

std::atomic<bool> interrupted{false};

// Prints events, and remembers the one that ends the program.
class Events : public ITRTCCloudCallback {
 public:
  explicit Events(ITRTCCloud* cloud) : cloud_(cloud) {}

  void onError(TXLiteAVError errCode, const char* errMsg, void*) override { std::printf("error %d: %s\n", errCode, errMsg); }
  void onWarning(TXLiteAVWarning warningCode, const char* warningMsg, void*) override {
    std::printf("warning %d: %s\n", warningCode, warningMsg);
  }

  void onEnterRoom(int result) override {
    if (result < 0) {
      std::printf("could not enter: %d\n", result);
      end(EXIT_FAILURE);
      return;
    }
    std::printf("entered after %d ms; Ctrl-C leaves\n", result);
  }

  // The leaving page: every way out of a room ends here, after devices and codecs were let go.
  void onExitRoom(int reason) override {
    switch (reason) {
      case 0: std::printf("left the room: by our own exitRoom\n"); break;
      case 1: std::printf("left the room: the server removed this user\n"); break;
      case 2: std::printf("left the room: the server dismissed the room\n"); break;
      default: std::printf("left the room: reason %d\n", reason); break;
    }
    end(EXIT_SUCCESS);
  }

  void onRemoteUserEnterRoom(const char* userId) override { std::printf("%s came\n", userId); }
  void onRemoteUserLeaveRoom(const char* userId, int reason) override {
    const char* const reasons[] = {"left", "was lost", "was removed", "became audience"};
    std::printf("%s %s\n", userId, reason >= 0 && reason < 4 ? reasons[reason] : "is gone");
  }

  void onUserVideoAvailable(const char* userId, bool available) override {
    std::printf("%s %s\n", userId, available ? "has a picture" : "has no picture any more");
    // Without a window: frames would go to a render callback.
    if (available) {
      cloud_->startRemoteView(userId, TRTCVideoStreamTypeBig, nullptr);
    } else {
      cloud_->stopRemoteView(userId, TRTCVideoStreamTypeBig);
    }
  }
  void onUserAudioAvailable(const char* userId, bool available) override {
    std::printf("%s %s\n", userId, available ? "can be heard" : "is silent");
  }
  void onFirstVideoFrame(const char* userId, const TRTCVideoStreamType, const int width, const int height) override {
    if (*userId != '\0') std::printf("first picture of %s: %d x %d\n", userId, width, height);
  }
  void onFirstAudioFrame(const char* userId) override { std::printf("first sound of %s\n", userId); }
  void onSendFirstLocalVideoFrame(const TRTCVideoStreamType) override { std::printf("our first picture is sent\n"); }
  void onSendFirstLocalAudioFrame() override { std::printf("our first sound is sent\n"); }
  void onRecvCustomCmdMsg(const char* userId, int32_t cmdID, uint32_t, const uint8_t* message, uint32_t messageSize) override {
    std::printf("%s says (%d): %.*s\n", userId, cmdID, static_cast<int>(messageSize), reinterpret_cast<const char*>(message));
  }
  void onConnectionLost() override { std::printf("connection lost\n"); }
  void onTryToReconnect() override { std::printf("trying to reconnect\n"); }
  void onConnectionRecovery() override { std::printf("connected again\n"); }
  void onStatistics(const TRTCStatistics& statistics) override {
    for (uint32_t i = 0; i < statistics.localStatisticsArraySize; ++i) {
      const TRTCLocalStatistics& local = statistics.localStatisticsArray[i];
      std::printf("sending %u x %u, %u pictures/s, %u + %u kbit/s, round trip %u ms\n", local.width, local.height, local.frameRate,
                  local.videoBitrate, local.audioBitrate, statistics.rtt);
    }
  }

  // Waits until the room is left; asks to leave once after Ctrl-C.
  int wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    bool asked = false;
    while (code_ < 0) {
      // A signal handler may do nothing but set a flag, so the flag is looked at now and then.
      changed_.wait_for(lock, std::chrono::milliseconds(100));
      if (interrupted && !asked) {
        asked = true;
        std::printf("leaving\n");
        cloud_->exitRoom();
      }
    }
    return code_;
  }

 private:
  void end(int code) {
    std::lock_guard<std::mutex> lock(mutex_);
    code_ = code;
    changed_.notify_all();
  }

  ITRTCCloud* cloud_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int code_ = -1;
};

// Paints and plays on a thread of its own, 50 times a second.
class Performance {
 public:
  explicit Performance(ITRTCCloud* cloud) : cloud_(cloud), thread_([this] { run(); }) {}
  ~Performance() {
    over_ = true;
    thread_.join();
  }

 private:
  static constexpr int kWidth = 640;
  static constexpr int kHeight = 360;
  static constexpr int kRate = 48000;

  void run() {
    auto next = std::chrono::steady_clock::now();
    for (int turn = 0; !over_; ++turn) {
      play(turn);
      // 25 pictures a second.
      if (turn % 2 == 0) paint(turn / 2);
      next += std::chrono::milliseconds(20);
      std::this_thread::sleep_until(next);
    }
  }

  // 440 Hz, not loud, 20 ms at a time.
  void play(int turn) {
    std::vector<int16_t> samples(kRate / 50);
    for (size_t i = 0; i < samples.size(); ++i) {
      const double seconds = (static_cast<double>(turn) * static_cast<double>(samples.size()) + static_cast<double>(i)) / kRate;
      samples[i] = static_cast<int16_t>(3000 * std::sin(2 * 3.14159265358979 * 440 * seconds));
    }
    TRTCAudioFrame frame;
    frame.audioFormat = TRTCAudioFrameFormatPCM;
    frame.data = reinterpret_cast<char*>(samples.data());
    frame.length = static_cast<uint32_t>(samples.size() * sizeof samples[0]);
    frame.sampleRate = kRate;
    frame.channel = 1;
    frame.timestamp = cloud_->generateCustomPTS();
    cloud_->sendCustomAudioData(&frame);
  }

  // A slope of grey that wanders, with a square that circles on it.
  void paint(int turn) {
    const size_t area = static_cast<size_t>(kWidth) * kHeight;
    std::vector<uint8_t> i420(area * 3 / 2, 128);
    const int left = static_cast<int>((kWidth - 80) / 2 * (1 + std::cos(turn / 25.0)));
    const int top = static_cast<int>((kHeight - 80) / 2 * (1 + std::sin(turn / 25.0)));
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const bool inside = x >= left && x < left + 80 && y >= top && y < top + 80;
        i420[static_cast<size_t>(y) * kWidth + static_cast<size_t>(x)] = static_cast<uint8_t>(inside ? 235 : 16 + (x + y + turn) % 160);
      }
    }
    TRTCVideoFrame frame;
    frame.videoFormat = TRTCVideoPixelFormat_I420;
    frame.bufferType = TRTCVideoBufferType_Buffer;
    frame.data = reinterpret_cast<char*>(i420.data());
    frame.length = static_cast<uint32_t>(i420.size());
    frame.width = kWidth;
    frame.height = kHeight;
    frame.timestamp = cloud_->generateCustomPTS();
    cloud_->sendCustomVideoData(TRTCVideoStreamTypeBig, &frame);
  }

  ITRTCCloud* cloud_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

int usage(const char* program) {
  std::fprintf(stderr,
               "usage: %s --app SDKAPPID --user NAME --sig USERSIG [--room NUMBER or NAME] [--server URL] [--verbose]\n"
               "The engine prints a UserSig: rtc-engine usersig --user NAME\n",
               program);
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  std::map<std::string, std::string> options = {{"--room", "1001"}};
  for (int i = 1; i < count; ++i) {
    const std::string name = arguments[i];
    if (name == "--verbose") {
      options[name] = "yes";
    } else if (name.compare(0, 2, "--") == 0 && i + 1 < count) {
      options[name] = arguments[++i];
    } else {
      return usage(arguments[0]);
    }
  }
  if (options["--app"].empty() || options["--user"].empty() || options["--sig"].empty()) return usage(arguments[0]);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::signal(SIGINT, [](int) { interrupted = true; });
  std::signal(SIGTERM, [](int) { interrupted = true; });

  ITRTCCloud* const cloud = getTRTCShareInstance();
  if (cloud == nullptr) {
    std::fprintf(stderr, "the engine could not be started\n");
    return EXIT_FAILURE;
  }
  std::printf("SDK %s\n", cloud->getSDKVersion());
  cloud->setConsoleEnabled(!options["--verbose"].empty());
  cloud->setLogLevel(options["--verbose"].empty() ? TRTCLogLevelNone : TRTCLogLevelInfo);
  if (!options["--server"].empty()) {
    // An application of the original names no server. Without this line the address is looked up: see the quickstart.
    cloud->callExperimentalAPI(("{\"api\":\"setServer\",\"params\":{\"url\":\"" + options["--server"] + "\"}}").c_str());
  }

  Events events(cloud);
  cloud->addCallback(&events);

  TRTCVideoEncParam encoding;
  encoding.videoResolution = TRTCVideoResolution_640_360;
  encoding.videoFps = 25;
  cloud->setVideoEncoderParam(encoding);
  cloud->enableCustomVideoCapture(TRTCVideoStreamTypeBig, true);
  cloud->enableCustomAudioCapture(true);

  TRTCParams params;
  params.sdkAppId = static_cast<uint32_t>(std::strtoul(options["--app"].c_str(), nullptr, 10));
  params.userId = options["--user"].c_str();
  params.userSig = options["--sig"].c_str();
  // 123 and "123" are different rooms; what looks like a number is one.
  const std::string& room = options["--room"];
  if (room.find_first_not_of("0123456789") == std::string::npos) {
    params.roomId = static_cast<uint32_t>(std::strtoul(room.c_str(), nullptr, 10));
  } else {
    params.strRoomId = room.c_str();
  }
  cloud->enterRoom(params, TRTCAppSceneVideoCall);

  int code = 0;
  {
    Performance performance(cloud);
    code = events.wait();
  }
  cloud->removeCallback(&events);
  destroyTRTCShareInstance();
  return code;
}
