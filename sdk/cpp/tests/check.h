// The smallest of test helps: a check that says where it failed and ends the program.
#ifndef RTC_ENGINE_CPP_TESTS_CHECK_H_
#define RTC_ENGINE_CPP_TESTS_CHECK_H_

#include <cstdio>
#include <cstdlib>

#define CHECK(condition)                                                               \
  do {                                                                                 \
    if (!(condition)) {                                                                \
      std::fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);     \
      std::exit(1);                                                                    \
    }                                                                                  \
  } while (false)

#endif  // RTC_ENGINE_CPP_TESTS_CHECK_H_
