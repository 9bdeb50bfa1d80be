#include "redirects.hpp"

#include <algorithm>
#include <cctype>

namespace calixo::auth {
namespace {

constexpr std::size_t kUrlBytesMax = 2048;

bool is_scheme(std::string_view scheme) {
  return !scheme.empty() && std::isalpha(static_cast<unsigned char>(scheme.front())) != 0 &&
         std::all_of(scheme.begin(), scheme.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
         });
}

// Schemes that run code rather than lead somewhere.
bool is_active(std::string_view scheme) {
  std::string lower(scheme);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower == "javascript" || lower == "data" || lower == "vbscript" || lower == "blob";
}

// '*' matches what is neither '/' nor '.', "**" anything, '?' one character but these two.
bool matches(std::string_view pattern, std::string_view text) {
  while (!pattern.empty()) {
    if (pattern.front() == '*') {
      const bool is_deep = pattern.starts_with("**");
      pattern.remove_prefix(is_deep ? 2 : 1);
      for (std::size_t taken = 0;; ++taken) {
        if (matches(pattern, text.substr(taken))) return true;
        if (taken == text.size()) return false;
        if (!is_deep && (text[taken] == '/' || text[taken] == '.')) return false;
      }
    }
    if (text.empty()) return false;
    const bool is_any = pattern.front() == '?' && text.front() != '/' && text.front() != '.';
    if (!is_any && pattern.front() != text.front()) return false;
    pattern.remove_prefix(1);
    text.remove_prefix(1);
  }
  return text.empty();
}

// Scheme, host and port: what two URLs share when one site made both.
std::string_view origin_of(std::string_view url) {
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return {};
  return url.substr(0, url.find_first_of("/?#", scheme_end + 3));
}

std::string_view without_fragment(std::string_view url) { return url.substr(0, url.find('#')); }

}  // namespace

bool is_redirect_url(std::string_view text) {
  const auto scheme_end = text.find("://");
  if (text.size() > kUrlBytesMax || scheme_end == std::string_view::npos) return false;
  if (!is_scheme(text.substr(0, scheme_end)) || is_active(text.substr(0, scheme_end))) return false;
  const std::string_view rest = text.substr(scheme_end + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>';
  });
}

std::string allowed_redirect(const RedirectRules& rules, std::string_view wanted) {
  if (!is_redirect_url(wanted)) return rules.site_url;
  if (origin_of(wanted) == origin_of(rules.site_url)) return std::string(wanted);
  const std::string_view target = without_fragment(wanted);
  const bool is_allowed =
      std::any_of(rules.patterns.begin(), rules.patterns.end(),
                  [&](const std::string& pattern) { return matches(pattern, target); });
  return is_allowed ? std::string(wanted) : rules.site_url;
}

std::string with_query(std::string url, std::string_view name, std::string_view value) {
  const auto fragment_at = url.find('#');
  const std::string fragment = fragment_at == std::string::npos ? "" : url.substr(fragment_at);
  if (fragment_at != std::string::npos) url.resize(fragment_at);
  url += url.find('?') == std::string::npos ? '?' : '&';
  return url + percent_encoded(name) + "=" + percent_encoded(value) + fragment;
}

std::string with_fragment(std::string url, std::string_view fragment) {
  if (const auto at = url.find('#'); at != std::string::npos) url.resize(at);
  return url + "#" + std::string(fragment);
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

std::vector<std::string> comma_separated(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto comma = text.find(',');
    std::string_view part = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    const auto first = part.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    part = part.substr(first, part.find_last_not_of(" \t") - first + 1);
    parts.emplace_back(part);
  }
  return parts;
}

}  // namespace calixo::auth
