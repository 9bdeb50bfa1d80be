#include "corrections_routes.hpp"

#include <string>

namespace calixo::store {

struct AdjustmentRequest {
  Uuid user_id;
  std::int64_t amount;
  std::string note;
};
BOOST_DESCRIBE_STRUCT(AdjustmentRequest, (), (user_id, amount, note))
CALIXO_RULES(AdjustmentRequest) {
  rules.at<&AdjustmentRequest::amount>()
      .range(-1'000'000'000, 1'000'000'000)
      .describe("Above 0: paid; below: taken; at most store.adjustment_max either way");
  rules.at<&AdjustmentRequest::note>().length(1, 500).describe("Why, for whoever asks later");
  rules.closed();
}

void register_correction_routes(Plugin& plugin, const PurchasesService& purchases,
                                const AdjustmentsService& adjustments) {
  plugin
      .post("/api/admin/store/purchases/{id:int}/refund",
            [&purchases](Context& context) {
              return purchases.refund(context, context.path<std::int64_t>("id"));
            })
      .allow(Role::admin)
      .summary("Undoes a purchase: the money goes back, the item is taken away")
      .problem(404, "purchase_not_found")
      .problem(409, "already_refunded")
      .problem(409, "payer_erased")
      .problem(409, "not_available");
  plugin
      .post("/api/admin/store/adjust",
            [&adjustments](Context& context, const AdjustmentRequest& wanted) {
              return adjustments.adjust(context, wanted.user_id, wanted.amount, wanted.note);
            })
      .allow(Role::admin)
      .status(201)
      .summary("Pays a person, or takes from them, with the reason")
      .problem(404, "user_not_found")
      .problem(409, "insufficient_funds");
  plugin.message("purchase_not_found",
                 {.es = "Esa compra no existe.", .en = "There is no such purchase."});
  plugin.message("already_refunded", {.es = "Esta compra ya está devuelta.",
                                      .en = "This purchase is refunded already."});
  plugin.message("payer_erased", {.es = "La cuenta que pagó ya no existe.",
                                  .en = "The account that paid is no longer there."});
}

}  // namespace calixo::store
