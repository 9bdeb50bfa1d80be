// What enabled plugins can't share, found in their manifests: no plugin's code runs. Pure.
#pragma once

#include <string>
#include <vector>

#include "http/route.hpp"
#include "plugin/manifest.hpp"

namespace calixo::host {

// A plugin of plugins.enabled whose manifest could be read.
struct EnabledManifest {
  std::string file;
  Manifest manifest;
};

// Ids, database roles, routes (also with the host's `own`), keys, tables, services, extension
// points, extensions and commands that two claim: a sentence each, naming both and the way out.
std::vector<std::string> find_conflicts(const std::vector<EnabledManifest>& plugins,
                                        const std::vector<Route>& own);

}  // namespace calixo::host
