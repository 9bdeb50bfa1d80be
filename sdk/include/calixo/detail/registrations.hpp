// What a plugin said of itself, kept as long as the plugin: the host's callbacks work on it.
// Filled at describe, then constant. [startup]
#pragma once

#include <calixo/command.hpp>
#include <calixo/config.hpp>
#include <calixo/detail/handler.hpp>
#include <calixo/detail/work_records.hpp>
#include <calixo/service.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::detail {

struct MessageRecord {
  std::string code, es, en;
};

struct ExtensionRecord {
  std::string point, name, details_json;
  const void* table = nullptr;
};

struct GrantRecord {
  std::string table, privilege, columns, reason;
};

struct Registrations {
  Host host;
  std::vector<std::unique_ptr<RouteRecord>> routes;
  std::deque<KeyRecord> keys;
  std::deque<NeedRecord> needs;
  std::deque<CommandRecord> commands;
  std::vector<calixo_migration> migrations;
  std::vector<std::string> depends;
  std::vector<MessageRecord> messages;
  std::vector<std::pair<std::string, const void*>> offers;
  std::vector<std::string> points;
  std::vector<ExtensionRecord> extensions;
  std::vector<GrantRecord> grants;
  std::deque<TopicRecord> topics;
  std::deque<SubscriptionRecord> subscriptions;
  std::deque<JobRecord> jobs;
  std::vector<std::function<void()>> on_configure, on_start, on_drain, on_stop;

  explicit Registrations(const Host& of) : host(of) {}
  Registrations(const Registrations&) = delete;
  Registrations& operator=(const Registrations&) = delete;

  template <bool kTakesBody, class Handler>
  RouteRecord& add_route(std::string_view method, std::vector<std::string> paths, Handler handler) {
    auto record = std::make_unique<HandlerRecord<Handler, kTakesBody>>(std::move(handler));
    record->host = &host;
    record->method = method;
    record->paths = std::move(paths);
    routes.push_back(std::move(record));
    return *routes.back();
  }
};

}  // namespace calixo::detail
