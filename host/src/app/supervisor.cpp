#include "app/supervisor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iostream>
#include <stdexcept>

#include "app/exit_codes.hpp"
#include "log/log.hpp"

namespace calixo::host {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kRestartDelayMin{100};
constexpr milliseconds kRestartDelayMax{5000};
constexpr milliseconds kStableAfter{30'000};  // running so long, a crash counts as the first again
constexpr milliseconds kKillGrace{5000};      // beyond http.drain_timeout_ms
constexpr milliseconds kTick{1000};

// Blocks the signals that the supervisor reads from a descriptor instead.
class SignalDescriptor {
 public:
  SignalDescriptor() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGCHLD}) sigaddset(&set, number);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    descriptor_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  ~SignalDescriptor() { ::close(descriptor_); }
  int descriptor() const { return descriptor_; }
  // The next signal, or 0.
  int next() const {
    signalfd_siginfo info;
    return ::read(descriptor_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo)
                                                                  : 0;
  }

 private:
  int descriptor_;
};

std::string how_it_ended(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return std::string("signal ") + sigabbrev_np(WTERMSIG(wait_status));
  }
  return "status " + std::to_string(WEXITSTATUS(wait_status));
}

std::vector<std::string> worker_arguments(const Sources& sources) {
  std::vector<std::string> arguments{"worker"};
  if (!sources.config_file.empty()) arguments.push_back("--config=" + sources.config_file.string());
  for (const auto& [name, value] : sources.settings) {
    arguments.push_back("--set=" + name + "=" + value);
  }
  return arguments;
}

}  // namespace

Supervisor::Supervisor(Sources sources) : sources_(std::move(sources)) {
  load_layers(configuration_, sources_);
  std::string wrong;
  for (const ConfigurationFinding& finding : configuration_.check()) {
    // Keys of plugins are the worker's business; here only the server's own are known.
    if (configuration_.find(finding.key) == nullptr) continue;
    wrong += (wrong.empty() ? "" : "\n") + finding.key + ": " + finding.message;
  }
  if (!wrong.empty()) throw std::runtime_error(wrong);
}

Supervisor::~Supervisor() = default;

void Supervisor::open_database() {
  if (!configuration_.get_text("database.url").empty()) return;
  EmbeddedCluster::Options options;
  options.data_folder = configuration_.get_text("data.folder");
  cluster_ = std::make_unique<EmbeddedCluster>(
      options, [](std::string_view step) { std::cerr << "database: " << step << std::endl; });
}

std::unique_ptr<Supervisor::Worker> Supervisor::make_worker() const {
  ChildProcess::Options options;
  options.arguments = worker_arguments(sources_);
  if (cluster_) options.environment.emplace_back("CALIXO_DATABASE_URL", cluster_->url());
  options.inherited_descriptor = listener_->descriptor();
  return std::make_unique<Worker>(options);
}

void Supervisor::print_banner(const Worker& worker) {
  std::string base = configuration_.get_text("http.public_url");
  if (base.empty()) {
    const bool is_tls = !configuration_.get_text("http.tls_certificate_file").empty();
    base = (is_tls ? "https://" : "http://") + listener_->address();
  }
  std::cout << "\nCalixo is ready at " << base << "\n"
            << "API document: " << base << "/api/openapi.json, to read: " << base << "/docs\n";
  for (const std::string& notice : worker.notices) std::cout << notice << "\n";
  std::cout << std::endl;
  was_banner_printed_ = true;
}

void Supervisor::worker_ready(Worker& worker) {
  worker.is_ready = true;
  if (!was_banner_printed_) print_banner(worker);
  if (&worker == successor_.get()) promote_successor();
}

void Supervisor::promote_successor() {
  log::info("worker replaced", {{"process", successor_->process.id()}});
  if (worker_) {
    worker_->process.signal(SIGTERM);
    retiring_.push_back(std::move(worker_));
  }
  worker_ = std::move(successor_);
}

void Supervisor::read_report(Worker& worker) {
  std::array<char, 512> buffer;
  for (;;) {
    const ssize_t size = ::read(worker.process.report_descriptor(), buffer.data(), buffer.size());
    if (size <= 0) break;
    worker.unread.append(buffer.data(), static_cast<std::size_t>(size));
  }
  for (std::size_t end; (end = worker.unread.find('\n')) != std::string::npos;) {
    const std::string line = worker.unread.substr(0, end);
    worker.unread.erase(0, end + 1);
    if (line == "ready") return worker_ready(worker);
    worker.notices.push_back(line);
  }
}

void Supervisor::read_reports() {
  if (worker_) read_report(*worker_);
  if (successor_) read_report(*successor_);
}

void Supervisor::begin_end(int exit_status) {
  if (is_ending_) return;
  is_ending_ = true;
  exit_status_ = exit_status;
  restart_at_.reset();
  kill_at_ =
      Clock::now() + milliseconds(configuration_.get_int("http.drain_timeout_ms")) + kKillGrace;
  if (worker_) worker_->process.signal(SIGTERM);
  if (successor_) successor_->process.signal(SIGTERM);
}

void Supervisor::worker_ended(int wait_status) {
  const bool was_ready = worker_->is_ready;
  const bool was_stable = Clock::now() - worker_->started_at > kStableAfter;
  worker_.reset();
  if (is_ending_) return;
  if (WIFEXITED(wait_status) && !was_ready) {
    // It said why on standard error; the same would happen again.
    return begin_end(WEXITSTATUS(wait_status) == 0 ? kExitConfiguration : WEXITSTATUS(wait_status));
  }
  if (was_stable) crashes_in_a_row_ = 0;
  const milliseconds delay =
      std::min(kRestartDelayMin * (1 << std::min(crashes_in_a_row_, 6)), kRestartDelayMax);
  ++crashes_in_a_row_;
  log::error("worker ended", {{"how", how_it_ended(wait_status)},
                              {"restart_in_ms", static_cast<long long>(delay.count())}});
  restart_at_ = Clock::now() + delay;
}

void Supervisor::successor_ended(int wait_status) {
  successor_.reset();
  log::error("reload failed", {{"how", how_it_ended(wait_status)},
                               {"action", "the running worker goes on with what it has"}});
}

void Supervisor::reap_children() {
  int wait_status = 0;
  if (worker_ && worker_->process.has_ended(wait_status)) worker_ended(wait_status);
  if (successor_ && successor_->process.has_ended(wait_status)) successor_ended(wait_status);
  std::erase_if(retiring_,
                [&](const auto& worker) { return worker->process.has_ended(wait_status); });
  if (cluster_ && !is_ending_ && !cluster_->is_running()) {
    log::error("embedded database ended", {{"action", "starting it again"}});
    cluster_->restart([](std::string_view step) { log::info("database", {{"step", step}}); });
  }
}

void Supervisor::reload() {
  if (is_ending_ || successor_) return;
  log::info("reload", {{"action", "starting a worker with the present files"}});
  successor_ = make_worker();
}

void Supervisor::handle_signal(int number) {
  switch (number) {
    case SIGCHLD:
      return reap_children();
    case SIGHUP:
      return reload();
    case SIGINT:
    case SIGTERM:
    case SIGQUIT:
      return begin_end(0);
    default:
      return;
  }
}

int Supervisor::wait_milliseconds() const {
  Clock::time_point next = Clock::now() + kTick;
  if (restart_at_) next = std::min(next, *restart_at_);
  if (kill_at_) next = std::min(next, *kill_at_);
  const auto left = std::chrono::ceil<milliseconds>(next - Clock::now());
  return static_cast<int>(std::max<long long>(left.count(), 0));
}

void Supervisor::kill_all() {
  log::error("workers did not end in time", {{"action", "killed"}});
  if (worker_) worker_->process.signal(SIGKILL);
  if (successor_) successor_->process.signal(SIGKILL);
  for (const auto& worker : retiring_) worker->process.signal(SIGKILL);
}

void Supervisor::act_on_time() {
  const Clock::time_point now = Clock::now();
  if (restart_at_ && now >= *restart_at_) {
    restart_at_.reset();
    worker_ = make_worker();
  }
  if (kill_at_ && now >= *kill_at_) {
    kill_at_.reset();
    kill_all();
  }
}

int Supervisor::run() {
  const SignalDescriptor signals;  // before any thread is made, so that all block them
  start_log(configuration_);
  listener_ =
      std::make_unique<Listener>(configuration_.get_text("http.host"),
                                 static_cast<std::uint16_t>(configuration_.get_int("http.port")));
  open_database();
  worker_ = make_worker();
  while (!has_ended()) {
    std::array<pollfd, 3> watched{{
        {signals.descriptor(), POLLIN, 0},
        {worker_ ? worker_->process.report_descriptor() : -1, POLLIN, 0},
        {successor_ ? successor_->process.report_descriptor() : -1, POLLIN, 0},
    }};
    ::poll(watched.data(), watched.size(), wait_milliseconds());
    read_reports();
    while (const int number = signals.next()) handle_signal(number);
    act_on_time();
  }
  cluster_.reset();
  log::stop();
  return exit_status_;
}

}  // namespace calixo::host
