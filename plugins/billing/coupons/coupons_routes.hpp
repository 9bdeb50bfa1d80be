// /api/admin/coupons: promotional codes, kept by administrators.
#pragma once

#include <calixo/plugin.hpp>

#include "coupons_service.hpp"

namespace calixo::billing {

void register_coupon_routes(Plugin& plugin, const CouponsService& coupons);

}  // namespace calixo::billing
