// What decides and notes that a coupon is redeemed, in the database: SQL and nothing else. Every
// call that takes a Database suspends its fiber and wants one as the service.
#pragma once

#include <calixo/deferred.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

#include "coupon.hpp"

namespace calixo::billing {

// Nothing where there is no such code. What checkouts hold counts as redeemed; for a checkout, not
// what the person's own earlier one holds. Without a lock: for a look ahead.
std::optional<CouponStanding> find_standing(Database& service, std::string_view code,
                                            std::string_view user_id, const CouponSale& sale);
// The same, with the coupon locked to the end of the transaction: nobody else redeems it meanwhile.
std::optional<CouponStanding> lock_standing(Database& service, std::string_view code,
                                            std::string_view user_id, const CouponSale& sale);

// Keeps the coupon for a checkout's session, in place of that person's earlier one.
void hold_coupon(Database& service, std::int32_t coupon_id, std::string_view user_id,
                 std::string_view session_id, Timestamp until);
void drop_hold(Database& service, std::string_view session_id);
std::size_t forget_ended_holds(Database& service);

// Notes it and counts it, once a sale, with tx's next statement. [fiber]
void redeem_later(const Deferred& deferred, calixo_tx* tx, std::int32_t coupon_id,
                  std::string_view user_id, std::string_view sold_for);
// The same at once, whatever the limits. Nothing where it is noted already or there is no such
// coupon; else whether it is within them. A person who was erased is not named.
std::optional<bool> note_redemption(Database& service, std::int32_t coupon_id,
                                    std::optional<std::string_view> user_id,
                                    std::string_view sold_for);

}  // namespace calixo::billing
