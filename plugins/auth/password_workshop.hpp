// Hashes and checks passwords on worker threads, a bounded number at a time: a flood of sign-ins
// waits for itself and is turned away, while other routes keep their threads and their share of the
// cores.
#pragma once

#include <calixo/plugin.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "settings.hpp"

namespace calixo::auth {

class PasswordWorkshop {
 public:
  PasswordWorkshop(Plugin& plugin, const Settings& settings)
      : plugin_(plugin), settings_(settings) {}

  // From configure: the places are made. [startup]
  void open();

  // Both: problem 503 over_capacity with Retry-After where too many wait already.
  // [fiber, suspends]
  std::string hash(Context& context, std::string_view password);
  // With an empty hash it does the same work and answers false.
  bool matches(Context& context, std::string_view password, const std::string& encoded);

 private:
  template <class Work>
  auto run(Context& context, Work work);

  Plugin& plugin_;
  const Settings& settings_;
  std::vector<std::unique_ptr<Mutex>> places_;  // one hash each
  std::atomic<std::size_t> next_{0};
  std::atomic<std::int64_t> arrived_{0};
};

}  // namespace calixo::auth
