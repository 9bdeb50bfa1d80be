#include "plugin/extension_directory.hpp"

namespace calixo::host {

std::string ExtensionDirectory::define(const std::string& point, const std::string& owner) {
  const auto [at, is_new] = points_.try_emplace(point, Point{owner, {}});
  if (is_new) return {};
  return "extension point " + point + " is defined by " + at->second.owner + " and by " + owner +
         "; disable one of them";
}

std::string ExtensionDirectory::extend(const std::string& point, Extension extension) {
  const auto at = points_.find(point);
  if (at == points_.end()) {
    return "it extends " + point + ", which no enabled plugin defines";
  }
  const std::string name = extension.name, plugin = extension.plugin;
  const auto [other, is_new] = at->second.extensions.try_emplace(name, std::move(extension));
  if (is_new) return {};
  return point + " \"" + name + "\" is offered by " + other->second.plugin + " and by " + plugin +
         "; disable one of them";
}

void ExtensionDirectory::remove_of(const std::string& plugin) {
  std::erase_if(points_, [&](const auto& point) { return point.second.owner == plugin; });
  for (auto& [id, point] : points_) {
    std::erase_if(point.extensions,
                  [&](const auto& extension) { return extension.second.plugin == plugin; });
  }
}

const std::string* ExtensionDirectory::owner_of(std::string_view point) const {
  const auto at = points_.find(point);
  return at == points_.end() ? nullptr : &at->second.owner;
}

const std::map<std::string, ExtensionDirectory::Extension>* ExtensionDirectory::extensions_of(
    std::string_view point) const {
  const auto at = points_.find(point);
  return at == points_.end() ? nullptr : &at->second.extensions;
}

}  // namespace calixo::host
