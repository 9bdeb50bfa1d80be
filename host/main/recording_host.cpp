// The host as calixo-manifest shows it to a plugin: it takes registrations, and everything that
// would work answers CALIXO_UNAVAILABLE or nothing.
#include <calixo/abi/config.h>
#include <calixo/abi/db.h>
#include <calixo/abi/deferred.h>
#include <calixo/abi/deferred_rows.h>
#include <calixo/abi/events.h>
#include <calixo/abi/exchange.h>
#include <calixo/abi/extensions.h>
#include <calixo/abi/http_client.h>
#include <calixo/abi/jobs.h>
#include <calixo/abi/log.h>
#include <calixo/abi/principals.h>
#include <calixo/abi/registry.h>
#include <calixo/abi/runtime.h>
#include <calixo/abi/services.h>
#include <calixo/abi/signals.h>
#include <calixo/abi/stream.h>

#include <cstring>
#include <type_traits>

#include "plugin/plugin_instance.hpp"
#include "plugin/work_registering.hpp"

namespace calixo::host {
namespace {

template <class Result, class... Parameters>
Result away(Parameters...) {
  if constexpr (std::is_same_v<Result, calixo_status>) {
    return CALIXO_UNAVAILABLE;
  } else if constexpr (!std::is_void_v<Result>) {
    return Result{};
  }
}

template <class Result, class... Parameters>
void fill(Result (*&member)(Parameters...)) {
  member = &away<Result, Parameters...>;
}

template <class... Members>
void fill_all(Members&... members) {
  (fill(members), ...);
}

const void* away_config() {
  static calixo_config_v1 table;
  auto& [a, b, c, d] = table;
  fill_all(a, b, c, d);
  return &table;
}

const void* away_db() {
  static calixo_db_v1 table;
  auto& [a, b, c, d, e, f, g, h, i, j, k, l] = table;
  fill_all(a, b, c, d, e, f, g, h, i, j, k, l);
  return &table;
}

const void* away_deferred() {
  static calixo_deferred_v1 table;
  fill_all(table.run_later);
  return &table;
}

const void* away_deferred_rows() {
  static calixo_deferred_rows_v1 table;
  fill_all(table.run_row_later);
  return &table;
}

const void* away_exchange() {
  static calixo_exchange_v1 table;
  auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = table;
  fill_all(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  return &table;
}

const void* away_log() {
  static calixo_log_v1 table;
  auto& [a, b, c] = table;
  fill_all(a, b, c);
  return &table;
}

// A plugin may make its locks in describe; nobody takes them.
calixo_mutex* make_no_mutex(const calixo_host*) {
  static char mutex;
  return reinterpret_cast<calixo_mutex*>(&mutex);
}

const void* away_runtime() {
  static calixo_runtime_v1 table;
  auto& [a, b, c, d, e, f, g, h] = table;
  fill_all(a, b, c, d, e, f, g, h);
  table.mutex_create = &make_no_mutex;
  return &table;
}

const void* away_stream() {
  static calixo_stream_v1 table;
  auto& [a, b, c, d, e, f, g, h] = table;
  fill_all(a, b, c, d, e, f, g, h);
  return &table;
}

const void* events_of_describe() {
  static calixo_events_v1 table{&declare_topic, &subscribe, nullptr};
  fill(table.publish);
  return &table;
}

const void* jobs_of_describe() {
  static calixo_jobs_v1 table{&declare_job, nullptr};
  fill(table.enqueue);
  return &table;
}

const void* signals_of_describe() {
  static calixo_signals_v1 table{&declare_signal, nullptr};
  fill(table.send);
  return &table;
}

const void* away_principals() {
  static calixo_principals_v1 table;
  fill_all(table.forget, table.forget_all);
  return &table;
}

const void* away_services() {
  static calixo_services_v1 table;
  fill_all(table.find);
  return &table;
}

const void* away_http_client() {
  static calixo_http_client_v1 table;
  auto& [a, b, c, d, e] = table;
  fill_all(a, b, c, d, e);
  return &table;
}

}  // namespace

const void* host_interface(const calixo_host*, const char* id) {
  using Getter = const void* (*)();
  static constexpr std::pair<const char*, Getter> kInterfaces[] = {
      {CALIXO_REGISTRY_ID, &registry_interface}, {CALIXO_EXTENSIONS_ID, &extensions_interface},
      {CALIXO_CONFIG_ID, &away_config},          {CALIXO_DB_ID, &away_db},
      {CALIXO_EXCHANGE_ID, &away_exchange},      {CALIXO_LOG_ID, &away_log},
      {CALIXO_RUNTIME_ID, &away_runtime},        {CALIXO_STREAM_ID, &away_stream},
      {CALIXO_SERVICES_ID, &away_services},      {CALIXO_EVENTS_ID, &events_of_describe},
      {CALIXO_JOBS_ID, &jobs_of_describe},       {CALIXO_SIGNALS_ID, &signals_of_describe},
      {CALIXO_PRINCIPALS_ID, &away_principals},  {CALIXO_HTTP_CLIENT_ID, &away_http_client},
      {CALIXO_DEFERRED_ID, &away_deferred},      {CALIXO_DEFERRED_ROWS_ID, &away_deferred_rows}};
  if (id == nullptr) return nullptr;
  for (const auto& [known, getter] : kInterfaces) {
    if (std::strcmp(known, id) == 0) return getter();
  }
  return nullptr;
}

}  // namespace calixo::host
