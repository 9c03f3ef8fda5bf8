// What concerns the whole process: the log, the environment, network time.
#include <atomic>

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

// Who is told, as the application gave it: a function pointer, which is no data pointer and so cannot come back as one.
std::atomic<onUpdateNetworkTime> told_network_time{nullptr};

void on_network_time(void*, int32_t code, const char* message) {
  const onUpdateNetworkTime tell = told_network_time.load();
  if (tell != nullptr) guarded("onUpdateNetworkTime", [&] { tell(code, message); });
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

int updateNetworkTime() {
  int code = 0;
  const Json answer = call(0, "updateNetworkTime", Json::object(), &code);
  return answer.is_null() ? code : answer.i32();
}

int64_t getNetworkTimestamp() { return call(0, "getNetworkTimestamp", Json::object()).i64(); }

void setUpdateNetworkTimeCallback(onUpdateNetworkTime callback) {
  liteav::detail::told_network_time = callback;
  // Set anew each time, so that the one before is not running any more when this returns.
  rtc_set_network_time_callback(callback == nullptr ? nullptr : &liteav::detail::on_network_time, nullptr);
}
