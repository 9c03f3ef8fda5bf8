// Pictures in and out, and watermarks. The pointer that comes back with each frame is the application's
// callback itself: the C ABI makes sure that none is called after it was replaced.
#include "fault.h"
#include "frames.h"
#include "parts.h"
#include "sources.h"

namespace liteav {
namespace detail {

void render_to(void* user, const char* user_id, int32_t stream_type, const rtc_video_frame* frame) {
  guarded("onRenderVideoFrame", [&] {
    TRTCVideoFrame shown = from_c(*frame);
    static_cast<ITRTCVideoRenderCallback*>(user)->onRenderVideoFrame(user_id, static_cast<TRTCVideoStreamType>(stream_type), &shown);
  });
}

namespace {

int32_t process_by(void* user, const rtc_video_frame* source, rtc_video_frame* result) {
  // Anything but 0 keeps the captured picture.
  int32_t code = -1;
  guarded("onProcessVideoFrame", [&] {
    TRTCVideoFrame from = from_c(*source);
    TRTCVideoFrame to = from_c(*result);
    code = static_cast<ITRTCVideoFrameCallback*>(user)->onProcessVideoFrame(&from, &to);
  });
  return code;
}

// Tells the engine who processes pictures now. `parts.mutex` is held by nobody: replacing waits for the one that runs.
int apply_process(CloudParts& parts) {
  ITRTCVideoFrameCallback* process = nullptr;
  int32_t format = 0;
  int32_t buffer = 0;
  {
    std::lock_guard<std::mutex> lock(parts.mutex);
    process = parts.process_enabled ? parts.process : nullptr;
    format = parts.process_format;
    buffer = parts.process_buffer;
  }
  return rtc_set_local_video_process_callback(parts.handle, format, buffer, process == nullptr ? nullptr : &process_by, process);
}

}  // namespace

void Cloud::sendCustomVideoData(TRTCVideoStreamType streamType, TRTCVideoFrame* frame) {
  if (frame == nullptr) return;
  const rtc_video_frame c = to_c(*frame);
  rtc_send_custom_video(handle(), streamType, &c);
}

int Cloud::enableLocalVideoCustomProcess(bool enable, TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType) {
  {
    std::lock_guard<std::mutex> lock(parts().mutex);
    parts().process_enabled = enable;
    parts().process_format = pixelFormat;
    parts().process_buffer = bufferType;
  }
  return apply_process(parts());
}

void Cloud::setLocalVideoCustomProcessCallback(ITRTCVideoFrameCallback* callback) {
  {
    std::lock_guard<std::mutex> lock(parts().mutex);
    parts().process = callback;
  }
  apply_process(parts());
}

int Cloud::setLocalVideoRenderCallback(TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType, ITRTCVideoRenderCallback* callback) {
  return rtc_set_local_video_render_callback(handle(), pixelFormat, bufferType, callback == nullptr ? nullptr : &render_to, callback);
}

int Cloud::setRemoteVideoRenderCallback(const char* userId, TRTCVideoPixelFormat pixelFormat, TRTCVideoBufferType bufferType,
                                        ITRTCVideoRenderCallback* callback) {
  return rtc_set_remote_video_render_callback(handle(), userId, pixelFormat, bufferType, callback == nullptr ? nullptr : &render_to, callback);
}

void Cloud::setVideoMuteImage(TRTCImageBuffer* image, int fps) {
  rtc_image c = {};
  if (image != nullptr) {
    c.data = reinterpret_cast<const uint8_t*>(image->buffer);
    c.length = image->length;
    c.width = image->width;
    c.height = image->height;
  }
  rtc_set_video_mute_image(handle(), image == nullptr || image->buffer == nullptr ? nullptr : &c, fps);
}

void Cloud::setWaterMark(TRTCVideoStreamType streamType, const char* srcData, TRTCWaterMarkSrcType srcType, uint32_t nWidth, uint32_t nHeight,
                         float xOffset, float yOffset, float fWidthRatio, bool isVisibleOnLocalPreview) {
  rtc_set_watermark(handle(), streamType, srcData, srcType, nWidth, nHeight, xOffset, yOffset, fWidthRatio, isVisibleOnLocalPreview);
}

#if RTC_DESKTOP
ITRTCScreenCaptureSourceList* Cloud::getScreenCaptureSources(const SIZE& thumbnailSize, const SIZE& iconSize) {
  return screen_sources(handle(), thumbnailSize, iconSize);
}
#endif

}  // namespace detail
}  // namespace liteav
