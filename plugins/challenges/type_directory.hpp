// The challenge types that enabled plugins offer.
#pragma once

#include <calixo/abi/challenge_type.h>

#include <calixo/plugin.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::challenges {

// From these a client draws the forms of a type that it has never heard of.
struct TypeForms {
  Json rules;
  Json proof;
  std::optional<Json> progress;
  std::int64_t expires_after_s = 0;
};
BOOST_DESCRIBE_STRUCT(TypeForms, (), (rules, proof, progress, expires_after_s))
CALIXO_RULES(TypeForms) {
  rules.at<&TypeForms::rules>().describe("JSON Schema of a template's rules");
  rules.at<&TypeForms::proof>().describe("JSON Schema of what completion takes");
  rules.at<&TypeForms::progress>().describe(
      "JSON Schema of what progress takes; null: it takes none");
  rules.at<&TypeForms::expires_after_s>().describe(
      "How long an attempt stays open where its template does not say; 0: for ever");
}

struct OfferedType {
  std::string plugin_id;
  std::string name;
  const calixo_challenge_type_v1* table = nullptr;
  TypeForms forms;

  bool takes_progress() const { return (table->flags & CALIXO_CHALLENGE_TYPE_TAKES_PROGRESS) != 0; }
  bool needs_database() const {
    return (table->flags & CALIXO_CHALLENGE_TYPE_NEEDS_NO_DATABASE) == 0;
  }
};

// Reads the extension point when it is first asked: by then every plugin has started or failed.
class TypeDirectory {
 public:
  static constexpr std::int64_t kExpiryMax_s = 31'536'000;

  // Defines the point. [startup]
  explicit TypeDirectory(Plugin& plugin);

  // nullptr where no healthy plugin offers the type. [any-thread]
  const OfferedType* find(std::string_view name) const;
  const std::map<std::string, OfferedType, std::less<>>& all() const;  // [any-thread]
  // By name; names()[i] expires after expiries_s()[i]. For statements. [any-thread]
  const std::vector<std::string>& names() const;
  const std::vector<std::int64_t>& expiries_s() const;

 private:
  void read() const;
  void add(const calixo_extension& extension) const;

  Plugin& plugin_;
  mutable std::once_flag is_read_;
  mutable std::map<std::string, OfferedType, std::less<>> types_;
  mutable std::vector<std::string> names_;
  mutable std::vector<std::int64_t> expiries_s_;
};

}  // namespace calixo::challenges
