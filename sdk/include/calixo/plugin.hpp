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
#include <calixo/detail/plugin_life.hpp>
#include <calixo/detail/registrations.hpp>
#include <calixo/events.hpp>
#include <calixo/jobs.hpp>
#include <calixo/json.hpp>
#include <calixo/log.hpp>
#include <calixo/migrations.hpp>
#include <calixo/mutex.hpp>
#include <calixo/problem.hpp>
#include <calixo/result.hpp>
#include <calixo/route.hpp>
#include <calixo/route_group.hpp>
#include <calixo/rules.hpp>
#include <calixo/service.hpp>

#include <functional>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo {

class PersonalDataBuilder;  // <calixo/personal_data.hpp>

// What CALIXO_PLUGIN's body is given; kept until the process ends.
class Plugin {
 public:
  // Made by the SDK, and by test hosts.
  explicit Plugin(const detail::Host& host) : registrations_(host) {}
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
    return route<false>("GET", path, std::move(handler));
  }
  // A route whose handler may take a JSON body.
  template <class Handler>
  RouteBuilder post(std::string_view path, Handler handler) {
    return route<true>("POST", path, std::move(handler));
  }
  // The same for PUT.
  template <class Handler>
  RouteBuilder put(std::string_view path, Handler handler) {
    return route<true>("PUT", path, std::move(handler));
  }
  // The same for PATCH.
  template <class Handler>
  RouteBuilder patch(std::string_view path, Handler handler) {
    return route<true>("PATCH", path, std::move(handler));
  }
  // A route whose handler may take query parameters, for DELETE.
  template <class Handler>
  RouteBuilder del(std::string_view path, Handler handler) {
    return route<false>("DELETE", path, std::move(handler));
  }
  // Routes below common prefixes: the first is documented, the others answer as well.
  RouteGroup group(std::initializer_list<std::string_view> prefixes) {
    return {registrations_, prefixes};
  }

  // A configuration key, "<plugin>.<what>_<unit>".
  template <KeyValue T>
  KeyBuilder<T> key(std::string_view name, T default_value = {}) {
    detail::KeyRecord& record = registrations_.keys.emplace_back();
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
    return KeyBuilder<T>(registrations_.host, record);
  }

  // The SQL files embedded by calixo_add_plugin(… MIGRATIONS folder).
  void migrations() {
    std::size_t count = 0;
    const calixo_migration* all = detail::embedded_migrations(count);
    if (all == nullptr) {
      throw std::logic_error(
          "no migrations in this library: name a folder with .sql files by "
          "MIGRATIONS in calixo_add_plugin");
    }
    registrations_.migrations.assign(all, all + count);
  }
  // One migration by hand; the text must live as long as the plugin.
  void migration(std::uint32_t number, std::string_view name, std::string_view sql) {
    registrations_.migrations.push_back(
        {sizeof(calixo_migration), number, detail::to_abi(name), detail::to_abi(sql)});
  }

  // A plugin that migrates and starts before this one.
  void depend(std::string_view plugin_id) { registrations_.depends.emplace_back(plugin_id); }
  // A text for a problem code.
  void message(std::string_view code, Text text) {
    registrations_.messages.push_back(
        {std::string(code), std::string(text.es), std::string(text.en)});
  }
  // A service for other plugins; the table lives as long as the plugin.
  void offer(std::string_view id, const void* table) {
    registrations_.offers.emplace_back(id, table);
  }
  // Another's service. Its table is there from start on.
  template <class Table>
  Needed<Table> need(std::string_view id, Need need = Need::required) {
    return Needed<Table>(registrations_.needs.emplace_back(
        detail::NeedRecord{std::string(id), need == Need::required, nullptr}));
  }
  // A point that other plugins extend with tables of the type its id names.
  void define_point(std::string_view point) { registrations_.points.emplace_back(point); }
  // Adds a table to a point that some plugin defines; it lives as long as the plugin. details_json
  // is what an operator sees of it in the manifest.
  void extend(std::string_view point, std::string_view name, const void* table,
              std::string_view details_json = {}) {
    registrations_.extensions.push_back(
        {std::string(point), std::string(name), std::string(details_json), table});
  }
  // A type of challenge under a name of its own: include <calixo/challenge_type.hpp>, which tells
  // the rest. The arguments go to Type's constructor.
  template <class Type, class... Arguments>
  Type& challenge_type(std::string_view name, Arguments&&... arguments);
  // What this plugin holds about a person, under the name of its part of an export: include
  // <calixo/personal_data.hpp>, which tells the rest.
  PersonalDataBuilder personal_data(std::string_view name);
  // Asks for access to another plugin's table; the operator decides, by the reason given.
  // privilege: select, insert, update or delete; columns: "id, title", or empty for all.
  void grant(std::string_view privilege, std::string_view table, std::string_view reason,
             std::string_view columns = {}) {
    registrations_.grants.push_back(
        {std::string(table), std::string(privilege), std::string(columns), std::string(reason)});
  }
  // A topic that this plugin publishes on; it belongs to no other.
  template <detail::Bindable Payload>
  Topic<Payload> event(std::string_view topic, std::string_view description = {}) {
    return Topic<Payload>(registrations_.topics.emplace_back(
        detail::TopicRecord{&registrations_.host, std::string(topic),
                            json_schema<Payload>(SchemaOf::response), std::string(description)}));
  }
  // Hears a topic, any plugin's: handler(EventContext&, const Payload&). The name is this plugin's
  // own and stays over releases. A delivery is one transaction; see SubscriptionBuilder.
  template <detail::Bindable Payload, class Handler>
  SubscriptionBuilder on(std::string_view topic, std::string_view name, Handler handler) {
    detail::SubscriptionRecord& record = registrations_.subscriptions.emplace_back();
    record.host = &registrations_.host;
    record.topic = topic;
    record.name = name;
    record.handle = detail::reading_event<Payload>(std::move(handler));
    return SubscriptionBuilder(record);
  }
  // A job to be enqueued: handler(JobContext&, const Payload&). The name stays over releases.
  template <detail::Bindable Payload, class Handler>
  JobBuilder<Job<Payload>> job(std::string_view name, Handler handler) {
    detail::JobRecord& record = registrations_.jobs.emplace_back();
    record.host = &registrations_.host;
    record.name = name;
    record.payload_schema = json_schema<Payload>(SchemaOf::response);
    record.handle = detail::reading_run<Payload>(std::move(handler));
    return JobBuilder<Job<Payload>>(record);
  }
  // A job that runs once an interval, a second at least, over all processes: handler(JobContext&).
  template <class Handler>
  JobBuilder<detail::RecurringJob> every(std::chrono::milliseconds interval, std::string_view name,
                                         Handler handler) {
    detail::JobRecord& record = registrations_.jobs.emplace_back();
    record.host = &registrations_.host;
    record.name = name;
    record.every_ms = static_cast<std::uint64_t>(interval.count());
    record.handle = [handler = std::move(handler)](JobContext& context, std::string_view) mutable {
      handler(context);
    };
    return JobBuilder<detail::RecurringJob>(record);
  }
  // A command of the operator's CLI: `calixo users create-admin`. It runs with the plugin started.
  void command(std::string_view words, std::string_view summary, std::string_view usage,
               CommandBody body) {
    detail::CommandRecord& record = registrations_.commands.emplace_back();
    record.host = &registrations_.host;
    record.words = words;
    record.summary = summary;
    record.usage = usage;
    record.body = std::move(body);
  }

  // Steps; each runs in the order given. configure and start refuse by throwing std::runtime_error
  // with a reason for the operator.
  void on_configure(std::function<void()> step) {
    registrations_.on_configure.push_back(std::move(step));
  }
  // The database and services are there.
  void on_start(std::function<void()> step) { registrations_.on_start.push_back(std::move(step)); }
  // No new requests come; running ones end.
  void on_drain(std::function<void()> step) { registrations_.on_drain.push_back(std::move(step)); }
  // The last step; nothing waits any more.
  void on_stop(std::function<void()> step) { registrations_.on_stop.push_back(std::move(step)); }

  // --- what the plugin may use outside of a request ---
  Log log() const { return Log(registrations_.host); }  // [any-thread]
  // [any-thread]
  Timestamp now() const {
    return {registrations_.host.runtime->unix_time_us(registrations_.host.handle)};
  }
  // As the plugin itself; from start on. [fiber, suspends]
  Database service_db() { return Database(target()); }
  // A transaction as the plugin itself. [fiber, suspends]
  template <class Body>
  auto service_transaction(Body&& body, const TransactionOptions& options = {}) {
    return detail::run_transaction(target(), options, body);
  }
  // [fiber, suspends]
  template <class Work>
  auto run_blocking(Work&& work) {
    return detail::run_blocking(registrations_.host, work);
  }
  // The interfaces it stands on.
  const detail::Host& host() const { return registrations_.host; }
  // For the steps of its life, and for test hosts. [startup]
  detail::Registrations& registrations() { return registrations_; }

 private:
  template <bool kTakesBody, class Handler>
  RouteBuilder route(std::string_view method, std::string_view path, Handler handler) {
    return RouteBuilder(
        registrations_.add_route<kTakesBody>(method, {std::string(path)}, std::move(handler)));
  }
  detail::DbTarget target() const {
    return {&registrations_.host, nullptr, nullptr, CALIXO_DB_AS_SERVICE};
  }

  detail::Registrations registrations_;
  std::vector<std::shared_ptr<void>> owned_;
};

namespace detail {

// The functions of one library's calixo_plugin table.
template <void (*describe_plugin)(Plugin&)>
struct EntryPoints {
  static constexpr calixo_plugin table(const char* id, const char* version) {
    return {CALIXO_ABI_MAGIC,
            CALIXO_ABI_MAJOR,
            CALIXO_ABI_MINOR,
            sizeof(calixo_plugin),
            id,
            version,
            &describe,
            &configure,
            &start,
            &drain,
            &stop,
            nullptr};
  }

 private:
  // Every plugin described, the present one last. Kept to the end of the process, not destroyed at
  // exit: the host, which their objects may still name, is gone by then.
  static std::vector<std::unique_ptr<Plugin>>& described() {
    static auto* const kAll = new std::vector<std::unique_ptr<Plugin>>();
    return *kAll;
  }
  static Plugin* instance() { return described().empty() ? nullptr : described().back().get(); }

  static calixo_status describe(const calixo_host* host, char* error, std::size_t error_size) {
    return guarded_step(error, error_size, [&] {
      auto plugin = std::make_unique<Plugin>(connect(host));
      describe_plugin(*plugin);
      PluginLife(plugin->registrations()).register_all();
      described().push_back(std::move(plugin));
    });
  }
  static calixo_status configure(const calixo_host*, char* error, std::size_t error_size) {
    return guarded_step(error, error_size,
                        [] { PluginLife(instance()->registrations()).configure(); });
  }
  static calixo_status start(const calixo_host*, char* error, std::size_t error_size) {
    return guarded_step(error, error_size, [] { PluginLife(instance()->registrations()).start(); });
  }
  static void drain(const calixo_host*) {
    if (instance() != nullptr) PluginLife(instance()->registrations()).drain();
  }
  static void stop(const calixo_host*) {
    if (instance() != nullptr) PluginLife(instance()->registrations()).stop();
  }
};

}  // namespace detail
}  // namespace calixo

// Defines the plugin: its id, its semantic version, and the body that describes it.
#define CALIXO_PLUGIN(plugin_id, plugin_version, name)                                            \
  static void calixo_describe_plugin(::calixo::Plugin& name);                                     \
  extern "C" CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);                        \
  extern "C" CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void) {                       \
    static constexpr calixo_plugin kTable =                                                       \
        ::calixo::detail::EntryPoints<&calixo_describe_plugin>::table(plugin_id, plugin_version); \
    return &kTable;                                                                               \
  }                                                                                               \
  static void calixo_describe_plugin(::calixo::Plugin& name)
