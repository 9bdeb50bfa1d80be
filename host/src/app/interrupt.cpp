#include "app/interrupt.hpp"

#include <signal.h>

namespace calixo::host {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
volatile sig_atomic_t requested = 0;

void request(int) { requested = 1; }

void set_action(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  for (const int number : kSignals) ::sigaction(number, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  requested = 0;
  set_action(&request);
}

Interrupt::~Interrupt() { set_action(SIG_DFL); }

bool Interrupt::is_requested() { return requested != 0; }

}  // namespace calixo::host
