#include "standing/premium_service.hpp"

#include <calixo/detail/service_call.hpp>

#include "standing/standing_store.hpp"

namespace calixo::auth {

PremiumService::PremiumService(Plugin& plugin) : plugin_(plugin) {
  table_.struct_size = sizeof table_;
  table_.user = this;
  table_.set = &set;
  plugin.offer(CALIXO_PREMIUM_ID, &table_);
}

calixo_status PremiumService::set(void* user, calixo_tx* tx, calixo_str user_id,
                                  std::int32_t is_premium) {
  const auto& service = *static_cast<PremiumService*>(user);
  return detail::serve(service.plugin_.host(), tx, "set premium", [&](Database& db) {
    const auto person = Uuid::parse(detail::view(user_id));
    if (!person) return CALIXO_INVALID;
    return set_premium(db, *person, is_premium != 0) ? CALIXO_OK : CALIXO_NOT_FOUND;
  });
}

}  // namespace calixo::auth
