// /api/admin/challenges: templates, kept by administrators.
#pragma once

#include <calixo/plugin.hpp>

#include "templates_service.hpp"

namespace calixo::challenges {

void register_template_routes(Plugin& plugin, const TemplatesService& templates);

}  // namespace calixo::challenges
