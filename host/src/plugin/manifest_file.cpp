#include "plugin/manifest_file.hpp"

#include "plugin/elf_section.hpp"

namespace calixo::host {

std::optional<Manifest> read_manifest(const std::filesystem::path& file) {
  try {
    const auto text = read_elf_section(file, kManifestSection, kManifestBytesMax);
    if (!text) return std::nullopt;
    return parse_manifest(*text);
  } catch (const ElfError& error) {
    throw ManifestError(error.what());
  } catch (const ManifestError& error) {
    throw ManifestError("its manifest can't be read: " + std::string(error.what()) +
                        "; rebuild it with the SDK's calixo_add_plugin");
  }
}

std::string missing_manifest_text() {
  return "it has no manifest (section " + std::string(kManifestSection) +
         "), so nothing tells what it does before it runs: it is no Calixo plugin, or was not "
         "built by the SDK's calixo_add_plugin. Rebuild it that way; or, where it exports "
         "calixo_plugin_entry, write one with `calixo-manifest --write FILE`";
}

}  // namespace calixo::host
