// calixo.runtime/1 over the runtime room: clocks, waiting, worker threads, locks.
#include <calixo/abi/runtime.h>

#include <chrono>
#include <new>
#include <string>

#include "plugin/contained.hpp"
#include "plugin/plugin_instance.hpp"
#include "runtime/completion.hpp"
#include "runtime/fiber_mutex.hpp"
#include "runtime/worker_pool.hpp"

struct calixo_mutex {
  calixo::host::FiberMutex mutex;
};

namespace calixo::host {
namespace {

calixo_status to_status(WaitStatus status) {
  switch (status) {
    case WaitStatus::ready:
      return CALIXO_OK;
    case WaitStatus::timed_out:
      return CALIXO_TIMEOUT;
    case WaitStatus::cancelled:
      return CALIXO_CANCELLED;
  }
  return CALIXO_INTERNAL;
}

template <class Clock>
std::int64_t microseconds_of() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch())
      .count();
}

std::int64_t unix_time_us(const calixo_host*) {
  return microseconds_of<std::chrono::system_clock>();
}
std::int64_t monotonic_time_us(const calixo_host*) {
  return microseconds_of<std::chrono::steady_clock>();
}

calixo_status sleep(const calixo_host*, std::uint32_t duration_ms) {
  return to_status(sleep_for(std::chrono::milliseconds(duration_ms)));
}

calixo_status run_blocking(const calixo_host* host, void (*work)(void* user), void* user) {
  if (host == nullptr || work == nullptr) return CALIXO_INVALID;
  WorkerPool* workers = PluginInstance::of(host).context->workers;
  if (workers == nullptr) return CALIXO_UNAVAILABLE;
  const std::string label = PluginInstance::of(host).name + " run_blocking";
  bool has_returned = false;
  const auto contained = [&] { has_returned = call_contained(label, [&] { work(user); }); };
  if (!workers->run(contained)) return CALIXO_LIMIT;
  return has_returned ? CALIXO_OK : CALIXO_INTERNAL;
}

calixo_mutex* mutex_create(const calixo_host*) { return new (std::nothrow) calixo_mutex; }
calixo_status mutex_lock(calixo_mutex* mutex) {
  if (mutex == nullptr) return CALIXO_INVALID;
  return to_status(mutex->mutex.lock());
}
void mutex_unlock(calixo_mutex* mutex) {
  if (mutex != nullptr) mutex->mutex.unlock();
}
void mutex_destroy(calixo_mutex* mutex) { delete mutex; }

}  // namespace

const void* runtime_interface() {
  static constexpr calixo_runtime_v1 kTable{&unix_time_us, &monotonic_time_us, &sleep,
                                            &run_blocking, &mutex_create,      &mutex_lock,
                                            &mutex_unlock, &mutex_destroy};
  return &kTable;
}

}  // namespace calixo::host
