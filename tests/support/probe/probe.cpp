// What scenario tests ask of the host through the SDK: streams, parked answers, worker threads,
// waiting inside a catch block, a held loop, a service in the caller's transaction.
#include <calixo/plugin.hpp>

#include <array>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "probe_ledger.h"

using calixo::Context;
using calixo::Plugin;
using calixo::Problem;

namespace {

struct Counted {
  std::int64_t bytes = 0;
  std::int64_t sum = 0;
};
BOOST_DESCRIBE_STRUCT(Counted, (), (bytes, sum))

struct Said {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Said, (), (text))

struct Amount {
  std::int32_t amount;
  bool fail_after = false;
};
BOOST_DESCRIBE_STRUCT(Amount, (), (amount, fail_after))

struct Download {
  std::int64_t parts = 10;
};
BOOST_DESCRIBE_STRUCT(Download, (), (parts))

constexpr std::size_t kPartBytes = 64 * 1024;

// Reads the body as it comes and answers how much it was.
Counted upload(Context& context) {
  Counted counted;
  std::array<char, 16 * 1024> buffer;
  while (const std::size_t size = context.stream().read(buffer)) {
    counted.bytes += static_cast<std::int64_t>(size);
    for (std::size_t i = 0; i < size; ++i) counted.sum += static_cast<unsigned char>(buffer[i]);
  }
  return counted;
}

void download(Context& context, const Download& wanted) {
  context.stream().begin(200, "application/octet-stream");
  std::string part(kPartBytes, 'x');
  for (std::int64_t i = 0; i < wanted.parts; ++i) context.stream().write(part);
  context.stream().end();
}

// Event streams that hold no fiber; publish sends to all of them.
class EventStreams {
 public:
  void subscribe(Context& context) {
    context.stream().begin(200, "text/event-stream");
    context.stream().write(": welcome\n\n");
    const std::lock_guard lock(mutex_);
    streams_.push_back(context.stream().park({}));
  }
  Counted publish(Context&, const Said& said) {
    const std::string event = "data: " + said.text + "\n\n";
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [&](calixo::ParkedStream& stream) {
      return stream.send(event) == calixo::Sent::closed;
    });
    return {static_cast<std::int64_t>(streams_.size()), 0};
  }
  void close_all() {
    const std::lock_guard lock(mutex_);
    streams_.clear();
  }

 private:
  std::mutex mutex_;  // never held across a suspension
  std::vector<calixo::ParkedStream> streams_;
};

// Waits inside a catch block; two of these interleave on one loop.
Said wait_in_catch(Context& context, const Said& said) {
  try {
    throw std::runtime_error(said.text);
  } catch (const std::exception&) {
    context.sleep(20);
    try {
      throw;  // must still be this request's exception
    } catch (const std::exception& again) {
      return {again.what()};
    }
  }
}

// Holds its loop: what the watchdog is for.
void hold_loop(Context&) { std::this_thread::sleep_for(std::chrono::milliseconds(200)); }

// On a worker thread: blocks, then uses the database from there.
Said block_on_thread(Context& context) {
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return {context.service_db().query("select 'from a thread' as text")[0].get<std::string>("text")};
}

// A statement that the database refuses: the client must not learn how.
void break_sql(Context& context) { context.service_db().query("select nonsense from nowhere"); }

[[noreturn]] void fail(Context&) { throw std::runtime_error("secret detail"); }

// An entry in the ledger and a note, in one commit; or none of both.
class Notes {
 public:
  explicit Notes(calixo::Needed<probe_ledger_v1> ledger) : ledger_(ledger) {}
  void add(Context& context, const Amount& wanted) {
    context.service_transaction([&](calixo::Transaction& tx) {
      tx.execute("insert into probe_notes (text) values ($1)", std::to_string(wanted.amount));
      if (ledger_->add(tx.handle(), wanted.amount) != CALIXO_OK) {
        throw Problem(422, "ledger_refused");
      }
      calixo::require(!wanted.fail_after, Problem(409, "failed_after"));
    });
  }
  // A note too long for its table is undone alone; the one around it stays.
  void add_in_savepoint(Context& context) {
    context.service_transaction([&](calixo::Transaction& tx) {
      const std::string insert = "insert into probe_notes (text) values ($1)";
      tx.execute(insert, "kept");
      try {
        tx.savepoint([&] { tx.execute(insert, std::string(200, 'x')); });
      } catch (const calixo::DbError& refused) {
        calixo::require(refused.is_check_violation(), Problem(500, "unexpected"));
      }
      tx.execute(insert, "kept too");
    });
  }
  Counted count(Context& context) {
    const auto rows = context.service_db().query("select count(*) as bytes from probe_notes");
    return {rows[0].get<std::int64_t>("bytes"), 0};
  }
  // The ledger's table is another plugin's: the database denies it.
  void peek(Context& context) { context.service_db().query("select amount from probe_entries"); }

 private:
  calixo::Needed<probe_ledger_v1> ledger_;
};

}  // namespace

CALIXO_PLUGIN("probe", "1.0.0", plugin) {
  plugin.migrations();
  plugin.put("/probe/upload", &upload)
      .stream_body()
      .consumes("application/octet-stream")
      .body_bytes_max(std::uint64_t{1} << 32);
  plugin.get("/probe/download", &download).produces("application/octet-stream");
  auto& streams = plugin.own<EventStreams>();
  plugin.get("/probe/events", calixo::bind(streams, &EventStreams::subscribe))
      .produces("text/event-stream");
  plugin.post("/probe/publish", calixo::bind(streams, &EventStreams::publish));
  plugin.post("/probe/catch", &wait_in_catch);
  plugin.get("/probe/hold", &hold_loop);
  plugin.get("/probe/thread", &block_on_thread).exec_thread();
  plugin.get("/probe/sql", &break_sql);
  plugin.get("/probe/fail", &fail);
  auto& notes =
      plugin.own<Notes>(plugin.need<probe_ledger_v1>(PROBE_LEDGER_ID, calixo::Need::required));
  plugin.post("/probe/notes", calixo::bind(notes, &Notes::add));
  plugin.get("/probe/notes", calixo::bind(notes, &Notes::count));
  plugin.post("/probe/savepoint", calixo::bind(notes, &Notes::add_in_savepoint));
  plugin.get("/probe/peek", calixo::bind(notes, &Notes::peek));
  plugin.on_drain([&streams] { streams.close_all(); });
}
