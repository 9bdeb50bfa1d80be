// Files that were compiled in by calixo_embed_sql (cmake/CalixoEmbed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace calixo::host {

struct EmbeddedFile {
  std::string_view name;
  std::string_view bytes;
};

using EmbeddedFiles = std::span<const EmbeddedFile>;

EmbeddedFiles host_migration_files();  // migrations/host

}  // namespace calixo::host
