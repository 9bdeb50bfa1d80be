// What a fake host holds: settings of the test, and what the plugin did.
// Used by one test.
#pragma once

#include <calixo/testing/exchange.hpp>
#include <calixo/testing/fake_db.hpp>
#include <calixo/testing/fake_work.hpp>
#include <calixo/testing/route_match.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::testing {

struct LogLine {
  std::uint32_t level = 0;
  std::string event;
  std::map<std::string, std::string> fields;
};

struct FakeState {
  FakeDb db;
  FakeWork work;
  std::int64_t now_us = 1'767'225'600'000'000;  // 2026-01-01T00:00:00Z
  std::vector<std::uint32_t> slept_ms;
  // Called by every suspending call: what another fiber would do meanwhile.
  std::function<void()> on_suspend;
  // What sleep, run_blocking and mutex_lock answer.
  calixo_status wait_status = CALIXO_OK;
  // What registrations are answered with.
  calixo_status registry_status = CALIXO_OK;

  std::vector<LogLine> logs;
  std::vector<std::string> notices;

  // --- what the plugin registered ---
  std::vector<detail::Route> routes;
  std::map<std::string, detail::Key> keys;
  std::vector<std::pair<std::uint32_t, std::string>> migrations;       // number, SQL
  std::map<std::string, std::map<std::string, std::string>> messages;  // code, language, text
  std::map<std::string, const void*> offers;
  std::map<std::string, bool> needs;  // id, required
  std::vector<std::string> depends;
  struct Extension {
    std::string point, name, details_json;
    const void* table = nullptr;
  };
  std::vector<std::string> points;
  std::vector<Extension> extensions;  // what the plugin added; each() shows those of its own points
  std::vector<std::string> grants;    // "select user_challenges (id, status)"
  int mutexes_locked = 0;

 protected:
  friend struct Tables;
  struct Command {
    std::string words;
    int (*run)(void*, const calixo_str*, std::size_t, void (*)(void*, calixo_str), void*);
    void* user;
  };
  void suspend() const {
    if (on_suspend) on_suspend();
  }

  std::map<std::string, std::string> config_;
  std::map<std::string, const void*> services_;
  std::vector<Command> commands_;
};

}  // namespace calixo::testing
