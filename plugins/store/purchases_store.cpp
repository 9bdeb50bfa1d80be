#include "purchases_store.hpp"

namespace calixo::store {
namespace {

// Who has no account has nothing to spend, and gets one with a first movement.
constexpr std::string_view kLockAccount = "select from ledger_lock($1, 'spendable', false)";
// Two gifts at once to one person count each other; an item without a limit waits for nobody else
// than the same recipient.
constexpr std::string_view kLockOwned =
    "select pg_advisory_xact_lock(hashtextextended('store/' || $1 || '/' || $2::integer, 0))";

// $1 the language, $2 the item, $3 the buyer, $4 the recipient, $5 purchases a minute.
constexpr std::string_view kItem = R"(
  select i.slug, case $1 when 'en' then i.name_en else i.name end as name, i.price, i.premium_only,
         coalesce(i.available_from <= now(), true)
           and coalesce(i.available_until > now(), true) as is_on_sale,
         i.stock, i.max_per_user,
         case when i.cosmetic_item is not null then json_build_object(
           'category', i.cosmetic_category, 'item_id', i.cosmetic_item) end as cosmetic,
         (select count(*) from purchases p where p.recipient_id = $4 and p.item_id = i.id
            and p.status = 'paid') as owned_count,
         profile_is_visible($3) as is_buyer_there, profile_is_visible($4) as is_recipient_there,
         coalesce((select p.created_at from purchases p where p.user_id = $3
                   order by p.id desc offset $5 - 1 limit 1) > now() - interval '1 minute',
                  false) as is_too_soon,
         nextval('purchases_id_seq') as purchase_id
  from store_items i where i.id = $2 and i.is_active)";

constexpr std::string_view kSell = R"(
  with paid as materialized (
    select * from ledger_move($1, -$2::bigint, 2, 'purchase', 'purchase:' || $3::bigint,
                              $4, false)),
  bought as (
    insert into purchases (id, user_id, recipient_id, is_gift, item_id, price, coupon, discount,
                           transfer_id)
    select $3, $1, $5, $6, $4, $2::bigint, $7, $8, paid.transfer from paid where paid.outcome = 'moved'
    returning created_at)
  select paid.outcome, paid.balance, bought.created_at from paid left join bought on true)";

constexpr std::string_view kTakeOne =
    "update store_items set stock = stock - 1 where id = $1 and stock > 0";

constexpr std::string_view kLockPurchase = R"(
  select p.id, p.user_id, p.recipient_id, p.item_id, p.price, p.status,
         case when i.cosmetic_item is not null then json_build_object(
           'category', i.cosmetic_category, 'item_id', i.cosmetic_item) end as cosmetic
  from purchases p join store_items i on i.id = p.item_id where p.id = $1 for update of p)";

constexpr std::string_view kMarkRefunded =
    "update purchases set status = 'refunded', refunded_at = now() "
    "where id = $1 and status = 'paid'";
constexpr std::string_view kPutBack =
    "update store_items set stock = stock + 1 where id = $1 and stock is not null";

// $1 the language.
constexpr std::string_view kView = R"(
  select p.id, p.user_id, p.recipient_id, p.is_gift, p.price, p.coupon, p.discount, p.status, p.created_at,
         p.refunded_at, json_build_object('id', i.id, 'slug', i.slug,
           'name', case $1 when 'en' then i.name_en else i.name end) as item)";

}  // namespace

std::optional<ItemForSale> lock_order(Transaction& tx, std::string_view language,
                                      const Order& order, std::int64_t per_minute_max) {
  const std::vector<Rows> answers =
      tx.batch()
          .add(kLockAccount, order.buyer)
          .add(kLockOwned, order.recipient, order.item_id)
          .add(kItem, language, order.item_id, order.buyer, order.recipient, per_minute_max)
          .run();
  return answers[2].first<ItemForSale>();
}

Sold sell(Transaction& tx, const Order& order, const ItemForSale& item, std::int32_t discount) {
  Batch batch = tx.batch();
  batch.add(kSell, order.buyer, item.price - discount, item.purchase_id, order.item_id,
            order.recipient, order.is_gift(), order.coupon, discount);
  if (item.stock) batch.add(kTakeOne, order.item_id);
  const std::vector<Rows> answers = batch.run();
  const Row row = answers[0][0];
  return {.outcome = row.get<Outcome>("outcome"),
          .balance = row.get<std::optional<std::int64_t>>("balance").value_or(0),
          .created_at = row.get<std::optional<Timestamp>>("created_at"),
          .was_in_stock = !item.stock || answers[1].affected() == 1,
          .discount = discount};
}

std::optional<PurchaseToRefund> lock_purchase(Transaction& tx, std::int64_t id) {
  return tx.query(kLockPurchase, id).first<PurchaseToRefund>();
}

std::int64_t refund(Transaction& tx, const PurchaseToRefund& purchase) {
  const std::string source = "purchase:" + std::to_string(purchase.id);
  const Moved moved = move(tx, {.user_id = purchase.user_id.value_or(""),
                                .change = purchase.price,
                                .house = House::sales,
                                .reason = "purchase",
                                .source = source,
                                .item_id = purchase.item_id,
                                .reverses = true});
  tx.batch().add(kMarkRefunded, purchase.id).add(kPutBack, purchase.item_id).run();
  return moved.balance.value_or(0);
}

std::optional<Purchase> find_purchase(Database& db, std::string_view language, std::int64_t id) {
  static const std::string kSql =
      std::string(kView) +
      " from purchases p join store_items i on i.id = p.item_id where p.id = $2";
  return db.query(kSql, language, id).first<Purchase>();
}

std::vector<Purchase> list_purchases(Database& db, std::string_view language,
                                     std::string_view user_id, const Slice& slice) {
  // Two walks, each along its index, of a page at most.
  static const std::string kSql = std::string(kView) + R"(
    from (
      (select * from purchases where recipient_id = $2 and ($3::bigint is null or id < $3)
       order by id desc limit $4)
      union all
      (select * from purchases where user_id = $2 and recipient_id is distinct from $2
         and ($3::bigint is null or id < $3)
       order by id desc limit $4)) p
    join store_items i on i.id = p.item_id
    order by p.id desc limit $4)";
  return db.query(kSql, language, user_id, slice.after_id, slice.limit + 1).as<Purchase>();
}

}  // namespace calixo::store
