#include "app/runtime_keys.hpp"

#include <atomic>
#include <map>
#include <string>

#include "config/configuration.hpp"
#include "db/database.hpp"
#include "db/migrator.hpp"
#include "events/work_signals.hpp"
#include "log/log.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {
namespace {

constexpr std::chrono::milliseconds kPeriod{1000};
// As text: a JSON string without its quotes, any other JSON value as it stands.
constexpr std::string_view kSelect = "select key, value #>> '{}' from config";

}  // namespace

struct RuntimeKeys::State {
  State(Database& from, Configuration& to) : database(from), configuration(to) {}

  void read() {
    const std::string role = runtime_role("host");
    const Statement statement{kSelect, {}};
    std::vector<ResultSet> results;
    const DbStatus status = database.run(service_context(role), {&statement, 1}, results);
    if (status != DbStatus::ok) return;  // the present values stay
    std::map<std::string, std::string> values;
    for (std::size_t row = 0; row < results[0].row_count(); ++row) {
      const auto value = results[0].value(row, 1);
      if (value) values.emplace(*results[0].value(row, 0), *value);
    }
    if (values == last) return;
    last = values;
    for (const ConfigurationFinding& finding : configuration.overlay_runtime(values)) {
      log::warn("runtime key refused", {{"key", finding.key}, {"reason", finding.message}});
    }
  }

  void read_until_ended() {
    while (!is_ended && changed->wait(Deadline::in(kPeriod)) != WaitStatus::cancelled) {
      if (!is_ended) read();
    }
  }

  Database& database;
  Configuration& configuration;
  std::map<std::string, std::string> last;
  std::shared_ptr<WakeUp> changed = std::make_shared<WakeUp>();
  std::atomic<bool> is_ended = false;
};

RuntimeKeys::RuntimeKeys(EventLoop& loop, Database& database, Configuration& configuration,
                         WorkSignals& signals)
    : state_(std::make_shared<State>(database, configuration)) {
  signals.add(kConfigSignal, state_->changed);
  state_->read();
  loop.post(
      [state = state_] { EventLoop::current()->spawn([state] { state->read_until_ended(); }); });
}

RuntimeKeys::~RuntimeKeys() {
  state_->is_ended = true;
  state_->changed->set();
}

}  // namespace calixo::host
