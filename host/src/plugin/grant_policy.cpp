#include "plugin/grant_policy.hpp"

#include <algorithm>

#include "db/sql_lexer.hpp"

namespace calixo::host {
namespace {

// Reads "table:privilege(column,column)" at the front of the text. Space is no part of a name.
class GrantReader {
 public:
  explicit GrantReader(std::string_view text) : rest_(text) {}

  bool at_end() {
    skip_space();
    return rest_.empty();
  }
  bool skip(char sign) {
    skip_space();
    if (!rest_.starts_with(sign)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string name() {
    skip_space();
    const std::size_t end = std::min(rest_.find_first_of(" \t:(),"), rest_.size());
    std::string found(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return found;
  }
  std::string_view rest() const { return rest_; }

 private:
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
  std::string_view rest_;
};

bool read_columns(GrantReader& reader, std::vector<std::string>& columns) {
  do {
    columns.push_back(reader.name());
    if (!is_plain_name(columns.back())) return false;
  } while (reader.skip(','));
  std::sort(columns.begin(), columns.end());
  return reader.skip(')');
}

bool read_grant(GrantReader& reader, RegisteredGrant& grant) {
  grant.table = reader.name();
  if (!is_plain_name(grant.table) || !reader.skip(':')) return false;
  grant.privilege = reader.name();
  if (!is_plain_name(grant.privilege)) return false;
  return !reader.skip('(') || read_columns(reader, grant.columns);
}

bool covers(const RegisteredGrant& allowed, const RegisteredGrant& asked) {
  if (allowed.table != asked.table || allowed.privilege != asked.privilege) return false;
  if (allowed.columns.empty()) return true;
  return !asked.columns.empty() && std::includes(allowed.columns.begin(), allowed.columns.end(),
                                                 asked.columns.begin(), asked.columns.end());
}

}  // namespace

std::string grant_text(const RegisteredGrant& grant) {
  std::string columns;
  for (const std::string& column : grant.columns) columns += (columns.empty() ? "" : ",") + column;
  return grant.table + ":" + grant.privilege + (columns.empty() ? "" : "(" + columns + ")");
}

std::optional<std::vector<RegisteredGrant>> parse_grants(std::string_view text,
                                                         std::string& fault) {
  std::vector<RegisteredGrant> all;
  GrantReader reader(text);
  while (!reader.at_end()) {
    RegisteredGrant grant;
    if (!read_grant(reader, grant) || (!reader.at_end() && !reader.skip(','))) {
      fault = "can't be read at \"" + std::string(reader.rest()) +
              "\": table:privilege or table:privilege(column,column), separated by commas";
      return std::nullopt;
    }
    all.push_back(std::move(grant));
  }
  return all;
}

std::vector<RegisteredGrant> missing_grants(const std::vector<RegisteredGrant>& asked,
                                            const std::vector<RegisteredGrant>& allowed) {
  std::vector<RegisteredGrant> missing;
  for (const RegisteredGrant& grant : asked) {
    const bool is_allowed = std::any_of(allowed.begin(), allowed.end(),
                                        [&](const auto& one) { return covers(one, grant); });
    if (!is_allowed) missing.push_back(grant);
  }
  return missing;
}

std::string grants_refusal(const std::string& plugin, const std::vector<RegisteredGrant>& asked,
                           const std::vector<std::string>& own_tables, std::string_view allowed) {
  const std::string key = "plugins." + plugin + ".grants";
  std::string fault;
  const auto granted = parse_grants(allowed, fault);
  if (!granted) return key + " " + fault;
  std::vector<RegisteredGrant> foreign = asked;
  std::erase_if(foreign, [&](const RegisteredGrant& grant) {
    return std::find(own_tables.begin(), own_tables.end(), grant.table) != own_tables.end();
  });
  const std::vector<RegisteredGrant> missing = missing_grants(foreign, *granted);
  if (missing.empty()) return {};
  std::string reason = "it asks for access that is not allowed:";
  for (const RegisteredGrant& grant : missing) {
    reason += " " + grant_text(grant) + " (\"" + grant.reason + "\"),";
  }
  reason.back() = ';';
  std::string line;
  for (const RegisteredGrant& grant : *granted) line += grant_text(grant) + ", ";
  for (const RegisteredGrant& grant : missing) line += grant_text(grant) + ", ";
  line.resize(line.size() - 2);
  return reason + " to allow it, write: " + key + " = " + line;
}

}  // namespace calixo::host
