#include "runtime/crash_report.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iterator>
#include <mutex>
#include <string_view>
#include <utility>

#include "runtime/crash_lines.hpp"
#include "runtime/loop_core.hpp"

namespace calixo::host::crash_report {
namespace {

constexpr std::size_t kStackBytes = 64 * 1024;
constexpr int kHeldSignal = SIGUSR2;  // has a held thread tell about itself
constexpr int kExitGivenUp = 70;

struct Fault {
  int signal;
  std::string_view text;
};
constexpr std::array kFaults{Fault{SIGSEGV, "invalid memory access"}, Fault{SIGBUS, "bus error"},
                             Fault{SIGILL, "illegal instruction"},
                             Fault{SIGFPE, "arithmetic fault"}, Fault{SIGABRT, "abort"}};
std::array<struct sigaction, kFaults.size()> previous_actions;
constinit thread_local std::string_view scope_label;

// Everything below runs in a signal handler: only async-signal-safe calls.

// Empty: the thread does nothing of a plugin's.
std::string_view present_label() {
  LoopCore* const loop = LoopCore::current();
  const FiberContext* const fiber = loop == nullptr ? nullptr : loop->running_fiber();
  if (!scope_label.empty()) return scope_label;
  if (loop == nullptr) return {};
  if (fiber == nullptr) return "loop";
  return fiber->label().empty() ? std::string_view("fiber") : fiber->label();
}

void report(std::string_view kind, std::string_view what) {
  const std::string_view label = present_label();
  write_report(kind, what, label.empty() ? std::string_view("a thread of its own") : label);
  write_culprit();
}

bool is_overflow(const void* address) {
  LoopCore* const loop = LoopCore::current();
  const FiberContext* const fiber = loop == nullptr ? nullptr : loop->running_fiber();
  return fiber != nullptr && fiber->stack().guards(address);
}

// The signal goes on to the action that stood before; it comes again by itself, or is raised.
void handle(int signal, siginfo_t* info, void*) {
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    if (kFaults[i].signal != signal) continue;
    const bool has_address = signal == SIGSEGV || signal == SIGBUS;
    const bool overflows = has_address && is_overflow(info->si_addr);
    ::sigaction(signal, &previous_actions[i], nullptr);
    report("crash", overflows ? "fiber stack overflow" : kFaults[i].text);
    const bool is_sent = info->si_code <= 0;  // by kill or raise, not by an instruction
    if (is_sent) ::raise(signal);
  }
}

void tell_held(int) {
  const int kept = errno;
  report("held", "held its loop");
  errno = kept;
}

// A plugin that ends the process takes everybody's requests with it, as a crash does.
void tell_exit() {
  if (present_label().empty()) return;
  report("crash", "exit");
  ::_exit(kExitGivenUp);
}

void install_handlers() {
  struct sigaction action {};
  action.sa_sigaction = &handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    ::sigaction(kFaults[i].signal, &action, &previous_actions[i]);
  }
  struct sigaction held {};
  held.sa_handler = &tell_held;
  held.sa_flags = SA_ONSTACK | SA_RESTART;
  ::sigemptyset(&held.sa_mask);
  ::sigaction(kHeldSignal, &held, nullptr);
  std::atexit(&tell_exit);
}

}  // namespace

AlternateStack::AlternateStack() {
  static std::once_flag installed;
  std::call_once(installed, &install_handlers);
  stack_t present{};
  if (::sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;
  void* const memory = ::mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return;  // then an overflow dies without its line
  const stack_t mine{.ss_sp = memory, .ss_flags = 0, .ss_size = kStackBytes};
  ::sigaltstack(&mine, nullptr);
  memory_ = memory;
}

AlternateStack::~AlternateStack() {
  if (memory_ == nullptr) return;
  const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
  ::sigaltstack(&none, nullptr);
  ::munmap(memory_, kStackBytes);
}

Scope::Scope(std::string_view label) : before_(std::exchange(scope_label, label)) {}
Scope::~Scope() { scope_label = before_; }

void tell_supervisor(int descriptor) { set_supervisor_descriptor(descriptor); }

void add_code(std::string_view plugin, const void* begin, const void* end) {
  add_code_range(plugin, begin, end);
}

void report_held(pthread_t thread) { ::pthread_kill(thread, kHeldSignal); }

void give_up(std::string_view what, std::string_view label) {
  write_report("crash", what, label);
  ::_exit(kExitGivenUp);
}

}  // namespace calixo::host::crash_report
