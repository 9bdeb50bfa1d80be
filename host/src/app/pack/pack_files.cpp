// What stands in a pack.
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "app/pack/plugin_pack.hpp"
#include "db/sha256.hpp"
#include "plugin/manifest_file.hpp"

namespace calixo::host {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& about, std::string_view name) {
  const json::value* value = about.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string grant_line(const json::value& grant) {
  if (!grant.is_object()) return {};
  const json::object& one = grant.get_object();
  const std::string columns = text_of(one, "columns");
  return "- " + text_of(one, "privilege") + " on " + text_of(one, "table") +
         (columns.empty() ? "" : " (" + columns + ")") + ": " + text_of(one, "reason") + "\n";
}

std::string grants_text(const json::object& about) {
  std::string text;
  const json::value* grants = about.if_contains("grants");
  if (grants != nullptr && grants->is_array()) {
    for (const json::value& grant : grants->get_array()) text += grant_line(grant);
  }
  if (text.empty()) return "It asks for no access to other plugins' tables.\n";
  return "It asks for access to other plugins' tables, which you have to allow:\n\n" + text;
}

std::string readme(const std::string& library, const json::object& about) {
  return "# " + text_of(about, "id") + " " + text_of(about, "version") +
         "\n\nA plugin for the Calixo server, built for plugin ABI " + text_of(about, "abi") +
         ".\n\n" + grants_text(about) +
         "\n## Install\n\n"
         "    calixo plugins install THIS-FILE --into FOLDER\n\n"
         "verifies SHA256SUMS and puts " +
         library +
         " into FOLDER. Then name FOLDER in `plugins.path`, the plugin in `plugins.enabled`, and "
         "look at\nwhat `calixo check` says. The sums find damage; they don't say whom the file "
         "comes from.\n";
}

// What the plugin registers, as it stands in the library.
std::string manifest_text(const std::filesystem::path& library) {
  const std::optional<Manifest> manifest = read_manifest(library);
  if (!manifest) throw PackError(library.string() + ": " + missing_manifest_text());
  return to_json(*manifest) + "\n";
}

}  // namespace

PackFiles pack_files(const std::filesystem::path& library, const json::object& about) {
  std::ifstream in(library, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (!in || bytes.str().empty()) throw PackError(library.string() + " can't be read");
  const std::string name = library.filename().string();
  PackFiles files;
  files[name] = bytes.str();
  files["manifest.json"] = manifest_text(library);
  files["README.md"] = readme(name, about);
  std::string sums;
  for (const auto& [file, content] : files) sums += sha256_hex(content) + "  " + file + "\n";
  files["SHA256SUMS"] = sums;
  return files;
}

}  // namespace calixo::host
