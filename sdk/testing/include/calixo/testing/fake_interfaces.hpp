// The fake host's side of the C ABI.
// Used by one test.
#pragma once

#include <calixo/abi/deferred.h>
#include <calixo/abi/deferred_rows.h>
#include <calixo/abi/principals.h>
#include <calixo/detail/json_writer.hpp>
#include <calixo/testing/fake_state.hpp>

#include <cstdlib>
#include <cstring>

namespace calixo::testing {

inline std::string text_of(calixo_str view) { return std::string(calixo::detail::view(view)); }

// The tables of functions that the fake host hands out.
struct Tables {
  static FakeState& of(const calixo_host* host) {
    return *static_cast<FakeState*>(host->host_data);
  }

  static const calixo_registry_v1* registry();
  static const calixo_exchange_v1* exchange();
  static const calixo_db_v1* db();
  static const calixo_runtime_v1* runtime();
  static const calixo_log_v1* log();
  static const calixo_config_v1* config();
  static const calixo_stream_v1* stream();
  static const calixo_services_v1* services();
  static const calixo_extensions_v1* extensions();
  static const calixo_events_v1* events();
  static const calixo_jobs_v1* jobs();
  static const calixo_signals_v1* signals();
  static const calixo_deferred_v1* deferred();
  static const calixo_deferred_rows_v1* deferred_rows();
  static const calixo_principals_v1* principals();
  static const calixo_http_client_v1* http_client();

  static const void* find(const calixo_host*, const char* id) {
    const std::string_view wanted(id);
    if (wanted == CALIXO_REGISTRY_ID) return registry();
    if (wanted == CALIXO_EXCHANGE_ID) return exchange();
    if (wanted == CALIXO_DB_ID) return db();
    if (wanted == CALIXO_RUNTIME_ID) return runtime();
    if (wanted == CALIXO_LOG_ID) return log();
    if (wanted == CALIXO_CONFIG_ID) return config();
    if (wanted == CALIXO_STREAM_ID) return stream();
    if (wanted == CALIXO_SERVICES_ID) return services();
    if (wanted == CALIXO_EXTENSIONS_ID) return extensions();
    if (wanted == CALIXO_EVENTS_ID) return events();
    if (wanted == CALIXO_JOBS_ID) return jobs();
    if (wanted == CALIXO_SIGNALS_ID) return signals();
    if (wanted == CALIXO_DEFERRED_ID) return deferred();
    if (wanted == CALIXO_DEFERRED_ROWS_ID) return deferred_rows();
    if (wanted == CALIXO_PRINCIPALS_ID) return principals();
    if (wanted == CALIXO_HTTP_CLIENT_ID) return http_client();
    return nullptr;
  }

  // A key's present value: set by the test, else the default. Null for a key nobody registered.
  static const std::string* value_of(const calixo_host* host, calixo_str key, std::uint32_t type,
                                     calixo_status& status) {
    FakeState& fake = of(host);
    const auto registered = fake.keys.find(text_of(key));
    status = registered == fake.keys.end()     ? CALIXO_NOT_FOUND
             : registered->second.type != type ? CALIXO_INVALID
                                               : CALIXO_OK;
    if (status != CALIXO_OK) return nullptr;
    const auto set = fake.config_.find(registered->first);
    return set != fake.config_.end() ? &set->second : &registered->second.default_value;
  }

  static calixo_status fail(calixo_exchange* handle, const calixo_problem* problem) {
    detail::Exchange& exchange = detail::Exchange::of(handle);
    if (exchange.is_answered) return CALIXO_CONFLICT;
    exchange.response.problem_code = text_of(problem->code);
    exchange.response.retry_after_s = problem->retry_after_s;
    const detail::Route& route = *exchange.route;
    if (route.render_problem != nullptr) {
      route.render_problem(route.user, handle, problem);
      return CALIXO_OK;
    }
    exchange.is_answered = true;
    exchange.response.status = problem->http_status;
    exchange.response.content_type = "application/problem+json";
    std::string& body = exchange.response.body;
    body = "{\"status\":" + std::to_string(problem->http_status) + ",\"code\":";
    calixo::detail::append_text(body, calixo::detail::view(problem->code));
    body += ",\"message\":";
    calixo::detail::append_text(body, calixo::detail::view(problem->message));
    if (problem->errors_json.size > 0) body += ",\"errors\":" + text_of(problem->errors_json);
    body += '}';
    return CALIXO_OK;
  }

  static calixo_status add_header(calixo_exchange* handle, calixo_str name, calixo_str value) {
    for (const std::string_view part : {calixo::detail::view(name), calixo::detail::view(value)}) {
      for (const char c : part) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return CALIXO_INVALID;
      }
    }
    detail::Exchange::of(handle).response.headers.emplace_back(text_of(name), text_of(value));
    return CALIXO_OK;
  }
  static calixo_status set_header(calixo_exchange* handle, calixo_str name, calixo_str value) {
    std::erase_if(detail::Exchange::of(handle).response.headers, [&](const auto& header) {
      return find_header({header}, calixo::detail::view(name)).has_value();
    });
    return add_header(handle, name, value);
  }

  // A locked mutex is one that nothing in a test on one thread could unlock: an error of the test.
  struct Mutex {
    FakeState* host;
    bool is_locked = false;
  };
};

inline const calixo_registry_v1* Tables::registry() {
  static const calixo_registry_v1 kTable{
      [](const calixo_host* host, const calixo_route* route) {
        of(host).routes.push_back(detail::Route::from(*route));
        return of(host).registry_status;
      },
      [](const calixo_host* host, const calixo_key* key) {
        of(host).keys[text_of(key->name)] = {key->type,
                                             key->flags,
                                             text_of(key->default_value),
                                             text_of(key->description),
                                             text_of(key->choices),
                                             key->min,
                                             key->max};
        return of(host).registry_status;
      },
      [](const calixo_host* host, const calixo_migration* migration) {
        of(host).migrations.emplace_back(migration->number, text_of(migration->sql));
        return of(host).registry_status;
      },
      [](const calixo_host* host, const calixo_command* command) {
        of(host).commands_.push_back({text_of(command->words), command->run, command->user});
        return of(host).registry_status;
      },
      [](const calixo_host* host, calixo_str id, const void* table) {
        of(host).offers[text_of(id)] = table;
        return of(host).registry_status;
      },
      [](const calixo_host* host, calixo_str id, int required) {
        of(host).needs[text_of(id)] = required != 0;
        return of(host).registry_status;
      },
      [](const calixo_host* host, calixo_str id) {
        of(host).depends.push_back(text_of(id));
        return of(host).registry_status;
      },
      [](const calixo_host* host, calixo_str code, calixo_str language, calixo_str text) {
        of(host).messages[text_of(code)][text_of(language)] = text_of(text);
        return of(host).registry_status;
      },
      [](const calixo_host* host, const calixo_grant* grant) {
        std::string wanted = text_of(grant->privilege) + " " + text_of(grant->table);
        if (grant->columns.size > 0) wanted += " (" + text_of(grant->columns) + ")";
        of(host).grants.push_back(std::move(wanted));
        return of(host).registry_status;
      }};
  return &kTable;
}

inline const calixo_extensions_v1* Tables::extensions() {
  static const calixo_extensions_v1 kTable{
      [](const calixo_host* host, calixo_str point) {
        of(host).points.push_back(text_of(point));
        return of(host).registry_status;
      },
      [](const calixo_host* host, calixo_str point, calixo_str name, const void* table,
         calixo_str details) {
        of(host).extensions.push_back({text_of(point), text_of(name), text_of(details), table});
        return of(host).registry_status;
      },
      [](const calixo_host* host, calixo_str point,
         void (*visit)(void* sink, const calixo_extension* extension), void* sink) {
        for (const auto& one : of(host).extensions) {
          if (one.point != calixo::detail::view(point)) continue;
          const calixo_extension told{sizeof(calixo_extension), calixo::detail::to_abi("test"),
                                      calixo::detail::to_abi(one.name),
                                      calixo::detail::to_abi(one.details_json), one.table};
          visit(sink, &told);
        }
        return calixo_status{CALIXO_OK};
      }};
  return &kTable;
}

inline const calixo_exchange_v1* Tables::exchange() {
  using calixo::detail::to_abi;
  using detail::Exchange;
  static const calixo_exchange_v1 kTable{
      [](const calixo_exchange* e) { return to_abi(Exchange::of(e).request->method); },
      [](const calixo_exchange* e) { return to_abi(Exchange::of(e).request->path); },
      [](const calixo_exchange* e) { return to_abi(Exchange::of(e).request->query); },
      [](const calixo_exchange* e, calixo_str name) {
        const auto& all = Exchange::of(e).path_parameters;
        const auto found = all.find(calixo::detail::view(name));
        return found == all.end() ? calixo_str{nullptr, 0} : to_abi(found->second);
      },
      [](const calixo_exchange* e, calixo_str name) {
        const auto value =
            find_header(Exchange::of(e).request->headers, calixo::detail::view(name));
        return value ? to_abi(*value) : calixo_str{nullptr, 0};
      },
      [](const calixo_exchange* e) { return to_abi(Exchange::of(e).request->body); },
      [](const calixo_exchange* e) { return to_abi(Exchange::of(e).request->request_id); },
      [](const calixo_exchange* e) { return to_abi(Exchange::of(e).request->client_address); },
      [](const calixo_exchange* e) { return to_abi(Exchange::of(e).request->base_url); },
      [](const calixo_exchange* e) { return to_abi(Exchange::of(e).request->language); },
      [](const calixo_exchange* e) -> const calixo_principal* {
        return &Exchange::of(e).principal;
      },
      [](const calixo_exchange* e) -> std::int32_t {
        return Exchange::of(e).request->is_cancelled ? 1 : 0;
      },
      &set_header,
      &add_header,
      [](calixo_exchange* e, std::uint16_t status, calixo_str type, calixo_str body) {
        Exchange& exchange = Exchange::of(e);
        if (exchange.is_answered) return calixo_status{CALIXO_CONFLICT};
        exchange.is_answered = true;
        exchange.response.status = status;
        exchange.response.content_type = text_of(type);
        exchange.response.body = text_of(body);
        return calixo_status{CALIXO_OK};
      },
      &fail};
  return &kTable;
}

inline const calixo_db_v1* Tables::db() {
  // A transaction is known by its host: one at a time is enough, counts tell the rest.
  static const calixo_db_v1 kTable{
      [](const calixo_host* host, calixo_exchange*, std::uint32_t as, const calixo_statement* all,
         std::size_t count, calixo_result** results) {
        of(host).suspend();
        return of(host).db.run(as == CALIXO_DB_AS_SERVICE, false, all, count, results);
      },
      [](const calixo_host* host, calixo_exchange*, std::uint32_t options, calixo_tx** tx) {
        of(host).suspend();
        ++of(host).db.begun;
        of(host).db.options = options;
        *tx = reinterpret_cast<calixo_tx*>(&of(host));
        return calixo_status{CALIXO_OK};
      },
      [](const calixo_host* host, calixo_tx*, std::uint32_t as, const calixo_statement* all,
         std::size_t count, calixo_result** results) {
        of(host).suspend();
        return of(host).db.run(as == CALIXO_DB_AS_SERVICE, true, all, count, results);
      },
      [](const calixo_host*, calixo_tx* tx, calixo_result** failure) {
        FakeState& host = *reinterpret_cast<FakeState*>(tx);
        host.suspend();
        const calixo_status status = host.db.commit(failure);
        status == CALIXO_OK ? host.work.commit() : host.work.roll_back();
        return status;
      },
      [](const calixo_host*, calixo_tx* tx) {
        FakeState& host = *reinterpret_cast<FakeState*>(tx);
        host.suspend();
        host.work.roll_back();
        ++host.db.rolled_back;
      },
      &FakeDb::row_count,
      &FakeDb::column_count,
      &FakeDb::column_name,
      &FakeDb::value,
      &FakeDb::affected_rows,
      &FakeDb::error,
      &FakeDb::release};
  return &kTable;
}

inline const calixo_runtime_v1* Tables::runtime() {
  static const calixo_runtime_v1 kTable{
      [](const calixo_host* host) { return of(host).now_us; },
      [](const calixo_host* host) { return of(host).now_us; },
      [](const calixo_host* host, std::uint32_t duration_ms) {
        of(host).suspend();
        of(host).slept_ms.push_back(duration_ms);
        of(host).now_us += std::int64_t{duration_ms} * 1000;
        return of(host).wait_status;
      },
      [](const calixo_host* host, void (*work)(void*), void* user) {
        of(host).suspend();
        if (of(host).wait_status == CALIXO_OK) work(user);
        return of(host).wait_status;
      },
      [](const calixo_host* host) { return reinterpret_cast<calixo_mutex*>(new Mutex{&of(host)}); },
      [](calixo_mutex* handle) {
        auto& mutex = *reinterpret_cast<Mutex*>(handle);
        mutex.host->suspend();
        if (mutex.host->wait_status != CALIXO_OK) return mutex.host->wait_status;
        if (mutex.is_locked) std::abort();  // would wait for ever
        mutex.is_locked = true;
        ++mutex.host->mutexes_locked;
        return calixo_status{CALIXO_OK};
      },
      [](calixo_mutex* handle) {
        auto& mutex = *reinterpret_cast<Mutex*>(handle);
        mutex.is_locked = false;
        --mutex.host->mutexes_locked;
      },
      [](calixo_mutex* handle) { delete reinterpret_cast<Mutex*>(handle); }};
  return &kTable;
}

inline const calixo_log_v1* Tables::log() {
  static const calixo_log_v1 kTable{
      [](const calixo_host*, std::uint32_t) { return std::int32_t{1}; },
      [](const calixo_host* host, std::uint32_t level, calixo_str event, const calixo_field* fields,
         std::size_t count) {
        LogLine line{level, text_of(event), {}};
        for (std::size_t i = 0; i < count; ++i) {
          line.fields[text_of(fields[i].name)] = text_of(fields[i].value);
        }
        of(host).logs.push_back(std::move(line));
      },
      [](const calixo_host* host, calixo_str line) { of(host).notices.push_back(text_of(line)); }};
  return &kTable;
}

inline const calixo_config_v1* Tables::config() {
  static const calixo_config_v1 kTable{
      [](const calixo_host* host, calixo_str key, std::int32_t* value) {
        calixo_status status = CALIXO_OK;
        const std::string* text = value_of(host, key, CALIXO_KEY_BOOL, status);
        if (text != nullptr) *value = *text == "true" ? 1 : 0;
        return status;
      },
      [](const calixo_host* host, calixo_str key, std::int64_t* value) {
        calixo_status status = CALIXO_OK;
        const std::string* text = value_of(host, key, CALIXO_KEY_INT, status);
        if (text != nullptr) *value = std::strtoll(text->c_str(), nullptr, 10);
        return status;
      },
      [](const calixo_host* host, calixo_str key, double* value) {
        calixo_status status = CALIXO_OK;
        const std::string* text = value_of(host, key, CALIXO_KEY_REAL, status);
        if (text != nullptr) *value = std::strtod(text->c_str(), nullptr);
        return status;
      },
      [](const calixo_host* host, calixo_str key, char* buffer, std::size_t capacity,
         std::size_t* size) {
        calixo_status status = CALIXO_OK;
        const std::string* text = value_of(host, key, CALIXO_KEY_TEXT, status);
        if (text != nullptr) {
          std::memcpy(buffer, text->data(), std::min(capacity, text->size()));
          *size = text->size();
        }
        return status;
      }};
  return &kTable;
}

// Bodies are read from the request in parts, answers gathered whole; parking is not offered.
inline const calixo_stream_v1* Tables::stream() {
  using detail::Exchange;
  static const calixo_stream_v1 kTable{
      [](calixo_exchange* e, char* buffer, std::size_t capacity, std::size_t* size) {
        Exchange& exchange = Exchange::of(e);
        const std::string& body = exchange.request->body;
        *size = std::min(capacity, body.size() - exchange.body_read);
        std::memcpy(buffer, body.data() + exchange.body_read, *size);
        exchange.body_read += *size;
        return calixo_status{CALIXO_OK};
      },
      [](calixo_exchange* e, std::uint16_t status, calixo_str type, std::int64_t) {
        Exchange& exchange = Exchange::of(e);
        if (exchange.is_answered) return calixo_status{CALIXO_CONFLICT};
        exchange.is_answered = true;
        exchange.response.status = status;
        exchange.response.content_type = text_of(type);
        return calixo_status{CALIXO_OK};
      },
      [](calixo_exchange* e, calixo_str bytes) {
        if (Exchange::of(e).request->is_cancelled) return calixo_status{CALIXO_CANCELLED};
        Exchange::of(e).response.body += text_of(bytes);
        return calixo_status{CALIXO_OK};
      },
      [](calixo_exchange*) { return calixo_status{CALIXO_OK}; },
      [](calixo_exchange*, const calixo_stream_events*, void*, calixo_stream**) {
        return calixo_status{CALIXO_UNSUPPORTED};
      },
      [](calixo_stream*, calixo_str) { return calixo_status{CALIXO_UNSUPPORTED}; },
      [](calixo_stream*) {},
      [](calixo_stream*) {}};
  return &kTable;
}

}  // namespace calixo::testing
