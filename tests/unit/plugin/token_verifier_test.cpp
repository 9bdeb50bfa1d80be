#include <gmock/gmock.h>

#include "plugin/plugin_routes.hpp"

namespace calixo::host {
namespace {

using Accept = void (*)(void* sink, const calixo_principal* principal);

calixo_status name_ana(calixo_str, Accept accept, void* sink) {
  calixo_principal principal{};
  principal.struct_size = sizeof principal;
  principal.roles = CALIXO_ROLE_USER;
  principal.user_id = {"ana", 3};
  accept(sink, &principal);
  return CALIXO_OK;
}
calixo_status name_nobody(calixo_str, Accept, void*) { return CALIXO_OK; }
calixo_status name_null(calixo_str, Accept accept, void* sink) {
  accept(sink, nullptr);
  return CALIXO_OK;
}
calixo_status name_half(calixo_str, Accept accept, void* sink) {
  calixo_principal principal{};
  principal.struct_size = 8;
  principal.roles = CALIXO_ROLE_ADMIN;
  accept(sink, &principal);
  return CALIXO_OK;
}

TokenStatus verified(calixo_token_verifier_v1 table, Principal& principal) {
  return PluginTokenVerifier(&table, "auth").verify("token", principal);
}

TEST(PluginTokenVerifier, TakesThePrincipalItIsTold) {
  Principal principal;
  EXPECT_EQ(verified({&name_ana}, principal), TokenStatus::valid);
  EXPECT_EQ(principal.user_id, "ana");
}

calixo_status say_gone(calixo_str, Accept, void*) { return CALIXO_NOT_FOUND; }

TEST(PluginTokenVerifier, TellsAnEndedSessionFromABadToken) {
  Principal principal;
  EXPECT_EQ(verified({&say_gone}, principal), TokenStatus::revoked);
}

TEST(PluginTokenVerifier, TakesNoTokenThatNamesNobody) {
  for (const auto verify : {&name_nobody, &name_null, &name_half}) {
    Principal principal;
    const std::uint32_t roles = principal.roles;
    EXPECT_EQ(verified({verify}, principal), TokenStatus::invalid);
    EXPECT_EQ(principal.roles, roles);
  }
}

}  // namespace
}  // namespace calixo::host
