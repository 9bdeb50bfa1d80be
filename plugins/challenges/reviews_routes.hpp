// /api/admin/challenges/attempts: attempts that moderators judge.
#pragma once

#include <calixo/plugin.hpp>

#include "reviews_service.hpp"

namespace calixo::challenges {

void register_review_routes(Plugin& plugin, const ReviewsService& reviews);

}  // namespace calixo::challenges
