// The OpenAPI 3.1 document, derived from what plugins registered; there is no second place.
#pragma once

#include <string>
#include <vector>

#include "plugin/registrations.hpp"

namespace calixo::host {

struct OpenApiInfo {
  std::string version;
  std::string server_url;  // "http://127.0.0.1:8080"
};

// The document as JSON text; routes that are hidden are left out. Throws std::runtime_error for a
// registered schema that is not JSON, naming the route.
std::string openapi_document(const OpenApiInfo& info,
                             const std::vector<const RegisteredRoute*>& routes);

}  // namespace calixo::host
