// Ends at Stripe what people had subscribed to who erased their account.
#pragma once

#include <calixo/plugin.hpp>

#include <string>

#include "stripe_api.hpp"

namespace calixo::billing {

class CancellationService {
 public:
  CancellationService(Plugin& plugin, const StripeApi& api);

 private:
  void run() const;
  bool cancel(const std::string& subscription_id) const;

  Plugin& plugin_;
  const StripeApi& api_;
};

}  // namespace calixo::billing
