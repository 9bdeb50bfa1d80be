// A host for unit tests of plugins: no sockets, no database, no other process.
//
//   calixo::testing::FakeHost host;
//   host.db.on_statement = [](const Statement& s) { … };
//   host.load(describe);            // or host.load(calixo_plugin_entry())
//   Response answer = host.call({.path = "/api/things"});
//
// Suspending calls return at once. Used by one test, on one thread.
#pragma once

#include <calixo/plugin.hpp>
#include <calixo/testing/exchange.hpp>
#include <calixo/testing/fake_http_table.hpp>
#include <calixo/testing/fake_interfaces.hpp>
#include <calixo/testing/fake_work_tables.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// The entry that CALIXO_PLUGIN defines, for tests that are linked with the plugin's sources.
extern "C" CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);

namespace calixo::testing {

// Loads one plugin, calls its routes and commands, and keeps what it did.
class FakeHost : public FakeState {
 public:
  FakeHost();
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;
  // drain and stop, where the plugin was started.
  ~FakeHost();

  // describe, configure and start, of a describing function or of a library's entry. Throws
  // std::runtime_error with the reason where a step refuses.
  void load(std::function<void(Plugin&)> describe);
  // The same of a library's own table.
  void load(const calixo_plugin* entry);
  // Each step alone.
  void describe(std::function<void(Plugin&)> describe);
  // Configure alone.
  void configure();
  // Start alone.
  void start();
  // Drain alone.
  void drain();
  // Stop alone.
  void stop();

  // Calls the route that fits; 404, 405 (another method), 401 and 403 are the host's own.
  Response call(const Request& request);
  // Runs a command by its words; its exit status, and what it wrote in `output`.
  int run_command(std::string_view words, const std::vector<std::string>& arguments,
                  std::string& output);

  // Hands an event to the plugin's subscriptions of the topic; how each attempt ended.
  std::vector<Attempted> deliver(std::string_view topic, const Delivery& what) {
    return deliver_to(*this, topic, what);
  }
  // Runs one of its jobs.
  Attempted run_job(std::string_view name, const Delivery& what = {}) {
    return run_job_of(*this, name, what);
  }

  // What happens at one of its signals.
  void hear(std::string_view signal) { hear_on(*this, signal); }

  // A key's value, as text, over its default.
  void set_config(std::string key, std::string value) { config_[std::move(key)] = value; }
  // What another plugin would offer. Before load.
  void provide(std::string id, const void* table) { services_[std::move(id)] = table; }

  // Whether an event of that name was logged.
  bool has_logged(std::string_view event) const;

  // For code that takes the host through the C ABI.
  const calixo_host* handle() const { return &handle_; }
  // The plugin that the describing function was given; not where an entry was loaded.
  Plugin& plugin() { return *plugin_; }

 private:
  void step(calixo_status (*of)(const calixo_host*, char*, std::size_t));

  calixo_host handle_{};
  std::unique_ptr<Plugin> plugin_;
  const calixo_plugin* entry_ = nullptr;
  bool is_started_ = false;
};

inline FakeHost::FakeHost() { handle_ = {&Tables::find, static_cast<FakeState*>(this)}; }
inline FakeHost::~FakeHost() {
  if (!is_started_) return;
  drain();
  stop();
}

inline void FakeHost::load(std::function<void(Plugin&)> of) {
  describe(std::move(of));
  configure();
  start();
}
inline void FakeHost::load(const calixo_plugin* entry) {
  entry_ = entry;
  step(entry->describe);
  configure();
  start();
}
inline void FakeHost::describe(std::function<void(Plugin&)> of) {
  plugin_ = std::make_unique<Plugin>(calixo::detail::connect(&handle_));
  of(*plugin_);
  calixo::detail::PluginLife(plugin_->registrations()).register_all();
}
inline void FakeHost::configure() {
  if (entry_ != nullptr) return step(entry_->configure);
  calixo::detail::PluginLife(plugin_->registrations()).configure();
}
inline void FakeHost::start() {
  if (entry_ != nullptr)
    step(entry_->start);
  else
    calixo::detail::PluginLife(plugin_->registrations()).start();
  is_started_ = true;
}
inline void FakeHost::drain() {
  if (entry_ != nullptr)
    entry_->drain(&handle_);
  else
    calixo::detail::PluginLife(plugin_->registrations()).drain();
}
inline void FakeHost::stop() {
  is_started_ = false;
  if (entry_ != nullptr)
    entry_->stop(&handle_);
  else
    calixo::detail::PluginLife(plugin_->registrations()).stop();
}
inline void FakeHost::step(calixo_status (*of)(const calixo_host*, char*, std::size_t)) {
  char reason[512] = "";
  if (of(&handle_, reason, sizeof reason) != CALIXO_OK) throw std::runtime_error(reason);
}

inline Response FakeHost::call(const Request& request) {
  detail::Exchange exchange;
  exchange.request = &request;
  bool is_path_known = false;
  for (const detail::Route& route : routes) {
    if (!detail::matches(route.path, request.path, exchange.path_parameters)) continue;
    is_path_known = true;
    if (route.method != request.method) continue;
    exchange.route = &route;
    break;
  }
  if (exchange.route == nullptr) return {is_path_known ? 405 : 404, {}, {}, {}, "not_found", 0};
  const std::uint32_t allowed = exchange.route->roles;
  if (allowed != 0 && (allowed & request.caller.roles.bits) == 0) {
    const bool is_anonymous = request.caller.user_id.empty();
    return {is_anonymous ? 401 : 403, {}, {}, {}, is_anonymous ? "unauthorized" : "forbidden", 0};
  }
  const Caller& caller = request.caller;
  using calixo::detail::to_abi;
  exchange.principal = {sizeof(calixo_principal),   caller.roles.bits,
                        to_abi(caller.user_id),     to_abi(caller.session_id),
                        to_abi(caller.claims_json), 0};
  exchange.route->handle(exchange.route->user, exchange.handle());
  return exchange.response;
}

inline int FakeHost::run_command(std::string_view words, const std::vector<std::string>& arguments,
                                 std::string& output) {
  for (const Command& command : commands_) {
    if (command.words != words) continue;
    std::vector<calixo_str> views;
    for (const std::string& argument : arguments) views.push_back(calixo::detail::to_abi(argument));
    return command.run(
        command.user, views.data(), views.size(),
        [](void* sink, calixo_str text) { *static_cast<std::string*>(sink) += text_of(text); },
        &output);
  }
  throw std::runtime_error("no command " + std::string(words));
}

inline bool FakeHost::has_logged(std::string_view event) const {
  for (const LogLine& line : logs) {
    if (line.event == event) return true;
  }
  return false;
}

}  // namespace calixo::testing
