// POST /api/stripe/webhook: where Stripe delivers.
#pragma once

#include <calixo/plugin.hpp>

#include <atomic>
#include <cstdint>

#include "inbox_service.hpp"
#include "settings.hpp"
#include "signature.hpp"

namespace calixo::billing {

class WebhookRoutes {
 public:
  WebhookRoutes(Plugin& plugin, const Settings& settings, InboxService& inbox);

 private:
  Reply receive(Context& context);
  void report(const Context& context, SignatureFault fault) const;

  const Settings& settings_;
  InboxService& inbox_;
  // Anybody can send what is refused: the log takes one line a minute of it.
  mutable std::atomic<std::int64_t> reported_s_{0};
  mutable std::atomic<std::int64_t> unreported_{0};
};

}  // namespace calixo::billing
