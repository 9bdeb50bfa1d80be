// Where a person may be sent after a link or a provider: the site and what the operator allows.
// Pure functions. [any-thread]
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace calixo::auth {

struct RedirectRules {
  std::string site_url;  // allowed with everything below it; the fallback
  std::vector<std::string>
      patterns;  // "https://app.example/**": * stops at '/' and '.', ** at nothing
};

// Whether text can be a redirect target at all: an absolute URL without user name and without
// control characters, of at most 2048 bytes.
bool is_redirect_url(std::string_view text);

// The wanted target where the rules allow it, else site_url.
std::string allowed_redirect(const RedirectRules& rules, std::string_view wanted);

// The URL with a parameter more in its query, its fragment kept. value is escaped.
std::string with_query(std::string url, std::string_view name, std::string_view value);
// The URL with fields as its fragment, a former one replaced; fragment is escaped already.
std::string with_fragment(std::string url, std::string_view fragment);

// RFC 3986 percent encoding of all but the unreserved characters.
std::string percent_encoded(std::string_view text);

// "a, b" as its parts, blanks trimmed, empty ones left out.
std::vector<std::string> comma_separated(std::string_view text);

}  // namespace calixo::auth
