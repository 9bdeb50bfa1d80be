#include "runtime/crash_report.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <iterator>
#include <mutex>
#include <string_view>

#include "runtime/loop_core.hpp"

namespace calixo::host::crash_report {
namespace {

constexpr std::size_t kStackBytes = 64 * 1024;

struct Fault {
  int signal;
  std::string_view text;
};
constexpr std::array kFaults{Fault{SIGSEGV, "invalid memory access in "},
                             Fault{SIGBUS, "bus error in "},
                             Fault{SIGILL, "illegal instruction in "},
                             Fault{SIGFPE, "arithmetic fault in "}, Fault{SIGABRT, "abort in "}};
std::array<struct sigaction, kFaults.size()> previous_actions;

// Everything below runs in a signal handler: only async-signal-safe calls.

void write_line(std::string_view what, std::string_view where) {
  const auto part = [](std::string_view text) {
    return iovec{const_cast<char*>(text.data()), text.size()};
  };
  const std::array parts{part("calixo: "), part(what), part(where), part("\n")};
  [[maybe_unused]] const ssize_t written =
      ::writev(STDERR_FILENO, parts.data(), static_cast<int>(parts.size()));
}

void report(std::string_view what, const void* address, bool has_address) {
  LoopCore* const loop = LoopCore::current();
  if (loop == nullptr) return;
  const FiberContext* const fiber = loop->running_fiber();
  if (fiber == nullptr) return write_line(what, "loop");
  if (has_address && fiber->stack().guards(address)) what = "fiber stack overflow in ";
  write_line(what, fiber->label().empty() ? "fiber" : fiber->label());
}

// The signal goes on to the action that stood before; it comes again by itself, or is raised.
void handle(int signal, siginfo_t* info, void*) {
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    if (kFaults[i].signal != signal) continue;
    const bool has_address = signal == SIGSEGV || signal == SIGBUS;
    report(kFaults[i].text, has_address ? info->si_addr : nullptr, has_address);
    ::sigaction(signal, &previous_actions[i], nullptr);
    const bool is_sent = info->si_code <= 0;  // by kill or raise, not by an instruction
    if (is_sent) ::raise(signal);
  }
}

void install_handlers() {
  struct sigaction action {};
  action.sa_sigaction = &handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kFaults.size(); ++i) {
    ::sigaction(kFaults[i].signal, &action, &previous_actions[i]);
  }
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

}  // namespace calixo::host::crash_report
