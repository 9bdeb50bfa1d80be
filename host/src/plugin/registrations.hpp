// Everything one plugin told the host about itself during describe. Plain values, owned copies.
#pragma once

#include <calixo/abi/registry.h>

#include <cstdint>
#include <string>
#include <vector>

#include "config/key.hpp"
#include "db/migrator.hpp"
#include "http/route.hpp"
#include "plugin/work_registrations.hpp"

namespace calixo::host {

// A route as registered: what the router needs, and what the API document says of it.
struct RegisteredRoute {
  Route route;
  std::string summary;
  std::string tag;
  std::string operation_id;
  std::string query_schema, request_schema, response_schema;  // JSON, or empty
  std::uint16_t success_status = 200;
  std::string problem_codes;  // "404:challenge_not_found 409:already_started"
  bool hidden = false;
  void (*handle)(void* user, calixo_exchange* exchange) = nullptr;
  void (*render_problem)(void* user, calixo_exchange* exchange,
                         const calixo_problem* problem) = nullptr;
  void* user = nullptr;
};

struct RegisteredCommand {
  std::string words, summary, usage;
  std::int32_t (*run)(void* user, const calixo_str* arguments, std::size_t argument_count,
                      void (*write)(void* sink, calixo_str text), void* sink) = nullptr;
  void* user = nullptr;
};

struct OfferedService {
  std::string id;
  const void* table = nullptr;
};

struct NeededService {
  std::string id;
  bool required = false;
};

// A point the plugin defines for others, and what it adds to a point.
struct RegisteredExtension {
  std::string point, name, details_json;
  const void* table = nullptr;
};

// Access to another plugin's table that the operator has to allow.
struct RegisteredGrant {
  std::string table, privilege;
  std::vector<std::string> columns;  // sorted; empty: all of the table
  std::string reason;
};

struct RegisteredMessage {
  std::string code, language, text;
};

struct Registrations {
  std::vector<RegisteredRoute> routes;
  std::vector<Key> keys;
  std::vector<Migration> migrations;
  std::vector<RegisteredCommand> commands;
  std::vector<OfferedService> offers;
  std::vector<NeededService> needs;
  std::vector<std::string> depends;
  std::vector<RegisteredMessage> messages;
  std::vector<std::string> points;  // extension points it defines
  std::vector<RegisteredExtension> extensions;
  std::vector<RegisteredGrant> grants;
  std::vector<RegisteredTopic> topics;
  std::vector<RegisteredSubscription> subscriptions;
  std::vector<RegisteredJob> jobs;
  std::vector<RegisteredSignal> signals;
  std::vector<std::string> refusals;  // registrations that were malformed, each with its reason
  std::size_t taken = 0;              // how many were tried, sound or not
};

}  // namespace calixo::host
