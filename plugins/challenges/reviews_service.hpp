// What moderators decide about attempts: whether a doubtful one counts, and that one which counted
// does not. Nobody decides about an own one.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "completions.hpp"
#include "endings_store.hpp"

namespace calixo::challenges {

// 404 attempt_not_found, 403 own_attempt. [fiber, suspends]
class ReviewsService {
 public:
  explicit ReviewsService(const Completions& completions) : completions_(completions) {}

  Page<JudgedAttempt> list(Context& context, const JudgedFilter& filter, const Slice& slice) const;
  // Accepted, it is completed as of when it was claimed, and pays what it would have paid then;
  // else it has failed. 409 attempt_not_in_review.
  JudgedAttempt resolve(Context& context, std::int32_t id, bool is_accepted,
                        const std::optional<std::string>& reason) const;
  // The reward goes back as far as it is still there; streak and avatar stay. 409
  // attempt_not_completed, wallet_unavailable.
  JudgedAttempt reverse(Context& context, std::int32_t id,
                        const std::optional<std::string>& reason) const;

 private:
  using Decide = std::function<void(Transaction&, const Judgeable&)>;
  JudgedAttempt decide(Context& context, std::int32_t id, AttemptStatus status,
                       const char* wrong_status, const Decide& decide) const;

  const Completions& completions_;
};

}  // namespace calixo::challenges
