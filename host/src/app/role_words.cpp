#include "app/role_words.hpp"

#include <calixo/abi/registry.h>

#include <utility>

namespace calixo::host {

std::string role_words(RoleSet roles) {
  if ((roles & CALIXO_ROLE_ANONYMOUS) != 0) return "everybody";
  static constexpr std::pair<RoleSet, const char*> kNames[] = {{CALIXO_ROLE_USER, "user"},
                                                               {CALIXO_ROLE_PREMIUM, "premium"},
                                                               {CALIXO_ROLE_MODERATOR, "moderator"},
                                                               {CALIXO_ROLE_ADMIN, "admin"},
                                                               {CALIXO_ROLE_SERVICE, "service"}};
  std::string all;
  for (const auto& [bit, name] : kNames) {
    if ((roles & bit) != 0) all += (all.empty() ? "" : " ") + std::string(name);
  }
  return all;
}

}  // namespace calixo::host
