#include "db/host_migrations.hpp"

#include <charconv>

#include "db/embedded_files.hpp"

namespace calixo::host {

MigrationSet host_migrations() {
  MigrationSet set{"host", {}};
  for (const EmbeddedFile& file : host_migration_files()) {
    Migration migration{0, std::string(file.name), std::string(file.bytes)};
    std::from_chars(file.name.data(), file.name.data() + file.name.size(), migration.number);
    set.migrations.push_back(std::move(migration));
  }
  return set;
}

}  // namespace calixo::host
