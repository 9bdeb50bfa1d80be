// Money that an administrator pays or takes, with the reason.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>

#include "adjustments_store.hpp"
#include "settings.hpp"

namespace calixo::store {

// [fiber, suspends]
class AdjustmentsService {
 public:
  explicit AdjustmentsService(const Settings& settings) : settings_(settings) {}

  // 404 user_not_found, 409 insufficient_funds, 422 validation_failed beyond the bound.
  Adjustment adjust(Context& context, const Uuid& user_id, std::int64_t amount,
                    const std::string& note) const;

 private:
  const Settings& settings_;
};

}  // namespace calixo::store
