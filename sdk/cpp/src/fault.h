// Exceptions of the application, which must not leave its callbacks: what is above them is not C++.
#ifndef RTC_ENGINE_CPP_FAULT_H_
#define RTC_ENGINE_CPP_FAULT_H_

#include <exception>

namespace liteav {
namespace detail {

// Writes to the log that `where` threw `what`.
void log_fault(const char* where, const char* what) noexcept;

// Calls the application. What it throws is logged.
template <class F>
void guarded(const char* where, F call) noexcept {
  try {
    call();
  } catch (const std::exception& fault) {
    log_fault(where, fault.what());
  } catch (...) {
    log_fault(where, "something that is no std::exception");
  }
}

}  // namespace detail
}  // namespace liteav

#endif  // RTC_ENGINE_CPP_FAULT_H_
