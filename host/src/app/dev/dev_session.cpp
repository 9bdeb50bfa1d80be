#include "app/dev/dev_session.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "app/interrupt.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kQuiet{150};      // after the last change: an editor saves several files
constexpr milliseconds kQuietMax{2000};  // after the first one, however many follow
constexpr milliseconds kTick{500};       // for an interrupt between a look at it and poll
constexpr int kServerEndPatienceMs = 30'000;  // above http.drain_timeout_ms and its grace

bool has_succeeded(int wait_status) {
  return WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
}

}  // namespace

DevSession::DevSession(Options options)
    : options_(std::move(options)),
      watch_(options_.project.sources,
             {options_.project.sources / "build", options_.project.build, options_.project.data}) {}

DevSession::~DevSession() {
  if (build_) build_->signal_group(SIGTERM);
  end_server();
}

void DevSession::run() {
  begin_build();
  while (!Interrupt::is_requested()) {
    wait();
    take_changes();
    read_server();
    int wait_status = 0;
    if (build_ && build_->has_ended(wait_status)) end_step(wait_status);
    look_at_server();
    if (step_ == Step::idle && first_change_ && wait_ms() == 0) begin_build();
  }
}

// How long until a build is due; the tick where none is.
int DevSession::wait_ms() const {
  if (step_ != Step::idle || !first_change_) return static_cast<int>(kTick.count());
  const auto due = std::min(*last_change_ + kQuiet, *first_change_ + kQuietMax);
  const auto left = std::chrono::ceil<milliseconds>(due - Clock::now());
  return static_cast<int>(std::clamp(left, milliseconds(0), kTick).count());
}

void DevSession::wait() {
  std::array<pollfd, 4> watched{{{watch_.descriptor(), POLLIN, 0},
                                 {build_ ? build_->descriptor() : -1, POLLIN, 0},
                                 {server_ ? server_->descriptor() : -1, POLLIN, 0},
                                 {server_output_, POLLIN, 0}}};
  ::poll(watched.data(), watched.size(), wait_ms());
}

void DevSession::take_changes() {
  if (!watch_.take_changes()) return;
  last_change_ = Clock::now();
  if (!first_change_) first_change_ = last_change_;
}

void DevSession::begin_build() {
  first_change_.reset();
  last_change_.reset();
  const bool is_new = !options_.project.is_configured();
  step_ = is_new ? Step::configuring : Step::building;
  Subprocess::Options command;
  command.arguments =
      is_new ? options_.project.configure_command() : options_.project.build_command();
  command.death_signal = SIGKILL;
  options_.say(is_new ? "configuring" : "building");
  build_ = std::make_unique<Subprocess>(command);
}

void DevSession::end_step(int wait_status) {
  const Step ended = std::exchange(step_, Step::idle);
  build_.reset();
  if (!has_succeeded(wait_status)) {
    return options_.say(server_ ? "the build failed; what was built before goes on being served"
                                : "the build failed; waiting for a change");
  }
  if (ended == Step::configuring) return begin_build();
  serve();
}

void DevSession::serve() {
  bool has_changed = false;
  const auto libraries = options_.project.stage(has_changed);
  if (libraries.empty()) {
    return options_.say("the project built no library into " +
                        (options_.project.build / "plugins").string() +
                        ": make its plugin with calixo_add_plugin");
  }
  if (server_ && libraries != served_) end_server();
  if (!server_) return start_server(libraries);
  if (!has_changed) return options_.say("nothing changed");
  reload();
}

void DevSession::start_server(const std::vector<std::filesystem::path>& libraries) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("can't make a pipe for the server");
  std::string enabled;
  for (const std::string& name : options_.enabled) enabled += name + ",";
  for (const auto& library : libraries) enabled += library.string() + ",";
  enabled.pop_back();
  Subprocess::Options command;
  command.arguments = {own_binary().string(), "serve", "--set=plugins.enabled=" + enabled};
  command.arguments.insert(command.arguments.end(), options_.serve_options.begin(),
                           options_.serve_options.end());
  command.output = ends[1];
  command.death_signal = SIGTERM;
  server_ = std::make_unique<Subprocess>(command);
  ::close(ends[1]);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  server_output_ = ends[0];
  served_ = libraries;
  is_ready_ = is_reloading_ = wants_reload_ = false;
}

void DevSession::reload() {
  if (!is_ready_ || is_reloading_) {
    wants_reload_ = true;
    return;
  }
  is_reloading_ = true;
  wants_reload_ = false;
  options_.say("reloading");
  server_->signal(SIGHUP);
}

void DevSession::read_server() {
  std::array<char, 4096> buffer;
  while (server_output_ >= 0) {
    const ssize_t size = ::read(server_output_, buffer.data(), buffer.size());
    if (size <= 0) break;
    unread_.append(buffer.data(), static_cast<std::size_t>(size));
  }
  for (std::size_t end; (end = unread_.find('\n')) != std::string::npos;) {
    const std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    take_line(line);
  }
}

void DevSession::take_line(const std::string& line) {
  std::cout << line << std::endl;
  const bool has_replaced = line.find("worker replaced") != std::string::npos;
  if (line.find("Calixo is ready at") != std::string::npos) is_ready_ = true;
  if (has_replaced) options_.say("the new build is served");
  if (has_replaced || line.find("reload refused") != std::string::npos) is_reloading_ = false;
  if (wants_reload_ && is_ready_ && !is_reloading_) reload();
}

void DevSession::look_at_server() {
  int wait_status = 0;
  if (!server_ || !server_->has_ended(wait_status)) return;
  read_server();
  end_server();
  options_.say("the server ended; waiting for a change");
}

void DevSession::end_server() {
  if (!server_) return;
  server_->signal(SIGTERM);
  server_->wait(kServerEndPatienceMs);
  read_server();
  server_.reset();
  ::close(std::exchange(server_output_, -1));
  unread_.clear();
}

}  // namespace calixo::host
