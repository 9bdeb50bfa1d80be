// A plugin as its author writes it: everything it registers, and the steps of its life.
//
//   CALIXO_PLUGIN("org.example.hello", "1.0.0", plugin) {
//     plugin.get("/api/hello", &hello).summary("Says hello");
//   }
//
// The body runs at describe and does no I/O. What it registers reaches the host when it returns.
#pragma once

#include <calixo/clock.hpp>
#include <calixo/command.hpp>
#include <calixo/config.hpp>
#include <calixo/context.hpp>
#include <calixo/db.hpp>
#include <calixo/json.hpp>
#include <calixo/log.hpp>
#include <calixo/migrations.hpp>
#include <calixo/mutex.hpp>
#include <calixo/problem.hpp>
#include <calixo/result.hpp>
#include <calixo/route.hpp>
#include <calixo/rules.hpp>
#include <calixo/service.hpp>

#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo {

class Plugin;
namespace detail {
class PluginLife;
}

// Routes that share prefixes, a problem format, a tag, roles. Each is registered under every prefix.
class RouteGroup {
 public:
  RouteGroup(Plugin& plugin, std::initializer_list<std::string_view> prefixes)
      : plugin_(&plugin), prefixes_(prefixes.begin(), prefixes.end()) {}

  // For the routes registered after it.
  RouteGroup& render_problems(ProblemRenderer renderer) {
    renderer_ = std::move(renderer);
    return *this;
  }
  RouteGroup& tag(std::string_view chapter) {
    tag_ = chapter;
    return *this;
  }
  RouteGroup& allow(Roles roles) {
    roles_ = roles;
    return *this;
  }

  template <class Handler>
  RouteBuilder get(std::string_view path, Handler handler);
  template <class Handler>
  RouteBuilder post(std::string_view path, Handler handler);
  template <class Handler>
  RouteBuilder put(std::string_view path, Handler handler);
  template <class Handler>
  RouteBuilder patch(std::string_view path, Handler handler);
  template <class Handler>
  RouteBuilder del(std::string_view path, Handler handler);

 private:
  template <bool kTakesBody, class Handler>
  RouteBuilder add(std::string_view method, std::string_view path, Handler handler);

  Plugin* plugin_;
  std::vector<std::string> prefixes_;
  ProblemRenderer renderer_;
  std::string tag_;
  Roles roles_;
};

class Plugin {
 public:
  explicit Plugin(const detail::Host& host) : host_(host) {}
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  // Owned objects go in the reverse order of their making.
  ~Plugin() {
    while (!owned_.empty()) owned_.pop_back();
  }

  // --- registrations. [startup] ---

  // Makes an object and keeps it for the life of the plugin.
  template <class T, class... Arguments>
  T& own(Arguments&&... arguments) {
    auto made = std::make_shared<T>(std::forward<Arguments>(arguments)...);
    T& object = *made;
    owned_.push_back(std::move(made));
    return object;
  }

  // path: "/api/challenges/{id:int}"; parameter types int, uuid, str, path (the rest).
  template <class Handler>
  RouteBuilder get(std::string_view path, Handler handler) {
    return route<false>("GET", {std::string(path)}, std::move(handler));
  }
  template <class Handler>
  RouteBuilder post(std::string_view path, Handler handler) {
    return route<true>("POST", {std::string(path)}, std::move(handler));
  }
  template <class Handler>
  RouteBuilder put(std::string_view path, Handler handler) {
    return route<true>("PUT", {std::string(path)}, std::move(handler));
  }
  template <class Handler>
  RouteBuilder patch(std::string_view path, Handler handler) {
    return route<true>("PATCH", {std::string(path)}, std::move(handler));
  }
  template <class Handler>
  RouteBuilder del(std::string_view path, Handler handler) {
    return route<false>("DELETE", {std::string(path)}, std::move(handler));
  }
  RouteGroup group(std::initializer_list<std::string_view> prefixes) { return {*this, prefixes}; }

  // A configuration key, "<plugin>.<what>_<unit>".
  template <KeyValue T>
  KeyBuilder<T> key(std::string_view name, T default_value = {}) {
    detail::KeyRecord& record = keys_.emplace_back();
    record.name = name;
    if constexpr (std::same_as<T, bool>) {
      record.type = CALIXO_KEY_BOOL;
      record.default_value = default_value ? "true" : "false";
    } else if constexpr (std::same_as<T, std::string>) {
      record.default_value = default_value;
    } else {
      record.type = std::same_as<T, double> ? CALIXO_KEY_REAL : CALIXO_KEY_INT;
      detail::append_number(record.default_value, default_value);
    }
    return KeyBuilder<T>(host_, record);
  }

  // The SQL files embedded by calixo_add_plugin(… MIGRATIONS folder).
  void migrations() {
    std::size_t count = 0;
    const calixo_migration* all = detail::embedded_migrations(count);
    if (all == nullptr) {
      throw std::logic_error("no migrations in this library: name a folder with .sql files by "
                             "MIGRATIONS in calixo_add_plugin");
    }
    migrations_.assign(all, all + count);
  }
  // One migration by hand; the text must live as long as the plugin.
  void migration(std::uint32_t number, std::string_view name, std::string_view sql) {
    migrations_.push_back(
        {sizeof(calixo_migration), number, detail::to_abi(name), detail::to_abi(sql)});
  }

  // A plugin that migrates and starts before this one.
  void depend(std::string_view plugin_id) { depends_.emplace_back(plugin_id); }
  // A text for a problem code.
  void message(std::string_view code, Text text) {
    messages_.push_back({std::string(code), std::string(text.es), std::string(text.en)});
  }
  // A service for other plugins; the table lives as long as the plugin.
  void offer(std::string_view id, const void* table) { offers_.emplace_back(id, table); }
  // Another's service. Its table is there from start on.
  template <class Table>
  Needed<Table> need(std::string_view id, Need need = Need::required) {
    return Needed<Table>(
        needs_.emplace_back(detail::NeedRecord{std::string(id), need == Need::required, nullptr}));
  }
  // A command of the operator's CLI: `calixo users create-admin`. It runs with the plugin started.
  void command(std::string_view words, std::string_view summary, std::string_view usage,
               CommandBody body) {
    detail::CommandRecord& record = commands_.emplace_back();
    record.host = &host_;
    record.words = words;
    record.summary = summary;
    record.usage = usage;
    record.body = std::move(body);
  }

  // Steps; each runs in the order given. configure and start refuse by throwing std::runtime_error
  // with a reason for the operator.
  void on_configure(std::function<void()> step) { on_configure_.push_back(std::move(step)); }
  void on_start(std::function<void()> step) { on_start_.push_back(std::move(step)); }
  void on_drain(std::function<void()> step) { on_drain_.push_back(std::move(step)); }
  void on_stop(std::function<void()> step) { on_stop_.push_back(std::move(step)); }

  // --- what the plugin may use outside of a request ---
  Log log() const { return Log(host_); }                                          // [any-thread]
  Timestamp now() const { return {host_.runtime->unix_time_us(host_.handle)}; }   // [any-thread]
  // As the plugin itself; from start on. [fiber, suspends]
  Database service_db() { return Database(target()); }
  template <class Body>
  auto service_transaction(Body&& body, const TransactionOptions& options = {}) {
    return detail::run_transaction(target(), options, body);
  }
  // [fiber, suspends]
  template <class Work>
  auto run_blocking(Work&& work) {
    return detail::run_blocking(host_, work);
  }
  const detail::Host& host() const { return host_; }

 private:
  friend class RouteGroup;
  friend class detail::PluginLife;

  template <bool kTakesBody, class Handler>
  RouteBuilder route(std::string_view method, std::vector<std::string> paths, Handler handler) {
    auto record = std::make_unique<detail::HandlerRecord<Handler, kTakesBody>>(std::move(handler));
    record->host = &host_;
    record->method = method;
    record->paths = std::move(paths);
    routes_.push_back(std::move(record));
    return RouteBuilder(*routes_.back());
  }
  detail::DbTarget target() const { return {&host_, nullptr, nullptr, CALIXO_DB_AS_SERVICE}; }

  struct Message {
    std::string code, es, en;
  };

  detail::Host host_;
  std::vector<std::shared_ptr<void>> owned_;
  std::vector<std::unique_ptr<detail::RouteRecord>> routes_;
  std::deque<detail::KeyRecord> keys_;
  std::deque<detail::NeedRecord> needs_;
  std::deque<detail::CommandRecord> commands_;
  std::vector<calixo_migration> migrations_;
  std::vector<std::string> depends_;
  std::vector<Message> messages_;
  std::vector<std::pair<std::string, const void*>> offers_;
  std::vector<std::function<void()>> on_configure_, on_start_, on_drain_, on_stop_;
};

template <bool kTakesBody, class Handler>
RouteBuilder RouteGroup::add(std::string_view method, std::string_view path, Handler handler) {
  std::vector<std::string> paths;
  for (const std::string& prefix : prefixes_) paths.push_back(prefix + std::string(path));
  RouteBuilder builder = plugin_->route<kTakesBody>(method, std::move(paths), std::move(handler));
  builder.render_problems(renderer_).tag(tag_).allow(roles_);
  return builder;
}
template <class Handler>
RouteBuilder RouteGroup::get(std::string_view path, Handler handler) {
  return add<false>("GET", path, std::move(handler));
}
template <class Handler>
RouteBuilder RouteGroup::post(std::string_view path, Handler handler) {
  return add<true>("POST", path, std::move(handler));
}
template <class Handler>
RouteBuilder RouteGroup::put(std::string_view path, Handler handler) {
  return add<true>("PUT", path, std::move(handler));
}
template <class Handler>
RouteBuilder RouteGroup::patch(std::string_view path, Handler handler) {
  return add<true>("PATCH", path, std::move(handler));
}
template <class Handler>
RouteBuilder RouteGroup::del(std::string_view path, Handler handler) {
  return add<false>("DELETE", path, std::move(handler));
}

}  // namespace calixo

#include <calixo/detail/plugin_life.hpp>

// Defines the plugin: its id, its semantic version, and the body that describes it.
#define CALIXO_PLUGIN(plugin_id, plugin_version, name)                                       \
  static void calixo_describe_plugin(::calixo::Plugin& name);                                \
  extern "C" CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);                   \
  extern "C" CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void) {                  \
    static constexpr calixo_plugin kTable =                                                  \
        ::calixo::detail::EntryPoints<&calixo_describe_plugin>::table(plugin_id, plugin_version); \
    return &kTable;                                                                          \
  }                                                                                          \
  static void calixo_describe_plugin(::calixo::Plugin& name)
