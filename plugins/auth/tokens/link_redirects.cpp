#include "tokens/link_redirects.hpp"

#include <initializer_list>
#include <utility>

#include "redirects.hpp"

namespace calixo::auth {
namespace {

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string in_fragment(const std::string& target, const Fields& fields) {
  std::string fragment;
  for (const auto& [name, value] : fields) {
    if (!fragment.empty()) fragment += '&';
    fragment.append(name).append("=").append(percent_encoded(value));
  }
  return with_fragment(target, fragment);
}

std::string in_query(std::string target, const Fields& fields) {
  for (const auto& [name, value] : fields) target = with_query(std::move(target), name, value);
  return target;
}

}  // namespace

std::string verification_link(std::string_view base_url, std::string_view token,
                              std::string_view type, std::string_view redirect_to) {
  std::string link = std::string(base_url) + "/auth/v1/verify";
  link = with_query(std::move(link), "token", token);
  link = with_query(std::move(link), "type", type);
  return with_query(std::move(link), "redirect_to", redirect_to);
}

std::string session_redirect(const std::string& target, const Session& session,
                             std::string_view type) {
  return in_fragment(target, {{"access_token", session.access_token},
                              {"expires_at", std::to_string(session.expires_at)},
                              {"expires_in", std::to_string(session.expires_in)},
                              {"refresh_token", session.refresh_token},
                              {"token_type", session.token_type},
                              {"type", type}});
}

std::string failure_redirect(const std::string& target, std::string_view code,
                             std::string_view description, bool is_pkce) {
  const Fields fields{
      {"error", "access_denied"}, {"error_code", code}, {"error_description", description}};
  return in_fragment(is_pkce ? in_query(target, fields) : target, fields);
}

std::string half_done_redirect(const std::string& target, std::string_view message, bool is_pkce) {
  const Fields fields{{"message", message}};
  return in_fragment(is_pkce ? in_query(target, fields) : target, fields);
}

}  // namespace calixo::auth
