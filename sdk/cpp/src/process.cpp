// What concerns the whole process: the log, the environment, network time.
#include "TXLiteAVBase.h"
#include "fault.h"
#include "parts.h"
#include "rtc_engine.h"
#include "runtime.h"

namespace liteav {
namespace detail {

namespace {

void on_log(void* user, const char* line, int32_t level, const char* module) {
  // A fault here is not logged: the log is where it comes from.
  try {
    static_cast<ITRTCLogCallback*>(user)->onLog(line, static_cast<TRTCLogLevel>(level), module);
  } catch (...) {
  }
}

}  // namespace

void Cloud::setLogCallback(ITRTCLogCallback* callback) { rtc_set_log_callback(callback == nullptr ? nullptr : &on_log, callback); }

}  // namespace detail
}  // namespace liteav

using liteav::detail::call;
using liteav::detail::Json;
using liteav::detail::keep;

const char* getLiteAvSDKVersion() { return keep(call(0, "getSDKVersion", Json::object())); }

int setGlobalEnv(const char* env_config) {
  int code = 0;
  const Json answer = call(0, "setGlobalEnv", Json::object().set("envConfig", env_config), &code);
  return answer.is_null() ? code : answer.i32();
}
