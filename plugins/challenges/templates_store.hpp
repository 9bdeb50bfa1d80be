// Challenge templates as administrators see them: SQL and nothing else. Every call suspends its
// fiber and runs as the caller, under the policies.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "challenges_store.hpp"

namespace calixo::challenges {

struct Template {
  std::int32_t id = 0;
  std::string slug;
  std::string type;
  std::string title;
  std::string title_en;
  std::string description;
  std::string description_en;
  std::int32_t reward = 0;
  Json rules;
  std::int32_t expires_after_s = 0;
  bool is_active = true;
  bool is_available = true;
  Timestamp created_at;
  Difficulty difficulty = Difficulty::medium;
  Schedule schedule = Schedule::always;
  std::optional<Timestamp> available_from, available_until;
  std::optional<std::int32_t> energy, experience;
};
BOOST_DESCRIBE_STRUCT(Template, (),
                      (id, slug, type, title, title_en, description, description_en, reward, rules,
                       expires_after_s, is_active, is_available, created_at, difficulty, schedule,
                       available_from, available_until, energy, experience))
CALIXO_RULES(Template) {
  rules.title("ChallengeTemplate");
  rules.at<&Template::expires_after_s>().describe("0: as long as the type says");
  rules.at<&Template::is_available>().describe("Whether an enabled plugin offers its type");
  rules.at<&Template::schedule>().describe("daily_set: on offer on the days of its turn only");
  rules.at<&Template::energy>().describe("For the avatar; null: as the key says");
  rules.at<&Template::experience>().describe("For the avatar; null: as the key says");
}

// What is written; an empty member keeps what is there.
struct TemplateChange {
  std::optional<std::string> slug, title, title_en, description, description_en;
  std::optional<std::int32_t> reward, expires_after_s;
  std::optional<std::string> rules_json;
  std::optional<bool> is_active;
  std::optional<Difficulty> difficulty;
  std::optional<Schedule> schedule;
  std::optional<Timestamp> available_from, available_until;
  std::optional<std::int32_t> energy, experience;
  std::vector<std::string> cleared;  // of the members that may be null: those that become it
};

struct TemplateFilter {
  std::optional<std::string> type;
  std::optional<bool> is_active;
  std::optional<Difficulty> difficulty;
  std::optional<Schedule> schedule;
};

// is_available is left true by all of these.
std::vector<Template> list_templates(Database& db, const TemplateFilter& filter,
                                     const Slice& slice);
std::optional<Template> find_template(Database& db, std::int32_t id);
// DbError with a unique violation where the slug is taken, with a check violation where its window
// ends before it begins; also of an update.
Template insert_template(Database& db, std::string_view type, const TemplateChange& made);
std::optional<Template> update_template(Database& db, std::int32_t id,
                                        const TemplateChange& change);
// False where there is none; DbError with a foreign key violation where it was taken up.
bool delete_template(Database& db, std::int32_t id);

}  // namespace calixo::challenges
