#include "plugin/service_directory.hpp"

namespace calixo::host {

std::string ServiceDirectory::add(const std::string& id, const void* table,
                                  const std::string& owner) {
  const auto [at, is_new] = entries_.try_emplace(id, Entry{table, owner});
  if (is_new) return {};
  return "service " + id + " is offered by " + at->second.owner + " and by " + owner +
         "; disable one of them";
}

void ServiceDirectory::remove_of(const std::string& owner) {
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.owner == owner; });
}

const ServiceDirectory::Entry* ServiceDirectory::find(std::string_view id) const {
  const auto at = entries_.find(id);
  return at == entries_.end() ? nullptr : &at->second;
}

}  // namespace calixo::host
