// calixo.premium/1: whoever keeps subscriptions says who is premium.
#pragma once

#include <calixo/abi/premium.h>
#include <calixo/plugin.hpp>

namespace calixo::auth {

class PremiumService {
 public:
  // Offers it. [startup]
  explicit PremiumService(Plugin& plugin);
  PremiumService(const PremiumService&) = delete;
  PremiumService& operator=(const PremiumService&) = delete;

 private:
  static calixo_status set(void* user, calixo_tx* tx, calixo_str user_id, std::int32_t is_premium);

  Plugin& plugin_;
  calixo_premium_v1 table_{};
};

}  // namespace calixo::auth
