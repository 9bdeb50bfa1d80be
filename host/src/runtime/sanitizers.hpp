// Tells ASan and TSan of each switch between stacks; nothing in a build without them.
#pragma once

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CALIXO_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define CALIXO_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define CALIXO_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define CALIXO_TSAN 1
#endif

#if defined(CALIXO_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define CALIXO_NO_ASAN __attribute__((no_sanitize("address")))
#else
#define CALIXO_NO_ASAN
#endif
#if defined(CALIXO_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace calixo::host::sanitizers {

// What one side of a switch, a fiber or its loop, must keep for the sanitizers.
struct Side {
  void* fake_stack = nullptr;
  const void* stack_bottom = nullptr;
  std::size_t stack_bytes = 0;
  void* tsan_fiber = nullptr;
};

// Directly before the jump. `for_good`: the leaving side has nothing left on its stack.
inline void start_switch([[maybe_unused]] Side& from, [[maybe_unused]] const Side& to,
                         [[maybe_unused]] bool for_good) {
#if defined(CALIXO_ASAN)
  __sanitizer_start_switch_fiber(for_good ? nullptr : &from.fake_stack, to.stack_bottom,
                                 to.stack_bytes);
#endif
#if defined(CALIXO_TSAN)
  __tsan_switch_to_fiber(to.tsan_fiber, 0);
#endif
}

// Directly after the jump arrived; `left` learns the bounds of the stack that was left.
inline void finish_switch([[maybe_unused]] Side& self, [[maybe_unused]] Side& left) {
#if defined(CALIXO_ASAN)
  __sanitizer_finish_switch_fiber(self.fake_stack, &left.stack_bottom, &left.stack_bytes);
  self.fake_stack = nullptr;
#endif
}

inline void create_fiber([[maybe_unused]] Side& side) {
#if defined(CALIXO_TSAN)
  side.tsan_fiber = __tsan_create_fiber(0);
#endif
}

inline void destroy_fiber([[maybe_unused]] Side& side) {
#if defined(CALIXO_TSAN)
  if (side.tsan_fiber != nullptr) __tsan_destroy_fiber(side.tsan_fiber);
#endif
}

inline void adopt_thread([[maybe_unused]] Side& side) {
#if defined(CALIXO_TSAN)
  side.tsan_fiber = __tsan_get_current_fiber();
#endif
}

// The next mapping at this address must not inherit the shadow of this one.
inline void forget_stack([[maybe_unused]] void* bottom, [[maybe_unused]] std::size_t bytes) {
#if defined(CALIXO_ASAN)
  __asan_unpoison_memory_region(bottom, bytes);
#endif
}

}  // namespace calixo::host::sanitizers
