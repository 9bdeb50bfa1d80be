// The manifest: everything that a plugin registers, as canonical JSON. It is written into the
// library after linking, read without running any of its code, and compared with what the running
// plugin registers. Shared by the host and the SDK's calixo-manifest.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/registrations.hpp"

namespace calixo::host {

inline constexpr const char* kManifestSection = ".calixo.manifest";
inline constexpr std::size_t kManifestBytesMax = 8u << 20;

// A text that is no manifest, or one of a newer form; what() names the place.
class ManifestError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Manifest {
  std::string id, version;
  unsigned abi_major = 0, abi_minor = 0;  // the least minor it needs
  // Without what only a running plugin has: functions and tables are null, SQL is its digest.
  Registrations registrations;
  std::vector<std::string> tables;           // that its migrations create, sorted
  std::map<std::string, std::string> build;  // compiler, SDK: told, not compared
};

// What a plugin that was described holds; tables are read from its migrations.
Manifest manifest_of(std::string id, std::string version, unsigned abi_major, unsigned abi_minor,
                     const Registrations& registrations);

// One line of JSON; equal registrations give equal bytes, in whichever order they came.
std::string to_json(const Manifest& manifest);

// Throws ManifestError. The text may be anything.
Manifest parse_manifest(std::string_view text);

// "routes[2].roles: the file says [\"user\"], it registers [\"admin\"]": the first place where the
// two differ, `build` aside; empty: nowhere.
std::string first_difference(const Manifest& in_file, const Manifest& registered);

// Names in CREATE TABLE (also IF NOT EXISTS, unlogged, with a schema in front), in lower case as
// PostgreSQL folds them, in the order of the text.
std::vector<std::string> created_tables(std::string_view sql);

}  // namespace calixo::host
