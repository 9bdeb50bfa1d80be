#include "templates_service.hpp"

#include <calixo/pages.hpp>

#include <algorithm>
#include <string>

#include "reward.hpp"
#include "verdict_check.hpp"

namespace calixo::challenges {
namespace {

constexpr std::size_t kRulesBytesMax = 16 * 1024;

Problem no_such_type(const Context& context) {
  return invalid("validation_failed")
      .error("type", "enum",
             context.language() == "es" ? "Ningún plugin activado ofrece este tipo."
                                        : "No enabled plugin offers this type.");
}

Problem misfit_of_rules(const Context& context) {
  return invalid("validation_failed")
      .error("rules", "format",
             context.language() == "es" ? "Debe tener como máximo 16 KiB y ningún carácter U+0000."
                                        : "Must be at most 16 KiB and have no character U+0000.");
}

Problem no_window(const Context& context) {
  return invalid("validation_failed")
      .error("available_until", "range",
             context.language() == "es" ? "Debe ser posterior a available_from."
                                        : "Must be later than available_from.");
}

// Runs a write; what the database refuses becomes a problem.
template <class Write>
auto written(const Context& context, Write&& write) {
  try {
    return write();
  } catch (const DbError& error) {
    if (error.is_unique_violation()) throw conflict("slug_taken");
    if (error.is_foreign_key_violation()) throw conflict("challenge_in_use");
    if (error.is_check_violation() && error.constraint() == "challenges_window") {
      throw no_window(context);
    }
    if (error.sqlstate() == "22P05") throw misfit_of_rules(context);
    throw;
  }
}

}  // namespace

Template TemplatesService::told(Template of) const {
  of.is_available = types_.find(of.type) != nullptr;
  return of;
}

Page<Template> TemplatesService::list(Context& context, const TemplateFilter& filter,
                                      const Slice& slice) const {
  Database db = context.db();
  auto page = page_of(list_templates(db, filter, slice), slice.limit);
  for (Template& one : page.items) one = told(std::move(one));
  return page;
}

Template TemplatesService::find(Context& context, std::int32_t id) const {
  Database db = context.db();
  return told(or_fail(find_template(db, id), not_found("challenge")));
}

void TemplatesService::check_rules(const Context& context, const OfferedType& type,
                                   std::string_view rules_json) const {
  if (rules_json.size() > kRulesBytesMax) throw misfit_of_rules(context);
  calixo_attempt attempt{};
  attempt.struct_size = sizeof attempt;
  attempt.language = detail::to_abi(context.language());
  attempt.rules_json = detail::to_abi(rules_json);
  VerdictCheck(plugin_.log(), type, Hook::check_rules, 0)
      .run([&](calixo_decide_fn decide, void* sink) {
        return type.table->check_rules(type.table->user, &attempt, decide, sink);
      });
}

void TemplatesService::check_reward(const Context& context,
                                    std::optional<std::int32_t> reward) const {
  const RewardBounds bounds = settings_.reward_bounds();
  if (!reward || bounded(*reward, bounds) == *reward) return;
  const std::string range = std::to_string(std::min(bounds.min, bounds.max)) +
                            (context.language() == "es" ? " y " : " and ") +
                            std::to_string(bounds.max) + ".";
  throw invalid("validation_failed")
      .error("reward", "range",
             (context.language() == "es" ? "Debe estar entre " : "Must be between ") + range);
}

Template TemplatesService::add(Context& context, std::string_view type,
                               const TemplateChange& made) const {
  const OfferedType* offered = types_.find(type);
  if (offered == nullptr) throw no_such_type(context);
  check_reward(context, made.reward);
  check_rules(context, *offered, made.rules_json ? std::string_view(*made.rules_json) : "{}");
  Database db = context.db();
  return told(written(context, [&] { return insert_template(db, type, made); }));
}

Template TemplatesService::change(Context& context, std::int32_t id,
                                  const TemplateChange& change) const {
  check_reward(context, change.reward);
  Database db = context.db();
  if (change.rules_json) {
    // A template's type never changes, so what was judged is what is written.
    const Template present = or_fail(find_template(db, id), not_found("challenge"));
    const OfferedType* offered = types_.find(present.type);
    if (offered == nullptr) throw conflict("challenge_type_unavailable");
    check_rules(context, *offered, *change.rules_json);
  }
  auto changed = written(context, [&] { return update_template(db, id, change); });
  return told(or_fail(std::move(changed), not_found("challenge")));
}

void TemplatesService::remove(Context& context, std::int32_t id) const {
  Database db = context.db();
  if (!written(context, [&] { return delete_template(db, id); })) throw not_found("challenge");
}

}  // namespace calixo::challenges
