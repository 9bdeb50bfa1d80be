#include "db/migrator.hpp"

#include <algorithm>

#include "db/admin_session.hpp"
#include "db/bootstrap.hpp"
#include "db/ledger.hpp"
#include "db/migration_guard.hpp"
#include "db/sha256.hpp"

namespace calixo::host {
namespace {

constexpr int kBootstrapAttemptsMax = 5;
constexpr const char* kLock = "select pg_advisory_lock(4850744, 1)";

Ledger read_ledger(AdminSession& session) {
  Ledger ledger;
  const ResultSet exists =
      session.query("select where to_regclass('public.calixo_migrations') is not null");
  if (exists.empty()) return ledger;
  const ResultSet rows = session.query(
      "select plugin, number, name, sha256, took_ms,"
      " to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
      " from public.calixo_migrations");
  for (std::size_t i = 0; i < rows.row_count(); ++i) {
    const auto text = [&](std::size_t column) { return std::string(*rows.value(i, column)); };
    ledger[{text(0), static_cast<std::uint32_t>(std::stoul(text(1)))}] =
        LedgerEntry{text(2), text(3), text(5), std::stoll(text(4))};
  }
  return ledger;
}

// Roles belong to the whole cluster, the advisory lock to one database: two servers on two
// databases of a cluster may meet there.
bool is_concurrent_change(const AdminError& error) {
  return error.sqlstate == "XX000" || error.sqlstate == "23505" || error.sqlstate == "42710" ||
         error.sqlstate == "40001" || error.sqlstate == "40P01";
}

void bootstrap(AdminSession& session, const std::vector<MigrationSet>& sets) {
  if (is_bootstrapped(session, sets)) return;
  for (int attempt = 1;; ++attempt) {
    try {
      session.execute("begin");
      bootstrap_database(session);
      for (const MigrationSet& set : sets) bootstrap_roles(session, set.plugin);
      return session.execute("commit");
    } catch (const AdminError& error) {
      session.abandon();
      if (attempt < kBootstrapAttemptsMax && is_concurrent_change(error)) continue;
      throw MigrationError(std::string("the database can't be prepared: ") + error.what() +
                           (error.sqlstate.empty() ? "" : " [" + error.sqlstate + "]") +
                           "; the server's login role must own the database and have CREATEROLE");
    }
  }
}

std::string line_of(const std::string& sql, std::optional<std::size_t> position) {
  if (!position) return {};
  std::size_t characters = 0;  // the position counts characters, not bytes
  std::size_t line = 1;
  for (const char byte : sql) {
    if ((static_cast<unsigned char>(byte) & 0xc0) != 0x80 && ++characters >= *position) break;
    if (byte == '\n') ++line;
  }
  return ":" + std::to_string(line);
}

// A migration's own look at the claims, granted for the length of its transaction.
void allow_claims(AdminSession& session, const std::string& owner, const char* verb,
                  const char* preposition) {
  if (!is_role_fenced(session)) return;
  session.execute(std::string(verb) +
                  " execute on function pg_catalog.set_config(text, text, boolean) " + preposition +
                  " " + session.quote_identifier(owner));
}

void apply_in_transaction(AdminSession& session, const MigrationSet& set,
                          const Migration& migration, MigrationRow& row) {
  const auto started = std::chrono::steady_clock::now();
  const std::string owner = owner_role(set.plugin);
  const bool needs_claims = !owner.empty() && sets_claims(migration.sql);
  session.execute("begin");
  if (needs_claims) allow_claims(session, owner, "grant", "to");
  if (!owner.empty()) session.execute("set local role " + session.quote_identifier(owner));
  session.execute("set local search_path = public");
  session.execute(migration.sql);
  if (!session.is_in_transaction()) {
    throw AdminError("the file ends the transaction that it runs in: leave out commit and rollback",
                     "25000", std::nullopt);
  }
  // What runs from here on runs as the login: no deferred trigger of the plugin's, and no function
  // that its search_path leads to.
  session.execute("set constraints all immediate");
  session.execute("reset role; set local search_path = pg_catalog");
  if (needs_claims) allow_claims(session, owner, "revoke", "from");
  const auto took = std::chrono::steady_clock::now() - started;
  row.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  const ResultSet written = session.query(
      "insert into public.calixo_migrations (plugin, number, name, sha256, took_ms)"
      " values ($1, $2, $3, $4, $5)"
      " returning to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
      {row.plugin, std::to_string(row.number), row.name, row.sha256, std::to_string(row.took_ms)});
  session.execute("commit");
  row.applied_at = std::string(*written.value(0, 0));
  row.state = MigrationState::applied;
}

// The server's own migrations are its own business; a plugin's are looked at before they run.
void check_content(const MigrationSet& set, const Migration& migration) {
  if (owner_role(set.plugin).empty()) return;
  if (const auto fault = migration_fault(migration.sql)) {
    throw MigrationError(set.plugin + "/" + migration.name + ":" + std::to_string(fault->line) +
                         ": " + fault->reason + "; nothing of this file was applied");
  }
}

void apply(AdminSession& session, const MigrationSet& set, const Migration& migration,
           MigrationRow& row) {
  check_content(set, migration);
  try {
    apply_in_transaction(session, set, migration, row);
  } catch (const AdminError& error) {
    session.abandon();
    throw MigrationError(set.plugin + "/" + migration.name +
                             line_of(migration.sql, error.position) + ": " + error.what() +
                             (error.sqlstate.empty() ? "" : " [" + error.sqlstate + "]") +
                             "; nothing of this file was applied",
                         set.plugin);
  }
}

std::vector<TableGrant> grants_of(const std::vector<MigrationSet>& sets) {
  std::vector<TableGrant> all;
  for (const MigrationSet& set : sets) all.insert(all.end(), set.grants.begin(), set.grants.end());
  return all;
}

const Migration& find_migration(const MigrationSet& set, std::uint32_t number) {
  return *std::find_if(set.migrations.begin(), set.migrations.end(),
                       [number](const Migration& m) { return m.number == number; });
}

}  // namespace

Migrator::Migrator(std::string database_url, std::vector<MigrationSet> sets)
    : database_url_(std::move(database_url)), sets_(std::move(sets)) {}

Migrator::Report Migrator::up(const std::function<void(const MigrationRow&)>& progress) {
  check_sets(sets_);
  Report report;
  try {
    AdminSession session(database_url_);
    session.execute(kLock);  // until the session ends
    bootstrap(session, sets_);
    std::vector<MigrationRow> rows = compare(sets_, read_ledger(session));
    check_rows(rows);
    for (MigrationRow& row : rows) {
      if (row.state != MigrationState::pending) continue;
      const auto set = std::find_if(sets_.begin(), sets_.end(), [&row](const MigrationSet& s) {
        return s.plugin == row.plugin;
      });
      apply(session, *set, find_migration(*set, row.number), row);
      if (progress) progress(row);
      report.applied.push_back(std::move(row));
    }
    report.refused = apply_grants(session, grants_of(sets_));
  } catch (const AdminError& error) {
    throw MigrationError(error.what());
  }
  return report;
}

std::vector<MigrationRow> Migrator::status() const {
  try {
    AdminSession session(database_url_);
    return compare(sets_, read_ledger(session));
  } catch (const AdminError& error) {
    throw MigrationError(error.what());
  }
}

}  // namespace calixo::host
