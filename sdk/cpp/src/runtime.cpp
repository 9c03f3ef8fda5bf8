// Calls into the engine, texts for the application, and the log.
#include "runtime.h"

#include <array>

#include "fault.h"
#include "rtc_engine.h"

namespace liteav {
namespace detail {

Json call(uint64_t handle, const char* method, const Json& arguments, int* code) {
  char* const text = rtc_call(handle, method, arguments.dump().c_str());
  const Json answer = Json::parse(text);
  rtc_free_string(text);
  const Json& error = answer["error"];
  if (code != nullptr) *code = error["code"].i32(0);
  return answer["ok"];
}

const char* keep(const Json& value) { return keep(value.text()); }

const char* keep(std::string value) {
  thread_local std::array<std::string, 8> kept;
  thread_local size_t next = 0;
  std::string& place = kept[next];
  next = (next + 1) % kept.size();
  place = std::move(value);
  return place.c_str();
}

void log_fault(const char* where, const char* what) noexcept {
  // 4 is an error. Building the line may fail where memory is short, and then there is nothing to say it with.
  try {
    const std::string line = std::string(where) + " of the application threw: " + what;
    rtc_log(4, line.c_str());
  } catch (...) {
  }
}

}  // namespace detail
}  // namespace liteav
