#include "type_directory.hpp"

namespace calixo::challenges {
namespace {

using detail::view;

// Why a table can't be used; empty: it can.
std::string_view fault_of(const calixo_challenge_type_v1& table) {
  const bool takes_progress = (table.flags & CALIXO_CHALLENGE_TYPE_TAKES_PROGRESS) != 0;
  if (table.check_rules == nullptr || table.complete == nullptr) {
    return "its table lacks check_rules or complete";
  }
  if (takes_progress && table.progress == nullptr)
    return "it takes progress and has no hook for it";
  if (table.expires_after_s < 0 || table.expires_after_s > TypeDirectory::kExpiryMax_s) {
    return "its expiry is not between 0 and a year";
  }
  return {};
}

// Throws Problem where the text is no schema of an object.
Json schema_of(calixo_str text) {
  Json schema = parse_json<Json>(view(text));
  if (!schema.is_object()) throw Problem(500, "no_object");
  return schema;
}

}  // namespace

TypeDirectory::TypeDirectory(Plugin& plugin) : plugin_(plugin) {
  plugin.define_point(CALIXO_CHALLENGE_TYPE_ID);
}

const OfferedType* TypeDirectory::find(std::string_view name) const {
  const auto& types = all();
  const auto at = types.find(name);
  return at == types.end() ? nullptr : &at->second;
}

const std::map<std::string, OfferedType, std::less<>>& TypeDirectory::all() const {
  std::call_once(is_read_, [this] { read(); });
  return types_;
}

const std::vector<std::string>& TypeDirectory::names() const {
  all();
  return names_;
}

const std::vector<std::int64_t>& TypeDirectory::expiries_s() const {
  all();
  return expiries_s_;
}

void TypeDirectory::read() const {
  const auto visit = [](void* sink, const calixo_extension* extension) {
    static_cast<const TypeDirectory*>(sink)->add(*extension);
  };
  const detail::Host& host = plugin_.host();
  const calixo_status status =
      host.extensions->each(host.handle, detail::to_abi(CALIXO_CHALLENGE_TYPE_ID), visit,
                            const_cast<TypeDirectory*>(this));
  detail::throw_unless_ok(status, "read the challenge types");
  for (const auto& [name, type] : types_) {
    names_.push_back(name);
    expiries_s_.push_back(type.table->expires_after_s);
  }
}

// Called by the host: nothing may be thrown.
void TypeDirectory::add(const calixo_extension& extension) const {
  std::string_view fault = "its table is older than this server knows";
  const auto* table = static_cast<const calixo_challenge_type_v1*>(extension.table);
  try {
    if (table->struct_size >= sizeof *table) fault = fault_of(*table);
    if (fault.empty()) {
      OfferedType type{
          std::string(view(extension.plugin_id)), std::string(view(extension.name)), table, {}};
      type.forms.rules = schema_of(table->rules_schema);
      type.forms.proof = schema_of(table->proof_schema);
      if (type.takes_progress()) type.forms.progress = schema_of(table->progress_schema);
      type.forms.expires_after_s = table->expires_after_s;
      types_.emplace(type.name, std::move(type));
      return;
    }
  } catch (const Problem&) {
    fault = "a schema of it is no JSON object";
  } catch (...) {
    fault = "memory is short";
  }
  plugin_.log().error(
      "challenge type unusable",
      {{"type", view(extension.name)}, {"of", view(extension.plugin_id)}, {"error", fault}});
}

}  // namespace calixo::challenges
