// What a fake host holds: settings of the test, and what the plugin did.
// Used by one test.
#pragma once

#include <calixo/testing/exchange.hpp>
#include <calixo/testing/fake_db.hpp>
#include <calixo/testing/fake_http.hpp>
#include <calixo/testing/fake_work.hpp>
#include <calixo/testing/route_match.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::testing {

// One event that was logged.
struct LogLine {
  // CALIXO_LOG_*.
  std::uint32_t level = 0;
  std::string event;                          // its name
  std::map<std::string, std::string> fields;  // by name
};

// What a test sets and sees of the fake host.
struct FakeState {
  FakeDb db;                                    // the scripted database
  FakeWork work;                                // events and jobs
  FakeHttp http;                                // other servers
  std::int64_t now_us = 1'767'225'600'000'000;  // 2026-01-01T00:00:00Z
  std::vector<std::uint32_t> slept_ms;          // each sleep, in order
  // Called by every suspending call: what another fiber would do meanwhile.
  std::function<void()> on_suspend;
  // What sleep, run_blocking and mutex_lock answer.
  calixo_status wait_status = CALIXO_OK;
  // What registrations are answered with.
  calixo_status registry_status = CALIXO_OK;

  std::vector<LogLine> logs;         // every event, in order
  std::vector<std::string> notices;  // lines for the operator's terminal

  // --- what the plugin registered ---
  std::vector<detail::Route> routes;                                   // what was registered
  std::map<std::string, detail::Key> keys;                             // by name
  std::vector<std::pair<std::uint32_t, std::string>> migrations;       // number, SQL
  std::map<std::string, std::map<std::string, std::string>> messages;  // code, language, text
  std::map<std::string, const void*> offers;                           // service tables by id
  std::map<std::string, bool> needs;                                   // id, required
  std::vector<std::string> depends;                                    // ids of plugins
  // One table added to a point.
  struct Extension {
    std::string point;            // its id
    std::string name;             // unique at the point
    std::string details_json;     // for the manifest
    const void* table = nullptr;  // of the type that the point's id names
  };
  std::vector<std::string> points;    // ids of the points it defined
  std::vector<Extension> extensions;  // what the plugin added; each() shows those of its own points
  std::vector<std::string> grants;    // "select user_challenges (id, status)"
  std::vector<std::string> forgotten;  // users and sessions whose tokens it had forgotten; "*": all
  int mutexes_locked = 0;              // now

 protected:
  friend struct Tables;
  // One command of the CLI.
  struct Command {
    std::string words;  // "users create-admin"
    // As calixo_command has it.
    int (*run)(void*, const calixo_str*, std::size_t, void (*)(void*, calixo_str), void*);
    void* user;  // handed to run
  };
  // What every suspending call does.
  void suspend() const {
    if (on_suspend) on_suspend();
  }

  std::map<std::string, std::string> config_;    // by set_config()
  std::map<std::string, const void*> services_;  // by provide()
  std::vector<Command> commands_;                // what was registered
};

}  // namespace calixo::testing
