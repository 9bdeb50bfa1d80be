#include "adjustments_service.hpp"

#include <optional>
#include <string_view>

namespace calixo::store {
namespace {

Problem beyond_bound(const Context& context) {
  return invalid("validation_failed")
      .error("amount", "range",
             context.language() == "es" ? "No puede ser 0 ni superar store.adjustment_max."
                                        : "May not be 0 nor beyond store.adjustment_max.");
}

}  // namespace

Adjustment AdjustmentsService::adjust(Context& context, const Uuid& user_id, std::int64_t amount,
                                      const std::string& note) const {
  const std::int64_t bound = settings_.adjustment_max.get();
  if (amount == 0 || amount > bound || amount < -bound) throw beyond_bound(context);
  const Principal caller = context.principal();
  const auto made_by =
      caller.user_id.empty() ? std::nullopt : std::optional<std::string_view>(caller.user_id);
  return context.service_transaction([&](Transaction& tx) -> Adjustment {
    require(is_person(tx, user_id), not_found("user"));
    const AdjustmentMade made = store::adjust(tx, user_id, amount, note, made_by);
    require(made.outcome == Outcome::moved, conflict("insufficient_funds"));
    return {.id = made.id,
            .user_id = user_id,
            .amount = amount,
            .note = note,
            .balance = made.balance.value_or(0),
            .created_at = made.created_at.value_or(Timestamp())};
  });
}

}  // namespace calixo::store
