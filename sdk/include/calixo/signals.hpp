// Signals: "look again", told to every process on one database. The table is the truth.
//
//   signal_(plugin, "changes", [this] { catch_up(); })        // in describe
//   signal_.send(tx);                                         // with the change
//
// Part of the SDK that not every host has: a plugin that includes it needs calixo.signals/1.
#pragma once

#include <calixo/abi/signals.h>
#include <calixo/plugin.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace calixo {

// One signal of this plugin, and what is done at it.
class Signal {
 public:
  // hear() runs in each serving process, one call at a time: after the start, soon after each
  // sending, and besides at least once in events.poll_interval_ms. What it throws is logged.
  // [startup]
  Signal(Plugin& plugin, std::string_view name, std::function<void()> hear)
      : ear_(std::make_shared<Ear>(Ear{&plugin.host(), std::string(name), std::move(hear)})) {
    detail::find_interface(plugin.host().handle, CALIXO_SIGNALS_ID, signals_);
    const calixo_signal wanted{sizeof wanted, detail::to_abi(ear_->name), &Ear::call, ear_.get()};
    if (signals_->declare(plugin.host().handle, &wanted) != CALIXO_OK) {
      throw std::runtime_error("the host refused signal " + ear_->name);
    }
  }

  // With the commit of tx, or never. Throws DbError and HostFailure. [fiber, suspends]
  void send(const Transaction& tx) const { send_in(tx.handle()); }
  // At once. [fiber, suspends]
  void send() const { send_in(nullptr); }

 private:
  struct Ear {
    const detail::Host* host;
    std::string name;
    std::function<void()> hear;

    static void call(void* user) noexcept {
      auto& ear = *static_cast<Ear*>(user);
      try {
        try {
          ear.hear();
        } catch (const std::exception& failure) {
          Log(*ear.host).warn("signal not heard",
                              {{"signal", ear.name}, {"error", failure.what()}});
        }
      } catch (...) {  // out of memory while telling: the next call looks again
      }
    }
  };

  void send_in(calixo_tx* tx) const {
    calixo_result* failure = nullptr;
    const calixo_status status = detail::suspending([&] {
      return signals_->send(ear_->host->handle, tx, detail::to_abi(ear_->name), &failure);
    });
    detail::throw_unless_written(*ear_->host, status, failure, "send a signal");
  }

  std::shared_ptr<Ear> ear_;
  const calixo_signals_v1* signals_ = nullptr;
};

}  // namespace calixo
