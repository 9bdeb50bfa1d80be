// What a plugin in C may get wrong, called as it would: the host refuses it and stays alive.
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
#include <calixo/abi/token_verifier.h>
#include <gmock/gmock.h>

#include <cstring>
#include <random>

#include "config/configuration.hpp"
#include "plugin/plugin_instance.hpp"
#include "plugin/registering.hpp"
#include "plugin/tx_handle.hpp"

namespace calixo::host {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class HostTables : public testing::Test {
 protected:
  HostTables() {
    plugin_.name = "tried";
    plugin_.context = &context_;
    plugin_.handle = {&host_interface, &plugin_};
    plugin_.is_describing = true;
    context_.configuration = &configuration_;
  }
  template <class Table>
  const Table& table(const char* id) {
    return *static_cast<const Table*>(host()->get_interface(host(), id));
  }
  const calixo_registry_v1& registry() { return table<calixo_registry_v1>(CALIXO_REGISTRY_ID); }
  const calixo_host* host() const { return &plugin_.handle; }
  const std::vector<std::string>& refusals() const { return plugin_.registrations.refusals; }

  Configuration configuration_;
  HostContext context_;
  PluginInstance plugin_;
};

calixo_str text(std::string_view words) { return {words.data(), words.size()}; }

template <class Struct>
Struct sized(std::uint32_t size = sizeof(Struct)) {
  Struct made{};
  made.struct_size = size;
  return made;
}

TEST_F(HostTables, RefuseAStructThatIsNull) {
  EXPECT_EQ(registry().route(host(), nullptr), CALIXO_INVALID);
  EXPECT_EQ(registry().key(host(), nullptr), CALIXO_INVALID);
  EXPECT_EQ(registry().migration(host(), nullptr), CALIXO_INVALID);
  EXPECT_EQ(registry().command(host(), nullptr), CALIXO_INVALID);
  EXPECT_EQ(registry().grant(host(), nullptr), CALIXO_INVALID);
  EXPECT_THAT(refusals(), AllOf(SizeIs(5), Contains("route: the struct is NULL")));
}

TEST_F(HostTables, RefuseAStructWhoseSizeIsTooSmall) {
  for (const std::uint32_t size : {0u, 1u, 4u, 15u}) {
    const auto route = sized<calixo_route>(size);
    const auto key = sized<calixo_key>(size);
    const auto migration = sized<calixo_migration>(size);
    const auto command = sized<calixo_command>(size);
    const auto grant = sized<calixo_grant>(size);
    EXPECT_EQ(registry().route(host(), &route), CALIXO_INVALID);
    EXPECT_EQ(registry().key(host(), &key), CALIXO_INVALID);
    EXPECT_EQ(registry().migration(host(), &migration), CALIXO_INVALID);
    EXPECT_EQ(registry().command(host(), &command), CALIXO_INVALID);
    EXPECT_EQ(registry().grant(host(), &grant), CALIXO_INVALID);
  }
  EXPECT_THAT(refusals(), Contains(HasSubstr("struct_size is 0, at least")));
}

TEST_F(HostTables, RefuseStructsWithAbsentViews) {
  const auto route = sized<calixo_route>();
  const auto key = sized<calixo_key>();
  const auto migration = sized<calixo_migration>();
  const auto command = sized<calixo_command>();
  const auto grant = sized<calixo_grant>();
  EXPECT_EQ(registry().route(host(), &route), CALIXO_INVALID);
  EXPECT_EQ(registry().key(host(), &key), CALIXO_INVALID);
  EXPECT_EQ(registry().migration(host(), &migration), CALIXO_INVALID);
  EXPECT_EQ(registry().command(host(), &command), CALIXO_INVALID);
  EXPECT_EQ(registry().grant(host(), &grant), CALIXO_INVALID);
  EXPECT_EQ(registry().offer(host(), {nullptr, 0}, &route), CALIXO_INVALID);
  EXPECT_EQ(registry().offer(host(), text("a/1"), nullptr), CALIXO_INVALID);
  EXPECT_EQ(registry().need(host(), {nullptr, 7}, 1), CALIXO_INVALID);
  EXPECT_EQ(registry().depend(host(), {nullptr, 0}), CALIXO_INVALID);
  EXPECT_EQ(registry().message(host(), {nullptr, 0}, text("es"), text("x")), CALIXO_INVALID);
  const auto& extensions = table<calixo_extensions_v1>(CALIXO_EXTENSIONS_ID);
  EXPECT_EQ(extensions.define(host(), {nullptr, 0}), CALIXO_INVALID);
  EXPECT_EQ(extensions.extend(host(), text("p/1"), text("n"), nullptr, {nullptr, 0}),
            CALIXO_INVALID);
  EXPECT_EQ(extensions.each(host(), text("p/1"), nullptr, nullptr), CALIXO_INVALID);
}

TEST_F(HostTables, RefuseRequestsToOtherServersThatAreNone) {
  const auto& client = table<calixo_http_client_v1>(CALIXO_HTTP_CLIENT_ID);
  calixo_http_answer* answer = reinterpret_cast<calixo_http_answer*>(this);
  EXPECT_EQ(client.send(host(), nullptr, &answer), CALIXO_INVALID);
  EXPECT_EQ(answer, nullptr);
  const auto small = sized<calixo_http_request>(8);
  EXPECT_EQ(client.send(host(), &small, &answer), CALIXO_INVALID);
  auto headless = sized<calixo_http_request>();
  headless.header_count = 1;
  EXPECT_EQ(client.send(host(), &headless, &answer), CALIXO_INVALID);
  const auto whole = sized<calixo_http_request>();
  EXPECT_EQ(client.send(host(), &whole, nullptr), CALIXO_INVALID);
  EXPECT_EQ(client.send(host(), &whole, &answer), CALIXO_UNAVAILABLE);  // no client yet
  EXPECT_EQ(client.status(nullptr), 0);
  EXPECT_EQ(client.header(nullptr, text("X")).data, nullptr);
  EXPECT_EQ(client.body(nullptr).data, nullptr);
  client.release(nullptr);
}

TEST_F(HostTables, TakeARouteOfOnlyWhatItNeeds) {
  auto route = sized<calixo_route>();
  route.method = text("GET");
  route.path = text("/bare");
  route.handle = [](void*, calixo_exchange*) {};
  EXPECT_EQ(registry().route(host(), &route), CALIXO_OK);
  EXPECT_THAT(refusals(), IsEmpty());
}

TEST_F(HostTables, RefuseRegistrationsOutsideOfDescribe) {
  plugin_.is_describing = false;
  const auto route = sized<calixo_route>();
  EXPECT_EQ(registry().route(host(), &route), CALIXO_CONFLICT);
  EXPECT_EQ(registry().need(host(), text("a/1"), 1), CALIXO_CONFLICT);
  EXPECT_EQ(registry().depend(nullptr, text("a")), CALIXO_INVALID);
}

TEST_F(HostTables, BoundHowMuchOnePluginRegisters) {
  std::size_t taken = 0;
  while (taken <= kRegistrationsMax && registry().need(host(), text("a/1"), 0) == CALIXO_OK) {
    ++taken;
  }
  EXPECT_EQ(taken, kRegistrationsMax);
  EXPECT_EQ(registry().need(host(), text("a/1"), 0), CALIXO_LIMIT);
  for (int i = 0; i < 1000; ++i) registry().depend(host(), text("x"));
  EXPECT_THAT(refusals(), SizeIs(kRefusalsMax));
}

TEST_F(HostTables, RefuseCountsThatNoMemoryHolds) {
  const auto& db = table<calixo_db_v1>(CALIXO_DB_ID);
  calixo_statement statement{text("select 1"), nullptr, 0};
  calixo_result* result = nullptr;
  for (const std::size_t count : {std::size_t{0}, std::size_t{65}, SIZE_MAX}) {
    EXPECT_EQ(db.run(host(), nullptr, CALIXO_DB_AS_SERVICE, &statement, count, &result),
              CALIXO_INVALID);
    EXPECT_EQ(db.run_in(host(), nullptr, CALIXO_DB_AS_SERVICE, &statement, count, &result),
              CALIXO_INVALID);
  }
  EXPECT_EQ(db.run(host(), nullptr, CALIXO_DB_AS_SERVICE, nullptr, 1, &result), CALIXO_INVALID);
  EXPECT_EQ(db.run(host(), nullptr, CALIXO_DB_AS_SERVICE, &statement, 1, nullptr), CALIXO_INVALID);
  EXPECT_EQ(db.run(host(), nullptr, 2, &statement, 1, &result), CALIXO_INVALID);
  EXPECT_EQ(db.run(nullptr, nullptr, CALIXO_DB_AS_CALLER, &statement, 1, &result), CALIXO_INVALID);
  const auto& log = table<calixo_log_v1>(CALIXO_LOG_ID);
  const calixo_field field{text("name"), {nullptr, 0}};
  log.write(host(), CALIXO_LOG_ERROR, {nullptr, 0}, nullptr, SIZE_MAX);
  log.write(host(), UINT32_MAX, text("host tables test"), &field, 1);
}

TEST_F(HostTables, RefuseNullHandles) {
  const auto& db = table<calixo_db_v1>(CALIXO_DB_ID);
  calixo_statement statement{text("select 1"), nullptr, 0};
  calixo_result* result = nullptr;
  EXPECT_EQ(db.run_in(host(), nullptr, CALIXO_DB_AS_CALLER, &statement, 1, &result),
            CALIXO_INVALID);
  EXPECT_EQ(db.begin(host(), nullptr, 0, nullptr), CALIXO_INVALID);
  EXPECT_EQ(db.commit(host(), nullptr, &result), CALIXO_INVALID);
  db.rollback(host(), nullptr);
  db.error(nullptr, nullptr);
  db.release(nullptr);
  EXPECT_EQ(db.value(nullptr, 0, 0).data, nullptr);

  const auto& exchange = table<calixo_exchange_v1>(CALIXO_EXCHANGE_ID);
  EXPECT_EQ(exchange.method(nullptr).data, nullptr);
  EXPECT_EQ(exchange.header(nullptr, text("a")).data, nullptr);
  EXPECT_EQ(exchange.principal(nullptr), nullptr);
  EXPECT_EQ(exchange.respond(nullptr, 200, {nullptr, 0}, {nullptr, 0}), CALIXO_INVALID);
  EXPECT_EQ(exchange.fail(nullptr, nullptr), CALIXO_INVALID);

  const auto& stream = table<calixo_stream_v1>(CALIXO_STREAM_ID);
  EXPECT_EQ(stream.park(nullptr, nullptr, nullptr, nullptr), CALIXO_INVALID);
  EXPECT_EQ(stream.send(nullptr, {nullptr, 0}), CALIXO_INVALID);
  stream.close(nullptr);
  stream.release(nullptr);

  const auto& runtime = table<calixo_runtime_v1>(CALIXO_RUNTIME_ID);
  EXPECT_EQ(runtime.run_blocking(host(), nullptr, nullptr), CALIXO_INVALID);
  EXPECT_EQ(runtime.mutex_lock(nullptr), CALIXO_INVALID);
  runtime.mutex_unlock(nullptr);
  runtime.mutex_destroy(nullptr);

  const auto& config = table<calixo_config_v1>(CALIXO_CONFIG_ID);
  EXPECT_EQ(config.get_int(host(), {nullptr, 0}, nullptr), CALIXO_INVALID);
  EXPECT_EQ(config.get_text(host(), text("log.level"), nullptr, 10, nullptr), CALIXO_INVALID);
  EXPECT_EQ(table<calixo_services_v1>(CALIXO_SERVICES_ID).find(host(), {nullptr, 0}), nullptr);
}

TEST_F(HostTables, LetOnlyWhoBeganATransactionEndIt) {
  const auto& db = table<calixo_db_v1>(CALIXO_DB_ID);
  PluginInstance other;
  other.handle = {interface_source(), &other};
  calixo_tx tx;
  tx.owner = &other.handle;
  calixo_result* failure = nullptr;
  EXPECT_EQ(db.commit(host(), &tx, &failure), CALIXO_DENIED);
  EXPECT_TRUE(tx.was_ended);
  db.rollback(host(), &tx);
  EXPECT_EQ(db.commit(nullptr, &tx, &failure), CALIXO_DENIED);
  tx.owner = nullptr;  // the host's own, lent to a delivery or a job
  EXPECT_EQ(db.commit(host(), &tx, &failure), CALIXO_DENIED);
}

TEST_F(HostTables, RefuseEventsAndJobsThatAreNone) {
  const auto& events = table<calixo_events_v1>(CALIXO_EVENTS_ID);
  const auto& jobs = table<calixo_jobs_v1>(CALIXO_JOBS_ID);
  const auto topic = sized<calixo_topic>(0);
  const auto subscription = sized<calixo_subscription>();
  const auto job = sized<calixo_job>(3);
  EXPECT_EQ(events.declare(host(), nullptr), CALIXO_INVALID);
  EXPECT_EQ(events.declare(host(), &topic), CALIXO_INVALID);
  EXPECT_EQ(events.subscribe(host(), nullptr), CALIXO_INVALID);
  EXPECT_EQ(events.subscribe(host(), &subscription), CALIXO_INVALID);
  EXPECT_EQ(jobs.declare(host(), nullptr), CALIXO_INVALID);
  EXPECT_EQ(jobs.declare(host(), &job), CALIXO_INVALID);
  EXPECT_EQ(events.publish(host(), nullptr, {nullptr, 0}, {nullptr, 0}, {nullptr, 0}, nullptr),
            CALIXO_INVALID);
  EXPECT_EQ(jobs.enqueue(host(), nullptr, {nullptr, 0}, {nullptr, 0}, {nullptr, 0}, 0, nullptr),
            CALIXO_INVALID);
  EXPECT_THAT(refusals(), SizeIs(6));
}

TEST_F(HostTables, RefuseStatementsForLaterThatAreNone) {
  const auto& deferred = table<calixo_deferred_v1>(CALIXO_DEFERRED_ID);
  const auto& rows = table<calixo_deferred_rows_v1>(CALIXO_DEFERRED_ROWS_ID);
  calixo_tx tx;
  const calixo_str value = text("1");
  const calixo_statement row{text("select $1::int[]"), &value, 1};
  const calixo_statement bare{text("select 1"), nullptr, 0};
  const calixo_statement lost{text("select $1::int[]"), nullptr, 1};
  const calixo_statement endless{text("select 1"), &value, 1'001};
  const std::uint32_t nobody = CALIXO_DB_AS_SERVICE + 1;
  EXPECT_EQ(deferred.run_later(nullptr, &tx, 0, &bare, 1), CALIXO_INVALID);
  EXPECT_EQ(deferred.run_later(host(), nullptr, 0, &bare, 1), CALIXO_INVALID);
  EXPECT_EQ(deferred.run_later(host(), &tx, 0, nullptr, 1), CALIXO_INVALID);
  EXPECT_EQ(deferred.run_later(host(), &tx, 0, &lost, 1), CALIXO_INVALID);
  EXPECT_EQ(rows.run_row_later(nullptr, &tx, 0, &row), CALIXO_INVALID);
  EXPECT_EQ(rows.run_row_later(host(), nullptr, 0, &row), CALIXO_INVALID);
  EXPECT_EQ(rows.run_row_later(host(), &tx, 0, nullptr), CALIXO_INVALID);
  EXPECT_EQ(rows.run_row_later(host(), &tx, nobody, &row), CALIXO_INVALID);
  EXPECT_EQ(rows.run_row_later(host(), &tx, 0, &bare), CALIXO_INVALID);
  EXPECT_EQ(rows.run_row_later(host(), &tx, 0, &lost), CALIXO_INVALID);
  EXPECT_EQ(rows.run_row_later(host(), &tx, 0, &endless), CALIXO_LIMIT);
}

TEST_F(HostTables, RefuseSignalsThatAreNone) {
  const auto& signals = table<calixo_signals_v1>(CALIXO_SIGNALS_ID);
  const auto nameless = sized<calixo_signal>();
  const auto too_short = sized<calixo_signal>(3);
  EXPECT_EQ(signals.declare(host(), nullptr), CALIXO_INVALID);
  EXPECT_EQ(signals.declare(host(), &nameless), CALIXO_INVALID);
  EXPECT_EQ(signals.declare(host(), &too_short), CALIXO_INVALID);
  EXPECT_THAT(refusals(), SizeIs(3));
  calixo_result* failure = nullptr;
  EXPECT_EQ(signals.send(host(), nullptr, text("changes"), nullptr), CALIXO_INVALID);
  EXPECT_EQ(signals.send(host(), nullptr, text("changes"), &failure), CALIXO_UNAVAILABLE);
}

TEST_F(HostTables, LetOnlyTheVerifierHaveCallersForgotten) {
  const auto& principals = table<calixo_principals_v1>(CALIXO_PRINCIPALS_ID);
  const std::uint64_t before = plugin_.context->principals->epoch();
  EXPECT_EQ(principals.forget(host(), text("ana")), CALIXO_DENIED);
  EXPECT_EQ(principals.forget_all(host()), CALIXO_DENIED);
  EXPECT_EQ(plugin_.context->principals->epoch(), before);
  plugin_.registrations.offers.push_back({CALIXO_TOKEN_VERIFIER_ID, &principals});
  EXPECT_EQ(principals.forget(host(), text("")), CALIXO_INVALID);
  EXPECT_EQ(principals.forget(host(), text("ana")), CALIXO_OK);
  EXPECT_EQ(plugin_.context->principals->since(before).ids, std::vector<std::string>{"ana"});
  EXPECT_EQ(principals.forget_all(host()), CALIXO_OK);
  EXPECT_EQ(principals.forget_all(nullptr), CALIXO_INVALID);
}

TEST_F(HostTables, RememberTheInterfacesAskedForInVain) {
  EXPECT_EQ(host()->get_interface(host(), "calixo.future/1"), nullptr);
  EXPECT_EQ(host()->get_interface(host(), "calixo.future/1"), nullptr);
  EXPECT_EQ(host()->get_interface(host(), nullptr), nullptr);
  for (int i = 0; i < 100; ++i) host()->get_interface(host(), std::to_string(i).c_str());
  EXPECT_THAT(plugin_.missing_interfaces, SizeIs(testing::Le(8u)));
  EXPECT_THAT(missing_interfaces_text(plugin_, "because"),
              AllOf(HasSubstr("has no calixo.future/1, 0"), HasSubstr("upgrade the server")));
  EXPECT_THAT(missing_interfaces_text(plugin_, "no calixo.future/1"),
              testing::Not(HasSubstr("calixo.future/1")));
}

// Structs of random bytes, with views of random texts or none: taken or refused, never a crash, and
// what was refused is told.
TEST_F(HostTables, WithstandStructsOfRandomBytes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  static constexpr std::string_view kTexts[] = {"",    "GET",      "/a/{id:int}", "{",     "\0",
                                                "a.b", "\xff\xfe", "one|two|",    "select"};
  const auto fill = [&]<class Struct>(Struct& wanted, auto... views) {
    auto* bytes = reinterpret_cast<unsigned char*>(&wanted);
    for (std::size_t i = 0; i < sizeof wanted; ++i) bytes[i] = static_cast<unsigned char>(random());
    wanted.struct_size = random() % 4 == 0 ? random() % 64 : sizeof wanted;
    (..., (wanted.*views = random() % 3 == 0 ? calixo_str{nullptr, random()}
                                             : text(kTexts[random() % std::size(kTexts)])));
  };
  for (int round = 0; round < 20'000; ++round) {
    plugin_.registrations = {};
    calixo_route route;
    fill(route, &calixo_route::method, &calixo_route::path, &calixo_route::summary,
         &calixo_route::tag, &calixo_route::operation_id, &calixo_route::consumes,
         &calixo_route::produces, &calixo_route::query_schema, &calixo_route::request_schema,
         &calixo_route::response_schema, &calixo_route::problem_codes);
    calixo_key key;
    fill(key, &calixo_key::name, &calixo_key::default_value, &calixo_key::description,
         &calixo_key::choices);
    calixo_grant grant;
    fill(grant, &calixo_grant::table, &calixo_grant::privilege, &calixo_grant::columns,
         &calixo_grant::reason);
    int refused = 0;
    refused += registry().route(host(), &route) != CALIXO_OK;
    refused += registry().key(host(), &key) != CALIXO_OK;
    refused += registry().grant(host(), &grant) != CALIXO_OK;
    ASSERT_THAT(refusals(), SizeIs(refused));
  }
}

}  // namespace
}  // namespace calixo::host
