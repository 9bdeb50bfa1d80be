// Who is premium, for plugins that sell it.
//
//   Premium premium_(plugin);                                      // in describe
//   premium_.set(attempt.handle(), user_id, true);
//
// What is set takes effect with the transaction, for the person's next request.
#pragma once

#include <calixo/abi/premium.h>
#include <calixo/detail/service_call.hpp>
#include <calixo/plugin.hpp>

#include <string_view>

namespace calixo {

// The accounts' service. A small value: copy it. A refusal that is not named is a HostFailure.
class Premium {
 public:
  // An optional one may be away: the plugin that keeps accounts does not offer it. [startup]
  explicit Premium(Plugin& plugin, Need need = Need::required)
      : table_(plugin.need<calixo_premium_v1>(CALIXO_PREMIUM_ID, need)) {}

  // Whether it can be asked. From start on. [any-thread]
  explicit operator bool() const { return static_cast<bool>(table_); }

  // Makes somebody premium, or no longer; false where there is no such person. [fiber, suspends]
  bool set(calixo_tx* tx, std::string_view user_id, bool is_premium) const {
    const calixo_status status = detail::suspending(
        [&] { return table_->set(table_->user, tx, detail::to_abi(user_id), is_premium ? 1 : 0); });
    if (status == CALIXO_NOT_FOUND) return false;
    detail::throw_unless_served(status, "make somebody premium");
    return true;
  }

 private:
  Needed<calixo_premium_v1> table_;
};

}  // namespace calixo
