// Generated from sdk/api/description by `cargo run -p rtc-api-generate`. Change it there.
// Mixing several local pictures into one that is published.
#ifndef RTC_ENGINE_TRTC_ITXLOCALMEDIATRANSCODING_H_
#define RTC_ENGINE_TRTC_ITXLOCALMEDIATRANSCODING_H_

#include "../ITRTCCloud.h"

namespace liteav {
class ITXLocalMediaTranscoding;
}

extern "C" {

#if RTC_WINDOWS
/// A mixer of local pictures.
TRTC_API liteav::ITXLocalMediaTranscoding* createTXLocalMediaTranscoding();
#endif

#if RTC_WINDOWS
/// Gives it back.
TRTC_API void destroyTXLocalMediaTranscoding(liteav::ITXLocalMediaTranscoding* instance);
#endif

}  // extern "C"

namespace liteav {

#if RTC_WINDOWS
/// What is mixed in.
enum LocalMediaTranscodingSourceType {
  /// A camera.
  MediaSourceCamera = 0,
  /// A screen or window.
  MediaSourceScreen = 1,
  /// An image file.
  MediaSourceImage = 2,
  /// Another user's picture.
  MediaSourceRemoteVideo = 3,
};
#endif

#if RTC_WINDOWS
/// Why local mixing did not begin.
enum LocalMediaTranscodingError {
  /// It did.
  Success = 0,
  /// No other reason applies.
  Error = -1,
  /// A parameter is wrong.
  InvalidParams = -2,
  /// There is no such source.
  NotFoundSource = -3,
  /// The image could not be read.
  ImageSourceLoadFailed = -4,
};
#endif

#if RTC_WINDOWS
/// One of the pictures that are mixed locally.
struct LocalMediaTranscodingSource {
  /// What it is.
  LocalMediaTranscodingSourceType sourceType;
  /// The camera.
  const char* cameraDeviceId;
  /// The screen or window.
  TXView screenSourceId;
  /// The image file.
  const char* imagePath;
  /// The user whose picture it is.
  const char* userId;
  /// The place in pixels.
  RECT rect;
  /// The layer; higher covers lower.
  int zOrder;
  /// How the picture fits its place; null for the defaults.
  const TRTCRenderParams* renderParams;
  /// Whether a frame marks it in the preview.
  bool isSelected;

  LocalMediaTranscodingSource()
      : sourceType(MediaSourceCamera),
        cameraDeviceId(nullptr),
        screenSourceId(nullptr),
        imagePath(nullptr),
        userId(nullptr),
        rect(),
        zOrder(0),
        renderParams(nullptr),
        isSelected(false) {}
};
#endif

#if RTC_WINDOWS
/// A locally mixed picture.
struct LocalMediaTranscodingParams {
  /// What is in it.
  LocalMediaTranscodingSource* inputSourceList;
  unsigned int inputSourceListSize;
  /// How it is encoded.
  TRTCVideoEncParam videoEncoderParams;
  /// Colour behind the pictures as 0xRRGGBB.
  int canvasColor;

  LocalMediaTranscodingParams()
      : inputSourceList(nullptr),
        inputSourceListSize(0),
        videoEncoderParams(),
        canvasColor(0) {}
};
#endif

#if RTC_WINDOWS
/// Changes the picture of a camera before it is mixed.
class ITXVideoFrameProcessCallback {
 public:
  virtual ~ITXVideoFrameProcessCallback() {}

  /// A picture, and where to put the changed one. Return 0.
  /// @param cameraDeviceId The camera.
  /// @param originalVideoFrame A picture.
  /// @param processedVideoFrame A picture.
  virtual int onProcessVideoFrame(const char* cameraDeviceId, const TRTCVideoFrame* originalVideoFrame,
      TRTCVideoFrame* processedVideoFrame) = 0;
};
#endif

#if RTC_WINDOWS
/// Renders the mixed picture.
class ITXVideoFrameRenderCallback {
 public:
  virtual ~ITXVideoFrameRenderCallback() {}

  /// A picture, valid during the call.
  /// @param mixedVideoFrame A picture.
  virtual int onRenderMixedFrame(const TRTCVideoFrame* mixedVideoFrame) = 0;
};
#endif

#if RTC_WINDOWS
/// Is told how local mixing goes.
class ILocalMediaTranscodingCallback {
 public:
  virtual ~ILocalMediaTranscodingCallback() {}

  /// It has begun, or not.
  /// @param errCode Why local mixing did not begin.
  /// @param errMsg The same in words, for people.
  virtual void onTranscodingStarted(LocalMediaTranscodingError errCode, const char* errMsg) = 0;

  /// It has ended.
  /// @param reason Why, as a number; see the event.
  /// @param reasonMsg Why, in words.
  virtual void onTranscodingStopped(int reason, const char* reasonMsg) = 0;

  /// A camera is open, or not.
  /// @param deviceId The device, by the name it has for programs.
  /// @param errCode Why local mixing did not begin.
  /// @param errMsg The same in words, for people.
  virtual void onCameraSourceStarted(const char* deviceId, LocalMediaTranscodingError errCode, const char* errMsg) = 0;

  /// A camera is closed.
  /// @param deviceId The device, by the name it has for programs.
  /// @param reasonMsg Why, in words.
  virtual void onCameraSourceStopped(const char* deviceId, const char* reasonMsg) = 0;

  /// An image was read, or not.
  /// @param imagePath The image file.
  /// @param errCode Why local mixing did not begin.
  /// @param errMsg The same in words, for people.
  virtual void onImageSourceStarted(const char* imagePath, LocalMediaTranscodingError errCode, const char* errMsg) = 0;

  /// An image is not used any more.
  /// @param imagePath The image file.
  virtual void onImageSourceStopped(const char* imagePath) = 0;

  /// A screen is captured, or not.
  /// @param sourceId The screen or window.
  /// @param errCode Why local mixing did not begin.
  /// @param errMsg The same in words, for people.
  virtual void onScreenSourceStarted(TXView sourceId, LocalMediaTranscodingError errCode, const char* errMsg) {
    (void)sourceId;
    (void)errCode;
    (void)errMsg;
  }

  /// Capturing a screen stopped for a while.
  /// @param sourceId The screen or window.
  /// @param reason Why, as a number; see the event.
  virtual void onScreenSourcePaused(TXView sourceId, int reason) {
    (void)sourceId;
    (void)reason;
  }

  /// Capturing a screen goes on.
  /// @param sourceId The screen or window.
  /// @param reason Why, as a number; see the event.
  virtual void onScreenSourceResumed(TXView sourceId, int reason) {
    (void)sourceId;
    (void)reason;
  }

  /// A screen is not captured any more.
  /// @param sourceId The screen or window.
  /// @param reason Why, as a number; see the event.
  virtual void onScreenSourceStopped(TXView sourceId, int reason) {
    (void)sourceId;
    (void)reason;
  }

  /// A picture has another size.
  /// @param mediaSource One of the pictures that are mixed locally.
  /// @param newSize A width and a height in pixels.
  virtual void onMediaSourceSizeChanged(const LocalMediaTranscodingSource& mediaSource, const SIZE& newSize) {
    (void)mediaSource;
    (void)newSize;
  }
};
#endif

#if RTC_WINDOWS
/// Mixes local pictures into one that an instance publishes.
class ITXLocalMediaTranscoding {
 protected:
  virtual ~ITXLocalMediaTranscoding() {}

 public:
  /// Who is told how it goes.
  /// @param callback Who is told; null for nobody.
  virtual void setTranscodingCallback(ILocalMediaTranscodingCallback* callback) = 0;

  /// Who changes camera pictures, and in which form; null takes it away.
  /// @param pixelFormat How the pixels of a frame lie in memory.
  /// @param bufferType In what kind of memory a frame lies.
  /// @param callback Who is told; null for nobody.
  virtual void setVideoFrameProcessCallback(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITXVideoFrameProcessCallback* callback) = 0;

  /// Who renders the mixed picture, and in which form; null takes it away.
  /// @param pixelFormat How the pixels of a frame lie in memory.
  /// @param bufferType In what kind of memory a frame lies.
  /// @param callback Who is told; null for nobody.
  virtual void setVideoFrameRenderCallback(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
      ITXVideoFrameRenderCallback* callback) = 0;

  /// Begins to mix.
  /// @param streamType Which of a user's video streams is meant.
  /// @param params A locally mixed picture.
  virtual void startTranscoding(TRTCVideoStreamType streamType, const LocalMediaTranscodingParams& params) = 0;

  /// Changes what is mixed.
  /// @param params A locally mixed picture.
  virtual void updateTranscodingParams(const LocalMediaTranscodingParams& params) = 0;

  /// Ends it.
  virtual void stopTranscoding() = 0;

  /// Opens a camera.
  /// @param cameraDeviceId The camera.
  virtual void startCameraSource(const char* cameraDeviceId) = 0;

  /// Closes it.
  /// @param cameraDeviceId The camera.
  virtual void stopCameraSource(const char* cameraDeviceId) = 0;

  /// The size of its picture.
  /// @param cameraDeviceId The camera.
  /// @param cameraParam The size of the camera's picture.
  virtual void setCameraCaptureParam(const char* cameraDeviceId, const TXCameraCaptureParam* cameraParam) = 0;

  /// Whether its green background is cut out.
  /// @param cameraDeviceId The camera.
  /// @param enable Whether it is on.
  virtual void enableCameraGreenScreen(const char* cameraDeviceId, bool enable) = 0;

  /// Captures a screen or window.
  /// @param screenSource A screen or window that can be shared.
  /// @param captureRect A rectangle in pixels.
  virtual void startScreenSource(const TRTCScreenCaptureSourceInfo& screenSource, const RECT& captureRect) = 0;

  /// Changes how.
  /// @param sourceId The screen or window.
  /// @param property How a screen or window is shared.
  virtual void updateScreenCaptureProperty(TXView sourceId, const TRTCScreenCaptureProperty& property) = 0;

  /// Ends that.
  /// @param screenSourceId The screen or window.
  virtual void stopScreenSource(TXView screenSourceId) = 0;

  /// Reads an image; animated ones move at the rate given.
  /// @param imagePath The image file.
  /// @param fps Frames a second.
  virtual void addImageSource(const char* imagePath, int fps = 0) = 0;

  /// Does not use it any more.
  /// @param imagePath The image file.
  virtual void removeImageSource(const char* imagePath) = 0;

  /// Shows the mixed picture in a view.
  /// @param view Where it is shown; null for nowhere.
  virtual void setMixedVideoRenderView(TXView view) = 0;

  /// Lets an instance publish the mixed picture.
  virtual void attachTRTC(ITRTCCloud* trtcCloud) = 0;

  /// Ends that.
  virtual void detachTRTC() = 0;
};
#endif

}  // namespace liteav

#endif  // RTC_ENGINE_TRTC_ITXLOCALMEDIATRANSCODING_H_
