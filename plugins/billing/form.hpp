// application/x-www-form-urlencoded, as Stripe takes it: {"metadata[user_id]", "…"}.
// Pure functions. [any-thread]
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::billing {

using Form = std::vector<std::pair<std::string, std::string>>;

// Everything but letters, digits and "-._~" as %XX; "calma 10%" as "calma%2010%25".
std::string percent_encoded(std::string_view text);
std::string encoded(const Form& form);

}  // namespace calixo::billing
