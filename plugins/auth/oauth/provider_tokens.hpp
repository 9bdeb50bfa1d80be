// What a provider gives for the use of its own services. Clients get it once, with the session;
// while it waits for them it is sealed, so that the database alone tells it to nobody.
// Pure but for randomness. [any-thread]
#pragma once

#include <calixo/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace calixo::auth {

struct ProviderTokens {
  std::optional<std::string> access_token;
  std::optional<std::string> refresh_token;
};
BOOST_DESCRIBE_STRUCT(ProviderTokens, (), (access_token, refresh_token))

// Longer ones are not passed on: they would not fit into what browsers and proxies take.
inline constexpr std::size_t kProviderTokensBytesMax = 8192;

// AES-256-GCM under a key that is made of the code, which is random and used for this alone.
// Nothing where there are no tokens, or longer ones.
std::optional<std::string> sealed(const ProviderTokens& tokens, std::string_view code);

// Empty where this was sealed with another code, or not at all.
ProviderTokens unsealed(std::string_view bytes, std::string_view code);

}  // namespace calixo::auth
