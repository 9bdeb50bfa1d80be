// Start, end, signals and the one wait; see the header.
#include "app/supervisor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "app/signal_descriptor.hpp"
#include "log/log.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kKillGrace{10'000};  // beyond http.drain_timeout_ms, for plugins to stop
constexpr milliseconds kTick{1000};

}  // namespace

Supervisor::Supervisor(Sources sources)
    : sources_(std::move(sources)), configuration_(std::make_unique<Configuration>()) {
  load_layers(*configuration_, sources_);
  const std::string wrong = own_problems(*configuration_);
  if (!wrong.empty()) throw std::runtime_error(wrong);
  drain_timeout_ = milliseconds(configuration_->get_int("http.drain_timeout_ms"));
}

Supervisor::~Supervisor() = default;

void Supervisor::open_database() {
  if (!configuration_->get_text("database.url").empty()) return;
  EmbeddedCluster::Options options;
  options.data_folder = configuration_->get_text("data.folder");
  cluster_ = std::make_unique<EmbeddedCluster>(
      options, [](std::string_view step) { std::cerr << "database: " << step << std::endl; });
}

// Without it the server serves all the same, and SIGHUP reloads.
void Supervisor::open_control() {
  try {
    control_ = std::make_unique<ControlSocket>(configuration_->get_text("data.folder"));
  } catch (const std::exception& error) {
    log::warn(
        "calixo reload can't reach this server",
        {{"reason", error.what()}, {"action", "send SIGHUP, or give it its own data.folder"}});
  }
}

void Supervisor::print_banner(const WorkerProcess& worker) {
  if (std::exchange(was_banner_printed_, true)) return;
  std::string base = configuration_->get_text("http.public_url");
  if (base.empty()) {
    const bool is_tls = !configuration_->get_text("http.tls_certificate_file").empty();
    base = (is_tls ? "https://" : "http://") + listener_->address();
  }
  std::cout << "\nCalixo is ready at " << base << "\n"
            << "API document: " << base << "/api/openapi.json, to read: " << base << "/docs\n";
  for (const std::string& notice : worker.told().notices()) std::cout << notice << "\n";
  std::cout << std::endl;
}

milliseconds Supervisor::end_patience() const { return drain_timeout_ + kKillGrace; }

void Supervisor::begin_end(int exit_status) {
  if (is_ending_) return;
  is_ending_ = true;
  exit_status_ = exit_status;
  restart_at_.reset();
  if (worker_) worker_->end(end_patience());
  if (successor_) successor_->end(end_patience());
  end_reload(false, "the server ends");
}

void Supervisor::handle_signal(int number) {
  switch (number) {
    case SIGCHLD:
      return reap_children();
    case SIGHUP:
      if (const std::string refusal = reload(); !refusal.empty()) {
        log::error("reload refused", {{"reason", refusal}});
      }
      return;
    case SIGINT:
    case SIGTERM:
    case SIGQUIT:
      return begin_end(0);
    default:
      return;
  }
}

void Supervisor::reap_children() {
  int wait_status = 0;
  if (worker_ && worker_->has_ended(wait_status)) worker_ended(wait_status);
  if (successor_ && successor_->has_ended(wait_status)) successor_ended(wait_status);
  std::erase_if(retiring_, [&](const auto& worker) {
    if (!worker->has_ended(wait_status)) return false;
    if (WIFSIGNALED(wait_status) && worker->told().crash()) {
      log::error("replaced worker crashed",
                 {{"what", worker->told().crash()->what}, {"in", worker->told().crash()->label}});
    }
    return true;
  });
  if (cluster_ && !is_ending_ && !cluster_->is_running()) {
    log::error("embedded database ended", {{"action", "starting it again"}});
    cluster_->restart([](std::string_view step) { log::info("database", {{"step", step}}); });
  }
}

int Supervisor::wait_milliseconds() const {
  Clock::time_point next = Clock::now() + kTick;
  if (restart_at_) next = std::min(next, *restart_at_);
  const auto look = [&](const std::unique_ptr<WorkerProcess>& worker) {
    if (worker && worker->kill_at()) next = std::min(next, *worker->kill_at());
  };
  look(worker_);
  look(successor_);
  for (const auto& worker : retiring_) look(worker);
  const auto left = std::chrono::ceil<milliseconds>(next - Clock::now());
  return static_cast<int>(std::max<long long>(left.count(), 0));
}

void Supervisor::act_on_time() {
  const Clock::time_point now = Clock::now();
  if (restart_at_ && now >= *restart_at_) start_worker();
  const auto look = [&](const std::unique_ptr<WorkerProcess>& worker) {
    if (!worker || !worker->kill_if_late(now)) return;
    log::error("worker did not end in time", {{"process", worker->id()}, {"action", "killed"}});
  };
  look(worker_);
  look(successor_);
  for (const auto& worker : retiring_) look(worker);
}

void Supervisor::wait_for_events() {
  std::vector<pollfd> watched;
  if (control_) watched.push_back({control_->descriptor(), POLLIN, 0});
  if (worker_) watched.push_back({worker_->report_descriptor(), POLLIN, 0});
  if (successor_) watched.push_back({successor_->report_descriptor(), POLLIN, 0});
  watched.push_back({signals_->descriptor(), POLLIN, 0});
  ::poll(watched.data(), watched.size(), wait_milliseconds());
  if (control_ == nullptr || control_->take_reloads() == 0) return;
  if (const std::string refusal = reload(); !refusal.empty()) {
    log::error("reload refused", {{"reason", refusal}});
    control_->answer(false, refusal);
  }
}

int Supervisor::run() {
  signals_ = std::make_unique<SignalDescriptor>();  // before any thread, so that all block them
  start_log(*configuration_);
  listener_ =
      std::make_unique<Listener>(configuration_->get_text("http.host"),
                                 static_cast<std::uint16_t>(configuration_->get_int("http.port")));
  open_database();
  open_control();
  start_worker();
  while (!has_ended()) {
    wait_for_events();
    read_reports();
    while (const int number = signals_->next()) handle_signal(number);
    act_on_time();
  }
  control_.reset();
  cluster_.reset();
  log::stop();
  return exit_status_;
}

}  // namespace calixo::host
