// Plain C against the shared library: what the header promises about handles, pointers, threads and callbacks. It needs
// no server and no devices. Run by conformance.sh, once as it is and once under valgrind.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rtc_engine.h"

#define REFUSED (-3)
#define INVALID (-2)

#define CHECK(condition)                                                            \
  do {                                                                              \
    if (!(condition)) {                                                             \
      fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);       \
      exit(1);                                                                      \
    }                                                                               \
  } while (0)

// Whether an answer contains a text; frees the answer.
static bool answers(char *answer, const char *text) {
  CHECK(answer != NULL);
  const bool found = strstr(answer, text) != NULL;
  if (!found) fprintf(stderr, "%s is not in %s\n", text, answer);
  rtc_free_string(answer);
  return found;
}

// -- Events, kept under a lock so that a test can wait for one.

typedef struct ear {
  pthread_mutex_t mutex;
  pthread_cond_t told;
  uint64_t handle;
  char last[4096];
  int count;
  int destroy_code;
  bool destroys;
  bool calls;
  bool blocks;
  bool released;
  bool inside;
} ear;

static void ear_init(ear *it) {
  memset(it, 0, sizeof *it);
  pthread_mutex_init(&it->mutex, NULL);
  pthread_cond_init(&it->told, NULL);
  it->destroy_code = 1;
}

static void ear_free(ear *it) {
  pthread_cond_destroy(&it->told);
  pthread_mutex_destroy(&it->mutex);
}

static void on_event(void *user, const char *json) {
  ear *const it = user;
  // An error that is refused at once comes as two events; the second one is waited for.
  if (strstr(json, "\"onEnterRoom\"") == NULL) return;
  pthread_mutex_lock(&it->mutex);
  const uint64_t handle = it->handle;
  const bool destroys = it->destroys, calls = it->calls;
  it->inside = true;
  pthread_cond_broadcast(&it->told);
  while (it->blocks && !it->released) pthread_cond_wait(&it->told, &it->mutex);
  pthread_mutex_unlock(&it->mutex);

  int code = 1;
  if (calls) CHECK(answers(rtc_call(handle, "getSDKVersion", "{}"), "{\"ok\":\""));
  if (destroys) {
    code = rtc_destroy(handle);
    CHECK(answers(rtc_call(handle, "exitRoom", "{}"), "\"code\":-3"));
  }

  pthread_mutex_lock(&it->mutex);
  snprintf(it->last, sizeof it->last, "%s", json);
  it->destroy_code = code;
  it->inside = false;
  ++it->count;
  pthread_cond_broadcast(&it->told);
  pthread_mutex_unlock(&it->mutex);
}

static void ear_wait(ear *it, int count) {
  pthread_mutex_lock(&it->mutex);
  while (it->count < count) pthread_cond_wait(&it->told, &it->mutex);
  pthread_mutex_unlock(&it->mutex);
}

// Entering without a user is refused without asking any server, and told as onEnterRoom with an error.
static void enter_nowhere(uint64_t handle) {
  CHECK(answers(rtc_call(handle, "enterRoom", "{\"param\":{\"sdkAppId\":1,\"roomId\":1},\"scene\":0}"), "{\"ok\":null}"));
}

// -- The stories.

static void wrong_handles_are_refused(void) {
  const uint64_t old = rtc_create(NULL, NULL);
  CHECK(old != 0);
  CHECK(rtc_destroy(old) == 0);
  const uint64_t wrong[] = {old, 0, 1, 77, UINT64_MAX, old + 1, old << 1};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    const uint64_t handle = wrong[i];
    CHECK(rtc_destroy(handle) == REFUSED);
    CHECK(rtc_create_sub(handle, NULL, NULL) == 0);
    CHECK(rtc_send_custom_video(handle, 0, NULL) == REFUSED);
    CHECK(rtc_send_custom_audio(handle, NULL) == REFUSED);
    CHECK(rtc_set_local_video_render_callback(handle, 1, 1, NULL, NULL) == REFUSED);
    CHECK(rtc_set_audio_frame_callback(handle, NULL) == REFUSED);
    CHECK(rtc_screen_sources(handle, 0, 0, 0, 0) == 0);
    CHECK(rtc_screen_sources_count(handle) == REFUSED);
    CHECK(rtc_screen_sources_release(handle) == REFUSED);
    if (handle != 0) CHECK(answers(rtc_call(handle, "exitRoom", "{}"), "\"code\":-3"));
  }
  CHECK(answers(rtc_call(0, "exitRoom", "{}"), "rtc_create"));
}

static void nulls_and_nonsense_are_refused(void) {
  const uint64_t handle = rtc_create(NULL, NULL);
  CHECK(answers(rtc_call(handle, NULL, "{}"), "\"code\":-2"));
  CHECK(answers(rtc_call(handle, "exitRoom", NULL), "\"code\":-2"));
  CHECK(answers(rtc_call(handle, "noSuchMethod", "{}"), "noSuchMethod"));
  CHECK(answers(rtc_call(handle, "enterRoom", "{"), "\"code\":-2"));
  CHECK(answers(rtc_call(handle, "enterRoom", "{\"scene\":99,\"param\":{}}"), "scene"));
  CHECK(answers(rtc_call(handle, "enterRoom", "[[[[["), "\"code\":-2"));
  CHECK(answers(rtc_call(handle, "\xff\xfe", "{}"), "UTF-8"));
  CHECK(answers(rtc_call(handle, "exitRoom", "\xc3("), "UTF-8"));

  // One byte more than may be, without a NUL where the limit is.
  const size_t size = (1u << 20) + 2;
  char *const huge = malloc(size);
  CHECK(huge != NULL);
  memset(huge, ' ', size - 1);
  huge[size - 1] = '\0';
  CHECK(answers(rtc_call(handle, "exitRoom", huge), "longer"));
  free(huge);

  CHECK(rtc_send_custom_video(handle, 0, NULL) == INVALID);
  CHECK(rtc_send_custom_audio(handle, NULL) == INVALID);
  CHECK(rtc_mix_external_audio(handle, NULL) == INVALID);
  CHECK(rtc_custom_audio_rendering_frame(handle, NULL) == INVALID);
  CHECK(rtc_set_remote_video_render_callback(handle, NULL, 1, 1, NULL, NULL) == INVALID);
  CHECK(rtc_send_custom_cmd_msg(handle, 1, NULL, 3, true, true) == INVALID);
  CHECK(rtc_send_custom_cmd_msg(handle, 1, (const uint8_t *)"abc", 3, true, true) == REFUSED);
  CHECK(rtc_send_sei_msg(handle, NULL, 0, 1) == REFUSED);

  // More than the picture has, less than it needs, no such format.
  uint8_t pixels[6] = {0};
  rtc_video_frame frame = {.format = 1, .buffer_type = 1, .data = pixels, .length = 6, .width = 64, .height = 64};
  CHECK(rtc_send_custom_video(handle, 0, &frame) == INVALID);
  frame.width = UINT32_MAX;
  frame.height = UINT32_MAX;
  CHECK(rtc_send_custom_video(handle, 0, &frame) == INVALID);
  frame.data = NULL;
  CHECK(rtc_send_custom_video(handle, 0, &frame) == INVALID);
  frame.data = pixels;
  frame.format = 2;
  CHECK(rtc_send_custom_video(handle, 0, &frame) == -1327);
  CHECK(rtc_send_custom_video(handle, 9, &frame) == INVALID);
  rtc_free_string(NULL);
  CHECK(rtc_destroy(handle) == 0);
}

static void events_come_from_another_thread(void) {
  ear it;
  ear_init(&it);
  it.calls = true;
  it.handle = rtc_create(on_event, &it);
  enter_nowhere(it.handle);
  ear_wait(&it, 1);
  CHECK(strstr(it.last, "{\"event\":\"onEnterRoom\",\"data\":{\"result\":-") != NULL);
  CHECK(rtc_destroy(it.handle) == 0);
  ear_free(&it);
}

static void an_instance_may_be_destroyed_in_its_callback(void) {
  ear it;
  ear_init(&it);
  it.destroys = true;
  pthread_mutex_lock(&it.mutex);
  it.handle = rtc_create(on_event, &it);
  pthread_mutex_unlock(&it.mutex);
  enter_nowhere(it.handle);
  ear_wait(&it, 1);
  CHECK(it.destroy_code == 0);
  CHECK(rtc_destroy(it.handle) == REFUSED);
  ear_free(&it);
}

static void *destroy_on_a_thread(void *handle) {
  CHECK(rtc_destroy(*(uint64_t *)handle) == 0);
  return NULL;
}

static void destroying_waits_for_a_callback_that_runs(void) {
  ear it;
  ear_init(&it);
  it.blocks = true;
  it.handle = rtc_create(on_event, &it);
  enter_nowhere(it.handle);
  enter_nowhere(it.handle);
  pthread_mutex_lock(&it.mutex);
  while (!it.inside) pthread_cond_wait(&it.told, &it.mutex);
  pthread_mutex_unlock(&it.mutex);
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, destroy_on_a_thread, &it.handle) == 0);
  // Once the handle is forgotten, destroy has begun; it cannot return before the callback is let go.
  for (bool known = true; known;) {
    char *const answer = rtc_call(it.handle, "getSDKVersion", "{}");
    known = strstr(answer, "\"code\":-3") == NULL;
    rtc_free_string(answer);
  }
  pthread_mutex_lock(&it.mutex);
  it.released = true;
  pthread_cond_broadcast(&it.told);
  pthread_mutex_unlock(&it.mutex);
  pthread_join(thread, NULL);
  // Nobody uses the ear any more: if a callback came now, the sanitizers and valgrind would say so.
  CHECK(it.count >= 1 && !it.inside);
  ear_free(&it);
}

static void sub_instances_are_instances(void) {
  const uint64_t parent = rtc_create(NULL, NULL);
  const uint64_t sub = rtc_create_sub(parent, NULL, NULL);
  CHECK(sub != 0 && sub != parent);
  CHECK(rtc_destroy(parent) == 0);
  CHECK(answers(rtc_call(sub, "getSDKVersion", "{}"), "{\"ok\":\""));
  CHECK(rtc_destroy(sub) == 0);
}

static int rounds = 1000;

static void many_come_and_go(void) {
  uint64_t last = 0;
  for (int i = 0; i < rounds; ++i) {
    const uint64_t handle = rtc_create(NULL, NULL);
    CHECK(handle != 0 && handle != last);
    last = handle;
    CHECK(rtc_destroy(handle) == 0);
  }
}

static _Atomic uint64_t shared_handle;

static void *call_for_a_while(void *unused) {
  (void)unused;
  for (int i = 0; i < 100; ++i) {
    const uint64_t handle = atomic_load(&shared_handle);
    char *const answer = rtc_call(handle, "setAudioCaptureVolume", "{\"volume\":50}");
    CHECK(strcmp(answer, "{\"ok\":null}") == 0 || strstr(answer, "\"code\":-3") != NULL);
    rtc_free_string(answer);
    const int set = rtc_set_local_video_render_callback(handle, 1, 1, NULL, NULL);
    CHECK(set == 0 || set == REFUSED);
  }
  return NULL;
}

static void eight_threads_call_while_instances_change(void) {
  pthread_t threads[8];
  atomic_store(&shared_handle, rtc_create(NULL, NULL));
  for (int i = 0; i < 8; ++i) CHECK(pthread_create(&threads[i], NULL, call_for_a_while, NULL) == 0);
  for (int i = 0; i < 10; ++i) {
    const uint64_t old = atomic_exchange(&shared_handle, rtc_create(NULL, NULL));
    CHECK(rtc_destroy(old) == 0);
  }
  for (int i = 0; i < 8; ++i) pthread_join(threads[i], NULL);
  CHECK(rtc_destroy(atomic_load(&shared_handle)) == 0);
}

static void the_process_has_methods_too(void) {
  CHECK(answers(rtc_call(0, "getSDKVersion", "{}"), "{\"ok\":\""));
  CHECK(answers(rtc_call(0, "setLogLevel", "{\"level\":6}"), "{\"ok\":null}"));
  CHECK(answers(rtc_call(0, "setLogLevel", "{\"level\":60}"), "\"code\":-2"));
  CHECK(answers(rtc_call(0, "setGlobalEnv", "{\"envConfig\":\"GDPR\"}"), "{\"ok\":0}"));
}

int main(int count, char **arguments) {
  if (count > 1) rounds = atoi(arguments[1]);
  const struct {
    const char *name;
    void (*tell)(void);
  } stories[] = {
      {"wrong handles are refused", wrong_handles_are_refused},
      {"nulls and nonsense are refused", nulls_and_nonsense_are_refused},
      {"events come from another thread", events_come_from_another_thread},
      {"an instance may be destroyed in its callback", an_instance_may_be_destroyed_in_its_callback},
      {"destroying waits for a callback that runs", destroying_waits_for_a_callback_that_runs},
      {"sub instances are instances", sub_instances_are_instances},
      {"many come and go", many_come_and_go},
      {"eight threads call while instances change", eight_threads_call_while_instances_change},
      {"the process has methods too", the_process_has_methods_too},
  };
  for (size_t i = 0; i < sizeof stories / sizeof *stories; ++i) {
    stories[i].tell();
    printf("ok: %s\n", stories[i].name);
  }
  return 0;
}
