// Plugins' routes as the router's handlers, and the token verifier a plugin offers.
#pragma once

#include <calixo/abi/token_verifier.h>

#include <memory>
#include <string>
#include <vector>

#include "http/principal.hpp"
#include "http/route.hpp"
#include "plugin/registrations.hpp"

namespace calixo::host {

struct HostContext;

// Calls a plugin's handler through the ABI, once for one Idempotency-Key. Keeps references to the
// registration and the context.
class PluginRouteHandler final : public RouteHandler {
 public:
  PluginRouteHandler(const RegisteredRoute& route, const HostContext& context)
      : route_(route),
        context_(context),
        renderer_label_(route.route.owner + " problem renderer of " + route.route.path) {}
  void handle(Exchange& exchange) override;
  bool render_problem(Exchange& exchange, const Problem& problem) override;

 private:
  const RegisteredRoute& route_;
  const HostContext& context_;
  const std::string renderer_label_;
};

// Asks the plugin that offers calixo.token_verifier/1.
class PluginTokenVerifier final : public TokenVerifier {
 public:
  PluginTokenVerifier(const calixo_token_verifier_v1* table, const std::string& plugin)
      : table_(table), label_(plugin + " token verifier") {}
  TokenStatus verify(std::string_view token, Principal& principal) override;

 private:
  const calixo_token_verifier_v1* table_;
  const std::string label_;
};

}  // namespace calixo::host
