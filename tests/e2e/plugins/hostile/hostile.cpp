// A plugin that breaks every promise of the contract, one a route or a step: raw C++ against the C
// ABI, so that nothing of the SDK stands between it and the host. It behaves until it is asked:
// the environment variable HOSTILE names the step that misbehaves ("start:throw_std"), a request
// the handler.
#include <calixo/abi/config.h>
#include <calixo/abi/db.h>
#include <calixo/abi/exchange.h>
#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <calixo/abi/runtime.h>
#include <calixo/abi/services.h>
#include <calixo/abi/stream.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "hostile_service.h"

namespace {

constexpr std::size_t kHugeBytes = 100 * 1024 * 1024;
constexpr std::uint32_t kLongMs = 3'600'000;

const calixo_host* host = nullptr;
const calixo_exchange_v1* exchange_api = nullptr;
const calixo_stream_v1* stream_api = nullptr;
const calixo_runtime_v1* runtime = nullptr;
calixo_mutex* mutex = nullptr;

calixo_str text(std::string_view words) { return {words.data(), words.size()}; }

void say(calixo_exchange* exchange, std::string_view words) {
  exchange_api->respond(exchange, 200, text("text/plain"), text(words));
}

// Faults ------------------------------------------------------------------------------------------

void write_to_null() {
  volatile int* nowhere = nullptr;
  *nowhere = 1;
}

// Not a tail call, and each frame is touched: the guard below the stack is met long before the end.
int overflow(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return depth == 0 ? 0 : overflow(depth - 1) + frame[0];
}

void spin() {
  for (volatile bool goes_on = true; goes_on;) {
  }
}

void misbehave(std::string_view how) {
  if (how == "throw_std") throw std::runtime_error("a hostile reason");
  if (how == "throw_int") throw 42;
  if (how == "null_write") write_to_null();
  if (how == "abort") std::abort();
  if (how == "exit") std::exit(0);
  if (how == "overflow") overflow(1 << 30);
  if (how == "spin") spin();
}

// "start:throw_std" makes the step `start` misbehave, and no other.
void misbehave_in(std::string_view step) {
  const char* wanted = std::getenv("HOSTILE");
  const std::string_view all = wanted == nullptr ? "" : wanted;
  const std::size_t colon = all.find(':');
  if (colon != std::string_view::npos && all.substr(0, colon) == step) {
    misbehave(all.substr(colon + 1));
  }
}

void fault() { write_to_null(); }
const hostile_service_v1 kService{&fault};

// Handlers ----------------------------------------------------------------------------------------

void behave(void*, calixo_exchange* exchange) { say(exchange, "ok"); }
void fail_as_named(void*, calixo_exchange* exchange) {
  const calixo_str how = exchange_api->path_parameter(exchange, text("how"));
  misbehave({how.data, how.size});
  say(exchange, "it did not happen");
}
void block(void*, calixo_exchange* exchange) {
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  say(exchange, "blocked");
}
void keep_silent(void*, calixo_exchange*) {}
void answer_twice(void*, calixo_exchange* exchange) {
  say(exchange, "first");
  const calixo_status again =
      exchange_api->respond(exchange, 200, text("text/plain"), text("second"));
  if (again != CALIXO_CONFLICT) std::abort();  // the contract's word for it
}
void answer_hugely(void*, calixo_exchange* exchange) {
  const std::string huge(kHugeBytes, 'x');
  if (exchange_api->respond(exchange, 200, text("text/plain"), text(huge)) != CALIXO_LIMIT) {
    std::abort();
  }
}
void stream_hugely(void*, calixo_exchange* exchange) {
  const std::string huge(kHugeBytes, 'x');
  stream_api->begin(exchange, 200, text("text/plain"), static_cast<std::int64_t>(huge.size()));
  stream_api->write(exchange, text(huge));
}
void sleep_long(void*, calixo_exchange* exchange) {
  if (runtime->sleep(host, kLongMs) == CALIXO_OK) say(exchange, "slept");
}
void lock_and_keep(void*, calixo_exchange* exchange) {
  if (runtime->mutex_lock(mutex) == CALIXO_OK) say(exchange, "locked, and kept");
}
// Swallows every "return soon": after its end the waits no longer wait.
void wait_for_ever(void*, calixo_exchange*) {
  for (;;) runtime->sleep(host, kLongMs);
}
void throw_in_worker(void*, calixo_exchange* exchange) {
  const calixo_status status = runtime->run_blocking(
      host, [](void*) { throw std::runtime_error("from a worker thread"); }, nullptr);
  say(exchange, status == CALIXO_INTERNAL ? "told" : "not told");
}
void fail_plainly(void*, calixo_exchange* exchange) {
  calixo_problem problem{};
  problem.struct_size = sizeof problem;
  problem.http_status = 409;
  problem.code = text("hostile_conflict");
  exchange_api->fail(exchange, &problem);
}
void render_and_throw(void*, calixo_exchange*, const calixo_problem*) {
  throw std::runtime_error("from a renderer");
}
void park_and_throw(void*, calixo_exchange* exchange) {
  calixo_stream_events events{};
  events.struct_size = sizeof events;
  events.on_closed = [](void*, calixo_stream*) { throw 42; };
  stream_api->begin(exchange, 200, text("text/event-stream"), -1);
  stream_api->write(exchange, text(": parked\n\n"));
  calixo_stream* stream = nullptr;
  stream_api->park(exchange, &events, nullptr, &stream);
}

// The plugin's life -------------------------------------------------------------------------------

calixo_route made(std::string_view path, void (*handle)(void*, calixo_exchange*)) {
  calixo_route route{};
  route.struct_size = sizeof route;
  route.method = text("GET");
  route.path = text(path);
  route.produces = text("text/plain");
  route.handle = handle;
  return route;
}

int run_command(void*, const calixo_str*, std::size_t, void (*)(void*, calixo_str), void*) {
  throw std::runtime_error("a hostile command");
}

calixo_status add_routes(const calixo_registry_v1* registry) {
  const std::pair<std::string_view, void (*)(void*, calixo_exchange*)> routes[] = {
      {"/hostile/ok", &behave},
      {"/hostile/do/{how}", &fail_as_named},
      {"/hostile/block", &block},
      {"/hostile/silent", &keep_silent},
      {"/hostile/twice", &answer_twice},
      {"/hostile/huge", &answer_hugely},
      {"/hostile/huge_stream", &stream_hugely},
      {"/hostile/wait", &wait_for_ever},
      {"/hostile/worker", &throw_in_worker},
      {"/hostile/park", &park_and_throw}};
  for (const auto& [path, handle] : routes) {
    const calixo_route route = made(path, handle);
    if (registry->route(host, &route) != CALIXO_OK) return CALIXO_INTERNAL;
  }
  calixo_route sleeping = made("/hostile/sleep", &sleep_long);
  sleeping.deadline_ms = 200;
  calixo_route locking = made("/hostile/lock", &lock_and_keep);
  locking.deadline_ms = 200;
  calixo_route threaded = made("/hostile/thread/{how}", &fail_as_named);
  threaded.flags = CALIXO_ROUTE_EXEC_THREAD;
  calixo_route rendered = made("/hostile/render", &fail_plainly);
  rendered.render_problem = &render_and_throw;
  for (const calixo_route& route : {sleeping, locking, threaded, rendered}) {
    if (registry->route(host, &route) != CALIXO_OK) return CALIXO_INTERNAL;
  }
  return CALIXO_OK;
}

template <class Interface>
const Interface* find(const char* id) {
  return static_cast<const Interface*>(host->get_interface(host, id));
}

calixo_status describe(const calixo_host* of, char*, std::size_t) {
  misbehave_in("describe");
  host = of;
  exchange_api = find<calixo_exchange_v1>(CALIXO_EXCHANGE_ID);
  stream_api = find<calixo_stream_v1>(CALIXO_STREAM_ID);
  runtime = find<calixo_runtime_v1>(CALIXO_RUNTIME_ID);
  const auto* registry = find<calixo_registry_v1>(CALIXO_REGISTRY_ID);
  calixo_command command{};
  command.struct_size = sizeof command;
  command.words = text("hostile throw");
  command.summary = text("throws");
  command.run = &run_command;
  if (registry->command(host, &command) != CALIXO_OK) return CALIXO_INTERNAL;
  if (registry->offer(host, text(HOSTILE_SERVICE_ID), &kService) != CALIXO_OK) {
    return CALIXO_INTERNAL;
  }
  return add_routes(registry);
}
calixo_status configure(const calixo_host*, char*, std::size_t) {
  misbehave_in("configure");
  return CALIXO_OK;
}
calixo_status start(const calixo_host*, char*, std::size_t) {
  misbehave_in("start");
  mutex = runtime->mutex_create(host);
  return CALIXO_OK;
}
void drain(const calixo_host*) { misbehave_in("drain"); }
void stop(const calixo_host*) { misbehave_in("stop"); }

const calixo_plugin kPlugin{CALIXO_ABI_MAGIC,
                            CALIXO_ABI_MAJOR,
                            CALIXO_ABI_MINOR,
                            sizeof(calixo_plugin),
                            "hostile",
                            "1.0.0",
                            &describe,
                            &configure,
                            &start,
                            &drain,
                            &stop,
                            nullptr};

// "load:abort" crashes while the library is opened.
[[maybe_unused]] const bool kLoaded = (misbehave_in("load"), true);

}  // namespace

extern "C" CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);
const calixo_plugin* calixo_plugin_entry(void) { return &kPlugin; }
