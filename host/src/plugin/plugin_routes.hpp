// Plugins' routes as the router's handlers, and the token verifier a plugin offers.
#pragma once

#include <calixo/abi/token_verifier.h>

#include <memory>
#include <vector>

#include "http/principal.hpp"
#include "http/route.hpp"
#include "plugin/registrations.hpp"

namespace calixo::host {

// Calls a plugin's handler through the ABI. Keeps a reference to the registration.
class PluginRouteHandler final : public RouteHandler {
 public:
  explicit PluginRouteHandler(const RegisteredRoute& route) : route_(route) {}
  void handle(Exchange& exchange) override;
  bool render_problem(Exchange& exchange, const Problem& problem) override;

 private:
  const RegisteredRoute& route_;
};

// Asks the plugin that offers calixo.token_verifier/1.
class PluginTokenVerifier final : public TokenVerifier {
 public:
  explicit PluginTokenVerifier(const calixo_token_verifier_v1* table) : table_(table) {}
  TokenStatus verify(std::string_view token, Principal& principal) override;

 private:
  const calixo_token_verifier_v1* table_;
};

}  // namespace calixo::host
