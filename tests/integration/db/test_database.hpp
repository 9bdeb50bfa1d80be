// A database of a test's own on the fixture's PostgreSQL, and loops that run on threads.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "db/admin_session.hpp"
#include "db/database.hpp"
#include "runtime/completion.hpp"
#include "runtime/event_loop.hpp"

namespace calixo::host::test {

inline std::string server_url() {
  const char* url = std::getenv("CALIXO_TEST_DATABASE_URL");
  if (url == nullptr) throw std::runtime_error("CALIXO_TEST_DATABASE_URL is not set");
  return url;
}

class TestDatabase {
 public:
  TestDatabase()
      : name_("calixo_test_" + std::to_string(::getpid()) + "_" + std::to_string(next())) {
    AdminSession(server_url()).execute("create database " + name_);
  }
  ~TestDatabase() {
    AdminSession(server_url()).execute("drop database if exists " + name_ + " with (force)");
  }
  std::string url() const { return server_url() + " dbname=" + name_; }
  const std::string& name() const { return name_; }
  void execute(const std::string& sql) const { AdminSession(url()).execute(sql); }
  std::string value(const std::string& sql) const {
    AdminSession session(url());
    const ResultSet result = session.query(sql);
    return std::string(result.value(0, 0).value_or("null"));
  }

 private:
  static int next() {
    static std::atomic<int> count{0};
    return ++count;
  }
  std::string name_;
};

class Loops {
 public:
  explicit Loops(std::size_t count = 1) {
    for (std::size_t i = 0; i < count; ++i) {
      loops_.push_back(std::make_unique<EventLoop>(EventLoop::Options{}));
      threads_.emplace_back([loop = loops_.back().get()] { loop->run(); });
    }
  }
  ~Loops() { stop(); }
  void stop() {
    for (auto& loop : loops_) loop->stop();
    for (auto& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  std::vector<EventLoop*> list() const {
    std::vector<EventLoop*> all;
    for (const auto& loop : loops_) all.push_back(loop.get());
    return all;
  }
  EventLoop& operator[](std::size_t index) { return *loops_[index]; }

  // Starts work on a fiber; the future is ready when it ended.
  std::future<void> start(std::function<void()> work, std::size_t index = 0) {
    auto ended = std::make_shared<std::promise<void>>();
    std::future<void> future = ended->get_future();
    EventLoop* loop = loops_[index].get();
    loop->post([loop, work = std::move(work), ended] {
      Fiber* const fiber = loop->spawn([work, ended] {
        work();
        ended->set_value();
      });
      ASSERT_NE(fiber, nullptr);
    });
    return future;
  }
  void run(std::function<void()> work, std::size_t index = 0) {
    start(std::move(work), index).get();
  }

 private:
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::vector<std::thread> threads_;
};

using Parameters = std::vector<std::optional<std::string_view>>;

struct Answer {
  DbStatus status;
  std::vector<ResultSet> results;
  std::string text(std::size_t row = 0, std::size_t column = 0) const {
    if (results.empty()) return "(no result)";
    return std::string(results[0].value(row, column).value_or("(null)"));
  }
  std::string sqlstate() const {
    for (const ResultSet& result : results) {
      if (result.failed()) return std::string(result.sqlstate());
    }
    return {};
  }
};

inline Answer query(Database& database, std::string_view sql, const Parameters& parameters = {},
                    const StatementContext& context = {}) {
  const Statement statement{sql, parameters};
  Answer answer{DbStatus::ok, {}};
  answer.status = database.run(context, {&statement, 1}, answer.results);
  return answer;
}

inline Answer query(Transaction& transaction, std::string_view sql,
                    const Parameters& parameters = {}, const StatementContext& context = {}) {
  const Statement statement{sql, parameters};
  Answer answer{DbStatus::ok, {}};
  answer.status = transaction.run(context, {&statement, 1}, answer.results);
  return answer;
}

inline DatabaseOptions options_for(const TestDatabase& database) {
  DatabaseOptions options;
  options.url = database.url();
  return options;
}

// Until the condition holds; false after ten seconds.
inline bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace calixo::host::test
