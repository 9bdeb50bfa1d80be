// Cross-origin rules (the Fetch standard's CORS protocol); see the header.
#include "http/cors_policy.hpp"

#include <algorithm>

#include "http/ascii.hpp"

namespace calixo::host {
namespace {

constexpr std::string_view kExposed =
    "Access-Control-Expose-Headers: ETag, Link, Location, Retry-After, X-Request-Id, "
    "X-Total-Count, X-Sb-Error-Code, X-Supabase-Api-Version\r\n";

bool is_token_list(std::string_view list) {
  while (!list.empty()) {
    if (!ascii::is_token(ascii::cut(list, ','))) return false;
  }
  return true;
}

}  // namespace

CorsPolicy::CorsPolicy(std::vector<std::string> origins) : origins_(std::move(origins)) {
  const auto star = std::find(origins_.begin(), origins_.end(), "*");
  any_ = star != origins_.end();
}

bool CorsPolicy::admits(std::string_view origin) const {
  if (origin.empty()) return false;
  return any_ || std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

void CorsPolicy::append_fields(std::string& head, std::string_view origin) const {
  if (!is_enabled()) return;
  if (any_) {
    head.append("Access-Control-Allow-Origin: *\r\n").append(kExposed);
    return;
  }
  head.append("Vary: Origin\r\n");
  if (!admits(origin)) return;
  head.append("Access-Control-Allow-Origin: ").append(origin).append("\r\n").append(kExposed);
}

void CorsPolicy::append_preflight_fields(std::string& head, std::string_view methods,
                                         std::string_view wanted_headers) const {
  head.append("Access-Control-Allow-Methods: ").append(methods).append("\r\n");
  if (!wanted_headers.empty() && is_token_list(wanted_headers)) {
    head.append("Access-Control-Allow-Headers: ").append(wanted_headers).append("\r\n");
  }
  head.append("Access-Control-Max-Age: 600\r\n");
  head.append("Vary: Access-Control-Request-Method, Access-Control-Request-Headers\r\n");
}

}  // namespace calixo::host
