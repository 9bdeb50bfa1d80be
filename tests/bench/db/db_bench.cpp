// Fibers in a closed loop, each selecting one row by primary key under row level security, with
// role and claims; prints runs a second. To hold against `pgbench -M prepared -c 64` on the same
// server, one round of each in turn.
//   bench_db [fibers a loop] [loops] [seconds] [pipelines a loop]
// CALIXO_TEST_DATABASE_URL: a superuser; the database "calixo_bench_db" is made anew.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "db/admin_session.hpp"
#include "db/database.hpp"
#include "runtime/completion.hpp"
#include "runtime/event_loop.hpp"

namespace {

using namespace calixo::host;

constexpr const char* kTables =
    "do $$ begin create role calixo_bench_db nologin;"
    " exception when duplicate_object then null; end $$;"
    "create table items (id int primary key, owner text not null, body text not null);"
    "insert into items select i, 'user', repeat('x', 100) from generate_series(1, 100000) i;"
    "alter table items enable row level security; alter table items force row level security;"
    "create policy mine on items using (owner ="
    " (select current_setting('request.jwt.claims', true)::jsonb ->> 'sub'));"
    "grant select on items to calixo_bench_db; analyze items";

constexpr std::string_view kClaims =
    R"({"sub":"user","role":"authenticated","aud":"authenticated","exp":1999999999,)"
    R"("session_id":"00000000-0000-0000-0000-000000000001","app_metadata":{"role":"user"}})";

std::string make_database() {
  const char* url = std::getenv("CALIXO_TEST_DATABASE_URL");
  if (url == nullptr) throw std::runtime_error("CALIXO_TEST_DATABASE_URL is not set");
  AdminSession server(url);
  server.execute("drop database if exists calixo_bench_db with (force)");
  server.execute("create database calixo_bench_db");
  const std::string bench_url = std::string(url) + " dbname=calixo_bench_db";
  AdminSession(bench_url).execute(kTables);
  return bench_url;
}

struct Counts {
  std::atomic<bool> is_counting{false};
  std::atomic<bool> is_ending{false};
  std::atomic<long> right{0};
  std::atomic<long> wrong{0};
};

void select_rows(Database& database, Counts& counts, unsigned seed) {
  std::minstd_rand random(seed + 1);
  std::vector<ResultSet> results;
  while (!counts.is_ending.load(std::memory_order_relaxed)) {
    const std::string id = std::to_string(random() % 100'000 + 1);
    const std::optional<std::string_view> parameter(id);
    const Statement statement{"select body from items where id = $1", {&parameter, 1}};
    const DbStatus status = database.run({"calixo_bench_db", kClaims}, {&statement, 1}, results);
    if (status == DbStatus::cancelled) return;  // the loops end
    const bool is_right = status == DbStatus::ok && results[0].row_count() == 1;
    if (!is_right) {
      ++counts.wrong;
    } else if (counts.is_counting.load(std::memory_order_relaxed)) {
      counts.right.fetch_add(1, std::memory_order_relaxed);
    }
  }
}

}  // namespace

int main(int count, char** words) {
  const auto number = [&](int at, int otherwise) {
    return count > at ? std::atoi(words[at]) : otherwise;
  };
  const int fibers = number(1, 32);
  const int loop_count = number(2, 2);
  const int seconds = number(3, 5);
  DatabaseOptions options;
  options.url = make_database();
  options.pipelines_per_loop = static_cast<std::size_t>(number(4, 2));
  std::vector<std::unique_ptr<EventLoop>> loops;
  std::vector<EventLoop*> list;
  std::vector<std::thread> threads;
  for (int i = 0; i < loop_count; ++i) {
    loops.push_back(std::make_unique<EventLoop>(EventLoop::Options{}));
    list.push_back(loops.back().get());
    threads.emplace_back([loop = list.back()] { loop->run(); });
  }
  Counts counts;
  {
    Database database(options, list);
    for (EventLoop* loop : list) {
      loop->post([&database, &counts, loop, fibers] {
        for (int i = 0; i < fibers; ++i) {
          loop->spawn(
              [&database, &counts, i] { select_rows(database, counts, static_cast<unsigned>(i)); });
        }
      });
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
    counts.is_counting = true;
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    counts.is_counting = false;
    counts.is_ending = true;
    for (EventLoop* loop : list) loop->stop();
    for (std::thread& thread : threads) thread.join();
  }
  std::printf("%ld runs/s, %ld wrong\n", counts.right / seconds, counts.wrong.load());
  return counts.wrong == 0 ? 0 : 1;
}
