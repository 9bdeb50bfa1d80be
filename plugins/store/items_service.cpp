#include "items_service.hpp"

#include <string>
#include <utility>

namespace calixo::store {
namespace {

Problem misfit(const Context& context, std::string_view field, std::string_view code,
               const Text& text) {
  return invalid("validation_failed")
      .error(field, code, context.language() == "es" ? text.es : text.en);
}

constexpr Text kUnknownCosmetic{.es = "El catálogo de avatares no lo tiene.",
                                .en = "The avatars' catalogue does not have it."};
constexpr Text kPriceTooHigh{.es = "Supera store.price_max.", .en = "Is above store.price_max."};
constexpr Text kEndsBeforeStart{.es = "Debe ser posterior a available_from.",
                                .en = "Must be later than available_from."};
constexpr Text kOneCosmetic{.es = "De un cosmético se tiene uno.",
                            .en = "Of a cosmetic people have one."};

// Runs a write; what the database refuses becomes a problem.
template <class Write>
auto written(const Context& context, Write&& write) {
  try {
    return write();
  } catch (const DbError& error) {
    if (error.is_unique_violation()) throw conflict("item_slug_taken");
    if (error.is_foreign_key_violation()) throw conflict("item_in_use");
    if (!error.is_check_violation()) throw;
    const bool is_cosmetic = error.constraint() == "store_items_one_cosmetic";
    throw is_cosmetic ? misfit(context, "max_per_user", "range", kOneCosmetic)
                      : misfit(context, "available_until", "range", kEndsBeforeStart);
  }
}

}  // namespace

Page<Item> ItemsService::list(Context& context, const ItemFilter& filter,
                              const Slice& slice) const {
  Database db = context.db();
  return page_of(list_items(db, filter, slice), slice.limit);
}

Item ItemsService::find(Context& context, std::int32_t id) const {
  Database db = context.db();
  return or_fail(find_item(db, id), not_found("item"));
}

void ItemsService::check(Context& context, const ItemChange& change) const {
  if (change.price && *change.price > settings_.price_max.get()) {
    throw misfit(context, "price", "range", kPriceTooHigh);
  }
  // Where no avatars are kept nobody can tell; the item is not available meanwhile.
  if (!change.cosmetic || !avatar_) return;
  const bool is_known = context.service_transaction([&](Transaction& tx) {
    return avatar_.has(tx, {change.cosmetic->category, change.cosmetic->item_id});
  });
  if (!is_known) throw misfit(context, "cosmetic", "enum", kUnknownCosmetic);
}

Item ItemsService::add(Context& context, ItemChange made) const {
  check(context, made);
  if (made.cosmetic && !made.max_per_user) made.max_per_user = 1;
  Database db = context.db();
  return written(context, [&] { return insert_item(db, made); });
}

Item ItemsService::change(Context& context, std::int32_t id, ItemChange change) const {
  check(context, change);
  if (change.cosmetic && !change.max_per_user) change.max_per_user = 1;
  Database db = context.db();
  return or_fail(written(context, [&] { return update_item(db, id, change); }), not_found("item"));
}

void ItemsService::remove(Context& context, std::int32_t id) const {
  Database db = context.db();
  if (!written(context, [&] { return delete_item(db, id); })) throw not_found("item");
}

}  // namespace calixo::store
