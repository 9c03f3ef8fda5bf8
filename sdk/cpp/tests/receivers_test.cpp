// Callbacks of the application that come and go while they are told.
#include "receivers.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "check.h"

namespace {

std::vector<std::string> faults;

struct Ear {
  int heard = 0;
};

}  // namespace

namespace liteav {
namespace detail {

// Stands in for the log.
void log_fault(const char*, const char* what) noexcept { faults.push_back(what); }

}  // namespace detail
}  // namespace liteav

namespace {

using liteav::detail::Receivers;

void all_are_told_once() {
  Receivers<Ear> ears;
  Ear a, b;
  ears.add(&a);
  ears.add(&b);
  ears.add(&a);
  ears.add(nullptr);
  ears.each([](Ear& ear) { ++ear.heard; });
  CHECK(a.heard == 1 && b.heard == 1);
}

void one_that_was_removed_by_another_is_not_told() {
  Receivers<Ear> ears;
  Ear a, b;
  ears.add(&a);
  ears.add(&b);
  ears.each([&](Ear& ear) {
    ++ear.heard;
    ears.remove(&b);
    ears.remove(&a);
  });
  CHECK(a.heard == 1 && b.heard == 0);
}

void one_a_key_hears_its_own_key_only() {
  Receivers<Ear> ears;
  Ear a, b, c;
  ears.replace(&a, 1);
  ears.replace(&b, 2);
  ears.replace(&c, 2);
  ears.each([](Ear& ear) { ++ear.heard; }, 2);
  CHECK(a.heard == 0 && b.heard == 0 && c.heard == 1);
  ears.replace(nullptr, 2);
  ears.each([](Ear& ear) { ++ear.heard; }, 2);
  CHECK(c.heard == 1);
}

void what_is_thrown_is_logged_and_the_next_is_told() {
  Receivers<Ear> ears;
  Ear a, b;
  ears.add(&a);
  ears.add(&b);
  ears.each([&](Ear& ear) {
    ++ear.heard;
    if (&ear == &a) throw std::runtime_error("on purpose");
    throw 7;
  });
  CHECK(b.heard == 1);
  CHECK(faults.size() == 2 && faults[0] == "on purpose");
}

void removing_waits_for_the_one_that_is_being_told() {
  Receivers<Ear> ears;
  Ear a;
  std::atomic<bool> inside{false}, removing{false}, over{false};
  ears.add(&a);
  std::thread teller([&] {
    ears.each([&](Ear&) {
      inside = true;
      while (!removing) std::this_thread::yield();
      // Long enough that a removal which does not wait would be over first.
      for (int turn = 0; turn < 100; ++turn) std::this_thread::yield();
      over = true;
    });
  });
  while (!inside) std::this_thread::yield();
  removing = true;
  ears.remove(&a);
  CHECK(over);
  teller.join();
}

}  // namespace

int main() {
  all_are_told_once();
  one_that_was_removed_by_another_is_not_told();
  one_a_key_hears_its_own_key_only();
  what_is_thrown_is_logged_and_the_next_is_told();
  removing_waits_for_the_one_that_is_being_told();
  return 0;
}
