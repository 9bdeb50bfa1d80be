// A fresh database with every migration of the tree applied by the server's own Migrator, and a
// superuser connection to it. One a test suite; dropped at its end.
#pragma once

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "db/migrator.hpp"

namespace calixo::test {

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ResultDeleter>;

inline std::string sqlstate(const Result& result) {
  const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  return state == nullptr ? "" : state;
}

class Connection {
 public:
  explicit Connection(const std::string& conninfo) : handle_(PQconnectdb(conninfo.c_str())) {
    if (PQstatus(handle_) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(handle_));
  }
  ~Connection() { PQfinish(handle_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The last statement's result, a failure as well.
  Result attempt(const std::string& sql) { return Result(PQexec(handle_, sql.c_str())); }

  // As attempt, but a failure is the end of the test.
  Result run(const std::string& sql) {
    Result result = attempt(sql);
    if (!sqlstate(result).empty()) {
      throw std::runtime_error(std::string(PQresultErrorMessage(result.get())) + " in: " + sql);
    }
    return result;
  }

  std::string value(const std::string& sql) {
    const Result result = run(sql);
    return PQntuples(result.get()) == 0 ? "" : PQgetvalue(result.get(), 0, 0);
  }

  std::vector<std::string> column(const std::string& sql) {
    const Result result = run(sql);
    std::vector<std::string> values;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
      values.emplace_back(PQgetvalue(result.get(), row, 0));
    }
    return values;
  }

 private:
  PGconn* handle_;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("can't read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline host::MigrationSet migration_set(const std::string& plugin) {
  host::MigrationSet set{plugin, {}};
  const auto folder = std::filesystem::path(CALIXO_SOURCE_FOLDER) / "migrations" / plugin;
  if (!std::filesystem::exists(folder)) return set;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const auto number = static_cast<std::uint32_t>(std::stoul(name));
    set.migrations.push_back({number, name, read_file(entry.path())});
  }
  std::sort(set.migrations.begin(), set.migrations.end(),
            [](const auto& left, const auto& right) { return left.number < right.number; });
  return set;
}

// In the order of their dependencies.
inline std::vector<host::MigrationSet> all_migration_sets() {
  std::vector<host::MigrationSet> sets;
  for (const char* plugin :
       {"host", "auth", "challenges", "social", "avatar", "store", "billing", "notifications"}) {
    sets.push_back(migration_set(plugin));
  }
  return sets;
}

class MigratedDatabase {
 public:
  explicit MigratedDatabase(const std::vector<host::MigrationSet>& sets = all_migration_sets()) {
    const char* url = std::getenv("CALIXO_TEST_DATABASE_URL");
    if (url == nullptr) throw std::runtime_error("CALIXO_TEST_DATABASE_URL is not set");
    server_ = url;
    static int count = 0;
    name_ = "plugins_" + std::to_string(getpid()) + "_" + std::to_string(++count);
    Connection(server_).run("create database " + name_);
    conninfo_ = server_ + " dbname=" + name_;
    host::Migrator(conninfo_, sets).up();
  }
  ~MigratedDatabase() {
    try {
      Connection(server_).run("drop database if exists " + name_ + " with (force)");
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
  MigratedDatabase(const MigratedDatabase&) = delete;
  MigratedDatabase& operator=(const MigratedDatabase&) = delete;

  const std::string& conninfo() const { return conninfo_; }

 private:
  std::string server_;
  std::string name_;
  std::string conninfo_;
};

}  // namespace calixo::test
