#include "templates_routes.hpp"

#include <calixo/challenge_type.hpp>
#include <calixo/pages.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calixo::challenges {
namespace {

// As the database has it: letters, digits, dashes; not a dash first.
bool is_slug(std::string_view text) {
  const auto is_fit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= 80 && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), is_fit);
}

constexpr Text kSlugText{.es = "Debe tener de 1 a 80 de a-z, 0-9 y -.",
                         .en = "Must be 1 to 80 of a-z, 0-9 and -."};
constexpr Text kTypeText{.es = "No es el nombre de un tipo.", .en = "Is not the name of a type."};

// What holds for the members that adding and changing share.
template <class Request>
void common_rules(Rules<Request>& rules) {
  rules.template at<&Request::slug>().check(&is_slug, "format", kSlugText);
  rules.template at<&Request::title>().length(1, 120).describe("Spanish");
  rules.template at<&Request::title_en>().length(1, 120).describe("English");
  rules.template at<&Request::description>().length(0, 2000).optional();
  rules.template at<&Request::description_en>().length(0, 2000).optional();
  rules.template at<&Request::reward>().range(0, 100'000);
  rules.template at<&Request::expires_after_s>()
      .range(0, static_cast<long double>(TypeDirectory::kExpiryMax_s))
      .describe("How long an attempt stays open; 0: as long as the type says");
  rules.template at<&Request::rules>().describe("As the type's rules schema says");
  rules.template at<&Request::schedule>().describe(
      "always: whenever its window is open; daily_set: on the days of its turn only");
  rules.template at<&Request::available_from>().describe("Not before");
  rules.template at<&Request::available_until>().describe("Not from then on");
  rules.template at<&Request::energy>().range(0, 100).describe(
      "That a completion gives the avatar; null: as challenges.energy_default says");
  rules.template at<&Request::experience>().range(0, 10'000).describe(
      "That a completion gives the avatar; null: as challenges.experience_default says");
  rules.closed();
}

}  // namespace

struct TemplatesQuery {
  std::optional<std::string> type;
  std::optional<bool> is_active;
  std::optional<Difficulty> difficulty;
  std::optional<Schedule> schedule;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(TemplatesQuery, (), (type, is_active, difficulty, schedule, limit, cursor))
CALIXO_RULES(TemplatesQuery) {
  rules.at<&TemplatesQuery::type>().check(&detail::is_challenge_type_name, "format", kTypeText);
  page_rules(rules);
}

struct NewTemplate {
  std::string slug;
  std::string type;
  std::string title;
  std::string title_en;
  std::string description;
  std::string description_en;
  std::int32_t reward;
  std::optional<std::map<std::string, Json>> rules;
  std::int32_t expires_after_s = 0;
  bool is_active = true;
  Difficulty difficulty = Difficulty::medium;
  Schedule schedule = Schedule::always;
  std::optional<Timestamp> available_from, available_until;
  std::optional<std::int32_t> energy, experience;
};
BOOST_DESCRIBE_STRUCT(NewTemplate, (),
                      (slug, type, title, title_en, description, description_en, reward, rules,
                       expires_after_s, is_active, difficulty, schedule, available_from,
                       available_until, energy, experience))
CALIXO_RULES(NewTemplate) {
  rules.title("NewChallengeTemplate");
  common_rules(rules);
  rules.at<&NewTemplate::type>().check(&detail::is_challenge_type_name, "format", kTypeText);
}

struct ChangedTemplate {
  std::optional<std::string> slug, title, title_en, description, description_en;
  std::optional<std::int32_t> reward;
  std::optional<std::map<std::string, Json>> rules;
  std::optional<std::int32_t> expires_after_s;
  std::optional<bool> is_active;
  std::optional<Difficulty> difficulty;
  std::optional<Schedule> schedule;
  std::optional<Timestamp> available_from, available_until;
  std::optional<std::int32_t> energy, experience;
  std::vector<std::string> clear;
};
BOOST_DESCRIBE_STRUCT(ChangedTemplate, (),
                      (slug, title, title_en, description, description_en, reward, rules,
                       expires_after_s, is_active, difficulty, schedule, available_from,
                       available_until, energy, experience, clear))
CALIXO_RULES(ChangedTemplate) {
  rules.title("ChallengeTemplateChange");
  common_rules(rules);
  rules.at<&ChangedTemplate::clear>()
      .optional()
      .length(0, 4)
      .one_of({"available_from", "available_until", "energy", "experience"})
      .describe("Members that become null");
}

namespace {

template <class Request>
TemplateChange change_of(const Request& request) {
  TemplateChange change;
  change.slug = request.slug;
  change.title = request.title;
  change.title_en = request.title_en;
  change.description = request.description;
  change.description_en = request.description_en;
  change.reward = request.reward;
  change.expires_after_s = request.expires_after_s;
  change.is_active = request.is_active;
  change.difficulty = request.difficulty;
  change.schedule = request.schedule;
  change.available_from = request.available_from;
  change.available_until = request.available_until;
  change.energy = request.energy;
  change.experience = request.experience;
  if (request.rules) change.rules_json = to_json(*request.rules);
  return change;
}

void register_messages(Plugin& plugin) {
  plugin.message("slug_taken", {.es = "Otro reto tiene ya ese slug.",
                                .en = "Another challenge has that slug already."});
  plugin.message("challenge_in_use",
                 {.es = "Alguien ha aceptado este reto: retíralo con is_active = false.",
                  .en = "People have taken this challenge up: retire it by is_active = false."});
}

}  // namespace

void register_template_routes(Plugin& plugin, const TemplatesService& templates) {
  plugin
      .get("/api/admin/challenges",
           [&templates](Context& context, const TemplatesQuery& query) {
             return templates.list(context,
                                   {query.type, query.is_active, query.difficulty, query.schedule},
                                   slice_of(context, query));
           })
      .allow(Role::admin)
      .read_only()
      .summary("Every challenge template, retired ones as well");
  plugin
      .get("/api/admin/challenges/{id:int}",
           [&templates](Context& context) {
             return templates.find(context, context.path<std::int32_t>("id"));
           })
      .allow(Role::admin)
      .read_only()
      .summary("One challenge template")
      .problem(404, "challenge_not_found");
  plugin
      .post("/api/admin/challenges",
            [&templates](Context& context, const NewTemplate& wanted) {
              return templates.add(context, wanted.type, change_of(wanted));
            })
      .allow(Role::admin)
      .status(201)
      .summary("Adds a challenge template; its type judges the rules")
      .problem(409, "slug_taken");
  plugin
      .patch("/api/admin/challenges/{id:int}",
             [&templates](Context& context, const ChangedTemplate& wanted) {
               TemplateChange change = change_of(wanted);
               change.cleared = wanted.clear;
               return templates.change(context, context.path<std::int32_t>("id"), change);
             })
      .allow(Role::admin)
      .summary("Changes the members that are given; a template keeps its type")
      .problem(404, "challenge_not_found")
      .problem(409, "slug_taken")
      .problem(409, "challenge_type_unavailable");
  plugin
      .del("/api/admin/challenges/{id:int}",
           [&templates](Context& context) {
             templates.remove(context, context.path<std::int32_t>("id"));
           })
      .allow(Role::admin)
      .summary("Removes a challenge template that nobody took up")
      .problem(404, "challenge_not_found")
      .problem(409, "challenge_in_use");
  register_messages(plugin);
}

}  // namespace calixo::challenges
