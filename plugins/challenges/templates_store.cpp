#include "templates_store.hpp"

namespace calixo::challenges {
namespace {

constexpr std::string_view kColumns =
    " id, slug, type, title, title_en, description, description_en, reward, rules, "
    "expires_after_s, is_active, true as is_available, created_at, difficulty, schedule, "
    "available_from, available_until, energy, experience ";

// A column that a change may set ($n) or clear.
std::string nullable(const std::string& column, const std::string& parameter) {
  return column + " = case when '" + column + "' = any($17::text[]) then null else coalesce(" +
         parameter + ", " + column + ") end";
}

}  // namespace

std::vector<Template> list_templates(Database& db, const TemplateFilter& filter,
                                     const Slice& slice) {
  static const std::string kSql = "select" + std::string(kColumns) + R"(from challenges
    where id > $1::bigint and ($2::text is null or type = $2)
      and ($3::boolean is null or is_active = $3)
      and ($4::text is null or difficulty = $4) and ($5::text is null or schedule = $5)
    order by id limit $6)";
  return db
      .query(kSql, slice.after_id.value_or(0), filter.type, filter.is_active, filter.difficulty,
             filter.schedule, slice.limit + 1)
      .as<Template>();
}

std::optional<Template> find_template(Database& db, std::int32_t id) {
  static const std::string kSql =
      "select" + std::string(kColumns) + "from challenges where id = $1";
  return db.query(kSql, id).first<Template>();
}

Template insert_template(Database& db, std::string_view type, const TemplateChange& made) {
  static const std::string kSql = R"(
    insert into challenges (type, slug, title, title_en, description, description_en, reward,
                            expires_after_s, rules, is_active, difficulty, schedule,
                            available_from, available_until, energy, experience)
    values ($1, $2, $3, $4, coalesce($5, ''), coalesce($6, ''), $7, coalesce($8, 0),
            coalesce($9::jsonb, '{}'), coalesce($10, true), coalesce($11, 'medium'),
            coalesce($12, 'always'), $13, $14, $15, $16)
    returning)" + std::string(kColumns);
  return db
      .query(kSql, type, made.slug, made.title, made.title_en, made.description,
             made.description_en, made.reward, made.expires_after_s, made.rules_json,
             made.is_active, made.difficulty, made.schedule, made.available_from,
             made.available_until, made.energy, made.experience)[0]
      .as<Template>();
}

std::optional<Template> update_template(Database& db, std::int32_t id,
                                        const TemplateChange& change) {
  static const std::string kSql = R"(
    update challenges set
      slug = coalesce($2, slug), title = coalesce($3, title), title_en = coalesce($4, title_en),
      description = coalesce($5, description), description_en = coalesce($6, description_en),
      reward = coalesce($7, reward), expires_after_s = coalesce($8, expires_after_s),
      rules = coalesce($9::jsonb, rules), is_active = coalesce($10, is_active),
      difficulty = coalesce($11, difficulty), schedule = coalesce($12, schedule),
      scheduled_at = case when (coalesce($12, schedule), coalesce($10, is_active))
        is distinct from (schedule, is_active) then now() else scheduled_at end,
      )" + nullable("available_from", "$13") +
                                  ", " + nullable("available_until", "$14") + ", " +
                                  nullable("energy", "$15") + ", " + nullable("experience", "$16") +
                                  " where id = $1 returning" + std::string(kColumns);
  return db
      .query(kSql, id, change.slug, change.title, change.title_en, change.description,
             change.description_en, change.reward, change.expires_after_s, change.rules_json,
             change.is_active, change.difficulty, change.schedule, change.available_from,
             change.available_until, change.energy, change.experience, change.cleared)
      .first<Template>();
}

bool delete_template(Database& db, std::int32_t id) {
  return db.execute("delete from challenges where id = $1", id) == 1;
}

}  // namespace calixo::challenges
