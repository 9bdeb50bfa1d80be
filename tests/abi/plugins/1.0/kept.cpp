// A plugin as a third party built it with the SDK of 1.0: every later 1.x server loads the kept
// binary and answers its routes as ever. It takes what a plugin of its time took: each interface.
#include <calixo/plugin.hpp>

#include <array>
#include <stdexcept>

#include "kept.h"

using calixo::Context;
using calixo::Problem;
using calixo::Transaction;

namespace {

struct Wanted {
  std::string name;
  std::int32_t times = 1;
};
BOOST_DESCRIBE_STRUCT(Wanted, (), (name, times))
CALIXO_RULES(Wanted) {
  rules.at<&Wanted::name>().length(1, 20);
  rules.at<&Wanted::times>().range(1, 100);
}

struct Said {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Said, (), (text))

struct Count {
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(Count, (), (count))

constexpr std::string_view kCount = "select count(*) as count from " KEPT_ID "_entries";
constexpr std::string_view kInsert = "insert into " KEPT_ID "_entries (text) values ($1)";
constexpr std::size_t kPartBytes = 10'000;

Said answer(Context&, const Wanted& wanted) {
  std::string text;
  for (std::int32_t i = 0; i < wanted.times; ++i) text += wanted.name;
  return {text};
}

Said read_row(Context& context, const Wanted& wanted) {
  return {context.db().query("select $1::text || '!' as text", wanted.name)[0].get<std::string>(
      "text")};
}

// What the transaction itself sees when it ends.
Count add_entries(Context& context, const Wanted& wanted) {
  return context.service_transaction([&](Transaction& tx) {
    for (std::int32_t i = 0; i < wanted.times; ++i) tx.execute(kInsert, wanted.name);
    calixo::require(wanted.name != "undone", Problem(409, "kept_undone"));
    return Count{tx.query(kCount)[0].get<std::int64_t>("count")};
  });
}

Count count_entries(Context& context) {
  return {context.service_db().query(kCount)[0].get<std::int64_t>("count")};
}

// A statement that the database refuses, told by its kind.
Said refused(Context& context) {
  try {
    context.service_db().query(kInsert, std::string(100, 'x'));
  } catch (const calixo::DbError& error) {
    return {std::string(error.sqlstate())};
  }
  return {"nothing"};
}

// Suspends while an exception is in hand, in a lock, and asks a worker thread.
class Waiting {
 public:
  explicit Waiting(const calixo::Plugin& plugin) : mutex_(plugin) {}
  Said wait_in_catch(Context& context, const Wanted& wanted) {
    try {
      throw std::runtime_error(wanted.name);
    } catch (const std::exception&) {
      context.sleep(5);
      const auto lock = mutex_.lock();
      context.db().query("select 1");
      try {
        throw;  // still this request's own
      } catch (const std::exception& again) {
        return {context.run_blocking([&] { return again.what() + std::string("?"); })};
      }
    }
  }

 private:
  calixo::Mutex mutex_;
};

void stream_out(Context& context, const Wanted& wanted) {
  context.stream().begin(200, "application/octet-stream");
  const std::string part(kPartBytes, 'k');
  for (std::int32_t i = 0; i < wanted.times; ++i) context.stream().write(part);
  context.stream().end();
}

Count stream_in(Context& context) {
  Count counted;
  std::array<char, 1000> buffer;
  while (const std::size_t size = context.stream().read(buffer)) {
    counted.count += static_cast<std::int64_t>(size);
  }
  return counted;
}

// An answer that goes on without a fiber, and is closed from its handler.
void park(Context& context) {
  context.stream().begin(200, "text/event-stream");
  calixo::ParkedStream parked = context.stream().park({});
  parked.send("data: parked\n\n");
  parked.close();
}

std::int32_t letters() { return sizeof KEPT_ID - 1; }
constexpr kept_greeter_v1 kGreeter{&letters};

}  // namespace

CALIXO_PLUGIN(KEPT_ID, "1.0.0", plugin) {
  plugin.migration(1, "0001_create_entries.sql",
                   "create table " KEPT_ID
                   "_entries (id bigint generated always as identity primary key,"
                   " text text not null check (length(text) < 50));"
                   "alter table " KEPT_ID
                   "_entries enable row level security;"
                   "alter table " KEPT_ID
                   "_entries force row level security;"
                   "create policy service on " KEPT_ID
                   "_entries using ((select auth.role()) = 'service_role')"
                   " with check ((select auth.role()) = 'service_role');"
                   "grant select, insert on " KEPT_ID "_entries to calixo_" KEPT_ID ";");
  const calixo::Setting<std::int64_t> limit = plugin.key<std::int64_t>(KEPT_ID ".limit", 7);
  plugin.message("kept_undone", {"deshecho", "undone"});
  plugin.get("/" KEPT_ID "/answer", &answer).summary("Answers");
  plugin.get("/" KEPT_ID "/row", &read_row);
  plugin.post("/" KEPT_ID "/entries", &add_entries);
  plugin.get("/" KEPT_ID "/entries", &count_entries);
  plugin.get("/" KEPT_ID "/refused", &refused);
  auto& waiting = plugin.own<Waiting>(plugin);
  plugin.get("/" KEPT_ID "/catch", calixo::bind(waiting, &Waiting::wait_in_catch));
  plugin.get("/" KEPT_ID "/thread", &read_row).exec_thread();
  plugin.get("/" KEPT_ID "/stream", &stream_out).produces("application/octet-stream");
  plugin.put("/" KEPT_ID "/stream", &stream_in).stream_body().consumes("application/octet-stream");
  plugin.get("/" KEPT_ID "/park", &park).produces("text/event-stream");
  plugin.get("/" KEPT_ID "/limit", [limit](Context&) { return Count{limit.get()}; });
  const auto sum = plugin.need<kept_sum_v1>(KEPT_SUM_ID, calixo::Need::required);
  plugin.get("/" KEPT_ID "/sum", [sum](Context&) { return Count{sum->add(2, 3)}; });
  plugin.extend(KEPT_GREETER_ID, KEPT_ID, &kGreeter);
}
