// The page at /docs: reads /api/openapi.json in the browser and draws it. No foreign script.
#pragma once

#include <string_view>

namespace calixo::host {

std::string_view docs_page();
std::string_view docs_page_policy();  // its Content-Security-Policy

}  // namespace calixo::host
