// What scenarios of events and jobs need: publish and enqueue on request, in transactions that
// commit or don't; subscribers that write what they saw, fail until told otherwise, hang, or end
// their process between claim and finish.
#include <calixo/plugin.hpp>

#include <unistd.h>
#include <atomic>
#include <csignal>
#include <map>
#include <optional>
#include <string>
#include <string_view>

using calixo::Context;
using calixo::EventContext;
using calixo::JobContext;
using calixo::Plugin;
using calixo::Problem;
using calixo::Transaction;

namespace {

struct Happened {
  std::int64_t seq = 0;
  bool is_killing = false;  // ends the process on the first attempt
  bool is_failing = false;  // fails as long as the switch "mended" is not there
  std::int64_t hang_ms = 0;
};
BOOST_DESCRIBE_STRUCT(Happened, (), (seq, is_killing, is_failing, hang_ms))

struct Publish {
  std::optional<std::string> key;
  Happened what = {};
  std::int64_t count = 1;  // seq, seq + 1, …
  bool is_whole = false;   // all of them in one transaction
  bool roll_back = false;
};
BOOST_DESCRIBE_STRUCT(Publish, (), (key, what, count, is_whole, roll_back))

struct Enqueue {
  Happened what = {};
  std::optional<std::string> unique_key;
  std::int64_t delay_ms = 0;
  bool roll_back = false;
  std::string job = "work";
};
BOOST_DESCRIBE_STRUCT(Enqueue, (), (what, unique_key, delay_ms, roll_back, job))

struct Added {
  bool is_new = false;
};
BOOST_DESCRIBE_STRUCT(Added, (), (is_new))

struct Filler {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Filler, (), (text))

void note(calixo::Database db, std::string_view who, std::string_view key, std::int64_t seq,
          std::uint32_t attempt) {
  db.execute("insert into probe_effects (who, key, seq, attempt, pid) values ($1, $2, $3, $4, $5)",
             who, key, seq, static_cast<std::int64_t>(attempt),
             static_cast<std::int64_t>(getpid()));
}

void end_process_once(const Happened& what, std::uint32_t attempt) {
  if (what.is_killing && attempt == 1) ::kill(::getpid(), SIGKILL);
}

// In the delivery's transaction: written exactly once.
void exact(EventContext& event, const Happened& what) {
  note(event.db(), "exact", event.key(), what.seq, event.attempt());
  end_process_once(what, event.attempt());
}

// Outside of one: written at least once.
void plain(EventContext& event, const Happened& what) {
  note(event.db(), "plain", event.key(), what.seq, event.attempt());
}

void flaky(EventContext& event, const Happened& what) {
  note(event.db(), "flaky", event.key(), what.seq, event.attempt());
  if (!what.is_failing) return;
  const bool is_mended =
      !event.db().query("select from probe_switches where name = 'mended'").empty();
  if (!is_mended) throw std::runtime_error("broken on purpose");
}

void hanging(EventContext& event, const Happened& what) {
  event.sleep(std::chrono::milliseconds(what.hang_ms));
  note(event.db(), "hanging", event.key(), what.seq, event.attempt());
}

void work(JobContext& job, const Happened& what) {
  note(job.db(), "work", "", what.seq, job.attempt());
  end_process_once(what, job.attempt());
  if (what.is_failing) throw calixo::GiveUp("hopeless on purpose");
}

// seq: how many of it run in this process.
void alone(JobContext& job, const Happened& what) {
  static std::atomic<std::int64_t> running{0};
  const std::int64_t at_once = ++running;
  job.sleep(std::chrono::milliseconds(what.hang_ms));
  note(job.db(), "alone", "", at_once, job.attempt());
  --running;
}

// seq: the interval's beginning in milliseconds.
void tick(JobContext& job) {
  note(job.db(), "tick", "", job.run_at().unix_us / 1000, job.attempt());
}

class Routes {
 public:
  Routes(calixo::Topic<Happened> happened, calixo::Topic<Filler> filled, calixo::Job<Happened> job,
         calixo::Job<Happened> alone)
      : happened_(happened), filled_(filled), jobs_{{"work", job}, {"alone", alone}} {}

  void publish(Context& context, const Publish& wanted) {
    const std::int64_t at_once = wanted.is_whole ? wanted.count : 1;
    for (std::int64_t done = 0; done < wanted.count; done += at_once) {
      context.transaction([&](Transaction& tx) {
        for (std::int64_t i = 0; i < at_once; ++i) {
          Happened what = wanted.what;
          what.seq += done + i;
          happened_.publish(tx, wanted.key.value_or(""), what);
        }
        calixo::require(!wanted.roll_back, Problem(409, "rolled_back"));
      });
    }
  }
  void publish_alone(Context&, const Publish& wanted) {
    happened_.publish(wanted.key.value_or(""), wanted.what);
  }
  void fill(Context&, const Filler& filler) {
    try {
      filled_.publish("", filler);
    } catch (const calixo::HostFailure& failure) {
      calixo::require(failure.status() != CALIXO_LIMIT, Problem(413, "payload_too_long"));
      throw;
    }
  }
  Added enqueue(Context& context, const Enqueue& wanted) {
    calixo::EnqueueOptions options;
    if (wanted.unique_key) options.unique_key = *wanted.unique_key;
    if (wanted.delay_ms > 0) {
      options.not_before = context.now() + std::chrono::milliseconds(wanted.delay_ms);
    }
    return context.transaction([&](Transaction& tx) {
      const Added added{jobs_.at(wanted.job).enqueue(tx, wanted.what, options)};
      calixo::require(!wanted.roll_back, Problem(409, "rolled_back"));
      return added;
    });
  }
  void mend(Context& context) {
    context.service_db().execute("insert into probe_switches values ('mended')");
  }

 private:
  calixo::Topic<Happened> happened_;
  calixo::Topic<Filler> filled_;
  std::map<std::string, calixo::Job<Happened>> jobs_;
};

}  // namespace

CALIXO_PLUGIN("probe_events", "1.0.0", plugin) {
  plugin.migrations();
  const auto happened = plugin.event<Happened>("probe.happened", "Something happened");
  const auto filled = plugin.event<Filler>("probe.filled");
  plugin.on<Happened>("probe.happened", "exact", &exact);
  plugin.on<Happened>("probe.happened", "plain", &plain).outside_transaction();
  plugin.on<Happened>("probe.happened", "flaky", &flaky).attempts_max(3).outside_transaction();
  plugin.on<Happened>("probe.happened", "hanging", &hanging);
  const auto job = plugin.job<Happened>("work", &work).in_transaction();
  const auto at_a_time = plugin.job<Happened>("alone", &alone).one_at_a_time();
  plugin.every(std::chrono::seconds(1), "tick", &tick).in_transaction();
  auto& routes = plugin.own<Routes>(happened, filled, job, at_a_time);
  plugin.post("/probe/publish", calixo::bind(routes, &Routes::publish));
  plugin.post("/probe/publish-alone", calixo::bind(routes, &Routes::publish_alone));
  plugin.post("/probe/fill", calixo::bind(routes, &Routes::fill));
  plugin.post("/probe/enqueue", calixo::bind(routes, &Routes::enqueue));
  plugin.post("/probe/mend", calixo::bind(routes, &Routes::mend));
}
