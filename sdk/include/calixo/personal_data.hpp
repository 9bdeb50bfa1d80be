// What a plugin holds about a person: part of GET /api/user/export, erased by DELETE /api/user.
//
//   plugin.personal_data("walks")
//       .table("walks", "select day, steps from walks where user_id = $1")
//       .erase("update weekly_sums set user_id = null where user_id = $1");
//
// Rows that a foreign key deletes with the account need no erase.
#pragma once

#include <calixo/abi/personal_data.h>
#include <calixo/db.hpp>
#include <calixo/detail/failures.hpp>
#include <calixo/json.hpp>
#include <calixo/log.hpp>
#include <calixo/plugin.hpp>

#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo {

namespace detail {

// One plugin's part: its queries and statements, and the table that the host is given.
class PersonalDataRecord {
 public:
  PersonalDataRecord(const Host& host, std::string_view name) : host_(host), name_(name) {
    table_.struct_size = sizeof table_;
    table_.user = this;
    table_.export_data = &export_entry;
    table_.erase = &erase_entry;
  }
  PersonalDataRecord(const PersonalDataRecord&) = delete;
  PersonalDataRecord& operator=(const PersonalDataRecord&) = delete;

  std::vector<std::pair<std::string, std::string>> queries;  // name, SQL
  std::vector<std::string> statements;
  std::vector<std::function<void(Database&, std::string_view)>> hooks;

  const std::string& name() const { return name_; }
  const calixo_personal_data_v1& table() const { return table_; }

 private:
  template <class Work>
  calixo_status guarded(std::string_view what, calixo_tx* tx, Work&& work) noexcept {
    try {
      Database db({&host_, nullptr, tx, CALIXO_DB_AS_SERVICE});
      work(db);
      return CALIXO_OK;
    } catch (const HostFailure& failure) {
      return failure.status();
    } catch (const DbError& error) {
      Log(host_).error("personal data failed",
                       {{"part", name_}, {"step", what}, {"reason", error.what()}});
      return error.status();
    } catch (const std::exception& exception) {
      Log(host_).error("personal data failed",
                       {{"part", name_}, {"step", what}, {"reason", exception.what()}});
      return CALIXO_INTERNAL;
    } catch (...) {
      return CALIXO_INTERNAL;
    }
  }

  static calixo_status export_entry(void* user, calixo_str user_id, calixo_tx* tx,
                                    void (*put)(void*, calixo_str), void* sink) {
    auto& record = *static_cast<PersonalDataRecord*>(user);
    return record.guarded("export", tx, [&](Database& db) {
      const std::string json = record.rows_json(db, view(user_id));
      put(sink, to_abi(json));
    });
  }
  static calixo_status erase_entry(void* user, calixo_str user_id, calixo_tx* tx) {
    auto& record = *static_cast<PersonalDataRecord*>(user);
    return record.guarded("erase", tx, [&](Database& db) {
      for (const auto& statement : record.statements) db.execute(statement, view(user_id));
      for (const auto& hook : record.hooks) hook(db, view(user_id));
    });
  }

  std::string rows_json(Database& db, std::string_view user_id) const {
    std::string json = "{";
    for (const auto& [name, sql] : queries) {
      const Rows rows = db.query(
          "select coalesce(jsonb_agg(to_jsonb(held)), '[]')::text as rows from (" + sql + ") held",
          user_id);
      if (json.size() > 1) json += ',';
      json += to_json(name) + ":" + std::string(rows[0].get<std::string_view>("rows"));
    }
    return json + "}";
  }

  const Host& host_;
  std::string name_;
  calixo_personal_data_v1 table_{};
};

}  // namespace detail

// What is said of a plugin's personal data. [startup]
class PersonalDataBuilder {
 public:
  // Made by Plugin::personal_data().
  explicit PersonalDataBuilder(detail::PersonalDataRecord& record) : record_(&record) {}

  // Part of the export: the rows of a query whose $1 is the person's id, each as an object. A
  // column's name is its member's name; leave secrets out.
  PersonalDataBuilder& table(std::string_view name, std::string_view sql) {
    record_->queries.emplace_back(name, sql);
    return *this;
  }
  // Runs at erasure, before the account goes; $1 is the person's id.
  PersonalDataBuilder& erase(std::string_view sql) {
    record_->statements.emplace_back(sql);
    return *this;
  }
  // hook(Database&, std::string_view user_id), for what is not in the database; it runs in the
  // transaction that erases, and may run again after a failure. What it throws undoes the erasure.
  template <class Hook>
  PersonalDataBuilder& on_erase(Hook hook) {
    record_->hooks.emplace_back(std::move(hook));
    return *this;
  }

 private:
  detail::PersonalDataRecord* record_;
};

inline PersonalDataBuilder Plugin::personal_data(std::string_view name) {
  auto& record = own<detail::PersonalDataRecord>(registrations_.host, name);
  extend(CALIXO_PERSONAL_DATA_ID, record.name(), &record.table());
  return PersonalDataBuilder(record);
}

}  // namespace calixo
