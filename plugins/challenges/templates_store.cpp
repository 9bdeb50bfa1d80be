#include "templates_store.hpp"

namespace calixo::challenges {
namespace {

constexpr std::string_view kColumns =
    " id, slug, type, title, title_en, description, description_en, reward, rules, "
    "expires_after_s, is_active, true as is_available, created_at ";

}  // namespace

std::vector<Template> list_templates(Database& db, const std::optional<std::string>& type,
                                     std::optional<bool> is_active, const Slice& slice) {
  static const std::string kSql = "select" + std::string(kColumns) + R"(from challenges
    where id > $1 and ($2::text is null or type = $2) and ($3::boolean is null or is_active = $3)
    order by id limit $4)";
  return db.query(kSql, slice.after_id.value_or(0), type, is_active, slice.limit + 1)
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
                            expires_after_s, rules, is_active)
    values ($1, $2, $3, $4, coalesce($5, ''), coalesce($6, ''), $7, coalesce($8, 0),
            coalesce($9::jsonb, '{}'), coalesce($10, true))
    returning)" + std::string(kColumns);
  return db
      .query(kSql, type, made.slug, made.title, made.title_en, made.description,
             made.description_en, made.reward, made.expires_after_s, made.rules_json,
             made.is_active)[0]
      .as<Template>();
}

std::optional<Template> update_template(Database& db, std::int32_t id,
                                        const TemplateChange& change) {
  static const std::string kSql = R"(
    update challenges set
      slug = coalesce($2, slug), title = coalesce($3, title), title_en = coalesce($4, title_en),
      description = coalesce($5, description), description_en = coalesce($6, description_en),
      reward = coalesce($7, reward), expires_after_s = coalesce($8, expires_after_s),
      rules = coalesce($9::jsonb, rules), is_active = coalesce($10, is_active)
    where id = $1 returning)" + std::string(kColumns);
  return db
      .query(kSql, id, change.slug, change.title, change.title_en, change.description,
             change.description_en, change.reward, change.expires_after_s, change.rules_json,
             change.is_active)
      .first<Template>();
}

bool delete_template(Database& db, std::int32_t id) {
  return db.execute("delete from challenges where id = $1", id) == 1;
}

}  // namespace calixo::challenges
