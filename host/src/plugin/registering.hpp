// How interfaces take a registration: during describe only, a malformed one with its reason.
#pragma once

#include <string>
#include <string_view>

#include "plugin/abi_text.hpp"
#include "plugin/plugin_instance.hpp"

namespace calixo::host {

constexpr std::size_t kRegistrationsMax = 10'000;  // of one plugin, as registry.h says
constexpr std::size_t kRefusalsMax = 20;           // that the start's error tells
constexpr std::size_t kToldNameBytesMax = 200;

// Runs `take` with the plugin's registrations; it answers why it refuses, or an empty text. `what`
// names the registration in the start's error. [startup]
template <class Take>
calixo_status registering(const calixo_host* host, std::string_view what, Take take) {
  if (host == nullptr) return CALIXO_INVALID;
  PluginInstance& plugin = PluginInstance::of(host);
  if (!plugin.is_describing) return CALIXO_CONFLICT;
  Registrations& all = plugin.registrations;
  const auto refuse = [&](std::string_view refusal) {
    if (all.refusals.size() >= kRefusalsMax) return;
    all.refusals.push_back(std::string(what.substr(0, kToldNameBytesMax)) + ": " +
                           std::string(refusal));
  };
  if (++all.taken > kRegistrationsMax) {
    refuse("a plugin registers " + std::to_string(kRegistrationsMax) + " things at most");
    return CALIXO_LIMIT;
  }
  const std::string refusal = take(all);
  if (refusal.empty()) return CALIXO_OK;
  refuse(refusal);
  return CALIXO_INVALID;
}

// The same for a struct of the ABI, which is there and whole when take(struct, registrations) runs.
// `name` is the member that tells it from others of its kind. [startup]
template <class Struct, class Take>
calixo_status registering_struct(const calixo_host* host, std::string_view kind,
                                 const Struct* wanted, calixo_str Struct::*name, Take take) {
  const std::string whole_size = std::to_string(sizeof(Struct));
  if (wanted == nullptr) {
    return registering(host, kind,
                       [](Registrations&) { return std::string("the struct is NULL"); });
  }
  if (wanted->struct_size < sizeof(Struct)) {
    return registering(host, kind, [&](Registrations&) {
      return "struct_size is " + std::to_string(wanted->struct_size) + ", at least " + whole_size +
             " is needed: set it to the struct's sizeof";
    });
  }
  const std::string what = std::string(kind) + " " + copy(wanted->*name);
  return registering(host, what, [&](Registrations& all) { return take(*wanted, all); });
}

}  // namespace calixo::host
