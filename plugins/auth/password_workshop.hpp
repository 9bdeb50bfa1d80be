// Hashes and checks passwords on worker threads, a bounded number at a time: a flood of sign-ins
// waits for itself and is turned away, while other routes keep their threads and their share of the
// cores.
#pragma once

#include <calixo/plugin.hpp>

#include <atomic>
#include <memory>
#include <optional>
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
  // Several hashes in one turn: what work() answers.
  template <class Work>
  auto run(Context& context, Work work) {
    const Place place(*this);
    try {
      return context.run_blocking(work);
    } catch (const HostFailure& failure) {
      if (failure.status() != CALIXO_LIMIT) throw;
      throw too_many();
    }
  }

 private:
  // A turn among those who hash; counts whoever is here, working or waiting.
  class Place {
   public:
    explicit Place(PasswordWorkshop& workshop);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    PasswordWorkshop& workshop_;
    std::optional<Mutex::Guard> guard_;
  };

  static Problem too_many();

  Plugin& plugin_;
  const Settings& settings_;
  std::vector<std::unique_ptr<Mutex>> places_;  // one hash each
  std::atomic<std::size_t> next_{0};
  std::atomic<std::int64_t> arrived_{0};
};

}  // namespace calixo::auth
