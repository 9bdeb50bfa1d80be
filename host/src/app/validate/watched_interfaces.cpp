// The host's interfaces with every call that may fail led through HostCalls.
#include <calixo/abi/config.h>
#include <calixo/abi/db.h>
#include <calixo/abi/exchange.h>
#include <calixo/abi/extensions.h>
#include <calixo/abi/http_client.h>
#include <calixo/abi/log.h>
#include <calixo/abi/runtime.h>
#include <calixo/abi/stream.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "app/validate/host_calls.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/plugin_instance.hpp"

namespace calixo::host {
namespace {

using Statuses = std::array<calixo_status, 6>;
constexpr Statuses kDatabase{CALIXO_CANCELLED, CALIXO_TIMEOUT,  CALIXO_UNAVAILABLE,
                             CALIXO_LIMIT,     CALIXO_INTERNAL, CALIXO_SQL_ERROR};
constexpr std::array<calixo_status, 5> kBegin{CALIXO_CANCELLED, CALIXO_TIMEOUT, CALIXO_UNAVAILABLE,
                                              CALIXO_LIMIT, CALIXO_INTERNAL};
constexpr std::array<calixo_status, 4> kCommit{CALIXO_TIMEOUT, CALIXO_UNAVAILABLE, CALIXO_INTERNAL,
                                               CALIXO_SQL_ERROR};
constexpr std::array<calixo_status, 2> kWait{CALIXO_CANCELLED, CALIXO_TIMEOUT};
constexpr std::array<calixo_status, 2> kBlocking{CALIXO_UNAVAILABLE, CALIXO_LIMIT};
constexpr std::array<calixo_status, 4> kReading{CALIXO_NOT_FOUND, CALIXO_INVALID, CALIXO_DENIED,
                                                CALIXO_UNAVAILABLE};
constexpr std::array<calixo_status, 2> kRegistering{CALIXO_INVALID, CALIXO_CONFLICT};
constexpr std::array<calixo_status, 2> kAnswering{CALIXO_CONFLICT, CALIXO_INVALID};
constexpr std::array<calixo_status, 5> kStreaming{CALIXO_CANCELLED, CALIXO_TIMEOUT, CALIXO_LIMIT,
                                                  CALIXO_CONFLICT, CALIXO_INVALID};
constexpr std::array<calixo_status, 4> kAsking{CALIXO_CANCELLED, CALIXO_TIMEOUT, CALIXO_UNAVAILABLE,
                                               CALIXO_LIMIT};
constexpr std::array<calixo_status, 2> kSending{CALIXO_CANCELLED, CALIXO_WOULD_BLOCK};

constexpr HostCall kRun{"db.run", kDatabase, true};
constexpr HostCall kBeginCall{"db.begin", kBegin, true};
constexpr HostCall kRunIn{"db.run_in", kDatabase, true};
constexpr HostCall kCommitCall{"db.commit", kCommit, true};
constexpr HostCall kSleep{"runtime.sleep", kWait, true};
constexpr HostCall kRunBlocking{"runtime.run_blocking", kBlocking, true};
constexpr HostCall kLock{"runtime.mutex_lock", kWait, true};
constexpr HostCall kGetBool{"config.get_bool", kReading};
constexpr HostCall kGetInt{"config.get_int", kReading};
constexpr HostCall kGetReal{"config.get_real", kReading};
constexpr HostCall kGetText{"config.get_text", kReading};
constexpr HostCall kRoute{"registry.route", kRegistering};
constexpr HostCall kKey{"registry.key", kRegistering};
constexpr HostCall kMigration{"registry.migration", kRegistering};
constexpr HostCall kCommand{"registry.command", kRegistering};
constexpr HostCall kOffer{"registry.offer", kRegistering};
constexpr HostCall kNeed{"registry.need", kRegistering};
constexpr HostCall kDepend{"registry.depend", kRegistering};
constexpr HostCall kMessage{"registry.message", kRegistering};
constexpr HostCall kGrant{"registry.grant", kRegistering};
constexpr HostCall kDefine{"extensions.define", kRegistering};
constexpr HostCall kExtend{"extensions.extend", kRegistering};
constexpr HostCall kSetHeader{"exchange.set_header", kAnswering};
constexpr HostCall kAddHeader{"exchange.add_header", kAnswering};
constexpr HostCall kRespond{"exchange.respond", kAnswering};
constexpr HostCall kFail{"exchange.fail", kAnswering};
constexpr HostCall kRead{"stream.read", kStreaming, true};
constexpr HostCall kBeginAnswer{"stream.begin", kStreaming};
constexpr HostCall kWrite{"stream.write", kStreaming, true};
constexpr HostCall kEnd{"stream.end", kStreaming};
constexpr HostCall kPark{"stream.park", kStreaming};
constexpr HostCall kHttpSend{"http_client.send", kAsking, true};
constexpr HostCall kSend{"stream.send", kSending};

std::optional<calixo_status> arrive(const HostCall& call) {
  return HostCalls::instance().arrive(call);
}
HostCalls::Held& held() { return HostCalls::instance().held(); }

template <class Table>
const Table& real(const void* (*getter)()) {
  return *static_cast<const Table*>(getter());
}
const calixo_db_v1& real_db() { return real<calixo_db_v1>(&db_interface); }
const calixo_runtime_v1& real_runtime() { return real<calixo_runtime_v1>(&runtime_interface); }
const calixo_stream_v1& real_stream() { return real<calixo_stream_v1>(&stream_interface); }

// A member of a host's table that asks HostCalls first, for members that answer nothing but a
// status where they fail.
template <auto kMember, const void* (*kTable)(), const HostCall& kCall>
struct Watched;
template <class Table, class... A, calixo_status (*Table::*kMember)(A...), const void* (*kTable)(),
          const HostCall& kCall>
struct Watched<kMember, kTable, kCall> {
  static calixo_status call(A... arguments) {
    if (const auto failure = arrive(kCall)) return *failure;
    return (real<Table>(kTable).*kMember)(arguments...);
  }
};

const calixo_host* watched_host = nullptr;  // the plugin's latest

// Database ---------------------------------------------------------------------------------------

calixo_str division_by_zero() {
  static constexpr std::string_view kSql = "select 1/0";
  return {kSql.data(), kSql.size()};
}

// The same run with a first statement that the database refuses: a true SQL error and its results.
std::vector<calixo_statement> refused(const calixo_statement* statements, std::size_t count) {
  std::vector<calixo_statement> all(statements, statements + count);
  if (!all.empty()) all.front() = {division_by_zero(), nullptr, 0};
  return all;
}

void count_results(calixo_result** results, std::size_t count) {
  held().results +=
      std::count_if(results, results + count, [](auto* one) { return one != nullptr; });
}

template <class Run>
calixo_status watched_run(const HostCall& call, const calixo_statement* statements,
                          std::size_t count, calixo_result** results, Run real_run) {
  const auto failure = arrive(call);
  if (failure && *failure != CALIXO_SQL_ERROR) {
    std::fill_n(results, count, nullptr);
    return *failure;
  }
  const calixo_status status =
      failure ? real_run(refused(statements, count).data()) : real_run(statements);
  count_results(results, count);
  return status;
}

calixo_status run(const calixo_host* host, calixo_exchange* exchange, std::uint32_t as,
                  const calixo_statement* statements, std::size_t count, calixo_result** results) {
  return watched_run(kRun, statements, count, results, [&](const calixo_statement* sent) {
    return real_db().run(host, exchange, as, sent, count, results);
  });
}

calixo_status run_in(const calixo_host* host, calixo_tx* tx, std::uint32_t as,
                     const calixo_statement* statements, std::size_t count,
                     calixo_result** results) {
  return watched_run(kRunIn, statements, count, results, [&](const calixo_statement* sent) {
    return real_db().run_in(host, tx, as, sent, count, results);
  });
}

calixo_status begin(const calixo_host* host, calixo_exchange* exchange, std::uint32_t options,
                    calixo_tx** tx) {
  *tx = nullptr;
  if (const auto failure = arrive(kBeginCall)) return *failure;
  const calixo_status status = real_db().begin(host, exchange, options, tx);
  if (status == CALIXO_OK) ++held().transactions;
  return status;
}

calixo_status commit(const calixo_host* host, calixo_tx* tx, calixo_result** failed) {
  *failed = nullptr;
  const auto failure = arrive(kCommitCall);
  --held().transactions;
  if (!failure) {
    const calixo_status status = real_db().commit(host, tx, failed);
    count_results(failed, 1);
    return status;
  }
  if (*failure == CALIXO_SQL_ERROR) {
    const calixo_statement statement{division_by_zero(), nullptr, 0};
    real_db().run_in(host, tx, CALIXO_DB_AS_SERVICE, &statement, 1, failed);
    count_results(failed, 1);
  }
  real_db().rollback(host, tx);  // what failed to commit did not take effect
  return *failure;
}

void rollback(const calixo_host* host, calixo_tx* tx) {
  --held().transactions;
  real_db().rollback(host, tx);
}

void release(calixo_result* result) {
  if (result != nullptr) --held().results;
  real_db().release(result);
}

const void* watched_db() {
  static const calixo_db_v1 kTable = [] {
    calixo_db_v1 table = real_db();
    table.run = &run;
    table.begin = &begin;
    table.run_in = &run_in;
    table.commit = &commit;
    table.rollback = &rollback;
    table.release = &release;
    return table;
  }();
  return &kTable;
}

// The others --------------------------------------------------------------------------------------

calixo_status lock(calixo_mutex* mutex) {
  if (const auto failure = arrive(kLock)) return *failure;
  const calixo_status status = real_runtime().mutex_lock(mutex);
  if (status == CALIXO_OK) ++held().mutexes;
  return status;
}
void unlock(calixo_mutex* mutex) {
  --held().mutexes;
  real_runtime().mutex_unlock(mutex);
}

const void* watched_runtime() {
  static const calixo_runtime_v1 kTable = [] {
    calixo_runtime_v1 table = real_runtime();
    table.sleep = &Watched<&calixo_runtime_v1::sleep, &runtime_interface, kSleep>::call;
    table.run_blocking =
        &Watched<&calixo_runtime_v1::run_blocking, &runtime_interface, kRunBlocking>::call;
    table.mutex_lock = &lock;
    table.mutex_unlock = &unlock;
    return table;
  }();
  return &kTable;
}

calixo_status read(calixo_exchange* exchange, char* buffer, std::size_t capacity,
                   std::size_t* size) {
  *size = 0;
  if (const auto failure = arrive(kRead)) return *failure;
  return real_stream().read(exchange, buffer, capacity, size);
}
calixo_status park(calixo_exchange* exchange, const calixo_stream_events* events, void* user,
                   calixo_stream** stream) {
  *stream = nullptr;
  if (const auto failure = arrive(kPark)) return *failure;
  return real_stream().park(exchange, events, user, stream);
}

const void* watched_stream() {
  static const calixo_stream_v1 kTable = [] {
    calixo_stream_v1 table = real_stream();
    table.read = &read;
    table.begin = &Watched<&calixo_stream_v1::begin, &stream_interface, kBeginAnswer>::call;
    table.write = &Watched<&calixo_stream_v1::write, &stream_interface, kWrite>::call;
    table.end = &Watched<&calixo_stream_v1::end, &stream_interface, kEnd>::call;
    table.park = &park;
    table.send = &Watched<&calixo_stream_v1::send, &stream_interface, kSend>::call;
    return table;
  }();
  return &kTable;
}

const void* watched_exchange() {
  static const calixo_exchange_v1 kTable = [] {
    using Table = calixo_exchange_v1;
    Table table = real<Table>(&exchange_interface);
    table.set_header = &Watched<&Table::set_header, &exchange_interface, kSetHeader>::call;
    table.add_header = &Watched<&Table::add_header, &exchange_interface, kAddHeader>::call;
    table.respond = &Watched<&Table::respond, &exchange_interface, kRespond>::call;
    table.fail = &Watched<&Table::fail, &exchange_interface, kFail>::call;
    return table;
  }();
  return &kTable;
}

const void* watched_config() {
  static const calixo_config_v1 kTable{
      &Watched<&calixo_config_v1::get_bool, &config_interface, kGetBool>::call,
      &Watched<&calixo_config_v1::get_int, &config_interface, kGetInt>::call,
      &Watched<&calixo_config_v1::get_real, &config_interface, kGetReal>::call,
      &Watched<&calixo_config_v1::get_text, &config_interface, kGetText>::call};
  return &kTable;
}

const void* watched_registry() {
  static const calixo_registry_v1 kTable = [] {
    using Table = calixo_registry_v1;
    Table table = real<Table>(&registry_interface);
    table.route = &Watched<&Table::route, &registry_interface, kRoute>::call;
    table.key = &Watched<&Table::key, &registry_interface, kKey>::call;
    table.migration = &Watched<&Table::migration, &registry_interface, kMigration>::call;
    table.command = &Watched<&Table::command, &registry_interface, kCommand>::call;
    table.offer = &Watched<&Table::offer, &registry_interface, kOffer>::call;
    table.need = &Watched<&Table::need, &registry_interface, kNeed>::call;
    table.depend = &Watched<&Table::depend, &registry_interface, kDepend>::call;
    table.message = &Watched<&Table::message, &registry_interface, kMessage>::call;
    table.grant = &Watched<&Table::grant, &registry_interface, kGrant>::call;
    return table;
  }();
  return &kTable;
}

const void* watched_extensions() {
  static const calixo_extensions_v1 kTable = [] {
    using Table = calixo_extensions_v1;
    Table table = real<Table>(&extensions_interface);
    table.define = &Watched<&Table::define, &extensions_interface, kDefine>::call;
    table.extend = &Watched<&Table::extend, &extensions_interface, kExtend>::call;
    return table;
  }();
  return &kTable;
}

calixo_status send_request(const calixo_host* host, const calixo_http_request* request,
                           calixo_http_answer** answer) {
  *answer = nullptr;
  if (const auto failure = arrive(kHttpSend)) return *failure;
  return real<calixo_http_client_v1>(&http_client_interface).send(host, request, answer);
}

const void* watched_http_client() {
  static const calixo_http_client_v1 kTable = [] {
    calixo_http_client_v1 table = real<calixo_http_client_v1>(&http_client_interface);
    table.send = &send_request;
    return table;
  }();
  return &kTable;
}

void write(const calixo_host* host, std::uint32_t level, calixo_str event,
           const calixo_field* fields, std::size_t count) {
  constexpr std::size_t kBytesMax = 300;
  if (level >= CALIXO_LOG_ERROR) {
    std::string line = copy(event);
    for (std::size_t i = 0; i < count; ++i) {
      line += " " + copy(fields[i].name) + "=" + copy(fields[i].value);
    }
    HostCalls::instance().take_error(line.substr(0, kBytesMax));
  }
  real<calixo_log_v1>(&log_interface).write(host, level, event, fields, count);
}

const void* watched_log() {
  static const calixo_log_v1 kTable = [] {
    calixo_log_v1 table = real<calixo_log_v1>(&log_interface);
    table.write = &write;
    return table;
  }();
  return &kTable;
}

std::string watched_file;

const void* watched_interface(const calixo_host* host, const char* id) {
  using Getter = const void* (*)();
  static constexpr std::pair<std::string_view, Getter> kWatched[] = {
      {CALIXO_DB_ID, &watched_db},
      {CALIXO_RUNTIME_ID, &watched_runtime},
      {CALIXO_STREAM_ID, &watched_stream},
      {CALIXO_EXCHANGE_ID, &watched_exchange},
      {CALIXO_CONFIG_ID, &watched_config},
      {CALIXO_REGISTRY_ID, &watched_registry},
      {CALIXO_EXTENSIONS_ID, &watched_extensions},
      {CALIXO_HTTP_CLIENT_ID, &watched_http_client},
      {CALIXO_LOG_ID, &watched_log},
  };
  if (id != nullptr && PluginInstance::of(host).file == watched_file) {
    watched_host = host;
    for (const auto& [known, getter] : kWatched) {
      if (known == id) return getter();
    }
  }
  return host_interface(host, id);
}

}  // namespace

void watch_calls_of(const std::string& file) {
  watched_file = file;
  set_interface_source(&watched_interface);
}

}  // namespace calixo::host
