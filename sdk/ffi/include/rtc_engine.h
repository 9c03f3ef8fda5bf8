// The C interface of the RTC Engine: handles, JSON calls, one event callback, and plain functions for frames.
// Generated from the crate rtc-ffi; do not edit. UPDATE=1 cargo test -p rtc-ffi writes it anew.


#ifndef RTC_ENGINE_H
#define RTC_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Gets the events of an instance as JSON: {"event":"onUserVideoAvailable","data":{"userId":"a","available":true}}.
// Called on the instance's one callback thread, in order, never twice at the same time. The text lives until the
// callback returns. It may call any function of this header, also rtc_destroy. A callback that takes long delays other
// events and nothing else. It must not throw.
typedef void (*rtc_event_fn)(void *user, const char *event_json);

// A picture.
typedef struct rtc_video_frame {
  // 1 I420, 3 BGRA, 4 NV21, 5 RGBA.
  int32_t format;
  // 1, memory. Textures are not supported yet.
  int32_t buffer_type;
  // The planes without gaps: rows of exactly `width`, I420 as Y, U, V.
  uint8_t *data;
  // Bytes in `data`.
  uint32_t length;
  // In pixels.
  uint32_t width;
  // In pixels.
  uint32_t height;
  // Milliseconds on the clock of generateCustomPTS; 0 lets the engine choose.
  uint64_t timestamp_ms;
  // Quarter turns clockwise, 0 to 3, that make the picture upright.
  int32_t rotation;
} rtc_video_frame;

// Gets a picture to show. `user_id` is empty for one's own camera; `stream_type` is 0 big, 1 small, 2 sub. Called on the
// engine's threads, for different streams possibly at the same time. Frame and text live until the callback returns.
typedef void (*rtc_video_render_fn)(void *user,
                                    const char *user_id,
                                    int32_t stream_type,
                                    const struct rtc_video_frame *frame);

// Gets a picture that was asked for with snapshotVideo, BGRA, on the instance's callback thread.
typedef rtc_video_render_fn rtc_snapshot_fn;

// Gets the captured picture and a second one of the same format and size to fill. Returns 0 when it has filled it, anything
// else to keep the captured one. Called for each frame before it is shown and encoded, so be quick.
typedef int32_t (*rtc_video_process_fn)(void *user, const struct rtc_video_frame *source, struct rtc_video_frame *result);

// A still picture, four bytes a pixel in the order B, G, R, A.
typedef struct rtc_image {
  // Rows from the top, without gaps; null when there is no picture.
  const uint8_t *data;
  // Bytes in `data`.
  uint32_t length;
  // In pixels.
  uint32_t width;
  // In pixels.
  uint32_t height;
} rtc_image;

// Sound.
typedef struct rtc_audio_frame {
  // 1, interleaved signed 16-bit samples in the byte order of the machine.
  int32_t format;
  // The samples. A callback may change them where the API says so.
  uint8_t *data;
  // Bytes in `data`.
  uint32_t length;
  // In Hz: 16000, 24000, 32000, 44100 or 48000.
  uint32_t sample_rate;
  // 1 or 2.
  uint32_t channels;
  // Milliseconds on the clock of generateCustomPTS; 0 lets the engine choose.
  uint64_t timestamp_ms;
  // Up to 100 bytes that travel with the sound, or null. A callback that may change the sound may set this to bytes of
  // its own, which must live until its next call.
  uint8_t *extra_data;
  // Bytes in `extra_data`.
  uint32_t extra_data_length;
} rtc_audio_frame;

// Gets sound, 20 ms at a time unless a format was set. Called on the engine's sound threads: never wait in it.
typedef void (*rtc_audio_fn)(void *user, struct rtc_audio_frame *frame);

// Gets the sound of one remote user. As rtc_audio_fn otherwise.
typedef void (*rtc_user_audio_fn)(void *user, const char *user_id, struct rtc_audio_frame *frame);

// The five places at which the sound can be heard. Any of them may be null.
typedef struct rtc_audio_frame_callbacks {
  // Comes back with every call.
  void *user;
  // The microphone after echo, noise and gain control; may be changed.
  rtc_audio_fn on_captured;
  // The same with effects and music, before encoding; may be changed, and extra data be added.
  rtc_audio_fn on_local_processed;
  // One remote user before mixing; read only.
  rtc_user_audio_fn on_remote;
  // Everything that will be played; may be changed.
  rtc_audio_fn on_mixed_play;
  // Microphone and everything played; read only.
  rtc_audio_fn on_mixed_all;
} rtc_audio_frame_callbacks;

// Some bytes.
typedef struct rtc_bytes {
  // Where they begin; may be null when there are none.
  const uint8_t *data;
  // How many there are.
  uint32_t length;
} rtc_bytes;

// May change something encoded. `kind`: 0 a picture of one's own, 1 somebody's picture, 2 sound of one's own, 3 somebody's
// sound. `user_id` is whose, null for one's own; `stream_type` is 0 big, 1 small, 2 sub, and 0 for sound. Returns 0 to leave
// it as it is, or 1 with other bytes in `result`, which must live until its next call on the same thread; anything else
// says that it failed, and then it goes nowhere. Called on the threads of pictures and sound, so be quick.
typedef int32_t (*rtc_encoded_fn)(void *user,
                                  int32_t kind,
                                  const char *user_id,
                                  int32_t stream_type,
                                  const uint8_t *data,
                                  uint32_t length,
                                  struct rtc_bytes *result);

// Is shown packets of sound. Where `user_id` is null one is about to be sent: return 1 with up to 100 bytes in `bytes`, which
// travel with it and must live until the next call on the same thread, or 0. Otherwise one with such bytes has come from
// that user. Called on the threads of sound: never wait in it.
typedef int32_t (*rtc_audio_packet_fn)(void *user, const char *user_id, struct rtc_bytes *bytes);

// Gets a custom message of another member, on the instance's callback thread. Text and bytes live until the callback
// returns.
typedef void (*rtc_cmd_msg_fn)(void *user,
                               const char *user_id,
                               int32_t cmd_id,
                               uint32_t sequence,
                               const uint8_t *data,
                               uint32_t length);

// Gets an SEI message of another member, on the instance's callback thread. Text and bytes live until the callback returns.
typedef void (*rtc_sei_msg_fn)(void *user, const char *user_id, const uint8_t *data, uint32_t length);

// A screen or a window that can be shared.
typedef struct rtc_screen_source {
  // -1 unknown, 0 window, 1 screen.
  int32_t kind;
  // What selectScreenCaptureTarget takes.
  uint64_t source_id;
  // The title.
  const char *name;
  // A small picture of it.
  struct rtc_image thumbnail;
  // The program's icon.
  struct rtc_image icon;
  // Whether the window is minimised.
  bool is_minimized;
  // Whether it is the main screen.
  bool is_main_screen;
  // Left edge on the desktop, in pixels.
  int32_t x;
  // Upper edge on the desktop, in pixels.
  int32_t y;
  // In pixels.
  uint32_t width;
  // In pixels.
  uint32_t height;
} rtc_screen_source;

// Gets a line of the log: the text, its level (0 verbose to 5 fatal) and the module it comes from. Called on any thread
// of the engine.
typedef void (*rtc_log_fn)(void *user, const char *line, int32_t level, const char *module);

// Is told how an update of the network time went: 0 and an empty text; 1 when the time may be off by more than 30 ms; -1 when
// it is not known. Called on a thread of the engine.
typedef void (*rtc_network_time_fn)(void *user, int32_t code, const char *message);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Creates an instance. `fn` gets its events and may be null; `user` comes back with each. Returns a handle, or 0 when no
// instance could be made (the log says why). End it with rtc_destroy.
uint64_t rtc_create(rtc_event_fn fn,
                    void *user);

// Creates a second instance in the name of the first, to be in another room at the same time. As rtc_create otherwise; the
// two are ended one by one, in any order.
uint64_t rtc_create_sub(uint64_t handle,
                        rtc_event_fn fn,
                        void *user);

// Creates a recorder of screens, which needs no room: its methods are startLocalRecord, stopLocalRecord,
// enableRecordMicrophone and enableRecordSystemAudio, rtc_screen_sources lists what it can record, and its events are
// OnRecordStarted, OnRecordError and OnRecordComplete. As rtc_create otherwise; what only an instance can do is refused.
uint64_t rtc_create_local_record(rtc_event_fn fn,
                                 void *user);

// Ends an instance or a recorder: leaves the room, lets devices go, forgets the handle. May be called on any thread, also in a callback.
// When it returns, no callback of the instance is running and none will run; called from inside one, those that run on
// other threads at this moment may still finish. Returns 0, or -3 when there is no such instance (any more).
int32_t rtc_destroy(uint64_t handle);

// Calls a method by its name, with its arguments as a JSON object. Handle 0 is for methods that need no instance. Returns
// {"ok":value} or {"error":{"code":-2,"message":"…"}}; free it with rtc_free_string. Texts may have 1 MiB.
// `method` and `json` are null or point to texts that end with NUL.
char *rtc_call(uint64_t handle,
               const char *method,
               const char *json);

// Frees a text that a function of this header returned. Null is fine.
// `text` is null or came from a function of this header and was not freed yet.
void rtc_free_string(char *text);

// Sets who gets the pictures that snapshotVideo asks for; null for nobody.
int32_t rtc_set_snapshot_callback(uint64_t handle, rtc_snapshot_fn fn, void *user);

// Sends a picture of the application's own; enableCustomVideoCapture comes first. The data is copied. Returns 0 or an error
// code.
// `frame` is null or points to a frame whose data has `length` bytes.
int32_t rtc_send_custom_video(uint64_t handle,
                              int32_t stream_type,
                              const struct rtc_video_frame *frame);

// Sets who gets one's own pictures in the given pixel format and buffer type; null for nobody. Returns 0 or an error code.
int32_t rtc_set_local_video_render_callback(uint64_t handle,
                                            int32_t format,
                                            int32_t buffer_type,
                                            rtc_video_render_fn fn,
                                            void *user);

// Sets who gets the pictures of a remote user; null for nobody. Returns 0 or an error code.
// `user_id` is null or points to a text that ends with NUL.
int32_t rtc_set_remote_video_render_callback(uint64_t handle,
                                             const char *user_id,
                                             int32_t format,
                                             int32_t buffer_type,
                                             rtc_video_render_fn fn,
                                             void *user);

// Sets who may change one's own pictures before they are shown and encoded; null for nobody. Returns 0 or an error code.
int32_t rtc_set_local_video_process_callback(uint64_t handle,
                                             int32_t format,
                                             int32_t buffer_type,
                                             rtc_video_process_fn fn,
                                             void *user);

// Opens the camera and shows its pictures to `fn`, without being in a room; ended by device.stopCameraDeviceTest. Returns 0
// or an error code.
int32_t rtc_start_camera_device_test(uint64_t handle,
                                     rtc_video_render_fn fn,
                                     void *user);

// Sets the picture that is sent while the camera is muted, `fps` times a second (5 to 10); null for none. Returns 0 or an
// error code.
// `image` is null or points to an image whose data has `length` bytes.
int32_t rtc_set_video_mute_image(uint64_t handle,
                                 const struct rtc_image *image,
                                 int32_t fps);

// Puts a watermark on one's own pictures. `source` is the path of a file (`source_type` 0), or pixels of `width` × `height`
// in the order BGRA (1) or RGBA (2); null takes it away. Place and width are parts of the picture, 0 to 1. Returns 0 or an
// error code.
// `source` is null, or points to a text that ends with NUL, or to `width` × `height` × 4 bytes.
int32_t rtc_set_watermark(uint64_t handle,
                          int32_t stream_type,
                          const char *source,
                          int32_t source_type,
                          uint32_t width,
                          uint32_t height,
                          float x,
                          float y,
                          float width_ratio,
                          bool on_preview);

// Sends sound of the application's own instead of the microphone's; enableCustomAudioCapture comes first. The data is
// copied. Returns 0 or an error code.
// `frame` is null or points to a frame whose data has `length` bytes.
int32_t rtc_send_custom_audio(uint64_t handle, const struct rtc_audio_frame *frame);

// Mixes sound of the application's own into what is sent or played; enableMixExternalAudioFrame comes first. Returns how
// many milliseconds now wait to be mixed (keep it between 20 and 100), or an error code.
// `frame` is null or points to a frame whose data has `length` bytes.
int32_t rtc_mix_external_audio(uint64_t handle,
                               const struct rtc_audio_frame *frame);

// Takes the next sound to be played, for applications that play it themselves; enableCustomAudioRendering comes first. Fills
// `data` with `length` bytes in the frame's rate and channels. Returns 0 or an error code.
// `frame` is null or points to a frame with room for `length` bytes in its data.
int32_t rtc_custom_audio_rendering_frame(uint64_t handle,
                                         struct rtc_audio_frame *frame);

// Sets who hears, and in part changes, the sound; null for nobody. Returns 0 or an error code.
// `callbacks` is null or points to a struct, which is copied.
int32_t rtc_set_audio_frame_callback(uint64_t handle, const struct rtc_audio_frame_callbacks *callbacks);

// Sets who may change encoded pictures and sound before they are sent and back before they are decoded; null for nobody.
// When it returns, the one before is not running any more, except where it is itself the caller. Returns 0 or an error
// code.
int32_t rtc_set_encoded_data_callback(uint64_t handle,
                                      rtc_encoded_fn fn,
                                      void *user);

// Sets who may put bytes beside packets of sound, and reads those of others; null for nobody. As
// rtc_set_encoded_data_callback otherwise.
int32_t rtc_set_audio_packet_callback(uint64_t handle, rtc_audio_packet_fn fn, void *user);

// Sends a message of at most 1 KB to everybody in the room. `reliable` and `ordered` must be equal. Returns 0 when it was
// accepted, else an error code.
// `data` is null or points to `length` bytes.
int32_t rtc_send_custom_cmd_msg(uint64_t handle,
                                uint32_t cmd_id,
                                const uint8_t *data,
                                uint32_t length,
                                bool reliable,
                                bool ordered);

// Sends up to 1000 bytes inside of the next `repeat_count` pictures. Returns 0 when it was accepted, else an error code.
// `data` is null or points to `length` bytes.
int32_t rtc_send_sei_msg(uint64_t handle,
                         const uint8_t *data,
                         uint32_t length,
                         int32_t repeat_count);

// Sets who gets the custom messages of others; null for nobody.
int32_t rtc_set_cmd_msg_callback(uint64_t handle, rtc_cmd_msg_fn fn, void *user);

// Sets who gets the SEI messages of others; null for nobody.
int32_t rtc_set_sei_msg_callback(uint64_t handle, rtc_sei_msg_fn fn, void *user);

// Lists screens and windows, with pictures of at most the given sizes in pixels; 0 leaves them out. Returns a handle to the
// list, to be ended with rtc_screen_sources_release, or 0 when there is none (the log says why).
uint64_t rtc_screen_sources(uint64_t handle,
                            uint32_t thumbnail_width,
                            uint32_t thumbnail_height,
                            uint32_t icon_width,
                            uint32_t icon_height);

// How many there are in a list, or an error code.
int32_t rtc_screen_sources_count(uint64_t list);

// Writes one of a list to `source`. Name and pictures live until the list is released. Returns 0 or an error code.
// `source` is null or points to room for one.
int32_t rtc_screen_sources_at(uint64_t list, uint32_t index, struct rtc_screen_source *source);

// Releases a list. Returns 0, or -3 when there is no such list (any more).
int32_t rtc_screen_sources_release(uint64_t list);

// Sets who gets the lines of the log, for the whole process; null for nobody. When it returns, the one before is not running
// any more, except where it is itself the caller. Returns 0 or an error code.
int32_t rtc_set_log_callback(rtc_log_fn fn,
                             void *user);

// Sets who is told how an update of the network time went (the method updateNetworkTime, with handle 0), for the whole
// process; null for nobody. When it returns, the one before is not running any more, except where it is itself the caller.
// Returns 0 or an error code.
int32_t rtc_set_network_time_callback(rtc_network_time_fn fn,
                                      void *user);

// Writes a line to the log, at level 0 (verbose) to 5 (fatal): for faces of this library in other languages. Returns 0 or an
// error code.
// `line` is null or points to a text that ends with NUL.
int32_t rtc_log(int32_t level,
                const char *line);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* RTC_ENGINE_H */
