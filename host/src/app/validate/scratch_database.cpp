#include "app/validate/scratch_database.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "db/admin_session.hpp"
#include "db/cluster_folders.hpp"
#include "log/log.hpp"

namespace calixo::host {
namespace {

std::vector<std::string> plugin_roles(AdminSession& session) {
  const ResultSet found =
      session.query("select rolname from pg_roles where rolname like 'calixo\\_%'");
  std::vector<std::string> roles;
  for (std::size_t row = 0; row < found.row_count(); ++row)
    roles.emplace_back(*found.value(row, 0));
  return roles;
}

// libpq takes the last of a repeated word; a URI is given the name as a parameter.
std::string with_database(const std::string& url, const std::string& name) {
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    return url + (url.find('?') == std::string::npos ? "?" : "&") + "dbname=" + name;
  }
  return url + " dbname=" + quote_value(name);
}

}  // namespace

ScratchDatabase::ScratchDatabase(const std::string& server_url, const std::filesystem::path& folder)
    : server_url_(server_url) {
  if (server_url_.empty()) {
    EmbeddedCluster::Options options;
    options.data_folder = folder;
    cluster_ = std::make_unique<EmbeddedCluster>(options, [](std::string_view) {});
    url_ = cluster_->url();
    return;
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  name_ = "calixo_validate_" + std::to_string(::getpid()) + "_" + std::to_string(now);
  AdminSession session(server_url_);
  roles_before_ = plugin_roles(session);
  try {
    session.execute("create database " + session.quote_identifier(name_));
  } catch (const AdminError& error) {
    throw std::runtime_error(std::string("can't make a database of its own: ") + error.what() +
                             "; give the role of database.url CREATEDB, or leave database.url out");
  }
  url_ = with_database(server_url_, name_);
}

ScratchDatabase::~ScratchDatabase() {
  if (server_url_.empty()) return;
  try {
    AdminSession session(server_url_);
    session.execute("drop database " + session.quote_identifier(name_) + " with (force)");
    for (const std::string& role : plugin_roles(session)) {
      const bool is_new =
          std::find(roles_before_.begin(), roles_before_.end(), role) == roles_before_.end();
      if (is_new) session.execute("drop role " + session.quote_identifier(role));
    }
  } catch (const std::exception& error) {
    log::warn("scratch database left behind", {{"database", name_}, {"error", error.what()}});
  }
}

void ScratchDatabase::prepare(const std::string& sql) const {
  AdminSession session(cluster_ ? cluster_->superuser_url() : url_);
  session.execute(sql);
}

}  // namespace calixo::host
