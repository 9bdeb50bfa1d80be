#include "purchases_routes.hpp"

#include <string>

#include "ledger_store.hpp"

namespace calixo::store {

struct PurchaseRequest {
  std::int32_t item_id;
  std::optional<std::int32_t> expected_price;
  std::optional<std::string> coupon;
};
BOOST_DESCRIBE_STRUCT(PurchaseRequest, (), (item_id, expected_price, coupon))
CALIXO_RULES(PurchaseRequest) {
  rules.at<&PurchaseRequest::item_id>().min(1);
  rules.at<&PurchaseRequest::expected_price>().min(0).describe(
      "What the person was shown, before a coupon: another price is refused with price_changed");
  rules.at<&PurchaseRequest::coupon>().length(1, 64).describe(
      "A promotional code, which takes its percent off the price, rounded down; a refund does not "
      "give it back");
}

struct GiftRequest {
  std::int32_t item_id;
  Uuid recipient_id;
  std::optional<std::int32_t> expected_price;
};
BOOST_DESCRIBE_STRUCT(GiftRequest, (), (item_id, recipient_id, expected_price))
CALIXO_RULES(GiftRequest) {
  rules.at<&GiftRequest::item_id>().min(1);
  rules.at<&GiftRequest::recipient_id>().describe("Whose it will be; not the caller");
  rules.at<&GiftRequest::expected_price>().min(0).describe("As of a purchase");
}

namespace {

Page<Purchase> purchases_of(Context& context, const PageQuery& query) {
  context.vary_by_language();
  const Slice slice = slice_of(context, query);
  Database db = context.db();
  return page_of(list_purchases(db, context.language(), context.user_id(), slice), slice.limit);
}

Page<StoreTransaction> transactions_of(Context& context, const PageQuery& query) {
  context.vary_by_language();
  const Slice slice = slice_of(context, query);
  Database db = context.db();
  return page_of(list_transactions(db, context.language(), context.user_id(), slice), slice.limit);
}

Purchase give(Context& context, const PurchasesService& purchases, const GiftRequest& wanted) {
  const std::string recipient = wanted.recipient_id.str();
  require(recipient != context.user_id(), conflict("gift_to_oneself"));
  return purchases.buy(context, {.buyer = context.user_id(),
                                 .recipient = recipient,
                                 .item_id = wanted.item_id,
                                 .expected_price = wanted.expected_price,
                                 .coupon = std::nullopt});
}

// As codes are kept; what is no code at all stays what it is.
std::optional<std::string> in_capitals(std::optional<std::string> code) {
  if (!code) return code;
  for (char& c : *code) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return code;
}

RouteBuilder with_problems(RouteBuilder route) {
  return route.problem(403, "premium_required")
      .problem(404, "item_not_found")
      .problem(409, "not_available")
      .problem(409, "price_changed")
      .problem(409, "already_owned")
      .problem(409, "out_of_stock")
      .problem(409, "insufficient_funds")
      .problem(429, "too_many_purchases");
}

void register_messages(Plugin& plugin) {
  register_coupon_messages(plugin);
  plugin.message("item_not_found",
                 {.es = "Ese artículo no existe.", .en = "There is no such item."});
  plugin.message("recipient_not_found",
                 {.es = "Esa persona no existe.", .en = "There is no such person."});
  plugin.message("premium_required", {.es = "Este artículo es para suscripciones premium.",
                                      .en = "This item is for premium subscriptions."});
  plugin.message("not_available", {.es = "Este artículo no está disponible ahora.",
                                   .en = "This item is not available now."});
  plugin.message("price_changed", {.es = "El precio ha cambiado.", .en = "The price has changed."});
  plugin.message("already_owned",
                 {.es = "Ya tiene este artículo.", .en = "The item is owned already."});
  plugin.message("out_of_stock", {.es = "Está agotado.", .en = "It is out of stock."});
  plugin.message("insufficient_funds",
                 {.es = "No hay saldo suficiente.", .en = "The balance is not sufficient."});
  plugin.message("gift_to_oneself", {.es = "Un regalo es para otra persona: cómpralo sin más.",
                                     .en = "A gift is for somebody else: just buy it."});
  plugin.message("too_many_purchases", {.es = "Demasiadas compras seguidas: espera un minuto.",
                                        .en = "Too many purchases in a row: wait a minute."});
}

}  // namespace

void register_purchase_routes(Plugin& plugin, const PurchasesService& purchases) {
  with_problems(plugin.post("/api/store/purchase",
                            [&purchases](Context& context, const PurchaseRequest& wanted) {
                              return purchases.buy(context,
                                                   {.buyer = context.user_id(),
                                                    .recipient = context.user_id(),
                                                    .item_id = wanted.item_id,
                                                    .expected_price = wanted.expected_price,
                                                    .coupon = in_capitals(wanted.coupon)});
                            }))
      .allow(Role::user)
      .status(201)
      .summary("Buys an item: money and item move together or not at all")
      .problem(404, "coupon_not_found")
      .problem(409, "coupon_expired")
      .problem(409, "coupon_exhausted")
      .problem(409, "coupon_used")
      .problem(409, "coupon_not_for_this")
      .problem(429, "coupon_guesses_exceeded");
  with_problems(plugin.post("/api/store/gift",
                            [&purchases](Context& context, const GiftRequest& wanted) {
                              return give(context, purchases, wanted);
                            }))
      .allow(Role::user)
      .status(201)
      .summary("Buys an item for somebody else")
      .problem(404, "recipient_not_found")
      .problem(409, "gift_to_oneself");
  plugin.get("/api/store/purchases", &purchases_of)
      .allow(Role::user)
      .read_only()
      .summary("What the caller bought, was given or gave away, newest first");
  plugin.get("/api/store/transactions", &transactions_of)
      .allow(Role::user)
      .read_only()
      .summary("Every movement of the caller's money, newest first");
  register_messages(plugin);
}

}  // namespace calixo::store
