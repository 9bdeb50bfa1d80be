#include "catalogue_store.hpp"

namespace calixo::store {
namespace {

// $1 is the language, $2 the caller or null, $5 whether there are avatars.
constexpr std::string_view kList = R"(
  select i.id, i.slug, i.category, case $1 when 'en' then i.name_en else i.name end as name,
         case $1 when 'en' then i.description_en else i.description end as description, i.price,
         i.premium_only, coalesce(i.stock > 0, true) as in_stock,
         (i.cosmetic_item is null or $5) as is_available, i.max_per_user, i.available_until,
         exists (select from purchases p where p.recipient_id = $2 and p.item_id = i.id
                   and p.status = 'paid') as owned,
         case when i.cosmetic_item is not null then json_build_object(
           'category', i.cosmetic_category, 'item_id', i.cosmetic_item) end as cosmetic
  from store_items i
  where i.is_active and i.id > $3::bigint and ($4::text is null or i.category = $4)
    and coalesce(i.available_from <= now(), true) and coalesce(i.available_until > now(), true)
  order by i.id limit $6)";

constexpr std::string_view kBalance = R"(
  select coalesce((select balance from ledger_accounts
                   where user_id = $1 and kind = 'spendable'), 0) as balance)";

}  // namespace

Offer list_on_sale(Database& db, std::string_view language,
                   const std::optional<std::string_view>& user_id,
                   const std::optional<std::string>& category, bool has_avatars,
                   const Slice& slice) {
  Batch batch = db.batch();
  batch.add(kList, language, user_id, slice.after_id.value_or(0), category, has_avatars,
            slice.limit + 1);
  if (user_id) batch.add(kBalance, *user_id);
  const std::vector<Rows> answers = batch.run();
  Offer offer;
  offer.items = answers[0].as<OfferedItem>();
  if (user_id) offer.balance = answers[1][0].get<std::int64_t>("balance");
  return offer;
}

}  // namespace calixo::store
