// What becomes of workers; see the header.
#include <sys/wait.h>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <utility>

#include "app/exit_codes.hpp"
#include "app/supervisor.hpp"
#include "app/worker_arguments.hpp"
#include "log/log.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRestartDelayMin{100};
constexpr milliseconds kRestartDelayMax{5000};
constexpr milliseconds kStableAfter{30'000};  // running so long, a crash counts as the first again
constexpr std::size_t kRetiringMax = 8;

std::string how_it_ended(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return std::string("signal ") + sigabbrev_np(WTERMSIG(wait_status));
  }
  return "status " + std::to_string(WEXITSTATUS(wait_status));
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += (all.empty() ? "" : "; ") + line;
  return all;
}

// Why a worker that never got ready ended, for the one who asked for it.
std::string reason_of(const WorkerProcess& ended, int wait_status) {
  if (ended.told().crash()) {
    const WorkerTold::Fault& crash = *ended.told().crash();
    const WorkerTold::Plugin* plugin = ended.told().blamed(crash);
    return crash.what + " in " + crash.label +
           (plugin == nullptr ? std::string() : ", the code of plugin " + plugin->id);
  }
  if (!ended.told().refusals().empty()) return joined(ended.told().refusals());
  return "the new worker ended with " + how_it_ended(wait_status);
}

}  // namespace

std::unique_ptr<WorkerProcess> Supervisor::make_worker(const PluginHistory& history) const {
  ChildProcess::Options options;
  options.arguments = worker_arguments(sources_, history);
  if (cluster_) options.environment.emplace_back("CALIXO_DATABASE_URL", cluster_->url());
  options.inherited_descriptor = listener_->descriptor();
  return std::make_unique<WorkerProcess>(options);
}

// The only one, or beside one that is stuck.
void Supervisor::start_worker() {
  restart_at_.reset();
  auto made = make_worker(crashes_.history(Clock::now()));
  if (!worker_) {
    worker_ = std::move(made);
    is_worker_stuck_ = false;
  } else if (!successor_) {
    successor_ = std::move(made);
    successor_reason_ = Reason::stuck;
  }
}

void Supervisor::read_reports() {
  if (worker_) {
    worker_->read();
    if (worker_->told().is_ready()) print_banner(*worker_);
    if (worker_->told().held() && !is_worker_stuck_ && !is_ending_) replace_stuck_worker();
  }
  if (successor_) {
    successor_->read();
    if (successor_->told().is_ready() && !is_ending_) successor_ready();
  }
}

void Supervisor::successor_ready() {
  log::info("worker replaced", {{"process", successor_->id()}});
  if (worker_) {
    worker_->end(end_patience());
    retiring_.push_back(std::move(worker_));
  }
  worker_ = std::move(successor_);
  is_worker_stuck_ = false;
  if (successor_reason_ != Reason::reload) return;
  restarts_in_a_row_ = 0;
  restart_at_.reset();
  const std::string kept = kept_until_restart(*wanted_configuration_);
  drain_timeout_ = milliseconds(wanted_configuration_->get_int("http.drain_timeout_ms"));
  end_reload(true, "reloaded: process " + std::to_string(worker_->id()) + " serves" +
                       (kept.empty() ? std::string() : "; " + kept));
}

// Says what happened, counts it, and leaves an optional plugin out that does it too often.
void Supervisor::note_fault(const char* event, const WorkerProcess& worker,
                            const WorkerTold::Fault* fault, const std::string& how) {
  const WorkerTold::Plugin* plugin = fault == nullptr ? nullptr : worker.told().blamed(*fault);
  if (plugin == nullptr) {
    log::error(event, {{"how", how}, {"in", fault == nullptr ? "" : fault->label}});
    return;
  }
  const CrashLedger::Entry entry = crashes_.add(*plugin, Clock::now());
  log::error(event, {{"how", how},
                     {"what", fault->what},
                     {"plugin", plugin->id},
                     {"in", fault->label},
                     {"crashes_within_a_minute", entry.within_window}});
  if (!entry.is_left_out) return;
  restarts_in_a_row_ = 0;
  log::error("plugin quarantined",
             {{"plugin", plugin->id},
              {"crashes_within_a_minute", entry.within_window},
              {"action", "its routes answer 503 plugin_quarantined; mend or replace " +
                             plugin->enabled_as + ", then run `calixo reload`"}});
}

void Supervisor::restart_later() {
  const milliseconds delay =
      std::min(kRestartDelayMin * (1 << std::min(restarts_in_a_row_, 6)), kRestartDelayMax);
  ++restarts_in_a_row_;
  restart_at_ = Clock::now() + delay;
  log::info("worker starts again", {{"in_ms", static_cast<long long>(delay.count())}});
}

void Supervisor::worker_ended(int wait_status) {
  const std::unique_ptr<WorkerProcess> ended = std::move(worker_);
  if (is_ending_) return;
  if (!ended->told().is_ready() && worker_refused(*ended, wait_status)) return;
  worker_crashed(*ended, wait_status);
}

void Supervisor::worker_crashed(const WorkerProcess& ended, int wait_status) {
  if (ended.age() > kStableAfter) restarts_in_a_row_ = 0;
  const auto& crash = ended.told().crash();
  note_fault("worker crashed", ended, crash ? &*crash : nullptr, how_it_ended(wait_status));
  if (!successor_) restart_later();  // else that one takes over, or its end has another made
}

// False where it crashed instead. It said why on standard error; the same would happen again.
bool Supervisor::worker_refused(const WorkerProcess& ended, int wait_status) {
  if (!WIFEXITED(wait_status) || ended.told().crash()) return false;
  if (crashes_.has_left_out()) {
    log::error("a plugin is taken back from quarantine",
               {{"reason", reason_of(ended, wait_status)},
                {"action", "the server can't start without it; mend or replace it"}});
    crashes_.let_in_for_good();
    restart_later();
    return true;
  }
  begin_end(WEXITSTATUS(wait_status) == 0 ? kExitConfiguration : WEXITSTATUS(wait_status));
  return true;
}

void Supervisor::successor_ended(int wait_status) {
  const std::unique_ptr<WorkerProcess> ended = std::move(successor_);
  if (is_ending_) return;
  const std::string reason = reason_of(*ended, wait_status);
  if (successor_reason_ == Reason::reload) {
    end_reload(false, reason);
    if (!worker_) restart_later();
    return;
  }
  log::error("stuck worker not replaced", {{"reason", reason}});
  restart_later();
}

void Supervisor::replace_stuck_worker() {
  is_worker_stuck_ = true;
  note_fault("worker stuck", *worker_, &*worker_->told().held(), "its loop does not come back");
  if (!successor_) start_worker();
}

std::string Supervisor::reload() {
  if (is_ending_) return "the server ends";
  if (successor_) return "a new worker is being started already; try again when it is ready";
  if (retiring_.size() >= kRetiringMax) {
    return std::to_string(retiring_.size()) + " replaced workers still drain; try again soon";
  }
  auto wanted = std::make_unique<Configuration>();
  try {
    load_layers(*wanted, sources_);
  } catch (const std::exception& error) {
    return error.what();
  }
  if (std::string wrong = own_problems(*wanted); !wrong.empty()) return wrong;
  log::info("reload", {{"action", "starting a worker with the present files"}});
  wanted_configuration_ = std::move(wanted);
  PluginHistory history = crashes_.history(Clock::now());
  history.left_out.clear();  // what the operator has done may have mended them
  successor_ = make_worker(history);
  successor_reason_ = Reason::reload;
  return {};
}

void Supervisor::end_reload(bool is_done, const std::string& text) {
  if (is_done) {
    crashes_.forget();
    log::info("reload done", {{"told", text}});
  } else if (!is_ending_) {
    log::error("reload refused",
               {{"reason", text}, {"action", "the running worker goes on with what it has"}});
  }
  if (control_) control_->answer(is_done, text);
}

std::string Supervisor::kept_until_restart(const Configuration& wanted) const {
  std::string names;
  for (const char* key : {"http.host", "http.port", "data.folder", "database.url"}) {
    if (wanted.get_text(key) == configuration_->get_text(key)) continue;
    names += (names.empty() ? "" : ", ") + std::string(key);
  }
  return names.empty() ? names : names + ": as before until a restart";
}

}  // namespace calixo::host
