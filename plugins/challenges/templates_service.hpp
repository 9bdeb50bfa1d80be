// Challenge templates as administrators keep them: a template's rules are its type's to judge, when
// they are saved.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <string_view>

#include "settings.hpp"
#include "templates_store.hpp"
#include "type_directory.hpp"

namespace calixo::challenges {

// [fiber, suspends]
class TemplatesService {
 public:
  TemplatesService(Plugin& plugin, const TypeDirectory& types, const Settings& settings)
      : plugin_(plugin), types_(types), settings_(settings) {}

  Page<Template> list(Context& context, const TemplateFilter& filter, const Slice& slice) const;
  // 404 challenge_not_found.
  Template find(Context& context, std::int32_t id) const;
  // 422 validation_failed with fields of rules, type, reward or the window, 409 slug_taken.
  Template add(Context& context, std::string_view type, const TemplateChange& made) const;
  // 404 challenge_not_found, 409 challenge_type_unavailable for rules nobody can judge, and as add.
  Template change(Context& context, std::int32_t id, const TemplateChange& change) const;
  // 404 challenge_not_found, 409 challenge_in_use: retire it instead.
  void remove(Context& context, std::int32_t id) const;

 private:
  void check_rules(const Context& context, const OfferedType& type,
                   std::string_view rules_json) const;
  void check_reward(const Context& context, std::optional<std::int32_t> reward) const;
  Template told(Template of) const;

  Plugin& plugin_;
  const TypeDirectory& types_;
  const Settings& settings_;
};

}  // namespace calixo::challenges
