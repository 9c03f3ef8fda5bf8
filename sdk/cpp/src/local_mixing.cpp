// Mixing local pictures into one, which is not there yet: everything that is asked for is answered so, by its callback where
// it has one, and in the log.
#include "TRTC/ITXLocalMediaTranscoding.h"

#if RTC_WINDOWS

#include <string>

#include "fault.h"
#include "receivers.h"
#include "rtc_engine.h"

namespace liteav {
namespace detail {

namespace {

const char kNotThere[] = "mixing local pictures is not there yet in this version";

class LocalMixing final : public ITXLocalMediaTranscoding {
 public:
  LocalMixing() = default;
  ~LocalMixing() override = default;

  void setTranscodingCallback(ILocalMediaTranscodingCallback* callback) override { callback_.replace(callback); }

  void setVideoFrameProcessCallback(TRTCVideoPixelFormat, TRTCVideoBufferType, ITXVideoFrameProcessCallback*) override {
    log("setVideoFrameProcessCallback");
  }
  void setVideoFrameRenderCallback(TRTCVideoPixelFormat, TRTCVideoBufferType, ITXVideoFrameRenderCallback*) override {
    log("setVideoFrameRenderCallback");
  }

  void startTranscoding(TRTCVideoStreamType, const LocalMediaTranscodingParams&) override {
    log("startTranscoding");
    callback_.each([](ILocalMediaTranscodingCallback& it) { it.onTranscodingStarted(Error, kNotThere); });
  }
  void updateTranscodingParams(const LocalMediaTranscodingParams&) override { log("updateTranscodingParams"); }
  void stopTranscoding() override {}

  void startCameraSource(const char* cameraDeviceId) override {
    log("startCameraSource");
    callback_.each([&](ILocalMediaTranscodingCallback& it) { it.onCameraSourceStarted(cameraDeviceId, Error, kNotThere); });
  }
  void stopCameraSource(const char*) override {}
  void setCameraCaptureParam(const char*, const TXCameraCaptureParam*) override { log("setCameraCaptureParam"); }
  void enableCameraGreenScreen(const char*, bool) override { log("enableCameraGreenScreen"); }

  void startScreenSource(const TRTCScreenCaptureSourceInfo& screenSource, const RECT&) override {
    log("startScreenSource");
    const TXView source = screenSource.sourceId;
    callback_.each([&](ILocalMediaTranscodingCallback& it) { it.onScreenSourceStarted(source, Error, kNotThere); });
  }
  void updateScreenCaptureProperty(TXView, const TRTCScreenCaptureProperty&) override { log("updateScreenCaptureProperty"); }
  void stopScreenSource(TXView) override {}

  void addImageSource(const char* imagePath, int) override {
    log("addImageSource");
    callback_.each([&](ILocalMediaTranscodingCallback& it) { it.onImageSourceStarted(imagePath, Error, kNotThere); });
  }
  void removeImageSource(const char*) override {}

  void setMixedVideoRenderView(TXView) override { log("setMixedVideoRenderView"); }
  void attachTRTC(ITRTCCloud*) override { log("attachTRTC"); }
  void detachTRTC() override {}

 private:
  static void log(const char* method) {
    // 3 is a warning. Building the line may fail where memory is short, and then there is nothing to say it with.
    guarded("a log line", [&] { rtc_log(3, (std::string(method) + ": " + kNotThere).c_str()); });
  }

  Receivers<ILocalMediaTranscodingCallback> callback_;
};

}  // namespace

}  // namespace detail
}  // namespace liteav

liteav::ITXLocalMediaTranscoding* createTXLocalMediaTranscoding() { return new liteav::detail::LocalMixing; }

void destroyTXLocalMediaTranscoding(liteav::ITXLocalMediaTranscoding* instance) {
  delete static_cast<liteav::detail::LocalMixing*>(instance);
}

#endif  // RTC_WINDOWS
