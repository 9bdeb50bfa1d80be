#include "corrections_routes.hpp"

#include <calixo/pages.hpp>

#include <optional>
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

struct PurchasesQuery {
  Uuid user_id;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(PurchasesQuery, (), (user_id, limit, cursor))
CALIXO_RULES(PurchasesQuery) {
  page_rules(rules);
  rules.at<&PurchasesQuery::user_id>().describe("Who paid or whose it is");
}

namespace {

Page<Purchase> purchases_of(Context& context, const PurchasesQuery& query) {
  context.vary_by_language();
  const Slice slice = slice_of(context, query);
  Database db = context.db();
  return page_of(list_purchases(db, context.language(), query.user_id, slice), slice.limit);
}

}  // namespace

void register_correction_routes(Plugin& plugin, const PurchasesService& purchases,
                                const AdjustmentsService& adjustments) {
  plugin.get("/api/admin/store/purchases", &purchases_of)
      .allow(Role::admin)
      .read_only()
      .summary("What somebody bought, was given or gave away, newest first");
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
